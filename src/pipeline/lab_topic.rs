//! `griot lab topic`: queries evaluated on texts of a file, with the code of a run.

use crate::config::{self, ConfigProblem, Place, Placed, Rule, Source};
use crate::curate::{self, CompiledRule, ConceptLearner, EntryFacts, EntryWords, MatchedEntry, Matcher, OriginalTexts};
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

/// Queries, compiled.
#[derive(Debug)]
pub struct LabTopics {
    rules: Vec<CompiledRule>,
    matcher: Matcher,
    now: Timestamp,
}

impl LabTopics {
    /// Compiles queries with the built-in concepts. Texts are dated `now`.
    ///
    /// # Errors
    /// Every mistake in the first query that has one.
    pub fn new(queries: &[&str], now: Timestamp) -> Result<Self, Vec<ConfigProblem>> {
        let (concepts, topics) = (curate::Concepts::default(), BTreeMap::new());
        let context = curate::RuleContext::new(&concepts, None, &topics);
        let mut table = curate::PatternTable::default();
        let mut compile = |query: &&str| {
            let rule = Rule {
                query: Some(Placed {
                    text: (*query).to_owned(),
                    place: Place::default(),
                }),
                ..Rule::default()
            };
            curate::compile(&rule, &context, &mut table)
        };
        let rules = queries.iter().map(&mut compile).collect::<Result<Vec<_>, _>>()?;
        let matcher = Matcher::new(&rules, &concepts, &table);
        Ok(Self { rules, matcher, now })
    }

    /// Returns the score of a text by each query that it matches, else `None`.
    #[must_use]
    pub fn scores(&self, text: &LabText) -> Vec<Option<f64>> {
        let (texts, language) = read(text);
        self.evaluate(&texts.word_list(), language.as_deref(), source(text).as_ref(), &|| texts.clone())
    }

    /// Returns the words of a text as they are stored with an entry.
    #[must_use]
    pub fn words(title: &str, body: &str) -> String {
        let texts = OriginalTexts {
            title: title.to_owned(),
            body: body.to_owned(),
            ..OriginalTexts::default()
        };
        texts.word_list()
    }

    /// Returns how many queries an entry with these stored words matches, in the language of this BCP 47 tag.
    #[must_use]
    pub fn count(&self, words: &str, language: &str) -> usize {
        let scores = self.evaluate(words, Some(language), None, &OriginalTexts::default);
        scores.iter().flatten().count()
    }

    fn evaluate(&self, words: &str, language: Option<&str>, source: Option<&Source>, load: &dyn Fn() -> OriginalTexts) -> Vec<Option<f64>> {
        let Ok(unknown) = SourceId::new("text") else { return Vec::new() };
        let facts = EntryFacts {
            source_id: source.map_or(&unknown, |source| &source.id),
            source,
            language,
            date: self.now,
        };
        let entry = self.matcher.scan(facts, EntryWords::new(words, None), load);
        let score = |rule: &CompiledRule| rule.evaluate(&entry, 1).map(|verdict| verdict.score);
        self.rules.iter().map(score).collect()
    }
}

impl LabText {
    /// Passes the text as an entry dated `now`, in which the patterns of `matcher` were found, to `each`; returns what that returns.
    pub(super) fn matched<T>(&self, matcher: &Matcher, now: Timestamp, each: impl FnOnce(&MatchedEntry<'_>) -> T) -> T {
        let (texts, language) = read(self);
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

/// A built-in vocabulary whose weights are to be learned.
#[derive(Debug)]
pub struct LabConcept {
    learner: ConceptLearner,
    now: Timestamp,
}

impl LabConcept {
    /// Returns a learner of the vocabulary `name`, without the `@`; `None` when there is none.
    #[must_use]
    pub fn new(name: &str, now: Timestamp) -> Option<Self> {
        let learner = ConceptLearner::new(name)?;
        Some(Self { learner, now })
    }

    /// Adds a text of this outlet, with its label.
    pub fn add(&mut self, text: &LabText, outlet: &str, is_positive: bool) {
        let (texts, language) = read(text);
        let Ok(source_id) = SourceId::new("text") else { return };
        let facts = EntryFacts {
            source_id: &source_id,
            source: None,
            language: language.as_deref(),
            date: self.now,
        };
        self.learner
            .add(facts, EntryWords::new(&texts.word_list(), None), outlet, is_positive);
    }

    /// Returns the table of weights, and a report of the figures by hand, cross-validated and in sample.
    #[must_use]
    pub fn learn(&self) -> (String, String) {
        self.learner.learn()
    }
}

/// Returns the texts that an entry would have, and its language.
fn read(text: &LabText) -> (OriginalTexts, Option<String>) {
    let body = html_to_text(&text.body);
    let texts = OriginalTexts {
        title: text.title.clone(),
        body: strip_feed_footer(&body).to_owned(),
        ..OriginalTexts::default()
    };
    let detected = || language::resolve_language(None, &format!("{}\n{body}", text.title));
    let language = text.language.clone().or_else(detected);
    (texts, language)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(query: &str, text: &LabText) -> bool {
        let topics = LabTopics::new(&[query], Timestamp::from_unix(1_785_542_400)).expect("it compiles");
        topics.scores(text)[0].is_some()
    }

    fn titled(title: &str) -> LabText {
        LabText {
            title: title.to_owned(),
            ..LabText::default()
        }
    }

    #[test]
    fn a_text_is_read_as_a_feeds_entry() {
        let text = LabText {
            title: "Une route rouvre".to_owned(),
            body: "<p>Elle va à <b>Lomé</b>.</p><p>L'article Une route est apparu en premier sur Mali Matin.</p>".to_owned(),
            ..LabText::default()
        };
        assert!(is_found("text:lomé title:route about:TG date:2026-08-01", &text));
        assert!(!is_found("matin", &text), "a footer of the publishing system is no text");
        assert!(!is_found("strong OR b", &text), "nor is markup");
        let topics = LabTopics::new(&["route", "puits", "lomé^2"], Timestamp::from_unix(0)).expect("they compile");
        assert_eq!(topics.scores(&text), [Some(1.5), None, Some(2.0)]);
        assert_eq!(topics.count(&LabTopics::words("Un puits", "La route"), "fr"), 2);
        assert!(LabTopics::new(&["@sahl"], Timestamp::from_unix(0)).is_err());
    }

    #[test]
    fn the_stated_language_counts_before_the_detected_one() {
        let text = |language: Option<&str>| LabText {
            language: language.map(str::to_owned),
            ..titled("Le buteur est attendu dans son village pour la fête de la moisson")
        };
        assert!(is_found("@sport lang:fr", &text(None)), "it is detected");
        assert!(is_found("@sport", &text(Some("fr-BF"))) && is_found("lang:fr", &text(Some("fr-BF"))));
        assert!(
            is_found("lang:en", &text(Some("en"))) && !is_found("@sport", &text(Some("en"))),
            "a word counts in its language"
        );
    }

    #[test]
    fn the_country_and_the_name_of_the_source_are_its_own() {
        let of = |country: Option<&str>, source: Option<&str>, title: &str| LabText {
            country: country.map(str::to_owned),
            source: source.map(str::to_owned),
            ..titled(title)
        };
        assert!(is_found("about:NE country:ne", &of(Some("ne"), None, "Une route rouvre")));
        assert!(!is_found("about:NE", &of(None, Some("La Gazette"), "Une route rouvre")));
        assert!(
            !is_found("about:NE", &of(Some("Niger"), None, "Une route rouvre")),
            "a name is no code"
        );
        let quoted = "Le \"Mali\" \\ du Matin";
        assert!(is_found("about:ML", &of(None, None, "Le Mali du Matin")));
        assert!(
            !is_found("about:ML", &of(None, Some(quoted), "Le Mali du Matin")),
            "the name of the outlet is no evidence"
        );
    }
}
