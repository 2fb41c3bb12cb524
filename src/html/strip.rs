//! Takes the text that a regular expression matches out of markup. Its tags stay, so what was clean is clean.

use super::tokenizer::{Piece, pieces};
use crate::model::CleanHtml;
use crate::model::html_elements::is_block;
use regex::Regex;
use std::borrow::Cow;
use std::ops::Range;

/// Replaces the character references of a text.
pub type Decode = fn(&str) -> Cow<'_, str>;

/// Returns `line` without what `pattern` matches; `None` when it matches nothing.
#[must_use]
pub fn strip_line(line: &str, pattern: &Regex) -> Option<String> {
    let kept = pattern.replace_all(line, "");
    (kept.len() < line.len()).then(|| kept.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns clean markup without the text that `pattern` matches, as [`strip_markup`] does.
#[must_use]
pub fn strip_clean(html: &CleanHtml, pattern: &Regex, decode: Decode) -> Option<CleanHtml> {
    strip_markup(html.as_str(), pattern, decode).map(CleanHtml::from_trusted)
}

/// Returns `markup` without the text that `pattern` matches; `None` when it matches nothing. The pattern is matched with the text as readers see it, each
/// block on a line.
#[must_use]
pub fn strip_markup(markup: &str, pattern: &Regex, decode: Decode) -> Option<String> {
    let (plain, runs) = plain_text(markup, decode);
    let matches: Vec<Range<usize>> = pattern.find_iter(&plain).map(|found| found.range()).collect();
    let mut matches = matches.iter().filter(|found| !found.is_empty()).peekable();
    matches.peek()?;
    let mut out = String::with_capacity(markup.len());
    let mut copied = 0;
    for run in runs {
        while matches.next_if(|found| found.end <= run.plain.start).is_some() {}
        if matches.peek().is_none_or(|found| found.start >= run.plain.end) {
            continue;
        }
        out.push_str(&markup[copied..run.markup.start]);
        let mut from = run.plain.start;
        while let Some(found) = matches.peek().filter(|found| found.start < run.plain.end) {
            push_escaped(&mut out, plain.get(from..found.start).unwrap_or_default());
            from = found.end.min(run.plain.end);
            if found.end > run.plain.end {
                break;
            }
            matches.next();
        }
        push_escaped(&mut out, &plain[from..run.plain.end]);
        copied = run.markup.end;
    }
    out.push_str(&markup[copied..]);
    Some(out)
}

/// A run of text: where it stands in the markup and in the plain text.
struct Run {
    markup: Range<usize>,
    plain: Range<usize>,
}

/// Returns the text of `markup`, each block on a line, and where its runs stand.
fn plain_text(markup: &str, decode: Decode) -> (String, Vec<Run>) {
    let mut plain = String::with_capacity(markup.len());
    let mut runs = Vec::new();
    for piece in pieces(markup) {
        match piece {
            Piece::Text(text) => {
                let (start, from) = (text.as_ptr().addr() - markup.as_ptr().addr(), plain.len());
                // A line break in the markup is a space.
                plain.extend(decode(text).chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }));
                runs.push(Run {
                    markup: start..start + text.len(),
                    plain: from..plain.len(),
                });
            }
            Piece::Open(tag) if is_break(&tag.name) => plain.push('\n'),
            Piece::Close(name) if is_break(&name) => plain.push('\n'),
            _ => {}
        }
    }
    (plain, runs)
}

fn is_break(name: &str) -> bool {
    name == "br" || is_block(name)
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::RegexBuilder;

    fn strip(markup: &str, pattern: &str) -> Option<String> {
        let pattern = RegexBuilder::new(pattern).multi_line(true).build().expect("an expression");
        let decode: Decode = |text| {
            Cow::Owned(
                text.replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&"),
            )
        };
        strip_markup(markup, &pattern, decode)
    }

    #[test]
    fn what_is_matched_is_taken_out_and_tags_stay() {
        let markup = "<p>Le fleuve\nmonte &amp; déborde.</p><p>Cet article <a href='/x'>Le fleuve</a> est paru sur <b>L&#39;Aube</b>.</p>";
        assert_eq!(
            strip(markup, "^Cet article .* est paru sur .*$").as_deref(),
            Some("<p>Le fleuve\nmonte &amp; déborde.</p><p><a href='/x'></a><b></b></p>")
        );
        assert_eq!(
            strip(markup, "monte & dé").as_deref(),
            Some("<p>Le fleuve borde.</p><p>Cet article <a href='/x'>Le fleuve</a> est paru sur <b>L&#39;Aube</b>.</p>")
        );
        assert_eq!(
            strip(markup, "Le fleuve"),
            Some(markup.replace("Le fleuve\n", " ").replace("Le fleuve<", "<"))
        );
        assert_eq!(strip(markup, "article$"), None);
        assert_eq!(strip(markup, "x*"), None, "what matches nothing takes out nothing");
    }

    #[test]
    fn what_is_kept_of_a_text_stays_escaped() {
        assert_eq!(strip("a &lt;b&gt; c &amp;lt; d", " d").as_deref(), Some("a &lt;b&gt; c &amp;lt;"));
        assert_eq!(strip("un<br>deux<p>trois", "^(un|trois)$").as_deref(), Some("<br>deux<p>"));
        assert_eq!(strip("ab<i>cd</i>ef", "bc|de").as_deref(), Some("a<i></i>f"));
    }

    #[test]
    fn a_line_is_put_together_again() {
        let pattern = Regex::new(" - Blueprint.*$").expect("an expression");
        assert_eq!(strip_line("Le riz - Blueprint News", &pattern).as_deref(), Some("Le riz"));
        assert_eq!(strip_line("Le riz", &pattern), None);
    }
}
