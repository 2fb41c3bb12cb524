//! Values as columns and back: what `SQLite` keeps is read once more through the model's checking constructors.

use crate::model::{Author, CleanHtml, Digest128, EntryId, SourceId, StoryId, Timestamp, TopicId};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Error, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::Url;

/// Reads the columns of a row one after the other, so that no index is ever written down twice.
pub(super) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    at: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub(super) fn of(row: &'r Row<'s>) -> Self {
        Self { row, at: 0 }
    }

    pub(super) fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.at += 1;
        self.row.get(self.at - 1)
    }

    pub(super) fn time(&mut self) -> rusqlite::Result<Timestamp> {
        Ok(Timestamp::from_unix(self.next()?))
    }

    pub(super) fn maybe_time(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.next::<Option<i64>>()?.map(Timestamp::from_unix))
    }

    pub(super) fn duration(&mut self) -> rusqlite::Result<Option<Duration>> {
        Ok(self.next::<Option<i64>>()?.map(|seconds| Duration::from_secs(unsigned(seconds))))
    }

    pub(super) fn entry(&mut self) -> rusqlite::Result<EntryId> {
        Ok(EntryId::from_bytes(self.next()?))
    }

    pub(super) fn maybe_entry(&mut self) -> rusqlite::Result<Option<EntryId>> {
        Ok(self.next::<Option<_>>()?.map(EntryId::from_bytes))
    }

    pub(super) fn story(&mut self) -> rusqlite::Result<StoryId> {
        Ok(StoryId::from_bytes(self.next()?))
    }

    pub(super) fn maybe_story(&mut self) -> rusqlite::Result<Option<StoryId>> {
        Ok(self.next::<Option<_>>()?.map(StoryId::from_bytes))
    }

    pub(super) fn source(&mut self) -> rusqlite::Result<SourceId> {
        let slug: String = self.next()?;
        SourceId::new(&slug).map_err(|error| self.damaged(error.into()))
    }

    pub(super) fn topic(&mut self) -> rusqlite::Result<TopicId> {
        let slug: String = self.next()?;
        TopicId::new(&slug).map_err(|error| self.damaged(error.into()))
    }

    pub(super) fn maybe_topic(&mut self) -> rusqlite::Result<Option<TopicId>> {
        let slug: Option<String> = self.next()?;
        let topic = slug.map(|slug| TopicId::new(&slug)).transpose();
        topic.map_err(|error| self.damaged(error.into()))
    }

    /// Reads a word of a closed list with its own `from_word`.
    pub(super) fn word<T>(&mut self, from_word: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
        let word: String = self.next()?;
        from_word(&word).ok_or_else(|| self.damaged(format!("`{word}` is no word of ours").into()))
    }

    /// Reads a word of a closed list, or none.
    pub(super) fn maybe_word<T>(&mut self, from_word: impl Fn(&str) -> Option<T>) -> rusqlite::Result<Option<T>> {
        let word: Option<String> = self.next()?;
        word.map(|word| from_word(&word).ok_or_else(|| self.damaged(format!("`{word}` is no word of ours").into())))
            .transpose()
    }

    /// Reads a URL; one that no longer parses is none.
    pub(super) fn url(&mut self) -> rusqlite::Result<Option<Url>> {
        Ok(self.next::<Option<String>>()?.and_then(|text| Url::parse(&text).ok()))
    }

    pub(super) fn clean(&mut self) -> rusqlite::Result<Option<CleanHtml>> {
        Ok(self.next::<Option<String>>()?.map(CleanHtml::vouched))
    }

    pub(super) fn list<T: DeserializeOwned>(&mut self) -> rusqlite::Result<Vec<T>> {
        match self.next::<Option<String>>()? {
            None => Ok(Vec::new()),
            Some(text) => serde_json::from_str(&text).map_err(|error| self.damaged(error.into())),
        }
    }

    pub(super) fn authors(&mut self) -> rusqlite::Result<Vec<Author>> {
        let list: Vec<(String, Option<String>)> = self.list()?;
        Ok(list.into_iter().map(|(name, email)| Author { name, email }).collect())
    }

    fn damaged(&self, error: Box<dyn std::error::Error + Send + Sync>) -> Error {
        let column = self.at - 1;
        let kind = self
            .row
            .get_ref(column)
            .map_or(rusqlite::types::Type::Null, |value| value.data_type());
        Error::FromSqlConversionFailure(column, kind, Box::new(FromSqlError::Other(error)))
    }
}

impl FromSql for Digest128 {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        FromSql::column_result(value).map(Self::from_bytes)
    }
}

impl ToSql for Digest128 {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_bytes().to_sql()
    }
}

/// Writes a list as a JSON array; an empty one is NULL.
pub(super) fn json<T: Serialize>(list: &[T]) -> Option<String> {
    if list.is_empty() {
        return None;
    }
    serde_json::to_string(list).ok()
}

pub(super) fn authors_json(authors: &[Author]) -> Option<String> {
    let list: Vec<(&str, Option<&str>)> = authors.iter().map(|a| (a.name.as_str(), a.email.as_deref())).collect();
    json(&list)
}

pub(super) fn unix(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::unix)
}

/// Takes a duration as whole seconds.
pub(super) fn seconds(duration: Option<Duration>) -> Option<i64> {
    duration.map(|duration| signed(duration.as_secs()))
}

/// Takes a count into `SQLite`'s signed integers; no count of ours comes near the bound.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Takes a count back.
pub(super) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
