//! What `griot topic` prints, as text and as JSON.

use super::explain::need;
use super::output::Output;
use super::terminal_text::{escape_controls, fit};
use crate::model::{Reason, TopicId};
use crate::pipeline::topic_eval::{Counts, EvalReport, Outcome};
use crate::pipeline::topic_learn::{LabelTally, MIN_LABELS};
use crate::pipeline::topic_suggest::{ENOUGH_LABELS, SuggestReport, Suggestion};
use crate::pipeline::topic_test::{Sample, Tally, TestReport};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The width of the longest bar of a chart, in characters.
const BAR_CHARS: u64 = 40;
/// How many sources, countries and languages are printed, those with most changes first.
const MAX_ROWS: usize = 12;
/// How many wrong and near entries are printed; JSON has all.
const MAX_OUTCOMES: usize = 30;

/// Returns a test as JSON.
pub fn test_value(topic: &TopicId, report: &TestReport) -> Value {
    let table = |tallies: &BTreeMap<String, Tally>| -> Value {
        let rows = tallies.iter().map(|(name, tally)| (name.clone(), tally_value(tally)));
        Value::Object(rows.collect())
    };
    json!({
        "topic": topic.as_str(), "since": report.since.map(crate::model::Timestamp::rfc3339), "entries": report.entries,
        "items": tally_value(&report.all), "too_old": report.too_old, "days": table(&report.days), "sources": table(&report.sources),
        "countries": table(&report.countries), "languages": table(&report.languages),
        "won": report.won.iter().map(sample_value).collect::<Vec<_>>(), "lost": report.lost.iter().map(sample_value).collect::<Vec<_>>(),
    })
}

fn tally_value(tally: &Tally) -> Value {
    json!({"before": tally.before, "now": tally.now, "won": tally.won, "lost": tally.lost})
}

fn sample_value(sample: &Sample) -> Value {
    json!({
        "id": sample.entry.to_string(), "date": sample.date.rfc3339(), "source": sample.source.as_str(), "title": sample.title,
        "reasons": sample.reasons.iter().map(reason_value).collect::<Vec<_>>(),
    })
}

fn reason_value(reason: &Reason) -> Value {
    json!({"clause": reason.clause, "field": reason.field, "words": reason.words})
}

/// Prints a test: figures, a chart of the items of each day, tables and samples.
pub fn print_test(topic: &TopicId, report: &TestReport, zone: &str, output: &mut Output) {
    let all = &report.all;
    let since = report.since.map(|since| since.local(zone)).unwrap_or_default();
    output.tell(&format!("{topic}: {} entries since {since}", report.entries));
    output.tell(&format!(
        "{} items, {} before: {} won, {} lost",
        all.now, all.before, all.won, all.lost
    ));
    if report.too_old > 0 {
        output.tell(&format!(
            "{} more match, but were older than two days when they were first seen",
            report.too_old
        ));
    }
    let most = report.days.values().map(|day| day.now.max(day.before)).max().unwrap_or_default();
    for (day, tally) in &report.days {
        output.line(&format!("{day} {} {}", bar(tally.now, most), figures(tally)));
    }
    for (name, tallies) in [
        ("by source", &report.sources),
        ("by country", &report.countries),
        ("by language", &report.languages),
    ] {
        if tallies.is_empty() {
            continue;
        }
        output.tell(name);
        let mut rows: Vec<(&String, &Tally)> = tallies.iter().collect();
        rows.sort_by_key(|(name, tally)| (std::cmp::Reverse((tally.won + tally.lost, tally.now)), (*name).clone()));
        for (name, tally) in rows.iter().take(MAX_ROWS) {
            output.line(&format!("  {} {}", fit(name, 20), figures(tally)));
        }
        if rows.len() > MAX_ROWS {
            output.tell(&format!("  and {} more", rows.len() - MAX_ROWS));
        }
    }
    for (name, samples) in [("won", &report.won), ("lost", &report.lost)] {
        if !samples.is_empty() {
            output.tell(&format!("{name}, {} of them", samples.len()));
        }
        for sample in samples {
            let (id, date) = (sample.entry.short(), sample.date.local(zone));
            output.line(&format!(
                "  {id} {date} {} {}",
                fit(sample.source.as_str(), 16),
                escape_controls(&sample.title)
            ));
            if !sample.reasons.is_empty() {
                output.line(&format!("    {}", reasons(&sample.reasons)));
            }
        }
    }
}

/// Returns a bar whose length is the share of `number` in `most`; what is not zero shows.
fn bar(number: u64, most: u64) -> String {
    let length = (number * BAR_CHARS).div_ceil(most.max(1));
    let filled = "█".repeat(usize::try_from(length).unwrap_or_default());
    let width = usize::try_from(BAR_CHARS).unwrap_or_default();
    format!("{filled:<width$}")
}

fn figures(tally: &Tally) -> String {
    let changes = match (tally.won, tally.lost) {
        (0, 0) => String::new(),
        (won, 0) => format!(" +{won}"),
        (0, lost) => format!(" -{lost}"),
        (won, lost) => format!(" +{won} -{lost}"),
    };
    format!("{}{changes}", tally.now)
}

fn reasons(reasons: &[Reason]) -> String {
    let one = |reason: &Reason| {
        format!(
            "{} ({}: {})",
            escape_controls(&reason.clause),
            reason.field,
            escape_controls(&reason.words)
        )
    };
    reasons.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Returns an evaluation as JSON.
pub fn eval_value(topic: &TopicId, report: &EvalReport) -> Value {
    let [right, wrong, missed, rest] = report.counts.0;
    let outcomes = |outcomes: &[Outcome]| outcomes.iter().map(outcome_value).collect::<Vec<_>>();
    let mut value = counts_value(&report.counts);
    let cross_validated = report.cross_validated.as_ref().map(counts_value);
    let too_few = report
        .too_few
        .map(|tally| json!({"yes": tally.yes, "no": tally.no, "needed": MIN_LABELS, "needed_of_each": ENOUGH_LABELS}));
    let more = json!({
        "topic": topic.as_str(), "labels": right + wrong + missed + rest, "missing": report.missing,
        "cross_validated": cross_validated, "too_few_to_learn": too_few,
        "expect": report.expect.as_ref().map(|expect| json!({"precision": expect.precision, "recall": expect.recall})),
        "reached": report.is_expectation_met(), "wrong": outcomes(&report.wrong), "near": outcomes(&report.near),
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}

fn counts_value(counts: &Counts) -> Value {
    let [right, wrong, missed, rest] = counts.0;
    json!({
        "true_positive": right, "false_positive": wrong, "false_negative": missed, "true_negative": rest,
        "precision": counts.precision(), "recall": counts.recall(), "f1": counts.f1(),
    })
}

fn outcome_value(outcome: &Outcome) -> Value {
    json!({
        "id": outcome.id, "title": outcome.title, "label": if outcome.is_yes { "yes" } else { "no" }, "found": outcome.is_found,
        "score": outcome.score, "margin": outcome.margin, "why": why(outcome),
    })
}

/// Returns by which words an entry was found, or what it lacks.
fn why(outcome: &Outcome) -> String {
    if outcome.is_found {
        return reasons(&outcome.reasons);
    }
    outcome.needs.iter().map(need).collect::<Vec<_>>().join("; and ")
}

/// Prints an evaluation.
pub fn print_eval(topic: &TopicId, report: &EvalReport, output: &mut Output) {
    let [right, wrong, missed, rest] = report.counts.0;
    output.line(&format!(
        "{topic}: {} labelled, {} of them belong there",
        right + wrong + missed + rest,
        right + missed
    ));
    if let Some(counts) = &report.cross_validated {
        output.line("by weights learned from the entries of other sources (cross-validated):");
        output.line(&figures_of(counts));
        output.line("by the weights learned from these entries themselves, which says too much:");
    }
    output.line(&figures_of(&report.counts));
    if let Some(tally) = &report.too_few {
        output.line(&too_few(tally));
    }
    if let Some(expect) = &report.expect {
        let reached = if report.is_expectation_met() { "reached" } else { "not reached" };
        output.line(&format!(
            "expected: precision {:.2}, recall {:.2}: {reached}",
            expect.precision, expect.recall
        ));
    }
    if report.missing > 0 {
        output.line(&format!("{} labelled entries are no longer stored", report.missing));
    }
    let (false_positives, false_negatives): (Vec<&Outcome>, Vec<&Outcome>) = report.wrong.iter().partition(|outcome| outcome.is_found);
    let near: Vec<&Outcome> = report.near.iter().collect();
    for (name, outcomes) in [
        ("missed", false_negatives),
        ("found wrongly", false_positives),
        ("right by little", near),
    ] {
        if outcomes.is_empty() {
            continue;
        }
        output.line(&format!("{name}: {}", outcomes.len()));
        for outcome in outcomes.iter().take(MAX_OUTCOMES) {
            output.line(&format!("  {}  {}", fit(&outcome.short_id, 9), escape_controls(&outcome.title)));
            output.line(&format!("    {}", why(outcome)));
        }
        if outcomes.len() > MAX_OUTCOMES {
            output.tell(&format!("  and {} more", outcomes.len() - MAX_OUTCOMES));
        }
    }
}

/// Returns the figures of labelled entries.
fn figures_of(counts: &Counts) -> String {
    let [right, wrong, missed, _] = counts.0;
    let figure = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.2}"));
    format!(
        "precision {}  recall {}  F1 {}  ({right} found rightly, {wrong} wrongly, {missed} missed)",
        figure(counts.precision()),
        figure(counts.recall()),
        figure(counts.f1())
    )
}

/// Returns in words that too few entries are labelled for a topic to learn.
pub fn too_few(tally: &LabelTally) -> String {
    format!(
        "`learn` begins with {MIN_LABELS} labelled entries, {ENOUGH_LABELS} of each kind: {} yes and {} no so far",
        tally.yes, tally.no
    )
}

/// Returns suggested words as JSON.
pub fn suggest_value(topic: &TopicId, report: &SuggestReport) -> Value {
    let word = |one: &Suggestion| json!({"word": one.word.form, "stem": one.word.stem, "z": one.word.z, "yes": one.word.yes, "no": one.word.no, "example": one.example});
    json!({
        "topic": topic.as_str(), "by": if report.is_by_labels { "marks" } else { "placements" }, "enough": is_enough(report),
        "entries": {"yes": report.entries[0], "no": report.entries[1]},
        "yes": report.yes.iter().map(word).collect::<Vec<_>>(), "no": report.no.iter().map(word).collect::<Vec<_>>(),
    })
}

fn is_enough(report: &SuggestReport) -> bool {
    report.is_by_labels && report.entries.iter().all(|entries| *entries >= ENOUGH_LABELS)
}

/// Prints suggested words.
pub fn print_suggest(topic: &TopicId, report: &SuggestReport, output: &mut Output) {
    let [yes, no] = report.entries;
    if report.is_by_labels {
        output.line(&format!("{topic}: by {yes} entries labelled yes and {no} labelled no"));
        if !is_enough(report) {
            output.line(&format!("too few to rely on: label {ENOUGH_LABELS} of each with griot topic mark"));
        }
    } else {
        output.line(&format!(
            "{topic}: no entries of both kinds are labelled; {yes} entries that the topic holds against {no} others"
        ));
        output.line("they repeat what the rule finds: label entries with griot topic mark");
    }
    for (name, words) in [("speak for it", &report.yes), ("speak against it", &report.no)] {
        output.line(&format!(
            "{name}: {}",
            if words.is_empty() {
                "no word by more than chance"
            } else {
                "yes, no, example"
            }
        ));
        for one in words {
            let (word, example) = (&one.word, escape_controls(&one.example));
            output.line(&format!("  {} {:>4} {:>4}  {example}", fit(&word.form, 20), word.yes, word.no));
        }
    }
}
