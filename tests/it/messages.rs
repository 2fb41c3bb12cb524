//! The translations of messages are complete: every text with which the program speaks to people has one, and none is left of a text that is gone.
//!
//! The sources are read as tokens. A literal counts as a message when it has lower-case letters and a space.

use crate::source_code::{SourceFile, end_of_group, source_files};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Files, or folders, all of whose literals people read.
const SPEAKING: &[&str] = &[
    "cli/add.rs",
    "cli/check.rs",
    "cli/clip.rs",
    "cli/db.rs",
    "cli/db_files.rs",
    "cli/digest.rs",
    "cli/doctor.rs",
    "cli/edit.rs",
    "cli/failure.rs",
    "cli/fetch.rs",
    "cli/find.rs",
    "cli/import.rs",
    "cli/init.rs",
    "cli/input.rs",
    "cli/list.rs",
    "cli/mark.rs",
    "cli/mod.rs",
    "cli/moves.rs",
    "cli/output.rs",
    "cli/parse.rs",
    "cli/publish.rs",
    "cli/reading_list_status.rs",
    "cli/remove.rs",
    "cli/search.rs",
    "cli/serve.rs",
    "cli/rename.rs",
    "cli/setup.rs",
    "cli/status.rs",
    "cli/terminal_text.rs",
    "cli/text_file.rs",
    "cli/topic.rs",
    "config/",
    "curate/concept.rs",
    "curate/lexer.rs",
    "curate/pattern.rs",
    "curate/query.rs",
    "curate/rule.rs",
    "curate/search.rs",
    "curate/value.rs",
    "extract/no_article.rs",
    "extract/select.rs",
    "extract/site_rules/",
    "fetch/",
    "html/charset.rs",
    "model/id.rs",
    "model/network.rs",
    "model/time.rs",
    "notify/attempt.rs",
    "notify/smtp.rs",
    "parse/document.rs",
    "parse/entry/finish.rs",
    "parse/feed_list/",
    "parse/json_feed.rs",
    "parse/list_page.rs",
    "parse/mod.rs",
    "parse/not_a_feed.rs",
    "parse/opml.rs",
    "parse/reader.rs",
    "parse/strip.rs",
    "pipeline/clip.rs",
    "pipeline/app.rs",
    "pipeline/clock_check.rs",
    "pipeline/doctor.rs",
    "pipeline/doctor/",
    "pipeline/feed_query.rs",
    "pipeline/gather.rs",
    "pipeline/health_feed.rs",
    "pipeline/mail.rs",
    "pipeline/new_source.rs",
    "pipeline/notify_targets.rs",
    "pipeline/outcome.rs",
    "pipeline/prepare.rs",
    "pipeline/reading_list_update.rs",
    "pipeline/reading_list_update.rs",
    "pipeline/reading_lists.rs",
    "pipeline/remedy.rs",
    "pipeline/robots.rs",
    "pipeline/run_report.rs",
    "pipeline/search.rs",
    "pipeline/source_changes.rs",
    "pipeline/source_export.rs",
    "pipeline/source_import.rs",
    "pipeline/stage_panics.rs",
    "pipeline/story_moves.rs",
    "pipeline/topic_test.rs",
    "publish/write.rs",
    "store/error.rs",
    "store/lock.rs",
    "store/maintenance_records.rs",
];

/// Files all of whose literals published files may hold, and the answers to a visitor's search.
const PUBLISHED: &[&str] = &[
    "curate/lexer.rs",
    "curate/pattern.rs",
    "curate/query.rs",
    "curate/search.rs",
    "curate/value.rs",
    "fetch/blocked.rs",
    "fetch/body.rs",
    "fetch/client_error.rs",
    "fetch/decode.rs",
    "fetch/guard.rs",
    "fetch/hop.rs",
    "fetch/outgoing.rs",
    "fetch/proxy.rs",
    "fetch/request_headers.rs",
    "fetch/tls.rs",
    "fetch/visit.rs",
    "model/network.rs",
    "pipeline/doctor/published.rs",
    "pipeline/feed_query.rs",
    "pipeline/health_feed.rs",
    "pipeline/remedy.rs",
];

/// Literals of other files that published files may hold.
const PUBLISHED_OF_OTHERS: &[(&str, &[&str])] = &[
    (
        "fetch/resolver.rs",
        &["`{0}` is not in the table of names", "`{name}` has no address: {cause}"],
    ),
    (
        "fetch/transport.rs",
        &[
            "it cannot be reached as configured: {error}",
            "this machine has no certificates to trust: install its package ca-certificates",
        ],
    ),
    // The details of the problems `no-entries`, `undated` and `flood`.
    (
        "parse/list_page.rs",
        &[
            "no element matches `link` of its `list`",
            "none of the {} elements that `link` of its `list` matches is a link to an entry",
            "{others} of the {} links that its `list` selects lead to other sites",
            "look at the markup of the page and try other selectors with `griot parse --source`",
        ],
    ),
    (
        "pipeline/outcome.rs",
        &[
            "none of {all} entries has a date that can be read",
            "the feed has no entries any more",
            "{} new entries beyond its usual number and {} a day (`max_new`) were not stored",
        ],
    ),
];

/// Folders of whose other files only the literals of failures are read by people in their language.
const FAILING: &[&str] = &["cli/"];

/// Literals of those files that are no messages, by file, with the reason.
const NO_MESSAGES: &[(&str, &[&str], &str)] = &[
    ("cli/add.rs", &["\n  griot add {}  {}"], "a command"),
    (
        "cli/doctor.rs",
        &[
            "griot check",
            "griot doctor",
            "{}{colon}{error} ({took} ms)",
            "{} → {address}{colon}{verdict} ({took} ms)",
        ],
        "commands, and lines whose parts are translated",
    ),
    ("cli/edit.rs", &["griot list sources"], "a command"),
    ("cli/init.rs", &["#:schema ./feeds.schema.json"], "a line of feeds.toml"),
    ("cli/list.rs", &["griot list stories --waiting"], "a command"),
    ("config/catalogue.rs", &["\nlang    = \"{language}\"\n"], "a line of feeds.toml"),
    (
        "config/check.rs",
        &["id = \"{id}\"\nquery = \"*\"\nlimit = {MERGED_LIMIT}\nmax_share = \"100%\"\n"],
        "lines of feeds.toml",
    ),
    (
        "config/problem.rs",
        &[
            "Unexpected EOL",
            "Token was not expected",
            "Missing colon character on pseudoelement",
            "Missing pseudoelement identity",
        ],
        "what the CSS parser says, which is explained in other words",
    ),
    ("config/schema.rs", &["feeds.toml of griot"], "the JSON Schema is English"),
    (
        "config/site.rs",
        &["More files with sources, topics and concepts, such as sources.d/*.toml."],
        "the JSON Schema is English",
    ),
    ("config/source.rs", &["Its feed address."], "the JSON Schema is English"),
    (
        "config/syntax.rs",
        &[
            "duplicate key",
            "invalid unquoted key",
            "carriage return must be followed by newline",
            "key with no value",
            "unclosed array",
            "unclosed array table",
            "string values must be quoted",
            "invalid basic string",
            "invalid literal string",
            "missing comma between array elements",
        ],
        "what the TOML parser says, which is explained in other words",
    ),
    (
        "fetch/client_error.rs",
        &["connection closed before message completed"],
        "what hyper says",
    ),
    ("fetch/decode.rs", &["gzip, deflate, br, zstd"], "a header"),
    ("fetch/warc.rs", &["Content-Length: {}\r\n\r\n"], "a header"),
    ("fetch/transport.rs", &["griot/{} (+{contact})"], "a header"),
    ("pipeline/app.rs", &["Basic {}"], "a header"),
    ("pipeline/doctor/conversation.rs", &["User-agent: *\nDisallow: /"], "a robots.txt"),
    (
        "pipeline/remedy.rs",
        &[
            "griot check",
            "griot disable {id}",
            "griot doctor {id}",
            "griot edit {id} every=3h",
            "griot edit {id} tls=allow-expired",
            "griot edit {id} {}",
            "griot enable {id}",
            "griot fetch {id} --force",
        ],
        "commands",
    ),
    ("pipeline/source_changes.rs", &["griot rename {} {}"], "a command"),
    ("pipeline/prepare.rs", &["[[source]]\nid = \"{DESK}\"\n"], "lines of feeds.toml"),
    ("publish/write.rs", &["<meta name=\"generator\" content=\"griot\">"], "HTML"),
];

/// Files among those whose literals are for machines: headers, the format of recordings, and words that are compared with.
const FOR_MACHINES: &[&str] = &["config/synonyms.rs", "fetch/recording/record.rs", "fetch/request.rs"];

/// Macros whose literals are for developers, as those of `expect` are.
const FOR_DEVELOPERS: &[&str] = &[
    "assert",
    "assert_eq",
    "debug",
    "debug_assert",
    "error",
    "info",
    "info_span",
    "panic",
    "trace",
    "unreachable",
    "warn",
];

/// Functions that make failures.
const MAKE_FAILURES: &[&str] = &["message", "hint", "context", "with_context"];

/// Returns the text of a string literal.
fn unescaped(token: &str) -> String {
    let mut out = String::new();
    let mut characters = token
        .trim_start_matches('"')
        .strip_suffix('"')
        .unwrap_or_default()
        .chars()
        .peekable();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('0') => out.push('\0'),
                Some('\n') => while characters.next_if(|next| next.is_whitespace()).is_some() {},
                Some('u') => out.extend(characters.by_ref().take_while(|next| *next != '}').skip(usize::MAX)),
                Some(other) => out.push(other),
                None => {}
            },
            (other, false) => out.push(other),
        }
    }
    out
}

/// Returns whether people would read a literal as a message.
fn is_message(literal: &str) -> bool {
    let mut letters = 0;
    let mut depth = 0_usize;
    for character in literal.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_lowercase() => letters += 1,
            _ => {}
        }
    }
    letters > 1 && literal.trim().contains(' ')
}

/// Returns the literals of a file: all of them, or only those of failures.
fn literals(file: &SourceFile, only_failures: bool) -> Vec<String> {
    let tokens = file.program_tokens();
    let is_macro = |at: usize| tokens.get(at + 1) == Some(&"!");
    let opens = |at: usize| matches!(tokens.get(at), Some(&("(" | "[" | "{")));
    let mut found = Vec::new();
    let mut at = 0;
    // The end of the group of a failure.
    let mut failure_end = 0;
    while at < tokens.len() {
        let token = tokens[at];
        let is_for_developers = match token {
            "#" | "expect" => opens(at + 1),
            _ => FOR_DEVELOPERS.contains(&token) && is_macro(at),
        };
        let is_error_attribute = tokens[at..].starts_with(&["#", "[", "error", "("]);
        if is_error_attribute {
            failure_end = end_of_group(&tokens, at + 1);
            // The word `error` is no macro here.
            at += 3;
        } else if is_for_developers {
            at = end_of_group(&tokens, at + 1);
        } else {
            if MAKE_FAILURES.contains(&token) && opens(at + 1) {
                failure_end = failure_end.max(end_of_group(&tokens, at + 1));
            }
            if token.starts_with('"') && (!only_failures || at < failure_end) {
                found.push(unescaped(token));
            }
            at += 1;
        }
    }
    found
}

/// Returns the rows of a table of messages: the English text, and the translation.
fn table(name: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/messages").join(name);
    let text = fs::read_to_string(path).expect("the table");
    let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let unescaped = |text: &str| text.replace("\\n", "\n").replace("\\\\", "\\");
    rows.map(|row| {
        let (english, translated) = row.split_once('\t').expect("a tab between the English text and the translation");
        (unescaped(english), unescaped(translated))
    })
    .collect()
}

fn stands_in(path: &str, places: &[&str]) -> bool {
    places
        .iter()
        .any(|place| path == *place || (place.ends_with('/') && path.starts_with(place)))
}

/// Returns the messages among the literals of a file; of its failures alone where only these are read by people.
fn messages_of(file: &SourceFile, only_failures: bool) -> Vec<String> {
    let others: Vec<&str> = NO_MESSAGES
        .iter()
        .filter(|(path, ..)| *path == file.path)
        .flat_map(|(_, texts, _)| *texts)
        .copied()
        .collect();
    let literals = literals(file, only_failures).into_iter();
    literals
        .filter(|literal| is_message(literal) && !others.contains(&literal.as_str()))
        .collect()
}

fn assert_none_is_missing(missing: &[String], table: &str) {
    assert!(
        missing.is_empty(),
        "no translation in src/text/messages/{table} for:\n{}",
        missing.join("\n")
    );
}

#[test]
fn every_message_is_in_french_too() {
    let table = table("fr.tsv");
    let mut missing = Vec::new();
    for file in source_files() {
        let is_speaking = stands_in(&file.path, SPEAKING);
        if file.is_test || FOR_MACHINES.contains(&file.path.as_str()) || !(is_speaking || stands_in(&file.path, FAILING)) {
            continue;
        }
        let messages = messages_of(&file, !is_speaking).into_iter();
        let untold = messages.filter(|message| !table.contains_key(message));
        missing.extend(untold.map(|message| format!("{}\t{}", file.path, message.replace('\n', "\\n"))));
    }
    assert_none_is_missing(&missing, "fr.tsv");
}

#[test]
fn what_is_published_is_in_arabic_too() {
    let table = table("ar.tsv");
    let files = source_files();
    let (mut missing, mut allowed) = (Vec::new(), BTreeSet::new());
    for file in files.iter().filter(|file| !file.is_test) {
        let all = literals(file, false);
        let of_others = PUBLISHED_OF_OTHERS.iter().filter(|(path, _)| *path == file.path);
        let mut told: Vec<String> = of_others.flat_map(|(_, texts)| *texts).map(|text| (*text).to_owned()).collect();
        for text in &told {
            assert!(all.contains(text), "{} does not say: {text}", file.path);
        }
        if stands_in(&file.path, PUBLISHED) {
            told.extend(messages_of(file, false));
            allowed.extend(all);
        }
        missing.extend(
            told.iter()
                .filter(|text| !table.contains_key(*text))
                .map(|text| format!("{}\t{text}", file.path)),
        );
        allowed.extend(told);
    }
    assert_none_is_missing(&missing, "ar.tsv");
    // The words of states, and what stands between the members of a list.
    let words = ["model/source.rs", "text/messages/catalogue.rs"];
    let words = files.iter().filter(|file| words.contains(&file.path.as_str()));
    allowed.extend(words.flat_map(|file| literals(file, false)));
    let needless: Vec<&String> = table.keys().filter(|english| !allowed.contains(*english)).collect();
    assert!(needless.is_empty(), "no published file holds these: {needless:#?}");
}

#[test]
fn no_translation_is_left_of_a_message_that_is_gone() {
    let literals: BTreeSet<String> = source_files()
        .iter()
        .filter(|file| !file.is_test)
        .flat_map(|file| literals(file, false))
        .collect();
    for table in [table("fr.tsv"), table("ar.tsv")] {
        let gone: Vec<&String> = table.keys().filter(|english| !literals.contains(*english)).collect();
        assert!(gone.is_empty(), "these English texts stand nowhere: {gone:#?}");
    }
}

#[test]
fn literals_are_found() {
    let file = SourceFile::new(
        "x.rs",
        r##"
        #[error("a {b} c")]
        #[expect(dead_code, reason = "not this one")]
        /// Nor this one.
        fn f() {
            debug!("nor this one");
            let said = "read \"it\" \
                twice\n".expect("nor this one");
            Failure::message(1, format!("it failed")).hint(r#"try again"#);
        }
        #[cfg(test)]
        mod tests { const X: &str = "not this one"; }
        "##,
    );
    assert_eq!(literals(&file, false), ["a {b} c", "read \"it\" twice\n", "it failed", "try again"]);
    assert_eq!(literals(&file, true), ["a {b} c", "it failed", "try again"]);
    assert!(is_message("it failed") && is_message("announces {url}") && is_message("{} entries"));
    assert!(!is_message("failed") && !is_message("{red} {plain}") && !is_message("{}: {name}"));
}
