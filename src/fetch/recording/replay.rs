//! Giving back: the answers of a recording, in the order in which each address was asked.

use super::super::FailureCode;
use super::super::failure::Stop;
use super::super::hop::{Body, Reply};
use super::super::warc::{self, Counted, Record};
use super::RecordingError;
use crate::model::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// A body is given back in pieces of this size.
const PIECE: usize = 16 * 1024;
/// An answer's head with more lines is none.
const MAX_LINES: usize = 1_000;
/// The longest address, and the longest words of a failure, in bytes: our own recordings hold none that are near it.
const MAX_WORDS: usize = 16 * 1024;
/// What the index may hold of them in all, in bytes.
const MAX_INDEX: usize = 64 << 20;

/// A recording that answers. Cheap to clone; clones answer in turn.
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
    /// By address: what is still to come.
    taken: HashMap<String, VecDeque<Taken>>,
    missed: u64,
    first_missed: Option<String>,
}

/// What a recording says about one request.
#[derive(Debug)]
enum Taken {
    /// An answer: where its record begins, and how its body broke off.
    Answer { offset: u64, end: Option<Stop> },
    /// No answer came.
    Failure(Stop),
}

/// What a replay has left over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// How many requests the recording does not know.
    pub missed: u64,
    /// The first of them.
    pub first_missed: Option<String>,
    /// How many recorded exchanges nobody asked for.
    pub unasked: usize,
}

impl Replay {
    /// Opens the recording at `path`: a file, or a folder that holds exactly one. All of it is read once, and what is wrong with it is
    /// found before anything is asked; bodies stay in the file.
    ///
    /// # Errors
    /// [`RecordingError`] when there is no such recording, or it is damaged.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let path = chosen(path)?;
        let unreadable = |source| RecordingError::Read {
            path: path.clone(),
            source,
        };
        let mut file = File::open(&path).map_err(unreadable)?;
        let mut input = Counted::new(BufReader::new(&mut file));
        let index = Index::read(&mut input).map_err(|(offset, reason)| RecordingError::Damaged {
            path: path.clone(),
            offset,
            reason,
        })?;
        let state = State {
            file,
            taken: index.taken,
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

    /// Returns the moment of the recorded run.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.now
    }

    /// Returns what did not come together so far.
    #[must_use]
    pub fn rest(&self) -> Rest {
        let state = self.state();
        Rest {
            missed: state.missed,
            first_missed: state.first_missed.clone(),
            unasked: state.taken.values().map(VecDeque::len).sum(),
        }
    }

    /// Returns what came when `url` was asked.
    pub(in crate::fetch) fn answer(&self, url: &Url) -> Result<Reply, Stop> {
        let mut state = self.state();
        let next = state.taken.get_mut(url.as_str()).and_then(VecDeque::pop_front);
        let Some(taken) = next else {
            state.missed += 1;
            state.first_missed.get_or_insert_with(|| url.to_string());
            return Err(Stop::new(FailureCode::Connect, "the recording does not hold this request"));
        };
        match taken {
            Taken::Failure(stop) => Err(stop),
            Taken::Answer { offset, end } => self.reply(&mut state.file, offset, end),
        }
    }

    fn reply(&self, file: &mut File, offset: u64, end: Option<Stop>) -> Result<Reply, Stop> {
        let lost = |why: String| {
            let place = self.inner.path.display();
            Stop::new(
                FailureCode::Connect,
                format!("the recording {place} was changed at byte {offset}: {why}"),
            )
        };
        file.seek(SeekFrom::Start(offset)).map_err(|error| lost(error.to_string()))?;
        let record = warc::read(&mut BufReader::new(file)).map_err(|damage| lost(damage.to_string()))?;
        let record = record.ok_or_else(|| lost("it ends there".to_owned()))?;
        parsed(record, end).map_err(|reason| lost(reason.to_owned()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the recording that `path` names.
fn chosen(path: &Path) -> Result<PathBuf, RecordingError> {
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
    taken: HashMap<String, VecDeque<Taken>>,
    /// The bytes of addresses and words in it.
    kept: usize,
}

type Fault = (u64, String);

impl Index {
    fn read(input: &mut Counted<impl io::BufRead>) -> Result<Self, Fault> {
        let first = warc::read(input).map_err(|damage| (0, damage.to_string()))?;
        let info = first.filter(|record| record.field("WARC-Type") == Some("warcinfo"));
        let date = info.as_ref().and_then(|record| record.field("WARC-Date"));
        let now = date.and_then(|date| Timestamp::parse(date).ok());
        let now = now.ok_or_else(|| (0, "it does not begin with the date of a run".to_owned()))?;
        let mut index = Self {
            now,
            taken: HashMap::new(),
            kept: 0,
        };
        loop {
            let offset = input.at;
            match warc::read(input) {
                Ok(Some(record)) => index.add(record, offset).map_err(|reason| (offset, reason.to_owned()))?,
                Ok(None) => return Ok(index),
                Err(damage) => return Err((offset, damage.to_string())),
            }
        }
    }

    fn add(&mut self, record: Record, offset: u64) -> Result<(), &'static str> {
        let url = record.field("WARC-Target-URI").unwrap_or_default().to_owned();
        if url.len() > MAX_WORDS {
            return Err("an address in it is too long");
        }
        self.kept += url.len();
        if self.kept > MAX_INDEX {
            return Err("it holds more exchanges than any run has");
        }
        match record.field("WARC-Type") {
            Some("response") => {
                let whole = record.field("WARC-Truncated").is_none();
                let end = (!whole).then(|| Stop::new(FailureCode::CutOff, "the recording holds no more of the body"));
                parsed(record, None)?;
                self.taken.entry(url).or_default().push_back(Taken::Answer { offset, end });
            }
            Some("metadata") => {
                let stop = failure(&record.block)?;
                if stop.detail.len() > MAX_WORDS {
                    return Err("its note of a failure is too long");
                }
                self.kept += stop.detail.len();
                let answers = self.taken.entry(url).or_default();
                let of_answer = record.field("WARC-Refers-To").is_some();
                match answers.back_mut() {
                    Some(Taken::Answer { end, .. }) if of_answer => *end = Some(stop),
                    _ => answers.push_back(Taken::Failure(stop)),
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn failure(block: &[u8]) -> Result<Stop, &'static str> {
    let said: serde_json::Value = serde_json::from_slice(block).map_err(|_| "its note of a failure is no JSON")?;
    let word = |name: &str| said.get(name).and_then(serde_json::Value::as_str);
    let code = word("failure").and_then(FailureCode::from_word);
    let code = code.ok_or("its note names no failure that this version knows")?;
    Ok(Stop::new(code, word("detail").unwrap_or_default()))
}

/// Reads a response record: status line, headers, body.
fn parsed(record: Record, end: Option<Stop>) -> Result<Reply, &'static str> {
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
        if lines > MAX_LINES {
            return Err("the head of an answer is too long");
        }
        if status.is_none() {
            status = Some(status_of(line).ok_or("an answer has no status")?);
        } else if line.is_empty() {
            break;
        } else {
            let (name, value) = header(line).ok_or("a header of an answer cannot be read")?;
            headers.try_append(name, value).map_err(|_| "the head of an answer is too long")?;
        }
    }
    let status = status.ok_or("an answer has no status")?;
    let body = Body::Replayed(Replayed { bytes: block, at, end });
    Ok(Reply {
        status,
        headers,
        body,
        came: 0,
    })
}

fn status_of(line: &[u8]) -> Option<StatusCode> {
    let mut words = line.split(|byte| *byte == b' ');
    words.next().filter(|version| version.starts_with(b"HTTP/"))?;
    StatusCode::from_bytes(words.next()?).ok()
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let value = line.get(colon + 1..)?.trim_ascii();
    Some((
        HeaderName::from_bytes(line.get(..colon)?).ok()?,
        HeaderValue::from_bytes(value).ok()?,
    ))
}

/// A body that is given back.
#[derive(Debug)]
pub(in crate::fetch) struct Replayed {
    bytes: Vec<u8>,
    at: usize,
    end: Option<Stop>,
}

impl Replayed {
    /// Returns the next piece; at the end what broke the body off, if anything did.
    pub(in crate::fetch) fn piece(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return self.end.take().map_or(Ok(None), Err);
        }
        let piece = rest.get(..PIECE).unwrap_or(rest).to_vec();
        self.at += piece.len();
        Ok(Some(piece))
    }
}
