//! What is known of one story: every report, who told it, and why it is there.

use super::entry_view::{TopicOfItem, topics_of_items};
use super::independence::{Teller, independent_counts, reports_with_tellers};
use crate::config::Source;
use crate::model::{Composition, EntryId, MarkEvent, MarkKind, MarkTarget, SourceId, Story, StoryId, Timestamp, Withdrawal};
use crate::store::{Store, StoreError, StoryEntry};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long after its founding a later story can name a story as the one before it: 72 hours in which that one grows, and 14 days.
const LATER_WITHIN: Duration = Duration::from_hours(17 * 24);
/// How many stories are read at a time.
const STORIES_PER_BATCH: usize = 1_000;

/// A story with what is known of it.
#[derive(Debug)]
pub struct StoryView {
    /// The story.
    pub story: Story,
    /// Its reports, by date.
    pub reports: Vec<ReportView>,
    /// How many told it independently, as rules count them.
    pub independent: usize,
    /// The older story on the same matter, and the headline of its lead.
    pub earlier: Option<(StoryId, String)>,
    /// The stories that name it as the older one, with the headlines of their leads, by founding.
    pub later: Vec<(StoryId, String)>,
    /// The topics that hold it or one of its entries.
    pub topics: Vec<TopicOfItem>,
}

/// A report of a story.
#[derive(Debug)]
pub struct ReportView {
    /// The entry.
    pub entry: StoryEntry,
    /// The name of its source.
    pub outlet: String,
    /// The country of its source.
    pub country: Option<String>,
    /// As whose own report it counts; `None` for copies and what aggregators publish.
    pub teller: Option<Teller>,
    /// The last decision about it, and the headline of the entry that it is most like.
    pub decision: Option<Composition>,
    /// The headline of the entry that it is most like.
    pub like_title: Option<String>,
    /// The act of an editor by which it is there.
    pub by_hand: Option<MarkEvent>,
    /// What its publisher did to take it back.
    pub withdrawal: Option<Withdrawal>,
}

/// Reads what is known of a story. `source` returns the source of an id, unless that was removed from the configuration.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn story_view<'s>(database: &Store, story: Story, source: impl Fn(&SourceId) -> Option<&'s Source>) -> Result<StoryView, StoreError> {
    let entries = database.story_entries(&[story.id])?;
    let independent = independent_counts(database, &entries, &source)?
        .remove(&story.id)
        .unwrap_or_default();
    let tellers: BTreeMap<EntryId, Teller> = reports_with_tellers(&entries, &source)
        .into_iter()
        .map(|(entry, teller)| (entry.id, teller))
        .collect();
    let names: BTreeMap<SourceId, String> = database
        .configured_sources()?
        .into_iter()
        .map(|(source, _)| (source.id, source.name))
        .collect();
    let items = entries.iter().map(|entry| StoryId::from(entry.id)).chain([story.id]).collect();
    let topics = topics_of_items(database, &items)?;
    let mut reports = Vec::with_capacity(entries.len());
    for entry in entries {
        let own = source(&entry.source);
        let decision = database.compositions_of(&entry.id)?.pop();
        let like = decision.as_ref().and_then(|decision| decision.like);
        let like_title = match like {
            Some(like) => database.story_entry(&like)?.map(|like| like.title),
            None => None,
        };
        let name = own.map(|own| own.name.clone()).or_else(|| names.get(&entry.source).cloned());
        reports.push(ReportView {
            outlet: name.unwrap_or_else(|| entry.source.to_string()),
            country: own.and_then(|own| own.country.clone()),
            teller: tellers.get(&entry.id).cloned(),
            by_hand: hand_work(database, &entry, decision.as_ref())?,
            decision,
            like_title,
            withdrawal: database.withdrawals(&[entry.id])?.pop(),
            entry,
        });
    }
    let earlier = match story.earlier {
        Some(earlier) => database.stories(&[earlier])?.pop(),
        None => None,
    };
    Ok(StoryView {
        reports,
        independent,
        earlier: earlier.map(|earlier| with_title(database, &earlier)).transpose()?,
        later: later(database, &story)?,
        topics,
        story,
    })
}

/// Returns the act of an editor that moved an entry to where it is.
fn hand_work(database: &Store, entry: &StoryEntry, decision: Option<&Composition>) -> Result<Option<MarkEvent>, StoreError> {
    let Some(decision) = decision.filter(|decision| decision.basis.is_by_hand()) else {
        return Ok(None);
    };
    let mut events = database.marks_of(&[MarkTarget::Entry(entry.id)])?.into_iter();
    let is_move = |event: &MarkEvent| matches!(event.kind, MarkKind::Split | MarkKind::Join) && event.at == decision.at;
    Ok(events.rfind(is_move))
}

fn with_title(database: &Store, story: &Story) -> Result<(StoryId, String), StoreError> {
    let lead = database.story_entry(&story.lead)?;
    Ok((story.id, lead.map(|lead| lead.title).unwrap_or_default()))
}

/// Returns the stories that name this one as the older one.
fn later(database: &Store, story: &Story) -> Result<Vec<(StoryId, String)>, StoreError> {
    let mut before: Option<(Timestamp, StoryId)> = Some((story.founded + LATER_WITHIN, StoryId::from_bytes([0xff; 16])));
    let mut later = Vec::new();
    loop {
        let stories = database.stories_before(before, STORIES_PER_BATCH)?;
        for other in stories.iter().filter(|other| other.earlier == Some(story.id)) {
            later.push(with_title(database, other)?);
        }
        match stories.last() {
            Some(last) if last.founded >= story.founded => before = Some((last.founded, last.id)),
            _ => break,
        }
    }
    later.reverse();
    Ok(later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Changes;
    use crate::pipeline::sample::{DESK, Sample, at, numbered};

    #[test]
    fn an_older_story_and_the_one_that_names_it_are_both_shown() {
        let sample = Sample::open(DESK);
        sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
        // The last moment at which a story can name it.
        let last = at(17 * 24);
        sample.run("soir", &[numbered("soir", 2, last)], last);
        let database = &sample.app.store;
        let mut stories = database.stories_before(None, 10).expect("stories");
        let (Some(older), Some(mut later)) = (stories.pop(), stories.pop()) else {
            panic!("two stories")
        };
        later.earlier = Some(older.id);
        let changes = Changes {
            stories: vec![later.clone()],
            ..Changes::default()
        };
        database.apply(changes).expect("stored");
        let view = |story: &Story| story_view(database, story.clone(), |_| None).expect("a view");
        let (first, second) = (view(&older), view(&later));
        assert_eq!(first.later, [(later.id, "Mali n2q".to_owned())]);
        assert_eq!((first.earlier, second.later), (None, Vec::new()));
        assert_eq!(second.earlier, Some((older.id, "Mali n1q".to_owned())));
        assert_eq!(second.reports[0].outlet, "Le Soir", "the name that the store knows");
        assert_eq!((second.independent, second.topics.len()), (1, 1));
    }
}
