//! One visit: the hops from the address that is requested to the one that answers, and what the answer means.
//!
//! Not here: how one hop is made (`hop`).

use super::answer::{Answer, Fetched};
use super::blocked::blocking_service;
use super::body::read_body;
use super::cookies::ChainCookies;
use super::failure::{FailureCode, FetchError};
use super::headers::{CacheHints, http_date, is_future_modification, retry_after};
use super::hop::HopRequest;
use super::host_limiter::{HostLimiter, HostPermit};
use super::log::{self, RequestLog};
use super::recording::Recording;
use super::request::Request;
use super::request_headers::{RequestHeaders, user_agent};
use super::response::RawResponse;
use super::trace::TraceEvent;
use super::transport::{GuardedClients, Transport};
use crate::model::{FailureReason, HostKey, without_user_info};
use reqwest::StatusCode;
use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

const MAX_REDIRECTS: usize = 5;
/// How much of an error page is read: enough to recognise the service that blocks.
const MAX_ERROR_PAGE_BYTES: u64 = 64 * 1024;
/// Longer validators are not kept: they would be sent with every later request.
const MAX_VALIDATOR_BYTES: usize = 1024;
const MAX_LOCATION_BYTES: usize = 8 * 1024;
const MAX_CONTENT_TYPE_BYTES: usize = 256;
/// How many values of a header that reserves rights are kept, and how long each may be.
const MAX_RESERVATIONS: usize = 8;
const MAX_RESERVATION_BYTES: usize = 256;
const MAX_LINK_HEADER_BYTES: usize = 4_096;
/// How long the head of an answer may take, unless three tenths of `[fetch] timeout` are longer. A source with a `timeout` of its own is
/// known to be slow: it may take all of that.
const HEAD_TIMEOUT: Duration = Duration::from_secs(9);

/// A visit in progress.
pub(super) struct Visit<'a> {
    transport: &'a Transport,
    request: &'a Request<'a>,
    headers: RequestHeaders<'a>,
    clients: GuardedClients,
    /// The address of the current hop, without fragment and user-info.
    url: Url,
    redirects: Vec<(u16, Url)>,
    /// The addresses that were requested, each with the cookies that it was sent.
    asked: Vec<(Url, Option<HeaderValue>)>,
    cookies: ChainCookies,
    moved_to: Option<Url>,
    /// Whether every redirect so far was permanent.
    all_permanent: bool,
    /// Whether only public addresses may be requested from here on: one has answered, or the operator did not name the first address.
    is_public_only: bool,
    /// Whether the current hop was requested with validators.
    is_conditional: bool,
    started: Instant,
    deadline: Instant,
    /// How long the head of one answer may take.
    head_timeout: Duration,
}

impl<'a> Visit<'a> {
    /// Prepares a visit.
    ///
    /// # Errors
    /// When the source's headers, proxy or TLS policy cannot be used.
    pub(super) fn new(transport: &'a Transport, request: &'a Request<'a>) -> Result<Self, FetchError> {
        let own_user_agent = request.source.and_then(|source| source.user_agent.as_deref());
        let user_agent = own_user_agent.map_or_else(|| Ok(transport.user_agent.clone()), user_agent)?;
        let own_timeout = request.source.and_then(|source| source.timeout);
        let timeout = own_timeout.unwrap_or(transport.timeout);
        let clients = transport.guarded_clients(request.source)?;
        let started = Instant::now();
        Ok(Self {
            transport,
            request,
            headers: RequestHeaders::new(request, user_agent)?,
            clients,
            url: request_url(request.url.clone()),
            redirects: Vec::new(),
            asked: Vec::new(),
            cookies: ChainCookies::default(),
            moved_to: None,
            all_permanent: true,
            is_public_only: !request.trusted,
            is_conditional: false,
            started,
            // The sum must not overflow, and no visit takes longer than a day anyway.
            deadline: started + timeout.min(Duration::from_hours(24)),
            head_timeout: own_timeout.unwrap_or(HEAD_TIMEOUT.max(timeout * 3 / 10)).min(timeout),
        })
    }

    /// Follows redirects until another answer comes. A redirect on the same host keeps the permit of the host limiter; one to another host
    /// gives it back before it waits for the next.
    pub(super) async fn run(mut self, limiter: &HostLimiter) -> (Fetched, Option<HostPermit>) {
        let mut current: Option<(HostKey, HostPermit)> = None;
        loop {
            let host = HostKey::from_url(&self.url);
            if current.as_ref().is_none_or(|(entered, _)| *entered != host) {
                drop(current.take());
                let mut permit = self.acquire(limiter, &host).await;
                if let Some(until) = permit.held_until(self.request.now) {
                    log::held(self.request, &self.url, self.redirects.len(), &host, until);
                    let is_asked = !self.redirects.is_empty();
                    return (Fetched::Held { until, is_asked }, None);
                }
                if self.is_replayed() {
                    permit.skip_delay();
                }
                current = Some((host, permit));
            }
            if let Some(fetched) = self.run_hop().await {
                return (fetched, current.map(|(_, permit)| permit));
            }
        }
    }

    fn is_replayed(&self) -> bool {
        matches!(self.transport.recording, Some(Recording::Replay(_)))
    }

    /// Waits for the host's permit. That time does not count against the timeout.
    async fn acquire(&mut self, limiter: &HostLimiter, host: &HostKey) -> HostPermit {
        let began = Instant::now();
        let permit = limiter.acquire(host).await;
        let waited = began.elapsed();
        self.started += waited;
        self.deadline += waited;
        permit
    }

    /// Makes one hop; returns the result of the visit when it was the last.
    async fn run_hop(&mut self) -> Option<Fetched> {
        let log = RequestLog::start(self.request, &self.url, self.redirects.len(), self.is_replayed());
        let mut response = match self.send().await {
            Ok(response) => response,
            Err(error) => {
                log.failed(&error);
                return Some(failed(error, None));
            }
        };
        let status = response.status;
        let Some(location) = redirect_location(&response) else {
            let fetched = self.read_final(&mut response).await;
            log.answered(status.as_u16(), fetched.failure(), response.received_bytes);
            return Some(fetched);
        };
        if let Err(error) = self.follow_redirect(&response, &location) {
            log.answered(status.as_u16(), Some(error.code.as_str()), response.received_bytes);
            return Some(failed(error, Some(self.answer(&response))));
        }
        self.drain(&mut response).await;
        log.answered(status.as_u16(), None, response.received_bytes);
        None
    }

    /// Makes the request of the current hop.
    async fn send(&mut self) -> Result<RawResponse, FetchError> {
        let hop = HopRequest {
            transport: self.transport,
            client: if self.is_public_only {
                &self.clients.strict
            } else {
                &self.clients.open
            },
            request: self.request,
            url: &self.url,
            head_deadline: self.deadline.min(Instant::now() + self.head_timeout),
        };
        let cookies = self.cookies.header(&self.url);
        let (headers, is_conditional) = self.headers.for_url(&self.url, cookies.clone(), hop.resolve_table().is_some())?;
        self.asked.push((self.url.clone(), cookies));
        let answered = hop.run(headers).await?;
        self.is_conditional = is_conditional;
        self.is_public_only |= answered.is_public;
        Ok(answered.response)
    }

    /// Moves on to the target of a redirect. An address is requested again only with other cookies than before.
    fn follow_redirect(&mut self, response: &RawResponse, location: &[u8]) -> Result<(), FetchError> {
        let target = redirect_target(&self.url, location)?;
        self.cookies.take_from(&self.url, &response.headers, self.request.now);
        let cookies = self.cookies.header(&target);
        let sent_before = self.asked.iter().rev().find(|(url, _)| *url == target).map(|(_, sent)| sent);
        let is_back = sent_before.is_some();
        let is_same_request = sent_before.is_some_and(|sent| *sent == cookies);
        // A target that answers to a cookie may not answer without it: that is no move, and least of all a move to where the chain has been.
        self.all_permanent &= is_permanent(response.status, &self.url, &target) && cookies.is_none() && !is_back;
        if self.all_permanent {
            self.moved_to = Some(target.clone());
        } else if is_back {
            self.moved_to = None;
        }
        self.redirects.push((response.status.as_u16(), target.clone()));
        let is_too_long = self.redirects.len() > MAX_REDIRECTS;
        if is_same_request || is_back && (is_too_long || self.is_end_of_replay(&target)) {
            let detail = if self.cookies.is_any_offered() {
                format!("sets a cookie and redirects in a loop, back to {target}")
            } else {
                format!("redirected back to {target}")
            };
            return Err(FetchError::new(FailureCode::RedirectLoop, detail));
        }
        if is_too_long {
            return Err(FetchError::new(
                FailureCode::TooManyRedirects,
                format!("more than {MAX_REDIRECTS} redirects"),
            ));
        }
        self.url = target;
        Ok(())
    }

    /// Whether the recorded run did not request `target` again. It knew the cookies, which no recording holds.
    fn is_end_of_replay(&self, target: &Url) -> bool {
        match &self.transport.recording {
            Some(Recording::Replay(replay)) => !replay.holds(target),
            _ => false,
        }
    }

    /// Reads the body of a redirect, so that its connection can be used again. An error of it does not matter.
    async fn drain(&self, response: &mut RawResponse) {
        let _ = read_body(response, MAX_ERROR_PAGE_BYTES, self.deadline, &mut Vec::new()).await;
    }

    /// Reads the last answer and returns what it means.
    async fn read_final(&self, response: &mut RawResponse) -> Fetched {
        let mut answer = self.answer(response);
        let is_fresh = matches!(answer.status, 200 | 203);
        let max_bytes = if is_fresh { self.transport.max_body } else { MAX_ERROR_PAGE_BYTES };
        let end = if answer.status == 304 {
            Ok(())
        } else {
            read_body(response, max_bytes, self.deadline, &mut answer.body).await
        };
        answer.elapsed = self.started.elapsed();
        if let Some(trace) = &self.transport.trace {
            trace.add(TraceEvent::Body(response.received_bytes));
        }
        if let Some(service) = blocking_service(answer.status, &response.headers, &answer.body) {
            return Fetched::Blocked {
                reason: format!("blocked by {service}"),
                answer,
            };
        }
        match (is_fresh, end) {
            (true, Ok(())) => Fetched::Fresh(answer),
            (true, Err(error)) => {
                // They stand for the whole document.
                (answer.etag, answer.last_modified) = (None, None);
                if error.is(FailureReason::TooLarge) {
                    answer.body = Vec::new();
                }
                failed(error, Some(answer))
            }
            // The status decides, even if the error page itself is broken.
            (false, _) => self.classify_status(response, answer),
        }
    }

    /// Returns what an answer without a document means.
    fn classify_status(&self, response: &RawResponse, answer: Box<Answer>) -> Fetched {
        let status = response.status;
        let header = response.headers.get(RETRY_AFTER);
        let until = header.and_then(|header| retry_after(header.as_bytes(), self.request.now));
        let code = match (status.as_u16(), until) {
            (304, _) if self.is_conditional => return Fetched::NotModified(answer),
            (410, _) => return Fetched::Gone(answer),
            (429, _) | (503, Some(_)) => {
                return Fetched::Throttled {
                    until,
                    whole_host: status == StatusCode::TOO_MANY_REQUESTS,
                    answer,
                };
            }
            (400..=499, _) => FailureReason::Http4xx,
            (500..=599, _) => FailureReason::Http5xx,
            _ => FailureReason::Protocol,
        };
        let detail = match status.as_u16() {
            304 => "304 Not Modified, though nothing conditional was asked".to_owned(),
            300..=399 => format!("{status} without an address to go to"),
            _ => status.to_string(),
        };
        failed(FetchError::new(code, detail), Some(answer))
    }

    /// Returns the answer as far as its head tells it.
    fn answer(&self, response: &RawResponse) -> Box<Answer> {
        let (status, headers) = (response.status.as_u16(), &response.headers);
        let text = |name: HeaderName| headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        // The validators of an error page are not those of the feed.
        let validator = |name: HeaderName| {
            let value = headers.get(name).filter(|_| matches!(status, 200 | 203 | 304))?;
            let fits = (1..=MAX_VALIDATOR_BYTES).contains(&value.len());
            fits.then(|| value.as_bytes().to_vec())
        };
        let control: Vec<_> = headers
            .get_all(CACHE_CONTROL)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let cache = CacheHints::parse(Some(&control.join(",")), text(EXPIRES), text(AGE), text(DATE), self.request.now);
        let server_time = text(DATE).and_then(http_date).map(|date| date + cache.age);
        let is_past = |modified: &Vec<u8>| !is_future_modification(modified, server_time, self.request.now);
        Box::new(Answer {
            url: self.request.url.clone(),
            final_url: self.url.clone(),
            redirects: self.redirects.clone(),
            moved_to: self.moved_to.clone(),
            status,
            etag: validator(ETAG),
            last_modified: validator(LAST_MODIFIED).filter(is_past),
            content_type: text(CONTENT_TYPE)
                .filter(|kind| kind.len() <= MAX_CONTENT_TYPE_BYTES)
                .map(str::to_owned),
            server_time,
            cache,
            x_robots_tag: reservations(headers, "x-robots-tag"),
            tdm_reservation: reservations(headers, "tdm-reservation").into_iter().next(),
            licence_links: licence_links(headers),
            body: Vec::new(),
            elapsed: self.started.elapsed(),
        })
    }
}

/// Returns the values of a header that reserves rights.
fn reservations(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values
        .filter(|value| value.len() <= MAX_RESERVATION_BYTES)
        .take(MAX_RESERVATIONS)
        .map(str::to_owned)
        .collect()
}

/// Returns the values of `Link` headers that name a licence.
fn licence_links(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    let values = values.filter(|value| value.len() <= MAX_LINK_HEADER_BYTES && value.contains("license"));
    values.take(MAX_RESERVATIONS).map(str::to_owned).collect()
}

fn failed(FetchError { code, detail }: FetchError, answer: Option<Box<Answer>>) -> Fetched {
    Fetched::Failed { code, detail, answer }
}

/// Returns the `Location` of an answer that is a redirect (RFC 9110 section 15.4).
fn redirect_location(response: &RawResponse) -> Option<Vec<u8>> {
    if !matches!(response.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    response.headers.get(LOCATION).map(|location| location.as_bytes().to_vec())
}

/// Returns whether a redirect means that a source has moved from `from` to `to`. One from https to http is never believed.
fn is_permanent(status: StatusCode, from: &Url, to: &Url) -> bool {
    let is_downgrade = from.scheme() == "https" && to.scheme() == "http";
    matches!(status.as_u16(), 301 | 308) && !is_downgrade
}

/// Resolves a `Location` against the address it came from. Servers send raw UTF-8 and other bytes; what is not UTF-8 is read as Latin-1.
fn redirect_target(base: &Url, location: &[u8]) -> Result<Url, FetchError> {
    let bad = |reason: &str| {
        FetchError::new(
            FailureCode::BadUrl,
            format!("redirected to an address that cannot be asked: {reason}"),
        )
    };
    if location.len() > MAX_LOCATION_BYTES {
        return Err(bad("it is too long"));
    }
    let text: String = match std::str::from_utf8(location) {
        Ok(text) => text.to_owned(),
        Err(_) => location.iter().map(|byte| char::from(*byte)).collect(),
    };
    base.join(text.trim()).map(request_url).map_err(|error| bad(&error.to_string()))
}

/// Returns `url` without what is not sent: the fragment and the user-info.
fn request_url(mut url: Url) -> Url {
    url.set_fragment(None);
    without_user_info(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_permanent_redirects_that_keep_https_move_a_source() {
        let [plain, secure] = ["http://lefaso.net/", "https://lefaso.net/"].map(|text| Url::parse(text).expect("a URL"));
        for (status, from, to, permanent) in [
            (301, &plain, &secure, true),
            (308, &secure, &secure, true),
            (308, &plain, &plain, true),
            (301, &secure, &plain, false),
            (302, &plain, &secure, false),
            (303, &plain, &secure, false),
            (307, &plain, &secure, false),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(is_permanent(status, from, to), permanent, "{status} from {from} to {to}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_location_gives_an_address_or_an_error(location: Vec<u8>, words in "[a-z0-9:/?#@%. \\[\\]\\\\-]{0,40}") {
            let base = Url::parse("https://u:p@lefaso.net/a/b?c").expect("a URL");
            for location in [location.as_slice(), words.as_bytes()] {
                if let Ok(url) = redirect_target(&base, location) {
                    proptest::prop_assert!(url.fragment().is_none() && url.password().is_none());
                    proptest::prop_assert!(url.username().is_empty());
                }
            }
        }
    }
}
