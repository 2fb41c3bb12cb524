//! Asks once more for the pages of entries that their publishers may have taken back, and decides.
//!
//! A page is gone when its host answers 404 or 410 without the marks of a bot wall, while another page of the same source and host stands in the same
//! run: when all of them fail, it is the site that fails. An entry that left its feed is then withdrawn; another one when its page was gone some
//! hours before, too. A page that stands clears every suspicion. A page that shows something else instead of an article says nothing.

use super::app::App;
use super::host_hold::hold_host;
use super::outcome::provenance;
use super::page_hosts::PageHosts;
use super::page_request::{decode_page, page_request, page_verdict, whole_page};
use super::robots::{HostRules, RobotsVerdict};
use crate::config::ArticlePolicy;
use crate::extract::{self, NoArticle, Page};
use crate::fetch::{Answer, Fetched, HostLimiter};
use crate::html::interstitial::vendor_of_refusal;
use crate::model::{
    Changes, EntryId, HostKey, Provenance, SourceId, SuspectedPage, Timestamp, WithdrawalChange, WithdrawalSign, loggable_url,
};
use crate::store::StoreError;
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How many pages a run asks for, and as many for comparison at most.
const MAX_PAGES: usize = 20;
/// How long after a page was found gone it is asked for again.
pub const ASK_AGAIN: Duration = Duration::from_hours(6);
/// The least time between the two.
const MIN_APART: Duration = Duration::from_hours(3);
/// When a page of which nothing was learned is asked for again, after each try.
const RETRIES: [Duration; 3] = [Duration::from_hours(4), Duration::from_hours(12), Duration::from_hours(24)];

/// What the answer to a request for a page says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageSign {
    Gone,
    Stands,
    /// Nothing; it may be asked for again at this time, or after the usual wait.
    Unknown(Option<Timestamp>),
    /// It is not to be asked for.
    Forbidden,
}

/// A page that is asked for: of a suspected entry, or for comparison.
#[derive(Debug, Clone)]
struct AskedPage {
    entry: EntryId,
    source: SourceId,
    link: Url,
}

/// The pages of one source on one host.
#[derive(Debug, Default)]
struct Site {
    suspected: Vec<(SuspectedPage, Url)>,
    /// The page that is asked for in comparison.
    compared: Option<AskedPage>,
}

/// The pages of a run.
#[derive(Debug, Default)]
pub struct Suspects {
    sites: BTreeMap<(SourceId, HostKey), Site>,
    /// What is decided without asking.
    changes: Vec<WithdrawalChange>,
}

impl Suspects {
    /// Finds the pages that are to be asked for at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn find(app: &App, page_hosts: &PageHosts, now: Timestamp) -> Result<Self, StoreError> {
        let mut suspects = Self::default();
        for page in app.store.suspected_pages(now, MAX_PAGES)? {
            let by_page = app
                .source(&page.source)
                .is_some_and(|prepared| prepared.source.enabled && prepared.source.article == ArticlePolicy::Page);
            let Some(link) = page.link.clone().filter(|_| by_page) else {
                suspects.changes.push(undecided(&page, None));
                continue;
            };
            if !page_hosts.admits(app, &page.source, &link)? {
                suspects.changes.push(undecided(&page, Some(now + ASK_AGAIN)));
                continue;
            }
            let place = (page.source.clone(), HostKey::from_url(&link));
            suspects.sites.entry(place).or_default().suspected.push((page, link));
        }
        for (place, site) in &mut suspects.sites {
            site.compared = comparable_page(app, place, now)?;
        }
        Ok(suspects)
    }

    /// Returns whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty() && self.changes.is_empty()
    }
}

/// Returns the page of the newest entry of a source on a host that had an article and gave no sign.
fn comparable_page(app: &App, (source, host): &(SourceId, HostKey), now: Timestamp) -> Result<Option<AskedPage>, StoreError> {
    let newest = app.store.newest_entries(source)?;
    let ids: Vec<EntryId> = newest.iter().filter(|entry| entry.has_article).map(|entry| entry.id).collect();
    let signs = app.store.withdrawals(&ids)?;
    let suspected: BTreeSet<EntryId> = (signs.iter().filter(|sign| sign.stood.is_none() || sign.withdrawn.is_some()))
        .map(|sign| sign.entry)
        .collect();
    let mut candidates = newest
        .into_iter()
        .filter(|entry| entry.has_article && !suspected.contains(&entry.id));
    Ok(candidates.find_map(|entry| {
        let link = entry.link.filter(|link| HostKey::from_url(link) == *host && entry.date <= now)?;
        Some(AskedPage {
            entry: entry.id,
            source: source.clone(),
            link,
        })
    }))
}

fn undecided(page: &SuspectedPage, next: Option<Timestamp>) -> WithdrawalChange {
    WithdrawalChange::Undecided {
        entry: page.known.entry,
        tries: page.tries,
        next,
    }
}

/// Asks for the pages, and returns what is to be stored. What `is_over` cuts off stays due.
pub async fn ask(
    app: &Arc<App>,
    limiter: &Arc<HostLimiter>,
    rules: &Arc<HostRules>,
    suspects: Suspects,
    now: Timestamp,
    is_over: impl Fn() -> bool,
) -> Changes {
    let mut changes = Changes {
        withdrawals: suspects.changes,
        ..Changes::default()
    };
    let is_over = &is_over;
    let of_sites = suspects.sites.values().map(|site| async move {
        let mut decided = Vec::new();
        let mut is_well = None;
        for (page, link) in &site.suspected {
            if is_over() {
                break;
            }
            let asked = AskedPage {
                entry: page.known.entry,
                source: page.source.clone(),
                link: link.clone(),
            };
            let (sign, record) = ask_page(app, limiter, rules, &asked, now).await;
            // The page for comparison is asked for when it is needed, once.
            if sign == PageSign::Gone && is_well.is_none() {
                is_well = match &site.compared {
                    Some(compared) => Some(ask_page(app, limiter, rules, compared, now).await.0 == PageSign::Stands),
                    None => Some(false),
                };
            }
            decided.push((decide(page, sign, is_well == Some(true), now), record));
        }
        decided
    });
    for (change, record) in join_all(of_sites).await.into_iter().flatten() {
        changes.withdrawals.push(change);
        changes.provenance.extend(record);
    }
    changes.hosts = rules.take_changed_states();
    changes
}

/// Returns what the sign of a page means for its entry; `is_site_well` says that another page of the site stands.
fn decide(page: &SuspectedPage, sign: PageSign, is_site_well: bool, now: Timestamp) -> WithdrawalChange {
    let known = &page.known;
    let entry = known.entry;
    let tries = page.tries + 1;
    let retry = || {
        let wait = usize::try_from(page.tries).ok().and_then(|tries| RETRIES.get(tries));
        wait.map(|wait| now + *wait)
    };
    let again = |next| WithdrawalChange::Undecided { entry, tries, next };
    match sign {
        PageSign::Stands => WithdrawalChange::Stands { entry, at: now },
        PageSign::Forbidden => again(None),
        PageSign::Unknown(until) => again(retry().map(|next| until.map_or(next, |until| next.max(until)))),
        PageSign::Gone if !is_site_well => again(retry()),
        PageSign::Gone if known.left_feed.is_some() => WithdrawalChange::Withdrawn {
            entry,
            at: now,
            sign: WithdrawalSign::LeftFeed,
        },
        PageSign::Gone if known.gone.is_some_and(|gone| now.since(gone) >= MIN_APART) => WithdrawalChange::Withdrawn {
            entry,
            at: now,
            sign: WithdrawalSign::GonePage,
        },
        PageSign::Gone => WithdrawalChange::Gone {
            entry,
            at: now,
            next: now + ASK_AGAIN,
        },
    }
}

/// Asks for one page, as robots.txt and the limits of its host allow it, with the validators of the last answer.
async fn ask_page(
    app: &Arc<App>,
    limiter: &HostLimiter,
    rules: &HostRules,
    page: &AskedPage,
    now: Timestamp,
) -> (PageSign, Option<Provenance>) {
    let Some(prepared) = app.source(&page.source) else {
        return (PageSign::Forbidden, None);
    };
    match page_verdict(app, limiter, rules, &page.link, &page.source, now).await {
        RobotsVerdict::Allowed => {}
        RobotsVerdict::Denied => return (PageSign::Forbidden, None),
        RobotsVerdict::Unknown(_, _, until) | RobotsVerdict::Held(until) => return (PageSign::Unknown(Some(until)), None),
    }
    let last = last_answer(app, page.entry).await;
    let from = last.as_ref().and_then(|last| Url::parse(&last.final_url).ok());
    let request = crate::fetch::Request {
        etag: last.as_ref().and_then(|last| last.etag.as_deref()),
        last_modified: last.as_ref().and_then(|last| last.last_modified.as_deref()),
        validators_from: from.as_ref(),
        ..page_request(app, &page.link, &prepared.source, now)
    };
    let (fetched, permit) = app.client.fetch(limiter, &request).await;
    hold_host(limiter, &fetched, now);
    drop(permit);
    let fetched = whole_page(fetched);
    let sign = match &fetched {
        Fetched::NotModified(_) => PageSign::Stands,
        Fetched::Fresh(answer) => sign_of_text(app, page, answer, now).await,
        Fetched::Throttled { until, .. } => PageSign::Unknown(*until),
        Fetched::Held { until, .. } => PageSign::Unknown(Some(*until)),
        other if is_gone(other) => PageSign::Gone,
        _ => PageSign::Unknown(None),
    };
    tracing::debug!(entry.id = %page.entry, page.url = loggable_url(&page.link), ?sign, "asked for a suspected page");
    // The answer that brought the article stays the one from which the entry came.
    let record = fetched.answer().filter(|_| sign == PageSign::Gone);
    let record = record.map(|answer| provenance(&page.source, Some(page.entry), answer, now));
    (sign, record)
}

/// Returns whether an answer says that the page does not exist: 404 or 410, and no bot wall.
#[must_use]
pub fn is_gone(fetched: &Fetched) -> bool {
    let (Fetched::Gone(answer) | Fetched::Failed { answer: Some(answer), .. }) = fetched else {
        return false;
    };
    matches!(answer.status, 404 | 410) && vendor_of_refusal(&answer.body).is_none()
}

/// Returns the last answer that brought the page of an entry.
async fn last_answer(app: &Arc<App>, entry: EntryId) -> Option<Provenance> {
    let app = Arc::clone(app);
    let read = tokio::task::spawn_blocking(move || app.store.provenance(entry));
    // Without validators the page is asked for unconditionally.
    let all = read.await.ok()?.ok()?;
    all.into_iter().rfind(|answer| answer.entry.is_some() && answer.status == 200)
}

/// Returns what the text of a page says: whether it is an article, or one that is only shown to some.
async fn sign_of_text(app: &Arc<App>, page: &AskedPage, answer: &Answer, now: Timestamp) -> PageSign {
    let core = app.core().await;
    let (kept, page, answer) = (Arc::clone(app), page.clone(), answer.clone());
    let read = tokio::task::spawn_blocking(move || {
        let _core = core;
        let prepared = kept.source(&page.source)?;
        let charset = prepared.source.charset.as_deref();
        let text = decode_page(&answer.body, charset, answer.content_type.as_deref()).text;
        let rule = kept.prepared.rules.rule(&answer.final_url);
        let document = Page {
            html: &text,
            url: Some(&answer.final_url),
            requested_url: Some(&page.link),
            title_hint: None,
            feed_body: None,
            selectors: &prepared.selectors,
            rule: rule.as_ref(),
            images: false,
            now: Some(now),
        };
        Some(match extract::extract_pages(&document, &[]) {
            Ok(_) | Err(NoArticle::Paywall | NoArticle::Login) => PageSign::Stands,
            Err(_) => PageSign::Unknown(None),
        })
    });
    // A page on which the extraction panics says nothing.
    read.await.ok().flatten().unwrap_or(PageSign::Unknown(None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Withdrawal;

    fn page(left_feed: Option<i64>, gone: Option<i64>, tries: u32) -> SuspectedPage {
        SuspectedPage {
            known: Withdrawal {
                entry: EntryId::from_bytes([1; 16]),
                left_feed: left_feed.map(Timestamp::from_unix),
                gone: gone.map(Timestamp::from_unix),
                stood: None,
                withdrawn: None,
            },
            source: SourceId::new("aube").expect("a slug"),
            link: None,
            tries,
        }
    }

    fn withdrawn(sign: WithdrawalSign, now: Timestamp) -> WithdrawalChange {
        let entry = EntryId::from_bytes([1; 16]);
        WithdrawalChange::Withdrawn { entry, at: now, sign }
    }

    #[test]
    fn a_page_that_is_gone_counts_only_while_its_site_stands() {
        let now = Timestamp::from_unix(100_000);
        let left = page(Some(90_000), None, 0);
        assert_eq!(decide(&left, PageSign::Gone, true, now), withdrawn(WithdrawalSign::LeftFeed, now));
        let again = |tries, next| WithdrawalChange::Undecided {
            entry: left.known.entry,
            tries,
            next,
        };
        assert_eq!(decide(&left, PageSign::Gone, false, now), again(1, Some(now + RETRIES[0])));
        assert_eq!(
            decide(&page(Some(90_000), None, 3), PageSign::Gone, false, now),
            again(4, None),
            "it ends"
        );
        assert_eq!(decide(&left, PageSign::Unknown(None), true, now), again(1, Some(now + RETRIES[0])));
        assert_eq!(decide(&left, PageSign::Forbidden, true, now), again(1, None));
    }

    #[test]
    fn a_page_in_a_feed_has_to_be_gone_twice_some_hours_apart() {
        let now = Timestamp::from_unix(100_000);
        let at = |ago: Duration| Some((now - ago).unix());
        let twice = page(None, at(MIN_APART), 0);
        assert_eq!(decide(&twice, PageSign::Gone, true, now), withdrawn(WithdrawalSign::GonePage, now));
        let soon = page(None, at(MIN_APART / 2), 0);
        assert!(matches!(decide(&soon, PageSign::Gone, true, now), WithdrawalChange::Gone { .. }));
        let stands = decide(&twice, PageSign::Stands, true, now);
        assert_eq!(
            stands,
            WithdrawalChange::Stands {
                entry: twice.known.entry,
                at: now
            }
        );
    }
}
