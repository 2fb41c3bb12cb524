//! A story among others on a page: its headline, who told it, an excerpt, and the other reports with their headlines.

use super::super::calendar::{Calendar, TimeView};
use super::super::labels::{Labels, labels};
use super::super::rendered_item::{ReasonView, RenderedItem, RenderedReport};
use super::super::text::{direction, truncate};
use super::super::topic_feed::SiteInfo;
use super::frame::{anchor, render, story_page};
use crate::model::About;
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
    const fn new(excerpt_chars: usize, reports: usize, report_chars: usize, has_reasons: bool, has_image: bool) -> Self {
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

#[derive(Template)]
#[template(path = "story_line.html")]
struct StoryLine<'a> {
    item: &'a RenderedItem<'a>,
    labels: &'static Labels,
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
    earlier: Option<&'a RenderedReport<'a>>,
    reasons: Vec<ReasonView<'a>>,
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
    let names = about.countries().iter();
    let names: Vec<&str> = names
        .map(|(country, _)| country_name(country.as_str(), site.language.tag()))
        .collect();
    names.join(labels(site.language).comma)
}

/// Renders a story of these classes in as much detail as wanted.
pub(super) fn story_line(
    site: &SiteInfo,
    calendar: &Calendar,
    labels: &'static Labels,
    item: &RenderedItem<'_>,
    classes: String,
    detail: Detail,
) -> String {
    let own = item.item;
    let reports: Vec<&RenderedReport<'_>> = item.also.iter().rev().take(detail.reports).collect();
    let unlisted = own.unlisted + item.also.len() - reports.len();
    let counts = [(labels.more, unlisted), (labels.copies, own.copies)];
    let rest: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(forms, count)| counted(forms, count))
        .collect();
    // Who told it first is worth a word where several did.
    let first = item.also.iter().min_by_key(|report| report.date);
    let first = match first {
        Some(report) if report.date < item.date => Some(report.outlet.as_ref()),
        Some(_) => Some(item.outlet.name.as_ref()),
        None => None,
    };
    let line = StoryLine {
        item,
        labels,
        page_dir: direction(Some(site.language.tag())),
        anchor: anchor(&own.guid),
        classes,
        title: truncate(&item.title, MAX_HEADLINE_CHARS),
        image: item.image.as_deref().filter(|_| detail.has_image),
        language: item.language.as_deref().unwrap_or_default(),
        flag: own.outlet.country.as_deref().map(flag).unwrap_or_default(),
        source_page: site.has_story_pages.then(|| format!("source/{}.html", own.outlet.id)),
        story_page: site.has_story_pages.then(|| story_page(own.story)),
        time: calendar.clock(item.date),
        independent: labels.told_by(own.independent),
        first: first.filter(|_| own.independent > 1 && detail.excerpt_chars > 0),
        about: countries(site, &own.about),
        excerpt: if detail.excerpt_chars == 0 || item.summary == item.title {
            String::new()
        } else {
            truncate(&item.summary, detail.excerpt_chars)
        },
        reports: reports
            .into_iter()
            .map(|report| ReportLine {
                outlet: &report.outlet,
                flag: report.country.map(flag).unwrap_or_default(),
                language: report.language.as_deref().unwrap_or_default(),
                title: truncate(&report.title, detail.report_chars),
                link: report.link.as_deref(),
            })
            .collect(),
        rest: if detail.excerpt_chars > 0 {
            rest.join(labels.comma)
        } else {
            String::new()
        },
        earlier: item.earlier.as_ref().filter(|_| detail.has_image),
        reasons: if detail.has_reasons {
            own.reasons.iter().map(ReasonView::new).collect()
        } else {
            Vec::new()
        },
    };
    render(&line, 1200)
}
