//! What is known of an article besides its body: its title, the description of the page, the feed's own headline and text. A body that shares nothing with
//! these is another text of the page. The body in JSON-LD is none of it: it is often out of date, and is itself judged by the rest.

use super::metadata::Metadata;
use super::page::Page;
use crate::html::clean::html_to_lines;
use crate::text::fold::fold;
use std::collections::HashSet;

/// The shortest word that counts, in letters; shorter ones are in every text.
const MIN_WORD_CHARS: usize = 5;
/// The same of Arabic words, which are written without most vowels.
const MIN_ARABIC_WORD_CHARS: usize = 4;
/// How much of a text is read, in words.
const MAX_WORDS: usize = 120;
/// Fewer words prove nothing: a headline alone often has none of the words of its text.
const MIN_EVIDENCE_WORDS: usize = 7;

/// The words by which the article is known.
pub(super) struct Evidence {
    words: HashSet<String>,
}

impl Evidence {
    /// Returns the evidence of the page and of the feed.
    pub fn new(metadata: &Metadata, page: &Page<'_>) -> Self {
        let feed = page.feed_body.map(html_to_lines);
        let site: HashSet<String> = metadata.site.as_deref().map(|site| words(site).collect()).unwrap_or_default();
        let texts = [
            metadata.title.as_deref(),
            page.title_hint,
            metadata.description.as_deref(),
            feed.as_deref(),
        ];
        let words = texts.into_iter().flatten().flat_map(|text| words(text).take(MAX_WORDS));
        Self {
            words: words.filter(|word| !site.contains(word)).collect(),
        }
    }

    /// Returns the evidence of the feed's own text alone.
    pub fn of_text(text: &str) -> Self {
        Self {
            words: words(text).take(MAX_WORDS).collect(),
        }
    }

    /// Returns whether there are enough words to judge by.
    pub fn is_sufficient(&self) -> bool {
        self.words.len() >= MIN_EVIDENCE_WORDS
    }

    /// Returns the share of the words that `text` has, 0 to 1.
    pub fn share_in(&self, text: &str) -> f32 {
        let found: HashSet<String> = words(text).filter(|word| self.words.contains(word)).collect();
        ratio(found.len(), self.words.len())
    }

    /// Returns how many of the words `text` has.
    pub fn count_in(&self, text: &str) -> usize {
        words(text).filter(|word| self.words.contains(word)).collect::<HashSet<_>>().len()
    }
}

#[expect(clippy::cast_precision_loss, reason = "the evidence has at most some hundred words")]
fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

/// Returns the folded words of a text that are long enough to tell texts apart.
fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let split: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            let least = if word.starts_with(|c: char| ('\u{600}'..='\u{6ff}').contains(&c)) {
                MIN_ARABIC_WORD_CHARS
            } else {
                MIN_WORD_CHARS
            };
            word.chars().nth(least - 1).is_some()
        })
        .map(str::to_owned)
        .collect();
    split.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_on_the_same_thing_shares_words_and_another_does_not() {
        let evidence = Evidence::of_text("Le bac de Damana reprend la traversée du fleuve après quatre mois d’arrêt");
        assert!(evidence.is_sufficient());
        assert!(evidence.share_in("À DAMANA, la traversee du fleuve reprend : le bac est réparé après des mois.") > 0.5);
        assert!(evidence.share_in("Les plus lus : le lycée ferme ses portes, le derby est reporté") < 0.01);
        assert!(!Evidence::of_text("Le bac de ce lundi").is_sufficient());
    }
}
