//! Proxies: what is requested of them, and what the guard refuses all the same.

use super::*;
use crate::config::{Source, from_str};

fn source(proxy: &str) -> Source {
    let text = format!("[site]\ntitle = \"T\"\n[[source]]\nid = \"a\"\nurl = \"https://lefaso.net/\"\nproxy = \"{proxy}\"\n");
    let mut config = from_str("feeds.toml".as_ref(), &text).expect("a configuration");
    config.sources.remove(0)
}

async fn fetch_through(proxy: &str, client: &Client, url: &str) -> Fetched {
    let (source, url) = (source(proxy), Url::parse(url).expect("a URL"));
    let request = Request {
        source: Some(&source),
        ..ask(&url)
    };
    client.fetch(&limiter(), &request).await.0
}

#[tokio::test]
async fn a_proxy_gets_the_whole_address_and_looks_the_name_up() {
    let server = Server::start(|_, _| reply("200 OK", "", b"<rss/>")).await;
    let proxy = format!("http://user:word@127.0.0.1:{}/", server.port);
    for client in [client(), client_of(policy(), Some("other.example.org 93.184.216.34 127.0.0.1:9"))] {
        let answer = fresh(fetch_through(&proxy, &client, "http://lefaso.net:8080/feed?a=b").await);
        assert_eq!(
            (answer.body.as_slice(), answer.final_url.as_str()),
            (b"<rss/>".as_slice(), "http://lefaso.net:8080/feed?a=b")
        );
    }
    for request in server.requests() {
        assert!(request.starts_with("GET http://lefaso.net:8080/feed?a=b HTTP/1.1\r\n"), "{request}");
        assert!(
            request.to_lowercase().contains("\r\nproxy-authorization: basic dxnlcjp3b3jk\r\n"),
            "{request}"
        );
        assert!(request.to_lowercase().contains("\r\nhost: lefaso.net:8080\r\n"), "{request}");
    }
}

#[tokio::test]
async fn the_guard_checks_urls_behind_a_proxy_too() {
    let server = Server::start(|_, _| reply("200 OK", "", b"secret")).await;
    let proxy = format!("http://127.0.0.1:{}/", server.port);
    let strict = client_of(
        FetchPolicy {
            allow_private_networks: false,
            ..policy()
        },
        None,
    );
    for url in [
        "http://127.0.0.1/",
        "http://169.254.169.254/",
        "http://printer.local/",
        "http://lefaso.net:22/",
        "http://[::1]/",
    ] {
        assert_eq!(
            failure(&fetch_through(&proxy, &strict, url).await),
            Reason(FailureReason::RefusedAddress),
            "{url}"
        );
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_behind_a_proxy_does_not_lead_to_a_private_network() {
    let server = Server::start(|_, _| moved(302, "http://10.0.0.1/")).await;
    let proxy = format!("http://127.0.0.1:{}/", server.port);
    assert_eq!(
        failure(&fetch_through(&proxy, &client(), "http://lefaso.net/").await),
        Reason(FailureReason::RefusedAddress)
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn with_a_table_of_names_only_a_listed_proxy_is_connected() {
    let client = client_of(policy(), Some("other.example.org 93.184.216.34 127.0.0.1:9"));
    for proxy in ["http://93.184.216.34:3128/", "socks5://proxy.example.org:1080"] {
        assert_eq!(
            failure(&fetch_through(proxy, &client, "http://lefaso.net/").await),
            Reason(FailureReason::Dns),
            "{proxy}"
        );
    }
}

#[tokio::test]
async fn a_socks_proxy_gets_the_host_name() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let proxy = format!("socks5://{}", listener.local_addr().expect("it is bound"));
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        // RFC 1928: a greeting, then a request for a name (type 3).
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.expect("a greeting");
        stream.write_all(&[5, 0]).await.expect("no authentication");
        let mut request = [0; 5 + 10 + 2];
        stream.read_exact(&mut request).await.expect("a request");
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.expect("connected");
        let mut head = vec![0; 4];
        stream.read_exact(&mut head).await.expect("a request");
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<rss/>";
        stream.write_all(answer).await.expect("answered");
        (request, head)
    });
    assert_eq!(fresh(fetch_through(&proxy, &client(), "http://lefaso.net/").await).body, b"<rss/>");
    let (request, head) = asked.await.expect("it does not panic");
    assert_eq!(
        (&request[..5], &request[5..15], &request[15..]),
        (&[5, 1, 0, 3, 10][..], b"lefaso.net".as_slice(), &[0, 80][..])
    );
    assert_eq!(head, b"GET ");
}
