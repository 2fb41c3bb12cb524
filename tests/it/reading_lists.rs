//! Lists of feeds on the web (`[[include_opml]]`): their feeds are followed as long as they are on the list, and a list that fails changes nothing.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, Item, WELLS, item, rss};
use crate::world::World;

const LIST: &str = "lists.example.org";
const DATE: &str = "Sun, 01 Mar 2026 10:00:00 GMT";

fn feed(world: &mut World, host: &str, items: &[Item]) {
    world.source(host, "", Answer::feed(rss(host, &format!("Le journal de {host}"), items)));
    world.remove_source(host);
}

fn list(world: &World, hosts: &[&str]) {
    let outlines = hosts
        .iter()
        .map(|host| format!("<outline type='rss' text='{host}' xmlUrl='http://{host}/feed'/>"));
    let outlines = outlines.collect::<Vec<_>>().concat();
    let text = format!("<opml version='2.0'><body><outline text='Presse &amp; radios'>{outlines}</outline></body></opml>");
    world.web.answer(LIST, "/press.opml", Answer::feed(text));
}

/// A world that includes a list of three invented outlets, and a topic of all that are on it.
fn world() -> World {
    let mut world = World::new();
    world.settings += "\n[[include_opml]]\nurl = \"http://lists.example.org/press.opml\"\ntags = [\"liste\"]\n";
    world.topics.clear();
    world.topics += "[[topic]]\nid = \"liste\"\nquery = \"tag:liste tag:presse-radios\"\nmax_share = \"100%\"\n";
    feed(&mut world, "aube.example", &[item("bac", "Le bac reprend", DATE, FERRY)]);
    feed(&mut world, "puits.example", &[item("puits", "Quarante puits", DATE, WELLS)]);
    feed(&mut world, "foire.example", &[item("foire", "La foire ouvre", DATE, FAIR)]);
    feed(&mut world, LIST, &[]);
    list(&world, &["aube.example", "puits.example"]);
    world
}

fn run_at(world: &mut World, now: &str) {
    now.clone_into(&mut world.now);
    world.succeed(["fetch"]);
}

fn titles(world: &World) -> Vec<String> {
    let mut titles: Vec<String> = world
        .items("liste")
        .iter()
        .map(|item| item["title"].as_str().unwrap_or_default().to_owned())
        .collect();
    titles.sort();
    titles
}

/// The feeds that `griot status` tells of the list.
fn status(world: &World) -> serde_json::Value {
    let said = world.succeed(["status", "--json"]).out;
    let lines = said
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    lines.into_iter().find(|line| line.get("list").is_some()).expect("the list")
}

#[test]
fn feeds_come_and_go_with_their_list() {
    let mut world = world();
    assert!(world.succeed(["check"]).out.contains("1 topics"));
    run_at(&mut world, "2026-03-01T12:00:00Z");
    assert_eq!(titles(&world), ["Le bac reprend", "Quarante puits"]);
    assert!(world.succeed(["list", "sources"]).out.contains("aube"));
    run_at(&mut world, "2026-03-01T18:00:00Z");
    assert_eq!(world.requests(LIST).len(), 1, "it is asked for once a day");

    list(&world, &["aube.example", "puits.example", "foire.example"]);
    run_at(&mut world, "2026-03-02T13:00:00Z");
    assert_eq!(titles(&world), ["La foire ouvre", "Le bac reprend", "Quarante puits"]);
    assert_eq!(
        (&status(&world)["added"], &status(&world)["removed"]),
        (&serde_json::json!(["foire"]), &serde_json::json!([]))
    );

    list(&world, &["foire.example", "puits.example"]);
    let before = world.requests("aube.example").len();
    run_at(&mut world, "2026-03-03T14:00:00Z");
    run_at(&mut world, "2026-03-04T01:00:00Z");
    assert_eq!(world.requests("aube.example").len(), before, "it is not followed any more");
    assert_eq!(
        titles(&world),
        ["La foire ouvre", "Le bac reprend", "Quarante puits"],
        "what was told stays"
    );
    let said = world.succeed(["status"]).out;
    assert!(said.contains("removed") && said.contains("feeds, read"), "{said}");
    assert_eq!(status(&world)["removed"], serde_json::json!(["aube"]));
    run_at(&mut world, "2026-03-13T14:00:00Z");
    assert_eq!(
        (&status(&world)["added"], &status(&world)["removed"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
}

#[test]
fn a_list_that_fails_stays_what_it_was() {
    let mut world = world();
    run_at(&mut world, "2026-03-01T12:00:00Z");
    for (answer, now, word) in [
        (Answer::status(404), "2026-03-02T13:00:00Z", "404"),
        (
            Answer::page("<html><body><h1>Maintenance</h1></body></html>"),
            "2026-03-03T14:00:00Z",
            "no OPML",
        ),
        (Answer::feed("<opml><body></body></opml>"), "2026-03-04T15:00:00Z", "no feeds"),
        (
            Answer::feed("<opml><body><outline xmlUrl='http://aube.example/feed'/><outline xmlUrl='http://pui"),
            "2026-03-05T16:00:00Z",
            "in the middle",
        ),
    ] {
        world.web.answer(LIST, "/press.opml", answer);
        let before = world.requests("puits.example").len();
        run_at(&mut world, now);
        assert!(world.requests("puits.example").len() > before, "{word}: it is followed");
        let list = status(&world);
        assert_eq!(list["feeds"], 2, "{word}");
        assert!(
            list["problem"].as_str().is_some_and(|problem| problem.contains(word)),
            "{word}: {list}"
        );
        assert!(world.succeed(["status", "--problems"]).out.contains(word), "{word}");
    }
    list(&world, &["aube.example", "puits.example"]);
    run_at(&mut world, "2026-03-05T18:00:00Z");
    assert_eq!(
        status(&world)["problem"],
        serde_json::Value::Null,
        "it is tried again after an hour"
    );
}

#[test]
fn a_source_of_the_configuration_is_not_taken_from_a_list() {
    let mut world = world();
    world.topics += "\n[[source]]\nid = \"mein\"\nurl = \"https://www.aube.example/feed/\"\nenabled = false\n\
                     [[source]]\nid = \"puits\"\nurl = \"http://other.example.org/feed\"\nenabled = false\n";
    run_at(&mut world, "2026-03-01T12:00:00Z");
    assert_eq!(world.requests("aube.example").len(), 0, "it is disabled there");
    assert_eq!(world.requests("puits.example").len(), 1);
    let said = world.succeed(["list", "sources"]).out;
    assert!(
        said.contains("puits-2") && !said.lines().any(|line| line.starts_with("aube ")),
        "{said}"
    );
    let ran = world.succeed(["fetch", "puits-2", "--force"]);
    assert_eq!(world.requests("puits.example").len(), 2, "{}", ran.err);
    assert_eq!(world.requests(LIST).len(), 1);
}

#[test]
fn a_hostile_list_reaches_no_private_network() {
    let mut world = world();
    world.settings = world.settings.replace("host_delay", "allow_private_networks = true\nhost_delay");
    world.set_address("puits.example", "10.0.0.8");
    list(&world, &["aube.example", "puits.example", "127.0.0.1", "intranet"]);
    run_at(&mut world, "2026-03-01T12:00:00Z");
    assert_eq!(world.requests("aube.example").len(), 1);
    assert_eq!(world.requests("puits.example").len(), 0, "its name leads into a private network");
    assert_eq!(status(&world)["feeds"], 2);
}
