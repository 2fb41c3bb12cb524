//! What the pages of topics and of the whole site show, and how large they are.

use super::super::fixture::{arabic, bare, full, outlet, site, standings, summary, time, topic};
use super::super::{Headline, Item, SiteInfo, SourceStanding, TopicFeed, TopicSummary, render_index, render_topic};
use super::STYLE_SHEET;
use crate::config::PageLanguage::{Ar, En, Fr};
use crate::model::{About, StoryId, TopicId};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use sha2::{Digest as _, Sha256};

fn page_of(site: &SiteInfo, topic: &TopicFeed) -> String {
    let name = format!("{}.html", topic.id);
    let file = render_topic(site, topic).into_iter().find(|file| file.name == name);
    String::from_utf8(file.expect("a page").bytes).expect("UTF-8")
}

fn site_page(topics: &[TopicSummary], name: &str) -> String {
    let file = render_index(&site(En), topics, &standings(&topic()))
        .into_iter()
        .find(|file| file.name == name);
    String::from_utf8(file.expect("a page").bytes).expect("UTF-8")
}

/// Returns a story of this number.
fn story(number: u8) -> Item {
    Item {
        story: StoryId::from_bytes([number; 16]),
        title: format!("Nouvelle {number} du Mali"),
        ..bare(u32::from(number))
    }
}

fn of_items(id: &str, items: Vec<Item>) -> TopicFeed {
    TopicFeed {
        id: TopicId::new(id).expect("a slug"),
        items,
        ..topic()
    }
}

/// Returns the text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect(start);
    rest.split_once(end).expect(end).0
}

#[test]
fn sixty_long_stories_fit_and_the_newest_are_told_in_more_detail() {
    let long = "Le gouvernement de transition a présenté mercredi à Bamako son programme pour les régions du nord. ".repeat(4);
    let items: Vec<Item> = (1..=70)
        .map(|number| Item {
            title: format!("Story {number}: {}", &long[..90]),
            summary: format!("{number} {long}"),
            guid: format!("tag:feeds.example.org,2026-03-01:{number:032x}"),
            story: StoryId::from_bytes([number; 16]),
            note: None,
            agency: None,
            about: About::decode("ML:1"),
            ..full()
        })
        .collect();
    for language in [En, Fr, Ar] {
        let page = page_of(&site(language), &of_items("mali", items.clone()));
        let size = page.len() + STYLE_SHEET.len();
        assert!(size <= 50_000, "{size} bytes");
        assert_eq!(page.matches("<article id=").count(), 60);
        assert!(page.contains("<a href=\"mali.xml\">+ 10</a>"), "the others are in the feed");
        let articles: Vec<&str> = page.split("<article id=").skip(1).collect();
        let (newest, older) = (articles[0], articles[58]);
        assert!(newest.len() > older.len() + 100, "{newest} {older}");
        assert!(older.contains("story/") && older.contains("Story 59:"));
    }
    let address = format!("https://sahel.example/{}", "mot-".repeat(400));
    let far: Vec<Item> = (items.into_iter())
        .map(|item| Item {
            link: address.parse().ok(),
            ..item
        })
        .collect();
    let page = page_of(&site(Fr), &of_items("mali", far));
    let shown = page.matches("<article id=").count();
    assert!(
        page.len() + STYLE_SHEET.len() <= 50_000 && (10..30).contains(&shown),
        "{shown} of {} bytes",
        page.len()
    );
    assert!(page.contains(&format!("+ {}</a>", 70 - shown)));
}

#[test]
fn the_style_sheet_of_filters_is_the_one_that_the_policy_allows() {
    let page = page_of(&site(Fr), &topic());
    let style = between(&page, "<style>", "</style>");
    let hash = format!("'sha256-{}'", BASE64.encode(Sha256::digest(style.as_bytes())));
    assert!(between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"").contains(&hash));
    for (anchor, label) in [("c-ML", "Mali"), ("l-ar", "arabe"), ("o-muet", "Le Muet")] {
        assert!(page.contains(&format!("<a href=\"#{anchor}\">{label} <small>")), "{anchor}: {page}");
        assert!(page.contains(&format!("<i id=\"{anchor}\"></i>")), "{anchor}");
        assert!(style.contains(&format!("#{anchor}:target~.day>article:not(.{anchor})")), "{anchor}");
    }
    assert!(page.contains("class=\"c-ML c-NE l-fr o-autre o-sahel\""), "{page}");
    let dotted = Item {
        outlet: outlet("le.fleuve", "Le Fleuve"),
        ..bare(3)
    };
    let page = page_of(&site(Fr), &of_items("mali", vec![bare(1), dotted]));
    let style = between(&page, "<style>", "</style>");
    assert!(style.contains("#o-le\\.fleuve:target~.day>article:not(.o-le\\.fleuve)"), "{style}");
    assert!(style.contains("[href=\"#o-le.fleuve\"]") && page.contains("class=\"o-le.fleuve\""));
    let same = page_of(&site(Fr), &of_items("mali", vec![bare(1), bare(2)]));
    assert!(
        !same.contains("<style>") && !same.contains("class=\"filters\""),
        "what does not differ is no filter: {same}"
    );
}

#[test]
fn a_filter_offers_the_most_frequent_choices_and_the_index_the_weightiest_stories() {
    let told = |number: u8| Item {
        outlet: outlet(&format!("media{}", number % 15), &format!("Media {}", number % 15)),
        published: Some(time(&format!("2026-03-01T00:{number:02}:00Z"))),
        ..story(number)
    };
    // The last outlet tells two stories more than the others.
    let items: Vec<Item> = (1..=30).map(told).chain([told(44), told(59)]).collect();
    let page = page_of(&site(En), &of_items("mali", items.clone()));
    let offered = between(&page, "Outlet: ", "</nav>");
    assert_eq!(offered.matches("<a href=\"#o-").count(), 10, "{offered}");
    assert!(
        offered.contains("<a href=\"#main\">All</a> <a href=\"#o-media14\">Media 14 <small>4</small></a>"),
        "{offered}"
    );
    assert_eq!(page.matches("class=\"o-media14\"").count(), 4);
    assert!(!page.contains("class=\"o-media9\""), "no class that no filter asks for");
    let shown = order(&site_page(&[summary(&of_items("mali", items))], "index.html"));
    assert_eq!((shown.len(), shown[0], shown[1]), (13, 59, 44));
}

#[test]
fn times_and_days_are_those_of_the_site() {
    let late = Item {
        published: Some(time("2026-02-28T23:30:00Z")),
        ..story(1)
    };
    let early = Item {
        published: Some(time("2026-02-28T22:30:00Z")),
        ..story(2)
    };
    let page = page_of(&site(Fr), &of_items("mali", vec![late, early]));
    let days: Vec<&str> = page
        .split("<section class=\"day\"><h2>")
        .skip(1)
        .map(|day| between(day, ">", "<"))
        .collect();
    assert_eq!(days, ["dimanche 1er mars 2026", "samedi 28 février 2026"]);
    assert!(page.contains("<time datetime=\"2026-02-28T23:30:00Z\">00:30</time>"), "{page}");
}

#[test]
fn the_footer_names_the_feeds_unless_they_are_many() {
    let footer = |count: usize| {
        let topics: Vec<TopicSummary> = (0..count)
            .map(|number| summary(&of_items(&format!("topic-{number}"), vec![story(1)])))
            .collect();
        let page = site_page(&topics, "index.html");
        page.rsplit_once("<footer>").expect("a footer").1.to_owned()
    };
    let some = footer(6);
    assert_eq!(some.matches("<a href=\"topic-").count(), 6, "{some}");
    assert!(
        some.contains("Subscribe: <a href=\"topic-0.xml\"><bdi>Sahel &#38; politique</bdi></a>"),
        "{some}"
    );
    let many = footer(7);
    assert!(
        !many.contains("topic-") && many.contains("Subscribe: <a href=\"index.opml\">OPML</a>"),
        "{many}"
    );
    let page = page_of(&site(En), &topic());
    let own = page.rsplit_once("<footer>").expect("a footer").1;
    assert!(own.contains("<a href=\"sahel-politics.atom.xml\"><bdi>"), "{own}");
}

#[test]
fn a_private_topic_links_to_no_page_that_is_not_there() {
    let private = SiteInfo {
        has_story_pages: false,
        has_search: false,
        ..site(En)
    };
    let page = page_of(&private, &topic());
    for absent in ["story/", "source/", "<form"] {
        assert!(!page.contains(absent), "{absent}: {page}");
    }
    assert!(page_of(&site(En), &topic()).contains("<form class=\"search\""));
}

#[test]
fn a_story_in_another_script_runs_in_its_own_direction() {
    let french = page_of(&site(Fr), &topic());
    assert_eq!(french.matches(" dir=\"rtl\">").count(), 1, "{french}");
    let arabic_site = page_of(&site(Ar), &of_items("mali", vec![arabic(), full()]));
    assert!(arabic_site.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert_eq!(arabic_site.matches("<article id=").count(), 2);
    assert_eq!(arabic_site.matches("o-sahel\" dir=\"ltr\">").count(), 1, "{arabic_site}");
}

#[test]
fn a_report_in_another_language_says_so() {
    let mut items = vec![full()];
    items[0].also[0].language = Some("ha".to_owned());
    let page = page_of(&site(En), &of_items("mali", items));
    let reports = between(&page, "<ul class=\"r\">", "</ul>");
    assert_eq!(reports.matches("<abbr>").count(), 1, "{reports}");
    assert!(reports.contains("<abbr>ha</abbr>: <a"), "{reports}");
}

/// Returns the stories of the index in its order, the lead first.
fn order(index: &str) -> Vec<u8> {
    let links = between(index, "<main", "<div class=\"topics\">").split("href=\"story/").skip(1);
    links.map(|link| u8::from_str_radix(&link[..2], 16).expect("an id")).collect()
}

#[test]
fn the_index_weighs_independent_reports_and_age_and_shows_a_story_once() {
    let told = |number: u8, independent: usize, hour: &str| Item {
        independent,
        published: Some(time(&format!("2026-03-01T{hour}:00:00Z"))),
        ..story(number)
    };
    let old = Item {
        published: Some(time("2026-02-27T12:00:00Z")),
        independent: 9,
        ..story(9)
    };
    let late = Item {
        published: Some(time("2026-02-28T20:00:00Z")),
        independent: 2,
        ..story(5)
    };
    let items = vec![told(1, 1, "12"), told(2, 3, "08"), told(3, 2, "11"), told(4, 1, "11"), late, old];
    let first = summary(&of_items("mali", items.clone()));
    let second = summary(&of_items("sahel", vec![items[1].clone()]));
    assert_eq!(order(&site_page(&[first.clone(), second.clone()], "index.html")), [2, 3, 1, 4, 5]);
    let mut pictured = first;
    let picture = |number: u8, summary: &mut TopicSummary| {
        let own = &mut summary.headlines[usize::from(number) - 1];
        own.image = Some("https://aube.example/i.jpg".to_owned());
    };
    picture(4, &mut pictured);
    let light = site_page(&[pictured.clone(), second.clone()], "index.html");
    assert_eq!(order(&light), [2, 3, 1, 4, 5], "a light story does not lead for its picture");
    assert!(!light.contains("og:image"));
    picture(3, &mut pictured);
    let index = site_page(&[pictured, second], "index.html");
    assert_eq!(order(&index), [3, 2, 1, 4, 5]);
    assert!(
        index.contains("<meta property=\"og:image\" content=\"https://aube.example/i.jpg\">"),
        "{index}"
    );
}

#[test]
fn pages_of_the_site_stay_small_for_a_large_desk() {
    let far = format!("https://aube.example/{}", "mot-".repeat(300));
    let topic_of = |number: u8| {
        let items: Vec<Item> = (1..=60)
            .map(|own| Item {
                title: "Une longue nouvelle sur le gouvernement de transition et les régions du nord ".repeat(2),
                summary: "Le gouvernement a présenté son programme. ".repeat(20),
                link: far.parse().ok(),
                ..story(own)
            })
            .collect();
        TopicSummary {
            rule: vec!["any: ".to_owned() + &"attaque, embuscade, ".repeat(60)],
            ..summary(&of_items(&format!("theme-{number}"), items))
        }
    };
    let topics: Vec<TopicSummary> = (0..30).map(topic_of).collect();
    let long_name = "Un média au nom fort long de la région du Liptako-Gourma".repeat(2);
    let sources: Vec<SourceStanding> = (0..200)
        .map(|number| SourceStanding {
            outlet: outlet(&format!("media-{number}"), &format!("{long_name} {number}")),
            is_silent: number % 5 == 0,
            is_failing: false,
        })
        .collect();
    for file in render_index(&site(Ar), &topics, &sources) {
        if file.name.rsplit('.').next() == Some("html") {
            let size = file.bytes.len() + STYLE_SHEET.len();
            assert!(size <= 50_000, "{}: {size} bytes", file.name);
        }
    }
}

#[test]
fn the_index_names_the_other_outlets_and_tells_live_sources_from_dead_ones() {
    let index = site_page(&[summary(&topic())], "index.html");
    let (live, dead) = index.split_once("<ul class=\"sources dead\">").expect("dead sources");
    assert!(live.contains("id=\"source-sahel\"") && !live.contains("id=\"source-muet\""));
    assert!(dead.contains("id=\"source-muet\"") && dead.contains("<small>silent</small>"));
    let several = Headline {
        sources: vec!["muet".to_owned(), "sahara".to_owned(), "sahel".to_owned()],
        ..Headline::of(&full())
    };
    let told = TopicSummary {
        headlines: vec![several],
        ..summary(&topic())
    };
    let index = site_page(&[told], "index.html");
    assert!(
        index.contains("2 independent sources</a>: <bdi>Le Muet, صحراء &#34;ميديا&#34;</bdi>"),
        "{index}"
    );
}

#[test]
fn the_region_counts_each_story_of_the_week_once_in_each_area() {
    let about = |number: u8, about: &str, day: &str| Item {
        about: About::decode(about),
        published: Some(time(&format!("2026-{day}T12:00:00Z"))),
        ..story(number)
    };
    let items = vec![
        about(1, "ML:0.6 NG:0.4 ML-7", "03-01"),
        about(2, "ML:1 ML-5 ML-7", "02-25"),
        about(3, "NE:1", "02-27"),
        about(4, "NE:1 NE-1", "02-21"),
    ];
    let topics = [summary(&of_items("mali", items.clone())), summary(&of_items("sahel", items))];
    let page = site_page(&topics, "region.html");
    let rows: Vec<String> = between(&page, "<tbody>", "</tbody>")
        .split("<a href=\"#")
        .skip(1)
        .map(|row| {
            format!(
                "{} {}",
                row.split('"').next().expect("an anchor"),
                between(row, "<td class=\"n\">", "<")
            )
        })
        .collect();
    assert_eq!(rows, ["ML 2", "ML-7 2", "ML-5 1", "NE 1", "NG 1"]);
    assert!(
        page.contains("<a href=\"#ML-7\" aria-label=\"Gao, Ménaka: 2\"><path class=\"sr s4\""),
        "{page}"
    );
    assert!(
        page.contains("aria-label=\"Mopti: 1\"><path class=\"sr s2\"") && page.contains("aria-label=\"Nigeria: 1\"><path class=\"sn s4\"")
    );
    assert!(between(&page, "<section id=\"ML-5\">", "</section>").contains("Nouvelle 2 du Mali"));
    let elsewhere = site_page(&[summary(&of_items("mali", vec![about(1, "FR:1", "03-01")]))], "region.html");
    assert!(
        !elsewhere.contains("<svg") && elsewhere.contains("<section id=\"FR\">"),
        "{elsewhere}"
    );
    assert!(site_page(&[], "region.html").contains("<p>Nothing yet.</p>"));
}

#[test]
fn the_desk_tells_which_sources_told_nothing_of_a_topic() {
    let told = TopicSummary {
        headlines: vec![Headline::of(&full())],
        ..summary(&topic())
    };
    let page = site_page(&[told], "about.html");
    assert!(page.contains("Sources: 3, of which 2 bring news. Topics: 1."), "{page}");
    assert!(page.contains("Stories shown: 1. Sources that told them: 1 of 3."), "{page}");
    assert!(
        page.contains("Country: Niger 1/2, not stated 0/1") && page.contains("Kind: private 1/2, not stated 0/1"),
        "{page}"
    );
    let quiet = between(&page, "Sources that told none of them: 2", "</details>");
    assert!(quiet.contains("source/sahara.html") && quiet.contains("source/muet.html") && !quiet.contains("source/sahel.html"));
    assert!(page.contains("<code dir=\"auto\">about: @sahel</code>"));
}
