//! The difference of two texts in words.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The most words of each text that are compared, between the words with which both begin and those with which both end: the work grows with the
/// product of both. Longer parts count as exchanged as a whole.
const MAX_COMPARED_WORDS: usize = 2_000;

/// A part of a text that was exchanged for another one; both lie at the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordChange<'a> {
    /// The words before it that stay, as many as asked for.
    pub before: Vec<&'a str>,
    /// The words that went out; may be empty.
    pub removed: Vec<&'a str>,
    /// The words that came in; may be empty.
    pub added: Vec<&'a str>,
    /// The words behind it that stay, as many as asked for.
    pub after: Vec<&'a str>,
}

/// Returns what was changed from `old` to `new`, in order, each change with at most `context` words around it. Words are what white space parts; the
/// texts are the same when nothing is returned.
#[must_use]
pub fn word_diff<'a>(old: &'a str, new: &'a str, context: usize) -> Vec<WordChange<'a>> {
    let old: Vec<&str> = old.split_whitespace().collect();
    let new: Vec<&str> = new.split_whitespace().collect();
    let place = |(old_from, old_to, new_from, new_to): (usize, usize, usize, usize)| WordChange {
        before: new[new_from.saturating_sub(context)..new_from].to_vec(),
        removed: old[old_from..old_to].to_vec(),
        added: new[new_from..new_to].to_vec(),
        after: new[new_to..new.len().min(new_to + context)].to_vec(),
    };
    exchanged(&old, &new).into_iter().map(place).collect()
}

/// Returns the ranges that were exchanged: from and to in `old`, from and to in `new`.
fn exchanged(old: &[&str], new: &[&str]) -> Vec<(usize, usize, usize, usize)> {
    let start = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = end.take_while(|(one, other)| one == other).count();
    let (old_part, new_part) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    if old_part.is_empty() && new_part.is_empty() {
        return Vec::new();
    }
    if old_part.len().max(new_part.len()) > MAX_COMPARED_WORDS {
        return vec![(start, start + old_part.len(), start, start + new_part.len())];
    }
    let mut changes: Vec<(usize, usize, usize, usize)> = Vec::new();
    let (mut old_at, mut new_at) = (start, start);
    let mut is_open = false;
    // Places are counted here: those of an insertion beside a deletion may overlap.
    for op in capture_diff_slices(Algorithm::Myers, old_part, new_part) {
        let (old_from, new_from) = (old_at, new_at);
        old_at += op.old_range().len();
        new_at += op.new_range().len();
        let is_same = matches!(op, DiffOp::Equal { .. });
        match changes.last_mut() {
            _ if is_same => {}
            Some((_, old_to, _, new_to)) if is_open => (*old_to, *new_to) = (old_at, new_at),
            _ => changes.push((old_from, old_at, new_from, new_at)),
        }
        is_open = !is_same;
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_change_stands_between_the_words_around_it() {
        let changes = word_diff(
            "Un bac coule à Dioro : trois morts",
            "Un bac coule à Dioro : cinq morts, dit le maire",
            2,
        );
        let change = |before: &[&'static str], removed: &[&'static str], added: &[&'static str]| WordChange {
            before: before.to_vec(),
            removed: removed.to_vec(),
            added: added.to_vec(),
            after: Vec::new(),
        };
        assert_eq!(
            changes,
            [change(
                &["Dioro", ":"],
                &["trois", "morts"],
                &["cinq", "morts,", "dit", "le", "maire"]
            )]
        );
        assert_eq!(word_diff("a  b", " a\nb", 3), []);
        let inserted = word_diff("a c", "a b c", 1);
        assert_eq!(
            inserted,
            [WordChange {
                before: vec!["a"],
                removed: vec![],
                added: vec!["b"],
                after: vec!["c"]
            }]
        );
    }

    #[test]
    fn a_small_change_of_a_long_text_is_found_and_a_new_text_costs_little() {
        let word = |number: usize| format!("mot{number} ");
        let long: String = (0..50_000).map(word).collect();
        let edited = long.replace("mot25000 ", "autre ");
        let changes = word_diff(&long, &edited, 0);
        assert_eq!((changes.len(), &changes[0].added), (1, &vec!["autre"]));
        let other: String = (0..50_000).map(|number| word(99_999 - number)).collect();
        assert_eq!(word_diff(&long, &other, 0)[0].removed.len(), 50_000);
    }

    proptest! {
        #[test]
        fn applied_to_the_old_words_the_changes_give_the_new_ones(
            old in proptest::collection::vec("[ab]|c", 0..30),
            new in proptest::collection::vec("[ab]|c", 0..30),
        ) {
            let (old, new): (Vec<&str>, Vec<&str>) = (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
            let mut applied = Vec::new();
            let mut at = 0;
            for (old_from, old_to, new_from, new_to) in exchanged(&old, &new) {
                prop_assert!(old_from >= at && (old_from < old_to || new_from < new_to));
                applied.extend_from_slice(&old[at..old_from]);
                prop_assert_eq!(applied.len(), new_from);
                applied.extend_from_slice(&new[new_from..new_to]);
                at = old_to;
            }
            applied.extend_from_slice(&old[at..]);
            prop_assert_eq!(applied, new);
        }
    }
}
