//! What a feed says of itself, mapped to a [`FeedMeta`].

use super::element::Element;
use super::entry::Context;
use super::markup::{line, web_url};
use super::name::Space;
use super::person::{author, language_tag};
use crate::model::{Author, FeedMeta, Timestamp};
use crate::text::date::parse_date;
use std::borrow::Cow;
use std::time::Duration;
use url::Url;

/// A feed's own words that are being read.
#[derive(Debug, Default)]
pub(super) struct MetaBuilder {
    meta: FeedMeta,
    atom: bool,
    authors: Vec<Author>,
    /// Who stands in for an author where nobody else does.
    publisher: Option<Author>,
    title_rank: u8,
    description_rank: u8,
    link_rank: u8,
    updated_rank: u8,
    period: Option<u64>,
    frequency: Option<u64>,
}

impl MetaBuilder {
    /// Returns the home page, as far as it is known.
    pub(super) fn link(&self) -> Option<&Url> {
        self.meta.link.as_ref()
    }

    /// Returns the language, as far as it is known.
    pub(super) fn language(&self) -> Option<&str> {
        self.meta.language.as_deref()
    }

    /// Takes the attributes of the element that holds the rest.
    pub(super) fn container(&mut self, attributes: &[(Cow<'_, str>, Cow<'_, str>)], context: &Context, atom: bool) {
        self.atom = atom;
        let value = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        self.meta.id = self
            .meta
            .id
            .take()
            .or_else(|| value("about").filter(|id| !id.is_empty()).map(str::to_owned));
        self.meta.language = context.1.as_deref().and_then(language_tag).or(self.meta.language.take());
        // CDF dates the channel in an attribute.
        self.meta.updated = self.meta.updated.or_else(|| parse_date(value("lastmod")?, None));
        if let Some(href) = value("href") {
            self.meta.link = web_url(context.0.as_deref(), href);
        }
    }

    /// Takes what a sitemap's entry says of its paper: a sitemap has no words of its own.
    pub(super) fn publication(&mut self, (name, language): (&str, Option<&str>)) {
        if self.meta.title.is_empty() && !name.is_empty() {
            name.clone_into(&mut self.meta.title);
            self.meta.language = self.meta.language.take().or_else(|| language.map(str::to_owned));
        }
    }

    /// Takes one element of the feed.
    pub(super) fn take(&mut self, field: &Element<'_>, zone: Option<&str>) {
        match (field.name.space, &*field.name.local) {
            (Space::Plain, "title") => self.title(field, 9),
            (Space::Dc, "title") => self.title(field, 5),
            (Space::Plain, "link") => self.take_link(field),
            (Space::Plain, "description" | "subtitle" | "tagline") => self.description(field, 9),
            (Space::Dc, "description") => self.description(field, 6),
            (Space::Itunes, "summary") => self.description(field, 5),
            (Space::Itunes, "subtitle") | (Space::Plain, "abstract" | "info") => self.description(field, 4),
            (Space::Plain | Space::Dc, "language") => {
                self.meta.language = language_tag(&field.text).or(self.meta.language.take());
            }
            (Space::Plain, "lastbuilddate" | "updated" | "modified") | (Space::Dc, "modified") => self.updated(field, zone, 9),
            (Space::Plain, "pubdate" | "published" | "date") | (Space::Dc, "date" | "created" | "issued") => self.updated(field, zone, 5),
            (Space::Plain, "author" | "managingeditor") | (Space::Dc, "creator") | (Space::Itunes, "author") => {
                self.authors
                    .extend(Some(author(field)).filter(|author| *author != Author::default() && self.authors.len() < 50));
            }
            (Space::Plain, "webmaster") | (Space::Dc, "publisher") => {
                self.publisher = self
                    .publisher
                    .take()
                    .or_else(|| Some(author(field)).filter(|author| *author != Author::default()));
            }
            (Space::Plain, "id") => self.meta.id = field.trimmed().map(str::to_owned),
            (Space::Plain, "generator") => self.meta.generator = Some(line(field, true)).filter(|text| !text.is_empty()),
            (Space::Plain, "copyright" | "rights") | (Space::Dc, "rights") => {
                self.meta.rights = Some(line(field, self.atom)).filter(|text| !text.is_empty());
            }
            (Space::Plain, "image" | "logo" | "icon") | (Space::Itunes, "image") => self.image(field),
            (Space::Licence, "license") => self.licence(field, field.attribute("resource").unwrap_or(&field.text)),
            (Space::History, "complete") => self.meta.history.complete = true,
            (Space::History, "archive") => self.meta.history.archive = true,
            (Space::Podcast, "guid") => self.meta.id = self.meta.id.take().or_else(|| field.trimmed().map(str::to_owned)),
            _ => self.take_hint(field),
        }
    }

    fn take_hint(&mut self, field: &Element<'_>) {
        let hints = &mut self.meta.hints;
        let number = || {
            field
                .text
                .trim()
                .parse::<u64>()
                .ok()
                .filter(|number| (1..=10_000_000).contains(number))
        };
        match (field.name.space, &*field.name.local) {
            (Space::Plain, "ttl") => hints.ttl = number().map(|minutes| Duration::from_secs(minutes * 60)),
            (Space::Plain, "skiphours") => {
                let hours = field.children.iter().filter_map(|child| child.text.trim().parse::<u8>().ok());
                // RSS 0.91 counted to 24.
                hints.skip_hours = sorted(hours.filter(|hour| *hour <= 24).map(|hour| hour % 24));
            }
            (Space::Plain, "skipdays") => hints.skip_days = sorted(field.children.iter().filter_map(|child| weekday(&child.text))),
            (Space::Syndication, "updateperiod") => {
                self.period = match field.text.trim().to_ascii_lowercase().as_str() {
                    "hourly" => Some(3600),
                    "daily" => Some(86_400),
                    "weekly" => Some(7 * 86_400),
                    "monthly" => Some(30 * 86_400),
                    "yearly" => Some(365 * 86_400),
                    _ => None,
                }
            }
            (Space::Syndication, "updatefrequency") => self.frequency = number(),
            _ => {}
        }
    }

    fn title(&mut self, field: &Element<'_>, rank: u8) {
        let title = line(field, self.atom);
        if rank > self.title_rank && !title.is_empty() {
            self.meta.title = title;
            self.title_rank = rank;
        }
    }

    fn description(&mut self, field: &Element<'_>, rank: u8) {
        let text = line(field, self.atom);
        // A picture alone is a description too, though one without words.
        if rank > self.description_rank && (!text.is_empty() || field.trimmed().is_some()) {
            self.meta.description = Some(text);
            self.description_rank = rank;
        }
    }

    fn updated(&mut self, field: &Element<'_>, zone: Option<&str>, rank: u8) {
        let found: Option<Timestamp> = parse_date(&field.text, zone);
        if rank > self.updated_rank && found.is_some() {
            self.meta.updated = found;
            self.updated_rank = rank;
        }
    }

    fn take_link(&mut self, field: &Element<'_>) {
        let base = field.base.as_deref();
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
                "license" => self.licence(field, url.as_str()),
                "prev-archive" => self.meta.history.previous_archive = Some(url.clone()),
                "next" => self.meta.history.next_page = Some(url.clone()),
                "self" => self.meta.self_link = Some(url.clone()),
                "hub" if self.meta.hubs.len() < 10 && !self.meta.hubs.contains(&url) => self.meta.hubs.push(url.clone()),
                _ => {}
            }
        }
    }

    fn licence(&mut self, field: &Element<'_>, address: &str) {
        self.meta.licence = self.meta.licence.take().or_else(|| web_url(field.base.as_deref(), address));
    }

    fn image(&mut self, field: &Element<'_>) {
        let text = field.child("url").map_or(&field.text, |url| &url.text);
        let written = field.attribute("href").unwrap_or(text);
        // A logo is a better picture than an icon.
        let found = web_url(field.base.as_deref(), written).filter(|_| field.name.local != "icon" || self.meta.image.is_none());
        self.meta.image = found.or(self.meta.image.take());
    }

    /// Returns the feed's words and its authors.
    pub(super) fn finish(mut self) -> (FeedMeta, Vec<Author>) {
        self.meta.hints.update_period = self.period.map(|period| Duration::from_secs(period / self.frequency.unwrap_or(1)));
        if self.authors.is_empty() {
            self.authors.extend(self.publisher);
        }
        self.meta.author = self.authors.first().map(|author| match (&author.name, &author.email) {
            (name, Some(mail)) if name.is_empty() => mail.clone(),
            // One line holds both, as RSS writes it.
            (name, Some(mail)) => format!("{name} ({mail})"),
            (name, _) => name.clone(),
        });
        // Where a feed names no page, its id may be one.
        self.meta.link = self.meta.link.or_else(|| web_url(None, self.meta.id.as_deref()?));
        (self.meta, self.authors)
    }
}

fn sorted(values: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut values: Vec<u8> = values.take(100).collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn weekday(text: &str) -> Option<u8> {
    let name = text.trim().to_ascii_lowercase();
    let place = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .position(|day| name.starts_with(day))?;
    u8::try_from(place).ok()
}
