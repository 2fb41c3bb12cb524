//! The pages of stories: which of those in the public feeds have changed, and what each tells.

use super::app::App;
use super::entry_view::versions;
use super::marks::Marks;
use super::outlets::Outlets;
use super::run_report::RunError;
use crate::config::{Republish, Topic};
use crate::model::{Digest128, Digester, EntryId, SourceId, StoryId};
use crate::publish::{self, GroupSummary, Item, OutputFolder, QuotedWords, RenderedGroup, SiteInfo, StoryPage, StoryReport, TextChange};
use crate::store::{EntryTexts, StoreError, StoryEntry};
use crate::text::html_to_text::html_to_text;
use crate::text::quotation::quotations;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many pages are in memory at a time.
const BATCH: usize = 64;
/// How many reports of a story are told.
const MAX_REPORTS: usize = 100;
/// Of how many reports the changes of their publishers are read.
const MAX_CHANGED: usize = 20;
/// Of how many reports quotations are told, and how many of each.
const MAX_QUOTED: usize = 12;
const MAX_QUOTED_OF_TEXT: usize = 3;
/// How many changes of one text are told.
const MAX_CHANGES_OF_TEXT: usize = 6;

/// Returns the group of a story's page in the manifest; a topic's name cannot hold a slash.
fn group(story: &str) -> String {
    format!("/story/{story}")
}

/// Returns the ids of the stories of a group.
fn stories_of(group: &GroupSummary) -> impl Iterator<Item = &String> {
    group.headlines.iter().map(|headline| &headline.story).chain(&group.stories)
}

/// Makes the pages of stories.
pub struct StoryPages<'a> {
    app: &'a App,
    site: &'a SiteInfo,
    /// The digest of all in the configuration that pages are rendered from.
    settings: Digest128,
    outlets: Outlets,
    pages: PagesOfStories,
}

/// Which pages of stories there are.
#[derive(Debug, Default)]
pub struct PagesOfStories {
    /// The ids of the stories whose pages are written or kept.
    pub done: BTreeSet<String>,
    /// The ids of the sources that these pages link to, and that are followed no longer.
    pub unfollowed: BTreeSet<String>,
}

impl<'a> StoryPages<'a> {
    /// Prepares the pages.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn new(app: &'a App, site: &'a SiteInfo, settings: Digest128) -> Result<Self, StoreError> {
        Ok(Self {
            app,
            site,
            settings,
            outlets: Outlets::read(app)?,
            pages: PagesOfStories::default(),
        })
    }

    /// Writes the pages of the stories of `items`, items of `topic`, where they have changed. A story of several topics has the page that the first makes.
    ///
    /// # Errors
    /// [`RunError`] when the store or the output fails.
    pub fn write(&mut self, topic: &Topic, items: &[Item], folder: &mut OutputFolder) -> Result<(), RunError> {
        let entries = self.entries(items)?;
        let mut changed = Vec::new();
        for item in items {
            let id = item.story.to_string();
            if !self.pages.done.insert(id.clone()) {
                continue;
            }
            let own = entries.get(&item.story).map(Vec::as_slice).unwrap_or_default();
            let (stamp, group) = (self.stamp(topic, item, own), group(&id));
            if folder.current(&group, stamp).is_some()
                && let Some(kept) = folder.keep(&group)
            {
                self.pages.unfollowed.extend(kept.links);
                continue;
            }
            let links = self.unfollowed(item, own);
            self.pages.unfollowed.extend(links.iter().cloned());
            let page = self.page(topic, item, own)?;
            changed.push(RenderedGroup {
                name: group,
                stamp,
                summary: GroupSummary {
                    links,
                    topic: Some(topic.id.to_string()),
                    ..GroupSummary::default()
                },
                files: vec![publish::render_story(self.site, &page)].into(),
            });
            if changed.len() == BATCH {
                folder.write_groups(std::mem::take(&mut changed))?;
            }
        }
        if !changed.is_empty() {
            folder.write_groups(changed)?;
        }
        Ok(())
    }

    /// Returns the digest of all in the configuration that pages are rendered from, as the manifest writes it.
    #[must_use]
    pub fn settings(&self) -> String {
        self.settings.to_hex()
    }

    /// Returns whether each story of a group of `topic` has a page that this topic made, or one that an earlier topic has made now. Otherwise the topic has
    /// to make it, since the one that did shows the story no more: it may be private now, and its reasons and its extent of text are none of this topic's.
    #[must_use]
    pub fn are_of(&self, topic: &Topic, group_of_topic: &GroupSummary, folder: &OutputFolder) -> bool {
        stories_of(group_of_topic).all(|story| self.pages.done.contains(story) || folder.topic_of(&group(story)) == Some(topic.id.as_str()))
    }

    /// Keeps the pages of the stories of a group of `topic` as they are, but for those that a topic made which is public no more.
    pub fn keep(&mut self, topic: &Topic, group_of_topic: &GroupSummary, folder: &mut OutputFolder) {
        let public: BTreeSet<&str> = (self.app.prepared.topics.iter())
            .filter(|prepared| prepared.topic.token.is_none())
            .map(|prepared| prepared.topic.id.as_str())
            .chain([topic.id.as_str()])
            .collect();
        for story in stories_of(group_of_topic) {
            let is_public = folder.topic_of(&group(story)).is_some_and(|made_by| public.contains(made_by));
            if is_public
                && !self.pages.done.contains(story)
                && let Some(kept) = folder.keep(&group(story))
            {
                self.pages.done.insert(story.clone());
                self.pages.unfollowed.extend(kept.links);
            }
        }
    }

    /// Returns which pages there are, after those of all topics.
    #[must_use]
    pub fn into_pages(self) -> PagesOfStories {
        self.pages
    }

    /// Returns the ids of the sources that the page of a story links to and that are followed no longer.
    fn unfollowed(&self, item: &Item, entries: &[StoryEntry]) -> Vec<String> {
        let sources: BTreeSet<&SourceId> = entries.iter().map(|entry| &entry.source).chain([&item.outlet.id]).collect();
        let is_followed = |id: &&&SourceId| self.app.source(id).is_some_and(|prepared| prepared.source.enabled);
        sources.iter().filter(|id| !is_followed(id)).map(ToString::to_string).collect()
    }

    /// Returns the entries of the stories of `items`, by story.
    fn entries(&self, items: &[Item]) -> Result<BTreeMap<StoryId, Vec<StoryEntry>>, StoreError> {
        let ids: Vec<StoryId> = items.iter().map(|item| item.story).collect::<BTreeSet<_>>().into_iter().collect();
        let mut by_story: BTreeMap<StoryId, Vec<StoryEntry>> = BTreeMap::new();
        for entry in self.app.store.story_entries(&ids)? {
            by_story.entry(entry.story).or_default().push(entry);
        }
        let known: BTreeSet<StoryId> = by_story.keys().copied().collect();
        // An item of a topic that merges no stories, or copies alone, is an entry with its copies.
        for item in ids.into_iter().filter(|id| !known.contains(id)) {
            let own = self.app.store.entry_with_copies(&EntryId::from_bytes(*item.as_bytes()))?;
            by_story.insert(item, own);
        }
        Ok(by_story)
    }

    /// Returns the digest of all that the page of `item` is rendered from.
    fn stamp(&self, topic: &Topic, item: &Item, entries: &[StoryEntry]) -> Digest128 {
        let mut stamp = Digester::new();
        stamp.update(self.settings.as_bytes());
        stamp.update_terminated(&format!("{item:?} {} {}", topic.id, topic.title));
        for entry in entries {
            stamp.update_terminated(&format!("{} {} {:?} {}", entry.id, entry.version, entry.copy_of, entry.date.unix()));
        }
        stamp.finish()
    }

    /// Returns the page of `item`, whose story has `entries`.
    fn page<'b>(&self, topic: &Topic, item: &'b Item, entries: &[StoryEntry]) -> Result<StoryPage<'b>, StoreError> {
        let stories: BTreeSet<StoryId> = entries.iter().map(|entry| entry.story).collect();
        let marks = Marks::read(&self.app.store, entries.iter().map(|entry| entry.id), stories.into_iter())?;
        let mut visible: Vec<&StoryEntry> = entries
            .iter()
            .filter(|entry| !marks.is_hidden_in(&topic.id, entry.id, entry.story))
            .collect();
        let first = visible.first().map(|entry| entry.id).filter(|_| visible.len() > 1);
        let unlisted = visible.len().saturating_sub(MAX_REPORTS);
        let visible = visible.split_off(unlisted);
        let name = |entry: &StoryEntry| self.outlets.name_of(self.app, &entry.source, entry.link.as_ref());
        let mut names: BTreeMap<EntryId, String> = entries.iter().map(|entry| (entry.id, name(entry))).collect();
        // A copy that is shown alone names an original that is none of its reports.
        for original in visible.iter().filter_map(|entry| entry.copy_of) {
            if !names.contains_key(&original)
                && let Some(entry) = self.app.store.story_entry(&original)?
            {
                names.insert(original, name(&entry));
            }
        }
        let withdrawn: BTreeSet<EntryId> = self
            .app
            .store
            .withdrawals(&visible.iter().map(|entry| entry.id).collect::<Vec<_>>())?
            .into_iter()
            .filter(|known| known.withdrawn.is_some())
            .map(|known| known.entry)
            .collect();
        let mut changes = Vec::new();
        let mut corrected = BTreeMap::new();
        for entry in visible.iter().filter(|entry| entry.version > 1).take(MAX_CHANGED) {
            let (found, last) = self.changes(topic, entry, &names)?;
            corrected.extend(last.map(|at| (entry.id, at)));
            changes.extend(found);
        }
        // The newest first; those of one version in the order of the text.
        changes.sort_by_key(|change| Reverse(change.seen));
        let mut told = BTreeSet::new();
        changes.retain(|change| told.insert((change.source.clone(), change.removed.clone(), change.added.clone())));
        let reports = visible
            .iter()
            .map(|entry| StoryReport {
                outlet: self.outlets.of_entry(self.app, &entry.source, entry.link.as_ref()),
                title: entry.title.clone(),
                link: entry.link.as_ref().map(crate::model::without_tracking),
                language: entry.language.clone(),
                date: entry.date,
                copy_of: entry.copy_of.map(|original| names.get(&original).cloned().unwrap_or_default()),
                agency: entry.agency,
                corrected: corrected.get(&entry.id).copied(),
                is_withdrawn: withdrawn.contains(&entry.id),
                is_first: first == Some(entry.id),
            })
            .collect();
        Ok(StoryPage {
            item,
            reports,
            unlisted,
            changes,
            quotations: self.quotations(topic, &visible, &names)?,
            topic: (topic.id.clone(), topic.title.clone()),
        })
    }

    /// Returns what people are quoted as saying in the texts that are no copies, each words once; of sources of which only links are passed on, nothing.
    fn quotations(
        &self,
        topic: &Topic,
        visible: &[&StoryEntry],
        names: &BTreeMap<EntryId, String>,
    ) -> Result<Vec<QuotedWords>, StoreError> {
        let quotable: Vec<&&StoryEntry> = visible
            .iter()
            .filter(|entry| entry.copy_of.is_none() && self.passes_text(topic, entry))
            .take(MAX_QUOTED)
            .collect();
        let ids: Vec<EntryId> = quotable.iter().map(|entry| entry.id).collect();
        let texts: BTreeMap<EntryId, EntryTexts> = self.app.store.texts(&ids, &html_to_text)?.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for entry in quotable {
            let Some(texts) = texts.get(&entry.id) else { continue };
            let in_feed = if texts.content.is_empty() { &texts.summary } else { &texts.content };
            let text = texts.article.as_deref().unwrap_or(in_feed);
            for quoted in quotations(text, entry.language.as_deref()).into_iter().take(MAX_QUOTED_OF_TEXT) {
                if seen.insert(quoted.words.clone()) {
                    found.push(QuotedWords {
                        words: quoted.words,
                        speaker: quoted.speaker,
                        outlet: names.get(&entry.id).cloned().unwrap_or_default(),
                        link: entry.link.as_ref().map(crate::model::without_tracking),
                        language: entry.language.clone(),
                    });
                }
            }
        }
        Ok(found)
    }

    /// Returns whether more of a text than its title may be passed on: not of a source that is configured no longer, since nobody says so.
    fn passes_text(&self, topic: &Topic, entry: &StoryEntry) -> bool {
        let of_source = self.app.source(&entry.source).map(|prepared| prepared.source.republish);
        let extents = of_source.map(|of_source| [of_source, topic.body, Some(self.app.config.site.republish)]);
        extents.is_some_and(|extents| !extents.contains(&Some(Republish::Link)))
    }

    /// Returns what the publisher of an entry has changed in its title and text, and when last; of a source of which only links are passed on, of the title
    /// alone.
    fn changes(
        &self,
        topic: &Topic,
        entry: &StoryEntry,
        names: &BTreeMap<EntryId, String>,
    ) -> Result<(Vec<TextChange>, Option<crate::model::Timestamp>), StoreError> {
        let Some(stored) = self.app.store.entries(&[entry.id])?.pop() else {
            return Ok((Vec::new(), None));
        };
        let passes_text = self.passes_text(topic, entry);
        let mut last = None;
        let mut found = Vec::new();
        for version in versions(&self.app.store, &stored)? {
            let own = version.changes.iter().filter(|change| passes_text || change.part == "title");
            for change in own.take(MAX_CHANGES_OF_TEXT) {
                found.push(TextChange {
                    outlet: names.get(&entry.id).cloned().unwrap_or_default(),
                    source: entry.source.clone(),
                    seen: version.seen,
                    language: entry.language.clone(),
                    before: change.before.clone(),
                    removed: change.removed.clone(),
                    added: change.added.clone(),
                    after: change.after.clone(),
                });
            }
            if !version.changes.is_empty() {
                last = version.seen.or(last);
            }
        }
        Ok((found, last))
    }
}
