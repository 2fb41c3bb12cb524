//! An app with a database in a temporary folder for tests: documents are given as drafts, and everything from identity to the written files is done
//! as in a run. All of it is invented.

use super::app::{App, Tools};
use super::compose::compose;
use super::due::find_due;
use super::feed_builder::{self, Rendering};
use super::ingest::{Keyed, key};
use super::outcome::{EntryLimits, FeedVisit, ParsedVisit, VisitOutcome};
use super::run::evaluate_topics;
use super::run_report::RunOptions;
use super::stage_panics::StagePanics;
use crate::config::{Config, ConfigFailure, ReportStyle, from_str, report};
use crate::fetch::{Answer, CacheHints};
use crate::html::clean::text_to_html;
use crate::model::{
    Article, ArticleMethod, Basis, Changes, Composition, Digest128, EntryDraft, FeedMeta, MarkEvent, MarkKind, MarkTarget, Placement,
    RawMarkup, SourceId, SourceState, StoryId, Timestamp, TopicId,
};
use crate::publish::Written;
use crate::schedule::Pace;
use crate::store::database_file::{DatabaseFile, TracedStatements};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use url::Url;

/// Two public sources and a topic on Mali; further keys of the topic can follow.
pub(super) const DESK: &str = "[site]\nbase_url = \"https://feeds.example.org/\"\nout = \"public\"\nrepublish = \"full\"\n\
    [[source]]\nid = \"aube\"\nname = \"L'Aube\"\nurl = \"https://aube.example/feed\"\n\
    [[source]]\nid = \"soir\"\nname = \"Le Soir\"\nurl = \"https://soir.example/feed\"\n\
    [[topic]]\nid = \"mali\"\ntitle = \"Mali\"\nany = [\"Mali\"]\n";

/// Returns the moment so many hours after the beginning of the samples.
pub(super) fn at(hours: i64) -> Timestamp {
    Timestamp::from_unix(1_772_366_400 + hours * 3_600)
}

pub(super) fn source(slug: &str) -> SourceId {
    SourceId::new(slug).expect("a slug")
}

pub(super) fn topic(slug: &str) -> TopicId {
    TopicId::new(slug).expect("a slug")
}

pub(super) fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// Returns an entry on Mali, with a title and words that no entry of another number has.
pub(super) fn numbered(source: &str, number: usize, date: Timestamp) -> EntryDraft {
    let words: Vec<String> = (0..40).map(|word| format!("mot{number}x{word}")).collect();
    draft(source, &number.to_string(), &format!("Mali n{number}q"), &words.join(" "), date)
}

/// Returns an entry with a link below its source's site.
pub(super) fn draft(source: &str, guid: &str, title: &str, text: &str, date: Timestamp) -> EntryDraft {
    EntryDraft {
        guid: Some(format!("{source}:{guid}")),
        link: Some(url(&format!("https://{source}.example/{guid}"))),
        title: title.to_owned(),
        content: Some(RawMarkup(format!("<p>{text}</p>"))),
        published: Some(date),
        ..EntryDraft::default()
    }
}

/// Returns an article of this text, without metadata.
pub(super) fn article(text: &str) -> Article {
    Article {
        body: text_to_html(text),
        text: text.to_owned(),
        title: None,
        authors: Vec::new(),
        agency: None,
        published: None,
        published_offset: None,
        modified: None,
        language: None,
        categories: Vec::new(),
        image: None,
        site: None,
        canonical: None,
        method: ArticleMethod::Blocks,
        confidence: 1.0,
        problems: Vec::new(),
        reservations: Vec::new(),
    }
}

/// An app with its database and output.
pub(super) struct Sample {
    pub app: App,
    tools: Tools,
    folder: TempDir,
}

impl Sample {
    /// Stores what an editor does by hand.
    pub(super) fn mark(&self, kind: MarkKind, target: MarkTarget, topic: Option<TopicId>) {
        let event = MarkEvent {
            at: at(0),
            editor: "awa".to_owned(),
            kind,
            target,
            topic,
            note: None,
        };
        self.app.store.add_mark(event).expect("stored");
    }

    /// Opens an app with this feeds.toml and an empty database.
    pub(super) fn open(feeds_toml: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let tools = Tools {
            database: DatabaseFile::new(folder.path().join("griot.db")),
            resolve: None,
            recording: None,
            allow_private_networks: false,
            environment: |_| None,
        };
        let config = checked(folder.path(), feeds_toml);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let opened = runtime.block_on(App::open(config, &tools, Duration::ZERO, at(0)));
        let (app, _lock) = opened.expect("an app");
        let sample = Self { app, tools, folder };
        sample.sync();
        sample
    }

    /// Replaces feeds.toml.
    pub(super) fn configure(&mut self, feeds_toml: &str) {
        let config = checked(self.folder.path(), feeds_toml);
        self.app = self.app.with_config(config, &self.tools).expect("an app");
        self.sync();
    }

    /// Opens the database again, with a list to which the text of every statement is added.
    pub(super) fn trace(&mut self) -> TracedStatements {
        let (store, statements) = self.tools.database.open_traced();
        self.app.store = store;
        statements
    }

    fn sync(&self) {
        find_due(&self.app, &RunOptions::default(), at(0)).expect("the sources are stored");
    }

    /// Returns what is known of a source.
    pub(super) fn state(&self, slug: &str) -> SourceState {
        let known = self.app.store.source_state(&source(slug)).expect("a state");
        known.unwrap_or_else(|| SourceState::new(source(slug)))
    }

    /// Returns the visit of a source before its outcome is known.
    pub(super) fn visit(&self, slug: &str, now: Timestamp) -> FeedVisit {
        let prepared = self.app.source(&source(slug)).expect("a source");
        let config = &self.app.config;
        let pace = Pace {
            every: config.fetch.every,
            max_every: config.fetch.max_every,
            warn_after: config.report.warn_after,
        };
        let limits = EntryLimits {
            keep: config.retention.keep,
            max_new: config.fetch.max_new,
        };
        FeedVisit::new(prepared.source.clone(), self.state(slug), pace, limits, now)
    }

    /// Visits a source whose document holds `drafts`, and stores the outcome.
    pub(super) fn gather(&self, slug: &str, drafts: &[EntryDraft], now: Timestamp) -> VisitOutcome {
        self.gather_keyed(slug, key(drafts.to_vec()), Digest128::hash(format!("{drafts:?}").as_bytes()), now)
    }

    /// Visits a source whose document with this digest holds `entries`, and stores the outcome.
    pub(super) fn gather_keyed(&self, slug: &str, entries: Vec<Keyed>, hash: Digest128, now: Timestamp) -> VisitOutcome {
        let keys: Vec<_> = entries.iter().flat_map(Keyed::looked_up).cloned().collect();
        let known = self.app.store.identities(&source(slug), &keys).expect("identities");
        let meta = FeedMeta::default();
        let parsed = ParsedVisit {
            meta: &meta,
            entries,
            known: &known,
            problems: Vec::new(),
            is_whole: true,
            hash: Some(hash),
        };
        let outcome = self.visit(slug, now).fresh(&answer(slug), parsed);
        self.app.store.apply(outcome.changes.clone()).expect("stored");
        outcome
    }

    /// Composes what waits, and evaluates the topics.
    pub(super) fn evaluate(&self, now: Timestamp) {
        let waiting = self.app.store.uncomposed_ids().expect("ids");
        let panics = StagePanics::default();
        compose(&self.app, now, &waiting, &panics).expect("composed");
        let problems = evaluate_topics(&self.app, now).expect("evaluated");
        assert!(problems.is_empty() && panics.problems().is_empty(), "{problems:?}");
    }

    /// Composes what waits, changes the decisions of all compositions with `change`, which is given the oldest story, and evaluates the topics.
    pub(super) fn evaluate_as(&self, now: Timestamp, change: impl Fn(&mut [Composition], StoryId)) {
        let waiting = self.app.store.uncomposed_ids().expect("ids");
        compose(&self.app, now, &waiting, &StagePanics::default()).expect("composed");
        let mut composed = Vec::new();
        let read = self.app.store.composed_since(Timestamp::from_unix(0), &mut |_, entry| {
            composed.push(Composition::new(entry.entry.id, entry.copy_of, entry.story, now, Basis::Event));
        });
        read.expect("compositions");
        let Some(first) = composed.first().map(|composition| composition.story) else {
            return;
        };
        change(&mut composed, first);
        let changes = Changes {
            compositions: composed,
            ..Changes::default()
        };
        self.app.store.apply(changes).expect("stored");
        self.evaluate(now);
    }

    /// Visits a source and does the rest of a run.
    pub(super) fn run(&self, slug: &str, drafts: &[EntryDraft], now: Timestamp) -> Written {
        self.gather(slug, drafts, now);
        self.evaluate(now);
        self.publish(now)
    }

    /// Renders what has changed.
    pub(super) fn publish(&self, now: Timestamp) -> Written {
        feed_builder::publish(&self.app, Rendering::Changed, now).expect("published").1
    }

    /// Returns a file of the output folder; none when there is none.
    pub(super) fn file(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.out().join(name)).ok()
    }

    /// Returns the output folder.
    pub(super) fn out(&self) -> &Path {
        &self.app.config.site.out
    }

    /// Returns the items of the JSON feed of a topic.
    pub(super) fn items(&self, topic: &str) -> Vec<serde_json::Value> {
        let text = self.file(&format!("{topic}.json")).expect("a feed");
        let feed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        feed["items"].as_array().expect("items").clone()
    }

    /// Returns the titles of a topic's feed, in its order.
    pub(super) fn titles(&self, topic: &str) -> Vec<String> {
        let items = self.items(topic).into_iter();
        items.map(|item| item["title"].as_str().expect("a title").to_owned()).collect()
    }

    /// Returns the stored placements of a topic, the newest first.
    pub(super) fn placements(&self, slug: &str) -> Vec<Placement> {
        self.app.store.newest_placements(&topic(slug), 100_000).expect("placements")
    }
}

fn checked(folder: &Path, feeds_toml: &str) -> Config {
    match from_str(&folder.join("feeds.toml"), feeds_toml) {
        Ok(config) => config,
        Err(ConfigFailure::Problems { files, problems, .. }) => panic!("{}", report(&files, &problems, ReportStyle::default())),
        Err(other) => panic!("{other}"),
    }
}

/// Returns a server's answer with status 200.
pub(super) fn answer(slug: &str) -> Answer {
    let url = url(&format!("https://{slug}.example/feed"));
    Answer {
        final_url: url.clone(),
        url,
        redirects: Vec::new(),
        moved_to: None,
        status: 200,
        etag: None,
        last_modified: None,
        content_type: None,
        cache: CacheHints::default(),
        x_robots_tag: Vec::new(),
        tdm_reservation: None,
        licence_links: Vec::new(),
        server_time: None,
        body: Vec::new(),
        elapsed: Duration::ZERO,
    }
}
