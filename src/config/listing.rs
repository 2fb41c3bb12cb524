//! Sources as lists of feeds carry them: their keys with values of text, and without what is secret. Pure.

use super::check::from_str;
use super::failure::ConfigFailure;
use super::keys::{KeyTable, ValueKind};
use super::root::Config;
use super::source::Source;
use super::table::Table as _;
use serde_json::{Number, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use toml_edit::{Array, InlineTable};

/// The settings of a source by their keys in feeds.toml. Those of a table within it have both names, with a dot between them: `select.body`.
pub type Settings = BTreeMap<String, Value>;

/// The XML namespaces in which feed readers keep their settings in OPML, each after its usual prefix; the last one is griot's own.
pub const OPML_NAMESPACES: [(&str, &str); 3] = [
    ("miniflux", "https://miniflux.app/opml"),
    ("frss", "https://freshrss.org/opml"),
    ("griot", "https://griot.invalid/opml"),
];

/// Keys that no list carries, beside those of secrets: who has the list would see a network from inside, or an address that is written twice.
const NOT_LISTED: [&str; 2] = ["proxy", "public_url"];

/// Returns the keys of a source that lists carry, in the order in which feeds.toml has them.
#[must_use]
pub fn listed_keys() -> Vec<String> {
    let mut keys = Vec::new();
    add_keys(Source::KEYS, "", &mut keys);
    keys.into_iter().map(|(key, _)| key).collect()
}

fn add_keys(table: &'static KeyTable, within: &str, keys: &mut Vec<(String, &'static ValueKind)>) {
    for key in table.entries {
        let name = format!("{within}{}", key.name);
        match &key.kind {
            ValueKind::Secret | ValueKind::Secrets => {}
            _ if NOT_LISTED.contains(&key.name) => {}
            ValueKind::Table(inner) | ValueKind::Flattened(inner) => add_keys(inner, &format!("{name}."), keys),
            kind => keys.push((name, kind)),
        }
    }
}

fn kind_of(key: &str) -> Option<&'static ValueKind> {
    let mut table = Source::KEYS;
    let mut parts = key.split('.').peekable();
    loop {
        let kind = &table.key(parts.next()?)?.kind;
        match (kind, parts.peek()) {
            (_, None) => return Some(kind),
            (ValueKind::Table(inner), Some(_)) => table = inner,
            _ => return None,
        }
    }
}

/// Returns the sources of `config` as they are written, without what lists do not carry.
#[must_use]
pub fn listed_sources(config: &Config) -> Vec<Settings> {
    let keys = listed_keys();
    let mut listed = Vec::new();
    for file in &config.files {
        // A configuration that was read has no file that is no TOML.
        let Ok(root) = file.text.parse::<toml::Table>() else { continue };
        let sources = root.get("source").and_then(toml::Value::as_array);
        for source in sources.into_iter().flatten() {
            let mut settings = Settings::new();
            flatten(source, "", &mut settings);
            settings.retain(|key, _| keys.contains(key));
            listed.push(settings);
        }
    }
    listed
}

fn flatten(value: &toml::Value, name: &str, settings: &mut Settings) {
    if let toml::Value::Table(table) = value {
        let within = if name.is_empty() { String::new() } else { format!("{name}.") };
        for (key, value) in table {
            flatten(value, &format!("{within}{key}"), settings);
        }
        return;
    }
    // A source has no value that JSON does not have, but for dates, which none of its keys takes.
    if let Ok(value) = serde_json::to_value(value) {
        settings.insert(name.to_owned(), value);
    }
}

/// Returns the value that a key of a source takes, of its text in a list: `yes` of a flag, `a, b` of a list. A text that is none for the key stays one:
/// [`setting_problem`] says so.
#[must_use]
pub fn read_setting(key: &str, text: &str) -> Value {
    let text = text.trim();
    let list = |parts: &mut dyn Iterator<Item = &str>| {
        let parts = parts.map(str::trim).filter(|part| !part.is_empty());
        Value::from(parts.collect::<Vec<_>>())
    };
    match kind_of(key) {
        Some(ValueKind::Flag) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "oui" => Value::Bool(true),
            "false" | "no" | "0" | "non" => Value::Bool(false),
            _ => Value::from(text),
        },
        Some(ValueKind::Whole(..)) => text.parse::<Number>().map_or_else(|_| Value::from(text), Value::Number),
        Some(ValueKind::Texts | ValueKind::Urls) if text.starts_with('[') => {
            serde_json::from_str(text).unwrap_or_else(|_| list(&mut std::iter::once(text)))
        }
        Some(ValueKind::Texts) => list(&mut text.split(',')),
        // A comma may be a part of an address.
        Some(ValueKind::Urls) => list(&mut text.split_whitespace()),
        _ => Value::from(text),
    }
}

/// Returns the text of a value in a list, which [`read_setting`] reads as the same value.
#[must_use]
pub fn setting_text(key: &str, value: &Value) -> String {
    let Value::Array(parts) = value else {
        return value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    };
    let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
    let text = parts.join(if matches!(kind_of(key), Some(ValueKind::Urls)) { " " } else { ", " });
    if read_setting(key, &text) == *value {
        text
    } else {
        value.to_string()
    }
}

/// Returns settings as a JSON object like the table in feeds.toml: with those of a table within it in an object of their own.
#[must_use]
pub fn nested_settings(settings: &Settings) -> Value {
    let mut object = Value::Object(serde_json::Map::new());
    for (key, value) in settings {
        let mut place = &mut object;
        for part in key.split('.') {
            place = &mut place[part];
        }
        *place = value.clone();
    }
    object
}

/// Returns why a source cannot have these settings; none when it can.
#[must_use]
pub fn settings_problem(settings: &Settings) -> Option<String> {
    match from_str("list".as_ref(), &source_block(settings)) {
        Ok(_) => None,
        Err(ConfigFailure::Problems { problems, .. }) => problems.into_iter().next().map(|problem| problem.message),
        Err(failure) => Some(failure.to_string()),
    }
}

/// Returns why a source cannot have this value of a key; none when it can.
#[must_use]
pub fn setting_problem(key: &str, value: &Value) -> Option<String> {
    let mut settings = Settings::from([("id".to_owned(), Value::from("x")), ("site".to_owned(), Value::from(SOME_ADDRESS))]);
    // A source has either a feed or a page that lists entries.
    let address = if key.starts_with("list.") { "list.link" } else { "url" };
    if key != "urls" {
        settings.insert(address.to_owned(), Value::from(SOME_ADDRESS));
    }
    settings.insert(key.to_owned(), value.clone());
    settings_problem(&settings)
}

const SOME_ADDRESS: &str = "https://a.example/";

/// Returns the block of a source with these settings that feeds.toml gets, with a line break at its end.
#[must_use]
pub fn source_block(settings: &Settings) -> String {
    let mut block = "[[source]]\n".to_owned();
    for key in Source::KEYS.keys() {
        let mut inner = InlineTable::new();
        if let ValueKind::Table(table) = &key.kind {
            for part in table.keys() {
                let value = settings.get(&format!("{}.{}", key.name, part.name)).and_then(toml_value);
                inner.extend(value.map(|value| (part.name, value)));
            }
        }
        let own = settings.get(key.name).and_then(toml_value);
        if let Some(value) = own.or_else(|| (!inner.is_empty()).then(|| inner.into())) {
            // Writing to a String cannot fail.
            let _ = writeln!(block, "{:<7} = {value}", key.name);
        }
    }
    block
}

fn toml_value(value: &Value) -> Option<toml_edit::Value> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Bool(flag) => Some((*flag).into()),
        Value::Number(number) => number.as_i64().map(Into::into),
        Value::Array(parts) => Some(parts.iter().filter_map(toml_value).collect::<Array>().into()),
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[[source]]\nid = \"a\"\nurl = \"https://a.example/feed\"\ntags = [\"mali\", \"a, b\"]\ntrust = 70\nenabled = false\nauth = \"env:A\"\n\
                        headers = { Cookie = \"env:C\" }\nproxy = \"http://10.0.0.1:3128\"\n[source.select]\nbody = \"div.text\"\nremove = [\".ads\", \".more\"]\n";

    #[test]
    fn settings_are_those_of_feeds_toml_without_secrets() {
        let config = from_str("feeds.toml".as_ref(), FILE).expect("a configuration");
        let listed = listed_sources(&config);
        let keys: Vec<&str> = listed[0].keys().map(String::as_str).collect();
        assert_eq!(keys, ["enabled", "id", "select.body", "select.remove", "tags", "trust", "url"]);
        let again = from_str("feeds.toml".as_ref(), &source_block(&listed[0])).expect("a configuration");
        assert_eq!(listed_sources(&again), listed);
        for key in ["headers", "auth", "proxy", "public_url", "select"] {
            assert!(!listed_keys().iter().any(|listed| listed == key), "{key}");
        }
    }

    #[test]
    fn the_text_of_a_value_is_read_as_the_value() {
        let config = from_str("feeds.toml".as_ref(), FILE).expect("a configuration");
        for (key, value) in &listed_sources(&config)[0] {
            assert_eq!(read_setting(key, &setting_text(key, value)), *value, "{key}");
        }
        for (key, text, value) in [
            ("enabled", "No", serde_json::json!(false)),
            ("enabled", "perhaps", serde_json::json!("perhaps")),
            ("trust", "70", serde_json::json!(70)),
            ("tags", "mali,, presse ", serde_json::json!(["mali", "presse"])),
            (
                "urls",
                "https://a.example/?a,b https://b.example/",
                serde_json::json!(["https://a.example/?a,b", "https://b.example/"]),
            ),
            ("name", "[Le Matin]", serde_json::json!("[Le Matin]")),
        ] {
            assert_eq!(read_setting(key, text), value, "{key} {text}");
        }
    }

    #[test]
    fn a_value_that_a_key_does_not_take_is_explained() {
        for (key, text, word) in [
            ("country", "Mali", "country"),
            ("enabled", "perhaps", "true or false"),
            ("trust", "700", "between"),
            ("charset", "klingon", "charset"),
            ("user_agent", "é", "ASCII"),
            ("kind", "journal", "one of"),
            ("urls", "ftp://a.example/", "http"),
        ] {
            let said = setting_problem(key, &read_setting(key, text)).expect("a problem");
            assert!(said.contains(word), "{key}: {said}");
        }
        for (key, text) in [
            ("country", "ML"),
            ("every", "2h"),
            ("urls", "https://a.example/"),
            ("list.link", "a.title"),
            ("select.body", "p"),
        ] {
            assert_eq!(setting_problem(key, &read_setting(key, text)), None, "{key}");
        }
    }
}
