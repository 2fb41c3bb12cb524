//! A delivery: something that somebody outside is told, once, and again until it has arrived.

use super::digest::Digest128;
use super::id::TopicId;
use super::time::Timestamp;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeliveryKind {
    /// To a WebSub hub: a feed has changed.
    Hub,
    /// A story that a topic published for the first time.
    Story,
    /// How many further stories a topic published at the same time.
    Summary,
    /// An alert of a topic.
    Alert,
    /// Changes of sources' states.
    Health,
}

impl DeliveryKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Hub, Self::Story, Self::Summary, Self::Alert, Self::Health];

    /// Returns the word under which the kind is shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Story => "story",
            Self::Summary => "summary",
            Self::Alert => "alert",
            Self::Health => "health",
        }
    }

    /// Returns the kind with this word; `None` for an unknown word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A delivery that waits from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// What is told.
    pub kind: DeliveryKind,
    /// Of which topic; none where it is of no topic.
    pub topic: Option<TopicId>,
    /// What it tells, by name: no target is told the same event twice.
    pub event: String,
    /// The digest of the target as the configuration writes it.
    pub target: Digest128,
    /// The text that is sent, or from which it is made; the address of the feed for a hub.
    pub payload: String,
    /// For a hub: the digest of the feed. Only another one is told again.
    pub content: Option<Digest128>,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it is only remembered as told.
    pub is_told: bool,
}

/// A delivery that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number, in the order in which deliveries were made.
    pub number: i64,
    /// What is told.
    pub kind: DeliveryKind,
    /// Of which topic.
    pub topic: Option<TopicId>,
    /// What it tells.
    pub event: String,
    /// The digest of the target as the configuration writes it.
    pub target: Digest128,
    /// The text that is sent, or from which it is made.
    pub payload: String,
    /// For a hub: the digest of the feed.
    pub content: Option<Digest128>,
    /// When it was made.
    pub created: Timestamp,
    /// Not before this time is it tried.
    pub next: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryEnd {
    /// The target has it.
    Sent,
    /// It failed, and is tried again at this time.
    Waits(Timestamp),
    /// It failed, and is tried no more.
    GivenUp,
}

/// The result of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryResult {
    /// The delivery's number.
    pub number: i64,
    /// What was told of a feed: when it has changed since, the delivery goes on waiting.
    pub content: Option<Digest128>,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub end: DeliveryEnd,
    /// The code of the failure, and what it is in words; empty where there is none.
    pub error: (String, String),
}

/// Deliveries to one target that have failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDeliveries {
    /// The digest of the target as the configuration writes it.
    pub target: Digest128,
    /// Of which topic the last one is.
    pub topic: Option<TopicId>,
    /// How many were given up.
    pub given_up: u64,
    /// How many wait.
    pub waiting: u64,
    /// When the oldest of them was made.
    pub since: Timestamp,
    /// The last failure in words.
    pub detail: String,
}
