//! Dates of the Islamic calendar as Umm al-Qura counts it, the civil calendar of Saudi Arabia.
//!
//! Elsewhere a month may begin a day earlier or later, where the moon was seen.

use crate::model::Timestamp;

/// The first year of the table.
const FIRST_YEAR: i32 = 1420;
/// The first day of [`FIRST_YEAR`], 1999-04-17, in days since 1970-01-01.
const FIRST_DAY: i64 = 10_698;
/// The months of each year that have 30 days, the first month in the lowest bit; the others have 29.
const LONG_MONTHS: [u16; 81] = [
    0xbd2, 0xbc4, 0xb89, 0xa95, 0x52d, 0x5ad, 0xb6a, 0x6d4, 0xdc9, 0xd92, 0xaa6, 0x956, 0x2ae, 0x56d, 0x36a, 0xb55, 0xaaa, 0x94d, 0x49d,
    0x95d, 0x2ba, 0x5b5, 0x5aa, 0xd55, 0xa9a, 0x92e, 0x26e, 0x55d, 0xada, 0x6d4, 0x6a5, 0x54b, 0xa97, 0x54e, 0xaae, 0x5ac, 0xba9, 0xd92,
    0xb25, 0x64b, 0xcab, 0x55a, 0xb55, 0x6d2, 0xea5, 0xe4a, 0xa95, 0x52d, 0xaad, 0x36c, 0x759, 0x6d2, 0x695, 0x52d, 0xa5b, 0x4ba, 0x9ba,
    0x3b4, 0xb69, 0xb52, 0xaa6, 0x4b6, 0x96d, 0x2ec, 0x6d9, 0xeb2, 0xd54, 0xd2a, 0xa56, 0x4ae, 0x96d, 0xd6a, 0xb54, 0xb29, 0xa93, 0x52b,
    0xa57, 0x536, 0xab5, 0x6aa, 0xe93,
];

/// Returns whether a year is one of the Islamic calendar in which news is dated: 1999 to 2077 CE.
pub(super) fn is_hijri_year(year: i32) -> bool {
    position(year).is_some()
}

fn position(year: i32) -> Option<usize> {
    usize::try_from(year - FIRST_YEAR)
        .ok()
        .filter(|position| *position < LONG_MONTHS.len())
}

fn month_days(year: u16, month: u32) -> i64 {
    29 + i64::from(year >> (month - 1) & 1)
}

/// Returns the midnight (UTC) of a day of the Islamic calendar; `None` when there is no such day.
pub(super) fn from_hijri(year: i32, month: u32, day: u32) -> Option<Timestamp> {
    let position = position(year)?;
    let this = LONG_MONTHS[position];
    if !(1..=12).contains(&month) || day == 0 || i64::from(day) > month_days(this, month) {
        return None;
    }
    let years = LONG_MONTHS[..position].iter().map(|year| 12 * 29 + i64::from(year.count_ones()));
    let months = (1..month).map(|month| month_days(this, month));
    let days = FIRST_DAY + years.sum::<i64>() + months.sum::<i64>() + i64::from(day) - 1;
    Some(Timestamp::from_unix(days * 86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_umm_al_qura() {
        let day = |year, month, day| from_hijri(year, month, day).map(Timestamp::day);
        for (date, expected) in [
            ((1420, 1, 1), "1999-04-17"),
            ((1445, 12, 29), "2024-07-05"),
            ((1447, 9, 10), "2026-02-27"),
            ((1448, 6, 7), "2026-11-17"),
            ((1500, 12, 30), "2077-11-16"),
        ] {
            assert_eq!(day(date.0, date.1, date.2).as_deref(), Some(expected), "{date:?}");
        }
        for (year, month, date) in [(1419, 1, 1), (1501, 1, 1), (1448, 13, 1), (1448, 0, 1), (1448, 1, 0), (1448, 1, 31)] {
            assert_eq!(day(year, month, date), None, "{year}-{month}-{date}");
        }
        assert!(is_hijri_year(1448) && !is_hijri_year(2026));
    }
}
