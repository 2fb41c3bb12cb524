//! A page becomes an [`Article`]: its body without what stands around it, and the facts the page gives about it. Pure.
//!
//! A ladder with a record: the source's own `select` rule, else the site's rule file, else the choice of blocks, else the page's JSON-LD or
//! scripts, and the feed's own body when the page gives less than the feed did. Fetching pages and deciding which are wanted is not done here.

mod alternates;
mod blocks;
mod body;
mod document;
mod interstitial;
mod metadata;
mod no_article;
mod normalize;
mod page;
mod script;
mod select;
mod site_rules;
mod trim;

pub use alternates::Alternates;
pub use blocks::{BlockDecision, GroundTruth, LabeledPage, cross_validate};
pub use no_article::NoArticle;
pub use page::Page;
pub use select::Selectors;
pub use site_rules::{DirectiveOutcome, PaginationLinks, PaginationQuery, RuleSet, RuleWarning, SiteRule, pagination_links};

use crate::html::clean::{CleanPolicy, clean, html_to_lines, mark_direction};
use crate::html::reservations;
use crate::model::{Article, ArticleMethod, CleanHtml, RawMarkup};
use crate::text::language;
use document::parse_document;
use scraper::Html;

/// A page whose body is shorter than this part of the feed's own gave less than the feed.
const LESS_THAN_FEED: f64 = 0.8;

/// Reads the article on `page`.
///
/// # Errors
/// [`NoArticle`] when the page has none and the feed gave no body either.
pub fn extract(page: &Page<'_>) -> Result<Article, NoArticle> {
    extract_pages(page, &[])
}

/// Reads the article that begins on `page` and goes on on the pages `more`. A further page without text of its own adds nothing.
///
/// # Errors
/// [`NoArticle`] when `page` has none and the feed gave no body either.
pub fn extract_pages(page: &Page<'_>, more: &[Page<'_>]) -> Result<Article, NoArticle> {
    let article = read(page, None).0.map(|first| {
        let rest: Vec<_> = more.iter().map(|page| read(page, None).0).collect();
        // A wall in a page's place hides a part of the text, and that must not go unsaid.
        let hides = |next: &Result<Article, NoArticle>| matches!(next, Err(reason) if reason.is_wall());
        let is_hidden = rest.iter().any(hides);
        let mut article = join(first, rest.into_iter().flatten(), page);
        if is_hidden {
            article.problems.push("pages-missing".to_owned());
        }
        article
    });
    let Some(own) = page.feed_body.filter(|body| !html_to_lines(body).is_empty()) else {
        return article;
    };
    match article {
        Ok(article) => Ok(longer(article, own, page.images)),
        Err(reason) => Ok(from_feed(own, page, reason)),
    }
}

/// What `griot extract` shows of a page.
#[derive(Debug)]
pub struct Inspection {
    /// The article, or why there is none.
    pub article: Result<Article, NoArticle>,
    /// What became of each directive of the site's rule, in the order in which they were followed.
    pub directive_outcomes: Vec<DirectiveOutcome>,
    /// What stands beside the article.
    pub alternates: Alternates,
}

/// Looks at `page` for those who want to know how it is understood: by itself, whatever a feed says.
#[must_use]
pub fn inspect(page: &Page<'_>) -> Inspection {
    let mut alternates = Alternates::default();
    let (article, directive_outcomes) = read(page, Some(&mut alternates));
    Inspection {
        article,
        directive_outcomes,
        alternates,
    }
}

/// Returns what was decided of each block of `page`, in its order, as if no rule selected the body.
#[must_use]
pub fn block_decisions(page: &Page<'_>) -> Vec<BlockDecision> {
    let document = parse_document(page.html);
    let metadata = metadata::read(&document, page);
    blocks::BlockSelection::new(&document, &metadata).block_decisions()
}

/// Returns two pages to train the model of blocks on: `page`, and `page` without a part of its boilerplate, as small sites have less. Only the
/// first is counted in the scores of its set.
#[must_use]
pub fn labeled_pages(page: &Page<'_>, truth: &GroundTruth<'_>) -> [LabeledPage; 2] {
    let document = parse_document(page.html);
    let smaller = blocks::shrink_page(&document, truth);
    let labeled_page = |document: &Html, is_original| {
        let metadata = metadata::read(document, page);
        blocks::labeled_page(document, &metadata, truth, is_original)
    };
    [labeled_page(&document, true), labeled_page(&smaller, false)]
}

/// Adds the bodies of the further pages to the first, each text once.
fn join(mut first: Article, rest: impl Iterator<Item = Article>, page: &Page<'_>) -> Article {
    let mut seen = vec![first.text.clone()];
    let mut markup = first.body.as_str().to_owned();
    for next in rest {
        // What one page reserves holds for the text that it is part of.
        for word in &next.reservations {
            reservations::add(&mut first.reservations, word);
        }
        if next.method != first.method {
            // What was found otherwise is hardly the rest of this text, and leaving it out must not go unsaid.
            first.problems.push("pages-missing".to_owned());
        } else if !seen.contains(&next.text) {
            markup.push_str(next.body.as_str());
            seen.push(next.text);
        }
    }
    if seen.len() > 1 {
        let policy = CleanPolicy {
            base: page.url,
            images: page.images,
            faithful: false,
        };
        first.body = clean(&RawMarkup(markup), &policy);
        first.text = html_to_lines(&first.body);
    }
    first
}

/// Reads a page once, and what stands beside its article if that is asked for.
fn read(page: &Page<'_>, alternates: Option<&mut Alternates>) -> (Result<Article, NoArticle>, Vec<DirectiveOutcome>) {
    let look_beside = |document: &Html| {
        if let Some(alternates) = alternates {
            *alternates = alternates::of(document, page);
        }
    };
    if page.html.trim().is_empty() {
        return (Err(NoArticle::Empty), Vec::new());
    }
    if !looks_like_html(page.html) {
        return (Err(NoArticle::NotHtml), Vec::new());
    }
    let Some(rule) = page.rule else {
        let document = parse_document(page.html);
        look_beside(&document);
        let metadata = metadata::read(&document, page);
        return (article(&document, metadata, None, page), Vec::new());
    };
    let mut run = site_rules::RuleRun::new(rule);
    let replaced = run.apply_replacements(page.html);
    let mut document = parse_document(&replaced);
    look_beside(&document);
    let mut metadata = metadata::read(&document, page);
    let mut output = run.run(&mut document);
    let directive_outcomes = std::mem::take(&mut output.directive_outcomes);
    metadata.apply_site_rule(&output, page);
    (article(&document, metadata, Some(&output), page), directive_outcomes)
}

/// Takes the article of a page.
fn article(
    document: &Html,
    metadata: metadata::Metadata,
    rule_output: Option<&site_rules::RuleOutput>,
    page: &Page<'_>,
) -> Result<Article, NoArticle> {
    let found = body::find(document, &metadata, rule_output, page);
    let text = found.as_ref().map_or("", |found| found.text.as_str());
    if let Some(reason) = interstitial::detect(page, document, &metadata, text) {
        return Err(reason);
    }
    let mut found = found.ok_or(NoArticle::NotFound)?;
    let mut problems = metadata.problems.clone();
    problems.extend(found.problems.iter().map(|code| (*code).to_owned()));
    if interstitial::paywall::is_paywalled(document, &metadata, &found.text) {
        problems.push("paywall".to_owned());
        found.html = interstitial::paywall::without_offer(&found.html, page.images);
        found.text = html_to_lines(&found.html);
    }
    if found.text.is_empty() && !problems.is_empty() {
        return Err(NoArticle::Paywall);
    }
    Ok(Article {
        confidence: found.confidence,
        body: mark_direction(found.html, page.images),
        title: metadata.title,
        authors: metadata.authors,
        published: metadata.published,
        published_offset: metadata.published_offset,
        modified: metadata.modified,
        language: language::resolve_language(metadata.language.as_deref(), &found.text),
        text: found.text,
        categories: metadata.categories,
        image: metadata.image.filter(|_| page.images),
        site: metadata.site,
        canonical: metadata.canonical,
        method: found.method,
        problems,
        reservations: metadata.reservations,
    })
}

/// Returns whether a document can be a page at all: feeds, PDFs and pictures are none.
fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head = &start[..start.floor_char_boundary(400)];
    let lower = head.to_ascii_lowercase();
    let foreign = lower.starts_with("%pdf") || ["<rss", "<feed", "<rdf:rdf", "<svg"].iter().any(|mark| lower.contains(mark));
    let nuls = head.chars().filter(|&c| c == '\0' || c == '\u{fffd}').count();
    (!foreign || lower.contains("<html")) && nuls * 10 <= head.len() && start.contains('<')
}

/// Keeps the feed's body when the page's is clearly shorter: a paywall, a teaser or a wrong choice.
fn longer(mut article: Article, own: &CleanHtml, images: bool) -> Article {
    let text = html_to_lines(own);
    let (page, feed) = (words(&article.text), words(&text));
    if article.method == ArticleMethod::Select || page >= LESS_THAN_FEED * feed {
        return article;
    }
    article.body = kept(own, images);
    article.text = text;
    article.method = ArticleMethod::Feed;
    article.confidence = 0.6;
    article.problems.push("shorter-than-feed".to_owned());
    article
}

fn from_feed(own: &CleanHtml, page: &Page<'_>, reason: NoArticle) -> Article {
    Article {
        body: kept(own, page.images),
        text: html_to_lines(own),
        title: page.title_hint.map(str::to_owned),
        authors: Vec::new(),
        published: None,
        published_offset: None,
        modified: None,
        language: None,
        categories: Vec::new(),
        image: None,
        site: None,
        canonical: None,
        method: ArticleMethod::Feed,
        confidence: 0.5,
        problems: vec![reason.code().to_owned()],
        reservations: Vec::new(),
    }
}

fn kept(own: &CleanHtml, images: bool) -> CleanHtml {
    if images {
        own.clone()
    } else {
        clean(&RawMarkup(own.as_str().to_owned()), &CleanPolicy::default())
    }
}

/// Counts words; as a float, since it is only ever compared with a part of another count.
#[expect(clippy::cast_precision_loss, reason = "no text has 2^52 words")]
fn words(text: &str) -> f64 {
    text.split_whitespace().count() as f64
}

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod tests;
