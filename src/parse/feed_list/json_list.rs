//! Lists of feeds as JSON: an array of objects, or one object a line.

use super::columns::{Column, Columns, feed_of_row};
use super::listed_feed::{FeedList, ListedFeed};
use serde_json::{Deserializer, Map, Value};

/// The text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is no JSON: {0}")]
pub struct NoJson(String);

/// Reads objects with the keys of a source in feeds.toml.
///
/// # Errors
/// [`NoJson`] when no value can be read at all, with the place of the mistake. What stands before a mistake is read otherwise.
pub(super) fn read(text: &str) -> Result<FeedList, NoJson> {
    let mut list = FeedList::default();
    let known = Columns::new();
    for value in Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(Value::Array(values)) => values.iter().for_each(|value| add(value, &known, &mut list)),
            Ok(value) => add(&value, &known, &mut list),
            Err(error) if list.feeds.is_empty() => return Err(NoJson(error.to_string())),
            Err(error) => list.push(ListedFeed::refused("", &format!("the list is no JSON from here on: {error}"))),
        }
    }
    Ok(list)
}

fn add(value: &Value, known: &Columns, list: &mut FeedList) {
    let Value::Object(object) = value else {
        return list.push(ListedFeed::refused(&value.to_string(), "it is no object with the keys of a source"));
    };
    let mut texts = Vec::new();
    flatten(object, "", &mut texts);
    let columns: Vec<Column> = texts.iter().map(|(name, _)| known.column(name)).collect();
    let row: Vec<(&str, &Column, &str)> = texts
        .iter()
        .zip(&columns)
        .map(|((name, text), column)| (name.as_str(), column, text.as_str()))
        .collect();
    list.push(feed_of_row(&row));
}

/// Collects the values of an object as texts, those of objects within it by both names with a dot between them.
fn flatten(object: &Map<String, Value>, within: &str, texts: &mut Vec<(String, String)>) {
    for (name, value) in object {
        let name = format!("{within}{name}");
        match value {
            Value::Object(inner) => flatten(inner, &format!("{name}."), texts),
            Value::Null => {}
            Value::String(text) => texts.push((name, text.clone())),
            // A list is read from its JSON again.
            other => texts.push((name, other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_lines_and_lists_are_read() {
        let object = "{\"url\": \"https://a.example/\", \"title\": \"Le Matin\", \"tags\": [\"a, b\", \"c\"], \"enabled\": false, \"trust\": 70, \
                      \"select\": {\"body\": \"p\"}, \"headers\": {\"Cookie\": \"x\"}, \"note\": null}";
        for text in [format!("[{object}]"), format!("{object}\n{object}\n")] {
            let list = read(&text).expect("a list");
            let expected =
                serde_json::json!({"name": "Le Matin", "tags": ["a, b", "c"], "enabled": false, "trust": 70, "select.body": "p"});
            assert_eq!(serde_json::to_value(&list.feeds[0].settings).expect("JSON"), expected);
            assert_eq!(list.feeds[0].not_taken[0].setting, "headers.Cookie");
        }
    }

    #[test]
    fn what_is_no_list_is_told() {
        assert!(read("<opml/>").is_err());
        assert_eq!(read("").expect("a list").feeds.len(), 0);
        let list = read("{\"url\": \"https://a.example/\"}\n17 \"x\"\n{\"url\":").expect("a list");
        let refused = list.feeds.iter().filter(|feed| feed.refused.is_some()).count();
        assert_eq!((list.feeds.len(), refused), (4, 3));
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
