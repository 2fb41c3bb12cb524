//! Selects the blocks of a page that are its article. Boilerplate is removed by rules, a model predicts from the features of each other block how
//! probable it is that it belongs, and the body is built from the blocks that do, with the media between them. From a body that a site rule
//! selects, only what is clearly boilerplate is removed.

mod augment;
mod block;
mod block_groups;
mod body_markup;
mod boilerplate;
mod boilerplate_phrases;
mod call;
mod call_phrases;
mod class_hints;
mod comment_section;
mod consent_box;
mod container;
mod copies;
mod cross_validation;
mod crosshead;
mod donation;
mod element_range;
mod features;
mod form_box;
mod furniture;
mod labeled_page;
mod long_text;
mod model;
mod overrides;
mod page_context;
mod ratio;
mod readability;
mod teasers;
mod train;
mod xorshift;

pub(super) use augment::shrink_page;
pub use cross_validation::cross_validate;
pub use labeled_page::{GroundTruth, LabeledPage};

use super::metadata::Metadata;
use super::normalize::alphanumeric_key;
use block::{Block, list_blocks};
use block_groups::BlockGroups;
use body_markup::{body_markup, whole_body_markup};
use boilerplate::{Boilerplate, find_boilerplate};
use copies::leave_out_copies;
use features::{FeatureVector, feature_vectors};
use long_text::keep_long_text;
use model::{MIN_ARTICLE_PROBABILITY, Model};
use overrides::{apply_overrides, repeated_nodes};
use page_context::PageContext;
use scraper::{ElementRef, Html};

/// The least probability with which a block of a body that a site rule selects is kept. It is low, since the author of the rule has decided that
/// most of the element is the article.
const MIN_RULE_BODY_PROBABILITY: f32 = 0.2;
/// Where no block has at least this probability, the page has no article: what it has is the furniture of the site.
const MIN_BEST_PROBABILITY: f32 = 0.1;
/// Further blocks of a page are ignored, which bounds the time that a page takes.
const MAX_BLOCKS: usize = 12_000;
/// How many contributions are listed for a block.
const MAX_CONTRIBUTIONS: usize = 4;
/// The longest block that may credit the author, in characters.
const MAX_CREDIT_CHARS: usize = 80;
/// How many blocks behind the article may do so.
const MAX_BLOCKS_BELOW: usize = 2;
/// How many elements around the text of a caption may be within its figure.
const CAPTION_ANCESTORS: usize = 4;
/// How many words of what is known of the article a block has that leads to another part of the page.
const MIN_PART_WORDS: usize = 3;
/// How many classes of an element its path has.
const MAX_PATH_CLASSES: usize = 2;

/// The blocks of a page, and which of them are kept.
pub(super) struct BlockSelection<'a> {
    blocks: Vec<Block<'a>>,
    outcomes: Vec<BlockOutcome>,
}

/// What was decided of a block, and from what.
#[derive(Default)]
struct BlockOutcome {
    is_kept: bool,
    /// The probability that it belongs to the article, 0 to 1.
    probability: f32,
    /// None where it is boilerplate.
    features: FeatureVector,
    /// The reason of the rule that decided, whatever the probability.
    rule: Option<&'static str>,
}

/// What was decided of a block, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockDecision {
    /// The block's text, in one line.
    pub text: String,
    /// The elements around it, outermost first, as a CSS selector names them.
    pub path: String,
    /// Whether it is part of the article.
    pub kept: bool,
    /// The probability that it belongs to the article, 0 to 1.
    pub probability: f32,
    /// The reason of the rule that decided, whatever the probability.
    pub rule: Option<&'static str>,
    /// The largest contributions to the probability: the feature's name, its value, and what it added to the log-odds.
    pub contributions: Vec<(&'static str, f32, f32)>,
}

impl<'a> BlockSelection<'a> {
    /// Selects among the blocks of a page.
    pub(super) fn new(document: &'a Html, metadata: &'a Metadata) -> Self {
        Self::with_min_probability(MIN_ARTICLE_PROBABILITY, document, metadata)
    }

    /// Keeps the blocks whose probability is at least `min_probability`; where no block of the page is predicted to belong to the article, those
    /// whose probability is at least this share of the highest one.
    fn with_min_probability(min_probability: f32, document: &'a Html, metadata: &'a Metadata) -> Self {
        let mut blocks = list_blocks(document);
        blocks.truncate(MAX_BLOCKS);
        let candidates = CandidateBlocks::new(metadata, &blocks);
        let probabilities = BlockGroups::new(&candidates.blocks).average(&Model::trained().predict(&candidates.features));
        let best = probabilities.iter().copied().fold(0.0, f32::max);
        let min_probability = match best {
            best if best >= MIN_ARTICLE_PROBABILITY => min_probability,
            best if best >= MIN_BEST_PROBABILITY => best * min_probability,
            _ => f32::INFINITY,
        };
        let predicted: Vec<bool> = probabilities.iter().map(|probability| *probability >= min_probability).collect();
        let mut kept = predicted.clone();
        keep_long_text(&candidates.blocks, &mut kept);
        let mut rules = apply_overrides(&candidates.blocks, &probabilities, metadata, &mut kept);
        for at in leave_out_copies(&candidates.blocks, &mut kept) {
            rules[at] = Some("a copy of what is above");
        }
        if !kept.contains(&true) {
            kept = predicted;
            rules.fill(None);
        }
        let of_boilerplate = |boilerplate: &Option<Boilerplate>| BlockOutcome {
            rule: boilerplate.map(Boilerplate::reason),
            ..BlockOutcome::default()
        };
        let mut outcomes: Vec<BlockOutcome> = candidates.boilerplate.iter().map(of_boilerplate).collect();
        let decided = candidates.features.into_iter().zip(probabilities).zip(kept).zip(rules);
        for (at, (((features, probability), is_kept), rule)) in candidates.indexes.into_iter().zip(decided) {
            outcomes[at] = BlockOutcome {
                is_kept,
                probability,
                features,
                rule,
            };
        }
        Self { blocks, outcomes }
    }

    /// Returns the markup of the blocks that are kept, not yet cleaned; none when the page has no text.
    pub(super) fn markup(&self) -> Option<String> {
        let both = self.blocks.iter().zip(&self.outcomes);
        let kept: Vec<&Block<'_>> = both.filter(|(_, outcome)| outcome.is_kept).map(|(block, _)| block).collect();
        // Links and the headings above them alone lead to other pages: this one has no text.
        if kept.iter().all(|block| block.is_link() || block.is_heading()) {
            return None;
        }
        body_markup(&self.blocks, &kept)
    }

    /// Returns the markup of the part of a page that `count` finds most words in: the element around the block with most of them, without its links. None
    /// when no block has so many words.
    pub(super) fn part_about(document: &Html, count: &dyn Fn(&str) -> usize) -> Option<String> {
        let mut blocks = list_blocks(document);
        blocks.truncate(MAX_BLOCKS);
        let is_text = |block: &&Block<'_>| block.link_chars * 2 < block.chars && !block.is_heading();
        let best = blocks
            .iter()
            .filter(|block| block.is_long_paragraph())
            .map(|block| (count(&block.text), block))
            .max_by_key(|(words, _)| *words);
        let (_, best) = best.filter(|(words, _)| *words >= MIN_PART_WORDS)?;
        let around = best.parent.parent().and_then(ElementRef::wrap).unwrap_or(best.parent);
        let is_within = |block: &&Block<'_>| block.ancestors().any(|element| element.id() == around.id());
        let kept: Vec<&Block<'_>> = blocks.iter().filter(|block| is_within(block) && is_text(block)).collect();
        body_markup(&blocks, &kept)
    }

    /// Returns the short blocks around the article that may credit its author: they are left out of its body.
    pub(super) fn credits(&self) -> Vec<String> {
        let kept = || self.outcomes.iter().map(|outcome| outcome.is_kept);
        let (Some(first), Some(last)) = (kept().position(|is_kept| is_kept), kept().rposition(|is_kept| is_kept)) else {
            return Vec::new();
        };
        let both = self.blocks.iter().zip(&self.outcomes).enumerate();
        let may_credit = |at: usize, block: &Block<'_>, outcome: &BlockOutcome| {
            // A name alone above the text credits a picture.
            let is_above = at < first && outcome.rule.is_some() && block.text.split_whitespace().nth(1).is_some();
            let is_below = at > last && at <= last + MAX_BLOCKS_BELOW;
            block.chars <= MAX_CREDIT_CHARS && (is_above || is_below) && !is_caption(block)
        };
        both.filter(|(at, (block, outcome))| may_credit(*at, block, outcome))
            .map(|(_, (block, _))| block.text.clone())
            .collect()
    }

    /// Returns how well the selection is expected to match the article, 0 to 1: the F1 score that the probabilities of the blocks imply.
    pub(super) fn confidence(&self) -> f32 {
        let (mut kept, mut right, mut all) = (0.0, 0.0, 0.0);
        for (block, outcome) in self.blocks.iter().zip(&self.outcomes) {
            #[expect(clippy::cast_precision_loss, reason = "no page has 2^24 characters")]
            let length = block.chars as f32;
            all += length * outcome.probability;
            if outcome.is_kept {
                kept += length;
                right += length * outcome.probability;
            }
        }
        if kept + all > 0.0 { 2.0 * right / (kept + all) } else { 0.0 }
    }

    /// Returns what was decided of each block, in the order of the page.
    pub(super) fn block_decisions(&self) -> Vec<BlockDecision> {
        let both = self.blocks.iter().zip(&self.outcomes);
        let decision = |(block, outcome): (&Block<'_>, &BlockOutcome)| {
            let mut contributions = Model::trained().contributions(&outcome.features);
            contributions.truncate(MAX_CONTRIBUTIONS);
            BlockDecision {
                text: block.text.clone(),
                path: path(block),
                kept: outcome.is_kept,
                probability: outcome.probability,
                rule: outcome.rule,
                contributions,
            }
        };
        both.map(decision).collect()
    }
}

/// Returns whether a block is part of a figure.
fn is_caption(block: &Block<'_>) -> bool {
    let around = block.ancestors().take(CAPTION_ANCESTORS);
    around
        .into_iter()
        .any(|element| matches!(element.value().name(), "figure" | "figcaption"))
}

/// Returns `markup`, a body that a site rule selects, without what is clearly boilerplate; none when it has no text.
pub(super) fn strip_boilerplate(markup: &str, metadata: &Metadata) -> Option<String> {
    let mut document = Html::parse_document(markup);
    for node in repeated_nodes(&list_blocks(&document)) {
        if let Some(mut node) = document.tree.get_mut(node) {
            node.detach();
        }
    }
    let BlockSelection { blocks, outcomes } = BlockSelection::with_min_probability(MIN_RULE_BODY_PROBABILITY, &document, metadata);
    let both = blocks.iter().zip(&outcomes);
    let kept: Vec<&Block<'_>> = both.filter(|(_, outcome)| outcome.is_kept).map(|(block, _)| block).collect();
    whole_body_markup(&document, &blocks, &kept)
}

/// The blocks of a page that are no boilerplate, with their features.
struct CandidateBlocks<'b, 'a> {
    /// Why each block of the page is boilerplate, if it is.
    boilerplate: Vec<Option<Boilerplate>>,
    /// The index of each candidate among all blocks of the page.
    indexes: Vec<usize>,
    blocks: Vec<&'b Block<'a>>,
    features: Vec<FeatureVector>,
}

impl<'b, 'a> CandidateBlocks<'b, 'a> {
    fn new(metadata: &Metadata, all: &'b [Block<'a>]) -> Self {
        let headline = metadata.title.as_deref().map(alphanumeric_key).unwrap_or_default();
        let boilerplate = find_boilerplate(all, &headline, metadata.host.as_deref());
        let indexes: Vec<usize> = (0..all.len()).filter(|at| boilerplate[*at].is_none()).collect();
        let blocks: Vec<&Block<'_>> = indexes.iter().map(|at| &all[*at]).collect();
        let features = feature_vectors(&PageContext::new(&blocks, metadata));
        Self {
            boilerplate,
            indexes,
            blocks,
            features,
        }
    }
}

/// Returns a page to train on: its blocks with their features, labelled by the true text. `is_original` says whether the page is as it was
/// found.
pub(super) fn labeled_page(document: &Html, metadata: &Metadata, truth: &GroundTruth<'_>, is_original: bool) -> LabeledPage {
    let all = list_blocks(document);
    let CandidateBlocks { blocks, features, .. } = CandidateBlocks::new(metadata, &all);
    let texts = blocks.iter().map(|block| block.text.clone()).collect();
    LabeledPage::new(texts, features, BlockGroups::new(&blocks), truth, is_original)
}

/// Returns the elements around a block within the body, such as `article.entry > div.entry-content > p`.
fn path(block: &Block<'_>) -> String {
    let within_body = block
        .ancestors()
        .take_while(|element| !matches!(element.value().name(), "body" | "html"));
    let mut steps: Vec<String> = within_body.map(path_step).collect();
    steps.reverse();
    steps.join(" > ")
}

fn path_step(element: ElementRef<'_>) -> String {
    let value = element.value();
    let mut step = value.name().to_owned();
    if let Some(id) = value.id() {
        step.push('#');
        step.push_str(id);
    }
    for class in value.classes().take(MAX_PATH_CLASSES) {
        step.push('.');
        step.push_str(class);
    }
    step
}

#[cfg(test)]
fn feature_names() -> Vec<&'static str> {
    let markup = "<p>Un mot</p>";
    let document = Html::parse_document(markup);
    let metadata = super::metadata::read(&document, &super::tests::page(markup, &super::Selectors::default()));
    let selection = BlockSelection::new(&document, &metadata);
    selection.outcomes[0].features.iter().map(|(name, _)| *name).collect()
}
