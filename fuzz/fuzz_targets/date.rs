//! Dates: no text makes the reader panic, and what it reads it reads again from its own canonical form.
#![no_main]

use griot::fuzzing::parse_date;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for zone in [None, Some("Africa/Bamako"), Some("America/New_York"), Some("nowhere")] {
        let found = parse_date(text, zone);
        assert_eq!(found, parse_date(text, zone), "two readings differ");
        let Some(moment) = found else { continue };
        // At the edges of the calendar a zone leads out of the years that have four digits.
        let written = moment.rfc3339();
        if written.len() == "2026-01-01T00:00:00Z".len() {
            assert_eq!(parse_date(&written, zone), found, "{written}");
        }
    }
});
