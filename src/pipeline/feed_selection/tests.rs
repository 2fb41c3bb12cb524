use super::*;
use crate::model::{Changes, EntryId};
use crate::pipeline::sample::{DESK, Sample, at, source, topic};

/// Returns a placement of an item of `slug` that was placed at `placed`; the number is that of its story.
fn placement(slug: &str, number: u8, date: Timestamp, placed: Timestamp) -> Placement {
    Placement {
        topic: topic("mali"),
        story: StoryId::from_bytes([number; 16]),
        entry: EntryId::from_bytes([number; 16]),
        score: 1.0,
        reasons: Vec::new(),
        placed,
        date,
        source: source(slug),
        is_news: true,
        masked: Vec::new(),
        rule: String::new(),
        waits: false,
    }
}

/// Returns a placement of an item that was placed long ago.
fn former(slug: &str, number: u8, date: Timestamp) -> Placement {
    placement(slug, number, date, at(-1_000))
}

/// Returns what the feed of a topic with these further keys shows of `placements` at the beginning, each as its source and number.
fn shown(keys: &str, placements: Vec<Placement>, rendered: Option<Timestamp>) -> Vec<String> {
    let third = "[[source]]\nid = \"nuit\"\nurl = \"https://nuit.example/feed\"\n";
    let sample = Sample::open(&format!("{}{keys}", DESK.replace("[[topic]]", &format!("{third}[[topic]]"))));
    sample
        .app
        .store
        .apply(Changes {
            placements,
            ..Changes::default()
        })
        .expect("placed");
    let prepared = &sample.app.prepared.topics[0];
    let selected = select_placements(&sample.app, &prepared.topic, at(0), rendered).expect("selected");
    selected
        .iter()
        .map(|placement| format!("{} {}", placement.source, placement.story.as_bytes()[0]))
        .collect()
}

/// Returns former placements of `slug` with these numbers, each one hour older than the one before it.
fn hourly(slug: &str, numbers: std::ops::Range<u8>, newest: i64) -> Vec<Placement> {
    let hours = (0..).map(|hour| at(newest - hour));
    numbers.zip(hours).map(|(number, date)| former(slug, number, date)).collect()
}

#[test]
fn a_source_has_no_more_than_its_share_while_others_have_something_to_tell() {
    let loud = || hourly("aube", 1..10, -1);
    let both = |others: Vec<Placement>| loud().into_iter().chain(others).collect();
    let four = "limit = 4\nmax_share = \"50%\"\n";
    assert_eq!(
        shown(four, both(hourly("soir", 11..15, -100)), Some(at(0))),
        ["aube 1", "aube 2", "soir 11", "soir 12"]
    );
    assert_eq!(
        shown(four, both(hourly("soir", 11..12, -100)), Some(at(0))),
        ["aube 1", "aube 2", "aube 3", "soir 11"],
        "what the others leave open is the source's again"
    );
    assert_eq!(shown(four, loud(), Some(at(0))), ["aube 1", "aube 2", "aube 3", "aube 4"]);
    assert_eq!(
        shown("limit = 3\nmax_share = \"10%\"\n", both(hourly("soir", 11..15, -100)), Some(at(0))),
        ["aube 1", "soir 11", "soir 12"],
        "a share is at least one item, and none is left that would take the rest"
    );
    assert_eq!(
        shown("limit = 4\nmax_share = \"100%\"\n", both(hourly("soir", 11..15, -100)), Some(at(0))),
        ["aube 1", "aube 2", "aube 3", "aube 4"]
    );
}

#[test]
fn several_loud_sources_are_each_held_to_their_share() {
    let mut all = hourly("aube", 1..10, -1);
    all.extend(hourly("soir", 11..20, -100));
    all.extend(hourly("nuit", 21..23, -200));
    assert_eq!(
        shown("limit = 6\nmax_share = \"33%\"\n", all, Some(at(0))),
        ["aube 1", "aube 2", "soir 11", "soir 12", "nuit 21", "nuit 22"]
    );
}

#[test]
fn only_recent_entries_of_others_are_a_reason_to_show_less_of_a_source() {
    let with = |hours| {
        hourly("aube", 1..10, -1)
            .into_iter()
            .chain([former("soir", 11, at(hours))])
            .collect()
    };
    let two = "limit = 2\nmax_share = \"50%\"\n";
    assert_eq!(shown(two, with(-30 * 24), Some(at(0))), ["aube 1", "soir 11"]);
    assert_eq!(shown(two, with(-30 * 24 - 1), Some(at(0))), ["aube 1", "aube 2"]);
}

#[test]
fn a_burst_goes_beyond_the_limit_and_is_bounded() {
    let burst = |count: u8| {
        let numbers = (1..=count).map(|number| (if number % 2 == 0 { "aube" } else { "soir" }, number));
        let dates = numbers.map(|(slug, number)| placement(slug, number, at(-i64::from(number)), at(0)));
        dates.collect::<Vec<_>>()
    };
    let two = "limit = 2\n";
    assert_eq!(
        shown(two, burst(3), Some(at(0))),
        ["soir 1", "aube 2", "soir 3"],
        "all were placed within the hour"
    );
    let most = shown(two, burst(14), Some(at(0)));
    assert_eq!(
        (most.len(), most[0].as_str(), most[9].as_str()),
        (10, "soir 1", "aube 10"),
        "five times the limit"
    );
}

#[test]
fn a_burst_is_what_entries_brought_since_the_last_rendering_or_within_the_hour() {
    let minute = Duration::from_mins(1);
    let all = |placed: Timestamp, is_news: bool| {
        let late = Placement {
            is_news,
            ..placement("soir", 9, at(-50), placed)
        };
        vec![former("aube", 1, at(-1)), late]
    };
    let (one, hour_ago) = ("limit = 1\n", at(-1));
    let is_shown = |placed, is_news, rendered| shown(one, all(placed, is_news), rendered).len() == 2;
    assert!(is_shown(hour_ago + minute, true, Some(at(0))) && is_shown(hour_ago + minute, true, None));
    assert!(!is_shown(hour_ago, true, Some(at(0))) && !is_shown(hour_ago, true, None));
    assert!(is_shown(at(-5) + minute, true, Some(at(-5))), "it was in no feed yet");
    assert!(!is_shown(at(-5), true, Some(at(-5))));
    assert!(!is_shown(at(0), false, Some(at(-5))), "what only a changed rule brought is no news");
}

#[test]
fn what_waits_for_approval_is_not_shown() {
    let waits = |slug: &str, number: u8| Placement {
        waits: true,
        ..placement(slug, number, at(-1), at(0))
    };
    assert_eq!(
        shown("limit = 1\n", vec![former("aube", 1, at(-2)), waits("aube", 2)], Some(at(0))),
        ["aube 1"]
    );
    let mut all = hourly("aube", 1..5, -1);
    all.push(waits("soir", 9));
    assert_eq!(
        shown("limit = 2\nmax_share = \"50%\"\n", all, Some(at(0))),
        ["aube 1", "aube 2"],
        "it takes no other's place"
    );
}

#[test]
fn a_burst_of_a_source_beyond_its_share_is_not_shown() {
    let mut all: Vec<Placement> = (1..9)
        .map(|number| placement("aube", number, at(-i64::from(number)), at(0)))
        .collect();
    let alone = shown("limit = 2\n", all.clone(), Some(at(0)));
    assert_eq!(alone.len(), 8, "alone it has the whole feed");
    all.push(former("soir", 11, at(-100)));
    assert_eq!(shown("limit = 2\n", all, Some(at(0))), ["aube 1", "soir 11"]);
}

#[test]
fn what_is_older_than_keep_has_left() {
    let keep = "limit = 4\nkeep = \"2d\"\n";
    let at_bound = vec![former("aube", 1, at(-48)), former("soir", 2, at(-48) - Duration::from_secs(1))];
    assert_eq!(shown(keep, at_bound.clone(), Some(at(0))), ["aube 1"]);
    assert_eq!(shown("limit = 4\n", at_bound, Some(at(0))).len(), 2);
    let burst = vec![placement("aube", 1, at(-1), at(0)), placement("soir", 2, at(-50), at(0))];
    assert_eq!(
        shown("limit = 1\nkeep = \"2d\"\n", burst, Some(at(0))),
        ["aube 1"],
        "of a burst too"
    );
    let (mut few, old) = (hourly("aube", 1..4, -1), hourly("soir", 11..13, -60));
    few.push(former("aube", 4, at(-50)));
    few.extend(old.clone());
    assert_eq!(
        shown(keep, few, Some(at(0))),
        ["aube 1", "aube 2", "aube 3"],
        "old items take no place of others"
    );
    let loud = hourly("aube", 1..10, -1).into_iter().chain(old).collect();
    assert_eq!(
        shown(keep, loud, Some(at(0))),
        ["aube 1", "aube 2", "aube 3", "aube 4"],
        "old items of others are no reason to show less of a source"
    );
}

#[test]
fn the_newest_come_first_and_the_later_story_of_one_moment() {
    let all = vec![former("aube", 1, at(-3)), former("soir", 3, at(-2)), former("aube", 2, at(-2))];
    assert_eq!(shown("", all, Some(at(0))), ["soir 3", "aube 2", "aube 1"]);
}
