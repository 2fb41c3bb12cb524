//! Dates: no text makes the parser panic, and a parsed date, written as RFC 3339, is parsed as the same date.
#![no_main]

use griot::fuzzing::parse_date;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for zone in [None, Some("Africa/Bamako"), Some("America/New_York"), Some("nowhere")] {
        let found = parse_date(text, zone);
        assert_eq!(found, parse_date(text, zone), "parsing twice differs");
        let Some(date) = found else { continue };
        // Near the first and the last year of four digits a time zone can give a year of another length, which RFC 3339 cannot write.
        let written = date.rfc3339();
        if written.len() == "2026-01-01T00:00:00Z".len() {
            assert_eq!(parse_date(&written, zone), found, "{written}");
        }
    }
});
