//! Sources as lists that other programs read: a table, and the files of newsboat and sfeed. OPML is in `source_opml`.

use crate::config::{Settings, listed_keys, setting_text};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The columns that a table has in any case.
const COLUMNS: [&str; 11] = [
    "id", "name", "url", "site", "country", "kind", "owner", "lang", "tags", "enabled", "note",
];

/// Returns the table (RFC 4180, in UTF-8) of sources: a column for each key that any of them has.
#[must_use]
pub fn sources_csv(sources: &[Settings]) -> String {
    let further = listed_keys()
        .into_iter()
        .filter(|key| !COLUMNS.contains(&key.as_str()) && sources.iter().any(|source| source.contains_key(key)));
    let columns: Vec<String> = COLUMNS.into_iter().map(str::to_owned).chain(further).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = sources.iter().map(|source| {
        let cells = columns
            .iter()
            .map(|key| source.get(key).map(|value| guarded(&setting_text(key, value)).into_owned()));
        cells.map(Option::unwrap_or_default).collect::<Vec<String>>()
    });
    for row in std::iter::once(columns.clone()).chain(rows) {
        let written = writer.write_record(&row);
        debug_assert!(written.is_ok(), "a vector takes every write, and all rows have the same length");
    }
    super::xml::into_string(writer.into_inner().unwrap_or_default())
}

/// Returns a cell that no spreadsheet calculates: names come from feeds of others, and one that begins with one of these signs would be a formula
/// (CWE-1236). An apostrophe marks a text there; one more is written where the cell has apostrophes before such a sign, so that reading restores it.
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Returns the file `urls` of newsboat. It knows no disabled feeds: theirs are comments.
#[must_use]
pub fn sources_newsboat(sources: &[Settings]) -> String {
    let mut text = String::new();
    for source in sources.iter().filter(|source| source.contains_key("url")) {
        let quoted = |text: &str| format!(" \"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let tags: String = tags(source).into_iter().map(quoted).collect();
        let name = value(source, "name").map(|name| quoted(&format!("~{name}"))).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}{}{tags}{name}", comment(source), value(source, "url").unwrap_or_default());
    }
    text
}

/// Returns the file `sfeedrc` of sfeed, with the function `feeds` alone. It knows no disabled feeds: theirs are comments.
#[must_use]
pub fn sources_sfeed(sources: &[Settings]) -> String {
    let mut text = "# feed <name> <feedurl> [basesiteurl] [encoding]\nfeeds() {\n".to_owned();
    for source in sources.iter().filter(|source| source.contains_key("url")) {
        let name = value(source, "name").or_else(|| value(source, "id"));
        let mut words = vec![name, value(source, "url"), value(source, "site"), value(source, "charset")];
        while words.last().is_some_and(Option::is_none) {
            words.pop();
        }
        let quoted = |word: Option<&str>| format!(" '{}'", word.unwrap_or_default().replace('\'', "'\\''"));
        let words: String = words.into_iter().map(quoted).collect();
        let _ = writeln!(text, "\t{}feed{words}", comment(source));
    }
    // A function without a command is no shell script.
    text + "\t:\n}\n"
}

/// Returns the text of a key in one line; none where the source does not have it.
pub(super) fn value<'a>(source: &'a Settings, key: &str) -> Option<&'a str> {
    source.get(key)?.as_str()
}

/// Returns the tags of a source.
pub(super) fn tags(source: &Settings) -> Vec<&str> {
    let tags = source.get("tags").and_then(|tags| tags.as_array());
    tags.into_iter().flatten().filter_map(|tag| tag.as_str()).collect()
}

/// Returns whether a source is switched off.
pub(super) fn is_disabled(source: &Settings) -> bool {
    source.get("enabled") == Some(&false.into())
}

fn comment(source: &Settings) -> &'static str {
    if is_disabled(source) { "# " } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sources() -> Vec<Settings> {
        let settings = |value: serde_json::Value| serde_json::from_value(value).expect("settings");
        vec![
            settings(
                json!({"id": "a", "name": "L'Aube \"libre\"", "url": "https://a.example/?x=1", "site": "https://a.example/", "tags": ["mali", "a b"],
                "charset": "windows-1252", "trust": 70, "select.remove": [".a, .b", ".c"]}),
            ),
            settings(json!({"id": "b", "name": "=1+1", "url": "https://b.example/", "enabled": false, "note": "'@x"})),
            settings(json!({"id": "c", "site": "https://c.example/", "list.link": "h2 a"})),
        ]
    }

    #[test]
    fn a_table_has_every_key_and_no_formula() {
        assert_eq!(
            sources_csv(&sources()),
            "id,name,url,site,country,kind,owner,lang,tags,enabled,note,list.link,select.remove,trust,charset\n\
             a,\"L'Aube \"\"libre\"\"\",https://a.example/?x=1,https://a.example/,,,,,\"mali, a b\",,,,\"[\"\".a, .b\"\",\"\".c\"\"]\",70,windows-1252\n\
             b,'=1+1,https://b.example/,,,,,,,false,''@x,,,,\nc,,,https://c.example/,,,,,,,,h2 a,,,\n"
        );
    }

    #[test]
    fn files_of_newsboat_and_sfeed_quote_what_they_must() {
        assert_eq!(
            sources_newsboat(&sources()),
            "https://a.example/?x=1 \"mali\" \"a b\" \"~L'Aube \\\"libre\\\"\"\n# https://b.example/ \"~=1+1\"\n"
        );
        assert_eq!(
            sources_sfeed(&sources()),
            "# feed <name> <feedurl> [basesiteurl] [encoding]\nfeeds() {\n\
             \tfeed 'L'\\''Aube \"libre\"' 'https://a.example/?x=1' 'https://a.example/' 'windows-1252'\n\t# feed '=1+1' 'https://b.example/'\n\t:\n}\n"
        );
    }
}
