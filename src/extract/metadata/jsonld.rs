//! The JSON-LD (schema.org) of a page's main article, as it is written. Whether a value is used is decided by its readers.

use super::tolerant_json;
use crate::extract::normalize::collapse_whitespace;
use crate::text::entities::decode_entities;
use scraper::Html;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The properties of the page's main article, unchecked.
#[derive(Debug, Default, Clone, PartialEq)]
pub(in crate::extract) struct LinkedData {
    pub headline: Option<String>,
    pub authors: Vec<String>,
    pub published: Option<String>,
    /// The `datePublished` of a node that is no article: the page itself, a course, a product.
    pub page_published: Option<String>,
    /// Authors and publishers that are organisations.
    pub organisations: Vec<String>,
    pub modified: Option<String>,
    pub sections: Vec<String>,
    pub body: Option<String>,
    pub image: Option<String>,
    /// The width and height of `image` in pixels.
    pub image_size: Option<(u32, u32)>,
    pub keywords: Vec<String>,
    pub licence: Option<String>,
    pub language: Option<String>,
    pub site: Option<String>,
    /// `isAccessibleForFree`.
    pub is_free: Option<bool>,
    /// Whether the page has a node of an article type.
    pub is_article: bool,
}

/// Suffixes of the types that are articles.
const ARTICLE_TYPES: &[&str] = &["Article", "BlogPosting", "Report", "SocialMediaPosting"];

/// How deep nodes are searched for articles.
const MAX_NODE_DEPTH: usize = 5;
/// How many references are followed from one value, and how many lists and objects around a text are opened.
const MAX_REFERENCES: usize = 4;

/// The nodes of a page.
#[derive(Default)]
struct Nodes {
    articles: Vec<Map<String, Value>>,
    /// Other nodes with a date.
    dated: Vec<Map<String, Value>>,
    /// The nodes that others refer to, by their `@id`.
    by_id: HashMap<String, Value>,
}

/// Parses all JSON-LD of the page and returns the properties of the article that has most of them.
pub(in crate::extract) fn read_json_ld(document: &Html) -> LinkedData {
    let mut nodes = Nodes::default();
    for script in document.root_element().descendent_elements() {
        if script.value().name() != "script" {
            continue;
        }
        let text: String = script.text().collect();
        for value in tolerant_json::read_values(&text) {
            nodes.collect(value, 0);
        }
    }
    // The main article has a headline, a date and so on; of equals the first counts.
    let completeness = |found: &Map<String, Value>| {
        ["headline", "datePublished", "author", "articleBody"]
            .iter()
            .filter(|key| found.contains_key(**key))
            .count()
    };
    let best = nodes.articles.iter().rev().max_by_key(|found| completeness(found));
    let page_published = nodes.dated.iter().find_map(|found| date(found.get("datePublished")));
    LinkedData {
        page_published,
        ..best.map(|found| properties(found, &nodes)).unwrap_or_default()
    }
}

impl Nodes {
    /// Collects the nodes in a value.
    fn collect(&mut self, value: Value, depth: usize) {
        match value {
            Value::Array(values) if depth < MAX_NODE_DEPTH => values.into_iter().for_each(|value| self.collect(value, depth + 1)),
            Value::Object(mut object) if depth < MAX_NODE_DEPTH => {
                for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    if let Some(inner) = object.remove(key) {
                        self.collect(inner, depth + 1);
                    }
                }
                if let Some(id) = object.get("@id").and_then(Value::as_str)
                    && object.len() > 1
                    && !is_article(&object)
                {
                    self.by_id.entry(id.to_owned()).or_insert_with(|| Value::Object(object.clone()));
                }
                if is_article(&object) {
                    self.articles.push(object);
                } else if object.contains_key("datePublished") {
                    self.dated.push(object);
                }
            }
            _ => {}
        }
    }

    /// Returns the node that a value refers to by its `@id`, else the value.
    fn resolve<'v>(&'v self, value: &'v Value) -> &'v Value {
        let id = match value {
            Value::String(id) => Some(id.as_str()),
            Value::Object(object)
                if !["name", "url", "contentUrl", "givenName"]
                    .iter()
                    .any(|key| object.contains_key(*key)) =>
            {
                object.get("@id").and_then(Value::as_str)
            }
            _ => None,
        };
        id.and_then(|id| self.by_id.get(id)).unwrap_or(value)
    }
}

fn is_article(object: &Map<String, Value>) -> bool {
    strings(object.get("@type"))
        .iter()
        .any(|kind| ARTICLE_TYPES.iter().any(|known| kind.ends_with(known)))
}

fn properties(object: &Map<String, Value>, nodes: &Nodes) -> LinkedData {
    let first = |key: &str| strings(object.get(key)).into_iter().next();
    let image = object.get("image").map(|image| nodes.resolve(image.get(0).unwrap_or(image)));
    LinkedData {
        headline: first("headline").or_else(|| first("name")),
        authors: names(object.get("author").or_else(|| object.get("creator")), nodes),
        published: date(object.get("datePublished")).or_else(|| date(object.get("dateCreated"))),
        page_published: None,
        organisations: [object.get("author"), object.get("publisher")]
            .into_iter()
            .flat_map(|value| organisation_names(value, nodes))
            .collect(),
        modified: date(object.get("dateModified")),
        sections: strings(object.get("articleSection")),
        body: object.get("articleBody").and_then(Value::as_str).map(str::to_owned),
        image: image.and_then(url_of),
        image_size: image.and_then(image_size),
        keywords: strings(object.get("keywords")),
        licence: object.get("license").and_then(url_of),
        language: first("inLanguage"),
        site: names(object.get("publisher"), nodes).into_iter().next(),
        is_free: object.get("isAccessibleForFree").and_then(boolean),
        is_article: true,
    }
}

/// Returns a boolean, which may be written as a string or as a URL of schema.org.
fn boolean(value: &Value) -> Option<bool> {
    let word = match value {
        Value::Bool(word) => return Some(*word),
        value => value.as_str()?.rsplit('/').next()?.to_ascii_lowercase(),
    };
    match word.as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Returns the texts of a value that is a text or a list of texts.
fn strings(value: Option<&Value>) -> Vec<String> {
    let one = |value: &Value| value.as_str().map(one_line).filter(|text| !text.is_empty());
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Returns a text in one line, with character references decoded: content systems escape what they write into JSON as they do in markup.
fn one_line(text: &str) -> String {
    collapse_whitespace(&decode_entities(text))
}

/// Returns a date as it is written: a text, or a number of seconds or milliseconds since 1970.
fn date(value: Option<&Value>) -> Option<String> {
    let value = value?;
    match value.get(0).or_else(|| value.get("@value")).unwrap_or(value) {
        Value::Number(number) => {
            let whole = number.to_string();
            Some(whole.split_once('.').map_or(whole.clone(), |(whole, _)| whole.to_owned()))
        }
        value => strings(Some(value)).into_iter().next(),
    }
}

/// Returns the items of a value that may be a list.
fn items(value: Option<&Value>) -> &[Value] {
    let list = value.and_then(|value| value.get("@list").or_else(|| value.get("@set"))).or(value);
    match list {
        Some(Value::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

/// Returns the names of persons or organisations, which may be texts, objects, or references to nodes.
fn names(value: Option<&Value>, nodes: &Nodes) -> Vec<String> {
    items(value).iter().flat_map(|value| names_of(nodes.resolve(value), 0)).collect()
}

/// Returns the names of the objects whose type is an organisation.
fn organisation_names(value: Option<&Value>, nodes: &Nodes) -> Vec<String> {
    let is_organisation = |value: &&Value| strings(value.get("@type")).iter().any(|kind| kind.ends_with("Organization"));
    let resolved = items(value).iter().map(|value| nodes.resolve(value));
    resolved.filter(is_organisation).flat_map(|value| names_of(value, 0)).collect()
}

/// Returns the names in a text, an object with a `name` or with given and family name, or a list of those.
fn names_of(value: &Value, depth: usize) -> Vec<String> {
    match value {
        Value::String(text) => Some(one_line(text)).filter(|text| !text.is_empty()).into_iter().collect(),
        Value::Array(values) if depth < MAX_REFERENCES => values.iter().flat_map(|value| names_of(value, depth + 1)).collect(),
        Value::Object(object) if depth < MAX_REFERENCES => {
            let named = ["name", "@value"].iter().filter_map(|key| object.get(*key));
            let named: Vec<String> = named.flat_map(|value| names_of(value, depth + 1)).collect();
            if !named.is_empty() {
                return named;
            }
            let parts = ["givenName", "additionalName", "familyName"];
            let parts: Vec<String> = parts
                .iter()
                .filter_map(|key| strings(object.get(*key)).into_iter().next())
                .collect();
            Some(parts.join(" ")).filter(|name| !name.is_empty()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Returns a URL, which may be a string, in an object, or in the first item of a list.
fn url_of(value: &Value) -> Option<String> {
    let one = value.get(0).unwrap_or(value);
    let object = || ["url", "contentUrl", "@id"].iter().find_map(|key| one.get(*key)?.as_str());
    one.as_str().or_else(object).map(str::to_owned)
}

/// Returns the size of an `ImageObject` in pixels; its numbers may be strings, with a unit, or `QuantitativeValue` objects.
fn image_size(value: &Value) -> Option<(u32, u32)> {
    let one = value.get(0).unwrap_or(value);
    let side = |key: &str| {
        let side = one.get(key)?;
        let side = side.get("value").unwrap_or(side);
        let parsed = || side.as_str()?.trim().trim_end_matches("px").trim().parse().ok();
        side.as_u64().or_else(parsed).and_then(|side| u32::try_from(side).ok())
    };
    side("width").zip(side("height"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(json: &str) -> LinkedData {
        read_json_ld(&Html::parse_document(&format!(
            "<script type=\"application/ld+json\">{json}</script>"
        )))
    }

    #[test]
    fn the_most_complete_article_counts() {
        let found = data(
            r#"{"@graph":[{"@type":"WebPage","name":"x"},{"@type":"NewsArticle","headline":"Le fleuve","author":[{"name":"Awa"},"Idi"],
            "datePublished":"2024-01-02","articleSection":["Eau","Ville"],"image":{"url":"https://a.example/x.jpg"},"isAccessibleForFree":"False"},
            {"@type":"Article","headline":"Autre"}]}"#,
        );
        assert_eq!(found.headline.as_deref(), Some("Le fleuve"));
        assert_eq!(found.authors, ["Awa", "Idi"]);
        assert_eq!(found.sections, ["Eau", "Ville"]);
        assert_eq!(found.image.as_deref(), Some("https://a.example/x.jpg"));
        assert_eq!((found.is_free, found.is_article), (Some(false), true));
    }

    #[test]
    fn images_have_their_size() {
        for (image, expected) in [
            ("\"/x.jpg\"", None),
            ("{\"url\":\"/x.jpg\",\"width\":1200,\"height\":\"675px\"}", Some((1200, 675))),
            (
                "[{\"contentUrl\":\"/x.jpg\",\"width\":{\"value\":\"640\"},\"height\":480}]",
                Some((640, 480)),
            ),
            ("{\"url\":\"/x.jpg\",\"width\":-1,\"height\":2}", None),
        ] {
            let found = data(&format!("{{\"@type\":\"Article\",\"image\":{image}}}"));
            assert_eq!((found.image.as_deref(), found.image_size), (Some("/x.jpg"), expected), "{image}");
        }
    }

    #[test]
    fn nodes_are_found_where_sites_put_them() {
        for json in [
            r##"{"@graph":[{"@type":"Article","headline":"x","author":{"@id":"#a"}},{"@type":["Person"],"@id":"#a","name":"Awa Diallo"}]}"##,
            r##"{"@graph":[{"@type":"Person","@id":"#a","name":"Awa Diallo"}]},{"@type":"Article","author":[{"@type":"Person","@id":"#a"}]}"##,
            r##"[{"@type":"Person","@id":"#a","name":["Awa Diallo"]},{"@type":"Article","author":"#a"}]"##,
            r#"{"@type":"WebPage","mainEntityOfPage":{"@type":"NewsArticle","author":{"name":"Awa Diallo"}}}"#,
            r#"{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","author":{"@list":["Awa Diallo"]}}}"#,
            r#"{"@type":"WebSite","name":"Journal"} {"@type":"Article","author":{"givenName":"Awa","familyName":"Diallo"}}"#,
            r#"{"@type":"Article","author":[{"@type":"Person","name":{"@value":"Awa Diallo"}}],}"#,
            r#"{"@type":"Article","headline":"Le "bac" repart","creator":"Awa Diallo"}"#,
        ] {
            assert_eq!(data(json).authors, ["Awa Diallo"], "{json}");
        }
        // A reference to a node that the page does not have is no name.
        assert_eq!(data(r##"{"@type":"Article","author":{"@id":"#a"}}"##).authors, [""; 0]);
        let image = r##"{"@graph":[{"@type":"Article","image":{"@id":"#i"}},{"@type":"ImageObject","@id":"#i","url":"/x.jpg","width":9,"height":8}]}"##;
        let found = data(image);
        assert_eq!((found.image.as_deref(), found.image_size), (Some("/x.jpg"), Some((9, 8))));
    }

    #[test]
    fn values_are_read_as_sites_write_them() {
        let found = data(
            r#"{"@type":"Article","headline":"L&rsquo;eau monte","author":{"name":"Awa N&#039;Diaye"},"datePublished":1614934800000}"#,
        );
        assert_eq!(found.headline.as_deref(), Some("L’eau monte"));
        assert_eq!(found.authors, ["Awa N'Diaye"]);
        assert_eq!(found.published.as_deref(), Some("1614934800000"));
        let found = data(r#"{"@type":"Article","datePublished":[1614934800.5],"dateModified":{"@type":"Date","@value":"2021-03-05"}}"#);
        assert_eq!(
            (found.published.as_deref(), found.modified.as_deref()),
            (Some("1614934800"), Some("2021-03-05"))
        );
    }

    #[test]
    fn malformed_json_is_tolerated() {
        assert_eq!(
            data("{\"@type\":\"Article\",\"headline\":\"a\nb\"};").headline.as_deref(),
            Some("a b")
        );
        assert_eq!(data("{\"@type\":"), LinkedData::default());
        assert_eq!(data(&"[".repeat(5000)), LinkedData::default());
        assert_eq!(data("{\"@type\":\"Article\",\"author\":{\"name\":7}}").authors, [""; 0]);
    }
}
