//! griot follows many regional news feeds, tells each story once, and republishes curated topic feeds.
//!
//! The modules in reading order. Each imports only modules of lower layers; the layers are in ARCHITECTURE.md.
//!
//! 1. `model` has the types: a *source* is an address that is visited, a *feed* the document there, an *entry* one thing in it,
//!    a *story* all entries on one event, a *topic* a subject with a rule.
//! 2. `text` and `html` are pure functions for all layers above: folding (*Côte* matches *cote*), language detection, dates,
//!    decoding of charsets, cleaning of foreign markup by an allow-list.
//! 3. `config` reads feeds.toml and reports every mistake with its line. `store` keeps all state: one interface in terms of the
//!    domain, SQLite behind it, one thread that writes.
//! 4. The stages do one thing each. They do not import each other, read no clock and keep no state:
//!    - `schedule` decides when a source is visited again, and at which address,
//!    - `fetch` sends requests within the limits of each host, and refuses addresses that are not allowed,
//!    - `parse` makes entries of a feed, damaged ones included,
//!    - `extract` finds the article in a page,
//!    - `dedupe` finds copies, and the story that an entry joins,
//!    - `curate` evaluates the rules of topics,
//!    - `publish` renders feeds and pages, and writes files atomically.
//! 5. `pipeline` is the only module that combines stages. A run is *gather feeds* (in parallel; each visit ends in one
//!    transaction) → *settle* (in order: what is new, what is a copy, which pages are needed) → *gather pages* (in parallel)
//!    → *compose* (in order: articles → copies and stories → placements) → *publish*.
//! 6. `cli` and `serve` are the entry points: commands, and the published files over HTTP.
//!
//! Three rules hold everywhere. Imports go to lower layers only, and no file imports another in a cycle
//! (`tests/it/architecture.rs`). What a server or a document does wrong is data, not an error, so that one source's failure never
//! affects another. And the order of entries is (time, source, guid), never that of arrival, so that the same news gives the same
//! bytes on every machine.
//!
//! ```
//! use griot::{Document, parse_feed};
//!
//! let bytes = b"<rss><channel><title>Le Fleuve</title><item><title>Crue &agrave; Gao<link>https://lefleuve.example/1</link>";
//! let feed = parse_feed(&Document { bytes, ..Document::default() }).expect("a feed, though truncated");
//! assert_eq!(feed.entries[0].title, "Crue à Gao");
//! ```
//!
//! ARCHITECTURE.md says where things are, docs/design/ why they are so.

pub(crate) mod model;

pub(crate) mod html;
pub(crate) mod text;

pub(crate) mod config;
pub(crate) mod store;

pub(crate) mod schedule;

pub(crate) mod fetch;

pub(crate) mod parse;

pub(crate) mod extract;

pub(crate) mod dedupe;

pub(crate) mod curate;

pub(crate) mod publish;

pub(crate) mod notify;

pub(crate) mod pipeline;

pub(crate) mod cli;
pub(crate) mod serve;

// The public interface is this list: feeds and pages for other programs, what `main` calls, and what benches and fuzz targets call.

pub use crate::extract::{NoArticle, Page, Selectors, extract as extract_article};
pub use crate::model::{CleanHtml, RawMarkup};
pub use crate::parse::{Document, NotAFeed, ParsedFeed, parse as parse_feed};

pub use crate::cli::{Arguments, LogFormat, Servers, run};
pub use crate::serve::demo_server::DemoServer;
pub use crate::serve::files as serve_files;

#[doc(hidden)] // For benches/curate alone.
pub use crate::model::{BadTime, Timestamp};
#[doc(hidden)]
pub use crate::pipeline::lab_topic::LabTopics;

#[doc(hidden)] // For benches/publish alone.
pub use crate::publish::LabFeed;

#[doc(hidden)] // For benches/extract alone.
pub use crate::html::charset::{Syntax, decode};

/// What only the fuzz targets call; they turn the feature on.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::config::{ConfigFailure, Place, Placed, ReportStyle, Rule, from_str, report};
    pub use crate::curate::{Concepts, PatternTable, RuleContext, compile};
    pub use crate::html::clean::{CleanPolicy, clean};
    pub use crate::model::url::canonical;
    pub use crate::parse::walk;
    pub use crate::text::date::parse_date;
    pub use crate::text::messages::{MessageLanguage, Messages};
}
