//! robots.txt and reservations: which pages are requested and when, how much of their text is published, and pages that arrive late.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, RACE, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const KEYS: &str = "article = \"page\"";

/// The page of an article on Mali whose last words are `end`.
fn page(head: &str, end: &str) -> Answer {
    Answer::page(format!(
        "<html><head><title>Une page</title>{head}</head><body><article><h1>Une page</h1>{FERRY}{WELLS}{FAIR}<p>Voilà la fin de ce long \
         texte sur la région, ses puits et son bac, et elle finit par un mot : {end}.</p></article></body></html>"
    ))
}

/// Gives the feed a short entry, without the word Mali, for each of these paths.
fn set_feed(world: &mut World, paths: &[&'static str]) {
    let item = |path: &&'static str| item(path, &format!("Nouvelles {path}"), DATE, &format!("<p>En bref : {path}.</p>"));
    let items: Vec<_> = paths.iter().map(item).collect();
    world.source(HOST, KEYS, Answer::feed(rss(HOST, "L'Aube", &items)));
    for path in paths {
        if !world.web.has(HOST, &format!("/{path}")) {
            world.web.answer(HOST, &format!("/{path}"), page("", path));
        }
    }
}

fn robots(world: &World, text: &str) {
    world.web.answer(HOST, "/robots.txt", Answer::new(200, "text/plain", text));
}

/// Runs at so many hours after noon of 1 March 2026 UTC.
fn fetch(world: &mut World, hours: u32) {
    world.now = format!("2026-03-{:02}T{:02}:00:00Z", 1 + (12 + hours) / 24, (12 + hours) % 24);
    world.succeed(["-q", "fetch"]);
}

/// Returns how often `path` was requested.
fn count(world: &World, path: &str) -> usize {
    world.requests(HOST).iter().filter(|request| request.path == path).count()
}

fn find(world: &World, path: &str) -> Option<Value> {
    let url = format!("http://{HOST}/{path}");
    world.items("mali").into_iter().find(|item| item["url"] == url.as_str())
}

#[test]
fn disallowed_pages_are_not_requested_and_rules_are_kept_for_a_day() {
    let mut world = World::new();
    robots(&world, "User-agent: *\nDisallow: /prive\n");
    set_feed(&mut world, &["prive-1", "libre-1"]);
    fetch(&mut world, 0);
    assert_eq!((count(&world, "/libre-1"), count(&world, "/prive-1")), (1, 0));
    assert!(find(&world, "libre-1").is_some());
    assert_eq!(
        world.succeed(["list", "entries", "prive"]).out.lines().count(),
        1,
        "its entry is there with the feed's text"
    );
    set_feed(&mut world, &["prive-1", "libre-1", "libre-2"]);
    fetch(&mut world, 6);
    assert_eq!((count(&world, "/libre-2"), count(&world, "/robots.txt")), (1, 1));
    robots(&world, "");
    set_feed(&mut world, &["libre-3", "prive-2"]);
    fetch(&mut world, 25);
    assert_eq!((count(&world, "/prive-2"), count(&world, "/robots.txt")), (1, 2));
    assert_eq!(count(&world, "/prive-1"), 0, "a page that was disallowed is not fetched later");
}

#[test]
fn the_stored_rules_hold_for_the_user_agent_of_every_source() {
    let mut world = World::new();
    robots(
        &world,
        "User-agent: GPTBot\nDisallow: /\n\nUser-agent: veille\nDisallow: /prive\n\nUser-agent: *\nDisallow: /tous\n",
    );
    world.source(
        "bafing.example",
        "article = \"page\"\nuser_agent = \"Veille/1.0\"",
        Answer::feed(rss(HOST, "Bafing", &[])),
    );
    set_feed(&mut world, &["prive-1", "tous-1"]);
    fetch(&mut world, 0);
    assert_eq!(
        (count(&world, "/prive-1"), count(&world, "/tous-1")),
        (1, 0),
        "griot has the rules for all"
    );
    let items = ["prive-2", "tous-2"].map(|path| item(path, &format!("Nouvelles {path}"), DATE, "<p>En bref.</p>"));
    world.source(
        "bafing.example",
        "article = \"page\"\nuser_agent = \"Veille/1.0\"",
        Answer::feed(rss(HOST, "Bafing", &items)),
    );
    fetch(&mut world, 6);
    assert_eq!(
        (count(&world, "/prive-2"), count(&world, "/tous-2")),
        (0, 1),
        "the other source has its own"
    );
    assert_eq!(count(&world, "/robots.txt"), 1, "the rules were stored for both");
}

#[test]
fn a_host_without_rules_allows_everything() {
    let html = Answer::page("<html><body>Disallow: /\n</body></html>");
    for answer in [Answer::status(404), Answer::status(403), html] {
        let mut world = World::new();
        world.web.answer(HOST, "/robots.txt", answer);
        set_feed(&mut world, &["libre"]);
        fetch(&mut world, 0);
        assert_eq!((count(&world, "/libre"), count(&world, "/robots.txt")), (1, 1));
        assert!(find(&world, "libre").is_some());
    }
}

#[test]
fn pages_are_not_requested_while_robots_txt_is_unavailable() {
    let mut world = World::new();
    world.web.answer(HOST, "/robots.txt", Answer::status(503));
    set_feed(&mut world, &["libre"]);
    for hours in [0, 1, 2, 3] {
        fetch(&mut world, hours);
    }
    assert_eq!((count(&world, "/libre"), count(&world, "/robots.txt")), (0, 1));
    assert_eq!(world.items("mali").len(), 0);
    robots(&world, "User-agent: *\nDisallow:\n");
    fetch(&mut world, 5);
    assert_eq!((count(&world, "/libre"), count(&world, "/robots.txt")), (1, 2));
    assert!(find(&world, "libre").is_some(), "it arrived late, and its story was composed again");
    // Known rules stay in force while robots.txt is unavailable.
    world.web.answer(HOST, "/robots.txt", Answer::status(500));
    set_feed(&mut world, &["libre-2"]);
    fetch(&mut world, 48);
    assert_eq!((count(&world, "/libre-2"), count(&world, "/robots.txt")), (1, 3));
}

#[test]
fn after_thirty_days_a_host_counts_as_one_without_rules() {
    let mut world = World::new();
    world.web.answer(HOST, "/robots.txt", Answer::status(503));
    let item = |path, date| item(path, "Le bac", date, "<p>En bref.</p>");
    let feed = |path, date| Answer::feed(rss(HOST, "L'Aube", &[item(path, date)]));
    world.source(HOST, KEYS, feed("un", DATE));
    world.succeed(["-q", "fetch"]);
    world.now = "2026-03-30T12:00:00Z".to_owned();
    world.source(HOST, KEYS, feed("deux", "Mon, 30 Mar 2026 09:00:00 GMT"));
    world.succeed(["-q", "fetch"]);
    assert_eq!(count(&world, "/deux"), 0);
    world.now = "2026-03-31T18:00:00Z".to_owned();
    world.source(HOST, KEYS, feed("trois", "Tue, 31 Mar 2026 09:00:00 GMT"));
    world.succeed(["-q", "fetch"]);
    assert_eq!(
        (count(&world, "/un"), count(&world, "/trois")),
        (0, 1),
        "a page a month old is not requested"
    );
}

#[test]
fn the_configured_user_agent_selects_the_group_of_rules() {
    let mut world = World::new();
    world.settings += "user_agent = \"Veille/2 (+https://veille.example/)\"\n";
    robots(&world, "User-agent: griot\nDisallow: /un\n\nUser-agent: veille\nDisallow: /deux\n");
    set_feed(&mut world, &["un", "deux"]);
    fetch(&mut world, 0);
    assert_eq!((count(&world, "/un"), count(&world, "/deux")), (1, 0));
}

#[test]
fn a_redirect_to_a_disallowed_page_is_dropped() {
    let mut world = World::new();
    world.set_address("autre.example", "93.184.216.35");
    world.web.answer(
        "autre.example",
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nDisallow: /"),
    );
    world.web.answer("autre.example", "/bac", page("", "ailleurs"));
    world.web.answer(HOST, "/bac", Answer::redirect(302, "http://autre.example/bac"));
    set_feed(&mut world, &["bac"]);
    fetch(&mut world, 0);
    assert_eq!(world.items("mali").len(), 0, "nothing of it is used");
    assert!(world.requests("autre.example").iter().any(|request| request.path == "/robots.txt"));
}

#[test]
fn robots_all_applies_the_rules_to_feeds() {
    let mut world = World::new();
    world.settings += "robots = \"all\"\n";
    robots(&world, "User-agent: *\nDisallow: /feed\n");
    world.web.answer(
        "bafing.example",
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nDisallow:\n"),
    );
    world.feed(
        "bafing.example",
        rss("bafing.example", "Bafing", &[item("bac", "Le bac", DATE, FERRY)]),
    );
    set_feed(&mut world, &["bac"]);
    fetch(&mut world, 0);
    assert_eq!(count(&world, "/feed"), 0);
    let status = world.succeed(["status", "--json"]).out;
    let line = status.lines().find(|line| line.contains("\"aube\"")).expect("it is configured");
    assert!(
        line.contains("\"blocked\"") && line.contains("its robots.txt does not allow it"),
        "{line}"
    );
    assert_eq!(world.items("mali").len(), 1, "the other source is visited");

    let mut world = World::new();
    world.settings += "robots = \"off\"\n";
    robots(&world, "User-agent: *\nDisallow: /\n");
    set_feed(&mut world, &["bac"]);
    fetch(&mut world, 0);
    assert_eq!((count(&world, "/bac"), count(&world, "/robots.txt")), (1, 0));
}

#[test]
fn no_more_than_an_excerpt_of_a_reserved_text_is_published() {
    let mut world = World::new();
    world.topics += "stories = \"off\"\n";
    for (path, answer) in [
        ("entete", page("", "ENTETE").with("X-Robots-Tag", "noindex, noarchive")),
        ("griot", page("", "NOMMEMENT").with("X-Robots-Tag", "griot: nosnippet")),
        ("balise", page("<meta name=\"robots\" content=\"NoArchive\">", "BALISE")),
        ("fouille", page("<meta name=\"tdm-reservation\" content=\"1\">", "FOUILLE")),
        ("tdm", page("", "TEXTES").with("TDM-Reservation", "1")),
        (
            "libre",
            page("<meta name=\"robots\" content=\"noindex\">", "LIBRE").with("X-Robots-Tag", "otherbot: noarchive"),
        ),
    ] {
        world.web.answer(HOST, &format!("/{path}"), answer);
    }
    set_feed(&mut world, &["entete", "griot", "balise", "fouille", "tdm", "libre"]);
    let long = |end: &str| item("long", "Au Mali", DATE, &format!("{FERRY}{RACE}{FAIR}<p>{end}</p>"));
    let reserved = Answer::feed(rss("tao.example", "Tao", &[long("RESERVE")])).with("TDM-Reservation", "1");
    world.source("tao.example", "", reserved);
    fetch(&mut world, 0);
    let published = world.published_files();
    let is_published = |word: &str| published.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word));
    for word in ["ENTETE", "NOMMEMENT", "BALISE", "FOUILLE", "TEXTES", "RESERVE"] {
        assert!(!is_published(word), "{word}");
    }
    for name in ["mali.json", "mali.xml", "mali.atom.xml"] {
        assert!(world.published(name).contains("LIBRE"), "{name}");
    }
    let pages = || published.iter().filter(|(name, _)| name.starts_with("story/"));
    assert!(pages().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("LIBRE")));
    assert_eq!(world.items("mali").len(), 7, "all of them are published");
}

#[test]
fn terms_of_licences_are_read_everywhere_and_passed_on() {
    let mut world = World::new();
    world.topics += "stories = \"off\"\n";
    let rsl = "<link rel=\"license\" type=\"application/rsl+xml\" href=\"/rsl.xml\">";
    let header = "</rsl.xml>; rel=\"license\"; type=\"application/rsl+xml\"";
    for (path, answer) in [
        ("page", page(rsl, "PAGE")),
        ("entete", page("", "ENTETE").with("Link", header)),
        ("ia", page("<meta name=\"robots\" content=\"noai, noimageai\">", "MACHINES")),
        ("images", page("", "IMAGES").with("X-Robots-Tag", "noimageai")),
    ] {
        world.web.answer(HOST, &format!("/{path}"), answer);
    }
    set_feed(&mut world, &["page", "entete", "ia", "images"]);
    // A host whose robots.txt names terms, and a feed with terms and a licence of its items.
    let other = "droits.example";
    let terms = Answer::new(
        200,
        "text/plain",
        "License: http://droits.example/rsl.xml\nUser-agent: *\nDisallow:\n",
    );
    world.web.answer(other, "/robots.txt", terms);
    world.web.answer(other, "/hote", page("", "HOTE"));
    world.source(
        other,
        KEYS,
        Answer::feed(rss(other, "Droits", &[item("hote", "Hôte", DATE, "<p>En bref.</p>")])),
    );
    let long = |path, title: &str, end: &str| item(path, title, DATE, &format!("{FERRY}{RACE}{FAIR}<p>{end}</p>"));
    let feed = rss(
        "tao.example",
        "Tao",
        &[long("a", "Au Mali", "FLUX"), long("b", "Le Mali libre", "LIBRE")],
    );
    let licences = [
        "<rsl:content url=\"http://tao.example/a\"><rsl:license><rsl:prohibits type=\"usage\">ai-all</rsl:prohibits></rsl:license></rsl:content>",
        "<creativeCommons:license>https://creativecommons.org/licenses/by/4.0/</creativeCommons:license>",
    ];
    let mut parts = feed.split("</item>").map(str::to_owned).collect::<Vec<_>>();
    parts[0] += licences[0];
    parts[1] += licences[1];
    let feed = parts.join("</item>").replace("<channel>", "<channel><copyright>© Tao</copyright>");
    world.source("tao.example", "dedupe = \"off\"\n", Answer::feed(feed));
    fetch(&mut world, 0);
    let published = world.published_files();
    let is_published = |word: &str| published.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word));
    for word in ["PAGE", "ENTETE", "MACHINES", "HOTE", "FLUX"] {
        assert!(!is_published(word), "{word}");
    }
    for word in ["IMAGES", "LIBRE"] {
        assert!(is_published(word), "{word}");
    }
    let griot = |title: &str| {
        let item = world
            .items("mali")
            .into_iter()
            .find(|item| item["title"] == title)
            .expect("an item");
        item["_griot"].clone()
    };
    for (title, expected) in [
        ("Nouvelles page", vec!["rsl"]),
        ("Nouvelles entete", vec!["rsl"]),
        ("Nouvelles ia", vec!["noai", "noimageai"]),
        ("Nouvelles images", vec!["noimageai"]),
        ("Hôte", vec!["rsl"]),
        ("Au Mali", vec!["rsl"]),
    ] {
        assert_eq!(griot(title)["reservations"], serde_json::json!(expected), "{title}");
    }
    assert_eq!(griot("Le Mali libre")["reservations"], Value::Null);
    let by = "https://creativecommons.org/licenses/by/4.0/";
    assert_eq!(griot("Le Mali libre")["licence"], by);
    assert_eq!(griot("Au Mali")["licence"], "© Tao", "that of the feed");
    let atom = world.published("mali.atom.xml");
    assert!(atom.contains(&format!("<link rel=\"license\" href=\"{by}\"/>")) && atom.contains("<rights>© Tao</rights>"));
    let rss = world.published("mali.xml");
    assert!(
        rss.contains(&format!("<creativeCommons:license>{by}</creativeCommons:license>")),
        "{rss}"
    );
}

#[test]
fn a_page_that_failed_temporarily_is_fetched_later_and_changes_no_date() {
    let mut world = World::new();
    let item = |path, title: &str| item(path, title, DATE, "<p>En bref.</p>");
    let items = [item("bac", "Le bac"), item("mali", "Le Mali"), item("perdu", "Perdu")];
    let undated = rss(HOST, "L'Aube", &items).replace(&format!("<pubDate>{DATE}</pubDate>"), "");
    world.source(HOST, KEYS, Answer::feed(undated));
    for (path, status) in [("/bac", 503), ("/mali", 500), ("/perdu", 404)] {
        world.web.answer(HOST, path, Answer::status(status));
    }
    world.web.answer(HOST, "/robots.txt", Answer::status(404));
    fetch(&mut world, 0);
    assert_eq!(world.items("mali").len(), 0, "they wait one run");
    fetch(&mut world, 1);
    let before = find(&world, "mali").expect("it is out with the feed's text");
    assert!(before["content_html"].to_string().contains("En bref."), "{before}");
    assert!(find(&world, "bac").is_none(), "nothing says Mali");
    fetch(&mut world, 2);
    assert_eq!(
        (count(&world, "/bac"), count(&world, "/mali")),
        (2, 2),
        "after an hour, and then not before four more"
    );
    world.web.answer(HOST, "/bac", page("", "ENFIN"));
    world.web.answer(
        HOST,
        "/mali",
        page(
            "<meta property=\"article:published_time\" content=\"2026-02-27T08:00:00Z\">",
            "TARD",
        ),
    );
    fetch(&mut world, 6);
    let after = find(&world, "mali").expect("it stays");
    assert!(after["content_html"].to_string().contains("TARD"), "{after}");
    for key in ["id", "date_published", "date_modified", "title"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    assert!(find(&world, "bac").is_some(), "the page says Mali");
    fetch(&mut world, 30);
    // The page that is gone was asked for once more, and another one in comparison.
    assert_eq!((count(&world, "/bac"), count(&world, "/mali"), count(&world, "/perdu")), (3, 4, 2));
}

#[test]
fn a_page_is_given_up_after_four_retries() {
    let mut world = World::new();
    world.web.answer(HOST, "/bac", Answer::status(502));
    world.web.answer(HOST, "/robots.txt", Answer::status(404));
    set_feed(&mut world, &["bac"]);
    let mut asked_hours = Vec::new();
    for hours in (0..72).step_by(1) {
        let before = count(&world, "/bac");
        fetch(&mut world, hours);
        if count(&world, "/bac") > before {
            asked_hours.push(hours);
        }
    }
    assert_eq!(asked_hours, [0, 1, 5, 17, 41]);
}

#[test]
fn a_page_that_the_budget_left_out_is_fetched_later() {
    let mut world = World::new();
    world.settings += "budget = \"2s\"\n";
    world.web.answer(HOST, "/robots.txt", Answer::status(404));
    world.web.answer(HOST, "/bac", Answer::hang());
    set_feed(&mut world, &["bac"]);
    fetch(&mut world, 0);
    fetch(&mut world, 1);
    assert_eq!(
        world.items("mali").len(),
        0,
        "it went out with the feed's text, which does not say Mali"
    );
    world.web.answer(HOST, "/bac", page("", "ENFIN"));
    fetch(&mut world, 2);
    assert!(find(&world, "bac").is_some());
    assert_eq!(count(&world, "/bac"), 3);
}

#[test]
fn a_429_for_robots_txt_holds_the_host() {
    let mut world = World::new();
    world
        .web
        .answer(HOST, "/robots.txt", Answer::status(429).with("Retry-After", "7200"));
    set_feed(&mut world, &["bac"]);
    for hours in [0, 1] {
        fetch(&mut world, hours);
    }
    assert_eq!((count(&world, "/bac"), count(&world, "/robots.txt")), (0, 1));
    robots(&world, "User-agent: *\nDisallow: /x\n");
    fetch(&mut world, 3);
    assert_eq!((count(&world, "/bac"), count(&world, "/robots.txt")), (1, 2));
    assert!(find(&world, "bac").is_some());
}

#[test]
fn one_address_in_two_sources_is_requested_once() {
    let mut world = World::new();
    set_feed(&mut world, &["bac"]);
    let items = rss("tao.example", "Tao", &[item("x", "Autre titre", DATE, "<p>Autre texte court.</p>")]);
    let items = items.replace("http://tao.example/x", &format!("http://{HOST}/bac?utm_source=tao"));
    world.source("tao.example", KEYS, Answer::feed(items));
    world.web.answer(HOST, "/bac", Answer::status(500));
    fetch(&mut world, 0);
    fetch(&mut world, 1);
    let pages = world.requests(HOST).into_iter().filter(|request| request.path.starts_with("/bac"));
    assert_eq!(pages.count(), 2, "once in each run");
}
