//! `griot edit`, `enable` and `disable` change one source in feeds.toml and keep every other byte.

use crate::fake_web::Answer;
use crate::world::World;
use std::fs;

fn world() -> World {
    let mut world = World::new();
    world.source(
        "bac.example.org",
        "# by hand\ntags = [ \"mali\" ]   # more to come",
        Answer::feed(""),
    );
    world
}

#[test]
fn a_source_is_changed_and_the_rest_stays_byte_for_byte() {
    let world = world();
    let before = world.feeds_toml();
    world.succeed(["edit", "bac", "url=https://www.bac.example.org/it's?a=b", "tls=allow-expired"]);
    let after = fs::read_to_string(world.path("feeds.toml")).expect("feeds.toml");
    let expected = before.replace("\"http://bac.example.org/feed\"", "\"https://www.bac.example.org/it's?a=b\"");
    assert_eq!(after.replace("tls = \"allow-expired\"\n", ""), expected);
    assert_ne!(after, expected);
    world.succeed(["disable", "bac"]);
    assert!(
        fs::read_to_string(world.path("feeds.toml"))
            .expect("feeds.toml")
            .contains("enabled = false")
    );
    world.succeed(["enable", "bac"]);
    assert_eq!(fs::read_to_string(world.path("feeds.toml")).expect("feeds.toml"), before);
}

#[test]
fn an_edit_that_is_refused_is_explained_and_writes_nothing() {
    let world = world();
    for (arguments, code, words) in [
        (&["edit", "bec", "every=2h"][..], 78, "is it `bac`?"),
        (&["edit", "bac", "every=often"], 78, "every"),
        (&["edit", "bac", "every"], 2, "key=value"),
        (&["edit", "bac"], 2, "KEY=VALUE"),
        (&["disable", "Not An Id"], 2, "id"),
    ] {
        let ran = world.griot(arguments.iter().copied());
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
        assert_eq!(
            fs::read_to_string(world.path("feeds.toml")).expect("feeds.toml"),
            world.feeds_toml()
        );
    }
}
