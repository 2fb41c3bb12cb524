//! `griot db rebuild`: the same stories again, and the same published items.

use crate::sample_feeds::{FERRY, RACE, WELLS, item, rss};
use crate::world::World;

const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const TEN: &str = "Sun, 01 Mar 2026 10:00:00 GMT";

#[test]
fn the_stories_of_a_sound_database_are_derived_as_they_were_and_nothing_published_changes() {
    let mut world = World::new();
    let items = [item("bac", "Le bac repart", NINE, FERRY), item("course", "La course", TEN, RACE)];
    world.feed("aube.example", rss("aube.example", "aube.example", &items));
    let items = [item("1", "On traverse", TEN, FERRY), item("2", "Quarante puits", NINE, WELLS)];
    world.feed("bafing.example", rss("bafing.example", "bafing.example", &items));
    world.succeed(["fetch"]);
    let (dump, published) = (world.dump(), world.published_files());
    let told: serde_json::Value = serde_json::from_str(&world.succeed(["db", "rebuild", "--json"]).out).expect("JSON");
    let expected = serde_json::json!({"entries": 4, "changed_entries": 0, "stories": 3, "changed_stories": 0, "indexed": 4});
    assert_eq!(told, expected);
    assert_eq!((world.dump(), world.published_files()), (dump.clone(), published.clone()));
    assert_eq!(
        world.succeed(["db", "rebuild"]).out,
        "entries                 4   0 changed\nstories                 3   0 changed\nindexed                 4\n"
    );
    assert_eq!(world.succeed(["db", "rebuild", "-q"]).out, "");
    world.succeed(["fetch"]);
    assert_eq!(world.dump(), dump);
    assert_eq!(world.published_files(), published);
}
