//! What is sent, and what the head of an answer means.

use super::*;
use crate::fetch::ClientError;
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn a_first_visit_sends_a_user_agent_and_returns_the_feed() {
    let headers = "Content-Type: application/rss+xml\r\nETag: \"a\"\r\nLast-Modified: Mon, 5 Jan 2026 07:08:09 +0000\r\n\
                   Set-Cookie: id=1\r\nCache-Control: max-age=60\r\nCache-Control: public\r\n";
    let server = Server::start(move |_, _| reply("200 OK", headers, b"<rss/>")).await;
    let (client, url) = (client(), server.url("/feed?a=%41&b=c+d"));
    let answer = fresh(client.fetch(&limiter(), &ask(&url)).await.0);
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"<rss/>".as_slice()));
    assert_eq!(answer.etag.as_deref(), Some(b"\"a\"".as_slice()));
    assert_eq!(answer.last_modified.as_deref(), Some(b"Mon, 5 Jan 2026 07:08:09 +0000".as_slice()));
    assert_eq!(answer.content_type.as_deref(), Some("application/rss+xml"));
    assert_eq!(answer.cache.lifetime(), Some(Duration::from_mins(1)));
    assert_eq!((answer.url, answer.final_url), (url.clone(), url.clone()));
    fresh(client.fetch(&limiter(), &ask(&url)).await.0);

    let requests = server.requests();
    assert!(requests[0].starts_with("GET /feed?a=%41&b=c+d HTTP/1.1\r\n"), "{}", requests[0]);
    let version = env!("CARGO_PKG_VERSION");
    for head in requests.iter().map(|head| head.to_lowercase()) {
        assert!(
            head.contains(&format!("user-agent: griot/{version} (+desk@example.org)\r\n")),
            "{head}"
        );
        assert!(head.contains("accept: application/atom+xml, application/rss+xml"), "{head}");
        for encoding in ["gzip", "br", "zstd", "deflate"] {
            let line = head.lines().find(|line| line.starts_with("accept-encoding:")).expect("it is sent");
            assert!(line.contains(encoding), "{line}");
        }
        for absent in ["cookie", "referer", "if-none-match", "if-modified-since", "authorization"] {
            assert!(!head.contains(absent), "{absent}: {head}");
        }
    }
    assert_eq!(server.connections(), 1, "the connection is reused");
}

#[tokio::test]
async fn a_servers_time_is_its_date_and_the_age_of_its_answer() {
    for (headers, expected) in [
        ("Date: Sun, 01 Mar 2026 09:00:00 GMT\r\n", Some("2026-03-01T09:00:00Z")),
        (
            "Date: Sun, 01 Mar 2026 09:00:00 GMT\r\nAge: 172800\r\n",
            Some("2026-03-03T09:00:00Z"),
        ),
        ("Date: now\r\n", None),
        ("", None),
    ] {
        let fetched = fetch_one(move || reply("404 Not Found", headers, b"no")).await;
        let time = fetched.answer().expect("an answer").server_time;
        assert_eq!(time, expected.map(|text| Timestamp::parse(text).expect("a time")), "{headers}");
    }
}

#[tokio::test]
async fn validators_are_sent_byte_for_byte_and_a_304_is_no_change() {
    let server =
        Server::start(|_, _| Act::Answer(b"HTTP/1.1 304 Not Modified\r\nETag: \"new\"\r\nCache-Control: max-age=7\r\n\r\n".to_vec()));
    let server = server.await;
    let url = server.url("/feed");
    let request = Request {
        etag: Some(b"W/\"\xe9\xff-gzip"),
        last_modified: Some(b"Mon, 5 Jan 2026 07:08:09 +0000"),
        ..ask(&url)
    };
    let Fetched::NotModified(answer) = client().fetch(&limiter(), &request).await.0 else {
        panic!("not modified");
    };
    assert_eq!(answer.etag.as_deref(), Some(b"\"new\"".as_slice()));
    assert_eq!(answer.cache.lifetime(), Some(Duration::from_secs(7)));
    let head = &server.requests()[0];
    assert!(head.contains("if-none-match: W/\"\u{e9}\u{ff}-gzip\r\n"), "{head}");
    assert!(head.contains("if-modified-since: Mon, 5 Jan 2026 07:08:09 +0000\r\n"), "{head}");
    // A 304 to an unconditional request is an error; a validator that a header cannot carry is not sent.
    assert_eq!(
        failure(&client().fetch(&limiter(), &ask(&url)).await.0),
        Reason(FailureReason::Protocol)
    );
    let request = Request {
        etag: Some(b"a\r\nX-Evil: 1"),
        ..ask(&url)
    };
    assert_eq!(
        failure(&client().fetch(&limiter(), &request).await.0),
        Reason(FailureReason::Protocol)
    );
    assert!(!server.requests()[2].to_lowercase().contains("evil"));
}

#[tokio::test]
async fn validators_of_error_pages_and_huge_ones_are_not_kept() {
    let error = fetch_one(|| reply("500 Internal Server Error", "ETag: \"err\"\r\n", b"oops")).await;
    assert_eq!(failure(&error), Reason(FailureReason::Http5xx));
    assert_eq!(error.answer().and_then(|answer| answer.etag.clone()), None);
    let huge = fresh(fetch_one(|| reply("200 OK", &format!("ETag: \"{}\"\r\n", "e".repeat(30_000)), b"x")).await);
    assert_eq!(huge.etag, None);
}

#[tokio::test]
async fn throttling_gives_the_time_of_the_next_request() {
    let Fetched::Throttled { until, whole_host, .. } = fetch_one(|| reply("429 Slow", "Retry-After: 18000\r\n", b"")).await else {
        panic!("throttled");
    };
    assert_eq!((until, whole_host), (Some(now() + Duration::from_hours(5)), true));
    let dated = "Retry-After: Sun, 01 Mar 2026 13:00:00 GMT\r\n";
    let Fetched::Throttled { until, whole_host, .. } = fetch_one(move || reply("503 Busy", dated, b"")).await else {
        panic!("throttled");
    };
    assert_eq!((until, whole_host), (Some(now() + Duration::from_hours(1)), false));
    let garbage = fetch_one(|| reply("429 Slow", "Retry-After: soon\r\n", b"")).await;
    assert!(
        matches!(
            garbage,
            Fetched::Throttled {
                until: None,
                whole_host: true,
                ..
            }
        ),
        "{garbage:?}"
    );
    let negative = fetch_one(|| reply("503 Busy", "Retry-After: -5\r\n", b"")).await;
    assert_eq!(failure(&negative), Reason(FailureReason::Http5xx));
}

#[tokio::test]
async fn other_statuses_are_classified() {
    assert!(matches!(fetch_one(|| reply("410 Gone", "", b"")).await, Fetched::Gone(_)));
    let missing = fetch_one(|| reply("404 Not Found", "", b"<h1>no</h1>")).await;
    assert_eq!(
        (failure(&missing), detail(&missing)),
        (Reason(FailureReason::Http4xx), "404 Not Found")
    );
    assert_eq!(missing.answer().map(|answer| answer.body.clone()), Some(b"<h1>no</h1>".to_vec()));
    assert_eq!(
        failure(&fetch_one(|| reply("403 Forbidden", "", b"no")).await),
        Reason(FailureReason::Http4xx)
    );
    assert_eq!(
        failure(&fetch_one(|| reply("507 Insufficient Storage", "", b"")).await),
        Reason(FailureReason::Http5xx)
    );
    assert_eq!(
        failure(&fetch_one(|| reply("206 Partial", "", b"half")).await),
        Reason(FailureReason::Protocol)
    );
    assert_eq!(
        failure(&fetch_one(|| reply("302 Found", "", b"where?")).await),
        Reason(FailureReason::Protocol)
    );
    let page = b"<title>Just a moment...</title>";
    let Fetched::Blocked { reason, answer } = fetch_one(|| reply("403 Forbidden", "", page)).await else {
        panic!("blocked");
    };
    assert_eq!((reason.as_str(), answer.status), ("blocked by Cloudflare", 403));
}

#[tokio::test]
async fn refused_addresses_fail_before_any_connection() {
    let strict = client_of(
        FetchPolicy {
            allow_private_networks: false,
            ..policy()
        },
        None,
    );
    let server = Server::start(|_, _| reply("200 OK", "", b"secret")).await;
    assert_eq!(
        failure(&strict.fetch(&limiter(), &ask(&server.url("/"))).await.0),
        Reason(FailureReason::RefusedAddress)
    );
    let by_name = Url::parse(&format!("http://feeds.localhost:{}/", server.port)).expect("a URL");
    assert_eq!(
        failure(&strict.fetch(&limiter(), &ask(&by_name)).await.0),
        Reason(FailureReason::RefusedAddress)
    );
    for text in ["ftp://lefaso.net/", "http://169.254.169.254/", "data:,x", "http://site.invalid/"] {
        let url = Url::parse(text).expect("a URL");
        assert_eq!(
            failure(&client().fetch(&limiter(), &ask(&url)).await.0),
            Reason(FailureReason::RefusedAddress),
            "{text}"
        );
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(fresh(client().fetch(&limiter(), &ask(&by_name)).await.0).body, b"secret");
}

#[tokio::test]
async fn a_closed_port_and_a_plain_answer_to_tls_are_distinguished() {
    let closed = ClosedPort::bind();
    let fetched = client().fetch(&limiter(), &ask(&closed.url)).await.0;
    assert_eq!(failure(&fetched), Reason(FailureReason::Connect));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = Url::parse(&format!("https://{}/", listener.local_addr().expect("it is bound"))).expect("a URL");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    assert_eq!(failure(&client().fetch(&limiter(), &ask(&url)).await.0), Reason(FailureReason::Tls));
}

#[test]
fn a_user_agent_that_cannot_be_sent_is_an_error() {
    let made = Client::new(ClientOptions {
        policy: policy(),
        contact: Some("a\nb".to_owned()),
        resolve: None,
        recording: None,
        trace: None,
    });
    assert!(matches!(made, Err(ClientError::UserAgent(_))));
}

#[tokio::test]
async fn headers_of_the_operator_are_sent_except_reserved_ones() {
    let server = Server::start(|_, _| reply("200 OK", "", b"x")).await;
    let url = server.url("/");
    let headers = [
        ("X-Key".to_owned(), "s3cret".to_owned()),
        ("Accept".to_owned(), "text/xml".to_owned()),
    ];
    fresh(
        client()
            .fetch(
                &limiter(),
                &Request {
                    headers: &headers,
                    ..ask(&url)
                },
            )
            .await
            .0,
    );
    let head = server.requests()[0].to_lowercase();
    assert!(
        head.contains("x-key: s3cret\r\n") && head.contains("accept: text/xml\r\n"),
        "{head}"
    );
    for (name, value) in [("Host", "evil"), ("X Y", "1"), ("X-Key", "a\r\nb"), ("Content-Length", "3")] {
        let headers = [(name.to_owned(), value.to_owned())];
        let fetched = client()
            .fetch(
                &limiter(),
                &Request {
                    headers: &headers,
                    ..ask(&url)
                },
            )
            .await
            .0;
        assert_eq!(failure(&fetched), FailureCode::BadHeader, "{name}");
        assert!(!detail(&fetched).contains(value), "a value may be a secret: {}", detail(&fetched));
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_modification_in_the_future_is_neither_kept_nor_sent() {
    let future = "Sun, 01 Mar 2026 12:00:01 GMT";
    for (date, kept) in [
        ("", false),
        ("Date: Sun, 01 Mar 2026 12:00:00 GMT\r\n", false),
        ("Date: Sun, 01 Mar 2026 12:00:01 GMT\r\n", true),
    ] {
        let headers = format!("Last-Modified: {future}\r\nETag: \"1\"\r\n{date}");
        let answer = fresh(fetch_one(move || reply("200 OK", &headers, b"<rss/>")).await);
        assert_eq!((answer.last_modified.is_some(), answer.etag.is_some()), (kept, true), "{date}");
    }
    let server = Server::start(|_, _| Act::Answer(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec())).await;
    let url = server.url("/feed");
    let request = Request {
        last_modified: Some(future.as_bytes()),
        ..ask(&url)
    };
    let fetched = client().fetch(&limiter(), &request).await.0;
    assert_eq!(failure(&fetched), Reason(FailureReason::Protocol), "nothing conditional was asked");
    assert!(!server.requests()[0].to_lowercase().contains("if-modified-since"));
}
