//! Finds the subject of a verb of saying in its sentence. In languages with capitals.

use super::attribution::{Attribution, skip_connectors, with_apposition};
use super::noun_phrase::{Kind, names_in, noun_phrase};
use super::verbs::{Form, Pronoun, Verb, pronoun_at, verb_at};
use super::words::{Gap, LISTENER, Language, RELATIVE, Words};
use std::ops::Range;

/// The most words of a verb of saying.
const MAX_VERB_WORDS: usize = 10;

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
    // `Democratic Party (DP) member Awa Diallo, …`: a person rather than the institution.
    let first_of = |kinds: &[Kind]| {
        let phrases = segments
            .iter()
            .filter_map(whole)
            .map(|phrase| with_apposition(words, phrase, verb.words.start));
        phrases.into_iter().find(|phrase| kinds.contains(&phrase.kind))
    };
    let known = first_of(&[Kind::Person]).or_else(|| first_of(&[Kind::Office, Kind::BareOffice, Kind::Institution]));
    let short = || {
        segments
            .first()
            .and_then(whole)
            .filter(|phrase| phrase.kind == Kind::ShortName && segments.len() > 1)
    };
    known.or_else(short).map_or(Attribution::Unknown, Attribution::of)
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
