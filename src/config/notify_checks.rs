//! What the keys that tell people outside need of the rest of the configuration: otherwise nobody would ever be told.

use super::choices::NotifyEvents;
use super::notify::{NotifyAddress, Smtp};
use super::section::Section;
use super::site::Site;
use super::table::Table;
use super::topic::Topic;
use super::values;

/// Checks what a topic's `hub` and `notify` need of the rest of the configuration.
pub(super) fn check_topic(topic: &Topic, site: &Site, smtp: Option<&Smtp>) -> Vec<(&'static str, String, &'static str)> {
    let mut mistakes = Vec::new();
    let id = &topic.id;
    if topic.hub.is_some() && topic.token.is_some() {
        mistakes.push((
            "hub",
            format!("the topic `{id}` is private, and a hub would tell everybody of it"),
            "remove `hub` or `token`",
        ));
    } else if topic.hub.is_some() && site.base_url.is_none() {
        mistakes.push((
            "hub",
            format!("the hub of the topic `{id}` needs the public address of its feeds"),
            "set `base_url` of [site]",
        ));
    }
    for target in &topic.notify {
        let is_mail = matches!(target.url, NotifyAddress::Mail(_));
        if is_mail && smtp.is_none() {
            mistakes.push((
                "notify",
                format!("the topic `{id}` sends mail, and no mail server is known"),
                "add `url` of [smtp]",
            ));
        } else if is_mail && target.on == NotifyEvents::Story {
            mistakes.push((
                "notify",
                format!("the topic `{id}` mails every story"),
                "mail is for alerts: write on = \"alert\"",
            ));
        } else if topic.alert.is_none() && (is_mail || target.on == NotifyEvents::Alert) {
            mistakes.push((
                "notify",
                format!("the topic `{id}` raises no alerts, so nothing would be told"),
                "add alert = { sources = 3, within = \"1h\" }",
            ));
        }
    }
    mistakes
}

/// Reads `[smtp]`, and checks what it needs of the rest of the configuration.
pub(super) fn read_smtp(section: &mut Section<'_>, site: &Site) -> Option<Smtp> {
    let smtp = Smtp::read(section)?;
    let has_sender = smtp.from.is_some() || site.contact.as_ref().is_some_and(|contact| values::mail_address(contact).is_ok());
    if !has_sender {
        let help = "add `from`, or a mail address as `contact` of [site]";
        section.wrong_at(&section.place(), "mail has no sender", Some(help.to_owned()));
    }
    if smtp.health && smtp.to.is_empty() {
        section.wrong("health", "the sources' health is mailed to nobody", Some("add `to`".to_owned()));
    }
    Some(smtp)
}
