//! `griot explain`: why an entry is in topics or not.

use super::args::{Explain, Global};
use super::failure::{DONE, Failure, USAGE, from_open};
use super::output::Output;
use super::terminal_text::escape_controls;
use super::{explain_json, find, setup, withdrawal_text};
use crate::curate::{
    ExplainedAbout, ExplainedClause, ExplainedConcept, ExplainedLearning, ExplainedPart, ExplainedTerm, FoundWords, HiddenWords, Lack,
    Need, PartKind,
};
use crate::model::{Genre, MarkEvent, Timestamp, WithdrawalSign};
use crate::pipeline;
use crate::pipeline::explain::{Circumstance, Standing, TopicExplanation};
use std::time::Duration;

/// How many terms of a concept are printed.
const MAX_TERMS: usize = 8;
const SECONDS_PER_DAY: u64 = 24 * 60 * 60;

/// Prints why an entry is in topics or not.
///
/// # Errors
/// [`Failure`] when there is no such entry or topic, when no run has composed the entry yet, or when the database cannot be read.
pub fn run(arguments: &Explain, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let prepared = pipeline::app::compile(&config).map_err(|error| from_open(error, output.style()))?;
    let topic = arguments.topic.as_deref().map(|topic| find::topic(&config, topic)).transpose()?;
    if let Some(topic) = &topic
        && !prepared.topics.iter().any(|prepared| prepared.topic.id == *topic)
    {
        return Err(Failure::message(USAGE, format!("the topic `{topic}` is not enabled")));
    }
    let entry = find::entry(&store, &arguments.id)?;
    let explained = pipeline::explain::explain(&config, &prepared, &store, entry.id, topic.as_ref(), now)?;
    let Some(explained) = explained else {
        return Err(Failure::message(USAGE, format!("{} waits for the next run", entry.id.short())).hint("griot fetch makes one"));
    };
    if output.json {
        let tell = |topic: &TopicExplanation| topic.circumstances.iter().map(circumstance).collect();
        output.value(&explain_json::value(&explained, tell));
        return Ok(DONE);
    }
    let date = explained.entry.date.local(&config.site.timezone);
    let title = escape_controls(&explained.entry.title);
    output.line(&format!(
        "{} {date} {}  {title}",
        explained.entry.id.short(),
        explained.entry.source
    ));
    for line in about(&explained.about) {
        output.line(&line);
    }
    for topic in &explained.topics {
        output.line("");
        print_topic(topic, output);
    }
    Ok(DONE)
}

fn about(about: &ExplainedAbout) -> Vec<String> {
    let countries: Vec<String> = about
        .about
        .countries()
        .iter()
        .map(|(country, share)| format!("{country} {share:.2}"))
        .collect();
    let scores: Vec<String> = about
        .scores
        .iter()
        .map(|(country, score)| format!("{country} {score:.2}"))
        .collect();
    let mut lines = vec![if countries.is_empty() {
        "about no country".to_owned()
    } else {
        format!("about {}", countries.join(", "))
    }];
    if !scores.is_empty() {
        let own = about.prior.filter(|(_, prior)| *prior > 0.0);
        let own = own.map(|(country, prior)| format!("; {prior:.2} of {country} since the source is of there"));
        let needed = format!("at least {:.2} is needed", about.needed_score);
        lines.push(format!("  scores: {}; {needed}{}", scores.join(", "), own.unwrap_or_default()));
    }
    if !about.places.is_empty() {
        let place = |(found, countries): &(FoundWords, Vec<crate::model::Country>)| {
            let codes: Vec<String> = countries.iter().map(ToString::to_string).collect();
            format!("{} → {}", words(found), codes.join(" "))
        };
        lines.push(format!("  by {}", about.places.iter().map(place).collect::<Vec<_>>().join(", ")));
    }
    let regions: Vec<&str> = about.about.regions().iter().map(|own| own.region.as_str()).collect();
    if !regions.is_empty() {
        lines.push(format!("  regions: {}", regions.join(", ")));
    }
    lines.extend(about.hidden.iter().map(|one| format!("  {}", hidden(one))));
    lines.extend(about.genre.map(|genre| format!("  mark: {}", Genre::as_str(genre))));
    lines
}

fn print_topic(topic: &TopicExplanation, output: &mut Output) {
    let explanation = &topic.explanation;
    let standing = match &topic.standing {
        Standing::Shown => "in".to_owned(),
        Standing::Beside(entry) => format!("in, beside {}, which its item shows", entry.short()),
        Standing::Out => "not in".to_owned(),
    };
    let score = match (explanation.score, explanation.min_score > 0.0) {
        (Some(score), true) => format!(", score {score:.2} of {:.2}", explanation.min_score),
        (Some(score), false) => format!(", score {score:.2}"),
        (None, _) => String::new(),
    };
    let messages = output.messages;
    let standing = messages.translate(&standing);
    output.tell(&format!("{}: {standing}{score} (rule {})", topic.topic, topic.version));
    print_part(&explanation.root, 1, output);
    for line in explanation.learning.iter().flat_map(learning) {
        output.line(&format!("  {line}"));
    }
    if !explanation.needs.is_empty() {
        let needs: Vec<String> = explanation
            .needs
            .iter()
            .map(|one| messages.translate(&need(one)).into_owned())
            .collect();
        let needs = needs.join(&messages.translate("; and "));
        output.tell(&format!("  it would be enough: {needs}"));
    }
    for one in &topic.circumstances {
        output.line(&format!("  {}", messages.translate(&circumstance(one))));
    }
}

fn print_part(part: &ExplainedPart, depth: usize, output: &mut Output) {
    let sign = if part.matches { "✓" } else { "✗" };
    let indent = "  ".repeat(depth);
    if let (PartKind::Not, [inner]) = (part.kind, part.parts.as_slice())
        && let (Some(found), []) = (&inner.clause, inner.parts.as_slice())
    {
        output.line(&format!("{indent}{sign} not {}", clause(found)));
        for line in details(found) {
            output.line(&format!("{indent}    {line}"));
        }
        return;
    }
    let text = match (&part.clause, part.kind) {
        (Some(found), _) => clause(found),
        (None, PartKind::All) => "all of".to_owned(),
        (None, PartKind::Any) if part.parts.is_empty() => "no rule: holds what is pinned".to_owned(),
        (None, PartKind::Any) => "one of".to_owned(),
        (None, PartKind::Not | PartKind::Clause) => "not".to_owned(),
    };
    output.line(&format!("{indent}{sign} {text}"));
    if let Some(found) = part.clause.as_ref() {
        for line in details(found) {
            output.line(&format!("{indent}    {line}"));
        }
    }
    // Alternatives that do not match, and of which no more is to be said, stand on one line.
    let (plain, others): (Vec<&ExplainedPart>, Vec<&ExplainedPart>) = part
        .parts
        .iter()
        .partition(|inner| part.kind == PartKind::Any && is_plain_miss(inner));
    for inner in others {
        print_part(inner, depth + 1, output);
    }
    let plain: Vec<String> = plain.into_iter().filter_map(|inner| inner.clause.as_ref()).map(clause).collect();
    if !plain.is_empty() {
        output.line(&format!("{indent}  ✗ {}", plain.join(", ")));
    }
}

fn is_plain_miss(part: &ExplainedPart) -> bool {
    let is_plain = |found: &ExplainedClause| details(found).is_empty();
    !part.matches && part.parts.is_empty() && part.clause.as_ref().is_some_and(is_plain)
}

/// Returns a clause with the words that it matches.
fn clause(clause: &ExplainedClause) -> String {
    let value = clause.value.as_deref().map(|value| if value.is_empty() { "none" } else { value });
    let value = value.map(|value| format!(": {}", escape_controls(value))).unwrap_or_default();
    let score = if clause.score == 0.0 {
        String::new()
    } else {
        format!("  {:.2}", clause.score)
    };
    let found: Vec<String> = clause.words.iter().map(words).collect();
    // The words of a concept stand below it, with their weights.
    let found = if clause.concept.is_some() || found.is_empty() {
        String::new()
    } else {
        format!("  {}", found.join(", "))
    };
    format!("{}{value}{score}{found}", escape_controls(&clause.written))
}

/// Returns the lines below a clause: a concept's score and words, and the words that do not count.
fn details(clause: &ExplainedClause) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(found) = &clause.concept {
        lines.extend(concept(found));
    }
    lines.extend(clause.hidden.iter().map(hidden));
    lines
}

fn concept(concept: &ExplainedConcept) -> Vec<String> {
    let mut lines = Vec::new();
    if !concept.countries.is_empty() {
        let countries: Vec<String> = concept.countries.iter().map(ToString::to_string).collect();
        let (own, needed) = (concept.country_score, concept.needed_country_score);
        lines.push(format!("about {}: {own:.2} of {needed:.2}", countries.join(", ")));
    }
    if !concept.terms.is_empty() || concept.countries.is_empty() {
        lines.push(format!("score {:.2} of 1", concept.score));
    }
    for term in concept.terms.iter().take(MAX_TERMS) {
        let weight = if term.is_sufficient {
            "enough".to_owned()
        } else {
            format!("{:.2} = weight {:.2} × {:.2}", term.weight * term.factor, term.weight, term.factor)
        };
        lines.push(format!("{}  {weight}", words(&term.words)));
    }
    if concept.terms.len() > MAX_TERMS {
        lines.push(format!("and {} more", concept.terms.len() - MAX_TERMS));
    }
    lines
}

/// Returns what was learned: the score, and the words that weigh most.
fn learning(learning: &ExplainedLearning) -> Vec<String> {
    let sign = if learning.score >= learning.needed_score { "✓" } else { "✗" };
    let rule = match learning.rule {
        Some(weight) => format!("{weight:+.2} since the rule matches"),
        None if learning.is_refused => "but what the rule refuses stays out".to_owned(),
        None => "the rule does not match".to_owned(),
    };
    let mut lines = vec![format!(
        "{sign} learned: {:.2} of {:.2}, {rule}",
        learning.score, learning.needed_score
    )];
    let line = |term: &ExplainedTerm| {
        let share = term.weight * term.factor;
        format!(
            "    {}  {share:+.2} = weight {:.2} × {:.2}",
            words(&term.words),
            term.weight,
            term.factor
        )
    };
    lines.extend(learning.words.iter().map(line));
    lines
}

fn words(found: &FoundWords) -> String {
    let position = found.position.map(|position| format!(" {position}")).unwrap_or_default();
    format!("“{}” ({}{position})", escape_controls(&found.words), found.field)
}

fn hidden(found: &HiddenWords) -> String {
    match &found.by {
        Some(by) => format!("{} does not count: hidden by “{}”", words(&found.words), escape_controls(by)),
        None => format!("{} does not count: no other evidence", words(&found.words)),
    }
}

/// Returns in words what would have been enough.
pub fn need(need: &Need) -> String {
    let clause = escape_controls(&need.clause);
    match need.lack {
        Lack::Match => format!("{clause} matches"),
        Lack::NoMatch => format!("{clause} does not match"),
        Lack::Score(missing) => format!("{clause} has {missing:.2} more"),
        Lack::CountryScore(missing) => format!("{clause}: one of its countries has {missing:.2} more"),
        Lack::MinScore(missing) => format!("a score {missing:.2} higher, for `min_score`"),
        Lack::Pin => "griot pin".to_owned(),
    }
}

/// Returns in words that the publisher took an entry back; the note of the event is the sign.
fn withdrawn(event: Option<&MarkEvent>) -> String {
    let sign = event.and_then(|event| WithdrawalSign::from_word(event.note.as_deref()?));
    let reason = sign.map(|sign| format!(": {}", withdrawal_text::reason(sign))).unwrap_or_default();
    let at = event.map(|event| format!(" on {}", event.at.rfc3339())).unwrap_or_default();
    format!("withdrawn by its publisher{at}{reason}; griot unhide brings it back")
}

fn circumstance(circumstance: &Circumstance) -> String {
    let days = |time: &Duration| time.as_secs() / SECONDS_PER_DAY;
    let by = |event: &Option<MarkEvent>| {
        let by = |event: &MarkEvent| {
            let editor = if event.editor.is_empty() { "an editor" } else { &event.editor };
            format!(" by {} on {}", escape_controls(editor), event.at.rfc3339())
        };
        event.as_ref().map(by).unwrap_or_default()
    };
    match circumstance {
        Circumstance::Hidden(event) => format!("hidden{}; griot unhide undoes it", by(event)),
        Circumstance::Withdrawn(event) => withdrawn(event.as_ref()),
        Circumstance::Pinned(event) => format!("pinned{}, whatever the rule says", by(event)),
        Circumstance::OlderThanKeep(keep) => format!("older than `keep` of the topic ({} days)", days(keep)),
        Circumstance::OldWhenSeen(most) => {
            format!(
                "older than two days when it was first seen: at most {most} such entries of a visit enter a topic, `[fetch] max_new = 0` lifts this"
            )
        }
        Circumstance::TooFewReports(most) => format!("fewer than {most} independent reports tell its story (`min_reports`)"),
        Circumstance::Waits => "waits for approval (`review`); griot approve publishes it".to_owned(),
        Circumstance::BeyondLimit(limit) => format!("not in the feed: {limit} newer items fill it (`limit`)"),
        Circumstance::BeyondShare(percent) => format!("not in the feed: newer items of its source fill {percent} % of it (`max_share`)"),
        Circumstance::RuleChanged => "the rule was changed after the last run: what is above is what the next one decides".to_owned(),
        Circumstance::NotEvaluated => "no run has evaluated it yet, or another entry of its story was refused".to_owned(),
    }
}
