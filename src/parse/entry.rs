//! The elements of an entry, mapped to an [`EntryDraft`].

use super::element::Element;
use super::markup::{absolute, body, is_relative, line, web_url};
use super::meta::MetaBuilder;
use super::name::Space;
use super::person::{author, language_tag};
use super::place::Place;
use crate::model::{Attribution, Author, Category, Enclosure, EntryDraft, Problem, RawMarkup, Timestamp};
use crate::text::date::parse_date;
use crate::text::html_to_text::html_to_line;
use std::borrow::Cow;
use std::rc::Rc;
use url::Url;

/// The most of anything that may stand in an entry many times.
const MAX_REPEATS: usize = 200;
/// The rank of a subtitle among summaries: a line for podcast players, never the text itself where there is another.
const SUBTITLE: u8 = 2;

/// The surroundings of an element: its base URL and its language.
pub(super) type Context = (Option<Rc<Url>>, Option<Rc<str>>);

/// An entry that is being read.
#[derive(Debug, Default)]
pub(super) struct EntryBuilder {
    draft: EntryDraft,
    context: Context,
    atom: bool,
    /// Strength of the title so far: a later one wins only when it is stronger.
    title_rank: u8,
    summary_rank: u8,
    content_rank: u8,
    /// Further texts, kept until it is known which is the longest.
    spare: Option<RawMarkup>,
    link_rank: u8,
    about: Option<String>,
    /// What else may be the link: a guid that is one.
    permalink: Option<String>,
    /// `dc:date`, which says "published" only where nothing else does.
    dated: Option<Timestamp>,
    bad_date: Option<String>,
    /// A place of which only one coordinate is known so far.
    place: Place,
    /// The name by `dc:creator`, `itunes:author` and the like, where `author` gives none.
    creators: Vec<Author>,
    /// Who stands in for an author where nobody else does.
    publisher: Option<Author>,
    /// The name and the language of the paper, which sitemaps tell with each entry.
    publication: (String, Option<String>),
}

impl EntryBuilder {
    pub(super) fn new(attributes: &[(Cow<'_, str>, Cow<'_, str>)], context: Context, atom: bool) -> Self {
        let value = |name: &str| {
            attributes
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.trim().to_owned())
        };
        let mut builder = Self {
            about: value("about"),
            permalink: value("href"),
            context,
            atom,
            ..Self::default()
        };
        builder.draft.updated = value("lastmod").and_then(|text| parse_date(&text, None));
        builder
    }

    /// Takes one element of the entry.
    pub(super) fn take(&mut self, field: &Element<'_>, zone: Option<&str>) {
        match field.name.space {
            Space::Plain => self.take_plain(field, zone),
            Space::Dc => self.take_dc(field, zone),
            Space::Content if field.name.local == "encoded" => self.content(field, 9),
            Space::Xhtml if matches!(&*field.name.local, "body" | "div") => self.content(field, 7),
            Space::Media => self.take_media(field, false),
            Space::Itunes => self.take_itunes(field),
            Space::Feedburner if field.name.local == "origlink" => self.draft.original_link = web_url(field.base.as_deref(), &field.text),
            Space::News => self.take_news(field, zone),
            Space::Image => self.image(field, field.child("loc").map_or("", |loc| &loc.text)),
            Space::Podcast => self.take_podcast(field),
            Space::Geo => self.draft.coordinates = self.draft.coordinates.or_else(|| self.place.take(field)),
            Space::Slash if field.name.local == "comments" => self.count(&field.text),
            Space::Thread => self.take_thread(field),
            Space::Comment if field.name.local == "commentrss" => self.comment_feed(field, &field.text),
            Space::Licence if field.name.local == "license" => {
                let address = field.attribute("resource").unwrap_or(&field.text);
                self.draft.licence = self.draft.licence.take().or_else(|| web_url(field.base.as_deref(), address));
            }
            _ => {}
        }
    }

    fn take_plain(&mut self, field: &Element<'_>, zone: Option<&str>) {
        match &*field.name.local {
            "title" => self.title(field, 9),
            "link" => self.take_link(field),
            "loc" => self.link(field, &field.text, 7),
            "guid" | "id" => self.take_id(field),
            "description" | "summary" | "abstract" => self.summary(field, 9),
            "content" => {
                self.content(field, 8);
                // RFC 4287, 4.1.3.2: the content lies elsewhere.
                if field.attribute("type").is_some_and(|mime| mime.contains('/')) {
                    self.media(field, field.attribute("src"));
                }
            }
            "fullitem" | "body" => self.content(field, 6),
            "pubdate" | "published" | "issued" => self.published(field, zone),
            "updated" | "modified" | "lastmod" => self.updated(field, zone),
            "created" | "date" => self.dated(field, zone),
            "author" | "managingeditor" => push(&mut self.draft.authors, author(field)),
            "category" => self.category(field),
            "enclosure" => {
                let url = field.attribute("url").or_else(|| field.attribute("href"));
                self.enclosure(field, url);
            }
            "source" => self.attribution(field),
            "comments" => self.draft.comments = self.draft.comments.take().or_else(|| web_url(field.base.as_deref(), &field.text)),
            "rights" | "copyright" => self.rights(field),
            "language" => self.language(field),
            "image" => {
                let text = field.child("url").map_or(&field.text, |url| &url.text);
                self.image(field, field.attribute("href").or_else(|| field.attribute("url")).unwrap_or(text));
            }
            _ => {}
        }
    }

    /// A sitemap's entry (Google's news sitemap, 0.9).
    fn take_news(&mut self, field: &Element<'_>, zone: Option<&str>) {
        match &*field.name.local {
            "title" => self.title(field, 9),
            "publication_date" => self.published(field, zone),
            "name" => self.publication.0 = line(field, self.atom),
            "language" => {
                self.language(field);
                self.publication.1.clone_from(&self.draft.language);
            }
            "keywords" | "genres" => {
                for term in field.text.split(',') {
                    self.term(term, None);
                }
            }
            _ => {}
        }
        for child in field.children.iter().filter(|child| child.name.space == Space::News) {
            self.take_news(child, zone);
        }
    }

    /// Podcasting 2.0: who speaks, the picture, other forms of the media.
    fn take_podcast(&mut self, field: &Element<'_>) {
        match &*field.name.local {
            "person" => push(&mut self.creators, author(field)),
            "images" | "image" => {
                let set = field.attribute("srcset").unwrap_or_default();
                let first = set.split([' ', ',']).find(|part| !part.is_empty());
                self.image(field, field.attribute("href").or(first).unwrap_or_default());
            }
            "alternateenclosure" => {
                for source in field.children.iter().filter(|child| child.name.local == "source") {
                    self.media(field, source.attribute("uri"));
                }
            }
            _ => {}
        }
    }

    fn take_thread(&mut self, field: &Element<'_>) {
        match &*field.name.local {
            "in-reply-to" => self.draft.in_reply_to = field.attribute("ref").or_else(|| field.attribute("href")).map(str::to_owned),
            "total" => self.count(&field.text),
            _ => {}
        }
    }

    fn count(&mut self, text: &str) {
        self.draft.comment_count = text.trim().parse().ok().or(self.draft.comment_count);
    }

    fn comment_feed(&mut self, field: &Element<'_>, text: &str) {
        self.draft.comment_feed = self.draft.comment_feed.take().or_else(|| web_url(field.base.as_deref(), text));
    }

    fn take_dc(&mut self, field: &Element<'_>, zone: Option<&str>) {
        match &*field.name.local {
            "title" => self.title(field, 5),
            "creator" | "author" => push(&mut self.creators, author(field)),
            "publisher" => self.publisher = self.publisher.take().or_else(|| Some(author(field))),
            "date" | "created" => self.dated(field, zone),
            "issued" | "available" => self.published(field, zone),
            "modified" => self.updated(field, zone),
            "subject" => self.category(field),
            "description" | "abstract" => self.summary(field, 5),
            "rights" => self.rights(field),
            "language" => self.language(field),
            "identifier" if self.draft.guid.is_none() => self.about = self.about.take().or_else(|| field.trimmed().map(str::to_owned)),
            _ => {}
        }
    }

    fn take_media(&mut self, field: &Element<'_>, pictured: bool) {
        let mut pictured = pictured;
        match &*field.name.local {
            "title" => self.title(field, 3),
            // The words below a picture are no text of the entry's where there is another.
            "description" => self.summary(field, if pictured { SUBTITLE } else { 3 }),
            "thumbnail" => self.image(field, field.attribute("url").unwrap_or(&field.text)),
            "category" => self.category(field),
            "keywords" => {
                for term in field.text.split(',') {
                    self.term(term, None);
                }
            }
            "content" => {
                let mime = field.attribute("type").unwrap_or_default().to_ascii_lowercase();
                let medium = field.attribute("medium").unwrap_or_default().to_ascii_lowercase();
                if mime.starts_with("image/") || medium == "image" {
                    pictured = true;
                    self.image(field, field.attribute("url").unwrap_or_default());
                }
                self.media(field, field.attribute("url"));
            }
            _ => {}
        }
        // `media:group` and `media:content` hold the same elements again; the reader bounds how deep.
        for child in field.children.iter().filter(|child| child.name.space == Space::Media) {
            self.take_media(child, pictured);
        }
    }

    fn take_itunes(&mut self, field: &Element<'_>) {
        match &*field.name.local {
            "title" => self.title(field, 4),
            "author" => push(&mut self.creators, author(field)),
            "summary" => self.summary(field, 4),
            "subtitle" => self.summary(field, SUBTITLE),
            "image" => self.image(field, field.attribute("href").unwrap_or(&field.text)),
            "category" => self.category(field),
            "keywords" => {
                for term in field.text.split([',', ';']) {
                    self.term(term, None);
                }
            }
            _ => {}
        }
    }

    fn title(&mut self, field: &Element<'_>, rank: u8) {
        let title = line(field, self.atom);
        if rank > self.title_rank && !title.is_empty() {
            self.draft.title = title;
            self.title_rank = rank;
            self.language_of(field);
        }
    }

    fn language_of(&mut self, field: &Element<'_>) {
        if self.draft.language.is_none() && field.language != self.context.1 {
            self.draft.language = field.language.as_deref().map(str::to_owned);
        }
    }

    fn summary(&mut self, field: &Element<'_>, rank: u8) {
        let Some(markup) = body(field, self.atom, field.base.as_deref()) else {
            return;
        };
        if self.summary_rank == 0 {
            self.draft.summary = Some(markup);
            self.summary_rank = rank;
        } else if rank > self.summary_rank {
            let weaker = self.draft.summary.replace(markup);
            if self.summary_rank > SUBTITLE {
                self.spare(weaker);
            }
            self.summary_rank = rank;
        } else if rank == self.summary_rank && self.draft.content.is_none() {
            // A description and a summary of one rank: the second is the body, as feedparser has it.
            self.draft.content = Some(markup);
        } else if rank > SUBTITLE {
            self.spare(Some(markup));
        }
    }

    fn spare(&mut self, markup: Option<RawMarkup>) {
        let length = |text: &Option<RawMarkup>| text.as_ref().map_or(0, |text| text.0.len());
        if length(&markup) > length(&self.spare) {
            self.spare = markup;
        }
    }

    fn content(&mut self, field: &Element<'_>, rank: u8) {
        let Some(markup) = body(field, self.atom, field.base.as_deref()) else {
            return;
        };
        let longer = self.draft.content.as_ref().is_none_or(|known| known.0.len() < markup.0.len());
        if rank > self.content_rank || rank == self.content_rank && longer {
            self.draft.content = Some(markup);
            self.content_rank = rank;
        }
    }

    fn take_link(&mut self, field: &Element<'_>) {
        let href = match (field.attribute("href"), field.attribute("rel")) {
            (Some(href), _) => href.to_owned(),
            // Atom's attributes on an element that is written as in RSS.
            (None, Some(_)) => field.text.clone(),
            // RSS: the first address counts.
            (None, None) => return self.link(field, &field.text, 7),
        };
        let rel = field.attribute("rel").unwrap_or("alternate").to_ascii_lowercase();
        let mime = field.attribute("type").unwrap_or_default().to_ascii_lowercase();
        match rel.rsplit('/').next().unwrap_or_default() {
            "alternate" if mime.is_empty() || mime.contains("html") => self.link(field, &href, 8),
            "alternate" => self.link(field, &href, 4),
            "enclosure" => self.media(field, Some(&href)),
            "replies" => {
                if let Some(count) = field.attribute("count") {
                    self.count(count);
                }
                if mime.contains("html") {
                    self.draft.comments = self.draft.comments.take().or_else(|| web_url(field.base.as_deref(), &href));
                } else {
                    self.comment_feed(field, &href);
                }
            }
            "license" => self.draft.licence = self.draft.licence.take().or_else(|| web_url(field.base.as_deref(), &href)),
            "via" | "related" => self.link(field, &href, 1),
            "self" => self.link(field, &href, 2),
            _ => {}
        }
    }

    fn link(&mut self, field: &Element<'_>, text: &str, rank: u8) {
        if rank <= self.link_rank {
            return;
        }
        if let Some(url) = web_url(field.base.as_deref(), text) {
            self.draft.link = Some(url);
            self.link_rank = rank;
        }
    }

    fn take_id(&mut self, field: &Element<'_>) {
        let Some(id) = field.trimmed() else { return };
        if self.draft.guid.is_some() {
            return;
        }
        let permanent = field
            .attribute("ispermalink")
            .is_none_or(|value| value.eq_ignore_ascii_case("true"));
        // Such an id is an address (RSS 2.0, `guid`; RFC 4287, 4.2.6), and addresses may be relative. As identity it stays as it is
        // written: joined, it would be another id on the day the feed moves.
        self.draft.guid_url = field
            .base
            .as_deref()
            .filter(|_| permanent && is_relative(id) && !id.contains(char::is_whitespace))
            .and_then(|base| base.join(id).ok());
        self.draft.guid = Some(id.to_owned());
        // An Atom id that is an address is the last resort for a link.
        if permanent {
            self.permalink = Some(id.to_owned());
        }
    }

    fn date(&mut self, field: &Element<'_>, zone: Option<&str>) -> Option<Timestamp> {
        let text = field.trimmed()?;
        let found = parse_date(text, zone);
        if found.is_none() {
            self.bad_date = Some(text.chars().take(60).collect());
        }
        found
    }

    fn published(&mut self, field: &Element<'_>, zone: Option<&str>) {
        self.draft.published = self.draft.published.or(self.date(field, zone));
    }

    fn updated(&mut self, field: &Element<'_>, zone: Option<&str>) {
        // Where an entry tells it twice, the program that added the later one knew of the first.
        self.draft.updated = self.date(field, zone).or(self.draft.updated);
    }

    fn dated(&mut self, field: &Element<'_>, zone: Option<&str>) {
        self.dated = self.dated.or(self.date(field, zone));
    }

    fn category(&mut self, field: &Element<'_>) {
        let scheme = field.attribute("scheme").or_else(|| field.attribute("domain")).map(str::to_owned);
        let named = field.attribute("term").or_else(|| field.attribute("text")).or(field.trimmed());
        self.term(named.or_else(|| field.attribute("label")).unwrap_or_default(), scheme);
        for child in &field.children {
            if let Some(term) = child.attribute("text").or_else(|| child.trimmed()) {
                self.term(term, None);
            }
        }
    }

    fn term(&mut self, text: &str, scheme: Option<String>) {
        let category = Category {
            term: html_to_line(text),
            scheme,
        };
        if !category.term.is_empty() && !self.draft.categories.contains(&category) {
            push(&mut self.draft.categories, category);
        }
    }

    fn enclosure(&mut self, field: &Element<'_>, url: Option<&str>) {
        // Some write the address between the tags.
        self.media(
            field,
            url.or_else(|| field.child("url").and_then(Element::trimmed)).or(field.trimmed()),
        );
    }

    fn media(&mut self, field: &Element<'_>, url: Option<&str>) {
        let Some(url) = url.and_then(|url| web_url(field.base.as_deref(), url)) else {
            return;
        };
        if self.draft.enclosures.iter().any(|known| known.url == url) {
            return;
        }
        let mime = field.attribute("type").map(str::to_ascii_lowercase);
        if mime.as_deref().is_some_and(|mime| mime.starts_with("image/")) && self.draft.image.is_none() {
            self.draft.image = Some(url.clone());
        }
        let length = field.attribute("length").or_else(|| field.attribute("filesize"));
        let length = length.and_then(|length| length.parse().ok()).filter(|length| *length > 0);
        if self.draft.enclosures.len() < MAX_REPEATS {
            self.draft.enclosures.push(Enclosure { url, mime, length });
        }
    }

    fn image(&mut self, field: &Element<'_>, text: &str) {
        self.draft.image = self.draft.image.take().or_else(|| web_url(field.base.as_deref(), text));
    }

    fn attribution(&mut self, field: &Element<'_>) {
        let child = |local: &str| {
            field
                .child(local)
                .map(|child| line(child, self.atom))
                .filter(|text| !text.is_empty())
        };
        let link = field.child("link").and_then(|link| link.attribute("href"));
        let url = field.attribute("url").or(link).and_then(|url| web_url(field.base.as_deref(), url));
        let title = child("title").unwrap_or_else(|| html_to_line(&field.text));
        if !title.is_empty() || url.is_some() {
            self.draft.attribution = Some(Attribution { title, url });
        }
        // RFC 4287, 4.2.1: without an author of its own, the entry has the source's.
        let authors = field.children.iter().filter(|child| child.name.local == "author").map(author);
        self.creators
            .extend(authors.take(MAX_REPEATS).filter(|author| *author != Author::default()));
    }

    fn rights(&mut self, field: &Element<'_>) {
        let rights = line(field, self.atom);
        self.draft.rights = self.draft.rights.take().or(Some(rights).filter(|rights| !rights.is_empty()));
    }

    fn language(&mut self, field: &Element<'_>) {
        self.draft.language = language_tag(&field.text).or(self.draft.language.take());
    }

    /// Returns the name and the language of the paper, as far as a sitemap tells them.
    pub(super) fn publication(&self) -> (&str, Option<&str>) {
        (&self.publication.0, self.publication.1.as_deref())
    }

    /// Returns the entry, and what was wrong with it.
    pub(super) fn finish(self, feed: &MetaBuilder) -> (EntryDraft, Option<Problem>) {
        let mut draft = self.draft;
        let base = self.context.0.as_deref().or(feed.link());
        draft.guid = draft.guid.or(self.about.clone());
        draft.link = draft.link.or_else(|| draft.original_link.clone());
        let addresses = [self.permalink, self.about];
        let mut addresses = addresses.iter().flatten();
        draft.link = draft.link.or_else(|| addresses.find_map(|text| web_url(base, text)));
        draft.published = draft.published.or(self.dated);
        // The longest text is never lost; what counts is what people read of it.
        if self.spare.is_some() {
            let length = |text: &Option<RawMarkup>| text.as_ref().map_or(0, |text| html_to_line(&text.0).len());
            if length(&self.spare) > length(&draft.summary).max(length(&draft.content)) {
                let place = if draft.content.is_none() {
                    &mut draft.content
                } else {
                    &mut draft.summary
                };
                *place = self.spare;
            }
        }
        if self.context.0.is_none() {
            // Nobody told where the document was found: the entry's own page is the best guess.
            let base = draft.link.clone().or_else(|| feed.link().cloned());
            for markup in [&mut draft.summary, &mut draft.content].into_iter().flatten() {
                markup.0 = absolute(&markup.0, base.as_ref());
            }
        }
        if self.creators.is_empty() && draft.authors.is_empty() {
            draft
                .authors
                .extend(self.publisher.filter(|publisher| *publisher != Author::default()));
        } else if draft.authors.is_empty() {
            draft.authors = self.creators;
        } else {
            name_authors(&mut draft.authors, self.creators);
        }
        let spoken = self.context.1.as_deref().and_then(language_tag);
        draft.language = draft.language.or(spoken).or_else(|| feed.language().map(str::to_owned));
        let bad = self.bad_date.filter(|_| draft.published.is_none() && draft.updated.is_none());
        (
            draft,
            bad.map(|text| Problem::new("bad-date", format!("`{text}` is no date we can read"))),
        )
    }
}

/// Gives names to authors of whom only the address is known.
fn name_authors(authors: &mut [Author], creators: Vec<Author>) {
    if let ([author], Some(creator)) = (authors, creators.into_iter().next())
        && author.name.is_empty()
    {
        author.name = creator.name;
    }
}

fn push<T: Default + PartialEq>(list: &mut Vec<T>, value: T) {
    if list.len() < MAX_REPEATS && value != T::default() && !list.contains(&value) {
        list.push(value);
    }
}
