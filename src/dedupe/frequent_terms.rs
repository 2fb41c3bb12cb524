//! How common terms are in the region's news: titles of office, institutions, capitals and the verbs of reports, which are no evidence for one event.

use super::story_features::term_hash;
use crate::model::prehashed_map::PrehashedMap;
use std::sync::LazyLock;

/// By the hash of a term, in which part of the region's entries it stands.
static SHARES: LazyLock<PrehashedMap<u32, f64>> =
    LazyLock::new(|| include_str!("words/frequent_terms.tsv").lines().filter_map(share).collect());

/// Reads a line `kind term per-mille`; none of a comment.
fn share(line: &str) -> Option<(u32, f64)> {
    let mut fields = line.split('\t');
    let kind = match fields.next()? {
        "stem" => "",
        "name" => "n",
        "country" => "c",
        "concept" => "x",
        _ => return None,
    };
    let term = term_hash(kind, fields.next()?);
    let per_mille: f64 = fields.next()?.parse().ok()?;
    Some((term, per_mille / 1_000.0))
}

/// Returns in which part of the region's entries a term stands, from 0 to 1; 0 for one that is not common.
pub(super) fn share_of_entries(term: u32) -> f64 {
    SHARES.get(&term).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::lexicon::concept;

    #[test]
    fn every_line_is_a_term_of_its_kind() {
        let lines: Vec<&str> = include_str!("words/frequent_terms.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert_eq!(SHARES.len(), lines.len(), "each term once");
        assert!(
            lines
                .iter()
                .all(|line| share(line).is_some_and(|(_, share)| share > 0.0 && share < 0.2))
        );
    }

    #[test]
    fn a_minister_is_common_and_a_ford_is_not() {
        let minister = concept("ministre").expect("a concept");
        assert!(share_of_entries(term_hash("x", minister)) > 0.05);
        assert!(share_of_entries(term_hash("c", "NE")) > 0.05 && share_of_entries(term_hash("n", "niamey")) > 0.01);
        assert!(share_of_entries(term_hash("", "gue")).abs() < f64::EPSILON);
    }
}
