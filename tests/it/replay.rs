//! Recordings: a replay gives the same bytes as the recorded run, and sends no request.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::{Finished, World};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Command;

const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const SECRET: &str = "s3cr3t-of-the-desk";

/// Sources that work and that fail, redirects, pages, and validators.
fn world() -> World {
    let mut world = World::new();
    let news = |host: &str, text: &str| rss(host, host, &[item("bac", "Mali: le bac repart", DATE, text)]);
    world.source(
        "aube.example",
        "article = \"page\"",
        Answer::feed(news("aube.example", FERRY)).validated("\"1\"", DATE),
    );
    let page = format!("<html><body><article><h1>Mali: le bac repart</h1><p>{FERRY}</p><p>{WELLS}</p></article></body></html>");
    world.web.answer("aube.example", "/bac", Answer::page(page));
    world.source("bafing.example", "", Answer::redirect(301, "http://www.bafing.example/rss?a=1"));
    world.set_address("www.bafing.example", "93.184.216.34");
    world
        .web
        .answer("www.bafing.example", "/rss?a=1", Answer::feed(news("bafing.example", WELLS)));
    let headers = format!("headers = {{ X-Key = \"{SECRET}\", Cookie = \"sid={SECRET}\" }}\nauth = \"desk:{SECRET}\"");
    let answer = Answer::feed(news("courrier.example", FAIR)).with("Set-Cookie", &format!("sid={SECRET}"));
    world.source("courrier.example", &headers, answer);
    world.source("coupe.example", "", Answer::cut_off(news("coupe.example", WELLS)));
    world.source("mur.example", "", Answer::status(503).with("Retry-After", "3600"));
    world.source("dedans.example", "", Answer::feed(""));
    world.set_address("dedans.example", "10.1.2.3");
    world.source("inconnu.example", "", Answer::redirect(302, "http://nulle-part.example.org/"));
    world
}

/// Removes the database and the output.
fn reset(world: &World) {
    for file in ["griot.db", "griot.db-wal", "griot.db-shm", "griot.db.lock"] {
        let _ = fs::remove_file(world.path(file));
    }
    fs::remove_dir_all(world.out()).expect("it was published");
}

fn summary(ran: &Finished) -> Value {
    let mut summary: Value = serde_json::from_str(&ran.out).expect("JSON");
    summary["duration_ms"] = Value::Null;
    summary
}

fn recording(world: &World) -> PathBuf {
    let mut files = fs::read_dir(world.path("recordings")).expect("the folder").flatten();
    files.next().expect("a recording").path()
}

fn unpacked_recording(world: &World) -> String {
    let bytes = fs::read(recording(world)).expect("a recording");
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice())
        .read_to_end(&mut text)
        .expect("gzip");
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn a_replay_repeats_the_run_and_sends_no_request() {
    let world = world();
    let recorded = world.succeed(["--json", "fetch", "--record", "recordings"]);
    let (dump, published) = (world.dump(), world.published_files());
    let status = world.succeed(["status", "--problems", "--json"]).out;
    let requests = world.web.requests().len();
    reset(&world);
    // Neither --now nor --resolve is given: the recording holds both.
    let mut bare = Command::new(world.command([]).get_program());
    bare.current_dir(world.path("")).env_clear().env("HOME", world.path(""));
    let output = bare
        .args(["--json", "fetch", "--replay", "recordings"])
        .output()
        .expect("griot starts");
    let replayed = world.finished(&output);
    assert_eq!(replayed.code, Some(0), "{}", replayed.err);
    assert_eq!(replayed.err, "");
    assert_eq!(summary(&replayed), summary(&recorded));
    assert_eq!(world.dump(), dump);
    assert!(world.published_files() == published, "the published files are the same");
    assert_eq!(world.succeed(["status", "--problems", "--json"]).out, status);
    assert_eq!(world.web.requests().len(), requests, "no request was sent");
    assert!(status.contains("\"code\":\"cut-off\""), "{status}");
    for reason in ["throttled", "refused-address", "dns"] {
        assert!(status.contains(&format!("\"reason\":\"{reason}\"")), "{reason}: {status}");
    }
}

#[test]
fn a_later_run_is_replayed_with_its_conditional_requests() {
    let mut world = world();
    world.succeed(["fetch"]);
    fs::copy(world.path("griot.db"), world.path("before.db")).expect("a copy");
    world.now = "2026-03-01T15:00:00Z".to_owned();
    let recorded = world.succeed(["--json", "fetch", "--record", "recordings"]);
    assert!(
        unpacked_recording(&world).contains("HTTP/1.1 304 "),
        "a conditional request was answered"
    );
    let dump = world.dump();
    let replayed = world.succeed([
        "--json",
        "--db",
        "before.db",
        "fetch",
        "--replay",
        "recordings",
        "--resolve",
        "/dev/null",
    ]);
    assert_eq!(summary(&replayed)["sources"], summary(&recorded)["sources"]);
    assert_eq!(world.succeed(["--db", "before.db", "export", "json"]).out, dump);
}

#[test]
fn secrets_are_sent_but_not_written() {
    let world = world();
    world.succeed(["fetch", "--record", "recordings"]);
    let sent = &world.requests("courrier.example")[0];
    assert_eq!(sent.header("X-Key"), Some(SECRET));
    let text = unpacked_recording(&world);
    assert!(!text.contains(SECRET) && !text.contains("ZGVzazpz"), "the source's secrets");
    assert!(text.contains("x-key: [withheld]") && text.contains("authorization: [withheld]") && text.contains("set-cookie: [withheld]"));
    assert!(text.contains("WARC-IP-Address: 93.184.216.34") && text.contains("WARC-Truncated: disconnect"));
    assert!(!text.to_ascii_lowercase().contains("transfer-encoding"));
}

#[test]
fn a_request_that_was_not_recorded_fails_and_is_reported() {
    let mut world = world();
    world.succeed(["fetch", "--record", "recordings"]);
    let requests = world.web.requests().len();
    reset(&world);
    world.feed("neuf.example", rss("neuf.example", "Neuf", &[item("a", "Mali", DATE, FAIR)]));
    let ran = world.succeed(["fetch", "--replay", "recordings"]);
    assert!(
        ran.err.contains("replay: 1 requests are not in the recording") && ran.err.contains("http://neuf.example/feed"),
        "{}",
        ran.err
    );
    let status = world.succeed(["status", "--problems", "--json"]).out;
    assert!(status.contains("the recording does not hold this request"), "{status}");
    assert_eq!(world.web.requests().len(), requests);
}

#[test]
fn each_run_has_its_own_file_and_a_replay_reads_one() {
    let mut world = world();
    world.succeed(["fetch", "--record", "recordings"]);
    world.succeed(["fetch", "--force", "--record", "recordings"]);
    world.now = "2026-03-02T12:00:00Z".to_owned();
    world.succeed(["fetch", "--record", "recordings"]);
    let mut names: Vec<_> = fs::read_dir(world.path("recordings"))
        .expect("the folder")
        .flatten()
        .map(|file| file.file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "griot-20260301T120000Z-2.warc.gz",
            "griot-20260301T120000Z.warc.gz",
            "griot-20260302T120000Z.warc.gz"
        ]
    );
    let ran = world.griot(["fetch", "--replay", "recordings"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("holds 3 recordings") && ran.err.contains("name the file"),
        "{}",
        ran.err
    );
    assert_eq!(world.griot(["fetch", "--replay", "nowhere"]).code, Some(2));
    assert_eq!(world.griot(["fetch", "--replay", "a", "--record", "b"]).code, Some(2));
}

#[test]
fn a_damaged_recording_is_named_with_its_place() {
    let world = world();
    world.succeed(["fetch", "--record", "recordings"]);
    let path = recording(&world);
    let whole = fs::read(&path).expect("a recording");
    let check_error = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("a file");
        let ran = world.griot(["fetch", "--replay", "recordings"]);
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert!(ran.err.contains(".warc.gz, at byte ") && ran.err.contains("hint: "), "{}", ran.err);
        ran.err
    };
    check_error(&whole[..whole.len() - 20]);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0xff;
    check_error(&flipped);
    assert!(check_error(b"<rss/>").contains("at byte 0: "));
    assert!(check_error(b"").contains("at byte 0: it does not begin with the date of a run"));
}

#[test]
fn a_folder_that_cannot_be_written_ends_with_73_before_any_request() {
    let world = world();
    fs::File::create(world.path("recordings"))
        .and_then(|mut file| file.write_all(b"mine"))
        .expect("a file");
    let ran = world.griot(["fetch", "--record", "recordings"]);
    assert_eq!(ran.code, Some(73), "{}", ran.err);
    assert_eq!(world.web.requests().len(), 0);
}

#[test]
fn a_run_that_cannot_start_leaves_no_recording() {
    let world = world();
    fs::write(world.path("griot.db"), vec![b'x'; 9000]).expect("a file");
    assert_eq!(world.griot(["fetch", "--record", "recordings"]).code, Some(74));
    assert_eq!(fs::read_dir(world.path("recordings")).expect("the folder").count(), 0);
}
