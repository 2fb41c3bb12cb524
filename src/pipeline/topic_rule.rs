//! The rule of one topic, compiled alone: to be tried on entries without a run.

use super::prepare::{Prepared, rules_by_topic};
use crate::config::{Config, ConfigProblem, Place, Placed, Rule, Topic};
use crate::curate::{self, CompiledRule, MatchedEntry, Matcher, PatternTable, RuleContext, TopicVerdict};
use crate::model::{TopicId, TopicModel};
use crate::store::{Store, StoreError};

/// A topic with its rule or another one in its place.
#[derive(Debug)]
pub struct TopicRule {
    /// The topic; it need not be enabled.
    pub topic: Topic,
    /// The rule.
    pub rule: CompiledRule,
    /// What entries are searched for.
    pub matcher: Matcher,
    /// What the topic has learned, once it is read.
    pub model: Option<TopicModel>,
}

impl TopicRule {
    /// Compiles the rule of a topic, or `query` in its place. `None` when there is no such topic.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn new(config: &Config, prepared: &Prepared, topic: &TopicId, query: Option<&str>) -> Result<Option<Self>, Vec<ConfigProblem>> {
        let Some(topic) = config.topics.iter().find(|known| known.id == *topic) else {
            return Ok(None);
        };
        let of_query = query.map(|query| Rule {
            query: Some(Placed {
                text: query.to_owned(),
                place: Place::default(),
            }),
            ..Rule::default()
        });
        let rules = rules_by_topic(config);
        let context = RuleContext::new(&prepared.concepts, config.closed_sources(), &rules);
        let mut table = PatternTable::default();
        let rule = curate::compile(of_query.as_ref().unwrap_or(&topic.rule), &context, &mut table)?;
        let matcher = Matcher::new([&rule], &prepared.concepts, &table);
        Ok(Some(Self {
            topic: topic.clone(),
            rule,
            matcher,
            model: None,
        }))
    }

    /// Reads what the topic has learned, if it learns.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn read_model(&mut self, store: &Store) -> Result<(), StoreError> {
        if self.topic.learn {
            self.model = store.topic_model(&self.topic.id)?;
        }
        Ok(())
    }

    /// Returns why an entry belongs to the topic; `None` when it does not.
    #[must_use]
    pub fn decide(&self, entry: &MatchedEntry<'_>, sources_in_story: usize) -> Option<TopicVerdict<'_>> {
        self.rule.decide(entry, sources_in_story, self.topic.min_score, self.model.as_ref())
    }
}
