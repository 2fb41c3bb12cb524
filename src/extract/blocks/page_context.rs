//! What stands around the blocks of a page: the elements that hold them, what the first choice keeps, what the page tells of itself.

use super::block::{Block, holders};
use super::hints;
use super::readability;
use crate::extract::metadata::Metadata;
use crate::extract::normalize::alphanumeric_key;
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A block with so many characters, few of them links, is a real paragraph.
const REAL: usize = 80;
/// The heart of a page holds so much of what the first choice keeps, in hundredths.
const HEART: usize = 70;
/// The length of the shingles by which a block is looked for in another text, in letters and digits.
const SHINGLE: usize = 24;
/// Of a block, each so many-th shingle is looked for.
const STEP: usize = 4;
/// How many letters and digits of a block tell it from others.
const KEY: usize = 60;
/// Attributes beside class and id whose words hint at what an element is for.
const HINTING: [&str; 8] = [
    "data-component",
    "data-testid",
    "data-qa",
    "data-type",
    "data-module",
    "role",
    "aria-label",
    "itemprop",
];
const LONGEST_HINT: usize = 60;

/// An element that holds blocks, and what it holds.
pub(super) struct Container<'a> {
    pub parent: Option<usize>,
    pub name: &'a str,
    /// Which of the elements that say what a block belongs to it is.
    pub above: Option<usize>,
    pub depth: usize,
    pub hints: u32,
    pub is_hidden: bool,
    signature: u64,
    pub chars: usize,
    pub linked: usize,
    /// Characters of real paragraphs.
    pub real: usize,
    /// Characters of blocks that the first choice keeps.
    pub kept: usize,
    pub blocks: usize,
    pub first: usize,
    pub last: usize,
}

/// What blocks of one template, the same names and classes of three elements, hold together.
#[derive(Default, Clone, Copy)]
pub(super) struct Template {
    pub blocks: usize,
    pub chars: usize,
    pub linked: usize,
}

/// The page around the blocks.
pub(super) struct PageContext<'a> {
    pub metadata: &'a Metadata,
    pub blocks: &'a [&'a Block<'a>],
    pub containers: Vec<Container<'a>>,
    /// The container that is each block's parent.
    pub parents: Vec<usize>,
    /// The template of each block.
    pub templates: Vec<Template>,
    /// Whether the first choice keeps each block.
    pub kept: Vec<bool>,
    /// Whether each block is a real paragraph.
    pub real: Vec<bool>,
    /// Whether each block's beginning stood on the page before.
    pub repeated: Vec<bool>,
    /// How often each block's text stands on the page.
    pub times: Vec<usize>,
    /// The deepest element with most of what the first choice keeps.
    pub main_container: Option<usize>,
    pub chars: usize,
    pub real_chars: usize,
    pub headline: String,
    /// The names of the authors and the categories, folded.
    pub authors: HashSet<String>,
    pub categories: HashSet<String>,
    /// The block that is the headline.
    pub headline_at: Option<usize>,
    told: HashSet<u64>,
    description: HashSet<u64>,
}

/// Returns the key by which a repeated beginning is known again.
fn key(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for letter in text.chars().filter(|c| c.is_alphanumeric()).take(KEY) {
        letter.hash(&mut hasher);
    }
    hasher.finish()
}

impl<'a> PageContext<'a> {
    /// Looks at a page.
    pub(super) fn new(blocks: &'a [&'a Block<'a>], metadata: &'a Metadata) -> Self {
        let keys: Vec<u64> = blocks.iter().map(|block| key(&block.text)).collect();
        let real: Vec<bool> = blocks.iter().map(|block| is_real(block)).collect();
        let mut seen = HashSet::new();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for block in blocks {
            *counts.entry(&block.text).or_default() += 1;
        }
        let headline = metadata.title.as_deref().map(alphanumeric_key).unwrap_or_default();
        let (mut containers, parents) = containers(blocks, &real);
        let kept = readability::choose(blocks, &containers, &parents);
        hold(&mut containers, &parents, blocks, &kept);
        Self {
            templates: templates(blocks, &containers, &parents),
            main_container: main_container(&containers),
            headline_at: place_of_headline(blocks, &headline),
            parents,
            containers,
            repeated: keys.iter().map(|key| !seen.insert(*key)).collect(),
            times: blocks.iter().map(|block| counts[block.text.as_str()]).collect(),
            chars: blocks.iter().map(|block| block.chars).sum(),
            real_chars: blocks
                .iter()
                .zip(&real)
                .filter(|(_, real)| **real)
                .map(|(block, _)| block.chars)
                .sum(),
            headline,
            authors: metadata.authors.iter().map(|author| alphanumeric_key(&author.name)).collect(),
            categories: metadata.categories.iter().map(|term| alphanumeric_key(term)).collect(),
            told: metadata.json_ld_body.as_deref().map(shingles).unwrap_or_default(),
            description: metadata.description.as_deref().map(shingles).unwrap_or_default(),
            kept,
            real,
            metadata,
            blocks,
        }
    }

    /// Lists the containers of a block, the nearest first.
    pub(super) fn chain(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(self.parents[at]), |container| self.containers[*container].parent)
    }

    /// Returns the largest container around a block that does not hold the heart; none for what lies in the heart itself.
    pub(super) fn branch(&self, at: usize) -> Option<&Container<'a>> {
        let main_container = &self.containers[self.main_container?];
        let mut branch = None;
        for container in self.chain(at) {
            let own = &self.containers[container];
            if own.first <= main_container.first && own.last >= main_container.last && own.depth <= main_container.depth {
                break;
            }
            branch = Some(own);
        }
        branch
    }

    /// Returns which part of a text stands in the body that the page tells; below zero when it cannot be said.
    pub(super) fn told(&self, text: &str) -> f32 {
        within(text, &self.told)
    }

    /// Returns which part of a text stands in the page's summary; below zero when it cannot be said.
    pub(super) fn described(&self, text: &str) -> f32 {
        within(text, &self.description)
    }
}

/// Says whether a block is a real paragraph.
pub(super) fn is_real(block: &Block<'_>) -> bool {
    block.chars >= REAL && block.linked * 3 < block.chars
}

/// Lists the elements that hold blocks, and which of them is each block's parent.
fn containers<'a>(blocks: &[&'a Block<'a>], real: &[bool]) -> (Vec<Container<'a>>, Vec<usize>) {
    let (mut containers, parents) = holders(blocks.iter().copied(), container);
    for (at, (block, parent)) in blocks.iter().zip(&parents).enumerate() {
        let mut around = Some(*parent);
        while let Some(place) = around {
            let own = &mut containers[place];
            own.chars += block.chars;
            own.linked += block.linked;
            own.real += if real[at] { block.chars } else { 0 };
            own.blocks += 1;
            own.last = at;
            around = own.parent;
        }
    }
    (containers, parents)
}

/// Notes how much of what the first choice keeps each container holds.
fn hold(containers: &mut [Container<'_>], parents: &[usize], blocks: &[&Block<'_>], kept: &[bool]) {
    for ((block, parent), _) in blocks.iter().zip(parents).zip(kept).filter(|(_, kept)| **kept) {
        let mut place = Some(*parent);
        while let Some(own) = place {
            containers[own].kept += block.chars;
            place = containers[own].parent;
        }
    }
}

fn container<'a>(element: ElementRef<'a>, parent: Option<usize>, at: usize, all: &[Container<'_>]) -> Container<'a> {
    let value = element.value();
    let mut hasher = DefaultHasher::new();
    value.name().hash(&mut hasher);
    let mut bits = value.id().map_or(0, hints::of_name);
    for class in value.classes() {
        bits |= hints::of_name(class);
        // A number in a class tells one block from the next, not one kind from another.
        if !class.contains(|c: char| c.is_ascii_digit()) {
            class.hash(&mut hasher);
        }
    }
    for (name, text) in value.attrs() {
        if text.len() < LONGEST_HINT && HINTING.contains(&name) {
            bits |= hints::of_name(text);
        }
    }
    let outer = parent.map(|parent| &all[parent]);
    Container {
        parent,
        name: value.name(),
        above: super::features::above(value.name()),
        depth: outer.map_or(0, |outer| outer.depth + 1),
        hints: bits,
        is_hidden: outer.is_some_and(|outer| outer.is_hidden) || is_hidden(element),
        signature: hasher.finish(),
        chars: 0,
        linked: 0,
        real: 0,
        kept: 0,
        blocks: 0,
        first: at,
        last: at,
    }
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    let value = element.value();
    let is_styled = |style: &str| style.replace(' ', "").to_ascii_lowercase().contains("display:none");
    value.attr("hidden").is_some() || value.attr("aria-hidden") == Some("true") || value.attr("style").is_some_and(is_styled)
}

fn templates(blocks: &[&Block<'_>], containers: &[Container<'_>], parents: &[usize]) -> Vec<Template> {
    let signatures: Vec<[u64; 3]> = parents
        .iter()
        .map(|parent| {
            let mut chain = std::iter::successors(Some(*parent), |place| containers[*place].parent);
            std::array::from_fn(|_| chain.next().map_or(0, |place| containers[place].signature))
        })
        .collect();
    let mut templates: HashMap<[u64; 3], Template> = HashMap::new();
    for (block, signature) in blocks.iter().zip(&signatures) {
        let own = templates.entry(*signature).or_default();
        own.blocks += 1;
        own.chars += block.chars;
        own.linked += block.linked;
    }
    signatures.iter().map(|signature| templates[signature]).collect()
}

fn main_container(containers: &[Container<'_>]) -> Option<usize> {
    let most = containers.first().map_or(0, |root| root.kept);
    let mut main_container = None;
    for (place, own) in containers.iter().enumerate() {
        let is_deeper = main_container.is_none_or(|main_container: usize| containers[main_container].depth < own.depth);
        if most > 0 && own.kept * 100 >= most * HEART && is_deeper {
            main_container = Some(place);
        }
    }
    main_container
}

/// Returns the block that is the page's headline: the first heading that tells it, else the first one of the first rank.
pub(super) fn place_of_headline(blocks: &[&Block<'_>], headline: &str) -> Option<usize> {
    let is_heading = |block: &Block<'_>| block.parent.value().name() == "h1";
    let told = blocks
        .iter()
        .position(|block| is_heading(block) && !headline.is_empty() && alphanumeric_key(&block.text) == headline);
    told.or_else(|| blocks.iter().position(|block| is_heading(block)))
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn shingles(text: &str) -> HashSet<u64> {
    rolled(&letters(text)).collect()
}

/// Hashes each window of [`SHINGLE`] letters, as Rabin and Karp do: each from the one before.
fn rolled(letters: &[char]) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    #[expect(clippy::cast_possible_truncation, reason = "a shingle is short")]
    const LEAVING: u64 = BASE.wrapping_pow(SHINGLE as u32);
    let mut hash = 0_u64;
    letters.iter().enumerate().filter_map(move |(at, letter)| {
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(*letter));
        if let Some(gone) = at.checked_sub(SHINGLE) {
            hash = hash.wrapping_sub(LEAVING.wrapping_mul(u64::from(letters[gone])));
        }
        (at + 1 >= SHINGLE).then_some(hash)
    })
}

fn within(text: &str, shingles: &HashSet<u64>) -> f32 {
    if shingles.is_empty() {
        return -1.0;
    }
    let letters = letters(text);
    if letters.len() < SHINGLE {
        return -0.5;
    }
    let looked_at = || rolled(&letters).step_by(STEP);
    let found = looked_at().filter(|hash| shingles.contains(hash)).count();
    super::features::share(found, (letters.len() - SHINGLE) / STEP + 1)
}
