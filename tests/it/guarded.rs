//! The address guard: nothing that a stranger says leads inside.

use crate::news::{FERRY, item, rss};
use crate::web::Answer;
use crate::world::World;

fn ferry(host: &str) -> String {
    let told = item("bac", "Le bac de Dioro repart", "Sun, 01 Mar 2026 09:00:00 GMT", FERRY);
    rss(host, "L'Aube", &[told])
}

fn reason(world: &World) -> String {
    let status = world.good(["status", "--json"]).out;
    let status: serde_json::Value = serde_json::from_str(&status).expect("JSON");
    status["reason"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_redirect_to_the_inside_is_refused_and_nothing_is_asked_there() {
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
        world.name("interne.example", "10.1.2.3");
        world.web.answer("interne.example", "/feed", Answer::feed(ferry("interne.example")));
        world.good(["fetch"]);
        assert_eq!(reason(&world), "refused-address", "{target}");
        assert_eq!(world.web.asked().len(), 1, "{target}");
    }
}

#[test]
fn a_name_that_leads_inside_is_refused_before_it_is_dialled() {
    let mut world = World::new();
    world.name("dedans.example", "10.1.2.3");
    world.feed("dedans.example", ferry("dedans.example"));
    world.good(["fetch"]);
    assert_eq!(reason(&world), "refused-address");
    assert_eq!(world.web.asked().len(), 0);
}

#[test]
fn what_the_operator_opened_is_asked_but_not_from_outside() {
    let mut world = World::new();
    world.head += "allow_networks = [\"10.0.0.0/8\"]\n";
    world.name("dedans.example", "10.1.2.3");
    world.feed("dedans.example", ferry("dedans.example"));
    world.source("dehors.example", "", Answer::redirect(301, "http://dedans.example/feed"));
    world.good(["fetch"]);
    assert_eq!(world.asked("dedans.example").len(), 1, "by its own source only");
    let failed_sources = world.good(["status", "--problems", "--json"]).out;
    assert!(
        failed_sources.contains("\"source\":\"dehors\"") && failed_sources.contains("refused-address"),
        "{failed_sources}"
    );
}

#[test]
fn article_pages_are_guarded_too() {
    let mut world = World::new();
    let told = ferry("aube.example").replace("http://aube.example/bac", "http://interne.example/secret");
    world.source("aube.example", "article = \"page\"", Answer::feed(told));
    world.name("interne.example", "192.168.1.1");
    world.web.answer("interne.example", "/secret", Answer::page("<p>secret</p>"));
    world.good(["fetch"]);
    assert_eq!(world.asked("interne.example").len(), 0);
    assert_eq!(world.items("mali").len(), 1, "the feed's own text stands in");
}

#[test]
fn endless_redirects_come_to_an_end() {
    let mut world = World::new();
    world.source("rond.example", "", Answer::redirect(302, "/feed"));
    world.good(["fetch"]);
    assert_eq!(reason(&world), "protocol");
    assert_eq!(world.web.asked().len(), 1);
    let mut world = World::new();
    world.source("loin.example", "", Answer::redirect(302, "/1"));
    for step in 1..20 {
        world.web.answer(
            "loin.example",
            &format!("/{step}"),
            Answer::redirect(302, &format!("/{}", step + 1)),
        );
    }
    world.good(["fetch"]);
    assert_eq!((reason(&world).as_str(), world.web.asked().len()), ("protocol", 6));
}
