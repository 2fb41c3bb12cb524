//! Every documented exit code.

use crate::fake_web::Answer;
use crate::run_lock::hold_lock;
use crate::sample_feeds::{FERRY, item, rss};
use crate::world::World;
use std::fs;

fn ferry(host: &str) -> String {
    let entry = item("bac", "Le bac de Dioro repart", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY);
    rss(host, "L'Aube", &[entry])
}

fn small_world() -> World {
    let mut world = World::new();
    world.feed("aube.example", ferry("aube.example"));
    world
}

#[test]
fn a_good_run_ends_with_0() {
    assert_eq!(small_world().griot(["fetch"]).code, Some(0));
}

#[test]
fn a_quiet_good_run_says_nothing() {
    let ran = small_world().succeed(["-q", "fetch"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let world = small_world();
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
fn offline_is_one_line_and_3_and_no_source_counts_as_failed() {
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
    let status = world.succeed(["status", "--json"]).out;
    assert_eq!(status.matches("\"failures\":0").count(), 3, "{status}");
    let ran = world.succeed(["fetch", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(summary["sources"]["fresh"], 3, "no source is backing off");
    assert_eq!(world.items("mali").len(), 1);
}

#[test]
fn too_many_failures_end_with_3() {
    let mut world = small_world();
    world.source("bafing.example", "", Answer::status(500));
    world.source("courrier.example", "", Answer::status(404));
    assert_eq!(world.griot(["fetch", "--fail-on", "67%"]).code, Some(0));
    assert_eq!(world.griot(["fetch", "--force", "--fail-on", "50%"]).code, Some(3));
    assert_eq!(world.items("mali").len(), 1, "the good source is published all the same");
}

#[test]
fn two_failed_sources_of_two_are_too_few_for_3() {
    let mut world = World::new();
    world.source("bafing.example", "", Answer::status(500));
    world.source("courrier.example", "", Answer::status(404));
    assert_eq!(world.griot(["fetch"]).code, Some(0));
}

#[test]
fn output_that_cannot_be_written_ends_with_73_and_loses_nothing() {
    let world = small_world();
    fs::write(world.out(), "in the way").expect("a file");
    let ran = world.griot(["fetch"]);
    assert_eq!(ran.code, Some(73), "{}", ran.err);
    assert!(ran.err.contains("move what is in the way"), "{}", ran.err);
    fs::remove_file(world.out()).expect("out of the way");
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 1);
}

#[test]
fn a_broken_database_ends_with_74() {
    let world = small_world();
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
fn a_missing_database_ends_with_74_and_is_not_created() {
    let world = small_world();
    assert_eq!(world.griot(["status"]).code, Some(74));
    assert!(!world.path("griot.db").exists());
}

#[test]
fn a_second_run_ends_with_75_at_once_and_fetches_nothing() {
    let world = small_world();
    let lock = hold_lock(&world);
    let ran = world.griot(["fetch"]);
    assert_eq!(ran.code, Some(75), "{}", ran.err);
    assert!(ran.err.contains("hint:"), "{}", ran.err);
    assert_eq!(world.web.requests().len(), 0);
    drop(lock);
    world.succeed(["fetch"]);
}

#[test]
fn a_wrong_configuration_ends_with_78_before_any_request() {
    let mut world = small_world();
    world.settings += "evry = \"2h\"\n";
    for command in ["check", "fetch", "status", "serve", "publish"] {
        let ran = world.griot([command]);
        assert_eq!(ran.code, Some(78), "{command}: {}", ran.err);
    }
    assert_eq!(world.web.requests().len(), 0);
}

#[test]
fn no_configuration_at_all_ends_with_78() {
    let world = small_world();
    let mut command = world.command(["fetch"]);
    fs::remove_file(world.path("feeds.toml")).expect("it was there");
    let ran = world.finished(&command.output().expect("griot starts"));
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    assert!(ran.err.contains("griot init"), "{}", ran.err);
}

#[test]
fn the_output_of_another_database_is_left_alone_with_78() {
    let world = small_world();
    world.succeed(["fetch"]);
    let before = world.files();
    let ran = world.griot(["fetch", "--db", "other.db"]);
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    assert!(ran.err.contains("another database"), "{}", ran.err);
    assert!(world.files() == before);
}

#[test]
fn a_file_in_the_output_folder_that_griot_did_not_write_stays_with_78() {
    let world = small_world();
    fs::create_dir(world.path("public")).expect("a folder");
    fs::write(world.path("public/index.html"), "a site of its own").expect("a file");
    let ran = world.griot(["fetch"]);
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    assert!(ran.err.contains("index.html") && ran.err.contains("`out`"), "{}", ran.err);
    let names: Vec<_> = fs::read_dir(world.path("public")).expect("a folder").flatten().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(
        fs::read_to_string(world.path("public/index.html")).ok().as_deref(),
        Some("a site of its own")
    );
    fs::remove_file(world.path("public/index.html")).expect("moved away");
    world.succeed(["publish"]);
    assert!(world.path("public/index.html").is_file());
}

#[test]
fn ctrl_c_ends_a_hanging_run_with_130_and_sigterm_with_143() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut world = small_world();
        world.source("lent.example", "", Answer::hang());
        let mut run = world.spawn(["fetch"]);
        world.web.wait_for(1, |request| request.host == "lent.example");
        run.signal(signal);
        let ran = run.end(&world);
        assert_eq!(ran.code, Some(code), "{}", ran.err);
        world.source("lent.example", "", Answer::feed(ferry("lent.example")));
        world.succeed(["fetch"]);
        assert_eq!(world.items("mali").len(), 1, "both feeds have the same entry");
    }
}
