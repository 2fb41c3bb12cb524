//! Blocks that are kept or left out together: the cells of a table of data, the paragraphs of a quotation, the items of a list. The text of a
//! single cell says too little for a prediction of its own, so all blocks of a group get the mean of their probabilities.

use super::block::Block;
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::HashMap;

/// A table with a block of so many characters is there for the layout of the page.
const MIN_LAYOUT_CELL_CHARS: usize = 400;
/// So is a table that contains one of these elements.
const LAYOUT_ELEMENTS: &[&str] = &["article", "form", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "table"];
/// The least number of blocks that a table of data has.
const MIN_TABLE_BLOCKS: usize = 4;
/// The items of a list with a block of so many characters are predicted one by one.
const MIN_SEPARATE_ITEM_CHARS: usize = 300;

/// The groups of the blocks of a page.
#[derive(Debug, Default)]
pub(super) struct BlockGroups {
    /// The length of each block, in characters.
    lengths: Vec<usize>,
    /// The indexes of the blocks of each group, outer groups before those within them.
    groups: Vec<Vec<usize>>,
}

impl BlockGroups {
    pub fn new(blocks: &[&Block<'_>]) -> Self {
        let mut found: Vec<(ElementRef<'_>, Vec<usize>)> = Vec::new();
        let mut indexes: HashMap<NodeId, usize> = HashMap::new();
        for (at, block) in blocks.iter().enumerate() {
            let mut around: Vec<_> = block
                .ancestors()
                .filter(|element| matches!(element.value().name(), "table" | "blockquote" | "ul" | "ol" | "dl"))
                .collect();
            around.reverse();
            for element in around {
                let index = *indexes.entry(element.id()).or_insert_with(|| {
                    found.push((element, Vec::new()));
                    found.len() - 1
                });
                found[index].1.push(at);
            }
        }
        let is_group = |(element, members): &(ElementRef<'_>, Vec<usize>)| {
            let longest = members.iter().map(|at| blocks[*at].chars).max().unwrap_or_default();
            match element.value().name() {
                "table" => {
                    let is_layout = || {
                        element
                            .descendent_elements()
                            .skip(1)
                            .any(|inner| LAYOUT_ELEMENTS.contains(&inner.value().name()))
                    };
                    members.len() >= MIN_TABLE_BLOCKS && longest < MIN_LAYOUT_CELL_CHARS && !is_layout()
                }
                "blockquote" => members.len() > 1,
                _ => members.len() > 1 && longest < MIN_SEPARATE_ITEM_CHARS,
            }
        };
        found.retain(is_group);
        Self {
            lengths: blocks.iter().map(|block| block.chars).collect(),
            groups: found.into_iter().map(|(_, members)| members).collect(),
        }
    }

    /// Returns `probabilities` with those of each group's blocks replaced by their mean, weighted by length.
    pub fn average(&self, probabilities: &[f32]) -> Vec<f32> {
        let mut averaged = probabilities.to_vec();
        for group in &self.groups {
            let (mut sum, mut length) = (0.0, 0.0);
            for at in group {
                #[expect(clippy::cast_precision_loss, reason = "no page has 2^24 characters")]
                let own = self.lengths[*at] as f32;
                sum += own * probabilities[*at];
                length += own;
            }
            for at in group {
                averaged[*at] = sum / length.max(1.0);
            }
        }
        averaged
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use scraper::Html;

    fn averaged(html: &str, probabilities: &[f32]) -> Vec<f32> {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        BlockGroups::new(&blocks.iter().collect::<Vec<_>>()).average(probabilities)
    }

    #[test]
    fn cells_of_data_tables_share_a_probability() {
        let html = "<p>abcd</p><table><tr><td>ab<td>ab<tr><td>ab<td>ab</table>";
        assert_eq!(averaged(html, &[0.1, 0.2, 0.4, 0.6, 0.8]), [0.1, 0.5, 0.5, 0.5, 0.5]);
        for cell in ["mot ".repeat(101), "<h1>ab</h1>".to_owned()] {
            let layout = format!("<table><tr><td>ab<td>{cell}<tr><td>ab<td>ab</table>");
            assert_eq!(averaged(&layout, &[0.2, 0.4, 0.6, 0.8]), [0.2, 0.4, 0.6, 0.8], "{cell}");
        }
    }

    #[test]
    fn a_nested_list_is_a_group_of_its_own() {
        let html = "<ul><li>ab<li>cd<ul><li>ef<li>gh</ul></ul><blockquote><p>ab</p>cd</blockquote>";
        assert_eq!(
            averaged(html, &[1.0, 1.0, 0.0, 0.5, 1.0, 0.0]),
            [0.625, 0.625, 0.25, 0.25, 0.5, 0.5]
        );
    }

    #[test]
    fn the_mean_is_weighted_by_length() {
        assert_eq!(averaged("<ul><li>a<li>bcd</ul>", &[1.0, 0.0]), [0.25, 0.25]);
    }
}
