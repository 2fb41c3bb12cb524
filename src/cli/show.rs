//! `griot show`: an entry, a story, or a concept with its words.

use super::args::{Global, Show};
use super::failure::{DONE, Failure, USAGE};
use super::output::Output;
use super::terminal_text::escape_controls;
use super::{find, setup, show_entry, show_story};
use crate::curate::{ConceptDescription, DescribedTerm, describe_concept};
use crate::model::{Country, MarkTarget};
use serde_json::json;
use std::collections::BTreeMap;

/// Prints an entry, a story or a concept.
///
/// # Errors
/// [`Failure`] when there is none of this name, when the configuration has mistakes, or when the database cannot be read.
pub fn run(show: &Show, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    if show.id.starts_with('@') {
        return concept(show, global, output);
    }
    let (config, store) = setup::open_read_only(global, output)?;
    match find::target(&store, &show.id)?.target {
        MarkTarget::Entry(entry) => show_entry::run(show, &config, &store, entry, output),
        MarkTarget::Story(_) if show.revisions || show.provenance => {
            Err(Failure::message(USAGE, "a story has no texts of its own".to_owned())
                .hint("griot show STORY shows its entries; name one of them"))
        }
        MarkTarget::Story(id) => show_story::run(&config, &store, id, output),
    }
}

fn concept(show: &Show, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (_, config) = setup::load(global, output)?;
    let Some(concept) = describe_concept(&show.id, &config.concepts) else {
        let message = format!("there is no concept `{}`", show.id);
        return Err(Failure::message(USAGE, message).hint("griot list concepts shows them"));
    };
    if output.json {
        let term = |term: &DescribedTerm| json!({"words": term.words, "lang": term.language, "weight": term.weight, "list": term.list});
        output.value(&json!({
            "id": concept.name, "builtin": concept.is_builtin, "use": concept.uses, "threshold": 1.0,
            "countries": concept.countries.iter().map(Country::as_str).collect::<Vec<_>>(),
            "words": concept.terms.iter().map(term).collect::<Vec<_>>(),
        }));
    } else {
        print(&concept, output);
    }
    Ok(DONE)
}

fn print(concept: &ConceptDescription, output: &mut Output) {
    let origin = if concept.is_builtin { "built in" } else { "of feeds.toml" };
    output.line(&format!("@{} {origin}", concept.name));
    if !concept.countries.is_empty() {
        let countries: Vec<&str> = concept.countries.iter().map(Country::as_str).collect();
        output.line(&format!("met when an entry is about {}", countries.join(", ")));
        return;
    }
    if !concept.uses.is_empty() {
        let uses: Vec<String> = concept.uses.iter().map(|used| format!("@{used}")).collect();
        output.line(&format!("uses {}", uses.join(", ")));
    }
    output.line(if concept.is_builtin {
        "met from a score of 1 on: weight × 1.5 in the headline, 1 in the lead, 0.4 in the rest, damped by the length of the text"
    } else {
        "met by one word of `any`, or by one of `weak` near another one"
    });
    let mut groups: BTreeMap<&str, Vec<&DescribedTerm>> = BTreeMap::new();
    for term in &concept.terms {
        groups
            .entry(term.list.or(term.language).unwrap_or("any language"))
            .or_default()
            .push(term);
    }
    for (group, mut terms) in groups {
        output.line(&format!("{group} ({}):", terms.len()));
        terms.sort_by(|one, other| other.weight.unwrap_or_default().total_cmp(&one.weight.unwrap_or_default()));
        for term in terms {
            let words = escape_controls(&term.words);
            output.line(&match term.weight {
                Some(weight) => format!("  {weight:>6.2}  {words}"),
                None => format!("  {words}"),
            });
        }
    }
}
