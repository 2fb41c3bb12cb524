//! What is kept whole or not at all: the cells of a table, the lines of a quotation, the items of a list. A single cell says too little to
//! be judged by itself, so all of them get what they say together.

use super::block::Block;
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::HashMap;

/// A table with a longer block, in characters, is there for the layout of the page.
const LONGEST_CELL: usize = 400;
/// A table that holds one of these is there for the layout too.
const LAYOUT: &[&str] = &["article", "form", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "table"];
/// A table of data has so many cells with text.
const LEAST_CELLS: usize = 4;
/// A list with a longer block, in characters, has items that can speak for themselves.
const LONGEST_ITEM: usize = 300;

/// The wholes of a page.
#[derive(Debug, Default)]
pub(super) struct BlockGroups {
    /// The length of each block, in characters.
    lengths: Vec<usize>,
    /// The blocks of each whole, outer wholes before those within them.
    wholes: Vec<Vec<usize>>,
}

impl BlockGroups {
    pub fn of(blocks: &[&Block<'_>]) -> Self {
        let mut found: Vec<(ElementRef<'_>, Vec<usize>)> = Vec::new();
        let mut places: HashMap<NodeId, usize> = HashMap::new();
        for (at, block) in blocks.iter().enumerate() {
            let chain = std::iter::once(block.parent).chain(block.parent.ancestors().filter_map(ElementRef::wrap));
            let mut around: Vec<_> = chain
                .filter(|element| matches!(element.value().name(), "table" | "blockquote" | "ul" | "ol" | "dl"))
                .collect();
            around.reverse();
            for element in around {
                let place = *places.entry(element.id()).or_insert_with(|| {
                    found.push((element, Vec::new()));
                    found.len() - 1
                });
                found[place].1.push(at);
            }
        }
        let whole = |(element, held): &(ElementRef<'_>, Vec<usize>)| {
            let longest = held.iter().map(|at| blocks[*at].chars).max().unwrap_or_default();
            match element.value().name() {
                "table" => {
                    let lays_out = || {
                        element
                            .descendent_elements()
                            .skip(1)
                            .any(|inner| LAYOUT.contains(&inner.value().name()))
                    };
                    held.len() >= LEAST_CELLS && longest < LONGEST_CELL && !lays_out()
                }
                "blockquote" => held.len() > 1,
                _ => held.len() > 1 && longest < LONGEST_ITEM,
            }
        };
        found.retain(whole);
        Self {
            lengths: blocks.iter().map(|block| block.chars).collect(),
            wholes: found.into_iter().map(|(_, held)| held).collect(),
        }
    }

    /// Returns the probabilities with those of each whole's blocks replaced by their mean, weighed by length.
    pub fn join(&self, judged: &[f32]) -> Vec<f32> {
        let mut joined = judged.to_vec();
        for whole in &self.wholes {
            let (mut sum, mut length) = (0.0, 0.0);
            for at in whole {
                #[expect(clippy::cast_precision_loss, reason = "no page has 2^24 characters")]
                let own = self.lengths[*at] as f32;
                sum += own * judged[*at];
                length += own;
            }
            for at in whole {
                joined[*at] = sum / length.max(1.0);
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::super::block;
    use super::*;
    use scraper::Html;

    fn joined(html: &str, judged: &[f32]) -> Vec<f32> {
        let document = Html::parse_document(html);
        let blocks = block::list(&document);
        BlockGroups::of(&blocks.iter().collect::<Vec<_>>()).join(judged)
    }

    #[test]
    fn cells_stay_together() {
        let html = "<p>abcd</p><table><tr><td>ab<td>ab<tr><td>ab<td>ab</table>";
        assert_eq!(joined(html, &[0.1, 0.2, 0.4, 0.6, 0.8]), [0.1, 0.5, 0.5, 0.5, 0.5]);
        for cell in ["mot ".repeat(101), "<h1>ab</h1>".to_owned()] {
            let layout = format!("<table><tr><td>ab<td>{cell}<tr><td>ab<td>ab</table>");
            assert_eq!(joined(&layout, &[0.2, 0.4, 0.6, 0.8]), [0.2, 0.4, 0.6, 0.8], "{cell}");
        }
    }

    #[test]
    fn a_list_within_a_list_speaks_for_itself() {
        let html = "<ul><li>ab<li>cd<ul><li>ef<li>gh</ul></ul><blockquote><p>ab</p>cd</blockquote>";
        assert_eq!(joined(html, &[1.0, 1.0, 0.0, 0.5, 1.0, 0.0]), [0.625, 0.625, 0.25, 0.25, 0.5, 0.5]);
    }

    #[test]
    fn longer_blocks_say_more() {
        assert_eq!(joined("<ul><li>a<li>bcd</ul>", &[1.0, 0.0]), [0.25, 0.25]);
    }
}
