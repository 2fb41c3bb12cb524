//! Test data of the store: one record of every type, with every field filled.

use super::ConfiguredSource;
use super::sqlite::{Database, Tuning};
use super::{PrunePolicy, Store, StoreError};
use crate::model::{
    About, Agency, Alert, Article, ArticleForms, ArticleMethod, Attribution, Author, Basis, Cadence, Category, Changes, CleanHtml,
    Composition, DeliveryEnd, DeliveryKind, DeliveryResult, Digest128, Enclosure, Entry, EntryId, EntryKey, EntryRevision, FailureReason,
    Genre, HeldAddress, HostKey, HostState, Image, KeyKind, ListedSource, MarkEvent, MarkKind, MarkTarget, NewArchivePage, NewDelivery,
    NewEntry, PageVisit, PermanentRedirect, Placement, Problem, Provenance, Published, ReadingList, Reason, RefreshHints, SourceEvent,
    SourceHealth, SourceId, SourceState, StoredFingerprint, StoredMemory, Story, StoryId, TermCounts, TextForms, Timestamp, TopicId,
    TopicLearning, TopicModel, WithdrawalChange, canonical,
};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use url::Url;

pub(super) const AUTHORITY: &str = "feeds.example.org";

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(1_770_000_000 + seconds)
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

pub(super) fn clean(text: &str) -> CleanHtml {
    CleanHtml::from_trusted(text.to_owned())
}

/// Returns a policy that keeps entries for 700 days, but five of each source.
pub(super) fn prune_policy() -> PrunePolicy {
    PrunePolicy {
        keep: Duration::from_hours(700 * 24),
        keep_min: 5,
        fingerprints: Duration::from_hours(10 * 24),
        tombstones: Duration::from_hours(365 * 24),
        runs: Duration::from_hours(90 * 24),
        runs_min: 100,
        hosts: Duration::from_hours(30 * 24),
    }
}

/// Returns a store in a temporary folder.
pub(super) fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder.path().join("griot.db")).expect("a store");
    (folder, store)
}

/// Opens the store at `path`, as a run does, without the run lock.
pub(super) fn open(path: &Path) -> Result<Store, StoreError> {
    open_with(path, AUTHORITY, at(0), Tuning::default())
}

pub(super) fn open_with(path: &Path, authority: &str, now: Timestamp, tuning: Tuning) -> Result<Store, StoreError> {
    Database::open(path, authority, now, tuning).map(Store::new)
}

pub(super) fn open_read_only(path: &Path) -> Result<Store, StoreError> {
    Database::open_read_only(path, Tuning::default()).map(Store::new)
}

pub(super) fn key(kind: KeyKind, value: &str) -> EntryKey {
    let value = value.to_owned();
    EntryKey { kind, value }
}

/// Returns an entry with nothing but its identity keys and a title.
pub(super) fn bare(slug: &str, guid: &str) -> Entry {
    let link = url(&format!("https://{slug}.example/{guid}"));
    Entry {
        id: EntryId::derive(&source(slug), "guid", guid),
        source: source(slug),
        keys: vec![key(KeyKind::Guid, guid), key(KeyKind::Link, canonical(&link).as_str())],
        guid: Some(guid.to_owned()),
        link: Some(link),
        title: format!("Pluie à Mopti {guid}"),
        summary: None,
        content: None,
        authors: vec![],
        published: None,
        updated: None,
        language: None,
        categories: vec![],
        enclosures: vec![],
        image: None,
        attribution: None,
        rights: None,
        reservations: vec![],
        first_seen: at(0),
        content_hash: Digest128::from_bytes([7; 16]),
        facts_hash: Some(Digest128::from_bytes([3; 16])),
        version: 1,
        copy_of: None,
        story: None,
        about: About::default(),
        genre: None,
        agency: None,
        is_archived: false,
    }
}

/// Returns an entry with every field that a feed can fill.
pub(super) fn full(slug: &str, guid: &str) -> Entry {
    let author = |name: &str, email: Option<&str>| Author {
        name: name.to_owned(),
        email: email.map(str::to_owned),
    };
    Entry {
        summary: Some(clean("<p>Le fleuve « monte ».</p>")),
        content: Some(clean("<p>Le fleuve monte depuis lundi.</p>")),
        authors: vec![author("Awa \"A\" Traoré", Some("awa@example.org")), author("Idrissa", None)],
        published: Some(at(-60)),
        updated: Some(at(-30)),
        language: Some("fr".into()),
        categories: vec![Category {
            term: "Météo".into(),
            scheme: Some("https://a.example/terms".into()),
        }],
        enclosures: vec![Enclosure {
            url: url("https://a.example/son.mp3"),
            mime: Some("audio/mpeg".into()),
            length: Some(u64::from(u32::MAX) + 1),
        }],
        image: Some(url("https://a.example/i.jpg")),
        attribution: Some(Attribution {
            title: "Agence".into(),
            url: Some(url("https://agence.example/")),
        }),
        rights: Some("© 2026".into()),
        reservations: vec!["rsl".into()],
        agency: Agency::parse("AFP"),
        ..bare(slug, guid)
    }
}

/// Returns forms of an entry's texts.
pub(super) fn forms(entry: &Entry) -> TextForms {
    TextForms {
        summary: entry
            .summary
            .as_ref()
            .map(|_| "Le fleuve « monte ».".to_owned())
            .unwrap_or_default(),
        content: entry
            .content
            .as_ref()
            .map(|_| "Le fleuve monte depuis lundi.".to_owned())
            .unwrap_or_default(),
        words: "pluie a mopti".into(),
        agency: entry.agency,
    }
}

/// Returns an entry as one that is seen for the first time.
pub(super) fn new(entry: &Entry) -> NewEntry {
    NewEntry {
        entry: entry.clone(),
        forms: forms(entry),
    }
}

pub(super) fn article_forms() -> ArticleForms {
    ArticleForms { words: "corps".into() }
}

pub(super) fn revised(entry: &Entry, title: &str) -> EntryRevision {
    let entry = Entry {
        title: title.to_owned(),
        content: Some(clean("<p>Corrigé.</p>")),
        content_hash: Digest128::from_bytes([8; 16]),
        ..entry.clone()
    };
    EntryRevision {
        forms: forms(&entry),
        entry,
        seen: at(600),
        refetch: true,
        is_reread: false,
    }
}

/// Returns a source as the configuration states it.
pub(super) fn configured(slug: &str) -> ConfiguredSource {
    ConfiguredSource {
        id: source(slug),
        name: slug.to_uppercase(),
        site: Some(format!("https://{slug}.example/")),
        facts: Some(Digest128::from_bytes([2; 16])),
    }
}

pub(super) fn composition(entry: &Entry, copy_of: Option<&Entry>, founder: &Entry) -> Composition {
    let basis = if copy_of.is_some() { Basis::Text } else { Basis::Founded };
    Composition::new(entry.id, copy_of.map(|entry| entry.id), founder.id.into(), entry.first_seen, basis)
}

pub(super) fn story(founder: &Entry) -> Story {
    Story {
        id: founder.id.into(),
        lead: founder.id,
        founded: founder.first_seen,
        earlier: None,
    }
}

pub(super) fn placement(slug: &str, founder: &Entry) -> Placement {
    Placement {
        topic: topic(slug),
        story: founder.id.into(),
        entry: founder.id,
        score: 1.5,
        reasons: vec![Reason {
            clause: "@sahel".into(),
            field: "title".into(),
            words: "Mopti".into(),
            positions: vec![3],
        }],
        placed: at(5),
        date: founder.date(),
        source: founder.source.clone(),
        is_news: true,
        masked: vec!["niger state".into()],
        rule: "0a1b2c3d".into(),
        waits: false,
    }
}

pub(super) fn published(slug: &str, guid: &str, story: StoryId) -> Published {
    Published {
        guid: guid.to_owned(),
        topic: topic(slug),
        story,
        founder: story,
        alias_of: None,
        linked: EntryId::from_bytes(*story.as_bytes()),
        first_published: at(10),
        updated: at(10),
        content_hash: Digest128::from_bytes([9; 16]),
    }
}

pub(super) fn mark(entry: &Entry, topic: Option<TopicId>) -> MarkEvent {
    MarkEvent {
        at: at(20),
        editor: "awa".into(),
        kind: MarkKind::Note,
        target: MarkTarget::Entry(entry.id),
        topic,
        note: Some("À vérifier".into()),
    }
}

/// Returns what a topic has learned.
pub(super) fn learned(slug: &str) -> (TopicLearning, TopicModel) {
    let model = TopicModel {
        rule_weight: 1.5,
        words: [("junte".to_owned(), 0.5), ("match".to_owned(), -0.25)].into(),
    };
    let learning = TopicLearning {
        topic: topic(slug),
        label_count: 200,
        rule: Digest128::from_bytes([7; 16]),
        learned: at(5),
        digest: Some(model.digest()),
    };
    (learning, model)
}

pub(super) fn alert(slug: &str, founder: &Entry) -> Alert {
    Alert {
        topic: topic(slug),
        story: founder.id.into(),
        at: at(6),
        owners: vec!["Un groupe".into(), "Une autre".into()],
        sources: 3,
        title: founder.title.clone(),
        sent: Some(at(7)),
    }
}

pub(super) fn delivery(event: &str) -> NewDelivery {
    NewDelivery {
        kind: DeliveryKind::Story,
        topic: Some(topic("mali")),
        event: event.to_owned(),
        target: Digest128::from_bytes([3; 16]),
        payload: "{}".to_owned(),
        content: None,
        created: at(6),
        is_told: false,
    }
}

pub(super) fn delivery_result(number: i64, end: DeliveryEnd) -> DeliveryResult {
    let error = match end {
        DeliveryEnd::Sent => (String::new(), String::new()),
        _ => ("status".to_owned(), "status 500".to_owned()),
    };
    DeliveryResult {
        number,
        content: None,
        at: at(8),
        end,
        error,
    }
}

pub(super) fn article() -> Article {
    Article {
        body: clean("<p>Corps</p>"),
        text: "Corps".into(),
        title: Some("Titre".into()),
        authors: vec![Author {
            name: "Awa".into(),
            email: None,
        }],
        agency: Agency::parse("Reuters"),
        published: Some(at(-100)),
        modified: Some(at(-90)),
        language: Some("fr".into()),
        categories: vec!["Météo".into(), "Eau".into()],
        image: Some(Image {
            url: url("https://a.example/l.jpg"),
            width: Some(640),
            height: None,
        }),
        site: Some("A".into()),
        canonical: Some(url("https://a.example/1")),
        method: ArticleMethod::JsonLd,
        confidence: 0.75,
        problems: vec!["paywall".into()],
        reservations: vec!["tdm-reservation".into()],
        published_offset: Some(-3_600),
    }
}

pub(super) fn state(slug: &str) -> SourceState {
    SourceState {
        url: Some("https://a.example/feed".into()),
        answered_by: Some("https://a.example/rss".into()),
        etag: Some(b"\"\xff\"".to_vec()),
        last_modified: Some(b"hier".to_vec()),
        body_hash: Some(Digest128::from_bytes([4; 16])),
        reading: Some(Digest128::hash(b"reading")),
        unmodified_since: Some(at(1)),
        last_visit: Some(at(1)),
        last_success: Some(at(2)),
        next_visit: Some(at(3)),
        failures: 2,
        failing_since: Some(at(0)),
        health: SourceHealth::Throttled,
        since: Some(at(0)),
        visits: 7,
        failed_visits: 3,
        recent_failures: u32::MAX,
        reason: Some(FailureReason::Throttled),
        suggestion: Some("https://a.example/rss".into()),
        hints: RefreshHints {
            ttl: Some(Duration::from_mins(90)),
            update_period: Some(Duration::from_hours(4)),
            skip_hours: vec![0, 23],
            skip_days: vec![6],
        },
        max_age: Some(Duration::from_secs(61)),
        cadence: Some(Cadence {
            per_day: 1.5,
            recent_per_day: 0.25,
            usual_gap: Some(Duration::from_hours(3)),
            newest: Some(at(1)),
        }),
        wait: Some(Duration::from_hours(2)),
        working_url: Some("https://a.example/other".into()),
        moved: Some(PermanentRedirect {
            from: "https://a.example/feed".into(),
            to: "https://a.example/rss".into(),
            since: at(0),
            visits: 2,
            adopted: true,
        }),
        held: vec![HeldAddress {
            address: "https://a.example:443".into(),
            until: at(9),
        }],
        uncompressed: true,
        reservations: vec!["noarchive".into()],
        detail: Some("wait".into()),
        seen_since: Some(at(-9)),
        flooded: true,
        new_day: Some(20_000),
        new_count: 7,
        feed_title: Some("A".into()),
        feed_link: Some("https://a.example/".into()),
        ..SourceState::new(source(slug))
    }
}

pub(super) fn event(slug: &str) -> SourceEvent {
    SourceEvent {
        source: source(slug),
        at: at(1),
        before: SourceHealth::Ok,
        after: SourceHealth::Throttled,
        reason: Some(FailureReason::Throttled),
        detail: Some("wait".into()),
    }
}

pub(super) fn page_visit(entry: &Entry) -> PageVisit {
    PageVisit {
        entry: entry.id,
        tries: 1,
        next: Some(at(8)),
        reason: "timeout".into(),
    }
}

pub(super) fn host() -> HostState {
    HostState {
        host: HostKey::from_url(&url("https://a.example/")),
        held_until: Some(at(9)),
        robots: Some("User-agent: *".into()),
        robots_unreachable: Some(at(5)),
        robots_expires: Some(at(99)),
        crawl_delay: Some(Duration::from_millis(1_500)),
    }
}

pub(super) fn provenance(entry: &Entry, page: bool, fetched: Timestamp) -> Provenance {
    Provenance {
        source: entry.source.clone(),
        entry: page.then_some(entry.id),
        url: "http://a.example/x".into(),
        final_url: "https://a.example/x".into(),
        redirects: vec![(301, "https://a.example/x".into())],
        status: 200,
        etag: Some(b"e".to_vec()),
        last_modified: None,
        body_hash: Digest128::from_bytes([5; 16]),
        size: 1_234,
        fetched,
    }
}

pub(super) fn fingerprint(entry: &Entry, postings: &[u32]) -> StoredFingerprint {
    StoredFingerprint {
        entry: entry.id,
        value: vec![6],
        postings: postings.to_vec(),
    }
}

/// Returns changes with one record of every type, all about the entry `a/1` and its copy `b/1`.
pub(super) fn reading_list() -> ReadingList {
    let listed = |id: &str, removed| ListedSource {
        id: source(id),
        settings: "{\"url\":\"https://x.example/\"}".to_owned(),
        added: at(500),
        removed,
    };
    ReadingList {
        etag: Some(b"\"1\"".to_vec()),
        last_modified: None,
        read: Some(at(500)),
        doubted: Some(at(500)),
        problem: Some("it lists no feeds".to_owned()),
        sources: vec![listed("x", None), listed("y", Some(at(600)))],
        ..ReadingList::new("https://lists.example/press.opml", at(500))
    }
}

pub(super) fn everything() -> Changes {
    let (own, copy) = (full("a", "1"), bare("b", "1"));
    Changes {
        sources: vec![state("a")],
        events: vec![event("a")],
        hosts: vec![host()],
        new_entries: vec![new(&own), new(&copy)],
        revised_entries: vec![revised(&own, "Crue à Mopti")],
        rehashed_entries: vec![],
        updated_entries: vec![],
        new_keys: vec![(copy.id, vec![key(KeyKind::Guid, "uuid:1")])],
        seen_tombstones: vec![(source("a"), vec![key(KeyKind::Guid, "x")], 20_000)],
        shared_keys: vec![(source("a"), vec![key(KeyKind::Link, "a.example/shared")], 21_000)],
        articles: vec![(own.id, article(), article_forms(), at(0))],
        page_visits: vec![page_visit(&copy)],
        withdrawals: vec![
            WithdrawalChange::Left {
                entry: copy.id,
                at: at(3),
                is_asked: true,
            },
            WithdrawalChange::Gone {
                entry: copy.id,
                at: at(3),
                next: at(9),
            },
            WithdrawalChange::Undecided {
                entry: copy.id,
                tries: 1,
                next: Some(at(9)),
            },
        ],
        provenance: vec![provenance(&own, false, at(0)), provenance(&own, true, at(0))],
        compositions: vec![composition(&own, None, &own), composition(&copy, Some(&own), &own)],
        fingerprints: vec![fingerprint(&own, &[7, u32::MAX]), fingerprint(&copy, &[7])],
        term_counts: TermCounts {
            entries: 2,
            counts: vec![(u32::MAX, 2), (5, 1)],
        },
        outlet_memories: vec![StoredMemory {
            source: source("a"),
            value: vec![8],
        }],
        filled_words: vec![],
        evaluated_entries: vec![(own.id, 3), (copy.id, 1)],
        subjects: vec![(own.id, About::decode("ML:0.7 NE:0.3"), Some(Genre::Opinion))],
        alerts: vec![alert("mali", &own)],
        told_alerts: vec![(alert("mali", &own), at(7))],
        deliveries: vec![delivery("story:1"), delivery("story:2")],
        retired_topics: vec![topic("ancien")],
        learned_topics: vec![learned("mali")],
        stories: vec![story(&own)],
        placements: vec![placement("mali", &own), placement("eau", &own)],
        removed_placements: vec![(topic("eau"), own.id.into())],
        published: vec![published("mali", "tag:feeds.example.org,2026-02-02:1", own.id.into())],
        archive_pages: vec![NewArchivePage {
            topic: topic("mali"),
            number: 1,
            has_next: true,
            guids: vec!["tag:feeds.example.org,2026-02-02:1".into()],
        }],
        archive_sources: vec![(topic("mali"), 1, vec![source("a")])],
        topic_stamps: vec![(topic("mali"), Digest128::from_bytes([6; 16]), at(1))],
        subjects_version: Some(7),
        source_facts: vec![(source("a"), Digest128::from_bytes([2; 16]))],
        rendered_topics: vec![(topic("mali"), at(1))],
        problems: vec![(source("a"), vec![Problem::new("charset-lie", "says latin1")])],
    }
}
