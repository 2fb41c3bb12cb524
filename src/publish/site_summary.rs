//! What the pages of the whole site are given: each topic with its headlines, and how each source does. No rendering.

use super::headline::Headline;
use super::topic_feed::{Outlet, label};
use crate::model::{Timestamp, TopicId};

/// A topic as the index page lists it.
#[derive(Debug, Clone)]
pub struct TopicSummary {
    /// The topic.
    pub id: TopicId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// The clauses of its rule; none when they are not told.
    pub rule: Vec<String>,
    /// The date of its newest item.
    pub newest: Option<Timestamp>,
    /// Its items in one line each, newest first.
    pub headlines: Vec<Headline>,
}

/// How a source does, as the index shows it.
#[derive(Debug, Clone)]
pub struct SourceStanding {
    /// The source.
    pub outlet: Outlet,
    /// Whether it has told nothing new for far longer than its rhythm.
    pub is_silent: bool,
    /// Whether its visits fail.
    pub is_failing: bool,
}

impl SourceStanding {
    /// Returns whether it brings news.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        !self.is_silent && !self.is_failing
    }
}

impl TopicSummary {
    /// Returns the title, plain and never empty.
    pub(super) fn label(&self) -> String {
        label(&self.id, &self.title)
    }
}
