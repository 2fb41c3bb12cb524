//! The address guard: the one decision which addresses may be asked. Pure: it looks nothing up and connects to nothing.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Who can open a forbidden range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    /// `allow_private_networks` and `allow_networks`.
    Either,
    /// `allow_networks` only.
    Network,
    /// Nobody.
    Nobody,
}

struct Range {
    net: IpNet,
    kind: &'static str,
    opens: Opens,
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8, kind: &'static str, opens: Opens) -> Range {
    Range {
        net: IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)),
        kind,
        opens,
    }
}

const fn v6(head: [u16; 4], bits: u8, kind: &'static str, opens: Opens) -> Range {
    let [a, b, c, d] = head;
    Range {
        net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), bits)),
        kind,
        opens,
    }
}

/// Every range that is no public host, from the IANA registries of special-purpose addresses (RFC 6890 and its
/// successors). The first that holds an address names it.
static FORBIDDEN: &[Range] = &[
    v4(0, 0, 0, 0, 8, "unspecified", Opens::Nobody),
    v4(10, 0, 0, 0, 8, "private", Opens::Either),
    v4(100, 64, 0, 0, 10, "carrier-grade NAT", Opens::Network),
    v4(127, 0, 0, 0, 8, "loopback", Opens::Either),
    // Azure's host agent answers under a public address.
    v4(168, 63, 129, 16, 32, "cloud metadata", Opens::Nobody),
    v4(169, 254, 0, 0, 16, "link-local", Opens::Nobody),
    v4(172, 16, 0, 0, 12, "private", Opens::Either),
    v4(192, 0, 0, 0, 24, "protocol assignment", Opens::Network),
    v4(192, 0, 2, 0, 24, "documentation", Opens::Network),
    v4(192, 88, 99, 0, 24, "6to4 relay", Opens::Network),
    v4(192, 168, 0, 0, 16, "private", Opens::Either),
    v4(198, 18, 0, 0, 15, "benchmark", Opens::Network),
    v4(198, 51, 100, 0, 24, "documentation", Opens::Network),
    v4(203, 0, 113, 0, 24, "documentation", Opens::Network),
    v4(224, 0, 0, 0, 4, "multicast", Opens::Nobody),
    v4(255, 255, 255, 255, 32, "broadcast", Opens::Nobody),
    v4(240, 0, 0, 0, 4, "reserved", Opens::Network),
    V6_UNSPECIFIED,
    V6_LOOPBACK,
    V6_MAPPED,
    v6([0, 0, 0, 0], 96, "v4-compatible", Opens::Network),
    v6([0x64, 0xff9b, 0, 0], 96, "NAT64", Opens::Network),
    v6([0x64, 0xff9b, 1, 0], 48, "NAT64", Opens::Network),
    v6([0x100, 0, 0, 0], 64, "discard", Opens::Network),
    v6([0x2001, 0xdb8, 0, 0], 32, "documentation", Opens::Network),
    // Teredo, ORCHID, benchmarks and the like.
    v6([0x2001, 0, 0, 0], 23, "protocol assignment", Opens::Network),
    v6([0x2002, 0, 0, 0], 16, "6to4", Opens::Network),
    v6([0x3fff, 0, 0, 0], 20, "documentation", Opens::Network),
    v6([0xfc00, 0, 0, 0], 7, "unique local", Opens::Either),
    v6([0xfe80, 0, 0, 0], 10, "link-local", Opens::Nobody),
    v6([0xfec0, 0, 0, 0], 10, "site-local", Opens::Network),
    v6([0xff00, 0, 0, 0], 8, "multicast", Opens::Nobody),
];

const V6_UNSPECIFIED: Range = Range {
    net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 128)),
    kind: "unspecified",
    opens: Opens::Nobody,
};
const V6_LOOPBACK: Range = Range {
    net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)),
    kind: "loopback",
    opens: Opens::Either,
};
const V6_MAPPED: Range = Range {
    net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96)),
    kind: "v4-mapped",
    opens: Opens::Nobody,
};

/// What is global unicast at all; the rest of IPv6 is reserved (RFC 4291 section 2.4).
const V6_GLOBAL: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Names that never lead to a public host (RFC 2606, 6762 and 7686).
const FORBIDDEN_NAMES: [&str; 5] = ["invalid", "test", "example", "local", "onion"];

/// Why an address may not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The scheme is neither http nor https.
    #[error("`{0}` is not asked: only http and https are")]
    Scheme(String),
    /// The URL names no host.
    #[error("the address names no host")]
    NoHost,
    /// The port is not 80, 443 or at least 1024.
    #[error("port {0} is not asked: only 80, 443 and those from 1024 are")]
    Port(u16),
    /// The name is kept for other uses.
    #[error("`{0}` is not looked up: such names lead to no public host")]
    Name(String),
    /// The address lies in a forbidden range.
    #[error("{address} is not asked: it is no public address ({kind})")]
    Address {
        /// The address.
        address: IpAddr,
        /// The range's kind, such as "link-local".
        kind: &'static str,
    },
}

impl Refusal {
    /// Returns a stable word to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Scheme(_) => "scheme",
            Self::NoHost => "no-host",
            Self::Port(_) => "port",
            Self::Name(_) => "name",
            Self::Address { .. } => "address",
        }
    }
}

/// Decides which addresses may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    allow_private: bool,
    allow: Vec<IpNet>,
    /// Whether nothing is refused at all.
    everything: bool,
}

impl Guard {
    /// Makes a guard. `allow_private` opens loopback, RFC 1918 and unique local addresses; `allow` opens single networks.
    /// Neither opens link-local, multicast or v4-mapped addresses.
    #[must_use]
    pub fn new(allow_private: bool, allow: &[IpNet]) -> Self {
        Self {
            allow_private,
            allow: allow.to_vec(),
            everything: false,
        }
    }

    /// Makes the guard that refuses nothing: for addresses that the operator wrote himself, such as a proxy's.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            everything: true,
            ..Self::strict()
        }
    }

    /// Makes the guard that opens nothing.
    #[must_use]
    pub fn strict() -> Self {
        Self::new(false, &[])
    }

    /// Judges an address that is about to be connected, or has been.
    ///
    /// # Errors
    /// [`Refusal::Address`] when it lies in a forbidden range that is not opened.
    pub fn judge_address(&self, address: IpAddr) -> Result<(), Refusal> {
        if self.everything {
            return Ok(());
        }
        let (kind, opens) = match FORBIDDEN.iter().find(|range| range.net.contains(&address)) {
            Some(range) => (range.kind, range.opens),
            None => match address {
                IpAddr::V6(v6) if !V6_GLOBAL.contains(&v6) => ("reserved", Opens::Network),
                _ => return Ok(()),
            },
        };
        let named = || self.allow.iter().any(|net| net.contains(&address));
        let open = match opens {
            Opens::Either => self.allow_private || named(),
            Opens::Network => named(),
            Opens::Nobody => false,
        };
        if open { Ok(()) } else { Err(Refusal::Address { address, kind }) }
    }

    /// Judges an address before anything is looked up: scheme, port, name, and the host when it is an IP literal in any
    /// spelling (the `url` crate has normalised it). User-info is not looked at.
    ///
    /// # Errors
    /// The first [`Refusal`] that applies.
    pub fn judge_url(&self, url: &Url) -> Result<(), Refusal> {
        self.judge_form(url)?;
        match url.host() {
            Some(Host::Domain(name)) => self.judge_name(name),
            // Literals have been judged with the form.
            _ => Ok(()),
        }
    }

    /// Like [`Guard::judge_url`], but any name passes: it stands in the table that replaces look-ups.
    pub(super) fn judge_form(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().chars().take(32).collect()));
        }
        match url.port_or_known_default() {
            Some(80 | 443 | 1024..) => {}
            port => return Err(Refusal::Port(port.unwrap_or_default())),
        }
        match url.host() {
            None => Err(Refusal::NoHost),
            Some(Host::Domain(_)) => Ok(()),
            Some(Host::Ipv4(v4)) => self.judge_address(v4.into()),
            Some(Host::Ipv6(v6)) => self.judge_address(v6.into()),
        }
    }

    fn judge_name(&self, name: &str) -> Result<(), Refusal> {
        let name = name.trim_end_matches('.');
        if is_localhost(name) {
            return self.judge_address(Ipv4Addr::LOCALHOST.into());
        }
        let last = name.rsplit('.').next().unwrap_or_default();
        if last.is_empty() || FORBIDDEN_NAMES.iter().any(|forbidden| last.eq_ignore_ascii_case(forbidden)) {
            return Err(Refusal::Name(name.to_owned()));
        }
        Ok(())
    }
}

/// Returns whether `name` (without a dot at its end) always means this machine (RFC 6761 section 6.3).
pub(super) fn is_localhost(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn code(guard: &Guard, text: &str) -> &'static str {
        guard.judge_url(&url(text)).map_or_else(|refusal| refusal.code(), |()| "open")
    }

    #[test]
    fn every_spelling_of_a_forbidden_literal_is_refused() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "0x7f000001",
            "0177.0.0.1",
            "2130706433",
            "0",
            "0.0.0.0",
            "127。0。0。1",
            "①②⑦.⓪.⓪.①",
            "%31%32%37.0.0.1",
            "127.0.0.1.",
            "user@127.0.0.1",
            "example.com@127.0.0.1",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:127.0.0.1]",
            "127.0.0.1:6379",
            "192.0.0.1",
            "[::ffff:10.0.0.1]",
            "[::ffff:93.184.216.34]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[100::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "[4000::1]",
            "[5f00::1]",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "localhost",
            "LOCALHOST.",
            "foo.localhost",
        ] {
            assert_eq!(code(&Guard::strict(), &format!("http://{host}/")), "address", "{host}");
        }
    }

    #[test]
    fn public_addresses_beside_the_ranges_pass() {
        for host in [
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "[2001:200::1]",
            "[2606:2800:220:1:248:1893:25c8:1946]",
            "[3fff:1000::1]",
            "lefaso.net",
            "localhost.lefaso.net",
            "contest",
        ] {
            assert_eq!(code(&Guard::strict(), &format!("https://{host}/")), "open", "{host}");
        }
    }

    #[test]
    fn schemes_ports_and_names_are_judged_before_a_look_up() {
        let open = Guard::new(true, &["0.0.0.0/0".parse().expect("a net")]);
        for (text, expected) in [
            ("file:///etc/passwd", "scheme"),
            ("ftp://lefaso.net/", "scheme"),
            ("gopher://127.0.0.1:6379/_x", "scheme"),
            ("unix:/var/run/docker.sock", "scheme"),
            ("data:application/rss+xml,x", "scheme"),
            ("jar:http://127.0.0.1!/", "scheme"),
            ("dict://127.0.0.1:11211/", "scheme"),
            ("ldap://127.0.0.1/", "scheme"),
            ("netdoc:///etc/passwd", "scheme"),
            ("http://127.0.0.1:22/", "port"),
            ("http://127.0.0.1:25/", "port"),
            ("http://lefaso.net:22/", "port"),
            ("http://lefaso.net:25/", "port"),
            ("http://lefaso.net:0/", "port"),
            ("http://lefaso.net:1023/", "port"),
            ("http://lefaso.net:443/", "open"),
            ("https://lefaso.net:80/", "open"),
            ("http://lefaso.net:1024/", "open"),
            ("http://lefaso.net:65535/", "open"),
            ("http://site.invalid/", "name"),
            ("http://site.TEST/", "name"),
            ("http://example/", "name"),
            ("http://printer.local./", "name"),
            ("http://abc.onion/", "name"),
            ("http://example.com/", "open"),
        ] {
            assert_eq!(code(&open, text), expected, "{text}");
        }
    }

    #[test]
    fn the_operator_opens_private_networks_but_never_link_local_or_multicast() {
        let private = Guard::new(true, &[]);
        for host in ["127.0.0.1:8000", "10.0.0.1", "192.168.1.1", "[::1]", "[fd00::1]", "localhost"] {
            assert_eq!(code(&private, &format!("http://{host}/")), "open", "{host}");
        }
        let all: Vec<IpNet> = ["0.0.0.0/0", "::/0"].map(|net| net.parse().expect("a net")).to_vec();
        for guard in [private, Guard::new(true, &all)] {
            for host in [
                "169.254.169.254",
                "224.0.0.1",
                "0.0.0.0",
                "[fe80::1]",
                "[ff02::1]",
                "[::]",
                "[::ffff:10.0.0.1]",
            ] {
                assert_eq!(code(&guard, &format!("http://{host}/")), "address", "{host}");
            }
        }
        let narrow = Guard::new(
            false,
            &["10.1.0.0/16".parse().expect("a net"), "100.64.0.0/10".parse().expect("a net")],
        );
        assert_eq!(code(&narrow, "http://10.1.2.3/"), "open");
        assert_eq!(code(&narrow, "http://100.64.0.1/"), "open");
        assert_eq!(code(&narrow, "http://10.2.0.1/"), "address");
        assert_eq!(code(&narrow, "http://127.0.0.1/"), "address");
    }
}
