//! What rules look at in one entry: its words, which were folded when it was gathered, and facts about it and its source.

use super::position::{Hit, WordPosition, Zone};
use crate::config::Source;
use crate::model::SourceId;
use crate::text::token::tokens;
use crate::text::word_list;
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

/// Returns the folded words of an article's text and categories, as [`EntryWords::new`] reads them.
#[must_use]
pub fn article_word_list(text: &str, categories: &[String]) -> String {
    let categories: Vec<&str> = categories.iter().map(String::as_str).collect();
    word_list::encode(&[&[text], &categories])
}

/// The folded words of an entry by zone; `None` between two texts.
#[derive(Debug, Default)]
pub struct EntryWords<'a> {
    zones: [Vec<Option<&'a str>>; Zone::ALL.len()],
}

impl<'a> EntryWords<'a> {
    /// Reads the words of a feed's entry and of its article: the article's text stands in place of the feed's full text, its categories are added.
    #[must_use]
    pub fn new(feed: &'a str, article: Option<&'a str>) -> Self {
        let mut zones: [Vec<Option<&str>>; Zone::ALL.len()] = Default::default();
        for (zone, part) in zones.iter_mut().zip(word_list::parts(feed)) {
            zone.extend(word_list::words(part));
        }
        if let Some(article) = article {
            let mut parts = word_list::parts(article);
            let body = &mut zones[Zone::Body as usize];
            body.clear();
            body.extend(parts.next().into_iter().flat_map(word_list::words));
            let categories = &mut zones[Zone::Category as usize];
            categories.push(None);
            categories.extend(parts.next().into_iter().flat_map(word_list::words));
        }
        Self { zones }
    }

    /// Returns the words of a zone.
    pub(super) fn zone(&self, zone: Zone) -> &[Option<&'a str>] {
        &self.zones[zone as usize]
    }

    /// Returns the word at a position; none between two texts and behind the last.
    pub(super) fn word(&self, position: WordPosition) -> Option<&'a str> {
        self.zone(position.zone).get(position.word).copied().flatten()
    }

    /// Returns whether two occurrences are of the same words.
    pub(super) fn are_equal(&self, one: &Hit, other: &Hit) -> bool {
        let words = |hit: &Hit| self.zone(hit.start.zone).get(hit.start.word..hit.start.word + hit.word_count);
        words(one) == words(other)
    }
}

/// An entry that rules are evaluated on.
pub struct ScannedEntry<'a> {
    /// Its facts.
    pub(super) facts: EntryFacts<'a>,
    /// Its words.
    pub(super) words: EntryWords<'a>,
    /// Where the patterns of all rules occur in it, by pattern and position.
    pub(super) hits: Vec<(u32, Hit)>,
    load: &'a dyn Fn() -> OriginalTexts,
    originals: OnceCell<OriginalTexts>,
}

impl<'a> ScannedEntry<'a> {
    pub(super) fn new(facts: EntryFacts<'a>, words: EntryWords<'a>, hits: Vec<(u32, Hit)>, load: &'a dyn Fn() -> OriginalTexts) -> Self {
        Self {
            facts,
            words,
            hits,
            load,
            originals: OnceCell::new(),
        }
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
