//! JSON Feed 1.1, with what only griot knows under `_griot`.

use super::rendered_item::{ReasonView, RenderedEnclosure, RenderedItem, RenderedReport, size};
use super::text::language;
use super::xml::into_string;
use super::{SiteInfo, TopicFeed, address};
use crate::model::Timestamp;
use serde::Serialize;

/// Returns `topic` as JSON Feed 1.1 with `items`.
pub(super) fn render(site: &SiteInfo, topic: &TopicFeed, items: &[RenderedItem<'_>]) -> String {
    let feed = FeedView {
        version: "https://jsonfeed.org/version/1.1",
        title: topic.label(),
        home_page_url: address::file(site, &format!("{}.html", topic.id)),
        feed_url: address::file(site, &format!("{}.json", topic.id)),
        description: topic.about(site),
        language: language(&topic.language),
        items: items.iter().map(ItemView::of).collect(),
    };
    let mut bytes = Vec::with_capacity(size(items));
    serde_json::to_writer(&mut bytes, &feed).expect("maps with string keys, strings and numbers are always JSON");
    let mut text = into_string(bytes);
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
    url: Option<&'a str>,
    title: &'a str,
    content_html: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    authors: Vec<AuthorView<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentView<'a>>,
    #[serde(rename = "_griot")]
    griot: GriotView<'a>,
}

impl<'a> ItemView<'a> {
    fn of(shown: &'a RenderedItem<'_>) -> Self {
        Self {
            id: &shown.item.guid,
            url: shown.link.as_deref(),
            title: &shown.title,
            content_html: &shown.content,
            summary: &shown.summary,
            image: shown.image.as_deref(),
            date_published: shown.date.rfc3339(),
            date_modified: shown.item.updated.rfc3339(),
            authors: authors(shown),
            tags: &shown.terms,
            language: shown.language.as_deref(),
            attachments: shown.enclosure.iter().map(AttachmentView::of).collect(),
            griot: GriotView::of(shown),
        }
    }
}

#[derive(Serialize)]
struct AuthorView<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// Returns the item's authors; where it names none, the outlet speaks.
fn authors<'a>(shown: &'a RenderedItem<'_>) -> Vec<AuthorView<'a>> {
    if shown.bylines.is_empty() {
        return vec![AuthorView {
            name: &shown.outlet.name,
            url: shown.outlet.home(),
        }];
    }
    shown.bylines.iter().map(|name| AuthorView { name, url: None }).collect()
}

#[derive(Serialize)]
struct AttachmentView<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

impl<'a> AttachmentView<'a> {
    fn of(enclosure: &'a RenderedEnclosure) -> Self {
        Self {
            url: &enclosure.url,
            mime_type: &enclosure.mime,
            size_in_bytes: enclosure.length,
        }
    }
}

#[derive(Serialize)]
struct GriotView<'a> {
    published: Option<String>,
    first_seen: String,
    first_published: String,
    outlet: OutletView<'a>,
    also: Vec<ReportView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<ReportView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    score: f64,
    reasons: Vec<ReasonView>,
}

impl<'a> GriotView<'a> {
    fn of(shown: &'a RenderedItem<'_>) -> Self {
        let item = shown.item;
        Self {
            published: item.published.map(Timestamp::rfc3339),
            first_seen: item.first_seen.rfc3339(),
            first_published: item.first_published.rfc3339(),
            outlet: OutletView {
                id: item.outlet.id.as_str(),
                name: &shown.outlet.name,
            },
            also: shown.also.iter().map(ReportView::of).collect(),
            earlier: shown.earlier.as_ref().map(ReportView::of),
            note: shown.note.as_deref(),
            score: item.score,
            reasons: item.reasons.iter().map(ReasonView::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct OutletView<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct ReportView<'a> {
    outlet: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    date: String,
    copy: bool,
}

impl<'a> ReportView<'a> {
    fn of(report: &'a RenderedReport) -> Self {
        Self {
            outlet: &report.outlet,
            title: &report.title,
            url: report.link.as_deref(),
            date: report.date.rfc3339(),
            copy: report.copy,
        }
    }
}
