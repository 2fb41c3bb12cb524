//! Prints problems as a compiler does: file, line and column, the line itself, a caret under the place, and what to do.
//!
//! The text of a file is foreign: its control characters never reach the terminal.

use super::check::in_order;
use super::{ConfigFile, ConfigProblem, Place};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::BTreeMap;
use std::ops::Range;

/// Lines are shown up to this width in characters, around the place.
const WIDTH: usize = 140;

/// Returns the problems as text for people, in the order of their places.
#[must_use]
pub fn report(files: &[ConfigFile], problems: &[ConfigProblem], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut sorted: Vec<&ConfigProblem> = problems.iter().collect();
    sorted.sort_by_key(|problem| in_order(problem));
    let mut lines = Lines::default();
    let mut out = String::new();
    for problem in sorted {
        out.push_str(&renderer.render(&[group(files, problem, &mut lines)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(files: &'a [ConfigFile], problem: &'a ConfigProblem, lines: &mut Lines) -> Group<'a> {
    let mut group = Group::with_title(Level::ERROR.primary_title(clean(&problem.message)));
    let place = problem.place.as_ref().and_then(|place| lines.find(files, place));
    let also = problem.also.as_ref().and_then(|also| Some((lines.find(files, &also.place)?, also)));
    match (place, also) {
        // Two places of one line are two carets under it.
        (Some(place), Some((other, also))) if place.file == other.file && place.number == other.number => {
            let mark = AnnotationKind::Context.span(other.span).label(clean(&also.text));
            group = group.element(place.snippet(files, None, Some(mark)));
        }
        (Some(place), also) => {
            group = group.element(place.snippet(files, None, None));
            if let Some((other, also)) = also {
                group = group.element(other.snippet(files, Some(clean(&also.text)), None));
            }
        }
        (None, _) => {}
    }
    match &problem.help {
        Some(help) => group.element(Level::HELP.message(clean(help))),
        None => group,
    }
}

/// One line of a file, ready to be shown, with the part to point at.
struct Line {
    file: usize,
    number: usize,
    text: String,
    span: Range<usize>,
}

impl Line {
    fn snippet<'a>(self, files: &[ConfigFile], label: Option<String>, other: Option<Annotation<'a>>) -> Snippet<'a, Annotation<'a>> {
        let path = files
            .get(self.file)
            .map_or(String::new(), |file| clean(&file.path.to_string_lossy()));
        let kind = if label.is_some() {
            AnnotationKind::Context
        } else {
            AnnotationKind::Primary
        };
        Snippet::source(self.text)
            .line_start(self.number)
            .path(path)
            .annotation(kind.span(self.span).label(label))
            .annotations(other)
    }
}

/// Where the lines of the files begin; found once a file, since a file may hold many problems.
#[derive(Default)]
struct Lines(BTreeMap<usize, Vec<usize>>);

impl Lines {
    /// Returns the line where a place begins. What reaches beyond the line is cut off; a place beyond the file is moved to its end.
    fn find(&mut self, files: &[ConfigFile], place: &Place) -> Option<Line> {
        let text = files.get(place.file)?.text.as_str();
        let starts = self.0.entry(place.file).or_insert_with(|| {
            let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        });
        let start = text.floor_char_boundary(place.span.start);
        let number = starts.partition_point(|first| *first <= start);
        let first = *starts.get(number.checked_sub(1)?)?;
        let line = text.get(first..)?.split('\n').next()?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let from = line.floor_char_boundary(start - first);
        let to = line.ceil_char_boundary(place.span.end.saturating_sub(first).clamp(from, line.len()));
        let before = visible(line.get(..from)?);
        let marked = visible(line.get(from..to)?);
        let behind = visible(line.get(to..)?);
        Some(Line {
            file: place.file,
            number,
            span: before.len()..before.len() + marked.len(),
            text: before + &marked + &behind,
        })
    }
}

/// Replaces what a terminal would obey by one visible character each, so that columns stay right. Tabs stay.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { c } else { shown(c) }).collect()
}

/// The same for a text of one line, where a tab or a line break is foreign too.
fn clean(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn shown(c: char) -> char {
    match c {
        // The pictures of the control characters stand in the same order from U+2400 on.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        // C1 controls, and marks that turn the direction of what follows.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
