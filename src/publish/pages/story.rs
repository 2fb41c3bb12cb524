//! The page of a story: every report in the order of time, what people are quoted as saying, and what publishers changed.

use super::super::calendar::{Calendar, Day, TimeView};
use super::super::labels::{Labels, labels};
use super::super::rendered_item::{ReasonView, RenderedItem, RenderedOutlet};
use super::super::story_feed::{QuotedWords, StoryPage, StoryReport, TextChange};
use super::super::text::{language, language_or_none, strip_controls, to_plain_text, truncate};
use super::super::topic_feed::SiteInfo;
use super::super::url;
use super::frame::{FeedLink, Frame, MAX_LISTED, MAX_PAGE_BYTES, render, story_page};
use super::story_line::countries;
use crate::html::accessible::accessible;
use crate::model::{Agency, Timestamp};
use crate::text::counted::counted;
use crate::text::country_names::flag;
use askama::Template;
use serde_json::json;

/// How many reports are listed where more would make the page too large.
const FEWER_REPORTS: usize = 20;
/// How many quotations and changes a page has at most.
const MAX_QUOTATIONS: usize = 12;
const MAX_CHANGES: usize = 30;
/// The longest headline of a report, and the longest run of words that went out or came in, in characters.
const MAX_TITLE_CHARS: usize = 200;
const MAX_CHANGE_CHARS: usize = 300;

#[derive(Template)]
#[template(path = "story.html")]
struct StoryPageView<'a> {
    frame: Frame,
    item: &'a RenderedItem<'a>,
    /// The text of the lead, as markup.
    body: &'a str,
    language: &'a str,
    flag: String,
    time: TimeView,
    bylines: String,
    independent: String,
    about: String,
    topic: (&'a str, String),
    /// Whether there is more to tell of the reports than the lead says.
    has_timeline: bool,
    days: Vec<Day<ReportView<'a>>>,
    /// How many earlier reports there is no room for.
    rest: String,
    quotations: Vec<QuotationView>,
    changes: Vec<ChangeView>,
    reasons: Vec<ReasonView<'a>>,
}

struct ReportView<'a> {
    source: &'a str,
    outlet: String,
    flag: String,
    language: String,
    title: String,
    link: Option<String>,
    time: TimeView,
    marks: Vec<String>,
}

struct QuotationView {
    words: String,
    speaker: String,
    outlet: String,
    link: Option<String>,
    language: String,
}

struct ChangeView {
    outlet: String,
    language: String,
    seen: Option<TimeView>,
    before: String,
    removed: String,
    added: String,
    after: String,
}

/// Returns whether something is told of a report besides what every report has.
const fn is_marked(report: &StoryReport) -> bool {
    report.copy_of.is_some() || report.agency.is_some() || report.corrected.is_some() || report.is_withdrawn
}

fn report_view<'a>(calendar: &Calendar, labels: &Labels, report: &'a StoryReport) -> ReportView<'a> {
    let mut marks = Vec::new();
    if report.is_first {
        marks.push(labels.first.to_owned());
    }
    marks.extend(report.agency.map(|agency| Agency::as_str(agency).to_owned()));
    marks.extend(
        report
            .copy_of
            .as_deref()
            .map(|outlet| format!("{} {}", labels.copy_of, to_plain_text(outlet))),
    );
    marks.extend(
        report
            .corrected
            .map(|at| format!("{} {}", labels.corrected, calendar.full(at).people)),
    );
    if report.is_withdrawn {
        marks.push(labels.withdrawn.to_owned());
    }
    let outlet = RenderedOutlet::new(&report.outlet).name.into_owned();
    let title = truncate(&to_plain_text(&report.title), MAX_TITLE_CHARS);
    ReportView {
        source: report.outlet.id.as_str(),
        // A link needs a name.
        title: if title.is_empty() { outlet.clone() } else { title },
        outlet,
        flag: report.outlet.country.as_deref().map(flag).unwrap_or_default(),
        language: language_or_none(report.language.as_deref()),
        link: report.link.as_ref().and_then(url::to_published),
        time: calendar.clock(report.date),
        marks,
    }
}

fn quotation_view(quoted: &QuotedWords) -> QuotationView {
    QuotationView {
        words: to_plain_text(&quoted.words),
        speaker: to_plain_text(&quoted.speaker),
        outlet: to_plain_text(&quoted.outlet),
        link: quoted.link.as_ref().and_then(url::to_published),
        language: language_or_none(quoted.language.as_deref()),
    }
}

fn change_view(calendar: &Calendar, change: &TextChange) -> ChangeView {
    let plain = |text: &str| truncate(&to_plain_text(text), MAX_CHANGE_CHARS);
    ChangeView {
        outlet: to_plain_text(&change.outlet),
        language: language_or_none(change.language.as_deref()),
        seen: change.seen.map(|seen| calendar.full(seen)),
        before: plain(&change.before),
        removed: plain(&change.removed),
        added: plain(&change.added),
        after: plain(&change.after),
    }
}

/// Returns what the page tells, for programs: that it lists articles of others, of which the newest are named.
fn described(title: &str, reports: &[StoryReport]) -> serde_json::Value {
    let article = |report: &StoryReport| {
        let mut article = json!({
            "@type": "NewsArticle", "headline": to_plain_text(&report.title), "datePublished": report.date.rfc3339(),
            "publisher": {"@type": "Organization", "name": to_plain_text(&report.outlet.name)},
        });
        if let Some(link) = report.link.as_ref().and_then(url::to_published) {
            article["url"] = link.into();
        }
        if let Some(language) = report.language.as_deref().and_then(language) {
            article["inLanguage"] = language.into();
        }
        article
    };
    let articles: Vec<serde_json::Value> = reports.iter().rev().take(MAX_LISTED).map(article).collect();
    json!({"@context": "https://schema.org", "@type": "CollectionPage", "name": title, "mentions": articles})
}

/// Returns when the last report came, was corrected or changed.
fn last_change(page: &StoryPage<'_>) -> Option<Timestamp> {
    let reports = page.reports.iter().flat_map(|report| [Some(report.date), report.corrected]);
    let changes = page.changes.iter().map(|change| change.seen);
    reports.chain(changes).flatten().chain([page.item.updated]).max()
}

/// Renders the page of a story.
pub(in crate::publish) fn story(site: &SiteInfo, page: &StoryPage<'_>) -> String {
    let (calendar, labels) = (Calendar::new(site), labels(site.language));
    let item = RenderedItem::new(page.item, site.language);
    let own = page.item;
    let name = story_page(own.story);
    let body = own.body.as_ref().map(accessible).unwrap_or_default();
    let body = strip_controls(&body);
    let mut rendered = String::new();
    let all = page.reports.len();
    for (has_body, listed, has_all) in [
        (true, all, true),
        (false, all, true),
        (false, FEWER_REPORTS, true),
        (false, FEWER_REPORTS, false),
        (false, 5, false),
    ] {
        let quotations = page.quotations.iter().take(if has_all { MAX_QUOTATIONS } else { 0 });
        let mut frame = Frame::new(site, &name, item.title.clone().into_owned(), item.summary.clone().into_owned())
            .changed(&calendar, last_change(page))
            .described(&described(&item.title, &page.reports));
        frame.feeds = vec![FeedLink::rss(&page.topic.0, to_plain_text(&page.topic.1))];
        frame.image = item.image.as_deref().map(str::to_owned);
        let left_out = page.reports.len().saturating_sub(listed);
        let view = StoryPageView {
            frame,
            item: &item,
            body: if has_body { &body } else { "" },
            language: item.language.as_deref().unwrap_or_default(),
            flag: own.outlet.country.as_deref().map(flag).unwrap_or_default(),
            time: calendar.full(item.date),
            bylines: item.bylines.join(labels.comma),
            independent: labels.told_by(own.independent),
            about: countries(site, &own.about),
            topic: (page.topic.0.as_str(), to_plain_text(&page.topic.1)),
            rest: match page.unlisted + left_out {
                0 => String::new(),
                rest => counted(labels.more, rest),
            },
            has_timeline: page.reports.len() > 1 || page.reports.iter().any(is_marked),
            days: calendar.by_day((page.reports[left_out..].iter()).map(|report| (report.date, report_view(&calendar, labels, report)))),
            quotations: quotations.map(quotation_view).collect(),
            changes: page
                .changes
                .iter()
                .take(if has_all { MAX_CHANGES } else { 0 })
                .map(|change| change_view(&calendar, change))
                .collect(),
            reasons: own.reasons.iter().map(ReasonView::new).collect(),
        };
        rendered = render(&view, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES {
            break;
        }
    }
    rendered
}
