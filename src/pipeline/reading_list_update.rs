//! What a visit of a reading list changes in what is stored of it. Pure.
//!
//! A list of others is untrusted: it says addresses, names, languages, sites and tags, and nothing else, of at most 1,000 feeds, none in a private network.

use super::new_source::FreeIds;
use super::source_import::remove_bad_settings;
use crate::config::Settings;
use crate::model::{CanonicalUrl, ListedSource, ReadingList, Timestamp, canonical, is_private_host};
use crate::parse::FeedList;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use url::Url;

/// The most feeds of one list that are followed.
const MAX_FEEDS: usize = 1000;
/// What a list may say of a feed.
const KEYS: [&str; 5] = ["url", "name", "lang", "site", "tags"];
/// A list that has fewer than one in so many of its former feeds is in doubt, when it had as many at least.
const DOUBTED_SHARE: usize = 5;
/// How long a list that is in doubt stays what it was.
const DOUBT: Duration = Duration::from_hours(3 * 24);
/// How long the id of a feed is kept that has left its list.
const KEEP_REMOVED: Duration = Duration::from_hours(90 * 24);

/// What a visit has brought.
#[derive(Debug)]
pub enum Reading {
    /// A list.
    Fresh {
        /// Its feeds.
        feeds: FeedList,
        /// The `ETag` of the answer.
        etag: Option<Vec<u8>>,
        /// The `Last-Modified` of the answer.
        last_modified: Option<Vec<u8>>,
    },
    /// The list has not changed.
    Unchanged,
    /// It could not be read, for this reason.
    Failed(String),
}

/// Takes over what a visit at `now` has brought; returns how many feeds were added and removed. Whatever speaks against it is the list's problem, and its
/// feeds stay.
pub fn update(list: &mut ReadingList, reading: Reading, ids: FreeIds, now: Timestamp) -> (usize, usize) {
    list.checked = now;
    list.problem = None;
    match reading {
        Reading::Unchanged => list.read = Some(now),
        Reading::Failed(reason) => list.problem = Some(reason),
        Reading::Fresh {
            feeds,
            etag,
            last_modified,
        } => {
            let is_cut = feeds.problems.iter().any(|problem| problem.code == "truncated");
            let feeds = settings_by_feed(feeds);
            list.problem = objection(list, feeds.len(), is_cut, now);
            if list.problem.is_none() {
                (list.etag, list.last_modified, list.read, list.doubted) = (etag, last_modified, Some(now), None);
                return replace_feeds(list, feeds, ids, now);
            }
            // The next visit needs the whole list.
            (list.etag, list.last_modified) = (None, None);
        }
    }
    (0, 0)
}

/// Returns why a list is not believed.
fn objection(list: &mut ReadingList, count: usize, is_cut: bool, now: Timestamp) -> Option<String> {
    let before = list.present().count();
    if count == 0 {
        return Some("it lists no feeds".to_owned());
    }
    if is_cut {
        return Some("it ends in the middle".to_owned());
    }
    if before < DOUBTED_SHARE || count * DOUBTED_SHARE >= before {
        return None;
    }
    let since = *list.doubted.get_or_insert(now);
    (now < since + DOUBT).then(|| {
        format!(
            "it has {count} feeds where it had {before}: the former ones stay for {} days",
            DOUBT.as_secs() / 86_400
        )
    })
}

/// Returns the feeds of a list in their order, each once, with what a list may say of them.
fn settings_by_feed(list: FeedList) -> Vec<(CanonicalUrl, Url, Settings)> {
    let mut seen = HashSet::new();
    let mut feeds = Vec::new();
    for mut feed in list.feeds {
        let Some(url) = feed.url.clone().filter(|url| feed.refused.is_none() && !is_private_host(url)) else {
            continue;
        };
        if feeds.len() >= MAX_FEEDS || !seen.insert(canonical(&url)) {
            continue;
        }
        feed.settings.retain(|key, _| KEYS.contains(&key.as_str()));
        feed.settings.insert("url".to_owned(), url.as_str().into());
        // Any id serves for the check.
        feed.settings.insert("id".to_owned(), "x".into());
        if remove_bad_settings(&mut feed).is_none() {
            feed.settings.remove("id");
            feeds.push((canonical(&url), url, feed.settings));
        }
    }
    feeds
}

fn replace_feeds(list: &mut ReadingList, feeds: Vec<(CanonicalUrl, Url, Settings)>, mut ids: FreeIds, now: Timestamp) -> (usize, usize) {
    let mut former: HashMap<CanonicalUrl, ListedSource> = std::mem::take(&mut list.sources)
        .into_iter()
        .filter_map(|source| Some((canonical(&address(&source)?), source)))
        .collect();
    let mut added = 0;
    for (key, url, settings) in feeds {
        let known = former.remove(&key);
        let is_new = known.as_ref().is_none_or(|known| known.removed.is_some());
        added += usize::from(is_new);
        let id = known
            .as_ref()
            .map_or_else(|| ids.of_host(url.host_str().unwrap_or_default()), |known| known.id.clone());
        ids.take(&id);
        list.sources.push(ListedSource {
            id,
            settings: serde_json::to_string(&settings).unwrap_or_default(),
            added: known.filter(|_| !is_new).map_or(now, |known| known.added),
            removed: None,
        });
    }
    let mut removed = 0;
    for mut gone in former.into_values() {
        removed += usize::from(gone.removed.is_none());
        let since = *gone.removed.get_or_insert(now);
        if now < since + KEEP_REMOVED {
            list.sources.push(gone);
        }
    }
    list.sources.sort_by(|a, b| a.id.cmp(&b.id));
    (added, removed)
}

fn address(source: &ListedSource) -> Option<Url> {
    let settings: Settings = serde_json::from_str(&source.settings).ok()?;
    settings.get("url")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, from_str};
    use crate::parse::{ListFormat, read_list};

    fn day(number: i64) -> Timestamp {
        Timestamp::from_unix(1_770_000_000 + number * 86_400)
    }

    fn config() -> Config {
        from_str("feeds.toml".as_ref(), "[[source]]\nid = \"a\"\nurl = \"https://own.example/\"\n").expect("a configuration")
    }

    fn fresh(text: &str) -> Reading {
        Reading::Fresh {
            feeds: read_list(text.as_bytes(), ListFormat::Opml).expect("a list"),
            etag: Some(b"\"1\"".to_vec()),
            last_modified: None,
        }
    }

    fn opml(hosts: &[&str]) -> Reading {
        let outlines = hosts
            .iter()
            .map(|host| format!("<outline text='{host}' xmlUrl='https://{host}.example/'/>"));
        let outlines = outlines.collect::<Vec<_>>().concat();
        fresh(&format!("<opml><body>{outlines}</body></opml>"))
    }

    fn visit(list: &mut ReadingList, reading: Reading, number: i64) -> (usize, usize) {
        let mut ids = FreeIds::new(&config());
        list.sources.iter().for_each(|source| ids.take(&source.id));
        update(list, reading, ids, day(number))
    }

    fn present(list: &ReadingList) -> Vec<&str> {
        list.present().map(|source| source.id.as_str()).collect()
    }

    #[test]
    fn feeds_come_go_and_come_back_under_their_ids() {
        let mut list = ReadingList::new("https://lists.example/", day(0));
        assert_eq!(visit(&mut list, opml(&["a", "b"]), 0), (2, 0));
        assert_eq!(present(&list), ["a-2", "b"], "feeds.toml has `a`");
        assert_eq!(visit(&mut list, opml(&["a", "c"]), 1), (1, 1));
        assert_eq!(present(&list), ["a-2", "c"]);
        assert_eq!(visit(&mut list, opml(&["b", "a", "c"]), 2), (1, 0));
        assert_eq!(present(&list), ["a-2", "b", "c"]);
        let added: Vec<Timestamp> = list.present().map(|source| source.added).collect();
        assert_eq!(added, [day(0), day(2), day(1)]);
        visit(&mut list, opml(&["a"]), 3);
        assert_eq!(list.sources.len(), 3);
        visit(&mut list, opml(&["a"]), 100);
        assert_eq!(list.sources.len(), 1, "at last they are forgotten");
    }

    #[test]
    fn a_list_that_fails_or_shrinks_stays_what_it_was() {
        let mut list = ReadingList::new("https://lists.example/", day(0));
        let many = ["b", "c", "d", "e", "f", "g"];
        visit(&mut list, opml(&many), 0);
        for (reading, words) in [
            (Reading::Failed("404".to_owned()), "404"),
            (fresh("<opml><body/></opml>"), "no feeds"),
            (
                fresh("<opml><outline xmlUrl='https://b.example/'/><outline xmlUrl='https://c.example"),
                "in the middle",
            ),
            (opml(&["z"]), "1 feeds where it had 6"),
        ] {
            assert_eq!(visit(&mut list, reading, 1), (0, 0), "{words}");
            assert!(
                list.problem.as_ref().is_some_and(|problem| problem.contains(words)),
                "{:?}",
                list.problem
            );
            assert_eq!(present(&list), many);
        }
        assert_eq!(visit(&mut list, Reading::Unchanged, 2), (0, 0));
        assert_eq!((list.problem.as_deref(), list.read), (None, Some(day(2))));
        visit(&mut list, opml(&["z"]), 3);
        assert_eq!(present(&list), many);
        visit(&mut list, opml(&["z"]), 4);
        assert_eq!(present(&list), ["z"], "it was meant");
    }

    #[test]
    fn a_list_says_little_and_not_too_much() {
        let mut list = ReadingList::new("https://lists.example/", day(0));
        let hostile = fresh(
            "<opml xmlns:griot='https://griot.invalid/opml'><outline text='Presse'><outline text='a&#10;b' xmlUrl='https://b.example/' language='klingon!' \
             htmlUrl='https://b.example/x' miniflux:userAgent='x' griot:every='1s' griot:id='a' griot:select.body='p' griot:urls='http://10.0.0.1/'/>\
             <outline xmlUrl='http://127.0.0.1/'/><outline xmlUrl='http://intranet/'/><outline xmlUrl='https://b.example'/></outline></opml>",
        );
        visit(&mut list, hostile, 0);
        assert_eq!(list.sources.len(), 1);
        assert_eq!(
            list.sources[0].settings,
            "{\"name\":\"a b\",\"site\":\"https://b.example/x\",\"tags\":[\"presse\"],\"url\":\"https://b.example/\"}"
        );
        let hosts: Vec<String> = (0..1500).map(|number| format!("h{number}")).collect();
        visit(&mut list, opml(&hosts.iter().map(String::as_str).collect::<Vec<_>>()), 1);
        assert_eq!(list.present().count(), 1000);
    }
}
