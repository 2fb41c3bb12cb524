//! What a page says of itself in JSON-LD (schema.org). Only read, never trusted alone.

use crate::extract::normalize::collapse_whitespace;
use scraper::Html;
use serde_json::{Map, Value};

/// The facts of the page's main article, as they were written.
#[derive(Debug, Default, Clone, PartialEq)]
pub(in crate::extract) struct LinkedData {
    pub headline: Option<String>,
    pub authors: Vec<String>,
    pub published: Option<String>,
    /// The date of a node that is no article: the page itself, a course, a product.
    pub page_published: Option<String>,
    /// Authors and publishers that are organisations.
    pub organisations: Vec<String>,
    pub modified: Option<String>,
    pub sections: Vec<String>,
    pub body: Option<String>,
    pub image: Option<String>,
    /// Its width and height in pixels.
    pub image_size: Option<(u32, u32)>,
    pub keywords: Vec<String>,
    pub licence: Option<String>,
    pub language: Option<String>,
    pub site: Option<String>,
    /// Whether it says that the text is for everyone, or not.
    pub is_free: Option<bool>,
    /// Whether there is an article at all.
    pub is_article: bool,
}

const TYPES: &[&str] = &["Article", "BlogPosting", "Report", "SocialMediaPosting"];

/// Reads all JSON-LD of the page and returns that of the richest article.
pub(in crate::extract) fn read(document: &Html) -> LinkedData {
    let mut articles = Vec::new();
    let mut others = Vec::new();
    for script in document.root_element().descendent_elements() {
        if script.value().name() != "script" {
            continue;
        }
        let text: String = script.text().collect();
        if let Some(value) = parse(&text) {
            collect(value, &mut articles, &mut others, 0);
        }
    }
    // Of several, the one with a headline and a date is the page's own; the first wins a tie.
    let weight = |found: &Map<String, Value>| {
        ["headline", "datePublished", "author", "articleBody"]
            .iter()
            .filter(|key| found.contains_key(**key))
            .count()
    };
    let best = articles.iter().rev().max_by_key(|found| weight(found));
    let page_published = others
        .iter()
        .find_map(|found| strings(found.get("datePublished")).into_iter().next());
    LinkedData {
        page_published,
        ..best.map(of).unwrap_or_default()
    }
}

fn parse(text: &str) -> Option<Value> {
    let text = text
        .trim()
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("]]>")
        .trim_end_matches("-->")
        .trim()
        .trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        // Line ends within strings are the usual mistake.
        let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&flat).ok()
    })
}

/// Collects the articles in a value; serde has bounded its depth already.
fn collect(value: Value, found: &mut Vec<Map<String, Value>>, others: &mut Vec<Map<String, Value>>, depth: usize) {
    match value {
        Value::Array(values) if depth < 4 => values.into_iter().for_each(|value| collect(value, found, others, depth + 1)),
        Value::Object(mut object) => {
            if let Some(graph) = object.remove("@graph") {
                collect(graph, found, others, depth + 1);
            }
            if depth < 4
                && let Some(main) = object.remove("mainEntity")
            {
                collect(main, found, others, depth + 1);
            }
            if is_article(&object) {
                found.push(object);
            } else if object.contains_key("datePublished") {
                others.push(object);
            }
        }
        _ => {}
    }
}

fn is_article(object: &Map<String, Value>) -> bool {
    strings(object.get("@type"))
        .iter()
        .any(|kind| TYPES.iter().any(|known| kind.ends_with(known)))
}

fn of(object: &Map<String, Value>) -> LinkedData {
    let one = |key: &str| strings(object.get(key)).into_iter().next();
    LinkedData {
        headline: one("headline").or_else(|| one("name")),
        authors: named(object.get("author")),
        published: one("datePublished").or_else(|| one("dateCreated")),
        page_published: None,
        organisations: [object.get("author"), object.get("publisher")]
            .into_iter()
            .flat_map(organisations)
            .collect(),
        modified: one("dateModified"),
        sections: strings(object.get("articleSection")),
        body: object.get("articleBody").and_then(Value::as_str).map(str::to_owned),
        image: object.get("image").and_then(address),
        image_size: object.get("image").and_then(size),
        keywords: strings(object.get("keywords")),
        licence: object.get("license").and_then(address),
        language: one("inLanguage"),
        site: named(object.get("publisher")).into_iter().next(),
        is_free: object.get("isAccessibleForFree").and_then(truth),
        is_article: true,
    }
}

/// Reads a truth value, also one that was written as a text or as an address of schema.org.
fn truth(value: &Value) -> Option<bool> {
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

fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => Some(collapse_whitespace(text))
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect(),
        Some(Value::Array(values)) => values
            .iter()
            .filter_map(Value::as_str)
            .map(collapse_whitespace)
            .filter(|text| !text.is_empty())
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns the names of persons or organisations, which may stand as texts or as objects.
fn named(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(name).collect(),
        Some(value) => name(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Returns the names of those that say they are organisations, and of every publisher.
fn organisations(value: Option<&Value>) -> Vec<String> {
    let is_one = |value: &&Value| strings(value.get("@type")).iter().any(|kind| kind.ends_with("Organization"));
    match value {
        Some(Value::Array(values)) => values.iter().filter(is_one).filter_map(name).collect(),
        Some(value) => Some(value).filter(is_one).and_then(name).into_iter().collect(),
        None => Vec::new(),
    }
}

fn name(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("name")?.as_str())?;
    Some(collapse_whitespace(text)).filter(|text| !text.is_empty())
}

/// Returns an address that may stand as a text, in an object or first in a list.
fn address(value: &Value) -> Option<String> {
    let one = value.get(0).unwrap_or(value);
    let object = || ["url", "contentUrl", "@id"].iter().find_map(|key| one.get(*key)?.as_str());
    one.as_str().or_else(object).map(str::to_owned)
}

/// Returns the size of an `ImageObject`: numbers, texts or quantities, perhaps with their unit.
fn size(value: &Value) -> Option<(u32, u32)> {
    let one = value.get(0).unwrap_or(value);
    let side = |key: &str| {
        let side = one.get(key)?;
        let side = side.get("value").unwrap_or(side);
        let written = || side.as_str()?.trim().trim_end_matches("px").trim().parse().ok();
        side.as_u64().or_else(written).and_then(|side| u32::try_from(side).ok())
    };
    side("width").zip(side("height"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(json: &str) -> LinkedData {
        read(&Html::parse_document(&format!(
            "<script type=\"application/ld+json\">{json}</script>"
        )))
    }

    #[test]
    fn the_richest_article_is_taken() {
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
    fn images_come_with_their_size() {
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
    fn mistakes_are_forgiven() {
        assert_eq!(
            data("{\"@type\":\"Article\",\"headline\":\"a\nb\"};").headline.as_deref(),
            Some("a b")
        );
        assert_eq!(data("{\"@type\":"), LinkedData::default());
        assert_eq!(data(&"[".repeat(5000)), LinkedData::default());
        assert_eq!(data("{\"@type\":\"Article\",\"author\":{\"name\":7}}").authors, [""; 0]);
    }
}
