//! Which blocks of a page are its article. Each block is measured, a learned table says how probable it is that it belongs, and the body
//! is put together again from those that do, with the pictures between them.

mod assemble;
mod augment;
mod block;
mod block_groups;
mod boilerplate;
mod cross_validation;
mod features;
mod hints;
mod labeled_page;
mod model;
mod overrides;
mod page_context;
mod phrases;
mod readability;
mod train;

pub(super) use augment::shrink_page;
pub use cross_validation::cross_validate;
pub use labeled_page::{Label, LabeledPage};

use super::metadata::Metadata;
use super::normalize::alphanumeric_key;
use block::Block;
use block_groups::BlockGroups;
use boilerplate::Boilerplate;
use features::FeatureVector;
use model::Model;
use page_context::PageContext;
use scraper::{ElementRef, Html};

/// A block that belongs to the article with this probability is kept.
const KEEP: f32 = 0.5;
/// When nothing reaches that, the best blocks are kept: those with at least this part of the best one's probability.
const BEST: f32 = 0.5;
/// More blocks than this are not looked at either.
const MOST_BLOCKS: usize = 12_000;
/// How many reasons are told for a block.
const REASONS: usize = 4;
const SHOWN_CLASSES: usize = 2;

/// The blocks of a page, and what becomes of them.
pub(super) struct BlockSelection<'a> {
    blocks: Vec<Block<'a>>,
    verdicts: Vec<BlockVerdict>,
}

/// What becomes of a block.
#[derive(Default)]
struct BlockVerdict {
    is_kept: bool,
    /// How probable it is that it belongs to the article, 0 to 1.
    probability: f32,
    /// What was measured of it; nothing where it stands apart.
    row: FeatureVector,
    /// What was certain whatever was measured.
    certain: Option<&'static str>,
}

/// What became of a block, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockDecision {
    /// The block's text, in one line.
    pub text: String,
    /// The elements that hold it, outermost first, as a selector would name them.
    pub place: String,
    /// Whether it is part of the article.
    pub kept: bool,
    /// How probable it is that it belongs to the article, 0 to 1.
    pub probability: f32,
    /// What decided whatever the probability.
    pub certain: Option<&'static str>,
    /// What weighed most: the figure's name, its value, and what it added to the log-odds.
    pub reasons: Vec<(&'static str, f32, f32)>,
}

impl<'a> BlockSelection<'a> {
    /// Judges the blocks of `document`.
    pub(super) fn new(document: &'a Html, metadata: &'a Metadata) -> Self {
        let mut blocks = block::list(document);
        blocks.truncate(MOST_BLOCKS);
        let parted = SplitBlocks::new(metadata, &blocks);
        let judged = BlockGroups::of(&parted.blocks).join(&Model::learned().judge(&parted.rows));
        let best = judged.iter().copied().fold(0.0, f32::max);
        let bound = if best >= KEEP { KEEP } else { best * BEST };
        let chosen: Vec<bool> = judged.iter().map(|probability| *probability >= bound).collect();
        let mut kept = chosen.clone();
        let mut certain = overrides::correct(&parted.blocks, &judged, metadata, &mut kept);
        if !kept.contains(&true) {
            kept = chosen;
            certain.fill(None);
        }
        let apart = |apart: &Option<Boilerplate>| BlockVerdict {
            certain: apart.map(Boilerplate::reason),
            ..BlockVerdict::default()
        };
        let mut verdicts: Vec<BlockVerdict> = parted.apart.iter().map(apart).collect();
        let measured = parted.rows.into_iter().zip(judged).zip(kept).zip(certain);
        for (at, (((row, probability), is_kept), certain)) in parted.places.into_iter().zip(measured) {
            verdicts[at] = BlockVerdict {
                is_kept,
                probability,
                row,
                certain,
            };
        }
        Self { blocks, verdicts }
    }

    /// Returns the markup of the blocks that are kept, not yet cleaned; none when the page has no text.
    pub(super) fn markup(&self) -> Option<String> {
        let both = self.blocks.iter().zip(&self.verdicts);
        let kept: Vec<&Block<'_>> = both.filter(|(_, verdict)| verdict.is_kept).map(|(block, _)| block).collect();
        assemble::of(&self.blocks, &kept)
    }

    /// Returns how well the choice is expected to match the article, 0 to 1: the F1 that the probabilities of the blocks promise.
    pub(super) fn confidence(&self) -> f32 {
        let (mut kept, mut right, mut all) = (0.0, 0.0, 0.0);
        for (block, verdict) in self.blocks.iter().zip(&self.verdicts) {
            #[expect(clippy::cast_precision_loss, reason = "no page has 2^24 characters")]
            let length = block.chars as f32;
            all += length * verdict.probability;
            if verdict.is_kept {
                kept += length;
                right += length * verdict.probability;
            }
        }
        if kept + all > 0.0 { 2.0 * right / (kept + all) } else { 0.0 }
    }

    /// Tells what became of each block.
    pub(super) fn block_decisions(&self) -> Vec<BlockDecision> {
        let table = Model::learned();
        let block_decisions = self.blocks.iter().zip(&self.verdicts).map(|(block, verdict)| {
            let mut reasons = table.weigh(&verdict.row);
            reasons.truncate(REASONS);
            BlockDecision {
                text: block.text.clone(),
                place: place(block.parent),
                kept: verdict.is_kept,
                probability: verdict.probability,
                certain: verdict.certain,
                reasons,
            }
        });
        block_decisions.collect()
    }
}

/// The blocks of a page, parted into those that stand apart and those that are measured.
struct SplitBlocks<'b, 'a> {
    /// Why each block of the page stands apart, if it does.
    apart: Vec<Option<Boilerplate>>,
    /// Where the measured blocks stand among all.
    places: Vec<usize>,
    /// The measured blocks.
    blocks: Vec<&'b Block<'a>>,
    rows: Vec<FeatureVector>,
}

impl<'b, 'a> SplitBlocks<'b, 'a> {
    fn new(metadata: &Metadata, all: &'b [Block<'a>]) -> Self {
        let headline = metadata.title.as_deref().map(alphanumeric_key).unwrap_or_default();
        let apart = boilerplate::apart(all, &headline);
        let places: Vec<usize> = (0..all.len()).filter(|at| apart[*at].is_none()).collect();
        let blocks: Vec<&Block<'_>> = places.iter().map(|at| &all[*at]).collect();
        let rows = features::measure(&PageContext::new(&blocks, metadata));
        Self {
            apart,
            places,
            blocks,
            rows,
        }
    }
}

/// Takes a labelled page as a lesson: its blocks, measured and labelled by the true text. `is_whole` says whether it is as it was found.
pub(super) fn labeled_page(document: &Html, metadata: &Metadata, label: &Label<'_>, is_whole: bool) -> LabeledPage {
    let all = block::list(document);
    let SplitBlocks { blocks, rows, .. } = SplitBlocks::new(metadata, &all);
    let texts = blocks.iter().map(|block| block.text.clone()).collect();
    LabeledPage::new(texts, rows, BlockGroups::of(&blocks), label, is_whole)
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
fn feature_names() -> Vec<&'static str> {
    let markup = "<p>Un mot</p>";
    let document = Html::parse_document(markup);
    let metadata = super::metadata::read(&document, &super::tests::page(markup, &super::Selectors::default()));
    let choice = BlockSelection::new(&document, &metadata);
    choice.verdicts[0].row.iter().map(|(name, _)| *name).collect()
}
