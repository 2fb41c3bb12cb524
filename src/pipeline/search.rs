//! Searches the stored entries, by the full-text index: for people (`griot search`), and within the items of a topic feed (`?q=`).

use super::entry_reader::original_texts;
use super::prepare::rules_by_topic;
use crate::config::{Config, ConfigProblem};
use crate::curate::{CompiledSearch, Concepts, QueryError, RuleContext, SearchMarks, compile_concepts, compile_search};
use crate::model::{Entry, EntryId, SearchExpression, SearchOrder, SearchPhrase, StoryId, Timestamp};
use crate::store::{SearchIndexState, SearchPage, Store, StoreError};
use crate::text::snippet::{Snippet, snippet};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many bytes a query may have that anyone on the network can send.
const MAX_PUBLIC_QUERY_BYTES: usize = 500;
/// How many beginnings of words it may have, and of how many letters: the index is read for each word that begins so.
const MAX_PUBLIC_PREFIXES: usize = 4;
const MIN_PUBLIC_PREFIX_LETTERS: usize = 3;
/// About how many characters of a text are shown.
const SNIPPET_CHARS: usize = 240;

/// Why a search was not made.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query has mistakes.
    #[error("the query has mistakes")]
    Query(Vec<QueryError>),
    /// The concepts of feeds.toml have mistakes.
    #[error("the concepts have mistakes")]
    Concepts(Vec<ConfigProblem>),
    /// `[search] index` is false.
    #[error("there is no full-text index, since `[search] index` is false")]
    Off,
    /// There is no index yet.
    #[error("there is no full-text index yet")]
    NotBuilt,
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SearchError {
    /// Returns what the operator can do, where an index is missing.
    #[must_use]
    pub const fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Off => Some("set it to true; the next run makes the index, griot db rebuild makes it at once"),
            Self::NotBuilt => Some("the next run makes it; griot db rebuild makes it at once"),
            Self::Query(_) | Self::Concepts(_) | Self::Store(_) => None,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct SearchRequest<'a> {
    /// The query.
    pub query: &'a str,
    /// The order of the results.
    pub order: SearchOrder,
    /// How many of the first results are left out.
    pub offset: usize,
    /// How many are returned at most.
    pub limit: usize,
}

/// An entry that was found.
#[derive(Debug, Clone)]
pub struct SearchHit {
    /// The entry.
    pub entry: Entry,
    /// How well it matches; comparable within one search only.
    pub score: f64,
    /// The byte ranges of the words in its headline.
    pub title_marks: Vec<Range<usize>>,
    /// The passage of its text with the words.
    pub snippet: Snippet,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct SearchReport {
    /// The entries of the page, in order.
    pub hits: Vec<SearchHit>,
    /// The number of entries that were ranked.
    pub total: usize,
    /// Whether older entries match too, which were not ranked.
    pub has_more: bool,
    /// Whether old entries are not all in the index yet.
    pub is_partial: bool,
}

/// Searches the stored entries.
///
/// # Errors
/// [`SearchError`] when the query has mistakes, when there is no index, or when the store cannot be read.
pub fn search(config: &Config, store: &Store, request: SearchRequest<'_>, now: Timestamp) -> Result<SearchReport, SearchError> {
    let concepts = compile_concepts(&config.concepts).map_err(SearchError::Concepts)?;
    let CompiledSearch { query, marks } = compile(config, &concepts, request.query, now)?;
    if !config.search.index {
        return Err(SearchError::Off);
    }
    let state = store.search_index_state()?;
    let page = SearchPage {
        order: request.order,
        offset: request.offset,
        limit: request.limit,
    };
    let found = store.search(&query, page)?.ok_or(SearchError::NotBuilt)?;
    let ids: Vec<_> = found.matches.iter().map(|found| found.entry).collect();
    let scores: BTreeMap<_, _> = found.matches.iter().map(|found| (found.entry, found.score)).collect();
    let hits = store.entries(&ids)?.into_iter();
    let hits = hits.map(|entry| hit(store, entry, &marks, &scores));
    Ok(SearchReport {
        hits: hits.collect(),
        total: found.total,
        has_more: found.has_more,
        is_partial: state == SearchIndexState::Partial,
    })
}

fn hit(store: &Store, entry: Entry, marks: &SearchMarks, scores: &BTreeMap<EntryId, f64>) -> SearchHit {
    let texts = original_texts(store, entry.id);
    // The text that holds words is shown, else the one that is written as a summary.
    let summary = (marks.spans(&texts.summary), &texts.summary);
    let body = (marks.spans(&texts.body), &texts.body);
    let is_summary = !texts.summary.is_empty() && (!summary.0.is_empty() || body.0.is_empty());
    let (spans, text) = if is_summary { summary } else { body };
    SearchHit {
        score: scores.get(&entry.id).copied().unwrap_or_default(),
        title_marks: marks.spans(&entry.title),
        snippet: snippet(text, &spans, SNIPPET_CHARS),
        entry,
    }
}

fn compile(config: &Config, concepts: &Concepts, query: &str, now: Timestamp) -> Result<CompiledSearch, SearchError> {
    let rules = rules_by_topic(config);
    let context = RuleContext::new(concepts, Some(&config.sources), &rules);
    compile_search(query, &context, now).map_err(SearchError::Query)
}

/// Returns those of the items of a topic feed, which are stories or entries that stand for themselves, that meet a query which anyone on the network can
/// send, in this order: one entry of the story has to meet it. The query has at most 500 bytes and four beginnings of words of three letters and more, and
/// cannot ask for another topic.
///
/// # Errors
/// As [`search`].
#[cfg_attr(not(test), expect(dead_code, reason = "for `?q=` on a topic feed"))]
pub fn among_items(
    config: &Config,
    concepts: &Concepts,
    store: &Store,
    query: &str,
    items: &[StoryId],
    now: Timestamp,
) -> Result<Vec<StoryId>, SearchError> {
    if query.len() > MAX_PUBLIC_QUERY_BYTES {
        return Err(mistake(query, format!("the query is longer than {MAX_PUBLIC_QUERY_BYTES} bytes")));
    }
    if !config.search.index {
        return Err(SearchError::Off);
    }
    let rules = BTreeMap::new();
    let context = RuleContext::new(concepts, Some(&config.sources), &rules);
    let compiled = compile_search(query, &context, now).map_err(SearchError::Query)?;
    let mut lengths = Vec::new();
    prefix_lengths(&compiled.query.expression, &mut lengths);
    if lengths.len() > MAX_PUBLIC_PREFIXES || lengths.iter().any(|length| *length < MIN_PUBLIC_PREFIX_LETTERS) {
        let message = format!(
            "the query has more than {MAX_PUBLIC_PREFIXES} beginnings of words, or one of fewer than {MIN_PUBLIC_PREFIX_LETTERS} letters"
        );
        return Err(mistake(query, message));
    }
    store.search_stories(&compiled.query, items)?.ok_or(SearchError::NotBuilt)
}

/// Returns the error for a whole query.
fn mistake(query: &str, message: String) -> SearchError {
    SearchError::Query(vec![QueryError {
        span: 0..query.len(),
        message,
        help: None,
    }])
}

/// Collects the numbers of letters of the phrases that end with the beginning of a word.
fn prefix_lengths(expression: &SearchExpression, lengths: &mut Vec<usize>) {
    let mut add = |phrase: &SearchPhrase| {
        if phrase.is_prefix {
            lengths.push(phrase.words.last().map_or(0, |word| word.chars().count()));
        }
    };
    match expression {
        SearchExpression::All(parts) | SearchExpression::Any(parts) => parts.iter().for_each(|part| prefix_lengths(part, lengths)),
        SearchExpression::Not(part) => prefix_lengths(part, lengths),
        SearchExpression::Phrase(phrase, _) => add(phrase),
        SearchExpression::Near(one, other, ..) => [one, other].into_iter().for_each(add),
        SearchExpression::Everything | SearchExpression::Fact(_) => {}
    }
}
