//! Articles of several pages: fetches the single-page version, or one page after the other, under the same limits and robots.txt as the first.

use super::app::App;
use super::host_hold::hold_host;
use super::page_request::{decode_page, page_request, page_verdict, whole_page};
use super::prepare::PreparedSource;
use super::robots::{HostRules, RobotsVerdict};
use crate::extract::{PaginationLinks, PaginationQuery, SiteRule, pagination_links};
use crate::fetch::{Answer, Fetched, HostLimiter};
use crate::model::{HostKey, SourceId, Timestamp};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

/// The maximum number of pages of one article.
const MAX_PAGES: usize = 10;
/// Problem code: the article continues, but its next page could not be fetched.
const MISSING_PAGES: &str = "pages-missing";
/// Problem code: the article continues beyond [`MAX_PAGES`].
const TOO_MANY_PAGES: &str = "pages-cut";

/// The pages of one article.
pub(super) struct Pages {
    /// In order, the first page first.
    pub answers: Vec<Arc<Answer>>,
    /// The problem code when pages are missing.
    pub problem: Option<&'static str>,
    /// Whether the robots.txt of the host names terms by which its texts are licensed.
    pub is_licensed: bool,
    /// Answers without a page of the article, kept for their provenance.
    pub others: Vec<Arc<Answer>>,
}

/// Fetches the further pages of one article.
pub(super) struct PageFetcher<'a> {
    pub app: &'a Arc<App>,
    pub limiter: &'a HostLimiter,
    pub rules: &'a HostRules,
    pub source: &'a SourceId,
    pub prepared: &'a PreparedSource,
    pub now: Timestamp,
}

impl PageFetcher<'_> {
    /// Fetches the pages after `first`. The core is released while servers are waited for.
    pub(super) async fn pages(&self, first: Box<Answer>, core: OwnedSemaphorePermit) -> (Pages, OwnedSemaphorePermit) {
        let mut core = core;
        let is_licensed = self.rules.is_licensed(&first.final_url).await;
        let mut visited = vec![without_fragment(&first.url), without_fragment(&first.final_url)];
        let mut pages = Pages {
            answers: vec![Arc::from(first)],
            problem: None,
            is_licensed,
            others: Vec::new(),
        };
        while let Some(last) = pages.answers.last() {
            let links = self.links(last).await;
            let is_first = pages.answers.len() == 1;
            let whole = links.single_page.filter(|url| is_first && !visited.contains(url));
            let Some(next) = whole.clone().or(links.next_page).filter(|url| !visited.contains(url)) else {
                break;
            };
            if pages.answers.len() >= MAX_PAGES {
                pages.problem = Some(TOO_MANY_PAGES);
                break;
            }
            visited.push(next.clone());
            drop(core);
            let outcome = self.ask(&next, &mut visited).await;
            core = self.app.core().await;
            match outcome {
                Ok(answer) if whole.is_some() => pages.others.extend(std::mem::replace(&mut pages.answers, vec![answer])),
                Ok(answer) => pages.answers.push(answer),
                Err(answer) => {
                    pages.others.extend(answer);
                    pages.problem = Some(MISSING_PAGES);
                    break;
                }
            }
        }
        (pages, core)
    }

    async fn links(&self, answer: &Arc<Answer>) -> PaginationLinks {
        let charset = self.prepared.source.charset.clone();
        let rule = self.app.prepared.rules.rule(&answer.final_url);
        let kept = Arc::clone(answer);
        let links_of_page = tokio::task::spawn_blocking(move || links(&kept, charset.as_deref(), rule.as_ref()));
        // The page is parsed again for its article; a panic is recorded there.
        links_of_page.await.unwrap_or_default()
    }

    async fn is_permitted(&self, url: &Url) -> bool {
        page_verdict(self.app, self.limiter, self.rules, url, self.source, self.now).await == RobotsVerdict::Allowed
    }

    /// Fetches one page; the error is the answer that holds none, if there was one.
    async fn ask(&self, url: &Url, visited: &mut Vec<Url>) -> Result<Arc<Answer>, Option<Arc<Answer>>> {
        if !self.is_permitted(url).await {
            return Err(None);
        }
        let request = page_request(self.app, url, &self.prepared.source, self.now);
        let (fetched, permit) = self.app.client.fetch(self.limiter, &request).await;
        hold_host(self.limiter, &fetched, self.now);
        drop(permit);
        let answer = match whole_page(fetched) {
            Fetched::Fresh(answer) => Arc::<Answer>::from(answer),
            Fetched::NotModified(answer) | Fetched::Gone(answer) | Fetched::Throttled { answer, .. } | Fetched::Blocked { answer, .. } => {
                return Err(Some(Arc::from(answer)));
            }
            Fetched::Failed { answer, .. } => return Err(answer.map(Arc::from)),
            Fetched::Held { .. } => return Err(None),
        };
        let landed = without_fragment(&answer.final_url);
        if landed == *url {
            return Ok(answer);
        }
        // A redirect to a page that was fetched already, or to another site, is no next page; another URL may have another robots.txt.
        let is_near = HostKey::from_url(&landed) == HostKey::from_url(url) && !visited.contains(&landed);
        visited.push(landed);
        if is_near && self.is_permitted(&answer.final_url).await {
            Ok(answer)
        } else {
            Err(Some(answer))
        }
    }
}

fn links(answer: &Answer, charset: Option<&str>, rule: Option<&SiteRule>) -> PaginationLinks {
    let decoded = decode_page(&answer.body, charset, answer.content_type.as_deref());
    pagination_links(&PaginationQuery {
        html: &decoded.text,
        url: &answer.final_url,
        rule,
    })
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
