//! Finds boxes with a form, such as the subscription to a letter by mail: what is around the form in the smallest element that is no part of the text.

use super::block::Block;
use super::element_range::ElementRange;
use super::furniture::is_notice;

/// The longest text of a box, in characters.
const MAX_BOX_CHARS: usize = 700;

/// Returns for each element whether it is a box with a form whose text asks the reader to subscribe. A box has neither the headline nor the first long
/// paragraph below it.
pub(super) fn find_form_boxes(
    blocks: &[&Block<'_>],
    ranges: &[ElementRange<'_>],
    headline: Option<usize>,
    first_paragraph: Option<usize>,
) -> Vec<bool> {
    let mut is_box = vec![false; ranges.len()];
    let may_be_box = |index: &usize| {
        let range = &ranges[*index];
        let contains = |at: Option<usize>| at.is_some_and(|at| range.contains(at));
        range.chars <= MAX_BOX_CHARS && !contains(headline) && !contains(first_paragraph)
    };
    // The fields and buttons of a form are no text, so that the form itself may have no block.
    let has_form = |index: &usize| {
        let element = ranges[*index].element;
        element.value().name() == "form" || element.child_elements().any(|child| child.value().name() == "form")
    };
    for start in (0..ranges.len()).filter(has_form) {
        let outward = std::iter::successors(Some(start), |index| ranges[*index].parent).take_while(may_be_box);
        for index in outward {
            let range = &ranges[index];
            let lines: Vec<&str> = blocks[range.first..=range.last].iter().map(|block| block.text.as_str()).collect();
            is_box[index] |= is_notice(&lines.join(" "), range.chars.min(MAX_BOX_CHARS));
        }
    }
    is_box
}
