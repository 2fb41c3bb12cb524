//! `griot publish`: writes the topic feeds again from the store, without network.

use super::args::{Global, Publish};
use super::failure::{DONE, Failure, USAGE};
use super::output::Output;
use super::setup;
use crate::pipeline::feed_builder::{self, Rendering};
use crate::pipeline::private_feeds;
use crate::pipeline::{Clock, TopicCount, clock_check, run::evaluate_topics};

/// Judges rules that have changed, renders the named topics, or every one, and writes what changed.
///
/// # Errors
/// [`Failure`] when a topic does not exist, another run holds the lock, or the output cannot be written.
pub async fn run(publish: &Publish, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let now = clock.now();
    clock_check::check_earliest(now, clock.earliest())?;
    let setup::Opened { mut app, lock: _lock, .. } = setup::open(global, None, setup::LOCK_WAIT, now, output).await?;
    let mut only = Vec::new();
    for wanted in &publish.topics {
        match app.config.topics.iter().find(|topic| topic.id.as_str() == wanted) {
            Some(topic) => only.push(topic.id.clone()),
            None => return Err(Failure::message(USAGE, format!("there is no topic `{wanted}`")).hint("griot list topics shows them")),
        }
    }
    if let Some(out) = &publish.out {
        app.config.site.out.clone_from(out);
    }
    clock_check::check_offline(&app.store, now, clock.earliest())?;
    evaluate_topics(&app, now)?;
    private_feeds::publish(&app, Rendering::Forced(&only), now).map_err(Failure::from)?;
    let (topics, written) = feed_builder::publish(&app, Rendering::Forced(&only), now).map_err(Failure::from)?;
    if !output.quiet {
        for TopicCount { id, total, .. } in &topics {
            output.tell(&format!(
                "{id}: {total} items → {}",
                app.config.site.out.join(format!("{id}.xml")).display()
            ));
        }
        output.tell(&format!(
            "{} files written, {} unchanged, {} removed",
            written.changed.len(),
            written.unchanged,
            written.removed.len()
        ));
    }
    Ok(DONE)
}
