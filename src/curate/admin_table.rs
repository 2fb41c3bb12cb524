//! The administrative regions in which places of the gazetteer lie: `places/admin.tsv`, which `places/make_admin.py` makes.

use crate::model::{AdminRegion, Coordinates, Country};
use std::collections::HashMap;

/// The table.
pub(super) const TABLE: &str = include_str!("places/admin.tsv");

/// Where a place lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AdminPlace {
    pub region: AdminRegion,
    /// The location of a town.
    pub town: Option<Coordinates>,
}

/// Where places lie, by country and name.
pub(super) type AdminTable = HashMap<(Country, &'static str), AdminPlace>;

/// Reads the table.
pub(super) fn read() -> AdminTable {
    rows().collect()
}

/// Returns whether places of the gazetteer lie in the region.
pub(super) fn is_known(region: AdminRegion) -> bool {
    rows().any(|(_, place)| place.region == region)
}

/// Returns the codes of the regions of a country, each once, in their order.
pub(super) fn regions_of(country: Country) -> Vec<AdminRegion> {
    let mut regions: Vec<AdminRegion> = rows().map(|(_, place)| place.region).collect();
    regions.retain(|region| region.country() == country);
    regions.dedup();
    regions
}

fn rows() -> impl Iterator<Item = ((Country, &'static str), AdminPlace)> {
    TABLE.lines().filter_map(row)
}

/// Reads a line: the code, the name, latitude and longitude, separated by tabs. `None` for a comment.
fn row(line: &'static str) -> Option<((Country, &'static str), AdminPlace)> {
    let mut columns = line.split('\t');
    let (code, name) = (columns.next()?, columns.next()?);
    let region = AdminRegion::new(code)?;
    let town = columns.next().zip(columns.next());
    let town = town.and_then(|(latitude, longitude)| Coordinates::parse(latitude, longitude));
    Some(((region.country(), name), AdminPlace { region, town }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let (_, place) = row(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(place.town.is_some(), line.split('\t').count() == 4, "{line}");
        }
        assert!(is_known(AdminRegion::new("ML-BKO").expect("a code")) && !is_known(AdminRegion::new("ML-9").expect("a code")));
        assert_eq!(regions_of(Country::of(*b"NE")).len(), 8);
    }
}
