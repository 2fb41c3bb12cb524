//! Tells entries that report no event of their own: opinions, anniversaries, live teasers and bulletins. They lead no story and raise no alert.
//!
//! The words are in `genres.tsv`.

use super::entry_text::ScannedEntry;
use super::pattern::Pattern;
use super::position::{Hit, WordPosition, Zone};
use super::scan::PatternTable;
use crate::model::Genre;
use crate::model::prehashed_map::PrehashedMap;
use crate::text::word_list::Gap;

pub(super) const TABLE: &str = include_str!("genres.tsv");

/// Where a term has to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of the headline, with punctuation behind it.
    Start,
    Zone(Zone),
}

/// The terms by pattern.
#[derive(Debug, Default)]
pub(super) struct Genres {
    by_pattern: PrehashedMap<u32, Vec<(Place, Genre)>>,
}

impl Genres {
    /// Reads the table; its patterns are added to `table`.
    pub(super) fn load(table: &mut PatternTable) -> Self {
        let mut genres = Self::default();
        for (pattern, place, genre) in TABLE.lines().filter_map(parse) {
            let id = table.add(pattern);
            genres.by_pattern.entry(id.0).or_default().push((place, genre));
        }
        genres
    }

    /// Returns what an entry is when it reports no event of its own.
    pub(super) fn of(&self, entry: &ScannedEntry<'_>) -> Option<Genre> {
        let found = entry.hits.iter().filter_map(|(pattern, hit)| {
            let terms = self.by_pattern.get(&entry.builtin(*pattern)?.0)?;
            terms.iter().find(|(place, _)| stands(entry, hit, *place)).map(|(_, genre)| *genre)
        });
        found.min()
    }
}

fn stands(entry: &ScannedEntry<'_>, hit: &Hit, place: Place) -> bool {
    match place {
        Place::Zone(zone) => hit.start.zone == zone,
        Place::Start => {
            let behind = WordPosition {
                word: hit.word_count,
                ..hit.start
            };
            let is_parted = entry.words.word(behind).is_none_or(|word| word.gap != Gap::Joined);
            hit.start.zone == Zone::Title && hit.start.word == 0 && is_parted
        }
    }
}

fn parse(line: &str) -> Option<(Pattern, Place, Genre)> {
    let mut columns = line.split('\t');
    let genre = Genre::parse(columns.next()?)?;
    let place = match columns.next()? {
        "start" => Place::Start,
        "title" => Place::Zone(Zone::Title),
        "category" => Place::Zone(Zone::Category),
        "url" => Place::Zone(Zone::Url),
        _ => return None,
    };
    Some((Pattern::table_term(columns.next()?)?, place, genre))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert!(parse(line).is_some(), "{line}");
        }
    }
}
