//! Builds the topic feeds: from the store's placements to files.
//!
//! A feed is rendered as of the time at which its topic last changed, so that a later run without news changes no byte.

use super::app::App;
use super::compose::topic_item_id;
use super::prepare::PreparedTopic;
use crate::config::{ArticlePolicy, Republish, Source, StoryMode};
use crate::html::clean::excerpt;
use crate::model::{
    Article, CleanHtml, Digest128, Digester, Enclosure, Entry, EntryId, Image, MarkKind, Placement, Provenance, Published, SourceId, Story,
    StoryId, Timestamp, TopicId,
};
use crate::publish::{self, Item, Outlet, RenderedFile, Report, SiteInfo, TopicFeed, TopicSummary};
use crate::store::StoreError;
use crate::text::html_to_text::html_to_text;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use url::Url;

/// The length of an excerpt's text.
const EXCERPT_CHARS: usize = 600;
/// The maximum length of a summary.
const SUMMARY_CHARS: usize = 300;
/// Items that were first published so recently stay in the feed beyond its limit, so that pollers see every item of a burst.
const RECENT_WINDOW: Duration = Duration::from_hours(1);
/// A burst holds at most so many times the topic's limit.
const MAX_BURST_FACTOR: usize = 5;

/// The rendered output, and what its feeds now hold.
#[derive(Debug, Default)]
pub struct RenderedSite {
    /// All files of the output folder.
    pub files: Vec<RenderedFile>,
    /// New and changed records of published items.
    pub published: Vec<Published>,
    /// The number of items of each topic feed.
    pub topics: Vec<TopicCount>,
}

/// The number of items of a topic feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicCount {
    /// The topic.
    pub id: TopicId,
    /// All items.
    pub total: usize,
    /// Items that are published for the first time.
    pub new: usize,
}

/// Renders all public topics. `now` is the time of topics that were never composed.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn render_site(app: &App, now: Timestamp) -> Result<RenderedSite, StoreError> {
    let site = &app.config.site;
    let site = SiteInfo {
        title: site.title.clone(),
        base_url: site.base_url.clone(),
        language: site.language,
        timezone: site.timezone.clone(),
    };
    let states = app.store.source_states()?.into_iter();
    let reserving: BTreeSet<SourceId> = states
        .filter(|state| !state.reservations.is_empty())
        .map(|state| state.source)
        .collect();
    let mut rendered = RenderedSite::default();
    let mut summaries = Vec::new();
    // A private topic is served only with its token, which the server does not support yet, so it is written nowhere.
    for prepared in app.prepared.topics.iter().filter(|prepared| prepared.topic.token.is_none()) {
        let moment = app.store.topic_stamp(&prepared.topic.id)?.map_or(now, |(_, moment)| moment);
        let mut builder = FeedBuilder::new(app, prepared, &reserving, moment)?;
        let items = builder.items()?;
        let topic = &prepared.topic;
        summaries.push(TopicSummary {
            id: topic.id.clone(),
            title: topic.title.clone(),
            description: topic.description.clone(),
            items: items.len(),
            newest: items.iter().map(|item| item.updated).max(),
        });
        rendered.topics.push(TopicCount {
            id: topic.id.clone(),
            total: items.len(),
            new: builder.new,
        });
        let feed = TopicFeed {
            id: topic.id.clone(),
            title: topic.title.clone(),
            description: topic.description.clone(),
            language: topic.language.clone().unwrap_or_else(|| site.language.tag().to_owned()),
            items,
            sources: outlets(app),
        };
        rendered.published.append(&mut builder.published);
        rendered.files.extend(publish::render_topic(&site, &feed));
    }
    rendered.files.extend(publish::render_index(&site, &summaries, &outlets(app)));
    Ok(rendered)
}

fn outlets(app: &App) -> Vec<Outlet> {
    app.config.sources.iter().filter(|source| source.enabled).map(outlet).collect()
}

fn outlet(source: &Source) -> Outlet {
    Outlet {
        id: source.id.clone(),
        name: source.name.clone(),
        feed: source.urls.first().cloned(),
        site: source.site.clone().or_else(|| site_root(source.urls.first()?)),
        language: source.lang.clone(),
    }
}

/// Returns the root of the site of `url`, for sources without a configured `site`.
fn site_root(url: &Url) -> Option<Url> {
    url.join("/").ok()
}

/// Builds the items of one topic.
struct FeedBuilder<'a> {
    app: &'a App,
    prepared: &'a PreparedTopic,
    /// Sources whose feed reserves its text.
    reserving: &'a BTreeSet<SourceId>,
    moment: Timestamp,
    published_before: BTreeMap<StoryId, Published>,
    published: Vec<Published>,
    new: usize,
}

impl<'a> FeedBuilder<'a> {
    fn new(app: &'a App, prepared: &'a PreparedTopic, reserving: &'a BTreeSet<SourceId>, moment: Timestamp) -> Result<Self, StoreError> {
        let published_before = app
            .store
            .published(&prepared.topic.id)?
            .into_iter()
            .map(|published| (published.story, published))
            .collect();
        Ok(Self {
            app,
            prepared,
            reserving,
            moment,
            published_before,
            published: Vec::new(),
            new: 0,
        })
    }

    fn items(&mut self) -> Result<Vec<Item>, StoreError> {
        let topic = &self.prepared.topic;
        let mut placements = self.app.store.placements(&topic.id)?;
        let ids: Vec<EntryId> = placements.iter().map(|placement| placement.entry).collect();
        let shown: BTreeMap<EntryId, Entry> = self.app.store.entries(&ids)?.into_iter().map(|entry| (entry.id, entry)).collect();
        placements.retain(|placement| {
            let entry = shown.get(&placement.entry);
            entry.is_some_and(|entry| topic.keep.is_none_or(|keep| entry.date() >= self.moment - keep))
        });
        placements.sort_by_key(|placement| std::cmp::Reverse((shown.get(&placement.entry).map(Entry::date), placement.story)));
        let placements = self.select_placements(placements);
        let stories: BTreeSet<StoryId> = placements
            .iter()
            .filter_map(|placement| shown.get(&placement.entry)?.story)
            .collect();
        let stories: Vec<StoryId> = stories.into_iter().collect();
        let mut context = StoryContext::read(self.app, topic.stories, &stories)?;
        context.load_guids(self.app, &placements)?;
        let mut items = Vec::new();
        for placement in &placements {
            if let Some(entry) = shown.get(&placement.entry) {
                items.extend(self.item(placement, entry, &context)?);
            }
        }
        Ok(items)
    }

    /// Selects the newest placements up to the limit, and the recent ones beyond it.
    fn select_placements(&self, placements: Vec<Placement>) -> Vec<Placement> {
        let limit = self.prepared.topic.limit;
        let mut chosen = 0;
        placements
            .into_iter()
            .filter(|placement| {
                let first = self
                    .published_before
                    .get(&placement.story)
                    .map_or(placement.placed, |published| published.first_published);
                let take = chosen < limit || (self.moment.since(first) < RECENT_WINDOW && chosen < limit.saturating_mul(MAX_BURST_FACTOR));
                chosen += usize::from(take);
                take
            })
            .collect()
    }

    fn item(&mut self, placement: &Placement, entry: &Entry, context: &StoryContext) -> Result<Option<Item>, StoreError> {
        let (Some(prepared), Some(story)) = (self.app.source(&entry.source), entry.story) else {
            return Ok(None);
        };
        let source = &prepared.source;
        let article = context.articles.get(&entry.id);
        let text = article
            .map(|article| article.text.clone())
            .or_else(|| entry.longest_feed_text().map(|body| html_to_text(body.as_str())))
            .unwrap_or_default();
        let body = self.body(source, entry, article);
        let content_hash = item_content_hash(&entry.title, body.as_ref());
        let early = article.map(|_| item_content_hash(&entry.title, self.body(source, entry, None).as_ref()));
        let published_before = self.update_published(placement, entry, content_hash, early, context);
        let mut categories: Vec<String> = Vec::new();
        for term in entry
            .categories
            .iter()
            .map(|category| &category.term)
            .chain(article.iter().flat_map(|article| &article.categories))
        {
            if !categories.contains(term) {
                categories.push(term.clone());
            }
        }
        let image = article.and_then(|article| article.image.clone()).or_else(|| {
            entry.image.clone().map(|url| Image {
                url,
                width: None,
                height: None,
            })
        });
        Ok(Some(Item {
            guid: published_before.guid.clone(),
            title: entry.title.clone(),
            link: context.linked(&published_before).unwrap_or(entry).link.clone(),
            outlet: Outlet {
                site: source.site.clone().or_else(|| site_root(entry.link.as_ref()?)),
                ..outlet(source)
            },
            body,
            summary: truncate(&summary_text(entry, &text), SUMMARY_CHARS),
            authors: if entry.authors.is_empty() {
                article.map(|article| article.authors.clone()).unwrap_or_default()
            } else {
                entry.authors.clone()
            },
            language: entry.language.clone(),
            categories,
            published: self.published_at(entry, article, &published_before)?,
            first_seen: entry.first_seen,
            first_published: published_before.first_published,
            updated: published_before.updated,
            enclosure: enclosure(entry),
            image: image.filter(|_| source.images),
            also: self.reports(placement, entry, context),
            earlier: context.earlier(self.app, story),
            note: context.notes.get(&entry.id).cloned(),
            score: placement.score,
            reasons: placement.reasons.clone(),
        }))
    }

    /// Returns the publication date: the feed's, else the page's, unless the page arrived after the item was published without it.
    fn published_at(
        &self,
        entry: &Entry,
        article: Option<&Article>,
        published_before: &Published,
    ) -> Result<Option<Timestamp>, StoreError> {
        let said = article.and_then(|article| article.published);
        if entry.published.is_some() || said.is_none() {
            return Ok(entry.published);
        }
        let came = self.app.store.provenance(entry.id)?;
        let is_late = |came: &Provenance| came.entry == Some(entry.id) && came.fetched > published_before.first_published;
        Ok(said.filter(|_| !came.iter().any(is_late)))
    }

    /// Returns the body, reduced to what the strictest of source, topic, site and reservations allows.
    fn body(&self, source: &Source, entry: &Entry, article: Option<&Article>) -> Option<CleanHtml> {
        let is_reserved = self.reserving.contains(&source.id) || article.is_some_and(|article| !article.reservations.is_empty());
        let wishes = [
            Some(self.app.config.site.republish),
            source.republish,
            self.prepared.topic.body,
            is_reserved.then_some(Republish::Excerpt),
        ];
        let whole = match source.article {
            ArticlePolicy::Page => article.map(|article| &article.body).or(entry.longest_feed_text()),
            ArticlePolicy::Feed => entry.longest_feed_text(),
            ArticlePolicy::Off => entry.summary.as_ref(),
        };
        match wishes.into_iter().flatten().max().unwrap_or_default() {
            Republish::Full => whole.cloned(),
            Republish::Excerpt => whole.map(|body| excerpt(body, EXCERPT_CHARS)),
            Republish::Link => None,
        }
        .filter(|body| !body.is_empty())
    }

    /// Returns the published record of this item, updated or new: its guid never changes, its `updated` only with `content_hash`. `early` is the
    /// hash of the item without its article: an article that arrives late is no correction.
    fn update_published(
        &mut self,
        placement: &Placement,
        entry: &Entry,
        content_hash: Digest128,
        early: Option<Digest128>,
        context: &StoryContext,
    ) -> Published {
        let published = match self.published_before.get(&placement.story) {
            Some(before) if before.content_hash == content_hash => return before.clone(),
            Some(before) if early == Some(before.content_hash) => Published {
                content_hash,
                ..before.clone()
            },
            Some(before) => Published {
                content_hash,
                updated: self.moment.max(before.updated),
                ..before.clone()
            },
            None => {
                self.new += 1;
                Published {
                    guid: context
                        .guids
                        .get(&placement.story)
                        .cloned()
                        .unwrap_or_else(|| self.guid(placement.story, context)),
                    topic: self.prepared.topic.id.clone(),
                    story: placement.story,
                    linked: entry.id,
                    first_published: self.moment,
                    updated: self.moment,
                    content_hash,
                }
            }
        };
        self.published_before.insert(placement.story, published.clone());
        self.published.push(published.clone());
        published
    }

    /// `tag:AUTHORITY,FOUNDING-DAY:STORYID` (RFC 4151).
    fn guid(&self, id: StoryId, context: &StoryContext) -> String {
        let founded = context.founded.get(&id).copied().unwrap_or(self.moment);
        format!("tag:{},{}:{id}", self.app.store.authority(), founded.day())
    }

    fn reports(&self, placement: &Placement, shown: &Entry, context: &StoryContext) -> Vec<Report> {
        let mut outlets: Vec<&SourceId> = vec![&shown.source];
        let mut reports = Vec::new();
        for entry in context.units.get(&placement.story).into_iter().flatten() {
            if entry.id == shown.id || context.hidden.contains(&entry.id) || outlets.contains(&&entry.source) {
                continue;
            }
            outlets.push(&entry.source);
            reports.push(report(self.app, entry));
        }
        reports
    }
}

/// Returns the hash by which a change of a published item is detected.
fn item_content_hash(title: &str, body: Option<&CleanHtml>) -> Digest128 {
    let mut digester = Digester::new();
    for part in [title, &body.map(|body| html_to_text(body.as_str())).unwrap_or_default()] {
        digester.update_terminated(part);
    }
    digester.finish()
}

/// What the items of a topic need besides their own entry, read in one go.
struct StoryContext {
    /// The entries of each item, in order.
    units: BTreeMap<StoryId, Vec<Entry>>,
    articles: BTreeMap<EntryId, Article>,
    stories: BTreeMap<StoryId, Story>,
    founded: BTreeMap<StoryId, Timestamp>,
    guids: BTreeMap<StoryId, String>,
    leads: BTreeMap<StoryId, Entry>,
    notes: BTreeMap<EntryId, String>,
    hidden: BTreeSet<EntryId>,
}

impl StoryContext {
    fn read(app: &App, mode: StoryMode, ids: &[StoryId]) -> Result<Self, StoreError> {
        let mut units: BTreeMap<StoryId, Vec<Entry>> = BTreeMap::new();
        let mut founded: BTreeMap<StoryId, Timestamp> = BTreeMap::new();
        for entry in app.store.entries_of_stories(ids)? {
            founded.insert(entry.id.into(), entry.first_seen);
            let story = entry.story.unwrap_or_else(|| entry.id.into());
            units.entry(topic_item_id(mode, story, &entry)).or_default().push(entry);
        }
        for unit in units.values_mut() {
            unit.sort_by_cached_key(super::settle::order);
        }
        let all: Vec<EntryId> = units.values().flatten().map(|entry| entry.id).collect();
        let stories: BTreeMap<StoryId, Story> = app.store.stories(ids)?.into_iter().map(|story| (story.id, story)).collect();
        founded.extend(stories.values().map(|story| (story.id, story.founded)));
        let before: Vec<StoryId> = stories.values().filter_map(|story| story.earlier).collect();
        let leads: Vec<EntryId> = app.store.stories(&before)?.iter().map(|story| story.lead).collect();
        let leads = app
            .store
            .entries(&leads)?
            .into_iter()
            .filter_map(|entry| Some((entry.story?, entry)))
            .collect();
        let marks = app.store.marks()?;
        Ok(Self {
            articles: app.store.articles(&all)?.into_iter().collect(),
            units,
            stories,
            founded,
            guids: BTreeMap::new(),
            leads,
            notes: marks
                .iter()
                .filter(|mark| mark.kind == MarkKind::Note)
                .filter_map(|mark| Some((mark.entry, mark.note.clone()?)))
                .collect(),
            hidden: marks
                .iter()
                .filter(|mark| mark.kind == MarkKind::Hide && mark.topic.is_none())
                .map(|mark| mark.entry)
                .collect(),
        })
    }

    /// Loads the guids under which other topics have published these stories: a story has one guid in all topics.
    fn load_guids(&mut self, app: &App, placements: &[Placement]) -> Result<(), StoreError> {
        let ids: Vec<StoryId> = placements.iter().map(|placement| placement.story).collect();
        self.guids = app
            .store
            .published_of_stories(&ids)?
            .into_iter()
            .map(|published| (published.story, published.guid))
            .collect();
        Ok(())
    }

    /// Returns the entry whose link the item keeps, unless it is hidden.
    fn linked(&self, published_before: &Published) -> Option<&Entry> {
        let entry = self
            .units
            .get(&published_before.story)?
            .iter()
            .find(|entry| entry.id == published_before.linked)?;
        (!self.hidden.contains(&entry.id)).then_some(entry)
    }

    fn earlier(&self, app: &App, story: StoryId) -> Option<Report> {
        let earlier = self.stories.get(&story)?.earlier?;
        Some(report(app, self.leads.get(&earlier)?))
    }
}

fn report(app: &App, entry: &Entry) -> Report {
    let name = app
        .source(&entry.source)
        .map_or_else(|| entry.source.to_string(), |prepared| prepared.source.name.clone());
    Report {
        outlet: name,
        title: entry.title.clone(),
        link: entry.link.clone(),
        date: entry.date(),
        copy: entry.copy_of.is_some(),
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

/// Returns the feed's own summary, which an editor wrote, else `text`.
fn summary_text(entry: &Entry, text: &str) -> String {
    let own = entry
        .summary
        .as_ref()
        .map(|summary| html_to_text(summary.as_str()))
        .filter(|own| !own.is_empty());
    own.unwrap_or_else(|| text.to_owned())
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
    fn summaries_are_cut_at_a_word() {
        assert_eq!(truncate("Un  deux\ntrois", 300), "Un deux trois");
        assert_eq!(truncate("Un deux trois", 10), "Un deux…");
        assert_eq!(truncate(&"x".repeat(400), 300), "…");
        assert_eq!(truncate("", 300), "");
    }
}
