//! Tracks which elements are open, as an HTML parser would: closely enough to bound the parser's work, not to build a tree.

use crate::model::html_elements::{self, is_block, is_cell};
use std::fmt::Write as _;

/// The deepest nesting that is kept.
const MAX_DEPTH: usize = 256;
/// The most inline styles that may be open at once: a parser reopens all of them in each following block (HTML standard, 13.2.4.3).
const MAX_OPEN_STYLES: usize = 16;
/// The most tags and texts in a table but outside its cells: a parser moves each of them before the table (foster parenting; HTML standard,
/// 13.2.6.1).
const MAX_FOSTER_PARENTED: usize = 500;

/// The open elements.
#[derive(Default)]
pub(super) struct Nesting {
    open: Vec<String>,
    styles: usize,
    paragraphs: usize,
    /// How many start tags were left out at the greatest depth and not yet closed.
    dropped: usize,
    /// How many tags and texts a parser would move before a table.
    foster_parented: usize,
}

/// Returns whether a start tag opens nothing. `embed` and `input` are left out before they come here; `basefont` and `bgsound` are obsolete
/// elements without an end tag.
fn is_void(name: &str) -> bool {
    matches!(name, "basefont" | "bgsound") || (html_elements::is_void(name) && !matches!(name, "embed" | "input"))
}

/// Returns whether an element is one of the formatting elements (HTML standard, 13.2.4.2).
fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

/// Returns whether an end tag within an element cannot close what is open around it.
fn is_scope_boundary(name: &str) -> bool {
    is_cell(name) || matches!(name, "table" | "caption")
}

/// Returns whether an element may be in a table but outside its cells.
fn is_table_part(name: &str) -> bool {
    html_elements::is_table_part(name) || matches!(name, "col" | "colgroup")
}

/// Returns the elements that a start tag closes, and those beyond which it closes none.
fn implied_end_tags(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
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
    /// Adds a start tag, after closing what it closes. Returns whether the tag is kept.
    pub fn open(&mut self, name: &str, out: &mut String) -> bool {
        if self.is_foster_parenting() && !is_table_part(name) {
            self.foster_parented += 1;
            if self.foster_parented > MAX_FOSTER_PARENTED {
                return false;
            }
        }
        let (closed, limits) = implied_end_tags(name);
        if !closed.is_empty()
            && let Some(at) = self.find(|own| closed.contains(&own), |own| limits.contains(&own))
        {
            self.close_to(at, out);
        }
        if self.paragraphs > 0
            && is_block(name)
            && let Some(at) = self.find(|own| own == "p", is_scope_boundary)
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
        if is_formatting(name) {
            if self.styles >= MAX_OPEN_STYLES {
                return false;
            }
            self.styles += 1;
        }
        self.paragraphs += usize::from(name == "p");
        self.open.push(name.to_owned());
        true
    }

    /// Adds an end tag and writes it, with those that it implies, if it closes an open element.
    pub fn close(&mut self, name: &str, out: &mut String) {
        if is_void(name) {
            return;
        }
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        let is_block_end = is_block(name) || is_table_part(name);
        let limit = |own: &str| match name {
            "table" => false,
            _ if is_table_part(name) => own == "table",
            _ if is_block_end => is_scope_boundary(own),
            _ => is_block(own) || is_scope_boundary(own),
        };
        if let Some(at) = self.find(|own| own == name, limit) {
            self.close_to(at, out);
        } else if is_formatting(name)
            && let Some(at) = self.find(|own| own == name, is_scope_boundary)
        {
            // A formatting element that is closed across a block: the parser repairs that, and it is open no longer.
            self.open.remove(at);
            self.styles -= 1;
            let _ = write!(out, "</{name}>");
        }
    }

    /// Returns whether a text is kept.
    pub fn accepts_text(&mut self, text: &str) -> bool {
        if !self.is_foster_parenting() || text.trim_ascii().is_empty() {
            return true;
        }
        self.foster_parented += 1;
        self.foster_parented <= MAX_FOSTER_PARENTED
    }

    fn is_foster_parenting(&self) -> bool {
        self.open
            .last()
            .is_some_and(|own| matches!(own.as_str(), "table" | "tbody" | "thead" | "tfoot" | "tr"))
    }

    /// Returns the position of the innermost wanted element, none beyond a limit.
    fn find(&self, is_wanted: impl Fn(&str) -> bool, is_limit: impl Fn(&str) -> bool) -> Option<usize> {
        for (at, own) in self.open.iter().enumerate().rev() {
            if is_wanted(own) {
                return Some(at);
            }
            if is_limit(own) {
                return None;
            }
        }
        None
    }

    fn close_to(&mut self, at: usize, out: &mut String) {
        while self.open.len() > at {
            let Some(name) = self.open.pop() else { break };
            self.styles -= usize::from(is_formatting(&name));
            self.paragraphs -= usize::from(name == "p");
            let _ = write!(out, "</{name}>");
        }
    }
}
