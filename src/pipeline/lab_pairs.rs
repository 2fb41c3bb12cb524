//! `griot lab pairs`: pairs of texts, each with how likely both are on one event.

use crate::dedupe::{PairComparison, PairText};
use crate::text::html_to_text::html_to_text;
use crate::text::word_list::{self, words};

/// Reads a text, plain or as HTML.
#[must_use]
pub fn pair_text(text: &str) -> PairText {
    let encoded = word_list::encode(&[&[&html_to_text(text)]]);
    PairText::new(words(&encoded).flatten())
}

/// Returns how likely each pair is on one event, from 0 to 1. Words weigh by the number of these texts in which they stand.
#[must_use]
pub fn compare(pairs: &[[PairText; 2]]) -> Vec<f64> {
    let mut comparison = PairComparison::default();
    for text in pairs.iter().flatten() {
        comparison.add(text);
    }
    pairs.iter().map(|[one, other]| comparison.score(one, other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_reports_on_one_event_score_above_two_of_one_place() {
        let flood = "Crue à Gao : douze morts. Douze personnes sont mortes à Gao dans la crue du fleuve, selon le maire Sadou Diallo.";
        let again = "Gao : le fleuve en crue tue douze personnes, a dit le maire Sadou Diallo. Deux quartiers sont sous l'eau.";
        let market = "Gao : le marché rouvre. Le marché aux bestiaux accueille de nouveau les éleveurs après six mois de travaux.";
        let pair = |one, other| [pair_text(one), pair_text(other)];
        let scores = compare(&[pair(flood, again), pair(flood, market), pair(flood, flood), pair(flood, "")]);
        assert!(
            scores[0] > 0.5 && scores[1] < 0.5 && scores[2] > 0.99 && scores[3] < 0.2,
            "{scores:?}"
        );
    }
}
