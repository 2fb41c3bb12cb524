//! The page of the region: how many stories of the last days are about each country and each administrative region, as a map and as a table.

use super::super::calendar::{Calendar, TimeView};
use super::super::headline::Headline;
use super::super::labels::labels;
use super::super::regions;
use super::super::site_summary::TopicSummary;
use super::super::text::to_plain_text;
use super::super::topic_feed::SiteInfo;
use super::frame::{Frame, MAX_PAGE_BYTES, render};
use crate::model::{Area, Timestamp};
use crate::text::counted::counted;
use crate::text::country_names::{country_name, flag};
use askama::Template;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Stories that are so much older than the newest count no more.
const RECENT: Duration = Duration::from_hours(7 * 24);
/// How many stories of an area are listed; where the page would be too large, fewer.
const MAX_LISTED: [usize; 4] = [10, 5, 3, 1];
/// Where the map writes the names of countries whose middle is full of small regions: Burkina Faso below its border.
const COUNTRY_LABELS: [(&str, [&str; 2]); 1] = [("BF", ["400", "455"])];
/// In how many steps areas with more stories are darker.
const SHADES: usize = 4;

#[derive(Template)]
#[template(path = "region.html")]
struct RegionPage<'a> {
    frame: Frame,
    /// From which day to which stories are counted.
    span: String,
    /// What the map draws; nothing when none of it is told of.
    shapes: Vec<Shape>,
    numbers: Vec<Number>,
    areas: Vec<AreaView<'a>>,
}

/// An outline on the map.
struct Shape {
    path: &'static str,
    class: String,
    /// The anchor of its stories.
    target: Option<String>,
    label: String,
}

/// The number of stories of a region or a country, as the map writes it.
struct Number {
    x: &'static str,
    y: &'static str,
    count: usize,
    /// The anchor and the name of a country: its name is a link to its stories, since its outline is covered by its regions.
    country: Option<(String, String)>,
}

/// A country or region of which stories tell.
struct AreaView<'a> {
    anchor: String,
    name: String,
    flag: String,
    is_country: bool,
    count: usize,
    stories: Vec<Line<'a>>,
    rest: String,
}

struct Line<'a> {
    headline: &'a Headline,
    language: &'a str,
    time: TimeView,
}

/// Returns the stories of the last days by the countries and regions that they are about, newest first; a story of several topics once.
fn by_area(topics: &[TopicSummary]) -> BTreeMap<Area, Vec<&Headline>> {
    let all = || topics.iter().flat_map(|topic| &topic.headlines);
    let newest = all().map(Headline::date).max().unwrap_or_else(|| Timestamp::from_unix(0));
    let mut seen = BTreeSet::new();
    let is_recent = |headline: &&Headline| newest.since(headline.date()) < RECENT;
    let mut recent: Vec<&Headline> = all().filter(is_recent).filter(|headline| seen.insert(&headline.story)).collect();
    recent.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.story.cmp(&b.story)));
    let mut areas: BTreeMap<Area, Vec<&Headline>> = BTreeMap::new();
    for headline in recent {
        for area in headline.about.iter().filter_map(|code| Area::new(code)) {
            areas.entry(area).or_default().push(headline);
        }
    }
    areas
}

/// Returns the areas in the order of the table: the countries of which most is told first, each before its regions.
fn in_order<'a, 'b>(areas: &'b BTreeMap<Area, Vec<&'a Headline>>) -> Vec<(Area, &'b [&'a Headline])> {
    let count = |area: Area| areas.get(&area).map_or(0, Vec::len);
    let mut order: Vec<(Area, &[&Headline])> = areas.iter().map(|(area, stories)| (*area, stories.as_slice())).collect();
    order.sort_by_key(|(area, stories)| {
        let country = area.country();
        let is_region = matches!(area, Area::Region(_));
        (
            std::cmp::Reverse(count(Area::Country(country))),
            country,
            is_region,
            std::cmp::Reverse(stories.len()),
            *area,
        )
    });
    order
}

fn name(site: &SiteInfo, area: Area) -> String {
    match area {
        Area::Country(country) => country_name(country.as_str(), site.language.tag()).to_owned(),
        Area::Region(region) => regions::name(region, site.language).map_or_else(|| region.to_string(), str::to_owned),
    }
}

/// Returns the page of the region.
pub(in crate::publish) fn region(site: &SiteInfo, topics: &[TopicSummary]) -> String {
    let (calendar, labels) = (Calendar::new(site), labels(site.language));
    let areas = by_area(topics);
    let order = in_order(&areas);
    let newest = areas.values().flatten().map(|headline| headline.date()).max();
    let span = newest.map_or_else(String::new, |newest| {
        let first = newest - RECENT;
        format!("{} – {}", calendar.short(first).people, calendar.short(newest).people)
    });
    let mut rendered = String::new();
    for listed in MAX_LISTED {
        let title = format!("{} · {}", labels.region, to_plain_text(&site.title));
        let page = RegionPage {
            frame: Frame::new(site, "region.html", labels.region.to_owned(), title).of_topics(&calendar, topics),
            span: span.clone(),
            shapes: shapes(site, &areas),
            numbers: numbers(site, &areas),
            areas: order
                .iter()
                .map(|(area, stories)| AreaView {
                    anchor: area.to_string(),
                    name: name(site, *area),
                    flag: flag(area.country().as_str()),
                    is_country: matches!(area, Area::Country(_)),
                    count: stories.len(),
                    stories: stories
                        .iter()
                        .take(listed)
                        .map(|headline| Line {
                            headline,
                            language: headline.language.as_deref().unwrap_or_default(),
                            time: calendar.short(headline.date()),
                        })
                        .collect(),
                    rest: if stories.len() > listed {
                        counted(labels.more, stories.len() - listed)
                    } else {
                        String::new()
                    },
                })
                .collect(),
        };
        rendered = render(&page, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES {
            break;
        }
    }
    rendered
}

/// Returns the outlines of the map, darker where more is told of; none when nothing is told of any of them.
fn shapes(site: &SiteInfo, areas: &BTreeMap<Area, Vec<&Headline>>) -> Vec<Shape> {
    let outlines: Vec<regions::Outline> = regions::outlines().collect();
    let count = |outline: &regions::Outline| outline.area().and_then(|area| areas.get(&area)).map_or(0, Vec::len);
    if outlines.iter().all(|outline| count(outline) == 0) {
        return Vec::new();
    }
    let of_kind = |kind| outlines.iter().filter(move |outline: &&regions::Outline| outline.kind == kind);
    let most = |kind| of_kind(kind).map(count).max().unwrap_or(0).max(1);
    let (most_of_regions, most_of_neighbours) = (most("region"), most("neighbour"));
    let shape = |outline: &regions::Outline| {
        let own = count(outline);
        // A country's stories are seen in its regions, over which its outline is drawn.
        let (kind, most) = match outline.kind {
            "region" => ("sr", most_of_regions),
            "neighbour" => ("sn", most_of_neighbours),
            "country" => ("sc", 0),
            _ => ("sl", 0),
        };
        let is_linked = own > 0 && most > 0;
        let class = if is_linked {
            format!("{kind} s{}", (own * SHADES).div_ceil(most))
        } else {
            kind.to_owned()
        };
        let area = outline.area().filter(|_| is_linked);
        Shape {
            path: outline.path,
            class,
            target: area.map(|area| area.to_string()),
            label: area.map_or_else(String::new, |area| {
                format!("{}{}{own}", name(site, area), labels(site.language).colon)
            }),
        }
    };
    outlines.iter().map(shape).collect()
}

/// Returns the numbers of stories, where the map writes them: of regions, and above them of countries.
fn numbers(site: &SiteInfo, areas: &BTreeMap<Area, Vec<&Headline>>) -> Vec<Number> {
    let number = |outline: regions::Outline| {
        let area = outline.area()?;
        let count = areas.get(&area)?.len();
        let code = area.to_string();
        let moved = COUNTRY_LABELS.iter().find(|(country, _)| *country == code);
        let [x, y] = moved.map_or(outline.label, |(_, place)| *place);
        let country = match outline.kind {
            "region" => None,
            "country" => Some((code, name(site, area))),
            _ => return None,
        };
        Some(Number { x, y, count, country })
    };
    regions::outlines().filter_map(number).collect()
}
