//! Judges whether a topic raises an alert on a story: several owners told it within a short time. Alerts are stored here and sent elsewhere.

use super::independence::{Teller, reports_with_tellers};
use crate::config::{AlertRule, Source};
use crate::model::{Alert, SourceId, StoryId, Timestamp, TopicId};
use crate::store::StoryEntry;
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// For so long after an alert, only an owner that had not told the story, or a new number in its title, raises another one.
const COOL_DOWN: Duration = Duration::from_hours(6);
/// An entry that is dated longer than this before it was first seen tells nothing that happens now: it stood in a feed that is new, or came late.
const MAX_DELAY: Duration = Duration::from_hours(6);

/// A story as alerts are judged on it.
pub struct AlertCandidate<'a> {
    /// The story.
    pub story: StoryId,
    /// The title of its lead.
    pub title: &'a str,
    /// Its entries that the topic may show, and that report an event.
    pub reports: Vec<&'a StoryEntry>,
    /// The alerts that the topic raised on it, the latest last.
    pub former: &'a [Alert],
}

impl AlertCandidate<'_> {
    /// Returns the alert that `topic` raises at `now`; `None` when there is no reason for one, or when it was raised before. An outlet of unknown
    /// owner may belong to one that has told the story already, so it is no evidence.
    #[must_use]
    pub fn judge<'s>(
        &self,
        topic: &TopicId,
        rule: &AlertRule,
        source: impl Fn(&SourceId) -> Option<&'s Source>,
        now: Timestamp,
    ) -> Option<Alert> {
        let is_recent = |entry: &StoryEntry| {
            !entry.is_archived && now.since(entry.first_seen) <= rule.within && entry.first_seen.since(entry.date) <= MAX_DELAY
        };
        let mut all: BTreeSet<Teller> = BTreeSet::new();
        // Owners as they are written, by what is compared.
        let (mut owners, mut recent): (BTreeMap<String, String>, BTreeSet<String>) = Default::default();
        for (entry, told_by) in reports_with_tellers(self.reports.iter().copied(), &source) {
            let written = match &told_by {
                Teller::Agency(agency) => Some(agency.as_str().to_owned()),
                Teller::Owner(_) => source(&entry.source).and_then(|own| own.owner.clone()),
                Teller::Source(_) => None,
            };
            if let Some(written) = written {
                let folded = fold(&written);
                if is_recent(entry) {
                    recent.insert(folded.clone());
                }
                owners.entry(folded).or_insert(written);
            }
            all.insert(told_by);
        }
        let is_widely_told = recent.len() >= rule.sources;
        let last = self.former.last();
        let is_due = match last {
            None => is_widely_told,
            Some(last) if now.since(last.at) < COOL_DOWN => {
                let cooling = || self.former.iter().filter(|former| now.since(former.at) < COOL_DOWN);
                let known: BTreeSet<String> = cooling().flat_map(|former| &former.owners).map(|owner| fold(owner)).collect();
                let numbers_told: BTreeSet<String> = cooling().flat_map(|former| numbers(&former.title)).collect();
                (is_widely_told && !recent.is_subset(&known)) || !numbers(self.title).is_subset(&numbers_told)
            }
            // What an earlier alert told is no reason for another.
            Some(last) => is_widely_told && self.reports.iter().any(|entry| is_recent(entry) && entry.first_seen > last.at),
        };
        is_due.then(|| Alert {
            topic: topic.clone(),
            story: self.story,
            at: now,
            owners: owners.into_values().collect(),
            sources: all.len(),
            title: self.title.to_owned(),
            sent: None,
        })
    }
}

/// Returns the numbers in a title, such as a death toll.
fn numbers(title: &str) -> BTreeSet<String> {
    let folded = fold(title);
    let runs = folded.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_any_digits() {
        assert_eq!(
            numbers("12 morts, 3 blessés à N'Djaména (12)"),
            ["12", "3"].map(str::to_owned).into()
        );
        assert_eq!(numbers("مقتل ١٢ شخصا"), ["12".to_owned()].into());
        assert!(numbers("Des morts").is_empty());
    }
}
