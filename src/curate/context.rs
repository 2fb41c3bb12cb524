//! What the names in a rule refer to.

use super::concept::Concepts;
use crate::config::{Rule, Source};
use std::collections::BTreeMap;

/// What the names in a rule refer to.
#[derive(Debug, Clone, Copy)]
pub struct RuleContext<'a> {
    /// The concepts.
    pub concepts: &'a Concepts,
    /// The sources of the configuration; none when they are not known, as for a rule that is tried on a file.
    pub sources: Option<&'a [Source]>,
    /// The rules of all topics, by id.
    pub topics: &'a BTreeMap<String, &'a Rule>,
}

impl<'a> RuleContext<'a> {
    /// Returns a context with these concepts, sources and topics.
    #[must_use]
    pub const fn new(concepts: &'a Concepts, sources: Option<&'a [Source]>, topics: &'a BTreeMap<String, &'a Rule>) -> Self {
        Self { concepts, sources, topics }
    }
}
