//! Finds what a new source is: which feed of a page is meant, its id and name, and guesses at its country, language and kind.

use crate::config::{self, Config, NewSource, SourceKind};
use crate::model::{SourceId, canonical};
use crate::parse::{Candidate, DiscoveryMethod, ParsedFeed};
use crate::text::language::resolve_language;
use std::collections::{HashMap, HashSet};
use url::Url;

/// Top-level domains that stand for their country: others with two letters, such as .io or .tv, are sold to everybody.
const COUNTRY_DOMAINS: [&str; 22] = [
    "bf", "bj", "cd", "cf", "ci", "cm", "dz", "et", "gh", "gm", "gn", "gw", "lr", "ma", "ml", "mr", "ne", "ng", "sd", "sn", "td", "tg",
];
/// How many usual addresses of feeds are tried where a page names none.
const MAX_GUESSES: usize = 5;
/// How many titles the language is guessed from.
const READ_TITLES: usize = 20;

/// Which of the feeds that a page offers is meant.
#[derive(Debug, PartialEq, Eq)]
pub enum FeedChoice<'a> {
    /// This one.
    One(&'a Candidate),
    /// One of these: the operator has to say which.
    Several(Vec<&'a Candidate>),
    /// The page names none; the first of these addresses that holds a feed.
    Guesses(Vec<&'a Candidate>),
}

/// Returns which of the feeds that a page offers, the best first, is meant: the only one that it announces, else the only one that it links to.
/// `takes_first` chooses the first of several.
#[must_use]
pub fn choose_feed(candidates: &[Candidate], takes_first: bool) -> FeedChoice<'_> {
    let (guesses, offered): (Vec<&Candidate>, Vec<&Candidate>) =
        candidates.iter().partition(|feed| feed.method == DiscoveryMethod::WellKnown);
    let mut announced = offered.iter().filter(|feed| feed.method == DiscoveryMethod::Announced);
    match (announced.next(), announced.next(), offered.as_slice()) {
        (Some(only), None, _) | (_, _, [only]) => FeedChoice::One(only),
        (_, _, [first, ..]) if takes_first => FeedChoice::One(first),
        (_, _, []) => FeedChoice::Guesses(guesses.into_iter().take(MAX_GUESSES).collect()),
        _ => FeedChoice::Several(offered),
    }
}

/// A block of the catalogue, and whether its source is enabled there.
pub struct CatalogueBlock {
    /// The block, as feeds.toml gets it.
    pub text: String,
    /// Whether its source is enabled.
    pub is_enabled: bool,
}

/// Returns those blocks of the catalogue whose sources `config` does not have, by id or by address.
#[must_use]
pub fn unknown_blocks(config: &Config, blocks: &[&str]) -> Vec<CatalogueBlock> {
    let unknown = |block: &&str| {
        // Each block of the catalogue is one source without mistakes, as its tests say.
        let source = config::from_str("catalogue".as_ref(), block).ok()?.sources.pop()?;
        let is_known =
            config.sources.iter().any(|own| own.id == source.id) || source.urls.iter().any(|url| known_source(config, url).is_some());
        (!is_known).then(|| CatalogueBlock {
            text: (*block).to_owned(),
            is_enabled: source.enabled,
        })
    };
    blocks.iter().filter_map(unknown).collect()
}

/// Returns the source of `config` that follows the feed at `url`, in any spelling of the address.
#[must_use]
pub fn known_source<'a>(config: &'a Config, url: &Url) -> Option<&'a SourceId> {
    let wanted = canonical(url);
    let follows = |urls: &[Url]| urls.iter().any(|own| canonical(own) == wanted);
    config.sources.iter().find(|source| follows(&source.urls)).map(|source| &source.id)
}

/// Returns a source for the feed that was read at `url`, with an id that `config` does not have yet.
#[must_use]
pub fn new_source(feed: &ParsedFeed, url: &Url, config: &Config) -> NewSource {
    let host = url.host_str().unwrap_or_default();
    let titles: Vec<&str> = feed.entries.iter().take(READ_TITLES).map(|entry| entry.title.as_str()).collect();
    let site = feed
        .meta
        .link
        .clone()
        .filter(|site| site.host_str().is_some() && canonical(site) != canonical(url));
    NewSource {
        id: FreeIds::new(config).of_host(host),
        name: Some(feed.meta.title.trim().to_owned()).filter(|name| !name.is_empty()),
        url: url.clone(),
        list: None,
        site,
        country: country(host),
        language: resolve_language(feed.meta.language.as_deref(), &titles.join("\n")),
        kind: kind(host, &feed.meta.title).map(|kind| kind.as_str().to_owned()),
        tags: Vec::new(),
    }
}

/// The ids of sources that are still free.
pub struct FreeIds {
    taken: HashSet<SourceId>,
    /// The number that is tried next for a name that is taken.
    next: HashMap<String, usize>,
}

impl FreeIds {
    /// Returns those that `config` leaves free.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            taken: config.sources.iter().map(|source| source.id.clone()).collect(),
            next: HashMap::new(),
        }
    }

    /// Returns whether an id is taken.
    #[must_use]
    pub fn is_taken(&self, id: &SourceId) -> bool {
        self.taken.contains(id)
    }

    /// Makes an id taken.
    pub fn take(&mut self, id: &SourceId) {
        self.taken.insert(id.clone());
    }

    /// Returns the name of the site as an id; where it is taken, with that of the host before it or a number behind it.
    pub fn of_host(&mut self, host: &str) -> SourceId {
        let domain = psl::domain_str(host).unwrap_or(host);
        let name = domain.split('.').next().unwrap_or_default();
        let part = host.strip_suffix(domain).unwrap_or_default().split('.').next().unwrap_or_default();
        let with_part = SourceId::new(&format!("{part}-{name}"))
            .ok()
            .filter(|_| !matches!(part, "" | "www"));
        if SourceId::new(name).is_ok_and(|id| self.taken.contains(&id))
            && let Some(id) = with_part.filter(|id| !self.taken.contains(id))
        {
            return id;
        }
        let next = self.next.entry(name.to_owned()).or_insert(1);
        loop {
            let id = numbered_id(name, *next);
            if !self.taken.contains(&id) {
                return id;
            }
            *next += 1;
        }
    }
}

fn numbered_id(name: &str, number: usize) -> SourceId {
    let id = match number {
        1 => SourceId::new(name),
        _ => SourceId::new(&format!("{name:.50}-{number}")),
    };
    id.unwrap_or_else(|_| fallback_id(number))
}

/// Returns an id for an address that has no name, such as `http://[::1]/`.
fn fallback_id(number: usize) -> SourceId {
    SourceId::new(&format!("source-{number}")).expect("letters, a hyphen and digits are an id")
}

fn country(host: &str) -> Option<String> {
    let domain = host.rsplit('.').next().unwrap_or_default();
    COUNTRY_DOMAINS.contains(&domain).then(|| domain.to_ascii_uppercase())
}

/// Returns what kind of outlet the host and the title tell; most tell nothing.
fn kind(host: &str, title: &str) -> Option<SourceKind> {
    let title = title.to_lowercase();
    let has = |word: &str| title.split(|c: char| !c.is_alphanumeric()).any(|one| one == word);
    if host.split('.').any(|part| matches!(part, "gov" | "gouv")) || has("ministère") || has("présidence") {
        Some(SourceKind::Government)
    } else if has("radio") || has("fm") {
        Some(SourceKind::Radio)
    } else if has("agence") && (has("presse") || has("information") || has("informations")) {
        Some(SourceKind::Wire)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::from_str;
    use crate::parse::{Document, parse};

    fn read(address: &str, title: &str, config: &str) -> NewSource {
        let item = "<item><title>La crue du fleuve inquiète les habitants du quartier</title><link>https://x.example/1</link></item>";
        let text = format!("<rss version=\"2.0\"><channel><title>{title}</title><link>https://www.aube.ml/</link>{item}</channel></rss>");
        let url = Url::parse(address).expect("a URL");
        let document = Document {
            bytes: text.as_bytes(),
            url: Some(&url),
            content_type: None,
            charset: None,
            is_base_stated: false,
            timezone: None,
        };
        let config = from_str("feeds.toml".as_ref(), config).expect("a configuration");
        new_source(&parse(&document).expect("a feed"), &url, &config)
    }

    #[test]
    fn a_feed_and_its_address_tell_what_is_needed() {
        let source = read("https://www.aube.ml/feed/", " L'Aube ", "");
        assert_eq!(source.id.as_str(), "aube");
        assert_eq!(source.name.as_deref(), Some("L'Aube"));
        assert_eq!(
            (source.country.as_deref(), source.language.as_deref(), source.kind),
            (Some("ML"), Some("fr"), None)
        );
        assert_eq!(source.site.as_ref().map(Url::as_str), Some("https://www.aube.ml/"));
        let source = read("http://127.0.0.1:8080/feed", "", "");
        assert_eq!((source.name, source.country), (None, None));
        let source = read("https://aube.tv/feed", "Radio Aube FM", "");
        assert_eq!((source.kind.as_deref(), source.country), (Some("radio"), None));
        assert_eq!(
            read("https://www.sante.gouv.ne/feed", "Santé", "").kind.as_deref(),
            Some("government")
        );
    }

    #[test]
    fn the_feed_of_a_page_is_chosen_or_asked_for() {
        let feed = |path: &str, method| Candidate {
            url: Url::parse(&format!("https://aube.ml/{path}")).expect("a URL"),
            title: String::new(),
            method,
        };
        let announced = |path| feed(path, DiscoveryMethod::Announced);
        let linked = |path| feed(path, DiscoveryMethod::Linked);
        let guessed = |path| feed(path, DiscoveryMethod::WellKnown);
        let many = ["0", "1", "2", "3", "4", "5", "6"].map(guessed).to_vec();
        for (feeds, takes_first, paths) in [
            (vec![announced("a"), linked("b"), guessed("c")], false, "one a"),
            (vec![linked("b"), guessed("c")], false, "one b"),
            (vec![announced("a"), announced("b")], false, "several a b"),
            (vec![linked("a"), linked("b")], false, "several a b"),
            (vec![announced("a"), announced("b")], true, "one a"),
            (many, true, "guesses 0 1 2 3 4"),
            (Vec::new(), true, "guesses"),
        ] {
            let (kind, chosen) = match choose_feed(&feeds, takes_first) {
                FeedChoice::One(feed) => ("one", vec![feed]),
                FeedChoice::Several(feeds) => ("several", feeds),
                FeedChoice::Guesses(feeds) => ("guesses", feeds),
            };
            let words: Vec<&str> = std::iter::once(kind)
                .chain(chosen.iter().map(|feed| &feed.url.path()[1..]))
                .collect();
            assert_eq!(words.join(" "), paths);
        }
    }

    #[test]
    fn an_id_that_is_taken_gets_a_number() {
        let config =
            "[[source]]\nid = \"aube\"\nurl = \"https://aube.ml/rss\"\n[[source]]\nid = \"aube-2\"\nurl = \"https://aube.ml/rss2\"\n";
        assert_eq!(read("https://www.aube.ml/feed/", "L'Aube", config).id.as_str(), "aube-3");
        let config = from_str("feeds.toml".as_ref(), config).expect("a configuration");
        let known = |address: &str| known_source(&config, &Url::parse(address).expect("a URL")).map(SourceId::as_str);
        assert_eq!(known("http://www.aube.ml/rss/"), Some("aube"));
        assert_eq!(known("http://www.aube.ml/feed/"), None);
    }
}
