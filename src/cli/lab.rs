//! `griot lab`: runs one part of griot on files, with the same code as a run, to measure or train it.

use super::args::{self, LabBlocks, LabConcept, LabLanguage, LabPairs, LabPart, LabStories, LabTopic};
use super::failure::{DONE, Failure, USAGE, in_query};
use super::output::{self, Output};
use super::text_file;
use crate::extract;
use crate::model::Timestamp;
use crate::pipeline::lab_stories::{self, Grouping, Lab, LabEntry};
use crate::pipeline::{lab_pairs, lab_topic, pages};
use crate::text::language;
use anyhow::{Context, anyhow};
use serde_json::{Map, Value, json};
use std::path::Path;
use url::Url;

/// Runs one part.
///
/// # Errors
/// [`Failure`] for files that cannot be read.
pub fn run(lab: &args::Lab, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    match &lab.part {
        LabPart::Blocks(blocks) => train_blocks(blocks, output),
        LabPart::Language(language) => detect_languages(language, output),
        LabPart::Topic(topic) => evaluate_topic(topic, now, output),
        LabPart::Stories(texts) => group_texts(texts, Grouping::Stories, now, output),
        LabPart::Copies(texts) => group_texts(texts, Grouping::Copies, now, output),
        LabPart::Pairs(pairs) => compare_pairs(pairs, output),
        LabPart::Concept(concept) => learn_concept(concept, now, output),
    }
}

fn train_blocks(blocks: &LabBlocks, output: &mut Output) -> Result<u8, Failure> {
    let mut labeled_pages = Vec::new();
    for pair in blocks.inputs.chunks(2) {
        let [truth, folder] = pair else {
            return Err(Failure::new(
                USAGE,
                anyhow!("{} lacks the folder with its pages", pair[0].display()),
            ));
        };
        let set = truth.file_stem().unwrap_or_default().to_string_lossy().replace(".truth", "");
        for (id, label_value) in read_labels(truth).map_err(|error| Failure::new(USAGE, error))? {
            let path = folder.join(format!("{id}.html"));
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()));
            let bytes = bytes.map_err(|error| Failure::new(USAGE, error))?;
            let url = label_value["url"].as_str().and_then(|url| Url::parse(url).ok());
            let truth = extract::GroundTruth {
                text: label_value["articleBody"].as_str().unwrap_or_default(),
                group: &group(&id, url.as_ref()),
                set: &set,
            };
            labeled_pages.extend(pages::labeled_pages_of(&bytes, url.as_ref(), &truth));
        }
        output::eprint_line(&format!("{set}: read"));
    }
    let report = extract::cross_validate(&labeled_pages);
    output::eprint_line(report.scores.trim_end());
    output.line(report.model.trim_end());
    Ok(DONE)
}

fn evaluate_topic(arguments: &LabTopic, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let topic = lab_topic::LabTopics::new(&[&arguments.query], now).map_err(in_query)?;
    for (at, object) in text_file::objects(&arguments.input)? {
        let score = topic.scores(&text_file::text(&object)).into_iter().next().flatten();
        output.line(&json!({"id": text_file::id(at, &object), "match": score.is_some(), "score": score.unwrap_or(0.0)}).to_string());
    }
    Ok(DONE)
}

/// Groups the texts of a file by the events that they tell, or by the texts that they repeat; the file is read line by line, by date.
fn group_texts(arguments: &LabStories, grouping: Grouping, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let lines = text_file::Lines::open(&arguments.input)?;
    let mut ids = Vec::new();
    let mut order = Vec::new();
    lines.for_each(|number, object| {
        let date = match object["published"].as_str() {
            None => now,
            Some(text) => Timestamp::parse(text).map_err(|_| {
                Failure::message(
                    USAGE,
                    format!("line {number} of {}: `{text}` is no date", arguments.input.display()),
                )
                .hint("write `published` as in RFC 3339, such as 2026-03-01T12:00:00Z")
            })?,
        };
        order.push((date, object["source"].as_str().unwrap_or_default().to_owned(), ids.len()));
        ids.push(text_file::id(number, object));
        Ok(())
    })?;
    order.sort_by(|(one, outlet, place), (other, other_outlet, other_place)| (one, outlet, place).cmp(&(other, other_outlet, other_place)));
    let mut lab = Lab::default();
    for step in order.chunk_by(|one, other| lab_stories::is_one_step(one.0, other.0)) {
        for part in step.chunks(lab_stories::MAX_STEP_TEXTS) {
            let entry = |(date, _, place): &(Timestamp, String, usize)| {
                let entry = LabEntry {
                    text: text_file::text(&lines.object(*place)?),
                    date: *date,
                };
                Ok((*place, entry))
            };
            lab.step(&part.iter().map(entry).collect::<Result<Vec<_>, Failure>>()?);
        }
    }
    for (id, group) in ids.iter().zip(lab.groups(grouping)) {
        output.line(&json!({"id": id, "cluster": group}).to_string());
    }
    Ok(DONE)
}

fn compare_pairs(arguments: &LabPairs, output: &mut Output) -> Result<u8, Failure> {
    let lines = text_file::Lines::open(&arguments.input)?;
    let mut ids = Vec::new();
    let mut pairs = Vec::new();
    lines.for_each(|number, object| {
        let text = |key: &str| lab_pairs::pair_text(object[key].as_str().unwrap_or_default());
        pairs.push([text("text1"), text("text2")]);
        ids.push(
            Some(object["pair_id"].clone())
                .filter(|id| !id.is_null())
                .unwrap_or_else(|| number.into()),
        );
        Ok(())
    })?;
    for (id, score) in ids.iter().zip(lab_pairs::compare(&pairs)) {
        output.line(&json!({"pair_id": id, "score": score, "same": score >= 0.5}).to_string());
    }
    Ok(DONE)
}

fn learn_concept(arguments: &LabConcept, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let name = arguments.concept.trim_start_matches('@');
    let mut learner = lab_topic::LabConcept::new(name, now).ok_or_else(|| {
        Failure::message(USAGE, format!("there is no built-in vocabulary `@{name}`")).hint("griot list concepts shows them")
    })?;
    for (_, object) in text_file::objects(&arguments.input)? {
        let is_positive = match object["label"].as_str() {
            Some("yes" | "y") => true,
            Some("no" | "n") => false,
            _ => continue,
        };
        learner.add(
            &text_file::text(&object),
            object["outlet"].as_str().unwrap_or_default(),
            is_positive,
        );
    }
    let (table, report) = learner.learn();
    output::eprint_line(report.trim_end());
    output.line(table.trim_end());
    Ok(DONE)
}

fn detect_languages(arguments: &LabLanguage, output: &mut Output) -> Result<u8, Failure> {
    let text = text_file::read(&arguments.input)?;
    if let Some(more) = &arguments.learn {
        let tagged = |text: &str| -> Vec<(String, String)> {
            let lines = text.lines().filter_map(|line| line.split_once('\t'));
            lines.map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect()
        };
        let trained = language::train(&tagged(&text), &tagged(&text_file::read(more)?));
        output::eprint_line(trained.figures.trim_end());
        output.line(trained.file.trim_end());
        return Ok(DONE);
    }
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let (id, text) = id_and_text(at + 1, line);
        let found = language::detect(&text);
        let line = json!({
            "id": id,
            "lang": found.map(|found| found.tag),
            "confidence": found.map_or(0.0, |found| found.confidence),
        });
        output.line(&line.to_string());
    }
    Ok(DONE)
}

/// Returns the id and the text of a JSON line, or of a line with the text in its last column; the line's number where it has no id.
fn id_and_text(number: usize, line: &str) -> (Value, String) {
    let object = serde_json::from_str::<Value>(line).ok().filter(Value::is_object);
    let Some(object) = object else {
        return (number.into(), line.rsplit('\t').next().unwrap_or(line).to_owned());
    };
    let id = Some(object["id"].clone()).filter(|id| !id.is_null());
    let text = ["title", "body"].iter().find_map(|name| object[name].as_str());
    (id.unwrap_or_else(|| number.into()), text.unwrap_or_default().to_owned())
}

fn read_labels(path: &Path) -> anyhow::Result<Map<String, Value>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON object of pages", path.display()))
}

/// Returns the site of a page without its subdomain; without an address, the letters at the start of its id.
fn group(id: &str, url: Option<&Url>) -> String {
    let Some(host) = url.and_then(Url::host_str) else {
        return id.split(|c: char| c == '_' || c.is_ascii_digit()).next().unwrap_or(id).to_owned();
    };
    let labels: Vec<&str> = host.split('.').collect();
    // A label of three letters or fewer before the last one is mostly a registry's, as in co.uk.
    let is_registry = labels.len() > 2 && labels[labels.len() - 2].len() <= 3;
    labels[labels.len().saturating_sub(if is_registry { 3 } else { 2 })..].join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_one_site_are_one_group() {
        let of = |url: &str| group("fr-x_1", Url::parse(url).ok().as_ref());
        assert_eq!(of("https://www.lettre.example/a"), of("https://m.lettre.example/b"));
        assert_eq!(of("https://news.lettre.co.uk/"), "lettre.co.uk");
        assert_eq!(group("fr-Lettre_2024", None), "fr-Lettre");
    }
}
