//! The functions of `XPath` 1.0 (section 4).

use std::ops::RangeInclusive;

/// A function of the core library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Last,
    Position,
    Count,
    Id,
    LocalName,
    Name,
    String,
    Concat,
    StartsWith,
    Contains,
    SubstringBefore,
    SubstringAfter,
    Substring,
    StringLength,
    NormalizeSpace,
    Translate,
    Boolean,
    Not,
    True,
    False,
    Number,
    Sum,
    Floor,
    Ceiling,
    Round,
}

/// The functions with their names and numbers of arguments.
const FUNCTIONS: &[(Function, &str, RangeInclusive<usize>)] = &[
    (Function::Last, "last", 0..=0),
    (Function::Position, "position", 0..=0),
    (Function::Count, "count", 1..=1),
    (Function::Id, "id", 1..=1),
    (Function::LocalName, "local-name", 0..=1),
    (Function::Name, "name", 0..=1),
    (Function::String, "string", 0..=1),
    (Function::Concat, "concat", 1..=99),
    (Function::StartsWith, "starts-with", 2..=2),
    (Function::Contains, "contains", 2..=2),
    (Function::SubstringBefore, "substring-before", 2..=2),
    (Function::SubstringAfter, "substring-after", 2..=2),
    (Function::Substring, "substring", 2..=3),
    (Function::StringLength, "string-length", 0..=1),
    (Function::NormalizeSpace, "normalize-space", 0..=1),
    (Function::Translate, "translate", 3..=3),
    (Function::Boolean, "boolean", 1..=1),
    (Function::Not, "not", 1..=1),
    (Function::True, "true", 0..=0),
    (Function::False, "false", 0..=0),
    (Function::Number, "number", 0..=1),
    (Function::Sum, "sum", 1..=1),
    (Function::Floor, "floor", 1..=1),
    (Function::Ceiling, "ceiling", 1..=1),
    (Function::Round, "round", 1..=1),
];

impl Function {
    /// Returns the function with the name `name`.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        FUNCTIONS
            .iter()
            .find(|(_, known, _)| *known == name)
            .map(|(function, ..)| *function)
    }

    /// Returns the name of the function.
    pub(super) fn name(self) -> &'static str {
        self.row().map_or("", |row| row.1)
    }

    /// Returns the allowed numbers of arguments.
    pub(super) fn arity(self) -> RangeInclusive<usize> {
        self.row().map_or(0..=0, |row| row.2.clone())
    }

    /// Returns whether the result is a number; a predicate with such a result tests the position.
    pub(super) const fn gives_number(self) -> bool {
        matches!(
            self,
            Self::Last
                | Self::Position
                | Self::Count
                | Self::StringLength
                | Self::Number
                | Self::Sum
                | Self::Floor
                | Self::Ceiling
                | Self::Round
        )
    }

    fn row(self) -> Option<&'static (Self, &'static str, RangeInclusive<usize>)> {
        FUNCTIONS.iter().find(|(function, ..)| *function == self)
    }
}
