//! `griot search`: what is stored is found by its words, what is hidden or deleted is not, and mistakes are told with their place.

use crate::fake_web::Answer;
use crate::run_lock::hold_lock;
use crate::sample_feeds::{FAIR, FERRY, RACE, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const NINE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const TEN: &str = "Sun, 01 Mar 2026 10:00:00 GMT";
const EARLIER: &str = "Thu, 26 Feb 2026 10:00:00 GMT";

/// A world of two sources, which was fetched once: an outlet of Mali, and one that copies the ferry.
fn world() -> World {
    let mut world = World::new();
    let items = [
        item("bac", "Le bac de Dioro reprend", NINE, FERRY),
        item("puits", "Quarante puits à Nara", TEN, WELLS),
        item("foire", "La foire du livre", EARLIER, FAIR),
    ];
    world.source(
        "aube.example",
        "country = \"ML\"\nkind = \"state\"",
        Answer::feed(rss("aube.example", "L'Aube", &items)),
    );
    let items = [item("1", "On traverse", TEN, FERRY), item("2", "A regatta", TEN, RACE)];
    world.feed("bafing.example", rss("bafing.example", "Bafing", &items));
    world.succeed(["fetch"]);
    world
}

fn found(world: &World, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["--json", "search"], arguments].concat();
    let finished = world.succeed(arguments);
    finished.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn titles(world: &World, arguments: &[&str]) -> Vec<String> {
    let found = found(world, arguments);
    found
        .iter()
        .map(|value| value["title"].as_str().expect("a title").to_owned())
        .collect()
}

#[test]
fn what_people_see() {
    let world = world();
    let plain = world.succeed(["search", "bacs"]);
    let bold = world.succeed(["--color", "always", "search", "\"bac de dioro\"", "source:aube"]);
    let none = world.succeed(["search", "hippopotame"]);
    let page = world.succeed(["search", "--sort", "date", "--limit", "2", "*"]);
    let next = world.succeed(["search", "--sort", "date", "--limit", "2", "--offset", "4", "*"]);
    let behind = world.succeed(["search", "--offset", "9", "bac"]);
    let shown = [plain, bold, none, page, next, behind].map(|finished| format!("{}[stderr]\n{}", finished.out, finished.err));
    insta::assert_snapshot!(shown.join("\n----\n").replace('\u{1b}', "ESC"));
    assert_eq!(world.succeed(["-q", "search", "hippopotame"]).err, "");
}

#[test]
fn entries_are_found_by_words_and_by_what_is_known_of_them() {
    let world = world();
    let (ferry, wells, fair, race, copy) = (
        "Le bac de Dioro reprend",
        "Quarante puits à Nara",
        "La foire du livre",
        "A regatta",
        "On traverse",
    );
    for (query, mut expected) in [
        ("traversées", vec![ferry, copy]),
        ("\"pompe à main\"", vec![wells]),
        ("regat*", vec![race]),
        ("puits OR regatta", vec![wells, race]),
        ("mali -traversee -foire", vec![wells]),
        ("title:bac", vec![ferry]),
        ("bac source:bafing", vec![copy]),
        ("* country:ML", vec![ferry, wells, fair]),
        ("kind:state foire", vec![fair]),
        ("lang:en", vec![race]),
        ("about:ML puits", vec![wells]),
        ("@mali foire", vec![fair]),
        ("NEAR/3(maisons Mali) topic:mali source:aube", vec![fair]),
        ("mali since:24h", vec![ferry, wells, copy]),
        ("mali date:2026-02", vec![fair]),
        ("puits NEAR/0 creusés", vec![]),
        ("puits NEAR/1 creusés", vec![wells]),
    ] {
        let mut own = titles(&world, &[query]);
        own.sort_unstable();
        expected.sort_unstable();
        assert_eq!(own, expected, "{query}");
    }
    assert_eq!(
        titles(&world, &["quarante", "puits -traversee"]),
        [wells],
        "several arguments are one query"
    );
    assert_eq!(
        titles(&world, &["-traversee lang:fr date:2026-03"]),
        [wells],
        "it may begin with `-`"
    );
    assert_eq!(titles(&world, &["bac", "--limit", "1"]), [ferry], "the headline counts most");
}

#[test]
fn a_result_as_json_has_what_a_list_has_and_where_the_words_stand() {
    let world = world();
    let one = found(&world, &["\"pompe a main\" nara"]).remove(0);
    for (key, expected) in [
        ("outlet", Value::from("The aube")),
        ("date", "2026-03-01T10:00:00Z".into()),
        ("language", "fr".into()),
        ("url", "http://aube.example/puits".into()),
        ("source", "aube".into()),
        ("topics", serde_json::json!(["mali"])),
        ("words", serde_json::json!(["Nara", "pompe à main"])),
    ] {
        assert_eq!(one[key], expected, "{key}");
    }
    assert!(one["score"].as_f64().expect("a number") > 0.0);
    assert!(
        one["snippet"]
            .as_str()
            .expect("a text")
            .contains("Chaque puits aura une pompe à main"),
        "{one}"
    );
    let listed: Value = serde_json::from_str(world.succeed(["--json", "list", "entries", "Quarante"]).out.trim()).expect("JSON");
    for key in listed.as_object().expect("an object").keys() {
        assert_eq!(one[key], listed[key], "{key}");
    }
}

#[test]
fn what_changes_is_found_by_what_it_is_now() {
    let mut world = world();
    let items = [item("bac", "Le bac de Dioro s'arrête", NINE, FERRY)];
    world.source(
        "aube.example",
        "country = \"ML\"",
        Answer::feed(rss("aube.example", "L'Aube", &items)),
    );
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch"]);
    assert_eq!(titles(&world, &["title:reprend"]), [] as [&str; 0]);
    assert_eq!(titles(&world, &["title:arrête"]), ["Le bac de Dioro s'arrête"]);
    let id = format!("e{}", &found(&world, &["quarante"])[0]["id"].as_str().expect("an id")[..8]);
    world.succeed(["hide", &id]);
    assert_eq!(titles(&world, &["quarante"]), [] as [&str; 0]);
    world.succeed(["unhide", &id]);
    assert_eq!(titles(&world, &["quarante"]).len(), 1);
    world.succeed(["hide", &id, "--topic", "mali"]);
    assert_eq!(titles(&world, &["quarante"]).len(), 1, "it is hidden in one topic");
    let ferry = format!("s{}", &found(&world, &["title:bac"])[0]["story"].as_str().expect("an id")[..8]);
    let lock = hold_lock(&world);
    world.succeed(["hide", &ferry]);
    assert_eq!(titles(&world, &["bac"]), [] as [&str; 0], "the story with its copy, beside a run");
    drop(lock);
    world.settings += "\n[retention]\nkeep = \"30d\"\nkeep_min = 0\n";
    world.now = "2026-06-01T12:00:00Z".to_owned();
    world.succeed(["db", "prune"]);
    assert_eq!(titles(&world, &["*"]), [] as [&str; 0]);
}

#[test]
fn without_an_index_the_remedy_is_told_and_works() {
    let mut world = world();
    let rows = |world: &World| -> Value {
        let stats: Value = serde_json::from_str(&world.succeed(["--json", "db", "stats"]).out).expect("JSON");
        stats["tables"]["entry_search"].clone()
    };
    assert_eq!(rows(&world)["rows"], 5);
    assert!(rows(&world)["bytes"].as_u64().expect("a number") > 0);
    let dump = world.dump();
    let with = world.settings.clone();
    world.settings += "\n[search]\nindex = false\n";
    let refused = world.griot(["search", "bac"]);
    let expected = "error: there is no full-text index, since `[search] index` is false\n\
                    hint: set it to true; the next run makes the index, griot db rebuild makes it at once\n";
    assert_eq!((refused.code, refused.err.as_str()), (Some(2), expected));
    world.succeed(["fetch"]);
    assert_eq!(rows(&world), Value::Null, "it is deleted");
    world.settings = with;
    let refused = world.griot(["search", "bac"]);
    let expected = "error: there is no full-text index yet\nhint: the next run makes it; griot db rebuild makes it at once\n";
    assert_eq!((refused.code, refused.err.as_str()), (Some(2), expected));
    let rebuilt: Value = serde_json::from_str(&world.succeed(["--json", "db", "rebuild"]).out).expect("JSON");
    assert_eq!(rebuilt["indexed"], 5);
    assert_eq!(titles(&world, &["bac"]).len(), 2);
    world.succeed(["fetch"]);
    assert_eq!((rows(&world)["rows"].as_u64(), world.dump()), (Some(5), dump));
}

#[test]
fn a_mistake_is_shown_at_its_place() {
    let world = world();
    for (query, expected) in [
        (
            "bac tile:dioro",
            "error: in the query: there is no field `tile:`\n  bac tile:dioro\n      ^^^^^\n\
             hint: did you mean `title:`? To search for the words, put them in quotes\n",
        ),
        (
            "\u{628}\u{627}\u{628} (bac",
            "error: in the query: this parenthesis is not closed\n  \u{628}\u{627}\u{628} (bac\n      ^\n",
        ),
        (
            "bac\n/b.c/",
            "error: in the query: a search compares no regular expression\n  bac\u{fffd}/b.c/\n      ^^^^^\n\
             hint: write words, or the beginning of a word: attaqu*; griot topic test tries a rule with it\n",
        ),
    ] {
        let refused = world.griot(["search", query]);
        assert_eq!((refused.code, refused.err.as_str()), (Some(2), expected), "{query}");
    }
    let long = world.griot(["search", &format!("{} tile:x", "mot ".repeat(99))]).err;
    let lines: Vec<&str> = long.lines().collect();
    assert!(lines[1].chars().count() < 120 && lines[1].ends_with("tile:x"), "{long}");
}
