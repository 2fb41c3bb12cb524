//! Tests against the corpus in `tests/corpus/feeds`: a folder for each kind of feed and of damage. A new case is a new folder, without code.
//!
//! A folder contains `feed.xml` or `feed.json`, `expected.json`, and optionally `document.json` with the other fields of [`Document`]:
//! `url`, `content_type`, `charset` and `timezone`.

use super::*;
use crate::model::feed::History;
use crate::model::{EntryDraft, Timestamp};
use serde_json::{Value, json};
use std::path::Path;
use url::Url;

#[test]
fn the_corpus_is_parsed_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/feeds");
    let mut cases: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|case| case.expect("a folder").path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 10, "the corpus is there");
    let mut wrong = Vec::new();
    for case in cases {
        let found = rendered(&read(&case));
        let expected = std::fs::read(case.join("expected.json")).unwrap_or_default();
        if serde_json::from_slice::<Value>(&expected).ok().as_ref() != Some(&found) {
            wrong.push(format!("{}\n{found:#}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "read otherwise than expected:\n{}", wrong.join("\n"));
}

#[test]
fn a_truncated_case_keeps_its_complete_entries() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/feeds");
    let kinds = [
        "atom-",
        "cdf",
        "channel-",
        "dates-",
        "guids",
        "item-",
        "joomla-",
        "junk-",
        "module-",
        "namespaces-",
        "rdf",
        "rss-",
        "sitemap-",
        "spip",
        "wordpress",
    ];
    let mut cuts = 0;
    for case in std::fs::read_dir(folder).expect("the corpus") {
        let case = case.expect("a folder");
        let bytes = std::fs::read(case.path().join("feed.xml")).unwrap_or_default();
        if !kinds.iter().any(|kind| case.file_name().to_string_lossy().starts_with(kind)) {
            continue;
        }
        // The step shares no factor with the length of most tags, so that documents are cut at every kind of position.
        for end in (0..bytes.len()).step_by(13) {
            let start = String::from_utf8_lossy(&bytes[..end]);
            let complete: usize = ["</item>", "</entry>", "</ITEM>", "</news:news></url>"]
                .iter()
                .map(|tag| start.matches(tag).count())
                .sum();
            let document = Document {
                bytes: &bytes[..end],
                ..Document::default()
            };
            let kept = parse(&document).map_or(0, |feed| feed.entries.len());
            assert!(kept >= complete, "{} cut at {end}: {kept} of {complete}", case.path().display());
            cuts += 1;
        }
    }
    assert!(cuts > 1000, "the corpus is there: {cuts}");
}

fn read(case: &Path) -> Result<ParsedFeed, NotAFeed> {
    let bytes = std::fs::read(case.join("feed.xml")).or_else(|_| std::fs::read(case.join("feed.json")));
    let bytes = bytes.expect("a feed.xml or a feed.json");
    let known = std::fs::read(case.join("document.json")).unwrap_or_else(|_| b"{}".to_vec());
    let known: Value = serde_json::from_slice(&known).expect("a document.json in JSON");
    let names = ["url", "content_type", "charset", "timezone"];
    let unknown = known
        .as_object()
        .and_then(|known| known.keys().find(|name| !names.contains(&name.as_str())));
    assert_eq!(unknown, None, "{}", case.display());
    let text = |name: &str| known[name].as_str();
    let url = text("url").map(|url| Url::parse(url).expect("a URL"));
    parse(&Document {
        bytes: &bytes,
        url: url.as_ref(),
        content_type: text("content_type"),
        charset: text("charset"),
        is_base_stated: false,
        timezone: text("timezone"),
    })
}

/// Renders the result of a document as JSON, without empty values.
fn rendered(outcome: &Result<ParsedFeed, NotAFeed>) -> Value {
    let feed = match outcome {
        Ok(feed) => feed,
        Err(reason) => return json!({ "not_a_feed": reason.code() }),
    };
    let meta = &feed.meta;
    let link = |url: &Option<Url>| url.as_ref().map(Url::as_str).map(str::to_owned);
    let value = json!({
        "version": feed.version,
        "problems": feed.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        "id": meta.id, "title": meta.title, "link": link(&meta.link), "description": meta.description, "language": meta.language,
        "author": meta.author, "updated": meta.updated.map(Timestamp::rfc3339), "image": link(&meta.image),
        "generator": meta.generator, "rights": meta.rights, "self": link(&meta.self_link), "hubs": meta.hubs.iter().map(Url::as_str).collect::<Vec<_>>(),
        "ttl": meta.hints.ttl.map(|span| span.as_secs()), "period": meta.hints.update_period.map(|span| span.as_secs()),
        "licence": link(&meta.licence), "history": rendered_history(&meta.history), "skip_hours": meta.hints.skip_hours, "skip_days": meta.hints.skip_days,
        "entries": feed.entries.iter().map(rendered_entry).collect::<Vec<_>>(),
    });
    without_blanks(value)
}

fn rendered_entry(entry: &EntryDraft) -> Value {
    let link = |url: &Option<Url>| url.as_ref().map(Url::as_str).map(str::to_owned);
    json!({
        "guid": entry.guid, "link": link(&entry.link), "title": entry.title, "language": entry.language,
        "summary": entry.summary.as_ref().map(|markup| &markup.0), "content": entry.content.as_ref().map(|markup| &markup.0),
        "authors": entry.authors.iter().map(|author| json!([author.name, author.email])).collect::<Vec<_>>(),
        "published": entry.published.map(Timestamp::rfc3339), "updated": entry.updated.map(Timestamp::rfc3339),
        "categories": entry.categories.iter().map(|category| json!([category.term, category.scheme])).collect::<Vec<_>>(),
        "enclosures": entry.enclosures.iter().map(|media| json!([media.url.as_str(), media.mime, media.length])).collect::<Vec<_>>(),
        "image": link(&entry.image), "comments": link(&entry.comments), "rights": entry.rights,
        "original_link": link(&entry.original_link), "comment_count": entry.comment_count, "comment_feed": link(&entry.comment_feed),
        "in_reply_to": entry.in_reply_to, "licence": link(&entry.licence),
        "coordinates": entry.coordinates.map(|place| json!([place.latitude, place.longitude])),
        "attribution": entry.attribution.as_ref().map(|from| json!([from.title, link(&from.url)])),
    })
}

fn rendered_history(history: &History) -> Value {
    let link = |url: &Option<Url>| url.as_ref().map(Url::as_str).map(str::to_owned);
    let value = json!({
        "complete": history.complete.then_some(true), "archive": history.archive.then_some(true),
        "previous_archive": link(&history.previous_archive), "next_page": link(&history.next_page),
    });
    if *history == History::default() { Value::Null } else { value }
}

fn without_blanks(value: Value) -> Value {
    let blank = |value: &Value| value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty);
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !blank(value))
            .map(|(key, value)| (key, without_blanks(value)))
            .collect(),
        Value::Array(list) => list
            .into_iter()
            .map(|value| if value.is_object() { without_blanks(value) } else { value })
            .collect(),
        other => other,
    }
}
