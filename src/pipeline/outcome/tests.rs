use super::*;
use crate::model::EntryDraft;
use crate::pipeline::sample::{DESK, Sample, answer, at, numbered};

/// A desk that takes three new entries a day beyond a source's own number, and keeps them for 100 days.
fn desk() -> Sample {
    Sample::open(&format!("{DESK}[fetch]\nmax_new = 3\n[retention]\nkeep = \"100d\"\n"))
}

/// Returns entries of the last hours before `now`, the newest first.
fn entries(numbers: std::ops::Range<usize>, now: Timestamp) -> Vec<EntryDraft> {
    let minutes = (1..).map(|minute| now - Duration::from_mins(minute));
    numbers.zip(minutes).map(|(number, date)| numbered("aube", number, date)).collect()
}

fn new_titles(outcome: &VisitOutcome) -> Vec<&str> {
    outcome.changes.new_entries.iter().map(|new| new.entry.title.as_str()).collect()
}

fn problems(outcome: &VisitOutcome) -> Vec<(&str, &str)> {
    let all = outcome.changes.problems.iter().flat_map(|(_, problems)| problems);
    all.map(|problem| (problem.code, &*problem.detail)).collect()
}

#[test]
fn the_first_document_is_no_flood_and_what_comes_later_is_bounded_by_the_day() {
    let desk = desk();
    // One entry in 60 days: the usual number of a day is rounded up to one.
    let first = desk.gather("aube", &[numbered("aube", 0, at(-60 * 24)), numbered("aube", 1, at(-24))], at(0));
    assert_eq!((new_titles(&first).len(), desk.state("aube").flooded), (2, false));
    let usual = desk.state("aube").cadence.expect("a cadence").per_day.ceil();
    assert!((usual - 1.0).abs() < f64::EPSILON, "{usual}");
    // The third new day begins at midnight; the first document counts on its own day only.
    let morning = at(24);
    let flood = desk.gather("aube", &entries(100..150, morning), morning);
    assert_eq!(
        new_titles(&flood),
        ["Mali n100q", "Mali n101q", "Mali n102q", "Mali n103q"],
        "the newest"
    );
    assert!(desk.state("aube").flooded);
    assert_eq!(
        problems(&flood),
        [(
            "flood",
            "46 new entries beyond its usual number and 3 a day (`max_new`) were not stored"
        )]
    );
    let evening = at(30);
    let again = desk.gather("aube", &entries(100..150, morning), evening);
    assert_eq!(new_titles(&again), Vec::<&str>::new(), "the day's allowance is spent");
    let next = desk.gather("aube", &entries(100..150, morning), at(48));
    assert_eq!(new_titles(&next), ["Mali n104q", "Mali n105q", "Mali n106q", "Mali n107q"]);
}

#[test]
fn a_feed_that_had_entries_and_has_none_is_a_problem() {
    let desk = desk();
    assert_eq!(problems(&desk.gather("aube", &[], at(0))), []);
    desk.gather("aube", &[numbered("aube", 1, at(0))], at(1));
    let emptied = desk.gather("aube", &[], at(2));
    assert_eq!(problems(&emptied), [("no-entries", "the feed has no entries any more")]);
}

#[test]
fn a_flood_does_not_raise_its_own_allowance() {
    let desk = desk();
    desk.gather("aube", &[numbered("aube", 0, at(-60 * 24)), numbered("aube", 1, at(-24))], at(0));
    for day in 1..30 {
        let now = at(24 * day);
        let from = 1_000 * usize::try_from(day).expect("a number");
        let flood = desk.gather("aube", &entries(from..from + 50, now), now);
        assert_eq!(flood.changes.new_entries.len(), 4, "day {day}");
    }
}

#[test]
fn what_was_stored_on_a_day_counts_against_its_allowance() {
    let desk = desk();
    desk.gather("aube", &[numbered("aube", 0, at(-60 * 24)), numbered("aube", 1, at(-24))], at(0));
    let morning = at(24);
    let some = desk.gather("aube", &entries(10..12, morning), morning);
    assert_eq!((some.changes.new_entries.len(), desk.state("aube").flooded), (2, false));
    assert_eq!(
        (desk.state("aube").new_day, desk.state("aube").new_count),
        (Some(morning.unix_day()), 2)
    );
    let later = desk.gather("aube", &entries(20..40, at(25)), at(25));
    let allowed = usize::try_from(desk.state("aube").new_count).expect("a number");
    assert_eq!(later.changes.new_entries.len() + 2, allowed);
    assert!((2..=4).contains(&later.changes.new_entries.len()), "{allowed}");
}

#[test]
fn without_max_new_there_is_no_limit() {
    let desk = Sample::open(&format!("{DESK}[fetch]\nmax_new = 0\n"));
    desk.gather("aube", &[numbered("aube", 0, at(-24))], at(0));
    let flood = desk.gather("aube", &entries(100..400, at(24)), at(24));
    assert_eq!((flood.changes.new_entries.len(), desk.state("aube").flooded), (300, false));
    assert_eq!(problems(&flood), []);
}

#[test]
fn a_document_of_which_entries_were_left_out_for_their_number_is_not_seen_until_there_is_room() {
    let desk = desk();
    desk.gather("aube", &[numbered("aube", 0, at(-60 * 24)), numbered("aube", 1, at(-24))], at(0));
    assert!(desk.visit("aube", at(1)).has_seen_document());
    desk.gather("aube", &entries(100..150, at(24)), at(24));
    assert!(
        desk.visit("aube", at(25)).has_seen_document(),
        "there is no room on this day: the same bytes bring nothing"
    );
    assert!(!desk.visit("aube", at(48)).has_seen_document(), "on the next day there is");
    desk.gather("aube", &entries(100..104, at(24)), at(48));
    assert!(
        desk.visit("aube", at(72)).has_seen_document(),
        "nothing was left out of the last one"
    );
}

#[test]
fn a_document_with_entries_older_than_keep_is_seen_until_keep_or_the_clock_would_take_them() {
    let mut desk = desk();
    let old = [numbered("aube", 1, at(-101 * 24)), numbered("aube", 2, at(-1))];
    let outcome = desk.gather("aube", &old, at(0));
    assert_eq!(new_titles(&outcome), ["Mali n2q"]);
    assert_eq!(
        problems(&outcome),
        [("too-old", "1 entries are older than 100 days (`keep`) and were not stored")]
    );
    assert_eq!(desk.state("aube").seen_since, Some(at(-100 * 24)));
    assert!(desk.visit("aube", at(0)).has_seen_document() && desk.visit("aube", at(99)).has_seen_document());
    assert!(!desk.visit("aube", at(-1)).has_seen_document(), "the clock was set back");
    desk.configure(&format!("{DESK}[retention]\nkeep = \"102d\"\n"));
    assert!(!desk.visit("aube", at(0)).has_seen_document(), "`keep` was raised");
    let outcome = desk.gather("aube", &old, at(1));
    assert_eq!((new_titles(&outcome), desk.state("aube").seen_since), (vec!["Mali n1q"], None));
}

#[test]
fn validators_are_sent_only_for_a_document_that_is_seen() {
    let desk = desk();
    let with = |change: &dyn Fn(&mut FeedVisit)| {
        let mut visit = desk.visit("aube", at(1));
        visit.before.url = Some("https://aube.example/feed".to_owned());
        visit.before.etag = Some(b"\"1\"".to_vec());
        change(&mut visit);
        visit.has_validators()
    };
    assert!(with(&|_| ()));
    assert!(with(
        &|visit| (visit.before.etag, visit.before.last_modified) = (None, Some(b"x".to_vec()))
    ));
    assert!(!with(&|visit| visit.before.etag = None));
    assert!(!with(&|visit| visit.before.url = Some("https://aube.example/other".to_owned())));
    assert!(!with(&|visit| visit.before.seen_since = Some(at(2))));
}

#[test]
fn the_series_of_304_answers_is_counted_from_its_first_and_ends_with_another_answer() {
    let desk = desk();
    let since = |outcome: &VisitOutcome| outcome.state().expect("a state").unmodified_since;
    let mut visit = desk.visit("aube", at(1));
    visit.before.url = Some("https://aube.example/feed".to_owned());
    visit.before.etag = Some(b"\"1\"".to_vec());
    assert_eq!(since(&visit.clone().unchanged(&answer("aube"), false)), Some(at(1)));
    visit.before.unmodified_since = Some(at(-2));
    assert_eq!(since(&visit.clone().unchanged(&answer("aube"), false)), Some(at(-2)));
    assert_eq!(since(&visit.clone().unchanged(&answer("aube"), true)), None);
    let failed = |status: u16| {
        let answer = Answer { status, ..answer("aube") };
        visit
            .clone()
            .failed(FailureReason::Protocol, "it failed", FailureNotes::of(Box::new(answer)))
    };
    assert_eq!((since(&failed(500)), since(&failed(304))), (Some(at(-2)), None));
    assert!(visit.has_validators());
    visit.before.unmodified_since = Some(at(1 - 7 * 24 - 1));
    assert!(!visit.has_validators());
    let other = visit.clone();
    visit.before.unmodified_since = Some(at(5));
    assert_eq!(
        since(&visit.unchanged(&answer("aube"), false)),
        Some(at(1)),
        "the clock was set back"
    );
    desk.gather("aube", &entries(0..1, at(1)), at(1));
    assert_eq!(
        (since(&other.unchanged(&answer("aube"), true)), desk.state("aube").unmodified_since),
        (None, None)
    );
}

#[test]
fn a_304_keeps_the_validators_that_it_does_not_state_and_a_200_removes_them() {
    let desk = desk();
    let mut visit = desk.visit("aube", at(1));
    (visit.before.etag, visit.before.last_modified) = (Some(b"\"1\"".to_vec()), Some(b"hier".to_vec()));
    let of = |outcome: &VisitOutcome| {
        let state = outcome.state().expect("a state");
        (state.etag.clone(), state.last_modified.clone())
    };
    let silent = answer("aube");
    let stating = Answer {
        etag: Some(b"\"2\"".to_vec()),
        ..answer("aube")
    };
    let before = (visit.before.etag.clone(), visit.before.last_modified.clone());
    assert_eq!(of(&visit.clone().unchanged(&silent, false)), before);
    assert_eq!(of(&visit.clone().unchanged(&stating, false)), (stating.etag.clone(), before.1));
    assert_eq!(of(&visit.clone().unchanged(&stating, true)), (stating.etag.clone(), None));
    let outcome = visit.unchanged(&silent, true);
    assert_eq!((of(&outcome), outcome.ending), ((None, None), Ending::Unchanged));
}
