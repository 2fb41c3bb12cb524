//! What griot says to people who read French, and how the language is chosen.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, item, rss};
use crate::world::{Finished, World};
use std::fmt::Write as _;
use std::fs;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// A world whose desk reads French, with sources that fail in different ways.
fn world() -> World {
    let mut world = World::new();
    world.settings = world.settings.replace("[site]\n", "[site]\nlanguage = \"fr\"\n");
    let feed = |host: &str| rss(host, "L'Aube", &[item("bac", "Le bac repart", DATE, FERRY)]);
    world.feed("aube.example", feed("aube.example"));
    world.source("brume.example", "", Answer::status(404));
    world.source("cendre.example", "", Answer::status(410));
    world.source("dune.example", "", Answer::status(503));
    let page = "<html><head><title>Site</title></head><body><p>Bienvenue</p></body></html>";
    world.source("erg.example", "", Answer::page(page));
    world.source("foret.example", "enabled = false", Answer::status(404));
    world.feed("galet.example", feed("galet.example"));
    world.set_address("galet.example", "192.168.1.7");
    let locked = "headers = { X-Key = \"env:GRIOT_TEST_NOWHERE\" }";
    world.source("herbe.example", locked, Answer::feed(feed("herbe.example")));
    world
}

/// Returns all output of commands, without durations.
fn transcripts(world: &World, commands: &[&str]) -> String {
    let mut transcripts = String::new();
    for command in commands {
        let ran = world.griot(command.split(' '));
        let out: String = ran.out.lines().map(|line| without_durations(line) + "\n").collect();
        let code = ran.code.unwrap_or_default();
        writeln!(transcripts, "$ griot {command}\n{out}{}── exit {code}", ran.err).expect("a string takes all");
    }
    transcripts
}

/// Replaces the number before ` ms`, and cuts spaces at the end of the line.
fn without_durations(line: &str) -> String {
    match line.rsplit_once(" ms") {
        Some((before, behind)) => format!("{}0 ms{behind}", before.trim_end_matches(|c: char| c.is_ascii_digit())),
        None => line.trim_end().to_owned(),
    }
}

#[test]
fn the_state_of_sources() {
    let mut world = world();
    for now in ["2026-03-01T12:00:00Z", "2026-03-03T12:00:00Z", "2026-03-07T12:00:00Z"] {
        world.now = now.to_owned();
        world.griot(["fetch", "--force"]);
    }
    insta::assert_snapshot!(transcripts(&world, &["check", "status", "status --problems"]));
    let health = world.published("health.html").replace('\u{a0}', " ");
    assert!(health.contains("lang=\"fr\""), "{health}");
    assert!(
        health.contains("son adresse a peut-être changé : cherchez la nouvelle sur son site"),
        "{health}"
    );
    assert!(!health.contains("failing"), "{health}");
}

#[test]
fn runs_and_decisions() {
    let mut world = world();
    let mut transcript = transcripts(&world, &["status", "fetch", "fetch --resolve /dev/null --force"]);
    let ids = world.succeed(["--json", "list", "entries"]).out;
    let entry: serde_json::Value = serde_json::from_str(ids.lines().next().expect("an entry")).expect("JSON");
    let id = entry["id"].as_str().expect("an id").to_owned();
    for command in [
        "hide ENTRY",
        "pin ENTRY --topic mali",
        "split STORY ENTRY",
        "hide ENTRY --topic sport",
        "publish",
        "db verify",
    ] {
        transcript += &transcripts(&world, &[&command.replace("ENTRY", &id).replace("STORY", &id)]);
    }
    world.now = "2026-03-03T12:00:00Z".to_owned();
    transcript += &transcripts(&world, &["-q fetch --force"]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn the_visit_of_a_source() {
    let world = world();
    world.griot(["fetch"]);
    let commands = [
        "doctor aube",
        "doctor brume",
        "doctor cendre",
        "doctor erg",
        "doctor galet",
        "doctor herbe",
        "doctor aub",
    ];
    insta::assert_snapshot!(transcripts(&world, &commands));
}

#[test]
fn checks_of_the_machine() {
    let world = world();
    world.griot(["fetch"]);
    let ran = world.griot(["doctor"]);
    // Which certificates a machine has, and how a folder is called, is its own matter.
    for words in [
        "horloge",
        "certificats",
        "environnement",
        "dossier-sortie",
        "libre",
        "8 source(s), 1 thème(s)",
        "définissez-les là où griot tourne",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    insta::assert_snapshot!(transcripts(&world, &["doctor --published"]));
}

#[test]
fn new_sources() {
    let mut world = world();
    let feed = rss(
        "www.aube.ml",
        "L'Aube du Mali",
        &[item("bac", "Le bac repart", DATE, FERRY), item("x", "Sans date", "", FERRY)],
    );
    for host in ["www.aube.ml", "trois.example.org", "sans.example.org", "porte.example.org"] {
        world.source(host, "", Answer::status(404));
        world.remove_source(host);
    }
    let page = |head: &str| {
        Answer::page(format!(
            "<html><head><title>Site</title>{head}</head><body><p>Bienvenue</p></body></html>"
        ))
    };
    let link = |path: &str| format!("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"{path}\" href=\"/{path}\">");
    world.web.answer("www.aube.ml", "/feed", Answer::feed(feed));
    world
        .web
        .answer("trois.example.org", "/", page(&["une", "monde", "sport"].map(link).concat()));
    world.web.answer("sans.example.org", "/", page(""));
    world.web.answer("porte.example.org", "/", Answer::status(401));
    let commands = [
        "add http://www.aube.ml/feed",
        "add http://www.aube.ml/feed -y",
        "add http://trois.example.org/",
        "add http://sans.example.org/",
        "add http://porte.example.org/",
        "add http://aube.example/feed",
        "add lefaso",
        "add @catalogue:atlantis",
        "edit aube every=soon",
        "edit aub every=2h",
        "disable aube",
        "rename aube soir",
        "remove soir",
    ];
    insta::assert_snapshot!(transcripts(&world, &commands));
}

#[test]
fn a_file_to_begin_with_is_in_the_language_of_the_locale() {
    let world = World::new();
    for (preset, locale, language) in [("sahel", "fr_NE", "fr"), ("empty", "fr_NE", "fr"), ("empty", "en_GB", "en")] {
        let folder = format!("{preset}-{language}");
        let mut command = world.command(["init", &folder, "--preset", preset]);
        fs::remove_file(world.path("feeds.toml")).expect("no feeds.toml names a language");
        let ran = world.finished(&command.env("LANG", locale).output().expect("griot starts"));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let written = fs::read_to_string(world.path(&folder).join("feeds.toml")).expect("feeds.toml");
        assert!(written.contains(&format!("\nlanguage  = \"{language}\"")), "{written:.300}");
        assert_eq!(ran.out.contains("est écrit"), language == "fr", "{}", ran.out);
    }
}

/// Checks a feeds.toml of this text in an environment; returns the first word that is printed.
fn first_word(text: &str, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let world = World::new();
    let mut command = world.command(arguments.iter().copied());
    fs::write(world.path("feeds.toml"), text).expect("feeds.toml");
    command.envs(environment.iter().copied());
    let Finished { out, err, .. } = world.finished(&command.output().expect("griot starts"));
    let printed = err + &out;
    printed.split([' ', ':', '\u{a0}']).next().unwrap_or_default().to_owned()
}

#[test]
fn the_language_is_that_of_the_file_or_else_of_the_locale() {
    let french = "[site]\nlanguage = \"fr\"\nfoo = 1\n";
    let english = "[site]\nlanguage = \"en\"\nfoo = 1\n";
    let arabic = "[site]\nlanguage = \"ar\"\nfoo = 1\n";
    let none = "[site]\nfoo = 1\n";
    for (text, environment, word) in [
        (french, &[][..], "erreur"),
        (french, &[("LC_ALL", "en_GB.UTF-8")], "erreur"),
        (english, &[("LANG", "fr_FR.UTF-8")], "error"),
        (arabic, &[("LANG", "fr_FR.UTF-8")], "erreur"),
        (arabic, &[], "error"),
        (none, &[], "error"),
        (none, &[("LANG", "fr")], "erreur"),
        (none, &[("LC_MESSAGES", "fr_NE"), ("LANG", "en_GB.UTF-8")], "erreur"),
        (none, &[("LC_ALL", "C"), ("LANG", "fr_FR.UTF-8")], "error"),
        (none, &[("LC_ALL", ""), ("LANG", "fr_FR.UTF-8")], "erreur"),
        // A file that is no TOML has its language too.
        ("[site]\ntitle = “Bureau”\nlanguage: fr\n", &[], "erreur"),
        ("", &[("LANG", "fr_FR.UTF-8")], "attention"),
    ] {
        assert_eq!(first_word(text, &["check"], environment), word, "{text} {environment:?}");
    }
    // Programs read JSON and logs: they are English.
    for option in ["--json", "--log-format=json"] {
        let printed = first_word(french, &[option, "check"], &[]);
        assert!(printed == "error" || printed.starts_with('{'), "{option}: {printed}");
    }
    assert_eq!(
        first_word(none, &["status", "--config", "nowhere.toml"], &[("LANG", "fr")]),
        "erreur"
    );
}
