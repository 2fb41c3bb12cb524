//! One hop of a visit: one request of one address, sent to the network or answered by a recording, and traced.
//!
//! Not here: which address comes next, and what an answer means (`visit`).

use super::certificate::Certificate;
use super::client_error::request_error;
use super::failure::{FailureCode, FetchError};
use super::guard::Guard;
use super::recording::{Recording, WITHHELD, redacted_value};
use super::request::Request;
use super::resolver::{ResolveTable, table_key};
use super::response::RawResponse;
use super::trace::{Hop, ResponseHead, TraceEvent};
use super::transport::{GuardedClient, Transport};
use crate::model::FailureReason;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

/// One request of a visit.
pub(super) struct HopRequest<'a> {
    pub(super) transport: &'a Transport,
    pub(super) client: &'a GuardedClient,
    /// The request that the visit began with.
    pub(super) request: &'a Request<'a>,
    /// The address of this hop, without fragment and user-info.
    pub(super) url: &'a Url,
    /// When the head of the answer has to be there.
    pub(super) head_deadline: Instant,
}

/// An answer, and who gave it.
pub(super) struct HopResponse {
    pub(super) response: RawResponse,
    /// Whether a public address or a proxy answered.
    pub(super) is_public: bool,
}

impl HopRequest<'_> {
    /// Returns the table of names that replaces look-ups for this request: a proxy looks names up itself.
    pub(super) fn resolve_table(&self) -> Option<&ResolveTable> {
        self.transport.table.as_deref().filter(|_| !self.client.is_proxied)
    }

    /// Makes the request, or takes its answer from the recording that stands for the network.
    ///
    /// # Errors
    /// When the guard refuses the address, or no head of an answer comes.
    pub(super) async fn run(&self, headers: HeaderMap) -> Result<HopResponse, FetchError> {
        let recorder = match &self.transport.recording {
            None => None,
            Some(Recording::Replay(replay)) => {
                let response = replay.response(self.url)?.into();
                return Ok(HopResponse {
                    response,
                    is_public: false,
                });
            }
            Some(Recording::Record(recorder)) => Some(recorder),
        };
        if recorder.is_none() && self.transport.trace.is_none() {
            return self.send(headers).await.map(NetworkResponse::into_hop);
        }
        let sent = self.sent_headers(&headers);
        let exchange = recorder.map(|recorder| recorder.begin(self.url, &sent));
        let began = Instant::now();
        let result = self.send(headers).await;
        if let Some(trace) = &self.transport.trace {
            trace.add(TraceEvent::Hop(Box::new(self.trace_event(&sent, began.elapsed(), &result))));
        }
        match (result, exchange) {
            (Ok(network), Some(mut exchange)) => {
                exchange.start_response(network.response.status, &network.response.headers, network.address);
                let hop = network.into_hop();
                Ok(HopResponse {
                    response: hop.response.recorded_to(exchange),
                    ..hop
                })
            }
            (Err(error), Some(exchange)) => {
                exchange.fail(&error);
                Err(error)
            }
            (result, None) => result.map(NetworkResponse::into_hop),
        }
    }

    /// Sends the request to the network.
    async fn send(&self, headers: HeaderMap) -> Result<NetworkResponse, FetchError> {
        self.check_url()?;
        self.transport.check_roots(self.url)?;
        let sent = self.client.http.get(self.connect_url()).headers(headers).send();
        let Ok(response) = timeout_at(self.head_deadline, sent).await else {
            return Err(FetchError::new(FailureReason::Timeout, "no answer came in time"));
        };
        let response = response.map_err(|error| request_error(&error))?;
        if self.client.is_proxied {
            // The address behind a proxy is not known. It counts as public, so that no redirect leads from there to a private network.
            return Ok(NetworkResponse::new(response, None, true));
        }
        let address = self.check_connected(&response)?;
        let is_public = Guard::strict().check_address(address).is_ok();
        Ok(NetworkResponse::new(response, Some(address), is_public))
    }

    /// Checks the address before anything is looked up.
    fn check_url(&self) -> Result<(), FetchError> {
        let host = self.url.host_str().unwrap_or_default();
        let is_listed = self.resolve_table().map(|table| table.contains(host));
        let checked = match is_listed {
            Some(true) => self.client.guard.check_url_of_listed_name(self.url),
            _ => self.client.guard.check_url(self.url),
        };
        checked.map_err(|refusal| FetchError::new(FailureReason::RefusedAddress, refusal.to_string()))?;
        match is_listed {
            Some(false) => Err(FetchError::new(
                FailureReason::Dns,
                format!("`{host}` is not in the table of names"),
            )),
            _ => Ok(()),
        }
    }

    /// Checks the address that was really connected, and returns it: with a table of names, the one that the table claims.
    fn check_connected(&self, response: &reqwest::Response) -> Result<IpAddr, FetchError> {
        let refused = |detail: String| FetchError::new(FailureReason::RefusedAddress, detail);
        let Some(remote) = response.remote_addr() else {
            return Err(refused("the connection does not tell its address".to_owned()));
        };
        let Some(table) = self.resolve_table() else {
            let checked = self.client.guard.check_address(remote.ip());
            return checked.map(|()| remote.ip()).map_err(|refusal| refused(refusal.to_string()));
        };
        let target = table.last_target(self.url.host_str().unwrap_or_default(), remote);
        match target.map(|target| target.claimed) {
            Some(claimed) if remote.ip().is_loopback() => {
                // The check at the look-up was of another answer if the name has been looked up again since.
                let checked = self.client.guard.check_address(claimed);
                checked.map(|()| claimed).map_err(|refusal| refused(refusal.to_string()))
            }
            _ => Err(refused(format!("{} is not in the table of names", remote.ip()))),
        }
    }

    /// Returns the address as the connector needs it. The connector prefers a port of the URL to the resolver's, and does not resolve
    /// literals; with a table of names, both have to come from the table.
    ///
    /// User-info is sent as basic authentication (RFC 7617), to the requested origin only; the HTTP client makes the header.
    fn connect_url(&self) -> Url {
        // None of the setters can fail: the guard has passed the URL, so it is http and has a host.
        let mut url = self.url.clone();
        if url.origin() == self.request.url.origin() {
            let _ = url.set_username(self.request.url.username());
            let _ = url.set_password(self.request.url.password());
        }
        if self.resolve_table().is_some() {
            let _ = url.set_port(None);
            if let Some(Host::Ipv4(_) | Host::Ipv6(_)) = self.url.host() {
                let _ = url.set_host(Some(&table_key(self.url.host_str().unwrap_or_default())));
            }
        }
        url
    }

    /// Returns the headers as they are sent, with the one that the HTTP client makes of user-info.
    fn sent_headers(&self, headers: &HeaderMap) -> HeaderMap {
        let mut headers = headers.clone();
        let requested = self.request.url;
        let has_user_info = !requested.username().is_empty() || requested.password().is_some();
        if has_user_info && self.url.origin() == requested.origin() {
            headers.entry(AUTHORIZATION).or_insert(HeaderValue::from_static(WITHHELD));
        }
        headers
    }

    fn trace_event(&self, sent: &HeaderMap, took: Duration, result: &Result<NetworkResponse, FetchError>) -> Hop {
        let answer: Result<_, (FailureCode, String)> = result.as_ref().map_err(|error| (error.code, error.detail.clone()));
        Hop {
            url: self.url.clone(),
            sent: redacted_headers(self.url, sent),
            took,
            answer: answer.map(|network| ResponseHead {
                status: network.response.status.as_u16(),
                version: format!("{:?}", network.version),
                address: network.address,
                headers: redacted_headers(self.url, &network.response.headers),
                certificate: network.certificate.clone(),
            }),
        }
    }
}

/// An answer of the network.
struct NetworkResponse {
    response: RawResponse,
    /// The address that answered; none behind a proxy.
    address: Option<IpAddr>,
    is_public: bool,
    version: reqwest::Version,
    certificate: Option<Certificate>,
}

impl NetworkResponse {
    fn new(response: reqwest::Response, address: Option<IpAddr>, is_public: bool) -> Self {
        let tls = response.extensions().get::<reqwest::tls::TlsInfo>();
        let certificate = tls.and_then(reqwest::tls::TlsInfo::peer_certificate);
        Self {
            version: response.version(),
            certificate: certificate.and_then(Certificate::from_der),
            response: response.into(),
            address,
            is_public,
        }
    }

    fn into_hop(self) -> HopResponse {
        HopResponse {
            response: self.response,
            is_public: self.is_public,
        }
    }
}

/// Returns headers without secrets, as text.
fn redacted_headers(url: &Url, headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |name, value| String::from_utf8_lossy(&redacted_value(url, name, value)).into_owned();
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(name, value)))
        .collect()
}
