//! Which elements are open, as an HTML parser would see it: near enough to bound its work, not to build a tree.

use crate::model::html_elements::{self, is_block, is_cell};
use std::fmt::Write as _;

/// Levels of nesting that are passed on.
const MAX_DEPTH: usize = 256;
/// Inline styles that may be open at once. A parser opens all of them again in each block that follows.
const MAX_STYLES: usize = 16;
/// Pieces that may stand in a table but in none of its cells. A parser moves each of them before the table, one by one.
const MAX_ASTRAY: usize = 500;

#[derive(Default)]
pub(super) struct Nesting {
    open: Vec<String>,
    styles: usize,
    paragraphs: usize,
    /// Start tags left out at the greatest depth, whose end tags are still to come.
    dropped: usize,
    astray: usize,
}

/// Returns whether a start tag opens nothing. `embed` and `input` are left out before they come here; `basefont` and `bgsound` are obsolete
/// elements without an end tag.
fn is_void(name: &str) -> bool {
    matches!(name, "basefont" | "bgsound") || (html_elements::is_void(name) && !matches!(name, "embed" | "input"))
}

fn is_style(name: &str) -> bool {
    matches!(
        name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

fn is_barrier(name: &str) -> bool {
    is_cell(name) || matches!(name, "table" | "caption")
}

/// Returns whether an element may stand within a table but outside its cells.
fn is_table_part(name: &str) -> bool {
    html_elements::is_table_part(name) || matches!(name, "col" | "colgroup")
}

/// Returns the elements that a start tag closes, and those behind which it does not look.
fn rivals(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "menu", "dir", "table", "td", "th"]),
        "dd" | "dt" => (&["dd", "dt"], &["dl", "table", "td", "th"]),
        "td" | "th" => (&["td", "th"], &["table", "tr"]),
        "tr" => (&["tr"], &["table", "tbody", "thead", "tfoot"]),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
        _ => (&[], &[]),
    }
}

impl Nesting {
    /// Notes a start tag, closing first what it closes. Returns whether the tag may be passed on.
    pub fn open(&mut self, name: &str, out: &mut String) -> bool {
        if self.is_astray() && !is_table_part(name) {
            self.astray += 1;
            if self.astray > MAX_ASTRAY {
                return false;
            }
        }
        let (rivals, limits) = rivals(name);
        if let Some(at) = self.find(|own| rivals.contains(&own), |own| limits.contains(&own)) {
            self.close_to(at, out);
        }
        if self.paragraphs > 0
            && is_block(name)
            && let Some(at) = self.find(|own| own == "p", is_barrier)
        {
            self.close_to(at, out);
        }
        if is_void(name) {
            return true;
        }
        if self.open.len() >= MAX_DEPTH {
            self.dropped += 1;
            return false;
        }
        if is_style(name) {
            if self.styles >= MAX_STYLES {
                return false;
            }
            self.styles += 1;
        }
        self.paragraphs += usize::from(name == "p");
        self.open.push(name.to_owned());
        true
    }

    /// Notes an end tag and writes it, with those that it implies, when it ends anything.
    pub fn close(&mut self, name: &str, out: &mut String) {
        if is_void(name) {
            return;
        }
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        let block = is_block(name) || is_table_part(name);
        let limit = |own: &str| match name {
            "table" => false,
            _ if is_table_part(name) => own == "table",
            _ if block => is_barrier(own),
            _ => is_block(own) || is_barrier(own),
        };
        if let Some(at) = self.find(|own| own == name, limit) {
            self.close_to(at, out);
        } else if is_style(name)
            && let Some(at) = self.find(|own| own == name, is_barrier)
        {
            // Ended across a block: the parser mends that, and the style is open no longer.
            self.open.remove(at);
            self.styles -= 1;
            let _ = write!(out, "</{name}>");
        }
    }

    /// Says whether a text may be passed on.
    pub fn takes_text(&mut self, text: &str) -> bool {
        if !self.is_astray() || text.trim_ascii().is_empty() {
            return true;
        }
        self.astray += 1;
        self.astray <= MAX_ASTRAY
    }

    fn is_astray(&self) -> bool {
        self.open
            .last()
            .is_some_and(|own| matches!(own.as_str(), "table" | "tbody" | "thead" | "tfoot" | "tr"))
    }

    fn find(&self, wanted: impl Fn(&str) -> bool, limit: impl Fn(&str) -> bool) -> Option<usize> {
        for (at, own) in self.open.iter().enumerate().rev() {
            if wanted(own) {
                return Some(at);
            }
            if limit(own) {
                return None;
            }
        }
        None
    }

    fn close_to(&mut self, at: usize, out: &mut String) {
        while self.open.len() > at {
            let Some(name) = self.open.pop() else { break };
            self.styles -= usize::from(is_style(&name));
            self.paragraphs -= usize::from(name == "p");
            let _ = write!(out, "</{name}>");
        }
    }
}
