//! `griot split` and `griot join`: what an editor decides by hand about which entries tell the same.

use super::args::{Global, Join, Split};
use super::failure::{DATABASE, DONE, Failure, USAGE, from_open};
use super::mark::{MAX_NOTE_CHARS, editor};
use super::output::Output;
use super::terminal_text::escape_controls;
use super::{find, setup};
use crate::model::{EntryId, MarkKind, MarkTarget, StoryId};
use crate::pipeline::feed_builder::{self, Rendering};
use crate::pipeline::search_index::{self, IndexExtent};
use crate::pipeline::story_moves::{self, Hand, MoveError, Moved};
use crate::pipeline::{App, Clock, run::evaluate_topics};
use crate::store::Store;
use serde_json::json;

/// Takes entries out of a story, and publishes what follows from it.
///
/// # Errors
/// [`Failure`] when an id fits nothing or several, when the entries cannot leave, when another run holds the lock, or when the database or the output
/// cannot be written.
pub async fn split(split: &Split, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let work = Work {
        kind: MarkKind::Split,
        note: split.note.as_deref(),
    };
    let step = |store: &Store, hand: Hand<'_>| {
        let story = find::story(store, &split.story)?.id;
        let entries = split.entries.iter().map(|id| Ok(find::entry(store, id)?.id));
        let entries: Vec<EntryId> = entries.collect::<Result<_, Failure>>()?;
        let moved = story_moves::split(store, story, &entries, hand).map_err(|error| from_move(error, MarkKind::Split))?;
        Ok((Some(story), moved))
    };
    work.run(step, global, clock, output).await
}

/// Joins entries and stories to a story, and publishes what follows from it.
///
/// # Errors
/// As [`split`].
pub async fn join(join: &Join, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let work = Work {
        kind: MarkKind::Join,
        note: join.note.as_deref(),
    };
    let step = |store: &Store, hand: Hand<'_>| {
        let story = find::story(store, &join.story)?.id;
        let others = join.others.iter().map(|id| Ok(find::target(store, id)?.target));
        let others: Vec<MarkTarget> = others.collect::<Result<_, Failure>>()?;
        let moved = story_moves::join(store, story, &others, hand).map_err(|error| from_move(error, MarkKind::Join))?;
        Ok((None, moved))
    };
    work.run(step, global, clock, output).await
}

/// What the command line asks for.
struct Work<'a> {
    kind: MarkKind,
    note: Option<&'a str>,
}

impl Work<'_> {
    /// Does `step` under the run lock: a run that composes at the same time would decide by what was before. `step` also returns the story that was left.
    async fn run(
        &self,
        step: impl FnOnce(&Store, Hand<'_>) -> Result<(Option<StoryId>, Moved), Failure>,
        global: &Global,
        clock: &Clock,
        output: &mut Output,
    ) -> Result<u8, Failure> {
        let now = clock.now();
        let note = self.note.map(str::trim).filter(|note| !note.is_empty());
        if note.is_some_and(|note| note.chars().count() > MAX_NOTE_CHARS) {
            return Err(Failure::message(USAGE, format!("a note has at most {MAX_NOTE_CHARS} characters")));
        }
        let (path, config) = setup::load(global, output)?;
        let tools = setup::tools(global, setup::database_path(global, &path))?;
        drop(tools.database.open_existing()?);
        let opened = App::open(config, &tools, clock.real(setup::LOCK_WAIT), now).await;
        let (app, _lock) = opened.map_err(|error| from_open(error, output.style()))?;
        let editor = editor(&tools);
        let hand = Hand {
            editor: &editor,
            at: now,
            note,
        };
        let (left, moved) = step(&app.store, hand)?;
        evaluate_topics(&app, now)?;
        search_index::keep(&app.store, &app.config.search, IndexExtent::Changed, || true);
        let (_, written) = feed_builder::publish(&app, Rendering::Changed, now)?;
        if output.json {
            let entries: Vec<String> = moved.entries.iter().map(EntryId::to_string).collect();
            output.value(&json!({
                "kind": self.kind.as_str(), "story": moved.story.to_string(), "from": left.map(|left| left.to_string()), "entries": entries,
                "at": now.rfc3339(), "editor": editor, "note": note, "published": true,
            }));
        } else if !output.quiet {
            let count = match moved.entries.len() {
                1 => "1 entry".to_owned(),
                more => format!("{more} entries"),
            };
            output.tell(&match left {
                Some(left) => format!("{count} split from {}, now the story {}:", left.short(), moved.story.short()),
                None => format!("{count} joined to {}:", moved.story.short()),
            });
            for entry in app.store.entries(&moved.entries)? {
                output.line(&format!("  {} {}", entry.id.short(), escape_controls(&entry.title)));
            }
            output.tell(&format!("{} files written", written.changed.len() + written.removed.len()));
        }
        Ok(DONE)
    }
}

fn from_move(error: MoveError, kind: MarkKind) -> Failure {
    let hint = match &error {
        MoveError::NotInStory { own: Some(own), .. } => format!("it is in {}; griot show {} shows its reports", own.short(), own.short()),
        MoveError::NotInStory { own: None, entry, .. } => format!("griot show {} shows it", entry.short()),
        MoveError::Founder { story, .. } if kind == MarkKind::Split => {
            format!("split the others from it instead; griot show {} shows them", story.short())
        }
        MoveError::Founder { story, .. } => format!("join {} as a whole, or the others of it", story.short()),
        MoveError::StoryExists { entry } => {
            let own = StoryId::from(*entry).short();
            format!("griot join {own} {} brings it back there", entry.short())
        }
        MoveError::NothingLeft { story } => format!("griot show {} shows its reports; name some of them", story.short()),
        MoveError::Itself { .. } | MoveError::InStory { .. } => "nothing was changed".to_owned(),
        MoveError::Waits { .. } => "griot fetch makes one".to_owned(),
        MoveError::Store(_) => return Failure::new(DATABASE, error),
    };
    Failure::new(USAGE, error).hint(hint)
}
