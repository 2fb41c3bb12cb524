//! A story as pages show it beside others, in one line. The headlines of a topic stand in the manifest of the output, so that the index can be rendered
//! when another topic has changed.

use super::text::{language, to_plain_text, truncate};
use super::topic_feed::Item;
use super::url;
use crate::model::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The longest excerpt of a headline, in characters.
const EXCERPT_CHARS: usize = 280;
/// The longest headline, in characters.
const TITLE_CHARS: usize = 200;

/// A story in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// The id of the story.
    pub story: String,
    /// The published guid.
    pub guid: String,
    /// The lead's title, else the beginning of its text, else the name of its outlet; never empty.
    pub title: String,
    /// The lead's page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The lead's source.
    pub source: String,
    /// The name of its outlet.
    pub outlet: String,
    /// The country of its outlet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The lead's BCP 47 language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The lead's date, in Unix seconds.
    pub date: i64,
    /// The date of the newest report that is no copy, in Unix seconds.
    pub newest: i64,
    /// How many sources told it independently.
    pub independent: usize,
    /// How many other reports there are.
    pub reports: usize,
    /// The lead's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The beginning of the lead's text; empty where only its link is passed on.
    pub summary: String,
    /// The codes of the countries and regions that it is about.
    pub about: Vec<String>,
    /// The ids of the sources that tell it.
    pub sources: Vec<String>,
}

impl Headline {
    /// Returns the headline of an item.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        let plain = |text: &str, limit| truncate(&to_plain_text(text), limit);
        // A link needs a name.
        let mut texts = [&item.title, &item.summary, &item.outlet.name]
            .into_iter()
            .map(|text| plain(text, TITLE_CHARS));
        Self {
            story: item.story.to_string(),
            guid: item.guid.clone(),
            title: texts.find(|text| !text.is_empty()).unwrap_or_else(|| item.outlet.id.to_string()),
            link: item.link.as_ref().and_then(url::to_published),
            source: item.outlet.id.to_string(),
            outlet: to_plain_text(&item.outlet.name),
            country: item.outlet.country.clone(),
            language: item.language.as_deref().and_then(language).map(Cow::into_owned),
            date: item.date().unix(),
            newest: (item.also.iter().map(|report| report.date))
                .chain([item.date()])
                .max()
                .map_or(0, Timestamp::unix),
            independent: item.independent,
            reports: item.also.len() + item.unlisted,
            image: item.image.as_ref().and_then(|image| url::to_published(&image.url)),
            summary: plain(&item.summary, EXCERPT_CHARS),
            about: item.about.areas().map(|area| area.to_string()).collect(),
            sources: (item.also.iter().map(|report| &report.source))
                .chain([&item.outlet.id])
                .map(ToString::to_string)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
        }
    }

    /// Returns the lead's date.
    #[must_use]
    pub fn date(&self) -> Timestamp {
        Timestamp::from_unix(self.date)
    }

    /// Returns the date of the newest report that is no copy.
    #[must_use]
    pub fn newest(&self) -> Timestamp {
        Timestamp::from_unix(self.newest)
    }

    /// Returns the weight of the story among those of its day: who told it independently, less for each hour before `newest`.
    #[must_use]
    pub fn weight(&self, newest: Timestamp) -> f64 {
        /// After so many hours a story weighs half.
        const HALF_LIFE_HOURS: f64 = 10.0;
        let hours = newest.since(self.newest()).as_secs_f64() / 3600.0;
        let independent = u32::try_from(self.independent).unwrap_or(u32::MAX);
        f64::from(independent.max(1)).powf(1.2) * 0.5f64.powf(hours / HALF_LIFE_HOURS)
    }
}
