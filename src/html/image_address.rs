//! The address of an image: lazy loaders keep it in attributes of their own, in sets, in the style of an empty element or on the figure around
//! it. Pure. Whether an address may be shown is decided in `clean`.

use super::tokenizer::Tag;

/// Attributes in which lazy loaders keep the address of an image, the best first.
const LAZY_ATTRIBUTES: &[&str] = &[
    "data-lazy-src",
    "data-src",
    "data-original",
    "data-orig-file",
    "data-orig-src",
    "data-td-src-property",
    "data-img-url",
    "data-url",
    "data-large-file",
    "data-ezsrc",
    "data-cfsrc",
    "data-litespeed-src",
    "data-hi-res-src",
    "data-full-url",
    "data-image-src",
    "data-echo",
    "data-lazyload",
    "data-lazy",
    "data-pagespeed-lazy-src",
    "data-flickity-lazyload",
    "data-splide-lazy",
    "data-original-src",
    "data-actualsrc",
    "data-image",
    "data-img",
];
/// Attributes in which the address of an image stands on an element around it; other addresses stand there as well.
const FIGURE_ATTRIBUTES: &[&str] = &["data-url", "data-image", "data-img", "data-href", "itemid"];
/// Attributes with the address of the image that a script sets as the background of an element.
const BACKGROUND_ATTRIBUTES: &[&str] = &[
    "data-bg",
    "data-bg-src",
    "data-background",
    "data-background-image",
    "data-lazy-background",
    "data-lazy-bg",
    "data-bgset",
];
/// Attributes with a set of addresses of an image, those of lazy loaders first.
pub(crate) const SRCSET_ATTRIBUTES: &[&str] = &["data-lazy-srcset", "data-srcset", "data-lazyset", "data-litespeed-srcset", "srcset"];
/// The widest image that is chosen of a set, in pixels: feed readers show none wider.
const MAX_WIDTH_PIXELS: f64 = 1600.0;
/// An image of a set that is narrower than this, in pixels, is a placeholder for a wider one.
const MIN_WIDTH_PIXELS: f64 = 500.0;
/// Parts of the addresses of placeholders, which lazy loaders show until the image is loaded.
const PLACEHOLDERS: &[&str] = &[
    "placeholder",
    "lazyload",
    "lazy-load",
    "blank.gif",
    "spacer.",
    "transparent.",
    "1x1.",
    "pixel.gif",
];

/// Returns whether an address is that of a lazy loader's placeholder.
pub(crate) fn is_placeholder(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.is_empty() || lower.starts_with("data:") || lower.starts_with("about:") || PLACEHOLDERS.iter().any(|part| lower.contains(part))
}

/// Returns the address of an image, in the attributes of lazy loaders first.
pub(crate) fn image_address<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    let real = |value: &&str| !is_placeholder(value);
    let lazy = LAZY_ATTRIBUTES
        .iter()
        .filter_map(|name| tag.attribute(name))
        .map(str::trim)
        .find(real);
    let own = tag.attribute("src").map(str::trim).filter(real);
    let sets = || SRCSET_ATTRIBUTES.iter().filter_map(|name| tag.attribute(name));
    let best = || sets().filter_map(best_of_set).find(real);
    // The placeholder is often a narrow copy of the image.
    let is_copy =
        |own: &&str| sets().any(|set| candidates(set).any(|(size, address)| address == *own && (2.5..MIN_WIDTH_PIXELS).contains(&size)));
    lazy.or_else(|| own.filter(|own| !is_copy(own))).or_else(best).or(own)
}

/// Returns the address of the image of a `figure` that has none in it: its own attributes name it.
pub(crate) fn figure_address<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    let real = |value: &&str| !is_placeholder(value);
    let value = |name: &&str| tag.attribute(name).map(str::trim).filter(real);
    let mut lazy = LAZY_ATTRIBUTES.iter().filter(|name| !FIGURE_ATTRIBUTES.contains(name));
    let mut sets = SRCSET_ATTRIBUTES.iter().filter_map(|name| tag.attribute(name));
    lazy.find_map(value)
        .or_else(|| sets.find_map(best_of_set).filter(real))
        .or_else(|| FIGURE_ATTRIBUTES.iter().filter_map(value).find(|address| is_picture(address)))
}

/// Returns the address of the image that is the background of an element.
pub(crate) fn background_address<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    if !tag.inner.contains("bg") && !tag.inner.to_ascii_lowercase().contains("background") {
        return None;
    }
    let lazy = BACKGROUND_ATTRIBUTES.iter().find_map(|name| {
        let value = tag.attribute(name).filter(|value| !value.trim().is_empty())?;
        url_function(value).or_else(|| best_of_set(value))
    });
    let styled = || {
        let style = tag.attribute("style")?;
        let start = style.to_ascii_lowercase().find("background")?;
        url_function(style.get(start..)?)
    };
    lazy.or_else(styled).filter(|address| !is_placeholder(address))
}

/// Returns the address in the first `url(…)` of a value of CSS.
fn url_function(value: &str) -> Option<&str> {
    let start = value.to_ascii_lowercase().find("url(")? + 4;
    let inner = value.get(start..)?;
    let inner = inner[..inner.find(')')?].trim();
    let unquoted = ["&quot;", "&#34;", "&#39;", "&#039;", "\"", "'"]
        .iter()
        .find_map(|quote| inner.strip_prefix(quote)?.strip_suffix(quote));
    Some(unquoted.unwrap_or(inner).trim()).filter(|address| !address.is_empty())
}

/// Returns whether an address is that of a file of an image.
fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.rsplit_once('.').is_some_and(|(_, ending)| {
        let ending = ending.to_ascii_lowercase();
        matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif")
    })
}

/// Iterates over the addresses of a `srcset` with their widths or densities (HTML standard, 4.8.4.2.1).
fn candidates(set: &str) -> impl Iterator<Item = (f64, &str)> {
    // An address may contain commas; a comma that ends a candidate is followed by a space.
    set.split(", ").flat_map(|part| part.split(",\n")).filter_map(|candidate| {
        let mut text_lines = candidate.trim().trim_end_matches(',').split_ascii_whitespace();
        let address = text_lines.next()?;
        let size = text_lines
            .next()
            .and_then(|word| word.trim_end_matches(['w', 'x', 'h']).parse().ok());
        Some((size.unwrap_or(1.0), address))
    })
}

/// Returns the widest image of a `srcset` that is not wider than [`MAX_WIDTH_PIXELS`]; the narrowest when all are.
pub(crate) fn best_of_set(set: &str) -> Option<&str> {
    let mut best: Option<(f64, &str)> = None;
    for (size, address) in candidates(set).filter(|(size, _)| size.is_finite()) {
        let is_better = |most: f64| {
            if most > MAX_WIDTH_PIXELS {
                size < most
            } else {
                size > most && size <= MAX_WIDTH_PIXELS
            }
        };
        if best.is_none_or(|(most, _)| is_better(most)) {
            best = Some((size, address));
        }
    }
    best.map(|(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::tokenizer::{Piece, pieces};

    fn first_tag(markup: &str) -> Tag<'_> {
        match pieces(markup).next() {
            Some(Piece::Open(tag)) => tag,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn backgrounds_name_an_image() {
        for markup in [
            "<div style='background-image:url(/a.jpg)'>",
            "<div style=\"color:red; BACKGROUND : no-repeat URL( '/a.jpg' )\">",
            "<div style='background-image: linear-gradient(red, blue), url(&quot;/a.jpg&quot;)'>",
            "<div data-bg=/a.jpg>",
            "<div data-bg='url(/a.jpg)'>",
            "<div data-bgset='/b.jpg 300w, /a.jpg 900w'>",
            "<div data-background-image='/a.jpg' style='background:url(data:image/gif;base64,R0)'>",
        ] {
            assert_eq!(background_address(&first_tag(markup)), Some("/a.jpg"), "{markup}");
        }
        for markup in [
            "<div style='background-image:none'>",
            "<div style='background:url()'>",
            "<div style='background:url(data:image/png;base64,AA)'>",
            "<div style='color:url(/a.jpg)'>",
            "<div class=bg>",
        ] {
            assert_eq!(background_address(&first_tag(markup)), None, "{markup}");
        }
    }

    #[test]
    fn a_figure_names_its_image() {
        for markup in [
            "<figure data-src=/a.jpg>",
            "<figure data-srcset='/b.jpg 300w, /a.jpg 800w'>",
            "<figure data-url=/a.jpg itemid=/c.jpg>",
            "<figure itemid='/a.jpg' data-url='https://a.example/page'>",
        ] {
            assert_eq!(figure_address(&first_tag(markup)), Some("/a.jpg"), "{markup}");
        }
        assert_eq!(
            figure_address(&first_tag("<figure data-url='https://a.example/page' itemid=7>")),
            None
        );
        assert_eq!(figure_address(&first_tag("<figure data-src=/blank.gif>")), None);
    }
}
