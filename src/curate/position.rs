//! The parts of an entry, and positions in them.

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

    /// The zones in which a word without a field is sought.
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

    /// Returns the weight of a match in a score.
    pub(super) const fn weight(self) -> f64 {
        match self {
            Self::Title => 4.0,
            Self::Summary | Self::Category => 2.0,
            Self::Body | Self::Author | Self::Url => 1.0,
        }
    }
}

/// The position of a word in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WordPosition {
    pub zone: Zone,
    /// The number of the word in its zone. Between two texts of a zone a number is left out, so that no phrase spans them.
    pub word: usize,
}

/// An occurrence of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
}
