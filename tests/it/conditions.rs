//! Conditional requests: what a server gave is given back byte for byte.

use crate::news::{FERRY, item, rss};
use crate::web::Answer;
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
fn the_second_visit_brings_both_validators_back_byte_for_byte() {
    let mut world = World::new();
    world.source(
        HOST,
        "",
        Answer::feed(feed("Le bac repart")).with("ETag", ETAG).with("Last-Modified", DATE),
    );
    world.good(["fetch"]);
    world.good(["fetch", "--force"]);
    let asked = world.asked(HOST);
    assert_eq!(
        (asked.len(), asked[0].header("If-None-Match"), asked[0].header("If-Modified-Since")),
        (2, None, None)
    );
    assert_eq!(asked[1].header("If-None-Match"), Some(latin1(ETAG).as_str()));
    assert_eq!(asked[1].header("If-Modified-Since"), Some(DATE));
}

#[test]
fn a_304_keeps_everything() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", DATE));
    world.good(["fetch"]);
    let (dump, files) = (world.dump(), world.files());
    world.now = "2026-03-01T14:00:00Z".to_owned();
    let summary = world.good(["fetch", "--json"]).out;
    assert!(summary.contains("\"unchanged\":1"), "{summary}");
    assert!(world.dump() == dump && world.files() == files);
    world.now = "2026-03-01T18:00:00Z".to_owned();
    world.good(["fetch"]);
    assert_eq!(
        world.asked(HOST)[2].header("If-None-Match"),
        Some("\"1\""),
        "a 304 without validators leaves the old ones"
    );
}

#[test]
fn what_is_not_due_is_not_asked_and_force_asks_it_still_conditionally() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", DATE));
    world.good(["fetch"]);
    world.now = "2026-03-01T12:30:00Z".to_owned();
    world.good(["fetch"]);
    assert_eq!(world.asked(HOST).len(), 1);
    world.good(["fetch", "--force"]);
    assert_eq!(world.asked(HOST)[1].header("If-None-Match"), Some("\"1\""));
}

#[test]
fn force_does_not_override_retry_after() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(429).with("Retry-After", "7200"));
    world.good(["fetch"]);
    world.now = "2026-03-01T13:30:00Z".to_owned();
    world.good(["fetch", "--force"]);
    assert_eq!(world.asked(HOST).len(), 1, "the host asked us to wait");
    world.source(HOST, "", Answer::feed(feed("Le bac repart")));
    world.now = "2026-03-01T14:30:00Z".to_owned();
    world.good(["fetch"]);
    assert_eq!(world.items("mali").len(), 1);
}

#[test]
fn validators_do_not_follow_a_feed_to_another_address() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Le bac repart")).validated("\"1\"", DATE));
    world.good(["fetch"]);
    world.web.answer(HOST, "/feed", Answer::redirect(302, "http://neuf.example/flux"));
    world.name("neuf.example", "93.184.216.35");
    world.web.answer("neuf.example", "/flux", Answer::feed(feed("Le bac repart enfin")));
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.good(["fetch"]);
    assert_eq!(
        world.asked("neuf.example")[0].header("If-None-Match"),
        None,
        "another origin does not learn them"
    );
    assert_eq!(world.items("mali")[0]["title"], "Le bac repart enfin");
}

#[test]
fn we_say_who_we_are() {
    let mut world = World::new();
    world.head = world.head.replacen("[site]\n", "[site]\ncontact = \"desk@example.org\"\n", 1);
    world.feed(HOST, feed("Le bac repart"));
    world.good(["fetch"]);
    let asked = world.asked(HOST);
    let agent = asked[0].header("User-Agent").expect("a name");
    assert!(agent.starts_with("griot/") && agent.ends_with("(+desk@example.org)"), "{agent}");
}
