//! The last rescue: pages that are built in the browser hold their text in a script, as a string of JSON with markup in it (`__NEXT_DATA__`,
//! streams of React components and the like). No script is run; strings are only read.

use crate::html::tokenizer::{Piece, pieces};

/// So much of all scripts is searched, in bytes.
const MAX_SCRIPT_BYTES: usize = 2 << 20;
/// A shorter string holds no article, in bytes.
const SHORTEST: usize = 600;
/// An article has so many paragraphs.
const PARAGRAPHS: usize = 2;
/// Strings hold JSON that holds strings, so many times at most.
const DEEPEST: usize = 3;

/// Returns the longest markup with paragraphs that a string in the scripts of a page holds, not yet cleaned.
pub(super) fn markup(html: &str) -> Option<String> {
    let mut rest = MAX_SCRIPT_BYTES;
    let mut best = None;
    for piece in pieces(html) {
        let Piece::Raw(tag, content) = piece else { continue };
        let is_data = tag.attribute("type").is_some_and(|kind| kind.contains("ld+json"));
        if tag.name != "script" || is_data {
            continue;
        }
        let Some(left) = rest.checked_sub(content.len()) else { break };
        rest = left;
        search(content, DEEPEST, &mut best);
    }
    best
}

/// Looks at each string literal within `text`.
fn search(text: &str, depth: usize, best: &mut Option<String>) {
    let mut rest = text;
    while let Some(start) = memchr::memchr(b'"', rest.as_bytes()) {
        let Some(length) = literal(&rest[start..]) else { return };
        let quoted = &rest[start..start + length];
        rest = &rest[start + length..];
        if length < SHORTEST {
            continue;
        }
        let Ok(value) = serde_json::from_str::<String>(quoted) else {
            continue;
        };
        if holds_text(&value) {
            if best.as_ref().is_none_or(|best| best.len() < value.len()) {
                *best = Some(value);
            }
        } else if depth > 1 {
            search(&value, depth - 1, best);
        }
    }
}

/// Returns the length of the string literal that `text` begins with, its quotes included.
fn literal(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', &bytes[at..])?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at = (at + 2).min(bytes.len());
    }
}

fn holds_text(value: &str) -> bool {
    value.trim_start().starts_with('<') && value.matches("<p").count() >= PARAGRAPHS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> String {
        "<div class=\"caption\">Le puits</div>".to_owned()
            + &"<p>Le conseil du village a ouvert le puits \"neuf\" lundi matin.</p>".repeat(12)
    }

    #[test]
    fn strings_with_markup_are_found() {
        let data =
            serde_json::json!({"props": {"title": "Le puits", "contentHtml": body(), "more": "<p>court</p><p>court</p>"}}).to_string();
        let streamed = format!("self.__next_f.push({})", serde_json::json!([1, data]));
        for script in [&data, &streamed] {
            let html = format!("<html><body><div id=root></div><script>{script}</script></body></html>");
            assert_eq!(markup(&html), Some(body()), "{script}");
        }
    }

    #[test]
    fn other_scripts_hold_nothing() {
        let long = "x".repeat(SHORTEST);
        for script in [
            "var a = \"<p>un</p>\"; var b = \"".to_owned(),
            format!("var a = \"{long}\";"),
            format!("var a = \"<p>{long}</p>\";"),
            "\"\\".to_owned(),
            "\"".repeat(5001),
            serde_json::json!(serde_json::json!(serde_json::json!(serde_json::json!(body()).to_string()).to_string()).to_string())
                .to_string(),
        ] {
            assert_eq!(
                markup(&format!("<script>{script}</script>")),
                None,
                "{}",
                &script[..script.len().min(60)]
            );
        }
        assert_eq!(
            markup(&format!(
                "<script type='application/ld+json'>{}</script>",
                serde_json::json!(body())
            )),
            None
        );
    }
}
