//! `griot status`: one line a source.

use super::args::{Global, Status};
use super::failure::{DONE, Failure, PARTIAL};
use super::output::{Output, column, shown};
use super::setup;
use crate::model::{FailureReason, SourceHealth, SourceState, Timestamp};
use crate::pipeline::Clock;
use serde_json::json;
use std::collections::BTreeMap;

/// Prints how each configured source is doing.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
pub fn run(status: &Status, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let (config, store) = setup::look(global, output)?;
    let now = clock.now();
    let remembered: BTreeMap<_, _> = store
        .source_states()?
        .into_iter()
        .map(|state| (state.source.clone(), state))
        .collect();
    let mut lasting = false;
    for source in config.sources.iter().filter(|source| source.enabled) {
        let state = remembered
            .get(&source.id)
            .cloned()
            .unwrap_or_else(|| SourceState::new(source.id.clone()));
        let in_trouble = !matches!(state.health, SourceHealth::Ok | SourceHealth::New);
        lasting |= in_trouble && state.failing_since.is_some_and(|since| since + config.report.warn_after <= now);
        let problems = if status.problems {
            store.problems(Some(&source.id))?
        } else {
            Vec::new()
        };
        if status.problems && !in_trouble && problems.is_empty() {
            continue;
        }
        if output.json {
            output.value(&json!({
                "source": source.id.as_str(),
                "state": state.health.as_str(),
                "since": state.failing_since.map(Timestamp::rfc3339),
                "failures": state.failures,
                "last_success": state.last_success.map(Timestamp::rfc3339),
                "next_visit": state.next_visit.map(Timestamp::rfc3339),
                "reason": state.reason.map(FailureReason::as_str),
                "detail": state.detail,
                "remedy": remedy(&state),
                "problems": problems.iter().map(|problem| json!({"code": problem.code, "detail": problem.detail})).collect::<Vec<_>>(),
            }));
            continue;
        }
        let zone = &config.site.timezone;
        let time = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.local(zone));
        output.line(&format!(
            "{} {} last {}  next {}  {}",
            column(source.id.as_str(), 20),
            column(state.health.as_str(), 9),
            column(&time(state.last_success), 20),
            column(&state.next_visit.map_or_else(|| "at once".to_owned(), |at| at.local(zone)), 20),
            shown(state.detail.as_deref().unwrap_or_default())
        ));
        if let Some(remedy) = remedy(&state) {
            output.line(&format!("{:20} → {remedy}", ""));
        }
        for problem in &problems {
            output.line(&format!("{:20} · {}: {}", "", problem.code, shown(&problem.detail)));
        }
    }
    Ok(if status.exit_code && lasting { PARTIAL } else { DONE })
}

/// What the operator can do about it.
fn remedy(state: &SourceState) -> Option<String> {
    let id = &state.source;
    match state.reason?.as_str() {
        "gone" => Some("the server says it is gone: look for a new address, or set enabled = false".to_owned()),
        "blocked" | "anti-bot" => {
            Some("it takes us for a bot: write to the site, and give [site] contact; griot does not evade".to_owned())
        }
        "secret" => Some("set the environment variable that its headers or auth name".to_owned()),
        "html" | "not-a-feed" => Some(format!(
            "its address shows a page: griot parse {} names the feeds it announces",
            state.url.as_deref().unwrap_or(id.as_str())
        )),
        "dns" => Some("check the spelling of its host name, and try it with or without www.".to_owned()),
        "tls" => Some("its certificate is not valid: tell the site".to_owned()),
        _ => None,
    }
}
