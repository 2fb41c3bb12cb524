//! Proxies: http, https and socks5. The address that a proxy connects to is not seen, so the guard checks the form of a URL only, and
//! names are looked up by the proxy.

use super::failure::FetchError;
use super::resolver::ResolveTable;
use crate::model::FailureReason;
use reqwest::Proxy;
use url::Url;

/// Makes the proxy of `url`. Its user-info becomes its login.
pub(super) fn from_url(url: &Url) -> Result<Proxy, reqwest::Error> {
    let mut url = url.clone();
    if url.scheme() == "socks5" {
        // With socks5h the proxy looks names up; a look-up here would tell the local network which sites are read. The change of
        // scheme cannot fail, since neither is one of the special schemes of the URL standard.
        let _ = url.set_scheme("socks5h");
    }
    Proxy::all(url.as_str())
}

/// Refuses a proxy that `--resolve` does not lead to this machine: with a table nothing else is connected.
pub(super) fn check_listed(url: Option<&Url>, table: Option<&ResolveTable>) -> Result<(), FetchError> {
    let (Some(url), Some(table)) = (url, table) else {
        return Ok(());
    };
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    if literal.map_or_else(|_| table.contains(host), |address| address.is_loopback()) {
        return Ok(());
    }
    Err(FetchError::new(
        FailureReason::Dns,
        format!("the proxy `{host}` is not in the table of names"),
    ))
}
