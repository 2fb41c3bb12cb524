//! Redirects: which are followed, which mean a move, and what is not sent to another origin.

use super::*;

#[tokio::test]
async fn permanent_redirects_mean_a_move() {
    let server = Server::start(|_, path| match path {
        "/a" => moved(301, "/b#part"),
        "/b" => moved(308, "c"),
        "/c" => moved(302, "/d"),
        "/t" => moved(307, "/p"),
        "/p" => moved(301, "/d"),
        _ => reply("200 OK", "ETag: \"tgt\"\r\n", b"<rss/>"),
    })
    .await;
    let client = client();
    let answer = fresh(client.fetch(&limiter(), &ask(&server.url("/a#top"))).await.0);
    assert_eq!(answer.moved_to, Some(server.url("/c")));
    assert_eq!(answer.final_url, server.url("/d"));
    let hops = [(301, server.url("/b")), (308, server.url("/c")), (302, server.url("/d"))];
    assert_eq!(answer.redirects, hops);
    let answer = fresh(client.fetch(&limiter(), &ask(&server.url("/t"))).await.0);
    assert_eq!((answer.moved_to, answer.redirects.len()), (None, 2));
    assert_eq!(server.connections(), 1, "redirects are drained, and the connection is used again");
}

#[tokio::test]
async fn loops_and_long_chains_are_failures() {
    let server = Server::start(|number, path| match path {
        "/self" => moved(302, "/self"),
        "/empty" => moved(302, ""),
        "/a" => moved(301, "/b"),
        "/b" => moved(301, "/a"),
        _ => moved(302, &format!("/n{number}")),
    })
    .await;
    for (path, code, requests) in [
        ("/self", FailureCode::RedirectLoop, 1),
        ("/empty", FailureCode::RedirectLoop, 1),
        ("/a", FailureCode::RedirectLoop, 2),
        ("/endless", FailureCode::TooManyRedirects, 6),
    ] {
        let before = server.requests().len();
        let fetched = client().fetch(&limiter(), &ask(&server.url(path))).await.0;
        assert_eq!(failure(&fetched), code, "{path}");
        assert_eq!(server.requests().len() - before, requests, "{path}");
        assert!(fetched.answer().is_some_and(|answer| !answer.redirects.is_empty()));
    }
}

#[tokio::test]
async fn forbidden_targets_are_not_followed() {
    for (location, code) in [
        ("file:///etc/passwd", Reason(FailureReason::RefusedAddress)),
        ("javascript:alert(1)", Reason(FailureReason::RefusedAddress)),
        ("http://169.254.169.254/latest/", Reason(FailureReason::RefusedAddress)),
        ("http://[::ffff:127.0.0.1]/", Reason(FailureReason::RefusedAddress)),
        ("http://127.0.0.1:1/", Reason(FailureReason::RefusedAddress)),
        ("http://site.onion/", Reason(FailureReason::RefusedAddress)),
        ("http://", FailureCode::BadUrl),
        ("//", FailureCode::BadUrl),
        ("ht tp://x y/", Reason(FailureReason::Http4xx)),
    ] {
        let server = Server::start(move |number, _| {
            if number == 0 {
                moved(302, location)
            } else {
                reply("404 No", "", b"")
            }
        })
        .await;
        let fetched = client().fetch(&limiter(), &ask(&server.url("/"))).await.0;
        assert_eq!(failure(&fetched), code, "{location}: {}", detail(&fetched));
    }
    let long = "/".to_owned() + &"a".repeat(100_000);
    let fetched = fetch_one(move || moved(302, &long)).await;
    assert_eq!(failure(&fetched), FailureCode::BadUrl);
}

#[tokio::test]
async fn raw_bytes_in_a_location_are_encoded() {
    let server = Server::start(|number, _| match number {
        0 => Act::Answer(b"HTTP/1.1 302 Found\r\nLocation: /\xc3\xa9\r\nContent-Length: 0\r\n\r\n".to_vec()),
        1 => Act::Answer(b"HTTP/1.1 302 Found\r\nLocation: /\xe9\xff\r\nContent-Length: 0\r\n\r\n".to_vec()),
        _ => reply("200 OK", "", b"x"),
    })
    .await;
    let answer = fresh(client().fetch(&limiter(), &ask(&server.url("/"))).await.0);
    assert_eq!(answer.redirects[0].1.path(), "/%C3%A9");
    assert_eq!(answer.final_url.path(), "/%C3%A9%C3%BF");
}

#[tokio::test]
async fn secrets_and_validators_are_sent_to_their_origin_only() {
    let other = Server::start(|_, _| reply("200 OK", "", b"x")).await;
    let other_url = other.url("/feed").to_string();
    let first = Server::start(move |_, path| {
        if path == "/near" {
            moved(302, &other_url)
        } else {
            moved(302, "/near")
        }
    })
    .await;
    let mut url = first.url("/feed");
    url.set_username("reader").expect("it has a host");
    url.set_password(Some("p%40ss")).expect("it has a host");
    let headers = [("X-Key".to_owned(), "s3cret".to_owned())];
    let request = Request {
        etag: Some(b"\"e\""),
        headers: &headers,
        ..ask(&url)
    };
    let answer = fresh(client().fetch(&limiter(), &request).await.0);
    assert_eq!(answer.final_url, other.url("/feed"));
    for head in first.requests() {
        // `reader:p@ss`
        assert!(head.contains("authorization: Basic cmVhZGVyOnBAc3M=\r\n"), "{head}");
        assert!(
            head.contains("x-key: s3cret\r\n") && head.contains("if-none-match: \"e\"\r\n"),
            "{head}"
        );
    }
    let head = other.requests()[0].to_lowercase();
    for absent in ["authorization", "x-key", "if-none-match", "referer", "cookie"] {
        assert!(!head.contains(absent), "{absent}: {head}");
    }
    // Validators of the other origin are sent there, and nowhere else.
    let target = other.url("/feed");
    let request = Request {
        validators_from: Some(&target),
        ..request
    };
    fresh(client().fetch(&limiter(), &request).await.0);
    assert!(other.requests()[1].contains("if-none-match: \"e\"\r\n"));
    assert!(first.requests()[2..].iter().all(|head| !head.contains("if-none-match")));
}
