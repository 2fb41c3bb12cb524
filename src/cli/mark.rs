//! `griot pin`, `unpin`, `hide`, `unhide`, `approve` and `note`: what an editor decides by hand about an entry or a story.

use super::args::{Global, Mark, Note};
use super::failure::{DONE, Failure, USAGE, from_open};
use super::find::Found;
use super::output::Output;
use super::terminal_text::escape_controls;
use super::{find, setup};
use crate::model::{MarkEvent, MarkKind, MarkTarget, Timestamp, TopicId};
use crate::pipeline::feed_builder::{self, Rendering};
use crate::pipeline::search_index::{self, IndexExtent};
use crate::pipeline::{self, App, Clock, OpenError, Tools, run::evaluate_topics};
use crate::store::LockError;
use crate::text::messages::Messages;
use serde_json::{Value, json};

/// The maximum length of a note: it is shown with each item, beside the text that it comments.
pub const MAX_NOTE_CHARS: usize = 2_000;

/// Pins, unpins, hides, unhides or approves an entry or a story.
///
/// # Errors
/// As [`note`].
pub async fn run(kind: MarkKind, mark: &Mark, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let marking = Marking {
        kind,
        id: &mark.id,
        topic: mark.topic.as_deref(),
        note: None,
    };
    marking.run(global, clock, output).await
}

/// Sets the note on an entry or a story; an empty text removes it.
///
/// # Errors
/// [`Failure`] when the id fits no entry and no story or several, when there is no such topic, when the note is too long, when the database cannot
/// be written, or when the output cannot be.
pub async fn note(note: &Note, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let text = note.text.trim();
    if text.chars().count() > MAX_NOTE_CHARS {
        return Err(Failure::message(USAGE, format!("a note has at most {MAX_NOTE_CHARS} characters")));
    }
    let marking = Marking {
        kind: MarkKind::Note,
        id: &note.mark.id,
        topic: note.mark.topic.as_deref(),
        note: Some(text),
    };
    marking.run(global, clock, output).await
}

/// Labels an entry for a topic: whether it belongs there. Nothing that is published changes, so the run lock is not needed.
///
/// # Errors
/// [`Failure`] when there is no such entry or topic, or when the database cannot be written.
pub fn label(kind: MarkKind, id: &str, topic: &str, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let (path, config) = setup::load(global, output)?;
    let topic = find::topic(&config, topic)?;
    let tools = setup::tools(global, setup::database_path(global, &path))?;
    let store = tools.database.open_existing()?;
    let entry = find::entry(&store, id)?;
    let event = MarkEvent {
        at: now,
        editor: editor(&tools),
        kind,
        target: MarkTarget::Entry(entry.id),
        topic: Some(topic),
        note: None,
    };
    store.add_mark(event.clone())?;
    if output.json {
        output.value(&json(&event));
    } else if !output.quiet {
        output.line(&format!("{} {}", sentence(&event, output.messages), escape_controls(&entry.title)));
    }
    Ok(DONE)
}

/// Returns the name of the system's user; empty when it is not known.
#[must_use]
pub fn editor(tools: &Tools) -> String {
    let variable = |name| (tools.environment)(name).filter(|value| !value.is_empty());
    variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_default()
}

/// Evaluates and publishes what has changed; returns how many files were written or removed.
///
/// # Errors
/// [`Failure`] when the database or the output cannot be written.
pub fn publish_changes(app: &App, now: Timestamp) -> Result<usize, Failure> {
    evaluate_topics(app, now)?;
    search_index::keep(&app.store, &app.config.search, IndexExtent::Changed, || true);
    let (_, written) = feed_builder::publish(app, Rendering::Changed, now)?;
    Ok(written.changed.len() + written.removed.len())
}

/// What the command line asks for.
struct Marking<'a> {
    kind: MarkKind,
    id: &'a str,
    topic: Option<&'a str>,
    note: Option<&'a str>,
}

impl Marking<'_> {
    /// Stores the mark at once, whether a run is under way or not, then publishes it under the run lock.
    async fn run(&self, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
        let now = clock.now();
        let (path, config) = setup::load(global, output)?;
        // A mistake in a rule is reported before anything is stored.
        pipeline::app::compile(&config).map_err(|error| from_open(error, output.style()))?;
        let topic = self.topic.map(|wanted| find::topic(&config, wanted)).transpose()?;
        let tools = setup::tools(global, setup::database_path(global, &path))?;
        let store = tools.database.open_existing()?;
        let Found { target, title } = find::target(&store, self.id)?;
        let event = MarkEvent {
            at: now,
            editor: editor(&tools),
            kind: self.kind,
            target,
            topic,
            note: self.note.map(str::to_owned),
        };
        store.add_mark(event.clone())?;
        drop(store);
        let files = match App::open(config, &tools, clock.real(setup::LOCK_WAIT), now).await {
            Ok((app, _lock)) => Some(publish_changes(&app, now)?),
            // The run evaluates and publishes it, or the next one when it is past that.
            Err(OpenError::Lock(LockError::Held { .. })) => None,
            Err(error) => return Err(from_open(error, output.style())),
        };
        if output.json {
            let mut value = json(&event);
            value["published"] = json!(files.is_some());
            output.value(&value);
        } else if !output.quiet {
            output.line(&format!("{} {}", sentence(&event, output.messages), escape_controls(&title)));
            output.tell(&match files {
                Some(files) => format!("{files} files written"),
                None => "a run is under way: it publishes this, or the next one does".to_owned(),
            });
        }
        Ok(DONE)
    }
}

/// Returns a mark as JSON, as `griot export json` prints it.
#[must_use]
pub fn json(mark: &MarkEvent) -> Value {
    let (entry, story) = match mark.target {
        MarkTarget::Entry(id) => (Some(id.to_string()), None),
        MarkTarget::Story(id) => (None, Some(id.to_string())),
    };
    json!({
        "kind": "mark", "entry": entry, "story": story, "topic": mark.topic.as_ref().map(TopicId::as_str),
        "mark": mark.kind.as_str(), "note": mark.note, "at": mark.at.rfc3339(), "editor": mark.editor,
    })
}

/// Returns what was done, up to the title.
fn sentence(mark: &MarkEvent, messages: Messages) -> String {
    let id = match mark.target {
        MarkTarget::Entry(id) => id.short(),
        MarkTarget::Story(id) => id.short(),
    };
    let is_removed = mark.note.as_deref().is_none_or(str::is_empty);
    let done = match mark.kind {
        MarkKind::Note if is_removed => "note removed",
        MarkKind::Note => "note set",
        MarkKind::Pin => "pinned",
        MarkKind::Unpin => "no longer pinned",
        MarkKind::Hide => "hidden",
        MarkKind::Unhide => "no longer hidden",
        MarkKind::Approve => "approved",
        MarkKind::Yes => "labelled yes",
        MarkKind::No => "labelled no",
        other => other.as_str(),
    };
    let words = |text| messages.translate(text);
    let place = mark
        .topic
        .as_ref()
        .map_or_else(|| words("all topics").into_owned(), TopicId::to_string);
    format!("{} {} {place}{}{id}", words(done), words("in"), words(": "))
}
