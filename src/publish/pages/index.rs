//! The index: the day's stories by weight, the topics with their newest headlines, and the sources.

use super::super::calendar::{Calendar, TimeView};
use super::super::format::Format;
use super::super::headline::Headline;
use super::super::labels::{Labels, labels};
use super::super::rendered_item::RenderedOutlet;
use super::super::text::{direction, to_plain_text};
use super::super::topic_feed::{SiteInfo, SourceStanding, TopicSummary};
use super::frame::{Frame, MAX_PAGE_BYTES, render};
use super::topic::{Link, format_links};
use crate::model::Timestamp;
use crate::text::counted::counted;
use crate::text::country_names::flag;
use askama::Template;
use serde_json::json;
use std::collections::BTreeSet;

/// How many stories of the day are shown, with the lead.
const MAX_STORIES: usize = 13;
/// A story of the day is so many hours older than the newest at most.
const DAY_HOURS: u64 = 36;
/// How many headlines of a topic are shown.
const MAX_HEADLINES: usize = 3;

#[derive(Template)]
#[template(path = "index.html")]
struct IndexPage<'a> {
    frame: Frame,
    labels: &'static Labels,
    links: Vec<Link>,
    lead: Option<Teaser<'a>>,
    stories: Vec<Teaser<'a>>,
    topics: Vec<TopicView<'a>>,
    live: Vec<SourceView<'a>>,
    dead: Vec<SourceView<'a>>,
}

struct Teaser<'a> {
    headline: &'a Headline,
    language: &'a str,
    flag: String,
    time: TimeView,
    independent: String,
}

struct TopicView<'a> {
    id: &'a str,
    title: String,
    description: String,
    headlines: Vec<Teaser<'a>>,
}

struct SourceView<'a> {
    id: &'a str,
    rendered: RenderedOutlet<'a>,
    flag: String,
    standing: &'static str,
}

fn teaser<'a>(calendar: &Calendar, labels: &'static Labels, headline: &'a Headline) -> Teaser<'a> {
    Teaser {
        headline,
        language: headline.language.as_deref().unwrap_or_default(),
        flag: headline.country.as_deref().map(flag).unwrap_or_default(),
        time: calendar.full(headline.date()),
        independent: if headline.independent > 1 {
            counted(labels.independent, headline.independent)
        } else {
            labels.one_source.to_owned()
        },
    }
}

/// Returns the stories of the day, the weightiest first; a story of several topics once.
fn by_weight(topics: &[TopicSummary]) -> Vec<&Headline> {
    let all = || topics.iter().flat_map(|topic| &topic.headlines);
    let newest = all().map(Headline::date).max().unwrap_or_else(|| Timestamp::from_unix(0));
    let mut seen = BTreeSet::new();
    let is_recent = |headline: &&Headline| newest.since(headline.date()).as_secs() <= DAY_HOURS * 3600;
    let mut stories: Vec<&Headline> = all().filter(is_recent).filter(|headline| seen.insert(&headline.story)).collect();
    let weight = |headline: &Headline| headline.weight(newest);
    stories.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then_with(|| a.story.cmp(&b.story)));
    stories.truncate(MAX_STORIES);
    stories
}

/// Returns the page that shows `topics` and `sources`.
pub(in crate::publish) fn index(site: &SiteInfo, topics: &[TopicSummary], sources: &[SourceStanding], formats: &[Format]) -> String {
    let (calendar, labels) = (Calendar::new(site), labels(site.language));
    let mut stories = by_weight(topics).into_iter();
    // The first with a picture leads, if it is among the weightiest.
    let lead = stories.next();
    let title = to_plain_text(&site.title);
    let described = by_weight(topics)
        .into_iter()
        .enumerate()
        .map(|(place, headline)| json!({"@type": "ListItem", "position": place + 1, "name": headline.title, "url": headline.link}));
    let data =
        json!({"@context": "https://schema.org", "@type": "ItemList", "name": title, "itemListElement": described.collect::<Vec<_>>()});
    let newest = topics.iter().filter_map(|topic| topic.newest).max();
    let mut frame = Frame::new(site, "index.html", title.clone(), title)
        .changed(&calendar, newest)
        .described(&data);
    frame.feeds = topics
        .iter()
        .map(|topic| super::frame::FeedLink {
            title: topic.label(),
            name: format!("{}.xml", topic.id),
            media_type: "application/rss+xml",
        })
        .collect();
    frame.image = lead.and_then(|lead| lead.image.clone());
    let view = |standing: &'static str, source: &'_ SourceStanding| -> (bool, &'static str) { (source.is_live(), standing) };
    let (mut live, mut dead) = (Vec::new(), Vec::new());
    for source in sources {
        let word = if source.is_silent { labels.silent } else { labels.failing };
        let (is_live, word) = view(word, source);
        let shown = SourceView {
            id: source.outlet.id.as_str(),
            rendered: RenderedOutlet::new(&source.outlet),
            flag: source.outlet.country.as_deref().map(flag).unwrap_or_default(),
            standing: word,
        };
        if is_live { live.push(shown) } else { dead.push(shown) }
    }
    let page = IndexPage {
        frame,
        labels,
        links: format_links(formats),
        lead: lead.map(|lead| teaser(&calendar, labels, lead)),
        stories: stories.map(|story| teaser(&calendar, labels, story)).collect(),
        topics: topics
            .iter()
            .map(|topic| TopicView {
                id: topic.id.as_str(),
                title: topic.label(),
                description: topic.description.as_deref().map(to_plain_text).unwrap_or_default(),
                headlines: topic
                    .headlines
                    .iter()
                    .take(MAX_HEADLINES)
                    .map(|headline| teaser(&calendar, labels, headline))
                    .collect(),
            })
            .collect(),
        live,
        dead,
    };
    let _ = direction(None);
    render(&page, MAX_PAGE_BYTES)
}
