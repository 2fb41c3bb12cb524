//! Reads values of the command line's arguments.

use std::time::Duration;
use url::Url;

/// Reads a duration such as `90s`, `8m`, `2h`, `14d`.
///
/// # Errors
/// What to write instead.
pub fn duration(text: &str) -> Result<Duration, String> {
    crate::config::parse_duration(text).ok_or_else(|| "write a number and a unit, such as 30s, 8m, 2h or 14d".to_owned())
}

/// Reads a share such as `90%`.
///
/// # Errors
/// What to write instead.
pub fn share(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .trim_end_matches('%')
        .trim()
        .parse()
        .map_err(|_| "write a share such as 90%".to_owned())?;
    if (0.0..=100.0).contains(&number) {
        Ok(number / 100.0)
    } else {
        Err("a share lies between 0% and 100%".to_owned())
    }
}

/// Reads an http or https URL.
///
/// # Errors
/// What to write instead.
pub fn web_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| "write a URL that begins with https:// or http://".to_owned())
}
