//! The elements of a page with the range of the blocks that each contains.

use super::block::{Block, containing_elements};
use scraper::ElementRef;

/// An element that contains blocks.
pub(super) struct ElementRange<'a> {
    pub element: ElementRef<'a>,
    /// The index of the element around it.
    pub parent: Option<usize>,
    /// The indexes of its first and last block.
    pub first: usize,
    pub last: usize,
    /// The characters of its blocks.
    pub chars: usize,
    /// The characters of long paragraphs within it.
    pub paragraph_chars: usize,
}

impl ElementRange<'_> {
    /// Returns whether it contains the block with this index.
    pub fn contains(&self, block: usize) -> bool {
        self.first <= block && block <= self.last
    }
}

/// Returns the elements that contain blocks, outer ones before inner ones, and for each block the index of its parent among them.
pub(super) fn element_ranges<'a>(blocks: &[&Block<'a>]) -> (Vec<ElementRange<'a>>, Vec<usize>) {
    let (mut ranges, parents) = containing_elements(blocks.iter().copied(), |element, parent, at, _| ElementRange {
        element,
        parent,
        first: at,
        last: at,
        chars: 0,
        paragraph_chars: 0,
    });
    for (at, (block, parent)) in blocks.iter().zip(&parents).enumerate() {
        let paragraph_chars = if block.is_long_paragraph() { block.chars } else { 0 };
        let mut around = Some(*parent);
        while let Some(index) = around {
            let range = &mut ranges[index];
            range.last = at;
            range.chars += block.chars;
            range.paragraph_chars += paragraph_chars;
            around = range.parent;
        }
    }
    (ranges, parents)
}
