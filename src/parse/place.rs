//! Where an entry happened: `GeoRSS` in its three spellings and the W3C's basic geo vocabulary.

use super::element::Element;
use crate::model::Coordinates;

/// A place that may be told in two elements, `geo:lat` and `geo:long`.
#[derive(Debug, Default)]
pub(super) struct Place {
    latitude: Option<i32>,
    longitude: Option<i32>,
}

impl Place {
    /// Takes one element; returns the place when it is known. Of lines and areas that is their first point.
    pub(super) fn take(&mut self, field: &Element<'_>) -> Option<Coordinates> {
        match &*field.name.local {
            "point" | "line" | "polygon" | "box" | "circle" | "pos" | "poslist" | "coordinates" if field.trimmed().is_some() => {
                pair(&field.text)
            }
            "lat" => {
                self.latitude = degrees(&field.text, 90);
                self.both()
            }
            "long" | "lon" => {
                self.longitude = degrees(&field.text, 180);
                self.both()
            }
            // `georss:where`, `geo:Point` and GML's shapes; the reader bounds how deep they lie.
            _ => field.children.iter().find_map(|child| self.take(child)),
        }
    }

    fn both(&self) -> Option<Coordinates> {
        Some(Coordinates {
            latitude: self.latitude?,
            longitude: self.longitude?,
        })
    }
}

/// Reads the first latitude and longitude of a list.
fn pair(text: &str) -> Option<Coordinates> {
    let mut numbers = text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty());
    Some(Coordinates {
        latitude: degrees(numbers.next()?, 90)?,
        longitude: degrees(numbers.next()?, 180)?,
    })
}

/// Returns degrees as millionths; `None` beyond `limit` degrees.
fn degrees(text: &str, limit: i32) -> Option<i32> {
    let degrees: f64 = text.trim().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "at most 180 million, which an i32 holds")]
    (degrees.abs() <= f64::from(limit)).then(|| (degrees * 1e6).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_nonsense_is_not() {
        let gao = Some(Coordinates {
            latitude: 16_271_670,
            longitude: -44_700,
        });
        assert_eq!(pair("16.27167 -0.0447"), gao);
        assert_eq!(pair(" 16.27167,-0.0447 17.0 1.0"), gao);
        for text in ["", "16", "north east", "91 0", "0 181", "NaN 0", "inf 0"] {
            assert_eq!(pair(text), None, "{text}");
        }
    }
}
