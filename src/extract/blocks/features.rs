//! The features of the blocks of a page, which the model predicts from.

use super::boilerplate_phrases;
use super::class_hints;
use super::container::{ANCESTOR_TAGS, Container};
use super::page_context::PageContext;
use super::ratio::{ratio, to_f32};
use crate::extract::metadata::date::date_in_line;
use crate::extract::normalize::alphanumeric_key;

/// The longest line that may be a date line, in characters.
const MAX_DATE_LINE_CHARS: usize = 119;
/// The largest distance between blocks that is told apart, in blocks.
const MAX_DISTANCE_BLOCKS: usize = 99;
/// How many blocks before and after a block are summed up.
const WINDOW_BLOCKS: usize = 5;

/// The features of one block, by name.
pub(super) type FeatureVector = Vec<(&'static str, f32)>;

fn flag(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

/// Returns the features of each block of a page. All have the same names in the same order.
pub(super) fn feature_vectors(context: &PageContext<'_>) -> Vec<FeatureVector> {
    let distances = ParagraphDistances::new(context);
    let vectors = (0..context.blocks.len()).map(|at| {
        let mut features = FeatureVector::with_capacity(128);
        add_metadata(&mut features, at, context);
        add_text(&mut features, at, context);
        add_structure(&mut features, at, context);
        add_position(&mut features, at, context, &distances);
        add_adjacent_blocks(&mut features, at, context);
        features
    });
    vectors.collect()
}

/// Adds what the text itself is like.
fn add_text(features: &mut FeatureVector, at: usize, context: &PageContext<'_>) {
    let block = &context.blocks[at];
    let text = block.text.as_str();
    let counts = CharacterCounts::new(text);
    features.push(("characters", to_f32(block.chars)));
    features.push(("words", to_f32(text.split(' ').count())));
    features.push(("link density", ratio(block.link_chars, block.chars)));
    features.push(("links", to_f32(block.links)));
    features.push(("bold", ratio(block.bold_chars, block.chars)));
    features.push(("capitals", ratio(counts.capitals, counts.letters)));
    features.push(("digits", ratio(counts.digits, block.chars)));
    features.push(("commas", to_f32(counts.commas)));
    features.push(("sentence marks", to_f32(counts.sentence_marks)));
    features.push(("first character", text.chars().next().map_or(0.0, first_character_kind)));
    features.push(("last character", text.chars().next_back().map_or(0.0, last_character_kind)));
    features.push(("mail or account", flag(text.contains('@'))));
    let lower = text.to_lowercase();
    features.push(("web address", flag(lower.contains("http") || lower.contains("www."))));
    let phrases = boilerplate_phrases::count_phrases(&lower);
    features.extend((0..boilerplate_phrases::KIND_COUNT).map(|kind| (boilerplate_phrases::kind_name(kind), to_f32(phrases[kind]))));
}

/// How many characters of each kind a text has.
#[derive(Default)]
struct CharacterCounts {
    letters: usize,
    capitals: usize,
    digits: usize,
    commas: usize,
    sentence_marks: usize,
}

impl CharacterCounts {
    fn new(text: &str) -> Self {
        let mut counts = Self::default();
        for character in text.chars() {
            match character {
                letter if letter.is_alphabetic() => {
                    counts.letters += 1;
                    counts.capitals += usize::from(letter.is_uppercase());
                }
                '0'..='9' => counts.digits += 1,
                ',' | '،' | ';' | '、' => counts.commas += 1,
                other => counts.sentence_marks += usize::from(is_sentence_mark(other)),
            }
        }
        counts
    }
}

fn is_sentence_mark(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…' | '؟' | '。')
}

/// Returns the kind of the last character: 1 for the end of a sentence, 2 for a closing quotation mark or bracket, 3 and 4 for the marks
/// within a sentence, 5 for a letter or digit.
fn last_character_kind(last: char) -> f32 {
    match last {
        last if is_sentence_mark(last) => 1.0,
        '"' | '”' | '»' | '\'' | '’' | ')' | '“' => 2.0,
        ':' => 3.0,
        ',' | ';' => 4.0,
        last if last.is_alphanumeric() => 5.0,
        _ => 0.0,
    }
}

/// Returns the kind of the first character: 1 and 2 for small and capital letters, 3 for digits, 4 for an opening quotation mark, 5 for a
/// bullet, 6 for the signs of rights and of accounts, 7 for letters of scripts without capitals.
fn first_character_kind(first: char) -> f32 {
    match first {
        first if first.is_lowercase() => 1.0,
        first if first.is_uppercase() => 2.0,
        first if first.is_ascii_digit() => 3.0,
        '"' | '“' | '«' | '„' | '‘' | '\'' => 4.0,
        '*' | '•' | '-' | '–' | '—' | '►' | '»' | '>' | '|' => 5.0,
        '©' | '@' | '#' => 6.0,
        first if first.is_alphabetic() => 7.0,
        _ => 0.0,
    }
}

/// Adds how the text relates to the page's metadata, and to the other texts of the page.
fn add_metadata(features: &mut FeatureVector, at: usize, context: &PageContext<'_>) {
    let text = context.blocks[at].text.as_str();
    let key = alphanumeric_key(text);
    let headline = context.headline.as_str();
    let is_headline = !headline.is_empty() && key == headline;
    features.push(("headline", flag(is_headline)));
    features.push(("in headline", flag(!is_headline && key.len() > 8 && headline.contains(&key))));
    features.push((
        "contains headline",
        flag(!is_headline && headline.len() > 12 && key.contains(headline)),
    ));
    let authors = &context.metadata.authors;
    let is_author = context.authors.contains(&key);
    let contains_name = |name: &str, min_bytes: usize| name.len() > min_bytes && text.contains(name);
    features.push(("author", flag(is_author)));
    features.push((
        "contains author",
        flag(!is_author && authors.iter().any(|author| contains_name(&author.name, 5))),
    ));
    features.push(("category", flag(context.categories.contains(&key))));
    features.push((
        "contains site name",
        flag(context.metadata.site.as_deref().is_some_and(|site| contains_name(site, 3))),
    ));
    features.push((
        "date",
        flag(context.blocks[at].chars <= MAX_DATE_LINE_CHARS && date_in_line(text).is_some()),
    ));
    features.push(("in JSON-LD", context.share_in_json_ld(text)));
    // That a page has no description is no property of its blocks.
    features.push(("in description", context.share_in_description(text).max(0.0)));
    features.push(("occurrences", to_f32(context.occurrences[at])));
    features.push(("repeats a beginning", flag(context.repeats_beginning[at])));
}

const PARENT_TAGS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "blockquote",
    "td",
    "figcaption",
    "section",
    "article",
    "pre",
    "dd",
    "dt",
    "span",
    "button",
    "label",
    "header",
    "address",
];
/// Elements that group blocks.
const GROUPING_TAGS: &[&str] = &[
    "div",
    "section",
    "article",
    "aside",
    "td",
    "main",
    "ul",
    "ol",
    "body",
    "blockquote",
    "figure",
    "header",
    "footer",
];

/// Adds which elements are around the block, and what else they contain.
fn add_structure(features: &mut FeatureVector, at: usize, context: &PageContext<'_>) {
    let containers: Vec<&Container<'_>> = context.containers_of(at).map(|index| &context.containers[index]).collect();
    let main_container = context.containers_of(at).position(|index| Some(index) == context.main_container);
    let parent = containers[0];
    features.push((
        "parent tag",
        to_f32(PARENT_TAGS.iter().position(|tag| *tag == parent.name).map_or(0, |index| index + 1)),
    ));
    features.push(("steps to main container", main_container.map_or(-1.0, to_f32)));
    features.push(("depth", to_f32(containers.len())));
    features.push(("hidden", flag(parent.is_hidden)));
    // What is around the main container is the same for most blocks of the page.
    let within = main_container.unwrap_or(containers.len());
    let mut ancestor_tags = [0.0; ANCESTOR_TAGS.len()];
    let mut hints = [0.0; class_hints::KIND_COUNT];
    for (step, container) in containers.iter().enumerate().rev() {
        if let Some(tag) = container.ancestor_tag {
            ancestor_tags[tag] = if step < within { 2.0 } else { 1.0 };
        }
        // The names of the body and the root element describe the page, not a block.
        let mut bits = if container.depth < 2 { 0 } else { container.hints };
        while bits != 0 {
            let kind = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            hints[kind] = match step {
                step if step >= within => 4.0,
                step => to_f32(step.min(2) + 1),
            };
        }
    }
    features.extend(ANCESTOR_TAGS.iter().zip(ancestor_tags).map(|((_, name), value)| (*name, value)));
    features.extend((0..class_hints::KIND_COUNT).map(|kind| (class_hints::kind_name(kind), hints[kind])));
    let template = context.templates[at];
    features.push(("template blocks", to_f32(template.blocks)));
    features.push(("template share", ratio(template.chars, context.chars)));
    features.push(("template link density", ratio(template.link_chars, template.chars)));
    features.push(("template mean length", ratio(template.chars, template.blocks)));
    let group = containers
        .iter()
        .find(|container| GROUPING_TAGS.contains(&container.name))
        .unwrap_or(&parent);
    features.push(("container share", ratio(group.paragraph_chars, context.paragraph_chars)));
    features.push(("container link density", ratio(group.link_chars, group.chars)));
    features.push(("container blocks", to_f32(group.blocks)));
    features.push(("container readability", ratio(group.readability_chars, group.chars)));
    features.push(("container paragraphs", ratio(group.paragraph_chars, group.chars)));
    let branch = context.branch(at);
    let of_branch = |feature: &dyn Fn(&Container<'_>) -> f32| branch.map_or(0.0, feature);
    features.push((
        "branch share",
        of_branch(&|branch| ratio(branch.paragraph_chars, context.paragraph_chars)),
    ));
    features.push(("branch link density", of_branch(&|branch| ratio(branch.link_chars, branch.chars))));
    features.push(("branch blocks", of_branch(&|branch| to_f32(branch.blocks))));
    features.push((
        "branch readability",
        of_branch(&|branch| ratio(branch.readability_chars, branch.chars)),
    ));
    features.push(("branch mean length", of_branch(&|branch| ratio(branch.chars, branch.blocks))));
}

/// How far each block is from the next long paragraph that Readability keeps, in blocks.
struct ParagraphDistances {
    before: Vec<usize>,
    after: Vec<usize>,
}

impl ParagraphDistances {
    fn new(context: &PageContext<'_>) -> Self {
        let count = context.blocks.len();
        let walk = |order: &mut dyn Iterator<Item = usize>| {
            let mut found = vec![MAX_DISTANCE_BLOCKS; count];
            let mut distance = MAX_DISTANCE_BLOCKS;
            for at in order {
                found[at] = distance;
                let is_text = context.readability[at] && context.blocks[at].is_long_paragraph();
                distance = if is_text { 1 } else { (distance + 1).min(MAX_DISTANCE_BLOCKS) };
            }
            found
        };
        Self {
            before: walk(&mut (0..count)),
            after: walk(&mut (0..count).rev()),
        }
    }
}

/// Adds where on the page the block is.
fn add_position(features: &mut FeatureVector, at: usize, context: &PageContext<'_>, distances: &ParagraphDistances) {
    features.push(("position", ratio(at, context.blocks.len())));
    features.push(("readability", flag(context.readability[at])));
    features.push((
        "blocks after headline",
        context.headline_index.map_or(-100.0, |headline| to_f32(at) - to_f32(headline)),
    ));
    let in_main_container = context.main_container.map_or(-1.0, |index| {
        let main_container = &context.containers[index];
        ratio(
            at.saturating_sub(main_container.first),
            main_container.last - main_container.first + 1,
        )
    });
    features.push(("position in main container", in_main_container));
    features.push(("distance to paragraph before", to_f32(distances.before[at])));
    features.push(("distance to paragraph after", to_f32(distances.after[at])));
    for (blocks, link_density, readability) in [
        (at.saturating_sub(WINDOW_BLOCKS)..at, "link density before", "readability before"),
        (
            at + 1..(at + 1 + WINDOW_BLOCKS).min(context.blocks.len()),
            "link density after",
            "readability after",
        ),
    ] {
        let blocks = blocks.map(|at| (&context.blocks[at], context.readability[at]));
        let sums = blocks.fold((0, 0, 0), |(chars, link_chars, kept), (block, is_kept)| {
            (
                chars + block.chars,
                link_chars + block.link_chars,
                kept + if is_kept { block.chars } else { 0 },
            )
        });
        features.push((link_density, ratio(sums.1, sums.0)));
        features.push((readability, ratio(sums.2, sums.0)));
    }
}

/// Adds what the two blocks before and the two after it are like.
fn add_adjacent_blocks(features: &mut FeatureVector, at: usize, context: &PageContext<'_>) {
    let own = context.blocks[at].parent.value().name();
    for (other, names) in [
        (
            at.checked_sub(1),
            [
                "previous characters",
                "previous link density",
                "previous readability",
                "previous has same tag",
            ],
        ),
        (
            at.checked_sub(2),
            [
                "second previous characters",
                "second previous link density",
                "second previous readability",
                "second previous has same tag",
            ],
        ),
        (
            Some(at + 1),
            ["next characters", "next link density", "next readability", "next has same tag"],
        ),
        (
            Some(at + 2),
            [
                "second next characters",
                "second next link density",
                "second next readability",
                "second next has same tag",
            ],
        ),
    ] {
        let block = other.and_then(|other| context.blocks.get(other));
        let is_kept = other.is_some_and(|other| context.readability.get(other) == Some(&true));
        features.push((names[0], block.map_or(-1.0, |block| to_f32(block.chars))));
        features.push((names[1], block.map_or(-1.0, |block| ratio(block.link_chars, block.chars))));
        features.push((names[2], flag(is_kept)));
        features.push((names[3], flag(block.is_some_and(|block| block.parent.value().name() == own))));
    }
}
