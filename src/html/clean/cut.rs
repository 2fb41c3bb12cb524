//! Cuts cleaned markup behind a block, for bodies that are too long to publish.

use super::text::escape;
use crate::model::CleanHtml;
use crate::model::html_elements::is_block;
use std::fmt::Write as _;
use url::Url;

/// Returns the beginning of cleaned markup whose `size` is at most `max_size`, cut behind a block, with its open elements closed and a link to the
/// rest. Markup without a block that ends early enough leaves the link alone.
#[must_use]
pub fn cut_at_block(html: &CleanHtml, max_size: usize, size: &dyn Fn(&str) -> usize, link: Option<&Url>) -> CleanHtml {
    let html = html.as_str();
    let mut rest_link = String::new();
    if let Some(link) = link {
        let address = escape(link.as_str()).replace('"', "&quot;");
        // Writing to a String cannot fail.
        let _ = write!(
            rest_link,
            "<p><a href=\"{address}\" rel=\"noopener noreferrer nofollow\">[…]</a></p>"
        );
    }
    let room = max_size.saturating_sub(size(&rest_link));
    let mut open: Vec<&str> = Vec::new();
    let mut best = String::new();
    let (mut at, mut used) = (0, 0);
    while let Some(start) = html[at..].find('<').map(|start| at + start) {
        let tag = &html[start..start + tag_length(&html[start..])];
        let end = start + tag.len();
        used += size(&html[at..end]);
        at = end;
        let name = tag.trim_start_matches(['<', '/']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if tag.starts_with("</") {
            open.pop();
            let closing = open.iter().rev().fold(String::new(), |closing, name| closing + "</" + name + ">");
            if is_block(name) && used + size(&closing) <= room {
                best.clear();
                best.push_str(&html[..end]);
                best.push_str(&closing);
            }
        } else if !matches!(name, "br" | "hr" | "img") {
            open.push(name);
        }
        if used > room {
            break;
        }
    }
    CleanHtml::from_trusted(best + &rest_link)
}

/// Returns the length of the tag at the start of `rest`, in bytes. In cleaned markup all values of attributes stand in double quotes.
fn tag_length(rest: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::clean::{CleanPolicy, clean};
    use crate::model::RawMarkup;

    #[test]
    fn a_long_body_ends_behind_a_block_with_a_link() {
        let policy = CleanPolicy::default();
        let html = clean(
            &RawMarkup("<div><p>Un <b>deux</b></p><ul><li>trois</li><li>quatre</li></ul><p>cinq</p></div>".into()),
            &policy,
        );
        let link = Url::parse("https://a.example/1?a=1&b=2").expect("a URL");
        let tail = "<p><a href=\"https://a.example/1?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">[…]</a></p>";
        let cut = |max: usize| cut_at_block(&html, tail.len() + max, &str::len, Some(&link)).as_str().to_owned();
        assert_eq!(
            cut(30),
            format!("<div><p>Un <b>deux</b></p></div>{tail}").replace("<div><p>Un <b>deux</b></p></div>", ""),
            "nothing fits"
        );
        assert_eq!(cut(36), format!("<div><p>Un <b>deux</b></p></div>{tail}"));
        assert_eq!(cut(65), format!("<div><p>Un <b>deux</b></p><ul><li>trois</li></ul></div>{tail}"));
        for max in 0..html.as_str().len() + 20 {
            let made = cut(max);
            assert!(made.len() <= tail.len() + max, "{max}: {made}");
            assert_eq!(clean(&RawMarkup(made.clone()), &policy).as_str(), made, "well-formed");
        }
        assert_eq!(cut_at_block(&html, 5, &str::len, None).as_str(), "");
    }
}
