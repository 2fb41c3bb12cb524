//! Dates as pages write them. One door, so that the reading itself can live elsewhere.

use crate::model::Timestamp;
use crate::text::date::parse_date;

/// Reads a date in any form that pages and feeds write, such as `2023-12-05T12:30:00+0100`, `Dec 5, 2023` or `5 décembre 2023`.
pub(in crate::extract) fn read(text: &str) -> Option<Timestamp> {
    parse_date(text.trim(), None)
}

/// Reads the day that many sites put into a page's address, such as `/2023/12/05/`.
pub(in crate::extract) fn of_url(url: &url::Url) -> Option<Timestamp> {
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
            ("5 February 2024 at 10:00", "2024-02-05T10:00:00Z"),
        ] {
            assert_eq!(day(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "hier", "marché 2023", "5 2023", "31 juin 2023", "0 comments"] {
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
