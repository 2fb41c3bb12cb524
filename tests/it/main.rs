//! Tests of the whole program from outside: the built `griot`, a fake web on loopback, a fixed clock.

mod fake_web;
mod interface;
mod sample_feeds;
mod source_code;
mod world;

mod address_guard;
mod architecture;
mod changed_entries;
mod cli_output;
mod clock;
mod conditional_requests;
mod config_edits;
mod config_errors;
mod crash_recovery;
mod deduplication;
mod doctor;
mod exit_codes;
mod floods;
mod interstitials;
mod logging;
mod marks;
mod page_hosts;
mod rebuild;
mod references;
mod repeated_runs;
mod replay;
mod retention;
mod robots;
mod run_lock;
mod scheduling;
mod serve;
mod site_rules;
mod source_failures;
mod topic_feeds;
mod topic_rules;
