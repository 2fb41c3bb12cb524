//! `SQLite` behind the store: SQL and rusqlite are used here and nowhere else in griot. One file per table or group of tables.
//!
//! One thread owns the writing connection, so that no transaction fails because another thread of the program writes (see
//! `docs/design/0003-store.md`); a few read-only connections run all queries.

pub(super) mod alert;
pub(super) mod apply;
pub(super) mod archive;
pub(super) mod article;
pub(super) mod backup;
mod column;
pub(super) mod compared;
pub(super) mod composition;
mod database;
pub(super) mod delivery;
pub(super) mod entry;
mod entry_row;
mod error;
pub(super) mod event;
pub(super) mod export;
pub(super) mod file;
pub(super) mod fingerprint;
pub(super) mod host;
pub(super) mod key;
pub(super) mod mark;
mod migrate;
pub(super) mod page;
pub(super) mod placement;
pub(super) mod problem;
pub(super) mod provenance;
pub(super) mod prune;
pub(super) mod published;
pub(super) mod published_check;
pub(super) mod reading_list;
pub(super) mod rebuild;
pub(super) mod repair;
pub(super) mod restore;
pub(super) mod revision;
pub(super) mod run;
mod search_facts;
pub(super) mod search_index;
pub(super) mod search_query;
pub(super) mod source;
pub(super) mod source_activity;
pub(super) mod source_life;
pub(super) mod stats;
pub(super) mod story;
pub(super) mod term;
pub(super) mod text;
pub(super) mod topic_model;
mod tuning;
pub(super) mod vacuum;
pub(super) mod verify;
pub(super) mod withdrawal;
mod writer;

pub(super) use database::Database;
pub(super) use tuning::Tuning;

#[cfg(test)]
mod prune_tests;
#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod source_activity_tests;
#[cfg(test)]
mod statement_tests;
#[cfg(test)]
mod tests;
