//! `griot serve`: the published files over HTTP, and the runs of the daemon.

use crate::fake_web::Answer;
use crate::run_lock::hold_lock;
use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::world::{RunningCommand, World};
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::process::ChildStderr;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// A running daemon and the address it listens on.
pub struct Served {
    pub run: RunningCommand,
    pub address: String,
}

/// An HTTP response.
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .into_iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }
}

pub fn world() -> World {
    let mut world = World::new();
    world.feed(HOST, rss(HOST, "L'Aube", &[item("bac", "Le bac repart", DATE, FERRY)]));
    world
}

pub fn serve(world: &World, arguments: &[&str]) -> Served {
    let all = ["serve", "--listen", "127.0.0.1:0"].iter().chain(arguments).copied();
    served(world.spawn(all))
}

/// Waits until a daemon that was started listens.
pub fn served(mut run: RunningCommand) -> Served {
    // Its first line names the address, once it listens.
    let mut line = String::new();
    let mut stderr = BufReader::new(run.child().stderr.take().expect("a pipe"));
    stderr.read_line(&mut line).expect("a line");
    let address = line
        .trim()
        .rsplit("http://")
        .next()
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned();
    // The pipe is read on, since a full one would block the daemon.
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
    Served { run, address }
}

impl Served {
    pub fn ask(&self, method: &str, path: &str, headers: &str) -> Response {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
        )
        .expect("it reads");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
        Response {
            status,
            head,
            body: bytes[end + 4..].to_vec(),
        }
    }
}

#[test]
fn every_published_file_is_served_unchanged_with_its_media_type() {
    let world = world();
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    for (name, media_type) in [
        ("mali.xml", "application/rss+xml"),
        ("mali.atom.xml", "application/atom+xml"),
        ("mali.json", "application/feed+json"),
        ("mali.html", "text/html"),
        ("mali.opml", "text/x-opml"),
        ("index.html", "text/html"),
        ("feed.css", "text/css"),
    ] {
        let reply = served.ask("GET", &format!("/{name}"), "");
        assert_eq!(reply.status, 200, "{name}");
        assert!(reply.body == world.files()[name], "{name}");
        assert!(reply.header("Content-Type").starts_with(media_type), "{name}: {}", reply.head);
        assert!(reply.header("Content-Security-Policy").contains("default-src 'none'"));
    }
    assert!(served.ask("GET", "/", "").body == world.files()["index.html"]);
}

#[test]
fn a_conditional_request_gets_304() {
    let world = world();
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    let first = served.ask("GET", "/mali.xml", "");
    let (etag, date) = (first.header("ETag"), first.header("Last-Modified"));
    assert!(etag.starts_with('"') && date.ends_with("GMT"), "{}", first.head);
    for headers in [format!("If-None-Match: {etag}\r\n"), format!("If-Modified-Since: {date}\r\n")] {
        let again = served.ask("GET", "/mali.xml", &headers);
        assert_eq!((again.status, again.body.len(), again.header("ETag")), (304, 0, etag), "{headers}");
    }
    assert_eq!(served.ask("GET", "/mali.xml", "If-None-Match: \"old\"\r\n").status, 200);
}

#[test]
fn head_has_no_body_and_other_methods_are_refused() {
    let world = world();
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    let head = served.ask("HEAD", "/mali.xml", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("Content-Length"), world.files()["mali.xml"].len().to_string());
    for method in ["POST", "PUT", "DELETE", "TRACE"] {
        let reply = served.ask(method, "/mali.xml", "Content-Length: 0\r\n");
        assert_eq!((reply.status, reply.header("Allow")), (405, "GET, HEAD, OPTIONS"), "{method}");
    }
    let preflight = served.ask(
        "OPTIONS",
        "/mali.xml",
        "Origin: https://reader.example\r\nAccess-Control-Request-Method: GET\r\n",
    );
    assert_eq!((preflight.status, preflight.header("Access-Control-Allow-Origin")), (204, "*"));
}

#[test]
fn only_published_files_are_served() {
    let world = world();
    world.succeed(["fetch"]);
    std::fs::write(world.out().join("private.txt"), "private").expect("a file");
    let served = serve(&world, &["--no-fetch"]);
    for path in [
        "/private.txt",
        "/.griot-manifest.json",
        "/../feeds.toml",
        "/%2e%2e/feeds.toml",
        "/..%2ffeeds.toml",
        "//etc/passwd",
        "/mali.xml/",
        "/mali.xml%00",
        "/MALI.XML",
        "/griot.db",
    ] {
        let reply = served.ask("GET", path, "");
        assert!(matches!(reply.status, 400 | 404), "{path}: {}", reply.head);
        assert!(!String::from_utf8_lossy(&reply.body).contains("private"));
    }
}

#[test]
fn sigterm_ends_the_daemon_with_0_and_ctrl_c_with_130() {
    let world = world();
    let mut served = serve(&world, &["--no-fetch"]);
    assert_eq!(served.ask("GET", "/mali.xml", "").status, 404, "nothing is published yet");
    served.run.signal("TERM");
    assert_eq!(served.run.end(&world).code, Some(0));
    let mut served = serve(&world, &[]);
    served.run.signal("INT");
    assert_eq!(served.run.end(&world).code, Some(130));
}

#[test]
fn a_client_with_an_unfinished_request_does_not_delay_the_end() {
    let world = world();
    world.succeed(["fetch"]);
    let mut served = serve(&world, &["--no-fetch"]);
    let mut stream = TcpStream::connect(&served.address).expect("it listens");
    write!(stream, "GET /mali.xml HTTP/1.1\r\nHost: local").expect("it reads");
    assert_eq!(served.ask("GET", "/mali.xml", "").status, 200, "others are served meanwhile");
    served.run.signal("TERM");
    assert_eq!(served.run.end(&world).code, Some(0));
    drop(stream);
}

#[test]
fn the_daemon_fetches_again_when_a_feed_is_due_and_serves_what_is_new() {
    let mut world = world();
    // The clock runs 3,600 times as fast: an hour a second.
    world.now = "2026-03-01T12:00:00Z*3600".to_owned();
    let mut served = serve(&world, &[]);
    world.web.wait_for(1, |request| request.host == HOST);
    world.web.answer(
        HOST,
        "/feed",
        Answer::feed(rss(HOST, "L'Aube", &[item("puits", "Quarante puits", DATE, WELLS)])),
    );
    // The second visit from here begins after the run that publishes the new entry.
    let before = world.web.requests().len();
    world.web.wait_for(before + 2, |request| request.host == HOST);
    let page = served.ask("GET", "/mali.html", "");
    assert!(String::from_utf8_lossy(&page.body).contains("Quarante puits"));
    served.run.signal("TERM");
    assert_eq!(served.run.end(&world).code, Some(0));
}

#[test]
fn other_commands_work_beside_an_idle_daemon() {
    let world = world();
    // The clock stands still: after its first run, nothing is due.
    let mut served = serve(&world, &[]);
    world.web.wait_for(1, |request| request.host == HOST);
    world.succeed(["fetch", "--force", "--wait", "30s"]);
    assert_eq!(world.requests(HOST).len(), 2, "the run beside the daemon");
    world.succeed(["publish"]);
    served.run.signal("TERM");
    assert_eq!(served.run.end(&world).code, Some(0));
}

#[test]
fn the_daemon_holds_the_lock_during_its_run() {
    let mut world = world();
    world.source("lent.example", "", Answer::hang());
    let _served = serve(&world, &[]);
    world.web.wait_for(1, |request| request.host == "lent.example");
    assert_eq!(world.griot(["fetch"]).code, Some(75));
}

/// A daemon whose log is read line by line.
pub struct LoggedDaemon {
    pub run: RunningCommand,
    lines: Lines<BufReader<ChildStderr>>,
}

impl LoggedDaemon {
    pub fn start(world: &World) -> Self {
        Self::of(world.spawn(["-v", "serve", "--listen", "127.0.0.1:0"]))
    }

    pub fn of(mut run: RunningCommand) -> Self {
        let lines = BufReader::new(run.child().stderr.take().expect("a pipe")).lines();
        Self { run, lines }
    }

    /// Reads on until a line contains `wanted`, and returns it.
    pub fn read_until(&mut self, wanted: &str) -> String {
        let mut lines = self.lines.by_ref().map(|line| line.expect("UTF-8"));
        lines.find(|line| line.contains(wanted)).expect("the daemon goes on")
    }

    /// Returns the rest of the lines.
    pub fn rest(self) -> String {
        self.lines.map(|line| line.expect("UTF-8") + "\n").collect()
    }
}

#[test]
fn the_daemon_skips_a_check_while_another_run_holds_the_lock() {
    let mut world = world();
    world.now = "2026-03-01T12:00:00Z*3600".to_owned();
    let mut daemon = LoggedDaemon::start(&world);
    daemon.read_until("run finished");
    let lock = hold_lock(&world);
    let before = world.web.requests().len();
    daemon.read_until("another run holds the lock");
    daemon.read_until("another run holds the lock");
    assert_eq!(world.web.requests().len(), before, "no run meanwhile");
    drop(lock);
    daemon.read_until("run finished");
}

#[test]
fn a_new_configuration_is_run_once_the_lock_is_free_although_nothing_is_due() {
    let mut world = world();
    world.settings += "every = \"30d\"\n";
    world.now = "2026-03-01T12:00:00Z*3600".to_owned();
    let mut daemon = LoggedDaemon::start(&world);
    daemon.read_until("run finished");
    let lock = hold_lock(&world);
    daemon.run.signal("HUP");
    daemon.read_until("the configuration was read again");
    daemon.read_until("another run holds the lock");
    drop(lock);
    daemon.read_until("run finished");
    assert_eq!(world.requests(HOST).len(), 1, "nothing was due");
}

#[test]
fn sighup_reads_the_configuration_again_and_a_mistake_keeps_the_old_one() {
    let mut world = world();
    world.now = "2026-03-01T12:00:00Z*3600".to_owned();
    let mut served = serve(&world, &[]);
    world.web.wait_for(1, |request| request.host == HOST);
    std::fs::write(world.path("feeds.toml"), "[site\n").expect("feeds.toml");
    served.run.signal("HUP");
    let before = world.requests(HOST).len();
    world.web.wait_for(before + 1, |request| request.host == HOST);
    world.feed(
        "bafing.example.org",
        rss("bafing.example.org", "Bafing", &[item("puits", "Quarante puits", DATE, WELLS)]),
    );
    // The table of --resolve is read at the start only: a later name is unknown to it, and its source fails.
    drop(world.command(["check"]));
    served.run.signal("HUP");
    let before = world.requests(HOST).len();
    world.web.wait_for(before + 2, |request| request.host == HOST);
    let status = world.succeed(["status", "--json"]).out;
    let line = status
        .lines()
        .find(|line| line.contains("\"source\":\"bafing\""))
        .expect("it is configured");
    assert!(line.contains("\"reason\":\"dns\""), "{line}");
}

#[test]
fn an_address_in_use_ends_with_73() {
    let world = world();
    let address = world.web.address.to_string();
    let ran = world.griot(["serve", "--no-fetch", "--listen", &address]);
    assert_eq!(ran.code, Some(73), "{}", ran.err);
    assert!(ran.err.contains("hint:"), "{}", ran.err);
}
