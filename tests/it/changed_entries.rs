//! Changed entries, rules, topics and sources change the output that they concern, and no other.

use crate::sample_feeds::{FAIR, FERRY, RACE, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

fn world(title: &str) -> World {
    let mut world = World::new();
    set_feed(&mut world, title);
    world.succeed(["fetch"]);
    world
}

fn set_feed(world: &mut World, title: &str) {
    let items = [
        item("bac", title, DATE, FERRY),
        item("foire", "La foire", DATE, FAIR),
        item("race", "A race", DATE, RACE),
    ];
    world.feed(HOST, rss(HOST, "L'Aube", &items));
}

fn ferry(world: &World) -> Value {
    let items = world.items("mali");
    items
        .into_iter()
        .find(|item| item["url"] == "http://aube.example/bac")
        .expect("the ferry")
}

#[test]
fn a_changed_entry_moves_updated_and_keeps_its_guid_and_date() {
    let mut world = world("Le bac repart");
    let before = ferry(&world);
    set_feed(&mut world, "Le bac repart mardi");
    world.now = "2026-03-01T15:00:00Z".to_owned();
    world.succeed(["fetch"]);
    let after = ferry(&world);
    assert_eq!(after["title"], "Le bac repart mardi");
    assert_eq!((&after["id"], &after["date_published"]), (&before["id"], &before["date_published"]));
    assert_eq!(before["_griot"]["first_published"], "2026-03-01T12:00:00Z");
    assert_eq!(after["_griot"]["first_published"], "2026-03-01T12:00:00Z");
    assert_eq!(after["date_modified"], "2026-03-01T15:00:00Z");
    assert!(world.dump().contains("\"kind\":\"revision\""), "the former text is kept");
    assert_eq!(world.items("mali").len(), 2);
}

#[test]
fn an_entry_that_leaves_its_feed_stays_in_the_topic_feed() {
    let mut world = world("Le bac repart");
    world.feed(
        HOST,
        rss(
            HOST,
            "L'Aube",
            &[item("puits", "Des puits", "Sun, 01 Mar 2026 14:00:00 GMT", WELLS)],
        ),
    );
    world.now = "2026-03-01T15:00:00Z".to_owned();
    world.succeed(["fetch"]);
    let titles: Vec<Value> = world.items("mali").into_iter().map(|item| item["title"].clone()).collect();
    assert_eq!(titles[0], "Des puits", "the newest first");
    assert_eq!(titles.len(), 3);
}

#[test]
fn a_new_rule_is_applied_to_stored_entries() {
    let mut world = world("Le bac repart");
    world.topics = world.topics.replace("\"Mali\"]", "\"regatta\"]");
    world.now = "2026-03-01T15:00:00Z".to_owned();
    world.succeed(["fetch"]);
    let titles: Vec<Value> = world.items("mali").into_iter().map(|item| item["title"].clone()).collect();
    assert_eq!(titles, ["A race"]);
}

#[test]
fn a_rule_that_comes_back_brings_the_same_guids_back() {
    let mut world = world("Le bac repart");
    let (guid, topics) = (ferry(&world)["id"].clone(), world.topics.clone());
    world.topics = topics.replace("\"Mali\"]", "\"regatta\"]");
    world.succeed(["fetch"]);
    world.topics = topics;
    world.succeed(["fetch"]);
    assert_eq!(ferry(&world)["id"], guid);
}

#[test]
fn the_files_of_a_removed_topic_are_removed_and_no_others() {
    let mut world = world("Le bac repart");
    let topics = world.topics.clone();
    world.topics += "\n[[topic]]\nid = \"sport\"\ntitle = \"Sport\"\nany = [\"regatta\"]\n";
    world.succeed(["fetch"]);
    assert_eq!(world.items("sport").len(), 1);
    std::fs::write(world.out().join("sport.notes.html"), "ours").expect("a file of the operator's");
    world.topics = topics;
    world.succeed(["fetch"]);
    let left: Vec<String> = world.files().into_keys().filter(|name| name.contains("sport")).collect();
    assert_eq!(left, ["sport.notes.html"]);
    assert!(!world.published("index.html").contains("sport"));
    assert_eq!(world.items("mali").len(), 2);
}

#[test]
fn what_a_removed_source_brought_stays_until_it_ages_out() {
    let world = world("Le bac repart");
    let before = world.files();
    let config = world.feeds_toml();
    let without = config.split("[[source]]").next().unwrap_or_default().to_owned();
    let mut command = world.command(["publish"]);
    std::fs::write(world.path("feeds.toml"), without).expect("feeds.toml");
    assert_eq!(world.finished(&command.output().expect("griot starts")).code, Some(0));
    let items = world.items("mali");
    assert_eq!(items.len(), 2);
    assert!(
        !world.published("mali.opml").contains("aube.example"),
        "it is no source of the topic any more"
    );
    world.succeed(["publish"]);
    assert!(world.files() == before);
}

#[test]
fn publishing_to_another_folder_writes_the_same_files() {
    let world = world("Le bac repart");
    let before = world.files();
    world.succeed(["publish", "--out", "elsewhere"]);
    for (name, bytes) in before.iter().filter(|(name, _)| !name.starts_with('.')) {
        assert!(
            std::fs::read(world.path("elsewhere").join(name)).is_ok_and(|other| other == *bytes),
            "{name}"
        );
    }
    assert!(world.files() == before);
}
