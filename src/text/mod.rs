//! Words for everyone: folding, tokens, stems, shingles, language, html → text. Pure.

pub mod date;
pub mod entities;
pub mod feed_footer;
pub mod fold;
pub mod html_to_text;
pub mod language;
pub mod shingle;
pub mod stem;
pub mod token;
