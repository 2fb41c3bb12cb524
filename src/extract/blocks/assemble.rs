//! Puts the body together from the blocks that are kept: what lies between them goes, but for pictures, sounds and films of theirs.

use super::block::Block;
use super::hints;
use ego_tree::{NodeId, NodeMut, NodeRef};
use scraper::{ElementRef, Html, Node};
use std::collections::HashSet;

/// Elements that show something; `noscript` often holds the picture that a script would load.
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
/// Names of elements whose pictures are not the article's: of authors, sharing, other articles, comments, letters, advertisements, menus.
const FOREIGN: &[&str] = &[
    "named author",
    "named share",
    "named related",
    "named comment",
    "named letter",
    "named ad",
    "named navigation",
];

/// Returns the markup of `kept`, some of the `blocks` of a page, in the smallest element that holds them all.
pub(super) fn of(blocks: &[Block<'_>], kept: &[&Block<'_>]) -> Option<String> {
    let root = common(kept)?;
    let mut alive = Alive::default();
    for block in kept {
        alive.whole.extend(&block.nodes);
        alive.hold(block.parent, root);
    }
    media(root, blocks, kept, &mut alive);
    let mut copy = Html::new_fragment();
    if matches!(root.value().name(), "body" | "html") {
        alive.copy(*root, &mut copy.tree.root_mut());
    } else {
        alive.copy(*root, &mut copy.tree.root_mut().append((*root).value().clone()));
    }
    let markup = copy.html();
    Some(directed(root, markup))
}

/// Returns the deepest element around all kept blocks.
fn common<'a>(kept: &[&Block<'a>]) -> Option<ElementRef<'a>> {
    let mut root = kept.first()?.parent;
    let mut inside: HashSet<NodeId> = HashSet::new();
    for block in kept {
        let mut passed = Vec::new();
        let around = |element: ElementRef<'a>| std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
        let above: HashSet<NodeId> = if inside.contains(&block.parent.id()) {
            continue;
        } else {
            around(block.parent).map(|element| element.id()).collect()
        };
        root = around(root).find(|element| above.contains(&element.id()))?;
        passed.extend(around(block.parent).map(|element| element.id()).take_while(|id| *id != root.id()));
        inside.extend(passed);
    }
    Some(root)
}

/// The nodes that stay.
#[derive(Default)]
struct Alive {
    /// Nodes that stay with all they hold.
    whole: HashSet<NodeId>,
    /// Elements that stay for what some of their nodes hold.
    partly: HashSet<NodeId>,
}

impl Alive {
    fn hold(&mut self, element: ElementRef<'_>, root: ElementRef<'_>) {
        for above in std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)) {
            if !self.partly.insert(above.id()) || above.id() == root.id() {
                break;
            }
        }
    }

    /// Copies what stays of the nodes within `from`. The depth of a page is bounded before it is parsed, so this may recurse.
    fn copy(&self, from: NodeRef<'_, Node>, to: &mut NodeMut<'_, Node>) {
        for child in from.children() {
            if self.whole.contains(&child.id()) {
                copy_all(child, to);
            } else if self.partly.contains(&child.id()) {
                self.copy(child, &mut to.append(child.value().clone()));
            } else if is_cell(child.value()) && is_row(from.value()) {
                // A cell keeps its place, so that the others stand under their heads.
                to.append(child.value().clone());
            }
        }
    }
}

fn copy_all(from: NodeRef<'_, Node>, to: &mut NodeMut<'_, Node>) {
    let mut to = to.append(from.value().clone());
    for child in from.children() {
        copy_all(child, &mut to);
    }
}

fn is_row(node: &Node) -> bool {
    node.as_element().is_some_and(|element| element.name() == "tr")
}

fn is_cell(node: &Node) -> bool {
    node.as_element().is_some_and(|element| matches!(element.name(), "td" | "th"))
}

/// Keeps what is shown before the last kept block, where the nearest element around it with blocks has a kept one or is a figure.
fn media(root: ElementRef<'_>, blocks: &[Block<'_>], kept: &[&Block<'_>], alive: &mut Alive) {
    let Some(last) = kept.last().and_then(|block| block.nodes.last()) else {
        return;
    };
    let mut holding: HashSet<NodeId> = HashSet::new();
    for block in blocks {
        let above = || std::iter::once(block.parent).chain(block.parent.ancestors().filter_map(ElementRef::wrap));
        // Captions go where their figure goes, so they do not say whose it is.
        if above().any(|element| element.value().name() == "figure") {
            continue;
        }
        for above in above() {
            if !holding.insert(above.id()) {
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
        let mut chain = element.ancestors().filter_map(ElementRef::wrap);
        let figure = element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .take_while(|above| above.id() != root.id())
            .find(|above| above.value().name() == "figure");
        let from = figure.and_then(|figure| figure.parent()).and_then(ElementRef::wrap);
        let near = match from {
            Some(above) => std::iter::once(above)
                .chain(above.ancestors().filter_map(ElementRef::wrap))
                .find(|above| holding.contains(&above.id())),
            None => chain.find(|above| holding.contains(&above.id())),
        };
        if !near.is_some_and(|near| alive.partly.contains(&near.id())) || is_foreign(element, root) {
            continue;
        }
        let shown = figure.unwrap_or(element);
        alive.whole.insert(shown.id());
        if let Some(parent) = shown.parent().and_then(ElementRef::wrap) {
            alive.hold(parent, root);
        }
    }
}

fn is_foreign(element: ElementRef<'_>, root: ElementRef<'_>) -> bool {
    let foreign = hints::bits(FOREIGN);
    let own = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
    own.take_while(|above| above.id() != root.id()).any(|above| {
        let value = above.value();
        let bits = value.classes().chain(value.id()).fold(0, |bits, name| bits | hints::of_name(name));
        bits & foreign != 0
    })
}

/// Says the direction of the text where an element left out said it.
fn directed(root: ElementRef<'_>, markup: String) -> String {
    if root.value().attr("dir").is_some() {
        return markup;
    }
    let said = root
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find_map(|above| above.value().attr("dir"));
    match said {
        Some(said) if said.trim().eq_ignore_ascii_case("rtl") => format!("<div dir=\"rtl\">{markup}</div>"),
        _ => markup,
    }
}

#[cfg(test)]
mod tests {
    use super::super::block;
    use super::*;

    fn kept(html: &str, words: &[&str]) -> String {
        let document = Html::parse_document(html);
        let blocks = block::list(&document);
        let kept: Vec<&Block<'_>> = blocks
            .iter()
            .filter(|block| words.iter().any(|word| block.text.contains(word)))
            .collect();
        of(&blocks, &kept).expect("something is kept")
    }

    #[test]
    fn what_is_not_kept_goes() {
        let html =
            "<main><div class=x><p>Un <b>mot</b></p><aside><p>pub</p></aside><ul><li>deux</li><li>non</li></ul></div><p>fin</p></main>";
        assert_eq!(
            kept(html, &["Un", "deux"]),
            "<div class=\"x\"><p>Un <b>mot</b></p><ul><li>deux</li></ul></div>"
        );
    }

    #[test]
    fn lines_between_breaks_go_alone() {
        assert_eq!(
            kept("<div>un<br><br>deux<br><br>trois</div>", &["un", "trois"]),
            "<div>un<br><br>trois</div>"
        );
    }

    #[test]
    fn pictures_of_the_text_stay_with_their_captions() {
        let html = "<article><img src=a.jpg><p>un</p><figure><img src=b.jpg><figcaption>le pont</figcaption></figure><div class=related><a href=/x><img \
                    src=c.jpg>autre</a></div><p>deux</p><div class=share-bar><img src=f.png></div><img src=d.jpg></article>";
        let body = kept(html, &["un", "deux"]);
        assert!(body.contains("a.jpg") && body.contains("le pont"), "{body}");
        assert!(
            !body.contains("c.jpg") && !body.contains("d.jpg") && !body.contains("f.png"),
            "{body}"
        );
    }

    #[test]
    fn cells_keep_their_places() {
        let html = "<table><tr><th></th><th>mil</th></tr><tr><td>non</td><td>450</td></tr></table>";
        assert!(kept(html, &["mil", "450"]).contains("<tr><td></td><td>450</td></tr>"));
    }

    #[test]
    fn the_direction_of_the_page_stays() {
        let html = "<html dir=RTL><body><div><p>مكتبة</p><p>جديدة</p></div></body></html>";
        assert!(kept(html, &["مكتبة", "جديدة"]).starts_with("<div dir=\"rtl\">"));
    }
}
