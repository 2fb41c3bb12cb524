//! `griot fetch`: one run, as from cron.

use super::args::{Fetch, Global};
use super::failure::{DONE, Failure, PARTIAL, from_open};
use super::output::Output;
use super::setup;
use super::signals::Signals;
use super::terminal_text::escape_controls;
use crate::config::Report;
use crate::fetch::{FinishedRecording, Recorder, Recording, Replay, ReplayMismatch};
use crate::model::{FailureReason, SourceState, Timestamp};
use crate::pipeline::clock_check::{self, CheckedClock};
use crate::pipeline::deliver;
use crate::pipeline::health_feed::last_reminder;
use crate::pipeline::run_ping::RunPing;
use crate::pipeline::run_report::FailedSource;
use crate::pipeline::{self, Clock, RunOptions, RunReport, Step, TopicCount};
use crate::store::StoreError;
use crate::store::database_file::DatabaseFile;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Fetches what is due, publishes what changed, and prints a summary.
///
/// # Errors
/// [`Failure`] with its documented exit code.
pub async fn run(fetch: &Fetch, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let ping = begin_ping(fetch, global, clock.now(), output);
    let mut line = String::new();
    let ended = fetch_once(fetch, global, clock, output, &mut line).await;
    if let Some(ping) = ping {
        let code = ended.as_ref().map_or_else(|failure| failure.code, |code| *code);
        if let Err(failure) = &ended {
            line = failure.error.to_string();
        }
        ping.end(code, &line).await;
    }
    ended
}

/// Tells the monitor of `--ping` or `[report]` that a run begins. A configuration with mistakes does not keep it from being told how the run ends.
fn begin_ping(fetch: &Fetch, global: &Global, now: Timestamp, output: &Output) -> Option<RunPing> {
    if fetch.dry_run || fetch.replay.is_some() {
        return None;
    }
    let loaded = setup::load(global, output).ok();
    let of_config = loaded.as_ref().and_then(|(_, config)| config.report.ping.clone());
    let monitor = fetch.ping.clone().or(of_config)?;
    let (path, config) = loaded.unwrap_or_default();
    let tools = setup::tools(global, setup::database_path(global, &path)).ok()?;
    let client = pipeline::app::client(&config, &tools).ok()?;
    Some(RunPing::begin(monitor, client, now))
}

/// Does the run; `line` is what the monitor is told of it.
async fn fetch_once(fetch: &Fetch, global: &Global, clock: &Clock, output: &mut Output, line: &mut String) -> Result<u8, Failure> {
    let began = Instant::now();
    let replay = fetch.replay.as_deref().map(Replay::open).transpose()?;
    let now = match &replay {
        Some(replay) if global.now.is_none() => replay.now(),
        _ => clock.now(),
    };
    if fetch.dry_run {
        return list_due(fetch, global, now, output);
    }
    // The recorded time of a replay is right by definition.
    let earliest = if replay.is_none() { clock.earliest() } else { now };
    clock_check::check_earliest(now, earliest)?;
    let recorder = fetch.record.as_deref().map(|folder| Recorder::create(folder, now)).transpose()?;
    let recording = recorder.clone().map(Recording::Record).or(replay.clone().map(Recording::Replay));
    let setup::Opened { app, tools, lock, .. } = setup::open(global, recording, fetch.wait, now, output).await?;
    let mut is_clock_confirmed = true;
    if replay.is_none() {
        let CheckedClock { is_confirmed, repaired } = clock_check::check(&app, &tools, fetch.accept_clock, now, earliest).await?;
        is_clock_confirmed = is_confirmed;
        if repaired > 0 {
            output.warn(&format!(
                "{repaired} stored times were later than {now}, and were set to it: they had been written by a wrong clock"
            ));
        }
    }
    let app = Arc::new(app);
    let signals = Signals::listen()?;
    let options = RunOptions {
        only: fetch.only.clone(),
        force: fetch.force,
        backfill: fetch.backfill,
        budget: fetch.budget,
        is_clock_confirmed,
    };
    let progress = Progress::new(output);
    let run_result = pipeline::run::run(&app, &options, now, &signals.stop, &|step| progress.show(step)).await;
    progress.end();
    let conclude = || -> Result<u8, Failure> {
        // The recording is completed also after a failed run, since it may show the cause.
        let recorded_summary = recorder.as_ref().map(Recorder::finish).transpose();
        let report = run_result?;
        *line = report.line();
        let policy = &app.config.report;
        if output.json {
            output.value(&summary(&report, began.elapsed()));
        } else if output.quiet {
            for line in lasting_failures(&report, policy, now) {
                output.warn(&line);
            }
        } else if !report.offline {
            show(&report, output);
        }
        if let Some(recorded) = recorded_summary? {
            report_recording(&recorded, output);
        }
        if let Some(replay) = &replay {
            report_replay_mismatch(&replay.mismatch(), output);
        }
        if let Some(code) = signals.exit_code() {
            return Ok(code);
        }
        if report.offline {
            output.warn("offline: no source could be reached; nothing was counted as its failure, and the next run tries again");
            return Ok(PARTIAL);
        }
        Ok(if report.is_partial(fetch.fail_on.unwrap_or(policy.fail_on)) {
            PARTIAL
        } else {
            DONE
        })
    };
    let ended = conclude();
    // Another run may begin: what is told has a lock of its own. What was published before a run failed is told as well, of a replay nothing.
    drop(lock);
    if replay.is_none()
        && let Err(error) = deliver::deliver(&app, &tools, now, deliver::RUN_LIMIT, &signals.stop).await
    {
        tracing::error!(code = error.code(), %error, "notifications could not be read; the next run tries again");
    }
    ended
}

fn report_recording(recorded: &FinishedRecording, output: &Output) {
    if !output.quiet {
        let (path, exchanges) = (recorded.path.display(), recorded.exchanges);
        output.warn(&format!("recorded: {exchanges} exchanges in {path} ({} bytes)", recorded.bytes));
    }
}

/// Prints how a replay differed from its recording: it does when the configuration, the database or griot has changed.
fn report_replay_mismatch(mismatch: &ReplayMismatch, output: &Output) {
    if let Some(first) = &mismatch.first_missed {
        output.warn(&format!(
            "replay: {} requests are not in the recording, the first of them {}; they count as failed",
            mismatch.missed,
            escape_controls(first)
        ));
    }
    if mismatch.unasked > 0 && !output.quiet {
        output.warn(&format!("replay: {} recorded exchanges were not asked for", mismatch.unasked));
    }
}

/// Prints the ids of the sources that a run would visit. Nothing is written: no database is created or migrated, and no lock is needed.
fn list_due(fetch: &Fetch, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let (path, mut config) = setup::load(global, output)?;
    let store = match DatabaseFile::new(setup::database_path(global, &path)).open_read_only() {
        Ok(store) => Some(store),
        Err(StoreError::Missing { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(store) = &store {
        pipeline::listed_sources::merge_stored(&mut config, store)?;
    }
    let prepared = pipeline::app::compile(&config).map_err(|error| from_open(error, output.style()))?;
    let options = RunOptions {
        only: fetch.only.clone(),
        force: fetch.force,
        ..RunOptions::default()
    };
    for source in pipeline::due::list_due(&config.sources, &prepared, store.as_ref(), &options, now)? {
        output.line(source.as_str());
    }
    Ok(DONE)
}

/// Returns the lines of a quiet run: a failure is named once when it has lasted `warn_after`, again each time that `remind` has passed, and once when
/// it is over.
fn lasting_failures(report: &RunReport, policy: &Report, now: Timestamp) -> Vec<String> {
    let lasting = |state: &SourceState, at: Timestamp| state.failing_since.is_some_and(|since| since + policy.warn_after <= at);
    let was_reported = |before: &SourceState| before.last_visit.is_some_and(|last| lasting(before, last));
    let mut lines = Vec::new();
    let reminders = |state: &SourceState, at: Timestamp| {
        let told = state.failing_since.map(|since| since + policy.warn_after);
        told.and_then(|told| last_reminder(told, policy.remind, at))
            .map_or(0, |(count, _)| count)
    };
    let is_reminder = |failed: &FailedSource| {
        let last = failed.before.last_visit;
        last.is_some_and(|last| reminders(&failed.state, now) > reminders(&failed.before, last))
    };
    let is_told = |failed: &&FailedSource| lasting(&failed.state, now) && (!was_reported(&failed.before) || is_reminder(failed));
    for failed in report.failed_sources.iter().filter(is_told) {
        let since = failed.state.failing_since.unwrap_or(now);
        let detail = failed.state.detail.as_deref().unwrap_or_default();
        lines.push(format!(
            "{}: {} since {since}: {}",
            failed.state.source,
            failed.state.health,
            escape_controls(detail)
        ));
    }
    for before in report.recovered.iter().filter(|before| was_reported(before)) {
        lines.push(format!("{}: back, after {} failed visits", before.source, before.failures));
    }
    lines
}

fn summary(report: &RunReport, took: Duration) -> Value {
    let figures = &report.summary;
    json!({
        "run": report.id,
        "started": report.started.rfc3339(),
        "duration_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "offline": report.offline,
        "sources": {"due": figures.due, "fresh": figures.fresh, "unchanged": figures.unchanged, "failed": figures.failed, "deferred": figures.deferred},
        "entries": {"new": figures.new_entries, "updated": figures.updated_entries, "copies": figures.copies},
        "articles": figures.articles,
        "stories": {"new": figures.new_stories, "updated": figures.updated_stories},
        "topics": report.topics.iter().map(|TopicCount { id, total, new }| json!({
            "id": id.as_str(), "new": new, "total": total, "path": report.out.join(format!("{id}.xml")),
        })).collect::<Vec<_>>(),
        "problems": report.failed_sources.iter().map(|failed| json!({
            "source": failed.state.source.as_str(),
            "state": failed.state.health.as_str(),
            "reason": failed.state.reason.map(FailureReason::as_str),
            "detail": failed.state.detail,
        })).collect::<Vec<_>>(),
    })
}

/// Prints the summary as text.
pub fn show(report: &RunReport, output: &mut Output) {
    let figures = &report.summary;
    output.tell(&format!(
        "sources   {} due: {} with news, {} unchanged, {} failed{}",
        figures.due,
        figures.fresh,
        figures.unchanged,
        figures.failed,
        if figures.deferred > 0 {
            format!(", {} left for the next run", figures.deferred)
        } else {
            String::new()
        }
    ));
    output.tell(&format!(
        "entries   {} new ({} of them copies), {} changed, {} articles taken from pages",
        figures.new_entries, figures.copies, figures.updated_entries, figures.articles
    ));
    output.tell(&format!(
        "stories   {} new, {} with another report",
        figures.new_stories, figures.updated_stories
    ));
    for TopicCount { id, total, new } in &report.topics {
        output.tell(&format!(
            "topic     {id}: {total} items, {new} new → {}",
            report.out.join(format!("{id}.xml")).display()
        ));
    }
    for failed in &report.failed_sources {
        let state = &failed.state;
        let detail = state.detail.as_deref().unwrap_or_default();
        let messages = output.messages;
        let words = |text| messages.translate(text);
        output.line(&format!(
            "{:<9} {}{}{} ({})",
            words(state.health.as_str()),
            state.source,
            words(": "),
            escape_controls(&words(detail)),
            state.reason.map_or_else(|| words("unknown"), |reason| reason.as_str().into())
        ));
    }
}

/// A progress bar on a terminal; none elsewhere.
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// Makes a bar when stderr is a terminal.
    #[must_use]
    pub fn new(output: &Output) -> Self {
        Self(output.may_draw().then(|| {
            let style = ProgressStyle::with_template("{msg:>8} {bar:30} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(0).with_style(style)
        }))
    }

    /// Shows the progress of a step.
    pub fn show(&self, step: Step) {
        let Some(bar) = &self.0 else { return };
        let (word, done, total) = match step {
            Step::Feeds(done, total) => ("feeds", done, total),
            Step::Pages(done, total) => ("pages", done, total),
            Step::Compose => ("compose", 1, 1),
            Step::Publish => ("publish", 1, 1),
        };
        bar.set_message(word);
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    }

    /// Removes the bar.
    pub fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
