//! The health ping of a run: a monitor is told of its beginning and its end. It neither delays the run nor fails it.

use super::deliver::send;
use crate::fetch::Client;
use crate::model::Timestamp;
use crate::notify::run_ping::{RunSignal, message};
use std::time::Duration;
use tokio::task::JoinHandle;
use url::Url;

/// How long one ping may take.
const PING_LIMIT: Duration = Duration::from_secs(5);

/// A monitor that was told of the beginning of a run.
#[derive(Debug)]
pub struct RunPing {
    monitor: Url,
    client: Client,
    now: Timestamp,
    start: JoinHandle<()>,
}

impl RunPing {
    /// Tells `monitor` that a run begins, beside the run.
    #[must_use]
    pub fn begin(monitor: Url, client: Client, now: Timestamp) -> Self {
        let (of_start, own) = (monitor.clone(), client.clone());
        let start = tokio::spawn(async move { ping(&own, &of_start, RunSignal::Start, "", now).await });
        Self {
            monitor,
            client,
            now,
            start,
        }
    }

    /// Tells the monitor that the run has ended with the exit code `code`, after it was told of the beginning.
    pub async fn end(self, code: u8, summary: &str) {
        // It is bounded in time itself.
        let _ = self.start.await;
        ping(&self.client, &self.monitor, RunSignal::End(code), summary, self.now).await;
    }
}

async fn ping(client: &Client, monitor: &Url, signal: RunSignal, summary: &str, now: Timestamp) {
    if let Err(failure) = send(client, message(monitor, signal, summary), PING_LIMIT, now).await {
        let host = monitor.host_str().unwrap_or_default();
        tracing::warn!(
            to = host,
            reason = failure.code,
            detail = failure.detail,
            "the health ping did not arrive"
        );
    }
}
