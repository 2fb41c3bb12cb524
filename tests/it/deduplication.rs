//! Copies, stories, similar words that mean other places, and article pages.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, Item, RACE, WELLS, item, rss};
use crate::world::World;

const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const TEN: &str = "Sun, 01 Mar 2026 10:00:00 GMT";

fn set_feed(world: &mut World, host: &str, items: &[Item]) {
    world.feed(host, rss(host, host, items));
}

#[test]
fn a_wire_text_under_three_headlines_is_one_item_and_its_copies_are_counted() {
    let mut world = World::new();
    let cut = FERRY.split("<p>Le passage").next().unwrap_or_default();
    set_feed(
        &mut world,
        "aube.example",
        &[item("bac", "Le bac de Dioro reprend ses traversées", NINE, FERRY)],
    );
    set_feed(
        &mut world,
        "bafing.example",
        &[item("1", "Dioro : on traverse à nouveau le fleuve", TEN, FERRY)],
    );
    set_feed(&mut world, "courrier.example", &[item("x", "Transports", TEN, cut)]);
    world.succeed(["fetch"]);
    let items = world.items("mali");
    assert_eq!(items.len(), 1, "{items:#?}");
    assert_eq!(items[0]["title"], "Le bac de Dioro reprend ses traversées", "the first leads");
    let rss = world.published("mali.xml");
    assert_eq!(rss.matches("<item>").count(), 1);
    assert!(rss.contains("2 copies of the same text"), "{rss}");
    assert_eq!(items[0]["_griot"]["copies"], 2);
    for address in ["http://bafing.example/1", "http://courrier.example/x"] {
        assert!(!rss.contains(address), "{address} is no report of its own");
    }
}

#[test]
fn a_copy_that_comes_hours_later_joins_its_story() {
    let mut world = World::new();
    set_feed(&mut world, "aube.example", &[item("bac", "Le bac repart", NINE, FERRY)]);
    world.succeed(["fetch"]);
    let guid = world.items("mali")[0]["id"].clone();
    set_feed(
        &mut world,
        "bafing.example",
        &[item("1", "On traverse", "Sun, 01 Mar 2026 15:00:00 GMT", FERRY)],
    );
    world.now = "2026-03-01T16:00:00Z".to_owned();
    world.succeed(["fetch"]);
    let items = world.items("mali");
    assert_eq!((items.len(), &items[0]["id"]), (1, &guid));
    assert_eq!(items[0]["_griot"]["copies"], 1);
    assert!(world.published("mali.xml").contains("1 copy of the same text"));
}

#[test]
fn the_same_address_in_two_feeds_is_one_item() {
    let mut world = World::new();
    set_feed(&mut world, "aube.example", &[item("bac", "Le bac repart", NINE, FERRY)]);
    let shared = rss("aube.example", "Tout", &[item("bac?utm_source=rss", "Le bac repart", NINE, FERRY)]);
    world.feed("tout.example", shared);
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 1);
}

#[test]
fn different_events_of_one_hour_are_different_stories() {
    let mut world = World::new();
    set_feed(&mut world, "aube.example", &[item("bac", "Le bac repart", NINE, FERRY)]);
    set_feed(&mut world, "bafing.example", &[item("puits", "Quarante puits", NINE, WELLS)]);
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 2);
}

#[test]
fn words_that_resemble_places_of_the_sahel_do_not_match() {
    let mut world = World::new();
    world.topics = "[[topic]]\nid = \"sahel\"\ntitle = \"Sahel\"\nabout = [\"@sahel\"]\n".to_owned();
    let items = [
        item(
            "in",
            "Niger : le marché de Zinder rouvre",
            NINE,
            "<p>Les étals ont rouvert à Zinder, au Niger.</p>",
        ),
        item(
            "state",
            "Niger State governor opens a clinic in Minna",
            NINE,
            "<p>Minna, Niger State, Nigeria.</p>",
        ),
        item(
            "name",
            "Malik Diallo signs for three years",
            NINE,
            "<p>The striker Malik Diallo stays in Porto.</p>",
        ),
        item("race", "A race", NINE, RACE),
    ];
    set_feed(&mut world, "aube.example", &items);
    world.succeed(["fetch"]);
    let titles: Vec<String> = world.items("sahel").iter().map(|item| item["title"].to_string()).collect();
    assert_eq!(titles, ["\"Niger : le marché de Zinder rouvre\""]);
}

/// An article page as the Divi theme lays it out.
fn divi() -> String {
    format!(
        "<!DOCTYPE html><html lang=\"fr\"><head><title>Le bac repart | L'Aube</title></head><body id=\"page\"><header><nav><a href=\"/\">Accueil</a> \
         <a href=\"/politique\">Politique</a></nav></header><div id=\"main-content\"><div class=\"et_pb_section\"><div class=\"et_pb_title_container\">\
         <h1 class=\"entry-title\">Le bac repart</h1><p class=\"et_pb_title_meta_container\"><span class=\"published\">Dec 5, 2023</span> | \
         <a href=\"/category/news\" rel=\"category tag\">News</a>, <a href=\"/category/politics\" rel=\"category tag\">Politics</a> | \
         <span class=\"comments-number\"><a href=\"#respond\">0 comments</a></span></p></div><div class=\"et_pb_text\"><div class=\"et_pb_text_inner\">{FERRY}{WELLS}\
         </div></div></div></div><footer>Tous droits réservés</footer></body></html>"
    )
}

#[test]
fn an_article_page_gives_the_body_without_boilerplate() {
    let mut world = World::new();
    let teaser = item(
        "bac",
        "Le bac repart",
        NINE,
        "<p>Au Mali, le bac de Dioro repart. Lire la suite</p>",
    );
    world.source(
        "aube.example",
        "article = \"page\"",
        Answer::feed(rss("aube.example", "L'Aube", &[teaser])),
    );
    world.web.answer("aube.example", "/bac", Answer::page(divi()));
    world.succeed(["fetch"]);
    let item = world.items("mali").remove(0);
    let body = item["content_html"].as_str().expect("a body");
    assert!(body.contains("charpentiers du port") && body.contains("Quarante puits"), "{body}");
    for boilerplate in ["0 comments", "Dec 5, 2023", "Accueil", "Tous droits"] {
        assert!(!body.contains(boilerplate), "{boilerplate} is in {body}");
    }
    let tags = item["tags"].to_string();
    assert!(tags.contains("News") && tags.contains("Politics"), "{tags}");
}

#[test]
fn an_entry_waits_one_run_for_its_page_and_then_goes_out_with_the_feeds_text() {
    let mut world = World::new();
    let feed = rss("aube.example", "L'Aube", &[item("bac", "Le bac repart", NINE, FERRY)]);
    world.source("aube.example", "article = \"page\"", Answer::feed(feed));
    world.web.answer("aube.example", "/bac", Answer::status(500));
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 0, "it waits");
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(world.items("mali").len(), 1, "it waits no longer");
    assert_eq!(
        world
            .requests("aube.example")
            .iter()
            .filter(|request| request.path == "/bac")
            .count(),
        2
    );
}

#[test]
fn a_page_is_fetched_once() {
    let mut world = World::new();
    let feed = rss("aube.example", "L'Aube", &[item("bac", "Le bac repart", NINE, FERRY)]);
    world.source("aube.example", "article = \"page\"", Answer::feed(feed));
    world.web.answer("aube.example", "/bac", Answer::page(divi()));
    world.succeed(["fetch"]);
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(
        world
            .requests("aube.example")
            .iter()
            .filter(|request| request.path == "/bac")
            .count(),
        1
    );
}
