//! Finds requests for consent to cookies by their text: the boxes of many tools have no telling name, and beside a short article they hold most of the
//! page's text.

use super::block::Block;
use super::element_range::ElementRange;
use crate::extract::interstitial::phrases::{CONSENT_PHRASES, CONSENT_TERMS};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// The longest text of a box, in characters.
const MAX_BOX_CHARS: usize = 4000;
/// How many different phrases of consent texts a box has at least.
const MIN_PHRASES: usize = 2;
/// The share of a box that is in blocks about consent, in percent.
const MIN_BOX_PERCENT: usize = 60;
static PHRASES: LazyLock<AhoCorasick> = LazyLock::new(|| AhoCorasick::new(CONSENT_PHRASES).expect("the phrases are few and short"));
static TERMS: LazyLock<AhoCorasick> = LazyLock::new(|| AhoCorasick::new(CONSENT_TERMS).expect("the terms are few and short"));

/// What the blocks of an element say of consent.
#[derive(Default, Clone)]
struct ConsentSigns {
    /// The indexes of the first different phrases.
    phrases: Vec<usize>,
    /// The characters of blocks about consent.
    chars: usize,
}

impl ConsentSigns {
    fn of_block(block: &Block<'_>) -> Self {
        let lower = block.text.to_lowercase().replace('\u{2019}', "'");
        let phrases: Vec<usize> = PHRASES.find_iter(&lower).map(|found| found.pattern().as_usize()).collect();
        let is_about = !phrases.is_empty() || TERMS.is_match(&lower);
        Self {
            chars: if is_about { block.chars } else { 0 },
            phrases,
        }
    }

    fn add(&mut self, other: &Self) {
        for phrase in &other.phrases {
            if self.phrases.len() < MIN_PHRASES && !self.phrases.contains(phrase) {
                self.phrases.push(*phrase);
            }
        }
        self.chars += other.chars;
    }
}

/// Returns for each element whether it is a box that asks for consent: it addresses the reader in phrases of such texts, and most of it is about consent.
/// An element with the headline, or with the first long paragraph below it, is none, since an article may be about consent.
pub(super) fn find_consent_boxes(
    blocks: &[&Block<'_>],
    ranges: &[ElementRange<'_>],
    parents: &[usize],
    headline: Option<usize>,
    first_paragraph: Option<usize>,
) -> Vec<bool> {
    let mut signs = vec![ConsentSigns::default(); ranges.len()];
    for (block, parent) in blocks.iter().zip(parents) {
        let own = ConsentSigns::of_block(block);
        if own.chars == 0 {
            continue;
        }
        let mut around = Some(*parent);
        while let Some(index) = around.filter(|index| ranges[*index].chars <= MAX_BOX_CHARS) {
            signs[index].add(&own);
            around = ranges[index].parent;
        }
    }
    let page_chars = ranges.first().map_or(0, |root| root.paragraph_chars);
    let is_box = |(range, signs): (&ElementRange<'_>, &ConsentSigns)| {
        range.chars <= MAX_BOX_CHARS
            && signs.phrases.len() >= MIN_PHRASES
            && signs.chars * 100 >= range.chars * MIN_BOX_PERCENT
            && range.paragraph_chars < page_chars
            && headline.is_none_or(|headline| !range.contains(headline) && !first_paragraph.is_some_and(|at| range.contains(at)))
    };
    ranges.iter().zip(&signs).map(is_box).collect()
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::super::element_range::element_ranges;
    use super::*;
    use scraper::Html;

    const BOX: &str = "<h2>Votre vie privée</h2><p>Avec nos partenaires, ce site lit des cookies sur votre appareil pour compter ses lecteurs.</p><p>Vous \
                       pouvez donner ou retirer votre consentement à tout moment.</p>";
    const ARTICLE: &str = "<h1>Le puits</h1><p>Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs.</p>";

    fn boxes(html: &str) -> Vec<String> {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        let blocks: Vec<&Block<'_>> = blocks.iter().collect();
        let (ranges, parents) = element_ranges(&blocks);
        let headline = blocks.iter().position(|block| block.text == "Le puits");
        let first = blocks
            .iter()
            .enumerate()
            .position(|(at, block)| headline.is_none_or(|headline| at > headline) && block.is_long_paragraph());
        let found = find_consent_boxes(&blocks, &ranges, &parents, headline, first);
        let names = ranges.iter().zip(found).filter(|(_, is_box)| *is_box);
        names
            .map(|(range, _)| range.element.value().id().unwrap_or_default().to_owned())
            .filter(|id| !id.is_empty())
            .collect()
    }

    #[test]
    fn a_request_for_consent_is_a_box_above_and_below_the_text() {
        assert_eq!(boxes(&format!("<div id=a>{BOX}</div><div id=b>{ARTICLE}</div>")), ["a"]);
        assert_eq!(boxes(&format!("<div id=b>{ARTICLE}</div><div id=a>{BOX}</div>")), ["a"]);
    }

    #[test]
    fn an_article_about_consent_is_no_box() {
        let article = BOX.replace("<h2>Votre vie privée</h2>", "");
        assert!(boxes(&format!("<h1>Le puits</h1><div id=a>{article}</div>")).is_empty());
        assert!(boxes(&format!("<div id=a>{BOX}</div>")).is_empty(), "there is no other text");
        let one = "<p>Ce site utilise des cookies.</p>";
        assert!(
            boxes(&format!("<div id=a>{one}</div><div id=b>{ARTICLE}</div>")).is_empty(),
            "one phrase"
        );
    }
}
