//! A scripted HTTP server on loopback, and a closed port, for the tests of this module.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use url::Url;

/// What the server does with one request.
pub(super) enum Act {
    /// Writes these bytes and waits for the next request.
    Answer(Vec<u8>),
    /// Writes these bytes and closes.
    Close(Vec<u8>),
    /// Writes these bytes and then nothing more.
    Hang(Vec<u8>),
}

/// A server; it lives as long as the test's runtime.
pub(super) struct Server {
    pub(super) port: u16,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    /// Starts a server that does what `script` says, given the request's number from 0 and its path.
    pub(super) async fn start(script: impl Fn(usize, &str) -> Act + Send + Sync + 'static) -> Self {
        Self::start_with_heads(move |number, path, _| script(number, path)).await
    }

    /// Starts a server whose script is given the head of the request, too.
    pub(super) async fn start_with_heads(script: impl Fn(usize, &str, &str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let server = Self {
            port,
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let (seen, connections, script) = (Arc::clone(&server.seen), Arc::clone(&server.connections), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *connections.lock().expect("unpoisoned") += 1;
                tokio::spawn(converse(stream, Arc::clone(&seen), Arc::clone(&script)));
            }
        });
        server
    }

    pub(super) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).expect("a URL")
    }

    /// Returns the heads of all requests so far, one character a byte.
    pub(super) fn requests(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("unpoisoned");
        seen.iter()
            .map(|head| head.iter().map(|byte| char::from(*byte)).collect())
            .collect()
    }

    pub(super) fn connections(&self) -> usize {
        *self.connections.lock().expect("unpoisoned")
    }
}

async fn converse(mut stream: TcpStream, seen: Arc<Mutex<Vec<Vec<u8>>>>, script: Arc<impl Fn(usize, &str, &str) -> Act>) {
    let mut head = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        head.push(byte);
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
        let number = {
            let mut seen = seen.lock().expect("unpoisoned");
            seen.push(std::mem::take(&mut head));
            seen.len() - 1
        };
        let (bytes, ends) = match script(number, &path, &text) {
            Act::Answer(bytes) => (bytes, false),
            Act::Close(bytes) => (bytes, true),
            Act::Hang(bytes) => {
                let _ = stream.write_all(&bytes).await;
                std::future::pending::<()>().await;
                return;
            }
        };
        if stream.write_all(&bytes).await.is_err() || ends {
            return;
        }
    }
}

/// A port that refuses connections. It is bound, so that no other process can take it, but nothing listens.
pub(super) struct ClosedPort {
    _socket: TcpSocket,
    pub(super) url: Url,
}

impl ClosedPort {
    pub(super) fn bind() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
        let address = socket.local_addr().expect("it is bound");
        Self {
            url: Url::parse(&format!("http://{address}/")).expect("a URL"),
            _socket: socket,
        }
    }
}

/// Makes an answer of a status, headers and a body, with its length.
pub(super) fn reply(status: &str, headers: &str, body: &[u8]) -> Act {
    let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Act::Answer(bytes)
}

/// Makes a redirect with a body that does not come in one piece with its head.
pub(super) fn moved(status: u16, location: &str) -> Act {
    reply(
        &format!("{status} Moved"),
        &format!("Location: {location}\r\n"),
        &vec![b'm'; 60_000],
    )
}
