//! A feed as a list of feeds names it, and what was read of it.

use crate::config::{Settings, read_setting};
use crate::model::{Problem, without_user_info};
use crate::parse::one_line::printable_line;
use crate::parse::opml::web_address;
use url::Url;

/// The most feeds of a list that are read.
pub(super) const MAX_LISTED: usize = 10_000;
/// The longest name, in characters; a longer one is cut.
const MAX_NAME_CHARS: usize = 200;
/// The longest other value, in characters; a longer one is not taken.
const MAX_VALUE_CHARS: usize = 1000;
/// The most tags of a feed.
const MAX_TAGS: usize = 32;
/// The longest tag, in characters.
const MAX_TAG_CHARS: usize = 64;
/// How much of an address is quoted, in characters.
const MAX_QUOTE_CHARS: usize = 200;

/// A list of feeds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedList {
    /// The feeds, in the order of the list; at most 10,000.
    pub feeds: Vec<ListedFeed>,
    /// The defects of the list as a whole.
    pub problems: Vec<Problem>,
}

impl FeedList {
    /// Adds a feed, unless the list is full.
    pub(super) fn push(&mut self, feed: ListedFeed) {
        if self.feeds.len() < MAX_LISTED {
            self.feeds.push(feed);
        } else if !self.problems.iter().any(|problem| problem.code == "too-many-feeds") {
            let detail = format!("only the first {MAX_LISTED} feeds are read");
            self.problems.push(Problem::new("too-many-feeds", detail));
        }
    }
}

/// A feed of a list. Texts are one line without control characters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListedFeed {
    /// Its name in the list, for reports; often empty.
    pub name: String,
    /// Its address as the list has it, without a password, for reports.
    pub address: String,
    /// Its address; none when it is not of the web.
    pub url: Option<Url>,
    /// What the list says of it, by the keys of feeds.toml; not checked yet, and without its address.
    pub settings: Settings,
    /// The settings that it has in the list and that are not taken.
    pub not_taken: Vec<NotTaken>,
    /// Why it cannot be a source at all.
    pub refused: Option<String>,
}

/// A setting that is not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// Its name in the list.
    pub setting: String,
    /// Why, or what takes its place.
    pub reason: String,
}

impl ListedFeed {
    /// Returns the feed at an address as a list has it.
    pub(super) fn new(address: &str) -> Self {
        let url = web_address(address);
        let quoted = |text: &str| printable_line(text, MAX_QUOTE_CHARS);
        let mut feed = Self {
            address: quoted(url.as_ref().map_or(address, Url::as_str)),
            ..Self::default()
        };
        match url {
            Some(url) if without_user_info(url.clone()) != url => {
                feed.address = quoted(without_user_info(url).as_str());
                feed.refused = Some("its address has a name and a password in it: add it by hand, with `auth = \"env:NAME\"`".to_owned());
            }
            None if address.trim().is_empty() => feed.refused = Some("it has no address".to_owned()),
            None => feed.refused = Some("its address is not of the web (http or https)".to_owned()),
            url => feed.url = url,
        }
        feed
    }

    /// Returns what a list has in place of a feed, and why it is none.
    pub(super) fn refused(what: &str, reason: &str) -> Self {
        Self {
            address: printable_line(what, MAX_QUOTE_CHARS),
            refused: Some(reason.to_owned()),
            ..Self::default()
        }
    }

    /// Takes the text that the list has for a key of feeds.toml; an empty one says nothing.
    pub(super) fn take(&mut self, key: &str, text: &str) {
        if key == "name" {
            return self.take_name(text);
        }
        let line = printable_line(text, MAX_VALUE_CHARS + 1);
        if line.chars().count() > MAX_VALUE_CHARS {
            self.leave(key, &format!("it is longer than {MAX_VALUE_CHARS} characters"));
        } else if !line.is_empty() {
            self.settings.insert(key.to_owned(), read_setting(key, &line));
        }
    }

    /// Takes a name.
    pub(super) fn take_name(&mut self, text: &str) {
        self.name = printable_line(text, MAX_NAME_CHARS);
        if !self.name.is_empty() {
            self.settings.insert("name".to_owned(), self.name.as_str().into());
        }
    }

    /// Takes names of folders and the like as tags.
    pub(super) fn take_tags<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let mut tags: Vec<String> = Vec::new();
        for tag in names.map(tag).filter(|tag| !tag.is_empty()) {
            if !tags.contains(&tag) && tags.len() < MAX_TAGS {
                tags.push(tag);
            }
        }
        if !tags.is_empty() {
            self.settings.insert("tags".to_owned(), tags.into());
        }
    }

    /// Records that a setting is not taken.
    pub(super) fn leave(&mut self, setting: &str, reason: &str) {
        self.not_taken.push(NotTaken {
            setting: printable_line(setting, MAX_TAG_CHARS),
            reason: reason.to_owned(),
        });
    }
}

/// Returns the name of a folder as a tag: in lower case, with hyphens for all that is no letter and no digit, since queries name tags in one word.
fn tag(name: &str) -> String {
    let letters = name
        .chars()
        .take(MAX_QUOTE_CHARS)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' });
    let words: String = letters.flat_map(char::to_lowercase).collect();
    let tag = words.split_whitespace().collect::<Vec<_>>().join("-");
    tag.chars().take(MAX_TAG_CHARS).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_become_tags() {
        for (name, expected) in [
            ("Mali & Niger", "mali-niger"),
            (" À la une ", "à-la-une"),
            ("الأخبار المحلية", "الأخبار-المحلية"),
            ("!?", ""),
        ] {
            assert_eq!(tag(name), expected);
        }
        assert_eq!(tag(&"a-".repeat(1000)).chars().count(), 63);
    }

    #[test]
    fn hostile_values_are_cleaned_and_capped() {
        let mut feed = ListedFeed::new("https://a.example/feed");
        feed.take_name(&format!("a\n\u{1b}[31m\"]]{}", "x".repeat(1_000_000)));
        assert!(
            feed.name.starts_with("a [31m\"]]xxx") && feed.name.chars().count() == 200,
            "{}",
            feed.name
        );
        feed.take("note", &"x".repeat(1001));
        feed.take("owner", "  ");
        assert_eq!((feed.settings.len(), feed.not_taken.len()), (1, 1));
    }

    #[test]
    fn an_address_with_a_password_is_refused_and_not_quoted() {
        let feed = ListedFeed::new("https://desk:word@a.example/feed");
        assert_eq!((feed.address.as_str(), feed.url.is_none()), ("https://a.example/feed", true));
        assert!(feed.refused.is_some_and(|reason| reason.contains("auth")));
        for bad in ["", "file:///etc/passwd", "javascript:x"] {
            assert!(ListedFeed::new(bad).refused.is_some(), "{bad}");
        }
    }
}
