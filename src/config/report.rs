//! Prints problems as a compiler does: file, line and column, the line itself, a caret under the place, and what to do.
//!
//! A report is in the language of its style; the summary for logs is English. The text of a file is untrusted: its control characters never reach the terminal. A report ends up in logs and in mails of cron: the secrets
//! of a file are masked, whatever the problem is about.

use super::masking::{mask, masked_message, secret_ranges};
use super::problem::{ConfigFile, ConfigProblem, Place, Placed};
use crate::text::messages::Messages;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::BTreeMap;
use std::ops::Range;

/// The width of the report in characters; of a longer line the part around the place is shown.
const MAX_LINE_CHARS: usize = 140;

/// How many problems a summary names.
const MAX_SUMMARY_LINES: usize = 3;

/// How a report is printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReportStyle {
    /// Whether it is coloured.
    pub color: bool,
    /// Its language.
    pub messages: Messages,
}

/// Returns the problems as text for people, in the order of their places, without the secrets of the files.
#[must_use]
pub fn report(files: &[ConfigFile], problems: &[ConfigProblem], style: ReportStyle) -> String {
    let level = Level::ERROR.with_name(style.messages.translate("error"));
    report_as(&level, files, problems, style)
}

/// Returns what is no mistake, but hardly meant, in the form of [`report`].
#[must_use]
pub fn report_remarks(files: &[ConfigFile], remarks: &[ConfigProblem], style: ReportStyle) -> String {
    let level = Level::WARNING.with_name(style.messages.translate("warning"));
    report_as(&level, files, remarks, style)
}

fn report_as(level: &Level<'_>, files: &[ConfigFile], problems: &[ConfigProblem], style: ReportStyle) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(MAX_LINE_CHARS);
    let mut sorted: Vec<&ConfigProblem> = problems.iter().collect();
    sorted.sort_by_key(|problem| problem.sort_key());
    let mut lines = Lines::default();
    let mut out = String::new();
    for problem in sorted {
        let problem = translated(problem, style.messages);
        out.push_str(&renderer.render(&[group(level, files, &problem, style.messages, &mut lines)]));
        out.push_str("\n\n");
    }
    out
}

fn translated(problem: &ConfigProblem, messages: Messages) -> ConfigProblem {
    let translate = |text: &str| messages.translate(text).into_owned();
    ConfigProblem {
        place: problem.place.clone(),
        message: translate(&problem.message),
        help: problem.help.as_deref().map(translate),
        also: problem.also.as_ref().map(|also| Placed {
            text: translate(&also.text),
            place: also.place.clone(),
        }),
    }
}

/// Returns the first problems in one line each, `FILE:LINE: message (help)`, for logs; without the secrets of the files.
#[must_use]
pub fn summary(files: &[ConfigFile], problems: &[ConfigProblem]) -> Vec<String> {
    let mut sorted: Vec<&ConfigProblem> = problems.iter().collect();
    sorted.sort_by_key(|problem| problem.sort_key());
    let mut lines = Lines::default();
    let line = |problem: &ConfigProblem| {
        let place = problem.place.as_ref().and_then(|place| lines.find(files, place));
        let place = place.and_then(|line| {
            Some(format!(
                "{}:{}: ",
                clean(&files.get(line.file)?.path.to_string_lossy()),
                line.number
            ))
        });
        let help = problem.help.as_ref().map(|help| format!(" ({})", clean(help)));
        format!(
            "{}{}{}",
            place.unwrap_or_default(),
            clean(&problem.message),
            help.unwrap_or_default()
        )
    };
    sorted.into_iter().take(MAX_SUMMARY_LINES).map(line).collect()
}

fn group<'a>(level: &Level<'a>, files: &'a [ConfigFile], problem: &ConfigProblem, messages: Messages, lines: &mut Lines) -> Group<'a> {
    let mut group = Group::with_title(level.clone().primary_title(clean(&problem.message)));
    let place = problem.place.as_ref().and_then(|place| lines.find(files, place));
    let also = problem.also.as_ref().and_then(|also| Some((lines.find(files, &also.place)?, also)));
    match (place, also) {
        // Two places in one line are shown as two marks under it.
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
        Some(help) => group.element(Level::HELP.with_name(messages.translate("help")).message(clean(help))),
        None => group,
    }
}

/// One line of a file, without control characters, with the byte range to point at.
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

/// The lines and secrets of one file; computed once a file, since a file may have many problems.
struct FileLines {
    /// The byte offsets at which the lines begin.
    starts: Vec<usize>,
    /// The byte ranges of the secrets.
    secrets: Vec<Range<usize>>,
}

/// The lines of the files that have problems.
#[derive(Default)]
struct Lines(BTreeMap<usize, FileLines>);

impl Lines {
    /// Returns the line in which a place begins. A place is cut off at the end of its line, and one beyond the file is moved to its end.
    fn find(&mut self, files: &[ConfigFile], place: &Place) -> Option<Line> {
        let text = files.get(place.file)?.text.as_str();
        let FileLines { starts, secrets } = self.0.entry(place.file).or_insert_with(|| {
            let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            FileLines {
                starts: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect(),
                secrets: secret_ranges(text),
            }
        });
        let start = text.floor_char_boundary(place.span.start);
        let number = starts.partition_point(|first| *first <= start);
        let first = *starts.get(number.checked_sub(1)?)?;
        let line = text.get(first..)?.split('\n').next()?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let from = line.floor_char_boundary(start - first);
        let to = line.ceil_char_boundary(place.span.end.saturating_sub(first).clamp(from, line.len()));
        let shown = |part: Range<usize>| Some(visible_line(&mask(line.get(part.clone())?, first + part.start, secrets)));
        let before = shown(0..from)?;
        let marked = shown(from..to)?;
        let behind = shown(to..line.len())?;
        Some(Line {
            file: place.file,
            number,
            span: before.len()..before.len() + marked.len(),
            text: before + &marked + &behind,
        })
    }
}

/// Replaces each control character by one visible character, so that columns stay right. Tabs stay.
fn visible_line(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { c } else { visible_char(c) }).collect()
}

/// Replaces each control character, tabs and line breaks included, for a text of one line, and masks what may be secret in its URLs.
fn clean(text: &str) -> String {
    masked_message(text).chars().map(visible_char).collect()
}

fn visible_char(c: char) -> char {
    match c {
        // Unicode's control pictures have the same order from U+2400 on.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        // C1 controls, and characters that change the direction of the text after them (bidirectional formatting).
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
