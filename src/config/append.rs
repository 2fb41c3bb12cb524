//! Adds sources to feeds.toml, behind those that are there; everything else is kept byte for byte.

use super::edit::{EditError, Edited, edited};
use super::listing::{Settings, source_block};
use super::root::Config;
use crate::model::SourceId;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

/// A source as it is written into feeds.toml; what is not known is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Its id.
    pub id: SourceId,
    /// Its name.
    pub name: Option<String>,
    /// The address of its feed, or of its list page.
    pub url: Url,
    /// The selectors of the links and the dates of its list page; none where it has a feed.
    pub list: Option<(String, Option<String>)>,
    /// Its home page.
    pub site: Option<Url>,
    /// The ISO 3166-1 code of its country.
    pub country: Option<String>,
    /// Its BCP 47 language tag.
    pub language: Option<String>,
    /// What kind of outlet it is, as feeds.toml writes it.
    pub kind: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
}

impl NewSource {
    /// Returns the block that feeds.toml gets, with a line break at its end.
    #[must_use]
    pub fn block(&self) -> String {
        let texts = [
            ("id", Some(self.id.as_str())),
            ("name", self.name.as_deref()),
            ("url", Some(self.url.as_str())),
            ("site", self.site.as_ref().map(Url::as_str)),
            ("country", self.country.as_deref()),
            ("lang", self.language.as_deref()),
            ("kind", self.kind.as_deref()),
        ];
        let given = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?.into())));
        let mut settings: Settings = given.collect();
        if let Some((link, date)) = &self.list {
            settings.insert("list.link".to_owned(), link.as_str().into());
            settings.extend(date.as_deref().map(|date| ("list.date".to_owned(), date.into())));
        }
        if !self.tags.is_empty() {
            settings.insert("tags".to_owned(), self.tags.as_slice().into());
        }
        source_block(&settings)
    }
}

/// Returns `config` with blocks of sources, each of which ends with a line break, behind the last source of feeds.toml.
///
/// # Errors
/// [`EditError::Mistakes`] when the result has mistakes, such as an id that is taken.
pub fn append_sources(config: &Config, blocks: &[String]) -> Result<Edited, EditError> {
    let mut files = config.files.clone();
    if let Some(main) = files.first_mut() {
        let at = end_of_sources(&main.text);
        let mut added = String::new();
        if at > 0 && !main.text[..at].ends_with('\n') {
            added.push('\n');
        }
        for block in blocks {
            if at > 0 || !added.is_empty() {
                added.push('\n');
            }
            added.push_str(block);
        }
        if main.text[at..].starts_with('[') {
            added.push('\n');
        }
        main.text.insert_str(at, &added);
    }
    edited(config, files, Vec::new())
}

/// Returns where the line behind the last source begins, or the end of the file where there is none.
fn end_of_sources(text: &str) -> usize {
    let Ok(root) = DeTable::parse(text) else { return text.len() };
    let sources = root.get_ref().get("source").map(Spanned::get_ref);
    let Some(last) = (match sources {
        Some(DeValue::Array(sources)) => sources.last(),
        _ => None,
    }) else {
        return text.len();
    };
    let end = end_of(last).min(text.len());
    text[end..].find('\n').map_or(text.len(), |line_break| end + line_break + 1)
}

/// Returns where a value ends with all that stands in it: the span of a table is that of its head.
fn end_of(value: &Spanned<DeValue<'_>>) -> usize {
    let inner = match value.get_ref() {
        DeValue::Table(table) => table.values().map(end_of).max(),
        DeValue::Array(array) => array.iter().map(end_of).max(),
        _ => None,
    };
    value.span().end.max(inner.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::from_str;

    const FILE: &str = "[site]\ntitle = \"Desk\"\n\n[[source]]\nid = \"a\"\nurl = \"https://a.example/feed\" # WordPress\n[source.select]\nbody = \"article\" # the text\n\n\
                        # What is published\n[[topic]]\nid = \"mali\"\nany = [\"mali\"]\n";

    fn new(id: &str) -> NewSource {
        NewSource {
            id: SourceId::new(id).expect("a slug"),
            name: Some("L'Aube \"libre\"".to_owned()),
            url: Url::parse("https://b.example/feed").expect("a URL"),
            list: None,
            site: None,
            country: Some("ML".to_owned()),
            language: Some("fr".to_owned()),
            kind: None,
            tags: vec!["mali".to_owned(), "presse".to_owned()],
        }
    }

    fn appended(text: &str, ids: &[&str]) -> Result<String, EditError> {
        let config = from_str("feeds.toml".as_ref(), text).expect("a configuration");
        let blocks: Vec<String> = ids.iter().map(|id| new(id).block()).collect();
        append_sources(&config, &blocks).map(|edited| edited.files[0].text.clone())
    }

    #[test]
    fn a_source_stands_behind_the_others_and_nothing_else_changes() {
        let text = appended(FILE, &["b"]).expect("appended");
        let at = FILE.find("\n# What").expect("a comment");
        assert!(text.starts_with(&FILE[..at]) && text.ends_with(&FILE[at..]), "{text}");
        let added = &text[at..text.len() - FILE[at..].len()];
        let config = from_str("feeds.toml".as_ref(), &text).expect("a configuration");
        assert_eq!(config.sources[1].name, "L'Aube \"libre\"");
        assert_eq!(config.sources[1].tags, ["mali", "presse"]);
        assert!(
            added.starts_with("\n[[source]]\nid      = \"b\"\n") && added.ends_with("]\n"),
            "{added}"
        );
    }

    #[test]
    fn a_file_may_have_no_source_and_no_line_break_at_its_end() {
        for (text, head) in [
            ("", "[[source]]\n"),
            ("[site]\ntitle = \"Desk\"", "[site]\ntitle = \"Desk\"\n\n[[source]]\n"),
        ] {
            assert!(appended(text, &["b"]).expect("appended").starts_with(head));
        }
        let one = "[[source]]\nid = \"a\"\nurl = \"https://a.example/feed\"";
        assert!(
            appended(one, &["b", "c"])
                .expect("appended")
                .starts_with(&format!("{one}\n\n[[source]]\nid      = \"b\""))
        );
        let close = format!("{one}\n[[topic]]\nid = \"mali\"\nany = [\"x\"]\n");
        assert!(appended(&close, &["b"]).expect("appended").contains("]\n\n[[topic]]"));
    }

    #[test]
    fn a_block_has_the_line_breaks_of_the_file() {
        let text = appended(&FILE.replace('\n', "\r\n"), &["b"]).expect("appended");
        assert_eq!(text, appended(FILE, &["b"]).expect("appended").replace('\n', "\r\n"));
    }

    #[test]
    fn a_list_page_has_its_selectors() {
        let list = Some(("h2.titre a[href*='\"']".to_owned(), Some("time".to_owned())));
        let block = NewSource { list, ..new("b") }.block();
        let config = from_str("feeds.toml".as_ref(), &block).expect("a configuration");
        let list = config.sources[0].list.as_ref().expect("a list");
        assert_eq!(list.link.text, "h2.titre a[href*='\"']");
        assert_eq!(list.date.as_ref().map(|date| date.text.as_str()), Some("time"));
    }

    #[test]
    fn an_id_that_is_taken_is_refused() {
        assert!(matches!(appended(FILE, &["a"]), Err(EditError::Mistakes(_))));
    }
}
