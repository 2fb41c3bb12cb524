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

#[test]
fn commands_that_edit_the_file_at_the_same_time_lose_nothing() {
    let mut world = World::new();
    let ids: Vec<String> = (0..12).map(|number| format!("s{number}")).collect();
    for id in &ids {
        world.feed(&format!("{id}.example"), "");
    }
    fs::write(world.path("desk.toml"), world.feeds_toml()).expect("desk.toml");
    std::thread::scope(|scope| {
        for id in &ids {
            let world = &world;
            scope.spawn(move || {
                let edited = world.griot(["--config", "desk.toml", "edit", id, "every=7h"]);
                assert_eq!(edited.code, Some(0), "{}", edited.err);
            });
        }
    });
    let text = fs::read_to_string(world.path("desk.toml")).expect("desk.toml");
    assert_eq!(text.matches("every = \"7h\"").count(), ids.len(), "{text}");
}

#[test]
fn an_edit_after_which_a_rule_would_have_mistakes_is_refused() {
    let mut world = world();
    world.topics = "[[topic]]\nid = \"bac\"\nquery = \"tag:mali\"\n".to_owned();
    let before = world.feeds_toml();
    let ran = world.griot(["edit", "bac", "tags="]);
    assert!(ran.code == Some(78) && ran.err.contains("tag:mali"), "{}", ran.err);
    let ran = world.griot(["edit", "bac", "id=ferry"]);
    assert!(ran.code == Some(78) && ran.err.contains("griot rename bac ferry"), "{}", ran.err);
    assert_eq!(fs::read_to_string(world.path("feeds.toml")).expect("feeds.toml"), before);
}

#[test]
fn a_byte_order_mark_stays_and_a_read_only_file_too() {
    let world = world();
    let path = world.path("desk.toml");
    fs::write(&path, format!("\u{feff}{}", world.feeds_toml())).expect("desk.toml");
    world.succeed(["--config", "desk.toml", "edit", "bac", "every=7h"]);
    let text = fs::read_to_string(&path).expect("desk.toml");
    assert!(text.starts_with("\u{feff}[site]") && text.contains("7h"), "{text}");
    let mut permissions = fs::metadata(&path).expect("desk.toml").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("set");
    let ran = world.griot(["--config", "desk.toml", "edit", "bac", "every=8h"]);
    assert!(ran.code == Some(78) && ran.err.contains("read-only"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&path).expect("desk.toml"), text);
}
