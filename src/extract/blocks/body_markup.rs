//! Builds the markup of a body from the blocks that are kept. What is between them is left out, except for images, audio and video that belong
//! to them.

use super::block::Block;
use super::class_hints;
use crate::model::html_elements;
use ego_tree::{NodeId, NodeMut, NodeRef};
use scraper::{ElementRef, Html, Node};
use std::collections::HashSet;

/// Elements of media; `noscript` often contains the image that a script would load.
const MEDIA: &[&str] = &[
    "img",
    "picture",
    "video",
    "audio",
    "iframe",
    "amp-img",
    "amp-video",
    "amp-youtube",
    "embed",
    "object",
    "noscript",
];
/// Hints of elements whose images are not the article's.
const BOILERPLATE_HINTS: &[&str] = &[
    "named author",
    "named share",
    "named related",
    "named comment",
    "named newsletter",
    "named ad",
    "named navigation",
];

/// Returns the markup of `kept`, some of the `blocks` of a page, in the smallest element that contains them all; none when nothing is kept.
pub(super) fn body_markup(blocks: &[Block<'_>], kept: &[&Block<'_>]) -> Option<String> {
    let root = common_ancestor(kept)?;
    let mut nodes = KeptNodes::default();
    for block in kept {
        nodes.whole.extend(&block.nodes);
        nodes.keep_ancestors(block.parent, root);
    }
    keep_media(root, blocks, kept, &mut nodes);
    let mut copy = Html::new_fragment();
    if matches!(root.value().name(), "body" | "html") {
        nodes.copy(*root, &mut copy.tree.root_mut());
    } else {
        nodes.copy(*root, &mut copy.tree.root_mut().append((*root).value().clone()));
    }
    Some(with_direction(root, copy.html()))
}

/// Returns an element and those around it, the innermost first.
fn with_ancestors(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap))
}

/// Returns the deepest element around all kept blocks.
fn common_ancestor<'a>(kept: &[&Block<'a>]) -> Option<ElementRef<'a>> {
    let mut root = kept.first()?.parent;
    let mut inside: HashSet<NodeId> = HashSet::new();
    for block in kept {
        if inside.contains(&block.parent.id()) {
            continue;
        }
        let outer: HashSet<NodeId> = block.ancestors().map(|element| element.id()).collect();
        root = with_ancestors(root).find(|element| outer.contains(&element.id()))?;
        inside.extend(block.ancestors().map(|element| element.id()).take_while(|id| *id != root.id()));
    }
    Some(root)
}

/// The nodes that are kept.
#[derive(Default)]
struct KeptNodes {
    /// Nodes that are kept with all that they contain.
    whole: HashSet<NodeId>,
    /// Elements of which only the kept content is kept.
    partial: HashSet<NodeId>,
}

impl KeptNodes {
    /// Keeps an element and those around it, up to `root`.
    fn keep_ancestors(&mut self, element: ElementRef<'_>, root: ElementRef<'_>) {
        for outer in with_ancestors(element) {
            if !self.partial.insert(outer.id()) || outer.id() == root.id() {
                break;
            }
        }
    }

    /// Copies what is kept of the content of `from`. It recurses: the depth of a page is bounded before it is parsed.
    fn copy(&self, from: NodeRef<'_, Node>, to: &mut NodeMut<'_, Node>) {
        for child in from.children() {
            if self.whole.contains(&child.id()) {
                copy_subtree(child, to);
            } else if self.partial.contains(&child.id()) {
                self.copy(child, &mut to.append(child.value().clone()));
            } else if is_cell(child.value()) && is_row(from.value()) {
                // An empty cell stays, so that the others stay in their columns.
                to.append(child.value().clone());
            }
        }
    }
}

fn copy_subtree(from: NodeRef<'_, Node>, to: &mut NodeMut<'_, Node>) {
    let mut to = to.append(from.value().clone());
    for child in from.children() {
        copy_subtree(child, &mut to);
    }
}

fn is_row(node: &Node) -> bool {
    node.as_element().is_some_and(|element| element.name() == "tr")
}

fn is_cell(node: &Node) -> bool {
    node.as_element().is_some_and(|element| html_elements::is_cell(element.name()))
}

/// Keeps the media before the last kept block, where the nearest element around them that contains blocks has a kept one. Media of a figure
/// are kept with the figure.
fn keep_media(root: ElementRef<'_>, blocks: &[Block<'_>], kept: &[&Block<'_>], nodes: &mut KeptNodes) {
    let Some(last) = kept.last().and_then(|block| block.nodes.last()) else {
        return;
    };
    let mut with_blocks: HashSet<NodeId> = HashSet::new();
    for block in blocks {
        // A caption is kept or left out with its figure, so it does not show to which text the figure belongs.
        if block.ancestors().any(|element| element.value().name() == "figure") {
            continue;
        }
        for outer in block.ancestors() {
            if !with_blocks.insert(outer.id()) {
                break;
            }
        }
    }
    for element in root.descendants() {
        if element.id() == *last {
            break;
        }
        let Some(element) = ElementRef::wrap(element).filter(|element| MEDIA.contains(&element.value().name())) else {
            continue;
        };
        let figure = element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .take_while(|outer| outer.id() != root.id())
            .find(|outer| outer.value().name() == "figure");
        let nearest = match figure.and_then(|figure| figure.parent()).and_then(ElementRef::wrap) {
            Some(around_figure) => with_ancestors(around_figure).find(|outer| with_blocks.contains(&outer.id())),
            None => element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .find(|outer| with_blocks.contains(&outer.id())),
        };
        if !nearest.is_some_and(|nearest| nodes.partial.contains(&nearest.id())) || is_boilerplate(element, root) {
            continue;
        }
        let shown = figure.unwrap_or(element);
        nodes.whole.insert(shown.id());
        if let Some(parent) = shown.parent().and_then(ElementRef::wrap) {
            nodes.keep_ancestors(parent, root);
        }
    }
}

/// Returns whether the names of an element, or of one between it and `root`, hint that its images are not the article's.
fn is_boilerplate(element: ElementRef<'_>, root: ElementRef<'_>) -> bool {
    let boilerplate = class_hints::bits_of_kinds(BOILERPLATE_HINTS);
    with_ancestors(element).take_while(|outer| outer.id() != root.id()).any(|outer| {
        let value = outer.value();
        let names = value.classes().chain(value.id());
        names.fold(0, |bits, name| bits | class_hints::bits_of_name(name)) & boilerplate != 0
    })
}

/// Puts `markup` in an element with the direction of the text where an element around `root`, which is left out, sets it to right to left.
fn with_direction(root: ElementRef<'_>, markup: String) -> String {
    if root.value().attr("dir").is_some() {
        return markup;
    }
    let mut outer = root.ancestors().filter_map(ElementRef::wrap);
    match outer.find_map(|outer| outer.value().attr("dir")) {
        Some(direction) if direction.trim().eq_ignore_ascii_case("rtl") => format!("<div dir=\"rtl\">{markup}</div>"),
        _ => markup,
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;

    fn markup(html: &str, words: &[&str]) -> String {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        let kept: Vec<&Block<'_>> = blocks
            .iter()
            .filter(|block| words.iter().any(|word| block.text.contains(word)))
            .collect();
        body_markup(&blocks, &kept).expect("something is kept")
    }

    #[test]
    fn what_is_not_kept_is_left_out() {
        let html =
            "<main><div class=x><p>Un <b>mot</b></p><aside><p>pub</p></aside><ul><li>deux</li><li>non</li></ul></div><p>fin</p></main>";
        assert_eq!(
            markup(html, &["Un", "deux"]),
            "<div class=\"x\"><p>Un <b>mot</b></p><ul><li>deux</li></ul></div>"
        );
    }

    #[test]
    fn lines_between_breaks_are_kept_one_by_one() {
        assert_eq!(
            markup("<div>un<br><br>deux<br><br>trois</div>", &["un", "trois"]),
            "<div>un<br><br>trois</div>"
        );
    }

    #[test]
    fn images_of_the_text_are_kept_with_their_captions() {
        let html = "<article><img src=a.jpg><p>un</p><figure><img src=b.jpg><figcaption>le pont</figcaption></figure><div class=related><a href=/x><img \
                    src=c.jpg>autre</a></div><p>deux</p><div class=share-bar><img src=f.png></div><img src=d.jpg></article>";
        let body = markup(html, &["un", "deux"]);
        assert!(body.contains("a.jpg") && body.contains("le pont"), "{body}");
        assert!(
            !body.contains("c.jpg") && !body.contains("d.jpg") && !body.contains("f.png"),
            "{body}"
        );
    }

    #[test]
    fn cells_keep_their_columns() {
        let html = "<table><tr><th></th><th>mil</th></tr><tr><td>non</td><td>450</td></tr></table>";
        assert!(markup(html, &["mil", "450"]).contains("<tr><td></td><td>450</td></tr>"));
    }

    #[test]
    fn the_direction_of_the_page_is_kept() {
        let html = "<html dir=RTL><body><div><p>مكتبة</p><p>جديدة</p></div></body></html>";
        assert!(markup(html, &["مكتبة", "جديدة"]).starts_with("<div dir=\"rtl\">"));
    }
}
