//! The words of the column `facts` of the full-text index: letters and digits only, each kind of fact with a letter of its own.

use super::column::Columns;
use crate::model::{Area, Timestamp};
use rusqlite::Row;

/// The word that every entry has.
pub(super) const EVERY: &str = "x";
/// A word that no entry has.
pub(super) const NONE: &str = "n";

/// Returns the words of an entry, whose columns are source, language, about, genre and date.
pub(super) fn facts(row: &Row<'_>) -> rusqlite::Result<String> {
    let mut columns = Columns::new(row);
    let mut words = vec![EVERY.to_owned(), source_word(columns.next()?)];
    if let Some(language) = columns.next::<Option<String>>()? {
        words.extend(language_words(&language));
    }
    let about = columns.about()?;
    words.extend(about.areas().map(area_word));
    if let Some(genre) = columns.next::<Option<String>>()? {
        words.push(genre_word(&genre));
    }
    let date = columns.time()?;
    words.extend(Civil::of(date.unix_day()).words());
    Ok(words.join(" "))
}

/// Returns the word of the source in this row.
pub(super) fn source_word(row: i64) -> String {
    format!("s{row}")
}

/// Returns the word of a country or region that an entry is about.
pub(super) fn area_word(area: Area) -> String {
    let letter = match area {
        Area::Country(_) => 'a',
        Area::Region(_) => 'r',
    };
    let code = area.to_string().to_ascii_lowercase();
    format!("{letter}{}", code.replace('-', ""))
}

/// Returns the word of a genre.
pub(super) fn genre_word(genre: &str) -> String {
    format!("g{genre}")
}

/// Returns the words of a language tag, one for each of its beginnings: of `zh-Hant` one for `zh` and one for `zh-hant`. None for what is no tag.
pub(super) fn language_words(tag: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = "l".to_owned();
    let is_subtag = |subtag: &&str| !subtag.is_empty() && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    for subtag in tag.split(['-', '_']).take_while(is_subtag) {
        // With its length, since subtags could run together.
        word = format!("{word}{}{}", subtag.len(), subtag.to_ascii_lowercase());
        words.push(word.clone());
    }
    words
}

/// Returns the words one of which every entry has that is dated on one of the UTC days from `from` to the one before `until`, and no other: years and months
/// where the range holds whole ones.
pub(super) fn date_words(mut from: i64, until: i64) -> Vec<String> {
    let mut words = Vec::new();
    while from < until {
        let date = Civil::of(from);
        let [year, month, day] = date.words();
        let (next_year, next_month) = (date.next_year(), date.next_month());
        let (word, next) = if date.month == 1 && date.day == 1 && next_year <= until {
            (year, next_year)
        } else if date.day == 1 && next_month <= until {
            (month, next_month)
        } else {
            (day, from + 1)
        };
        words.push(word);
        from = next;
    }
    words
}

/// A day of the calendar.
struct Civil {
    /// As ISO 8601 writes it.
    text: String,
    year: i32,
    month: u32,
    day: u32,
}

impl Civil {
    fn of(unix_day: i64) -> Self {
        let text = Timestamp::from_unix(unix_day.saturating_mul(86_400)).day();
        let mut numbers = text.split('-');
        let mut number = || numbers.next().and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(1);
        let (year, month, day) = (number(), number(), number());
        Self {
            year: i32::try_from(year).unwrap_or(1),
            month,
            day,
            text,
        }
    }

    fn words(&self) -> [String; 3] {
        let digits: String = self.text.chars().filter(char::is_ascii_digit).collect();
        let first = |count: usize| digits.get(..count).unwrap_or(&digits);
        [format!("y{}", first(4)), format!("m{}", first(6)), format!("d{digits}")]
    }

    fn next_year(&self) -> i64 {
        first_day(self.year + 1, 1)
    }

    fn next_month(&self) -> i64 {
        if self.month == 12 {
            self.next_year()
        } else {
            first_day(self.year, self.month + 1)
        }
    }
}

/// Returns the first day of a month; behind all others where the calendar ends.
fn first_day(year: i32, month: u32) -> i64 {
    Timestamp::from_civil(year, month, 1, 0, 0, 0).map_or(i64::MAX, Timestamp::unix_day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn day(text: &str) -> i64 {
        Timestamp::parse(text).expect("a day").unix_day()
    }

    #[test]
    fn a_range_of_days_has_the_words_of_its_days_and_no_others() {
        let (from, until) = (day("2023-11-29"), day("2026-02-02"));
        assert_eq!(
            date_words(day("2025-12-30"), day("2026-01-31")).len(),
            2 + 30,
            "no month that is not whole"
        );
        let words = date_words(from, until);
        assert_eq!(
            words,
            ["d20231129", "d20231130", "m202312", "y2024", "y2025", "m202601", "d20260201"]
        );
        let words: BTreeSet<String> = words.into_iter().collect();
        for day in from - 40..until + 400 {
            let has_one = Civil::of(day).words().iter().any(|word| words.contains(word));
            assert_eq!(has_one, (from..until).contains(&day), "{day}");
        }
        assert_eq!(date_words(5, 5), [] as [String; 0]);
    }

    #[test]
    fn a_language_has_a_word_for_each_of_its_beginnings() {
        assert_eq!(language_words("zh-Hant_TW"), ["l2zh", "l2zh4hant", "l2zh4hant2tw"]);
        assert_eq!(language_words("fr"), ["l2fr"]);
        assert_eq!(language_words("fr-\"x"), ["l2fr"]);
        assert_eq!(language_words("*"), [] as [String; 0]);
    }
}
