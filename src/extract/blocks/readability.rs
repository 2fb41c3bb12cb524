//! The first choice: the blocks that Readability's way of scoring keeps (Arc90, 2009; Mozilla's Readability.js), taken over to blocks, which
//! are measured already. It is generous, so it is the base that the table of trees chooses from.
//!
//! Paragraphs give points to the elements around them, less the further out; links take points away. What lies in the element with most
//! points is kept, with what looks like it beside that element, but without parts that are mostly links or named as what is no text.

use super::block::Block;
use super::hints;
use super::page_context::{Container, is_real};

/// A shorter block gives no points, in characters.
const MIN_PARAGRAPH_CHARS: usize = 25;
/// So many elements around a paragraph get points.
const SCORED_ANCESTORS: usize = 5;
/// What names of elements are worth.
const NAMED: f32 = 25.0;
/// An element beside the best one is kept with so much of its points, and at least so many.
const BESIDE: f32 = 0.2;
const LEAST_BESIDE: f32 = 10.0;
/// Part of a text that is links, from which on it is no text.
const LINKED: f32 = 0.5;
/// The same for parts that are named as what is no text.
const LINKED_WHERE_NAMED: f32 = 0.2;
/// Text enough for an article, in characters.
const ENOUGH: usize = 500;
/// A rival of the best element has so much of its points; more than so many of them make the element around all the article.
const RIVAL: f32 = 0.75;
const RIVALS: usize = 3;
/// Of the page's likely text, in hundredths: a small part is no whole article, most of it is.
const SMALL_SHARE_PERCENT: usize = 40;
const LARGE_SHARE_PERCENT: usize = 70;
const GOOD: &[&str] = &["named body"];
const BAD: &[&str] = &[
    "named share",
    "named related",
    "named comment",
    "named letter",
    "named ad",
    "named navigation",
    "named aside",
    "named notice",
    "named hidden",
];

/// How strictly parts are left out, tried in this order until enough text is kept.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Without parts whose names say that they are no text, and without those that are mostly links.
    Strict,
    /// Without parts that are mostly links.
    Lax,
}

/// Says of each block whether the first choice keeps it.
pub(super) fn choose(blocks: &[&Block<'_>], containers: &[Container<'_>], parents: &[usize]) -> Vec<bool> {
    let page = Page::new(blocks, containers, parents);
    let strict = page.choose(Way::Strict);
    let length = |kept: &[bool]| -> usize {
        blocks
            .iter()
            .zip(kept)
            .filter(|(_, kept)| **kept)
            .map(|(block, _)| block.chars)
            .sum()
    };
    if length(&strict) >= ENOUGH {
        return strict;
    }
    let lax = page.choose(Way::Lax);
    if length(&lax) > length(&strict) * 2 { lax } else { strict }
}

/// What is scored.
struct Page<'p, 'a> {
    blocks: &'p [&'p Block<'a>],
    containers: &'p [Container<'a>],
    parents: &'p [usize],
    /// What the names of each container are worth: 1, 0 or -1.
    weights: Vec<f32>,
}

impl<'p, 'a> Page<'p, 'a> {
    fn new(blocks: &'p [&'p Block<'a>], containers: &'p [Container<'a>], parents: &'p [usize]) -> Self {
        let (good, bad) = (hints::bits(GOOD), hints::bits(BAD));
        let weight = |own: &Container<'_>| {
            let has = |bits: u32| own.hints & bits != 0;
            f32::from(i8::from(has(good) && own.depth > 1) - i8::from(has(bad) && !is_frame(own, containers)))
        };
        Self {
            blocks,
            containers,
            parents,
            weights: containers.iter().map(weight).collect(),
        }
    }

    /// Lists the containers of a block, the nearest first.
    fn chain(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(self.parents[at]), |place| self.containers[*place].parent)
    }

    fn choose(&self, way: Way) -> Vec<bool> {
        let points = self.points(way);
        let Some(best) = self.best(&points, way) else {
            return vec![false; self.blocks.len()];
        };
        (0..self.blocks.len()).map(|at| self.keeps(at, best, &points, way)).collect()
    }

    /// Returns the points of each container that has any.
    fn points(&self, way: Way) -> Vec<Option<f32>> {
        let mut points: Vec<Option<f32>> = vec![None; self.containers.len()];
        for (at, block) in self.blocks.iter().enumerate() {
            let is_unlikely = || way == Way::Strict && self.chain(at).any(|place| self.is_unlikely(place));
            if block.chars < MIN_PARAGRAPH_CHARS || share(block.linked, block.chars) > LINKED || is_unlikely() {
                continue;
            }
            let own = 1.0 + commas(&block.text) + (count(block.chars) / 100.0).min(3.0);
            let skipped = usize::from(is_paragraph(self.containers[self.parents[at]].name));
            for (level, place) in self.chain(at).skip(skipped).take(SCORED_ANCESTORS).enumerate() {
                let part = [1.0, 2.0].get(level).copied().unwrap_or(3.0 * count(level));
                let start = of_tag(self.containers[place].name) + NAMED * self.weights[place];
                *points[place].get_or_insert(start) += own / part;
            }
        }
        for (points, own) in points.iter_mut().zip(self.containers) {
            *points = points.map(|points| points * (1.0 - share(own.linked, own.chars)));
        }
        points
    }

    /// Returns the container that holds the article: the one with most points, or one around it that holds others as good.
    fn best(&self, points: &[Option<f32>], way: Way) -> Option<usize> {
        let ranked = || points.iter().enumerate().filter_map(|(place, points)| Some((place, (*points)?)));
        let (mut best, most) = ranked().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let above = |place: usize| std::iter::successors(self.containers[place].parent, |place| self.containers[*place].parent);
        let rivals: Vec<usize> = ranked()
            .filter(|(_, points)| *points >= most * RIVAL)
            .map(|(place, _)| place)
            .collect();
        let around = above(best).find(|outer| {
            let held = rivals.iter().filter(|rival| above(**rival).any(|place| place == *outer));
            held.count() > RIVALS && self.containers[*outer].name != "body"
        });
        if let Some(around) = around {
            return Some(around);
        }
        let mut last = most;
        for outer in above(best).take_while(|outer| self.containers[*outer].name != "body") {
            let Some(own) = points[outer].filter(|own| *own >= most / 3.0) else {
                break;
            };
            if own > last {
                best = outer;
                break;
            }
            last = own;
        }
        Some(self.wide(best, way))
    }

    /// Returns a container itself, or where it holds but a small part of the page's likely text, the one around it that holds most: the
    /// text is cut up into sections.
    fn wide(&self, best: usize, way: Way) -> usize {
        let mut likely = vec![0; self.containers.len()];
        for (at, block) in self.blocks.iter().enumerate() {
            let is_likely = is_real(block) && (way == Way::Lax || !self.chain(at).any(|place| self.is_unlikely(place)));
            for place in self.chain(at).filter(|_| is_likely) {
                likely[place] += block.chars;
            }
        }
        if likely[best] * 100 >= likely[0] * SMALL_SHARE_PERCENT {
            return best;
        }
        let mut around = std::iter::successors(Some(best), |place| self.containers[*place].parent);
        around
            .find(|place| likely[*place] * 100 >= likely[0] * LARGE_SHARE_PERCENT)
            .unwrap_or(best)
    }

    fn keeps(&self, at: usize, best: usize, points: &[Option<f32>], way: Way) -> bool {
        let mut inner: Vec<usize> = Vec::new();
        let mut is_within = false;
        for place in self.chain(at) {
            if place == best {
                is_within = true;
                break;
            }
            inner.push(place);
        }
        let kept_from = if is_within {
            Some(inner.len())
        } else {
            inner.iter().position(|place| self.is_beside(*place, best, points))
        };
        kept_from.is_some_and(|kept_from| inner[..kept_from].iter().all(|place| !self.is_left_out(*place, way)))
    }

    fn is_beside(&self, place: usize, best: usize, points: &[Option<f32>]) -> bool {
        let own = &self.containers[place];
        if own.parent != self.containers[best].parent {
            return false;
        }
        let bound = (points[best].unwrap_or_default() * BESIDE).max(LEAST_BESIDE);
        let reads_like_text = is_paragraph(own.name) && own.real > 0 && share(own.linked, own.chars) < LINKED / 2.0;
        reads_like_text || points[place].is_some_and(|points| points >= bound)
    }

    fn is_unlikely(&self, place: usize) -> bool {
        let own = &self.containers[place];
        let is_structure = matches!(own.name, "article" | "main" | "body" | "table" | "td");
        let is_named = self.weights[place] < 0.0 && !is_structure;
        (is_foreign(own.name) || own.is_hidden || is_named) && !is_frame(own, self.containers)
    }

    fn is_left_out(&self, place: usize, way: Way) -> bool {
        let own = &self.containers[place];
        if is_frame(own, self.containers) {
            return false;
        }
        let linked = share(own.linked, own.chars);
        let is_part = !is_paragraph(own.name) || own.name == "li";
        let is_linked = linked > LINKED || (self.weights[place] < 0.0 && linked > LINKED_WHERE_NAMED);
        (way == Way::Strict && (is_foreign(own.name) || own.is_hidden)) || (is_part && is_linked)
    }
}

/// Says whether a container holds most of the text: then it is the page's frame, and named after all that it holds.
fn is_frame(own: &Container<'_>, containers: &[Container<'_>]) -> bool {
    own.real * 2 > containers[0].real
}

fn of_tag(name: &str) -> f32 {
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
    matches!(
        name,
        "p" | "pre" | "li" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "figcaption"
    )
}

fn is_foreign(name: &str) -> bool {
    matches!(name, "nav" | "aside" | "footer" | "form" | "button" | "dialog" | "label")
}

fn commas(text: &str) -> f32 {
    count(text.chars().filter(|sign| matches!(sign, ',' | '،' | '、')).count())
}

fn share(part: usize, whole: usize) -> f32 {
    super::features::share(part, whole)
}

#[expect(clippy::cast_precision_loss, reason = "no page has 2^24 of anything")]
fn count(number: usize) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::super::block;
    use super::super::page_context::PageContext;
    use crate::extract::{Selectors, metadata, tests::page};
    use scraper::Html;

    const LONG: &str =
        "Le conseil du village a ouvert le puits lundi, devant la foule, et le maire a promis de l’eau, dit-il, à tous les quartiers.";

    /// Returns the texts that the first choice keeps; the long text is told as `…`.
    fn kept(html: &str) -> Vec<String> {
        let document = Html::parse_document(&html.replace('…', LONG));
        let selectors = Selectors::default();
        let metadata = metadata::read(&document, &page(html, &selectors));
        let blocks = block::list(&document);
        let blocks: Vec<_> = blocks.iter().collect();
        let scene = PageContext::new(&blocks, &metadata);
        let both = scene.blocks.iter().zip(&scene.kept).filter(|(_, kept)| **kept);
        both.map(|(block, _)| block.text.replace(LONG, "…")).collect()
    }

    #[test]
    fn paragraphs_in_company_are_kept() {
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
    fn a_page_that_is_named_badly_all_through_is_kept_all_the_same() {
        let html = "<form class=newsletter><div class=share><p>…</p><p>…</p></div></form>";
        assert_eq!(kept(html), ["…", "…"]);
        assert!(kept("<p>Un mot</p>").is_empty(), "nothing has points");
    }
}
