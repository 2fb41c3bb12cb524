//! What editors do by hand: pin, hide, approve and note, at once, beside a run, and for good.

use crate::fake_web::Answer;
use crate::run_lock::hold_lock;
use crate::sample_feeds::{FAIR, FERRY, Item, RACE, WELLS, item, rss};
use crate::world::{Finished, World};
use serde_json::Value;

const HOST: &str = "aube.example";
const OTHER: &str = "bafing.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const FORMATS: [&str; 4] = ["xml", "atom.xml", "json", "html"];

fn ferry() -> Item {
    item("bac", "Le bac de Dioro reprend", DATE, FERRY)
}

/// Two topics that both hold the ferry; the wells are in one of them, the race is in none.
fn world() -> World {
    let mut world = World::new();
    world.topics += "\n[[topic]]\nid = \"transports\"\ntitle = \"Transports\"\nany = [\"bac\"]\n";
    let items = [
        ferry(),
        item("puits", "Quarante puits", DATE, WELLS),
        item("race", "A regatta", DATE, RACE),
    ];
    world.feed(HOST, rss(HOST, "L'Aube", &items));
    world.succeed(["fetch"]);
    world
}

/// Returns the JSON lines of `griot list entries` or `griot list stories`, of the one with this title.
fn listed(world: &World, what: &str, title: &str) -> Value {
    let lines = world.succeed(["--json", "list", what]).out;
    let values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let mut found: Vec<Value> = values.filter(|value| value["title"].as_str() == Some(title)).collect();
    assert_eq!(found.len(), 1, "{what} {title}: {lines}");
    found.remove(0)
}

/// Returns the short id of the entry with this title.
fn entry(world: &World, title: &str) -> String {
    format!("e{}", &listed(world, "entries", title)["id"].as_str().expect("an id")[..8])
}

/// Returns the short id of the story with this title.
fn story(world: &World, title: &str) -> String {
    format!("s{}", &listed(world, "stories", title)["id"].as_str().expect("an id")[..8])
}

/// Returns whether the files of a topic show `text`; all of them or none.
fn shows(world: &World, topic: &str, text: &str) -> bool {
    let shown = FORMATS.map(|format| world.published(&format!("{topic}.{format}")).contains(text));
    assert!(shown.iter().all(|one| *one == shown[0]), "{topic} {text}: {shown:?}");
    shown[0]
}

fn guid(world: &World, topic: &str, title: &str) -> Option<String> {
    let item = world.items(topic).into_iter().find(|item| item["title"].as_str() == Some(title))?;
    Some(item["id"].as_str().expect("an id").to_owned())
}

/// Runs at noon of the next day.
fn fetch_next_day(world: &mut World) -> Finished {
    "2026-03-02T12:00:00Z".clone_into(&mut world.now);
    world.succeed(["fetch"])
}

#[test]
fn hide_removes_an_entry_at_once_and_unhide_brings_it_back_with_its_guid() {
    let world = world();
    let title = "Le bac de Dioro reprend";
    let id = entry(&world, title);
    let before = guid(&world, "mali", title).expect("it is placed");
    let files = world.files();
    // The clock stands still: what changes within one second is published too.
    let hidden = world.succeed(["hide", &id, "--topic", "mali"]);
    assert_eq!(hidden.out.lines().next(), Some(format!("hidden in mali: {id} {title}").as_str()));
    assert!(hidden.out.contains(" files written"), "{}", hidden.out);
    assert!(!shows(&world, "mali", title) && shows(&world, "transports", title));
    world.succeed(["hide", &id]);
    assert!(!shows(&world, "mali", title) && !shows(&world, "transports", title));
    assert!(shows(&world, "mali", "Quarante puits"), "others stay");
    world.succeed(["unhide", &id]);
    assert_eq!(guid(&world, "mali", title), Some(before));
    assert!(shows(&world, "transports", title));
    for format in FORMATS {
        let name = format!("transports.{format}");
        assert!(world.files()[&name] == files[&name], "{name} is as it was");
    }
}

#[test]
fn a_pin_places_what_no_rule_matches() {
    let world = world();
    let id = entry(&world, "A regatta");
    assert!(!shows(&world, "mali", "A regatta"));
    world.succeed(["pin", &id, "--topic", "mali"]);
    assert!(shows(&world, "mali", "A regatta") && !shows(&world, "transports", "A regatta"));
    world.succeed(["pin", &story(&world, "A regatta")]);
    assert!(shows(&world, "transports", "A regatta"), "a story, in all topics");
    world.succeed(["unpin", &story(&world, "A regatta")]);
    assert!(shows(&world, "mali", "A regatta"), "the pin of the entry is another one");
    world.succeed(["unpin", &id]);
    assert!(!shows(&world, "mali", "A regatta"));
}

#[test]
fn a_hidden_story_hides_its_later_entries() {
    let mut world = world();
    let id = story(&world, "Le bac de Dioro reprend");
    world.succeed(["hide", &id]);
    assert!(!shows(&world, "mali", "Dioro"));
    world.feed(OTHER, rss(OTHER, "Bafing", &[item("1", "Dioro : on traverse", DATE, FERRY)]));
    fetch_next_day(&mut world);
    assert_eq!(
        listed(&world, "entries", "Dioro : on traverse")["story"].as_str().expect("a story")[..8],
        id[1..]
    );
    assert!(!shows(&world, "mali", "Dioro") && !shows(&world, "transports", "Dioro"));
    world.succeed(["unhide", &id]);
    assert!(shows(&world, "mali", "Dioro"));
}

#[test]
fn a_note_is_published_with_its_item() {
    let world = world();
    let id = entry(&world, "Le bac de Dioro reprend");
    world.succeed(["note", &id, "-> démenti par la mairie", "--topic", "mali"]);
    assert!(shows(&world, "mali", "démenti par la mairie") && !shows(&world, "transports", "démenti"));
    assert_eq!(world.items("mali")[0]["_griot"]["note"], "-> démenti par la mairie");
    world.succeed(["note", &id, "--topic", "transports", "Vu"]);
    assert!(
        shows(&world, "transports", "Vu") && shows(&world, "mali", "démenti"),
        "each topic has its own"
    );
    world.succeed(["note", &id, "À vérifier"]);
    assert!(shows(&world, "mali", "À vérifier") && shows(&world, "transports", "À vérifier") && !shows(&world, "mali", "démenti"));
    world.succeed(["note", &id, " "]);
    assert!(!shows(&world, "mali", "À vérifier"));
    let long = "é".repeat(2_001);
    let refused = world.griot(["note", &id, &long]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    world.succeed(["note", &id, &long[2..]]);
}

#[test]
fn marks_are_kept_with_their_editor_and_only_added_to() {
    let world = world();
    let id = entry(&world, "A regatta");
    let marks = || {
        let dump = world.dump();
        let lines = dump.lines().filter(|line| line.contains("\"kind\":\"mark\""));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut expected = Vec::new();
    for (arguments, variable) in [
        (["pin", &id, "--topic", "mali"], "USER"),
        (["unpin", &id, "--topic", "mali"], "LOGNAME"),
        (["note", &id, "Vu", "--quiet"], "EDITOR"),
    ] {
        let output = world
            .command(arguments)
            .arg("--json")
            .env(variable, "awa")
            .output()
            .expect("griot starts");
        let printed = world.finished(&output);
        assert_eq!(printed.code, Some(0), "{}", printed.err);
        let mut mark: Value = serde_json::from_str(&printed.out).expect("one object");
        assert_eq!(mark["editor"], if variable == "EDITOR" { "" } else { "awa" });
        assert_eq!(mark.as_object_mut().and_then(|mark| mark.remove("published")), Some(true.into()));
        expected.push(mark.to_string());
        assert_eq!(marks(), expected, "those before stay as they are");
    }
}

#[test]
fn marks_outlast_the_source() {
    let mut world = world();
    world.succeed(["hide", &entry(&world, "Quarante puits")]);
    world.succeed(["pin", &entry(&world, "A regatta"), "--topic", "mali"]);
    world.remove_source(HOST);
    world.feed(OTHER, rss(OTHER, "Bafing", &[item("foire", "La foire", DATE, FAIR)]));
    fetch_next_day(&mut world);
    assert!(shows(&world, "mali", "La foire") && shows(&world, "mali", "A regatta"));
    assert!(!shows(&world, "mali", "Quarante puits"));
    world.succeed(["hide", &entry(&world, "A regatta")]);
    assert!(!shows(&world, "mali", "A regatta"), "its entries can be marked still");
}

#[test]
fn a_mark_beside_a_run_is_stored_at_once_and_published_by_a_run() {
    let mut world = world();
    let id = entry(&world, "Quarante puits");
    let lock = hold_lock(&world);
    // The clock runs 600 times as fast, so that the wait for the lock is short.
    world.now += "*600";
    let hidden = world.succeed(["hide", &id]);
    assert!(hidden.out.contains("a run is under way"), "{}", hidden.out);
    let noted = world.succeed(["--json", "note", &id, "Vu"]).out;
    assert!(noted.contains("\"published\":false"), "{noted}");
    assert!(shows(&world, "mali", "Quarante puits"), "only a run writes files");
    drop(lock);
    let ran = fetch_next_day(&mut world);
    assert!(!shows(&world, "mali", "Quarante puits"), "{}", ran.out);
}

#[test]
fn a_mark_is_published_beside_an_idle_daemon() {
    let world = world();
    let requests = world.web.requests().len();
    let mut serving = world.spawn(["-q", "serve", "--listen", "127.0.0.1:0"]);
    world.succeed(["fetch", "--force", "--wait", "30s"]);
    assert!(world.web.requests().len() > requests);
    world.succeed(["hide", &entry(&world, "Quarante puits")]);
    assert!(!shows(&world, "mali", "Quarante puits"));
    assert!(serving.child().try_wait().expect("asked").is_none(), "the daemon goes on");
}

#[test]
fn what_does_not_exist_is_named_and_nothing_is_stored() {
    let world = world();
    let before = world.dump();
    let full = listed(&world, "stories", "A regatta")["id"].as_str().expect("an id").to_owned();
    for (arguments, message, hint) in [
        (vec!["hide", "ezzz"], "no entry and no story", "griot list entries"),
        (vec!["hide", "e"], "", "griot list entries"),
        (
            vec!["hide", &full[..31]],
            "an entry and a story",
            &format!("s{} the story", &full[..31]),
        ),
        (
            vec!["hide", &full, "--topic", "niger"],
            "there is no topic `niger`",
            "griot list topics",
        ),
    ] {
        let refused = world.griot(arguments.iter().copied());
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.err);
        assert!(refused.err.contains(message) && refused.err.contains(hint), "{}", refused.err);
    }
    assert_eq!(world.dump(), before);
    assert_eq!(world.griot(["hide", "e1", "--db", "none.db"]).code, Some(74));
    assert!(!world.path("none.db").exists());
    // Each id in full, with its letter.
    world.succeed(["hide", &format!("s{full}")]);
    world.succeed(["unhide", &format!("e{full}")]);
    // All digits without a letter are those of the entry, as `list entries --json` prints them.
    let hidden = world.succeed(["hide", &full]).out;
    assert!(hidden.starts_with("hidden in all topics: e"), "{hidden}");
}

#[test]
fn a_story_of_a_reviewed_topic_waits_until_it_is_approved() {
    let mut world = World::new();
    world.topics += "\n[[topic]]\nid = \"relu\"\ntitle = \"Relu\"\nany = [\"bac\"]\nreview = true\n";
    world.feed(HOST, rss(HOST, "L'Aube", &[ferry(), item("puits", "Quarante puits", DATE, WELLS)]));
    world.succeed(["fetch"]);
    let title = "Le bac de Dioro reprend";
    assert!(shows(&world, "mali", title) && !shows(&world, "relu", title));
    let id = story(&world, title);
    let waiting = listed(&world, "stories", title);
    assert_eq!((&waiting["waiting"][0], &waiting["topics"][0]), (&"relu".into(), &"mali".into()));
    let lines = world.succeed(["list", "stories", "--waiting"]).out;
    assert_eq!(
        lines,
        format!("{id} 2026-03-01 12:00 UTC waits in relu, 1 entries, 1 independent, The aube  {title}\n")
    );
    assert!(world.succeed(["export", "json"]).out.contains("\"waits\":true"));
    let approved = world.succeed(["approve", &id, "--topic", "relu"]).out;
    assert!(approved.starts_with(&format!("approved in relu: {id} {title}\n")), "{approved}");
    assert!(shows(&world, "relu", title));
    assert_eq!(world.succeed(["list", "stories", "--waiting"]).out, "");
    assert_eq!(world.griot(["list", "entries", "--waiting"]).code, Some(2));
}

#[test]
fn entries_are_listed_with_what_they_are_about_and_stories_with_their_alerts() {
    let mut world = World::new();
    world.topics += "\n[[topic]]\nid = \"alarme\"\nany = [\"bac\"]\nalert = { sources = 2, within = \"1h\" }\n";
    let recent = "Sun, 01 Mar 2026 11:30:00 GMT";
    // The same words in another order: a report of the same event, and no copy.
    let other: String = FERRY.split(' ').rev().flat_map(|word| [word, " "]).collect();
    for (host, owner, title, text) in [
        (HOST, "A", "Mali : le bac de Dioro reprend", FERRY),
        (OTHER, "B", "À Dioro, au Mali, le bac a repris", &other),
    ] {
        let entry = item("bac", title, recent, text);
        world.source(host, &format!("owner = \"{owner}\""), Answer::feed(rss(host, host, &[entry])));
    }
    world.succeed(["fetch"]);
    let lines = world.succeed(["--json", "list", "entries"]).out;
    for line in lines.lines() {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(
            (&entry["about"][0]["country"], &entry["mark"]),
            (&"ML".into(), &Value::Null),
            "{line}"
        );
    }
    assert!(world.succeed(["list", "entries"]).out.lines().all(|line| line.contains(" ML ")));
    let told: Value = serde_json::from_str(&world.succeed(["--json", "list", "stories"]).out).expect("one story");
    let alerts = told["alerts"].as_array().expect("alerts");
    assert_eq!((told["independent"].as_u64(), alerts.len()), (Some(2), 1), "{told}");
    assert_eq!(
        (&alerts[0]["topic"], &alerts[0]["owners"]),
        (&"alarme".into(), &serde_json::json!(["A", "B"]))
    );
    assert!(
        world
            .succeed(["list", "stories"])
            .out
            .contains(" alert, 2 entries, 2 independent, ")
    );
    assert!(world.succeed(["export", "json"]).out.contains("\"kind\":\"alert\""));
}
