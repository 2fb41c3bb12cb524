//! The lead: it alone knows more than one shop, and brings news from one to the next.
//!
//! `prepare` compiles the configuration, `run` conducts one run (gather feeds → settle → gather pages → compose → publish), `daemon` repeats it.
//! No parsing, no SQL, no rendering happens here.

pub mod app;
pub mod clock;
pub mod compose;
pub mod daemon;
pub mod doctor;
pub mod due;
pub mod feed_builder;
pub mod gather;
mod host_hold;
pub mod ingest;
pub mod outcome;
mod page_request;
pub mod pages;
mod pagination;
pub mod prepare;
pub mod robots;
pub mod run;
pub mod run_report;
pub mod settle;

pub use app::{App, OpenError, Tools};
pub use clock::Clock;
pub use prepare::{Prepared, RuleRemark, prepare};
pub use run_report::{RunError, RunOptions, RunReport, Step};

#[cfg(test)]
mod round_trip_tests;
