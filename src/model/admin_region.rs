//! Administrative regions by their ISO 3166-2 codes.

use super::country::Country;
use std::fmt;

/// The longest code: that of a country, a hyphen and three letters or digits.
const MAX_BYTES: usize = 6;

/// An administrative region of a country by its ISO 3166-2 code in capitals, such as `ML-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdminRegion {
    /// The code, and behind it zeros.
    code: [u8; MAX_BYTES],
}

impl AdminRegion {
    /// Returns the region with this code; `None` when it is no code of ISO 3166-2. Whether a region has the code is not checked.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let (country, local) = code.split_once('-')?;
        let country = Country::new(country)?;
        let is_local = matches!(local.len(), 1..=3) && local.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_local {
            return None;
        }
        let written = country.as_str().bytes().chain([b'-']).chain(local.bytes());
        let mut code = [0; MAX_BYTES];
        for (place, byte) in code.iter_mut().zip(written) {
            *place = byte.to_ascii_uppercase();
        }
        Some(Self { code })
    }

    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.code.iter().position(|byte| *byte == 0).unwrap_or(MAX_BYTES);
        std::str::from_utf8(&self.code[..length]).unwrap_or_default()
    }

    /// Returns its country.
    #[must_use]
    pub const fn country(self) -> Country {
        Country::of([self.code[0], self.code[1]])
    }
}

impl fmt::Display for AdminRegion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_country_and_up_to_three_letters_or_digits() {
        for (written, code) in [("ML-7", "ML-7"), ("ml-bko", "ML-BKO"), ("BF-01", "BF-01")] {
            let region = AdminRegion::new(written).expect("a code");
            assert_eq!((region.to_string().as_str(), region.country().as_str()), (code, &code[..2]));
        }
        for wrong in ["", "ML", "ML-", "ML-BAMA", "M-7", "ML-é", "ML 7", "ML-7-1"] {
            assert_eq!(AdminRegion::new(wrong), None, "{wrong}");
        }
    }
}
