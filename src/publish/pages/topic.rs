//! The page of a topic: its stories by day, newest first, with filters.

use super::super::calendar::Calendar;
use super::super::format::{Format, TopicInput};
use super::super::labels::{Labels, labels};
use super::super::rendered_item::RenderedItem;
use super::frame::{Frame, MAX_PAGE_BYTES, render};
use super::story_line::{DETAILS, filter_classes, story_line};
use crate::text::country_names::country_name;
use askama::Template;
use serde_json::json;
use std::collections::BTreeMap;

pub(in crate::publish) const FORMAT: Format = Format {
    suffix: ".html",
    media_type: "text/html",
    label: None,
    is_feed: false,
    render: topic,
};

/// The most stories of a page: feeds and their archives have the others.
const MAX_STORIES: usize = 60;
/// How many choices a filter offers; the style sheet knows the countries and languages of the region.
const MAX_CHOICES: usize = 12;
/// How many stories the description for programs lists.
const MAX_DESCRIBED: usize = 10;

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage<'a> {
    frame: Frame,
    id: &'a str,
    links: Vec<Link>,
    filters: Vec<Filter>,
    days: Vec<Day>,
    /// How many stories there is no room for.
    rest: usize,
}

/// A format that the page links to.
pub(super) struct Link {
    pub label: &'static str,
    pub suffix: &'static str,
}

struct Filter {
    label: &'static str,
    choices: Vec<Choice>,
}

struct Choice {
    anchor: String,
    label: String,
    count: usize,
}

struct Day {
    date: String,
    people: String,
    stories: Vec<String>,
}

/// Returns the formats that pages link to.
pub(super) fn format_links(formats: &[Format]) -> Vec<Link> {
    let link = |format: &Format| {
        Some(Link {
            label: format.label?,
            suffix: format.suffix,
        })
    };
    formats.iter().filter_map(link).collect()
}

fn topic(input: &TopicInput<'_>) -> String {
    let site = input.site;
    let (calendar, labels) = (Calendar::new(site), labels(site.language));
    let items = &input.items[..input.items.len().min(MAX_STORIES)];
    let id = input.topic.id.as_str();
    let frame = || {
        let described = items
            .iter()
            .take(MAX_DESCRIBED)
            .enumerate()
            .map(|(place, item)| json!({"@type": "ListItem", "position": place + 1, "name": item.title, "url": item.link}));
        let data = json!({
            "@context": "https://schema.org", "@type": "ItemList", "name": input.topic.label(), "itemListElement": described.collect::<Vec<_>>(),
        });
        Frame::new(site, &format!("{id}.html"), input.topic.label(), input.topic.about(site))
            .with_feeds(id, input.formats)
            .changed(&calendar, input.items.iter().map(|item| item.item.updated).max())
            .described(&data)
    };
    let mut rendered = String::new();
    for detail in DETAILS {
        let lines = items.iter().map(|item| (item, story_line(site, &calendar, labels, item, detail)));
        let page = TopicPage {
            frame: frame(),
            id,
            links: format_links(input.formats),
            filters: filters(items, labels, site.language.tag()),
            days: days(&calendar, lines),
            rest: input.items.len() - items.len(),
        };
        rendered = render(&page, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES {
            break;
        }
    }
    rendered
}

/// Groups stories by day.
fn days<'a>(calendar: &Calendar, lines: impl Iterator<Item = (&'a RenderedItem<'a>, String)>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for (item, line) in lines {
        let civil = calendar.civil(item.date);
        let date = civil.date();
        match days.last_mut() {
            Some(day) if day.date == date => day.stories.push(line),
            _ => days.push(Day {
                date,
                people: calendar.day(civil),
                stories: vec![line],
            }),
        }
    }
    days
}

/// Returns the filters by which stories differ: countries that they are about, and languages.
fn filters(items: &[RenderedItem<'_>], labels: &'static Labels, language: &str) -> Vec<Filter> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for class in items.iter().flat_map(filter_classes) {
        *counts.entry(class).or_default() += 1;
    }
    let name = |class: &str| match class.split_once('-') {
        Some(("c", country)) => country_name(country, language).to_owned(),
        Some((_, tag)) => labels
            .languages
            .iter()
            .find(|(own, _)| *own == tag)
            .map_or(tag, |(_, name)| name)
            .to_owned(),
        None => class.to_owned(),
    };
    let filter = |label: &'static str, kind: &str| {
        let own = counts.iter().filter(|(class, _)| class.starts_with(kind));
        let mut choices: Vec<Choice> = own
            .map(|(class, count)| Choice {
                anchor: class.clone(),
                label: name(class),
                count: *count,
            })
            .collect();
        choices.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.anchor.cmp(&b.anchor)));
        choices.truncate(MAX_CHOICES);
        Filter { label, choices }
    };
    let all = [filter(labels.country, "c-"), filter(labels.language, "l-")];
    all.into_iter().filter(|filter| filter.choices.len() > 1).collect()
}
