//! The lead image of an article and its size in pixels.

use super::absolute_url::absolute_url;
use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use crate::model::Image;
use scraper::Html;
use url::Url;

/// So many images of a page are compared with its lead image.
const MAX_IMAGES: usize = 60;

pub(super) fn lead_image(document: &Html, scan: &PageScan<'_>, told: &LinkedData, base: Option<&Url>) -> Option<Image> {
    let social = scan.first(&["og:image:secure_url", "og:image", "og:image:url"]);
    let size = |name: &str| scan.first(&[name]).and_then(|value| value.trim_end_matches("px").parse().ok());
    let sized = social.is_some();
    let address = social
        .or_else(|| scan.first(&["twitter:image", "twitter:image:src"]))
        .or_else(|| told.image.clone())?;
    let url = absolute_url(base, &address)?;
    let given = || size("og:image:width").zip(size("og:image:height")).filter(|_| sized);
    let in_data = || {
        told.image_size
            .filter(|_| told.image.as_deref().and_then(|own| absolute_url(base, own)).as_ref() == Some(&url))
    };
    let known = given()
        .or_else(in_data)
        .or_else(|| size_in(&url))
        .or_else(|| size_on_page(document, base, &url))
        .filter(|(width, height)| *width > 0 && *height > 0);
    Some(Image {
        url,
        width: known.map(|(width, _)| width),
        height: known.map(|(_, height)| height),
    })
}

/// Reads the size that WordPress puts into the address of an image: `name-1024x683.jpg`.
fn size_in(url: &Url) -> Option<(u32, u32)> {
    let (stem, _) = url.path().rsplit_once('.')?;
    let (width, height) = stem.rsplit_once('-')?.1.split_once('x')?;
    width.parse().ok().zip(height.parse().ok())
}

/// Returns the size of an image that the page shows as well, as the page says it.
fn size_on_page(document: &Html, base: Option<&Url>, url: &Url) -> Option<(u32, u32)> {
    let images = document
        .root_element()
        .descendent_elements()
        .filter(|element| element.value().name() == "img");
    images.take(MAX_IMAGES).find_map(|image| {
        let attribute = |name: &str| image.value().attr(name);
        let side = |name: &str| attribute(name).and_then(|value| value.trim_end_matches("px").parse().ok());
        let is_same = ["src", "data-src", "data-lazy-src"]
            .iter()
            .filter_map(|name| attribute(name))
            .any(|address| absolute_url(base, address).as_ref() == Some(url));
        side("width").zip(side("height")).filter(|_| is_same)
    })
}
