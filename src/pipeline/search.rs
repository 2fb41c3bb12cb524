//! Searches the stored entries, by the full-text index: for people (`griot search`), and within the items of a topic feed (`?q=`).

use super::entry_reader::original_texts;
use super::prepare::rules_by_topic;
use crate::config::{Config, ConfigProblem};
use crate::curate::{CompiledSearch, Concepts, QueryError, RuleContext, SearchMarks, compile_concepts, compile_search};
use crate::model::{Entry, EntryId, SearchOrder, Timestamp};
use crate::store::{SearchIndexState, SearchPage, Store, StoreError};
use crate::text::snippet::{Snippet, snippet};
use std::collections::BTreeMap;
use std::ops::Range;

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
    let context = RuleContext::new(concepts, config.closed_sources(), &rules);
    compile_search(query, &context, now).map_err(SearchError::Query)
}
