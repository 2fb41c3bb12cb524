//! The content of an item: the body that may be republished and the credit lines that every feed reader shows. The same in each format.

use super::labels::{Labels, labels};
use super::pages::{self, story_page};
use super::rendered_item::{RenderedItem, RenderedReport};
use super::text::{direction, push_escaped};
use super::topic_feed::{Item, SiteInfo, TopicFeed};
use super::url;
use crate::model::Zone;
use crate::text::counted::counted;
use std::fmt::Write as _;

/// Returns the items of `topic`, rendered once for all formats, in their order.
pub(super) fn render_items<'a>(site: &SiteInfo, topic: &'a TopicFeed) -> Vec<RenderedItem<'a>> {
    let credits = CreditLines::new(site, topic);
    let with_content = |item: &'a Item| {
        let mut rendered = RenderedItem::new(item, site.language);
        rendered.content = credits.content(&rendered);
        rendered
    };
    topic.items.iter().map(with_content).collect()
}

/// What the credit lines of all items of a topic have in common. They are in the site's language, whose direction may differ from an item's.
struct CreditLines<'a> {
    site: &'a SiteInfo,
    topic: &'a TopicFeed,
    labels: &'static Labels,
    zone: Zone,
    /// The attributes of their elements: language and direction.
    attributes: String,
}

impl<'a> CreditLines<'a> {
    fn new(site: &'a SiteInfo, topic: &'a TopicFeed) -> Self {
        let tag = site.language.tag();
        Self {
            site,
            topic,
            labels: labels(site.language),
            zone: Zone::named(&site.timezone),
            attributes: format!(" lang=\"{tag}\" dir=\"{}\"", direction(Some(tag))),
        }
    }

    /// Returns the content of `rendered`: its body and the credit lines.
    fn content(&self, rendered: &RenderedItem<'_>) -> String {
        let labels = self.labels;
        let mut out = String::with_capacity(rendered.body.len() + rendered.summary.len() + 500 * (rendered.also.len() + 2));
        push_body(&mut out, rendered);
        if let Some(note) = &rendered.note {
            self.begin_line(&mut out, labels.note);
            push_escaped(&mut out, note);
            out.push_str("</p>");
        }
        self.begin_line(&mut out, labels.source);
        self.push_credit(&mut out, rendered);
        out.push_str("</p>");
        if let Some(corrected) = rendered.item.corrected {
            self.begin_line(&mut out, labels.corrected);
            self.zone.push_local(&mut out, corrected);
            out.push_str("</p>");
        }
        if let Some(licence) = &rendered.licence {
            self.begin_line(&mut out, labels.licence);
            push_link(&mut out, rendered.licence_url.as_deref(), licence);
            out.push_str("</p>");
        }
        self.push_reports(&mut out, rendered);
        if let Some(earlier) = &rendered.earlier {
            self.begin_line(&mut out, labels.earlier);
            push_link(&mut out, earlier.link.as_deref(), &earlier.title);
            out.push_str(" (");
            push_escaped(&mut out, &earlier.outlet);
            out.push_str(")</p>");
        }
        reference_handlers(out)
    }

    /// Begins a paragraph with a label.
    fn begin_line(&self, out: &mut String, label: &str) {
        self.begin(out, "\n<p");
        out.push_str(label);
        out.push_str(self.labels.colon);
    }

    /// Pushes the beginning of a start tag, completed by the attributes of the credit lines.
    fn begin(&self, out: &mut String, tag: &str) {
        out.push_str(tag);
        out.push_str(&self.attributes);
        out.push('>');
    }

    /// Pushes the outlet's name with a link, and a link to the original page.
    fn push_credit(&self, out: &mut String, rendered: &RenderedItem<'_>) {
        push_link(out, rendered.outlet.home(), &rendered.outlet.name);
        push_agency(out, rendered.agency);
        if let Some(address) = &rendered.link {
            out.push_str(" — ");
            push_link(out, Some(address), self.labels.read_there);
        }
    }

    /// Pushes the list of the other reports; behind them the number of those that the page lists, and of those with the same text.
    fn push_reports(&self, out: &mut String, rendered: &RenderedItem<'_>) {
        let labels = self.labels;
        let (reports, more) = rendered.reports_in_feeds();
        let copies = rendered.item.copies;
        let copies = (copies > 0).then(|| counted(labels.copies, copies));
        if reports.is_empty() && more == 0 {
            if let Some(copies) = copies {
                self.begin(out, "\n<p");
                out.push_str(&copies);
                out.push_str("</p>");
            }
            return;
        }
        self.begin(out, "\n<p");
        out.push_str(labels.also);
        out.push_str(labels.colon.trim_end());
        self.begin(out, "</p>\n<ul");
        for report in reports {
            out.push_str("\n<li>");
            self.push_report(out, report);
            out.push_str("</li>");
        }
        if more > 0 {
            out.push_str("\n<li>");
            let more = format!("{}{}", labels.and, counted(labels.more, more));
            push_link(out, Some(&self.page_url(rendered.item)), &more);
            out.push_str("</li>");
        }
        if let Some(copies) = copies {
            let _ = write!(out, "\n<li>{}{copies}</li>", labels.and);
        }
        out.push_str("\n</ul>");
    }

    /// Pushes outlet, agency, title and time of a report.
    fn push_report(&self, out: &mut String, report: &RenderedReport) {
        push_escaped(out, &report.outlet);
        push_agency(out, report.agency);
        out.push_str(self.labels.colon);
        push_link(out, report.link.as_deref(), &report.title);
        out.push_str(" · ");
        self.zone.push_local(out, report.date);
    }

    /// Returns the address of the page that tells all of `item`: that of its story, else its place on the page of the topic.
    fn page_url(&self, item: &Item) -> String {
        if self.site.has_story_pages {
            return url::of_file(self.site, &story_page(item.story));
        }
        let page = format!("{}{}#{}", self.topic.id, pages::FORMAT.suffix, pages::anchor(&item.guid));
        url::of_file(self.site, &page)
    }
}

fn push_agency(out: &mut String, agency: Option<&str>) {
    if let Some(agency) = agency {
        let _ = write!(out, " ({agency})");
    }
}

fn push_link(out: &mut String, address: Option<&str>, text: &str) {
    if let Some(address) = address {
        out.push_str("<a href=\"");
        push_escaped(out, address);
        out.push_str("\">");
    }
    push_escaped(out, text);
    if address.is_some() {
        out.push_str("</a>");
    }
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
        out.push_str("<p>");
        push_escaped(out, &rendered.summary);
        out.push_str("</p>");
    }
    if rtl.is_some() {
        out.push_str("</div>");
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
