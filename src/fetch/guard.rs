//! The address guard: decides which addresses may be requested (protection against server-side request forgery). Pure: it looks
//! nothing up and connects to nothing.

use crate::model::network::{AllowedBy, is_localhost, special_range};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};
use url::{Host, Url};

/// Top-level domains that have no public hosts (RFC 2606, 6762 and 7686).
const SPECIAL_DOMAINS: [&str; 5] = ["invalid", "test", "example", "local", "onion"];

/// Why an address may not be requested.
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
    /// The name lies in a special-use domain.
    #[error("`{0}` is not looked up: such names lead to no public host")]
    Name(String),
    /// The address lies in a special-purpose range.
    #[error("{address} is not asked: it is no public address ({kind})")]
    Address {
        /// The address.
        address: IpAddr,
        /// The range's kind, such as "link-local".
        kind: &'static str,
    },
}

/// Decides which addresses may be requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    allow_private: bool,
    allowed_networks: Vec<IpNet>,
    /// Whether nothing is refused at all.
    allow_all: bool,
}

impl Guard {
    /// Makes a guard. `allow_private` allows loopback, RFC 1918 and unique local addresses; `allowed_networks` allows single networks.
    /// Neither allows link-local, multicast or v4-mapped addresses.
    #[must_use]
    pub fn new(allow_private: bool, allowed_networks: &[IpNet]) -> Self {
        Self {
            allow_private,
            allowed_networks: allowed_networks.to_vec(),
            allow_all: false,
        }
    }

    /// Makes the guard that refuses nothing: for addresses out of feeds.toml that are no source's, such as a proxy's.
    #[must_use]
    pub fn allow_all() -> Self {
        Self {
            allow_all: true,
            ..Self::strict()
        }
    }

    /// Makes the guard that allows public addresses only.
    #[must_use]
    pub fn strict() -> Self {
        Self::new(false, &[])
    }

    /// Checks an address that is about to be connected, or has been.
    ///
    /// # Errors
    /// [`Refusal::Address`] when it lies in a special-purpose range that is not allowed.
    pub fn check_address(&self, address: IpAddr) -> Result<(), Refusal> {
        if self.allow_all {
            return Ok(());
        }
        let Some((kind, allowed_by)) = special_range(address) else {
            return Ok(());
        };
        let is_listed = || self.allowed_networks.iter().any(|net| net.contains(&address));
        let is_allowed = match allowed_by {
            AllowedBy::Either => self.allow_private || is_listed(),
            AllowedBy::Networks => is_listed(),
            AllowedBy::Nothing => false,
        };
        if is_allowed {
            Ok(())
        } else {
            Err(Refusal::Address { address, kind })
        }
    }

    /// Checks a URL before anything is looked up: scheme, port, name, and the host when it is an IP literal in any
    /// spelling (the `url` crate has normalised it). User-info is ignored.
    ///
    /// # Errors
    /// The first [`Refusal`] that applies.
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        self.check_url_of_listed_name(url)?;
        match url.host() {
            Some(Host::Domain(name)) => self.check_name(name),
            // Literals are checked already.
            _ => Ok(()),
        }
    }

    /// Like [`Guard::check_url`], but any name is permitted: the table of `--resolve` lists it.
    ///
    /// # Errors
    /// The first [`Refusal`] that applies.
    pub(super) fn check_url_of_listed_name(&self, url: &Url) -> Result<(), Refusal> {
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
            Some(Host::Ipv4(v4)) => self.check_address(v4.into()),
            Some(Host::Ipv6(v6)) => self.check_address(v6.into()),
        }
    }

    fn check_name(&self, name: &str) -> Result<(), Refusal> {
        let name = name.trim_end_matches('.');
        if is_localhost(name) {
            return self.check_address(Ipv4Addr::LOCALHOST.into());
        }
        let last = name.rsplit('.').next().unwrap_or_default();
        if last.is_empty() || SPECIAL_DOMAINS.iter().any(|special| last.eq_ignore_ascii_case(special)) {
            return Err(Refusal::Name(name.to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    /// Returns the kind of refusal in a word, or `open`.
    fn code(guard: &Guard, text: &str) -> &'static str {
        match guard.check_url(&url(text)) {
            Ok(()) => "open",
            Err(Refusal::Scheme(_)) => "scheme",
            Err(Refusal::NoHost) => "no-host",
            Err(Refusal::Port(_)) => "port",
            Err(Refusal::Name(_)) => "name",
            Err(Refusal::Address { .. }) => "address",
        }
    }

    #[test]
    fn every_spelling_of_a_special_literal_is_refused() {
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
    fn public_addresses_next_to_special_ranges_are_allowed() {
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
    fn schemes_ports_and_names_are_checked_before_a_look_up() {
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
    fn the_operator_can_allow_private_networks_but_not_link_local_or_multicast() {
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
