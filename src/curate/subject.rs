//! A subject: one entry as rules see it, and its words made ready for many rules.

use crate::config::Source;
use crate::model::Timestamp;
use crate::text::stem::inflected;
use crate::text::token::{Token, tokens};
use std::collections::{BTreeMap, HashMap};

/// How many words of each text rules look at.
const WORDS: usize = 20_000;

/// One entry as rules see it. All texts are plain.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
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
    /// Its date for people.
    pub date: Timestamp,
}

impl<'a> Subject<'a> {
    /// Cuts the texts into words and folds them, once for all rules.
    #[must_use]
    pub fn prepare(self) -> PreparedSubject<'a> {
        let mut prepared = PreparedSubject {
            subject: self,
            zones: Vec::with_capacity(Zone::ALL.len()),
            by_inflected: HashMap::new(),
            by_folded: BTreeMap::new(),
        };
        for zone in Zone::ALL {
            prepared.read(zone);
        }
        prepared
    }

    /// Returns the texts of a zone.
    pub(super) fn texts(&self, zone: Zone) -> Vec<&'a str> {
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

/// A part of an entry in which words are sought.
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

    /// Where a word without a field is sought.
    pub(super) const TEXT: [Self; 3] = [Self::Title, Self::Summary, Self::Body];

    /// Returns the name that reasons give.
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

    /// Returns how much a match there counts.
    pub(super) const fn weight(self) -> f64 {
        match self {
            Self::Title => 4.0,
            Self::Summary | Self::Category => 2.0,
            Self::Body | Self::Author | Self::Url => 1.0,
        }
    }
}

/// The place of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub zone: Zone,
    /// The number of the word in its zone. Between two texts of a zone a number is left out, so that no phrase spans them.
    pub word: usize,
}

/// An entry whose words are ready to be judged by many rules.
#[derive(Debug)]
pub struct PreparedSubject<'a> {
    pub(super) subject: Subject<'a>,
    /// The words of each zone; `None` between two texts.
    zones: Vec<Vec<Option<Word<'a>>>>,
    by_inflected: HashMap<String, Vec<At>>,
    by_folded: BTreeMap<String, Vec<At>>,
}

/// A word with the text it stands in, so that neighbours can be quoted with what is between them.
#[derive(Debug, Clone)]
pub(super) struct Word<'a> {
    pub token: Token<'a>,
    pub whole: &'a str,
}

impl<'a> PreparedSubject<'a> {
    fn read(&mut self, zone: Zone) {
        let mut words: Vec<Option<Word<'a>>> = Vec::new();
        for whole in self.subject.texts(zone) {
            let room = WORDS.saturating_sub(words.len());
            for token in tokens(whole).take(room) {
                let at = At { zone, word: words.len() };
                self.by_inflected.entry(inflected(&token.folded).into_owned()).or_default().push(at);
                self.by_folded.entry(token.folded.clone().into_owned()).or_default().push(at);
                words.push(Some(Word { token, whole }));
            }
            words.push(None);
        }
        self.zones.push(words);
    }

    /// Returns where the word with this singular stands.
    pub(super) fn inflected(&self, word: &str) -> &[At] {
        self.by_inflected.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns where this folded word stands.
    pub(super) fn folded(&self, word: &str) -> &[At] {
        self.by_folded.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns where words that begin so stand, in the order of the words.
    pub(super) fn prefixed(&self, prefix: &str) -> Vec<At> {
        self.by_folded
            .range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded))
            .take_while(|(word, _)| word.starts_with(prefix))
            .flat_map(|(_, places)| places.iter().copied())
            .collect()
    }

    /// Returns the word at a place.
    pub(super) fn word(&self, at: At) -> Option<&Word<'a>> {
        self.zones.get(at.zone as usize)?.get(at.word)?.as_ref()
    }

    /// Returns the words from `at` on, `length` of them, as they stand in the text.
    pub(super) fn quote(&self, at: At, length: usize) -> &'a str {
        let last = At {
            word: at.word + length.saturating_sub(1),
            ..at
        };
        let (Some(first), Some(last)) = (self.word(at), self.word(last)) else {
            return "";
        };
        first.whole.get(first.token.start..last.token.span().end).unwrap_or("")
    }
}
