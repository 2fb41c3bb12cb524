//! Tells pages that stand where an article should be: checks for robots, logins, consent texts, pages that are not there any more, and front
//! pages. They are named, never evaded. Whether an article goes on behind a paywall is told in [`paywall`].
//!
//! Every sign is weighed with how much the page says: an article about cookies, logins or "not found" has a lot to say.

pub(super) mod paywall;
mod phrases;

use super::metadata::Metadata;
use super::no_article::NoArticle;
use super::normalize::alphanumeric_key;
use super::normalize::element_text;
use super::page::Page;
use crate::html::interstitial::{self as known, Interstitial, MAX_EXPLAINED_BYTES, NormalizedPage, has_password_field};
use scraper::{ElementRef, Html};
use std::collections::HashSet;
use url::Url;

/// A body with less text, in characters, may be that of a wall.
const SHORT: usize = 1500;
/// A body with less text, in characters, is a mere notice.
const NOTICE: usize = 250;
/// A consent text is no longer than this, in characters: longer ones list every partner.
const CONSENT: usize = 12_000;
/// So many passages of a consent tool's box are read, each of so many parts at most.
const MAX_PASSAGES: usize = 400;
const MAX_PARTS: usize = 60;
/// How much of a page's markup is searched for the marks of a wall, in bytes.
const MARKUP: usize = 200_000;

/// Returns why `page`, whose text was found to be `body`, holds no article; none when it may hold one.
pub(super) fn instead(page: &Page<'_>, document: &Html, metadata: &Metadata, body: &str) -> Option<NoArticle> {
    let signs = Signs::of(document);
    let chars = body.chars().count();
    // Consent texts stand on pages whose head tells of the article all the same. No other wall bears the headline that the feed announced.
    let is_titled = page.title_hint.is_some_and(|hint| signs.is_titled(hint));
    if chars < CONSENT && is_consent(page, document, metadata.declares_article || is_titled, body) {
        return Some(NoArticle::Consent);
    }
    if is_titled {
        return None;
    }
    let is_short = chars < SHORT;
    if is_short && metadata.is_bot_check {
        return Some(NoArticle::AntiBot);
    }
    if is_short
        && !metadata.declares_article
        && let Some(wall) = wall(page, document, &signs, metadata, chars)
    {
        return Some(wall);
    }
    if signs.is_missing(chars, metadata) {
        return Some(NoArticle::Missing);
    }
    is_home(page, &signs, metadata).then_some(NoArticle::Home)
}

/// What the head and the headings of a page say of it.
struct Signs {
    /// The titles of the document and of its card for social media, in lower case.
    titles: Vec<String>,
    /// Its first headings of the first rank, in lower case.
    headings: Vec<String>,
    /// Whether the body's class says that nothing is here.
    is_marked_missing: bool,
    announces_feed: bool,
    /// Whether the page calls itself a site.
    is_site: bool,
}

impl Signs {
    fn of(document: &Html) -> Self {
        let mut signs = Self {
            titles: Vec::new(),
            headings: Vec::new(),
            is_marked_missing: false,
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
                "body" | "div" | "main" | "article" | "section" if !signs.is_marked_missing => {
                    signs.is_marked_missing = value.classes().any(|class| phrases::MISSING_CLASSES.contains(&class));
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

    /// Whether a title or a heading is `headline`.
    fn is_titled(&self, headline: &str) -> bool {
        let wanted = alphanumeric_key(headline);
        let begins = |line: &String| alphanumeric_key(line).starts_with(&wanted);
        wanted.chars().count() >= 8 && self.titles.iter().chain(&self.headings).any(begins)
    }

    /// Whether the page says that what was asked for is not there (a "soft 404": the status says all is well).
    fn is_missing(&self, chars: usize, metadata: &Metadata) -> bool {
        if self.is_marked_missing {
            return !metadata.declares_article;
        }
        if metadata.declares_article && chars >= SHORT / 3 {
            return false;
        }
        let says = |line: &String| parts(line).any(says_missing);
        let begins = |line: &String| phrases::MISSING_STARTS.iter().any(|start| line.starts_with(start));
        // Teasers of other articles often stand below the notice, so a title that says it counts with any text.
        let in_titles = self.titles.iter().any(|line| says(line) && !is_number(line));
        let short = chars < SHORT && self.titles.iter().chain(&self.headings).any(|line| says(line) || begins(line));
        in_titles || short
    }
}

/// Brings a line into the form of the tables: lower case, plain apostrophes, single spaces.
fn normalize_line(line: &str) -> String {
    let lower = line.to_lowercase().replace(['\u{2019}', '\u{2bc}', '`'], "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts a title at its separators; what is left has letters or digits at both ends.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split(['|', '–', '—', '·', '»', '«', '!', '.', '?', '؟', '(', ')'])
        .flat_map(|part| part.split(" - "))
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|part| !part.is_empty())
}

/// Whether a part of a title only says that nothing is there. Of a headline such as "Page not found: a novel" only half does.
fn says_missing(part: &str) -> bool {
    part.split(':').all(|part| phrases::MISSING.contains(&part.trim()))
}

/// Whether a title says no more than a number: a car and a road can be called 404 too.
fn is_number(line: &str) -> bool {
    parts(line).all(|part| part == "404" || !says_missing(part))
}

/// Looks for the marks of a wall, on a page of few words.
fn wall(page: &Page<'_>, document: &Html, signs: &Signs, metadata: &Metadata, chars: usize) -> Option<NoArticle> {
    let said = said(document)?;
    let markup = page.html[..page.html.floor_char_boundary(MARKUP)].to_ascii_lowercase();
    let seen = NormalizedPage {
        markup: &markup,
        title: signs.titles.first().map_or("", String::as_str),
        text: &said,
    };
    let is_named = |title: &String| parts(title).any(|part| phrases::LOGIN.contains(&part));
    if has_password_field(&markup) && (signs.titles.iter().chain(&signs.headings).any(is_named) || moved_to(page, phrases::LOGIN_PATHS)) {
        return Some(NoArticle::Login);
    }
    // Many small sites have a form for a name and a password on every page; a page with a date is hardly a wall.
    let is_dated = metadata.published.is_some() || signs.announces_feed;
    let likely = || known::likely(&seen).filter(|wall| !is_dated && (*wall != Interstitial::Login || chars < NOTICE));
    let wall = known::conclusive(&seen).or_else(likely)?;
    Some(match wall {
        Interstitial::AntiBot(_) => NoArticle::AntiBot,
        Interstitial::Login => NoArticle::Login,
        other => NoArticle::Interstitial(other),
    })
}

/// Returns what the whole page says, in lower case; none when that is more than any wall says.
fn said(document: &Html) -> Option<String> {
    let mut said = String::new();
    for node in document.root_element().descendants() {
        let Some(part) = node.value().as_text() else { continue };
        let is_code = node
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|parent| matches!(parent.value().name(), "script" | "style"));
        if !is_code {
            said.push_str(part);
            said.push(' ');
        }
        // White space is counted as well: the bound only has to spare the work on large pages.
        if said.len() > 8 * MAX_EXPLAINED_BYTES {
            return None;
        }
    }
    let said = normalize_line(&said);
    (said.len() <= MAX_EXPLAINED_BYTES).then_some(said)
}

/// Whether the page lies at one of `paths`, and was not asked for there.
fn moved_to(page: &Page<'_>, paths: &[&str]) -> bool {
    let at = |url: Option<&Url>| {
        let path = url.map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
        paths.iter().any(|known| {
            path.split('/')
                .any(|part| part == *known || part.strip_suffix(".php") == Some(*known))
        })
    };
    at(page.url) && !at(page.requested_url)
}

/// Whether `body` is only a consent text.
fn is_consent(page: &Page<'_>, document: &Html, declares_article: bool, body: &str) -> bool {
    let host = page.url.and_then(Url::host_str).unwrap_or_default();
    if phrases::CONSENT_HOSTS.iter().any(|start| host.starts_with(start)) || moved_to(page, phrases::CONSENT_PATHS) {
        return true;
    }
    if body.is_empty() {
        return false;
    }
    speaks_of_consent(body, declares_article) || stands_in_banner(document, body)
}

/// Whether nearly all of `body` asks the reader about cookies. An article about cookies does not speak to the reader.
fn speaks_of_consent(body: &str, declares_article: bool) -> bool {
    let lower = normalize_line(body);
    if body.chars().count() < 600 && phrases::COOKIE_WALLS.iter().any(|words| lower.contains(words)) {
        return true;
    }
    let asks = phrases::CONSENT_ASKS.iter().filter(|ask| lower.contains(**ask)).count();
    if asks < if declares_article { 3 } else { 2 } {
        return false;
    }
    let of_cookies = |line: &&str| {
        let line = normalize_line(line);
        phrases::CONSENT_TERMS.iter().any(|term| line.contains(term))
    };
    let spoken: usize = body.lines().filter(of_cookies).map(str::len).sum();
    spoken * 10 >= body.len() * 6
}

/// Whether most of `body` stands in the boxes of a consent tool.
fn stands_in_banner(document: &Html, body: &str) -> bool {
    let banners = document
        .root_element()
        .descendent_elements()
        .filter(|element| !matches!(element.value().name(), "html" | "body") && is_banner(*element));
    let mut told: HashSet<String> = HashSet::new();
    for banner in banners.take(8) {
        let own = banner.descendent_elements().filter(|inner| is_passage(*inner)).take(MAX_PASSAGES);
        told.extend(own.map(element_text).filter(|line| !line.is_empty()));
    }
    let within: usize = body.lines().filter(|line| told.contains(*line)).map(str::len).sum();
    within * 2 > body.len()
}

/// Whether an element holds text, but not so much that it takes long to read.
fn is_passage(element: ElementRef<'_>) -> bool {
    let parts = element.text().map(str::len).take(MAX_PARTS + 1);
    let (count, size) = parts.fold((0, 0), |(count, size), length| (count + 1, size + length));
    (1..=MAX_PARTS).contains(&count) && size <= CONSENT
}

fn is_banner(element: ElementRef<'_>) -> bool {
    element.value().classes().chain(element.value().id()).any(|name| {
        let name = name.to_ascii_lowercase();
        phrases::BANNERS.iter().any(|start| name.starts_with(start))
    })
}

/// Whether the page is a front page although a page deep in the site was asked for.
fn is_home(page: &Page<'_>, signs: &Signs, metadata: &Metadata) -> bool {
    let Some(url) = page.url else { return false };
    if page.requested_url.is_some_and(|asked| !is_front(asked)) && is_front(url) {
        return true;
    }
    // Sites that send nobody on show their front page anywhere, and say so.
    let says_so = signs.is_site && metadata.canonical.as_ref().is_some_and(is_front);
    says_so && !is_front(url) && !metadata.declares_article && metadata.published.is_none()
}

/// Whether an address is that of a front page, perhaps of one language.
fn is_front(url: &Url) -> bool {
    let is_idle =
        |name: &str| name.starts_with("utm_") || matches!(name, "lang" | "fbclid" | "gclid" | "hl" | "l" | "redirect" | "ref" | "amp");
    if url.query_pairs().any(|(name, _)| !name.is_empty() && !is_idle(&name)) {
        return false;
    }
    // Pages that are drawn by a script may lie behind the fragment.
    if url.fragment().is_some_and(|fragment| fragment.starts_with(['/', '!'])) {
        return false;
    }
    let parts: Vec<String> = url
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let is_language = |part: &str| part.len() == 2 || (part.len() == 5 && part.as_bytes()[2] == b'-');
    match parts.as_slice() {
        [] => true,
        [one] => is_language(one) || phrases::FRONTS.contains(&one.as_str()),
        [one, two] => is_language(one) && phrases::FRONTS.contains(&two.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
