use super::*;

const NOW: &str = "2026-03-02T12:00:30Z";

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn feed() -> String {
    let item = |id: u32, title: &str, language: &str, country: &str, date: &str| {
        serde_json::json!({
            "id": format!("tag:x,2026-03-01:{id}"), "title": title, "content_html": "<p>L&#x2019;eau monte à N&#39;Djamena</p>",
            "date_published": date, "language": language,
            "_griot": { "first_published": date, "about": [{ "country": country, "share": 1.0 }], "sources": [{ "id": "aube", "name": "L'Aube" }] },
        })
    };
    serde_json::json!({ "version": "https://jsonfeed.org/version/1.1", "items": [
        item(1, "Le bac de Ségou repart", "fr", "ML", "2026-03-02T11:00:00Z"),
        item(2, "Wells reopen in Ségou", "en-GB", "ML", "2026-03-01T13:00:00Z"),
        item(3, "Élections à Niamey", "fr", "NE", "2026-02-20T12:00:00Z"),
    ] })
    .to_string()
}

fn context() -> QueryContext {
    context_in("en")
}

fn context_in(language: &str) -> QueryContext {
    let site = format!("[site]\ntitle = \"T\"\nlanguage = \"{language}\"\n");
    let text =
        "[[source]]\nid = \"aube\"\nurl = \"https://aube.example/feed\"\n[[source]]\nid = \"soir\"\nurl = \"https://soir.example/feed\"\n";
    let config = crate::config::from_str(std::path::Path::new("feeds.toml"), &format!("{site}{text}")).expect("a configuration");
    let concepts = crate::curate::compile_concepts(&config.concepts).expect("concepts");
    QueryContext::new(&config, concepts)
}

#[test]
fn a_selection_keeps_its_parameters_as_its_own_address() {
    for (query, expected) in [
        ("limit=1&lang=fr,ar", "limit=1&lang=fr,ar"),
        ("token=sesame&q=bac+-foot&x=1&about=ML", "q=bac+-foot&about=ML"),
        ("since=24h&q=\"<b>é\"&limit=", "since=24h&q=%22%3Cb%3E%C3%A9%22"),
    ] {
        let wanted = FeedQuery::parse(query).expect("a good query").expect("a query");
        assert_eq!(wanted.text, expected);
        let feed = r#"{"feed_url":"https://x.example/mali.json","items":[]}"#;
        let selected = wanted.select(asked("mali.json", feed), &context(), time(NOW));
        let selected = String::from_utf8(selected.expect("a good search").expect("a feed")).expect("text");
        assert_eq!(selected, feed.replace("mali.json", &format!("mali.json?{expected}")));
    }
}

fn asked<'a>(name: &'a str, json: &'a str) -> AskedFile<'a> {
    AskedFile {
        name,
        whole: json.as_bytes(),
        json: json.as_bytes(),
        is_public: true,
    }
}

fn selected(query: &str) -> String {
    let wanted = FeedQuery::parse(query).expect("a good query").expect("a query");
    let json = feed();
    let bytes = wanted
        .select(asked("mali.json", &json), &context(), time(NOW))
        .expect("a good search")
        .expect("a feed");
    let items = published_feed(&bytes).expect("a feed").items;
    items
        .iter()
        .filter_map(|item| item.guid.rsplit(':').next().map(str::to_owned))
        .collect()
}

#[test]
fn each_parameter_selects_items() {
    for (query, items) in [
        ("limit=1", "1"),
        ("limit=1000", "123"),
        ("since=24h", "12"),
        ("since=22h", "1"),
        ("since=2026-03-01", "12"),
        ("since=2026-03-02T11:00:00Z", "1"),
        ("since=2026-03-02T12:00:00+01:00", "1"),
        ("since=1772442000", "1"),
        ("q=segou", "12"),
        ("q=SEGOU+-wells", "1"),
        ("q=elect*", "3"),
        ("q=elec", ""),
        ("q=election", "3"),
        ("q=%22bac+de+S%C3%A9gou%22", "1"),
        ("q=%22bac+Segou%22", ""),
        ("q=l%27eau", "123"),
        ("q=source%3Aaube+niamey", "3"),
        ("q=source%3Asoir", ""),
        ("q=wells+OR+niamey", "23"),
        ("q=bac&q=segou", "1"),
        ("q=lang%3Aen", "2"),
        ("q=about%3AML", "12"),
        ("q=since%3A24h", "12"),
        ("q=%40niger", "3"),
        ("lang=fr", "13"),
        ("lang=en,ar", "2"),
        ("about=ne", "3"),
        ("about=ML,NE&lang=fr&limit=1", "1"),
        ("limit=&token=x&q=wells", "2"),
    ] {
        assert_eq!(selected(query), items, "{query}");
    }
}

#[test]
fn mistakes_are_named_and_other_parameters_ignored() {
    for query in ["", "token=x", "utm_source=x&limit=", "LIMIT=3"] {
        assert_eq!(FeedQuery::parse(query), Ok(None), "{query}");
    }
    for (query, error) in [
        ("limit=0", FeedQueryError::Limit),
        ("limit=1001", FeedQueryError::Limit),
        ("limit=-1", FeedQueryError::Limit),
        ("limit=x", FeedQueryError::Limit),
        ("since=yesterday", FeedQueryError::Since),
        ("since=2026-13-01", FeedQueryError::Since),
        ("lang=french", FeedQueryError::Language),
        ("lang=,", FeedQueryError::Language),
        ("about=Mali", FeedQueryError::About),
        ("about=,", FeedQueryError::About),
    ] {
        assert_eq!(FeedQuery::parse(query), Err(error), "{query}");
    }
}

#[test]
fn a_search_with_a_mistake_is_refused() {
    let long = "x".repeat(MAX_QUERY_CHARS + 1);
    for (search, part) in [
        (&*long, "longer than 200"),
        ("(", "parenthes"),
        ("topic:mali", "topic"),
        ("source:unknown", "unknown"),
        ("/x/", "expression"),
    ] {
        let wanted = FeedQuery {
            searches: vec![search.to_owned()],
            ..FeedQuery::default()
        };
        let json = feed();
        let refused = wanted.select(asked("mali.json", &json), &context(), time(NOW));
        let message = refused.expect_err(search).text;
        assert!(message.contains(part), "{search}: {message}");
        assert!(
            !message.contains("did you mean"),
            "names of the configuration are not told: {message}"
        );
    }
}

#[test]
fn a_page_holds_what_the_feed_holds_and_tells_a_mistake() {
    let json = feed();
    let page = |query: &str, is_public: bool| {
        let wanted = FeedQuery::parse(query).expect("a good query").expect("a query");
        let asked = AskedFile {
            is_public,
            ..asked("mali.html", &json)
        };
        wanted.select(asked, &context(), time(NOW))
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let found = text(page("q=S%C3%A9gou&limit=1", true).expect("a good search").expect("a page"));
    assert!(
        found.contains("Le bac de Ségou repart") && !found.contains("Wells reopen"),
        "{found}"
    );
    assert!(
        found.contains("value=\"Ségou\"") && found.contains("mali.xml?q=S%C3%A9gou&#38;limit=1"),
        "{found}"
    );
    assert!(found.contains("source/aube.html"), "{found}");
    let private = text(page("q=S%C3%A9gou", false).expect("a good search").expect("a page"));
    assert!(private.contains("Wells reopen") && !private.contains("source/aube.html") && !private.contains("<form"));
    let refusal = page("q=(", true).expect_err("a mistake");
    let refused = text(refusal.page.expect("a page"));
    assert!(refused.contains("role=\"alert\"") && !refused.contains("Ségou"), "{refused}");
    let mistake = refusal
        .text
        .strip_prefix("q: ")
        .and_then(|text| text.split("; ").next())
        .expect("a mistake");
    assert!(refused.contains(mistake) && !refused.contains("q: "), "{refused}");
    assert!(refused.contains("NEAR/5"), "what a search may have");
}

#[test]
fn mistakes_are_told_in_the_language_of_the_site() {
    let limit = |language: &str| context_in(language).refusal(&FeedQueryError::Limit).text;
    assert_eq!(limit("en"), FeedQueryError::Limit.to_string());
    assert!(limit("fr").contains("nombre") && limit("fr").contains("1000"), "{}", limit("fr"));
    assert!(limit("ar").contains("1000") && !limit("ar").contains("expected"), "{}", limit("ar"));
    let json = feed();
    let wanted = FeedQuery::parse("q=(").expect("good").expect("a query");
    let refusal = wanted
        .select(asked("mali.html", &json), &context_in("ar"), time(NOW))
        .expect_err("a mistake");
    let page = String::from_utf8(refusal.page.expect("a page")).expect("UTF-8");
    assert!(page.contains("role=\"alert\"><bdi lang=\"ar\" dir=\"rtl\">"), "{page}");
}

#[test]
fn the_same_selection_has_the_same_key() {
    let key = |query: &str, now: &str| FeedQuery::parse(query).expect("good").expect("a query").key(&context(), time(now));
    assert_eq!(
        key("since=24h&lang=fr,en", NOW),
        key("since=24h&lang=fr,en&token=x", "2026-03-02T12:00:59Z")
    );
    assert_ne!(key("lang=fr,en", NOW), key("lang=en,fr", NOW), "each states its own address");
    assert_ne!(key("since=24h", NOW), key("since=24h", "2026-03-02T12:01:00Z"));
    assert_ne!(key("q=a", NOW), key("q=-a", NOW));
    assert_eq!(key("q=a+b", NOW), key("q=a+b", "2026-03-02T12:01:00Z"));
    assert_ne!(key("q=since:24h", NOW), key("q=since:24h", "2026-03-02T12:01:00Z"));
}

#[test]
fn the_items_of_a_file_stand_in_the_json_feed_of_its_topic() {
    for (name, json) in [
        ("mali.xml", Some("mali.json")),
        ("mali.atom.xml", Some("mali.json")),
        ("mali.json", Some("mali.json")),
        ("mali.opml", None),
        ("feed.css", None),
    ] {
        assert_eq!(json_name(name).as_deref(), json, "{name}");
    }
}
