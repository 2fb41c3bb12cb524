//! Finds who is said to have said a quotation: in the words behind it (`, a déclaré le maire`), or in those before it (`Le maire a déclaré : `). In
//! languages with capitals.

use super::marks::Quoted;
use super::noun_phrase::{Kind, NounPhrase, is_name_part, name_end, names_in, noun_phrase};
use super::verbs::{Form, Pronoun, Verb, pronoun_at, verb_at};
use super::words::{
    ADVERB, AUDIENCE, CONNECTOR, DAY, DEFINITE, Gap, INSTITUTION, LISTENER, Language, NAMING, OFFICE, RELATIVE, STOP, THAT, TITLE, Words,
};
use std::ops::Range;

/// The most bytes between a verb of saying and the quotation that a colon announces.
const MAX_ANNOUNCED_BYTES: usize = 180;
/// The most bytes of a sentence between a verb of saying and the few words that are quoted in it.
const MAX_REPORTED_BYTES: usize = 110;
/// The most words between a quotation and the verb behind it.
const MAX_APPOSITION_WORDS: usize = 12;
/// The most words of a verb of saying.
const MAX_VERB_WORDS: usize = 10;
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
    fn of(phrase: NounPhrase) -> Self {
        match phrase.kind {
            Kind::Unknown => Self::Unknown,
            Kind::BareOffice => Self::BareOffice(phrase),
            _ => Self::Named(phrase),
        }
    }
}

/// Returns what the words behind a quotation say of its speaker, and the index behind them. `end` is the first word of the next quotation.
pub(super) fn behind(words: &Words<'_>, quoted: &Quoted, end: usize) -> (Attribution, usize) {
    let at = words.index_at(quoted.outer.end);
    let nothing = (Attribution::Nothing, at);
    let Some(first) = words.get(at).filter(|_| at < end) else {
        return nothing;
    };
    let between = words.text.get(quoted.outer.end..first.start).unwrap_or_default();
    if !between
        .chars()
        .all(|c| c.is_whitespace() && c != '\n' || matches!(c, ',' | '،' | '-' | '–' | '—' | '»' | '”' | '"' | '’' | '\'' | '('))
    {
        return nothing;
    }
    let inner = words.text.get(quoted.inner.clone()).unwrap_or_default().trim_end();
    let starts_sentence = !between.contains([',', '–', '—', '-']) && inner.ends_with('.') && first.has_capital();
    if starts_sentence {
        return nothing;
    }
    if let Some(phrase_start) = according(words, at, end, false) {
        return with_phrase(words, phrase_start, end);
    }
    if let Some(verb) = verb_at(words, at, end).filter(|verb| verb.form == Form::Finite) {
        if let Some(pronoun) = verb.pronoun {
            return (Attribution::Pronoun(pronoun), verb.words.end);
        }
        return subject_behind(words, &verb, end);
    }
    let is_set_off = between.contains(',') || inner.ends_with([',', '?', '!', '…', '–', '—']);
    if words.language == Language::English && is_set_off {
        subject_then_verb(words, at, end)
    } else {
        nothing
    }
}

/// Returns the subject behind a verb: `a déclaré lundi à la presse le ministre`.
fn subject_behind(words: &Words<'_>, verb: &Verb, end: usize) -> (Attribution, usize) {
    /// How many words may tell when and to whom it was said.
    const MAX_SKIPPED_WORDS: usize = 9;
    let start = verb.words.end;
    let unknown = (Attribution::Unknown, start);
    // "told reporters" names who listened.
    if words.is(start - 1, LISTENER) {
        return unknown;
    }
    if words.language == Language::English
        && let Some(pronoun) = pronoun_at(words, start).filter(|_| words.is_joined(start))
    {
        return (Attribution::Pronoun(pronoun), start + 1);
    }
    let mut at = start;
    let mut skips_phrase = false;
    while at < end.min(start + MAX_SKIPPED_WORDS) {
        let Some(word) = words.get(at) else { return unknown };
        if word.gap != Gap::Joined && !(word.gap == Gap::Comma && at > start) {
            return unknown;
        }
        let is_preposition = matches!(
            word.folded.as_ref(),
            "a" | "au" | "aux" | "dans" | "devant" | "sur" | "lors" | "en" | "pour" | "apres"
        );
        if is_preposition && words.language == Language::French {
            skips_phrase = true;
            // The article of `à la presse` begins no speaker.
            at += 1 + usize::from(words.is(at + 1, DEFINITE));
            at += 1;
            continue;
        }
        if word.is(ADVERB.or(DAY).or(AUDIENCE)) && !word.is(DEFINITE)
            || word.text.starts_with(|c: char| c.is_ascii_digit())
            || (word.folded == "ce" && words.is(at + 1, DAY))
        {
            at += 1;
            continue;
        }
        match noun_phrase(words, at, end) {
            Some(phrase) if !skips_phrase || phrase.kind == Kind::Person => return with_phrase(words, at, end),
            _ if skips_phrase => at += 1,
            _ => return unknown,
        }
    }
    unknown
}

/// `"…," the mayor of Gao said`.
fn subject_then_verb(words: &Words<'_>, at: usize, end: usize) -> (Attribution, usize) {
    let nothing = (Attribution::Nothing, at);
    if let Some(pronoun) = pronoun_at(words, at) {
        let verb = verb_at(words, at + 1, end).or_else(|| verb_at(words, at + 2, end).filter(|_| words.is(at + 1, ADVERB)));
        return verb
            .filter(|verb| verb.form == Form::Finite)
            .map_or(nothing, |verb| (Attribution::Pronoun(pronoun), verb.words.end));
    }
    let Some(phrase) = noun_phrase(words, at, end) else {
        let is_said = (at..end.min(at + MAX_APPOSITION_WORDS)).any(|at| verb_at(words, at, end).is_some());
        return if is_said { (Attribution::Unknown, at) } else { nothing };
    };
    for next in phrase.words.end..end.min(phrase.words.end + MAX_APPOSITION_WORDS) {
        let Some(word) = words.get(next).filter(|word| word.gap != Gap::Sentence && word.gap != Gap::Other) else {
            return nothing;
        };
        if next == phrase.words.end && word.gap == Gap::Joined && !word.is(ADVERB) && verb_at(words, next, end).is_none() {
            return if (next..end.min(next + MAX_APPOSITION_WORDS)).any(|at| verb_at(words, at, end).is_some()) {
                (Attribution::Unknown, next)
            } else {
                nothing
            };
        }
        if let Some(verb) = verb_at(words, next, end).filter(|verb| verb.form == Form::Finite) {
            return (Attribution::of(phrase), verb.words.end);
        }
    }
    nothing
}

/// Returns the phrase at `start` with what stands in apposition to it.
fn with_phrase(words: &Words<'_>, start: usize, end: usize) -> (Attribution, usize) {
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
fn with_apposition(words: &Words<'_>, phrase: NounPhrase, end: usize) -> NounPhrase {
    let at = phrase.words.end;
    let is_apart = words.get(at).is_some_and(|word| word.gap == Gap::Comma) && at < end;
    if !is_apart {
        return phrase;
    }
    let Some(second) = noun_phrase(words, at, end) else { return phrase };
    let ends = words.get(second.words.end).is_none_or(|word| word.gap != Gap::Joined) || second.words.end >= end;
    let is_office = |phrase: &NounPhrase| {
        let head = phrase.words.clone().take(3);
        matches!(phrase.kind, Kind::Office | Kind::BareOffice | Kind::Unknown | Kind::Person)
            && head.into_iter().any(|at| words.is(at, OFFICE))
    };
    let names_office_holder = is_office(&phrase) && second.kind == Kind::Person && !is_office(&second);
    let tells_office =
        phrase.kind == Kind::Person && is_office(&second) && !words.get(second.words.start).is_some_and(super::words::Word::has_capital);
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
fn according(words: &Words<'_>, at: usize, end: usize, is_before: bool) -> Option<usize> {
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
        let phrase_end = end
            .checked_sub(1)
            .and_then(|last| words.get(last))
            .map_or(0, super::words::Word::end);
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

fn skip_connectors(words: &Words<'_>, start: usize, end: usize) -> usize {
    let mut at = start;
    while at < end && words.is(at, CONNECTOR) {
        at += 1;
    }
    at
}

/// Returns the last verb of saying in a range, with its auxiliary.
pub(super) fn last_verb(words: &Words<'_>, start: usize, end: usize) -> Option<Verb> {
    let last = (start..end).rev().find_map(|at| verb_at(words, at, end))?;
    let from = start.max(last.words.start.saturating_sub(MAX_VERB_WORDS));
    let longest = (from..last.words.start).find_map(|at| verb_at(words, at, end).filter(|verb| verb.words.end == last.words.end));
    Some(longest.unwrap_or(last))
}

/// Returns who is the subject of a verb in the sentence that begins at `start`.
pub(super) fn subject_of(words: &Words<'_>, start: usize, verb: &Verb, end: usize, has_colon: bool) -> Attribution {
    if let Some(pronoun) = verb.pronoun {
        return Attribution::Pronoun(pronoun);
    }
    if verb.form == Form::Participle {
        return subject_of_sentence(words, start, verb.words.start);
    }
    let subject = start..verb.words.start;
    let Some(last) = subject.clone().last() else {
        if words.language == Language::Hausa {
            return Attribution::Pronoun(Pronoun::He);
        }
        // `Et déclare le maire : `.
        let inverted = Some(verb.words.end).filter(|at| has_colon && *at < end && !words.is(*at - 1, LISTENER));
        let phrase = inverted
            .and_then(|at| noun_phrase(words, at, end))
            .map(|phrase| with_apposition(words, phrase, end));
        return phrase
            .filter(|phrase| phrase.words.end == end)
            .map_or(Attribution::Nothing, Attribution::of);
    };
    let is_direct = words.is_joined(verb.words.start);
    if let Some(pronoun) = pronoun_at(words, last).filter(|_| is_direct) {
        return if words.is(last, RELATIVE) {
            Attribution::Unknown
        } else {
            Attribution::Pronoun(pronoun)
        };
    }
    if words.is(last, RELATIVE) {
        return Attribution::Unknown;
    }
    let segments = segments(words, subject);
    let whole = |segment: &Range<usize>| {
        let from = skip_connectors(words, segment.start, segment.end);
        noun_phrase(words, from, segment.end).filter(|phrase| phrase.words.end == segment.end)
    };
    if is_direct {
        let Some(own) = segments.last().and_then(whole) else {
            return Attribution::Unknown;
        };
        // "Le ministre de la Défense, Issa Diallo a déclaré".
        let office = segments.iter().rev().nth(1).and_then(whole);
        let joined = office.map(|office| with_apposition(words, office, verb.words.start));
        let own = joined.filter(|joined| joined.words.end == own.words.end).unwrap_or(own);
        return Attribution::of(own);
    }
    let known = segments
        .iter()
        .filter_map(whole)
        .find(|phrase| phrase.kind != Kind::Unknown && phrase.kind != Kind::ShortName);
    let short = || {
        segments
            .first()
            .and_then(whole)
            .filter(|phrase| phrase.kind == Kind::ShortName && segments.len() > 1)
    };
    match known.or_else(short) {
        Some(phrase) => Attribution::of(with_apposition(words, phrase, verb.words.start)),
        None => Attribution::Unknown,
    }
}

/// Splits a range at its commas.
fn segments(words: &Words<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut segments = Vec::new();
    let mut start = range.start;
    for at in range.clone().skip(1) {
        if words.get(at).is_some_and(|word| word.gap != Gap::Joined) {
            segments.push(start..at);
            start = at;
        }
    }
    segments.push(start..range.end);
    segments
}

/// Returns who is the subject of a sentence, for a participle in it: the person with whom it begins.
fn subject_of_sentence(words: &Words<'_>, start: usize, end: usize) -> Attribution {
    if start >= end || words.get(start).is_some_and(|word| word.gap != Gap::Sentence) {
        return Attribution::SameSentence;
    }
    if let Some(verb) = (start..end).find_map(|at| verb_at(words, at, end).filter(|verb| verb.form == Form::Finite)) {
        let verb = Verb {
            words: last_verb(words, start, verb.words.end).map_or(verb.words.start, |verb| verb.words.start)..verb.words.end,
            ..verb
        };
        return subject_of(words, start, &verb, end, false);
    }
    let phrase = noun_phrase(words, start, end).filter(|phrase| phrase.kind == Kind::Person);
    let phrase = phrase.filter(|phrase| names_in(words, &phrase.words) < 6);
    phrase.map_or(Attribution::Unknown, |phrase| Attribution::of(with_apposition(words, phrase, end)))
}

/// Reads `Issa Diallo, maire de Gao : « … »`.
fn label(words: &Words<'_>, start: usize, quote: usize) -> Attribution {
    let starts_sentence = words.get(start).is_some_and(|word| word.gap == Gap::Sentence);
    let Some(phrase) = noun_phrase(words, start, quote).filter(|_| starts_sentence) else {
        return Attribution::Nothing;
    };
    let phrase = with_apposition(words, phrase, quote);
    let body = words.all.get(phrase.words.clone()).unwrap_or_default();
    let is_name = body.iter().all(|word| {
        is_name_part(word) && !word.is(INSTITUTION.or(STOP).or(NAMING)) || word.is(super::words::PARTICLE) || word.is(OFFICE.or(TITLE))
    });
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
