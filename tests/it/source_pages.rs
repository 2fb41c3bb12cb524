//! The pages of sources and of their health: what they tell, what they never tell, and when they change.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, Item, RACE, WELLS, item, rss};
use crate::serve::serve;
use crate::world::World;
use std::fs;
use std::time::SystemTime;

const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const TEN: &str = "Sun, 01 Mar 2026 10:00:00 GMT";
const YESTERDAY: &str = "Sat, 28 Feb 2026 10:00:00 GMT";
const SECRET_TITLE: &str = "The youngest crew won";

/// Returns the same words in another order: a report of the same event, and no copy.
fn retold(text: &str) -> String {
    text.split(' ').rev().flat_map(|word| [word, " "]).collect()
}

fn feed(world: &mut World, host: &str, items: &[Item]) {
    world.feed(host, rss(host, host, items));
}

/// One source tells a story first, another copies it, a third tells it with words of its own; what only a private topic holds, the first tells too.
fn world() -> World {
    let mut world = World::new();
    world.topics += "\n[[topic]]\nid = \"regate\"\nany = [\"regatta\"]\ntoken = \"sesame\"\n";
    feed(
        &mut world,
        "aube.example",
        &[
            item("bac", "Le bac de Dioro reprend ses traversées", NINE, FERRY),
            item("puits", "Quarante puits", YESTERDAY, WELLS),
            item("crew", SECRET_TITLE, NINE, RACE),
        ],
    );
    feed(&mut world, "bafing.example", &[item("1", "On traverse à nouveau", TEN, FERRY)]);
    feed(
        &mut world,
        "courrier.example",
        &[item("x", "À Dioro, le bac a repris ses traversées", TEN, &retold(FERRY))],
    );
    world.succeed(["fetch"]);
    world
}

fn modified(world: &World, name: &str) -> SystemTime {
    let meta = fs::metadata(world.out().join(name)).expect("a file");
    meta.modified().expect("a time")
}

/// Returns every page with what it links to in the output folder.
fn links(world: &World) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, bytes) in world.published_files() {
        let Some((folder, _)) = name.strip_suffix(".html").map(|stem| stem.rsplit_once('/').unwrap_or(("", stem))) else {
            continue;
        };
        let page = String::from_utf8(bytes).expect("UTF-8");
        let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
        for target in targets.filter(|target| !target.is_empty() && !target.contains(':')) {
            let beside = target
                .strip_prefix("../")
                .map_or_else(|| format!("{folder}/{target}"), str::to_owned);
            found.push((name.clone(), beside.trim_start_matches('/').to_owned()));
        }
    }
    found
}

fn assert_links(world: &World) {
    let links = links(world);
    assert!(links.len() > 50, "{links:?}");
    for (page, target) in links {
        assert!(world.out().join(&target).is_file(), "{page} links to {target}");
    }
}

/// Returns the short id of the entry with this title.
fn entry(world: &World, title: &str) -> String {
    let lines = world.succeed(["--json", "list", "entries"]).out;
    let mut entries = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let found = entries.find(|entry| entry["title"] == title).expect("an entry");
    format!("e{}", &found["id"].as_str().expect("an id")[..8])
}

#[test]
fn a_page_tells_how_often_a_source_publishes_is_first_is_copied_and_copies() {
    let world = world();
    let aube = world.published("source/aube.html");
    for part in [
        "<h1><bdi>The aube</bdi></h1>",
        "Entries a day from Monday 2 February 2026 to Sunday 1 March 2026: 3 in all, 2 at most, on Sunday 1 March 2026.",
        "Stories that several sources told independently: <b>1</b>",
        "It was the first of these: <b>1</b>",
        "Its texts that others copied: <b>1</b>",
        "Its entries that are copies: <b>0</b> of 3</li>",
        "<b>brings news</b>",
        "Quarante puits",
    ] {
        assert!(aube.contains(part), "{part} in {aube}");
    }
    assert!(
        aube.contains("href=\"http://aube.example/bac\"") && aube.contains("href=\"../story/"),
        "{aube}"
    );
    let bafing = world.published("source/bafing.html");
    assert!(
        bafing.contains("Its entries that are copies: <b>1</b> of 1, most often of <a href=\"aube.html\"><bdi>The aube</bdi></a> (1)"),
        "{bafing}"
    );
    assert!(
        bafing.contains("Stories that several sources told independently: <b>0</b>"),
        "a copy tells nothing: {bafing}"
    );
    let courrier = world.published("source/courrier.html");
    assert!(
        courrier.contains("told independently: <b>1</b>") && courrier.contains("first of these: <b>0</b>"),
        "{courrier}"
    );
    assert_links(&world);
    let served = serve(&world, &["--no-fetch"]);
    for name in ["source/aube.html", "health.html"] {
        let reply = served.ask("GET", &format!("/{name}"), "");
        assert_eq!((reply.status, reply.body), (200, world.published(name).into_bytes()), "{name}");
    }
}

#[test]
fn what_only_a_private_topic_holds_is_on_no_page() {
    let mut world = world();
    for name in ["source/aube.html", "health.html", "index.html"] {
        let page = world.published(name);
        assert!(!page.contains(SECRET_TITLE) && !page.contains("aube.example/crew"), "{name}");
    }
    // The topic becomes public, and private again.
    let private = world.topics.clone();
    world.topics = private.replace("token = \"sesame\"\n", "");
    world.succeed(["publish"]);
    assert!(world.published("source/aube.html").contains(SECRET_TITLE));
    world.topics = private;
    world.succeed(["publish"]);
    assert!(!world.published("source/aube.html").contains(SECRET_TITLE));
}

#[test]
fn a_hidden_entry_leaves_the_page_and_comes_back() {
    let world = world();
    let id = entry(&world, "Quarante puits");
    world.succeed(["hide", &id]);
    assert!(!world.published("source/aube.html").contains("Quarante puits"));
    assert_links(&world);
    world.succeed(["unhide", &id]);
    assert!(world.published("source/aube.html").contains("Quarante puits"));
    world.succeed(["hide", &id, "--topic", "mali"]);
    assert!(!world.published("source/aube.html").contains("Quarante puits"));
    // The story of a copy goes on without it.
    world.succeed(["hide", &entry(&world, "On traverse à nouveau")]);
    let bafing = world.published("source/bafing.html");
    assert!(
        !bafing.contains("On traverse") && bafing.contains("are copies: <b>0</b> of 1"),
        "{bafing}"
    );
    assert!(world.published("source/aube.html").contains("Le bac de Dioro"));
}

#[test]
fn pages_change_only_with_their_own_source() {
    let mut world = world();
    let names = ["source/aube.html", "source/bafing.html", "source/courrier.html", "health.html"];
    let times = |world: &World| names.map(|name| modified(world, name));
    let before = times(&world);
    for command in ["fetch", "publish"] {
        world.succeed([command]);
        assert_eq!(times(&world), before, "{command}");
    }
    "2026-03-01T16:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch"]);
    assert_eq!(times(&world), before, "a later run without news");
    // Another source copies, and its page alone tells of it until the first one has news itself.
    let second = [item("2", "Des puits", TEN, WELLS), item("1", "On traverse à nouveau", TEN, FERRY)];
    feed(&mut world, "bafing.example", &second);
    "2026-03-01T20:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch"]);
    let after = times(&world);
    assert_eq!([before[0], before[2]], [after[0], after[2]]);
    assert!(
        world
            .published("source/bafing.html")
            .contains("Its entries that are copies: <b>2</b> of 2")
    );
    assert!(
        world
            .published("source/aube.html")
            .contains("Its texts that others copied: <b>1</b>")
    );
    let more = [
        item("foire", "La foire du livre", "Sun, 01 Mar 2026 21:00:00 GMT", FAIR),
        item("bac", "Le bac de Dioro reprend ses traversées", NINE, FERRY),
    ];
    feed(&mut world, "aube.example", &more);
    "2026-03-01T22:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
    let aube = world.published("source/aube.html");
    assert!(
        aube.contains("Its texts that others copied: <b>2</b>") && aube.contains("La foire du livre"),
        "{aube}"
    );
    // A new day is told by the page of health alone.
    let before = times(&world);
    "2026-03-02T00:30:00Z".clone_into(&mut world.now);
    world.succeed(["publish"]);
    let after = times(&world);
    assert!(before[..3] == after[..3] && before[3] != after[3]);
    assert!(world.published("health.html").contains("to Sunday 1 March 2026: "));
}

#[test]
fn a_failure_is_told_with_its_reason_and_remedy_and_without_addresses() {
    let mut world = world();
    world.source("bafing.example", "", Answer::status(404));
    "2026-03-02T12:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch"]);
    let page = world.published("source/bafing.html");
    for part in [
        "<b>fails</b> since <time datetime=\"2026-03-02T12:00:00Z\">",
        "its server refuses the address <code>http-4xx</code>",
        "<code dir=\"ltr\">griot doctor bafing</code>",
        "Changes of its state",
        ": <b>fails</b>, its server refuses the address",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let health = world.published("health.html");
    for part in [
        "Sources that bring news: 2 of 3 (fails: 1).",
        "<a href=\"source/bafing.html\"><bdi>The bafing</bdi></a>",
        "Next try",
    ] {
        assert!(health.contains(part), "{part} in {health}");
    }
    // Of the day that is over: three visits, none of which failed.
    assert!(
        health.contains("to Sunday 1 March 2026: 3 in all, 3 at most, on Sunday 1 March 2026."),
        "{health}"
    );
    assert!(
        health.contains("Failed visits a day from Monday 2 February 2026 to Sunday 1 March 2026: none."),
        "{health}"
    );
    assert!(!health.contains("bafing.example/feed"), "{health}");
    assert_links(&world);
    feed(&mut world, "bafing.example", &[item("1", "On traverse à nouveau", TEN, FERRY)]);
    "2026-03-02T18:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
    let page = world.published("source/bafing.html");
    let (again, before) = (page.rfind("<b>brings news</b>"), page.rfind("<b>fails</b>"));
    assert!(again.is_some() && again < before, "the last change comes first: {page}");
    assert!(world.published("health.html").contains("Sources that bring news: 3 of 3."));
}

#[test]
fn the_page_of_a_private_feed_names_no_address() {
    let mut world = world();
    let keys = "headers = { X-Key = \"geheim\" }\n";
    world.source("prive.example", keys, Answer::status(500));
    world.succeed(["fetch"]);
    let page = world.published("source/prive.html");
    assert!(
        page.contains("The prive") && !page.contains("prive.example") && !page.contains("geheim"),
        "{page}"
    );
    // The command that would help holds an address.
    let front =
        "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/geheim\"></head><body><p>Bienvenue</p></body></html>";
    world.source("prive.example", keys, Answer::page(front));
    "2026-03-01T18:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
    assert!(world.succeed(["status", "prive"]).out.contains("url=http://prive.example/geheim"));
    for name in ["source/prive.html", "health.html"] {
        let page = world.published(name);
        assert!(
            page.contains("a page came, which announces this feed") && !page.contains("prive.example") && !page.contains("geheim"),
            "{page}"
        );
    }
}

#[test]
fn a_source_that_is_removed_keeps_its_page_while_a_story_names_it() {
    let mut world = world();
    world.remove_source("courrier.example");
    world.succeed(["publish"]);
    let page = world.published("source/courrier.html");
    assert!(
        page.contains("This desk follows it no longer.") && page.contains("The courrier"),
        "{page}"
    );
    assert!(!world.published("health.html").contains("courrier"));
    assert_links(&world);
    let times = modified(&world, "source/courrier.html");
    world.succeed(["fetch"]);
    assert_eq!(modified(&world, "source/courrier.html"), times);
    // Its only entry is hidden: nothing names it any more.
    world.succeed(["hide", &entry(&world, "À Dioro, le bac a repris ses traversées")]);
    assert_links(&world);
}

#[test]
fn a_page_links_to_a_story_as_long_as_that_has_a_page() {
    let mut world = world();
    world.topics = world.topics.replace("id = \"mali\"\n", "id = \"mali\"\nlimit = 1\n");
    world.succeed(["fetch"]);
    assert!(world.published("source/courrier.html").contains("../story/"));
    let new = item("foire", "La foire du livre", "Wed, 15 Apr 2026 09:00:00 GMT", FAIR);
    feed(&mut world, "bafing.example", &[new]);
    "2026-04-15T12:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch"]);
    let courrier = world.published("source/courrier.html");
    assert!(
        courrier.contains("À Dioro, le bac a repris") && !courrier.contains("../story/"),
        "{courrier}"
    );
    assert_links(&world);
}

#[test]
fn a_renamed_source_has_a_page_under_its_new_id_alone() {
    let mut world = world();
    world.succeed(["fetch"]);
    world.remove_source("bafing.example");
    world.source(
        "nouveau.example",
        "",
        Answer::feed(rss("bafing.example", "b", &[item("1", "On traverse à nouveau", TEN, FERRY)])),
    );
    world.succeed(["rename", "bafing", "nouveau"]);
    world.succeed(["publish"]);
    assert!(world.out().join("source/nouveau.html").is_file() && !world.out().join("source/bafing.html").exists());
    assert!(world.published("source/nouveau.html").contains("On traverse à nouveau"));
    assert_links(&world);
}

#[test]
fn hostile_names_and_titles_are_inert() {
    let mut world = World::new();
    let title =
        "&lt;script&gt;alert(1)&lt;/script&gt; Mali &lt;img src=x onerror=alert(2)&gt; \u{202e}&quot;&gt;&lt;svg/onload=alert(3)&gt;";
    let hostile = rss("mal.example", "&lt;/title&gt;&lt;script&gt;", &[item("bac", title, NINE, FERRY)]);
    let keys = "site = \"http://mal.example/'%22%3E%3Cscript%3E\"\nnote = \"</p><script>alert(4)</script>\"\ntags = [\"a\"]\n";
    world.source("mal.example", keys, Answer::feed(hostile));
    world.succeed(["fetch"]);
    for name in ["source/mal.html", "health.html"] {
        let page = world.published(name).replace("<script type=\"application/ld+json\">", "");
        for part in ["<script", "<img", "onerror=alert(2)>", "<svg/", "\u{202e}"] {
            assert!(!page.contains(part), "{part} in {name}: {page}");
        }
    }
}
