//! The blocks that Readability's scoring keeps (Arc90, 2009; Mozilla's Readability.js), applied to blocks, which are measured already. It keeps
//! too much rather than too little; its result is a feature of the model, and the source of other features.
//!
//! Paragraphs add points to the elements around them, fewer the further out; links take points away. The content of the element with most
//! points is kept, with siblings of it that look alike, but without parts that are mostly links or have names of boilerplate.

use super::block::Block;
use super::class_hints;
use super::container::Container;
use super::ratio::{ratio, to_f32};
use crate::model::html_elements;

/// A shorter block adds no points, in characters.
const MIN_SCORED_CHARS: usize = 25;
/// How many elements around a paragraph get points.
const SCORED_ANCESTORS: usize = 5;
/// The points that a good name of an element adds, and a bad one takes away.
const NAME_POINTS: f32 = 25.0;
/// A sibling of the best element is kept with at least this share of its points, and at least so many points.
const MIN_SIBLING_SHARE: f32 = 0.2;
const MIN_SIBLING_POINTS: f32 = 10.0;
/// The maximum link density of text: the share of characters that are links.
const MAX_LINK_DENSITY: f32 = 0.5;
/// The maximum link density of elements with names of boilerplate.
const MAX_LINK_DENSITY_WITH_BAD_NAME: f32 = 0.2;
/// The length from which on what is kept may be an article, in characters.
const MIN_ARTICLE_CHARS: usize = 500;
/// An element with at least this share of the best one's points is an alternative to it; when more than so many alternatives have an element
/// around them, that one is the article.
const MIN_ALTERNATIVE_SHARE: f32 = 0.75;
const MAX_SEPARATE_ALTERNATIVES: usize = 3;
/// Of the page's likely text, in percent: a container with less than the first is not the whole article, one with the second is.
const MIN_ARTICLE_PERCENT: usize = 40;
const WHOLE_ARTICLE_PERCENT: usize = 70;
const GOOD_HINTS: &[&str] = &["named body"];
const BAD_HINTS: &[&str] = &[
    "named share",
    "named related",
    "named comment",
    "named newsletter",
    "named ad",
    "named navigation",
    "named aside",
    "named notice",
    "named hidden",
];

/// How strictly parts are left out; tried in this order until enough text is kept.
#[derive(Clone, Copy, PartialEq)]
enum Strictness {
    /// Without parts that have names or elements of boilerplate, and without those that are mostly links.
    Strict,
    /// Without parts that are mostly links.
    Lenient,
}

/// Returns whether each block is kept.
pub(super) fn select_blocks(blocks: &[&Block<'_>], containers: &[Container<'_>], parents: &[usize]) -> Vec<bool> {
    let page = ScoredPage::new(blocks, containers, parents);
    let strict = page.select(Strictness::Strict);
    let length = |kept: &[bool]| -> usize {
        blocks
            .iter()
            .zip(kept)
            .filter(|(_, kept)| **kept)
            .map(|(block, _)| block.chars)
            .sum()
    };
    if length(&strict) >= MIN_ARTICLE_CHARS {
        return strict;
    }
    let lenient = page.select(Strictness::Lenient);
    if length(&lenient) > length(&strict) * 2 { lenient } else { strict }
}

/// The page whose containers are scored.
struct ScoredPage<'p, 'a> {
    blocks: &'p [&'p Block<'a>],
    containers: &'p [Container<'a>],
    /// The index of the container that is each block's parent.
    parents: &'p [usize],
    /// What the names of each container are: 1 for good, -1 for bad, 0 for neither or both.
    name_weights: Vec<f32>,
}

impl<'p, 'a> ScoredPage<'p, 'a> {
    fn new(blocks: &'p [&'p Block<'a>], containers: &'p [Container<'a>], parents: &'p [usize]) -> Self {
        let (good, bad) = (class_hints::bits_of_kinds(GOOD_HINTS), class_hints::bits_of_kinds(BAD_HINTS));
        let name_weight = |own: &Container<'_>| {
            let has = |bits: u32| own.hints & bits != 0;
            f32::from(i8::from(has(good) && own.depth > 1) - i8::from(has(bad) && !has_most_text(own, containers)))
        };
        Self {
            blocks,
            containers,
            parents,
            name_weights: containers.iter().map(name_weight).collect(),
        }
    }

    /// Returns the indexes of the containers of a block, the nearest first.
    fn containers_of(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(self.parents[at]), |container| self.containers[*container].parent)
    }

    fn select(&self, strictness: Strictness) -> Vec<bool> {
        let points = self.points(strictness);
        let Some(best) = self.best(&points, strictness) else {
            return vec![false; self.blocks.len()];
        };
        (0..self.blocks.len())
            .map(|at| self.is_kept(at, best, &points, strictness))
            .collect()
    }

    /// Returns the points of each container that has any.
    fn points(&self, strictness: Strictness) -> Vec<Option<f32>> {
        let mut points: Vec<Option<f32>> = vec![None; self.containers.len()];
        for (at, block) in self.blocks.iter().enumerate() {
            let is_unlikely = || strictness == Strictness::Strict && self.containers_of(at).any(|container| self.is_unlikely(container));
            if block.chars < MIN_SCORED_CHARS || ratio(block.link_chars, block.chars) > MAX_LINK_DENSITY || is_unlikely() {
                continue;
            }
            let own = 1.0 + commas(&block.text) + (to_f32(block.chars) / 100.0).min(3.0);
            let skipped = usize::from(is_paragraph(self.containers[self.parents[at]].name));
            for (level, container) in self.containers_of(at).skip(skipped).take(SCORED_ANCESTORS).enumerate() {
                let divisor = [1.0, 2.0].get(level).copied().unwrap_or(3.0 * to_f32(level));
                let initial = element_points(self.containers[container].name) + NAME_POINTS * self.name_weights[container];
                *points[container].get_or_insert(initial) += own / divisor;
            }
        }
        for (points, own) in points.iter_mut().zip(self.containers) {
            *points = points.map(|points| points * (1.0 - ratio(own.link_chars, own.chars)));
        }
        points
    }

    /// Returns the container of the article: the one with most points, or one around it that contains several with nearly as many.
    fn best(&self, points: &[Option<f32>], strictness: Strictness) -> Option<usize> {
        let scored = || {
            points
                .iter()
                .enumerate()
                .filter_map(|(container, points)| Some((container, (*points)?)))
        };
        let (mut best, most) = scored().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let outward =
            |container: usize| std::iter::successors(self.containers[container].parent, |container| self.containers[*container].parent);
        let alternatives: Vec<usize> = scored()
            .filter(|(_, points)| *points >= most * MIN_ALTERNATIVE_SHARE)
            .map(|(container, _)| container)
            .collect();
        let around_alternatives = outward(best).find(|outer| {
            let within = alternatives
                .iter()
                .filter(|alternative| outward(**alternative).any(|container| container == *outer));
            within.count() > MAX_SEPARATE_ALTERNATIVES && self.containers[*outer].name != "body"
        });
        if let Some(around) = around_alternatives {
            return Some(around);
        }
        let mut last = most;
        for outer in outward(best).take_while(|outer| self.containers[*outer].name != "body") {
            let Some(own) = points[outer].filter(|own| *own >= most / 3.0) else {
                break;
            };
            if own > last {
                best = outer;
                break;
            }
            last = own;
        }
        Some(self.widened(best, strictness))
    }

    /// Returns a container itself, or where it contains a small share of the page's likely text, the one around it that contains most: the text
    /// is divided into sections.
    fn widened(&self, best: usize, strictness: Strictness) -> usize {
        let mut likely_chars = vec![0; self.containers.len()];
        for (at, block) in self.blocks.iter().enumerate() {
            let is_likely = block.is_long_paragraph()
                && (strictness == Strictness::Lenient || !self.containers_of(at).any(|container| self.is_unlikely(container)));
            for container in self.containers_of(at).filter(|_| is_likely) {
                likely_chars[container] += block.chars;
            }
        }
        if likely_chars[best] * 100 >= likely_chars[0] * MIN_ARTICLE_PERCENT {
            return best;
        }
        let mut outward = std::iter::successors(Some(best), |container| self.containers[*container].parent);
        outward
            .find(|container| likely_chars[*container] * 100 >= likely_chars[0] * WHOLE_ARTICLE_PERCENT)
            .unwrap_or(best)
    }

    fn is_kept(&self, at: usize, best: usize, points: &[Option<f32>], strictness: Strictness) -> bool {
        let mut inner: Vec<usize> = Vec::new();
        let mut is_within = false;
        for container in self.containers_of(at) {
            if container == best {
                is_within = true;
                break;
            }
            inner.push(container);
        }
        let outermost_kept = if is_within {
            Some(inner.len())
        } else {
            inner.iter().position(|container| self.is_kept_sibling(*container, best, points))
        };
        outermost_kept.is_some_and(|kept| inner[..kept].iter().all(|container| !self.is_left_out(*container, strictness)))
    }

    fn is_kept_sibling(&self, container: usize, best: usize, points: &[Option<f32>]) -> bool {
        let own = &self.containers[container];
        if own.parent != self.containers[best].parent {
            return false;
        }
        let min_points = (points[best].unwrap_or_default() * MIN_SIBLING_SHARE).max(MIN_SIBLING_POINTS);
        let is_text = is_paragraph(own.name) && own.paragraph_chars > 0 && ratio(own.link_chars, own.chars) < MAX_LINK_DENSITY / 2.0;
        is_text || points[container].is_some_and(|points| points >= min_points)
    }

    fn is_unlikely(&self, container: usize) -> bool {
        let own = &self.containers[container];
        let is_structure = matches!(own.name, "article" | "main" | "body" | "table" | "td");
        let has_bad_name = self.name_weights[container] < 0.0 && !is_structure;
        (is_boilerplate_element(own.name) || own.is_hidden || has_bad_name) && !has_most_text(own, self.containers)
    }

    fn is_left_out(&self, container: usize, strictness: Strictness) -> bool {
        let own = &self.containers[container];
        if has_most_text(own, self.containers) {
            return false;
        }
        let link_density = ratio(own.link_chars, own.chars);
        let is_part = !is_paragraph(own.name) || own.name == "li";
        let is_linked =
            link_density > MAX_LINK_DENSITY || (self.name_weights[container] < 0.0 && link_density > MAX_LINK_DENSITY_WITH_BAD_NAME);
        (strictness == Strictness::Strict && (is_boilerplate_element(own.name) || own.is_hidden)) || (is_part && is_linked)
    }
}

/// Returns whether a container has most of the text: then it is around the whole page, and its names describe more than its text.
fn has_most_text(own: &Container<'_>, containers: &[Container<'_>]) -> bool {
    own.paragraph_chars * 2 > containers[0].paragraph_chars
}

/// Returns the points that an element of this name begins with.
fn element_points(name: &str) -> f32 {
    match name {
        "article" | "main" => 8.0,
        "div" | "section" => 5.0,
        "pre" | "td" | "blockquote" => 3.0,
        "address" | "ol" | "ul" | "dl" | "dd" | "dt" | "li" | "form" => -3.0,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" => -5.0,
        _ => 0.0,
    }
}

fn is_paragraph(name: &str) -> bool {
    html_elements::is_heading(name) || matches!(name, "p" | "pre" | "li" | "blockquote" | "figcaption")
}

fn is_boilerplate_element(name: &str) -> bool {
    matches!(name, "nav" | "aside" | "footer" | "form" | "button" | "dialog" | "label")
}

fn commas(text: &str) -> f32 {
    to_f32(text.chars().filter(|sign| matches!(sign, ',' | '،' | '、')).count())
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::super::page_context::PageContext;
    use crate::extract::{Selectors, metadata, tests::page};
    use scraper::Html;

    const LONG: &str =
        "Le conseil du village a ouvert le puits lundi, devant la foule, et le maire a promis de l’eau, dit-il, à tous les quartiers.";

    /// Returns the texts that are kept; the long text is written as `…`.
    fn kept(html: &str) -> Vec<String> {
        let document = Html::parse_document(&html.replace('…', LONG));
        let selectors = Selectors::default();
        let metadata = metadata::read(&document, &page(html, &selectors));
        let blocks = list_blocks(&document);
        let blocks: Vec<_> = blocks.iter().collect();
        let context = PageContext::new(&blocks, &metadata);
        let both = context.blocks.iter().zip(&context.readability).filter(|(_, kept)| **kept);
        both.map(|(block, _)| block.text.replace(LONG, "…")).collect()
    }

    #[test]
    fn paragraphs_next_to_each_other_are_kept() {
        let html = "<nav><a href=/>Accueil</a></nav><div id=x><h2>Le puits</h2><p>…</p><p>…</p><ul><li><a href=/a>Le marché de la ville voisine</a></ul><p>Fin.</p>\
                    </div><div class=sidebar><p>…</p></div>";
        assert_eq!(kept(html), ["Le puits", "…", "…", "Fin."]);
    }

    #[test]
    fn sections_of_one_text_are_kept_together() {
        let html = format!(
            "<main><h1>Le puits</h1>{}</main><footer><p>Le journal</p></footer>",
            "<section><div><p>…</p></div></section>".repeat(6)
        );
        assert_eq!(kept(&html), ["Le puits", "…", "…", "…", "…", "…", "…"]);
    }

    #[test]
    fn bad_names_around_the_whole_text_do_not_count() {
        let html = "<form class=newsletter><div class=share><p>…</p><p>…</p></div></form>";
        assert_eq!(kept(html), ["…", "…"]);
        assert!(kept("<p>Un mot</p>").is_empty(), "nothing has points");
    }
}
