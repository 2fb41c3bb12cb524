//! `griot search`: finds stored entries by their words, and shows where the words stand.

use super::args::{Global, Search, SearchSort};
use super::entry_json;
use super::failure::{DONE, Failure, USAGE, in_search};
use super::list::topics_of_entries;
use super::output::Output;
use super::setup;
use super::terminal_text::escape_controls;
use crate::config::{Config, ReportStyle};
use crate::model::{Country, Entry, SearchOrder, Timestamp};
use crate::pipeline::search::{self, SearchError, SearchHit, SearchReport, SearchRequest};
use serde_json::{Value, json};
use std::ops::Range;
use url::Url;

/// Prints the entries that meet the query, the best first.
///
/// # Errors
/// [`Failure`] when the query has a mistake, when there is no index, or when the database cannot be read.
pub fn run(arguments: &Search, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let query = [std::slice::from_ref(&arguments.query), &arguments.more].concat().join(" ");
    let request = SearchRequest {
        query: &query,
        order: match arguments.sort {
            SearchSort::Relevance => SearchOrder::Relevance,
            SearchSort::Date => SearchOrder::Date,
        },
        offset: arguments.offset,
        limit: arguments.limit,
    };
    let report = search::search(&config, &store, request, now).map_err(|error| failure(error, &query, &config, output.style()))?;
    let entries: Vec<&Entry> = report.hits.iter().map(|hit| &hit.entry).collect();
    let topics = topics_of_entries(&store, &entries)?;
    for (hit, topics) in report.hits.iter().zip(&topics) {
        if output.json {
            output.value(&value(hit, topics, &config));
        } else {
            print(hit, &config, output);
        }
    }
    if !output.quiet {
        tell(&report, arguments, output);
    }
    Ok(DONE)
}

fn outlet<'c>(entry: &'c Entry, config: &'c Config) -> &'c str {
    let source = config.sources.iter().find(|source| source.id == entry.source);
    source.map_or(entry.source.as_str(), |source| source.name.as_str())
}

fn value(hit: &SearchHit, topics: &[String], config: &Config) -> Value {
    let SearchHit { entry, score, snippet, .. } = hit;
    let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
    let words = |text: &str, marks: &[Range<usize>]| -> Vec<String> {
        marks.iter().filter_map(|mark| text.get(mark.clone())).map(str::to_owned).collect()
    };
    let mut found = words(&entry.title, &hit.title_marks);
    found.extend(words(&snippet.text, &snippet.marks));
    let mut value = entry_json::listed(entry, &topics);
    value["date"] = json!(entry.date().rfc3339());
    value["outlet"] = json!(outlet(entry, config));
    value["language"] = json!(entry.language);
    value["score"] = json!(score);
    value["snippet"] = json!(snippet.text);
    value["words"] = json!(found);
    value
}

fn print(hit: &SearchHit, config: &Config, output: &mut Output) {
    let SearchHit { entry, snippet, .. } = hit;
    let copy = if entry.copy_of.is_some() { ", copy" } else { "" };
    let about: Vec<&str> = entry
        .about
        .countries()
        .iter()
        .map(|(country, _)| Country::as_str(country))
        .collect();
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(", about {}", about.join(","))
    };
    let words = |text| output.messages.translate(text);
    let line = format!(
        "{} {}  {}{}{}",
        entry.id.short(),
        entry.date().local(&config.site.timezone),
        escape_controls(outlet(entry, config)),
        words(copy),
        words(&about),
    );
    output.line(&line);
    output.line(&format!("  {}", marked(&entry.title, &hit.title_marks, output.color_data)));
    if let Some(link) = &entry.link {
        output.line(&format!("  {}", escape_controls(Url::as_str(link))));
    }
    if !snippet.text.is_empty() {
        output.line(&format!("  {}", marked(&snippet.text, &snippet.marks, output.color_data)));
    }
}

/// Returns a text for the terminal, its marks in bold where `is_shown`.
fn marked(text: &str, marks: &[Range<usize>], is_shown: bool) -> String {
    if !is_shown {
        return escape_controls(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let part = |range: Range<usize>| escape_controls(text.get(range).unwrap_or_default());
    for mark in marks {
        out.push_str(&part(at..mark.start));
        out.push_str("\u{1b}[1m");
        out.push_str(&part(mark.clone()));
        out.push_str("\u{1b}[0m");
        at = mark.end;
    }
    out.push_str(&part(at..text.len()));
    out
}

/// Tells on stderr which part of the results was printed.
fn tell(report: &SearchReport, arguments: &Search, output: &Output) {
    let total = report.total;
    let count = report.hits.len();
    let of = match (report.has_more, total) {
        (true, _) => format!("the newest {total} that match"),
        (false, 1) => "1 entry".to_owned(),
        (false, _) => format!("{total} entries"),
    };
    let next = arguments.offset + count;
    output.warn(&match count {
        0 if total == 0 => "nothing matches".to_owned(),
        0 => format!("nothing follows: {of} in all"),
        _ if next < total => format!("{} to {next} of {of}; --offset {next} shows the next", arguments.offset + 1),
        _ => format!("{} to {next} of {of}", arguments.offset + 1),
    });
    if report.is_partial {
        output.warn("the full-text index is being filled: older entries are not all in it yet");
    }
}

fn failure(error: SearchError, query: &str, config: &Config, style: ReportStyle) -> Failure {
    let remedy = error.remedy();
    match (error, remedy) {
        (SearchError::Query(errors), _) => in_search(query, &errors),
        (SearchError::Concepts(problems), _) => Failure::report(&config.files, &problems, style),
        (SearchError::Store(error), _) => error.into(),
        (error, Some(remedy)) => Failure::new(USAGE, error).hint(remedy),
        (error, None) => Failure::new(USAGE, error),
    }
}
