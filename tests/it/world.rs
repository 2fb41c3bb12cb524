//! A world of its own for each test: a folder, a fake web, names that lead there, a clock that stands still, and the built `griot`.

use crate::web::{Answer, Asked, Web};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::SystemTime;
use tempfile::TempDir;

/// The moment at which worlds begin.
pub const NOW: &str = "2026-03-01T12:00:00Z";

/// A public address: the guard judges it, nothing ever dials it.
const PUBLIC: &str = "93.184.216.34";

/// A world. Its fields are what `feeds.toml` is written from, before each command.
pub struct World {
    folder: TempDir,
    pub web: Web,
    pub now: String,
    /// `[site]` and its like.
    pub head: String,
    pub topics: String,
    /// By host: the source's further keys.
    sources: BTreeMap<String, String>,
    /// The address that each host claims to have.
    names: BTreeMap<String, String>,
}

impl World {
    pub fn new() -> Self {
        let head = "[site]\ntitle = \"Sahel desk\"\nbase_url = \"https://feeds.example.org/\"\nout = \"public\"\nrepublish = \"full\"\n\n\
                    [fetch]\nhost_delay = \"0s\"\ntimeout = \"30s\"\n";
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            web: Web::open(),
            now: NOW.to_owned(),
            head: head.to_owned(),
            topics: "[[topic]]\nid = \"mali\"\ntitle = \"Mali\"\nany = [\"Mali\"]\n".to_owned(),
            sources: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    /// Adds a source whose feed is `http://HOST/feed` and says `xml`.
    pub fn feed(&mut self, host: &str, xml: impl Into<Vec<u8>>) {
        self.source(host, "", Answer::feed(xml));
    }

    /// Adds a source with further keys, and what its server says; again, to change either.
    pub fn source(&mut self, host: &str, keys: &str, answer: Answer) {
        self.names.entry(host.to_owned()).or_insert_with(|| PUBLIC.to_owned());
        self.sources.insert(host.to_owned(), keys.to_owned());
        self.web.answer(host, "/feed", answer);
    }

    /// Lets `host` claim the address `claimed`, and lead to the fake web.
    pub fn name(&mut self, host: &str, claimed: &str) {
        self.names.insert(host.to_owned(), claimed.to_owned());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn out(&self) -> PathBuf {
        self.path("public")
    }

    /// Returns the configuration as it stands.
    pub fn feeds_toml(&self) -> String {
        let mut text = format!("{}\n{}", self.head, self.topics);
        for (host, keys) in &self.sources {
            let id = host.split('.').next().unwrap_or(host);
            write!(
                text,
                "\n[[source]]\nid = \"{id}\"\nname = \"The {id}\"\nurl = \"http://{host}/feed\"\n{keys}\n"
            )
            .expect("a string takes all");
        }
        text
    }

    /// Returns the command, ready to run in the world's folder, with nothing of our own environment in it.
    pub fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        fs::write(self.path("feeds.toml"), self.feeds_toml()).expect("feeds.toml");
        let names = self
            .names
            .iter()
            .map(|(host, claimed)| format!("{host} {claimed} {}\n", self.web.address));
        fs::write(self.path("names"), names.collect::<String>()).expect("names");
        let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
        command.current_dir(self.folder.path()).env_clear().env("HOME", self.folder.path());
        command.args(["--now", &self.now, "--resolve", "names"]).args(arguments);
        command
    }

    pub fn griot<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("griot starts");
        self.ran(&output)
    }

    /// Runs a command that has to end well.
    pub fn good<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        let ran = self.griot(arguments);
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        ran
    }

    pub fn spawn<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Running {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(Some(command.spawn().expect("griot starts")))
    }

    pub fn ran(&self, output: &Output) -> Ran {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).expect("griot speaks UTF-8");
            let folder = self.folder.path();
            let canonical = folder.canonicalize().expect("it is there");
            let text = text.replace(&canonical.display().to_string(), "[DIR]");
            text.replace(&folder.display().to_string(), "[DIR]")
        };
        Ran {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Returns the canonical dump.
    pub fn dump(&self) -> String {
        self.good(["export", "json"]).out
    }

    /// Returns every file of the output folder with its bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.listed()
            .into_iter()
            .map(|(name, path)| (name, fs::read(path).expect("a file")))
            .collect()
    }

    /// Returns what is published, without the manifest, which names the database.
    pub fn told(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files();
        files.retain(|name, _| !name.starts_with('.'));
        files
    }

    /// Returns when every file of the output folder was last written.
    pub fn times(&self) -> BTreeMap<String, SystemTime> {
        let time = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).expect("a time");
        self.listed().into_iter().map(|(name, path)| (name, time(&path))).collect()
    }

    fn listed(&self) -> Vec<(String, PathBuf)> {
        let entries = fs::read_dir(self.out()).expect("the output folder").flatten();
        entries
            .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
            .collect()
    }

    /// Returns a file of the output folder.
    pub fn published(&self, name: &str) -> String {
        fs::read_to_string(self.out().join(name)).expect("a published file")
    }

    /// Returns the items of the topic's JSON feed.
    pub fn items(&self, topic: &str) -> Vec<serde_json::Value> {
        let feed: serde_json::Value = serde_json::from_str(&self.published(&format!("{topic}.json"))).expect("JSON");
        feed["items"].as_array().expect("items").clone()
    }

    /// Returns the requests for `host`.
    pub fn asked(&self, host: &str) -> Vec<Asked> {
        self.web.asked().into_iter().filter(|asked| asked.host == host).collect()
    }
}

/// What a command said, and how it ended; none when a signal ended it.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A command under way; it ends with the test, however that ends.
pub struct Running(Option<Child>);

impl Running {
    pub fn child(&mut self) -> &mut Child {
        self.0.as_mut().expect("it is taken only at the end")
    }

    /// Sends the signal of that name, such as `TERM`.
    pub fn signal(&mut self, name: &str) {
        let kill = format!("kill -{name} {}", self.child().id());
        let status = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
        assert!(status.success(), "{kill}");
    }

    pub fn end(mut self, world: &World) -> Ran {
        let child = self.0.take().expect("it is taken only here");
        world.ran(&child.wait_with_output().expect("an end"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
