//! What is purged stays away, however long feeds show it; what is published keeps its guid.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, item, rss};
use crate::world::World;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const KEEP_WEEKS: u32 = 8;

/// The world of these tests: entries are kept for eight weeks, but so many of each source longer.
fn world(keep_min: u32) -> World {
    let mut world = World::new();
    write!(world.settings, "\n[retention]\nkeep = \"56d\"\nkeep_min = {keep_min}\n").expect("a string takes all");
    world.topics += "limit = 500\n";
    world
}

/// Returns the moment so many weeks after the world's first, as RFC 3339 states it.
fn week(number: u32) -> String {
    let first: jiff::Timestamp = crate::world::NOW.parse().expect("a time");
    let later = first + std::time::Duration::from_secs(u64::from(number) * 7 * 24 * 60 * 60);
    later.to_string()
}

/// Returns an Atom feed of the entries with these numbers, dated by their weeks or not at all.
fn archive(host: &str, numbers: impl Iterator<Item = u32>, is_dated: bool) -> String {
    let mut xml = format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{host}</title><id>http://{host}/</id>");
    for number in numbers {
        let date = if is_dated {
            format!("<published>{}</published>", week(number))
        } else {
            String::new()
        };
        write!(
            xml,
            "<entry><id>{host}:{number}</id><title>Mali, numéro {number}</title><link href=\"http://{host}/{number}\"/>{date}\
             <summary>La lettre numéro {number} du Mali paraît chaque semaine depuis longtemps.</summary></entry>"
        )
        .expect("a string takes all");
    }
    xml + "</feed>"
}

fn source(world: &mut World, host: &str, xml: String) {
    world.source(host, "article = \"feed\"\ndedupe = \"off\"\nevery = \"1h\"", Answer::feed(xml));
}

fn rows(world: &World, kind: &str) -> Vec<serde_json::Value> {
    let dump = world.dump();
    let rows = dump
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    rows.filter(|row| row["kind"] == kind).collect()
}

/// Returns the numbers of the entries that are stored of a source.
fn stored(world: &World, host: &str) -> Vec<u32> {
    let prefix = format!("{host}:");
    let guids = rows(world, "entry");
    let number = |row: &serde_json::Value| row["guid"].as_str()?.strip_prefix(&prefix)?.parse().ok();
    let mut numbers: Vec<u32> = guids.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

/// Returns the topic's guids, each with when it was first published.
fn published(world: &World) -> BTreeMap<String, String> {
    let pair = |row: &serde_json::Value| (row["guid"].to_string(), row["first_published"].to_string());
    rows(world, "published").iter().map(pair).collect()
}

#[test]
fn feeds_that_show_their_whole_archive_for_ever_bring_nothing_back() {
    const WEEKS: u32 = 66;
    let mut world = world(3);
    let mut known = BTreeMap::new();
    for now in (0..=WEEKS).step_by(2) {
        world.now = week(now);
        source(&mut world, "dated.example", archive("dated.example", (0..=now).step_by(2), true));
        source(
            &mut world,
            "undated.example",
            archive("undated.example", (0..=now).step_by(2), false),
        );
        // The same document for more than a year, then one with a new entry: its tombstones have to outlast that.
        let last = if now < WEEKS { 9 } else { 10 };
        source(&mut world, "frozen.example", archive("frozen.example", 0..=last, false));
        source(&mut world, "quiet.example", archive("quiet.example", 0..=now.min(4), true));
        world.succeed(["fetch"]);
        let kept: Vec<u32> = (now.saturating_sub(KEEP_WEEKS)..=now).step_by(2).collect();
        if now % 12 == 0 || now > 60 {
            assert_eq!(stored(&world, "dated.example"), kept, "week {now}");
            assert_eq!(stored(&world, "undated.example"), kept, "week {now}");
            let quiet: &[u32] = if now == 0 { &[0] } else { &[2, 3, 4] };
            assert_eq!(stored(&world, "quiet.example"), quiet, "week {now}");
            let published = published(&world);
            assert!(known.iter().all(|(guid, first)| published.get(guid) == Some(first)), "week {now}");
            known = published;
        }
    }
    // Of those that came in the first week only as many as `keep_min` stay, beside the new one.
    assert_eq!(stored(&world, "frozen.example"), [0, 1, 10]);
    // Each entry was published once, and the feed shows those that are stored.
    let count = |host: &str| stored(&world, host).len();
    let hosts = ["dated.example", "undated.example", "frozen.example", "quiet.example"];
    assert_eq!(world.items("mali").len(), hosts.into_iter().map(count).sum::<usize>());
    assert_eq!(known.len(), 34 + 34 + 11 + 5);
}

/// Fetches a story of two sources: the second reports it two days after the first.
fn fetch_story(world: &mut World) {
    for (host, date, now) in [
        ("aube.example", "Sun, 01 Mar 2026 09:00:00 GMT", "2026-03-01T12:00:00Z"),
        ("bafing.example", "Tue, 03 Mar 2026 09:00:00 GMT", "2026-03-03T12:00:00Z"),
    ] {
        now.clone_into(&mut world.now);
        let feed = rss(host, host, &[item("bac", "Le bac de Dioro repart", date, FERRY)]);
        world.source(host, "article = \"feed\"", Answer::feed(feed));
        world.succeed(["fetch"]);
    }
    // A run in between: what comes more than 30 days after the last run, with no server to confirm its time, purges nothing.
    "2026-03-30T12:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch"]);
    assert_eq!((rows(world, "entry").len(), rows(world, "story").len()), (2, 1));
}

#[test]
fn a_story_whose_founder_is_purged_keeps_its_guid_and_leaves_nothing_behind_in_the_end() {
    let mut world = world(0);
    fetch_story(&mut world);
    let guid = world.items("mali")[0]["id"].to_string();
    let published = published(&world);
    world.now = "2026-04-27T12:00:00Z".to_owned();
    world.succeed(["fetch"]);
    let items = world.items("mali");
    assert_eq!((items.len(), items[0]["id"].to_string()), (1, guid));
    assert_eq!(items[0]["url"], "http://bafing.example/bac");
    assert_eq!(rows(&world, "story")[0]["lead"], rows(&world, "entry")[0]["id"]);
    assert_eq!((rows(&world, "entry").len(), rows(&world, "placement").len()), (1, 1));
    assert_eq!(self::published(&world), published);
    let (files, dump) = (world.files(), world.dump());
    for again in [["fetch", "--force"], ["publish", "mali"]] {
        world.succeed(again);
        assert!(world.files() == files && world.dump() == dump, "{again:?}");
    }
    world.now = "2026-04-29T12:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert!(world.items("mali").is_empty());
    for kind in ["entry", "story", "placement"] {
        assert_eq!(rows(&world, kind).len(), 0, "{kind}");
    }
    assert_eq!(self::published(&world), published, "never forgotten");
}

#[test]
fn an_item_of_copies_keeps_its_guid_when_the_original_is_purged() {
    for mode in ["copies", "off"] {
        let mut world = world(0);
        writeln!(world.topics, "stories = \"{mode}\"").expect("a string takes all");
        fetch_story(&mut world);
        let before: Vec<String> = world.items("mali").iter().map(|item| item["id"].to_string()).collect();
        world.now = "2026-04-27T12:00:00Z".to_owned();
        world.succeed(["fetch"]);
        let after: Vec<String> = world.items("mali").iter().map(|item| item["id"].to_string()).collect();
        assert_eq!((before.len(), after.len()), (if mode == "off" { 2 } else { 1 }, 1), "{mode}");
        assert_eq!(after[0], before[0], "{mode}: the newest");
        assert_eq!(rows(&world, "placement").len(), 1, "{mode}");
    }
}

#[test]
fn an_entry_leaves_the_feed_when_it_is_purged_and_a_larger_keep_does_not_bring_it_back() {
    let mut world = world(0);
    source(&mut world, "dated.example", archive("dated.example", 0..=0, true));
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 1);
    world.now = week(8);
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 1, "56 days old");
    world.now = week(9);
    world.succeed(["fetch"]);
    assert_eq!((world.items("mali").len(), stored(&world, "dated.example").len()), (0, 0));
    world.settings = world.settings.replace("56d", "2y");
    source(&mut world, "dated.example", archive("dated.example", 0..=1, true));
    world.now = week(10);
    world.succeed(["fetch"]);
    assert_eq!(stored(&world, "dated.example"), [1]);
}

#[test]
fn a_run_prunes_once_a_day_and_the_command_at_once() {
    let mut world = world(0);
    source(&mut world, "dated.example", archive("dated.example", 0..=3, true));
    world.now = week(4);
    world.succeed(["fetch"]);
    world.settings = world.settings.replace("56d", "15d");
    world.now = week(4).replace("T12:", "T18:");
    world.succeed(["fetch"]);
    assert_eq!(stored(&world, "dated.example"), [0, 1, 2, 3], "once a day");
    let dump = world.dump();
    let dry: serde_json::Value = serde_json::from_str(&world.succeed(["db", "prune", "--dry-run", "--json"]).out).expect("JSON");
    assert_eq!((dry["dry_run"].as_bool(), dry["tables"]["entry"].as_u64()), (Some(true), Some(2)));
    assert_eq!(world.dump(), dump, "nothing was written");
    let text = world.succeed(["db", "prune", "--dry-run"]).out;
    assert!(
        text.starts_with("would be removed:\n") && text.contains("  entry                     2 rows\n"),
        "{text}"
    );
    let done: serde_json::Value = serde_json::from_str(&world.succeed(["db", "prune", "--json"]).out).expect("JSON");
    assert_eq!((done["dry_run"].as_bool(), &done["tables"]), (Some(false), &dry["tables"]));
    assert_eq!(stored(&world, "dated.example"), [2, 3]);
    assert_eq!(world.succeed(["db", "prune"]).out, "there is nothing to prune\n");
    // The next run renders what has changed.
    world.now = week(4).replace("T12:", "T19:");
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 2);
}
