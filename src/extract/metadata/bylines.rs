//! Parsing of bylines into the names of authors.

use crate::extract::normalize::collapse_whitespace;
use crate::model::Author;

/// Words before a name; longer ones come first.
const BYLINE_PREFIXES: &[&str] = &[
    "written by",
    "posted by",
    "published by",
    "submitted by",
    "soumis par",
    "envoyé par",
    "publié par",
    "écrit par",
    "rédigé par",
    "propos recueillis par",
    "proposé par",
    "reported by",
    "article by",
    "story by",
    "words by",
    "text by",
    "authors",
    "author",
    "by",
    "par",
    "por",
    "von",
    "بقلم",
    "كتب",
];
/// Words that mark a part of a byline as a role.
const ROLE_WORDS: &[&str] = &[
    "agencies",
    "analyst",
    "avec",
    "chief",
    "columnist",
    "contributor",
    "correspondant",
    "correspondante",
    "correspondent",
    "editor",
    "envoyé",
    "journalist",
    "journaliste",
    "producer",
    "rédacteur",
    "rédactrice",
    "reporter",
    "spécial",
    "staff",
    "stagiaire",
    "writer",
];
/// Placeholders and account names in place of an author.
const PLACEHOLDER_NAMES: &[&str] = &[
    "by",
    "written by",
    "admin",
    "administrator",
    "administrateur",
    "author",
    "auteur",
    "webmaster",
    "editor",
    "root",
    "user",
    "unknown",
    "null",
];
const MAX_AUTHORS: usize = 12;

/// Returns the authors in the given bylines, without duplicates.
pub(in crate::extract) fn parse_bylines<'a>(bylines: impl IntoIterator<Item = &'a str>) -> Vec<Author> {
    let mut found: Vec<Author> = Vec::new();
    for byline in bylines {
        let (byline, email) = split_email(byline);
        for part in split_names(&byline) {
            let Some(name) = clean_name(&part) else { continue };
            let known = found.iter().any(|own| own.name.to_lowercase() == name.to_lowercase());
            if !known && found.len() < MAX_AUTHORS {
                found.push(Author { name, email: None });
            }
        }
        if let (Some(email), [only]) = (email, found.as_mut_slice()) {
            only.email.get_or_insert(email);
        }
    }
    found
}

/// Returns a byline without email addresses, and the first of them.
fn split_email(byline: &str) -> (String, Option<String>) {
    let is_email = |word: &str| {
        word.split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let email = byline.split_whitespace().map(bare).find(|word| is_email(word));
    let kept: Vec<&str> = byline.split_whitespace().filter(|word| !is_email(&bare(word))).collect();
    (kept.join(" "), email)
}

/// Returns whether a line starts with the words of a byline, such as "by" or "par".
pub(in crate::extract) fn is_byline(line: &str) -> bool {
    strip_byline_prefix(line).len() < line.trim().len()
}

/// Words that start the date after a name; pages often write them without a space.
const DATE_PREFIXES: &[&str] = &[
    "Published",
    "Updated",
    "Last Updated",
    "Last updated",
    "Posted",
    "Publié",
    "Mis à jour",
    "Veröffentlicht",
    " on Monday",
    " on Tuesday",
    " on Wednesday",
    " on Thursday",
    " on Friday",
    " on Saturday",
    " on Sunday",
];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Prefixes of the French weekdays.
const FRENCH_WEEKDAYS: [&str; 7] = ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"];

/// Returns the index of a French date such as ` le lundi` or ` le 5`.
fn find_french_date(text: &str) -> Option<usize> {
    text.match_indices(" le ").map(|(at, _)| at).find(|at| {
        let rest = text[at + 4..].to_lowercase();
        rest.starts_with(|c: char| c.is_ascii_digit()) || FRENCH_WEEKDAYS.iter().any(|day| rest.starts_with(day))
    })
}

/// Removes the date after a name.
fn strip_date(text: &str) -> &str {
    let ends = DATE_PREFIXES.iter().filter_map(|end| text.find(end));
    let months = MONTHS.iter().flat_map(|month| text.match_indices(month)).filter_map(|(at, month)| {
        let rest = text[at + month.len()..].trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '.' || c == ' ');
        rest.starts_with(|c: char| c.is_ascii_digit()).then_some(at)
    });
    ends.chain(months)
        .chain(find_french_date(text))
        .min()
        .map_or(text, |at| text[..at].trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.'))
}

fn split_names(byline: &str) -> Vec<String> {
    let byline = byline.replace("&amp;", "&");
    let text = strip_date(strip_byline_prefix(&byline));
    let text = text.split(['(', '|', '•', '·', '[']).next().unwrap_or_default();
    let mut text = text.replace([';', '&'], ",");
    for and in [" / ", " and ", " et ", " und ", " y ", " و "] {
        text = text.replace(and, ",");
    }
    text.split(',').map(|part| strip_byline_prefix(part.trim()).to_owned()).collect()
}

fn strip_byline_prefix(text: &str) -> &str {
    let text = text.trim();
    for prefix in BYLINE_PREFIXES {
        let Some(head) = text.get(..prefix.len()) else { continue };
        let rest = &text[prefix.len()..];
        if head.to_lowercase() == *prefix && rest.starts_with(|c: char| c.is_whitespace() || c == ':') {
            return rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':');
        }
        // Some templates omit the space: `ByAwa Diallo`.
        if head == "By" && rest.starts_with(char::is_uppercase) {
            return rest;
        }
    }
    text
}

/// Returns a part of a byline as a name; `None` where it is a role, a placeholder, an address or a date.
fn clean_name(part: &str) -> Option<String> {
    let name = collapse_whitespace(part);
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != '’' && c != '\'');
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let fits = (2..=60).contains(&name.chars().count()) && words.len() <= 6;
    let is_role = words.iter().any(|word| ROLE_WORDS.contains(word));
    let is_address = lower.contains("http") || lower.contains("www.") || part.trim().starts_with('@');
    let is_date = name.chars().filter(char::is_ascii_digit).count() > 2 || name.starts_with(|c: char| c.is_ascii_digit());
    (fits && !is_role && !is_address && !is_date && !PLACEHOLDER_NAMES.contains(&lower.as_str())).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(byline: &str) -> Vec<String> {
        parse_bylines([byline]).into_iter().map(|author| author.name).collect()
    }

    #[test]
    fn bylines_are_parsed() {
        for (byline, expected) in [
            ("Par Awa Diallo", vec!["Awa Diallo"]),
            ("By: Awa Diallo and Idi Moussa, Staff Writer", vec!["Awa Diallo", "Idi Moussa"]),
            ("Awa Diallo (à Niamey) | 5 mai", vec!["Awa Diallo"]),
            ("Awa Diallo et Idi Moussa", vec!["Awa Diallo", "Idi Moussa"]),
            ("بقلم: أحمد ولد محمد", vec!["أحمد ولد محمد"]),
            ("Parfait Bazié", vec!["Parfait Bazié"]),
            ("admin", vec![]),
            ("https://www.facebook.com/x", vec![]),
            ("@awa", vec![]),
            ("awa diallo, Awa Diallo", vec!["awa diallo"]),
            ("12/05/2023", vec![]),
            ("By Peter Ewane, 5 February, 2024", vec!["Peter Ewane"]),
            ("Soumis par Rabi Laouali le lun, 22/11/2021 - 09:40", vec!["Rabi Laouali"]),
            ("Rédigé par Coumba Sow le Vendredi 9 Mars 2018", vec!["Coumba Sow"]),
            ("Par Yves le Goff", vec!["Yves le Goff"]),
            ("", vec![]),
        ] {
            assert_eq!(names(byline), expected, "{byline}");
        }
    }

    #[test]
    fn an_email_address_is_kept_with_its_author() {
        let found = parse_bylines(["Awa Diallo <awa@journal.example>"]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "Awa Diallo");
        assert_eq!(found[0].email.as_deref(), Some("awa@journal.example"));
    }
}
