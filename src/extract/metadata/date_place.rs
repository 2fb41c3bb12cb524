//! Where on a page a date is none of the article: captions, comments, cards of other articles, calendars, events.

use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::{HashMap, HashSet};

/// Elements whose dates are not those of the article, unless they contain its headline.
const OTHER_ELEMENTS: &[&str] = &["figcaption", "caption", "nav", "form", "h1", "select", "dialog"];
/// Words of the classes and ids of such elements; words are separated by `-` and `_`.
const OTHER_WORDS: &[&str] = &[
    "caption",
    "legende",
    "related",
    "comment",
    "comments",
    "commentlist",
    "respond",
    "agenda",
    "event",
    "events",
    "evenement",
    "bio",
    "promo",
    "teaser",
    "teasers",
    "recommended",
    "popular",
    "trending",
];
/// Whole classes and ids of such elements.
const OTHER_CLASSES: &[&str] = &[
    "widget",
    "sidebar",
    "widget-area",
    "calendar",
    "wp-calendar",
    "calendrier",
    "secondary",
    "alire",
    "a-lire",
    "lire-aussi",
    "read-also",
    "see-also",
    "author-box",
    "about-author",
    "more-news",
];
/// The properties of events in microdata.
const EVENT_PROPERTIES: &[&str] = &[
    "startDate",
    "endDate",
    "doorTime",
    "validFrom",
    "validThrough",
    "birthDate",
    "uploadDate",
];
/// A larger element is no card.
const MAX_CARD_ELEMENTS: usize = 12;
/// Classes of the body of an article.
const BODY_CLASSES: &[&str] = &["post-body", "entry-content", "hentry", "article-body", "post-content"];
/// The least number of words in a headline.
const MIN_HEADLINE_WORDS: usize = 4;
/// Ancestors are looked at up to this number.
const MAX_DEPTH: usize = 40;

/// Decides whether elements are places of other dates.
#[derive(Debug, Default)]
pub(super) struct DatePlaces {
    /// Whether an element that was decided on is such a place, for itself and for its content.
    decided: HashMap<NodeId, bool>,
    /// The element `article` around the first `h1`.
    article: Option<NodeId>,
    has_headline: bool,
    /// The elements `aside` in which a link with a headline has begun.
    asides: HashSet<NodeId>,
    /// Whether an `aside` contains the headline or the body of the article: it is read through once, however many dates it has.
    asides_of_article: HashMap<NodeId, bool>,
    /// Whether an element in an `aside` contains a link with a headline.
    cards: HashMap<NodeId, bool>,
    left_article: bool,
}

impl DatePlaces {
    /// Notes an element of the walk; elements must be noted in document order.
    pub(super) fn note(&mut self, element: ElementRef<'_>) {
        if is_headline_link(element) {
            let mut ancestors = element.ancestors().filter_map(ElementRef::wrap).take(MAX_DEPTH);
            self.asides.extend(
                ancestors
                    .find(|ancestor| ancestor.value().name() == "aside")
                    .map(|aside| aside.id()),
            );
        }
        if !self.has_headline && element.value().name() == "h1" {
            self.has_headline = true;
            let mut ancestors = element.ancestors().filter_map(ElementRef::wrap);
            self.article = ancestors
                .find(|ancestor| ancestor.value().name() == "article")
                .map(|article| article.id());
        }
    }

    /// Returns whether the text of an element cannot state the date of the article.
    pub(super) fn is_elsewhere(&mut self, element: ElementRef<'_>) -> bool {
        if EVENT_PROPERTIES.contains(&element.value().attr("itemprop").unwrap_or_default())
            || matches!(element.value().name(), "figcaption" | "caption" | "h1")
        {
            return true;
        }
        if let Some(article) = self.article
            && (self.left_article || !element.ancestors().any(|ancestor| ancestor.id() == article))
        {
            // The article with the headline has ended.
            self.left_article = true;
            return true;
        }
        let mut is_in_card = false;
        for ancestor in element.ancestors().filter_map(ElementRef::wrap).take(MAX_DEPTH) {
            // An `aside` may be the box of date and author: only what follows a link to another page, or stands with it, is elsewhere.
            if ancestor.value().name() == "aside" && (is_in_card || self.asides.contains(&ancestor.id())) {
                let is_of_article = *(self.asides_of_article)
                    .entry(ancestor.id())
                    .or_insert_with(|| contains_headline(ancestor));
                if !is_of_article {
                    return true;
                }
            }
            if !is_in_card && matches!(ancestor.value().name(), "li" | "div" | "article" | "section") {
                let contains_link = || ancestor.descendent_elements().take(MAX_CARD_ELEMENTS).any(is_headline_link);
                is_in_card = *self.cards.entry(ancestor.id()).or_insert_with(contains_link);
            }
            let is_other = *self.decided.entry(ancestor.id()).or_insert_with(|| is_other_place(ancestor));
            if is_other {
                return true;
            }
        }
        false
    }
}

/// Returns whether an element is a link whose text may be the headline of another page.
fn is_headline_link(element: ElementRef<'_>) -> bool {
    let words = || element.text().flat_map(str::split_whitespace).take(MIN_HEADLINE_WORDS).count();
    element.value().name() == "a" && words() == MIN_HEADLINE_WORDS
}

fn contains_headline(element: ElementRef<'_>) -> bool {
    element.descendent_elements().any(is_of_article)
}

/// Returns whether an element is the headline, or the body by its class: what contains it is no other place.
fn is_of_article(element: ElementRef<'_>) -> bool {
    element.value().name() == "h1" || element.value().classes().any(|class| BODY_CLASSES.contains(&class))
}

fn is_other_place(element: ElementRef<'_>) -> bool {
    let value = element.value();
    if matches!(value.name(), "html" | "body" | "main" | "article") && value.attr("itemtype").is_none() {
        return false;
    }
    let mut names = value.classes().chain(value.id()).take(20);
    let is_other = OTHER_ELEMENTS.contains(&value.name())
        || value.attr("itemtype").is_some_and(|kind| kind.ends_with("Event"))
        || names.any(|name| {
            let name = name.to_ascii_lowercase();
            OTHER_CLASSES.contains(&name.as_str()) || name.split(['-', '_']).any(|word| OTHER_WORDS.contains(&word))
        });
    is_other && !contains_headline(element)
}
