//! The tables `entry_text` and `entry_words`: the texts of entries as markup, as plain text and as folded words. They lie apart from the table
//! `entry`, so that reading entries without their texts reads few pages.

use super::column::{Columns, signed};
use super::entry_row;
use crate::model::{Agency, Author, CleanHtml, Entry, EntryId, FilledWords, TextForms};
use crate::store::records::{EntryTexts, EntryWords};
use rusqlite::{Connection, OptionalExtension, params};

/// Stores the texts of the entry in `row`.
pub(super) fn upsert(connection: &Connection, row: i64, entry: &Entry, forms: &TextForms) -> rusqlite::Result<()> {
    let summary = entry.summary.as_ref().map(CleanHtml::as_str);
    let content = entry.content.as_ref().map(CleanHtml::as_str);
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO entry_text (entry, summary, content, summary_text, content_text) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    statement.execute(params![
        row,
        summary,
        content,
        unlike(&forms.summary, summary),
        unlike(&forms.content, content)
    ])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO entry_words (entry, words, text_length) VALUES (?1, ?2, ?3)
         ON CONFLICT (entry) DO UPDATE SET words = excluded.words, text_length = excluded.text_length",
    )?;
    statement.execute(params![row, forms.words, signed(forms.longest().len() as u64)])?;
    Ok(())
}

/// Returns a plain text for its column: NULL where it is the same as the markup.
fn unlike<'t>(text: &'t str, markup: Option<&str>) -> Option<&'t str> {
    (markup.unwrap_or_default() != text).then_some(text)
}

/// Stores the words of an article. Those of an entry that an earlier version stored are left out with it: they are made of its texts.
pub(super) fn set_article_words(connection: &Connection, row: i64, words: &str, length: usize) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("UPDATE entry_words SET article_words = ?2, article_length = ?3 WHERE entry = ?1")?;
    statement.execute(params![row, words, signed(length as u64)])?;
    Ok(())
}

fn names(authors: Vec<Author>) -> Vec<String> {
    authors.into_iter().map(|author| author.name).collect()
}

/// Returns the plain texts of these entries, in this order; unknown ids are left out. `to_text` converts the markup of entries that an earlier
/// version stored.
pub(in crate::store) fn texts(
    connection: &Connection,
    entries: &[EntryId],
    to_text: &dyn Fn(&str) -> String,
) -> rusqlite::Result<Vec<(EntryId, EntryTexts)>> {
    let mut statement = connection.prepare_cached(
        "SELECT t.summary, t.content, t.summary_text, t.content_text, w.entry IS NOT NULL, e.title, e.authors, e.categories, e.link, a.text,
                a.categories, a.authors
         FROM entry e JOIN entry_text t ON t.entry = e.row LEFT JOIN entry_words w ON w.entry = e.row LEFT JOIN article a ON a.entry = e.row
         WHERE e.id = ?1",
    )?;
    let mut found = Vec::with_capacity(entries.len());
    for entry in entries {
        let texts = statement.query_row([entry.as_bytes()], |row| {
            let mut columns = Columns::new(row);
            let (summary, content): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
            let (summary_text, content_text): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
            let has_forms: bool = columns.next()?;
            let plain = |text: Option<String>, markup: Option<String>| match (text, markup.unwrap_or_default()) {
                (Some(text), _) => text,
                (None, markup) if has_forms => markup,
                (None, markup) => to_text(&markup),
            };
            let (summary, content) = (plain(summary_text, summary), plain(content_text, content));
            Ok(EntryTexts {
                title: columns.next()?,
                summary,
                content,
                authors: names(columns.authors()?),
                categories: columns
                    .json_list::<(String, Option<String>)>()?
                    .into_iter()
                    .map(|(term, _)| term)
                    .collect(),
                link: columns.next()?,
                article: columns.next()?,
                article_categories: columns.json_list()?,
                article_authors: names(columns.authors()?),
            })
        });
        found.extend(texts.optional()?.map(|texts| (*entry, texts)));
    }
    Ok(found)
}

/// Returns the words of these entries, in this order; none for unknown entries, and for those that a version without words stored.
pub(in crate::store) fn words_of(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<Option<EntryWords>>> {
    let mut statement =
        connection.prepare_cached("SELECT words, article_words FROM entry_words WHERE entry = (SELECT row FROM entry WHERE id = ?1)")?;
    let mut found = Vec::with_capacity(entries.len());
    for entry in entries {
        let stored = statement.query_row([entry.as_bytes()], |row| words(&mut Columns::new(row)));
        found.push(stored.optional()?.flatten());
    }
    Ok(found)
}

/// Stores the words of entries that an earlier version stored.
pub(super) fn fill_words(connection: &Connection, filled: &[FilledWords]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR IGNORE INTO entry_words (entry, words, text_length, article_words, article_length) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut set_texts = connection
        .prepare_cached("UPDATE entry_text SET summary_text = nullif(?2, summary), content_text = nullif(?3, content) WHERE entry = ?1")?;
    let mut set_agency = connection.prepare_cached("UPDATE entry SET agency = ?2 WHERE row = ?1")?;
    for FilledWords { entry, forms, article } in filled {
        let Some(row) = entry_row::row_of(connection, entry)? else {
            continue;
        };
        let (words, length) = article.as_ref().map(|(words, length)| (words, signed(*length as u64))).unzip();
        statement.execute(params![row, forms.words, signed(forms.longest().len() as u64), words, length])?;
        set_texts.execute(params![row, forms.summary, forms.content])?;
        set_agency.execute(params![row, forms.agency.map(Agency::as_str)])?;
    }
    Ok(())
}

pub(super) fn words(columns: &mut Columns) -> rusqlite::Result<Option<EntryWords>> {
    let (words, article_words): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    Ok(words.map(|words| EntryWords { words, article_words }))
}
