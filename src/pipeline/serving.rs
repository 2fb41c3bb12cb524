//! What a server is given: its listener, what it serves, and what it tells of the runs beside it.

use super::clock::Clock;
use super::run_status::RunStatus;
use super::served_site::ServedSite;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::sync::watch;

/// The parts of a server. They are no part of the library's interface, through which the whole is passed.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens.
    pub(crate) listener: TcpListener,
    /// What it serves; a new value replaces it, as after SIGHUP.
    pub(crate) site: watch::Receiver<Arc<ServedSite>>,
    /// What the runs of this process have done.
    pub(crate) status: Arc<RunStatus>,
    /// The clock of `?since=`.
    pub(crate) clock: Clock,
    /// Becomes true when it has to end.
    pub(crate) stop: watch::Receiver<bool>,
}
