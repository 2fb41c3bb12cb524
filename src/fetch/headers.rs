//! Parsers of the response headers that bear on the next visit: `Retry-After`, `Cache-Control`, `Expires`. Pure: the time is an argument.

use crate::model::Timestamp;
use crate::text::date::parse_date;
use std::time::Duration;

/// The longest wait that `Retry-After` can ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);
/// A server's clock that is wrong by more is not believed.
const MAX_CLOCK_ERROR: Duration = Duration::from_hours(24);

/// How long a server wants its answer to be kept (RFC 9111 section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheHints {
    /// `max-age`, as it was given.
    pub max_age: Option<Duration>,
    /// `Expires`, counted from `Date`, or from now when there is none; zero when it has passed.
    pub expires: Option<Duration>,
    /// `Age`: how old the answer already was.
    pub age: Duration,
    /// Whether `no-cache` or `no-store` was sent: then the answer has no lifetime.
    pub no_cache: bool,
}

impl CacheHints {
    /// Parses the headers of an answer that came at `now`. Invalid values count as absent.
    #[must_use]
    pub fn parse(cache_control: Option<&str>, expires: Option<&str>, age: Option<&str>, date: Option<&str>, now: Timestamp) -> Self {
        let mut hints = Self {
            age: age.and_then(delta_seconds).unwrap_or_default(),
            ..Self::default()
        };
        for directive in cache_control.unwrap_or_default().split(',') {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-cache" | "no-store" => hints.no_cache = true,
                "max-age" if hints.max_age.is_none() => hints.max_age = delta_seconds(value.trim().trim_matches('"')),
                _ => {}
            }
        }
        let from = date.and_then(http_date).unwrap_or(now);
        hints.expires = expires.and_then(http_date).map(|end| end.since(from));
        hints
    }

    /// Returns how much longer the answer is fresh (RFC 9111 section 4.2.1); `None` when the server did not say.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        if self.no_cache {
            return None;
        }
        // RFC 9111 section 5.3: max-age overrides Expires.
        self.max_age.or(self.expires).map(|whole| whole.saturating_sub(self.age))
    }
}

/// Parses `Retry-After` (RFC 9110 section 10.2.3): the time it names, at most 24 hours after `now`; `None` when it is
/// neither a number of seconds nor a date.
#[must_use]
pub fn retry_after(header: &[u8], now: Timestamp) -> Option<Timestamp> {
    let text = std::str::from_utf8(header).ok()?.trim();
    let wait = match delta_seconds(text) {
        Some(wait) => wait,
        None => http_date(text)?.since(now),
    };
    Some(now + wait.min(MAX_RETRY_AFTER))
}

/// Returns whether a `Last-Modified` lies in the future, so that it is no validator: RFC 9110 section 8.8.2.1 forbids one that is later than the
/// answer's `Date`, and a server that is asked with it says 304 until then. It may be later than `now`, the time at which the run began, as long as
/// `date`, the time by the server's clock, says so too; a clock that is wrong by more than a day is not believed. A value that is no date is none.
#[must_use]
pub fn is_future_modification(value: &[u8], date: Option<Timestamp>, now: Timestamp) -> bool {
    let Some(modified) = std::str::from_utf8(value).ok().and_then(modification_date) else {
        return false;
    };
    let is_sane = |date: &Timestamp| date.since(now).max(now.since(*date)) <= MAX_CLOCK_ERROR;
    modified > date.filter(is_sane).map_or(now, |date| date.max(now))
}

/// Parses a `Last-Modified`, also one that is no HTTP date, as by servers that let an application write it.
fn modification_date(text: &str) -> Option<Timestamp> {
    http_date(text).or_else(|| parse_date(text, None))
}

/// Parses delta-seconds; what overflows counts as 2³² − 1 (RFC 9111 section 1.2.2 asks for at least 2³¹).
fn delta_seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(
        text.parse().unwrap_or(u64::from(u32::MAX)).min(u64::from(u32::MAX)),
    ))
}

/// Parses an HTTP date in any of its three forms (RFC 9110 section 5.6.7). The weekday is not checked, since servers get it wrong.
#[must_use]
pub fn http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let (day, month, year, time) = match words[..] {
        // Sun, 06 Nov 1994 08:49:37 GMT; some servers write +0000.
        // Sun Nov  6 08:49:37 1994
        [_, day, month, year, time, "GMT" | "UTC" | "+0000"] | [_, month, day, time, year] => (day, month, digits(year)?, time),
        // Sunday, 06-Nov-94 08:49:37 GMT
        [_, date, time, "GMT" | "UTC"] => {
            let mut parts = date.split('-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            (day, month, full_year(year)?, time)
        }
        _ => return None,
    };
    let mut clock = time.split(':');
    let (hour, minute, second) = (digits(clock.next()?)?, digits(clock.next()?)?, digits(clock.next()?)?);
    if clock.next().is_some() {
        return None;
    }
    let year = i32::try_from(year).ok()?;
    Timestamp::from_civil(year, month_number(month)?, digits(day)?, hour, minute, second)
}

/// Parses one to four digits, and nothing else.
fn digits(text: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Parses a year; one of two digits (RFC 850) lies in 1970 to 2069. A fixed window needs no clock, and no header is older.
fn full_year(text: &str) -> Option<u32> {
    let year = digits(text)?;
    Some(match year {
        0..70 => 2000 + year,
        70..100 => 1900 + year,
        _ => year,
    })
}

fn month_number(name: &str) -> Option<u32> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = name.to_ascii_lowercase();
    (1..).zip(NAMES).find(|(_, known)| *known == name).map(|(month, _)| month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("1994-11-06T08:00:00Z").expect("a time")
    }

    fn wait_seconds(header: &str) -> Option<u64> {
        retry_after(header.as_bytes(), now()).map(|until| until.since(now()).as_secs())
    }

    #[test]
    fn the_three_forms_of_a_date_are_parsed() {
        let expected = Timestamp::parse("1994-11-06T08:49:37Z").ok();
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 6 Nov 1994 08:49:37 +0000",
            " sun, 06 nov 1994 08:49:37 UTC ",
        ] {
            assert_eq!(http_date(text), expected, "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, 06 Nov 1994 +8:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "é, 06 Nov 1994 08:49:37 GMT é",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn retry_after_is_parsed_and_capped_at_a_day() {
        assert_eq!(wait_seconds("120"), Some(120));
        assert_eq!(wait_seconds(" 0 "), Some(0));
        assert_eq!(wait_seconds("Sun, 06 Nov 1994 13:00:00 GMT"), Some(5 * 3600));
        assert_eq!(wait_seconds("Sat, 05 Nov 1994 13:00:00 GMT"), Some(0));
        assert_eq!(wait_seconds("99999999999999999999"), Some(24 * 3600));
        assert_eq!(wait_seconds("Sun, 06 Nov 2094 13:00:00 GMT"), Some(24 * 3600));
        for garbage in ["soon", "-5", "1.5", "", "+3", "12 s"] {
            assert_eq!(wait_seconds(garbage), None, "{garbage}");
        }
        assert_eq!(retry_after(b"\xff\xfe", now()), None);
    }

    proptest::proptest! {
        #[test]
        fn any_header_gives_a_bounded_wait_or_none(bytes: Vec<u8>, text: String, words in "[A-Za-z0-9 :,=\"+-]{0,40}") {
            for header in [&text, &words] {
                let given = Some(header.as_str());
                let life = CacheHints::parse(given, given, given, given, now()).lifetime();
                proptest::prop_assert!(life.is_none_or(|life| life.as_secs() < 1 << 40));
            }
            for until in [retry_after(&bytes, now()), retry_after(words.as_bytes(), now())] {
                proptest::prop_assert!(until.is_none_or(|until| until >= now() && until <= now() + MAX_RETRY_AFTER));
            }
        }
    }

    #[test]
    fn a_modification_in_the_future_is_recognised_by_the_servers_clock_and_the_own_one() {
        let is_future = |text: &str, date: &str| is_future_modification(text.as_bytes(), http_date(date), now());
        for text in [
            "Sun, 06 Nov 1994 08:00:01 GMT",
            "Sat, 16 Nov 2041 19:11:00 GMT",
            "Saturday, 16-Nov-41 19:11:00 GMT",
            "Sat Nov 16 19:11:00 2041",
            "Sun, 06 Nov 1994 08:30:00 +0000",
            "Sun, 06 Nov 1994 09:30:00 +0100",
            "2041-11-16T19:11:00Z",
        ] {
            assert!(is_future(text, ""), "{text}");
            assert!(is_future(text, "Sun, 06 Nov 1994 07:59:00 GMT"), "a clock that is slow: {text}");
            assert!(is_future(text, "Sat, 16 Nov 2041 19:11:00 GMT"), "a clock that is wrong: {text}");
        }
        for text in [
            "Sun, 06 Nov 1994 08:00:00 GMT",
            "Sat, 05 Nov 1994 23:00:00 GMT",
            "Sun, 06 Nov 1994 09:00:00 +0100",
            "x",
            "",
            "\"e\"",
        ] {
            assert!(!is_future(text, ""), "{text}");
        }
        // A feed that is made when it is requested, after the run began.
        assert!(!is_future("Sun, 06 Nov 1994 08:05:00 GMT", "Sun, 06 Nov 1994 08:05:00 GMT"));
        assert!(is_future("Sun, 06 Nov 1994 08:05:01 GMT", "Sun, 06 Nov 1994 08:05:00 GMT"));
        assert!(!is_future_modification(b"\xff\xfe", None, now()));
    }

    #[test]
    fn cache_headers_give_a_lifetime() {
        fn given(text: &str) -> Option<&str> {
            Some(text).filter(|text| !text.is_empty())
        }
        let lifetime = |control: &str, expires: &str, age: &str, date: &str| {
            let hints = CacheHints::parse(given(control), given(expires), given(age), given(date), now());
            hints.lifetime().map(|life| life.as_secs())
        };
        assert_eq!(lifetime("public, Max-Age=14400", "", "", ""), Some(14_400));
        assert_eq!(lifetime("max-age=\"60\"", "", "", ""), Some(60));
        assert_eq!(lifetime("max-age=600", "", "200", ""), Some(400));
        assert_eq!(lifetime("max-age=600", "", "-1", ""), Some(600));
        assert_eq!(lifetime("max-age=60", "Sun, 06 Nov 1994 11:00:00 GMT", "", ""), Some(60));
        assert_eq!(lifetime("", "Sun, 06 Nov 1994 11:00:00 GMT", "", ""), Some(3 * 3600));
        // `Expires` is counted from `Date`: the clock of this server is an hour ahead.
        let date = "Sun, 06 Nov 1994 09:00:00 GMT";
        assert_eq!(lifetime("", "Sun, 06 Nov 1994 11:00:00 GMT", "", date), Some(2 * 3600));
        assert_eq!(lifetime("", "Sun, 06 Nov 1993 11:00:00 GMT", "", ""), Some(0));
        assert_eq!(lifetime("", "0", "", ""), None);
        assert_eq!(lifetime("no-cache, max-age=600", "", "", ""), None);
        assert_eq!(lifetime("max-age=-1, max-age=\"x\", max-age=7", "", "", ""), Some(7));
        assert_eq!(lifetime("max-age=99999999999999999999", "", "", ""), Some(u64::from(u32::MAX)));
        assert_eq!(lifetime("", "", "", ""), None);
    }
}
