//! The rule of one topic, compiled alone: to be tried on entries without a run.

use super::prepare::{Prepared, rules_by_topic};
use crate::config::{Config, ConfigProblem, Place, Placed, Rule, Topic};
use crate::curate::{self, CompiledRule, Matcher, PatternTable, RuleContext};
use crate::model::TopicId;

/// A topic with its rule or another one in its place.
#[derive(Debug)]
pub struct TopicRule {
    /// The topic; it need not be enabled.
    pub topic: Topic,
    /// The rule.
    pub rule: CompiledRule,
    /// What entries are searched for.
    pub matcher: Matcher,
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
        let context = RuleContext::new(&prepared.concepts, Some(&config.sources), &rules);
        let mut table = PatternTable::default();
        let rule = curate::compile(of_query.as_ref().unwrap_or(&topic.rule), &context, &mut table)?;
        let matcher = Matcher::new([&rule], &prepared.concepts, &table);
        Ok(Some(Self {
            topic: topic.clone(),
            rule,
            matcher,
        }))
    }
}
