//! The whole way of a document: read, and every text of it cleaned.
#![no_main]

use griot::fuzzing::{CleanPolicy, clean};
use griot::RawMarkup;
use griot::{Document, parse_feed as parse};
use std::sync::LazyLock;
use url::Url;

/// The longest text that the reader promises, in bytes.
const LONGEST: usize = 1 << 20;

static BASE: LazyLock<Url> = LazyLock::new(|| Url::parse("https://feed.example/news/feed.xml").expect("a URL"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let document = Document {
        bytes,
        url: Some(&BASE),
        ..Document::default()
    };
    let outcome = parse(&document);
    assert_eq!(outcome, parse(&document), "two readings differ");
    // Nobody knows where a file on a disk came from.
    let _ = parse(&Document { url: None, ..document });
    let Ok(feed) = outcome else { return };
    assert!(feed.entries.len() <= 10_000, "{} entries", feed.entries.len());
    let mut entries = feed.entries;
    // An early document of many entries is no better a seed than one of a few.
    entries.truncate(16);
    let policy = CleanPolicy {
        base: Some(&BASE),
        images: true,
        ..CleanPolicy::default()
    };
    for entry in &entries {
        assert!(entry.title.len() <= LONGEST, "a title of {} bytes", entry.title.len());
        assert!(!entry.title.contains(['\n', '\0']), "{:?}", entry.title);
        for markup in [&entry.summary, &entry.content].into_iter().flatten() {
            assert!(markup.0.len() <= LONGEST, "a text of {} bytes", markup.0.len());
            let once = clean(markup, &policy);
            let twice = clean(&RawMarkup(once.as_str().to_owned()), &policy);
            assert_eq!(once, twice, "cleaning is not idempotent");
        }
    }
});
