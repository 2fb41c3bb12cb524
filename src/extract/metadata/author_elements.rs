//! The elements of a page that may name the authors of its article, without those that belong to comments, forms and other articles.

use super::bylines;
use super::elements::{any_of, has_class, has_class_part, line_text};
use super::person_name::is_person_name;
use crate::extract::normalize::element_text;
use aho_corasick::AhoCorasick;
use ego_tree::NodeId;
use scraper::ElementRef;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Classes of elements that name the authors.
const AUTHOR_CLASSES: &[&str] = &[
    "author",
    "byline",
    "author-name",
    "fn",
    "post-author",
    "td-post-author-name",
    "auteur",
    "createdby",
    "username",
    "vcard",
];
/// Parts of class names that often mean authors.
static AUTHOR_CLASS_PARTS: LazyLock<AhoCorasick> = LazyLock::new(|| any_of(&["author", "byline", "writer"]));
/// Parts of the class names, identifiers and properties of what belongs to readers or to other articles.
static FOREIGN_PARTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    any_of(&[
        "comment",
        "respond",
        "disqus",
        "related",
        "recommend",
        "recirc",
        "teaser",
        "sidebar",
        "most-read",
        "most-popular",
        "read-more",
        "readmore",
        "read-next",
        "lire-aussi",
        "a-lire",
        "similar",
        "more-from",
        "latest-",
    ])
});
/// Classes of headlines of a lower rank.
const HEADLINE_CLASSES: &[&str] = &["post-title", "entry-title", "article-title"];
/// The number of headlines whose ancestors are kept: the site's name may be the first.
const MAX_HEADLINES: usize = 2;
/// The number of elements of a kind that are kept.
const MAX_ELEMENTS: usize = 24;
/// The number of lines of a kind that are used, all of one byline.
const MAX_LINES: usize = 8;
/// The longest text of a card that leads to another article, in bytes.
const MAX_CARD_BYTES: usize = 400;
/// The number of elements that are looked through for the link of a card, and of ancestors that are.
const MAX_CARD_ELEMENTS: usize = 60;
const MAX_ANCESTORS: usize = 40;
/// The number of letters between the links of a byline.
const MAX_LETTERS_BETWEEN: usize = 24;

/// The elements that may name the authors, in document order.
#[derive(Default)]
pub(super) struct AuthorElements<'a> {
    /// Elements with one of [`AUTHOR_CLASSES`], `rel=author` or a property of microdata.
    marked: Vec<ElementRef<'a>>,
    /// Elements whose class only contains a part of a known one.
    alike: Vec<ElementRef<'a>>,
    /// Short lines after the headline that are bylines.
    bylines: Vec<ElementRef<'a>>,
    /// The number of headlines found.
    headlines: usize,
    /// The headlines and their ancestors.
    around_headline: HashSet<NodeId>,
}

/// The lines that name the authors, by where they were found.
#[derive(Debug, Default)]
pub(super) struct AuthorLines {
    pub(super) marked: Vec<String>,
    pub(super) alike: Vec<String>,
    pub(super) bylines: Vec<String>,
}

impl<'a> AuthorElements<'a> {
    /// Takes note of an element of the page.
    pub(super) fn add_element(&mut self, element: ElementRef<'a>) {
        let value = element.value();
        let is_headline = value.name() == "h1" || (matches!(value.name(), "h2" | "h3") && has_class(element, HEADLINE_CLASSES));
        if is_headline && self.headlines < MAX_HEADLINES {
            self.headlines += 1;
            self.around_headline.insert(element.id());
            self.around_headline.extend(element.ancestors().map(|node| node.id()));
        }
        if matches!(value.name(), "script" | "style" | "body" | "html" | "label" | "input") {
            return;
        }
        let is_author_link = || {
            value
                .attr("rel")
                .is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word == "author"))
        };
        if self.marked.len() < MAX_ELEMENTS
            && (value.attr("itemprop") == Some("author") || has_class(element, AUTHOR_CLASSES) || is_author_link())
        {
            self.marked.push(element);
        } else if self.alike.len() < MAX_ELEMENTS && has_class_part(element, &AUTHOR_CLASS_PARTS) {
            self.alike.push(element);
        }
    }

    /// Takes note of a short line after the headline.
    pub(super) fn add_line(&mut self, element: ElementRef<'a>, line: &str) {
        if self.bylines.len() < MAX_ELEMENTS && bylines::is_byline_of_names(line) {
            self.bylines.push(element);
        }
    }

    /// Returns the lines of the first byline of each kind.
    pub(super) fn choose(&self) -> AuthorLines {
        AuthorLines {
            marked: self.first_byline(&self.marked),
            alike: self.first_byline(&self.alike),
            bylines: self.first_byline(&self.bylines).into_iter().take(1).collect(),
        }
    }

    /// Returns the line of the first element that names somebody, and those of its siblings in the same byline.
    fn first_byline(&self, elements: &[ElementRef<'a>]) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut byline = None;
        for element in elements {
            if byline.is_some_and(|byline| Some(byline) != byline_of(*element)) || self.is_foreign(*element) {
                continue;
            }
            let Some(line) = names_line(*element) else { continue };
            let found = bylines::parse_bylines([line.as_str()]);
            // What stands beside the first name may be a biography.
            let are_names = found.iter().all(|author| is_person_name(&author.name, 1));
            if found.is_empty() || (byline.is_some() && !are_names) {
                continue;
            }
            byline = byline.or_else(|| byline_of(*element));
            lines.push(line);
            if lines.len() == MAX_LINES || byline.is_none() {
                break;
            }
        }
        lines
    }

    /// Returns whether an element belongs to comments, a form, the page's frame or another article.
    fn is_foreign(&self, element: ElementRef<'_>) -> bool {
        let mut is_in_article = false;
        let path: Vec<ElementRef<'_>> = std::iter::once(element)
            .chain(element.ancestors().filter_map(ElementRef::wrap))
            .take(MAX_ANCESTORS)
            .take_while(|ancestor| ancestor.value().name() != "body" && !self.around_headline.contains(&ancestor.id()))
            .collect();
        if let Some(around) = path.last().and_then(|last| last.parent()).and_then(ElementRef::wrap) {
            is_in_article = matches!(around.value().name(), "article" | "main") && self.around_headline.contains(&around.id());
        }
        let is_author_box = |value: &scraper::node::Element| value.classes().any(|class| AUTHOR_CLASS_PARTS.is_match(class));
        path.iter().any(|ancestor| {
            let value = ancestor.value();
            let is_frame = match value.name() {
                "nav" | "form" => true,
                "aside" => !is_in_article && !is_author_box(value),
                "footer" => !is_in_article && !is_article_footer(value) && path.iter().all(|inner| inner.value().name() != "article"),
                _ => false,
            };
            let names = value.classes().chain(value.id()).chain(value.attr("itemprop"));
            let is_foreign = |name: &str| FOREIGN_PARTS.is_match(name) || name.eq_ignore_ascii_case("widget");
            let is_marked = names.into_iter().any(is_foreign) && !is_author_widget(value);
            is_frame || is_marked || is_card(*ancestor, element)
        })
    }
}

/// Returns whether a footer says that it belongs to an article.
fn is_article_footer(value: &scraper::node::Element) -> bool {
    let words = ["post", "entry", "article", "meta"];
    value
        .classes()
        .chain(value.id())
        .any(|name| name.split(['-', '_']).any(|word| words.contains(&word)))
}

/// Returns whether the class of a widget or a related box says that it is about the author.
fn is_author_widget(value: &scraper::node::Element) -> bool {
    value.classes().any(|class| {
        let class = class.to_ascii_lowercase();
        AUTHOR_CLASS_PARTS.is_match(&class) && !class.contains("comment") && !class.contains("related")
    }) && value.classes().all(|class| !class.to_ascii_lowercase().contains("comment"))
}

/// Returns the element that the parts of one byline share.
fn byline_of(element: ElementRef<'_>) -> Option<NodeId> {
    let parent = element.parent().and_then(ElementRef::wrap)?;
    match parent.value().name() {
        "li" => parent.parent().map(|list| list.id()),
        _ => Some(parent.id()),
    }
}

/// Returns the text of an element in one line, with commas between links that are names and have nothing between them.
fn names_line(element: ElementRef<'_>) -> Option<String> {
    let line = line_text(element)?;
    let links: Vec<String> = element
        .descendent_elements()
        .take(MAX_CARD_ELEMENTS)
        .filter(|inner| inner.value().name() == "a")
        .map(element_text)
        .filter(|text| !text.is_empty())
        .collect();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let linked: usize = links.iter().map(|text| letters(text)).sum();
    let are_names = links.len() > 1 && links.iter().all(|text| is_person_name(text, 2));
    Some(if are_names && letters(&line).saturating_sub(linked) <= MAX_LETTERS_BETWEEN {
        links.join(", ")
    } else {
        line
    })
}

/// Returns whether `ancestor` is a card of another article: a short text with a heading that is a link, but not to the author.
fn is_card(ancestor: ElementRef<'_>, author: ElementRef<'_>) -> bool {
    let size: usize = ancestor.text().take(MAX_CARD_ELEMENTS).map(str::len).sum();
    if size > MAX_CARD_BYTES {
        return false;
    }
    let is_heading = |element: &ElementRef<'_>| matches!(element.value().name(), "h2" | "h3" | "h4" | "h5" | "h6");
    let has_link = |element: &ElementRef<'_>| {
        let mut around = element.ancestors().filter_map(ElementRef::wrap).take(2);
        element.descendent_elements().any(|inner| inner.value().name() == "a") || around.any(|outer| outer.value().name() == "a")
    };
    let name = element_text(author);
    ancestor
        .descendent_elements()
        .take(MAX_CARD_ELEMENTS)
        .filter(is_heading)
        .any(|heading| {
            let holds_author = author.id() == heading.id()
                || author.ancestors().any(|node| node.id() == heading.id())
                || heading.ancestors().any(|node| node.id() == author.id());
            !holds_author && has_link(&heading) && !name.contains(&element_text(heading))
        })
}

#[cfg(test)]
mod tests {
    use crate::extract::metadata::page_scan::scan_page;
    use scraper::Html;

    fn lines(end: &str) -> Vec<String> {
        let page = format!("<body><main><h1>L'eau monte</h1><p>Le bac.</p></main>{end}");
        let document = Html::parse_document(&page);
        let found = scan_page(&document).author_elements.choose();
        [found.marked, found.alike, found.bylines].concat()
    }

    #[test]
    fn authors_of_comments_forms_and_cards_are_left_out() {
        for end in [
            "<form><p class=comment-form-author>Name</p></form>",
            "<ol class=comments><li><b class=fn>Awa Diop</b></li></ol>",
            "<aside><span class=author>Awa Diop</span></aside>",
            "<footer><span class=author>Awa Diop</span></footer>",
            "<div><h3><a href=/x>Le puits</a></h3><span class=author>Awa Diop</span></div>",
            "<div class=related-posts><span class=byline>Awa Diop</span></div>",
        ] {
            assert_eq!(lines(end), [""; 0], "{end}");
        }
        for end in [
            "<footer class=entry-meta><span class=author>Awa Diop</span></footer>",
            "<div><h4><a href=/x>Awa Diop</a></h4><span class=author>Awa Diop</span></div>",
        ] {
            assert_eq!(lines(end), ["Awa Diop"], "{end}");
        }
        let two = "<p><span class=author>Awa Diop</span><span class=author>Sani Oumarou</span></p>";
        assert_eq!(lines(two), ["Awa Diop", "Sani Oumarou"]);
        let linked = "<p class=byline>By <a href=/a>Awa Diop</a><a href=/b>Sani Oumarou</a></p>";
        assert_eq!(lines(linked)[0], "Awa Diop, Sani Oumarou");
    }
}
