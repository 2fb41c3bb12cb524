//! How many hosts a source may lead to: a feed decides which hosts get requests for pages, and each of them costs a request for its robots.txt and a
//! stored state.

use super::app::App;
use crate::model::{HostKey, SourceId, loggable_url};
use crate::schedule::address::registrable_domain;
use crate::store::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// The maximum number of hosts, unknown before, that pages of one source may lead to in one run.
const MAX_NEW_HOSTS: usize = 20;

/// The hosts that were unknown before this run, by the source whose pages led to them.
#[derive(Debug, Default)]
pub struct PageHosts {
    new: Mutex<BTreeMap<SourceId, BTreeSet<String>>>,
}

impl PageHosts {
    /// Returns whether a page may be requested: its host is one of its source's own sites, is known, or is one more new host that the source may lead
    /// to. A host is known when its robots.txt or a hold is stored; with `robots = "off"` few are.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn admits(&self, app: &App, source: &SourceId, url: &Url) -> Result<bool, StoreError> {
        if is_own_site(app, source, url) || app.store.host_state(&HostKey::from_url(url))?.is_some() {
            return Ok(true);
        }
        // One host that answers http and https counts once.
        let host = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or_default());
        // No code panics while the lock is held.
        let mut new = self.new.lock().unwrap_or_else(PoisonError::into_inner);
        let hosts = new.entry(source.clone()).or_default();
        let is_admitted = hosts.contains(&host) || hosts.len() < MAX_NEW_HOSTS;
        if is_admitted {
            hosts.insert(host);
        } else {
            tracing::debug!(source.id = %source, page.url = %loggable_url(url), "this page waits: its source leads to too many new hosts");
        }
        Ok(is_admitted)
    }

    /// Returns whether the target of a redirect counts as a page that may be requested; false when the store cannot be read.
    pub async fn admits_redirect(self: &Arc<Self>, app: &Arc<App>, source: &SourceId, target: &Url) -> bool {
        let (hosts, app, source, target) = (Arc::clone(self), Arc::clone(app), source.clone(), target.clone());
        let asked = tokio::task::spawn_blocking(move || hosts.admits(&app, &source, &target));
        matches!(asked.await, Ok(Ok(true)))
    }
}

/// Returns whether feeds.toml gives the source an address on the same registrable domain.
fn is_own_site(app: &App, source: &SourceId, url: &Url) -> bool {
    let domain = registrable_domain(url);
    app.source(source).is_some_and(|prepared| {
        let mut sites = prepared.source.urls.iter().chain(&prepared.source.site);
        sites.any(|site| registrable_domain(site) == domain)
    })
}
