//! Canonical addresses: canonicalisation is idempotent.
#![no_main]

use griot::fuzzing::canonical;
use url::Url;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(url) = Url::parse(text) else { return };
    if !matches!(url.scheme(), "http" | "https") {
        return;
    }
    let once = canonical(&url);
    let Ok(again) = Url::parse(&format!("https://{}", once.as_str())) else {
        return;
    };
    assert_eq!(canonical(&again), once, "canonicalisation is not idempotent");
});
