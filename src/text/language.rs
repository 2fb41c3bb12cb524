//! The language of a text, even of a headline: by its script, and by a learned table of what runs of letters say.
//!
//! See docs/design/0010-language.md. What a page or a feed states is weighed against the text in [`resolve_language`].

mod learn;
mod model;
mod stop_words;

pub use learn::{Learned, learn};
pub use stop_words::is_stop_word;

use model::Model;
use std::sync::LazyLock;

static LEARNED: LazyLock<Model> = LazyLock::new(|| include_str!("language/ngrams.txt").parse().expect("a test reads the table"));

/// The tag of texts in none of the languages that the table knows (BCP 47's "undetermined").
const UNKNOWN: &str = "und";
/// Languages that their script tells.
const BY_SCRIPT: [&str; 2] = ["ar", "am"];
/// Tags that are believed from this probability on; below it the next one is. Nigerian Pidgin and English share most of their words, and
/// what is in no known language is mostly names.
const HESITANT: [(&str, f32); 2] = [("pcm", 0.97), (UNKNOWN, 0.97)];
/// How sure a guess is.
const SURE: f32 = 0.9;
/// How many words a guess needs.
const FEWEST_WORDS: usize = 3;
/// How sure a text of how many letters must be that what a page states is wrong.
const CONTRADICTS: f32 = 0.98;
const LETTERS_TO_CONTRADICT: usize = 120;
/// Of a text so many characters are read.
const MAX_DETECTION_CHARS: usize = 600;
/// Letters of Persian, Urdu, Kurdish and others that Arabic writes only in foreign names.
const NOT_ARABIC: &str = "پچژگٹڈںےڑہھکیەڵڕۆێڤ";
/// One letter in so many may be one of those.
const FOREIGN_LETTERS: usize = 25;

/// A language, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// Its BCP 47 tag, such as `ha`.
    pub tag: &'static str,
    /// 0 to 1.
    pub confidence: f32,
}

/// Returns the language of a text, however short; none when it has no letters, or is in none of the languages and scripts that we know.
#[must_use]
pub fn detect(text: &str) -> Option<Detected> {
    let (tag, confidence) = tell(&LEARNED, text)?;
    Some(Detected { tag, confidence })
}

/// Returns what the script of a text says of its language, or else a model of the languages in Latin script.
fn tell<'m>(model: &'m Model, text: &str) -> Option<(&'m str, f32)> {
    let text = &text[..text.char_indices().nth(MAX_DETECTION_CHARS).map_or(text.len(), |(at, _)| at)];
    let scripts = Scripts::of(text);
    let most = |letters: usize| letters * 2 > scripts.letters;
    if most(scripts.arabic) {
        let is_arabic = scripts.not_arabic * FOREIGN_LETTERS <= scripts.arabic;
        return is_arabic.then(|| ("ar", part(scripts.arabic, scripts.letters)));
    }
    if most(scripts.ethiopic) {
        return Some(("am", part(scripts.ethiopic, scripts.letters)));
    }
    let judged = if most(scripts.latin) {
        model.judge(&model::line(text))
    } else {
        Vec::new()
    };
    let mut believed = judged.into_iter().filter(|(tag, probability)| {
        let needed = HESITANT.iter().find(|(hesitant, _)| hesitant == tag);
        needed.is_none_or(|(_, needed)| probability >= needed)
    });
    believed.next().filter(|(tag, _)| *tag != UNKNOWN)
}

/// Returns the BCP 47 tag of the language of a text; none when unsure.
#[must_use]
pub fn guess(text: &str) -> Option<&'static str> {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    let found = detect(text).filter(|found| found.confidence >= SURE)?;
    (words.take(FEWEST_WORDS).count() == FEWEST_WORDS).then_some(found.tag)
}

/// Decides between the language that a page or feed states and the one its text is in. The statement holds unless a long text surely is in
/// another language: systems often keep the language that they were installed with. Without one it is a [`guess`].
#[must_use]
pub fn resolve_language(stated: Option<&str>, text: &str) -> Option<String> {
    let Some(stated) = stated else {
        return guess(text).map(str::to_owned);
    };
    let primary = stated.split('-').next().unwrap_or_default().to_ascii_lowercase();
    // A statement of a language that the table does not know may well be right.
    let is_known = || BY_SCRIPT.contains(&primary.as_str()) || LEARNED.tags.contains(&primary);
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(LETTERS_TO_CONTRADICT).count();
    let other = detect(text).filter(|found| {
        let is_long = letters == LETTERS_TO_CONTRADICT;
        found.tag != primary && found.tag != "pcm" && found.confidence >= CONTRADICTS && is_long && is_known()
    });
    Some(other.map_or(stated, |found| found.tag).to_owned())
}

/// How many letters of a text are of which script.
#[derive(Default)]
struct Scripts {
    letters: usize,
    latin: usize,
    arabic: usize,
    /// Of these, letters that Arabic seldom has.
    not_arabic: usize,
    ethiopic: usize,
}

impl Scripts {
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        for letter in text.chars().filter(|c| c.is_alphabetic()) {
            found.letters += 1;
            match letter {
                '\u{0}'..='\u{24f}' | '\u{250}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' => found.latin += 1,
                '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => {
                    found.arabic += 1;
                    found.not_arabic += usize::from(NOT_ARABIC.contains(letter));
                }
                '\u{1200}'..='\u{139f}' => found.ethiopic += 1,
                _ => {}
            }
        }
        found
    }
}

#[expect(clippy::cast_precision_loss, reason = "no text that is read has 2^24 letters")]
fn part(of: usize, whole: usize) -> f32 {
    of as f32 / whole.max(1) as f32
}

#[cfg(test)]
mod tests;
