//! The environment of a test: a temporary folder, a fake web, host names that lead to it, a fixed clock, and the built `griot`.

use crate::fake_web::{Answer, Request, Web};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::SystemTime;
use tempfile::TempDir;

/// The time of a new world.
pub const NOW: &str = "2026-03-01T12:00:00Z";

/// A public address that the guard accepts; connections go to the fake web instead.
const PUBLIC: &str = "93.184.216.34";

/// The environment of a test. Before each command, feeds.toml is written from its fields.
pub struct World {
    folder: TempDir,
    pub web: Web,
    pub now: String,
    /// The tables before the topics, such as `[site]` and `[fetch]`.
    pub settings: String,
    pub topics: String,
    /// The further keys of each source, by host.
    sources: BTreeMap<String, String>,
    /// The address that each host resolves to.
    names: BTreeMap<String, String>,
    /// Hosts whose connections do not go to the fake web, but to another server on loopback.
    servers: BTreeMap<String, SocketAddr>,
}

impl World {
    pub fn new() -> Self {
        let settings = "[site]\ntitle = \"Sahel desk\"\nbase_url = \"https://feeds.example.org/\"\nout = \"public\"\nrepublish = \"full\"\n\n\
                    [fetch]\nhost_delay = \"0s\"\ntimeout = \"30s\"\n";
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            web: Web::open(),
            now: NOW.to_owned(),
            settings: settings.to_owned(),
            topics: "[[topic]]\nid = \"mali\"\ntitle = \"Mali\"\nany = [\"Mali\"]\n".to_owned(),
            sources: BTreeMap::new(),
            names: BTreeMap::new(),
            servers: BTreeMap::new(),
        }
    }

    /// Adds a source whose feed `http://HOST/feed` is `xml`.
    pub fn feed(&mut self, host: &str, xml: impl Into<Vec<u8>>) {
        self.source(host, "", Answer::feed(xml));
    }

    /// Adds a source with further keys and its server's answer, or replaces both.
    pub fn source(&mut self, host: &str, keys: &str, answer: Answer) {
        self.names.entry(host.to_owned()).or_insert_with(|| PUBLIC.to_owned());
        self.sources.insert(host.to_owned(), keys.to_owned());
        self.web.answer(host, "/feed", answer);
    }

    /// Removes the source of `host` from feeds.toml.
    pub fn remove_source(&mut self, host: &str) {
        self.sources.remove(host);
    }

    /// Lets `host` resolve to `address` for the guard; connections go to the fake web.
    pub fn set_address(&mut self, host: &str, address: &str) {
        self.names.insert(host.to_owned(), address.to_owned());
    }

    /// Lets `host` resolve to a public address for the guard; connections go to `server`.
    pub fn set_server(&mut self, host: &str, server: SocketAddr) {
        self.set_address(host, PUBLIC);
        self.servers.insert(host.to_owned(), server);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn out(&self) -> PathBuf {
        self.path("public")
    }

    /// Returns the text of feeds.toml.
    pub fn feeds_toml(&self) -> String {
        let mut text = format!("{}\n{}", self.settings, self.topics);
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

    /// Returns the command in the world's folder, without the environment of the test run.
    pub fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        fs::write(self.path("feeds.toml"), self.feeds_toml()).expect("feeds.toml");
        let names = self
            .names
            .iter()
            .map(|(host, address)| format!("{host} {address} {}\n", self.servers.get(host).unwrap_or(&self.web.address)));
        fs::write(self.path("names"), names.collect::<String>()).expect("names");
        let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
        command.current_dir(self.folder.path()).env_clear().env("HOME", self.folder.path());
        command.args(["--now", &self.now, "--resolve", "names"]).args(arguments);
        command
    }

    pub fn griot<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Finished {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("griot starts");
        self.finished(&output)
    }

    /// Runs a command that has to exit with 0.
    pub fn succeed<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Finished {
        let finished = self.griot(arguments);
        assert_eq!(finished.code, Some(0), "{}{}", finished.out, finished.err);
        finished
    }

    pub fn spawn<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> RunningCommand {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        RunningCommand(Some(command.spawn().expect("griot starts")))
    }

    pub fn finished(&self, output: &Output) -> Finished {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).expect("griot writes UTF-8");
            let folder = self.folder.path();
            let canonical = folder.canonicalize().expect("it is there");
            let text = text.replace(&canonical.display().to_string(), "[DIR]");
            text.replace(&folder.display().to_string(), "[DIR]")
        };
        Finished {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Returns the canonical dump.
    pub fn dump(&self) -> String {
        self.succeed(["export", "json"]).out
    }

    /// Returns every file of the output folder with its bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.output_paths()
            .into_iter()
            .map(|(name, path)| (name, fs::read(path).expect("a file")))
            .collect()
    }

    /// Returns the output without the manifest, which holds the database's random id.
    pub fn published_files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files();
        files.retain(|name, _| !name.starts_with('.'));
        files
    }

    /// Returns when every file of the output folder was last written.
    pub fn modified_times(&self) -> BTreeMap<String, SystemTime> {
        let time = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).expect("a time");
        self.output_paths().into_iter().map(|(name, path)| (name, time(&path))).collect()
    }

    /// Returns every file of the output folder by its name below it.
    fn output_paths(&self) -> Vec<(String, PathBuf)> {
        let mut found = Vec::new();
        let mut folders = vec![(String::new(), self.out())];
        while let Some((prefix, folder)) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the output folder").flatten() {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    folders.push((format!("{name}/"), entry.path()));
                } else {
                    found.push((name, entry.path()));
                }
            }
        }
        found
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
    pub fn requests(&self, host: &str) -> Vec<Request> {
        self.web.requests().into_iter().filter(|request| request.host == host).collect()
    }
}

/// The output of a command and its exit code; no code when a signal ended it.
pub struct Finished {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A running command; it is killed when the test ends, also by a panic.
pub struct RunningCommand(Option<Child>);

impl RunningCommand {
    pub fn of(child: Child) -> Self {
        Self(Some(child))
    }

    pub fn child(&mut self) -> &mut Child {
        self.0.as_mut().expect("it is taken only at the end")
    }

    /// Sends the signal of this name, such as `TERM`.
    pub fn signal(&mut self, name: &str) {
        let kill = format!("kill -{name} {}", self.child().id());
        let status = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
        assert!(status.success(), "{kill}");
    }

    pub fn end(mut self, world: &World) -> Finished {
        let child = self.0.take().expect("it is taken only here");
        world.finished(&child.wait_with_output().expect("an end"))
    }
}

impl Drop for RunningCommand {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
