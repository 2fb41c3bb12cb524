//! What explanations hold: a rule on an entry as a tree of its clauses, in values that own their texts.

use crate::model::{About, Country, Genre};

/// A rule on an entry, explained.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// Whether the entry belongs to the topic: the rule matches with at least the topic's `min_score`, and what was learned agrees.
    pub is_met: bool,
    /// The score; none when the rule does not match.
    pub score: Option<f64>,
    /// The least score of a placement.
    pub min_score: f64,
    /// The rule.
    pub root: ExplainedPart,
    /// The smallest changes of the entry that would have been enough; empty when the rule is met.
    pub needs: Vec<Need>,
    /// How far the entry is from the other verdict: the score of the concept that decides, minus 1, or the distance to `min_score` as a share of it.
    /// Negative when the rule is not met; 1 and -1 where words decide.
    pub margin: f64,
    /// What was learned, where the topic learns; the margin is then the distance of this score to the needed one.
    pub learning: Option<ExplainedLearning>,
}

/// The score of an entry by what its topic has learned.
#[derive(Debug, Clone)]
pub struct ExplainedLearning {
    /// The score.
    pub score: f64,
    /// The score from which on the entry belongs to the topic.
    pub needed_score: f64,
    /// What the rule adds; none where it does not match.
    pub rule: Option<f64>,
    /// Whether the rule keeps the entry out, whatever was learned.
    pub is_refused: bool,
    /// The words that weigh most, at most twelve.
    pub words: Vec<ExplainedTerm>,
}

/// What a part of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// All parts have to match.
    All,
    /// One part has to match.
    Any,
    /// The part must not match.
    Not,
    /// A clause; its parts are those of `NEAR`, `SAME` and `topic:`.
    Clause,
}

/// A part of a rule on an entry.
#[derive(Debug, Clone)]
pub struct ExplainedPart {
    /// What it is.
    pub kind: PartKind,
    /// Whether it matches.
    pub matches: bool,
    /// The clause, when it is one.
    pub clause: Option<ExplainedClause>,
    /// Its parts.
    pub parts: Vec<ExplainedPart>,
}

/// A clause on an entry.
#[derive(Debug, Clone, Default)]
pub struct ExplainedClause {
    /// As it was written.
    pub written: String,
    /// The factor of its score.
    pub boost: f64,
    /// What it adds to the score.
    pub score: f64,
    /// The words that it matches, at most twelve.
    pub words: Vec<FoundWords>,
    /// Words that do not count, though they are the clause's.
    pub hidden: Vec<HiddenWords>,
    /// The entry's own value, where the clause compares one: a country, a language, a date.
    pub value: Option<String>,
    /// The concept, where it is one.
    pub concept: Option<ExplainedConcept>,
}

/// Words of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundWords {
    /// As they are written.
    pub words: String,
    /// The field: `title`, `summary`, `body`, `author`, `category` or `url`.
    pub field: &'static str,
    /// The number of the first of them among the words of the field, from 0; none where an expression was compared with the text.
    pub position: Option<usize>,
}

/// Words that do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenWords {
    /// The words.
    pub words: FoundWords,
    /// The longer words that they are a part of; none when they count with other evidence only.
    pub by: Option<String>,
}

/// A concept on an entry.
#[derive(Debug, Clone, Default)]
pub struct ExplainedConcept {
    /// Its score; it is met from 1 on.
    pub score: f64,
    /// Its terms, those that weigh most first.
    pub terms: Vec<ExplainedTerm>,
    /// The countries of which the entry has to be about one, for a concept of countries.
    pub countries: Vec<Country>,
    /// The highest score of one of these countries.
    pub country_score: f64,
    /// The score of a country from which on the entry is about it.
    pub needed_country_score: f64,
}

/// A term of a concept in an entry.
#[derive(Debug, Clone)]
pub struct ExplainedTerm {
    /// Where it is most prominent.
    pub words: FoundWords,
    /// Its weight.
    pub weight: f64,
    /// How prominent it is there: headline, lead and rest, damped by the length of the text.
    pub factor: f64,
    /// Whether it is enough alone.
    pub is_sufficient: bool,
}

/// What would have been enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The clause; empty for the rule as a whole.
    pub clause: String,
    /// What it lacks.
    pub lack: Lack,
}

/// What a clause lacks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lack {
    /// It would have to match.
    Match,
    /// It should not match.
    NoMatch,
    /// The concept lacks this score.
    Score(f64),
    /// The country of the concept that is named most lacks this score.
    CountryScore(f64),
    /// The rule lacks this score to `min_score`.
    MinScore(f64),
    /// The topic has no rule: it holds what is pinned to it.
    Pin,
}

/// What an entry is about, with the evidence.
#[derive(Debug, Clone)]
pub struct ExplainedAbout {
    /// The countries that it is about.
    pub about: About,
    /// The score of each country that is named, the highest first.
    pub scores: Vec<(Country, f64)>,
    /// The part of the score that the source's country got without being named.
    pub prior: Option<(Country, f64)>,
    /// The score from which on the entry is about a country.
    pub needed_score: f64,
    /// The places and people that count, each with its countries, at most twelve.
    pub places: Vec<(FoundWords, Vec<Country>)>,
    /// Those that do not count.
    pub hidden: Vec<HiddenWords>,
    /// What kind of text it is, when it reports no event of its own.
    pub genre: Option<Genre>,
}
