//! Recognises the pages that a site shows in place of what was asked for: bot walls, logins, maintenance notices and the like. Pure.
//!
//! They are named, never evaded. The one table of their marks is in [`table`]; this file decides where each kind of mark counts. Most marks
//! count only up to a length of the page's text: a news page about such a vendor, or one with a captcha in its contact form, has more.
//! Consent texts, soft 404s and paywalls are recognised by `extract`, which knows the article's text.

mod table;

pub use table::Interstitial;
pub(crate) use table::MAX_EXPLAINED_BYTES;

use table::{HeaderMark, MAX_BARE_BYTES, Mark, ROWS, Row};

impl Interstitial {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AntiBot(_) => "anti-bot",
            Self::Login => "login",
            Self::Maintenance => "maintenance",
            Self::Parked => "parked",
            Self::Suspended => "suspended",
            Self::DatabaseError => "database-error",
            Self::ScriptError => "php-error",
            Self::ServerError => "server-error",
            Self::DirectoryListing => "directory",
        }
    }

    /// Returns the vendor of a bot wall.
    const fn vendor(self) -> Option<&'static str> {
        match self {
            Self::AntiBot(vendor) => Some(vendor),
            _ => None,
        }
    }
}

/// A page in the form in which marks are searched: lower case, the text also with plain apostrophes.
pub(crate) struct NormalizedPage<'p> {
    pub markup: &'p str,
    pub title: &'p str,
    pub text: &'p str,
}

/// Returns the kind of `page` if only the page of one vendor or one host looks so.
pub(crate) fn conclusive(page: &NormalizedPage<'_>) -> Option<Interstitial> {
    first(page, |row| row.conclusive)
}

/// Returns the kind of `page`, which announces no feed, if it is probably an interstitial.
pub(crate) fn likely(page: &NormalizedPage<'_>) -> Option<Interstitial> {
    first(page, |row| row.likely)
        .or_else(|| by_title(page))
        .or_else(|| by_captcha(page))
        .or_else(|| by_password_field(page))
}

/// Returns whether the title of a page, in lower case, is that of a bot wall in place of an article.
pub(crate) fn is_challenge_title(title: &str) -> bool {
    ROWS.iter()
        .any(|row| row.article_titles.iter().any(|start| title.starts_with(start)))
}

/// Returns whether markup in lower case has a field for a password.
pub(crate) fn has_password_field(markup: &str) -> bool {
    ["type=\"password\"", "type='password'", "type=password"]
        .iter()
        .any(|field| markup.contains(field))
}

/// Returns the vendor whose response header an answer has. On a successful answer only those headers count that come with challenges alone.
/// `has` tells whether the answer has a header of a name in lower case.
pub(crate) fn vendor_by_header(is_success: bool, has: impl Fn(&str) -> bool) -> Option<&'static str> {
    let counts = |header: &HeaderMark| (!is_success || header.only_with_challenges) && has(header.name);
    let found = ROWS.iter().find(|row| row.headers.iter().any(counts));
    found.and_then(|row| row.kind.vendor())
}

/// Returns the vendor whose marks the page of a refusal has, in any letter case. A refusal is evidence by itself, so every mark of a vendor
/// counts whatever the length of the page; captchas, which a vendor's page may contain, are searched last.
pub(crate) fn vendor_of_refusal(page: &[u8]) -> Option<&'static str> {
    let lower = page.to_ascii_lowercase();
    let has = |word: &&str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    let vendors = || ROWS.iter().filter_map(|row| Some((row, row.kind.vendor()?)));
    let bears_mark = |row: &Row| row.refusals.iter().any(has) || row.conclusive.iter().any(|mark| mark.words.iter().all(has));
    vendors()
        .find(|(row, _)| bears_mark(row))
        .or_else(|| vendors().find(|(row, _)| row.captchas.iter().any(has)))
        .map(|(_, vendor)| vendor)
}

fn first(page: &NormalizedPage<'_>, marks: impl Fn(&Row) -> &'static [Mark]) -> Option<Interstitial> {
    let has = |word: &&str| page.markup.contains(word) || page.text.contains(word);
    let matches = |mark: &Mark| page.text.len() <= mark.max_text_bytes && mark.words.iter().all(has);
    let found = ROWS.iter().find(|row| marks(row).iter().any(matches));
    found.map(|row| row.kind)
}

/// By the start of the title, or of the text where there is no title. The listing of a directory may be long.
fn by_title(page: &NormalizedPage<'_>) -> Option<Interstitial> {
    let is_short = page.text.len() < 2 * MAX_BARE_BYTES;
    let title = if page.title.is_empty() { page.text } else { page.title };
    let matches = |row: &&Row| {
        let counts = is_short || row.kind == Interstitial::DirectoryListing;
        counts && row.titles.iter().any(|start| title.starts_with(start))
    };
    ROWS.iter().find(matches).map(|row| row.kind)
}

/// By a captcha on a page with little text, and without the fields of a form that people write in.
fn by_captcha(page: &NormalizedPage<'_>) -> Option<Interstitial> {
    const FIELDS: &[&str] = &[
        "<textarea",
        "type=\"email\"",
        "type='email'",
        "type=email",
        "type=\"tel\"",
        "type=\"search\"",
        "<article",
    ];
    if page.text.len() > MAX_BARE_BYTES || FIELDS.iter().any(|field| page.markup.contains(field)) {
        return None;
    }
    let has = |word: &&str| page.markup.contains(word);
    let found = ROWS.iter().find(|row| row.captchas.iter().any(has));
    found.map(|row| row.kind)
}

fn by_password_field(page: &NormalizedPage<'_>) -> Option<Interstitial> {
    (has_password_field(page.markup) && page.text.len() < MAX_EXPLAINED_BYTES).then_some(Interstitial::Login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_in_the_form_in_which_pages_are_searched() {
        for row in ROWS {
            let marks = row.conclusive.iter().chain(row.likely).flat_map(|mark| mark.words);
            let words = marks
                .chain(row.refusals)
                .chain(row.titles)
                .chain(row.article_titles)
                .chain(row.captchas);
            for word in words.copied().chain(row.headers.iter().map(|header| header.name)) {
                assert!(
                    !word.is_empty() && word == word.to_lowercase() && !word.contains('\u{2019}'),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn only_bot_walls_have_marks_of_refusals() {
        for row in ROWS.iter().filter(|row| row.kind.vendor().is_none()) {
            let is_bare = row.headers.is_empty() && row.refusals.is_empty() && row.captchas.is_empty() && row.article_titles.is_empty();
            assert!(is_bare, "{:?}", row.kind);
        }
    }

    #[test]
    fn the_vendor_of_a_refusal_comes_before_its_captcha() {
        let page = b"<script src=https://www.google.com/RECAPTCHA/api.js></script><p>Imunify360</p>";
        assert_eq!(vendor_of_refusal(page), Some("Imunify360"));
        assert_eq!(vendor_of_refusal(&page[..60]), Some("reCAPTCHA"));
        assert_eq!(vendor_of_refusal(b"<p>Domain is parked: SedoParking</p>"), None);
    }
}
