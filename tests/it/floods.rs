//! Sources that give other guids, links or addresses at every visit, or all at once: no entry comes new into a topic feed.

use crate::sample_feeds::{FAIR, FERRY, RACE, WELLS};
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// An item of the feed.
#[derive(Clone)]
struct Item {
    guid: Option<String>,
    link: String,
    title: String,
    date: Option<&'static str>,
    body: String,
    /// Further elements.
    more: String,
}

/// What a publisher changes.
type Edit = fn(&mut Item);

/// Returns the four items as they are at first, with WordPress's addresses by number.
fn items() -> Vec<Item> {
    let texts = [
        ("Le bac de Dioro repart", FERRY),
        ("Quarante puits pour Nara", WELLS),
        ("La foire du livre ouvre", FAIR),
        ("A race on the lake in Mali", RACE),
    ];
    let item = |(number, (title, body)): (usize, (&str, &str))| Item {
        guid: Some(format!("http://{HOST}/?p={number}")),
        link: format!("http://{HOST}/?p={number}"),
        title: title.to_owned(),
        date: Some(DATE),
        body: body.to_owned(),
        more: String::new(),
    };
    (1..).zip(texts).map(item).collect()
}

fn document(items: &[Item]) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>L'Aube</title><link>http://{HOST}/</link><description>L'Aube</description><language>fr</language>\n"
    );
    for item in items {
        let guid = item.guid.iter().map(|guid| format!("<guid isPermaLink=\"false\">{guid}</guid>"));
        let date = item.date.iter().map(|date| format!("<pubDate>{date}</pubDate>"));
        writeln!(
            xml,
            "<item><title>{}</title><link>{}</link>{}<content:encoded><![CDATA[{}]]></content:encoded>{}</item>",
            item.title,
            item.link.replace('&', "&amp;"),
            guid.chain(date).collect::<String>(),
            item.body,
            item.more.replace('&', "&amp;"),
        )
        .expect("a string takes all");
    }
    xml + "</channel></rss>\n"
}

/// Returns a world that was filled from these items, at noon.
fn world(items: &[Item]) -> World {
    let mut world = World::new();
    world.feed(HOST, document(items));
    let new = entries(&world.succeed(["--json", "fetch"]).out, "new");
    assert_eq!(new, items.len() as u64);
    world
}

fn entries(summary: &str, which: &str) -> u64 {
    let summary: Value = serde_json::from_str(summary).expect("one object");
    summary["entries"][which].as_u64().expect("a number")
}

/// Visits the source so many hours after noon, when its feed holds `items`; nothing may be new.
fn visit(world: &mut World, hours: usize, items: &[Item]) {
    world.now = format!("2026-03-0{}T{:02}:00:00Z", 1 + (12 + hours) / 24, (12 + hours) % 24);
    world.feed(HOST, document(items));
    // Whatever the source's cadence.
    let summary = world.succeed(["--json", "fetch", "--force"]).out;
    assert_eq!(entries(&summary, "new"), 0, "{summary}");
    assert!(summary.contains("\"fresh\":1") || summary.contains("\"unchanged\":1"), "{summary}");
}

/// Visits the source every two hours, each time after `change` has changed the first items; no byte of the output may change.
fn assert_no_byte_changes(first: &[Item], change: impl Fn(&mut Item, usize)) {
    let mut world = world(first);
    let (before, revisions) = (world.files(), revisions(&world));
    for number in 1..=4 {
        let mut items = first.to_vec();
        for item in &mut items {
            change(item, number);
        }
        visit(&mut world, 2 * number, &items);
        assert!(world.files() == before, "visit {number}: {}", world.published("mali.json"));
        assert_eq!(self::revisions(&world), revisions, "visit {number}");
    }
}

fn revisions(world: &World) -> usize {
    world.dump().lines().filter(|line| line.contains("\"kind\":\"revision\"")).count()
}

/// Returns the guids of the published items with what tells that an item is as it was, by guid.
fn states(world: &World) -> Vec<[String; 5]> {
    let state = |item: &Value| {
        let fact = |name: &str| item[name].to_string();
        let first = item["_griot"]["first_published"].to_string();
        [fact("id"), fact("title"), fact("date_published"), fact("date_modified"), first]
    };
    let mut states: Vec<_> = world.items("mali").iter().map(state).collect();
    states.sort();
    states
}

/// Visits the source, after `change` has changed all items; of what is published only links, and how texts are set, may change.
fn assert_only_links_change(change: impl Fn(&mut Item), expected: &str) {
    let first = items();
    let mut world = world(&first);
    let before = states(&world);
    let mut moved = first.clone();
    moved.iter_mut().for_each(change);
    for hours in [2, 4] {
        visit(&mut world, hours, &moved);
        assert_eq!(states(&world), before);
        let links: BTreeSet<String> = world.items("mali").iter().map(|item| item["url"].to_string()).collect();
        assert!(
            links.len() == first.len() && links.iter().all(|link| link.contains(expected)),
            "{links:?}"
        );
        assert_eq!(revisions(&world), 0);
    }
    // Back again: the former keys are still known.
    visit(&mut world, 6, &first);
    assert_eq!(states(&world), before);
}

#[test]
fn guids_that_change_at_every_fetch() {
    assert_no_byte_changes(&items(), |item, number| {
        item.guid = Some(format!("{}#{number}", item.link));
    });
    // Where the link is the same for all, only the texts are left.
    let mut first = items();
    for item in &mut first {
        item.link = format!("http://{HOST}/");
    }
    assert_no_byte_changes(&first, |item, number| {
        item.guid = Some(format!("{number}-{}", item.title.len()));
    });
}

#[test]
fn guids_that_change_for_weeks() {
    // Neither text nor date: the link alone tells that it is the same, and has to outlast the bound on the keys of an entry.
    let mut first = items();
    for item in &mut first {
        item.date = None;
        item.body = String::new();
        item.title.push_str(", Mali");
    }
    let mut world = world(&first);
    let before = states(&world);
    for number in 1..=40 {
        for item in &mut first {
            item.guid = Some(format!("{}#{number}", item.link));
        }
        visit(&mut world, number, &first);
        assert_eq!(states(&world), before, "visit {number}");
    }
}

#[test]
fn a_move_to_https_and_to_another_alias_of_the_host() {
    let moved = |to: &str| {
        let to = format!("{to}/");
        move |item: &mut Item| {
            let from = format!("http://{HOST}/");
            item.link = item.link.replace(&from, &to);
            item.guid = item.guid.as_ref().map(|guid| guid.replace(&from, &to));
        }
    };
    assert_only_links_change(moved("https://aube.example"), "https://aube.example/?p=");
    assert_only_links_change(moved("https://www.aube.example"), "https://www.aube.example/?p=");
    // Without a text, the canonical link alone tells that it is the same.
    let mut first = items();
    for item in &mut first {
        item.date = None;
        item.body = String::new();
        item.title.push_str(", Mali");
    }
    let mut world = world(&first);
    let before = states(&world);
    first.iter_mut().for_each(moved("https://www.aube.example"));
    visit(&mut world, 2, &first);
    assert_eq!(states(&world), before);
}

#[test]
fn another_publishing_system() {
    assert_only_links_change(
        |item| {
            let slug = item.title.to_lowercase().replace([' ', '\''], "-");
            item.link = format!("https://{HOST}/2026/11/{slug}/");
            item.guid = Some(format!("urn:uuid:{slug}"));
            // It writes the same text and the same moment in other forms.
            item.body = item
                .body
                .replace("<p>", "<div class=\"texte\">\n")
                .replace("</p>", "</div>")
                .replace('\'', "’");
            item.date = Some("Sun, 01 Mar 2026 10:00:00 +0100");
        },
        "/2026/11/",
    );
}

#[test]
fn signed_addresses_of_images_and_enclosures() {
    let signed = |item: &mut Item, number: usize| {
        let image = format!(
            "https://cdn.example/image?id={}&Expires={number}&Signature={number}x",
            item.title.len()
        );
        item.body = item.body.replacen("<p>", &format!("<p><img src=\"{image}\">"), 1);
        item.more = format!(
            "<enclosure url=\"https://cdn.example/son?id={}&X-Amz-Date=2026{number}&X-Amz-Signature={number}\" type=\"audio/mpeg\" length=\"5\"/>",
            item.title.len()
        );
    };
    let mut first = items();
    for item in &mut first {
        signed(item, 0);
    }
    assert_no_byte_changes(&first, |item, number| {
        *item = items().into_iter().find(|one| one.title == item.title).expect("an item");
        signed(item, number);
    });
}

#[test]
fn new_tracking_parameters_on_every_link() {
    for guids in [true, false] {
        let mut first = items();
        for item in &mut first {
            item.guid = item.guid.take().filter(|_| guids);
        }
        assert_no_byte_changes(&first, |item, number| {
            write!(item.link, "&utm_source=rss&utm_campaign=c{number}&fbclid={number}").expect("a string takes all");
            item.guid = item.guid.as_ref().map(|_| item.link.replace('&', "&amp;"));
        });
    }
}

#[test]
fn link_and_guid_in_turn() {
    let first = items();
    let mut world = world(&first);
    let before = states(&world);
    let mut items = first.clone();
    for (hours, changes_guid) in [(2, true), (4, false), (6, true), (8, false), (10, true)] {
        for item in &mut items {
            if changes_guid {
                item.guid = Some(format!("{hours}:{}", item.title));
            } else {
                item.link = format!("http://{HOST}/{hours}/{}", item.title.len());
            }
            // So that the text does not help.
            item.body.push_str("<p>Lire aussi.</p>");
        }
        visit(&mut world, hours, &items);
        let guids = |states: &[[String; 5]]| states.iter().map(|state| state[0].clone()).collect::<Vec<_>>();
        assert_eq!(guids(&states(&world)), guids(&before));
    }
}

#[test]
fn a_document_in_another_order_and_cut_off() {
    let first = items();
    let mut world = world(&first);
    let before = world.files();
    let mut turned = first.clone();
    turned.reverse();
    for (hours, items) in [(2, &turned[..]), (4, &turned[..2]), (6, &first[..1]), (8, &first[..])] {
        visit(&mut world, hours, items);
        assert!(world.files() == before, "{hours}");
    }
    // A transfer that ends within an item.
    let whole = document(&turned);
    world.now = "2026-03-01T22:00:00Z".to_owned();
    world.feed(HOST, &whole[..whole.find("<title>Quarante").expect("an item") + 9]);
    let summary = world.succeed(["--json", "fetch", "--force"]).out;
    assert_eq!(entries(&summary, "new"), 0, "{summary}");
    assert!(world.files() == before);
}

#[test]
fn a_cosmetic_edit_is_silent() {
    let cosmetic: [(&str, Edit); 6] = [
        ("white space", |item| {
            item.body = item.body.replace(' ', "\n  ");
            item.title = format!(" {} ", item.title.replace(' ', "  "));
        }),
        ("entities", |item| {
            item.body = item.body.replace('é', "&eacute;").replace('\'', "&#8217;");
        }),
        ("quotes and dashes", |item| {
            item.body = item.body.replace('\'', "’").replace(" : ", "\u{a0}: ");
            item.title = item.title.replace('\'', "’");
        }),
        ("markup", |item| {
            item.body = item
                .body
                .replace("<p>", "<div><p class=\"x\"><span>")
                .replace("</p>", "</span></p></div>");
        }),
        ("a byte order mark and soft hyphens", |item| {
            item.body = format!("\u{feff}{}", item.body.replace("moteurs", "mo\u{ad}teurs"));
        }),
        ("letters and accents apart", |item| {
            item.body = item.body.replace('é', "e\u{301}");
        }),
    ];
    for (name, edit) in cosmetic {
        eprintln!("{name}");
        assert_no_byte_changes(&items(), |item, _| edit(item));
    }
}

#[test]
fn a_moved_image_is_taken_over_and_sets_no_updated() {
    let mut first = items();
    first[0].body =
        FERRY.replacen("<p>", "<p><img src=\"https://cdn.example/i.jpg\">", 1) + "<p><img src=\"https://cdn.example/j.jpg\">Le port.</p>";
    let mut world = world(&first);
    let before = states(&world);
    first[0].body =
        FERRY.replacen("<p>", "<p><img src=\"https://cdn.example/j.jpg\">", 1) + "<p><img src=\"https://cdn.example/i.jpg\">Le port.</p>";
    // What is set in another way comes along, and is no correction either.
    first[0].body = first[0].body.replace('\'', "’");
    visit(&mut world, 2, &first);
    assert_eq!((states(&world), revisions(&world)), (before, 0));
    let body = world.published("mali.xml");
    assert!(body.find("cdn.example/j.jpg") < body.find("cdn.example/i.jpg"), "{body}");
    assert!(body.contains("d’arrêt"), "{body}");
}

#[test]
fn a_real_edit_is_a_revision_and_moves_updated() {
    let edits: [Edit; 4] = [
        |item| item.title.push_str(" mardi"),
        |item| item.body = item.body.replace("onze semaines", "douze semaines"),
        |item| item.body = item.body.replace("deux cents", "200"),
        |item| item.body = item.body.replace("Deux moteurs", "deux Moteurs"),
    ];
    for edit in edits {
        let mut items = items();
        let mut world = world(&items);
        let before = states(&world);
        edit(&mut items[0]);
        visit(&mut world, 2, &items);
        let after = states(&world);
        assert_eq!(revisions(&world), 1);
        let changed: Vec<_> = before.iter().zip(&after).filter(|(one, other)| one != other).collect();
        assert_eq!(changed.len(), 1);
        let ([guid, _, date, _, first], other) = changed[0];
        let modified = "\"2026-03-01T14:00:00Z\"".to_owned();
        assert_eq!((guid, date, &modified, first), (&other[0], &other[2], &other[3], &other[4]));
    }
}
