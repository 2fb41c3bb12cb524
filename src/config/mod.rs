//! feeds.toml: read, checked, and turned into a [`Config`]; every mistake is found at once and reported with its line.
//!
//! Each table is stated once, as struct and keys, by the macro `table!`: the general ones in `site`, `[[source]]` in `source`, `[[topic]]`
//! and `[concept.NAME]` in `topic`. Queries, selectors and site rules stay text with their place: the modules that understand them compile
//! them. Nothing here reads the environment or a clock, and only `load` reads the disk.

mod append;
mod catalogue;
mod check;
mod choices;
mod edit;
mod failure;
mod file_lock;
mod formats;
mod included_list;
mod keys;
mod listing;
mod load;
mod masking;
mod notify;
mod notify_checks;
mod odd_characters;
mod problem;
mod remarks;
mod report;
mod root;
mod schema;
mod secret;
mod section;
mod site;
mod source;
mod suggest;
mod syntax;
mod table;
mod topic;
mod unknown;
mod values;
mod watch;
mod written_language;

#[cfg(test)]
mod tests;

pub use append::{NewSource, append_sources};
pub use catalogue::{catalogue, catalogue_names};
pub use check::from_str;
pub use choices::{
    ArticlePolicy, MetricsAccess, NotifyEvents, NotifyFormat, PageLanguage, Republish, Robots, SourceKind, StoryMode, TlsPolicy,
};
pub use edit::{Change, EditError, Edited, edit, remove_source, rename_source, rules_naming};
pub use failure::ConfigFailure;
pub use file_lock::FileLock;
pub use included_list::IncludedList;
pub use listing::{
    OPML_NAMESPACES, Settings, listed_keys, listed_sources, nested_settings, read_setting, setting_problem, setting_text, settings_problem,
    source_block,
};
pub use load::{language_in, load};
pub use notify::{NotifyAddress, NotifyTarget, Smtp};
pub use problem::{ConfigFile, ConfigProblem, Place, Placed};
pub use report::{ReportStyle, report, report_remarks, summary};
pub use root::Config;
pub use schema::schema;
pub use secret::Secret;
pub use site::{FetchPolicy, Report, Retention, Search};
pub use source::{DESK, ListPage, Select, Source, Strip};
pub use topic::{AlertRule, Concept, Expectation, Rule, Topic};
pub use watch::Watched;

/// What `griot init` writes: a configuration for the Sahel. It is the feeds.toml at the root of this project.
pub const PRESET_SAHEL: &str = include_str!("../../feeds.toml");

/// What `griot init --preset empty` writes: the tables with comments, without sources.
pub const PRESET_EMPTY: &str = include_str!("empty.toml");

/// [`PRESET_SAHEL`] with its comments and titles in French.
pub const PRESET_SAHEL_FR: &str = include_str!("sahel.fr.toml");

/// [`PRESET_EMPTY`] in French.
pub const PRESET_EMPTY_FR: &str = include_str!("empty.fr.toml");

/// Returns the duration that `text` gives, in the form that feeds.toml uses: `30s`, `8m`, `2h`, `14d`; none when it has another form.
#[must_use]
pub fn parse_duration(text: &str) -> Option<std::time::Duration> {
    values::duration(text).ok()
}
