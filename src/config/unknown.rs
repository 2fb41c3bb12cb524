//! Keys that a table does not have: a misspelt key, or a key that TOML put into the table above it.

use super::keys::{KeyTable, ValueKind};
use super::problem::{ConfigProblem, Place, Placed};
use super::root::{ROOT, TABLES};
use super::suggest::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Records every unknown key of `table`, which is at `place` and has the keys `keys`, and of the tables within it.
fn check_table(table: &DeTable<'_>, keys: &'static KeyTable, place: &Place, problems: &mut Vec<ConfigProblem>) {
    for (key, value) in table {
        check_key(key, value, keys, place, problems);
    }
}

/// Records a key that is not among `keys`, else the unknown keys of the tables in its value.
pub(super) fn check_key(
    key: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
    keys: &'static KeyTable,
    place: &Place,
    problems: &mut Vec<ConfigProblem>,
) {
    let Some(known) = keys.key(key.get_ref()) else {
        problems.push(unknown_key(key.get_ref(), key.span(), keys, place));
        return;
    };
    let mut check = |value: &Spanned<DeValue<'_>>, keys: &'static KeyTable| {
        if let DeValue::Table(table) = value.get_ref() {
            let file = place.file;
            let span = value.span();
            check_table(table, keys, &Place { file, span }, problems);
        }
    };
    match (&known.kind, value.get_ref()) {
        (ValueKind::Table(keys), _) => check(value, keys),
        (ValueKind::Tables(keys) | ValueKind::TextsOrTables(keys), DeValue::Array(array)) => {
            array.iter().for_each(|element| check(element, keys));
        }
        (ValueKind::Named(keys), DeValue::Table(tables)) => tables.values().for_each(|table| check(table, keys)),
        _ => {}
    }
}

fn unknown_key(name: &str, span: Range<usize>, keys: &'static KeyTable, place: &Place) -> ConfigProblem {
    let message = if is_root(keys) {
        format!("unknown key `{name}` at the top level")
    } else {
        format!("unknown key `{name}` in {}", keys.head)
    };
    let (help, misplaced) = hint(name, keys);
    ConfigProblem {
        place: Some(Place { file: place.file, span }),
        message,
        help: Some(help),
        also: misplaced.then(|| Placed {
            text: "TOML puts every key into the table above it: this one".to_owned(),
            place: place.clone(),
        }),
    }
}

fn is_root(keys: &KeyTable) -> bool {
    keys.head == ROOT.head
}

/// Returns the advice, and whether the key is taken for one that TOML put into the table above it.
fn hint(name: &str, keys: &'static KeyTable) -> (String, bool) {
    let at_top = is_root(keys);
    let own = nearest(name, keys.keys().map(|key| key.name));
    let did_you_mean = |near: &str| match TABLES.iter().find(|table| at_top && table.head.trim_matches(['[', ']']) == near) {
        Some(table) => format!("did you mean {}?", table.head),
        None => format!("did you mean `{near}`?"),
    };
    // One wrong letter is likelier than a key of another table.
    if let Some((near, 1)) = own {
        return (did_you_mean(near), false);
    }
    if let Some(homes) = homes(name, keys) {
        let to = if at_top { "move it below that head" } else { "move it there" };
        // TOML puts no key into an inline table but those within its braces.
        return (format!("`{name}` belongs to {homes}: {to}"), keys.head.starts_with('['));
    }
    if !at_top && ROOT.key(name).is_some() {
        return (format!("`{name}` belongs to the top level, as a table of its own"), false);
    }
    if let Some((near, _)) = own {
        return (did_you_mean(near), false);
    }
    let others = TABLES.iter().flat_map(|table| table.keys().map(|key| key.name));
    if let Some((near, 1)) = nearest(name, others)
        && let Some(homes) = homes(near, keys)
    {
        return (format!("did you mean `{near}`, which belongs to {homes}?"), false);
    }
    let known: Vec<&str> = keys.keys().map(|key| key.name).collect();
    (format!("known here: {}", known.join(", ")), false)
}

/// Returns the heads of the other tables that have this key; `None` when there are none.
fn homes(name: &str, keys: &'static KeyTable) -> Option<String> {
    let mut homes: Vec<&str> = TABLES
        .iter()
        .filter(|home| home.head != keys.head && home.key(name).is_some())
        .map(|home| home.head)
        .collect();
    // Inline tables are rarely what was meant, where a table with a head has the key too.
    if homes.iter().any(|head| head.starts_with('[')) {
        homes.retain(|head| head.starts_with('['));
    }
    (!homes.is_empty()).then(|| homes.join(" or "))
}

/// Returns advice on a key or table that is given twice, which TOML forbids: most often the second was meant for another table.
pub(super) fn duplicate_advice(name: &str) -> String {
    match homes(name, &ROOT) {
        Some(homes) => format!("TOML puts every key into the table above it, where `{name}` already stands; `{name}` is known to {homes}"),
        None => format!("`{name}` already stands above: merge the two"),
    }
}
