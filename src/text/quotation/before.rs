//! Finds the speaker of a quotation in the words before it: `Le maire a déclaré : `, `According to the mayor, `, `Issa Diallo : `. In languages with capitals.

use super::attribution::{Attribution, according, skip_connectors, with_apposition, with_phrase};
use super::marks::Quoted;
use super::noun_phrase::{Kind, is_name_part, name_end, noun_phrase};
use super::subject::{last_verb, subject_of};
use super::verbs::{Verb, verb_at};
use super::words::{Gap, INSTITUTION, Language, NAMING, OFFICE, PARTICLE, RELATIVE, STOP, THAT, TITLE, Word, Words};

/// The most bytes between a verb of saying and the quotation that a colon announces.
const MAX_ANNOUNCED_BYTES: usize = 180;
/// The most bytes of a sentence between a verb of saying and the few words that are quoted in it.
const MAX_REPORTED_BYTES: usize = 110;

/// Returns what the words before a quotation say of its speaker. `floor` is the first word behind the quotation before it.
pub(super) fn before(words: &Words<'_>, quoted: &Quoted, floor: usize) -> Attribution {
    let quote = words.index_at(quoted.outer.start);
    let Some(start) = quote
        .checked_sub(1)
        .filter(|last| *last >= floor)
        .and_then(|_| start_of(words, quote, floor))
    else {
        return Attribution::Nothing;
    };
    let Some(announcement) = Announcement::new(words, quoted, quote) else {
        return Attribution::Nothing;
    };
    if announcement.names_a_work(words, start) {
        return Attribution::Unknown;
    }
    let start = skip_connectors(words, start, quote);
    if let Some(verb) = last_verb(words, start, quote) {
        return if announcement.follows(words, &verb) {
            subject_of(words, start, &verb, quote, announcement.has_colon)
        } else {
            Attribution::Nothing
        };
    }
    if let Some(phrase_start) = according(words, start, quote, true) {
        return announcement.source(words, phrase_start);
    }
    if announcement.has_colon {
        label(words, start, quote)
    } else {
        Attribution::Nothing
    }
}

/// Returns where the sentence before a quotation begins; `None` when a block ends between them.
fn start_of(words: &Words<'_>, quote: usize, floor: usize) -> Option<usize> {
    let is_apart = words.get(quote).is_some_and(|word| word.gap == Gap::Sentence);
    if is_apart { None } else { words.sentence_start(quote, floor) }
}

/// How the words before a quotation lead to it.
struct Announcement {
    quote: usize,
    has_colon: bool,
    /// Whether the quotation begins within a sentence.
    is_fragment: bool,
    /// Nothing but blanks or a comma stands between the last word and the quotation.
    is_plain: bool,
    /// Where the last word before the quotation ends.
    end: usize,
}

impl Announcement {
    fn new(words: &Words<'_>, quoted: &Quoted, quote: usize) -> Option<Self> {
        let end = words.get(quote.checked_sub(1)?)?.end();
        let between = words.text.get(end..quoted.outer.start)?;
        let inner = words.text.get(quoted.inner.clone())?.trim_start();
        Some(Self {
            quote,
            end,
            has_colon: between.trim().starts_with(':'),
            is_plain: between.trim().is_empty() || between.trim() == "," || between.trim() == "'" || between.trim() == "’",
            is_fragment: inner.starts_with(char::is_lowercase),
        })
    }

    /// Returns whether the words before the quotation say that it is a name or title.
    fn names_a_work(&self, words: &Words<'_>, start: usize) -> bool {
        /// How many words before the quotation may say so; behind a colon more: "sous le thème central : ".
        const LAST_WORDS: usize = 2;
        let count = if self.has_colon { LAST_WORDS + 1 } else { LAST_WORDS };
        let from = start.max(self.quote.saturating_sub(count));
        (from..self.quote).any(|at| words.is(at, NAMING) && verb_at(words, at, self.quote).is_none())
    }

    /// Returns whether the quotation is what the verb says.
    fn follows(&self, words: &Words<'_>, verb: &Verb) -> bool {
        let Some(last) = words.get(verb.words.end - 1) else { return false };
        let length = self.end.saturating_sub(last.end());
        let gap = verb.words.end..self.quote;
        let is_that = |at: usize| words.is(at, THAT);
        if self.has_colon {
            return length <= MAX_ANNOUNCED_BYTES;
        }
        if !self.is_plain {
            return false;
        }
        if gap.is_empty() || (gap.len() <= 4 && gap.clone().last().is_some_and(is_that)) {
            return true;
        }
        let reports = gap.clone().take(3).any(is_that) || verb.is_evaluation || words.language == Language::English;
        // A quotation of whole sentences is not part of another.
        self.is_fragment && reports && length <= MAX_REPORTED_BYTES && !gap.clone().any(|at| words.is(at, RELATIVE) && !is_that(at))
    }

    /// Reads `Selon le maire, « … »`.
    fn source(&self, words: &Words<'_>, start: usize) -> Attribution {
        let (attribution, end) = with_phrase(words, start, self.quote);
        let phrase_end = end.checked_sub(1).and_then(|last| words.get(last)).map_or(0, Word::end);
        let is_direct = end == self.quote && (self.is_plain || self.has_colon);
        let is_part = words.get(end).is_some_and(|word| word.gap == Gap::Comma)
            && self.is_fragment
            && self.end.saturating_sub(phrase_end) <= MAX_REPORTED_BYTES;
        match attribution {
            Attribution::Nothing => Attribution::Nothing,
            Attribution::Named(_) | Attribution::Pronoun(_) if !(is_direct || is_part) => Attribution::Unknown,
            other => other,
        }
    }
}

/// Reads `Issa Diallo, maire de Gao : « … »`.
fn label(words: &Words<'_>, start: usize, quote: usize) -> Attribution {
    let starts_sentence = words.get(start).is_some_and(|word| word.gap == Gap::Sentence);
    let Some(phrase) = noun_phrase(words, start, quote).filter(|_| starts_sentence) else {
        return Attribution::Nothing;
    };
    let phrase = with_apposition(words, phrase, quote);
    let body = words.all.get(phrase.words.clone()).unwrap_or_default();
    let is_name = body
        .iter()
        .all(|word| is_name_part(word) && !word.is(INSTITUTION.or(STOP).or(NAMING)) || word.is(PARTICLE) || word.is(OFFICE.or(TITLE)));
    let begins_with_head = body.iter().take(3).any(|word| word.is(OFFICE.or(TITLE)));
    let is_speaker =
        phrase.kind == Kind::Person && phrase.words.end == quote && (begins_with_head || is_name && !is_place(words, start, quote));
    if is_speaker {
        Attribution::of(phrase)
    } else {
        Attribution::Nothing
    }
}

/// Returns whether a name is that of a country with two words or more.
fn is_place(words: &Words<'_>, start: usize, end: usize) -> bool {
    const PLACES: [&str; 12] = [
        "burkina", "cote", "afrique", "africa", "south", "guinee", "guinea", "sierra", "arabie", "etats", "united", "coupe",
    ];
    let first = words.get(start).is_some_and(|word| PLACES.contains(&word.folded.as_ref()));
    first || name_end(words, start, end) == start
}
