//! What a search of the stored entries looks for: a tree of words and facts, whatever index finds them.

use super::about::Area;
use super::genre::Genre;
use super::id::{SourceId, TopicId};
use super::time::Timestamp;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// What entries have to meet.
    pub expression: SearchExpression,
    /// The date before which an entry is not found.
    pub since: Option<Timestamp>,
    /// The topic that has to hold the entry's story.
    pub topic: Option<TopicId>,
}

/// What an entry has to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchExpression {
    /// Every part.
    All(Vec<Self>),
    /// One part at least; nothing meets an empty list.
    Any(Vec<Self>),
    /// What does not meet the part.
    Not(Box<Self>),
    /// Every entry does.
    Everything,
    /// The words stand in one of the zones.
    Phrase(SearchPhrase, SearchZones),
    /// The two phrases stand in one zone with at most so many words between them.
    Near(SearchPhrase, SearchPhrase, usize, SearchZones),
    /// Something else than words.
    Fact(SearchFact),
}

/// Words that follow each other, without their inflection, as `text::search_words` returns them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPhrase {
    /// The words; never empty.
    pub words: Vec<String>,
    /// Whether the last of them is the beginning of a word.
    pub is_prefix: bool,
}

/// A part of an entry that is searched by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchZone {
    /// The headline.
    Title,
    /// The feed's summary.
    Summary,
    /// The article's text, else the feed's full text.
    Body,
    /// The names of the authors.
    Author,
    /// The publisher's categories.
    Category,
}

/// Some of the zones.
pub type SearchZones = &'static [SearchZone];

impl SearchZone {
    /// Every zone.
    pub const ALL: [Self; 5] = [Self::Title, Self::Summary, Self::Body, Self::Author, Self::Category];
    /// Where a word without a field is sought.
    pub const TEXT: SearchZones = &[Self::Title, Self::Summary, Self::Body];
}

/// What is known of an entry besides its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchFact {
    /// It is of this source.
    Source(SourceId),
    /// Its language tag is this one or begins with its subtags; in lower case.
    Language(String),
    /// It is about this country or region.
    About(Area),
    /// It is of this genre.
    Genre(Genre),
    /// Its date lies on one of these UTC days, counted from 1970-01-01; the last does not belong to them.
    Days(Option<i64>, Option<i64>),
}

/// The order of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchOrder {
    /// The best match first, of equal ones the newest.
    #[default]
    Relevance,
    /// The newest first.
    Date,
}

/// The words of an entry for the index, zone by zone in the order of [`SearchZone::ALL`], separated by spaces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchWords(pub [String; SearchZone::ALL.len()]);
