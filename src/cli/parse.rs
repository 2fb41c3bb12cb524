//! `griot parse`: the content of a feed.

use super::args::{Global, Parse};
use super::entry_json;
use super::failure::{DONE, FATAL, Failure, USAGE, from_open};
use super::input::{Input, Reader};
use super::output::Output;
use super::setup;
use super::terminal_text::{dated_title, escape_controls};
use crate::fetch::Accept;
use crate::model::{SourceId, Timestamp};
use crate::parse::{self, Document, NotAFeed, ParsedFeed};
use crate::pipeline::gather::read_with;
use crate::pipeline::prepare::PreparedSource;
use crate::pipeline::{self, Clock};
use crate::text::html_to_text::html_to_text;
use serde_json::{Value, json};
use url::Url;

/// Reads each feed and prints an overview, or one JSON object a line.
///
/// # Errors
/// [`Failure`] for a mistake on the command line or in the configuration; a feed that cannot be parsed is reported, and the exit code is 1.
pub async fn run(parse: &Parse, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let content_type = header(&parse.headers, "content-type")?;
    let location = header(&parse.headers, "content-location")?;
    let prepared = parse.source.as_deref().map(|id| source(id, global, output)).transpose()?;
    let own = prepared.as_ref().map(|prepared| &prepared.source);
    let accept = if own.is_some_and(|source| source.list.is_some()) {
        Accept::Page
    } else {
        Accept::Feed
    };
    let own_address = own.and_then(|source| source.urls.first());
    let mut inputs = parse.inputs.clone();
    if inputs.is_empty() {
        inputs.extend(own_address.map(Url::to_string));
    }
    let mut reader = Reader::new(global, accept, clock.now());
    let mut code = DONE;
    for name in &inputs {
        let read = reader.read(name, output).await?;
        let mut result = Err(String::new());
        match read {
            Ok(input) => {
                let found = parse.base.as_ref().or(input.url.as_ref()).or(own_address);
                let url = base(found, location.as_deref());
                let document = Document {
                    bytes: &input.bytes,
                    url: url.as_ref(),
                    content_type: content_type.as_deref().or(input.content_type.as_deref()),
                    charset: own.and_then(|source| source.charset.as_deref()),
                    is_base_stated: parse.base.is_some(),
                    timezone: own.and_then(|source| source.timezone.as_deref()),
                };
                let mut feed = match &prepared {
                    Some(prepared) => read_with(prepared, &document),
                    None => parse::parse(&document),
                };
                if let Ok(feed) = &mut feed {
                    feed.note_future_dates(clock.now());
                }
                result = Ok((feed, input));
            }
            Err(unread) => result = result.map_err(|_| unread.words),
        }
        let good = matches!(result, Ok((Ok(_), _)));
        if !good {
            code = FATAL;
        }
        if output.json {
            output.value(&json_line(name, &result));
        } else {
            print_text(name, &result, output);
        }
    }
    Ok(code)
}

/// Returns the source of feeds.toml with this id.
fn source(id: &str, global: &Global, output: &Output) -> Result<PreparedSource, Failure> {
    let (_, config) = setup::load(global, output)?;
    let mut prepared = pipeline::app::compile(&config).map_err(|error| from_open(error, output.style()))?;
    let found = SourceId::new(id).ok().and_then(|id| prepared.sources.remove(&id));
    found.ok_or_else(|| Failure::message(USAGE, format!("there is no source `{id}`")).hint("griot list sources shows them"))
}

/// A parsed feed, or what else the document is, with the input; the message where it could not be read.
type ParseResult = Result<(Result<ParsedFeed, NotAFeed>, Input), String>;

/// Returns the base of a document's relative URLs. A Content-Location in `--header` is used, as it was before RFC 7231 (appendix B).
fn base(found: Option<&Url>, location: Option<&str>) -> Option<Url> {
    let named = location.and_then(|location| found.map_or_else(|| Url::parse(location), |found| found.join(location)).ok());
    named.or_else(|| found.cloned())
}

fn header(headers: &[String], wanted: &str) -> Result<Option<String>, Failure> {
    let mut found = None;
    for header in headers {
        let Some((name, value)) = header.split_once(':') else {
            return Err(Failure::message(USAGE, format!("`{header}` is no header")).hint("write it as 'Name: value'"));
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            found = Some(value.trim().to_owned());
        }
    }
    Ok(found)
}

fn json_line(name: &str, result: &ParseResult) -> Value {
    match result {
        Err(words) => json!({"path": name, "ok": false, "err": words, "type": null, "feed": {}, "entries": [], "problems": []}),
        Ok((Err(what), _)) => {
            let mut value = json!({"path": name, "ok": false, "err": what.to_string(), "code": what.code(), "type": null, "feed": {}, "entries": [], "problems": []});
            add_feeds(what, &mut value);
            value
        }
        Ok((Ok(feed), _)) => json!({
            "path": name,
            "ok": true,
            "err": null,
            "type": feed.kind.as_str(),
            "version": feed.version,
            "feed": {
                "id": feed.meta.id,
                "title": feed.meta.title,
                "link": feed.meta.link.as_ref().map(Url::as_str),
                "description": feed.meta.description,
                "language": feed.meta.language,
                "author": feed.meta.author,
                "updated": feed.meta.updated.map(Timestamp::unix),
                "image": feed.meta.image.as_ref().map(Url::as_str),
                "generator": feed.meta.generator,
                "rights": feed.meta.rights,
                "licence": feed.meta.licence.as_ref().map(Url::as_str),
                "self": feed.meta.self_link.as_ref().map(Url::as_str),
                "hubs": feed.meta.hubs.iter().map(Url::as_str).collect::<Vec<_>>(),
                "ttl": feed.meta.hints.ttl.map(|ttl| ttl.as_secs()),
                "update_period": feed.meta.hints.update_period.map(|period| period.as_secs()),
                "skip_hours": feed.meta.hints.skip_hours,
                "skip_days": feed.meta.hints.skip_days,
                "complete": feed.meta.history.complete,
                "archive": feed.meta.history.archive,
                "previous_archive": feed.meta.history.previous_archive.as_ref().map(Url::as_str),
                "next_page": feed.meta.history.next_page.as_ref().map(Url::as_str),
            },
            "entries": feed.entries.iter().map(entry_json::parsed).collect::<Vec<_>>(),
            "problems": feed.problems.iter().map(|problem| json!({"code": problem.code, "detail": problem.detail})).collect::<Vec<_>>(),
        }),
    }
}

/// Adds the feeds that the document announces or lists, and the problems of a list.
fn add_feeds(what: &NotAFeed, value: &mut Value) {
    if let NotAFeed::Opml { list } = what {
        let feeds = list.feeds.iter().map(|feed| {
            json!({
                "url": feed.xml_url.as_str(),
                "title": feed.title,
                "how": "listed",
                "folder": feed.folder,
                "link": feed.html_url.as_ref().map(Url::as_str),
                "type": feed.kind,
                "categories": feed.categories,
                "language": feed.language,
                "description": feed.description,
            })
        });
        value["feeds"] = feeds.collect();
        value["problems"] = list
            .problems
            .iter()
            .map(|problem| json!({"code": problem.code, "detail": problem.detail}))
            .collect();
        return;
    }
    let feeds = what.feeds().iter();
    value["feeds"] = feeds
        .map(|feed| json!({"url": feed.url.as_str(), "title": feed.title, "how": feed.method.code()}))
        .collect();
}

/// Prints why the document is no feed, and the feeds that it announces or lists.
fn print_not_a_feed(name: &str, what: &NotAFeed, output: &mut Output) {
    output.line(&format!("{name}: no feed: {}", escape_controls(&what.to_string())));
    for feed in what.feeds() {
        output.line(format!("  {:<10} {}  {}", feed.method.code(), feed.url, escape_controls(&feed.title)).trim_end());
    }
    if let NotAFeed::Opml { list } = what {
        for feed in &list.feeds {
            let place: Vec<&str> = feed
                .folder
                .iter()
                .map(String::as_str)
                .chain([feed.title.as_str()])
                .filter(|part| !part.is_empty())
                .collect();
            output.line(format!("  {:<10} {}  {}", "listed", feed.xml_url, escape_controls(&place.join(" / "))).trim_end());
        }
        for problem in &list.problems {
            output.line(&format!("  problem {}: {}", problem.code, escape_controls(&problem.detail)));
        }
    }
}

fn print_text(name: &str, result: &ParseResult, output: &mut Output) {
    let feed = match result {
        Err(words) => return output.line(&format!("{name}: cannot be read: {}", escape_controls(words))),
        Ok((Err(what), _)) => return print_not_a_feed(name, what, output),
        Ok((Ok(feed), _)) => feed,
    };
    output.line(&format!("{name}: {} ({} entries)", feed.version, feed.entries.len()));
    output.line(&format!("  title     {}", escape_controls(&feed.meta.title)));
    for (label, value) in [
        ("link", feed.meta.link.as_ref().map(Url::to_string)),
        ("language", feed.meta.language.clone()),
        ("generator", feed.meta.generator.clone()),
    ] {
        if let Some(value) = value {
            output.line(&format!("  {label:<9} {}", escape_controls(&value)));
        }
    }
    for draft in &feed.entries {
        output.line(&format!(
            "\n  {}",
            dated_title(draft.published.or(draft.updated), "UTC", &draft.title, output.messages)
        ));
        if let Some(link) = &draft.link {
            output.line(&format!("    {link}"));
        }
        let texts = [&draft.content, &draft.summary];
        let text = texts
            .into_iter()
            .flatten()
            .max_by_key(|raw| raw.0.len())
            .map(|raw| html_to_text(&raw.0))
            .unwrap_or_default();
        let head: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(140).collect();
        if !head.is_empty() {
            output.line(&format!("    {} … ({} characters)", escape_controls(&head), text.chars().count()));
        }
    }
    for problem in &feed.problems {
        output.line(&format!("\n  problem {}: {}", problem.code, escape_controls(&problem.detail)));
    }
}
