//! Reads the elements of an entry in the order in which they depend on each other, and settles what several of them give.

use super::{DateStyle, EntryBuilder, FinishedEntry};
use crate::model::{Author, Problem, RawMarkup};
use crate::parse::element::Element;
use crate::parse::feed_metadata::FeedMetadataBuilder;
use crate::parse::language_tag::language_tag;
use crate::parse::namespace::Namespace;
use crate::parse::web_url::{is_relative, web_url};
use crate::text::html_to_text::html_to_line;
use std::rc::Rc;

impl EntryBuilder<'_> {
    /// Reads the elements: first those that give the entry's page, against which the addresses of the others are resolved, unless `xml:base` is
    /// stated. `feed` gives the base of the page's own address.
    fn read_fields(&mut self, feed: &FeedMetadataBuilder, style: DateStyle<'_>) {
        let mut fields = std::mem::take(&mut self.fields);
        let document = self.context.base.clone();
        // A feed on the site's own host is where its addresses are relative to; one that another host serves is not.
        let site = feed
            .base()
            .filter(|site| document.as_ref().is_none_or(|document| document.host_str() != site.host_str()));
        let outer = site.map(|url| Rc::new(url.clone())).or(document);
        for field in fields.iter_mut().filter(|field| is_page_address(field)) {
            // The id itself is what the feed states, and does not depend on other elements.
            if !matches!(&*field.name.local, "guid" | "id") {
                field.set_base(outer.as_ref());
            }
            self.add_field(field, style);
        }
        let permalink = self.permalink.as_deref().and_then(|text| web_url(None, text));
        let own = self.draft.page_url().or(permalink.as_ref()).filter(|url| !url.cannot_be_a_base());
        let base = own.map(|url| Rc::new(url.clone())).or(outer);
        for field in fields.iter_mut().filter(|field| !is_page_address(field)) {
            field.set_base(base.as_ref());
            self.add_field(field, style);
        }
    }

    /// Returns the entry, and the problems found in it. `feed` gives what the entry inherits.
    pub(in crate::parse) fn finish(mut self, feed: &FeedMetadataBuilder, style: DateStyle<'_>) -> FinishedEntry {
        self.read_fields(feed, style);
        let mut draft = self.draft;
        let base = self.context.base.as_deref().or(feed.link());
        draft.guid = draft.guid.or(self.rdf_about.clone());
        draft.link = draft.link.or_else(|| draft.original_link.clone());
        let addresses = [self.permalink, self.rdf_about];
        let mut addresses = addresses.iter().flatten();
        // Beside a link that is no address, a guid such as `4711` is no relative address either.
        let has_bad_link = self.bad_link.is_some();
        draft.link = draft
            .link
            .or_else(|| addresses.find_map(|text| web_url(base.filter(|_| !has_bad_link), text)));
        let mut problems = Vec::new();
        if let Some(text) = self.bad_link.filter(|_| draft.link.is_none()) {
            // The link is useless, so a guid that is an address is a better one, whatever its attribute says.
            draft.link = draft
                .guid
                .as_deref()
                .filter(|guid| !is_relative(guid))
                .and_then(|guid| web_url(None, guid));
            if draft.link.is_none() {
                problems.push(Problem::new("bad-link", format!("`{text}` is no address")));
            }
        }
        draft.published = draft.published.or(self.dublin_core_date);
        // The text with the most words is kept, whatever its element; its markup does not count.
        if self.longest_other_text.is_some() {
            let length = |text: &Option<RawMarkup>| text.as_ref().map_or(0, |text| html_to_line(&text.0).len());
            if length(&self.longest_other_text) > length(&draft.summary).max(length(&draft.content)) {
                let target = if draft.content.is_none() {
                    &mut draft.content
                } else {
                    &mut draft.summary
                };
                *target = self.longest_other_text;
            }
        }
        if self.creators.is_empty() && draft.authors.is_empty() {
            draft
                .authors
                .extend(self.publisher.filter(|publisher| *publisher != Author::default()));
        } else if draft.authors.is_empty() {
            draft.authors = self.creators;
        } else {
            fill_in_name(&mut draft.authors, self.creators);
        }
        let inherited = self.context.language.as_deref().and_then(language_tag);
        draft.language = draft.language.or(inherited).or_else(|| feed.language().map(str::to_owned));
        if let Some(text) = self.bad_date.filter(|_| draft.published.is_none() && draft.updated.is_none()) {
            problems.push(Problem::new("bad-date", format!("`{text}` is no date we can read")));
        }
        FinishedEntry {
            draft,
            problems,
            publication: self.publication,
        }
    }
}

/// Returns whether an element gives the address of the entry's page.
fn is_page_address(field: &Element<'_>) -> bool {
    let rel = || {
        field
            .attribute("rel")
            .map(|rel| rel.rsplit('/').next().unwrap_or_default().to_ascii_lowercase())
    };
    match (field.name.namespace, &*field.name.local) {
        (Namespace::Plain, "link") => rel().is_none_or(|rel| matches!(rel.as_str(), "alternate" | "self" | "via" | "related")),
        (Namespace::Plain, "loc" | "url" | "guid" | "id") | (Namespace::Feedburner, "origlink") => true,
        _ => false,
    }
}

/// Gives a name to a single author of whom only the mail address is known.
fn fill_in_name(authors: &mut [Author], creators: Vec<Author>) {
    if let ([author], Some(creator)) = (authors, creators.into_iter().next())
        && author.name.is_empty()
    {
        author.name = creator.name;
    }
}
