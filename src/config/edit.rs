//! Edits the keys of one source in feeds.toml; everything else is kept byte for byte, comments and layout included.

use super::failure::ConfigFailure;
use super::keys::ValueKind;
use super::problem::ConfigFile;
use super::root::Config;
use super::source::Source;
use super::table::Table as _;
use crate::model::SourceId;
use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// Why a file cannot be edited.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is no TOML. The error's own text would show the line, and a secret in it.
    #[error("{}", .0.message())]
    Syntax(#[from] toml_edit::TomlError),
    /// No `[[source]]` has this id.
    #[error("no [[source]] has the id `{0}`")]
    NoSuchSource(SourceId),
    /// A change without `=`.
    #[error("`{0}` is no change: expected key=value")]
    NoChange(String),
    /// A part of a dotted key is no table.
    #[error("`{0}` cannot be set: a part of it is no table")]
    NoTable(String),
    /// With the changes, the configuration has mistakes.
    #[error("the changes would leave mistakes behind")]
    Mistakes(#[from] ConfigFailure),
}

/// A change of one key of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The key; `a.b` is the key `b` of the table `a`.
    key: String,
    /// The value as the operator wrote it; an empty one removes the key.
    value: String,
}

impl Change {
    /// Reads `key=value`.
    ///
    /// # Errors
    /// [`EditError::NoChange`] when there is no `=`, or no key before it.
    pub fn parse(text: &str) -> Result<Self, EditError> {
        match text.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Ok(Self {
                key: key.trim().to_owned(),
                value: value.trim().to_owned(),
            }),
            _ => Err(EditError::NoChange(text.to_owned())),
        }
    }
}

/// Returns the file of `config` that holds `source`, with `changes` made in it. The whole configuration must have no mistakes with them.
///
/// A value becomes what its key takes: a text, or a flag, a number, or a list, whose elements are separated by commas. A value that is
/// written as a TOML string, array or inline table is used as it is. `url` replaces `urls`, and `urls` replaces `url`.
///
/// # Errors
/// [`EditError`] when the source does not exist, a change cannot be made, or the result has mistakes.
pub fn edit(config: &Config, source: &SourceId, changes: &[Change]) -> Result<ConfigFile, EditError> {
    for (number, file) in config.files.iter().enumerate() {
        let mut document: DocumentMut = file.text.parse()?;
        let Some(table) = source_table(&mut document, source) else {
            continue;
        };
        for change in changes {
            apply_change(table, change)?;
        }
        let edited = ConfigFile {
            path: file.path.clone(),
            text: document.to_string(),
        };
        let mut files = config.files.clone();
        files[number] = edited.clone();
        super::check::assemble(files, Vec::new())?;
        return Ok(edited);
    }
    Err(EditError::NoSuchSource(source.clone()))
}

fn source_table<'a>(document: &'a mut DocumentMut, source: &SourceId) -> Option<&'a mut Table> {
    let sources = document.get_mut("source")?.as_array_of_tables_mut()?;
    sources
        .iter_mut()
        .find(|table| table.get("id").and_then(Item::as_str) == Some(source.as_str()))
}

fn apply_change(table: &mut Table, change: &Change) -> Result<(), EditError> {
    let mut path: Vec<&str> = change.key.split('.').map(str::trim).collect();
    let last = path.pop().unwrap_or_default();
    let mut place: &mut dyn toml_edit::TableLike = table;
    for part in path {
        let item = place
            .entry(part)
            .or_insert_with(|| Item::Value(Value::InlineTable(toml_edit::InlineTable::new())));
        place = item.as_table_like_mut().ok_or_else(|| EditError::NoTable(change.key.clone()))?;
    }
    if change.value.is_empty() {
        place.remove(last);
        return Ok(());
    }
    match change.key.as_str() {
        "url" => drop(place.remove("urls")),
        "urls" => drop(place.remove("url")),
        _ => {}
    }
    let mut value = parse_value(&change.key, &change.value);
    match place.get_mut(last) {
        Some(Item::Value(old)) => {
            // The decor keeps a comment after the value.
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        Some(other) => *other = Item::Value(value),
        None => drop(place.insert(last, Item::Value(value))),
    }
    Ok(())
}

/// Returns `text` as a value of the kind that the key takes. The keys of the tables within a source take texts.
fn parse_value(key: &str, text: &str) -> Value {
    let kind = Source::KEYS.key(key).map_or(&ValueKind::Text, |key| &key.kind);
    let is_list = matches!(kind, ValueKind::Texts | ValueKind::Urls);
    let is_text = !is_list && !matches!(kind, ValueKind::Flag | ValueKind::Whole(..) | ValueKind::Number(..));
    let written = text.parse::<Value>().ok();
    match written {
        Some(value @ (Value::String(_) | Value::Array(_) | Value::InlineTable(_))) => value,
        Some(value) if !is_text => value,
        _ if is_list => Value::Array(text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect::<Array>()),
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::from_str;

    const FILE: &str = "# The desk\n[site]\ntitle = \"Desk\"   # ours\n\n[[source]]\nid = \"a\"\nurl  =  'https://a.example.org/feed'   # WordPress\n\
                        tags = [ \"mali\" ]\nheaders = { Cookie = \"env:C\" }\n\n\n[[source]] # the other\nid = \"b\"\nurl = \"https://b.example.org/\"\n";

    fn edited(id: &str, changes: &[&str]) -> Result<String, EditError> {
        let config = from_str("feeds.toml".as_ref(), FILE).expect("a configuration");
        let changes: Result<Vec<_>, _> = changes.iter().map(|text| Change::parse(text)).collect();
        edit(&config, &SourceId::new(id).expect("a slug"), &changes?).map(|file| file.text)
    }

    #[test]
    fn only_what_is_changed_changes() {
        let text = edited("a", &["url=https://a.example.org/rss"]).expect("edited");
        assert_eq!(text, FILE.replace("'https://a.example.org/feed'", "\"https://a.example.org/rss\""));
        assert_eq!(edited("a", &[]).expect("edited"), FILE);
        let text = edited("b", &["enabled=false"]).expect("edited");
        assert_eq!(text, format!("{FILE}enabled = false\n"));
    }

    #[test]
    fn values_become_what_their_key_takes() {
        let text = edited(
            "b",
            &[
                "trust=70",
                "tags=mali, wire",
                "name=2024",
                "every=3h",
                "select.body=article .text",
                "tls=allow-expired",
            ],
        );
        let text = text.expect("edited");
        for line in [
            "trust = 70",
            "tags = [\"mali\", \"wire\"]",
            "name = \"2024\"",
            "every = \"3h\"",
            "select = { body = \"article .text\" }",
            "tls = \"allow-expired\"",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }

    #[test]
    fn an_empty_value_removes_a_key_and_url_replaces_urls() {
        let text = edited(
            "a",
            &["tags=", "headers.Cookie=", "urls=https://a.example.org/1,https://a.example.org/2"],
        )
        .expect("edited");
        assert!(
            !text.contains("tags") && !text.contains("Cookie") && !text.contains("url  ="),
            "{text}"
        );
        assert!(
            text.contains("urls = [\"https://a.example.org/1\", \"https://a.example.org/2\"]"),
            "{text}"
        );
    }

    #[test]
    fn a_change_that_would_be_a_mistake_is_refused() {
        let refused = |id, changes: &[&str]| edited(id, changes).expect_err("refused");
        assert!(matches!(refused("c", &["url=https://c.example.org/"]), EditError::NoSuchSource(_)));
        assert!(matches!(refused("a", &["url=ftp://a.example.org/"]), EditError::Mistakes(_)));
        assert!(matches!(refused("a", &["colour=red"]), EditError::Mistakes(_)));
        assert!(matches!(refused("a", &["url"]), EditError::NoChange(_)));
        assert!(matches!(refused("a", &["=x"]), EditError::NoChange(_)));
        assert!(matches!(refused("a", &["url.x=1"]), EditError::NoTable(_)));
    }
}
