//! The macro `table!`, which states a table of feeds.toml once: its struct, and each key's name, type, format, default and description.
//!
//! Reading, the check for unknown keys and the JSON Schema follow from these statements. A new key is a row:
//!
//! ```text
//! /// The description, which is that of the field and of the JSON Schema.
//! trust: u8 = whole::<u8>(0, 100), default 50;
//! ```
//!
//! That is: the key's name, the type of its field, how the value is written and read (a `Format`), and the value of the field when the key is
//! not given; without `default` the field is an `Option`. While nothing reads the field yet, `#[expect(dead_code, reason = "…")]` stands
//! between the description and the name, and the description ends in "Waits for a later version."
//!
//! - `required { … }` has the keys without which the table is read as `None`; they have no default. A table without them has a `Default`.
//! - `key NAME = FORMAT, "DESCRIPTION";` after a row states a key without a field, which a function next to the table reads.

use super::keys::KeyTable;
use super::section::Section;

/// A struct that holds the values of one table of feeds.toml.
pub(super) trait Table: Sized {
    /// The table's keys.
    const KEYS: &'static KeyTable;

    /// Reads the table; `None` when a required key is missing or wrong. Mistakes are recorded in `section`.
    fn read(section: &mut Section<'_>) -> Option<Self>;
}

/// Returns the value that was read, as the type of its field, which may be an `Option` of it; else the default.
pub(super) fn value_or<T, F: From<T>>(value: Option<T>, default: impl FnOnce() -> F) -> F {
    value.map_or_else(default, F::from)
}

/// Returns the key of a field whose name is a word of Rust: `use` of `r#use`.
pub(super) const fn plain_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// See the head of this file.
macro_rules! table {
    (
        $(#[doc = $table_doc:literal])+
        $(#[expect(dead_code, reason = $table_reason:literal)])?
        $head:literal pub struct $name:ident {
            $(required {
                $(
                    $(#[doc = $required_doc:literal])+
                    $required:ident: $required_type:ty = $required_format:expr;
                )+
            })?
            $(optional {
                $(
                    $(#[doc = $doc:literal])+
                    $(#[expect(dead_code, reason = $reason:literal)])?
                    $field:ident: $type:ty = $format:expr $(, default $default:expr)?;
                    $(key $key:ident = $key_format:expr, $key_doc:literal;)*
                )+
            })?
        }
    ) => {
        $(#[doc = $table_doc])+
        #[derive(Debug, Clone)]
        $(#[cfg_attr(not(any(test, feature = "fuzzing")), expect(dead_code, reason = $table_reason))])?
        pub struct $name {
            $($(
                $(#[doc = $required_doc])+
                pub $required: $required_type,
            )+)?
            $($(
                $(#[doc = $doc])+
                $(#[cfg_attr(not(any(test, feature = "fuzzing")), expect(dead_code, reason = $reason))])?
                pub $field: $type,
            )+)?
        }

        $crate::config::table::default_table!($name [$($($required)+)?] $($($field [$($default)?])+)?);

        impl $crate::config::table::Table for $name {
            const KEYS: &'static $crate::config::keys::KeyTable = &$crate::config::keys::KeyTable {
                head: $head,
                description: concat!($($table_doc),+),
                required: &[$($(stringify!($required)),+)?],
                entries: &[
                    $($(
                        $crate::config::keys::Key {
                            name: $crate::config::table::plain_name(stringify!($required)),
                            kind: $required_format.kind,
                            description: concat!($($required_doc),+),
                        },
                    )+)?
                    $($(
                        $crate::config::keys::Key {
                            name: $crate::config::table::plain_name(stringify!($field)),
                            kind: $format.kind,
                            description: concat!($($doc),+),
                        },
                        $(
                            $crate::config::keys::Key {
                                name: stringify!($key),
                                kind: $key_format.kind,
                                description: $key_doc,
                            },
                        )*
                    )+)?
                ],
            };

            fn read(section: &mut $crate::config::section::Section<'_>) -> Option<Self> {
                // Every key is read before a missing required one ends the reading, so that all mistakes are found.
                $($(let $required = section.value(stringify!($required), &$required_format);)+)?
                $($(let $field = section.value($crate::config::table::plain_name(stringify!($field)), &$format);)+)?
                Some(Self {
                    $($($required: $required?,)+)?
                    $($($field: $crate::config::table::value_or($field, || $crate::config::table::default_value!($($default)?)),)+)?
                })
            }
        }
    };
}

/// Implements `Default` for a table without required keys.
macro_rules! default_table {
    ($name:ident [] $($field:ident [$($default:expr)?])*) => {
        impl Default for $name {
            fn default() -> Self {
                Self {
                    $($field: $crate::config::table::default_value!($($default)?),)*
                }
            }
        }
    };
    ($name:ident [$($required:ident)+] $($rest:tt)*) => {};
}

/// Returns the default that a row states, else none.
macro_rules! default_value {
    () => {
        None
    };
    ($default:expr) => {
        $default
    };
}

pub(super) use {default_table, default_value, table};
