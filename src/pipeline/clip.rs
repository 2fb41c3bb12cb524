//! `griot clip`: one page by hand, as an entry of the source `desk`. Its article is taken as those of other entries are; what credits it is the site
//! that it is from.

use super::app::App;
use super::compose;
use super::forms::article_forms;
use super::host_hold::{hold_host, limit_hosts};
use super::ingest::{Ingest, Keyed, key};
use super::outcome::{provenance, reserved};
use super::page_request::{decode_page, page_request, whole_page};
use super::prepare::PreparedSource;
use super::robots::{HostRules, Requester, RobotsVerdict};
use super::stage_panics::StagePanics;
use crate::config::{DESK, Robots};
use crate::extract::{self, Page};
use crate::fetch::{Answer, Fetched, HostLimiter, Request};
use crate::html::reservations;
use crate::model::{Article, Attribution, Changes, EntryDraft, EntryId, FeedMeta, Identity, SourceId, Timestamp};
use crate::store::StoreError;
use std::sync::Arc;
use url::Url;

/// Why a page was not clipped.
#[derive(Debug, thiserror::Error)]
pub enum ClipError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The page was not asked for, or did not come.
    #[error("{0}")]
    Page(String),
    /// The page has no article.
    #[error(transparent)]
    NoArticle(#[from] extract::NoArticle),
    /// The article has no headline.
    #[error("the page has no headline")]
    NoTitle,
    /// It would be deleted at once.
    #[error("the page is older than `keep` of `[retention]`")]
    TooOld,
    /// A stage panicked.
    #[error("taking the article ended in a defect of griot itself; please report it with the page")]
    Defect,
}

/// A page that was clipped.
#[derive(Debug)]
pub struct Clipped {
    /// Its entry.
    pub entry: EntryId,
    /// Its headline.
    pub title: String,
    /// The name of the site.
    pub site: String,
    /// Whether it is stored for the first time.
    pub is_new: bool,
}

/// Fetches the page at `url`, and stores its article as an entry that belongs to a story. It is placed in topics by the next evaluation.
///
/// # Errors
/// [`ClipError`] when the page or its article is not to be had, or the store fails.
pub async fn clip(app: &Arc<App>, url: &Url, now: Timestamp) -> Result<Clipped, ClipError> {
    let desk = SourceId::new(DESK).map_err(|error| ClipError::Page(error.to_string()))?;
    let Some(prepared) = app.source(&desk) else {
        return Err(ClipError::Defect);
    };
    let answer = fetch(app, prepared, url, now).await?;
    let (app, desk) = (Arc::clone(app), desk.clone());
    let stored = tokio::task::spawn_blocking(move || {
        let Some(prepared) = app.source(&desk) else {
            return Err(ClipError::Defect);
        };
        let article = article(&app, prepared, &answer, now)?;
        store(&app, prepared, &answer, article, now)
    });
    stored.await.unwrap_or(Err(ClipError::Defect))
}

/// Requests the page as the policy of `[fetch]` says: guard, robots.txt, holds of hosts.
async fn fetch(app: &App, prepared: &PreparedSource, url: &Url, now: Timestamp) -> Result<Box<Answer>, ClipError> {
    let policy = &app.config.fetch;
    let limiter = HostLimiter::new(1, policy.host_delay);
    limit_hosts(&limiter, &app.store.limited_hosts(now)?, policy.robots, now);
    let rules = HostRules::default();
    check_robots(app, &limiter, &rules, prepared, url, true, now).await?;
    // The address was typed by hand: it is as trusted as those of feeds.toml.
    let request = Request {
        trusted: true,
        ..page_request(app, url, &prepared.source, now)
    };
    let (fetched, permit) = app.client.fetch(&limiter, &request).await;
    hold_host(&limiter, &fetched, now);
    drop(permit);
    let answer = match whole_page(fetched) {
        Fetched::Fresh(answer) => answer,
        Fetched::Held { until, .. } => return Err(ClipError::Page(format!("its server has asked us to wait until {until}"))),
        Fetched::Blocked { reason, .. } => return Err(ClipError::Page(reason)),
        Fetched::NotModified(answer) | Fetched::Gone(answer) | Fetched::Throttled { answer, .. } => {
            return Err(ClipError::Page(format!("the server answered {}", answer.status)));
        }
        Fetched::Failed { code, detail, .. } => return Err(ClipError::Page(format!("{}: {detail}", code.as_str()))),
    };
    if answer.final_url != *url {
        check_robots(app, &limiter, &rules, prepared, &answer.final_url, false, now).await?;
    }
    Ok(answer)
}

async fn check_robots(
    app: &App,
    limiter: &HostLimiter,
    rules: &HostRules,
    prepared: &PreparedSource,
    url: &Url,
    trusted: bool,
    now: Timestamp,
) -> Result<(), ClipError> {
    if app.config.fetch.robots == Robots::Off {
        return Ok(());
    }
    let requester = Requester {
        source: &prepared.source,
        trusted,
    };
    let refused = match rules.permitted(app, limiter, url, requester, now).await {
        RobotsVerdict::Allowed => return Ok(()),
        RobotsVerdict::Denied => "its robots.txt does not allow it".to_owned(),
        RobotsVerdict::Unknown(_, detail, _) => format!("its robots.txt is not to be had: {detail}"),
        RobotsVerdict::Held(until) => format!("its server has asked us to wait until {until}"),
    };
    Err(ClipError::Page(refused))
}

/// Extracts the article of the page.
fn article(app: &App, prepared: &PreparedSource, answer: &Answer, now: Timestamp) -> Result<Article, ClipError> {
    let page = decode_page(&answer.body, None, answer.content_type.as_deref());
    let rule = app.prepared.rules.rule(&answer.final_url);
    let page = Page {
        html: &page.text,
        url: Some(&answer.final_url),
        requested_url: Some(&answer.url),
        title_hint: None,
        feed_body: None,
        selectors: &prepared.selectors,
        rule: rule.as_ref(),
        images: prepared.source.images,
        now: Some(now),
    };
    let mut article = extract::extract_pages(&page, &[])?;
    for word in reserved(answer) {
        reservations::add(&mut article.reservations, &word);
    }
    prepared.strip.apply_to_article(&mut article);
    Ok(article)
}

/// Stores the entry with its article, and composes it.
fn store(app: &App, prepared: &PreparedSource, answer: &Answer, article: Article, now: Timestamp) -> Result<Clipped, ClipError> {
    let draft = draft(answer, &article).ok_or(ClipError::NoTitle)?;
    let (title, site) = (draft.title.clone(), draft.attribution.clone().unwrap_or_default().title);
    let source = &prepared.source;
    let keyed = key(vec![draft]);
    let keys: Vec<_> = keyed.iter().flat_map(Keyed::looked_up).cloned().collect();
    let known = app.store.identities(&source.id, &keys)?;
    let mut changes = Changes::default();
    let ingest = Ingest {
        source,
        meta: &FeedMeta::default(),
        url: &answer.final_url,
        keep: app.config.retention.keep,
        allowance: None,
        now,
    };
    ingest.add(keyed, &known, &mut changes);
    let new = changes.new_entries.first().map(|new| new.entry.id);
    let stored = known.iter().find_map(|(_, identity)| match identity {
        Identity::Stored(stored) | Identity::Shared(Some(stored)) => Some(stored.id),
        _ => None,
    });
    let entry = new.or(stored).ok_or(ClipError::TooOld)?;
    let forms = article_forms(&article);
    changes.articles.push((entry, article, forms, now));
    changes.provenance.push(provenance(&source.id, Some(entry), answer, now));
    app.store.apply(changes)?;
    if app.store.uncomposed_ids()?.contains(&entry) {
        compose::compose(app, now, &[entry], &StagePanics::default())?;
    }
    Ok(Clipped {
        entry,
        title,
        site,
        is_new: new.is_some(),
    })
}

/// Returns what the page says, as a feed would; `None` without a headline.
fn draft(answer: &Answer, article: &Article) -> Option<EntryDraft> {
    let own = &answer.final_url;
    // The address that a page states is believed on its own host only.
    let canonical = article.canonical.as_ref().filter(|stated| stated.host() == own.host());
    let link = canonical.unwrap_or(own).clone();
    let host = link.host_str().unwrap_or_default();
    let site = article.site.clone().filter(|site| !site.trim().is_empty());
    Some(EntryDraft {
        title: article.title.clone().filter(|title| !title.is_empty())?,
        authors: article.authors.clone(),
        published: article.published,
        updated: article.modified,
        language: article.language.clone(),
        image: article.image.as_ref().map(|image| image.url.clone()),
        attribution: Some(Attribution {
            title: site.unwrap_or_else(|| host.trim_start_matches("www.").to_owned()),
            url: link.join("/").ok(),
        }),
        link: Some(link),
        ..EntryDraft::default()
    })
}
