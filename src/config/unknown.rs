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
            let whereabouts = if is_root(words) {
                "at the top level".to_owned()
            } else {
                format!("in {}", words.head)
            };
            let (help, misplaced) = hint(name, words);
            ConfigProblem {
                place: Some(Place { file: place.file, span }),
                message: format!("unknown key `{name}` {whereabouts}"),
                help: Some(help),
                also: misplaced.then(|| Placed {
                    text: "TOML puts every key into the table above it: this one".to_owned(),
                    place: place.clone(),
                }),
            }
        })
        .collect()
}

fn is_root(words: &'static Vocabulary) -> bool {
    std::ptr::eq(words, &raw const ROOT)
}

/// Returns the advice, and whether the key was taken for one that slipped into the table above it.
fn hint(name: &str, words: &'static Vocabulary) -> (String, bool) {
    let at_top = is_root(words);
    let own = nearest(name, words.keys.iter().map(|key| key.name));
    let did_you_mean = |near: &str| match ALL.iter().find(|table| at_top && table.head.trim_matches(['[', ']']) == near) {
        Some(table) => format!("did you mean {}?", table.head),
        None => format!("did you mean `{near}`?"),
    };
    // A slip of one letter is likelier than a key of another table.
    if let Some((near, 1)) = own {
        return (did_you_mean(near), false);
    }
    if let Some(homes) = homes(name, words) {
        let to = if at_top { "move it below that head" } else { "move it there" };
        // An inline table stands where its keys stand: nothing slips into it.
        return (format!("`{name}` belongs to {homes}: {to}"), words.head.starts_with('['));
    }
    if !at_top && ROOT.key(name).is_some() {
        return (format!("`{name}` belongs to the top level, as a table of its own"), false);
    }
    if let Some((near, _)) = own {
        return (did_you_mean(near), false);
    }
    let others = ALL.iter().flat_map(|table| table.keys.iter().map(|key| key.name));
    if let Some((near, 1)) = nearest(name, others)
        && let Some(homes) = homes(near, words)
    {
        return (format!("did you mean `{near}`, which belongs to {homes}?"), false);
    }
    let known: Vec<&str> = words.keys.iter().map(|key| key.name).collect();
    (format!("known here: {}", known.join(", ")), false)
}

/// Returns the heads of the other tables that know this key; `None` when there are none.
fn homes(name: &str, words: &'static Vocabulary) -> Option<String> {
    let mut homes: Vec<&str> = ALL
        .iter()
        .filter(|home| !std::ptr::eq(**home, words) && home.key(name).is_some())
        .map(|home| home.head)
        .collect();
    // Inline tables are rarely what was meant, where a table with a head knows the key too.
    if homes.iter().any(|head| head.starts_with('[')) {
        homes.retain(|head| head.starts_with('['));
    }
    (!homes.is_empty()).then(|| homes.join(" or "))
}

/// Returns advice on a key or table that stands twice, which TOML forbids: most often the second was meant for another table.
pub(super) fn twice(name: &str) -> String {
    match homes(name, &ROOT) {
        Some(homes) => format!("TOML puts every key into the table above it, where `{name}` already stands; `{name}` is known to {homes}"),
        None => format!("`{name}` already stands above: merge the two"),
    }
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
