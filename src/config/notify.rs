//! Who is told of news outside the feeds: `notify` of `[[topic]]`, and the mail server `[smtp]`.

use super::choices::{NotifyEvents, NotifyFormat};
use super::formats::{FLAG, SECRET, choice};
use super::keys::ValueKind;
use super::secret::Secret;
use super::section::Format;
use super::table::{Table, table};
use super::values::{self, Flaw};

/// Where a notification goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotifyAddress {
    /// A webhook's address; it may hold a secret, so it may stand in the environment.
    Web(Secret),
    /// A mail address.
    Mail(String),
}

table! {
    /// Somebody who is told of a topic's news.
    "`notify` of [[topic]]" pub struct NotifyTarget {
        required {
            /// A webhook's address, its name in the environment as env:NAME, or mailto:ADDRESS.
            url: NotifyAddress = NOTIFY_ADDRESS;
        }
        optional {
            /// The form of the body: json, or slack, which Mattermost reads too.
            format: NotifyFormat = choice::<NotifyFormat>(), default NotifyFormat::Json;
            /// What is told: each new story, each alert, or all of them.
            on: NotifyEvents = choice::<NotifyEvents>(), default NotifyEvents::All;
            /// The secret with which the body is signed, in place of that of `[site]`.
            secret: Option<Secret> = SECRET;
        }
    }
}

table! {
    /// The mail server for alerts, digests and the sources' health.
    "[smtp]" pub struct Smtp {
        required {
            /// The mail server's address with user and password: smtps://, or smtp:// with ?tls=required for STARTTLS.
            url: Secret = SMTP_URL;
        }
        optional {
            /// The sender's address; without it the one of `contact`.
            from: Option<String> = MAIL_ADDRESS;
            /// Who gets digests and what is told of the sources' health.
            to: Vec<String> = MAIL_ADDRESSES, default Vec::new();
            /// Whether each lasting change of a source's state is mailed.
            health: bool = FLAG, default false;
        }
    }
}

/// A webhook's address, `env:NAME` or `mailto:ADDRESS`.
const NOTIFY_ADDRESS: Format<NotifyAddress> = Format::new(ValueKind::Text, |section, key| section.parsed(key, notify_address));

/// A mail address.
const MAIL_ADDRESS: Format<String> = Format::new(ValueKind::Text, |section, key| section.parsed(key, values::mail_address));

/// A mail address or several.
const MAIL_ADDRESSES: Format<Vec<String>> = Format::new(ValueKind::TextOrTexts, |section, key| {
    Some(section.one_or_more(key, values::mail_address))
});

/// A mail server's URL or `env:NAME`.
const SMTP_URL: Format<Secret> = Format::new(ValueKind::Secret, |section, key| {
    section.parsed(key, |text| {
        let secret = values::secret(text)?;
        if let Secret::Plain(text) = &secret {
            values::any_url(text, &["smtp", "smtps"])?;
        }
        Ok(secret)
    })
});

/// The targets of a topic: texts and tables.
pub(super) const NOTIFY: Format<Vec<NotifyTarget>> = Format::new(ValueKind::TextsOrTables(NotifyTarget::KEYS), |section, key| {
    let of_text = |text: &str| {
        Ok(NotifyTarget {
            url: notify_address(text)?,
            format: NotifyFormat::Json,
            on: NotifyEvents::All,
            secret: None,
        })
    };
    Some(section.texts_or_tables(key, of_text, NotifyTarget::read))
});

fn notify_address(text: &str) -> Result<NotifyAddress, Flaw> {
    if let Some(address) = text.strip_prefix("mailto:") {
        return values::mail_address(address).map(NotifyAddress::Mail);
    }
    let secret = values::secret(text)?;
    if let Secret::Plain(text) = &secret {
        values::web_url(text)?;
    }
    Ok(NotifyAddress::Web(secret))
}
