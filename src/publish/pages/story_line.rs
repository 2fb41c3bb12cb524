//! A story among others on a page: its headline, who told it, an excerpt, and the other reports with their headlines.

use super::super::calendar::{Calendar, TimeView};
use super::super::labels::{Labels, labels};
use super::super::rendered_item::{ReasonView, RenderedItem, RenderedReport};
use super::super::text::{direction, truncate};
use super::super::topic_feed::SiteInfo;
use super::frame::{anchor, render, story_page};
use crate::model::{About, Timestamp};
use crate::text::counted::counted;
use crate::text::country_names::{country_name, flag};
use askama::Template;

/// How much of each story a page shows. A page that would be too large shows less of each, and not fewer stories.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail {
    /// The length of an excerpt, in characters.
    pub excerpt_chars: usize,
    /// How many other reports are listed.
    pub reports: usize,
    /// The longest headline of another report, in characters.
    pub report_chars: usize,
    /// Whether it tells why the story is there.
    pub has_reasons: bool,
    /// Whether there is a picture.
    pub has_image: bool,
}

impl Detail {
    pub(super) const fn new(excerpt_chars: usize, reports: usize, report_chars: usize, has_reasons: bool, has_image: bool) -> Self {
        Self {
            excerpt_chars,
            reports,
            report_chars,
            has_reasons,
            has_image,
        }
    }
}

/// From the most to the least; the page of a story tells all.
pub(super) const DETAILS: [Detail; 10] = [
    Detail::new(300, 6, 200, true, true),
    Detail::new(240, 4, 140, true, true),
    Detail::new(200, 4, 120, true, true),
    Detail::new(200, 4, 120, false, true),
    Detail::new(160, 3, 100, false, true),
    Detail::new(130, 2, 90, false, true),
    Detail::new(100, 2, 80, false, true),
    Detail::new(80, 1, 80, false, false),
    Detail::new(80, 0, 0, false, false),
    Detail::new(0, 0, 0, false, false),
];
/// The longest headline, in characters.
const MAX_HEADLINE_CHARS: usize = 200;

/// What is known of a story, wherever it comes from. All texts are plain, and all addresses may be published.
pub(super) struct StoryView<'a> {
    pub guid: &'a str,
    /// The id of the story.
    pub story: String,
    pub title: &'a str,
    pub link: Option<&'a str>,
    /// The language of its lead.
    pub language: Option<&'a str>,
    pub date: Timestamp,
    pub outlet: OutletView<'a>,
    pub agency: Option<&'a str>,
    pub note: Option<&'a str>,
    pub image: Option<&'a str>,
    pub summary: &'a str,
    /// The codes of the countries that it is about.
    pub countries: Vec<&'a str>,
    pub independent: usize,
    /// The other reports with texts of their own, the newest last.
    pub reports: Vec<ReportView<'a>>,
    /// How many more there are.
    pub unlisted: usize,
    pub copies: usize,
    pub earlier: Option<ReportView<'a>>,
    pub reasons: Vec<ReasonView<'a>>,
}

pub(super) struct OutletView<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub country: Option<&'a str>,
}

pub(super) struct ReportView<'a> {
    pub outlet: OutletView<'a>,
    pub language: Option<&'a str>,
    pub title: &'a str,
    pub link: Option<&'a str>,
    pub date: Timestamp,
}

impl<'a> StoryView<'a> {
    /// Returns the view of an item that is rendered in other formats too.
    pub(super) fn new(rendered: &'a RenderedItem<'_>) -> Self {
        let item = rendered.item;
        Self {
            guid: &item.guid,
            story: item.story.to_string(),
            title: &rendered.title,
            link: rendered.link.as_deref(),
            language: rendered.language.as_deref(),
            date: rendered.date,
            outlet: OutletView {
                id: item.outlet.id.as_str(),
                name: &rendered.outlet.name,
                country: item.outlet.country.as_deref(),
            },
            agency: rendered.agency,
            note: rendered.note.as_deref(),
            image: rendered.image.as_deref(),
            summary: &rendered.summary,
            countries: item.about.countries().iter().map(|(country, _)| country.as_str()).collect(),
            independent: item.independent,
            reports: rendered.also.iter().map(ReportView::new).collect(),
            unlisted: item.unlisted,
            copies: item.copies,
            earlier: rendered.earlier.as_ref().map(ReportView::new),
            reasons: item.reasons.iter().map(ReasonView::new).collect(),
        }
    }
}

impl<'a> ReportView<'a> {
    fn new(report: &'a RenderedReport<'_>) -> Self {
        Self {
            outlet: OutletView {
                id: report.source,
                name: &report.outlet,
                country: report.country,
            },
            language: report.language.as_deref(),
            title: &report.title,
            link: report.link.as_deref(),
            date: report.date,
        }
    }
}

#[derive(Template)]
#[template(path = "story_line.html")]
struct StoryLine<'a> {
    story: &'a StoryView<'a>,
    labels: &'static Labels,
    dir: &'static str,
    /// The direction of the page: a story in another script runs in its own as a whole.
    page_dir: &'static str,
    anchor: String,
    /// By which a link filters.
    classes: String,
    title: String,
    image: Option<&'a str>,
    language: &'a str,
    flag: String,
    source_page: Option<String>,
    story_page: Option<String>,
    time: TimeView,
    independent: String,
    first: Option<&'a str>,
    about: String,
    excerpt: String,
    reports: Vec<ReportLine<'a>>,
    rest: String,
    earlier: Option<&'a ReportView<'a>>,
    reasons: &'a [ReasonView<'a>],
}

struct ReportLine<'a> {
    outlet: &'a str,
    flag: String,
    language: &'a str,
    title: String,
    link: Option<&'a str>,
}

/// Returns the names of the countries that a story is about.
pub(super) fn countries(site: &SiteInfo, about: &About) -> String {
    let codes = about.countries().iter();
    country_names(site, codes.map(|(country, _)| country.as_str()))
}

fn country_names<'a>(site: &SiteInfo, codes: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = codes.map(|code| country_name(code, site.language.tag())).collect();
    names.join(labels(site.language).comma)
}

/// Returns the outlet that told a story first: worth a word where several did, and known where all are listed.
fn first<'a>(story: &StoryView<'a>) -> Option<&'a str> {
    let report = story.reports.iter().min_by_key(|report| report.date)?;
    let first = if report.date < story.date { &report.outlet } else { &story.outlet };
    (story.independent > 1 && story.unlisted == 0).then_some(first.name)
}

/// Renders a story of these classes in as much detail as wanted.
pub(super) fn story_line(
    site: &SiteInfo,
    calendar: &Calendar,
    labels: &'static Labels,
    story: &StoryView<'_>,
    classes: String,
    detail: Detail,
) -> String {
    let flag = |country: Option<&str>| country.map(flag).unwrap_or_default();
    let reports = story.reports.iter().rev().take(detail.reports);
    let unlisted = story.unlisted + story.reports.len().saturating_sub(detail.reports);
    let counts = [(labels.more, unlisted), (labels.copies, story.copies)];
    let rest: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(forms, count)| counted(forms, count))
        .collect();
    let has_excerpt = detail.excerpt_chars > 0;
    let line = StoryLine {
        story,
        labels,
        dir: direction(story.language),
        page_dir: direction(Some(site.language.tag())),
        anchor: anchor(story.guid),
        classes,
        title: truncate(story.title, MAX_HEADLINE_CHARS),
        image: story.image.filter(|_| detail.has_image),
        language: story.language.unwrap_or_default(),
        flag: flag(story.outlet.country),
        source_page: site.has_story_pages.then(|| format!("source/{}.html", story.outlet.id)),
        story_page: site.has_story_pages.then(|| story_page(&story.story)),
        time: calendar.clock(story.date),
        independent: labels.told_by(story.independent),
        first: first(story).filter(|_| has_excerpt),
        about: country_names(site, story.countries.iter().copied()),
        excerpt: if has_excerpt && story.summary != story.title {
            truncate(story.summary, detail.excerpt_chars)
        } else {
            String::new()
        },
        reports: reports
            .map(|report| ReportLine {
                outlet: report.outlet.name,
                flag: flag(report.outlet.country),
                language: report.language.unwrap_or_default(),
                title: truncate(report.title, detail.report_chars),
                link: report.link,
            })
            .collect(),
        rest: if has_excerpt { rest.join(labels.comma) } else { String::new() },
        earlier: story.earlier.as_ref().filter(|_| detail.has_image),
        reasons: if detail.has_reasons { &story.reasons } else { &[] },
    };
    render(&line, 1200)
}
