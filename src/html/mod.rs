//! Makes foreign documents safe to process and to publish: charset, tokenizer, bounds on complexity, allow-list cleaning, and the recognition
//! of bot walls and other interstitial pages. Pure.

pub mod accessible;
mod broken_utf8;
pub mod charset;
pub mod clean;
pub mod complexity;
pub(crate) mod image_address;
pub mod interstitial;
mod messages;
pub(crate) mod players;
pub mod reservations;
pub mod strip;
pub(crate) mod style_rules;
pub mod tokenizer;
