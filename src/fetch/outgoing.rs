//! Requests that send something: a notification to an address that the operator named. They pass the same guard, look-up and TLS as visits, but
//! follow no redirect, read little of the answer, and are in no recording.

use super::client::Client;
use super::client_error::request_error;
use super::failure::FetchError;
use super::headers::retry_after;
use super::recording::Recording;
use super::resolver::{GuardedResolver, table_key};
use super::transport::GuardedClient;
use crate::model::{FailureReason, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use url::{Host, Url};

/// How much of an answer's body is kept, for the report of a failure.
const MAX_ANSWER_BYTES: usize = 300;

/// What is sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Where to.
    pub url: Url,
    /// The media type of the body.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingAnswer {
    /// The status code.
    pub status: u16,
    /// Not before this time is it to be sent again.
    pub retry_after: Option<Timestamp>,
    /// The beginning of the body.
    pub text: String,
}

impl Client {
    /// Returns whether a recording stands for the network: then nothing can be sent.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        matches!(self.transport.recording, Some(Recording::Replay(_)))
    }

    /// Sends `outgoing` by POST within `limit`; `now` is the time against which `Retry-After` is read.
    ///
    /// # Errors
    /// The code and the cause in words, when the guard refuses the address or no answer comes.
    pub async fn send(&self, outgoing: &Outgoing, limit: Duration, now: Timestamp) -> Result<OutgoingAnswer, (&'static str, String)> {
        let sent = timeout(limit, self.send_checked(outgoing, now)).await;
        let sent = sent.unwrap_or_else(|_| Err(FetchError::new(FailureReason::Timeout, "no answer came in time")));
        sent.map_err(|error| (error.code.as_str(), error.detail))
    }

    async fn send_checked(&self, outgoing: &Outgoing, now: Timestamp) -> Result<OutgoingAnswer, FetchError> {
        if self.is_replay() {
            return Err(FetchError::new(FailureReason::Connect, "nothing is sent in a replay"));
        }
        let url = &outgoing.url;
        self.check_url(url)
            .map_err(|refusal| FetchError::new(FailureReason::RefusedAddress, refusal.to_string()))?;
        self.transport.check_roots(url)?;
        let host = url.host_str().unwrap_or_default();
        let mut target = url.clone();
        target.set_fragment(None);
        if let Some(table) = &self.transport.table {
            if !table.contains(host) {
                return Err(FetchError::new(
                    FailureReason::Dns,
                    format!("`{host}` is not in the table of names"),
                ));
            }
            // The port has to come from the table, and the connector resolves no literals.
            let _ = target.set_port(None);
            if let Some(Host::Ipv4(_) | Host::Ipv6(_)) = url.host() {
                let _ = target.set_host(Some(&table_key(host)));
            }
        }
        let client = self.transport.guarded_clients(None)?.open;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(outgoing.content_type));
        headers.insert(USER_AGENT, self.transport.user_agent.clone());
        for (name, value) in &outgoing.headers {
            let value =
                HeaderValue::from_str(value).map_err(|_| FetchError::new(FailureReason::Setup, format!("`{name}` cannot be sent")))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        let mut response = client
            .http
            .post(target)
            .headers(headers)
            .body(outgoing.body.clone())
            .send()
            .await
            .map_err(|error| request_error(&error))?;
        self.check_peer(&client, host, response.remote_addr())?;
        let wait = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| retry_after(value.as_bytes(), now));
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while bytes.len() < MAX_ANSWER_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
        {
            bytes.extend_from_slice(&chunk);
        }
        bytes.truncate(MAX_ANSWER_BYTES);
        Ok(OutgoingAnswer {
            status,
            retry_after: wait,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    /// Checks the address that was really connected.
    fn check_peer(&self, client: &GuardedClient, host: &str, remote: Option<SocketAddr>) -> Result<(), FetchError> {
        let refused = |detail: String| FetchError::new(FailureReason::RefusedAddress, detail);
        let remote = remote.ok_or_else(|| refused("the connection does not tell its address".to_owned()))?;
        let claimed: IpAddr = match &self.transport.table {
            Some(table) => {
                let target = table.last_target(host, remote);
                target.map_or_else(|| remote.ip(), |target| target.claimed)
            }
            None => remote.ip(),
        };
        let checked = client.guard.check_address(claimed);
        checked.map_err(|refusal| refused(refusal.to_string()))
    }

    /// Returns the addresses of a host that may be connected, for a protocol other than HTTP; each with `port`, unless the table of names says another.
    ///
    /// # Errors
    /// The code and the cause in words, when there is none that the guard permits.
    pub async fn connectable(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, (&'static str, String)> {
        let guard = Arc::new(self.transport.guard.clone());
        let unbracketed = host.trim_start_matches('[').trim_end_matches(']');
        let is_listed = self.transport.table.as_ref().map(|table| table.contains(host));
        if let (Ok(literal), None) = (unbracketed.parse::<IpAddr>(), is_listed) {
            let checked = guard.check_address(literal);
            return match checked {
                Ok(()) => Ok(vec![SocketAddr::new(literal, port)]),
                Err(refusal) => Err((FailureReason::RefusedAddress.as_str(), refusal.to_string())),
            };
        }
        let resolver = GuardedResolver::new(guard, self.transport.table.clone());
        let found = resolver.addresses(&table_key(host)).await;
        let found = found.map_err(|error| (error.reason().as_str(), error.to_string()))?;
        let with_port = |address: SocketAddr| {
            if address.port() == 0 {
                SocketAddr::new(address.ip(), port)
            } else {
                address
            }
        };
        Ok(found.into_iter().map(with_port).collect())
    }
}
