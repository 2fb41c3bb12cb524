//! Foreign bytes made safe for everyone: charset, depth and size scan, allow-list cleaning, and walls told apart. Pure.

pub mod charset;
pub mod clean;
pub(crate) mod players;
pub mod reservations;
pub mod scan;
pub mod walls;
