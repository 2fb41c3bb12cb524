//! A repeated run changes no byte of the database's dump and of the output, and no file's modification time.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// A server that answers conditional requests, and one that always sends the whole feed.
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

fn assert_no_change(world: &World, command: &[&str]) {
    assert_no_change_but(&[], world, command);
}

/// The manifest may change with the files that are `excepted`.
fn assert_no_change_but(excepted: &[&str], world: &World, command: &[&str]) {
    let is_meant = |name: &String| excepted.is_empty() || !(name.starts_with('.') || excepted.contains(&name.as_str()));
    let files_and_times = || {
        let (mut files, mut times) = (world.files(), world.modified_times());
        files.retain(|name, _| is_meant(name));
        times.retain(|name, _| is_meant(name));
        (files, times)
    };
    let ((files, times), dump) = (files_and_times(), world.dump());
    world.succeed(command.iter().copied());
    assert!(world.dump() == dump, "{command:?}");
    let now = files_and_times();
    assert!(now.0 == files, "{command:?}");
    assert_eq!(now.1, times, "{command:?}");
}

#[test]
fn a_run_at_the_same_time_changes_nothing() {
    let world = world();
    world.succeed(["fetch"]);
    assert_no_change(&world, &["fetch"]);
    assert_no_change(&world, &["fetch", "--force"]);
    assert_no_change(&world, &["publish"]);
}

#[test]
fn a_run_hours_or_weeks_later_changes_nothing() {
    let mut world = world();
    world.succeed(["fetch"]);
    for now in ["2026-03-01T13:00:00Z", "2026-03-01T23:59:59Z", "2026-03-31T23:00:00Z"] {
        world.now = now.to_owned();
        // The charts of visits go to the day before.
        assert_no_change_but(&["health.html"], &world, &["fetch"]);
        assert_no_change(&world, &["publish"]);
    }
    assert_eq!(world.requests("aube.example").len(), 4);
}

#[test]
fn a_feed_that_differs_only_in_form_changes_nothing() {
    let mut world = world();
    world.succeed(["fetch"]);
    // Another order, other white space and another build date are no changes of an entry.
    let reformatted = rss(
        "bafing.example",
        "Bafing",
        &[item("bac", "Le bac", DATE, FERRY), item("foire", "La  foire ", "", FAIR)],
    );
    world.feed(
        "bafing.example",
        reformatted.replace(
            "<language>",
            "<lastBuildDate>Sun, 01 Mar 2026 12:59:00 GMT</lastBuildDate>\n<language>",
        ),
    );
    world.now = "2026-03-01T14:00:00Z".to_owned();
    assert_no_change(&world, &["fetch"]);
}

#[test]
fn a_failed_visit_changes_nothing_but_what_is_told_of_its_source() {
    let mut world = world();
    world.succeed(["fetch"]);
    for (now, answer) in [
        ("2026-03-01T14:00:00Z", Answer::status(500)),
        ("2026-03-01T18:00:00Z", Answer::feed("")),
        ("2026-03-02T00:00:00Z", Answer::status(410)),
    ] {
        world.now = now.to_owned();
        world.source("bafing.example", "", answer);
        assert_no_change_but(&["health.html", "source/bafing.html"], &world, &["fetch"]);
    }
}

#[test]
fn two_databases_with_the_same_entries_publish_the_same() {
    let (one, other) = (world(), world());
    one.succeed(["fetch"]);
    // The order of arrival differs: the second source is fetched a run earlier.
    other.succeed(["fetch", "bafing"]);
    other.succeed(["fetch"]);
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
