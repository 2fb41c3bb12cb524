//! The digest of a topic: what its feed has got since a time, as a mail.

use super::app::App;
use super::item_builder::FeedBuilder;
use super::prepare::PreparedTopic;
use super::story_news::{briefing, story_news};
use crate::model::{SourceId, Timestamp};
use crate::notify::StoryNews;
use crate::notify::digest::digest;
use crate::notify::mail::MailText;
use crate::store::StoreError;
use std::collections::BTreeMap;
use std::time::Duration;

/// A story that came late is news as long as it is not older than this before the beginning of the digest.
const MAX_DELAY: Duration = Duration::from_hours(48);

/// Returns the digest of the stories that are dated, or were first published, within `window` before `now`. It writes nothing.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn topic_digest(app: &App, prepared: &PreparedTopic, window: Duration, now: Timestamp) -> Result<MailText, StoreError> {
    let since = now - window;
    let reserving: BTreeMap<SourceId, Vec<String>> = (app.store.source_states()?.into_iter())
        .filter(|state| !state.reservations.is_empty())
        .map(|state| (state.source, state.reservations))
        .collect();
    let stamps = app.store.topic_stamps()?;
    let stamp = stamps.into_iter().find(|stamp| stamp.topic == prepared.topic.id);
    let (moment, rendered) = stamp.map_or((now, None), |stamp| (stamp.changed, stamp.rendered));
    let items = FeedBuilder::new(app, prepared, &reserving, moment, rendered)?.items()?;
    let is_new = |story: &StoryNews| story.date() >= since || (story.first_published >= since && story.date() + MAX_DELAY >= since);
    let stories: Vec<StoryNews> = items.iter().map(story_news).filter(is_new).collect();
    Ok(digest(&briefing(app, &prepared.topic), &stories, since, now))
}
