//! The lookup of agencies by their names and initials.

use crate::model::Agency;
use crate::text::fold::fold;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words before the name of an agency that belong to no name.
const ARTICLES: [&str; 12] = [
    "l",
    "la",
    "le",
    "the",
    "agence",
    "agency",
    "agencia",
    "agencies",
    "agences",
    "وكاله",
    "وكالات",
    "انباء",
];
/// Words behind it.
const ENDINGS: [&str; 5] = ["news", "agency", "service", "staff", "africa"];

/// The agencies by name, in the form of [`key`].
static BY_NAME: LazyLock<HashMap<String, Agency>> = LazyLock::new(|| {
    let named = |agency: Agency| agency.names().names.iter().map(move |name| (key(name), agency));
    Agency::all().flat_map(named).collect()
});

/// Returns the form in which names are compared: folded words with single spaces; single letters in a row (`A.F.P.`, `أ ف ب`) are one word.
fn key(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    let mut was_single = false;
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_single = word.chars().nth(1).is_none();
        let joins = was_single && is_single;
        if !joins && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        was_single = is_single;
    }
    out
}

/// Returns the agency that `text` names, and nothing but it. `place` is the place of the dateline, if there is one.
pub(super) fn agency_named(text: &str, language: &str, place: &str) -> Option<Agency> {
    /// The longest names have some forty characters.
    const MAX_NAME_BYTES: usize = 120;
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    if text.is_empty() || text.len() > MAX_NAME_BYTES {
        return None;
    }
    by_name(text).or_else(|| by_initials(text, language, place))
}

/// Returns the agency of which `text` ends in the full name, such as `Awa Diallo Associated Press`.
pub(super) fn agency_at_end(text: &str) -> Option<Agency> {
    let key = key(text);
    let starts = key.match_indices(' ').map(|(at, _)| &key[at + 1..]);
    starts.filter(|end| end.contains(' ')).find_map(|end| BY_NAME.get(end).copied())
}

/// Returns the agency that is an outlet of this name or owner, such as `AIB` or `Agence d'information du Burkina (AIB)`.
#[must_use]
pub fn agency_of_outlet(name: &str) -> Option<Agency> {
    let parts = name.split(['(', ')', '|', '–', '—']);
    std::iter::once(name).chain(parts).find_map(|part| agency_named(part, "", ""))
}

fn by_name(text: &str) -> Option<Agency> {
    let key = key(text);
    let mut rest = key.as_str();
    loop {
        if let Some(agency) = BY_NAME.get(rest) {
            return Some(*agency);
        }
        if let Some((first, after)) = rest.split_once(' ').filter(|(first, _)| ARTICLES.contains(first)) {
            debug_assert!(!first.is_empty(), "a key has no empty word");
            rest = after;
        } else if let Some((before, _)) = rest.rsplit_once(' ').filter(|(_, last)| ENDINGS.contains(last)) {
            rest = before;
        } else {
            return None;
        }
    }
}

fn by_initials(text: &str, language: &str, place: &str) -> Option<Agency> {
    // `l'APS`, `the AP`.
    let text = text
        .rsplit([' ', '\'', '’'])
        .next()
        .filter(|last| is_article(text, last))
        .unwrap_or(text);
    let initials: String = text.chars().filter(|c| *c != '.').collect();
    let place = fold(place);
    let is_of_language = |languages: &[&str]| languages.is_empty() || languages.iter().any(|own| language.starts_with(own));
    let is_of_place = |places: &[&str]| places.is_empty() || place.split(|c: char| !c.is_alphanumeric()).any(|word| places.contains(&word));
    Agency::all().find(|agency| {
        let names = agency.names();
        names.initials.contains(&initials.as_str()) && is_of_language(names.languages) && is_of_place(names.places)
    })
}

/// Returns whether all that stands before `last` in `text` are articles.
fn is_article(text: &str, last: &str) -> bool {
    let before = fold(&text[..text.len() - last.len()]);
    let mut words = before.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| ARTICLES.contains(&word))
}
