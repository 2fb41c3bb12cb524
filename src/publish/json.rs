//! JSON Feed 1.1, with what only griot knows under `_griot`.

use super::content::note;
use super::item::media_type_of;
use super::plain::{language, plain};
use super::{Desk, Item, Report, TopicFeed, address};
use crate::model::{Enclosure, Reason};
use serde::Serialize;

/// Returns `topic` as JSON Feed 1.1; `contents` holds the content of each item.
pub(super) fn render(desk: &Desk, topic: &TopicFeed, contents: &[String]) -> String {
    let feed = FeedView {
        version: "https://jsonfeed.org/version/1.1",
        title: plain(&topic.title),
        home_page_url: address::file(desk, &format!("{}.html", topic.id)),
        feed_url: address::file(desk, &format!("{}.json", topic.id)),
        description: topic.about(desk),
        language: language(&topic.language),
        items: topic
            .items
            .iter()
            .zip(contents)
            .map(|(item, content)| ItemView::of(item, content))
            .collect(),
    };
    let mut text = serde_json::to_string(&feed).expect("maps with string keys, strings and numbers are always JSON");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct FeedView<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    items: Vec<ItemView<'a>>,
}

#[derive(Serialize)]
struct ItemView<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    content_html: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    date_published: String,
    date_modified: String,
    authors: Vec<AuthorView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentView>,
    #[serde(rename = "_griot")]
    griot: GriotView<'a>,
}

impl<'a> ItemView<'a> {
    fn of(item: &'a Item, content: &'a str) -> Self {
        Self {
            id: &item.guid,
            url: item.address(),
            title: item.heading(),
            content_html: content,
            summary: plain(&item.summary),
            image: item.image.as_ref().and_then(|image| address::web(&image.url)),
            date_published: item.date().rfc3339(),
            date_modified: item.updated.rfc3339(),
            authors: authors(item),
            tags: item.terms(),
            language: item.language.as_deref().and_then(language),
            attachments: item.enclosure.iter().filter_map(AttachmentView::of).collect(),
            griot: GriotView::of(item),
        }
    }
}

#[derive(Serialize)]
struct AuthorView {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Returns the item's authors; where it names none, the outlet speaks.
fn authors(item: &Item) -> Vec<AuthorView> {
    let bylines = item.bylines();
    if bylines.is_empty() {
        return vec![AuthorView {
            name: item.outlet.label(),
            url: item.outlet.home(),
        }];
    }
    bylines.into_iter().map(|name| AuthorView { name, url: None }).collect()
}

#[derive(Serialize)]
struct AttachmentView {
    url: String,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

impl AttachmentView {
    fn of(enclosure: &Enclosure) -> Option<Self> {
        Some(Self {
            url: address::web(&enclosure.url)?,
            mime_type: media_type_of(enclosure),
            size_in_bytes: enclosure.length,
        })
    }
}

#[derive(Serialize)]
struct GriotView<'a> {
    published: Option<String>,
    first_seen: String,
    first_published: String,
    outlet: OutletView<'a>,
    also: Vec<ReportView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<ReportView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    score: f64,
    reasons: Vec<ReasonView>,
}

impl<'a> GriotView<'a> {
    fn of(item: &'a Item) -> Self {
        Self {
            published: item.published.map(crate::model::Timestamp::rfc3339),
            first_seen: item.first_seen.rfc3339(),
            first_published: item.first_published.rfc3339(),
            outlet: OutletView {
                id: item.outlet.id.as_str(),
                name: item.outlet.label(),
            },
            also: item.also.iter().map(ReportView::of).collect(),
            earlier: item.earlier.as_ref().map(ReportView::of),
            note: note(item),
            score: item.score,
            reasons: item.reasons.iter().map(ReasonView::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct OutletView<'a> {
    id: &'a str,
    name: String,
}

#[derive(Serialize)]
struct ReportView {
    outlet: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    date: String,
    copy: bool,
}

impl ReportView {
    fn of(report: &Report) -> Self {
        Self {
            outlet: plain(&report.outlet),
            title: plain(&report.title),
            url: report.address(),
            date: report.date.rfc3339(),
            copy: report.copy,
        }
    }
}

#[derive(Serialize)]
struct ReasonView {
    clause: String,
    field: String,
    words: String,
}

impl ReasonView {
    fn of(reason: &Reason) -> Self {
        Self {
            clause: plain(&reason.clause),
            field: plain(&reason.field),
            words: plain(&reason.words),
        }
    }
}
