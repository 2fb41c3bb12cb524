//! Which elements of a page are the tag lists of content systems.

use scraper::ElementRef;

/// Classes of the elements in which content systems list the tags of an article.
const TAG_LIST_CLASSES: &[&str] = &[
    // Drupal
    "field--name-field-tags",
    "field-name-field-tags",
    "field--name-field-categories",
    "field--name-field-category",
    "field-name-field-category",
    "field--name-field-rubrique",
    "field-name-field-rubrique",
    "field-name-field-mots-cles",
    "field--name-field-mots-cles",
    // SPIP
    "mots",
    "mots-cles",
    "mots_cles",
    // Joomla, and its K2
    "tags",
    "category-name",
    "itemTagsBlock",
    "itemCategory",
    // Blogger
    "post-labels",
    // WordPress without `rel`
    "post-categories",
    "cat-links",
    "post-tags",
    "entry-tags",
    "tags-links",
    "td-tags",
    "td-category",
    // WMaker
    "tag_list",
];

/// Returns whether an element is a tag list, and no ancestor is a sidebar, a widget or the frame of the page.
pub(super) fn is_tag_list(element: ElementRef<'_>) -> bool {
    let has_class = element
        .value()
        .classes()
        .any(|class| TAG_LIST_CLASSES.contains(&class) || class.starts_with("field-name-taxonomy"));
    has_class && element.ancestors().filter_map(ElementRef::wrap).all(|around| !is_aside(around))
}

fn is_aside(element: ElementRef<'_>) -> bool {
    let value = element.value();
    let is_aside_class = |class: &str| {
        let class = class.to_ascii_lowercase();
        class.contains("widget") && !class.contains("elementor")
            || class.contains("sidebar") && !class.contains("has-") && !class.contains("with-")
    };
    matches!(value.name(), "nav" | "aside" | "footer")
        && element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .all(|around| around.value().name() != "article")
        || (value.name() != "body" && value.name() != "html" && value.classes().any(is_aside_class))
}
