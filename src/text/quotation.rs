//! Finds what people are quoted as saying, word for word, and who they are. Only direct speech whose speaker the text names is returned: words in quotation
//! marks that are no name, no title and no single expression, with a verb of saying near. French, English and Arabic, and some Hausa.

mod arabic;
mod attribution;
mod before;
mod behind;
mod marks;
mod noun_phrase;
mod subject;
mod tracker;
mod verbs;
mod words;

use super::language::guess;
use attribution::Attribution;
use marks::{Quoted, has_marks, quoted};
use noun_phrase::{Kind, NounPhrase};
use tracker::Tracker;
use words::{Gap, Language, Word, Words};

/// The fewest words and characters of a quotation.
const MIN_WORDS: usize = 4;
const MIN_CHARS: usize = 20;
/// The most characters of a quotation, and of its speaker.
const MAX_CHARS: usize = 400;
const MAX_SPEAKER_CHARS: usize = 80;
/// The most quotations of a text.
const MAX_QUOTATIONS: usize = 50;

/// What somebody is quoted as saying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// His words as they stand in the text, without the marks; at most 400 characters. `…` stands at the end in place of what is left out.
    pub words: String,
    /// Who said them, as the text names him where it does so, with his office; at most about 80 characters.
    pub speaker: String,
}

/// Returns what people are quoted as saying in `text`, which is plain and has one block a line, in its order; at most 50 quotations. A quotation that runs over
/// several blocks is one for each of them. `language` is a BCP 47 tag; without it the language is guessed. In languages other than French, English,
/// Arabic and Hausa nothing is found.
#[must_use]
pub fn quotations(text: &str, language: Option<&str>) -> Vec<Quotation> {
    if !has_marks(text) {
        return Vec::new();
    }
    let Some(language) = language.or_else(|| guess(text)).and_then(Language::of_tag) else {
        return Vec::new();
    };
    let parts = quoted(text);
    if parts.is_empty() {
        return Vec::new();
    }
    let words = Words::new(text, language);
    let mut reader = Reader {
        words: &words,
        tracker: Tracker::default(),
        previous: None,
        found: Vec::new(),
    };
    let mut rest = parts.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let count = 1 + after.iter().take_while(|part| part.continues).count();
        let (group, after) = rest.split_at(count);
        reader.read(first, group, after.first());
        rest = after;
        if reader.found.len() >= MAX_QUOTATIONS {
            break;
        }
    }
    reader.found.truncate(MAX_QUOTATIONS);
    reader.found
}

/// The quotation that was read last.
struct Previous {
    /// The index of the first word behind it, and of the first one behind what tells its speaker.
    end: usize,
    told_until: usize,
    /// Its byte index behind the mark.
    outer_end: usize,
    speaker: Option<NounPhrase>,
}

struct Reader<'a> {
    words: &'a Words<'a>,
    tracker: Tracker,
    previous: Option<Previous>,
    found: Vec<Quotation>,
}

impl Reader<'_> {
    /// Reads a quotation, whose parts are `group`. `next` is the one behind it.
    fn read(&mut self, first: &Quoted, group: &[Quoted], next: Option<&Quoted>) {
        let words = self.words;
        let Some(last) = group.last() else { return };
        let quote = words.index_at(first.outer.start);
        let end = words.index_at(last.outer.end);
        let floor = self.previous.as_ref().map_or(0, |previous| previous.end);
        self.tracker.read(words, quote);
        let limit = next.map_or(words.all.len(), |next| words.index_at(next.outer.start));
        let is_speech = group.iter().any(|part| is_long(words, part));
        let (attribution, told_until) = if is_speech {
            self.attribution(first, last, floor, limit)
        } else {
            (Attribution::Nothing, end)
        };
        let is_told = attribution != Attribution::Nothing;
        let previous = self.previous.as_ref().and_then(|previous| previous.speaker.as_ref());
        let mut speaker = self.tracker.resolve(words, attribution, quote, previous);
        if is_speech && !is_told && self.continues(first, quote) {
            speaker = previous.cloned();
        }
        if is_told {
            match &speaker {
                Some(speaker) => self.tracker.set(words, speaker.clone(), quote),
                None => self.tracker.set_unknown(),
            }
        }
        if let Some(speaker) = &speaker {
            let name = speaker_text(words, speaker);
            for part in group.iter().filter(|part| is_long(words, part)) {
                let said = words.text.get(part.inner.clone()).unwrap_or_default();
                self.found.push(Quotation {
                    words: cut(said.trim_matches(is_outside), MAX_CHARS),
                    speaker: name.clone(),
                });
            }
        }
        self.tracker.skip_to(told_until.max(end));
        self.previous = Some(Previous {
            end,
            told_until: told_until.max(end),
            outer_end: last.outer.end,
            speaker,
        });
    }

    /// Returns who is said to speak, and the index of the first word behind what says so.
    fn attribution(&self, first: &Quoted, last: &Quoted, floor: usize, limit: usize) -> (Attribution, usize) {
        let words = self.words;
        let has_capitals = words.language.has_capitals();
        let (told, until) = if has_capitals {
            behind::behind(words, last, limit)
        } else {
            arabic::behind(words, last, limit)
        };
        if told != Attribution::Nothing {
            return (told, until);
        }
        let told = if has_capitals {
            before::before(words, first, floor)
        } else {
            arabic::before(words, first, floor)
        };
        (told, words.index_at(last.outer.end))
    }

    /// Returns whether a quotation follows the one before it so closely that one speaker says both: `« … », a dit le maire. « … »`.
    fn continues(&self, first: &Quoted, quote: usize) -> bool {
        /// How long the rest of the sentence that tells the speaker may be, in words.
        const MAX_REST_WORDS: usize = 15;
        let Some(previous) = &self.previous else { return false };
        let between = self.words.text.get(previous.outer_end..first.outer.start).unwrap_or_default();
        if between.contains('\n') {
            return false;
        }
        if previous.end == quote {
            return between.chars().all(|c| c.is_whitespace() || matches!(c, '.' | ',' | '…'));
        }
        let rest = previous.told_until..quote;
        let begins_sentence = between.trim_end().ends_with(['.', '!', '?']);
        previous.told_until > previous.end
            && rest.len() <= MAX_REST_WORDS
            && (begins_sentence || rest.is_empty() && between.trim_end().ends_with([',', ':']))
            && rest
                .clone()
                .all(|at| self.words.get(at).is_some_and(|word| word.gap != Gap::Sentence))
            && subject::last_verb(self.words, rest.start, rest.end).is_none()
    }
}

/// Returns whether a part is long enough to be somebody's words, and not a name, a title or an expression.
fn is_long(words: &Words<'_>, part: &Quoted) -> bool {
    let said = words.text.get(part.inner.clone()).unwrap_or_default().trim();
    let count = said
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .take(MIN_WORDS)
        .count();
    count == MIN_WORDS && said.chars().nth(MIN_CHARS - 1).is_some() && !is_title(words, part)
}

/// Returns whether all longer words of a part have capitals, as in an English title.
fn is_title(words: &Words<'_>, part: &Quoted) -> bool {
    /// Shorter words have no capital in titles.
    const MIN_LETTERS: usize = 4;
    let range = words.index_at(part.inner.start)..words.index_at(part.inner.end);
    let own = words.all.get(range).unwrap_or_default();
    let mut longer = own
        .iter()
        .filter(|word| word.text.chars().nth(MIN_LETTERS - 1).is_some())
        .peekable();
    longer.peek().is_some() && longer.all(Word::has_capital)
}

/// Returns whether a letter at either end of a quotation is no part of it.
fn is_outside(letter: char) -> bool {
    letter.is_whitespace() || letter == ','
}

/// Returns the words that name a speaker, without the article before a name.
fn speaker_text(words: &Words<'_>, speaker: &NounPhrase) -> String {
    let mut range = speaker.words.clone();
    let is_article = words.is(range.start, words::DEFINITE.or(words::POSSESSIVE).or(words::INDEFINITE)) && range.len() > 1;
    let is_named = matches!(speaker.kind, Kind::Person) || words.get(range.start + 1).is_some_and(noun_phrase::is_name_part);
    if is_article && is_named && words.language.has_capitals() && !noun_phrase::is_possessive(words, &range) {
        range.start += 1;
    }
    let text: Vec<&str> = words.slice(range).split_whitespace().collect();
    cut(&text.join(" "), MAX_SPEAKER_CHARS)
}

/// Cuts a text behind a word, with `…`.
fn cut(text: &str, max_chars: usize) -> String {
    let Some((limit, _)) = text.char_indices().nth(max_chars) else {
        return text.to_owned();
    };
    // One character is kept for the ellipsis.
    let limit = text.floor_char_boundary(limit.saturating_sub(1));
    let head = text.get(..limit).unwrap_or_default();
    let end = head.rfind(char::is_whitespace).unwrap_or(limit);
    let head = head.get(..end).unwrap_or_default();
    format!("{}…", head.trim_end_matches(|c: char| c.is_whitespace() || c == ','))
}

#[cfg(test)]
mod tests;
