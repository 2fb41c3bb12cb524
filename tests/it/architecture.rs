//! The structure of the source, as ARCHITECTURE.md states it: imports go to lower layers only, each outside crate is used in its home, and no
//! file imports another in a cycle.

use crate::source_code::{Imports, SourceFile, cycles, imports, imports_of_modules, paths, source_files, tokens};
use std::collections::BTreeSet;
use std::path::Path;

/// The layers, the lowest first. A module imports modules of lower layers only, none of its own layer.
const LAYERS: [&[&str]; 7] = [
    &["model"],
    &["text", "html"],
    &["config", "store"],
    &["schedule", "fetch", "parse", "extract", "dedupe", "curate", "publish", "notify"],
    &["pipeline"],
    &["cli", "serve"],
    &["main"],
];
/// The layer of the stages: they know neither the store nor the whole configuration.
const STAGES: usize = 3;

/// The homes of outside crates, by the beginning of a path below `src`. Crates that are not named here may be used anywhere.
const CRATE_HOMES: &[(&str, &[&str])] = &[
    ("reqwest", &["fetch/"]),
    ("rustls", &["fetch/"]),
    ("rusqlite", &["store/sqlite/"]),
    ("feed_rs", &["parse/"]),
    ("chrono", &["parse/"]),
    ("scraper", &["extract/", "parse/list_"]),
    ("ego_tree", &["extract/", "parse/list_page"]),
    ("rss", &["publish/"]),
    ("askama", &["publish/"]),
    ("quick_xml", &["publish/"]),
    ("csv", &["parse/", "publish/"]),
    ("axum", &["serve/"]),
    ("hyper", &["serve/"]),
    ("hyper_util", &["serve/"]),
    ("tower_http", &["serve/"]),
    ("lettre", &["notify/"]),
    ("clap", &["cli/"]),
    ("anyhow", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("ammonia", &["html/"]),
    ("chardetng", &["html/"]),
    ("jiff", &["model/time.rs"]),
    ("tokio", &["fetch/", "notify/", "pipeline/", "serve/", "cli/"]),
    ("annotate_snippets", &["config/"]),
    // The texts of the demo's articles are TOML too.
    ("toml", &["config/", "serve/demo_server"]),
    ("tracing_subscriber", &["main.rs", "fetch/tests/"]),
];

/// Words that say nothing of a file's content, or that mean another thing in this field.
const BANNED_NAMES: &[&str] = &[
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

const MAX_LINES: usize = 600;
const MAX_LINES_OF_MAIN: usize = 60;

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// Returns the rules that a file breaks, in words.
fn violations(file: &SourceFile) -> Vec<String> {
    let own = file.top_module();
    let mut violations = Vec::new();
    let mut report = |names: &[&str], rule: &str| violations.push(format!("{}: {}: {rule}", file.path, names.join("::")));
    if layer(own).is_none() && own != "lib" {
        report(&[own], "the module is in no layer");
    }
    let levels = file.module_path().len();
    let all_tokens = tokens(&file.text);
    for path in paths(&all_tokens) {
        let names = path.names.as_slice();
        let up = names.iter().take_while(|name| **name == "super").count();
        let target = match names[0] {
            "crate" | "griot" => names.get(1).copied().unwrap_or_default(),
            "super" if up >= levels => names.get(up).copied().unwrap_or_default(),
            _ => continue,
        };
        let (Some(here), Some(there)) = (layer(own), layer(target)) else {
            continue;
        };
        if target != own && there >= here {
            report(names, "imports go to lower layers only");
        } else if here == STAGES && target == "store" {
            report(names, "a stage does not know the store");
        } else if here == STAGES && target == "config" && names.last() == Some(&"Config") {
            report(names, "a stage takes its own part of the configuration");
        }
    }
    let program = file.program_tokens();
    for path in paths(&program) {
        let names = path.names.as_slice();
        let homes = CRATE_HOMES.iter().find(|(name, _)| *name == names[0]).map(|(_, homes)| *homes);
        if homes.is_some_and(|homes| !homes.iter().any(|home| file.path.starts_with(home))) {
            report(names, "this crate has another home");
        }
        if names.ends_with(&["CleanHtml", "from_trusted"]) && !matches!(own, "html" | "store" | "model") {
            report(names, "only html and store make clean markup");
        }
    }
    for token in all_tokens {
        if matches!(token, "todo" | "unimplemented") {
            report(&[token], "it is not finished");
        }
    }
    if file.text.contains(concat!("TO", "DO")) {
        report(&["a note"], "it is not finished");
    }
    let lines = file.text.lines().count();
    if lines > if file.path == "main.rs" { MAX_LINES_OF_MAIN } else { MAX_LINES } {
        report(&["size"], &format!("{lines} lines are too many"));
    }
    if file.path.split(['/', '.', '_']).any(|word| BANNED_NAMES.contains(&word)) {
        report(&["name"], "it has a banned word");
    }
    violations
}

/// Returns the imports of files, given with their paths and texts.
fn sample_imports(files: &[(&str, &str)]) -> Imports {
    let files: Vec<SourceFile> = files.iter().map(|(path, text)| SourceFile::new(path, text)).collect();
    imports(&files)
}

#[test]
fn imports_go_to_lower_layers_and_each_crate_stays_in_its_home() {
    let files = source_files();
    assert!(files.len() > 100, "the source is somewhere else: {}", files.len());
    let violations: Vec<String> = files.iter().flat_map(violations).collect();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn no_file_and_no_module_imports_another_in_a_cycle() {
    let imports = imports(&source_files());
    let edges: usize = imports.values().map(std::collections::BTreeMap::len).sum();
    assert!(edges > 500, "the imports are not seen: {edges}");
    let mut cycles_found = cycles(&imports);
    cycles_found.extend(cycles(&imports_of_modules(&imports)));
    assert!(cycles_found.is_empty(), "{}", cycles_found.join("\n"));
}

#[test]
fn the_table_of_layers_is_that_of_the_document() {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("the document");
    let rows = document.lines().skip_while(|line| !line.starts_with("| Layer |")).skip(2);
    let mut rows: Vec<Vec<&str>> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split('|').nth(2).expect("a column").split(", ").map(str::trim).collect())
        .collect();
    rows.reverse();
    assert_eq!(rows, LAYERS.map(<[&str]>::to_vec));
}

#[test]
fn each_outside_crate_has_a_reason_in_the_document() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let document = std::fs::read_to_string(root.join("ARCHITECTURE.md")).expect("the document");
    let table = document.split("| Crate |").nth(1).expect("the table");
    let named: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|names| names.split(", "))
        .map(|name| name.split(" (").next().unwrap_or_default())
        .collect();
    let used = ["dependencies", "dev-dependencies"]
        .iter()
        .filter_map(|table| manifest[*table].as_table());
    let used: BTreeSet<&str> = used.flat_map(toml::Table::keys).map(String::as_str).collect();
    assert_eq!(named, used);
}

#[test]
fn the_checker_finds_every_kind_of_forbidden_import() {
    for (path, text) in [
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
        ("extract/mod.rs", "fn f() { CleanHtml::from_trusted(x) }"),
        ("extract/mod.rs", "fn f() { todo!() }"),
        ("cli/helper.rs", ""),
        ("attic/mod.rs", ""),
    ] {
        let file = SourceFile::new(path, text);
        assert_eq!(violations(&file).len(), if text.contains("Page") { 2 } else { 1 }, "{path}: {text}");
    }
    assert_eq!(violations(&SourceFile::new("main.rs", &"\n".repeat(61))).len(), 1);
}

#[test]
fn the_checker_accepts_allowed_imports_and_ignores_comments_literals_and_tests() {
    let text = "//! use crate::serve::files; in a comment\nuse super::lexer::{self, Token};\nuse crate::config::{Source, Topic};\nuse crate::model::Entry;\n\
                /* use crate::store::Store; */ const WORDS: &str = \"use crate::cli::\\\"x\\\";\"; const RAW: &str = r#\"crate::store::X\"#;\n\
                fn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' || self::g::<'a>() }\n#[cfg(test)]\nmod tests {\n    use super::*;\n    use tokio::test;\n}\n";
    let file = SourceFile::new("curate/rule.rs", text);
    assert_eq!(violations(&file), Vec::<String>::new());
}

#[test]
fn the_checker_finds_a_cycle_of_two_files() {
    let imports = sample_imports(&[
        ("text/mod.rs", "mod fold; mod stem;"),
        ("text/fold.rs", "use super::stem::{self, cut};"),
        ("text/stem.rs", "fn f() { crate::text::fold::fold() }"),
    ]);
    assert_eq!(
        cycles(&imports),
        ["text/fold.rs uses super::stem::cut of text/stem.rs, text/stem.rs uses crate::text::fold::fold of text/fold.rs"]
    );
}

#[test]
fn the_checker_finds_a_cycle_of_three_files_over_bound_modules() {
    let imports = sample_imports(&[
        ("text/mod.rs", ""),
        ("text/a.rs", "use super::b as other; fn f() { other::g() }"),
        ("text/b.rs", "use crate::text::{c}; fn g() { c::h(); }"),
        ("text/c.rs", "mod inner { fn h() { super::super::a::f() } }"),
    ]);
    assert_eq!(cycles(&imports).len(), 1, "{imports:?}");
}

#[test]
fn the_checker_finds_a_cycle_of_a_child_and_its_parent() {
    for text in [
        "use super::Draft;",
        "use super::{Draft};",
        "use super::*;",
        "fn f(d: super::Draft) {}",
    ] {
        for parent in ["parse.rs", "parse/mod.rs"] {
            let imports = sample_imports(&[
                (parent, "mod entry; struct Draft; fn f() { entry::read() }"),
                ("parse/entry.rs", text),
            ]);
            assert_eq!(cycles(&imports).len(), 1, "{parent}: {text}");
        }
    }
}

#[test]
fn the_checker_finds_a_cycle_over_a_re_export() {
    let imports = sample_imports(&[
        (
            "model/mod.rs",
            "mod entry; mod time; pub use entry::Entry; pub use time::Timestamp;",
        ),
        ("model/entry.rs", "use super::Timestamp;"),
        ("model/time.rs", "pub struct Timestamp;"),
    ]);
    assert_eq!(
        cycles(&imports),
        ["model/entry.rs uses super::Timestamp of model/mod.rs, model/mod.rs uses entry::Entry of model/entry.rs"]
    );
}

#[test]
fn the_checker_finds_no_cycle_where_there_is_none() {
    let imports = sample_imports(&[
        (
            "model/mod.rs",
            "mod entry; mod time; pub use entry::Entry; pub use time::Timestamp;",
        ),
        (
            "model/entry.rs",
            "use super::time::Timestamp; use super::id; #[cfg(test)] mod tests;",
        ),
        (
            "model/time.rs",
            "#[cfg(test)]\n#[expect(unused)]\nuse super::entry::{Entry, Kind}; pub struct Timestamp; #[cfg(test)] mod tests { use super::super::entry::Entry; }",
        ),
        // It names its children and shares its own item, but uses nothing of them.
        ("model/id.rs", "mod digest; mod slug; pub struct Id;"),
        ("model/id/digest.rs", "use super::Id; // use super::slug::Slug;"),
        (
            "model/id/slug.rs",
            "use super::digest::Digest; use super::Id; const NOTE: &str = \"super::super::entry::Entry\";",
        ),
        ("model/entry/tests.rs", "use super::Entry; use crate::model::time;"),
    ]);
    assert_eq!(cycles(&imports), Vec::<String>::new(), "{imports:?}");
}

#[test]
fn the_checker_finds_a_cycle_of_two_modules_without_a_cycle_of_files() {
    let imports = sample_imports(&[
        (
            "extract/mod.rs",
            "mod blocks; mod metadata; fn f() { blocks::choose(); metadata::read() }",
        ),
        ("extract/blocks/mod.rs", "use super::metadata::Metadata;"),
        ("extract/blocks/block.rs", "pub struct Block;"),
        ("extract/metadata/mod.rs", "pub struct Metadata;"),
        ("extract/metadata/title.rs", "use crate::extract::blocks::block::Block;"),
    ]);
    assert_eq!(cycles(&imports), Vec::<String>::new());
    assert_eq!(cycles(&imports_of_modules(&imports)).len(), 1);
}
