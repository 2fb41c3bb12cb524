//! What a run of griot costs on a store of a million entries, and what hostile sources cost; see the README beside this file.

mod entries;
mod hostile;
mod measure;
mod server;
mod store;
mod vocabulary;

use entries::Newsroom;
use server::Server;
use std::path::PathBuf;
use std::process::ExitCode;
use store::LargeStore;

const DEFAULT_ENTRIES: usize = 1_000_000;

/// What the command line asks for.
struct Options {
    entries: usize,
    store: Option<PathBuf>,
    only: Option<String>,
}

impl Options {
    /// Reads the arguments; cargo adds `--bench`.
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            entries: DEFAULT_ENTRIES,
            store: None,
            only: None,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--bench" => {}
                "--entries" => options.entries = value()?.parse().map_err(|_| "--entries needs a number".to_owned())?,
                "--store" => options.store = Some(PathBuf::from(value()?)),
                "--only" => options.only = Some(value()?),
                other => {
                    return Err(format!(
                        "unknown argument {other}; known: --entries N, --store DIR, --only store|flood|hosts"
                    ));
                }
            }
        }
        Ok(options)
    }

    fn includes(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == part)
    }
}

fn main() -> ExitCode {
    if let Some(code) = measure::measuring_process() {
        return code;
    }
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (server, newsroom) = (Server::open(), Newsroom::new());
    if options.includes("store") {
        let place = options.store.clone().unwrap_or_else(|| folder.path().join("store"));
        let mut store = LargeStore::open(place, options.entries, &server, &newsroom);
        let figures = store.measure();
        println!("\n{}\n", store.summary());
        println!("| figure (median of three) | CPU s | wall s | peak MB | limit |\n|---|---|---|---|---|");
        for figure in figures {
            let (usage, limit) = (figure.usage, figure.limit);
            let (cpu, wall, peak) = (usage.cpu.as_secs_f64(), usage.wall.as_secs_f64(), measure::megabytes(usage.peak));
            println!("| {} | {cpu:.3} | {wall:.3} | {peak:.1} | {limit} |", figure.name);
        }
    }
    if options.includes("flood") {
        hostile::flood(folder.path().join("flood"), &server, &newsroom);
    }
    if options.includes("hosts") {
        hostile::many_hosts(folder.path().join("hosts"), &server, &newsroom);
    }
    ExitCode::SUCCESS
}
