//! The server of the published files: accepts connections, gives each its time-outs, and ends them all when it has to stop.

use super::connections::{Answering, Connections, Place, TimedStream, connection_limit, descriptor_limit};
use super::early_errors::HardenedStream;
use super::site::{PeerAddress, Site};
use crate::pipeline::serving::Serving;
use axum::body::Body;
use axum::http::Request;
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

/// Within this time a request has to come whole: after the connection was made, and after each answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// How long answers may take after the stop signal: a client that never ends its request must not block the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);
/// The size of a request's head in bytes; more is answered with 431.
const MAX_HEAD_BYTES: usize = 32 << 10;
/// How long no connection is accepted after the system had no descriptor for one.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(100);
/// How often it is said that there are no descriptors, or no room.
const COMPLAINT_INTERVAL: Duration = Duration::from_mins(1);
/// The answer to a connection for which there is no room.
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 25\r\n\
Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n\
Cache-Control: no-store\r\nRetry-After: 10\r\nConnection: close\r\n\r\nToo many connections now.";

/// Serves until `serving.stop` becomes true; open answers are sent first, within three seconds.
///
/// The server has a thread of its own: its answers wait for no work of a run, and cost no exchange between threads. One thread answers more requests than
/// a small machine's network brings.
///
/// # Errors
/// When the listener cannot be used, or the system gives no thread.
pub async fn files(serving: Serving) -> io::Result<()> {
    let (ended, end) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let serve = move || {
        // The receiver is gone only when the program ends.
        let _ = ended.send(runtime.block_on(serve(serving)));
        // A file that is being read or compressed for nobody must not delay the end.
        runtime.shutdown_background();
    };
    thread::Builder::new().name("griot-serve".to_owned()).spawn(serve)?;
    end.await
        .unwrap_or_else(|_| Err(io::Error::other("the server has ended by a defect of griot")))
}

async fn serve(serving: Serving) -> io::Result<()> {
    let Serving {
        listener,
        site,
        status,
        clock,
        mut stop,
    } = serving;
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let connections = Connections::new(connection_limit(descriptor_limit()));
    let site = Site::new(site, status, clock, Arc::clone(&connections));
    let ended = stop.clone();
    let mut complaint = Complaint::default();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // When the sender is dropped, no stop signal can come any more.
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Some(place) = connections.enter() {
                    tokio::spawn(converse(stream, peer, place, Arc::clone(&site), ended.clone()));
                } else {
                    complaint.log("no room for another connection: it was answered with 503");
                    refuse(&stream);
                }
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                complaint.log(&format!("cannot accept a connection: {error}"));
                connections.make_room();
                tokio::time::sleep(EXHAUSTED_PAUSE).await;
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, connections.all_ended()).await;
    Ok(())
}

/// Returns whether an error of `accept` concerns the connection that was accepted, not the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Says what is wrong, but not with each connection.
#[derive(Debug, Default)]
struct Complaint {
    last: Option<Instant>,
}

impl Complaint {
    fn log(&mut self, what: &str) {
        if self.last.is_none_or(|last| last.elapsed() >= COMPLAINT_INTERVAL) {
            self.last = Some(Instant::now());
            tracing::error!(detail = what, "the server has reached a limit of this machine; see ulimit -n");
        }
    }
}

/// Answers with 503 as far as that is possible without waiting.
fn refuse(stream: &TcpStream) {
    // What the client has sent is read, since closing with unread bytes would drop the answer.
    let _ = stream.try_read(&mut [0; 4096]);
    let _ = stream.try_write(REFUSAL);
}

/// Serves one connection until it ends, has to leave, or the server stops.
async fn converse(stream: TcpStream, peer: SocketAddr, place: Place, site: Arc<Site>, mut stop: watch::Receiver<bool>) {
    // Without it, an answer in two parts could wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let connection = Arc::clone(&place.connection);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let answering = connection.begin_answer();
        let (mut request, _) = request.into_parts();
        request.extensions.insert(PeerAddress(peer));
        let site = Arc::clone(&site);
        async move {
            let wrap = |inner| TrackedBody {
                inner,
                _answering: answering,
            };
            Ok::<_, Infallible>(site.respond(request).await.map(wrap))
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES);
    let mut served = pin!(http.serve_connection(TokioIo::new(HardenedStream::new(TimedStream::new(stream))), service));
    tokio::select! {
        // How a client ends its connection is its own matter.
        _ = served.as_mut() => return,
        () = place.connection.leave.notified() => return,
        _ = stop.wait_for(|stop| *stop) => {}
    }
    served.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, served).await;
}

/// A body during which its connection counts as answering.
struct TrackedBody {
    inner: Body,
    _answering: Answering,
}

impl hyper::body::Body for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
