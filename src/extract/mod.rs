//! Extracts the [`Article`] of a page: its body without boilerplate, and its metadata. Pure.
//!
//! Methods are tried in order, and the article records which one was used: the source's own `select` table, the site's rule file, the selection
//! of blocks, the page's JSON-LD or scripts; the feed's own body replaces a body that is shorter. Pages are not fetched here, and it is not
//! decided here which are needed.

mod alternates;
mod blocks;
mod body;
mod captions;
mod document;
mod evidence;
mod hidden;
mod interstitial;
mod metadata;
mod no_article;
mod normalize;
mod page;
mod script_data;
mod select;
mod site_rules;
mod template_marks;

pub use alternates::Alternates;
pub use blocks::{BlockDecision, GroundTruth, LabeledPage, cross_validate};
pub use no_article::NoArticle;
pub use page::Page;
pub use select::{Selectors, selector_problem};
pub use site_rules::{DirectiveOutcome, PaginationLinks, PaginationQuery, RuleSet, RuleWarning, SiteRule, pagination_links};

use crate::html::clean::{CleanPolicy, clean, html_to_lines, mark_direction};
use crate::html::reservations;
use crate::model::{Article, ArticleMethod, CleanHtml, RawMarkup, is_private_host};
use crate::text::agency::{TextCredits, agency_of_text};
use crate::text::language;
use body::find_body;
use document::ParsedPage;
use evidence::Evidence;
use scraper::Html;

/// A body with a smaller share of the words of the feed's own is replaced by the feed's.
const MIN_SHARE_OF_FEED: f64 = 0.8;
/// A selection of blocks that is less sure must have at least this share of the words of the feed's headline and text, or the feed's text stays.
const MIN_CONFIDENCE: f32 = 0.5;
const MIN_UNSURE_SHARE: f32 = 0.5;
/// The same of a selection that is sure.
const MIN_EVIDENCE_SHARE: f32 = 0.1;
/// How much of a document's beginning is inspected for the kind of the document, in bytes.
const KIND_BYTES: usize = 400;

/// Extracts the article on `page`.
///
/// # Errors
/// [`NoArticle`] when the page has none and the feed gave no body either.
pub fn extract(page: &Page<'_>) -> Result<Article, NoArticle> {
    extract_pages(page, &[])
}

/// Extracts the article that begins on `page` and continues on the pages `more`. A further page without text of its own adds nothing.
///
/// # Errors
/// [`NoArticle`] when `page` has none and the feed gave no body either.
pub fn extract_pages(page: &Page<'_>, more: &[Page<'_>]) -> Result<Article, NoArticle> {
    let article = extract_page(page, None).0.map(|first| {
        let rest: Vec<_> = more.iter().map(|page| extract_page(page, None).0).collect();
        // An interstitial instead of a page hides a part of the text.
        let is_hidden = |next: &Result<Article, NoArticle>| matches!(next, Err(reason) if reason.hides_text());
        let is_incomplete = rest.iter().any(is_hidden);
        let mut article = join_pages(first, rest.into_iter().flatten(), page);
        if is_incomplete {
            article.problems.push("pages-missing".to_owned());
        }
        article
    });
    let Some(own) = page.feed_body.filter(|body| !html_to_lines(body).is_empty()) else {
        return article;
    };
    match article {
        Ok(article) => Ok(longer_of(article, own, page)),
        Err(reason) => Ok(feed_article(own, page, reason)),
    }
}

/// What `griot extract` prints of a page.
#[derive(Debug)]
pub struct Inspection {
    /// The article, or why there is none.
    pub article: Result<Article, NoArticle>,
    /// What each directive of the site's rule matched, in the order in which they were followed.
    pub directive_outcomes: Vec<DirectiveOutcome>,
    /// Other forms of the article, and its licence.
    pub alternates: Alternates,
}

/// Extracts the article on `page` with the details that `griot extract` prints. The feed's own body is not considered.
#[must_use]
pub fn inspect(page: &Page<'_>) -> Inspection {
    let mut alternates = Alternates::default();
    let (article, directive_outcomes) = extract_page(page, Some(&mut alternates));
    Inspection {
        article,
        directive_outcomes,
        alternates,
    }
}

/// Returns what was decided of each block of `page`, in its order, as if no rule selected the body.
#[must_use]
pub fn block_decisions(page: &Page<'_>) -> Vec<BlockDecision> {
    let document = parse_visible(page).document;
    let metadata = metadata::read(&document, page);
    blocks::BlockSelection::new(&document, &metadata).block_decisions()
}

/// Returns two pages to train the model of blocks on: `page`, and `page` without a part of its boilerplate, as small sites have less. Only the
/// first is counted in the scores of its set.
#[must_use]
pub fn labeled_pages(page: &Page<'_>, truth: &GroundTruth<'_>) -> [LabeledPage; 2] {
    let document = parse_visible(page).document;
    let smaller = blocks::shrink_page(&document, truth);
    let labeled_page = |document: &Html, is_original| {
        let metadata = metadata::read(document, page);
        blocks::labeled_page(document, &metadata, truth, is_original)
    };
    [labeled_page(&document, true), labeled_page(&smaller, false)]
}

/// Adds the bodies of the further pages to the first, each text once.
fn join_pages(mut first: Article, rest: impl Iterator<Item = Article>, page: &Page<'_>) -> Article {
    let mut seen = vec![first.text.clone()];
    let mut markup = first.body.as_str().to_owned();
    for next in rest {
        // A reservation of one page applies to the whole text.
        for word in &next.reservations {
            reservations::add(&mut first.reservations, word);
        }
        // The credit stands at the end of the text.
        first.agency = first.agency.or(next.agency);
        if next.method != first.method {
            // A body that was found by another method is seldom the rest of this text, so it is left out.
            first.problems.push("pages-missing".to_owned());
        } else if !seen.contains(&next.text) {
            markup.push_str(next.body.as_str());
            seen.push(next.text);
        }
    }
    if seen.len() > 1 {
        first.body = clean(&RawMarkup(markup), &page.policy());
        first.text = html_to_lines(&first.body);
    }
    first
}

/// Extracts the article of one page, and sets `alternates` if they are requested.
fn extract_page(page: &Page<'_>, alternates: Option<&mut Alternates>) -> (Result<Article, NoArticle>, Vec<DirectiveOutcome>) {
    let set_alternates = |document: &Html| {
        if let Some(alternates) = alternates {
            *alternates = alternates::read_alternates(document, page);
        }
    };
    if page.html.trim().is_empty() {
        return (Err(NoArticle::Empty), Vec::new());
    }
    if !looks_like_html(page.html) {
        return (Err(NoArticle::NotHtml), Vec::new());
    }
    let Some(rule) = page.rule else {
        let parsed = parse_visible(page);
        set_alternates(&parsed.document);
        let mut metadata = metadata::read(&parsed.document, page);
        metadata.problems.extend(cut_problem(&parsed));
        return (build_article(&parsed.document, metadata, None, page), Vec::new());
    };
    let mut run = site_rules::RuleRun::new(rule);
    let replaced = run.apply_replacements(page.html);
    let mut parsed = ParsedPage::new(&replaced);
    set_alternates(&parsed.document);
    let mut metadata = metadata::read(&parsed.visible(page.selectors.body.as_ref()), page);
    // The author of a rule knows what scripts show, so it sees the whole page.
    let mut output = run.run(&mut parsed.document);
    parsed.hide(page.selectors.body.as_ref());
    let directive_outcomes = std::mem::take(&mut output.directive_outcomes);
    metadata.apply_site_rule(&output, page);
    metadata.problems.extend(cut_problem(&parsed));
    (build_article(&parsed.document, metadata, Some(&output), page), directive_outcomes)
}

/// Parses the markup of `page` without what no reader sees.
fn parse_visible(page: &Page<'_>) -> ParsedPage {
    let mut parsed = ParsedPage::new(page.html);
    parsed.hide(page.selectors.body.as_ref());
    parsed
}

/// Returns the problem of a page that is longer than what is read of it.
fn cut_problem(page: &ParsedPage) -> Option<String> {
    page.is_cut.then(|| "page-cut".to_owned())
}

/// Builds the article of a page from its body and metadata.
fn build_article(
    document: &Html,
    metadata: metadata::Metadata,
    rule_output: Option<&site_rules::RuleOutput>,
    page: &Page<'_>,
) -> Result<Article, NoArticle> {
    let body = find_body(document, &metadata, rule_output, page);
    let text = body.as_ref().map_or("", |body| body.text.as_str());
    if let Some(reason) = interstitial::detect(page, document, &metadata, text) {
        return Err(reason);
    }
    let mut body = body.ok_or(NoArticle::NotFound)?;
    let mut problems = metadata.problems.clone();
    problems.extend(body.problems.iter().map(|code| (*code).to_owned()));
    if interstitial::paywall::is_paywalled(document, &metadata, &body.text) {
        problems.push("paywall".to_owned());
        body.html = interstitial::paywall::without_offer(&body.html, page.images);
        body.text = html_to_lines(&body.html);
    }
    if body.text.is_empty() && !problems.is_empty() {
        return Err(NoArticle::Paywall);
    }
    let language = language::resolve_language(metadata.language.as_deref(), &body.text);
    let agency = agency_of_text(&TextCredits {
        authors: &metadata.authors,
        credits: &body.credits,
        texts: &[&body.text],
        language: language.as_deref(),
        ..TextCredits::default()
    });
    Ok(Article {
        confidence: body.confidence,
        body: mark_direction(body.html, page.images),
        title: metadata.title,
        authors: metadata.authors,
        agency,
        published: metadata.published,
        published_offset: metadata.published_offset,
        modified: metadata.modified,
        language,
        text: body.text,
        categories: metadata.categories,
        image: metadata
            .image
            .filter(|image| page.images && !(page.policy().public && is_private_host(&image.url))),
        site: metadata.site,
        canonical: metadata.canonical.or(metadata.og_url),
        method: body.method,
        problems,
        reservations: metadata.reservations,
    })
}

/// Returns whether a document may be HTML: not a feed, a PDF, an image or other binary data.
fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let head = &start[..start.floor_char_boundary(KIND_BYTES)];
    let lower = head.to_ascii_lowercase();
    let is_other = lower.starts_with("%pdf") || ["<rss", "<feed", "<rdf:rdf", "<svg"].iter().any(|tag| lower.contains(tag));
    let undecodable = head.chars().filter(|&c| c == '\0' || c == '\u{fffd}').count();
    (!is_other || lower.contains("<html")) && undecodable * 10 <= head.len() && start.contains('<')
}

/// Replaces the page's body by the feed's where it is clearly shorter: behind a paywall, a teaser, or not the article; and where it is not trusted: it
/// shares nothing with the feed's text and headline, or the selection is hardly sure and does not have what the feed says.
fn longer_of(mut article: Article, own: &CleanHtml, page: &Page<'_>) -> Article {
    let text = html_to_lines(own);
    if article.method == ArticleMethod::Select {
        return article;
    }
    let is_shorter = word_count(&article.text) < MIN_SHARE_OF_FEED * word_count(&text);
    if !is_shorter && (article.method != ArticleMethod::Blocks || holds_feed_text(&article, &text, page)) {
        return article;
    }
    article.body = feed_body(own, page.images);
    article.text = text;
    article.method = ArticleMethod::Feed;
    article.confidence = 0.6;
    let problem = if is_shorter { "shorter-than-feed" } else { "differs-from-feed" };
    article.problems.push(problem.to_owned());
    article
}

/// Returns whether the body of a page is about what the feed's own text and headline are about; the less sure the selection is, the more it must share.
fn holds_feed_text(article: &Article, text: &str, page: &Page<'_>) -> bool {
    let headline = page.title_hint.unwrap_or_default();
    let evidence = Evidence::of_text(&format!("{headline}\n{text}"));
    let least = if article.confidence < MIN_CONFIDENCE {
        MIN_UNSURE_SHARE
    } else {
        MIN_EVIDENCE_SHARE
    };
    !evidence.is_sufficient() || evidence.share_in(&article.text) >= least
}

/// Builds an article from the feed's own body, where the page has none for `reason`.
fn feed_article(own: &CleanHtml, page: &Page<'_>, reason: NoArticle) -> Article {
    Article {
        body: feed_body(own, page.images),
        text: html_to_lines(own),
        title: page.title_hint.map(str::to_owned),
        authors: Vec::new(),
        agency: None,
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

fn feed_body(own: &CleanHtml, images: bool) -> CleanHtml {
    if images {
        own.clone()
    } else {
        clean(&RawMarkup(own.as_str().to_owned()), &CleanPolicy::default())
    }
}

/// Returns the number of words; as a float, since it is compared with a share of another number.
#[expect(clippy::cast_precision_loss, reason = "no text has 2^52 words")]
fn word_count(text: &str) -> f64 {
    text.split_whitespace().count() as f64
}

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod tests;
