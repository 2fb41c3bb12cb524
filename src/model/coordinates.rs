//! Locations on the earth.

/// A location (WGS 84) in millionths of a degree; north and east are positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coordinates {
    /// Between -90,000,000 and 90,000,000.
    pub latitude: i32,
    /// Between -180,000,000 and 180,000,000.
    pub longitude: i32,
}

impl Coordinates {
    /// Reads latitude and longitude in degrees; `None` when one of them is none.
    #[must_use]
    pub fn parse(latitude: &str, longitude: &str) -> Option<Self> {
        Some(Self {
            latitude: microdegrees(latitude, 90)?,
            longitude: microdegrees(longitude, 180)?,
        })
    }

    /// Returns latitude and longitude in degrees with two decimals, about a kilometre.
    #[must_use]
    pub fn degrees(self) -> (String, String) {
        (hundredths(self.latitude), hundredths(self.longitude))
    }
}

/// Reads degrees; returns millionths of a degree, and `None` for what is no number or lies beyond `limit` degrees.
#[must_use]
pub fn microdegrees(text: &str, limit: i32) -> Option<i32> {
    let degrees: f64 = text.trim().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "at most 180 million, which an i32 holds")]
    (degrees.abs() <= f64::from(limit)).then(|| (degrees * 1e6).round() as i32)
}

fn hundredths(microdegrees: i32) -> String {
    let sign = if microdegrees <= -5_000 { "-" } else { "" };
    let rounded = (microdegrees.unsigned_abs() + 5_000) / 10_000;
    format!("{sign}{}.{:02}", rounded / 100, rounded % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_have_two_decimals() {
        for (written, degrees) in [
            (("16.27167", "-0.0447"), ("16.27", "-0.04")),
            (("-0.004", "0.005"), ("0.00", "0.01")),
            (("90", "-179.999"), ("90.00", "-180.00")),
            (("-7", "12.5"), ("-7.00", "12.50")),
        ] {
            let coordinates = Coordinates::parse(written.0, written.1).expect("degrees");
            let (latitude, longitude) = coordinates.degrees();
            assert_eq!((latitude.as_str(), longitude.as_str()), degrees);
        }
        for (latitude, longitude) in [("91", "0"), ("0", "181"), ("north", "0"), ("NaN", "0"), ("0", "")] {
            assert_eq!(Coordinates::parse(latitude, longitude), None, "{latitude} {longitude}");
        }
    }
}
