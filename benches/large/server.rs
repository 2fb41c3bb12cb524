//! An HTTP/1.1 server on loopback, which holds one document for each host, no robots.txt, and keeps connections open.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::thread;

const STACK_BYTES: usize = 256 * 1024;

/// A document and its media type.
type Content = (&'static str, Arc<String>);

pub struct Server {
    pub address: SocketAddr,
    contents: Arc<RwLock<HashMap<String, Content>>>,
    /// The number of pages that were requested.
    pages: Arc<AtomicUsize>,
}

impl Server {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of loopback");
        let server = Self {
            address: listener.local_addr().expect("it is bound"),
            contents: Arc::default(),
            pages: Arc::default(),
        };
        let (contents, pages) = (Arc::clone(&server.contents), Arc::clone(&server.pages));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (contents, pages) = (Arc::clone(&contents), Arc::clone(&pages));
                let answering = thread::Builder::new().stack_size(STACK_BYTES);
                // A client that closes its connection ends the thread; a thread that cannot start closes the connection.
                let _ = answering.spawn(move || answer_all(&stream, &contents, &pages));
            }
        });
        server
    }

    /// Gives every path of `host` except robots.txt the feed `document` from now on.
    pub fn feed(&self, host: &str, document: String) {
        self.put(host, "application/rss+xml", document);
    }

    /// Gives every path of `host` except robots.txt the page `document` from now on.
    pub fn page(&self, host: &str, document: String) {
        self.put(host, "text/html; charset=utf-8", document);
    }

    fn put(&self, host: &str, media_type: &'static str, document: String) {
        let mut contents = self.contents.write().expect("no thread panics while it writes");
        contents.insert(host.to_owned(), (media_type, Arc::new(document)));
    }

    pub fn page_requests(&self) -> usize {
        self.pages.load(Ordering::Relaxed)
    }
}

/// Answers the requests of one connection until the client closes it.
fn answer_all(stream: &TcpStream, contents: &RwLock<HashMap<String, Content>>, pages: &AtomicUsize) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream);
    loop {
        let (mut host, mut line, mut asks_for_robots) = (String::new(), String::new(), false);
        while lines.read_line(&mut line)? > 0 && !line.trim_end().is_empty() {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("host")
            {
                value.trim().clone_into(&mut host);
            }
            asks_for_robots |= line.starts_with("GET /robots.txt ");
            line.clear();
        }
        if line.is_empty() {
            return Ok(());
        }
        let name = host.split(':').next().unwrap_or_default();
        let content = contents.read().expect("no thread panics while it writes").get(name).cloned();
        let (status, media_type, body) = match content.filter(|_| !asks_for_robots) {
            Some((media_type, body)) => ("200 OK", media_type, body),
            None => ("404 Not Found", "text/plain", Arc::default()),
        };
        if media_type.starts_with("text/html") {
            pages.fetch_add(1, Ordering::Relaxed);
        }
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut out = stream;
        out.write_all(head.as_bytes())?;
        out.write_all(body.as_bytes())?;
    }
}
