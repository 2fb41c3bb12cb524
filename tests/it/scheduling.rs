//! Sources over several runs: when they are due, redirects, several addresses, holds, and the order of visits.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, item, rss};
use crate::world::World;
use serde_json::Value;

const HOST: &str = "bac.example.org";

fn feed(title: &str) -> String {
    rss(
        HOST,
        title,
        &[item("1", "Le bac repart au Mali", "Sun, 01 Mar 2026 08:00:00 GMT", FERRY)],
    )
}

/// Adds sources in the syntax of feeds.toml.
fn add_sources(world: &mut World, sources: &str) {
    world.topics.push_str(sources);
}

/// Returns the object of a source in `status --json`.
fn status(world: &World, id: &str) -> Value {
    let all = world.succeed(["status", "--json"]).out;
    let mut values = all.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    values.find(|value| value["source"] == id).expect("it is configured")
}

/// Lets the server of `host` tell this time: it confirms a clock that was set back.
fn confirm_time(world: &World, host: &str, date: &str) {
    world.web.answer(host, "/robots.txt", Answer::status(404).with("Date", date));
}

/// Runs at each of these times of March 2026, and returns the paths of all requests to `host` so far.
fn paths(world: &mut World, host: &str, times: &[&str]) -> Vec<String> {
    for moment in times {
        world.now = format!("2026-03-{moment}:00Z");
        world.succeed(["fetch"]);
    }
    world.requests(host).into_iter().map(|request| request.path).collect()
}

#[test]
fn a_feeds_ttl_holds_over_later_304s() {
    let mut world = World::new();
    let feed = feed("Bac").replace("<item>", "<ttl>240</ttl><item>");
    world.source(HOST, "", Answer::feed(feed).validated("\"1\"", "Sun, 01 Mar 2026 08:00:00 GMT"));
    let requests = paths(
        &mut world,
        HOST,
        &["01T12:00", "01T14:00", "01T15:55", "01T17:05", "01T19:00", "01T20:55"],
    );
    assert_eq!(requests.len(), 2, "at 12:00 and at 17:05");
}

#[test]
fn a_permanent_redirect_within_a_domain_is_adopted_at_the_second_visit() {
    let mut world = World::new();
    world.source(HOST, "", Answer::redirect(301, "/new"));
    world.web.answer(
        HOST,
        "/new",
        Answer::feed(feed("Bac")).validated("\"n\"", "Sun, 01 Mar 2026 08:00:00 GMT"),
    );
    let requests = paths(&mut world, HOST, &["01T12:00", "01T14:00", "01T20:00", "02T20:00"]);
    assert_eq!(requests, ["/feed", "/new", "/feed", "/new", "/new", "/new"]);
    assert_eq!(world.requests(HOST)[4].header("If-None-Match"), Some("\"n\""));
    let moved = status(&world, "bac");
    assert_eq!(moved["state"], "moved");
    assert_eq!(moved["remedy"], format!("griot edit bac 'url=http://{HOST}/new'"));
    assert!(!world.feeds_toml().contains("/new"), "feeds.toml is not changed");
    // The new address fails: the old one is requested again.
    world.web.answer(HOST, "/new", Answer::status(404));
    world.web.answer(HOST, "/feed", Answer::feed(feed("Bac")));
    let requests = paths(&mut world, HOST, &["04T12:00", "05T12:00"]);
    assert_eq!(requests[6..], ["/new", "/feed"]);
    assert_eq!(status(&world, "bac")["state"], "ok");
}

#[test]
fn an_adopted_address_in_feeds_toml_ends_the_state_moved() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(404));
    add_sources(&mut world, &format!("[[source]]\nid = \"lac\"\nurl = \"http://{HOST}/old\"\n"));
    world.web.answer(HOST, "/old", Answer::redirect(301, "/new"));
    world.web.answer(HOST, "/new", Answer::feed(feed("Lac")));
    paths(&mut world, HOST, &["01T12:00", "01T14:00"]);
    assert_eq!(status(&world, "lac")["state"], "moved");
    world.topics = world.topics.replace("/old", "/new");
    assert_eq!(status(&world, "lac")["remedy"], Value::Null, "it is done");
    paths(&mut world, HOST, &["02T14:00"]);
    let lac = status(&world, "lac");
    assert_eq!((&lac["state"], &lac["moved_to"]), (&Value::from("ok"), &Value::Null));
}

#[test]
fn a_permanent_redirect_to_another_domain_is_adopted_after_a_week() {
    let mut world = World::new();
    world.source(HOST, "", Answer::redirect(308, "http://autre.example.net/feed"));
    world.set_address("autre.example.net", "93.184.216.34");
    world.web.answer("autre.example.net", "/feed", Answer::feed(feed("Bac")));
    let requests = paths(
        &mut world,
        HOST,
        &["01T12:00", "02T13:00", "04T12:00", "07T12:00", "08T13:00", "10T12:00"],
    );
    assert_eq!(requests.len(), 5, "the last visit requested the new address directly");
    assert_eq!(world.requests("autre.example.net").len(), 6);
}

#[test]
fn secrets_do_not_follow_a_source_to_another_domain() {
    let mut world = World::new();
    let elsewhere = "autre.example.net";
    let secret = "headers = { X-Key = \"tres-secret\" }\nauth = \"moi:tres-secret\"";
    world.source(HOST, secret, Answer::redirect(301, &format!("http://{elsewhere}/feed")));
    world.set_address(elsewhere, "93.184.216.34");
    world.web.answer(elsewhere, "/feed", Answer::feed(feed("Bac")));
    let requests = paths(&mut world, HOST, &["01T12:00", "04T12:00", "09T12:00", "11T12:00"]);
    assert_eq!((requests.len(), status(&world, "bac")["state"].as_str()), (3, Some("moved")));
    world.succeed(["doctor", "bac"]);
    let requests = world.requests(elsewhere);
    assert!(requests.len() > 4, "the runs and doctor");
    for request in requests {
        assert_eq!((request.header("X-Key"), request.header("Authorization")), (None, None));
    }
    assert!(world.requests(HOST).iter().all(|request| request.header("X-Key").is_some()));
}

#[test]
fn a_temporary_redirect_is_never_adopted() {
    let mut world = World::new();
    world.source(HOST, "", Answer::redirect(302, "/new"));
    world.web.answer(HOST, "/new", Answer::feed(feed("Bac")));
    let requests = paths(&mut world, HOST, &["01T12:00", "01T14:00", "02T20:00", "12T20:00"]);
    assert_eq!(requests.iter().filter(|path| *path == "/feed").count(), 4);
}

#[test]
fn each_visit_requests_one_of_several_addresses_and_keeps_the_one_that_works() {
    let mut world = World::new();
    add_sources(
        &mut world,
        "[[source]]\nid = \"deux\"\nurls = [\"http://un.example.org/feed\", \"http://deux.example.org/feed\"]\n",
    );
    for host in ["un.example.org", "deux.example.org"] {
        world.set_address(host, "93.184.216.34");
    }
    world.web.answer("un.example.org", "/feed", Answer::status(404));
    world.web.answer("deux.example.org", "/feed", Answer::feed(feed("Deux")));
    world.succeed(["fetch"]);
    assert_eq!(world.web.requests().len(), 1, "never two requests in one visit");
    let later = paths(&mut world, "deux.example.org", &["01T15:00", "01T20:00", "02T23:00"]);
    assert_eq!((later.len(), world.requests("un.example.org").len()), (3, 1));
}

#[test]
fn a_429_holds_only_the_host_that_said_it() {
    let mut world = World::new();
    let (first, full) = ("un.example.org", "plein.example.org");
    let source = |id: &str, url: &str| format!("[[source]]\nid = \"{id}\"\nurl = \"http://{url}\"\n");
    // `led` comes before `near` and `beside`, which are visited in a later run.
    add_sources(&mut world, &source("led", "un.example.org/feed"));
    for host in [first, full] {
        world.set_address(host, "93.184.216.34");
    }
    world
        .web
        .answer(first, "/feed", Answer::redirect(302, &format!("http://{full}/feed")));
    world.web.answer(full, "/feed", Answer::status(429).with("Retry-After", "7200"));
    world.succeed(["fetch"]);
    add_sources(&mut world, &source("near", "un.example.org/near"));
    add_sources(&mut world, &source("beside", "plein.example.org/beside"));
    world.web.answer(first, "/near", Answer::feed(feed("Un")));
    world.web.answer(full, "/beside", Answer::feed(feed("Plein")));
    let asked = |world: &World, host: &str| world.requests(host).into_iter().map(|request| request.path).collect::<Vec<_>>();
    world.now = "2026-03-01T13:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(asked(&world, first), ["/feed", "/near"], "the host that redirected is free");
    assert_eq!(asked(&world, full), ["/feed"], "the host that said it is not");
    world.now = "2026-03-01T14:05:00Z".to_owned();
    world.succeed(["fetch"]);
    assert!(asked(&world, full).contains(&"/beside".to_owned()));
}

#[test]
fn an_address_that_asks_to_wait_gives_way_to_one_on_another_host() {
    for status_code in [429, 503] {
        let mut world = World::new();
        let (first, second) = ("un.example.org", "deux.example.org");
        add_sources(
            &mut world,
            &format!("[[source]]\nid = \"deux\"\nurls = [\"http://{first}/feed\", \"http://{first}/2\", \"http://{second}/feed\"]\n"),
        );
        for host in [first, second] {
            world.set_address(host, "93.184.216.34");
        }
        let wait = || Answer::status(status_code).with("Retry-After", "18000");
        world.web.answer(first, "/feed", wait());
        world.web.answer(first, "/2", wait());
        world.web.answer(second, "/feed", Answer::status(404));
        // At 12:00 the first address asks to wait until 17:00; the others are tried meanwhile, of its host only where that is not held.
        let requests = paths(&mut world, first, &["01T12:00", "01T13:00", "01T14:30", "01T16:30"]);
        let expected: &[&str] = if status_code == 429 { &["/feed"] } else { &["/feed", "/2"] };
        assert_eq!(requests, expected, "{status_code}");
        assert!(!world.requests(second).is_empty(), "{status_code}");
        world.web.answer(second, "/feed", Answer::feed(feed("Deux")));
        world.now = "2026-03-01T16:45:00Z".to_owned();
        world.succeed(["fetch", "--force"]);
        assert_eq!(status(&world, "deux")["state"], "ok", "{status_code}");
        assert_eq!(world.requests(first).len(), expected.len());
    }
}

#[test]
fn a_source_whose_first_host_is_held_for_another_is_read_at_its_second() {
    let mut world = World::new();
    let (first, second, full) = ("un.example.org", "deux.example.org", "plein.example.org");
    for host in [first, second, full] {
        world.set_address(host, "93.184.216.34");
    }
    world.web.answer(full, "/busy", Answer::status(429).with("Retry-After", "18000"));
    world
        .web
        .answer(first, "/feed", Answer::redirect(302, &format!("http://{full}/feed")));
    world.web.answer(second, "/feed", Answer::feed(feed("Deux")));
    add_sources(&mut world, &format!("[[source]]\nid = \"autre\"\nurl = \"http://{full}/busy\"\n"));
    world.succeed(["fetch"]);
    // One asks the held host itself, one is redirected there.
    for (id, url) in [("direct", full), ("led", first)] {
        add_sources(
            &mut world,
            &format!("[[source]]\nid = \"{id}\"\nurls = [\"http://{url}/feed\", \"http://{second}/feed?{id}\"]\n"),
        );
        world.web.answer(second, &format!("/feed?{id}"), Answer::feed(feed("Deux")));
    }
    for moment in ["13:00", "14:10", "15:20"] {
        world.now = format!("2026-03-01T{moment}:00Z");
        world.succeed(["fetch"]);
    }
    for id in ["direct", "led"] {
        assert_eq!(status(&world, id)["state"], "ok", "{}", status(&world, id));
    }
    assert_eq!((world.requests(full).len(), world.requests(first).len()), (1, 1));
}

#[test]
fn addresses_that_all_ask_to_wait_are_visited_when_the_first_of_them_may_be() {
    let mut world = World::new();
    let (first, second) = ("un.example.org", "deux.example.org");
    add_sources(
        &mut world,
        &format!("[[source]]\nid = \"deux\"\nurls = [\"http://{first}/feed\", \"http://{second}/feed\"]\n"),
    );
    for (host, seconds) in [(first, "36000"), (second, "17700")] {
        world.set_address(host, "93.184.216.34");
        world.web.answer(host, "/feed", Answer::status(429).with("Retry-After", seconds));
    }
    // Until 22:00 and until 17:00. `--force` may go to the second address at once, and to none after that.
    world.succeed(["fetch"]);
    for minute in [5, 10] {
        world.now = format!("2026-03-01T12:{minute:02}:00Z");
        world.succeed(["fetch", "--force"]);
        assert_eq!((world.requests(first).len(), world.requests(second).len()), (1, 1));
    }
    let times = ["01T13:00", "01T14:00", "01T15:00", "01T16:55"];
    assert_eq!(paths(&mut world, first, &times).len(), 1);
    assert_eq!(world.requests(second).len(), 1);
    world.web.answer(second, "/feed", Answer::feed(feed("Deux")));
    paths(&mut world, second, &["01T17:05"]);
    assert_eq!(
        (world.requests(first).len(), status(&world, "deux")["state"].as_str()),
        (1, Some("ok"))
    );
}

#[test]
fn a_host_that_fails_for_a_day_is_tried_with_www() {
    let mut world = World::new();
    world.source("bafing.example.org", "", Answer::status(200));
    add_sources(&mut world, "[[source]]\nid = \"seno\"\nurl = \"http://seno.example.org/feed\"\n");
    world.set_address("www.seno.example.org", "93.184.216.34");
    world.web.answer("www.seno.example.org", "/feed", Answer::feed(feed("Séno")));
    let times = ["01T12:00", "01T16:00", "02T00:00", "02T20:00", "04T02:00", "05T12:00", "07T12:00"];
    let requests = paths(&mut world, "www.seno.example.org", &times);
    assert!(!requests.is_empty(), "{}", status(&world, "seno"));
    assert_eq!(status(&world, "seno")["reason"], Value::Null);
    assert_eq!(
        status(&world, "seno")["remedy"],
        "griot edit seno 'url=http://www.seno.example.org/feed'"
    );
}

#[test]
fn a_broken_encoding_is_requested_again_without_compression() {
    let mut world = World::new();
    let broken = Answer::feed(vec![0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7]).with("Content-Encoding", "gzip");
    world.source(HOST, "", broken);
    world.succeed(["fetch"]);
    assert_eq!(status(&world, "bac")["reason"], "encoding");
    world.web.answer(HOST, "/feed", Answer::feed(feed("Bac")));
    paths(&mut world, HOST, &["01T14:00", "02T20:00"]);
    let encodings: Vec<_> = world
        .requests(HOST)
        .iter()
        .map(|request| request.header("Accept-Encoding").map(str::to_owned))
        .collect();
    assert_eq!(encodings[0].as_deref(), Some("gzip, deflate, br, zstd"));
    assert_eq!(encodings[1].as_deref(), Some("identity"));
    assert_eq!(encodings[2].as_deref(), Some("identity"), "it is kept");
}

#[test]
fn an_encoding_that_stays_broken_does_not_hide_the_next_address() {
    let mut world = World::new();
    world.source("bafing.example.org", "", Answer::status(404));
    add_sources(
        &mut world,
        &format!("[[source]]\nid = \"deux\"\nurls = [\"http://{HOST}/1\", \"http://{HOST}/2\"]\n"),
    );
    world.set_address(HOST, "93.184.216.34");
    world
        .web
        .answer(HOST, "/1", Answer::feed(feed("Un")).with("Content-Encoding", "sdch"));
    world.web.answer(HOST, "/2", Answer::feed(feed("Deux")));
    let requests = paths(&mut world, HOST, &["01T12:00", "01T16:00", "01T22:00"]);
    assert_eq!(requests, ["/1", "/1", "/2"]);
    let encodings = world.requests(HOST);
    let of = |place: usize| encodings[place].header("Accept-Encoding");
    assert_eq!(of(1), Some("identity"));
    assert_ne!(of(2), Some("identity"), "it did not help");
}

#[test]
fn a_410_is_confirmed_once_and_then_requested_once_in_thirty_days() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(410));
    let requests = paths(&mut world, HOST, &["01T12:00", "01T20:00", "02T13:00", "05T13:00", "20T13:00"]);
    assert_eq!(requests.len(), 2);
    let gone = status(&world, "bac");
    assert_eq!(
        (gone["state"].as_str(), gone["remedy"].as_str()),
        (Some("gone"), Some("griot disable bac"))
    );
    world.succeed(["fetch", "--force"]);
    assert_eq!(world.requests(HOST).len(), 2, "also with --force");
    world.now = "2026-04-12T12:00:00Z".to_owned();
    world.web.answer(HOST, "/feed", Answer::feed(feed("Bac")));
    world.succeed(["fetch"]);
    assert_eq!(
        (world.requests(HOST).len(), status(&world, "bac")["state"].as_str()),
        (3, Some("ok"))
    );
}

#[test]
fn two_sources_with_one_feed_send_one_request() {
    let mut world = World::new();
    world.source(
        HOST,
        "",
        Answer::feed(feed("Bac")).validated("\"1\"", "Sun, 01 Mar 2026 08:00:00 GMT"),
    );
    world.succeed(["fetch"]);
    // The second source is added later and has no validators: it needs the whole feed.
    add_sources(
        &mut world,
        &format!("[[source]]\nid = \"double\"\nurl = \"http://www.{HOST}/feed?utm_source=x\"\n"),
    );
    world.set_address(&format!("www.{HOST}"), "93.184.216.34");
    world
        .web
        .answer(&format!("www.{HOST}"), "/feed?utm_source=x", Answer::feed(feed("Bac")));
    paths(&mut world, HOST, &["01T15:00", "01T20:00", "02T23:00"]);
    assert_eq!(world.web.requests().len(), 4);
    let entries = world.succeed(["list", "entries", "--json"]).out;
    for id in ["bac", "double"] {
        assert!(entries.contains(&format!("\"source\":\"{id}\"")), "{entries}");
        assert_eq!(status(&world, id)["state"], "ok");
    }
}

#[test]
fn sources_with_different_headers_send_requests_of_their_own() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Bac")));
    add_sources(
        &mut world,
        &format!("[[source]]\nid = \"double\"\nurl = \"http://{HOST}/feed\"\nuser_agent = \"other/1\"\n"),
    );
    world.succeed(["fetch"]);
    assert_eq!(world.requests(HOST).len(), 2);
}

#[test]
fn hours_that_a_feed_skips_are_skipped_by_late_runs_too() {
    let mut world = World::new();
    let feed = feed("Bac").replace("<item>", "<skipHours><hour>15</hour><hour>16</hour></skipHours><item>");
    world.source(HOST, "", Answer::feed(feed));
    let requests = paths(&mut world, HOST, &["01T12:00", "01T15:30", "01T16:59", "01T17:00"]);
    assert_eq!(requests.len(), 2);
}

#[test]
fn a_page_in_place_of_a_feed_suggests_its_feeds_and_adopts_none() {
    let mut world = World::new();
    let page = "<html><head><link rel=alternate type='application/rss+xml' href=\"/l'autre.xml\"></head><body><p>Bac</p></body></html>";
    world.source(HOST, "", Answer::page(page));
    world.web.answer(HOST, "/l'autre.xml", Answer::feed(feed("Bac")));
    paths(&mut world, HOST, &["01T12:00", "02T12:00"]);
    assert!(world.requests(HOST).iter().all(|request| request.path == "/feed"));
    let feed = status(&world, "bac");
    assert_eq!(feed["reason"], "not-a-feed");
    let suggestion = format!("http://{HOST}/l'autre.xml");
    assert_eq!(feed["suggestion"], suggestion);
    assert_eq!(
        feed["remedy"],
        format!("griot edit bac 'url={}'", suggestion.replace('\'', r"'\''"))
    );
}

#[test]
fn an_outage_of_26_hours_is_reported_once_and_its_end_too() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(500));
    let run = |world: &mut World, hour: u64| {
        world.now = format!("2026-03-0{}T{:02}:05:00Z", 1 + hour / 24, hour % 24);
        world.succeed(["-q", "fetch"]).err
    };
    let lines: Vec<(u64, String)> = (0..26)
        .map(|hour| (hour, run(&mut world, hour)))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let [(24, line)] = lines.as_slice() else {
        panic!("one line, after 24 hours: {lines:?}");
    };
    assert!(line.starts_with("bac: failing since 2026-03-01T00:05:00Z"), "{line}");
    world.source(HOST, "", Answer::feed(feed("Bac")));
    let lines: Vec<String> = (26..60).map(|hour| run(&mut world, hour)).filter(|line| !line.is_empty()).collect();
    assert!(lines.len() == 1 && lines[0].starts_with("bac: back"), "{lines:?}");
}

#[test]
fn a_healthy_source_is_visited_every_max_every() {
    let mut world = World::new();
    world.settings += "max_every = \"3h\"\n";
    world.source(HOST, "", Answer::feed(feed("Bac")));
    let times: Vec<String> = (0..24).map(|hour| format!("02T{hour:02}:00")).collect();
    let times: Vec<&str> = times.iter().map(String::as_str).collect();
    let visits = paths(&mut world, HOST, &times).len();
    assert!((7..=10).contains(&visits), "{visits} visits in a day");
}

#[test]
fn a_429_holds_the_host_over_later_runs_and_a_503_its_feed_only() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(429).with("Retry-After", "soon"));
    add_sources(&mut world, &format!("[[source]]\nid = \"autre\"\nurl = \"http://{HOST}/z\"\n"));
    world.web.answer(HOST, "/z", Answer::feed(feed("Autre")));
    world.settings += "jobs = 1\n";
    let requests = paths(&mut world, HOST, &["01T12:00", "01T12:30"]);
    assert_eq!(requests.iter().filter(|path| *path == "/feed").count(), 1);
    let before = requests.len();
    world.web.answer(HOST, "/feed", Answer::status(503).with("Retry-After", "7200"));
    let requests = paths(&mut world, HOST, &["01T14:00", "01T15:30"]);
    let later = &requests[before..];
    assert_eq!(later.iter().filter(|path| *path == "/feed").count(), 1, "{later:?}");
    assert!(later.iter().any(|path| path == "/z"), "{later:?}");
}

#[test]
fn a_redirect_to_a_host_on_hold_is_not_followed() {
    let mut world = World::new();
    world.source("tenu.example.org", "", Answer::status(429).with("Retry-After", "18000"));
    world.succeed(["fetch"]);
    world.source(HOST, "", Answer::redirect(302, "http://tenu.example.org/other"));
    world.succeed(["fetch"]);
    assert_eq!((world.requests(HOST).len(), world.requests("tenu.example.org").len()), (1, 1));
    assert_eq!(status(&world, "bac")["failures"], 0, "it is no failure of this source");
    let requests = paths(&mut world, HOST, &["01T12:15", "01T14:00", "01T17:01"]);
    assert_eq!(
        requests.len(),
        2,
        "the redirecting address is not requested before the hold is over"
    );
}

#[test]
fn a_clock_that_was_set_back_delays_no_source() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Bac")));
    world.now = "2031-01-01T00:00:00Z".to_owned();
    world.succeed(["fetch"]);
    confirm_time(&world, HOST, "Sun, 01 Mar 2026 12:00:00 GMT");
    let mut requests = paths(&mut world, HOST, &["01T12:00", "01T12:30", "02T23:00"]);
    requests.retain(|path| path == "/feed");
    assert_eq!(requests.len(), 3);
}

#[test]
fn a_clock_that_was_set_back_delays_no_page() {
    let mut world = World::new();
    world.source(HOST, "article = \"page\"", Answer::feed(feed("Bac")));
    world.web.answer(HOST, "/1", Answer::status(503));
    world.now = "2026-03-05T00:00:00Z".to_owned();
    world.succeed(["fetch"]);
    paths(&mut world, HOST, &["05T00:10"]);
    confirm_time(&world, HOST, "Sun, 01 Mar 2026 12:00:00 GMT");
    let requests = paths(&mut world, HOST, &["01T12:00", "01T12:30", "01T16:05"]);
    let pages = requests.iter().filter(|path| *path == "/1").count();
    assert_eq!(pages, 3, "at first, after the clock was set back, and when it was due again");
}

#[test]
fn the_longest_due_go_first_and_a_hanging_server_starves_none() {
    let mut world = World::new();
    world.settings += "jobs = 2\n";
    for host in ["a.example.org", "b.example.org"] {
        world.source(host, "", Answer::hang());
    }
    for host in ["c.example.org", "d.example.org", "e.example.org"] {
        world.source(host, "", Answer::feed(feed(host)));
    }
    let summary = world.succeed(["fetch", "--json", "--budget", "1s"]).out;
    assert!(summary.contains("\"deferred\":5"), "{summary}");
    world.now = "2026-03-01T12:15:00Z".to_owned();
    world.succeed(["fetch", "--budget", "1s"]);
    for id in ["c", "d", "e"] {
        assert_eq!(status(&world, id)["state"], "ok", "{id}");
    }
}

#[test]
fn a_disabled_source_is_paused_and_can_be_enabled_again() {
    let mut world = World::new();
    world.source(HOST, "enabled = false", Answer::feed(feed("Bac")));
    let requests = paths(&mut world, HOST, &["01T12:00"]);
    assert_eq!((requests.len(), status(&world, "bac")["state"].as_str()), (0, Some("paused")));
    world.source(HOST, "", Answer::feed(feed("Bac")));
    let requests = paths(&mut world, HOST, &["02T12:00"]);
    assert_eq!((requests.len(), status(&world, "bac")["state"].as_str()), (1, Some("ok")));
    world.source(HOST, "enabled = false", Answer::feed(feed("Bac")));
    paths(&mut world, HOST, &["02T12:10"]);
    world.source(HOST, "", Answer::feed(feed("Bac")));
    let state = status(&world, "bac");
    assert_eq!(
        (&state["state"], &state["remedy"]),
        (&Value::from("ok"), &Value::Null),
        "before its next visit"
    );
}

#[test]
fn a_source_without_news_beyond_its_cadence_is_silent() {
    let mut world = World::new();
    let items: Vec<String> = (1..=8)
        .map(|day| {
            format!("<item><title>Jour {day}</title><link>http://{HOST}/{day}</link><pubDate>2026-02-0{day}T08:00:00Z</pubDate></item>")
        })
        .collect();
    let feed = format!("<rss version=\"2.0\"><channel><title>Bac</title>{}</channel></rss>", items.concat());
    world.source(HOST, "", Answer::feed(feed));
    world.now = "2026-02-08T12:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(status(&world, "bac")["state"], "ok");
    world.now = "2026-02-14T12:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(status(&world, "bac")["state"], "silent");
}
