//! `griot doctor --published`: reads the published feeds as a subscriber does, under `base_url` where it answers, else from the folder `out`.
//!
//! The findings are stored, so that the feed of the sources' health tells them too. Private topics are looked at by nobody.

use super::conversation::robots;
use super::finding::{Finding, MAX_LISTED, Severity};
use crate::config::Config;
use crate::fetch::{Accept, Client, Fetched, HostLimiter, Request};
use crate::model::{HostKey, PublishedCheck, Timestamp, TopicId};
use crate::parse::{self, Document, ParsedFeed};
use crate::pipeline::host_hold::limit_hosts;
use crate::pipeline::{Clock, OpenError, Tools, app};
use crate::publish;
use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use url::Url;

/// How many pages of items are asked for in all: one or two of each topic tell whether its links live.
const MAX_PAGES: usize = 12;
const MAX_PAGES_OF_TOPIC: usize = 2;
/// A topic is quiet when nothing has come for so many of its usual gaps, and for a time at least.
const QUIET_GAPS: u32 = 4;
const MIN_QUIET: Duration = Duration::from_hours(48);
/// The number of items from which on a gap is usual.
const MIN_ITEMS: usize = 5;
/// A run that ended longer ago than this makes every feed stale.
const MAX_RUN_AGE: Duration = Duration::from_hours(36);

/// What a check works with.
struct Check<'a> {
    config: &'a Config,
    client: Client,
    limiter: HostLimiter,
    store: Option<Store>,
    now: Timestamp,
    /// The defects, by topic (empty for the whole) and code.
    defects: BTreeMap<(String, &'static str), Vec<String>>,
}

/// Reads the published feeds; changes nothing but what is known of them.
///
/// # Errors
/// [`OpenError`] when the client cannot be made or the database, if there is one, cannot be read.
pub async fn check_published(config: &Config, tools: &Tools, clock: &Clock) -> Result<Vec<Finding>, OpenError> {
    let now = clock.now();
    let store = match tools.database.open_existing() {
        Ok(store) => Some(store),
        Err(StoreError::Missing { .. } | StoreError::OlderSchema { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let limiter = HostLimiter::new(1, config.fetch.host_delay);
    if let Some(store) = &store {
        limit_hosts(&limiter, &store.limited_hosts(now)?, config.fetch.robots, now);
    }
    let mut check = Check {
        config,
        client: app::client(config, tools)?,
        limiter,
        store,
        now,
        defects: BTreeMap::new(),
    };
    let findings = check.run().await?;
    if let Some(store) = check.store {
        let defects = check.defects.into_iter();
        let checks = defects.map(|((topic, code), details)| PublishedCheck {
            topic,
            code: code.to_owned(),
            // Each on a line of its own: a translation is that of one message.
            detail: listed(&details).join("\n"),
            since: now,
        });
        store.replace_published_checks(checks.collect())?;
    }
    Ok(findings)
}

impl Check<'_> {
    async fn run(&mut self) -> Result<Vec<Finding>, OpenError> {
        let out = &self.config.site.out;
        let names = publish::manifest_names(out).unwrap_or_default();
        if names.is_empty() {
            self.note("", "feed-missing", format!("nothing is published in {}", out.display()));
            return Ok(self.findings("", 0));
        }
        let topics: Vec<(TopicId, bool)> = (self.config.topics.iter())
            .filter(|topic| topic.enabled && topic.token.is_none())
            .map(|topic| (topic.id.clone(), topic.lite))
            .collect();
        let base = self.reachable_base(&names).await;
        let mut read = 0;
        let mut pages: Vec<(TopicId, Url)> = Vec::new();
        for (topic, is_lite) in &topics {
            let mut newest: Option<ParsedFeed> = None;
            for name in publish::feed_names(topic, *is_lite) {
                let Some(feed) = self.feed(topic, &name, base.as_ref()).await else {
                    continue;
                };
                read += 1;
                newest.get_or_insert(feed);
            }
            if let Some(feed) = newest {
                self.check_items(topic, &feed)?;
                let links = feed.entries.iter().filter_map(|entry| entry.link.clone());
                pages.extend(links.take(MAX_PAGES_OF_TOPIC).map(|link| (topic.clone(), link)));
            }
        }
        self.check_age()?;
        self.check_pages(pages).await;
        let place = base.map_or_else(|| out.display().to_string(), |base| base.to_string());
        Ok(self.findings(&place, read))
    }

    /// Returns `base_url` when it answers from here. Where it does not, that is a defect of its own, and the folder is read.
    async fn reachable_base(&mut self, names: &[String]) -> Option<Url> {
        let base = self.config.site.base_url.clone()?;
        let probe = names.iter().find(|name| *name == "index.html").or(names.first())?;
        let fetched = self.fetch(&base.join(probe).ok()?, Accept::Page, None).await;
        match &fetched {
            Fetched::Failed {
                answer: None,
                code,
                detail,
            } => {
                self.note(
                    "",
                    "feed-unreachable",
                    format!("{base} does not answer from here ({code}: {detail})"),
                );
                None
            }
            _ => Some(base),
        }
    }

    /// Returns a published feed as a subscriber reads it; none when there is nothing to read.
    async fn feed(&mut self, topic: &TopicId, name: &str, base: Option<&Url>) -> Option<ParsedFeed> {
        let path = self.config.site.out.join(name);
        let Ok(written) = std::fs::read(&path) else {
            self.note(topic.as_str(), "feed-missing", format!("{} is not there", path.display()));
            return None;
        };
        let bytes = match base.and_then(|base| base.join(name).ok()) {
            Some(url) => self.served(topic, &url, &written).await?,
            None => written,
        };
        match validate(name, &bytes) {
            Ok(feed) => Some(feed),
            Err(mistake) => {
                self.note(topic.as_str(), "feed-invalid", format!("{name}: {mistake}"));
                None
            }
        }
    }

    /// Returns the bytes that `url` is served with, after a look at how.
    async fn served(&mut self, topic: &TopicId, url: &Url, written: &[u8]) -> Option<Vec<u8>> {
        let fetched = self.fetch(url, Accept::Feed, None).await;
        let Fetched::Fresh(answer) = fetched else {
            self.note(topic.as_str(), "feed-missing", format!("{url}: {}", in_words(&fetched)));
            return None;
        };
        if answer.body[..] != *written {
            let detail = format!("{url} has other bytes than the file: an older copy, or another folder");
            self.note(topic.as_str(), "feed-stale", detail);
        }
        let is_typed = answer
            .content_type
            .as_deref()
            .is_some_and(|given| ["xml", "json"].iter().any(|kind| given.contains(kind)));
        if !is_typed {
            let given = answer.content_type.as_deref().unwrap_or("none");
            self.note(topic.as_str(), "feed-type", format!("{url} is served with the media type {given}"));
        }
        let validator = answer.etag.clone().or_else(|| answer.last_modified.clone());
        let is_conditional = match &validator {
            Some(_) => matches!(self.fetch(url, Accept::Feed, Some(&answer)).await, Fetched::NotModified(_)),
            None => false,
        };
        if !is_conditional {
            self.note(
                topic.as_str(),
                "feed-uncached",
                format!("{url} is never answered with 304: each reader loads all of it each time"),
            );
        }
        Some(answer.body.clone())
    }

    async fn fetch(&self, url: &Url, accept: Accept, known: Option<&crate::fetch::Answer>) -> Fetched {
        self.client.fetch(&self.limiter, &self.request(url, accept, known)).await.0
    }

    fn request<'r>(&self, url: &'r Url, accept: Accept, known: Option<&'r crate::fetch::Answer>) -> Request<'r> {
        let base = self.config.site.base_url.as_ref();
        Request {
            url,
            accept,
            etag: known.and_then(|answer| answer.etag.as_deref()),
            last_modified: known.and_then(|answer| answer.last_modified.as_deref()),
            validators_from: None,
            source: None,
            headers: &[],
            // The operator named the address under which the feeds are served.
            trusted: base.is_some_and(|base| HostKey::from_url(base) == HostKey::from_url(url)),
            identity: false,
            now: self.now,
        }
    }

    /// Checks what a feed holds: that it is not empty though it used not to be, and that something has come in its usual time.
    fn check_items(&mut self, topic: &TopicId, feed: &ParsedFeed) -> Result<(), StoreError> {
        if feed.entries.is_empty() {
            let had_items = match &self.store {
                Some(store) => store.has_published(topic)?,
                None => false,
            };
            if had_items {
                self.note(topic.as_str(), "feed-empty", "it has no item any more".to_owned());
            }
            return Ok(());
        }
        let mut dates: Vec<Timestamp> = feed.entries.iter().filter_map(|entry| entry.published).collect();
        dates.sort_unstable();
        if let Some(newest) = quiet_since(&dates, self.now) {
            self.note(topic.as_str(), "feed-quiet", format!("nothing has come since {newest}"));
        }
        Ok(())
    }

    /// Checks that runs still end.
    fn check_age(&mut self) -> Result<(), StoreError> {
        let Some(store) = &self.store else { return Ok(()) };
        if let Some(run) = store.last_runs(1)?.into_iter().next()
            && self.now.since(run.started) > MAX_RUN_AGE
        {
            let detail = format!("the last run began at {}", run.started);
            self.note("", "feed-old", detail);
        }
        Ok(())
    }

    /// Asks for the pages of a few items, each host once for its robots.txt.
    async fn check_pages(&mut self, pages: Vec<(TopicId, Url)>) {
        let mut asked: BTreeSet<Url> = BTreeSet::new();
        for (topic, url) in pages {
            if asked.len() >= MAX_PAGES || !asked.insert(url.clone()) {
                continue;
            }
            let request = self.request(&url, Accept::Page, None);
            let may_ask = robots(&self.client, &self.limiter, &request, Some(&url)).await;
            if !may_ask.is_ok_and(|report| report.page.is_some_and(|(_, is_allowed)| is_allowed)) {
                continue;
            }
            let fetched = self.fetch(&url, Accept::Page, None).await;
            let status = fetched.answer().map(|answer| answer.status);
            // A bot wall and a server that is down say nothing about the link.
            if matches!(status, Some(404 | 410)) {
                self.note(topic.as_str(), "dead-link", format!("{url} answers {}", status.unwrap_or_default()));
            }
        }
    }

    fn note(&mut self, topic: &str, code: &'static str, detail: String) {
        self.defects.entry((topic.to_owned(), code)).or_default().push(detail);
    }

    /// Returns a line for each defect, or one that says that there is none.
    fn findings(&self, place: &str, read: usize) -> Vec<Finding> {
        if self.defects.is_empty() {
            return vec![Finding::good(
                "published",
                format!("{read} feeds are valid, fresh and alive ({place})"),
            )];
        }
        let defects = self.defects.iter();
        let finding = |((topic, code), details): (&(String, &'static str), &Vec<String>)| {
            let topic = if topic.is_empty() { String::new() } else { format!("{topic}: ") };
            let severity = match *code {
                "feed-missing" | "feed-invalid" | "feed-stale" => Severity::Failure,
                _ => Severity::Warning,
            };
            Finding::bad(code, severity, format!("{topic}{}", listed(details).join("; ")), remedy(code))
        };
        defects.map(finding).collect()
    }
}

/// Returns what the operator can do about a defect of published feeds.
#[must_use]
pub fn remedy(code: &str) -> &'static str {
    match code {
        "feed-missing" => "griot publish writes all files again; look at what the web server serves",
        "feed-invalid" => "griot publish writes all files again; please report it if it stays",
        "feed-unreachable" => "check `base_url`, and the web server or `griot serve` behind it",
        "feed-stale" => "let the web server serve `out`, and look at the caches before it",
        "feed-type" => "give .xml and .json files their media types, or use `griot serve`",
        "feed-uncached" => "let the web server send ETag or Last-Modified, or use `griot serve`",
        "feed-empty" => "griot topic test TOPIC shows what its rule finds",
        "feed-quiet" => "griot status shows which sources are silent; griot topic test TOPIC what its rule finds",
        "feed-old" => "look at the cron job or at griot serve; griot fetch makes a run",
        _ => "griot hide ID takes an item out whose page is gone",
    }
}

/// Returns the last date when it is too long ago for the usual gap of `dates`, which are sorted.
fn quiet_since(dates: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let newest = *dates.last()?;
    if dates.len() < MIN_ITEMS {
        return None;
    }
    let mut gaps: Vec<Duration> = dates.windows(2).map(|pair| pair[1].since(pair[0])).collect();
    gaps.sort_unstable();
    let usual = gaps[gaps.len() / 2];
    (now.since(newest) > MIN_QUIET.max(usual * QUIET_GAPS)).then_some(newest)
}

/// Returns the feed, which a strict parser and griot's own read without a complaint, or the first complaint.
fn validate(name: &str, bytes: &[u8]) -> Result<ParsedFeed, String> {
    publish::check_syntax(name, bytes)?;
    let document = Document {
        bytes,
        url: None,
        content_type: None,
        charset: None,
        is_base_stated: false,
        timezone: None,
    };
    let feed = parse::parse(&document).map_err(|error| error.to_string())?;
    if let Some(problem) = feed.problems.first() {
        return Err(format!("{}: {}", problem.code, problem.detail));
    }
    let guids: BTreeSet<&str> = feed.entries.iter().filter_map(|entry| entry.guid.as_deref()).collect();
    if guids.len() != feed.entries.len() {
        return Err("two items have one guid, or an item has none".to_owned());
    }
    if feed.entries.iter().any(|entry| entry.title.trim().is_empty()) {
        return Err("an item has no title".to_owned());
    }
    Ok(feed)
}

fn in_words(fetched: &Fetched) -> String {
    match fetched {
        Fetched::Failed { code, detail, .. } => format!("{code}: {detail}"),
        other => other
            .answer()
            .map_or_else(|| "not asked".to_owned(), |answer| format!("status {}", answer.status)),
    }
}

/// Returns the first details, and how many more there are.
fn listed(details: &[String]) -> Vec<String> {
    let mut shown: Vec<String> = details.iter().take(MAX_LISTED).cloned().collect();
    if details.len() > MAX_LISTED {
        shown.push(format!("and {} more", details.len() - MAX_LISTED));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_unix(1_772_000_000 + hour * 3600)
    }

    #[test]
    fn a_topic_is_quiet_by_its_own_measure() {
        let daily: Vec<Timestamp> = (0..10).map(|day| at(day * 24)).collect();
        let last = at(9 * 24);
        assert_eq!(quiet_since(&daily, last + Duration::from_hours(96)), None);
        assert_eq!(quiet_since(&daily, last + Duration::from_hours(97)), Some(last));
        let hourly: Vec<Timestamp> = (0..10).map(at).collect();
        assert_eq!(quiet_since(&hourly, at(9 + 48)), None, "two days are no silence");
        assert_eq!(quiet_since(&hourly, at(9 + 49)), Some(at(9)));
        assert_eq!(quiet_since(&hourly[..4], at(900)), None, "too few to tell");
    }

    #[test]
    fn what_subscribers_cannot_read_is_named() {
        let feed = |items: &str| {
            format!(
                "<rss version=\"2.0\"><channel><title>x</title><link>https://a.example/</link><description>d</description>{items}</channel></rss>"
            )
        };
        let item = "<item><title>Un</title><link>https://a.example/1</link><guid isPermaLink=\"false\">1</guid></item>";
        assert!(validate("a.xml", feed(item).as_bytes()).is_ok());
        for (text, part) in [
            (feed(item).replace("</channel>", ""), "ill-formed"),
            (feed(&format!("{item}{item}")), "one guid"),
            (feed(&item.replace("Un", " ")), "no title"),
            ("<html></html>".to_owned(), "empty"),
        ] {
            let mistake = validate("a.xml", text.as_bytes()).expect_err(part);
            assert!(mistake.contains(part), "{part}: {mistake}");
        }
        assert!(validate("a.json", b"{").is_err());
    }

    #[test]
    fn long_lists_are_cut() {
        let details: Vec<String> = (0..7).map(|number| number.to_string()).collect();
        assert_eq!(listed(&details), ["0", "1", "2", "3", "4", "and 2 more"]);
    }
}
