//! The addresses of images and enclosures as they are compared: what changes in them while the file stays the same is left out.

use crate::model::without_tracking;
use std::borrow::Cow;
use url::Url;

/// The endings of media files; in the query of such an address stand signatures and sizes, which change without the file.
const MEDIA_ENDINGS: [&str; 12] = [
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".mp3", ".m4a", ".ogg", ".mp4", ".webm",
];

/// Parameters of signed addresses, compared without regard to case: Amazon S3 and `CloudFront`, Google Cloud Storage, Akamai, and what sites call
/// them themselves.
const SIGNATURE_PARAMETERS: [&str; 15] = [
    "awsaccesskeyid",
    "exp",
    "expires",
    "expiry",
    "googleaccessid",
    "hdnea",
    "hdnts",
    "hmac",
    "key-pair-id",
    "policy",
    "sig",
    "sign",
    "signature",
    "token",
    "validuntil",
];
/// Prefixes of families of such parameters.
const SIGNATURE_PREFIXES: [&str; 2] = ["x-amz-", "x-goog-"];
/// Further parameters of a shared access signature (Azure Storage), which are such only beside `sig`.
const SHARED_ACCESS_PARAMETERS: [&str; 12] = ["se", "sip", "ske", "skoid", "sks", "skt", "sktid", "skv", "sp", "spr", "st", "sv"];

/// Returns the part of an address that stays the same while the file does.
#[must_use]
pub fn stable_address(address: &str) -> Cow<'_, str> {
    let Some((path, _)) = address.split_once(['?', '#']) else {
        return Cow::Borrowed(address);
    };
    let ending = path.rfind('.').map(|dot| path[dot..].to_ascii_lowercase());
    if ending.is_some_and(|ending| MEDIA_ENDINGS.contains(&ending.as_str())) {
        return Cow::Borrowed(path);
    }
    // The address of an image in markup may be relative, with `&amp;` for `&`.
    let decoded = address.replace("&amp;", "&");
    let decoded = Url::parse(&decoded).map_or(decoded, |url| without_tracking(&url).into());
    let Some((path, query)) = decoded.split_once('?') else {
        return Cow::Owned(decoded);
    };
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    let is_shared_access = query.split('&').any(|pair| name(pair) == "sig");
    let is_kept = |pair: &&str| {
        let name = name(pair);
        let is_signature = SIGNATURE_PARAMETERS.contains(&name.as_str())
            || SIGNATURE_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            || (is_shared_access && SHARED_ACCESS_PARAMETERS.contains(&name.as_str()));
        !is_signature
    };
    let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
    Cow::Owned(if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    })
}

/// Returns the addresses of the images in markup, which is not parsed for this: what is compared is whether they stay the same.
pub(super) fn image_addresses(markup: &str) -> impl Iterator<Item = &str> {
    memchr::memmem::find_iter(markup.as_bytes(), "<img").filter_map(|at| {
        let tag = &markup[at..];
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        let value = &tag[tag.find("src=")? + 4..];
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = value.trim_start_matches(['"', '\'']);
        let end = value.find(|c: char| quote.map_or(c.is_whitespace(), |quote| c == quote));
        Some(&value[..end.unwrap_or(value.len())])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_left_out_and_what_selects_the_file_stays() {
        for (one, other) in [
            ("https://a.example/i.jpg?w=1&sig=2", "https://a.example/i.jpg"),
            (
                "https://a.example/audio?id=5&Expires=1&Signature=x&Key-Pair-Id=k",
                "https://a.example/audio?id=5&Expires=2&Signature=y&Key-Pair-Id=k",
            ),
            (
                "https://a.example/f?X-Amz-Date=20260101T000000Z&id=5",
                "https://a.example/f?id=5&X-Amz-Signature=0f",
            ),
            ("/i?id=5&amp;sig=a&amp;se=1&amp;sv=2", "/i?id=5&sig=b&se=2"),
            ("https://a.example/f?id=5&utm_source=rss", "https://a.example/f?id=5"),
            ("https://a.example/f?token=5", "https://a.example/f"),
        ] {
            assert_eq!(stable_address(one), stable_address(other), "{one} {other}");
        }
        for (one, other) in [
            ("https://a.example/f?id=5&sig=x", "https://a.example/f?id=6&sig=x"),
            ("https://a.example/f?st=5", "https://a.example/f?st=6"),
            ("https://a.example/i.jpg", "https://a.example/j.jpg"),
        ] {
            assert_ne!(stable_address(one), stable_address(other), "{one} {other}");
        }
    }
}
