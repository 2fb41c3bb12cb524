//! What a publisher did to take an entry back, in words and as JSON, as several commands show it.

use crate::model::{EntryId, Timestamp, Withdrawal, WithdrawalSign};
use crate::store::{Store, StoreError};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns what is known of those of these entries that may have been taken back.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn of_entries(store: &Store, entries: impl Iterator<Item = EntryId>) -> Result<BTreeMap<EntryId, Withdrawal>, StoreError> {
    let ids: Vec<EntryId> = entries.collect();
    let found = store.withdrawals(&ids)?;
    Ok(found.into_iter().map(|known| (known.entry, known)).collect())
}

/// Returns the word for the list: `withdrawn`, or `left-feed` where that is only noted; none where nothing speaks against the entry.
pub fn word(known: Option<&Withdrawal>) -> Option<&'static str> {
    let known = known?;
    let has_left = known.left_feed.is_some() && known.stood.is_none();
    known.withdrawn.map(|_| "withdrawn").or(has_left.then_some("left-feed"))
}

/// Returns what is known in words.
pub fn words(known: &Withdrawal, zone: &str) -> Option<String> {
    if let Some((at, sign)) = known.withdrawn {
        return Some(format!("withdrawn by the publisher on {}: {}", at.local(zone), reason(sign)));
    }
    if known.stood.is_some() {
        return None;
    }
    match (known.left_feed, known.gone) {
        (Some(left), _) => Some(format!("left its feed on {}, which alone says little", left.local(zone))),
        (None, Some(gone)) => Some(format!("its page is gone since {}; it is asked for again", gone.local(zone))),
        (None, None) => None,
    }
}

/// Returns by what an entry counts as withdrawn.
pub fn reason(sign: WithdrawalSign) -> &'static str {
    match sign {
        WithdrawalSign::LeftFeed => "it left its feed while older entries stood there, and its page is gone",
        WithdrawalSign::GonePage => "its page was gone twice",
    }
}

/// Adds the keys `withdrawn` and `left_feed` to the JSON of an entry.
pub fn add_to(value: &mut Value, known: Option<&Withdrawal>) {
    let withdrawn = known.and_then(|known| known.withdrawn);
    let left = known.filter(|known| known.stood.is_none()).and_then(|known| known.left_feed);
    value["withdrawn"] = withdrawn.map_or(Value::Null, |(at, sign)| json!({"at": at.rfc3339(), "how": sign.as_str()}));
    value["left_feed"] = json!(left.map(Timestamp::rfc3339));
}
