//! What the store tells of a source for its page, and when that counts as changed.

use crate::model::{Changes, Composition, Entry, MarkKind, SourceId, Timestamp};
use crate::store::sample::{at, bare, composition, event, mark, new, placement, source, store, story};
use crate::store::{ActivityLimits, Store, StoreError};
use std::time::Duration;

/// Runs the operations that read what sources have told.
pub(super) fn read_parts(store: &Store) -> [(&'static str, Option<&'static str>); 3] {
    let code = |error: Option<StoreError>| error.map(|error| error.code());
    [
        ("source_changes", code(store.source_changes().err())),
        ("source_activity", code(store.source_activity(&source("a"), limits()).err())),
        ("visit_counts", code(store.visit_counts(at(0)).err())),
    ]
}

fn limits() -> ActivityLimits {
    ActivityLimits {
        date_days: 28,
        story_days: 30,
        story_entries: 4,
        latest: 9,
        events: 2,
    }
}

fn days(days: u64) -> Timestamp {
    at(0) + Duration::from_hours(days * 24)
}

/// Returns an entry of a source that was seen, and published, on that day.
fn entry(slug: &str, guid: &str, day: u64) -> Entry {
    Entry {
        published: Some(days(day)),
        first_seen: days(day),
        ..bare(slug, guid)
    }
}

fn apply(store: &Store, changes: Changes) {
    store.apply(changes).expect("applied");
}

fn composed(store: &Store, entries: &[&Entry], compositions: Vec<Composition>) {
    apply(
        store,
        Changes {
            new_entries: entries.iter().map(|entry| new(entry)).collect(),
            ..Changes::default()
        },
    );
    let stories = compositions.iter().filter(|one| one.story == one.entry.into());
    let stories = stories.map(|one| {
        let founder = entries.iter().find(|entry| entry.id == one.entry);
        story(founder.expect("it is new"))
    });
    apply(
        store,
        Changes {
            stories: stories.collect(),
            compositions,
            ..Changes::default()
        },
    );
}

fn count(store: &Store, slug: &str) -> u64 {
    let changes = store.source_changes().expect("changes");
    changes.iter().find(|(id, _)| *id == source(slug)).map_or(0, |(_, count)| *count)
}

#[test]
fn activity_is_reckoned_from_the_newest_entry_and_knows_no_later_reports() {
    let (_folder, store) = store();
    let own = [entry("a", "old", 10), entry("a", "alone", 50), entry("a", "shared", 51)];
    let (copy, late) = (entry("b", "copy", 51), entry("b", "late", 60));
    composed(
        &store,
        &[&own[0], &own[1], &own[2], &copy, &late],
        vec![
            composition(&own[0], None, &own[0]),
            composition(&own[1], None, &own[1]),
            composition(&own[2], None, &own[2]),
            composition(&copy, Some(&own[2]), &own[2]),
            composition(&late, None, &own[2]),
        ],
    );
    apply(
        &store,
        Changes {
            placements: vec![placement("mali", &own[0]), placement("sahel", &own[0]), placement("mali", &own[2])],
            events: vec![event("a")],
            ..Changes::default()
        },
    );
    let activity = store.source_activity(&source("a"), limits()).expect("activity");
    assert_eq!(activity.newest, Some(days(51)));
    assert_eq!(activity.dates, [days(51), days(50)], "28 days only");
    assert_eq!((activity.stories_since, activity.story_entries), (Some(days(21)), 2));
    let mut shared: Vec<(SourceId, bool)> = activity
        .shared
        .iter()
        .map(|one| (one.source.clone(), one.copy_of.is_some()))
        .collect();
    // Both have the same date.
    shared.sort();
    assert_eq!(shared, [(source("a"), false), (source("b"), true)], "what came on day 60 is later");
    let latest: Vec<(&str, usize)> = activity
        .latest
        .iter()
        .map(|one| (one.title.as_str(), one.placements.len()))
        .collect();
    assert_eq!(latest, [(own[2].title.as_str(), 1), (own[0].title.as_str(), 2)]);
    assert_eq!(activity.events, [event("a")]);
    let few = ActivityLimits {
        story_entries: 1,
        ..limits()
    };
    let activity = store.source_activity(&source("a"), few).expect("activity");
    assert_eq!((activity.stories_since, activity.story_entries), (Some(days(51)), 1));
    let nobody = store.source_activity(&source("nobody"), limits()).expect("activity");
    assert_eq!((nobody.newest, nobody.events.len()), (None, 0));
}

#[test]
fn what_a_page_tells_counts_as_changed_and_nothing_else() {
    let (_folder, store) = store();
    let (own, other) = (entry("a", "1", 1), entry("b", "1", 1));
    composed(
        &store,
        &[&own, &other],
        vec![composition(&own, None, &own), composition(&other, None, &own)],
    );
    let mut before = [count(&store, "a"), count(&store, "b")];
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    let mut changed = |done: &str, expected: [bool; 2]| {
        let now = [count(&store, "a"), count(&store, "b")];
        assert_eq!([now[0] > before[0], now[1] > before[1]], expected, "{done}");
        before = now;
    };
    let place = || Changes {
        placements: vec![placement("mali", &own)],
        ..Changes::default()
    };
    apply(&store, place());
    changed("a topic shows their story", [true, true]);
    apply(&store, place());
    changed("the same again", [false, false]);
    let mut label = mark(&own, None);
    label.kind = MarkKind::Yes;
    store.add_mark(label).expect("marked");
    changed("a label", [false, false]);
    let mut hide = mark(&other, None);
    hide.kind = MarkKind::Hide;
    store.add_mark(hide).expect("marked");
    changed("one is hidden", [false, true]);
    apply(
        &store,
        Changes {
            removed_placements: vec![("mali".parse().expect("a slug"), own.id.into())],
            ..Changes::default()
        },
    );
    changed("the topic shows it no longer", [true, true]);
}
