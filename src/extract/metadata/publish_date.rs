//! When an article appeared: of all the dates on its page, the one that says so. Never the moment of the fetch.

use super::absolute_url::absolute_url;
use super::date::{self, date_in_line};
use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use crate::extract::page::Page;
use crate::extract::select::selected_text;
use crate::html::tokenizer::{Piece, pieces};
use crate::model::Timestamp;
use scraper::Html;

const PUBLISHED: &[&str] = &[
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
    "date",
];
/// Names of values in the scripts of pages that are built in the browser, the surest first.
const KEYS: &[&str] = &[
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
/// A day shown beside the headline counts when it is so much earlier than what is stated, in seconds: less is the difference of clocks.
const EARLIER: i64 = 2 * DAY;
const DAY: i64 = 24 * HOUR;
const HOUR: i64 = 3600;
/// No clock is further from UTC, in seconds.
const MOST_OFFSET: i32 = 15 * 3600;
/// So much of all scripts is searched, in bytes.
const MOST_SCRIPT: usize = 2 << 20;

/// A moment, as a page writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) struct PublishDate {
    pub at: Timestamp,
    /// How far east of UTC the clock is that says so, in seconds; none where no clock is named.
    pub offset: Option<i32>,
}

impl PublishDate {
    /// Reads what a site's rule says: a moment, or a line that holds one.
    pub(in crate::extract) fn ruled(text: &str) -> Option<Self> {
        Self::read(text).or_else(|| Self::in_line(text))
    }

    fn read(text: &str) -> Option<Self> {
        let at = date::parse(text)?;
        Some(Self {
            at,
            offset: offset(text.trim(), at),
        })
    }

    /// Returns the moment as the site's own clock shows it, if it is told in UTC and something else on the page tells more.
    fn by_own_clock(self, page: &Page<'_>, scan: &PageScan<'_>) -> Self {
        if self.offset.is_some_and(|offset| offset != 0) || self.at.unix() % DAY == 0 {
            return self;
        }
        let same = |other: &Self| (other.at.unix() - self.at.unix()).abs() < 60 && other.offset.is_some_and(|offset| offset != 0);
        if let Some(same) = scan.times.iter().filter_map(|value| Self::read(value)).find(same) {
            return Self {
                offset: same.offset,
                ..self
            };
        }
        // Addresses hold the day of the site's clock: the least difference in whole hours that leads there is as good as known.
        let told = page
            .url
            .and_then(date::date_in_url)
            .map(|day| day.unix() - self.at.unix().div_euclid(DAY) * DAY);
        let into_day = self.at.unix().rem_euclid(DAY);
        let offset = match told {
            Some(days) if days == -DAY => -(into_day / HOUR + 1) * HOUR,
            Some(days) if days == DAY => (DAY - into_day + HOUR - 1) / HOUR * HOUR,
            _ => return self,
        };
        match i32::try_from(offset) {
            Ok(offset) if offset.abs() <= MOST_OFFSET => Self {
                offset: Some(offset),
                ..self
            },
            _ => self,
        }
    }

    fn in_line(line: &str) -> Option<Self> {
        date_in_line(line).map(|at| Self { at, offset: None })
    }
}

/// Returns the offset that a moment in ISO 8601 ends with: the difference between what its clock shows and what it means.
fn offset(text: &str, at: Timestamp) -> Option<i32> {
    let (local, rest) = text.split_at_checked(19)?;
    if !local.is_ascii() || !matches!(local.as_bytes()[10], b'T' | b' ') || rest.is_empty() {
        return None;
    }
    let shown = date::parse(local)?;
    i32::try_from(shown.unix() - at.unix())
        .ok()
        .filter(|offset| offset.abs() <= MOST_OFFSET)
}

/// Finds when the article of a page appeared: the source's rule, JSON-LD, meta elements, `time`, lines whose class names a date, the
/// address, lines near the headline, and at last what the page's scripts hold.
///
/// What the page states of itself is set right by what it shows: by an earlier day beside the headline, which tells when the article
/// appeared before the site was moved or built again, and by the site's own clock, where another `time` or the address names it.
pub(in crate::extract) fn published(
    document: &Html,
    page: &Page<'_>,
    scan: &PageScan<'_>,
    told: &LinkedData,
    title: &str,
) -> Option<PublishDate> {
    if let Some(moment) = selected_text(document, page.selectors.date.as_ref()).and_then(|line| PublishDate::in_line(&line)) {
        return Some(moment);
    }
    let stated = stated(page, scan, told);
    let Some(moment) = stated else {
        return scan.lines.behind(title).map(|at| PublishDate { at, offset: None });
    };
    match scan.lines.beside(title) {
        Some(shown) if moment.at.unix() - shown.unix() >= EARLIER => Some(PublishDate { at: shown, offset: None }),
        _ => Some(moment.by_own_clock(page, scan)),
    }
}

fn stated(page: &Page<'_>, scan: &PageScan<'_>, told: &LinkedData) -> Option<PublishDate> {
    let stated = told.published.as_deref().and_then(PublishDate::read).or_else(|| in_meta(scan));
    let plain = |at: Timestamp| PublishDate { at, offset: None };
    let line = |lines: &[String]| lines.iter().find_map(|line| PublishDate::in_line(line));
    stated
        .or_else(|| told.page_published.as_deref().and_then(PublishDate::read))
        .or_else(|| scan.times.iter().find_map(|value| PublishDate::read(value)))
        .or_else(|| line(&scan.date_lines))
        .or_else(|| page.url.and_then(date::date_in_url).map(plain))
        .or_else(|| line(&scan.perhaps_dates))
        .or_else(|| line(&scan.near))
        .or_else(|| in_scripts(page.html))
        .or_else(|| {
            let canonical = scan.canonical.and_then(|link| absolute_url(page.url, link));
            canonical.as_ref().and_then(date::date_in_url).map(plain)
        })
}

fn in_meta(scan: &PageScan<'_>) -> Option<PublishDate> {
    let known = PUBLISHED.iter().filter_map(|name| scan.meta.get(*name)).flatten();
    known.copied().find_map(PublishDate::read).or_else(|| {
        let mut names: Vec<&String> = scan.meta.keys().filter(|name| is_of_publication(name)).collect();
        names.sort_unstable();
        names
            .into_iter()
            .filter_map(|name| scan.meta.get(name))
            .flatten()
            .copied()
            .find_map(PublishDate::read)
    })
}

/// Systems of newsrooms have names of their own, such as `cxenseparse:recs:publishtime` or `w-published-date`.
fn is_of_publication(name: &str) -> bool {
    name.contains("publi") && (name.contains("date") || name.contains("time")) && !name.contains("update") && !name.contains("modif")
}

/// Searches the scripts of a page for a value that is named as the date of publication; in scripts it is often escaped. The tree of a page
/// holds no scripts, so they are read from its markup.
fn in_scripts(html: &str) -> Option<PublishDate> {
    let mut text = String::new();
    let scripts = pieces(html).filter_map(|piece| match piece {
        Piece::Raw(tag, content) if tag.name == "script" => Some(content),
        _ => None,
    });
    for script in scripts {
        if text.len() + script.len() > MOST_SCRIPT {
            break;
        }
        text.push_str(script);
        text.push('\n');
    }
    KEYS.iter().find_map(|key| valued(&text, key))
}

fn valued(text: &str, key: &str) -> Option<PublishDate> {
    let places = memchr::memmem::find_iter(text.as_bytes(), key.as_bytes());
    let values = places.take(8).filter_map(|at| {
        let rest = text.get(at + key.len()..)?;
        let quotes = |rest: &'_ str| rest.trim_start_matches("&quot;").trim_start_matches(['\\', '"', '\'', ' ']).len();
        let rest = rest[rest.len() - quotes(rest)..].strip_prefix(':')?;
        let rest = &rest[rest.len() - quotes(rest)..];
        let end = rest.find(['\\', '"', '\'', '&'])?;
        rest.get(..end).filter(|value| value.len() <= 40)
    });
    values.into_iter().find_map(PublishDate::read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Selectors, metadata};

    fn of(html: &str) -> Option<String> {
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
        };
        metadata::read(&document, &page).published.map(Timestamp::day)
    }

    #[test]
    fn a_clock_is_remembered() {
        let offset = |text: &str| PublishDate::read(text).expect("a moment").offset;
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
            assert_eq!(of(&html).as_deref(), Some("2025-12-15"), "{line}");
        }
        let far = format!("<h1>Le bac</h1>{}<p>December 15, 2025</p>", "<p>Une ligne courte</p>".repeat(40));
        assert_eq!(of(&far), None);
    }

    fn told(url: &str, html: &str) -> (String, Option<i32>) {
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
    fn an_earlier_day_beside_the_headline_sets_right_what_is_stated() {
        let page = |stated: &str, shown: &str| {
            format!("<meta property=article:published_time content='{stated}'><title>Le puits</title><h1>Le puits</h1><p>{shown}</p>")
        };
        for (stated, shown, expected) in [
            // A site that was moved in 2025 says so of all its articles.
            ("2025-11-20T08:00:00Z", "14 mai 2019", "2019-05-14"),
            ("2025-11-20T08:00:00Z", "Mis à jour le 14 mai 2019", "2025-11-20"),
            // The next day, or the day before, is the difference of clocks; a later one is that of a change.
            ("2025-11-20T08:00:00Z", "19 novembre 2025", "2025-11-20"),
            ("2025-11-20T08:00:00Z", "3 décembre 2025", "2025-11-20"),
            // Which is the day, which the month?
            ("2025-11-20T08:00:00Z", "11/10/2025", "2025-11-20"),
        ] {
            assert_eq!(of(&page(stated, shown)).as_deref(), Some(expected), "{stated} {shown}");
        }
    }

    #[test]
    fn the_sites_own_clock_tells_the_day() {
        let head = "<meta property=article:published_time content='2025-12-19T03:05:00Z'><h1>Le puits</h1>";
        let plain = "https://a.example/le-puits";
        assert_eq!(told(plain, head), ("2025-12-19T03:05:00Z".to_owned(), Some(0)));
        let timed = format!("{head}<p>Texte</p><time datetime='2025-12-18T19:05:00-08:00'>hier</time>");
        assert_eq!(told(plain, &timed), ("2025-12-19T03:05:00Z".to_owned(), Some(-8 * 3600)));
        let addressed = "https://a.example/2025/12/18/le-puits";
        assert_eq!(told(addressed, head), ("2025-12-19T03:05:00Z".to_owned(), Some(-4 * 3600)));
        // No clock is that far away.
        assert_eq!(told("https://a.example/2025/12/20/le-puits", head).1, Some(0));
        assert_eq!(told("https://a.example/2024/12/18/le-puits", head).1, Some(0));
    }

    #[test]
    fn scripts_are_the_last_resort() {
        for script in [
            r#"{"publishedAt":"2025-12-15T10:00:00Z"}"#,
            r#"self.push("{\"datePublished\":\"2025-12-15\"}")"#,
            r#"window.x = {publishedDate:"2025-12-15T00:00:00.000Z"}"#,
        ] {
            let html = format!("<h1>Le bac repart</h1><script>{script}</script>");
            assert_eq!(of(&html).as_deref(), Some("2025-12-15"), "{script}");
        }
        assert_eq!(of(r#"<script>{"publishedAt":"soon","datePublished":7}</script>"#), None);
    }

    #[test]
    fn meta_elements_of_any_newsroom_are_read() {
        let html =
            r#"<meta name="w-Published-Date" content="2025-12-15T06:03:43.274Z"><meta name="publisher-update" content="2020-01-01">"#;
        assert_eq!(of(html).as_deref(), Some("2025-12-15"));
    }
}
