//! Sources as OPML 2.0, with their settings as other feed readers write them.
//!
//! What miniflux and `FreshRSS` have a name for is written under it (see `parse::feed_list` for the attributes), everything else in a namespace of griot's
//! own, so that reading the list restores the sources.

use super::source_lists::{is_disabled, tags, value};
use super::xml::Document;
use crate::config::{OPML_NAMESPACES, Settings, parse_duration, setting_text};

/// The interval that is written for a disabled source which has none, in seconds: `FreshRSS` marks a feed as disabled by a negative one.
const DISABLED_INTERVAL_SECS: u64 = 3600;

/// Keys that attributes other than those of griot's namespace carry.
const CARRIED: [&str; 5] = ["url", "site", "lang", "user_agent", "select.body"];

/// Returns the OPML of sources that have a feed: a folder for each first tag, with all tags as categories.
#[must_use]
pub fn sources_opml(title: &str, sources: &[Settings]) -> String {
    let mut folders: Vec<(&str, Vec<&Settings>)> = Vec::new();
    for source in sources.iter().filter(|source| source.contains_key("url")) {
        let folder = tags(source).first().copied().unwrap_or_default();
        match folders.iter_mut().find(|(name, _)| *name == folder) {
            Some((_, within)) => within.push(source),
            None => folders.push((folder, vec![source])),
        }
    }
    let mut document = Document::new(4000);
    let namespaces = OPML_NAMESPACES.map(|(prefix, uri)| (format!("xmlns:{prefix}"), uri));
    let mut attributes = vec![("version", "2.0")];
    attributes.extend(namespaces.iter().map(|(name, uri)| (name.as_str(), *uri)));
    document.open("opml", &attributes);
    document.open("head", &[]);
    document.text("title", title);
    document.close("head");
    document.open("body", &[]);
    if folders.is_empty() {
        // OPML 2.0 requires at least one outline in a body.
        document.empty("outline", &[("text", title)]);
    }
    for (folder, within) in folders {
        if !folder.is_empty() {
            document.open("outline", &[("text", folder)]);
        }
        for source in within {
            write_source(source, &mut document);
        }
        if !folder.is_empty() {
            document.close("outline");
        }
    }
    document.close("body");
    document.close("opml");
    document.finish()
}

fn write_source(source: &Settings, document: &mut Document) {
    let name = value(source, "name").or_else(|| value(source, "id")).unwrap_or_default();
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| attributes.push((name.to_owned(), value.to_owned()));
    add("text", name);
    add("type", "rss");
    add("title", name);
    add("xmlUrl", value(source, "url").unwrap_or_default());
    for (attribute, key) in [("htmlUrl", "site"), ("language", "lang")] {
        if let Some(value) = value(source, key) {
            add(attribute, value);
        }
    }
    let tags = tags(source);
    if !tags.is_empty() {
        add("category", &tags.join(","));
    }
    attributes.extend(reader_settings(source));
    attributes.extend(own_settings(source));
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    document.empty("outline", &attributes);
}

/// Returns the settings for which miniflux and `FreshRSS` have attributes.
fn reader_settings(source: &Settings) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    let mut add = |name: &str, value: &str| attributes.push((name.to_owned(), value.to_owned()));
    let takes_pages = value(source, "article") == Some("page");
    if let Some(body) = value(source, "select.body") {
        add("miniflux:scraperRules", body);
        if takes_pages {
            add("frss:cssFullContent", body);
        }
    }
    if takes_pages {
        add("miniflux:crawler", "true");
    }
    if let Some(removed) = source.get("select.remove").and_then(|removed| removed.as_array()) {
        let removed: Vec<&str> = removed.iter().filter_map(|selector| selector.as_str()).collect();
        add("frss:cssContentFilter", &removed.join(", "));
    }
    if let Some(user_agent) = value(source, "user_agent") {
        add("miniflux:userAgent", user_agent);
        add("frss:CURLOPT_USERAGENT", user_agent);
    }
    let every = value(source, "every").and_then(parse_duration).map(|every| every.as_secs());
    if is_disabled(source) {
        add("miniflux:disabled", "true");
        add("frss:ttl", &format!("-{}", every.unwrap_or(DISABLED_INTERVAL_SECS)));
    } else if let Some(every) = every.filter(|every| *every > 0) {
        add("frss:ttl", &every.to_string());
    }
    attributes
}

/// Returns the settings that other attributes do not carry, or not as they are.
fn own_settings(source: &Settings) -> Vec<(String, String)> {
    // Readers take markup in titles for markup, and folders and categories become tags in one word and small letters.
    let is_plain_name = |name: &str| !name.contains(['<', '&']);
    let is_plain_tag = |tag: &&str| tag.chars().all(|c| c == '-' || c.is_alphanumeric() && !c.is_uppercase());
    source
        .iter()
        .filter(|(key, value)| match key.as_str() {
            "article" => value.as_str() != Some("page"),
            "name" => !value.as_str().is_some_and(is_plain_name),
            "tags" => !tags(source).iter().all(is_plain_tag),
            "enabled" => !is_disabled(source),
            "select.remove" => value.as_array().is_some_and(|selectors| selectors.len() != 1),
            key => !CARRIED.contains(&key),
        })
        .map(|(key, value)| (format!("griot:{key}"), setting_text(key, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_written_for_other_readers_and_for_griot() {
        let settings = |value: serde_json::Value| serde_json::from_value::<Settings>(value).expect("settings");
        let sources = [
            settings(
                json!({"id": "a", "name": "A & B", "url": "https://a.example/?x=1&y=2", "site": "https://a.example/", "lang": "fr", "tags": ["mali", "Une"],
                "article": "page", "select.body": "div > p", "select.remove": [".a, .b"], "user_agent": "Desk/1.0", "every": "2h", "country": "ML"}),
            ),
            settings(json!({"id": "b", "url": "https://b.example/", "enabled": false, "tags": ["mali"], "select.remove": [".a", ".b"]})),
            settings(json!({"id": "c", "url": "https://c.example/", "urls": ["https://c.example/", "https://c.example/2"]})),
        ];
        let text = sources_opml("Desk", &sources);
        super::super::xml::check(text.as_bytes()).expect("well-formed");
        insta::assert_snapshot!(text);
        assert!(sources_opml("Desk", &[]).contains("<outline text=\"Desk\"/>"));
    }
}
