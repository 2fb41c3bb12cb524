//! Log lines: which of them each level of verbosity prints, and that no secret and no query string stands in any.

use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const HOST: &str = "aube.example";
const COPIER: &str = "echo.example";

/// Returns a world with a source that has a secret header, an entry whose link has a query string and one that is too old, and a source
/// that copies the first.
fn world() -> World {
    let mut world = World::new();
    let ferry = item("bac?jeton=q5ecret", "Le bac de Dioro", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY);
    let wells = item("puits", "Les puits de Nara", "Sun, 01 Mar 2026 10:00:00 GMT", WELLS);
    let old = item("archive", "Une archive", "Sun, 01 Mar 2020 10:00:00 GMT", WELLS);
    let feed = rss(HOST, "L'Aube", &[ferry.clone(), wells, old]);
    world.source(
        HOST,
        "article = \"feed\"\nheaders = { Cookie = \"h5ecret\" }",
        crate::fake_web::Answer::feed(feed),
    );
    let copy = rss(
        COPIER,
        "L'Écho",
        &[item("bac", "Le bac de Dioro", "Sun, 01 Mar 2026 11:00:00 GMT", FERRY)],
    );
    world.feed(COPIER, copy);
    world
}

/// Runs `griot VERBOSITY fetch` and returns its log lines.
fn log(verbosity: &str) -> (String, Vec<Value>) {
    let finished = world().succeed([verbosity, "--log-format", "json", "fetch"]);
    let lines = finished.err.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    (finished.err, lines)
}

fn message(line: &Value) -> &str {
    line["fields"]["message"].as_str().unwrap_or_default()
}

/// Returns the field `name` of a line or of the spans around it.
fn field<'a>(line: &'a Value, name: &str) -> Option<&'a str> {
    let spans = line["spans"].as_array().into_iter().flatten();
    let found = std::iter::once(&line["fields"])
        .chain(spans)
        .find_map(|fields| fields[name].as_str());
    found.filter(|value| !value.is_empty())
}

#[test]
fn one_line_tells_of_each_visited_source_and_of_the_run() {
    let (_, lines) = log("-v");
    let visited: Vec<_> = lines.iter().filter(|line| message(line) == "visited").collect();
    let mut sources: Vec<_> = visited.iter().filter_map(|line| field(line, "source.id")).collect();
    sources.sort_unstable();
    assert_eq!(sources, ["aube", "echo"]);
    let run = lines
        .iter()
        .find(|line| message(line) == "run finished")
        .expect("a line of the run");
    assert_eq!(run["fields"]["fresh"], 2);
    assert_eq!(run["fields"]["copies"], 1);
    assert!(run["fields"]["duration_ms"].is_u64());
    assert_eq!(run["spans"][0]["run.id"], 1);
    assert!(lines.iter().all(|line| line["level"] != "DEBUG"), "debug lines need -vv");
}

#[test]
fn debug_lines_tell_of_each_request_entry_copy_join_placement_and_refusal() {
    let (_, lines) = log("-vv");
    let of = |wanted: &str| lines.iter().filter(|line| message(line) == wanted).collect::<Vec<_>>();
    let count = |wanted: &str| of(wanted).len();
    assert_eq!(count("new entry"), 3);
    assert_eq!(count("founded a story"), 2);
    assert_eq!(count("a copy joined its story"), 1);
    assert_eq!(count("placed"), 2);
    assert_eq!(count("refused an entry older than `keep`"), 1);
    for line in of("new entry") {
        assert!(field(line, "source.id").is_some() && field(line, "entry.url").is_some(), "{line}");
    }
    for line in of("placed") {
        assert_eq!(field(line, "topic.id"), Some("mali"));
        assert!(field(line, "story.id").is_some(), "{line}");
    }
    assert!(of("a copy joined its story").iter().all(|line| field(line, "copy.of").is_some()));
    let requests = of("request");
    assert!(requests.len() >= 2, "each request has a line");
    for line in requests {
        assert!(
            field(line, "source.id").is_some() && line["fields"]["duration_ms"].is_u64(),
            "{line}"
        );
    }
}

#[test]
fn secrets_and_query_strings_are_never_logged() {
    let (text, lines) = log("-vv");
    assert!(lines.len() > 10, "{text}");
    assert!(!text.contains("h5ecret") && !text.contains("q5ecret"), "{text}");
}
