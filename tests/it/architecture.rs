//! The walls of the house, as HOUSE.md and ARCHITECTURE.md draw them: imports go down only, and each outside crate has one home.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, from the ground up; nobody imports a neighbour or what lies above.
const FLOORS: [&[&str]; 7] = [
    &["model"],
    &["text", "html"],
    &["config", "store"],
    &["schedule", "fetch", "parse", "extract", "dedupe", "curate", "publish", "notify"],
    &["pipeline"],
    &["cli", "serve"],
    &["main"],
];
const SHOPS: usize = 3;

/// The homes of outside crates, by the beginning of a path below `src`. Crates that are not named here may be used anywhere.
const HOMES: &[(&str, &[&str])] = &[
    ("reqwest", &["fetch/"]),
    ("rustls", &["fetch/"]),
    ("rusqlite", &["store/sqlite/"]),
    ("feed_rs", &["parse/"]),
    ("chrono", &["parse/"]),
    ("scraper", &["extract/", "parse/page.rs"]),
    ("ego_tree", &["extract/"]),
    ("rss", &["publish/"]),
    ("askama", &["publish/"]),
    ("quick_xml", &["publish/", "parse/differential.rs"]),
    ("axum", &["serve/"]),
    ("lettre", &["notify/"]),
    ("clap", &["cli/"]),
    ("anyhow", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("ammonia", &["html/"]),
    ("chardetng", &["html/"]),
    ("jiff", &["model/time.rs"]),
    ("tokio", &["fetch/", "notify/", "pipeline/", "serve/", "serve.rs", "cli/"]),
    ("annotate_snippets", &["config/"]),
    // The bundled newsroom's texts are TOML too.
    ("toml", &["config/", "serve/demo_server"]),
    ("tracing_subscriber", &["main.rs"]),
];

const BANNED: &[&str] = &[
    "post",
    "subscription",
    "manager",
    "handler",
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
];

/// A source file: where it lies below `src`, and what it says.
struct File {
    place: String,
    text: String,
}

impl File {
    fn module(&self) -> &str {
        self.place.split(['/', '.']).next().unwrap_or_default()
    }

    /// Whether all of it is there for tests only.
    fn is_test(&self) -> bool {
        let stem = self.place.trim_end_matches(".rs").rsplit('/').next().unwrap_or_default();
        self.place.contains("/tests/") || stem.ends_with("tests") || matches!(stem, "fixture" | "sample")
    }

    /// The program's own part of a file; tests stand at its end.
    fn program(&self) -> &str {
        if self.is_test() {
            return "";
        }
        self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }
}

/// Splits Rust into words and signs; comments, texts and characters are left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let raw = rest.strip_prefix('r').map_or("", |after| after.trim_start_matches('#'));
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(quoted) = raw.strip_prefix('"') {
            let marks = rest.len() - 1 - raw.len();
            let end = format!("\"{}", "#".repeat(marks));
            quoted.find(&end).map_or(rest.len(), |at| marks + 2 + at + end.len())
        } else if first == '"' {
            closing(rest, '"')
        } else if first == '\'' && (rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'')) {
            closing(rest, '\'')
        } else if word > 0 {
            tokens.push(&rest[..word]);
            word
        } else if rest.starts_with("::") {
            tokens.push("::");
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(&rest[..first.len_utf8()]);
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the length of a quoted text that `rest` begins with.
fn closing(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Returns every path of `text`, with the groups of `use` spelt out: `crate::{a::B, c}` is `crate::a::B` and `crate::c`.
fn paths(text: &str) -> Vec<Vec<&str>> {
    let tokens = tokens(text);
    let is_word = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    };
    let mut paths = Vec::new();
    // The heads of the groups that are open, and how deep in braces that do not belong to a path we are inside of them.
    let mut heads: Vec<Vec<&str>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_word(at) && (at == 0 || tokens[at - 1] != "::") {
            let mut path = heads.last().cloned().unwrap_or_default();
            path.push(tokens[at]);
            while tokens.get(at + 1) == Some(&"::") && is_word(at + 2) {
                path.push(tokens[at + 2]);
                at += 2;
            }
            if tokens.get(at + 1) == Some(&"::") && tokens.get(at + 2) == Some(&"{") {
                heads.push(path);
                at += 2;
            } else if path.len() > 1 {
                paths.push(path);
            }
        } else if tokens[at] == "}" {
            heads.pop();
        } else if tokens[at] == "{" {
            heads.push(Vec::new());
        }
        at += 1;
    }
    paths
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// Returns what a file may not do, in words.
fn faults(file: &File) -> Vec<String> {
    let own = file.module();
    let mut faults = Vec::new();
    let mut fault = |path: &[&str], why: &str| faults.push(format!("{}: {}: {why}", file.place, path.join("::")));
    if floor(own).is_none() && own != "lib" {
        fault(&[own], "no floor of the house has this room");
    }
    let steps = file.place.matches('/').count() + usize::from(!file.place.ends_with("mod.rs"));
    for path in paths(&file.text) {
        let up = path.iter().take_while(|word| **word == "super").count();
        let target = match path[0] {
            "crate" | "griot" => path[1],
            "super" if up >= steps => path.get(up).copied().unwrap_or_default(),
            _ => continue,
        };
        let (Some(here), Some(there)) = (floor(own), floor(target)) else {
            continue;
        };
        if target != own && there >= here {
            fault(&path, "imports go down only");
        } else if here == SHOPS && target == "store" {
            fault(&path, "a shop does not know the store");
        } else if here == SHOPS && target == "config" && path.last() == Some(&"Config") {
            fault(&path, "a shop takes its own slice of the configuration");
        }
    }
    for path in paths(file.program()) {
        let homes = HOMES.iter().find(|(name, _)| *name == path[0]).map(|(_, homes)| *homes);
        if homes.is_some_and(|homes| !homes.iter().any(|home| file.place.starts_with(home))) {
            fault(&path, "this crate has another home");
        }
        if path.ends_with(&["CleanHtml", "vouched"]) && !matches!(own, "html" | "store" | "model") {
            fault(&path, "only html and store vouch for markup");
        }
    }
    for word in tokens(&file.text) {
        if matches!(word, "todo" | "unimplemented") {
            fault(&[word], "finish it");
        }
    }
    if file.text.contains(concat!("TO", "DO")) {
        fault(&["a note"], "do it or say why it is so");
    }
    let lines = file.text.lines().count();
    if lines > if file.place == "main.rs" { 60 } else { 600 } {
        fault(&["size"], &format!("{lines} lines are too many"));
    }
    if file.place.split(['/', '.', '_']).any(|word| BANNED.contains(&word)) {
        fault(&["name"], "the glossary bans it");
    }
    faults
}

fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let place = path.strip_prefix(&root).expect("it lies below src").display().to_string();
            let text = fs::read_to_string(&path).expect("a source file");
            files.push(File { place, text });
        }
    }
    files
}

#[test]
fn every_import_goes_down_and_every_crate_stays_at_home() {
    let files = sources();
    assert!(files.len() > 100, "the source is somewhere else: {}", files.len());
    let faults: Vec<String> = files.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_checker_finds_every_kind_of_forbidden_import() {
    for (place, text) in [
        ("model/url.rs", "use crate::text::fold;"),
        ("text/fold.rs", "use crate::html::clean;"),
        ("config/check.rs", "fn f() { crate::store::open() }"),
        ("parse/mod.rs", "use crate::{model::Entry, extract::{Page, Article}};"),
        ("dedupe/mod.rs", "use super::curate;"),
        ("dedupe/table.rs", "use super::super::curate::Rule;"),
        ("notify/mod.rs", "use crate::fetch::Client;"),
        ("curate/rule.rs", "use crate::store::Store;"),
        ("curate/rule.rs", "fn f(c: &crate::config::Config) {}"),
        ("curate/rule.rs", "use crate::config::{Topic, Config};"),
        ("pipeline/run.rs", "use crate::cli::Output;"),
        ("serve/mod.rs", "use crate::cli::Output;"),
        ("cli/demo.rs", "use crate::serve::demo_server;"),
        ("store/mod.rs", "use rusqlite::Connection;"),
        ("curate/rule.rs", "fn f() { let _ = tokio::spawn(g()); }"),
        ("pipeline/gather.rs", "use reqwest::Client;"),
        ("extract/mod.rs", "fn f() { CleanHtml::vouched(x) }"),
        ("extract/mod.rs", "fn f() { todo!() }"),
        ("cli/helper.rs", ""),
        ("attic/mod.rs", ""),
    ] {
        let file = File {
            place: place.to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(faults(&file).len(), if text.contains("Page") { 2 } else { 1 }, "{place}: {text}");
    }
    let long = File {
        place: "main.rs".to_owned(),
        text: "\n".repeat(61),
    };
    assert_eq!(faults(&long).len(), 1);
}

#[test]
fn the_checker_leaves_good_imports_alone() {
    let text = "//! use crate::serve::files; is not for us\nuse super::lexer::{self, Token};\nuse crate::config::{Source, Topic};\nuse crate::model::Entry;\n\
                /* use crate::store::Store; */ const WORDS: &str = \"use crate::cli::\\\"x\\\";\"; const RAW: &str = r#\"crate::store::X\"#;\n\
                fn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' || self::g::<'a>() }\n#[cfg(test)]\nmod tests {\n    use super::*;\n    use tokio::test;\n}\n";
    let file = File {
        place: "curate/rule.rs".to_owned(),
        text: text.to_owned(),
    };
    assert_eq!(faults(&file), Vec::<String>::new());
}
