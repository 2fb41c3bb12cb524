//! Finds the text of pages that are rendered in the browser: it is in a script, in a JSON string of markup (`__NEXT_DATA__`, streams of React
//! components). No script is executed; only string literals are parsed.

use crate::html::tokenizer::{Piece, pieces};

/// How much of all scripts is searched, in bytes.
const MAX_SCRIPT_BYTES: usize = 2 << 20;
/// The shortest string literal that may contain an article, in bytes.
const MIN_LITERAL_BYTES: usize = 600;
/// The least number of paragraphs of an article.
const MIN_PARAGRAPHS: usize = 2;
/// How many levels of JSON within strings of JSON are searched.
const MAX_NESTING: usize = 3;

/// Returns the longest markup with paragraphs that is a string in the scripts of a page, not yet cleaned.
pub(super) fn longest_markup(html: &str) -> Option<String> {
    let mut rest = MAX_SCRIPT_BYTES;
    let mut best = None;
    for piece in pieces(html) {
        let Piece::Raw(tag, content) = piece else { continue };
        let is_data = tag.attribute("type").is_some_and(|kind| kind.contains("ld+json"));
        if tag.name != "script" || is_data {
            continue;
        }
        // A later script may be small enough.
        let Some(left) = rest.checked_sub(content.len()) else { continue };
        rest = left;
        search(content, MAX_NESTING, &mut best);
    }
    best
}

/// Sets `best` to the longest markup among it and the string literals within `text`, down to `depth` levels.
fn search(text: &str, depth: usize, best: &mut Option<String>) {
    let mut rest = text;
    while let Some(start) = memchr::memchr(b'"', rest.as_bytes()) {
        let Some(length) = literal_length(&rest[start..]) else { return };
        let quoted = &rest[start..start + length];
        rest = &rest[start + length..];
        if length < MIN_LITERAL_BYTES {
            continue;
        }
        let Ok(value) = serde_json::from_str::<String>(quoted) else {
            continue;
        };
        if is_article_markup(&value) {
            if best.as_ref().is_none_or(|best| best.len() < value.len()) {
                *best = Some(value);
            }
        } else if depth > 1 {
            search(&value, depth - 1, best);
        }
    }
}

/// Returns the length in bytes of the string literal that `text` begins with, with its quotation marks; none when it has no end.
fn literal_length(text: &str) -> Option<usize> {
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

fn is_article_markup(value: &str) -> bool {
    value.trim_start().starts_with('<') && value.matches("<p").count() >= MIN_PARAGRAPHS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_is_too_large_hides_no_other() {
        let paragraphs = format!("<p>{}</p>", "Le bac repart. ".repeat(30)).repeat(2);
        let data = format!("<script>window.data = {}</script>", serde_json::Value::from(paragraphs.clone()));
        let large = format!("<script>{}</script>", " ".repeat(MAX_SCRIPT_BYTES));
        assert_eq!(longest_markup(&format!("{data}{large}")), Some(paragraphs.clone()));
        assert_eq!(longest_markup(&format!("<script>;</script>{large}{data}")), Some(paragraphs));
    }

    fn body() -> String {
        "<div class=\"caption\">Le puits</div>".to_owned()
            + &"<p>Le conseil du village a ouvert le puits \"neuf\" lundi matin.</p>".repeat(12)
    }

    #[test]
    fn strings_of_markup_are_found() {
        let data =
            serde_json::json!({"props": {"title": "Le puits", "contentHtml": body(), "more": "<p>court</p><p>court</p>"}}).to_string();
        let streamed = format!("self.__next_f.push({})", serde_json::json!([1, data]));
        for script in [&data, &streamed] {
            let html = format!("<html><body><div id=root></div><script>{script}</script></body></html>");
            assert_eq!(longest_markup(&html), Some(body()), "{script}");
        }
    }

    #[test]
    fn other_strings_are_not_taken_for_articles() {
        let long = "x".repeat(MIN_LITERAL_BYTES);
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
                longest_markup(&format!("<script>{script}</script>")),
                None,
                "{}",
                &script[..script.len().min(60)]
            );
        }
        assert_eq!(
            longest_markup(&format!(
                "<script type='application/ld+json'>{}</script>",
                serde_json::json!(body())
            )),
            None
        );
    }
}
