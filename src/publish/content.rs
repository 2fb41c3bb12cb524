//! The content of an item: the body that may be passed on, and the credit lines that every reader sees. The same in every feed format.

use super::rendered_item::RenderedItem;
use super::text::{direction, escape};
use super::words::Words;
use std::fmt::Write as _;

/// Returns the content of `shown`, with our own lines in the language `tag`, whose words are `words`.
pub(super) fn content(words: &Words, tag: &str, shown: &RenderedItem<'_>) -> String {
    let mut out = String::with_capacity(shown.body.len() + 600);
    push_body(&mut out, shown);
    // The lines are in the desk's language, which may run the other way than the item's.
    let dir = direction(Some(tag));
    let mut line = |label: &str, html: &str| {
        let _ = write!(out, "\n<p lang=\"{tag}\" dir=\"{dir}\">{label}{}{html}</p>", words.colon);
    };
    if let Some(note) = &shown.note {
        line(words.note, &escape(note));
    }
    line(words.source, &credit(words, shown));
    if !shown.also.is_empty() {
        let links: Vec<String> = shown
            .also
            .iter()
            .map(|report| link(report.link.as_deref(), &report.outlet))
            .collect();
        line(words.also, &links.join(words.comma));
    }
    if let Some(earlier) = &shown.earlier {
        let title = link(earlier.link.as_deref(), &earlier.title);
        line(words.earlier, &format!("{title} ({})", escape(&earlier.outlet)));
    }
    defuse(out)
}

/// Returns `html` with a character reference in every ` on…=` and `javascript:`.
///
/// In clean markup these stand in texts and in the values of attributes only, where a reference reads the same. Filters that look for
/// live handlers by their spelling then find none, and neither does a reader that takes the markup apart wrongly.
fn defuse(html: String) -> String {
    let mut out = String::new();
    let mut done = 0;
    for at in memchr::memchr2_iter(b'=', b':', html.as_bytes()) {
        let before = &html.as_bytes()[..at];
        let reference = match html.as_bytes()[at] {
            b'=' if names_event(before) => "&#61;",
            b':' if before.len() >= 10 && before[before.len() - 10..].eq_ignore_ascii_case(b"javascript") => "&#58;",
            _ => continue,
        };
        out.push_str(&html[done..at]);
        out.push_str(reference);
        done = at + 1;
    }
    if done == 0 {
        return html;
    }
    out.push_str(&html[done..]);
    out
}

/// Returns whether `before` ends like the name of an event's attribute. It looks back over one word at most, and no word holds a `=`.
fn names_event(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (rest, word) = before.split_at(before.len() - letters);
    word.len() > 2 && word[..2].eq_ignore_ascii_case(b"on") && rest.last().is_some_and(u8::is_ascii_whitespace)
}

/// Pushes the body, or else the summary, under its own language and direction when it runs from right to left: few readers set that.
fn push_body(out: &mut String, shown: &RenderedItem<'_>) {
    let rtl = shown.language.as_deref().filter(|_| shown.dir == "rtl");
    if let Some(tag) = rtl {
        let _ = write!(out, "<div lang=\"{tag}\" dir=\"rtl\">");
    }
    if !shown.body.is_empty() {
        out.push_str(&shown.body);
    } else if !shown.summary.is_empty() {
        let _ = write!(out, "<p>{}</p>", escape(&shown.summary));
    }
    if rtl.is_some() {
        out.push_str("</div>");
    }
}

fn credit(words: &Words, shown: &RenderedItem<'_>) -> String {
    let name = link(shown.outlet.home(), &shown.outlet.name);
    match &shown.link {
        Some(address) => format!("{name} — {}", link(Some(address), words.original)),
        None => name,
    }
}

fn link(address: Option<&str>, text: &str) -> String {
    match address {
        Some(address) => format!("<a href=\"{}\">{}</a>", escape(address), escape(text)),
        None => escape(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_live_in_a_text_is_referenced() {
        for (html, dead) in [
            ("<p>a onerror=alert(1)</p>", "<p>a onerror&#61;alert(1)</p>"),
            ("<p>a\nONLOAD \t= x</p>", "<p>a\nONLOAD \t&#61; x</p>"),
            ("<p>JavaScript:x</p>", "<p>JavaScript&#58;x</p>"),
            (
                "<a href=\"https://a.example/?on=1&amp;only=2\">é on = 1: x</a>",
                "<a href=\"https://a.example/?on=1&amp;only=2\">é on = 1: x</a>",
            ),
            ("=: =", "=: ="),
        ] {
            assert_eq!(defuse(html.to_owned()), dead);
        }
    }
}
