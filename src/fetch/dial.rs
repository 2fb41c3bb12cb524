//! From names to addresses: the system's look-up, or the table of `--resolve`. Every address is judged here, before the
//! connector sees it. IP literals never come here, since the connector asks no resolver for them: the client judges those.

use super::FailureCode;
use super::guard::{Guard, Refusal, is_localhost};
use super::trace::{FetchTrace, LookUp, TraceEvent};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Why a `--resolve` table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ResolveError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl ResolveError {
    /// Returns a stable word to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "resolve-table"
    }
}

/// The table of `--resolve`, for tests and replays: it replaces every look-up, and leads to this machine only.
#[derive(Debug, Default)]
pub struct ResolveTable {
    names: HashMap<String, Listed>,
}

#[derive(Debug, Default)]
struct Listed {
    answers: Vec<Target>,
    asked: AtomicUsize,
}

/// One answer of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The address that the guard judges.
    pub(super) claimed: IpAddr,
    /// The address on this machine that is dialled.
    pub(super) dialled: SocketAddr,
}

impl Target {
    /// What is dialled is what it says.
    fn of(address: SocketAddr) -> Self {
        Self {
            claimed: address.ip(),
            dialled: address,
        }
    }
}

impl ResolveTable {
    /// Reads lines of the form `name claimed_ip 127.0.0.1:port`; `#` begins a comment. Several lines for one name are
    /// several answers, given in turn: a name that rebinds.
    ///
    /// # Errors
    /// [`ResolveError`] with the first bad line, also when its target is not on loopback.
    pub fn parse(text: &str) -> Result<Self, ResolveError> {
        let mut table = Self::default();
        for (index, line) in text.lines().enumerate() {
            let bad = |reason| ResolveError { line: index + 1, reason };
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().collect();
            let [name, claimed, dialled] = words[..] else {
                if words.is_empty() {
                    continue;
                }
                return Err(bad("expected `name claimed_ip 127.0.0.1:port`"));
            };
            let claimed = claimed.parse().map_err(|_| bad("the second word is not an IP address"))?;
            let dialled: SocketAddr = dialled.parse().map_err(|_| bad("the third word is not an address with a port"))?;
            if !dialled.ip().is_loopback() || dialled.port() == 0 {
                return Err(bad("the third word is not a port on loopback"));
            }
            let listed = table.names.entry(key(name)).or_default();
            listed.answers.push(Target { claimed, dialled });
        }
        Ok(table)
    }

    /// Returns whether `name` stands in the table.
    pub(super) fn lists(&self, name: &str) -> bool {
        self.names.contains_key(&key(name))
    }

    /// Returns the next answer for `name`.
    fn next(&self, name: &str) -> Option<Target> {
        let listed = self.names.get(&key(name))?;
        let turn = listed.asked.fetch_add(1, Ordering::Relaxed);
        listed.answers.get(turn % listed.answers.len()).copied()
    }

    /// Returns the answer that was last given for `name`.
    pub(super) fn last(&self, name: &str) -> Option<Target> {
        let listed = self.names.get(&key(name))?;
        let turn = listed.asked.load(Ordering::Relaxed).checked_sub(1)?;
        listed.answers.get(turn % listed.answers.len()).copied()
    }
}

/// Returns the form of a name that the table keeps. A literal gets a name, since only names reach the resolver.
pub(super) fn key(name: &str) -> String {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(literal) => format!("{}.literal", literal.to_string().replace(['.', ':'], "-")),
        Err(_) => name.trim_end_matches('.').to_ascii_lowercase(),
    }
}

/// Why a name leads to no address that may be dialled.
#[derive(Debug, thiserror::Error)]
pub(super) enum DialError {
    /// Every address of the name is forbidden; this is the first refusal.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The name is not in the table of `--resolve`.
    #[error("`{0}` is not in the table of names")]
    Unlisted(String),
    /// The system found no address.
    #[error("`{name}` has no address: {cause}")]
    Unknown {
        /// The name.
        name: String,
        /// What the system says.
        cause: io::Error,
    },
}

impl DialError {
    pub(super) const fn failure(&self) -> FailureCode {
        match self {
            Self::Refused(_) => FailureCode::RefusedAddress,
            Self::Unlisted(_) | Self::Unknown { .. } => FailureCode::Dns,
        }
    }
}

/// The resolver of one client: looks up and judges.
#[derive(Debug, Clone)]
pub(super) struct Dialer {
    guard: Arc<Guard>,
    table: Option<Arc<ResolveTable>>,
    trace: Option<FetchTrace>,
}

impl Dialer {
    pub(super) fn new(guard: Arc<Guard>, table: Option<Arc<ResolveTable>>) -> Self {
        Self { guard, table, trace: None }
    }

    /// Lets `trace` see each look-up.
    pub(super) fn seen_by(mut self, trace: Option<FetchTrace>) -> Self {
        self.trace = trace;
        self
    }

    /// Looks `name` up, and says what there is.
    pub(super) async fn look_up(&self, name: &str) -> LookUp {
        let trace = FetchTrace::default();
        let _ = self.clone().seen_by(Some(trace.clone())).addresses(name).await;
        let seen = trace.take().into_iter().find_map(|seen| match seen {
            TraceEvent::LookUp(look_up) => Some(look_up),
            _ => None,
        });
        seen.unwrap_or_else(|| LookUp {
            name: name.to_owned(),
            found: Vec::new(),
            error: None,
            took: Duration::ZERO,
        })
    }

    /// Returns the addresses of `name` that may be dialled; at least one. Port 0 stands for the URL's port.
    async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, DialError> {
        let bare = name.trim_end_matches('.');
        let began = Instant::now();
        let found = self.found(bare, name).await;
        if let Some(trace) = &self.trace {
            let verdict = |address: IpAddr| (address, self.guard.judge_address(address).err().map(|refusal| refusal.to_string()));
            trace.note(TraceEvent::LookUp(LookUp {
                name: bare.to_owned(),
                error: found.as_ref().err().map(ToString::to_string),
                found: found.iter().flatten().map(|target| verdict(target.claimed)).collect(),
                took: began.elapsed(),
            }));
        }
        self.judged(bare, found?)
    }

    /// Returns every address of `name`, unjudged.
    async fn found(&self, bare: &str, name: &str) -> Result<Vec<Target>, DialError> {
        if let Some(table) = &self.table {
            let target = table.next(bare).ok_or_else(|| DialError::Unlisted(bare.to_owned()))?;
            return Ok(vec![target]);
        }
        if is_localhost(bare) {
            return Ok(vec![Target::of(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))]);
        }
        let found = tokio::net::lookup_host((name, 0)).await;
        let found = found.map_err(|cause| DialError::Unknown {
            name: bare.to_owned(),
            cause,
        })?;
        Ok(found.map(Target::of).collect())
    }

    fn judged(&self, name: &str, found: Vec<Target>) -> Result<Vec<SocketAddr>, DialError> {
        let mut refusal = None;
        let mut open = Vec::new();
        for target in found {
            match self.guard.judge_address(target.claimed) {
                Ok(()) => open.push(target.dialled),
                Err(refused) => refusal = refusal.or(Some(refused)),
            }
        }
        match refusal {
            Some(refused) if open.is_empty() => Err(refused.into()),
            None if open.is_empty() => Err(DialError::Unknown {
                name: name.to_owned(),
                cause: io::ErrorKind::NotFound.into(),
            }),
            _ => Ok(open),
        }
    }
}

impl Resolve for Dialer {
    fn resolve(&self, name: Name) -> Resolving {
        let dialer = self.clone();
        Box::pin(async move {
            let addresses: Addrs = Box::new(dialer.addresses(name.as_str()).await?.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialer(guard: Guard, table: &str) -> Dialer {
        let table = ResolveTable::parse(table).expect("a table");
        Dialer::new(Arc::new(guard), Some(Arc::new(table)))
    }

    async fn outcome(dialer: &Dialer, name: &str) -> String {
        match dialer.addresses(name).await {
            Ok(addresses) => addresses[0].to_string(),
            Err(error) => error.failure().as_str().to_owned(),
        }
    }

    #[test]
    fn a_table_is_read_and_its_faults_are_named() {
        let table = ResolveTable::parse("# names\n\nLefaso.net. 93.184.216.34 127.0.0.1:9000 # ours\n::1 ::1 [::1]:9001\n");
        let table = table.expect("a table");
        assert!(table.lists("lefaso.net") && table.lists("LEFASO.NET.") && table.lists("[::1]"));
        assert!(!table.lists("www.lefaso.net") && !table.lists("127.0.0.1"));
        for (text, line) in [
            ("a 1.2.3.4 127.0.0.1:1\nb 1.2.3.4", 2),
            ("a b 127.0.0.1:80", 1),
            ("a 1.2.3.4 127.0.0.1", 1),
            ("a 1.2.3.4 93.184.216.34:80", 1),
            ("a 1.2.3.4 127.0.0.1:0", 1),
            ("a 1.2.3.4 127.0.0.1:1 x", 1),
        ] {
            assert_eq!(ResolveTable::parse(text).map_or_else(|error| error.line, |_| 0), line, "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_that_rebinds_is_judged_at_every_look_up() {
        let dialer = dialer(
            Guard::strict(),
            "rebind.example.org 93.184.216.34 127.0.0.1:9000\nrebind.example.org 169.254.169.254 127.0.0.1:9000",
        );
        assert_eq!(outcome(&dialer, "rebind.example.org").await, "127.0.0.1:9000");
        assert_eq!(outcome(&dialer, "Rebind.example.org.").await, "refused-address");
        assert_eq!(outcome(&dialer, "rebind.example.org").await, "127.0.0.1:9000");
        assert_eq!(outcome(&dialer, "other.example.org").await, "dns");
    }

    #[tokio::test]
    async fn names_that_lead_inside_are_refused() {
        let dialer = dialer(
            Guard::strict(),
            "metadata.google.internal 169.254.169.254 127.0.0.1:9\n127.0.0.1.nip.io 127.0.0.1 127.0.0.1:9",
        );
        assert_eq!(outcome(&dialer, "metadata.google.internal").await, "refused-address");
        assert_eq!(outcome(&dialer, "127.0.0.1.nip.io").await, "refused-address");
    }

    #[tokio::test]
    async fn localhost_is_this_machine_without_a_look_up() {
        let open = Dialer::new(Arc::new(Guard::new(true, &[])), None);
        assert_eq!(outcome(&open, "feeds.localhost").await, "127.0.0.1:0");
        let strict = Dialer::new(Arc::new(Guard::strict()), None);
        assert_eq!(outcome(&strict, "localhost.").await, "refused-address");
    }

    #[test]
    fn of_mixed_addresses_only_the_public_ones_pass() {
        let dialer = Dialer::new(Arc::new(Guard::strict()), None);
        let found = ["10.0.0.1:0", "93.184.216.34:0", "[fe80::1]:0"].map(|text| text.parse().expect("an address"));
        let targets = |found: &[SocketAddr]| found.iter().copied().map(Target::of).collect::<Vec<_>>();
        let open = dialer.judged("mixed", targets(&found)).expect("one is open");
        assert_eq!(open, [found[1]]);
        assert!(matches!(dialer.judged("inside", targets(&found[..1])), Err(DialError::Refused(_))));
        assert!(matches!(dialer.judged("none", Vec::new()), Err(DialError::Unknown { .. })));
    }
}
