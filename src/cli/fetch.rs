//! `griot fetch`: one pass, as from cron.

use super::args::{Fetch, Global};
use super::failure::{DONE, Failure, LOCKED, PARTIAL};
use super::output::{self, Output, shown};
use super::setup;
use super::signals::Signals;
use crate::config::Report;
use crate::fetch::{FinishedRecording, Recorder, Recording, Replay, ReplayMismatch};
use crate::model::{FailureReason, SourceState, Timestamp};
use crate::pipeline::feed_builder::TopicCount;
use crate::pipeline::{self, Clock, RunOptions, RunReport, Step};
use crate::store::{LockError, RunLock};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Fetches what is due, publishes what changed, and says what happened.
///
/// # Errors
/// [`Failure`] with the exit code that INTERFACE promises to scripts.
pub async fn run(fetch: &Fetch, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let began = Instant::now();
    let replay = fetch.replay.as_deref().map(Replay::open).transpose()?;
    let now = match &replay {
        Some(replay) if global.now.is_none() => replay.now(),
        _ => clock.now(),
    };
    let recorder = fetch.record.as_deref().map(|folder| Recorder::create(folder, now)).transpose()?;
    let recording = recorder.clone().map(Recording::Record).or(replay.clone().map(Recording::Replay));
    let (_, app, tools) = setup::open_with(global, recording, now, output)?;
    let _lock = lock(&tools.database, fetch.wait).await?;
    let app = Arc::new(app);
    let signals = Signals::listen()?;
    let options = RunOptions {
        only: fetch.only.clone(),
        force: fetch.force,
        budget: fetch.budget,
        dry_run: fetch.dry_run,
    };
    let progress = Progress::new(output);
    let ran = pipeline::run::run(&app, &options, now, &signals.stop, &|step| progress.show(step)).await;
    progress.end();
    // The recording is whole even when the run is not: it may tell why.
    let taken_down = recorder.as_ref().map(Recorder::finish).transpose();
    let report = ran?;
    if fetch.dry_run {
        for source in &report.due {
            output.line(source.as_str());
        }
        return Ok(DONE);
    }
    let policy = &app.config.report;
    if output.json {
        output.value(&summary(&report, began.elapsed()));
    } else if output.quiet {
        for line in alarms(&report, policy, now) {
            output::talk(&line);
        }
    } else if !report.offline {
        show(&report, output);
    }
    if let Some(recorded) = taken_down? {
        tell_recorded(&recorded, output);
    }
    if let Some(replay) = &replay {
        tell_rest(&replay.mismatch(), output);
    }
    if let Some(code) = signals.exit_code() {
        return Ok(code);
    }
    if report.offline {
        output::talk("offline: no source could be reached; nothing was counted as its failure, and the next run tries again");
        return Ok(PARTIAL);
    }
    Ok(if partial(&report, fetch.fail_on.unwrap_or(policy.fail_on)) {
        PARTIAL
    } else {
        DONE
    })
}

fn tell_recorded(recorded: &FinishedRecording, output: &Output) {
    if !output.quiet {
        let (path, exchanges) = (recorded.path.display(), recorded.exchanges);
        output::talk(&format!("recorded: {exchanges} exchanges in {path} ({} bytes)", recorded.bytes));
    }
}

/// Says where a replay and its recording parted: they do when the configuration, the database or griot has changed.
fn tell_rest(rest: &ReplayMismatch, output: &Output) {
    if let Some(first) = &rest.first_missed {
        output::talk(&format!(
            "replay: {} requests are not in the recording, the first of them {}; they count as failed",
            rest.missed,
            shown(first)
        ));
    }
    if rest.unasked > 0 && !output.quiet {
        output::talk(&format!("replay: {} recorded exchanges were not asked for", rest.unasked));
    }
}

/// Takes the run lock, waiting at most `wait` for another run to end.
///
/// # Errors
/// When another run holds it, or the file cannot be made.
pub async fn lock(database: &Path, wait: Duration) -> Result<RunLock, Failure> {
    let until = Instant::now() + wait;
    loop {
        match RunLock::take(database) {
            Err(LockError::Held { .. }) if Instant::now() < until => tokio::time::sleep(Duration::from_millis(200)).await,
            Err(error @ LockError::Held { .. }) => {
                return Err(Failure::new(LOCKED, error).hint("it is safe to try again later; --wait 60s waits for it"));
            }
            other => return Ok(other?),
        }
    }
}

/// More than the allowed share failed, of at least three sources that were tried.
fn partial(report: &RunReport, fail_on: f64) -> bool {
    let tried = report.summary.fresh + report.summary.unchanged + report.summary.failed;
    #[expect(clippy::cast_precision_loss, reason = "counts of sources are far below 2^52")]
    let share = report.summary.failed as f64 / tried.max(1) as f64;
    tried >= 3 && share > fail_on
}

/// What cron's mail may say: a failure once when it has lasted `warn_after`, and once when it is over.
fn alarms(report: &RunReport, policy: &Report, now: Timestamp) -> Vec<String> {
    let lasting = |state: &SourceState, at: Timestamp| state.failing_since.is_some_and(|since| since + policy.warn_after <= at);
    let told = |before: &SourceState| before.last_visit.is_some_and(|last| lasting(before, last));
    let mut lines = Vec::new();
    for trouble in report
        .failed_sources
        .iter()
        .filter(|trouble| lasting(&trouble.state, now) && !told(&trouble.before))
    {
        let since = trouble.state.failing_since.unwrap_or(now);
        let detail = trouble.state.detail.as_deref().unwrap_or_default();
        lines.push(format!(
            "{}: {} since {since}: {}",
            trouble.state.source,
            trouble.state.health,
            shown(detail)
        ));
    }
    for before in report.recovered.iter().filter(|before| told(before)) {
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
        "problems": report.failed_sources.iter().map(|trouble| json!({
            "source": trouble.state.source.as_str(),
            "state": trouble.state.health.as_str(),
            "reason": trouble.state.reason.map(FailureReason::as_str),
            "detail": trouble.state.detail,
        })).collect::<Vec<_>>(),
    })
}

/// Prints the summary that people read.
pub fn show(report: &RunReport, output: &mut Output) {
    let figures = &report.summary;
    output.line(&format!(
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
    output.line(&format!(
        "entries   {} new ({} of them copies), {} changed, {} articles taken from pages",
        figures.new_entries, figures.copies, figures.updated_entries, figures.articles
    ));
    output.line(&format!(
        "stories   {} new, {} with another report",
        figures.new_stories, figures.updated_stories
    ));
    for TopicCount { id, total, new } in &report.topics {
        output.line(&format!(
            "topic     {id}: {total} items, {new} new → {}",
            report.out.join(format!("{id}.xml")).display()
        ));
    }
    for trouble in &report.failed_sources {
        let state = &trouble.state;
        let detail = state.detail.as_deref().unwrap_or_default();
        output.line(&format!(
            "{:<9} {}: {} ({})",
            state.health,
            state.source,
            shown(detail),
            state.reason.map_or("unknown", FailureReason::as_str)
        ));
    }
}

/// A progress bar, where somebody may watch one.
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

    /// Shows how far the run has come.
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

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
