//! Conditional requests: a server's validators are sent back byte for byte.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, item, rss};
use crate::world::World;

const HOST: &str = "aube.example";
const ETAG: &str = "W/\"6f-\u{e9}'x\\\"";
const DATE: &str = "Sun, 1 Mar 2026 09:00:00 +0000";

fn feed(title: &str) -> String {
    rss(HOST, "L'Aube", &[item("bac", title, "Sun, 01 Mar 2026 09:00:00 GMT", FERRY)])
}

fn latin1(text: &str) -> String {
    // The fake web reads bytes as Latin-1, and writes UTF-8.
    text.bytes().map(char::from).collect()
}

#[test]
fn the_second_visit_sends_both_validators_byte_for_byte() {
    let mut world = World::new();
    world.source(
        HOST,
        "",
        Answer::feed(feed("Le bac repart")).with("ETag", ETAG).with("Last-Modified", DATE),
    );
    world.succeed(["fetch"]);
    world.succeed(["fetch", "--force"]);
    let requests = world.requests(HOST);
    assert_eq!(
        (
            requests.len(),
            requests[0].header("If-None-Match"),
            requests[0].header("If-Modified-Since")
        ),
        (2, None, None)
    );
    assert_eq!(requests[1].header("If-None-Match"), Some(latin1(ETAG).as_str()));
    assert_eq!(requests[1].header("If-Modified-Since"), Some(DATE));
}

#[test]
fn a_304_keeps_everything() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", DATE));
    world.succeed(["fetch"]);
    let (dump, files) = (world.dump(), world.files());
    world.now = "2026-03-01T14:00:00Z".to_owned();
    let summary = world.succeed(["fetch", "--json"]).out;
    assert!(summary.contains("\"unchanged\":1"), "{summary}");
    assert!(world.dump() == dump && world.files() == files);
    world.now = "2026-03-01T18:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(
        world.requests(HOST)[2].header("If-None-Match"),
        Some("\"1\""),
        "a 304 without validators leaves the old ones"
    );
}

#[test]
fn a_source_that_is_not_due_is_not_visited_and_force_visits_it_conditionally() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", DATE));
    world.succeed(["fetch"]);
    world.now = "2026-03-01T12:30:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(world.requests(HOST).len(), 1);
    world.succeed(["fetch", "--force"]);
    assert_eq!(world.requests(HOST)[1].header("If-None-Match"), Some("\"1\""));
}

/// Visits on each day from `first` to `last` of March 2026, and returns which of these visits sent a validator.
fn visit_daily(world: &mut World, days: std::ops::RangeInclusive<u32>) -> Vec<(u32, bool)> {
    let mut conditional = Vec::new();
    for day in days {
        world.now = format!("2026-03-{day:02}T12:00:00Z");
        world.succeed(["fetch", "--force"]);
        let requests = world.requests(HOST);
        let last = requests.last().expect("a request");
        let names = ["If-None-Match", "If-Modified-Since"];
        conditional.push((day, names.iter().any(|name| last.header(name).is_some())));
    }
    conditional
}

#[test]
fn a_server_that_always_says_304_is_asked_once_without_validators() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"same\"", DATE));
    world.succeed(["fetch"]);
    // The feed changes, its validators do not.
    world.source(HOST, "", Answer::feed(feed("Le bac est arrivé")).validated("\"same\"", DATE));
    let asked = visit_daily(&mut world, 2..=19);
    let unconditional: Vec<u32> = asked.iter().filter(|(_, conditional)| !conditional).map(|(day, _)| *day).collect();
    assert_eq!(unconditional, [10, 19], "the series begins on the 2nd, and again on the 11th");
    assert_eq!(world.items("mali")[0]["title"], "Le bac est arrivé");
}

#[test]
fn a_server_that_says_304_to_everything_is_not_asked_without_validators_each_time() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", DATE));
    world.succeed(["fetch"]);
    world.source(HOST, "", Answer::status(304));
    let asked = visit_daily(&mut world, 2..=12);
    let unconditional: Vec<u32> = asked.iter().filter(|(_, conditional)| !conditional).map(|(day, _)| *day).collect();
    assert_eq!(unconditional, [10]);
    assert_eq!(world.items("mali").len(), 1);
    assert!(world.succeed(["status"]).out.contains("ok"), "it answers as before");
}

#[test]
fn a_modification_in_the_future_is_not_sent_back() {
    let mut world = World::new();
    let future = "Sat, 16 Nov 2041 19:11:00 GMT";
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", future));
    world.succeed(["fetch"]);
    visit_daily(&mut world, 2..=3);
    let requests = world.requests(HOST);
    assert!(requests.iter().all(|request| request.header("If-Modified-Since").is_none()));
    assert_eq!(requests[2].header("If-None-Match"), Some("\"1\""), "the other validator is sent");
}

#[test]
fn force_does_not_override_retry_after() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(429).with("Retry-After", "7200"));
    world.succeed(["fetch"]);
    world.now = "2026-03-01T13:30:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    assert_eq!(world.requests(HOST).len(), 1, "the host's Retry-After is not over");
    world.source(HOST, "", Answer::feed(feed("Le bac repart")));
    world.now = "2026-03-01T14:30:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 1);
}

#[test]
fn validators_do_not_follow_a_feed_to_another_address() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", DATE));
    world.succeed(["fetch"]);
    world.web.answer(HOST, "/feed", Answer::redirect(302, "http://neuf.example/flux"));
    world.set_address("neuf.example", "93.184.216.35");
    world.web.answer("neuf.example", "/flux", Answer::feed(feed("Le bac repart enfin")));
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(
        world.requests("neuf.example")[0].header("If-None-Match"),
        None,
        "another origin does not receive them"
    );
    assert_eq!(world.items("mali")[0]["title"], "Le bac repart enfin");
}

#[test]
fn the_user_agent_names_griot_and_the_contact() {
    let mut world = World::new();
    world.settings = world.settings.replacen("[site]\n", "[site]\ncontact = \"desk@example.org\"\n", 1);
    world.feed(HOST, feed("Le bac repart"));
    world.succeed(["fetch"]);
    let requests = world.requests(HOST);
    let agent = requests[0].header("User-Agent").expect("a name");
    assert!(agent.starts_with("griot/") && agent.ends_with("(+desk@example.org)"), "{agent}");
}
