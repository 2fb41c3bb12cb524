//! The fields of the query language, such as `title:` and `kind:`: one table of their names and of what they compare.
//!
//! A new field is a row of [`FIELDS`]. The syntax of values is the parser's, the comparison with an entry is in `evaluate`.

use super::entry_text::EntryFacts;
use super::position::Zone;
use crate::config::SourceKind;

/// A field that a query may name.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in a query, without the colon; reasons name it too.
    pub name: &'static str,
    pub kind: FieldKind,
}

/// What a field compares its value with.
#[derive(Debug)]
pub(super) enum FieldKind {
    /// The words of these zones.
    Zones(&'static [Zone]),
    /// Values of the entry or of its source.
    Property(Property),
    /// The number of sources of the entry's story.
    SourceCount,
    /// A field that a later version will have, with what to use until then.
    Planned { help: &'static str },
}

/// Values of an entry that are compared as a whole, not word by word.
#[derive(Debug)]
pub(super) struct Property {
    /// Returns the entry's values in lower case.
    pub values: fn(&EntryFacts<'_>) -> Vec<String>,
    /// Returns whether an entry's value (first) meets a value of the query (second); both are in lower case.
    pub matches: fn(&str, &str) -> bool,
    /// Returns every value there is, where their number is limited: the query may then name no other.
    pub allowed: Option<fn() -> Vec<&'static str>>,
}

/// Every field, in the order in which errors list them.
pub(super) static FIELDS: [Field; 12] = [
    zones("title", &[Zone::Title]),
    zones("text", &[Zone::Summary, Zone::Body]),
    zones("author", &[Zone::Author]),
    zones("url", &[Zone::Url]),
    property("source", equal, |entry| vec![entry.source_id.as_str().to_owned()]),
    property("tag", equal, |entry| {
        entry
            .source
            .iter()
            .flat_map(|source| &source.tags)
            .map(|tag| tag.to_lowercase())
            .collect()
    }),
    zones("category", &[Zone::Category]),
    Field {
        name: "kind",
        kind: FieldKind::Property(Property {
            values: |entry| {
                entry
                    .source
                    .iter()
                    .filter_map(|source| source.kind)
                    .map(|kind| kind.as_str().to_owned())
                    .collect()
            },
            matches: equal,
            allowed: Some(SourceKind::words),
        }),
    },
    property("country", equal, |entry| {
        entry
            .source
            .iter()
            .filter_map(|source| source.country.as_deref())
            .map(str::to_lowercase)
            .collect()
    }),
    property("lang", in_language_range, |entry| {
        entry.language.iter().map(|tag| tag.to_lowercase()).collect()
    }),
    Field {
        name: "date",
        kind: FieldKind::Planned {
            help: "use the topic's `keep`",
        },
    },
    Field {
        name: "sources",
        kind: FieldKind::SourceCount,
    },
];

/// Returns the field of this name.
pub(super) fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

const fn zones(name: &'static str, zones: &'static [Zone]) -> Field {
    Field {
        name,
        kind: FieldKind::Zones(zones),
    }
}

const fn property(name: &'static str, matches: fn(&str, &str) -> bool, values: fn(&EntryFacts<'_>) -> Vec<String>) -> Field {
    Field {
        name,
        kind: FieldKind::Property(Property {
            values,
            matches,
            allowed: None,
        }),
    }
}

fn equal(own: &str, value: &str) -> bool {
    own == value
}

/// Returns whether a language tag is `range` or begins with its subtags (RFC 4647, 3.3.1); `_` separates subtags too.
fn in_language_range(tag: &str, range: &str) -> bool {
    tag.strip_prefix(range)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}
