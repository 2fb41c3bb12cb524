//! `griot clip`: takes one page by hand.

use super::args::{Clip, Global};
use super::failure::{DONE, FATAL, Failure, USAGE};
use super::mark::{MAX_NOTE_CHARS, editor};
use super::output::Output;
use super::terminal_text::escape_controls;
use super::{find, setup};
use crate::model::{MarkEvent, MarkKind, MarkTarget};
use crate::pipeline::clip::{self, ClipError};
use crate::pipeline::feed_builder::{self, Rendering};
use crate::pipeline::run::evaluate_topics;
use crate::pipeline::search_index::{self, IndexExtent};
use crate::pipeline::{App, Clock};
use serde_json::json;
use std::sync::Arc;

/// Fetches the page under the run lock, stores it as an entry of the source `desk`, and publishes it.
///
/// # Errors
/// [`Failure`] when there is no such topic, when the page or its article is not to be had, or when the database or the output cannot be written.
pub async fn run(clip: &Clip, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let now = clock.now();
    let note = clip.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE_CHARS) {
        return Err(Failure::message(USAGE, format!("a note has at most {MAX_NOTE_CHARS} characters")));
    }
    let (path, config) = setup::load(global, output)?;
    let topic = clip.topic.as_deref().map(|wanted| find::topic(&config, wanted)).transpose()?;
    let tools = setup::tools(global, setup::database_path(global, &path))?;
    let opened = App::open(config, &tools, clock.real(setup::LOCK_WAIT), now).await;
    let (app, _lock) = opened.map_err(|error| super::failure::from_open(error, output.style()))?;
    let app = Arc::new(app);
    let clipped = clip::clip(&app, &clip.url, now).await.map_err(|error| match error {
        ClipError::Store(error) => error.into(),
        other => {
            let said = format!("{} cannot be taken", clip.url);
            Failure::new(FATAL, anyhow::Error::new(other).context(said)).hint("griot extract shows what an address holds")
        }
    })?;
    let mark = |kind, note: Option<&str>| MarkEvent {
        at: now,
        editor: editor(&tools),
        kind,
        target: MarkTarget::Entry(clipped.entry),
        topic: topic.clone(),
        note: note.map(str::to_owned),
    };
    if topic.is_some() {
        app.store.add_mark(mark(MarkKind::Pin, None))?;
    }
    if note.is_some() {
        app.store.add_mark(mark(MarkKind::Note, note))?;
    }
    evaluate_topics(&app, now)?;
    search_index::keep(&app.store, &app.config.search, IndexExtent::Changed, || true);
    let (_, written) = feed_builder::publish(&app, Rendering::Changed, now)?;
    let files = written.changed.len() + written.removed.len();
    if output.json {
        output.value(&json!({
            "entry": clipped.entry.to_string(), "title": clipped.title, "site": clipped.site, "new": clipped.is_new,
            "topic": topic.as_ref().map(crate::model::TopicId::as_str),
        }));
    } else if !output.quiet {
        let done = if clipped.is_new { "clipped" } else { "clipped again" };
        let (title, site) = (escape_controls(&clipped.title), escape_controls(&clipped.site));
        let messages = output.messages;
        let words = |text| messages.translate(text);
        output.line(&format!("{}{}{} {title} ({site})", words(done), words(": "), clipped.entry.short()));
        output.tell(&format!("{files} files written"));
    }
    Ok(DONE)
}
