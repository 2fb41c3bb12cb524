//! What rules look at in one entry: its words, which were folded when it was gathered, and facts about it and its source.

use super::pattern::PatternId;
use super::position::{Hit, WordPosition, Zone};
use crate::config::Source;
use crate::model::{SourceId, Timestamp};
use crate::text::token::tokens;
use crate::text::word_list::{self, Word};
use std::cell::OnceCell;

/// The facts about an entry that fields of the query language compare as a whole.
#[derive(Debug, Clone, Copy)]
pub struct EntryFacts<'a> {
    /// The id of its source.
    pub source_id: &'a SourceId,
    /// Its source; none when that was removed from the configuration.
    pub source: Option<&'a Source>,
    /// A BCP 47 language tag.
    pub language: Option<&'a str>,
    /// The entry's date.
    pub date: Timestamp,
}

/// The texts of an entry as they were published, as plain text. They are read only to quote them, and for clauses that compare what is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginalTexts {
    /// The headline.
    pub title: String,
    /// The feed's summary.
    pub summary: String,
    /// The body: the article's text or the feed's full text.
    pub body: String,
    /// The names of its authors.
    pub authors: Vec<String>,
    /// The publisher's categories, and those of the article.
    pub categories: Vec<String>,
    /// Its address.
    pub url: Option<String>,
}

impl OriginalTexts {
    /// Returns the folded words of the feed's entry, and those of the article, if there is one, as [`EntryWords::new`] reads them.
    #[must_use]
    pub fn word_list(&self) -> String {
        let zones = Zone::ALL.map(|zone| self.zone(zone));
        word_list::encode(&zones.each_ref().map(Vec::as_slice))
    }

    /// Returns the texts of a zone.
    pub(super) fn zone(&self, zone: Zone) -> Vec<&str> {
        fn all(texts: &[String]) -> Vec<&str> {
            texts.iter().map(String::as_str).collect()
        }
        match zone {
            Zone::Title => vec![&self.title],
            Zone::Summary => vec![&self.summary],
            Zone::Body => vec![&self.body],
            Zone::Author => all(&self.authors),
            Zone::Category => all(&self.categories),
            Zone::Url => self.url.as_deref().into_iter().collect(),
        }
    }
}

/// Returns the words of title, summary and body in what [`OriginalTexts::word_list`] returned, as [`word_list::words`] reads them.
#[must_use]
pub fn text_zones(words: &str) -> [&str; 3] {
    let mut parts = word_list::parts(words);
    Zone::TEXT.map(|_| parts.next().unwrap_or_default())
}

/// Returns the folded words of an article's text, categories and byline, as [`EntryWords::new`] reads them.
#[must_use]
pub fn article_word_list(text: &str, categories: &[String], authors: &[String]) -> String {
    fn all(texts: &[String]) -> Vec<&str> {
        texts.iter().map(String::as_str).collect()
    }
    word_list::encode(&[&[text], &all(categories), &all(authors)])
}

/// The folded words of an entry by zone; `None` between two texts.
#[derive(Debug, Default)]
pub struct EntryWords<'a> {
    zones: [Vec<Option<Word<'a>>>; Zone::ALL.len()],
    /// The text of each zone as [`word_list`] has it, for the ends of sentences.
    lists: [&'a str; Zone::ALL.len()],
}

impl<'a> EntryWords<'a> {
    /// Reads the words of a feed's entry and of its article: the article's text stands in place of the feed's full text, its categories and the
    /// byline of its page are added.
    #[must_use]
    pub fn new(feed: &'a str, article: Option<&'a str>) -> Self {
        let mut lists: [&str; Zone::ALL.len()] = Default::default();
        for (list, part) in lists.iter_mut().zip(word_list::parts(feed)) {
            *list = part;
        }
        let mut of_article = article.into_iter().flat_map(word_list::parts);
        if let Some(body) = of_article.next() {
            lists[Zone::Body as usize] = body;
        }
        let mut zones: [Vec<Option<Word<'_>>>; Zone::ALL.len()] = Default::default();
        for (zone, list) in zones.iter_mut().zip(lists) {
            zone.reserve(list.len() / 6);
            zone.extend(word_list::cased_words(list));
        }
        for (zone, part) in [Zone::Category, Zone::Author].into_iter().zip(of_article) {
            let zone = &mut zones[zone as usize];
            if !part.is_empty() {
                // Nothing stands before the first text, so that words have the numbers by which `ScannedEntry::quote` finds them.
                if !zone.is_empty() {
                    zone.push(None);
                }
                zone.extend(word_list::cased_words(part));
            }
        }
        Self { zones, lists }
    }

    /// Returns the words of a zone.
    pub(super) fn zone(&self, zone: Zone) -> &[Option<Word<'a>>] {
        &self.zones[zone as usize]
    }

    /// Returns the word at a position; none between two texts and behind the last.
    pub(super) fn word(&self, position: WordPosition) -> Option<Word<'a>> {
        self.zone(position.zone).get(position.word).copied().flatten()
    }

    /// Returns the words of an occurrence, separated by spaces.
    pub(super) fn text(&self, hit: &Hit) -> String {
        let words = self.zone(hit.start.zone).get(hit.start.word..hit.start.word + hit.word_count);
        let words = words.unwrap_or_default().iter().flatten();
        words.map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    /// Returns whether two occurrences are of the same words.
    pub(super) fn are_equal(&self, one: &Hit, other: &Hit) -> bool {
        one.word_count == other.word_count && self.text(one) == self.text(other)
    }

    /// Returns the number of words of the headline and of the longer of summary and body.
    pub(super) fn text_words(&self) -> usize {
        self.zone(Zone::Title).len() + self.zone(Zone::Summary).len().max(self.zone(Zone::Body).len())
    }

    /// Returns the numbers of the words of a zone with which sentences begin.
    pub(super) fn sentence_starts(&self, zone: Zone) -> Vec<usize> {
        word_list::sentence_starts(self.lists[zone as usize])
    }
}

/// An entry with what was found in its words.
pub(super) struct ScannedEntry<'a> {
    /// Its facts.
    pub facts: EntryFacts<'a>,
    /// Its words.
    pub words: EntryWords<'a>,
    /// Where the patterns of all rules occur in it, by pattern and position.
    pub hits: Vec<(PatternId, Hit)>,
    /// The number of the first pattern that belongs to no rule and no concept.
    first_builtin: u32,
    load: &'a dyn Fn() -> OriginalTexts,
    originals: OnceCell<OriginalTexts>,
}

impl<'a> ScannedEntry<'a> {
    /// Returns an entry in which nothing was found yet.
    pub(super) fn new(facts: EntryFacts<'a>, words: EntryWords<'a>, first_builtin: u32, load: &'a dyn Fn() -> OriginalTexts) -> Self {
        Self {
            facts,
            words,
            hits: Vec::new(),
            first_builtin,
            load,
            originals: OnceCell::new(),
        }
    }

    /// Returns the number of a pattern in the tables of places and genres; none for one of a rule or concept.
    pub(super) fn builtin(&self, pattern: PatternId) -> Option<PatternId> {
        pattern.0.checked_sub(self.first_builtin).map(PatternId)
    }

    /// Returns the primary subtag of its language; none when it is not known.
    pub(super) fn language(&self) -> Option<&'a str> {
        let tag = self.facts.language?;
        Some(tag.split(['-', '_']).next().unwrap_or(tag)).filter(|tag| !tag.is_empty() && *tag != "und")
    }

    /// Returns the texts as they were published.
    pub(super) fn originals(&self) -> &OriginalTexts {
        self.originals.get_or_init(|| (self.load)())
    }

    /// Returns the words of an occurrence as they are written.
    pub(super) fn quote(&self, hit: &Hit) -> &str {
        // The number of the first word of each text in its zone; one number is left out between two texts.
        let mut first = 0;
        for text in self.originals().zone(hit.start.zone) {
            let mut found = tokens(text).skip(hit.start.word.saturating_sub(first));
            if let Some(start) = found.next() {
                let last = found.take(hit.word_count.saturating_sub(1)).last();
                let end = last.map_or_else(|| start.span().end, |last| last.span().end);
                return text.get(start.start..end).unwrap_or("");
            }
            first += tokens(text).count() + 1;
        }
        ""
    }

    /// Returns the words from `position` on as they are written; none behind the last.
    pub(super) fn written(&self, position: WordPosition) -> Option<&str> {
        let hit = Hit {
            start: position,
            word_count: 1,
        };
        Some(self.quote(&hit)).filter(|word| !word.is_empty())
    }
}
