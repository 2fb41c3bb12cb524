//! The nouns: what every other module talks about.
//!
//! Plain values with checking constructors. This module imports nothing of ours
//! and knows no I/O, no async, no SQL and no JSON.

pub mod article;
pub mod changes;
pub mod digest;
pub mod entry;
pub mod failure;
pub mod feed;
pub mod host;
pub mod html_elements;
pub mod id;
pub mod problem;
pub mod source;
pub mod story;
pub mod time;
pub mod topic;
pub mod url;

pub use article::{Article, ArticleMethod, Image};
pub use changes::{Changes, Composition, EntryRevision, Provenance, RunRecord, RunSummary};
pub use digest::{Digest128, Digester};
pub use entry::{
    Attribution, Author, Category, CleanHtml, Coordinates, Enclosure, Entry, EntryDraft, EntryKey, Identity, KeyKind, RawMarkup,
};
pub use failure::FailureReason;
pub use feed::{FeedKind, FeedMeta, RefreshHints};
pub use host::{HostKey, HostState};
pub use id::{EntryId, SourceId, StoryId, TopicId};
pub use problem::Problem;
pub use source::{Cadence, PageVisit, PermanentRedirect, SourceEvent, SourceHealth, SourceState};
pub use story::{Mark, MarkKind, Published, Story};
pub use time::{BadTime, Timestamp};
pub use topic::{Placement, Reason};
pub use url::{CanonicalUrl, canonical, loggable_url, without_user_info};
