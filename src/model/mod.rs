//! The types that all other modules share: ids, time, URLs, feeds, entries, articles, stories, placements and what is stored about sources
//! and hosts.
//!
//! Plain values with checking constructors. This module imports no other module of griot, and has no I/O, no async, no SQL and no JSON.

pub mod about;
pub mod admin_region;
pub mod agency;
pub mod alert;
pub mod article;
pub mod changes;
pub mod composition;
pub mod coordinates;
pub mod country;
pub mod delivery;
pub mod digest;
pub mod entry;
pub mod failure;
pub mod feed;
pub mod genre;
pub mod host;
pub mod html_elements;
pub mod id;
pub mod named_span;
pub mod network;
pub mod placement;
pub mod prehashed_map;
pub mod problem;
pub mod reading_list;
pub mod search;
pub mod source;
pub mod story;
pub mod time;
pub mod topic_model;
pub mod url;
pub mod withdrawal;

pub use about::{About, AboutRegion, Area};
pub use admin_region::AdminRegion;
pub use agency::Agency;
pub use alert::Alert;
pub use article::{Article, ArticleMethod, Image};
pub use changes::{Changes, EntryRevision, FilledWords, NewEntry, Provenance, RunRecord, RunSummary};
pub use composition::{Basis, Composition, StoredFingerprint, StoredMemory, TermCounts};
pub use coordinates::Coordinates;
pub use country::Country;
pub use delivery::{Delivery, DeliveryEnd, DeliveryKind, DeliveryResult, FailedDeliveries, NewDelivery};
pub use digest::{Digest128, Digester};
pub use entry::{
    ArticleForms, Attribution, Author, Category, CleanHtml, Enclosure, Entry, EntryDraft, EntryKey, Identity, KeyKind, RawMarkup,
    StoredIdentity, TextForms,
};
pub use failure::FailureReason;
pub use feed::{FeedKind, FeedMeta, RefreshHints};
pub use genre::Genre;
pub use host::{HostKey, HostState};
pub use id::{EntryId, SourceId, StoryId, TopicId};
pub use named_span::{NameKind, NamedSpan};
pub use network::is_private_host;
pub use placement::{Placement, Reason};
pub use problem::{Problem, PublishedCheck};
pub use reading_list::{ListedSource, ReadingList};
pub use search::{SearchExpression, SearchFact, SearchOrder, SearchPhrase, SearchQuery, SearchWords, SearchZone, SearchZones};
pub use source::{Cadence, HeldAddress, PageVisit, PermanentRedirect, SourceEvent, SourceHealth, SourceState};
pub use story::{ArchivePage, MarkEvent, MarkKind, MarkTarget, NewArchivePage, Published, Story};
pub use time::{BadTime, Timestamp, Zone};
pub use topic_model::{TopicLearning, TopicModel};
pub use url::{CanonicalUrl, address_key, canonical, declared_canonical, loggable_url, without_tracking, without_user_info};
pub use withdrawal::{SuspectedPage, Withdrawal, WithdrawalChange, WithdrawalSign};
