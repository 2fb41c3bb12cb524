//! The blocks of a page: runs of text that no block-level element divides. They are listed here; which of them are the article's is not
//! decided here.

use crate::extract::normalize::collapse_whitespace;
use crate::model::html_elements;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};
use std::collections::{HashMap, HashSet};

/// Elements whose text is not rendered as text of the page.
const UNRENDERED: &[&str] = &[
    "script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "select", "datalist", "textarea",
    "audio", "video", "canvas", "map",
];
/// A block with at least so many characters, few of them links, is a long paragraph.
const MIN_LONG_PARAGRAPH_CHARS: usize = 80;

/// A run of text within one block-level element.
pub(super) struct Block<'a> {
    /// The block-level element that contains it.
    pub parent: ElementRef<'a>,
    /// The sibling nodes that it consists of.
    pub nodes: Vec<NodeId>,
    /// Its text, in one line.
    pub text: String,
    /// The length of the text, in characters.
    pub chars: usize,
    /// How many characters of it are links.
    pub link_chars: usize,
    /// How many characters of it are set in bold.
    pub bold_chars: usize,
    /// How many links it has.
    pub links: usize,
}

impl<'a> Block<'a> {
    /// Returns the elements within the block.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'a>> + '_ {
        let tree = self.parent.tree();
        let nodes = self.nodes.iter().filter_map(move |id| tree.get(*id));
        nodes.flat_map(|node| node.descendants()).filter_map(ElementRef::wrap)
    }

    /// Returns the elements around the block, the innermost first.
    pub fn ancestors(&self) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
        std::iter::once(self.parent).chain(self.parent.ancestors().filter_map(ElementRef::wrap))
    }

    /// Returns whether nearly all of its text is links.
    pub fn is_link(&self) -> bool {
        self.link_chars * 10 >= self.chars * 9
    }

    /// Returns whether nearly all of its text is set in bold.
    pub fn is_bold(&self) -> bool {
        self.bold_chars * 10 >= self.chars * 9
    }

    /// Returns whether it is a heading by its element.
    pub fn is_heading(&self) -> bool {
        html_elements::is_heading(self.parent.value().name())
    }

    /// Returns whether the block is a long paragraph: text that menus, lists of teasers and captions seldom have.
    pub fn is_long_paragraph(&self) -> bool {
        self.chars >= MIN_LONG_PARAGRAPH_CHARS && self.link_chars * 3 < self.chars
    }
}

/// Returns the elements that contain blocks, outer ones before inner ones, and for each block the index of its parent among them. `make`
/// gets an element, the index of the one around it, the index of the first block within, and those that were made before.
pub(super) fn containing_elements<'b, 'a: 'b, T>(
    blocks: impl IntoIterator<Item = &'b Block<'a>>,
    make: impl Fn(ElementRef<'a>, Option<usize>, usize, &[T]) -> T,
) -> (Vec<T>, Vec<usize>) {
    let mut indexes: HashMap<NodeId, usize> = HashMap::new();
    let mut elements = Vec::new();
    let mut parents = Vec::new();
    for (at, block) in blocks.into_iter().enumerate() {
        let mut new = Vec::new();
        let mut around = None;
        for element in block.ancestors() {
            around = indexes.get(&element.id()).copied();
            if around.is_some() {
                break;
            }
            new.push(element);
        }
        for element in new.into_iter().rev() {
            indexes.insert(element.id(), elements.len());
            elements.push(make(element, around, at, &elements));
            around = Some(elements.len() - 1);
        }
        parents.push(around.unwrap_or_default());
    }
    (elements, parents)
}

/// Returns whether an element of this name begins a block. Besides the block-level elements these are buttons and labels, whose text is
/// read apart from what is next to them, and the root elements. `listing` is obsolete, and the model was trained without it.
fn is_block(name: &str) -> bool {
    matches!(name, "body" | "button" | "html" | "label" | "legend")
        || html_elements::is_table_part(name)
        || (html_elements::is_block(name) && name != "listing")
}

fn is_link(element: &Element) -> bool {
    element.name() == "a" && element.attr("href").is_some()
}

/// Returns the blocks of a document that have text, in its order.
pub(super) fn list_blocks(document: &Html) -> Vec<Block<'_>> {
    let mut walk = BlockWalk {
        inline_around_blocks: inline_around_blocks(document),
        blocks: Vec::new(),
    };
    walk.element(document.root_element(), false);
    walk.blocks
}

/// Returns the inline elements that contain a block-level one: they end a run as if they were block-level themselves.
fn inline_around_blocks(document: &Html) -> HashSet<NodeId> {
    let mut found = HashSet::new();
    for element in document.root_element().descendent_elements() {
        if !is_block(element.value().name()) {
            continue;
        }
        for outer in element.ancestors().filter_map(ElementRef::wrap) {
            if is_block(outer.value().name()) || !found.insert(outer.id()) {
                break;
            }
        }
    }
    found
}

struct BlockWalk<'a> {
    inline_around_blocks: HashSet<NodeId>,
    blocks: Vec<Block<'a>>,
}

impl<'a> BlockWalk<'a> {
    /// Adds the blocks within an element, which may be within a link. It recurses: the depth of a page is bounded before it is parsed.
    fn element(&mut self, element: ElementRef<'a>, is_inside_link: bool) {
        let is_inside_link = is_inside_link || is_link(element.value());
        let mut run: Vec<NodeRef<'a, Node>> = Vec::new();
        let mut line_breaks = 0;
        for child in element.children() {
            match child.value() {
                Node::Text(text) => {
                    line_breaks = if text.trim().is_empty() { line_breaks } else { 0 };
                    run.push(child);
                }
                Node::Element(inner) => {
                    let name = inner.name();
                    let Some(inner) = ElementRef::wrap(child).filter(|_| !UNRENDERED.contains(&name)) else {
                        continue;
                    };
                    if is_block(name) || self.inline_around_blocks.contains(&child.id()) {
                        self.end_run(element, &mut run, is_inside_link);
                        self.element(inner, is_inside_link);
                        line_breaks = 0;
                    } else if name == "br" {
                        line_breaks += 1;
                        run.push(child);
                        // Old pages separate paragraphs by two line breaks.
                        if line_breaks == 2 {
                            self.end_run(element, &mut run, is_inside_link);
                        }
                    } else {
                        line_breaks = 0;
                        run.push(child);
                    }
                }
                _ => {}
            }
        }
        self.end_run(element, &mut run, is_inside_link);
    }

    fn end_run(&mut self, parent: ElementRef<'a>, run: &mut Vec<NodeRef<'a, Node>>, is_inside_link: bool) {
        let mut content = RunContent::default();
        for node in run.iter() {
            content.add(*node, is_inside_link, false);
        }
        let text = collapse_whitespace(&content.text);
        if !text.is_empty() {
            self.blocks.push(Block {
                parent,
                nodes: run.iter().map(NodeRef::id).collect(),
                chars: text.chars().count(),
                text,
                link_chars: content.link_chars,
                bold_chars: content.bold_chars,
                links: content.links,
            });
        }
        run.clear();
    }
}

/// The text of a run and how much of it is marked up.
#[derive(Default)]
struct RunContent {
    text: String,
    link_chars: usize,
    bold_chars: usize,
    links: usize,
}

impl RunContent {
    fn add(&mut self, node: NodeRef<'_, Node>, inside_link: bool, inside_bold: bool) {
        match node.value() {
            Node::Text(text) => {
                let length = text.trim().chars().count();
                self.link_chars += if inside_link { length } else { 0 };
                self.bold_chars += if inside_bold { length } else { 0 };
                self.text.push_str(text);
            }
            Node::Element(element) if !UNRENDERED.contains(&element.name()) => {
                let is_link = is_link(element);
                self.links += usize::from(is_link);
                if element.name() == "br" {
                    self.text.push(' ');
                }
                let is_bold = matches!(element.name(), "b" | "strong");
                for child in node.children() {
                    self.add(child, inside_link || is_link, inside_bold || is_bold);
                }
            }
            _ => {}
        }
    }
}
