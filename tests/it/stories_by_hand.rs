//! What editors decide about stories: `griot split` and `griot join`, what feeds show after them, and what `griot show` tells of it.

use crate::run_lock::hold_lock;
use crate::sample_feeds::{FAIR, FERRY, RACE, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeMap;

const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const TEN: &str = "Sun, 01 Mar 2026 10:00:00 GMT";
const FERRY_TITLE: &str = "Le bac de Dioro reprend";
const COPY_TITLE: &str = "Dioro : on traverse";
const WELLS_TITLE: &str = "Quarante puits";
const FAIR_TITLE: &str = "La foire du livre";

/// Three stories: wells, published first; two hours later a ferry with a copy of its text; and a fair.
fn world() -> World {
    let mut world = World::new();
    world.feed(
        "aube.example",
        rss("aube.example", "L'Aube", &[item("puits", WELLS_TITLE, NINE, WELLS)]),
    );
    world.succeed(["fetch"]);
    world.feed(
        "bafing.example",
        rss("bafing.example", "Bafing", &[item("bac", FERRY_TITLE, NINE, FERRY)]),
    );
    world.feed(
        "courrier.example",
        rss("courrier.example", "Courrier", &[item("1", COPY_TITLE, TEN, FERRY)]),
    );
    world.feed(
        "dunes.example",
        rss("dunes.example", "Dunes", &[item("foire", FAIR_TITLE, TEN, FAIR)]),
    );
    "2026-03-01T14:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
    assert_eq!(guids(&world).len(), 3);
    world
}

/// Returns the guids of the published items, by title.
fn guids(world: &World) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let items = world.items("mali");
    items.iter().map(|item| (text(&item["title"]), text(&item["id"]))).collect()
}

fn listed(world: &World, what: &str) -> Vec<Value> {
    let lines = world.succeed(["--json", "list", what]).out;
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Returns the short id of the entry with this title.
fn entry(world: &World, title: &str) -> String {
    let entries = listed(world, "entries");
    let found = entries.iter().find(|entry| entry["title"] == title).expect("an entry");
    format!("e{}", &found["id"].as_str().expect("an id")[..8])
}

/// Returns the short id of the story of the entry with this title.
fn story(world: &World, title: &str) -> String {
    let entries = listed(world, "entries");
    let found = entries.iter().find(|entry| entry["title"] == title).expect("an entry");
    format!("s{}", &found["story"].as_str().expect("an id")[..8])
}

fn show(world: &World, id: &str) -> Value {
    serde_json::from_str(&world.succeed(["--json", "show", id]).out).expect("one object")
}

/// Runs a command as the user `awa`.
fn as_awa(world: &World, arguments: &[&str]) -> String {
    let output = world
        .command(arguments.iter().copied())
        .env("USER", "awa")
        .output()
        .expect("griot starts");
    let finished = world.finished(&output);
    assert_eq!(finished.code, Some(0), "{}", finished.err);
    finished.out
}

#[test]
fn what_is_joined_is_one_item_with_the_oldest_guid_and_what_is_split_gets_its_own_back() {
    let mut world = world();
    let before = guids(&world);
    let (wells, ferry, fair) = (story(&world, WELLS_TITLE), story(&world, FERRY_TITLE), story(&world, FAIR_TITLE));
    // The older story joins the younger one: its guid stays all the same.
    let printed = as_awa(&world, &["join", &ferry, &wells, &entry(&world, FAIR_TITLE), "-m", "Même affaire"]);
    assert!(printed.starts_with(&format!("2 entries joined to {ferry}:\n")), "{printed}");
    assert!(
        printed.contains(WELLS_TITLE) && printed.contains(FAIR_TITLE) && printed.contains(" files written"),
        "{printed}"
    );
    let item = world.items("mali").remove(0);
    assert_eq!((guids(&world).len(), item["id"].as_str()), (1, Some(before[WELLS_TITLE].as_str())));
    let also = item["_griot"]["sources"].as_array().expect("reports").len() - 1;
    assert_eq!(
        (also, &item["_griot"]["copies"], &item["_griot"]["independent"]),
        (2, &1.into(), &3.into()),
        "{item}"
    );
    let stories = listed(&world, "stories");
    assert_eq!(
        (stories.len(), stories[0]["entries"].as_array().map(Vec::len)),
        (1, Some(4)),
        "{stories:?}"
    );
    // A later run leaves it, and what comes is not lost.
    world.feed("aube.example", rss("aube.example", "L'Aube", &[item_race(), item_wells()]));
    "2026-03-01T16:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
    assert_eq!(story(&world, WELLS_TITLE), ferry);
    assert_eq!(guids(&world).len(), 1);
    // It is told who did it, and why.
    let told = show(&world, &ferry);
    let report = |title: &str| {
        let reports = told["entries"].as_array().expect("reports").iter();
        reports
            .into_iter()
            .find(|report| report["title"] == title)
            .expect("a report")
            .clone()
    };
    let joined = report(WELLS_TITLE);
    assert_eq!(joined["by_hand"]["editor"], "awa");
    assert_eq!(
        (&joined["by_hand"]["note"], &joined["decision"]["basis"]),
        (&"Même affaire".into(), &"join".into())
    );
    assert_eq!(
        (&report(FERRY_TITLE)["by_hand"], &report(COPY_TITLE)["told_by"]),
        (&Value::Null, &Value::Null)
    );
    let text = world.succeed(["show", &ferry]).out;
    assert!(text.contains("joined to the story by awa: Même affaire"), "{text}");
    assert!(text.contains(&format!("copy of {}", entry(&world, FERRY_TITLE))), "{text}");
    // Split again, each has the guid that it had.
    as_awa(&world, &["split", &ferry, &entry(&world, WELLS_TITLE)]);
    as_awa(&world, &["split", &ferry, &entry(&world, FAIR_TITLE), "--note", "Autre sujet"]);
    assert_eq!(guids(&world), before);
    assert_eq!((story(&world, WELLS_TITLE), story(&world, FAIR_TITLE)), (wells, fair.clone()));
    let told = show(&world, &fair);
    assert_eq!(told["entries"][0]["by_hand"]["note"], "Autre sujet");
    assert_eq!(
        (&told["entries"][0]["decision"]["basis"], &told["topics"][0]["guid"]),
        (&"split".into(), &before[FAIR_TITLE].clone().into())
    );
    "2026-03-02T16:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
    assert_eq!(guids(&world), before, "a later run leaves it");
}

fn item_race() -> crate::sample_feeds::Item {
    item("race", "A regatta", "Sun, 01 Mar 2026 15:00:00 GMT", RACE)
}

fn item_wells() -> crate::sample_feeds::Item {
    item("puits", WELLS_TITLE, NINE, WELLS)
}

#[test]
fn copies_go_with_their_original() {
    let world = world();
    let (wells, ferry) = (story(&world, WELLS_TITLE), story(&world, FERRY_TITLE));
    let before = guids(&world);
    world.succeed(["join", &wells, &ferry]);
    assert_eq!(guids(&world).len(), 2);
    let printed = world.succeed(["--json", "split", &wells, &entry(&world, FERRY_TITLE)]).out;
    let split: Value = serde_json::from_str(&printed).expect("one object");
    assert_eq!(
        (&split["kind"], split["entries"].as_array().map(Vec::len), &split["published"]),
        (&"split".into(), Some(2), &true.into())
    );
    assert_eq!(
        (story(&world, FERRY_TITLE), story(&world, COPY_TITLE)),
        (ferry.clone(), ferry.clone())
    );
    assert_eq!(guids(&world), before);
    let is_copy = |world: &World| listed(world, "entries").iter().filter(|entry| !entry["copy_of"].is_null()).count();
    assert_eq!(is_copy(&world), 1);
    // Without its original, a copy is a text of its own.
    world.succeed(["split", &ferry, &entry(&world, COPY_TITLE)]);
    assert_eq!((guids(&world).len(), is_copy(&world)), (4, 0));
    let new = story(&world, COPY_TITLE);
    assert_eq!(
        new[1..],
        entry(&world, COPY_TITLE)[1..],
        "it is named after the entry that founded it"
    );
    world.succeed(["join", &ferry, &new]);
    assert_eq!(guids(&world), before);
}

#[test]
fn what_cannot_be_moved_is_named_and_nothing_is_stored() {
    let world = world();
    let (wells, ferry, fair) = (story(&world, WELLS_TITLE), story(&world, FERRY_TITLE), story(&world, FAIR_TITLE));
    let (founder, copy, other) = (entry(&world, FERRY_TITLE), entry(&world, COPY_TITLE), entry(&world, FAIR_TITLE));
    let (before, files) = (world.dump(), world.files());
    for (arguments, message, hint) in [
        (
            vec!["split", &ferry, &other],
            format!("{other} is not in the story {ferry}"),
            format!("it is in {fair}"),
        ),
        (
            vec!["split", &ferry, &founder],
            format!("{founder} founded the story {ferry}"),
            "split the others".to_owned(),
        ),
        (vec!["split", "s00", &other], "no story".to_owned(), "griot list stories".to_owned()),
        (vec!["split", &ferry, "e00"], "no entry".to_owned(), "griot list entries".to_owned()),
        (
            vec!["join", &ferry, &wells, &ferry],
            format!("the story {ferry} cannot be joined to itself"),
            String::new(),
        ),
        (
            vec!["join", &ferry, &copy],
            format!("{copy} is in the story {ferry} already"),
            String::new(),
        ),
        (
            vec!["join", &ferry, "ezz"],
            "no entry and no story".to_owned(),
            "griot list entries".to_owned(),
        ),
    ] {
        let refused = world.griot(arguments.iter().copied());
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.err);
        assert!(
            refused.err.contains(&message) && refused.err.contains(&hint),
            "{arguments:?}: {}",
            refused.err
        );
    }
    // Its story would have no founder any more.
    world.succeed(["join", &ferry, &other]);
    let joined = (world.dump(), world.files());
    let refused = world.griot(["join", &wells, &founder]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains(&format!("join {ferry} as a whole")), "{}", refused.err);
    assert!((world.dump(), world.files()) == joined);
    world.succeed(["split", &ferry, &other]);
    let partition = |dump: &str| {
        let entries = dump
            .lines()
            .filter(|line| line.contains("\"kind\":\"entry\"") || line.contains("\"kind\":\"placement\""));
        entries.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(partition(&world.dump()).len(), partition(&before).len());
    assert_eq!(world.files().keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
}

#[test]
fn beside_a_run_nothing_is_moved() {
    let mut world = world();
    let (wells, ferry) = (story(&world, WELLS_TITLE), story(&world, FERRY_TITLE));
    let before = world.dump();
    let lock = hold_lock(&world);
    // The clock runs 600 times as fast, so that the wait for the lock is short.
    world.now += "*600";
    let refused = world.griot(["join", &wells, &ferry]);
    assert_eq!(refused.code, Some(75), "{}", refused.err);
    drop(lock);
    assert_eq!(world.dump(), before);
    world.succeed(["join", &wells, &ferry]);
    assert_eq!(guids(&world).len(), 2);
}
