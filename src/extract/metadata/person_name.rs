//! Whether words look like the name of a person.

/// Words in lower case that names contain.
const PARTICLES: &[&str] = &[
    "ag", "al", "ben", "bin", "bint", "d", "da", "de", "del", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "ibn", "la", "le",
    "mint", "ou", "ould", "ter", "van", "von", "wa",
];
/// Capitalised words that begin or form labels and calls, and no names.
const LABEL_WORDS: &[&str] = &[
    "about",
    "also",
    "article",
    "articles",
    "aussi",
    "clicking",
    "comments",
    "contact",
    "continue",
    "copyright",
    "credit",
    "crédit",
    "crédits",
    "email",
    "end",
    "facebook",
    "fin",
    "follow",
    "here",
    "instagram",
    "join",
    "latest",
    "lire",
    "me",
    "menu",
    "more",
    "news",
    "newsletter",
    "next",
    "note",
    "our",
    "partager",
    "photo",
    "photos",
    "plus",
    "previous",
    "privacy",
    "read",
    "related",
    "share",
    "signing",
    "source",
    "sources",
    "subscribe",
    "suite",
    "suivez",
    "tags",
    "terms",
    "this",
    "twitter",
    "us",
    "video",
    "vidéo",
    "voir",
    "we",
    "whatsapp",
    "you",
    "your",
    "youtube",
];
/// Arabic words that are part of sentences and of no name, without the bare conjunctions.
const ARABIC_FUNCTION_WORDS: &[&str] = &[
    "إلى", "الى", "في", "على", "عن", "من", "أن", "إن", "ان", "مع", "هذا", "هذه", "التي", "الذي", "بعد", "قبل", "خلال", "حول", "ضد", "حتى",
    "لا", "لم", "كان", "قد", "أنه",
];

/// Returns whether `text` consists of `least` to five words of a name, besides particles such as "de" and "ould".
pub(super) fn is_person_name(text: &str, least: usize) -> bool {
    let mut words = 0;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| matches!(c, '.' | ',' | '"' | '“' | '”' | '(' | ')'));
        let Some(first) = bare.chars().next() else { return false };
        let lower = bare.to_lowercase();
        let is_particle = PARTICLES.contains(&lower.as_str()) && first.is_lowercase();
        let is_apostrophe = |c: char| matches!(c, '\'' | '’');
        if !bare
            .chars()
            .all(|c| c.is_alphabetic() || is_mark(c) || is_apostrophe(c) || matches!(c, '-' | '‐' | '.' | '_'))
            || LABEL_WORDS.contains(&lower.as_str())
            || ARABIC_FUNCTION_WORDS.contains(&bare)
        {
            return false;
        }
        if is_particle {
            continue;
        }
        let is_cased = first.is_lowercase() || first.is_uppercase();
        // `d'Almeida`, `al-Hassan`.
        let after_particle = bare
            .split_once(|c: char| is_apostrophe(c) || c == '-')
            .is_some_and(|(head, tail)| PARTICLES.contains(&head) && tail.starts_with(char::is_uppercase));
        if is_cased && !first.is_uppercase() && !after_particle {
            return false;
        }
        words += 1;
    }
    (least..=5).contains(&words)
}

/// Combining marks, such as the vowels of Arabic.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{640}' | '\u{670}')
}

/// Returns whether a text has letters that are capital or small.
pub(super) fn has_case(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_capitals_and_particles() {
        for name in [
            "Awa Diop",
            "Awa N'Diaye",
            "Jean-Paul d'Almeida",
            "Sidi ould Ahmed",
            "Yves le Goff",
            "J. K. Rowland",
            "AWA DIOP",
            "موسى الطاهر",
            "Ousmane de la Tour",
            "Chinua Ọkafọ",
        ] {
            assert!(is_person_name(name, 2), "{name}");
        }
        for other in [
            "Awa",
            "ailleurs",
            "le président nomme",
            "Read More",
            "Awa Diop 3",
            "Lire Aussi",
            "",
            "Awa promet une réunion",
            "الوزير رسالة إلى الصيادين",
            "One Two Three Four Five Six",
        ] {
            assert!(!is_person_name(other, 2), "{other}");
        }
    }
}
