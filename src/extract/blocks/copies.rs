//! Leaves out the second copy of a text that a page contains twice: for wide and narrow screens, or for printing.

use super::block::Block;
use std::collections::HashMap;

/// The least number of long paragraphs of a copy: a quotation is shown twice more often than a text.
const MIN_PARAGRAPHS: usize = 2;

/// Leaves out each run of long paragraphs that repeats an earlier run of other elements, with what is repeated between and behind them. Returns
/// the indexes of the blocks that are left out.
pub(super) fn leave_out_copies(blocks: &[&Block<'_>], kept: &mut [bool]) -> Vec<usize> {
    let paragraphs: Vec<usize> = (0..blocks.len())
        .filter(|at| kept[*at] && blocks[*at].is_long_paragraph())
        .collect();
    let mut first: HashMap<&str, usize> = HashMap::new();
    let earlier: Vec<Option<usize>> = paragraphs
        .iter()
        .enumerate()
        .map(|(order, at)| {
            let original = *first.entry(blocks[*at].text.as_str()).or_insert(order);
            (original < order).then_some(original)
        })
        .collect();
    let mut first_block: HashMap<&str, usize> = HashMap::new();
    for (at, block) in blocks.iter().enumerate() {
        first_block.entry(block.text.as_str()).or_insert(at);
    }
    let mut left_out = Vec::new();
    let mut order = 0;
    while order < paragraphs.len() {
        let Some(original) = earlier[order] else {
            order += 1;
            continue;
        };
        let mut length = 1;
        while earlier.get(order + length).copied().flatten() == Some(original + length) {
            length += 1;
        }
        let (begin, end) = (paragraphs[order], paragraphs[order + length - 1]);
        let is_elsewhere =
            blocks[begin].parent.parent().map(|outer| outer.id()) != blocks[paragraphs[original]].parent.parent().map(|outer| outer.id());
        // The original ends before its copy begins.
        if length >= MIN_PARAGRAPHS && original + length <= order && is_elsewhere {
            let is_repeated = |at: usize| first_block[blocks[at].text.as_str()] < begin;
            let behind = (end + 1..blocks.len()).take_while(|at| is_repeated(*at));
            left_out.extend((begin..=end).filter(|at| is_repeated(*at)).chain(behind).filter(|at| kept[*at]));
        }
        order += length;
    }
    for at in &left_out {
        kept[*at] = false;
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use scraper::Html;

    fn texts(html: &str) -> Vec<String> {
        let html = html.replace(
            '…',
            "devant une foule nombreuse venue des environs, et l’eau y coule depuis, dit le maire.",
        );
        let document = Html::parse_document(&html);
        let blocks = list_blocks(&document);
        let mut kept = vec![true; blocks.len()];
        leave_out_copies(&blocks.iter().collect::<Vec<_>>(), &mut kept);
        let both = blocks.iter().zip(kept).filter(|(_, kept)| *kept);
        both.map(|(block, _)| block.text.chars().take(6).collect()).collect()
    }

    #[test]
    fn the_second_copy_goes() {
        let text = "<p>Un puits …</p><h2>Suite</h2><p>Deux puits …</p><p>Fin.</p>";
        assert_eq!(
            texts(&format!("<div class=d>{text}</div><div class=m>{text}</div><p>Autre</p>")),
            ["Un pui", "Suite", "Deux p", "Fin.", "Autre"]
        );
        assert_eq!(
            texts(&format!(
                "<div>{text}<p>Trois puits …</p></div><section>{text}<p>Quatre …</p></section>"
            )),
            ["Un pui", "Suite", "Deux p", "Fin.", "Trois ", "Quatre"]
        );
    }

    #[test]
    fn refrains_and_quotations_stay() {
        assert_eq!(
            texts("<div><p>Un puits …</p><p>Deux …</p></div><blockquote><p>Deux …</p></blockquote>").len(),
            3
        );
        assert_eq!(
            texts("<div><p>Un puits …</p><p>Deux …</p><p>Un puits …</p><p>Deux …</p></div>").len(),
            4
        );
        assert_eq!(texts("<div><p>Un puits …</p></div><div><p>Un puits …</p></div>").len(), 2);
    }
}
