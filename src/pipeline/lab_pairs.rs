//! `griot lab pairs`: pairs of texts, each with how likely both tell one event.

use super::fingerprints::fingerprint;
use crate::dedupe::{EntryText, Fingerprint, OutletMemory, PairComparison};
use crate::text::html_to_text::html_to_text;
use crate::text::language;
use crate::text::word_list;

/// A headline is not longer.
const MAX_TITLE_CHARS: usize = 250;

/// A text as it is compared.
pub struct PairText {
    fingerprint: Fingerprint,
    language: Option<String>,
}

impl PairText {
    /// Reads a text, plain or as HTML, in the language with the BCP 47 tag `tag`, which is detected when it is not given. What stands before the first
    /// line break, or before two blanks, is its headline when it is short.
    #[must_use]
    pub fn new(text: &str, tag: Option<&str>) -> Self {
        let plain = html_to_text(text);
        let is_short = |(title, _): &(&str, &str)| title.chars().nth(MAX_TITLE_CHARS).is_none();
        let split = |sign| plain.split_once(sign).filter(is_short);
        let (title, body) = split("\n")
            .or_else(|| text.split_once("  ").filter(is_short))
            .unwrap_or(("", &plain));
        let tag = tag.map(str::to_owned).or_else(|| language::resolve_language(None, &plain));
        let language = tag.map(|tag| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase());
        let (title, body) = (word_list::encode(&[&[title]]), word_list::encode(&[&[body]]));
        let text = EntryText {
            title: &title,
            text: &body,
            language: language.as_deref(),
        };
        let fingerprint = fingerprint(&text, &text.words(), &OutletMemory::default());
        Self { fingerprint, language }
    }
}

/// Returns how likely each pair tells one event, from 0 to 1. Terms weigh by the number of these texts in which they stand.
#[must_use]
pub fn compare(pairs: &[[PairText; 2]]) -> Vec<(f64,f64,f64)> {
    let mut comparison = PairComparison::default();
    for text in pairs.iter().flatten() {
        comparison.add(&text.fingerprint);
    }
    let score = |[one, other]: &[PairText; 2]| comparison.score(&one.fingerprint, &other.fingerprint, one.language == other.language);
    pairs.iter().map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_event_in_two_languages_scores_above_another_one() {
        let text = |text: &str, tag| PairText::new(text, Some(tag));
        let french = || {
            text(
                "Crue à Gao : douze morts\nDouze personnes sont mortes à Gao dans la crue du fleuve, selon le maire Sadou Diallo.",
                "fr",
            )
        };
        let english = text(
            "Twelve dead in Gao flood\nTwelve people died in Gao when the river flooded, mayor Sadou Diallo said.",
            "en",
        );
        let other = text(
            "Tahoua : le marché rouvre\nLe marché de Tahoua rouvre après six mois de travaux, selon la mairie.",
            "fr",
        );
        let scores = compare(&[[french(), english], [french(), other], [french(), french()]]);
        assert!(scores[0] > 0.5 && scores[1] < 0.2 && scores[2] > 0.9, "{scores:?}");
    }
}
