//! `griot add`: adds a source to feeds.toml by the address of its feed or site, or sources of the catalogue.

use super::args::{Add, Global};
use super::failure::{CONFIGURATION, DONE, FATAL, Failure, USAGE};
use super::input::{Input, Reader};
use super::output::Output;
use super::terminal_text::{dated_title, escape_controls};
use super::{edit, setup};
use crate::config::{self, Config, NewSource};
use crate::fetch::Accept;
use crate::model::EntryDraft;
use crate::parse::{self, Candidate, Document, ListRule, NotAFeed, ParsedFeed};
use crate::pipeline::new_source::{FeedChoice, choose_feed, known_source, new_source, unknown_blocks};
use crate::pipeline::{self, Clock};
use serde_json::json;
use std::cmp::Reverse;
use std::io::{BufRead, IsTerminal, Write};
use url::Url;

const CATALOGUE: &str = "@catalogue:";
/// How many titles are shown.
const SHOWN_TITLES: usize = 3;
/// How many feeds of a page are shown.
const SHOWN_FEEDS: usize = 10;

/// Adds what the argument names.
///
/// # Errors
/// [`Failure`] when it is no feed, when it is followed already, or when the result would have mistakes; then nothing is written.
pub async fn run(add: &Add, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    if let Some(name) = add.what.strip_prefix(CATALOGUE) {
        return add_catalogue(name, global, output);
    }
    let (_, config) = setup::load(global, output)?;
    let asked = address(&add.what)?;
    refuse_known(&config, &asked)?;
    let found = match &add.list {
        Some(selector) => find_list(selector, &asked, global, clock, output).await?,
        None => find_feed(add, &asked, global, clock, output).await?,
    };
    let Found { feed, url, list } = found;
    refuse_known(&config, &url)?;
    let mut source = new_source(&feed, &url, &config);
    source.list = list;
    if let Some(id) = &add.id {
        source.id = edit::source_id(id)?;
    }
    source.name = add.name.clone().or(source.name);
    source.country = add.country.clone().or(source.country);
    source.kind = add.kind.clone().or(source.kind);
    source.tags = add.tags.iter().map(|tag| tag.trim().to_owned()).collect();
    let block = source.block();
    let blocks = std::slice::from_ref(&block);
    let appended = |config: &Config, style| {
        let edited = config::append_sources(config, blocks).map_err(|error| edit::refused(error, config, style))?;
        pipeline::app::compile(&edited.config).map_err(|error| super::failure::from_open(error, style))?;
        Ok::<_, Failure>(edited)
    };
    appended(&config, output.style())?;
    if !output.json && !output.quiet {
        show(&feed, &block, output);
    }
    confirm(add, &source, output)?;
    // The answer may have taken hours: the file is locked and read again only now.
    let (_lock, _, config) = setup::load_to_edit(global, output)?;
    refuse_known(&config, &url)?;
    let edited = appended(&config, output.style())?;
    edited.files.iter().try_for_each(edit::replace)?;
    if output.json {
        output.value(&json!({"id": source.id.as_str(), "url": url.as_str(), "name": source.name, "country": source.country, "lang": source.language, "kind": source.kind}));
    } else if !output.quiet {
        let file = edited.files.first().map(|file| file.path.display().to_string()).unwrap_or_default();
        output.tell(&format!("{file}: {} is added; griot fetch {} fetches it now", source.id, source.id));
    }
    Ok(DONE)
}

/// Returns the address that was typed; `https://` may be left out.
fn address(text: &str) -> Result<Url, Failure> {
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&whole).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| host.contains(['.', ':']) || host == "localhost")
    });
    url.ok_or_else(|| {
        Failure::message(USAGE, format!("`{text}` is no address of the web"))
            .hint("griot add https://… takes a feed or a site; griot add @catalogue:niger takes sources that the program knows")
    })
}

fn refuse_known(config: &Config, url: &Url) -> Result<(), Failure> {
    match known_source(config, url) {
        None => Ok(()),
        Some(id) => Err(Failure::message(CONFIGURATION, format!("`{id}` follows {url} already"))
            .hint(format!("griot status shows how it does; griot edit {id} changes it"))),
    }
}

/// What is added.
struct Found {
    feed: ParsedFeed,
    /// The address of the feed, or of the list page.
    url: Url,
    /// The selectors of the links and the dates of the list page.
    list: Option<(String, Option<String>)>,
}

impl Found {
    fn feed(feed: ParsedFeed, url: Url) -> Self {
        Self { feed, url, list: None }
    }
}

/// Returns the entries that the page at the address lists, by the selector of their links; an empty one is guessed.
async fn find_list(selector: &str, asked: &Url, global: &Global, clock: &Clock, output: &Output) -> Result<Found, Failure> {
    let mut reader = Reader::new(global, Accept::Page, clock.now());
    let input = read(&mut reader, asked, output).await?;
    if let Ok(feed) = parsed(&input, clock) {
        let url = input.url.unwrap_or_else(|| asked.clone());
        return Ok(Found::feed(feed, url));
    }
    let given = Some(selector.trim()).filter(|selector| !selector.is_empty());
    let guess = parse::guess_list(&document(&input), given).ok_or_else(|| {
        let said = match given {
            Some(selector) => format!("`{selector}` selects no link to an entry of {asked}"),
            None => format!("{asked} seems to list no entries"),
        };
        Failure::message(FATAL, said)
            .hint("give a CSS selector of its links, such as --list='h2 a'; a page that scripts fill cannot be read")
    })?;
    let rule = ListRule::new(&guess.link, guess.date.as_deref());
    let feed = rule.and_then(|rule| parse::parse_list(&document(&input), &rule).ok());
    let feed = feed.ok_or_else(|| Failure::message(FATAL, format!("{asked} cannot be read as a list")))?;
    Ok(Found {
        feed,
        url: input.url.unwrap_or_else(|| asked.clone()),
        list: Some((guess.link, guess.date)),
    })
}

/// Returns the feed at the address, or the one that the page there offers, with its address.
async fn find_feed(add: &Add, asked: &Url, global: &Global, clock: &Clock, output: &Output) -> Result<Found, Failure> {
    let mut reader = Reader::new(global, Accept::Feed, clock.now());
    let input = read(&mut reader, asked, output).await?;
    let url = input.url.clone().unwrap_or_else(|| asked.clone());
    let what = match parsed(&input, clock) {
        Ok(feed) => return Ok(Found::feed(feed, url)),
        Err(what) => what,
    };
    // An index of sitemaps leads to that of the news, as a visit of the source does.
    if let Some(listed) = parse::news_sitemap(&input.bytes, &url) {
        let news = read(&mut reader, &listed, output).await?;
        if let Ok(feed) = parsed(&news, clock) {
            return Ok(Found::feed(feed, url));
        }
    }
    let chosen = match choose_feed(what.feeds(), add.yes) {
        FeedChoice::One(chosen) => chosen,
        FeedChoice::Several(feeds) => return Err(several(asked, &feeds)),
        FeedChoice::Guesses(guesses) => {
            return guessed(&mut reader, &guesses, clock, output)
                .await?
                .ok_or_else(|| no_feed(asked, &what, &input));
        }
    };
    let input = read(&mut reader, &chosen.url, output).await?;
    match parsed(&input, clock) {
        Ok(feed) => Ok(Found::feed(feed, input.url.unwrap_or_else(|| chosen.url.clone()))),
        Err(other) => {
            let said = format!(
                "{asked} names {} as its feed, which is {}",
                chosen.url,
                escape_controls(&other.to_string())
            );
            Err(Failure::message(FATAL, said).hint("griot parse shows what an address holds"))
        }
    }
}

/// Returns the first feed at the addresses that sites of the same kind have; none where there is none.
async fn guessed(reader: &mut Reader<'_>, guesses: &[&Candidate], clock: &Clock, output: &Output) -> Result<Option<Found>, Failure> {
    for guess in guesses {
        let Ok(input) = reader.read(guess.url.as_str(), output).await? else {
            continue;
        };
        if let Ok(feed) = parsed(&input, clock) {
            return Ok(Some(Found::feed(feed, input.url.unwrap_or_else(|| guess.url.clone()))));
        }
    }
    Ok(None)
}

async fn read(reader: &mut Reader<'_>, url: &Url, output: &Output) -> Result<Input, Failure> {
    reader.read(url.as_str(), output).await?.map_err(|unread| {
        let failure = Failure::message(FATAL, format!("{url} cannot be read: {}", escape_controls(&unread.words)));
        if matches!(unread.status, Some(401 | 403)) {
            failure.hint("it is for those who log in, or keeps programs out: write it into feeds.toml by hand, with `auth = \"env:NAME\"` or `headers`")
        } else {
            failure.hint("griot parse shows what an address holds; look whether a browser finds it")
        }
    })
}

fn document(input: &Input) -> Document<'_> {
    Document {
        bytes: &input.bytes,
        url: input.url.as_ref(),
        content_type: input.content_type.as_deref(),
        ..Document::default()
    }
}

fn parsed(input: &Input, clock: &Clock) -> Result<ParsedFeed, NotAFeed> {
    let mut feed = parse::parse(&document(input))?;
    feed.note_future_dates(clock.now());
    Ok(feed)
}

fn several(asked: &Url, feeds: &[&Candidate]) -> Failure {
    let list: String = feeds
        .iter()
        .take(SHOWN_FEEDS)
        .map(|feed| {
            format!("\n  griot add {}  {}", feed.url, escape_controls(&feed.title))
                .trim_end()
                .to_owned()
        })
        .collect();
    Failure::message(USAGE, format!("{asked} offers several feeds:{list}")).hint("add those that you want; -y takes the first")
}

fn no_feed(asked: &Url, what: &NotAFeed, input: &Input) -> Failure {
    let said = match what {
        NotAFeed::Html { .. } => format!("{asked} is a web page that announces no feed, and none was found at the usual addresses"),
        other => format!("{asked} cannot be added: it is {}", escape_controls(&other.to_string())),
    };
    let failure = Failure::message(FATAL, said);
    match what {
        NotAFeed::Opml { .. } => {
            failure.hint("save it as a file: griot import opml FILE adds all that it lists, and with --dry-run shows them")
        }
        NotAFeed::Login => failure.hint("write it into feeds.toml by hand, with `auth = \"env:NAME\"` or `headers`"),
        _ => match parse::guess_list(&document(input), None) {
            Some(list) => failure.hint(format!(
                "it seems to list {} entries, which need no feed: griot add {asked} --list shows and adds them",
                list.entries
            )),
            None => failure.hint(
                "look on the site for a sign of RSS, and give the address behind it; of a page that lists its articles, griot add --list reads the links",
            ),
        },
    }
}

fn show(feed: &ParsedFeed, block: &str, output: &mut Output) {
    output.tell(&format!(
        "{} with {} entries: {}",
        feed.version,
        feed.entries.len(),
        escape_controls(&feed.meta.title)
    ));
    // Feeds have the newest first mostly; a list page may have the oldest.
    let mut newest: Vec<&EntryDraft> = feed.entries.iter().collect();
    newest.sort_by_key(|entry| Reverse(entry.published.or(entry.updated)));
    for entry in newest.into_iter().take(SHOWN_TITLES) {
        output.line(&format!(
            "  {}",
            dated_title(entry.published.or(entry.updated), "UTC", &entry.title, output.messages)
        ));
    }
    for problem in &feed.problems {
        output.tell(&format!("  problem {}: {}", problem.code, escape_controls(&problem.detail)));
    }
    output.line("");
    for line in block.lines() {
        output.line(&escape_controls(line));
    }
}

/// Asks on a terminal whether the source is to be written, unless the answer was given.
fn confirm(add: &Add, source: &NewSource, output: &Output) -> Result<(), Failure> {
    if add.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(
            Failure::message(USAGE, format!("`{}` is not added yet", source.id)).hint("griot add with -y adds it without a question")
        );
    }
    // A closed terminal answers with nothing, which is no.
    let question = output.messages.translate("Add it to feeds.toml? [y/N] ");
    let _ = write!(std::io::stderr(), "\n{question}");
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "o" | "oui" => Ok(()),
        _ => Err(Failure::message(USAGE, "nothing is added".to_owned())),
    }
}

/// Adds the sources of the catalogue that are not followed yet.
fn add_catalogue(name: &str, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (_lock, _, config) = setup::load_to_edit(global, output)?;
    let blocks = config::catalogue(name).ok_or_else(|| {
        let names: Vec<&str> = config::catalogue_names().collect();
        Failure::message(USAGE, format!("the catalogue has no `{name}`")).hint(format!(
            "it has {}; {CATALOGUE}niger/fr is one country in one language",
            names.join(", ")
        ))
    })?;
    let new = unknown_blocks(&config, &blocks);
    let enabled = new.iter().filter(|block| block.is_enabled).count();
    let known = blocks.len() - new.len();
    let added: Vec<String> = new.into_iter().map(|block| block.text).collect();
    let edited = config::append_sources(&config, &added).map_err(|error| edit::refused(error, &config, output.style()))?;
    edited.files.iter().try_for_each(edit::replace)?;
    if output.json {
        output.value(&json!({"added": added.len(), "enabled": enabled, "known": known}));
    } else if !output.quiet {
        output.tell(&format!(
            "{} sources are added, {enabled} of them enabled; {known} were there already",
            added.len()
        ));
        output.tell("none of these addresses was tried when the catalogue was made: griot fetch shows which answer, griot status what is wrong with the others");
    }
    Ok(DONE)
}
