//! Curate: the topic language and the concepts. Compiles a topic's rule and judges entries by it, with reasons. Pure.
//!
//! A rule is compiled once ([`compile`]), an entry is prepared once ([`Subject::prepare`]) and then judged by every topic
//! ([`Compiled::judge`]). Which story a match belongs to and what is published of it is decided elsewhere.

mod concept;
mod judge;
mod lexer;
mod matcher;
mod pattern;
mod query;
mod rule;
mod subject;

pub use concept::{Concepts, concepts};
pub use judge::TopicVerdict;
pub use rule::{Compiled, compile};
pub use subject::{PreparedSubject, Subject};

#[cfg(test)]
mod tests;
