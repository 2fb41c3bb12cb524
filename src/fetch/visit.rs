//! One visit: the hops from the address that is asked to the address that answers, and what the answer means.

mod exchange;

use super::client::{GuardedClient, GuardedClients, Inner, Request};
use super::dial::{ResolveTable, key};
use super::failure::Stop;
use super::guard::Guard;
use super::hop::Reply;
use super::recording::Recording;
use super::trace::TraceEvent;
use super::{Answer, CacheHints, FailureCode, Fetched, HostLimiter, HostPermit, blocked, body, decode, retry_after};
use crate::model::HostKey;
use exchange::Reached;
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AGE, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, EXPIRES, HOST, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER, USER_AGENT,
};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::{Host, Origin, Url};

const MAX_REDIRECTS: usize = 5;
/// What is read of an error page: enough to tell who blocks.
const ERROR_PAGE: u64 = 64 * 1024;
/// Longer validators are not worth the bytes of every later request.
const MAX_VALIDATOR: usize = 1024;
const MAX_LOCATION: usize = 8 * 1024;
/// The head of an answer has to be there after this time, or after three tenths of a longer `timeout` of `[fetch]`. A source that has a
/// `timeout` of its own is known to be slow: it may take that time.
const HEAD: Duration = Duration::from_secs(9);
/// What is kept of a header that reserves rights: so many values, and so many bytes of each.
const RESERVATIONS: (usize, usize) = (8, 256);

/// A visit on its way.
pub(super) struct Visit<'a> {
    inner: &'a Inner,
    request: &'a Request<'a>,
    /// Headers that are for the asked origin only.
    secrets: HeaderMap,
    user_agent: HeaderValue,
    /// The address of the present hop, without fragment and user-info.
    url: Url,
    redirects: Vec<(u16, Url)>,
    moved_to: Option<Url>,
    /// Whether every redirect so far was permanent.
    permanent: bool,
    /// Whether a public address has answered.
    public: bool,
    /// Whether the present hop was asked with validators.
    conditional: bool,
    /// The doors of this source.
    guarded_clients: GuardedClients,
    started: Instant,
    deadline: Instant,
    /// How long the head of one answer may take.
    head: Duration,
}

impl<'a> Visit<'a> {
    /// Prepares a visit.
    pub(super) fn begin(inner: &'a Inner, request: &'a Request<'a>) -> Result<Self, Stop> {
        let own = request.source.and_then(|source| source.user_agent.as_deref());
        let user_agent = match own {
            Some(own) => HeaderValue::from_str(own).map_err(|_| bad_header("User-Agent"))?,
            None => inner.user_agent.clone(),
        };
        let own_timeout = request.source.and_then(|source| source.timeout);
        let timeout = own_timeout.unwrap_or(inner.timeout);
        let guarded_clients = inner.guarded_clients(request.source)?;
        let started = Instant::now();
        Ok(Self {
            inner,
            request,
            secrets: secrets(request)?,
            user_agent,
            url: bare(request.url.clone()),
            redirects: Vec::new(),
            moved_to: None,
            permanent: true,
            public: !request.trusted,
            conditional: false,
            guarded_clients,
            started,
            head: own_timeout.unwrap_or(HEAD.max(timeout * 3 / 10)).min(timeout),
            // A timeout of many years is as good as one of a day, and cannot overflow.
            deadline: started + timeout.min(Duration::from_hours(24)),
        })
    }

    /// Goes from hop to hop until something else than a redirect comes. Each host is entered through the gate; a redirect on the same host
    /// belongs to the same turn, one to another host gives the first one free before it waits for the next.
    pub(super) async fn run(mut self, limiter: &HostLimiter) -> (Fetched, Option<HostPermit>) {
        let mut turn: Option<(HostKey, HostPermit)> = None;
        loop {
            let host = HostKey::of(&self.url);
            if turn.as_ref().is_none_or(|(entered, _)| *entered != host) {
                drop(turn.take());
                let mut permit = self.enter(limiter, &host).await;
                if let Some(until) = permit.held_until(self.request.now) {
                    let is_asked = !self.redirects.is_empty();
                    return (Fetched::Held { until, is_asked }, None);
                }
                if let Some(Recording::Replay(_)) = &self.inner.recording {
                    permit.asks_nobody();
                }
                turn = Some((host, permit));
            }
            let step = self.step().await;
            if let Some(fetched) = step {
                return (fetched, turn.map(|(_, permit)| permit));
            }
        }
    }

    /// Waits for the host's turn. That time is not the server's.
    async fn enter(&mut self, limiter: &HostLimiter, host: &HostKey) -> HostPermit {
        let began = Instant::now();
        let permit = limiter.enter(host).await;
        let waited = began.elapsed();
        self.started += waited;
        self.deadline += waited;
        permit
    }

    /// Takes one hop; returns what came of the visit when it was the last.
    async fn step(&mut self) -> Option<Fetched> {
        let reply = match self.hop().await {
            Ok(reply) => reply,
            Err(stop) => return Some(failed(stop, None)),
        };
        let Some(location) = redirect(&reply) else {
            return Some(self.arrive(reply).await);
        };
        if let Err(stop) = self.turn(reply.status, &location) {
            return Some(failed(stop, Some(self.answer(&reply))));
        }
        self.drain(reply).await;
        None
    }

    /// Returns the door that this hop goes through.
    fn guarded(&self) -> GuardedClient {
        GuardedClient::clone(if self.public {
            &self.guarded_clients.strict
        } else {
            &self.guarded_clients.open
        })
    }

    /// Asks the network.
    async fn ask(&mut self, headers: HeaderMap) -> Result<Reached, Stop> {
        let guarded = self.guarded();
        self.judge(&guarded)?;
        self.inner.check_roots(&self.url)?;
        let sent = guarded.http.get(self.dialled_url(&guarded)).headers(headers).send();
        let until = self.deadline.min(Instant::now() + self.head);
        let Ok(response) = timeout_at(until, sent).await else {
            return Err(Stop::new(FailureCode::Timeout, "no answer came in time"));
        };
        let response = response.map_err(|error| Stop::of_request(&error))?;
        if guarded.is_proxied {
            // Where a proxy leads is not seen; nothing inside of our own network, as far as we let anything lead there.
            self.public = true;
            return Ok(Reached::new(response, None));
        }
        let address = self.judge_connected(&guarded, &response)?;
        self.public |= Guard::strict().judge_address(address).is_ok();
        Ok(Reached::new(response, Some(address)))
    }

    /// Returns the table of names that this door looks into: a proxy looks names up itself.
    fn table(&self, guarded: &GuardedClient) -> Option<&'a ResolveTable> {
        self.inner.table.as_deref().filter(|_| !guarded.is_proxied)
    }

    /// Judges the address of the hop before anything is looked up.
    fn judge(&self, guarded: &GuardedClient) -> Result<(), Stop> {
        let host = self.url.host_str().unwrap_or_default();
        let listed = self.table(guarded).map(|table| table.lists(host));
        let verdict = match listed {
            Some(true) => guarded.guard.judge_form(&self.url),
            _ => guarded.guard.judge_url(&self.url),
        };
        verdict.map_err(|refusal| Stop::new(FailureCode::RefusedAddress, refusal.to_string()))?;
        match listed {
            Some(false) => Err(Stop::new(FailureCode::Dns, format!("`{host}` is not in the table of names"))),
            _ => Ok(()),
        }
    }

    /// Judges the address that was really connected, and returns it: with a table of names, the one it claims to be.
    fn judge_connected(&self, guarded: &GuardedClient, response: &reqwest::Response) -> Result<IpAddr, Stop> {
        let refused = |detail: String| Stop::new(FailureCode::RefusedAddress, detail);
        let Some(remote) = response.remote_addr() else {
            return Err(refused("the connection does not tell its address".to_owned()));
        };
        let Some(table) = self.table(guarded) else {
            let verdict = guarded.guard.judge_address(remote.ip());
            return verdict.map(|()| remote.ip()).map_err(|refusal| refused(refusal.to_string()));
        };
        let claimed = table.last(self.url.host_str().unwrap_or_default()).map(|target| target.claimed);
        match claimed {
            Some(claimed) if remote.ip().is_loopback() => {
                // Another look-up may have come in between: then the name leads elsewhere now.
                let verdict = guarded.guard.judge_address(claimed);
                verdict.map(|()| claimed).map_err(|refusal| refused(refusal.to_string()))
            }
            _ => Err(refused(format!("{} is not in the table of names", remote.ip()))),
        }
    }

    /// Returns the address as the connector is to see it. It takes a port that stands in the URL over the resolver's, and
    /// asks no resolver for a literal; with a table of names, both have to come from there.
    ///
    /// User-info goes along as basic authentication (RFC 7617), to the asked origin only; the client makes a header of it.
    fn dialled_url(&self, guarded: &GuardedClient) -> Url {
        // None of the setters can fail: the guard has passed the URL, so it is http and has a host.
        let mut url = self.url.clone();
        if url.origin() == self.request.url.origin() {
            let _ = url.set_username(self.request.url.username());
            let _ = url.set_password(self.request.url.password());
        }
        if self.table(guarded).is_some() {
            let _ = url.set_port(None);
            if let Some(Host::Ipv4(_) | Host::Ipv6(_)) = self.url.host() {
                let _ = url.set_host(Some(&key(self.url.host_str().unwrap_or_default())));
            }
        }
        url
    }

    fn headers(&mut self, guarded: &GuardedClient) -> Result<HeaderMap, Stop> {
        let origin = self.url.origin();
        let mut headers = if origin == self.request.url.origin() {
            self.secrets.clone()
        } else {
            HeaderMap::new()
        };
        headers.entry(USER_AGENT).or_insert(self.user_agent.clone());
        headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static(self.request.accept.header()));
        let encodings = if self.request.identity { "identity" } else { decode::ACCEPTED };
        headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static(encodings));
        if self.table(guarded).is_some() {
            headers.insert(HOST, host_header(&self.url)?);
        }
        self.conditional = self.add_validators(&origin, &mut headers);
        Ok(headers)
    }

    /// Adds the validators, if they belong to `origin`; returns whether it did. What cannot stand in a header is left out.
    fn add_validators(&self, origin: &Origin, headers: &mut HeaderMap) -> bool {
        let home = self.request.validators_from.unwrap_or(self.request.url);
        if home.origin() != *origin {
            return false;
        }
        let mut any = false;
        for (name, value) in [(IF_NONE_MATCH, self.request.etag), (IF_MODIFIED_SINCE, self.request.last_modified)] {
            if let Some(Ok(value)) = value.map(HeaderValue::from_bytes) {
                headers.insert(name, value);
                any = true;
            }
        }
        any
    }

    /// Takes the next address of the chain.
    fn turn(&mut self, status: StatusCode, location: &[u8]) -> Result<(), Stop> {
        let target = target(&self.url, location)?;
        let seen = target == bare(self.request.url.clone()) || self.redirects.iter().any(|(_, url)| *url == target);
        self.permanent &= is_permanent(status, &self.url, &target);
        if self.permanent {
            self.moved_to = Some(target.clone());
        }
        self.redirects.push((status.as_u16(), target.clone()));
        if seen {
            return Err(Stop::new(FailureCode::RedirectLoop, format!("redirected back to {target}")));
        }
        if self.redirects.len() > MAX_REDIRECTS {
            return Err(Stop::new(
                FailureCode::TooManyRedirects,
                format!("more than {MAX_REDIRECTS} redirects"),
            ));
        }
        self.url = target;
        Ok(())
    }

    /// Reads the rest of a redirect, so that its connection can be used again. How that ends does not matter.
    async fn drain(&self, mut reply: Reply) {
        let _ = body::read(&mut reply, ERROR_PAGE, self.deadline, &mut Vec::new()).await;
    }

    /// Reads the last answer and says what it means.
    async fn arrive(&self, mut reply: Reply) -> Fetched {
        let mut answer = self.answer(&reply);
        let fresh = matches!(answer.status, 200 | 203);
        let cap = if fresh { self.inner.max_body } else { ERROR_PAGE };
        let end = if answer.status == 304 {
            Ok(())
        } else {
            body::read(&mut reply, cap, self.deadline, &mut answer.body).await
        };
        answer.elapsed = self.started.elapsed();
        if let Some(trace) = &self.inner.trace {
            trace.note(TraceEvent::Body(reply.came));
        }
        if let Some(who) = blocked::blocker(answer.status, &reply.headers, &answer.body) {
            return Fetched::Blocked {
                reason: format!("blocked by {who}"),
                answer,
            };
        }
        match (fresh, end) {
            (true, Ok(())) => Fetched::Fresh(answer),
            (true, Err(stop)) => {
                if stop.code == FailureCode::TooLarge {
                    answer.body = Vec::new();
                }
                failed(stop, Some(answer))
            }
            // An error page that is broken itself is still that error.
            (false, _) => self.without_body(&reply, answer),
        }
    }

    fn without_body(&self, reply: &Reply, answer: Box<Answer>) -> Fetched {
        let status = reply.status;
        let header = reply.headers.get(RETRY_AFTER);
        let until = header.and_then(|header| retry_after(header.as_bytes(), self.request.now));
        let code = match (status.as_u16(), until) {
            (304, _) if self.conditional => return Fetched::NotModified(answer),
            (410, _) => return Fetched::Gone(answer),
            (429, _) | (503, Some(_)) => {
                return Fetched::Throttled {
                    until,
                    whole_host: status == StatusCode::TOO_MANY_REQUESTS,
                    answer,
                };
            }
            (400..=499, _) => FailureCode::Http4xx,
            (500..=599, _) => FailureCode::Http5xx,
            _ => FailureCode::Protocol,
        };
        let detail = match status.as_u16() {
            304 => "304 Not Modified, though nothing conditional was asked".to_owned(),
            300..=399 => format!("{status} without an address to go to"),
            _ => status.to_string(),
        };
        failed(Stop::new(code, detail), Some(answer))
    }

    /// Returns the answer as far as its head says it.
    fn answer(&self, reply: &Reply) -> Box<Answer> {
        let (status, headers) = (reply.status.as_u16(), &reply.headers);
        let text = |name: HeaderName| headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        // An error page has validators of its own; they are not the feed's.
        let validator = |name: HeaderName| {
            let value = headers.get(name).filter(|_| matches!(status, 200 | 203 | 304))?;
            let fits = (1..=MAX_VALIDATOR).contains(&value.len());
            fits.then(|| value.as_bytes().to_vec())
        };
        let control: Vec<_> = headers
            .get_all(CACHE_CONTROL)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        Box::new(Answer {
            url: self.request.url.clone(),
            final_url: self.url.clone(),
            redirects: self.redirects.clone(),
            moved_to: self.moved_to.clone(),
            status,
            etag: validator(ETAG),
            last_modified: validator(LAST_MODIFIED),
            content_type: text(CONTENT_TYPE).filter(|kind| kind.len() <= 256).map(str::to_owned),
            cache: CacheHints::read(Some(&control.join(",")), text(EXPIRES), text(AGE), text(DATE), self.request.now),
            x_robots_tag: reserving(headers, "x-robots-tag"),
            tdm_reservation: reserving(headers, "tdm-reservation").into_iter().next(),
            body: Vec::new(),
            elapsed: self.started.elapsed(),
        })
    }
}

/// Returns the values of a header that reserves rights.
fn reserving(headers: &HeaderMap, name: &str) -> Vec<String> {
    let (most, longest) = RESERVATIONS;
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values
        .filter(|value| value.len() <= longest)
        .take(most)
        .map(str::to_owned)
        .collect()
}

fn failed(Stop { code, detail }: Stop, answer: Option<Box<Answer>>) -> Fetched {
    Fetched::Failed { code, detail, answer }
}

/// Returns the `Location` of a redirect that we follow.
fn redirect(reply: &Reply) -> Option<Vec<u8>> {
    if !matches!(reply.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    reply.headers.get(LOCATION).map(|location| location.as_bytes().to_vec())
}

/// Returns whether a source may be said to have moved from `from` to `to`. To give up https is never taken for good.
fn is_permanent(status: StatusCode, from: &Url, to: &Url) -> bool {
    let downgrade = from.scheme() == "https" && to.scheme() == "http";
    matches!(status.as_u16(), 301 | 308) && !downgrade
}

/// Reads a `Location` against the address it came from. Servers send raw UTF-8 and other bytes: they are taken as they are.
fn target(base: &Url, location: &[u8]) -> Result<Url, Stop> {
    let bad = |reason: &str| {
        Stop::new(
            FailureCode::BadUrl,
            format!("redirected to an address that cannot be asked: {reason}"),
        )
    };
    if location.len() > MAX_LOCATION {
        return Err(bad("it is too long"));
    }
    let text: String = match std::str::from_utf8(location) {
        Ok(text) => text.to_owned(),
        Err(_) => location.iter().map(|byte| char::from(*byte)).collect(),
    };
    base.join(text.trim()).map(bare).map_err(|error| bad(&error.to_string()))
}

/// Takes away what is never sent: the fragment and the user-info.
fn bare(mut url: Url) -> Url {
    url.set_fragment(None);
    // Fails only for URLs without a host, and those have no user-info.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Headers that belong to the connection or to us, not to the operator.
const OURS: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "if-modified-since",
    "if-none-match",
    "referer",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Collects the operator's headers.
fn secrets(request: &Request<'_>) -> Result<HeaderMap, Stop> {
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers {
        let parsed = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
        let Some((header, mut value)) = parsed.filter(|(header, _)| !OURS.contains(&header.as_str())) else {
            return Err(bad_header(name));
        };
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

fn bad_header(name: &str) -> Stop {
    let name: String = name.escape_debug().take(64).collect();
    Stop::new(FailureCode::BadHeader, format!("the header `{name}` cannot be sent"))
}

fn host_header(url: &Url) -> Result<HeaderValue, Stop> {
    let host = url.host_str().unwrap_or_default();
    let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    HeaderValue::from_str(&text).map_err(|_| Stop::new(FailureCode::BadUrl, "the host's name cannot be sent"))
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
        fn any_location_gives_an_address_or_a_reason(location: Vec<u8>, words in "[a-z0-9:/?#@%. \\[\\]\\\\-]{0,40}") {
            let base = Url::parse("https://u:p@lefaso.net/a/b?c").expect("a URL");
            for location in [location.as_slice(), words.as_bytes()] {
                if let Ok(url) = target(&base, location) {
                    proptest::prop_assert!(url.fragment().is_none() && url.password().is_none());
                    proptest::prop_assert!(url.username().is_empty());
                }
            }
        }
    }
}
