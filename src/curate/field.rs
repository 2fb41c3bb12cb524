//! The fields of the query language, such as `title:` and `kind:`: one table of their names and of what they compare.
//!
//! A new field is a row of [`FIELDS`]. The syntax of values, and which of them can match, is in `value`, the comparison with an entry in `evaluate`.

use super::entry_text::EntryFacts;
use super::position::{Zone, Zones};

/// A field that a query may name.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in a query, without the colon; reasons name it too.
    pub name: &'static str,
    pub kind: FieldKind,
}

/// What a field compares its value with.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldKind {
    /// The words of these zones.
    Zones(Zones),
    /// Values of the entry or of its source.
    Property(Property),
    /// The countries that the entry is about.
    About,
    /// What the entry is when it reports no event of its own.
    Genre,
    /// The entry's date.
    Date,
    /// Other topics.
    Topic,
    /// The number of sources of the entry's story.
    SourceCount,
}

/// Values of an entry that are compared as a whole, not word by word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    Source,
    Tag,
    Kind,
    Country,
    Language,
}

/// Every field, in the order in which errors list them.
pub(super) static FIELDS: [Field; 17] = [
    zones("title", Zones::all(&[Zone::Title])),
    zones("summary", Zones::all(&[Zone::Summary])),
    zones(
        "lead",
        Zones {
            zones: &[Zone::Summary, Zone::Body],
            lead_only: true,
        },
    ),
    zones("text", Zones::all(&[Zone::Summary, Zone::Body])),
    zones("author", Zones::all(&[Zone::Author])),
    zones("url", Zones::all(&[Zone::Url])),
    property("source", Property::Source),
    property("tag", Property::Tag),
    zones("category", Zones::all(&[Zone::Category])),
    property("kind", Property::Kind),
    property("country", Property::Country),
    field_of("about", FieldKind::About),
    property("lang", Property::Language),
    field_of("date", FieldKind::Date),
    field_of("topic", FieldKind::Topic),
    field_of("mark", FieldKind::Genre),
    field_of("sources", FieldKind::SourceCount),
];

/// Returns the field of this name.
pub(super) fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// Returns the names of all fields.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.name)
}

const fn zones(name: &'static str, zones: Zones) -> Field {
    field_of(name, FieldKind::Zones(zones))
}

const fn property(name: &'static str, property: Property) -> Field {
    field_of(name, FieldKind::Property(property))
}

const fn field_of(name: &'static str, kind: FieldKind) -> Field {
    Field { name, kind }
}

impl Property {
    /// Returns the entry's values in lower case.
    pub(super) fn values(self, entry: &EntryFacts<'_>) -> Vec<String> {
        let source = entry.source;
        match self {
            Self::Source => vec![entry.source_id.as_str().to_owned()],
            Self::Tag => source
                .iter()
                .flat_map(|source| &source.tags)
                .map(|tag| tag.to_lowercase())
                .collect(),
            Self::Kind => source
                .iter()
                .filter_map(|source| source.kind)
                .map(|kind| kind.as_str().to_owned())
                .collect(),
            Self::Country => source
                .iter()
                .filter_map(|source| source.country.as_deref())
                .map(str::to_lowercase)
                .collect(),
            Self::Language => entry.language.iter().map(|tag| tag.to_lowercase()).collect(),
        }
    }

    /// Returns whether an entry's value meets a value of the query; both are in lower case.
    pub(super) fn matches(self, own: &str, value: &str) -> bool {
        match self {
            Self::Language => in_language_range(own, value),
            Self::Source | Self::Tag | Self::Kind | Self::Country => own == value,
        }
    }
}

/// Returns whether a language tag is `range` or begins with its subtags (RFC 4647, 3.3.1); `_` separates subtags too.
fn in_language_range(tag: &str, range: &str) -> bool {
    tag.strip_prefix(range)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}
