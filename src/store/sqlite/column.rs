//! Converts values to columns and back. Stored ids and words pass the model's checking constructors again when they are read.

use crate::model::{About, Agency, Author, CleanHtml, Digest128, EntryId, SourceId, StoryId, Timestamp, TopicId};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Error, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::Url;

/// Reads the columns of a row in order, so that no column index is written in the code.
pub(super) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next_index: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub(super) fn new(row: &'r Row<'s>) -> Self {
        Self { row, next_index: 0 }
    }

    pub(super) fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next_index += 1;
        self.row.get(self.next_index - 1)
    }

    pub(super) fn time(&mut self) -> rusqlite::Result<Timestamp> {
        Ok(Timestamp::from_unix(self.next()?))
    }

    pub(super) fn optional_time(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.next::<Option<i64>>()?.map(Timestamp::from_unix))
    }

    pub(super) fn duration(&mut self) -> rusqlite::Result<Option<Duration>> {
        Ok(self.next::<Option<i64>>()?.map(|seconds| Duration::from_secs(unsigned(seconds))))
    }

    pub(super) fn entry(&mut self) -> rusqlite::Result<EntryId> {
        Ok(EntryId::from_bytes(self.next()?))
    }

    pub(super) fn optional_entry(&mut self) -> rusqlite::Result<Option<EntryId>> {
        Ok(self.next::<Option<_>>()?.map(EntryId::from_bytes))
    }

    pub(super) fn story(&mut self) -> rusqlite::Result<StoryId> {
        Ok(StoryId::from_bytes(self.next()?))
    }

    pub(super) fn optional_story(&mut self) -> rusqlite::Result<Option<StoryId>> {
        Ok(self.next::<Option<_>>()?.map(StoryId::from_bytes))
    }

    pub(super) fn source(&mut self) -> rusqlite::Result<SourceId> {
        let slug: String = self.next()?;
        SourceId::new(&slug).map_err(|error| self.invalid_column(error.into()))
    }

    pub(super) fn topic(&mut self) -> rusqlite::Result<TopicId> {
        let slug: String = self.next()?;
        TopicId::new(&slug).map_err(|error| self.invalid_column(error.into()))
    }

    pub(super) fn optional_topic(&mut self) -> rusqlite::Result<Option<TopicId>> {
        let slug: Option<String> = self.next()?;
        let topic = slug.map(|slug| TopicId::new(&slug)).transpose();
        topic.map_err(|error| self.invalid_column(error.into()))
    }

    /// Reads a word of a closed list by its `from_word`.
    pub(super) fn word<T>(&mut self, from_word: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
        let word: String = self.next()?;
        from_word(&word).ok_or_else(|| self.invalid_column(format!("`{word}` is no word of ours").into()))
    }

    /// Reads a word of a closed list by its `from_word`; NULL is `None`.
    pub(super) fn optional_word<T>(&mut self, from_word: impl Fn(&str) -> Option<T>) -> rusqlite::Result<Option<T>> {
        let word: Option<String> = self.next()?;
        word.map(|word| from_word(&word).ok_or_else(|| self.invalid_column(format!("`{word}` is no word of ours").into())))
            .transpose()
    }

    /// Reads a URL; NULL and a text that does not parse are `None`.
    pub(super) fn url(&mut self) -> rusqlite::Result<Option<Url>> {
        Ok(self.next::<Option<String>>()?.and_then(|text| Url::parse(&text).ok()))
    }

    pub(super) fn optional_clean_html(&mut self) -> rusqlite::Result<Option<CleanHtml>> {
        Ok(self.next::<Option<String>>()?.map(CleanHtml::from_trusted))
    }

    pub(super) fn json_list<T: DeserializeOwned>(&mut self) -> rusqlite::Result<Vec<T>> {
        match self.next::<Option<String>>()? {
            None => Ok(Vec::new()),
            Some(text) => serde_json::from_str(&text).map_err(|error| self.invalid_column(error.into())),
        }
    }

    /// Reads the countries that an entry is about; NULL is none.
    pub(super) fn about(&mut self) -> rusqlite::Result<About> {
        Ok(self.next::<Option<String>>()?.map(|text| About::decode(&text)).unwrap_or_default())
    }

    /// Reads the code of an agency; NULL and an agency that this version does not know are `None`.
    pub(super) fn agency(&mut self) -> rusqlite::Result<Option<Agency>> {
        Ok(self.next::<Option<String>>()?.and_then(|code| Agency::parse(&code)))
    }

    pub(super) fn authors(&mut self) -> rusqlite::Result<Vec<Author>> {
        let list: Vec<(String, Option<String>)> = self.json_list()?;
        Ok(list.into_iter().map(|(name, email)| Author { name, email }).collect())
    }

    fn invalid_column(&self, error: Box<dyn std::error::Error + Send + Sync>) -> Error {
        let column = self.next_index - 1;
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

/// Returns a list as a JSON array; an empty list is NULL.
pub(super) fn to_json<T: Serialize>(list: &[T]) -> Option<String> {
    if list.is_empty() {
        return None;
    }
    serde_json::to_string(list).ok()
}

pub(super) fn authors_to_json(authors: &[Author]) -> Option<String> {
    let list: Vec<(&str, Option<&str>)> = authors.iter().map(|a| (a.name.as_str(), a.email.as_deref())).collect();
    to_json(&list)
}

pub(super) fn optional_unix(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::unix)
}

/// Returns a duration in whole seconds.
pub(super) fn optional_seconds(duration: Option<Duration>) -> Option<i64> {
    duration.map(|duration| signed(duration.as_secs()))
}

/// Returns a count as one of `SQLite`'s signed integers; no count comes near the bound.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Returns a count that [`signed`] converted.
pub(super) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
