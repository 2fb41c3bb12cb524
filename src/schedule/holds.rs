//! Holds: which addresses of a source asked to wait (429, or 503 with `Retry-After`), where it has addresses on several hosts. A hold concerns
//! the host that said it (429, RFC 6585 section 4), or the address alone (503), so that the source can be read at another one meanwhile.
//!
//! Not here: the hosts that no source requests before their hold is over (`pipeline::host_hold`).

use super::DAY;
use crate::model::{HeldAddress, SourceState, Timestamp};
use url::Url;

/// Returns whether a source has an address on another host than that of `asked`: what `asked` does may not concern it. The name with
/// `www.`, another scheme or port count as the same host, since they are mostly the same server.
#[must_use]
pub fn has_other_host(urls: &[Url], asked: &Url) -> bool {
    urls.iter().any(|url| host_name(url) != host_name(asked))
}

/// Until when `url`, or its host, has asked to wait.
pub(super) fn held_until(state: &SourceState, url: &Url, now: Timestamp) -> Option<Timestamp> {
    let is_of_url = |address: &str| {
        let host = || Url::parse(address).is_ok_and(|held| is_host(address) && host_name(&held) == host_name(url));
        address == url.as_str() || host()
    };
    // A hold lasts a day at most: a later time was written while the system clock was wrong.
    let is_in_force = |until: &Timestamp| *until > now && *until <= now + DAY;
    let holds = state.held.iter().filter(|held| is_of_url(&held.address)).map(|held| held.until);
    holds.filter(is_in_force).max()
}

/// Whether a held address is that of a host, which has no path.
fn is_host(address: &str) -> bool {
    address.matches('/').count() == 2
}

fn host_name(url: &Url) -> &str {
    let name = url.host_str().unwrap_or_default().trim_end_matches('.');
    name.strip_prefix("www.").unwrap_or(name)
}

/// Adds that `address`, an address or a host, has asked to wait `until`, and drops what is over at `now`.
pub fn hold(state: &mut SourceState, address: String, until: Timestamp, now: Timestamp) {
    release(state, now);
    state.held.retain(|held| held.address != address);
    state.held.push(HeldAddress { address, until });
}

/// Drops the holds that are over at `now`.
pub fn release(state: &mut SourceState, now: Timestamp) {
    state.held.retain(|held| held.until > now && held.until <= now + DAY);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_unix(1_772_366_400 + hours * 3600)
    }

    #[test]
    fn a_hold_replaces_an_earlier_one_of_the_address_and_ends() {
        let mut state = SourceState::new(SourceId::new("a").expect("a slug"));
        let (first, second) = ("https://a.example.org:443".to_owned(), "https://b.example.org/feed".to_owned());
        hold(&mut state, first, at(1), at(0));
        hold(&mut state, second.clone(), at(9), at(0));
        hold(&mut state, second.clone(), at(2), at(1));
        let held: Vec<_> = state.held.iter().map(|held| (&held.address, held.until)).collect();
        assert_eq!(held, [(&second, at(2))]);
        release(&mut state, at(2));
        assert_eq!(state.held, []);
    }

    #[test]
    fn the_name_tells_whether_an_address_is_on_another_host() {
        let url = |text: &str| Url::parse(text).expect("a URL");
        let asked = url("https://a.example.org/1");
        for (text, expected) in [
            ("https://a.example.org/2", false),
            ("http://a.example.org:8080/1", false),
            ("https://www.a.example.org/1", false),
            ("https://b.example.org/1", true),
        ] {
            assert_eq!(has_other_host(&[asked.clone(), url(text)], &asked), expected, "{text}");
        }
    }
}
