//! The lead image of an article and its size in pixels.

use super::absolute_url::absolute_url;
use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use crate::model::Image;
use scraper::Html;
use url::Url;

/// The number of images of a page that are compared with its lead image.
const MAX_COMPARED_IMAGES: usize = 60;

/// Returns the lead image that the page names for social media or in JSON-LD, with its size where one is known.
pub(super) fn lead_image(document: &Html, scan: &PageScan<'_>, json_ld: &LinkedData, base: Option<&Url>) -> Option<Image> {
    let social = scan.first_meta(&["og:image:secure_url", "og:image", "og:image:url"]);
    let size = |name: &str| scan.first_meta(&[name]).and_then(|value| value.trim_end_matches("px").parse().ok());
    let sized = social.is_some();
    let address = social
        .or_else(|| scan.first_meta(&["twitter:image", "twitter:image:src"]))
        .or_else(|| json_ld.image.clone())?;
    let url = absolute_url(base, &address)?;
    let given = || size("og:image:width").zip(size("og:image:height")).filter(|_| sized);
    let in_data = || {
        json_ld
            .image_size
            .filter(|_| json_ld.image.as_deref().and_then(|own| absolute_url(base, own)).as_ref() == Some(&url))
    };
    let known = given()
        .or_else(in_data)
        .or_else(|| size_in_file_name(&url))
        .or_else(|| size_on_page(document, base, &url))
        .filter(|(width, height)| *width > 0 && *height > 0);
    Some(Image {
        url,
        width: known.map(|(width, _)| width),
        height: known.map(|(_, height)| height),
    })
}

/// Returns the size in a file name as WordPress writes it: `name-1024x683.jpg`.
fn size_in_file_name(url: &Url) -> Option<(u32, u32)> {
    let (stem, _) = url.path().rsplit_once('.')?;
    let (width, height) = stem.rsplit_once('-')?.1.split_once('x')?;
    width.parse().ok().zip(height.parse().ok())
}

/// Returns the size that an `img` element of the page states for the same image.
fn size_on_page(document: &Html, base: Option<&Url>, url: &Url) -> Option<(u32, u32)> {
    let images = document
        .root_element()
        .descendent_elements()
        .filter(|element| element.value().name() == "img");
    images.take(MAX_COMPARED_IMAGES).find_map(|image| {
        let attribute = |name: &str| image.value().attr(name);
        let side = |name: &str| attribute(name).and_then(|value| value.trim_end_matches("px").parse().ok());
        let is_same = ["src", "data-src", "data-lazy-src"]
            .iter()
            .filter_map(|name| attribute(name))
            .any(|address| absolute_url(base, address).as_ref() == Some(url));
        side("width").zip(side("height")).filter(|_| is_same)
    })
}
