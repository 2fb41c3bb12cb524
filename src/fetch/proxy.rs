//! Proxies: http, https and socks5. What stands behind one is not seen, so the guard judges the form of an address only, and names are
//! looked up there.

use super::FailureCode;
use super::dial::ResolveTable;
use super::failure::Stop;
use reqwest::Proxy;
use url::Url;

/// Makes the proxy of `url`. Its user-info becomes its login.
pub(super) fn of(url: &Url) -> Result<Proxy, reqwest::Error> {
    let mut url = url.clone();
    if url.scheme() == "socks5" {
        // With the `h` the proxy looks names up: our own look-up would tell them to our network. The scheme can be changed, since
        // neither is one of those that browsers treat in a special way.
        let _ = url.set_scheme("socks5h");
    }
    Proxy::all(url.as_str())
}

/// Refuses a proxy that `--resolve` does not lead to this machine: with a table nothing else is dialled.
pub(super) fn check(url: Option<&Url>, table: Option<&ResolveTable>) -> Result<(), Stop> {
    let (Some(url), Some(table)) = (url, table) else {
        return Ok(());
    };
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    if literal.map_or_else(|_| table.lists(host), |address| address.is_loopback()) {
        return Ok(());
    }
    Err(Stop::new(
        FailureCode::Dns,
        format!("the proxy `{host}` is not in the table of names"),
    ))
}
