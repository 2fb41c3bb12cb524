//! One exchange of a visit, seen from outside: given back by a recording, or asked of the network, taken down and witnessed.

use super::Visit;
use crate::fetch::Certificate;
use crate::fetch::failure::Stop;
use crate::fetch::hop::Reply;
use crate::fetch::recording::{Recording, WITHHELD, open_value};
use crate::fetch::trace::{Head, Hop, TraceEvent};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

impl Visit<'_> {
    /// Asks the present address: the network, or the recording that stands for it.
    pub(super) async fn hop(&mut self) -> Result<Reply, Stop> {
        let headers = self.headers(&self.guarded())?;
        let recorder = match &self.inner.recording {
            None => None,
            Some(Recording::Replay(replay)) => return replay.answer(&self.url),
            Some(Recording::Record(recorder)) => Some(recorder),
        };
        if recorder.is_none() && self.inner.trace.is_none() {
            return self.ask(headers).await.map(|reached| reached.reply);
        }
        let sent = self.shown_headers(&headers);
        let exchange = recorder.map(|recorder| recorder.begin(&self.url, &sent));
        let began = Instant::now();
        let came = self.ask(headers).await;
        if let Some(trace) = &self.inner.trace {
            trace.note(TraceEvent::Hop(Box::new(self.seen(&sent, began.elapsed(), &came))));
        }
        match (came, exchange) {
            (Ok(Reached { reply, address, .. }), Some(mut exchange)) => {
                exchange.answered(&reply, address);
                Ok(reply.recorded(exchange))
            }
            (Err(stop), Some(exchange)) => {
                exchange.failed(&stop);
                Err(stop)
            }
            (came, None) => came.map(|reached| reached.reply),
        }
    }

    fn seen(&self, sent: &HeaderMap, took: Duration, came: &Result<Reached, Stop>) -> Hop {
        let answer = came.as_ref().map_err(|stop| (stop.code, stop.detail.clone()));
        Hop {
            url: self.url.clone(),
            sent: shown(&self.url, sent),
            took,
            answer: answer.map(|reached| Head {
                status: reached.reply.status.as_u16(),
                version: format!("{:?}", reached.version),
                address: reached.address,
                headers: shown(&self.url, &reached.reply.headers),
                certificate: reached.certificate.clone(),
            }),
        }
    }

    /// Returns the headers as they are sent, with those that the client makes of user-info.
    fn shown_headers(&self, headers: &HeaderMap) -> HeaderMap {
        let mut headers = headers.clone();
        let asked = self.request.url;
        let has_user_info = !asked.username().is_empty() || asked.password().is_some();
        if has_user_info && self.url.origin() == asked.origin() {
            headers.entry(AUTHORIZATION).or_insert(HeaderValue::from_static(WITHHELD));
        }
        headers
    }
}

/// An answer of the network, and who gave it.
pub(super) struct Reached {
    pub(super) reply: Reply,
    /// The address that answered, where it is seen.
    address: Option<IpAddr>,
    version: reqwest::Version,
    certificate: Option<Certificate>,
}

impl Reached {
    /// Takes what is to be known of a response, `address` being the one that answered.
    pub(super) fn new(response: reqwest::Response, address: Option<IpAddr>) -> Self {
        let shown = response.extensions().get::<reqwest::tls::TlsInfo>();
        let certificate = shown.and_then(reqwest::tls::TlsInfo::peer_certificate).and_then(Certificate::read);
        Self {
            version: response.version(),
            reply: Reply::of_network(response),
            address,
            certificate,
        }
    }
}

/// Returns headers as they may be seen.
fn shown(url: &Url, headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |name, value| String::from_utf8_lossy(&open_value(url, name, value)).into_owned();
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(name, value)))
        .collect()
}
