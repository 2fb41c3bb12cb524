//! What is no mistake, but hardly meant: a file without sources, a feed that two sources follow, nothing that would be published.

use super::problem::{ConfigProblem, Placed};
use super::root::Config;
use crate::model::CanonicalUrl;
use std::collections::BTreeMap;

/// Returns the remarks on a configuration without mistakes; `feeds` are the addresses of the sources' feeds, each with the source's id at the place of
/// the address.
pub(super) fn remarks(config: &Config, feeds: &[(CanonicalUrl, Placed)]) -> Vec<ConfigProblem> {
    let mut found: Vec<ConfigProblem> = Vec::new();
    let mut whole = |message: &str, help: &str| {
        found.push(ConfigProblem {
            message: message.to_owned(),
            help: Some(help.to_owned()),
            ..ConfigProblem::default()
        });
    };
    let is_published = config.site.merged.is_some() || config.topics.iter().any(|topic| topic.enabled);
    // The feeds of a list that is included are sources too.
    let follows_nothing = config.sources.is_empty() && config.included_lists.is_empty();
    if follows_nothing && config.topics.is_empty() {
        whole(
            "nothing is in this file yet: neither a source nor a topic",
            "`griot add URL` adds a source; `griot init` writes a whole file into another folder",
        );
    } else {
        if follows_nothing {
            whole("no source is followed", "`griot add URL` adds one");
        } else if config.included_lists.is_empty() && config.sources.iter().all(|source| !source.enabled) {
            whole("every source is disabled: nothing is fetched", "`griot enable ID` enables one");
        }
        if !is_published {
            whole(
                "nothing is published: there is no topic that is enabled",
                "add [[topic]] with `id`, `title` and `any = [\"a word\"]`, or to [site] merged = \"all\", one feed of everything",
            );
        }
    }
    found.extend(repeated_feeds(feeds));
    found
}

/// Returns a remark on each feed that a source before follows, in any spelling.
fn repeated_feeds(feeds: &[(CanonicalUrl, Placed)]) -> Vec<ConfigProblem> {
    let mut seen: BTreeMap<&CanonicalUrl, &Placed> = BTreeMap::new();
    let mut found = Vec::new();
    for (address, source) in feeds {
        match seen.get(address) {
            Some(first) if first.text != source.text => found.push(ConfigProblem {
                place: Some(source.place.clone()),
                message: format!("`{}` follows the same feed as `{}`", source.text, first.text),
                help: Some(format!("`griot remove {}` removes the second", source.text)),
                also: Some(Placed {
                    text: "here is the first".to_owned(),
                    place: first.place.clone(),
                }),
            }),
            Some(_) => {}
            None => drop(seen.insert(address, source)),
        }
    }
    found
}
