//! griot follows many regional news feeds, tells each story once, and republishes curated topic feeds.

pub mod model;

pub mod html;
pub mod text;

pub mod config;
pub mod store;

pub mod curate;
pub mod dedupe;
pub mod extract;
pub mod fetch;
pub mod parse;
pub mod publish;
pub mod schedule;

pub mod pipeline;

pub mod cli;
pub mod serve;
