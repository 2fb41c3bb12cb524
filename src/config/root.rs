//! The whole of feeds.toml: the checked [`Config`], and the keys of the top level.

use super::included_list::IncludedList;
use super::keys::{Key, KeyTable, ValueKind};
use super::notify::{NotifyTarget, Smtp};
use super::problem::{ConfigFile, ConfigProblem};
use super::site::{Admin, FetchPolicy, Report, Retention, Search, Serve, Site};
use super::source::{ListPage, Select, Source, Strip};
use super::table::Table;
use super::topic::{AlertRule, Concept, Expectation, Topic};
use crate::model::SourceId;
use std::collections::{BTreeMap, BTreeSet};

/// The whole checked configuration.
///
/// Queries, selectors and site rules stay text with their place; the modules that understand them compile them.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The files it was read from; the first is feeds.toml itself, the others were included.
    pub files: Vec<ConfigFile>,
    /// `[site]`.
    pub site: Site,
    /// `[fetch]`.
    pub fetch: FetchPolicy,
    /// `[report]`.
    pub report: Report,
    /// `[retention]`.
    pub retention: Retention,
    /// `[search]`.
    pub search: Search,
    /// `[serve]`.
    pub serve: Serve,
    /// `[[source]]`, in the order of the files.
    pub sources: Vec<Source>,
    /// `[[include_opml]]`, in the order of the file.
    pub included_lists: Vec<IncludedList>,
    /// The ids of those `sources` that came from such lists and not from feeds.toml.
    pub listed: BTreeSet<SourceId>,
    /// `[[topic]]`, in the order of the files.
    pub topics: Vec<Topic>,
    /// `[concept.NAME]`.
    pub concepts: BTreeMap<String, Concept>,
    /// `[admin]`.
    pub admin: Option<Admin>,
    /// `[smtp]`.
    pub smtp: Option<Smtp>,
    /// The site rules of the folder `rules/` next to feeds.toml, sorted by name. Only [`super::load()`] reads them.
    pub rules: Vec<ConfigFile>,
    /// What is no mistake, but hardly meant.
    pub remarks: Vec<ConfigProblem>,
}

impl Config {
    /// Returns the sources that rules may name; none while lists from the web add others: a source that leaves a list is no mistake in a rule.
    #[must_use]
    pub fn closed_sources(&self) -> Option<&[Source]> {
        self.included_lists.is_empty().then_some(&self.sources)
    }
}

/// The top level.
pub(super) static ROOT: KeyTable = KeyTable {
    head: "the top level",
    description: "",
    required: &[],
    entries: &[
        Key::of_table("site", ValueKind::Table(Site::KEYS)),
        Key::of_table("fetch", ValueKind::Table(FetchPolicy::KEYS)),
        Key::of_table("report", ValueKind::Table(Report::KEYS)),
        Key::of_table("retention", ValueKind::Table(Retention::KEYS)),
        Key::of_table("search", ValueKind::Table(Search::KEYS)),
        Key::of_table("serve", ValueKind::Table(Serve::KEYS)),
        Key::of_table("source", ValueKind::Tables(Source::KEYS)),
        Key::of_table("include_opml", ValueKind::Tables(IncludedList::KEYS)),
        Key::of_table("topic", ValueKind::Tables(Topic::KEYS)),
        Key::of_table("concept", ValueKind::Named(Concept::KEYS)),
        Key::of_table("admin", ValueKind::Table(Admin::KEYS)),
        Key::of_table("smtp", ValueKind::Table(Smtp::KEYS)),
    ],
};

/// Every table below the top level, for suggesting where a misplaced key belongs. Those a newcomer writes first come first.
pub(super) static TABLES: [&KeyTable; 18] = [
    Site::KEYS,
    Source::KEYS,
    Topic::KEYS,
    FetchPolicy::KEYS,
    Report::KEYS,
    Retention::KEYS,
    Search::KEYS,
    Serve::KEYS,
    Admin::KEYS,
    Smtp::KEYS,
    Concept::KEYS,
    Select::KEYS,
    ListPage::KEYS,
    Strip::KEYS,
    Expectation::KEYS,
    AlertRule::KEYS,
    NotifyTarget::KEYS,
    IncludedList::KEYS,
];
