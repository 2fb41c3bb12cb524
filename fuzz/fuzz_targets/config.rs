//! feeds.toml: every text is a configuration, or gives a report of its mistakes that is not empty.
#![no_main]

use griot::fuzzing::{ConfigFailure, from_str, report};
use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(ConfigFailure::Problems { files, problems, .. }) = from_str(Path::new("feeds.toml"), text) {
        assert!(!report(&files, &problems, false).is_empty(), "mistakes without a report");
    }
});
