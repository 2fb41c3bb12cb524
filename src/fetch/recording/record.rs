//! Writes a recording: one file for each run, the records of one exchange next to each other.

use super::error::RecordingError;
use super::redact::redacted_value;
use crate::fetch::failure::FetchError;
use crate::fetch::warc::{self, Record};
use crate::model::{FailureReason, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, TRANSFER_ENCODING};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// A recording that is being written. Cheap to clone; clones write to the same file.
#[derive(Debug, Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The file's name when the recording is complete.
    path: PathBuf,
    /// Its name until then.
    open_path: PathBuf,
    date: String,
    info: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    /// How often each address was requested.
    request_counts: HashMap<String, u32>,
    exchanges: u64,
    bytes: u64,
    /// The first error of the file: after it nothing more is written, and the run continues.
    error: Option<io::Error>,
}

impl Drop for Inner {
    /// Removes the file of a run that made no request and did not end, such as one whose database cannot be opened.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if state.exchanges == 0 {
            // A finished recording has been renamed: then there is nothing to remove, and the error says so.
            let _ = fs::remove_file(&self.open_path);
        }
    }
}

/// A recording that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedRecording {
    /// The file.
    pub path: PathBuf,
    /// How many exchanges it holds.
    pub exchanges: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Recorder {
    /// Begins a recording of the run at `now` in `folder`, which is made when it does not exist. The file is named by `now`; until
    /// [`Recorder::finish`] its name ends with `.open`.
    ///
    /// # Errors
    /// [`RecordingError::Write`] when the folder or the file cannot be made.
    pub fn create(folder: &Path, now: Timestamp) -> Result<Self, RecordingError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| RecordingError::Write { path, source }
        };
        fs::create_dir_all(folder).map_err(at(folder))?;
        let date = now.rfc3339();
        let stem: String = date.chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let (path, open_path, file) = create_file(folder, &stem).map_err(at(folder))?;
        let info = warc::record_id(&["warcinfo", &date]);
        let fields = format!(
            "software: griot/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let first = Record::new("warcinfo", info.clone(), date.clone()).block("application/warc-fields", fields.into_bytes());
        let state = State {
            file,
            request_counts: HashMap::new(),
            exchanges: 0,
            bytes: 0,
            error: None,
        };
        let recorder = Self {
            inner: Arc::new(Inner {
                path,
                open_path,
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
    /// [`RecordingError::Write`] with the first error of the file since it was begun, such as a full disk.
    pub fn finish(&self) -> Result<FinishedRecording, RecordingError> {
        let mut state = self.state();
        let done = match state.error.take() {
            Some(error) => Err(error),
            None => state
                .file
                .sync_all()
                .and_then(|()| fs::rename(&self.inner.open_path, &self.inner.path)),
        };
        done.map_err(|source| RecordingError::Write {
            path: self.inner.open_path.clone(),
            source,
        })?;
        Ok(FinishedRecording {
            path: self.inner.path.clone(),
            exchanges: state.exchanges,
            bytes: state.bytes,
        })
    }

    /// Begins an exchange: `url` is requested with these headers.
    pub(in crate::fetch) fn begin(&self, url: &Url, headers: &HeaderMap) -> Exchange {
        let number = {
            let mut state = self.state();
            let count = state.request_counts.entry(url.to_string()).or_default();
            *count += 1;
            *count
        };
        Exchange {
            recorder: self.clone(),
            url: url.clone(),
            number,
            request: request_block(url, headers),
            response: None,
            body: Vec::new(),
            end: BodyEnd::Unread,
        }
    }

    /// Continues in another file.
    #[cfg(test)]
    pub(in crate::fetch) fn replace_file(&self, file: File) {
        self.state().file = file;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends the records of one exchange. An error is kept for [`Recorder::finish`].
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

/// Makes the file of a run; returns its name when complete, its name until then, and the file.
fn create_file(folder: &Path, stem: &str) -> io::Result<(PathBuf, PathBuf, File)> {
    for number in 1..10_000_u32 {
        let more = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("griot-{stem}{more}.warc.gz"));
        let open = folder.join(format!("griot-{stem}{more}.warc.gz.open"));
        if path.try_exists()? {
            continue;
        }
        match create_private(&open) {
            Ok(file) => return Ok((path, open, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Makes a file that only its owner can read: it may hold what a server sends only for the source's credentials.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// How a body ended.
#[derive(Debug)]
enum BodyEnd {
    /// The rest was not read.
    Unread,
    /// All of it came.
    Complete,
    /// An error ended it.
    Aborted(FetchError),
}

/// One exchange that is being recorded. It is written when it is dropped after a response has come.
#[derive(Debug)]
pub(in crate::fetch) struct Exchange {
    recorder: Recorder,
    url: Url,
    /// How often the address had been requested, this request included.
    number: u32,
    request: Vec<u8>,
    response: Option<ResponseStart>,
    body: Vec<u8>,
    end: BodyEnd,
}

#[derive(Debug)]
struct ResponseStart {
    head: Vec<u8>,
    has_body: bool,
    address: Option<IpAddr>,
}

impl Exchange {
    /// Adds the head of the response; `address` is the one that the host claims.
    pub(in crate::fetch) fn start_response(&mut self, status: StatusCode, headers: &HeaderMap, address: Option<IpAddr>) {
        self.response = Some(ResponseStart {
            head: response_head(&self.url, status, headers),
            has_body: !matches!(status.as_u16(), 204 | 304),
            address,
        });
    }

    /// Adds a chunk of the body.
    pub(in crate::fetch) fn add_chunk(&mut self, chunk: &[u8]) {
        self.body.extend_from_slice(chunk);
    }

    /// Records that all of the body has come.
    pub(in crate::fetch) fn complete(&mut self) {
        self.end = BodyEnd::Complete;
    }

    /// Records that an error ended the body.
    pub(in crate::fetch) fn abort(&mut self, error: &FetchError) {
        self.end = BodyEnd::Aborted(error.clone());
    }

    /// Writes an exchange in which no response came.
    pub(in crate::fetch) fn fail(mut self, error: &FetchError) {
        let request = self.request_record();
        let failure = self.failure_record(error, "WARC-Concurrent-To", &request);
        self.recorder.write(&[request, failure]);
    }

    fn id(&self, kind: &str) -> String {
        warc::record_id(&[kind, &self.recorder.inner.date, self.url.as_str(), &self.number.to_string()])
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

    /// Makes the record of an error, which refers by the field `relation` to a request without response, or to a response whose
    /// body was aborted.
    fn failure_record(&self, error: &FetchError, relation: &str, of: &Record) -> Record {
        let block = serde_json::json!({"failure": error.code.as_str(), "detail": error.detail});
        self.record("metadata")
            .with(relation, of.field("WARC-Record-ID").unwrap_or_default())
            .block("application/json", block.to_string().into_bytes())
    }

    fn response_record(
        &mut self,
        ResponseStart {
            mut head,
            has_body,
            address,
        }: ResponseStart,
    ) -> Record {
        let mut record = self.record("response").with("WARC-Concurrent-To", self.id("request"));
        if let Some(address) = address {
            record = record.with("WARC-IP-Address", address.to_string());
        }
        let truncated = match &self.end {
            BodyEnd::Complete => None,
            BodyEnd::Unread => has_body.then_some("length"),
            BodyEnd::Aborted(error) if error.is(FailureReason::Timeout) => Some("time"),
            BodyEnd::Aborted(_) => Some("disconnect"),
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
        let Some(start) = self.response.take() else { return };
        let request = self.request_record();
        let response = self.response_record(start);
        let mut records = vec![request, response];
        if let BodyEnd::Aborted(error) = &self.end {
            records.push(self.failure_record(error, "WARC-Refers-To", &records[1]));
        }
        self.recorder.write(&records);
    }
}

fn request_block(url: &Url, headers: &HeaderMap) -> Vec<u8> {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut block = format!("GET {target} HTTP/1.1\r\n").into_bytes();
    if !headers.contains_key(reqwest::header::HOST) {
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        write_header(&mut block, "host", host.as_bytes());
    }
    write_headers(&mut block, url, headers);
    block
}

fn response_head(url: &Url, status: StatusCode, headers: &HeaderMap) -> Vec<u8> {
    let reason = status.canonical_reason().unwrap_or_default();
    let mut block = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).into_bytes();
    write_headers(&mut block, url, headers);
    block
}

/// Writes the headers and the empty line after them.
fn write_headers(block: &mut Vec<u8>, url: &Url, headers: &HeaderMap) {
    for (name, value) in headers {
        // The body is kept without the framing that it came in.
        if name != TRANSFER_ENCODING {
            write_header(block, name.as_str(), &redacted_value(url, name, value));
        }
    }
    block.extend_from_slice(b"\r\n");
}

fn write_header(block: &mut Vec<u8>, name: &str, value: &[u8]) {
    block.extend_from_slice(name.as_bytes());
    block.extend_from_slice(b": ");
    block.extend_from_slice(value);
    block.extend_from_slice(b"\r\n");
}
