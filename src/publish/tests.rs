//! Tests of the whole module: what each file holds, and what none may hold.

use super::fixture::{arabic, bare, empty, full, site, standings, summary, time, topic, url, write};
use super::*;
use crate::config::PageLanguage::{Ar, En, Fr};
use crate::html::clean::text_to_html;
use crate::model::{Author, Reason};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

fn file(files: &[RenderedFile], name: &str) -> String {
    let file = files.iter().find(|file| file.name == name).expect("the file is made");
    String::from_utf8(file.bytes.clone()).expect("UTF-8")
}

fn one(item: Item) -> TopicFeed {
    TopicFeed {
        items: vec![item],
        ..topic()
    }
}

#[test]
fn feeds_match_their_snapshots() {
    let files = render_topic(&site(Fr), &topic());
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "sahel-politics.xml",
            "sahel-politics.atom.xml",
            "sahel-politics.json",
            "sahel-politics.html",
            "sahel-politics.opml",
            "sahel-politics.lite.xml"
        ]
    );
    insta::assert_snapshot!("lite", file(&files, "sahel-politics.lite.xml"));
    insta::assert_snapshot!("rss", file(&files, "sahel-politics.xml"));
    insta::assert_snapshot!("atom", file(&files, "sahel-politics.atom.xml"));
    insta::assert_snapshot!("opml", file(&files, "sahel-politics.opml"));
    let json: serde_json::Value = serde_json::from_str(&file(&files, "sahel-politics.json")).expect("JSON");
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&json).expect("JSON"));
}

#[test]
fn pages_match_their_snapshots() {
    insta::assert_snapshot!("page", file(&render_topic(&site(Ar), &topic()), "sahel-politics.html"));
    let topics = [summary(&topic()), summary(&empty())];
    let index = render_index(&site(En), &topics, &standings(&topic()));
    insta::assert_snapshot!("index", file(&index, "index.html"));
    insta::assert_snapshot!("index_opml", file(&index, "index.opml"));
    let french = render_index(&site(Fr), &topics, &standings(&topic()));
    insta::assert_snapshot!("about", file(&french, "about.html"));
    insta::assert_snapshot!("region", file(&french, "region.html"));
    assert!(file(&index, "feed.css").contains("prefers-color-scheme:dark"));
}

#[test]
fn every_file_is_known_as_written_by_griot() {
    let folder = tempfile::tempdir().expect("a folder");
    let rendered = |topic: &TopicFeed, language| {
        let mut files = render_topic(&site(language), topic);
        files.extend(render_index(&site(language), &[summary(topic)], &standings(topic)));
        files
    };
    write(folder.path(), "db-1", &rendered(&topic(), Fr)).expect("written");
    std::fs::remove_file(folder.path().join(".griot-manifest.json")).expect("removed");
    std::fs::write(folder.path().join("feed.css"), "/* of a former version */").expect("a file");
    let changed = TopicFeed {
        title: "Another".to_owned(),
        ..topic()
    };
    let adopted = write(folder.path(), "db-2", &rendered(&changed, En)).expect("adopted");
    assert_eq!(adopted.changed.len(), 11, "{adopted:?}");
}

#[test]
fn an_empty_topic_holds_no_time_of_the_run() {
    let files = render_topic(&site(En), &empty());
    assert!(!file(&files, "vide.xml").contains("lastBuildDate"));
    assert!(file(&files, "vide.atom.xml").contains("<updated>1990-01-01T00:00:00Z</updated>"));
    assert!(file(&files, "vide.json").contains("\"items\":[]"));
    assert!(file(&files, "vide.html").contains("Nothing yet."));
    // OPML 2.0 requires at least one outline.
    assert!(file(&files, "vide.opml").contains("<outline text=\"Vide\"/>"));
}

#[test]
fn the_date_is_the_publishers_and_at_most_first_published() {
    let founded = time("2026-03-01T12:00:00Z");
    for (published, rendered) in [
        (None, founded),
        (Some("2026-02-28T08:00:00Z"), time("2026-02-28T08:00:00Z")),
        (Some("2031-01-01T00:00:00Z"), founded),
        (Some("1970-01-01T00:00:00Z"), founded),
    ] {
        let item = Item {
            published: published.map(time),
            ..bare(1)
        };
        let files = render_topic(&site(En), &one(item));
        let rss = format!("<pubDate>{}</pubDate>", rendered.http_date());
        assert!(file(&files, "sahel-politics.xml").contains(&rss), "{published:?}");
        let atom = format!("<published>{}</published>", rendered.rfc3339());
        assert!(file(&files, "sahel-politics.atom.xml").contains(&atom), "{published:?}");
    }
}

#[test]
fn the_feed_is_as_new_as_its_newest_change() {
    let rss = file(&render_topic(&site(En), &topic()), "sahel-politics.xml");
    assert!(rss.contains("<lastBuildDate>Mon, 02 Mar 2026 08:00:00 GMT</lastBuildDate>"));
}

#[test]
fn entries_that_changed_in_one_second_still_differ() {
    // Among so many, some have the same fraction at first.
    let topic = numbered(4000, "");
    let atom = file(&render_topic(&site(En), &topic), "sahel-politics.atom.xml");
    let moments: std::collections::HashSet<&str> = atom.split("<updated>2026-03-01T12:00:00.").skip(1).map(|rest| &rest[..7]).collect();
    assert_eq!(moments.len(), 4000, "each entry has its own; the feed's is one of them");
}

/// Returns a topic with so many items whose titles end with `title`.
fn numbered(count: u32, body: &str) -> TopicFeed {
    let item = |number: u32| Item {
        guid: format!("tag:feeds.example.org,2026-03-01:{number:032x}"),
        title: format!("Crue {number}"),
        body: Some(text_to_html(body)),
        ..bare(1)
    };
    TopicFeed {
        items: (0..count).map(item).collect(),
        ..topic()
    }
}

#[test]
fn a_feed_of_very_many_items_is_cut_in_all_formats_alike() {
    let files = render_topic(&site(En), &numbered(1200, &"mot ".repeat(1000)));
    for file in &files {
        assert!(file.bytes.len() <= MAX_FILE_BYTES, "{}: {}", file.name, file.bytes.len());
    }
    let count = |name: &str, mark: &str| file(&files, name).matches(mark).count();
    let items = count("sahel-politics.xml", "<item>");
    assert!((300..1000).contains(&items), "{items}");
    assert_eq!(count("sahel-politics.atom.xml", "<entry>"), items);
    assert_eq!(count("sahel-politics.json", "\"date_published\""), items);
}

#[test]
fn an_item_with_endless_texts_takes_no_room_from_others() {
    let endless = "mot ".repeat(300_000);
    let mut feed = numbered(30, "mot ");
    let one = Item {
        title: endless.clone(),
        licence: Some(endless.clone()),
        authors: (0..2500)
            .map(|number| Author {
                name: format!("{number} {}", &endless[..500]),
                email: None,
            })
            .collect(),
        categories: (0..2500).map(|number| format!("{number} {}", &endless[..500])).collect(),
        also: vec![Report {
            title: endless.clone(),
            outlet: endless.clone(),
            ..full().also[0].clone()
        }],
        reasons: vec![Reason {
            clause: endless.clone(),
            field: "title".to_owned(),
            words: endless,
            positions: Vec::new(),
        }],
        ..bare(0)
    };
    feed.lite = true;
    feed.items.splice(
        0..0,
        (0..8).map(|number| Item {
            guid: format!("tag:feeds.example.org,2026-03-01:{number}"),
            ..one.clone()
        }),
    );
    for file in render_topic(&site(En), &feed) {
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        let items = ["<item>", "<entry>", "date_published", "<article"]
            .iter()
            .map(|mark| text.matches(mark).count())
            .sum::<usize>();
        assert!(items == 38 || file.name.contains(".opml"), "{}: {items}", file.name);
        assert!(text.len() < 400_000, "{}: {}", file.name, text.len());
    }
}

#[test]
fn an_item_without_a_title_takes_it_from_its_summary_or_outlet() {
    let title = |item: Item| {
        let rss = file(&render_topic(&site(En), &one(item)), "sahel-politics.xml");
        let start = rss.find("<item><title>").expect("an item") + "<item><title>".len();
        rss[start..].split_once('<').expect("an end").0.to_owned()
    };
    let mute = Item {
        title: "\u{0} ".to_owned(),
        ..bare(1)
    };
    assert_eq!(title(mute.clone()), "Le Muet");
    let outlet = Outlet {
        name: String::new(),
        ..mute.outlet.clone()
    };
    assert_eq!(title(Item { outlet, ..mute.clone() }), "muet");
    let summary = "Un résumé".to_owned();
    assert_eq!(title(Item { summary, ..mute }), "Un résumé");
}

#[test]
fn text_that_may_not_be_republished_is_absent() {
    let secret = Item {
        link: Some(url("https://reader:word@sahel.example/1")),
        body: None,
        summary: "Le résumé".to_owned(),
        authors: vec![Author {
            name: "Awa".to_owned(),
            email: Some("awa@sahel.example".to_owned()),
        }],
        ..full()
    };
    for file in render_topic(&site(En), &one(secret)) {
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        assert!(!text.contains("reader:word") && !text.contains("awa@"), "{}", file.name);
        assert!(file.name == "sahel-politics.opml" || text.contains("Le résumé"), "{}", file.name);
    }
}

#[test]
fn the_credit_line_is_in_the_language_of_the_site() {
    for (language, credit, tag) in [
        (En, "Source: <a href=\"https://sahara.example/\">", "lang=\"en\" dir=\"ltr\""),
        (Fr, "Source\u{a0}: <a href=\"https://sahara.example/\">", "lang=\"fr\" dir=\"ltr\""),
        (Ar, "المصدر: <a href=\"https://sahara.example/\">", "lang=\"ar\" dir=\"rtl\""),
    ] {
        let rss = file(&render_topic(&site(language), &one(arabic())), "sahel-politics.xml");
        assert!(rss.contains(credit) && rss.contains(tag), "{credit}");
        assert!(
            rss.contains("<div lang=\"ar-NE\" dir=\"rtl\"><p>"),
            "the body keeps its own direction"
        );
    }
}

#[test]
fn without_a_base_url_urls_point_to_localhost() {
    let site = SiteInfo {
        base_url: None,
        ..site(En)
    };
    let files = render_topic(&site, &topic());
    assert!(file(&files, "sahel-politics.xml").contains("href=\"http://localhost:8080/sahel-politics.xml\" rel=\"self\""));
    assert!(file(&files, "sahel-politics.json").contains("\"feed_url\":\"http://localhost:8080/sahel-politics.json\""));
}

#[test]
fn a_topic_without_a_title_takes_its_id() {
    let nameless = TopicFeed {
        title: "\u{0}".to_owned(),
        ..empty()
    };
    let files = render_topic(&site(En), &nameless);
    assert!(file(&files, "vide.xml").contains("<title>vide</title>"));
    assert!(file(&files, "vide.atom.xml").contains("<title>vide</title>"));
    assert!(file(&files, "vide.json").contains("\"title\":\"vide\""));
    let index = render_index(&site(En), &[summary(&nameless)], &[]);
    assert!(file(&index, "index.opml").contains("text=\"vide\""));
    assert!(file(&index, "index.html").contains("<bdi>vide</bdi>"));
}

#[test]
fn an_enclosure_always_has_a_type_and_a_length() {
    let item = |mime: Option<&str>, address: &str| Item {
        enclosure: Some(crate::model::Enclosure {
            url: url(address),
            mime: mime.map(str::to_owned),
            length: None,
        }),
        ..bare(1)
    };
    for (mime, address, said) in [
        (Some("Audio/OGG; codecs=opus"), "https://a.example/x", "audio/ogg"),
        (Some("<b>"), "https://a.example/x.MP3?y=1", "audio/mpeg"),
        (Some("audio/"), "https://a.example/x.jpeg", "image/jpeg"),
        (None, "https://a.example/v1.0/x", "application/octet-stream"),
    ] {
        let files = render_topic(&site(En), &one(item(mime, address)));
        assert!(
            file(&files, "sahel-politics.xml").contains(&format!("length=\"0\" type=\"{said}\"")),
            "{said}"
        );
        assert!(
            file(&files, "sahel-politics.json").contains(&format!("\"mime_type\":\"{said}\"}}")),
            "{said}"
        );
    }
    let files = render_topic(&site(En), &one(item(None, "ftp://a.example/x.mp3")));
    assert!(!file(&files, "sahel-politics.xml").contains("<enclosure"));
}

#[test]
fn a_picture_is_shown_once() {
    let page = |item: Item| file(&render_topic(&site(En), &one(item)), "sahel-politics.html");
    assert_eq!(page(full()).matches("<img").count(), 1, "the body shows it");
    let bodiless = Item { body: None, ..full() };
    assert_eq!(page(bodiless).matches("<img").count(), 1, "the page shows it");
}

#[test]
fn every_file_has_its_media_type() {
    for (name, kind) in [
        ("x.xml", "application/rss+xml"),
        ("x.atom.xml", "application/atom+xml"),
        ("x.json", "application/feed+json"),
        ("x.html", "text/html"),
        ("x.opml", "text/x-opml"),
        ("feed.css", "text/css"),
        ("icon.png", "image/png"),
        ("x", "application/octet-stream"),
    ] {
        assert_eq!(media_type(name).split(';').next(), Some(kind), "{name}");
    }
}

/// Returns whether `xml` is well-formed as far as quick-xml can tell, with no character that XML 1.0 forbids.
fn is_well_formed(xml: &str) -> bool {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    reader.config_mut().allow_dangling_amp = false;
    let mut depth = 0_i64;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) if element.attributes().all(|attribute| attribute.is_ok()) => depth += 1,
            Ok(Event::Empty(element)) if element.attributes().all(|attribute| attribute.is_ok()) => {}
            Ok(Event::Start(_) | Event::Empty(_)) | Err(_) => return false,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
        }
    }
}

#[test]
fn malformed_xml_is_found() {
    assert!(is_well_formed("<a b=\"&lt;\">&#x26;<c/></a>"));
    for bad in ["<a>", "<a></b>", "<a b=c></a>", "<a b='1' b='2'/>", "<a>& b</a>", "</a>"] {
        assert!(!is_well_formed(bad), "{bad}");
    }
}

fn controls(text: &str) -> bool {
    text.chars()
        .any(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// Puts `text` into every field that holds text from outside.
fn hostile(text: &str) -> TopicFeed {
    let mut topic = topic();
    topic.title = text.to_owned();
    topic.description = Some(text.to_owned());
    for outlet in &mut topic.sources {
        outlet.name = text.to_owned();
        outlet.language = Some(text.to_owned());
    }
    for item in &mut topic.items {
        item.title = text.to_owned();
        item.summary = text.to_owned();
        item.outlet.name = text.to_owned();
        item.language = Some(text.to_owned());
        item.categories = vec![text.to_owned(); 2];
        item.note = Some(text.to_owned());
        item.authors = vec![Author {
            name: text.to_owned(),
            email: None,
        }];
        item.body = Some(text_to_html(text));
        for report in item.also.iter_mut().chain(&mut item.earlier) {
            report.outlet = text.to_owned();
            report.title = text.to_owned();
        }
        for reason in &mut item.reasons {
            reason.words = text.to_owned();
        }
        if let Some(enclosure) = &mut item.enclosure {
            enclosure.mime = Some(text.to_owned());
        }
    }
    topic
}

fn is_sound(site: &SiteInfo, topic: &TopicFeed) -> Result<(), String> {
    let mut files = render_topic(site, topic);
    files.extend(render_index(site, &[summary(topic)], &standings(topic)));
    for file in files.into_iter().filter(|file| file.name != super::pages::ICON_NAME) {
        let text = String::from_utf8(file.bytes).map_err(|error| error.to_string())?;
        let sound = match file.name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("json") => serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            Some("xml" | "opml") => is_well_formed(&text),
            _ => true,
        };
        if !sound || controls(&text) {
            return Err(format!("{} is not sound: {text}", file.name));
        }
    }
    Ok(())
}

#[test]
fn payloads_are_inert_in_every_file() {
    for payload in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "]]><script>alert(1)</script><![CDATA[",
        "</title><script>alert(1)</script>",
        "'-->\u{0}<\u{0}script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script>",
    ] {
        let topic = hostile(payload);
        assert_eq!(is_sound(&site(En), &topic), Ok(()));
        for file in render_topic(&site(En), &topic) {
            let text = String::from_utf8(file.bytes).expect("UTF-8");
            // What a page is, for programs: data, which no browser runs.
            let text = text.replacen("<script type=\"application/ld+json\">{", "", 1);
            for live in ["<script", "<img src=x", "&lt;script>", "&#60;script>", "&#x3C;script"] {
                assert!(!text.contains(live), "{payload} in {}: {text}", file.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_breaks_a_file(text in any::<String>()) {
        prop_assert_eq!(is_sound(&site(Fr), &hostile(&text)), Ok(()));
    }

    #[test]
    fn no_markup_breaks_a_file(text in "[<>&\\]\\[!;#x0-9a-z\"'/ \u{0}-\u{1f}\u{80}-\u{9f}\u{fffe}\u{202e}é🦁-]{0,60}") {
        prop_assert_eq!(is_sound(&site(Ar), &hostile(&text)), Ok(()));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes(text in any::<String>()) {
        let topic = hostile(&text);
        prop_assert_eq!(render_topic(&site(En), &topic), render_topic(&site(En), &topic.clone()));
    }
}
