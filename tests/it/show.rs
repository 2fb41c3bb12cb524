//! `griot show`: entries with their versions and where they came from, stories with their reports; and the lines of `griot list stories`.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const TEN: &str = "Sun, 01 Mar 2026 10:00:00 GMT";

fn set_feed(world: &mut World, title: &str, body: &str) {
    let feed = rss("aube.example", "L'Aube", &[item("bac", title, NINE, body)]);
    world.source("aube.example", "country = \"ML\"", Answer::feed(feed));
}

fn fetch(world: &mut World, now: &str) {
    now.clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Returns the short id of the entry of a source.
fn entry(world: &World, source: &str) -> String {
    let entries = json_lines(&world.succeed(["--json", "list", "entries"]).out);
    let found = entries.iter().find(|entry| entry["source"] == source).expect("an entry");
    format!("e{}", &found["id"].as_str().expect("an id")[..8])
}

#[test]
fn the_versions_of_an_entry_are_shown_with_the_words_that_changed() {
    let mut world = World::new();
    set_feed(&mut world, "Le bac repart lundi", FERRY);
    world.succeed(["fetch"]);
    set_feed(&mut world, "Le bac repart mardi", FERRY);
    fetch(&mut world, "2026-03-01T14:00:00Z");
    let longer = FERRY.replace("deux cents francs", "trois cents francs, enfants exceptés,");
    set_feed(&mut world, "Le bac repart mardi", &longer);
    fetch(&mut world, "2026-03-01T16:00:00Z");
    let id = entry(&world, "aube");
    assert_eq!(
        world.succeed(["show", &id, "--revisions"]).out,
        "1. 2026-03-01 12:00 UTC  Le bac repart lundi\n\
         2. 2026-03-01 14:00 UTC  Le bac repart mardi\n   title: Le bac repart [-lundi-] {+mardi+}\n\
         3. 2026-03-01 16:00 UTC  Le bac repart mardi\n   content: du port. Le passage coûtera [-deux-] {+trois+} cents francs, enfants exceptés, pour\n   \
         content: Le passage coûtera trois cents [-francs-] {+francs, enfants exceptés,+} pour une personne et mille\n"
    );
    let versions = json_lines(&world.succeed(["--json", "show", &id, "--revisions"]).out);
    assert_eq!(versions.len(), 3);
    assert_eq!(
        versions[1]["changes"],
        serde_json::json!([{"part": "title", "before": "Le bac repart", "out": "lundi", "in": "mardi", "after": ""}])
    );
    assert_eq!(
        (&versions[1]["seen"], &versions[2]["number"]),
        (&"2026-03-01T14:00:00Z".into(), &3.into())
    );
    let shown = world.succeed(["show", &id]).out;
    assert!(shown.contains(&format!("changed 2 times: griot show {id} --revisions")), "{shown}");
}

#[test]
fn versions_that_are_not_kept_are_counted() {
    let mut world = World::new();
    set_feed(&mut world, "Le bac 0", FERRY);
    world.succeed(["fetch"]);
    for number in 1..=12 {
        set_feed(&mut world, &format!("Le bac {number}"), FERRY);
        fetch(&mut world, &format!("2026-03-{:02}T12:00:00Z", number + 1));
    }
    let versions = json_lines(&world.succeed(["--json", "show", &entry(&world, "aube"), "--revisions"]).out);
    let numbers: Vec<(u64, u64)> = versions
        .iter()
        .map(|version| {
            (
                version["number"].as_u64().expect("a number"),
                version["lost"].as_u64().expect("a number"),
            )
        })
        .collect();
    assert_eq!(
        numbers,
        [
            (1, 0),
            (2, 0),
            (3, 0),
            (4, 0),
            (5, 0),
            (8, 2),
            (9, 0),
            (10, 0),
            (11, 0),
            (12, 0),
            (13, 0)
        ]
    );
    assert_eq!(
        (&versions[5]["seen"], &versions[6]["seen"]),
        (&Value::Null, &"2026-03-09T12:00:00Z".into())
    );
    let text = world.succeed(["show", &entry(&world, "aube"), "--revisions"]).out;
    assert!(text.contains("… 2 versions that are not kept\n"), "{text}");
}

#[test]
fn an_entry_is_shown_with_what_was_decided_about_it_and_where_it_came_from() {
    let mut world = World::new();
    set_feed(&mut world, "Mali : le bac repart", FERRY);
    let copy = rss("bafing.example", "Bafing", &[item("1", "On traverse", TEN, FERRY)]);
    world.feed("bafing.example", copy);
    world.succeed(["fetch"]);
    let (id, copy) = (entry(&world, "aube"), entry(&world, "bafing"));
    let shown = world.succeed(["show", &id]).out;
    let story = format!("s{}", &id[1..]);
    for line in [
        format!("{id}  Mali : le bac repart"),
        "by The aube (aube, ML)".to_owned(),
        "http://aube.example/bac".to_owned(),
        "published 2026-03-01 09:00 UTC, first seen 2026-03-01 12:00 UTC".to_owned(),
        "in fr, about ML, regions: ML-4".to_owned(),
        format!("copied by {copy} bafing: On traverse"),
        format!("in the story {story}, which it leads"),
    ] {
        assert!(shown.lines().any(|own| own == line), "{line}: {shown}");
    }
    let guid = world.items("mali")[0]["id"].as_str().expect("a guid").to_owned();
    assert!(shown.contains(&format!("in mali since 2026-03-01 12:00 UTC: {guid}")), "{shown}");
    assert!(!shown.contains("--revisions"), "it was never changed");
    let value = &json_lines(&world.succeed(["--json", "show", &copy]).out)[0];
    assert_eq!(value["copy_of"].as_str().map(|original| &original[..8]), Some(&id[1..]));
    assert_eq!(
        (&value["items"][0]["guid"], &value["leads"], &value["changes"]),
        (&guid.into(), &false.into(), &0.into())
    );
    assert_eq!(value["decisions"].as_array().map(Vec::len), Some(1));
    let from = &json_lines(&world.succeed(["--json", "show", &id, "--provenance"]).out)[0];
    assert_eq!(
        (&from["of"], &from["status"], &from["url"]),
        (&"feed".into(), &200.into(), &"http://aube.example/feed".into())
    );
    let text = world.succeed(["show", &id, "--provenance"]).out;
    assert!(
        text.starts_with("feed 2026-03-01 12:00 UTC  200 http://aube.example/feed ("),
        "{text}"
    );
}

#[test]
fn a_story_is_shown_with_its_reports_and_listed_with_its_outlets() {
    let mut world = World::new();
    set_feed(&mut world, "Mali : le bac repart", FERRY);
    world.feed(
        "bafing.example",
        rss("bafing.example", "Bafing", &[item("1", "On traverse", TEN, FERRY)]),
    );
    world.feed(
        "courrier.example",
        rss("courrier.example", "Courrier", &[item("2", "Des puits", TEN, WELLS)]),
    );
    world.succeed(["fetch"]);
    let (id, copy) = (entry(&world, "aube"), entry(&world, "bafing"));
    let story = format!("s{}", &id[1..]);
    let lines = world.succeed(["list", "stories"]).out;
    let expected = format!("{story} 2026-03-01 12:00 UTC 2 entries, 1 independent, The aube, The bafing  Mali : le bac repart");
    assert!(lines.lines().any(|line| line == expected), "{lines}");
    let shown = world.succeed(["show", &story]).out;
    for line in [
        format!("{story}  Mali : le bac repart"),
        "founded 2026-03-01 12:00 UTC, 2 entries, 1 independent".to_owned(),
        format!("{id}  Mali : le bac repart  (leads)"),
        "  The aube, ML, 2026-03-01 09:00 UTC, fr".to_owned(),
        format!("  The bafing, 2026-03-01 10:00 UTC, fr, copy of {id}, not counted as independent"),
    ] {
        assert!(shown.lines().any(|own| own == line), "{line}: {shown}");
    }
    let value = &json_lines(&world.succeed(["--json", "show", &story]).out)[0];
    let reports = value["entries"].as_array().expect("reports");
    assert_eq!((value["independent"].as_u64(), reports.len()), (Some(1), 2));
    assert_eq!(reports[0]["told_by"], serde_json::json!({"source": "aube"}));
    assert_eq!(
        (&reports[1]["copy_of"].as_str().map(|id| id[..8].to_owned()), &reports[1]["told_by"]),
        (&Some(id[1..].to_owned()), &Value::Null)
    );
    assert!(
        reports
            .iter()
            .all(|report| report["decision"]["basis"].is_string() && report["decision"]["at"].is_string())
    );
    assert_eq!(value["topics"][0]["topic"], "mali");
    // A topic of single entries holds the story too.
    world.topics += "\n[[topic]]\nid = \"tout\"\nany = [\"bac\"]\nstories = \"off\"\n";
    world.succeed(["publish"]);
    let stories = json_lines(&world.succeed(["--json", "list", "stories"]).out);
    let listed = stories
        .iter()
        .find(|listed| listed["title"] == "Mali : le bac repart")
        .expect("the story");
    assert_eq!(listed["topics"], serde_json::json!(["mali", "tout"]));
    for key in ["id", "lead", "entries", "independent", "first_seen"] {
        assert!(!listed[key].is_null(), "{key}: {listed}");
    }
    let refused = world.griot(["show", &story, "--revisions"]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    for (id, message) in [("s00zz", "no entry and no story"), (&copy[1..], "On traverse")] {
        let shown = world.griot(["show", id]);
        assert!((shown.out + &shown.err).contains(message), "{id}");
    }
}
