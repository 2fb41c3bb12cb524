//! The pages of sources: which have changed, and what each tells.
//!
//! A page is rendered again only when the store has counted a change of what it tells, when the state of its source is another, or when a page of a story
//! that it links to is gone. Its figures are as of the newest entry of the source: what others tell later counts from the next one on.

use super::app::App;
use super::independence::reports_with_tellers;
use super::marks::Marks;
use super::outlets::{Outlets, outlet};
use super::run_report::RunError;
use super::site_info::site_messages;
use super::source_condition::{SourceStates, source_condition};
use super::story_pages::PagesOfStories;
use crate::config::{Source, StoryMode};
use crate::model::{Digest128, Digester, EntryId, SourceId, SourceState, StoryId, TopicId, without_tracking};
use crate::publish::{
    self, CHART_DAYS, CopiedSource, GroupSummary, Outlet, OutputFolder, RenderedGroup, SiteInfo, SourceCondition, SourceEntry,
    SourceFigures, SourcePage,
};
use crate::store::{ActivityLimits, LatestEntry, SharedReport, SourceActivity, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// How much of a source is read for its page.
const LIMITS: ActivityLimits = ActivityLimits {
    date_days: CHART_DAYS + 1,
    story_days: 30,
    story_entries: 300,
    latest: 60,
    events: 12,
};
/// How many entries are listed.
const MAX_ENTRIES: usize = 15;
/// How many pages are in memory at a time.
const BATCH: usize = 64;

/// Writes the pages of the enabled sources, and of those others that pages of stories link to: where something has changed that they tell.
///
/// # Errors
/// [`RunError`] when the store or the output fails.
pub fn write_source_pages(
    app: &App,
    site: &SiteInfo,
    settings: Digest128,
    states: &SourceStates,
    stories: &PagesOfStories,
    folder: &mut OutputFolder,
) -> Result<(), RunError> {
    let pages = SourcePages::new(app, states, stories)?;
    let mut changed = Vec::new();
    for (id, changes) in app.store.source_changes()? {
        let followed = app.source(&id).map(|prepared| &prepared.source).filter(|source| source.enabled);
        if followed.is_none() && !stories.unfollowed.contains(id.as_str()) {
            continue;
        }
        let condition = followed.map(|source| pages.condition(source));
        let outlet = followed.map_or_else(|| pages.outlets.of_entry(app, &id, None), outlet);
        let told = format!("{:?} {outlet:?} {condition:?} {changes}", pages.topics);
        let stamp = Digester::new().update(settings.as_bytes()).update_terminated(&told).finish();
        let group = format!("/source/{id}");
        let written = folder.current(&group, stamp);
        if written.is_some_and(|written| written.links.iter().all(|story| stories.done.contains(story))) {
            folder.keep(&group);
            continue;
        }
        let page = pages.page(outlet, condition)?;
        let links = page.entries.iter().filter_map(|entry| Some(entry.story?.to_string()));
        changed.push(RenderedGroup {
            name: group,
            stamp,
            summary: GroupSummary {
                links: links.collect(),
                ..GroupSummary::default()
            },
            files: vec![publish::render_source(site, &page)].into(),
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

struct SourcePages<'a> {
    app: &'a App,
    stories: &'a PagesOfStories,
    outlets: Outlets,
    states: &'a SourceStates,
    /// The public topics, each with how it places stories.
    topics: BTreeMap<TopicId, StoryMode>,
}

impl<'a> SourcePages<'a> {
    fn new(app: &'a App, states: &'a SourceStates, stories: &'a PagesOfStories) -> Result<Self, StoreError> {
        let public = app.prepared.topics.iter().filter(|prepared| prepared.topic.token.is_none());
        Ok(Self {
            app,
            stories,
            outlets: Outlets::read(app)?,
            states,
            topics: public.map(|prepared| (prepared.topic.id.clone(), prepared.topic.stories)).collect(),
        })
    }

    fn condition(&self, source: &Source) -> SourceCondition {
        let unknown = || SourceState::new(source.id.clone());
        let state = self.states.get(&source.id).cloned().unwrap_or_else(unknown);
        source_condition(source, &state, site_messages(&self.app.config))
    }

    fn page(&self, outlet: Outlet, condition: Option<SourceCondition>) -> Result<SourcePage, StoreError> {
        let activity = self.app.store.source_activity(&outlet.id, LIMITS)?;
        Ok(SourcePage {
            condition,
            newest: activity.newest,
            entries: self.entries(&activity.latest)?,
            figures: self.figures(&outlet.id, &activity)?,
            dates: activity.dates,
            events: activity.events,
            outlet,
        })
    }

    /// Returns the newest entries that stand in a public topic and are not hidden there, the newest first.
    fn entries(&self, latest: &[LatestEntry]) -> Result<Vec<SourceEntry>, StoreError> {
        let targets = (latest.iter().map(|entry| entry.id), latest.iter().map(|entry| entry.story));
        let marks = Marks::read(&self.app.store, targets.0, targets.1)?;
        let shown = latest.iter().filter_map(|entry| {
            let placed: Vec<StoryId> = (entry.placements.iter())
                .filter(|(topic, id)| self.is_shown_as(topic, *id, entry) && !marks.is_hidden_in(topic, entry.id, entry.story))
                .map(|(_, id)| *id)
                .collect();
            let has_page = |id: &StoryId| self.stories.done.contains(&id.to_string());
            (!placed.is_empty()).then(|| SourceEntry {
                title: entry.title.clone(),
                link: entry.link.as_ref().map(without_tracking),
                language: entry.language.clone(),
                date: entry.date,
                story: placed.into_iter().find(has_page),
            })
        });
        Ok(shown.take(MAX_ENTRIES).collect())
    }

    /// Returns whether a topic is public, and shows an entry with what it published under `id`: a story, an original with its copies, or the entry alone.
    fn is_shown_as(&self, topic: &TopicId, id: StoryId, entry: &LatestEntry) -> bool {
        let is_own = id == StoryId::from(entry.id);
        match self.topics.get(topic) {
            None => false,
            Some(StoryMode::One) => id == entry.story,
            Some(StoryMode::Copies) => is_own || entry.copy_of.is_some_and(|original| id == StoryId::from(original)),
            Some(StoryMode::Off) => is_own,
        }
    }

    /// Returns how often a source was first, was copied, and copied. What is hidden in all topics counts for nothing.
    fn figures(&self, id: &SourceId, activity: &SourceActivity) -> Result<Option<SourceFigures>, StoreError> {
        let Some(since) = activity.stories_since else { return Ok(None) };
        let shared = &activity.shared;
        let marks = Marks::read(
            &self.app.store,
            shared.iter().map(|report| report.id),
            shared.iter().map(|report| report.story),
        )?;
        let visible: Vec<&SharedReport> = shared.iter().filter(|report| !marks.is_hidden(report.id, report.story)).collect();
        let mut figures = SourceFigures {
            since,
            entries: activity.story_entries,
            shared: 0,
            first: 0,
            copied: 0,
            copies: 0,
            most_copied: None,
        };
        let mut copied_from: BTreeMap<&SourceId, usize> = BTreeMap::new();
        for story in visible.chunk_by(|a, b| a.story == b.story) {
            self.add_story(id, story, &mut figures);
            for original in originals(id, story) {
                figures.copies += 1;
                if let Some(original) = original {
                    *copied_from.entry(&original.source).or_default() += 1;
                }
            }
        }
        let most = copied_from.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
        figures.most_copied = most.map(|(source, copies)| CopiedSource {
            page: self
                .app
                .source(source)
                .filter(|known| known.source.enabled)
                .map(|_| source.to_string()),
            name: self.outlets.name(self.app, source),
            copies,
        });
        Ok(Some(figures))
    }

    /// Adds the reports of one story, by date.
    fn add_story(&self, id: &SourceId, reports: &[&SharedReport], figures: &mut SourceFigures) {
        let source = |id: &SourceId| self.app.source(id).map(|prepared| &prepared.source);
        let told = reports_with_tellers(reports.iter().copied(), source);
        let tellers: BTreeSet<_> = told.iter().map(|(_, teller)| teller).collect();
        let is_own = |report: &SharedReport| report.source == *id;
        if tellers.len() > 1 && told.iter().any(|(report, _)| is_own(report)) {
            figures.shared += 1;
            figures.first += usize::from(told.first().is_some_and(|(first, _)| is_own(first)));
        }
        let by_others: BTreeSet<EntryId> = reports
            .iter()
            .filter(|report| !is_own(report))
            .filter_map(|report| report.copy_of)
            .collect();
        figures.copied += reports
            .iter()
            .filter(|report| is_own(report) && by_others.contains(&report.id))
            .count();
    }
}

/// Returns for each entry of a source that is a copy of another's text the original; none in place of one that is not among the reports.
fn originals<'r>(id: &SourceId, reports: &[&'r SharedReport]) -> Vec<Option<&'r SharedReport>> {
    let own = reports.iter().filter(|report| report.source == *id);
    let original_of = |original: EntryId| reports.iter().copied().find(|report| report.id == original);
    own.filter_map(|report| report.copy_of)
        .map(original_of)
        .filter(|original| original.is_none_or(|original| original.source != *id))
        .collect()
}
