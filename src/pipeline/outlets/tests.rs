use super::*;
use crate::pipeline::sample::{DESK, Sample, source, url};

/// Returns the addresses that are published of a source with these keys.
fn published(keys: &str) -> (Option<String>, Option<String>) {
    let sample = Sample::open(&format!("[[source]]\nid = \"desk\"\nname = \"Desk\"\n{keys}\n"));
    let outlet = outlet(&sample.app.config.sources[0]);
    assert_eq!((outlet.id.as_str(), outlet.name.as_str()), ("desk", "Desk"));
    (outlet.feed.map(String::from), outlet.site.map(String::from))
}

#[test]
fn a_public_feed_is_named_with_its_address_and_the_root_of_its_site() {
    let some = |text: &str| Some(text.to_owned());
    let feed = "url = \"https://desk.example/a/feed?x=1\"";
    assert_eq!(
        published(feed),
        (some("https://desk.example/a/feed?x=1"), some("https://desk.example/"))
    );
    assert_eq!(
        published("urls = [\"https://desk.example/1\", \"https://other.example/2\"]"),
        (some("https://desk.example/1"), some("https://desk.example/")),
        "the first of several"
    );
    let site = format!("{feed}\nsite = \"https://desk.example/journal\"");
    assert_eq!(published(&site).1, some("https://desk.example/journal"));
}

#[test]
fn no_address_of_a_secret_or_private_feed_is_published() {
    let public = "url = \"https://desk.example/feed\"\n";
    for keys in [
        format!("{public}auth = \"env:LOGIN\""),
        format!("{public}headers = {{ Cookie = \"env:COOKIE\" }}"),
        format!("{public}proxy = \"http://proxy.example:3128\""),
        "url = \"http://localhost/feed\"".to_owned(),
        "url = \"http://192.168.1.4/feed\"".to_owned(),
        "url = \"http://[::1]/feed\"".to_owned(),
        "url = \"http://desk.local/feed\"".to_owned(),
        "urls = [\"http://10.0.0.1/feed\", \"https://desk.example/feed\"]".to_owned(),
    ] {
        assert_eq!(published(&keys), (None, None), "{keys}");
        let named = published(&format!("{keys}\npublic_url = \"https://public.example/rss\""));
        let address = |text: &str| Some(text.to_owned());
        assert_eq!(
            named,
            (address("https://public.example/rss"), address("https://public.example/")),
            "{keys}"
        );
    }
}

#[test]
fn the_site_of_an_entry_is_that_of_its_page_unless_the_source_states_one() {
    let mut sample = Sample::open(&DESK.replace("id = \"soir\"", "id = \"soir\"\nsite = \"https://soir.example/journal\""));
    let page = url("https://www.aube.example/2026/1?x");
    let outlets = Outlets::read(&sample.app).expect("the outlets");
    let site = |slug: &str, link| outlets.of_entry(&sample.app, &source(slug), link).site.map(String::from);
    assert_eq!(site("aube", Some(&page)).as_deref(), Some("https://www.aube.example/"));
    assert_eq!(site("aube", None).as_deref(), Some("https://aube.example/"));
    assert_eq!(site("soir", Some(&page)).as_deref(), Some("https://soir.example/journal"));
    assert_eq!(outlets.name(&sample.app, &source("soir")), "Le Soir");
    // Both sources are removed: their names and sites are remembered, the addresses of their feeds are not published.
    sample.configure("[[source]]\nid = \"nuit\"\nurl = \"https://nuit.example/feed\"\n");
    let outlets = Outlets::read(&sample.app).expect("the outlets");
    let removed = outlets.of_entry(&sample.app, &source("soir"), None);
    assert_eq!((removed.name.as_str(), &removed.feed), ("Le Soir", &None));
    assert_eq!(removed.site.map(String::from).as_deref(), Some("https://soir.example/journal"));
    assert_eq!(outlets.name(&sample.app, &source("soir")), "Le Soir");
    assert_eq!(outlets.name(&sample.app, &source("never")), "never");
    assert_eq!(outlets.of_entry(&sample.app, &source("never"), None).name, "never");
}

#[test]
fn only_enabled_sources_are_listed() {
    let sample = Sample::open(&DESK.replace("id = \"soir\"", "id = \"soir\"\nenabled = false"));
    let listed: Vec<String> = outlets(&sample.app).into_iter().map(|outlet| outlet.name).collect();
    assert_eq!(listed, ["L'Aube"]);
}
