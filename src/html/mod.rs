//! Foreign bytes made safe for everyone: charset, depth and size scan, allow-list cleaning. Pure.

pub mod charset;
pub mod clean;
pub mod reservations;
pub mod scan;
