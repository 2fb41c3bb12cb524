//! What a site appends to its headlines: "… - Niger Inter", "… | Mali Actu". The name of an outlet is no evidence for what its entries are about, so
//! topics and dedupe read headlines without it. Published headlines keep it.

use super::fold::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The signs that part a headline from what is appended; blanks stand on both sides.
const SEPARATORS: [&str; 8] = ["-", "–", "—", "|", "·", "•", "»", "::"];
/// The longest name of an outlet.
const MAX_TAIL_CHARS: usize = 60;
/// How often a name may stand at the end of a headline, and the letters that it has at least.
const MAX_TAILS: usize = 3;
const MIN_NAME_LETTERS: usize = 4;
/// So many different headlines of a document end in a tail, and at least so large a part of them.
const MIN_HEADLINES: usize = 3;
const MIN_SHARE: f64 = 0.5;

/// Returns the end that most headlines of a document have in common, with the sign before it; `None` when there is none.
#[must_use]
pub fn repeated_tail<'t>(titles: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let titles: BTreeSet<&str> = titles.map(str::trim).filter(|title| !title.is_empty()).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for tail in titles.iter().filter_map(|title| tail(title)) {
        *counts.entry(tail).or_default() += 1;
    }
    let (tail, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    #[expect(clippy::cast_precision_loss, reason = "a document has far fewer headlines")]
    let is_common = count >= MIN_HEADLINES && count as f64 >= MIN_SHARE * titles.len() as f64;
    is_common.then_some(tail)
}

/// Returns a headline without `tail`, when it ends in it.
#[must_use]
pub fn without_tail<'t>(title: &'t str, tail: Option<&str>) -> &'t str {
    let title = title.trim();
    tail.and_then(|tail| title.strip_suffix(tail)).map_or(title, str::trim_end)
}

/// Returns a headline without the name of its outlet at the end, which may stand there more than once.
#[must_use]
pub fn without_name<'t>(title: &'t str, outlet: &str) -> &'t str {
    let letters = |text: &str| -> String { fold(text).chars().filter(|letter| letter.is_alphanumeric()).collect() };
    let name = letters(outlet);
    let mut title = title.trim();
    for _ in 0..MAX_TAILS {
        let Some(end) = tail(title) else { break };
        let own = letters(end);
        let is_long = |text: &str| text.chars().nth(MIN_NAME_LETTERS - 1).is_some();
        let is_name = (is_long(&name) && own.contains(&name)) || (is_long(&own) && name.contains(&own));
        if !is_name {
            break;
        }
        title = title.strip_suffix(end).map_or(title, str::trim_end);
    }
    title
}

/// Returns the end of a headline behind the last sign that parts it, with that sign.
fn tail(title: &str) -> Option<&str> {
    let at = SEPARATORS.iter().filter_map(|sign| title.rfind(&format!(" {sign} "))).max()?;
    let (head, tail) = title.split_at(at);
    let is_short = tail.chars().nth(MAX_TAIL_CHARS).is_none();
    (is_short && head.chars().any(char::is_alphanumeric)).then_some(tail.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_most_headlines_end_in_is_found() {
        let titles = [
            "Crue à Gaya - Le point - Niger Inter",
            "Le marché rouvre - Niger Inter ",
            "Une école de plus - Niger Inter",
            "Sans rien",
            "Autre chose – Le Sahel",
        ];
        let tail = repeated_tail(titles.into_iter());
        assert_eq!(tail, Some("- Niger Inter"));
        let cut: Vec<&str> = titles.iter().map(|title| without_tail(title, tail)).collect();
        assert_eq!(
            cut,
            [
                "Crue à Gaya - Le point",
                "Le marché rouvre",
                "Une école de plus",
                "Sans rien",
                "Autre chose – Le Sahel"
            ]
        );
        for sign in SEPARATORS {
            let titles: Vec<String> = ["Un", "Deux", "Trois"]
                .iter()
                .map(|head| format!("{head} {sign} Mali Actu"))
                .collect();
            assert_eq!(
                repeated_tail(titles.iter().map(String::as_str)),
                Some(format!("{sign} Mali Actu").as_str()),
                "{sign}"
            );
        }
    }

    #[test]
    fn what_few_headlines_end_in_is_no_tail() {
        let none = |titles: &[&str]| assert_eq!(repeated_tail(titles.iter().copied()), None, "{titles:?}");
        none(&["Un - Niger", "Deux - Niger"]);
        // The same headline twice is one.
        none(&["Un - Niger", "Un - Niger", "Deux - Niger"]);
        none(&["Un - Niger", "Deux - Niger", "Trois - Niger", "a", "b", "c", "d"]);
        none(&["Abdou-Moumouni", "Diffa-Nguigmi", "Tahoua-Konni"]);
        none(&["- Niger Inter", " - Niger Inter", "– - Niger Inter"]);
        let long = "mot ".repeat(20);
        let titles = [format!("Un - {long}"), format!("Deux - {long}"), format!("Trois - {long}")];
        none(&titles.each_ref().map(String::as_str));
        assert_eq!(without_tail(" Un - Niger ", None), "Un - Niger");
    }

    #[test]
    fn half_of_the_headlines_are_enough() {
        let titles = ["Un - Niger", "Deux - Niger", "Trois - Niger", "a", "b", "c"];
        assert_eq!(repeated_tail(titles.into_iter()), Some("- Niger"));
    }
}
