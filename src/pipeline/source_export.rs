//! The sources of feeds.toml as lists of feeds show them: without secrets and without addresses that are nobody else's business.

use super::outlets::{is_public_address, needs_secret};
use crate::config::{Config, Settings, Source, listed_sources};
use crate::model::SourceId;
use crate::model::network::is_private_host;
use std::collections::HashMap;
use url::Url;

/// The sources that a list shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicSources {
    /// Their settings, in the order of feeds.toml.
    pub sources: Vec<Settings>,
    /// Those that it leaves out, each with the reason.
    pub left_out: Vec<(SourceId, &'static str)>,
}

/// Returns the sources as a list shows them; `needs_feed` leaves out those that have no feed, for formats that know only feeds.
#[must_use]
pub fn public_sources(config: &Config, needs_feed: bool) -> PublicSources {
    let mut by_id: HashMap<String, Settings> = listed_sources(config)
        .into_iter()
        .filter_map(|settings| Some((settings.get("id")?.as_str()?.to_owned(), settings)))
        .collect();
    let mut public = PublicSources {
        sources: Vec::new(),
        left_out: Vec::new(),
    };
    for source in &config.sources {
        let settings = by_id.remove(source.id.as_str()).unwrap_or_default();
        match public_settings(source, settings, needs_feed) {
            Ok(settings) => public.sources.push(settings),
            Err(reason) => public.left_out.push((source.id.clone(), reason)),
        }
    }
    public
}

/// Returns the settings of a source that others may see.
///
/// # Errors
/// Why it is left out.
fn public_settings(source: &Source, mut settings: Settings, needs_feed: bool) -> Result<Settings, &'static str> {
    let is_public = |url: &&Url| is_public_address(url);
    let addresses: Vec<&Url> = match &source.public_url {
        Some(public) => vec![public],
        None if needs_secret(source) => {
            return Err("it needs a login, headers or a proxy; `public_url` names the address that others may have");
        }
        None => source.urls.iter().filter(is_public).collect(),
    };
    if source.site.as_ref().is_some_and(is_private_host) {
        settings.remove("site");
    }
    settings.remove("urls");
    if needs_feed && source.list.is_some() {
        return Err("it has no feed, but a list page");
    }
    match addresses.as_slice() {
        // The list page is its site.
        [first] if source.list.is_some() && source.site.as_ref() == Some(*first) => drop(settings.remove("url")),
        [first, ..] => {
            settings.insert("url".to_owned(), first.as_str().into());
        }
        [] if !source.urls.is_empty() => return Err("its address is one of a private network"),
        [] => return Err("it has no address"),
    }
    if addresses.len() > 1 {
        let all: Vec<&str> = addresses.iter().map(|url| url.as_str()).collect();
        settings.insert("urls".to_owned(), all.into());
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::from_str;

    #[test]
    fn secrets_and_private_addresses_stay() {
        let config = from_str(
            "feeds.toml".as_ref(),
            "[[source]]\nid = \"open\"\nurl = \"https://a.example/feed\"\nsite = \"http://wiki.corp.internal/\"\n\
             [[source]]\nid = \"login\"\nurl = \"https://b.example/feed?key=x\"\nauth = \"env:B\"\n\
             [[source]]\nid = \"named\"\nurl = \"https://c.example/feed?key=x\"\nheaders = { Cookie = \"env:C\" }\npublic_url = \"https://c.example/feed\"\n\
             [[source]]\nid = \"inside\"\nurl = \"http://10.0.0.1/feed\"\n\
             [[source]]\nid = \"two\"\nurls = [\"http://10.0.0.1/feed\", \"https://d.example/1\", \"https://d.example/2\"]\n\
             [[source]]\nid = \"page\"\nsite = \"https://e.example/\"\nlist = { link = \"h2 a\" }\n",
        )
        .expect("a configuration");
        let public = public_sources(&config, false);
        let left: Vec<&str> = public.left_out.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(left, ["login", "inside"]);
        let text = serde_json::to_string(&public.sources).expect("JSON");
        for secret in ["key=x", "env:", "10.0.0.1", "corp.internal", "headers", "public_url"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert_eq!(
            public.sources[2]["urls"],
            serde_json::json!(["https://d.example/1", "https://d.example/2"])
        );
        assert_eq!(public.sources[3]["list.link"], "h2 a");
        assert_eq!(
            public_sources(&config, true).left_out.last().map(|(id, _)| id.as_str()),
            Some("page")
        );
    }
}
