//! Builds the items of a topic feed from the store's placements: what of a text may be passed on, which guid the item has, and what is said of it.

use super::app::App;
use super::feed_selection::select_placements;
use super::independence::tellers;
use super::item_context::ItemContext;
use super::item_reports::{ListedReports, OtherEntries, published_bytes};
use super::outlets::Outlets;
use super::prepare::PreparedTopic;
use crate::config::{ArticlePolicy, Republish, Source, SourceKind};
use crate::html::clean::{cut_at_block, excerpt};
use crate::html::reservations;
use crate::model::{
    Article, ArticleMethod, CleanHtml, Digest128, Digester, Enclosure, Entry, Image, Placement, Provenance, Published, Reason, SourceId,
    StoryId, Timestamp, without_tracking,
};
use crate::publish::{Item, Report};
use crate::store::{EntryTexts, StoreError, StoryEntry};
use crate::text::html_to_text::html_to_text;
use crate::text::typography::plain_typography;
use std::collections::BTreeMap;
use url::Url;

/// To be raised when the same items give other files than before.
pub const RENDER_VERSION: u32 = 10;
/// The length of an excerpt's text.
const EXCERPT_CHARS: usize = 600;
/// The maximum length of a summary.
const SUMMARY_CHARS: usize = 300;
/// The maximum size of an item's body as it is published, in bytes. Together with its other parts an item has at most 256 kB.
const MAX_BODY_BYTES: usize = 224 * 1024;
/// The maximum size of the bodies of one feed as they are published, in bytes: beyond it, items have excerpts. A feed has at most 4 MB.
const MAX_BODIES_BYTES: usize = 3_200 * 1000;
/// Builds the items of one topic.
pub struct FeedBuilder<'a> {
    app: &'a App,
    pub prepared: &'a PreparedTopic,
    outlets: Outlets,
    /// What the feeds of sources reserve.
    reserving: &'a BTreeMap<SourceId, Vec<String>>,
    /// The time as of which the feed is rendered.
    pub moment: Timestamp,
    rendered: Option<Timestamp>,
    /// The records of its items that are new or changed.
    pub published: Vec<Published>,
    /// The guids of the items that the feed did not have before.
    pub new_guids: Vec<String>,
    /// How many bytes of bodies the feed may still hold.
    room: usize,
}

impl<'a> FeedBuilder<'a> {
    /// Prepares the items of the topic as of `moment`; `rendered` is when its feed was rendered last.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn new(
        app: &'a App,
        prepared: &'a PreparedTopic,
        reserving: &'a BTreeMap<SourceId, Vec<String>>,
        moment: Timestamp,
        rendered: Option<Timestamp>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            app,
            prepared,
            outlets: Outlets::read(app)?,
            reserving,
            moment,
            rendered,
            published: Vec::new(),
            new_guids: Vec::new(),
            room: MAX_BODIES_BYTES,
        })
    }

    /// Returns the items, the newest first. Of each, only what is published of it stays in memory.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn items(&mut self) -> Result<Vec<Item>, StoreError> {
        let placements = select_placements(self.app, &self.prepared.topic, self.moment, self.rendered)?;
        self.items_of(&placements)
    }

    /// Returns the items of these placements, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn items_of(&mut self, placements: &[Placement]) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(placements.len());
        for placement in placements {
            items.extend(self.single(placement)?);
        }
        Ok(items)
    }

    /// Returns the item of one placement, whether the feed shows it or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn single(&mut self, placement: &Placement) -> Result<Option<Item>, StoreError> {
        let Some(entry) = self.app.store.entries(&[placement.entry])?.pop() else {
            return Ok(None);
        };
        let Some(story) = entry.story else { return Ok(None) };
        let context = ItemContext::read(self.app, self.prepared, placement, story)?;
        self.item(placement, &entry, &context).map(Some)
    }

    fn item(&mut self, placement: &Placement, entry: &Entry, context: &ItemContext) -> Result<Item, StoreError> {
        let store = &self.app.store;
        let article = store.articles(&[entry.id])?.pop().map(|(_, article)| article);
        let texts = store
            .texts(&[entry.id], &html_to_text)?
            .pop()
            .map(|(_, texts)| texts)
            .unwrap_or_default();
        let source = self.app.source(&entry.source).map(|prepared| &prepared.source);
        let extent = self.extent(source, entry, article.as_ref());
        let body = body(source, entry, article.as_ref(), extent);
        let hashes = ContentHashes::of(&entry.title, body.as_ref());
        let early = || {
            let body = self::body(source, entry, None, self.extent(source, entry, None));
            ContentHashes::of(&entry.title, body.as_ref())
        };
        let early = article.as_ref().map(|_| early());
        let published = self.update_published(placement, entry, &hashes, early.as_ref(), context);
        let categories = categories(entry, article.as_ref());
        let has_images = source.is_none_or(|source| source.images);
        let image = article.as_ref().and_then(|article| article.image.clone()).or_else(|| {
            entry.image.clone().map(|url| Image {
                url,
                width: None,
                height: None,
            })
        });
        let linked = context.linked(&published, entry.id);
        let link = linked
            .map_or(entry.link.as_ref(), |linked| linked.link.as_ref())
            .map(without_tracking);
        let is_link_only = extent == Republish::Link;
        let authors = if entry.authors.is_empty() {
            article.as_ref().map(|article| article.authors.clone()).unwrap_or_default()
        } else {
            entry.authors.clone()
        };
        let others = OtherEntries::of(entry, context, &self.prepared.topic.id);
        let reports = others.reports.iter().map(|entry| self.report(entry)).collect();
        let also = ListedReports::within(self.room, reports);
        self.room = self.room.saturating_sub(also.bytes);
        let corrected = self.corrected(entry, &published)?;
        Ok(Item {
            guid: published.guid.clone(),
            story: placement.story,
            title: entry.title.clone(),
            outlet: self.outlets.credited(self.app, entry),
            body: body.map(|body| self.fit(body, link.as_ref(), MAX_BODY_BYTES - also.bytes)),
            summary: if is_link_only {
                String::new()
            } else {
                truncate(summary_text(&texts), SUMMARY_CHARS)
            },
            authors,
            language: entry.language.clone(),
            categories,
            published: self.published_at(entry, article.as_ref(), &published)?,
            first_seen: entry.first_seen,
            first_published: published.first_published,
            updated: published.updated,
            corrected,
            licence: source.and_then(|source| source.licence.clone()).or_else(|| entry.rights.clone()),
            reservations: self.reservations(entry, article.as_ref()),
            method: article.as_ref().map_or(ArticleMethod::Feed, |article| article.method),
            enclosure: enclosure(entry).filter(|_| !is_link_only),
            image: image.filter(|_| has_images && !is_link_only),
            also: also.reports,
            unlisted: also.unlisted,
            copies: others.copies,
            earlier: context.earlier.as_ref().map(|earlier| self.report(earlier)),
            note: context
                .marks
                .note_in(&self.prepared.topic.id, entry.id, context.story)
                .map(str::to_owned),
            about: entry.about.clone(),
            genre: entry.genre,
            agency: entry.agency,
            independent: self.independent(context),
            reasons: self.reasons(placement, is_link_only),
            // They quote the text.
            masked: if is_link_only { Vec::new() } else { placement.masked.clone() },
            rule: placement.rule.clone(),
            link,
        })
    }

    /// Returns how much of a body the strictest of source, topic, site and reservations allows.
    fn extent(&self, source: Option<&Source>, entry: &Entry, article: Option<&Article>) -> Republish {
        let is_reserved = reservations::limit_text(&self.reservations(entry, article));
        let wishes = [
            Some(self.app.config.site.republish),
            source.and_then(|source| source.republish),
            self.prepared.topic.body,
            is_reserved.then_some(Republish::Excerpt),
            // What a removed source allowed is not known any more.
            source.is_none().then_some(Republish::Excerpt),
        ];
        wishes.into_iter().flatten().max().unwrap_or_default()
    }

    /// Returns what the entry, its page and the feed of its source reserve.
    fn reservations(&self, entry: &Entry, article: Option<&Article>) -> Vec<String> {
        let of_source = self.reserving.get(&entry.source);
        let of_page = article.map(|article| &article.reservations);
        let mut all = entry.reservations.clone();
        for word in of_source.into_iter().chain(of_page).flatten() {
            reservations::add(&mut all, word);
        }
        all
    }

    /// Returns a body that fits into the feed: cut behind a block when it has more than `limit` bytes, an excerpt when the feed is full.
    fn fit(&mut self, body: CleanHtml, link: Option<&Url>, limit: usize) -> CleanHtml {
        let room = self.room.min(limit);
        let fitting = if published_bytes(body.as_str()) <= room {
            body
        } else if self.room < limit {
            excerpt(&body, EXCERPT_CHARS)
        } else {
            cut_at_block(&body, room, &published_bytes, link)
        };
        self.room = self.room.saturating_sub(published_bytes(fitting.as_str()));
        fitting
    }

    /// Returns the publication date: the feed's, else the page's, unless the page arrived after the item was published without it.
    fn published_at(&self, entry: &Entry, article: Option<&Article>, published: &Published) -> Result<Option<Timestamp>, StoreError> {
        let said = article.and_then(|article| article.published);
        if entry.published.is_some() || said.is_none() {
            return Ok(entry.published);
        }
        let came = self.app.store.provenance(entry.id)?;
        let is_late = |came: &Provenance| came.entry == Some(entry.id) && came.fetched > published.first_published;
        Ok(said.filter(|_| !came.iter().any(is_late)))
    }

    /// Returns the published record of this item, updated or new: its guid never changes, its `updated` only with the content. `early` are the
    /// hashes of the item without its article: an article that arrives late is no correction.
    fn update_published(
        &mut self,
        placement: &Placement,
        entry: &Entry,
        hashes: &ContentHashes,
        early: Option<&ContentHashes>,
        context: &ItemContext,
    ) -> Published {
        let topic = &self.prepared.topic.id;
        // The oldest guid of this topic stays: its subscribers know it. Else the item has the oldest guid that its entries have elsewhere.
        let own = context.published.iter().filter(|published| published.topic == *topic);
        let oldest = |all: &mut dyn Iterator<Item = &'_ Published>| {
            all.min_by_key(|published| {
                // Of two that came in one run, the one that the item has had keeps it, then the one of the story that the others joined.
                let is_other = published.founder != placement.story;
                (
                    published.first_published,
                    published.alias_of.is_some(),
                    is_other,
                    published.guid.clone(),
                )
            })
            .cloned()
        };
        let before = oldest(&mut own.clone());
        let mut published = if let Some(before) = &before {
            before.clone()
        } else {
            let elsewhere = oldest(&mut context.published.iter());
            Published {
                guid: elsewhere
                    .as_ref()
                    .map_or_else(|| self.guid(placement.story, context), |elsewhere| elsewhere.guid.clone()),
                topic: topic.clone(),
                story: placement.story,
                founder: elsewhere.map_or(placement.story, |elsewhere| elsewhere.founder),
                alias_of: None,
                linked: entry.id,
                first_published: self.moment,
                updated: self.moment,
                content_hash: hashes.present,
            }
        };
        // What was fetched from an archive is no news.
        if before.is_none() && (placement.is_news || !entry.is_archived) {
            self.new_guids.push(published.guid.clone());
        }
        published.story = placement.story;
        published.alias_of = None;
        let stored = published.content_hash;
        if !hashes.include(stored) && !early.is_some_and(|early| early.include(stored)) {
            published.updated = self.moment.max(published.updated);
        }
        published.content_hash = hashes.present;
        let aliases = own.filter(|other| other.guid != published.guid && other.alias_of.as_deref() != Some(&published.guid));
        let aliases = aliases.map(|other| Published {
            alias_of: Some(published.guid.clone()),
            ..other.clone()
        });
        self.published.extend(aliases);
        if before.as_ref() != Some(&published) {
            self.published.push(published.clone());
        }
        published
    }

    /// `tag:AUTHORITY,FOUNDING-DAY:STORYID` (RFC 4151).
    fn guid(&self, id: StoryId, context: &ItemContext) -> String {
        let founded = context.founded.unwrap_or(self.moment);
        format!("tag:{},{}:{id}", self.app.store.authority(), founded.day())
    }

    /// Returns the reasons of a placement, without those that name a private topic; of an item that is a link only, those that quote the text have no
    /// words.
    fn reasons(&self, placement: &Placement, is_link_only: bool) -> Vec<Reason> {
        let topics = self.app.prepared.topics.iter().map(|prepared| &prepared.topic);
        let private: Vec<&str> = (topics.filter(|topic| topic.token.is_some()))
            .map(|topic| topic.id.as_str())
            .collect();
        let names_private = |reason: &Reason| reason.field == "topic" && private.iter().any(|id| reason.clause.contains(id));
        let mut reasons = placement.reasons.clone();
        reasons.retain(|reason| !names_private(reason));
        let quoting = reasons.iter_mut().filter(|reason| matches!(&*reason.field, "summary" | "body"));
        for reason in quoting.filter(|_| is_link_only) {
            reason.words.clear();
        }
        reasons
    }

    /// Returns how many told the item independently.
    fn independent(&self, context: &ItemContext) -> usize {
        let visible = context.entries.iter();
        let visible = visible.filter(|entry| !context.marks.is_hidden(entry.id, entry.story));
        tellers(visible, |id| self.app.source(id).map(|prepared| &prepared.source)).len()
    }

    /// Returns when the publisher's last change of the text was seen, if subscribers have had the item before.
    fn corrected(&self, entry: &Entry, published: &Published) -> Result<Option<Timestamp>, StoreError> {
        if entry.version == 1 || published.updated <= published.first_published {
            return Ok(None);
        }
        let revisions = self.app.store.revisions(entry.id)?;
        let last = revisions.iter().map(|revision| revision.seen).max();
        Ok(last.filter(|seen| *seen > published.first_published))
    }

    fn report(&self, entry: &StoryEntry) -> Report {
        let source = self.app.source(&entry.source).map(|prepared| &prepared.source);
        Report {
            source: entry.source.clone(),
            country: source.and_then(|source| source.country.clone()),
            kind: source.and_then(|source| source.kind).map(SourceKind::as_str),
            language: entry.language.clone(),
            outlet: self.outlets.name_of(self.app, &entry.source, entry.link.as_ref()),
            title: entry.title.clone(),
            link: entry.link.as_ref().map(without_tracking),
            date: entry.date,
            agency: entry.agency,
        }
    }
}

/// Returns the body to `extent`.
fn body(source: Option<&Source>, entry: &Entry, article: Option<&Article>, extent: Republish) -> Option<CleanHtml> {
    let whole = match source.map_or(ArticlePolicy::Page, |source| source.article) {
        ArticlePolicy::Page => article.map(|article| &article.body).or(entry.longest_feed_text()),
        ArticlePolicy::Feed => entry.longest_feed_text(),
        ArticlePolicy::Off => entry.summary.as_ref(),
    };
    match extent {
        Republish::Full => whole.cloned(),
        Republish::Excerpt => whole.map(|body| excerpt(body, EXCERPT_CHARS)),
        Republish::Link => None,
    }
    .filter(|body| !body.is_empty())
}

fn categories(entry: &Entry, article: Option<&Article>) -> Vec<String> {
    let own = entry.categories.iter().map(|category| &category.term);
    let mut categories: Vec<String> = Vec::new();
    for term in own.chain(article.iter().flat_map(|article| &article.categories)) {
        if !categories.contains(term) {
            categories.push(term.clone());
        }
    }
    categories
}

/// Returns the feed's own summary, which an editor wrote, else the text.
fn summary_text(texts: &EntryTexts) -> &str {
    let text = texts.article.as_deref().unwrap_or(&texts.content);
    if texts.summary.is_empty() { text } else { &texts.summary }
}

/// The hashes by which a change of a published item is detected.
struct ContentHashes {
    /// Of title and text without their typography.
    present: Digest128,
    /// Of title and text as they are, which release 0.1 stored.
    former: Digest128,
}

impl ContentHashes {
    fn of(title: &str, body: Option<&CleanHtml>) -> Self {
        let text = body.map(|body| html_to_text(body.as_str())).unwrap_or_default();
        let (mut present, mut former) = (Digester::new(), Digester::new());
        for part in [title, &text] {
            former.update_terminated(part);
            let mut plain = String::with_capacity(part.len());
            plain_typography(part, &mut plain);
            present.update_terminated(&plain);
        }
        Self {
            present: present.finish(),
            former: former.finish(),
        }
    }

    /// Returns whether the item with this stored hash has this content.
    fn include(&self, stored: Digest128) -> bool {
        stored == self.present || stored == self.former
    }
}

/// Returns the item's enclosure. RSS allows one: audio and video come before images, which the item shows anyway.
fn enclosure(entry: &Entry) -> Option<Enclosure> {
    let is = |enclosure: &&Enclosure, kinds: [&str; 2]| {
        enclosure
            .mime
            .as_deref()
            .is_some_and(|mime| kinds.iter().any(|kind| mime.starts_with(kind)))
    };
    let recording = entry.enclosures.iter().find(|enclosure| is(enclosure, ["audio/", "video/"]));
    recording
        .or_else(|| entry.enclosures.iter().find(|enclosure| !is(enclosure, ["image/", "text/"])))
        .cloned()
}

/// Truncates `text` to at most `limit` characters between words, on one line.
fn truncate(text: &str, limit: usize) -> String {
    let words = text.split_whitespace();
    let mut out = String::new();
    let mut length = 0;
    for word in words {
        let size = word.chars().count();
        if length + size + 1 >= limit {
            out.push('…');
            break;
        }
        if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += size;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_release_0_1_stored_of_an_item_is_its_content_and_typography_is_none() {
        let body = crate::html::clean::text_to_html("L’eau monte à Mopti.");
        let hashes = ContentHashes::of("« Alerte »", Some(&body));
        let mut former = Digester::new();
        for part in ["« Alerte »", "L’eau monte à Mopti."] {
            former.update_terminated(part);
        }
        assert!(hashes.include(former.finish()));
        let plain = crate::html::clean::text_to_html("L'eau  monte à Mopti.");
        assert!(hashes.include(ContentHashes::of("\"Alerte\"", Some(&plain)).present));
        assert!(!hashes.include(ContentHashes::of("Alerte", Some(&plain)).present));
    }

    #[test]
    fn summaries_are_cut_at_a_word() {
        assert_eq!(truncate("Un  deux\ntrois", 300), "Un deux trois");
        assert_eq!(truncate("Un deux trois", 10), "Un deux…");
        assert_eq!(
            truncate("Un deux trois", 14),
            "Un deux trois",
            "13 characters, and room for the ellipsis"
        );
        assert_eq!(truncate("Un deux trois", 13), "Un deux…");
        assert_eq!(truncate(&"x".repeat(400), 300), "…");
        assert_eq!(truncate("", 300), "");
    }
}
