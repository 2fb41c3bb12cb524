//! Countries by their ISO 3166-1 codes.

use std::fmt;

/// A country by its ISO 3166-1 alpha-2 code, in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Returns the country with this code; `None` when it is not two letters. Whether a country has the code is not checked.
    #[must_use]
    pub const fn new(code: &str) -> Option<Self> {
        match code.as_bytes() {
            [one, two] if one.is_ascii_alphabetic() && two.is_ascii_alphabetic() => {
                Some(Self([one.to_ascii_uppercase(), two.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// Returns the country of two capitals.
    #[must_use]
    pub const fn of(code: [u8; 2]) -> Self {
        Self(code)
    }

    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_two_letters() {
        assert_eq!(Country::new("ml").map(|country| country.to_string()), Some("ML".to_owned()));
        for wrong in ["", "m", "mli", "m1", "é"] {
            assert_eq!(Country::new(wrong), None, "{wrong}");
        }
    }
}
