//! Why entries are in topics or not, what a changed rule would do, and how a rule does on labelled entries.

use crate::sample_feeds::{FERRY, Item, RACE, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const EARLIER: &str = "Sat, 28 Feb 2026 09:00:00 GMT";
const STATE: &str = "<p>The governor of Niger State opened a market in Minna on Sunday, and asked traders to keep the drains clean before the \
rains begin in the north of the state.</p>";

fn items() -> [Item; 4] {
    [
        item("bac", "Le bac de Dioro reprend", DATE, FERRY),
        item("puits", "Quarante puits au Mali", EARLIER, WELLS),
        item("race", "A regatta", DATE, RACE),
        item("minna", "Niger State opens a market", DATE, STATE),
    ]
}

fn world() -> World {
    let mut world = World::new();
    world.topics += "\n[[topic]]\nid = \"transports\"\ntitle = \"Transports\"\nmin_score = 0.2\n\
        query = '''@sahel (bac OR \"route nationale\" OR NEAR/3(moteurs neufs)) -title:regatta lang:fr -kind:aggregator'''\n\
        \n[[topic]]\nid = \"niger\"\ntitle = \"Niger\"\nquery = \"@niger (@politics OR marché)\"\n";
    world.feed(HOST, rss(HOST, "L'Aube", &items()));
    world.succeed(["fetch"]);
    world
}

/// Returns the short id of the entry with this title.
fn entry(world: &World, title: &str) -> String {
    let lines = world.succeed(["--json", "list", "entries"]).out;
    let mut values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let found = values.find(|value| value["title"].as_str() == Some(title)).expect("the entry");
    format!("e{}", &found["id"].as_str().expect("an id")[..8])
}

#[test]
fn explain_tells_why_an_entry_is_in_topics_or_not() {
    let world = world();
    let mut text = String::new();
    for title in ["Le bac de Dioro reprend", "Niger State opens a market"] {
        text += &world.succeed(["explain", &entry(&world, title)]).out;
        text += "\n──\n";
    }
    insta::assert_snapshot!(text);
}
