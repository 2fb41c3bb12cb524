//! Recording and replay: whatever a server does, the replay gives the same result, without a request.

use super::*;
use crate::fetch::warc::{self, Record};
use crate::fetch::{Recorder, Recording, RecordingError, Replay};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

const CORRUPT_GZIP: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 179, 41, 42, 46, 214, 183, 3, 0, 103, 214, 40, 189, 6, 0, 0, 0,
];
const TRUNCATED_GZIP: &[u8] = &[31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 179, 41, 42, 46, 214];

fn recorded_client(recording: Recording, timeout: Duration) -> Client {
    Client::new(ClientOptions {
        policy: FetchPolicy { timeout, ..policy() },
        contact: None,
        resolve: None,
        recording: Some(recording),
        trace: None,
    })
    .expect("a client")
}

/// Returns the result of a visit as text, without its duration.
fn without_duration(fetched: &Fetched) -> String {
    let text = format!("{fetched:?}");
    let took = regex::Regex::new("elapsed: [0-9.]+[^ ,}]*").expect("an expression");
    took.replace_all(&text, "").into_owned()
}

fn act(path: &str) -> Act {
    match path {
        "/chunked" => {
            Act::Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"\xe9\"\r\n\r\n6\r\n<rss/>\r\n0\r\n\r\n".to_vec())
        }
        "/moved" => moved(301, "http://desk:secret@127.0.0.1:9/#x"),
        "/round" => moved(302, "/round"),
        "/stall" => Act::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss".to_vec()),
        "/silent" => Act::Hang(Vec::new()),
        "/short" => Act::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss".to_vec()),
        "/closed" => Act::Close(Vec::new()),
        "/noise" => Act::Close(b"SSH-2.0-x\r\n\r\n".to_vec()),
        "/broken" => reply("200 OK", "Content-Encoding: gzip\r\n", CORRUPT_GZIP),
        "/half" => reply("200 OK", "Content-Encoding: gzip\r\n", TRUNCATED_GZIP),
        "/large" => reply("200 OK", "", &vec![b'A'; 100_001]),
        "/announced" => Act::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 8000000000\r\n\r\nx".to_vec()),
        "/unframed" => Act::Close([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &vec![b'A'; 300_000]].concat()),
        "/304" => Act::Answer(b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n".to_vec()),
        "/503" => reply("503 Busy", "Retry-After: 120\r\n", &vec![b'm'; 90_000]),
        "/410" => reply("410 Gone", "", b"gone"),
        _ => reply("200 OK", "X-Robots-Tag: noai\r\nX-Robots-Tag: none\r\n", b"<rss/>"),
    }
}

const PATHS: [&str; 17] = [
    "/",
    "/chunked",
    "/moved",
    "/round",
    "/stall",
    "/silent",
    "/short",
    "/closed",
    "/noise",
    "/broken",
    "/half",
    "/large",
    "/announced",
    "/unframed",
    "/304",
    "/503",
    "/410",
];

async fn fetch_as_text(client: &Client, url: &Url) -> String {
    let request = Request {
        etag: url.path().starts_with("/304").then_some(b"\"1\"".as_slice()),
        ..ask(url)
    };
    without_duration(&client.fetch(&limiter(), &request).await.0)
}

/// Long enough for any answer on a busy machine.
const PATIENT: Duration = Duration::from_mins(2);

#[tokio::test]
async fn whatever_a_server_does_the_replay_gives_the_same_result() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(|_, path| act(path)).await;
    let closed = ClosedPort::bind();
    let refused = Url::parse("http://169.254.169.254/").expect("a URL");
    let urls: Vec<Url> = PATHS
        .iter()
        .map(|path| server.url(path))
        .chain([closed.url.clone(), refused])
        .collect();
    let recorder = Recorder::create(folder.path(), now()).expect("a recording");
    let patient = recorded_client(Recording::Record(recorder.clone()), PATIENT);
    let impatient = recorded_client(Recording::Record(recorder.clone()), Duration::from_secs(1));
    let mut before = Vec::new();
    for url in &urls {
        // Only what never ends may reach its deadline.
        let never_ends = matches!(url.path(), "/stall" | "/silent");
        before.push(fetch_as_text(if never_ends { &impatient } else { &patient }, url).await);
    }
    let done = recorder.finish().expect("it is written");
    let asked = server.requests().len();
    let replay = Replay::open(&done.path).expect("it can be read");
    assert_eq!(replay.now(), now());
    let client = recorded_client(Recording::Replay(replay.clone()), PATIENT);
    for (url, before) in urls.iter().zip(&before) {
        assert_eq!(fetch_as_text(&client, url).await, *before, "{url}");
    }
    let mismatch = replay.mismatch();
    assert_eq!((mismatch.missed, mismatch.unasked), (0, 0));
    assert_eq!(server.requests().len(), asked, "no request was made");
    assert!(
        fetch_as_text(&client, &urls[0])
            .await
            .contains("the recording does not hold this request")
    );
    assert_eq!(replay.mismatch().first_missed.as_deref(), Some(urls[0].as_str()));
    let codes = [
        FailureCode::CutOff,
        FailureCode::RedirectLoop,
        Reason(FailureReason::Timeout),
        Reason(FailureReason::Encoding),
        Reason(FailureReason::TooLarge),
        Reason(FailureReason::Connect),
        Reason(FailureReason::RefusedAddress),
        Reason(FailureReason::Protocol),
    ];
    for code in codes {
        assert!(before.iter().any(|text| text.contains(&format!("code: {code:?}"))), "{code}");
    }
}

#[tokio::test]
async fn one_address_is_replayed_in_the_order_of_its_requests() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(|number, _| reply("200 OK", "", number.to_string().as_bytes())).await;
    let recorder = Recorder::create(folder.path(), now()).expect("a recording");
    let client = recorded_client(Recording::Record(recorder.clone()), PATIENT);
    for _ in 0..3 {
        let _ = fetch_as_text(&client, &server.url("/feed")).await;
    }
    recorder.finish().expect("it is written");
    let client = recorded_client(Recording::Replay(Replay::open(folder.path()).expect("it can be read")), PATIENT);
    // No host is requested, so no delay applies: with delays the test would not end.
    let limiter = HostLimiter::new(1, Duration::from_hours(1));
    for number in ["0", "1", "2"] {
        let url = server.url("/feed");
        let fetched = client.fetch(&limiter, &ask(&url)).await.0;
        assert_eq!(fresh(fetched).body, number.as_bytes());
    }
}

#[tokio::test]
async fn no_secret_is_recorded() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(|_, path| match path {
        "/feed" => reply(
            "302 Moved",
            "Location: http://desk:SECRET@127.0.0.1:1025/x\r\nContent-Location: //desk:SECRET@127.0.0.1/y\r\nSet-Cookie: a=SECRET\r\n",
            b"",
        ),
        _ => reply("200 OK", "", b"<rss/>"),
    })
    .await;
    let recorder = Recorder::create(folder.path(), now()).expect("a recording");
    let client = recorded_client(Recording::Record(recorder.clone()), PATIENT);
    let mut url = server.url("/feed");
    url.set_username("desk").expect("a host");
    url.set_password(Some("SECRET")).expect("a host");
    let headers = ["X-Key", "Cookie", "Authorization"].map(|name| (name.to_owned(), "SECRET".to_owned()));
    for headers in [&headers[..], &headers[..1]] {
        let request = Request { headers, ..ask(&url) };
        let _ = client.fetch(&limiter(), &request).await;
    }
    assert!(server.requests().iter().all(|head| head.contains("SECRET")), "they were sent");
    let path = recorder.finish().expect("it is written").path;
    let mut text = Vec::new();
    let packed = fs::read(&path).expect("a file");
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(packed.as_slice()), &mut text).expect("gzip");
    let text = String::from_utf8_lossy(&text);
    assert!(!text.contains("SECRET") && text.contains("authorization: [withheld]"), "{text}");
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::MetadataExt::mode(&fs::metadata(&path).expect("a file")) & 0o777,
        0o600
    );
}

#[test]
fn a_full_disk_is_reported_at_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    // Only Linux has a file that is always full.
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        return;
    };
    let recorder = Recorder::create(folder.path(), now()).expect("a recording");
    recorder.replace_file(full);
    let url = Url::parse("http://lefaso.net/").expect("a URL");
    let error = super::super::failure::FetchError::new(FailureReason::Dns, "no such name");
    for _ in 0..2 {
        recorder.begin(&url, &reqwest::header::HeaderMap::new()).fail(&error);
    }
    let error = recorder.finish().expect_err("nothing could be written");
    assert!(matches!(error, RecordingError::Write { .. }));
    assert!(std::error::Error::source(&error).is_some_and(|cause| cause.to_string().contains("space")));
}

/// Writes these records as a recording.
fn written(folder: &Path, records: &[Record]) -> PathBuf {
    let mut bytes = Vec::new();
    for record in records {
        record.write(&mut bytes).expect("memory takes all");
    }
    let path = folder.join("x.warc.gz");
    fs::write(&path, bytes).expect("a file");
    path
}

fn record(kind: &str, block: &[u8]) -> Record {
    let record = Record::new(kind, warc::record_id(&[kind]), "2026-03-01T12:00:00Z".to_owned());
    record
        .with("WARC-Target-URI", "http://lefaso.net/")
        .block("application/http", block.to_vec())
}

#[test]
fn a_hostile_recording_is_refused_with_its_offset() {
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, block, reason) in [
        ("response", b"".as_slice(), "the head of an answer does not end"),
        ("response", b"HTTP/1.1 999999 x\r\n\r\n", "an answer has no status"),
        (
            "response",
            b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
            "a header of an answer cannot be read",
        ),
        ("metadata", b"x", "its note of a failure is no JSON"),
        (
            "metadata",
            b"{\"failure\":\"bored\"}",
            "its note names no failure that this version knows",
        ),
    ] {
        let path = written(folder.path(), &[record("warcinfo", b""), record(kind, block)]);
        let error = Replay::open(&path).expect_err("it is refused");
        assert!(matches!(&error, RecordingError::Damaged { offset, .. } if *offset > 0), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    let many = [b"HTTP/1.1 200 OK\r\n".as_slice(), &b"a: b\r\n".repeat(2_000), b"\r\n"].concat();
    let path = written(folder.path(), &[record("warcinfo", b""), record("response", &many)]);
    assert!(Replay::open(&path).expect_err("it is refused").to_string().contains("too long"));
    let none = Replay::open(&folder.path().join("none")).expect_err("there is none");
    assert!(matches!(none, RecordingError::Read { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_record_gives_a_replay_or_an_error(block: Vec<u8>, head in "HTTP/1.1 [0-9]{1,4}( OK)?\r\n([a-z]{1,3}: ?[a-z0-9]{0,3}\r\n){0,3}(\r\n)?") {
        let folder = tempfile::tempdir().expect("a folder");
        for (kind, block) in [("response", block.as_slice()), ("response", head.as_bytes()), ("metadata", &block)] {
            let path = written(folder.path(), &[record("warcinfo", b""), record(kind, block)]);
            if let Ok(replay) = Replay::open(&path) {
                prop_assert!(replay.mismatch().unasked == 1);
                let _ = replay.response(&Url::parse("http://lefaso.net/").expect("a URL"));
            }
        }
        fs::write(folder.path().join("x.warc.gz"), &block).expect("a file");
        prop_assert!(Replay::open(folder.path()).is_err());
    }
}
