//! `griot topic`: tests a topic's rule on what is stored, labels entries, measures the rule on labels, and suggests words.

use super::args::{Against, Global, Label, TopicCommand, TopicEval, TopicMark, TopicSuggest, TopicTask, TopicTest};
use super::failure::{DONE, FATAL, Failure, USAGE, from_open, in_query};
use super::output::Output;
use super::{find, mark, setup, text_file, topic_report, topic_weights};
use crate::config::Config;
use crate::model::{MarkKind, Timestamp};
use crate::pipeline::topic_eval::{self, EvalReport, LabelledText};
use crate::pipeline::topic_test::{self, TestError};
use crate::pipeline::{self, Prepared, TopicRule, topic_suggest};
use serde_json::Value;

/// Does what the command line asks for.
///
/// # Errors
/// [`Failure`] when there is no such topic or entry, when a query or a file has mistakes, or when the database cannot be read or written.
pub fn run(command: &TopicCommand, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    match &command.task {
        TopicTask::Test(arguments) => test(arguments, global, now, output),
        TopicTask::Mark(TopicMark { id, label, topic }) => {
            let kind = match label {
                Label::Yes => MarkKind::Yes,
                Label::No => MarkKind::No,
            };
            mark::label(kind, id, topic, global, now, output)
        }
        TopicTask::Eval(arguments) => eval(arguments, global, now, output),
        TopicTask::Suggest(arguments) => suggest(arguments, global, now, output),
        TopicTask::Weights(arguments) => topic_weights::run(arguments, global, output),
    }
}

fn prepare(config: &Config, output: &Output) -> Result<Prepared, Failure> {
    pipeline::app::compile(config).map_err(|error| from_open(error, output.style()))
}

fn test(arguments: &TopicTest, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let prepared = prepare(&config, output)?;
    let topic = find::topic(&config, &arguments.topic)?;
    let test = topic_test::TopicTest {
        topic: &topic,
        query: arguments.query.as_deref(),
        since: arguments.since,
        published_only: arguments.against == Against::Live,
    };
    let report = topic_test::test(&config, &prepared, &store, &test, now).map_err(|error| match error {
        TestError::Rule(problems) => in_query(problems),
        TestError::NoSuchTopic(_) => Failure::new(USAGE, error),
        TestError::Store(error) => error.into(),
    })?;
    if output.json {
        output.value(&topic_report::test_value(&topic, &report));
    } else {
        topic_report::print_test(&topic, &report, &config.site.timezone, output);
    }
    Ok(DONE)
}

fn eval(arguments: &TopicEval, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let (path, config) = setup::load(global, output)?;
    let prepared = prepare(&config, output)?;
    let topic = find::topic(&config, &arguments.topic)?;
    let rule = TopicRule::new(&config, &prepared, &topic, None).map_err(in_query)?;
    let mut rule = rule.ok_or_else(|| Failure::message(USAGE, format!("there is no topic `{topic}`")))?;
    let database = crate::store::database_file::DatabaseFile::new(setup::database_path(global, &path));
    let report = if let Some(input) = &arguments.input {
        if rule.topic.learn && database.exists() {
            rule.read_model(&database.open_read_only()?)?;
        }
        let texts = text_file::objects(input)?.into_iter().map(|(line, object)| labelled(line, &object));
        topic_eval::eval_texts(&rule, &texts.collect::<Result<Vec<_>, _>>()?, now)
    } else {
        let store = database.open_read_only()?;
        rule.read_model(&store)?;
        topic_eval::eval_marks(&prepared, &store, &rule)?
    };
    if report.counts.0.iter().sum::<usize>() == 0 {
        let message = format!("no entry is labelled for `{topic}`");
        return Err(Failure::message(USAGE, message).hint("give a file of labelled texts, or label entries with griot topic mark"));
    }
    if output.json {
        output.value(&topic_report::eval_value(&topic, &report));
    } else {
        topic_report::print_eval(&topic, &report, output);
    }
    Ok(if is_good(&report, arguments.strict) { DONE } else { FATAL })
}

fn is_good(report: &EvalReport, is_strict: bool) -> bool {
    report.is_expectation_met() && (!is_strict || report.expect.is_some() || report.wrong.is_empty())
}

/// Reads a labelled text.
fn labelled(line: usize, object: &Value) -> Result<LabelledText, Failure> {
    let is_yes = match object["label"].as_str() {
        Some("yes") => true,
        Some("no") => false,
        _ => {
            let message = format!("line {line}: `label` has to be \"yes\" or \"no\"");
            return Err(Failure::message(USAGE, message));
        }
    };
    let id = text_file::id(line, object);
    Ok(LabelledText {
        id: id.as_str().map_or_else(|| id.to_string(), str::to_owned),
        text: text_file::text(object),
        is_yes,
    })
}

fn suggest(arguments: &TopicSuggest, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let prepared = prepare(&config, output)?;
    let topic = find::topic(&config, &arguments.topic)?;
    let report = topic_suggest::suggest(&prepared, &store, &topic, now)?;
    if output.json {
        output.value(&topic_report::suggest_value(&topic, &report));
    } else {
        topic_report::print_suggest(&topic, &report, output);
    }
    Ok(DONE)
}
