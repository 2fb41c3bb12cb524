//! Reads the coordinates of an entry: `GeoRSS` in its three encodings, and the W3C's basic geo vocabulary.

use super::element::Element;
use crate::model::Coordinates;
use crate::model::coordinates::microdegrees;

/// Reads coordinates that may be in two elements, `geo:lat` and `geo:long`.
#[derive(Debug, Default)]
pub(super) struct CoordinatesReader {
    latitude: Option<i32>,
    longitude: Option<i32>,
}

impl CoordinatesReader {
    /// Reads one element; returns the coordinates once both are known. Of lines and areas it returns the first point.
    pub(super) fn read(&mut self, field: &Element<'_>) -> Option<Coordinates> {
        match &*field.name.local {
            "point" | "line" | "polygon" | "box" | "circle" | "pos" | "poslist" | "coordinates" if field.trimmed().is_some() => {
                first_pair(&field.text)
            }
            "lat" => {
                self.latitude = microdegrees(&field.text, 90);
                self.complete()
            }
            "long" | "lon" => {
                self.longitude = microdegrees(&field.text, 180);
                self.complete()
            }
            // `georss:where`, `geo:Point` and GML's shapes; the reader bounds their depth.
            _ => field.children.iter().find_map(|child| self.read(child)),
        }
    }

    /// Returns the coordinates if both are known.
    fn complete(&self) -> Option<Coordinates> {
        Some(Coordinates {
            latitude: self.latitude?,
            longitude: self.longitude?,
        })
    }
}

/// Returns the first latitude and longitude of a list of numbers in degrees.
fn first_pair(text: &str) -> Option<Coordinates> {
    let mut numbers = text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty());
    Coordinates::parse(numbers.next()?, numbers.next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_valid_points_are_read() {
        let gao = Some(Coordinates {
            latitude: 16_271_670,
            longitude: -44_700,
        });
        assert_eq!(first_pair("16.27167 -0.0447"), gao);
        assert_eq!(first_pair(" 16.27167,-0.0447 17.0 1.0"), gao);
        for text in ["", "16", "north east", "91 0", "0 181", "NaN 0", "inf 0"] {
            assert_eq!(first_pair(text), None, "{text}");
        }
    }
}
