//! Labelled pages made smaller: those that we have are of large sites, with hundreds of lines around the article, and the sites of the region
//! are often small. A table that learns from both does not take the size of a page for a sign.

use super::block;
use super::labeled_page::{Label, belonging};
use super::train::Random;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};
use std::collections::HashSet;

/// So many of a hundred elements that hold nothing of the article go.
const GONE: u64 = 60;
/// The page's own summaries and data go from so many of a hundred pages.
const UNTOLD: u64 = 50;

/// Returns `document` without some of what is not its article, drawn by the page's own text: the same for the same page.
pub(in crate::extract) fn shrink_page(document: &Html, label: &Label<'_>) -> Html {
    let blocks = block::list(document);
    let texts: Vec<String> = blocks.iter().map(|block| block.text.clone()).collect();
    let mut article: HashSet<NodeId> = HashSet::new();
    let mut all: HashSet<NodeId> = HashSet::new();
    for (block, belongs) in blocks.iter().zip(belonging(&texts, label.truth)) {
        for element in std::iter::once(block.parent).chain(block.parent.ancestors().filter_map(ElementRef::wrap)) {
            let is_known = !all.insert(element.id());
            if if belongs { !article.insert(element.id()) } else { is_known } {
                break;
            }
        }
    }
    let seed = texts
        .iter()
        .flat_map(|text| text.bytes())
        .fold(1, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut random = Random(seed | 1);
    let mut gone = Vec::new();
    let mut open: Vec<NodeRef<'_, Node>> = vec![*document.root_element()];
    while let Some(node) = open.pop() {
        for child in node.children() {
            if article.contains(&child.id()) {
                open.push(child);
            } else if all.contains(&child.id()) && random.next() % 100 < GONE {
                gone.push(child.id());
            }
        }
    }
    if random.next() % 100 < UNTOLD {
        let tells = |element: &ElementRef<'_>| {
            let value = element.value();
            let name = value.attr("property").or_else(|| value.attr("name")).unwrap_or_default();
            value.attr("type") == Some("application/ld+json") || name.to_ascii_lowercase().ends_with("description")
        };
        gone.extend(
            document
                .root_element()
                .descendent_elements()
                .filter(tells)
                .map(|element| element.id()),
        );
    }
    let mut shrink_page = document.clone();
    for id in gone {
        if let Some(mut node) = shrink_page.tree.get_mut(id) {
            node.detach();
        }
    }
    shrink_page
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn the_article_stays_whole() {
        let mut html = String::from("<body><main><h1>Le puits</h1><p>Le puits du quartier donne de l’eau depuis lundi matin.</p></main>");
        for number in 0..40 {
            let _ = write!(
                html,
                "<aside><a href=/{number}>Une autre nouvelle de la ville, numéro {number}</a></aside>"
            );
        }
        let document = Html::parse_document(&html);
        let label = Label {
            truth: "Le puits du quartier donne de l’eau depuis lundi matin.",
            group: "a",
            set: "set",
        };
        let shrink_page = shrink_page(&document, &label);
        let texts: Vec<String> = block::list(&shrink_page).into_iter().map(|block| block.text).collect();
        assert!(texts.contains(&label.truth.to_owned()), "{texts:?}");
        assert!((5..35).contains(&texts.len()), "{texts:?}");
    }
}
