//! Names of the gazetteer in a text: passed from the stage that knows the region to the one that compares entries.

use super::country::Country;

/// What a name of the gazetteer stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A country, or its people.
    Country,
    /// A capital.
    Capital,
    /// A region, a town, a river; `is_weak` when the word often means something else.
    Place {
        /// Whether the word often means something else.
        is_weak: bool,
    },
    /// A person, an institution or an armed group.
    Actor,
}

/// An occurrence of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSpan {
    /// Whether it stands in the headline, else in the text.
    pub in_title: bool,
    /// The number of its first word in the headline or text.
    pub start: usize,
    /// The number of its words.
    pub word_count: usize,
    /// What it stands for.
    pub kind: NameKind,
    /// The countries that it stands for.
    pub countries: Vec<Country>,
}
