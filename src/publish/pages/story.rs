//! The page of a story: every report in the order of time, what people are quoted as saying, and what publishers changed.

use super::super::calendar::{Calendar, TimeView};
use super::super::labels::{Labels, labels};
use super::super::rendered_item::{ReasonView, RenderedItem, RenderedOutlet};
use super::super::story_feed::{QuotedWords, StoryPage, StoryReport, TextChange};
use super::super::text::{language, strip_controls, to_plain_text, truncate};
use super::super::topic_feed::SiteInfo;
use super::super::url;
use super::frame::{Frame, MAX_PAGE_BYTES, render};
use crate::html::accessible::accessible;
use crate::model::Agency;
use crate::text::counted::counted;
use crate::text::country_names::{country_name, flag};
use askama::Template;
use serde_json::json;

/// How many reports, quotations and changes a page has at most.
const MAX_REPORTS: usize = 60;
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
    language: &'a str,
    flag: String,
    time: TimeView,
    bylines: String,
    independent: String,
    about: String,
    /// The text with its markup; empty where only a summary is passed on.
    body: String,
    topics: Vec<(&'a str, String)>,
    reports: Vec<ReportView<'a>>,
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

fn tag(stated: Option<&str>) -> String {
    stated.and_then(language).map(|tag| tag.into_owned()).unwrap_or_default()
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
        language: tag(report.language.as_deref()),
        link: report.link.as_ref().and_then(url::to_published),
        time: calendar.full(report.date),
        marks,
    }
}

fn quotation_view(quoted: &QuotedWords) -> QuotationView {
    QuotationView {
        words: to_plain_text(&quoted.words),
        speaker: to_plain_text(&quoted.speaker),
        outlet: to_plain_text(&quoted.outlet),
        link: quoted.link.as_ref().and_then(url::to_published),
        language: tag(quoted.language.as_deref()),
    }
}

fn change_view(calendar: &Calendar, change: &TextChange) -> ChangeView {
    let plain = |text: &str| truncate(&to_plain_text(&strip_controls(text)), MAX_CHANGE_CHARS);
    ChangeView {
        outlet: to_plain_text(&change.outlet),
        language: tag(change.language.as_deref()),
        seen: change.seen.map(|seen| calendar.full(seen)),
        before: plain(&change.before),
        removed: plain(&change.removed),
        added: plain(&change.added),
        after: plain(&change.after),
    }
}

/// Renders the page of a story.
pub(in crate::publish) fn story(site: &SiteInfo, page: &StoryPage) -> String {
    let (calendar, labels) = (Calendar::new(site), labels(site.language));
    let item = RenderedItem::new(&page.item, site.language);
    let name = format!("story/{}.html", page.item.story);
    let own = &page.item;
    let reported: Vec<serde_json::Value> = page
        .reports
        .iter()
        .take(MAX_REPORTS)
        .map(|report| {
            json!({
                "@type": "NewsArticle", "headline": to_plain_text(&report.title), "url": report.link.as_ref().and_then(url::to_published),
                "datePublished": report.date.rfc3339(), "inLanguage": report.language, "publisher": {"@type": "Organization", "name": to_plain_text(&report.outlet.name)},
            })
        })
        .collect();
    let data = json!({"@context": "https://schema.org", "@type": "CollectionPage", "name": item.title, "mentions": reported});
    let mut frame = Frame::new(site, &name, item.title.clone().into_owned(), item.summary.clone().into_owned())
        .changed(&calendar, Some(own.updated))
        .described(&data);
    frame.image = item.image.as_deref().map(str::to_owned);
    let about = own.about.countries().iter();
    let about: Vec<&str> = about
        .map(|(country, _)| country_name(country.as_str(), site.language.tag()))
        .collect();
    let view = StoryPageView {
        language: item.language.as_deref().unwrap_or_default(),
        flag: own.outlet.country.as_deref().map(flag).unwrap_or_default(),
        time: calendar.full(item.date),
        bylines: item.bylines.join(labels.comma),
        independent: if own.independent > 1 {
            counted(labels.independent, own.independent)
        } else {
            labels.one_source.to_owned()
        },
        about: about.join(labels.comma),
        body: own
            .body
            .as_ref()
            .map(|body| strip_controls(&accessible(body)).into_owned())
            .unwrap_or_default(),
        topics: page.topics.iter().map(|(id, title)| (id.as_str(), to_plain_text(title))).collect(),
        reports: page
            .reports
            .iter()
            .take(MAX_REPORTS)
            .map(|report| report_view(&calendar, labels, report))
            .collect(),
        quotations: page.quotations.iter().take(MAX_QUOTATIONS).map(quotation_view).collect(),
        changes: page
            .changes
            .iter()
            .rev()
            .take(MAX_CHANGES)
            .map(|change| change_view(&calendar, change))
            .collect(),
        reasons: own.reasons.iter().map(ReasonView::new).collect(),
        frame,
        item: &item,
    };
    render(&view, MAX_PAGE_BYTES)
}
