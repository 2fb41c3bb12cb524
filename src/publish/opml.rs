//! OPML 2.0: lists of feeds to subscribe to.

use super::format::{Format, TopicInput};
use super::rendered_item::RenderedOutlet;
use super::site_summary::TopicSummary;
use super::text::{language, plain_text, to_description};
use super::topic_feed::SiteInfo;
use super::xml::Document;
use super::{pages, rss, url};
use std::borrow::Cow;

pub(super) const FORMAT: Format = Format {
    suffix: ".opml",
    media_type: "text/x-opml",
    label: Some("OPML"),
    is_feed: false,
    render: sources,
};

/// Returns the OPML of the sources of a topic.
fn sources(input: &TopicInput<'_>) -> String {
    let outlines = input.topic.sources.iter().map(|outlet| {
        let rendered = RenderedOutlet::new(outlet);
        Outline {
            label: rendered.name,
            description: None,
            feed: rendered.feed,
            site: rendered.site,
            language: outlet.language.as_deref().and_then(language),
        }
    });
    render(&input.topic.label(), outlines)
}

/// Returns the OPML of all topic feeds.
pub(super) fn topics(site: &SiteInfo, topics: &[TopicSummary]) -> String {
    let outlines = topics.iter().map(|topic| Outline {
        label: topic.label().into(),
        description: topic.description.as_deref().map(plain_text),
        feed: Some(url::of_file(site, &format!("{}{}", topic.id, rss::FORMAT.suffix)).into()),
        site: Some(url::of_file(site, &format!("{}{}", topic.id, pages::FORMAT.suffix)).into()),
        language: None,
    });
    render(&site.title, outlines)
}

struct Outline<'a> {
    label: Cow<'a, str>,
    description: Option<Cow<'a, str>>,
    feed: Option<Cow<'a, str>>,
    site: Option<Cow<'a, str>>,
    language: Option<Cow<'a, str>>,
}

impl Outline<'_> {
    fn write(&self, doc: &mut Document) {
        // OPML 2.0 allows HTML in `text`.
        let text = to_description(&self.label);
        let mut attributes = vec![("text", &*text)];
        if let Some(feed) = &self.feed {
            attributes.extend([("type", "rss"), ("title", &self.label), ("xmlUrl", feed)]);
            attributes.extend(self.site.iter().map(|site| ("htmlUrl", &**site)));
            attributes.extend(self.language.iter().map(|tag| ("language", &**tag)));
            attributes.extend(self.description.iter().map(|text| ("description", &**text)));
        } else if let Some(site) = &self.site {
            attributes.extend([("type", "link"), ("url", &**site)]);
        }
        doc.empty("outline", &attributes);
    }
}

fn render<'a>(title: &str, outlines: impl Iterator<Item = Outline<'a>>) -> String {
    let mut doc = Document::new(4000);
    doc.open("opml", &[("version", "2.0")]);
    doc.open("head", &[]);
    doc.text("title", &plain_text(title));
    doc.close("head");
    doc.open("body", &[]);
    let mut outlines = outlines.peekable();
    if outlines.peek().is_none() {
        // OPML 2.0 requires at least one outline in a body.
        doc.empty("outline", &[("text", &to_description(&plain_text(title)))]);
    }
    for outline in outlines {
        outline.write(&mut doc);
    }
    doc.close("body");
    doc.close("opml");
    doc.finish()
}
