//! What a server says of itself: `/healthz`, `/metrics`, and the page before the first publication.

use super::connections::ConnectionCounts;
use super::response;
use super::traffic::Traffic;
use crate::model::Timestamp;
use crate::pipeline::run_status::RunFigures;
use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};
use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

/// Headers by which proxies say that the request is not their own: what comes through a proxy on this machine is not from this machine.
const FORWARDING_HEADERS: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// Returns whether a request was made on this machine, and not passed on by a proxy that runs here.
#[must_use]
pub fn is_local(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.to_canonical().is_loopback() && !FORWARDING_HEADERS.iter().any(|name| headers.contains_key(*name))
}

/// What is known when a server is asked for its state.
#[derive(Debug)]
pub struct ServerState {
    /// The runs.
    pub runs: RunFigures,
    /// When the manifest last changed, and how many files it lists.
    pub published: Option<(SystemTime, usize)>,
    /// The connections.
    pub connections: ConnectionCounts,
}

/// `/healthz`: 200 while the server works, 503 when its last run ended with an error of the machine.
#[must_use]
pub fn health(state: &ServerState) -> Response<Body> {
    let is_failing = state.runs.last_error.is_some();
    let body = serde_json::json!({
        "status": if is_failing { "failing" } else { "ok" },
        "version": env!("CARGO_PKG_VERSION"),
        "fetching": state.runs.is_fetching,
        "last_run": state.runs.last_success.map(Timestamp::rfc3339),
        "error": state.runs.last_error,
        "configuration": if state.runs.is_configuration_refused { "refused" } else { "ok" },
        "published": state.published.map(|(at, _)| unix_seconds(at)),
        "files": state.published.map_or(0, |(_, files)| files),
    });
    let status = if is_failing {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    response::content(status, "application/json; charset=utf-8", format!("{body}\n"))
}

/// `/metrics` in the text format of Prometheus.
#[must_use]
pub fn metrics(state: &ServerState, traffic: &Traffic) -> Response<Body> {
    let mut out = Metrics::default();
    out.add(
        "griot_build_info",
        "gauge",
        "The version.",
        &[(&format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), 1.0)],
    );
    let responses = traffic.responses();
    let by_status: Vec<(String, f64)> = responses
        .iter()
        .map(|(status, count)| (format!("status=\"{status}\""), float(*count)))
        .collect();
    out.add_all("griot_http_responses_total", "counter", "Responses by status.", &by_status);
    out.one(
        "griot_http_response_bytes_total",
        "counter",
        "Bytes of bodies that were sent.",
        float(traffic.bytes()),
    );
    let connections = state.connections;
    let open = u64::try_from(connections.open).unwrap_or_default();
    out.one("griot_http_connections", "gauge", "Open connections.", float(open));
    let max = u64::try_from(connections.max).unwrap_or_default();
    out.one("griot_http_connections_max", "gauge", "How many there may be.", float(max));
    let accepted = float(connections.accepted);
    out.one("griot_http_connections_total", "counter", "Accepted connections.", accepted);
    let displaced = float(connections.displaced);
    out.one(
        "griot_http_connections_displaced_total",
        "counter",
        "Connections closed to make room.",
        displaced,
    );
    let refused = float(connections.refused);
    out.one(
        "griot_http_connections_refused_total",
        "counter",
        "Connections answered with 503.",
        refused,
    );
    if let Some((at, files)) = state.published {
        out.one(
            "griot_published_timestamp_seconds",
            "gauge",
            "When the output last changed.",
            float(unix_seconds(at)),
        );
        let files = u64::try_from(files).unwrap_or_default();
        out.one("griot_published_files", "gauge", "Published files.", float(files));
    }
    runs(&mut out, &state.runs);
    response::content(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", out.text)
}

fn runs(out: &mut Metrics, runs: &RunFigures) {
    let (accepted, refused) = runs.reloads;
    let reloads = [("result=\"accepted\"", float(accepted)), ("result=\"refused\"", float(refused))];
    out.add(
        "griot_config_reloads_total",
        "counter",
        "Times that feeds.toml was read again.",
        &reloads,
    );
    let is_refused = f64::from(u8::from(runs.is_configuration_refused));
    out.one(
        "griot_config_refused",
        "gauge",
        "1 while feeds.toml has mistakes and the former one is used.",
        is_refused,
    );
    if !runs.is_fetching {
        return;
    }
    let ended = [("result=\"ok\"", float(runs.completed)), ("result=\"error\"", float(runs.failed))];
    out.add("griot_runs_total", "counter", "Runs.", &ended);
    if let Some(at) = runs.last_success {
        #[expect(clippy::cast_precision_loss, reason = "a time of these centuries is exact")]
        let seconds = at.unix() as f64;
        out.one(
            "griot_run_last_success_timestamp_seconds",
            "gauge",
            "When the last good run ended.",
            seconds,
        );
    }
    let took = runs.last_duration_seconds;
    out.one("griot_run_duration_seconds", "gauge", "How long the last run took.", took);
    out.one("griot_entries_new_total", "counter", "New entries.", float(runs.new_entries));
    out.one("griot_stories_new_total", "counter", "New stories.", float(runs.new_stories));
    let visits: Vec<_> = runs
        .visits
        .iter()
        .map(|(ending, count)| (format!("result=\"{ending}\""), float(*count)))
        .collect();
    out.add_all("griot_visits_total", "counter", "Visits to sources.", &visits);
    let sources: Vec<_> = runs
        .sources
        .iter()
        .map(|(health, count)| (format!("state=\"{health}\""), float(*count)))
        .collect();
    out.add_all("griot_sources", "gauge", "Sources by state.", &sources);
}

/// Lines in the text format of Prometheus.
#[derive(Debug, Default)]
struct Metrics {
    text: String,
}

impl Metrics {
    fn one(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.add(name, kind, help, &[("", value)]);
    }

    fn add_all(&mut self, name: &str, kind: &str, help: &str, samples: &[(String, f64)]) {
        let samples: Vec<(&str, f64)> = samples.iter().map(|(labels, value)| (labels.as_str(), *value)).collect();
        self.add(name, kind, help, &samples);
    }

    /// Adds one metric with its samples; a sample has its labels as they are written.
    fn add(&mut self, name: &str, kind: &str, help: &str, samples: &[(&str, f64)]) {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in samples {
            let labels = if labels.is_empty() {
                String::new()
            } else {
                format!("{{{labels}}}")
            };
            let _ = writeln!(self.text, "{name}{labels} {value}");
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus has no other numbers")]
const fn float(count: u64) -> f64 {
    count as f64
}

fn unix_seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The page at `/` while nothing is published yet.
#[must_use]
pub fn waiting(is_fetching: bool) -> Response<Body> {
    let what = if is_fetching {
        "The first run is under way. This page shows the topics once it has ended."
    } else {
        "Nothing is published yet. This page shows the topics after the first run."
    };
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" content=\"15\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>griot</title>\n</head>\n<body>\n<h1>griot</h1>\n<p>{what}</p>\n</body>\n</html>\n"
    );
    response::content(StatusCode::OK, "text/html; charset=utf-8", page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn state(runs: RunFigures) -> ServerState {
        ServerState {
            runs,
            published: Some((UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000), 7)),
            connections: ConnectionCounts {
                open: 3,
                max: 480,
                accepted: 10,
                displaced: 1,
                refused: 2,
            },
        }
    }

    async fn body(response: Response<Body>) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body in memory");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn what_the_server_says_of_itself() {
        let runs = RunFigures {
            is_fetching: true,
            completed: 4,
            failed: 1,
            last_success: Some(Timestamp::from_unix(1_700_000_100)),
            last_duration_seconds: 2.5,
            new_entries: 12,
            new_stories: 9,
            visits: [("fresh", 3), ("failed", 1)].into(),
            sources: [("ok", 2)].into(),
            reloads: (1, 2),
            is_configuration_refused: true,
            ..RunFigures::default()
        };
        let traffic = Traffic::default();
        traffic.count(StatusCode::OK, 1000);
        traffic.count(StatusCode::NOT_MODIFIED, 0);
        let failing = RunFigures {
            last_error: Some("output-io"),
            ..RunFigures::default()
        };
        let failing = health(&state(failing));
        assert_eq!(failing.status(), StatusCode::SERVICE_UNAVAILABLE);
        let texts = [
            body(metrics(&state(runs.clone()), &traffic)).await,
            body(health(&state(runs))).await,
            body(failing).await,
            body(waiting(true)).await,
        ];
        insta::assert_snapshot!(texts.join("\n").replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }

    #[test]
    fn what_a_proxy_passes_on_is_not_local() {
        let mut headers = HeaderMap::new();
        for (address, is_here) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("192.0.2.1", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(is_local(address.parse().expect("an address"), &headers), is_here, "{address}");
        }
        headers.insert("x-forwarded-for", HeaderValue::from_static("127.0.0.1"));
        assert!(!is_local(IpAddr::from([127, 0, 0, 1]), &headers));
    }
}
