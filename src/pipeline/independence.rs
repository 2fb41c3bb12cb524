//! Who tells a story independently of the others: sources of one owner count once, a news agency once wherever its text stands, copies and
//! aggregators never. Rules, lists, feeds and alerts all count by this.

use super::marks::Marks;
use crate::config::{Source, SourceKind};
use crate::model::{Agency, EntryId, SourceId, StoryId};
use crate::store::{SharedReport, Store, StoreError, StoryEntry};
use crate::text::agency::agency_of_outlet;
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet};

/// One who tells a story on his own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Teller {
    /// A news agency, in its own feed or in an outlet.
    Agency(Agency),
    /// The owner of one or more sources, folded.
    Owner(String),
    /// A source of unknown owner, or one that was removed from the configuration.
    Source(SourceId),
}

/// What decides who tells a story with an entry.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'e> {
    id: EntryId,
    source: &'e SourceId,
    copy_of: Option<EntryId>,
    agency: Option<Agency>,
}

impl<'e> From<&'e StoryEntry> for Telling<'e> {
    fn from(entry: &'e StoryEntry) -> Self {
        Self {
            id: entry.id,
            source: &entry.source,
            copy_of: entry.copy_of,
            agency: entry.agency,
        }
    }
}

impl<'e> From<&'e SharedReport> for Telling<'e> {
    fn from(report: &'e SharedReport) -> Self {
        Self {
            id: report.id,
            source: &report.source,
            copy_of: report.copy_of,
            agency: report.agency,
        }
    }
}

/// Returns those of `entries` that tell the story, each with who told it: copies and what aggregators publish are left out. `source` returns the
/// source of an id, unless that was removed from the configuration.
#[must_use]
pub fn reports_with_tellers<'e, 's, E>(
    entries: impl IntoIterator<Item = &'e E>,
    source: impl Fn(&SourceId) -> Option<&'s Source>,
) -> Vec<(&'e E, Teller)>
where
    Telling<'e>: From<&'e E>,
{
    let entries: Vec<(&E, Telling<'e>)> = entries.into_iter().map(|entry| (entry, Telling::from(entry))).collect();
    // Where only a copy credits the agency, the text is the agency's all the same.
    let credited = entries.iter().filter_map(|(_, told)| Some((told.copy_of?, told.agency?)));
    let credited: BTreeMap<EntryId, Agency> = credited.collect();
    let teller = |(entry, told): (&'e E, Telling<'e>)| {
        let own = source(told.source);
        if told.copy_of.is_some() || own.and_then(|own| own.kind) == Some(SourceKind::Aggregator) {
            return None;
        }
        let agency = told.agency.or_else(|| credited.get(&told.id).copied());
        let teller = agency.or_else(|| own.and_then(agency_of_source)).map(Teller::Agency);
        Some((entry, teller.unwrap_or_else(|| outlet(told.source, own))))
    };
    entries.into_iter().filter_map(teller).collect()
}

/// Returns all who told `entries` independently.
#[must_use]
pub fn tellers<'e, 's, E: 'e>(
    entries: impl IntoIterator<Item = &'e E>,
    source: impl Fn(&SourceId) -> Option<&'s Source>,
) -> BTreeSet<Teller>
where
    Telling<'e>: From<&'e E>,
{
    let reports = reports_with_tellers(entries, source).into_iter();
    reports.map(|(_, teller)| teller).collect()
}

/// Returns how many told each story of `entries` independently, as a run counts them: what is hidden in all topics tells nothing.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn independent_counts<'s>(
    store: &Store,
    entries: &[StoryEntry],
    source: impl Fn(&SourceId) -> Option<&'s Source>,
) -> Result<BTreeMap<StoryId, usize>, StoreError> {
    let stories: BTreeSet<StoryId> = entries.iter().map(|entry| entry.story).collect();
    let marks = Marks::read(store, entries.iter().map(|entry| entry.id), stories.into_iter())?;
    let mut visible: BTreeMap<StoryId, Vec<&StoryEntry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !marks.is_hidden(entry.id, entry.story)) {
        visible.entry(entry.story).or_default().push(entry);
    }
    let count = |(story, entries)| (story, tellers(entries, &source).len());
    Ok(visible.into_iter().map(count).collect())
}

/// Returns the agency that a source is: by its owner, and by its name where its kind may be that of an agency.
fn agency_of_source(source: &Source) -> Option<Agency> {
    let may_be_agency = matches!(
        source.kind,
        None | Some(SourceKind::Wire | SourceKind::State | SourceKind::Government)
    );
    let name = Some(source.name.as_str()).filter(|_| may_be_agency);
    source.owner.as_deref().into_iter().chain(name).find_map(agency_of_outlet)
}

fn outlet(id: &SourceId, source: Option<&Source>) -> Teller {
    let owner = source.and_then(|source| source.owner.as_deref()).map(fold);
    let owner = owner.filter(|owner| !owner.trim().is_empty());
    owner.map_or_else(|| Teller::Source(id.clone()), Teller::Owner)
}
