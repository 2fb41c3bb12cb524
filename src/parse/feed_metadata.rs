//! Maps the elements of the feed itself to a [`FeedMeta`].

use super::author::author;
use super::element::{Context, Element};
use super::language_tag::language_tag;
use super::markup::{element_line, title_line};
use super::namespace::Namespace;
use super::rsl::Terms;
use super::web_url::web_url;
use crate::html::reservations::RSL;
use crate::model::{Author, FeedMeta, Timestamp, is_private_host};
use crate::text::date::{is_zero_date, parse_date};
use std::borrow::Cow;
use std::time::Duration;
use url::Url;

/// The most authors that are kept of a feed.
const MAX_AUTHORS: usize = 50;
/// The most hubs that are kept of a feed.
const MAX_HUBS: usize = 10;
/// The most hours or days to skip that are read.
const MAX_SKIPPED: usize = 100;

/// The metadata of a feed while its elements are read. Of several elements for one fact that of the highest rank decides; ranks are 1 to 9.
#[derive(Debug, Default)]
pub(super) struct FeedMetadataBuilder {
    meta: FeedMeta,
    is_atom: bool,
    authors: Vec<Author>,
    /// The publisher, used as the author where no other element gives one.
    publisher: Option<Author>,
    title_rank: u8,
    description_rank: u8,
    link_rank: u8,
    updated_rank: u8,
    /// `sy:updatePeriod`, in seconds.
    period: Option<u64>,
    /// `sy:updateFrequency`, in updates per period.
    frequency: Option<u64>,
}

impl FeedMetadataBuilder {
    /// Returns the home page, if it was read already.
    pub(super) fn link(&self) -> Option<&Url> {
        self.meta.link.as_ref()
    }

    /// Returns the address against which links of entries are resolved: the home page, else the feed's own address, as far as they were read
    /// already. An address of this machine or of a private network is none.
    pub(super) fn base(&self) -> Option<&Url> {
        [&self.meta.link, &self.meta.self_link]
            .into_iter()
            .flatten()
            .find(|url| !is_private_host(url))
    }

    /// Returns the language, if it was read already.
    pub(super) fn language(&self) -> Option<&str> {
        self.meta.language.as_deref()
    }

    /// Adds the attributes of the element that contains the fields, `channel` or `feed`.
    pub(super) fn add_container(&mut self, attributes: &[(Cow<'_, str>, Cow<'_, str>)], context: &Context, is_atom: bool) {
        self.is_atom = is_atom;
        let value = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        self.meta.id = self
            .meta
            .id
            .take()
            .or_else(|| value("about").filter(|id| !id.is_empty()).map(str::to_owned));
        self.meta.language = context.language.as_deref().and_then(language_tag).or(self.meta.language.take());
        // CDF gives the date of the channel in an attribute.
        self.meta.updated = self
            .meta
            .updated
            .or_else(|| parse_date(value("lastmod")?, None).filter(|date| !is_zero_date(*date)));
        if let Some(href) = value("href") {
            self.meta.link = web_url(context.base.as_deref(), href);
        }
    }

    /// Adds the publication that an entry of a sitemap names: a sitemap has no metadata of its own.
    pub(super) fn add_publication(&mut self, (name, language): (&str, Option<&str>)) {
        if self.meta.title.is_empty() && !name.is_empty() {
            name.clone_into(&mut self.meta.title);
            self.meta.language = self.meta.language.take().or_else(|| language.map(str::to_owned));
        }
    }

    /// Adds one element of the feed. `zone` is the time zone of dates that state none.
    pub(super) fn add_field(&mut self, field: &Element<'_>, zone: Option<&str>) {
        match (field.name.namespace, &*field.name.local) {
            (Namespace::Plain, "title") => self.set_title(field, 9),
            (Namespace::Dc, "title") => self.set_title(field, 5),
            (Namespace::Plain, "link") => self.add_link(field),
            (Namespace::Plain, "description" | "subtitle" | "tagline") => self.set_description(field, 9),
            (Namespace::Dc, "description") => self.set_description(field, 6),
            (Namespace::Itunes, "summary") => self.set_description(field, 5),
            (Namespace::Itunes, "subtitle") | (Namespace::Plain, "abstract" | "info") => self.set_description(field, 4),
            (Namespace::Plain | Namespace::Dc, "language") => {
                self.meta.language = language_tag(&field.text).or(self.meta.language.take());
            }
            (Namespace::Plain, "lastbuilddate" | "updated" | "modified") | (Namespace::Dc, "modified") => self.set_updated(field, zone, 9),
            (Namespace::Plain, "pubdate" | "published" | "date") | (Namespace::Dc, "date" | "created" | "issued") => {
                self.set_updated(field, zone, 5);
            }
            (Namespace::Plain, "author" | "managingeditor") | (Namespace::Dc, "creator") | (Namespace::Itunes, "author") => {
                self.authors
                    .extend(Some(author(field)).filter(|author| *author != Author::default() && self.authors.len() < MAX_AUTHORS));
            }
            (Namespace::Plain, "webmaster") | (Namespace::Dc, "publisher") => {
                self.publisher = self
                    .publisher
                    .take()
                    .or_else(|| Some(author(field)).filter(|author| *author != Author::default()));
            }
            (Namespace::Plain, "id") => self.meta.id = field.trimmed().map(str::to_owned),
            (Namespace::Plain, "generator") => self.meta.generator = Some(element_line(field, true)).filter(|text| !text.is_empty()),
            (Namespace::Plain, "copyright" | "rights") | (Namespace::Dc, "rights") => {
                self.meta.rights = Some(element_line(field, self.is_atom)).filter(|text| !text.is_empty());
            }
            (Namespace::Plain, "image" | "logo" | "icon") | (Namespace::Itunes, "image") => self.set_image(field),
            (Namespace::Rsl, _) => {
                let terms = Terms::read(field);
                if terms.is_reserving && self.meta.reservations.is_empty() {
                    self.meta.reservations.push(RSL.to_owned());
                }
                if let Some(address) = terms.licence {
                    self.set_licence(field, address);
                }
            }
            (Namespace::Licence | Namespace::Dc, "license") => self.set_licence(field, field.attribute("resource").unwrap_or(&field.text)),
            (Namespace::History, "complete") => self.meta.history.complete = true,
            (Namespace::History, "archive") => self.meta.history.archive = true,
            (Namespace::Podcast, "guid") => self.meta.id = self.meta.id.take().or_else(|| field.trimmed().map(str::to_owned)),
            _ => self.add_hint(field),
        }
    }

    fn add_hint(&mut self, field: &Element<'_>) {
        let hints = &mut self.meta.hints;
        let number = || {
            field
                .text
                .trim()
                .parse::<u64>()
                .ok()
                .filter(|number| (1..=10_000_000).contains(number))
        };
        match (field.name.namespace, &*field.name.local) {
            (Namespace::Plain, "ttl") => hints.ttl = number().map(|minutes| Duration::from_secs(minutes * 60)),
            (Namespace::Plain, "skiphours") => {
                let hours = field.children.iter().filter_map(|child| child.text.trim().parse::<u8>().ok());
                // RSS 0.91 counts hours from 1 to 24.
                hints.skip_hours = sorted(hours.filter(|hour| *hour <= 24).map(|hour| hour % 24));
            }
            (Namespace::Plain, "skipdays") => hints.skip_days = sorted(field.children.iter().filter_map(|child| weekday(&child.text))),
            (Namespace::Syndication, "updateperiod") => {
                self.period = match field.text.trim().to_ascii_lowercase().as_str() {
                    "hourly" => Some(3600),
                    "daily" => Some(86_400),
                    "weekly" => Some(7 * 86_400),
                    "monthly" => Some(30 * 86_400),
                    "yearly" => Some(365 * 86_400),
                    _ => None,
                }
            }
            (Namespace::Syndication, "updatefrequency") => self.frequency = number(),
            _ => {}
        }
    }

    fn set_title(&mut self, field: &Element<'_>, rank: u8) {
        let title = title_line(field, self.is_atom);
        if rank > self.title_rank && !title.is_empty() {
            self.meta.title = title;
            self.title_rank = rank;
        }
    }

    fn set_description(&mut self, field: &Element<'_>, rank: u8) {
        let text = element_line(field, self.is_atom);
        // A description that is a picture alone counts, with an empty text.
        if rank > self.description_rank && (!text.is_empty() || field.trimmed().is_some()) {
            self.meta.description = Some(text);
            self.description_rank = rank;
        }
    }

    fn set_updated(&mut self, field: &Element<'_>, zone: Option<&str>, rank: u8) {
        let found: Option<Timestamp> = parse_date(&field.text, zone).filter(|date| !is_zero_date(*date));
        if rank > self.updated_rank && found.is_some() {
            self.meta.updated = found;
            self.updated_rank = rank;
        }
    }

    fn add_link(&mut self, field: &Element<'_>) {
        let base = field.base();
        let Some(url) = web_url(base, field.attribute("href").unwrap_or(&field.text)) else {
            return;
        };
        let rels = field.attribute("rel").map(str::to_ascii_lowercase);
        let mime = field.attribute("type").unwrap_or_default();
        let rank = if field.attribute("href").is_none() { 9 } else { 8 };
        for rel in rels.as_deref().unwrap_or("alternate").split_whitespace() {
            match rel {
                "alternate" if (mime.is_empty() || mime.contains("html")) && rank > self.link_rank => {
                    self.meta.link = Some(url.clone());
                    self.link_rank = rank;
                }
                "license" => self.set_licence(field, url.as_str()),
                "prev-archive" => self.meta.history.previous_archive = Some(url.clone()),
                "next" => self.meta.history.next_page = Some(url.clone()),
                "self" => self.meta.self_link = Some(url.clone()),
                "hub" if self.meta.hubs.len() < MAX_HUBS && !self.meta.hubs.contains(&url) => self.meta.hubs.push(url.clone()),
                _ => {}
            }
        }
    }

    fn set_licence(&mut self, field: &Element<'_>, address: &str) {
        self.meta.licence = self.meta.licence.take().or_else(|| web_url(field.base(), address));
    }

    fn set_image(&mut self, field: &Element<'_>) {
        let text = field.child("url").map_or(&field.text, |url| &url.text);
        let written = field.attribute("href").unwrap_or(text);
        // A logo is preferred to an icon.
        let found = web_url(field.base(), written).filter(|_| field.name.local != "icon" || self.meta.image.is_none());
        self.meta.image = found.or(self.meta.image.take());
    }

    /// Returns the metadata and the feed's authors, which entries of Atom inherit.
    pub(super) fn finish(mut self) -> (FeedMeta, Vec<Author>) {
        self.meta.hints.update_period = self.period.map(|period| Duration::from_secs(period / self.frequency.unwrap_or(1)));
        if self.authors.is_empty() {
            self.authors.extend(self.publisher);
        }
        self.meta.author = self.authors.first().map(|author| match (&author.name, &author.email) {
            (name, Some(mail)) if name.is_empty() => mail.clone(),
            // Name and mail address on one line, as in RSS.
            (name, Some(mail)) => format!("{name} ({mail})"),
            (name, _) => name.clone(),
        });
        // The id of a feed that names no page may be the address of one.
        self.meta.link = self.meta.link.or_else(|| web_url(None, self.meta.id.as_deref()?));
        (self.meta, self.authors)
    }
}

/// Returns the values in order, each once.
fn sorted(values: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut values: Vec<u8> = values.take(MAX_SKIPPED).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// Returns the day of the week that `text` names in English: 0 is Monday.
fn weekday(text: &str) -> Option<u8> {
    let name = text.trim().to_ascii_lowercase();
    let number = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .position(|day| name.starts_with(day))?;
    u8::try_from(number).ok()
}
