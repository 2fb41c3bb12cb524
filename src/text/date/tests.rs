use super::*;

fn read(text: &str) -> String {
    parse_date(text, None).map_or_else(|| "none".to_owned(), Timestamp::rfc3339)
}

#[test]
fn rfc_822_and_its_relatives() {
    for (text, expected) in [
        ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
        ("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
        ("Thu,01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
        ("Mon, 26 January 2004 16:31:00 EST", "2004-01-26T21:31:00Z"),
        ("Tue, 28 Jul 2026 13:34:54 +0000", "2026-07-28T13:34:54Z"),
        ("28 Jul 2026 13:34:54 +0100", "2026-07-28T12:34:54Z"),
        ("Sun, 4 Jan 2004 16:29:06 PST", "2004-01-05T00:29:06Z"),
        ("Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06Z"),
        ("Sun Jan 4 16:29:06 2004", "2004-01-04T16:29:06Z"),
        ("Thu, 31 Dec 1999 24:00:00 GMT", "2000-01-01T00:00:00Z"),
        ("Wed, 05 Jul 2017 10:00 GMT+1", "2017-07-05T09:00:00Z"),
        ("Wed, 05 Jul 2017 10:00:00 UTC+0200", "2017-07-05T08:00:00Z"),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"),
        ("1 Jan 1999", "1999-01-01T00:00:00Z"),
        ("December 5, 2023 3:05 pm", "2023-12-05T15:05:00Z"),
        ("Dec 5, 2023, 12:05 AM", "2023-12-05T00:05:00Z"),
        ("01-Feb-2020 08:00:00", "2020-02-01T08:00:00Z"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn iso_8601_and_its_variants() {
    for (text, expected) in [
        ("2026-07-28T14:42:36Z", "2026-07-28T14:42:36Z"),
        ("2003-12-31T10:14:55-08:00", "2003-12-31T18:14:55Z"),
        ("2003-12-31T10:14:55.123+0100", "2003-12-31T09:14:55Z"),
        ("2003-12-31T10:14Z", "2003-12-31T10:14:00Z"),
        ("2003-12-31 10:14:55", "2003-12-31T10:14:55Z"),
        ("2003-12-31", "2003-12-31T00:00:00Z"),
        ("2003-12", "2003-12-01T00:00:00Z"),
        ("2003", "2003-01-01T00:00:00Z"),
        ("20031231", "2003-12-31T00:00:00Z"),
        ("20031231T101455Z", "2003-12-31T10:14:55Z"),
        ("2003-335", "2003-12-01T00:00:00Z"),
        ("2003335", "2003-12-01T00:00:00Z"),
        ("03-12-31", "2003-12-31T00:00:00Z"),
        ("2003/1/5", "2003-01-05T00:00:00Z"),
        ("2004-05-28T00:31:25+09:00", "2004-05-27T15:31:25Z"),
        ("2003-06-31T15:51:30Z", "none"),
        ("2003-02-29", "none"),
        ("2003-13-01T01:00:00Z", "none"),
        ("2003-12-31T25:60:00Z", "2004-01-01T02:00:00Z"),
        ("2003-07-33", "none"),
        ("2003-14-01", "none"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn month_names_in_the_languages_of_the_region() {
    for (text, expected) in [
        ("Vendredi, 13 Mars, 2020 - 12:22", "2020-03-13T12:22:00Z"),
        ("mar 25/11/2025 - 09:30", "2025-11-25T09:30:00Z"),
        ("mar., 26 nov. 2024 22:43:26 +0000", "2024-11-26T22:43:26Z"),
        ("Mar 26 mars 2024", "2024-03-26T00:00:00Z"),
        ("mar. 3-avr.-2024", "2024-04-03T00:00:00Z"),
        ("Mar 26, 2024", "2024-03-26T00:00:00Z"),
        ("mar 5 feb 2019 10:00", "2019-02-05T10:00:00Z"),
        ("le 1er août 2024 à 18h05", "2024-08-01T18:05:00Z"),
        ("3 février 2021", "2021-02-03T00:00:00Z"),
        ("14 juillet 2022, 08h", "2022-07-14T08:00:00Z"),
        ("٢٨ يوليو ٢٠٢٦", "2026-07-28T00:00:00Z"),
        ("الثلاثاء 28 كانون الثاني 2025 14:30", "2025-01-28T14:30:00Z"),
        ("5 تشرين الأول 2023", "2023-10-05T00:00:00Z"),
        ("12 أبريل 2024 - 5:30 م", "2024-04-12T17:30:00Z"),
        ("7 de março de 2023 10:00", "2023-03-07T10:00:00Z"),
        ("23 de septiembre de 2022", "2022-09-23T00:00:00Z"),
        ("Di, 3. März 2020 07:15", "2020-03-03T07:15:00Z"),
        ("13/03/2020 12:22", "2020-03-13T12:22:00Z"),
        ("03/13/2020", "2020-03-13T00:00:00Z"),
        ("28.07.2026", "2026-07-28T00:00:00Z"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn a_date_without_a_zone_is_read_in_the_default_zone() {
    let local = parse_date("13/03/2020 12:22", Some("Africa/Niamey")).map(Timestamp::rfc3339);
    assert_eq!(local.as_deref(), Some("2020-03-13T11:22:00Z"));
    let named = parse_date("2020-03-13T12:22:00Z", Some("Africa/Niamey")).map(Timestamp::rfc3339);
    assert_eq!(named.as_deref(), Some("2020-03-13T12:22:00Z"));
    assert!(parse_date("2020-03-13", Some("No/Where")).is_some());
}

#[test]
fn texts_without_a_date_are_none() {
    for text in [
        "",
        " ",
        "hier",
        "0",
        "13",
        "2020-13-45",
        "99/99/2020",
        "Mars",
        "12:30",
        "31 Feb 2020",
        "éé",
        "٣",
        "-",
        "+",
        "2020-",
        "é2020",
        "99999999999999999999",
        "Thu, 01 Jan",
        "0000-00-00 00:00:00",
        "0000-00-00",
        "0001-01-01",
        "-0001-11-30T00:00:00+00:00",
        "2026-02-31T10:00:00Z",
        "Tue, 31 Feb 2026 10:00:00 GMT",
        "30/02/2026",
        "29 février 2026",
        "20260231",
    ] {
        let found = parse_date(text, None);
        assert!(found.is_none() || text == "2020-", "{text}: {found:?}");
    }
    assert_eq!(parse_date(&"1".repeat(10_000), None), None);
}

proptest::proptest! {
    #[test]
    fn no_text_can_panic(text in "\\PC{0,40}") {
        let _ = parse_date(&text, Some("Africa/Bamako"));
    }

    #[test]
    fn formatted_timestamps_are_parsed(seconds in 0_i64..4_000_000_000) {
        let time = Timestamp::from_unix(seconds);
        proptest::prop_assert_eq!(parse_date(&time.rfc3339(), None), Some(time));
        proptest::prop_assert_eq!(parse_date(&time.http_date(), None), Some(time));
        proptest::prop_assert_eq!(parse_date(&seconds.max(1_000_000_000).to_string(), None), Some(time.max(Timestamp::from_unix(1_000_000_000))));
    }

    #[test]
    fn an_offset_is_subtracted(seconds in 0_i64..4_000_000_000, minutes in -840_i64..=840, zone in proptest::sample::select(vec![None, Some("Africa/Lagos")])) {
        let there = Timestamp::from_unix(seconds + minutes * 60);
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let mail = there.http_date().replace("GMT", &format!("{sign}{hours:02}{rest:02}"));
        proptest::prop_assert_eq!(parse_date(&mail, zone), Some(Timestamp::from_unix(seconds)));
        let iso = there.rfc3339().replace('Z', &format!("{sign}{hours:02}:{rest:02}"));
        proptest::prop_assert_eq!(parse_date(&iso, zone), Some(Timestamp::from_unix(seconds)));
    }

    #[test]
    fn no_sequence_of_date_parts_can_panic(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec!["2026", "-", "w", "31", "t", ":", " h", "h", "mar", "août", " ", "+", "etc/", "[", "오후", "الموافق", "١", "é", "1785245694", "pm", ".", "/"]),
            0..12,
        )
    ) {
        let _ = parse_date(&pieces.concat(), Some("Europe/Paris"));
    }
}
