//! The JSON Schema of feeds.toml (draft 2020-12), for editors that complete and check while one types.

use super::vocabulary::{Key, Kind, ROOT, Vocabulary};
use serde_json::{Map, Value, json};

/// Returns the JSON Schema of feeds.toml.
#[must_use]
pub fn schema() -> Value {
    let mut schema = object(&ROOT);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("feeds.toml of griot");
    schema
}

fn object(words: &Vocabulary) -> Value {
    let properties: Map<String, Value> = words.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !words.needed.is_empty() {
        object["required"] = json!(words.needed);
    }
    object
}

fn property(key: &Key) -> Value {
    let mut property = match &key.kind {
        Kind::Text | Kind::Secret => json!({ "type": "string" }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Number(least, most) => json!({ "type": "number", "minimum": least, "maximum": most }),
        Kind::Duration => json!({ "type": "string", "pattern": "^\\s*([0-9]+(ms|s|m|min|h|d|w|y)\\s*)+$" }),
        Kind::Size => json!({ "type": "string", "pattern": "^\\s*[0-9]+\\s*([kKmMgG][iI]?)?[bB]$" }),
        Kind::Percent => json!({ "type": "string", "pattern": "^\\s*[0-9]+(\\.[0-9]+)?\\s*%\\s*$" }),
        Kind::Url => json!({ "type": "string", "format": "uri" }),
        Kind::Urls => json!({ "type": "array", "items": { "type": "string", "format": "uri" } }),
        Kind::Choice(words) => json!({ "type": "string", "enum": words }),
        Kind::Secrets => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Kind::Table(words) => object(words),
        Kind::Tables(words) => json!({ "type": "array", "items": object(words) }),
        Kind::Named(words) => json!({ "type": "object", "additionalProperties": object(words) }),
    };
    property["description"] = json!(key.says);
    property
}
