//! Snapshots of all output: of the commands as text and as JSON, and of the published files.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, RACE, WELLS, item, rss};
use crate::world::{Finished, World};
use std::fmt::Write as _;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// A small world: a copy, an entry that no topic takes, an article page, and a source that fails.
fn world() -> World {
    let mut world = World::new();
    world.topics += "\n[[topic]]\nid = \"sahel\"\ntitle = \"Sahel\"\nabout = [\"@sahel\"]\nnone = [\"@games\"]\n\n[concept.games]\nany = [\"regatta\", \"football\"]\n";
    let first = [
        item("bac", "Le bac de Dioro reprend ses traversées", DATE, FERRY),
        item("race", "A race", DATE, RACE),
        item("foire", "Sikasso &amp; ses livres", "", FAIR),
    ];
    world.source(
        "aube.example",
        "country = \"ML\"\ntags = [\"fleuve\"]",
        Answer::feed(rss("aube.example", "L'Aube", &first)),
    );
    let copy = item("1", "Dioro : on traverse", "Sun, 01 Mar 2026 10:00:00 GMT", FERRY);
    world.feed("bafing.example", rss("bafing.example", "Bafing", &[copy]));
    let teaser = item("puits", "Quarante puits à Nara", DATE, "<p>Au Mali, lire la suite.</p>");
    world.source(
        "courrier.example",
        "article = \"page\"",
        Answer::feed(rss("courrier.example", "Courrier", &[teaser])),
    );
    let page = format!(
        "<html lang=\"fr\"><head><title>Quarante puits</title></head><body><article><h1>Quarante puits</h1>{WELLS}</article></body></html>"
    );
    world.web.answer("courrier.example", "/puits", Answer::page(page));
    world.source("dunes.example", "", Answer::status(404));
    world.source("eteint.example", "enabled = false", Answer::status(404));
    world
}

/// Removes trailing spaces and replaces durations, which differ from run to run, by 0.
fn without_durations(text: &str) -> String {
    let mut without_durations = String::new();
    for line in text.lines() {
        match line.split_once("\"duration_ms\":") {
            Some((before, after)) => {
                let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
                writeln!(without_durations, "{before}\"duration_ms\":0{rest}").expect("a string takes all");
            }
            None => writeln!(without_durations, "{}", without_vocabulary_size(line).trim_end()).expect("a string takes all"),
        }
    }
    without_durations
}

/// Replaces the number of words of a built-in concept, which changes with each new word.
fn without_vocabulary_size(line: &str) -> String {
    match (line.strip_suffix(" words, built in"), line.split_once("\"words\":")) {
        (Some(before), _) => format!(
            "{} N words, built in",
            before.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end()
        ),
        (None, Some((before, after))) if line.contains("\"builtin\":true") => {
            format!("{before}\"words\":0{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        _ => line.to_owned(),
    }
}

/// Returns all output of a command, and its exit code.
fn transcript(ran: &Finished) -> String {
    let mut text = without_durations(&ran.out);
    if !ran.err.is_empty() {
        write!(text, "── stderr\n{}", without_durations(&ran.err)).expect("a string takes all");
    }
    write!(
        text,
        "── exit {}",
        ran.code.map_or_else(|| "by a signal".to_owned(), |code| code.to_string())
    )
    .expect("a string takes all");
    text
}

fn transcripts(world: &World, commands: &[&str]) -> String {
    let one = |command: &&str| format!("$ griot {command}\n{}\n", transcript(&world.griot(command.split(' '))));
    commands.iter().map(one).collect()
}

#[test]
fn help() {
    let world = World::new();
    let commands = [
        "--help",
        "init --help",
        "demo --help",
        "fetch --help",
        "serve --help",
        "publish --help",
        "check --help",
        "status --help",
        "list --help",
        "hide --help",
        "note --help",
        "explain --help",
        "topic --help",
        "topic test --help",
        "topic mark --help",
        "topic eval --help",
        "topic suggest --help",
        "show --help",
        "parse --help",
        "extract --help",
        "import --help",
        "export --help",
        "db --help",
        "db stats --help",
        "db prune --help",
        "db rebuild --help",
    ];
    insta::assert_snapshot!(transcripts(&world, &commands));
}

#[test]
fn shells_and_man_know_every_command() {
    let world = World::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = world.succeed(["completions", shell]).out;
        assert!(script.contains("topic") && script.contains("backfill"), "{shell}");
    }
    let page = world.succeed(["man"]).out;
    assert!(
        page.starts_with(".ie") && page.contains(".TH griot 1") && page.contains("griot\\-fetch(1)"),
        "{page}"
    );
    let page = world.succeed(["man", "topic", "test"]).out;
    assert!(page.contains("\\-\\-query") && page.contains("\\-\\-config"), "{page}");
    assert_eq!(world.griot(["man", "tpoic"]).code, Some(2));
    world.succeed(["man", "--out", "pages"]);
    let pages = std::fs::read_dir(world.path("pages")).expect("the folder").count();
    assert!(pages > 50 && world.path("pages/griot-topic-test.1").exists(), "{pages}");
}

#[test]
fn a_good_configuration() {
    insta::assert_snapshot!(transcripts(&world(), &["check"]));
}

#[test]
fn a_configuration_with_mistakes() {
    let mut world = world();
    world.settings += "evry = \"2h\"\n";
    world.topics = world.topics.replace("@sahel", "@sahle").replace("title = \"Mali\"\n", "");
    world.source("aube.example", "kind = \"radoi\"\njobs = 3", Answer::status(404));
    insta::assert_snapshot!(transcripts(&world, &["check"]));
}

#[test]
fn a_run_and_what_is_known_after_it() {
    let world = world();
    let commands = [
        "fetch --dry-run",
        "fetch",
        "fetch --json",
        "fetch --force",
        "status",
        "status --json",
        "status --problems",
        "list sources",
        "list topics",
        "list stories",
        "list entries",
        "list entries dioro",
        "list concepts",
        "publish",
        "db stats",
    ];
    let figures = |line: &str| line.contains(" bytes") || line.starts_with("bytes");
    let transcripts = transcripts(&world, &commands);
    let text: Vec<&str> = transcripts.lines().filter(|line| !figures(line)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn what_is_known_as_json() {
    let world = world();
    let ran = world.succeed(["fetch", "--json"]);
    let commands = [
        "list sources --json",
        "list topics --json",
        "list stories --json",
        "list entries --json",
        "list concepts --json",
        "export json",
    ];
    insta::assert_snapshot!(format!("{}\n{}", transcript(&ran), transcripts(&world, &commands)));
}

#[test]
fn figures_as_json() {
    let world = world();
    world.succeed(["fetch"]);
    let stats: serde_json::Value = serde_json::from_str(&world.succeed(["db", "stats", "--json"]).out).expect("JSON");
    // The sizes depend on SQLite; the test is that they are reported.
    assert!(
        stats["bytes"].as_u64() > Some(0) && stats["tables"]["entry"]["bytes"].as_u64() > Some(0),
        "{stats}"
    );
    let counts = ["sources", "entries", "copy_groups", "articles", "stories", "placements"].map(|key| format!("{key} {}", stats[key]));
    insta::assert_snapshot!(counts.join(", "), @"sources 5, entries 5, copy_groups 4, articles 1, stories 4, placements 6");
    assert_eq!(stats["tables"]["entry"]["rows"], stats["entries"]);
}

#[test]
fn a_machine_without_network() {
    let mut world = World::new();
    for host in ["aube.example.org", "bafing.example.org", "courrier.example.org"] {
        world.feed(host, "");
    }
    insta::assert_snapshot!(transcripts(&world, &["fetch --resolve /dev/null", "status"]));
}

#[test]
fn what_is_understood_of_a_feed() {
    let world = world();
    let xml = rss(
        "aube.example",
        "L'Aube",
        &[
            item("bac", "Le bac &amp; le riz", DATE, FERRY),
            item("x", "Sans date", "", "<p>x</p>"),
        ],
    );
    std::fs::write(world.path("feed.xml"), xml.replace("</channel></rss>", "")).expect("a file");
    std::fs::write(
        world.path("page.html"),
        "<html><head><link rel=alternate type=application/rss+xml href=/feed></head><body>x</body></html>",
    )
    .expect("a file");
    let list = "<opml><head><title>Presse</title></head><body><outline text='Mali'><outline text='Aube' xmlUrl='http://aube.example/feed'/>\
                <outline text='Sans' xmlUrl='x:'/></body></opml>";
    std::fs::write(world.path("list.opml"), list).expect("a file");
    let commands = [
        "parse feed.xml",
        "parse --json feed.xml",
        "parse page.html --base http://aube.example/",
        "parse --json page.html --base http://aube.example/",
        "parse list.opml",
        "parse --json list.opml",
        "parse missing.xml",
        "parse http://aube.example/feed",
        "parse http://dunes.example/feed",
    ];
    insta::assert_snapshot!(transcripts(&world, &commands));
}

#[test]
fn what_is_taken_from_a_page() {
    let world = world();
    let page = format!(
        "<html lang=\"fr\"><head><title>Le bac repart - L'Aube</title><meta property=\"article:published_time\" content=\"2026-03-01T09:00:00+00:00\">\
         <meta name=\"author\" content=\"Awa Coulibaly\"></head><body><nav><a href=\"/\">Accueil</a></nav><article><h1>Le bac repart</h1>{FERRY}</article></body></html>"
    );
    std::fs::write(world.path("page.html"), page).expect("a file");
    std::fs::write(world.path("empty.html"), "<html><body></body></html>").expect("a file");
    let commands = [
        "extract page.html",
        "extract --format html page.html",
        "extract --format json page.html",
        "extract empty.html",
        "extract http://courrier.example/puits",
    ];
    insta::assert_snapshot!(transcripts(&world, &commands));
}

#[test]
fn extract_explain_shows_the_decision_on_each_block() {
    let world = world();
    let page = format!(
        "<html><head><title>Le bac repart</title></head><body><article><h1>Le bac repart</h1>{FERRY}<p>Lire aussi : le marché</p></article>\
         <section id=\"comments\"><p>Merci pour la nouvelle</p></section></body></html>"
    );
    std::fs::write(world.path("page.html"), page).expect("a file");
    let path = world.path("page.html").display().to_string();
    let explained = world.succeed(["extract", "--explain", "--json", &path]).out;
    let explained: serde_json::Value = serde_json::from_str(&explained).expect("JSON");
    let blocks = explained["blocks"].as_array().expect("blocks");
    let of = |text: &str| blocks.iter().find(|block| block["text"] == text).expect(text);
    for text in ["Le bac repart", "Lire aussi : le marché", "Merci pour la nouvelle"] {
        assert_eq!(of(text)["kept"], false, "{text}");
    }
    assert_eq!(of("Merci pour la nouvelle")["certain"], "in the comments");
    let kept: Vec<_> = blocks.iter().filter(|block| block["kept"] == true).collect();
    let weighed = |block: &&serde_json::Value| {
        block["probability"].as_f64() >= Some(0.5) && block["reasons"].as_array().is_some_and(|transcripts| !transcripts.is_empty())
    };
    assert!(!kept.is_empty() && kept.iter().all(weighed), "{kept:?}");
    assert_eq!(of("Merci pour la nouvelle")["place"], "section#comments > p");
    let lines = world.succeed(["extract", "--explain", &path]).out;
    assert!(
        lines.contains("-   0 %  Merci pour la nouvelle\n         section#comments > p | in the comments\n"),
        "{lines}"
    );
}

#[test]
fn a_beginning() {
    let world = World::new();
    insta::assert_snapshot!(transcripts(
        &world,
        &[
            "init fresh",
            "init fresh",
            "check fresh/feeds.toml",
            "init bare --preset empty",
            "check bare/feeds.toml"
        ]
    ));
}

#[test]
fn failures() {
    let world = world();
    world.succeed(["fetch"]);
    let commands = [
        "status --db nowhere.db",
        "fetch --db other.db",
        "fetch nobody",
        "fetch --config nowhere.toml",
        "list",
        "fetsch",
    ];
    // The id of a database is random.
    insta::with_settings!({filters => vec![(r"\([0-9a-f]{32}\)", "([DATABASE])")]}, {
        insta::assert_snapshot!(transcripts(&world, &commands));
    });
}

#[test]
fn the_demo() {
    let world = World::new();
    let ran = world.griot(["demo"]);
    insta::with_settings!({filters => vec![(r"localhost:\d+", "localhost:[PORT]"), (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]")]}, {
        insta::assert_snapshot!(transcript(&ran));
    });
    let named = ran.out.lines().skip_while(|line| *line != "Read it:").skip(1);
    let named: Vec<&str> = named.take_while(|line| line.starts_with("  ")).map(str::trim).collect();
    assert_eq!(named.len(), 7, "the index, and a page and a feed of each topic");
    for path in named {
        assert!(
            std::path::Path::new(&path.replace("[DIR]", &world.path("").display().to_string())).is_file(),
            "{path}"
        );
    }
    let out = world.path("griot-demo");
    assert!(out.join("public/sahel-politics.xml").is_file());
    assert_eq!(world.griot(["demo"]).code, Some(0), "it replaces its own folder");
    std::fs::remove_file(out.join(".griot-demo")).expect("the marker");
    assert_eq!(world.griot(["demo"]).code, Some(73), "a folder without the marker is left alone");
}

#[test]
fn the_published_files() {
    let world = world();
    world.succeed(["fetch"]);
    let names: Vec<String> = world.published_files().into_keys().collect();
    insta::assert_snapshot!("published_names", names.join("\n"));
    for name in [
        "mali.xml",
        "mali.atom.xml",
        "mali.json",
        "mali.html",
        "mali.opml",
        "index.html",
        "index.opml",
    ] {
        insta::assert_snapshot!(format!("published_{name}"), world.published(name));
    }
}
