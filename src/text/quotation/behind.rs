//! Finds the speaker of a quotation in the words behind it: `, a déclaré le maire`, `, the mayor said`, `, selon le maire`. In languages with capitals.

use super::attribution::{Attribution, according, with_apposition, with_phrase};
use super::marks::Quoted;
use super::noun_phrase::{Kind, noun_phrase};
use super::verbs::{Form, Verb, pronoun_at, verb_at};
use super::words::{ADVERB, AUDIENCE, DAY, DEFINITE, Gap, LISTENER, Language, Words};

/// The most words between a quotation and the verb behind it.
const MAX_APPOSITION_WORDS: usize = 12;

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
            return (Attribution::of(with_apposition(words, phrase, end)), verb.words.end);
        }
    }
    nothing
}
