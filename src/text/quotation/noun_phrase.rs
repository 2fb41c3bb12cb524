//! Reads who is named at a place of a text: a person, an office, an institution. In languages with capitals.

use super::words::{
    ADVERB, AUXILIARY, DAY, DEFINITE, FEMININE, GERUND, Gap, HE, INDEFINITE, INSTITUTION, IT, LINK, MODIFIER, NAMING, OFFICE,
    OTHER_PRONOUN, PARTICLE, POSSESSIVE, RELATIVE, SHE, STOP, TITLE, VERB, Word, Words,
};
use std::ops::Range;

/// The most words of a phrase.
const MAX_WORDS: usize = 16;
/// The most words without a capital that stand before a name, such as `campaigner` or `analyste politique`.
const MAX_WORDS_BEFORE_NAME: usize = 4;

/// How well a phrase says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name of a person, with an office or without.
    Person,
    /// A name of one word: a person or an institution.
    ShortName,
    /// An office that one person holds, such as `le ministre de la Défense`.
    Office,
    /// An office without what it is for, such as `le ministre`: known from the text before.
    BareOffice,
    /// An institution.
    Institution,
    /// Someone without name, such as `un habitant`, or not a speaker at all.
    Unknown,
}

/// Who is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NounPhrase {
    /// The indices of its words, the article included.
    pub words: Range<usize>,
    /// How well it is known.
    pub kind: Kind,
    /// Whether it is a woman, as far as a title tells.
    pub is_woman: bool,
}

/// Returns the phrase that begins with the word at `start` and ends before `end`; `None` when none begins there.
pub(super) fn noun_phrase(words: &Words<'_>, start: usize, end: usize) -> Option<NounPhrase> {
    let end = end.min(start + MAX_WORDS).min(words.all.len());
    let mut at = start;
    let first = words.get(start).filter(|_| start < end)?;
    let is_indefinite = first.is(INDEFINITE);
    let has_article = is_indefinite || first.is(DEFINITE.or(POSSESSIVE));
    if has_article {
        at += 1;
    }
    let next = |at: usize| words.get(at).filter(|word| at < end && (at == start || word.gap == Gap::Joined));
    while next(at).is_some_and(|word| word.is(MODIFIER) && !word.is(OFFICE)) && next(at + 1).is_some() {
        at += 1;
    }
    let head = next(at)?;
    // `Dans`, `According` begin a sentence with a capital, and no name.
    if at == start && head.is(STOP) && head.gap != Gap::Joined {
        return None;
    }
    let body = body(words, at, end, has_article)?;
    let phrase = start..body.end;
    let kind = match kind(words, at, &body, has_article) {
        // `un porte-parole de l'armée` speaks for it; `un habitant de Gao` is nobody in particular.
        Kind::Office | Kind::Person if is_indefinite && speaks_for_others(words, &body) => Kind::Office,
        Kind::Person if is_indefinite && !ends_in_name(words, &body) => Kind::Unknown,
        kind if is_indefinite && kind != Kind::Person => Kind::Unknown,
        kind => kind,
    };
    let is_woman = words.all.get(phrase.clone())?.iter().any(|word| word.is(FEMININE)) || (first.folded == "la" && head.is(OFFICE));
    Some(NounPhrase {
        words: phrase,
        kind,
        is_woman,
    })
}

/// Reads a phrase behind its article; `at` is the index of its head.
fn body(words: &Words<'_>, at: usize, end: usize, has_article: bool) -> Option<Range<usize>> {
    let next = |at: usize| words.get(at).filter(|word| at < end && word.gap == Gap::Joined);
    let head = words.get(at)?;
    let is_head = head.is(OFFICE.or(TITLE)) || head.is(INSTITUTION) && (has_article || head.has_capital());
    let body = if is_head {
        after_head(words, at, end)
    } else if is_name_part(head) {
        let name_end = name_end(words, at, end);
        // `NASA administrator Awa Diallo`, `Party deputy leader Awa Diallo`.
        let is_modifier = |at: usize| next(at).is_some_and(|word| word.is(MODIFIER) && !word.is(OFFICE));
        let office = name_end + usize::from(is_modifier(name_end));
        let holds_office = next(office).is_some_and(|word| word.is(OFFICE) && !word.has_capital());
        let end = if holds_office {
            after_head(words, office, end).end
        } else {
            name_end
        };
        at..end
    } else {
        before_name(words, at, end)?
    };
    if next(body.end).is_some_and(|word| word.folded == "s") {
        return behind_possessive(words, body.end + 1, end).map(|end| body.start..end);
    }
    Some(body)
}

/// Returns whether a phrase has `'s` in it, as in `the firm's director`.
pub(super) fn is_possessive(words: &Words<'_>, body: &Range<usize>) -> bool {
    body.clone().skip(1).any(|at| words.get(at).is_some_and(|word| word.folded == "s"))
}

/// Reads what follows `'s`: an office or a name. Returns the index behind it; `None` for `Awa's brother`.
fn behind_possessive(words: &Words<'_>, start: usize, end: usize) -> Option<usize> {
    let mut at = start;
    while at < end && words.is_joined(at) && words.is(at, MODIFIER) && !words.is(at, OFFICE) {
        at += 1;
    }
    let word = words.get(at).filter(|word| at < end && word.gap == Gap::Joined)?;
    if word.is(OFFICE.or(TITLE)) {
        Some(after_head(words, at, end).end)
    } else if is_name_part(word) {
        Some(name_end(words, at, end))
    } else {
        before_name(words, at, end).map(|range| range.end)
    }
}

/// Returns whether a word is part of a name.
pub(super) fn is_name_part(word: &Word<'_>) -> bool {
    let is_other = DEFINITE
        .or(INDEFINITE)
        .or(POSSESSIVE)
        .or(HE)
        .or(SHE)
        .or(IT)
        .or(OTHER_PRONOUN)
        .or(RELATIVE)
        .or(DAY)
        .or(LINK);
    // `La Tribune` or `Al Amin` within a name.
    word.has_capital() && (!word.is(is_other) || word.is(PARTICLE))
}

/// Returns the index behind the name that begins at `at`: words with capitals, and particles between them.
pub(super) fn name_end(words: &Words<'_>, at: usize, end: usize) -> usize {
    let mut last = at + 1;
    let mut next = at + 1;
    while next < end {
        let Some(word) = words.get(next).filter(|word| word.gap == Gap::Joined) else {
            break;
        };
        next += 1;
        if is_name_part(word) {
            last = next;
        } else if !word.is(PARTICLE) {
            break;
        }
    }
    last
}

/// Returns how many words with a capital a range has, offices and titles left out.
pub(super) fn names_in(words: &Words<'_>, range: &Range<usize>) -> usize {
    let own = words.all.get(range.clone()).unwrap_or_default();
    let names = own
        .iter()
        .filter(|word| is_name_part(word) && !word.is(OFFICE.or(TITLE).or(INSTITUTION)));
    names.count()
}

/// Reads what follows the head of an office or institution: `ministre de la Défense Sadio Camara`.
fn after_head(words: &Words<'_>, head: usize, end: usize) -> Range<usize> {
    let mut last = head + 1;
    for at in head + 1..end {
        let Some(word) = words.get(at).filter(|word| word.gap == Gap::Joined || is_hyphenated(words, at)) else {
            break;
        };
        let next = words.get(at + 1).filter(|next| at + 1 < end && next.gap == Gap::Joined);
        let is_part = is_name_part(word) || word.is(TITLE);
        if is_part && !begins_sentence(words, at, next) {
            last = at + 1;
        } else if !is_part && word.is(LINK.or(PARTICLE)) {
            if !links(words, at, next) {
                break;
            }
        } else if is_part || ends_phrase(words, at) {
            break;
        } else {
            last = at + 1;
        }
    }
    head..last
}

/// Returns whether the word at an index is an article with a capital that begins a sentence, as behind a headline without point.
fn begins_sentence(words: &Words<'_>, at: usize, next: Option<&Word<'_>>) -> bool {
    let is_article = words.get(at).is_some_and(|word| word.has_capital() && word.is(DEFINITE));
    is_article && !words.is(at - 1, LINK) && !next.is_some_and(is_name_part)
}

/// Returns whether the preposition or article at an index belongs to an office: `de la Défense`, `for the Ministry`.
fn links(words: &Words<'_>, at: usize, next: Option<&Word<'_>>) -> bool {
    let folded = words.get(at).map_or("", |word| word.folded.as_ref());
    // `le professeur Diallo à la BBC` tells to whom he spoke.
    let before = words.get(at - 1).filter(|before| before.has_capital() && before.folded != "etat");
    if matches!(folded, "a" | "au" | "aux") && before.is_some() {
        return false;
    }
    // `à`, `en`, `et`, `for` belong to it only before a name or where an office goes on.
    let is_of = matches!(
        folded,
        "de" | "du" | "des" | "d" | "la" | "le" | "l" | "les" | "of" | "the" | "na" | "ta"
    );
    let leads_to_name = next.is_some_and(|next| is_name_part(next) || next.is(DEFINITE) && words.get(at + 2).is_some_and(is_name_part));
    let goes_on = next.is_some_and(|next| next.is(OFFICE) || matches!(next.folded.as_ref(), "des" | "du" | "chef" | "charge" | "the"));
    is_of || leads_to_name || goes_on
}

/// Returns whether the word at an index, without a capital, belongs to no office.
fn ends_phrase(words: &Words<'_>, at: usize) -> bool {
    let Some(word) = words.get(at) else { return true };
    word.folded == "s"
        || word.is(STOP.or(ADVERB).or(GERUND).or(AUXILIARY).or(DAY))
        || (word.is(VERB) && !words.is(at - 1, LINK))
        || word.text.starts_with(|c: char| c.is_ascii_digit())
        || is_participle_behind_name(words, at)
}

/// `Awa Diallo saluant`, `Awa Diallo speaking`.
fn is_participle_behind_name(words: &Words<'_>, at: usize) -> bool {
    let follows_name = words.get(at - 1).is_some_and(is_name_part);
    follows_name
        && words
            .get(at)
            .is_some_and(|word| !word.is(OFFICE) && (word.folded.ends_with("ant") || word.folded.ends_with("ing")))
}

fn is_hyphenated(words: &Words<'_>, at: usize) -> bool {
    let between = at.checked_sub(1).and_then(|before| words.get(before)).zip(words.get(at));
    between.is_some_and(|(before, word)| words.text.get(before.end()..word.start).is_some_and(|gap| gap == "-" || gap == "/"))
}

/// Reads `analyste politique Issa Diallo`: a few words, then a name of two words or more.
fn before_name(words: &Words<'_>, start: usize, end: usize) -> Option<Range<usize>> {
    for at in start..end.min(start + MAX_WORDS_BEFORE_NAME + 1) {
        let word = words.get(at).filter(|word| at == start || word.gap == Gap::Joined)?;
        if is_name_part(word) {
            let behind = name_end(words, at, end);
            return (at > start && behind - at >= 2).then_some(start..behind);
        }
        let is_other = STOP
            .or(VERB)
            .or(AUXILIARY)
            .or(ADVERB)
            .or(HE)
            .or(SHE)
            .or(IT)
            .or(OTHER_PRONOUN)
            .or(RELATIVE)
            .or(NAMING);
        // A short word is the end of an address, such as `example.fr`.
        let is_short = at == start && word.text.chars().nth(2).is_none() && !is_hyphenated(words, at + 1);
        if word.is(is_other.or(LINK)) || is_short {
            return None;
        }
    }
    None
}

fn kind(words: &Words<'_>, head: usize, body: &Range<usize>, has_article: bool) -> Kind {
    let names = names_in(words, body);
    let is_short = body.len() == 1;
    let Some(word) = words.get(head) else { return Kind::Unknown };
    if is_possessive(words, body) {
        let is_office = body.clone().any(|at| words.is(at, OFFICE)) && !ends_in_name(words, body);
        return if is_office { Kind::Office } else { Kind::Person };
    }
    if word.is(INSTITUTION) && !word.is(OFFICE) {
        return if word.has_capital() || has_article {
            Kind::Institution
        } else {
            Kind::Unknown
        };
    }
    if word.is(TITLE) && names > 0 {
        return Kind::Person;
    }
    if word.is(OFFICE.or(TITLE)) {
        return match names {
            0 if is_short => Kind::BareOffice,
            // `le ministre malien`, `le porte-parole du gouvernement`.
            _ if ends_in_name(words, body) => Kind::Person,
            _ if has_article && body.len() >= 3 => Kind::Office,
            _ => Kind::BareOffice,
        };
    }
    let first = words.get(body.start);
    let office = body
        .clone()
        .find(|at| words.get(*at).is_some_and(|word| word.is(OFFICE) && !word.has_capital()));
    if let Some(office) = office {
        return if ends_in_name(words, &(office..body.end)) {
            Kind::Person
        } else if body.len() >= 3 {
            Kind::Office
        } else {
            Kind::BareOffice
        };
    }
    match names {
        0 => Kind::Unknown,
        1 if is_short && has_article => Kind::Institution,
        1 if is_short => {
            if first.is_some_and(|word| word.is(STOP.or(VERB).or(NAMING).or(LINK)) || word.text.starts_with(|c: char| c.is_ascii_digit())) {
                Kind::Unknown
            } else {
                Kind::ShortName
            }
        }
        _ if first.is_some_and(|word| word.is(NAMING)) => Kind::Unknown,
        _ => Kind::Person,
    }
}

/// Returns whether a phrase is that of a spokesperson of whom no name is told.
fn speaks_for_others(words: &Words<'_>, body: &Range<usize>) -> bool {
    let is_spokesperson = |at: usize| {
        let word = words.get(at).map_or("", |word| word.folded.as_ref());
        word.starts_with("spokes") || word == "porte" && words.are(at, &["porte", "parole"])
    };
    let last = words.get(body.end - 1);
    let head = body.clone().find(|at| is_spokesperson(*at));
    head.is_some_and(|head| head + 1 == body.end || !ends_in_name(words, body) || words.is(head + 1, LINK) || words.is(head + 2, LINK))
        && last.is_some()
}

/// Returns whether a phrase ends in two words of a name that no `de` or `of` joins to the office.
fn ends_in_name(words: &Words<'_>, body: &Range<usize>) -> bool {
    let mut run = 0;
    for at in body.clone().rev() {
        let Some(word) = words.get(at) else { break };
        if is_name_part(word) && !word.is(OFFICE.or(TITLE).or(INSTITUTION)) {
            run += 1;
        } else {
            break;
        }
    }
    run >= 2 || (run == 1 && body.end.checked_sub(2).is_some_and(|before| words.is(before, TITLE.or(OFFICE))))
}
