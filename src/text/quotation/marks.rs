//! Finds what stands between quotation marks: «», “”, „“, ‹›, ‘’, straight marks, and what is typed in place of them. A quotation ends in the block in
//! which it begins, or else each following block begins with a mark too.

use std::ops::Range;

/// The longest quotation, in bytes. What is longer lacks a mark.
const MAX_QUOTED_BYTES: usize = 4000;

/// One quotation, or the part of it that stands in one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    /// The byte range with its marks.
    pub outer: Range<usize>,
    /// The byte range between the marks.
    pub inner: Range<usize>,
    /// Whether it continues the one before it.
    pub continues: bool,
}

/// Marks that close each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Guillemets,
    Double,
    Angle,
    Single,
}

/// What a mark can do, by its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Open,
    Close,
    /// `"`, and marks of which the surroundings tell what they do.
    Either,
}

/// A quotation that is not closed yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    family: Family,
    /// The letter with which it began.
    mark: char,
    outer: usize,
    inner: usize,
    /// How many quotations of the same family are open within it.
    depth: usize,
    continues: bool,
}

/// Returns whether `text` holds any mark that may begin a quotation.
pub(super) fn has_marks(text: &str) -> bool {
    text.contains(['"', '«', '“', '„', '”', '‹', '‘', '\'', '’', '＂']) || text.contains("<<")
}

/// Returns the quotations of `text`, outer ones only, in order. A quotation of several blocks is one [`Quoted`] for each block. The time is linear in the text.
pub(super) fn quoted(text: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut before: Option<Open> = None;
    let mut start = 0;
    for block in text.split_inclusive('\n') {
        if !block.trim().is_empty() {
            before = in_block(text, start..start + block.trim_end().len(), before, &mut found);
        }
        start += block.len();
    }
    found
}

/// Reads one block and returns the quotation that it leaves open. `before` is the one that the block before it left open.
fn in_block(text: &str, block: Range<usize>, before: Option<Open>, found: &mut Vec<Quoted>) -> Option<Open> {
    let mut open: Option<Open> = None;
    // Only a mark at the beginning of a block continues a quotation.
    let mut before = before;
    let mut skip_to = block.start;
    let mut previous = None;
    for (at, letter) in text.get(block.clone()).unwrap_or_default().char_indices() {
        let at = block.start + at;
        let previous = previous.replace(letter);
        if at < skip_to {
            continue;
        }
        let continued = before.take_if(|_| !letter.is_whitespace());
        let rest = text.get(at..block.end).unwrap_or_default();
        let Some((family, shape, length)) = mark_at(rest, letter) else {
            continue;
        };
        skip_to = at + length;
        let next = rest.get(length..).and_then(|rest| rest.chars().next());
        let opened = Open {
            family,
            mark: letter,
            outer: at,
            inner: skip_to,
            depth: 0,
            continues: false,
        };
        let role = role(family, shape, previous, next, open.as_ref());
        match (&mut open, role) {
            (None, Shape::Open) => {
                let continued = continued.filter(|earlier| earlier.family == family);
                if let Some(earlier) = continued {
                    let end = end_of_block(text, block.start);
                    close(&earlier, end, end, found);
                }
                open = Some(Open {
                    continues: continued.is_some(),
                    ..opened
                });
            }
            (Some(current), Shape::Open) if current.family == family => open_within(text, current, opened, found),
            (Some(current), Shape::Close) if current.family == family && current.depth > 0 => current.depth -= 1,
            (Some(current), Shape::Close) if current.family == family => {
                close(current, at, skip_to, found);
                open = None;
            }
            _ => {}
        }
    }
    open
}

/// Opens a quotation while `current` is open: one within it, or one in its place.
fn open_within(text: &str, current: &mut Open, opened: Open, found: &mut Vec<Quoted>) {
    let ends_sentence = ends_sentence(text.get(current.inner..opened.outer).unwrap_or_default());
    let is_nested = match current.family {
        Family::Guillemets => opened.mark == current.mark && !ends_sentence,
        _ => opened.mark == '“' && current.mark == '"',
    };
    if is_nested {
        current.depth += 1;
        return;
    }
    // In a text whose paragraphs were joined, the mark at the beginning of a paragraph continues the quotation.
    if ends_sentence {
        close(current, opened.outer, opened.outer, found);
    }
    *current = Open {
        continues: ends_sentence,
        ..opened
    };
}

/// Returns where the block before the one at `start` ends.
fn end_of_block(text: &str, start: usize) -> usize {
    text.get(..start).unwrap_or_default().trim_end().len()
}

fn close(open: &Open, inner_end: usize, outer_end: usize, found: &mut Vec<Quoted>) {
    if inner_end > open.inner && inner_end - open.inner <= MAX_QUOTED_BYTES {
        found.push(Quoted {
            outer: open.outer..outer_end,
            inner: open.inner..inner_end,
            continues: open.continues,
        });
    }
}

/// Returns the family, the shape and the length in bytes of the mark with which `rest` begins.
fn mark_at(rest: &str, letter: char) -> Option<(Family, Shape, usize)> {
    let is_doubled = || rest.chars().nth(1).is_some_and(is_single_mark);
    let (family, shape) = match letter {
        '«' | '《' => (Family::Guillemets, Shape::Open),
        '»' | '》' => (Family::Guillemets, Shape::Close),
        '<' if rest.starts_with("<<") => return Some((Family::Guillemets, Shape::Open, 2)),
        '>' if rest.starts_with(">>") => return Some((Family::Guillemets, Shape::Close, 2)),
        '“' | '‟' | '„' => (Family::Double, Shape::Open),
        '”' => (Family::Double, Shape::Close),
        '"' | '＂' => (Family::Double, Shape::Either),
        '‹' => (Family::Angle, Shape::Open),
        '›' => (Family::Angle, Shape::Close),
        // Two single marks are typed in place of a double one.
        _ if is_single_mark(letter) && is_doubled() => {
            let length = rest.chars().take(2).map(char::len_utf8).sum();
            return Some((Family::Double, Shape::Either, length));
        }
        '‘' => (Family::Single, Shape::Open),
        '’' => (Family::Single, Shape::Close),
        '\'' => (Family::Single, Shape::Either),
        _ => return None,
    };
    Some((family, shape, letter.len_utf8()))
}

const fn is_single_mark(letter: char) -> bool {
    matches!(letter, '\'' | '‘' | '’')
}

/// Returns what a mark between two letters does: opens, closes, or, for [`Shape::Either`], nothing.
fn role(family: Family, shape: Shape, before: Option<char>, next: Option<char>, open: Option<&Open>) -> Shape {
    let open = open.filter(|open| open.family == family);
    let is_opener = |c: char| c.is_whitespace() || matches!(c, '(' | '[' | '-' | '–' | '—' | '«' | '“' | '"' | ':');
    let begins = before.is_none_or(is_opener) && next.is_some_and(|c| !c.is_whitespace());
    match family {
        Family::Single => single_role(shape, before, next, open.is_some(), begins),
        Family::Double if shape == Shape::Open => {
            let closes = open.is_some_and(|open| open.mark == '„');
            if closes { Shape::Close } else { Shape::Open }
        }
        Family::Double if open.is_some() => {
            if begins && shape == Shape::Either {
                Shape::Open
            } else {
                Shape::Close
            }
        }
        Family::Double => {
            let is_spaced = before.is_none_or(char::is_whitespace) && next.is_some_and(char::is_whitespace);
            let is_glued = before.is_some_and(|c| c.is_alphabetic() || is_single_mark(c)) && next.is_some_and(char::is_alphabetic);
            // ”words” is typed with the same mark on both sides.
            let opens = begins || shape == Shape::Either && (is_spaced || is_glued);
            if opens { Shape::Open } else { Shape::Either }
        }
        Family::Guillemets | Family::Angle => shape,
    }
}

/// Returns what a single mark does, which is an apostrophe most of the time.
fn single_role(shape: Shape, before: Option<char>, next: Option<char>, is_open: bool, begins: bool) -> Shape {
    let ends = before.is_some_and(|c| !c.is_whitespace()) && next.is_none_or(|c| !c.is_alphanumeric());
    // An apostrophe at the end of a word (the workers’ rights) has neither punctuation before nor behind it.
    let is_set_off =
        before.is_some_and(|c| matches!(c, ',' | '.' | '?' | '!' | '…')) || next.is_none_or(|c| matches!(c, ',' | '.' | ';' | ')'));
    if is_open && ends && is_set_off {
        Shape::Close
    } else if !is_open && begins && shape != Shape::Close {
        Shape::Open
    } else {
        Shape::Either
    }
}

/// Returns whether the text ends with a sentence.
fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '?', '!', '…', '؟'])
}
