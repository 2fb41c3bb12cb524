//! Searches: the query language as far as a full-text index answers it. A query is parsed as a topic's is, and becomes a tree of words and facts.
//!
//! What only the texts themselves tell, such as spelling, sentences and expressions, is an error with its place; `since:` is known here only, since a topic has
//! `keep`.

use super::context::RuleContext;
use super::expression::{Clause, Expression, Predicate};
use super::field::Property;
use super::lexer::{QueryError, SpannedToken, Token, tokenize};
use super::pattern::{Pattern, WordPattern};
use super::position::{Zone, Zones};
use super::query::{check_length, parse_tokens};
use super::scan::PatternTable;
use super::search_marks::SearchMarks;
use super::suggest::nearest;
use super::value::day_span;
use crate::config::{Source, parse_duration};
use crate::model::{Area, SearchExpression, SearchFact, SearchPhrase, SearchQuery, SearchZone, SearchZones, Timestamp, TopicId};
use crate::text::search_words::indexed_forms;
use crate::text::stem::strip_inflection;
use std::ops::Range;

/// The letters that the beginning of a word has at least: a shorter one begins too many words.
const MIN_PREFIX_LETTERS: usize = 2;
/// The number of phrases and facts that a search may have once alternatives are written out: each is looked up in the index.
const MAX_SEARCH_PARTS: usize = 1_000;

/// A compiled search.
#[derive(Debug, Clone)]
pub struct CompiledSearch {
    /// What is searched for.
    pub query: SearchQuery,
    /// The words that are marked where they stand.
    pub marks: SearchMarks,
}

/// Compiles a search. `now` is the end of the time that `since:7d` names.
///
/// # Errors
/// Every mistake in it with its place: what no query may hold, and what an index does not answer.
pub fn compile_search(query: &str, context: &RuleContext<'_>, now: Timestamp) -> Result<CompiledSearch, Vec<QueryError>> {
    check_length(query)?;
    let mut tokens = tokenize(query).map_err(|error| vec![error])?;
    if tokens.is_empty() {
        let error = QueryError::new(0..query.len(), "the query is empty");
        return Err(vec![error.help("write words, or `*` for all that is stored")]);
    }
    let since = take_since(&mut tokens, now).map_err(|error| vec![error])?;
    let mut compiling = Compiling {
        query,
        context,
        table: PatternTable::default(),
        marked: Vec::new(),
        parts: 0,
        topic: None,
    };
    let expression = if tokens.is_empty() {
        SearchExpression::Everything
    } else {
        let mut expression = parse_tokens(query, &tokens, context, &mut compiling.table).map_err(fitting)?;
        compiling.take_topic(&mut expression).map_err(|error| vec![error])?;
        compiling.expression(&expression, true).map_err(|error| vec![error])?
    };
    Ok(CompiledSearch {
        query: SearchQuery {
            expression,
            since,
            topic: compiling.topic,
        },
        marks: SearchMarks::new(compiling.marked),
    })
}

/// Puts the help of a search in place of that of a rule.
fn fitting(mut errors: Vec<QueryError>) -> Vec<QueryError> {
    for error in &mut errors {
        if error.message == "this is no date" {
            error.help = Some("write date:2026-08-01, date:2026-07-01..2026-08-31 or date:>=2026-08-01 (UTC)".to_owned());
        }
    }
    errors
}

/// Takes `since:` with its value out of a query's tokens; returns the latest time that it names.
fn take_since(tokens: &mut Vec<SpannedToken>, now: Timestamp) -> Result<Option<Timestamp>, QueryError> {
    let mut since: Option<Timestamp> = None;
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(spanned) = tokens.get(at) {
        match &spanned.token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Field(name) if name == "since" => {
                let place = spanned.span.clone();
                let before = at.checked_sub(1).map(|before| &tokens[before].token);
                let is_part = depth > 0
                    || matches!(before, Some(Token::Or | Token::Not))
                    || matches!(tokens.get(at + 2), Some(next) if next.token == Token::Or);
                if is_part {
                    let error = QueryError::new(place, "`since:` holds for the whole search");
                    return Err(error.help("write it outside of parentheses, without `OR` and `-`; `date:` may stand anywhere"));
                }
                let value = tokens.get(at + 1).filter(|value| value.span.start == place.end);
                let value = value.ok_or_else(|| QueryError::new(place, "a value is missing behind `since:`").help(SINCE_HELP))?;
                let time = time_since(value, now)?;
                since = Some(since.map_or(time, |known| known.max(time)));
                tokens.drain(at..at + 2);
                // `AND` that stood between them joins nothing any more.
                if tokens.get(at).is_some_and(|next| next.token == Token::And) {
                    tokens.remove(at);
                } else if at > 0 && at == tokens.len() && tokens[at - 1].token == Token::And {
                    tokens.remove(at - 1);
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(since)
}

const SINCE_HELP: &str = "write since:24h, since:7d or since:2026-08-01 (UTC)";

fn time_since(value: &SpannedToken, now: Timestamp) -> Result<Timestamp, QueryError> {
    let (Token::Word(text) | Token::Quoted(text, _) | Token::Exact(text)) = &value.token else {
        return Err(QueryError::new(value.span.clone(), "this is no time").help(SINCE_HELP));
    };
    let span = day_span(text).map(|(from, _)| from);
    let time = span.or_else(|| parse_duration(text).map(|age| now - age));
    time.ok_or_else(|| QueryError::new(value.span.clone(), format!("`{text}` is no time")).help(SINCE_HELP))
}

/// A search that is being compiled.
struct Compiling<'a> {
    query: &'a str,
    context: &'a RuleContext<'a>,
    table: PatternTable,
    /// The patterns whose words are marked.
    marked: Vec<Pattern>,
    parts: usize,
    topic: Option<TopicId>,
}

impl Compiling<'_> {
    /// Takes `topic:` out of an expression, where it holds for the whole search.
    fn take_topic(&mut self, expression: &mut Expression) -> Result<(), QueryError> {
        let parts = match expression {
            Expression::All(parts) => parts,
            Expression::Clause(_) => {
                let whole = std::mem::replace(expression, Expression::All(Vec::new()));
                *expression = Expression::All(vec![whole]);
                return self.take_topic(expression);
            }
            _ => return Ok(()),
        };
        let is_topic = |part: &Expression| matches!(part, Expression::Clause(clause) if matches!(clause.predicate, Predicate::Topic(_)));
        let Some(at) = parts.iter().position(is_topic) else { return Ok(()) };
        let Expression::Clause(Clause {
            predicate: Predicate::Topic(topic),
            ..
        }) = parts.remove(at)
        else {
            return Ok(());
        };
        let [id] = topic.ids.as_slice() else {
            let error = QueryError::new(topic.span, "a search looks into one topic");
            return Err(error.help("name one topic"));
        };
        let known = self.context.topics.keys().map(String::as_str);
        let Some(found) = TopicId::new(id).ok().filter(|id| self.context.topics.contains_key(id.as_str())) else {
            let error = QueryError::new(topic.span, format!("there is no topic `{id}`"));
            return Err(match nearest(id, known) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("`griot list topics` shows them"),
            });
        };
        self.topic = Some(found);
        Ok(())
    }

    /// Returns the place of a clause in the query.
    fn place(&self, clause: &Clause) -> Range<usize> {
        let start = self.query.find(&clause.written).unwrap_or_default();
        start..(start + clause.written.len()).min(self.query.len())
    }

    /// Translates an expression. The words of what entries have to meet are marked, those of what they must not meet are not.
    fn expression(&mut self, expression: &Expression, is_wanted: bool) -> Result<SearchExpression, QueryError> {
        match expression {
            Expression::All(parts) => Ok(match parts.as_slice() {
                [] => SearchExpression::Everything,
                [part] => self.expression(part, is_wanted)?,
                parts => SearchExpression::All(self.expressions(parts, is_wanted)?),
            }),
            Expression::Any(parts) => Ok(SearchExpression::Any(self.expressions(parts, is_wanted)?)),
            Expression::Not(part) => Ok(SearchExpression::Not(Box::new(self.expression(part, !is_wanted)?))),
            Expression::Clause(clause) => self.clause(clause, is_wanted),
        }
    }

    fn expressions(&mut self, parts: &[Expression], is_wanted: bool) -> Result<Vec<SearchExpression>, QueryError> {
        parts.iter().map(|part| self.expression(part, is_wanted)).collect()
    }

    fn clause(&mut self, clause: &Clause, is_wanted: bool) -> Result<SearchExpression, QueryError> {
        let refused = |message: &str, help: &str| Err(QueryError::new(self.place(clause), message).help(help));
        if (clause.boost - 1.0).abs() > f64::EPSILON {
            return refused("a search weighs no words", "leave out the `^` and its number");
        }
        let facts = |facts: Vec<SearchFact>| SearchExpression::Any(facts.into_iter().map(SearchExpression::Fact).collect());
        let expression = match &clause.predicate {
            Predicate::Everything => SearchExpression::Everything,
            Predicate::Pattern(id, zones) => {
                let pattern = self.table.pattern(*id).cloned();
                self.pattern(&pattern.into_iter().collect::<Vec<_>>(), *zones, clause, is_wanted)?
            }
            Predicate::Concept(name, zones) => return self.concept(name, *zones, clause, is_wanted),
            Predicate::Near(parts, distance) => return self.near(parts, *distance, clause, is_wanted),
            Predicate::Property(_, property, values) => facts(self.property(*property, values)),
            Predicate::About(areas) => facts(areas.iter().copied().map(SearchFact::About).collect()),
            Predicate::Genre(genres) => facts(genres.iter().copied().map(SearchFact::Genre).collect()),
            Predicate::Date(range) => facts(vec![SearchFact::Days(
                range.from.map(Timestamp::unix_day),
                range.until.map(Timestamp::unix_day),
            )]),
            Predicate::Regex(..) => {
                return refused(
                    "a search compares no regular expression",
                    "write words, or the beginning of a word: attaqu*; griot topic test tries a rule with it",
                );
            }
            Predicate::Same(_) => {
                return refused(
                    "a search knows no sentences",
                    "words near each other are found by: junta NEAR/10 coup",
                );
            }
            Predicate::Topic(_) => {
                return refused(
                    "`topic:` holds for the whole search",
                    "write it outside of parentheses, without `OR` and `-`",
                );
            }
            Predicate::SourceCount(..) => {
                return refused(
                    "a search finds entries, not stories",
                    "griot list stories shows how many sources tell each",
                );
            }
        };
        self.count(&expression, clause)?;
        Ok(expression)
    }

    fn count(&mut self, expression: &SearchExpression, clause: &Clause) -> Result<(), QueryError> {
        self.parts += match expression {
            SearchExpression::All(parts) | SearchExpression::Any(parts) => parts.len(),
            _ => 1,
        };
        if self.parts > MAX_SEARCH_PARTS {
            let message = format!("the search has more than {MAX_SEARCH_PARTS} alternatives");
            return Err(QueryError::new(self.place(clause), message));
        }
        Ok(())
    }

    fn pattern(&mut self, patterns: &[Pattern], zones: Zones, clause: &Clause, is_wanted: bool) -> Result<SearchExpression, QueryError> {
        let zones = self.zones(zones, clause)?;
        let mut phrases = Vec::new();
        for pattern in patterns {
            if pattern.words.iter().any(|word| matches!(word, WordPattern::Exact(_))) {
                let error = QueryError::new(self.place(clause), "a search does not compare how a word is written");
                return Err(error.help("leave out the `=`: case and accents make no difference"));
            }
            let is_short = |word: &WordPattern| matches!(word, WordPattern::Prefix(prefix) if prefix.chars().count() < MIN_PREFIX_LETTERS);
            if pattern.words.len() == 1 && pattern.words.iter().any(is_short) {
                let error = QueryError::new(self.place(clause), format!("`{}` begins too many words", clause.written));
                return Err(error.help(format!("write {MIN_PREFIX_LETTERS} letters or more before the `*`")));
            }
            phrases.extend(
                phrases_of(pattern)
                    .into_iter()
                    .map(|phrase| SearchExpression::Phrase(phrase, zones)),
            );
        }
        if is_wanted {
            self.marked.extend_from_slice(patterns);
        }
        Ok(SearchExpression::Any(phrases))
    }

    fn zones(&self, zones: Zones, clause: &Clause) -> Result<SearchZones, QueryError> {
        let refused = |message: &str, help: &str| Err(QueryError::new(self.place(clause), message).help(help));
        if zones.lead_only {
            return refused("a search has no field `lead:`", "`text:` looks into the whole text");
        }
        Ok(match zones.zones {
            [Zone::Title] => &[SearchZone::Title],
            [Zone::Summary] => return refused("a search has no field `summary:`", "`text:` looks into summary and text"),
            [Zone::Summary, Zone::Body] => &[SearchZone::Summary, SearchZone::Body],
            [Zone::Author] => &[SearchZone::Author],
            [Zone::Category] => &[SearchZone::Category],
            [Zone::Url] => return refused("a search does not look into addresses", "`source:` names a source"),
            _ => SearchZone::TEXT,
        })
    }

    /// Translates a concept: the countries that it stands for, and the words of which one is enough.
    fn concept(&mut self, name: &str, zones: Zones, clause: &Clause, is_wanted: bool) -> Result<SearchExpression, QueryError> {
        let (countries, patterns) = self.context.concepts.sufficient(name);
        if countries.is_empty() && patterns.is_empty() {
            let error = QueryError::new(
                self.place(clause),
                format!("no word alone tells `@{name}`, and a search weighs no words"),
            );
            return Err(error.help(format!("griot show @{name} shows its words")));
        }
        let mut alternatives: Vec<SearchExpression> = countries
            .into_iter()
            .map(|country| SearchExpression::Fact(SearchFact::About(Area::Country(country))))
            .collect();
        if let SearchExpression::Any(phrases) = self.pattern(&patterns, zones, clause, is_wanted)? {
            alternatives.extend(phrases);
        }
        let expression = SearchExpression::Any(alternatives);
        self.count(&expression, clause)?;
        Ok(expression)
    }

    /// Translates `NEAR`: each part near the next one.
    fn near(&mut self, parts: &[Expression], distance: usize, clause: &Clause, is_wanted: bool) -> Result<SearchExpression, QueryError> {
        let mut translated = Vec::with_capacity(parts.len());
        for part in parts {
            let mut phrases = Vec::new();
            let expression = self.expression(part, is_wanted)?;
            if !collect_phrases(expression, &mut phrases) {
                let error = QueryError::new(self.place(clause), "in a search this joins words and phrases only");
                return Err(error.help("write junta NEAR/5 coup"));
            }
            translated.push(phrases);
        }
        let mut pairs = Vec::new();
        for pair in translated.windows(2) {
            let combined = pair[0].iter().flat_map(|(one, zones)| {
                let others = pair[1].iter();
                others.map(|(other, _)| SearchExpression::Near(one.clone(), other.clone(), distance, zones))
            });
            let combined = SearchExpression::Any(combined.collect());
            self.count(&combined, clause)?;
            pairs.push(combined);
        }
        Ok(SearchExpression::All(pairs))
    }

    /// Returns the facts that tell a property of the entry; those of its outlet are told by its source.
    fn property(&self, property: Property, values: &[String]) -> Vec<SearchFact> {
        let sources = self.context.sources.unwrap_or_default().iter();
        let of_sources = |is_meant: &dyn Fn(&Source) -> bool| -> Vec<SearchFact> {
            sources
                .clone()
                .filter(|source| is_meant(source))
                .map(|source| SearchFact::Source(source.id.clone()))
                .collect()
        };
        let is_among = |word: &str| values.iter().any(|value| *value == word.to_lowercase());
        match property {
            Property::Language => values.iter().map(|value| SearchFact::Language(value.clone())).collect(),
            Property::Source => of_sources(&|source| is_among(source.id.as_str())),
            Property::Tag => of_sources(&|source| source.tags.iter().any(|tag| is_among(tag))),
            Property::Kind => of_sources(&|source| source.kind.is_some_and(|kind| is_among(kind.as_str()))),
            Property::Country => of_sources(&|source| source.country.as_deref().is_some_and(&is_among)),
        }
    }
}

/// Collects the phrases of alternatives; returns whether there is nothing else.
fn collect_phrases(expression: SearchExpression, phrases: &mut Vec<(SearchPhrase, SearchZones)>) -> bool {
    match expression {
        SearchExpression::Any(parts) => parts.into_iter().all(|part| collect_phrases(part, phrases)),
        SearchExpression::Phrase(phrase, zones) => {
            phrases.push((phrase, zones));
            true
        }
        _ => false,
    }
}

/// Returns the phrases under which the index holds a pattern: of a word in Arabic script and of the first word of such a phrase, every form with what is
/// written as one with it; of the beginning of a word that beginning, and itself without inflection.
fn phrases_of(pattern: &Pattern) -> Vec<SearchPhrase> {
    let mut first: Vec<(String, bool)> = Vec::new();
    let mut rest: Vec<Vec<(String, bool)>> = Vec::new();
    for (number, word) in pattern.words.iter().enumerate() {
        let forms: Vec<(String, bool)> = match word {
            WordPattern::Inflected(bare) if number == 0 => indexed_forms(bare).into_iter().map(|form| (form, false)).collect(),
            WordPattern::Inflected(bare) if bare.is_ascii() => vec![(bare.clone(), false)],
            WordPattern::Inflected(word) | WordPattern::Folded(word) | WordPattern::Named(word, _) | WordPattern::Exact(word) => {
                vec![(strip_inflection(word).into_owned(), false)]
            }
            WordPattern::Prefix(prefix) => {
                let bare = strip_inflection(prefix).into_owned();
                let is_other = bare != *prefix;
                // Of an Arabic word the article goes, of others the ending, which the rest of the word may go on with.
                let bare_is_prefix = !prefix.is_ascii();
                std::iter::once((prefix.clone(), true))
                    .chain(is_other.then_some((bare, bare_is_prefix)))
                    .collect()
            }
        };
        if number == 0 {
            first = forms;
        } else {
            rest.push(forms);
        }
    }
    let mut phrases: Vec<SearchPhrase> = first
        .into_iter()
        .map(|(word, is_prefix)| SearchPhrase {
            words: vec![word],
            is_prefix,
        })
        .collect();
    for forms in rest {
        let longer = phrases.iter().flat_map(|phrase| {
            forms.iter().map(|(word, is_prefix)| {
                let mut words = phrase.words.clone();
                words.push(word.clone());
                SearchPhrase {
                    words,
                    is_prefix: *is_prefix,
                }
            })
        });
        phrases = longer.collect();
    }
    phrases
}
