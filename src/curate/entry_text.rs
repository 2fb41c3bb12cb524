//! The texts and properties of one entry that rules look at, and the index of its words that all rules share.

use crate::config::Source;
use crate::model::Timestamp;
use crate::text::stem::strip_inflection;
use crate::text::token::{Token, tokens};
use std::collections::{BTreeMap, HashMap};

/// How many words of each zone are indexed.
const MAX_ZONE_WORDS: usize = 20_000;

/// What rules look at in one entry. All texts are plain text.
#[derive(Debug, Clone, Copy)]
pub struct EntryText<'a> {
    /// The headline.
    pub title: &'a str,
    /// The feed's summary.
    pub summary: &'a str,
    /// The body: the article's text or the feed's full text.
    pub body: &'a str,
    /// The names of its authors.
    pub authors: &'a [String],
    /// The publisher's categories.
    pub categories: &'a [String],
    /// Its address.
    pub url: Option<&'a str>,
    /// A BCP 47 language tag.
    pub language: Option<&'a str>,
    /// Its source.
    pub source: &'a Source,
    /// The date that is shown to people.
    #[expect(dead_code, reason = "the query field `date:`, planned, will compare it")]
    pub date: Timestamp,
}

impl<'a> EntryText<'a> {
    /// Splits the texts into words, folds them, and indexes them, once for all rules.
    #[must_use]
    pub fn index_words(self) -> IndexedEntry<'a> {
        let mut indexed = IndexedEntry {
            text: self,
            zones: Vec::with_capacity(Zone::ALL.len()),
            by_inflected: HashMap::new(),
            by_folded: BTreeMap::new(),
        };
        for zone in Zone::ALL {
            indexed.add_zone(zone);
        }
        indexed
    }

    /// Returns the texts of a zone.
    pub(super) fn zone_texts(&self, zone: Zone) -> Vec<&'a str> {
        match zone {
            Zone::Title => vec![self.title],
            Zone::Summary => vec![self.summary],
            Zone::Body => vec![self.body],
            Zone::Author => self.authors.iter().map(String::as_str).collect(),
            Zone::Category => self.categories.iter().map(String::as_str).collect(),
            Zone::Url => self.url.into_iter().collect(),
        }
    }
}

/// A part of an entry whose words are indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Zone {
    Title,
    Summary,
    Body,
    Author,
    Category,
    Url,
}

impl Zone {
    pub(super) const ALL: [Self; 6] = [Self::Title, Self::Summary, Self::Body, Self::Author, Self::Category, Self::Url];

    /// The zones in which a word without a field is sought.
    pub(super) const TEXT: [Self; 3] = [Self::Title, Self::Summary, Self::Body];

    /// Returns the name that reasons give, which is published.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Body => "body",
            Self::Author => "author",
            Self::Category => "category",
            Self::Url => "url",
        }
    }

    /// Returns the weight of a match in a score.
    pub(super) const fn weight(self) -> f64 {
        match self {
            Self::Title => 4.0,
            Self::Summary | Self::Category => 2.0,
            Self::Body | Self::Author | Self::Url => 1.0,
        }
    }
}

/// The position of a word in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WordPosition {
    pub zone: Zone,
    /// The number of the word in its zone. Between two texts of a zone a number is left out, so that no phrase spans them.
    pub word: usize,
}

/// An entry with an index of its words.
#[derive(Debug)]
pub struct IndexedEntry<'a> {
    pub(super) text: EntryText<'a>,
    /// The words of each zone; `None` between two texts.
    zones: Vec<Vec<Option<IndexedWord<'a>>>>,
    by_inflected: HashMap<String, Vec<WordPosition>>,
    by_folded: BTreeMap<String, Vec<WordPosition>>,
}

/// A word with the text that contains it, so that consecutive words are quoted with the characters between them.
#[derive(Debug, Clone)]
pub(super) struct IndexedWord<'a> {
    pub token: Token<'a>,
    pub whole: &'a str,
}

impl<'a> IndexedEntry<'a> {
    fn add_zone(&mut self, zone: Zone) {
        let mut words: Vec<Option<IndexedWord<'a>>> = Vec::new();
        for whole in self.text.zone_texts(zone) {
            let room = MAX_ZONE_WORDS.saturating_sub(words.len());
            for token in tokens(whole).take(room) {
                let position = WordPosition { zone, word: words.len() };
                self.by_inflected
                    .entry(strip_inflection(&token.folded).into_owned())
                    .or_default()
                    .push(position);
                self.by_folded.entry(token.folded.clone().into_owned()).or_default().push(position);
                words.push(Some(IndexedWord { token, whole }));
            }
            words.push(None);
        }
        self.zones.push(words);
    }

    /// Returns the positions of the words with this singular.
    pub(super) fn positions_of_inflected(&self, word: &str) -> &[WordPosition] {
        self.by_inflected.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns the positions of this folded word.
    pub(super) fn positions_of_folded(&self, word: &str) -> &[WordPosition] {
        self.by_folded.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns the positions of the folded words with this prefix, in alphabetical order of the words.
    pub(super) fn positions_of_prefix(&self, prefix: &str) -> Vec<WordPosition> {
        self.by_folded
            .range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded))
            .take_while(|(word, _)| word.starts_with(prefix))
            .flat_map(|(_, places)| places.iter().copied())
            .collect()
    }

    /// Returns the word at a position; none between two texts and behind the last.
    pub(super) fn word(&self, position: WordPosition) -> Option<&IndexedWord<'a>> {
        self.zones.get(position.zone as usize)?.get(position.word)?.as_ref()
    }

    /// Returns the text of `word_count` words from `start` on as it is written.
    pub(super) fn quote(&self, start: WordPosition, word_count: usize) -> &'a str {
        let last = WordPosition {
            word: start.word + word_count.saturating_sub(1),
            ..start
        };
        let (Some(first), Some(last)) = (self.word(start), self.word(last)) else {
            return "";
        };
        first.whole.get(first.token.start..last.token.span().end).unwrap_or("")
    }
}
