//! The only module that combines stages.
//!
//! `prepare` compiles the configuration, `run` does one run (gather feeds → settle → gather pages → compose → publish), `daemon` repeats it.
//! Parsing, SQL and rendering are done by the modules below.

mod alerts;
mod announcements;
pub mod app;
mod archive;
mod backfill;
pub mod clip;
pub mod clock;
pub mod clock_check;
mod compared_text;
mod comparison;
pub mod compose;
pub mod daemon;
pub mod deliver;
mod departures;
pub mod doctor;
pub mod due;
mod entry_reader;
pub mod entry_view;
pub mod explain;
pub mod feed_builder;
pub mod feed_query;
mod feed_selection;
mod fingerprints;
mod forms;
pub mod gather;
pub mod health_feed;
pub mod health_page;
mod host_hold;
pub mod independence;
pub mod ingest;
mod item_builder;
mod item_context;
mod item_reports;
pub mod lab_pairs;
pub mod lab_stories;
pub mod lab_topic;
mod labels;
pub mod listed_sources;
pub mod mail;
mod marks;
mod media_address;
mod moved_site;
pub mod new_source;
pub mod notify_targets;
pub mod outcome;
pub mod outlets;
mod page_hosts;
mod page_request;
pub mod pages;
mod pagination;
pub mod prepare;
pub mod private_feeds;
mod reading_list_update;
pub mod reading_lists;
pub mod rebuild;
pub mod reload;
pub mod remedy;
pub mod retention;
mod robots;
pub mod run;
pub mod run_ping;
pub mod run_report;
pub mod run_status;
pub mod search;
pub mod search_index;
pub mod served_site;
pub mod serving;
pub mod settle;
mod site_info;
pub mod source_changes;
pub mod source_condition;
pub mod source_export;
pub mod source_import;
pub mod source_pages;
mod stage_panics;
mod story_evaluation;
pub mod story_moves;
pub mod story_news;
pub mod story_pages;
pub mod story_view;
pub mod topic_digest;
pub mod topic_eval;
mod topic_evaluator;
mod topic_item;
pub mod topic_learn;
mod topic_models;
mod topic_rule;
pub mod topic_suggest;
pub mod topic_test;
mod withdrawn_pages;

pub use app::{App, OpenError, Tools};
pub use clock::Clock;
pub use prepare::{Prepared, RuleRemark, prepare};
pub use run_report::{RunError, RunOptions, RunReport, Step, TopicCount};
pub use topic_rule::TopicRule;

#[cfg(test)]
mod alert_tests;
#[cfg(test)]
mod arabic_tests;
#[cfg(test)]
mod curation_tests;
#[cfg(test)]
mod evaluation_tests;
#[cfg(test)]
mod explain_tests;
#[cfg(test)]
mod independence_tests;
#[cfg(test)]
mod ingest_tests;
#[cfg(test)]
mod item_reports_tests;
#[cfg(test)]
mod learning_tests;
#[cfg(test)]
mod publishing_tests;
#[cfg(test)]
mod round_trip_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod search_tests;
#[cfg(test)]
mod topic_test_tests;
