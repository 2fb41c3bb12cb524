//! Feeds within other documents: in a call of a script (JSONP), and shown escaped in a page.

use crate::text::html_to_text::html_to_text;
use std::borrow::Cow;

/// Returns the argument of a document that is one call of a function (`callback({…});`); a string is returned without its quotation marks.
pub(super) fn unwrap_call(text: &str) -> Option<Cow<'_, str>> {
    /// The longest name of a function.
    const MAX_NAME_BYTES: usize = 128;
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == ';');
    let text = text.strip_prefix("/**/").unwrap_or(text).trim_start_matches([' ', '\n', '\r', ';']);
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$')) {
        return None;
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'[' | b']');
    let end = text.bytes().take(MAX_NAME_BYTES).position(|byte| !is_name(byte))?;
    let argument = text[end..].trim_start().strip_prefix('(')?.strip_suffix(')')?.trim();
    match argument.as_bytes().first()? {
        b'{' | b'[' | b'<' => Some(Cow::Borrowed(argument)),
        b'"' => serde_json::from_str(argument).ok().map(Cow::Owned),
        b'\'' | b'`' => {
            let inner = argument.get(1..argument.len().checked_sub(1)?)?;
            let quoted = format!("\"{}\"", inner.replace("\\'", "'").replace('"', "\\\"").replace('\n', "\\n"));
            serde_json::from_str(&quoted).ok().map(Cow::Owned)
        }
        _ => None,
    }
}

/// Returns the feed that a page shows as text (`<pre>&lt;?xml …`); `None` when the page has more text than that, such as an article about feeds.
pub(super) fn shown_feed(page: &str) -> Option<String> {
    /// The most text beside the feed: a heading or a note.
    const MAX_TEXT_BYTES: usize = 300;
    let starts = ["&lt;?xml", "&lt;rss", "&lt;feed", "&lt;rdf:RDF"];
    let start = starts.iter().filter_map(|start| page.find(start)).min()?;
    let ends = ["</pre", "</textarea", "</code", "</body", "</PRE", "</BODY"];
    let end = ends
        .iter()
        .filter_map(|end| page[start..].find(end))
        .min()
        .map_or(page.len(), |end| start + end);
    let is_short = |markup: &str| html_to_text(markup).len() <= MAX_TEXT_BYTES;
    (is_short(&page[..start]) && is_short(&page[end..])).then(|| html_to_text(&page[start..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_argument_of_a_call_is_found() {
        for (text, expected) in [
            ("callback({\"a\":1});", Some("{\"a\":1}")),
            ("/**/ jQuery123_4.cb ( [1] ) ;\n", Some("[1]")),
            ("cb(\"<rss>\\u00e9<\\/rss>\")", Some("<rss>é</rss>")),
            ("cb('<rss a=\"1\">l\\'eau</rss>');", Some("<rss a=\"1\">l'eau</rss>")),
            ("cb(<rss></rss>)", Some("<rss></rss>")),
            ("{\"a\":1}", None),
            ("Erreur (500)", None),
            ("cb(1)", None),
            ("cb(", None),
            ("('x')", None),
            ("", None),
        ] {
            assert_eq!(unwrap_call(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_shown_feed_is_found_unless_it_is_an_example_in_an_article() {
        let feed = "&lt;?xml version=\"1.0\"?&gt;<span>&lt;rss&gt;</span>&lt;title&gt;A &amp;amp; B&lt;/title&gt;";
        let page = format!("<html><body><h1>Flux</h1><pre>{feed}</pre></body></html>");
        assert_eq!(
            shown_feed(&page).as_deref(),
            Some("<?xml version=\"1.0\"?><rss><title>A &amp; B</title>")
        );
        let article = format!(
            "<html><body><p>{}</p><pre>{feed}</pre></body></html>",
            "Les flux expliqués. ".repeat(30)
        );
        assert_eq!(shown_feed(&article), None);
        assert_eq!(shown_feed("<html><body><pre>rien</pre></body></html>"), None);
    }
}
