//! JSON Feed 1.1, with griot's own fields in the extension object `_griot`.

use super::format::{Format, TopicInput};
use super::pages;
use super::regions::Place;
use super::rendered_item::{ReasonView, RenderedEnclosure, RenderedItem, RenderedReport};
use super::text::{language, plain_text};
use super::url;
use super::xml::into_string;
use crate::model::{Country, Genre, Timestamp};
use serde::Serialize;
use std::borrow::Cow;

pub(super) const FORMAT: Format = Format {
    suffix: ".json",
    media_type: "application/feed+json",
    label: Some("JSON"),
    is_feed: true,
    render,
};

fn render(input: &TopicInput<'_>) -> String {
    let TopicInput { site, topic, items, .. } = input;
    let feed = FeedView {
        version: "https://jsonfeed.org/version/1.1",
        title: topic.label(),
        home_page_url: url::of_file(site, &format!("{}{}", topic.id, pages::FORMAT.suffix)),
        feed_url: url::of_file(site, &format!("{}{}", topic.id, FORMAT.suffix)),
        description: topic.about(site),
        icon: url::of_file(site, pages::ICON_NAME),
        language: language(&topic.language),
        hubs: topic
            .hub
            .as_ref()
            .and_then(url::to_published)
            .map(HubView::new)
            .into_iter()
            .collect(),
        items: items.iter().map(ItemView::new).collect(),
    };
    let mut bytes = Vec::with_capacity(input.estimated_bytes());
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
    icon: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<HubView>,
    items: Vec<ItemView<'a>>,
}

/// A hub that passes changes of the feed on (JSON Feed 1.1, "hubs").
#[derive(Serialize)]
struct HubView {
    r#type: &'static str,
    url: String,
}

impl HubView {
    const fn new(url: String) -> Self {
        Self { r#type: "WebSub", url }
    }
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
    #[serde(skip_serializing_if = "<[Cow<'_, str>]>::is_empty")]
    tags: &'a [Cow<'a, str>],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentView<'a>>,
    #[serde(rename = "_griot")]
    griot: GriotView<'a>,
}

impl<'a> ItemView<'a> {
    fn new(rendered: &'a RenderedItem<'_>) -> Self {
        Self {
            id: &rendered.item.guid,
            url: rendered.link.as_deref(),
            title: &rendered.title,
            content_html: &rendered.content,
            summary: rendered.separate_summary(),
            image: rendered.image.as_deref(),
            date_published: rendered.date.rfc3339(),
            date_modified: rendered.item.updated.rfc3339(),
            authors: authors(rendered),
            tags: &rendered.terms,
            language: rendered.language.as_deref(),
            attachments: rendered.enclosure.iter().map(AttachmentView::new).collect(),
            griot: GriotView::new(rendered),
        }
    }
}

#[derive(Serialize)]
struct AuthorView<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// Returns the item's authors; the outlet where it names none.
fn authors<'a>(rendered: &'a RenderedItem<'_>) -> Vec<AuthorView<'a>> {
    if rendered.bylines.is_empty() {
        return vec![AuthorView {
            name: &rendered.outlet.name,
            url: rendered.outlet.home(),
        }];
    }
    rendered.bylines.iter().map(|name| AuthorView { name, url: None }).collect()
}

#[derive(Serialize)]
struct AttachmentView<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

impl<'a> AttachmentView<'a> {
    fn new(enclosure: &'a RenderedEnclosure<'_>) -> Self {
        Self {
            url: &enclosure.url,
            mime_type: &enclosure.mime,
            size_in_bytes: enclosure.length,
        }
    }
}

/// What griot says of an item besides JSON Feed's own fields; `docs/feeds.md` describes it.
#[derive(Serialize)]
struct GriotView<'a> {
    story: String,
    published: Option<String>,
    first_seen: String,
    first_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrected: Option<String>,
    about: Vec<ShareView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<PlaceView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<&'static str>,
    independent: usize,
    /// The outlet that is shown first, then the others.
    sources: Vec<SourceView<'a>>,
    /// The number of reports that `sources` has no room for.
    #[serde(skip_serializing_if = "is_zero")]
    more: usize,
    /// The number of entries with the same text as the item or a report.
    copies: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<SourceView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    reservations: &'a [String],
    provenance: ProvenanceView<'a>,
    reasons: Vec<ReasonView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    masked: Vec<Cow<'a, str>>,
}

/// Where the text comes from, and why it is here.
#[derive(Serialize)]
struct ProvenanceView<'a> {
    /// The method by which the text was found: `feed`, or one of those on a page.
    text: &'static str,
    /// The version of the topic's rule by which the item was chosen.
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: &'a str,
}

impl<'a> GriotView<'a> {
    fn new(rendered: &'a RenderedItem<'_>) -> Self {
        let item = rendered.item;
        let (also, more) = rendered.reports_in_feeds();
        let mut sources = vec![SourceView::of_lead(rendered)];
        sources.extend(also.iter().map(SourceView::new));
        Self {
            story: item.story.to_string(),
            published: item.published.map(Timestamp::rfc3339),
            first_seen: item.first_seen.rfc3339(),
            first_published: item.first_published.rfc3339(),
            corrected: item.corrected.map(Timestamp::rfc3339),
            about: item.about.countries().iter().map(ShareView::new).collect(),
            places: rendered.places.iter().map(PlaceView::new).collect(),
            mark: item.genre.map(Genre::as_str),
            independent: item.independent,
            sources,
            more,
            copies: item.copies,
            earlier: rendered.earlier.as_ref().map(SourceView::new),
            note: rendered.note.as_deref(),
            licence: rendered.licence.as_deref(),
            reservations: &rendered.item.reservations,
            provenance: ProvenanceView {
                text: item.method.as_str(),
                rule: &item.rule,
            },
            reasons: item.reasons.iter().map(ReasonView::new).collect(),
            masked: item.masked.iter().map(|words| plain_text(words)).collect(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct ShareView {
    country: String,
    share: f64,
}

impl ShareView {
    fn new((country, share): &(Country, f64)) -> Self {
        Self {
            country: country.to_string(),
            share: *share,
        }
    }
}

/// An administrative region, and a point of it in degrees.
#[derive(Serialize)]
struct PlaceView<'a> {
    code: &'a str,
    name: &'a str,
    lat: f64,
    lon: f64,
}

impl<'a> PlaceView<'a> {
    fn new(place: &'a Place) -> Self {
        let degrees = |microdegrees: i32| f64::from(microdegrees) / 1e6;
        Self {
            code: place.code.as_str(),
            name: place.name,
            lat: degrees(place.point.latitude),
            lon: degrees(place.point.longitude),
        }
    }
}

/// A report of the story, with its outlet.
#[derive(Serialize)]
struct SourceView<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// The country of the outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<&'static str>,
    /// The editor's note on the outlet.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Cow<'a, str>>,
}

impl<'a> SourceView<'a> {
    fn of_lead(rendered: &'a RenderedItem<'_>) -> Self {
        let outlet = &rendered.item.outlet;
        Self {
            id: outlet.id.as_str(),
            name: &rendered.outlet.name,
            kind: outlet.kind,
            country: outlet.country.as_deref(),
            language: rendered.language.as_deref(),
            title: &rendered.title,
            url: rendered.link.as_deref(),
            date: rendered.date.rfc3339(),
            agency: rendered.agency,
            note: outlet.note.as_deref().map(plain_text).filter(|note| !note.is_empty()),
        }
    }

    fn new(report: &'a RenderedReport<'_>) -> Self {
        Self {
            id: report.source,
            name: &report.outlet,
            kind: report.kind,
            country: report.country,
            language: report.language.as_deref(),
            title: &report.title,
            url: report.link.as_deref(),
            date: report.date.rfc3339(),
            agency: report.agency,
            note: None,
        }
    }
}
