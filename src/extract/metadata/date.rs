//! Dates in the texts, lines and URLs of pages. The formats themselves are in `text::date`.

use crate::model::Timestamp;
use crate::text::date::{DateOrder, is_zero_date, parse_date_in_order};

/// The least number of digits in a date, as in `5 mai 24`.
const MIN_DATE_DIGITS: usize = 3;

/// Parses a date in any format that pages and feeds use, such as `2023-12-05T12:30:00+0100`, `Dec 5, 2023` or `5 décembre 2023`; `None` also
/// for the zero of a calendar, which programs write when they have no date.
pub(in crate::extract) fn parse(text: &str) -> Option<Timestamp> {
    parse_in_order(text, DateOrder::DayFirst)
}

/// Parses a date as [`parse`] does, with an ambiguous one read in `order`.
pub(super) fn parse_in_order(text: &str, order: DateOrder) -> Option<Timestamp> {
    parse_date_in_order(text.trim(), None, order).filter(|at| !is_zero_date(*at))
}

/// Returns the day in the path of a URL, such as `/2023/12/05/`.
pub(in crate::extract) fn date_in_url(url: &url::Url) -> Option<Timestamp> {
    let parts: Vec<&str> = url.path().split(['/', '-', '_']).collect();
    parts.windows(3).find_map(|three| {
        let [year, month, day] = three else { return None };
        let fits = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
        let year = year.parse().ok().filter(|year| (1990..=2100).contains(year))?;
        fits.then(|| Timestamp::from_civil(year, month.parse().ok()?, day.parse().ok()?, 0, 0, 0))
            .flatten()
    })
}

/// Returns the date in a line such as `Dec 5, 2023 | News, Politics | 0 comments`.
pub(in crate::extract) fn date_in_line(line: &str) -> Option<Timestamp> {
    let day_in = |part: &str| {
        let from_digit = part.find(|c: char| c.is_ascii_digit()).map(|at| &part[at..]);
        let parse_day = |part: &str| parse(part).filter(|at| states_day(part, *at));
        parse_day(part).or_else(|| from_digit.and_then(parse_day))
    };
    dated_parts(line).iter().find_map(|part| day_in(part))
}

/// Returns the parts of a line between the signs that separate facts, of those that have enough digits for a date.
pub(super) fn dated_parts(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    // Between digits these characters belong to the date: `2025•01•08`.
    let is_separator = |at: usize| {
        let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
        matches!(chars[at], '|' | '•' | '·' | '—' | '–') && !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
    };
    let separated: String = (0..chars.len())
        .map(|at| match chars[at] {
            _ if is_separator(at) => '\n',
            '•' | '·' => '.',
            c => c,
        })
        .collect();
    separated
        .split('\n')
        .map(str::trim)
        .filter(|part| part.chars().filter(|c| c.is_numeric()).count() >= MIN_DATE_DIGITS)
        .map(str::to_owned)
        .collect()
}

/// Returns whether a text states the day of the date `at`, and not only year or month as "The 10 best of 2025" does.
pub(super) fn states_day(text: &str, at: Timestamp) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        let parts = text.split(|c: char| !c.is_ascii_digit());
        parts.filter_map(|part| part.parse().ok()).collect()
    };
    // The zone may move the date by one day. Digits of other scripts and numbers without separators (unix time) are not checked.
    let stated = numbers(text);
    let is_near = |day: &u32| stated.iter().any(|number| number.abs_diff(*day) <= 1);
    let is_other = text.contains(|c: char| c.is_numeric() && !c.is_ascii());
    is_other || stated.len() == 1 && stated[0] > 9999 || numbers(&at.day()).last().is_some_and(is_near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        parse(text).map(Timestamp::rfc3339)
    }

    #[test]
    fn common_formats_are_parsed() {
        for (text, expected) in [
            ("2023-12-05T12:00:00+01:00", "2023-12-05T11:00:00Z"),
            ("2023-12-05T12:00:00+0100", "2023-12-05T11:00:00Z"),
            ("2023-12-05 12:30", "2023-12-05T12:30:00Z"),
            ("2023/12/05", "2023-12-05T00:00:00Z"),
            ("Dec 5, 2023", "2023-12-05T00:00:00Z"),
            ("5 décembre 2023", "2023-12-05T00:00:00Z"),
            ("mardi 1er août 2023", "2023-08-01T00:00:00Z"),
            ("5 February 2024 at 10:00", "2024-02-05T10:00:00Z"),
        ] {
            assert_eq!(day(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn texts_without_a_date_are_none() {
        for text in [
            "",
            "hier",
            "marché 2023",
            "5 2023",
            "31 juin 2023",
            "0 comments",
            "1970-01-01T00:00:00+00:00",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn urls_contain_days() {
        let of = |text: &str| date_in_url(&url::Url::parse(text).expect("a URL")).map(Timestamp::day);
        assert_eq!(of("https://a.example/2023/12/05/titre").as_deref(), Some("2023-12-05"));
        assert_eq!(of("https://a.example/titre-2023-12-05.html"), None);
        assert_eq!(of("https://a.example/2023-12-05/x").as_deref(), Some("2023-12-05"));
        assert_eq!(of("https://a.example/2023/x"), None);
    }
}
