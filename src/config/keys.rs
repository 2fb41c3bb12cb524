//! What is known of a table of feeds.toml and its keys: names, types and descriptions.
//!
//! The check for unknown keys, the did-you-mean and the JSON Schema read these descriptions. They are stated together with the structs that
//! hold the values, by the macro `table!`.

/// What kind of value a key takes.
pub(super) enum ValueKind {
    Text,
    /// A text, or `env:NAME`.
    Secret,
    Texts,
    Flag,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// A number from the first to the second.
    Number(f64, f64),
    Duration,
    Size,
    Percent,
    Url,
    Urls,
    /// A text, or an array of them.
    TextOrTexts,
    /// An array of texts and tables.
    TextsOrTables(&'static KeyTable),
    /// One of the words that the function returns.
    Choice(fn() -> Vec<&'static str>),
    /// A table whose keys the operator chooses; each value is a text, or `env:NAME`.
    Secrets,
    /// One table.
    Table(&'static KeyTable),
    /// An array of tables.
    Tables(&'static KeyTable),
    /// A table of tables, each under a name that the operator chooses.
    Named(&'static KeyTable),
    /// No value of its own: the keys of another struct belong to this table.
    Flattened(&'static KeyTable),
}

impl ValueKind {
    /// Returns what a key of this kind takes, in words that follow "needs".
    pub(super) const fn expected(&self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Secret => "a text, such as \"env:NAME\"",
            Self::Texts => "an array of texts",
            Self::Urls => "an array of texts, each a URL",
            Self::TextOrTexts => "a text or an array of texts",
            Self::TextsOrTables(_) => "an array of texts and tables",
            Self::Flag => "true or false",
            Self::Whole(..) => "a whole number",
            Self::Number(..) => "a number",
            Self::Duration => "a duration as a text, such as \"1h\"",
            Self::Size => "a size as a text, such as \"15MB\"",
            Self::Percent => "a share as a text, such as \"90%\"",
            Self::Url => "a URL as a text",
            Self::Choice(_) => "a word as a text",
            Self::Table(_) | Self::Secrets | Self::Flattened(_) => "a table",
            Self::Tables(_) => "an array of tables",
            Self::Named(_) => "named tables",
        }
    }
}

/// A key of a table.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: ValueKind,
    /// What the key means, as the schema says it; may begin with a space.
    pub(super) description: &'static str,
}

impl Key {
    /// Returns a key of the top level, which has the description of its table.
    pub(super) const fn of_table(name: &'static str, kind: ValueKind) -> Self {
        let description = match &kind {
            ValueKind::Table(table) | ValueKind::Tables(table) | ValueKind::Named(table) => table.description,
            _ => "",
        };
        Self { name, kind, description }
    }
}

/// The keys of one table.
pub(super) struct KeyTable {
    /// How the operator writes the table's head.
    pub(super) head: &'static str,
    /// What the table is for; may begin with a space.
    pub(super) description: &'static str,
    /// The keys that must be given.
    pub(super) required: &'static [&'static str],
    pub(super) entries: &'static [Key],
}

impl KeyTable {
    /// Returns the keys in the order in which they are stated.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.entries.iter().flat_map(|key| match key.kind {
            ValueKind::Flattened(table) => table.entries,
            _ => std::slice::from_ref(key),
        })
    }

    /// Returns the key of this name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }
}
