//! The store of many entries: made by griot from the feeds of two years, a run a week; and the runs that are measured on it.

use crate::entries::{Newsroom, SOURCES, Subject, TOPICS, WEEK_SECONDS, document, host, iso_date};
use crate::measure::{Desk, Usage, median, megabytes};
use crate::server::Server;
use crate::vocabulary::Dice;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

const WEEKS: i64 = 104;
/// 2026-11-01, the end of the two years: a later `now` than that of a wrong clock.
const END: i64 = 1_793_491_200;
const ROUNDS: usize = 3;

/// A figure of the table with the limits that are set for it.
pub struct Figure {
    pub name: String,
    pub usage: Usage,
    pub limit: &'static str,
}

/// The store, and what has to be known to go on with it in a later run of the bench.
pub struct LargeStore<'a> {
    desk: Desk,
    server: &'a Server,
    newsroom: &'a Newsroom,
    entries: usize,
    /// The `now` of the last run, in seconds since 1970.
    now: i64,
    /// The weeks of the two years that the store holds.
    weeks: i64,
    /// The words that were added to the rule of a topic.
    added_words: usize,
    generation: Usage,
}

impl<'a> LargeStore<'a> {
    /// Opens the store in `folder`, or makes it with so many `entries`.
    pub fn open(folder: PathBuf, entries: usize, server: &'a Server, newsroom: &'a Newsroom) -> Self {
        fs::create_dir_all(&folder).expect("the folder of the store");
        let mut store = Self {
            desk: Desk { folder },
            server,
            newsroom,
            entries,
            now: END,
            weeks: 0,
            added_words: 0,
            generation: Usage::default(),
        };
        if let Ok(state) = fs::read_to_string(store.desk.path("state.txt")) {
            store.restore(&state);
        }
        store.configure();
        store.generate();
        store.serve(WEEKS - 1);
        store
    }

    /// Makes the weeks that the store does not hold.
    fn generate(&mut self) {
        let (mut cpu_before, mut counted) = (self.generation.cpu, self.weeks);
        for week in self.weeks..WEEKS {
            self.serve(week);
            self.now = END - (WEEKS - 1 - week) * WEEK_SECONDS;
            let usage = self.run(&["fetch", "--quiet", "--budget", "2h"]);
            let sum = &mut self.generation;
            (sum.cpu, sum.wall, sum.peak) = (sum.cpu + usage.cpu, sum.wall + usage.wall, sum.peak.max(usage.peak));
            self.weeks = week + 1;
            self.remember();
            if self.weeks % 13 == 0 {
                let cpu = self.generation.cpu.saturating_sub(cpu_before) / u32::try_from(self.weeks - counted).expect("some weeks");
                let (cpu, peak, size) = (cpu.as_secs_f64(), megabytes(usage.peak), megabytes(self.desk.database_bytes()));
                eprintln!(
                    "week {} of {WEEKS}: {cpu:.2} s CPU a week, peak {peak:.0} MB, database {size:.0} MB",
                    self.weeks
                );
                (cpu_before, counted) = (self.generation.cpu, self.weeks);
            }
        }
    }

    /// Gives the feeds of a week to the server. A source without news keeps its last feed.
    fn serve(&self, week: i64) {
        let (week_number, weeks) = (usize::try_from(week).expect("a week"), usize::try_from(WEEKS).expect("weeks"));
        let count = self.entries * (week_number + 1) / weeks - self.entries * week_number / weeks;
        let start = END - (WEEKS - week) * WEEK_SECONDS;
        let items = self.newsroom.week(start, count);
        let mut feeds = vec![Vec::new(); SOURCES];
        for item in &items {
            feeds[item.source].push(item);
        }
        for (source, items) in feeds.iter().enumerate() {
            if !items.is_empty() || week == 0 || week == WEEKS - 1 {
                self.server.feed(&host(source), document(source, items));
            }
        }
    }

    /// Writes feeds.toml and the table of names.
    fn configure(&self) {
        let mut toml = String::from("[site]\ntitle = \"Large store\"\nbase_url = \"https://feeds.example.org/\"\nout = \"public\"\n\n");
        toml.push_str("[fetch]\nmax_new = 0\nhost_delay = \"0s\"\nrobots = \"off\"\nevery = \"1m\"\nmax_every = \"24h\"\n\n[retention]\nkeep = \"4y\"\n");
        let added = (0..self.added_words).map(|number| format!(", \"{}\"", self.newsroom.rare_word(number)));
        toml.push_str(&TOPICS.replace("ADDED", &added.collect::<String>()));
        let mut names = String::new();
        for source in 0..SOURCES {
            let (host, language) = (host(source), self.newsroom.language(source));
            let _ = writeln!(
                toml,
                "\n[[source]]\nid = \"s{source:03}\"\nname = \"Outlet {source}\"\nurl = \"http://{host}/feed\""
            );
            let _ = writeln!(toml, "lang = \"{language}\"\narticle = \"feed\"");
            let _ = writeln!(names, "{host} {PUBLIC_ADDRESS} {}", self.server.address);
        }
        fs::write(self.desk.path("feeds.toml"), toml).expect("feeds.toml");
        fs::write(self.desk.path("names"), names).expect("the table of names");
    }

    fn run(&self, arguments: &[&str]) -> Usage {
        self.desk.run(&iso_date(self.now), arguments)
    }

    fn remember(&self) {
        let Self {
            entries,
            now,
            weeks,
            added_words,
            generation,
            ..
        } = self;
        let (cpu, wall, peak) = (generation.cpu.as_millis(), generation.wall.as_millis(), generation.peak);
        fs::write(
            self.desk.path("state.txt"),
            format!("{entries} {now} {weeks} {added_words} {cpu} {wall} {peak}\n"),
        )
        .expect("state.txt");
    }

    fn restore(&mut self, state: &str) {
        let numbers: Vec<u64> = state.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [entries, now, weeks, added_words, cpu, wall, peak] = numbers[..] else {
            panic!("state.txt holds seven numbers");
        };
        self.entries = usize::try_from(entries).expect("a number of entries");
        self.now = i64::try_from(now).expect("a time");
        self.weeks = i64::try_from(weeks).expect("weeks");
        self.added_words = usize::try_from(added_words).expect("a number of words");
        self.generation = Usage {
            cpu: Duration::from_millis(cpu),
            wall: Duration::from_millis(wall),
            peak,
        };
    }

    /// Measures everything; the rounds follow within a minute of each other, in which no source is due.
    pub fn measure(&mut self) -> Vec<Figure> {
        self.now += 2 * 3600;
        let unchanged = self.run(&["fetch", "--quiet"]);
        let mut figures = vec![
            self.figure("making the store, all runs", self.generation, "-"),
            self.figure("one run: 300 sources asked, nothing new", unchanged, "-"),
        ];
        let nothing_due = self.rounds(&mut |store| store.run(&["fetch", "--quiet"]));
        figures.push(self.figure("nothing due", nothing_due, "0.05 s, 30 MB"));
        let one_new = self.rounds(&mut |store| {
            store.add_entry();
            store.run(&["fetch", "--quiet", "--force", "s000"])
        });
        figures.push(self.figure("one new entry", one_new, "0.6 s, 100 MB"));
        let rule = self.rounds(&mut |store| {
            store.added_words += 1;
            store.configure();
            store.run(&["fetch", "--quiet"])
        });
        figures.push(self.figure("a changed rule", rule, "25 s, 80 MB"));
        for (name, arguments) in [
            ("griot publish", &["publish", "--quiet"][..]),
            ("griot list entries --json", &["list", "entries", "--json"]),
            ("griot list stories --json", &["list", "stories", "--json"]),
            ("griot search, a frequent word", &["search", "mali"]),
            (
                "griot search, words, a phrase and a filter",
                &["search", "mali \"du village\" OR att* lang:fr since:30d"],
            ),
            ("griot status", &["status"]),
            ("griot db stats", &["db", "stats"]),
        ] {
            let usage = self.rounds(&mut |store| store.run(arguments));
            figures.push(self.figure(name, usage, "-"));
        }
        figures
    }

    fn figure(&self, name: &str, usage: Usage, limit: &'static str) -> Figure {
        self.remember();
        eprintln!("{name}: {usage}");
        Figure {
            name: name.to_owned(),
            usage,
            limit,
        }
    }

    /// Measures some runs, each a second after the one before.
    fn rounds(&mut self, run: &mut dyn FnMut(&mut Self) -> Usage) -> Usage {
        let mut usages: Vec<Usage> = Vec::new();
        for _ in 0..ROUNDS {
            self.now += 1;
            usages.push(run(self));
        }
        median(&mut usages)
    }

    /// Gives the first source a feed with one new entry, which the first topic takes.
    fn add_entry(&self) {
        let mut dice = Dice::new(2, self.now.unsigned_abs());
        let item = self.newsroom.item(&mut dice, 0, self.now - 60, 0, Subject::Politics);
        self.server.feed(&host(0), document(0, &[&item]));
    }

    /// Returns the rates and sizes that the table ends with.
    pub fn summary(&self) -> String {
        #[expect(clippy::cast_precision_loss, reason = "a number of entries below 2^53")]
        let rate = self.entries as f64 / self.generation.cpu.as_secs_f64();
        let size = megabytes(self.desk.database_bytes());
        format!(
            "{} entries of {SOURCES} sources, database {size:.0} MB; made at {rate:.0} entries per CPU second",
            self.entries
        )
    }
}

/// An address that the address guard of griot accepts; the connection goes to the server of the bench.
pub const PUBLIC_ADDRESS: &str = "93.184.216.34";
