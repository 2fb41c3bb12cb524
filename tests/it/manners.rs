//! How sources are treated over several runs: what they wish, where they move, which of their addresses work, and who goes first.

use crate::news::{FERRY, item, rss};
use crate::web::Answer;
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

/// Adds sources as feeds.toml writes them.
fn also(world: &mut World, sources: &str) {
    world.topics.push_str(sources);
}

/// Returns what `status --json` says of a source.
fn status(world: &World, id: &str) -> Value {
    let all = world.good(["status", "--json"]).out;
    let mut values = all.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    values.find(|value| value["source"] == id).expect("it is configured")
}

/// Runs at each of these moments of March 2026, and returns how often each path of `host` was asked.
fn paths(world: &mut World, host: &str, moments: &[&str]) -> Vec<String> {
    for moment in moments {
        world.now = format!("2026-03-{moment}:00Z");
        world.good(["fetch"]);
    }
    world.asked(host).into_iter().map(|asked| asked.path).collect()
}

#[test]
fn what_a_feed_wishes_holds_over_later_304s() {
    let mut world = World::new();
    let told = feed("Bac").replace("<item>", "<ttl>240</ttl><item>");
    world.source(HOST, "", Answer::feed(told).validated("\"1\"", "Sun, 01 Mar 2026 08:00:00 GMT"));
    let asked = paths(
        &mut world,
        HOST,
        &["01T12:00", "01T14:00", "01T15:55", "01T17:05", "01T19:00", "01T20:55"],
    );
    assert_eq!(asked.len(), 2, "at 12:00 and at 17:05");
}

#[test]
fn a_move_within_a_domain_is_taken_over_at_the_second_visit() {
    let mut world = World::new();
    world.source(HOST, "", Answer::redirect(301, "/new"));
    world.web.answer(
        HOST,
        "/new",
        Answer::feed(feed("Bac")).validated("\"n\"", "Sun, 01 Mar 2026 08:00:00 GMT"),
    );
    let asked = paths(&mut world, HOST, &["01T12:00", "01T14:00", "01T20:00", "02T20:00"]);
    assert_eq!(asked, ["/feed", "/new", "/feed", "/new", "/new", "/new"]);
    assert_eq!(world.asked(HOST)[4].header("If-None-Match"), Some("\"n\""));
    let moved = status(&world, "bac");
    assert_eq!(moved["state"], "moved");
    assert_eq!(moved["remedy"], format!("griot edit bac 'url=http://{HOST}/new'"));
    assert!(!world.feeds_toml().contains("/new"), "feeds.toml is the operator's");
    // The new address breaks: the old one is asked again.
    world.web.answer(HOST, "/new", Answer::status(404));
    world.web.answer(HOST, "/feed", Answer::feed(feed("Bac")));
    let asked = paths(&mut world, HOST, &["04T12:00", "05T12:00"]);
    assert_eq!(asked[6..], ["/new", "/feed"]);
    assert_eq!(status(&world, "bac")["state"], "ok");
}

#[test]
fn an_operator_who_follows_a_move_hears_no_more_of_it() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(404));
    also(&mut world, &format!("[[source]]\nid = \"lac\"\nurl = \"http://{HOST}/old\"\n"));
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
fn a_move_to_another_domain_is_watched_for_a_week() {
    let mut world = World::new();
    world.source(HOST, "", Answer::redirect(308, "http://autre.example.net/feed"));
    world.name("autre.example.net", "93.184.216.34");
    world.web.answer("autre.example.net", "/feed", Answer::feed(feed("Bac")));
    let asked = paths(
        &mut world,
        HOST,
        &["01T12:00", "02T13:00", "04T12:00", "07T12:00", "08T13:00", "10T12:00"],
    );
    assert_eq!(asked.len(), 5, "the last visit went straight to the new one");
    assert_eq!(world.asked("autre.example.net").len(), 6);
}

#[test]
fn secrets_do_not_follow_a_source_to_another_domain() {
    let mut world = World::new();
    let elsewhere = "autre.example.net";
    let secret = "headers = { X-Key = \"tres-secret\" }\nauth = \"moi:tres-secret\"";
    world.source(HOST, secret, Answer::redirect(301, &format!("http://{elsewhere}/feed")));
    world.name(elsewhere, "93.184.216.34");
    world.web.answer(elsewhere, "/feed", Answer::feed(feed("Bac")));
    let asked = paths(&mut world, HOST, &["01T12:00", "04T12:00", "09T12:00", "11T12:00"]);
    assert_eq!((asked.len(), status(&world, "bac")["state"].as_str()), (3, Some("moved")));
    world.good(["doctor", "bac"]);
    let asked = world.asked(elsewhere);
    assert!(asked.len() > 4, "the runs and doctor");
    for asked in asked {
        assert_eq!((asked.header("X-Key"), asked.header("Authorization")), (None, None));
    }
    assert!(world.asked(HOST).iter().all(|asked| asked.header("X-Key").is_some()));
}

#[test]
fn a_redirect_that_is_not_for_good_is_never_taken_over() {
    let mut world = World::new();
    world.source(HOST, "", Answer::redirect(302, "/new"));
    world.web.answer(HOST, "/new", Answer::feed(feed("Bac")));
    let asked = paths(&mut world, HOST, &["01T12:00", "01T14:00", "02T20:00", "12T20:00"]);
    assert_eq!(asked.iter().filter(|path| *path == "/feed").count(), 4);
}

#[test]
fn of_several_addresses_each_visit_asks_one_and_what_works_is_remembered() {
    let mut world = World::new();
    also(
        &mut world,
        "[[source]]\nid = \"deux\"\nurls = [\"http://un.example.org/feed\", \"http://deux.example.org/feed\"]\n",
    );
    for host in ["un.example.org", "deux.example.org"] {
        world.name(host, "93.184.216.34");
    }
    world.web.answer("un.example.org", "/feed", Answer::status(404));
    world.web.answer("deux.example.org", "/feed", Answer::feed(feed("Deux")));
    world.good(["fetch"]);
    assert_eq!(world.web.asked().len(), 1, "never two requests in one visit");
    let later = paths(&mut world, "deux.example.org", &["01T15:00", "01T20:00", "02T23:00"]);
    assert_eq!((later.len(), world.asked("un.example.org").len()), (3, 1));
}

#[test]
fn a_host_that_fails_for_a_day_is_tried_with_www() {
    let mut world = World::new();
    world.source("bafing.example.org", "", Answer::status(200));
    also(&mut world, "[[source]]\nid = \"seno\"\nurl = \"http://seno.example.org/feed\"\n");
    world.name("www.seno.example.org", "93.184.216.34");
    world.web.answer("www.seno.example.org", "/feed", Answer::feed(feed("Séno")));
    let moments = ["01T12:00", "01T16:00", "02T00:00", "02T20:00", "04T02:00", "05T12:00", "07T12:00"];
    let asked = paths(&mut world, "www.seno.example.org", &moments);
    assert!(!asked.is_empty(), "{}", status(&world, "seno"));
    assert_eq!(status(&world, "seno")["reason"], Value::Null);
    assert_eq!(
        status(&world, "seno")["remedy"],
        "griot edit seno 'url=http://www.seno.example.org/feed'"
    );
}

#[test]
fn a_broken_encoding_is_asked_again_without_compression() {
    let mut world = World::new();
    let broken = Answer::feed(vec![0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7]).with("Content-Encoding", "gzip");
    world.source(HOST, "", broken);
    world.good(["fetch"]);
    assert_eq!(status(&world, "bac")["reason"], "encoding");
    world.web.answer(HOST, "/feed", Answer::feed(feed("Bac")));
    paths(&mut world, HOST, &["01T14:00", "02T20:00"]);
    let encodings: Vec<_> = world
        .asked(HOST)
        .iter()
        .map(|asked| asked.header("Accept-Encoding").map(str::to_owned))
        .collect();
    assert_eq!(encodings[0].as_deref(), Some("gzip, deflate, br, zstd"));
    assert_eq!(encodings[1].as_deref(), Some("identity"));
    assert_eq!(encodings[2].as_deref(), Some("identity"), "and it is remembered");
}

#[test]
fn an_encoding_that_stays_broken_does_not_hide_the_next_address() {
    let mut world = World::new();
    world.source("bafing.example.org", "", Answer::status(404));
    also(
        &mut world,
        &format!("[[source]]\nid = \"deux\"\nurls = [\"http://{HOST}/1\", \"http://{HOST}/2\"]\n"),
    );
    world.name(HOST, "93.184.216.34");
    world
        .web
        .answer(HOST, "/1", Answer::feed(feed("Un")).with("Content-Encoding", "sdch"));
    world.web.answer(HOST, "/2", Answer::feed(feed("Deux")));
    let asked = paths(&mut world, HOST, &["01T12:00", "01T16:00", "01T22:00"]);
    assert_eq!(asked, ["/1", "/1", "/2"]);
    let encodings = world.asked(HOST);
    let of = |place: usize| encodings[place].header("Accept-Encoding");
    assert_eq!(of(1), Some("identity"));
    assert_ne!(of(2), Some("identity"), "it was no cure");
}

#[test]
fn what_is_gone_is_confirmed_once_and_then_asked_once_in_thirty_days() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(410));
    let asked = paths(&mut world, HOST, &["01T12:00", "01T20:00", "02T13:00", "05T13:00", "20T13:00"]);
    assert_eq!(asked.len(), 2);
    let gone = status(&world, "bac");
    assert_eq!(
        (gone["state"].as_str(), gone["remedy"].as_str()),
        (Some("gone"), Some("griot disable bac"))
    );
    world.good(["fetch", "--force"]);
    assert_eq!(world.asked(HOST).len(), 2, "not even by force");
    world.now = "2026-04-12T12:00:00Z".to_owned();
    world.web.answer(HOST, "/feed", Answer::feed(feed("Bac")));
    world.good(["fetch"]);
    assert_eq!((world.asked(HOST).len(), status(&world, "bac")["state"].as_str()), (3, Some("ok")));
}

#[test]
fn two_sources_with_one_feed_ask_once() {
    let mut world = World::new();
    world.source(
        HOST,
        "",
        Answer::feed(feed("Bac")).validated("\"1\"", "Sun, 01 Mar 2026 08:00:00 GMT"),
    );
    world.good(["fetch"]);
    // The second comes later, and knows nothing yet: it needs the whole feed.
    also(
        &mut world,
        &format!("[[source]]\nid = \"double\"\nurl = \"http://www.{HOST}/feed?utm_source=x\"\n"),
    );
    world.name(&format!("www.{HOST}"), "93.184.216.34");
    world
        .web
        .answer(&format!("www.{HOST}"), "/feed?utm_source=x", Answer::feed(feed("Bac")));
    paths(&mut world, HOST, &["01T15:00", "01T20:00", "02T23:00"]);
    assert_eq!(world.web.asked().len(), 4);
    let entries = world.good(["list", "entries", "--json"]).out;
    for id in ["bac", "double"] {
        assert!(entries.contains(&format!("\"source\":\"{id}\"")), "{entries}");
        assert_eq!(status(&world, id)["state"], "ok");
    }
}

#[test]
fn sources_that_ask_differently_are_asked_each() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Bac")));
    also(
        &mut world,
        &format!("[[source]]\nid = \"double\"\nurl = \"http://{HOST}/feed\"\nuser_agent = \"other/1\"\n"),
    );
    world.good(["fetch"]);
    assert_eq!(world.asked(HOST).len(), 2);
}

#[test]
fn hours_that_a_feed_skips_are_skipped_by_late_runs_too() {
    let mut world = World::new();
    let told = feed("Bac").replace("<item>", "<skipHours><hour>15</hour><hour>16</hour></skipHours><item>");
    world.source(HOST, "", Answer::feed(told));
    let asked = paths(&mut world, HOST, &["01T12:00", "01T15:30", "01T16:59", "01T17:00"]);
    assert_eq!(asked.len(), 2);
}

#[test]
fn a_page_instead_of_a_feed_offers_the_feeds_it_announces_and_takes_none() {
    let mut world = World::new();
    let page = "<html><head><link rel=alternate type='application/rss+xml' href=\"/l'autre.xml\"></head><body><p>Bac</p></body></html>";
    world.source(HOST, "", Answer::page(page));
    world.web.answer(HOST, "/l'autre.xml", Answer::feed(feed("Bac")));
    paths(&mut world, HOST, &["01T12:00", "02T12:00"]);
    assert!(world.asked(HOST).iter().all(|asked| asked.path == "/feed"));
    let told = status(&world, "bac");
    assert_eq!(told["reason"], "not-a-feed");
    let suggestion = format!("http://{HOST}/l'autre.xml");
    assert_eq!(told["suggestion"], suggestion);
    assert_eq!(
        told["remedy"],
        format!("griot edit bac 'url={}'", suggestion.replace('\'', r"'\''"))
    );
}

#[test]
fn a_429_holds_the_host_over_later_runs_and_a_503_its_feed_only() {
    let mut world = World::new();
    world.source(HOST, "", Answer::status(429).with("Retry-After", "soon"));
    also(&mut world, &format!("[[source]]\nid = \"autre\"\nurl = \"http://{HOST}/z\"\n"));
    world.web.answer(HOST, "/z", Answer::feed(feed("Autre")));
    world.head += "jobs = 1\n";
    let asked = paths(&mut world, HOST, &["01T12:00", "01T12:30"]);
    assert_eq!(asked.iter().filter(|path| *path == "/feed").count(), 1);
    let before = asked.len();
    world.web.answer(HOST, "/feed", Answer::status(503).with("Retry-After", "7200"));
    let asked = paths(&mut world, HOST, &["01T14:00", "01T15:30"]);
    let later = &asked[before..];
    assert_eq!(later.iter().filter(|path| *path == "/feed").count(), 1, "{later:?}");
    assert!(later.iter().any(|path| path == "/z"), "{later:?}");
}

#[test]
fn a_redirect_to_a_held_host_asks_nothing_there() {
    let mut world = World::new();
    world.source("tenu.example.org", "", Answer::status(429).with("Retry-After", "18000"));
    world.good(["fetch"]);
    world.source(HOST, "", Answer::redirect(302, "http://tenu.example.org/other"));
    world.good(["fetch"]);
    assert_eq!((world.asked(HOST).len(), world.asked("tenu.example.org").len()), (1, 1));
    assert_eq!(status(&world, "bac")["failures"], 0, "it is no failure of this source");
    let asked = paths(&mut world, HOST, &["01T12:15", "01T14:00", "01T17:01"]);
    assert_eq!(asked.len(), 2, "the way there is not walked again before the hold is over");
}

#[test]
fn a_clock_that_was_set_back_silences_nobody() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed("Bac")));
    world.now = "2031-01-01T00:00:00Z".to_owned();
    world.good(["fetch"]);
    let asked = paths(&mut world, HOST, &["01T12:00", "01T12:30", "02T23:00"]);
    assert_eq!(asked.len(), 3);
}

#[test]
fn a_clock_that_was_set_back_silences_no_page() {
    let mut world = World::new();
    world.source(HOST, "article = \"page\"", Answer::feed(feed("Bac")));
    world.web.answer(HOST, "/1", Answer::status(503));
    world.now = "2026-03-05T00:00:00Z".to_owned();
    world.good(["fetch"]);
    let asked = paths(&mut world, HOST, &["05T00:10", "01T12:00", "01T12:30", "01T16:05"]);
    let pages = asked.iter().filter(|path| *path == "/1").count();
    assert_eq!(pages, 3, "at first, after the clock was set back, and when it was due again");
}

#[test]
fn the_longest_due_go_first_and_who_never_answers_starves_nobody() {
    let mut world = World::new();
    world.head += "jobs = 2\n";
    for host in ["a.example.org", "b.example.org"] {
        world.source(host, "", Answer::hang());
    }
    for host in ["c.example.org", "d.example.org", "e.example.org"] {
        world.source(host, "", Answer::feed(feed(host)));
    }
    let summary = world.good(["fetch", "--json", "--budget", "1s"]).out;
    assert!(summary.contains("\"deferred\":5"), "{summary}");
    world.now = "2026-03-01T12:15:00Z".to_owned();
    world.good(["fetch", "--budget", "1s"]);
    for id in ["c", "d", "e"] {
        assert_eq!(status(&world, id)["state"], "ok", "{id}");
    }
}

#[test]
fn a_source_that_is_switched_off_is_paused_and_comes_back() {
    let mut world = World::new();
    world.source(HOST, "enabled = false", Answer::feed(feed("Bac")));
    let asked = paths(&mut world, HOST, &["01T12:00"]);
    assert_eq!((asked.len(), status(&world, "bac")["state"].as_str()), (0, Some("paused")));
    world.source(HOST, "", Answer::feed(feed("Bac")));
    let asked = paths(&mut world, HOST, &["02T12:00"]);
    assert_eq!((asked.len(), status(&world, "bac")["state"].as_str()), (1, Some("ok")));
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
fn silence_beyond_a_sources_own_rhythm_is_told() {
    let mut world = World::new();
    let items: Vec<String> = (1..=8)
        .map(|day| {
            format!("<item><title>Jour {day}</title><link>http://{HOST}/{day}</link><pubDate>2026-02-0{day}T08:00:00Z</pubDate></item>")
        })
        .collect();
    let told = format!("<rss version=\"2.0\"><channel><title>Bac</title>{}</channel></rss>", items.concat());
    world.source(HOST, "", Answer::feed(told));
    world.now = "2026-02-08T12:00:00Z".to_owned();
    world.good(["fetch"]);
    assert_eq!(status(&world, "bac")["state"], "ok");
    world.now = "2026-02-14T12:00:00Z".to_owned();
    world.good(["fetch"]);
    assert_eq!(status(&world, "bac")["state"], "silent");
}
