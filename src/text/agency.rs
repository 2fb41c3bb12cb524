//! Finds out that a text is a news agency's: by its authors, its rights, its dateline, or a credit at its beginning or end. A mention in a sentence
//! ("selon l'AFP", "a déclaré à l'AFP") names the source of a fact and not the author of the text, so it counts for nothing.

mod credit;
mod dateline;
mod names;

use crate::model::{Agency, Author};
use credit::{credit_at_end, credit_at_start, credit_in_author, whole_credit};
use dateline::dateline;

pub use names::agency_of_outlet;

/// The lines at each end of a text that may credit its author.
const OUTER_LINES: usize = 2;

/// What tells whose text an entry or an article is. Texts are plain, one line a block.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextCredits<'a> {
    /// The authors that a feed or a page names.
    pub authors: &'a [Author],
    /// The rights statement.
    pub rights: Option<&'a str>,
    /// The name of the publication from which it was taken.
    pub attribution: Option<&'a str>,
    /// Lines that were left out of the text since they credit an author.
    pub credits: &'a [String],
    /// The texts, the most complete one first.
    pub texts: &'a [&'a str],
    /// A BCP 47 language tag.
    pub language: Option<&'a str>,
}

/// Returns the agency whose text it is; `None` where nothing says so.
#[must_use]
pub fn agency_of_text(text: &TextCredits<'_>) -> Option<Agency> {
    let language = text.language.unwrap_or_default();
    let mut authors = text.authors.iter();
    let named = authors.find_map(|author| credit_in_author(&author.name, language));
    let named = named.or_else(|| text.attribution.and_then(agency_of_outlet));
    let stated = || {
        let mut lines = text.rights.into_iter().chain(text.credits.iter().map(String::as_str));
        lines.find_map(|line| whole_credit(line, language))
    };
    let written = || text.texts.iter().find_map(|text| agency_in_text(text, language));
    named.or_else(written).or_else(stated)
}

fn agency_in_text(text: &str, language: &str) -> Option<Agency> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let at_start = lines()
        .take(OUTER_LINES)
        .find_map(|line| dateline(line, language).or_else(|| credit_at_start(line, language)));
    at_start.or_else(|| {
        // The first line was looked at: there, initials alone credit a picture.
        let rest = text.trim().split_once('\n').map_or(text, |(_, rest)| rest);
        let last = rest.lines().rev().map(str::trim).filter(|line| !line.is_empty());
        last.take(OUTER_LINES).find_map(|line| credit_at_end(line, language))
    })
}

#[cfg(test)]
mod tests;
