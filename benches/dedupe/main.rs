//! How fast entries are compared: `griot lab stories` and `lab copies` on invented entries of 300 words from 300 outlets over two years, and what floods of
//! near-identical entries cost. The words are those of the bench `large`.
//!
//! `cargo bench --bench dedupe` takes 50,000 entries, `-- --entries 1000000` takes as many as a desk sees in two years. `-- --store DIR` also measures
//! `griot db rebuild` on the store that `cargo bench --bench large -- --store DIR` keeps. Figures are CPU seconds (user and system) and peak memory of
//! the whole process; `GRIOT_BENCH_PROGRAM=FILE` measures another build.

#[expect(dead_code, reason = "the bench `large` uses more of it")]
#[path = "../large/measure.rs"]
mod measure;
#[expect(dead_code, reason = "the bench `large` uses more of it")]
#[path = "../large/vocabulary.rs"]
mod vocabulary;

use griot::Timestamp;
use measure::{Desk, Usage, megabytes};
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use vocabulary::{Dice, Vocabulary};

const DEFAULT_ENTRIES: usize = 50_000;
const OUTLETS: usize = 300;
const TEXT_WORDS: usize = 300;
const TITLE_WORDS: usize = 9;
/// The time between two entries: a million of them take two years.
const GAP_SECONDS: usize = 63;
const FIRST_SECONDS: i64 = 1_767_225_600;
/// The day of the bench, which lies behind all entries.
const NOW: &str = "2028-06-01T00:00:00Z";
/// The sizes of floods: twice as many entries may take twice as long, and no longer.
const FLOODS: [usize; 2] = [10_000, 20_000];
const FLOOD_WORDS: usize = 20;

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
    let desk = Desk {
        folder: folder.path().to_owned(),
    };
    File::create(desk.path("names")).expect("a file of names");
    println!("| what | entries | entries/s of CPU | CPU s | peak MB |\n|---|---|---|---|---|");
    write(&desk.path("entries.jsonl"), options.entries);
    for part in ["stories", "copies"] {
        show(
            &format!("lab {part}"),
            options.entries,
            desk.run(NOW, &["lab", part, "entries.jsonl"]),
        );
    }
    for outlets in [1, OUTLETS] {
        for count in FLOODS {
            write_flood(&desk.path("flood.jsonl"), count, outlets);
            let usage = desk.run(NOW, &["lab", "stories", "flood.jsonl"]);
            show(&format!("near-identical entries of {outlets} outlets"), count, usage);
        }
    }
    if let Some(store) = options.store {
        let desk = Desk { folder: store };
        show(
            "db rebuild, of which the store has",
            options.entries,
            desk.run(NOW, &["db", "rebuild"]),
        );
    }
    ExitCode::SUCCESS
}

fn show(what: &str, entries: usize, usage: Usage) {
    let cpu = usage.cpu.max(Duration::from_millis(1)).as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53 entries")]
    let rate = entries as f64 / cpu;
    println!("| {what} | {entries} | {rate:.0} | {cpu:.2} | {:.1} |", megabytes(usage.peak));
}

/// What the command line asks for.
struct Options {
    entries: usize,
    store: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments; cargo adds `--bench`.
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            entries: DEFAULT_ENTRIES,
            store: None,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--bench" => {}
                "--entries" => options.entries = value()?.parse().map_err(|_| "--entries needs a number".to_owned())?,
                "--store" => options.store = Some(PathBuf::from(value()?)),
                other => return Err(format!("unknown argument {other}; known: --entries N, --store DIR")),
            }
        }
        Ok(options)
    }
}

fn sentence(vocabulary: &Vocabulary, dice: &mut Dice, words: usize) -> String {
    let word = |dice: &mut Dice| match dice.roll(100) {
        0..5 => vocabulary.name(dice),
        5 => dice.roll(900).to_string(),
        _ => vocabulary.word(dice).to_owned(),
    };
    (0..words).map(|_| word(dice)).collect::<Vec<_>>().join(" ")
}

fn line(number: usize, outlet: usize, title: &str, body: &str, language: &str) -> String {
    let seconds = i64::try_from(number * GAP_SECONDS).expect("a few years");
    let published = Timestamp::from_unix(FIRST_SECONDS + seconds).to_string();
    let entry =
        json!({"id": number, "title": title, "body": body, "lang": language, "published": published, "source": format!("outlet{outlet}")});
    entry.to_string()
}

/// Writes entries; a tenth of them repeat the text of another outlet with an ending of their own.
fn write(path: &Path, count: usize) {
    let vocabularies = Vocabulary::all();
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    for number in 0..count {
        let mut dice = Dice::new(1, number as u64);
        let is_copy = number > 50 && dice.happens(10);
        let told = if is_copy { number - 1 - dice.roll(50) } else { number };
        let mut own = Dice::new(2, told as u64);
        let vocabulary = &vocabularies[own.roll(vocabularies.len())];
        let title = sentence(vocabulary, &mut own, TITLE_WORDS);
        let mut body = (0..TEXT_WORDS / 15)
            .map(|_| sentence(vocabulary, &mut own, 15))
            .collect::<Vec<_>>()
            .join(". ");
        if is_copy {
            body = format!("{body}. {}", sentence(vocabulary, &mut dice, 10));
        }
        let entry = line(number, dice.roll(OUTLETS), &title, &body, vocabulary.language);
        writeln!(file, "{entry}").expect("room for the file");
    }
    file.flush().expect("room for the file");
}

/// Writes entries that differ in one word.
fn write_flood(path: &Path, count: usize, outlets: usize) {
    let vocabularies = Vocabulary::all();
    let vocabulary = &vocabularies[0];
    let text = sentence(vocabulary, &mut Dice::new(3, 0), FLOOD_WORDS);
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    for number in 0..count {
        let title = format!("Le bulletin de {}", vocabulary.rare_word(number));
        let body = format!("{text} {}", vocabulary.rare_word(number * 7));
        let entry = line(number / 100, number % outlets, &title, &body, vocabulary.language);
        writeln!(file, "{entry}").expect("room for the file");
    }
    file.flush().expect("room for the file");
}
