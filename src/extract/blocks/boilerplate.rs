//! What stands apart on a page: its comments, other articles, boxes of facts, requests for consent. Such parts are never the article's,
//! whatever their text is like, so their blocks are taken out before the others are measured, where they would only confuse.
//!
//! Each part is told by the place and the names of the element that holds it. An element that holds the headline is never such a part.

use super::block::{Block, holders};
use super::page_context::{is_real, place_of_headline};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use scraper::ElementRef;
use std::sync::LazyLock;

/// So many characters of real paragraphs make an `<article>` that holds the headline the page's article.
const ARTICLE: usize = 600;
/// It also holds so much of the page's real paragraphs, in hundredths: other pages' texts may follow whole.
const ARTICLE_SHARE: usize = 20;

/// Whole names that widely used systems and themes give to what is never text: WordPress with Jetpack, `AddToAny` and Newspaper, Joomla, Blogger,
/// Drupal, SPIP.
const NEVER: &[&str] = &[
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

/// Why a block stands apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Boilerplate {
    Comments,
    /// A box with the background of a story, which is no part of its text.
    Metadata,
    Consent,
    /// What a site's system puts around each article.
    Furniture,
    /// Another article on the same page, as sites show that load one below the other.
    OtherArticle,
    /// What follows the element that is the article.
    Behind,
}

impl Boilerplate {
    /// Returns why, in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Comments => "in the comments",
            Self::Metadata => "in a box of facts",
            Self::Consent => "asks for consent",
            Self::Furniture => "in the site's furniture",
            Self::OtherArticle => "in another article",
            Self::Behind => "behind the article's element",
        }
    }
}

/// A name of elements that stand apart.
struct Name {
    word: &'static str,
    part: Boilerplate,
    /// Whether it may also name an article's own element, such as `comment` for a column: then it must not hold most of the page's text.
    is_doubtful: bool,
}

const fn sure(word: &'static str, part: Boilerplate) -> Name {
    Name {
        word,
        part,
        is_doubtful: false,
    }
}

const fn doubtful(word: &'static str, part: Boilerplate) -> Name {
    Name {
        word,
        part,
        is_doubtful: true,
    }
}

/// The words of class and id names, in lower case.
const NAMES: &[Name] = &[
    sure("comments", Boilerplate::Comments),
    sure("commentlist", Boilerplate::Comments),
    sure("commentaires", Boilerplate::Comments),
    sure("comentarios", Boilerplate::Comments),
    sure("kommentare", Boilerplate::Comments),
    sure("disqus", Boilerplate::Comments),
    sure("respond", Boilerplate::Comments),
    sure("livefyre", Boilerplate::Comments),
    doubtful("comment", Boilerplate::Comments),
    doubtful("commentaire", Boilerplate::Comments),
    doubtful("comentario", Boilerplate::Comments),
    doubtful("kommentar", Boilerplate::Comments),
    sure("factbox", Boilerplate::Metadata),
    sure("fact-box", Boilerplate::Metadata),
    sure("fact_box", Boilerplate::Metadata),
    sure("infobox", Boilerplate::Metadata),
    sure("info-box", Boilerplate::Metadata),
    sure("info_box", Boilerplate::Metadata),
    sure("faktaboks", Boilerplate::Metadata),
    doubtful("consent", Boilerplate::Consent),
    doubtful("gdpr", Boilerplate::Consent),
    doubtful("sourcepoint", Boilerplate::Consent),
    doubtful("cookie-notice", Boilerplate::Consent),
    doubtful("cookie-banner", Boilerplate::Consent),
    doubtful("cookie-law", Boilerplate::Consent),
];

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(NAMES.iter().map(|name| name.word))
        .expect("the names are few and short")
});

/// Returns which name of elements that stand apart a class or id name has among its words, `camelCase` too.
fn named(name: &str) -> Option<&'static Name> {
    let bytes = name.as_bytes();
    let found = FINDER.find_iter(name).find(|found| {
        let begins = bytes.get(found.start().wrapping_sub(1)).is_none_or(|before| {
            !before.is_ascii_alphabetic() || (before.is_ascii_lowercase() && bytes[found.start()].is_ascii_uppercase())
        });
        begins && bytes.get(found.end()).is_none_or(|next| !next.is_ascii_lowercase())
    });
    found.map(|found| &NAMES[found.pattern().as_usize()])
}

/// An element that holds blocks.
struct Part<'a> {
    element: ElementRef<'a>,
    parent: Option<usize>,
    first: usize,
    last: usize,
    /// Characters of real paragraphs within it.
    real: usize,
}

/// Says of each block whether it stands apart, and why. `headline` is the folded headline.
pub(super) fn apart(blocks: &[Block<'_>], headline: &str) -> Vec<Option<Boilerplate>> {
    let (parts, parents) = parts(blocks);
    let Some(real) = parts.first().map(|root| root.real) else {
        return Vec::new();
    };
    let headline = place_of_headline(&blocks.iter().collect::<Vec<_>>(), headline);
    let holds_headline = |part: &Part<'_>| headline.is_some_and(|at| part.first <= at && at <= part.last);
    let first_real = blocks
        .iter()
        .enumerate()
        .position(|(at, block)| headline.is_none_or(|headline| at > headline) && is_real(block));
    let articles = own_articles(&parts, &parents, headline);
    let own_number = articles.iter().find_map(|part| number(part.element));
    let mut verdicts: Vec<Option<Boilerplate>> = Vec::with_capacity(parts.len());
    for part in &parts {
        let inherited = part.parent.and_then(|parent| verdicts[parent]);
        verdicts.push(inherited.or_else(|| {
            if holds_headline(part) || is_frame(part.element) {
                return None;
            }
            if own_number.is_some() && number(part.element).is_some_and(|number| Some(number) != own_number) {
                return Some(Boilerplate::OtherArticle);
            }
            let value = part.element.value();
            let names = || value.classes().chain(value.id());
            let holds_most = part.real * 2 > real;
            if !holds_most && names().any(|name| NEVER.binary_search(&name).is_ok()) {
                return Some(Boilerplate::Furniture);
            }
            let name = names().find_map(named)?;
            // Something has to be left that can be the article.
            let is_bare = holds_most && first_real.is_none_or(|first| first >= part.first);
            let is_own = is_bare || (name.is_doubtful && holds_most);
            (!is_own).then_some(name.part)
        }));
    }
    let end = articles
        .first()
        .filter(|part| part.real >= ARTICLE && part.real * 100 >= real * ARTICLE_SHARE)
        .map(|part| part.last);
    let verdict = |(at, parent): (usize, &usize)| verdicts[*parent].or((Some(at) > end && end.is_some()).then_some(Boilerplate::Behind));
    parents.iter().enumerate().map(verdict).collect()
}

/// Lists the `<article>` elements around the headline, the innermost first.
fn own_articles<'p, 'a>(parts: &'p [Part<'a>], parents: &[usize], headline: Option<usize>) -> Vec<&'p Part<'a>> {
    let innermost = headline.map(|at| parents[at]);
    let chain = std::iter::successors(innermost, |part| parts[*part].parent).map(|part| &parts[part]);
    chain.filter(|part| part.element.value().name() == "article").collect()
}

/// Returns the number that `WordPress` gives to the article of an `<article>` element, as `post-123`.
fn number<'a>(element: ElementRef<'a>) -> Option<&'a str> {
    let value = element.value();
    let numbered = |name: &'a str| {
        name.strip_prefix("post-")
            .filter(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let names = value.id().into_iter().chain(value.classes());
    names.filter(|_| value.name() == "article").find_map(numbered)
}

/// Says whether an element is the page's frame, or too small to be a part of it.
fn is_frame(element: ElementRef<'_>) -> bool {
    matches!(
        element.value().name(),
        "html" | "body" | "main" | "p" | "h1" | "h2" | "h3" | "h4" | "button"
    )
}

/// Lists the elements that hold blocks, outer ones first, and which of them is each block's parent.
fn parts<'a>(blocks: &[Block<'a>]) -> (Vec<Part<'a>>, Vec<usize>) {
    let (mut parts, parents) = holders(blocks, |element, parent, at, _| Part {
        element,
        parent,
        first: at,
        last: at,
        real: 0,
    });
    for (at, (block, parent)) in blocks.iter().zip(&parents).enumerate() {
        let real = if is_real(block) { block.chars } else { 0 };
        let mut around = Some(*parent);
        while let Some(place) = around {
            parts[place].last = at;
            parts[place].real += real;
            around = parts[place].parent;
        }
    }
    (parts, parents)
}

#[cfg(test)]
mod tests {
    use super::super::block;
    use super::*;
    use scraper::Html;

    const LONG: &str = "Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs, et l’eau y coule depuis.";

    /// Returns the blocks that stand apart, with the reason; the headline is “Le puits”.
    fn told(body: &str) -> Vec<(String, Boilerplate)> {
        let document = Html::parse_document(body);
        let blocks = block::list(&document);
        let verdicts = apart(&blocks, "le puits");
        let both = blocks.iter().zip(verdicts);
        both.filter_map(|(block, verdict)| Some((block.text.clone(), verdict?))).collect()
    }

    #[test]
    fn comments_stand_apart_however_long_they_are() {
        let html = format!("<h1>Le puits</h1><p>{LONG}</p><ol class='commentlist'><li>{LONG}<li>{LONG}<li>{LONG}</ol>");
        assert_eq!(told(&html), vec![(LONG.to_owned(), Boilerplate::Comments); 3]);
        for name in [
            "id=comments",
            "class='wp-block-comments'",
            "class=articleComments",
            "id=disqus_thread",
            "class=comment-body",
        ] {
            let html = format!("<h1>Le puits</h1><p>{LONG}</p><p>{LONG}</p><div {name}>Merci</div>");
            assert_eq!(told(&html), [("Merci".to_owned(), Boilerplate::Comments)], "{name}");
        }
    }

    #[test]
    fn names_of_articles_are_no_comments() {
        for html in [
            // The body of a page without comments, an article that has some, a column called so, and words that only begin alike.
            format!("<body class=comments-closed><h1>Le puits</h1><p>{LONG}</p>"),
            format!("<article class='has-comments'><h1>Le puits</h1><p>{LONG}</p></article>"),
            format!("<h1>Le puits</h1><div class=tone-comment><p>{LONG}</p></div>"),
            format!("<h1>Le puits</h1><div class=commentary><p>{LONG}</p></div><div class=responder>{LONG}</div>"),
            format!("<h1>Le puits</h1><div class=comments><p>{LONG}</p></div>"),
        ] {
            assert_eq!(told(&html), [], "{html}");
        }
    }

    #[test]
    fn what_follows_the_article_stands_apart() {
        let long = format!("<p>{LONG}</p>").repeat(6);
        let html = format!("<article><h1>Le puits</h1>{long}</article><div><p>Le marché</p></div>");
        assert_eq!(told(&html), [("Le marché".to_owned(), Boilerplate::Behind)]);
        let short = format!("<article><h1>Le puits</h1><p>{LONG}</p></article><div><p>La suite</p></div>");
        assert_eq!(told(&short), [], "the element holds too little to be the article");
        let other = "<article id=post-1><h1>Le puits</h1><p>L’eau coule.</p><article id=post-7><p>Le pont</p></article></article>";
        assert_eq!(told(other), [("Le pont".to_owned(), Boilerplate::OtherArticle)]);
        let live = "<article id=post-1><h1>Le puits</h1><article class=update><p>18:00</p></article></article>";
        assert_eq!(told(live), [], "a part of the article");
    }

    #[test]
    fn boxes_stand_apart() {
        let html = format!(
            "<h1>Le puits</h1><p>{LONG}</p><div class=fact-box><p>Un puits, c’est quoi ?</p></div><div class='sourcepoint__social-placeholder'>Contenu \
             externe</div>"
        );
        let expected = [
            ("Un puits, c’est quoi ?".to_owned(), Boilerplate::Metadata),
            ("Contenu externe".to_owned(), Boilerplate::Consent),
        ];
        assert_eq!(told(&html), expected);
    }

    #[test]
    fn furniture_of_known_systems_stands_apart() {
        assert!(NEVER.is_sorted());
        let html = format!(
            "<h1>Le puits</h1><dl class=article-info><dd>Affichages : 12</dd></dl><p>{LONG}</p><div class=article-information>Suite</div>"
        );
        assert_eq!(told(&html), [("Affichages : 12".to_owned(), Boilerplate::Furniture)]);
    }

    #[test]
    fn nothing_stands_apart_on_an_empty_page() {
        assert_eq!(told(""), []);
    }
}
