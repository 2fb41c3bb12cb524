use super::*;
use crate::config;
use crate::model::Timestamp;
use crate::parse::parse_list;
use serde_json::{Value, json};
use std::path::Path;

fn list(rule: &str, html: &str) -> Result<ParsedFeed, NotAFeed> {
    let text = format!("[[source]]\nid = \"a\"\nurl = \"https://www.a.example/news\"\nlist = {rule}\n");
    let config = config::from_str(Path::new("feeds.toml"), &text).expect("a configuration");
    let source = &config.sources[0];
    let rule = ListRule::compile(source.list.as_ref().expect("a list")).expect("selectors");
    let document = Document {
        bytes: html.as_bytes(),
        url: source.urls.first(),
        ..Document::default()
    };
    parse_list(&document, &rule)
}

fn entries(rule: &str, html: &str) -> Vec<(String, String, Option<String>)> {
    let feed = list(rule, html).expect("a list");
    let shown = |draft: EntryDraft| {
        let link = draft.link.map(|link| link.path().to_owned()).unwrap_or_default();
        (link, draft.title, draft.published.map(Timestamp::rfc3339))
    };
    feed.entries.into_iter().map(shown).collect()
}

fn codes(feed: &ParsedFeed) -> Vec<&'static str> {
    feed.problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn the_corpus_of_lists_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/lists");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for case in std::fs::read_dir(folder).expect("the corpus") {
        let case = case.expect("a folder").path();
        let text = |name: &str| std::fs::read_to_string(case.join(name)).expect("a text");
        let config = config::from_str(Path::new("source.toml"), &text("source.toml")).expect("a source");
        let source = &config.sources[0];
        let rule = ListRule::compile(source.list.as_ref().expect("a list")).expect("selectors");
        let bytes = std::fs::read(case.join("page.html")).expect("a page");
        let document = Document {
            bytes: &bytes,
            url: source.urls.first(),
            charset: source.charset.as_deref(),
            timezone: source.timezone.as_deref(),
            ..Document::default()
        };
        let feed = parse_list(&document, &rule).expect("a list");
        let entries = feed.entries.iter().map(|draft| {
            json!({
                "link": draft.link.as_ref().map(Url::as_str), "title": draft.title,
                "date": draft.published.map(Timestamp::rfc3339),
            })
        });
        let found: Value = entries.collect();
        let expected: Value = serde_json::from_str(&text("expected.json")).expect("JSON");
        cases += 1;
        if found != expected {
            wrong.push(format!("{}: {found:#}", case.display()));
        }
    }
    assert!(cases >= 5 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_headline_is_the_selected_one_else_a_heading_else_the_longest_link() {
    let html = "<article><a href=/1><img alt='Photo'></a><h2><a href=/1>Un</a></h2><a href=/1>Lire la suite</a><h3>Le premier</h3></article>\
                <article><a href=/2><h3>Deux</h3><p>Un long texte de l'article</p></a><h3></h3></article>\
                <a href=/3>Lire la suite</a><a href=/4 title='Quatre'>&raquo;</a>";
    let titles = |rule: &str| -> Vec<String> { entries(rule, html).into_iter().map(|(_, title, _)| title).collect() };
    assert_eq!(titles("{ link = 'a' }"), ["Un", "Deux", "Quatre"]);
    assert_eq!(titles("{ link = 'a', title = 'h3' }"), ["Le premier", "Deux", "Quatre"]);
    let feed = list("{ link = 'a' }", html).expect("a list");
    assert_eq!(codes(&feed), ["untitled"]);
}

#[test]
fn a_rule_may_select_the_whole_of_an_entry() {
    let html = "<li class=x><b>Un</b><a href=/1>Ouvrir</a><i>3 mars 2026</i></li><li class=x><b>Deux</b><a href=/2>Ouvrir</a></li>";
    let found = entries("{ link = 'li.x', title = 'b', date = 'i' }", html);
    let date = Some("2026-03-03T00:00:00Z".to_owned());
    assert_eq!(found, [("/1".into(), "Un".into(), date), ("/2".into(), "Deux".into(), None)]);
}

#[test]
fn dates_between_links_belong_to_the_link_before_or_to_all_behind() {
    let after = "<a href=/1>Un</a><i>1/3/2026</i><a href=/2>Deux</a><i>2/3/2026</i><a href=/3>Trois</a>";
    let before = "<i>1/3/2026</i><a href=/1>Un</a><a href=/2>Deux</a><i>2/3/2026</i><a href=/3>Trois</a>";
    let days = |html: &str| -> Vec<Option<String>> {
        let found = entries("{ link = 'a', date = 'i' }", html).into_iter();
        found.map(|(.., date)| date.map(|date| date[8..10].to_owned())).collect()
    };
    let day = |day: &str| Some(day.to_owned());
    assert_eq!(days(after), [day("01"), day("02"), None]);
    assert_eq!(days(before), [day("01"), day("01"), day("02")]);
}

#[test]
fn dates_are_found_in_texts_and_absurd_ones_are_none() {
    let date = |text: &str| {
        let html = format!("<p><a href=/1>Un</a><i>{text}</i></p><p><a href=/2>Deux</a></p>");
        entries("{ link = 'a', date = 'i' }", &html)[0].2.clone()
    };
    for text in [
        "Publié le 12 mars 2026",
        "Publié le jeudi 12 mars 2026 par Awa (3 commentaires)",
        "12.03.2026 | Politique",
        "March 12, 2026",
        "Posted on March 12, 2026 by admin",
        "نشر يوم الخميس 12 مارس 2026",
        "<time datetime='2026-03-12'>il y a 2 jours</time>",
    ] {
        assert_eq!(date(text).as_deref(), Some("2026-03-12T00:00:00Z"), "{text}");
    }
    for text in ["hier", "1er janvier 1970", "12/03/0026", "Page 3", "+227 20 72 20 20"] {
        assert_eq!(date(text), None, "{text}");
    }
    let feed = list(
        "{ link = 'a', date = 'i' }",
        "<p><a href=/1>Un</a><i>le 31 février 2026</i></p><a href=/2>Deux</a>",
    );
    assert_eq!(codes(&feed.expect("a list")), ["bad-date"]);
}

#[test]
fn navigation_other_sites_and_the_list_itself_are_left_out() {
    let html = "<nav><a href=/menu>Menu</a></nav><a href=/news>Tout</a><a href='/news?page=2'>Suite de la liste</a><a href=/news/page/3/>Trois</a>\
                <a href=#x>Haut</a><a href=mailto:a@a.example>Mail</a><a href=javascript:x()>Script</a><a href=https://b.example/1>Ailleurs</a>\
                <a href=https://m.a.example/1>Un</a><a href=/news?id=2#c>Deux</a><a href=/news?id=2&utm_source=x>Deux encore</a><a href=/news/page/titre>Trois</a>";
    let links: Vec<String> = entries("{ link = 'a' }", html).into_iter().map(|(_, title, _)| title).collect();
    assert_eq!(links, ["Un", "Deux encore", "Trois"]);
    let all = entries("{ link = 'nav a' }", "<nav><a href=/1>Un</a></nav>");
    assert_eq!(all.len(), 1, "where all is navigation, it is the list");
}

#[test]
fn a_list_without_entries_says_why() {
    for (rule, html, reason) in [
        ("{ link = '.x a' }", "<a href=/1>Un</a>", "no element matches"),
        ("{ link = 'b' }", "<b>Un</b>", "is a link to an entry"),
        ("{ link = 'a' }", "<a href=https://b.example/1>Un</a>", "lead to other sites"),
    ] {
        let feed = list(rule, html).expect("a list");
        assert_eq!(codes(&feed), ["no-entries"]);
        assert!(feed.problems[0].detail.contains(reason), "{}", feed.problems[0].detail);
    }
    let wall = "<html><head><title>Just a moment...</title></head><body><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script></body></html>";
    assert!(matches!(list("{ link = 'a' }", wall), Err(NotAFeed::AntiBot { .. })));
    assert!(matches!(list("{ link = 'a' }", " "), Err(NotAFeed::Empty)));
}

#[test]
fn long_and_hostile_lists_are_bounded() {
    let one = |number: u32| format!("<p><a href=/{number}>Titre {number}</a><i>1/3/2026</i></p>");
    let many = (0..20_000).map(one).collect::<Vec<_>>().concat();
    let feed = list("{ link = 'a', title = 'a', date = 'i' }", &many).expect("a list");
    assert_eq!((feed.entries.len(), codes(&feed)), (MAX_LIST_ENTRIES, vec!["too-many-entries"]));
    for html in [
        "<div><a href=/1>x".repeat(20_000),
        format!("{}<a href=/1>Un</a>", "<div>".repeat(100_000)),
        format!("<a href=/1>Un</a><a href=/2>Deux</a>{}", "<i>1/3/2026</i>".repeat(20_000)),
        format!("<a href=/{}>Un</a>", "x".repeat(100_000)),
        format!("<a href=/1>{}</a>", "mot ".repeat(200_000)),
        "<base href=//><a href=/1>Un</a>".to_owned(),
    ] {
        let feed = list("{ link = 'a', title = 'a', date = 'i' }", &html).expect("a list");
        assert!(feed.entries.iter().all(|draft| draft.title.chars().count() <= 301));
    }
}

#[test]
fn each_bad_selector_is_reported() {
    let text = "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nlist = { link = \"a[\", title = \"h3\", date = \"p::\" }\n";
    let config = config::from_str(Path::new("feeds.toml"), text).expect("a configuration");
    let problems = ListRule::compile(config.sources[0].list.as_ref().expect("a list")).expect_err("two are bad");
    assert_eq!(problems.len(), 2);
    assert!(
        problems
            .iter()
            .all(|problem| problem.place.is_some() && problem.message.contains("is not a CSS selector"))
    );
}
