//! Redirects that set cookies: what is sent back, what is a loop, and what is a move.

use super::*;
use crate::fetch::{Recorder, Recording, Replay};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Makes a redirect that sets these cookies.
fn setting(status: u16, location: &str, cookies: &[&str]) -> Act {
    let lines = cookies.iter().map(|cookie| ["Set-Cookie: ", cookie, "\r\n"].concat());
    let headers = lines.fold(format!("Location: {location}\r\n"), |headers, line| headers + &line);
    reply(&format!("{status} Moved"), &headers, b"m")
}

/// Starts a server whose script also knows which cookies it was sent.
async fn start(script: impl Fn(&str, &str) -> Act + Send + Sync + 'static) -> Server {
    Server::start_with_heads(move |_, path, head| {
        let line = head.lines().find_map(|line| line.strip_prefix("cookie: "));
        script(path, line.unwrap_or_default())
    })
    .await
}

#[tokio::test]
async fn a_cookie_of_a_redirect_is_sent_back_within_its_chain_only() {
    for status in [301, 302, 303, 307, 308] {
        for accept in [Accept::Feed, Accept::Page] {
            let server = start(move |_, cookie| match cookie {
                "k=1" => reply("200 OK", "Set-Cookie: late=1\r\n", b"<rss/>"),
                _ => setting(status, "/feed", &["k=1; path=/"]),
            })
            .await;
            let (client, url) = (client(), server.url("/feed"));
            let request = Request { accept, ..ask(&url) };
            for visit in 1..=2 {
                let answer = fresh(client.fetch(&limiter(), &request).await.0);
                assert_eq!((answer.final_url, answer.moved_to), (url.clone(), None), "{status}");
                assert_eq!(answer.redirects, [(status, url.clone())]);
                assert_eq!(server.requests().len(), visit * 2, "the next visit begins without cookies");
            }
        }
    }
}

#[tokio::test]
async fn a_cookie_of_any_hop_opens_an_address_that_was_requested_before() {
    for sets_at in 0..4 {
        let server = start(move |path, cookie| {
            let hop: usize = path.strip_prefix("/feed?hop=").and_then(|hop| hop.parse().ok()).unwrap_or(0);
            let target = if hop == 3 {
                "/feed".to_owned()
            } else {
                format!("/feed?hop={}", hop + 1)
            };
            match cookie {
                "seen=yes" if hop == 0 => reply("200 OK", "", b"<rss/>"),
                _ if hop == sets_at => setting(302, &target, &["seen=yes; Path=/; HttpOnly"]),
                _ => moved(302, &target),
            }
        })
        .await;
        let answer = fresh(client().fetch(&limiter(), &ask(&server.url("/feed"))).await.0);
        assert_eq!(answer.final_url, server.url("/feed"));
        assert_eq!(server.requests().len(), 5, "set at hop {sets_at}");
    }
}

#[tokio::test]
async fn a_cookie_that_opens_nothing_ends_in_a_loop_that_is_named() {
    for (cookies, requests) in [
        (&["k=1"][..], 2),
        (&["k=1; Domain=other.example"], 1),
        (&["k=1; Secure"], 1),
        (&["k=1; Path=/elsewhere"], 1),
    ] {
        let server = start(move |_, _| setting(302, "/feed", cookies)).await;
        let fetched = client().fetch(&limiter(), &ask(&server.url("/feed"))).await.0;
        assert_eq!(failure(&fetched), FailureCode::RedirectLoop);
        assert!(
            detail(&fetched).contains("sets a cookie and redirects in a loop"),
            "{}",
            detail(&fetched)
        );
        assert_eq!(server.requests().len(), requests, "{cookies:?}");
    }
    // A cookie that is another one each time: the number of redirects is bounded.
    let count = AtomicUsize::new(0);
    let server = start(move |_, _| setting(302, "/feed", &[&format!("session=s3cret{}", count.fetch_add(1, Ordering::Relaxed))])).await;
    let fetched = client().fetch(&limiter(), &ask(&server.url("/feed"))).await.0;
    assert_eq!((failure(&fetched), server.requests().len()), (FailureCode::RedirectLoop, 6));
    assert!(detail(&fetched).contains("sets a cookie and redirects in a loop") && !format!("{fetched:?}").contains("s3cret"));
}

#[tokio::test]
async fn another_host_gets_no_cookie_and_its_own_back() {
    let gate = start(|path, cookie| match (path, cookie) {
        ("/open", _) => reply("200 OK", "", b"<rss/>"),
        (_, "gate=2") => setting(302, "/open", &[]),
        _ => setting(302, "/gate", &["gate=2"]),
    })
    .await;
    let target = gate.url("/gate").to_string();
    let first = start(move |_, _| setting(302, &target, &["first=1; Path=/", "b=2; Path=/"])).await;
    let answer = fresh(client().fetch(&limiter(), &ask(&first.url("/feed"))).await.0);
    assert_eq!(answer.final_url, gate.url("/open"));
    let sent: Vec<Option<String>> = gate
        .requests()
        .iter()
        .map(|head| head.lines().find_map(|line| line.strip_prefix("cookie: ").map(str::to_owned)))
        .collect();
    assert_eq!(sent, [None, Some("gate=2".to_owned()), Some("gate=2".to_owned())]);
}

#[tokio::test]
async fn the_operators_cookies_are_sent_beside_those_of_the_chain() {
    let server = start(|_, cookie| match cookie {
        "own=s3cret; k=1" => reply("200 OK", "", b"<rss/>"),
        _ => setting(302, "/feed", &["k=1"]),
    })
    .await;
    let url = server.url("/feed");
    let headers = [("Cookie".to_owned(), "own=s3cret".to_owned())];
    let request = Request {
        headers: &headers,
        ..ask(&url)
    };
    fresh(client().fetch(&limiter(), &request).await.0);
}

#[tokio::test]
async fn a_permanent_redirect_that_asks_for_a_cookie_is_no_move() {
    let server = start(|path, cookie| match (path, cookie) {
        // A move, and behind it an address that answers to a cookie only.
        ("/old", _) => moved(301, "/new"),
        ("/new" | "/hop" | "/a", "k=1") => reply("200 OK", "", b"<rss/>"),
        ("/new", _) => setting(301, "/hop", &["k=1; Path=/"]),
        // A chain that comes back.
        ("/a", _) => moved(308, "/b"),
        ("/b", _) => setting(308, "/a", &["k=1; Path=/"]),
        // A cookie for another place changes nothing.
        ("/c", _) => setting(301, "/d", &["k=1; Path=/shop"]),
        _ => reply("200 OK", "", b"<rss/>"),
    })
    .await;
    for (path, moved_to, ended) in [("/old", Some("/new"), "/hop"), ("/a", None, "/a"), ("/c", Some("/d"), "/d")] {
        let answer = fresh(client().fetch(&limiter(), &ask(&server.url(path))).await.0);
        assert_eq!(answer.moved_to, moved_to.map(|path| server.url(path)), "{path}");
        assert_eq!(answer.final_url, server.url(ended));
    }
}

#[tokio::test]
async fn a_replay_follows_the_chain_that_was_recorded_without_its_cookies() {
    let folder = tempfile::tempdir().expect("a folder");
    let count = AtomicUsize::new(0);
    let server = start(move |path, cookie| match (path, cookie) {
        ("/feed", "k=s3cret") | ("/open", _) => reply("200 OK", "", b"<rss/>"),
        ("/feed", _) => setting(301, "/feed", &["k=s3cret; Path=/; HttpOnly", "other=s3cret; Domain=x.example"]),
        ("/never", _) => setting(302, "/never", &["k=s3cret"]),
        ("/shop", _) => setting(301, "/open", &["k=s3cret; Path=/shop"]),
        _ => setting(302, "/new", &[&format!("k=s3cret{}", count.fetch_add(1, Ordering::Relaxed))]),
    })
    .await;
    let made = |recording| {
        Client::new(ClientOptions {
            policy: policy(),
            contact: None,
            resolve: None,
            recording: Some(recording),
            trace: None,
        })
        .expect("a client")
    };
    let recorder = Recorder::create(folder.path(), now()).expect("a recording");
    let urls = ["/feed", "/never", "/new", "/shop"].map(|path| server.url(path));
    let summary = |fetched: &Fetched| {
        let answer = fetched.answer().expect("an answer");
        let failed = match fetched {
            Fetched::Failed { code, detail, .. } => Some((*code, detail.clone())),
            _ => None,
        };
        (failed, answer.redirects.clone(), answer.final_url.clone(), answer.moved_to.clone())
    };
    let live = made(Recording::Record(recorder.clone()));
    let mut before = Vec::new();
    for url in &urls {
        before.push(summary(&live.fetch(&limiter(), &ask(url)).await.0));
    }
    assert!(before[0].0.is_none() && before[1].0.is_some() && before[2].0.is_some());
    let path = recorder.finish().expect("written").path;
    let packed = std::fs::read(&path).expect("a file");
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(packed.as_slice()), &mut text).expect("gzip");
    let text = String::from_utf8_lossy(&text);
    assert!(
        !text.contains("s3cret") && text.contains("set-cookie: [withheld]=[withheld]; Path=/\r\n"),
        "{text}"
    );
    let replay = Replay::open(&path).expect("it can be read");
    let replayed = made(Recording::Replay(replay.clone()));
    for (url, before) in urls.iter().zip(&before) {
        assert_eq!(summary(&replayed.fetch(&limiter(), &ask(url)).await.0), *before, "{url}");
    }
    assert_eq!((replay.mismatch().missed, replay.mismatch().unasked), (0, 0));
}
