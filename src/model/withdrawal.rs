//! What a publisher does to take an entry back: it leaves its feed, or its page is gone.

use super::id::{EntryId, SourceId};
use super::time::Timestamp;
use url::Url;

/// By which sign an entry counts as withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WithdrawalSign {
    /// It left its feed within a day, while older entries stood there, and its page was gone then.
    LeftFeed,
    /// Its page was gone (404 or 410) twice, some hours apart.
    GonePage,
}

impl WithdrawalSign {
    /// Returns the word under which the sign is shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftFeed => "left-feed",
            Self::GonePage => "gone-page",
        }
    }

    /// Returns the sign with this word; `None` for an unknown word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::LeftFeed, Self::GonePage].into_iter().find(|sign| sign.as_str() == word)
    }
}

/// What is known of an entry that its publisher may have taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The entry.
    pub entry: EntryId,
    /// When a document of its feed was first seen without it.
    pub left_feed: Option<Timestamp>,
    /// When its page was first found gone.
    pub gone: Option<Timestamp>,
    /// When its page was asked for and stood, after one of these signs.
    pub stood: Option<Timestamp>,
    /// When it was marked as withdrawn, and by which sign.
    pub withdrawn: Option<(Timestamp, WithdrawalSign)>,
}

/// The page of an entry that its publisher may have taken back, to be asked for once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspectedPage {
    /// What is known of the entry.
    pub known: Withdrawal,
    /// Its source.
    pub source: SourceId,
    /// The address of its page.
    pub link: Option<Url>,
    /// How often the page was asked for in vain.
    pub tries: u32,
}

/// A sign that an entry was taken back, or that it was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WithdrawalChange {
    /// It left its feed; its page is asked for at once, or never.
    Left {
        /// The entry.
        entry: EntryId,
        /// When a document was seen without it.
        at: Timestamp,
        /// Whether its page is to be asked for.
        is_asked: bool,
    },
    /// Its page is gone; it is asked for again, unless it is to be already.
    Gone {
        /// The entry.
        entry: EntryId,
        /// When.
        at: Timestamp,
        /// When its page is asked for again.
        next: Timestamp,
    },
    /// Nothing was learned of its page.
    Undecided {
        /// The entry.
        entry: EntryId,
        /// How often the page was asked for in vain.
        tries: u32,
        /// When it is asked for again; `None` for never.
        next: Option<Timestamp>,
    },
    /// It counts as withdrawn.
    Withdrawn {
        /// The entry.
        entry: EntryId,
        /// When.
        at: Timestamp,
        /// By which sign.
        sign: WithdrawalSign,
    },
    /// Its page stands.
    Stands {
        /// The entry.
        entry: EntryId,
        /// When it was asked for.
        at: Timestamp,
    },
    /// It is in its feed again.
    Returned {
        /// The entry.
        entry: EntryId,
        /// When.
        at: Timestamp,
    },
}
