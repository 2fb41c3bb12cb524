//! The page of a source: what it is and how it does, how often it publishes, is first, is copied and copies, and its latest entries.

use super::super::calendar::{Calendar, TimeView};
use super::super::labels::labels;
use super::super::rendered_item::RenderedOutlet;
use super::super::source_labels::{SourceLabels, source_labels};
use super::super::source_page::{CopiedSource, SourceEntry, SourceFigures, SourcePage};
use super::super::text::{language, language_or_none, to_plain_text, truncate};
use super::super::topic_feed::{Outlet, SiteInfo};
use super::super::url;
use super::chart::{Chart, Days};
use super::condition::StateView;
use super::filters::language_name;
use super::frame::{Frame, render};
use crate::text::country_names::{country_name, flag};
use askama::Template;
use serde_json::json;

/// The largest page, in bytes without the style sheet. A page that would be larger lists fewer entries.
const MAX_BYTES: usize = 15_000;
/// How many entries are listed, and how many where these take too much room.
const MAX_ENTRIES: [usize; 4] = [15, 8, 3, 0];
/// The longest title, and the longest note, in characters.
const MAX_TITLE_CHARS: usize = 200;
const MAX_NOTE_CHARS: usize = 500;

#[derive(Template)]
#[template(path = "source.html")]
struct SourceView<'a> {
    frame: Frame,
    words: &'static SourceLabels,
    name: String,
    flag: String,
    /// Kind, country and language.
    facts: Vec<String>,
    outlet: RenderedOutlet<'a>,
    note: String,
    state: Option<StateView>,
    chart: Option<Chart>,
    since: Option<TimeView>,
    figures: Vec<FigureView<'a>>,
    entries: Vec<EntryView>,
    history: Vec<StateView>,
}

struct FigureView<'a> {
    label: &'static str,
    count: usize,
    /// Of how many.
    of: Option<String>,
    copied: Option<&'a CopiedSource>,
}

struct EntryView {
    title: String,
    link: Option<String>,
    language: String,
    time: TimeView,
    story: Option<String>,
}

/// Renders the page of a source.
pub(in crate::publish) fn source(site: &SiteInfo, page: &SourcePage) -> String {
    let mut rendered = String::new();
    for limit in MAX_ENTRIES {
        rendered = render(&view(site, page, limit), MAX_BYTES);
        if rendered.len() <= MAX_BYTES {
            break;
        }
    }
    rendered
}

fn view<'a>(site: &SiteInfo, page: &'a SourcePage, limit: usize) -> SourceView<'a> {
    let (calendar, words) = (Calendar::new(site), source_labels(site.language));
    let outlet = RenderedOutlet::new(&page.outlet);
    let name = outlet.name.clone().into_owned();
    let note = page.outlet.note.as_deref().map(to_plain_text).unwrap_or_default();
    let description = if note.is_empty() {
        name.clone()
    } else {
        truncate(&note, MAX_TITLE_CHARS)
    };
    let data = json!({"@context": "https://schema.org", "@type": "Organization", "name": name, "url": outlet.site});
    let state = page.condition.as_ref().map(|condition| StateView::new(&calendar, words, condition));
    SourceView {
        frame: Frame::new(site, &format!("source/{}.html", page.outlet.id), name.clone(), description)
            .changed(&calendar, page.newest)
            .described(&data),
        words,
        name,
        flag: page.outlet.country.as_deref().map(flag).unwrap_or_default(),
        facts: facts(site, &page.outlet),
        outlet,
        note: truncate(&note, MAX_NOTE_CHARS),
        state,
        chart: page.newest.map(|newest| {
            let days = Days::until(&calendar, newest, 0);
            let sums = days.sums(page.dates.iter().map(|date| (*date, 1)));
            days.chart(site, words.entries_a_day, "bar", &sums)
        }),
        since: page.figures.as_ref().map(|figures| calendar.full(figures.since)),
        figures: page
            .figures
            .as_ref()
            .map(|figures| figure_views(words, figures))
            .unwrap_or_default(),
        entries: page.entries.iter().take(limit).map(|entry| entry_view(&calendar, entry)).collect(),
        history: (page.events.iter())
            .map(|event| StateView::of(&calendar, words, event.after, Some(event.at), event.reason))
            .collect(),
    }
}

/// Returns kind, country and language of a source in words, where they are known.
fn facts(site: &SiteInfo, outlet: &Outlet) -> Vec<String> {
    let labels = labels(site.language);
    let country = outlet.country.as_deref();
    let tag = outlet.language.as_deref().and_then(language);
    let facts = [
        outlet.kind.map(|kind| labels.kind_name(kind).to_owned()),
        country.map(|country| country_name(country, site.language.tag()).to_owned()),
        tag.map(|tag| language_name(labels, &tag).to_owned()),
    ];
    facts.into_iter().flatten().collect()
}

fn figure_views<'a>(words: &SourceLabels, figures: &'a SourceFigures) -> Vec<FigureView<'a>> {
    let figure = |label, count| FigureView {
        label,
        count,
        of: None,
        copied: None,
    };
    let mut all = vec![figure(words.shared, figures.shared)];
    if figures.shared > 0 {
        all.push(figure(words.first, figures.first));
    }
    all.push(figure(words.copied, figures.copied));
    all.push(FigureView {
        of: Some(words.of.replace('#', &figures.entries.to_string())),
        copied: figures.most_copied.as_ref(),
        ..figure(words.copies, figures.copies)
    });
    all
}

fn entry_view(calendar: &Calendar, entry: &SourceEntry) -> EntryView {
    let title = truncate(&to_plain_text(&entry.title), MAX_TITLE_CHARS);
    EntryView {
        title: if title.is_empty() { "…".to_owned() } else { title },
        link: entry.link.as_ref().and_then(url::to_published),
        language: language_or_none(entry.language.as_deref()),
        time: calendar.full(entry.date),
        story: entry.story.map(|story| story.to_string()),
    }
}

#[cfg(test)]
mod tests;
