//! Phrases that mark boilerplate: calls to share, to read on, to subscribe; credits; bylines; rights.

use super::call_phrases::CALL_PHRASES;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// The number of kinds of phrases.
pub(super) const KIND_COUNT: usize = 13;
/// How many kinds, the first ones, are matched at the start of a line only.
const LINE_START_KINDS: usize = 2;

/// The kind of phrases that notices below an article hold: who else wrote it, who is liable for it, who may print it.
const NOTICE_KIND: &str = "notice words";

/// The kinds of phrases, each with its phrases in lower case. The name of a kind is the name of its feature.
const KIND_PHRASES: [(&str, &[&str]); KIND_COUNT] = [
    ("call to action", CALL_PHRASES),
    (
        "byline words",
        &[
            "by ",
            "par ",
            "por ",
            "von ",
            "di ",
            "بقلم",
            "written by",
            "posted ",
            "published",
            "publié",
            "mis à jour",
            "updated",
            "last modified",
            "last updated",
            "posted on",
            "posted by",
            "text:",
            "reporting by",
            "editing by",
            "additional reporting",
            "avec afp",
            "with ",
            "source:",
            "(afp)",
            "– afp",
            "contact the",
            "contact ",
            "email ",
            "follow him",
            "follow her",
            "is a ",
            "about the author",
        ],
    ),
    (
        "share words",
        &[
            "share",
            "facebook",
            "twitter",
            "whatsapp",
            "tweet",
            "partag",
            "teilen",
            "compart",
            "pinterest",
            "linkedin",
            "telegram",
            "instagram",
            "شارك",
        ],
    ),
    (
        "newsletter words",
        &[
            "newsletter",
            "subscri",
            "sign up",
            "signup",
            "inbox",
            "e-mail",
            "email",
            "abonn",
            "inscri",
            "suscr",
            "assin",
            "anmeld",
            "download",
            "app store",
            "log in",
            "login",
            "register",
            "account",
        ],
    ),
    (
        "related words",
        &[
            "read more",
            "related",
            "more from",
            "lire aussi",
            "à lire",
            "see also",
            "read also",
            "lire la suite",
            "more stories",
            "recommended",
            "also read",
            "mehr",
            "اقرأ",
            "weiterlesen",
            "learn more",
            "click here",
            "most popular",
            "trending",
            "editor's picks",
            "latest",
        ],
    ),
    (
        "rights words",
        &[
            "©",
            "copyright",
            "rights reserved",
            "droits réservés",
            "reproduction",
            "all rights",
            "licens",
            "terms of",
            "privacy",
            "cookie",
            "disclaimer",
            "conditions",
            "permission",
            "syndicat",
        ],
    ),
    (
        "comment words",
        &["comment", "repl", "kommentar", "تعليق", "coment", "moderat", "discussion"],
    ),
    (
        "credit words",
        &[
            "photo",
            "image",
            "getty",
            "credit",
            "crédit",
            "picture",
            "afp",
            "reuters",
            "shutterstock",
            "courtesy",
            "file/",
            "epa",
            "(ap",
            "illustration",
            "video",
            "vidéo",
            "foto",
            "bild:",
        ],
    ),
    (
        "biography words",
        &[
            "is a reporter",
            "is a freelance",
            "is a writer",
            "is the author",
            "is an editor",
            "is a journalist",
            "is a staff",
            "he writes",
            "she writes",
            "has written",
            "joined ",
            "years of experience",
            "is a senior",
            "covers ",
            "contributed to this",
            "contributing",
            "correspondent",
            "journaliste",
            "follow him",
            "follow her",
            "reached at",
            "reach him",
            "can be reached",
            "twitter @",
        ],
    ),
    (
        "advertisement words",
        &[
            "advertis",
            "sponsor",
            "affiliate",
            "publicité",
            "anzeige",
            "werbung",
            "commission",
            "promo",
            "buy now",
            "shop ",
            "offer",
            "deal",
            "$",
            "discount",
            "free trial",
        ],
    ),
    (
        "sequence words",
        &[
            "next",
            "previous",
            "page",
            "loading",
            "continue reading",
            "story continues",
            "article continues",
            "click",
            "tap",
            "scroll",
            "play",
            "watch",
            "listen",
            "close",
            "skip",
            "menu",
            "home",
        ],
    ),
    (
        NOTICE_KIND,
        &[
            "appeared first on",
            "est apparu en premier sur",
            "apareció primero en",
            "contributed reporting",
            "contributed to this report",
            "contributed to this story",
            "contributed to this article",
            "not necessarily reflect",
            "not necessarily represent",
            "ne reflètent pas nécessairement",
            "n'engagent que",
            "n’engagent que",
            "toute reproduction",
            "reproduction interdite",
            "rights reserved",
            "droits réservés",
            "may not be published, broadcast",
            "حقوق النشر",
            "لا تعبر بالضرورة",
        ],
    ),
    (
        "topic words",
        &[
            "tags",
            "topics",
            "filed under",
            "categor",
            "posted in",
            "mots-clés",
            "thèmes",
            "keywords",
            "source",
            "published",
            "updated",
            "minutes",
            "min read",
            "hours ago",
            "days ago",
            "views",
        ],
    ),
];

/// Finds all phrases in one pass.
struct PhraseMatcher {
    automaton: AhoCorasick,
    /// The kind of each phrase.
    kinds: Vec<usize>,
}

static PHRASE_MATCHER: LazyLock<PhraseMatcher> = LazyLock::new(|| {
    let phrases = || {
        KIND_PHRASES
            .iter()
            .enumerate()
            .flat_map(|(kind, (_, phrases))| phrases.iter().map(move |phrase| (kind, *phrase)))
    };
    PhraseMatcher {
        automaton: AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(phrases().map(|(_, phrase)| phrase))
            .expect("the phrases are few and short"),
        kinds: phrases().map(|(kind, _)| kind).collect(),
    }
});

/// Returns the name of a kind.
pub(super) fn kind_name(kind: usize) -> &'static str {
    KIND_PHRASES[kind].0
}

/// Returns why a line in lower case is boilerplate for certain: it is a call to something else, a notice or a credit.
pub(super) fn certain_reason(lower: &str) -> Option<&'static str> {
    let counts = count_phrases(lower);
    let is_notice = KIND_PHRASES
        .iter()
        .zip(counts)
        .any(|((name, _), count)| *name == NOTICE_KIND && count > 0);
    let is_credit = || is_agency_credit(lower).then_some("credits an agency");
    match (counts[0] > 0, is_notice) {
        (true, _) => Some("calls to something else"),
        (_, true) => Some("a notice"),
        _ => is_credit(),
    }
}

/// News agencies, as a line below an article credits them.
const NEWS_AGENCIES: &[&str] = &[
    "afp",
    "aib",
    "amap",
    "anp",
    "ap",
    "apa",
    "aps",
    "map",
    "nan",
    "panapress",
    "pana",
    "reuters",
    "xinhua",
];
/// Words that may stand with their names in a credit.
const CREDIT_WORDS: &[&str] = &[
    "agence", "agences", "agencies", "and", "avec", "by", "et", "from", "par", "source", "sources", "with",
];

/// Returns whether a line in lower case holds nothing but the names of news agencies, such as `(avec AFP)`.
fn is_agency_credit(lower: &str) -> bool {
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().any(|word| NEWS_AGENCIES.contains(&word)) && words().all(|word| NEWS_AGENCIES.contains(&word) || CREDIT_WORDS.contains(&word))
}

/// Returns how many different phrases of each kind a line in lower case has.
pub(super) fn count_phrases(lower: &str) -> [usize; KIND_COUNT] {
    let line_start = lower.len()
        - lower
            .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '(')
            .len();
    let mut counts = [0; KIND_COUNT];
    let mut seen = vec![false; PHRASE_MATCHER.kinds.len()];
    for found in PHRASE_MATCHER.automaton.find_overlapping_iter(lower) {
        let phrase = found.pattern().as_usize();
        let kind = PHRASE_MATCHER.kinds[phrase];
        if kind < LINE_START_KINDS {
            counts[kind] |= usize::from(found.start() == line_start);
        } else if !std::mem::replace(&mut seen[phrase], true) {
            counts[kind] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count_in(line: &str, kind: &str) -> usize {
        let at = KIND_PHRASES.iter().position(|(name, _)| *name == kind).expect("a kind");
        count_phrases(&line.to_lowercase())[at]
    }

    #[test]
    fn calls_are_matched_at_the_start_of_a_line_only() {
        assert_eq!(count_in("» Lire aussi : le marché rouvre", "call to action"), 1);
        assert_eq!(count_in("Il faut lire aussi les lettres", "call to action"), 0);
        assert_eq!(count_in("Par Moussa Diallo", "byline words"), 1);
        assert_eq!(count_in("Passé par Moussa Diallo", "byline words"), 0);
    }

    #[test]
    fn certain_boilerplate_has_a_reason() {
        for (line, expected) in [
            ("Karanta kuma: kasuwa ta sake buɗewa", Some("calls to something else")),
            ("Awa Diallo contributed to this report.", Some("a notice")),
            ("Ces propos n’engagent que leur auteur.", Some("a notice")),
            ("(avec AFP et Reuters)", Some("credits an agency")),
            ("Source : APA", Some("credits an agency")),
            ("Avec l’AFP, le ministre a signé un accord.", None),
            ("Avec", None),
            ("", None),
        ] {
            assert_eq!(certain_reason(&line.to_lowercase()), expected, "{line}");
        }
    }

    #[test]
    fn a_repeated_phrase_counts_once() {
        assert_eq!(count_in("Share on Facebook, Facebook, Facebook or WhatsApp", "share words"), 3);
        assert_eq!(count_in("", "share words"), 0);
    }
}
