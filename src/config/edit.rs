//! Edits one source in feeds.toml: its keys, its id, or all of it; everything else is kept byte for byte, comments and layout included.

use super::failure::ConfigFailure;
use super::keys::ValueKind;
use super::problem::{ConfigFile, Place};
use super::root::Config;
use super::source::Source;
use super::table::Table as _;
use crate::model::{SourceId, TopicId};
use toml_edit::{Array, DocumentMut, Item, RawString, Table, Value};

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
    /// The id is more than a key: entries are stored under it.
    #[error("the id `{0}` is not changed like a key: entries are stored under it")]
    Id(SourceId, String),
    /// A part of a dotted key is no table.
    #[error("`{0}` cannot be set: a part of it is no table")]
    NoTable(String),
    /// Another `[[source]]` has the new id.
    #[error("there is another [[source]] with the id `{0}`")]
    IdIsTaken(SourceId),
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

/// Returns `config` with `changes` of `source`, in the file that holds it. The whole configuration must have no mistakes with them; its rules are checked
/// by who compiles them.
///
/// A value becomes what its key takes: a text, or a flag, a number, or a list, whose elements are separated by commas. A value that is
/// written as a TOML string, array or inline table is used as it is. `url` replaces `urls`, and `urls` replaces `url`.
///
/// # Errors
/// [`EditError`] when the source does not exist, a change cannot be made, or the result has mistakes.
pub fn edit(config: &Config, source: &SourceId, changes: &[Change]) -> Result<Edited, EditError> {
    if let Some(change) = changes.iter().find(|change| change.key == "id") {
        return Err(EditError::Id(source.clone(), change.value.clone()));
    }
    for (number, file) in config.files.iter().enumerate() {
        let mut document: DocumentMut = file.text.parse()?;
        let Some(table) = source_table(&mut document, source) else {
            continue;
        };
        for change in changes {
            apply_change(table, change)?;
        }
        let mut files = config.files.clone();
        files[number].text = document.to_string();
        return edited(config, files, Vec::new());
    }
    Err(EditError::NoSuchSource(source.clone()))
}

/// A configuration with an edit in it that concerns more than one place.
#[derive(Debug)]
pub struct Edited {
    /// The files that are to be written, in this order.
    pub files: Vec<ConfigFile>,
    /// The configuration with them.
    pub config: Config,
    /// The topics whose rules name the source, and were changed with it.
    pub topics: Vec<TopicId>,
}

/// Returns `config` without `source`. The comment lines directly above its block go with it.
///
/// # Errors
/// [`EditError`] when the source does not exist, or the result has mistakes. Rules that name the source are not looked at: who compiles them finds
/// that it is missing.
pub fn remove_source(config: &Config, source: &SourceId) -> Result<Edited, EditError> {
    for (number, file) in config.files.iter().enumerate() {
        let mut document: DocumentMut = file.text.parse()?;
        if take_source(&mut document, source) {
            let mut files = config.files.clone();
            files[number].text = document.to_string();
            return edited(config, files, Vec::new());
        }
    }
    Err(EditError::NoSuchSource(source.clone()))
}

/// Returns `config` with the id `new` for the source `old`, also where rules of topics name it (`source:ID`). Where `old` is gone and there is a
/// source `new`, only such rules are changed: somebody has begun.
///
/// # Errors
/// [`EditError`] when there is no source to be renamed, when another one has the new id, or when the result has mistakes.
pub fn rename_source(config: &Config, old: &SourceId, new: &SourceId) -> Result<Edited, EditError> {
    let has = |id: &SourceId| config.sources.iter().any(|source| source.id == *id);
    match (has(old), has(new)) {
        (true, true) => return Err(EditError::IdIsTaken(new.clone())),
        (false, false) => return Err(EditError::NoSuchSource(old.clone())),
        _ => {}
    }
    let mut files = config.files.clone();
    let topics = rename_in_rules(config, &mut files, old, new);
    for file in &mut files {
        let mut document: DocumentMut = file.text.parse()?;
        let Some(table) = source_table(&mut document, old) else { continue };
        apply_change(
            table,
            &Change {
                key: "id".to_owned(),
                value: new.to_string(),
            },
        )?;
        file.text = document.to_string();
    }
    edited(config, files, topics)
}

/// Checks edited files; returns those that differ.
pub(super) fn edited(config: &Config, mut files: Vec<ConfigFile>, topics: Vec<TopicId>) -> Result<Edited, EditError> {
    for (new, old) in files.iter_mut().zip(&config.files) {
        new.text = with_line_breaks(&new.text, &old.text);
    }
    let changed = files.iter().zip(&config.files).filter(|(new, old)| new.text != old.text);
    Ok(Edited {
        files: changed.map(|(new, _)| new.clone()).collect(),
        config: Config {
            rules: config.rules.clone(),
            ..super::check::assemble(files, Vec::new())?
        },
        topics,
    })
}

/// Returns `text`, which is `original` after an edit, with the line breaks of `original`: `toml_edit` writes all of them as line feeds.
fn with_line_breaks(text: &str, original: &str) -> String {
    if !original.contains('\r') {
        return text.to_owned();
    }
    let old: Vec<&str> = original.split_inclusive('\n').collect();
    let new: Vec<&str> = text.split_inclusive('\n').collect();
    let bare = |line: &str| line.trim_end_matches(['\r', '\n']).len();
    let is_same = |(one, other): &(&&str, &&str)| one[..bare(one)] == other[..bare(other)];
    let head = old.iter().zip(&new).take_while(is_same).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(is_same).count();
    let is_crlf = original.matches("\r\n").count() * 2 > old.len();
    let changed = new[head..new.len() - tail]
        .iter()
        .map(|line| match (&line[..bare(line)], line.ends_with('\n')) {
            (words, true) if is_crlf => format!("{words}\r\n"),
            (words, true) => format!("{words}\n"),
            (words, false) => words.to_owned(),
        });
    old[..head].concat() + &changed.collect::<String>() + &old[old.len() - tail..].concat()
}

/// Takes a source out of a document; returns whether it was there.
fn take_source(document: &mut DocumentMut, source: &SourceId) -> bool {
    let sources = document.get_mut("source").and_then(Item::as_array_of_tables_mut);
    let Some(sources) = sources else { return false };
    let is_it = |table: &Table| table.get("id").and_then(Item::as_str) == Some(source.as_str());
    let Some(index) = sources.iter().position(is_it) else {
        return false;
    };
    let removed = sources.remove(index);
    let above = removed.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
    let kept = above_comments(above);
    let next = next_table(document.as_table_mut(), removed.position());
    let begins_file = !above.starts_with(['\n', '\r']) && kept.is_empty();
    if let Some(next) = next {
        let before = next.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
        let before = if begins_file {
            before.trim_start_matches(['\n', '\r'])
        } else {
            before
        };
        let prefix = format!("{kept}{before}");
        next.decor_mut().set_prefix(prefix);
    } else {
        let trailing = format!("{kept}{}", document.trailing().as_str().unwrap_or_default());
        document.set_trailing(trailing);
    }
    true
}

/// Returns what stands above a block without the comment lines directly above it, and without the empty lines before these.
fn above_comments(above: &str) -> &str {
    let mut kept = above;
    let mut is_comment = true;
    while let Some(line) = kept.split_inclusive('\n').next_back() {
        let is_empty = line.trim().is_empty();
        is_comment &= !is_empty;
        if !is_comment && !is_empty {
            break;
        }
        kept = &kept[..kept.len() - line.len()];
    }
    kept
}

/// Returns the table whose header follows `position` in its file.
fn next_table(table: &mut Table, position: Option<isize>) -> Option<&mut Table> {
    let mut next: Option<&mut Table> = None;
    for (_, item) in table.iter_mut() {
        let tables: Vec<&mut Table> = match item {
            Item::Table(table) => vec![table],
            Item::ArrayOfTables(tables) => tables.iter_mut().collect(),
            _ => Vec::new(),
        };
        for table in tables {
            // A table without a header of its own has those of its parts.
            let found = if table.is_implicit() || table.is_dotted() || table.position() <= position {
                next_table(table, position)
            } else {
                Some(table)
            };
            if found
                .as_ref()
                .is_some_and(|found| next.as_ref().is_none_or(|next| found.position() < next.position()))
            {
                next = found;
            }
        }
    }
    next
}

/// Writes `new` for `old` where rules of topics name the source; returns these topics.
fn rename_in_rules(config: &Config, files: &mut [ConfigFile], old: &SourceId, new: &SourceId) -> Vec<TopicId> {
    let mut named = rules_naming(config, old);
    let mut topics: Vec<TopicId> = named.iter().map(|(topic, _)| topic.clone()).collect();
    topics.dedup();
    // From the end, so that the places before stay where they are.
    named.sort_by_key(|(_, place)| std::cmp::Reverse((place.file, place.span.start)));
    for (_, place) in named {
        let text = &mut files[place.file].text;
        if let Some(renamed) = text.get(place.span.clone()).and_then(|written| rename_in_query(written, old, new)) {
            text.replace_range(place.span, &renamed);
        }
    }
    topics
}

/// Returns the places in rules of topics that name a source in their queries (`source:ID`), topic after topic.
#[must_use]
pub fn rules_naming(config: &Config, source: &SourceId) -> Vec<(TopicId, Place)> {
    let mut named = Vec::new();
    // An id of another length than any, so that every place differs.
    let Ok(other) = SourceId::new(&format!("{:.60}-x", source.as_str())) else {
        return named;
    };
    for topic in &config.topics {
        let rule = &topic.rule;
        let lists = [&rule.about, &rule.any, &rule.all, &rule.none];
        for placed in lists.into_iter().flatten().chain(&rule.query) {
            let place = &placed.place;
            let written = config.files.get(place.file).and_then(|file| file.text.get(place.span.clone()));
            if written.is_some_and(|written| rename_in_query(written, source, &other).is_some()) {
                named.push((topic.id.clone(), place.clone()));
            }
        }
    }
    named
}

/// Returns a query, as TOML writes it, with `new` for `old` in the values of its field `source`; none where it is not named.
fn rename_in_query(written: &str, old: &SourceId, new: &SourceId) -> Option<String> {
    const FIELD: &str = "source:";
    let mut renamed = String::with_capacity(written.len());
    let mut rest = written;
    let lower = written.to_ascii_lowercase();
    while let Some(at) = lower[written.len() - rest.len()..].find(FIELD) {
        let is_field = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let (before, values) = rest.split_at(at + FIELD.len());
        renamed.push_str(before);
        // Quotes are escaped in some forms of TOML's strings.
        let is_quoted = values.trim_start_matches(['=', '\\']).starts_with('"');
        let values = values.trim_start_matches(['=', '\\', '"']);
        renamed.push_str(&rest[before.len()..rest.len() - values.len()]);
        let ends = |c: char| matches!(c, '"' | '\\' | '\'' | '(' | ')' | '^' | '\n') || (c.is_whitespace() && !is_quoted);
        let (list, after) = values.split_at(values.find(ends).unwrap_or(values.len()));
        let value = |value: &str| {
            let is_old = is_field && value.trim().to_lowercase() == old.as_str();
            if is_old {
                value.replace(value.trim(), new.as_str())
            } else {
                value.to_owned()
            }
        };
        renamed.push_str(&list.split(',').map(value).collect::<Vec<_>>().join(","));
        rest = after;
    }
    renamed.push_str(rest);
    (renamed != written).then_some(renamed)
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
        let edited = edit(&config, &SourceId::new(id).expect("a slug"), &changes?)?;
        Ok(edited.config.files[0].text.clone())
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

    fn without(text: &str, id: &str) -> String {
        let config = from_str("feeds.toml".as_ref(), text).expect("a configuration");
        let removed = remove_source(&config, &SourceId::new(id).expect("a slug")).expect("removed");
        assert_eq!(removed.config.sources.len() + 1, config.sources.len());
        removed.files.into_iter().next().expect("one file").text
    }

    #[test]
    fn line_breaks_stay_what_they_are() {
        let mixed = "# The desk\r\n[[source]]\r\nid = \"a\"\r\nurl = \"https://a.example.org/\"\r\n[[source]]\nid = \"b\"\r\nurl = \"https://b.example.org/\"";
        let config = from_str("feeds.toml".as_ref(), mixed).expect("a configuration");
        let changes = [Change::parse("trust=70").expect("a change")];
        let edited = edit(&config, &SourceId::new("a").expect("a slug"), &changes).expect("edited");
        assert_eq!(
            edited.config.files[0].text,
            mixed.replace("\r\n[[source]]\n", "\r\ntrust = 70\r\n[[source]]\n")
        );
    }

    #[test]
    fn the_id_is_no_key_to_change() {
        assert!(matches!(edited("a", &["id=c"]), Err(EditError::Id(..))));
        assert!(matches!(edited("a", &["id="]), Err(EditError::Id(..))));
    }

    #[test]
    fn a_removed_block_takes_the_comments_directly_above_it() {
        let block = |id: &str| format!("[[source]]\nid = \"{id}\"\nurl = \"https://{id}.example.org/\"\n");
        let [a, b, c] = ["a", "b", "c"].map(block);
        let head = "# The desk\n[site]\ntitle = \"Desk\"\n";
        // Comments of the section stay, those of the block go; so do its tables, and a comment behind its last key stays.
        let text = format!(
            "{head}\n# ── Mali ──\n\n# a daily\n# of Bamako\n{a}[source.select]\nbody = \"p\"\n\n# ── Niger ──\n\n{b}\n# a weekly\n{c}# the end\n"
        );
        assert_eq!(
            without(&text, "a"),
            format!("{head}\n# ── Mali ──\n\n# ── Niger ──\n\n{b}\n# a weekly\n{c}# the end\n")
        );
        assert_eq!(
            without(&text, "c"),
            format!("{head}\n# ── Mali ──\n\n# a daily\n# of Bamako\n{a}[source.select]\nbody = \"p\"\n\n# ── Niger ──\n\n{b}# the end\n")
        );
        assert_eq!(without(&format!("{a}\n{b}\n{head}"), "a"), format!("{b}\n{head}"));
        assert_eq!(
            without(&format!("{head}\n{a}\n[search]\nindex = false\n"), "a"),
            format!("{head}\n[search]\nindex = false\n")
        );
        assert_eq!(without(&format!("{head}\n{a}"), "a"), head);
        let crlf = format!("{head}\n# one\n{a}\n# two\n{b}").replace('\n', "\r\n");
        assert_eq!(without(&crlf, "a"), format!("{head}\n# two\n{b}").replace('\n', "\r\n"));
    }

    #[test]
    fn a_renamed_source_is_renamed_in_rules_and_every_other_byte_stays() {
        let text = "[site]\ntitle = \"T\"\n[[source]]\nid   = 'a'  # a\nurl = \"https://a.example.org/a\"\n[[source]]\nid = \"ab\"\nurl = \"https://ab.example.org/\"\n\
                    [[topic]]\nid = \"a\"\nquery = \"(a OR SOURCE:A,ab -source:ab) -source:\\\"ab, a\\\" url:a\"  # source:a\n\
                    [[topic]]\nid = \"b\"\nany = [ 'source:ab', 'source:a', \"a\" ]\n[[topic]]\nid = \"c\"\nquery = '''\nsource:=a^2 sources:>=2\n'''\n\
                    [[topic]]\nid = \"d\"\nquery = \"source:ab resource:a\"\n";
        let id = |text: &str| SourceId::new(text).expect("a slug");
        let config = from_str("feeds.toml".as_ref(), text).expect("a configuration");
        let renamed = rename_source(&config, &id("a"), &id("aube")).expect("renamed");
        let expected = text
            .replace("id   = 'a'", "id   = \"aube\"")
            .replace("SOURCE:A,ab", "SOURCE:aube,ab")
            .replace("\\\"ab, a\\\"", "\\\"ab, aube\\\"")
            .replace("'source:a'", "'source:aube'")
            .replace("source:=a^2", "source:=aube^2");
        assert_eq!(renamed.files.first().map(|file| file.text.as_str()), Some(expected.as_str()));
        let topics: Vec<&str> = renamed.topics.iter().map(TopicId::as_str).collect();
        assert_eq!(topics, ["a", "b", "c"]);
        assert!(renamed.config.sources.iter().any(|source| source.id == id("aube")));
        // Somebody has changed the id by hand: what is left to do is done.
        let begun = from_str("feeds.toml".as_ref(), &text.replace("id   = 'a'", "id   = \"aube\"")).expect("a configuration");
        let done = rename_source(&begun, &id("a"), &id("aube")).expect("renamed");
        assert_eq!(done.files.first().map(|file| file.text.as_str()), Some(expected.as_str()));
        let again = rename_source(&done.config, &id("a"), &id("aube")).expect("nothing is left");
        assert!(again.files.is_empty() && again.topics.is_empty());
        assert!(matches!(rename_source(&config, &id("a"), &id("ab")), Err(EditError::IdIsTaken(_))));
        assert!(matches!(
            rename_source(&config, &id("x"), &id("y")),
            Err(EditError::NoSuchSource(_))
        ));
    }
}
