//! What an item lists: every report of another text, and the number of same texts. All of it is invented.

use super::feed_builder::{Rendering, publish};
use super::item_reports::ListedReports;
use super::sample::{DESK, Sample, at, numbered, source};
use crate::model::{EntryId, MarkKind, MarkTarget};
use crate::publish::Report;
use serde_json::Value;
use std::collections::BTreeSet;

/// Makes one story of all entries; those of the second list are copies of the entry beside them.
fn join(sample: &Sample, copies: &[(EntryId, EntryId)], hours: i64) {
    sample.evaluate_as(at(hours), |compositions, first| {
        for composition in compositions {
            composition.story = first;
            let copy = copies.iter().find(|(copy, _)| *copy == composition.entry);
            composition.copy_of = copy.map(|(_, original)| *original);
        }
    });
    sample.publish(at(hours));
}

/// Returns the id of the entry with this title.
fn id(sample: &Sample, title: &str) -> EntryId {
    let mut found = None;
    let read = sample.app.store.entries_by_date(None, 1_000, &mut |entry| {
        if entry.title == title {
            found = Some(entry.id);
        }
    });
    read.expect("entries");
    found.expect("an entry")
}

fn also(item: &Value) -> Vec<String> {
    let also = item["_griot"]["sources"].as_array().expect("a list").iter().skip(1);
    also.map(|report| report["title"].as_str().expect("a title").to_owned()).collect()
}

#[test]
fn every_report_of_another_text_is_listed_and_copies_are_counted() {
    let sample = Sample::open(DESK);
    // The newest leads by its date; all are of the same length.
    let of_aube: Vec<_> = (1..=3).map(|number| numbered("aube", number, at(-4))).collect();
    let of_soir: Vec<_> = (4..=6).map(|number| numbered("soir", number, at(-3))).collect();
    sample.gather("aube", &of_aube, at(0));
    sample.gather("soir", &of_soir, at(0));
    let original = |number: u32| id(&sample, &format!("Mali n{number}q"));
    join(&sample, &[(original(6), original(2))], 0);
    let items = sample.items("mali");
    assert_eq!(items.len(), 1);
    let shown = items[0]["title"].as_str().expect("a title").to_owned();
    let listed = also(&items[0]);
    let all: BTreeSet<String> = listed.iter().cloned().chain([shown.clone()]).collect();
    let expected: BTreeSet<String> = (1..=5).map(|number| format!("Mali n{number}q")).collect();
    assert_eq!((all, listed.len()), (expected, 4), "several of one outlet too, and no copy");
    assert_eq!(items[0]["_griot"]["copies"], 1);
    for name in ["mali.xml", "mali.atom.xml", "mali.json", "mali.html"] {
        let text = sample.file(name).expect("a file");
        for number in (1..=5).filter(|number| format!("Mali n{number}q") != shown) {
            let source = if number <= 3 { "aube" } else { "soir" };
            assert!(text.contains(&format!("https://{source}.example/{number}")), "{name} {number}");
            assert!(text.contains(&format!("Mali n{number}q")), "{name} {number}");
        }
        assert!(text.contains("1 copy of the same text"), "{name}");
        assert!(!text.contains("https://soir.example/6"), "{name}");
        assert!(text.contains("2026-03-01"), "{name}: the time of a report");
    }
    // The guid stays, and the same moment changes no byte.
    let written = publish(&sample.app, Rendering::Forced(&[]), at(0)).expect("published").1;
    assert!(written.changed.is_empty(), "{written:?}");
    // Of a text whose original is hidden, a copy is listed.
    let hidden = original(2);
    sample.mark(MarkKind::Hide, MarkTarget::Entry(hidden), None);
    sample.evaluate(at(1));
    sample.publish(at(1));
    let item = &sample.items("mali")[0];
    let listed = also(item);
    assert!(listed.contains(&"Mali n6q".to_owned()) || item["title"] == "Mali n6q", "{listed:?}");
    assert!(!listed.contains(&"Mali n2q".to_owned()));
    assert_eq!(item["_griot"]["copies"], 0);
    assert_eq!(item["id"], items[0]["id"]);
    // What is hidden in this topic only stays out too.
    let other = listed.iter().find(|title| *title != "Mali n6q").expect("a report").clone();
    sample.mark(
        MarkKind::Hide,
        MarkTarget::Entry(id(&sample, &other)),
        Some(super::sample::topic("mali")),
    );
    sample.evaluate(at(2));
    sample.publish(at(2));
    assert!(!also(&sample.items("mali")[0]).contains(&other));
}

#[test]
fn copies_alone_are_counted_without_a_list() {
    let sample = Sample::open(DESK);
    sample.gather("aube", &[numbered("aube", 1, at(-4))], at(0));
    sample.gather("soir", &[numbered("soir", 2, at(-3)), numbered("soir", 3, at(-3))], at(0));
    let original = |number: u32| id(&sample, &format!("Mali n{number}q"));
    join(&sample, &[(original(2), original(1)), (original(3), original(1))], 0);
    let item = &sample.items("mali")[0];
    assert_eq!((also(item).len(), &item["_griot"]["copies"]), (0, &Value::from(2)));
    for name in ["mali.xml", "mali.atom.xml", "mali.json", "mali.html"] {
        let text = sample.file(name).expect("a file");
        assert!(
            text.contains(">2 copies of the same text<") || text.contains("&#x3E;2 copies"),
            "{name}: {text}"
        );
        assert!(!text.contains("Also reported by"), "{name}");
    }
}

#[test]
fn a_large_story_lists_the_newest_reports_and_names_the_number_of_the_rest() {
    let sample = Sample::open(DESK);
    let minutes = |number: usize| at(-8) + std::time::Duration::from_secs(60 * number as u64);
    let drafts: Vec<_> = (0..250).map(|number| numbered("aube", number, minutes(number))).collect();
    sample.gather("aube", &drafts, at(0));
    join(&sample, &[], 0);
    let item = &sample.items("mali")[0];
    let listed = also(item);
    assert_eq!(listed.len(), 30);
    assert_eq!(item["_griot"]["more"], 219);
    assert!(listed.contains(&"Mali n249q".to_owned()) && !listed.contains(&"Mali n1q".to_owned()));
    let content = item["content_html"].as_str().expect("a content");
    let link = content
        .split("and 219 more reports")
        .next()
        .and_then(|before| before.rsplit("href=\"").next());
    let link = link.and_then(|link| link.split('"').next()).expect("a link");
    let page = link.strip_prefix("https://feeds.example.org/").expect("a link to the page");
    let page = sample.file(page).expect("a page");
    let lines = page.matches("<li><time").count();
    assert!(lines > 50 && page.contains(&format!("{} more reports", 250 - lines)), "{lines}");
    assert!(page.contains("Mali n249q") && !page.contains("Mali n1q"));
    assert!(page.len() < 50_000 && item.to_string().len() < 256 * 1024);
}

#[test]
fn the_reports_of_a_full_feed_are_few_and_all_are_counted() {
    let report = |number: usize| Report {
        source: source("aube"),
        country: None,
        kind: None,
        language: None,
        outlet: "L'Aube".to_owned(),
        title: format!("Mali {number}"),
        link: None,
        date: at(0),
        agency: None,
    };
    let within = |room, count| {
        let listed = ListedReports::within(room, (0..count).map(report).collect());
        assert_eq!(listed.reports.len() + listed.unlisted, count);
        assert_eq!(
            listed.reports.last().map(|last| last.title.clone()),
            Some(format!("Mali {}", count - 1))
        );
        (listed.reports.len(), listed.bytes)
    };
    let (few, bytes) = within(0, 50);
    assert!((1..10).contains(&few) && bytes <= 2 * 1024, "{few} {bytes}");
    let (many, bytes) = within(usize::MAX, 1_000);
    assert!((100..=200).contains(&many) && bytes <= 64 * 1024, "{many} {bytes}");
    assert_eq!(within(usize::MAX, 50).0, 50);
}
