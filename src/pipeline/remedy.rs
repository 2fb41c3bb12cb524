//! Remedies: what the operator can do about a source, as a command for the shell.

use crate::config::Source;
use crate::model::{FailureReason, SourceHealth, SourceState};

/// A remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What to do, and why.
    pub advice: &'static str,
    /// The command that does it, or that shows details.
    pub command: String,
}

impl Remedy {
    /// Returns the command where anybody may read it: one with an address may show one that is private.
    #[must_use]
    pub fn public_command(&self) -> Option<&str> {
        Some(self.command.as_str()).filter(|command| !command.contains("url="))
    }
}

/// Returns the remedy for a source in this state; none where nothing has to be done.
#[must_use]
pub fn remedy(source: &Source, state: &SourceState) -> Option<Remedy> {
    use FailureReason as F;
    let id = source.id.as_str();
    let doctor = |advice| Remedy {
        advice,
        command: format!("griot doctor {id}"),
    };
    let other = |advice, command: String| Remedy { advice, command };
    if !source.enabled {
        return Some(other("it is switched off", format!("griot enable {id}")));
    }
    let Some(reason) = state.reason else {
        return remedy_without_failure(source, state);
    };
    Some(match reason {
        F::NotAFeed if let Some(url) = &state.suggestion => edit_url(id, "a page came, which announces this feed", url),
        F::Gone => other("its server says it is gone for good", format!("griot disable {id}")),
        F::Tls if state.detail.as_deref().is_some_and(|detail| detail.contains("expired")) => other(
            "its certificate has expired: tell the site; if you have to read it now, accept that",
            format!("griot edit {id} tls=allow-expired"),
        ),
        F::Blocked => doctor("it takes us for a bot: write to the site, and give [site] contact; griot does not evade"),
        F::Throttled => other("it asks us to come less often", format!("griot edit {id} every=3h")),
        F::Setup => other("it cannot be asked as it is configured", "griot check".to_owned()),
        F::Dns => doctor("its host name has no address: check its spelling"),
        F::Tls => doctor("its certificate cannot be trusted: tell the site"),
        F::Http4xx => doctor("its address may have changed: look for the new one on its site"),
        F::NotAFeed => doctor("something came, but no feed"),
        F::Encoding => other("it is asked without compression next time", format!("griot fetch {id} --force")),
        F::Defect => doctor("griot could not cope with it: please report it"),
        F::Connect | F::Timeout | F::RefusedAddress | F::TooLarge | F::Protocol | F::Http5xx => doctor("see what it says"),
    })
}

/// Returns the remedy for a source without a failure.
fn remedy_without_failure(source: &Source, state: &SourceState) -> Option<Remedy> {
    let id = source.id.as_str();
    let is_listed = |address: &str| source.urls.iter().any(|url| url.as_str() == address);
    if let Some(moved) = state.moved.as_ref().filter(|moved| moved.adopted && !is_listed(&moved.to)) {
        return Some(edit_url(id, "it has moved for good", &moved.to));
    }
    if let Some(works) = state.working_url.as_deref().filter(|works| !is_listed(works)) {
        return Some(edit_url(id, "its own address fails, but this one answers", works));
    }
    (state.health == SourceHealth::Silent).then(|| Remedy {
        advice: "it has told nothing new for far longer than its rhythm: see whether its site lives",
        command: format!("griot doctor {id}"),
    })
}

fn edit_url(id: &str, advice: &'static str, url: &str) -> Remedy {
    Remedy {
        advice,
        command: format!("griot edit {id} {}", shell_quoted(&format!("url={url}"))),
    }
}

/// Quotes a word for a shell: it may hold text of a server.
fn shell_quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::model::{PermanentRedirect, SourceId, Timestamp};

    fn source(more: &str) -> Source {
        let text = format!("[site]\ntitle = \"T\"\n[[source]]\nid = \"a\"\nurl = \"https://a.example.org/feed\"\n{more}\n");
        config::from_str("feeds.toml".as_ref(), &text)
            .expect("a configuration")
            .sources
            .remove(0)
    }

    fn state(reason: Option<FailureReason>) -> SourceState {
        SourceState {
            reason,
            ..SourceState::new(SourceId::new("a").expect("a slug"))
        }
    }

    fn command(state: &SourceState) -> Option<String> {
        remedy(&source(""), state).map(|remedy| remedy.command)
    }

    #[test]
    fn every_failure_has_a_remedy_and_a_source_without_failure_has_none() {
        for reason in FailureReason::all() {
            assert!(
                command(&state(Some(reason))).is_some_and(|command| command.starts_with("griot ")),
                "{reason}"
            );
        }
        assert_eq!(command(&state(None)), None);
        let off = remedy(&source("enabled = false"), &state(None)).expect("a remedy");
        assert_eq!(off.command, "griot enable a");
    }

    #[test]
    fn a_foreign_address_is_quoted() {
        let page = SourceState {
            suggestion: Some("https://a.example.org/it's;rm".into()),
            ..state(Some(FailureReason::NotAFeed))
        };
        assert_eq!(
            command(&page).as_deref(),
            Some(r"griot edit a 'url=https://a.example.org/it'\''s;rm'")
        );
    }

    #[test]
    fn a_permanent_redirect_and_another_address_are_suggested() {
        let moved = PermanentRedirect {
            from: "https://a.example.org/feed".into(),
            to: "https://a.example.org/rss".into(),
            since: Timestamp::from_unix(0),
            visits: 2,
            adopted: true,
        };
        let moved = SourceState {
            moved: Some(moved),
            health: SourceHealth::Silent,
            ..state(None)
        };
        assert_eq!(command(&moved).as_deref(), Some("griot edit a 'url=https://a.example.org/rss'"));
        let works = SourceState {
            working_url: Some("https://www.a.example.org/feed".into()),
            ..state(None)
        };
        assert_eq!(
            command(&works).as_deref(),
            Some("griot edit a 'url=https://www.a.example.org/feed'")
        );
        let expired = SourceState {
            detail: Some("the certificate has expired".into()),
            ..state(Some(FailureReason::Tls))
        };
        assert_eq!(command(&expired).as_deref(), Some("griot edit a tls=allow-expired"));
    }
}
