//! Reads who is named at a place of a text: a person, an office, an institution. In languages with capitals.

use super::words::{
    ADVERB, AUXILIARY, DAY, DEFINITE, FEMININE, GERUND, Gap, HE, INDEFINITE, INSTITUTION, IT, LINK, MODIFIER, NAMING, OFFICE, OTHER_PRONOUN,
    PARTICLE, POSSESSIVE, RELATIVE, SHE, STOP, TITLE, VERB, Word, Words,
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
    let body = if head.is(OFFICE.or(INSTITUTION).or(TITLE)) && (has_article || head.has_capital() || head.is(TITLE.or(OFFICE))) {
        after_head(words, at, end)
    } else if is_name_part(head) {
        let name_end = name_end(words, at, end);
        // `NASA administrator Awa Diallo`.
        let mut office = name_end;
        while office < name_end + 2 && next(office).is_some_and(|word| word.is(MODIFIER) && !word.is(OFFICE)) {
            office += 1;
        }
        let holds_office = next(office).is_some_and(|word| word.is(OFFICE) && !word.has_capital());
        if holds_office { at..after_head(words, office, end).end } else { at..name_end }
    } else {
        before_name(words, at, end)?
    };
    let phrase = start..body.end;
    let kind = match kind(words, at, &body, has_article) {
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
        .or(DAY);
    word.has_capital() && !word.is(is_other)
        // `Al-Amin`, `La Tribune` within a name.
        || word.has_capital() && word.is(PARTICLE)
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
    let mut at = head + 1;
    while at < end {
        let Some(word) = words.get(at).filter(|word| word.gap == Gap::Joined || is_hyphenated(words, at)) else {
            break;
        };
        let next = words.get(at + 1).filter(|next| at + 1 < end && next.gap == Gap::Joined);
        let is_capital = |word: Option<&Word<'_>>| word.is_some_and(is_name_part);
        let leads_to_name = is_capital(next) || (next.is_some_and(|next| next.is(DEFINITE)) && is_capital(words.get(at + 2)));
        let begins_sentence = word.has_capital() && word.is(DEFINITE) && !words.is(at - 1, LINK) && !is_capital(next);
        if begins_sentence {
            break;
        }
        if is_name_part(word) || word.is(TITLE) {
            last = at + 1;
        } else if word.is(LINK) || word.is(PARTICLE) {
            // `à`, `en`, `et`, `for` belong to it only before a name or where an office goes on.
            let is_of = matches!(
                word.folded.as_ref(),
                "de" | "du" | "des" | "d" | "la" | "le" | "l" | "les" | "of" | "the" | "na" | "ta"
            );
            let goes_on =
                next.is_some_and(|next| next.is(OFFICE) || matches!(next.folded.as_ref(), "des" | "du" | "chef" | "charge" | "the"));
            // `le professeur Diallo à la BBC` tells to whom he spoke.
            let is_addressed = matches!(word.folded.as_ref(), "a" | "au" | "aux") && words.get(at - 1).is_some_and(|before| before.has_capital() && before.folded != "etat");
            if !is_of && !leads_to_name && !goes_on || is_addressed {
                break;
            }
        } else if word.is(STOP.or(ADVERB).or(GERUND)) || word.is(AUXILIARY) || (word.is(VERB) && !words.is(at - 1, LINK)) || word.is(DAY) {
            break;
        } else if word.text.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        } else {
            last = at + 1;
        }
        at += 1;
    }
    head..last
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
        if word.is(is_other.or(LINK)) {
            return None;
        }
    }
    None
}

fn kind(words: &Words<'_>, head: usize, body: &Range<usize>, has_article: bool) -> Kind {
    let names = names_in(words, body);
    let is_short = body.len() == 1;
    let Some(word) = words.get(head) else { return Kind::Unknown };
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
    let office = body.clone().find(|at| words.get(*at).is_some_and(|word| word.is(OFFICE) && !word.has_capital()));
    if let Some(office) = office {
        return if ends_in_name(words, &(office..body.end)) { Kind::Person } else { Kind::Office };
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
