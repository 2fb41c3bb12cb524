//! The resolver of the HTTP client: the system's look-up, or the table of `--resolve`. Every address passes the guard here, before it is
//! connected. IP literals do not come here, since the connector resolves names only: `visit` checks those.

use super::guard::{Guard, Refusal};
use super::trace::{DnsLookup, FetchTrace, TraceEvent};
use crate::model::FailureReason;
use crate::model::network::is_localhost;
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

/// The table of `--resolve`, for tests and replays: it replaces every look-up, and leads to this machine only.
#[derive(Debug, Default)]
pub struct ResolveTable {
    names: HashMap<String, ListedName>,
}

#[derive(Debug, Default)]
struct ListedName {
    targets: Vec<Target>,
    /// How often the name was looked up.
    lookups: AtomicUsize,
}

/// One address of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The address that the guard checks.
    pub(super) claimed: IpAddr,
    /// The address that is connected.
    pub(super) connected: SocketAddr,
}

impl From<SocketAddr> for Target {
    /// The address that is connected is the one that is checked.
    fn from(address: SocketAddr) -> Self {
        Self {
            claimed: address.ip(),
            connected: address,
        }
    }
}

impl ResolveTable {
    /// Reads lines of the form `name claimed_ip 127.0.0.1:port`; `#` begins a comment. Several lines for one name are its addresses: a
    /// look-up gives all of them, and each look-up another one first. One that the guard refuses stands alone: DNS rebinding.
    ///
    /// # Errors
    /// [`ResolveError`] with the first bad line, also when its target is not on loopback.
    pub fn parse(text: &str) -> Result<Self, ResolveError> {
        let mut table = Self::default();
        for (index, line) in text.lines().enumerate() {
            let bad = |reason| ResolveError { line: index + 1, reason };
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().collect();
            let [name, claimed, connected] = words[..] else {
                if words.is_empty() {
                    continue;
                }
                return Err(bad("expected `name claimed_ip 127.0.0.1:port`"));
            };
            let claimed = claimed.parse().map_err(|_| bad("the second word is not an IP address"))?;
            let connected: SocketAddr = connected.parse().map_err(|_| bad("the third word is not an address with a port"))?;
            if !connected.ip().is_loopback() || connected.port() == 0 {
                return Err(bad("the third word is not a port on loopback"));
            }
            let listed = table.names.entry(table_key(name)).or_default();
            listed.targets.push(Target { claimed, connected });
        }
        Ok(table)
    }

    /// Returns whether `name` is in the table.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains_key(&table_key(name))
    }

    /// Returns the next answer for `name`: its addresses in the order in which they are to be tried.
    fn next_answer(&self, name: &str) -> Option<Vec<Target>> {
        let listed = self.names.get(&table_key(name))?;
        Some(listed.answer(listed.lookups.fetch_add(1, Ordering::Relaxed)))
    }

    /// Returns which address of the answer that was last given for `name` was connected at `connected`.
    pub(super) fn last_target(&self, name: &str, connected: SocketAddr) -> Option<Target> {
        let listed = self.names.get(&table_key(name))?;
        let lookup = listed.lookups.load(Ordering::Relaxed).checked_sub(1)?;
        listed.answer(lookup).into_iter().find(|target| target.connected == connected)
    }
}

impl ListedName {
    /// Returns the answer of the look-up with this number, counted from 0.
    fn answer(&self, lookup: usize) -> Vec<Target> {
        let mut answer = self.targets.clone();
        answer.rotate_left(lookup % self.targets.len().max(1));
        answer
    }
}

/// Returns the form of a name that the table keeps. An IP literal is given a name, since only names reach the resolver.
pub(super) fn table_key(name: &str) -> String {
    let unbracketed = name.trim_start_matches('[').trim_end_matches(']');
    match unbracketed.parse::<IpAddr>() {
        Ok(literal) => format!("{}.literal", literal.to_string().replace(['.', ':'], "-")),
        Err(_) => name.trim_end_matches('.').to_ascii_lowercase(),
    }
}

/// Why a name has no address that may be connected.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookupError {
    /// The guard refused every address of the name; this is the first refusal.
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
        /// The error of the system.
        cause: io::Error,
    },
}

impl LookupError {
    pub(super) const fn reason(&self) -> FailureReason {
        match self {
            Self::Refused(_) => FailureReason::RefusedAddress,
            Self::Unlisted(_) | Self::Unknown { .. } => FailureReason::Dns,
        }
    }
}

/// The resolver of one HTTP client: looks names up, and keeps the addresses that the guard permits.
#[derive(Debug, Clone)]
pub(super) struct GuardedResolver {
    guard: Arc<Guard>,
    table: Option<Arc<ResolveTable>>,
    trace: Option<FetchTrace>,
}

impl GuardedResolver {
    pub(super) fn new(guard: Arc<Guard>, table: Option<Arc<ResolveTable>>) -> Self {
        Self { guard, table, trace: None }
    }

    /// Adds each look-up to `trace`.
    pub(super) fn traced_by(mut self, trace: Option<FetchTrace>) -> Self {
        self.trace = trace;
        self
    }

    /// Looks `name` up, and returns what was found.
    pub(super) async fn trace_lookup(&self, name: &str) -> DnsLookup {
        let trace = FetchTrace::default();
        let _ = self.clone().traced_by(Some(trace.clone())).addresses(name).await;
        let lookup = trace.take().into_iter().find_map(|event| match event {
            TraceEvent::Lookup(lookup) => Some(lookup),
            _ => None,
        });
        lookup.unwrap_or_else(|| DnsLookup {
            name: name.to_owned(),
            found: Vec::new(),
            error: None,
            took: Duration::ZERO,
        })
    }

    /// Returns the addresses of `name` that may be connected; at least one. Port 0 stands for the URL's port.
    pub(super) async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, LookupError> {
        let undotted = name.trim_end_matches('.');
        let began = Instant::now();
        let found = self.look_up(undotted, name).await;
        if let Some(trace) = &self.trace {
            let checked = |address: IpAddr| (address, self.guard.check_address(address).err().map(|refusal| refusal.to_string()));
            trace.add(TraceEvent::Lookup(DnsLookup {
                name: undotted.to_owned(),
                error: found.as_ref().err().map(ToString::to_string),
                found: found.iter().flatten().map(|target| checked(target.claimed)).collect(),
                took: began.elapsed(),
            }));
        }
        self.permitted(undotted, found?)
    }

    /// Returns every address of `name`, unchecked; `undotted` is the name without a dot at its end.
    async fn look_up(&self, undotted: &str, name: &str) -> Result<Vec<Target>, LookupError> {
        if let Some(table) = &self.table {
            let answer = table.next_answer(undotted);
            let mut answer = answer.ok_or_else(|| LookupError::Unlisted(undotted.to_owned()))?;
            if answer.first().is_some_and(|first| self.guard.check_address(first.claimed).is_err()) {
                answer.truncate(1);
            }
            return Ok(answer);
        }
        if is_localhost(undotted) {
            return Ok(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()]);
        }
        let found = tokio::net::lookup_host((name, 0)).await;
        let found = found.map_err(|cause| LookupError::Unknown {
            name: undotted.to_owned(),
            cause,
        })?;
        Ok(found.map(Target::from).collect())
    }

    /// Returns the targets that the guard permits.
    ///
    /// # Errors
    /// When it permits none: its first refusal, or that there was no target at all.
    fn permitted(&self, name: &str, found: Vec<Target>) -> Result<Vec<SocketAddr>, LookupError> {
        let mut refusal = None;
        let mut permitted = Vec::new();
        for target in found {
            match self.guard.check_address(target.claimed) {
                Ok(()) => permitted.push(target.connected),
                Err(refused) => refusal = refusal.or(Some(refused)),
            }
        }
        match refusal {
            Some(refused) if permitted.is_empty() => Err(refused.into()),
            None if permitted.is_empty() => Err(LookupError::Unknown {
                name: name.to_owned(),
                cause: io::ErrorKind::NotFound.into(),
            }),
            _ => Ok(permitted),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses: Addrs = Box::new(resolver.addresses(name.as_str()).await?.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolver(guard: Guard, table: &str) -> GuardedResolver {
        let table = ResolveTable::parse(table).expect("a table");
        GuardedResolver::new(Arc::new(guard), Some(Arc::new(table)))
    }

    async fn outcome(resolver: &GuardedResolver, name: &str) -> String {
        match resolver.addresses(name).await {
            Ok(addresses) => addresses[0].to_string(),
            Err(error) => error.reason().as_str().to_owned(),
        }
    }

    #[test]
    fn a_table_is_parsed_and_its_first_bad_line_is_named() {
        let table = ResolveTable::parse("# names\n\nLefaso.net. 93.184.216.34 127.0.0.1:9000 # local\n::1 ::1 [::1]:9001\n");
        let table = table.expect("a table");
        assert!(table.contains("lefaso.net") && table.contains("LEFASO.NET.") && table.contains("[::1]"));
        assert!(!table.contains("www.lefaso.net") && !table.contains("127.0.0.1"));
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
    async fn a_name_that_rebinds_is_checked_at_every_look_up() {
        let resolver = resolver(
            Guard::strict(),
            "rebind.example.org 93.184.216.34 127.0.0.1:9000\nrebind.example.org 169.254.169.254 127.0.0.1:9000",
        );
        assert_eq!(outcome(&resolver, "rebind.example.org").await, "127.0.0.1:9000");
        assert_eq!(outcome(&resolver, "Rebind.example.org.").await, "refused-address");
        assert_eq!(outcome(&resolver, "rebind.example.org").await, "127.0.0.1:9000");
        assert_eq!(outcome(&resolver, "other.example.org").await, "dns");
    }

    #[tokio::test]
    async fn a_name_with_several_addresses_gives_all_that_the_guard_permits_and_another_one_first_each_time() {
        let resolver = resolver(
            Guard::strict(),
            "two.example.org 2606:2800::1 [::1]:9000\ntwo.example.org 93.184.216.34 127.0.0.1:9001\ntwo.example.org 10.0.0.1 127.0.0.1:9002",
        );
        let (six, four) = ("[::1]:9000", "127.0.0.1:9001");
        for expected in [Some([six, four]), Some([four, six]), None, Some([six, four])] {
            let found = resolver.addresses("two.example.org").await;
            let found = found.map(|found| found.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(found.ok(), expected.map(|found| found.map(str::to_owned).to_vec()));
        }
    }

    #[tokio::test]
    async fn names_with_private_addresses_are_refused() {
        let resolver = resolver(
            Guard::strict(),
            "metadata.google.internal 169.254.169.254 127.0.0.1:9\n127.0.0.1.nip.io 127.0.0.1 127.0.0.1:9",
        );
        assert_eq!(outcome(&resolver, "metadata.google.internal").await, "refused-address");
        assert_eq!(outcome(&resolver, "127.0.0.1.nip.io").await, "refused-address");
    }

    #[tokio::test]
    async fn localhost_is_this_machine_without_a_look_up() {
        let open = GuardedResolver::new(Arc::new(Guard::new(true, &[])), None);
        assert_eq!(outcome(&open, "feeds.localhost").await, "127.0.0.1:0");
        let strict = GuardedResolver::new(Arc::new(Guard::strict()), None);
        assert_eq!(outcome(&strict, "localhost.").await, "refused-address");
    }

    #[test]
    fn of_mixed_addresses_only_the_public_ones_are_permitted() {
        let resolver = GuardedResolver::new(Arc::new(Guard::strict()), None);
        let found = ["10.0.0.1:0", "93.184.216.34:0", "[fe80::1]:0"].map(|text| text.parse().expect("an address"));
        let targets = |found: &[SocketAddr]| found.iter().copied().map(Target::from).collect::<Vec<_>>();
        let permitted = resolver.permitted("mixed", targets(&found)).expect("one is permitted");
        assert_eq!(permitted, [found[1]]);
        assert!(matches!(
            resolver.permitted("inside", targets(&found[..1])),
            Err(LookupError::Refused(_))
        ));
        assert!(matches!(resolver.permitted("none", Vec::new()), Err(LookupError::Unknown { .. })));
    }
}
