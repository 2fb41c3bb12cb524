//! Finds who is said to have said a quotation in Arabic: `وقال الوزير … : "…"`, and `"…"، يقول الوزير`. The script has no capitals, so a phrase ends at
//! the words of a table.

use super::attribution::Attribution;
use super::marks::Quoted;
use super::noun_phrase::{Kind, NounPhrase};
use super::verbs::Pronoun;
use super::words::{
    FEMININE, GERUND, Gap, HE, INDEFINITE, INSTITUTION, LISTENER, NAMING, OFFICE, OTHER_PRONOUN, SHE, STOP, THAT, TITLE, VERB, Word, Words,
};
use std::ops::Range;

/// The most words of a phrase, and of a name behind its comma.
const MAX_WORDS: usize = 9;
const MAX_NAME_WORDS: usize = 5;
/// The most bytes between the speaker and the quotation.
const MAX_ANNOUNCED_BYTES: usize = 220;
/// The most words of a sentence between "that" and what is quoted in it.
const MAX_REPORTED_WORDS: usize = 7;

/// Returns what the words behind a quotation say of its speaker, and the index behind them.
pub(super) fn behind(words: &Words<'_>, quoted: &Quoted, end: usize) -> (Attribution, usize) {
    let at = words.index_at(quoted.outer.end);
    let nothing = (Attribution::Nothing, at);
    let Some(first) = words.get(at).filter(|_| at < end) else {
        return nothing;
    };
    let between = words.text.get(quoted.outer.end..first.start).unwrap_or_default();
    if !between
        .chars()
        .all(|c| c.is_whitespace() && c != '\n' || matches!(c, ',' | '،' | '-' | '–' | '—'))
    {
        return nothing;
    }
    // A verb with "and" begins a sentence of its own.
    let is_set_off = between.contains(['،', ',', '-', '–', '—']);
    let is_linked = first.text.starts_with(['و', 'ف']) && first.is(VERB) && !first.folded.starts_with(['و', 'ف']);
    if is_linked || !is_set_off {
        return nothing;
    }
    let start = if first.is(VERB) && !first.is(LISTENER) {
        at + 1
    } else if matches!(first.folded.as_ref(), "بحسب" | "وفق" | "حسب" | "وفقا") {
        let skips = words
            .get(at + 1)
            .is_some_and(|word| matches!(word.folded.as_ref(), "ل" | "قول" | "تعبير" | "ما"));
        at + 1 + usize::from(skips)
    } else if words.are(at, &["علي", "حد"]) {
        at + 3
    } else {
        return nothing;
    };
    let (attribution, to) = speaker_behind(words, start, end);
    match attribution {
        Attribution::Nothing => (Attribution::Pronoun(Pronoun::Other), to),
        other => (other, to),
    }
}

/// Returns what the words before a quotation say of its speaker.
pub(super) fn before(words: &Words<'_>, quoted: &Quoted, floor: usize) -> Attribution {
    let quote = words.index_at(quoted.outer.start);
    let is_apart = words.get(quote).is_none_or(|word| word.gap == Gap::Sentence);
    let Some(start) = words.sentence_start(quote, floor).filter(|start| *start < quote && !is_apart) else {
        return Attribution::Nothing;
    };
    let end = words.get(quote - 1).map_or(0, Word::end);
    let between = words.text.get(end..quoted.outer.start).unwrap_or_default().trim();
    let has_colon = between.starts_with(':') || between.starts_with("..");
    if (start.max(quote.saturating_sub(2))..quote).any(|at| words.is(at, NAMING) && !(has_colon && words.is(at, STOP))) {
        return Attribution::Unknown;
    }
    let Some(verb) = (start..quote).rev().find(|at| words.is(*at, VERB.or(GERUND))) else {
        return Attribution::Nothing;
    };
    if words.is(verb, LISTENER) {
        return Attribution::Unknown;
    }
    if words.is(verb, GERUND) {
        return gerund(words, start, verb, quote, has_colon);
    }
    let (attribution, to) = speaker_behind(words, verb + 1, quote);
    let phrase_end = to.checked_sub(1).and_then(|last| words.get(last)).map_or(0, Word::end);
    let is_near = end.saturating_sub(phrase_end) <= MAX_ANNOUNCED_BYTES;
    if !is_near || !leads(words, to..quote, has_colon, between) {
        return Attribution::Nothing;
    }
    match attribution {
        Attribution::Nothing if verb > start && !words.get(verb).is_some_and(|word| word.text.starts_with(['و', 'ف'])) => {
            before_verb(words, start, verb)
        }
        Attribution::Nothing => Attribution::Pronoun(pronoun_of(words, verb)),
        other => other,
    }
}

/// `وأكد الوزير …، مضيفا أن "…"`: the subject of the verb before it.
fn gerund(words: &Words<'_>, start: usize, gerund: usize, quote: usize, has_colon: bool) -> Attribution {
    if !leads(words, gerund + 1..quote, has_colon, "") {
        return Attribution::Nothing;
    }
    let verb = (start..gerund).find(|at| words.is(*at, VERB) && !words.is(*at, LISTENER));
    match verb.map(|verb| speaker_behind(words, verb + 1, gerund).0) {
        Some(Attribution::Nothing) => Attribution::Pronoun(Pronoun::Other),
        Some(other) => other,
        None if words.get(start).is_some_and(|word| word.gap != Gap::Sentence) => Attribution::SameSentence,
        None => Attribution::Unknown,
    }
}

/// Returns whether the words between the speaker and the quotation lead to it.
fn leads(words: &Words<'_>, gap: Range<usize>, has_colon: bool, between: &str) -> bool {
    let begins = gap.clone().next().is_none_or(|at| words.is(at, THAT));
    has_colon || gap.is_empty() || (begins && gap.len() <= MAX_REPORTED_WORDS && between.is_empty())
}

fn pronoun_of(words: &Words<'_>, verb: usize) -> Pronoun {
    let is_woman = words
        .get(verb)
        .is_some_and(|word| word.folded.ends_with('ت') || word.folded.starts_with('ت') && word.folded != "تابع");
    if is_woman { Pronoun::She } else { Pronoun::He }
}

/// `وزير الدفاع قال: "…"`.
fn before_verb(words: &Words<'_>, start: usize, verb: usize) -> Attribution {
    let (attribution, to) = speaker(words, start, verb);
    let begins = words.is(start, OFFICE.or(TITLE).or(INSTITUTION));
    if to == verb && begins { attribution } else { Attribution::Unknown }
}

/// Returns the speaker behind a verb, as [`speaker`] does; nothing when the verb ends its sentence.
fn speaker_behind(words: &Words<'_>, start: usize, end: usize) -> (Attribution, usize) {
    let is_apart = words
        .get(start)
        .is_none_or(|word| matches!(word.gap, Gap::Sentence | Gap::Colon | Gap::Other));
    if is_apart {
        (Attribution::Nothing, start)
    } else {
        speaker(words, start, end)
    }
}

/// Returns the speaker who is named from `start` on, and the index behind him; nothing when a word of the table stands there.
fn speaker(words: &Words<'_>, start: usize, end: usize) -> (Attribution, usize) {
    let first_end = phrase_end(words, start, end, MAX_WORDS);
    let Some(first) = words.get(start).filter(|_| first_end > start) else {
        return (Attribution::Nothing, start);
    };
    if first.is(INDEFINITE.or(OTHER_PRONOUN).or(VERB)) {
        return (Attribution::Unknown, first_end);
    }
    if first.is(HE.or(SHE)) {
        return (Attribution::Nothing, start + 1);
    }
    let is_long = first_end - start >= MAX_WORDS && words.is_joined(first_end);
    if is_long {
        return (Attribution::Unknown, first_end);
    }
    let mut to = first_end;
    let has_head = first.is(OFFICE.or(TITLE));
    let is_institution = first.is(INSTITUTION);
    // "وزير الدفاع، حننا سيدي، إن": the name stands between commas.
    let name_end = phrase_end(words, first_end, end, MAX_NAME_WORDS);
    let is_apposition = has_head
        && first_end < end
        && words.get(first_end).is_some_and(|word| word.gap == Gap::Comma)
        && name_end >= first_end + 2
        && words.get(name_end).is_some_and(|word| word.gap != Gap::Joined || word.is(THAT));
    if is_apposition {
        to = name_end;
    }
    let length = to - start;
    let kind = match length {
        1 if is_institution => Kind::Institution,
        1 if has_head => Kind::BareOffice,
        1 if first.folded.starts_with("ال") || first.folded.chars().count() < 3 => Kind::Unknown,
        1 => Kind::ShortName,
        _ if is_institution => Kind::Institution,
        _ => Kind::Person,
    };
    let phrase = NounPhrase {
        words: start..to,
        kind,
        is_woman: (start..to).any(|at| words.is(at, FEMININE)),
    };
    let attribution = match kind {
        Kind::Unknown => Attribution::Unknown,
        Kind::BareOffice => Attribution::BareOffice(phrase),
        _ => Attribution::Named(phrase),
    };
    (attribution, to)
}

/// Returns where the phrase that begins at `start` ends.
fn phrase_end(words: &Words<'_>, start: usize, end: usize, max_words: usize) -> usize {
    let mut at = start;
    while at < end.min(start + max_words) {
        let Some(word) = words.get(at) else { break };
        let is_apart = at > start && word.gap != Gap::Joined;
        // `للصحفيين` and the like tell to whom it was said.
        let is_listener = word.folded.starts_with("لل") && at > start;
        if is_apart || is_listener || word.is(STOP.or(THAT)) || word.is(VERB) && at > start {
            break;
        }
        at += 1;
    }
    at
}
