//! Publishing over several runs: what is private, what is remembered before it is written, and what of a text is passed on.

use super::feed_builder::{Rendering, publish};
use super::run_report::RunError;
use super::sample::{DESK, Sample, at, draft, numbered, source, topic, url};
use crate::model::{
    Category, Changes, Enclosure, EntryDraft, EntryId, FailureReason, MarkKind, MarkTarget, Placement, Published, RawMarkup, SourceEvent,
    SourceHealth, SourceState, StoryId, Timestamp,
};
use std::fs;
use std::path::{Path, PathBuf};

const FORMATS: [&str; 5] = ["mali.xml", "mali.atom.xml", "mali.json", "mali.html", "mali.opml"];

/// Returns the paths of all files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    paths
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// Returns the records of the guids of all placed items, the oldest first.
fn remembered(sample: &Sample, placements: &[Placement]) -> Vec<Published> {
    let stories: Vec<_> = placements.iter().map(|placement| placement.story).collect();
    let mut published = sample.app.store.published_of_stories(&stories).expect("published");
    published.sort_by_key(|published| published.first_published);
    published
}

#[test]
fn a_private_topic_is_in_no_public_file_and_listed_nowhere() {
    let private = "[[topic]]\nid = \"enquete\"\ntitle = \"Enquête\"\nany = [\"Mali\"]\n";
    let based_on_it = "[[topic]]\nid = \"autre\"\nquery = \"topic:enquete\"\n";
    let mut sample = Sample::open(&format!("{DESK}{private}token = \"plain\"\n{based_on_it}"));
    // A file with a name that only a public topic would need is no reason to write nothing.
    fs::create_dir_all(sample.out()).expect("a folder");
    fs::write(sample.out().join("enquete.html"), "the operator's").expect("a file");
    let written = sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
    assert_eq!(sample.placements("enquete").len(), 1, "its items are there");
    assert_eq!(sample.titles("autre").len(), 1, "a public topic may be based on it");
    assert!(!written.changed.iter().any(|name| name.contains("enquete")), "{written:?}");
    for path in files(sample.out()) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
        let is_own = name == "enquete.html" && text == "the operator's";
        assert!(
            is_own || !(name.contains("enquete") || text.contains("enquete") || text.contains("Enquête")),
            "{name}"
        );
    }
    assert!(
        sample.file("index.opml").is_some_and(|text| text.contains("mali")),
        "the public one is listed"
    );
    // A topic that becomes private loses its files.
    fs::remove_file(sample.out().join("enquete.html")).expect("removed");
    sample.configure(&format!("{DESK}{private}"));
    sample.publish(at(1));
    assert!(sample.file("enquete.xml").is_some() && sample.file("index.html").is_some_and(|text| text.contains("Enquête")));
    sample.configure(&format!("{DESK}{private}token = \"plain\"\n"));
    let written = sample.publish(at(2));
    assert_eq!(written.removed.len(), FORMATS.len(), "{written:?}");
    assert!(sample.file("enquete.xml").is_none() && sample.file("index.html").is_some_and(|text| !text.contains("Enquête")));
}

#[test]
fn what_subscribers_get_is_remembered_before_it_is_written_and_that_it_was_rendered_afterwards() {
    let sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
    let rendered = |sample: &Sample| {
        let stamps = sample.app.store.topic_stamps().expect("stamps");
        stamps
            .into_iter()
            .find(|stamp| stamp.topic == topic("mali"))
            .and_then(|stamp| stamp.rendered)
    };
    assert_eq!(rendered(&sample), Some(at(0)));
    // No file can be written over a folder with content: the run ends there, as if it were killed.
    let in_the_way = sample.out().join("mali.xml");
    fs::remove_file(&in_the_way).expect("removed");
    fs::create_dir_all(in_the_way.join("content")).expect("a folder");
    let document: Vec<EntryDraft> = (1..4).map(|number| numbered("aube", number, at(-1))).collect();
    sample.gather("aube", &document, at(5));
    sample.evaluate(at(5));
    let refused = publish(&sample.app, Rendering::Changed, at(5));
    assert!(matches!(refused, Err(RunError::Write(_))), "{refused:?}");
    let published = remembered(&sample, &sample.placements("mali"));
    assert_eq!(published.len(), 3, "no guid is made anew by the next run");
    assert_eq!(rendered(&sample), Some(at(0)), "what was placed since then was in no feed yet");
    fs::remove_dir_all(&in_the_way).expect("removed");
    sample.publish(at(30));
    let mut written: Vec<String> = sample
        .items("mali")
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect();
    let mut guids: Vec<String> = published.iter().map(|published| published.guid.clone()).collect();
    written.sort();
    guids.sort();
    assert_eq!(written, guids);
    assert_eq!(rendered(&sample), Some(at(5)));
}

#[test]
fn a_merged_story_keeps_its_oldest_guid_and_the_other_becomes_an_alias() {
    let text = "Le bac de Dioro reprend ses courses dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de la région. \
        Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port, sous les yeux des marchands de riz.";
    let with = |keys: &str| DESK.replace("any = [\"Mali\"]", keys);
    let mut sample = Sample::open(&with("any = [\"Kayes\"]\nstories = \"off\""));
    // The copy is published first, since only its title matches.
    sample.run("aube", &[draft("aube", "bac", "Le bac repart", text, at(-3))], at(0));
    sample.run("soir", &[draft("soir", "1", "On passe à Kayes", text, at(-2))], at(1));
    sample.configure(&with("any = [\"Kayes\", \"bac\"]\nstories = \"off\""));
    sample.evaluate(at(2));
    sample.publish(at(2));
    assert_eq!(sample.titles("mali"), ["On passe à Kayes", "Le bac repart"]);
    let placements = sample.placements("mali");
    let former = remembered(&sample, &placements);
    sample.configure(&with("any = [\"Kayes\", \"bac\"]"));
    sample.evaluate(at(3));
    sample.publish(at(3));
    let (items, merged) = (sample.items("mali"), sample.placements("mali"));
    assert_eq!((items.len(), items[0]["title"].as_str()), (1, Some("Le bac repart")));
    assert_eq!((merged.len(), merged[0].story), (1, placements[1].story));
    let (oldest, other) = (former[0].guid.as_str(), former[1].guid.as_str());
    assert_eq!(
        (items[0]["id"].as_str(), &items[0]["_griot"]["first_published"]),
        (Some(oldest), &at(1).rfc3339().into())
    );
    let after = remembered(&sample, &placements);
    let found: Vec<_> = after
        .iter()
        .map(|one| (one.guid.as_str(), one.alias_of.as_deref(), one.first_published))
        .collect();
    assert_eq!(found, [(oldest, None, at(1)), (other, Some(oldest), at(2))]);
    assert_eq!(after[0].story, merged[0].story);
    let files = FORMATS.map(|name| sample.file(name).expect("a file"));
    assert!(files.iter().all(|text| !text.contains(other)), "the alias is published no more");
    assert_eq!(sample.publish(at(4)).changed, Vec::<String>::new());
    assert_eq!(remembered(&sample, &placements), after, "nothing more is remembered");
}

/// Returns the guid and the title of each item, by guid.
fn guids(sample: &Sample, topic: &str) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let items = sample.items(topic).into_iter();
    let mut guids: Vec<(String, String)> = items.map(|item| (text(&item["id"]), text(&item["title"]))).collect();
    guids.sort();
    guids
}

/// Puts every entry into the story that `story` says for it, evaluates and publishes.
fn move_entries(sample: &Sample, story: impl Fn(EntryId) -> StoryId, now: Timestamp) {
    sample.evaluate_as(now, |compositions, _| {
        for composition in compositions {
            composition.story = story(composition.entry);
        }
    });
    sample.publish(now);
}

#[test]
fn stories_that_merge_and_part_again_keep_their_guids() {
    for into in [0, 1] {
        let sample = Sample::open(DESK);
        sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
        sample.run("soir", &[numbered("soir", 2, at(0))], at(1));
        let placements = sample.placements("mali");
        let former = remembered(&sample, &placements);
        let apart = guids(&sample, "mali");
        assert_eq!((former.len(), apart.len()), (2, 2));
        let (oldest, other) = (former[0].guid.as_str(), former[1].guid.as_str());
        move_entries(&sample, |_| former[into].story, at(2));
        let merged = guids(&sample, "mali");
        assert_eq!((merged.len(), merged[0].0.as_str()), (1, oldest), "into story {into}");
        assert_eq!(sample.items("mali")[0]["_griot"]["first_published"], at(0).rfc3339());
        let aliases = |sample: &Sample| -> Vec<(String, Option<String>, Timestamp)> {
            let records = remembered(sample, &placements).into_iter();
            records.map(|one| (one.guid, one.alias_of, one.first_published)).collect()
        };
        let row = |guid: &str, alias_of: Option<&str>, hours| (guid.to_owned(), alias_of.map(str::to_owned), at(hours));
        assert_eq!(aliases(&sample), [row(oldest, None, 0), row(other, Some(oldest), 1)]);
        assert_eq!(sample.placements("mali").len(), 1, "no second item");
        for name in FORMATS {
            assert!(!sample.file(name).expect("a file").contains(other), "{name}");
        }
        assert_eq!(sample.publish(at(3)).changed, Vec::<String>::new());
        move_entries(&sample, StoryId::from, at(4));
        assert_eq!(guids(&sample, "mali"), apart, "out of story {into}");
        assert_eq!(aliases(&sample), [row(oldest, None, 0), row(other, None, 1)]);
    }
}

#[test]
fn a_story_that_its_founder_leaves_keeps_its_guid_and_no_guid_is_used_twice() {
    for mode in ["", "stories = \"off\"\n"] {
        let sample = Sample::open(&format!("{DESK}{mode}"));
        sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
        let founder = sample.placements("mali")[0].entry;
        sample.gather("aube", &[numbered("aube", 1, at(-1)), numbered("aube", 3, at(0))], at(1));
        move_entries(&sample, |_| founder.into(), at(1));
        sample.gather("soir", &[numbered("soir", 2, at(1))], at(2));
        sample.evaluate(at(2));
        sample.publish(at(2));
        let (before, newest) = (guids(&sample, "mali"), sample.placements("mali")[0].story);
        assert_eq!(before.len(), if mode.is_empty() { 2 } else { 3 });
        let newest_entry = EntryId::from_bytes(*newest.as_bytes());
        move_entries(
            &sample,
            |entry| {
                if entry == founder || entry == newest_entry {
                    newest
                } else {
                    founder.into()
                }
            },
            at(3),
        );
        let after = guids(&sample, "mali");
        let only = |guids: &[(String, String)]| guids.iter().map(|(guid, _)| guid.clone()).collect::<Vec<_>>();
        assert_eq!(only(&after), only(&before), "{mode}: {after:?}");
        if mode.is_empty() {
            assert!(
                after
                    .iter()
                    .any(|(guid, title)| guid.ends_with(&founder.to_string()) && title == "Mali n3q"),
                "{after:?}"
            );
        } else {
            assert_eq!(after, before);
        }
        assert_eq!(sample.publish(at(4)).changed, Vec::<String>::new());
    }
}

#[test]
fn the_item_of_a_second_topic_has_the_guid_of_the_first() {
    let mut sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
    let guid = sample.items("mali")[0]["id"].clone();
    sample.configure(&format!("{DESK}[[topic]]\nid = \"sahel\"\nany = [\"Mali\"]\n"));
    sample.evaluate(at(50));
    sample.publish(at(50));
    assert_eq!(sample.items("sahel")[0]["id"], guid);
}

#[test]
fn a_link_holds_no_word_of_the_text() {
    let secret = [
        "commerçantes",
        "attendaient",
        "pirogues",
        "kalabougou",
        "sévérité",
        "résuméunique",
        "motimage",
        "légendée",
    ];
    let text = "Les commerçantes attendaient les pirogues de Kalabougou avec sévérité.</p>\
        <p><img src=\"https://aube.example/i.jpg\" alt=\"motimage\"></p><blockquote>légendée</blockquote><p>fin";
    let rule = "any = [\"commerçante\", \"Kalabougo*\", \"résumé*\"]";
    for keys in ["republish = \"link\"", "republish = \"full\""] {
        let is_link = keys.contains("link");
        let desk = DESK.replace("republish = \"full\"", keys).replace("any = [\"Mali\"]", rule);
        let sample = Sample::open(&desk);
        let mut entry = draft("aube", "bac", "Le riz manque", text, at(-1));
        entry.summary = Some(RawMarkup("Un résuméunique de la journée.".to_owned()));
        sample.run("aube", &[entry], at(0));
        assert_eq!(sample.titles("mali"), ["Le riz manque"]);
        for path in files(sample.out()) {
            let name = path.file_name().expect("a name").to_string_lossy();
            let file = String::from_utf8_lossy(&fs::read(&path).expect("a file")).to_lowercase();
            let found: Vec<&str> = secret.into_iter().filter(|word| file.contains(word)).collect();
            if is_link {
                assert_eq!(found, Vec::<&str>::new(), "{name}: {file}");
            } else if FORMATS[..3].contains(&&*name) || path.parent().is_some_and(|folder| folder.ends_with("story")) {
                assert!(found.len() > 4, "{name}: {found:?}");
            } else if name == "mali.html" {
                assert!(!found.is_empty(), "it has an excerpt");
            }
        }
    }
}

#[test]
fn the_strictest_of_source_topic_and_site_decides_what_is_passed_on() {
    let text = "fleuve ".repeat(400);
    let length = |site: &str, source: &str, topic: &str| {
        let desk = DESK
            .replace("republish = \"full\"", &format!("republish = \"{site}\""))
            .replace("id = \"aube\"", &format!("id = \"aube\"\n{source}"));
        let sample = Sample::open(&format!("{desk}{topic}"));
        sample.run("aube", &[draft("aube", "1", "Mali", &text, at(-1))], at(0));
        sample.items("mali")[0]["content_html"]
            .as_str()
            .map_or(0, |body| body.matches("fleuve").count())
    };
    assert_eq!(length("full", "", ""), 400);
    let excerpt = length("excerpt", "", "");
    assert!((50..150).contains(&excerpt), "{excerpt}");
    for (site, source, topic) in [
        ("full", "republish = \"excerpt\"", ""),
        ("full", "", "body = \"excerpt\"\n"),
        ("excerpt", "republish = \"full\"", "body = \"full\"\n"),
    ] {
        assert_eq!(length(site, source, topic), excerpt, "{site} {source} {topic}");
    }
    assert_eq!(length("full", "republish = \"link\"", "body = \"excerpt\"\n"), 0);
}

#[test]
fn nothing_is_written_when_nothing_has_changed_and_what_was_tampered_with_is_mended() {
    let sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
    let again = sample.publish(at(9));
    assert_eq!((again.changed.len(), again.removed.len()), (0, 0), "{again:?}");
    let before = sample.file("mali.html");
    fs::write(sample.out().join("mali.html"), "cut off").expect("a file");
    assert_eq!(sample.publish(at(9)).changed, ["mali.html"]);
    assert_eq!(sample.file("mali.html"), before);
}

#[test]
fn a_correction_moves_updated_and_nothing_else_does() {
    let sample = Sample::open(DESK);
    let dates = || {
        let item = sample.items("mali").remove(0);
        ["date_published", "date_modified"].map(|name| item[name].as_str().expect("a date").to_owned())
    };
    let (published, hour) = (at(-1).rfc3339(), |hours| at(hours).rfc3339());
    let mut entry = numbered("aube", 1, at(-1));
    sample.run("aube", &[entry.clone()], at(0));
    assert_eq!(dates(), [published.clone(), hour(0)]);
    entry.categories.push(Category {
        term: "Fleuve".to_owned(),
        scheme: None,
    });
    sample.run("aube", &[entry.clone()], at(1));
    assert_eq!(
        sample.items("mali")[0]["tags"],
        serde_json::json!(["Fleuve"]),
        "it is published anew"
    );
    assert_eq!(dates(), [published.clone(), hour(0)], "but neither title nor text has changed");
    let corrected = || sample.items("mali")[0]["_griot"]["corrected"].clone();
    assert!(corrected().is_null());
    entry.title.push_str(" corrigé");
    sample.run("aube", &[entry.clone()], at(2));
    assert_eq!(dates(), [published.clone(), hour(2)]);
    assert_eq!(corrected(), hour(2));
    assert!(
        sample
            .file("mali.xml")
            .is_some_and(|feed| feed.contains(&format!("Corrected: {}", at(2).local("UTC"))))
    );
    sample.run("aube", &[entry.clone()], at(3));
    sample.run("soir", &[numbered("soir", 2, at(-9))], at(4));
    assert_eq!(dates(), [published.clone(), hour(2)]);
    entry.content = Some(RawMarkup("<p>Un autre texte sur le Mali.</p>".to_owned()));
    sample.run("aube", &[entry], at(5));
    assert_eq!(dates(), [published, hour(5)]);
}

#[test]
fn a_link_has_neither_picture_nor_media() {
    for (keys, is_link) in [("republish = \"link\"", true), ("republish = \"full\"", false)] {
        let sample = Sample::open(&DESK.replace("republish = \"full\"", keys));
        let mut entry = draft("aube", "1", "Mali", "Un texte.", at(-1));
        entry.image = Some(url("https://aube.example/photo.jpg"));
        entry.enclosures = vec![Enclosure {
            url: url("https://aube.example/journal.mp3"),
            mime: Some("audio/mpeg".to_owned()),
            length: None,
        }];
        sample.run("aube", &[entry], at(0));
        for name in &FORMATS[..4] {
            let file = sample.file(name).expect("a file");
            assert_eq!(
                file.contains("photo.jpg") || file.contains("journal.mp3"),
                !is_link,
                "{name}: {keys}"
            );
        }
    }
}

#[test]
fn what_an_editor_hides_is_announced_until_it_is_shown_again() {
    let sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-1)), numbered("aube", 2, at(-2))], at(0));
    let placement = sample.placements("mali").remove(0);
    let guid = remembered(&sample, std::slice::from_ref(&placement)).remove(0).guid;
    let announced = || {
        sample
            .file("mali.atom.xml")
            .is_some_and(|feed| feed.contains(&format!("<at:deleted-entry ref=\"{guid}\"")))
    };
    assert!(!announced());
    sample.mark(MarkKind::Hide, MarkTarget::Entry(placement.entry), None);
    sample.evaluate(at(1));
    sample.publish(at(1));
    assert!(announced());
    assert_eq!(sample.items("mali").len(), 1);
    sample.mark(MarkKind::Unhide, MarkTarget::Entry(placement.entry), None);
    sample.evaluate(at(2));
    sample.publish(at(2));
    assert!(!announced());
    assert_eq!(sample.items("mali").len(), 2);
}

#[test]
fn the_merged_feed_has_everything_unless_a_topic_takes_its_place() {
    let merged = DESK.replace("[site]", "[site]\nmerged = \"all\"");
    let sample = Sample::open(&merged);
    let football = draft("aube", "9", "Football", "Un match au stade.", at(-1));
    sample.run("aube", &[numbered("aube", 1, at(-2)), football], at(0));
    assert_eq!(sample.titles("all"), ["Football", "Mali n1q"]);
    assert_eq!(sample.titles("mali"), ["Mali n1q"]);
    let own = format!("{merged}[[topic]]\nid = \"all\"\ntitle = \"Sport\"\nany = [\"football\"]\n");
    let sample = Sample::open(&own);
    let football = draft("aube", "9", "Football", "Un match au stade.", at(-1));
    sample.run("aube", &[numbered("aube", 1, at(-2)), football], at(0));
    assert_eq!(sample.titles("all"), ["Football"]);
}

#[test]
fn a_feed_of_text_alone_is_written_on_request_and_stays_small() {
    let sample = Sample::open(&format!("{DESK}lite = true\nlimit = 400\n"));
    let text = "fleuve ".repeat(60);
    let document: Vec<EntryDraft> = (0..300)
        .map(|number| {
            draft(
                "aube",
                &number.to_string(),
                &format!("Mali n{number}q"),
                &format!("{number} {text}"),
                at(-1),
            )
        })
        .collect();
    sample.run("aube", &document, at(0));
    let lite = sample.file("mali.lite.xml").expect("a file");
    assert!((50_000..100_000).contains(&lite.len()), "{}", lite.len());
    assert!(!lite.contains("content:encoded>") && !lite.contains("media:thumbnail"), "{lite}");
    assert!(lite.contains(" — ") && lite.contains("mali.lite.xml"), "{lite}");
    let without = Sample::open(DESK);
    without.run("aube", &[numbered("aube", 1, at(-1))], at(0));
    assert!(without.file("mali.lite.xml").is_none());
}

#[test]
fn the_list_of_sources_has_those_that_told_an_item() {
    let sample = Sample::open(DESK);
    sample.run("soir", &[draft("soir", "1", "Football", "Un match.", at(-1))], at(0));
    sample.run("aube", &[numbered("aube", 1, at(-1))], at(1));
    let list = sample.file("mali.opml").expect("a file");
    assert!(list.contains("aube.example") && !list.contains("soir.example"), "{list}");
}

#[test]
fn lasting_troubles_of_sources_are_told_in_a_feed_of_their_own() {
    let sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
    let titles = |now| {
        sample.publish(now);
        let feed = sample.file("health.xml").expect("a feed");
        let items = feed.split("<item><title>").skip(1);
        items
            .map(|item| item.split('<').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let change = |after, before, reason, now| {
        let changes = Changes {
            events: vec![SourceEvent {
                source: source("soir"),
                at: now,
                before,
                after,
                reason,
                detail: Some("https://secret.example/feed".to_owned()),
            }],
            sources: vec![SourceState {
                health: after,
                reason,
                ..SourceState::new(source("soir"))
            }],
            ..Changes::default()
        };
        sample.app.store.apply(changes).expect("applied");
    };
    change(SourceHealth::Failing, SourceHealth::Ok, Some(FailureReason::Timeout), at(1));
    assert_eq!(titles(at(24)), [""; 0], "a hiccup is no news");
    assert_eq!(titles(at(25)), ["Le Soir: failing (timeout)"]);
    let feed = sample.file("health.xml").expect("a feed");
    assert!(!feed.contains("secret.example") && feed.contains("griot doctor soir"), "{feed}");
    assert!(sample.file("health.html").is_some_and(|page| page.contains("<bdi>Le Soir</bdi>")));
    assert!(sample.publish(at(26)).changed.is_empty(), "nothing has changed since");
    change(SourceHealth::Ok, SourceHealth::Failing, None, at(30));
    change(SourceHealth::Silent, SourceHealth::Ok, None, at(40));
    assert_eq!(
        titles(at(41)),
        ["Le Soir: silent", "Le Soir: answers again", "Le Soir: failing (timeout)"]
    );
    assert!(!sample.titles("mali").iter().any(|title| title.contains("Le Soir")));
    assert_eq!(titles(at(41 + 31 * 24)), [""; 0]);
    // A problem of unusual volume is told once while it lasts.
    sample.gather("aube", &[], at(900));
    assert_eq!(titles(at(900)), ["L'Aube: no-entries"]);
    let told = sample.file("health.xml");
    sample.gather("aube", &[], at(960));
    sample.publish(at(960));
    assert_eq!(sample.file("health.xml"), told);
}
