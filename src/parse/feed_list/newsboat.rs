//! The file `urls` of newsboat (<https://newsboat.org/releases/2.39/docs/newsboat.html#_newsboat_urls>).

use super::listed_feed::{FeedList, ListedFeed};

/// Addresses of newsboat's own that are no feeds of the web, each with the reason.
const OWN_SCHEMES: [(&str, &str); 4] = [
    ("query:", "it is a search among other feeds: a topic with a rule is that here"),
    ("exec:", "it is the output of a program, which griot does not run"),
    ("filter:", "it is a feed that a program changes, which griot does not run"),
    ("file:", "it is a file of one machine"),
];

/// Reads a line per feed: its address, then tags; `"~Title"` is its name.
pub(super) fn read(text: &str) -> FeedList {
    let mut list = FeedList::default();
    for line in text.lines() {
        let mut words = words(line).into_iter();
        if let Some(address) = words.next() {
            list.push(listed(&address, words));
        }
    }
    list
}

fn listed(address: &str, words: impl Iterator<Item = String>) -> ListedFeed {
    let mut feed = match OWN_SCHEMES.iter().find(|(scheme, _)| address.starts_with(scheme)) {
        Some((_, reason)) => ListedFeed::refused(address, reason),
        None => ListedFeed::new(address),
    };
    let mut tags = Vec::new();
    for word in words {
        match word.chars().next() {
            Some('~') => feed.take_name(&word[1..]),
            Some('!') => feed.leave(&word, "there are no hidden sources"),
            _ => tags.push(word),
        }
    }
    feed.take_tags(tags.iter().map(String::as_str));
    feed
}

/// Splits a line at spaces outside of quotation marks; within them a backslash stands before a character that is meant as it is. A comment ends it.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let mut word = String::new();
        let mut quoted = false;
        let mut characters = rest.char_indices();
        let end = loop {
            match characters.next() {
                None => break rest.len(),
                Some((_, '"')) => quoted = !quoted,
                Some((_, '\\')) if quoted => word.extend(characters.next().map(|(_, c)| c)),
                Some((at, c)) if c.is_whitespace() && !quoted => break at,
                Some((_, c)) => word.push(c),
            }
        };
        if !word.is_empty() {
            words.push(word);
        }
        rest = rest[end..].trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_with_their_tags() {
        let list = read(
            "# mine\n\nhttps://a.example/feed#x mali \"Afrique de l'Ouest\" \"~Le \\\"Matin\\\"\" \"!\" !caché # first\r\nhttps://b.example/\nhttps://c.example/ \"open\n",
        );
        let feed = &list.feeds[0];
        assert_eq!(
            (feed.name.as_str(), feed.address.as_str()),
            ("Le \"Matin\"", "https://a.example/feed")
        );
        assert_eq!(feed.settings["tags"], serde_json::json!(["mali", "afrique-de-l-ouest"]));
        assert_eq!((feed.not_taken.len(), list.feeds.len()), (2, 3));
    }

    #[test]
    fn what_is_no_feed_is_named() {
        let list = read(
            "\"query:Unread:unread = \\\"yes\\\"\" tag\nexec:~/bin/feed\nfilter:cat:https://a.example/\nfile:///tmp/x\ngopher://a.example/\n",
        );
        assert!(list.feeds.iter().all(|feed| feed.refused.is_some() && feed.url.is_none()));
        assert_eq!(list.feeds.len(), 5);
    }
}
