//! The table `article`: what was extracted from entries' pages.

use super::column::{Columns, authors_to_json, optional_unix, to_json};
use super::{entry_row, fingerprint, text};
use crate::model::{Agency, Article, ArticleForms, ArticleMethod, CanonicalUrl, CleanHtml, EntryId, Image, Timestamp, declared_canonical};
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

/// The row of an entry, whether it is composed, when its page was fetched before, its link, and whether it is composed with the same article's text.
type StoredEntry = (i64, bool, Option<i64>, Option<Url>, bool);

/// Stores the article of an entry in place of a former one, with the words of its text. An article of an unknown entry is left out.
pub(super) fn upsert(
    connection: &Connection,
    entry: &EntryId,
    article: &Article,
    forms: &ArticleForms,
    fetched: Timestamp,
) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached(
        "SELECT e.row, e.compose_seq IS NOT NULL, a.fetched, e.link, e.compose_seq IS NOT NULL AND a.text IS ?2 FROM entry e LEFT JOIN article a ON a.entry = e.row WHERE e.id = ?1",
    )?;
    let found = find.query_row(params![entry.as_bytes(), article.text], |row| {
        let mut columns = Columns::new(row);
        Ok((columns.next()?, columns.next()?, columns.next()?, columns.url()?, columns.next()?))
    });
    let Some((row, is_composed, before, link, is_same_text)): Option<StoredEntry> = found.optional()? else {
        return Ok(());
    };
    // The same article comes twice when a run was interrupted.
    if before == Some(fetched.unix()) {
        return Ok(());
    }
    // The conflict is an update, since the number of refetches stays.
    let mut statement = connection.prepare_cached(
        "INSERT INTO article (entry, body, text, title, authors, published, modified, language, categories, image, image_width,
           image_height, site, canonical, method, confidence, problems, reservations, published_offset, fetched)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
         ON CONFLICT (entry) DO UPDATE SET body = excluded.body, text = excluded.text, title = excluded.title, authors = excluded.authors,
           published = excluded.published, modified = excluded.modified, language = excluded.language, categories = excluded.categories,
           image = excluded.image, image_width = excluded.image_width, image_height = excluded.image_height, site = excluded.site,
           canonical = excluded.canonical, method = excluded.method, confidence = excluded.confidence, problems = excluded.problems,
           reservations = excluded.reservations, published_offset = excluded.published_offset, fetched = excluded.fetched",
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
        fetched.unix(),
    ])?;
    connection
        .prepare_cached("DELETE FROM page_visit WHERE entry = ?1")?
        .execute([row])?;
    text::set_article_words(connection, row, &forms.words, article.text.len())?;
    // It lies with the entry, so that reading a story reads no article.
    connection
        .prepare_cached("UPDATE entry SET page_agency = ?2 WHERE row = ?1")?
        .execute(params![row, article.agency.map(Agency::as_str)])?;
    if is_composed {
        if !is_same_text {
            fingerprint::set_stale(connection, row)?;
        }
        // It was composed with the text that it had: its story stays, but is evaluated again.
        entry_row::touch(connection, row)
    } else {
        let declared = link.as_ref().zip(article.canonical.as_ref());
        let declared = declared.and_then(|(link, stated)| declared_canonical(link, stated));
        connection
            .prepare_cached("UPDATE entry SET declared = ?2 WHERE row = ?1")?
            .execute(params![row, declared.as_ref().map(CanonicalUrl::as_str)])?;
        Ok(())
    }
}

/// Returns the articles of these entries, in this order; entries without one are left out.
pub(in crate::store) fn by_entries(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<(EntryId, Article)>> {
    let mut found = Vec::new();
    for entry in entries {
        if let Some(row) = entry_row::row_of(connection, entry)?
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
                method, confidence, problems, reservations, published_offset, (SELECT page_agency FROM entry WHERE row = ?1)
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
        agency: columns.agency()?,
    })
}

fn image(columns: &mut Columns) -> rusqlite::Result<Option<Image>> {
    let (url, width, height) = (columns.url()?, columns.next()?, columns.next()?);
    Ok(url.map(|url| Image { url, width, height }))
}
