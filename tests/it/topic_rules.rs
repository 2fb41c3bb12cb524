//! Why entries are in topics or not, what a changed rule would do, and how a rule does on labelled entries.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, Item, RACE, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const EARLIER: &str = "Sat, 28 Feb 2026 09:00:00 GMT";
const STATE: &str = "<p>The governor of Niger State opened a market in Minna on Sunday, and asked traders to keep the drains clean before the \
rains begin in the north of the state.</p>";

fn items() -> [Item; 4] {
    [
        item("bac", "Le bac de Dioro reprend", DATE, FERRY),
        item("puits", "Quarante puits au Mali", EARLIER, WELLS),
        item("race", "A regatta", DATE, RACE),
        item("minna", "Niger State opens a market", DATE, STATE),
    ]
}

fn world() -> World {
    let mut world = World::new();
    world.topics += "\n[[topic]]\nid = \"transports\"\ntitle = \"Transports\"\nmin_score = 0.2\n\
        query = '''@sahel (bac OR \"route nationale\" OR NEAR/3(moteurs neufs)) -title:regatta lang:fr -kind:aggregator'''\n\
        \n[[topic]]\nid = \"niger\"\ntitle = \"Niger\"\nquery = \"@niger (@trade OR marché)\"\n\n[concept.trade]\nany = [\"commerce\"]\nweak = [\"market\"]\nevidence = [\"traders\"]\n";
    world.feed(HOST, rss(HOST, "L'Aube", &items()));
    world.succeed(["fetch"]);
    world
}

/// Returns the short id of the entry with this title.
fn entry(world: &World, title: &str) -> String {
    let lines = world.succeed(["--json", "list", "entries"]).out;
    let mut values = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let found = values.find(|value| value["title"].as_str() == Some(title)).expect("the entry");
    format!("e{}", &found["id"].as_str().expect("an id")[..8])
}

#[test]
fn explain_tells_why_an_entry_is_in_topics_or_not() {
    let world = world();
    let mut text = String::new();
    for title in ["Le bac de Dioro reprend", "Niger State opens a market"] {
        text += &world.succeed(["explain", &entry(&world, title)]).out;
        text += "\n──\n";
    }
    insta::assert_snapshot!(text);
}

#[test]
fn explain_tells_what_is_decided_outside_of_the_rule() {
    let mut world = world();
    let (ferry, race) = (entry(&world, "Le bac de Dioro reprend"), entry(&world, "A regatta"));
    let explained = |world: &World, id: &str| -> Value {
        let out = world.succeed(["--json", "explain", id, "mali"]).out;
        serde_json::from_str::<Value>(&out).expect("one object")["topics"][0].clone()
    };
    let before = explained(&world, &ferry);
    assert_eq!(
        (&before["in"], &before["matches"], &before["circumstances"]),
        (&true.into(), &true.into(), &Value::Array(vec![]))
    );
    assert_eq!(before["rule"]["words"][0]["position"], 1);
    world.succeed(["hide", &ferry, "--topic", "mali"]);
    world.succeed(["pin", &race, "--topic", "mali"]);
    let hidden = explained(&world, &ferry);
    assert_eq!((&hidden["in"], &hidden["matches"]), (&false.into(), &true.into()));
    assert!(
        hidden["circumstances"][0]
            .as_str()
            .expect("one")
            .starts_with("hidden by an editor on 2026-03-01"),
        "{hidden}"
    );
    let pinned = explained(&world, &race);
    assert_eq!((&pinned["in"], &pinned["matches"]), (&true.into(), &false.into()));
    assert!(pinned["circumstances"][0].as_str().expect("one").starts_with("pinned"), "{pinned}");
    world.topics = world.topics.replace("any = [\"Mali\"]", "any = [\"Mali\", \"goat\"]");
    let changed = explained(&world, &race);
    assert!(
        changed["circumstances"][1].as_str().expect("two").contains("the rule was changed"),
        "{changed}"
    );
    for (arguments, message) in [
        (["explain", "e0000", "mali"], "no entry has an id"),
        (["explain", ferry.as_str(), "none"], "there is no topic `none`"),
    ] {
        let refused = world.griot(arguments);
        assert!(refused.code == Some(2) && refused.err.contains(message), "{}", refused.err);
    }
}

#[test]
fn explain_tells_what_keeps_a_matching_entry_out_of_the_feed() {
    let mut world = World::new();
    world.topics = "[[topic]]\nid = \"kept\"\nkeep = \"1d\"\nany = [\"Mali\"]\n\n\
        [[topic]]\nid = \"short\"\nlimit = 1\nany = [\"Mali\"]\n\n[[topic]]\nid = \"mali\"\nany = [\"Mali\"]\n"
        .to_owned();
    let mut items = items().to_vec();
    for path in ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b1", "b2", "b3"] {
        let words: Vec<String> = (0..40).map(|word| format!("mot{path}x{word}")).collect();
        let body = format!("<p>Mali {}</p>", words.join(" "));
        items.push(item(path, &format!("Archive {path}"), "Sun, 01 Feb 2026 09:00:00 GMT", &body));
    }
    world.feed(HOST, rss(HOST, "L'Aube", &items));
    world.feed(
        "bafing.example",
        rss("bafing.example", "Bafing", &[item("1", "Le bac repart", DATE, FERRY)]),
    );
    world.succeed(["fetch"]);
    let wells = world.succeed(["explain", &entry(&world, "Quarante puits au Mali")]).out;
    assert!(
        wells.contains("kept: not in") && wells.contains("older than `keep` of the topic (1 days)"),
        "{wells}"
    );
    assert!(wells.contains("short: in") && wells.contains("1 newer items fill it"), "{wells}");
    let copy = world.succeed(["explain", &entry(&world, "Le bac repart"), "mali"]).out;
    let first = world.succeed(["explain", &entry(&world, "Le bac de Dioro reprend"), "mali"]).out;
    assert_ne!(
        copy.contains("mali: in, beside"),
        first.contains("mali: in, beside"),
        "{copy}{first}"
    );
    let archive = |path: &str| world.succeed(["explain", &entry(&world, &format!("Archive {path}")), "mali"]).out;
    let refused = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b1", "b2", "b3"].map(archive);
    let refused: Vec<&String> = refused.iter().filter(|out| out.contains("mali: not in")).collect();
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(
        refused.iter().all(|out| out.contains("at most 10 such entries of a visit")),
        "{refused:?}"
    );
    let tested = world.succeed(["--json", "topic", "test", "mali"]).out;
    let tested: Value = serde_json::from_str(&tested).expect("one object");
    assert_eq!((&tested["too_old"], &tested["items"]["won"]), (&2.into(), &0.into()), "{tested}");
}

#[test]
fn a_test_compares_a_rule_with_what_the_topic_holds_and_changes_nothing() {
    let world = world();
    let before = world.dump();
    let test = |arguments: &[&str]| -> Value {
        let all = [&["--json", "topic", "test", "mali"], arguments].concat();
        serde_json::from_str(&world.succeed(all.iter().copied()).out).expect("one object")
    };
    let same = test(&[]);
    assert_eq!(
        same["items"],
        serde_json::json!({"before": 2, "now": 2, "won": 0, "lost": 0}),
        "{same}"
    );
    let changed = test(&["--query", "bac OR regatta"]);
    assert_eq!(
        changed["items"],
        serde_json::json!({"before": 2, "now": 2, "won": 1, "lost": 1}),
        "{changed}"
    );
    assert_eq!(
        (&changed["won"][0]["title"], &changed["lost"][0]["title"]),
        (&"A regatta".into(), &"Quarante puits au Mali".into())
    );
    assert_eq!(
        changed["days"]["2026-02-28"],
        serde_json::json!({"before": 1, "now": 0, "won": 0, "lost": 1})
    );
    assert_eq!(changed["sources"]["aube"]["now"], 2);
    assert_eq!(changed["countries"]["ML"]["lost"], 1);
    let recent = test(&["--query", "bac OR regatta", "--since", "10h"]);
    assert_eq!((&recent["items"]["lost"], &recent["entries"]), (&0.into(), &3.into()), "{recent}");
    assert_eq!(test(&["--against", "live"])["items"], same["items"]);
    insta::assert_snapshot!(world.succeed(["topic", "test", "mali", "--query", "bac OR regatta"]).out);
    let refused = world.griot(["topic", "test", "mali", "--query", "titel:x"]);
    assert!(refused.code == Some(2) && refused.err.contains("title"), "{}", refused.err);
    let _lock = crate::run_lock::hold_lock(&world);
    test(&[]);
    assert_eq!(world.dump(), before);
}

#[test]
fn labels_are_marks_and_measure_the_rule() {
    let mut world = world();
    assert_eq!(world.griot(["topic", "eval", "mali"]).code, Some(2), "nothing is labelled");
    let (ferry, race) = (entry(&world, "Le bac de Dioro reprend"), entry(&world, "A regatta"));
    let files = world.files();
    let marked = world.succeed(["topic", "mark", &ferry, "yes", "--topic", "mali"]);
    assert_eq!(marked.out, format!("labelled yes in mali: {ferry} Le bac de Dioro reprend\n"));
    // The last label counts.
    world.succeed(["topic", "mark", &race, "no", "--topic", "mali"]);
    world.succeed(["topic", "mark", &race, "yes", "--topic", "mali"]);
    world.succeed(["topic", "mark", &entry(&world, "Quarante puits au Mali"), "no", "--topic", "mali"]);
    assert!(world.files() == files);
    insta::assert_snapshot!(world.succeed(["topic", "eval", "mali"]).out);
    assert_eq!(world.griot(["topic", "eval", "mali", "--strict"]).code, Some(1));
    for (expect, code) in [("precision = 0.5, recall = 0.5", 0), ("precision = 0.5, recall = 0.6", 1)] {
        world.topics = world
            .topics
            .replacen("title = \"Mali\"\n", &format!("title = \"Mali\"\nexpect = {{ {expect} }}\n"), 1);
        assert_eq!(world.griot(["topic", "eval", "mali"]).code, Some(code), "{expect}");
        world.topics = world.topics.replacen(&format!("expect = {{ {expect} }}\n"), "", 1);
    }
    assert!(world.dump().contains("\"mark\":\"yes\""), "{}", world.dump());
}

#[test]
fn a_rule_is_measured_on_a_file_too() {
    let mut world = world();
    world.topics = world
        .topics
        .replacen("title = \"Mali\"\n", "title = \"Mali\"\nmin_score = 0.9\n", 1);
    let lines = "{\"id\": \"a\", \"title\": \"Le Mali vote\", \"label\": \"yes\"}\n\n\
                 {\"title\": \"Un match\", \"body\": \"Le Mali gagne\", \"label\": \"no\"}\n\
                 {\"id\": 7, \"title\": \"Bamako\", \"label\": \"yes\"}\n";
    std::fs::write(world.path("texts.jsonl"), lines).expect("a file");
    let out = world.succeed(["--json", "topic", "eval", "mali", "texts.jsonl"]).out;
    let value: Value = serde_json::from_str(&out).expect("one object");
    assert_eq!(
        (&value["precision"], &value["recall"], &value["f1"]),
        (&0.5.into(), &0.5.into(), &0.5.into())
    );
    let wrong: Vec<&Value> = value["wrong"].as_array().expect("two").iter().map(|wrong| &wrong["id"]).collect();
    assert_eq!(wrong, ["3", "7"]);
    // A word in the lead has a score of 1.
    std::fs::write(
        world.path("near.jsonl"),
        "{\"id\": \"n\", \"title\": \"x\", \"body\": \"Le Mali\", \"label\": \"yes\"}",
    )
    .expect("a file");
    let near: Value = serde_json::from_str(&world.succeed(["--json", "topic", "eval", "mali", "near.jsonl"]).out).expect("one object");
    assert_eq!(
        (&near["near"][0]["id"], &near["recall"], &value["near"]),
        (&"n".into(), &1.0.into(), &Value::Array(vec![]))
    );
    std::fs::write(world.path("texts.jsonl"), "{\"title\": \"x\", \"label\": true}\n").expect("a file");
    let refused = world.griot(["topic", "eval", "mali", "texts.jsonl"]);
    assert!(refused.code == Some(2) && refused.err.contains("line 1"), "{}", refused.err);
}

#[test]
fn words_are_suggested_by_labels_or_by_what_the_topic_holds() {
    let world = world();
    let suggest = || -> Value { serde_json::from_str(&world.succeed(["--json", "topic", "suggest", "mali"]).out).expect("one object") };
    let by_placements = suggest();
    assert_eq!(
        (&by_placements["by"], &by_placements["entries"]),
        (&"placements".into(), &serde_json::json!({"yes": 2, "no": 2}))
    );
    world.succeed(["topic", "mark", &entry(&world, "A regatta"), "no", "--topic", "mali"]);
    assert_eq!(suggest()["by"], "placements");
    world.succeed(["topic", "mark", &entry(&world, "Le bac de Dioro reprend"), "yes", "--topic", "mali"]);
    let by_marks = suggest();
    assert_eq!((&by_marks["by"], &by_marks["enough"]), (&"marks".into(), &false.into()));
    assert!(world.succeed(["topic", "suggest", "mali"]).out.contains("too few to rely on"));
}

#[test]
fn concepts_are_shown_with_their_words() {
    let world = world();
    insta::assert_snapshot!(["@trade", "@sahel"].map(|concept| world.succeed(["show", concept]).out).concat());
    let politics = world.succeed(["show", "@politics"]).out;
    assert!(
        politics.contains("uses @") && politics.contains("\nfr (") && politics.contains("\nar ("),
        "{politics}"
    );
    let listed = world.succeed(["list", "concepts"]).out;
    assert!(
        listed.contains("built in")
            && listed.contains("about ML, BF")
            && listed.lines().any(|line| line.starts_with("@trade") && line.ends_with("3 words")),
        "{listed}"
    );
    for wrong in ["politics", "@polytics"] {
        assert_eq!(world.griot(["show", wrong]).code, Some(2));
    }
}

#[test]
fn a_topic_that_is_to_learn_says_how_many_labels_are_missing() {
    let mut world = world();
    world.topics = world.topics.replace("any = [\"Mali\"]", "any = [\"Mali\"]\nlearn = true");
    world.succeed(["topic", "mark", &entry(&world, "Quarante puits au Mali"), "yes", "--topic", "mali"]);
    world.succeed(["topic", "mark", &entry(&world, "A regatta"), "no", "--topic", "mali"]);
    let line = "`learn` begins with 200 labelled entries, 20 of each kind: 1 yes and 1 no so far";
    for command in [["topic", "eval", "mali"].as_slice(), &["status"]] {
        let out = world.succeed(command.iter().copied()).out;
        assert!(out.contains(line), "{command:?}: {out}");
    }
    let finished = world.griot(["topic", "weights", "mali"]);
    assert!(finished.err.contains(line), "{}", finished.err);
}

/// Two sources, each with 208 entries: of two kinds that belong to the topic on Mali and two that do not the rule finds one each. Most are labelled.
fn labelled_world() -> World {
    let kinds = ["Mali orpailleur", "Mali footballeur", "Bamako orpailleur", "Dakar marché"];
    let mut world = World::new();
    world.topics = world.topics.replace("any = [\"Mali\"]", "any = [\"Mali\"]\nlearn = true");
    for (number, host) in [HOST, "echo.example"].into_iter().enumerate() {
        let items: Vec<Item> = (0..208)
            .map(|at| {
                let words: Vec<String> = (0..20).map(|word| format!("s{number}mot{at}x{word}")).collect();
                let title = format!("{} s{number}n{at}q", kinds[at % 4]);
                item(format!("n{at}").leak(), &title, DATE, &format!("<p>{}</p>", words.join(" ")))
            })
            .collect();
        world.source(host, "article = \"feed\"", Answer::feed(rss(host, host, &items)));
    }
    world.succeed(["fetch"]);
    let database = rusqlite::Connection::open(world.path("griot.db")).expect("a database");
    let label = "INSERT INTO mark_event (at, editor, kind, is_story, target, topic)
        SELECT 0, 'awa', CASE WHEN title LIKE '%orpailleur%' THEN 'yes' ELSE 'no' END, 0, id, 'mali' FROM entry ORDER BY title LIMIT 400";
    assert_eq!(database.execute(label, []).expect("labelled"), 400);
    drop(database);
    world.succeed(["publish"]);
    world
}

#[test]
fn what_a_topic_has_learned_is_shown() {
    let world = labelled_world();
    let text = world.succeed(["topic", "weights", "mali"]).out;
    assert!(text.starts_with("mali: learned from 400 labels on 2026-03-01"), "{text}");
    assert!(
        text.contains(" where the rule matches; an entry belongs there from 1.00 on\n"),
        "{text}"
    );
    let words: Vec<&str> = text.lines().skip(2).collect();
    assert!(words[0].starts_with('+') && words[0].ends_with(" orpailleur"), "{text}");
    assert!(
        words.iter().any(|line| line.starts_with('-') && line.ends_with(" footballeur")),
        "{text}"
    );
    let json: Value = serde_json::from_str(&world.succeed(["--json", "topic", "weights", "mali"]).out).expect("one object");
    assert_eq!((&json["labels"], &json["threshold"]), (&400.into(), &1.0.into()));
    assert_eq!(json["words"][0]["word"], "orpailleur");
    let explained = world.succeed(["explain", &entry(&world, "Mali footballeur s0n1q"), "mali"]).out;
    for part in [
        "mali: not in",
        "✓ mali",
        "✗ learned: ",
        "since the rule matches",
        "“footballeur” (title 1)  -",
    ] {
        assert!(explained.to_lowercase().contains(&part.to_lowercase()), "{part}: {explained}");
    }
    let id = entry(&world, "Bamako orpailleur s0n2q");
    let explained: Value = serde_json::from_str(&world.succeed(["--json", "explain", &id, "mali"]).out).expect("one object");
    let of_topic = &explained["topics"][0];
    assert_eq!((&of_topic["in"], &of_topic["rule"]["matches"]), (&true.into(), &false.into()));
    assert!(
        of_topic["learned"]["score"].as_f64().is_some_and(|score| score >= 1.0),
        "{of_topic}"
    );
    assert_eq!(of_topic["learned"]["words"][0]["text"], "orpailleur");
    let figures = world.succeed(["topic", "eval", "mali"]).out;
    assert!(
        figures.contains("by weights learned from the entries of other sources (cross-validated):\nprecision 1.00"),
        "{figures}"
    );
    let figures: Value = serde_json::from_str(&world.succeed(["--json", "topic", "eval", "mali"]).out).expect("one object");
    assert_eq!(figures["cross_validated"]["f1"], 1.0);
    let tested: Value = serde_json::from_str(&world.succeed(["--json", "topic", "test", "mali"]).out).expect("one object");
    assert_eq!(
        (&tested["items"]["won"], &tested["items"]["lost"]),
        (&0.into(), &0.into()),
        "the test decides as a run"
    );
}

#[test]
fn a_query_is_evaluated_on_a_file_without_a_configuration() {
    let world = World::new();
    let lines = "{\"id\": \"a\", \"title\": \"Une route rouvre\", \"country\": \"ml\"}\n\n\
                 {\"title\": \"Une route rouvre\", \"text\": \"Elle va au Togo.\", \"lang\": \"fr\"}\n";
    std::fs::write(world.path("texts.jsonl"), lines).expect("a file");
    let lab = |query: &str| world.griot(["lab", "topic", "--query", query, "texts.jsonl"]);
    assert_eq!(
        lab("@sahel route").out,
        "{\"id\":\"a\",\"match\":true,\"score\":2.5}\n{\"id\":3,\"match\":false,\"score\":0.0}\n"
    );
    let refused = lab("@sahl");
    assert!(
        refused.code == Some(2) && refused.err.contains("did you mean `@sahel`?"),
        "{}",
        refused.err
    );
}

#[test]
fn texts_are_grouped_into_stories() {
    let world = World::new();
    let line = |id: &str, hour: u32, source: &str, lang: &str, title: &str, body: &str| {
        let published = format!("2026-02-28T{hour:02}:00:00Z");
        serde_json::json!({"id": id, "title": title, "body": body, "lang": lang, "published": published, "source": source}).to_string()
            + "\n"
    };
    // Further texts, so that words have frequencies.
    let mut lines: String = (0..30)
        .map(|number| {
            line(
                &format!("x{number}"),
                1,
                "Fil",
                "fr",
                &format!("Titre{number}"),
                &format!("mot{number}x mot{number}y mot{number}z"),
            )
        })
        .collect();
    lines += &line(
        "a",
        8,
        "L'Aube",
        "fr",
        "Le pont de Korbalé s'effondre, 14 blessés - L'Aube",
        "Le pont de Korbalé, sur la Sirba, s'est effondré.",
    );
    lines += &line(
        "b",
        9,
        "Le Soir",
        "fr",
        "Le marché de Tandibou rouvre",
        "Les commerçants de Tandibou retrouvent leurs étals.",
    );
    lines += &line(
        "c",
        14,
        "Echo",
        "fr",
        "Effondrement du pont de Korbalé : 14 blessés",
        "À Korbalé, le pont sur la Sirba est tombé.",
    );
    std::fs::write(world.path("texts.jsonl"), lines).expect("a file");
    let out = world.succeed(["lab", "stories", "texts.jsonl"]).out;
    let clusters: std::collections::BTreeMap<String, u64> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("an object"))
        .map(|object| {
            (
                object["id"].as_str().expect("an id").to_owned(),
                object["cluster"].as_u64().expect("a number"),
            )
        })
        .collect();
    assert_eq!(clusters.len(), 33);
    assert_eq!(clusters["a"], clusters["c"]);
    assert_ne!(clusters["a"], clusters["b"]);
    std::fs::write(world.path("bad.jsonl"), "{\"title\": \"Un\", \"published\": \"hier\"}\n").expect("a file");
    let refused = world.griot(["lab", "stories", "bad.jsonl"]);
    assert!(
        refused.code == Some(2) && refused.err.contains("line 1 of bad.jsonl: `hier` is no date"),
        "{}",
        refused.err
    );
}
