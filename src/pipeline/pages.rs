//! Fetches the pages of entries, and extracts their articles.

use super::app::App;
use super::forms::article_forms;
use super::host_hold::{hold_host, host_to_hold};
use super::outcome::{provenance, reserved};
use super::page_hosts::PageHosts;
use super::page_request::{decode_page, page_request, page_verdict, whole_page};
use super::pagination::{PageFetcher, Pages};
use super::robots::{HostRules, RobotsVerdict};
use super::stage_panics::defect;
use super::withdrawn_pages::{ASK_AGAIN, is_gone};
use crate::config::ArticlePolicy;
use crate::extract::{self, Page};
use crate::fetch::{Answer, FailureCode, Fetched, HostLimiter};
use crate::html::reservations;
use crate::model::{
    Article, Changes, EntryId, FailureReason, PageVisit, Problem, SourceId, Timestamp, WithdrawalChange, canonical, loggable_url,
};
use crate::store::{ComparedEntry, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tracing::Span;
use url::Url;

/// When a page that could not be fetched is requested again, after each try.
const RETRIES: [Duration; 4] = [
    Duration::from_hours(1),
    Duration::from_hours(4),
    Duration::from_hours(12),
    Duration::from_hours(24),
];

/// Pages of older entries are not fetched.
const PAGE_AGE: Duration = Duration::from_hours(7 * 24);

/// Returns whether an entry of this date is young enough at `now` for its page to be fetched.
#[must_use]
pub fn is_young(date: Timestamp, now: Timestamp) -> bool {
    now.since(date) <= PAGE_AGE
}

/// A page that is to be fetched.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// The entry of the page.
    pub entry: EntryId,
    /// The source of the entry.
    pub source: SourceId,
    /// The address of the page.
    pub link: Url,
    /// The date of the entry.
    pub date: Timestamp,
    /// The number of requests in earlier runs.
    pub tries: u32,
}

/// The result of requesting a page.
#[derive(Debug)]
pub struct PageOutcome {
    /// The entry of the page.
    pub entry: EntryId,
    /// What the store is to apply.
    pub changes: Changes,
    /// Whether the page may be available in the next run: the entry then waits for it once.
    pub may_come: bool,
}

impl PageOutcome {
    /// There is nothing to store.
    fn nothing(page: &PageRequest) -> Self {
        Self {
            entry: page.entry,
            changes: Changes::default(),
            may_come: false,
        }
    }

    /// The page was not fetched after `tries` requests, and may be requested again at `next`.
    fn without(page: &PageRequest, reason: &str, tries: u32, next: Option<Timestamp>) -> Self {
        let visit = PageVisit {
            entry: page.entry,
            tries,
            next: next.filter(|next| is_young(page.date, *next)),
            reason: reason.to_owned(),
        };
        let changes = Changes {
            page_visits: vec![visit],
            ..Changes::default()
        };
        Self {
            changes,
            ..Self::nothing(page)
        }
    }

    fn answered(mut self, page: &PageRequest, answer: &Answer, now: Timestamp) -> Self {
        self.changes
            .provenance
            .push(provenance(&page.source, Some(page.entry), answer, now));
        self
    }
}

/// Returns when a page that failed temporarily is requested again after `tries`.
fn retry(tries: u32, now: Timestamp) -> Option<Timestamp> {
    let wait = usize::try_from(tries).ok()?.checked_sub(1).and_then(|place| RETRIES.get(place))?;
    Some(now + *wait)
}

/// Requests a page, when robots.txt allows it, and extracts its article.
pub async fn visit(
    app: &Arc<App>,
    limiter: &HostLimiter,
    rules: &HostRules,
    page_hosts: &Arc<PageHosts>,
    wanted: PageRequest,
    now: Timestamp,
) -> PageOutcome {
    let page = wanted;
    let Some(prepared) = app.source(&page.source) else {
        return PageOutcome::nothing(&page);
    };
    if let Some(refused) = robots_refusal(app, limiter, rules, &page.link, &page, page.tries, now).await {
        return refused;
    }
    let request = page_request(app, &page.link, &prepared.source, now);
    let (fetched, permit) = app.client.fetch(limiter, &request).await;
    hold_host(limiter, &fetched, now);
    match whole_page(fetched) {
        Fetched::Fresh(answer) => {
            let core = app.core().await;
            drop(permit);
            // The target of a redirect may have another robots.txt.
            let moved = answer.final_url != page.link;
            if moved && !page_hosts.admits_redirect(app, &page.source, &answer.final_url).await {
                let tries = page.tries + 1;
                return PageOutcome::without(&page, "hosts", tries, retry(tries, now)).answered(&page, &answer, now);
            }
            if moved && let Some(refused) = robots_refusal(app, limiter, rules, &answer.final_url, &page, page.tries + 1, now).await {
                return refused.answered(&page, &answer, now);
            }
            let page_fetcher = PageFetcher {
                app,
                limiter,
                rules,
                source: &page.source,
                prepared,
                now,
            };
            let (pages, core) = page_fetcher.pages(answer, core).await;
            extract_on_pool(app, page, pages, core, now).await
        }
        other => failed_page(&page, other, page.tries, now),
    }
}

/// Returns the outcome of a page that robots.txt does not allow to ask for; none when it does.
async fn robots_refusal(
    app: &App,
    limiter: &HostLimiter,
    rules: &HostRules,
    url: &Url,
    page: &PageRequest,
    tries: u32,
    now: Timestamp,
) -> Option<PageOutcome> {
    match page_verdict(app, limiter, rules, url, &page.source, now).await {
        RobotsVerdict::Allowed => None,
        RobotsVerdict::Denied => {
            tracing::debug!(page.url = %loggable_url(url), "robots.txt forbids this page");
            Some(PageOutcome::without(page, "robots", tries, None))
        }
        RobotsVerdict::Unknown(_, detail, next) => {
            tracing::debug!(page.url = %loggable_url(url), detail, "this page waits for robots.txt");
            Some(PageOutcome::without(page, "robots-unknown", tries, Some(next)))
        }
        RobotsVerdict::Held(until) => {
            tracing::debug!(page.url = %loggable_url(url), %until, "the host of this page is held");
            Some(held_back(page, tries, until))
        }
    }
}

/// Nothing was requested, since the host is held.
fn held_back(page: &PageRequest, tries: u32, until: Timestamp) -> PageOutcome {
    PageOutcome {
        may_come: true,
        ..PageOutcome::without(page, FailureReason::Throttled.as_str(), tries, Some(until))
    }
}

/// Returns the outcome of a page that was not fetched.
fn failed_page(page: &PageRequest, fetched: Fetched, before: u32, now: Timestamp) -> PageOutcome {
    let gone = is_gone(&fetched).then_some(WithdrawalChange::Gone {
        entry: page.entry,
        at: now,
        next: now + ASK_AGAIN,
    });
    let mut outcome = outcome_of_failure(page, fetched, before, now);
    outcome.changes.withdrawals.extend(gone);
    outcome
}

fn outcome_of_failure(page: &PageRequest, fetched: Fetched, before: u32, now: Timestamp) -> PageOutcome {
    let tries = before + 1;
    match fetched {
        Fetched::Held { until, .. } => held_back(page, before, until),
        Fetched::Throttled { until, ref answer, .. } => {
            let next = retry(tries, now).map(|next| until.map_or(next, |until| next.max(until)));
            let mut outcome = PageOutcome::without(page, FailureReason::Throttled.as_str(), tries, next).answered(page, answer, now);
            outcome.changes.hosts.extend(host_to_hold(&fetched, now));
            PageOutcome { may_come: true, ..outcome }
        }
        // Nothing was requested: that is no try.
        Fetched::Failed {
            code: code @ FailureCode::OutOfDescriptors,
            ..
        } => PageOutcome {
            may_come: true,
            ..PageOutcome::without(page, code.as_str(), before, Some(now))
        },
        Fetched::Failed { code, answer, .. } => {
            let may_come = is_passing(code);
            let next = retry(tries, now).filter(|_| may_come);
            let mut outcome = PageOutcome::without(page, code.reason().as_str(), tries, next);
            if let Some(answer) = answer {
                outcome = outcome.answered(page, &answer, now);
            }
            PageOutcome { may_come, ..outcome }
        }
        Fetched::Gone(answer) => PageOutcome::without(page, FailureReason::Gone.as_str(), tries, None).answered(page, &answer, now),
        Fetched::Blocked { answer, .. } => {
            PageOutcome::without(page, FailureReason::Blocked.as_str(), tries, None).answered(page, &answer, now)
        }
        Fetched::Fresh(answer) | Fetched::NotModified(answer) => {
            PageOutcome::without(page, FailureReason::Protocol.as_str(), tries, None).answered(page, &answer, now)
        }
    }
}

/// Extracts the article on the blocking pool, with the core that was acquired for it.
async fn extract_on_pool(app: &Arc<App>, page: PageRequest, pages: Pages, core: OwnedSemaphorePermit, now: Timestamp) -> PageOutcome {
    let (kept, own) = (Arc::clone(app), page.clone());
    let span = Span::current();
    let joined = tokio::task::spawn_blocking(move || {
        let _core = core;
        let _entered = span.enter();
        extract_article(&kept, &own, &pages, now)
    })
    .await;
    joined.unwrap_or_else(|panic| {
        let source = &page.source;
        tracing::error!(source.id = %source, %panic, "taking an article panicked; the feed's own text stands in");
        let mut outcome = PageOutcome::without(&page, FailureReason::Defect.as_str(), page.tries + 1, None);
        outcome.changes.problems.push((source.clone(), vec![defect("a page of it")]));
        outcome
    })
}

/// Pages that are due again, and pages that are given up.
#[derive(Debug, Default)]
pub struct Retries {
    /// The pages that are to be requested again, the longest due first.
    pub wanted: Vec<PageRequest>,
    /// The pages that are not requested any more.
    pub given_up: Vec<PageVisit>,
}

/// Returns which pages of composed entries are due again at `now`, except those whose canonical URL is among `first` already.
///
/// # Errors
/// When the store cannot be read.
pub fn retries(app: &App, first: &[PageRequest], now: Timestamp) -> Result<Retries, StoreError> {
    let due = app.store.due_pages(now)?;
    let ids: Vec<EntryId> = due.iter().map(|visit| visit.entry).collect();
    let entries = app.store.compared_entries(&ids)?.into_iter();
    let mut entries: BTreeMap<EntryId, ComparedEntry> = entries.map(|entry| (entry.id, entry)).collect();
    let mut addresses: BTreeSet<_> = first.iter().map(|wanted| canonical(&wanted.link)).collect();
    let mut retries = Retries::default();
    for visit in due {
        // Pages of entries that are not composed yet are requested with the new ones.
        let Some(entry) = entries.remove(&visit.entry).filter(|entry| entry.is_composed) else {
            continue;
        };
        let by_page = app
            .source(&entry.source)
            .is_some_and(|prepared| prepared.source.enabled && prepared.source.article == ArticlePolicy::Page);
        let Some(link) = entry.link.filter(|_| by_page && is_young(entry.date, now)) else {
            retries.given_up.push(PageVisit { next: None, ..visit });
            continue;
        };
        // When the page of another entry with this URL is requested in this run, this one stays due.
        if addresses.insert(canonical(&link)) {
            retries.wanted.push(PageRequest {
                entry: entry.id,
                source: entry.source,
                link,
                date: entry.date,
                tries: visit.tries,
            });
        }
    }
    Ok(retries)
}

/// Returns whether a failure may be over in the next run.
fn is_passing(code: FailureCode) -> bool {
    use FailureReason::{Connect, Dns, Http5xx, Timeout};
    matches!(code, FailureCode::CutOff | FailureCode::Reason(Dns | Connect | Timeout | Http5xx))
}

fn extract_article(app: &App, request: &PageRequest, pages: &Pages, now: Timestamp) -> PageOutcome {
    let answers = pages.answers.iter().chain(&pages.others);
    let remember = |outcome: PageOutcome| {
        answers
            .clone()
            .fold(outcome, |outcome, answer| outcome.answered(request, answer, now))
    };
    // An entry that cannot be read now is read by the next run, with the feed's text.
    let stored = app.store.entries(&[request.entry]).ok().and_then(|mut entries| entries.pop());
    let (Some(prepared), Some(entry)) = (app.source(&request.source), stored) else {
        return remember(PageOutcome::nothing(request));
    };
    let charset = prepared.source.charset.as_deref();
    let texts: Vec<_> = pages
        .answers
        .iter()
        .map(|answer| decode_page(&answer.body, charset, answer.content_type.as_deref()).text)
        .collect();
    let rules: Vec<_> = pages
        .answers
        .iter()
        .map(|answer| app.prepared.rules.rule(&answer.final_url))
        .collect();
    let page = |index: usize| {
        Some(Page {
            html: texts.get(index)?,
            url: Some(&pages.answers.get(index)?.final_url),
            requested_url: entry.link.as_ref().filter(|_| index == 0),
            title_hint: Some(&entry.title),
            feed_body: entry.longest_feed_text(),
            selectors: &prepared.selectors,
            rule: rules.get(index)?.as_ref(),
            images: prepared.source.images,
            now: Some(now),
        })
    };
    let Some(first) = page(0) else {
        return remember(PageOutcome::nothing(request));
    };
    let more: Vec<Page<'_>> = (1..texts.len()).filter_map(page).collect();
    match extract::extract_pages(&first, &more) {
        Ok(mut article) => {
            tracing::debug!(
                method = article.method.as_str(),
                size_bytes = article.text.len(),
                "extracted an article"
            );
            for word in pages.answers.iter().flat_map(|answer| reserved(answer)) {
                reservations::add(&mut article.reservations, &word);
            }
            if pages.is_licensed {
                reservations::add(&mut article.reservations, reservations::RSL);
            }
            article.problems.extend(pages.problem.map(str::to_owned));
            prepared.strip.apply_to_article(&mut article);
            let forms = article_forms(&article);
            let mut outcome = remember(PageOutcome::nothing(request));
            outcome.changes.articles.push((entry.id, article, forms, now));
            outcome
        }
        Err(what) => {
            tracing::debug!(reason = what.code(), "no article on this page");
            remember(PageOutcome::without(request, what.code(), request.tries + 1, None))
        }
    }
}

/// What was extracted from a document of the command line.
#[derive(Debug)]
pub struct ExtractedDocument {
    /// The article.
    pub article: Article,
    /// Problems of its encoding.
    pub problems: Vec<Problem>,
    /// The outcome of each directive of the site rule, in the order in which they were applied.
    pub directive_outcomes: Vec<extract::DirectiveOutcome>,
    /// The AMP version and the licence of the page.
    pub alternates: extract::Alternates,
}

/// Extracts the article of a document, as `griot extract` does. `asked` is the URL that was requested, `url` the final one.
///
/// # Errors
/// [`extract::NoArticle`] when there is none.
pub fn article_of(
    bytes: &[u8],
    url: Option<&url::Url>,
    asked: Option<&url::Url>,
    content_type: Option<&str>,
    selectors: &extract::Selectors,
    rule: Option<&extract::SiteRule>,
    now: Timestamp,
) -> Result<ExtractedDocument, extract::NoArticle> {
    let decoded = decode_page(bytes, None, content_type);
    let page = Page {
        html: &decoded.text,
        url,
        requested_url: asked,
        title_hint: None,
        feed_body: None,
        selectors,
        rule,
        images: true,
        now: Some(now),
    };
    let looked = extract::inspect(&page);
    Ok(ExtractedDocument {
        article: looked.article?,
        problems: decoded.problems,
        directive_outcomes: looked.directive_outcomes,
        alternates: looked.alternates,
    })
}

/// Returns the decision on each block of a document, as `griot extract --explain` shows it.
#[must_use]
pub fn block_decisions_of(bytes: &[u8], url: Option<&url::Url>, content_type: Option<&str>) -> Vec<extract::BlockDecision> {
    extract::block_decisions(&bare(
        &decode_page(bytes, None, content_type).text,
        url,
        &extract::Selectors::default(),
    ))
}

/// Turns a labelled document into training examples, as `griot lab blocks` does; see [`extract::labeled_pages`].
#[must_use]
pub fn labeled_pages_of(bytes: &[u8], url: Option<&url::Url>, truth: &extract::GroundTruth<'_>) -> [extract::LabeledPage; 2] {
    let selectors = extract::Selectors::default();
    extract::labeled_pages(&bare(&decode_page(bytes, None, None).text, url, &selectors), truth)
}

/// Returns a page with nothing known but its URL.
fn bare<'a>(html: &'a str, url: Option<&'a url::Url>, selectors: &'a extract::Selectors) -> Page<'a> {
    Page {
        html,
        url,
        requested_url: None,
        title_hint: None,
        feed_body: None,
        selectors,
        rule: None,
        images: true,
        now: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_requested_again_four_times() {
        let now = Timestamp::from_unix(0);
        let waits = (0..7).map(|tries| retry(tries, now).map(|next| next.since(now).as_secs() / 3600));
        let expected = [None, Some(1), Some(4), Some(12), Some(24), None, None];
        assert_eq!(waits.collect::<Vec<_>>(), expected);
        assert_eq!(retry(u32::MAX, now), None);
    }
}
