//! Curate: the topic language and the concepts. Compiles a topic's rule and evaluates it on entries, with reasons. Pure.
//!
//! A rule is compiled once ([`compile`]); the words of an entry are indexed once ([`EntryText::index_words`]), and every topic's rule is
//! evaluated on that index ([`CompiledRule::evaluate`]). Not here: which story an entry belongs to, and what is published of it.

mod concept;
mod entry_text;
mod evaluate;
mod field;
mod lexer;
mod matcher;
mod pattern;
mod query;
mod rule;

#[cfg(any(test, feature = "fuzzing"))]
pub use concept::Concepts;
pub use concept::compile_concepts;
pub use entry_text::EntryText;
pub use evaluate::TopicVerdict;
pub use rule::{CompiledRule, compile};

#[cfg(test)]
mod tests;
