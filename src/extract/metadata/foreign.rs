//! The parts of a page that are not about its article: comments, related articles, sidebars, boxes of events, biographies, captions.

use scraper::ElementRef;

/// Beginnings of the classes and ids of such parts.
const FOREIGN_PREFIXES: &[&str] = &[
    "comment",
    "respond",
    "reply",
    "related",
    "widget_",
    "widget-area",
    "widgets",
    "sidebar",
    "side-bar",
    "calendar",
    "wp-calendar",
    "event",
    "agenda",
    "recommend",
    "recirc",
    "teaser",
    "read-also",
    "readalso",
    "also-read",
    "lire-aussi",
    "a-lire",
    "alire",
    "voir-aussi",
    "see-also",
    "most-read",
    "plus-lus",
    "popular",
    "trending",
    "latest-",
    "author-bio",
    "author-box",
    "authorbox",
    "about-author",
    "bio",
    "wp-caption",
    "caption",
    "legende",
    "membre",
    "member",
    "promo",
    "more-stories",
    "next-article",
];
/// The number of elements around one that are looked at.
const MAX_ANCESTORS: usize = 12;

/// Returns whether an element is in a part of the page that is not about its article.
pub(super) fn is_foreign(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap).take(MAX_ANCESTORS);
    std::iter::once(element)
        .chain(around)
        .take_while(|part| !matches!(part.value().name(), "article" | "main" | "body" | "html"))
        .any(is_foreign_part)
}

fn is_foreign_part(part: ElementRef<'_>) -> bool {
    if matches!(
        part.value().name(),
        "aside" | "figure" | "figcaption" | "caption" | "label" | "dialog"
    ) {
        return true;
    }
    let is_foreign = |name: &str| {
        let starts = |prefix: &&str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        name == "widget" || FOREIGN_PREFIXES.iter().any(starts)
    };
    // The main column of a page of Blogger is a widget.
    let is_blogger = part.value().id().is_some_and(|id| id.starts_with("Blog"));
    !is_blogger && part.value().classes().any(is_foreign) || part.value().id().is_some_and(is_foreign)
}

/// Returns whether an element is in the card of another article: beside a heading that is a link.
pub(super) fn is_card(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap).take(3);
    around
        .take_while(|part| !matches!(part.value().name(), "main" | "body" | "html"))
        .any(|part| {
            let mut headings = part
                .child_elements()
                .take(12)
                .filter(|child| matches!(child.value().name(), "h2" | "h3" | "h4" | "h5"));
            headings.any(|heading| {
                let is_title = heading.value().classes().any(|class| class.contains("title"));
                !is_title && heading.child_elements().next().is_some_and(|child| child.value().name() == "a")
            })
        })
}
