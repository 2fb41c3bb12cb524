//! `griot clip`: pages that an editor takes by hand.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS};
use crate::world::World;

const HOST: &str = "ministere.example";
const URL: &str = "http://ministere.example/comm-31";

fn page(title: &str, end: &str) -> Answer {
    Answer::page(format!(
        "<html lang=fr><head><title>{title}</title><meta property=\"og:site_name\" content=\"Ministère des Eaux\">\
         <meta property=\"article:published_time\" content=\"2026-03-01T08:00:00Z\"></head>\
         <body><article><h1>{title}</h1>{FERRY}{WELLS}{FAIR}<p>Fait à Gao, et voilà la fin de ce communiqué : {end}.</p></article></body></html>"
    ))
}

fn world() -> World {
    let mut world = World::new();
    world.topics.push_str("\n[[topic]]\nid = \"sport\"\nany = [\"football\"]\n");
    world.set_address(HOST, "93.184.216.34");
    world.web.answer(HOST, "/comm-31", page("Mali : communiqué du ministère", "lu"));
    world
}

#[test]
fn a_page_is_placed_and_credited_to_its_own_site() {
    let world = world();
    let said = world.succeed(["clip", URL, "--topic", "sport", "--note", "Reçu par courriel"]).out;
    assert!(said.contains("clipped:") && said.contains("(Ministère des Eaux)"), "{said}");
    for topic in ["mali", "sport"] {
        let items = world.items(topic);
        assert_eq!(items.len(), 1, "{topic}");
        assert_eq!(
            (items[0]["url"].as_str(), items[0]["date_published"].as_str()),
            (Some(URL), Some("2026-03-01T08:00:00Z"))
        );
        let body = items[0]["content_html"].as_str().expect("a body");
        assert!(
            body.contains("Ministère des Eaux") && body.contains(" : lu.") && !body.contains("desk"),
            "{body}"
        );
    }
    assert!(world.published("sport.xml").contains("Reçu par courriel"));
    assert!(world.succeed(["list", "entries"]).out.contains("desk"));
}

#[test]
fn a_second_clip_of_a_page_takes_it_anew() {
    let mut world = world();
    world.succeed(["clip", URL]);
    let guid = world.items("mali")[0]["id"].clone();
    world
        .web
        .answer(HOST, "/comm-31", page("Mali : communiqué rectifié du ministère", "corrigé"));
    world.now = "2026-03-01T15:00:00Z".to_owned();
    let said = world.succeed(["clip", URL]).out;
    assert!(said.contains("clipped again"), "{said}");
    let items = world.items("mali");
    assert_eq!((items.len(), &items[0]["id"]), (1, &guid));
    assert!(items[0]["title"].as_str().is_some_and(|title| title.contains("rectifié")));
    assert!(items[0]["content_html"].as_str().is_some_and(|body| body.contains("corrigé")));
}

#[test]
fn the_desk_is_never_fetched_and_may_be_named_in_rules() {
    let mut world = world();
    world.topics.push_str("\n[[topic]]\nid = \"desk-only\"\nquery = \"source:desk\"\n");
    world.settings.push_str("\n[[source]]\nid = \"desk\"\nname = \"La rédaction\"\n");
    world.succeed(["clip", URL]);
    assert_eq!(world.items("desk-only").len(), 1);
    let before = world.requests(HOST).len();
    world.now = "2026-03-02T12:00:00Z".to_owned();
    assert!(world.succeed(["fetch", "--force"]).out.contains("0 due"));
    assert_eq!(world.requests(HOST).len(), before);
    assert_eq!(world.items("mali").len(), 1, "it stays");
}

#[test]
fn what_is_not_allowed_or_no_article_is_not_clipped() {
    let world = world();
    world.web.answer(
        HOST,
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nDisallow: /comm\n"),
    );
    let refused = world.griot(["clip", URL]);
    assert!(
        refused.code == Some(1) && refused.err.contains("robots.txt does not allow it"),
        "{}",
        refused.err
    );
    world.web.answer(HOST, "/robots.txt", Answer::status(404));
    assert_eq!(world.griot(["clip", "http://ministere.example/none"]).code, Some(1));
    assert_eq!(world.griot(["clip", "http://10.0.0.1/x"]).code, Some(1));
    assert_eq!(world.griot(["clip", "x"]).code, Some(2));
    assert_eq!(world.griot(["clip", URL, "--topic", "none"]).code, Some(2));
}

#[test]
fn a_source_with_the_id_of_the_desk_is_not_mixed_with_pages_by_hand() {
    let mut world = World::new();
    world.feed("desk.example", "");
    let ran = world.griot(["clip", "http://desk.example/communique"]);
    assert!(ran.code == Some(1) && ran.err.contains("griot rename"), "{}", ran.err);
}
