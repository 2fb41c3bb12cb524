//! notify: what is told outside the feeds: pings to WebSub hubs, webhooks, the health ping of a run, and mail.
//!
//! Bodies, signatures and times are made here, from values that the caller gives; nothing here knows the store, and the network is a value that the
//! caller passes. Which deliveries wait, and what became of them, is kept by the caller.

pub mod attempt;
pub mod digest;
pub mod hub;
mod labels;
pub mod mail;
pub mod news;
pub mod run_ping;
mod signature;
mod slack;
pub mod smtp;
#[cfg(test)]
mod tests;
pub mod webhook;

pub use attempt::{Attempt, Failure, Message, Reply, judge};
pub use news::{AlertNews, Briefing, OutletNews, ReportNews, StoryNews, SummaryNews};
