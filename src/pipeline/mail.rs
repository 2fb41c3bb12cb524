//! Mail of the pipeline: the sender and the server of `[smtp]`, the delivery of a stored mail, and what is mailed of the sources' health.

use super::app::App;
use super::health_feed::{HealthNote, health_notes};
use super::notify_targets::mail_digest;
use super::site_info::site_info;
use crate::config::Smtp;
use crate::model::{Changes, DeliveryKind, Digester, NewDelivery, Timestamp};
use crate::notify::digest;
use crate::notify::mail::{MailFrame, MailMessage, MailText};
use crate::notify::smtp::MailServer;
use crate::notify::{Briefing, Failure, webhook};
use crate::publish::to_plain_text;
use crate::store::StoreError;
use std::time::Duration;

/// What is older is mailed no more: neither a new `[smtp]` nor a run after a long pause tells the history.
const MAX_AGE: Duration = Duration::from_hours(48);

/// Returns the sender's address.
#[must_use]
pub fn sender<'a>(app: &'a App, smtp: Option<&'a Smtp>) -> Option<&'a str> {
    let contact = app
        .config
        .site
        .contact
        .as_deref()
        .filter(|contact| contact.contains('@') && !contact.contains("://"));
    smtp.and_then(|smtp| smtp.from.as_deref()).or(contact)
}

/// Returns the whole message.
///
/// # Errors
/// What is wrong with an address, in words.
pub fn message(app: &App, to: &str, id: &str, mail: &MailText, date: Timestamp) -> Result<MailMessage, String> {
    let from = sender(app, app.config.smtp.as_ref()).unwrap_or("griot@localhost.invalid");
    let name = to_plain_text(&app.config.site.title);
    let frame = MailFrame {
        from,
        name: &name,
        to,
        id,
        date,
    };
    MailMessage::new(&frame, mail)
}

/// Sends a message to the mail server, at an address that the guard permits, within `limit`.
///
/// # Errors
/// The [`Failure`].
pub async fn send(app: &App, message: &MailMessage, limit: Duration) -> Result<(), Failure> {
    let url = app.config.smtp.as_ref().and_then(|smtp| app.reveal(&smtp.url));
    let url = url.ok_or_else(|| {
        Failure::new(
            "setup",
            "no mail server is configured, or its address is missing in the environment",
        )
    })?;
    let server = MailServer::parse(&url).map_err(|mistake| Failure::new("setup", mistake))?;
    let found = tokio::time::timeout(limit, app.client.connectable(&server.host, server.port)).await;
    let found = found.map_err(|_| Failure::new("timeout", "the name of the mail server could not be looked up in time"))?;
    let addresses = found.map_err(|(code, detail)| Failure::new(code, detail))?;
    server.send(message, &addresses, limit).await
}

/// Stores a mail about what is new of the sources' health, for each recipient of `[smtp]`: each lasting change once, and again after `remind` for as long as
/// it lasts. That they are told is stored in the same transaction.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub fn queue_health(app: &App, now: Timestamp) -> Result<(), StoreError> {
    let Some(smtp) = app.config.smtp.as_ref().filter(|smtp| smtp.health) else {
        return Ok(());
    };
    let notes = health_notes(app, &site_info(&app.config), now)?;
    let young: Vec<HealthNote> = notes.into_iter().filter(|note| note.at + MAX_AGE >= now).collect();
    for address in &smtp.to {
        let target = mail_digest(address);
        let events: Vec<String> = young.iter().map(|note| format!("health:{}", note.key)).collect();
        let known = app.store.known_events(&events, target)?;
        let fresh: Vec<(&HealthNote, String)> = young.iter().zip(events).filter(|(_, event)| !known.contains(event)).collect();
        if fresh.is_empty() {
            continue;
        }
        let changes: Vec<(String, String)> = fresh.iter().map(|(note, _)| (note.title.clone(), note.text.clone())).collect();
        let mail = digest::health(&briefing(app), &changes);
        let delivery = |event: String, payload: String, is_told: bool| NewDelivery {
            kind: DeliveryKind::Health,
            topic: None,
            event,
            target,
            payload,
            content: None,
            created: now,
            is_told,
        };
        let mut digester = Digester::new();
        for (_, event) in &fresh {
            digester.update_terminated(event);
        }
        let whole = delivery(format!("health-mail:{}", digester.finish()), payload(&mail), false);
        let told = fresh.into_iter().map(|(_, event)| delivery(event, String::new(), true));
        app.store.apply(Changes {
            deliveries: told.chain([whole]).collect(),
            ..Changes::default()
        })?;
    }
    Ok(())
}

/// Returns a mail as it is stored.
#[must_use]
pub fn payload(mail: &MailText) -> String {
    serde_json::to_string(mail).expect("texts are always JSON")
}

/// Returns the id of the message of a delivery or a digest.
#[must_use]
pub fn message_id(app: &App, event: &str, to: &str) -> String {
    webhook::message_id(app.store.database_id(), event, mail_digest(to))
}

fn briefing(app: &App) -> Briefing {
    let site = &app.config.site;
    Briefing {
        site: to_plain_text(&site.title),
        topic: String::new(),
        title: to_plain_text(&site.title),
        page: (site.base_url.as_ref()).map(|_| crate::publish::public_address(&site_info(&app.config), "health.html")),
        language: site.language,
        timezone: site.timezone.clone(),
    }
}
