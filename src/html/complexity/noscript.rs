//! Decides whether the article of a page is in a `noscript`: pages that are rendered in the browser put it there for readers without scripts.

use crate::html::tokenizer::{Piece, pieces};

/// A run of text of at least so many bytes is a paragraph rather than a label.
const MIN_PARAGRAPH_BYTES: usize = 80;
/// The least number of paragraphs of an article: a notice that scripts are needed has fewer.
const MIN_PARAGRAPHS: usize = 2;

/// How many paragraphs a part of a page has, and how long they are, in bytes.
#[derive(Default)]
struct Paragraphs {
    count: usize,
    bytes: usize,
}

impl Paragraphs {
    fn add(&mut self, text: &str) {
        let length = text.trim().len();
        if length >= MIN_PARAGRAPH_BYTES {
            self.count += 1;
            self.bytes += length;
        }
    }
}

/// Returns whether the paragraphs in the `noscript` elements of a page are longer than those that are not in one.
pub(super) fn noscript_is_article(markup: &str) -> bool {
    let finder = memchr::memmem::Finder::new("noscript");
    if finder.find(markup.as_bytes()).is_none() && !markup.as_bytes().windows(8).any(|word| word.eq_ignore_ascii_case(b"noscript")) {
        return false;
    }
    let (mut inside, mut outside) = (Paragraphs::default(), Paragraphs::default());
    let mut templates = 0_usize;
    for piece in pieces(markup) {
        match piece {
            Piece::Text(text) if templates == 0 => outside.add(text),
            Piece::Open(tag) if tag.name == "template" => templates += 1,
            Piece::Close(name) if name == "template" => templates = templates.saturating_sub(1),
            Piece::Raw(tag, content) if tag.name == "noscript" => {
                for piece in pieces(content) {
                    if let Piece::Text(text) = piece {
                        inside.add(text);
                    }
                }
            }
            _ => {}
        }
    }
    inside.count >= MIN_PARAGRAPHS && inside.bytes > outside.bytes
}
