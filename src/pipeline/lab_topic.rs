//! `griot lab topic`: a query evaluated on texts of a file, with the code of a run.

use crate::config::{self, ConfigProblem, Place, Placed, Rule, Source};
use crate::curate::{self, CompiledRule, EntryFacts, EntryWords, MatchedEntry, Matcher, OriginalTexts};
use crate::model::{SourceId, Timestamp};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::html_to_text::html_to_text;
use crate::text::language;
use std::collections::BTreeMap;
use std::path::Path;

/// A text to evaluate.
#[derive(Debug, Default)]
pub struct LabText {
    /// The headline.
    pub title: String,
    /// The text, plain or as HTML.
    pub body: String,
    /// A BCP 47 language tag; detected when it is not given.
    pub language: Option<String>,
    /// The country of its source, by its ISO 3166-1 code.
    pub country: Option<String>,
    /// The name of its source.
    pub source: Option<String>,
}

/// A query, compiled.
#[derive(Debug)]
pub struct LabTopic {
    rule: CompiledRule,
    matcher: Matcher,
    now: Timestamp,
}

impl LabTopic {
    /// Compiles a query with the built-in concepts. Texts are dated `now`.
    ///
    /// # Errors
    /// Every mistake in the query.
    pub fn new(query: &str, now: Timestamp) -> Result<Self, Vec<ConfigProblem>> {
        let rule = Rule {
            query: Some(Placed {
                text: query.to_owned(),
                place: Place::default(),
            }),
            ..Rule::default()
        };
        let (concepts, topics) = (curate::Concepts::default(), BTreeMap::new());
        let mut table = curate::PatternTable::default();
        let rule = curate::compile(&rule, &curate::RuleContext::new(&concepts, None, &topics), &mut table)?;
        let matcher = Matcher::new([&rule], &concepts, &table);
        Ok(Self { rule, matcher, now })
    }

    /// Returns the score of a text that matches, else `None`.
    #[must_use]
    pub fn score(&self, text: &LabText) -> Option<f64> {
        let evaluate = |entry: &MatchedEntry<'_>| self.rule.evaluate(entry, 1).map(|verdict| verdict.score);
        text.matched(&self.matcher, self.now, evaluate)
    }
}

impl LabText {
    /// Passes the text as an entry dated `now`, in which the patterns of `matcher` were found, to `each`; returns what that returns.
    pub fn matched<T>(&self, matcher: &Matcher, now: Timestamp, each: impl FnOnce(&MatchedEntry<'_>) -> T) -> T {
        let body = html_to_text(&self.body);
        let texts = OriginalTexts {
            title: self.title.clone(),
            body: strip_feed_footer(&body).to_owned(),
            ..OriginalTexts::default()
        };
        let language = self
            .language
            .clone()
            .or_else(|| language::resolve_language(None, &format!("{}\n{body}", self.title)));
        let source = source(self);
        let unknown = SourceId::new("text").expect("it is a slug");
        let facts = EntryFacts {
            source_id: source.as_ref().map_or(&unknown, |source| &source.id),
            source: source.as_ref(),
            language: language.as_deref(),
            date: now,
        };
        let words = texts.word_list();
        let load = || texts.clone();
        each(&matcher.scan(facts, EntryWords::new(&words, None), &load))
    }
}

/// Returns a source with the name and the country of the text's.
fn source(text: &LabText) -> Option<Source> {
    let country = text.country.as_deref().filter(|code| code.len() == 2).map(str::to_uppercase);
    if country.is_none() && text.source.is_none() {
        return None;
    }
    let name = text.source.clone().unwrap_or_default();
    let country = country.map_or_else(String::new, |code| format!("country = {}\n", toml_string(&code)));
    let source = format!(
        "[[source]]\nid = \"text\"\nurl = \"https://text.invalid/\"\nname = {}\n{country}",
        toml_string(if name.is_empty() { "text" } else { &name })
    );
    config::from_str(Path::new("feeds.toml"), &source).ok()?.sources.into_iter().next()
}

/// Returns a TOML basic string (TOML 1.0, Strings).
fn toml_string(text: &str) -> String {
    let escaped: String = text
        .chars()
        .filter(|c| !c.is_control())
        .flat_map(|c| if matches!(c, '"' | '\\') { vec!['\\', c] } else { vec![c] })
        .collect();
    format!("\"{escaped}\"")
}
