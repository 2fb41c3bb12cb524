//! Keeps long texts whole. The features that count blocks are far larger on a page with hundreds of paragraphs than on the pages that the model was
//! trained on, so that it leaves out paragraphs in the middle of a report or a law.

use super::block::Block;
use crate::model::html_elements::is_heading;
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A text with at least so many long paragraphs of one template is long.
const MIN_PARAGRAPHS: usize = 120;
/// Of so many first paragraphs at least half are kept by the model where the text is the article.
const FIRST_PARAGRAPHS: usize = 40;

/// The long paragraphs whose elements and those around them have the same names and classes.
#[derive(Default)]
struct Template {
    members: Vec<usize>,
    chars: usize,
}

/// Keeps all paragraphs of a long text, with the short ones, headings and items between them, where the model keeps its beginning.
pub(super) fn keep_long_text(blocks: &[&Block<'_>], kept: &mut [bool]) {
    let mut templates: HashMap<u64, Template> = HashMap::new();
    let mut all_chars = 0;
    for (at, block) in blocks.iter().enumerate().filter(|(_, block)| block.is_long_paragraph()) {
        let template = templates.entry(template_hash(block)).or_default();
        template.members.push(at);
        template.chars += block.chars;
        all_chars += block.chars;
    }
    let main = templates
        .values()
        .find(|template| template.members.len() >= MIN_PARAGRAPHS && template.chars * 2 > all_chars);
    let Some(members) = main.map(|template| &template.members) else {
        return;
    };
    let first = &members[..FIRST_PARAGRAPHS];
    if first.iter().filter(|at| kept[**at]).count() * 2 < first.len() {
        return;
    }
    let Some(begin) = first.iter().copied().find(|at| kept[*at]) else {
        return;
    };
    let containers: HashSet<NodeId> = members.iter().filter_map(|at| container_id(blocks[*at])).collect();
    let paragraph = template_hash(blocks[begin]);
    let last = members.last().copied().unwrap_or(begin);
    for (at, block) in blocks.iter().enumerate().take(last + 1).skip(begin) {
        kept[at] |= block.link_chars * 3 < block.chars && is_part(block, paragraph, &containers);
    }
}

/// Returns whether a block is a paragraph of the text, a heading next to its paragraphs or an item of a list between them.
fn is_part(block: &Block<'_>, paragraph: u64, containers: &HashSet<NodeId>) -> bool {
    let is_inside = |id: Option<NodeId>| id.is_some_and(|id| containers.contains(&id));
    let name = block.parent.value().name();
    if name == "li" {
        let list = block.parent.parent().and_then(|list| list.parent());
        return is_inside(list.map(|outer| outer.id()));
    }
    is_inside(container_id(block)) && (is_heading(name) || template_hash(block) == paragraph)
}

/// Returns the element around the block's own.
fn container_id(block: &Block<'_>) -> Option<NodeId> {
    block.parent.parent().map(|outer| outer.id())
}

/// Returns a hash of the names and classes of a block's element and of the one around it.
fn template_hash(block: &Block<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for element in [Some(block.parent), block.parent.parent().and_then(ElementRef::wrap)]
        .into_iter()
        .flatten()
    {
        element.value().name().hash(&mut hasher);
        element.value().attr("class").hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use scraper::Html;

    const LONG: &str = "Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs.";

    fn kept(html: &str, is_kept: impl Fn(usize) -> bool) -> Vec<bool> {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        let mut kept: Vec<bool> = (0..blocks.len()).map(is_kept).collect();
        keep_long_text(&blocks.iter().collect::<Vec<_>>(), &mut kept);
        kept
    }

    #[test]
    fn a_long_text_is_kept_whole() {
        let part = format!(
            "<h2>Titre</h2><p>{LONG}</p><p>Court.</p><ul><li>un</li></ul><aside><p>pub</p></aside><p><a href=/x>lire {LONG}</a></p>"
        );
        let html = format!(
            "<nav><p>menu</p></nav><div class=body>{}</div><footer><p>fin</p></footer>",
            part.repeat(MIN_PARAGRAPHS)
        );
        let found = kept(&html, |at| at > 0 && at < 60 * 6);
        assert!(!found[0] && !found[found.len() - 1]);
        let last = &found[found.len() - 1 - 6..found.len() - 1];
        // What follows the last paragraph is left to the model.
        assert_eq!(last, [true, true, false, false, false, false]);
        assert_eq!(found[600 + 1..600 + 7], [true, true, true, true, false, false]);
    }

    #[test]
    fn other_texts_are_left_to_the_model() {
        let short = format!("<div>{}</div>", format!("<p>{LONG}</p>").repeat(MIN_PARAGRAPHS - 1));
        assert_eq!(kept(&short, |at| at < 60).iter().filter(|kept| **kept).count(), 60);
        let comments = format!("<div>{}</div>", format!("<p>{LONG}</p>").repeat(400));
        assert_eq!(kept(&comments, |at| at == 3).iter().filter(|kept| **kept).count(), 1);
    }
}
