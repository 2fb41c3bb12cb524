//! Marks pictures with captions as figures: older systems have elements of their own for them (`SPIP`'s documents, `WordPress`'s captions of version 3), and
//! a caption is no part of the text.

use ego_tree::NodeId;
use html5ever::{LocalName, QualName, ns};
use scraper::{ElementRef, Html, Node};

/// Renames the elements of pictures and captions in `document` to `figure` and `figcaption`.
pub(super) fn mark_figures(document: &mut Html) {
    let mut renamed: Vec<(NodeId, &'static str)> = Vec::new();
    for element in document.root_element().descendent_elements() {
        if let Some(name) = role(element) {
            renamed.push((element.id(), name));
        }
    }
    for (id, name) in renamed {
        if let Some(mut node) = document.tree.get_mut(id)
            && let Node::Element(element) = node.value()
        {
            element.name = QualName::new(None, ns!(html), LocalName::from(name));
        }
    }
}

/// Returns what an element is by its classes: the figure or its caption.
fn role(element: ElementRef<'_>) -> Option<&'static str> {
    let value = element.value();
    let has_class = |names: &[&str]| value.classes().any(|class| names.contains(&class));
    match value.name() {
        "dl" | "div" if has_class(&["spip_documents", "spip_document", "wp-caption"]) && has_picture(element) => Some("figure"),
        "dt" | "dd" | "div" | "p"
            if has_class(&[
                "spip_doc_titre",
                "spip_doc_descriptif",
                "spip_doc_legende",
                "spip_doc_credits",
                "wp-caption-text",
                "wp-caption-dd",
            ]) =>
        {
            Some("figcaption")
        }
        _ => None,
    }
}

fn has_picture(element: ElementRef<'_>) -> bool {
    element
        .descendent_elements()
        .any(|inner| matches!(inner.value().name(), "img" | "picture" | "video"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_and_captions_of_systems_are_figures() {
        let mut document = Html::parse_document(
            "<dl class='spip_document_3 spip_documents'><dt><img src=a.jpg></dt><dd class=spip_doc_descriptif>Le pont</dd></dl>\
             <div class=wp-caption><img src=b.jpg><p class=wp-caption-text>Le lac</p></div><dl class=spip_documents><dd>Texte</dd></dl>",
        );
        mark_figures(&mut document);
        let names = document
            .root_element()
            .descendent_elements()
            .map(|element| element.value().name().to_owned());
        let names: Vec<String> = names.filter(|name| name.starts_with("fig") || name == "dl").collect();
        assert_eq!(names, ["figure", "figcaption", "figure", "figcaption", "dl"]);
    }
}
