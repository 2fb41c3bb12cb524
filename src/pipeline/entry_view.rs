//! What is known of one entry: the decisions about it, where it stands, and how its publisher changed it.

use crate::model::{CleanHtml, Composition, Entry, EntryId, Published, Story, StoryId, Timestamp, TopicId, Withdrawal};
use crate::store::{Revision, Store, StoreError, StoryEntry};
use crate::text::html_to_text::html_to_text;
use crate::text::word_diff::word_diff;
use std::collections::BTreeSet;

/// The number of words around a change that are told with it.
const CONTEXT_WORDS: usize = 5;

/// An entry with what is known of it.
#[derive(Debug)]
pub struct EntryView {
    /// The entry.
    pub entry: Entry,
    /// Its copies, by date.
    pub copies: Vec<StoryEntry>,
    /// The original that it is a copy of.
    pub original: Option<StoryEntry>,
    /// Its story.
    pub story: Option<Story>,
    /// The decisions about it, the oldest first.
    pub compositions: Vec<Composition>,
    /// How often its publisher changed title or text. Of more than ten changes the first five and the last five are kept.
    pub changes: u32,
    /// The topics that hold its story or itself.
    pub topics: Vec<TopicOfItem>,
    /// What its publisher did to take it back.
    pub withdrawal: Option<Withdrawal>,
}

/// A topic that holds an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicOfItem {
    /// The topic.
    pub topic: TopicId,
    /// The entry that its item shows.
    pub shown: EntryId,
    /// Whether it waits for an editor's approval.
    pub waits: bool,
    /// The guid of the item; `None` when it was not published yet.
    pub guid: Option<String>,
    /// When the item was first published.
    pub first_published: Option<Timestamp>,
}

/// Reads what is known of an entry.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn entry_view(database: &Store, entry: Entry) -> Result<EntryView, StoreError> {
    let mut copies = database.entry_with_copies(&entry.id)?;
    copies.retain(|copy| copy.id != entry.id);
    let original = match entry.copy_of {
        Some(original) => database.story_entry(&original)?,
        None => None,
    };
    let story = match entry.story {
        Some(story) => database.stories(&[story])?.pop(),
        None => None,
    };
    let items: BTreeSet<StoryId> = [Some(entry.id.into()), entry.copy_of.map(StoryId::from), entry.story]
        .into_iter()
        .flatten()
        .collect();
    Ok(EntryView {
        copies,
        original,
        story,
        compositions: database.compositions_of(&entry.id)?,
        changes: database.revisions(entry.id)?.last().map_or(0, |last| last.number),
        topics: topics_of_items(database, &items)?,
        withdrawal: database.withdrawals(&[entry.id])?.pop(),
        entry,
    })
}

/// Returns the topics that hold one of these items, by topic, each with the guid under which it is published.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn topics_of_items(database: &Store, items: &BTreeSet<StoryId>) -> Result<Vec<TopicOfItem>, StoreError> {
    let items: Vec<StoryId> = items.iter().copied().collect();
    let published = database.published_of_stories(&items)?;
    let mut topics = Vec::new();
    for placement in database.placements_of_stories(&items)? {
        let is_own = |one: &&Published| one.topic == placement.topic && one.story == placement.story && one.alias_of.is_none();
        let own = published.iter().find(is_own);
        topics.push(TopicOfItem {
            shown: placement.entry,
            waits: placement.waits,
            guid: own.map(|own| own.guid.clone()),
            first_published: own.map(|own| own.first_published),
            topic: placement.topic,
        });
    }
    topics.sort_by(|one, other| (&one.topic, one.shown).cmp(&(&other.topic, other.shown)));
    Ok(topics)
}

/// A version of an entry's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// When it was first seen; `None` when the version before it is not kept.
    pub seen: Option<Timestamp>,
    /// How many versions before it are not kept any more.
    pub lost: u32,
    /// Its headline.
    pub title: String,
    /// What differs from the version before that is kept, in the order of the texts.
    pub changes: Vec<PartChange>,
}

/// The words that went out of a text and came into it at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartChange {
    /// Which text: `title`, `summary` or `content`.
    pub part: &'static str,
    /// The words before that stayed.
    pub before: String,
    /// The words that went out.
    pub removed: String,
    /// The words that came in.
    pub added: String,
    /// The words behind that stayed.
    pub after: String,
}

/// The plain texts of a version.
struct Texts {
    number: u32,
    seen: Option<Timestamp>,
    parts: [(&'static str, String); 3],
}

/// Returns the versions of an entry that are kept, the oldest first; the last one is the present one.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn versions(database: &Store, entry: &Entry) -> Result<Vec<Version>, StoreError> {
    let revisions = database.revisions(entry.id)?;
    let text = |html: Option<&CleanHtml>| html.map(|html| html_to_text(html.as_str())).unwrap_or_default();
    // A revision holds what was there before its moment.
    let mut seen = Some(entry.first_seen);
    let mut all: Vec<Texts> = Vec::with_capacity(revisions.len() + 1);
    for Revision {
        number,
        seen: replaced,
        title,
        summary,
        content,
        ..
    } in revisions
    {
        let is_next = all.last().is_none_or(|last| last.number + 1 == number);
        all.push(Texts {
            number,
            seen: seen.filter(|_| is_next),
            parts: [
                ("title", title),
                ("summary", text(summary.as_ref())),
                ("content", text(content.as_ref())),
            ],
        });
        seen = Some(replaced);
    }
    all.push(Texts {
        number: all.last().map_or(1, |last| last.number + 1),
        seen,
        parts: [
            ("title", entry.title.clone()),
            ("summary", text(entry.summary.as_ref())),
            ("content", text(entry.content.as_ref())),
        ],
    });
    let mut versions = Vec::with_capacity(all.len());
    for (at, texts) in all.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        versions.push(Version {
            number: texts.number,
            seen: texts.seen,
            lost: texts.number - before.map_or(0, |before| before.number) - 1,
            title: texts.parts[0].1.clone(),
            changes: before.map(|before| changes(before, texts)).unwrap_or_default(),
        });
    }
    Ok(versions)
}

fn changes(old: &Texts, new: &Texts) -> Vec<PartChange> {
    let mut changes = Vec::new();
    for ((part, old), (_, new)) in old.parts.iter().zip(&new.parts) {
        let words = |words: &[&str]| words.join(" ");
        changes.extend(word_diff(old, new, CONTEXT_WORDS).iter().map(|change| PartChange {
            part,
            before: words(&change.before),
            removed: words(&change.removed),
            added: words(&change.added),
            after: words(&change.after),
        }));
    }
    changes
}
