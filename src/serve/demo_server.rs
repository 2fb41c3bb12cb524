//! The HTTP server of `griot demo`: invented outlets of the region, bundled with the program and served on loopback.
//!
//! One listener serves every outlet by its host name, `http://NAME.localhost:PORT/`. Some outlets have the faults of real ones. Nothing here
//! depends on how griot parses what it serves.

mod answer;
mod content;
mod dates;
mod fill;
mod render;
#[cfg(test)]
mod tests;

use crate::model::Timestamp;
use answer::{Answer, OutletSites};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const FEEDS_TOML: &str = include_str!("../../demo/feeds.toml");
/// Connections that are open after this time are closed.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// A running demo server. It stops when this is dropped; [`DemoServer::close`] waits for that.
#[derive(Debug)]
pub struct DemoServer {
    address: SocketAddr,
    // Bound but not listening: connections are refused, and no other program can take the port.
    _dead: TcpSocket,
    dead_port: u16,
    stop: oneshot::Sender<()>,
    listening: JoinHandle<io::Result<()>>,
}

impl DemoServer {
    /// Starts the server on a free port of 127.0.0.1; its newest article was published 20 minutes before `now`.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn open(now: Timestamp) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let sites = Arc::new(OutletSites::new(now, address.port())?);
        let dead = TcpSocket::new_v4()?;
        dead.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let dead_port = dead.local_addr()?.port();
        let router = axum::Router::new().fallback(respond).with_state(sites);
        let (stop, stopped) = oneshot::channel();
        let until_stopped = async move {
            let _ = stopped.await;
        };
        let serving = axum::serve(listener, router).with_graceful_shutdown(until_stopped);
        let listening = tokio::spawn(serving.into_future());
        Ok(Self {
            address,
            _dead: dead,
            dead_port,
            stop,
            listening,
        })
    }

    /// Returns a feeds.toml with every outlet of this server.
    #[must_use]
    pub fn feeds_toml(&self) -> String {
        FEEDS_TOML
            .replace("{port}", &self.address.port().to_string())
            .replace("{dead_port}", &self.dead_port.to_string())
    }

    /// Returns the address it listens on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server once open responses are sent, or after two seconds.
    pub async fn close(self) {
        let Self { stop, mut listening, .. } = self;
        drop(stop);
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, &mut listening).await.is_err() {
            listening.abort();
        }
    }
}

async fn respond(State(sites): State<Arc<OutletSites>>, method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    if method != Method::GET && method != Method::HEAD {
        return empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    http(sites.answer(host, target, text(header::IF_NONE_MATCH)))
}

fn http(answer: Answer) -> Response<Body> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response
        .body(Body::from(answer.body))
        .unwrap_or_else(|_| empty(StatusCode::INTERNAL_SERVER_ERROR))
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
