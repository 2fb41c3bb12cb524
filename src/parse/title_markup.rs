//! Tells the markup in a headline from tag names that are its words: `Balise <style> : mode d'emploi`, `<Exclusif> Le ministre parle`.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Elements by which feeds format headlines.
const FORMATTING: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "nobr", "q",
    "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
];
/// Elements that appear in headlines without an end tag, or around them.
const STRUCTURE: &[&str] = &[
    "br",
    "wbr",
    "hr",
    "img",
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "blockquote",
    "center",
    "td",
    "tr",
    "table",
    "pre",
];
/// The most tags of a headline; one with more is markup.
const MAX_TAGS: usize = 200;

struct Tag<'t> {
    start: usize,
    end: usize,
    name: &'t str,
    attributes: &'t str,
    is_end: bool,
}

/// Returns a headline in markup with the tags that are words escaped.
pub(super) fn escape_tag_words(title: &str) -> Cow<'_, str> {
    let tags = tags(title);
    if tags.is_empty() || tags.len() > MAX_TAGS {
        return Cow::Borrowed(title);
    }
    let paired = paired(&tags);
    let mut out = String::new();
    let mut copied = 0;
    for (tag, is_paired) in tags.iter().zip(paired) {
        if !is_paired && is_word(title, tag) {
            out.push_str(&title[copied..tag.start]);
            out.push_str("&lt;");
            copied = tag.start + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(title);
    }
    out.push_str(&title[copied..]);
    Cow::Owned(out)
}

/// Returns whether a plain text contains formatting with its end tag, as a headline does that was escaped twice.
pub(super) fn has_paired_formatting(text: &str) -> bool {
    if !text.contains("</") {
        return false;
    }
    let tags = tags(text);
    let paired = paired(&tags);
    tags.len() <= MAX_TAGS
        && tags
            .iter()
            .zip(paired)
            .any(|(tag, is_paired)| is_paired && contains(FORMATTING, tag.name))
}

fn tags(text: &str) -> Vec<Tag<'_>> {
    let starts = memchr::memchr_iter(b'<', text.as_bytes());
    let tag = |start: usize| {
        let body = &text[start + 1..];
        let is_end = body.starts_with('/');
        let named = body.strip_prefix('/').unwrap_or(body);
        let length = named
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-'))
            .count();
        let (name, rest) = named.split_at(length);
        let end = memchr::memchr2(b'>', b'<', rest.as_bytes()).filter(|end| rest.as_bytes()[*end] == b'>')?;
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !text[..start].ends_with('<');
        is_tag.then(|| Tag {
            start,
            end: text.len() - rest.len() + end + 1,
            name,
            attributes: &rest[..end],
            is_end,
        })
    };
    starts.filter_map(tag).take(MAX_TAGS + 1).collect()
}

/// Returns for each tag whether it has its counterpart.
fn paired(tags: &[Tag<'_>]) -> Vec<bool> {
    let mut paired = vec![false; tags.len()];
    let mut open: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, tag) in tags.iter().enumerate() {
        let name = tag.name.to_ascii_lowercase();
        if !tag.is_end {
            open.entry(name).or_default().push(index);
        } else if let Some(start) = open.get_mut(&name).and_then(Vec::pop) {
            paired[start] = true;
            paired[index] = true;
        }
    }
    paired
}

fn contains(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Returns whether a tag without counterpart is a word of the headline.
fn is_word(title: &str, tag: &Tag<'_>) -> bool {
    // An attribute, a prefix of an office program, or an empty element of XML.
    if tag.attributes.contains('=') || tag.attributes.ends_with('/') || tag.name.contains(':') || contains(STRUCTURE, tag.name) {
        return false;
    }
    if contains(FORMATTING, tag.name) {
        // Formatting touches the word that it formats, or begins the headline.
        let is_blank = |c: Option<char>| c.is_some_and(|c| c.is_whitespace() || c.is_ascii_punctuation());
        let (before, after) = (title[..tag.start].chars().next_back(), title[tag.end..].chars().next());
        return !tag.is_end && tag.attributes.trim().is_empty() && is_blank(before) && after.is_none_or(|after| is_blank(Some(after)));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::html_to_text::html_to_line;

    #[test]
    fn tag_names_are_words_and_formatting_goes() {
        for (title, expected) in [
            ("Balise <style> : mode d’emploi", "Balise <style> : mode d’emploi"),
            ("<Exclusif> Le ministre parle", "<Exclusif> Le ministre parle"),
            ("<Vidéo> Le lac monte", "<Vidéo> Le lac monte"),
            ("Guide de <head> et <title>", "Guide de <head> et <title>"),
            ("L’élément <video> expliqué", "L’élément <video> expliqué"),
            ("Fermer </style> ou <script>", "Fermer </style> ou <script>"),
            ("Les balises <b> et <i> en bref", "Les balises <b> et <i> en bref"),
            ("<b>Gao</b> : le <i>riz</i>", "Gao : le riz"),
            ("<b>Gao sous la pluie", "Gao sous la pluie"),
            ("Gao<br>sous <br/> la pluie", "Gao sous la pluie"),
            ("<span class=\"rouge\">Alerte</span> à Gao", "Alerte à Gao"),
            ("<p>Alerte à Gao", "Alerte à Gao"),
            ("<exclusif>Le ministre</exclusif> parle", "Le ministre parle"),
            ("<video src=x> Le lac", "Le lac"),
            ("Le lac<script>alert(1)</script>", "Le lac"),
            ("Le lac<o:p>", "Le lac"),
            ("<<Mali>> en crise", "<<Mali>> en crise"),
            ("1 < 2 et 3 > 2", "1 < 2 et 3 > 2"),
        ] {
            assert_eq!(html_to_line(&escape_tag_words(title)), expected, "{title}");
        }
        assert!(has_paired_formatting("Le <b>grand</b> jour"));
        assert!(!has_paired_formatting("Le <b> jour </i>") && !has_paired_formatting("<x>a</x>"));
        let hostile = "<a".repeat(100_000) + &"<b>".repeat(100_000);
        assert_eq!(escape_tag_words(&hostile), hostile);
    }
}
