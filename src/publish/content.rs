//! The content of an item: the body that may be republished and the credit lines that every feed reader shows. The same in each format.

use super::labels::{Labels, labels};
use super::page;
use super::rendered_item::{RenderedItem, RenderedReport};
use super::text::{direction, escape};
use super::topic_feed::{Item, SiteInfo, TopicFeed};
use super::url;
use crate::text::counted::counted;
use std::fmt::Write as _;

/// Returns the items of `topic`, rendered once for all formats, in their order.
pub(super) fn render_items<'a>(site: &SiteInfo, topic: &'a TopicFeed) -> Vec<RenderedItem<'a>> {
    let labels = labels(site.language);
    let with_content = |item: &'a Item| {
        let mut rendered = RenderedItem::new(item);
        rendered.content = content(site, labels, &page_url(site, topic, item), &rendered);
        rendered
    };
    topic.items.iter().map(with_content).collect()
}

/// Returns the address of `item` on the page of `topic`.
fn page_url(site: &SiteInfo, topic: &TopicFeed, item: &Item) -> String {
    let page = format!("{}{}#{}", topic.id, page::FORMAT.suffix, page::anchor(&item.guid));
    url::of_file(site, &page)
}

/// Returns the content of `rendered`, with credit lines in the site's language, whose texts are `labels`.
fn content(site: &SiteInfo, labels: &Labels, page_url: &str, rendered: &RenderedItem<'_>) -> String {
    let tag = site.language.tag();
    let mut out = String::with_capacity(rendered.body.len() + 600);
    push_body(&mut out, rendered);
    // The credit lines are in the site's language, whose direction may differ from the item's.
    let dir = direction(Some(tag));
    let mut line = |label: &str, html: &str| {
        let _ = write!(out, "\n<p lang=\"{tag}\" dir=\"{dir}\">{label}{}{html}</p>", labels.colon);
    };
    if let Some(note) = &rendered.note {
        line(labels.note, &escape(note));
    }
    line(labels.source, &credit(labels, rendered));
    if let Some(corrected) = rendered.item.corrected {
        line(labels.corrected, &corrected.local(&site.timezone));
    }
    if let Some(licence) = &rendered.licence {
        line(labels.licence, &link(rendered.licence_url.as_deref(), licence));
    }
    push_reports(&mut out, site, labels, page_url, rendered);
    let mut line = |label: &str, html: &str| {
        let _ = write!(out, "\n<p lang=\"{tag}\" dir=\"{dir}\">{label}{}{html}</p>", labels.colon);
    };
    if let Some(earlier) = &rendered.earlier {
        let title = link(earlier.link.as_deref(), &earlier.title);
        line(labels.earlier, &format!("{title} ({})", escape(&earlier.outlet)));
    }
    reference_handlers(out)
}

/// Pushes the list of the other reports; behind them the number of those that the page lists, and of those with the same text.
fn push_reports(out: &mut String, site: &SiteInfo, labels: &Labels, page_url: &str, rendered: &RenderedItem<'_>) {
    let tag = site.language.tag();
    let dir = direction(Some(tag));
    let (reports, more) = rendered.reports_in_feeds();
    let copies = rendered.item.copies;
    let copies = (copies > 0).then(|| counted(labels.copies, copies));
    if reports.is_empty() && more == 0 {
        if let Some(copies) = copies {
            let _ = write!(out, "\n<p lang=\"{tag}\" dir=\"{dir}\">{copies}</p>");
        }
        return;
    }
    let _ = write!(
        out,
        "\n<p lang=\"{tag}\" dir=\"{dir}\">{}{}</p>\n<ul lang=\"{tag}\" dir=\"{dir}\">",
        labels.also,
        labels.colon.trim_end()
    );
    for report in reports {
        let _ = write!(out, "\n<li>{}</li>", report_line(site, labels, report));
    }
    if more > 0 {
        let more = format!("{}{}", labels.and, counted(labels.more, more));
        let _ = write!(out, "\n<li>{}</li>", link(Some(page_url), &more));
    }
    if let Some(copies) = copies {
        let _ = write!(out, "\n<li>{}{copies}</li>", labels.and);
    }
    out.push_str("\n</ul>");
}

/// Returns outlet, agency, title and time of a report.
fn report_line(site: &SiteInfo, labels: &Labels, report: &RenderedReport) -> String {
    let agency = report.agency.map(|agency| format!(" ({agency})")).unwrap_or_default();
    let title = link(report.link.as_deref(), &report.title);
    let time = report.date.local(&site.timezone);
    format!("{}{agency}{}{title} · {time}", escape(&report.outlet), labels.colon)
}

/// Returns `html` with a character reference in every ` on…=` and `javascript:`, and in `src=` and `href=` that are no attributes.
///
/// Cleaned markup has these in text and attribute values only, where a reference means the same. Filters that search for event handlers by
/// their spelling then find none, and neither does a feed reader with a faulty HTML parser.
fn reference_handlers(html: String) -> String {
    let mut out = String::new();
    let mut done = 0;
    for at in memchr::memchr2_iter(b'=', b':', html.as_bytes()) {
        let before = &html.as_bytes()[..at];
        let reference = match html.as_bytes()[at] {
            b'=' if ends_with_handler_name(before) || is_address_in_text(before, html.as_bytes().get(at + 1)) => "&#61;",
            b':' if before.len() >= 10 && before[before.len() - 10..].eq_ignore_ascii_case(b"javascript") => "&#58;",
            _ => continue,
        };
        out.push_str(&html[done..at]);
        out.push_str(reference);
        done = at + 1;
    }
    if done == 0 {
        return html;
    }
    out.push_str(&html[done..]);
    out
}

/// Returns whether `src=` or `href=` stands in a text: cleaned markup has its attributes in double quotes.
fn is_address_in_text(before: &[u8], next: Option<&u8>) -> bool {
    let ends_with = |name: &[u8]| before.len() >= name.len() && before[before.len() - name.len()..].eq_ignore_ascii_case(name);
    next != Some(&b'"') && (ends_with(b"src") || ends_with(b"href"))
}

/// Returns whether `before` ends like the name of an event handler attribute. It reads back one word at most, and no word holds a `=`, so
/// the whole pass is linear.
fn ends_with_handler_name(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (rest, word) = before.split_at(before.len() - letters);
    word.len() > 2 && word[..2].eq_ignore_ascii_case(b"on") && rest.last().is_some_and(u8::is_ascii_whitespace)
}

/// Pushes the body, else the summary, in an element with its language and direction when that is right to left: few feed readers set it.
fn push_body(out: &mut String, rendered: &RenderedItem<'_>) {
    let rtl = rendered.language.as_deref().filter(|_| rendered.dir == "rtl");
    if let Some(tag) = rtl {
        let _ = write!(out, "<div lang=\"{tag}\" dir=\"rtl\">");
    }
    if !rendered.body.is_empty() {
        out.push_str(&rendered.body);
    } else if !rendered.summary.is_empty() {
        let _ = write!(out, "<p>{}</p>", escape(&rendered.summary));
    }
    if rtl.is_some() {
        out.push_str("</div>");
    }
}

/// Returns the outlet's name with a link, and a link to the original page.
fn credit(labels: &Labels, rendered: &RenderedItem<'_>) -> String {
    let agency = rendered.agency.map(|agency| format!(" ({agency})")).unwrap_or_default();
    let name = link(rendered.outlet.home(), &rendered.outlet.name) + &agency;
    match &rendered.link {
        Some(address) => format!("{name} — {}", link(Some(address), labels.read_there)),
        None => name,
    }
}

fn link(address: Option<&str>, text: &str) -> String {
    match address {
        Some(address) => format!("<a href=\"{}\">{}</a>", escape(address), escape(text)),
        None => escape(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_and_script_urls_in_texts_are_referenced() {
        for (html, expected) in [
            ("<p>a onerror=alert(1)</p>", "<p>a onerror&#61;alert(1)</p>"),
            ("<p>a\nONLOAD \t= x</p>", "<p>a\nONLOAD \t&#61; x</p>"),
            ("<p>JavaScript:x</p>", "<p>JavaScript&#58;x</p>"),
            (
                "<a href=\"https://a.example/?on=1&amp;only=2\">é on = 1: x</a>",
                "<a href=\"https://a.example/?on=1&amp;only=2\">é on = 1: x</a>",
            ),
            (
                "<img src=\"https://a.example/x.jpg\" alt=\"le code img src=x HREF=y ici\">",
                "<img src=\"https://a.example/x.jpg\" alt=\"le code img src&#61;x HREF&#61;y ici\">",
            ),
            ("=: =", "=: ="),
        ] {
            assert_eq!(reference_handlers(html.to_owned()), expected);
        }
    }
}
