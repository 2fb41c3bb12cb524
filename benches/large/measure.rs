//! Runs griot and measures it: CPU time, peak memory, time on the wall clock.
//!
//! A process of its own starts griot and waits for it (`--measure`). The kernel counts the memory of the process that starts a program towards
//! the peak of that program (getrusage(2), "inherited across execve"), and this bench holds more than a small run of griot does.

use nix::sys::resource::{UsageWho, getrusage};
use std::env;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const MEASURE: &str = "--measure";

/// What one run of griot has used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Of all its threads, in user mode and in the kernel.
    pub cpu: Duration,
    pub wall: Duration,
    /// In bytes.
    pub peak: u64,
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cpu, wall) = (self.cpu.as_secs_f64(), self.wall.as_secs_f64());
        write!(f, "{cpu:.3} s CPU, {wall:.3} s, {:.1} MB", megabytes(self.peak))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size below 2^53 bytes")]
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Returns the run with the median of the CPU time, with the median of the peaks.
pub fn median(runs: &mut [Usage]) -> Usage {
    let middle = runs.len() / 2;
    runs.sort_by_key(|run| run.peak);
    let peak = runs[middle].peak;
    runs.sort_by_key(|run| run.cpu);
    Usage { peak, ..runs[middle] }
}

/// A folder with feeds.toml, the table of names and the database.
pub struct Desk {
    pub folder: PathBuf,
}

impl Desk {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns the bytes of the database with its write-ahead log.
    pub fn database_bytes(&self) -> u64 {
        let length = |name| self.path(name).metadata().map_or(0, |file| file.len());
        length("griot.db") + length("griot.db-wal")
    }

    /// Runs griot at `now` (RFC 3339) until its end; what it prints is read and dropped.
    ///
    /// # Panics
    /// When it fails.
    pub fn run(&self, now: &str, arguments: &[&str]) -> Usage {
        let own = env::current_exe().expect("the path of this bench");
        let mut command = Command::new(own);
        command.arg(MEASURE).args(["--now", now, "--resolve", "names"]).args(arguments);
        let output = command.current_dir(&self.folder).output().expect("the bench starts again");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "griot {arguments:?}: {}\n{err}", output.status);
        let mut numbers = out.split_whitespace().map(|number| number.parse::<u64>().expect("a number"));
        let mut number = || numbers.next().expect("three numbers");
        Usage {
            cpu: Duration::from_micros(number()),
            wall: Duration::from_micros(number()),
            peak: number(),
        }
    }
}

/// The process that runs griot: prints microseconds of CPU time, microseconds of the wall clock, and peak bytes. `None` unless this process is to be
/// it.
pub fn measuring_process() -> Option<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (first, rest) = arguments.split_first()?;
    (first == MEASURE).then(|| measure(Path::new(env!("CARGO_BIN_EXE_griot")), rest))
}

fn measure(program: &Path, arguments: &[String]) -> ExitCode {
    let program = env::var_os("GRIOT_BENCH_PROGRAM").map_or_else(|| program.to_owned(), PathBuf::from);
    let started = Instant::now();
    let mut command = Command::new(program);
    // The settings of whoever runs the bench are none of its own.
    let mut child = command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("griot starts");
    let mut out = child.stdout.take().expect("it is piped");
    io::copy(&mut out, &mut io::sink()).expect("griot's output");
    let status = child.wait().expect("griot ends");
    let wall = started.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("this platform counts it");
    let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    let cpu = micros(usage.user_time()) + micros(usage.system_time());
    println!("{cpu} {} {}", wall.as_micros(), usage.max_rss() * 1024);
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}
