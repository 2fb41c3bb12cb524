//! Stories, placements and published items through the store's interface.

use super::*;

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
    let mut by_date = ids_by_date(&store);
    assert_eq!((by_date.len(), by_date[0], by_date[4]), (5, all[4].id, all[3].id));
    by_date.sort_unstable();
    by_date.dedup();
    assert_eq!(by_date.len(), 5, "each once");
    let compose = |indexes: &[usize]| Changes {
        compositions: indexes.iter().map(|index| composition(&all[*index], None, &all[0])).collect(),
        ..Changes::default()
    };
    store.apply(compose(&[3, 0])).expect("composed");
    store.apply(compose(&[1, 3])).expect("composed");
    let composed = composed_since(&store, 0);
    assert_eq!(
        composed.iter().map(|composed| composed.entry.id).collect::<Vec<_>>(),
        [all[3].id, all[0].id, all[1].id]
    );
    let first = &composed[0];
    assert_eq!((first.entry.date, first.founded), (at(0), at(0)));
    assert_eq!(composed[1].entry.link, all[0].link);
    assert_eq!(store.uncomposed_ids().expect("ids"), [all[4].id, all[2].id]);
    assert!(composed_since(&store, 1).is_empty());
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
    let leads = |before, limit| -> Vec<EntryId> {
        let stories = store.stories_before(before, limit).expect("stories");
        stories.iter().map(|story| story.lead).collect()
    };
    assert_eq!(leads(None, 9), [all[2].id, all[1].id, all[0].id]);
    assert_eq!(leads(None, 1), [all[2].id]);
    assert_eq!(leads(Some((at(20), all[1].id.into())), 9), [all[0].id]);
}

#[test]
fn placements_are_read_by_date_by_share_and_by_the_time_of_placing() {
    let (_folder, store) = store();
    let dated = |slug: &str, guid: &str, seconds| Entry {
        published: Some(at(seconds)),
        ..bare(slug, guid)
    };
    let all = [
        dated("a", "1", -50),
        dated("a", "2", -10),
        dated("b", "1", -30),
        dated("c", "1", -40),
    ];
    let mut changes = new_entries(&all);
    changes.placements = all.iter().map(|entry| placement("mali", entry)).collect();
    changes.placements[1].is_news = false;
    changes.placements[2].placed = at(60);
    changes.placements.push(placement("eau", &all[0]));
    store.apply(changes).expect("applied");
    let topic = topic("mali");
    let entries = |placements: Result<Vec<Placement>, StoreError>| -> Vec<usize> {
        let position = |placement: &Placement| all.iter().position(|entry| entry.id == placement.entry).expect("one of them");
        placements.expect("placements").iter().map(position).collect()
    };
    assert_eq!(entries(store.newest_placements(&topic, 9)), [1, 2, 3, 0]);
    assert_eq!(entries(store.newest_placements(&topic, 2)), [1, 2]);
    let others = |sources: &[&str], since, limit| {
        let sources: Vec<_> = sources.iter().map(|slug| source(slug)).collect();
        entries(store.newest_placements_of_others(&topic, &sources, at(since), limit))
    };
    assert_eq!(others(&["a"], -99, 9), [2, 3]);
    assert_eq!(others(&["a"], -35, 9), [2]);
    assert_eq!(others(&["a", "b", "unknown"], -99, 9), [3]);
    assert_eq!(others(&[], -99, 1), [1]);
    assert_eq!(
        entries(store.placements_since(&topic, at(0), 9)),
        [2, 3, 0],
        "a rule alone placed the other"
    );
    assert_eq!(entries(store.placements_since(&topic, at(5), 9)), [2]);
}

#[test]
fn published_rows_only_grow() {
    let (_folder, store) = store();
    let (own, other) = (bare("a", "1"), bare("a", "2"));
    let first = published("mali", "tag:1", own.id.into());
    let mut again = published("mali", "tag:1", other.id.into());
    (again.first_published, again.updated, again.content_hash) = (at(70), at(70), Digest128::from_bytes([1; 16]));
    let alias = published("mali", "tag:2", other.id.into());
    let elsewhere = published("niger", "tag:1", own.id.into());
    let changes = Changes {
        published: vec![first.clone(), again.clone(), alias.clone(), elsewhere.clone()],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    // The guid stays that of the story for which it was made.
    (again.first_published, again.founder) = (first.first_published, first.founder);
    assert_eq!(store.published_of_stories(&[own.id.into()]).expect("published"), [again, elsewhere]);
    assert_eq!(store.published_of_stories(&[other.id.into()]).expect("published"), [alias]);
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
            ..revised(&second, "")
        }],
        ..Changes::default()
    };
    store.apply(changes).expect("applied");
    assert_eq!(store.stories(&[first.id.into()]).expect("stories"), [led]);
    assert_eq!(store.story_entries(&[first.id.into()]).expect("entries").len(), 2);
    assert!(
        store.revisions(second.id).expect("revisions").is_empty(),
        "the content did not change"
    );
}

#[test]
fn copies_are_no_members_of_their_story() {
    let (_folder, store) = store();
    let all = [bare("a", "1"), bare("b", "1"), bare("b", "2"), bare("c", "1")];
    let mut changes = new_entries(&all);
    changes.stories = vec![story(&all[0])];
    changes.compositions = vec![
        composition(&all[0], None, &all[0]),
        composition(&all[1], Some(&all[0]), &all[0]),
        composition(&all[2], None, &all[0]),
        composition(&all[3], Some(&all[2]), &all[0]),
    ];
    store.apply(changes).expect("applied");
    let known = store.known_stories(&[all[0].id.into(), all[1].id.into()]).expect("stories");
    assert_eq!(known.len(), 1, "unknown ids are left out");
    assert_eq!((known[0].members, known[0].first_published), (2, None));
    assert_eq!(store.story_members(&all[0].id.into(), 9).expect("members").len(), 2);
}
