//! The JSON-LD (schema.org) of a page's main article, as it is written. Whether a value is used is decided by its readers.

use crate::extract::normalize::collapse_whitespace;
use scraper::Html;
use serde_json::{Map, Value};

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

/// Parses all JSON-LD of the page and returns the properties of the article that has most of them.
pub(in crate::extract) fn read_json_ld(document: &Html) -> LinkedData {
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
    // The main article has a headline, a date and so on; of equals the first counts.
    let completeness = |found: &Map<String, Value>| {
        ["headline", "datePublished", "author", "articleBody"]
            .iter()
            .filter(|key| found.contains_key(**key))
            .count()
    };
    let best = articles.iter().rev().max_by_key(|found| completeness(found));
    let page_published = others
        .iter()
        .find_map(|found| strings(found.get("datePublished")).into_iter().next());
    LinkedData {
        page_published,
        ..best.map(properties).unwrap_or_default()
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
        // Unescaped line ends within strings are the most frequent error.
        let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&flat).ok()
    })
}

/// Collects the articles in a value, and other nodes with a date. `serde_json` limits the nesting depth.
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
        .any(|kind| ARTICLE_TYPES.iter().any(|known| kind.ends_with(known)))
}

fn properties(object: &Map<String, Value>) -> LinkedData {
    let first = |key: &str| strings(object.get(key)).into_iter().next();
    LinkedData {
        headline: first("headline").or_else(|| first("name")),
        authors: names(object.get("author")),
        published: first("datePublished").or_else(|| first("dateCreated")),
        page_published: None,
        organisations: [object.get("author"), object.get("publisher")]
            .into_iter()
            .flat_map(organisation_names)
            .collect(),
        modified: first("dateModified"),
        sections: strings(object.get("articleSection")),
        body: object.get("articleBody").and_then(Value::as_str).map(str::to_owned),
        image: object.get("image").and_then(url_of),
        image_size: object.get("image").and_then(image_size),
        keywords: strings(object.get("keywords")),
        licence: object.get("license").and_then(url_of),
        language: first("inLanguage"),
        site: names(object.get("publisher")).into_iter().next(),
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

/// Returns the names of persons or organisations, which may be strings or objects.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(name).collect(),
        Some(value) => name(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Returns the names of the objects whose type is an organisation.
fn organisation_names(value: Option<&Value>) -> Vec<String> {
    let is_organisation = |value: &&Value| strings(value.get("@type")).iter().any(|kind| kind.ends_with("Organization"));
    match value {
        Some(Value::Array(values)) => values.iter().filter(is_organisation).filter_map(name).collect(),
        Some(value) => Some(value).filter(is_organisation).and_then(name).into_iter().collect(),
        None => Vec::new(),
    }
}

fn name(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("name")?.as_str())?;
    Some(collapse_whitespace(text)).filter(|text| !text.is_empty())
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
