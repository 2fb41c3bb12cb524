//! Sources without a feed: their list page is visited like a feed, and read by the source's selectors.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS};
use crate::world::World;

const HOST: &str = "garde.example";
const KEYS: &str = "list = { link = \"li a\", title = \"h3\", date = \".date\" }\ntimezone = \"Africa/Niamey\"";

/// Returns a list page with these entries: path, headline, date.
fn list(entries: &[(&str, &str, &str)]) -> String {
    let item = |(path, title, date): &(&str, &str, &str)| {
        format!("<li><a href=\"/{path}\"><h3>{title}</h3></a> <span class=date>{date}</span></li>")
    };
    let items = entries.iter().map(item).collect::<Vec<_>>().concat();
    format!(
        "<html lang=fr><head><title>La garde</title></head><body><nav><ul><li><a href=/contact>Contact</a></li></ul></nav><ul>{items}</ul></body></html>"
    )
}

fn page(title: &str, texts: &[&str]) -> Answer {
    Answer::page(format!(
        "<html lang=fr><head><title>{title}</title></head><body><article><h1>{title}</h1>{}</article></body></html>",
        texts.concat()
    ))
}

const TWO: &[(&str, &str, &str)] = &[
    ("p?id=2", "Mali : la patrouille est rentrée", "Publié le 1 mars 2026 à 10h30"),
    ("p?id=1", "Mali : un poste ouvert", "28 février 2026"),
];

fn world() -> World {
    let mut world = World::new();
    world.source(
        HOST,
        KEYS,
        Answer::page(list(TWO)).validated("\"1\"", "Sun, 01 Mar 2026 09:00:00 GMT"),
    );
    world.web.answer(HOST, "/p?id=1", page("Mali : un poste ouvert", &[FERRY]));
    world
        .web
        .answer(HOST, "/p?id=2", page("Mali : la patrouille est rentrée", &[WELLS, FAIR]));
    world
}

#[test]
fn the_links_of_a_list_page_are_entries_with_their_pages() {
    let mut world = world();
    world.succeed(["fetch"]);
    let items = world.items("mali");
    let shown = |key: &str| {
        items
            .iter()
            .map(|item| item[key].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown("title"), ["Mali : la patrouille est rentrée", "Mali : un poste ouvert"]);
    assert_eq!(shown("date_published"), ["2026-03-01T09:30:00Z", "2026-02-27T23:00:00Z"]);
    assert!(
        shown("content_html").iter().all(|body| body.len() > 300),
        "a list has no texts, so the page is fetched"
    );
    let robots = world.requests(HOST).iter().position(|request| request.path == "/robots.txt");
    assert_eq!(robots, Some(0), "a list page is a page: robots.txt is asked first");
    world.now = "2026-03-02T12:00:00Z".to_owned();
    world.succeed(["fetch"]);
    let conditional = world.requests(HOST);
    let last = conditional.iter().rfind(|request| request.path == "/feed").expect("a visit");
    assert_eq!(last.header("If-None-Match"), Some("\"1\""));
    let opml = world.published("mali.opml");
    assert!(
        !opml.contains("xmlUrl") && opml.contains("type=\"link\""),
        "a list page is no feed: {opml}"
    );
}

#[test]
fn robots_txt_may_forbid_a_list_page() {
    let world = world();
    world.web.answer(
        HOST,
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nDisallow: /feed\n"),
    );
    world.griot(["fetch"]);
    assert!(world.requests(HOST).iter().all(|request| request.path == "/robots.txt"));
    assert!(world.succeed(["status"]).out.contains("robots.txt does not allow it"));
}

#[test]
fn a_list_that_finds_nothing_any_more_is_a_problem_and_other_selectors_read_the_same_page() {
    let mut world = world();
    world.succeed(["fetch"]);
    let rebuilt = list(TWO).replace("<h3>", "<h4>").replace("</h3>", "</h4>").replace("<li>", "<p>");
    world.source(
        HOST,
        KEYS,
        Answer::page(rebuilt).validated("\"2\"", "Sun, 01 Mar 2026 12:30:00 GMT"),
    );
    world.now = "2026-03-02T12:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    let problems = world.succeed(["status", "--problems"]).out;
    assert!(
        problems.contains("no-entries") && problems.contains("griot parse --source"),
        "{problems}"
    );
    assert_eq!(world.items("mali").len(), 2, "what is stored stays");
    let keys = KEYS.replace("li a", "p a").replace("h3", "h4");
    let more = [("p?id=3", "Mali : trois motos rendues", "2 mars 2026")]
        .iter()
        .chain(TWO)
        .copied()
        .collect::<Vec<_>>();
    let rebuilt = list(&more).replace("h3>", "h4>").replace("<li>", "<p>");
    world.source(
        HOST,
        KEYS,
        Answer::page(rebuilt.clone()).validated("\"3\"", "Mon, 02 Mar 2026 12:30:00 GMT"),
    );
    world.now = "2026-03-02T13:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    world.source(
        HOST,
        &keys,
        Answer::page(rebuilt).validated("\"3\"", "Mon, 02 Mar 2026 12:30:00 GMT"),
    );
    world.now = "2026-03-02T14:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    assert_eq!(world.items("mali").len(), 3, "a document that is read otherwise is no known one");
    assert!(!world.succeed(["status", "--problems"]).out.contains("no-entries"));
}

#[test]
fn selectors_are_tried_with_parse() {
    let world = world();
    std::fs::write(world.path("page.html"), list(TWO)).expect("a file");
    let shown = world.succeed(["parse", "--source", "garde", "page.html"]).out;
    assert!(
        shown.contains("list (2 entries)") && shown.contains("http://garde.example/p?id=2"),
        "{shown}"
    );
    let fetched = world.succeed(["--json", "parse", "--source", "garde"]).out;
    assert!(fetched.contains("\"type\":\"list\"") && fetched.contains("La garde"), "{fetched}");
    assert_eq!(world.griot(["parse", "--source", "nobody", "page.html"]).code, Some(2));
}

#[test]
fn wrong_selectors_and_expressions_are_named_with_their_place() {
    let mut world = world();
    world.source(HOST, "list = { link = \"a[\" }\nstrip = { title = '(' }", Answer::page(""));
    let found = world.griot(["check"]);
    assert_eq!(found.code, Some(78));
    let said = found.out + &found.err;
    assert!(
        said.contains("`a[` is not a CSS selector") && said.contains("this is no regular expression"),
        "{said}"
    );
}

#[test]
fn what_a_source_strips_is_neither_compared_nor_published() {
    let mut world = World::new();
    let feed = |tail: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>L'Aube</title><link>http://aube.example/</link><item><title>Mali : le puits - Blueprint {tail}</title>\
             <guid>http://aube.example/1</guid><pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate>\
             <description>&lt;p&gt;Le puits est plein.&lt;/p&gt;&lt;p&gt;Vu {tail} fois&lt;/p&gt;</description></item></channel></rss>"
        )
    };
    let keys = "strip = { title = '\\s*- Blueprint.*$', text = '^Vu \\w+ fois$' }";
    world.source("aube.example", keys, Answer::feed(feed("un")));
    world.succeed(["fetch"]);
    let before = world.published("mali.json");
    assert!(before.contains("\"Mali : le puits\"") && !before.contains("Vu "), "{before}");
    world.source("aube.example", keys, Answer::feed(feed("deux")));
    world.now = "2026-03-01T14:00:00Z".to_owned();
    let summary = world.succeed(["fetch"]).out;
    assert!(summary.contains(" 0 changed"), "{summary}");
}
