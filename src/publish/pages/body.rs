//! The body of a story as its page shows it: cleaned markup of publishers, which stands below the title of the page.

use std::borrow::Cow;

/// Returns `markup`, as `html` wrote it, with headings of the level below the page's title, and `label` as the text of pictures that have none: a screen
/// reader reads their address aloud instead (WCAG 2.2, 1.1.1 and 1.3.1).
pub(super) fn for_page<'a>(markup: &'a str, label: &str) -> Cow<'a, str> {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in markup.match_indices('<') {
        // Text holds no `<`; one within the value of an attribute belongs to a tag that was copied already.
        let tag = &markup[at..];
        if at < done {
            continue;
        }
        let name = tag.trim_start_matches(['<', '/']);
        if let [b'h', b'1'..=b'6', b'>' | b' ', ..] = name.as_bytes() {
            let level = at + (tag.len() - name.len()) + 1;
            out.push_str(&markup[done..level]);
            out.push('2');
            done = level + 1;
        } else if tag.starts_with("<img ") && !attributes(tag).contains(" alt=\"") {
            out.push_str(&markup[done..at]);
            out.push_str("<img alt=\"");
            super::super::text::push_escaped(&mut out, label);
            out.push('"');
            done = at + "<img".len();
        }
    }
    if done == 0 {
        return Cow::Borrowed(markup);
    }
    out.push_str(&markup[done..]);
    Cow::Owned(out)
}

/// Returns the attributes of the tag at the beginning of `markup`. The serializer writes `"` in values as a character reference, `>` as it is.
fn attributes(markup: &str) -> &str {
    let mut is_value = false;
    let end = markup.find(|character: char| {
        is_value ^= character == '"';
        character == '>' && !is_value
    });
    &markup[..end.unwrap_or(markup.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stand_below_the_title_and_pictures_have_a_text() {
        let markup =
            "<h4 dir=\"rtl\">Un</h4><p>h3 &lt;h3&gt;</p><hr><img src=\"https://a.example/a.jpg?x=>1\"><img src=\"b\" alt=\"Un pont\">";
        assert_eq!(
            for_page(markup, "Photo"),
            "<h2 dir=\"rtl\">Un</h2><p>h3 &lt;h3&gt;</p><hr><img alt=\"Photo\" src=\"https://a.example/a.jpg?x=>1\"><img src=\"b\" alt=\"Un pont\">"
        );
        let plain = "<p>Rien à changer : <em>3 &lt; 5</em></p><h2>Deux</h2>";
        assert_eq!(for_page(plain, "Photo"), plain);
    }
}
