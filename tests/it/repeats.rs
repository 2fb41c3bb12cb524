//! A repeated run changes nothing: no byte, and no file's time.

use crate::news::{FAIR, FERRY, WELLS, item, rss};
use crate::web::Answer;
use crate::world::World;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// A server that knows conditions, and one that sends the same again and again.
fn world() -> World {
    let mut world = World::new();
    let first = rss(
        "aube.example",
        "L'Aube",
        &[item("bac", "Le bac repart", DATE, FERRY), item("puits", "Des puits", DATE, WELLS)],
    );
    world.source("aube.example", "", Answer::feed(first).validated("\"1\"", DATE));
    world.feed(
        "bafing.example",
        rss(
            "bafing.example",
            "Bafing",
            &[item("foire", "La foire", "", FAIR), item("bac", "Le bac", DATE, FERRY)],
        ),
    );
    world
}

fn nothing_changes(world: &World, command: &[&str]) {
    let (files, times, dump) = (world.files(), world.times(), world.dump());
    world.good(command.iter().copied());
    assert!(world.dump() == dump, "{command:?}");
    assert!(world.files() == files, "{command:?}");
    assert_eq!(world.times(), times, "{command:?}");
}

#[test]
fn at_the_same_moment() {
    let world = world();
    world.good(["fetch"]);
    nothing_changes(&world, &["fetch"]);
    nothing_changes(&world, &["fetch", "--force"]);
    nothing_changes(&world, &["publish"]);
}

#[test]
fn hours_and_weeks_later() {
    let mut world = world();
    world.good(["fetch"]);
    for now in ["2026-03-01T13:00:00Z", "2026-03-01T23:59:59Z", "2026-04-01T00:00:00Z"] {
        world.now = now.to_owned();
        nothing_changes(&world, &["fetch"]);
        nothing_changes(&world, &["publish"]);
    }
    assert_eq!(world.asked("aube.example").len(), 4);
}

#[test]
fn when_the_feed_only_stirs() {
    let mut world = world();
    world.good(["fetch"]);
    // Another order, other white space, another build date: nothing that a reader would see.
    let stirred = rss(
        "bafing.example",
        "Bafing",
        &[item("bac", "Le bac", DATE, FERRY), item("foire", "La  foire ", "", FAIR)],
    );
    world.feed(
        "bafing.example",
        stirred.replace(
            "<language>",
            "<lastBuildDate>Sun, 01 Mar 2026 12:59:00 GMT</lastBuildDate>\n<language>",
        ),
    );
    world.now = "2026-03-01T14:00:00Z".to_owned();
    nothing_changes(&world, &["fetch"]);
}

#[test]
fn when_a_source_fails() {
    let mut world = world();
    world.good(["fetch"]);
    for (now, answer) in [
        ("2026-03-01T14:00:00Z", Answer::status(500)),
        ("2026-03-01T18:00:00Z", Answer::feed("")),
        ("2026-03-02T00:00:00Z", Answer::status(410)),
    ] {
        world.now = now.to_owned();
        world.source("bafing.example", "", answer);
        nothing_changes(&world, &["fetch"]);
    }
}

#[test]
fn two_worlds_with_the_same_news_say_the_same() {
    let (one, other) = (world(), world());
    one.good(["fetch"]);
    // The order of arrival differs: the second source comes a run earlier.
    other.good(["fetch", "bafing"]);
    other.good(["fetch"]);
    let entries = |world: &World| -> Vec<String> {
        let dump = world.dump();
        dump.lines()
            .filter(|line| line.contains("\"kind\":\"entry\""))
            .map(str::to_owned)
            .collect()
    };
    let ids = |world: &World| -> Vec<String> {
        let value = |line: &String| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["id"].to_string();
        entries(world).iter().map(value).collect()
    };
    assert_eq!(ids(&one), ids(&other));
    assert_eq!(one.items("mali").len(), other.items("mali").len());
}
