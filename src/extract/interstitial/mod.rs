//! Detects pages in place of an article: bot walls, logins, consent texts, soft 404s and front pages. They are named, never evaded. Articles
//! that continue behind a paywall are detected in [`paywall`].
//!
//! Every sign counts only up to a length of the text: an article about cookies, logins or "not found" is longer. The marks of bot walls and of
//! notices of sites are in `html::interstitial`, the phrases of the other kinds in [`phrases`].

pub(super) mod paywall;
pub(super) mod phrases;

use super::metadata::Metadata;
use super::no_article::NoArticle;
use super::normalize::alphanumeric_key;
use super::normalize::element_text;
use super::page::Page;
use crate::html::interstitial::{self as html_interstitial, Interstitial, MAX_EXPLAINED_BYTES, NormalizedPage, has_password_field};
use scraper::{ElementRef, Html};
use std::collections::HashSet;
use url::Url;

/// The longest body of an interstitial page, in characters.
const MAX_INTERSTITIAL_CHARS: usize = 1500;
/// The longest body of a page that only asks for a login, in characters.
const MAX_NOTICE_CHARS: usize = 250;
/// The longest consent text, in characters: some list every partner.
const MAX_CONSENT_CHARS: usize = 12_000;
/// The most passages that are read of the box of a consent tool.
const MAX_PASSAGES: usize = 400;
/// The most text nodes of a passage.
const MAX_PASSAGE_TEXT_NODES: usize = 60;
/// How much of a page's markup is searched for the marks of interstitials, in bytes.
const MAX_SEARCHED_BYTES: usize = 200_000;

/// Returns the reason why `page`, whose extracted text is `body`, has no article; `None` when it may have one.
pub(super) fn detect(page: &Page<'_>, document: &Html, metadata: &Metadata, body: &str) -> Option<NoArticle> {
    let signs = PageSigns::read(document);
    let chars = body.chars().count();
    // The head of a page with a consent text may be that of the article. No other interstitial has the headline that the feed announced.
    let is_titled = page.title_hint.is_some_and(|hint| signs.is_titled(hint));
    if chars < MAX_CONSENT_CHARS && is_consent(page, document, metadata.declares_article || is_titled, body) {
        return Some(NoArticle::Consent);
    }
    if is_titled {
        return None;
    }
    let is_short = chars < MAX_INTERSTITIAL_CHARS;
    if is_short && metadata.is_bot_check {
        return Some(NoArticle::AntiBot);
    }
    if is_short
        && !metadata.declares_article
        && let Some(reason) = known_interstitial(page, document, &signs, metadata, chars)
    {
        return Some(reason);
    }
    if signs.is_missing(chars, metadata) {
        return Some(NoArticle::Missing);
    }
    is_front_page(page, &signs, metadata).then_some(NoArticle::Home)
}

/// The titles, headings and marks of a page.
struct PageSigns {
    /// The titles of the document and of its Open Graph data, in lower case.
    titles: Vec<String>,
    /// Its first headings of ranks 1 and 2, in lower case.
    headings: Vec<String>,
    /// Whether a class of an element marks the page as not found.
    has_missing_class: bool,
    announces_feed: bool,
    /// Whether `og:type` declares the page as that of the site, not of an article.
    is_site: bool,
}

impl PageSigns {
    fn read(document: &Html) -> Self {
        let mut signs = Self {
            titles: Vec::new(),
            headings: Vec::new(),
            has_missing_class: false,
            announces_feed: false,
            is_site: false,
        };
        for element in document.root_element().descendent_elements() {
            let value = element.value();
            match value.name() {
                "title" if signs.titles.len() < 3 => signs.titles.push(normalize_line(&element_text(element))),
                "meta" => signs.meta(element),
                "link" => {
                    let kind = value.attr("type").unwrap_or_default();
                    signs.announces_feed |= matches!(kind, "application/rss+xml" | "application/atom+xml");
                }
                "h1" | "h2" if signs.headings.len() < 3 => signs.headings.push(normalize_line(&element_text(element))),
                "body" | "div" | "main" | "article" | "section" if !signs.has_missing_class => {
                    signs.has_missing_class = value.classes().any(|class| phrases::MISSING_CLASSES.contains(&class));
                }
                _ => {}
            }
        }
        signs
    }

    fn meta(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        let content = value.attr("content").unwrap_or_default();
        match value.attr("property").or_else(|| value.attr("name")) {
            Some("og:title") => self.titles.push(normalize_line(content)),
            Some("og:type") => self.is_site |= matches!(content.trim(), "website" | "blog"),
            _ => {}
        }
    }

    /// Returns whether a title or a heading starts with `headline`.
    fn is_titled(&self, headline: &str) -> bool {
        let wanted = alphanumeric_key(headline);
        let begins = |line: &String| alphanumeric_key(line).starts_with(&wanted);
        wanted.chars().count() >= 8 && self.titles.iter().chain(&self.headings).any(begins)
    }

    /// Returns whether the page is a soft 404: it states that the requested page does not exist, with a status of success.
    fn is_missing(&self, chars: usize, metadata: &Metadata) -> bool {
        if self.has_missing_class {
            return !metadata.declares_article;
        }
        if metadata.declares_article && chars >= MAX_INTERSTITIAL_CHARS / 3 {
            return false;
        }
        let says = |line: &String| title_parts(line).any(says_missing);
        let begins = |line: &String| phrases::MISSING_TITLE_STARTS.iter().any(|start| line.starts_with(start));
        // Below the notice there are often teasers of other articles, so a title counts whatever the length of the text.
        let in_titles = self.titles.iter().any(|line| says(line) && !is_bare_404(line));
        let short = chars < MAX_INTERSTITIAL_CHARS && self.titles.iter().chain(&self.headings).any(|line| says(line) || begins(line));
        in_titles || short
    }
}

/// Returns a line in the form of the tables: lower case, plain apostrophes, single spaces.
fn normalize_line(line: &str) -> String {
    let lower = line.to_lowercase().replace(['\u{2019}', '\u{2bc}', '`'], "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Splits a title at its separators; each part has letters or digits at both ends.
fn title_parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(['|', '–', '—', '·', '»', '«', '!', '.', '?', '؟', '(', ')'])
        .flat_map(|part| part.split(" - "))
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|part| !part.is_empty())
}

/// Returns whether a part of a title only states that the page does not exist. Of a headline such as "Page not found: a novel" only one half
/// does.
fn says_missing(part: &str) -> bool {
    part.split(':').all(|part| phrases::MISSING_TITLES.contains(&part.trim()))
}

/// Returns whether a title states it by the number 404 alone: a car and a road can be called 404 too.
fn is_bare_404(line: &str) -> bool {
    title_parts(line).all(|part| part == "404" || !says_missing(part))
}

/// Returns the kind of a page with little text that has the marks of a login page, a bot wall or a notice of the site.
fn known_interstitial(page: &Page<'_>, document: &Html, signs: &PageSigns, metadata: &Metadata, chars: usize) -> Option<NoArticle> {
    let text = page_text(document)?;
    let markup = page.html[..page.html.floor_char_boundary(MAX_SEARCHED_BYTES)].to_ascii_lowercase();
    let normalized = NormalizedPage {
        markup: &markup,
        title: signs.titles.first().map_or("", String::as_str),
        text: &text,
    };
    let is_named = |title: &String| title_parts(title).any(|part| phrases::LOGIN_TITLES.contains(&part));
    if has_password_field(&markup)
        && (signs.titles.iter().chain(&signs.headings).any(is_named) || is_redirected_to(page, phrases::LOGIN_PATHS))
    {
        return Some(NoArticle::Login);
    }
    // Many small sites have a login form on every page; a page with a date is seldom an interstitial.
    let is_dated = metadata.published.is_some() || signs.announces_feed;
    let likely =
        || html_interstitial::likely(&normalized).filter(|kind| !is_dated && (*kind != Interstitial::Login || chars < MAX_NOTICE_CHARS));
    let kind = html_interstitial::conclusive(&normalized).or_else(likely)?;
    Some(match kind {
        Interstitial::AntiBot(_) => NoArticle::AntiBot,
        Interstitial::Login => NoArticle::Login,
        other => NoArticle::Interstitial(other),
    })
}

/// Returns the text of the whole page, in lower case; `None` when it is longer than that of any interstitial.
fn page_text(document: &Html) -> Option<String> {
    let mut text = String::new();
    for node in document.root_element().descendants() {
        let Some(part) = node.value().as_text() else { continue };
        let is_code = node
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|parent| matches!(parent.value().name(), "script" | "style"));
        if !is_code {
            text.push_str(part);
            text.push(' ');
        }
        // White space counts here as well: this bound only saves the work on large pages.
        if text.len() > 8 * MAX_EXPLAINED_BYTES {
            return None;
        }
    }
    let text = normalize_line(&text);
    (text.len() <= MAX_EXPLAINED_BYTES).then_some(text)
}

/// Returns whether the page is at one of `paths`, and was requested elsewhere.
fn is_redirected_to(page: &Page<'_>, paths: &[&str]) -> bool {
    let at = |url: Option<&Url>| {
        let path = url.map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
        paths.iter().any(|known| {
            path.split('/')
                .any(|part| part == *known || part.strip_suffix(".php") == Some(*known))
        })
    };
    at(page.url) && !at(page.requested_url)
}

/// Returns whether `body` is only a consent text.
fn is_consent(page: &Page<'_>, document: &Html, declares_article: bool, body: &str) -> bool {
    let host = page.url.and_then(Url::host_str).unwrap_or_default();
    if phrases::CONSENT_HOSTS.iter().any(|start| host.starts_with(start)) || is_redirected_to(page, phrases::CONSENT_PATHS) {
        return true;
    }
    if body.is_empty() {
        return false;
    }
    asks_for_consent(body, declares_article) || is_in_consent_banner(document, body)
}

/// Returns whether most of `body` asks the reader for consent. An article about cookies does not address the reader.
fn asks_for_consent(body: &str, declares_article: bool) -> bool {
    let lower = normalize_line(body);
    if body.chars().count() < 600 && phrases::COOKIE_WALL_PHRASES.iter().any(|words| lower.contains(words)) {
        return true;
    }
    let asks = phrases::CONSENT_PHRASES.iter().filter(|ask| lower.contains(**ask)).count();
    if asks < if declares_article { 3 } else { 2 } {
        return false;
    }
    let is_about_consent = |line: &&str| {
        let line = normalize_line(line);
        phrases::CONSENT_TERMS.iter().any(|term| line.contains(term))
    };
    let consent_bytes: usize = body.lines().filter(is_about_consent).map(str::len).sum();
    consent_bytes * 10 >= body.len() * 6
}

/// Returns whether most of `body` is in the boxes of consent tools.
fn is_in_consent_banner(document: &Html, body: &str) -> bool {
    let banners = document
        .root_element()
        .descendent_elements()
        .filter(|element| !matches!(element.value().name(), "html" | "body") && is_banner(*element));
    let mut banner_texts: HashSet<String> = HashSet::new();
    for banner in banners.take(8) {
        let own = banner.descendent_elements().filter(|inner| is_passage(*inner)).take(MAX_PASSAGES);
        banner_texts.extend(own.map(element_text).filter(|line| !line.is_empty()));
    }
    let within: usize = body.lines().filter(|line| banner_texts.contains(*line)).map(str::len).sum();
    within * 2 > body.len()
}

/// Returns whether an element contains text, but not more than is read at a time.
fn is_passage(element: ElementRef<'_>) -> bool {
    let lengths = element.text().map(str::len).take(MAX_PASSAGE_TEXT_NODES + 1);
    let (count, size) = lengths.fold((0, 0), |(count, size), length| (count + 1, size + length));
    (1..=MAX_PASSAGE_TEXT_NODES).contains(&count) && size <= MAX_CONSENT_CHARS
}

/// Returns whether a class or the id of an element is that of a consent tool's box.
fn is_banner(element: ElementRef<'_>) -> bool {
    element.value().classes().chain(element.value().id()).any(|name| {
        let name = name.to_ascii_lowercase();
        phrases::BANNER_NAME_STARTS.iter().any(|start| name.starts_with(start))
    })
}

/// Returns whether the page is a front page although another page was requested.
fn is_front_page(page: &Page<'_>, signs: &PageSigns, metadata: &Metadata) -> bool {
    let Some(url) = page.url else { return false };
    if page.requested_url.is_some_and(|asked| !is_front_page_address(asked)) && is_front_page_address(url) {
        return true;
    }
    // Some sites serve their front page at any address, without a redirect, with its own address as the canonical one.
    let is_declared = signs.is_site && metadata.canonical.as_ref().is_some_and(is_front_page_address);
    is_declared && !is_front_page_address(url) && !metadata.declares_article && metadata.published.is_none()
}

/// Returns whether an address is that of a front page, perhaps of one language.
fn is_front_page_address(url: &Url) -> bool {
    let is_ignored =
        |name: &str| name.starts_with("utm_") || matches!(name, "lang" | "fbclid" | "gclid" | "hl" | "l" | "redirect" | "ref" | "amp");
    if url.query_pairs().any(|(name, _)| !name.is_empty() && !is_ignored(&name)) {
        return false;
    }
    // Of pages rendered by a script the fragment may be a path.
    if url.fragment().is_some_and(|fragment| fragment.starts_with(['/', '!'])) {
        return false;
    }
    let segments: Vec<String> = url
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let is_language = |part: &str| part.len() == 2 || (part.len() == 5 && part.as_bytes()[2] == b'-');
    match segments.as_slice() {
        [] => true,
        [one] => is_language(one) || phrases::FRONT_PAGE_NAMES.contains(&one.as_str()),
        [one, two] => is_language(one) && phrases::FRONT_PAGE_NAMES.contains(&two.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
