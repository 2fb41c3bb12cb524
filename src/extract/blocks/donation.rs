//! Recognises requests for donations below or within a text: a heading that asks for support, a few lines, a button.

use super::block::Block;
use crate::model::html_elements;
use crate::text::fold::fold;

/// The longest text of a button, in characters.
const MAX_BUTTON_CHARS: usize = 40;
/// The longest heading, in characters.
const MAX_HEADING_CHARS: usize = 140;
/// How many blocks above its button a request begins at most.
const MAX_BLOCKS: usize = 6;
/// How the buttons begin, folded.
const BUTTONS: &[&str] = &[
    "donate",
    "make a donation",
    "give now",
    "support us",
    "support our",
    "contribute",
    "become a member",
    "become a supporter",
    "faire un don",
    "je donne",
    "je fais un don",
    "je soutiens",
    "nous soutenir",
    "soutenez-nous",
    "soutenir",
    "contribuer",
    "تبرع",
    "ادعمنا",
    "ساهم",
    "donar",
    "haz una donacion",
    "doar",
    "apoie",
    "spenden",
    "ku taimaka",
];
/// What the headings have, folded.
const SUPPORT_WORDS: &[&str] = &[
    "support",
    "donat",
    "help us",
    "help keep",
    "keep us",
    "contribut",
    "journalism",
    "soutenez",
    "soutenir",
    "soutien",
    "faites un don",
    "aidez",
    "journalisme",
    "presse libre",
    "ادعم",
    "ساند",
    "تبرع",
    "الصحافة المستقلة",
    "apoya",
    "apoye",
    "apoie",
    "unterstutz",
    "tallafa",
];

/// Returns the indexes of the blocks of requests for donations.
pub(super) fn donation_boxes(blocks: &[&Block<'_>]) -> Vec<usize> {
    let mut found = Vec::new();
    for at in (0..blocks.len()).filter(|at| is_button(blocks[*at])) {
        let first = at.saturating_sub(MAX_BLOCKS);
        let heading = (first..at).rev().find(|above| asks_for_support(blocks[*above]));
        found.extend(heading.unwrap_or(at)..=at);
    }
    found
}

fn is_button(block: &Block<'_>) -> bool {
    let is_pressed = block.parent.value().name() == "button" || block.link_chars * 10 >= block.chars * 9;
    block.chars <= MAX_BUTTON_CHARS && is_pressed && {
        let folded = fold(&block.text);
        let text = folded.trim_start_matches(|c: char| !c.is_alphabetic());
        BUTTONS.iter().any(|start| text.starts_with(&fold(start)))
    }
}

fn asks_for_support(block: &Block<'_>) -> bool {
    let is_heading = html_elements::is_heading(block.parent.value().name()) || block.bold_chars * 10 >= block.chars * 9;
    block.chars <= MAX_HEADING_CHARS && is_heading && {
        let folded = fold(&block.text);
        SUPPORT_WORDS.iter().any(|word| folded.contains(&fold(word)))
    }
}
