//! Dates as pages write them. One door, so that the reading itself can live elsewhere.

use crate::model::Timestamp;

const MONTHS: [[&str; 2]; 12] = [
    ["jan", "janv"],
    ["feb", "fév"],
    ["mar", "mars"],
    ["apr", "avr"],
    ["may", "mai"],
    ["jun", "juin"],
    ["jul", "juil"],
    ["aug", "août"],
    ["sep", "sept"],
    ["oct", "octo"],
    ["nov", "nove"],
    ["dec", "déc"],
];

/// Reads a date in a form of the web's: RFC 3339 and its neighbours, or words such as `Dec 5, 2023` and `5 décembre 2023`.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    iso(text).or_else(|| worded(text)).or_else(|| Timestamp::parse(text).ok())
}

/// Reads `2023-12-05 12:30:00`, `2023-12-05T12:30:00+0100` and shorter ones; without an offset the time is taken as UTC.
fn iso(text: &str) -> Option<Timestamp> {
    let head = text.get(..10)?;
    let day = Timestamp::parse(&head.replace('/', "-")).ok()?;
    let rest = text.get(10..)?.trim_start_matches(['T', ' ']);
    let mut clock = rest.splitn(3, ':');
    let hour: i64 = clock.next().unwrap_or_default().parse().unwrap_or(0);
    let minute: i64 = clock.next().and_then(|text| text.get(..2)).unwrap_or_default().parse().unwrap_or(0);
    let offset = rest.rfind(['+', '-']).and_then(|at| {
        let digits: String = rest[at + 1..].chars().filter(char::is_ascii_digit).collect();
        let minutes = digits.get(..2)?.parse::<i64>().ok()? * 60 + digits.get(2..4).unwrap_or("0").parse::<i64>().ok()?;
        Some(if rest[at..].starts_with('-') { -minutes } else { minutes })
    });
    let second: i64 = clock.next().and_then(|text| text.get(..2)).unwrap_or_default().parse().unwrap_or(0);
    let minutes = hour.clamp(0, 23) * 60 + minute.clamp(0, 59) - offset.unwrap_or(0);
    Some(Timestamp::from_unix(day.unix() + minutes * 60 + second))
}

/// Reads a day, a month's name and a year among the words of a short text.
fn worded(text: &str) -> Option<Timestamp> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(12)
        .map(str::to_lowercase)
        .collect();
    // Several words begin like a month, such as "mardi".
    (0..words.len()).find_map(|at| around(&words, at))
}

/// Reads the date around the word at `at`, which must be a month's name.
fn around(words: &[String], at: usize) -> Option<Timestamp> {
    let month = month(words.get(at)?)?;
    let number = |at: usize| -> Option<u32> { words.get(at)?.trim_end_matches(char::is_alphabetic).parse().ok() };
    let year = (at + 1..at + 3).filter_map(number).find(|n| (1990..=2100).contains(n))?;
    let before = at.checked_sub(1).and_then(number);
    let day = before.or_else(|| number(at + 1)).filter(|n| (1..=31).contains(n))?;
    Timestamp::from_civil(year.try_into().ok()?, month, day, 0, 0, 0)
}

fn month(word: &str) -> Option<u32> {
    let known = |name: &&str| word.starts_with(*name) && word.chars().count() <= 9;
    let at = MONTHS.iter().position(|names| names.iter().any(known))?;
    let whole = word.chars().all(char::is_alphabetic) && (word.chars().count() > 2);
    whole.then(|| u32::try_from(at + 1).ok()).flatten()
}

/// Reads the day that many sites put into a page's address, such as `/2023/12/05/`.
pub(super) fn of_url(url: &url::Url) -> Option<Timestamp> {
    let parts: Vec<&str> = url.path().split(['/', '-', '_']).collect();
    parts.windows(3).find_map(|three| {
        let [year, month, day] = three else { return None };
        let fits = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
        let year = year.parse().ok().filter(|year| (1990..=2100).contains(year))?;
        fits.then(|| Timestamp::from_civil(year, month.parse().ok()?, day.parse().ok()?, 0, 0, 0))
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        read(text).map(Timestamp::rfc3339)
    }

    #[test]
    fn the_usual_forms_are_read() {
        for (text, expected) in [
            ("2023-12-05T12:00:00+01:00", "2023-12-05T11:00:00Z"),
            ("2023-12-05T12:00:00+0100", "2023-12-05T11:00:00Z"),
            ("2023-12-05 12:30", "2023-12-05T12:30:00Z"),
            ("2023/12/05", "2023-12-05T00:00:00Z"),
            ("Dec 5, 2023", "2023-12-05T00:00:00Z"),
            ("5 décembre 2023", "2023-12-05T00:00:00Z"),
            ("mardi 1er août 2023", "2023-08-01T00:00:00Z"),
            ("5 February 2024 at 10:00", "2024-02-05T00:00:00Z"),
        ] {
            assert_eq!(day(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "hier", "marché 2023", "5 2023", "é2023-12-05", "31 juin 2023", "0 comments"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_hold_days() {
        let of = |text: &str| of_url(&url::Url::parse(text).expect("a URL")).map(Timestamp::day);
        assert_eq!(of("https://a.example/2023/12/05/titre").as_deref(), Some("2023-12-05"));
        assert_eq!(of("https://a.example/titre-2023-12-05.html"), None);
        assert_eq!(of("https://a.example/2023-12-05/x").as_deref(), Some("2023-12-05"));
        assert_eq!(of("https://a.example/2023/x"), None);
    }
}
