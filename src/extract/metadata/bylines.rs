//! Parsing of bylines into the names of authors.

use crate::extract::normalize::collapse_whitespace;
use crate::model::Author;
use crate::text::date::is_month_name;
use crate::text::entities::decode_entities;

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
    "daga",
    "بقلم",
    "كتبت",
    "كتب",
    "إعداد",
    "تقرير",
    "تحرير",
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
/// Degrees behind a name.
const DEGREES: &[&str] = &[
    "phd", "ph.d", "ph.d.", "md", "m.d.", "ma", "m.a.", "msc", "m.sc.", "mba", "bsc", "ba", "b.a.", "jd", "rn", "rd", "dr", "esq", "jr",
];
/// Words that begin the place of an author: `Par Awa Diallo, à Niamey`.
const PLACE_PREFIXES: &[&str] = &[
    "à ", "au ", "aux ", "en ", "in ", "from ", "depuis ", "at ", "aus ", "desde ", "em ", "a ", "من ", "في ",
];
/// Words of commenters: `Kader dit :`.
const SAYING_WORDS: &[&str] = &["dit", "says", "said", "dijo", "dice", "schreibt", "sagt", "disse", "يقول", "قال"];
/// Labels of links to social networks and of forms, which stand in boxes about authors.
const BOX_LABELS: &[&str] = &[
    "twitter",
    "facebook",
    "instagram",
    "linkedin",
    "youtube",
    "whatsapp",
    "telegram",
    "tiktok",
    "pinterest",
    "email",
    "mail",
    "website",
    "rss",
    "siteweb",
    "nom",
    "name",
    "suivre",
    "follow",
    "share",
    "partager",
    "contact",
    "profil",
    "profile",
    "الاسم",
    "nombre",
    "nome",
];
/// Lower-case words within names.
const PARTICLES: &[&str] = &[
    "de", "du", "da", "dos", "das", "des", "di", "del", "della", "la", "le", "el", "al", "ben", "bin", "ibn", "bint", "ould", "mint",
    "van", "von", "der", "den", "ter", "dit", "y", "e", "et", "and", "und", "na",
];
/// Words that begin no name.
const ARTICLES: &[&str] = &[
    "le", "la", "les", "the", "un", "une", "el", "los", "las", "der", "die", "das", "notre", "our", "this", "ce", "cette",
];
/// Arabic words that stand in sentences and in no name.
const ARABIC_SENTENCE_WORDS: &[&str] = &[
    "إلى",
    "الى",
    "من",
    "في",
    "على",
    "عن",
    "أن",
    "ان",
    "إن",
    "مع",
    "هذا",
    "هذه",
    "التي",
    "الذي",
    "بعد",
    "قبل",
    "رسالة",
    "بين",
];

/// Returns the authors in the given bylines, without duplicates.
pub(in crate::extract) fn parse_bylines<'a>(bylines: impl IntoIterator<Item = &'a str>) -> Vec<Author> {
    let mut found: Vec<Author> = Vec::new();
    for byline in bylines {
        let byline = decode_entities(byline);
        let (byline, email) = split_email(&byline);
        for part in family_names_last(&byline).unwrap_or_else(|| split_names(&byline)) {
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

/// Returns the authors of a line that nothing marks as a byline, if it begins as one and is little more than names: with a place, a role, or a
/// date. None for sentences, such as "Par ailleurs, la mairie promet une réunion".
pub(in crate::extract) fn parse_unmarked_byline(line: &str) -> Vec<Author> {
    let line = decode_entities(line);
    let rest = strip_byline_prefix(&line);
    if rest.len() == line.trim().len() {
        return Vec::new();
    }
    let parts = split_names(&line);
    let is_other = |part: &str| part.is_empty() || is_place(part) || is_degree(part) || is_role(part) || part.chars().any(char::is_numeric);
    let first_is_name = parts.first().is_some_and(|part| is_name_shaped(part));
    if first_is_name && parts.iter().all(|part| is_name_shaped(part) || is_other(part)) {
        parse_bylines([line.as_ref()])
    } else {
        Vec::new()
    }
}

/// Returns the author that a line signs, which is nothing but a name.
pub(in crate::extract) fn parse_signature(line: &str) -> Option<Author> {
    let name = clean_name(line).filter(|name| name == line.trim() && is_name_shaped(name))?;
    Some(Author { name, email: None })
}

/// Returns whether a text has the shape of a person's name: two to five capitalised words and particles, or Arabic words of no sentence.
pub(in crate::extract) fn is_name_shaped(text: &str) -> bool {
    let text = text.split(" - ").next().unwrap_or_default().trim();
    let words: Vec<&str> = text.split_whitespace().collect();
    if !(2..=5).contains(&words.len())
        || text
            .chars()
            .any(|c| c.is_numeric() || matches!(c, ',' | ':' | '?' | '!' | '"' | '«' | '»' | '{' | '}'))
    {
        return false;
    }
    let first = words[0].to_lowercase();
    if ARTICLES.contains(&first.as_str()) || words.iter().any(|word| ARABIC_SENTENCE_WORDS.contains(word)) {
        return false;
    }
    let is_arabic = |word: &str| word.chars().next().is_some_and(|c| ('\u{600}'..='\u{6ff}').contains(&c));
    if words.iter().all(|word| is_arabic(word)) {
        return !words[0].starts_with("ال") && words.len() <= 4;
    }
    let is_capitalised = |word: &&str| {
        word.trim_start_matches(|c: char| !c.is_alphabetic())
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
    };
    is_capitalised(&words[0])
        && words.iter().filter(|word| is_capitalised(word)).count() >= 2
        && words
            .iter()
            .all(|word| is_capitalised(word) || PARTICLES.contains(word) || word.starts_with("d'") || word.starts_with("d’"))
        && !words.iter().any(|word| is_month_name(word) && words.len() == 2 && word.len() > 5)
}

fn is_place(part: &str) -> bool {
    let lower = part.trim().to_lowercase();
    PLACE_PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
}

fn is_degree(part: &str) -> bool {
    DEGREES.contains(&part.trim().to_lowercase().as_str())
}

fn is_role(part: &str) -> bool {
    part.to_lowercase().split_whitespace().any(|word| ROLE_WORDS.contains(&word))
}

/// Returns the names of a list such as `Diallo, Awa; Moussa, Idi`, with the given names first.
fn family_names_last(byline: &str) -> Option<Vec<String>> {
    let names: Vec<&str> = byline.split(';').map(str::trim).filter(|name| !name.is_empty()).collect();
    (names.len() > 1).then_some(())?;
    names.into_iter().map(given_name_first).collect()
}

/// Returns `Awa Diallo` for `Diallo, Awa`; `None` where a text has another form.
pub(in crate::extract) fn given_name_first(name: &str) -> Option<String> {
    let (family, given) = name.split_once(',')?;
    let (family, given) = (family.trim(), given.trim());
    let is_short = |text: &str| (1..=3).contains(&text.split_whitespace().count()) && text.starts_with(char::is_uppercase);
    (!given.contains(',') && is_short(family) && is_short(given) && !is_degree(given)).then(|| format!("{given} {family}"))
}

/// Returns whether a text consists of the labels of links and form fields.
fn is_box_label(text: &str) -> bool {
    let key = crate::extract::normalize::alphanumeric_key(text);
    let mut rest = key.as_str();
    while let Some(after) = BOX_LABELS.iter().find_map(|label| rest.strip_prefix(label)) {
        rest = after;
    }
    rest.is_empty()
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
        if head.to_lowercase() == *prefix && rest.starts_with(|c: char| c.is_whitespace() || matches!(c, ':' | '/')) {
            return rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '/'));
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
    if is_place(&name) || is_degree(&name) || is_box_label(&name) || name.contains("{{") {
        return None;
    }
    // A place or an outlet behind a dash: `Awa Diallo - Niamey`.
    let name = [" - ", " – ", " — "]
        .iter()
        .find_map(|dash| name.split_once(dash))
        .map_or(name.as_str(), |(before, _)| before);
    // `Awa Diallo PhD`
    let name = name
        .rsplit_once(' ')
        .filter(|(_, end)| is_degree(end) && *end != "Ma" && *end != "Ba")
        .map_or(name, |(before, _)| before);
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != '’' && c != '\'');
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let fits = (2..=60).contains(&name.chars().count()) && words.len() <= 6;
    let is_role = words.iter().any(|word| ROLE_WORDS.contains(word))
        || words.last().is_some_and(|word| words.len() > 1 && SAYING_WORDS.contains(word));
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
            ("Par Awa Diallo, à Niamey", vec!["Awa Diallo"]),
            ("By Awa Diallo, PhD", vec!["Awa Diallo"]),
            ("By Awa Diallo, MA, and Idi Moussa, MD", vec!["Awa Diallo", "Idi Moussa"]),
            ("Diallo, Awa; Moussa, Idi", vec!["Awa Diallo", "Idi Moussa"]),
            ("Awa N&#039;Diaye", vec!["Awa N'Diaye"]),
            ("كتب/ أحمد ولد محمد", vec!["أحمد ولد محمد"]),
            ("إعداد: أحمد ولد محمد", vec!["أحمد ولد محمد"]),
            ("أحمد ولد محمد - نواكشوط", vec!["أحمد ولد محمد"]),
            ("TwitterFacebook", vec![]),
            ("Nom *", vec![]),
            ("Kader le sage dit :", vec![]),
            ("{{author.name}}", vec![]),
        ] {
            assert_eq!(names(byline), expected, "{byline}");
        }
    }

    #[test]
    fn sentences_are_no_bylines() {
        let names = |line: &str| -> Vec<String> { parse_unmarked_byline(line).into_iter().map(|author| author.name).collect() };
        for line in [
            "Par ailleurs, le marché rouvre.",
            "Par arrêté, le maire ferme le pont",
            "Par la force des choses",
            "By clicking you accept the Privacy Policy and Terms.",
            "By the River",
            "Von hier an geht es weiter",
            "Por otra parte, el mercado abre",
            "كتب الوزير رسالة إلى الصيادين",
            "كتب أحمد رسالة إلى الوزير",
            "Parfait Bazié",
            "Awa Diallo",
        ] {
            assert_eq!(names(line), [""; 0], "{line}");
        }
        for (line, expected) in [
            ("Par Awa Diallo", &["Awa Diallo"][..]),
            ("Par Awa Diallo, à Niamey", &["Awa Diallo"]),
            ("By Awa Diallo and Idi Moussa, Staff Writer", &["Awa Diallo", "Idi Moussa"]),
            ("By Awa de la Cruz, 5 February, 2024", &["Awa de la Cruz"]),
            ("بقلم: أحمد ولد محمد", &["أحمد ولد محمد"]),
        ] {
            assert_eq!(names(line), expected, "{line}");
        }
        assert_eq!(
            parse_signature("Awa Diallo").map(|author| author.name).as_deref(),
            Some("Awa Diallo")
        );
        for line in ["La Rédaction", "Lire aussi", "Le Sahel", "Les faits", "Awa", "Awa Diallo, Niamey"] {
            assert_eq!(parse_signature(line), None, "{line}");
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
