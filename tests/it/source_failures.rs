//! One source's failure never affects another: whatever it sends, the items of the others are the same bytes.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;
use std::collections::BTreeMap;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const BAD_HOST: &str = "mal.example";

/// Runs with two sources that work, and one that gives `answer`.
fn run_with_failing_source(keys: &str, answer: Answer) -> World {
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
    world.settings += "max_body = \"1MB\"\n";
    world.source(BAD_HOST, keys, answer);
    world.succeed(["fetch"]);
    world
}

fn expected_output() -> BTreeMap<String, Vec<u8>> {
    files_of_others(&run_with_failing_source("", Answer::feed(rss(BAD_HOST, "Mal", &[]))))
}

/// Returns the output without the pages that tell how the failing source does.
fn files_of_others(world: &World) -> BTreeMap<String, Vec<u8>> {
    let mut files = world.published_files();
    files.retain(|name, _| !["health.html", "source/mal.html"].contains(&name.as_str()));
    files
}

fn state(world: &World) -> (String, String) {
    let status = world.succeed(["status", "--json"]).out;
    let values = status
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let bad = values.into_iter().find(|value| value["source"] == "mal").expect("it is configured");
    let field = |key: &str| bad[key].as_str().unwrap_or_default().to_owned();
    (field("state"), field("reason"))
}

#[test]
fn a_failing_source_changes_no_byte_of_the_others() {
    let expected = expected_output();
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
        let world = run_with_failing_source("", answer);
        assert!(files_of_others(&world) == expected, "{state_and_reason:?}");
        let (state, reason) = state(&world);
        assert_eq!((state.as_str(), reason.as_str()), state_and_reason);
    }
}

#[test]
fn a_source_that_never_ends_its_answer_times_out_alone() {
    for answer in [Answer::hang(), Answer::stall("<rss><channel>")] {
        let world = run_with_failing_source("timeout = \"1s\"", answer);
        assert!(files_of_others(&world) == expected_output());
        assert_eq!(state(&world).1, "timeout");
    }
}

#[test]
fn xml_entities_are_not_expanded_recursively() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha ha ha ha ha ha ha ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"><channel><title>&c;&d;</title></channel></rss>";
    let world = run_with_failing_source("", Answer::feed(bomb));
    assert!(files_of_others(&world) == expected_output());
    assert_eq!(state(&world).0, "ok", "a feed without entries");
}

#[test]
fn deep_nesting_is_bounded() {
    let deep = format!(
        "<rss version=\"2.0\"><channel><title>Mal</title>{}{}</channel></rss>",
        "<div>".repeat(90_000),
        "</div>".repeat(60_000)
    );
    assert!(files_of_others(&run_with_failing_source("", Answer::feed(deep))) == expected_output());
    let items = rss(
        BAD_HOST,
        "Mal",
        &[item("1", "Deep", DATE, &format!("{}x", "<blockquote>".repeat(50_000)))],
    );
    let world = run_with_failing_source("", Answer::feed(items));
    assert!(files_of_others(&world) == expected_output(), "it has no entry on Mali");
    assert_eq!(world.succeed(["list", "entries", "Deep"]).out.lines().count(), 1);
}

/// Elements of pages, each of which a page has once: what it lists for programs, the styles of its filters, its search form, the map, and the icon.
const OWN_ELEMENTS: [&str; 7] = [
    "<script type=\"application/ld+json\">{\"@context\":",
    "<style>#",
    "<form class=\"search\" action=\"mali.html\" role=\"search\">",
    "<svg class=\"map\" ",
    "<svg class=\"chart\" ",
    "<svg class=\"chart\" ",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewbox=\"0 0 32 32\">",
];

#[test]
fn hostile_markup_is_not_published() {
    let body = "<p onclick=\"steal()\">Mali <script>steal()</script><img src=x onerror=steal()><a href=\"javascript:steal()\">x</a>\
                <a href=\" jAvA&#x0A;script:steal()\">y</a><iframe src=\"http://evil.example/\"></iframe><svg/onload=steal()><style>*{}</style>\
                <form action=\"http://evil.example/\"><input name=p></form><math><mtext><table><mglyph><style><img src onerror=steal()></p>";
    let title = "Mali &lt;script&gt;steal()&lt;/script&gt; &amp;lt;img src=x onerror=steal()&amp;gt;";
    let hostile = rss(
        BAD_HOST,
        "</title><script>steal()</script>",
        &[item("\"><script>steal()</script>", title, DATE, body)],
    );
    let world = run_with_failing_source("", Answer::feed(hostile));
    for (name, bytes) in world.files() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        // Feeds hold markup escaped or in CDATA: no dangerous element or attribute may be left at any level of escaping.
        let mut flat = text.replace("&lt;", "<").replace("&gt;", ">").replace("\\u003c", "<");
        for own in OWN_ELEMENTS {
            flat = flat.replacen(own, "", 1);
        }
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
        items.retain(|item| !item["url"].to_string().contains(BAD_HOST));
        items
    };
    assert_eq!(world.items("mali").len(), 4, "its entry on Mali is an item");
    assert_eq!(
        others(&world),
        others(&run_with_failing_source("", Answer::feed(rss(BAD_HOST, "Mal", &[]))))
    );
}

#[test]
fn a_truncated_feed_gives_its_complete_entries() {
    let whole = rss(
        BAD_HOST,
        "Mal",
        &[item("a", "Premier", DATE, "<p>Un</p>"), item("b", "Second", DATE, "<p>Deux</p>")],
    );
    let cut = whole.split("Deux").next().unwrap_or_default().to_owned();
    let world = run_with_failing_source("", Answer::feed(cut));
    assert_eq!(state(&world).0, "ok");
    assert_eq!(world.succeed(["list", "entries", "Premier"]).out.lines().count(), 1);
    let problems = world.succeed(["status", "--problems"]).out;
    assert!(problems.contains("truncated"), "{problems}");
}

#[test]
fn a_recovered_source_is_reported() {
    let mut world = run_with_failing_source("", Answer::status(500));
    assert_eq!(state(&world).0, "failing");
    world.feed(
        BAD_HOST,
        rss(BAD_HOST, "Mal", &[item("x", "Nouvelles du Mali", DATE, "<p>Au Mali, tout va.</p>")]),
    );
    world.now = "2026-03-01T16:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(state(&world), ("ok".to_owned(), String::new()));
    assert_eq!(world.items("mali").len(), 4);
}

#[test]
fn a_quiet_run_reports_a_lasting_failure_once_and_its_end_once() {
    let mut world = run_with_failing_source("", Answer::status(500));
    let mut messages = Vec::new();
    for hours in (6..=60).step_by(6) {
        world.now = format!("2026-03-{:02}T{:02}:00:00Z", 1 + (12 + hours) / 24, (12 + hours) % 24);
        if hours == 54 {
            world.feed(BAD_HOST, rss(BAD_HOST, "Mal", &[]));
        }
        let ran = world.succeed(["-q", "fetch", "--force"]);
        assert_eq!(ran.out, "");
        if !ran.err.is_empty() {
            messages.push((hours, ran.err.lines().count(), ran.err.contains("back")));
        }
    }
    assert_eq!(messages, [(24, 1, false), (54, 1, true)]);
}

#[test]
fn no_control_character_reaches_a_terminal() {
    let world = World::new();
    let hostile = "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"T\\u001b[2J\\u009b31m\", \
                   \"items\": [{\"id\": \"a\\u001b]0;x\\u0007\\u009b2J\\u007f\", \"title\": \"E\\u009b31m\", \"content_text\": \"x\"}]}";
    std::fs::write(world.path("hostile.json"), hostile).expect("written");
    for arguments in [&["parse", "--json", "hostile.json"][..], &["parse", "hostile.json"]] {
        let output = world.succeed(arguments.iter().copied()).out;
        assert!(output.chars().all(|c| c == '\n' || !c.is_control()), "{output:?}");
    }
    let output = world.succeed(["parse", "--json", "hostile.json"]).out;
    let value: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(value["entries"][0]["id"], "a\u{1b}]0;x\u{7}\u{9b}2J\u{7f}");
}
