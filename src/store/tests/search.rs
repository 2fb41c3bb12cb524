//! The full-text index: what is in it follows what is stored, and searches find it by words and facts.

use super::new_entries;
use crate::model::{
    About, Area, Changes, Country, Entry, EntryId, Genre, MarkEvent, MarkKind, MarkTarget, SearchExpression, SearchFact, SearchOrder,
    SearchPhrase, SearchQuery, SearchWords, SearchZone, SearchZones, Timestamp,
};
use crate::store::sample::{
    article, article_forms, at, bare, composition, configured, mark, placement, prune_policy, revised, source, store, story, topic,
};
use crate::store::{SearchDocument, SearchIndexState, SearchPage, Store, UnindexedEntry};
use std::time::Duration;

const DAY: i64 = 24 * 60 * 60;

fn phrase(words: &str, zones: SearchZones) -> SearchExpression {
    let (words, is_prefix) = words.strip_suffix('*').map_or((words, false), |words| (words, true));
    let words = words.split(' ').map(str::to_owned).collect();
    SearchExpression::Phrase(SearchPhrase { words, is_prefix }, zones)
}

fn word(words: &str) -> SearchExpression {
    phrase(words, SearchZone::TEXT)
}

fn fact(fact: SearchFact) -> SearchExpression {
    SearchExpression::Fact(fact)
}

fn not(part: SearchExpression) -> SearchExpression {
    SearchExpression::Not(Box::new(part))
}

fn query(expression: SearchExpression) -> SearchQuery {
    SearchQuery {
        expression,
        since: None,
        topic: None,
    }
}

/// Returns what is found by relevance.
fn found(store: &Store, query: &SearchQuery) -> Vec<EntryId> {
    let page = SearchPage {
        order: SearchOrder::Relevance,
        offset: 0,
        limit: 99,
    };
    let found = store.search(query, page).expect("a search").expect("an index");
    assert_eq!((found.total, found.has_more), (found.matches.len(), false));
    found.matches.iter().map(|found| found.entry).collect()
}

fn by_words(store: &Store, words: &str) -> Vec<EntryId> {
    found(store, &query(word(words)))
}

/// Writes all that is noted to the index, an entry's title as its headline; returns how many entries that were.
fn index(store: &Store) -> usize {
    let mut count = 0;
    loop {
        let batch = store.unindexed_entries(2, true).expect("a batch");
        if batch.is_empty() {
            return count;
        }
        count += batch.len();
        store.index_entries(documents(store, &batch)).expect("indexed");
    }
}

fn documents(store: &Store, batch: &[UnindexedEntry]) -> Vec<SearchDocument> {
    let title = |entry: &UnindexedEntry| store.entries(&[entry.id]).expect("entries").remove(0).title.to_lowercase();
    let body = |entry: &UnindexedEntry| entry.words.as_ref().expect("words").article_words.clone().unwrap_or_default();
    let words = |entry: &UnindexedEntry| SearchWords([title(entry), String::new(), body(entry), String::new(), String::new()]);
    batch.iter().map(|entry| SearchDocument::new(entry, Some(words(entry)))).collect()
}

fn titled(slug: &str, guid: &str, title: &str) -> Entry {
    Entry {
        title: title.to_owned(),
        ..bare(slug, guid)
    }
}

fn apply(store: &Store, changes: Changes) {
    store.apply(changes).expect("applied");
}

#[test]
fn stored_entries_are_filled_in_from_the_newest_and_changes_go_first() {
    let (_folder, store) = store();
    let [one, two, three] = ["1", "2", "3"].map(|guid| bare("a", guid));
    apply(&store, new_entries(&[one.clone(), two.clone(), three.clone()]));
    assert_eq!(store.search_index_state().expect("a state"), SearchIndexState::Missing);
    assert_eq!(store.unindexed_entries(9, true).expect("none"), []);
    assert!(store.create_search_index().expect("made"));
    assert!(!store.create_search_index().expect("there is one"));
    let ids = |with_old| -> Vec<EntryId> {
        let batch = store.unindexed_entries(2, with_old).expect("a batch");
        batch.iter().map(|entry| entry.id).collect()
    };
    assert_eq!((ids(false), ids(true)), (vec![], vec![two.id, three.id]));
    let batch = store.unindexed_entries(2, true).expect("a batch");
    store.index_entries(documents(&store, &batch)).expect("indexed");
    assert_eq!(store.search_index_state().expect("a state"), SearchIndexState::Partial);
    assert_eq!(by_words(&store, "mopti").len(), 2);
    let four = bare("a", "4");
    apply(&store, new_entries(std::slice::from_ref(&four)));
    assert_eq!((ids(false), ids(true)), (vec![four.id], vec![four.id]));
    assert_eq!(index(&store), 2);
    assert_eq!(store.search_index_state().expect("a state"), SearchIndexState::Complete);
    assert_eq!(by_words(&store, "mopti").len(), 4);
}

#[test]
fn what_changes_is_written_again_and_what_is_deleted_or_hidden_leaves() {
    let (_folder, store) = store();
    store.create_search_index().expect("made");
    let [own, other] = ["1", "2"].map(|guid| bare("a", guid));
    apply(&store, new_entries(&[own.clone(), other.clone()]));
    assert_eq!(index(&store), 2);
    apply(
        &store,
        Changes {
            revised_entries: vec![revised(&own, "Crue à Djenné")],
            ..Changes::default()
        },
    );
    assert_eq!(
        (index(&store), by_words(&store, "mopti"), by_words(&store, "crue")),
        (1, vec![other.id], vec![own.id])
    );
    apply(
        &store,
        Changes {
            articles: vec![(other.id, article(), article_forms(), at(0))],
            ..Changes::default()
        },
    );
    assert_eq!((index(&store), by_words(&store, "corps")), (1, vec![other.id]));
    let about = |country: Country| query(fact(SearchFact::About(Area::Country(country))));
    apply(
        &store,
        Changes {
            subjects: vec![(own.id, About::decode("ML:0.7"), Some(Genre::Opinion))],
            ..Changes::default()
        },
    );
    assert_eq!((index(&store), found(&store, &about(Country::of(*b"ML")))), (1, vec![own.id]));
    let event = |kind| MarkEvent {
        kind,
        target: MarkTarget::Entry(own.id),
        ..mark(&own, None)
    };
    store.add_mark(event(MarkKind::Hide)).expect("added");
    assert_eq!(by_words(&store, "crue"), [], "it leaves at once");
    store.add_mark(event(MarkKind::Unhide)).expect("added");
    assert_eq!((index(&store), by_words(&store, "crue")), (1, vec![own.id]));
    assert_eq!(index(&store), 0);
    store.add_mark(mark(&other, None)).expect("added");
    let policy = crate::store::PrunePolicy {
        keep_min: 0,
        ..prune_policy()
    };
    store.prune(&policy, at(0) + Duration::from_hours(2_000 * 24)).expect("pruned");
    assert_eq!((by_words(&store, "crue"), by_words(&store, "mopti")), (vec![], vec![]));
    let tables = store.stats().expect("stats").tables;
    let rows = |name: &str| tables.iter().find(|table| table.name == name).expect("a table").rows;
    assert_eq!((rows("search_pending"), rows("entry_search"), rows("entry")), (0, 0, 0));
}

#[test]
fn what_changes_while_a_batch_is_written_is_written_again() {
    let (_folder, store) = store();
    store.create_search_index().expect("made");
    let own = bare("a", "1");
    apply(&store, new_entries(std::slice::from_ref(&own)));
    let batch = store.unindexed_entries(9, true).expect("a batch");
    store.add_mark(mark(&own, None)).expect("added");
    store.index_entries(documents(&store, &batch)).expect("indexed");
    assert_eq!(index(&store), 1);
}

#[test]
fn an_index_that_was_deleted_is_made_anew_and_filled() {
    let (_folder, store) = store();
    store.create_search_index().expect("made");
    apply(&store, new_entries(&[bare("a", "1"), bare("a", "2")]));
    assert_eq!(index(&store), 2);
    assert!(store.remove_search_index().expect("deleted"));
    assert!(!store.remove_search_index().expect("there is none"));
    let page = SearchPage {
        order: SearchOrder::Date,
        offset: 0,
        limit: 9,
    };
    assert_eq!(store.search(&query(word("mopti")), page).expect("no index"), None);
    apply(&store, new_entries(&[bare("a", "3")]));
    assert!(store.create_search_index().expect("made"));
    assert_eq!(index(&store), 3, "each is filled in, none twice");
    assert_eq!(by_words(&store, "mopti").len(), 3);
}

/// Returns a store with four entries in the index, of two sources, and the entries.
fn searched() -> (tempfile::TempDir, Store, [Entry; 4]) {
    let (folder, store) = store();
    store.create_search_index().expect("made");
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    let dated = |entry: Entry, days: i64, language: &str| Entry {
        first_seen: at(days * DAY),
        language: Some(language.to_owned()),
        ..entry
    };
    let entries = [
        dated(titled("a", "1", "attaque djibo"), 0, "fr"),
        dated(titled("a", "2", "attaque arbinda niger nord"), 1, "fr-NE"),
        dated(titled("b", "3", "marche djibo"), 2, "en"),
        dated(titled("b", "4", "attaque djibo"), 40, "ar"),
    ];
    apply(&store, new_entries(&entries));
    apply(
        &store,
        Changes {
            compositions: entries.iter().map(|entry| composition(entry, None, entry)).collect(),
            stories: entries.iter().map(story).collect(),
            subjects: vec![
                (entries[0].id, About::decode("BF:0.9"), None),
                (entries[1].id, About::decode("BF:0.5 NE:0.5"), Some(Genre::Opinion)),
            ],
            placements: vec![placement("mali", &entries[2])],
            ..Changes::default()
        },
    );
    assert_eq!(index(&store), 4);
    (folder, store, entries)
}

#[test]
fn entries_are_found_by_words_phrases_beginnings_and_facts() {
    let (_folder, store, entries) = searched();
    let numbers = |query: &SearchQuery| -> Vec<usize> {
        let found = found(&store, query);
        let mut numbers: Vec<usize> = (1..=4).filter(|number| found.contains(&entries[number - 1].id)).collect();
        numbers.sort_unstable();
        numbers
    };
    let day = |days: i64| at(days * DAY).unix_day();
    for (expression, expected) in [
        (word("djibo"), vec![1, 3, 4]),
        (word("attaque djibo"), vec![1, 4]),
        (word("arb*"), vec![2]),
        (word("attaque dji*"), vec![1, 4]),
        (word("x"), vec![]),
        (phrase("djibo", &[SearchZone::Body]), vec![]),
        (SearchExpression::Everything, vec![1, 2, 3, 4]),
        (SearchExpression::Any(vec![]), vec![]),
        (not(word("attaque")), vec![3]),
        (
            SearchExpression::All(vec![word("djibo"), not(word("marche")), not(word("arbinda"))]),
            vec![1, 4],
        ),
        (SearchExpression::All(vec![not(word("marche"))]), vec![1, 2, 4]),
        (SearchExpression::Any(vec![word("arbinda"), not(word("attaque"))]), vec![2, 3]),
        (SearchExpression::Near(one("attaque"), one("niger"), 1, SearchZone::TEXT), vec![2]),
        (SearchExpression::Near(one("attaque"), one("nord"), 1, SearchZone::TEXT), vec![]),
        (fact(SearchFact::Source(source("a"))), vec![1, 2]),
        (fact(SearchFact::Source(source("unknown"))), vec![]),
        (fact(SearchFact::Language("fr".into())), vec![1, 2]),
        (fact(SearchFact::Language("fr-ne".into())), vec![2]),
        (fact(SearchFact::About(Area::Country(Country::of(*b"BF")))), vec![1, 2]),
        (fact(SearchFact::Genre(Genre::Opinion)), vec![2]),
        (fact(SearchFact::Days(Some(day(1)), Some(day(2)))), vec![2]),
        (fact(SearchFact::Days(Some(day(2)), None)), vec![3, 4]),
        (fact(SearchFact::Days(None, Some(day(2)))), vec![1, 2]),
        (fact(SearchFact::Days(Some(day(41)), None)), vec![]),
        (
            SearchExpression::All(vec![word("djibo"), fact(SearchFact::Source(source("b")))]),
            vec![3, 4],
        ),
    ] {
        assert_eq!(numbers(&query(expression.clone())), expected, "{expression:?}");
    }
    let since = |seconds: i64| SearchQuery {
        since: Some(at(seconds)),
        ..query(word("djibo"))
    };
    assert_eq!((numbers(&since(2 * DAY)), numbers(&since(2 * DAY + 1))), (vec![3, 4], vec![4]));
    let in_topic = |slug| SearchQuery {
        topic: Some(topic(slug)),
        ..query(word("djibo"))
    };
    assert_eq!((numbers(&in_topic("mali")), numbers(&in_topic("eau"))), (vec![3], vec![]));
}

fn one(word: &str) -> SearchPhrase {
    SearchPhrase {
        words: vec![word.to_owned()],
        is_prefix: false,
    }
}

#[test]
fn the_best_match_comes_first_then_the_newest_and_pages_follow_each_other() {
    let (_folder, store, entries) = searched();
    let page = |order, offset, limit| -> (Vec<EntryId>, usize) {
        let page = SearchPage { order, offset, limit };
        let found = store.search(&query(word("djibo")), page).expect("a search").expect("an index");
        assert!(found.matches.iter().all(|found| found.score > 0.0), "{found:?}");
        (found.matches.iter().map(|found| found.entry).collect(), found.total)
    };
    let [first, _, third, fourth] = entries.map(|entry| entry.id);
    assert_eq!(
        page(SearchOrder::Relevance, 0, 2),
        (vec![fourth, third], 3),
        "of equal ones the newest"
    );
    assert_eq!(page(SearchOrder::Relevance, 2, 2), (vec![first], 3));
    assert_eq!(page(SearchOrder::Relevance, 3, 2), (vec![], 3));
    let rarer = query(SearchExpression::Any(vec![word("djibo"), word("marche")]));
    assert_eq!(found(&store, &rarer), [third, fourth, first], "the one with both words");
    let date = Timestamp::parse("2026-01-01").expect("a day");
    apply(
        &store,
        new_entries(&[Entry {
            published: Some(date),
            ..titled("a", "5", "djibo")
        }]),
    );
    index(&store);
    let (ids, _) = page(SearchOrder::Date, 0, 9);
    assert_eq!(ids[..3], [fourth, third, first]);
    assert_eq!(page(SearchOrder::Relevance, 0, 1).0, [ids[3]], "a shorter headline");
}
