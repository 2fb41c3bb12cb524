//! Identity keys, versions, changes and marks of entries through the store's interface.

use super::*;

const DAY: i64 = 86_400;

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
    let found: Vec<_> = (known.iter())
        .map(|(key, identity)| match identity {
            Identity::Stored(stored) => (key.clone(), stored.id, stored.content_hash.as_bytes()[0]),
            Identity::Purged | Identity::Shared(_) => panic!("nothing was purged or shared"),
        })
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
fn keys_that_an_entry_is_seen_with_are_bounded_and_the_first_one_stays() {
    let (_folder, store) = store();
    let entry = bare("a", "1");
    store.apply(new_entries(std::slice::from_ref(&entry))).expect("applied");
    for visit in 0..40 {
        let changes = Changes {
            new_keys: vec![(entry.id, vec![key(KeyKind::Guid, &format!("uuid:{visit}"))])],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
    }
    let keys = store.entries(&[entry.id]).expect("entries").remove(0).keys;
    assert_eq!((keys.len(), &keys[0]), (16, &entry.keys[0]));
    assert_eq!(keys[15], key(KeyKind::Guid, "uuid:39"));
    // What the document had stays, however old it is.
    let used = keys[1].clone();
    let changes = Changes {
        new_keys: vec![(entry.id, vec![key(KeyKind::Guid, "uuid:40"), used.clone()])],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    let after = store.entries(&[entry.id]).expect("entries").remove(0).keys;
    assert_eq!((after.len(), &after[1], &after[2]), (16, &used, &keys[3]));
    let unknown = (EntryId::from_bytes([0; 16]), vec![key(KeyKind::Guid, "x")]);
    let changes = Changes {
        new_keys: vec![unknown],
        ..Changes::default()
    };
    store.apply(changes).expect("a key of an unknown entry is left out");
}

#[test]
fn a_changed_entry_waits_until_its_story_is_evaluated_with_that_version() {
    let (_folder, store) = store();
    let (first, second) = (bare("a", "1"), bare("a", "2"));
    let changes = Changes {
        compositions: vec![composition(&first, None, &first), composition(&second, None, &second)],
        ..new_entries(&[first.clone(), second.clone()])
    };
    assert!(!store.any_waiting().expect("asked"));
    store.apply(changes).expect("applied");
    let evaluated = |entry: &Entry, version| Changes {
        evaluated_entries: vec![(entry.id, version)],
        ..Changes::default()
    };
    let mut both = [StoryId::from(first.id), second.id.into()];
    both.sort_unstable();
    assert_eq!(store.unevaluated_stories().expect("asked"), both, "composed, and not evaluated");
    assert!(!store.any_evaluated().expect("asked"));
    store.apply(evaluated(&first, 1)).expect("applied");
    assert!(store.any_evaluated().expect("asked"));
    store.apply(evaluated(&second, 1)).expect("applied");
    assert_eq!(store.unevaluated_stories().expect("asked"), []);
    assert!(!store.any_waiting().expect("asked"));
    let changes = Changes {
        revised_entries: vec![revised(&first, "Ailleurs")],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.unevaluated_stories().expect("asked"), [first.id.into()]);
    assert!(store.any_waiting().expect("asked"));
    store.apply(evaluated(&first, 1)).expect("applied");
    assert_eq!(
        store.unevaluated_stories().expect("asked"),
        [first.id.into()],
        "what was read before the change"
    );
    store.apply(evaluated(&first, 2)).expect("applied");
    assert_eq!(store.unevaluated_stories().expect("asked"), []);
    let silent = EntryRevision {
        entry: Entry {
            facts_hash: Some(Digest128::from_bytes([9; 16])),
            ..revised(&first, "Ailleurs").entry
        },
        ..revised(&first, "Ailleurs")
    };
    let changes = Changes {
        revised_entries: vec![silent],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.unevaluated_stories().expect("asked"), [first.id.into()], "a corrected fact");
    assert_eq!(store.revisions(first.id).expect("revisions").len(), 1, "no revision of the text");
}

#[test]
fn an_entry_that_an_earlier_version_read_in_another_way_is_no_correction() {
    let (_folder, store) = store();
    let old = Entry {
        facts_hash: None,
        ..bare("a", "1")
    };
    store.apply(new_entries(std::slice::from_ref(&old))).expect("applied");
    let reread = EntryRevision {
        entry: Entry {
            facts_hash: Some(Digest128::from_bytes([9; 16])),
            ..revised(&old, "La Civiltà").entry
        },
        is_reread: true,
        ..revised(&old, "La Civiltà")
    };
    assert_eq!(EntryRevision::count_changed(&[reread.clone(), revised(&old, "Ailleurs")]), 1);
    let changes = Changes {
        revised_entries: vec![reread],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    let stored = store.entries(&[old.id]).expect("entries").remove(0);
    assert_eq!((stored.title.as_str(), stored.version), ("La Civiltà", 1));
    assert!(store.revisions(old.id).expect("revisions").is_empty());
}

#[test]
fn entries_of_an_earlier_version_get_their_digests_once() {
    let (_folder, store) = store();
    let old = Entry {
        facts_hash: None,
        ..bare("a", "1")
    };
    store.apply(new_entries(std::slice::from_ref(&old))).expect("applied");
    let digests = |byte| (old.id, Digest128::from_bytes([byte; 16]), Digest128::from_bytes([byte + 1; 16]));
    for byte in [40, 50] {
        let changes = Changes {
            rehashed_entries: vec![digests(byte)],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
    }
    let stored = store.entries(&[old.id]).expect("entries").remove(0);
    assert_eq!((stored.content_hash, stored.facts_hash), (digests(40).1, Some(digests(40).2)));
    assert_eq!(stored.version, 1, "nothing has changed");
}

#[test]
fn the_page_of_a_changed_entry_is_fetched_again_a_day_later_and_three_times() {
    let (_folder, store) = store();
    let (entry, without) = (bare("a", "1"), bare("a", "2"));
    let fetched = |seconds| Changes {
        articles: vec![(entry.id, article(), article_forms(), at(seconds))],
        ..Changes::default()
    };
    store.apply(new_entries(&[entry.clone(), without.clone()])).expect("applied");
    store.apply(fetched(0)).expect("applied");
    let mut hash = 20;
    let mut change = |entry: &Entry, seconds: i64| {
        hash += 1;
        let mut revision = revised(entry, "Ailleurs");
        revision.entry.content_hash = Digest128::from_bytes([hash; 16]);
        revision.seen = at(seconds);
        let changes = Changes {
            revised_entries: vec![revision],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
        store.page_visits(&[entry.id]).expect("pages")
    };
    assert_eq!(change(&without, 60), [], "its page was never fetched");
    let mut last = 0;
    for round in 1..=3 {
        let next = Some(at(last + DAY));
        for seconds in [60, 120] {
            let visits = change(&entry, last + seconds);
            assert_eq!((visits.len(), visits[0].next, visits[0].tries), (1, next, 0), "{round}");
        }
        last += 2 * DAY;
        store.apply(fetched(last)).expect("applied");
        assert_eq!(store.page_visits(&[entry.id]).expect("pages"), []);
    }
    assert_eq!(change(&entry, last + 5 * DAY), [], "three times at most");
    let other = bare("b", "1");
    store.apply(new_entries(std::slice::from_ref(&other))).expect("applied");
    let changes = Changes {
        articles: vec![(other.id, article(), article_forms(), at(0))],
        updated_entries: vec![(other.id, Some(at(5 * DAY)), at(5 * DAY))],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(
        store.page_visits(&[other.id]).expect("pages"),
        [],
        "an update that the article is newer than is applied before it"
    );
    let changes = Changes {
        updated_entries: vec![(other.id, Some(at(6 * DAY)), at(6 * DAY))],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.page_visits(&[other.id]).expect("pages")[0].next, Some(at(6 * DAY)));
    assert_eq!(store.entries(&[other.id]).expect("entries")[0].updated, Some(at(6 * DAY)));
}

#[test]
fn a_late_article_has_its_story_evaluated_again() {
    let (_folder, store) = store();
    let (early, late) = (bare("a", "1"), bare("a", "2"));
    let changes = Changes {
        articles: vec![(early.id, article(), article_forms(), at(0))],
        page_visits: vec![page_visit(&late)],
        compositions: vec![composition(&early, None, &early), composition(&late, None, &late)],
        fingerprints: vec![fingerprint(&early, &[1]), fingerprint(&late, &[2])],
        evaluated_entries: vec![(early.id, 1), (late.id, 1)],
        ..new_entries(&[early.clone(), late.clone()])
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.unevaluated_stories().expect("asked"), []);
    assert_eq!(store.stale_fingerprints(9).expect("asked"), []);
    assert_eq!(store.page_visits(&[early.id, late.id]).expect("asked"), [page_visit(&late)]);
    let changes = Changes {
        articles: vec![(late.id, article(), article_forms(), at(9))],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.unevaluated_stories().expect("asked"), [late.id.into()]);
    assert_eq!(store.page_visits(&[late.id]).expect("asked"), [], "its page was fetched");
    assert_eq!(
        store.stale_fingerprints(9).expect("asked"),
        [late.id],
        "it is compared by its new text"
    );
}

#[test]
fn the_url_that_a_page_states_is_kept_until_its_entry_is_composed() {
    let (_folder, store) = store();
    let (entry, front) = (bare("a", "1"), bare("a", "2"));
    let stating = |stated: &str| crate::model::Article {
        canonical: Some(url::Url::parse(stated).expect("a URL")),
        ..article()
    };
    let changes = Changes {
        articles: vec![
            (entry.id, stating("https://www.a.example/la-pluie-tombe-1/"), article_forms(), at(0)),
            (front.id, stating("https://a.example/"), article_forms(), at(0)),
        ],
        ..new_entries(&[entry.clone(), front.clone()])
    };
    store.apply(changes).expect("applied");
    let declared = || -> Vec<Option<String>> {
        let compared = store.compared_entries(&[entry.id, front.id]).expect("entries").into_iter();
        compared.map(|entry| entry.declared.map(|url| url.to_string())).collect()
    };
    let first = [Some("a.example/la-pluie-tombe-1".to_owned()), None];
    assert_eq!(declared(), first);
    let changes = Changes {
        compositions: vec![composition(&entry, None, &entry)],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    let changes = Changes {
        articles: vec![(entry.id, stating("https://a.example/la-pluie-tombe-2"), article_forms(), at(9))],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(declared(), first, "as it was composed");
}

#[test]
fn marks_are_only_added_and_have_stories_evaluated_again() {
    let (_folder, store) = store();
    assert!(!store.any_marks().expect("asked"));
    let (entry, other) = (bare("a", "1"), bare("a", "2"));
    let changes = Changes {
        compositions: vec![composition(&entry, None, &entry), composition(&other, None, &entry)],
        evaluated_entries: vec![(entry.id, 1), (other.id, 1)],
        ..new_entries(&[entry.clone(), other.clone()])
    };
    store.apply(changes).expect("applied");
    let (everywhere, there) = (mark(&entry, None), mark(&entry, Some(topic("mali"))));
    let of_story = MarkEvent {
        kind: MarkKind::Hide,
        target: MarkTarget::Story(entry.id.into()),
        note: None,
        ..there.clone()
    };
    for event in [&everywhere, &of_story, &there, &everywhere] {
        store.add_mark(event.clone()).expect("marked");
    }
    assert!(store.any_marks().expect("asked"));
    let (own, whole) = (MarkTarget::Entry(entry.id), MarkTarget::Story(entry.id.into()));
    assert_eq!(
        store.marks_of(&[own]).expect("marks"),
        [everywhere.clone(), there.clone(), everywhere.clone()]
    );
    assert_eq!(
        store.marks_of(&[whole, own]).expect("marks"),
        [of_story, everywhere.clone(), there, everywhere]
    );
    assert_eq!(store.marks_of(&[MarkTarget::Entry(other.id)]).expect("marks"), []);
    assert_eq!(store.unevaluated_stories().expect("asked"), [entry.id.into()]);
    let versions: Vec<u32> = store
        .entries(&[entry.id, other.id])
        .expect("entries")
        .iter()
        .map(|entry| entry.version)
        .collect();
    assert_eq!(versions, [5, 2], "a mark on a story concerns all of its entries");
    let evaluated = |version| Changes {
        evaluated_entries: vec![(entry.id, version), (other.id, 2)],
        ..Changes::default()
    };
    store.apply(evaluated(4)).expect("applied");
    assert_eq!(
        store.unevaluated_stories().expect("asked"),
        [entry.id.into()],
        "the last mark came during an evaluation that had not read it"
    );
    store.apply(evaluated(5)).expect("applied");
    assert_eq!(store.unevaluated_stories().expect("asked"), []);
}

#[test]
fn the_last_label_of_an_entry_counts_and_changes_no_placement() {
    let (_folder, store) = store();
    let (entry, other) = (bare("a", "1"), bare("a", "2"));
    let changes = Changes {
        compositions: vec![composition(&entry, None, &entry), composition(&other, None, &entry)],
        evaluated_entries: vec![(entry.id, 1), (other.id, 1)],
        ..new_entries(&[entry.clone(), other.clone()])
    };
    store.apply(changes).expect("applied");
    let label = |kind, entry: &Entry, slug: &str| MarkEvent {
        kind,
        ..mark(entry, Some(topic(slug)))
    };
    for event in [
        label(MarkKind::Yes, &other, "mali"),
        label(MarkKind::Yes, &entry, "mali"),
        label(MarkKind::No, &other, "mali"),
        label(MarkKind::Yes, &other, "niger"),
    ] {
        store.add_mark(event).expect("marked");
    }
    assert_eq!(store.labels(&topic("mali")).expect("labels"), [(other.id, false), (entry.id, true)]);
    assert_eq!(store.labels(&topic("niger")).expect("labels"), [(other.id, true)]);
    assert_eq!(store.unevaluated_stories().expect("asked"), []);
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
