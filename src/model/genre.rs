//! Texts that report no event of their own.

/// What a text is that reports no event of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Genre {
    /// An opinion, an editorial, a column.
    Opinion,
    /// A look back on an anniversary.
    Anniversary,
    /// A teaser of live coverage.
    Live,
    /// A bulletin of several reports, a press review.
    Bulletin,
}

impl Genre {
    /// Every genre.
    pub const ALL: [Self; 4] = [Self::Opinion, Self::Anniversary, Self::Live, Self::Bulletin];

    /// Returns the word that is stored, and that rules use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opinion => "opinion",
            Self::Anniversary => "anniversary",
            Self::Live => "live",
            Self::Bulletin => "bulletin",
        }
    }

    /// Returns the genre of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|genre| genre.as_str() == word)
    }
}
