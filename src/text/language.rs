//! The language of a text, even of a headline: detection by script and by a trained model of character n-grams, and the decision between
//! the detected language and the one that a page or feed states.
//!
//! See docs/design/0010-language.md.

mod confirm;
mod detect;
mod model;
mod stop_words;
mod train;

pub use detect::detect;
pub use stop_words::is_stop_word;
pub use train::train;

use confirm::is_confirmed;
use detect::{MODEL, SCRIPT_LANGUAGES};

/// A text has to have this many words for its language to be guessed.
const MIN_GUESS_WORDS: usize = 3;
/// A detected language replaces the stated one from this probability on ...
const MIN_CONTRADICTION_CONFIDENCE: f32 = 0.98;
/// ... and in texts of at least this many letters.
const MIN_CONTRADICTION_LETTERS: usize = 120;

/// Returns the BCP 47 tag of the language of a text; `None` when the text is too short or the detection too uncertain.
#[must_use]
pub fn guess(text: &str) -> Option<&'static str> {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    let found = detect(text).filter(|found| found.confidence >= detect::MIN_GUESS_CONFIDENCE)?;
    (words.take(MIN_GUESS_WORDS).count() == MIN_GUESS_WORDS).then_some(found.tag)
}

/// Returns the language of a text for which a page or feed states `stated`. The statement counts unless a long text is in another language
/// with near certainty, because systems often keep the language of their installation. Without a statement the language is the [`guess`].
#[must_use]
pub fn resolve_language(stated: Option<&str>, text: &str) -> Option<String> {
    let Some(stated) = stated else {
        return guess(text).map(str::to_owned);
    };
    let primary = stated.split('-').next().unwrap_or_default().to_ascii_lowercase();
    // A stated language that the model does not know may well be right.
    let is_known = SCRIPT_LANGUAGES.contains(&primary.as_str()) || MODEL.tags.contains(&primary);
    let is_long = || {
        text.chars()
            .filter(|c| c.is_alphabetic())
            .nth(MIN_CONTRADICTION_LETTERS - 1)
            .is_some()
    };
    if !is_known || !is_long() || is_confirmed(&primary, text) {
        return Some(stated.to_owned());
    }
    let other = detect(text).filter(|found| found.tag != primary && found.tag != "pcm" && found.confidence >= MIN_CONTRADICTION_CONFIDENCE);
    Some(other.map_or(stated, |found| found.tag).to_owned())
}

#[cfg(test)]
mod tests;
