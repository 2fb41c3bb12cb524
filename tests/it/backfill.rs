//! `fetch --backfill`: the older pages of a source's archive.

use crate::fake_web::Answer;
use crate::world::World;
use std::fmt::Write as _;
use std::ops::Range;

const HOST: &str = "aube.example";

/// Returns a feed of entries on Mali; entry N is of N hours before noon of 1 March, and `more` stands in its channel.
fn feed(numbers: Range<usize>, more: &str) -> String {
    let mut items = String::new();
    for number in numbers {
        let words: Vec<String> = (0..30).map(|word| format!("mot{number}x{word}")).collect();
        let (day, hour) = (28 - number / 24, 23 - number % 24);
        write!(
            items,
            "<item><title>Mali n{number}q</title><guid isPermaLink=\"false\">{number}</guid><link>http://{HOST}/{number}</link>\
             <pubDate>{day} Feb 2026 {hour:02}:00:00 GMT</pubDate><description>{}</description></item>",
            words.join(" ")
        )
        .expect("a string takes all");
    }
    format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>L'Aube</title><link>http://{HOST}/</link>{more}{items}</channel></rss>"
    )
}

const WORDPRESS: &str = "<generator>https://wordpress.org/?v=6.7</generator>";

fn paths(world: &World) -> Vec<String> {
    world
        .requests(HOST)
        .into_iter()
        .map(|request| request.path)
        .filter(|path| path != "/robots.txt")
        .collect()
}

/// A WordPress with so many pages of ten entries.
fn wordpress(pages: usize) -> World {
    let mut world = World::new();
    "[[topic]]\nid = \"mali\"\nany = [\"Mali\"]\nlimit = 5\nnotify = [\"http://hooks.example/in\"]\n".clone_into(&mut world.topics);
    world.set_address("hooks.example", "93.184.216.34");
    world.web.answer("hooks.example", "/in", Answer::new(200, "text/plain", "ok"));
    world.feed(HOST, feed(0..10, WORDPRESS));
    for page in 2..=pages {
        let answer = Answer::feed(feed((page - 1) * 10..page * 10, WORDPRESS));
        world.web.answer(HOST, &format!("/feed?paged={page}"), answer);
    }
    world
}

#[test]
fn older_pages_of_wordpress_are_read_until_there_are_none() {
    let world = wordpress(3);
    let summary = world.succeed(["fetch", "--backfill", "9"]).out;
    assert!(summary.contains("entries   30 new"), "{summary}");
    assert_eq!(paths(&world), ["/feed", "/feed", "/feed?paged=2", "/feed?paged=3", "/feed?paged=4"]);
    let before = paths(&world).len();
    world.succeed(["fetch", "aube", "--backfill", "9"]);
    let again = paths(&world).split_off(before);
    assert_eq!(
        again,
        ["/feed", "/feed?paged=2"],
        "the first page that brings nothing new is the last, and the source need not be due"
    );
    assert!(!world.succeed(["status", "--problems"]).out.contains("flood"));
}

#[test]
fn an_archive_is_no_news() {
    let mut world = wordpress(4);
    world.succeed(["fetch"]);
    let (feed, told) = (world.published("mali.xml"), world.requests("hooks.example").len());
    world.now = "2026-03-01T12:30:00Z".to_owned();
    world.succeed(["fetch", "--backfill", "2"]);
    assert_eq!(
        world.items("mali").len(),
        10,
        "those of the first visit are a burst, and of the archive none is in it"
    );
    assert_eq!(world.requests("hooks.example").len(), told);
    assert!(!world.published("mali.xml").contains("Mali n12q") && feed.contains("Mali n9q"));
    let stored = world.succeed(["list", "entries"]).out;
    assert!(stored.contains("Mali n29q") && !stored.contains("Mali n30q"));
    let explained = world.succeed(["explain", &entry(&world, "Mali n25q"), "mali"]).out;
    assert!(explained.contains("mali: in"), "it is placed by its date: {explained}");
}

/// Returns the short id of the entry with this title.
fn entry(world: &World, title: &str) -> String {
    let all = world.succeed(["list", "entries"]).out;
    let line = all.lines().find(|line| line.contains(title)).expect("an entry");
    line.split_whitespace().next().expect("an id").to_owned()
}

#[test]
fn archive_documents_are_followed_on_their_own_site_only() {
    let mut world = World::new();
    let link = |to: &str| format!("<atom:link rel=\"prev-archive\" href=\"{to}\"/>");
    world.feed(HOST, feed(0..3, &link("/archive/2")));
    world
        .web
        .answer(HOST, "/archive/2", Answer::feed(feed(3..6, &link("http://aube.example/archive/1"))));
    world.web.answer(
        HOST,
        "/archive/1",
        Answer::feed(feed(6..9, &link("http://other.example/archive/0"))),
    );
    world.set_address("other.example", "93.184.216.34");
    let summary = world.succeed(["fetch", "--backfill", "9"]).out;
    assert!(summary.contains("entries   9 new"), "{summary}");
    assert_eq!(world.requests("other.example").len(), 0);
}

#[test]
fn robots_txt_may_forbid_an_archive() {
    let world = wordpress(3);
    world.web.answer(
        HOST,
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nDisallow: /*paged\n"),
    );
    world.succeed(["fetch", "--backfill", "9"]);
    assert!(paths(&world).iter().all(|path| !path.contains("paged")));
}
