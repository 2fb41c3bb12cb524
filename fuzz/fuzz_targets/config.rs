//! feeds.toml: every text is a configuration or a list of mistakes that can be shown.
#![no_main]

use griot::fuzzing::{ConfigFailure, from_str, report};
use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(ConfigFailure::Problems { files, problems, .. }) = from_str(Path::new("feeds.toml"), text) {
        assert!(!report(&files, &problems, false).is_empty(), "mistakes without words");
    }
});
