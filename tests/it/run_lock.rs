//! The run lock: who has to wait for whom, and what needs no lock.

use crate::sample_feeds::{FERRY, item, rss};
use crate::world::World;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};

const HOST: &str = "aube.example";

fn world() -> World {
    let mut world = World::new();
    let entry = item("bac", "Le bac de Dioro repart", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY);
    world.feed(HOST, rss(HOST, "L'Aube", &[entry]));
    world
}

/// Takes the run lock of the world's database, as another process would.
pub fn hold_lock(world: &World) -> File {
    let lock = File::create(world.path("griot.db.lock")).expect("a lock file");
    lock.lock().expect("the lock");
    lock
}

#[test]
fn the_lock_comes_before_the_database() {
    let world = world();
    let lock = hold_lock(&world);
    let ran = world.griot(["fetch"]);
    assert_eq!(ran.code, Some(75), "{}", ran.err);
    assert!(!world.path("griot.db").exists(), "it is not even created");
    drop(lock);
    world.succeed(["fetch"]);
}

#[cfg(unix)]
#[test]
fn two_spellings_of_a_database_have_one_lock() {
    let world = world();
    world.succeed(["fetch"]);
    let _lock = hold_lock(&world);
    std::os::unix::fs::symlink(world.path(""), world.path("link")).expect("a link to the folder");
    std::os::unix::fs::symlink("griot.db", world.path("other.db")).expect("a link to the file");
    for spelling in ["link/griot.db", "other.db", "./public/../griot.db"] {
        let ran = world.griot(["fetch", "--db", spelling]);
        assert_eq!(ran.code, Some(75), "{spelling}: {}", ran.err);
    }
}

#[test]
fn publish_waits_for_a_run_to_end() {
    let world = world();
    world.succeed(["fetch"]);
    let lock = hold_lock(&world);
    let mut publish = world.spawn(["-v", "publish"]);
    let mut stderr = BufReader::new(publish.child().stderr.take().expect("a pipe"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("a line");
    assert!(line.contains("waiting for another run to end"), "{line}");
    drop(lock);
    assert_eq!(publish.end(&world).code, Some(0));
}

#[test]
fn a_dry_run_creates_nothing_and_needs_no_lock() {
    let mut world = world();
    let listed = world.succeed(["fetch", "--dry-run", "--db", "state/griot.db"]);
    assert_eq!(listed.out, "aube\n", "without a database each source is due");
    world.succeed(["fetch", "--dry-run"]);
    for name in ["state", "griot.db", "griot.db.lock"] {
        assert!(!world.path(name).exists(), "{name}");
    }
    world.succeed(["fetch"]);
    world.feed("bafing.example", rss("bafing.example", "Bafing", &[]));
    let _lock = hold_lock(&world);
    let before = fs::read(world.path("griot.db")).expect("the database");
    assert_eq!(world.succeed(["fetch", "--dry-run"]).out, "bafing\n");
    assert!(fs::read(world.path("griot.db")).expect("the database") == before);
    // What is in its log counts as written, too.
    let stats: serde_json::Value = serde_json::from_str(&world.succeed(["--json", "db", "stats"]).out).expect("JSON");
    assert_eq!(stats["sources"], 1, "the new source is not stored");
}
