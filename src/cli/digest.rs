//! `griot digest`: what is new in a topic, printed or mailed.

use super::args::Global;
use super::digest_args::{Digest, DigestFormat};
use super::failure::{CONFIGURATION, DONE, FATAL, Failure, USAGE, from_open};
use super::output::Output;
use super::setup;
use crate::model::TopicId;
use crate::pipeline::{App, Clock, mail, story_news, topic_digest};
use std::time::Duration;

/// How long the mail server may take.
const SEND_LIMIT: Duration = Duration::from_mins(1);

/// Prints the digest of a topic, or mails it to `--to`.
///
/// # Errors
/// [`Failure`] when there is no such topic, the database cannot be read, or the mail server does not take the mail.
pub async fn run(digest: &Digest, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let now = clock.now();
    let tools = setup::tools(global, setup::database_path(global, &setup::config_path(global)?))?;
    let app = App::read_only(config, &tools, store).map_err(|error| from_open(error, output.style()))?;
    let prepared = TopicId::new(&digest.topic).ok().and_then(|id| story_news::prepared(&app, &id));
    let prepared = prepared.ok_or_else(|| Failure::message(USAGE, format!("there is no topic `{}`", digest.topic)))?;
    let text = topic_digest::topic_digest(&app, prepared, digest.since, now)?;
    let to = digest.to.as_deref();
    if to.is_none() && digest.format == DigestFormat::Text {
        print(&text.text, output);
        return Ok(DONE);
    }
    let recipient = to.or_else(|| app.config.smtp.as_ref().and_then(|smtp| smtp.to.first()).map(String::as_str));
    let recipient = recipient.unwrap_or("reader@localhost.invalid");
    let id = mail::message_id(&app, &format!("digest:{}:{}", digest.topic, now.unix()), recipient);
    let message = mail::message(&app, recipient, &id, &text, now).map_err(|mistake| Failure::message(USAGE, mistake))?;
    if digest.format == DigestFormat::Mail {
        print(&String::from_utf8_lossy(&message.to_bytes()), output);
    }
    if to.is_some() {
        if app.config.smtp.is_none() {
            return Err(Failure::message(CONFIGURATION, "no mail server is configured".to_owned()).hint("add `url` and `from` of [smtp]"));
        }
        let sent = mail::send(&app, &message, SEND_LIMIT).await;
        sent.map_err(|failure| Failure::message(FATAL, format!("the digest was not sent: {}", failure.detail)))?;
        if !output.quiet {
            output.announce(&format!("sent to {recipient}"));
        }
    }
    Ok(DONE)
}

fn print(text: &str, output: &mut Output) {
    for line in text.lines() {
        output.line(line);
    }
}
