//! The JSON Schema of feeds.toml (draft 2020-12), for editors that complete and check feeds.toml.

use super::keys::{Key, KeyTable, ValueKind};
use super::root::ROOT;
use serde_json::{Map, Value, json};

/// Returns the JSON Schema of feeds.toml.
#[must_use]
pub fn schema() -> Value {
    let mut schema = object(&ROOT);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("feeds.toml of griot");
    schema
}

fn object(table: &KeyTable) -> Value {
    let properties: Map<String, Value> = table.keys().map(|key| (key.name.to_owned(), property(key))).collect();
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !table.required.is_empty() {
        object["required"] = json!(table.required);
    }
    object
}

fn property(key: &Key) -> Value {
    let mut property = match &key.kind {
        ValueKind::Text | ValueKind::Secret => json!({ "type": "string" }),
        ValueKind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        ValueKind::Flag => json!({ "type": "boolean" }),
        ValueKind::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        ValueKind::Number(least, most) => json!({ "type": "number", "minimum": least, "maximum": most }),
        ValueKind::Duration => json!({ "type": "string", "pattern": "^\\s*([0-9]+(ms|s|m|min|h|d|w|y)\\s*)+$" }),
        ValueKind::Size => json!({ "type": "string", "pattern": "^\\s*[0-9]+\\s*([kKmMgG][iI]?)?[bB]$" }),
        ValueKind::Percent => json!({ "type": "string", "pattern": "^\\s*[0-9]+(\\.[0-9]+)?\\s*%\\s*$" }),
        ValueKind::Url => json!({ "type": "string", "format": "uri" }),
        ValueKind::Urls => json!({ "type": "array", "items": { "type": "string", "format": "uri" } }),
        ValueKind::TextOrTexts => json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
        ValueKind::TextsOrTables(table) => json!({ "type": "array", "items": { "anyOf": [{ "type": "string" }, object(table)] } }),
        ValueKind::Choice(words) => json!({ "type": "string", "enum": words() }),
        ValueKind::Secrets => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        ValueKind::Table(table) | ValueKind::Flattened(table) => object(table),
        ValueKind::Tables(table) => json!({ "type": "array", "items": object(table) }),
        ValueKind::Named(table) => json!({ "type": "object", "additionalProperties": object(table) }),
    };
    property["description"] = json!(key.description.trim_start());
    property
}
