//! The elements that contain the blocks of a page, with what each of them contains.

use super::block::{Block, containing_elements};
use super::class_hints;
use scraper::ElementRef;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Elements around a block that show what it belongs to, with the names of their features.
pub(super) const ANCESTOR_TAGS: &[(&str, &str)] = &[
    ("article", "<article>"),
    ("main", "<main>"),
    ("aside", "<aside>"),
    ("nav", "<nav>"),
    ("footer", "<footer>"),
    ("header", "<header>"),
    ("form", "<form>"),
    ("figure", "<figure>"),
    ("table", "<table>"),
    ("ul", "<ul>"),
    ("ol", "<ol>"),
    ("blockquote", "<blockquote>"),
    ("section", "<section>"),
    ("a", "<a>"),
    ("dl", "<dl>"),
    ("details", "<details>"),
];
/// Attributes besides class and id whose words hint at what an element is for.
const HINT_ATTRIBUTES: [&str; 8] = [
    "data-component",
    "data-testid",
    "data-qa",
    "data-type",
    "data-module",
    "role",
    "aria-label",
    "itemprop",
];
/// The longest value of such an attribute that is a name, not a text, in bytes.
const MAX_HINT_BYTES: usize = 59;

/// An element that contains blocks.
pub(super) struct Container<'a> {
    /// The index of the container around it.
    pub parent: Option<usize>,
    pub name: &'a str,
    /// The index of its element among [`ANCESTOR_TAGS`].
    pub ancestor_tag: Option<usize>,
    pub depth: usize,
    /// The kinds of class hints that it gives, one bit a kind.
    pub hints: u32,
    pub is_hidden: bool,
    /// A hash of its element name and classes.
    pub signature: u64,
    pub chars: usize,
    pub link_chars: usize,
    /// Characters of long paragraphs.
    pub paragraph_chars: usize,
    /// Characters of blocks that Readability keeps.
    pub readability_chars: usize,
    pub blocks: usize,
    /// The indexes of its first and last block.
    pub first: usize,
    pub last: usize,
}

/// Returns the containers of blocks, outer ones before inner ones, and for each block the index of its parent among them.
pub(super) fn list_containers<'a>(blocks: &[&'a Block<'a>]) -> (Vec<Container<'a>>, Vec<usize>) {
    let (mut containers, parents) = containing_elements(blocks.iter().copied(), container);
    for (at, (block, parent)) in blocks.iter().zip(&parents).enumerate() {
        let mut around = Some(*parent);
        while let Some(index) = around {
            let own = &mut containers[index];
            own.chars += block.chars;
            own.link_chars += block.link_chars;
            own.paragraph_chars += if block.is_long_paragraph() { block.chars } else { 0 };
            own.blocks += 1;
            own.last = at;
            around = own.parent;
        }
    }
    (containers, parents)
}

/// Sets how much of what Readability keeps each container contains.
pub(super) fn add_readability_chars(containers: &mut [Container<'_>], parents: &[usize], blocks: &[&Block<'_>], kept: &[bool]) {
    for ((block, parent), _) in blocks.iter().zip(parents).zip(kept).filter(|(_, kept)| **kept) {
        let mut around = Some(*parent);
        while let Some(index) = around {
            containers[index].readability_chars += block.chars;
            around = containers[index].parent;
        }
    }
}

fn container<'a>(element: ElementRef<'a>, parent: Option<usize>, first: usize, outer: &[Container<'_>]) -> Container<'a> {
    let value = element.value();
    let mut hasher = DefaultHasher::new();
    value.name().hash(&mut hasher);
    let mut hints = value.id().map_or(0, class_hints::bits_of_name);
    for class in value.classes() {
        hints |= class_hints::bits_of_name(class);
        // Classes with a number differ from block to block, and do not identify a template.
        if !class.contains(|c: char| c.is_ascii_digit()) {
            class.hash(&mut hasher);
        }
    }
    for (name, text) in value.attrs() {
        if text.len() <= MAX_HINT_BYTES && HINT_ATTRIBUTES.contains(&name) {
            hints |= class_hints::bits_of_name(text);
        }
    }
    let outer = parent.map(|parent| &outer[parent]);
    Container {
        parent,
        name: value.name(),
        ancestor_tag: ANCESTOR_TAGS.iter().position(|(tag, _)| *tag == value.name()),
        depth: outer.map_or(0, |outer| outer.depth + 1),
        hints,
        is_hidden: outer.is_some_and(|outer| outer.is_hidden) || is_hidden(element),
        signature: hasher.finish(),
        chars: 0,
        link_chars: 0,
        paragraph_chars: 0,
        readability_chars: 0,
        blocks: 0,
        first,
        last: first,
    }
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    let value = element.value();
    let is_styled = |style: &str| style.replace(' ', "").to_ascii_lowercase().contains("display:none");
    value.attr("hidden").is_some() || value.attr("aria-hidden") == Some("true") || value.attr("style").is_some_and(is_styled)
}
