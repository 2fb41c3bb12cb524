//! feeds.toml: every text is a configuration, or gives a report of its mistakes that is not empty.
#![no_main]

use griot::fuzzing::{ConfigFailure, MessageLanguage, Messages, ReportStyle, from_str, report};
use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(ConfigFailure::Problems { files, problems, .. }) = from_str(Path::new("feeds.toml"), text) {
        for language in [MessageLanguage::English, MessageLanguage::French] {
            let style = ReportStyle {
                color: false,
                messages: Messages::new(language),
            };
            assert!(!report(&files, &problems, style).is_empty(), "mistakes without a report");
        }
    }
});
