//! Replays a recording: its responses, in the order in which each address was requested.

use super::error::RecordingError;
use crate::fetch::failure::{FailureCode, FetchError};
use crate::fetch::warc::{self, CountingReader, Record};
use crate::model::{FailureReason, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// The size of the chunks in which a body is replayed.
const CHUNK_BYTES: usize = 16 * 1024;
/// The most lines that the head of a response may have.
const MAX_HEAD_LINES: usize = 1_000;
/// The longest address, and the longest detail of a failure: no recording that griot wrote comes near it.
const MAX_TEXT_BYTES: usize = 16 * 1024;
/// What the index may hold of them in all.
const MAX_INDEX_BYTES: usize = 64 << 20;

/// A recording that answers requests. Cheap to clone; clones share what is left of it.
#[derive(Debug, Clone)]
pub struct Replay {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    now: Timestamp,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    /// By address: the exchanges that have not been replayed.
    exchanges: HashMap<String, VecDeque<RecordedExchange>>,
    missed: u64,
    first_missed: Option<String>,
}

/// What a recording holds of one request.
#[derive(Debug)]
enum RecordedExchange {
    /// A response: where its record begins, and the error that ended its body.
    Response { offset: u64, body_error: Option<FetchError> },
    /// No response came.
    Failure(FetchError),
}

/// How the requests of a replay differ from those of the recorded run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayMismatch {
    /// How many requests the recording does not hold.
    pub missed: u64,
    /// The first of them.
    pub first_missed: Option<String>,
    /// How many recorded exchanges were not requested.
    pub unasked: usize,
}

impl Replay {
    /// Opens the recording at `path`: a file, or a folder that holds exactly one. All of it is read once, so that damage is found
    /// before the first request; bodies stay in the file.
    ///
    /// # Errors
    /// [`RecordingError`] when there is no such recording, or it is damaged.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let path = find_recording(path)?;
        let unreadable = |source| RecordingError::Read {
            path: path.clone(),
            source,
        };
        let mut file = File::open(&path).map_err(unreadable)?;
        let mut input = CountingReader::new(BufReader::new(&mut file));
        let index = Index::read(&mut input).map_err(|(offset, reason)| RecordingError::Damaged {
            path: path.clone(),
            offset,
            reason,
        })?;
        let state = State {
            file,
            exchanges: index.exchanges,
            missed: 0,
            first_missed: None,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                path,
                now: index.now,
                state: Mutex::new(state),
            }),
        })
    }

    /// Returns the time of the recorded run.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.now
    }

    /// Returns how the requests so far differ from the recorded ones.
    #[must_use]
    pub fn mismatch(&self) -> ReplayMismatch {
        let state = self.state();
        ReplayMismatch {
            missed: state.missed,
            first_missed: state.first_missed.clone(),
            unasked: state.exchanges.values().map(VecDeque::len).sum(),
        }
    }

    /// Returns whether the recording holds a further request of `url`.
    pub(in crate::fetch) fn holds(&self, url: &Url) -> bool {
        let state = self.state();
        state.exchanges.get(url.as_str()).is_some_and(|exchanges| !exchanges.is_empty())
    }

    /// Returns what came of the next request of `url`.
    ///
    /// # Errors
    /// The recorded error; also when the recording holds no such request, or was changed since it was opened.
    pub(in crate::fetch) fn response(&self, url: &Url) -> Result<ReplayedResponse, FetchError> {
        let mut state = self.state();
        let next = state.exchanges.get_mut(url.as_str()).and_then(VecDeque::pop_front);
        let Some(exchange) = next else {
            state.missed += 1;
            state.first_missed.get_or_insert_with(|| url.to_string());
            return Err(FetchError::new(FailureReason::Connect, "the recording does not hold this request"));
        };
        match exchange {
            RecordedExchange::Failure(error) => Err(error),
            RecordedExchange::Response { offset, body_error } => self.read_response(&mut state.file, offset, body_error),
        }
    }

    fn read_response(&self, file: &mut File, offset: u64, body_error: Option<FetchError>) -> Result<ReplayedResponse, FetchError> {
        let changed = |why: String| {
            let path = self.inner.path.display();
            FetchError::new(
                FailureReason::Connect,
                format!("the recording {path} was changed at byte {offset}: {why}"),
            )
        };
        file.seek(SeekFrom::Start(offset)).map_err(|error| changed(error.to_string()))?;
        let record = warc::read(&mut BufReader::new(file)).map_err(|error| changed(error.to_string()))?;
        let record = record.ok_or_else(|| changed("it ends there".to_owned()))?;
        parse_response(record, body_error).map_err(|reason| changed(reason.to_owned()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the recording that `path` names: itself, or the only one of a folder.
fn find_recording(path: &Path) -> Result<PathBuf, RecordingError> {
    let unreadable = |source| RecordingError::Read {
        path: path.to_owned(),
        source,
    };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(path.to_owned());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.to_string_lossy().ends_with(".warc.gz") {
            found.push(file);
        }
    }
    match found.pop() {
        Some(one) if found.is_empty() => Ok(one),
        last => Err(RecordingError::Choice {
            path: path.to_owned(),
            count: found.len() + usize::from(last.is_some()),
        }),
    }
}

/// What a recording holds, and where.
struct Index {
    now: Timestamp,
    exchanges: HashMap<String, VecDeque<RecordedExchange>>,
    /// The bytes of addresses and details in it.
    text_bytes: usize,
}

/// Where a recording is damaged, and how.
type Damage = (u64, String);

impl Index {
    fn read(input: &mut CountingReader<impl io::BufRead>) -> Result<Self, Damage> {
        let first = warc::read(input).map_err(|error| (0, error.to_string()))?;
        let info = first.filter(|record| record.field("WARC-Type") == Some("warcinfo"));
        let date = info.as_ref().and_then(|record| record.field("WARC-Date"));
        let now = date.and_then(|date| Timestamp::parse(date).ok());
        let now = now.ok_or_else(|| (0, "it does not begin with the date of a run".to_owned()))?;
        let mut index = Self {
            now,
            exchanges: HashMap::new(),
            text_bytes: 0,
        };
        loop {
            let offset = input.position;
            match warc::read(input) {
                Ok(Some(record)) => index.add(record, offset).map_err(|reason| (offset, reason.to_owned()))?,
                Ok(None) => return Ok(index),
                Err(error) => return Err((offset, error.to_string())),
            }
        }
    }

    fn add(&mut self, record: Record, offset: u64) -> Result<(), &'static str> {
        let url = record.field("WARC-Target-URI").unwrap_or_default().to_owned();
        if url.len() > MAX_TEXT_BYTES {
            return Err("an address in it is too long");
        }
        self.text_bytes += url.len();
        if self.text_bytes > MAX_INDEX_BYTES {
            return Err("it holds more exchanges than any run has");
        }
        match record.field("WARC-Type") {
            Some("response") => {
                let is_truncated = record.field("WARC-Truncated").is_some();
                let body_error = is_truncated.then(|| FetchError::new(FailureCode::CutOff, "the recording holds no more of the body"));
                parse_response(record, None)?;
                let exchanges = self.exchanges.entry(url).or_default();
                exchanges.push_back(RecordedExchange::Response { offset, body_error });
            }
            Some("metadata") => {
                let error = parse_failure(&record.block)?;
                if error.detail.len() > MAX_TEXT_BYTES {
                    return Err("its note of a failure is too long");
                }
                self.text_bytes += error.detail.len();
                let exchanges = self.exchanges.entry(url).or_default();
                let is_of_response = record.field("WARC-Refers-To").is_some();
                match exchanges.back_mut() {
                    Some(RecordedExchange::Response { body_error, .. }) if is_of_response => *body_error = Some(error),
                    _ => exchanges.push_back(RecordedExchange::Failure(error)),
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn parse_failure(block: &[u8]) -> Result<FetchError, &'static str> {
    let note: serde_json::Value = serde_json::from_slice(block).map_err(|_| "its note of a failure is no JSON")?;
    let word = |name: &str| note.get(name).and_then(serde_json::Value::as_str);
    let code = word("failure").and_then(FailureCode::from_word);
    let code = code.ok_or("its note names no failure that this version knows")?;
    Ok(FetchError::new(code, word("detail").unwrap_or_default()))
}

/// A response out of a recording.
pub(in crate::fetch) struct ReplayedResponse {
    pub(in crate::fetch) status: StatusCode,
    pub(in crate::fetch) headers: HeaderMap,
    pub(in crate::fetch) body: ReplayedBody,
}

/// Reads a response record: status line, headers, body.
fn parse_response(record: Record, body_error: Option<FetchError>) -> Result<ReplayedResponse, &'static str> {
    let block = record.block;
    let mut headers = HeaderMap::new();
    let mut lines = 0;
    let mut status = None;
    let mut at = 0;
    loop {
        let rest = block.get(at..).unwrap_or_default();
        let length = rest
            .windows(2)
            .position(|two| two == b"\r\n")
            .ok_or("the head of an answer does not end")?;
        let line = rest.get(..length).unwrap_or_default();
        at += length + 2;
        lines += 1;
        if lines > MAX_HEAD_LINES {
            return Err("the head of an answer is too long");
        }
        if status.is_none() {
            status = Some(parse_status(line).ok_or("an answer has no status")?);
        } else if line.is_empty() {
            break;
        } else {
            let (name, value) = parse_header(line).ok_or("a header of an answer cannot be read")?;
            headers.try_append(name, value).map_err(|_| "the head of an answer is too long")?;
        }
    }
    let status = status.ok_or("an answer has no status")?;
    let body = ReplayedBody {
        block,
        at,
        error: body_error,
    };
    Ok(ReplayedResponse { status, headers, body })
}

fn parse_status(line: &[u8]) -> Option<StatusCode> {
    let mut words = line.split(|byte| *byte == b' ');
    words.next().filter(|version| version.starts_with(b"HTTP/"))?;
    StatusCode::from_bytes(words.next()?).ok()
}

fn parse_header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let value = line.get(colon + 1..)?.trim_ascii();
    Some((
        HeaderName::from_bytes(line.get(..colon)?).ok()?,
        HeaderValue::from_bytes(value).ok()?,
    ))
}

/// A body out of a recording.
#[derive(Debug)]
pub(in crate::fetch) struct ReplayedBody {
    /// The block of the record, head included.
    block: Vec<u8>,
    /// How much of the block has been read.
    at: usize,
    error: Option<FetchError>,
}

impl ReplayedBody {
    /// Returns the next chunk; at the end none, or the error that ended the recorded body.
    pub(in crate::fetch) fn chunk(&mut self) -> Result<Option<Vec<u8>>, FetchError> {
        let rest = self.block.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return self.error.take().map_or(Ok(None), Err);
        }
        let chunk = rest.get(..CHUNK_BYTES).unwrap_or(rest).to_vec();
        self.at += chunk.len();
        Ok(Some(chunk))
    }
}
