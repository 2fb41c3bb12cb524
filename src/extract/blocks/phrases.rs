//! What the words of a line say: calls to share, to read on, to subscribe; credits; bylines; rights.

use crate::extract::trim::CALLS;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// How many kinds of words there are.
pub(super) const KINDS: usize = 13;
/// How many of them are told by how a line begins.
const BEGINNINGS: usize = 2;

/// The name of the words that notices behind an article hold: who else wrote it, who answers for it, who may print it.
const NOTICE: &str = "notice words";

/// The kinds of words, each with the phrases that give it, in lower case. The first ones begin a line, the others stand anywhere in it.
const PHRASES: [(&str, &[&str]); KINDS] = [
    ("call", CALLS),
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
        "letter words",
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
        NOTICE,
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
struct Finder {
    automaton: AhoCorasick,
    /// The kind of each phrase.
    kinds: Vec<usize>,
}

static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let phrases = || {
        PHRASES
            .iter()
            .enumerate()
            .flat_map(|(kind, (_, phrases))| phrases.iter().map(move |phrase| (kind, *phrase)))
    };
    Finder {
        automaton: AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(phrases().map(|(_, phrase)| phrase))
            .expect("the phrases are few and short"),
        kinds: phrases().map(|(kind, _)| kind).collect(),
    }
});

/// Returns the name of a kind.
pub(super) fn name(kind: usize) -> &'static str {
    PHRASES[kind].0
}

/// Says what a line in lower case certainly is, if it is a call to something else or a notice.
pub(super) fn certainly(lower: &str) -> Option<&'static str> {
    let counts = count(lower);
    let is_notice = PHRASES.iter().zip(counts).any(|((name, _), count)| *name == NOTICE && count > 0);
    let is_credit = || is_agency(lower).then_some("credits an agency");
    match (counts[0] > 0, is_notice) {
        (true, _) => Some("calls to something else"),
        (_, true) => Some("a notice"),
        _ => is_credit(),
    }
}

/// News agencies, as a line behind an article credits them.
const AGENCIES: &[&str] = &[
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
/// Words around their names.
const CREDITING: &[&str] = &[
    "agence", "agences", "agencies", "and", "avec", "by", "et", "from", "par", "source", "sources", "with",
];

/// Says whether a line holds nothing but the names of news agencies, such as `(avec AFP)`.
fn is_agency(lower: &str) -> bool {
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words().any(|word| AGENCIES.contains(&word)) && words().all(|word| AGENCIES.contains(&word) || CREDITING.contains(&word))
}

/// Counts the different phrases of each kind in a line in lower case.
pub(super) fn count(lower: &str) -> [usize; KINDS] {
    let begin = lower.len()
        - lower
            .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '(')
            .len();
    let mut counts = [0; KINDS];
    let mut seen = vec![false; FINDER.kinds.len()];
    for found in FINDER.automaton.find_overlapping_iter(lower) {
        let phrase = found.pattern().as_usize();
        let kind = FINDER.kinds[phrase];
        if kind < BEGINNINGS {
            counts[kind] |= usize::from(found.start() == begin);
        } else if !std::mem::replace(&mut seen[phrase], true) {
            counts[kind] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str, kind: &str) -> usize {
        let at = PHRASES.iter().position(|(name, _)| *name == kind).expect("a kind");
        count(&line.to_lowercase())[at]
    }

    #[test]
    fn calls_begin_a_line() {
        assert_eq!(of("» Lire aussi : le marché rouvre", "call"), 1);
        assert_eq!(of("Il faut lire aussi les lettres", "call"), 0);
        assert_eq!(of("Par Moussa Diallo", "byline words"), 1);
        assert_eq!(of("Passé par Moussa Diallo", "byline words"), 0);
    }

    #[test]
    fn what_is_certain_is_told() {
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
            assert_eq!(certainly(&line.to_lowercase()), expected, "{line}");
        }
    }

    #[test]
    fn a_phrase_counts_once() {
        assert_eq!(of("Share on Facebook, Facebook, Facebook or WhatsApp", "share words"), 3);
        assert_eq!(of("", "share words"), 0);
    }
}
