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
//! use griot::parse::{Document, parse};
//!
//! let bytes = b"<rss><channel><title>Le Fleuve</title><item><title>Crue &agrave; Gao<link>https://lefleuve.example/1</link>";
//! let feed = parse(&Document { bytes, url: None, content_type: None, charset: None, timezone: None }).expect("a feed, though cut off");
//! assert_eq!(feed.entries[0].title, "Crue à Gao");
//! ```
//!
//! ARCHITECTURE.md tells where to find what, docs/design/ why it is so.

pub mod model;

pub mod html;
pub mod text;

pub mod config;
pub mod store;

pub mod schedule;

pub mod fetch;

pub mod parse;

pub mod extract;

pub mod dedupe;

pub mod curate;

pub mod publish;

pub mod pipeline;

pub mod cli;
pub mod serve;
