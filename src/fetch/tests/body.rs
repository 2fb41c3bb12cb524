//! Bodies: encodings, sizes, deadlines and connections that end early.

use super::*;

const GZIP: [u8; 26] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 179, 41, 42, 46, 214, 183, 3, 0, 103, 41, 40, 189, 6, 0, 0, 0,
];
const ZLIB: [u8; 14] = [120, 156, 179, 41, 42, 46, 214, 183, 3, 0, 7, 105, 2, 2];
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x20\x06\x31\0\0<rss/>";
const BROTLI: &[u8] = b"\x8b\x02\x80<rss/>\x03";

/// A mebibyte of zeros in 1,051 bytes of gzip.
fn bomb() -> Vec<u8> {
    let mut bytes = vec![0; 1051];
    bytes[..14].copy_from_slice(&[31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1]);
    bytes[17..25].copy_from_slice(&[194, 160, 245, 79, 109, 8, 95, 160]);
    bytes[1041..1047].copy_from_slice(&[62, 3, 28, 234, 56, 167]);
    bytes[1049] = 16;
    bytes
}

async fn encoded(name: &'static str, body: Vec<u8>) -> Fetched {
    fetch_one(move || reply("200 OK", &format!("Content-Encoding: {name}\r\n"), &body)).await
}

#[tokio::test]
async fn the_accepted_encodings_are_decoded() {
    for (name, body) in [
        ("gzip", GZIP.to_vec()),
        ("deflate", ZLIB.to_vec()),
        ("zstd", ZSTD.to_vec()),
        ("br", BROTLI.to_vec()),
        ("identity", b"<rss/>".to_vec()),
    ] {
        assert_eq!(fresh(encoded(name, body).await).body, b"<rss/>", "{name}");
    }
}

#[tokio::test]
async fn broken_and_unknown_encodings_are_failures() {
    let mut corrupt = GZIP.to_vec();
    corrupt[20] ^= 0xff;
    assert_eq!(failure(&encoded("gzip", corrupt).await), Reason(FailureReason::Encoding));
    assert_eq!(
        failure(&encoded("x-nonsense", b"?".to_vec()).await),
        Reason(FailureReason::Encoding)
    );
    assert_eq!(failure(&encoded("gzip", GZIP[..15].to_vec()).await), FailureCode::CutOff);
}

#[tokio::test]
async fn a_decompression_bomb_and_an_endless_body_stop_at_the_cap() {
    let bomb = encoded("gzip", bomb()).await;
    assert_eq!(failure(&bomb), Reason(FailureReason::TooLarge));
    assert_eq!(bomb.answer().map(|answer| answer.body.len()), Some(0));
    let announced = fetch_one(|| Act::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 8000000000\r\n\r\nx".to_vec())).await;
    assert_eq!(failure(&announced), Reason(FailureReason::TooLarge));
    let endless = fetch_one(|| {
        let piece = format!("{:x}\r\n{}\r\n", 60_000, "A".repeat(60_000));
        Act::Hang(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{piece}{piece}").into_bytes())
    })
    .await;
    assert_eq!(failure(&endless), Reason(FailureReason::TooLarge));
    let largest = fetch_one(|| reply("200 OK", "", &vec![b'A'; 100_000])).await;
    assert_eq!(fresh(largest).body.len(), 100_000);
}

#[tokio::test]
async fn every_framing_of_http_1_is_parsed() {
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n<rs\r\n3\r\ns/>\r\n0\r\nX-Trailer: 1\r\n\r\n";
    assert_eq!(fresh(fetch_one(|| Act::Answer(chunked.to_vec())).await).body, b"<rss/>");
    let closed = b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss/>";
    assert_eq!(fresh(fetch_one(|| Act::Close(closed.to_vec())).await).body, b"<rss/>");
    let odd = b"HTTP/1.1 200 OK\r\nLast-Modified: x\x7fy\r\nX y: 1\r\nContent-Length: 6\r\n\r\n<rss/>";
    assert_eq!(fresh(fetch_one(|| Act::Answer(odd.to_vec())).await).body, b"<rss/>");
}

#[tokio::test]
async fn a_hanging_server_is_given_up_at_the_deadline() {
    let within = |timeout| client_of(FetchPolicy { timeout, ..policy() }, None);
    let server = Server::start(|_, path| {
        Act::Hang(match path {
            "/head" => Vec::new(),
            _ => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>".to_vec(),
        })
    })
    .await;
    let head = within(Duration::from_millis(100))
        .fetch(&limiter(), &ask(&server.url("/head")))
        .await
        .0;
    assert_eq!(
        (failure(&head), detail(&head)),
        (Reason(FailureReason::Timeout), "no answer came in time")
    );
    assert!(head.answer().is_none());
    // A busy machine may need longer for the first bytes: then the next timeout is tried.
    let mut body = None;
    for timeout in [250, 1_000, 4_000, 16_000].map(Duration::from_millis) {
        let fetched = within(timeout).fetch(&limiter(), &ask(&server.url("/body"))).await.0;
        let has_begun = fetched.answer().is_some_and(|answer| !answer.body.is_empty());
        body = Some(fetched);
        if has_begun {
            break;
        }
    }
    let body = body.expect("a visit");
    assert_eq!(
        (failure(&body), detail(&body)),
        (Reason(FailureReason::Timeout), "the body did not end in time")
    );
    assert_eq!(body.answer().map(|answer| answer.body.clone()), Some(b"<rss>".to_vec()));
}

#[tokio::test]
async fn an_answer_that_ends_early_is_cut_off() {
    for bytes in [
        b"".as_slice(),
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
    ] {
        let fetched = fetch_one(move || Act::Close(bytes.to_vec())).await;
        assert_eq!(failure(&fetched), FailureCode::CutOff, "{bytes:?}: {}", detail(&fetched));
        if let Some(answer) = fetched.answer() {
            assert_eq!(answer.body, b"<rss>");
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_is_cut_off() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = Url::parse(&format!("http://{}/", listener.local_addr().expect("it is bound"))).expect("a URL");
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        // Closing with the request unread resets the connection.
        stream.readable().await.expect("a request");
    });
    let fetched = client().fetch(&limiter(), &ask(&url)).await.0;
    assert_eq!(failure(&fetched), FailureCode::CutOff, "{}", detail(&fetched));
}

#[tokio::test]
async fn what_is_not_http_is_a_protocol_error() {
    for bytes in [
        b"HTTP/9.9 999999 \0\r\n\r\n".as_slice(),
        b"<rss/>\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 500\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nabc",
    ] {
        let fetched = fetch_one(move || Act::Close(bytes.to_vec())).await;
        assert_eq!(
            failure(&fetched),
            Reason(FailureReason::Protocol),
            "{bytes:?}: {}",
            detail(&fetched)
        );
    }
    let endless = format!(
        "HTTP/1.1 200 OK\r\n{}",
        "X-Filler: 0123456789012345678901234567890123456789\r\n".repeat(40_000)
    );
    let fetched = fetch_one(move || Act::Hang(endless.clone().into_bytes())).await;
    assert_eq!(failure(&fetched), Reason(FailureReason::Protocol), "{}", detail(&fetched));
}

#[tokio::test]
async fn of_an_answer_that_ends_early_what_came_is_kept_without_validators() {
    let head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nLast-Modified: Sun, 01 Mar 2026 09:00:00 GMT\r\n";
    let text = b"<rss><channel><item><title>Le bac repart</title></item>".repeat(40);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &text).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let zstd = zstd::encode_all(text.as_slice(), 3).expect("memory");
    let whole =
        |more: &str, body: &[u8], announced: usize| [format!("{head}{more}Content-Length: {announced}\r\n\r\n").as_bytes(), body].concat();
    let chunked = [
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", text.len()).as_bytes(),
        &text,
        b"\r\n",
    ]
    .concat();
    for (bytes, least) in [
        (whole("", &text, text.len() + 5_000), text.len()),
        (chunked.clone(), text.len()),
        ([chunked.as_slice(), b"zzz\r\n"].concat(), text.len()),
        // The trailer of gzip did not come, then half of the stream; and the connection ends early too.
        (
            whole("Content-Encoding: gzip\r\n", &gzip[..gzip.len() - 8], gzip.len() - 8),
            text.len(),
        ),
        (whole("Content-Encoding: gzip\r\n", &gzip[..gzip.len() - 4], gzip.len()), text.len()),
        (whole("Content-Encoding: gzip\r\n", &gzip[..gzip.len() * 3 / 4], gzip.len()), 40),
        (whole("Content-Encoding: zstd\r\n", &zstd, zstd.len() + 5), text.len()),
    ] {
        let fetched = fetch_one(move || Act::Close(bytes.clone())).await;
        let (answer, how) = fetched.cut_answer().expect("it was cut");
        assert!(
            !how.is_empty() && answer.body.len() >= least && text.starts_with(&answer.body),
            "{} bytes: {how}",
            answer.body.len()
        );
        assert_eq!((&answer.etag, &answer.last_modified), (&None, &None), "they stand for the whole");
    }
    for (bytes, why) in [
        (whole("", b"", 5), "nothing came"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 50\r\n\r\n<rss/>".to_vec(), "an error page"),
        (whole("", b"<rss/>", 6), "it is whole"),
        (whole("", b"x", 200_000), "it is too large"),
        (Vec::new(), "no answer"),
    ] {
        let fetched = fetch_one(move || Act::Close(bytes.clone())).await;
        assert!(fetched.cut_answer().is_none(), "{why}");
    }
}
