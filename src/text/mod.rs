//! Words for everyone: folding, tokens, stems, shingles, language, html → text. Pure.

pub mod date;
pub mod entities;
pub mod fold;
pub mod language;
pub mod plain;
pub mod shingle;
pub mod stem;
pub mod tail;
pub mod token;
