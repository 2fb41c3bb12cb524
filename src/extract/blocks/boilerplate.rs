//! Parts of a page that are never the article's, whatever their text is like: comments, other articles, boxes of background facts, requests for
//! consent. Their blocks are removed before features are computed, since they would distort the features of the other blocks.
//!
//! A part is recognised by the place and the names of the element that contains it. An element that contains the headline is never one.

use super::block::Block;
use super::comment_section::find_comment_section;
use super::consent_box::find_consent_boxes;
use super::element_range::{ElementRange, element_ranges};
use super::form_box::find_form_boxes;
use super::page_context::headline_index;
use super::teasers::find_teasers;
use crate::model::html_elements;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use scraper::ElementRef;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The characters of long paragraphs from which on an `<article>` that contains the headline is the page's article.
const MIN_ARTICLE_CHARS: usize = 600;
/// Its share of the page's long paragraphs, in percent, from which on it is: the whole texts of other pages may follow.
const MIN_ARTICLE_PERCENT: usize = 20;

/// How many blocks, such as a rubric and a date, may be above the heading of an article.
const MAX_BLOCKS_BEFORE_HEADING: usize = 3;
/// Classes of the elements of articles.
const ARTICLE_CLASSES: &[&str] = &["article", "post", "entry", "hentry", "blog-post", "news", "story", "node"];

/// Whole class and id names that widely used systems and themes give to what is never text: WordPress with Jetpack, `AddToAny` and Newspaper,
/// Joomla, Blogger, Drupal, SPIP. Sorted.
const CMS_NAMES: &[&str] = &[
    "a2a_kit",
    "addtoany_list",
    "addtoany_share_save_container",
    "article-info",
    "article_info",
    "breadcrumb",
    "breadcrumbs",
    "comment-respond",
    "entry-meta",
    "jp-relatedposts",
    "node__links",
    "node__meta",
    "post-footer",
    "post-labels",
    "post-meta",
    "sharedaddy",
    "td-post-sharing",
    "td-post-source-tags",
    "td_block_related_posts",
];

/// Why a block is boilerplate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Boilerplate {
    Comments,
    /// A box with the background of a story, which is no part of its text.
    FactBox,
    Consent,
    /// What a content management system puts around each article.
    Cms,
    /// Another article on the same page, on sites that load further articles below the first.
    OtherArticle,
    /// What follows the element that is the article.
    AfterArticle,
    /// The headlines and first lines of other articles.
    Teaser,
    /// Who wrote the article.
    Biography,
    /// A letter by mail, an application, a membership.
    Offer,
}

impl Boilerplate {
    /// Returns the reason in words, as `griot extract --explain` shows it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Comments => "in the comments",
            Self::FactBox => "in a box of facts",
            Self::Consent => "asks for consent",
            Self::Cms => "in the site's furniture",
            Self::OtherArticle => "in another article",
            Self::AfterArticle => "behind the article's element",
            Self::Teaser => "a teaser of another article",
            Self::Biography => "about the author",
            Self::Offer => "offers something else",
        }
    }
}

/// A name of boilerplate elements.
struct ElementName {
    word: &'static str,
    boilerplate: Boilerplate,
    /// Whether it may also name an article's own element, such as `comment` for an opinion column: then the element is boilerplate only if it
    /// contains at most half of the page's long paragraphs.
    is_ambiguous: bool,
}

const fn certain(word: &'static str, boilerplate: Boilerplate) -> ElementName {
    ElementName {
        word,
        boilerplate,
        is_ambiguous: false,
    }
}

const fn ambiguous(word: &'static str, boilerplate: Boilerplate) -> ElementName {
    ElementName {
        word,
        boilerplate,
        is_ambiguous: true,
    }
}

/// The names of boilerplate elements: words of class and id names, in lower case.
const NAMES: &[ElementName] = &[
    certain("comments", Boilerplate::Comments),
    certain("commentlist", Boilerplate::Comments),
    certain("commentaires", Boilerplate::Comments),
    certain("comentarios", Boilerplate::Comments),
    certain("kommentare", Boilerplate::Comments),
    certain("disqus", Boilerplate::Comments),
    certain("respond", Boilerplate::Comments),
    certain("livefyre", Boilerplate::Comments),
    ambiguous("comment", Boilerplate::Comments),
    ambiguous("commentaire", Boilerplate::Comments),
    ambiguous("comentario", Boilerplate::Comments),
    ambiguous("kommentar", Boilerplate::Comments),
    certain("factbox", Boilerplate::FactBox),
    certain("fact-box", Boilerplate::FactBox),
    certain("fact_box", Boilerplate::FactBox),
    certain("infobox", Boilerplate::FactBox),
    certain("info-box", Boilerplate::FactBox),
    certain("info_box", Boilerplate::FactBox),
    certain("faktaboks", Boilerplate::FactBox),
    certain("author-bio", Boilerplate::Biography),
    certain("author_bio", Boilerplate::Biography),
    certain("authorbio", Boilerplate::Biography),
    certain("bio-author", Boilerplate::Biography),
    certain("author-box", Boilerplate::Biography),
    certain("author_box", Boilerplate::Biography),
    certain("authorbox", Boilerplate::Biography),
    certain("author-description", Boilerplate::Biography),
    certain("author-info", Boilerplate::Biography),
    certain("author-profile", Boilerplate::Biography),
    certain("about-author", Boilerplate::Biography),
    certain("about-the-author", Boilerplate::Biography),
    certain("abouttheauthor", Boilerplate::Biography),
    certain("bio-auteur", Boilerplate::Biography),
    certain("auteur-bio", Boilerplate::Biography),
    certain("biographie-auteur", Boilerplate::Biography),
    ambiguous("newsletter", Boilerplate::Offer),
    ambiguous("newsletters", Boilerplate::Offer),
    ambiguous("infolettre", Boilerplate::Offer),
    ambiguous("self-promo", Boilerplate::Offer),
    ambiguous("mailchimp", Boilerplate::Offer),
    ambiguous("mc_embed_signup", Boilerplate::Offer),
    ambiguous("mailpoet", Boilerplate::Offer),
    ambiguous("app-promo", Boilerplate::Offer),
    ambiguous("donation", Boilerplate::Offer),
    ambiguous("donate", Boilerplate::Offer),
    ambiguous("adblock", Boilerplate::Offer),
    ambiguous("consent", Boilerplate::Consent),
    ambiguous("gdpr", Boilerplate::Consent),
    ambiguous("sourcepoint", Boilerplate::Consent),
    ambiguous("cookie-notice", Boilerplate::Consent),
    ambiguous("cookie-banner", Boilerplate::Consent),
    ambiguous("cookie-law", Boilerplate::Consent),
];

static NAME_MATCHER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(NAMES.iter().map(|name| name.word))
        .expect("the names are few and short")
});

/// Returns the name of boilerplate elements that a class or id name has among its words, `camelCase` too.
fn find_name(name: &str) -> Option<&'static ElementName> {
    let bytes = name.as_bytes();
    let found = NAME_MATCHER.find_iter(name).find(|found| {
        let begins = bytes.get(found.start().wrapping_sub(1)).is_none_or(|before| {
            !before.is_ascii_alphabetic() || (before.is_ascii_lowercase() && bytes[found.start()].is_ascii_uppercase())
        });
        begins && bytes.get(found.end()).is_none_or(|next| !next.is_ascii_lowercase())
    });
    found.map(|found| &NAMES[found.pattern().as_usize()])
}

/// Returns for each block whether it is boilerplate, and why. `headline` is the page's, as an [`alphanumeric_key`], and `host` the page's host.
///
/// [`alphanumeric_key`]: crate::extract::normalize::alphanumeric_key
pub(super) fn find_boilerplate(blocks: &[Block<'_>], headline: &str, host: Option<&str>) -> Vec<Option<Boilerplate>> {
    let all: Vec<&Block<'_>> = blocks.iter().collect();
    let (ranges, parents) = element_ranges(&all);
    let is_teaser = find_teasers(&all, &ranges, &parents, headline_index(&all, headline), host);
    let mut reasons = vec![Some(Boilerplate::Teaser); all.len()];
    // Teasers are left out before anything else is measured: beside a short article they are most of the page's text.
    let others: Vec<usize> = (0..all.len()).filter(|at| !is_teaser[*at]).collect();
    let other_blocks: Vec<&Block<'_>> = others.iter().map(|at| all[*at]).collect();
    for (at, reason) in others.into_iter().zip(find_named_boilerplate(&other_blocks, headline)) {
        reasons[at] = reason;
    }
    reasons
}

/// Returns for each block whether the place, the names or the kind of an element around it make it boilerplate.
fn find_named_boilerplate(blocks: &[&Block<'_>], headline: &str) -> Vec<Option<Boilerplate>> {
    let (ranges, parents) = element_ranges(blocks);
    let Some(page_chars) = ranges.first().map(|root| root.paragraph_chars) else {
        return Vec::new();
    };
    let headline = headline_index(blocks, headline);
    let contains_headline = |range: &ElementRange<'_>| headline.is_some_and(|at| range.contains(at));
    let first_paragraph = blocks
        .iter()
        .enumerate()
        .position(|(at, block)| headline.is_none_or(|headline| at > headline) && block.is_long_paragraph());
    let around_headline = elements_around(&ranges, &parents, headline);
    let articles: Vec<&ElementRange<'_>> = around_headline
        .iter()
        .map(|index| &ranges[*index])
        .filter(|range| range.element.value().name() == "article")
        .collect();
    let own_id = articles.iter().find_map(|article| wordpress_id(article.element));
    let own_by_parent = articles_by_parent(blocks, &ranges, &around_headline);
    let is_form_box = find_form_boxes(blocks, &ranges, headline, first_paragraph);
    let is_consent_box = find_consent_boxes(blocks, &ranges, &parents, headline, first_paragraph);
    let mut reasons: Vec<Option<Boilerplate>> = Vec::with_capacity(ranges.len());
    for (index, range) in ranges.iter().enumerate() {
        let inherited = range.parent.and_then(|parent| reasons[parent]);
        reasons.push(inherited.or_else(|| {
            if contains_headline(range) || is_never_boilerplate(range.element) {
                return None;
            }
            let is_other_number = own_id.is_some() && wordpress_id(range.element).is_some_and(|id| Some(id) != own_id);
            let own = headline.and_then(|at| Some((at, *own_by_parent.get(&range.parent?)?)));
            if is_other_number || own.is_some_and(|(at, own)| is_like_article(blocks, at, &ranges[own], range)) {
                return Some(Boilerplate::OtherArticle);
            }
            if is_consent_box[index] {
                return Some(Boilerplate::Consent);
            }
            if is_form_box[index] {
                return Some(Boilerplate::Offer);
            }
            let value = range.element.value();
            let names = || value.classes().chain(value.id());
            let has_most_text = range.paragraph_chars * 2 > page_chars;
            if !has_most_text && names().any(|name| CMS_NAMES.binary_search(&name).is_ok()) {
                return Some(Boilerplate::Cms);
            }
            let name = names().find_map(find_name)?;
            // A page whose only text is in an element with such a name would be left without an article.
            let is_only_text = has_most_text && first_paragraph.is_none_or(|first| first >= range.first);
            let is_article = is_only_text || (name.is_ambiguous && has_most_text);
            (!is_article).then_some(name.boilerplate)
        }));
    }
    let article_end = articles
        .first()
        .filter(|article| article.paragraph_chars >= MIN_ARTICLE_CHARS && article.paragraph_chars * 100 >= page_chars * MIN_ARTICLE_PERCENT)
        .map(|article| article.last);
    let comments = find_comment_section(blocks, &ranges, &parents, first_paragraph);
    let reason = |(at, parent): (usize, &usize)| {
        let is_after = article_end.is_some_and(|end| at > end);
        let is_comment = comments.is_some_and(|(first, last)| first <= at && at <= last);
        reasons[*parent]
            .or(is_comment.then_some(Boilerplate::Comments))
            .or(is_after.then_some(Boilerplate::AfterArticle))
    };
    parents.iter().enumerate().map(reason).collect()
}

/// Returns the indexes of the elements around the headline, the innermost first.
fn elements_around(ranges: &[ElementRange<'_>], parents: &[usize], headline: Option<usize>) -> Vec<usize> {
    std::iter::successors(headline.map(|at| parents[at]), |index| ranges[*index].parent).collect()
}

/// Returns the elements around the headline that have text below it, by the element around each: what may be the article's element. The elements that
/// are around the whole page are none.
fn articles_by_parent(blocks: &[&Block<'_>], ranges: &[ElementRange<'_>], around_headline: &[usize]) -> HashMap<usize, usize> {
    let has_text = |range: &ElementRange<'_>| blocks[range.first..=range.last].iter().any(|block| block.is_long_paragraph());
    around_headline
        .iter()
        .filter(|index| !is_never_boilerplate(ranges[**index].element) && has_text(&ranges[**index]))
        .filter_map(|index| Some((ranges[*index].parent?, *index)))
        .collect()
}

/// Returns whether `other` is the element of another article on the page: it has the name and classes of the article's element `own` and begins with a
/// heading of the same rank. An element of no telling name must have an `h1`, since the parts of one article may look like that.
fn is_like_article(blocks: &[&Block<'_>], headline: usize, own: &ElementRange<'_>, other: &ElementRange<'_>) -> bool {
    let rank = blocks[headline].parent.value().name();
    let (own, value) = (own.element.value(), other.element.value());
    let has_telling_name = value.name() == "article" || value.classes().any(|class| ARTICLE_CLASSES.contains(&class));
    value.name() == own.name()
        && value.classes().eq(own.classes())
        && (rank == "h1" || (has_telling_name && html_elements::is_heading(rank)))
        && blocks[other.first..=other.last]
            .iter()
            .take(MAX_BLOCKS_BEFORE_HEADING)
            .any(|block| block.parent.value().name() == rank)
}

/// Returns the number that `WordPress` gives to the article of an `<article>` element, as in `post-123`.
fn wordpress_id<'a>(element: ElementRef<'a>) -> Option<&'a str> {
    let value = element.value();
    let numbered = |name: &'a str| {
        name.strip_prefix("post-")
            .filter(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let names = value.id().into_iter().chain(value.classes());
    names.filter(|_| value.name() == "article").find_map(numbered)
}

/// Returns whether an element is one of the page's outermost, whose names describe the whole page, or contains a single block only.
fn is_never_boilerplate(element: ElementRef<'_>) -> bool {
    matches!(
        element.value().name(),
        "html" | "body" | "main" | "p" | "h1" | "h2" | "h3" | "h4" | "button"
    )
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use scraper::Html;

    const LONG: &str = "Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs, et l’eau y coule depuis.";

    /// Returns the blocks that are boilerplate, with the reason; the headline is “Le puits”.
    fn boilerplate(body: &str) -> Vec<(String, Boilerplate)> {
        let document = Html::parse_document(body);
        let blocks = list_blocks(&document);
        let reasons = find_boilerplate(&blocks, "le puits", Some("journal.example"));
        let both = blocks.iter().zip(reasons);
        both.filter_map(|(block, reason)| Some((block.text.clone(), reason?))).collect()
    }

    #[test]
    fn comments_are_boilerplate_however_long_they_are() {
        let html = format!("<h1>Le puits</h1><p>{LONG}</p><ol class='commentlist'><li>{LONG}<li>{LONG}<li>{LONG}</ol>");
        assert_eq!(boilerplate(&html), vec![(LONG.to_owned(), Boilerplate::Comments); 3]);
        for name in [
            "id=comments",
            "class='wp-block-comments'",
            "class=articleComments",
            "id=disqus_thread",
            "class=comment-body",
        ] {
            let html = format!("<h1>Le puits</h1><p>{LONG}</p><p>{LONG}</p><div {name}>Merci</div>");
            assert_eq!(boilerplate(&html), [("Merci".to_owned(), Boilerplate::Comments)], "{name}");
        }
    }

    #[test]
    fn names_of_articles_are_not_taken_for_comments() {
        for html in [
            // The body of a page without comments, an article that has some, an opinion column, and words that only begin alike.
            format!("<body class=comments-closed><h1>Le puits</h1><p>{LONG}</p>"),
            format!("<article class='has-comments'><h1>Le puits</h1><p>{LONG}</p></article>"),
            format!("<h1>Le puits</h1><div class=tone-comment><p>{LONG}</p></div>"),
            format!("<h1>Le puits</h1><div class=commentary><p>{LONG}</p></div><div class=responder>{LONG}</div>"),
            format!("<h1>Le puits</h1><div class=comments><p>{LONG}</p></div>"),
        ] {
            assert_eq!(boilerplate(&html), [], "{html}");
        }
    }

    #[test]
    fn what_follows_the_article_is_boilerplate() {
        let long = format!("<p>{LONG}</p>").repeat(6);
        let html = format!("<article><h1>Le puits</h1>{long}</article><div><p>Le marché</p></div>");
        assert_eq!(boilerplate(&html), [("Le marché".to_owned(), Boilerplate::AfterArticle)]);
        let short = format!("<article><h1>Le puits</h1><p>{LONG}</p></article><div><p>La suite</p></div>");
        assert_eq!(boilerplate(&short), [], "the element holds too little to be the article");
        let other = "<article id=post-1><h1>Le puits</h1><p>L’eau coule.</p><article id=post-7><p>Le pont</p></article></article>";
        assert_eq!(boilerplate(other), [("Le pont".to_owned(), Boilerplate::OtherArticle)]);
        let live = "<article id=post-1><h1>Le puits</h1><article class=update><p>18:00</p></article></article>";
        assert_eq!(boilerplate(live), [], "a part of the article");
    }

    #[test]
    fn fact_boxes_and_consent_requests_are_boilerplate() {
        let html = format!(
            "<h1>Le puits</h1><p>{LONG}</p><div class=fact-box><p>Un puits, c’est quoi ?</p></div><div class='sourcepoint__social-placeholder'>Contenu \
             externe</div>"
        );
        let expected = [
            ("Un puits, c’est quoi ?".to_owned(), Boilerplate::FactBox),
            ("Contenu externe".to_owned(), Boilerplate::Consent),
        ];
        assert_eq!(boilerplate(&html), expected);
    }

    #[test]
    fn elements_of_known_systems_are_boilerplate() {
        assert!(CMS_NAMES.is_sorted());
        let html = format!(
            "<h1>Le puits</h1><dl class=article-info><dd>Affichages : 12</dd></dl><p>{LONG}</p><div class=article-information>Suite</div>"
        );
        assert_eq!(boilerplate(&html), [("Affichages : 12".to_owned(), Boilerplate::Cms)]);
    }

    #[test]
    fn an_empty_page_has_no_boilerplate() {
        assert_eq!(boilerplate(""), []);
    }
}
