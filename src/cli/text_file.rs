//! Reads files of texts: JSON lines, which `griot lab` and `griot topic eval` evaluate.

use super::failure::{Failure, USAGE};
use crate::pipeline::lab_topic::LabText;
use anyhow::Context;
use serde_json::Value;
use std::cell::RefCell;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub fn read(path: &Path) -> Result<String, Failure> {
    let text = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.with_context(|| format!("cannot read {}", path.display()));
    text.map_err(|error| Failure::new(USAGE, error))
}

/// A file of JSON lines that is not held in memory as values.
pub struct Lines {
    name: String,
    content: Content,
    /// The number, the beginning and the length of each line.
    places: Vec<(usize, u64, usize)>,
}

/// A file is read where it is asked for; standard input cannot be.
enum Content {
    File(RefCell<File>),
    Text(String),
}

impl Lines {
    /// Finds the lines of a file, or of standard input for `-`.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let mut places = Vec::new();
        let mut at = 0;
        let mut add = |number: usize, line: &[u8]| {
            if !line.trim_ascii().is_empty() {
                places.push((number + 1, at, line.len()));
            }
            at += line.len() as u64;
        };
        let content = if path == Path::new("-") {
            let text = read(path)?;
            for (number, line) in text.split_inclusive('\n').enumerate() {
                add(number, line.as_bytes());
            }
            Content::Text(text)
        } else {
            let file = File::open(path).with_context(|| format!("cannot read {name}"));
            let file = file.map_err(|error| Failure::new(USAGE, error))?;
            let mut reader = BufReader::new(&file);
            let mut line = Vec::new();
            for number in 0.. {
                line.clear();
                let length = reader.read_until(b'\n', &mut line).with_context(|| format!("cannot read {name}"));
                if length.map_err(|error| Failure::new(USAGE, error))? == 0 {
                    break;
                }
                add(number, &line);
            }
            Content::File(RefCell::new(file))
        };
        Ok(Self { name, content, places })
    }

    /// Passes the number and the object of each line that is not empty to `each`.
    ///
    /// # Errors
    /// [`Failure`] when a line cannot be read or is no JSON, and those of `each`.
    pub fn for_each(&self, mut each: impl FnMut(usize, &Value) -> Result<(), Failure>) -> Result<(), Failure> {
        for (place, (number, ..)) in self.places.iter().enumerate() {
            each(*number, &self.object(place)?)?;
        }
        Ok(())
    }

    /// Returns the object of a line that is not empty, by its place among these.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read or is no JSON.
    pub fn object(&self, place: usize) -> Result<Value, Failure> {
        let (number, start, length) = self.places[place];
        let parsed = match &self.content {
            Content::Text(text) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX);
                serde_json::from_str(text.get(start..start + length).unwrap_or_default())
            }
            Content::File(file) => {
                let mut bytes = vec![0; length];
                let mut file = file.borrow_mut();
                let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes));
                read.with_context(|| format!("cannot read {}", self.name))
                    .map_err(|error| Failure::new(USAGE, error))?;
                serde_json::from_slice(&bytes)
            }
        };
        parsed
            .with_context(|| format!("line {number} of {} is no JSON object", self.name))
            .map_err(|error| Failure::new(USAGE, error))
    }
}

/// Returns the JSON object of each line, with the number of the line.
///
/// # Errors
/// [`Failure`] when the file cannot be read, or a line is no JSON.
pub fn objects(path: &Path) -> Result<Vec<(usize, Value)>, Failure> {
    let mut objects = Vec::new();
    Lines::open(path)?.for_each(|number, object| {
        objects.push((number, object.clone()));
        Ok(())
    })?;
    Ok(objects)
}

/// Returns the text of an object `{id title body lang country source}`.
#[must_use]
pub fn text(object: &Value) -> LabText {
    let string = |key: &str| object[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    LabText {
        title: string("title").unwrap_or_default(),
        body: string("body").or_else(|| string("text")).unwrap_or_default(),
        language: string("lang"),
        country: string("country"),
        source: string("source"),
    }
}

/// Returns the id of an object; the number of its line where it has none.
#[must_use]
pub fn id(line: usize, object: &Value) -> Value {
    Some(object["id"].clone()).filter(|id| !id.is_null()).unwrap_or_else(|| line.into())
}
