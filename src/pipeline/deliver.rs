//! Delivers what is to be told outside: the targets in parallel, the deliveries of one target in order, each result stored at once. A target that
//! does not answer holds back nothing but its own.

use super::app::{App, Tools, reveal};
use super::clock::Clock;
use super::mail;
use super::notify_targets::{Target, name, targets};
use crate::fetch::{Client, Outgoing};
use crate::model::{Delivery, DeliveryEnd, DeliveryKind, DeliveryResult, Digest128, Timestamp};
use crate::notify::mail::MailText;
use crate::notify::{Attempt, Failure, Message, Reply, hub, judge, webhook};
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

/// How long a run delivers after it has published; the rest waits for the next one.
pub const RUN_LIMIT: Duration = Duration::from_secs(20);
/// How long the daemon delivers at a time.
const DAEMON_LIMIT: Duration = Duration::from_mins(1);
/// The interval at which the daemon looks for deliveries.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);
/// How long one attempt may take.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(10);
/// How many deliveries of one target are made at a time.
const MAX_PER_TARGET: usize = 200;

/// Sends one message.
///
/// # Errors
/// The [`Failure`] when the guard refuses the address, no answer comes, or the answer is not 2xx.
pub async fn send(client: &Client, message: Message, limit: Duration, now: Timestamp) -> Result<(), Failure> {
    let Message {
        url,
        content_type,
        headers,
        body,
    } = message;
    let outgoing = Outgoing {
        url,
        content_type,
        headers,
        body,
    };
    let answer = client.send(&outgoing, limit, now).await;
    let answer = answer.map_err(|(code, detail)| Failure::new(code, detail))?;
    judge(&Reply {
        status: answer.status,
        retry_after: answer.retry_after,
        text: answer.text,
    })
}

/// Delivers in the daemon, beside its runs, until `stop` is set.
pub async fn keep_delivering(apps: watch::Receiver<Arc<App>>, tools: Tools, clock: Clock, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let app = Arc::clone(&apps.borrow());
        if let Err(error) = deliver(&app, &tools, clock.now(), DAEMON_LIMIT, &stop).await {
            tracing::error!(code = error.code(), %error, "notifications could not be read; the next check tries again");
        }
        tokio::select! {
            () = tokio::time::sleep(CHECK_INTERVAL) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Delivers what is due at `now`, within `limit`.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub async fn deliver(
    app: &Arc<App>,
    tools: &Tools,
    now: Timestamp,
    limit: Duration,
    stop: &watch::Receiver<bool>,
) -> Result<(), StoreError> {
    if app.client.is_replay() {
        return Ok(());
    }
    let deadline = Instant::now() + limit;
    let waiting = read_waiting(&app.store).await?;
    if !waiting.iter().any(|delivery| delivery.next <= now) {
        return Ok(());
    }
    // Another program may deliver just now. What it has done is read again under the lock.
    let Ok(_lock) = tools.database.delivery_lock() else {
        return Ok(());
    };
    let mut by_target: BTreeMap<Digest128, Vec<Delivery>> = BTreeMap::new();
    for delivery in read_waiting(&app.store).await? {
        by_target.entry(delivery.target).or_default().push(delivery);
    }
    let mut tasks = JoinSet::new();
    for deliveries in by_target.into_values() {
        let (app, stop) = (Arc::clone(app), stop.clone());
        tasks.spawn(async move { deliver_to_one(&app, deliveries, now, deadline, &stop).await });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap_or(Ok(()))?;
    }
    Ok(())
}

async fn read_waiting(store: &Store) -> Result<Vec<Delivery>, StoreError> {
    let store = store.clone();
    let read = tokio::task::spawn_blocking(move || store.waiting_deliveries(MAX_PER_TARGET)).await;
    read.unwrap_or_else(|_| Ok(Vec::new()))
}

/// Delivers to one target, in order, until one fails.
async fn deliver_to_one(
    app: &App,
    deliveries: Vec<Delivery>,
    now: Timestamp,
    deadline: Instant,
    stop: &watch::Receiver<bool>,
) -> Result<(), StoreError> {
    let targets = targets(&app.config);
    for delivery in deliveries {
        let left = deadline.saturating_duration_since(Instant::now());
        if delivery.next > now || left.is_zero() || *stop.borrow() {
            break;
        }
        let target = targets.get(&(delivery.topic.clone(), delivery.target));
        let ended = match target {
            Some(target) => {
                let mut stopped = stop.clone();
                tokio::select! {
                    ended = attempt(app, target, &delivery, left.min(ATTEMPT_LIMIT), now) => ended,
                    // Whether it has arrived is not known: it is sent again with the same key.
                    _ = stopped.wait_for(|is_stopped| *is_stopped) => break,
                }
            }
            // Nobody wants to know it any more.
            None => Err(Failure {
                is_final: true,
                ..Failure::new("", "")
            }),
        };
        let (end, error) = match &ended {
            Ok(()) => (DeliveryEnd::Sent, (String::new(), String::new())),
            Err(failure) => {
                let end = match Attempt::after(failure, delivery.created, delivery.attempts, now) {
                    Attempt::Again(at) => DeliveryEnd::Waits(at),
                    Attempt::GivenUp => DeliveryEnd::GivenUp,
                };
                (end, (failure.code.clone(), failure.detail.clone()))
            }
        };
        log(app, target, &delivery, &end, &error);
        let waits = matches!(end, DeliveryEnd::Waits(_));
        let result = DeliveryResult {
            number: delivery.number,
            content: delivery.content,
            at: now,
            end,
            error,
        };
        let store = app.store.clone();
        let ended = tokio::task::spawn_blocking(move || store.end_delivery(result)).await;
        ended.unwrap_or(Ok(()))?;
        if waits {
            break;
        }
    }
    Ok(())
}

fn log(app: &App, target: Option<&Target<'_>>, delivery: &Delivery, end: &DeliveryEnd, error: &(String, String)) {
    let target = target.map_or_else(String::new, |target| name(target, app.environment()));
    let (kind, topic) = (delivery.kind.as_str(), delivery.topic.as_ref().map(tracing::field::display));
    match end {
        DeliveryEnd::Sent => tracing::info!(kind, topic.id = topic, to = target, "told"),
        DeliveryEnd::Waits(at) => {
            tracing::warn!(kind, topic.id = topic, to = target, reason = error.0, detail = error.1, until = %at, "not told yet");
        }
        DeliveryEnd::GivenUp => tracing::error!(kind, topic.id = topic, to = target, reason = error.0, detail = error.1, "given up"),
    }
}

async fn attempt(app: &App, target: &Target<'_>, delivery: &Delivery, limit: Duration, now: Timestamp) -> Result<(), Failure> {
    let missing = |what: &str| Failure::new("setup", format!("{what} is missing in the environment"));
    match (target, delivery.kind) {
        (Target::Hub(hub), DeliveryKind::Hub) => send(&app.client, hub::ping(hub, &delivery.payload), limit, now).await,
        (Target::Web { url, secret }, _) => {
            let url = app.reveal(url).and_then(|text| Url::parse(text.trim()).ok());
            let url = url.ok_or_else(|| missing("the address"))?;
            let secret = match secret {
                Some(secret) => Some(reveal(app.environment(), secret).ok_or_else(|| missing("the secret"))?),
                None => None,
            };
            let id = webhook::message_id(app.store.database_id(), &delivery.event, delivery.target);
            send(
                &app.client,
                webhook::message(&url, &delivery.payload, &id, secret.as_deref(), now),
                limit,
                now,
            )
            .await
        }
        (Target::Mail(address), DeliveryKind::Alert | DeliveryKind::Health) => {
            let text: MailText = serde_json::from_str(&delivery.payload).map_err(|error| Failure {
                is_final: true,
                ..Failure::new("setup", error.to_string())
            })?;
            let id = mail::message_id(app, &delivery.event, address);
            let message = mail::message(app, address, &id, &text, delivery.created).map_err(|mistake| Failure::new("setup", mistake))?;
            mail::send(app, &message, limit).await
        }
        _ => Err(Failure {
            is_final: true,
            ..Failure::new("", "")
        }),
    }
}
