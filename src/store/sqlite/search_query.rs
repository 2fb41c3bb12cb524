//! Searches in the full-text index: the tree of a search becomes an expression of FTS5, and what it finds is ranked.

use super::column::Columns;
use super::search_facts::{EVERY, NONE, area_word, date_words, genre_word, language_words, source_word};
use super::search_index::exists;
use crate::model::{
    EntryId, SearchExpression, SearchFact, SearchOrder, SearchPhrase, SearchQuery, SearchZone, SearchZones, SourceId, StoryId, Timestamp,
    TopicId,
};
use crate::store::search_records::{MAX_RANKED, SearchMatch, SearchPage, SearchResult};
use rusqlite::{Connection, OptionalExtension, params};
use std::cmp::Reverse;
use std::fmt::Write;

/// A match with what it is ranked by.
struct Ranked {
    id: EntryId,
    date: Timestamp,
    score: f64,
}

/// Returns the best matches of a query; `None` when there is no index.
pub(in crate::store) fn search(connection: &Connection, query: &SearchQuery, page: SearchPage) -> rusqlite::Result<Option<SearchResult>> {
    if !exists(connection)? {
        return Ok(None);
    }
    let rendering = Rendering::new(connection)?;
    let expression = rendering.of_query(query)?;
    let rows = if has_words(&query.expression) {
        // A headline says what a text is about. The facts by which entries are filtered count for nothing.
        let mut find = connection.prepare_cached(
            "SELECT rowid, -bm25(entry_search, 0.0, 6.0, 2.0, 1.0, 1.0, 1.0) FROM entry_search WHERE entry_search MATCH ?1
             ORDER BY rowid DESC LIMIT ?2",
        )?;
        rows_of(&mut find, &expression)?
    } else {
        let mut find =
            connection.prepare_cached("SELECT rowid, 0.0 FROM entry_search WHERE entry_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
        rows_of(&mut find, &expression)?
    };
    let has_more = rows.len() > MAX_RANKED;
    let mut ranked = Vec::with_capacity(rows.len());
    let mut find = connection.prepare_cached("SELECT id, date, story FROM entry WHERE row = ?1")?;
    for (row, score) in rows.into_iter().take(MAX_RANKED) {
        let found = find.query_row([row], |row| {
            let mut columns = Columns::new(row);
            Ok((columns.entry()?, columns.time()?, columns.optional_story()?))
        });
        let Some((id, date, story)) = found.optional()? else { continue };
        let is_in_topic = match &query.topic {
            Some(topic) => holds(connection, topic, id, story)?,
            None => true,
        };
        if is_in_topic && query.since.is_none_or(|since| date >= since) {
            ranked.push(Ranked { id, date, score });
        }
    }
    match page.order {
        SearchOrder::Relevance => {
            ranked.sort_by(|one, other| {
                other
                    .score
                    .total_cmp(&one.score)
                    .then_with(|| newest_first(one).cmp(&newest_first(other)))
            });
        }
        SearchOrder::Date => ranked.sort_by_key(newest_first),
    }
    let matches = ranked.iter().skip(page.offset).take(page.limit);
    Ok(Some(SearchResult {
        matches: matches
            .map(|ranked| SearchMatch {
                entry: ranked.id,
                score: ranked.score,
            })
            .collect(),
        total: ranked.len(),
        has_more,
    }))
}

fn newest_first(ranked: &Ranked) -> (Reverse<Timestamp>, EntryId) {
    (Reverse(ranked.date), ranked.id)
}

/// Returns the rows of the newest matches, one more than are ranked, each with its score.
fn rows_of(find: &mut rusqlite::CachedStatement<'_>, expression: &str) -> rusqlite::Result<Vec<(i64, f64)>> {
    let limit = i64::try_from(MAX_RANKED + 1).unwrap_or(i64::MAX);
    let rows = find.query_map(params![expression, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Returns whether a topic holds an entry, or its story.
fn holds(connection: &Connection, topic: &TopicId, entry: EntryId, story: Option<StoryId>) -> rusqlite::Result<bool> {
    let mut find = connection.prepare_cached("SELECT 1 FROM placement WHERE topic = ?1 AND story IN (?2, ?3) AND waits = 0")?;
    let story = story.unwrap_or(entry.into());
    find.exists(params![topic.as_str(), entry.as_bytes(), story.as_bytes()])
}

/// Returns whether a match stands anywhere in the words of texts, so that it can be ranked.
fn has_words(expression: &SearchExpression) -> bool {
    match expression {
        SearchExpression::All(parts) | SearchExpression::Any(parts) => parts.iter().any(has_words),
        SearchExpression::Phrase(..) | SearchExpression::Near(..) => true,
        SearchExpression::Not(_) | SearchExpression::Everything | SearchExpression::Fact(_) => false,
    }
}

/// What an expression of FTS5 is made with.
struct Rendering<'c> {
    connection: &'c Connection,
    /// The days of the oldest and of the newest entry.
    days: (i64, i64),
}

impl<'c> Rendering<'c> {
    fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let day = |sql| -> rusqlite::Result<i64> {
            let mut find = connection.prepare_cached(sql)?;
            let date: Option<i64> = find.query_row([], |row| row.get(0))?;
            Ok(Timestamp::from_unix(date.unwrap_or_default()).unix_day())
        };
        let days = (day("SELECT min(date) FROM entry")?, day("SELECT max(date) FROM entry")?);
        Ok(Self { connection, days })
    }

    fn of_query(&self, query: &SearchQuery) -> rusqlite::Result<String> {
        let expression = self.render(&query.expression)?;
        Ok(match query.since {
            Some(since) => format!("({expression}) AND {}", self.fact(&SearchFact::Days(Some(since.unix_day()), None))?),
            None => expression,
        })
    }

    /// Returns an expression of FTS5 that has no operator outside of parentheses.
    fn render(&self, expression: &SearchExpression) -> rusqlite::Result<String> {
        match expression {
            SearchExpression::All(parts) => {
                let is_not = |part: &&SearchExpression| matches!(part, SearchExpression::Not(_));
                let (not, all): (Vec<_>, Vec<_>) = parts.iter().partition(is_not);
                let all = if all.is_empty() {
                    fact_word(EVERY)
                } else {
                    self.joined(all.into_iter(), "AND")?
                };
                if not.is_empty() {
                    return Ok(all);
                }
                let not = not.into_iter().filter_map(|part| match part {
                    SearchExpression::Not(part) => Some(&**part),
                    _ => None,
                });
                Ok(format!("({all} NOT {})", self.joined(not, "OR")?))
            }
            SearchExpression::Any(parts) if parts.is_empty() => Ok(fact_word(NONE)),
            SearchExpression::Any(parts) => self.joined(parts.iter(), "OR"),
            SearchExpression::Not(part) => Ok(format!("({} NOT {})", fact_word(EVERY), self.render(part)?)),
            SearchExpression::Everything => Ok(fact_word(EVERY)),
            SearchExpression::Phrase(phrase, zones) => Ok(format!("({}{})", columns(zones), quoted(phrase))),
            SearchExpression::Near(one, other, distance, zones) => {
                Ok(format!("({}NEAR({} {}, {distance}))", columns(zones), quoted(one), quoted(other)))
            }
            SearchExpression::Fact(fact) => self.fact(fact),
        }
    }

    fn joined<'p>(&self, parts: impl Iterator<Item = &'p SearchExpression>, operator: &str) -> rusqlite::Result<String> {
        let mut out = "(".to_owned();
        for (number, part) in parts.enumerate() {
            if number > 0 {
                // Writing to a String cannot fail.
                let _ = write!(out, " {operator} ");
            }
            out.push_str(&self.render(part)?);
        }
        out.push(')');
        Ok(out)
    }

    fn fact(&self, fact: &SearchFact) -> rusqlite::Result<String> {
        Ok(match fact {
            SearchFact::Source(source) => self
                .source(source)?
                .map_or_else(|| fact_word(NONE), |row| fact_word(&source_word(row))),
            SearchFact::Language(tag) => fact_word(language_words(tag).last().map_or(NONE, String::as_str)),
            SearchFact::About(area) => fact_word(&area_word(*area)),
            SearchFact::Genre(genre) => fact_word(&genre_word(genre.as_str())),
            SearchFact::Days(from, until) => {
                // No word is needed for days that no entry has.
                let from = from.unwrap_or(self.days.0).max(self.days.0);
                let until = until.unwrap_or(i64::MAX).min(self.days.1 + 1);
                let words: Vec<String> = date_words(from, until).iter().map(|word| fact_word(word)).collect();
                if words.is_empty() {
                    fact_word(NONE)
                } else {
                    format!("({})", words.join(" OR "))
                }
            }
        })
    }

    fn source(&self, source: &SourceId) -> rusqlite::Result<Option<i64>> {
        let mut find = self.connection.prepare_cached("SELECT row FROM source WHERE slug = ?1")?;
        find.query_row([source.as_str()], |row| row.get(0)).optional()
    }
}

fn fact_word(word: &str) -> String {
    format!("(facts : \"{word}\")")
}

/// Returns the filter of the columns of these zones.
fn columns(zones: SearchZones) -> String {
    let names = zones.iter().map(|zone| match zone {
        SearchZone::Title => "title",
        SearchZone::Summary => "summary",
        SearchZone::Body => "body",
        SearchZone::Author => "author",
        SearchZone::Category => "category",
    });
    format!("{{{}}} : ", names.collect::<Vec<_>>().join(" "))
}

fn quoted(phrase: &SearchPhrase) -> String {
    // A quotation mark is no part of a word; doubled it would be one character of the string.
    let words = phrase.words.join(" ").replace('"', "\"\"");
    format!("\"{words}\"{}", if phrase.is_prefix { " *" } else { "" })
}
