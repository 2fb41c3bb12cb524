//! Which representation of a document a request gets: its content encoding, and the media type that browsers display. Pure.

use crate::publish::CompressedForm;
use axum::http::header::{self, HeaderMap};

/// A content encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// The bytes of the file.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// The compressed ones, those with the smaller results first.
    pub const COMPRESSED: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// Returns the name in `Content-Encoding`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Returns the compressed form; none of the plain file.
    #[must_use]
    pub const fn form(self) -> Option<CompressedForm> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(CompressedForm::Gzip),
            Self::Brotli => Some(CompressedForm::Brotli),
            Self::Zstd => Some(CompressedForm::Zstd),
        }
    }

    /// Returns the place in [`Coding::COMPRESSED`]; none of the plain file.
    #[must_use]
    pub fn index(self) -> Option<usize> {
        Self::COMPRESSED.iter().position(|coding| *coding == self)
    }
}

/// Returns the codings that `Accept-Encoding` allows, the most wanted first; of equal ones the smaller first, the plain file last. Without the
/// header only the plain file is wanted (RFC 9110, 12.5.3, allows any, and old clients understand none).
#[must_use]
pub fn accepted_codings(headers: &HeaderMap) -> Vec<Coding> {
    let mut weights: [Option<u16>; 3] = [None; 3];
    let (mut identity, mut others) = (None, None);
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        let Ok(value) = value.to_str() else { continue };
        for element in value.split(',') {
            let mut parts = element.split(';');
            let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = weight(parts);
            match name.as_str() {
                "br" => weights[0] = Some(weight),
                "zstd" => weights[1] = Some(weight),
                "gzip" | "x-gzip" => weights[2] = Some(weight),
                "identity" => identity = Some(weight),
                "*" => others = Some(weight),
                _ => {}
            }
        }
    }
    let named = Coding::COMPRESSED.iter().zip(weights);
    let mut wanted: Vec<(u16, Coding)> = named
        .filter_map(|(coding, weight)| Some((weight.or(others)?, *coding)))
        .filter(|(weight, _)| *weight > 0)
        .collect();
    // A plain file that is not named is a last resort; a named one ranks by its weight.
    let plain = identity.filter(|weight| *weight > 0).unwrap_or(1);
    wanted.push((plain, Coding::Identity));
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wanted.into_iter().map(|(_, coding)| coding).collect()
}

/// Returns the weight `q` among parameters, in thousandths; 1,000 where none is given, 0 for one that cannot be read.
fn weight<'a>(parameters: impl Iterator<Item = &'a str>) -> u16 {
    for parameter in parameters {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("q")
        {
            let value: f32 = value.trim().parse().unwrap_or(0.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 1,000")]
            return (value.clamp(0.0, 1.0) * 1000.0) as u16;
        }
    }
    1000
}

/// Returns whether a browser wants to display the document: the request is a navigation, and it asks for no type of feeds. `Sec-Fetch-Mode`
/// says what is a navigation (Fetch Metadata, W3C); browsers without it ask for `text/html`.
#[must_use]
pub fn is_navigation(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let accept = text(header::ACCEPT.as_str()).unwrap_or_default().to_ascii_lowercase();
    if ["rss+xml", "atom+xml", "feed+json"].iter().any(|feed| accept.contains(feed)) {
        return false;
    }
    match text("sec-fetch-mode") {
        Some(mode) => mode.trim() == "navigate",
        None => accept.contains("text/html"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"));
        }
        headers
    }

    #[test]
    fn the_best_coding_that_is_accepted_comes_first() {
        use Coding::{Brotli, Gzip, Identity, Zstd};
        for (accepted, codings) in [
            ("gzip, deflate, br, zstd", &[Brotli, Zstd, Gzip, Identity][..]),
            ("gzip", &[Gzip, Identity]),
            ("x-gzip", &[Gzip, Identity]),
            ("GZIP;q=0.5, br;q=0.4", &[Gzip, Brotli, Identity]),
            ("gzip;q=0", &[Identity]),
            ("gzip;q=0, *", &[Brotli, Zstd, Identity]),
            ("*;q=0", &[Identity]),
            ("identity, gzip;q=0.5", &[Identity, Gzip]),
            ("identity;q=0, zstd;q=0.001", &[Zstd, Identity]),
            ("gzip;q=nonsense", &[Identity]),
            ("deflate", &[Identity]),
            ("", &[Identity]),
        ] {
            assert_eq!(accepted_codings(&headers(&[("accept-encoding", accepted)])), codings, "{accepted}");
        }
        assert_eq!(accepted_codings(&HeaderMap::new()), [Identity]);
        let two = headers(&[("accept-encoding", "br;q=0.1"), ("accept-encoding", "gzip")]);
        assert_eq!(accepted_codings(&two), [Gzip, Brotli, Identity]);
    }

    #[test]
    fn a_navigation_is_told_from_a_feed_reader() {
        let chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for lines in [
            &[("sec-fetch-mode", "navigate"), ("accept", chrome)][..],
            &[("sec-fetch-mode", "navigate")],
            &[("accept", chrome)],
        ] {
            assert!(is_navigation(&headers(lines)), "{lines:?}");
        }
        for lines in [
            &[][..],
            &[("accept", "*/*")],
            &[("accept", "application/rss+xml, application/xml;q=0.9, text/html;q=0.5")],
            &[("sec-fetch-mode", "cors"), ("accept", chrome)],
            &[("sec-fetch-mode", "navigate"), ("accept", "application/atom+xml,text/html")],
        ] {
            assert!(!is_navigation(&headers(lines)), "{lines:?}");
        }
    }
}
