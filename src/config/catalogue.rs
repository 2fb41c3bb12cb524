//! The catalogue of sources that the program contains, by country and region. Pure.

/// The files of the catalogue, each with its name.
const FILES: [(&str, &str); 12] = [
    ("burkina-faso", include_str!("../../sources/burkina-faso.toml")),
    (
        "central-african-republic",
        include_str!("../../sources/central-african-republic.toml"),
    ),
    ("chad", include_str!("../../sources/chad.toml")),
    ("international", include_str!("../../sources/international.toml")),
    ("mali", include_str!("../../sources/mali.toml")),
    ("mauritania", include_str!("../../sources/mauritania.toml")),
    ("niger", include_str!("../../sources/niger.toml")),
    ("nigeria", include_str!("../../sources/nigeria.toml")),
    ("pan-african", include_str!("../../sources/pan-african.toml")),
    ("regional", include_str!("../../sources/regional.toml")),
    ("senegal", include_str!("../../sources/senegal.toml")),
    ("sudan", include_str!("../../sources/sudan.toml")),
];

/// The languages by which the catalogue can be chosen from.
const LANGUAGES: [&str; 4] = ["ar", "en", "fr", "ha"];

/// Returns what the catalogue can be asked for: countries and regions, then languages.
pub fn catalogue_names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name).chain(LANGUAGES)
}

/// Returns the blocks of the sources of a country or region (`niger`), of a language (`fr`), or of both (`niger/fr`), with their comments; none when
/// the catalogue does not have it.
#[must_use]
pub fn catalogue(wanted: &str) -> Option<Vec<&'static str>> {
    let (place, language) = match wanted.split_once('/') {
        Some((place, language)) => (Some(place), Some(language)),
        None if LANGUAGES.contains(&wanted) => (None, Some(wanted)),
        None => (Some(wanted), None),
    };
    let has_place = place.is_none_or(|place| FILES.iter().any(|(name, _)| *name == place));
    if !has_place || !language.is_none_or(|language| LANGUAGES.contains(&language)) {
        return None;
    }
    let files = FILES.iter().filter(|(name, _)| place.is_none_or(|place| place == *name));
    let blocks = files.flat_map(|(_, text)| blocks(text));
    Some(
        blocks
            .filter(|block| language.is_none_or(|language| block.contains(&format!("\nlang    = \"{language}\"\n"))))
            .collect(),
    )
}

/// Returns the blocks of a file, from each head of a source to the next empty line.
fn blocks(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.match_indices("[[source]]\n").map(|(at, _)| {
        let block = &text[at..];
        block.find("\n\n").map_or(block, |end| &block[..=end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PRESET_SAHEL, from_str};
    use std::collections::BTreeMap;

    #[test]
    fn every_block_is_a_good_source_and_none_stands_twice() {
        let all: Vec<&str> = FILES.iter().flat_map(|(name, _)| catalogue(name).expect("it is there")).collect();
        let config = from_str("catalogue".as_ref(), &all.join("\n")).expect("no mistakes");
        assert_eq!(config.sources.len(), all.len());
        assert_eq!(config.sources.iter().filter(|source| source.enabled).count(), 96);
        let repeated: Vec<&str> = config
            .remarks
            .iter()
            .filter(|remark| remark.place.is_some())
            .map(|remark| remark.message.as_str())
            .collect();
        assert_eq!(repeated, [""; 0]);
        let files: usize = FILES
            .iter()
            .map(|(_, text)| from_str("catalogue".as_ref(), text).expect("no mistakes").sources.len())
            .sum();
        assert_eq!(files, all.len(), "each block ends with an empty line");
    }

    #[test]
    fn the_shipped_sources_are_those_of_the_catalogue() {
        let shipped = from_str("feeds.toml".as_ref(), PRESET_SAHEL).expect("no mistakes").sources;
        let all: Vec<&str> = FILES.iter().flat_map(|(name, _)| catalogue(name).expect("it is there")).collect();
        let config = from_str("catalogue".as_ref(), &all.join("\n")).expect("no mistakes");
        let known: BTreeMap<_, _> = config.sources.iter().map(|source| (&source.id, &source.urls)).collect();
        for source in &shipped {
            assert_eq!(known.get(&source.id), Some(&&source.urls), "{}", source.id);
        }
    }

    #[test]
    fn it_is_chosen_by_country_and_language() {
        let niger = catalogue("niger").expect("it is there");
        assert!(niger.len() > 5 && niger.iter().all(|block| block.contains("country = \"NE\"")));
        let arabic = catalogue("ar").expect("it is there");
        assert!(!arabic.is_empty() && arabic.iter().all(|block| block.contains("lang    = \"ar\"")));
        let both = catalogue("nigeria/ha").map(|blocks| blocks.len());
        assert_eq!(
            both,
            Some(
                catalogue("nigeria")
                    .expect("it is there")
                    .iter()
                    .filter(|block| block.contains("\"ha\"\n"))
                    .count()
            )
        );
        for unknown in ["atlantis", "niger/xx", "xx", ""] {
            assert_eq!(catalogue(unknown), None, "{unknown}");
        }
        assert!(catalogue_names().all(|name| catalogue(name).is_some_and(|blocks| !blocks.is_empty())));
    }
}
