//! Detection of a text's language: by its script, and for Latin script by a model of character n-grams.

use super::model::{NgramModel, normalize};
use std::sync::LazyLock;

/// The trained model.
pub(super) static MODEL: LazyLock<NgramModel> = LazyLock::new(|| include_str!("ngrams.txt").parse().expect("a test parses the file"));

/// The tag of texts in none of the languages of the model (BCP 47's "undetermined").
pub(super) const UNDETERMINED: &str = "und";
/// Languages that are detected by their script alone.
pub(super) const SCRIPT_LANGUAGES: [&str; 2] = ["ar", "am"];
/// The minimum probability of languages that are often detected wrongly; below it the next candidate counts. Nigerian Pidgin shares most of
/// its words with English, and texts in no known language are mostly names.
const MIN_PROBABILITIES: [(&str, f32); 2] = [("pcm", 0.97), (UNDETERMINED, 0.97)];
/// A detection counts as a guess from this probability on.
pub(super) const MIN_GUESS_CONFIDENCE: f32 = 0.9;
/// Only the start of a text is read, up to this length.
const MAX_DETECTION_CHARS: usize = 600;
/// Letters of Persian, Urdu, Kurdish and other languages that Arabic uses in foreign names only.
const NON_ARABIC_LETTERS: &str = "پچژگٹڈںےڑہھکیەڵڕۆێڤ";
/// A text is Arabic when at most one in this many of its letters is one of [`NON_ARABIC_LETTERS`].
const ARABIC_LETTERS_PER_NON_ARABIC: usize = 25;

/// A detected language.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// The BCP 47 tag, such as `ha`.
    pub tag: &'static str,
    /// The probability, 0 to 1.
    pub confidence: f32,
}

/// Returns the most probable language of a text of any length; `None` when the text has no letters or is in no known language or script.
#[must_use]
pub fn detect(text: &str) -> Option<Detected> {
    let (tag, confidence) = detect_with(&MODEL, text)?;
    Some(Detected { tag, confidence })
}

/// Returns the language of a text and its probability, by script or else by `model`, which knows languages in Latin script.
pub(super) fn detect_with<'m>(model: &'m NgramModel, text: &str) -> Option<(&'m str, f32)> {
    let text = &text[..text.char_indices().nth(MAX_DETECTION_CHARS).map_or(text.len(), |(at, _)| at)];
    let letters = LetterCounts::new(text);
    let is_majority = |count: usize| count * 2 > letters.total;
    if is_majority(letters.arabic) {
        let is_arabic = letters.non_arabic * ARABIC_LETTERS_PER_NON_ARABIC <= letters.arabic;
        return is_arabic.then(|| ("ar", ratio(letters.arabic, letters.total)));
    }
    if is_majority(letters.ethiopic) {
        return Some(("am", ratio(letters.ethiopic, letters.total)));
    }
    let candidates = if is_majority(letters.latin) {
        model.probabilities(&normalize(text))
    } else {
        Vec::new()
    };
    let mut accepted = candidates.into_iter().filter(|(tag, probability)| {
        let minimum = MIN_PROBABILITIES.iter().find(|(known, _)| known == tag);
        minimum.is_none_or(|(_, minimum)| probability >= minimum)
    });
    accepted.next().filter(|(tag, _)| *tag != UNDETERMINED)
}

/// The numbers of letters of a text by script.
#[derive(Default)]
struct LetterCounts {
    total: usize,
    latin: usize,
    arabic: usize,
    /// The letters in Arabic script that Arabic itself seldom has.
    non_arabic: usize,
    ethiopic: usize,
}

impl LetterCounts {
    fn new(text: &str) -> Self {
        let mut found = Self::default();
        for letter in text.chars().filter(|c| c.is_alphabetic()) {
            found.total += 1;
            match letter {
                '\u{0}'..='\u{24f}' | '\u{250}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' => found.latin += 1,
                '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => {
                    found.arabic += 1;
                    found.non_arabic += usize::from(NON_ARABIC_LETTERS.contains(letter));
                }
                '\u{1200}'..='\u{139f}' => found.ethiopic += 1,
                _ => {}
            }
        }
        found
    }
}

#[expect(clippy::cast_precision_loss, reason = "no text that is read has 2^24 letters")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}
