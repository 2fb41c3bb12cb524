//! Builds the topic feeds: from the store's placements to files, topic by topic.
//!
//! A feed is rendered as of the time at which its topic last changed, so that a later run without news changes no byte. What a topic's files were
//! rendered from is kept as a digest in the output folder's manifest: when it is the same, nothing is read and nothing rendered.

use super::announcements;
use super::app::App;
use super::archive::{Archive, ArchiveRendering};
use super::health_feed::{health_feed, is_in_lasting_trouble};
use super::health_page::write_health_page;
use super::item_builder::{FeedBuilder, RENDER_VERSION};
use super::outlets::{outlet, outlets};
use super::prepare::PreparedTopic;
use super::run_report::{RunError, TopicCount};
use super::site_info::site_info;
use super::source_condition::{SourceStates, source_states};
use super::source_pages::write_source_pages;
use super::story_pages::StoryPages;
use crate::config::{Placed, Rule};
use crate::model::{Changes, Digest128, Digester, SourceHealth, SourceId, Timestamp, TopicId};
use crate::publish::{
    self, ArchiveLinks, DeletedItem, GroupSummary, Headline, Item, Outlet, OutputFolder, SiteInfo, SourceStanding, TopicFeed, TopicSummary,
    Written,
};
use crate::store::TopicStamp;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use url::Url;

/// How long a feed says of an item that it was hidden.
const ANNOUNCED_DELETION: Duration = Duration::from_hours(30 * 24);
/// The group of the site's own files in the manifest; a topic's name cannot hold a slash.
const SITE_GROUP: &str = "/";
/// The group of the feed of the sources' health.
const HEALTH_GROUP: &str = "/health.xml";

/// How many headlines of a topic the manifest holds: as many as a topic's limit may be; in an hour with more news the others have their pages alone.
const MAX_HEADLINES: usize = 1000;

/// Which topics are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering<'a> {
    /// Those that have changed.
    Changed,
    /// These, whether they have changed or not; all when the list is empty.
    Forced(&'a [TopicId]),
}

/// Renders the public topics and the site's own files, and writes what changed. What subscribers will get is stored before it is written. `now` is
/// the time of topics that were never evaluated.
///
/// # Errors
/// [`RunError`] when the store or the output fails.
pub fn publish(app: &App, rendering: Rendering<'_>, now: Timestamp) -> Result<(Vec<TopicCount>, Written), RunError> {
    let site = site_info(&app.config);
    let is_precompressed = app.config.site.precompress;
    let mut folder = OutputFolder::open(&app.config.site.out, app.store.database_id())?.precompressed(is_precompressed);
    let states = source_states(app)?;
    let reserving: BTreeMap<SourceId, Vec<String>> = (states.values())
        .filter(|state| !state.reservations.is_empty())
        .map(|state| (state.source.clone(), state.reservations.clone()))
        .collect();
    let settings = settings(app, &site, &reserving, is_precompressed);
    let public: Vec<(&TopicId, bool)> = (app.prepared.topics.iter())
        .filter(|prepared| prepared.topic.token.is_none())
        .map(|prepared| (&prepared.topic.id, prepared.topic.lite))
        .collect();
    folder.check(&publish::file_names(&public))?;
    let stamps: BTreeMap<TopicId, TopicStamp> = app
        .store
        .topic_stamps()?
        .into_iter()
        .map(|stamp| (stamp.topic.clone(), stamp))
        .collect();
    let mut counts = Vec::new();
    let mut summaries = Vec::new();
    let mut story_pages = StoryPages::new(app, &site, settings)?;
    // A private topic is served only with its token: `private_feeds` writes it elsewhere.
    for prepared in app.prepared.topics.iter().filter(|prepared| prepared.topic.token.is_none()) {
        let topic = &prepared.topic;
        let known = stamps.get(&topic.id);
        let moment = known.map_or(now, |stamp| stamp.changed);
        let is_forced = match rendering {
            Rendering::Changed => false,
            Rendering::Forced(only) => only.is_empty() || only.contains(&topic.id),
        };
        let is_left_alone = matches!(rendering, Rendering::Forced(_)) && !is_forced;
        let stamp = |archive: ArchiveLinks| topic_stamp(prepared, settings, moment, known.map_or(0, |stamp| stamp.changes), archive);
        let archive = Archive {
            app,
            site: &site,
            prepared,
            reserving: &reserving,
            moment,
            rendering: if is_left_alone {
                ArchiveRendering::Kept
            } else if is_forced {
                ArchiveRendering::Forced
            } else {
                ArchiveRendering::Changed
            },
        };
        let last_page = archive.last_page()?;
        let is_known = |folder: &OutputFolder| {
            let known = folder.current(topic.id.as_str(), stamp(last_page));
            known.is_some_and(|known| story_pages.are_of(topic, &known, folder))
        };
        let is_current = is_left_alone || (!is_forced && is_known(&folder));
        let kept = if is_current { folder.keep(topic.id.as_str()) } else { None };
        let (summary, new) = match kept {
            Some(summary) => {
                story_pages.keep(topic, &summary, &mut folder);
                archive.write(&mut story_pages, &mut folder)?;
                (summary, 0)
            }
            None if is_left_alone => continue,
            None => {
                let rendered = known.and_then(|stamp| stamp.rendered);
                let builder = FeedBuilder::new(app, prepared, &reserving, moment, rendered)?;
                publish_topic(app, &site, builder, &mut folder, |builder, items, folder| {
                    // Before the feed that links to them.
                    story_pages.write(topic, items, folder)?;
                    archive.extend(builder, items)?;
                    archive.write(&mut story_pages, folder)?;
                    let last_page = archive.last_page()?;
                    Ok((stamp(last_page), last_page))
                })?
            }
        };
        counts.push(TopicCount {
            id: topic.id.clone(),
            total: summary.items,
            new,
        });
        summaries.push(TopicSummary {
            id: topic.id.clone(),
            title: topic.title.clone(),
            description: topic.description.clone(),
            rule: told_rule(app, &topic.rule),
            newest: summary.newest,
            headlines: summary.headlines,
        });
    }
    write_source_pages(app, &site, settings, &states, &story_pages.into_pages(), &mut folder)?;
    write_health_page(app, &site, settings, &states, now, &mut folder)?;
    write_site_files(app, &site, settings, &states, &summaries, now, &mut folder)?;
    Ok((counts, folder.finish()?))
}

/// Returns the clauses of a topic's rule as feeds.toml names them; none when it names a private topic.
fn told_rule(app: &App, rule: &Rule) -> Vec<String> {
    let list = |key: &str, terms: &[Placed]| {
        let terms: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
        (!terms.is_empty()).then(|| format!("{key}: {}", terms.join(", ")))
    };
    let lists = [
        list("about", &rule.about),
        list("any", &rule.any),
        list("all", &rule.all),
        list("none", &rule.none),
    ];
    let query = rule.query.as_ref().map(|query| query.text.clone());
    let clauses: Vec<String> = lists.into_iter().flatten().chain(query).collect();
    let private = app.prepared.topics.iter().filter(|prepared| prepared.topic.token.is_some());
    let names_one = private
        .into_iter()
        .any(|prepared| clauses.iter().any(|clause| clause.contains(prepared.topic.id.as_str())));
    if names_one { Vec::new() } else { clauses }
}

/// Returns the digest of all in the configuration that more than one topic's files are rendered from.
fn settings(app: &App, site: &SiteInfo, reserving: &BTreeMap<SourceId, Vec<String>>, is_precompressed: bool) -> Digest128 {
    let mut settings = Digester::new();
    settings.update(&RENDER_VERSION.to_le_bytes());
    settings.update_terminated(env!("CARGO_PKG_VERSION"));
    settings.update_terminated(&format!(
        "{site:?} {:?} {reserving:?} {is_precompressed}",
        app.config.site.republish
    ));
    for source in &app.config.sources {
        let shown = (
            source.enabled,
            &source.site,
            source.republish,
            source.images,
            source.article,
            source.trust,
            &source.owner,
            &source.licence,
        );
        settings.update_terminated(&format!("{:?} {shown:?}", outlet(source)));
    }
    settings.finish()
}

/// Writes the feed of the sources' health and the site's own files.
fn write_site_files(
    app: &App,
    site: &SiteInfo,
    settings: Digest128,
    states: &SourceStates,
    summaries: &[TopicSummary],
    now: Timestamp,
    folder: &mut OutputFolder,
) -> Result<(), RunError> {
    let health = health_feed(app, site, states, now)?;
    let mut of_health = Digester::new();
    of_health.update(settings.as_bytes()).update_terminated(&format!("{health:?}"));
    let of_health = of_health.finish();
    if folder.current(HEALTH_GROUP, of_health).is_none() || folder.keep(HEALTH_GROUP).is_none() {
        folder.write(
            HEALTH_GROUP,
            of_health,
            GroupSummary::default(),
            &publish::render_health(site, &health),
        )?;
    }
    let mut of_site = Digester::new();
    let standings = standings(app, states, now);
    of_site
        .update(settings.as_bytes())
        .update_terminated(&format!("{summaries:?} {standings:?}"));
    let of_site = of_site.finish();
    if folder.current(SITE_GROUP, of_site).is_none() || folder.keep(SITE_GROUP).is_none() {
        let files = publish::render_index(site, summaries, &standings);
        folder.write(SITE_GROUP, of_site, GroupSummary::default(), &files)?;
    }
    Ok(())
}

/// Returns how each enabled source does: one that fails counts as failing when people are told of it.
fn standings(app: &App, states: &SourceStates, now: Timestamp) -> Vec<SourceStanding> {
    let standing = |outlet: Outlet| {
        let state = states.get(&outlet.id).filter(|state| is_in_lasting_trouble(app, state, now));
        let is_meant = |meant: &[SourceHealth]| state.is_some_and(|state| meant.contains(&state.health));
        SourceStanding {
            is_silent: is_meant(&[SourceHealth::Silent]),
            is_failing: is_meant(&[SourceHealth::Failing, SourceHealth::Blocked, SourceHealth::Gone]),
            outlet,
        }
    };
    outlets(app).into_iter().map(standing).collect()
}

/// Returns the digest of all that a topic's files are rendered from.
fn topic_stamp(prepared: &PreparedTopic, settings: Digest128, moment: Timestamp, changes: u64, archive: ArchiveLinks) -> Digest128 {
    let topic = &prepared.topic;
    let shown = (
        &topic.title,
        &topic.description,
        &topic.language,
        topic.limit,
        topic.max_share.to_bits(),
        topic.keep,
        topic.stories,
        topic.body,
        topic.lite,
        topic.hub.as_ref().map(Url::as_str),
    );
    let mut digester = Digester::new();
    digester.update(settings.as_bytes()).update(prepared.digest.as_bytes());
    digester.update_terminated(&format!("{shown:?} {} {changes} {:?}", moment.unix(), archive.previous));
    digester.finish()
}

/// Returns the outlets among `all` that told one of the items.
fn tellers_of(items: &[Item], mut all: Vec<Outlet>) -> Vec<Outlet> {
    let told: BTreeSet<&SourceId> = items
        .iter()
        .flat_map(|item| item.also.iter().map(|report| &report.source).chain([&item.outlet.id]))
        .collect();
    all.retain(|outlet| told.contains(&outlet.id));
    all
}

/// Renders one topic; returns what is said about it, and the number of new items. `write_archive` writes its archive, and returns the digest of all that
/// its files are rendered from.
pub(super) fn publish_topic(
    app: &App,
    site: &SiteInfo,
    mut builder: FeedBuilder<'_>,
    folder: &mut OutputFolder,
    write_archive: impl FnOnce(&FeedBuilder<'_>, &[Item], &mut OutputFolder) -> Result<(Digest128, ArchiveLinks), RunError>,
) -> Result<(GroupSummary, usize), RunError> {
    let prepared = builder.prepared;
    let topic = &prepared.topic;
    let items = builder.items()?;
    let summary = GroupSummary {
        items: items.len(),
        newest: items.iter().map(|item| item.updated).max(),
        headlines: items.iter().take(MAX_HEADLINES).map(Headline::of).collect(),
        stories: items.iter().skip(MAX_HEADLINES).map(|item| item.story.to_string()).collect(),
        ..GroupSummary::default()
    };
    if !builder.published.is_empty() {
        // Those who want to know of new stories are told exactly of those that are published from now on.
        app.store.apply(Changes {
            published: std::mem::take(&mut builder.published),
            deliveries: announcements::of_stories(app, topic, &items, &builder.new_guids, builder.moment),
            ..Changes::default()
        })?;
    }
    // Before the feed that links to it.
    let (stamp, archive) = write_archive(&builder, &items, folder)?;
    let feed = TopicFeed {
        id: topic.id.clone(),
        title: topic.title.clone(),
        description: topic.description.clone(),
        language: topic.language.clone().unwrap_or_else(|| site.language.tag().to_owned()),
        sources: tellers_of(&items, outlets(app)),
        deleted: app
            .store
            .deleted_items(&topic.id, builder.moment - ANNOUNCED_DELETION)?
            .into_iter()
            .map(|(guid, at)| DeletedItem { guid, at })
            .collect(),
        items,
        lite: topic.lite,
        archive,
        hub: topic.hub.clone(),
    };
    let files = publish::render_topic(site, &feed);
    folder.write(topic.id.as_str(), stamp, summary.clone(), &files)?;
    app.store.apply(Changes {
        rendered_topics: vec![(topic.id.clone(), builder.moment)],
        // After the files are there: a hub reads them at once. What was written by a run that was killed here is rendered again.
        deliveries: announcements::of_feeds(topic, &publish::feeds_among(site, &files), builder.moment),
        ..Changes::default()
    })?;
    Ok((summary, builder.new_guids.len()))
}
