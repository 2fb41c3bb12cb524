//! Ids: slugs that the operator chooses, and ids derived from content, which are the same on every machine.

use super::digest::Digester;
use std::fmt;
use std::str::FromStr;

/// Why a text is not an identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// The text is not a slug.
    #[error("an id is 1 to 64 characters long, of a-z, 0-9, `-`, `_` and `.`, and starts with a letter or a digit")]
    Slug,
    /// The text is not 32 hexadecimal digits.
    #[error("an entry or story id is 32 hexadecimal digits")]
    Hex,
}

fn is_slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes[0].is_ascii_alphanumeric()
        && bytes
            .iter()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Returns the id with this text.
            ///
            /// # Errors
            /// [`BadId::Slug`] when `text` is not a slug of 1 to 64 characters.
            pub fn new(text: &str) -> Result<Self, BadId> {
                if is_slug(text) { Ok(Self(text.to_owned())) } else { Err(BadId::Slug) }
            }

            /// Returns the id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }
    };
}

slug_id!(
    /// The operator's name for a source; its entries are stored under it.
    SourceId
);
slug_id!(
    /// The operator's name for a topic; the names of its published files begin with it.
    TopicId
);

macro_rules! derived_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Takes the 16 bytes as they are.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Returns the 16 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Returns the short form that is shown: a letter and the first 8 hexadecimal digits.
            #[must_use]
            pub fn short(&self) -> String {
                format!("{}{}", $prefix, &self.to_string()[..8])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.short())
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let text = text.as_bytes();
                if text.len() != 32 {
                    return Err(BadId::Hex);
                }
                let mut bytes = [0; 16];
                for (byte, pair) in bytes.iter_mut().zip(text.chunks(2)) {
                    let digit = |c: u8| char::from(c).to_digit(16).ok_or(BadId::Hex);
                    let value = digit(pair[0])? * 16 + digit(pair[1])?;
                    *byte = u8::try_from(value).map_err(|_| BadId::Hex)?;
                }
                Ok(Self(bytes))
            }
        }
    };
}

derived_id!(
    /// The id of an entry: 128 bits of BLAKE3 over the source id and the entry's first identity key.
    EntryId,
    "e"
);
derived_id!(
    /// The id of a story: the [`EntryId`] of the entry that founded it.
    StoryId,
    "s"
);

impl EntryId {
    /// Derives the id of the entry whose first identity key in `source` is (`kind`, `value`).
    #[must_use]
    pub fn derive(source: &SourceId, kind: &str, value: &str) -> Self {
        let mut digester = Digester::new();
        // Zero bytes separate the three parts: neither a slug nor a kind holds one.
        digester
            .update_terminated(source.as_str())
            .update_terminated(kind)
            .update(value.as_bytes());
        Self(*digester.finish().as_bytes())
    }
}

impl From<EntryId> for StoryId {
    fn from(founder: EntryId) -> Self {
        Self(founder.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_checked() {
        assert!(SourceId::new("lefaso").is_ok());
        assert!(SourceId::new("garde-nationale.ne_2").is_ok());
        for bad in ["", "Lefaso", "-x", "a b", "é", "a/b", &"x".repeat(65)] {
            assert_eq!(SourceId::new(bad), Err(BadId::Slug), "{bad:?}");
        }
    }

    #[test]
    fn an_entry_id_depends_on_every_part_and_reads_back() {
        let source = SourceId::new("lefaso").expect("a slug");
        let id = EntryId::derive(&source, "guid", "42");
        assert_ne!(id, EntryId::derive(&source, "link", "42"));
        assert_ne!(id, EntryId::derive(&SourceId::new("lefas").expect("a slug"), "guid", "42"));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(StoryId::from(id).to_string(), id.to_string());
        assert_eq!(id.short().len(), 9);
    }

    #[test]
    fn an_entry_id_never_changes() {
        let source = SourceId::new("lefaso").expect("a slug");
        assert_eq!(
            EntryId::derive(&source, "guid", "42").to_string(),
            "989c08b892722bd1c66b7db7171b66b7"
        );
    }
}
