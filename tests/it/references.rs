//! What documents, examples and messages name exists: commands and flags of `griot`, keys of feeds.toml, and files of the repository.

use crate::interface::{CommandLine, Keys, griot};
use crate::source_code::{SourceFile, source_files};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Names in code spans for users that are neither keys of feeds.toml nor commands: of HTTP, HTML, feeds and site rules.
const OTHER_NAMES: &[&str] = &[
    "griot",
    "http_header",
    "next_page_link",
    "noarchive",
    "noindex",
    "nosnippet",
    "script",
    "single_page_link",
    "ttl",
];

/// Beginnings of paths that belong to users, that griot writes, or that many folders have.
const PATHS_OF_USERS: &[&str] = &[
    "public/",
    "rules/",
    "./griot-demo/",
    "/",
    "sources.d/",
    "robots.txt",
    "expected.json",
    "example.org.txt",
    ".example.org.txt",
    "global.txt",
    "index.html",
    "region.html",
    "about.html",
    "health.html",
    "TOPIC.html",
    "story/",
    "source/ID",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the documents of the repository, as paths below its root.
fn documents() -> Vec<String> {
    let mut documents = Vec::new();
    for folder in ["", "docs", "docs/design", "demo", "fuzz"] {
        let entries = fs::read_dir(root().join(folder)).expect("a folder").flatten();
        for name in entries.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
            if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
                documents.push(if folder.is_empty() { name } else { format!("{folder}/{name}") });
            }
        }
    }
    documents.sort();
    documents
}

/// A piece of code in a Markdown text.
struct Code<'a> {
    line: usize,
    /// The language of a block; none for a span.
    block: Option<&'a str>,
    text: &'a str,
}

/// Returns the code spans and the lines of code blocks of a Markdown text.
fn code(markdown: &str) -> Vec<Code<'_>> {
    let mut found = Vec::new();
    let mut block = None;
    for (number, text) in markdown.lines().enumerate() {
        let line = number + 1;
        if let Some(language) = text.trim_start().strip_prefix("```") {
            block = if block.is_some() { None } else { Some(language) };
        } else if block.is_some() {
            found.push(Code { line, block, text });
        } else {
            let spans = text.split('`').skip(1).step_by(2);
            found.extend(spans.map(|text| Code { line, block, text }));
        }
    }
    found
}

/// Returns the string literals of the program's own code, with their file. Doc comments and tests are left out.
fn messages() -> Vec<(String, String)> {
    let mut messages = Vec::new();
    for file in source_files() {
        let tokens = file.program_tokens();
        for (at, token) in tokens.iter().enumerate() {
            // The reason of an `#[expect]` is no message.
            let is_reason = at > 1 && tokens[at - 2..at] == ["reason", "="];
            if let Some(text) = token.strip_prefix('"').filter(|_| !is_reason) {
                messages.push((file.path.clone(), text.trim_end_matches('"').to_owned()));
            }
        }
    }
    messages
}

fn assert_none(mistakes: &[String]) {
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn every_command_and_flag_that_a_document_names_exists() {
    let commands = CommandLine::new();
    assert!(commands.commands.len() > 15 && commands.variables.len() > 20, "help is read");
    let mut mistakes = Vec::new();
    for path in documents() {
        let text = read(&path);
        for Code { line, text, block } in code(&text) {
            let text = text.replace("cargo run --release -- ", "griot ");
            let mut add = |mistake: String| mistakes.push(format!("{path}:{line}: {mistake}"));
            commands.mistakes(&text).into_iter().for_each(&mut add);
            let flag = text.split([' ', '=']).next().unwrap_or_default();
            if block.is_none() && flag.starts_with("--") && flag.len() > 2 && !commands.has_flag(flag) {
                add(format!("no command has `{flag}`"));
            }
            for word in text
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| word.starts_with("GRIOT_") && word.len() > 6)
            {
                if !commands.variables.contains(word) {
                    add(format!("no flag has the variable `{word}`"));
                }
            }
        }
    }
    assert_none(&mistakes);
}

#[test]
fn every_command_in_the_readmes_table_exists() {
    let commands = CommandLine::new();
    let readme = read("README.md");
    let table = readme
        .split("## Commands")
        .nth(1)
        .and_then(|text| text.split("\n##").next())
        .expect("the table");
    let mut named = BTreeSet::new();
    let mut mistakes = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        // A pipe within a span is escaped.
        let row = row.replace("\\|", "¦");
        let first = row.split('|').nth(1).expect("a column").replace('¦', "|");
        for span in first.split('`').skip(1).step_by(2) {
            mistakes.extend(commands.mistake(span));
            named.extend(span.split(' ').next().map(str::to_owned));
        }
    }
    assert_none(&mistakes);
    assert_eq!(
        named,
        commands.commands[""]
            .words
            .iter()
            .filter(|word| commands.commands.contains_key(*word))
            .cloned()
            .collect()
    );
}

#[test]
fn every_command_and_flag_that_a_message_names_exists() {
    let commands = CommandLine::new();
    let mut mistakes = Vec::new();
    let messages = messages();
    assert!(
        messages.iter().filter(|(_, text)| text.contains("griot ")).count() > 30,
        "messages are found"
    );
    for (path, text) in messages {
        let mut add = |mistake: String| mistakes.push(format!("src/{path}: {mistake}: {text:?}"));
        // An argument stands for what a format puts there.
        commands.mistakes(&text.replace(['{', '}'], "")).into_iter().for_each(&mut add);
        for word in text.split([' ', '`', ',', ';', '(', ')']) {
            let flag = word.split('=').next().unwrap_or_default();
            let letters = flag.strip_prefix("--").unwrap_or_default();
            let is_flag =
                letters.starts_with(|c: char| c.is_ascii_lowercase()) && letters.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if is_flag && !commands.has_flag(flag) {
                add(format!("no command has `{flag}`"));
            }
        }
    }
    assert_none(&mistakes);
}

#[test]
fn every_key_that_a_document_or_a_message_names_exists() {
    let keys = Keys::new();
    assert!(
        keys.tables.len() > 8 && keys.has("fetch", "every") && keys.has("concept", "any"),
        "the schema is read"
    );
    let mut mistakes = Vec::new();
    for path in documents() {
        let text = read(&path);
        let toml: Vec<&str> = code(&text)
            .iter()
            .filter(|code| code.block == Some("toml"))
            .map(|code| code.text)
            .collect();
        let found = keys.mistakes(&text).into_iter().chain(keys.mistakes_of_toml(&toml.join("\n")));
        mistakes.extend(found.map(|mistake| format!("{path}: {mistake}")));
    }
    let commands = CommandLine::new();
    let for_users = ["README.md", "CHANGELOG.md", "feeds.toml"].map(read);
    for text in for_users.iter().chain(&keys.descriptions) {
        for Code { text, block, .. } in code(text) {
            let name = text.split_once(" = ").map_or(text, |(key, _)| key);
            let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_') && block.is_none();
            let is_known = keys.has_anywhere(name) || commands.commands.contains_key(name) || OTHER_NAMES.contains(&name);
            if is_name && !is_known {
                mistakes.push(format!("`{text}` is no key and no command"));
            }
        }
    }
    let help: Vec<String> = commands
        .commands
        .keys()
        .map(|command| {
            let words: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).chain(["--help"]).collect();
            griot(&words)
        })
        .collect();
    let texts = messages()
        .into_iter()
        .chain(keys.descriptions.iter().chain(&help).map(|text| (String::new(), text.clone())));
    for (path, text) in texts {
        mistakes.extend(
            keys.mistakes(&text)
                .into_iter()
                .map(|mistake| format!("{path}: {mistake}: {text:?}")),
        );
        // `griot edit ID key=value`
        for (at, _) in text.match_indices("griot edit ") {
            let argument = text[at..].split(' ').nth(3).and_then(|argument| argument.split_once('='));
            if let Some((key, _)) = argument
                && !keys.has("source", key.trim_start_matches('\''))
            {
                mistakes.push(format!("{path}: a source has no `{key}`: {text:?}"));
            }
        }
    }
    assert_none(&mistakes);
}

#[test]
fn every_command_and_key_in_an_example_configuration_exists() {
    let (commands, keys) = (CommandLine::new(), Keys::new());
    let catalogue = std::fs::read_dir(root().join("sources")).expect("the folder");
    let catalogue = catalogue.map(|file| format!("sources/{}", file.expect("a file").file_name().to_string_lossy()));
    let examples = [
        "feeds.toml",
        "demo/feeds.toml",
        "src/config/empty.toml",
        "src/config/empty.fr.toml",
        "src/config/sahel.fr.toml",
    ]
    .map(str::to_owned);
    for path in examples.into_iter().chain(catalogue) {
        let text = read(&path);
        let comments: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once('#').map(|(_, comment)| comment))
            .collect();
        let mut mistakes = keys.mistakes_of_toml(&text);
        mistakes.extend(comments.iter().flat_map(|comment| keys.mistakes(comment)));
        mistakes.extend(comments.iter().flat_map(|comment| commands.mistakes(comment)));
        assert!(mistakes.is_empty(), "{path}: {}", mistakes.join("\n"));
    }
    for description in &keys.descriptions {
        let mistakes = commands.mistakes(description);
        assert!(mistakes.is_empty(), "{description}: {}", mistakes.join("\n"));
    }
}

/// Whether a code span is a path of the repository: it has a folder, or an extension of its files.
fn is_path(span: &str) -> bool {
    const EXTENSIONS: &[&str] = &["rs", "md", "toml", "txt", "sql", "json", "html", "css"];
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let parts: Vec<&str> = span.trim_end_matches('/').split('/').collect();
    let has_extension = Path::new(span)
        .extension()
        .is_some_and(|extension| EXTENSIONS.contains(&extension.to_str().unwrap_or_default()));
    let has_folder = span.ends_with('/') || (parts.len() > 1 && root().join(parts[0]).is_dir());
    parts.iter().all(|part| is_name(part)) && (has_extension || has_folder)
}

/// Returns a path without `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normal.pop()),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut mistakes = Vec::new();
    let mut seen = 0;
    for document in documents() {
        let text = read(&document);
        let folder = Path::new(&document).parent().unwrap_or(Path::new(""));
        // A name alone is that of a file beside the path before it in the same paragraph.
        let blank: Vec<usize> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.trim().is_empty())
            .map(|(at, _)| at + 1)
            .collect();
        let mut last = (0, PathBuf::new());
        for Code { line, text, block } in code(&text) {
            if block.is_some() || !is_path(text) || PATHS_OF_USERS.iter().any(|beginning| text.starts_with(beginning)) {
                continue;
            }
            let paragraph = blank.partition_point(|blank| *blank < line);
            if last.0 != paragraph {
                last = (paragraph, PathBuf::new());
            }
            let candidates = [
                PathBuf::from(text),
                folder.join(text),
                Path::new("src").join(text),
                last.1.join(text),
            ];
            let Some(path) = candidates.into_iter().find(|path| root().join(path).exists()) else {
                mistakes.push(format!("{document}:{line}: there is no `{text}`"));
                continue;
            };
            seen += 1;
            last.1 = if root().join(&path).is_dir() {
                path
            } else {
                path.parent().unwrap_or(Path::new("")).to_owned()
            };
        }
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap_or_default();
            let path = normalized(&folder.join(target));
            if !target.is_empty() && !target.contains(':') && !root().join(&path).exists() {
                mistakes.push(format!("{document}: there is no {target}"));
            }
        }
    }
    assert!(seen > 50, "paths are found: {seen}");
    assert_none(&mistakes);
}

#[test]
fn the_checks_find_what_does_not_exist() {
    let (commands, keys) = (CommandLine::new(), Keys::new());
    for text in [
        "griot ad URL",
        "run griot fetch --frce",
        "`griot topic tst X`",
        "griot db undo FILE",
        "griot -q --jsn fetch",
        "griot list feeds",
        "griot lab blocks|words",
    ] {
        assert_eq!(commands.mistakes(text).len(), 1, "{text}");
    }
    for text in [
        "griot --config x.toml -q fetch --force",
        "use griot fetch, then go on",
        "griot list sources|topics",
        "griot does not evade",
        "GitHub's griot/demo",
    ] {
        assert_eq!(commands.mistakes(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(
        keys.mistakes("see [fetch] evry, [fetch] every and [x] y"),
        ["[fetch] has no key `evry`"]
    );
    assert_eq!(
        keys.mistakes_of_toml("[[source]]\nid = \"a\"\n# titel = \"b\"\n# [fecth]\n").len(),
        2
    );
    assert!(is_path("src/cli/args.rs") && is_path("args.rs") && is_path("src/cli/") && !is_path("application/json") && !is_path("a b.rs"));
}

/// The codes that are made by these calls in the sources are the ones that users meet.
#[test]
fn every_code_of_a_problem_is_described() {
    let described = read("docs/problems.md");
    let mut codes = BTreeSet::new();
    for SourceFile { text, .. } in source_files() {
        for call in ["Problem::new(", "problem(", "problems.push(", "problems.extend("] {
            for (at, _) in text.match_indices(call) {
                let argument = text[at + call.len()..].trim_start();
                let quoted = argument.strip_prefix('"').and_then(|rest| rest.split_once('"'));
                codes.extend(quoted.map(|(code, _)| code.to_owned()));
            }
        }
    }
    assert!(codes.len() > 25, "{codes:?}");
    let missing: Vec<&String> = codes.iter().filter(|code| !described.contains(&format!("**{code}**"))).collect();
    assert!(missing.is_empty(), "docs/problems.md does not describe {missing:?}");
}
