//! Rules that override the model: the labelled pages are in few of the sources' languages, and made by few of the systems that the sources'
//! sites use.

use super::block::Block;
use super::boilerplate_phrases;
use super::call::is_label_with_link;
use super::crosshead::{is_crosshead, is_embedded_quotation};
use super::donation::donation_start;
use super::furniture::{furniture_reason, is_notice};
use crate::extract::interstitial::paywall::is_offer;
use crate::extract::metadata::Metadata;
use crate::extract::metadata::bylines;
use crate::extract::metadata::date::date_in_line;
use crate::extract::normalize::alphanumeric_key;
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};

/// The longest block that may be a call to something else or a notice, in characters.
const MAX_PHRASE_BLOCK_CHARS: usize = 200;
/// The longest byline, in characters.
const MAX_BYLINE_CHARS: usize = 90;
/// The longest text of a link to a note, such as `[12]`, in characters.
const MAX_NOTE_LINK_CHARS: usize = 4;
/// The longest text between a crosshead and its paragraph, in characters: a link to edit the section.
const MAX_EDIT_LINK_CHARS: usize = 20;
/// The shortest paragraph of the text above an offer, in characters, and how many lines below its beginning are the offer's.
const MAX_OFFER_LINE_CHARS: usize = 100;
const MAX_OFFER_LINES: usize = 6;
/// How many elements around the text of a postscript may have its name.
const POSTSCRIPT_ANCESTORS: usize = 3;
/// How many elements around a note's text may have the id that the link refers to.
const NOTE_ANCESTORS: usize = 3;
/// A block with such a phrase is kept from this probability on: it may be the article's own sentence.
const MIN_TRUSTED_PROBABILITY: f32 = 0.9;

/// The shortest block that is removed where it repeats an earlier one, in characters.
const MIN_REPETITION_CHARS: usize = 40;
/// How often a text occurs that is a caption or a pull quote, rather than a refrain.
const MIN_REPETITIONS: usize = 3;

/// Changes which blocks are kept. Returns the reason for each block that is changed.
pub(super) fn apply_overrides(
    blocks: &[&Block<'_>],
    probabilities: &[f32],
    metadata: &Metadata,
    kept: &mut [bool],
) -> Vec<Option<&'static str>> {
    let headline = metadata.title.as_deref().map(alphanumeric_key).unwrap_or_default();
    let mut reasons = vec![None; blocks.len()];
    let mut has_begun = false;
    for (at, block) in blocks.iter().enumerate().filter(|(at, _)| kept[*at]) {
        let phrase_reason = || {
            boilerplate_phrases::certain_reason(&block.text.to_lowercase())
                .filter(|_| probabilities[at] < MIN_TRUSTED_PROBABILITY && block.chars <= MAX_PHRASE_BLOCK_CHARS)
        };
        reasons[at] = if !has_begun && !headline.is_empty() && alphanumeric_key(&block.text) == headline {
            Some("the headline again")
        } else if let Some(reason) = phrase_reason() {
            Some(reason)
        } else if is_label_with_link(block) {
            Some("a label and a link")
        } else if let Some(reason) = furniture_reason(&block.text, block.chars) {
            Some(reason)
        } else if !has_begun && is_byline(block, metadata) {
            Some("a byline")
        } else {
            has_begun |= !block.is_heading();
            None
        };
    }
    for (kept, reason) in kept.iter_mut().zip(&reasons) {
        *kept &= reason.is_none();
    }
    for (start, reason) in [
        (donation_start(blocks, kept), "asks for a donation"),
        (offer_start(blocks, kept), "offers a subscription"),
    ] {
        for at in start.into_iter().flat_map(|start| start..blocks.len()) {
            if std::mem::take(&mut kept[at]) {
                reasons[at] = Some(reason);
            }
        }
    }
    for at in notices_around(blocks, kept) {
        reasons[at] = Some("a notice");
        kept[at] = false;
    }
    for at in lines_between_paragraphs(blocks, kept, &reasons) {
        kept[at] = true;
        reasons[at] = Some("between two paragraphs of the text");
    }
    for at in postscript(blocks, kept) {
        kept[at] = true;
        reasons[at] = Some("a postscript");
    }
    for at in notes(blocks, kept) {
        kept[at] = true;
        reasons[at] = Some("a note that the text refers to");
    }
    // A heading without text below it belongs to a part that was left out; links after the text lead to other pages.
    for (at, block) in blocks.iter().enumerate().rev() {
        if kept[at] && !block.is_heading() && !block.is_link() {
            break;
        }
        if std::mem::take(&mut kept[at]) {
            reasons[at] = Some("nothing of the text follows it");
        }
    }
    reasons
}

/// Returns the index of the offer of a subscription below which only a few short lines are kept: the price, the conditions.
fn offer_start(blocks: &[&Block<'_>], kept: &[bool]) -> Option<usize> {
    let last_text = (0..blocks.len())
        .rev()
        .find(|at| kept[*at] && blocks[*at].chars >= MAX_OFFER_LINE_CHARS)?;
    let below = last_text + 1..blocks.len();
    let start = below.clone().find(|at| is_offer(&blocks[*at].text))?;
    let lines = (start..blocks.len()).filter(|at| kept[*at]).count();
    (lines <= MAX_OFFER_LINES).then_some(start)
}

/// Returns the indexes of the notices to the reader above and below the text. Of a text that is one notice, nothing is returned.
fn notices_around(blocks: &[&Block<'_>], kept: &[bool]) -> Vec<usize> {
    let kept: Vec<usize> = (0..blocks.len()).filter(|at| kept[*at]).collect();
    let is_notice = |at: &&usize| is_notice(&blocks[**at].text, blocks[**at].chars);
    let above = kept.iter().take_while(is_notice);
    let below = kept.iter().rev().take_while(is_notice);
    let found: Vec<usize> = above.chain(below).copied().collect();
    if found.len() < kept.len() { found } else { Vec::new() }
}

/// Returns the indexes of the blocks between two kept ones that the model knows little of: crossheads in elements of their own, and the texts of short
/// messages that the article quotes.
fn lines_between_paragraphs(blocks: &[&Block<'_>], kept: &[bool], reasons: &[Option<&'static str>]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 1;
    while at < blocks.len() {
        // A run of blocks that are left out, between two that are kept.
        let end = (at..blocks.len()).find(|end| kept[*end]).unwrap_or(blocks.len());
        if end > at && end < blocks.len() && kept[at - 1] {
            let is_open = |at: &usize| reasons[*at].is_none();
            found.extend((at..end).filter(is_open).filter(|at| {
                let is_next_to_text = *at + 1 == end || blocks[*at + 1].chars <= MAX_EDIT_LINK_CHARS;
                is_embedded_quotation(blocks[*at]) || (is_next_to_text && is_crosshead(blocks[*at], blocks[end]))
            }));
        }
        at = end + 1;
    }
    found
}

/// Returns the indexes of the blocks of a postscript below the text, as `SPIP` has it in an element of its own.
fn postscript(blocks: &[&Block<'_>], kept: &[bool]) -> Vec<usize> {
    let Some(last) = kept.iter().rposition(|kept| *kept) else {
        return Vec::new();
    };
    let is_postscript = |block: &Block<'_>| {
        let around = block.ancestors().take(POSTSCRIPT_ANCESTORS);
        around.into_iter().any(|element| {
            let value = element.value();
            value.id() == Some("ps")
                || value
                    .classes()
                    .any(|class| matches!(class, "ps" | "postscript" | "post-scriptum" | "article-ps"))
        })
    };
    (last + 1..blocks.len()).take_while(|at| is_postscript(blocks[*at])).collect()
}

/// Returns the nodes of the blocks that repeat an earlier one: the captions of a gallery, or a quotation that is shown more than once.
pub(super) fn repeated_nodes(blocks: &[Block<'_>]) -> Vec<NodeId> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for block in blocks {
        *counts.entry(block.text.as_str()).or_default() += 1;
    }
    let mut seen = HashSet::new();
    let mut repeated = Vec::new();
    for block in blocks.iter().filter(|block| block.chars >= MIN_REPETITION_CHARS) {
        let is_caption = block.parent.value().name() == "figcaption";
        if !seen.insert(block.text.as_str()) && (is_caption || counts[block.text.as_str()] >= MIN_REPETITIONS) {
            repeated.extend(&block.nodes);
        }
    }
    repeated
}

/// Returns whether a block is a byline: it begins as one, and contains a date or the name of an author.
fn is_byline(block: &Block<'_>, metadata: &Metadata) -> bool {
    let has_author = || metadata.authors.iter().any(|author| block.text.contains(&author.name));
    block.chars <= MAX_BYLINE_CHARS && bylines::is_byline(&block.text) && (has_author() || date_in_line(&block.text).is_some())
}

/// Returns the indexes of the blocks that are notes to which kept blocks refer by a number or a star: they belong to the text.
fn notes(blocks: &[&Block<'_>], kept: &[bool]) -> Vec<usize> {
    let fragments: HashSet<&str> = blocks
        .iter()
        .zip(kept)
        .filter(|(_, kept)| **kept)
        .flat_map(|(block, _)| block.elements())
        .filter(|element| element.value().name() == "a" && is_note_link(*element))
        .filter_map(|link| link.value().attr("href")?.strip_prefix('#'))
        .collect();
    if fragments.is_empty() {
        return Vec::new();
    }
    let is_target = |element: ElementRef<'_>| {
        let value = element.value();
        value.id().or(value.attr("name")).is_some_and(|name| fragments.contains(name))
    };
    let is_note = |block: &Block<'_>| block.elements().any(is_target) || block.ancestors().take(NOTE_ANCESTORS).any(is_target);
    (0..blocks.len()).filter(|at| !kept[*at] && is_note(blocks[*at])).collect()
}

fn is_note_link(link: ElementRef<'_>) -> bool {
    let text: String = link
        .text()
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .take(MAX_NOTE_LINK_CHARS + 1)
        .collect();
    text.chars().count() <= MAX_NOTE_LINK_CHARS && text.contains(|c: char| c.is_numeric() || c == '*' || c == '†')
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use crate::extract::{Selectors, metadata, tests::page};
    use scraper::Html;

    fn overridden(html: &str, kept: impl Fn(&str) -> bool) -> Vec<String> {
        let document = Html::parse_document(html);
        let selectors = Selectors::default();
        let metadata = metadata::read(&document, &page(html, &selectors));
        let blocks = list_blocks(&document);
        let mut flags: Vec<bool> = blocks.iter().map(|block| kept(&block.text)).collect();
        let blocks: Vec<&Block<'_>> = blocks.iter().collect();
        apply_overrides(&blocks, &vec![0.7; blocks.len()], &metadata, &mut flags);
        let texts = blocks.iter().zip(flags).filter(|(_, kept)| *kept);
        texts.map(|(block, _)| block.text.clone()).collect()
    }

    #[test]
    fn the_headline_and_calls_are_left_out() {
        let html = "<title>Le puits</title><h1>Le puits</h1><p>Il est creusé.</p><p>Lire aussi : le \
                    marché</p><p>اقرأ أيضا: السوق</p><p>Il donne de l’eau.</p><h2>Dans la même rubrique</h2>";
        assert_eq!(overridden(html, |_| true), ["Il est creusé.", "Il donne de l’eau."]);
    }

    #[test]
    fn notes_that_the_text_refers_to_are_kept() {
        let html = "<p>Le barrage <a href='#nb1'>1</a>. <a href='#haut'>Haut</a></p><p id=haut>menu</p><div id=nb1><p>[1] Voir le carton 12.</p></div>";
        assert_eq!(
            overridden(html, |text| text.starts_with("Le barrage")),
            ["Le barrage 1. Haut", "[1] Voir le carton 12."]
        );
    }
}
