//! Selects a story's lead: the entry whose title, text and link represent it.

use crate::model::{EntryId, Genre, Timestamp};
use std::cmp::Reverse;

/// The facts about an entry by which the lead is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadCandidate {
    /// The entry.
    pub id: EntryId,
    /// What kind of text it is, when it reports no event of its own.
    pub genre: Option<Genre>,
    /// Whether it is a copy.
    pub copy: bool,
    /// Whether no other configured source owns the host of its link, as in `DedupeEntry`.
    pub owns_link: bool,
    /// The trust in its source, 0 to 100.
    pub trust: u8,
    /// Whether its source is an aggregator.
    pub aggregator: bool,
    /// The length of its text in characters.
    pub text_length: usize,
    /// Its date, as `Entry::date` returns it.
    pub date: Timestamp,
}

/// Returns the entry that leads: one that reports an event before any other, an original before a copy, a link of its own before one that leads to another source, an outlet before an
/// aggregator, then the higher trust, the earlier date and the longer text.
///
/// The id decides last, so the order of `candidates` never matters. `None` when there are none.
#[must_use]
pub fn select_lead(candidates: &[LeadCandidate]) -> Option<EntryId> {
    candidates
        .iter()
        .min_by_key(|entry| {
            (
                entry.genre.is_some(),
                entry.copy,
                !entry.owns_link,
                entry.aggregator,
                Reverse(entry.trust),
                entry.date,
                Reverse(entry.text_length),
                entry.id,
            )
        })
        .map(|entry| entry.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u8) -> LeadCandidate {
        LeadCandidate {
            id: EntryId::from_bytes([number; 16]),
            genre: None,
            copy: false,
            owns_link: true,
            trust: 50,
            aggregator: false,
            text_length: 1000,
            date: Timestamp::from_unix(1_000_000),
        }
    }

    #[test]
    fn each_rule_counts_before_the_next() {
        let base = entry(9);
        let ladder = [
            LeadCandidate {
                text_length: 2000,
                ..entry(8)
            },
            LeadCandidate {
                date: Timestamp::from_unix(999_999),
                text_length: 10,
                ..entry(7)
            },
            LeadCandidate {
                trust: 60,
                date: Timestamp::from_unix(2_000_000),
                ..entry(6)
            },
        ];
        let mut all = vec![base];
        for better in ladder {
            all.push(better);
            assert_eq!(select_lead(&all), Some(better.id));
            all.reverse();
            assert_eq!(select_lead(&all), Some(better.id));
        }
        let aggregator = LeadCandidate {
            aggregator: true,
            trust: 100,
            ..entry(1)
        };
        let foreign_link = LeadCandidate {
            owns_link: false,
            trust: 100,
            ..entry(2)
        };
        let copy = LeadCandidate {
            copy: true,
            trust: 100,
            ..entry(4)
        };
        let opinion = LeadCandidate {
            genre: Some(Genre::Opinion),
            trust: 100,
            ..entry(5)
        };
        assert_eq!(select_lead(&[opinion, copy]), Some(copy.id));
        assert_eq!(select_lead(&[opinion]), Some(opinion.id));
        assert_eq!(select_lead(&[copy, foreign_link, aggregator, base]), Some(base.id));
        assert_eq!(select_lead(&[copy, foreign_link, aggregator]), Some(aggregator.id));
        assert_eq!(select_lead(&[copy, foreign_link]), Some(foreign_link.id));
        assert_eq!(select_lead(&[entry(3), entry(2)]), Some(entry(2).id));
        assert_eq!(select_lead(&[]), None);
    }
}
