//! The servers that commands start. `main` passes them as values, since `cli` and `serve` do not import each other.

use crate::model::Timestamp;
use crate::pipeline::serving::Serving;
use futures_util::future::BoxFuture;
use std::any::Any;

/// The functions of `serve` that commands call.
pub struct Servers {
    /// Serves the published files over HTTP until it is told to stop.
    pub serve: fn(Serving) -> BoxFuture<'static, std::io::Result<()>>,
    /// Starts the demo's server on loopback, with dates relative to the given time.
    pub demo_server: fn(Timestamp) -> BoxFuture<'static, std::io::Result<RunningDemoServer>>,
}

/// The feeds.toml for a running demo server, and the value that stops it when it is dropped.
pub type RunningDemoServer = (String, Box<dyn Any + Send>);
