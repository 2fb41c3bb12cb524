//! A message of griot on a page: its backticks, which stand around keys, commands and codes in every language, become `code` elements.

use super::super::text::direction;
use super::frame::render;
use askama::Template;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    language: &'static str,
    /// The direction of the language: a message may begin with a word of another script.
    dir: &'static str,
    parts: Vec<MessagePart<'a>>,
    command: Option<&'a str>,
}

#[derive(Debug, PartialEq, Eq)]
enum MessagePart<'a> {
    Prose(&'a str),
    Code(&'a str),
}

/// Returns a message in a language as markup, with the command that it recommends.
pub(super) fn message(text: &str, language: &'static str, command: Option<&str>) -> String {
    let message = Message {
        language,
        dir: direction(Some(language)),
        parts: parts(text),
        command,
    };
    render(&message, 200)
}

/// Returns the parts of a message. A backtick without another one is no mark.
fn parts(text: &str) -> Vec<MessagePart<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('`')
        && let Some((code, after)) = behind.split_once('`')
    {
        parts.extend((!before.is_empty()).then_some(MessagePart::Prose(before)));
        parts.push(MessagePart::Code(code));
        rest = after;
    }
    parts.extend((!rest.is_empty()).then_some(MessagePart::Prose(rest)));
    parts
}

#[cfg(test)]
mod tests {
    use super::MessagePart::{Code, Prose};
    use super::*;

    #[test]
    fn what_stands_in_backticks_is_code() {
        for (text, expected) in [
            ("", vec![]),
            ("see what it says", vec![Prose("see what it says")]),
            (
                "set `contact` in `[site]`",
                vec![Prose("set "), Code("contact"), Prose(" in "), Code("[site]")],
            ),
            ("`a` and ` b", vec![Code("a"), Prose(" and ` b")]),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
        assert_eq!(
            message("`a<b`: c", "ar", Some("griot doctor a")),
            "<bdi lang=\"ar\" dir=\"rtl\"><code dir=\"ltr\">a&#60;b</code>: c <code dir=\"ltr\">griot doctor a</code></bdi>"
        );
    }
}
