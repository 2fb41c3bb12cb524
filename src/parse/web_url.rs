//! Resolves addresses as feeds and pages write them, with their usual mistakes, to absolute URLs.

use super::link_text::repair_scheme;
use std::borrow::Cow;
use url::Url;

/// The longest address, in bytes.
pub(super) const MAX_ADDRESS_BYTES: usize = 8192;

/// Returns the absolute URL of `text`, resolved against `base`.
pub(super) fn join(base: Option<&Url>, text: &str) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    match base {
        Some(base) => base.join(text).ok(),
        None if text.starts_with("//") => Url::parse(&format!("https:{text}")).ok(),
        None => Url::parse(text).ok(),
    }
}

/// Returns the absolute http or https URL of `text`, resolved against `base`, with usual mistakes repaired.
pub(super) fn web_url(base: Option<&Url>, text: &str) -> Option<Url> {
    let text = &*clean_address(text);
    if text.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    let host = base.and_then(Url::host_str).unwrap_or_default();
    let schemeless = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let found = if schemeless {
        Url::parse(&format!("http://{text}")).ok()
    } else if host.contains('.') && text.strip_prefix(host).is_some_and(|rest| rest.starts_with('/')) {
        // The feed's own host without a scheme is not a path.
        join(base, &format!("//{text}"))
    } else {
        join(base, text)
    };
    found.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Returns an address without what templates leave in it: invisible characters, quotes, line breaks, a second scheme, `&amp;` for `&`.
fn clean_address(text: &str) -> Cow<'_, str> {
    let is_surrounding = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '"');
    let mut text = text.trim_matches(is_surrounding);
    for scheme in ["http://", "https://"] {
        let rest = text.strip_prefix(scheme);
        text = rest
            .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
            .unwrap_or(text);
    }
    let mut text = Cow::Borrowed(text);
    if text.contains(['\n', '\r']) {
        text = Cow::Owned(text.lines().map(str::trim).collect());
    }
    for reference in ["&amp;", "&#038;", "&#38;"] {
        if text.contains(reference) {
            text = Cow::Owned(text.replace(reference, "&"));
        }
    }
    match repair_scheme(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(repaired) => Cow::Owned(repaired),
    }
}

/// Returns whether an address is relative: it has no scheme and is not blank.
pub(super) fn is_relative(value: &str) -> bool {
    let value = value.trim_start();
    let scheme = value
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        .count();
    let absolute = scheme > 0 && value.as_bytes().get(scheme) == Some(&b':');
    !value.is_empty() && !absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_count() {
        let base = Url::parse("https://a.example/x/y").expect("a URL");
        let read = |text| web_url(Some(&base), text).map(String::from);
        assert_eq!(read(" z ").as_deref(), Some("https://a.example/x/z"));
        assert_eq!(read("www.b.example").as_deref(), Some("http://www.b.example/"));
        assert_eq!(read("javascript:alert(1)"), None);
        assert_eq!(read("a.example/z").as_deref(), Some("https://a.example/z"));
        assert_eq!(read("a.exampler/z").as_deref(), Some("https://a.example/x/a.exampler/z"));
        assert_eq!(
            read("https://b.example/?a=1&amp;b=2&#038;c=3").as_deref(),
            Some("https://b.example/?a=1&b=2&c=3")
        );
        assert_eq!(read("http://https://b.example/z").as_deref(), Some("https://b.example/z"));
        assert_eq!(
            read("\u{feff}\"https://b.example/\n   z\u{200b}\"").as_deref(),
            Some("https://b.example/z")
        );
        assert_eq!(
            read("https://web.example/http://b.example/").as_deref(),
            Some("https://web.example/http://b.example/")
        );
        assert_eq!(read("ftp://a.example/"), None);
        for start in ["https://a.example/", "www.a.example/", "a.example/", ""] {
            let address = format!("{start}{}", "x".repeat(MAX_ADDRESS_BYTES + 1));
            assert_eq!(web_url(Some(&base), &address), None, "{start}");
        }
        assert_eq!(web_url(None, "x"), None);
        assert_eq!(
            web_url(None, "//b.example/x").map(String::from).as_deref(),
            Some("https://b.example/x")
        );
    }
}
