//! The store through its interface: what was stored is returned, in the documented order, and once.

use super::sample::{
    article, at, bare, composition, event, everything, full, host, key, mark, page_visit, placement, provenance, published, revised,
    source, state, store, story, topic,
};
use super::{ExportRow, Store, StoreError};
use crate::model::{
    Changes, Composition, Digest128, Entry, EntryId, EntryRevision, HostState, KeyKind, MarkKind, Problem, RunSummary, SourceState, StoryId,
};

fn dump(store: &Store) -> Vec<ExportRow> {
    let mut rows = Vec::new();
    store.export(&mut |row| rows.push(row)).expect("an export");
    rows
}

fn new_entries(entries: &[Entry]) -> Changes {
    Changes {
        new_entries: entries.to_vec(),
        ..Changes::default()
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
    store.sync_sources(&[source("a"), source("b")]).expect("synced");
    store.apply(everything()).expect("applied");
    let (own, copy) = (full("a", "1"), bare("b", "1"));
    let story_id = StoryId::from(own.id);
    let now = Entry {
        story: Some(story_id),
        ..revised(&own, "Crue à Mopti").entry
    };
    assert_eq!(store.entries(&[own.id]).expect("entries"), [now]);
    let members = store.entries_of_stories(&[story_id]).expect("entries");
    assert_eq!(members.iter().map(|entry| entry.id).collect::<Vec<_>>(), [own.id, copy.id]);
    assert_eq!(members[1].copy_of, Some(own.id));
    assert_eq!(store.source_states().expect("states"), [state("a"), SourceState::new(source("b"))]);
    assert_eq!(store.source_state(&source("a")).expect("a state"), Some(state("a")));
    assert_eq!(store.source_state(&source("c")).expect("no state"), None);
    assert_eq!(store.host_states().expect("hosts"), [host()]);
    assert_eq!(store.source_events(None, None).expect("events"), [event("a")]);
    assert_eq!(store.source_events(Some(&source("b")), None).expect("events"), []);
    assert_eq!(store.source_events(None, Some(at(2))).expect("events"), []);
    assert_eq!(store.due_pages(at(7)).expect("pages"), []);
    assert_eq!(store.due_pages(at(8)).expect("pages"), [page_visit(&copy)]);
    assert_eq!(store.articles(&[copy.id, own.id]).expect("articles"), [(own.id, article())]);
    assert_eq!(store.stories(&[story_id]).expect("stories"), [story(&own)]);
    assert_eq!(store.placements(&topic("mali")).expect("placements"), [placement("mali", &own)]);
    assert!(store.placements(&topic("eau")).expect("placements").is_empty(), "displaced");
    assert_eq!(store.placements_of_stories(&[story_id]).expect("placements").len(), 1);
    let item = published("mali", "tag:feeds.example.org,2026-02-02:1", story_id);
    assert_eq!(store.published(&topic("mali")).expect("published"), std::slice::from_ref(&item));
    assert_eq!(store.published_of_stories(&[story_id]).expect("published"), [item]);
    assert_eq!(
        store.topic_stamp(&topic("mali")).expect("asked"),
        Some((Digest128::from_bytes([6; 16]), at(1)))
    );
    assert_eq!(store.topic_stamp(&topic("eau")).expect("asked"), None);
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
fn applying_twice_changes_nothing_more() {
    let (_folder, store) = store();
    store.apply(everything()).expect("applied");
    let once = (dump(&store), store.composed_since(at(0)).expect("composed"));
    store.apply(everything()).expect("applied again");
    let (rows, composed) = (dump(&store), store.composed_since(at(0)).expect("composed"));
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
fn keys_are_added_and_stay_with_their_entry() {
    let (_folder, store) = store();
    let (first, second) = (bare("a", "1"), bare("a", "2"));
    store.apply(new_entries(&[first.clone(), second.clone()])).expect("applied");
    let link = key(KeyKind::Link, "a.example/moved");
    let mut moved = revised(&first, "Ailleurs");
    moved.entry.keys = vec![key(KeyKind::Guid, "2"), link.clone()];
    let changes = Changes {
        revised_entries: vec![moved],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    let keys = [
        link.clone(),
        key(KeyKind::Guid, "2"),
        key(KeyKind::Link, "2"),
        key(KeyKind::Guid, "1"),
    ];
    let known = store.identities(&source("a"), &keys).expect("identities");
    let found: Vec<_> = known
        .iter()
        .map(|(key, identity)| (key.clone(), identity.id, identity.content_hash.as_bytes()[0]))
        .collect();
    assert_eq!(
        found,
        [
            (keys[0].clone(), first.id, 8),
            (keys[1].clone(), second.id, 7),
            (keys[3].clone(), first.id, 8)
        ]
    );
    assert!(
        store.identities(&source("b"), &keys).expect("identities").is_empty(),
        "keys count within their source"
    );
    let mut keys = first.keys.clone();
    keys.push(link);
    assert_eq!(store.entries(&[first.id]).expect("entries")[0].keys, keys);
}

#[test]
fn a_changed_entry_waits_until_its_story_is_evaluated_again() {
    let (_folder, store) = store();
    let (first, second) = (bare("a", "1"), bare("a", "2"));
    store.apply(new_entries(&[first.clone(), second.clone()])).expect("applied");
    let changes = Changes {
        revised_entries: vec![revised(&first, "Ailleurs"), revised(&second, "Plus loin")],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    let mut both = vec![first.id, second.id];
    both.sort_unstable();
    assert_eq!(store.unevaluated_entries().expect("asked"), both);
    let changes = Changes {
        reevaluated_entries: vec![first.id],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.unevaluated_entries().expect("asked"), [second.id]);
}

#[test]
fn a_late_article_has_its_story_evaluated_again() {
    let (_folder, store) = store();
    let (early, late) = (bare("a", "1"), bare("a", "2"));
    let changes = Changes {
        articles: vec![(early.id, article())],
        page_visits: vec![page_visit(&late)],
        compositions: vec![composition(&early, None, &early), composition(&late, None, &late)],
        ..new_entries(&[early.clone(), late.clone()])
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.unevaluated_entries().expect("asked"), []);
    assert_eq!(store.page_visits(&[early.id, late.id]).expect("asked"), [page_visit(&late)]);
    let changes = Changes {
        articles: vec![(late.id, article())],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.unevaluated_entries().expect("asked"), [late.id]);
    assert_eq!(store.page_visits(&[late.id]).expect("asked"), [], "its page was fetched");
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
        store.host_states().expect("hosts")
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
    assert_eq!(apply(held), [after]);
    let read = HostState {
        robots_expires: Some(at(80)),
        ..nothing.clone()
    };
    let after = HostState {
        held_until: Some(at(70)),
        ..read.clone()
    };
    assert_eq!(apply(read), std::slice::from_ref(&after), "the rules are gone, the hold is not");
    assert_eq!(apply(nothing), [after]);
}

#[test]
fn records_of_unknown_entries_are_left_out() {
    let (_folder, store) = store();
    let unknown = full("a", "0");
    let changes = Changes {
        revised_entries: vec![revised(&unknown, "x")],
        articles: vec![(unknown.id, article())],
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
    store.sync_sources(&names.map(source)).expect("synced");
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
    let kept: Vec<_> = names.iter().filter(|name| **name != "gone").map(|name| source(name)).collect();
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
fn entries_are_composed_in_order_and_once() {
    let (_folder, store) = store();
    let dated = |slug: &str, guid: &str, published| Entry {
        published: Some(at(published)),
        ..bare(slug, guid)
    };
    // A date in the future counts as `first_seen`.
    let all = [
        dated("b", "1", -5),
        dated("a", "2", -5),
        dated("a", "1", -5),
        dated("c", "9", 999),
        dated("c", "8", -9),
    ];
    store.apply(new_entries(&all)).expect("applied");
    let order = [4, 2, 1, 0, 3].map(|index: usize| all[index].id);
    assert_eq!(store.uncomposed_ids().expect("ids"), order);
    assert_eq!(
        store
            .uncomposed()
            .expect("entries")
            .iter()
            .map(|entry| entry.id)
            .collect::<Vec<_>>(),
        order
    );
    let mut seen = Vec::new();
    store.for_each_entry(&mut |entry| seen.push(entry.id)).expect("entries");
    assert_eq!(seen, order);
    let compose = |indexes: &[usize]| Changes {
        compositions: indexes.iter().map(|index| composition(&all[*index], None, &all[0])).collect(),
        ..Changes::default()
    };
    store.apply(compose(&[3, 0])).expect("composed");
    store.apply(compose(&[1, 3])).expect("composed");
    let composed = store.composed_since(at(0)).expect("composed");
    assert_eq!(
        composed.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [all[3].id, all[0].id, all[1].id]
    );
    assert_eq!(
        (composed[0].date, composed[0].founded, composed[0].fingerprint.len()),
        (at(0), at(0), 3)
    );
    assert_eq!(composed[1].canonical, all[0].canonical());
    assert_eq!(store.uncomposed_ids().expect("ids"), [all[4].id, all[2].id]);
    assert!(store.composed_since(at(1)).expect("composed").is_empty());
}

#[test]
fn stories_are_listed_newest_first() {
    let (_folder, store) = store();
    let seen = |slug: &str, guid: &str, first_seen| Entry {
        first_seen: at(first_seen),
        ..bare(slug, guid)
    };
    let all = [seen("a", "1", 10), seen("b", "1", 20), seen("a", "2", 30)];
    let mut changes = new_entries(&all);
    changes.stories = all.iter().map(story).collect();
    store.apply(changes).expect("applied");
    let founded: Vec<_> = store
        .list_stories(Some(at(20)), None)
        .expect("stories")
        .iter()
        .map(|story| story.lead)
        .collect();
    assert_eq!(founded, [all[2].id, all[1].id]);
    assert_eq!(store.list_stories(None, Some(1)).expect("stories").len(), 1);
}

#[test]
fn published_rows_only_grow() {
    let (_folder, store) = store();
    let (own, other) = (bare("a", "1"), bare("a", "2"));
    let first = published("mali", "tag:1", own.id.into());
    let mut again = published("mali", "tag:1", other.id.into());
    (again.first_published, again.updated, again.content_hash) = (at(70), at(70), Digest128::from_bytes([1; 16]));
    let alias = published("mali", "tag:2", other.id.into());
    let elsewhere = published("niger", "tag:1", other.id.into());
    let changes = Changes {
        published: vec![first.clone(), again.clone(), alias.clone(), elsewhere.clone()],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    again.first_published = first.first_published;
    assert_eq!(store.published(&topic("mali")).expect("published"), [again.clone(), alias.clone()]);
    assert_eq!(
        store.published_of_stories(&[other.id.into()]).expect("published"),
        [again, elsewhere, alias]
    );
    assert!(store.published_of_stories(&[own.id.into()]).expect("published").is_empty());
}

#[test]
fn marks_are_added_replaced_and_removed() {
    let (_folder, store) = store();
    let entry = bare("a", "1");
    let (everywhere, there) = (mark(&entry, None), mark(&entry, Some(topic("mali"))));
    for mark in [&everywhere, &there, &everywhere] {
        store.add_mark(mark.clone()).expect("marked");
    }
    assert_eq!(store.marks().expect("marks"), [everywhere, there.clone()]);
    assert!(store.remove_mark(entry.id, None, MarkKind::Note).expect("removed"));
    assert!(!store.remove_mark(entry.id, None, MarkKind::Note).expect("gone already"));
    assert_eq!(store.marks().expect("marks"), [there]);
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
fn short_ids_are_found() {
    let (_folder, store) = store();
    let with_id = |bytes: [u8; 16], guid: &str| Entry {
        id: EntryId::from_bytes(bytes),
        ..bare("a", guid)
    };
    let (one, two) = ([0xe1; 16], [0x1f; 16]);
    let mut three = two;
    three[15] = 0;
    let all = [with_id(one, "1"), with_id(two, "2"), with_id(three, "3")];
    let mut changes = new_entries(&all);
    changes.stories = vec![story(&all[0])];
    store.apply(changes).expect("applied");
    let find = |prefix: &str| store.find_entry(prefix).map(|found| found.map(|entry| entry.id));
    assert_eq!(find("ee1e1e1e1"), Ok(Some(all[0].id)));
    assert_eq!(find("e1e1"), Ok(Some(all[0].id)), "`e` is a digit too");
    assert_eq!(find(&all[1].id.to_string().to_uppercase()), Ok(Some(all[1].id)));
    assert_eq!(find("e1f"), Err(StoreError::Ambiguous { prefix: "e1f".into() }));
    for prefix in ["", "e", "e77", "é", "zz", &"1".repeat(40)] {
        assert_eq!(find(prefix), Ok(if prefix == "e" { Some(all[0].id) } else { None }), "{prefix:?}");
    }
    assert_eq!(store.find_story("se1").expect("asked").map(|story| story.lead), Some(all[0].id));
    assert_eq!(store.find_story("s0").expect("asked"), None);
}

#[test]
fn the_export_does_not_depend_on_the_order_of_arrival() {
    let (_one, forward) = store();
    let (_two, backward) = store();
    let entries: Vec<Entry> = (0..9).map(|n| full(["a", "b", "c"][n % 3], &n.to_string())).collect();
    let parts: Vec<Changes> = entries
        .iter()
        .map(|entry| Changes {
            new_entries: vec![entry.clone()],
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
    store.sync_sources(&[source("a")]).expect("synced");
    store.apply(everything()).expect("applied");
    let stats = store.stats().expect("stats");
    assert_eq!((stats.sources, stats.entries, stats.copy_groups), (1, 2, 1));
    assert_eq!((stats.articles, stats.stories, stats.placements), (1, 1, 1));
    let keys = stats.tables.iter().find(|table| table.name == "entry_key").expect("the table");
    assert_eq!(keys.rows, 4);
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
fn a_story_may_change_its_lead_and_an_entry_its_story() {
    let (_folder, store) = store();
    let (first, second) = (bare("a", "1"), bare("b", "1"));
    let mut changes = new_entries(&[first.clone(), second.clone()]);
    changes.stories = vec![story(&first)];
    changes.compositions = vec![composition(&first, None, &first), composition(&second, None, &second)];
    store.apply(changes).expect("applied");
    let mut led = story(&first);
    (led.lead, led.earlier) = (second.id, Some(StoryId::from_bytes([3; 16])));
    let changes = Changes {
        stories: vec![led.clone()],
        compositions: vec![Composition {
            story: first.id.into(),
            ..composition(&second, Some(&first), &first)
        }],
        revised_entries: vec![EntryRevision {
            entry: second.clone(),
            seen: at(9),
        }],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.stories(&[first.id.into()]).expect("stories"), [led]);
    assert_eq!(store.entries_of_stories(&[first.id.into()]).expect("entries").len(), 2);
    assert!(
        store.revisions(second.id).expect("revisions").is_empty(),
        "the content did not change"
    );
}
