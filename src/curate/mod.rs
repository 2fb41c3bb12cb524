//! Curate: the topic language and the concepts. Compiles a topic's rule and evaluates it on entries, with reasons. Pure.
//!
//! A rule is compiled once ([`compile`]); the patterns of all rules are found in the stored words of an entry in one pass
//! ([`Matcher::scan`]), and every topic's rule is evaluated on what was found ([`CompiledRule::evaluate`]). Not here: which story an entry
//! belongs to, and what is published of it.

mod about;
mod admin_regions;
mod admin_table;
mod builtin;
mod concept;
mod context;
mod countries;
mod description;
mod entry_text;
mod evaluate;
mod explain;
mod explained;
mod expression;
mod field;
mod genre;
mod lab_concept;
mod learn;
mod learned;
mod lexer;
mod log_odds;
mod matcher;
mod named_spans;
mod needs;
mod pattern;
mod places;
mod position;
mod query;
mod rule;
mod scan;
mod search;
mod search_document;
mod search_marks;
mod search_match;
mod suggest;
mod topic_learner;
mod topic_words;
mod value;

pub use builtin::names as builtin_concepts;
pub use concept::{Concepts, compile_concepts};
pub use context::RuleContext;
pub use description::{ConceptDescription, DescribedTerm, describe_concept};
pub use entry_text::{EntryFacts, EntryWords, OriginalTexts, article_word_list, text_zones};
pub use evaluate::TopicVerdict;
pub use explained::{
    ExplainedAbout, ExplainedClause, ExplainedConcept, ExplainedLearning, ExplainedPart, ExplainedTerm, Explanation, FoundWords,
    HiddenWords, Lack, Need, PartKind,
};
pub use lab_concept::ConceptLearner;
pub use learn::THRESHOLD as LEARNED_THRESHOLD;
pub use lexer::QueryError;
pub use log_odds::{SeparatingWord, WordCounts};
pub use matcher::{MatchedEntry, Matcher, subjects_version};
pub use named_spans::named_spans;
pub use rule::{CompiledRule, compile};
pub use scan::PatternTable;
pub use search::{CompiledSearch, compile_search};
pub use search_document::search_words;
pub use search_marks::SearchMarks;
pub use search_match::{SearchedFacts, SearchedText};
pub use topic_learner::TopicLearner;

#[cfg(test)]
mod about_tests;
#[cfg(test)]
mod explain_tests;
#[cfg(test)]
mod learned_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod search_tests;
#[cfg(test)]
mod tests;
