//! The server of `griot serve` as clients meet it: representations, slow clients, what it says of itself, and configurations that change.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::serve::{LoggedDaemon, Served, serve, served, world};
use crate::world::{RunningCommand, World};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const CHROME: &str = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nSec-Fetch-Mode: navigate\r\n";

/// Two items, the second of the day before.
fn two_items() -> Vec<u8> {
    let items = [
        item("bac", "Le bac repart", DATE, FERRY),
        item("puits", "Quarante puits", "Sat, 28 Feb 2026 10:00:00 GMT", WELLS),
    ];
    rss(HOST, "L'Aube", &items).into()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_coding_has_the_bytes_of_the_file_and_a_range_is_a_part_of_them() {
    let world = world();
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    let file = world.files()["mali.xml"].clone();
    for (coding, decode) in [
        (
            "gzip",
            (|bytes| std::io::read_to_string(flate2::read::GzDecoder::new(bytes)).expect("gzip")) as fn(&[u8]) -> String,
        ),
        ("zstd", |bytes| text(&zstd::stream::decode_all(bytes).expect("zstd"))),
        ("br", |bytes| {
            std::io::read_to_string(brotli_decompressor::Decompressor::new(bytes, 4096)).expect("br")
        }),
    ] {
        let reply = served.ask("GET", "/mali.xml", &format!("Accept-Encoding: {coding}\r\n"));
        assert_eq!(reply.header("Content-Encoding"), coding);
        assert_eq!(decode(&reply.body), text(&file), "{coding}");
        assert!(reply.header("Vary").contains("Accept-Encoding"));
        let etag = reply.header("ETag");
        let again = served.ask(
            "GET",
            "/mali.xml",
            &format!("Accept-Encoding: {coding}\r\nIf-None-Match: {etag}\r\n"),
        );
        assert_eq!(again.status, 304, "{coding}");
        assert_eq!(
            served.ask("GET", "/mali.xml", &format!("If-None-Match: {etag}\r\n")).status,
            200,
            "{coding}"
        );
    }
    let part = served.ask("GET", "/mali.xml", "Range: bytes=10-19\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &file[10..20]));
    assert_eq!(part.header("Content-Range"), format!("bytes 10-19/{}", file.len()));
    assert_eq!(served.ask("GET", "/mali.xml", "Range: bytes=9999999-\r\n").status, 416);
}

#[test]
fn what_is_no_request_is_refused_with_the_policy_of_all_answers() {
    let world = world();
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    let long = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    for (request, status) in [
        ("GET /<script> HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
        ("nonsense\r\n\r\n", "400"),
        (&long, "431"),
    ] {
        let mut stream = TcpStream::connect(&served.address).expect("it listens");
        // It may answer before it has taken all of a long request.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = text(&answer);
        let beginning: String = request.chars().take(40).collect();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{beginning}: {answer}");
        assert!(
            answer.to_ascii_lowercase().contains("content-security-policy: default-src 'none'"),
            "{beginning}: {answer}"
        );
    }
}

#[test]
fn a_browser_gets_a_feed_that_it_displays() {
    let world = world();
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    for name in ["/mali.xml", "/mali.atom.xml"] {
        let displayed = served.ask("GET", name, CHROME);
        assert_eq!(displayed.header("Content-Type"), "text/xml; charset=utf-8");
        assert!(displayed.header("Content-Security-Policy").contains("style-src 'self'"));
        let read = served.ask(
            "GET",
            name,
            "Accept: application/rss+xml, application/atom+xml, text/html;q=0.1\r\n",
        );
        assert!(read.header("Content-Type").contains("+xml"), "{}", read.head);
        assert!(displayed.body == read.body && displayed.header("ETag") != read.header("ETag"));
        assert_eq!(displayed.header("Vary"), "Accept, Accept-Encoding, Sec-Fetch-Mode");
    }
}

#[test]
fn the_parameters_of_a_feed_select_its_items() {
    let mut world = world();
    world.topics = world.topics.replace("any = [\"Mali\"]", "query = \"*\"");
    world.feed(HOST, two_items());
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    for (query, ferry, wells) in [
        ("q=bac", true, false),
        ("q=puits", false, true),
        ("limit=1", true, false),
        ("since=2026-03-01", true, true),
        ("since=2026-03-02", false, false),
        ("lang=xx", false, false),
        ("utm_source=x", true, true),
    ] {
        for name in ["mali.xml", "mali.atom.xml", "mali.json", "mali.html"] {
            let reply = served.ask("GET", &format!("/{name}?{query}"), "");
            let found = text(&reply.body);
            let holds = |title: &str| found.contains(title);
            let expected = (200, ferry, wells);
            assert_eq!(
                (reply.status, holds("Le bac repart"), holds("Quarante puits")),
                expected,
                "{name}?{query}"
            );
            let etag = reply.header("ETag");
            let again = served.ask("GET", &format!("/{name}?{query}"), &format!("If-None-Match: {etag}\r\n"));
            assert_eq!(again.status, 304, "{name}?{query}");
        }
    }
    let reply = served.ask("GET", "/mali.xml?limit=many", "");
    assert_eq!(
        (reply.status, text(&reply.body)),
        (400, "limit: a number from 1 to 1000 is expected\n".to_owned())
    );
    assert!(reply.header("Content-Security-Policy").starts_with("default-src 'none'"));
    assert_eq!(served.ask("GET", "/feed.css?limit=many", "").status, 200);
    let page = served.ask("GET", "/mali.html?q=(", "");
    assert_eq!((page.status, page.header("Content-Type")), (400, "text/html; charset=utf-8"));
    assert_eq!(page.header("Cache-Control"), "no-store");
    let whole = served.ask("GET", "/mali.html", "");
    assert_eq!(page.header("Content-Security-Policy"), whole.header("Content-Security-Policy"));
    let told = text(&page.body);
    assert!(
        told.contains("value=\"(\"") && told.contains("role=\"alert\"") && !told.contains("Le bac repart"),
        "{told}"
    );
    assert_eq!(
        served.ask("GET", "/mali.xml?q=(", "").header("Content-Type"),
        "text/plain; charset=utf-8"
    );
}

#[test]
fn a_link_in_the_output_is_not_followed() {
    let world = world();
    world.succeed(["fetch"]);
    let feed = world.out().join("mali.xml");
    std::fs::remove_file(&feed).expect("it is there");
    std::os::unix::fs::symlink(world.path("feeds.toml"), &feed).expect("a link");
    let served = serve(&world, &["--no-fetch"]);
    assert_eq!(served.ask("GET", "/mali.xml", "").status, 404);
}

#[test]
fn the_index_answers_before_the_first_run_has_ended() {
    let mut world = world();
    world.source("lent.example", "", Answer::hang());
    let served = serve(&world, &[]);
    world.web.wait_for(1, |request| request.host == "lent.example");
    let reply = served.ask("GET", "/", "");
    assert!(
        reply.status == 200 && text(&reply.body).contains("first run is under way"),
        "{}",
        reply.head
    );
    assert_eq!(served.ask("GET", "/mali.xml", "").status, 404);
}

#[test]
fn a_run_beside_the_server_is_served_at_once() {
    let mut world = world();
    let served = serve(&world, &["--no-fetch"]);
    assert!(text(&served.ask("GET", "/", "").body).contains("Nothing is published yet"));
    world.succeed(["fetch"]);
    assert!(served.ask("GET", "/mali.xml", "").body == world.files()["mali.xml"]);
    world.web.answer(HOST, "/feed", Answer::feed(two_items()));
    world.now = "2026-03-01T14:00:00Z".to_owned();
    world.succeed(["fetch", "--force"]);
    assert!(served.ask("GET", "/mali.xml", "").body == world.files()["mali.xml"]);
    assert!(text(&served.ask("GET", "/", "").body).contains("mali.html"));
}

#[test]
fn health_and_metrics_are_told_and_metrics_to_this_machine_only() {
    let mut world = world();
    let served = serve(&world, &["--no-fetch"]);
    world.succeed(["fetch"]);
    served.ask("GET", "/mali.xml", "");
    let health = served.ask("GET", "/healthz", "");
    let health: serde_json::Value = serde_json::from_slice(&health.body).expect("JSON");
    assert_eq!((&health["status"], &health["fetching"]), (&"ok".into(), &false.into()));
    let metrics = text(&served.ask("GET", "/metrics", "").body);
    assert!(metrics.contains("griot_http_responses_total{status=\"200\"} 2\n"), "{metrics}");
    let through_proxy = "X-Forwarded-For: 192.0.2.1\r\n";
    assert_eq!(served.ask("GET", "/metrics", through_proxy).status, 404);
    drop(served);
    world.settings += "\n[serve]\nmetrics = \"public\"\n";
    assert_eq!(serve(&world, &["--no-fetch"]).ask("GET", "/metrics", through_proxy).status, 200);
}

#[test]
fn the_log_is_json_from_its_first_line_and_has_a_line_for_each_request() {
    let world = world();
    world.succeed(["fetch"]);
    let mut daemon = LoggedDaemon::of(world.spawn(["-v", "--log-format", "json", "serve", "--no-fetch", "--listen", "127.0.0.1:0"]));
    let first: serde_json::Value = serde_json::from_str(&daemon.read_until("http://")).expect("JSON");
    let message = first["fields"]["message"].as_str().expect("a message");
    let address = message
        .rsplit("http://")
        .next()
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned();
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream
        .write_all(b"GET /mali.xml?session=secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .expect("it reads");
    stream.read_to_end(&mut Vec::new()).expect("it answers");
    let line = daemon.read_until("\"served\"");
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let fields = &line["fields"];
    assert_eq!(
        (&fields["path"], &fields["status"], &fields["method"]),
        (&"/mali.xml".into(), &200.into(), &"GET".into())
    );
    daemon.run.signal("TERM");
    assert!(!daemon.rest().contains("secret"));
}

#[test]
fn a_mistake_in_the_configuration_is_a_json_line_too() {
    let world = world();
    let mut command = world.command(["--log-format", "json", "serve", "--no-fetch", "--listen", "127.0.0.1:0"]);
    std::fs::write(world.path("feeds.toml"), "[site\n").expect("feeds.toml");
    let output = command.output().expect("griot starts");
    assert_eq!(output.status.code(), Some(78));
    for line in text(&output.stderr).lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    }
}

#[test]
fn a_changed_configuration_is_read_and_a_refused_one_names_its_mistake() {
    let world = world();
    let mut daemon = LoggedDaemon::of(world.spawn(["-v", "serve", "--no-fetch", "--listen", "127.0.0.1:0"]));
    let first = daemon.read_until("http://");
    let address = first.rsplit("http://").next().unwrap_or_default().trim_end_matches('/').to_owned();
    std::fs::write(world.path("feeds.toml"), world.feeds_toml() + "evry = \"1h\"\n").expect("feeds.toml");
    let refused = daemon.read_until("the former one stays in force");
    assert!(refused.contains("feeds.toml:") && refused.contains("evry"), "{refused}");
    // An editor that empties a file before it writes it.
    std::fs::write(world.path("feeds.toml"), "").expect("feeds.toml");
    let emptied = daemon.read_until("the former one stays in force");
    assert!(emptied.contains("neither a source nor a topic"), "{emptied}");
    // The output moves: what is served follows.
    let moved = world.feeds_toml().replace("out = \"public\"", "out = \"elsewhere\"");
    std::fs::write(world.path("feeds.toml"), &moved).expect("feeds.toml");
    daemon.read_until("the configuration was read again");
    let served = Served { run: daemon.run, address };
    assert_eq!(served.ask("GET", "/mali.xml", "").status, 404);
    // `fetch` of the world writes the former feeds.toml; this one is run as it stands.
    let mut fetch = world.command(["fetch"]);
    std::fs::write(world.path("feeds.toml"), &moved).expect("feeds.toml");
    assert!(fetch.output().expect("griot starts").status.success());
    assert_eq!(served.ask("GET", "/mali.xml", "").status, 200);
}

/// Starts a daemon that may have so few descriptors.
fn spawn_with_descriptors(world: &World, limit: u32, arguments: &[&str]) -> RunningCommand {
    let command = world.command(arguments.iter().copied());
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -n {limit} && exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .args(command.get_args());
    limited
        .env_clear()
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.current_dir(command.get_current_dir().expect("a folder"));
    limited.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    RunningCommand::of(limited.spawn().expect("griot starts"))
}

#[test]
fn three_hundred_half_requests_stop_neither_the_server_nor_the_fetcher() {
    let mut world = world();
    world.now = "2026-03-01T12:00:00Z*3600".to_owned();
    let served = served(spawn_with_descriptors(&world, 160, &["serve", "--listen", "127.0.0.1:0"]));
    world.web.wait_for(1, |request| request.host == HOST);
    let slow: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(&served.address).expect("it listens");
            // A connection that had to leave already takes no more bytes.
            let _ = write!(stream, "GET /mali.xml HTTP/1.1\r\nHost: local");
            stream
        })
        .collect();
    let before = world.requests(HOST).len();
    assert_eq!(served.ask("GET", "/healthz", "").status, 200);
    world.web.wait_for(before + 2, |request| request.host == HOST);
    let metrics = text(&served.ask("GET", "/metrics", "").body);
    assert!(metrics.contains("griot_http_connections_refused_total 0\n"), "{metrics}");
    let status = world.succeed(["status", "--json"]).out;
    assert!(status.contains("\"state\":\"ok\""), "{status}");
    drop(slow);
}

#[test]
fn a_machine_without_descriptors_is_no_fault_of_a_source() {
    let mut world = world();
    world.succeed(["fetch"]);
    world.now = "2026-03-01T16:00:00Z".to_owned();
    // Enough to open the database, too few for a connection.
    let ran = (8..40).find_map(|limit| {
        let run = spawn_with_descriptors(&world, limit, &["fetch", "--force"]);
        Some(run.end(&world)).filter(|ran| ran.err.contains("no file descriptors left"))
    });
    assert!(ran.is_some(), "with one of these limits the connection is what fails");
    let status = world.succeed(["status", "--json"]).out;
    assert!(status.contains("\"state\":\"ok\""), "{status}");
}
