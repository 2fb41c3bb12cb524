//! The words of texts as a full-text index holds them: folded and without inflection, so that a search finds `attaques` by `attaque`, as a topic's
//! rule does.

use super::stem::strip_inflection;
use super::word_list;

/// What is written as one with an Arabic word before it, each with what `strip_inflection` leaves of it.
const ARABIC_PREFIXES: [&str; 13] = ["", "ال", "لل", "ب", "ل", "ك", "ف", "و", "فب", "فل", "وب", "ول", "ولل"];
/// The letters of a word before which such a prefix is sought.
const MIN_ARABIC_LETTERS: usize = 3;

/// Returns the words of a part of a word list as the index holds them, separated by spaces.
#[must_use]
pub fn index_words(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for word in word_list::words(part).flatten() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&strip_inflection(word));
    }
    out
}

/// Returns the forms under which the index holds a folded word without plural ending or Arabic article: one, but for a word in Arabic script, which
/// stands there as one with a preposition or conjunction too.
#[must_use]
pub fn indexed_forms(bare: &str) -> Vec<String> {
    let is_arabic = bare.chars().all(|letter| matches!(letter, '\u{600}'..='\u{6FF}'));
    if !is_arabic || bare.chars().count() < MIN_ARABIC_LETTERS {
        return vec![bare.to_owned()];
    }
    let mut forms: Vec<String> = ARABIC_PREFIXES
        .iter()
        .map(|prefix| strip_inflection(&format!("{prefix}{bare}")).into_owned())
        .collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::stem::arabic_forms;
    use crate::text::word_list::encode;

    #[test]
    fn a_part_becomes_words_without_inflection() {
        let part = encode(&[&["L’Armée : des attaques. AUX généraux", "للنيجر 2026"]]);
        assert_eq!(index_words(&part), "l armee des attaque aux general نيجر 2026");
        assert_eq!(index_words(""), "");
    }

    #[test]
    fn an_arabic_word_is_found_under_every_form_in_which_rules_find_it() {
        for written in ["النيجر", "بالنيجر", "للنيجر", "والنيجر", "ولنيجر", "بنيجر", "نيجر"] {
            assert!(arabic_forms(written).iter().any(|form| form == "نيجر"), "{written}");
            let indexed = strip_inflection(written);
            assert!(indexed_forms("نيجر").iter().any(|form| *form == indexed), "{written} {indexed}");
        }
        assert_eq!(indexed_forms("attaque"), ["attaque"]);
        assert_eq!(indexed_forms("من"), ["من"], "too short");
    }
}
