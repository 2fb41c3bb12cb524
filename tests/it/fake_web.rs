//! A fake web on loopback: one listener that gives scripted answers for every host name, and records the requests.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// How the body is sent.
#[derive(Clone)]
enum Body {
    Whole(Vec<u8>),
    /// The connection ends before `Content-Length` is reached.
    CutOff(Vec<u8>),
    /// The head and these bytes are sent, then nothing until the client closes the connection.
    Stall(Vec<u8>),
    /// So many bytes of white space are sent, or until the client closes the connection.
    Long(u64),
    /// Nothing is sent, not even a head, until the client closes the connection.
    Hang,
}

/// The scripted answer for one address.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    /// Whether a request with this answer's `ETag` gets 304.
    conditional: bool,
}

impl Answer {
    pub fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), media_type.to_owned())],
            body: Body::Whole(body.into()),
            conditional: false,
        }
    }

    pub fn feed(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/rss+xml", body)
    }

    pub fn page(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/html; charset=utf-8", body)
    }

    pub fn status(status: u16) -> Self {
        Self::new(status, "text/plain", "no")
    }

    pub fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).with("Location", to)
    }

    pub fn hang() -> Self {
        Self {
            body: Body::Hang,
            ..Self::status(200)
        }
    }

    pub fn cut_off(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Body::CutOff(body.into()),
            ..Self::feed("")
        }
    }

    /// Cuts the connection before the announced end of the body.
    pub fn cut(mut self) -> Self {
        if let Body::Whole(bytes) = self.body {
            self.body = Body::CutOff(bytes);
        }
        self
    }

    pub fn stall(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Body::Stall(body.into()),
            ..Self::feed("")
        }
    }

    pub fn long(bytes: u64) -> Self {
        Self {
            body: Body::Long(bytes),
            ..Self::feed("")
        }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends both validators, and 304 where the client sends the `ETag` back.
    pub fn validated(self, etag: &str, last_modified: &str) -> Self {
        let mut answer = self.with("ETag", etag).with("Last-Modified", last_modified);
        answer.conditional = true;
        answer
    }

    fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    fn send(&self, request: &Request, stream: &mut TcpStream) -> std::io::Result<()> {
        let known = self.conditional && self.header("ETag").is_some() && self.header("ETag") == request.header("If-None-Match");
        let status = if known { 304 } else { self.status };
        let mut head = format!("HTTP/1.1 {status} Scripted\r\nConnection: close\r\n");
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").expect("a string takes all");
        }
        match &self.body {
            Body::Hang => {
                // It returns when the client closes the connection.
                let _ = stream.read(&mut [0; 1]);
                Ok(())
            }
            _ if known => stream.write_all(format!("{head}\r\n").as_bytes()),
            Body::Whole(bytes) => {
                let head = format!("{head}Content-Length: {}\r\n\r\n", bytes.len());
                stream.write_all(head.as_bytes())?;
                stream.write_all(bytes)
            }
            Body::CutOff(bytes) => {
                let head = format!("{head}Content-Length: {}\r\n\r\n", bytes.len() + 1000);
                stream.write_all(head.as_bytes())?;
                stream.write_all(bytes)
            }
            Body::Stall(bytes) => {
                stream.write_all(format!("{head}\r\n").as_bytes())?;
                stream.write_all(bytes)?;
                let _ = stream.read(&mut [0; 1]);
                Ok(())
            }
            Body::Long(length) => {
                stream.write_all(format!("{head}\r\n").as_bytes())?;
                let chunk = vec![b' '; 65_536];
                let mut left = *length;
                while left > 0 {
                    stream.write_all(&chunk)?;
                    left = left.saturating_sub(chunk.len() as u64);
                }
                Ok(())
            }
        }
    }
}

/// A request as it was received.
#[derive(Clone, Debug)]
pub struct Request {
    pub host: String,
    pub path: String,
    pub method: String,
    pub body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[derive(Default)]
struct Shared {
    script: Mutex<HashMap<(String, String), Answer>>,
    requests: Mutex<Vec<Request>>,
    arrived: Condvar,
}

/// The listener and its scripted answers.
pub struct Web {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Web {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared::default());
        let inside = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&inside);
                // Some tests close the connection early: the error is expected.
                std::thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self { address, shared }
    }

    /// Scripts the answer of `host` for `path`, in place of an earlier one.
    pub fn answer(&self, host: &str, path: &str, answer: Answer) {
        self.replace(host, path, answer);
    }

    /// Returns whether an answer of `host` for `path` is scripted.
    pub fn has(&self, host: &str, path: &str) -> bool {
        let script = self.shared.script.lock().expect("no test holds it while it fails");
        script.contains_key(&(host.to_owned(), path.to_owned()))
    }

    /// Scripts like [`Web::answer`], and returns the answer that it replaces.
    pub fn replace(&self, host: &str, path: &str, answer: Answer) -> Option<Answer> {
        let mut script = self.shared.script.lock().expect("no test holds it while it fails");
        script.insert((host.to_owned(), path.to_owned()), answer)
    }

    /// Returns all requests so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests().clone()
    }

    /// Waits until `count` requests have arrived for which `wanted` holds, a minute at most.
    pub fn wait_for(&self, count: usize, wanted: impl Fn(&Request) -> bool) {
        let enough = |requests: &Vec<Request>| requests.iter().filter(|one| wanted(one)).count() >= count;
        let (requests, wait) = self
            .shared
            .arrived
            .wait_timeout_while(self.shared.requests(), Duration::from_mins(1), |requests| !enough(requests))
            .expect("no test holds it while it fails");
        assert!(!wait.timed_out(), "only these came: {:?}", *requests);
    }
}

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Vec<Request>> {
        self.requests.lock().expect("no test holds it while it fails")
    }

    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let Some(request) = read_request(&stream)? else {
            return Ok(());
        };
        let answer = {
            let script = self.script.lock().expect("no test holds it while it fails");
            script.get(&(request.host.clone(), request.path.clone())).cloned()
        };
        self.requests().push(request.clone());
        self.arrived.notify_all();
        answer.unwrap_or_else(|| Answer::status(404)).send(&request, &mut stream)
    }
}

fn read_request(stream: &TcpStream) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let mut headers = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        // Each byte becomes a character: validators need not be UTF-8.
        let line: String = line.iter().map(|byte| char::from(*byte)).collect();
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let host = find(&headers, "Host").unwrap_or_default().to_owned();
    let length = find(&headers, "Content-Length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(Some(Request {
        host,
        path,
        method,
        body,
        headers,
    }))
}
