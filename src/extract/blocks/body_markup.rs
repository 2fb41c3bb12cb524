//! Builds the markup of a body from the blocks that are kept. What is between them is left out, except for images, audio and video that belong
//! to them.

use super::block::Block;
use super::class_hints;
use crate::html::players::message_page;
use crate::model::html_elements;
use ego_tree::{NodeId, NodeMut, NodeRef};
use scraper::{ElementRef, Html, Node};
use std::collections::{HashMap, HashSet};

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
/// Elements of media that are played.
const PLAYERS: &[&str] = &["video", "audio", "iframe", "amp-video", "amp-youtube"];
/// A block without links that is not longer than this, in characters, may be the label of a player.
const MAX_LABEL_CHARS: usize = 60;
/// The longest text around the link to a message of a social network, in characters.
const MAX_MESSAGE_CHARS: usize = 900;
/// How many nodes a message has at most.
const MAX_MESSAGE_NODES: usize = 300;
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
/// Media after the last kept block are left out, since most are of other articles.
pub(super) fn body_markup(blocks: &[Block<'_>], kept: &[&Block<'_>]) -> Option<String> {
    let text = common_ancestor(kept)?;
    let root = around_paragraph(text, blocks, kept);
    let extent = Extent {
        root,
        text,
        end: kept.last().and_then(|block| block.nodes.last()).copied(),
    };
    Some(with_direction(root, extent.markup(blocks, kept)))
}

/// Returns the markup of `kept`, some of the `blocks` of `document`, which is a body that a rule selects; none when nothing is kept. Media after
/// the last kept block are kept too.
pub(super) fn whole_body_markup(document: &Html, blocks: &[Block<'_>], kept: &[&Block<'_>]) -> Option<String> {
    let extent = Extent {
        root: document
            .root_element()
            .child_elements()
            .find(|element| element.value().name() == "body")?,
        text: common_ancestor(kept)?,
        end: None,
    };
    Some(extent.markup(blocks, kept))
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

/// Returns an element around `text`, if that is a single paragraph and nothing else than it, a headline and labels is in the element: a player or
/// an image may be in it.
fn around_paragraph<'a>(text: ElementRef<'a>, blocks: &[Block<'_>], kept: &[&Block<'_>]) -> ElementRef<'a> {
    if !matches!(text.value().name(), "p" | "li" | "span" | "h2" | "h3") {
        return text;
    }
    let kept: HashSet<NodeId> = kept.iter().filter_map(|block| block.nodes.first().copied()).collect();
    let mut with_others: HashSet<NodeId> = HashSet::new();
    for block in blocks {
        let is_kept = block.nodes.first().is_some_and(|node| kept.contains(node));
        if is_kept || is_label(block) || block.parent.value().name() == "h1" {
            continue;
        }
        for outer in block.ancestors() {
            if !with_others.insert(outer.id()) {
                break;
            }
        }
    }
    let outer = text.ancestors().filter_map(ElementRef::wrap);
    outer
        .take_while(|outer| !matches!(outer.value().name(), "body" | "html") && !with_others.contains(&outer.id()))
        .last()
        .unwrap_or(text)
}

/// Returns whether a block may be the label of a player: short and without links.
fn is_label(block: &Block<'_>) -> bool {
    block.chars <= MAX_LABEL_CHARS && block.links == 0
}

/// Returns whether all blocks are captions of figures: then these are the text.
fn is_gallery(kept: &[&Block<'_>]) -> bool {
    kept.iter()
        .all(|block| block.ancestors().any(|element| element.value().name() == "figcaption"))
}

/// The part of a page that is copied.
struct Extent<'a> {
    root: ElementRef<'a>,
    /// The smallest element around the kept text: the names of this element and of those around it describe more than their media.
    text: ElementRef<'a>,
    /// The node before which media end.
    end: Option<NodeId>,
}

impl Extent<'_> {
    /// Returns the markup of `kept` and of the media that belong to it.
    fn markup(&self, blocks: &[Block<'_>], kept: &[&Block<'_>]) -> String {
        let mut nodes = KeptNodes {
            captions_are_text: is_gallery(kept),
            ..KeptNodes::default()
        };
        for block in kept {
            nodes.whole.extend(&block.nodes);
            nodes.keep_ancestors(block.parent, self.root);
        }
        self.keep_media(blocks, &mut nodes);
        let mut copy = Html::new_fragment();
        if matches!(self.root.value().name(), "body" | "html") {
            nodes.copy(*self.root, &mut copy.tree.root_mut());
        } else {
            nodes.copy(*self.root, &mut copy.tree.root_mut().append((*self.root).value().clone()));
        }
        copy.html()
    }

    /// Keeps the media before the end of the extent where the nearest element around them that contains blocks has a kept one. Media of a
    /// figure are kept with the figure; a label does not show to which text a player belongs. Players directly behind the end are kept too.
    fn keep_media(&self, blocks: &[Block<'_>], nodes: &mut KeptNodes) {
        let mut with_blocks: HashSet<NodeId> = HashSet::new();
        let mut with_text: HashSet<NodeId> = HashSet::new();
        let mut others: HashSet<NodeId> = HashSet::new();
        for block in blocks {
            // A caption is kept or left out with its figure, so it does not show to which text the figure belongs.
            if !nodes.captions_are_text && block.ancestors().any(|element| element.value().name() == "figure") {
                continue;
            }
            insert_ancestors(block, &mut with_blocks);
            if !is_label(block) || nodes.is_kept(block) {
                insert_ancestors(block, &mut with_text);
                others.extend(block.nodes.first().filter(|_| !nodes.is_kept(block)));
            }
        }
        let mut is_behind = false;
        for node in self.root.descendants() {
            if is_behind && others.contains(&node.id()) {
                break;
            }
            is_behind |= Some(node.id()) == self.end;
            let Some(element) = ElementRef::wrap(node) else { continue };
            let name = element.value().name();
            if name == "a" {
                self.keep_message(element, nodes);
                continue;
            }
            let is_player = PLAYERS.contains(&name);
            if !MEDIA.contains(&name) || (is_behind && !is_player) {
                continue;
            }
            let with_blocks = if is_player { &with_text } else { &with_blocks };
            let figure = element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .take_while(|outer| outer.id() != self.root.id())
                .find(|outer| outer.value().name() == "figure");
            let nearest = match figure.and_then(|figure| figure.parent()).and_then(ElementRef::wrap) {
                Some(around_figure) => with_ancestors(around_figure).find(|outer| with_blocks.contains(&outer.id())),
                None => element
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .find(|outer| with_blocks.contains(&outer.id())),
            };
            if !nearest.is_some_and(|nearest| nodes.partial.contains(&nearest.id())) || self.is_boilerplate(element) {
                continue;
            }
            let shown = figure.unwrap_or(element);
            // The figure of a caption that is text is copied in parts.
            let shown = if nodes.captions_are_text && nodes.partial.contains(&shown.id()) {
                element
            } else {
                shown
            };
            nodes.whole.insert(shown.id());
            if let Some(parent) = shown.parent().and_then(ElementRef::wrap) {
                nodes.keep_ancestors(parent, self.root);
            }
        }
    }

    /// Keeps the address of the message of a social network to which `link` leads, if the message stands between what is kept and is left out.
    fn keep_message(&self, link: ElementRef<'_>, nodes: &mut KeptNodes) {
        let Some(page) = link.value().attr("href").and_then(message_page) else {
            return;
        };
        let mut outermost = None;
        for outer in with_ancestors(link) {
            if nodes.whole.contains(&outer.id()) || nodes.messages.contains_key(&outer.id()) {
                return;
            }
            if nodes.partial.contains(&outer.id()) {
                break;
            }
            outermost = Some(outer);
        }
        let Some(message) = outermost.filter(|message| message.id() != self.root.id()) else {
            return;
        };
        let mut chars = 0;
        for (count, node) in message.descendants().enumerate() {
            chars += node.value().as_text().map_or(0, |text| text.len());
            if chars > MAX_MESSAGE_CHARS || count > MAX_MESSAGE_NODES {
                return;
            }
        }
        let address = String::from(page);
        if nodes.message_addresses.insert(address.clone()) {
            nodes.messages.insert(message.id(), address);
        }
    }

    /// Returns whether the names of an element, or of one between it and the text, hint that its media are not the article's.
    fn is_boilerplate(&self, element: ElementRef<'_>) -> bool {
        let boilerplate = class_hints::bits_of_kinds(BOILERPLATE_HINTS);
        let is_around_text = |outer: ElementRef<'_>| with_ancestors(self.text).any(|around| around.id() == outer.id());
        with_ancestors(element).take_while(|outer| !is_around_text(*outer)).any(|outer| {
            let value = outer.value();
            let names = value.classes().chain(value.id());
            names.fold(0, |bits, name| bits | class_hints::bits_of_name(name)) & boilerplate != 0
        })
    }
}

/// The nodes that are kept.
#[derive(Default)]
struct KeptNodes {
    /// Nodes that are kept with all that they contain.
    whole: HashSet<NodeId>,
    /// Elements of which only the kept content is kept.
    partial: HashSet<NodeId>,
    /// Elements that are replaced by the frame of a message of a social network, with its address.
    messages: HashMap<NodeId, String>,
    message_addresses: HashSet<String>,
    /// Whether captions are the text.
    captions_are_text: bool,
}

impl KeptNodes {
    fn is_kept(&self, block: &Block<'_>) -> bool {
        block.nodes.first().is_some_and(|node| self.whole.contains(node))
    }

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
            if let Some(address) = self.messages.get(&child.id()) {
                append_frame(address, to);
            } else if self.whole.contains(&child.id()) {
                copy_subtree(child, to);
            } else if self.partial.contains(&child.id()) {
                let mut value = child.value().clone();
                if self.captions_are_text
                    && let Node::Element(element) = &mut value
                    && element.name() == "figcaption"
                {
                    element.name.local = "div".into();
                }
                self.copy(child, &mut to.append(value));
            } else if is_cell(child.value()) && is_row(from.value()) {
                // An empty cell stays, so that the others stay in their columns.
                to.append(child.value().clone());
            }
        }
    }
}

/// Adds the elements around a block, up to one that is among `found`.
fn insert_ancestors(block: &Block<'_>, found: &mut HashSet<NodeId>) {
    for outer in block.ancestors() {
        if !found.insert(outer.id()) {
            break;
        }
    }
}

/// Appends a frame, which cleaning replaces by a link.
fn append_frame(address: &str, to: &mut NodeMut<'_, Node>) {
    let address = address.replace('&', "&amp;").replace('"', "&quot;");
    let frame = Html::parse_fragment(&format!("<iframe src=\"{address}\"></iframe>"));
    let frame = frame
        .root_element()
        .descendent_elements()
        .find(|element| element.value().name() == "iframe");
    if let Some(frame) = frame {
        copy_subtree(*frame, to);
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

    fn body(html: &str, words: &[&str]) -> String {
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
            body(html, &["Un", "deux"]),
            "<div class=\"x\"><p>Un <b>mot</b></p><ul><li>deux</li></ul></div>"
        );
    }

    #[test]
    fn lines_between_breaks_are_kept_one_by_one() {
        assert_eq!(
            body("<div>un<br><br>deux<br><br>trois</div>", &["un", "trois"]),
            "<div>un<br><br>trois</div>"
        );
    }

    #[test]
    fn images_of_the_text_are_kept_with_their_captions() {
        let html = "<article><img src=a.jpg><p>un</p><figure><img src=b.jpg><figcaption>le pont</figcaption></figure><div class=related><a href=/x><img \
                    src=c.jpg>autre</a></div><p>deux</p><div class=share-bar><img src=f.png></div><img src=d.jpg></article>";
        let body = body(html, &["un", "deux"]);
        assert!(body.contains("a.jpg") && body.contains("le pont"), "{body}");
        assert!(
            !body.contains("c.jpg") && !body.contains("d.jpg") && !body.contains("f.png"),
            "{body}"
        );
    }

    #[test]
    fn players_stay_with_the_text_beside_a_label_and_behind_it() {
        let html = "<div><p>un</p><div><div>- Vidéo :</div><iframe src=a></iframe></div><p>deux</p><iframe src=b></iframe><p><a href=/x>autre</a></p>\
                    <iframe src=c></iframe></div>";
        let found = body(html, &["un", "deux"]);
        assert!(
            found.contains("src=\"a\"") && found.contains("src=\"b\"") && !found.contains("src=\"c\""),
            "{found}"
        );
        let html = "<main><h1>Titre</h1><div><audio src=a></audio><p>un</p></div></main><aside><video src=b></video><p><a href=/x>autre</a></p></aside>";
        let found = body(html, &["un"]);
        assert!(found.contains("<audio src=\"a\">") && !found.contains("video"), "{found}");
    }

    #[test]
    fn messages_that_are_left_out_become_frames() {
        let html = "<div><p>un</p><blockquote><p>court</p>— Mairie <a href=https://twitter.com/m/status/1>le 5 mars</a></blockquote>\
                    <a href=https://x.com/m/status/2><div>encore</div></a><p>deux <a href=https://x.com/m/status/3>là</a></p></div>";
        let found = body(html, &["un", "deux"]);
        let expected = "<iframe src=\"https://twitter.com/m/status/1\"></iframe><iframe src=\"https://x.com/m/status/2\"></iframe>";
        assert!(
            found.contains(expected) && !found.contains("court") && found.contains("status/3\">là"),
            "{found}"
        );
        assert!(
            body(html, &["un", "court", "deux"]).contains("court"),
            "a message that is kept stays"
        );
        let long = format!(
            "<div><p>un</p><div>{} <a href=https://x.com/m/status/2>x</a></div><p>deux</p></div>",
            "mot ".repeat(300)
        );
        assert!(!body(&long, &["un", "deux"]).contains("iframe"));
    }

    #[test]
    fn the_captions_of_a_gallery_are_its_text() {
        let html = "<div><figure><img src=a.jpg><figcaption>un</figcaption></figure><figure><img src=b.jpg><figcaption>deux</figcaption></figure></div>";
        let found = body(html, &["un", "deux"]);
        assert_eq!(
            found,
            "<div><figure><img src=\"a.jpg\"><div>un</div></figure><figure><img src=\"b.jpg\"><div>deux</div></figure></div>"
        );
    }

    #[test]
    fn cells_keep_their_columns() {
        let html = "<table><tr><th></th><th>mil</th></tr><tr><td>non</td><td>450</td></tr></table>";
        assert!(body(html, &["mil", "450"]).contains("<tr><td></td><td>450</td></tr>"));
    }

    #[test]
    fn the_direction_of_the_page_is_kept() {
        let html = "<html dir=RTL><body><div><p>مكتبة</p><p>جديدة</p></div></body></html>";
        assert!(body(html, &["مكتبة", "جديدة"]).starts_with("<div dir=\"rtl\">"));
    }
}
