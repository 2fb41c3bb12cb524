//! The page of the sources' health: those in trouble with what can be done, how many visits failed each day, and those that bring news.

use super::super::calendar::{Calendar, TimeView};
use super::super::format::Format;
use super::super::labels::{Labels, labels};
use super::super::source_labels::{SourceLabels, source_labels};
use super::super::source_page::{HealthLine, HealthPage};
use super::super::text::to_plain_text;
use super::super::topic_feed::SiteInfo;
use super::chart::{Chart, Days};
use super::condition::StateView;
use super::frame::{Frame, MAX_PAGE_BYTES, render};
use crate::model::{SourceHealth, Timestamp};
use crate::text::counted::counted;
use crate::text::country_names::flag;
use askama::Template;
use std::time::Duration;

/// How much the page tells of the sources; where that is too much, less of the live ones first.
struct Detail {
    /// How many sources in trouble are told.
    troubled: usize,
    /// Whether the live ones are named.
    names_live: bool,
    /// Whether their newest entry and their cadence are told.
    has_facts: bool,
}

const DETAILS: [Detail; 5] = [
    Detail {
        troubled: usize::MAX,
        names_live: true,
        has_facts: true,
    },
    Detail {
        troubled: usize::MAX,
        names_live: true,
        has_facts: false,
    },
    Detail {
        troubled: usize::MAX,
        names_live: false,
        has_facts: false,
    },
    Detail {
        troubled: 50,
        names_live: false,
        has_facts: false,
    },
    Detail {
        troubled: 10,
        names_live: false,
        has_facts: false,
    },
];

#[derive(Template)]
#[template(path = "health.html")]
struct HealthView<'a> {
    frame: Frame,
    words: &'static SourceLabels,
    summary: String,
    troubled: Vec<TroubledView<'a>>,
    /// How many there is no room for.
    more_troubled: usize,
    charts: [Chart; 2],
    live: Vec<LiveView<'a>>,
    live_count: usize,
}

struct TroubledView<'a> {
    id: &'a str,
    name: String,
    flag: String,
    state: StateView,
    next_try: Option<TimeView>,
}

struct LiveView<'a> {
    id: &'a str,
    name: String,
    flag: String,
    /// The date of its newest entry, and how often it has news.
    facts: String,
}

/// Renders the page of the sources' health; `formats` are those of its feed.
pub(in crate::publish) fn health(site: &SiteInfo, page: &HealthPage, formats: &[Format]) -> String {
    let calendar = Calendar::new(site);
    let mut rendered = String::new();
    for detail in &DETAILS {
        rendered = render(&view(site, &calendar, page, formats, detail), MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES {
            break;
        }
    }
    rendered
}

fn view<'a>(site: &SiteInfo, calendar: &Calendar, page: &'a HealthPage, formats: &[Format], detail: &Detail) -> HealthView<'a> {
    let (labels, words) = (labels(site.language), source_labels(site.language));
    let (mut troubled, live): (Vec<&HealthLine>, Vec<&HealthLine>) = page.sources.iter().partition(|line| line.is_trouble);
    let severity = |line: &HealthLine| SourceHealth::ALL.iter().position(|health| *health == line.condition.health);
    // The worst first, those that came to it last before the others.
    troubled.sort_by(|a, b| {
        let worst_first = severity(b).cmp(&severity(a));
        worst_first
            .then_with(|| b.condition.since.cmp(&a.condition.since))
            .then_with(|| a.id.cmp(&b.id))
    });
    let summary = summary(words, labels, &page.sources);
    let changed = page.sources.iter().filter_map(|line| line.condition.since).max();
    let days = Days::until(calendar, page.today, 1);
    let visits = days.sums(page.runs.iter().map(|(at, visits, _)| (*at, *visits)));
    let failures = days.sums(page.runs.iter().map(|(at, _, failed)| (*at, *failed)));
    let shown = troubled.len().min(detail.troubled);
    HealthView {
        frame: Frame::new(site, "health.html", labels.health.to_owned(), summary.clone())
            .with_feeds("health", formats)
            .changed(calendar, changed),
        words,
        summary,
        more_troubled: troubled.len() - shown,
        troubled: troubled[..shown].iter().map(|line| troubled_view(calendar, words, line)).collect(),
        charts: [
            days.chart(site, words.visits_a_day, "bar", &visits),
            days.chart(site, words.failures_a_day, "bad", &failures),
        ],
        live_count: live.len(),
        live: live
            .into_iter()
            .filter(|_| detail.names_live)
            .map(|line| LiveView {
                id: &line.id,
                name: to_plain_text(&line.name),
                flag: line.country.as_deref().map(flag).unwrap_or_default(),
                facts: if detail.has_facts {
                    live_facts(calendar, words, labels.comma, line)
                } else {
                    String::new()
                },
            })
            .collect(),
    }
}

/// Returns how many sources bring news, and how many are in each other state.
fn summary(words: &SourceLabels, labels: &Labels, sources: &[HealthLine]) -> String {
    let count = |health: SourceHealth| sources.iter().filter(|line| line.condition.health == health).count();
    let others = SourceHealth::ALL
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, health)| **health != SourceHealth::Ok);
    let others = others
        .map(|(place, health)| (words.states[place], count(*health)))
        .filter(|(_, count)| *count > 0);
    let others: Vec<String> = others.map(|(state, count)| format!("{state}{}{count}", labels.colon)).collect();
    let others = if others.is_empty() {
        String::new()
    } else {
        format!(" ({})", others.join(labels.comma))
    };
    let live = words.summary.replace("{live}", &count(SourceHealth::Ok).to_string());
    format!("{}{others}.", live.replace("{all}", &sources.len().to_string()))
}

fn troubled_view<'a>(calendar: &Calendar, words: &SourceLabels, line: &'a HealthLine) -> TroubledView<'a> {
    TroubledView {
        id: &line.id,
        name: to_plain_text(&line.name),
        flag: line.country.as_deref().map(flag).unwrap_or_default(),
        state: StateView::new(calendar, words, &line.condition),
        next_try: line.next_try.map(|next| calendar.full(next)),
    }
}

fn live_facts(calendar: &Calendar, words: &SourceLabels, comma: &str, line: &HealthLine) -> String {
    let day = |newest: Timestamp| calendar.day(calendar.civil(newest));
    let facts = [line.newest.map(day), line.usual_gap.map(|gap| cadence(words, gap))];
    facts.into_iter().flatten().collect::<Vec<_>>().join(comma)
}

/// Returns how often a source has news, in words.
fn cadence(words: &SourceLabels, gap: Duration) -> String {
    let hours = usize::try_from((gap.as_secs() + 1800) / 3600).unwrap_or(usize::MAX);
    match hours {
        0 => words.often.to_owned(),
        1..48 => counted(words.every_hours, hours),
        _ => counted(words.every_days, (hours + 12) / 24),
    }
}

#[cfg(test)]
mod tests;
