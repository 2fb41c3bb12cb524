//! The blocks of a page: runs of text that no block-level element divides. It lists them; what becomes of them is not decided here.

use crate::extract::normalize::collapse_whitespace;
use ego_tree::NodeId;
use ego_tree::NodeRef;
use scraper::{ElementRef, Html, Node};
use std::collections::{HashMap, HashSet};

/// Elements whose text nobody reads.
const SILENT: &[&str] = &[
    "script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "select", "datalist", "textarea",
    "audio", "video", "canvas", "map",
];
/// Block-level elements, as the HTML standard renders them (section 15.3), and buttons, which are read as blocks.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "label",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// A run of text within one block-level element.
pub(super) struct Block<'a> {
    /// The block-level element that holds it.
    pub parent: ElementRef<'a>,
    /// The sibling nodes that it consists of.
    pub nodes: Vec<NodeId>,
    /// Its text, in one line.
    pub text: String,
    /// The length of the text, in characters.
    pub chars: usize,
    /// How many characters of it are links.
    pub linked: usize,
    /// How many characters of it are set in bold.
    pub bold: usize,
    /// How many links it has.
    pub links: usize,
}

impl<'a> Block<'a> {
    /// Lists the elements within the block.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'a>> + '_ {
        let tree = self.parent.tree();
        let nodes = self.nodes.iter().filter_map(move |id| tree.get(*id));
        nodes.flat_map(|node| node.descendants()).filter_map(ElementRef::wrap)
    }
}

/// Lists the elements that hold blocks, outer ones first, and which of them is each block's parent. `make` gets an element, the place of the
/// listed one around it, the place of the first block within, and all that are listed already.
pub(super) fn holders<'b, 'a: 'b, T>(
    blocks: impl IntoIterator<Item = &'b Block<'a>>,
    make: impl Fn(ElementRef<'a>, Option<usize>, usize, &[T]) -> T,
) -> (Vec<T>, Vec<usize>) {
    let mut places: HashMap<NodeId, usize> = HashMap::new();
    let mut holders = Vec::new();
    let mut parents = Vec::new();
    for (at, block) in blocks.into_iter().enumerate() {
        let mut fresh = Vec::new();
        let mut known = None;
        for element in std::iter::once(block.parent).chain(block.parent.ancestors().filter_map(ElementRef::wrap)) {
            known = places.get(&element.id()).copied();
            if known.is_some() {
                break;
            }
            fresh.push(element);
        }
        for element in fresh.into_iter().rev() {
            places.insert(element.id(), holders.len());
            holders.push(make(element, known, at, &holders));
            known = Some(holders.len() - 1);
        }
        parents.push(known.unwrap_or_default());
    }
    (holders, parents)
}

/// Says whether an element of this name begins a block.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

/// Says whether the text of an element of this name is not read.
pub(super) fn is_silent(name: &str) -> bool {
    SILENT.contains(&name)
}

/// Lists the blocks of a document that hold text, in its order.
pub(super) fn list(document: &Html) -> Vec<Block<'_>> {
    let mut walk = Walk {
        divided: divided(document),
        found: Vec::new(),
    };
    walk.element(document.root_element());
    walk.found
}

/// Returns the inline elements that hold a block-level one: they end a run as if they were one themselves.
fn divided(document: &Html) -> HashSet<NodeId> {
    let mut found = HashSet::new();
    for element in document.root_element().descendent_elements() {
        if !is_block(element.value().name()) {
            continue;
        }
        for above in element.ancestors().filter_map(ElementRef::wrap) {
            if is_block(above.value().name()) || !found.insert(above.id()) {
                break;
            }
        }
    }
    found
}

struct Walk<'a> {
    divided: HashSet<NodeId>,
    found: Vec<Block<'a>>,
}

impl<'a> Walk<'a> {
    /// Lists the blocks within an element. The depth of a page is bounded before it is parsed, so this may recurse.
    fn element(&mut self, element: ElementRef<'a>) {
        let mut run: Vec<NodeRef<'a, Node>> = Vec::new();
        let mut breaks = 0;
        for child in element.children() {
            match child.value() {
                Node::Text(text) => {
                    breaks = if text.trim().is_empty() { breaks } else { 0 };
                    run.push(child);
                }
                Node::Element(inner) => {
                    let name = inner.name();
                    let Some(inner) = ElementRef::wrap(child).filter(|_| !is_silent(name)) else {
                        continue;
                    };
                    if is_block(name) || self.divided.contains(&child.id()) {
                        self.end(element, &mut run);
                        self.element(inner);
                        breaks = 0;
                    } else if name == "br" {
                        breaks += 1;
                        run.push(child);
                        // Two line breaks are how old pages write paragraphs.
                        if breaks == 2 {
                            self.end(element, &mut run);
                        }
                    } else {
                        breaks = 0;
                        run.push(child);
                    }
                }
                _ => {}
            }
        }
        self.end(element, &mut run);
    }

    fn end(&mut self, parent: ElementRef<'a>, run: &mut Vec<NodeRef<'a, Node>>) {
        let mut read = Read::default();
        for node in run.iter() {
            read.node(*node, false, false);
        }
        let text = collapse_whitespace(&read.text);
        if !text.is_empty() {
            self.found.push(Block {
                parent,
                nodes: run.iter().map(NodeRef::id).collect(),
                chars: text.chars().count(),
                text,
                linked: read.linked,
                bold: read.bold,
                links: read.links,
            });
        }
        run.clear();
    }
}

#[derive(Default)]
struct Read {
    text: String,
    linked: usize,
    bold: usize,
    links: usize,
}

impl Read {
    fn node(&mut self, node: NodeRef<'_, Node>, in_link: bool, in_bold: bool) {
        match node.value() {
            Node::Text(text) => {
                let length = text.trim().chars().count();
                self.linked += if in_link { length } else { 0 };
                self.bold += if in_bold { length } else { 0 };
                self.text.push_str(text);
            }
            Node::Element(element) if !is_silent(element.name()) => {
                let link = element.name() == "a" && element.attr("href").is_some();
                self.links += usize::from(link);
                if element.name() == "br" {
                    self.text.push(' ');
                }
                let bold = matches!(element.name(), "b" | "strong");
                for child in node.children() {
                    self.node(child, in_link || link, in_bold || bold);
                }
            }
            _ => {}
        }
    }
}
