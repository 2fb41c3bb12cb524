//! The newsroom of `griot demo`: invented outlets of the region, bundled with the program and served on loopback.
//!
//! One listener answers for every outlet by its host name, `http://NAME.localhost:PORT/`. Some outlets have the faults that
//! the field has. Nothing here knows how griot reads what it serves.

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
/// Readers that still hold a connection after this time are cut off.
const CLOSING_TIME: Duration = Duration::from_secs(2);

/// An open newsroom; it closes when this is dropped, and [`DemoServer::close`] waits for it.
#[derive(Debug)]
pub struct DemoServer {
    address: SocketAddr,
    // Bound and never listening: connections are refused, and no other program can take the port meanwhile.
    _dead: TcpSocket,
    dead_port: u16,
    stop: oneshot::Sender<()>,
    listening: JoinHandle<io::Result<()>>,
}

impl DemoServer {
    /// Opens the newsroom on a free port of 127.0.0.1; its newest article appeared 20 minutes before `now`.
    ///
    /// # Errors
    /// When no port can be had.
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

    /// Returns the configuration that follows every outlet of this newsroom, as the text of a feeds.toml.
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

    /// Closes the newsroom once the answers under way are sent, or after two seconds.
    pub async fn close(self) {
        let Self { stop, mut listening, .. } = self;
        drop(stop);
        if tokio::time::timeout(CLOSING_TIME, &mut listening).await.is_err() {
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
