//! Feeds: parsing is deterministic and bounded, and cleaning the texts of a feed is idempotent.
#![no_main]

use griot::RawMarkup;
use griot::fuzzing::{CleanPolicy, clean};
use griot::{Document, parse_feed as parse};
use std::sync::LazyLock;
use url::Url;

/// The longest text that `parse_feed` returns.
const MAX_TEXT_BYTES: usize = 1 << 20;

static BASE: LazyLock<Url> = LazyLock::new(|| Url::parse("https://feed.example/news/feed.xml").expect("a URL"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document = Document {
        bytes,
        url: Some(&BASE),
        ..Document::default()
    };
    let outcome = parse(&document);
    assert_eq!(outcome, parse(&document), "parsing twice differs");
    // A document from a file has no address.
    let _ = parse(&Document { url: None, ..document });
    let Ok(feed) = outcome else { return };
    assert!(feed.entries.len() <= 10_000, "{} entries", feed.entries.len());
    let mut entries = feed.entries;
    // Cleaning is tested on the first entries only, so that documents of many entries do not slow the fuzzer down.
    entries.truncate(16);
    let policy = CleanPolicy {
        base: Some(&BASE),
        images: true,
        ..CleanPolicy::default()
    };
    for entry in &entries {
        assert!(entry.title.len() <= MAX_TEXT_BYTES, "a title of {} bytes", entry.title.len());
        assert!(!entry.title.contains(['\n', '\0']), "{:?}", entry.title);
        for markup in [&entry.summary, &entry.content].into_iter().flatten() {
            assert!(markup.0.len() <= MAX_TEXT_BYTES, "a text of {} bytes", markup.0.len());
            let once = clean(markup, &policy);
            let twice = clean(&RawMarkup(once.as_str().to_owned()), &policy);
            assert_eq!(once, twice, "cleaning is not idempotent");
        }
    }
});
