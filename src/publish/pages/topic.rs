//! The page of a topic: its stories by day, newest first, with filters.

use super::super::calendar::{Calendar, Day};
use super::super::format::{Format, TopicInput};
use super::super::labels::labels;
use super::super::text::to_plain_text;
use super::filters::{Filter, Filters};
use super::frame::{Frame, MAX_PAGE_BYTES, render};
use super::story_line::{DETAILS, StoryView, story_line};
use askama::Template;

pub(in crate::publish) const FORMAT: Format = Format {
    suffix: ".html",
    media_type: "text/html",
    label: None,
    is_feed: false,
    render: topic,
};

/// The most stories of a page: feeds and their archives have the others.
const MAX_STORIES: usize = 60;
/// So many of the newest stories are told in more detail than the others where not all can be: they stay so many steps ahead.
const FIRST_STORIES: usize = 15;
const STEPS_AHEAD: usize = 3;

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage<'a> {
    frame: Frame,
    id: &'a str,
    description: String,
    links: Vec<Link>,
    filters: &'a [Filter],
    has_search: bool,
    days: Vec<Day<String>>,
    /// How many stories there is no room for.
    rest: usize,
}

/// A format that the page links to.
pub(super) struct Link {
    pub label: &'static str,
    pub suffix: &'static str,
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
        Frame::new(site, &format!("{id}.html"), input.topic.label(), input.topic.about(site))
            .with_feeds(id, input.formats)
            .changed(&calendar, input.items.iter().map(|item| item.item.updated).max())
            .listing(items.iter().map(|item| (&*item.title, item.link.as_deref())))
    };
    let filters = Filters::of(items, site.language);
    let (mut step, mut count) = (0_usize, items.len());
    loop {
        let detail = |place: usize| {
            let ahead = if place < FIRST_STORIES { STEPS_AHEAD } else { 0 };
            DETAILS[step.saturating_sub(ahead).min(DETAILS.len() - 1)]
        };
        let lines = items[..count].iter().enumerate().map(|(place, item)| {
            let line = story_line(site, &calendar, labels, &StoryView::new(item), filters.classes(item), detail(place));
            (item.date, line)
        });
        let page = TopicPage {
            frame: frame().styled(filters.style()),
            id,
            description: input.topic.description.as_deref().map(to_plain_text).unwrap_or_default(),
            links: format_links(input.formats),
            filters: &filters.all,
            has_search: site.has_search,
            days: calendar.by_day(lines),
            rest: input.items.len() - count,
        };
        let rendered = render(&page, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES || count == 0 {
            return rendered;
        }
        if step + 1 < DETAILS.len() + STEPS_AHEAD {
            step += 1;
        } else {
            // Addresses of any length: fewer stories, about as many as fit, and one less at least.
            count = (count * MAX_PAGE_BYTES / rendered.len()).min(count - 1);
        }
    }
}
