//! How many stories are about each country and each administrative region.

use crate::model::{About, Area, StoryId};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the number of stories about each country and region. A story that several topics show counts once, in each country and region of its items; one
/// that is about a region is about its country as well.
#[must_use]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the page of the region, which is not there yet, draws them")
)]
pub fn stories_by_area<'a>(items: impl IntoIterator<Item = (StoryId, &'a About)>) -> BTreeMap<Area, usize> {
    let areas = items
        .into_iter()
        .flat_map(|(story, about)| about.areas().map(move |area| (area, story)));
    let each_once: BTreeSet<(Area, StoryId)> = areas.collect();
    let mut counts = BTreeMap::new();
    for (area, _) in each_once {
        *counts.entry(area).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_counts_once_in_each_of_its_countries_and_regions() {
        let story = |byte: u8| StoryId::from_bytes([byte; 16]);
        let [gao, mopti, niger] = ["ML:0.6 NE:0.4 ML-7", "ML:1 ML-5 ML-7@16.27,-0.04", "NE:1"].map(About::decode);
        let counts = stories_by_area([(story(1), &gao), (story(2), &mopti), (story(1), &gao), (story(3), &niger)]);
        let counts: Vec<String> = counts.iter().map(|(area, count)| format!("{area} {count}")).collect();
        assert_eq!(counts, ["ML 2", "NE 2", "ML-5 1", "ML-7 2"]);
    }
}
