//! Repairs what keeps cleaned markup from being read aloud well where it becomes part of a page, by the rules of WCAG 2.2: pictures without alternative
//! text (1.1.1), links without a name (2.4.4), and headings, items of lists and languages that are not what they say (1.3.1, 3.1.2). What is visible stays.

use super::tokenizer::{Piece, Tag, pieces};
use crate::model::CleanHtml;

/// Returns the markup of `html` as a part of a page whose title is its only heading of the first level.
#[must_use]
pub fn accessible(html: &CleanHtml) -> String {
    let mut repair = Repair {
        out: String::with_capacity(html.as_str().len()),
        open: Vec::new(),
        level: 1,
    };
    for piece in pieces(html.as_str()) {
        match piece {
            Piece::Text(text) => repair.text(text),
            Piece::Open(tag) if matches!(&*tag.name, "br" | "hr" | "wbr" | "img") => repair.void(&tag),
            Piece::Open(tag) => repair.open(&tag),
            Piece::Close(_) => repair.close(),
            // Cleaned markup has none.
            Piece::Raw(..) | Piece::Doctype => {}
        }
    }
    repair.out
}

/// An element that is open.
struct Open {
    /// The name with which it was written.
    name: String,
    /// Where its start tag and its content begin.
    start: usize,
    content: usize,
    /// Whether it has text, or a picture with one.
    has_text: bool,
    /// Whether it stands in an item that was added.
    is_wrapped: bool,
}

struct Repair {
    out: String,
    open: Vec<Open>,
    /// The level of the last heading.
    level: u8,
}

impl Repair {
    fn in_list(&self) -> bool {
        self.open.last().is_some_and(|outer| matches!(outer.name.as_str(), "ul" | "ol"))
    }

    /// Marks the open element as one that has text.
    fn has_text(&mut self) {
        if let Some(outer) = self.open.last_mut() {
            outer.has_text = true;
        }
    }

    fn text(&mut self, text: &str) {
        if text.trim().is_empty() {
            self.out.push_str(text);
            return;
        }
        self.has_text();
        let wraps = self.in_list();
        self.out.push_str(if wraps { "<li>" } else { "" });
        self.out.push_str(text);
        self.out.push_str(if wraps { "</li>" } else { "" });
    }

    fn void(&mut self, tag: &Tag<'_>) {
        let is_picture = tag.name == "img";
        let wraps = self.in_list();
        if wraps && !is_picture {
            return;
        }
        if tag.attribute("alt").is_some_and(|alt| !alt.is_empty()) {
            self.has_text();
        }
        self.out.push_str(if wraps { "<li>" } else { "" });
        self.write_tag(&tag.name, tag);
        if is_picture && tag.attribute("alt").is_none() {
            // Nobody has described it: its address, which would be read instead, does not.
            self.out.insert_str(self.out.len() - 1, " alt=\"\"");
        }
        self.out.push_str(if wraps { "</li>" } else { "" });
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let in_list = self.in_list();
        let name = match (&*tag.name, heading_level(&tag.name)) {
            (_, Some(level)) => format!("h{}", (level + 1).min(self.level + 1).min(6)),
            ("li", _) if !in_list => "div".to_owned(),
            // Outlets use them for any list; what a term is and what its meaning cannot be told.
            ("dl" | "dt" | "dd", _) => "div".to_owned(),
            (name, _) => name.to_owned(),
        };
        let is_wrapped = in_list && name != "li";
        self.out.push_str(if is_wrapped { "<li>" } else { "" });
        let start = self.out.len();
        self.write_tag(&name, tag);
        self.open.push(Open {
            name,
            start,
            content: self.out.len(),
            has_text: false,
            is_wrapped,
        });
    }

    fn close(&mut self) {
        let Some(closed) = self.open.pop() else {
            return;
        };
        let level = heading_level(&closed.name);
        match (closed.name.as_str(), closed.has_text) {
            // Its content stays: there may be a picture.
            ("a", false) => self.out.replace_range(closed.start..closed.content, ""),
            (_, false) if level.is_some() => self.out.replace_range(closed.start..closed.content, ""),
            ("th", false) => {
                self.out.replace_range(closed.start..closed.content, "<td>");
                self.out.push_str("</td>");
            }
            (name, _) => {
                self.level = level.unwrap_or(self.level);
                self.out.extend(["</", name, ">"]);
            }
        }
        self.out.push_str(if closed.is_wrapped { "</li>" } else { "" });
        if closed.has_text {
            self.has_text();
        }
    }

    /// Writes a start tag without a `lang` that is no language, such as the `x-none` of word processors.
    fn write_tag(&mut self, name: &str, tag: &Tag<'_>) {
        self.out.extend(["<", name]);
        for (attribute, value) in tag.attributes() {
            let primary = value.split('-').next().unwrap_or_default();
            if attribute != "lang" || matches!(primary.len(), 2 | 3) {
                self.out.extend([" ", &attribute, "=\"", value, "\""]);
            }
        }
        self.out.push('>');
    }
}

/// Returns the level of a heading; none for another element.
fn heading_level(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::clean::html_to_lines;
    use crate::html::clean::{CleanPolicy, clean};
    use crate::model::RawMarkup;
    use proptest::prelude::*;

    fn repaired(html: &str) -> String {
        let policy = CleanPolicy {
            images: true,
            ..CleanPolicy::default()
        };
        accessible(&clean(&RawMarkup(html.to_owned()), &policy))
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        for html in [
            "<p>Le <b>bac</b> &amp; le <a href=\"https://a.example/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">pont</a></p>",
            "<h2>Un</h2><p lang=\"fr\" dir=\"auto\">a</p><h3>Deux</h3><ul><li>b <ol><li>c</li></ol></li></ul>",
            "<figure><img src=\"https://a.example/x.jpg\" alt=\"Le > fleuve\"></figure><br><table><tbody><tr><th colspan=\"2\">a</th></tr></tbody></table>",
        ] {
            assert_eq!(accessible(&CleanHtml::from_trusted(html.to_owned())), html);
        }
    }

    #[test]
    fn pictures_have_an_alternative_text_and_links_a_name() {
        assert_eq!(
            repaired("<p><img src=https://a.example/x.jpg>a</p>"),
            "<p><img src=\"https://a.example/x.jpg\" alt=\"\">a</p>"
        );
        assert_eq!(
            repaired("<p>a <a href=https://a.example/><img src=https://a.example/x.jpg></a></p>"),
            "<p>a <img src=\"https://a.example/x.jpg\" alt=\"\"></p>"
        );
        assert_eq!(repaired("<p>a <a href=https://a.example/> </a></p>"), "<p>a  </p>");
        let described = repaired("<a href=https://a.example/><b><img src=https://a.example/x.jpg alt=fleuve></b></a>");
        assert!(described.starts_with("<a href") && described.ends_with("</a>"), "{described}");
    }

    #[test]
    fn headings_follow_each_other_and_are_not_empty() {
        assert_eq!(
            repaired("<h1>a</h1><h3>b</h3><h6><br></h6><h6>c</h6><h2>d</h2><h5>e</h5>"),
            "<h2>a</h2><h3>b</h3><br><h4>c</h4><h3>d</h3><h4>e</h4>"
        );
    }

    #[test]
    fn items_are_in_lists_and_lists_have_items_only() {
        assert_eq!(repaired("<li>a</li><p>b</p>"), "<div>a</div><p>b</p>");
        assert_eq!(
            repaired("<ul>t<p>a</p><br><li>b</li><ul><li>c</li></ul><img src=https://a.example/x.jpg></ul>"),
            "<ul><li>t</li><li><p>a</p></li><li>b</li><li><ul><li>c</li></ul></li><li><img src=\"https://a.example/x.jpg\" alt=\"\"></li></ul>"
        );
        assert_eq!(repaired("<dl><dt>a</dt><dd>b</dd></dl>"), "<div><div>a</div><div>b</div></div>");
    }

    #[test]
    fn an_empty_head_of_a_table_is_a_cell_and_a_language_is_one() {
        assert_eq!(
            repaired("<table><tr><th scope=row></th><th>a</th></tr></table>"),
            "<table><tbody><tr><td></td><th>a</th></tr></tbody></table>"
        );
        assert_eq!(repaired("<p lang=x-none>a</p><p lang=ar>b</p>"), "<p>a</p><p lang=\"ar\">b</p>");
    }

    /// Pieces of markup that are put together in any order.
    const FRAGMENTS: &str = "<h1>|</h1>|<h4>|</h4>|<ul>|</ul>|<li>|</li>|<dl>|<dt>|</dl>|<a href=https://a.example/?\"'>|</a>|<p>|</p>|<table>|<th>|</table>|\
                             <img src=https://a.example/x.jpg>|<img src=https://a.example/y.jpg alt='a > \"b\"'>|<br>|mot |&lt;b&gt;| ";

    proptest! {
        #[test]
        fn every_character_stays(fragments in proptest::collection::vec(proptest::sample::select(FRAGMENTS.split('|').collect::<Vec<_>>()), 0..30)) {
            let policy = CleanPolicy { images: true, ..CleanPolicy::default() };
            let html = clean(&RawMarkup(fragments.concat()), &policy);
            let text = |html: &CleanHtml| html_to_lines(html).split_whitespace().collect::<String>();
            let repaired = clean(&RawMarkup(accessible(&html)), &policy);
            prop_assert_eq!(text(&repaired), text(&html));
        }
    }
}
