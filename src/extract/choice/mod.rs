//! Which blocks of a page are its article. Each block is measured, a learned table says how probable it is that it belongs, and the body
//! is put together again from those that do, with the pictures between them.

mod block;
mod body;
mod certain;
mod figures;
mod hints;
mod learn;
mod lesson;
mod scene;
mod school;
mod smaller;
mod table;
mod words;

pub use lesson::{Label, Lesson};
pub use school::{Learned, school};
pub(super) use smaller::smaller;

use super::facts::Facts;
use block::Block;
use dom_smoothie::{Config, Readability};
use figures::Row;
use scene::Scene;
use scraper::{ElementRef, Html};
use std::collections::HashSet;
use table::Table;

/// A block that belongs to the article with this probability is kept.
const KEEP: f32 = 0.45;
/// When nothing reaches that, the best blocks are kept: those with at least this part of the best one's probability.
const BEST: f32 = 0.5;
/// More elements than this are not looked at: no article needs them.
const MOST_ELEMENTS: usize = 60_000;
/// More blocks than this are not looked at either.
const MOST_BLOCKS: usize = 12_000;
/// How many reasons are told for a block.
const REASONS: usize = 4;
const SHOWN_CLASSES: usize = 2;

/// The blocks of a page, and what becomes of them.
pub(super) struct Choice<'a> {
    blocks: Vec<Block<'a>>,
    rows: Vec<Row>,
    judged: Vec<f32>,
    kept: Vec<bool>,
}

/// What became of a block, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    /// The block's text, in one line.
    pub text: String,
    /// The elements that hold it, outermost first, as a selector would name them.
    pub place: String,
    /// Whether it is part of the article.
    pub kept: bool,
    /// How probable it is that it belongs to the article, 0 to 1.
    pub probability: f32,
    /// What weighed most: the figure's name, its value, and what it added to the log-odds.
    pub reasons: Vec<(&'static str, f32, f32)>,
}

impl<'a> Choice<'a> {
    /// Judges the blocks of `document`, whose tamed markup is `markup`.
    pub(super) fn new(document: &'a Html, markup: &str, facts: &'a Facts) -> Self {
        let mut blocks = block::list(document);
        blocks.truncate(MOST_BLOCKS);
        let rows = measured(&blocks, markup, facts);
        let judged = Table::learned().judge(&rows);
        let best = judged.iter().copied().fold(0.0, f32::max);
        let bound = if best >= KEEP { KEEP } else { best * BEST };
        let chosen: Vec<bool> = judged.iter().map(|probability| *probability >= bound).collect();
        let mut kept = chosen.clone();
        certain::correct(&blocks, &judged, facts, &mut kept);
        if !kept.contains(&true) {
            kept = chosen;
        }
        Self {
            blocks,
            rows,
            judged,
            kept,
        }
    }

    /// Returns the markup of the blocks that are kept, not yet cleaned; none when the page has no text.
    pub(super) fn markup(&self) -> Option<String> {
        let kept: Vec<&Block<'_>> = self
            .blocks
            .iter()
            .zip(&self.kept)
            .filter(|(_, kept)| **kept)
            .map(|(block, _)| block)
            .collect();
        body::of(&self.blocks, &kept)
    }

    /// Returns how well the choice is expected to match the article, 0 to 1: the F1 that the probabilities of the blocks promise.
    pub(super) fn confidence(&self) -> f32 {
        let (mut kept, mut right, mut all) = (0.0, 0.0, 0.0);
        for ((block, probability), is_kept) in self.blocks.iter().zip(&self.judged).zip(&self.kept) {
            #[expect(clippy::cast_precision_loss, reason = "no page has 2^24 characters")]
            let length = block.chars as f32;
            all += length * probability;
            if *is_kept {
                kept += length;
                right += length * probability;
            }
        }
        if kept + all > 0.0 { 2.0 * right / (kept + all) } else { 0.0 }
    }

    /// Tells what became of each block.
    pub(super) fn fates(&self) -> Vec<Fate> {
        let table = Table::learned();
        let fates = self.blocks.iter().enumerate().map(|(at, block)| {
            let mut reasons = table.weigh(&self.rows[at]);
            reasons.truncate(REASONS);
            Fate {
                text: block.text.clone(),
                place: place(block.parent),
                kept: self.kept[at],
                probability: self.judged[at],
                reasons,
            }
        });
        fates.collect()
    }
}

/// Takes a labelled page as a lesson: its blocks, measured and labelled by the true text. `is_whole` says whether it is as it was found.
pub(super) fn lesson(document: &Html, markup: &str, facts: &Facts, label: &Label<'_>, is_whole: bool) -> Lesson {
    let blocks = block::list(document);
    let rows = measured(&blocks, markup, facts);
    Lesson::new(blocks.into_iter().map(|block| block.text).collect(), rows, label, is_whole)
}

fn measured(blocks: &[Block<'_>], markup: &str, facts: &Facts) -> Vec<Row> {
    figures::measure(&Scene::new(blocks, &first_choice(markup), facts))
}

/// Returns the keys of the blocks that Readability's algorithm keeps. It is generous, so it is the base that ours chooses from.
fn first_choice(markup: &str) -> HashSet<u64> {
    let config = Config {
        keep_classes: true,
        disable_json_ld: true,
        max_elements_to_parse: MOST_ELEMENTS,
        ..Config::default()
    };
    let chosen = Readability::new(markup, None, Some(config))
        .ok()
        .and_then(|mut page| page.parse().ok());
    let Some(chosen) = chosen else { return HashSet::new() };
    let tree = Html::parse_fragment(&chosen.content);
    block::list(&tree).iter().map(|block| scene::key(&block.text)).collect()
}

/// Returns the elements around a block from the body on, such as `article.entry > div.entry-content > p`.
fn place(parent: ElementRef<'_>) -> String {
    let chain = std::iter::once(parent).chain(parent.ancestors().filter_map(ElementRef::wrap));
    let mut steps: Vec<String> = chain
        .take_while(|element| !matches!(element.value().name(), "body" | "html"))
        .map(|element| {
            let value = element.value();
            let mut step = value.name().to_owned();
            if let Some(id) = value.id() {
                step.push('#');
                step.push_str(id);
            }
            for class in value.classes().take(SHOWN_CLASSES) {
                step.push('.');
                step.push_str(class);
            }
            step
        })
        .collect();
    steps.reverse();
    steps.join(" > ")
}

#[cfg(test)]
fn figure_names() -> Vec<&'static str> {
    let document = Html::parse_document("<p>Un mot</p>");
    let blocks = block::list(&document);
    let facts = super::facts::read(&document, &super::tests::page("<p>Un mot</p>", &super::Selectors::default()));
    measured(&blocks, "<p>Un mot</p>", &facts)[0]
        .iter()
        .map(|(name, _)| *name)
        .collect()
}
