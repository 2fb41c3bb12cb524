//! The archive of a public topic (RFC 5005, section 4): which items are on which page, and the writing of pages.
//!
//! An item that is published no more in the topic's feed is on a page. As soon as one is on none, a page is made of it and the oldest items that the feed
//! still holds, half the topic's `limit` in all: the feed and its pages may overlap, so no page is written before it is full, and none later. What a
//! page holds stays; it is written anew when something of it was hidden, exchanged or shown again, or when less or more of its texts may be passed on.

use super::app::App;
use super::item_builder::{FeedBuilder, RENDER_VERSION};
use super::prepare::PreparedTopic;
use super::run_report::RunError;
use super::story_pages::StoryPages;
use crate::model::{ArchivePage, Changes, Digest128, Digester, NewArchivePage, Placement, SourceId, Timestamp};
use crate::publish::{self, ArchiveLinks, GroupSummary, Item, OutputFolder, SiteInfo, TopicFeed};
use crate::store::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long the page of a story stays after the newest item of its page of the archive.
const STORY_PAGES_STAY: Duration = Duration::from_hours(30 * 24);

/// Which pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveRendering {
    /// None: what there is stays.
    Kept,
    /// Those of which something has changed, or which are missing.
    Changed,
    /// All.
    Forced,
}

/// The archive of one topic.
pub struct Archive<'a> {
    pub app: &'a App,
    pub site: &'a SiteInfo,
    pub prepared: &'a PreparedTopic,
    /// What the feeds of sources reserve.
    pub reserving: &'a BTreeMap<SourceId, Vec<String>>,
    /// The time as of which the topic is rendered.
    pub moment: Timestamp,
    pub rendering: ArchiveRendering,
}

impl Archive<'_> {
    /// Returns the links of the topic's feed: to the last page that shows an item.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn last_page(&self) -> Result<ArchiveLinks, StoreError> {
        let pages = self.app.store.archive_pages(&self.prepared.topic.id)?;
        let last = pages.iter().rfind(|page| page.is_filled);
        Ok(ArchiveLinks {
            previous: last.map(|page| page.number),
            ..ArchiveLinks::default()
        })
    }

    /// Puts what was published and is not among the `items` of the feed on new pages. What `builder` publishes is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn extend(&self, builder: &FeedBuilder<'_>, items: &[Item]) -> Result<(), StoreError> {
        let topic = &builder.prepared.topic;
        let live: BTreeSet<&str> = items.iter().map(|item| item.guid.as_str()).collect();
        let unarchived = self.app.store.archived_placements(&topic.id, None)?;
        let (standing, dropped): (Vec<_>, Vec<_>) = unarchived
            .into_iter()
            .map(|(guid, _)| guid)
            .partition(|guid| live.contains(guid.as_str()));
        if dropped.is_empty() {
            return Ok(());
        }
        let size = (topic.limit / 2).max(1);
        let mut guids = dropped;
        let last = self.app.store.archive_pages(&topic.id)?.last().map_or(0, |page| page.number);
        let needed = if last == 0 { 2 } else { 1 };
        let missing = guids.len().max(needed).next_multiple_of(size) - guids.len();
        guids.extend(standing.into_iter().take(missing));
        let mut chunks: Vec<Vec<String>> = guids.chunks(size).map(<[String]>::to_vec).collect();
        // The first page has a neighbour at once: a page without any would be no archive to readers.
        if last == 0
            && let [only] = chunks.as_mut_slice()
            && only.len() > 1
        {
            let rest = only.split_off(only.len().div_ceil(2));
            chunks.push(rest);
        }
        let count = chunks.len();
        let archive_pages = (last + 1..).zip(chunks).enumerate().map(|(at, (number, guids))| NewArchivePage {
            topic: topic.id.clone(),
            number,
            has_next: at + 1 < count,
            guids,
        });
        self.app.store.apply(Changes {
            archive_pages: archive_pages.collect(),
            ..Changes::default()
        })
    }

    /// Writes the pages, and leaves those as they are of which nothing has changed. A page that shows nothing any more is removed. The stories of pages with
    /// items of the last [`STORY_PAGES_STAY`] keep pages of their own, so that a link to one does not break when the feed has no more room for it.
    ///
    /// # Errors
    /// [`RunError`] when the store or the output fails.
    pub fn write(&self, story_pages: &mut StoryPages<'_>, folder: &mut OutputFolder) -> Result<(), RunError> {
        let topic = &self.prepared.topic;
        let pages = self.app.store.archive_pages(&topic.id)?;
        let filled: Vec<&ArchivePage> = pages.iter().filter(|page| page.is_filled).collect();
        for (at, page) in filled.iter().enumerate() {
            let links = ArchiveLinks {
                page: Some(page.number),
                previous: at.checked_sub(1).and_then(|at| filled.get(at)).map(|page| page.number),
                next: filled.get(at + 1).filter(|_| page.has_next).map(|page| page.number),
            };
            let group = format!("{}/archive/{:04}", self.prepared.topic.id, page.number);
            let is_current = match self.rendering {
                ArchiveRendering::Kept => true,
                ArchiveRendering::Changed => {
                    let known = folder.current(&group, self.stamp(page, &page.sources, links));
                    known.is_some_and(|known| {
                        let has_pages = self.is_recent(known.newest);
                        !has_pages || (known.settings == Some(story_pages.settings()) && story_pages.are_of(topic, &known, folder))
                    })
                }
                ArchiveRendering::Forced => false,
            };
            let kept = if is_current { folder.keep(&group) } else { None };
            match kept {
                Some(kept) if self.is_recent(kept.newest) => story_pages.keep(topic, &kept, folder),
                None if self.rendering != ArchiveRendering::Kept => self.write_page(folder, &group, page, links, story_pages)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns whether the stories of a page whose newest item changed at this time have pages of their own.
    fn is_recent(&self, newest: Option<Timestamp>) -> bool {
        newest.is_some_and(|newest| newest >= self.moment - STORY_PAGES_STAY)
    }

    fn write_page(
        &self,
        folder: &mut OutputFolder,
        group: &str,
        page: &ArchivePage,
        links: ArchiveLinks,
        story_pages: &mut StoryPages<'_>,
    ) -> Result<(), RunError> {
        let topic = &self.prepared.topic;
        let on_page = self.app.store.archived_placements(&topic.id, Some(page.number))?;
        let placements: Vec<Placement> = on_page.into_iter().rev().map(|(_, placement)| placement).collect();
        let mut builder = FeedBuilder::new(self.app, self.prepared, self.reserving, self.moment, None)?;
        let items = builder.items_of(&placements)?;
        let sources: BTreeSet<SourceId> = items.iter().map(|item| item.outlet.id.clone()).collect();
        let sources: Vec<SourceId> = sources.into_iter().collect();
        let mut changes = Changes {
            published: std::mem::take(&mut builder.published),
            ..Changes::default()
        };
        if sources != page.sources {
            changes.archive_sources = vec![(topic.id.clone(), page.number, sources.clone())];
        }
        if changes != Changes::default() {
            self.app.store.apply(changes)?;
        }
        let summary = GroupSummary {
            items: items.len(),
            newest: items.iter().map(|item| item.updated).max(),
            stories: items.iter().map(|item| item.story.to_string()).collect(),
            settings: Some(story_pages.settings()),
            ..GroupSummary::default()
        };
        let newest = summary.newest;
        let feed = TopicFeed {
            id: topic.id.clone(),
            title: topic.title.clone(),
            description: topic.description.clone(),
            language: topic.language.clone().unwrap_or_else(|| self.site.language.tag().to_owned()),
            sources: Vec::new(),
            deleted: Vec::new(),
            items,
            lite: false,
            archive: links,
            hub: None,
        };
        let stamp = self.stamp(page, &sources, links);
        folder.write(group, stamp, summary, &publish::render_archive_page(self.site, &feed))?;
        if self.is_recent(newest) {
            story_pages.write(topic, &feed.items, folder)?;
        }
        Ok(())
    }

    /// Returns the digest of all for which a page whose items are of `sources` is written anew.
    fn stamp(&self, page: &ArchivePage, sources: &[SourceId], links: ArchiveLinks) -> Digest128 {
        let mut digester = Digester::new();
        digester.update(&RENDER_VERSION.to_le_bytes());
        let site = &self.app.config.site;
        let limits = (site.republish, self.prepared.topic.body, site.precompress);
        digester.update_terminated(&format!("{:?} {limits:?} {} {links:?}", self.site.base_url, page.changes));
        for source in sources {
            let own = self
                .app
                .source(source)
                .map(|prepared| (prepared.source.republish, prepared.source.images));
            let reserved = self.reserving.get(source);
            digester.update_terminated(&format!("{source} {own:?} {reserved:?}"));
        }
        digester.finish()
    }
}
