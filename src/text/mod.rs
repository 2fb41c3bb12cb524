//! Text processing for all stages: folding, tokens, stems, shingles, language, dates, HTML to text, messages to people, who is quoted. Pure; what a copy or a topic is, is
//! decided in `dedupe` and `curate`.

pub mod agency;
pub mod counted;
pub mod country_names;
pub mod date;
pub mod double_encoding;
pub mod entities;
pub mod feed_footer;
pub mod fold;
pub mod html_to_text;
pub mod language;
pub mod messages;
pub mod quotation;
pub mod search_words;
pub mod shingle;
pub mod snippet;
pub mod stem;
pub mod title_tail;
pub mod token;
pub mod typography;
pub mod word_diff;
pub mod word_list;
