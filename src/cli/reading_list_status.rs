//! The part of `griot status` on the lists of feeds that feeds.toml includes.

use super::failure::Failure;
use super::output::Output;
use super::terminal_text::escape_controls;
use crate::config::Config;
use crate::model::{ListedSource, ReadingList, Timestamp, loggable_url};
use crate::store::Store;
use serde_json::{Value, json};
use url::Url;

/// Prints each list: how many feeds it has, when it was read, why it could not be, and what was added and removed within `[report] remind`.
///
/// # Errors
/// [`Failure`] when the database cannot be read.
pub fn print(config: &Config, store: &Store, only_problems: bool, now: Timestamp, output: &mut Output) -> Result<(), Failure> {
    let stored = store.reading_lists()?;
    for included in config.included_lists.iter().filter(|included| included.enabled) {
        let list = stored.iter().find(|list| list.url == included.url.as_str());
        if only_problems && list.is_none_or(|list| list.problem.is_none()) {
            continue;
        }
        let since = now - config.report.remind;
        if output.json {
            output.value(&json_line(&included.url, list, since));
        } else {
            print_text(&included.url, list, since, &config.site.timezone, output);
        }
    }
    Ok(())
}

fn json_line(url: &Url, list: Option<&ReadingList>, since: Timestamp) -> Value {
    let (added, removed) = list.map(|list| list.changes_since(since)).unwrap_or_default();
    let ids = |sources: Vec<&ListedSource>| sources.iter().map(|source| source.id.to_string()).collect::<Vec<_>>();
    json!({
        "list": loggable_url(url),
        "feeds": list.map_or(0, |list| list.present().count()),
        "checked": list.map(|list| list.checked.rfc3339()),
        "read": list.and_then(|list| list.read).map(Timestamp::rfc3339),
        "problem": list.and_then(|list| list.problem.as_deref()),
        "added": ids(added),
        "removed": ids(removed),
    })
}

fn print_text(url: &Url, list: Option<&ReadingList>, since: Timestamp, zone: &str, output: &mut Output) {
    let name = loggable_url(url);
    let Some(list) = list else {
        return output.tell(&format!("list {name}: not read yet; griot fetch reads it"));
    };
    let feeds = list.present().count();
    match list.read {
        Some(read) => output.tell(&format!("list {name}: {feeds} feeds, read {}", read.local(zone))),
        None => output.tell(&format!("list {name}: {feeds} feeds, never read")),
    }
    let messages = output.messages;
    let mut detail = |at: Timestamp, text: &str| {
        let line = format!("{:20} {}: {}", "", at.local(zone), messages.translate(text));
        output.line(&escape_controls(&line));
    };
    if let Some(problem) = &list.problem {
        detail(list.checked, problem);
    }
    let (added, removed) = list.changes_since(since);
    for source in added {
        detail(source.added, &format!("added `{}`", source.id));
    }
    for source in removed {
        detail(source.removed.unwrap_or(source.added), &format!("removed `{}`", source.id));
    }
}
