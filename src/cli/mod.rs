//! The command line: arguments, one file per command, and output as text and as JSON.
//!
//! A command opens configuration and store, calls `pipeline`, and prints. It holds no algorithm.

mod add;
mod arg_values;
mod args;
mod check;
mod clip;
mod completions;
mod db;
mod db_args;
mod db_files;
mod demo;
mod digest;
mod digest_args;
mod doctor;
mod edit;
mod entry_json;
mod exchange_args;
mod explain;
mod explain_json;
mod export;
mod extract;
mod failure;
mod fetch;
mod find;
mod import;
mod init;
mod input;
mod lab;
mod lab_args;
mod language;
mod list;
mod mark;
mod moves;
mod output;
mod parse;
mod publish;
mod reading_list_status;
mod remove;
mod rename;
mod search;
mod search_args;
mod serve;
mod servers;
mod setup;
mod show;
mod show_entry;
mod show_story;
mod signals;
mod status;
mod terminal_text;
mod text_file;
mod topic;
mod topic_args;
mod topic_report;
mod topic_weights;
mod withdrawal_text;

pub use args::{Arguments, LogFormat};
pub use failure::Failure;
pub use servers::Servers;

use crate::model::MarkKind;
use crate::pipeline::Clock;
use args::Command;
use clap::CommandFactory;
use output::Output;
use std::process::ExitCode;
use std::time::Duration;

/// How long a daemon that ends waits for threads that are blocked.
const BLOCKED_END_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs the command of `arguments`, and returns the exit code.
#[must_use]
pub fn run(arguments: Arguments, servers: &Servers) -> ExitCode {
    let Arguments { global, command } = arguments;
    let mut output = Output::new(&global, language::message_language(&global, &command));
    let done = dispatch(&global, command, servers, &mut output);
    let done = match output.failure() {
        Some(error) => Err(Failure::new(failure::CANNOT_WRITE, error).hint("standard output took only a part of it")),
        None => done,
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output.fail(&failure);
            ExitCode::from(failure.code)
        }
    }
}

fn dispatch(global: &args::Global, command: Command, servers: &Servers, output: &mut Output) -> Result<u8, Failure> {
    let clock = match &global.now {
        Some(text) => Clock::parse(text).map_err(|error| Failure::new(failure::USAGE, error))?,
        None => Clock::System,
    };
    match command {
        Command::Init(init) => init::run(&init, output),
        Command::Demo(demo) => runtime()?.block_on(demo::run(&demo, &clock, servers, output)),
        Command::Fetch(fetch) => runtime()?.block_on(fetch::run(&fetch, global, &clock, output)),
        Command::Serve(serve) => {
            let runtime = runtime()?;
            let done = runtime.block_on(serve::run(&serve, global, clock, servers, output));
            // What still blocks a thread, such as a slow disk, does not keep the daemon from ending.
            runtime.shutdown_timeout(BLOCKED_END_TIMEOUT);
            done
        }
        Command::Publish(publish) => runtime()?.block_on(publish::run(&publish, global, &clock, output)),
        Command::Check(check) => check::run(&check, global, output),
        Command::Add(add) => runtime()?.block_on(add::run(&add, global, &clock, output)),
        Command::Edit(edit) => edit::run(&edit, global, output),
        Command::Enable(source_argument) => edit::switch(&source_argument.source, true, global, output),
        Command::Disable(source_argument) => edit::switch(&source_argument.source, false, global, output),
        Command::Rename(rename) => runtime()?.block_on(rename::run(&rename, global, &clock, output)),
        Command::Remove(remove) => runtime()?.block_on(remove::run(&remove, global, &clock, output)),
        Command::Status(status) => status::run(&status, global, &clock, output),
        Command::Doctor(doctor) => runtime()?.block_on(doctor::run(&doctor, global, &clock, output)),
        Command::List(list) => list::run(&list, global, output),
        Command::Search(search) => search::run(&search, global, clock.now(), output),
        Command::Pin(mark) => runtime()?.block_on(mark::run(MarkKind::Pin, &mark, global, &clock, output)),
        Command::Unpin(mark) => runtime()?.block_on(mark::run(MarkKind::Unpin, &mark, global, &clock, output)),
        Command::Hide(mark) => runtime()?.block_on(mark::run(MarkKind::Hide, &mark, global, &clock, output)),
        Command::Unhide(mark) => runtime()?.block_on(mark::run(MarkKind::Unhide, &mark, global, &clock, output)),
        Command::Approve(mark) => runtime()?.block_on(mark::run(MarkKind::Approve, &mark, global, &clock, output)),
        Command::Note(note) => runtime()?.block_on(mark::note(&note, global, &clock, output)),
        Command::Clip(clip) => runtime()?.block_on(clip::run(&clip, global, &clock, output)),
        Command::Split(split) => runtime()?.block_on(moves::split(&split, global, &clock, output)),
        Command::Join(join) => runtime()?.block_on(moves::join(&join, global, &clock, output)),
        Command::Explain(explain) => explain::run(&explain, global, clock.now(), output),
        Command::Topic(topic) => topic::run(&topic, global, clock.now(), output),
        Command::Show(show) => show::run(&show, global, output),
        Command::Parse(parse) => runtime()?.block_on(parse::run(&parse, global, &clock, output)),
        Command::Extract(extract) => runtime()?.block_on(extract::run(&extract, global, &clock, output)),
        Command::Lab(lab) => lab::run(&lab, clock.now(), output),
        Command::Digest(digest) => runtime()?.block_on(digest::run(&digest, global, &clock, output)),
        Command::Import(import) => import::run(&import, global, output),
        Command::Export(export) => export::run(&export, global, output),
        Command::Completions(completions) => Ok(completions::run(&completions, Arguments::command(), output)),
        Command::Man(man) => completions::man(&man, Arguments::command(), output),
        Command::Db(db) => runtime()?.block_on(db::run(&db.task, global, &clock, output)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}
