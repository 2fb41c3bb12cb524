//! The archive of a topic (RFC 5005): every story that was published is found from the feed on, and pages stay as they are.

use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;

const HOST: &str = "aube.example";

/// Returns a feed of entries on Mali, the newest first, each with other words; entry N is of N in the morning of 1 March.
fn feed(numbers: Range<usize>) -> String {
    let mut items = String::new();
    for number in numbers.rev() {
        let words: Vec<String> = (0..40).map(|word| format!("mot{number}x{word}")).collect();
        write!(
            items,
            "<item><title>Mali n{number}q</title><guid isPermaLink=\"false\">{number}</guid><link>http://{HOST}/{number}</link>\
             <pubDate>Sun, 01 Mar 2026 00:{number:02}:00 GMT</pubDate><description>{}</description></item>",
            words.join(" ")
        )
        .expect("a string takes all");
    }
    format!("<rss version=\"2.0\"><channel><title>L'Aube</title><link>http://{HOST}/</link>{items}</channel></rss>")
}

/// A topic whose feed holds four items, after visits that brought `count` entries, two at a time.
fn world(count: usize) -> World {
    let mut world = World::new();
    world.topics.push_str("limit = 4\n");
    for visit in 1..=count / 2 {
        visit_with(&mut world, visit);
    }
    world
}

fn visit_with(world: &mut World, visit: usize) {
    world.now = format!("2026-03-{visit:02}T12:00:00Z");
    world.feed(HOST, feed((2 * visit).saturating_sub(8)..2 * visit));
    world.succeed(["fetch", "--force"]);
}

/// Returns the address after `rel` in the head of a document.
fn link(document: &str, rel: &str) -> Option<String> {
    let at = document.find(&format!("rel=\"{rel}\""))?;
    let tag = &document[document[..at].rfind('<')?..];
    let tag = &tag[..tag.find('>')?];
    let address = tag.split("href=\"").nth(1)?.split('"').next()?;
    Some(
        address
            .strip_prefix("https://feeds.example.org/")
            .expect("an address of the site")
            .to_owned(),
    )
}

/// Returns the titles of entries in a document.
fn titles(document: &str) -> BTreeSet<String> {
    let titles = document
        .split("<title>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap_or_default().to_owned());
    titles.filter(|title| title.starts_with("Mali n")).collect()
}

/// Returns the titles from the feed on, and the names of the pages, the newest first.
fn walk(world: &World, start: &str) -> (BTreeSet<String>, Vec<String>) {
    let (mut found, mut pages) = (titles(&world.published(start)), Vec::new());
    let mut next = link(&world.published(start), "prev-archive");
    while let Some(name) = next {
        let page = world.published(&name);
        assert_eq!(link(&page, "current").as_deref(), Some(start));
        assert_eq!(link(&page, "self"), Some(name.clone()));
        assert!(page.contains("<fh:archive"), "{page}");
        assert!(!titles(&page).is_empty());
        found.extend(titles(&page));
        next = link(&page, "prev-archive");
        pages.push(name);
    }
    (found, pages)
}

fn all(count: usize) -> BTreeSet<String> {
    (0..count).map(|number| format!("Mali n{number}q")).collect()
}

fn pages(world: &World) -> BTreeMap<String, Vec<u8>> {
    let mut files = world.published_files();
    files.retain(|name, _| name.contains(".archive-"));
    files
}

fn id(world: &World, title: &str) -> String {
    let lines = world.succeed(["--json", "list", "entries", title]).out;
    let entry: serde_json::Value = serde_json::from_str(lines.lines().next().expect("an entry")).expect("JSON");
    format!("e{}", &entry["id"].as_str().expect("an id")[..8])
}

#[test]
fn every_published_story_is_found_from_the_feed_on_and_pages_stay() {
    let mut world = world(4);
    assert!(pages(&world).is_empty(), "all is in the feed");
    assert!(!world.published("mali.xml").contains("prev-archive"));
    let mut before = BTreeMap::new();
    for visit in 3..=7 {
        visit_with(&mut world, visit);
        for start in ["mali.xml", "mali.atom.xml"] {
            let (found, walked) = walk(&world, start);
            assert_eq!(found, all(2 * visit), "{start} {visit}");
            assert!(walked.windows(2).all(|pair| pair[0] > pair[1]), "{walked:?}");
        }
        let now = pages(&world);
        for (name, bytes) in &before {
            assert!(now.get(name) == Some(bytes), "{name} is as it was written");
        }
        before = now;
    }
    let first = world.published("mali.archive-0001.atom.xml");
    assert_eq!(link(&first, "next-archive").as_deref(), Some("mali.archive-0002.atom.xml"));
    assert_eq!(link(&first, "prev-archive"), None);
    assert!(
        first.contains("<id>https://feeds.example.org/mali.atom.xml</id>"),
        "a page is a part of the feed"
    );
    // A run without news and a forced rendering write nothing anew, and a lost page comes back.
    let (files, times) = (world.published_files(), world.modified_times());
    world.succeed(["fetch"]);
    assert_eq!(world.modified_times(), times);
    world.succeed(["publish"]);
    assert!(world.published_files() == files);
    fs::remove_file(world.out().join("mali.archive-0001.xml")).expect("removed");
    world.succeed(["fetch"]);
    assert!(world.published_files() == files);
    // Into a fresh folder.
    fs::rename(world.out(), world.path("before")).expect("moved");
    world.succeed(["publish"]);
    assert!(world.published_files() == files);
}

#[test]
fn hiding_an_item_changes_its_page_alone() {
    let world = world(14);
    let before = world.published_files();
    let holds = |bytes: &[u8], title: &str| String::from_utf8_lossy(bytes).contains(title);
    let own: BTreeSet<String> = pages(&world)
        .into_iter()
        .filter(|(_, bytes)| holds(bytes, "Mali n2q"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(own.len(), 2, "it is on one page, in two formats");
    let entry = id(&world, "Mali n2q");
    world.succeed(["hide", &entry]);
    let after = world.published_files();
    let changed: BTreeSet<String> = pages(&world)
        .into_iter()
        .filter(|(name, bytes)| before.get(name) != Some(bytes))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(changed, own);
    assert!(after.values().all(|bytes| !holds(bytes, "Mali n2q")));
    let (found, _) = walk(&world, "mali.xml");
    assert_eq!(found.len(), 13);
    world.succeed(["unhide", &entry]);
    assert!(pages(&world).iter().all(|(name, bytes)| before.get(name) == Some(bytes)));
}

#[test]
fn a_page_whose_items_are_all_hidden_is_removed_and_unlinked() {
    let world = world(14);
    let (_, walked) = walk(&world, "mali.xml");
    let name = &walked[1];
    for title in titles(&world.published(name)) {
        world.succeed(["hide", &id(&world, &title)]);
    }
    assert!(!world.out().join(name).exists());
    let (_, now) = walk(&world, "mali.xml");
    assert!(!now.contains(name) && now.len() == walked.len() - 1, "{now:?}");
}

#[test]
fn stricter_republishing_reaches_the_archive_and_private_topics_have_none() {
    let mut world = world(14);
    assert!(
        pages(&world)
            .values()
            .any(|bytes| String::from_utf8_lossy(bytes).contains("mot2x1 "))
    );
    world.settings = world.settings.replace("republish = \"full\"", "republish = \"link\"");
    world.succeed(["fetch"]);
    assert!(
        pages(&world)
            .values()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("mot2x1 "))
    );
    world.topics.push_str("token = \"env:HOME\"\n");
    world.succeed(["fetch"]);
    assert!(pages(&world).is_empty());
}
