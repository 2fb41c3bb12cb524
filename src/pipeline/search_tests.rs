//! An index that is filled while runs go on.

use super::sample::{DESK, Sample, at, draft};
use super::search::{SearchRequest, search};
use super::search_index::{IndexExtent, keep};
use crate::model::{SearchOrder, StoryId};
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
