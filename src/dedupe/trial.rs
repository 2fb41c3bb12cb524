//! A trial: tells which entries would be copies, and leaves no trace in the index.

use super::copies::Membership;
use super::entry::DedupeEntry;
use super::index::Index;
use super::keys::Keys;

/// A time in which entries are in the index only so that copies among them are found: they join no story, and are taken out at the end.
///
/// The trial ends when it is dropped. The index decides about later entries as if there had been no trial.
#[derive(Debug)]
pub struct Trial<'i> {
    index: &'i mut Index,
    added: Vec<Added>,
}

/// An entry that was added, and what has to be known to take it out.
#[derive(Debug)]
struct Added {
    shingles: Vec<u32>,
    keys: Keys,
    membership: Membership,
    /// The original of the group before; `None` for a new group.
    former_original: Option<u32>,
}

impl Index {
    /// Begins a trial.
    pub fn trial(&mut self) -> Trial<'_> {
        Trial {
            index: self,
            added: Vec::new(),
        }
    }
}

impl Trial<'_> {
    /// Returns whether [`Index::assign`] would make `entry` a copy, and adds it for the time of the trial.
    pub fn is_copy(&mut self, entry: DedupeEntry) -> bool {
        if !entry.mergeable {
            return false;
        }
        let Index { policy, copies, .. } = &mut *self.index;
        let keys = Keys::of(&entry);
        let (membership, _) = copies.membership(&entry, &keys, policy);
        let former_original = match membership {
            Membership::Alone => None,
            Membership::CopyIn(group) | Membership::OriginalOf(group) => Some(copies.original(group)),
        };
        copies.insert(&entry, &keys, membership, policy);
        self.added.push(Added {
            shingles: entry.fingerprint.shingles,
            keys,
            membership,
            former_original,
        });
        matches!(membership, Membership::CopyIn(_))
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        while let Some(added) = self.added.pop() {
            let copies = &mut self.index.copies;
            copies.remove_last(&added.shingles, &added.keys, added.membership, added.former_original);
        }
    }
}
