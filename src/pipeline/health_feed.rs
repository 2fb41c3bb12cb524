//! The feed of the sources' health: an item for each lasting change of a source's state with what can be done about it, for a source that is silent
//! beyond its own cadence, and for unusual volume. It is for the people of the desk, in the language of `[site]`, and public: addresses of sources
//! stand nowhere in it.

use super::app::App;
use super::doctor::published_remedy;
use super::outlets::{Outlets, outlet};
use super::remedy::remedy;
use super::site_info::site_messages;
use super::source_condition::{SourceStates, source_states};
use crate::config::Source;
use crate::html::clean::text_to_html;
use crate::model::{Digest128, EntryId, PublishedCheck, SourceEvent, SourceHealth, SourceId, SourceState, Timestamp, TopicId};
use crate::publish::{ArchiveLinks, Item, Outlet, SiteInfo, TopicFeed};
use crate::store::StoreError;
use crate::text::html_to_text::html_to_text;
use crate::text::messages::Messages;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

/// The name of its files.
const ID: &str = "health";
/// How far back it goes.
const WINDOW: Duration = Duration::from_hours(30 * 24);
/// The number of its items.
const MAX_ITEMS: usize = 100;
/// The problems of a document that are of note to people, besides its source's state.
const NOTED_PROBLEMS: [&str; 3] = ["flood", "no-entries", "undated"];
const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// Returns the feed as of `now`.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn health_feed(app: &App, site: &SiteInfo, states: &SourceStates, now: Timestamp) -> Result<TopicFeed, StoreError> {
    let builder = HealthFeed {
        app,
        outlets: Outlets::read(app)?,
        states,
        now,
        messages: site_messages(&app.config),
    };
    let messages = builder.messages;
    let mut by_source: BTreeMap<SourceId, Vec<SourceEvent>> = BTreeMap::new();
    for event in app.store.source_events(None, Some(now - WINDOW))? {
        by_source.entry(event.source.clone()).or_default().push(event);
    }
    let mut items: Vec<Item> = by_source.values().flat_map(|events| builder.of_events(events)).collect();
    for problem in app.store.problems(None)? {
        if NOTED_PROBLEMS.contains(&problem.code.as_str())
            && let Some(source) = builder.source(&problem.source)
        {
            let day = Timestamp::from_unix(problem.at.unix().div_euclid(SECONDS_PER_DAY) * SECONDS_PER_DAY);
            let title = format!("{}{}{}", source.name, messages.translate(": "), problem.code);
            let detail = messages.translate(&problem.detail);
            items.push(builder.item(&problem.source, &problem.code, day, title, &detail));
        }
    }
    for check in app.store.published_checks()? {
        items.extend(builder.of_published(&check));
    }
    items.sort_by_key(|item| Reverse((item.updated, item.guid.clone())));
    items.truncate(MAX_ITEMS);
    Ok(TopicFeed {
        id: TopicId::new(ID).expect("it is a slug"),
        title: format!("{}{}{}", site.title, messages.translate(": "), messages.translate(ID)),
        description: None,
        language: messages.language().tag().to_owned(),
        items,
        deleted: Vec::new(),
        sources: Vec::new(),
        lite: false,
        archive: ArchiveLinks::default(),
        hub: None,
    })
}

/// Something that people are told of the sources' health once.
pub struct HealthNote {
    /// Its name: no other note has it.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: String,
    /// From when on it is told.
    pub at: Timestamp,
}

/// Returns the items of the feed as notes, and a reminder of each state that lasts, each time that `remind` has passed.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn health_notes(app: &App, site: &SiteInfo, now: Timestamp) -> Result<Vec<HealthNote>, StoreError> {
    let of_item = |item: Item| HealthNote {
        key: item.guid,
        title: item.title,
        text: item.body.as_ref().map(|body| html_to_text(body.as_str())).unwrap_or_default(),
        at: item.updated,
    };
    let states = source_states(app)?;
    let mut notes: Vec<HealthNote> = health_feed(app, site, &states, now)?.items.into_iter().map(of_item).collect();
    notes.reverse();
    let report = &app.config.report;
    let messages = site_messages(&app.config);
    for state in states.values() {
        let source = app
            .source(&state.source)
            .map(|prepared| &prepared.source)
            .filter(|source| source.enabled);
        let since = state.failing_since.or(state.since).filter(|_| is_trouble(state.health));
        if let (Some(source), Some(since)) = (source, since)
            && let Some((count, at)) = last_reminder(since + report.warn_after, report.remind, now)
        {
            let title = format!("{}: still {}", source.name, state.health.as_str());
            notes.push(HealthNote {
                key: format!("remind:{}:{}:{count}", source.id, since.unix()),
                title: messages.translate(&title).into_owned(),
                text: state_since(state.health, "", since, app),
                at,
            });
        }
    }
    Ok(notes)
}

/// Returns a sentence that says since when a source is in a state; `reason` stands behind the state.
fn state_since(state: SourceHealth, reason: &str, since: Timestamp, app: &App) -> String {
    let messages = site_messages(&app.config);
    let told = format!("{}{reason}", messages.translate(state.as_str()));
    let since = since.local(&app.config.site.timezone);
    messages.translate(&format!("{told} since {since}.")).into_owned()
}

/// Returns the number and the time of the last reminder until `now` of what was told at `told`; none when the first is still to come.
#[must_use]
pub fn last_reminder(told: Timestamp, remind: Duration, now: Timestamp) -> Option<(u64, Timestamp)> {
    let count = now.since(told).as_secs().checked_div(remind.as_secs()).filter(|count| *count > 0)?;
    Some((count, told + Duration::from_secs(remind.as_secs().saturating_mul(count))))
}

struct HealthFeed<'a> {
    app: &'a App,
    outlets: Outlets,
    states: &'a SourceStates,
    now: Timestamp,
    messages: Messages,
}

impl HealthFeed<'_> {
    fn source(&self, id: &SourceId) -> Option<&Source> {
        self.app.source(id).map(|prepared| &prepared.source).filter(|source| source.enabled)
    }

    /// Returns an item for each lasting state among the changes of one source, and for its end.
    fn of_events(&self, events: &[SourceEvent]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut was_told = false;
        for (at, event) in events.iter().enumerate() {
            let Some(source) = self.source(&event.source) else { break };
            let end = events.get(at + 1).map_or(self.now, |next| next.at);
            let told_at = event.at + least_time(self.app, event.after);
            if is_trouble(event.after) {
                if told_at <= end {
                    was_told = true;
                    items.push(self.trouble(source, event, told_at, at + 1 == events.len()));
                }
            } else if was_told && matches!(event.after, SourceHealth::Ok) {
                was_told = false;
                let title = self.messages.translate(&format!("{}: answers again", source.name)).into_owned();
                let text = self.messages.translate("It answers again.");
                items.push(self.item(&event.source, &event.at.unix().to_string(), event.at, title, &text));
            }
        }
        items
    }

    /// Returns an item for a defect of the published feeds; none for a topic that is no more, or private.
    fn of_published(&self, check: &PublishedCheck) -> Option<Item> {
        let topics = &self.app.prepared.topics;
        let title = match topics.iter().find(|prepared| prepared.topic.id.as_str() == check.topic) {
            Some(prepared) if prepared.topic.token.is_some() => return None,
            Some(prepared) => &prepared.topic.title,
            None if check.topic.is_empty() => &self.app.config.site.title,
            None => return None,
        };
        let guid = format!(
            "tag:{},{}:{ID}:feed:{}:{}",
            self.app.store.authority(),
            check.since.day(),
            check.topic,
            check.code
        );
        let story = EntryId::from_bytes(*Digest128::hash(guid.as_bytes()).as_bytes()).into();
        let details: Vec<_> = check.detail.lines().map(|detail| self.messages.translate(detail)).collect();
        let detail = details.join(&self.messages.translate("; "));
        let text = format!("{detail}\n\n{}", self.messages.translate(published_remedy(&check.code)));
        let own = Outlet {
            id: SourceId::new(ID).expect("it is a slug"),
            name: self.app.config.site.title.clone(),
            site: self.app.config.site.base_url.clone(),
            feed: None,
            country: None,
            kind: None,
            language: None,
            note: None,
        };
        Some(Item {
            link: own.site.clone(),
            body: Some(text_to_html(&text)),
            summary: detail,
            language: Some(self.language()),
            published: Some(check.since),
            ..Item::new(
                guid,
                story,
                format!("{title}{}{}", self.messages.translate(": "), check.code),
                own,
                check.since,
            )
        })
    }

    fn trouble(&self, source: &Source, event: &SourceEvent, told_at: Timestamp, is_last: bool) -> Item {
        let reason = event.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        let mut text = state_since(event.after, &reason, event.at, self.app);
        // The remedy is that of the present state: of a state that is over nothing has to be done.
        if let Some(state) = self.states.get(&event.source).filter(|_| is_last)
            && let Some(remedy) = remedy(source, state)
        {
            text.push_str("\n\n");
            text.push_str(&self.messages.translate(remedy.advice));
            if let Some(command) = remedy.public_command() {
                text.push_str("\n\n");
                text.push_str(command);
            }
        }
        let words = |text| self.messages.translate(text);
        let title = format!("{}{}{}{reason}", source.name, words(": "), words(event.after.as_str()));
        self.item(&event.source, &event.at.unix().to_string(), told_at, title, &text)
    }

    /// Returns the BCP 47 tag of the items.
    fn language(&self) -> String {
        self.messages.language().tag().to_owned()
    }

    fn item(&self, source: &SourceId, key: &str, at: Timestamp, title: String, text: &str) -> Item {
        let guid = format!("tag:{},{}:{ID}:{source}:{key}", self.app.store.authority(), at.day());
        let outlet = (self.source(source)).map_or_else(|| self.outlets.of_entry(self.app, source, None), outlet);
        let story = EntryId::from_bytes(*Digest128::hash(guid.as_bytes()).as_bytes()).into();
        Item {
            link: outlet.site.clone(),
            body: Some(text_to_html(text)),
            summary: text.lines().next().unwrap_or_default().to_owned(),
            language: Some(self.language()),
            published: Some(at),
            // Only its site is named: the address of its feed may be private.
            ..Item::new(guid, story, title, Outlet { feed: None, ..outlet }, at)
        }
    }
}

/// Returns whether a source has been in a state of which people should know for so long that they are told.
#[must_use]
pub fn is_in_lasting_trouble(app: &App, state: &SourceState, now: Timestamp) -> bool {
    let since = state.failing_since.or(state.since);
    is_trouble(state.health) && since.is_some_and(|since| since + least_time(app, state.health) <= now)
}

/// Returns how long a state has to last until it is told: a hiccup is no news.
fn least_time(app: &App, health: SourceHealth) -> Duration {
    match health {
        SourceHealth::Silent | SourceHealth::Gone | SourceHealth::Moved => Duration::ZERO,
        _ => app.config.report.warn_after,
    }
}

/// Returns whether people should know of a state.
pub(super) fn is_trouble(health: SourceHealth) -> bool {
    matches!(
        health,
        SourceHealth::Failing
            | SourceHealth::Blocked
            | SourceHealth::Gone
            | SourceHealth::Silent
            | SourceHealth::Moved
            | SourceHealth::Throttled
            | SourceHealth::Flaky
    )
}
