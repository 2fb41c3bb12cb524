//! The content of an item: the body that may be passed on, and the credit lines that every reader sees. The same in every feed format.

use super::plain::{direction, escape, language, plain, strip_controls};
use super::words::{Words, words};
use super::{Desk, Item, TopicFeed};
use std::fmt::Write as _;

/// Returns the content of every item of `topic`, in the order of the items.
pub(super) fn contents(desk: &Desk, topic: &TopicFeed) -> Vec<String> {
    let words = words(desk.language);
    topic.items.iter().map(|item| content(words, desk.language.tag(), item)).collect()
}

fn content(words: &Words, tag: &str, item: &Item) -> String {
    let mut out = String::new();
    push_body(&mut out, item);
    // The lines are in the desk's language, which may run the other way than the item's.
    let credit = credit(words, item);
    let dir = direction(Some(tag));
    let mut line = |html: &str| {
        let _ = write!(out, "\n<p lang=\"{tag}\" dir=\"{dir}\">{html}</p>");
    };
    if let Some(note) = note(item) {
        line(&format!("<strong>{}{}</strong>{}", words.note, words.colon, escape(&note)));
    }
    line(&credit);
    if !item.also.is_empty() {
        let links: Vec<String> = item
            .also
            .iter()
            .map(|report| link(report.address(), &plain(&report.outlet)))
            .collect();
        line(&format!("{}{}{}", words.also, words.colon, links.join(words.comma)));
    }
    if let Some(earlier) = &item.earlier {
        let title = link(earlier.address(), &plain(&earlier.title));
        line(&format!(
            "{}{}{title} ({})",
            words.earlier,
            words.colon,
            escape(&plain(&earlier.outlet))
        ));
    }
    out
}

/// Pushes the body, or else the summary, under its own language and direction when it runs from right to left: few readers set that.
fn push_body(out: &mut String, item: &Item) {
    let body = match &item.body {
        Some(body) if !body.is_empty() => strip_controls(body.as_str()),
        _ => match plain(&item.summary) {
            summary if summary.is_empty() => return,
            summary => format!("<p>{}</p>", escape(&summary)),
        },
    };
    match item.language.as_deref().and_then(language) {
        Some(tag) if direction(Some(&tag)) == "rtl" => {
            let _ = write!(out, "<div lang=\"{tag}\" dir=\"rtl\">{body}</div>");
        }
        _ => out.push_str(&body),
    }
}

/// Returns the editor's note, plain; none when it is empty.
pub(super) fn note(item: &Item) -> Option<String> {
    item.note.as_deref().map(plain).filter(|note| !note.is_empty())
}

fn credit(words: &Words, item: &Item) -> String {
    let name = link(item.outlet.home(), &item.outlet.label());
    let credit = format!("{}{}{name}", words.source, words.colon);
    match item.address() {
        Some(address) => format!("{credit} — {}", link(Some(address), words.original)),
        None => credit,
    }
}

fn link(address: Option<String>, text: &str) -> String {
    match address {
        Some(address) => format!("<a href=\"{}\">{}</a>", escape(&address), escape(text)),
        None => escape(text),
    }
}
