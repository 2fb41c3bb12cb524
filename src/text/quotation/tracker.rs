//! Keeps who spoke last, so that `a-t-il dit` is understood where only one person can be meant.

use super::attribution::{Attribution, with_apposition};
use super::noun_phrase::{Kind, NounPhrase, is_name_part, name_end, noun_phrase};
use super::subject::{last_verb, subject_of};
use super::verbs::{Form, Pronoun, verb_at};
use super::words::{
    ADVERB, CONNECTOR, DEFINITE, Gap, INSTITUTION, LINK, Language, MODIFIER, NAMING, OFFICE, PARTICLE, STOP, TITLE, Word, Words,
};
use std::collections::HashSet;
use std::ops::Range;

/// The furthest a pronoun may stand from the last mention of its person, in words.
const MAX_DISTANCE_WORDS: usize = 160;

/// How many words of an office may stand before a name.
const MAX_OFFICE_WORDS: usize = 8;

/// Who spoke last.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    last: Option<NounPhrase>,
    /// The index of the word at which he was named or understood last.
    seen_at: usize,
    /// Whether another one was named since, whom a pronoun may mean as well.
    is_ambiguous: bool,
    /// The index of the next word to read.
    at: usize,
    /// The folded words of the names that were told.
    people: HashSet<String>,
}

impl Tracker {
    /// Reads the words up to `to`, which belong to no quotation.
    pub(super) fn read(&mut self, words: &Words<'_>, to: usize) {
        if !words.language.has_capitals() {
            self.at = to.max(self.at);
            return;
        }
        let floor = self.at;
        while self.at < to {
            let at = self.at;
            if let Some(verb) = verb_at(words, at, to).filter(|verb| verb.form == Form::Finite && verb.pronoun.is_none()) {
                if let Some(start) = words.sentence_start(at, floor).filter(|start| *start < at) {
                    let verb = last_verb(words, start, verb.words.end).unwrap_or(verb);
                    match subject_of(words, start, &verb, to, false) {
                        Attribution::Named(phrase) => self.set(words, phrase, at),
                        Attribution::Unknown => self.is_ambiguous = true,
                        _ => {}
                    }
                }
                self.at = verb_at(words, at, to).map_or(at + 1, |verb| verb.words.end);
            } else if words
                .get(at)
                .is_some_and(|word| is_name_part(word) && !(word.is(STOP) && word.gap != Gap::Joined))
            {
                self.at = self.mention(words, at, to);
            } else {
                self.at += 1;
            }
        }
    }

    /// Notes the name that begins at `at`; returns the index behind it.
    fn mention(&mut self, words: &Words<'_>, at: usize, to: usize) -> usize {
        let end = name_end(words, at, to).max(at + 1);
        let own = at..end;
        let is_titled = at
            .checked_sub(1)
            .is_some_and(|before| words.is(before, TITLE) && words.is_joined(at));
        let parts = words.all.get(own.clone()).unwrap_or_default();
        let names = parts.iter().filter(|word| is_name_part(word)).count();
        let is_other = parts
            .iter()
            .any(|word| word.is(INSTITUTION.or(NAMING)) || word.is(LINK) && !word.is(PARTICLE));
        if is_other {
            return end;
        }
        if names < 2 && !is_titled {
            self.short_mention(words, at);
            return end;
        }
        self.people
            .extend(own.clone().filter_map(|at| words.get(at)).map(|word| word.folded.to_string()));
        match &self.last {
            Some(last) if shares_name(words, &last.words, &own) => self.seen_at = end,
            Some(_) => self.is_ambiguous = true,
            None => {
                // The first person of a text is the one whom a pronoun means, as long as no other follows.
                let phrase = NounPhrase {
                    words: own,
                    kind: Kind::Person,
                    is_woman: false,
                };
                let begins = |start: &usize| words.is(*start, DEFINITE.or(OFFICE).or(TITLE));
                let mut phrases = (at.saturating_sub(MAX_OFFICE_WORDS)..at)
                    .filter(begins)
                    .filter_map(|start| noun_phrase(words, start, end));
                let office = phrases.find(|phrase| phrase.words.end == end && phrase.kind == Kind::Person);
                self.last = Some(with_apposition(words, office.unwrap_or(phrase), to));
                self.seen_at = end;
            }
        }
        end
    }

    /// Notes a name of one word: it is another person's when it is part of a name that was told before, or when it begins a sentence.
    fn short_mention(&mut self, words: &Words<'_>, at: usize) {
        let Some(word) = words.get(at) else { return };
        let begins = word.gap == Gap::Sentence && words.is_name(word) && !word.is(STOP.or(ADVERB).or(CONNECTOR).or(MODIFIER).or(OFFICE));
        let is_other = begins || self.people.contains(word.folded.as_ref());
        match &self.last {
            Some(last) if is_other && !shares_name(words, &last.words, &(at..at + 1)) => self.is_ambiguous = true,
            _ => {}
        }
    }

    /// Notes that somebody spoke.
    pub(super) fn set(&mut self, words: &Words<'_>, phrase: NounPhrase, at: usize) {
        let names = words
            .all
            .get(phrase.words.clone())
            .unwrap_or_default()
            .iter()
            .filter(|word| is_name_part(word));
        self.people.extend(names.map(|word| word.folded.to_string()));
        self.last = Some(phrase);
        self.seen_at = at;
        self.is_ambiguous = false;
    }

    /// Notes that somebody without name spoke.
    pub(super) fn set_unknown(&mut self) {
        self.is_ambiguous = true;
    }

    /// Goes on reading at `to`.
    pub(super) fn skip_to(&mut self, to: usize) {
        self.at = self.at.max(to);
    }

    /// Returns whom an attribution at the word `at` means.
    pub(super) fn resolve(
        &self,
        words: &Words<'_>,
        attribution: Attribution,
        at: usize,
        previous: Option<&NounPhrase>,
    ) -> Option<NounPhrase> {
        match attribution {
            Attribution::Named(phrase) => Some(phrase),
            Attribution::SameSentence => previous.cloned(),
            Attribution::Pronoun(pronoun) => self.person(at).filter(|phrase| agrees(words, phrase, pronoun)).cloned(),
            Attribution::BareOffice(office) => self
                .person(at)
                .filter(|phrase| shares_office(words, &phrase.words, &office.words))
                .cloned(),
            Attribution::Nothing | Attribution::Unknown => None,
        }
    }

    fn person(&self, at: usize) -> Option<&NounPhrase> {
        let is_near = at.saturating_sub(self.seen_at) <= MAX_DISTANCE_WORDS;
        self.last.as_ref().filter(|_| is_near && !self.is_ambiguous)
    }
}

fn agrees(words: &Words<'_>, phrase: &NounPhrase, pronoun: Pronoun) -> bool {
    let is_arabic = !words.language.has_capitals();
    // In English, `he` and `she` are persons.
    let can_be_person = phrase.kind != Kind::Institution || words.language != Language::English;
    match pronoun {
        Pronoun::Other => is_arabic,
        Pronoun::It => phrase.kind == Kind::Institution,
        Pronoun::He => !phrase.is_woman && can_be_person,
        Pronoun::She => (phrase.is_woman || !is_man(words, phrase)) && can_be_person,
    }
}

/// Returns whether the title or the article of an office says that somebody is a man.
fn is_man(words: &Words<'_>, phrase: &NounPhrase) -> bool {
    let start = phrase.words.start;
    let folded = |at: usize| words.get(at).map_or("", |word| word.folded.as_ref());
    let is_titled = phrase.words.clone().any(|at| matches!(folded(at), "m" | "mr" | "monsieur" | "sir"));
    is_titled || folded(start) == "le" && words.is(start + 1, OFFICE)
}

/// Returns whether two ranges have a word of a name in both.
fn shares_name(words: &Words<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    shares(words, one, other, |word| is_name_part(word) && word.text.chars().nth(2).is_some())
}

fn shares_office(words: &Words<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    shares(words, one, other, |word| word.is(OFFICE.or(TITLE)))
}

fn shares(words: &Words<'_>, one: &Range<usize>, other: &Range<usize>, counts: impl Fn(&Word<'_>) -> bool) -> bool {
    let own = |range: &Range<usize>| words.all.get(range.clone()).unwrap_or_default();
    own(one)
        .iter()
        .filter(|word| counts(word))
        .any(|word| own(other).iter().any(|second| second.folded == word.folded))
}
