//! Who is told: the targets of the configuration by their digests, under which deliveries are stored. No address is in the database, since it may be
//! a secret.

use crate::config::{Config, ConfigProblem, NotifyAddress, NotifyEvents, NotifyFormat, NotifyTarget, Secret, Topic};
use crate::model::{Digest128, Digester, FailedDeliveries, Timestamp, TopicId};
use crate::store::{Store, StoreError};
use std::collections::HashMap;
use url::Url;

/// Reads an environment variable.
pub type Environment = fn(&str) -> Option<String>;

/// A target of the present configuration.
#[derive(Debug, Clone)]
pub enum Target<'c> {
    /// A WebSub hub.
    Hub(&'c Url),
    /// A webhook, with the secret that signs what it gets.
    Web {
        /// Its address.
        url: &'c Secret,
        /// The secret.
        secret: Option<&'c Secret>,
    },
    /// A mail address.
    Mail(&'c str),
}

/// Returns the digest of a topic's target. The form of the body counts, so that one address may get both.
#[must_use]
pub fn target_digest(target: &NotifyTarget) -> Digest128 {
    match &target.url {
        NotifyAddress::Web(Secret::Plain(url)) => digest(&["web", url, format_word(target.format)]),
        NotifyAddress::Web(Secret::Env(name)) => digest(&["env", name, format_word(target.format)]),
        NotifyAddress::Mail(address) => mail_digest(address),
    }
}

/// Returns the digest of a hub.
#[must_use]
pub fn hub_digest(hub: &Url) -> Digest128 {
    digest(&["hub", hub.as_str()])
}

/// Returns the digest of a mail address.
#[must_use]
pub fn mail_digest(address: &str) -> Digest128 {
    digest(&["mail", address])
}

const fn format_word(format: NotifyFormat) -> &'static str {
    match format {
        NotifyFormat::Json => "json",
        NotifyFormat::Slack => "slack",
    }
}

fn digest(parts: &[&str]) -> Digest128 {
    let mut digester = Digester::new();
    for part in parts {
        digester.update_terminated(part);
    }
    digester.finish()
}

/// Returns the targets of a topic that want to know of its stories.
pub fn story_targets(topic: &Topic) -> impl Iterator<Item = &NotifyTarget> {
    let wants = |target: &&NotifyTarget| target.on != NotifyEvents::Alert && !matches!(target.url, NotifyAddress::Mail(_));
    topic.notify.iter().filter(wants)
}

/// Returns the targets of a topic that want to know of its alerts.
pub fn alert_targets(topic: &Topic) -> impl Iterator<Item = &NotifyTarget> {
    topic.notify.iter().filter(|target| target.on != NotifyEvents::Story)
}

/// Returns every target of the configuration by the topic, as far as it is of one, and its digest: topics may sign for one address with their own
/// secrets.
#[must_use]
pub fn targets(config: &Config) -> HashMap<(Option<TopicId>, Digest128), Target<'_>> {
    let mut all = HashMap::new();
    for topic in config.topics.iter().filter(|topic| topic.enabled) {
        for target in &topic.notify {
            let found = match &target.url {
                NotifyAddress::Web(url) => Target::Web {
                    url,
                    secret: target.secret.as_ref().or(config.site.notify_secret.as_ref()),
                },
                NotifyAddress::Mail(address) => Target::Mail(address),
            };
            all.insert((Some(topic.id.clone()), target_digest(target)), found);
        }
        if let Some(hub) = &topic.hub {
            all.insert((Some(topic.id.clone()), hub_digest(hub)), Target::Hub(hub));
        }
    }
    for address in config.smtp.iter().flat_map(|smtp| &smtp.to) {
        all.insert((None, mail_digest(address)), Target::Mail(address));
    }
    all
}

/// Returns whom a target is, for people: a host or a mail address. The path of a webhook is its secret.
#[must_use]
pub fn name(target: &Target<'_>, environment: Environment) -> String {
    let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
    match target {
        Target::Hub(hub) => host(hub),
        Target::Web { url, .. } => {
            let text = match url {
                Secret::Plain(text) => text.clone(),
                Secret::Env(name) => environment(name).unwrap_or_default(),
            };
            match (Url::parse(&text), url) {
                (Ok(url), _) => host(&url),
                (Err(_), Secret::Env(name)) => format!("env:{name}"),
                (Err(_), Secret::Plain(_)) => "a webhook".to_owned(),
            }
        }
        Target::Mail(address) => (*address).to_owned(),
    }
}

/// Returns the mistakes in what the environment says of targets: an address or a secret that is missing or empty, or an address that is none.
#[must_use]
pub fn check_environment(config: &Config, environment: Environment) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    let mut check = |secret: Option<&Secret>, whose: &str, is_address: bool| {
        let Some(Secret::Env(name)) = secret else { return };
        let value = environment(name).unwrap_or_default();
        let is_web = |text: &str| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let message = if value.trim().is_empty() {
            format!("{whose}: the environment variable {name} is missing or empty")
        } else if is_address && !is_web(&value) {
            format!("{whose}: the environment variable {name} holds no http or https URL")
        } else {
            return;
        };
        problems.push(ConfigProblem {
            message,
            help: Some("set it, or remove the key that names it".to_owned()),
            ..ConfigProblem::default()
        });
    };
    for topic in config.topics.iter().filter(|topic| topic.enabled) {
        for target in &topic.notify {
            if let NotifyAddress::Web(url) = &target.url {
                check(Some(url), &format!("`notify` of the topic `{}`", topic.id), true);
            }
            check(target.secret.as_ref(), &format!("`notify` of the topic `{}`", topic.id), false);
        }
    }
    check(config.site.notify_secret.as_ref(), "`notify_secret` of [site]", false);
    check(config.smtp.as_ref().map(|smtp| &smtp.url), "[smtp]", false);
    problems
}

/// Returns what could not be told since `since`, with whom it was for.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn failures(
    config: &Config,
    store: &Store,
    environment: Environment,
    since: Timestamp,
) -> Result<Vec<(String, FailedDeliveries)>, StoreError> {
    let targets = targets(config);
    let named = |failed: FailedDeliveries| {
        let target = targets.get(&(failed.topic.clone(), failed.target));
        let name = target.map_or_else(|| "a former target".to_owned(), |target| name(target, environment));
        (name, failed)
    };
    Ok(store.failed_deliveries(since)?.into_iter().map(named).collect())
}
