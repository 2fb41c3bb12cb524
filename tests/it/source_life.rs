//! The life of a source: it is renamed, removed, moves to another address, or its site changes its system.

use crate::fake_web::Answer;
use crate::run_lock::hold_lock;
use crate::sample_feeds::{FAIR, FERRY, Item, WELLS, item, rss};
use crate::world::World;
use serde_json::Value;
use std::fs;

const HOST: &str = "aube.example";
const DATES: [&str; 4] = [
    "Sun, 01 Mar 2026 09:00:07 GMT",
    "Sun, 01 Mar 2026 08:10:31 GMT",
    "Sat, 28 Feb 2026 17:45:02 GMT",
    "Sat, 28 Feb 2026 07:20:44 GMT",
];

fn items() -> Vec<Item> {
    let cattle =
        "<p>Au marché de Kayes, au Mali, les prix du bétail ont baissé d'un tiers depuis que la piste du nord est ouverte aux camions.</p>";
    let texts = [
        ("bac", "Le bac de Dioro repart", FERRY),
        ("puits", "Quarante puits à Nara", WELLS),
        ("foire", "La foire ouvre vendredi", FAIR),
    ];
    let texts = texts.into_iter().chain([("betail", "Le bétail moins cher à Kayes", cattle)]);
    texts
        .zip(DATES)
        .map(|((path, title, body), date)| item(path, title, date, body))
        .collect()
}

/// A world with two sources, whose topic names one of them, after a run. What is behind a block stays there.
fn world() -> World {
    let mut world = World::new();
    "[[topic]]\nid = \"mali\"\ntitle = \"Mali\"\nquery = 'Mali -source:bafing'\n".clone_into(&mut world.topics);
    world.feed(HOST, rss(HOST, "L'Aube", &items()));
    let race = item(
        "course",
        "Course de pirogues au Mali",
        DATES[1],
        "<p>Une course de pirogues a réuni quarante équipages au Mali dimanche.</p>",
    );
    world.feed("bafing.example", rss("bafing.example", "Bafing", &[race]));
    world.succeed(["fetch"]);
    world
}

fn feeds_toml(world: &World) -> String {
    fs::read_to_string(world.path("feeds.toml")).expect("feeds.toml")
}

/// Lets the following commands use this feeds.toml.
fn use_text(world: &mut World, text: String) {
    for host in [HOST, "bafing.example"] {
        world.remove_source(host);
    }
    world.topics = String::new();
    world.settings = text;
}

/// Lets the following commands use feeds.toml as the last one has left it.
fn keep_edit(world: &mut World) {
    let text = feeds_toml(world);
    use_text(world, text);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Returns the rows of a kind in the canonical dump.
fn rows(world: &World, kind: &str) -> Vec<Value> {
    let dump = world.dump();
    dump.lines().map(json).filter(|row| row["kind"] == kind).collect()
}

/// Returns a value of each entry of a source.
fn of_source(world: &World, source: &str, key: &str) -> Vec<String> {
    let rows = rows(world, "entry").into_iter().filter(|row| row["source"] == source);
    let mut values: Vec<String> = rows.map(|row| row[key].to_string()).collect();
    values.sort();
    values
}

fn guids(world: &World) -> Vec<Value> {
    world.items("mali").iter().map(|item| item["id"].clone()).collect()
}

fn new_entries(world: &World) -> Value {
    json(&world.succeed(["fetch", "--force", "--json"]).out)["entries"]["new"].clone()
}

#[test]
fn a_renamed_source_keeps_entries_keys_and_guids() {
    let mut world = world();
    let (before, ids, shown) = (world.feeds_toml(), of_source(&world, "aube", "id"), guids(&world));
    let published = rows(&world, "published");
    assert_eq!((ids.len(), shown.len()), (4, 4));
    let told = world.succeed(["rename", "aube", "aurore"]).out;
    assert_eq!(told, "aube is aurore now, with its 4 entries\n");
    assert_eq!(feeds_toml(&world), before.replace("id = \"aube\"", "id = \"aurore\""));
    keep_edit(&mut world);
    assert_eq!(
        (of_source(&world, "aurore", "id"), of_source(&world, "aube", "id").len()),
        (ids.clone(), 0)
    );
    let told = json(&world.succeed(["--json", "rename", "bafing", "bafoulabe"]).out);
    assert_eq!((&told["entries"], &told["topics"]), (&1.into(), &serde_json::json!(["mali"])));
    keep_edit(&mut world);
    assert!(feeds_toml(&world).contains("query = 'Mali -source:bafoulabe'"));
    assert!(!world.succeed(["status"]).out.contains("rename"));
    // The present feed brings what is new, and nothing else.
    let mut more = items();
    more.insert(
        0,
        item(
            "pont",
            "Un pont à Mopti",
            "Sun, 01 Mar 2026 10:30:00 GMT",
            "<p>Un pont sera construit à Mopti, au Mali, après la saison des pluies.</p>",
        ),
    );
    world.web.answer(HOST, "/feed", Answer::feed(rss(HOST, "L'Aube", &more)));
    world.now = "2026-03-01T15:00:00Z".to_owned();
    assert_eq!(new_entries(&world), 1);
    let after = of_source(&world, "aurore", "id");
    assert!(after.len() == 5 && ids.iter().all(|id| after.contains(id)));
    assert!(shown.iter().all(|guid| guids(&world).contains(guid)));
    assert!(published.iter().all(|row| rows(&world, "published").contains(row)));
    world.succeed(["db", "verify"]);
}

#[test]
fn an_id_that_was_changed_by_hand_is_offered_as_a_rename_which_joins_both() {
    let mut world = world();
    let (ids, shown) = (of_source(&world, "aube", "id"), guids(&world));
    assert_eq!(world.succeed(["check"]).err, "");
    let text = world.feeds_toml().replace("id = \"aube\"", "id = \"aurore\"");
    use_text(&mut world, text);
    // Before a run, as where a rename ended between its two steps.
    for command in [["check"], ["status"]] {
        let told = world.succeed(command);
        assert!(
            format!("{}{}", told.out, told.err).contains("griot rename aube aurore"),
            "{command:?}: {}{}",
            told.out,
            told.err
        );
    }
    world.now = "2026-03-01T14:00:00Z".to_owned();
    let run = world.succeed(["-v", "fetch"]);
    assert!(run.err.contains("griot rename aube aurore"), "{}", run.err);
    assert_eq!(
        (of_source(&world, "aurore", "id").len(), of_source(&world, "aube", "id").len()),
        (4, 4)
    );
    assert_eq!(guids(&world), shown, "the same texts are the same items");
    let hidden = of_source(&world, "aurore", "id")[0].replace('"', "");
    world.succeed(["hide", &hidden]);
    let run = world.succeed(["-v", "fetch", "--force"]);
    assert!(!run.err.contains("griot rename"), "it is told once: {}", run.err);
    let status = json(world.succeed(["--json", "status"]).out.lines().next().expect("a line"));
    assert_eq!(
        (&status["source"], &status["rename"]),
        (&"aurore".into(), &"griot rename aube aurore".into())
    );
    assert!(world.succeed(["status", "--problems"]).out.contains("griot rename aube aurore"));

    let lock = hold_lock(&world);
    assert_eq!(world.griot(["fetch"]).code, Some(75));
    drop(lock);
    let before = feeds_toml(&world);
    world.succeed(["rename", "aube", "aurore"]);
    assert_eq!(feeds_toml(&world), before);
    assert_eq!(of_source(&world, "aurore", "id"), ids);
    assert_eq!(rows(&world, "entry").len(), 5);
    let marks = rows(&world, "mark");
    assert!(marks.len() == 1 && ids.contains(&marks[0]["entry"].to_string()), "{marks:?}");
    assert_eq!(guids(&world).len(), 3, "what was hidden of the one is hidden of the other");
    assert!(guids(&world).iter().all(|guid| shown.contains(guid)));
    assert!(!world.succeed(["status"]).out.contains("rename"));
    assert_eq!(new_entries(&world), 0);
    assert_eq!(rows(&world, "entry").len(), 5);
    world.succeed(["db", "verify"]);
    let counted = json(&world.succeed(["--json", "db", "stats"]).out);
    assert_eq!((&counted["sources"], &counted["tables"]["source"]["rows"]), (&2.into(), &2.into()));
    let ran = world.griot(["rename", "aube", "aurore"]);
    assert!(ran.code == Some(78) && ran.err.contains("nothing is stored"), "{}", ran.err);
}

#[test]
fn what_came_twice_before_a_rename_is_joined_with_its_copies_and_stories() {
    let mut world = world();
    world.topics += "[[topic]]\nid = \"told\"\nquery = '* sources:>=1'\n";
    // Another outlet has the same texts; its site owns none of them.
    let twice = rss("bafing.example", "Bafing", &items());
    world.web.answer("bafing.example", "/feed", Answer::feed(twice));
    world.now = "2026-03-01T13:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    let stories = |world: &World| {
        let told = world.succeed(["--json", "list", "stories"]).out;
        let mut told: Vec<String> = told
            .lines()
            .map(json)
            .map(|story| format!("{} {} {} {}", story["id"], story["lead"], story["entries"], story["independent"]))
            .collect();
        told.sort();
        told
    };
    let copies = |world: &World| {
        let mut copies: Vec<(String, String)> = rows(world, "entry")
            .iter()
            .map(|entry| (entry["id"].to_string(), entry["copy_of"].to_string()))
            .collect();
        copies.sort();
        copies
    };
    let before = (
        stories(&world),
        copies(&world),
        world.items("told").len(),
        world.items("mali").len(),
    );
    let text = world.feeds_toml().replace("id = \"aube\"", "id = \"aurore\"");
    use_text(&mut world, text);
    for hour in [14, 15] {
        world.now = format!("2026-03-01T{hour}:00:00Z");
        world.succeed(["fetch", "--force"]);
    }
    world.succeed(["rename", "aube", "aurore"]);
    let after = (
        stories(&world),
        copies(&world),
        world.items("told").len(),
        world.items("mali").len(),
    );
    assert_eq!(after, before);
    world.succeed(["db", "verify"]);
    world.succeed(["db", "rebuild"]);
    world.succeed(["fetch", "--force"]);
    let rebuilt = (
        stories(&world),
        copies(&world),
        world.items("told").len(),
        world.items("mali").len(),
    );
    assert_eq!(rebuilt, before, "stories that are derived again are the same");
}

#[test]
fn sources_that_live_side_by_side_are_no_rename() {
    let mut world = world();
    let twin = format!("{}\n[[source]]\nid = \"twin\"\nurl = \"http://{HOST}/feed\"\n", world.feeds_toml());
    use_text(&mut world, twin.clone());
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    world.now = "2026-03-01T16:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    let other = twin.replace("id = \"aube\"", "id = \"other\"\nenabled = false");
    use_text(&mut world, other.replacen(&format!("{HOST}/feed"), &format!("{HOST}/elsewhere"), 1));
    world.succeed(["fetch", "--force"]);
    assert!(!world.succeed(["status"]).out.contains("rename"));
}

#[test]
fn a_rename_that_cannot_be_done_changes_nothing() {
    let mut world = world();
    let (before, dump) = (world.feeds_toml(), world.dump());
    let refused = |world: &World, arguments: &[&str], code, words: &str| {
        let ran = world.griot(arguments.iter().copied());
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
        assert_eq!(feeds_toml(world), world.feeds_toml());
        assert_eq!(world.dump(), dump);
    };
    refused(&world, &["rename", "aube", "bafing"], 78, "another [[source]]");
    refused(&world, &["rename", "aubé", "aurore"], 2, "error");
    refused(&world, &["rename", "aube", "aube"], 2, "the same");
    refused(&world, &["rename", "abe", "aurore"], 78, "is it `aube`?");
    let lock = hold_lock(&world);
    refused(&world, &["rename", "aube", "aurore"], 75, "another run");
    drop(lock);
    // Two sources of their own are never put together.
    use_text(
        &mut world,
        before
            .replace("id = \"aube\"", "id = \"removed\"")
            .replace(&format!("{HOST}/feed"), &format!("{HOST}/other")),
    );
    refused(&world, &["rename", "aube", "bafing"], 78, "feeds of their own");
}

#[test]
fn a_source_without_entries_or_database_is_renamed_in_its_file() {
    let mut world = World::new();
    world.settings = world.settings.replace("[fetch]", "include = [\"sources.d/*.toml\"]\n[fetch]");
    world.topics += "[[topic]]\nid = \"own\"\nquery = 'source:own'\n";
    fs::create_dir(world.path("sources.d")).expect("a folder");
    let text = "# ours\n\n# a daily\n[[source]]\nid = \"own\" # short\nurl = \"http://own.example/feed\"\n\n[[source]]\nid = \"two\"\nurl = \"http://two.example/feed\"\n";
    fs::write(world.path("sources.d/a.toml"), text).expect("a file");
    let before = world.feeds_toml();
    world.succeed(["rename", "own", "ours"]);
    assert_eq!(
        fs::read_to_string(world.path("sources.d/a.toml")).expect("a file"),
        text.replace("\"own\"", "\"ours\"")
    );
    assert_eq!(feeds_toml(&world), before.replace("source:own", "source:ours"));
    assert!(!world.path("griot.db").exists());
    keep_edit(&mut world);
    let ran = world.griot(["remove", "ours"]);
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    assert!(
        ran.err.contains("feeds.toml:") && ran.err.contains("the topic `own` names the source `ours`"),
        "{}",
        ran.err
    );
    let without_rule = feeds_toml(&world).replace("query = 'source:ours'", "query = '*'");
    use_text(&mut world, without_rule);
    assert_eq!(world.succeed(["remove", "ours"]).out, "ours is removed\n");
    assert_eq!(
        fs::read_to_string(world.path("sources.d/a.toml")).expect("a file"),
        "# ours\n\n[[source]]\nid = \"two\"\nurl = \"http://two.example/feed\"\n"
    );
}

#[test]
fn what_a_removed_source_told_stays_until_it_is_withdrawn() {
    let mut world = world();
    let shown = guids(&world);
    let told = world.succeed(["remove", "aube"]).out;
    assert_eq!(
        told,
        "aube is removed; its 4 entries stay until they age out: griot remove aube --purge withdraws them\n"
    );
    keep_edit(&mut world);
    assert!(!feeds_toml(&world).contains(HOST));
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    assert_eq!(guids(&world), shown);
    assert_eq!(world.requests(HOST).len(), 1, "it is not asked any more");
    let ran = world.griot(["remove", "aube"]);
    assert!(ran.code == Some(78) && ran.err.contains("griot remove aube --purge"), "{}", ran.err);
    let lock = hold_lock(&world);
    assert_eq!(world.griot(["remove", "aube", "--purge"]).code, Some(75));
    drop(lock);
    let told = json(&world.succeed(["--json", "remove", "aube", "--purge"]).out);
    assert_eq!((&told["entries"], &told["withdrawn"]), (&4.into(), &4.into()));
    assert!(world.items("mali").is_empty());
    let atom = world.published("mali.atom.xml");
    for guid in &shown {
        assert!(atom.contains(&format!("<at:deleted-entry ref={guid}")), "{guid}: {atom}");
    }
    // Nothing is withdrawn twice, and nothing comes back with the source.
    assert_eq!(json(&world.succeed(["--json", "remove", "aube", "--purge"]).out)["withdrawn"], 0);
    let again = format!("{}\n[[source]]\nid = \"aube\"\nurl = \"http://{HOST}/feed\"\n", feeds_toml(&world));
    use_text(&mut world, again);
    assert_eq!(new_entries(&world), 0);
    assert!(world.items("mali").is_empty());
}

#[test]
fn a_purge_in_one_step_edits_the_file_and_withdraws() {
    let mut world = world();
    let before = world.feeds_toml();
    assert_eq!(
        world.succeed(["remove", "--purge", "aube"]).out,
        "aube is removed, and its 4 entries are withdrawn\n"
    );
    let block = format!("\n[[source]]\nid = \"aube\"\nname = \"The aube\"\nurl = \"http://{HOST}/feed\"\n\n");
    assert!(before.contains(&block));
    assert_eq!(feeds_toml(&world), before.replace(&block, "\n"));
    keep_edit(&mut world);
    assert!(world.items("mali").is_empty());
    let ran = world.griot(["remove", "none", "--purge"]);
    assert_eq!(ran.code, Some(78), "{}", ran.err);
    // A rule names this one.
    let ran = world.griot(["remove", "--purge", "bafing"]);
    assert!(ran.code == Some(78) && ran.err.contains("names the source `bafing`"), "{}", ran.err);
    assert_eq!(feeds_toml(&world), world.feeds_toml());
}

#[test]
fn another_address_drops_the_validators_and_nothing_else() {
    let mut world = world();
    world.web.answer(
        HOST,
        "/feed",
        Answer::feed(rss(HOST, "L'Aube", &items())).validated("\"1\"", DATES[0]),
    );
    world.web.answer(
        HOST,
        "/rss",
        Answer::feed(rss(HOST, "L'Aube", &items())).validated("\"2\"", DATES[0]),
    );
    for hour in [13, 15] {
        world.now = format!("2026-03-01T{hour}:00:00Z");
        world.succeed(["fetch", "--force"]);
    }
    assert_eq!(world.requests(HOST)[2].header("If-None-Match"), Some("\"1\""));
    let state = || json(world.succeed(["--json", "status"]).out.lines().next().expect("a line"));
    let visits = state()["visits"].as_u64().expect("a number");
    // Each item names the address of its feed.
    let shown = |world: &World| -> Vec<String> {
        let items = world.items("mali").into_iter();
        items
            .map(|item| format!("{} {} {}", item["id"], item["url"], item["date_modified"]))
            .collect()
    };
    let (ids, before) = (of_source(&world, "aube", "id"), shown(&world));
    world.succeed(["edit", "aube", "url=http://aube.example/rss"]);
    keep_edit(&mut world);
    world.now = "2026-03-01T17:00:00Z".to_owned();
    assert_eq!(new_entries(&world), 0);
    let last = world.requests(HOST).pop().expect("a request");
    assert_eq!(
        (last.path.as_str(), last.header("If-None-Match"), last.header("If-Modified-Since")),
        ("/rss", None, None)
    );
    let state = json(world.succeed(["--json", "status"]).out.lines().next().expect("a line"));
    assert_eq!(state["visits"].as_u64(), Some(visits + 1), "what is known of it stays");
    assert_eq!(of_source(&world, "aube", "id"), ids);
    assert_eq!(shown(&world), before);
}

#[test]
fn an_adopted_redirect_and_an_address_that_works_are_ready_commands() {
    let mut world = world();
    world.web.answer(HOST, "/rss", Answer::feed(rss(HOST, "L'Aube", &items())));
    world.web.answer(HOST, "/feed", Answer::redirect(301, "http://aube.example/rss"));
    for hour in [13, 15] {
        world.now = format!("2026-03-01T{hour}:00:00Z");
        world.succeed(["fetch", "--force"]);
    }
    let command = "griot edit aube 'url=http://aube.example/rss'";
    assert!(world.succeed(["status"]).out.contains(&format!("it has moved for good: {command}")));
    world.succeed(["edit", "aube", "url=http://aube.example/rss"]);
    keep_edit(&mut world);
    assert!(!world.succeed(["status"]).out.contains("griot edit"));
    // Its host is reached under its other name only.
    world.set_server(HOST, "127.0.0.1:1".parse().expect("an address"));
    world.set_address("www.aube.example", "93.184.216.34");
    world
        .web
        .answer("www.aube.example", "/rss", Answer::feed(rss(HOST, "L'Aube", &items())));
    for hour in (0..48).step_by(4) {
        world.now = format!("2026-03-{:02}T{:02}:30:00Z", 2 + hour / 24, hour % 24);
        world.griot(["fetch", "--force"]);
    }
    let command = "griot edit aube 'url=http://www.aube.example/rss'";
    let status = world.succeed(["status"]).out;
    assert!(
        status.contains(&format!("its own address fails, but this one answers: {command}")),
        "{status}"
    );
    assert_eq!(of_source(&world, "aube", "id").len(), 4);
}

/// Returns a feed as SPIP writes it, with its own guids and links: in each item the text that `text` makes of the one in WordPress.
fn spip(items: &[Item], text: impl Fn(&str) -> String) -> String {
    let items = items.iter().enumerate().map(|(number, item)| {
        format!(
            "<item xml:lang=\"fr\"><title>{}</title><link>http://{HOST}/spip.php?article{number}</link>\
             <guid isPermaLink=\"true\">http://{HOST}/spip.php?article{number}</guid><dc:date>{}</dc:date><dc:format>text/html</dc:format>\
             <description>{}</description></item>",
            item.title,
            jiff::fmt::rfc2822::parse(item.date).expect("a date").timestamp(),
            text(&item.body).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        )
    });
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>L'Aube</title><link>http://{HOST}/</link>{}</channel></rss>",
        items.collect::<String>()
    )
}

/// Returns a feed as WordPress writes it, with an excerpt beside each text.
fn wordpress(items: &[Item]) -> String {
    let mut xml = rss(HOST, "L'Aube", items);
    for item in items {
        let excerpt: String = item.body.replace("<p>", "").chars().take(80).collect();
        let described = format!(
            "<title>{}</title><description><![CDATA[<p>{excerpt} […]</p>]]></description>",
            item.title
        );
        xml = xml.replace(&format!("<title>{}</title>", item.title), &described);
    }
    xml
}

#[test]
fn a_site_that_changed_its_system_brings_nothing_new() {
    let whole = |body: &str| body.to_owned();
    let cut = |body: &str| format!("<p>{}…</p>", body.replace("<p>", "").chars().take(120).collect::<String>());
    let cases: [(&str, String, String); 3] = [
        ("the same texts", rss(HOST, "L'Aube", &items()), spip(&items(), whole)),
        ("without excerpts", wordpress(&items()), spip(&items(), whole)),
        ("with other excerpts", wordpress(&items()), spip(&items(), cut)),
    ];
    for (what, before, after) in cases {
        let mut world = World::new();
        world.source(HOST, "article = \"feed\"", Answer::feed(before));
        world.succeed(["fetch"]);
        let (ids, shown) = (of_source(&world, "aube", "id"), guids(&world));
        assert_eq!(shown.len(), 4, "{what}");
        world.now = "2026-03-01T16:00:00Z".to_owned();
        world.source(HOST, "article = \"feed\"", Answer::feed(after.clone()));
        let run = json(&world.succeed(["fetch", "--force", "--json"]).out);
        assert_eq!((&run["entries"]["new"], &run["stories"]["new"]), (&0.into(), &0.into()), "{what}");
        assert_eq!(of_source(&world, "aube", "id"), ids, "{what}");
        assert_eq!(guids(&world), shown, "{what}");
        assert!(rows(&world, "revision").is_empty(), "{what}: the system was changed, not the texts");
        // From now on the new guids are known, with whatever text.
        world.now = "2026-03-01T19:00:00Z".to_owned();
        let changed = after.replace("Le bac de Dioro repart", "Le bac de Dioro repart lundi");
        world.source(HOST, "article = \"feed\"", Answer::feed(changed));
        let run = json(&world.succeed(["fetch", "--force", "--json"]).out);
        assert_eq!(
            (&run["entries"]["new"], &run["entries"]["updated"]),
            (&0.into(), &1.into()),
            "{what}"
        );
    }
}

#[test]
fn titles_and_dates_alone_are_no_identity() {
    let feed = |items: &[Item], guid: &str| {
        rss(HOST, "L'Aube", items)
            .replace(&format!("{HOST}:"), guid)
            .replace("http://aube.example/", &format!("http://aube.example/{guid}"))
    };
    let bulletins = |words: [&str; 2]| -> Vec<Item> {
        let titles = ["Flash du matin", "Flash du soir"];
        titles
            .iter()
            .zip(words)
            .map(|(title, words)| item("flash", title, DATES[3], &format!("<p>Mali : {words}.</p>")))
            .collect()
    };
    // Two are too few to tell a changed system from a page that is written anew.
    let mut world = World::new();
    let first = bulletins(["la pluie arrive à Kayes", "le fleuve monte à Mopti"]);
    let second = bulletins(["les écoles ouvrent à Gao", "un marché brûle à Ségou"]);
    world.source(
        HOST,
        "article = \"feed\"",
        Answer::feed(feed(&first[..1], "a").replace("flash", "flash-1")),
    );
    world.succeed(["fetch"]);
    world.source(
        HOST,
        "article = \"feed\"",
        Answer::feed(feed(&second[..1], "b").replace("flash", "flash-2")),
    );
    assert_eq!(new_entries(&world), 1);
    // Most of what came has other titles.
    let mut world = World::new();
    world.source(HOST, "article = \"feed\"", Answer::feed(feed(&items(), "a")));
    world.succeed(["fetch"]);
    let mut others = items();
    for (number, item) in others.iter_mut().enumerate() {
        item.body = format!("<p>Une autre nouvelle du Mali, la numéro {number}, avec un texte à elle.</p>");
        if number > 1 {
            item.title = format!("Autre nouvelle {number}");
        }
    }
    world.source(HOST, "article = \"feed\"", Answer::feed(feed(&others, "b")));
    assert_eq!(new_entries(&world), 4);
}
