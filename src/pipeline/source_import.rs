//! Adds the feeds of a list to the configuration: which are new, under which ids, and which of their settings a source can have.

use super::app::compile;
use super::new_source::FreeIds;
use crate::config::{self, Config, EditError, Edited, Settings, setting_problem, settings_problem, source_block};
use crate::extract::selector_problem;
use crate::model::{CanonicalUrl, SourceId, canonical};
use crate::parse::{self, Document, FeedList, ListedFeed, NotAFeed, NotTaken};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use url::Url;

/// What a list does to the configuration.
#[derive(Debug)]
pub struct SourceImport {
    /// The feeds of the list, in its order.
    pub feeds: Vec<ImportedFeed>,
    /// The configuration with the new sources.
    pub edited: Edited,
}

/// A feed of a list, and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedFeed {
    /// The feed. Of a new source, its settings are those that the source has.
    pub feed: ListedFeed,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a feed of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is a new source.
    New(SourceId),
    /// This source follows it already.
    Known(SourceId),
    /// It is not taken, for this reason.
    Refused(String),
}

impl SourceImport {
    /// Returns how many feeds are new, how many are known, and how many are not taken.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let new = self.feeds.iter().filter(|feed| matches!(feed.fate, Fate::New(_))).count();
        let known = self.feeds.iter().filter(|feed| matches!(feed.fate, Fate::Known(_))).count();
        (new, known, self.feeds.len() - new - known)
    }
}

/// Returns what the feeds of `list` are to `config`, and the configuration with the new ones in one edit. What a source cannot have is left out, with the
/// reason.
///
/// # Errors
/// [`EditError`] when the result has mistakes all the same.
pub fn import_list(config: &Config, list: FeedList) -> Result<SourceImport, EditError> {
    let mut importer = Importer::new(config);
    let feeds: Vec<ImportedFeed> = list.feeds.into_iter().map(|feed| importer.import(feed)).collect();
    Ok(SourceImport {
        feeds,
        edited: config::append_sources(config, &importer.blocks)?,
    })
}

/// Returns what a document is that is no list of feeds, in words; none when nothing is known of it.
#[must_use]
pub fn document_kind(bytes: &[u8]) -> Option<String> {
    let document = Document {
        bytes,
        ..Document::default()
    };
    match parse::parse(&document) {
        Ok(feed) => Some(format!(
            "a feed ({}), not a list of feeds: griot add takes its address",
            feed.version
        )),
        Err(NotAFeed::Opml { .. }) => Some("an OPML list: griot import opml takes it".to_owned()),
        Err(NotAFeed::Unknown { .. } | NotAFeed::JsonError { .. }) => None,
        Err(other) => Some(other.to_string()),
    }
}

struct Importer {
    ids: FreeIds,
    /// The sources by the addresses of their feeds; those of the list too.
    known: HashMap<CanonicalUrl, SourceId>,
    listed: HashMap<CanonicalUrl, SourceId>,
    blocks: Vec<String>,
}

impl Importer {
    fn new(config: &Config) -> Self {
        let sources = config.sources.iter();
        Self {
            ids: FreeIds::new(config),
            known: sources
                .flat_map(|source| source.urls.iter().map(|url| (canonical(url), source.id.clone())))
                .collect(),
            listed: HashMap::new(),
            blocks: Vec::new(),
        }
    }

    fn import(&mut self, mut feed: ListedFeed) -> ImportedFeed {
        let fate = self.fate(&mut feed);
        ImportedFeed { feed, fate }
    }

    fn fate(&mut self, feed: &mut ListedFeed) -> Fate {
        let url = match (feed.refused.take(), feed.url.clone()) {
            (None, Some(url)) => url,
            (reason, _) => return Fate::Refused(reason.unwrap_or_default()),
        };
        let key = canonical(&url);
        if let Some(known) = self.known.get(&key) {
            return Fate::Known(known.clone());
        }
        if let Some(twice) = self.listed.get(&key) {
            return Fate::Refused(format!("it stands twice in the list: `{twice}` is the first"));
        }
        let id = self.free_id(feed, url.host_str().unwrap_or_default());
        if needs_address(&feed.settings, &url) {
            feed.settings.remove("urls");
            feed.settings.insert("url".to_owned(), url.as_str().into());
        }
        feed.settings.insert("id".to_owned(), id.as_str().into());
        if let Some(reason) = remove_bad_settings(feed) {
            return Fate::Refused(reason);
        }
        self.ids.take(&id);
        self.listed.insert(key, id.clone());
        self.blocks.push(source_block(&feed.settings));
        Fate::New(id)
    }

    /// Returns the id that the list gives the feed, else one of its host.
    fn free_id(&mut self, feed: &mut ListedFeed, host: &str) -> SourceId {
        let Some(wanted) = feed.settings.remove("id") else {
            return self.ids.of_host(host);
        };
        let id = wanted.as_str().map(SourceId::new);
        let reason = match id {
            Some(Ok(id)) if !self.ids.is_taken(&id) => return id,
            Some(Ok(id)) => format!("another source is `{id}`"),
            Some(Err(error)) => error.to_string(),
            None => "it is no text".to_owned(),
        };
        let setting = "id".to_owned();
        feed.not_taken.push(NotTaken { setting, reason });
        self.ids.of_host(host)
    }
}

/// Returns whether the address of a source has to be written: it has neither several ones, nor a list page that is its site.
fn needs_address(settings: &Settings, url: &Url) -> bool {
    let several = settings.get("urls").and_then(Value::as_array).map_or(0, Vec::len);
    let is_site = settings
        .get("site")
        .and_then(Value::as_str)
        .is_some_and(|site| Url::parse(site).as_ref() == Ok(url));
    several < 2 && !(is_site && has_table(settings, "list"))
}

fn has_table(settings: &Settings, table: &str) -> bool {
    settings.keys().any(|key| key.split('.').next() == Some(table))
}

/// Removes the settings that a source cannot have; returns why it can be none even without them.
pub(super) fn remove_bad_settings(feed: &mut ListedFeed) -> Option<String> {
    let mut bad: Vec<(String, String)> = Vec::new();
    if settings_problem(&feed.settings).is_some() {
        let problem = |key: &String, value: &Value| setting_problem(key, value).map(|problem| (key.clone(), problem));
        bad.extend(feed.settings.iter().filter_map(|(key, value)| problem(key, value)));
    }
    for (key, value) in feed.settings.iter().filter(|(key, _)| key.starts_with("select.")) {
        let several = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let problem = several.iter().filter_map(Value::as_str).find_map(selector_problem);
        bad.extend(problem.map(|problem| (key.clone(), problem)));
    }
    for (setting, reason) in bad {
        feed.settings.remove(&setting);
        feed.not_taken.push(NotTaken { setting, reason });
    }
    settings_problem(&feed.settings).or_else(|| reading_problem(&feed.settings))
}

/// Returns what is wrong with how a page is read that lists entries, and with what is taken out of entries.
fn reading_problem(settings: &Settings) -> Option<String> {
    if !has_table(settings, "list") && !has_table(settings, "strip") {
        return None;
    }
    let config = config::from_str(Path::new("list"), &source_block(settings)).ok()?;
    compile(&config).err().map(|error| match error {
        super::OpenError::Config { problems, .. } => problems.into_iter().map(|problem| problem.message).next().unwrap_or_default(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::from_str;
    use crate::parse::{ListFormat, read_list};

    const FILE: &str = "[[source]]\nid = \"aube\"\nurl = \"https://www.aube.ml/feed\"\n";

    fn import(format: ListFormat, text: &str) -> SourceImport {
        let config = from_str("feeds.toml".as_ref(), FILE).expect("a configuration");
        import_list(&config, read_list(text.as_bytes(), format).expect("a list")).expect("imported")
    }

    #[test]
    fn what_is_known_or_stands_twice_is_not_taken_again() {
        let done = import(
            ListFormat::Newsboat,
            "http://aube.ml/feed/\nhttps://matin.ml/rss\nhttp://www.matin.ml/rss\nhttps://matin.ml/une\nftp://x.example/\n",
        );
        let id = |text: &str| SourceId::new(text).expect("a slug");
        assert_eq!(done.counts(), (2, 1, 2));
        assert_eq!(done.feeds[0].fate, Fate::Known(id("aube")));
        assert_eq!(done.feeds[1].fate, Fate::New(id("matin")));
        assert!(matches!(&done.feeds[2].fate, Fate::Refused(reason) if reason.contains("twice")));
        assert_eq!(done.feeds[3].fate, Fate::New(id("matin-2")));
        assert_eq!(done.edited.config.sources.len(), 3);
    }

    #[test]
    fn settings_that_no_source_can_have_are_left_out() {
        let done = import(
            ListFormat::Json,
            "{\"url\": \"https://a.example/\", \"id\": \"aube\", \"country\": \"Mali\", \"lang\": \"fr\", \"trust\": 700, \"enabled\": \"perhaps\", \
             \"select\": {\"body\": \"p[\", \"title\": \"h1\"}, \"urls\": [\"https://a.example/\"], \"note\": \"]] '''\\n[[source]]\\nid = \\\"x\\\"\"}\n\
             {\"url\": \"https://b.example/\", \"id\": \"B b\", \"site\": \"x\"}\n{\"urls\": [\"https://c.example/1\", \"https://c.example/2\"]}\n\
             {\"list\": {\"link\": \"h2 a\"}, \"site\": \"https://d.example/\"}\n{\"list\": {\"link\": \"h2[\"}, \"site\": \"https://e.example/\"}\n",
        );
        assert_eq!(done.counts(), (4, 0, 1), "{:?}", done.feeds);
        let left: Vec<&str> = done.feeds[0].feed.not_taken.iter().map(|left| left.setting.as_str()).collect();
        assert_eq!(left, ["id", "country", "enabled", "trust", "select.body"]);
        assert_eq!(done.edited.config.sources.len(), 5);
        let first = &done.edited.config.sources[1];
        assert_eq!(
            (first.lang.as_deref(), first.note.as_deref()),
            (Some("fr"), Some("]] ''' [[source]] id = \"x\""))
        );
        assert_eq!(done.edited.config.sources[3].urls.len(), 2);
        compile(&done.edited.config).expect("it compiles");
    }

    #[test]
    fn a_list_with_nothing_new_changes_nothing() {
        let done = import(ListFormat::Csv, "url\nhttps://www.aube.ml/feed\n");
        assert_eq!((done.counts(), done.edited.files.len()), ((0, 1, 0), 0));
    }

    #[test]
    fn many_feeds_of_one_host_are_numbered() {
        let lines: Vec<String> = (0..3000).map(|number| format!("https://a.example/{number}\n")).collect();
        let done = import(ListFormat::Newsboat, &lines.concat());
        assert_eq!(done.counts().0, 3000);
        assert!(
            matches!(&done.feeds[2999].fate, Fate::New(id) if id.as_str() == "a-3000"),
            "{:?}",
            done.feeds[2999].fate
        );
    }

    #[test]
    fn what_is_no_list_is_named() {
        assert!(
            document_kind(b"<rss version='2.0'><channel><title>t</title><item><title>x</title></item></channel></rss>")
                .expect("a feed")
                .contains("griot add")
        );
        assert!(document_kind(b"<html><body>x</body></html>").expect("a page").contains("web page"));
        assert!(
            document_kind(b"<opml><outline xmlUrl='http://a.example/'/></opml>")
                .expect("a list")
                .contains("griot import opml")
        );
    }
}
