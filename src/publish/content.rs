//! The content of an item: the body that may be passed on, and the credit lines that every reader sees. The same in every feed format.

use super::plain::{direction, escape};
use super::shown::Shown;
use super::words::Words;
use std::fmt::Write as _;

/// Returns the content of `shown`, with our own lines in the language `tag`, whose words are `words`.
pub(super) fn content(words: &Words, tag: &str, shown: &Shown<'_>) -> String {
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
    out
}

/// Pushes the body, or else the summary, under its own language and direction when it runs from right to left: few readers set that.
fn push_body(out: &mut String, shown: &Shown<'_>) {
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

fn credit(words: &Words, shown: &Shown<'_>) -> String {
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
