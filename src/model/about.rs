//! What an entry is about: countries with their shares.

use super::country::Country;

/// The countries that an entry is about, the largest share first. Empty when it is about none that is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct About {
    countries: Vec<(Country, f64)>,
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
        Self { countries }
    }

    /// Returns the countries with their shares of 1, the largest first.
    #[must_use]
    pub fn countries(&self) -> &[(Country, f64)] {
        &self.countries
    }

    /// Returns whether the entry is about one of these countries.
    #[must_use]
    pub fn is_one_of(&self, countries: &[Country]) -> bool {
        self.countries.iter().any(|(country, _)| countries.contains(country))
    }

    /// Returns the form in which it is stored, such as `ML:0.7 NE:0.3`.
    #[must_use]
    pub fn encode(&self) -> String {
        let parts: Vec<String> = self.countries.iter().map(|(country, share)| format!("{country}:{share}")).collect();
        parts.join(" ")
    }

    /// Reads what [`Self::encode`] wrote; what cannot be read is left out.
    #[must_use]
    pub fn decode(text: &str) -> Self {
        let part = |part: &str| {
            let (country, share) = part.split_once(':')?;
            let share = share.parse().ok().filter(|share: &f64| share.is_finite())?;
            Some((Country::new(country)?, share))
        };
        Self {
            countries: text.split_whitespace().filter_map(part).collect(),
        }
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
}
