//! Tells cleaned markup that a parser certainly reads as it was written, so that it need not be cleaned a second time.

use crate::html::tokenizer::{Piece, pieces};

/// Elements that continue a line. A parser moves none of them while each stands at most once in another, since it was written in order.
const STABLE_INLINE_ELEMENTS: &[&str] = &["a", "b", "em", "i", "small", "span", "strong", "u"];

/// Returns whether `html`, which was cleaned once, consists of paragraphs of text, line breaks, links and simple styles. `false` says nothing.
pub(super) fn is_certainly_stable(html: &str) -> bool {
    let mut open: Vec<String> = Vec::new();
    for piece in pieces(html) {
        match piece {
            Piece::Text(_) => {}
            Piece::Open(tag) if tag.name == "br" => {}
            Piece::Open(tag) => {
                let may_open = match &*tag.name {
                    // A paragraph in another element may end it, or repeat it.
                    "p" => open.is_empty(),
                    name => STABLE_INLINE_ELEMENTS.contains(&name) && !open.iter().any(|outer| outer == name),
                };
                // ammonia takes the `rel` of a link away and writes another behind all attributes.
                let rel_is_last = tag
                    .attributes()
                    .skip_while(|(name, _)| !name.eq_ignore_ascii_case("rel"))
                    .nth(1)
                    .is_none();
                if !may_open || !rel_is_last {
                    return false;
                }
                open.push(tag.name.into_owned());
            }
            Piece::Close(name) => {
                if open.pop().is_none_or(|last| last != name) {
                    return false;
                }
            }
            Piece::Raw(..) | Piece::Doctype => return false,
        }
    }
    open.is_empty()
}
