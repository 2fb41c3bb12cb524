//! What is known of a source when only its feed was read: an id, a name, and guesses at its country and language.

use crate::config::{Config, NewSource, SourceKind};
use crate::model::{SourceId, canonical};
use crate::parse::ParsedFeed;
use crate::text::language::resolve_language;
use url::Url;

/// Top-level domains that stand for their country: others with two letters, such as .io or .tv, are sold to everybody.
const COUNTRY_DOMAINS: [&str; 22] = [
    "bf", "bj", "cd", "cf", "ci", "cm", "dz", "et", "gh", "gm", "gn", "gw", "lr", "ma", "ml", "mr", "ne", "ng", "sd", "sn", "td", "tg",
];
/// How many titles the language is guessed from.
const READ_TITLES: usize = 20;

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
        id: free_id(host, config),
        name: Some(feed.meta.title.trim().to_owned()).filter(|name| !name.is_empty()),
        url: url.clone(),
        site,
        country: country(host),
        language: resolve_language(feed.meta.language.as_deref(), &titles.join("\n")),
        kind: kind(host, &feed.meta.title).map(|kind| kind.as_str().to_owned()),
        tags: Vec::new(),
    }
}

/// Returns the name of the site as an id, with a number where it is taken.
fn free_id(host: &str, config: &Config) -> SourceId {
    let domain = psl::domain_str(host).unwrap_or(host);
    let name = domain.split('.').next().unwrap_or_default();
    let is_taken = |id: &SourceId| config.sources.iter().any(|source| source.id == *id);
    let numbered = |number: usize| match number {
        1 => SourceId::new(name),
        _ => SourceId::new(&format!("{name:.50}-{number}")),
    };
    let free = (1..=config.sources.len() + 1)
        .map(|number| numbered(number).unwrap_or_else(|_| fallback_id(number)))
        .find(|id| !is_taken(id));
    free.unwrap_or_else(|| fallback_id(0))
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
