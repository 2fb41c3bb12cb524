//! Reads files of texts: JSON lines, which `griot lab` and `griot topic eval` evaluate.

use super::failure::{Failure, USAGE};
use crate::pipeline::lab_topic::LabText;
use anyhow::Context;
use serde_json::Value;
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

/// Returns the JSON object of each line, with the number of the line.
///
/// # Errors
/// [`Failure`] when the file cannot be read, or a line is no JSON.
pub fn objects(path: &Path) -> Result<Vec<(usize, Value)>, Failure> {
    let text = read(path)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let object = |(at, line): (usize, &str)| {
        let object = serde_json::from_str(line).with_context(|| format!("line {} of {} is no JSON object", at + 1, path.display()));
        Ok((at + 1, object.map_err(|error| Failure::new(USAGE, error))?))
    };
    lines.map(object).collect()
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
