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

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::super::element_range::element_ranges;
    use super::*;
    use scraper::Html;

    fn boxes(html: &str) -> Vec<String> {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        let blocks: Vec<&Block<'_>> = blocks.iter().collect();
        let (ranges, _) = element_ranges(&blocks);
        let first = blocks.iter().position(|block| block.is_long_paragraph());
        let found = find_form_boxes(&blocks, &ranges, None, first);
        let names = ranges.iter().zip(found).filter(|(_, is_box)| *is_box);
        names
            .filter_map(|(range, _)| Some(range.element.value().id()?.to_owned()))
            .collect()
    }

    #[test]
    fn the_subscription_to_a_letter_is_a_box() {
        let text = "<p>Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs.</p>";
        let letter = "<p>La lettre du soir</p><p>Recevez chaque jour dix nouvelles.</p><form action=/s><input></form>";
        assert_eq!(boxes(&format!("<div id=b>{text}<div id=a>{letter}</div></div>")), ["a"]);
        assert!(
            boxes(&format!("<div id=b>{text}{letter}</div>")).is_empty(),
            "the text is no part of a box"
        );
        assert!(
            boxes(&format!(
                "<div id=b>{text}<div id=a><p>Cherchez un mot</p><form><input></form></div></div>"
            ))
            .is_empty()
        );
    }
}
