//! What the page of a story is given: the item that leads it, every report, what publishers changed, and what people are quoted as saying. No rendering.

use super::topic_feed::{Item, Outlet};
use crate::model::{Agency, SourceId, Timestamp, TopicId};
use url::Url;

/// A story as its page tells it.
#[derive(Debug, Clone)]
pub struct StoryPage<'a> {
    /// The item of the first topic that holds it.
    pub item: &'a Item,
    /// The reports that are not hidden, by date: the newest.
    pub reports: Vec<StoryReport>,
    /// The number of earlier reports, for which there is no room.
    pub unlisted: usize,
    /// What publishers changed in their texts, by time.
    pub changes: Vec<TextChange>,
    /// What people are quoted as saying.
    pub quotations: Vec<QuotedWords>,
    /// That topic, with its title.
    pub topic: (TopicId, String),
}

/// A report of a story.
#[derive(Debug, Clone)]
pub struct StoryReport {
    /// Who told it.
    pub outlet: Outlet,
    /// Its title.
    pub title: String,
    /// Its page.
    pub link: Option<Url>,
    /// Its BCP 47 language tag.
    pub language: Option<String>,
    /// Its date.
    pub date: Timestamp,
    /// The outlet whose text it is, when it is a copy.
    pub copy_of: Option<String>,
    /// The news agency whose text it is.
    pub agency: Option<Agency>,
    /// When its publisher last corrected it.
    pub corrected: Option<Timestamp>,
    /// Whether its publisher has taken it back.
    pub is_withdrawn: bool,
    /// Whether it was the first.
    pub is_first: bool,
}

/// What a publisher changed in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// The name of the outlet.
    pub outlet: String,
    /// The source.
    pub source: SourceId,
    /// When it was seen.
    pub seen: Option<Timestamp>,
    /// The language of the text.
    pub language: Option<String>,
    /// The words before the change that stayed.
    pub before: String,
    /// The words that went out.
    pub removed: String,
    /// The words that came in.
    pub added: String,
    /// The words behind it that stayed.
    pub after: String,
}

/// What somebody is quoted as saying, word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedWords {
    /// The words.
    pub words: String,
    /// Who said them.
    pub speaker: String,
    /// The outlet that quotes them.
    pub outlet: String,
    /// Its page.
    pub link: Option<Url>,
    /// The language of the text.
    pub language: Option<String>,
}
