//! The page about the desk: which sources it follows, by which rules, and which of them tell what its topics hold.

use super::super::calendar::Calendar;
use super::super::labels::{Labels, labels};
use super::super::rendered_item::RenderedOutlet;
use super::super::site_summary::{SourceStanding, TopicSummary};
use super::super::text::{language, to_plain_text};
use super::super::topic_feed::SiteInfo;
use super::filters::{language_name, primary};
use super::frame::{Frame, MAX_PAGE_BYTES, render};
use crate::text::country_names::country_name;
use askama::Template;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage<'a> {
    frame: Frame,
    labels: &'static Labels,
    followed: String,
    tables: Vec<Table>,
    dead: Vec<SourceLink<'a>>,
    topics: Vec<TopicView<'a>>,
}

/// The sources by one of their properties.
struct Table {
    label: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    followed: usize,
    /// How many of them are meant: those that bring nothing, or that told something.
    meant: usize,
}

struct SourceLink<'a> {
    id: &'a str,
    name: Cow<'a, str>,
}

struct TopicView<'a> {
    id: &'a str,
    title: String,
    description: String,
    rule: Vec<String>,
    coverage: String,
    lines: Vec<Line>,
    quiet_count: String,
    quiet: Vec<SourceLink<'a>>,
}

/// The share of the sources that told something, by one of their properties.
struct Line {
    label: &'static str,
    text: String,
}

/// By what sources are counted.
#[derive(Clone, Copy)]
enum Property {
    Country,
    Language,
    Kind,
}

const PROPERTIES: [Property; 3] = [Property::Country, Property::Language, Property::Kind];

impl Property {
    const fn label(self, labels: &Labels) -> &'static str {
        match self {
            Self::Country => labels.country,
            Self::Language => labels.language,
            Self::Kind => labels.kind,
        }
    }

    /// Returns the property of a source in words; none where it is not known.
    fn of(self, site: &SiteInfo, labels: &'static Labels, source: &SourceStanding) -> Option<String> {
        let outlet = &source.outlet;
        match self {
            Self::Country => (outlet.country.as_deref()).map(|code| country_name(code, site.language.tag()).to_owned()),
            Self::Language => (outlet.language.as_deref().and_then(language)).map(|tag| language_name(labels, primary(&tag)).to_owned()),
            Self::Kind => outlet.kind.map(|kind| labels.kind_name(kind).to_owned()),
        }
    }
}

/// Returns the number of sources by a property, with how many of them are `meant`; those with most first.
fn rows(
    site: &SiteInfo,
    labels: &'static Labels,
    property: Property,
    sources: &[SourceStanding],
    meant: impl Fn(&SourceStanding) -> bool,
) -> Vec<Row> {
    let mut counts: BTreeMap<Option<String>, (usize, usize)> = BTreeMap::new();
    for source in sources {
        let (followed, of_meant) = counts.entry(property.of(site, labels, source)).or_default();
        *followed += 1;
        *of_meant += usize::from(meant(source));
    }
    let mut counts: Vec<(Option<String>, (usize, usize))> = counts.into_iter().collect();
    // A stable sort: names of equal counts stay in their order. What is not stated comes last.
    counts.sort_by_key(|(name, (followed, _))| (name.is_none(), Reverse(*followed)));
    let row = |(name, (followed, meant)): (Option<String>, (usize, usize))| Row {
        name: name.unwrap_or_else(|| labels.not_stated.to_owned()),
        followed,
        meant,
    };
    counts.into_iter().map(row).collect()
}

fn link(source: &SourceStanding) -> SourceLink<'_> {
    SourceLink {
        id: source.outlet.id.as_str(),
        name: RenderedOutlet::new(&source.outlet).name,
    }
}

/// Returns a text with numbers in place of its `#`, in their order.
fn filled(text: &str, numbers: &[usize]) -> String {
    numbers
        .iter()
        .fold(text.to_owned(), |text, number| text.replacen('#', &number.to_string(), 1))
}

fn topic_view<'a>(site: &SiteInfo, labels: &'static Labels, topic: &'a TopicSummary, sources: &'a [SourceStanding]) -> TopicView<'a> {
    let tellers: BTreeSet<&str> = topic
        .headlines
        .iter()
        .flat_map(|headline| &headline.sources)
        .map(String::as_str)
        .collect();
    let told = |source: &SourceStanding| tellers.contains(source.outlet.id.as_str());
    let quiet: Vec<SourceLink<'_>> = sources.iter().filter(|source| !told(source)).map(link).collect();
    let line = |property: Property| {
        let shares = rows(site, labels, property, sources, told);
        let shares: Vec<String> = shares
            .into_iter()
            .map(|row| format!("{} {}/{}", row.name, row.meant, row.followed))
            .collect();
        Line {
            label: property.label(labels),
            text: shares.join(labels.comma),
        }
    };
    TopicView {
        id: topic.id.as_str(),
        title: topic.label(),
        description: topic.description.as_deref().map(to_plain_text).unwrap_or_default(),
        rule: topic.rule.iter().map(|clause| to_plain_text(clause)).collect(),
        coverage: filled(
            labels.coverage,
            &[topic.headlines.len(), sources.len() - quiet.len(), sources.len()],
        ),
        lines: if topic.headlines.is_empty() {
            Vec::new()
        } else {
            PROPERTIES.map(line).into()
        },
        quiet_count: filled(labels.quiet, &[quiet.len()]),
        quiet,
    }
}

/// Returns the page about the desk.
pub(in crate::publish) fn about(site: &SiteInfo, topics: &[TopicSummary], sources: &[SourceStanding]) -> String {
    let (calendar, labels) = (Calendar::new(site), labels(site.language));
    let dead: Vec<SourceLink<'_>> = sources.iter().filter(|source| !source.is_live()).map(link).collect();
    let table = |property: Property| Table {
        label: property.label(labels),
        rows: rows(site, labels, property, sources, |source| !source.is_live()),
    };
    let description = filled(labels.followed_count, &[sources.len(), sources.len() - dead.len(), topics.len()]);
    let mut page = AboutPage {
        frame: Frame::new(site, "about.html", labels.about.to_owned(), description.clone()).of_topics(&calendar, topics),
        labels,
        followed: description,
        tables: PROPERTIES.map(table).into(),
        dead,
        topics: topics.iter().map(|topic| topic_view(site, labels, topic, sources)).collect(),
    };
    for step in 0..4 {
        for topic in &mut page.topics {
            match step {
                1 => topic.quiet.clear(),
                2 => topic.rule.clear(),
                3 => topic.lines.clear(),
                _ => {}
            }
        }
        let rendered = render(&page, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES {
            return rendered;
        }
    }
    // Of very many topics, those that there is room for.
    while page.topics.len() > 1 {
        page.topics.truncate(page.topics.len() / 2);
        let rendered = render(&page, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES {
            return rendered;
        }
    }
    render(&page, MAX_PAGE_BYTES)
}
