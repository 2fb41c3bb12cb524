//! Tests of the module as a whole: what is read, what is reported, and that nothing makes it panic.

mod complete;
mod keys;
mod layout;
mod loading;
mod property_tests;
mod secrets;
mod syntax;
mod tables;
mod wrong_values;

use super::keys::{KeyTable, ValueKind};
use super::root::TABLES;
use super::{ConfigFailure, ConfigProblem, ReportStyle, from_str, report};
use crate::text::messages::{MessageLanguage, Messages};
use std::path::Path;

/// Words of English that no French text has.
const ENGLISH_WORDS: [&str; 15] = [
    "the", "is", "of", "and", "it", "must", "needs", "write", "with", "not", "to", "or", "holds", "did", "put",
];

/// Checks that a problem can be told in French as a whole.
fn assert_translated(problem: &ConfigProblem) {
    let messages = Messages::new(MessageLanguage::French);
    let also = problem.also.as_ref().map(|also| &also.text);
    for text in [Some(&problem.message), problem.help.as_ref(), also].into_iter().flatten() {
        let french = messages.translate(text);
        assert_ne!(french, text.as_str(), "there is no French for it");
        // What stands in quotation marks is the text of the file.
        let outside = french.split(['`', '"']).step_by(2).collect::<Vec<_>>().join(" ");
        let word = outside
            .split(|c: char| !c.is_alphabetic())
            .find(|word| ENGLISH_WORDS.contains(word));
        // The words of the TOML parser are its own.
        assert!(
            word.is_none() || text.starts_with("this is no TOML: "),
            "`{}` is left in: {french}",
            word.unwrap_or_default()
        );
    }
}

/// Returns the problems that a feeds.toml of this text has.
fn problems(text: &str) -> Vec<ConfigProblem> {
    match from_str(Path::new("feeds.toml"), text) {
        Err(ConfigFailure::Problems { problems, .. }) => {
            problems.iter().for_each(assert_translated);
            problems
        }
        _ => Vec::new(),
    }
}

/// Returns the report on a feeds.toml of this text.
fn mistakes(text: &str) -> String {
    match from_str(Path::new("feeds.toml"), text) {
        Err(ConfigFailure::Problems { files, problems, .. }) => {
            problems.iter().for_each(assert_translated);
            report(&files, &problems, ReportStyle::default())
        }
        _ => String::new(),
    }
}

/// Returns a valid text that has only `line` in a table besides its required keys.
fn in_table(table: &KeyTable, line: &str) -> String {
    let source = "[[source]]\nid = \"s\"\nurl = \"https://s.example/feed\"\n";
    let topic = "[[topic]]\nid = \"t\"\nany = [\"x\"]\n";
    // A key that the frame has already is left out of it.
    let without = |frame: &str| {
        let key = line.split(' ').next().unwrap_or_default();
        let lines = frame.lines().filter(|own| own.split(' ').next() != Some(key));
        lines.flat_map(|own| [own, "\n"]).collect::<String>()
    };
    match table.head {
        "[[source]]" => without(source) + line,
        "[[topic]]" => without(topic) + line,
        "[concept.NAME]" => format!("[concept.c]\n{line}"),
        "`list` of [[source]]" => format!("[[source]]\nid = \"s\"\nsite = \"https://s.example/\"\n[source.list]\n{line}"),
        "`strip` of [[source]]" => format!("{source}[source.strip]\n{line}"),
        "`select` of [[source]]" => format!("{source}[source.select]\n{line}"),
        "`expect` of [[topic]]" => format!("{topic}[topic.expect]\n{line}"),
        "`alert` of [[topic]]" => format!("{topic}[topic.alert]\n{line}"),
        "`notify` of [[topic]]" => {
            let alert = "[topic.alert]\nsources = 2\nwithin = \"1h\"\n";
            format!(
                "{topic}{alert}[[topic.notify]]\n{}{line}",
                without("url = \"https://h.example/\"\n")
            )
        }
        head => format!("{head}\n{line}"),
    }
}

#[test]
fn every_known_key_is_read() {
    for table in TABLES {
        for key in table.keys() {
            // No key takes a date: reading the key must report it.
            let found = problems(&in_table(table, &format!("{} = 1979-05-27", key.name)));
            let message = format!("`{}` needs ", key.name);
            assert!(
                found
                    .iter()
                    .any(|one| one.message.starts_with(&message) && one.message.ends_with("not a date")),
                "{} {}: {found:?}",
                table.head,
                key.name
            );
        }
    }
}

#[test]
fn every_known_word_is_taken() {
    for table in TABLES {
        for key in table.keys() {
            let ValueKind::Choice(words) = key.kind else { continue };
            for choice in words() {
                let text = in_table(table, &format!("{} = \"{choice}\"", key.name));
                assert_eq!(mistakes(&text), "", "{text}");
            }
            assert_eq!(problems(&in_table(table, &format!("{} = \"no such word\"", key.name))).len(), 1);
        }
    }
}
