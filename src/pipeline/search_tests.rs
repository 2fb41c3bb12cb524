//! Searches among the items of a topic feed, and an index that is filled while runs go on.

use super::sample::{DESK, Sample, at, draft};
use super::search::{SearchError, SearchRequest, among_items, search};
use super::search_index::{IndexExtent, keep};
use crate::model::{MarkKind, MarkTarget, SearchOrder, StoryId};
use crate::store::SearchIndexState;
use std::cell::Cell;

/// Returns a sample with three entries in three stories, not indexed yet, and the stories in the order of the entries.
fn sample() -> (Sample, Vec<StoryId>) {
    let sample = Sample::open(DESK);
    let texts = ["Attaque au Mali : douze morts", "Election au Mali", "Récolte au Mali"];
    let drafts = texts
        .iter()
        .zip(["1", "2", "3"])
        .map(|(title, guid)| draft("aube", guid, title, &format!("{title} {guid}"), at(0)));
    sample.gather("aube", &drafts.collect::<Vec<_>>(), at(0));
    sample.evaluate(at(0));
    let mut stories = Vec::new();
    let mut add = |entry: crate::model::Entry| stories.push((entry.title, entry.story.expect("a story")));
    sample.app.store.entries_by_date(None, 9, &mut add).expect("entries");
    stories.sort();
    (sample, stories.into_iter().map(|(_, story)| story).collect())
}

fn index(sample: &Sample) {
    keep(&sample.app.store, &sample.app.config.search, IndexExtent::All, || true);
}

#[test]
fn items_of_a_feed_are_found_among_themselves() {
    let (sample, stories) = sample();
    let app = &sample.app;
    let among = |query: &str| among_items(&app.config, &app.prepared.concepts, &app.store, query, &stories, at(1));
    assert!(matches!(among("mali"), Err(SearchError::NotBuilt)));
    index(&sample);
    assert_eq!(among("mali").expect("found"), stories);
    assert_eq!(among("attaques OR elections").expect("found"), stories[..2]);
    assert_eq!(among("mali -attaque since:7d").expect("found").len(), 2);
    let some = among_items(&app.config, &app.prepared.concepts, &app.store, "mali", &stories[1..], at(1));
    assert_eq!(some.expect("found"), stories[1..]);
    sample.mark(MarkKind::Hide, MarkTarget::Story(stories[0]), None);
    assert_eq!(among("mali").expect("found"), stories[1..]);
    assert_eq!(among("att* OR rec*").expect("found").len(), 1, "what is hidden is left out");
    for heavy in ["ma*", "aaa* OR bbb* OR ccc* OR ddd* OR eee*"] {
        assert!(matches!(among(heavy), Err(SearchError::Query(_))), "{heavy}");
    }
    let long = among(&"mot ".repeat(126));
    assert!(
        matches!(&long, Err(SearchError::Query(errors)) if errors[0].message.contains("500 bytes")),
        "{long:?}"
    );
    assert!(
        matches!(among("topic:mali"), Err(SearchError::Query(_))),
        "another topic may be private"
    );
}

#[test]
fn a_run_fills_as_much_as_it_has_time_for() {
    let (sample, _) = sample();
    let store = &sample.app.store;
    let request = SearchRequest {
        query: "mali",
        order: SearchOrder::Relevance,
        offset: 0,
        limit: 9,
    };
    let found = || search(&sample.app.config, store, request, at(1)).expect("found");
    keep(store, &sample.app.config.search, IndexExtent::Changed, || true);
    assert_eq!(store.search_index_state().expect("a state"), SearchIndexState::Partial);
    assert!(found().hits.is_empty() && found().is_partial);
    let batches = Cell::new(0);
    keep(store, &sample.app.config.search, IndexExtent::All, || {
        batches.set(batches.get() + 1);
        false
    });
    assert_eq!((batches.get(), found().hits.len(), found().is_partial), (1, 3, false));
    // Entries that come later are noted by themselves.
    sample.gather("soir", &[draft("soir", "1", "Crue au Mali", "Une crue.", at(2))], at(2));
    keep(store, &sample.app.config.search, IndexExtent::Changed, || true);
    assert_eq!(found().total, 4);
}
