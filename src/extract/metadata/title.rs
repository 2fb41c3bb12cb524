//! The headline: which of a page's many titles it is, and what of it is the site's name.

use crate::extract::normalize::{alphanumeric_key, collapse_whitespace};

const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " » ", " « ", " :: ", " · ", " • ", " ~ ", " / "];

/// What a page offers as its title.
#[derive(Debug, Default)]
pub(in crate::extract) struct Titles<'a> {
    pub hint: Option<&'a str>,
    pub headline: Option<&'a str>,
    pub social: Option<&'a str>,
    pub document: Option<&'a str>,
    pub headings: &'a [String],
    pub site: Option<&'a str>,
    pub host: Option<&'a str>,
}

/// Chooses the headline.
pub(in crate::extract) fn choose(titles: &Titles<'_>) -> Option<String> {
    let shared: Vec<String> = [titles.social, titles.headline, titles.document]
        .into_iter()
        .flatten()
        .map(|title| without_site(title, titles))
        .filter(|title| !title.is_empty())
        .collect();
    let agrees = |heading: &&String| {
        let heading = alphanumeric_key(heading);
        heading.len() > 3
            && (shared.iter().any(|title| alphanumeric_key(title) == heading)
                || titles.hint.is_some_and(|hint| alphanumeric_key(hint) == heading))
    };
    if let Some(inner) = without_kicker(titles) {
        return Some(inner);
    }
    // A heading of the page that its head or its feed repeats is what readers see.
    titles
        .headings
        .iter()
        .find(agrees)
        .or_else(|| {
            titles
                .headings
                .first()
                .filter(|heading| titles.headings.len() == 1 && is_near(heading, &shared))
        })
        .or_else(|| shared.iter().skip(1).find(|title| is_beginning(title, &shared)))
        .or(shared.first())
        .or_else(|| titles.headings.first())
        .cloned()
        .or_else(|| titles.hint.map(collapse_whitespace))
}

/// Says whether what JSON-LD gives is what the head begins with: then the rest of that is the site's.
fn is_beginning(title: &str, shared: &[String]) -> bool {
    let own = alphanumeric_key(title);
    own.len() > 20 && shared.first().is_some_and(|first| alphanumeric_key(first).starts_with(&own))
}

/// The longest kicker, in letters and digits.
const KICKER: usize = 32;

/// Returns the headline that stands behind a kicker in the page's heading: the head has it without.
fn without_kicker(titles: &Titles<'_>) -> Option<String> {
    let plain = [titles.social, titles.headline].into_iter().flatten().map(collapse_whitespace);
    plain.into_iter().find(|title| {
        let own = alphanumeric_key(title);
        own.len() > 20
            && titles.headings.iter().map(|heading| alphanumeric_key(heading)).any(|heading| {
                let kicker = heading.strip_suffix(&own).unwrap_or_default();
                (1..=KICKER).contains(&kicker.chars().count())
            })
    })
}

/// Says whether a heading is one of the titles, but for a few words.
fn is_near(heading: &str, titles: &[String]) -> bool {
    let words = |text: &str| -> std::collections::BTreeSet<String> { text.split_whitespace().map(alphanumeric_key).collect() };
    let own = words(heading);
    titles.iter().any(|title| {
        let other = words(title);
        let shared = own.intersection(&other).count();
        own.len() >= 4 && shared * 10 >= own.len().max(other.len()) * 6
    })
}

/// Cuts the site's name off, before or behind, when it is one.
fn without_site(title: &str, titles: &Titles<'_>) -> String {
    let mut title = collapse_whitespace(title);
    for _ in 0..3 {
        let Some(cut) = cut_once(&title, titles) else { break };
        title = cut;
    }
    title
}

fn cut_once(title: &str, titles: &Titles<'_>) -> Option<String> {
    let last = SEPARATORS
        .iter()
        .filter_map(|s| Some((title.rfind(s)?, s.len())))
        .max_by_key(|(at, _)| *at)?;
    let (head, tail) = (&title[..last.0], &title[last.0 + last.1..]);
    if is_site(tail, titles)
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
    is_site(head, titles).then(|| tail.trim().to_owned())
}

fn is_site(part: &str, titles: &Titles<'_>) -> bool {
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
    (!site.is_empty() && (part == site || (part.len() > 3 && site.contains(&part)) || (site.len() > 3 && part.starts_with(&site))))
        || part == host
        || (!name.is_empty() && (part == name || (name.len() > 4 && part.starts_with(&name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(document: &str, headings: &[&str], site: Option<&str>) -> String {
        let headings: Vec<String> = headings.iter().map(|text| (*text).to_owned()).collect();
        let titles = Titles {
            document: Some(document),
            headings: &headings,
            site,
            host: Some("www.lesahel.example"),
            ..Titles::default()
        };
        choose(&titles).expect("a title")
    }

    #[test]
    fn the_site_is_cut_off_when_it_is_one() {
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
    fn a_heading_that_agrees_is_preferred() {
        assert_eq!(
            chosen("le fleuve monte | X", &["Menu", "Le Fleuve monte"], Some("X")),
            "Le Fleuve monte"
        );
        assert_eq!(chosen("Le fleuve", &["Bienvenue"], None), "Le fleuve");
    }
}
