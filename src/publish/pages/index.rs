//! The index: the day's stories by weight, the topics with their newest headlines, and the sources.

use super::super::calendar::{Calendar, TimeView};
use super::super::format::Format;
use super::super::headline::Headline;
use super::super::labels::{Labels, labels};
use super::super::rendered_item::RenderedOutlet;
use super::super::site_summary::{SourceStanding, TopicSummary};
use super::super::text::{direction, to_plain_text};
use super::super::topic_feed::SiteInfo;
use super::frame::{Frame, MAX_PAGE_BYTES, render, story_page};
use super::topic::{Link, format_links};
use crate::model::Timestamp;
use crate::text::country_names::flag;
use askama::Template;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How many stories of the day are shown, with the lead.
const MAX_STORIES: usize = 13;
/// A story of the day is so much older than the newest at most.
const DAY: Duration = Duration::from_hours(36);
/// The story with a picture that leads the page weighs so much of the weightiest at least.
const LEAD_SHARE: f64 = 0.5;
/// The longest address of a publisher's page on the index.
const MAX_LINK_BYTES: usize = 300;
/// How many other outlets of a story are named.
const MAX_OUTLETS: usize = 4;
/// How many of the day's stories are left where the page would be far too large.
const FEWER_STORIES: usize = 5;
/// How many headlines of a topic are shown; fewer where the page would be too large.
const MAX_HEADLINES: usize = 3;

#[derive(Template)]
#[template(path = "index.html")]
struct IndexPage<'a> {
    frame: Frame,
    labels: &'static Labels,
    links: Vec<Link>,
    lead: Option<HeadlineView<'a>>,
    stories: Vec<HeadlineView<'a>>,
    topics: Vec<TopicView<'a>>,
    live: Vec<SourceView<'a>>,
    dead: Vec<SourceView<'a>>,
    /// How many sources that bring news there is no room to name.
    unnamed: usize,
}

struct HeadlineView<'a> {
    headline: &'a Headline,
    /// The lead's page; that of the story where its address would take the room of others.
    link: Option<Cow<'a, str>>,
    language: &'a str,
    dir: &'static str,
    flag: String,
    time: TimeView,
    short_time: TimeView,
    independent: String,
    /// The names of the other outlets that tell it.
    others: String,
}

struct TopicView<'a> {
    id: &'a str,
    title: String,
    description: String,
    headlines: Vec<HeadlineView<'a>>,
    is_empty: bool,
}

struct SourceView<'a> {
    id: &'a str,
    rendered: RenderedOutlet<'a>,
    flag: String,
    standing: &'static str,
}

/// What is needed to show headlines.
struct HeadlineViews<'a> {
    calendar: Calendar,
    /// The day of the newest report.
    today: String,
    labels: &'static Labels,
    /// The names of the sources.
    names: BTreeMap<&'a str, Cow<'a, str>>,
}

impl<'a> HeadlineViews<'a> {
    fn one(&self, headline: &'a Headline) -> HeadlineView<'a> {
        let others = headline.sources.iter().filter(|source| **source != headline.source);
        let others: Vec<&str> = others
            .filter_map(|source| self.names.get(source.as_str()))
            .map(|name| &**name)
            .collect();
        HeadlineView {
            headline,
            link: headline.link.as_deref().map(|link| match link.len() {
                ..=MAX_LINK_BYTES => Cow::Borrowed(link),
                _ => story_page(&headline.story).into(),
            }),
            language: headline.language.as_deref().unwrap_or_default(),
            dir: direction(headline.language.as_deref()),
            flag: headline.country.as_deref().map(flag).unwrap_or_default(),
            time: self.calendar.full(headline.date()),
            short_time: if self.calendar.civil(headline.date()).date() == self.today {
                self.calendar.clock(headline.date())
            } else {
                self.calendar.short(headline.date())
            },
            independent: self.labels.told_by(headline.independent),
            others: match others.as_slice() {
                _ if headline.independent < 2 => String::new(),
                [named @ .., _] if named.len() >= MAX_OUTLETS => format!("{} …", others[..MAX_OUTLETS].join(self.labels.comma)),
                named => named.join(self.labels.comma),
            },
        }
    }

    fn all(&self, headlines: impl IntoIterator<Item = &'a Headline>) -> Vec<HeadlineView<'a>> {
        headlines.into_iter().map(|headline| self.one(headline)).collect()
    }
}

/// Returns the date of the newest report.
fn newest(topics: &[TopicSummary]) -> Timestamp {
    let all = topics.iter().flat_map(|topic| &topic.headlines);
    all.map(Headline::newest).max().unwrap_or_else(|| Timestamp::from_unix(0))
}

/// Returns the stories of the day, the weightiest first; a story of several topics once.
fn by_weight(topics: &[TopicSummary]) -> Vec<&Headline> {
    let (mut seen, newest) = (BTreeSet::new(), newest(topics));
    let is_recent = |headline: &&Headline| newest.since(headline.newest()) <= DAY;
    let all = topics.iter().flat_map(|topic| &topic.headlines);
    let mut stories: Vec<&Headline> = all.filter(is_recent).filter(|headline| seen.insert(&headline.story)).collect();
    let weight = |headline: &Headline| headline.weight(newest);
    stories.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then_with(|| a.story.cmp(&b.story)));
    stories.truncate(MAX_STORIES);
    stories
}

/// Returns the first with a picture of the weightiest, else the weightiest, to lead the page; and the others.
fn lead_and_others(mut stories: Vec<&Headline>, newest: Timestamp) -> (Option<&Headline>, Vec<&Headline>) {
    let Some(weightiest) = stories.first().map(|story| story.weight(newest)) else {
        return (None, Vec::new());
    };
    let may_lead = |story: &&Headline| story.image.is_some() && story.weight(newest) >= LEAD_SHARE * weightiest;
    let place = stories.iter().position(may_lead).unwrap_or_default();
    (Some(stories.remove(place)), stories)
}

/// Returns the sources that bring news, and those that do not.
fn live_and_dead<'a>(labels: &'static Labels, sources: &'a [SourceStanding]) -> (Vec<SourceView<'a>>, Vec<SourceView<'a>>) {
    let view = |source: &'a SourceStanding| SourceView {
        id: source.outlet.id.as_str(),
        rendered: RenderedOutlet::new(&source.outlet),
        flag: source.outlet.country.as_deref().map(flag).unwrap_or_default(),
        standing: if source.is_silent { labels.silent } else { labels.failing },
    };
    let (live, dead): (Vec<&SourceStanding>, Vec<&SourceStanding>) = sources.iter().partition(|source| source.is_live());
    (live.into_iter().map(view).collect(), dead.into_iter().map(view).collect())
}

/// Returns the page that shows `topics` and `sources`.
pub(in crate::publish) fn index<'a>(
    site: &SiteInfo,
    topics: &'a [TopicSummary],
    sources: &'a [SourceStanding],
    formats: &[Format],
) -> String {
    let labels = labels(site.language);
    let names = sources
        .iter()
        .map(|source| (source.outlet.id.as_str(), RenderedOutlet::new(&source.outlet).name));
    let calendar = Calendar::new(site);
    let views = HeadlineViews {
        today: calendar.civil(newest(topics)).date(),
        calendar,
        labels,
        names: names.collect(),
    };
    let stories = by_weight(topics);
    let title = to_plain_text(&site.title);
    let mut frame = Frame::new(site, "index.html", title.clone(), title)
        .of_topics(&views.calendar, topics)
        .listing(stories.iter().map(|story| (story.title.as_str(), story.link.as_deref())));
    let (lead, others) = lead_and_others(stories, newest(topics));
    frame.image = lead.and_then(|lead| lead.image.clone());
    let (live, dead) = live_and_dead(labels, sources);
    let mut page = IndexPage {
        frame,
        labels,
        links: format_links(formats),
        lead: lead.map(|lead| views.one(lead)),
        stories: views.all(others),
        topics: Vec::new(),
        live,
        dead,
        unnamed: 0,
    };
    for headlines in (0..=MAX_HEADLINES).rev() {
        let view = |topic: &'a TopicSummary| TopicView {
            id: topic.id.as_str(),
            title: topic.label(),
            description: topic.description.as_deref().map(to_plain_text).unwrap_or_default(),
            headlines: views.all(topic.headlines.iter().take(headlines)),
            is_empty: topic.headlines.is_empty(),
        };
        page.topics = topics.iter().map(view).collect();
        if headlines == 0 {
            // The page of the sources' health names them.
            page.unnamed = page.live.len();
            page.live.clear();
        }
        let rendered = render(&page, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES {
            return rendered;
        }
    }
    page.dead.clear();
    page.stories.truncate(FEWER_STORIES);
    render(&page, MAX_PAGE_BYTES)
}
