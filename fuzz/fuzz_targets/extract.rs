//! Pages: no page makes the extraction panic, extracting is deterministic, and the body is clean.
#![no_main]

use griot::RawMarkup;
use griot::fuzzing::{CleanPolicy, clean};
use griot::{Page, Selectors, extract_article as extract};
use std::sync::LazyLock;
use url::Url;

static BASE: LazyLock<Url> = LazyLock::new(|| Url::parse("https://news.example/2026/11/story").expect("a URL"));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let page = Page {
        html: text,
        url: Some(&BASE),
        requested_url: None,
        title_hint: None,
        feed_body: None,
        selectors: &Selectors::default(),
        rule: None,
        images: true,
        now: None,
    };
    let article = extract(&page);
    assert_eq!(format!("{article:?}"), format!("{:?}", extract(&page)), "extracting twice differs");
    let Ok(article) = article else { return };
    let policy = CleanPolicy {
        base: Some(&BASE),
        images: true,
        ..CleanPolicy::default()
    };
    let again = clean(&RawMarkup(article.body.as_str().to_owned()), &policy);
    assert_eq!(again, article.body, "the body is not clean");
});
