//! What `griot topic test` counts, and what it passes by.

use super::curation_tests::{compose_as_one, desk, four, members, tell};
use super::sample::{DESK, Sample, at, draft, numbered, topic};
use super::topic_eval::eval_marks;
use super::topic_rule::TopicRule;
use super::topic_suggest::suggest;
use super::topic_test::{TestReport, TopicTest, test};
use crate::model::{EntryId, MarkKind, MarkTarget, Timestamp};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// Tests a query, or the rule of the topic, at `now` on what is dated less than `since` before.
fn report(sample: &Sample, query: Option<&str>, since: Duration, now: Timestamp) -> TestReport {
    tested(sample, query, since, now, false)
}

fn tested(sample: &Sample, query: Option<&str>, since: Duration, now: Timestamp, published_only: bool) -> TestReport {
    let app = &sample.app;
    let asked = TopicTest {
        topic: &topic("mali"),
        query,
        since,
        published_only,
    };
    test(&app.config, &app.prepared, &app.store, &asked, now).expect("a report")
}

/// Returns how many items the topic holds, the rule finds, it wins and it loses.
fn items(report: &TestReport) -> [u64; 4] {
    [report.all.before, report.all.now, report.all.won, report.all.lost]
}

#[test]
fn every_story_is_tested_once_however_many_entries_are_read_at_once() {
    const COUNT: usize = 700;
    let sample = Sample::open(&format!("{DESK}[fetch]\nmax_new = 1000\n"));
    let minute = |number: usize| Timestamp::from_unix(at(-30).unix() + 60 * i64::try_from(number).expect("small"));
    let drafts: Vec<_> = (0..COUNT).map(|number| numbered("aube", number, minute(number))).collect();
    sample.gather("aube", &drafts, at(0));
    // The newest entry belongs to the story of the oldest, so that this story is read in two batches.
    sample.evaluate_as(at(0), |compositions, _| {
        let beginning = (Timestamp::from_unix(0), EntryId::from_bytes([0; 16]));
        let by_date = sample.app.store.dated_stories(beginning, COUNT).expect("entries");
        let (oldest, newest) = (by_date[0], by_date[COUNT - 1]);
        for composition in compositions {
            if composition.entry == newest.1 {
                composition.story = oldest.2;
            }
        }
    });
    let found = report(&sample, None, DAY * 3, at(0));
    let stories = COUNT as u64 - 1;
    assert_eq!((found.entries, items(&found)), (COUNT as u64, [stories, stories, 0, 0]));
    assert_eq!(found.sources["aube"].now, stories);
    let suggested = suggest(&sample.app.prepared, &sample.app.store, &topic("mali"), at(0)).expect("the store is read");
    assert_eq!(suggested.entries, [COUNT - 1, 1], "one entry of the story is shown");
    // The samples are chosen by their ids, and told by date.
    let lost = report(&sample, Some("-Mali"), DAY * 3, at(0));
    assert_eq!((items(&lost), lost.lost.len()), ([stories, 0, 0, stories], 10));
    let shown: Vec<EntryId> = sample.placements("mali").iter().map(|placement| placement.entry).collect();
    let mut smallest = shown;
    smallest.sort_unstable();
    smallest.truncate(10);
    let mut chosen: Vec<EntryId> = lost.lost.iter().map(|sample| sample.entry).collect();
    assert!(lost.lost.is_sorted_by_key(|sample| sample.date));
    chosen.sort_unstable();
    assert_eq!(chosen, smallest);
    assert_eq!(lost.lost[0].reasons[0].words, "Mali", "what the former placement was for");
}

#[test]
fn an_entry_dated_exactly_at_the_limit_is_tested() {
    let sample = Sample::open(DESK);
    let drafts = [numbered("aube", 1, at(-5)), numbered("aube", 2, at(-1))];
    sample.run("aube", &drafts, at(0));
    let within = |seconds: u64| items(&report(&sample, None, Duration::from_secs(seconds), at(0)));
    assert_eq!(within(5 * 3_600), [2, 2, 0, 0]);
    assert_eq!(within(5 * 3_600 - 1), [1, 1, 0, 0]);
    // A topic that keeps less is tested on what it keeps.
    let mut kept = Sample::open(DESK);
    kept.run("aube", &drafts, at(0));
    kept.configure(&format!("{DESK}keep = \"3h\"\n"));
    assert_eq!(items(&report(&kept, None, DAY, at(0))), [1, 1, 0, 0]);
}

#[test]
fn what_editors_did_by_hand_holds_in_a_test() {
    let sample = Sample::open(DESK);
    sample.run("aube", &[1, 2, 3].map(|number| numbered("aube", number, at(-1))), at(0));
    let entries = members(&sample);
    let target = |title: &str| {
        let entry = entries.iter().find(|entry| entry.title == title).expect("an entry");
        MarkTarget::Entry(entry.id)
    };
    sample.mark(MarkKind::Hide, target("Mali n1q"), Some(topic("mali")));
    sample.mark(MarkKind::Pin, target("Mali n2q"), Some(topic("mali")));
    sample.evaluate(at(1));
    assert_eq!(items(&report(&sample, None, DAY, at(1))), [2, 2, 0, 0]);
    let narrower = report(&sample, Some("title:n1q"), DAY, at(1));
    assert_eq!((items(&narrower), narrower.lost[0].title.as_str()), ([2, 1, 0, 1], "Mali n3q"));
}

#[test]
fn a_story_that_too_few_sources_tell_is_not_won() {
    for (keys, expected) in [
        ("any = [\"Togo\"]\nmin_reports = 2", [0, 0, 0, 0]),
        ("any = [\"Togo\"]\nmin_reports = 1", [0, 1, 1, 0]),
    ] {
        let sample = four(keys);
        tell(&sample, &["a", "c"], "Attaque au Mali", at(0));
        assert_eq!(items(&report(&sample, Some("Mali"), DAY, at(0))), expected, "{keys}");
    }
    let sample = four("any = [\"Mali\"]\nmin_reports = 2");
    tell(&sample, &["a", "b"], "Attaque au Mali", at(0));
    assert_eq!(items(&report(&sample, None, DAY, at(0))), [1, 1, 0, 0]);
    // What is hidden everywhere is no report, in a test as in a run.
    sample.mark(MarkKind::Hide, MarkTarget::Entry(members(&sample)[0].id), None);
    sample.evaluate(at(1));
    assert_eq!(sample.placements("mali"), []);
    assert_eq!(items(&report(&sample, None, DAY, at(1))), [0, 0, 0, 0]);
    assert_eq!(items(&report(&sample, Some("Mali sources:<2"), DAY, at(1))), [0, 0, 0, 0]);
}

#[test]
fn only_what_was_published_counts_against_the_live_feed() {
    let sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-2))], at(0));
    sample.gather("aube", &[numbered("aube", 2, at(-1))], at(1));
    sample.evaluate(at(1));
    assert_eq!(items(&report(&sample, None, DAY, at(1))), [2, 2, 0, 0]);
    assert_eq!(items(&tested(&sample, None, DAY, at(1), true)), [1, 2, 1, 0]);
}

#[test]
fn what_another_topic_holds_and_publishes_counts_for_nothing() {
    let sample = Sample::open(&(DESK.replace("Mali\"]", "Togo\"]") + "[[topic]]\nid = \"other\"\ntitle = \"Other\"\nany = [\"Mali\"]\n"));
    sample.run("aube", &[numbered("aube", 1, at(-2))], at(0));
    assert_eq!(sample.placements("other").len(), 1);
    for published_only in [false, true] {
        assert_eq!(items(&tested(&sample, Some("Mali"), DAY, at(0), published_only)), [0, 1, 1, 0]);
    }
}

#[test]
fn what_a_removed_source_brought_is_neither_won_nor_lost() {
    let mut sample = Sample::open(DESK);
    sample.run(
        "soir",
        &[numbered("soir", 1, at(-2)), draft("soir", "2", "Des pluies", "Il pleut.", at(-2))],
        at(0),
    );
    let without = DESK.replace(
        "[[source]]\nid = \"soir\"\nname = \"Le Soir\"\nurl = \"https://soir.example/feed\"\n",
        "",
    );
    sample.configure(&without);
    let found = report(&sample, Some("-Mali -pluies"), DAY, at(0));
    assert_eq!((items(&found), found.countries["ML"].now), ([1, 1, 0, 0], 1));
}

#[test]
fn an_original_stands_for_its_copies_and_what_is_about_no_country_is_counted() {
    let sample = Sample::open(&desk(&[("a", ""), ("b", "")], "any = [\"Togo\"]\nstories = \"one\""));
    for slug in ["a", "b"] {
        sample.gather(
            slug,
            &[draft(slug, "1", "Une route rouvre", "Elle rouvre dans la nuit.", at(-1))],
            at(0),
        );
    }
    compose_as_one(&sample, at(0));
    sample.evaluate_as(at(0), |compositions, _| {
        let original = compositions[1].entry;
        compositions[0].copy_of = Some(original);
    });
    let original = members(&sample)
        .into_iter()
        .find(|entry| entry.copy_of.is_none())
        .expect("an original");
    let found = report(&sample, Some("route"), DAY, at(0));
    assert_eq!((items(&found), found.won[0].entry), ([0, 1, 1, 0], original.id));
    assert_eq!((found.countries["-"].won, found.languages.len()), (1, 1));
    assert_eq!(found.won[0].reasons[0].words, "route");
}

#[test]
fn what_was_not_older_than_two_days_when_it_was_first_seen_is_not_too_old() {
    for (hours, won, too_old) in [(-48, 11, 0), (-49, 0, 11)] {
        let sample = Sample::open(&DESK.replace("Mali\"]", "Togo\"]"));
        let drafts: Vec<_> = (1..=11).map(|number| numbered("aube", number, at(hours))).collect();
        sample.run("aube", &drafts, at(0));
        let found = report(&sample, Some("Mali"), DAY * 9, at(0));
        assert_eq!((items(&found), found.too_old), ([0, won, won, 0], too_old), "{hours}");
    }
}

#[test]
fn every_label_is_measured_however_many_are_read_at_once() {
    const COUNT: usize = 201;
    let sample = Sample::open(&format!("{DESK}[fetch]\nmax_new = 1000\n"));
    let drafts: Vec<_> = (0..COUNT).map(|number| numbered("aube", number, at(-1))).collect();
    sample.gather("aube", &drafts, at(0));
    sample.evaluate(at(0));
    let beginning = (Timestamp::from_unix(0), EntryId::from_bytes([0; 16]));
    let labelled = sample.app.store.dated_stories(beginning, COUNT).expect("entries");
    for (number, (_, entry, _)) in labelled.iter().enumerate() {
        let kind = if number < 50 { MarkKind::No } else { MarkKind::Yes };
        sample.mark(kind, MarkTarget::Entry(*entry), Some(topic("mali")));
    }
    let purged = EntryId::from_bytes([7; 16]);
    sample.mark(MarkKind::Yes, MarkTarget::Entry(purged), Some(topic("mali")));
    let app = &sample.app;
    let rule = TopicRule::new(&app.config, &app.prepared, &topic("mali"), None)
        .expect("no mistake")
        .expect("a topic");
    let found = eval_marks(&app.prepared, &app.store, &rule).expect("the store is read");
    assert_eq!((found.counts.0, found.missing), ([151, 50, 0, 0], 1));
    assert_eq!(found.counts.precision().map(|share| (share * 1_000.0).round()), Some(751.0));
    assert_eq!(found.counts.recall(), Some(1.0));
    let narrow = TopicRule::new(&app.config, &app.prepared, &topic("mali"), Some("title:n1q"))
        .expect("no mistake")
        .expect("a topic");
    let narrow = eval_marks(&app.prepared, &app.store, &narrow).expect("the store is read");
    assert_eq!(
        (narrow.counts.0.iter().sum::<usize>(), narrow.counts.0[0] + narrow.counts.0[1]),
        (COUNT, 1)
    );
    let none = TopicRule::new(&app.config, &app.prepared, &topic("mali"), Some("-Mali"))
        .expect("no mistake")
        .expect("a topic");
    let none = eval_marks(&app.prepared, &app.store, &none).expect("the store is read");
    assert_eq!(
        (none.counts.precision(), none.counts.recall(), none.counts.f1()),
        (None, Some(0.0), Some(0.0))
    );
}
