//! Differential test: on the well-formed documents of the corpus the results of feed-rs and of this parser must be equal, as far as feed-rs
//! supports them.
//!
//! Where they differ, [`EXCEPTIONS`] states why this parser is right. An exception that is no longer needed fails the test like one that is
//! missing, so the list is always the complete difference.

use super::*;
use crate::model::{EntryDraft, FeedKind, Timestamp};
use crate::text::date::parse_date;
use crate::text::html_to_text::html_to_line;
use feed_rs::model::FeedType;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use url::Url;

/// A field, the cases in which it differs, and why this parser is right.
const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    // Whole documents.
    (
        "document",
        &["json-feed", "json-feed-1.0"],
        "feed-rs refuses a JSON Feed without a title, and one with a number as id",
    ),
    (
        "document",
        &["rss-0.93", "rss-0.94", "version-wrong"],
        "feed-rs refuses versions of RSS that it does not know",
    ),
    ("document", &["version-missing"], "feed-rs refuses RSS that tells no version"),
    (
        "document",
        &["channel-bare", "tags-upper-case"],
        "feed-rs refuses roots that are not written as the specification does",
    ),
    ("document", &["cdf", "sitemap-of-news"], "feed-rs does not know these formats"),
    (
        "entries",
        &["atom-0.3", "atom-0.3-modes"],
        "feed-rs reads Atom 0.3 without its entries",
    ),
    (
        "entries",
        &["rss-0.90", "rdf-0.9-channel", "rdf-1.1"],
        "feed-rs knows only the namespace of RSS 1.0 in RDF",
    ),
    (
        "entries",
        &["namespaces-other-prefixes"],
        "feed-rs does not know the namespaces that were once used for RSS 2.0",
    ),
    // Elements that feed-rs ignores.
    (
        "enclosures",
        &["atom-1.0-all"],
        "an Atom content that lies elsewhere is an enclosure",
    ),
    ("id", &["rdf", "rdf-1.0"], "rdf:about identifies an item of RSS 1.0"),
    ("id", &["module-dublin-core"], "dc:identifier identifies where nothing else does"),
    ("categories", &["rdf", "rdf-1.0", "module-dublin-core"], "dc:subject is a category"),
    ("categories", &["module-itunes"], "the keywords of a podcast are categories"),
    ("categories", &["module-media"], "media:category and media:keywords are categories"),
    (
        "summary",
        &["module-dublin-core", "module-dublin-core-terms"],
        "dc:description and dcterms:abstract are summaries",
    ),
    ("summary", &["module-itunes"], "itunes:summary is a summary where there is no other"),
    (
        "summary",
        &["module-media"],
        "media:description is a summary where there is no other",
    ),
    (
        "published",
        &["module-dublin-core-terms"],
        "dcterms:issued is when it was published",
    ),
    ("updated", &["module-dublin-core-terms"], "dcterms:modified is when it was changed"),
    (
        "feed.updated",
        &["module-dublin-core"],
        "dc:date of a channel is when it was changed",
    ),
    ("feed.language", &["module-dublin-core"], "dc:language of a channel is its language"),
    ("authors", &["module-itunes"], "itunes:author is an author"),
    ("authors", &["module-podcast"], "podcast:person is an author"),
    ("authors", &["module-atom-in-rss"], "atom:author in RSS is an author"),
    ("summary", &["module-atom-in-rss"], "atom:summary in RSS is a summary"),
    ("content", &["module-xhtml-body"], "xhtml:body in RSS is the content"),
    (
        "authors",
        &["namespaces-missing"],
        "a prefix that everybody uses means what it always means, declared or not",
    ),
    (
        "content",
        &["namespaces-missing"],
        "a prefix that everybody uses means what it always means, declared or not",
    ),
    (
        "enclosures",
        &["module-media-image"],
        "media:content of medium image is attached media, with or without a type",
    ),
    // Elements that this parser reads differently.
    (
        "authors",
        &["joomla-arabic", "rss-2.0-all"],
        "feed-rs keeps the brackets of `mail (name)` around the name",
    ),
    (
        "link",
        &["module-atom-in-rss"],
        "atom:link says which relation it has, RSS's link does not; feed-rs takes what comes first",
    ),
    ("link", &["module-feedburner"], "feedburner:origLink is the entry's own page"),
    (
        "summary",
        &["rss-0.92"],
        "feed-rs loses the tags that stand unescaped in a text, and the words in them",
    ),
    (
        "title",
        &["markup-in-titles"],
        "feed-rs loses the tags that stand unescaped in a text, and the words in them",
    ),
    ("title", &["escaped-twice"], "what was escaped twice is decoded twice"),
    (
        "title",
        &["titles-with-signs"],
        "marks of CDATA sections and what was escaped twice are decoded",
    ),
    ("summary", &["escaped-twice"], "what was escaped twice is decoded twice"),
    (
        "title",
        &["charset-mark-over-label"],
        "a byte order mark says what the bytes are, whatever the label says",
    ),
    (
        "summary",
        &["charset-mark-over-label"],
        "a byte order mark says what the bytes are, whatever the label says",
    ),
];

/// The fields of an entry that both parsers return, by name, in a form that does not depend on the parser.
type Fields = Vec<(&'static str, String)>;

#[test]
fn feed_rs_agrees_on_well_formed_documents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/feeds");
    let mut found = BTreeSet::new();
    let mut report = String::new();
    let mut compared = 0;
    for case in std::fs::read_dir(folder).expect("the corpus") {
        let case = case.expect("a folder").path();
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let Some((bytes, ours)) = well_formed_case(&case) else { continue };
        compared += 1;
        for (field, ours, theirs) in differences(&ours, parse_with_feed_rs(&bytes).as_ref()) {
            let _ = writeln!(report, "{name}: {field}\n  ours   {ours}\n  theirs {theirs}");
            found.insert((field, name.clone()));
        }
    }
    assert!(compared >= 8, "only {compared} cases of the corpus are sound");
    let listed: BTreeSet<_> = EXCEPTIONS
        .iter()
        .flat_map(|(field, cases, _)| cases.iter().map(|case| (*field, (*case).to_owned())))
        .collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&found).collect();
    assert!(new.is_empty(), "the readers differ where no exception says why: {new:#?}\n{report}");
    assert!(gone.is_empty(), "exceptions that nothing needs any more: {gone:#?}");
}

/// Returns a case's document and its result; `None` when it is damaged, or needs other fields of [`Document`].
fn well_formed_case(case: &Path) -> Option<(Vec<u8>, ParsedFeed)> {
    if case.join("document.json").exists() {
        return None;
    }
    let bytes = std::fs::read(case.join("feed.xml"))
        .or_else(|_| std::fs::read(case.join("feed.json")))
        .ok()?;
    let document = Document {
        bytes: &bytes,
        ..Document::default()
    };
    let feed = parse(&document).ok().filter(|feed| feed.problems.is_empty())?;
    let is_well_formed = feed.kind == FeedKind::Json || is_well_formed(&bytes);
    is_well_formed.then_some((bytes, feed))
}

/// Returns whether `bytes` are well-formed XML in UTF-8.
fn is_well_formed(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.check_end_names = true;
    config.check_comments = true;
    let (mut depth, mut roots, mut known) = (0_usize, 0_usize, true);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                roots += usize::from(depth == 0);
                depth += 1;
                known &= tag.attributes().all(|attribute| attribute.is_ok());
            }
            Ok(Event::Empty(tag)) => known &= depth > 0 && tag.attributes().all(|attribute| attribute.is_ok()),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            // Without a DTD there are only the five entities of XML.
            Ok(Event::GeneralRef(name)) => {
                known &= name.is_char_ref()
                    || ["lt", "gt", "amp", "quot", "apos"]
                        .iter()
                        .any(|predefined| name.as_ref() == *predefined);
            }
            Ok(Event::Text(text)) => known &= depth > 0 || text.trim_ascii().is_empty(),
            Ok(Event::Eof) => return known && depth == 0 && roots == 1,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

fn parse_with_feed_rs(bytes: &[u8]) -> Option<feed_rs::model::Feed> {
    let parser = feed_rs::parser::Builder::new()
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        // The parsing of dates is tested elsewhere; both parsers use the same here.
        .timestamp_parser(|text| chrono::DateTime::from_timestamp(parse_date(text, None)?.unix(), 0))
        .build();
    parser.parse(bytes).ok()
}

/// Returns each field that differs, with the value of this parser and that of feed-rs.
fn differences(ours: &ParsedFeed, theirs: Option<&feed_rs::model::Feed>) -> Vec<(&'static str, String, String)> {
    let Some(theirs) = theirs else {
        return vec![("document", "read".to_owned(), "refused".to_owned())];
    };
    let mut pairs = vec![(our_meta(ours), their_meta(theirs))];
    if ours.entries.len() != theirs.entries.len() {
        return vec![("entries", ours.entries.len().to_string(), theirs.entries.len().to_string())];
    }
    let entries = ours.entries.iter().zip(&theirs.entries);
    pairs.extend(entries.map(|(ours, entry)| (our_fields(ours), their_fields(entry, theirs))));
    let mut differences = Vec::new();
    for (ours, theirs) in pairs {
        let both = ours.into_iter().zip(theirs).filter(|(ours, theirs)| ours.1 != theirs.1);
        differences.extend(both.map(|((field, ours), (_, theirs))| (field, ours, theirs)));
    }
    differences
}

fn our_meta(feed: &ParsedFeed) -> Fields {
    vec![
        ("feed.title", feed.meta.title.clone()),
        ("feed.link", feed.meta.link.as_ref().map(slashless).unwrap_or_default()),
        ("feed.description", feed.meta.description.clone().unwrap_or_default()),
        ("feed.updated", feed.meta.updated.map(Timestamp::rfc3339).unwrap_or_default()),
        ("feed.language", feed.meta.language.clone().unwrap_or_default().to_lowercase()),
    ]
}

fn their_meta(feed: &feed_rs::model::Feed) -> Fields {
    let line = |text| line(text, feed);
    vec![
        ("feed.title", line(feed.title.as_ref())),
        ("feed.link", link(&feed.links)),
        ("feed.description", line(feed.description.as_ref())),
        ("feed.updated", timestamp(feed.updated.or(feed.published))),
        ("feed.language", feed.language.clone().unwrap_or_default().to_lowercase()),
    ]
}

fn our_fields(entry: &EntryDraft) -> Fields {
    let names = entry.authors.iter().map(|author| author.name.clone());
    let terms = entry.categories.iter().map(|category| category.term.clone());
    let media = entry.enclosures.iter().map(|media| media.url.to_string());
    vec![
        ("title", entry.title.clone()),
        ("link", entry.link.as_ref().map(slashless).unwrap_or_default()),
        ("id", entry.guid.clone().unwrap_or_default()),
        ("published", entry.published.map(Timestamp::rfc3339).unwrap_or_default()),
        ("updated", entry.updated.map(Timestamp::rfc3339).unwrap_or_default()),
        ("authors", listed(names)),
        ("categories", listed(terms)),
        ("enclosures", listed(media)),
        (
            "summary",
            entry.summary.as_ref().map(|text| html_to_line(&text.0)).unwrap_or_default(),
        ),
        (
            "content",
            entry.content.as_ref().map(|text| html_to_line(&text.0)).unwrap_or_default(),
        ),
    ]
}

fn their_fields(entry: &feed_rs::model::Entry, feed: &feed_rs::model::Feed) -> Fields {
    let line = |text| line(text, feed);
    // feed-rs does not give an Atom entry without an author those of the feed (RFC 4287, 4.2.1).
    let inherits = feed.feed_type == FeedType::Atom && entry.authors.is_empty();
    let authors = if inherits { &feed.authors } else { &entry.authors };
    // RSS has no such date; feed-rs repeats the other one.
    let updated = entry
        .updated
        .filter(|updated| feed.feed_type == FeedType::Atom || Some(*updated) != entry.published);
    let names = authors.iter().filter_map(|person| person.name.clone());
    let terms = entry.categories.iter().map(|category| html_to_line(&category.term));
    let linked = entry.links.iter().filter(|link| link.rel.as_deref() == Some("enclosure"));
    let held = entry.media.iter().flat_map(|media| &media.content);
    let held = held.filter_map(|media| media.url.as_ref().map(Url::to_string));
    let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
    vec![
        ("title", line(entry.title.as_ref())),
        ("link", link(&entry.links)),
        ("id", entry.id.clone()),
        ("published", timestamp(entry.published)),
        ("updated", timestamp(updated)),
        ("authors", listed(names)),
        ("categories", listed(terms)),
        ("enclosures", listed(linked.map(|link| link.href.clone()).chain(held))),
        ("summary", line(entry.summary.as_ref())),
        ("content", content.map(html_to_line).unwrap_or_default()),
    ]
}

fn slashless(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

fn line(text: Option<&feed_rs::model::Text>, feed: &feed_rs::model::Feed) -> String {
    let Some(text) = text else { return String::new() };
    // Plain text in Atom and in JSON Feed; RSS does not state the type, and markup is usual.
    let is_characters = text.content_type.subty() == "plain" && matches!(feed.feed_type, FeedType::Atom | FeedType::JSON);
    if is_characters {
        text.content.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        html_to_line(&text.content)
    }
}

fn link(links: &[feed_rs::model::Link]) -> String {
    let leads = |link: &&feed_rs::model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    links
        .iter()
        .find(leads)
        .map(|link| link.href.trim_end_matches('/').to_owned())
        .unwrap_or_default()
}

fn timestamp(date: Option<chrono::DateTime<chrono::Utc>>) -> String {
    date.map(|date| Timestamp::from_unix(date.timestamp()).rfc3339())
        .unwrap_or_default()
}

/// Returns the values sorted, each once: their order is not compared.
fn listed(values: impl Iterator<Item = String>) -> String {
    let values: BTreeSet<String> = values.collect();
    values.into_iter().collect::<Vec<_>>().join(" | ")
}
