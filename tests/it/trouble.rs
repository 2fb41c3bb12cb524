//! One source's trouble never touches another: whatever it does, the others' items are the same bytes.

use crate::news::{FAIR, FERRY, WELLS, item, rss};
use crate::web::Answer;
use crate::world::World;
use std::collections::BTreeMap;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const BAD: &str = "mal.example";

/// Two good sources, and one that gives `answer`; returns the output.
fn outcome(keys: &str, answer: Answer) -> World {
    let mut world = World::new();
    world.feed(
        "aube.example",
        rss(
            "aube.example",
            "L'Aube",
            &[item("bac", "Le bac", DATE, FERRY), item("foire", "La foire", DATE, FAIR)],
        ),
    );
    world.feed(
        "bafing.example",
        rss(
            "bafing.example",
            "Bafing",
            &[item("puits", "Des puits", DATE, WELLS), item("bac", "Le bac", DATE, FERRY)],
        ),
    );
    world.head += "max_body = \"1MB\"\n";
    world.source(BAD, keys, answer);
    world.good(["fetch"]);
    world
}

fn undisturbed() -> BTreeMap<String, Vec<u8>> {
    outcome("", Answer::feed(rss(BAD, "Mal", &[]))).told()
}

fn state(world: &World) -> (String, String) {
    let status = world.good(["status", "--json"]).out;
    let values = status
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let bad = values.into_iter().find(|value| value["source"] == "mal").expect("it is configured");
    let said = |key: &str| bad[key].as_str().unwrap_or_default().to_owned();
    (said("state"), said("reason"))
}

#[test]
fn a_source_that_does_not_answer_as_it_should_changes_no_byte_of_the_others() {
    let expected = undisturbed();
    for (answer, state_and_reason) in [
        (Answer::status(500), ("failing", "http-5xx")),
        (Answer::status(404), ("failing", "http-4xx")),
        (Answer::status(410), ("failing", "gone")),
        (Answer::status(304), ("failing", "protocol")),
        (Answer::long(1 << 30), ("failing", "too-large")),
        (Answer::feed(""), ("failing", "not-a-feed")),
        (
            Answer::page("<html><body><h1>Maintenance</h1></body></html>"),
            ("failing", "not-a-feed"),
        ),
        (
            Answer::page("<html><body><h1>Bienvenue</h1></body></html>"),
            ("failing", "not-a-feed"),
        ),
        (
            Answer::new(200, "application/octet-stream", vec![0, 159, 146, 150]),
            ("failing", "not-a-feed"),
        ),
        (Answer::cut_off("<rss><channel><title>Mal</title>"), ("failing", "protocol")),
    ] {
        let world = outcome("", answer);
        assert!(world.told() == expected, "{state_and_reason:?}");
        let (state, reason) = state(&world);
        assert_eq!((state.as_str(), reason.as_str()), state_and_reason);
    }
}

#[test]
fn a_source_that_never_ends_its_answer_costs_its_own_time_only() {
    for answer in [Answer::hang(), Answer::stall("<rss><channel>")] {
        let world = outcome("timeout = \"1s\"", answer);
        assert!(world.told() == undisturbed());
        assert_eq!(state(&world).1, "timeout");
    }
}

#[test]
fn a_billion_laughs_are_not_laughed() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha ha ha ha ha ha ha ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"><channel><title>&c;&d;</title></channel></rss>";
    let world = outcome("", Answer::feed(bomb));
    assert!(world.told() == undisturbed());
    assert_eq!(state(&world).0, "ok", "a feed without entries");
}

#[test]
fn deep_nesting_is_no_trouble() {
    let deep = format!(
        "<rss version=\"2.0\"><channel><title>Mal</title>{}{}</channel></rss>",
        "<div>".repeat(90_000),
        "</div>".repeat(60_000)
    );
    assert!(outcome("", Answer::feed(deep)).told() == undisturbed());
    let items = rss(
        BAD,
        "Mal",
        &[item("1", "Deep", DATE, &format!("{}x", "<blockquote>".repeat(50_000)))],
    );
    let world = outcome("", Answer::feed(items));
    assert!(world.told() == undisturbed(), "it tells nothing of Mali");
    assert_eq!(world.good(["list", "entries", "Deep"]).out.lines().count(), 1);
}

#[test]
fn hostile_markup_reaches_nobody() {
    let body = "<p onclick=\"steal()\">Mali <script>steal()</script><img src=x onerror=steal()><a href=\"javascript:steal()\">x</a>\
                <a href=\" jAvA&#x0A;script:steal()\">y</a><iframe src=\"http://evil.example/\"></iframe><svg/onload=steal()><style>*{}</style>\
                <form action=\"http://evil.example/\"><input name=p></form><math><mtext><table><mglyph><style><img src onerror=steal()></p>";
    let title = "Mali &lt;script&gt;steal()&lt;/script&gt; &amp;lt;img src=x onerror=steal()&amp;gt;";
    let hostile = rss(
        BAD,
        "</title><script>steal()</script>",
        &[item("\"><script>steal()</script>", title, DATE, body)],
    );
    let world = outcome("", Answer::feed(hostile));
    for (name, bytes) in world.files() {
        let text = String::from_utf8(bytes).expect("UTF-8").to_lowercase();
        // In feeds markup stands escaped or in CDATA: what counts is that no element and no handler is left in any layer.
        let flat = text.replace("&lt;", "<").replace("&gt;", ">").replace("\\u003c", "<");
        for evil in [
            "<script",
            "<img src=x",
            "<img src on",
            "onclick",
            "\"javascript:",
            "<iframe",
            "<style",
            "<form",
            "<svg",
            "<math",
        ] {
            let found = flat
                .find(evil)
                .map(|at| flat[at.saturating_sub(40)..].chars().take(120).collect::<String>());
            assert_eq!(found, None, "{evil} in {name}");
        }
    }
    let others = |world: &World| {
        let mut items = world.items("mali");
        items.retain(|item| !item["url"].to_string().contains(BAD));
        items
    };
    assert_eq!(world.items("mali").len(), 4, "it tells of Mali after all");
    assert_eq!(others(&world), others(&outcome("", Answer::feed(rss(BAD, "Mal", &[])))));
}

#[test]
fn a_feed_that_is_cut_off_after_good_entries_gives_those() {
    let whole = rss(
        BAD,
        "Mal",
        &[item("a", "Premier", DATE, "<p>Un</p>"), item("b", "Second", DATE, "<p>Deux</p>")],
    );
    let cut = whole.split("Deux").next().unwrap_or_default().to_owned();
    let world = outcome("", Answer::feed(cut));
    assert_eq!(state(&world).0, "ok");
    assert_eq!(world.good(["list", "entries", "Premier"]).out.lines().count(), 1);
    let problems = world.good(["status", "--problems"]).out;
    assert!(problems.contains("truncated"), "{problems}");
}

#[test]
fn a_source_that_comes_back_is_told_so() {
    let mut world = outcome("", Answer::status(500));
    assert_eq!(state(&world).0, "failing");
    world.feed(
        BAD,
        rss(BAD, "Mal", &[item("x", "Nouvelles du Mali", DATE, "<p>Au Mali, tout va.</p>")]),
    );
    world.now = "2026-03-01T16:00:00Z".to_owned();
    world.good(["fetch"]);
    assert_eq!(state(&world), ("ok".to_owned(), String::new()));
    assert_eq!(world.items("mali").len(), 4);
}

#[test]
fn cron_hears_of_a_lasting_failure_once_and_of_its_end_once() {
    let mut world = outcome("", Answer::status(500));
    let mut said = Vec::new();
    for hours in (6..=60).step_by(6) {
        world.now = format!("2026-03-{:02}T{:02}:00:00Z", 1 + (12 + hours) / 24, (12 + hours) % 24);
        if hours == 54 {
            world.feed(BAD, rss(BAD, "Mal", &[]));
        }
        let ran = world.good(["-q", "fetch", "--force"]);
        assert_eq!(ran.out, "");
        if !ran.err.is_empty() {
            said.push((hours, ran.err.lines().count(), ran.err.contains("back")));
        }
    }
    assert_eq!(said, [(24, 1, false), (54, 1, true)]);
}

#[test]
fn no_control_character_reaches_a_terminal() {
    let world = World::new();
    let hostile = "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"T\\u001b[2J\\u009b31m\", \
                   \"items\": [{\"id\": \"a\\u001b]0;x\\u0007\\u009b2J\\u007f\", \"title\": \"E\\u009b31m\", \"content_text\": \"x\"}]}";
    std::fs::write(world.path("hostile.json"), hostile).expect("written");
    for arguments in [&["parse", "--json", "hostile.json"][..], &["parse", "hostile.json"]] {
        let said = world.good(arguments.iter().copied()).out;
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");
    }
    let said = world.good(["parse", "--json", "hostile.json"]).out;
    let value: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(value["entries"][0]["id"], "a\u{1b}]0;x\u{7}\u{9b}2J\u{7f}");
}
