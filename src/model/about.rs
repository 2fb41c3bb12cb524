//! What an entry is about: countries with their shares, and administrative regions of them.

use super::admin_region::AdminRegion;
use super::coordinates::Coordinates;
use super::country::Country;
use std::fmt;

/// The countries that an entry is about, the largest share first, and their regions. Empty when it is about none that is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct About {
    countries: Vec<(Country, f64)>,
    regions: Vec<AboutRegion>,
}

/// An administrative region that an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AboutRegion {
    /// The region.
    pub region: AdminRegion,
    /// Where the town lies that the entry names most, when there is one.
    pub town: Option<Coordinates>,
}

/// A country or an administrative region, as queries ask for what entries are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// A country.
    Country(Country),
    /// An administrative region.
    Region(AdminRegion),
}

impl Area {
    /// Returns the country or region of an ISO 3166 code, such as `ML` and `ML-7`; `None` for what is none. Whether it exists is not checked.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        (Country::new(code).map(Self::Country)).or_else(|| AdminRegion::new(code).map(Self::Region))
    }

    /// Returns its country: itself, or that in which the region lies.
    #[must_use]
    pub const fn country(self) -> Country {
        match self {
            Self::Country(country) => country,
            Self::Region(region) => region.country(),
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country(country) => country.fmt(formatter),
            Self::Region(region) => region.fmt(formatter),
        }
    }
}

// No share is NaN: scores are sums of finite numbers, and what is read is checked.
impl Eq for About {}

impl About {
    /// Returns what an entry is about by the scores of countries: those that are at least `min_score`, and more than `min_ratio` of the highest.
    #[must_use]
    pub fn by_scores(scores: &[(Country, f64)], min_score: f64, min_ratio: f64) -> Self {
        let most = scores.iter().map(|(_, score)| *score).fold(0.0, f64::max);
        let is_meant = |(_, score): &&(Country, f64)| *score >= min_score && *score > min_ratio * most;
        let mut countries: Vec<(Country, f64)> = scores.iter().filter(is_meant).copied().collect();
        let sum: f64 = countries.iter().map(|(_, score)| score).sum();
        for (_, score) in &mut countries {
            // Two digits are stored.
            *score = (*score / sum * 100.0).round() / 100.0;
        }
        countries.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        Self {
            countries,
            regions: Vec::new(),
        }
    }

    /// Returns the same with these regions, of which those of other countries are left out.
    #[must_use]
    pub fn with_regions(mut self, mut regions: Vec<AboutRegion>) -> Self {
        regions.retain(|own| self.is_one_of(&[own.region.country()]));
        self.regions = regions;
        self
    }

    /// Returns the countries with their shares of 1, the largest first.
    #[must_use]
    pub fn countries(&self) -> &[(Country, f64)] {
        &self.countries
    }

    /// Returns the administrative regions, the most prominent first.
    #[must_use]
    pub fn regions(&self) -> &[AboutRegion] {
        &self.regions
    }

    /// Returns whether the entry is about one of these countries.
    #[must_use]
    pub fn is_one_of(&self, countries: &[Country]) -> bool {
        self.countries.iter().any(|(country, _)| countries.contains(country))
    }

    /// Returns the countries and the regions.
    pub fn areas(&self) -> impl Iterator<Item = Area> {
        let countries = self.countries.iter().map(|(country, _)| Area::Country(*country));
        countries.chain(self.regions.iter().map(|own| Area::Region(own.region)))
    }

    /// Returns the countries with their shares, such as `ML:0.7 NE:0.3`.
    #[must_use]
    pub fn shares(&self) -> String {
        let parts: Vec<String> = self.countries.iter().map(|(country, share)| format!("{country}:{share}")).collect();
        parts.join(" ")
    }

    /// Returns the form in which it is stored, such as `ML:0.7 NE:0.3 ML-7@16.27,-0.04 ML-6`: the location is that of the town.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = self.shares();
        for AboutRegion { region, town } in &self.regions {
            text.push(' ');
            text.push_str(region.as_str());
            if let Some(town) = town {
                let (latitude, longitude) = town.degrees();
                text.extend(["@", &latitude, ",", &longitude]);
            }
        }
        text
    }

    /// Reads what [`Self::encode`] wrote; what cannot be read is left out.
    #[must_use]
    pub fn decode(text: &str) -> Self {
        let part = |part: &str| {
            let (country, share) = part.split_once(':')?;
            let share = share.parse().ok().filter(|share: &f64| share.is_finite())?;
            Some((Country::new(country)?, share))
        };
        let region = |part: &str| {
            let (code, location) = part.split_once('@').unwrap_or((part, ""));
            let town = location.split_once(',');
            Some(AboutRegion {
                region: AdminRegion::new(code)?,
                town: town.and_then(|(latitude, longitude)| Coordinates::parse(latitude, longitude)),
            })
        };
        Self {
            countries: text.split_whitespace().filter_map(part).collect(),
            regions: Vec::new(),
        }
        .with_regions(text.split_whitespace().filter_map(region).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_far_below_the_highest_are_mentions() {
        let [mali, niger, chad] = [*b"ML", *b"NE", *b"TD"].map(Country::of);
        let about = About::by_scores(&[(niger, 2.0), (mali, 6.0), (chad, 5.0)], 1.0, 0.5);
        assert_eq!(about.encode(), "ML:0.55 TD:0.45");
        assert!(about.is_one_of(&[niger, chad]) && !about.is_one_of(&[niger]));
        assert_eq!(About::decode(&about.encode()), about);
        assert_eq!(About::by_scores(&[(mali, 0.9)], 1.0, 0.5), About::default());
        assert_eq!(About::decode("ML x:1 TD: NE:NaN"), About::default());
    }

    #[test]
    fn regions_are_those_of_its_countries() {
        let text = "ML:0.55 TD:0.45 ML-7@16.27,-0.04 TD-ND";
        let about = About::decode(text);
        assert_eq!((about.encode().as_str(), about.shares().as_str()), (text, "ML:0.55 TD:0.45"));
        let codes: Vec<String> = about.regions().iter().map(|own| own.region.to_string()).collect();
        assert_eq!(codes, ["ML-7", "TD-ND"]);
        assert_eq!(about.regions()[0].town, Coordinates::parse("16.27", "-0.04"));
        assert_eq!(
            About::decode("ML:1 NE-8 ML-7@x ML-").encode(),
            "ML:1 ML-7",
            "what cannot be read is left out"
        );
    }
}
