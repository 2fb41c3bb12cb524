//! What is told of a story, of an alert, and of stories beyond the limit: plain texts and checked addresses, which the caller gives.

use crate::config::PageLanguage;
use crate::model::Timestamp;
use serde::Serialize;

/// Which site and topic the news is of.
#[derive(Debug, Clone)]
pub struct Briefing {
    /// The title of the site.
    pub site: String,
    /// The topic's id.
    pub topic: String,
    /// The topic's title.
    pub title: String,
    /// The address of the topic's page; none for a private topic, or when it is not known.
    pub page: Option<String>,
    /// The language of fixed texts.
    pub language: PageLanguage,
    /// The IANA time zone of times that people read.
    pub timezone: String,
}

/// A story as it is told. The names of its JSON are those of `_griot` in JSON feeds.
#[derive(Debug, Clone, Serialize)]
pub struct StoryNews {
    /// The published guid of its item.
    pub guid: String,
    /// The story's id.
    pub story: String,
    /// Its title.
    pub title: String,
    /// The lead's page.
    pub link: Option<String>,
    /// What `republish` allows of its text, at most 300 characters; empty where it allows nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The lead's outlet.
    pub outlet: OutletNews,
    /// The lead's BCP 47 language tag.
    pub language: Option<String>,
    /// When the lead was published, as its publisher says.
    #[serde(serialize_with = "optional_time")]
    pub published: Option<Timestamp>,
    /// When the lead was first fetched.
    #[serde(serialize_with = "time")]
    pub first_seen: Timestamp,
    /// When the story was first published in a topic feed.
    #[serde(serialize_with = "time")]
    pub first_published: Timestamp,
    /// When its text last really changed.
    #[serde(serialize_with = "time")]
    pub updated: Timestamp,
    /// The countries that it is about.
    pub about: Vec<CountryShare>,
    /// What kind of text it is, when it reports no event of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<&'static str>,
    /// How many told it independently.
    pub independent: usize,
    /// The lead and the other reports.
    pub sources: Vec<ReportNews>,
    /// The number of further reports.
    pub more: usize,
    /// The number of copies of these texts.
    pub copies: usize,
    /// The editor's note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// A country with its share of a story.
#[derive(Debug, Clone, Serialize)]
pub struct CountryShare {
    /// The ISO 3166 code.
    pub country: String,
    /// The share, at most 1.
    pub share: f64,
}

/// An outlet.
#[derive(Debug, Clone, Serialize)]
pub struct OutletNews {
    /// The source's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its home page.
    pub url: Option<String>,
    /// What kind of outlet it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
}

/// A report of a story.
#[derive(Debug, Clone, Serialize)]
pub struct ReportNews {
    /// The source's id.
    pub id: String,
    /// The outlet's name.
    pub name: String,
    /// What kind of outlet it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: Option<String>,
    /// Its date.
    #[serde(serialize_with = "time")]
    pub date: Timestamp,
    /// The news agency whose text it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<&'static str>,
}

/// An alert.
#[derive(Debug, Clone, Serialize)]
pub struct AlertNews {
    /// When it was raised.
    #[serde(serialize_with = "time")]
    pub at: Timestamp,
    /// How many told the story independently by then.
    pub sources: usize,
    /// The owners of the outlets, as far as they are known.
    pub owners: Vec<String>,
    /// The title of the story by then.
    pub title: String,
}

/// Stories beyond the number that is told one by one.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SummaryNews {
    /// How many.
    pub stories: usize,
}

impl StoryNews {
    /// Returns the publisher's date, at most the time of publication here; where there is none, when it was first seen.
    #[must_use]
    pub fn date(&self) -> Timestamp {
        self.published.unwrap_or(self.first_seen).min(self.first_published)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn time<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.rfc3339())
}

#[expect(clippy::ref_option, reason = "serde passes references")]
fn optional_time<S: serde::Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.serialize_str(&time.rfc3339()),
        None => serializer.serialize_none(),
    }
}
