//! The health ping: a monitor such as healthchecks.io is told that a run begins, and with which exit code it has ended.

use super::attempt::Message;
use url::Url;

/// What the monitor is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunSignal {
    /// A run begins.
    Start,
    /// A run has ended with this exit code.
    End(u8),
}

/// Returns the message; `summary` is what is said of the run in a line. The signal is the last part of the path, whatever query the address has.
#[must_use]
pub fn message(monitor: &Url, signal: RunSignal, summary: &str) -> Message {
    let mut url = monitor.clone();
    let last = match signal {
        RunSignal::Start => "start".to_owned(),
        RunSignal::End(code) => code.to_string(),
    };
    // An http address has always a path.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(&last);
    }
    Message {
        url,
        content_type: "text/plain; charset=utf-8",
        headers: Vec::new(),
        body: summary.as_bytes().to_vec(),
    }
}
