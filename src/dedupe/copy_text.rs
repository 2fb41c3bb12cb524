//! What copies are found by: the shingles of an entry's text outside what its outlet repeats, and the rule by which two texts are one.

use crate::text::shingle::{hash_words, shingles, word_hash};
use crate::text::word_list::Word;

/// The maximum number of shingles kept, those with the smallest hashes (bottom-k sketch). All shingles of a text of 600 words are kept.
pub(super) const MAX_SHINGLES: usize = 600;
/// The first words of a text that its lead paragraphs have.
const LEAD_WORDS: usize = 100;
/// The maximum number of shingles of a lead.
pub(super) const MAX_LEAD: usize = LEAD_WORDS - 2;

/// Two texts share so many shingles at least.
pub(super) const MIN_SHARED: u32 = 8;
/// A teaser is shorter: what it shares with another text may be a formula.
const TEASER_CHARS: u32 = 400;
/// The share of the shorter text that suffices where another outlet has the same headline: what is left of a text that was reworded and cut.
const MIN_SAME_TITLE: f64 = 0.2;
/// What is asked of a teaser: a run of 18 words, or several shorter ones, and nearly all of the shorter text, or three quarters of it where both are about
/// as long.
const MIN_TEASER_SHARED: u32 = 16;
const MIN_TEASER: f64 = 0.9;
const MIN_EQUAL_TEASER: f64 = 0.75;
const MIN_TEASER_RESEMBLANCE: f64 = 0.6;
/// In another outlet less is enough of a text that is longer. Two teasers on two events share as much: what both quote, or an agency's background.
const MIN_FOREIGN_TEASER_SHARED: u32 = 12;
const MIN_TEASER_OF_LONGER: f64 = 0.6;
const LONGER_SHINGLES: u32 = 80;
const MIN_LONG_TEASER_OF_LONGER: f64 = 0.44;
const LONG_TEASER_SHINGLES: u32 = 40;
/// Two teasers of equal length are versions of one text where their headlines share most words too: an editor has changed a few.
const MIN_EDITED_TEASER: f64 = 0.65;
const MIN_EDITED_LENGTH: f64 = 0.95;
/// The part of the shorter headline that two versions share, and the least number of words.
const MIN_ALIKE_TITLE: f64 = 0.75;
const MIN_ALIKE_TITLE_WORDS: usize = 4;
/// The maximum number of words of a headline that are kept.
pub(super) const MAX_TITLE_WORDS: usize = 32;
/// The share of the shorter text from which a text is a copy; in another outlet
const MIN_CONTAINMENT: f64 = 0.5;
const MIN_FOREIGN: f64 = 0.4;
/// or, where the leads agree and one of both is clearly shorter, as it is when an editor has cut it: two equally long reports that share a third
/// quote the same statement.
const MIN_CUT: f64 = 0.3;
const MIN_LONG_CUT: f64 = 0.25;
const MIN_LONG_CUT_SHARED: u32 = 30;
const MIN_LEAD: f64 = 0.2;
const MAX_CUT_LENGTH: f64 = 0.8;

/// A text of fewer shingles is found by all of them, one of fewer by half of them; of a longer one by a quarter of those of its lead and a sixteenth
/// of the others: an editor cuts from the end.
const ALL_SHINGLES: usize = 24;
const HALF_SHINGLES: usize = 64;

/// The shingles of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopyText {
    /// Hashed shingles, sorted; only the smallest when there were more than are kept.
    pub(super) shingles: Vec<u32>,
    /// Those of its lead, sorted.
    pub(super) lead: Vec<u32>,
    /// The hashed words of its headline, sorted.
    pub(super) title_words: Vec<u32>,
    /// The length of the text in characters, about.
    pub(super) chars: u32,
    /// Whether no shingle was left out.
    pub(super) is_complete: bool,
}

impl CopyText {
    /// Returns what copies are found by, of the words of a headline and a text without those that `is_boilerplate`.
    #[must_use]
    pub fn new([title, words]: [&[Word<'_>]; 2], is_boilerplate: [&[bool]; 2]) -> Self {
        let kept = || without_boilerplate(words, is_boilerplate[1]);
        let mut title_words: Vec<u32> = without_boilerplate(title, is_boilerplate[0])
            .map(|word| hash_words(&[word_hash(word)]))
            .take(MAX_TITLE_WORDS)
            .collect();
        title_words.sort_unstable();
        title_words.dedup();
        let mut all = shingles(kept());
        let is_complete = all.len() <= MAX_SHINGLES;
        all.truncate(MAX_SHINGLES);
        let mut lead = shingles(kept().take(LEAD_WORDS));
        lead.truncate(MAX_LEAD);
        let chars: usize = words.iter().map(|word| word.text.chars().count() + 1).sum();
        Self {
            shingles: all,
            lead,
            title_words,
            chars: u32::try_from(chars).unwrap_or(u32::MAX),
            is_complete,
        }
    }

    /// Returns the shingles under which the text is found in the store.
    pub(super) fn sample(&self) -> Vec<u32> {
        let count = self.shingles.len();
        let is_in_lead = |shingle: &u32| self.lead.binary_search(shingle).is_ok();
        let is_sampled = |shingle: &u32| {
            count <= ALL_SHINGLES
                || (count <= HALF_SHINGLES && shingle.is_multiple_of(2))
                || shingle.is_multiple_of(16)
                || (shingle.is_multiple_of(4) && is_in_lead(shingle))
        };
        self.shingles.iter().copied().filter(is_sampled).collect()
    }

    /// Returns the shingles by which it is looked for there.
    pub(super) fn probes(&self) -> Vec<u32> {
        let is_short = self.shingles.len() <= HALF_SHINGLES;
        self.shingles
            .iter()
            .copied()
            .filter(|shingle| is_short || shingle.is_multiple_of(4))
            .collect()
    }

    /// The fingerprint holds all shingles of the text up to this hash (bottom-k sketch).
    pub(super) fn threshold(&self) -> u32 {
        if self.is_complete {
            u32::MAX
        } else {
            self.shingles.last().copied().unwrap_or(u32::MAX)
        }
    }
}

/// Returns the words without those that `is_boilerplate`, which may be shorter.
fn without_boilerplate<'w>(words: &[Word<'w>], is_boilerplate: &[bool]) -> impl Iterator<Item = &'w str> {
    let marks = is_boilerplate.iter().copied().chain(std::iter::repeat(false));
    let kept = words.iter().zip(marks).filter(|(_, is_repeated)| !is_repeated);
    kept.map(|(word, _)| word.text)
}

/// Returns whether two headlines, given by their hashed words, share most words.
pub(super) fn are_titles_alike(one: &[u32], other: &[u32]) -> bool {
    one.len().min(other.len()) >= MIN_ALIKE_TITLE_WORDS && shared_part(one, other) >= MIN_ALIKE_TITLE
}

/// How far two headlines agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TitleMatch {
    Different,
    /// They share most words.
    Alike,
    Same,
}

/// What is measured of two texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overlap {
    /// The number of shared shingles.
    pub shared: u32,
    /// How many shingles the shorter and the longer one have in the range in which both are known.
    pub shorter: u32,
    pub longer: u32,
    /// The shared part of the shorter lead.
    pub lead: f64,
    /// Whether one of both is a teaser.
    pub has_teaser: bool,
    /// Whether both are of one outlet.
    pub is_same_outlet: bool,
    pub titles: TitleMatch,
}

impl Overlap {
    /// Returns the shared part of the shorter text, from 0 to 1.
    pub(super) fn containment(self) -> f64 {
        share(self.shared, self.shorter)
    }

    /// Returns whether one is a copy of the other. The thresholds were chosen on two labelled desks and on edited news articles
    /// (`docs/design/0013-stories.md`).
    pub(super) fn is_copy(self) -> bool {
        let contained = self.containment();
        let is_foreign = !self.is_same_outlet;
        if self.shared < MIN_SHARED {
            return false;
        }
        if self.titles == TitleMatch::Same && is_foreign && contained >= MIN_SAME_TITLE {
            return true;
        }
        if self.has_teaser {
            return self.is_own_teaser() || (is_foreign && self.is_foreign_teaser());
        }
        let is_cut = self.lead >= MIN_LEAD
            && f64::from(self.shorter) <= MAX_CUT_LENGTH * f64::from(self.longer)
            && (contained >= MIN_CUT || (contained >= MIN_LONG_CUT && self.shared >= MIN_LONG_CUT_SHARED));
        contained >= MIN_CONTAINMENT || (is_foreign && (contained >= MIN_FOREIGN || is_cut))
    }

    /// Returns whether a teaser is a copy whatever outlet it is of.
    fn is_own_teaser(self) -> bool {
        let contained = self.containment();
        let resemblance = share(self.shared, (self.shorter + self.longer).saturating_sub(self.shared));
        self.shared >= MIN_TEASER_SHARED
            && (contained >= MIN_TEASER || (contained >= MIN_EQUAL_TEASER && resemblance >= MIN_TEASER_RESEMBLANCE))
    }

    /// Returns whether a teaser is a copy of another outlet's text.
    fn is_foreign_teaser(self) -> bool {
        let contained = self.containment();
        let is_of_longer =
            contained >= MIN_TEASER_OF_LONGER || (contained >= MIN_LONG_TEASER_OF_LONGER && self.shorter >= LONG_TEASER_SHINGLES);
        let is_edited = self.titles >= TitleMatch::Alike
            && contained >= MIN_EDITED_TEASER
            && f64::from(self.shorter) >= MIN_EDITED_LENGTH * f64::from(self.longer);
        self.shared >= MIN_FOREIGN_TEASER_SHARED && ((self.longer >= LONGER_SHINGLES && is_of_longer) || is_edited)
    }

    /// Returns whether one of two texts with so many characters is a teaser.
    pub(super) fn of_teaser(one: u32, other: u32) -> bool {
        one.min(other) < TEASER_CHARS
    }
}

/// Returns `part / whole`, at most 1.
fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 {
        0.0
    } else {
        (f64::from(part) / f64::from(whole)).min(1.0)
    }
}

/// Returns the part of the shorter of two sorted lists that the other has as well.
pub(super) fn shared_part(one: &[u32], other: &[u32]) -> f64 {
    let (shorter, longer) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let shared = shorter.iter().filter(|hash| longer.binary_search(hash).is_ok()).count();
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    share(count(shared), count(shorter.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two long texts of two outlets.
    const LONG: Overlap = Overlap {
        shared: 0,
        shorter: 200,
        longer: 250,
        lead: 0.0,
        has_teaser: false,
        is_same_outlet: false,
        titles: TitleMatch::Different,
    };
    const OWN: Overlap = Overlap {
        is_same_outlet: true,
        ..LONG
    };
    const TEASER: Overlap = Overlap {
        shorter: 40,
        longer: 79,
        has_teaser: true,
        ..LONG
    };

    #[test]
    fn a_part_of_the_shorter_text_makes_a_copy() {
        let cases = [
            ("another outlet's, 0.4", Overlap { shared: 80, ..LONG }, true),
            ("less", Overlap { shared: 79, ..LONG }, false),
            ("the same outlet's, 0.5", Overlap { shared: 100, ..OWN }, true),
            ("less", Overlap { shared: 99, ..OWN }, false),
            (
                "eight shingles",
                Overlap {
                    shared: 8,
                    shorter: 8,
                    ..LONG
                },
                true,
            ),
            (
                "seven",
                Overlap {
                    shared: 7,
                    shorter: 7,
                    ..LONG
                },
                false,
            ),
            ("nothing", Overlap { shorter: 0, ..LONG }, false),
        ];
        for (name, overlap, is_copy) in cases {
            assert_eq!(overlap.is_copy(), is_copy, "{name}: {overlap:?}");
        }
    }

    #[test]
    fn less_is_enough_where_an_editor_has_cut() {
        let cut = Overlap {
            shared: 60,
            lead: 0.2,
            ..LONG
        };
        let cases = [
            ("0.3, and the leads agree", cut, true),
            ("the leads do not", Overlap { lead: 0.19, ..cut }, false),
            ("both are about as long", Overlap { longer: 249, ..cut }, false),
            (
                "of the same outlet",
                Overlap {
                    is_same_outlet: true,
                    ..cut
                },
                false,
            ),
            ("0.25", Overlap { shared: 50, ..cut }, true),
            ("less", Overlap { shared: 49, ..cut }, false),
            (
                "0.25 of a text of 120 words",
                Overlap {
                    shared: 30,
                    shorter: 120,
                    ..cut
                },
                true,
            ),
            (
                "too few for that",
                Overlap {
                    shared: 29,
                    shorter: 116,
                    ..cut
                },
                false,
            ),
            (
                "but enough for 0.3",
                Overlap {
                    shared: 29,
                    shorter: 96,
                    ..cut
                },
                true,
            ),
        ];
        for (name, overlap, is_copy) in cases {
            assert_eq!(overlap.is_copy(), is_copy, "{name}: {overlap:?}");
        }
    }

    #[test]
    fn more_is_asked_of_a_teaser() {
        let equal = Overlap {
            shared: 30,
            longer: 40,
            is_same_outlet: true,
            ..TEASER
        };
        let of_longer = Overlap {
            shared: 18,
            longer: 80,
            ..TEASER
        };
        let cases = [
            ("0.9", Overlap { shared: 36, ..TEASER }, true),
            ("less", Overlap { shared: 35, ..TEASER }, false),
            ("three quarters of one as long", equal, true),
            ("less", Overlap { shared: 29, ..equal }, false),
            ("of a longer one", Overlap { longer: 41, ..equal }, false),
            ("less than half of it in a longer one", of_longer, true),
            ("less", Overlap { shared: 17, ..of_longer }, false),
            ("in one that is hardly longer", Overlap { longer: 79, ..of_longer }, false),
            (
                "of a short one 0.6",
                Overlap {
                    shared: 12,
                    shorter: 20,
                    ..of_longer
                },
                true,
            ),
            (
                "less",
                Overlap {
                    shared: 17,
                    shorter: 39,
                    ..of_longer
                },
                false,
            ),
            (
                "eleven shingles",
                Overlap {
                    shared: 11,
                    shorter: 11,
                    ..of_longer
                },
                false,
            ),
            (
                "in one of the same outlet",
                Overlap {
                    is_same_outlet: true,
                    ..of_longer
                },
                false,
            ),
            (
                "sixteen shingles",
                Overlap {
                    shared: 16,
                    shorter: 16,
                    ..TEASER
                },
                true,
            ),
            (
                "fifteen",
                Overlap {
                    shared: 15,
                    shorter: 15,
                    ..TEASER
                },
                false,
            ),
        ];
        for (name, overlap, is_copy) in cases {
            assert_eq!(overlap.is_copy(), is_copy, "{name}: {overlap:?}");
        }
        assert!(Overlap::of_teaser(399, 4_000) && Overlap::of_teaser(4_000, 399) && !Overlap::of_teaser(400, 400));
    }

    #[test]
    fn headlines_that_are_alike_make_versions_of_two_teasers() {
        let edited = Overlap {
            shared: 26,
            longer: 42,
            titles: TitleMatch::Alike,
            ..TEASER
        };
        let cases = [
            ("0.65 of one that is as long, and the headlines are alike", edited, true),
            (
                "the headlines are not",
                Overlap {
                    titles: TitleMatch::Different,
                    ..edited
                },
                false,
            ),
            ("less", Overlap { shared: 25, ..edited }, false),
            ("of one that is longer", Overlap { longer: 43, ..edited }, false),
            (
                "of the same outlet",
                Overlap {
                    is_same_outlet: true,
                    ..edited
                },
                false,
            ),
        ];
        for (name, overlap, is_copy) in cases {
            assert_eq!(overlap.is_copy(), is_copy, "{name}: {overlap:?}");
        }
    }

    #[test]
    fn headlines_are_alike_that_share_three_quarters_of_the_shorter() {
        assert!(are_titles_alike(&[1, 2, 3, 4], &[1, 2, 3, 5]));
        assert!(are_titles_alike(&[1, 2, 3, 4], &[1, 2, 3, 5, 6, 7, 8]));
        assert!(!are_titles_alike(&[1, 2, 3, 4], &[1, 2, 5, 6]));
        assert!(!are_titles_alike(&[1, 2, 3], &[1, 2, 3]));
    }

    #[test]
    fn a_headline_makes_a_copy_of_a_text_that_was_reworded() {
        let titled = Overlap {
            shared: 8,
            titles: TitleMatch::Same,
            ..TEASER
        };
        let cases = [
            ("a fifth of the text", titled, true),
            ("less", Overlap { shorter: 41, ..titled }, false),
            (
                "too little of a short text",
                Overlap {
                    shared: 7,
                    shorter: 7,
                    ..titled
                },
                false,
            ),
            (
                "another headline",
                Overlap {
                    titles: TitleMatch::Different,
                    ..titled
                },
                false,
            ),
            (
                "of the same outlet",
                Overlap {
                    is_same_outlet: true,
                    ..titled
                },
                false,
            ),
        ];
        for (name, overlap, is_copy) in cases {
            assert_eq!(overlap.is_copy(), is_copy, "{name}: {overlap:?}");
        }
    }

    #[test]
    fn the_shorter_of_two_lists_counts() {
        assert!((shared_part(&[1, 2, 3, 4], &[2, 4]) - 1.0).abs() < f64::EPSILON);
        assert!((shared_part(&[1, 5], &[1, 2, 3]) - 0.5).abs() < f64::EPSILON);
        assert!(shared_part(&[], &[1]).abs() < f64::EPSILON);
    }

    #[test]
    fn what_is_looked_for_is_found_by_what_is_kept() {
        for count in [10_u32, 24, 25, 64, 65, 400] {
            let shingles: Vec<u32> = (0..count).map(|number| number * 7 + 1).collect();
            let text = CopyText {
                lead: shingles.iter().copied().take(98).collect(),
                shingles,
                ..CopyText::default()
            };
            let (kept, probes) = (text.sample(), text.probes());
            assert!(!kept.is_empty() && kept.iter().all(|shingle| probes.contains(shingle)), "{count}");
        }
    }
}
