//! A fake web on loopback: one listener that answers for every host name by script, and remembers who asked for what.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// What is sent after the head.
#[derive(Clone)]
enum Body {
    Whole(Vec<u8>),
    /// The connection ends before all that was promised is sent.
    CutOff(Vec<u8>),
    /// The head and a part come, and then nothing more until the client goes away.
    Stall(Vec<u8>),
    /// So many bytes, or until the client has had enough.
    Long(u64),
    /// Nothing at all, not even a head, until the client goes away.
    Hang,
}

/// What a server says when it is asked for one address.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    /// Whether a request with these validators gets 304.
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

    /// Gives both validators, and 304 to whoever brings them back.
    pub fn validated(self, etag: &str, last_modified: &str) -> Self {
        let mut answer = self.with("ETag", etag).with("Last-Modified", last_modified);
        answer.conditional = true;
        answer
    }

    fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    fn send(&self, asked: &Asked, stream: &mut TcpStream) -> std::io::Result<()> {
        let known = self.conditional && self.header("ETag").is_some() && self.header("ETag") == asked.header("If-None-Match");
        let status = if known { 304 } else { self.status };
        let mut head = format!("HTTP/1.1 {status} Said\r\nConnection: close\r\n");
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").expect("a string takes all");
        }
        match &self.body {
            Body::Hang => {
                // The client's end of the connection is the only way out.
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

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    pub host: String,
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Asked {
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
    asked: Mutex<Vec<Asked>>,
    bell: Condvar,
}

/// The listener and its script.
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
                // A client that goes away in the middle is part of the play.
                std::thread::spawn(move || drop(shared.serve(stream)));
            }
        });
        Self { address, shared }
    }

    /// Scripts what `host` says about `path`; the last word counts.
    pub fn answer(&self, host: &str, path: &str, answer: Answer) {
        self.replace(host, path, answer);
    }

    /// Returns whether `host` has something to say about `path`.
    pub fn has(&self, host: &str, path: &str) -> bool {
        let script = self.shared.script.lock().expect("no test holds it while it fails");
        script.contains_key(&(host.to_owned(), path.to_owned()))
    }

    /// Scripts like [`Web::answer`], and returns what was said before.
    pub fn replace(&self, host: &str, path: &str, answer: Answer) -> Option<Answer> {
        let mut script = self.shared.script.lock().expect("no test holds it while it fails");
        script.insert((host.to_owned(), path.to_owned()), answer)
    }

    /// Returns all requests so far, in the order of their coming.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked().clone()
    }

    /// Waits until `count` requests have come for which `wanted` holds.
    pub fn wait_for(&self, count: usize, wanted: impl Fn(&Asked) -> bool) {
        let enough = |asked: &Vec<Asked>| asked.iter().filter(|one| wanted(one)).count() >= count;
        let (asked, patience) = self
            .shared
            .bell
            .wait_timeout_while(self.shared.asked(), Duration::from_mins(1), |asked| !enough(asked))
            .expect("no test holds it while it fails");
        assert!(!patience.timed_out(), "only these were asked: {:?}", *asked);
    }
}

impl Shared {
    fn asked(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().expect("no test holds it while it fails")
    }

    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let Some(asked) = read_request(&stream)? else {
            return Ok(());
        };
        let answer = {
            let script = self.script.lock().expect("no test holds it while it fails");
            script.get(&(asked.host.clone(), asked.path.clone())).cloned()
        };
        self.asked().push(asked.clone());
        self.bell.notify_all();
        answer.unwrap_or_else(|| Answer::status(404)).send(&asked, &mut stream)
    }
}

fn read_request(stream: &TcpStream) -> std::io::Result<Option<Asked>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let Some(path) = line.split(' ').nth(1).map(str::to_owned) else {
        return Ok(None);
    };
    let mut headers = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        // Bytes are kept as they are: validators need not be UTF-8.
        let line: String = line.iter().map(|byte| char::from(*byte)).collect();
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let host = find(&headers, "Host").unwrap_or_default().to_owned();
    Ok(Some(Asked { host, path, headers }))
}
