//! The title of an article: the choice among the titles of a page, and the removal of the site's name.

use crate::extract::normalize::{alphanumeric_key, collapse_whitespace};
use crate::text::entities::decode_entities;

/// Separators between the title and the site's name.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " » ", " « ", " › ", " ‹ ", " :: ", " · ", " • ", " ~ ", " / ",
];
/// Marks that blogs put before their name: `Title ‹ Site`. Where they open a quotation, it is closed.
const OPENING_MARKS: [(&str, char); 2] = [(" ‹ ", '›'), (" « ", '»')];
/// The longest site's name behind such a mark, in characters.
const MAX_SITE_CHARS: usize = 40;
/// The longest name of a section before the site's name, in characters and words.
const MAX_SECTION_CHARS: usize = 20;
const MAX_SECTION_WORDS: usize = 2;
/// The shortest heading that is recognised at the beginning of a title, in letters and digits.
const MIN_HEADING_CHARS: usize = 10;

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
    let cleaned = |title: Option<&str>| title.and_then(clean_title);
    let (feed, json_ld, social) = (cleaned(titles.feed), cleaned(titles.json_ld), cleaned(titles.social));
    let document = cleaned(titles.document);
    let headings: Vec<String> = titles.headings.iter().filter_map(|heading| clean_title(heading)).collect();
    choose_among(&TitleCandidates {
        feed: feed.as_deref(),
        json_ld: json_ld.as_deref(),
        social: social.as_deref(),
        document: document.as_deref(),
        headings: &headings,
        ..*titles
    })
}

/// Returns a title in one line, with the references decoded that templates escape twice, and without the mark of a link to itself; `None`
/// where nothing is left, or where a script was to fill it in.
fn clean_title(title: &str) -> Option<String> {
    let decoded = decode_entities(title);
    let decoded = decode_entities(&decoded);
    let is_template = [("{{", "}}"), ("{%", "%}"), ("${", "}")]
        .iter()
        .any(|(open, close)| decoded.split_once(open).is_some_and(|(_, rest)| rest.contains(close)));
    let line = collapse_whitespace(&decoded);
    let line = line.trim_end_matches([' ', '¶', '\u{1f517}']);
    (!is_template && !line.is_empty()).then(|| line.to_owned())
}

fn choose_among(titles: &TitleCandidates<'_>) -> Option<String> {
    let head_titles: Vec<String> = [titles.social, titles.json_ld, titles.document]
        .into_iter()
        .flatten()
        .map(|title| strip_site_name(title, titles))
        .filter(|title| !title.is_empty())
        .collect();
    let agrees = |heading: &&String| {
        let heading = alphanumeric_key(heading);
        heading.len() > 3
            && (head_titles
                .iter()
                .any(|title| alphanumeric_key(title) == heading || begins_with_heading(title, &heading))
                || titles.feed.is_some_and(|feed| alphanumeric_key(feed) == heading))
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
                .filter(|heading| is_only_heading(titles.headings) && is_similar(heading, &head_titles))
        })
        .or_else(|| head_titles.iter().skip(1).find(|title| is_prefix_of_first(title, &head_titles)))
        .or(head_titles.first())
        .or_else(|| titles.headings.first())
        .cloned()
        .or_else(|| titles.feed.map(collapse_whitespace))
}

/// Of each separator so many are tried in one title: a title has a few, a hostile one thousands.
const MAX_SEPARATORS: usize = 8;

/// Returns whether a title consists of a heading, given by its letters and digits, and of names behind a separator.
fn begins_with_heading(title: &str, heading: &str) -> bool {
    heading.chars().count() >= MIN_HEADING_CHARS
        && SEPARATORS
            .iter()
            .flat_map(|separator| title.match_indices(separator).take(MAX_SEPARATORS))
            .any(|(at, _)| alphanumeric_key(&title[..at]) == heading)
}

/// Returns whether there is one heading, with or without its labels.
fn is_only_heading(headings: &[String]) -> bool {
    match headings {
        [_] => true,
        [bare, whole] => whole.len() > bare.len() && whole.contains(bare.as_str()),
        _ => false,
    }
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
    let mut is_stripped = false;
    for _ in 0..3 {
        let Some(stripped) = strip_site_name_once(&title, titles) else {
            break;
        };
        title = stripped;
        is_stripped = true;
    }
    match strip_section(&title) {
        Some(stripped) if is_stripped => stripped,
        _ => title,
    }
}

/// Removes the short name of a section behind a bar, which the site's name followed.
fn strip_section(title: &str) -> Option<String> {
    let (head, section) = title.rsplit_once(" | ")?;
    let is_short = section.chars().count() <= MAX_SECTION_CHARS && section.split_whitespace().count() <= MAX_SECTION_WORDS;
    (is_short && head.split_whitespace().count() > MAX_SECTION_WORDS).then(|| head.trim().to_owned())
}

/// Returns the index of a mark that blogs put before their name.
fn find_opening_mark(title: &str) -> Option<usize> {
    OPENING_MARKS.iter().find_map(|(mark, closing)| {
        let at = title.rfind(mark)?;
        let name = &title[at + mark.len()..];
        let is_name = !name.contains(*closing) && (1..=MAX_SITE_CHARS).contains(&name.chars().count());
        is_name.then_some(at)
    })
}

fn strip_site_name_once(title: &str, titles: &TitleCandidates<'_>) -> Option<String> {
    if let Some(at) = find_opening_mark(title) {
        return Some(title[..at].trim().to_owned());
    }
    let last = SEPARATORS
        .iter()
        .filter_map(|s| Some((title.rfind(s)?, s.len())))
        .max_by_key(|(at, _)| *at)?;
    let (head, tail) = (&title[..last.0], &title[last.0 + last.1..]);
    // A name that was cut off: a single letter behind a dash or a bar.
    let is_cut = tail.chars().count() == 1 && tail.chars().all(char::is_alphabetic) && head.split_whitespace().count() > 2;
    if is_cut
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
    // Addresses often lack the article of a name: `Le Journal` at journal.example.
    let bare = part
        .split_once(' ')
        .filter(|(article, _)| ["le", "la", "les", "the", "el", "der", "die", "das", "o", "il"].contains(&article.to_lowercase().as_str()))
        .map(|(_, name)| alphanumeric_key(name));
    let part = alphanumeric_key(part);
    if part.is_empty() {
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
    let is_host = |part: &str| part == host || (!name.is_empty() && (part == name || (name.len() > 4 && part.starts_with(&name))));
    (!site.is_empty() && (part == site || (part.len() > 3 && site.contains(&part)) || (site.len() > 3 && part.starts_with(&site))))
        || is_host(&part)
        || bare.is_some_and(|bare| is_host(&bare))
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
    fn the_marks_of_templates_are_removed() {
        for (document, headings, expected) in [
            ("Le fleuve monte ‹ Le Soir", &[][..], "Le fleuve monte"),
            ("Le fleuve monte « Le Soir", &[], "Le fleuve monte"),
            ("Le maire « furieux » contre le bac", &[], "Le maire « furieux » contre le bac"),
            ("Le maire dit « non »", &[], "Le maire dit « non »"),
            ("Le fleuve monte à Kobé | Eau - Le Sahel", &[], "Le fleuve monte à Kobé"),
            ("Le fleuve monte | Eau et climat | Le Soir", &["Le fleuve monte"], "Le fleuve monte"),
            ("Eau - Le Soir", &["Eau"], "Eau"),
            ("L&rsquo;eau monte à Kobé - J", &[], "L’eau monte à Kobé"),
            ("L&amp;rsquo;eau monte", &[], "L’eau monte"),
            ("Recherche & développement", &[], "Recherche & développement"),
            ("Le fleuve - Le Soir", &["Le fleuve¶"], "Le fleuve"),
            ("Le fleuve | Le Soir", &["{{ article.title }}"], "Le fleuve | Le Soir"),
            ("Vitamine - K", &[], "Vitamine - K"),
        ] {
            assert_eq!(chosen(document, headings, None), expected, "{document}");
        }
        let titles = TitleCandidates {
            document: Some("{{page.title}} - Le Soir"),
            ..TitleCandidates::default()
        };
        assert_eq!(choose_title(&titles), None);
        assert_eq!(
            chosen("The river rises - River Post", &[], Some("The River Post")),
            "The river rises"
        );
        let host = TitleCandidates {
            document: Some("Le bac repart - Le Journal du Fleuve"),
            host: Some("journal.example"),
            ..TitleCandidates::default()
        };
        assert_eq!(choose_title(&host).as_deref(), Some("Le bac repart"));
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
