//! Taking down: one file a run, the records of one exchange side by side.

use super::super::FailureCode;
use super::super::failure::Stop;
use super::super::hop::Reply;
use super::super::warc::{self, Record};
use super::{RecordingError, WITHHELD};
use crate::model::Timestamp;
use reqwest::header::{
    AUTHORIZATION, CONTENT_LOCATION, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION, PROXY_AUTHORIZATION, SET_COOKIE,
    TRANSFER_ENCODING,
};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// A recording under way. Cheap to clone; clones write to the same file.
#[derive(Debug, Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Where the recording lies when it is whole.
    path: PathBuf,
    /// Where it lies until then.
    open: PathBuf,
    date: String,
    info: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    /// How often each address was asked.
    turns: HashMap<String, u32>,
    exchanges: u64,
    bytes: u64,
    /// The first error of the file: after it nothing more is written, and the run goes on.
    error: Option<io::Error>,
}

impl Drop for Inner {
    /// Takes away the file of a run that asked nobody and did not end, such as one whose database cannot be opened.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if state.exchanges == 0 {
            // After a good end it has another name, so there is nothing to take away.
            let _ = fs::remove_file(&self.open);
        }
    }
}

/// A recording that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The file.
    pub path: PathBuf,
    /// How many exchanges it holds.
    pub exchanges: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Recorder {
    /// Begins a recording of the run at `now` in `folder`, which is made when it is not there. The file is named by `now`; until
    /// [`Recorder::finish`] its name ends with `.open`.
    ///
    /// # Errors
    /// [`RecordingError::Write`].
    pub fn create(folder: &Path, now: Timestamp) -> Result<Self, RecordingError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| RecordingError::Write { path, source }
        };
        fs::create_dir_all(folder).map_err(at(folder))?;
        let date = now.rfc3339();
        let stem: String = date.chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let (path, open, file) = vacant(folder, &stem).map_err(at(folder))?;
        let info = warc::id(&["warcinfo", &date]);
        let fields = format!(
            "software: griot/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let first = Record::new("warcinfo", info.clone(), date.clone()).block("application/warc-fields", fields.into_bytes());
        let state = State {
            file,
            turns: HashMap::new(),
            exchanges: 0,
            bytes: 0,
            error: None,
        };
        let recorder = Self {
            inner: Arc::new(Inner {
                path,
                open,
                date,
                info,
                state: Mutex::new(state),
            }),
        };
        recorder.write(&[first]);
        Ok(recorder)
    }

    /// Ends the recording: the file gets its name.
    ///
    /// # Errors
    /// [`RecordingError::Write`] with the first thing that went wrong with the file since it was begun, such as a full disk.
    pub fn finish(&self) -> Result<Recorded, RecordingError> {
        let mut state = self.state();
        let done = match state.error.take() {
            Some(error) => Err(error),
            None => state.file.sync_all().and_then(|()| fs::rename(&self.inner.open, &self.inner.path)),
        };
        done.map_err(|source| RecordingError::Write {
            path: self.inner.open.clone(),
            source,
        })?;
        Ok(Recorded {
            path: self.inner.path.clone(),
            exchanges: state.exchanges,
            bytes: state.bytes,
        })
    }

    /// Begins an exchange: `url` is asked with these headers.
    pub(in crate::fetch) fn begin(&self, url: &Url, headers: &HeaderMap) -> Exchange {
        let turn = {
            let mut state = self.state();
            let turn = state.turns.entry(url.to_string()).or_default();
            *turn += 1;
            *turn
        };
        Exchange {
            recorder: self.clone(),
            url: url.clone(),
            turn,
            request: request(url, headers),
            answer: None,
            body: Vec::new(),
            end: End::Unread,
        }
    }

    /// Writes on to another file.
    #[cfg(test)]
    pub(in crate::fetch) fn replace_file(&self, file: File) {
        self.state().file = file;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends the records of one exchange. What goes wrong is said at the end of the run.
    fn write(&self, records: &[Record]) {
        let mut bytes = Vec::new();
        let packed = records.iter().try_for_each(|record| record.write(&mut bytes));
        let mut state = self.state();
        if state.error.is_some() {
            return;
        }
        match packed.and_then(|()| state.file.write_all(&bytes)) {
            Ok(()) => {
                state.bytes += bytes.len() as u64;
                // The first record is about the file itself.
                state.exchanges += u64::from(records.len() > 1);
            }
            Err(error) => state.error = Some(error),
        }
    }
}

/// Makes the file of a run: its name when whole, its name until then, the file.
fn vacant(folder: &Path, stem: &str) -> io::Result<(PathBuf, PathBuf, File)> {
    for number in 1..10_000_u32 {
        let more = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("griot-{stem}{more}.warc.gz"));
        let open = folder.join(format!("griot-{stem}{more}.warc.gz.open"));
        if path.try_exists()? {
            continue;
        }
        match private(&open) {
            Ok(file) => return Ok((path, open, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Makes a file that only its owner reads: what came for the source's credentials is not for everybody.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// How a body ended.
#[derive(Debug)]
enum End {
    /// Nobody wanted the rest.
    Unread,
    /// All of it came.
    Whole,
    /// It broke off.
    Broken(Stop),
}

/// One exchange that is being taken down. It is written when it is dropped after an answer has come.
#[derive(Debug)]
pub(in crate::fetch) struct Exchange {
    recorder: Recorder,
    url: Url,
    turn: u32,
    request: Vec<u8>,
    answer: Option<Answered>,
    body: Vec<u8>,
    end: End,
}

#[derive(Debug)]
struct Answered {
    head: Vec<u8>,
    has_body: bool,
    address: Option<IpAddr>,
}

impl Exchange {
    /// Takes the head of the answer; `address` is the one that the host claims.
    pub(in crate::fetch) fn answered(&mut self, reply: &Reply, address: Option<IpAddr>) {
        self.answer = Some(Answered {
            head: head(&self.url, reply),
            has_body: !matches!(reply.status.as_u16(), 204 | 304),
            address,
        });
    }

    /// Takes a piece of the body.
    pub(in crate::fetch) fn take(&mut self, piece: &[u8]) {
        self.body.extend_from_slice(piece);
    }

    /// All of the body has come.
    pub(in crate::fetch) fn whole(&mut self) {
        self.end = End::Whole;
    }

    /// The body broke off.
    pub(in crate::fetch) fn broken(&mut self, stop: &Stop) {
        self.end = End::Broken(stop.clone());
    }

    /// No answer came.
    pub(in crate::fetch) fn failed(mut self, stop: &Stop) {
        let request = self.request_record();
        let failure = self.failure(stop, "WARC-Concurrent-To", &request);
        self.recorder.write(&[request, failure]);
    }

    fn id(&self, kind: &str) -> String {
        warc::id(&[kind, &self.recorder.inner.date, self.url.as_str(), &self.turn.to_string()])
    }

    fn record(&self, kind: &str) -> Record {
        let inner = &self.recorder.inner;
        Record::new(kind, self.id(kind), inner.date.clone())
            .with("WARC-Warcinfo-ID", inner.info.clone())
            .with("WARC-Target-URI", self.url.as_str())
    }

    fn request_record(&mut self) -> Record {
        let block = std::mem::take(&mut self.request);
        self.record("request").block("application/http;msgtype=request", block)
    }

    /// Notes what went wrong. It stands beside a request that got no answer, and refers to an answer that broke off.
    fn failure(&self, stop: &Stop, relation: &str, of: &Record) -> Record {
        let said = serde_json::json!({"failure": stop.code.as_str(), "detail": stop.detail});
        self.record("metadata")
            .with(relation, of.field("WARC-Record-ID").unwrap_or_default())
            .block("application/json", said.to_string().into_bytes())
    }

    fn response(
        &mut self,
        Answered {
            mut head,
            has_body,
            address,
        }: Answered,
    ) -> Record {
        let mut record = self.record("response").with("WARC-Concurrent-To", self.id("request"));
        if let Some(address) = address {
            record = record.with("WARC-IP-Address", address.to_string());
        }
        let truncated = match &self.end {
            End::Whole => None,
            End::Unread => has_body.then_some("length"),
            End::Broken(stop) if stop.code == FailureCode::Timeout => Some("time"),
            End::Broken(_) => Some("disconnect"),
        };
        if let Some(why) = truncated {
            record = record.with("WARC-Truncated", why);
        }
        record = record.with("WARC-Payload-Digest", warc::digest(&self.body));
        head.append(&mut self.body);
        record.block("application/http;msgtype=response", head)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let Some(answer) = self.answer.take() else { return };
        let request = self.request_record();
        let response = self.response(answer);
        let mut records = vec![request, response];
        if let End::Broken(stop) = &self.end {
            records.push(self.failure(stop, "WARC-Refers-To", &records[1]));
        }
        self.recorder.write(&records);
    }
}

fn request(url: &Url, headers: &HeaderMap) -> Vec<u8> {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut block = format!("GET {target} HTTP/1.1\r\n").into_bytes();
    if !headers.contains_key(reqwest::header::HOST) {
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        field(&mut block, "host", host.as_bytes());
    }
    fields(&mut block, url, headers);
    block
}

fn head(url: &Url, reply: &Reply) -> Vec<u8> {
    let reason = reply.status.canonical_reason().unwrap_or_default();
    let mut block = format!("HTTP/1.1 {} {reason}\r\n", reply.status.as_u16()).into_bytes();
    fields(&mut block, url, &reply.headers);
    block
}

/// Writes the headers and the empty line behind them.
fn fields(block: &mut Vec<u8>, url: &Url, headers: &HeaderMap) {
    for (name, value) in headers {
        // The body is kept without the framing that it came in.
        if name != TRANSFER_ENCODING {
            field(block, name.as_str(), &open_value(url, name, value));
        }
    }
    block.extend_from_slice(b"\r\n");
}

fn field(block: &mut Vec<u8>, name: &str, value: &[u8]) {
    block.extend_from_slice(name.as_bytes());
    block.extend_from_slice(b": ");
    block.extend_from_slice(value);
    block.extend_from_slice(b"\r\n");
}

/// Returns the value of a header that goes to `url` or comes from there, as far as it may be seen.
pub(in crate::fetch) fn open_value(url: &Url, name: &HeaderName, value: &HeaderValue) -> Vec<u8> {
    let secret = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE].contains(name);
    if value.is_sensitive() || secret {
        return WITHHELD.into();
    }
    if [LOCATION, CONTENT_LOCATION].contains(name)
        && let Ok(mut url) = url.join(String::from_utf8_lossy(value.as_bytes()).trim())
        && (!url.username().is_empty() || url.password().is_some())
    {
        // Both fail only for URLs without a host, and those have no user-info.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        return url.to_string().into_bytes();
    }
    value.as_bytes().to_vec()
}
