//! The tree of clauses that a rule is compiled to. `query` parses it, `evaluate` says which entries it matches.

use super::field::Property;
use super::pattern::PatternId;
use super::position::Zones;
use crate::model::{Area, Genre, Timestamp};
use std::ops::Range;

/// A part of a rule.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    /// Matches when every part does, and when there is none.
    All(Vec<Expression>),
    /// Matches when one part does.
    Any(Vec<Expression>),
    /// Matches when the part does not.
    Not(Box<Expression>),
    Clause(Clause),
}

/// The smallest part of a rule.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    /// The clause as it was written.
    pub written: String,
    /// The factor of its score.
    pub boost: f64,
    pub predicate: Predicate,
}

/// What a clause requires of an entry.
#[derive(Debug, Clone)]
pub(super) enum Predicate {
    Everything,
    Pattern(PatternId, Zones),
    Regex(regex::Regex, Zones),
    Concept(String, Zones),
    /// Each part stands near the next one, with at most so many words between them.
    Near(Vec<Expression>, usize),
    /// All parts stand in one sentence.
    Same(Vec<Expression>),
    /// A property, by its field's name, has one of these values; they are in lower case.
    Property(&'static str, Property, Vec<String>),
    /// The entry is about one of these countries and regions.
    About(Vec<Area>),
    Genre(Vec<Genre>),
    Date(DateRange),
    /// The entry meets the rule of one of these topics, which `rule` compiles.
    Topic(TopicClause),
    /// The number of sources in the story; the field's name comes first.
    SourceCount(&'static str, Comparison, usize),
}

/// A range of time; `until` does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateRange {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    AtLeast,
    AtMost,
    Equal,
}

/// `topic:` with its topics.
#[derive(Debug, Clone)]
pub(super) struct TopicClause {
    /// The ids of the topics.
    pub ids: Vec<String>,
    /// Where they stand in the query.
    pub span: Range<usize>,
    /// Their rules: one has to be met.
    pub rules: Box<Expression>,
}
