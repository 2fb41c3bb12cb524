//! Topics with a token: served with it only, and named nowhere else.

use crate::serve::{LoggedDaemon, serve, world};
use crate::world::World;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

const TOPIC: &str = "\n[[topic]]\nid = \"enquete\"\ntitle = \"Enquête\"\nany = [\"Mali\"]\n";
const ENDINGS: [&str; 5] = ["xml", "atom.xml", "json", "html", "opml"];

fn private_world(token: &str) -> World {
    let mut world = world();
    world.topics = format!("{}{TOPIC}token = \"{token}\"\n", world.topics);
    world
}

#[test]
fn each_file_is_served_with_the_token_only() {
    let world = private_world("sesame");
    world.succeed(["fetch"]);
    let served = serve(&world, &["--no-fetch"]);
    let missing = served.ask("GET", "/nothing.xml", "");
    for ending in ENDINGS {
        let path = format!("/enquete.{ending}");
        for (query, headers) in [
            ("", ""),
            ("?token=", ""),
            ("?token=sesam", ""),
            ("?token=SESAME&token=x", ""),
            ("", "Authorization: Bearer x\r\n"),
        ] {
            for method in ["GET", "OPTIONS"] {
                let reply = served.ask(method, &format!("{path}{query}"), headers);
                assert_eq!(
                    (reply.status, &reply.body),
                    (404, &missing.body),
                    "{method} {path}{query} {headers}"
                );
                assert_eq!(reply.header("Content-Security-Policy"), missing.header("Content-Security-Policy"));
            }
        }
        // c2VzYW1l: sesame
        for (query, headers) in [
            ("?token=sesame", ""),
            ("", "Authorization: Bearer sesame\r\n"),
            ("", "Authorization: Basic cmVhZGVyOnNlc2FtZQ==\r\n"),
            ("?limit=5&token=sesame", ""),
        ] {
            let reply = served.ask("GET", &format!("{path}{query}"), headers);
            assert_eq!(reply.status, 200, "{path}{query} {headers}");
            assert!(reply.header("Cache-Control").starts_with("private") && reply.header("Access-Control-Allow-Origin").is_empty());
            assert!(!String::from_utf8_lossy(&reply.body).contains("sesame"));
        }
    }
    let none = served.ask("GET", "/enquete.json?token=sesame&q=nothing", "");
    assert!(none.status == 200 && !String::from_utf8_lossy(&none.body).contains("Le bac repart"));
    assert_eq!(served.ask("GET", "/enquete.json?q=bac", "").status, 404);
    let page = served.ask("GET", "/enquete.html?token=sesame&q=bac", "");
    let text = String::from_utf8_lossy(&page.body);
    assert!(page.status == 200 && text.contains("Le bac repart"), "{text}");
    for absent in ["story/", "source/", "<form", "sesame"] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
}

#[test]
fn a_private_topic_is_in_no_other_output() {
    let mut world = private_world("sesame");
    world.succeed(["fetch"]);
    world.succeed(["publish"]);
    let served = serve(&world, &["--no-fetch"]);
    for (name, bytes) in world.files() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(
            !name.contains("enquete") && !text.contains("enqu") && !text.contains("sesame"),
            "{name}"
        );
    }
    for path in ["/", "/index.html", "/index.opml", "/healthz", "/metrics"] {
        let text = String::from_utf8_lossy(&served.ask("GET", path, "").body).to_lowercase();
        assert!(!text.contains("enqu") && !text.contains("sesame"), "{path}: {text}");
    }
    let folder = world.path("griot.db.private");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(&folder).expect("a folder").flatten().collect();
    assert!(files.len() > ENDINGS.len(), "{files:?}");
    for file in files {
        assert_eq!(mode(&file.path()), 0o600, "{file:?}");
    }
    // Without its token the topic is public, and its private files go.
    drop(served);
    world.topics = world.topics.replace("token = \"sesame\"\n", "");
    world.succeed(["publish"]);
    assert!(world.files().contains_key("enquete.xml") && !folder.join("enquete.xml").exists());
}

#[test]
fn a_topic_that_becomes_private_is_closed_before_the_next_run() {
    let mut world = world();
    world.topics += TOPIC;
    world.succeed(["fetch"]);
    let public = world.files()["enquete.xml"].clone();
    world.topics += "token = \"sesame\"\n";
    let served = serve(&world, &["--no-fetch"]);
    assert_eq!(served.ask("GET", "/enquete.xml", "").status, 404);
    world.succeed(["publish"]);
    assert!(!world.files().contains_key("enquete.xml"));
    assert!(served.ask("GET", "/enquete.xml?token=sesame", "").body == public);
}

#[test]
fn a_token_that_is_missing_or_empty_is_a_mistake() {
    let world = private_world("env:DESK_TOKEN");
    for value in [None, Some(""), Some("  ")] {
        for arguments in [
            &["check"][..],
            &["fetch"],
            &["publish"],
            &["serve", "--listen", "127.0.0.1:0"],
            &["serve", "--no-fetch", "--listen", "127.0.0.1:0"],
        ] {
            let mut command = world.command(arguments.iter().copied());
            if let Some(value) = value {
                command.env("DESK_TOKEN", value);
            }
            let ran = world.finished(&command.output().expect("griot starts"));
            assert_eq!(ran.code, Some(78), "{arguments:?} {}", ran.err);
            assert!(ran.err.contains("enquete") && ran.err.contains("DESK_TOKEN"), "{}", ran.err);
        }
    }
    let mut command = world.command(["fetch"]);
    command.env("DESK_TOKEN", "from the environment");
    assert!(command.output().expect("griot starts").status.success());
    assert!(world.path("griot.db.private/enquete.xml").exists());
}

#[test]
fn a_token_is_in_no_log() {
    let world = private_world("sesame");
    world.succeed(["fetch"]);
    let mut daemon = LoggedDaemon::of(world.spawn(["-vv", "serve", "--no-fetch", "--listen", "127.0.0.1:0"]));
    let first = daemon.read_until("http://");
    let address = first
        .trim()
        .rsplit("http://")
        .next()
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_owned();
    for (path, headers) in [
        ("/enquete.xml?token=sesame", ""),
        ("/enquete.xml?token=sesamo", ""),
        ("/enquete.xml", "Authorization: Bearer sesame\r\n"),
        ("/sesame.xml?token=sesame", ""),
    ] {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
        )
        .expect("it reads");
        stream.read_to_end(&mut Vec::new()).expect("it answers");
        let line = daemon.read_until("served");
        assert!(
            line.contains("(private)") && !line.contains("sesam") && !line.contains("enquete"),
            "{line}"
        );
    }
    daemon.run.signal("TERM");
    assert!(!daemon.rest().contains("sesam"));
}
