//! The table `article`: what was extracted from entries' pages.

use super::column::{Columns, authors_to_json, optional_unix, to_json};
use super::entry;
use crate::model::{Article, ArticleMethod, CleanHtml, EntryId, Image};
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

/// Stores the article of an entry in place of a former one. An article of an unknown entry is left out.
pub(super) fn upsert(connection: &Connection, entry: &EntryId, article: &Article) -> rusqlite::Result<()> {
    let Some(row) = entry::row_of(connection, entry)? else {
        return Ok(());
    };
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO article (entry, body, text, title, authors, published, modified, language, categories, image, image_width,
           image_height, site, canonical, method, confidence, problems, reservations, published_offset)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    )?;
    let image = article.image.as_ref();
    statement.execute(params![
        row,
        article.body.as_str(),
        article.text,
        article.title,
        authors_to_json(&article.authors),
        optional_unix(article.published),
        optional_unix(article.modified),
        article.language,
        to_json(&article.categories),
        image.map(|image| image.url.as_str()),
        image.and_then(|image| image.width),
        image.and_then(|image| image.height),
        article.site,
        article.canonical.as_ref().map(Url::as_str),
        article.method.as_str(),
        if article.confidence.is_nan() { 0.0 } else { article.confidence },
        to_json(&article.problems),
        to_json(&article.reservations),
        article.published_offset,
    ])?;
    connection
        .prepare_cached("DELETE FROM page_visit WHERE entry = ?1")?
        .execute([row])?;
    // An entry that was composed before was composed with the feed's text: its story has to be evaluated again.
    connection
        .prepare_cached("INSERT OR IGNORE INTO unjudged (entry) SELECT row FROM entry WHERE row = ?1 AND compose_seq IS NOT NULL")?
        .execute([row])?;
    Ok(())
}

/// Returns the articles of these entries, in this order; entries without one are left out.
pub(in crate::store) fn by_entries(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<(EntryId, Article)>> {
    let mut found = Vec::new();
    for entry in entries {
        if let Some(row) = entry::row_of(connection, entry)?
            && let Some(article) = by_row(connection, row)?
        {
            found.push((*entry, article));
        }
    }
    Ok(found)
}

fn by_row(connection: &Connection, row: i64) -> rusqlite::Result<Option<Article>> {
    let mut statement = connection.prepare_cached(
        "SELECT body, text, title, authors, published, modified, language, categories, image, image_width, image_height, site, canonical,
                method, confidence, problems, reservations, published_offset
         FROM article WHERE entry = ?1",
    )?;
    statement.query_row([row], |row| read(&mut Columns::new(row))).optional()
}

fn read(columns: &mut Columns) -> rusqlite::Result<Article> {
    Ok(Article {
        body: CleanHtml::from_trusted(columns.next()?),
        text: columns.next()?,
        title: columns.next()?,
        authors: columns.authors()?,
        published: columns.optional_time()?,
        modified: columns.optional_time()?,
        language: columns.next()?,
        categories: columns.json_list()?,
        image: image(columns)?,
        site: columns.next()?,
        canonical: columns.url()?,
        method: columns.word(ArticleMethod::from_word)?,
        confidence: columns.next()?,
        problems: columns.json_list()?,
        reservations: columns.json_list()?,
        published_offset: columns.next()?,
    })
}

fn image(columns: &mut Columns) -> rusqlite::Result<Option<Image>> {
    let (url, width, height) = (columns.url()?, columns.next()?, columns.next()?);
    Ok(url.map(|url| Image { url, width, height }))
}
