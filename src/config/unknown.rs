//! Keys that a table does not know: a slip of the pen, or a key that TOML put into the table above it.

use super::vocabulary::{ALL, ROOT, Vocabulary};
use super::{ConfigProblem, Place, Placed};
use toml::de::DeTable;

/// Returns a problem for each key of `table` that is not among its `words`.
pub(super) fn keys(table: &DeTable<'_>, words: &'static Vocabulary, place: &Place) -> Vec<ConfigProblem> {
    table
        .keys()
        .filter(|key| words.key(key.get_ref()).is_none())
        .map(|key| {
            let name: &str = key.get_ref();
            let span = key.span();
            let (help, misplaced) = hint(name, words);
            ConfigProblem {
                place: Some(Place { file: place.file, span }),
                message: format!("unknown key `{name}` in {}", words.head),
                help: Some(help),
                also: misplaced.then(|| Placed {
                    text: "TOML puts every key into the table above it: this one".to_owned(),
                    place: place.clone(),
                }),
            }
        })
        .collect()
}

/// Returns the advice, and whether the key was taken for one that slipped into the table above it.
fn hint(name: &str, words: &'static Vocabulary) -> (String, bool) {
    let at_top = std::ptr::eq(words, &ROOT);
    let own = nearest(name, words.keys.iter().map(|key| key.name));
    // A slip of one letter is likelier than a key of another table.
    if let Some((nearest, 1)) = own {
        return (format!("did you mean `{nearest}`?"), false);
    }
    if let Some(home) = ALL.iter().find(|home| !std::ptr::eq(**home, words) && home.key(name).is_some()) {
        let advice = if at_top {
            format!("`{name}` belongs to {}: move it below that head", home.head)
        } else {
            format!("`{name}` belongs to {}: move it there", home.head)
        };
        return (advice, !at_top);
    }
    if !at_top && ROOT.key(name).is_some() {
        return (format!("`{name}` belongs to the top level, as a table of its own"), true);
    }
    if let Some((nearest, _)) = own {
        return (format!("did you mean `{nearest}`?"), false);
    }
    let known: Vec<&str> = words.keys.iter().map(|key| key.name).collect();
    (format!("known here: {}", known.join(", ")), false)
}

/// Returns the candidate that `name` was most likely meant to be, and how many letters it is away.
pub(super) fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<(&'c str, usize)> {
    // No key comes near this length, and the distance of two texts costs the product of their lengths.
    if name.len() > 64 {
        return None;
    }
    let name = name.to_lowercase();
    candidates
        .map(|candidate| (candidate, strsim::osa_distance(&name, candidate)))
        .filter(|(candidate, distance)| *distance <= 1.max(candidate.chars().count() / 3))
        .min_by_key(|(_, distance)| *distance)
        .map(|(candidate, distance)| (candidate, distance.max(1)))
}
