//! The arguments of the commands on topics and concepts.

use super::arg_values::duration;
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// `griot explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The entry: its id, or the first digits of it, as `griot list entries` shows them (e3f91c07)
    #[arg(value_name = "ENTRY")]
    pub id: String,
    /// The topic; else all topics
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}

/// `griot topic`.
#[derive(Debug, Args)]
pub struct TopicCommand {
    /// What to do
    #[command(subcommand)]
    pub task: TopicTask,
}

/// What `griot topic` does.
#[derive(Debug, Subcommand)]
pub enum TopicTask {
    /// Evaluate a rule on the stored entries, and compare with what the topic holds; changes nothing
    Test(TopicTest),
    /// Label an entry as belonging to a topic or not: `eval` measures the rule on labels, and `learn = true` learns from them
    Mark(TopicMark),
    /// Measure a topic's rule on labelled entries: precision, recall, and what it got wrong
    Eval(TopicEval),
    /// Suggest words that separate what belongs to a topic from what does not
    Suggest(TopicSuggest),
    /// Show the weights that a topic with `learn = true` has learned from labels
    Weights(TopicWeights),
}

/// `griot topic test`.
#[derive(Debug, Args)]
pub struct TopicTest {
    /// The topic
    pub topic: String,
    /// Entries dated within this time
    #[arg(long, value_name = "DURATION", default_value = "90d", env = "GRIOT_SINCE", value_parser = duration)]
    pub since: Duration,
    /// Test this query in place of the configured rule
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// What to compare with
    #[arg(long, value_name = "WHAT", default_value = "placed", env = "GRIOT_AGAINST")]
    pub against: Against,
}

/// What `griot topic test` compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Against {
    /// What the last run has placed in the topic.
    Placed,
    /// Of that, what was published.
    Live,
}

/// `griot topic mark`.
#[derive(Debug, Args)]
pub struct TopicMark {
    /// The entry: its id, or the first digits of it, as `griot list entries` shows them (e3f91c07)
    #[arg(value_name = "ENTRY")]
    pub id: String,
    /// Whether it belongs to the topic
    pub label: Label,
    /// The topic
    #[arg(long, value_name = "TOPIC", env = "GRIOT_TOPIC")]
    pub topic: String,
}

/// Whether an entry belongs to a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Label {
    /// It belongs there.
    Yes,
    /// It does not.
    No,
}

/// `griot topic eval`.
#[derive(Debug, Args)]
pub struct TopicEval {
    /// The topic
    pub topic: String,
    /// JSON lines {"id", "title", "body", "lang", "country", "source", "label": "yes"|"no"} in place of the topic's marks; - for
    /// standard input
    #[arg(value_name = "FILE|-")]
    pub input: Option<PathBuf>,
    /// Exit with 1 when an entry is wrong, where the topic has no `expect`; one that has it and does not reach it always exits with 1
    #[arg(long, env = "GRIOT_STRICT", value_parser = FalseyValueParser::new())]
    pub strict: bool,
}

/// `griot topic suggest`.
#[derive(Debug, Args)]
pub struct TopicSuggest {
    /// The topic
    pub topic: String,
}

/// `griot topic weights`.
#[derive(Debug, Args)]
pub struct TopicWeights {
    /// The topic
    pub topic: String,
}

/// `griot show`.
#[derive(Debug, Args)]
pub struct Show {
    /// An entry or a story: its id, or the first digits of it, as `griot list entries` and `griot list stories` show them (e3f91c07, s81c4be2); or a concept,
    /// such as @politics
    #[arg(value_name = "ENTRY|STORY|@CONCEPT")]
    pub id: String,
    /// Of an entry: how its publisher changed it, with the words that went out [-so-] and came in {+so+}
    #[arg(long, env = "GRIOT_REVISIONS", value_parser = clap::builder::FalseyValueParser::new())]
    pub revisions: bool,
    /// Of an entry: from which answers of which servers it and its page came
    #[arg(long, env = "GRIOT_PROVENANCE", value_parser = clap::builder::FalseyValueParser::new(), conflicts_with = "revisions")]
    pub provenance: bool,
}
