//! Footers that publishing systems append to the texts of feeds: "The post … appeared first on …", "Lire la suite", "[…]". They would make
//! different texts similar, so dedupe and topics read texts without them. Published texts keep them.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// The longest footer; it may contain a long headline.
const MAX_FOOTER_BYTES: usize = 1000;
/// The longest line with a request to read more and a headline.
const MAX_READ_MORE_LINE_BYTES: usize = 300;
/// The highest number of consecutive footers.
const MAX_FOOTERS: usize = 8;

/// The sentences that credit the first publisher: their possible beginnings and middles.
const CREDITS: &[(&[&str], &[&str])] = &[
    (
        &[
            "L'article ",
            "L’article ",
            "Cet article ",
            "Le billet ",
            "Le post ",
            "La publication ",
            "Cette publication ",
        ],
        &[
            " est apparu en premier sur ",
            " est apparu d'abord sur ",
            " est apparu d’abord sur ",
            " est apparu en premier dans ",
            " est apparue en premier sur ",
            " est paru en premier sur ",
            " est parue en premier sur ",
            " est d'abord paru sur ",
            " est d’abord paru sur ",
        ],
    ),
    (&["The post ", "The article ", "The story "], &[" appeared first on "]),
    (
        &["This post ", "This article "],
        &[" appeared first on ", " first appeared on ", " was first published on "],
    ),
    (
        &["ظهرت المقالة ", "ظهر المقال ", "ظهرت التدوينة "],
        &[" أولاً على ", " أولا على ", " اولا على ", " أولاً في ", " أولا في ", " اولا في "],
    ),
    (
        &["التدوينة ", "المقالة ", "المقال "],
        &[" ظهرت أولاً على ", " ظهرت أولا على ", " ظهر أولاً على ", " ظهر أولا على "],
    ),
    (
        &["La entrada "],
        &[" se publicó primero en ", " apareció primero en ", " aparece primero en "],
    ),
    (
        &["O post ", "O artigo ", "O conteúdo "],
        &[" apareceu primeiro em ", " apareceu primeiro no ", " apareceu primeiro na "],
    ),
    (&["Der Beitrag "], &[" erschien zuerst auf "]),
];

/// Finds whether a text has any of the middles: most have none, and one pass tells it.
static CREDIT_MIDDLES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let middles = CREDITS.iter().flat_map(|(_, middles)| middles.iter());
    AhoCorasick::new(middles).expect("a few short patterns")
});

/// Requests to read more, in lower case.
const READ_MORE_PHRASES: &[&str] = &[
    "lire la suite",
    "lisez la suite",
    "lire plus",
    "lire l'article",
    "lire l’article",
    "en savoir plus",
    "voir plus",
    "continuer la lecture",
    "read more",
    "read full story",
    "read the full article",
    "read the full story",
    "continue reading",
    "keep reading",
    "leia mais",
    "ler mais",
    "continue lendo",
    "continue a ler",
    "leer más",
    "seguir leyendo",
    "weiterlesen",
    "mehr lesen",
    "ci gaba da karantawa",
    "karanta ƙari",
    "اقرأ المزيد",
    "إقرأ المزيد",
    "اقرا المزيد",
    "اقرأ أكثر",
    "تابع القراءة",
    "أكمل القراءة",
    "لقراءة المزيد",
    "قراءة المزيد",
    "للمزيد",
    "المزيد",
];

/// Marks of truncated texts.
const TRUNCATION_MARKS: &[&str] = &["[…]", "[...]", "[ … ]", "[ ... ]", "(…)", "(...)"];

/// Returns `plain` without the footers at its end: the credit of a publishing system, "read more" in the languages of the region, and
/// truncation marks. Each is searched for in the last 1,000 bytes only.
#[must_use]
pub fn strip_feed_footer(plain: &str) -> &str {
    let mut text = plain.trim_end();
    for _ in 0..MAX_FOOTERS {
        let shorter = strip_credit(text)
            .or_else(|| strip_read_more(text))
            .or_else(|| strip_truncation_mark(text));
        let Some(shorter) = shorter else { break };
        text = shorter.trim_end();
    }
    text
}

fn strip_truncation_mark(text: &str) -> Option<&str> {
    TRUNCATION_MARKS.iter().find_map(|mark| text.strip_suffix(mark))
}

fn strip_credit(text: &str) -> Option<&str> {
    let window = text.floor_char_boundary(text.len().saturating_sub(MAX_FOOTER_BYTES));
    let end = text.get(window..)?;
    if !CREDIT_MIDDLES.is_match(end) {
        return None;
    }
    CREDITS.iter().find_map(|(openings, middles)| {
        let middle = middles.iter().filter_map(|middle| end.rfind(middle)).max()?;
        // The name of a site follows, to the end of the text.
        let site = end.get(middle..)?;
        if site.len() > MAX_READ_MORE_LINE_BYTES || site.contains('\n') {
            return None;
        }
        // The opening's last space may be the middle's first: "L'article est apparu …".
        let before = end.get(..=middle)?;
        let starts = |opening: &&str| before.rmatch_indices(*opening).map(|(at, _)| at).collect::<Vec<_>>();
        let mut places: Vec<usize> = openings.iter().flat_map(starts).filter(|at| begins_word(before, *at)).collect();
        places.sort_unstable();
        // A headline may contain the opening words as well; those of the credit begin a sentence.
        let place = places.iter().rev().find(|at| begins_sentence(before, **at)).or(places.last())?;
        text.get(..window + place)
    })
}

fn begins_word(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
}

fn begins_sentence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(' ').chars().next_back();
    before.is_none_or(|before| matches!(before, '\n' | '.' | '!' | '?' | '؟' | '…' | ']' | ')' | '»' | '"' | '”' | ':'))
}

fn strip_read_more(text: &str) -> Option<&str> {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let last = text.get(line..)?;
    let first_word = last.len() - last.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    // A separate line may continue with the headline; the first line is the text itself.
    let is_separate = last.len() <= MAX_READ_MORE_LINE_BYTES && line > 0;
    if is_separate && READ_MORE_PHRASES.iter().any(|more| starts_with_words(&last[first_word..], more)) {
        return text.get(..line);
    }
    let end = text.trim_end_matches(['.', '…', '»', '>', '→', '←', '«', ':', ']', ')', ' ']);
    READ_MORE_PHRASES.iter().find_map(|more| {
        let at = end.len().checked_sub(more.len())?;
        if !end.is_char_boundary(at) || !starts_with_words(&end[at..], more) {
            return None;
        }
        let before = end[..at].trim_end_matches(['[', '(', ' ', '\n']);
        // In "Il faut lire la suite" the phrase belongs to the sentence.
        before
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric() && c != ',')
            .then_some(before)
    })
}

/// Returns whether `text` starts with whole words equal to `words`, ignoring ASCII case.
fn starts_with_words(text: &str, words: &str) -> bool {
    let same = text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    same && text[words.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_stripped() {
        for (text, rest) in [
            (
                "Le fleuve monte.\nL’article Crue à Gao est apparu en premier sur Info Nord.",
                "Le fleuve monte.",
            ),
            (
                "Le fleuve monte. […] L'article Crue à Gao est apparu en premier sur Info Nord",
                "Le fleuve monte.",
            ),
            (
                "Le fleuve monte\nCet article est apparu en premier sur Info Nord.",
                "Le fleuve monte",
            ),
            ("It rains.\nThe post Rain in Zinder appeared first on Sahel Daily.", "It rains."),
            (
                "It rains\nThe post The post office burns appeared first on Sahel Daily.",
                "It rains",
            ),
            (
                "تتواصل الأمطار.\nظهرت المقالة أمطار في أنجمينا أولاً على صحيفة النيل.",
                "تتواصل الأمطار.",
            ),
            (
                "تتواصل الأمطار.\nالتدوينة أمطار في أنجمينا ظهرت أولا على صحيفة النيل.",
                "تتواصل الأمطار.",
            ),
            ("L’article Crue à Gao est apparu en premier sur Info Nord.", ""),
            (
                "Le fleuve monte.\n\nCet article Crue à Gao est paru en premier sur Info Nord.",
                "Le fleuve monte.",
            ),
            ("Le fleuve monte. Cet article est d’abord paru sur Info Nord.", "Le fleuve monte."),
            (
                "O rio sobe.\nO conteúdo Cheia em Gao apareceu primeiro em Info Norte.",
                "O rio sobe.",
            ),
            (
                "El río sube.\nLa entrada Crecida en Gao se publicó primero en Info Norte.",
                "El río sube.",
            ),
            (
                "It rains. […]\nThe story Rain in Zinder appeared first on Sahel Daily.",
                "It rains.",
            ),
        ] {
            assert_eq!(strip_feed_footer(text), rest, "{text}");
        }
    }

    #[test]
    fn a_headline_may_contain_the_words_of_the_credit() {
        let text = "Le débat reprend.\nL’article Que dit L’article 37 ? est apparu en premier sur Info Nord.";
        assert_eq!(strip_feed_footer(text), "Le débat reprend.");
        let text = "Le débat reprend sans point final L’article Crue à Gao est apparu en premier sur Info Nord.";
        assert_eq!(strip_feed_footer(text), "Le débat reprend sans point final");
    }

    #[test]
    fn requests_to_read_more_are_stripped() {
        for (text, rest) in [
            ("Le marché rouvre. Lire la suite", "Le marché rouvre."),
            ("Le marché rouvre… LIRE LA SUITE »", "Le marché rouvre…"),
            ("Le marché rouvre [Lire la suite...]", "Le marché rouvre [Lire la suite...]"),
            ("Le marché rouvre. [Lire la suite...]", "Le marché rouvre."),
            ("Le marché rouvre\nLire la suite de « Le marché »", "Le marché rouvre"),
            ("The market opens [...]\nContinue reading Market opens →", "The market opens"),
            ("يفتح السوق. اقرأ المزيد", "يفتح السوق."),
            ("يفتح السوق…\nتابع القراءة « سوق أبشة »", "يفتح السوق…"),
            ("يفتح السوق. لقراءة المزيد...", "يفتح السوق."),
            ("O mercado abre. Leia mais", "O mercado abre."),
            ("O mercado abre […] LEIA MAIS »", "O mercado abre"),
            ("El mercado abre. Leer más", "El mercado abre."),
            ("An buɗe kasuwa.\nCi gaba da karantawa", "An buɗe kasuwa."),
            ("The market opens. (Read more)", "The market opens."),
            ("The market opens… Continue reading", "The market opens…"),
            ("The market opens. Read the full story", "The market opens."),
            ("Le marché rouvre […]", "Le marché rouvre"),
            ("Le marché rouvre (...) […] ", "Le marché rouvre"),
            ("Lire la suite", ""),
        ] {
            assert_eq!(strip_feed_footer(text), rest, "{text}");
        }
    }

    #[test]
    fn the_text_itself_is_kept() {
        for text in [
            "",
            "Il faut lire la suite",
            "Le film est apparu en premier sur les écrans.",
            "L’article 12 est apparu en premier sur la liste.\nPuis le débat a repris.",
            "Lire la suite du roman est un plaisir, dit-elle.",
            "Elle en voudrait un peu plus…",
            "The post office appeared.",
            "The post office first appeared on maps in 1890.",
            "ظهر الوزير أولاً على الشاشة.",
            "L’article 12 de la loi est paru au Journal officiel.",
            "Le texte est paru en premier sur papier, puis en ligne.",
            "The story appeared first as a rumour.",
            "Children in Zinder now read more.",
            "They want girls to continue reading",
            "Os alunos pedem: leia mais devagar.",
            "يريد الطلاب المزيد",
            "O livro apareceu primeiro em Lisboa.",
            "Les voisins en demandent (...) et attendent.",
            "Un mot de plus sur les intermédiaires",
            "ي",
        ] {
            assert_eq!(strip_feed_footer(text), text);
        }
    }

    #[test]
    fn long_texts_are_read_near_their_end_only() {
        let long = format!("{}\nL’article x est apparu en premier sur y.", "L’article é ".repeat(50_000));
        assert!(strip_feed_footer(&long).len() < long.len());
        let many = "The post a appeared first on b. ".repeat(100);
        assert!(strip_feed_footer(&many).len() < many.len());
        let marks = "[…]".repeat(100_000);
        assert!(!strip_feed_footer(&marks).is_empty(), "the number of stripped footers is bounded");
    }
}
