//! The title of an article: the choice among the titles of a page, and the removal of the site's name.

use crate::extract::normalize::{alphanumeric_key, collapse_whitespace};
use crate::text::entities::decode_entities;

/// Separators between the title and the site's name.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " » ", " « ", " ‹ ", " › ", " :: ", " · ", " • ", " ~ ", " / ",
];

/// The possible titles of a page, and the names of its site.
#[derive(Debug, Default)]
pub(in crate::extract) struct TitleCandidates<'a> {
    /// The title in the feed.
    pub feed: Option<&'a str>,
    /// `headline` in JSON-LD.
    pub json_ld: Option<&'a str>,
    /// `og:title` or `twitter:title`.
    pub social: Option<&'a str>,
    /// The `title` element.
    pub document: Option<&'a str>,
    pub headings: &'a [String],
    pub site: Option<&'a str>,
    pub host: Option<&'a str>,
}

/// Chooses the title of the article.
pub(in crate::extract) fn choose_title(titles: &TitleCandidates<'_>) -> Option<String> {
    // Some systems escape titles twice; templates that were not filled in are no titles.
    let usable = |title: &str| {
        Some(decode_entities(title).into_owned()).filter(|title| !["{{", "}}", "<%", "${"].iter().any(|mark| title.contains(mark)))
    };
    let own = |title: Option<&str>| title.and_then(usable);
    let (feed, json_ld, social, document) = (own(titles.feed), own(titles.json_ld), own(titles.social), own(titles.document));
    let headings: Vec<String> = titles.headings.iter().filter_map(|heading| usable(heading)).collect();
    choose(&TitleCandidates {
        feed: feed.as_deref(),
        json_ld: json_ld.as_deref(),
        social: social.as_deref(),
        document: document.as_deref(),
        headings: &headings,
        ..*titles
    })
}

fn choose(titles: &TitleCandidates<'_>) -> Option<String> {
    let head_titles: Vec<String> = [titles.social, titles.json_ld, titles.document]
        .into_iter()
        .flatten()
        .map(|title| strip_site_name(title, titles))
        .filter(|title| !title.is_empty())
        .collect();
    let agrees = |heading: &&String| {
        let heading = alphanumeric_key(heading);
        heading.len() > 3
            && (head_titles.iter().any(|title| alphanumeric_key(title) == heading)
                || titles.feed.is_some_and(|feed| alphanumeric_key(feed) == heading)
                || head_titles.iter().any(|title| begins_with_heading(title, &heading)) && !is_site_name(&heading, titles))
    };
    if let Some(title) = headline_without_kicker(titles) {
        return Some(title);
    }
    // A heading that the head of the page or the feed repeats is the title that readers see.
    titles
        .headings
        .iter()
        .find(agrees)
        .or_else(|| {
            titles
                .headings
                .first()
                .filter(|heading| titles.headings.len() == 1 && is_similar(heading, &head_titles))
        })
        .or_else(|| head_titles.iter().skip(1).find(|title| is_prefix_of_first(title, &head_titles)))
        .or(head_titles.first())
        .or_else(|| titles.headings.first())
        .cloned()
        .or_else(|| titles.feed.map(collapse_whitespace))
}

/// The least number of letters and digits of a heading that is recognised at the beginning of a title.
const MIN_HEADING_CHARS: usize = 12;

/// Returns whether a title is a heading (as an [`alphanumeric_key`]), a separator, and the names of rubric and site.
fn begins_with_heading(title: &str, heading: &str) -> bool {
    let mut ends = SEPARATORS
        .iter()
        .flat_map(|separator| title.match_indices(separator))
        .take(8)
        .map(|(at, _)| at);
    heading.chars().count() >= MIN_HEADING_CHARS && ends.any(|end| alphanumeric_key(&title[..end]) == heading)
}

/// Returns whether `title` is the start of the first title: then the rest of the first is the site's name.
fn is_prefix_of_first(title: &str, head_titles: &[String]) -> bool {
    let own = alphanumeric_key(title);
    own.len() > 20 && head_titles.first().is_some_and(|first| alphanumeric_key(first).starts_with(&own))
}

/// The longest kicker, a short line above the headline; letters and digits count.
const MAX_KICKER_CHARS: usize = 32;

/// Returns the title in the head of the page where a heading consists of a kicker and that title.
fn headline_without_kicker(titles: &TitleCandidates<'_>) -> Option<String> {
    let plain = [titles.social, titles.json_ld].into_iter().flatten().map(collapse_whitespace);
    plain.into_iter().find(|title| {
        let own = alphanumeric_key(title);
        own.len() > 20
            && titles.headings.iter().map(|heading| alphanumeric_key(heading)).any(|heading| {
                let kicker = heading.strip_suffix(&own).unwrap_or_default();
                (1..=MAX_KICKER_CHARS).contains(&kicker.chars().count())
            })
    })
}

/// Returns whether a heading shares at least 60% of its words with one of the titles.
fn is_similar(heading: &str, titles: &[String]) -> bool {
    let words = |text: &str| -> std::collections::BTreeSet<String> { text.split_whitespace().map(alphanumeric_key).collect() };
    let own = words(heading);
    titles.iter().any(|title| {
        let other = words(title);
        let shared = own.intersection(&other).count();
        own.len() >= 4 && shared * 10 >= own.len().max(other.len()) * 6
    })
}

/// Removes the site's name at the start and the end of a title.
fn strip_site_name(title: &str, titles: &TitleCandidates<'_>) -> String {
    let mut title = collapse_whitespace(title);
    for _ in 0..3 {
        let Some(stripped) = strip_site_name_once(&title, titles) else {
            break;
        };
        title = stripped;
    }
    title
}

fn strip_site_name_once(title: &str, titles: &TitleCandidates<'_>) -> Option<String> {
    let last = SEPARATORS
        .iter()
        .filter_map(|s| Some((title.rfind(s)?, s.len())))
        .max_by_key(|(at, _)| *at)?;
    let (head, tail) = (&title[..last.0], &title[last.0 + last.1..]);
    // WordPress writes these signs before the name of the site.
    let is_wordpress = title[last.0..].starts_with([' ']) && title[last.0 + 1..].starts_with(['‹', '«']) && !title.contains('»');
    if is_wordpress
        || is_site_name(tail, titles)
        || titles
            .headings
            .iter()
            .any(|heading| alphanumeric_key(heading) == alphanumeric_key(head))
    {
        return Some(head.trim().to_owned());
    }
    let first = SEPARATORS
        .iter()
        .filter_map(|s| Some((title.find(s)?, s.len())))
        .min_by_key(|(at, _)| *at)?;
    let (head, tail) = (&title[..first.0], &title[first.0 + first.1..]);
    is_site_name(head, titles).then(|| tail.trim().to_owned())
}

/// Returns whether `part` is the site's name or its host name, or starts with it.
fn is_site_name(part: &str, titles: &TitleCandidates<'_>) -> bool {
    let part = alphanumeric_key(part);
    if part.chars().nth(1).is_none() {
        return true;
    }
    let site = titles.site.map(alphanumeric_key).unwrap_or_default();
    let host = titles
        .host
        .map(|host| alphanumeric_key(host.trim_start_matches("www.")))
        .unwrap_or_default();
    let name = titles
        .host
        .and_then(|host| host.trim_start_matches("www.").split('.').next())
        .map(alphanumeric_key)
        .unwrap_or_default();
    (!site.is_empty() && (part == site || (part.len() > 3 && site.contains(&part)) || (site.len() > 3 && part.starts_with(&site))))
        || part == host
        || (!name.is_empty() && (part == name || (name.len() > 4 && part.starts_with(&name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(document: &str, headings: &[&str], site: Option<&str>) -> String {
        let headings: Vec<String> = headings.iter().map(|text| (*text).to_owned()).collect();
        let titles = TitleCandidates {
            document: Some(document),
            headings: &headings,
            site,
            host: Some("www.lesahel.example"),
            ..TitleCandidates::default()
        };
        choose_title(&titles).expect("a title")
    }

    #[test]
    fn the_sites_name_is_removed() {
        assert_eq!(chosen("Le fleuve monte - Le Sahel", &[], None), "Le fleuve monte");
        assert_eq!(chosen("Journal | Le fleuve monte", &[], Some("Journal")), "Le fleuve monte");
        assert_eq!(
            chosen("Mali - Niger : la route rouvre", &[], Some("Journal")),
            "Mali - Niger : la route rouvre"
        );
        assert_eq!(
            chosen("La crue – jour 2 – Politique", &["La crue – jour 2"], None),
            "La crue – jour 2"
        );
    }

    #[test]
    fn signs_labels_and_templates_are_no_titles() {
        for (document, headings, expected) in [
            ("Le fleuve monte ‹ Kaya", &["Blog"][..], "Le fleuve monte"),
            ("Le fleuve monte « Kaya Info", &[], "Le fleuve monte"),
            ("Le « fleuve » monte", &[], "Le « fleuve » monte"),
            ("L&rsquo;eau monte - K", &[], "L’eau monte"),
            (
                "Le fleuve monte à Gao | Vie | Kaya Info",
                &["Le fleuve monte à Gao"],
                "Le fleuve monte à Gao",
            ),
            ("{{page.title}}", &["Le fleuve monte"], "Le fleuve monte"),
        ] {
            assert_eq!(chosen(document, headings, None), expected, "{document}");
        }
        let headings = ["{{title}}".to_owned()];
        let titles = TitleCandidates {
            document: Some("{{title}} - Kaya"),
            headings: &headings,
            ..TitleCandidates::default()
        };
        assert_eq!(choose_title(&titles), None);
    }

    #[test]
    fn a_heading_that_agrees_is_preferred() {
        assert_eq!(
            chosen("le fleuve monte | X", &["Menu", "Le Fleuve monte"], Some("X")),
            "Le Fleuve monte"
        );
        assert_eq!(chosen("Le fleuve", &["Bienvenue"], None), "Le fleuve");
    }
}
