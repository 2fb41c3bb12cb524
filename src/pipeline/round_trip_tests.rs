//! Round trip: the parser gets the items back from the feeds of each format.

use crate::config::PageLanguage;
use crate::model::{Author, EntryId, SourceId, Timestamp, TopicId};
use crate::parse::{Document, ParsedFeed, parse};
use crate::publish::{Item, Outlet, SiteInfo, TopicFeed, render_topic, to_plain_text};
use proptest::prelude::*;
use url::Url;

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// What is arbitrary about an item.
#[derive(Debug, Clone)]
struct Told {
    title: String,
    path: String,
    author: String,
    category: String,
    summary: String,
    published: Option<i64>,
    seen: i64,
    published_by_us: i64,
}

fn told() -> impl Strategy<Value = Told> {
    // Any text, and texts of what formats stumble over.
    let text = || {
        prop_oneof![
            any::<String>(),
            // The end of a CDATA section alone is no title to the reader.
            "[<>&;\"'\\]\\[!a-zé ]{1,40}x",
            "(&amp;|&#38;|&lt;b&gt;|<b>|\\]\\]>|<!--|<!\\[CDATA\\[|نص عربي|\u{1}|\u{85}|\u{2028}| ){1,6}x",
        ]
    };
    // An author's name may not look like a mail address: RSS's own form is `mail (name)`.
    let moment = 1_600_000_000_i64..1_900_000_000;
    let dates = (proptest::option::of(0_i64..1_900_000_000), moment.clone(), moment);
    (
        text(),
        "[a-zA-Z0-9 é/ع~_.,:;=+@-]{0,20}",
        "[\\p{L} '&<.-]{0,20}",
        text(),
        text(),
        dates,
    )
        .prop_map(|(title, path, author, category, summary, dates)| Told {
            title,
            path,
            author,
            category,
            summary,
            published: dates.0,
            seen: dates.1,
            published_by_us: dates.2,
        })
}

fn item(number: usize, told: &Told) -> Item {
    let mut link = url("https://aube.example/");
    link.set_path(&format!("{number}/{}", told.path));
    let moment = Timestamp::from_unix(told.published_by_us);
    let guid = format!("tag:feeds.example.org,2026-03-01:{number:032x}");
    let story = EntryId::from_bytes([1; 16]).into();
    Item {
        link: Some(link),
        summary: told.summary.clone(),
        authors: vec![Author {
            name: told.author.clone(),
            email: None,
        }],
        language: Some("fr".to_owned()),
        categories: vec![told.category.clone()],
        published: told.published.map(Timestamp::from_unix),
        first_seen: Timestamp::from_unix(told.seen),
        ..Item::new(guid, story, told.title.clone(), outlet(), moment)
    }
}

fn outlet() -> Outlet {
    Outlet {
        id: SourceId::new("aube").expect("a slug"),
        name: "L'Aube & Cie".to_owned(),
        feed: Some(url("https://aube.example/feed")),
        site: None,
        language: None,
        country: None,
        kind: None,
        note: None,
    }
}

/// Publishes items, and reads them back from RSS, Atom and JSON Feed.
fn read_back(title: &str, items: Vec<Item>) -> Vec<(String, ParsedFeed)> {
    let site = SiteInfo {
        title: title.to_owned(),
        base_url: Some(url("https://feeds.example.org/")),
        language: PageLanguage::Fr,
        timezone: "UTC".to_owned(),
        contact: None,
        has_story_pages: true,
        has_search: false,
    };
    let topic = TopicFeed {
        id: TopicId::new("mali").expect("a slug"),
        title: title.to_owned(),
        description: None,
        language: "fr".to_owned(),
        items,
        deleted: Vec::new(),
        sources: vec![outlet()],
        lite: false,
        archive: crate::publish::ArchiveLinks::default(),
        hub: None,
    };
    let files = render_topic(&site, &topic).into_iter();
    let feeds = files.filter(|file| [".xml", ".json"].iter().any(|ending| file.name.ends_with(ending)));
    feeds
        .map(|file| {
            let document = Document {
                bytes: &file.bytes,
                ..Document::default()
            };
            (file.name, parse(&document).expect("a feed"))
        })
        .collect()
}

/// White space is folded, and an empty text is none.
fn words(text: &str) -> Vec<String> {
    Some(to_plain_text(text)).filter(|text| !text.is_empty()).into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_format_gives_titles_links_guids_and_dates_back(told in proptest::collection::vec(told(), 1..4), name in "\\PC{0,20}é") {
        let items: Vec<Item> = told.iter().enumerate().map(|(number, told)| item(number, told)).collect();
        let feeds = read_back(&name, items.clone());
        prop_assert_eq!(feeds.len(), 3);
        for (file, feed) in feeds {
            prop_assert!(feed.problems.is_empty(), "{}: {:?}", file, feed.problems);
            prop_assert_eq!(&feed.meta.title, &to_plain_text(&name), "{}", &file);
            prop_assert_eq!(feed.entries.len(), items.len(), "{}", &file);
            for ((draft, item), told) in feed.entries.iter().zip(&items).zip(&told) {
                prop_assert_eq!(draft.guid.as_deref(), Some(item.guid.as_str()), "{}", &file);
                prop_assert_eq!(&draft.link, &item.link, "{}", &file);
                if let [title] = &words(&told.title)[..] {
                    prop_assert_eq!(&draft.title, title, "{}", &file);
                }
                prop_assert!(!draft.title.is_empty());
                // Dates before 1990 are replaced, and none is later than `first_published`.
                let given = told.published.filter(|at| *at >= 631_152_000).unwrap_or(told.seen);
                let date = Timestamp::from_unix(given.min(told.published_by_us));
                prop_assert_eq!(draft.published, Some(date), "{}", &file);
                let authors: Vec<String> = draft.authors.iter().map(|author| author.name.clone()).collect();
                // Atom and JSON Feed name an author for every entry: where there is none it is the outlet.
                let nobody = file != "mali.xml" && words(&told.author).is_empty();
                prop_assert_eq!(authors, if nobody { words(&item.outlet.name) } else { words(&told.author) }, "{}", &file);
                let terms: Vec<String> = draft.categories.iter().map(|category| category.term.clone()).collect();
                prop_assert_eq!(terms, words(&told.category), "{}", &file);
            }
        }
    }
}

#[test]
fn two_renderings_are_the_same_bytes() {
    let told = Told {
        title: "Le bac".to_owned(),
        path: "bac".to_owned(),
        author: "Awa".to_owned(),
        category: "Mali".to_owned(),
        summary: String::new(),
        published: None,
        seen: 1_700_000_000,
        published_by_us: 1_700_000_000,
    };
    let [one, other] = [read_back("Mali", vec![item(1, &told)]), read_back("Mali", vec![item(1, &told)])];
    assert!(one == other);
}
