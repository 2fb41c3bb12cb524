//! Sources as they are named in public.

use super::app::App;
use crate::config::{Source, SourceKind};
use crate::model::network::is_private_host;
use crate::model::{Entry, SourceId, without_user_info};
use crate::publish::Outlet;
use crate::store::{ConfiguredSource, StoreError};
use std::collections::BTreeMap;
use url::Url;

/// The outlets of a site: the configured sources, and those that were removed from the configuration, whose items stay until they age out.
pub struct Outlets {
    removed: BTreeMap<SourceId, ConfiguredSource>,
}

impl Outlets {
    /// Reads the removed sources.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn read(app: &App) -> Result<Self, StoreError> {
        let removed = app.store.configured_sources()?.into_iter().map(|(source, _)| source);
        let removed = removed.filter(|source| app.source(&source.id).is_none());
        Ok(Self {
            removed: removed.map(|source| (source.id.clone(), source)).collect(),
        })
    }

    /// Returns the outlet of an entry: that of its source, and of a page that an editor took by hand, the site that it is from.
    #[must_use]
    pub fn credited(&self, app: &App, entry: &Entry) -> Outlet {
        let mut outlet = self.of_entry(app, &entry.source, entry.link.as_ref());
        let is_desk = app.source(&entry.source).is_some_and(|prepared| prepared.source.is_desk());
        if let Some(site) = entry.attribution.as_ref().filter(|site| is_desk && !site.title.is_empty()) {
            outlet.name.clone_from(&site.title);
            outlet.site = site.url.clone().or(outlet.site);
        }
        outlet
    }

    /// Returns the outlet of an entry of `source` whose page is at `link`.
    #[must_use]
    pub fn of_entry(&self, app: &App, source: &SourceId, link: Option<&Url>) -> Outlet {
        let known = app.source(source).map(|prepared| outlet(&prepared.source));
        let mut outlet = known.unwrap_or_else(|| {
            let removed = self.removed.get(source);
            Outlet {
                id: source.clone(),
                name: removed.map_or_else(|| source.to_string(), |removed| removed.name.clone()),
                feed: None,
                site: removed
                    .and_then(|removed| removed.site.as_deref())
                    .and_then(|site| Url::parse(site).ok()),
                language: None,
                country: None,
                kind: None,
                note: None,
            }
        });
        let has_site = app.source(source).is_some_and(|prepared| prepared.source.site.is_some());
        if !has_site && let Some(root) = link.and_then(site_root) {
            outlet.site = Some(root);
        }
        outlet
    }

    /// Returns the name under which a report is listed: that of its source, and of a page that an editor took by hand, its host.
    #[must_use]
    pub fn name_of(&self, app: &App, source: &SourceId, link: Option<&Url>) -> String {
        let is_desk = app.source(source).is_some_and(|prepared| prepared.source.is_desk());
        let host = link.and_then(Url::host_str).filter(|_| is_desk);
        host.map_or_else(|| self.name(app, source), |host| host.trim_start_matches("www.").to_owned())
    }

    /// Returns the name of a source.
    #[must_use]
    pub fn name(&self, app: &App, source: &SourceId) -> String {
        match (app.source(source), self.removed.get(source)) {
            (Some(prepared), _) => prepared.source.name.clone(),
            (None, Some(removed)) => removed.name.clone(),
            (None, None) => source.to_string(),
        }
    }
}

/// Returns the outlets of the enabled sources.
#[must_use]
pub fn outlets(app: &App) -> Vec<Outlet> {
    app.config.sources.iter().filter(|source| source.enabled).map(outlet).collect()
}

/// Returns a source as it is named in public. The address of a feed that needs credentials, headers or a proxy, or that lies in a private network, is
/// published nowhere; `public_url` stands in for it.
#[must_use]
pub fn outlet(source: &Source) -> Outlet {
    let is_public = |url: &&Url| !needs_secret(source) && is_public_address(url);
    let address = source.urls.first().filter(is_public);
    // A list page is no feed.
    let feed = source.public_url.as_ref().or(address.filter(|_| source.list.is_none()));
    Outlet {
        id: source.id.clone(),
        name: source.name.clone(),
        feed: feed.cloned(),
        site: source.site.clone().or_else(|| site_root(feed.or(address)?)),
        language: source.lang.clone(),
        country: source.country.clone(),
        kind: source.kind.map(SourceKind::as_str),
        note: source.note.clone(),
    }
}

/// Returns whether the feed of a source can be had only with what nobody else has.
#[must_use]
pub fn needs_secret(source: &Source) -> bool {
    source.auth.is_some() || !source.headers.is_empty() || source.proxy.is_some()
}

/// Returns whether an address means the same to everybody, and holds no password.
#[must_use]
pub fn is_public_address(url: &Url) -> bool {
    !is_private_host(url) && without_user_info(url.clone()) == *url
}

/// Returns the root of the site of `url`, for sources without a configured `site`.
fn site_root(url: &Url) -> Option<Url> {
    url.join("/").ok()
}

#[cfg(test)]
mod tests;
