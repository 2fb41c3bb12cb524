//! Who is said to speak, and the phrases that name him with his office. In languages with capitals.

use super::noun_phrase::{Kind, NounPhrase, noun_phrase};
use super::verbs::{Pronoun, pronoun_at};
use super::words::{CONNECTOR, Gap, Language, OFFICE, Word, Words};

/// Among how many words at the beginning of a phrase its office stands.
const OFFICE_WORDS: usize = 5;
/// The longest speaker, in characters.
const MAX_SPEAKER_CHARS: usize = 80;

/// Who speaks, as far as one place says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Attribution {
    /// Nothing is said of it here.
    Nothing,
    /// Somebody who is not named, or it is no quotation.
    Unknown,
    /// He of whom the text told before.
    Pronoun(Pronoun),
    /// An office by which somebody is meant of whom the text told before.
    BareOffice(NounPhrase),
    /// The speaker of the same sentence.
    SameSentence,
    /// The words that name him.
    Named(NounPhrase),
}

impl Attribution {
    /// Returns the attribution to whom a phrase names.
    pub(super) fn of(phrase: NounPhrase) -> Self {
        match phrase.kind {
            Kind::Unknown => Self::Unknown,
            Kind::BareOffice => Self::BareOffice(phrase),
            _ => Self::Named(phrase),
        }
    }
}

/// Returns the phrase at `start` with what stands in apposition to it.
pub(super) fn with_phrase(words: &Words<'_>, start: usize, end: usize) -> (Attribution, usize) {
    if words.get(start).is_some_and(|word| matches!(word.folded.as_ref(), "lui" | "him")) {
        return (Attribution::Pronoun(Pronoun::He), start + 1);
    }
    if let Some(pronoun) = pronoun_at(words, start) {
        return (Attribution::Pronoun(pronoun), start + 1);
    }
    let Some(phrase) = noun_phrase(words, start, end) else {
        return (Attribution::Unknown, start);
    };
    let phrase = with_apposition(words, phrase, end);
    let to = phrase.words.end;
    (Attribution::of(phrase), to)
}

/// Adds what stands behind a comma: the name behind an office, or the office behind a name.
pub(super) fn with_apposition(words: &Words<'_>, phrase: NounPhrase, end: usize) -> NounPhrase {
    let at = phrase.words.end;
    let is_apart = words.get(at).is_some_and(|word| word.gap == Gap::Comma) && at < end;
    if !is_apart {
        return phrase;
    }
    let Some(second) = noun_phrase(words, at, end) else { return phrase };
    let ends = words.get(second.words.end).is_none_or(|word| word.gap != Gap::Joined) || second.words.end >= end;
    let is_office = |phrase: &NounPhrase| {
        let head = phrase.words.clone().take(OFFICE_WORDS);
        matches!(phrase.kind, Kind::Office | Kind::BareOffice | Kind::Unknown | Kind::Person)
            && head.into_iter().any(|at| words.is(at, OFFICE))
    };
    let names_office_holder = is_office(&phrase) && second.kind == Kind::Person && !is_office(&second);
    let tells_office = phrase.kind == Kind::Person && is_office(&second) && !words.get(second.words.start).is_some_and(Word::has_capital);
    let both = phrase.words.start..second.words.end;
    let is_short = words.slice(both.clone()).chars().count() <= MAX_SPEAKER_CHARS;
    if names_office_holder && (is_short || phrase.kind == Kind::Unknown || phrase.kind == Kind::BareOffice)
        || tells_office && ends && is_short
    {
        let starts_indefinite = phrase.kind == Kind::Unknown;
        return NounPhrase {
            words: if starts_indefinite { second.words } else { both },
            kind: Kind::Person,
            is_woman: phrase.is_woman || second.is_woman,
        };
    }
    phrase
}

/// Returns the index behind `selon`, `according to`, `in ji`; before a quotation also behind `pour`.
pub(super) fn according(words: &Words<'_>, at: usize, end: usize, is_before: bool) -> Option<usize> {
    let sources: &[&[&str]] = match words.language {
        Language::French => &[
            &["selon"],
            &["d", "apres"],
            &["de", "l", "avis", "de"],
            &["a", "en", "croire"],
            &["aux", "yeux", "de"],
            &["dixit"],
        ],
        Language::English => &[&["according", "to"], &["in", "the", "words", "of"]],
        Language::Hausa => &[&["in", "ji"], &["inji"], &["a", "cewar"], &["a", "ta", "bakin"]],
        Language::Arabic => &[],
    };
    let found = sources.iter().find(|source| words.are(at, source)).map(|source| at + source.len());
    let only_before = is_before && words.language == Language::French && words.are(at, &["pour"]);
    found.or(only_before.then_some(at + 1)).filter(|next| *next < end)
}

pub(super) fn skip_connectors(words: &Words<'_>, start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end && words.is(at, CONNECTOR) {
        at += 1;
    }
    at
}
