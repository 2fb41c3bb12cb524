//! Augments the training data: labelled pages without a part of their boilerplate. The labelled pages are of large sites, with hundreds of
//! lines around the article, and many sources are small sites. A model that is trained on both does not take the size of a page for a sign.

use super::block::list_blocks;
use super::labeled_page::{GroundTruth, label_blocks};
use super::xorshift::Xorshift;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};
use std::collections::HashSet;

/// The share of elements without article text that are removed, in percent.
const REMOVED_ELEMENT_PERCENT: u64 = 60;
/// The share of pages whose description and JSON-LD are removed, in percent.
const REMOVED_METADATA_PERCENT: u64 = 50;

/// Returns `document` without some of what is not its article. The random numbers are seeded with the page's text, so the same page gives the
/// same result.
pub(in crate::extract) fn shrink_page(document: &Html, truth: &GroundTruth<'_>) -> Html {
    let blocks = list_blocks(document);
    let texts: Vec<String> = blocks.iter().map(|block| block.text.clone()).collect();
    let mut with_article: HashSet<NodeId> = HashSet::new();
    let mut with_blocks: HashSet<NodeId> = HashSet::new();
    for (block, is_article) in blocks.iter().zip(label_blocks(&texts, truth.text)) {
        for element in block.ancestors() {
            let is_known = !with_blocks.insert(element.id());
            let is_done = if is_article { !with_article.insert(element.id()) } else { is_known };
            if is_done {
                break;
            }
        }
    }
    let seed = texts
        .iter()
        .flat_map(|text| text.bytes())
        .fold(1, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut random = Xorshift(seed | 1);
    let mut removed = Vec::new();
    let mut open: Vec<NodeRef<'_, Node>> = vec![*document.root_element()];
    while let Some(node) = open.pop() {
        for child in node.children() {
            if with_article.contains(&child.id()) {
                open.push(child);
            } else if with_blocks.contains(&child.id()) && random.happens(REMOVED_ELEMENT_PERCENT) {
                removed.push(child.id());
            }
        }
    }
    if random.happens(REMOVED_METADATA_PERCENT) {
        let is_metadata = |element: &ElementRef<'_>| {
            let value = element.value();
            let name = value.attr("property").or_else(|| value.attr("name")).unwrap_or_default();
            value.attr("type") == Some("application/ld+json") || name.to_ascii_lowercase().ends_with("description")
        };
        let elements = document.root_element().descendent_elements();
        removed.extend(elements.filter(is_metadata).map(|element| element.id()));
    }
    let mut smaller = document.clone();
    for id in removed {
        if let Some(mut node) = smaller.tree.get_mut(id) {
            node.detach();
        }
    }
    smaller
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn the_article_is_kept_whole() {
        let mut html = String::from("<body><main><h1>Le puits</h1><p>Le puits du quartier donne de l’eau depuis lundi matin.</p></main>");
        for number in 0..40 {
            let _ = write!(
                html,
                "<aside><a href=/{number}>Une autre nouvelle de la ville, numéro {number}</a></aside>"
            );
        }
        let document = Html::parse_document(&html);
        let truth = GroundTruth {
            text: "Le puits du quartier donne de l’eau depuis lundi matin.",
            group: "a",
            set: "set",
        };
        let smaller = shrink_page(&document, &truth);
        let texts: Vec<String> = list_blocks(&smaller).into_iter().map(|block| block.text).collect();
        assert!(texts.contains(&truth.text.to_owned()), "{texts:?}");
        assert!((5..35).contains(&texts.len()), "{texts:?}");
    }
}
