//! `griot add` adds a source by the address of its feed or site, or sources of the catalogue, and keeps every other byte of feeds.toml.

use crate::fake_web::Answer;
use crate::world::{Finished, World};
use std::fs;

const FEED: &str = "<rss version=\"2.0\"><channel><title>Aube du Sahel</title><link>http://www.aube.ml/</link><language>fr</language>\
    <item><title>Le bac repart</title><link>http://www.aube.ml/bac</link><pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></item>\
    <item><title>La foire ouvre</title><link>http://www.aube.ml/foire</link></item></channel></rss>";

/// A world with a source, a site that announces its feed, one with three feeds, one without a feed and one behind a login.
fn world() -> World {
    let mut world = World::new();
    world.source("bac.example.org", "tags = [\"mali\"] # by hand", Answer::feed(FEED));
    for host in [
        "www.aube.ml",
        "trois.example.org",
        "sans.example.org",
        "muet.example.org",
        "porte.example.org",
    ] {
        world.source(host, "", Answer::status(404));
        world.remove_source(host);
    }
    world.web.answer("www.aube.ml", "/feed", Answer::feed(FEED));
    world
        .web
        .answer("muet.example.org", "/", Answer::page("<html><body><p>Bienvenue</p></body></html>"));
    world.web.answer("muet.example.org", "/rss.xml", Answer::feed(FEED));
    let link = |path: &str, title: &str| format!("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"{title}\" href=\"{path}\">");
    let page = |head: String| {
        Answer::page(format!(
            "<html><head><title>Site</title>{head}</head><body><p>Bienvenue</p></body></html>"
        ))
    };
    world.web.answer("www.aube.ml", "/", page(link("/feed", "Aube")));
    let three = [("/une", "Une"), ("/politique", "Politique"), ("/sport", "Sport")]
        .map(|(path, title)| link(path, title))
        .concat();
    world.web.answer("trois.example.org", "/", page(three));
    world.web.answer("trois.example.org", "/une", Answer::feed(FEED));
    world.web.answer("sans.example.org", "/", page(String::new()));
    world.web.answer("porte.example.org", "/", Answer::status(401));
    // The world writes its feeds.toml for each command.
    fs::write(world.path("desk.toml"), world.feeds_toml()).expect("desk.toml");
    world
}

fn feeds_toml(world: &World) -> String {
    fs::read_to_string(world.path("desk.toml")).expect("desk.toml")
}

fn griot(world: &World, arguments: &[&str]) -> Finished {
    world.griot(["--config", "desk.toml"].into_iter().chain(arguments.iter().copied()))
}

fn succeed(world: &World, arguments: &[&str]) -> Finished {
    let ran = griot(world, arguments);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    ran
}

#[test]
fn a_site_is_added_by_the_feed_that_it_announces() {
    let world = world();
    let before = feeds_toml(&world);
    let asked = griot(&world, &["add", "http://www.aube.ml/"]);
    assert_eq!(asked.code, Some(2), "nobody can be asked: {}", asked.err);
    assert!(
        asked.out.contains("Le bac repart") && asked.err.contains("-y"),
        "{} {}",
        asked.out,
        asked.err
    );
    assert_eq!(feeds_toml(&world), before);
    succeed(&world, &["add", "http://www.aube.ml/", "-y", "--tag", "mali"]);
    let after = feeds_toml(&world);
    let block = "\n[[source]]\nid      = \"aube\"\nname    = \"Aube du Sahel\"\nurl     = \"http://www.aube.ml/feed\"\nsite    = \"http://www.aube.ml/\"\n\
                 country = \"ML\"\nlang    = \"fr\"\ntags    = [\"mali\"]\n";
    assert!(after.contains(block), "{after}");
    assert_eq!(after.replacen(block, "", 1), before, "all else is as it was");
    succeed(&world, &["check"]);
    for spelling in ["http://aube.ml/feed/", "https://www.aube.ml/feed", "http://www.aube.ml/"] {
        let again = griot(&world, &["add", spelling, "-y"]);
        assert!(
            again.code == Some(78) && again.err.contains("`aube` follows"),
            "{spelling}: {}",
            again.err
        );
    }
    assert_eq!(feeds_toml(&world), after);
}

#[test]
fn a_feed_is_asked_for_once() {
    let world = world();
    succeed(
        &world,
        &[
            "add",
            "http://www.aube.ml/feed",
            "-y",
            "--id",
            "matin",
            "--name",
            "Le Matin",
            "--country",
            "NE",
            "--kind",
            "private",
        ],
    );
    assert_eq!(world.requests("www.aube.ml").len(), 1);
    let after = feeds_toml(&world);
    for line in [
        "id      = \"matin\"",
        "name    = \"Le Matin\"",
        "country = \"NE\"",
        "kind    = \"private\"",
    ] {
        assert!(after.contains(line), "{line}: {after}");
    }
    let refused = griot(&world, &["add", "http://trois.example.org/une", "-y", "--kind", "journal"]);
    assert!(refused.code == Some(78) && refused.err.contains("kind"), "{}", refused.err);
    assert_eq!(feeds_toml(&world), after);
}

#[test]
fn what_cannot_be_added_is_explained_and_writes_nothing() {
    let world = world();
    let before = feeds_toml(&world);
    for (what, code, words) in [
        (
            "http://trois.example.org/",
            2,
            "griot add http://trois.example.org/politique  Politique",
        ),
        ("http://sans.example.org/", 1, "announces no feed"),
        ("http://porte.example.org/", 1, "auth = \"env:NAME\""),
        ("http://bac.example.org/feed", 78, "`bac` follows"),
        ("lefaso", 2, "no address"),
        ("@catalogue:atlantis", 2, "niger"),
    ] {
        let ran = griot(&world, &["add", what]);
        assert_eq!(ran.code, Some(code), "{what}: {}", ran.err);
        assert!(ran.err.contains(words), "{what}: {}", ran.err);
        assert_eq!(feeds_toml(&world), before, "{what}");
    }
    succeed(&world, &["add", "http://muet.example.org/", "-y"]);
    assert!(feeds_toml(&world).contains("url     = \"http://muet.example.org/rss.xml\""));
    succeed(&world, &["add", "http://trois.example.org/", "-y"]);
    assert!(feeds_toml(&world).contains("url     = \"http://trois.example.org/une\""));
}

#[test]
fn a_site_without_a_feed_is_added_by_its_list_of_links() {
    let world = world();
    let item = |number: usize| {
        format!(
            "<div class=actu><h3><a href=/p/{number}>La patrouille {number} est rentrée au poste</a></h3><span class=date>{number} mars 2026</span></div>"
        )
    };
    let items: String = (1..6).map(item).collect();
    let page = format!(
        "<html lang=fr><head><title>Garde nationale</title></head><body><ul><li><a href=/contact>Contact</a></li></ul>{items}</body></html>"
    );
    world.web.answer("sans.example.org", "/", Answer::page(page));
    let address = "http://sans.example.org/";
    let before = feeds_toml(&world);
    let refused = griot(&world, &["add", address, "-y"]);
    let next = "it seems to list 5 entries, which need no feed: griot add http://sans.example.org/ --list";
    assert!(refused.code == Some(1) && refused.err.contains(next), "{}", refused.err);
    let wrong = griot(&world, &["add", address, "-y", "--list=h9 a"]);
    assert!(
        wrong.code == Some(1) && wrong.err.contains("`h9 a` selects no link"),
        "{}",
        wrong.err
    );
    assert_eq!(feeds_toml(&world), before);
    let shown = succeed(&world, &["add", address, "-y", "--list"]).out;
    assert!(
        shown.contains("list with 5 entries: Garde nationale") && shown.contains("2026-03-05 00:00 UTC La patrouille 5"),
        "{shown}"
    );
    let block = "name    = \"Garde nationale\"\nurl     = \"http://sans.example.org/\"\nlist    = { link = \"div.actu h3 a\", date = \".date\" }\nlang    = \"fr\"\n";
    assert!(feeds_toml(&world).contains(block), "{}", feeds_toml(&world));
    succeed(&world, &["check"]);
    let fetched = succeed(&world, &["fetch", "example"]).out;
    assert!(fetched.contains("5 new"), "{fetched}");
}

#[test]
fn sources_of_the_catalogue_are_added_once() {
    let world = world();
    let before = feeds_toml(&world);
    let said = succeed(&world, &["add", "@catalogue:niger"]).out;
    assert!(said.contains("0 were there already"), "{said}");
    let after = feeds_toml(&world);
    assert!(
        after.contains("https://anp.ne/feed/") && after.contains("enabled = false"),
        "{after}"
    );
    assert!(after.starts_with(&before), "{after}");
    succeed(&world, &["check"]);
    let again = succeed(&world, &["add", "@catalogue:niger"]).out;
    assert!(again.starts_with("0 sources are added"), "{again}");
    assert_eq!(feeds_toml(&world), after);
    assert_eq!(world.requests("anp.ne").len(), 0, "nothing is fetched");
}
