//! Runs with a wrong clock: nothing is fetched, dated, dropped or published by it, and what one has written is repaired.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::{Finished, World};
use std::fs;

const HOSTS: [&str; 3] = ["aube.example", "bafing.example", "courrier.example"];
const IN_2026: &str = "2026-03-01T14:00:00Z";
const IN_2040: &str = "2040-05-01T12:00:00Z";

fn feed(host: &str, guid: &'static str, text: &'static str) -> String {
    let date = "Sun, 01 Mar 2026 09:00:00 GMT";
    rss(host, "L'Aube", &[item(guid, "Nouvelles du fleuve", date, text)])
}

/// Returns a world with these hosts as sources, after a run in March 2026.
fn world(hosts: &[&str]) -> World {
    let mut world = World::new();
    for host in hosts {
        world.feed(host, feed(host, "bac", FERRY));
    }
    world.succeed(["fetch"]);
    world
}

/// Lets the servers tell this time.
fn tell_time(world: &World, hosts: &[&str], date: &str) {
    for host in hosts {
        world.web.answer(host, "/robots.txt", Answer::status(404).with("Date", date));
    }
}

fn run_at(world: &mut World, now: &str, arguments: &[&str]) -> Finished {
    now.clone_into(&mut world.now);
    world.griot(["fetch"].iter().chain(arguments).copied())
}

/// Checks that the run was refused, with the remedy.
fn assert_refused(ran: &Finished) {
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
    assert!(ran.err.contains("the clock says") && ran.err.contains("timedatectl"), "{}", ran.err);
}

/// Everything that a run could change.
fn everything(world: &World) -> (String, String, usize) {
    let runs = world.succeed(["--json", "db", "stats"]).out;
    (
        world.dump(),
        runs,
        world.requests(HOSTS[0]).iter().filter(|request| request.path == "/feed").count(),
    )
}

#[test]
fn a_clock_years_ahead_of_two_servers_is_refused_and_changes_nothing() {
    let mut world = world(&HOSTS);
    tell_time(&world, &HOSTS[..2], "Sun, 01 Mar 2026 13:00:00 GMT");
    let (before, files) = (everything(&world), world.files());
    let ran = run_at(&mut world, IN_2040, &[]);
    assert_refused(&ran);
    for part in [
        IN_2040,
        "the last run began at 2026-03-01T12:00:00Z",
        "servers say 2026-03-01T13:00:00Z",
        "--accept-clock",
    ] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert!(everything(&world) == before && world.files() == files);
    let doctor = world.griot(["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("servers say 2026"), "{}", doctor.out);
    // The right clock again: as if nothing had been.
    assert_eq!(run_at(&mut world, IN_2026, &[]).code, Some(0));
    assert!(!world.dump().contains("2040"));
}

#[test]
fn a_clock_ahead_of_one_server_of_several_is_believed() {
    let mut world = world(&HOSTS);
    tell_time(&world, &HOSTS[..1], "Sun, 01 Mar 2026 13:00:00 GMT");
    assert_eq!(run_at(&mut world, IN_2040, &[]).code, Some(0));
}

#[test]
fn what_a_clock_years_ahead_has_written_is_repaired_once_servers_confirm_the_time() {
    let mut world = world(&HOSTS[..1]);
    // The server tells no time: there is nothing against 2040.
    // An entry without a date gets that of the clock, and one of 2026 is dropped by its age.
    let date = "Sun, 01 Mar 2026 09:00:00 GMT";
    let items = [
        item("bac", "Nouvelles du fleuve", date, FERRY),
        item("puits", "Les puits", "", WELLS),
        item("foire", "La foire", date, FAIR),
    ];
    world.feed(HOSTS[0], rss(HOSTS[0], "L'Aube", &items));
    assert_eq!(run_at(&mut world, IN_2040, &[]).code, Some(0));
    assert!(world.dump().contains("2040") && !world.dump().contains("foire"));
    // Nothing confirms 2026 against the last run.
    let before = everything(&world);
    assert_refused(&run_at(&mut world, IN_2026, &[]));
    let publish = world.griot(["publish"]);
    assert_eq!(publish.code, Some(1), "{}", publish.err);
    assert!(everything(&world) == before);
    tell_time(&world, &HOSTS[..1], "Sun, 01 Mar 2026 13:30:00 GMT");
    let doctor = world.succeed(["doctor"]).out;
    assert!(doctor.contains("warn  clock"), "{doctor}");
    let ran = run_at(&mut world, IN_2026, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("stored times were later"), "{}", ran.err);
    assert_eq!(
        world.requests(HOSTS[0]).last().map(|request| request.path.as_str()),
        Some("/feed"),
        "it is due"
    );
    let dump = world.dump();
    let is_kept = |entry: &&str| dump.contains(*entry);
    assert!(["bac", "puits", "foire"].iter().all(is_kept), "nothing is lost: {dump}");
    // A guid never changes: it keeps the day of its founding as it was published.
    let dates = dump.replace("tag:feeds.example.org,2040-05-01", "");
    assert!(!dates.contains("2040"), "nothing is misdated: {dump}");
    let status = world.succeed(["status", "--json"]).out;
    assert!(!status.contains("2040"), "{status}");
    assert_eq!(world.items("mali").len(), 3);
    let again = run_at(&mut world, "2026-03-01T16:00:00Z", &[]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""));
}

#[test]
fn the_operator_can_vouch_for_the_clock() {
    let mut world = world(&HOSTS);
    assert_eq!(run_at(&mut world, IN_2040, &[]).code, Some(0));
    assert_refused(&run_at(&mut world, IN_2026, &["--force"]));
    let ran = run_at(&mut world, IN_2026, &["--accept-clock"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(run_at(&mut world, IN_2026, &[]).code, Some(0), "the last run is right again");
    tell_time(&world, &HOSTS, "Sun, 01 Mar 2026 13:00:00 GMT");
    assert_refused(&run_at(&mut world, IN_2040, &[]));
    assert_eq!(run_at(&mut world, IN_2040, &["--accept-clock"]).code, Some(0));
}

#[test]
fn a_clock_before_the_year_2000_is_refused_before_anything_is_written() {
    let mut world = World::new();
    world.feed(HOSTS[0], feed(HOSTS[0], "bac", FERRY));
    for arguments in [&[][..], &["--accept-clock"]] {
        assert_refused(&run_at(&mut world, "1970-01-01T00:00:10Z", arguments));
    }
    for command in [&["publish"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let ran = world.griot(command.iter().copied());
        assert_eq!(ran.code, Some(1), "{command:?}: {}", ran.err);
    }
    assert!(!world.path("griot.db").exists() && !world.out().exists());
    assert_eq!(world.web.requests().len(), 0);
    assert_eq!(world.griot(["doctor"]).code, Some(1));
}

#[test]
fn a_plausible_clock_asks_no_server() {
    let mut world = world(&HOSTS);
    assert_eq!(run_at(&mut world, "2026-03-31T11:59:59Z", &[]).code, Some(0));
    assert!(world.web.requests().iter().all(|request| request.path != "/robots.txt"));
    assert_eq!(run_at(&mut world, "2026-05-01T12:00:00Z", &[]).code, Some(0), "31 days later");
    let asked = world.web.requests().iter().filter(|request| request.path == "/robots.txt").count();
    assert_eq!(asked, 3);
}

#[test]
fn at_most_four_hosts_are_asked_once_each() {
    let mut world = World::new();
    for number in 0..6 {
        let host = format!("s{number}.example");
        world.feed(&host, feed(&host, "bac", FERRY));
    }
    world.topics += "[[source]]\nid = \"second\"\nurl = \"http://s0.example/other\"\n";
    world.succeed(["fetch"]);
    run_at(&mut world, IN_2040, &[]);
    let requests = world.web.requests();
    let asked: Vec<_> = requests
        .iter()
        .filter(|request| request.path == "/robots.txt")
        .map(|request| &request.host)
        .collect();
    let distinct: std::collections::BTreeSet<_> = asked.iter().collect();
    assert_eq!((asked.len(), distinct.len()), (4, 4));
}

#[test]
fn a_first_run_far_after_the_release_asks_as_well() {
    let mut world = World::new();
    world.feed(HOSTS[0], feed(HOSTS[0], "bac", FERRY));
    tell_time(&world, &HOSTS[..1], "Sun, 01 Mar 2026 13:00:00 GMT");
    assert_refused(&run_at(&mut world, IN_2040, &[]));
    assert_eq!(run_at(&mut world, IN_2026, &[]).code, Some(0));
}

#[test]
fn a_replay_is_not_refused() {
    let mut world = world(&HOSTS[..1]);
    run_at(&mut world, IN_2026, &["--force", "--record", "recorded"]);
    assert_eq!(run_at(&mut world, IN_2040, &[]).code, Some(0));
    assert_refused(&run_at(&mut world, IN_2026, &[]));
    let ran = run_at(&mut world, IN_2026, &["--force", "--replay", "recorded"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    fs::remove_file(world.path("griot.db")).expect("the database");
    fs::remove_dir_all(world.out()).expect("its output");
    let ran = world.griot(["fetch", "--replay", "recorded", "--now", "1999-01-01T00:00:00Z"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn a_daemon_with_a_wrong_clock_gathers_nothing() {
    let mut world = world(&HOSTS[..1]);
    tell_time(&world, &HOSTS[..1], "Sun, 01 Mar 2026 13:00:00 GMT");
    let before = world.requests(HOSTS[0]).len();
    // Each second is an hour: the daemon makes sixty checks in it, and asks for the time once.
    world.now = format!("{IN_2040}*3600");
    let mut daemon = world.spawn(["serve", "--listen", "127.0.0.1:0"]);
    let began = std::time::Instant::now();
    world.web.wait_for(before + 3, |request| request.host == HOSTS[0]);
    assert!(
        began.elapsed() >= std::time::Duration::from_secs(2),
        "the server is asked once an hour"
    );
    daemon.signal("TERM");
    let ended = daemon.end(&world);
    let paths: Vec<_> = world
        .requests(HOSTS[0])
        .into_iter()
        .skip(before)
        .map(|request| request.path)
        .collect();
    assert!(paths.iter().all(|path| path == "/robots.txt"), "{paths:?}");
    assert!(ended.err.contains("no run is done until the clock is right"), "{}", ended.err);
}
