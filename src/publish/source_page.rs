//! What the pages of sources and of their health are given. No rendering.

use super::topic_feed::Outlet;
use crate::model::{FailureReason, SourceEvent, SourceHealth, StoryId, Timestamp};
use std::time::Duration;
use url::Url;

/// The state of a source, as anybody may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCondition {
    /// The state.
    pub health: SourceHealth,
    /// Since when it is in this state.
    pub since: Option<Timestamp>,
    /// Why, if a failure is the cause.
    pub reason: Option<FailureReason>,
    /// What can be done.
    pub advice: Option<SourceAdvice>,
}

/// What can be done about the state of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceAdvice {
    /// What to do, and why, in words.
    pub text: String,
    /// The command that does it; none where it holds an address.
    pub command: Option<String>,
    /// The language of the words, a BCP 47 tag.
    pub language: &'static str,
}

/// A source as its page tells it. All figures are as of its newest entry.
#[derive(Debug, Clone)]
pub struct SourcePage {
    /// The source.
    pub outlet: Outlet,
    /// Its state; none where the desk follows it no longer.
    pub condition: Option<SourceCondition>,
    /// The date of its newest entry.
    pub newest: Option<Timestamp>,
    /// The dates of its entries of the last weeks before it.
    pub dates: Vec<Timestamp>,
    /// The last changes of its state, the newest first.
    pub events: Vec<SourceEvent>,
    /// Its newest entries that stand in a public topic, the newest first.
    pub entries: Vec<SourceEntry>,
    /// How often it was first, was copied, and copied; none where it has no entries.
    pub figures: Option<SourceFigures>,
}

/// An entry of a source.
#[derive(Debug, Clone)]
pub struct SourceEntry {
    /// Its title.
    pub title: String,
    /// Its page.
    pub link: Option<Url>,
    /// Its BCP 47 language tag.
    pub language: Option<String>,
    /// Its date.
    pub date: Timestamp,
    /// Its story, where that has a page.
    pub story: Option<StoryId>,
}

/// How often a source was first, was copied, and copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFigures {
    /// From when on.
    pub since: Timestamp,
    /// The number of its entries.
    pub entries: usize,
    /// The number of its stories that several sources told independently.
    pub shared: usize,
    /// In how many of these it was the first.
    pub first: usize,
    /// The number of its texts that others copied.
    pub copied: usize,
    /// The number of its entries that are copies of others' texts.
    pub copies: usize,
    /// Whose texts it copied most often.
    pub most_copied: Option<CopiedSource>,
}

/// A source that another one copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedSource {
    /// Its id, where it has a page.
    pub page: Option<String>,
    /// Its name.
    pub name: String,
    /// How often it was copied.
    pub copies: usize,
}

/// The health of the sources, as its page tells it.
#[derive(Debug, Clone)]
pub struct HealthPage {
    /// The enabled sources.
    pub sources: Vec<HealthLine>,
    /// A time of the day after the last one that the charts show.
    pub today: Timestamp,
    /// When each run of these days began, with the number of its visits, and of those that failed.
    pub runs: Vec<(Timestamp, u64, u64)>,
}

/// A source among those whose health is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The ISO 3166-1 code of its country.
    pub country: Option<String>,
    /// Its state.
    pub condition: SourceCondition,
    /// Whether people should know of the state.
    pub is_trouble: bool,
    /// When it is tried again, where its last visit failed.
    pub next_try: Option<Timestamp>,
    /// When it last had a new entry.
    pub newest: Option<Timestamp>,
    /// The usual time between two visits that find news.
    pub usual_gap: Option<Duration>,
}

/// How many days the charts show.
pub const CHART_DAYS: u32 = 28;
