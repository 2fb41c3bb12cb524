//! What publishers take back: entries that leave their feed while older ones stand, and pages that are gone.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, Item, RACE, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const HOST: &str = "aube.example";
const TITLE: &str = "Le bac de Dioro reprend";
const AFTER: &str = "2026-03-01T14:00:00Z";
const FORMATS: [&str; 4] = ["xml", "atom.xml", "json", "html"];

fn ferry() -> Item {
    item("bac", TITLE, "Sun, 01 Mar 2026 09:00:00 GMT", FERRY)
}

fn older() -> [Item; 2] {
    [
        item("puits", "Quarante puits au Mali", "Sun, 01 Mar 2026 08:00:00 GMT", WELLS),
        item("foire", "La foire du Mali", "Sun, 01 Mar 2026 07:00:00 GMT", FAIR),
    ]
}

fn feed(with_ferry: bool) -> Answer {
    let items: Vec<Item> = with_ferry.then(ferry).into_iter().chain(older()).collect();
    Answer::feed(rss(HOST, "L'Aube", &items))
}

fn page(title: &str, text: &str) -> Answer {
    let html = format!("<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>");
    Answer::page(html)
}

/// A source whose pages stand, after its first visit at noon; `keys` are those of the source.
fn world(keys: &str) -> World {
    let mut world = World::new();
    world.source(HOST, keys, feed(true));
    world.web.answer(
        HOST,
        "/bac",
        page(TITLE, FERRY).validated("\"bac\"", "Sun, 01 Mar 2026 09:00:00 GMT"),
    );
    world.web.answer(HOST, "/puits", page("Quarante puits au Mali", WELLS));
    world.web.answer(HOST, "/foire", page("La foire du Mali", FAIR));
    world.succeed(["fetch"]);
    assert!(shows(&world));
    world
}

fn fetch(world: &mut World, now: &str) {
    now.clone_into(&mut world.now);
    world.succeed(["fetch", "--force"]);
}

fn shows(world: &World) -> bool {
    let shown = FORMATS.map(|format| world.published(&format!("mali.{format}")).contains(TITLE));
    assert!(shown.iter().all(|one| *one == shown[0]), "{shown:?}");
    shown[0]
}

fn listed(world: &World) -> Value {
    let lines = world.succeed(["--json", "list", "entries"]).out;
    let mut values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    values.find(|value| value["title"] == TITLE).expect("the entry")
}

fn id(world: &World) -> String {
    format!("e{}", &listed(world)["id"].as_str().expect("an id")[..8])
}

fn page_requests(world: &World, path: &str) -> usize {
    world.requests(HOST).iter().filter(|request| request.path == path).count()
}

#[test]
fn an_entry_that_left_its_feed_and_whose_page_is_gone_leaves_every_output() {
    let mut world = world("article = \"page\"\n");
    let guid = world
        .items("mali")
        .into_iter()
        .find(|item| item["title"] == TITLE)
        .expect("an item")["id"]
        .clone();
    world.source(HOST, "article = \"page\"\n", feed(false));
    world.web.answer(HOST, "/bac", Answer::status(404));
    fetch(&mut world, AFTER);
    assert!(!shows(&world));
    let atom = world.published("mali.atom.xml");
    let deleted = format!("<at:deleted-entry ref=\"{}\" when=\"{AFTER}\"/>", guid.as_str().expect("a guid"));
    assert!(atom.contains(&deleted), "{atom}");
    let entry = listed(&world);
    assert_eq!(entry["withdrawn"], serde_json::json!({"at": AFTER, "how": "left-feed"}));
    let (entry, topics) = (id(&world), entry["topics"].clone());
    assert_eq!(topics, serde_json::json!([]));
    assert!(world.succeed(["list", "entries"]).out.contains("withdrawn Le bac"));
    let show = world.succeed(["show", &entry]).out;
    assert!(show.contains("withdrawn by the publisher on 2026-03-01 14:00"), "{show}");
    let explained = world.succeed(["explain", &entry]).out;
    assert!(
        explained.contains("withdrawn by its publisher on 2026-03-01T14:00:00Z"),
        "{explained}"
    );
    let story = world
        .succeed(["show", &format!("s{}", &listed(&world)["story"].as_str().expect("a story")[..8])])
        .out;
    assert!(story.contains("withdrawn by the publisher"), "{story}");
    let status = world.succeed(["status"]).out;
    assert!(status.contains("1 entries withdrawn by the publisher"), "{status}");
    // Nothing is asked or written again.
    let (files, asked) = (world.modified_times(), page_requests(&world, "/bac"));
    fetch(&mut world, "2026-03-01T20:00:00Z");
    assert_eq!((world.modified_times(), page_requests(&world, "/bac")), (files, asked));
}

#[test]
fn an_editor_brings_a_withdrawn_entry_back_and_it_stays() {
    let mut world = world("article = \"page\"\n");
    world.source(HOST, "article = \"page\"\n", feed(false));
    world.web.answer(HOST, "/bac", Answer::status(410));
    fetch(&mut world, AFTER);
    assert!(!shows(&world));
    world.succeed(["unhide", &id(&world)]);
    assert!(shows(&world));
    fetch(&mut world, "2026-03-01T22:00:00Z");
    assert!(shows(&world));
    assert_eq!(
        listed(&world)["withdrawn"]["how"],
        "left-feed",
        "what the publisher did is still said"
    );
}

#[test]
fn an_entry_that_comes_back_in_its_feed_is_unmarked() {
    let mut world = world("article = \"page\"\n");
    world.source(HOST, "article = \"page\"\n", feed(false));
    world.web.answer(HOST, "/bac", Answer::status(404));
    fetch(&mut world, AFTER);
    assert!(!shows(&world));
    world.source(HOST, "article = \"page\"\n", feed(true));
    fetch(&mut world, "2026-03-01T16:00:00Z");
    assert!(shows(&world));
    assert_eq!(listed(&world)["withdrawn"], Value::Null);
    assert!(!world.published("mali.atom.xml").contains("deleted-entry"));
}

#[test]
fn a_page_that_stands_clears_the_suspicion_and_is_asked_for_once() {
    let mut world = world("article = \"page\"\n");
    world.source(HOST, "article = \"page\"\n", feed(false));
    let before = page_requests(&world, "/bac");
    fetch(&mut world, AFTER);
    assert!(shows(&world));
    assert_eq!(page_requests(&world, "/bac"), before + 1);
    let asked = world
        .requests(HOST)
        .into_iter()
        .rfind(|request| request.path == "/bac")
        .expect("a request");
    assert_eq!(asked.header("if-none-match"), Some("\"bac\""), "the request is conditional");
    let entry = listed(&world);
    assert_eq!((&entry["withdrawn"], &entry["left_feed"]), (&Value::Null, &Value::Null));
    let mut items = older().to_vec();
    items.insert(0, item("race", "A race", "Sun, 01 Mar 2026 14:30:00 GMT", RACE));
    world.source(HOST, "article = \"page\"\n", Answer::feed(rss(HOST, "L'Aube", &items)));
    fetch(&mut world, "2026-03-01T15:00:00Z");
    assert_eq!(page_requests(&world, "/bac"), before + 1);
}

#[test]
fn where_pages_are_not_fetched_leaving_the_feed_is_only_noted() {
    let mut world = world("");
    world.source(HOST, "", feed(false));
    world.web.answer(HOST, "/bac", Answer::status(404));
    fetch(&mut world, AFTER);
    assert!(shows(&world));
    let entry = listed(&world);
    assert_eq!((&entry["withdrawn"], entry["left_feed"].as_str()), (&Value::Null, Some(AFTER)));
    assert_eq!(page_requests(&world, "/bac"), 0);
    assert!(world.succeed(["list", "entries"]).out.contains("left-feed Le bac"));
}

#[test]
fn robots_txt_is_asked_before_a_suspected_page() {
    let mut world = world("article = \"page\"\n");
    let before = page_requests(&world, "/bac");
    world.web.answer(
        HOST,
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nDisallow: /bac\n"),
    );
    // The stored rules are a day old by then.
    world.source(HOST, "article = \"page\"\n", feed(false));
    world.web.answer(HOST, "/bac", Answer::status(404));
    fetch(&mut world, "2026-03-02T11:59:00Z");
    fetch(&mut world, "2026-03-02T18:00:00Z");
    assert!(page_requests(&world, "/bac") <= before + 1);
}

#[test]
fn a_page_that_is_gone_twice_withdraws_its_entry_though_the_feed_has_it() {
    let mut world = World::new();
    world.source(HOST, "article = \"page\"\n", feed(true));
    world.web.answer(HOST, "/bac", Answer::status(404));
    world.web.answer(HOST, "/puits", page("Quarante puits au Mali", WELLS));
    world.web.answer(HOST, "/foire", page("La foire du Mali", FAIR));
    world.succeed(["fetch"]);
    assert!(shows(&world), "once is nothing");
    fetch(&mut world, "2026-03-01T15:00:00Z");
    assert_eq!(page_requests(&world, "/bac"), 1, "not so soon");
    fetch(&mut world, "2026-03-01T18:00:00Z");
    assert!(!shows(&world));
    assert_eq!(listed(&world)["withdrawn"]["how"], "gone-page");
}

#[test]
fn pages_of_a_site_that_fails_as_a_whole_withdraw_nothing() {
    let mut world = World::new();
    world.source(HOST, "article = \"page\"\n", feed(true));
    for path in ["/bac", "/puits", "/foire"] {
        world.web.answer(HOST, path, Answer::status(404));
    }
    world.succeed(["fetch"]);
    for now in [
        "2026-03-01T18:00:00Z",
        "2026-03-02T06:00:00Z",
        "2026-03-03T00:00:00Z",
        "2026-03-04T12:00:00Z",
    ] {
        fetch(&mut world, now);
    }
    assert!(shows(&world));
    assert_eq!(listed(&world)["withdrawn"], Value::Null);
}

#[test]
fn a_bot_wall_or_a_soft_404_withdraws_nothing() {
    let wall = "<html><title>Attention Required! | Cloudflare</title><div class=\"cf-browser-verification\"></div></html>";
    let soft = "<html><head><title>Page introuvable</title></head><body><h1>Erreur 404</h1><p>Page introuvable</p></body></html>";
    for answer in [Answer::new(404, "text/html", wall), Answer::page(soft), Answer::status(500)] {
        let mut world = world("article = \"page\"\n");
        world.source(HOST, "article = \"page\"\n", feed(false));
        world.web.answer(HOST, "/bac", answer);
        fetch(&mut world, AFTER);
        assert!(shows(&world));
        let entry = listed(&world);
        assert_eq!((&entry["withdrawn"], entry["left_feed"].as_str()), (&Value::Null, Some(AFTER)));
    }
}
