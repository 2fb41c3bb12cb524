//! The administrative regions that items are about: their names in the languages of pages, and where they lie. `pages/NOTICE.md` tells what the codes
//! stand for.

use crate::config::PageLanguage;
use crate::model::{AboutRegion, AdminRegion, Area, Coordinates};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const NAMES: &str = include_str!("pages/regions.tsv");
const OUTLINES: &str = include_str!("pages/outlines.tsv");

/// The namespace of `GeoRSS` (OGC 17-002r1).
pub(super) const GEORSS_NAMESPACE: &str = "http://www.georss.org/georss";

/// What is known of a region.
struct Region {
    /// In English, French and Arabic.
    names: [&'static str; 3],
    /// Where a map writes its name.
    label: Coordinates,
}

/// Read once in a process.
static REGIONS: LazyLock<BTreeMap<AdminRegion, Region>> = LazyLock::new(|| {
    let labels: BTreeMap<AdminRegion, Coordinates> = rows(OUTLINES)
        .filter_map(|(code, columns)| Some((code, label(&columns)?)))
        .collect();
    let region = |(code, columns): (AdminRegion, Vec<&'static str>)| {
        let names = columns.get(2..5)?.try_into().ok()?;
        Some((
            code,
            Region {
                names,
                label: *labels.get(&code)?,
            },
        ))
    };
    rows(NAMES).filter_map(region).collect()
});

/// A region that an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub code: AdminRegion,
    /// Its name.
    pub name: &'static str,
    /// Where the town lies that the item names most, else a point within the region.
    pub point: Coordinates,
}

impl Place {
    /// Returns its latitude and longitude in degrees as `GeoRSS` Simple writes a point.
    pub(super) fn simple_point(&self) -> String {
        let (latitude, longitude) = self.point.degrees();
        format!("{latitude} {longitude}")
    }
}

/// Returns the place of a region that an item is about, named in a language; none when the region is not known.
pub(super) fn place(own: &AboutRegion, language: PageLanguage) -> Option<Place> {
    let region = REGIONS.get(&own.region)?;
    let [english, french, arabic] = region.names;
    Some(Place {
        code: own.region,
        name: match language {
            PageLanguage::En => english,
            PageLanguage::Fr => french,
            PageLanguage::Ar => arabic,
        },
        point: own.town.unwrap_or(region.label),
    })
}

/// Returns the name of a region in a language; none when it is not known.
pub(super) fn name(region: AdminRegion, language: PageLanguage) -> Option<&'static str> {
    Some(place(&AboutRegion { region, town: None }, language)?.name)
}

/// An outline on the map.
pub(super) struct Outline {
    code: &'static str,
    /// What it is: `region`, `country`, `neighbour` or `lake`.
    pub kind: &'static str,
    /// Its path, as SVG writes it.
    pub path: &'static str,
    /// Where its label stands.
    pub label: [&'static str; 2],
}

impl Outline {
    /// Returns what it outlines; none for a lake.
    pub(super) fn area(&self) -> Option<Area> {
        Area::new(self.code)
    }
}

/// Returns the outlines of the map, from the back to the front.
pub(super) fn outlines() -> impl Iterator<Item = Outline> {
    OUTLINES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        let (code, kind, path) = (columns.next()?, columns.next()?, columns.next()?);
        Some(Outline {
            code,
            kind,
            path,
            label: [columns.next()?, columns.next()?],
        })
    })
}

/// Returns the rows of a table that begin with the code of a region.
fn rows(table: &'static str) -> impl Iterator<Item = (AdminRegion, Vec<&'static str>)> {
    table.lines().filter_map(|line| {
        let columns: Vec<&'static str> = line.split('\t').collect();
        Some((AdminRegion::new(columns.first()?)?, columns))
    })
}

/// Returns the label's latitude and longitude in a row of the outlines.
fn label(columns: &[&str]) -> Option<Coordinates> {
    Coordinates::parse(columns.get(5)?, columns.get(6)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_a_name_in_each_language_and_a_point() {
        let lines = NAMES.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(REGIONS.len(), lines.count());
        assert!(REGIONS.values().all(|region| region.names.iter().all(|name| !name.is_empty())));
    }

    #[test]
    fn a_place_is_that_of_the_town_else_within_the_region() {
        let region = AdminRegion::new("ML-6").expect("a code");
        let town = Coordinates::parse("16.77", "-3.01");
        let of_town = place(&AboutRegion { region, town }, PageLanguage::Fr).expect("a place");
        assert_eq!((of_town.name, Some(of_town.point)), ("Tombouctou, Taoudénit", town));
        let of_region = place(&AboutRegion { region, town: None }, PageLanguage::En).expect("a place");
        assert_eq!(
            (of_region.name, of_region.point.degrees().0.as_str()),
            ("Timbuktu, Taoudénit", "21.50")
        );
        let unknown = AdminRegion::new("ML-9").expect("a code");
        assert_eq!(
            place(
                &AboutRegion {
                    region: unknown,
                    town: None
                },
                PageLanguage::En
            ),
            None
        );
    }
}
