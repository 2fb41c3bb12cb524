//! What is certain of some blocks whatever the table of trees says: the labelled pages speak few of the region's languages, and know few
//! of the systems that its sites are made with.

use super::block::Block;
use super::phrases;
use crate::extract::metadata::Metadata;
use crate::extract::metadata::bylines;
use crate::extract::metadata::date::date_in_line;
use crate::extract::normalize::alphanumeric_key;
use scraper::ElementRef;
use std::collections::HashSet;

/// The longest line that calls to something else or is a notice, in characters.
const LONGEST_CALL: usize = 200;
/// The longest byline, in characters.
const LONGEST_BYLINE: usize = 90;
/// The longest sign that refers to a note, such as `[12]`, in characters.
const LONGEST_SIGN: usize = 4;
/// How far above a note's text the element lies that the sign names, in elements.
const NOTE: usize = 3;
/// A table that is this sure of a call is believed: it may be the article's own sentence.
const SURE: f32 = 0.9;
/// Corrects a choice by what is certain. Returns why, for each block whose fate it changed.
pub(super) fn correct(blocks: &[&Block<'_>], judged: &[f32], metadata: &Metadata, kept: &mut [bool]) -> Vec<Option<&'static str>> {
    let headline = metadata.title.as_deref().map(alphanumeric_key).unwrap_or_default();
    let mut reasons = vec![None; blocks.len()];
    let mut begun = false;
    for (at, block) in blocks.iter().enumerate().filter(|(at, _)| kept[*at]) {
        let said = || phrases::certainly(&block.text.to_lowercase()).filter(|_| judged[at] < SURE && block.chars <= LONGEST_CALL);
        reasons[at] = if !begun && !headline.is_empty() && alphanumeric_key(&block.text) == headline {
            Some("the headline again")
        } else if let Some(said) = said() {
            Some(said)
        } else if !begun && is_byline(block, metadata) {
            Some("a byline")
        } else {
            begun |= !is_heading(block);
            None
        };
    }
    for (kept, reason) in kept.iter_mut().zip(&reasons) {
        *kept &= reason.is_none();
    }
    for at in notes(blocks, kept) {
        kept[at] = true;
        reasons[at] = Some("a note that the text refers to");
    }
    // A heading with nothing under it belongs to what was left out, and links behind the text lead to something else.
    for (at, block) in blocks.iter().enumerate().rev() {
        if kept[at] && !is_heading(block) && !is_link(block) {
            break;
        }
        if std::mem::take(&mut kept[at]) {
            reasons[at] = Some("nothing of the text follows it");
        }
    }
    reasons
}

/// Says whether a block is a byline: it begins as one, and names a day or one of the authors.
fn is_byline(block: &Block<'_>, metadata: &Metadata) -> bool {
    let names_author = || metadata.authors.iter().any(|author| block.text.contains(&author.name));
    block.chars <= LONGEST_BYLINE && bylines::is_byline(&block.text) && (names_author() || date_in_line(&block.text).is_some())
}

/// Says whether a block is nothing but links.
fn is_link(block: &Block<'_>) -> bool {
    block.linked * 10 >= block.chars * 9
}

fn is_heading(block: &Block<'_>) -> bool {
    matches!(block.parent.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn above<'a>(block: &Block<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    std::iter::once(block.parent).chain(block.parent.ancestors().filter_map(ElementRef::wrap))
}

/// Lists the blocks that are notes to which kept blocks refer by a number or a star: they belong to the text.
fn notes(blocks: &[&Block<'_>], kept: &[bool]) -> Vec<usize> {
    let told: HashSet<&str> = blocks
        .iter()
        .zip(kept)
        .filter(|(_, kept)| **kept)
        .flat_map(|(block, _)| block.elements())
        .filter(|element| element.value().name() == "a" && is_sign(*element))
        .filter_map(|link| link.value().attr("href")?.strip_prefix('#'))
        .collect();
    if told.is_empty() {
        return Vec::new();
    }
    let named = |element: ElementRef<'_>| {
        let value = element.value();
        value.id().or(value.attr("name")).is_some_and(|name| told.contains(name))
    };
    let is_note = |block: &Block<'_>| block.elements().any(named) || above(block).take(NOTE).any(named);
    (0..blocks.len()).filter(|at| !kept[*at] && is_note(blocks[*at])).collect()
}

fn is_sign(link: ElementRef<'_>) -> bool {
    let text: String = link
        .text()
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .take(LONGEST_SIGN + 1)
        .collect();
    text.chars().count() <= LONGEST_SIGN && text.contains(|c: char| c.is_numeric() || c == '*' || c == '†')
}

#[cfg(test)]
mod tests {
    use super::super::block;
    use super::*;
    use crate::extract::{Selectors, metadata, tests::page};
    use scraper::Html;

    fn corrected(html: &str, kept: impl Fn(&str) -> bool) -> Vec<String> {
        let document = Html::parse_document(html);
        let selectors = Selectors::default();
        let metadata = metadata::read(&document, &page(html, &selectors));
        let blocks = block::list(&document);
        let mut flags: Vec<bool> = blocks.iter().map(|block| kept(&block.text)).collect();
        let blocks: Vec<&Block<'_>> = blocks.iter().collect();
        correct(&blocks, &vec![0.7; blocks.len()], &metadata, &mut flags);
        let texts = blocks.iter().zip(flags).filter(|(_, kept)| *kept);
        texts.map(|(block, _)| block.text.clone()).collect()
    }

    #[test]
    fn headline_calls_and_known_parts_go() {
        let html = "<title>Le puits</title><h1>Le puits</h1><p>Il est creusé.</p><p>Lire aussi : le \
                    marché</p><p>اقرأ أيضا: السوق</p><p>Il donne de l’eau.</p><h2>Dans la même rubrique</h2>";
        assert_eq!(corrected(html, |_| true), ["Il est creusé.", "Il donne de l’eau."]);
    }

    #[test]
    fn notes_that_the_text_refers_to_stay() {
        let html = "<p>Le barrage <a href='#nb1'>1</a>. <a href='#haut'>Haut</a></p><p id=haut>menu</p><div id=nb1><p>[1] Voir le carton 12.</p></div>";
        assert_eq!(
            corrected(html, |text| text.starts_with("Le barrage")),
            ["Le barrage 1. Haut", "[1] Voir le carton 12."]
        );
    }
}
