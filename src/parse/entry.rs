//! Maps the elements of an entry to an [`EntryDraft`].

mod finish;

use super::author::author;
use super::coordinates::CoordinatesReader;
use super::element::{Context, Element};
use super::language_tag::language_tag;
use super::limits::{MAX_MEDIA_ADDRESS_BYTES, MAX_MEDIA_TYPE_BYTES};
use super::link_text::{LinkText, read_link_text};
use super::markup::{element_line, element_markup, title_line};
use super::namespace::Namespace;
use super::plain_text::{plain_line, plain_name};
use super::rsl::Terms;
use super::web_url::{MAX_ADDRESS_BYTES, is_relative, join, web_url};
use crate::html::reservations::RSL;
use crate::model::{Attribution, Author, Category, Enclosure, EntryDraft, Problem, RawMarkup, Timestamp};
use crate::text::date::{DateOrder, is_zero_date, parse_date, parse_date_in_order};
use crate::text::html_to_text::html_to_line;
use std::borrow::Cow;

/// The most values that are kept of anything that an entry may have several of.
const MAX_REPEATED: usize = 200;
/// The rank of a subtitle among summaries: it is a line for podcast players, and not the text where there is another summary.
const SUBTITLE_RANK: u8 = 2;

/// An entry while its elements are read. Where several elements give the same fact, the one of the highest rank decides; ranks are 1 to 9.
#[derive(Debug, Default)]
pub(super) struct EntryBuilder<'a> {
    /// The elements, which are read when the entry ends: what they mean depends on its page.
    fields: Vec<Element<'a>>,
    draft: EntryDraft,
    context: Context,
    is_atom: bool,
    /// The rank of the title so far.
    title_rank: u8,
    summary_rank: u8,
    content_rank: u8,
    /// The longest of the other texts, kept until it is known whether it has more words than summary and content.
    longest_other_text: Option<RawMarkup>,
    link_rank: u8,
    /// `rdf:about`, or an identifier by Dublin Core.
    rdf_about: Option<String>,
    /// A guid that may serve as the link.
    permalink: Option<String>,
    /// `dc:date`, which is the date of publication only where no other element gives it.
    dublin_core_date: Option<Timestamp>,
    /// The beginning of the last date that could not be parsed.
    bad_date: Option<String>,
    /// The beginning of the last link that is no address.
    bad_link: Option<String>,
    /// Keeps the first coordinate until the second is read.
    coordinates: CoordinatesReader,
    /// The authors by `dc:creator`, `itunes:author` and the like, used where `author` gives none.
    creators: Vec<Author>,
    /// The publisher, used as the author where no other element gives one.
    publisher: Option<Author>,
    /// The name and the language of the publication, which a news sitemap gives in each entry.
    publication: (String, Option<String>),
}

/// How the dates of a feed are read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DateStyle<'z> {
    /// The time zone of dates that state none.
    zone: Option<&'z str>,
    order: DateOrder,
}

impl<'z> DateStyle<'z> {
    /// Returns the style of a feed with this time zone and language. The month comes first in the United States only.
    pub(super) fn of(zone: Option<&'z str>, language: Option<&str>) -> Self {
        let is_american = language.is_some_and(|language| language.eq_ignore_ascii_case("en-us"))
            && zone.is_none_or(|zone| zone.starts_with("America/") || zone.starts_with("US/"));
        let order = if is_american { DateOrder::MonthFirst } else { DateOrder::DayFirst };
        Self { zone, order }
    }
}

/// An entry whose elements are all read.
pub(super) struct FinishedEntry {
    pub(super) draft: EntryDraft,
    /// The problems found in it.
    pub(super) problems: Vec<Problem>,
    /// The name and the language of the publication, as far as a news sitemap gives them; the name may be empty.
    pub(super) publication: (String, Option<String>),
}

impl<'a> EntryBuilder<'a> {
    /// Starts an entry with the attributes of its own element.
    pub(super) fn new(attributes: &[(Cow<'_, str>, Cow<'_, str>)], context: Context, is_atom: bool) -> Self {
        let value = |name: &str| {
            attributes
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.trim().to_owned())
        };
        let mut builder = Self {
            rdf_about: value("about"),
            permalink: value("href"),
            context,
            is_atom,
            ..Self::default()
        };
        let modified = value("lastmod").and_then(|text| parse_date(&text, None));
        builder.draft.updated = modified.filter(|date| !is_zero_date(*date));
        builder
    }

    /// Adds one element of the entry.
    pub(super) fn push(&mut self, field: Element<'a>) {
        self.fields.push(field);
    }

    fn add_field(&mut self, field: &Element<'_>, zone: DateStyle<'_>) {
        match field.name.namespace {
            Namespace::Plain => self.add_core(field, zone),
            Namespace::Dc => self.add_dublin_core(field, zone),
            Namespace::Content if field.name.local == "encoded" => self.add_content(field, 9),
            Namespace::Xhtml if matches!(&*field.name.local, "body" | "div") => self.add_content(field, 7),
            Namespace::Media => self.add_media_rss(field, false),
            Namespace::Itunes => self.add_itunes(field),
            Namespace::Feedburner if field.name.local == "origlink" => self.draft.original_link = web_url(field.base(), &field.text),
            Namespace::News => self.add_news(field, zone),
            Namespace::Image => self.set_image(field, field.child("loc").map_or("", |loc| &loc.text)),
            Namespace::Podcast => self.add_podcast(field),
            Namespace::Geo => self.draft.coordinates = self.draft.coordinates.or_else(|| self.coordinates.read(field)),
            Namespace::Slash if field.name.local == "comments" => self.set_comment_count(&field.text),
            Namespace::Thread => self.add_thread(field),
            Namespace::Comment if field.name.local == "commentrss" => self.set_comment_feed(field, &field.text),
            Namespace::Licence if field.name.local == "license" => {
                let address = field.attribute("resource").unwrap_or(&field.text);
                self.draft.licence = self.draft.licence.take().or_else(|| web_url(field.base(), address));
            }
            Namespace::Rsl => self.add_terms(field),
            _ => {}
        }
    }

    /// Takes over what terms of Really Simple Licensing say: whether they reserve anything, and the licence that they name.
    fn add_terms(&mut self, field: &Element<'_>) {
        let terms = Terms::read(field);
        if terms.is_reserving && self.draft.reservations.is_empty() {
            self.draft.reservations.push(RSL.to_owned());
        }
        let named = terms.licence.and_then(|address| web_url(field.base(), address));
        self.draft.licence = self.draft.licence.take().or(named);
    }

    fn add_core(&mut self, field: &Element<'_>, zone: DateStyle<'_>) {
        match &*field.name.local {
            "title" => self.set_title(field, 9),
            "link" => self.add_link(field),
            "loc" => self.set_link(field, &field.text, 7),
            "url" => self.set_link(field, &field.text, 5),
            "guid" | "id" => self.set_id(field),
            "description" | "summary" | "abstract" => self.add_summary(field, 9),
            "content" => {
                self.add_content(field, 8);
                // RFC 4287, 4.1.3.2: the content is at another address.
                if field.attribute("type").is_some_and(|mime| mime.contains('/')) {
                    self.add_media(field, field.attribute("src"));
                }
            }
            "fullitem" | "body" => self.add_content(field, 6),
            "pubdate" | "published" | "issued" => self.set_published(field, zone),
            "updated" | "modified" | "lastmod" => self.set_updated(field, zone),
            "created" | "date" => self.set_dublin_core_date(field, zone),
            "author" | "managingeditor" => push_unique(&mut self.draft.authors, author(field)),
            "creator" => push_unique(&mut self.creators, author(field)),
            "category" => self.add_category(field),
            "enclosure" => {
                let url = field.attribute("url").or_else(|| field.attribute("href"));
                self.add_enclosure(field, url);
            }
            "source" => self.set_attribution(field),
            "comments" => self.draft.comments = self.draft.comments.take().or_else(|| web_url(field.base(), &field.text)),
            "rights" | "copyright" => self.set_rights(field),
            "language" => self.set_language(field),
            "image" => {
                let text = field.child("url").map_or(&field.text, |url| &url.text);
                self.set_image(field, field.attribute("href").or_else(|| field.attribute("url")).unwrap_or(text));
            }
            _ => {}
        }
    }

    /// Adds an element of a news sitemap (Google, version 0.9).
    fn add_news(&mut self, field: &Element<'_>, zone: DateStyle<'_>) {
        match &*field.name.local {
            "title" => self.set_title(field, 9),
            "publication_date" => self.set_published(field, zone),
            "name" => self.publication.0 = element_line(field, self.is_atom),
            "language" => {
                self.set_language(field);
                self.publication.1.clone_from(&self.draft.language);
            }
            "keywords" | "genres" => {
                for term in field.text.split(',') {
                    self.add_term(term, None);
                }
            }
            _ => {}
        }
        for child in field.children.iter().filter(|child| child.name.namespace == Namespace::News) {
            self.add_news(child, zone);
        }
    }

    /// Adds an element of Podcasting 2.0: persons, pictures, alternate enclosures.
    fn add_podcast(&mut self, field: &Element<'_>) {
        match &*field.name.local {
            "person" => push_unique(&mut self.creators, author(field)),
            "images" | "image" => {
                let set = field.attribute("srcset").unwrap_or_default();
                let first = set.split([' ', ',']).find(|part| !part.is_empty());
                self.set_image(field, field.attribute("href").or(first).unwrap_or_default());
            }
            "alternateenclosure" => {
                for source in field.children.iter().filter(|child| child.name.local == "source") {
                    self.add_media(field, source.attribute("uri"));
                }
            }
            _ => {}
        }
    }

    fn add_thread(&mut self, field: &Element<'_>) {
        match &*field.name.local {
            "in-reply-to" => {
                let id = field.attribute("ref").or_else(|| field.attribute("href"));
                self.draft.in_reply_to = id.filter(|id| id.len() <= MAX_ADDRESS_BYTES).map(str::to_owned);
            }
            "total" => self.set_comment_count(&field.text),
            _ => {}
        }
    }

    fn set_comment_count(&mut self, text: &str) {
        self.draft.comment_count = text.trim().parse().ok().or(self.draft.comment_count);
    }

    fn set_comment_feed(&mut self, field: &Element<'_>, text: &str) {
        self.draft.comment_feed = self.draft.comment_feed.take().or_else(|| web_url(field.base(), text));
    }

    fn add_dublin_core(&mut self, field: &Element<'_>, zone: DateStyle<'_>) {
        match &*field.name.local {
            "title" => self.set_title(field, 5),
            "creator" | "author" => push_unique(&mut self.creators, author(field)),
            "publisher" => self.publisher = self.publisher.take().or_else(|| Some(author(field))),
            "date" | "created" => self.set_dublin_core_date(field, zone),
            "issued" | "available" => self.set_published(field, zone),
            "modified" => self.set_updated(field, zone),
            "subject" => self.add_category(field),
            "description" | "abstract" => self.add_summary(field, 5),
            "rights" => self.set_rights(field),
            "license" => {
                let address = field.attribute("resource").unwrap_or(&field.text);
                self.draft.licence = self.draft.licence.take().or_else(|| web_url(field.base(), address));
            }
            "language" => self.set_language(field),
            "identifier" if self.draft.guid.is_none() => {
                self.rdf_about = self.rdf_about.take().or_else(|| field.trimmed().map(str::to_owned));
            }
            _ => {}
        }
    }

    fn add_media_rss(&mut self, field: &Element<'_>, is_image: bool) {
        let mut is_image = is_image;
        match &*field.name.local {
            "title" => self.set_title(field, 3),
            // A caption of a picture is not the text of the entry where there is another.
            "description" => self.add_summary(field, if is_image { SUBTITLE_RANK } else { 3 }),
            "thumbnail" => self.set_image(field, field.attribute("url").unwrap_or(&field.text)),
            "category" => self.add_category(field),
            "keywords" => {
                for term in field.text.split(',') {
                    self.add_term(term, None);
                }
            }
            "content" => {
                let mime = field.attribute("type").unwrap_or_default().to_ascii_lowercase();
                let medium = field.attribute("medium").unwrap_or_default().to_ascii_lowercase();
                if mime.starts_with("image/") || medium == "image" {
                    is_image = true;
                    self.set_image(field, field.attribute("url").unwrap_or_default());
                }
                self.add_media(field, field.attribute("url"));
            }
            _ => {}
        }
        // `media:group` and `media:content` contain the same elements again; the reader bounds the depth.
        for child in field.children.iter().filter(|child| child.name.namespace == Namespace::Media) {
            self.add_media_rss(child, is_image);
        }
    }

    fn add_itunes(&mut self, field: &Element<'_>) {
        match &*field.name.local {
            "title" => self.set_title(field, 4),
            "author" => push_unique(&mut self.creators, author(field)),
            "summary" => self.add_summary(field, 4),
            "subtitle" => self.add_summary(field, SUBTITLE_RANK),
            "image" => self.set_image(field, field.attribute("href").unwrap_or(&field.text)),
            "category" => self.add_category(field),
            "keywords" => {
                for term in field.text.split([',', ';']) {
                    self.add_term(term, None);
                }
            }
            _ => {}
        }
    }

    fn set_title(&mut self, field: &Element<'_>, rank: u8) {
        let title = title_line(field, self.is_atom);
        if rank > self.title_rank && !title.is_empty() {
            self.draft.title = title;
            self.title_rank = rank;
            self.set_language_of_element(field);
        }
    }

    fn set_language_of_element(&mut self, field: &Element<'_>) {
        if self.draft.language.is_none() && field.context.language != self.context.language {
            self.draft.language = field.context.language.as_deref().map(str::to_owned);
        }
    }

    fn add_summary(&mut self, field: &Element<'_>, rank: u8) {
        let Some(markup) = element_markup(field, self.is_atom, field.base()) else {
            return;
        };
        if self.summary_rank == 0 {
            self.draft.summary = Some(markup);
            self.summary_rank = rank;
        } else if rank > self.summary_rank {
            let weaker = self.draft.summary.replace(markup);
            if self.summary_rank > SUBTITLE_RANK {
                self.keep_if_longest(weaker);
            }
            self.summary_rank = rank;
        } else if rank == self.summary_rank && self.draft.content.is_none() {
            // Of a description and a summary of the same rank the second is the content, as in feedparser.
            self.draft.content = Some(markup);
        } else if rank > SUBTITLE_RANK {
            self.keep_if_longest(Some(markup));
        }
    }

    fn keep_if_longest(&mut self, markup: Option<RawMarkup>) {
        let length = |text: &Option<RawMarkup>| text.as_ref().map_or(0, |text| text.0.len());
        if length(&markup) > length(&self.longest_other_text) {
            self.longest_other_text = markup;
        }
    }

    fn add_content(&mut self, field: &Element<'_>, rank: u8) {
        let Some(markup) = element_markup(field, self.is_atom, field.base()) else {
            return;
        };
        let longer = self.draft.content.as_ref().is_none_or(|known| known.0.len() < markup.0.len());
        if rank > self.content_rank || rank == self.content_rank && longer {
            self.draft.content = Some(markup);
            self.content_rank = rank;
        }
    }

    fn add_link(&mut self, field: &Element<'_>) {
        let href = match (field.attribute("href"), field.attribute("rel")) {
            (Some(href), _) => href.to_owned(),
            // Atom's attributes on an element whose address is its text, as in RSS.
            (None, Some(_)) => field.text.clone(),
            // In RSS the first address counts. Some templates put a link of HTML around it.
            (None, None) => {
                let nested = field.child("a").and_then(|link| link.attribute("href"));
                let nested = nested.or_else(|| field.child("url").and_then(Element::trimmed));
                return self.set_link(field, nested.unwrap_or(&field.text), 7);
            }
        };
        let rel = field.attribute("rel").unwrap_or("alternate").to_ascii_lowercase();
        let mime = field.attribute("type").unwrap_or_default().to_ascii_lowercase();
        match rel.rsplit('/').next().unwrap_or_default() {
            "alternate" if mime.is_empty() || mime.contains("html") => self.set_link(field, &href, 8),
            "alternate" => self.set_link(field, &href, 4),
            "enclosure" => self.add_media(field, Some(&href)),
            "replies" => {
                if let Some(count) = field.attribute("count") {
                    self.set_comment_count(count);
                }
                if mime.contains("html") {
                    self.draft.comments = self.draft.comments.take().or_else(|| web_url(field.base(), &href));
                } else {
                    self.set_comment_feed(field, &href);
                }
            }
            "license" => self.draft.licence = self.draft.licence.take().or_else(|| web_url(field.base(), &href)),
            "via" | "related" => self.set_link(field, &href, 1),
            "self" => self.set_link(field, &href, 2),
            _ => {}
        }
    }

    fn set_link(&mut self, field: &Element<'_>, text: &str, rank: u8) {
        if rank <= self.link_rank {
            return;
        }
        let address = match read_link_text(text) {
            LinkText::Blank => return,
            LinkText::NoAddress => None,
            LinkText::Address(address) => web_url(field.base(), &address),
        };
        if let Some(url) = address {
            self.draft.link = Some(url);
            self.link_rank = rank;
        } else {
            self.bad_link = Some(text.trim().chars().take(60).collect());
        }
    }

    fn set_id(&mut self, field: &Element<'_>) {
        let Some(id) = field.trimmed() else { return };
        if self.draft.guid.is_some() {
            return;
        }
        let permanent = field
            .attribute("ispermalink")
            .is_none_or(|value| value.eq_ignore_ascii_case("true"));
        // Such an id is an address (RSS 2.0, `guid`; RFC 4287, 4.2.6), and addresses may be relative. The guid itself is kept as it is
        // written: resolved, it would change when the feed moves.
        self.draft.guid_url = field
            .base()
            .filter(|_| permanent && is_relative(id) && !id.contains(char::is_whitespace))
            .and_then(|base| join(Some(base), id));
        self.draft.guid = Some(id.to_owned());
        // An Atom id that is an address is used as the link where there is no other.
        if permanent {
            self.permalink = Some(id.to_owned());
        }
    }

    /// Returns the date of an element; `None` for a zero date, so that another date of the entry counts.
    fn read_date(&mut self, field: &Element<'_>, zone: DateStyle<'_>) -> Option<Timestamp> {
        let text = field.trimmed()?;
        let found = parse_date_in_order(text, zone.zone, zone.order);
        if found.is_none() {
            self.bad_date = Some(text.chars().take(60).collect());
        }
        found.filter(|date| !is_zero_date(*date))
    }

    fn set_published(&mut self, field: &Element<'_>, zone: DateStyle<'_>) {
        self.draft.published = self.draft.published.or(self.read_date(field, zone));
    }

    fn set_updated(&mut self, field: &Element<'_>, zone: DateStyle<'_>) {
        // Where an entry has two of them, the second was added by a program that read the first.
        self.draft.updated = self.read_date(field, zone).or(self.draft.updated);
    }

    fn set_dublin_core_date(&mut self, field: &Element<'_>, zone: DateStyle<'_>) {
        self.dublin_core_date = self.dublin_core_date.or(self.read_date(field, zone));
    }

    fn add_category(&mut self, field: &Element<'_>) {
        let scheme = field.attribute("scheme").or_else(|| field.attribute("domain")).map(str::to_owned);
        let named = field.attribute("term").or_else(|| field.attribute("text")).or(field.trimmed());
        self.add_term(named.or_else(|| field.attribute("label")).unwrap_or_default(), scheme);
        for child in &field.children {
            if let Some(term) = child.attribute("text").or_else(|| child.trimmed()) {
                self.add_term(term, None);
            }
        }
    }

    fn add_term(&mut self, text: &str, scheme: Option<String>) {
        let category = Category {
            term: plain_name(html_to_line(text)),
            scheme: scheme.map(plain_name),
        };
        if !category.term.is_empty() && !self.draft.categories.contains(&category) {
            push_unique(&mut self.draft.categories, category);
        }
    }

    fn add_enclosure(&mut self, field: &Element<'_>, url: Option<&str>) {
        // Some feeds give the address as the element's text.
        self.add_media(
            field,
            url.or_else(|| field.child("url").and_then(Element::trimmed)).or(field.trimmed()),
        );
    }

    fn add_media(&mut self, field: &Element<'_>, url: Option<&str>) {
        let url = url.and_then(|url| web_url(field.base(), url));
        let Some(url) = url.filter(|url| url.as_str().len() <= MAX_MEDIA_ADDRESS_BYTES) else {
            return;
        };
        if self.draft.enclosures.iter().any(|known| known.url == url) {
            return;
        }
        let mime = field.attribute("type").filter(|mime| mime.len() <= MAX_MEDIA_TYPE_BYTES);
        let mime = mime.map(str::to_ascii_lowercase);
        if mime.as_deref().is_some_and(|mime| mime.starts_with("image/")) && self.draft.image.is_none() {
            self.draft.image = Some(url.clone());
        }
        let length = field.attribute("length").or_else(|| field.attribute("filesize"));
        let length = length.and_then(|length| length.parse().ok()).filter(|length| *length > 0);
        if self.draft.enclosures.len() < MAX_REPEATED {
            self.draft.enclosures.push(Enclosure { url, mime, length });
        }
    }

    fn set_image(&mut self, field: &Element<'_>, text: &str) {
        let read = || web_url(field.base(), text).filter(|url| url.as_str().len() <= MAX_MEDIA_ADDRESS_BYTES);
        self.draft.image = self.draft.image.take().or_else(read);
    }

    fn set_attribution(&mut self, field: &Element<'_>) {
        let child = |local: &str| {
            field
                .child(local)
                .map(|child| element_line(child, self.is_atom))
                .filter(|text| !text.is_empty())
        };
        let link = field.child("link").and_then(|link| link.attribute("href"));
        let url = field.attribute("url").or(link).and_then(|url| web_url(field.base(), url));
        let title = child("title").unwrap_or_else(|| plain_line(html_to_line(&field.text)));
        if !title.is_empty() || url.is_some() {
            self.draft.attribution = Some(Attribution { title, url });
        }
        // RFC 4287, 4.2.1: without an author of its own, the entry has the authors of its source.
        let authors = field.children.iter().filter(|child| child.name.local == "author").map(author);
        self.creators
            .extend(authors.take(MAX_REPEATED).filter(|author| *author != Author::default()));
    }

    fn set_rights(&mut self, field: &Element<'_>) {
        let rights = element_line(field, self.is_atom);
        self.draft.rights = self.draft.rights.take().or(Some(rights).filter(|rights| !rights.is_empty()));
    }

    fn set_language(&mut self, field: &Element<'_>) {
        self.draft.language = language_tag(&field.text).or(self.draft.language.take());
    }
}

/// Adds a value that is neither empty nor in the list yet.
fn push_unique<T: Default + PartialEq>(list: &mut Vec<T>, value: T) {
    if list.len() < MAX_REPEATED && value != T::default() && !list.contains(&value) {
        list.push(value);
    }
}
