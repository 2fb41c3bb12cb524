//! The delivery of a mail to the operator's mail server. The connection goes to an address that the caller has looked up and checked.

use super::attempt::Failure;
use super::mail::MailMessage;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::net::SocketAddr;
use std::time::Duration;
use url::{Url, form_urlencoded};

/// When the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// From the first byte: smtps://.
    Always,
    /// By STARTTLS, or not at all: `?tls=required`.
    Required,
    /// By STARTTLS where the server offers it.
    Offered,
    /// Never: `?tls=none`, for a server on the same machine or network.
    Never,
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
}

impl MailServer {
    /// Reads the address of a server: `smtp://USER:PASSWORD@HOST:PORT?tls=required`.
    ///
    /// # Errors
    /// What is wrong with it, in words that do not repeat it: it holds a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|_| "the address of the mail server is no URL".to_owned())?;
        let tls = form_urlencoded::parse(url.query().unwrap_or_default().as_bytes())
            .find(|(key, _)| key == "tls")
            .map(|(_, value)| value.into_owned());
        let (encryption, port) = match (url.scheme(), tls.as_deref()) {
            ("smtps", _) => (Encryption::Always, 465),
            ("smtp", None | Some("opportunistic")) => (Encryption::Offered, 25),
            ("smtp", Some("required")) => (Encryption::Required, 587),
            ("smtp", Some("none")) => (Encryption::Never, 25),
            ("smtp", Some(_)) => return Err("`tls` of the mail server is required, opportunistic or none".to_owned()),
            _ => return Err("the address of the mail server begins with smtp:// or smtps://".to_owned()),
        };
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or("the address of the mail server names no host")?;
        let credentials =
            (!url.username().is_empty()).then(|| Credentials::new(decode(url.username()), decode(url.password().unwrap_or_default())));
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(port),
            encryption,
            credentials,
        })
    }

    /// Sends `message` over a connection to the first of `addresses` that answers, within `limit`.
    ///
    /// # Errors
    /// The [`Failure`]; a permanent refusal of this very message is final.
    pub async fn send(&self, message: &MailMessage, addresses: &[SocketAddr], limit: Duration) -> Result<(), Failure> {
        let sent = tokio::time::timeout(limit, self.converse(message, addresses, limit)).await;
        sent.unwrap_or_else(|_| Err(Failure::new("timeout", "the mail server did not answer in time")))
    }

    async fn converse(&self, message: &MailMessage, addresses: &[SocketAddr], limit: Duration) -> Result<(), Failure> {
        let MailMessage(message) = message;
        let own_name = message.envelope().from().map_or("localhost", |from| from.domain());
        let hello = ClientId::Domain(own_name.to_owned());
        let tls = || TlsParameters::new(self.host.clone()).map_err(|error| failure(&error));
        let first = if self.encryption == Encryption::Always {
            Some(tls()?)
        } else {
            None
        };
        let connected = AsyncSmtpConnection::connect_tokio1(addresses, Some(limit), &hello, first, None).await;
        let mut connection = connected.map_err(|error| failure(&error))?;
        let upgrades = match self.encryption {
            Encryption::Always | Encryption::Never => false,
            Encryption::Offered => connection.can_starttls(),
            Encryption::Required if connection.can_starttls() => true,
            Encryption::Required => return Err(Failure::new("tls", "the mail server offers no STARTTLS")),
        };
        if upgrades {
            connection.starttls(tls()?, &hello).await.map_err(|error| failure(&error))?;
        }
        if let Some(credentials) = &self.credentials {
            if !connection.is_encrypted() && self.encryption != Encryption::Never {
                return Err(Failure::new(
                    "tls",
                    "the mail server offers no encryption, and the password is not sent without it",
                ));
            }
            let accepted = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            // A password can be mended, so the mail waits.
            accepted.map_err(|error| Failure {
                is_final: false,
                ..failure(&error)
            })?;
        }
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        sent.map_err(|error| failure(&error))?;
        // The server has the mail, whatever it says now.
        let _ = connection.quit().await;
        Ok(())
    }
}

/// Returns a part of a URL with its percent-encoded bytes decoded.
fn decode(part: &str) -> String {
    // The decoder is that of queries, where `+` is a space and `&` ends a value.
    let query = format!("x={}", part.replace('+', "%2B").replace('&', "%26"));
    let decoded = form_urlencoded::parse(query.as_bytes()).next();
    decoded.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let code = match () {
        () if error.is_tls() => "tls",
        () if error.is_timeout() => "timeout",
        () if error.is_transient() || error.is_permanent() => "status",
        () => "connect",
    };
    let mut detail = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !detail.contains(&text) {
            detail.push_str(": ");
            detail.push_str(&text);
        }
        cause = inner.source();
    }
    Failure {
        is_final: error.is_permanent(),
        ..Failure::new(code, detail.chars().filter(|c| !c.is_control()).take(300).collect::<String>())
    }
}
