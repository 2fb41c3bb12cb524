//! Log lines: what they hold, and that no secret is among it.

use super::*;
use crate::config::{Source, from_str};
use crate::model::HostKey;
use serde_json::{Value, json};
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use tracing::Dispatch;
use tracing::dispatcher::DefaultGuard;

/// The log of this thread, at the most verbose level of griot.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn capture() -> (Self, DefaultGuard) {
        /// While there is only one dispatcher, the first thread that reaches a log line decides for all threads whether it is enabled, and a
        /// test on a thread without dispatcher would disable it. A second one makes tracing ask them all.
        static SECOND_DISPATCH: LazyLock<Dispatch> = LazyLock::new(|| Log::default().dispatch());
        LazyLock::force(&SECOND_DISPATCH);
        let log = Self::default();
        let guard = tracing::dispatcher::set_default(&log.clone().dispatch());
        (log, guard)
    }

    fn dispatch(self) -> Dispatch {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_env_filter("griot=trace")
            .with_writer(move || self.clone())
            .finish();
        Dispatch::new(subscriber)
    }

    /// Returns the fields of all lines since the last call, without durations.
    fn take(&self) -> Vec<Value> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(!text.contains("SECRET"), "{text}");
        text.lines()
            .map(|line| {
                let mut line: Value = serde_json::from_str(line).expect("JSON");
                assert_eq!(line["level"], "DEBUG");
                let fields = line["fields"].as_object_mut().expect("fields");
                assert_eq!(fields.remove("duration_ms").is_some(), fields["message"] == "request");
                line["fields"].take()
            })
            .collect()
    }
}

fn source() -> Source {
    let text = "[site]\ntitle = \"T\"\n[[source]]\nid = \"aube\"\nurl = \"https://lefaso.net/\"\n";
    let mut config = from_str("feeds.toml".as_ref(), text).expect("a configuration");
    config.sources.remove(0)
}

#[tokio::test]
async fn each_request_has_a_line_without_secrets() {
    let server = Server::start(|_, path| match path {
        "/feed?key=SECRET" => reply(
            "302 Found",
            "Location: /next?token=SECRET#SECRET\r\nSet-Cookie: id=SECRET\r\n",
            b"moved",
        ),
        "/next?token=SECRET" => reply("200 OK", "Set-Cookie: id=SECRET\r\n", b"<rss/>"),
        "/gone" => reply("410 Gone", "", b"gone"),
        _ => reply("404 Not Found", "", b"SECRET"),
    })
    .await;
    let (log, _guard) = Log::capture();
    let (client, source) = (client(), source());
    let headers = [("X-Key".to_owned(), "SECRET".to_owned())];
    let fetch = async |url: &Url| {
        let request = Request {
            source: Some(&source),
            headers: &headers,
            ..ask(url)
        };
        client.fetch(&limiter(), &request).await.0
    };
    let mut url = server.url("/feed?key=SECRET#SECRET");
    url.set_username("SECRET").expect("it has a host");
    url.set_password(Some("SECRET")).expect("it has a host");
    fresh(fetch(&url).await);
    let (first, next) = (server.url("/feed"), server.url("/next"));
    assert_eq!(
        log.take(),
        [
            json!({"message": "request", "source.id": "aube", "method": "GET", "url": first.as_str(), "status": 302, "size_bytes": 5, "redirects": 0}),
            json!({"message": "request", "source.id": "aube", "method": "GET", "url": next.as_str(), "status": 200, "size_bytes": 6, "redirects": 1}),
        ]
    );
    fetch(&server.url("/gone")).await;
    fetch(&server.url("/missing?SECRET")).await;
    let closed = ClosedPort::bind();
    fetch(&closed.url).await;
    let words: Vec<_> = log
        .take()
        .into_iter()
        .map(|line| (line["status"].clone(), line["failure"].clone()))
        .collect();
    assert_eq!(
        words,
        [
            (json!(410), json!("gone")),
            (json!(404), json!("http-4xx")),
            (Value::Null, json!("connect"))
        ]
    );
}

#[tokio::test]
async fn a_request_that_is_not_sent_has_a_line_without_secrets() {
    let (log, _guard) = Log::capture();
    let url = Url::parse("http://SECRET:SECRET@169.254.169.254/latest?SECRET#SECRET").expect("a URL");
    client().fetch(&limiter(), &ask(&url)).await;
    let detail = "169.254.169.254 is not asked: it is no public address (link-local)";
    let plain = "http://169.254.169.254/latest";
    assert_eq!(
        log.take(),
        [json!({"message": "address refused", "url": plain, "redirects": 0, "detail": detail})]
    );
    let headers = [("X Key".to_owned(), "SECRET".to_owned())];
    let request = Request {
        headers: &headers,
        ..ask(&url)
    };
    client().fetch(&limiter(), &request).await;
    assert_eq!(
        log.take(),
        [json!({"message": "request not sent", "url": plain, "failure": "bad-header"})]
    );
    let (limiter, host) = (limiter(), HostKey::from_url(&url));
    let until = now() + Duration::from_hours(1);
    limiter.hold(&host, until);
    client().fetch(&limiter, &ask(&url)).await;
    let (host, until) = ("http://169.254.169.254:80", "2026-03-01T13:00:00Z");
    assert_eq!(
        log.take(),
        [
            json!({"message": "host held", "host": host, "until": until}),
            json!({"message": "request held", "url": plain, "redirects": 0, "host": host, "until": until})
        ]
    );
}

#[tokio::test]
async fn a_redirect_to_a_refused_address_or_back_is_logged() {
    let server = Server::start(|_, path| match path {
        "/inside" => moved(302, "http://SECRET@10.0.0.1:22/?SECRET"),
        _ => moved(302, "/loop?SECRET"),
    })
    .await;
    let (log, _guard) = Log::capture();
    client().fetch(&limiter(), &ask(&server.url("/inside"))).await;
    let lines = log.take();
    assert_eq!((lines[0]["status"].as_u64(), lines.len()), (Some(302), 2));
    assert_eq!(
        lines[1],
        json!({"message": "address refused", "url": "http://10.0.0.1:22/", "redirects": 1,
               "detail": "port 22 is not asked: only 80, 443 and those from 1024 are"})
    );
    client().fetch(&limiter(), &ask(&server.url("/loop?SECRET"))).await;
    let lines = log.take();
    assert_eq!((lines.len(), &lines[0]["failure"]), (1, &json!("redirect-loop")));
}
