//! griot follows many regional news feeds, tells each story once, and republishes curated topic feeds.
//!
//! This is how news travels through the program, and the order in which to read it:
//!
//! 1. [`model`] names the things: a *source* is an address we follow, a *feed* the document it gives, an *entry* one thing in it,
//!    a *story* all entries on one event, a *topic* a curated subject.
//! 2. [`text`] and [`html`] are crafts that everybody uses: folding words so that *Côte* meets *cote*, reading bytes in whatever
//!    charset they really are, cleaning foreign markup by an allow-list.
//! 3. [`config`] reads feeds.toml and says everything that is wrong with it, each mistake with its line. [`store`] is the memory:
//!    one interface in the words of the domain, SQLite behind it, one thread that writes.
//! 4. The shops do one thing each, know nothing of each other, read no clock and remember nothing:
//!    [`schedule`] decides when to come back, [`fetch`] asks servers politely and refuses dangerous addresses, [`parse`] makes
//!    entries of any document that was meant as a feed, [`extract`] takes the article from a page, [`dedupe`] finds copies and
//!    stories, [`curate`] understands the topics' rules, [`publish`] renders feeds and pages and writes them atomically.
//! 5. [`pipeline`] leads: it alone knows more than one shop. One run is *gather feeds* (in parallel; each source's visit ends in
//!    one transaction) → *settle* (in order: what is new, what is a copy, which pages are needed) → *gather pages* (in parallel)
//!    → *compose* (in order: articles → copies and stories → placements) → *publish*.
//! 6. [`cli`] and [`serve`] are the doors: people and scripts knock at the first, subscribers at the second.
//!
//! Three rules keep this simple. Imports go down only, never sideways or up (`tests/it/architecture.rs` fails otherwise). What a
//! server or a document does wrong is data, never an error: one source's trouble never touches another. And the order of
//! everything is (time, source, guid), never the network's, so that the same news makes the same bytes on every machine.
//!
//! ```
//! use griot::{Document, parse_feed};
//!
//! let bytes = b"<rss><channel><title>Le Fleuve</title><item><title>Crue &agrave; Gao<link>https://lefleuve.example/1</link>";
//! let feed = parse_feed(&Document { bytes, url: None, content_type: None, charset: None, timezone: None }).expect("a feed, though cut off");
//! assert_eq!(feed.entries[0].title, "Crue à Gao");
//! ```
//!
//! ARCHITECTURE.md tells where to find what, docs/design/ why it is so.

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

pub(crate) mod pipeline;

pub(crate) mod cli;
pub(crate) mod serve;

// The public surface is this list: feeds and pages for other programs, what `main` starts, and what benches and fuzz targets call.

pub use crate::extract::{Page, Selectors, extract as extract_article};
pub use crate::model::{CleanHtml, RawMarkup};
pub use crate::parse::{Document, NotAFeed, ParsedFeed, parse as parse_feed};

pub use crate::cli::{Arguments, LogFormat, Servers, run};
pub use crate::serve::demo_server::DemoServer;
pub use crate::serve::files as serve_files;

#[doc(hidden)] // For benches/extract alone.
pub use crate::html::charset::{Syntax, decode};

/// What only fuzz targets call: they are built with `--cfg fuzzing`.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::config::{ConfigFailure, Place, Placed, Rule, from_str, report};
    pub use crate::curate::{Concepts, compile};
    pub use crate::html::clean::{CleanPolicy, clean};
    pub use crate::model::url::canonical;
    pub use crate::parse::walk;
    pub use crate::text::date::parse_date;
}
