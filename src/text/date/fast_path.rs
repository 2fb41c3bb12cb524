//! A fast path for the two formats of nearly all feeds. Every other text is left to the general parsers.

use super::date_fields::EARLIEST_YEAR;
use crate::model::Timestamp;

/// Parses `Tue, 03 Mar 2026 17:42:00 +0000` or `2026-03-03T17:42:00.5+01:00` (RFC 822 with four-digit years, RFC 3339); `None` for
/// anything else.
pub(super) fn parse_common_format(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    parse_rfc_822(bytes).or_else(|| parse_rfc_3339(bytes))
}

fn parse_rfc_822(text: &[u8]) -> Option<Timestamp> {
    const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    const MONTHS: [&[u8]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
    ];
    let (head, zone) = text.split_at_checked(26)?;
    let has_separators = &head[3..5] == b", " && head[7] == b' ' && head[11] == b' ' && head[16] == b' ' && head[25] == b' ';
    if !has_separators || !DAYS.contains(&&head[..3]) {
        return None;
    }
    let month = MONTHS.iter().position(|month| *month == &head[8..11])?;
    let offset = match zone {
        b"GMT" | b"UTC" | b"Z" => 0,
        [sign, hours @ .., _, _] if hours.len() == 2 => offset_secs(*sign, hours, &zone[3..])?,
        _ => return None,
    };
    let month = u32::try_from(month).ok()? + 1;
    to_timestamp([number(&head[12..16])?, month, number(&head[5..7])?], &head[17..25], offset)
}

fn parse_rfc_3339(text: &[u8]) -> Option<Timestamp> {
    let (head, zone) = text.split_at_checked(19)?;
    if head[4] != b'-' || head[7] != b'-' || head[10] != b'T' {
        return None;
    }
    let zone = match zone {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            (1..=9).contains(&digits).then(|| &fraction[digits..])?
        }
        other => other,
    };
    let offset = match zone {
        b"Z" => 0,
        [sign, _, _, b':', _, _] => offset_secs(*sign, &zone[1..3], &zone[4..])?,
        _ => return None,
    };
    to_timestamp(
        [number(&head[..4])?, number(&head[5..7])?, number(&head[8..10])?],
        &head[11..],
        offset,
    )
}

/// Returns the offset from UTC in seconds.
fn offset_secs(sign: u8, hours: &[u8], minutes: &[u8]) -> Option<i64> {
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let seconds = (hours <= 14 && minutes < 60).then(|| i64::from(hours * 3600 + minutes * 60))?;
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

fn to_timestamp([year, month, day]: [u32; 3], time: &[u8], offset: i64) -> Option<Timestamp> {
    if time.len() != 8 || time[2] != b':' || time[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (number(&time[..2])?, number(&time[3..5])?, number(&time[6..])?);
    if year < EARLIEST_YEAR.unsigned_abs() || second > 59 {
        return None;
    }
    let civil = Timestamp::from_civil(i32::try_from(year).ok()?, month, day, hour, minute, second)?;
    Some(Timestamp::from_unix(civil.unix() - offset))
}

/// Returns the value of at most four ASCII digits; `None` where another byte is among them.
fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::date::parse_date;

    #[test]
    fn the_fast_path_agrees_with_the_general_parsers() {
        for (text, other) in [
            ("Tue, 03 Mar 2026 17:42:00 +0000", "Tue,  03 Mar 2026 17:42:00 +0000"),
            ("Thu, 29 Feb 2024 00:00:59 -0930", "Thu,  29 Feb 2024 00:00:59 -0930"),
            ("Fri, 31 Dec 1999 23:59:59 GMT", "Fri,  31 Dec 1999 23:59:59 GMT"),
            ("Sun, 01 May 1955 01:02:03 +1400", "Sun,  01 May 1955 01:02:03 +1400"),
            ("2026-03-03T17:42:00Z", "2026-03-03 17:42:00Z"),
            ("2026-03-03T17:42:00.123456+01:00", "2026-03-03 17:42:00.123456+01:00"),
            ("9999-12-31T23:59:59-05:30", "9999-12-31 23:59:59-05:30"),
        ] {
            assert!(parse_common_format(text).is_some(), "{text}");
            assert_eq!(parse_common_format(other), None, "{other}");
            for zone in [None, Some("America/New_York")] {
                assert_eq!(parse_common_format(text), parse_date(other, zone), "{text}");
            }
        }
    }

    #[test]
    fn other_formats_are_left_to_the_general_parsers() {
        for text in [
            "",
            "Tue, 03 Mar 2026 17:42:00",
            "Tue, 03 Mar 2026 17:42:00 EST",
            "Tue, 32 Mar 2026 17:42:00 GMT",
            "Tue, 30 Feb 2026 17:42:00 GMT",
            "Mar, 03 Mar 2026 17:42:00 GMT",
            "Tue, 03 Mar 2026 24:42:00 GMT",
            "Tue, 03 Mar 2026 17:42:60 GMT",
            "Tue, 03 Mar 0026 17:42:00 GMT",
            "Tue, 03 Mar 2026 17:42:00 +2500",
            "Tue, 03 Mar 2026 17:42:00 +00",
            "Tué, 3 Mar 2026 17:42:00 +0000",
            "2026-03-03T17:42:00",
            "2026-03-03T17:42:00.Z",
            "2026-03-03T17:42:00+0100",
            "2026-03-03T17.42.00Z",
            "2026-13-03T17:42:00Z",
        ] {
            assert_eq!(parse_common_format(text), None, "{text}");
        }
    }
}
