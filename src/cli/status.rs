//! `griot status`: the state of each source.

use super::args::{Global, Status};
use super::failure::{DONE, Failure, PARTIAL};
use super::output::Output;
use super::terminal_text::{escape_controls, fit};
use super::{reading_list_status, setup, topic_report};
use crate::config::{Config, Source};
use crate::model::{FailureReason, SourceHealth, SourceState, Timestamp, TopicId};
use crate::pipeline::remedy::{Remedy, remedy};
use crate::pipeline::source_changes::{self, SeemingRename};
use crate::pipeline::{Clock, due, notify_targets, topic_learn};
use crate::schedule::health;
use crate::store::{SourceProblem, Store};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Prints the state of each configured source.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
pub fn run(status: &Status, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let now = clock.now();
    let stored: BTreeMap<_, _> = store
        .source_states()?
        .into_iter()
        .map(|state| (state.source.clone(), state))
        .collect();
    let renames: BTreeMap<_, _> = source_changes::seeming_renames(&config.sources, &store)?
        .into_iter()
        .map(|rename| (rename.new.clone(), rename))
        .collect();
    let wanted = due::named_sources(config.sources.iter(), &status.only)?;
    let mut has_lasting_failure = false;
    for source in config.sources.iter().filter(|source| wanted.contains(&source.id)) {
        let mut state = stored
            .get(&source.id)
            .cloned()
            .unwrap_or_else(|| SourceState::new(source.id.clone()));
        state.health = current_health(source, &state, now);
        let lasts = state.failing_since.is_some_and(|since| since + config.report.warn_after <= now);
        has_lasting_failure |= source.enabled && lasts;
        let problems = if status.problems {
            store.problems(Some(&source.id))?
        } else {
            Vec::new()
        };
        let withdrawn = store.withdrawals_of_source(&source.id)?;
        let withdrawn = withdrawn.iter().filter(|known| known.withdrawn.is_some()).count();
        let has_no_failure = matches!(state.health, SourceHealth::Ok | SourceHealth::New | SourceHealth::Paused);
        let rename = renames.get(&source.id);
        if status.problems && has_no_failure && problems.is_empty() && rename.is_none() {
            continue;
        }
        let remedy = remedy(source, &state);
        if output.json {
            let mut value = json_line(&state, remedy.as_ref(), &problems);
            value["withdrawn"] = json!(withdrawn);
            value["rename"] = json!(rename.map(SeemingRename::command));
            output.value(&value);
        } else {
            print_text(&state, remedy.as_ref(), &problems, &config.site.timezone, output);
            if let Some(rename) = rename {
                print_advice(&rename.advice(), &rename.command(), output);
            }
            if withdrawn > 0 {
                let withdrawn = format!("{withdrawn} entries withdrawn by the publisher: griot list entries");
                output.line(&format!("{:20} · {}", "", output.messages.translate(&withdrawn)));
            }
        }
    }
    reading_list_status::print(&config, &store, status.problems, now, output)?;
    if status.problems {
        print_failed_deliveries(&config, &store, now, output)?;
    }
    let are_topics_told = !output.json && !status.problems;
    for topic in config.topics.iter().filter(|topic| topic.enabled && are_topics_told) {
        if let Some(tally) = topic_learn::missing_labels(&store, topic)? {
            let too_few = topic_report::too_few(&tally);
            output.line(&format!("{}: {}", topic.id, output.messages.translate(&too_few)));
        }
    }
    Ok(if status.exit_code && has_lasting_failure { PARTIAL } else { DONE })
}

/// How long what could not be told outside is shown.
const SHOWN_FAILURES: Duration = Duration::from_hours(30 * 24);

/// Prints what could not be told outside.
fn print_failed_deliveries(config: &Config, store: &Store, now: Timestamp, output: &mut Output) -> Result<(), Failure> {
    let environment = |name: &str| std::env::var(name).ok();
    for (name, failed) in notify_targets::failures(config, store, environment, now - SHOWN_FAILURES)? {
        let code = if failed.given_up > 0 { "undelivered" } else { "delivery-waits" };
        if output.json {
            output.value(&json!({
                "notify": name,
                "topic": failed.topic.as_ref().map(TopicId::as_str),
                "code": code,
                "given_up": failed.given_up,
                "waiting": failed.waiting,
                "since": failed.since.rfc3339(),
                "detail": failed.detail,
            }));
        } else {
            let topic = failed.topic.as_ref().map(|topic| format!(" ({topic})")).unwrap_or_default();
            output.tell(&format!(
                "notify {name}{topic}: {code}: {} given up, {} waiting, since {}: {}",
                failed.given_up,
                failed.waiting,
                failed.since.local(&config.site.timezone),
                escape_controls(&failed.detail)
            ));
        }
    }
    Ok(())
}

/// Returns the state of a source at `now`: a source that is enabled again is not paused, though its next visit may be days away.
#[must_use]
pub fn current_health(source: &Source, state: &SourceState, now: Timestamp) -> SourceHealth {
    match state.health {
        _ if !source.enabled => SourceHealth::Paused,
        SourceHealth::Paused => health::assess(state, state.reason, now),
        health => health,
    }
}

fn json_line(state: &SourceState, remedy: Option<&Remedy>, problems: &[SourceProblem]) -> Value {
    json!({
        "source": state.source.as_str(),
        "state": state.health.as_str(),
        "since": state.since.or(state.failing_since).map(Timestamp::rfc3339),
        "visits": state.visits,
        "failed_visits": state.failed_visits,
        "failures": state.failures,
        "failing_since": state.failing_since.map(Timestamp::rfc3339),
        "last_visit": state.last_visit.map(Timestamp::rfc3339),
        "last_success": state.last_success.map(Timestamp::rfc3339),
        "next_visit": state.next_visit.map(Timestamp::rfc3339),
        "reason": state.reason.map(FailureReason::as_str),
        "detail": state.detail,
        "asked": state.url,
        "moved_to": state.moved.as_ref().map(|moved| &moved.to),
        "suggestion": state.suggestion,
        "advice": remedy.map(|remedy| remedy.advice),
        "remedy": remedy.map(|remedy| &remedy.command),
        "problems": problems.iter().map(|problem| json!({"code": problem.code, "detail": problem.detail})).collect::<Vec<_>>(),
    })
}

fn print_text(state: &SourceState, remedy: Option<&Remedy>, problems: &[SourceProblem], zone: &str, output: &mut Output) {
    let messages = output.messages;
    let words = |text| messages.translate(text);
    let time = |at: Option<Timestamp>, none| at.map_or_else(|| words(none).into_owned(), |at| at.local(zone));
    let since = state.since.or(state.failing_since).filter(|_| state.health != SourceHealth::New);
    let next = if state.health == SourceHealth::Paused {
        "-".to_owned()
    } else {
        time(state.next_visit, "at once")
    };
    let why = match (state.reason, &state.detail) {
        (Some(reason), Some(detail)) => {
            let times = if state.failures == 1 {
                "once".to_owned()
            } else {
                format!("{} times", state.failures)
            };
            let detail = escape_controls(&words(detail));
            format!("{reason}, {}{}{detail}", messages.translate(&times), words(": "))
        }
        _ => String::new(),
    };
    output.line(&format!(
        "{} {} {} {}  {} {}  {} {}  {why}",
        fit(state.source.as_str(), 20),
        fit(&words(state.health.as_str()), 9),
        words("since"),
        fit(&time(since, "-"), 20),
        words("last"),
        fit(&time(state.last_success, "never"), 20),
        words("next"),
        fit(&next, 20),
    ));
    if let Some(remedy) = remedy {
        print_advice(remedy.advice, &remedy.command, output);
    }
    for problem in problems {
        let detail = escape_controls(&words(&problem.detail));
        output.line(&format!("{:20} · {}{}{detail}", "", problem.code, words(": ")));
    }
}

/// Prints what to do, and the command for it.
fn print_advice(advice: &str, command: &str, output: &mut Output) {
    let words = |text| output.messages.translate(text);
    let line = format!("{:20} → {}{}{}", "", words(advice), words(": "), escape_controls(command));
    output.line(&line);
}
