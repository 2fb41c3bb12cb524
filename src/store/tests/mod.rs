//! The store through its interface: what was stored is returned, in the documented order, and once.

use super::records::ComposedEntry;
mod dedupe;
mod deliveries;
mod identity;
mod search;
mod topics;

use super::sample::{
    alert, article, article_forms, at, bare, composition, configured, event, everything, fingerprint, full, host, key, mark, new,
    page_visit, placement, provenance, published, revised, source, state, store, story, topic,
};
use super::{EntryWords, ExportRow, Store, StoreError, TopicStamp};
use crate::model::{
    About, Agency, Changes, Composition, Digest128, Entry, EntryId, EntryRevision, Genre, HostState, Identity, KeyKind, MarkEvent,
    MarkKind, MarkTarget, Placement, Problem, PublishedCheck, RunSummary, SourceState, StoryId, Timestamp, TopicId,
};

fn dump(store: &Store) -> Vec<ExportRow> {
    let mut rows = Vec::new();
    store.export(&mut |row| rows.push(row)).expect("an export");
    rows
}

fn new_entries(entries: &[Entry]) -> Changes {
    Changes {
        new_entries: entries.iter().map(new).collect(),
        ..Changes::default()
    }
}

/// Returns the composed entries first seen at or after the sample's beginning.
fn composed_since(store: &Store, seconds: i64) -> Vec<ComposedEntry> {
    let mut composed = Vec::new();
    store
        .composed_since(at(seconds), &mut |_, entry| composed.push(entry))
        .expect("composed");
    composed
}

/// Returns the ids of all entries by date, read in pages of two.
fn ids_by_date(store: &Store) -> Vec<EntryId> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        after = store.entries_by_date(after, 2, &mut |entry| ids.push(entry.id)).expect("entries");
        if after.is_none() {
            return ids;
        }
    }
}

#[test]
fn an_entry_comes_back_as_it_went_in() {
    let (_folder, store) = store();
    let (own, small) = (full("a", "1"), bare("a", "2"));
    store.apply(new_entries(&[own.clone(), small.clone()])).expect("applied");
    let unknown = EntryId::from_bytes([0; 16]);
    assert_eq!(store.entries(&[small.id, unknown, own.id]).expect("entries"), [small, own]);
}

#[test]
fn everything_comes_back_as_it_went_in() {
    let (_folder, store) = store();
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    store.apply(everything()).expect("applied");
    let (own, copy) = (full("a", "1"), bare("b", "1"));
    let story_id = StoryId::from(own.id);
    let now = Entry {
        story: Some(story_id),
        version: 2,
        about: About::decode("ML:0.7 NE:0.3"),
        genre: Some(Genre::Opinion),
        // The page tells it more surely than the feed.
        agency: Agency::parse("Reuters"),
        ..revised(&own, "Crue à Mopti").entry
    };
    assert_eq!(store.entries(&[own.id]).expect("entries"), [now]);
    assert_eq!(
        store.configured_sources().expect("sources"),
        [(configured("a"), true), (configured("b"), true)]
    );
    let members = store.story_entries(&[story_id]).expect("entries");
    assert_eq!(members.iter().map(|entry| entry.id).collect::<Vec<_>>(), [own.id, copy.id]);
    assert_eq!(members[1].copy_of, Some(own.id));
    assert_eq!(
        (members[0].about.encode(), members[0].genre, members[0].agency),
        ("ML:0.7 NE:0.3".to_owned(), Some(Genre::Opinion), Agency::parse("Reuters"))
    );
    assert_eq!(store.alerts_of_stories(&[story_id]).expect("alerts"), [alert("mali", &own)]);
    assert_eq!(store.story_entry(&copy.id).expect("an entry").as_ref(), Some(&members[1]));
    assert_eq!(store.entry_with_copies(&own.id).expect("entries"), members);
    assert_eq!(store.entry_with_copies(&copy.id).expect("entries"), members[1..]);
    let old = |slug: &str, seen, seconds| {
        let old_after = std::time::Duration::from_secs(seconds);
        store
            .count_old_placements(&topic("mali"), &source(slug), at(seen), old_after)
            .expect("counted")
    };
    assert_eq!((old("a", 0, 59), old("a", 0, 60), old("b", 0, 0), old("a", 1, 0)), (1, 0, 0, 0));
    assert_eq!(store.stories_of_source(&source("b")).expect("stories"), [story_id]);
    assert_eq!(store.stories_of_source(&source("z")).expect("stories"), []);
    assert_eq!(store.source_states().expect("states"), [state("a"), SourceState::new(source("b"))]);
    assert_eq!(store.source_state(&source("a")).expect("a state"), Some(state("a")));
    assert_eq!(store.source_state(&source("c")).expect("no state"), None);
    assert_eq!(store.host_state(&host().host).expect("a host"), Some(host()));
    let without_robots = HostState { robots: None, ..host() };
    assert_eq!(
        store.limited_hosts(at(8)).expect("hosts"),
        [without_robots.clone(), without_robots.clone()],
        "held, and with a delay"
    );
    assert_eq!(store.limited_hosts(at(9)).expect("hosts"), [without_robots], "the hold has ended");
    assert_eq!(store.source_events(None, None).expect("events"), [event("a")]);
    assert_eq!(store.source_events(Some(&source("b")), None).expect("events"), []);
    assert_eq!(store.source_events(None, Some(at(2))).expect("events"), []);
    assert_eq!(store.due_pages(at(7)).expect("pages"), []);
    assert_eq!(store.due_pages(at(8)).expect("pages"), [page_visit(&copy)]);
    assert_eq!(store.articles(&[copy.id, own.id]).expect("articles"), [(own.id, article())]);
    assert_eq!(store.stories(&[story_id]).expect("stories"), [story(&own)]);
    assert_eq!(
        store.newest_placements(&topic("mali"), 9).expect("placements"),
        [placement("mali", &own)]
    );
    assert!(
        store.newest_placements(&topic("eau"), 9).expect("placements").is_empty(),
        "displaced"
    );
    assert_eq!(store.placements_of_stories(&[story_id]).expect("placements").len(), 1);
    let item = published("mali", "tag:feeds.example.org,2026-02-02:1", story_id);
    assert_eq!(store.published_of_stories(&[story_id]).expect("published"), [item]);
    let stamp = TopicStamp {
        topic: topic("mali"),
        digest: Digest128::from_bytes([6; 16]),
        changed: at(1),
        rendered: Some(at(1)),
        changes: 0,
    };
    assert_eq!(store.topic_stamps().expect("stamps"), [stamp]);
    let problems = store.problems(Some(&source("a"))).expect("problems");
    assert_eq!((problems[0].code.as_str(), problems[0].at), ("charset-lie", at(1)));
    let both = [provenance(&own, false, at(0)), provenance(&own, true, at(0))];
    assert_eq!(store.provenance(own.id).expect("provenance"), both);
    assert_eq!(store.source_provenance(&source("a")).expect("provenance").as_ref(), both.first());
    let former = store.revisions(own.id).expect("revisions");
    assert_eq!((former.len(), former[0].number, former[0].seen), (1, 1, at(600)));
    assert_eq!(
        (&former[0].title, &former[0].content, former[0].content_hash),
        (&own.title, &own.content, own.content_hash)
    );
}

#[test]
fn texts_and_their_forms_come_back_as_they_went_in() {
    let (_folder, store) = store();
    store.apply(everything()).expect("applied");
    let (own, copy) = (full("a", "1"), bare("b", "1"));
    let now = revised(&own, "Crue à Mopti").entry;
    let story_id = StoryId::from(own.id);
    let members = store.story_entries(&[story_id]).expect("entries");
    let with_words = store.story_entries_with_words(&[story_id]).expect("entries");
    assert_eq!(with_words.iter().map(|(entry, _)| entry.clone()).collect::<Vec<_>>(), members);
    let words = |article: Option<&str>| EntryWords {
        words: "pluie a mopti".into(),
        article_words: article.map(str::to_owned),
    };
    let stored: Vec<_> = with_words.into_iter().map(|(_, words)| words).collect();
    assert_eq!(stored, [Some(words(Some("corps"))), Some(words(None))]);
    assert_eq!(
        (members[0].text_length, members[0].version, &members[0].title),
        (5, 2, &now.title),
        "the article's text"
    );
    let texts = store.texts(&[own.id], &str::to_uppercase).expect("texts");
    let texts = &texts[0].1;
    assert_eq!(
        (texts.summary.as_str(), texts.content.as_str()),
        ("Le fleuve « monte ».", "Le fleuve monte depuis lundi.")
    );
    assert_eq!(
        (texts.article.as_deref(), texts.article_categories.len(), texts.authors.len()),
        (Some("Corps"), 2, 2)
    );
    assert_eq!(texts.article_authors, ["Awa"]);
    assert_eq!((&texts.title, texts.categories.len(), texts.link.is_some()), (&now.title, 1, true));
    let compared = store.compared_entries(&[copy.id, own.id]).expect("entries");
    assert_eq!(
        (compared[0].fingerprint.as_slice(), compared[0].has_article),
        ([6].as_slice(), false)
    );
    assert_eq!(
        (compared[1].fingerprint.as_slice(), compared[1].has_article),
        ([6].as_slice(), true)
    );
}

#[test]
fn applying_twice_changes_nothing_more() {
    let (_folder, store) = store();
    store.apply(everything()).expect("applied");
    let once = (dump(&store), composed_since(&store, 0));
    store.apply(everything()).expect("applied again");
    let (rows, composed) = (dump(&store), composed_since(&store, 0));
    // The second time has the first content and the revision again: the revision is applied last and is not stored twice.
    assert_eq!((rows, composed), once);
}

#[test]
fn problems_are_replaced_and_provenance_is_thinned() {
    let (_folder, store) = store();
    store.apply(everything()).expect("applied");
    let own = full("a", "1");
    for minute in 1..=3 {
        let changes = Changes {
            provenance: vec![provenance(&own, false, at(60 * minute))],
            problems: vec![(source("a"), vec![Problem::new("truncated", "at byte 9"); 2])],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
    }
    let problems = store.problems(None).expect("problems");
    assert_eq!(
        problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(),
        ["truncated"; 2]
    );
    assert_eq!(
        store.source_provenance(&source("a")).expect("asked").map(|last| last.fetched),
        Some(at(180))
    );
    let rows = store
        .stats()
        .expect("stats")
        .tables
        .into_iter()
        .find(|table| table.name == "provenance");
    assert_eq!(
        rows.map(|table| table.rows),
        Some(3),
        "the page, the answer that brought the entry, the last answer"
    );
    assert_eq!(store.provenance(own.id).expect("provenance").len(), 2);
}

#[test]
fn the_hold_and_the_robots_txt_of_a_host_are_stored_independently() {
    let (_folder, store) = store();
    let apply = |state: HostState| {
        let changes = Changes {
            hosts: vec![state],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
        store.host_state(&host().host).expect("a host")
    };
    let nothing = HostState::new(host().host);
    apply(host());
    let held = HostState {
        held_until: Some(at(70)),
        ..nothing.clone()
    };
    let after = HostState {
        held_until: Some(at(70)),
        ..host()
    };
    assert_eq!(apply(held), Some(after));
    let read = HostState {
        robots_expires: Some(at(80)),
        ..nothing.clone()
    };
    let after = HostState {
        held_until: Some(at(70)),
        ..read.clone()
    };
    assert_eq!(apply(read), Some(after.clone()), "the rules are gone, the hold is not");
    assert_eq!(apply(nothing), Some(after));
}

#[test]
fn records_of_unknown_entries_are_left_out() {
    let (_folder, store) = store();
    let unknown = full("a", "0");
    let changes = Changes {
        revised_entries: vec![revised(&unknown, "x")],
        articles: vec![(unknown.id, article(), article_forms(), at(0))],
        provenance: vec![provenance(&unknown, true, at(0))],
        compositions: vec![composition(&unknown, None, &unknown)],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert!(dump(&store).is_empty());
}

#[test]
fn sources_are_due_the_longest_first() {
    let (_folder, store) = store();
    let names = ["late", "soon", "new-b", "new-a", "later", "gone", "now", "left"];
    store.sync_sources(&names.map(configured)).expect("synced");
    let visit = |slug: &str, next| SourceState {
        last_visit: Some(at(-100)),
        next_visit: Some(at(next)),
        ..SourceState::new(source(slug))
    };
    let left = SourceState {
        last_visit: None,
        ..visit("left", 2)
    };
    let changes = Changes {
        sources: vec![
            left,
            visit("late", -10),
            visit("soon", 1),
            visit("later", -5),
            visit("gone", -50),
            visit("now", 0),
            visit("stray", -9),
        ],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    let kept: Vec<_> = names.iter().filter(|name| **name != "gone").map(|name| configured(name)).collect();
    store.sync_sources(&kept).expect("synced again");
    let due = |limit| -> Vec<String> {
        let states = store.due_sources(at(0), limit).expect("due");
        states.into_iter().map(|state| state.source.to_string()).collect()
    };
    assert_eq!(due(10), ["new-a", "new-b", "late", "later", "now", "left"]);
    assert_eq!(due(3), ["new-a", "new-b", "late"]);
    assert_eq!(store.source_states().expect("states").len(), 7);
    assert!(store.source_state(&source("gone")).expect("asked").is_some(), "its state stays");
}

#[test]
fn runs_are_numbered_and_kept() {
    let (_folder, store) = store();
    let first = store.begin_run(at(0)).expect("begun");
    let second = store.begin_run(at(9)).expect("begun");
    let summary = RunSummary {
        due: 3,
        updated_stories: 4,
        ..RunSummary::default()
    };
    store.end_run(second, at(12), &summary).expect("ended");
    let runs = store.last_runs(5).expect("runs");
    assert_eq!((first, second, runs.len()), (1, 2, 2));
    assert_eq!((runs[0].id, runs[0].ended, &runs[0].summary), (2, Some(at(12)), &summary));
    assert_eq!((runs[1].started, runs[1].ended), (at(0), None), "it was interrupted");
}

#[test]
fn the_export_does_not_depend_on_the_order_of_arrival() {
    let (_one, forward) = store();
    let (_two, backward) = store();
    let entries: Vec<Entry> = (0..9).map(|n| full(["a", "b", "c"][n % 3], &n.to_string())).collect();
    let parts: Vec<Changes> = entries
        .iter()
        .map(|entry| Changes {
            new_entries: vec![new(entry)],
            revised_entries: vec![revised(entry, "Corrigé")],
            stories: vec![story(entry)],
            placements: vec![placement("mali", entry), placement("eau", entry)],
            published: vec![published("mali", &entry.id.to_string(), entry.id.into())],
            compositions: vec![composition(entry, None, entry)],
            provenance: vec![provenance(entry, true, at(0))],
            ..Changes::default()
        })
        .collect();
    for part in &parts {
        forward.apply(part.clone()).expect("applied");
    }
    backward.begin_run(at(7)).expect("runs are not exported");
    for part in parts.iter().rev() {
        backward.apply(part.clone()).expect("applied");
    }
    for (store, entry) in [(&forward, &entries[1]), (&backward, &entries[1])] {
        store.add_mark(mark(entry, None)).expect("marked");
    }
    assert_eq!(dump(&forward), dump(&backward));
    assert_eq!(dump(&forward).len(), 9 * 6 + 1);
}

#[test]
fn records_and_bytes_are_counted() {
    let (_folder, store) = store();
    store.sync_sources(&[configured("a")]).expect("synced");
    store.apply(everything()).expect("applied");
    let stats = store.stats().expect("stats");
    assert_eq!((stats.sources, stats.entries, stats.copy_groups), (1, 2, 1));
    assert_eq!((stats.articles, stats.stories, stats.placements), (1, 1, 1));
    let keys = stats.tables.iter().find(|table| table.name == "entry_key").expect("the table");
    assert_eq!(keys.rows, 5);
    assert!(keys.bytes >= 8_192, "the table and its index");
    assert!(stats.bytes >= stats.tables.iter().map(|table| table.bytes).sum());
}

#[test]
fn many_threads_write_and_read_at_once() {
    let (_folder, store) = store();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let store = store.clone();
            scope.spawn(move || {
                for guid in 0..20 {
                    let entry = bare(&format!("s{number}"), &guid.to_string());
                    store.apply(new_entries(std::slice::from_ref(&entry))).expect("applied");
                    assert_eq!(
                        store.entries(&[entry.id]).expect("read"),
                        [entry],
                        "what was written is read at once"
                    );
                }
            });
        }
    });
    assert_eq!(store.stats().expect("stats").entries, 160);
}

#[test]
fn a_defect_of_the_published_feeds_keeps_its_first_time_while_it_is_found() {
    let (_folder, store) = store();
    let check = |code: &str, seconds: i64| PublishedCheck {
        topic: "mali".to_owned(),
        code: code.to_owned(),
        detail: format!("at {seconds}"),
        since: at(seconds),
    };
    store.replace_published_checks(vec![check("feed-empty", 1)]).expect("stored");
    store
        .replace_published_checks(vec![check("feed-empty", 2), check("dead-link", 2)])
        .expect("stored");
    let checks = store.published_checks().expect("checks");
    let known: Vec<(&str, &str, Timestamp)> = checks.iter().map(|check| (&*check.code, &*check.detail, check.since)).collect();
    assert_eq!(known, [("dead-link", "at 2", at(2)), ("feed-empty", "at 2", at(1))]);
    store.replace_published_checks(Vec::new()).expect("stored");
    assert_eq!(store.published_checks().expect("checks"), []);
    let topic = TopicId::new("mali").expect("a slug");
    assert!(!store.has_published(&topic).expect("known"));
    store.apply(everything()).expect("applied");
    assert!(store.has_published(&topic).expect("known"));
}
