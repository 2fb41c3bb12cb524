//! Servers that cut their answers, or announce more than they send: what came is read.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// A feed of three entries.
fn feed() -> String {
    let items = [
        item("bac", "Le bac repart au Mali", DATE, FERRY),
        item("foire", "La foire ouvre au Mali", DATE, FAIR),
        item("puits", "Des puits au Mali", DATE, WELLS),
    ];
    rss(HOST, "L'Aube", &items)
}

/// Returns the feed up to a word of its last entry's text.
fn half() -> String {
    let feed = feed();
    let last = feed.rfind("</item>").expect("an entry");
    feed[..last - 30].to_owned()
}

fn titles(world: &World) -> Vec<String> {
    let all = world.succeed(["list", "entries", "--json"]).out;
    let mut titles: Vec<String> = all
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["title"]
                .as_str()
                .expect("a title")
                .to_owned()
        })
        .collect();
    titles.sort();
    titles
}

fn visit(world: &mut World, hour: u32) {
    world.now = format!("2026-03-01T{hour}:00:00Z");
    world.succeed(["fetch", "--force"]);
}

#[test]
fn a_complete_document_counts_as_one_although_its_length_is_wrong() {
    let mut world = World::new();
    world.source(HOST, "", Answer::cut_off(feed()).with("ETag", "\"1\"").with("Last-Modified", DATE));
    for hour in [12, 14] {
        visit(&mut world, hour);
        assert_eq!(
            titles(&world),
            ["Des puits au Mali", "La foire ouvre au Mali", "Le bac repart au Mali"]
        );
        let problems = world.succeed(["status", "--problems"]).out;
        assert!(
            problems.contains("cut-off") && problems.contains("the document is complete"),
            "{problems}"
        );
    }
    let requests = world.requests(HOST);
    assert_eq!(requests.len(), 2);
    for name in ["If-None-Match", "If-Modified-Since"] {
        assert_eq!(requests[1].header(name), None, "validators of a cut answer are not kept");
    }
    assert!(world.succeed(["status", "--json"]).out.contains("\"state\":\"ok\""));
    assert_eq!(world.items("mali").len(), 3);
}

#[test]
fn of_an_incomplete_document_the_whole_entries_are_taken() {
    let mut world = World::new();
    world.source(HOST, "", Answer::feed(feed()).validated("\"1\"", DATE));
    // Of the cut document nothing but the first two entries is taken, and nothing of the third is lost.
    let cut = Answer::cut_off(half()).with("ETag", "\"2\"");
    let mut other = World::new();
    other.source(HOST, "", cut.clone());
    visit(&mut other, 12);
    assert_eq!(titles(&other), ["La foire ouvre au Mali", "Le bac repart au Mali"]);
    let problems = other.succeed(["status", "--problems"]).out;
    assert!(
        problems.contains("cut-off") && problems.contains("only the 2 that came whole"),
        "{problems}"
    );
    other.web.answer(HOST, "/feed", Answer::feed(feed()).validated("\"1\"", DATE));
    visit(&mut other, 14);
    assert_eq!(other.requests(HOST)[1].header("If-None-Match"), None);
    assert_eq!(titles(&other).len(), 3);
    assert!(!other.succeed(["status", "--problems"]).out.contains("cut-off"), "it is over");

    visit(&mut world, 12);
    let before = (world.dump(), world.files());
    world.web.answer(HOST, "/feed", cut);
    visit(&mut world, 14);
    assert!(
        (world.dump(), world.files()) == before,
        "the missing entry has not left the feed, and no text was shortened"
    );
    visit(&mut world, 16);
    let requests = world.requests(HOST);
    assert_eq!(
        requests[2].header("If-None-Match"),
        Some("\"1\""),
        "those of the last whole document stay"
    );
}

#[test]
fn a_page_is_read_when_it_came_up_to_its_end_tag() {
    let page = format!("<html><body><article><h1>Le bac repart</h1><p>{FERRY}</p><p>{WELLS} {FAIR}</p></article></body></html>");
    for (body, is_whole) in [(page.as_str(), true), (&page[..page.len() - 20], false)] {
        let mut world = World::new();
        let items = [item("bac", "Le bac repart au Mali", DATE, "Le bac repart.")];
        world.source(HOST, "article = \"page\"", Answer::feed(rss(HOST, "L'Aube", &items)));
        world.web.answer(HOST, "/bac", Answer::page(body).cut());
        visit(&mut world, 12);
        visit(&mut world, 14);
        let text = world.items("mali")[0].to_string();
        assert_eq!(text.contains("bidon"), is_whole, "{text}");
    }
}

#[test]
fn a_cut_answer_without_a_whole_entry_is_a_failure() {
    let mut world = World::new();
    let feed = feed();
    let first = feed.find("</item>").expect("an entry");
    world.source(HOST, "", Answer::cut_off(&feed.as_bytes()[..first]));
    visit(&mut world, 12);
    let status = world.succeed(["status", "--json"]).out;
    assert!(
        status.contains("\"state\":\"failing\"") && status.contains("\"reason\":\"protocol\""),
        "{status}"
    );
    assert_eq!(titles(&world), Vec::<String>::new());
}
