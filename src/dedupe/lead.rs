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

/// Returns the entry that leads: one that reports an event before any other, a link of its own before one that leads to another source, an outlet
/// before an aggregator, the higher trust, an original before a copy, the longer text, then the earlier date.
///
/// The id decides last, so the order of `candidates` never matters. `None` when there are none.
#[must_use]
pub fn select_lead(candidates: &[LeadCandidate]) -> Option<EntryId> {
    candidates
        .iter()
        .min_by_key(|entry| {
            (
                entry.genre.is_some(),
                !entry.owns_link,
                entry.aggregator,
                Reverse(entry.trust),
                entry.copy,
                Reverse(entry.text_length),
                entry.date,
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
        let base = LeadCandidate {
            genre: Some(Genre::Opinion),
            owns_link: false,
            aggregator: true,
            copy: true,
            ..entry(9)
        };
        // Each is better by one rule, and worse by all that follow.
        let ladder = [
            LeadCandidate {
                date: Timestamp::from_unix(999_999),
                ..LeadCandidate { id: entry(8).id, ..base }
            },
            LeadCandidate {
                text_length: 2000,
                ..LeadCandidate { id: entry(7).id, ..base }
            },
            LeadCandidate {
                copy: false,
                text_length: 10,
                ..LeadCandidate { id: entry(6).id, ..base }
            },
            LeadCandidate {
                trust: 60,
                text_length: 10,
                ..LeadCandidate { id: entry(5).id, ..base }
            },
            LeadCandidate {
                aggregator: false,
                trust: 10,
                text_length: 10,
                ..LeadCandidate { id: entry(4).id, ..base }
            },
            LeadCandidate {
                owns_link: true,
                trust: 10,
                text_length: 10,
                ..LeadCandidate { id: entry(3).id, ..base }
            },
            LeadCandidate {
                genre: None,
                trust: 10,
                text_length: 10,
                ..LeadCandidate { id: entry(2).id, ..base }
            },
        ];
        let mut all = vec![base];
        for better in ladder {
            all.push(better);
            assert_eq!(select_lead(&all), Some(better.id));
            all.reverse();
            assert_eq!(select_lead(&all), Some(better.id));
        }
        assert_eq!(select_lead(&[entry(3), entry(2)]), Some(entry(2).id));
        assert_eq!(select_lead(&[]), None);
    }
}
