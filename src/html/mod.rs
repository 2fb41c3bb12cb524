//! Foreign bytes made safe for everyone: charset, depth and size scan, allow-list cleaning, and the marks of bot walls and other
//! interstitial pages. Pure.

pub mod charset;
pub mod clean;
pub mod interstitial;
pub(crate) mod players;
pub mod reservations;
pub mod scan;
