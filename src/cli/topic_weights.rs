//! `griot topic weights`: what a topic has learned from labels.

use super::args::{Global, TopicWeights};
use super::failure::{DONE, Failure, USAGE};
use super::output::Output;
use super::terminal_text::escape_controls;
use super::{find, setup, topic_report};
use crate::curate::LEARNED_THRESHOLD;
use crate::pipeline::topic_learn;
use serde_json::{Value, json};

/// Prints the weights of a topic, the highest first.
///
/// # Errors
/// [`Failure`] when there is no such topic, when it does not learn or has not learned yet, or when the database cannot be read.
pub fn run(arguments: &TopicWeights, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let id = find::topic(&config, &arguments.topic)?;
    let Some(topic) = config.topics.iter().find(|topic| topic.id == id && topic.learn) else {
        return Err(Failure::message(USAGE, format!("`{id}` does not learn")).hint("set `learn = true` in its table in feeds.toml"));
    };
    let Some((learning, model)) = topic_learn::learned(&store, &id)? else {
        let missing = topic_learn::missing_labels(&store, topic)?;
        let why = missing.map_or_else(|| "the next run learns".to_owned(), |tally| topic_report::too_few(&tally));
        return Err(Failure::message(USAGE, format!("`{id}` has learned nothing yet: {why}")).hint("label entries with griot topic mark"));
    };
    let words = model.by_weight();
    if output.json {
        let word = |(word, weight): &(&str, f64)| json!({"word": word, "weight": weight});
        output.value(&json!({
            "topic": id.as_str(), "labels": learning.label_count, "learned": learning.learned.rfc3339(), "threshold": LEARNED_THRESHOLD,
            "rule": model.rule_weight, "words": words.iter().map(word).collect::<Vec<Value>>(),
        }));
        return Ok(DONE);
    }
    output.line(&format!(
        "{id}: learned from {} labels on {}; {} words",
        learning.label_count,
        learning.learned.local(&config.site.timezone),
        words.len()
    ));
    output.line(&format!(
        "{:+.2} where the rule matches; an entry belongs there from {LEARNED_THRESHOLD:.2} on",
        model.rule_weight
    ));
    for (word, weight) in words {
        output.line(&format!("{weight:+.2} {}", escape_controls(word)));
    }
    Ok(DONE)
}
