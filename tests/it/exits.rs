//! Every exit code that scripts rely on.

use crate::news::{FERRY, item, rss};
use crate::web::Answer;
use crate::world::World;
use std::fs::{self, File};

fn ferry(host: &str) -> String {
    let told = item("bac", "Le bac de Dioro repart", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY);
    rss(host, "L'Aube", &[told])
}

fn small() -> World {
    let mut world = World::new();
    world.feed("aube.example", ferry("aube.example"));
    world
}

#[test]
fn a_good_run_ends_with_0() {
    assert_eq!(small().griot(["fetch"]).code, Some(0));
}

#[test]
fn a_quiet_good_run_says_nothing() {
    let ran = small().good(["-q", "fetch"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let world = small();
    for arguments in [
        vec!["fetsch"],
        vec!["fetch", "--fail-on", "many"],
        vec!["fetch", "--now", "soon"],
        vec!["fetch", "--resolve", "nothing-there"],
        vec!["fetch", "no-such-source"],
        vec!["publish", "no-such-topic"],
        vec!["list"],
    ] {
        let ran = world.griot(arguments.clone());
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("error"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn offline_is_one_line_and_3_and_nobody_is_blamed() {
    let mut world = World::new();
    for host in ["aube.example.org", "bafing.example.org", "courrier.example.org"] {
        world.feed(host, ferry(host));
    }
    let ran = world.griot(["-q", "fetch", "--resolve", "/dev/null"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.lines().count()),
        (Some(3), "", 1),
        "{}",
        ran.err
    );
    assert!(ran.err.starts_with("offline"), "{}", ran.err);
    let status = world.good(["status", "--json"]).out;
    assert_eq!(status.matches("\"failures\":0").count(), 3, "{status}");
    let ran = world.good(["fetch", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(summary["sources"]["fresh"], 3, "nothing was backed off");
    assert_eq!(world.items("mali").len(), 1);
}

#[test]
fn too_many_failures_end_with_3() {
    let mut world = small();
    world.source("bafing.example", "", Answer::status(500));
    world.source("courrier.example", "", Answer::status(404));
    assert_eq!(world.griot(["fetch", "--fail-on", "67%"]).code, Some(0));
    assert_eq!(world.griot(["fetch", "--force", "--fail-on", "50%"]).code, Some(3));
    assert_eq!(world.items("mali").len(), 1, "the good source is published all the same");
}

#[test]
fn two_of_two_that_fail_are_too_few_to_alarm() {
    let mut world = World::new();
    world.source("bafing.example", "", Answer::status(500));
    world.source("courrier.example", "", Answer::status(404));
    assert_eq!(world.griot(["fetch"]).code, Some(0));
}

#[test]
fn output_that_cannot_be_written_ends_with_73_and_loses_nothing() {
    let world = small();
    fs::write(world.out(), "in the way").expect("a file");
    let ran = world.griot(["fetch"]);
    assert_eq!(ran.code, Some(73), "{}", ran.err);
    assert!(ran.err.contains("move what is in the way"), "{}", ran.err);
    fs::remove_file(world.out()).expect("out of the way");
    world.good(["fetch"]);
    assert_eq!(world.items("mali").len(), 1);
}

#[test]
fn a_broken_database_ends_with_74() {
    let world = small();
    fs::write(
        world.path("griot.db"),
        "this is no database, and long enough to be read as a page of one",
    )
    .expect("a file");
    for command in [vec!["fetch"], vec!["status"], vec!["list", "entries"], vec!["db", "stats"]] {
        let ran = world.griot(command.clone());
        assert_eq!(ran.code, Some(74), "{command:?}: {}", ran.err);
    }
    let ran = world.griot(["fetch", "--db", "."]);
    assert_eq!(ran.code, Some(74), "{}", ran.err);
}

#[test]
fn a_look_at_no_database_ends_with_74_and_makes_none() {
    let world = small();
    assert_eq!(world.griot(["status"]).code, Some(74));
    assert!(!world.path("griot.db").exists());
}

#[test]
fn a_second_run_ends_with_75_at_once_and_fetches_nothing() {
    let world = small();
    let lock = File::create(world.path("griot.db.lock")).expect("a lock file");
    lock.lock().expect("the lock");
    for command in ["fetch", "publish"] {
        let ran = world.griot([command]);
        assert_eq!(ran.code, Some(75), "{command}: {}", ran.err);
        assert!(ran.err.contains("hint:"), "{}", ran.err);
    }
    assert_eq!(world.web.asked().len(), 0);
    drop(lock);
    world.good(["fetch"]);
}

#[test]
fn a_wrong_configuration_ends_with_78_before_anything_is_asked() {
    let mut world = small();
    world.head += "evry = \"2h\"\n";
    for command in ["check", "fetch", "status", "serve", "publish"] {
        let ran = world.griot([command]);
        assert_eq!(ran.code, Some(78), "{command}: {}", ran.err);
    }
    assert_eq!(world.web.asked().len(), 0);
}

#[test]
fn no_configuration_at_all_ends_with_78() {
    let world = small();
    let mut command = world.command(["fetch"]);
    fs::remove_file(world.path("feeds.toml")).expect("it was there");
    let ran = world.ran(&command.output().expect("griot starts"));
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    assert!(ran.err.contains("griot init"), "{}", ran.err);
}

#[test]
fn the_output_of_another_database_is_left_alone_with_78() {
    let world = small();
    world.good(["fetch"]);
    let before = world.files();
    let ran = world.griot(["fetch", "--db", "other.db"]);
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    assert!(ran.err.contains("another database"), "{}", ran.err);
    assert!(world.files() == before);
}

#[test]
fn ctrl_c_ends_a_hanging_run_with_130_and_sigterm_with_143() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut world = small();
        world.source("lent.example", "", Answer::hang());
        let mut run = world.spawn(["fetch"]);
        world.web.wait_for(1, |asked| asked.host == "lent.example");
        run.signal(signal);
        let ran = run.end(&world);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        world.source("lent.example", "", Answer::feed(ferry("lent.example")));
        world.good(["fetch"]);
        assert_eq!(world.items("mali").len(), 1, "both tell the same");
    }
}
