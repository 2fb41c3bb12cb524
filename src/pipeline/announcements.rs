//! What is to be told outside, as deliveries that are stored in the transaction of what they tell: new stories, changed feeds, alerts. Nothing is
//! sent here.

use super::app::App;
use super::item_builder::FeedBuilder;
use super::mail;
use super::notify_targets::{alert_targets, hub_digest, story_targets, target_digest};
use super::prepare::PreparedTopic;
use super::story_news::{briefing, prepared, story_news};
use crate::config::{NotifyAddress, NotifyTarget, Topic};
use crate::model::{Alert, Changes, DeliveryKind, Digest128, NewDelivery, Placement, SourceId, StoryId, Timestamp};
use crate::notify::digest;
use crate::notify::webhook::{self, News};
use crate::notify::{AlertNews, SummaryNews};
use crate::publish::Item;
use crate::store::StoreError;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What is older is no news, though a feed has it for the first time: a new topic tells no history, and neither does a run after a long pause.
const MAX_AGE: Duration = Duration::from_hours(48);
/// How many stories of a topic are told one by one at a time; the number of the rest is told.
const MAX_STORIES: usize = 20;

/// Returns the deliveries of the stories among `items` that `new_guids` names, the oldest first: to each target those that are young.
#[must_use]
pub fn of_stories(app: &App, topic: &Topic, items: &[Item], new_guids: &[String], moment: Timestamp) -> Vec<NewDelivery> {
    if new_guids.is_empty() || story_targets(topic).next().is_none() {
        return Vec::new();
    }
    let guids: BTreeSet<&str> = new_guids.iter().map(String::as_str).collect();
    let date = |item: &Item| item.published.unwrap_or(item.first_seen).min(item.first_published);
    let mut news: Vec<&Item> = (items.iter())
        .filter(|item| guids.contains(item.guid.as_str()) && date(item) + MAX_AGE >= moment)
        .collect();
    // The newest come first; of those beyond the limit only the number is told.
    let rest = news.len().saturating_sub(MAX_STORIES);
    news.truncate(MAX_STORIES);
    let briefing = briefing(app, topic);
    let mut deliveries = Vec::new();
    for target in story_targets(topic) {
        let make = |kind, event: String, news: News<'_>| {
            web_delivery(app, topic, target, (kind, event), moment, |id| {
                webhook::body(target.format, &briefing, news, id, moment)
            })
        };
        for item in news.iter().rev() {
            let event = format!("story:{}:{}", topic.id, item.guid);
            deliveries.push(make(DeliveryKind::Story, event, News::Story(&story_news(item))));
        }
        if rest > 0 {
            let event = format!("summary:{}:{}", topic.id, moment.unix());
            deliveries.push(make(DeliveryKind::Summary, event, News::Summary(SummaryNews { stories: rest })));
        }
    }
    deliveries
}

fn web_delivery(
    app: &App,
    topic: &Topic,
    target: &NotifyTarget,
    (kind, event): (DeliveryKind, String),
    created: Timestamp,
    body: impl FnOnce(&str) -> String,
) -> NewDelivery {
    let target = target_digest(target);
    let id = webhook::message_id(app.store.database_id(), &event, target);
    NewDelivery {
        kind,
        topic: Some(topic.id.clone()),
        payload: body(&id),
        event,
        target,
        content: None,
        created,
        is_told: false,
    }
}

/// Returns the pings to the topic's hub for these feeds, each with the digest of its bytes. The store keeps one for each feed, and lets it wait only
/// when the digest is another one than the hub was last told of.
#[must_use]
pub fn of_feeds(topic: &Topic, feeds: &[(String, Digest128)], moment: Timestamp) -> Vec<NewDelivery> {
    let Some(hub) = &topic.hub else { return Vec::new() };
    let ping = |(address, digest): &(String, Digest128)| NewDelivery {
        kind: DeliveryKind::Hub,
        topic: Some(topic.id.clone()),
        event: format!("hub:{address}"),
        target: hub_digest(hub),
        payload: address.clone(),
        content: Some(*digest),
        created: moment,
        is_told: false,
    };
    feeds.iter().map(ping).collect()
}

/// Stores the deliveries of the alerts that were raised lately and nobody was told of. Each is marked in the same transaction, also where nobody wants to know:
/// a target that is new hears of no alert that was raised before.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub fn queue_alerts(app: &App, now: Timestamp) -> Result<(), StoreError> {
    let alerts = app.store.untold_alerts(now - MAX_AGE)?;
    if alerts.is_empty() {
        return Ok(());
    }
    let reserving: BTreeMap<SourceId, Vec<String>> = (app.store.source_states()?.into_iter())
        .filter(|state| !state.reservations.is_empty())
        .map(|state| (state.source, state.reservations))
        .collect();
    for alert in alerts {
        let deliveries = match prepared(app, &alert.topic) {
            Some(prepared) if alert_targets(&prepared.topic).next().is_some() => of_alert(app, prepared, &reserving, &alert, now)?,
            _ => Vec::new(),
        };
        app.store.apply(Changes {
            told_alerts: vec![(alert, now)],
            deliveries,
            ..Changes::default()
        })?;
    }
    Ok(())
}

fn of_alert(
    app: &App,
    prepared: &PreparedTopic,
    reserving: &BTreeMap<SourceId, Vec<String>>,
    alert: &Alert,
    now: Timestamp,
) -> Result<Vec<NewDelivery>, StoreError> {
    // An editor may have hidden the story since.
    let Some(placement) = placement(app, alert)? else {
        return Ok(Vec::new());
    };
    let Some(item) = FeedBuilder::new(app, prepared, reserving, alert.at, None)?.single(&placement)? else {
        return Ok(Vec::new());
    };
    let (topic, story) = (&prepared.topic, story_news(&item));
    let briefing = briefing(app, topic);
    let news = AlertNews {
        at: alert.at,
        sources: alert.sources,
        owners: alert.owners.clone(),
        title: crate::publish::to_plain_text(&alert.title),
    };
    let event = format!("alert:{}:{}:{}", topic.id, alert.story, alert.at.unix());
    let make = |target: &NotifyTarget| {
        let event = event.clone();
        web_delivery(app, topic, target, (DeliveryKind::Alert, event), now, |id| match &target.url {
            NotifyAddress::Web(_) => webhook::body(target.format, &briefing, News::Alert(&news, &story), id, alert.at),
            NotifyAddress::Mail(_) => mail::payload(&digest::alert(&briefing, &news, &story)),
        })
    };
    Ok(alert_targets(topic).map(make).collect())
}

/// Returns the placement of the alert's story in its topic; of a topic that shows single entries, that of one of them.
fn placement(app: &App, alert: &Alert) -> Result<Option<Placement>, StoreError> {
    let of_entries = app.store.story_entries(&[alert.story])?;
    let ids: BTreeSet<StoryId> = of_entries.iter().map(|entry| entry.id.into()).chain([alert.story]).collect();
    let all = app.store.placements_of_stories(&ids.into_iter().collect::<Vec<_>>())?;
    let own = all.into_iter().filter(|placement| placement.topic == alert.topic);
    Ok(own.max_by_key(|placement| placement.story == alert.story))
}
