//! Networks and hosts that are not public: the special-purpose ranges of addresses, and names that only a local network knows. Pure: nothing
//! is looked up.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Which setting of `[fetch]` allows requests to a special-purpose range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedBy {
    /// `allow_private_networks` and `allow_networks`.
    Either,
    /// `allow_networks` only.
    Networks,
    /// None.
    Nothing,
}

/// A special-purpose range of addresses.
struct Range {
    net: IpNet,
    kind: &'static str,
    allowed_by: AllowedBy,
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8, kind: &'static str, allowed_by: AllowedBy) -> Range {
    Range {
        net: IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)),
        kind,
        allowed_by,
    }
}

const fn v6(head: [u16; 4], bits: u8, kind: &'static str, allowed_by: AllowedBy) -> Range {
    let [a, b, c, d] = head;
    Range {
        net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), bits)),
        kind,
        allowed_by,
    }
}

/// Every range that is not public, from the IANA registries of special-purpose addresses (RFC 6890 and its
/// successors). The first that contains an address names it.
static SPECIAL_RANGES: &[Range] = &[
    v4(0, 0, 0, 0, 8, "unspecified", AllowedBy::Nothing),
    v4(10, 0, 0, 0, 8, "private", AllowedBy::Either),
    v4(100, 64, 0, 0, 10, "carrier-grade NAT", AllowedBy::Networks),
    v4(127, 0, 0, 0, 8, "loopback", AllowedBy::Either),
    // Azure's host agent answers under a public address.
    v4(168, 63, 129, 16, 32, "cloud metadata", AllowedBy::Nothing),
    v4(169, 254, 0, 0, 16, "link-local", AllowedBy::Nothing),
    v4(172, 16, 0, 0, 12, "private", AllowedBy::Either),
    v4(192, 0, 0, 0, 24, "protocol assignment", AllowedBy::Networks),
    v4(192, 0, 2, 0, 24, "documentation", AllowedBy::Networks),
    v4(192, 88, 99, 0, 24, "6to4 relay", AllowedBy::Networks),
    v4(192, 168, 0, 0, 16, "private", AllowedBy::Either),
    v4(198, 18, 0, 0, 15, "benchmark", AllowedBy::Networks),
    v4(198, 51, 100, 0, 24, "documentation", AllowedBy::Networks),
    v4(203, 0, 113, 0, 24, "documentation", AllowedBy::Networks),
    v4(224, 0, 0, 0, 4, "multicast", AllowedBy::Nothing),
    v4(255, 255, 255, 255, 32, "broadcast", AllowedBy::Nothing),
    v4(240, 0, 0, 0, 4, "reserved", AllowedBy::Networks),
    V6_UNSPECIFIED,
    V6_LOOPBACK,
    V6_MAPPED,
    v6([0, 0, 0, 0], 96, "v4-compatible", AllowedBy::Networks),
    v6([0x64, 0xff9b, 0, 0], 96, "NAT64", AllowedBy::Networks),
    v6([0x64, 0xff9b, 1, 0], 48, "NAT64", AllowedBy::Networks),
    v6([0x100, 0, 0, 0], 64, "discard", AllowedBy::Networks),
    v6([0x2001, 0xdb8, 0, 0], 32, "documentation", AllowedBy::Networks),
    // Teredo, ORCHID, benchmarks and the like.
    v6([0x2001, 0, 0, 0], 23, "protocol assignment", AllowedBy::Networks),
    v6([0x2002, 0, 0, 0], 16, "6to4", AllowedBy::Networks),
    v6([0x3fff, 0, 0, 0], 20, "documentation", AllowedBy::Networks),
    v6([0xfc00, 0, 0, 0], 7, "unique local", AllowedBy::Either),
    v6([0xfe80, 0, 0, 0], 10, "link-local", AllowedBy::Nothing),
    v6([0xfec0, 0, 0, 0], 10, "site-local", AllowedBy::Networks),
    v6([0xff00, 0, 0, 0], 8, "multicast", AllowedBy::Nothing),
];

const V6_UNSPECIFIED: Range = Range {
    net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 128)),
    kind: "unspecified",
    allowed_by: AllowedBy::Nothing,
};
const V6_LOOPBACK: Range = Range {
    net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)),
    kind: "loopback",
    allowed_by: AllowedBy::Either,
};
const V6_MAPPED: Range = Range {
    net: IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96)),
    kind: "v4-mapped",
    allowed_by: AllowedBy::Nothing,
};

/// The global unicast addresses; the rest of IPv6 is reserved (RFC 4291 section 2.4).
const V6_GLOBAL: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Top-level domains whose names only a local network or this machine knows (RFC 6761, RFC 6762; ICANN reserved `internal` in 2024).
const LOCAL_DOMAINS: [&str; 3] = ["localhost", "local", "internal"];

/// Returns the kind of the special-purpose range that contains an address, such as "link-local", and which setting allows requests to it;
/// `None` for a public address.
#[must_use]
pub fn special_range(address: IpAddr) -> Option<(&'static str, AllowedBy)> {
    match SPECIAL_RANGES.iter().find(|range| range.net.contains(&address)) {
        Some(range) => Some((range.kind, range.allowed_by)),
        None => match address {
            IpAddr::V6(v6) if !V6_GLOBAL.contains(&v6) => Some(("reserved", AllowedBy::Networks)),
            _ => None,
        },
    }
}

/// Returns whether `name` (without a dot at its end) always means this machine (RFC 6761 section 6.3).
#[must_use]
pub fn is_localhost(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

/// Returns whether a URL leads to this machine or into a local network, so that it means nothing, or something else, to readers elsewhere:
/// files, addresses of special-purpose ranges in any spelling (the `url` crate has normalised it), names of one label, and names in
/// `localhost`, `local`, `internal` and `home.arpa` (RFC 8375).
///
/// A URL without a host, such as `mailto:`, is not private.
#[must_use]
pub fn is_private_host(url: &Url) -> bool {
    if url.scheme() == "file" {
        return true;
    }
    // Of schemes other than those of the web, `url` leaves the host as it is written.
    let host = match url.host() {
        None => return false,
        Some(Host::Domain(name)) => Host::parse(name).unwrap_or_else(|_| Host::Domain(name.to_owned())),
        Some(other) => other.to_owned(),
    };
    match host {
        Host::Ipv4(v4) => special_range(v4.into()).is_some(),
        Host::Ipv6(v6) => special_range(v6.into()).is_some(),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let Some((parent, last)) = name.rsplit_once('.') else {
                return true;
            };
            LOCAL_DOMAINS.contains(&last) || last == "arpa" && parent.rsplit('.').next() == Some("home")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_private(text: &str) -> bool {
        is_private_host(&Url::parse(text).expect("a URL"))
    }

    #[test]
    fn hosts_of_this_machine_and_of_local_networks_are_private() {
        for text in [
            "file:///etc/passwd",
            "file://server.example/share",
            "http://localhost:8080/x",
            "https://LOCALHOST./",
            "http://a.localhost/",
            "http://printer.local/",
            "http://wiki.corp.internal/",
            "http://nas.home.arpa/",
            "http://home.arpa./",
            "http://intranet/",
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://0x7f000001/",
            "ftp://10.0.0.1/",
            "gopher://127.0.0.1/",
            "http://0.0.0.0/",
            "http://172.20.1.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/",
            "http://168.63.129.16/",
            "http://100.64.0.1/",
            "http://224.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[::ffff:93.184.216.34]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[4000::1]/",
        ] {
            assert!(is_private(text), "{text}");
        }
    }

    #[test]
    fn hosts_of_the_internet_are_not_private() {
        for text in [
            "https://lefaso.net/x",
            "https://localhost.lefaso.net/",
            "https://internal.example/",
            "https://local.example.org/",
            "https://myhome.arpa/",
            "http://93.184.216.34/",
            "http://[2606:2800:220:1:248:1893:25c8:1946]/",
            "mailto:desk@localhost",
            "data:text/plain,x",
        ] {
            assert!(!is_private(text), "{text}");
        }
    }
}
