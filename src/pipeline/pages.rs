//! The pages of entries: fetch them politely, take their articles, remember both.

use super::compose::defect;
use super::gather::{held, hold};
use super::house::House;
use super::outcome::provenance;
use crate::config::Source;
use crate::extract::{self, Page};
use crate::fetch::{Accept, Answer, FailureCode, Fetched, Gate, Request};
use crate::html::charset::{Syntax, decode};
use crate::model::{Article, Changes, Entry, HostKey, Problem, Timestamp};
use std::sync::Arc;

/// What came of a page.
#[derive(Debug)]
pub struct PageVisit {
    /// Whose page it was.
    pub entry: crate::model::EntryId,
    /// What is to be remembered.
    pub changes: Changes,
    /// Whether the page may come in the next run: the entry then waits for it, once.
    pub may_come: bool,
}

/// Fetches the page of `entry` and takes its article.
pub async fn visit(house: &Arc<House>, gate: &Gate, entry: Entry, now: Timestamp) -> PageVisit {
    let nothing = PageVisit {
        entry: entry.id,
        changes: Changes::default(),
        may_come: false,
    };
    let (Some(link), Some(prepared)) = (entry.link.clone(), house.source(&entry.source)) else {
        return nothing;
    };
    let host = HostKey::of(&link);
    let request = Request {
        url: &link,
        accept: Accept::Page,
        etag: None,
        last_modified: None,
        validators_from: None,
        source: Some(&prepared.source),
        // A source's secret headers are for its feed's host alone, and a page may lie anywhere.
        headers: &[],
        trusted: is_own_host(&prepared.source, &host),
        identity: false,
        now,
    };
    let (fetched, pass) = house.client.fetch(gate, &request).await;
    hold(gate, &fetched, now);
    let core = house.core().await;
    drop(pass);
    match fetched {
        Fetched::Fresh(answer) => {
            let kept = Arc::clone(house);
            let id = entry.id;
            let source = entry.source.clone();
            let joined = tokio::task::spawn_blocking(move || {
                let _core = core;
                understand(&kept, &entry, &answer, now)
            })
            .await;
            let changes = joined.unwrap_or_else(|panic| {
                tracing::error!(source.id = %source, %panic, "taking an article panicked; the feed's own text stands in");
                Changes {
                    problems: vec![(source, vec![defect("a page of it")])],
                    ..Changes::default()
                }
            });
            PageVisit {
                entry: id,
                changes,
                ..nothing
            }
        }
        Fetched::Held { .. } => PageVisit { may_come: true, ..nothing },
        Fetched::Throttled { ref answer, .. } => {
            let provenance = vec![provenance(&entry.source, Some(entry.id), answer, now)];
            PageVisit {
                changes: Changes {
                    hosts: held(&fetched, now).into_iter().collect(),
                    provenance,
                    ..Changes::default()
                },
                may_come: true,
                ..nothing
            }
        }
        Fetched::Failed { code, answer, .. } => {
            let mut changes = Changes::default();
            changes
                .provenance
                .extend(answer.map(|answer| provenance(&entry.source, Some(entry.id), &answer, now)));
            PageVisit {
                changes,
                may_come: is_passing(code),
                ..nothing
            }
        }
        Fetched::Gone(answer) | Fetched::NotModified(answer) | Fetched::Blocked { answer, .. } => {
            let changes = Changes {
                provenance: vec![provenance(&entry.source, Some(entry.id), &answer, now)],
                ..Changes::default()
            };
            PageVisit { changes, ..nothing }
        }
    }
}

/// Whether `host` is one that the operator named for this source: a link to any other is a stranger's word.
fn is_own_host(source: &Source, host: &HostKey) -> bool {
    source.urls.iter().chain(&source.site).any(|url| HostKey::of(url) == *host)
}

/// Whether a failure may be over in the next run.
fn is_passing(code: FailureCode) -> bool {
    matches!(
        code,
        FailureCode::Dns | FailureCode::Connect | FailureCode::Timeout | FailureCode::Http5xx | FailureCode::CutOff
    )
}

fn understand(house: &House, entry: &Entry, answer: &Answer, now: Timestamp) -> Changes {
    let mut changes = Changes {
        provenance: vec![provenance(&entry.source, Some(entry.id), answer, now)],
        ..Changes::default()
    };
    let Some(prepared) = house.source(&entry.source) else {
        return changes;
    };
    let charset = answer.content_type.as_deref().and_then(charset_of);
    let decoded = decode(&answer.body, prepared.source.charset.as_deref(), charset.as_deref(), Syntax::Html);
    let page = Page {
        html: &decoded.text,
        url: Some(&answer.final_url),
        title_hint: Some(&entry.title),
        feed_body: entry.own_body(),
        selectors: &prepared.selectors,
        images: prepared.source.images,
    };
    match extract::extract(&page) {
        Ok(article) => changes.articles.push((entry.id, article)),
        Err(what) => tracing::debug!(source.id = %entry.source, reason = what.code(), "no article on this page"),
    }
    changes
}

/// Returns the charset parameter of a Content-Type (RFC 9110, 8.3.2).
#[must_use]
pub fn charset_of(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Takes the article of a document that lies at hand, as `griot extract` does.
///
/// # Errors
/// [`extract::NoArticle`] when there is none.
pub fn article_of(
    bytes: &[u8],
    url: Option<&url::Url>,
    content_type: Option<&str>,
    selectors: &extract::Selectors,
) -> Result<(Article, Vec<Problem>), extract::NoArticle> {
    let charset = content_type.and_then(charset_of);
    let decoded = decode(bytes, None, charset.as_deref(), Syntax::Html);
    let page = Page {
        html: &decoded.text,
        url,
        title_hint: None,
        feed_body: None,
        selectors,
        images: true,
    };
    Ok((extract::extract(&page)?, decoded.problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_parameter_is_found() {
        assert_eq!(charset_of("text/html; charset=\"ISO-8859-1\"").as_deref(), Some("ISO-8859-1"));
        assert_eq!(charset_of("text/html;q=1;Charset=utf-8").as_deref(), Some("utf-8"));
        assert_eq!(charset_of("text/html"), None);
    }
}
