//! Topic feeds: they follow their rules, keep the links of published items, and take a bounded number of items from a new source.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;
use std::fmt::Write as _;

const HOST: &str = "aube.example";
const LATER: &str = "2026-03-01T15:00:00Z";
const LATEST: &str = "2026-03-01T18:00:00Z";

/// Returns a feed of many entries on Mali of 28 February, each with other words.
fn archive(count: usize) -> String {
    archive_of("Sat, 28 Feb 2026", count)
}

fn archive_of(day: &str, count: usize) -> String {
    let mut items = String::new();
    for number in 0..count {
        let words: Vec<String> = (0..40).map(|word| format!("mot{number}x{word}")).collect();
        write!(
            items,
            "<item><title>Mali n{number}q</title><guid isPermaLink=\"false\">{number}</guid><link>http://{HOST}/{number}</link>\
             <pubDate>{day} {:02}:{:02}:00 GMT</pubDate><description>{}</description></item>",
            number / 60,
            number % 60,
            words.join(" ")
        )
        .expect("a string takes all");
    }
    format!("<rss version=\"2.0\"><channel><title>L'Aube</title><link>http://{HOST}/</link>{items}</channel></rss>")
}

#[test]
fn the_archive_of_a_new_source_is_bounded_also_when_the_rule_changes() {
    let mut world = World::new();
    world.feed(HOST, archive_of("Fri, 27 Feb 2026", 30));
    world.succeed(["fetch"]);
    // Each item names the version of the rule that placed it.
    let items = |world: &World| {
        let mut items = world.items("mali");
        for item in &mut items {
            item["_griot"]["provenance"]["rule"].take();
        }
        items
    };
    let first = items(&world);
    assert_eq!(first.len(), 10);
    assert_eq!(first[0]["title"], "Mali n29q", "the newest were taken");
    world.topics = world.topics.replace("\"Mali\"]", "\"Mali\", \"Niger\"]");
    world.now = LATER.to_owned();
    world.succeed(["fetch"]);
    assert_eq!(items(&world), first);
}

#[test]
fn a_higher_threshold_removes_items_below_it() {
    let mut world = World::new();
    world.feed(
        HOST,
        rss(HOST, "L'Aube", &[item("bac", "Le bac", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY)]),
    );
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 1);
    world.topics.push_str("min_score = 1000\n");
    world.now = LATER.to_owned();
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 0);
}

#[test]
fn a_topic_that_returns_holds_the_entries_of_its_absence() {
    let mut world = World::new();
    let ferry = item("bac", "Le bac", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY);
    world.feed(HOST, rss(HOST, "L'Aube", std::slice::from_ref(&ferry)));
    world.succeed(["fetch"]);
    world.topics.push_str("enabled = false\n");
    world.now = LATER.to_owned();
    let wells = item("puits", "Des puits", "Sun, 01 Mar 2026 14:00:00 GMT", WELLS);
    world.feed(HOST, rss(HOST, "L'Aube", &[wells, ferry]));
    world.succeed(["fetch"]);
    world.topics = world.topics.replace("enabled = false\n", "");
    world.now = LATEST.to_owned();
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 2);
}

#[test]
fn a_published_item_keeps_its_link_when_a_better_lead_comes() {
    let mut world = World::new();
    world.source(
        "loin.example",
        "trust = 10\n",
        Answer::feed(rss(
            "loin.example",
            "Loin",
            &[item("bac", "Le bac", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY)],
        )),
    );
    world.succeed(["fetch"]);
    let before = world.items("mali");
    world.source(
        "sur.example",
        "trust = 90\n",
        Answer::feed(rss(
            "sur.example",
            "Sûr",
            &[item("bac", "Le bac de Dioro", "Sun, 01 Mar 2026 08:00:00 GMT", FERRY)],
        )),
    );
    // The first source is not due: its entry is unchanged.
    world.now = "2026-03-01T12:10:00Z".to_owned();
    world.succeed(["fetch"]);
    let after = world.items("mali");
    assert_eq!(after.len(), 1);
    assert_eq!((&after[0]["id"], &after[0]["url"]), (&before[0]["id"], &before[0]["url"]));
}

#[test]
fn an_old_backlog_is_not_published() {
    let mut world = World::new();
    world.topics.push_str("limit = 2\n");
    world.feed(HOST, archive(9));
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 9, "all are new together, and a burst stays");
    world.now = LATER.to_owned();
    world.feed(
        "soir.example",
        rss(
            "soir.example",
            "Le Soir",
            &[item("foire", "La foire", "Sun, 01 Mar 2026 14:30:00 GMT", FAIR)],
        ),
    );
    world.succeed(["fetch"]);
    let titles: Vec<_> = world.items("mali").into_iter().map(|item| item["title"].clone()).collect();
    assert_eq!(titles, ["La foire", "Mali n8q"]);
}

#[test]
fn a_link_of_a_public_feed_to_an_allowed_private_network_is_not_requested() {
    let mut world = World::new();
    world.settings.push_str("allow_networks = [\"10.0.0.0/8\"]\n");
    let link = "http://intranet.example/secret";
    let feed = archive(1).replace(&format!("http://{HOST}/0"), link);
    world.source(HOST, "article = \"page\"\n", Answer::feed(feed));
    world.set_address("intranet.example", "10.1.2.3");
    world.web.answer(
        "intranet.example",
        "/secret",
        Answer::page("<html><body><article><p>INTERN</p></article></body></html>"),
    );
    world.succeed(["fetch"]);
    assert!(world.requests("intranet.example").is_empty());
    assert!(!world.dump().contains("INTERN"));
}

#[test]
fn a_missing_secret_does_not_conceal_that_the_machine_is_offline() {
    let mut world = World::new();
    // Names that are not in the table of --resolve fail as in the DNS.
    for id in ["a", "b", "c"] {
        write!(world.topics, "[[source]]\nid = \"{id}\"\nurl = \"http://aube-{id}.org/feed\"\n").expect("a string takes all");
    }
    world
        .topics
        .push_str("[[source]]\nid = \"d\"\nurl = \"http://aube-d.org/feed\"\nheaders = { Cookie = \"env:NO_SUCH_SECRET\" }\n");
    let ran = world.griot(["fetch"]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains("offline"), "{}", ran.err);
}
