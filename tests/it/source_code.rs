//! Reads the program's source: its tokens, and which file imports what from which other file.
//!
//! It knows as much of Rust as the checks of `architecture` and `references` need: modules, paths, `use` and `#[cfg(test)]`. Macros are not
//! expanded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path below `src`, with `/`.
    pub path: String,
    pub text: String,
    /// Whether all of it is compiled for tests only.
    pub is_test: bool,
}

impl SourceFile {
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            is_test: false,
        }
    }

    /// Returns the top-level module that the file belongs to: `main` and `lib` for the roots.
    pub fn top_module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// Returns the names from the crate's root to the file's module; none for `lib.rs`.
    pub fn module_path(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.path.trim_end_matches(".rs").split('/').collect();
        if names.last() == Some(&"mod") || names == ["lib"] {
            names.pop();
        }
        names
    }

    /// Returns the tokens that are compiled outside tests.
    pub fn program_tokens(&self) -> Vec<&str> {
        if self.is_test {
            Vec::new()
        } else {
            without_tests(&tokens(&self.text)).0
        }
    }
}

/// Returns all source files, by path.
pub fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(&root).expect("it lies below src").display().to_string();
            files.push(SourceFile::new(&relative, &fs::read_to_string(&path).expect("a source file")));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    mark_test_files(&mut files);
    files
}

/// Marks the files of modules that are declared under `#[cfg(test)]`, and of the modules within them.
fn mark_test_files(files: &mut [SourceFile]) {
    let mut test_modules: BTreeSet<Vec<String>> = BTreeSet::new();
    for file in &*files {
        for name in without_tests(&tokens(&file.text)).1 {
            let path = file.module_path().into_iter().chain([name]);
            test_modules.insert(path.map(str::to_owned).collect());
        }
    }
    for file in files {
        let path: Vec<String> = file.module_path().into_iter().map(str::to_owned).collect();
        file.is_test = (1..=path.len()).any(|length| test_modules.contains(&path[..length]));
    }
}

/// Splits Rust into words, signs and string literals. Comments, characters and white space are left out; `::` is one sign; a literal
/// begins with its quotation mark, whatever its prefix.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let raw = rest
            .trim_start_matches('b')
            .strip_prefix('r')
            .map_or("", |after| after.trim_start_matches('#'));
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(quoted) = raw.strip_prefix('"') {
            let start = rest.len() - raw.len();
            let end = format!("\"{}", &rest[..start].trim_start_matches(['b', 'r']));
            let length = quoted.find(&end).map_or(raw.len(), |at| at + 2);
            tokens.push(&raw[..length]);
            start + length + end.len() - 1
        } else if first == '"' {
            let length = quoted_length(rest, '"');
            tokens.push(&rest[..length]);
            length
        } else if first == '\'' && (rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'')) {
            quoted_length(rest, '\'')
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
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// Returns the length of the quoted text that `rest` begins with, in bytes, the marks included.
fn quoted_length(rest: &str, quote: char) -> usize {
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

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Returns the tokens without the items under `#[cfg(test)]`, and the names of the file modules among those items.
fn without_tests<'a>(tokens: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut kept, mut modules) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at..].starts_with(&["#", "[", "cfg", "(", "test", ")", "]"]) {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        while tokens.get(at) == Some(&"#") {
            at = end_of_group(tokens, at + 1);
        }
        let end = end_of_item(tokens, at);
        if let Some(name) = tokens[at..end].iter().position(|token| *token == "mod")
            && tokens.get(at + name + 2) == Some(&";")
        {
            modules.push(tokens[at + name + 1]);
        }
        at = end;
    }
    (kept, modules)
}

/// Returns the place behind the bracket that closes the first one at `start` or behind it.
pub fn end_of_group(tokens: &[&str], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Returns the place behind the item that begins at `start`: behind its `;` or its braces, or where the surrounding braces close. A `use`
/// has braces of its own and ends with `;` only.
fn end_of_item(tokens: &[&str], start: usize) -> usize {
    let mut at = start;
    let mut is_use = false;
    while at < tokens.len() {
        match tokens[at] {
            "use" => is_use = true,
            ";" | "," => return at + 1,
            "}" => return at,
            "{" if !is_use => return end_of_group(tokens, at),
            "(" | "[" | "{" => {
                at = end_of_group(tokens, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// A path as the source writes it, groups of `use` spelt out: `use crate::{a::B, c}` has the paths `crate::a::B` and `crate::c`.
#[derive(Debug, PartialEq, Eq)]
pub struct ImportPath<'a> {
    pub names: Vec<&'a str>,
    /// Whether it stands in a `use`.
    pub is_use: bool,
    /// The name under which a `use` brings it in.
    bound: &'a str,
    /// The modules within the file that it stands in.
    inline: Vec<&'a str>,
}

/// What a brace that is open belongs to.
enum Brace<'a> {
    /// A group of a `use`, behind these names.
    Group(Vec<&'a str>),
    /// `mod name {`.
    Module(&'a str),
    Other,
}

/// Returns every path of two names or more, and every path of a `use`.
pub fn paths<'a>(tokens: &[&'a str]) -> Vec<ImportPath<'a>> {
    let word_at = |at: usize, is_use: bool| tokens.get(at).is_some_and(|token| is_word(token) || (is_use && *token == "*"));
    let mut paths = Vec::new();
    let mut braces: Vec<Brace<'a>> = Vec::new();
    let mut is_use = false;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at] {
            "use" => is_use = true,
            ";" => is_use = false,
            "{" => braces.push(Brace::Other),
            "}" => drop(braces.pop()),
            "mod" if word_at(at + 1, false) && tokens.get(at + 2) == Some(&"{") => {
                braces.push(Brace::Module(tokens[at + 1]));
                at += 2;
            }
            _ if word_at(at, is_use) && (at == 0 || tokens[at - 1] != "::") => {
                let mut names = match braces.last() {
                    Some(Brace::Group(names)) => names.clone(),
                    _ => Vec::new(),
                };
                names.push(tokens[at]);
                while tokens.get(at + 1) == Some(&"::") && word_at(at + 2, is_use) {
                    names.push(tokens[at + 2]);
                    at += 2;
                }
                if is_use && tokens.get(at + 1) == Some(&"::") && tokens.get(at + 2) == Some(&"{") {
                    braces.push(Brace::Group(names));
                    at += 3;
                    continue;
                }
                if names.len() > 1 && names.last() == Some(&"self") {
                    names.pop();
                }
                let mut bound = names[names.len() - 1];
                if is_use && tokens.get(at + 1) == Some(&"as") {
                    bound = tokens[at + 2];
                    at += 2;
                }
                if is_use || names.len() > 1 {
                    let inline = braces
                        .iter()
                        .filter_map(|brace| if let Brace::Module(name) = brace { Some(*name) } else { None });
                    paths.push(ImportPath {
                        names,
                        is_use,
                        bound,
                        inline: inline.collect(),
                    });
                }
            }
            _ => {}
        }
        at += 1;
    }
    paths
}

/// The imports between files: for each file's path the files that it imports from, each with one of the paths that do so.
pub type Imports = BTreeMap<String, BTreeMap<String, String>>;

/// Returns the imports between the files that are compiled outside tests.
///
/// A path leads to the file of the last module that it names, where its next name is defined or re-exported. So `super::Entry` imports the
/// parent's file even where that has only `pub use entry::Entry`. A declaration `mod x;`, and a `use` that brings in a module, import nothing
/// by themselves: what is used of the module is seen where it is used.
pub fn imports(files: &[SourceFile]) -> Imports {
    let modules: BTreeMap<Vec<&str>, &SourceFile> = files
        .iter()
        .filter(|file| !file.is_test && file.path != "main.rs")
        .map(|file| (file.module_path(), file))
        .collect();
    let mut imports = Imports::new();
    for (module, file) in &modules {
        let tokens = file.program_tokens();
        let paths = paths(&tokens);
        let mut bound_modules = BTreeMap::new();
        for path in paths.iter().filter(|path| path.is_use) {
            if let Some((target, [])) = resolve(&modules, module, path, &BTreeMap::new()) {
                bound_modules.insert(path.bound, target);
            }
        }
        let found = imports.entry(file.path.clone()).or_default();
        for path in &paths {
            let Some((mut target, [_, ..])) = resolve(&modules, module, path, &bound_modules) else {
                continue;
            };
            // A module within a file belongs to that file.
            while !modules.contains_key(&target) && target.pop().is_some() {}
            if let Some(other) = modules.get(&target)
                && !target.is_empty()
                && other.path != file.path
            {
                found.entry(other.path.clone()).or_insert_with(|| path.names.join("::"));
            }
        }
    }
    imports
}

/// Returns the module that a path leads to, and the names that are left: an item of that module and what belongs to the item. None for the
/// paths of outside crates, of imported items and of generic parameters.
fn resolve<'a, 'p>(
    modules: &BTreeMap<Vec<&'a str>, &SourceFile>,
    module: &[&'a str],
    path: &'p ImportPath<'a>,
    bound_modules: &BTreeMap<&str, Vec<&'a str>>,
) -> Option<(Vec<&'a str>, &'p [&'a str])> {
    let mut target: Vec<&str> = module.iter().chain(&path.inline).copied().collect();
    let mut rest = path.names.as_slice();
    let child = |target: &[&'a str], name: &'a str| {
        let child: Vec<&str> = target.iter().copied().chain([name]).collect();
        modules.contains_key(&child).then_some(child)
    };
    match rest[0] {
        "crate" | "griot" => {
            target.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first() == Some(&"super") {
                target.pop();
                rest = &rest[1..];
            }
        }
        first => {
            if child(&target, first).is_none() {
                target.clone_from(bound_modules.get(first)?);
                rest = &rest[1..];
            }
        }
    }
    while let Some(child) = rest.first().and_then(|name| child(&target, name)) {
        target = child;
        rest = &rest[1..];
    }
    Some((target, rest))
}

/// Returns the imports between modules with the same parent, each with all its files; modules are named by their paths, such as
/// `extract/blocks`.
pub fn imports_of_modules(imports: &Imports) -> Imports {
    let mut collapsed = Imports::new();
    for (file, targets) in imports {
        for (target, path) in targets {
            let (from, to) = (SourceFile::new(file, ""), SourceFile::new(target, ""));
            let (from, to) = (from.module_path(), to.module_path());
            let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
            // A module and its parent are no siblings.
            if shared < from.len() && shared < to.len() {
                let module = collapsed.entry(from[..=shared].join("/")).or_default();
                module.entry(to[..=shared].join("/")).or_insert_with(|| path.clone());
            }
        }
    }
    collapsed
}

/// Returns cycles of imports, each as the chain of files that leads back to its first one; empty when there is none. Every part of the graph
/// that is cyclic is represented, not every cycle in it.
pub fn cycles(imports: &Imports) -> Vec<String> {
    let mut left = imports.clone();
    let mut cycles = Vec::new();
    loop {
        // What imports nothing that is left is in no cycle.
        let names: BTreeSet<String> = left.keys().cloned().collect();
        for targets in left.values_mut() {
            targets.retain(|target, _| names.contains(target));
        }
        left.retain(|_, targets| !targets.is_empty());
        if left.len() < names.len() {
            continue;
        }
        let Some(first) = left.keys().next() else {
            return cycles;
        };
        let mut chain = vec![first.clone()];
        let start = loop {
            let (next, _) = left[&chain[chain.len() - 1]].iter().next().expect("each has a target");
            if let Some(start) = chain.iter().position(|name| name == next) {
                break start;
            }
            chain.push(next.clone());
        };
        let steps = chain[start..].iter().map(|name| {
            let (target, path) = left[name].iter().next().expect("each has a target");
            format!("{name} uses {path} of {target}")
        });
        cycles.push(steps.collect::<Vec<_>>().join(", "));
        // Without one of its imports the cycle is gone; others are looked for.
        let cut = chain[start].clone();
        left.get_mut(&cut).expect("it is left").pop_first();
    }
}
