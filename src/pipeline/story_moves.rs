//! What editors decide about stories by hand: entries that leave a story for one of their own, and entries or stories that join another one. Later
//! runs leave what was decided by hand.

use crate::model::{Basis, Changes, Composition, EntryId, MarkEvent, MarkKind, MarkTarget, Story, StoryId, Timestamp};
use crate::store::{Store, StoreError, StoryEntry};
use std::collections::BTreeSet;
use thiserror::Error;

/// Why entries cannot be moved.
#[derive(Debug, Error)]
pub enum MoveError {
    /// The entry belongs to another story.
    #[error("{} is not in the story {}", entry.short(), story.short())]
    NotInStory {
        /// The entry.
        entry: EntryId,
        /// The story that was named.
        story: StoryId,
        /// Its story.
        own: Option<StoryId>,
    },
    /// The entry founded its story, whose guid the others keep.
    #[error("{} founded the story {}, which has its id and its guid from it", entry.short(), story.short())]
    Founder {
        /// The entry.
        entry: EntryId,
        /// Its story.
        story: StoryId,
    },
    /// Each of the entries founded a story of which others are left.
    #[error("a story of {} has other entries", entry.short())]
    StoryExists {
        /// The entry.
        entry: EntryId,
    },
    /// No entry would be left in the story.
    #[error("no entry would be left in the story {}", story.short())]
    NothingLeft {
        /// The story.
        story: StoryId,
    },
    /// The story is to be joined to itself.
    #[error("the story {} cannot be joined to itself", story.short())]
    Itself {
        /// The story.
        story: StoryId,
    },
    /// The entry is in the story already.
    #[error("{} is in the story {} already", entry.short(), story.short())]
    InStory {
        /// The entry.
        entry: EntryId,
        /// The story.
        story: StoryId,
    },
    /// No run has composed the entry yet.
    #[error("{} waits for the next run", entry.short())]
    Waits {
        /// The entry.
        entry: EntryId,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who moves entries, and when.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// The editor's name.
    pub editor: &'a str,
    /// When.
    pub at: Timestamp,
    /// What the editor says of it.
    pub note: Option<&'a str>,
}

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The story in which the entries are now.
    pub story: StoryId,
    /// The entries, in order.
    pub entries: Vec<EntryId>,
}

/// Takes entries, with their copies, out of a story; together they form a story of their own, which the earliest of them founds. The entry that
/// founded `story` cannot leave it: the guid of the item comes from it, and stays with the story.
///
/// # Errors
/// [`MoveError`], before anything is stored.
pub fn split(database: &Store, story: StoryId, entries: &[EntryId], hand: Hand<'_>) -> Result<Moved, MoveError> {
    let members = database.story_entries(&[story])?;
    for entry in entries {
        if !members.iter().any(|member| member.id == *entry) {
            let own = database.story_entry(entry)?.map(|entry| entry.story);
            return Err(MoveError::NotInStory { entry: *entry, story, own });
        }
    }
    let leaving = with_copies(&members, entries);
    if let Some(founder) = leaving.iter().find(|entry| StoryId::from(entry.id) == story) {
        return Err(MoveError::Founder { entry: founder.id, story });
    }
    if leaving.len() == members.len() {
        return Err(MoveError::NothingLeft { story });
    }
    let ids: BTreeSet<EntryId> = leaving.iter().map(|entry| entry.id).collect();
    let mut founders: Vec<&StoryEntry> = leaving.clone();
    // An entry whose original stays is no copy of those that leave.
    founders.sort_by_key(|entry| (entry.copy_of.is_some_and(|original| ids.contains(&original)), entry.date, entry.id));
    let mut founder = None;
    for entry in founders {
        if database.stories(&[entry.id.into()])?.is_empty() {
            founder = Some(entry);
            break;
        }
    }
    let Some(founder) = founder else {
        return Err(MoveError::StoryExists { entry: leaving[0].id });
    };
    let new = Story {
        id: founder.id.into(),
        lead: founder.id,
        founded: founder.first_seen,
        earlier: None,
    };
    let moved = Moved {
        story: new.id,
        entries: leaving.iter().map(|entry| entry.id).collect(),
    };
    let compositions = leaving.iter().map(|entry| {
        let copy_of = entry.copy_of.filter(|original| ids.contains(original));
        Composition::new(entry.id, copy_of, new.id, hand.at, Basis::Split)
    });
    database.apply(Changes {
        compositions: compositions.collect(),
        stories: vec![new],
        ..Changes::default()
    })?;
    remember(database, MarkKind::Split, &moved, hand)?;
    Ok(moved)
}

/// Moves entries with their copies, and all entries of stories, into `story`.
///
/// # Errors
/// [`MoveError`], before anything is stored.
pub fn join(database: &Store, story: StoryId, others: &[MarkTarget], hand: Hand<'_>) -> Result<Moved, MoveError> {
    let mut coming: Vec<StoryEntry> = Vec::new();
    for other in others {
        match other {
            MarkTarget::Story(other) if *other == story => return Err(MoveError::Itself { story }),
            MarkTarget::Story(other) => coming.extend(database.story_entries(&[*other])?),
            MarkTarget::Entry(entry) => {
                let Some(own) = database.story_entry(entry)?.map(|entry| entry.story) else {
                    return Err(MoveError::Waits { entry: *entry });
                };
                if own == story {
                    return Err(MoveError::InStory { entry: *entry, story });
                }
                let members = database.story_entries(&[own])?;
                let leaving = with_copies(&members, &[*entry]);
                let founder = leaving.iter().find(|entry| StoryId::from(entry.id) == own);
                if let Some(founder) = founder.filter(|_| leaving.len() < members.len()) {
                    return Err(MoveError::Founder {
                        entry: founder.id,
                        story: own,
                    });
                }
                coming.extend(leaving.into_iter().cloned());
            }
        }
    }
    let mut ids: BTreeSet<EntryId> = BTreeSet::new();
    coming.retain(|entry| ids.insert(entry.id));
    coming.sort_by_key(|entry| (entry.date, entry.id));
    ids.extend(database.story_entries(&[story])?.iter().map(|entry| entry.id));
    let compositions = coming.iter().map(|entry| {
        let copy_of = entry.copy_of.filter(|original| ids.contains(original));
        Composition::new(entry.id, copy_of, story, hand.at, Basis::Join)
    });
    let moved = Moved {
        story,
        entries: coming.iter().map(|entry| entry.id).collect(),
    };
    database.apply(Changes {
        compositions: compositions.collect(),
        ..Changes::default()
    })?;
    remember(database, MarkKind::Join, &moved, hand)?;
    Ok(moved)
}

/// Returns those of `members` that are named, or copies of named ones, in order.
fn with_copies<'m>(members: &'m [StoryEntry], named: &[EntryId]) -> Vec<&'m StoryEntry> {
    let leaves = |entry: &&StoryEntry| named.contains(&entry.id) || entry.copy_of.is_some_and(|original| named.contains(&original));
    members.iter().filter(leaves).collect()
}

/// Stores an event for each entry; its note begins with the story in which the entry is now.
fn remember(database: &Store, kind: MarkKind, moved: &Moved, hand: Hand<'_>) -> Result<(), StoreError> {
    let note = hand
        .note
        .map_or_else(|| moved.story.to_string(), |note| format!("{} {note}", moved.story));
    for entry in &moved.entries {
        database.add_mark(MarkEvent {
            at: hand.at,
            editor: hand.editor.to_owned(),
            kind,
            target: MarkTarget::Entry(*entry),
            topic: None,
            note: Some(note.clone()),
        })?;
    }
    Ok(())
}
