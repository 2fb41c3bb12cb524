//! The parts of an entry, and positions in them.

use std::collections::HashMap;

/// How many words of the summary and of the body are the lead.
pub(super) const LEAD_WORDS: usize = 60;

/// A part of an entry whose words are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Zone {
    Title,
    Summary,
    Body,
    Author,
    Category,
    Url,
}

impl Zone {
    pub(super) const ALL: [Self; 6] = [Self::Title, Self::Summary, Self::Body, Self::Author, Self::Category, Self::Url];

    /// The zones of the text that an entry tells.
    pub(super) const TEXT: [Self; 3] = [Self::Title, Self::Summary, Self::Body];

    /// Returns the name that reasons give, which is published.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Body => "body",
            Self::Author => "author",
            Self::Category => "category",
            Self::Url => "url",
        }
    }
}

/// The zones that a clause looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zones {
    pub zones: &'static [Zone],
    /// Whether only the lead of summary and body counts.
    pub lead_only: bool,
}

impl Zones {
    /// Where a word without a field is sought.
    pub(super) const TEXT: Self = Self::all(&Zone::TEXT);

    /// Returns these zones as wholes.
    pub(super) const fn all(zones: &'static [Zone]) -> Self {
        Self { zones, lead_only: false }
    }

    /// Returns whether a position lies in them.
    pub(super) fn contain(self, position: WordPosition) -> bool {
        self.zones.contains(&position.zone) && (!self.lead_only || position.part() != Part::Rest)
    }
}

/// How prominent a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// The headline.
    Title,
    /// The first [`LEAD_WORDS`] words of summary and body, and the publisher's categories.
    Lead,
    /// What follows; also authors and address.
    Rest,
}

impl Part {
    /// Returns the factor of a word's weight, besides [`length_damping`].
    pub(super) const fn factor(self) -> f64 {
        match self {
            Self::Title => 1.5,
            Self::Lead => 1.0,
            Self::Rest => 0.4,
        }
    }
}

/// How much the logarithm of a text's length dampens the weight of its words.
const LENGTH_DAMPING: f64 = 0.5;

/// Returns the factor for the words of an entry of `words` words in headline and text: a long text holds more words of every subject.
pub(super) fn length_damping(words: usize) -> f64 {
    let of = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let leads = (of(words) / of(LEAD_WORDS)).max(1.0);
    1.0 / (1.0 + LENGTH_DAMPING * leads.log2())
}

/// The position of a word in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct WordPosition {
    pub zone: Zone,
    /// The number of the word in its zone. Between two texts of a zone a number is left out, so that no phrase spans them.
    pub word: usize,
}

impl WordPosition {
    /// Returns how prominent it is.
    pub(super) const fn part(self) -> Part {
        match self.zone {
            Zone::Title => Part::Title,
            Zone::Summary | Zone::Body if self.word < LEAD_WORDS => Part::Lead,
            Zone::Category => Part::Lead,
            Zone::Summary | Zone::Body | Zone::Author | Zone::Url => Part::Rest,
        }
    }
}

/// An occurrence of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Hit {
    /// The position of its first word.
    pub start: WordPosition,
    pub word_count: usize,
}

impl Hit {
    /// Returns whether the two have a word in common.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.start.zone == other.start.zone
            && self.start.word < other.start.word + other.word_count
            && other.start.word < self.start.word + self.word_count
    }

    /// Returns how many words stand between the two; 0 when they overlap; `None` in different zones.
    pub(super) fn words_between(&self, other: &Self) -> Option<usize> {
        if self.start.zone != other.start.zone {
            return None;
        }
        let (first, last) = if self.start.word <= other.start.word {
            (self, other)
        } else {
            (other, self)
        };
        Some(last.start.word.saturating_sub(first.start.word + first.word_count))
    }
}

/// Keeps of `hits` those that share no word with a longer one that is kept, the longest and then the first of them first: the longest match tells
/// what is meant. Those of the same words are all kept. The order becomes that of positions.
pub(super) fn keep_longest<T>(hits: &mut Vec<T>, hit: impl Fn(&T) -> Hit) {
    hits.sort_by_key(|one| (std::cmp::Reverse(hit(one).word_count), hit(one).start));
    let mut taken: HashMap<WordPosition, Hit> = HashMap::new();
    hits.retain(|one| {
        let own = hit(one);
        let positions = || {
            (0..own.word_count).map(|step| WordPosition {
                word: own.start.word + step,
                ..own.start
            })
        };
        let is_free = positions().all(|position| taken.get(&position).is_none_or(|by| *by == own));
        if is_free {
            taken.extend(positions().map(|position| (position, own)));
        }
        is_free
    });
    hits.sort_by_key(|one| hit(one));
}
