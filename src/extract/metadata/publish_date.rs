//! The publication date of an article: the choice among the dates on its page. The time of the fetch is never used.

use super::absolute_url::absolute_url;
use super::date::{self, publication_date_in_line};
use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use crate::extract::page::Page;
use crate::extract::select::selected_text;
use crate::html::tokenizer::{Piece, pieces};
use crate::model::Timestamp;
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
const MIN_CONTRADICTION_SECS: i64 = 2 * SECS_PER_DAY;
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
        Self::parse(text).or_else(|| date::date_in_line(text).map(Self::without_offset))
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

    fn without_offset(at: Timestamp) -> Self {
        Self { at, offset: None }
    }

    /// Returns whether two dates are the same day, perhaps in different zones.
    fn agrees(&self, other: &Self) -> bool {
        (self.at.unix() - other.at.unix()).abs() <= SECS_PER_DAY
    }

    /// Returns whether an article can have been published then: not in the future, a day of which may be one of zones.
    fn is_plausible(&self, now: Option<Timestamp>) -> bool {
        now.is_none_or(|now| self.at.unix() <= now.unix() + SECS_PER_DAY)
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
    if let Some(date) = selected_text(document, page.selectors.date.as_ref()).and_then(|line| PublishDate::parse_or_find(&line)) {
        return Some(date);
    }
    let plausible = |at: Timestamp| Some(PublishDate::without_offset(at)).filter(|date| date.is_plausible(page.now));
    let Some(date) = stated_date(page, scan, json_ld) else {
        return scan.visible_dates.after_headline(title).and_then(plausible);
    };
    let is_confirmed = confirmations(date, page, scan, json_ld) >= 2;
    match scan.visible_dates.near_headline(title, is_confirmed) {
        Some(visible) if date.at.unix() - visible.unix() >= MIN_CONTRADICTION_SECS => Some(PublishDate::without_offset(visible)),
        _ => Some(date.with_site_offset(page, scan)),
    }
}

/// Returns how many sources state the day of a date: JSON-LD, each meta element, `time` elements, the URL.
fn confirmations(date: PublishDate, page: &Page<'_>, scan: &PageScan<'_>, json_ld: &LinkedData) -> usize {
    let json_ld = json_ld.published.as_deref().and_then(PublishDate::parse);
    let time = scan
        .time_values
        .iter()
        .filter_map(|value| PublishDate::parse(value))
        .find(|time| time.agrees(&date));
    let url = page.url.and_then(date::date_in_url).map(PublishDate::without_offset);
    let others = [json_ld, time, url].into_iter().flatten();
    others.chain(stated_in_meta(scan)).filter(|other| other.agrees(&date)).count()
}

/// Returns the first date of each of [`PUBLISHED_META_NAMES`].
fn stated_in_meta(scan: &PageScan<'_>) -> impl Iterator<Item = PublishDate> {
    let named = PUBLISHED_META_NAMES.iter().filter_map(|name| scan.meta.get(*name)?.first());
    named.filter_map(|value| PublishDate::parse(value))
}

/// Returns the date of publication in JSON-LD; where no other source confirms it, one that several meta elements state.
fn json_ld_or_majority(page: &Page<'_>, scan: &PageScan<'_>, json_ld: &LinkedData) -> Option<PublishDate> {
    let own = json_ld.published.as_deref().and_then(PublishDate::parse)?;
    let own = Some(own).filter(|date| date.is_plausible(page.now))?;
    if confirmations(own, page, scan, json_ld) >= 2 {
        return Some(own);
    }
    let stated: Vec<PublishDate> = stated_in_meta(scan).filter(|date| date.is_plausible(page.now)).collect();
    let is_shared = |date: &&PublishDate| stated.iter().filter(|other| other.agrees(date)).count() >= 2;
    Some(stated.iter().find(is_shared).copied().unwrap_or(own))
}

fn stated_date(page: &Page<'_>, scan: &PageScan<'_>, json_ld: &LinkedData) -> Option<PublishDate> {
    let plausible = |date: PublishDate| Some(date).filter(|date| date.is_plausible(page.now));
    let parse = |text: &str| PublishDate::parse(text).and_then(plausible);
    let line = |lines: &[String], is_marked: bool| {
        let found = |line: &String| publication_date_in_line(line, is_marked, scan.month_first);
        lines.iter().filter_map(found).map(PublishDate::without_offset).find_map(plausible)
    };
    let of_url = |url: &url::Url| date::date_in_url(url).map(PublishDate::without_offset).and_then(plausible);
    json_ld_or_majority(page, scan, json_ld)
        .or_else(|| from_meta(scan, &parse))
        .or_else(|| json_ld.page_published.as_deref().and_then(parse))
        .or_else(|| scan.time_values.iter().find_map(|value| parse(value)))
        .or_else(|| line(&scan.date_lines, true))
        .or_else(|| page.url.and_then(of_url))
        .or_else(|| line(&scan.date_like_lines, false))
        .or_else(|| line(&scan.lines_after_headline, false))
        .or_else(|| from_scripts(page.html).and_then(plausible))
        .or_else(|| {
            scan.canonical
                .and_then(|link| absolute_url(page.url, link))
                .as_ref()
                .and_then(of_url)
        })
}

fn from_meta(scan: &PageScan<'_>, parse: &impl Fn(&str) -> Option<PublishDate>) -> Option<PublishDate> {
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
fn from_scripts(html: &str) -> Option<PublishDate> {
    let mut text = String::new();
    let scripts = pieces(html).filter_map(|piece| match piece {
        Piece::Raw(tag, content) if tag.name == "script" => Some(content),
        _ => None,
    });
    for script in scripts {
        if text.len() + script.len() > MAX_SCRIPT_BYTES {
            break;
        }
        text.push_str(script);
        text.push('\n');
    }
    SCRIPT_DATE_KEYS.iter().find_map(|key| date_of_key(&text, key))
}

fn date_of_key(text: &str, key: &str) -> Option<PublishDate> {
    let places = memchr::memmem::find_iter(text.as_bytes(), key.as_bytes());
    let values = places.take(8).filter_map(|at| {
        let rest = text.get(at + key.len()..)?;
        let quotes = |rest: &'_ str| rest.trim_start_matches("&quot;").trim_start_matches(['\\', '"', '\'', ' ']).len();
        let rest = rest[rest.len() - quotes(rest)..].strip_prefix(':')?;
        let rest = &rest[rest.len() - quotes(rest)..];
        let end = rest.find(['\\', '"', '\'', '&'])?;
        rest.get(..end).filter(|value| value.len() <= 40)
    });
    values.into_iter().find_map(PublishDate::parse)
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
            title_hint: None,
            feed_body: None,
            selectors: &Selectors::default(),
            rule: None,
            images: true,
            now: None,
        };
        metadata::read(&document, &page).published.map(Timestamp::day)
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
