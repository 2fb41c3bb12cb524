//! Where items are about: points and regions in the published feeds, and what finds entries by them.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::world::World;

const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const HOST: &str = "aube.example";

/// A world that was fetched once: a story of a town, one of two regions, and one of the whole country.
fn world() -> World {
    let mut world = World::new();
    let items = [
        item("bac", "Mali : un bac relie les rives à Ménaka", NINE, FERRY),
        item("puits", "Mali : des puits à Nara et à Kidal", NINE, WELLS),
        item(
            "foire",
            "Mali : la foire du livre",
            NINE,
            "Trois jours de lectures, de débats et de livres.",
        ),
    ];
    world.source(HOST, "country = \"ML\"", Answer::feed(rss(HOST, "L'Aube", &items)));
    world.succeed(["fetch"]);
    world
}

#[test]
fn an_item_about_one_region_has_a_point_in_each_feed() {
    let world = world();
    for name in ["mali.xml", "mali.atom.xml"] {
        let feed = world.published(name);
        assert!(feed.contains("xmlns:georss=\"http://www.georss.org/georss\""), "{name}: {feed}");
        assert_eq!(feed.matches("<georss:point>").count(), 1, "{name}: {feed}");
        assert!(feed.contains("<georss:point>15.92 2.40</georss:point>"), "{name}: {feed}");
        assert!(
            feed.contains("<georss:featureName>Gao, Ménaka</georss:featureName>"),
            "{name}: {feed}"
        );
    }
    let places = |title: &str| {
        let items = world.items("mali");
        let item = items
            .iter()
            .find(|item| item["title"].as_str().is_some_and(|own| own.contains(title)));
        item.expect("an item")["_griot"].get("places").cloned()
    };
    let of_town = serde_json::json!([{"code": "ML-7", "name": "Gao, Ménaka", "lat": 15.92, "lon": 2.4}]);
    assert_eq!(places("bac"), Some(of_town));
    let of_two = places("puits").expect("places");
    let codes: Vec<&str> = of_two
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|place| place["code"].as_str())
        .collect();
    assert_eq!(codes, ["ML-2", "ML-8"]);
    assert_eq!(places("foire"), None);
}

#[test]
fn entries_are_found_by_their_region() {
    let world = world();
    let found = world.succeed(["--json", "search", "about:ml-7"]).out;
    assert!(found.contains("bac") && found.lines().count() == 1, "{found}");
    assert!(found.contains("\"regions\":[\"ML-7\"]"), "{found}");
    let entry: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let id = entry["id"].as_str().expect("an id");
    assert!(world.succeed(["show", id]).out.contains("about ML, regions: ML-7"));
    assert!(world.succeed(["explain", id]).out.contains("regions: ML-7"));
    let tested = world.succeed(["topic", "test", "mali", "--query", "about:ML-8"]).out;
    assert!(tested.contains("1 items, 3 before"), "{tested}");
    let wrong = world.griot(["search", "about:ML-77"]);
    assert!(wrong.code != Some(0) && wrong.err.contains("regions are ML-1"), "{}", wrong.err);
}
