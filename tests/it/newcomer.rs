//! The first hour of somebody who has never seen griot, as a transcript, in English and in French: a file is written, sources are added by the addresses of
//! their sites, something goes wrong, sources are renamed and removed, lists come and go, and the database is backed up and restored.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;
use std::fmt::Write as _;
use std::fs;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// Sites of WordPress and SPIP, one with three feeds, one without a feed that lists its communiqués, and one behind a login.
fn world() -> World {
    let world = World::new();
    let page = |head: &str, body: &str| {
        Answer::page(format!(
            "<html lang=\"fr\"><head><title>Site</title>{head}</head><body>{body}</body></html>"
        ))
    };
    let link = |path: &str, title: &str| format!("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"{title}\" href=\"{path}\">");
    let site = |world: &World, host: &str, home: Answer| world.web.answer(host, "/", home);
    site(
        &world,
        "www.aube-mali.example",
        page(&link("/feed/", "L'Aube » Flux"), "<p>Bienvenue</p>"),
    );
    let feed = rss(
        "www.aube-mali.example",
        "L'Aube du Mali",
        &[item("bac", "Mali : le bac repart", DATE, FERRY)],
    );
    world.web.answer("www.aube-mali.example", "/feed/", Answer::feed(feed));
    site(
        &world,
        "echos-lac.example",
        page(&link("spip.php?page=backend", "Syndiquer tout le site"), "<p>Bienvenue</p>"),
    );
    let feed = rss(
        "echos-lac.example",
        "Échos du lac",
        &[item("puits", "Quarante puits à Nara", DATE, WELLS)],
    );
    world.web.answer("echos-lac.example", "/spip.php?page=backend", Answer::feed(feed));
    let three = ["une", "politique", "sport"]
        .map(|path| link(&format!("/{path}.xml"), path))
        .concat();
    site(&world, "kiosque-sahel.example", page(&three, "<p>Bienvenue</p>"));
    let feed = rss(
        "kiosque-sahel.example",
        "Kiosque",
        &[item("foire", "La foire de Sikasso ouvre", DATE, FAIR)],
    );
    world.web.answer("kiosque-sahel.example", "/politique.xml", Answer::feed(feed));
    let actu = |number: usize| {
        let title = format!("Communiqué {number} de la garde nationale");
        format!("<div class=\"actu\"><h3><a href=\"/p/{number}\">{title}</a></h3><span class=\"date\">{number} février 2026</span></div>")
    };
    let listed = (1..5).map(actu).collect::<Vec<_>>().concat();
    site(&world, "garde-nationale.example", page("", &listed));
    site(&world, "abonnes.example", Answer::status(401));
    world
}

const HOSTS: &[&str] = &[
    "www.aube-mali.example",
    "echos-lac.example",
    "kiosque-sahel.example",
    "garde-nationale.example",
    "abonnes.example",
];

/// A list of feeds as miniflux exports it.
const LIST: &str = "<?xml version=\"1.0\"?><opml version=\"2.0\"><body><outline text=\"Mali\">\
    <outline text=\"Le Fleuve\" xmlUrl=\"https://fleuve.example/feed\" htmlUrl=\"https://fleuve.example/\"/>\
    <outline text=\"L'Aube\" xmlUrl=\"http://www.aube-mali.example/feed/\"/></outline>\
    <outline text=\"Sans adresse\" xmlUrl=\"\"/></body></opml>";

const COMMANDS: &[&str] = &[
    "init desk --preset sahel",
    "init desk",
    "check",
    "add http://www.aube-mali.example/ -y",
    "add http://echos-lac.example/ -y --country ML",
    "add http://kiosque-sahel.example/",
    "add http://kiosque-sahel.example/politique.xml -y",
    "add http://garde-nationale.example/ -y",
    "add http://garde-nationale.example/ -y --list",
    "add http://abonnes.example/ -y",
    "fetch aube-mali echos-lac kiosque-sahel garde-nationale",
    "status aube-mali garde-nationale",
    "list stories",
    "edit echos-lac every=2hours",
    "edit echos-lac every=2h country=ML",
    "disable kiosque-sahel",
    "rename aube-mali aube",
    "rename aube echos-lac",
    "remove garde-nationale",
    "import opml list.opml --dry-run",
    "import opml list.opml",
    "export newsboat",
    "db backup copy.db",
    "remove aube --purge",
    "db restore copy.db",
    "db verify",
    "list entries bac",
    "check",
];

fn transcript(locale: &str) -> String {
    let mut world = world();
    for host in HOSTS {
        world.set_address(host, "93.184.216.34");
    }
    let mut transcript = String::new();
    for command in COMMANDS {
        let mut started = world.command(["--config", "desk/feeds.toml"].into_iter().chain(command.split(' ')));
        fs::write(world.path("list.opml"), LIST).expect("a list");
        let output = started.env("LC_ALL", locale).output().expect("griot starts");
        let ran = world.finished(&output);
        let out: String = ran.out.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
        let code = ran.code.unwrap_or_default();
        writeln!(transcript, "$ griot {command}\n{out}{}── exit {code}", ran.err).expect("a string takes all");
    }
    transcript
}

#[test]
fn the_first_hour() {
    insta::assert_snapshot!(transcript("C"));
}

#[test]
fn the_first_hour_in_french() {
    insta::assert_snapshot!(transcript("fr_ML.UTF-8"));
}
