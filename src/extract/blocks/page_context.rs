//! What the features of a block refer to besides the block itself: its containers, the blocks that Readability keeps, and the page's metadata.

use super::block::Block;
use super::container::{Container, add_readability_chars, list_containers};
use super::ratio::ratio;
use super::readability;
use crate::extract::metadata::Metadata;
use crate::extract::normalize::alphanumeric_key;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The share of what Readability keeps that the main container of a page contains, in percent.
const MIN_MAIN_CONTAINER_PERCENT: usize = 70;
/// The length of the shingles by which a block is searched for in another text, in letters and digits.
const SHINGLE_CHARS: usize = 24;
/// Of a block's shingles, every so many-th is searched for.
const SHINGLE_STEP: usize = 4;
/// The length of the beginning of a block by which a repetition is recognised, in letters and digits.
const BEGINNING_CHARS: usize = 60;

/// What the blocks of one template contain together. Blocks are of one template when the three elements around them have the same names and
/// classes.
#[derive(Default, Clone, Copy)]
pub(super) struct Template {
    pub blocks: usize,
    pub chars: usize,
    pub link_chars: usize,
}

/// The context of the blocks of a page.
pub(super) struct PageContext<'a> {
    pub metadata: &'a Metadata,
    pub blocks: &'a [&'a Block<'a>],
    pub containers: Vec<Container<'a>>,
    /// The index of the container that is each block's parent.
    pub parents: Vec<usize>,
    /// The template of each block.
    pub templates: Vec<Template>,
    /// Whether Readability keeps each block.
    pub readability: Vec<bool>,
    /// Whether an earlier block begins as each block does.
    pub repeats_beginning: Vec<bool>,
    /// How many blocks have the text of each block.
    pub occurrences: Vec<usize>,
    /// The index of the deepest container with most of what Readability keeps.
    pub main_container: Option<usize>,
    pub chars: usize,
    /// Characters of long paragraphs.
    pub paragraph_chars: usize,
    /// The headline, as an [`alphanumeric_key`].
    pub headline: String,
    /// The names of the authors and the categories, as [`alphanumeric_key`]s.
    pub authors: HashSet<String>,
    pub categories: HashSet<String>,
    /// The index of the block that is the headline.
    pub headline_index: Option<usize>,
    json_ld_shingles: HashSet<u64>,
    description_shingles: HashSet<u64>,
}

fn beginning_hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for letter in text.chars().filter(|c| c.is_alphanumeric()).take(BEGINNING_CHARS) {
        letter.hash(&mut hasher);
    }
    hasher.finish()
}

impl<'a> PageContext<'a> {
    pub(super) fn new(blocks: &'a [&'a Block<'a>], metadata: &'a Metadata) -> Self {
        let mut seen = HashSet::new();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for block in blocks {
            *counts.entry(&block.text).or_default() += 1;
        }
        let headline = metadata.title.as_deref().map(alphanumeric_key).unwrap_or_default();
        let (mut containers, parents) = list_containers(blocks);
        let readability = readability::select_blocks(blocks, &containers, &parents);
        add_readability_chars(&mut containers, &parents, blocks, &readability);
        Self {
            templates: templates(blocks, &containers, &parents),
            main_container: main_container(&containers),
            headline_index: headline_index(blocks, &headline),
            parents,
            containers,
            repeats_beginning: blocks.iter().map(|block| !seen.insert(beginning_hash(&block.text))).collect(),
            occurrences: blocks.iter().map(|block| counts[block.text.as_str()]).collect(),
            chars: blocks.iter().map(|block| block.chars).sum(),
            paragraph_chars: blocks
                .iter()
                .filter(|block| block.is_long_paragraph())
                .map(|block| block.chars)
                .sum(),
            headline,
            authors: metadata.authors.iter().map(|author| alphanumeric_key(&author.name)).collect(),
            categories: metadata.categories.iter().map(|term| alphanumeric_key(term)).collect(),
            json_ld_shingles: metadata.json_ld_body.as_deref().map(shingles).unwrap_or_default(),
            description_shingles: metadata.description.as_deref().map(shingles).unwrap_or_default(),
            readability,
            metadata,
            blocks,
        }
    }

    /// Returns the indexes of the containers of a block, the nearest first.
    pub(super) fn containers_of(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(self.parents[at]), |container| self.containers[*container].parent)
    }

    /// Returns the largest container around a block that does not contain the main container; none for a block that the main container
    /// contains directly.
    pub(super) fn branch(&self, at: usize) -> Option<&Container<'a>> {
        let main_container = &self.containers[self.main_container?];
        let mut branch = None;
        for container in self.containers_of(at) {
            let own = &self.containers[container];
            if own.first <= main_container.first && own.last >= main_container.last && own.depth <= main_container.depth {
                break;
            }
            branch = Some(own);
        }
        branch
    }

    /// Returns the share of a text that is in the body of the page's JSON-LD; below zero when it cannot be determined.
    pub(super) fn share_in_json_ld(&self, text: &str) -> f32 {
        share_of_shingles(text, &self.json_ld_shingles)
    }

    /// Returns the share of a text that is in the page's description; below zero when it cannot be determined.
    pub(super) fn share_in_description(&self, text: &str) -> f32 {
        share_of_shingles(text, &self.description_shingles)
    }
}

fn templates(blocks: &[&Block<'_>], containers: &[Container<'_>], parents: &[usize]) -> Vec<Template> {
    let signatures: Vec<[u64; 3]> = parents
        .iter()
        .map(|parent| {
            let mut outward = std::iter::successors(Some(*parent), |container| containers[*container].parent);
            std::array::from_fn(|_| outward.next().map_or(0, |container| containers[container].signature))
        })
        .collect();
    let mut templates: HashMap<[u64; 3], Template> = HashMap::new();
    for (block, signature) in blocks.iter().zip(&signatures) {
        let own = templates.entry(*signature).or_default();
        own.blocks += 1;
        own.chars += block.chars;
        own.link_chars += block.link_chars;
    }
    signatures.iter().map(|signature| templates[signature]).collect()
}

fn main_container(containers: &[Container<'_>]) -> Option<usize> {
    let all = containers.first().map_or(0, |root| root.readability_chars);
    let mut main_container = None;
    for (index, own) in containers.iter().enumerate() {
        let is_deeper = main_container.is_none_or(|main_container: usize| containers[main_container].depth < own.depth);
        if all > 0 && own.readability_chars * 100 >= all * MIN_MAIN_CONTAINER_PERCENT && is_deeper {
            main_container = Some(index);
        }
    }
    main_container
}

/// Returns the index of the block that is the page's headline: the first `h1` whose text is `headline`, an [`alphanumeric_key`], else the first other
/// heading with this text, since the `h1` of many themes is the name of the site, else the first `h1`.
pub(super) fn headline_index(blocks: &[&Block<'_>], headline: &str) -> Option<usize> {
    let is_h1 = |block: &Block<'_>| block.parent.value().name() == "h1";
    let is_same = |block: &Block<'_>| !headline.is_empty() && alphanumeric_key(&block.text) == headline;
    let same = blocks.iter().position(|block| is_h1(block) && is_same(block));
    let other = || blocks.iter().position(|block| block.is_heading() && is_same(block));
    same.or_else(other).or_else(|| blocks.iter().position(|block| is_h1(block)))
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn shingles(text: &str) -> HashSet<u64> {
    rolling_hashes(&letters(text)).collect()
}

/// Returns a hash of each window of [`SHINGLE_CHARS`] letters, each computed from the one before (Karp and Rabin 1987).
fn rolling_hashes(letters: &[char]) -> impl Iterator<Item = u64> {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    #[expect(clippy::cast_possible_truncation, reason = "a shingle is short")]
    const LEAVING: u64 = BASE.wrapping_pow(SHINGLE_CHARS as u32);
    let mut hash = 0_u64;
    letters.iter().enumerate().filter_map(move |(at, letter)| {
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(*letter));
        if let Some(left) = at.checked_sub(SHINGLE_CHARS) {
            hash = hash.wrapping_sub(LEAVING.wrapping_mul(u64::from(letters[left])));
        }
        (at + 1 >= SHINGLE_CHARS).then_some(hash)
    })
}

/// Returns the share of a text's shingles that are among `shingles`; -1 when these are none, -0.5 when the text is shorter than a shingle.
fn share_of_shingles(text: &str, shingles: &HashSet<u64>) -> f32 {
    if shingles.is_empty() {
        return -1.0;
    }
    let letters = letters(text);
    if letters.len() < SHINGLE_CHARS {
        return -0.5;
    }
    let sampled = || rolling_hashes(&letters).step_by(SHINGLE_STEP);
    let found = sampled().filter(|hash| shingles.contains(hash)).count();
    ratio(found, (letters.len() - SHINGLE_CHARS) / SHINGLE_STEP + 1)
}
