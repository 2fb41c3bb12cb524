//! The address guard: no document, redirect or DNS answer makes griot connect to a private address.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, item, rss};
use crate::world::World;

fn ferry(host: &str) -> String {
    let feed = item("bac", "Le bac de Dioro repart", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY);
    rss(host, "L'Aube", &[feed])
}

fn reason(world: &World) -> String {
    let status = world.succeed(["status", "--json"]).out;
    let status: serde_json::Value = serde_json::from_str(&status).expect("JSON");
    status["reason"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_redirect_to_a_private_address_is_refused_and_not_requested() {
    for target in [
        "http://interne.example/feed",
        "http://10.0.0.1/feed",
        "http://127.0.0.1/feed",
        "http://[::1]/feed",
        "http://2130706433/feed",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
    ] {
        let mut world = World::new();
        world.source("dehors.example", "", Answer::redirect(302, target));
        world.set_address("interne.example", "10.1.2.3");
        world.web.answer("interne.example", "/feed", Answer::feed(ferry("interne.example")));
        world.succeed(["fetch"]);
        assert_eq!(reason(&world), "refused-address", "{target}");
        assert_eq!(world.web.requests().len(), 1, "{target}");
    }
}

#[test]
fn a_name_that_resolves_to_a_private_address_is_refused_before_connecting() {
    let mut world = World::new();
    world.set_address("dedans.example", "10.1.2.3");
    world.feed("dedans.example", ferry("dedans.example"));
    world.succeed(["fetch"]);
    assert_eq!(reason(&world), "refused-address");
    assert_eq!(world.web.requests().len(), 0);
}

#[test]
fn an_allowed_private_network_is_reached_by_its_own_source_but_not_by_redirects() {
    let mut world = World::new();
    world.settings += "allow_networks = [\"10.0.0.0/8\"]\n";
    world.set_address("dedans.example", "10.1.2.3");
    world.feed("dedans.example", ferry("dedans.example"));
    world.source("dehors.example", "", Answer::redirect(301, "http://dedans.example/feed"));
    world.succeed(["fetch"]);
    assert_eq!(world.requests("dedans.example").len(), 1, "by its own source only");
    let failed_sources = world.succeed(["status", "--problems", "--json"]).out;
    assert!(
        failed_sources.contains("\"source\":\"dehors\"") && failed_sources.contains("refused-address"),
        "{failed_sources}"
    );
}

#[test]
fn article_pages_are_guarded_too() {
    let mut world = World::new();
    let feed = ferry("aube.example").replace("http://aube.example/bac", "http://interne.example/secret");
    world.source("aube.example", "article = \"page\"", Answer::feed(feed));
    world.set_address("interne.example", "192.168.1.1");
    world.web.answer("interne.example", "/secret", Answer::page("<p>secret</p>"));
    world.succeed(["fetch"]);
    assert_eq!(world.requests("interne.example").len(), 0);
    assert_eq!(world.items("mali").len(), 1, "the feed's own text is used");
}

#[test]
fn endless_redirects_are_stopped() {
    let mut world = World::new();
    world.source("rond.example", "", Answer::redirect(302, "/feed"));
    world.succeed(["fetch"]);
    assert_eq!(reason(&world), "protocol");
    assert_eq!(world.web.requests().len(), 1);
    let mut world = World::new();
    world.source("loin.example", "", Answer::redirect(302, "/1"));
    for step in 1..20 {
        world.web.answer(
            "loin.example",
            &format!("/{step}"),
            Answer::redirect(302, &format!("/{}", step + 1)),
        );
    }
    world.succeed(["fetch"]);
    assert_eq!((reason(&world).as_str(), world.web.requests().len()), ("protocol", 6));
}
