//! `griot db`: the database in figures, the deletion of what is no longer kept, and stories derived again; its files are in `db_files`.

use super::args::{DbTask, Global, Prune};
use super::failure::{DONE, Failure};
use super::output::Output;
use super::{db_files, setup};
use crate::model::Timestamp;
use crate::pipeline::{Clock, rebuild, retention};
use crate::store::PruneReport;
use serde_json::{Value, json};

/// Does one of the tasks on the database.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read, or when another run holds the lock.
pub async fn run(task: &DbTask, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    match task {
        DbTask::Stats => stats(global, output),
        DbTask::Backup(backup) => db_files::backup(backup, global, output),
        DbTask::Restore(restore) => db_files::restore(restore, global, clock.now(), output),
        DbTask::Verify(verify) => db_files::verify(verify, global, output),
        DbTask::Vacuum => db_files::vacuum(global, output),
        DbTask::Rebuild => rebuild(global, clock.now(), output).await,
        DbTask::Prune(prune) => self::prune(prune, global, clock.now(), output).await,
    }
}

/// Prints the numbers of rows and bytes.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
fn stats(global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (_, store) = setup::open_read_only(global, output)?;
    let stats = store.stats()?;
    if output.json {
        let tables: serde_json::Map<String, Value> = stats
            .tables
            .iter()
            .map(|table| (table.name.clone(), json!({"rows": table.rows, "bytes": table.bytes})))
            .collect();
        output.value(&json!({
            "sources": stats.sources, "entries": stats.entries, "copy_groups": stats.copy_groups, "articles": stats.articles,
            "stories": stats.stories, "placements": stats.placements, "bytes": stats.bytes, "tables": tables,
        }));
        return Ok(DONE);
    }
    let messages = output.messages;
    let words = |text: &str| messages.translate(text).into_owned();
    for (label, count) in [
        ("sources", stats.sources),
        ("entries", stats.entries),
        ("copy groups", stats.copy_groups),
        ("articles", stats.articles),
        ("stories", stats.stories),
        ("placements", stats.placements),
        ("bytes", stats.bytes),
    ] {
        output.line(&format!("{:<12} {count:>12}", words(label)));
    }
    for table in &stats.tables {
        let (rows, bytes) = (words("rows"), words("bytes"));
        output.line(&format!(
            "  {:<16} {:>10} {rows} {:>12} {bytes}",
            table.name, table.rows, table.bytes
        ));
    }
    Ok(DONE)
}

/// Deletes what `[retention]` does not keep, and prints the number of rows of each table. A dry run writes nothing.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read, or when another run holds the lock.
async fn prune(prune: &Prune, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let report = if prune.dry_run {
        let (config, store) = setup::open_read_only(global, output)?;
        store.prunable(&retention::policy(&config.retention), now)?
    } else {
        let setup::Opened { app, lock: _lock, .. } = setup::open(global, None, setup::LOCK_WAIT, now, output).await?;
        retention::prune(&app.store, &app.config.retention, now, || true)?
    };
    if output.json {
        output.value(&json!({"dry_run": prune.dry_run, "tables": report.rows}));
    } else if !output.quiet {
        show(&report, prune.dry_run, output);
    }
    Ok(DONE)
}

/// Derives the stories again from the stored decisions, and makes the full-text index anew; prints how many entries and stories that were, and how many of
/// them differed.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read, or when another run holds the lock.
async fn rebuild(global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let setup::Opened { app, lock: _lock, .. } = setup::open(global, None, setup::LOCK_WAIT, now, output).await?;
    let (report, indexed) = rebuild::rebuild(&app.store, &app.config.search)?;
    if output.json {
        output.value(&json!({
            "entries": report.entries, "changed_entries": report.changed_entries,
            "stories": report.stories, "changed_stories": report.changed_stories, "indexed": indexed,
        }));
    } else if !output.quiet {
        let messages = output.messages;
        let words = |text: &str| messages.translate(text).into_owned();
        for (label, count, changed) in [
            ("entries", report.entries, report.changed_entries),
            ("stories", report.stories, report.changed_stories),
        ] {
            let changed = words(&format!("{changed} changed"));
            output.line(&format!("{:<12} {count:>12}   {changed}", words(label)));
        }
        output.line(&format!("{:<12} {indexed:>12}", words("indexed")));
    }
    Ok(DONE)
}

fn show(report: &PruneReport, is_dry: bool, output: &mut Output) {
    if report.rows.is_empty() {
        output.tell("there is nothing to prune");
        return;
    }
    output.tell(if is_dry { "would be removed:" } else { "removed:" });
    let rows_word = output.messages.translate("rows").into_owned();
    for (table, rows) in &report.rows {
        output.line(&format!("  {table:<16} {rows:>10} {rows_word}"));
    }
}
