//! The publication date of an article: the choice among the dates on its page. The time of the fetch is never used.

use super::absolute_url::absolute_url;
use super::date::{self, date_in_line};
use super::date_line::date_of_line;
use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use super::visible_date::is_modified_line;
use crate::extract::page::Page;
use crate::extract::select::selected_text;
use crate::html::tokenizer::{Piece, pieces};
use crate::model::Timestamp;
use crate::text::date::DateOrder;
use scraper::Html;

/// Names of meta elements that hold the publication date, in order of precedence.
const PUBLISHED_META_NAMES: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "parsely-pub-date",
    "sailthru.date",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "article.published",
    "citation_publication_date",
    "citation_date",
    "originalpublicationdate",
    "article_date_original",
    "date",
];
/// Keys of the publication date in the scripts of pages that are rendered in the browser, the most reliable first.
const SCRIPT_DATE_KEYS: &[&str] = &[
    "datePublished",
    "publishedAt",
    "published_at",
    "publishedDate",
    "published_date",
    "publishDate",
    "first_publication_date",
    "publicationDate",
    "date_posted",
    "datePosted",
    "pubDate",
];
/// A visible date near the headline replaces the stated one when it is earlier by at least this much; less may be a difference of zones.
const MIN_CONTRADICTION_SECS: i64 = 36 * SECS_PER_HOUR;
const SECS_PER_DAY: i64 = 24 * SECS_PER_HOUR;
const SECS_PER_HOUR: i64 = 3600;
/// The greatest offset of a time zone from UTC.
const MAX_UTC_OFFSET_SECS: i32 = 15 * 3600;
/// Scripts are searched up to this total size.
const MAX_SCRIPT_BYTES: usize = 2 << 20;

/// A publication date as a page states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) struct PublishDate {
    pub at: Timestamp,
    /// The offset of the stated time from UTC in seconds; none where the page states no zone.
    pub offset: Option<i32>,
}

impl PublishDate {
    /// Parses a text that a site rule extracted: a date, or a line that contains one.
    pub(in crate::extract) fn parse_or_find(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| Self::find_in_line(text))
    }

    fn parse(text: &str) -> Option<Self> {
        let at = date::parse(text)?;
        Some(Self {
            at,
            offset: iso_offset(text.trim(), at),
        })
    }

    /// Returns the date with the offset of the site's own zone, if it is stated in UTC and a `time` element or the URL implies another offset.
    fn with_site_offset(self, page: &Page<'_>, scan: &PageScan<'_>) -> Self {
        if self.offset.is_some_and(|offset| offset != 0) || self.at.unix() % SECS_PER_DAY == 0 {
            return self;
        }
        let same = |other: &Self| (other.at.unix() - self.at.unix()).abs() < 60 && other.offset.is_some_and(|offset| offset != 0);
        if let Some(same) = scan.time_values.iter().filter_map(|value| Self::parse(value)).find(same) {
            return Self {
                offset: same.offset,
                ..self
            };
        }
        // URLs contain the day in the site's zone; the offset is the smallest number of whole hours that leads to it.
        let day_difference = page
            .url
            .and_then(date::date_in_url)
            .map(|day| day.unix() - self.at.unix().div_euclid(SECS_PER_DAY) * SECS_PER_DAY);
        let into_day = self.at.unix().rem_euclid(SECS_PER_DAY);
        let offset = match day_difference {
            Some(difference) if difference == -SECS_PER_DAY => -(into_day / SECS_PER_HOUR + 1) * SECS_PER_HOUR,
            Some(difference) if difference == SECS_PER_DAY => (SECS_PER_DAY - into_day + SECS_PER_HOUR - 1) / SECS_PER_HOUR * SECS_PER_HOUR,
            _ => return self,
        };
        match i32::try_from(offset) {
            Ok(offset) if offset.abs() <= MAX_UTC_OFFSET_SECS => Self {
                offset: Some(offset),
                ..self
            },
            _ => self,
        }
    }

    fn find_in_line(line: &str) -> Option<Self> {
        date_in_line(line).map(|at| Self { at, offset: None })
    }
}

/// Returns the offset, in seconds, at the end of a time in ISO 8601: the difference between the local time and UTC.
fn iso_offset(text: &str, at: Timestamp) -> Option<i32> {
    let (local, rest) = text.split_at_checked(19)?;
    if !local.is_ascii() || !matches!(local.as_bytes()[10], b'T' | b' ') || rest.is_empty() {
        return None;
    }
    let local = date::parse(local)?;
    i32::try_from(local.unix() - at.unix())
        .ok()
        .filter(|offset| offset.abs() <= MAX_UTC_OFFSET_SECS)
}

/// Returns the publication date of the article on a page. In order of precedence: the source's selector, JSON-LD, meta elements, `time`,
/// elements whose class names a date, the URL, lines after the headline, the page's scripts, the canonical URL.
///
/// What the page states is corrected by what it displays: by an earlier date near the headline, because systems set the stated date anew when
/// a site is migrated; and by the site's zone, where a `time` element or the URL implies it.
pub(in crate::extract) fn find_publish_date(
    document: &Html,
    page: &Page<'_>,
    scan: &PageScan<'_>,
    json_ld: &LinkedData,
    title: &str,
) -> Option<PublishDate> {
    if let Some(date) = selected_text(document, page.selectors.date.as_ref()).and_then(|line| PublishDate::find_in_line(&line)) {
        return Some(date);
    }
    let choice = Choice {
        page,
        scan,
        json_ld,
        title,
        order: date_order(scan),
    };
    let Some(date) = choice.stated() else {
        return choice.displayed().or_else(|| choice.modified());
    };
    match scan.visible_dates.near_headline(title) {
        Some(visible) if date.at.unix() - visible.unix() >= MIN_CONTRADICTION_SECS && !choice.is_confirmed(date) => {
            Some(PublishDate { at: visible, offset: None })
        }
        _ => Some(date.with_site_offset(page, scan)),
    }
}

/// Returns the order of day and month in the language of a page: the month is first in the United States.
fn date_order(scan: &PageScan<'_>) -> DateOrder {
    let language = scan
        .language
        .map(|tag| tag.trim().replace('_', "-").to_ascii_lowercase())
        .unwrap_or_default();
    let locale = || {
        scan.first_meta(&["og:locale"])
            .is_some_and(|locale| locale.eq_ignore_ascii_case("en_us"))
    };
    match language.as_str() {
        "en-us" => DateOrder::MonthFirst,
        "en" | "" if locale() => DateOrder::MonthFirst,
        _ => DateOrder::DayFirst,
    }
}

/// What the date is chosen among.
struct Choice<'a> {
    page: &'a Page<'a>,
    scan: &'a PageScan<'a>,
    json_ld: &'a LinkedData,
    title: &'a str,
    order: DateOrder,
}

impl Choice<'_> {
    /// Returns the date that the page states: in order of precedence, in JSON-LD, meta elements, `time` elements, labelled texts, elements whose
    /// class names a date, the URL.
    fn stated(&self) -> Option<PublishDate> {
        let Self { page, scan, json_ld, .. } = self;
        let parse = |value: &str| PublishDate::parse(value).filter(|date| self.is_past(date.at));
        let past = |at: Timestamp| Some(PublishDate { at, offset: None }).filter(|date| self.is_past(date.at));
        let first = |values: &[String]| values.iter().find_map(|value| parse(value));
        let in_url = |url: &url::Url| date::date_in_url(url).and_then(past);
        json_ld
            .published
            .as_deref()
            .and_then(parse)
            .or_else(|| from_meta(scan, parse))
            .or_else(|| json_ld.page_published.as_deref().and_then(parse))
            .or_else(|| first(&scan.published_times))
            .or_else(|| scan.visible_dates.labelled(self.title, |line| self.order_of(line)).and_then(past))
            .or_else(|| scan.visible_dates.time_near_headline(self.title).and_then(past))
            .or_else(|| first(&scan.time_values))
            .or_else(|| self.first_line(&scan.date_lines, false))
            .or_else(|| page.url.and_then(in_url))
            .or_else(|| self.first_line(&scan.date_like_lines, false))
            .or_else(|| self.first_line(&scan.lines_after_headline, false))
            .or_else(|| from_scripts(page.html, scan, parse))
            .or_else(|| {
                scan.canonical
                    .and_then(|link| absolute_url(page.url, link))
                    .as_ref()
                    .and_then(in_url)
            })
    }

    /// Returns the date that is displayed near the headline.
    fn displayed(&self) -> Option<PublishDate> {
        let dates = &self.scan.visible_dates;
        let order = |line: &str| self.order_of(line);
        let at = dates.after_headline(self.title, order).or_else(|| dates.beside_byline(order))?;
        Some(PublishDate { at, offset: None }).filter(|date| self.is_past(date.at))
    }

    /// Returns the date of the last change that the page displays, if it states no other. One in the head only is none: systems set it anew.
    fn modified(&self) -> Option<PublishDate> {
        let scan = self.scan;
        let mut in_times = scan.modified_times.iter().filter_map(|value| PublishDate::parse(value));
        let in_time = in_times.find(|date| self.is_past(date.at));
        in_time
            .or_else(|| self.first_line(&scan.date_lines, true))
            .or_else(|| self.first_line(&scan.date_like_lines, true))
            .or_else(|| self.first_line(&scan.lines_after_headline, true))
    }

    /// Returns the first date in lines, of those that label it as the date of a change or of the others.
    fn first_line(&self, lines: &[String], modified: bool) -> Option<PublishDate> {
        let fits = |line: &&String| is_modified_line(line) == modified && **line != self.title;
        let dates = lines.iter().filter(fits).filter_map(|line| date_of_line(line, self.order_of(line)));
        let mut past = dates.filter(|date| self.is_past(date.at));
        past.next().map(|date| PublishDate { at: date.at, offset: None })
    }

    /// Returns the order of day and month in a line: English without a region writes the month first beside `am` and `pm`, and after "Posted".
    fn order_of(&self, line: &str) -> DateOrder {
        let is_english = self.scan.language.is_some_and(|tag| tag.trim().eq_ignore_ascii_case("en"));
        let mut words = line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let is_american = |word: &str| ["am", "pm", "posted"].iter().any(|known| word.eq_ignore_ascii_case(known));
        if is_english && words.any(is_american) {
            DateOrder::MonthFirst
        } else {
            self.order
        }
    }

    /// Returns whether a `time` element or the URL has the same day as a stated date, give or take one.
    fn is_confirmed(&self, date: PublishDate) -> bool {
        let is_same = |at: Timestamp| (date.at.unix() - at.unix()).abs() <= MIN_CONTRADICTION_SECS;
        let times = self.scan.time_values.iter().filter_map(|value| date::parse(value));
        times.chain(self.page.url.and_then(date::date_in_url)).any(is_same)
    }

    /// Returns whether a time is not in the future.
    fn is_past(&self, at: Timestamp) -> bool {
        self.page.now.is_none_or(|now| at.unix() <= now.unix() + SECS_PER_DAY)
    }
}

fn from_meta(scan: &PageScan<'_>, parse: impl Fn(&str) -> Option<PublishDate> + Copy) -> Option<PublishDate> {
    let known = PUBLISHED_META_NAMES.iter().filter_map(|name| scan.meta.get(*name)).flatten();
    known.copied().find_map(parse).or_else(|| {
        let mut names: Vec<&String> = scan.meta.keys().filter(|name| is_publish_date_name(name)).collect();
        names.sort_unstable();
        names
            .into_iter()
            .filter_map(|name| scan.meta.get(name))
            .flatten()
            .copied()
            .find_map(parse)
    })
}

/// Returns whether a meta name of a publishing system means the publication date, such as `cxenseparse:recs:publishtime`.
fn is_publish_date_name(name: &str) -> bool {
    name.contains("publi") && (name.contains("date") || name.contains("time")) && !name.contains("update") && !name.contains("modif")
}

/// Returns the value of the first of [`SCRIPT_DATE_KEYS`] in the scripts of a page that is a date; quotes may be escaped. The document has no
/// scripts any more, so they are read from the markup.
fn from_scripts(html: &str, scan: &PageScan<'_>, parse: impl Fn(&str) -> Option<PublishDate> + Copy) -> Option<PublishDate> {
    let mut text = String::new();
    let scripts = pieces(html).filter_map(|piece| match piece {
        Piece::Raw(tag, content) if tag.name == "script" => Some(content),
        _ => None,
    });
    for script in scripts {
        // A later script may be small enough.
        if text.len() + script.len() > MAX_SCRIPT_BYTES {
            continue;
        }
        text.push_str(script);
        text.push('\n');
    }
    // Some systems put their JSON-LD into a meta element.
    let mut in_meta: Vec<_> = scan.meta.iter().filter(|(name, _)| name.contains("ld+json")).collect();
    in_meta.sort_unstable();
    for (_, values) in in_meta {
        text.extend(values.iter().copied().filter(|value| value.len() < MAX_SCRIPT_BYTES));
    }
    SCRIPT_DATE_KEYS.iter().find_map(|key| date_of_key(&text, key, parse))
}

fn date_of_key(text: &str, key: &str, parse: impl Fn(&str) -> Option<PublishDate>) -> Option<PublishDate> {
    let places = memchr::memmem::find_iter(text.as_bytes(), key.as_bytes());
    let values = places.take(8).filter_map(|at| {
        let rest = text.get(at + key.len()..)?;
        let quotes = |rest: &'_ str| rest.trim_start_matches("&quot;").trim_start_matches(['\\', '"', '\'', ' ']).len();
        let rest = rest[rest.len() - quotes(rest)..].strip_prefix(':')?;
        let rest = &rest[rest.len() - quotes(rest)..];
        let end = rest.find(['\\', '"', '\'', '&'])?;
        rest.get(..end).filter(|value| value.len() <= 40)
    });
    values.into_iter().find_map(parse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Selectors, metadata};

    fn publish_day(html: &str) -> Option<String> {
        let document = Html::parse_document(html);
        let page = Page {
            html,
            url: None,
            requested_url: None,
            now: None,
            title_hint: None,
            feed_body: None,
            selectors: &Selectors::default(),
            rule: None,
            images: true,
        };
        metadata::read(&document, &page).published.map(Timestamp::day)
    }

    #[test]
    fn dates_of_other_things_are_none() {
        let text = format!("<p>{}</p>", "Le fleuve monte. ".repeat(20));
        for other in [
            "<figure><figcaption>3 mars 2024</figcaption></figure>",
            "<div class='related'><span>3 mars 2024</span></div>",
            "<aside><a href=/z>Le lycée de Bara ferme</a><time>3 mars 2024</time></aside>",
            "<div itemscope itemtype='https://schema.org/Event'><time itemprop=startDate datetime='2024-03-03'>3 mars</time></div>",
            "<div class=comments><span class=date>3 mars 2024</span></div>",
            "<p>12 morts, 3 blessés, 2024 déplacés</p>",
            "<p class=meta>Membre depuis le 3 mars 2012</p>",
        ] {
            let html = format!("<article><h1>Le bac repart</h1>{other}{text}</article><div><span class=post-date>3 mars 2024</span></div>");
            assert_eq!(publish_day(&html), None, "{other}");
            let stated = format!("<meta property=article:published_time content=2025-03-05>{html}");
            assert_eq!(publish_day(&stated).as_deref(), Some("2025-03-05"), "{other}");
        }
    }

    #[test]
    fn a_date_beside_the_authors_is_read_far_from_the_headline() {
        let page = |foot: &str| {
            format!(
                "<h1>Le bac repart</h1>{}{foot}",
                "<p>Le fleuve monte et le bac repart.</p>".repeat(30)
            )
        };
        for foot in [
            "<div><p>Written by <a href=/a>Awa Diallo</a></p><p>March 3, 2024</p></div>",
            "<div class=story-author-details><p>Awa Diallo</p><small>3 mars 2024</small></div>",
        ] {
            assert_eq!(publish_day(&page(foot)).as_deref(), Some("2024-03-03"), "{foot}");
        }
        for foot in [
            "<div><p>Le port de Kobé</p><p>3 mars 2024</p></div>",
            "<div class=author-details><p>Awa Diallo</p><p>Inscrite depuis le 3 mars 2012</p></div>",
            "<div><p>Par Awa Diallo</p><p>Mis à jour le 3 mars 2024</p></div>",
        ] {
            assert_eq!(publish_day(&page(foot)), None, "{foot}");
        }
    }

    #[test]
    fn the_day_in_the_headline_is_none() {
        for headline in [
            "Le procès du 3 mars 2024",
            "3 mars 2024",
            "Burkina : 3 morts, 4 blessés, 20 disparus",
        ] {
            let html = format!("<title>{headline}</title><article><h1>{headline}</h1><p>Le fleuve monte.</p></article>");
            assert_eq!(publish_day(&html), None, "{headline}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_that_of_the_page() {
        for (lang, line, expected) in [
            ("en-US", "11/03/2017", "2017-11-03"),
            ("en", "Posted 11/03/2017 by Awa Diop", "2017-11-03"),
            ("en", "11/03/2017 10:05 PM", "2017-11-03"),
            ("en-GB", "Posted 11/03/2017", "2017-03-11"),
            ("fr", "Publié le 11/03/2017", "2017-03-11"),
        ] {
            let html = format!("<html lang={lang}><h1>Le bac</h1><p class=post-date>{line}</p>");
            assert_eq!(publish_day(&html).as_deref(), Some(expected), "{lang} {line}");
        }
    }

    #[test]
    fn dates_to_come_and_zeros_are_none() {
        let html =
            "<meta property=article:published_time content=2099-01-01><h1>Le bac</h1><time class=published datetime=2024-03-03>x</time>";
        let document = Html::parse_document(html);
        let selectors = Selectors::default();
        let page = Page {
            now: Timestamp::from_civil(2026, 1, 1, 0, 0, 0),
            ..crate::extract::tests::page(html, &selectors)
        };
        assert_eq!(
            metadata::read(&document, &page).published.map(Timestamp::day).as_deref(),
            Some("2024-03-03")
        );
        assert_eq!(
            publish_day("<meta property=article:published_time content=1970-01-01><h1>Le bac</h1>"),
            None
        );
        assert_eq!(
            publish_day("<meta property=article:published_time content=0001-01-01T00:00:00Z><h1>Le bac</h1>"),
            None
        );
    }

    #[test]
    fn the_offset_is_kept() {
        let offset = |text: &str| PublishDate::parse(text).expect("a date").offset;
        assert_eq!(offset("2023-01-21T16:43:28-08:00"), Some(-8 * 3600));
        assert_eq!(offset("2025-12-19T09:04:00.120+1300"), Some(13 * 3600));
        assert_eq!(offset("2025-12-19T09:04:00Z"), Some(0));
        assert_eq!(offset("2025-12-19T09:04:00"), None);
        assert_eq!(offset("5 décembre 2023"), None);
    }

    #[test]
    fn dates_near_the_headline_are_read() {
        for line in [
            "<p>Awa Diallo</p><p>December 15, 2025</p>",
            "<div><span>15.12.2025</span><span>3 min</span></div>",
            "<p><strong>By <a href=/t>Awa Diallo</a></strong> - Dec 15, 2025</p>",
            "<p>Publié le 15 décembre 2025</p>",
            "<time>Dec 15, 2025</time>",
        ] {
            let html = format!("<h1>Le bac repart</h1>{line}<p>{}</p>", "Le fleuve monte. ".repeat(20));
            assert_eq!(publish_day(&html).as_deref(), Some("2025-12-15"), "{line}");
        }
        let far = format!("<h1>Le bac</h1>{}<p>December 15, 2025</p>", "<p>Une ligne courte</p>".repeat(40));
        assert_eq!(publish_day(&far), None);
    }

    fn date_and_offset(url: &str, html: &str) -> (String, Option<i32>) {
        let document = Html::parse_document(html);
        let url = url::Url::parse(url).expect("a URL");
        let selectors = Selectors::default();
        let page = Page {
            url: Some(&url),
            ..crate::extract::tests::page(html, &selectors)
        };
        let metadata = metadata::read(&document, &page);
        (
            metadata.published.map(Timestamp::rfc3339).unwrap_or_default(),
            metadata.published_offset,
        )
    }

    #[test]
    fn an_earlier_visible_date_corrects_the_stated_one() {
        let page = |stated: &str, shown: &str| {
            format!("<meta property=article:published_time content='{stated}'><title>Le puits</title><h1>Le puits</h1><p>{shown}</p>")
        };
        for (stated, shown, expected) in [
            // A site that was migrated in 2025 states that date for all articles.
            ("2025-11-20T08:00:00Z", "14 mai 2019", "2019-05-14"),
            ("2025-11-20T08:00:00Z", "Mis à jour le 14 mai 2019", "2025-11-20"),
            // A difference of one day is one of zones; a later date is that of a change.
            ("2025-11-20T08:00:00Z", "19 novembre 2025", "2025-11-20"),
            // No zone is so far from UTC.
            ("2025-11-20T22:00:00Z", "19 novembre 2025", "2025-11-19"),
            ("2025-11-20T08:00:00Z", "3 décembre 2025", "2025-11-20"),
            // Day and month are ambiguous.
            ("2025-11-20T08:00:00Z", "11/10/2025", "2025-11-20"),
        ] {
            assert_eq!(publish_day(&page(stated, shown)).as_deref(), Some(expected), "{stated} {shown}");
        }
    }

    #[test]
    fn the_sites_offset_is_inferred() {
        let head = "<meta property=article:published_time content='2025-12-19T03:05:00Z'><h1>Le puits</h1>";
        let undated = "https://a.example/le-puits";
        assert_eq!(date_and_offset(undated, head), ("2025-12-19T03:05:00Z".to_owned(), Some(0)));
        let with_time = format!("{head}<p>Texte</p><time datetime='2025-12-18T19:05:00-08:00'>hier</time>");
        assert_eq!(
            date_and_offset(undated, &with_time),
            ("2025-12-19T03:05:00Z".to_owned(), Some(-8 * 3600))
        );
        let dated = "https://a.example/2025/12/18/le-puits";
        assert_eq!(date_and_offset(dated, head), ("2025-12-19T03:05:00Z".to_owned(), Some(-4 * 3600)));
        // No zone has such an offset.
        assert_eq!(date_and_offset("https://a.example/2025/12/20/le-puits", head).1, Some(0));
        assert_eq!(date_and_offset("https://a.example/2024/12/18/le-puits", head).1, Some(0));
    }

    #[test]
    fn scripts_are_the_last_resort() {
        for script in [
            r#"{"publishedAt":"2025-12-15T10:00:00Z"}"#,
            r#"self.push("{\"datePublished\":\"2025-12-15\"}")"#,
            r#"window.x = {publishedDate:"2025-12-15T00:00:00.000Z"}"#,
        ] {
            let html = format!("<h1>Le bac repart</h1><script>{script}</script>");
            assert_eq!(publish_day(&html).as_deref(), Some("2025-12-15"), "{script}");
        }
        assert_eq!(publish_day(r#"<script>{"publishedAt":"soon","datePublished":7}</script>"#), None);
    }

    #[test]
    fn meta_names_of_publishing_systems_are_recognised() {
        let html =
            r#"<meta name="w-Published-Date" content="2025-12-15T06:03:43.274Z"><meta name="publisher-update" content="2020-01-01">"#;
        assert_eq!(publish_day(html).as_deref(), Some("2025-12-15"));
    }
}
