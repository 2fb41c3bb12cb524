//! Finds teasers: groups of like elements each of which holds the headline of another article of the site, as a link, and a few lines of it. A short
//! article stands beside more text of teasers than it has of its own, and a list page has nothing else.

use super::block::Block;
use super::element_range::ElementRange;
use scraper::ElementRef;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use url::Url;

/// The least number of like elements that are a group of teasers.
const MIN_GROUP: usize = 3;
/// The share of the elements with the same name and classes in one element that are teasers, in percent.
const MIN_GROUP_PERCENT: usize = 60;
/// The shortest headline of a teaser, in characters.
const MIN_TITLE_CHARS: usize = 15;
/// The longest text of a teaser besides its headline, in characters.
const MAX_TEASER_CHARS: usize = 420;
/// The most blocks that a teaser has: a headline, a date, a rubric, an author, a few lines.
const MAX_TEASER_BLOCKS: usize = 9;
/// The shortest text that some teaser of a group has, in characters: a list of links alone is left to the model, which knows link density.
const MIN_EXCERPT_CHARS: usize = 40;
/// The longest line, besides links and headings, of an element whose other content is teasers, in characters.
const MAX_LABEL_CHARS: usize = 40;

/// Returns for each block whether it belongs to a teaser. `ranges` are the elements of the page and `parents` the index of each block's parent among
/// them; `headline` is the index of the page's headline, and `host` the host of the page, without which only relative links are known to be of its site.
pub(super) fn find_teasers(
    blocks: &[&Block<'_>],
    ranges: &[ElementRange<'_>],
    parents: &[usize],
    headline: Option<usize>,
    host: Option<&str>,
) -> Vec<bool> {
    let contains_headline = |range: &ElementRange<'_>| headline.is_some_and(|at| range.contains(at));
    let mut groups: HashMap<(usize, u64), Vec<usize>> = HashMap::new();
    for (index, range) in ranges.iter().enumerate() {
        if let Some(parent) = range.parent.filter(|_| !contains_headline(range)) {
            groups.entry((parent, signature(range.element))).or_default().push(index);
        }
    }
    let mut is_teaser = vec![false; blocks.len()];
    for members in groups.into_values().filter(|members| members.len() >= MIN_GROUP) {
        let teasers: Vec<&ElementRange<'_>> = members
            .iter()
            .map(|index| &ranges[*index])
            .filter(|range| is_teaser_shaped(&blocks[range.first..=range.last]))
            .collect();
        let is_group = teasers.len() >= MIN_GROUP && teasers.len() * 100 >= members.len() * MIN_GROUP_PERCENT;
        let has_excerpts = || {
            teasers
                .iter()
                .any(|range| excerpt(&blocks[range.first..=range.last]).any(|block| block.chars >= MIN_EXCERPT_CHARS))
        };
        if is_group && has_excerpts() && leads_within_site(&teasers, host) {
            for range in teasers {
                is_teaser[range.first..=range.last].fill(true);
            }
        }
    }
    mark_whole_lists(blocks, ranges, parents, headline, &mut is_teaser);
    is_teaser
}

/// Marks the elements that hold, besides teasers, nothing but headings, links and labels.
fn mark_whole_lists(
    blocks: &[&Block<'_>],
    ranges: &[ElementRange<'_>],
    parents: &[usize],
    headline: Option<usize>,
    is_teaser: &mut [bool],
) {
    let mut teaser_chars = vec![0; ranges.len()];
    let mut has_text = vec![false; ranges.len()];
    for (at, block) in blocks.iter().enumerate() {
        let is_label = block.chars <= MAX_LABEL_CHARS || block.is_link() || block.is_heading();
        let mut around = Some(parents[at]);
        while let Some(index) = around {
            if is_teaser[at] {
                teaser_chars[index] += block.chars;
            } else {
                has_text[index] |= !is_label;
            }
            around = ranges[index].parent;
        }
    }
    for (index, range) in ranges.iter().enumerate() {
        let is_list = !has_text[index] && teaser_chars[index] * 2 > range.chars && !headline.is_some_and(|at| range.contains(at));
        if is_list {
            is_teaser[range.first..=range.last].fill(true);
        }
    }
}

/// Returns a hash of an element's name and classes. Classes with a number differ from element to element.
fn signature(element: ElementRef<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    element.value().name().hash(&mut hasher);
    for class in element
        .value()
        .classes()
        .filter(|class| !class.contains(|c: char| c.is_ascii_digit()))
    {
        class.hash(&mut hasher);
    }
    hasher.finish()
}

/// Returns whether the blocks of an element are a headline that is a link, and little else.
fn is_teaser_shaped(blocks: &[&Block<'_>]) -> bool {
    // A part of an article has a heading of its own above what it links to.
    let has_own_heading = blocks.iter().any(|block| block.is_heading() && block.link_chars == 0);
    let text: usize = excerpt(blocks).map(|block| block.chars).sum();
    !has_own_heading && blocks.len() <= MAX_TEASER_BLOCKS && text <= MAX_TEASER_CHARS && blocks.iter().any(|block| is_title(block))
}

/// Returns the blocks of a teaser but its headline. All of a teaser may be one link.
fn excerpt<'b, 'a>(blocks: &'b [&'b Block<'a>]) -> impl Iterator<Item = &'b Block<'a>> {
    let title = blocks.iter().position(|block| is_title(block));
    blocks
        .iter()
        .enumerate()
        .filter(move |(at, _)| Some(*at) != title)
        .map(|(_, block)| *block)
}

fn is_title(block: &Block<'_>) -> bool {
    block.is_link() && block.chars >= MIN_TITLE_CHARS
}

/// Returns whether most of the teasers link to the page's own site. The items of an article that lists products or sources link to others.
fn leads_within_site(teasers: &[&ElementRange<'_>], host: Option<&str>) -> bool {
    let own = teasers
        .iter()
        .filter(|range| first_link(range.element).is_some_and(|link| is_of_site(link, host)));
    own.count() * 2 > teasers.len()
}

/// Returns the address of the first link within an element, or of the link that it is.
fn first_link(element: ElementRef<'_>) -> Option<&str> {
    let mut elements = std::iter::once(element).chain(element.descendent_elements());
    elements.find_map(|inner| inner.value().attr("href").filter(|_| inner.value().name() == "a"))
}

fn is_of_site(link: &str, host: Option<&str>) -> bool {
    let link = link.trim();
    if link.starts_with('#') {
        return false;
    }
    let without_www = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_ascii_lowercase();
    let absolute = link.strip_prefix("//").map(|rest| format!("http://{rest}"));
    match Url::parse(absolute.as_deref().unwrap_or(link)) {
        Ok(url) => url
            .host_str()
            .zip(host)
            .is_some_and(|(of_link, own)| without_www(of_link) == without_www(own)),
        Err(error) => error == url::ParseError::RelativeUrlWithoutBase,
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::super::element_range::element_ranges;
    use super::super::page_context::headline_index;
    use super::*;
    use scraper::Html;

    const LINE: &str = "Les élèves de l’école rentrent chez eux depuis mardi, faute d’eau dans les bâtiments.";

    /// Returns the texts of the page that are no teasers.
    fn others(body: &str) -> Vec<String> {
        let document = Html::parse_document(body);
        let blocks = list_blocks(&document);
        let blocks: Vec<&Block<'_>> = blocks.iter().collect();
        let (ranges, parents) = element_ranges(&blocks);
        let headline = headline_index(&blocks, "lepuits");
        let is_teaser = find_teasers(&blocks, &ranges, &parents, headline, Some("www.journal.example"));
        let both = blocks.iter().zip(is_teaser);
        both.filter(|(_, is_teaser)| !is_teaser)
            .map(|(block, _)| block.text.clone())
            .collect()
    }

    fn cards(count: usize, address: &str) -> String {
        let card = format!("<div class=card><h5><a href='{address}'>L’école ferme ses portes</a></h5><p>{LINE}</p></div>");
        card.repeat(count)
    }

    #[test]
    fn cards_around_an_article_are_teasers() {
        let article = "<h1>Le puits</h1><p>L’eau coule.</p>";
        for address in ["/ecole", "https://journal.example/ecole", "//www.journal.example/ecole"] {
            let after = format!("<main>{article}<section><h2>À la une</h2>{}</section></main>", cards(3, address));
            assert_eq!(others(&after), ["Le puits", "L’eau coule."], "{address}");
            let before = format!("<div>{}</div><div>{article}</div>", cards(4, address));
            assert_eq!(others(&before), ["Le puits", "L’eau coule."], "{address}");
        }
        let whole_card = format!("<a class=item href=/a><h4>L’école ferme ses portes</h4><p>{LINE}</p></a>").repeat(3);
        assert_eq!(others(&format!("<main>{article}{whole_card}</main>")), ["Le puits", "L’eau coule."]);
    }

    #[test]
    fn parts_of_an_article_are_no_teasers() {
        for body in [
            // Too few, to another site, without links, long texts, and a list of links alone.
            cards(2, "/ecole"),
            cards(4, "https://produits.example/a"),
            cards(4, "#note"),
            format!("<div class=part><h3>L’école ferme ses portes</h3><p>{LINE}</p></div>").repeat(4),
            format!(
                "<div class=part><h3><a href=/x>L’école ferme ses portes</a></h3><p>{}</p></div>",
                LINE.repeat(6)
            )
            .repeat(4),
            "<li><a href=/x>L’école ferme ses portes</a></li>".repeat(5),
        ] {
            let page = format!("<h1>Le puits</h1><div>{body}</div>");
            let kept = others(&page);
            assert!(kept.len() > 2, "{kept:?}");
        }
    }
}
