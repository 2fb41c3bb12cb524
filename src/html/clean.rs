//! Cleans foreign markup by an allow-list: the result is [`CleanHtml`], which no other module makes of foreign markup.
//!
//! ammonia checks every element, attribute and address; the code around it repairs images, bounds the work and makes cleaning idempotent.
//! Which part of a page is kept is decided in `extract`.

use super::complexity::{limit_complexity, limit_complexity_keeping_text, split_long_text};
use crate::model::{CleanHtml, RawMarkup, without_tracking};
use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};
use url::Url;

mod allow_list;
mod cut;
mod direction;
mod media;
mod policy;
mod stable;
mod text;

pub use cut::cut_at_block;
pub use direction::remove_stray_direction;
pub use policy::CleanPolicy;
pub use text::{excerpt, html_to_lines, is_invisible, text_to_html};

use allow_list::{DROPPED_ELEMENTS, KEPT_ATTRIBUTES, KEPT_ELEMENTS, LINK_SCHEMES, MAX_ATTRIBUTE_BYTES, MEDIA_SCHEMES, allowed_url};
use text::{escape, text_lines};

/// The longest markup that is cleaned, in bytes; the rest is dropped.
pub const MAX_BYTES: usize = 4_000_000;
/// How often markup is cleaned again until the result no longer changes.
const MAX_ROUNDS: usize = 4;

/// Returns `raw` as markup that is safe to publish: known elements and attributes only, absolute addresses of http, https or (for links)
/// mailto, `dir` and `lang` kept, lazy images repaired, tracking pixels removed, players replaced by links with their type.
/// Links lose tracking parameters; values of attributes have at most 2 kB.
///
/// At most [`MAX_BYTES`] are read. Cleaning is idempotent.
#[must_use]
pub fn clean(raw: &RawMarkup, policy: &CleanPolicy<'_>) -> CleanHtml {
    Cleaner::default().clean(raw, policy)
}

/// Cleans several texts: ammonia's lists are built once for all.
pub struct Cleaner {
    builder: ammonia::Builder<'static>,
    /// What the filter of attributes follows: ammonia takes a filter once only.
    filter: Arc<RwLock<AttributeFilter>>,
}

impl Default for Cleaner {
    fn default() -> Self {
        let filter = Arc::new(RwLock::new(AttributeFilter::default()));
        let mut builder = builder();
        let read = Arc::clone(&filter);
        builder.attribute_filter(move |element, attribute, value| {
            let filter = read.read().unwrap_or_else(PoisonError::into_inner);
            filter.value(element, attribute, value)
        });
        Self { builder, filter }
    }
}

impl Cleaner {
    /// Does what [`clean`] does.
    pub fn clean(&mut self, raw: &RawMarkup, policy: &CleanPolicy<'_>) -> CleanHtml {
        let limited = if policy.faithful {
            let (finished, unfinished) = unfinished_tag(&raw.0);
            Cow::Owned(limit_complexity_keeping_text(&escape_stray_declarations(finished), MAX_BYTES) + &escape(unfinished))
        } else {
            limit_complexity(&raw.0, MAX_BYTES)
        };
        if memchr::memchr2(b'<', b'&', limited.as_bytes()).is_none() {
            return CleanHtml::from_trusted(direction::remove_stray_controls(&escape(&limited)).trim().to_owned());
        }
        *self.filter.write().unwrap_or_else(PoisonError::into_inner) = AttributeFilter {
            base: policy.base.cloned(),
            public: policy.public,
            faithful: policy.faithful,
        };
        let mut html = clean_once(&limited, policy, &self.builder);
        // A parser may build another tree of serialised markup than the one that was serialised; the second result is nearly always stable.
        for _ in 0..MAX_ROUNDS {
            if stable::is_certainly_stable(&html) {
                return CleanHtml::from_trusted(html);
            }
            let again = clean_once(&limit_complexity(&html, MAX_BYTES), policy, &self.builder);
            if again == html {
                return CleanHtml::from_trusted(html);
            }
            html = again;
        }
        text_to_html(&text_lines(&html))
    }
}

/// Escapes each `<!` that starts neither a comment, a section nor a document type: it is text, and a parser would drop what follows.
fn escape_stray_declarations(markup: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for at in memchr::memmem::find_iter(markup.as_bytes(), "<!") {
        if !markup[at + 2..].starts_with(['-', '[', 'd', 'D', '>']) {
            out.push_str(&markup[copied..at]);
            out.push_str("&lt;");
            copied = at + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(markup);
    }
    out.push_str(&markup[copied..]);
    Cow::Owned(out)
}

/// Splits `markup` before a last tag that does not end.
fn unfinished_tag(markup: &str) -> (&str, &str) {
    let start = memchr::memrchr(b'<', markup.as_bytes()).filter(|start| !markup[*start..].contains('>'));
    markup.split_at(start.unwrap_or(markup.len()))
}

/// Repairs the media of markup and cleans it once.
fn clean_once(markup: &str, policy: &CleanPolicy<'_>, builder: &ammonia::Builder<'_>) -> String {
    let repaired = media::repair_media(markup, policy);
    let html = builder.clean(&split_long_text(&repaired)).to_string();
    let visible = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let html = if html.chars().all(visible) {
        html
    } else {
        html.chars().filter(|&c| visible(c)).collect()
    };
    let html = direction::remove_stray_controls(&html);
    // The paragraph of a player or an image that was removed.
    if !policy.faithful && html.contains("<p></p>") {
        return html.replace("<p></p>", "").trim().to_owned();
    }
    html.trim().to_owned()
}

/// Returns ammonia's cleaner, without the filter of attributes.
fn builder() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(KEPT_ELEMENTS.iter().copied().collect())
        .clean_content_tags(DROPPED_ELEMENTS.iter().copied().collect())
        .tag_attributes(
            KEPT_ATTRIBUTES
                .iter()
                .map(|(element, names)| (*element, names.iter().copied().collect()))
                .collect(),
        )
        .generic_attributes(["dir", "lang"].into())
        .url_schemes(LINK_SCHEMES.iter().copied().collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

/// The part of a policy that decides on attributes.
#[derive(Default)]
struct AttributeFilter {
    base: Option<Url>,
    public: bool,
    faithful: bool,
}

impl AttributeFilter {
    /// Returns the value to keep of an attribute; it runs after ammonia has checked the scheme.
    fn value<'v>(&self, element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
        let policy = CleanPolicy {
            base: self.base.as_ref(),
            public: self.public,
            faithful: self.faithful,
            ..CleanPolicy::default()
        };
        let is_address = matches!((element, attribute), ("a", "href") | ("img", "src") | (_, "cite"));
        if is_address
            && self.faithful
            && self.base.is_none()
            && value.len() <= MAX_ATTRIBUTE_BYTES
            && Url::parse(value.trim()) == Err(url::ParseError::RelativeUrlWithoutBase)
        {
            return Some(Cow::Borrowed(value));
        }
        match (element, attribute) {
            ("a", "href") => {
                let url = allowed_url(&policy, value, LINK_SCHEMES)?;
                let url = if self.faithful { url } else { without_tracking(&url) };
                Some(Cow::Owned(url.into()))
            }
            ("img", "src") | (_, "cite") => allowed_url(&policy, value, MEDIA_SCHEMES).map(|url| Cow::Owned(url.into())),
            ("a", "type") => media::media_type(value).map(Cow::Borrowed),
            (_, "dir") => Some(value)
                .filter(|word| matches!(*word, "ltr" | "rtl" | "auto"))
                .map(Cow::Borrowed),
            (_, "width" | "height" | "colspan" | "rowspan" | "start" | "value") => {
                let number: i32 = value.trim().parse().ok()?;
                Some(Cow::Owned(number.to_string()))
            }
            _ => Some(Cow::Borrowed(&value[..value.floor_char_boundary(MAX_ATTRIBUTE_BYTES)])),
        }
    }
}

/// Returns `html` with `dir="rtl"` around it, if most of its letters are of scripts written from right to left and it has no such mark: on its
/// page an element around it had the mark.
#[must_use]
pub fn mark_direction(html: CleanHtml, images: bool) -> CleanHtml {
    if html.as_str().contains(" dir=\"rtl\"") || !direction::is_right_to_left(&html_to_lines(&html)) {
        return html;
    }
    let policy = CleanPolicy {
        images,
        ..CleanPolicy::default()
    };
    clean(&RawMarkup(format!("<div dir=\"rtl\">{}</div>", html.as_str())), &policy)
}

#[cfg(test)]
mod tests;
