//! Recognises verbs of saying: `a-t-il ajouté`, `has also said`, `ya ce`. In languages with capitals.

use super::words::{
    ADVERB, AUXILIARY, CLITIC, DEFINITE, EVALUATION, GERUND, Gap, HE, INDEFINITE, INFINITIVE, IT, LINK, Language, OTHER_PRONOUN,
    POSSESSIVE, SHE, VERB, Words,
};
use std::ops::Range;

/// The most adverbs between an auxiliary and its verb, in words.
const MAX_ADVERBS: usize = 7;

/// A pronoun that stands for a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pronoun {
    He,
    She,
    It,
    /// `they`, `on`, `qui`: nobody who can be named.
    Other,
}

/// How a verb is connected with its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Its subject stands before or behind it.
    Finite,
    /// `Et le maire de conclure`.
    Infinitive,
    /// `ajoutant que`, `avant de conclure`: the subject is that of the sentence.
    Participle,
}

/// A verb of saying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verb {
    /// The indices of its words, with the auxiliary, pronouns and adverbs.
    pub words: Range<usize>,
    /// How it is connected.
    pub form: Form,
    /// The pronoun within it: `a-t-il dit`.
    pub pronoun: Option<Pronoun>,
    /// Whether the words of its object are the speaker's: `a dénoncé « … »`.
    pub is_evaluation: bool,
}

/// Returns the pronoun that a word is.
pub(super) fn pronoun_at(words: &Words<'_>, at: usize) -> Option<Pronoun> {
    let word = words.get(at)?;
    if word.is(HE) {
        Some(Pronoun::He)
    } else if word.is(SHE) {
        Some(Pronoun::She)
    } else if word.is(IT) {
        Some(Pronoun::It)
    } else {
        word.is(OTHER_PRONOUN).then_some(Pronoun::Other)
    }
}

/// Returns the verb of saying that begins with the word at `start` and ends before `end`.
pub(super) fn verb_at(words: &Words<'_>, start: usize, end: usize) -> Option<Verb> {
    let word = words.get(start).filter(|_| start < end)?;
    let verb = |to: usize, form, pronoun| Verb {
        words: start..to,
        form,
        pronoun,
        is_evaluation: words.is(to - 1, EVALUATION) || words.is((to - 1).min(start), EVALUATION),
    };
    if word.is(GERUND) {
        return Some(verb(start + 1, Form::Participle, None));
    }
    if matches!(word.folded.as_ref(), "de" | "d")
        && words.language == Language::French
        && words.is(start + 1, INFINITIVE)
        && start + 1 < end
    {
        let is_before = start
            .checked_sub(1)
            .and_then(|at| words.get(at))
            .is_some_and(|word| word.folded == "avant");
        let form = if is_before { Form::Participle } else { Form::Infinitive };
        return Some(verb(start + 2, form, None));
    }
    let mut at = start;
    while at < start + 3 && words.is(at, CLITIC) && !words.is(at, AUXILIARY) && words.is_joined(at + 1) {
        at += 1;
    }
    let has_clitic = at > start;
    let is_reflexive = has_clitic && words.get(at - 1).is_some_and(|word| matches!(word.folded.as_ref(), "s" | "se"));
    let needs_reflexive = words.get(at).is_some_and(|word| word.folded == "est");
    if words.is(at, AUXILIARY) && (is_reflexive || !needs_reflexive) {
        return with_auxiliary(words, at, end).map(|(to, pronoun)| verb(to, Form::Finite, pronoun));
    }
    // Between a noun and an auxiliary, `l'annonce` or `leur demande` are nouns.
    let is_finite = words.get(at).is_some_and(|word| word.is(VERB) && !word.has_capital()) && at < end;
    if !is_finite
        || words.language == Language::Hausa
        || (has_clitic && !is_reflexive)
        || (at == start && is_noun(words, start))
        || is_participle(words, at)
    {
        return fait_savoir(words, at, end).map(|(to, pronoun)| verb(to, Form::Finite, pronoun));
    }
    let (to, pronoun) = inverted_pronoun(words, at + 1, end);
    Some(verb(to, Form::Finite, pronoun))
}

/// Reads what follows an auxiliary; returns the index behind the verb, and the pronoun.
fn with_auxiliary(words: &Words<'_>, auxiliary: usize, end: usize) -> Option<(usize, Option<Pronoun>)> {
    let (mut at, pronoun) = inverted_pronoun(words, auxiliary + 1, end);
    let limit = end.min(at + MAX_ADVERBS);
    while at < limit {
        let word = words.get(at).filter(|word| matches!(word.gap, Gap::Joined | Gap::Comma))?;
        if let Some((to, _)) = fait_savoir(words, at, end) {
            return Some((to, pronoun));
        }
        if word.folded == "tenu" && words.are(at, &["tenu", "a"]) && words.is(at + 2, INFINITIVE) && at + 2 < end {
            return Some((at + 3, pronoun));
        }
        if word.is(VERB) && !word.has_capital() {
            return Some((at + 1, pronoun));
        }
        if !word.is(ADVERB) {
            return None;
        }
        at += 1;
    }
    None
}

/// `fait savoir`, `fait remarquer`, `laissé entendre`.
fn fait_savoir(words: &Words<'_>, at: usize, end: usize) -> Option<(usize, Option<Pronoun>)> {
    let is_first = words
        .get(at)
        .is_some_and(|word| matches!(word.folded.as_ref(), "fait" | "laisse" | "font"));
    if !is_first || words.language != Language::French {
        return None;
    }
    let (next, pronoun) = inverted_pronoun(words, at + 1, end);
    (words.is(next, INFINITIVE) && next < end).then_some((next + 1, pronoun))
}

/// Reads `-t-il` or `-elle`; returns the index behind it.
fn inverted_pronoun(words: &Words<'_>, at: usize, end: usize) -> (usize, Option<Pronoun>) {
    let is_french = words.language == Language::French;
    let skipped = usize::from(is_french && words.get(at).is_some_and(|word| word.folded == "t"));
    let next = at + skipped;
    let is_pronoun = next < end && words.is_joined(next) && is_french && (skipped == 1 || is_after_hyphen(words, next));
    match pronoun_at(words, next).filter(|_| is_pronoun) {
        Some(pronoun) => (next + 1, Some(pronoun)),
        None => (at, None),
    }
}

fn is_after_hyphen(words: &Words<'_>, at: usize) -> bool {
    let between = at.checked_sub(1).and_then(|before| words.get(before)).zip(words.get(at));
    between.is_some_and(|(before, word)| {
        words
            .text
            .get(before.end()..word.start)
            .is_some_and(|gap| gap.contains(['-', '‑', '‐', '–']))
    })
}

/// Returns whether what stands before a word makes a noun of it.
fn is_noun(words: &Words<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).filter(|_| words.is_joined(at));
    let own = DEFINITE.or(INDEFINITE).or(POSSESSIVE).or(LINK);
    before.is_some_and(|before| {
        words.is(before, own) && !words.is(before, AUXILIARY) && words.get(before).is_none_or(|word| word.folded != "en")
    })
}

/// Returns whether a French word is a participle by its ending, so that it needs an auxiliary.
fn is_participle(words: &Words<'_>, at: usize) -> bool {
    words.language == Language::French
        && words
            .get(at)
            .is_some_and(|word| word.text.ends_with(['é', 'É']) || word.text.ends_with("ée") || word.text.ends_with("és"))
}
