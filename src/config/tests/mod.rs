//! Tests of the module as a whole: what is read, what is reported, and that nothing makes it panic.

mod any_text;
mod complete;
mod keys;
mod layout;
mod loading;
mod nouns;
mod wrong_values;

use super::{ConfigFailure, ConfigProblem, Kind, Vocabulary, from_str, report, vocabulary};
use std::path::Path;

/// Returns the problems that a feeds.toml of this text has.
fn problems(text: &str) -> Vec<ConfigProblem> {
    match from_str(Path::new("feeds.toml"), text) {
        Err(ConfigFailure::Problems { problems, .. }) => problems,
        _ => Vec::new(),
    }
}

/// Returns the report on a feeds.toml of this text.
fn mistakes(text: &str) -> String {
    match from_str(Path::new("feeds.toml"), text) {
        Err(ConfigFailure::Problems { files, problems, .. }) => report(&files, &problems, false),
        _ => String::new(),
    }
}

/// Returns a valid text that says nothing but `line` in the table of these words.
fn in_table(words: &Vocabulary, line: &str) -> String {
    let source = "[[source]]\nid = \"s\"\nurl = \"https://s.example/feed\"\n";
    let topic = "[[topic]]\nid = \"t\"\nany = [\"x\"]\n";
    // A key that the frame holds already is left out of it.
    let without = |frame: &str| {
        let key = line.split(' ').next().unwrap_or_default();
        let lines = frame.lines().filter(|own| own.split(' ').next() != Some(key));
        lines.flat_map(|own| [own, "\n"]).collect::<String>()
    };
    match words.head {
        "[[source]]" => without(source) + line,
        "[[topic]]" => without(topic) + line,
        "[concept.NAME]" => format!("[concept.c]\n{line}"),
        "`list` of [[source]]" => format!("[[source]]\nid = \"s\"\nsite = \"https://s.example/\"\n[source.list]\n{line}"),
        "`select` of [[source]]" => format!("{source}[source.select]\n{line}"),
        "`expect` of [[topic]]" => format!("{topic}[topic.expect]\n{line}"),
        head => format!("{head}\n{line}"),
    }
}

#[test]
fn every_known_key_is_read() {
    for words in vocabulary::ALL {
        for key in words.keys {
            // No key takes a date: whoever reads the key must complain of it.
            let found = problems(&in_table(words, &format!("{} = 1979-05-27", key.name)));
            let message = format!("`{}` needs ", key.name);
            assert!(
                found
                    .iter()
                    .any(|one| one.message.starts_with(&message) && one.message.ends_with("not a date")),
                "{} {}: {found:?}",
                words.head,
                key.name
            );
        }
    }
}

#[test]
fn every_known_word_is_taken() {
    for words in vocabulary::ALL {
        for key in words.keys {
            let Kind::Choice(choices) = key.kind else { continue };
            for choice in choices {
                let text = in_table(words, &format!("{} = \"{choice}\"", key.name));
                assert_eq!(mistakes(&text), "", "{text}");
            }
            assert_eq!(problems(&in_table(words, &format!("{} = \"no such word\"", key.name))).len(), 1);
        }
    }
}
