//! Compositions, fingerprints with their postings, frequencies of terms: what dedupe stores, and what it reads of it.

use super::*;
use crate::model::{Article, Basis, StoredFingerprint, StoredMemory, TermCounts, Timestamp};
use crate::store::records::{ComposedEntry, EntryRow, KnownStory};
use crate::store::sample::fingerprint;

const DAY: i64 = 24 * 60 * 60;

fn apply(store: &Store, changes: Changes) {
    store.apply(changes).expect("applied");
}

fn compose(store: &Store, compositions: &[Composition]) {
    let compositions = compositions.to_vec();
    apply(
        store,
        Changes {
            compositions,
            ..Changes::default()
        },
    );
}

/// Returns the decision at a later moment.
fn moved(entry: &Entry, story: &Entry, seconds: i64, basis: Basis) -> Composition {
    Composition::new(entry.id, None, story.id.into(), at(seconds), basis)
}

/// Stores three entries of which each has founded a story that was evaluated; the first is placed in two topics.
fn three_stories(store: &Store) -> [Entry; 3] {
    let all = [bare("a", "1"), bare("b", "1"), bare("c", "1")];
    let stamp = |slug| (topic(slug), Digest128::from_bytes([6; 16]), at(1));
    apply(
        store,
        Changes {
            compositions: all.iter().map(|entry| composition(entry, None, entry)).collect(),
            evaluated_entries: all.iter().map(|entry| (entry.id, 1)).collect(),
            stories: all.iter().map(story).collect(),
            placements: vec![placement("mali", &all[0]), placement("eau", &all[0])],
            topic_stamps: ["mali", "eau", "sahel"].map(stamp).to_vec(),
            ..new_entries(&all)
        },
    );
    assert_eq!(store.unevaluated_stories().expect("stories"), []);
    all
}

fn evaluate_all(store: &Store, entries: &[Entry]) {
    let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
    let versions = store.entries(&ids).expect("entries");
    apply(
        store,
        Changes {
            evaluated_entries: versions.iter().map(|entry| (entry.id, entry.version)).collect(),
            ..Changes::default()
        },
    );
    assert_eq!(store.unevaluated_stories().expect("stories"), []);
}

/// Returns when each topic's feed last changed, and how often what it shows has changed.
fn stamps(store: &Store) -> Vec<(String, Timestamp, u64)> {
    let stamps = store.topic_stamps().expect("stamps").into_iter();
    stamps
        .map(|stamp| (stamp.topic.to_string(), stamp.changed, stamp.changes))
        .collect()
}

#[test]
fn a_composition_comes_back_as_it_went_in_and_the_last_one_holds() {
    let (_folder, store) = store();
    let [own, other, _] = three_stories(&store);
    let told = Composition {
        copy_of: Some(other.id),
        measure: Some(0.75),
        words: vec!["mopti".to_owned(), "pluie".to_owned()],
        like: Some(other.id),
        earlier: Some(StoryId::from_bytes([3; 16])),
        ..moved(&own, &other, 60, Basis::Text)
    };
    compose(&store, &[told.clone(), composition(&bare("z", "unknown"), None, &own)]);
    let stored = store.compositions_of(&own.id).expect("compositions");
    assert_eq!(stored, [composition(&own, None, &own), told]);
    let entry = &store.entries(&[own.id]).expect("entries")[0];
    assert_eq!((entry.story, entry.copy_of), (Some(other.id.into()), Some(other.id)));
    assert_eq!(store.compositions_of(&EntryId::from_bytes([0; 16])).expect("none"), []);
    for basis in Basis::ALL {
        compose(&store, &[moved(&other, &other, 70, basis)]);
        let last = store.compositions_of(&other.id).expect("compositions").pop().expect("one");
        assert_eq!(last.basis, basis);
    }
}

#[test]
fn the_story_that_an_entry_leaves_and_the_one_that_it_joins_are_evaluated_again() {
    let (_folder, store) = store();
    let all = three_stories(&store);
    let [first, second, third] = &all;
    compose(&store, &[moved(second, first, 60, Basis::Event)]);
    assert_eq!(store.unevaluated_stories().expect("stories"), [first.id.into()]);
    assert_eq!(store.stories(&[second.id.into()]).expect("stories"), []);
    evaluate_all(&store, &all);
    // The first story keeps its founder.
    compose(&store, &[moved(second, third, 70, Basis::Join)]);
    let mut changed = store.unevaluated_stories().expect("stories");
    changed.sort_unstable();
    let mut expected = [StoryId::from(first.id), third.id.into()];
    expected.sort_unstable();
    assert_eq!(changed, expected);
    assert_eq!(stamps(&store).iter().map(|(_, _, changes)| changes).sum::<u64>(), 0);
    assert_eq!(store.placements_of_stories(&[first.id.into()]).expect("placements").len(), 2);
}

#[test]
fn a_story_that_its_last_entry_leaves_goes_and_its_feeds_are_rendered_again() {
    let (_folder, store) = store();
    let [first, second, _] = three_stories(&store);
    compose(&store, &[moved(&first, &second, 60, Basis::Event)]);
    let of_first = [StoryId::from(first.id)];
    assert_eq!(store.stories(&of_first).expect("stories"), []);
    assert_eq!(store.placements_of_stories(&of_first).expect("placements"), []);
    let changed = |slug: &str| (slug.to_owned(), at(60), 1);
    assert_eq!(stamps(&store), [changed("eau"), changed("mali"), ("sahel".to_owned(), at(1), 0)]);
    assert_eq!(store.unevaluated_stories().expect("stories"), [second.id.into()]);
}

#[test]
fn an_entry_that_becomes_a_copy_has_its_story_evaluated_again() {
    let (_folder, store) = store();
    let all = three_stories(&store);
    let [first, second, _] = &all;
    compose(&store, &[moved(second, first, 60, Basis::Event)]);
    evaluate_all(&store, &all);
    let copy = Composition {
        copy_of: Some(first.id),
        ..moved(second, first, 70, Basis::Text)
    };
    compose(&store, std::slice::from_ref(&copy));
    assert_eq!(store.unevaluated_stories().expect("stories"), [first.id.into()]);
    evaluate_all(&store, &all);
    // What else a decision tells changes nothing of the story.
    compose(
        &store,
        &[Composition {
            measure: Some(0.5),
            at: at(80),
            ..copy
        }],
    );
    assert_eq!(store.unevaluated_stories().expect("stories"), []);
}

#[test]
fn decisions_that_come_twice_are_stored_once_but_an_entry_may_come_back() {
    let (_folder, store) = store();
    let all = three_stories(&store);
    let [first, second, _] = &all;
    let there_and_back = [moved(second, first, 60, Basis::Join), moved(second, second, 60, Basis::Split)];
    let count = || store.compositions_of(&second.id).expect("compositions").len();
    compose(&store, &there_and_back);
    evaluate_all(&store, &all);
    let versions = store.entries(&[first.id, second.id]).expect("entries");
    compose(&store, &there_and_back);
    assert_eq!((count(), store.unevaluated_stories().expect("stories")), (3, vec![]));
    assert_eq!(store.entries(&[first.id, second.id]).expect("entries"), versions);
    compose(&store, &there_and_back[..1]);
    assert_eq!(count(), 4, "in the same second");
    assert_eq!(store.entries(&[second.id]).expect("entries")[0].story, Some(first.id.into()));
}

/// Returns the place of an entry that dedupe's index has under the hash that only this function uses.
fn row_of(store: &Store, entry: &Entry) -> EntryRow {
    apply(
        store,
        Changes {
            fingerprints: vec![fingerprint(entry, &[4_000_000_000])],
            ..Changes::default()
        },
    );
    store.posting_rows(&[4_000_000_000]).expect("rows")[0].1[0]
}

fn found(store: &Store, hash: u32) -> Vec<EntryId> {
    let rows = store.posting_rows(&[hash]).expect("rows");
    assert_eq!((rows.len(), rows[0].0), (1, hash));
    let entries = store.composed_rows(&rows[0].1).expect("entries");
    entries.into_iter().map(|composed| composed.entry.id).collect()
}

#[test]
fn entries_are_found_by_their_present_postings() {
    let (_folder, store) = store();
    let [first, second, third] = three_stories(&store);
    let index = |fingerprints: &[StoredFingerprint]| {
        apply(
            &store,
            Changes {
                fingerprints: fingerprints.to_vec(),
                ..Changes::default()
            },
        );
    };
    index(&[
        fingerprint(&third, &[1, u32::MAX]),
        fingerprint(&first, &[9]),
        fingerprint(&first, &[1, 2]),
        fingerprint(&second, &[2]),
        fingerprint(&bare("z", "unknown"), &[1]),
    ]);
    assert_eq!(found(&store, 1), [first.id, third.id], "in the order of composition");
    assert_eq!(found(&store, 2), [first.id, second.id]);
    assert_eq!(
        (found(&store, u32::MAX), found(&store, 9), found(&store, 3)),
        (vec![third.id], vec![], vec![])
    );
    index(&[fingerprint(&first, &[2, 3])]);
    assert_eq!((found(&store, 1), found(&store, 3)), (vec![third.id], vec![first.id]));
    index(&[fingerprint(&first, &[])]);
    assert_eq!((found(&store, 2), found(&store, 3)), (vec![second.id], vec![]));
}

#[test]
fn a_hash_gives_the_newest_entries_and_few_of_one_source() {
    let (_folder, store) = store();
    let flood: Vec<Entry> = (0..1_100).map(|number| bare("flood", &number.to_string())).collect();
    let sources: Vec<Entry> = (0..140).map(|number| bare(&format!("s{number}"), "1")).collect();
    let of = |entries: &[Entry], hash: u32| Changes {
        compositions: entries.iter().map(|entry| composition(entry, None, entry)).collect(),
        fingerprints: entries.iter().map(|entry| fingerprint(entry, &[hash])).collect(),
        ..new_entries(entries)
    };
    let old = [bare("old", "1")];
    apply(&store, of(&old, 1));
    apply(&store, of(&flood, 1));
    let newest: Vec<EntryId> = flood[1_084..].iter().map(|entry| entry.id).collect();
    assert_eq!(found(&store, 1), newest, "what lies behind a thousand others is not read");
    apply(&store, of(&sources, 2));
    let newest: Vec<EntryId> = sources[12..].iter().map(|entry| entry.id).collect();
    assert_eq!(found(&store, 2), newest);
}

#[test]
fn a_fingerprint_is_stale_once_the_text_has_changed() {
    let (_folder, store) = store();
    let [first, second, third] = three_stories(&store);
    let waiting = bare("d", "1");
    apply(&store, new_entries(std::slice::from_ref(&waiting)));
    let all = [&first, &second, &third];
    apply(
        &store,
        Changes {
            fingerprints: all.map(|entry| fingerprint(entry, &[1])).to_vec(),
            ..Changes::default()
        },
    );
    let article = |text: &str| Article {
        text: text.to_owned(),
        ..article()
    };
    let fetch = |entry: &Entry, text: &str, seconds| Changes {
        articles: vec![(entry.id, article(text), article_forms(), at(seconds))],
        ..Changes::default()
    };
    let facts = EntryRevision {
        entry: Entry {
            facts_hash: Some(Digest128::from_bytes([1; 16])),
            ..second.clone()
        },
        ..revised(&second, "")
    };
    apply(
        &store,
        Changes {
            revised_entries: vec![revised(&first, "Crue"), revised(&waiting, "Crue"), facts],
            ..Changes::default()
        },
    );
    let stale = |limit| store.stale_fingerprints(limit).expect("stale");
    assert_eq!(stale(9), [first.id]);
    apply(&store, fetch(&third, "Corps", 5));
    assert_eq!(stale(9), [third.id, first.id]);
    assert_eq!(stale(1), [third.id]);
    assert_eq!(found(&store, 1), [second.id], "nothing is compared with a former text");
    assert_eq!(store.composed_entries(&[first.id, third.id]).expect("entries"), []);
    apply(
        &store,
        Changes {
            fingerprints: vec![fingerprint(&first, &[1]), fingerprint(&third, &[1])],
            ..Changes::default()
        },
    );
    assert_eq!((stale(9), found(&store, 1).len()), (vec![], 3));
    apply(&store, fetch(&third, "Corps", 6));
    assert_eq!(stale(9), [], "the same text again");
    apply(&store, fetch(&third, "Corps corrigé", 7));
    assert_eq!(stale(9), [third.id]);
}

#[test]
fn composed_entries_tell_their_story_and_who_decided() {
    let (_folder, store) = store();
    let [first, second, third] = three_stories(&store);
    compose(
        &store,
        &[moved(&second, &first, 60, Basis::Join), moved(&third, &first, 60, Basis::Event)],
    );
    let rows = [&first, &second, &third].map(|entry| row_of(&store, entry));
    let by_rows = store.composed_rows(&[rows[2], rows[0], rows[1], rows[0]]).expect("entries");
    let told = |composed: &ComposedEntry| (composed.entry.id, composed.row, composed.story, composed.is_by_hand);
    let joined = StoryId::from(first.id);
    assert_eq!(
        by_rows.iter().map(told).collect::<Vec<_>>(),
        [
            (first.id, rows[0], joined, false),
            (second.id, rows[1], joined, true),
            (third.id, rows[2], joined, false)
        ]
    );
    assert_eq!(store.composed_entries(&[third.id, first.id, second.id]).expect("entries"), by_rows);
    let mut since = composed_since(&store, 0);
    since.sort_by_key(|composed| composed.row);
    assert_eq!(since, by_rows);
    compose(&store, &[moved(&second, &first, 70, Basis::Event)]);
    assert!(
        !store.composed_entries(&[second.id]).expect("entries")[0].is_by_hand,
        "the last decision counts"
    );
    let waiting = bare("d", "1");
    apply(&store, new_entries(std::slice::from_ref(&waiting)));
    let row = row_of(&store, &waiting);
    assert_eq!(store.composed_rows(&[row]).expect("entries"), [], "it is not composed");
}

#[test]
fn the_members_of_a_story_are_its_founder_and_the_newest_without_copies() {
    let (_folder, store) = store();
    let dated = |guid: &str, published| Entry {
        published: Some(at(published)),
        ..bare("a", guid)
    };
    let all = [dated("0", -9), dated("1", -5), dated("2", -1), dated("3", -3), dated("4", -2)];
    let mut changes = new_entries(&all);
    let member = |entry| composition(entry, None, &all[0]);
    changes.compositions = all.iter().map(member).collect();
    changes.compositions[4].copy_of = Some(all[2].id);
    apply(&store, changes);
    let rows = [0, 1, 2, 3, 4].map(|number: usize| row_of(&store, &all[number]));
    let members = |newest| store.story_members(&all[0].id.into(), newest).expect("members");
    assert_eq!(members(2), [rows[0], rows[2], rows[3]]);
    assert_eq!(members(9), [rows[0], rows[2], rows[3], rows[1]]);
    assert_eq!((members(0), members(1)), (vec![rows[0]], vec![rows[0], rows[2]]));
    compose(&store, &[moved(&all[0], &bare("b", "1"), 60, Basis::Event)]);
    assert_eq!(members(2), [rows[2], rows[3]], "its founder has left it");
}

#[test]
fn a_known_story_tells_when_it_was_first_published() {
    let (_folder, store) = store();
    let [first, second, _] = three_stories(&store);
    compose(
        &store,
        &[Composition {
            copy_of: Some(first.id),
            ..moved(&second, &first, 60, Basis::Text)
        }],
    );
    let item = |slug: &str, guid: &str, seconds| {
        let mut item = published(slug, guid, first.id.into());
        item.first_published = at(seconds);
        item
    };
    // The guid of another story that was merged into this one.
    let mut merged = item("sahel", "tag:2", 20);
    merged.founder = second.id.into();
    let known = |first_published| KnownStory {
        story: story(&first),
        first_published,
        members: 1,
    };
    let ids = [StoryId::from_bytes([0; 16]), first.id.into()];
    assert_eq!(store.known_stories(&ids).expect("stories"), [known(None)]);
    apply(
        &store,
        Changes {
            published: vec![item("mali", "tag:1", 40), item("eau", "tag:1", 30), merged],
            ..Changes::default()
        },
    );
    assert_eq!(store.known_stories(&ids).expect("stories"), [known(Some(at(20)))]);
}

fn count_terms(store: &Store, entry: &Entry, seconds: i64, entries: u32, counts: &[(u32, u32)]) {
    apply(
        store,
        Changes {
            compositions: vec![moved(entry, entry, seconds, Basis::Event)],
            term_counts: TermCounts {
                entries,
                counts: counts.to_vec(),
            },
            ..Changes::default()
        },
    );
}

#[test]
fn frequencies_of_terms_are_added_and_fade() {
    let (_folder, store) = store();
    let [own, ..] = three_stories(&store);
    let frequencies = || store.term_frequencies(&[u32::MAX, 1, 2, 3]).expect("frequencies");
    assert_eq!(frequencies(), (0, vec![]));
    count_terms(&store, &own, 60, 5, &[(2, 1), (1, 5), (u32::MAX, 3)]);
    count_terms(&store, &own, 70, 4, &[(1, 2)]);
    let sums = (9, vec![(u32::MAX, 3), (1, 7), (2, 1)]);
    assert_eq!(frequencies(), sums);
    count_terms(&store, &own, 70, 4, &[(1, 2)]);
    assert_eq!(frequencies(), sums, "the same changes again");
    count_terms(&store, &own, 5 * DAY - 1, 0, &[]);
    assert_eq!(frequencies(), sums);
    count_terms(&store, &own, 5 * DAY, 1, &[(3, 1)]);
    assert_eq!(
        frequencies(),
        (5, vec![(u32::MAX, 1), (1, 3), (3, 1)]),
        "halved before they are added"
    );
    count_terms(&store, &own, 10 * DAY - 1, 0, &[]);
    assert_eq!(frequencies().0, 5, "once in five days");
    count_terms(&store, &own, 100 * DAY, 0, &[]);
    assert_eq!(frequencies(), (2, vec![(1, 1)]), "once after any pause");
    // A clock that ran ahead.
    count_terms(&store, &own, 90, 0, &[]);
    count_terms(&store, &own, 90 + 5 * DAY, 0, &[]);
    assert_eq!(frequencies(), (1, vec![]));
    // Without compositions there is no time.
    let counts = TermCounts {
        entries: 3,
        counts: vec![(2, 3)],
    };
    apply(
        &store,
        Changes {
            term_counts: counts,
            ..Changes::default()
        },
    );
    assert_eq!(frequencies(), (4, vec![(2, 3)]));
}

#[test]
fn what_a_source_repeats_is_replaced() {
    let (_folder, store) = store();
    let remember = |slug: &str, value: &[u8]| {
        let memory = StoredMemory {
            source: source(slug),
            value: value.to_vec(),
        };
        apply(
            &store,
            Changes {
                outlet_memories: vec![memory],
                ..Changes::default()
            },
        );
    };
    remember("a", &[1]);
    remember("b", &[2]);
    remember("a", &[3, 0]);
    let memory = |slug: &str| store.outlet_memory(&source(slug)).expect("a memory");
    assert_eq!((memory("a"), memory("b"), memory("c")), (Some(vec![3, 0]), Some(vec![2]), None));
}

#[test]
fn words_of_entries_come_in_the_order_in_which_they_are_asked_for() {
    let (_folder, store) = store();
    apply(&store, everything());
    let ids = [bare("b", "1").id, EntryId::from_bytes([0; 16]), bare("a", "1").id];
    let words = |article: Option<&str>| EntryWords {
        words: "pluie a mopti".into(),
        article_words: article.map(str::to_owned),
    };
    let stored = store.entry_words(&ids).expect("words");
    assert_eq!(stored, [Some(words(None)), None, Some(words(Some("corps")))]);
}
