use super::*;
use crate::model::Changes;
use crate::pipeline::sample::{DESK, Sample, at, numbered};
use crate::pipeline::{ingest::key, sample::source};

/// A source of which entries 1 to 6 are stored, the first the oldest, each with the hour of its date.
struct Feed {
    sample: Sample,
}

fn stored(numbers: &[usize]) -> Feed {
    let sample = Sample::open(DESK);
    sample.gather("aube", &document(numbers), at(6));
    Feed { sample }
}

/// Returns the entries with these numbers in this order.
fn document(numbers: &[usize]) -> Vec<crate::model::EntryDraft> {
    let date = |number: usize| at(i64::try_from(number).expect("a number")) - Duration::from_mins(30);
    numbers.iter().map(|&number| numbered("aube", number, date(number))).collect()
}

impl Feed {
    /// Returns the numbers of the entries that have left by a document with these at `now`, and stores that.
    fn left(&self, numbers: &[usize], problems: &[Problem], is_whole: bool, now: Timestamp) -> Vec<usize> {
        let store = &self.sample.app.store;
        let entries = key(document(numbers));
        let keys: Vec<_> = entries.iter().flat_map(Keyed::looked_up).cloned().collect();
        let known = store.identities(&source("aube"), &keys).expect("identities");
        let listing = Listing::new(&entries, &known, problems, is_whole);
        let newest = store.newest_entries(&source("aube")).expect("entries");
        let signs = store.withdrawals_of_source(&source("aube")).expect("signs");
        let changes = departures(&listing, &newest, &signs, true, now);
        let left: Vec<EntryId> = changes
            .iter()
            .filter_map(|change| match change {
                WithdrawalChange::Left { entry, .. } => Some(*entry),
                _ => None,
            })
            .collect();
        let withdrawals = changes;
        store
            .apply(Changes {
                withdrawals,
                ..Changes::default()
            })
            .expect("stored");
        let titles = store.entries(&left).expect("entries").into_iter().map(|entry| entry.title);
        let numbers = titles.map(|title| title[6..title.len() - 1].parse().expect("a number"));
        numbers.collect()
    }
}

fn left(before: &[usize], after: &[usize]) -> Vec<usize> {
    stored(before).left(after, &[], true, at(8))
}

#[test]
fn an_entry_has_left_when_the_older_ones_stand() {
    assert_eq!(left(&[6, 5, 4, 3], &[5, 4, 3]), [6]);
    assert_eq!(left(&[6, 5, 4, 3], &[6, 4, 3]), [5]);
    assert_eq!(left(&[6, 5, 4, 3], &[7, 6, 4, 3]), [5], "with a new one");
    assert_eq!(left(&[6, 5], &[5]), [6]);
}

#[test]
fn a_feed_that_is_shorter_or_moves_on_has_lost_its_oldest_entries() {
    assert_eq!(left(&[6, 5, 4, 3], &[6, 5]), [0; 0], "shorter");
    assert_eq!(left(&[6, 5, 4, 3], &[8, 7, 6, 5]), [0; 0], "moved on");
    assert_eq!(left(&[6, 5, 4, 3], &[10, 9, 8, 7]), [0; 0], "all are new");
    assert_eq!(left(&[6, 5, 4, 3], &[]), [0; 0], "empty");
    assert_eq!(
        left(&[6, 5, 4, 3, 2, 1], &[3, 2, 1]),
        [0; 0],
        "another page of it: too many at once"
    );
}

#[test]
fn entries_that_stand_at_the_end_or_on_top_say_nothing() {
    assert_eq!(left(&[6, 5, 4, 1], &[7, 6, 5, 1]), [0; 0], "1 is pinned at the end");
    assert_eq!(left(&[6, 5, 4, 2, 1], &[8, 7, 6, 5, 1]), [0; 0], "the next older one has gone, too");
    assert_eq!(left(&[1, 6, 5, 4, 3], &[1, 6, 4, 3]), [0; 0], "1 is pinned on top");
    assert_eq!(left(&[3, 4, 5, 6], &[3, 4, 6]), [0; 0], "the oldest first");
    assert_eq!(left(&[4, 6, 3, 5], &[4, 3, 5]), [0; 0], "another order");
}

#[test]
fn a_damaged_or_cut_document_says_nothing() {
    let feed = stored(&[6, 5, 4, 3]);
    for code in DAMAGE {
        let damage = [Problem::new(code, "broken")];
        assert_eq!(feed.left(&[6, 4, 3], &damage, true, at(8)), [0; 0], "{code}");
    }
    assert_eq!(feed.left(&[6, 4, 3], &[], false, at(8)), [0; 0]);
    let harmless = [Problem::new("bad-link", "`#` is no address")];
    assert_eq!(feed.left(&[6, 4, 3], &harmless, true, at(8)), [5]);
}

#[test]
fn an_entry_leaves_within_a_day_once_and_a_rebuilt_feed_has_lost_none() {
    let feed = stored(&[6, 5, 4, 3]);
    assert_eq!(feed.left(&[6, 4, 3], &[], true, at(6 + 25)), [0; 0], "after a long pause");
    assert_eq!(feed.left(&[6, 4, 3], &[], true, at(6 + 24)), [5]);
    assert_eq!(feed.left(&[6, 4, 3], &[], true, at(6 + 24)), [0; 0], "it is known");
    let rebuilt = stored(&[6, 5, 4, 3, 2, 1]);
    assert_eq!(rebuilt.left(&[2, 1], &[], true, at(8)), [0; 0], "four at once");
    assert_eq!(
        rebuilt.left(&[6, 5, 2, 1], &[], true, at(8)),
        [3],
        "4 and 3; the next older one of 4 has left, too"
    );
    assert_eq!(rebuilt.left(&[6, 5, 2, 1], &[], true, at(9)), [4], "and is skipped then");
}

#[test]
fn an_entry_that_comes_back_has_not_left() {
    let feed = stored(&[6, 5, 4, 3]);
    assert_eq!(feed.left(&[6, 4, 3], &[], true, at(8)), [5]);
    let signs = || feed.sample.app.store.withdrawals_of_source(&source("aube")).expect("signs");
    assert_eq!(signs().len(), 1);
    // Also by a document that would say nothing of an absence.
    feed.left(&[5, 6, 3], &[], false, at(9));
    assert_eq!(signs(), []);
}
