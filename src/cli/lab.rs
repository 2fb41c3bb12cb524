//! `griot lab`: one part of griot run alone on a file, through the same code as a run.

use super::args::{Lab, LabBlocks, LabPart};
use super::failure::{DONE, Failure, USAGE};
use super::output::{self, Output};
use crate::extract;
use crate::pipeline::pages;
use anyhow::{Context, anyhow};
use serde_json::{Map, Value};
use std::path::Path;
use url::Url;

/// Runs one part.
///
/// # Errors
/// [`Failure`] for files that cannot be read.
pub fn run(lab: &Lab, output: &mut Output) -> Result<u8, Failure> {
    match &lab.part {
        LabPart::Blocks(blocks) => learn_blocks(blocks, output),
    }
}

fn learn_blocks(blocks: &LabBlocks, output: &mut Output) -> Result<u8, Failure> {
    let mut lessons = Vec::new();
    for pair in blocks.inputs.chunks(2) {
        let [truth, folder] = pair else {
            return Err(Failure::new(
                USAGE,
                anyhow!("{} lacks the folder with its pages", pair[0].display()),
            ));
        };
        let set = truth.file_stem().unwrap_or_default().to_string_lossy().replace(".truth", "");
        for (id, told) in truths(truth).map_err(|error| Failure::new(USAGE, error))? {
            let path = folder.join(format!("{id}.html"));
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()));
            let bytes = bytes.map_err(|error| Failure::new(USAGE, error))?;
            let url = told["url"].as_str().and_then(|url| Url::parse(url).ok());
            let label = extract::Label {
                truth: told["articleBody"].as_str().unwrap_or_default(),
                group: &group(&id, url.as_ref()),
                set: &set,
            };
            lessons.extend(pages::lessons_of(&bytes, url.as_ref(), &label));
        }
        output::talk(&format!("{set}: read"));
    }
    let learned = extract::school(&lessons);
    output::talk(learned.reached.trim_end());
    output.line(learned.table.trim_end());
    Ok(DONE)
}

fn truths(path: &Path) -> anyhow::Result<Map<String, Value>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON object of pages", path.display()))
}

/// Returns the site of a page, whatever its subdomain; without an address, the letters that its id begins with.
fn group(id: &str, url: Option<&Url>) -> String {
    let Some(host) = url.and_then(Url::host_str) else {
        return id.split(|c: char| c == '_' || c.is_ascii_digit()).next().unwrap_or(id).to_owned();
    };
    let labels: Vec<&str> = host.split('.').collect();
    // A short label before the last one is mostly a registry's, as in co.uk.
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
