//! The interface of the built program: commands and flags as `griot --help` prints them, and keys of feeds.toml as `griot check --schema` does.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Words that may follow the program's name in a sentence of a message. Every other word there is taken for a command.
const VERBS: &[&str] = &[
    "and", "itself", "always", "asks", "behaves", "could", "did", "does", "follows", "knows", "runs", "that", "the", "write", "writes",
    "wrote",
];

/// Runs the program, which has to exit with 0, and returns its standard output.
pub fn griot(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_griot"))
        .args(arguments)
        .env_clear()
        .output()
        .expect("griot starts");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("griot writes UTF-8")
}

/// The commands with their flags and the values of their arguments, as `--help` prints them.
pub struct CommandLine {
    /// By the words of the command, `db stats` for one; the program itself is empty.
    pub commands: BTreeMap<String, CommandHelp>,
    pub variables: BTreeSet<String>,
}

pub struct CommandHelp {
    flags: BTreeSet<String>,
    /// Subcommands, and the possible values of arguments.
    pub words: BTreeSet<String>,
    has_subcommands: bool,
}

impl CommandLine {
    pub fn new() -> Self {
        let mut line = Self {
            commands: BTreeMap::new(),
            variables: BTreeSet::new(),
        };
        line.add(&[]);
        line
    }

    fn add(&mut self, command: &[&str]) {
        let help = griot(&[command, &["--help"]].concat());
        let mut found = CommandHelp {
            flags: BTreeSet::new(),
            words: BTreeSet::new(),
            has_subcommands: false,
        };
        let mut subcommands = Vec::new();
        let mut section = "";
        for line in help.lines() {
            if !line.is_empty() && !line.starts_with(' ') {
                section = line;
            }
            let text = line.trim_start();
            if section == "Commands:" && line.starts_with("  ") && !line.starts_with("   ") {
                subcommands.extend(text.split(' ').next());
            }
            if text.starts_with('-') && section == "Options:" {
                let names = text.split([' ', ',']).filter(|name| name.starts_with('-') && name.len() > 1);
                found
                    .flags
                    .extend(names.map(|name| name.split(['.', '[']).next().unwrap_or_default().to_owned()));
            }
            // `- name:  what it does`, and `[possible values: one, other]`.
            if section == "Arguments:"
                && let Some((name, _)) = text.strip_prefix("- ").and_then(|text| text.split_once(':'))
            {
                found.words.insert(name.to_owned());
            }
            if section == "Arguments:"
                && let Some(values) = text.strip_prefix("[possible values: ")
            {
                found.words.extend(values.trim_end_matches(']').split(", ").map(str::to_owned));
            }
            if let Some(variable) = text.strip_prefix("[env: ").and_then(|text| text.split('=').next()) {
                self.variables.insert(variable.to_owned());
            }
        }
        found.words.extend(subcommands.iter().map(|name| (*name).to_owned()));
        found.has_subcommands = !subcommands.is_empty();
        // These are hidden from help, being for tests and replays.
        found.flags.extend(["--now", "--resolve"].map(str::to_owned));
        self.commands.insert(command.join(" "), found);
        for name in subcommands {
            self.add(&[command, &[name]].concat());
        }
    }

    pub fn has_flag(&self, flag: &str) -> bool {
        self.commands.values().any(|command| command.flags.contains(flag))
    }

    /// Returns what is wrong with a command line, given without the program's name; none where it begins with a verb of a sentence.
    ///
    /// Only the words up to the end of the command are known; what follows are arguments, of which flags are checked.
    pub fn mistake(&self, text: &str) -> Option<String> {
        let text = text.split(['`', ';', ')', '"', '#']).next().unwrap_or_default();
        let mut command = String::new();
        let mut words = text.split([' ', '\n', '\\']).filter(|word| !word.is_empty()).peekable();
        // Global options may stand before the command.
        while let Some(word) = words.next_if(|word| word.starts_with('-')) {
            let word = word.trim_end_matches([',', '.', ':']);
            if !self.commands[""].flags.contains(word) && !is_repeated_v(word) {
                return Some(format!("`{word}` is no global flag"));
            }
            if matches!(word, "--config" | "--db") {
                words.next();
            }
        }
        loop {
            let help = &self.commands[&command];
            if !help.has_subcommands {
                break;
            }
            let Some(word) = words.next_if(|word| word.starts_with(|c: char| c.is_ascii_lowercase())) else {
                break;
            };
            let word = word.trim_end_matches([',', '.', ':', '?', '…']);
            for word in word.split('|') {
                if !help.words.contains(word) {
                    let is_sentence = command.is_empty() && VERBS.contains(&word);
                    return (!is_sentence).then(|| format!("`griot {command}` has no `{word}`"));
                }
            }
            let first = word.split('|').next().unwrap_or_default();
            command = if command.is_empty() {
                first.to_owned()
            } else {
                format!("{command} {first}")
            };
        }
        let help = &self.commands[&command];
        if !help.words.is_empty()
            && let Some(values) = words.next_if(|word| !word.starts_with(['-', '[']))
        {
            let mut values = values.trim_end_matches([',', '.', ':']).split('|');
            if let Some(value) = values.find(|value| !help.words.contains(*value) && value.chars().all(|c| c.is_ascii_lowercase())) {
                return Some(format!("`griot {command}` has no `{value}`"));
            }
        }
        for word in words {
            let flag = word.trim_start_matches('[').trim_end_matches([',', '.', ':', ']']);
            let flag = flag.split('=').next().unwrap_or_default();
            // A dash alone, and several in a row, are punctuation.
            let is_flag = flag.starts_with('-') && flag.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic());
            if is_flag && !help.flags.contains(flag) && !is_repeated_v(flag) {
                return Some(format!("`griot {command}` has no `{flag}`"));
            }
        }
        None
    }

    /// Returns the mistakes in every mention of `griot COMMAND` in `text`.
    pub fn mistakes(&self, text: &str) -> Vec<String> {
        let mut mistakes = Vec::new();
        for (at, _) in text.match_indices("griot ") {
            let is_name = !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '@'));
            if is_name {
                mistakes.extend(self.mistake(&text[at + "griot ".len()..]));
            }
        }
        mistakes
    }
}

/// Whether it is `-v`, `-vv` or `-vvv`.
fn is_repeated_v(flag: &str) -> bool {
    flag.strip_prefix('-')
        .is_some_and(|letters| !letters.is_empty() && letters.chars().all(|c| c == 'v'))
}

/// The keys of feeds.toml by table, as `griot check --schema` prints them.
pub struct Keys {
    pub tables: BTreeMap<String, BTreeSet<String>>,
    /// The values of keys that take one of several words.
    values: BTreeSet<String>,
    pub descriptions: Vec<String>,
}

impl Keys {
    pub fn new() -> Self {
        let schema: Value = serde_json::from_str(&griot(&["check", "--schema"])).expect("JSON");
        let mut keys = Self {
            tables: BTreeMap::new(),
            values: BTreeSet::new(),
            descriptions: Vec::new(),
        };
        for (table, value) in schema["properties"].as_object().expect("tables") {
            keys.add(table, value);
        }
        keys
    }

    /// Adds the keys of a table, or of an array of tables, or of tables by name; inner tables count as tables of their own.
    fn add(&mut self, table: &str, value: &Value) {
        self.descriptions.extend(value["description"].as_str().map(str::to_owned));
        let values = value["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        self.values.extend(values.map(str::to_owned));
        for inner in [&value["items"], &value["additionalProperties"]] {
            if inner.is_object() {
                self.add(table, inner);
            }
        }
        for (key, value) in value["properties"].as_object().into_iter().flatten() {
            self.tables.entry(table.to_owned()).or_default().insert(key.clone());
            self.add(key, value);
        }
    }

    pub fn has(&self, table: &str, key: &str) -> bool {
        self.tables.get(table).is_some_and(|keys| keys.contains(key))
    }

    pub fn has_anywhere(&self, name: &str) -> bool {
        self.tables.contains_key(name) || self.values.contains(name) || self.tables.values().any(|keys| keys.contains(name))
    }

    /// Returns the mistakes in every mention of `[table] key` in `text`, and of tables that do not exist.
    pub fn mistakes(&self, text: &str) -> Vec<String> {
        let mut mistakes = Vec::new();
        for (at, _) in text.match_indices('[') {
            let Some((table, rest)) = text[at + 1..].split_once("] ") else {
                continue;
            };
            let key: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let is_table = self.tables.contains_key(table) && !text[..at].ends_with('[');
            if is_table && !key.is_empty() && !self.has(table, &key) && !text[..at].ends_with(|c: char| c.is_alphanumeric()) {
                mistakes.push(format!("[{table}] has no key `{key}`"));
            }
        }
        mistakes
    }

    /// Returns the keys of a TOML text that do not exist, also of those that are commented out.
    pub fn mistakes_of_toml(&self, text: &str) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut table = String::new();
        for line in text.lines() {
            let line = line.trim_start_matches("# ").trim();
            if let Some(name) = line.strip_prefix('[').filter(|line| !line.contains(' ') || line.contains("] #")) {
                let name = name.trim_start_matches('[').split(']').next().unwrap_or_default();
                name.split('.').next().unwrap_or_default().clone_into(&mut table);
                if !self.tables.contains_key(&table) {
                    mistakes.push(format!("there is no table `{table}`"));
                }
            } else if let Some((key, _)) = line.split_once('=') {
                let key = key.trim();
                let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                if is_key && !self.has(&table, key) {
                    mistakes.push(format!("[{table}] has no key `{key}`"));
                }
            }
        }
        mistakes
    }
}
