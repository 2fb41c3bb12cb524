//! The arguments of `griot search`.

use clap::{Args, ValueEnum};

const AFTER_HELP: &str = "\
Words are found in any number (attaque, attaques), without regard to case and accents:
  junta \"coup d'État\"        both, in headline, summary or text
  attaqu*                    a beginning of a word
  Djibo OR Arbinda -football alternatives; not
  chef NEAR/5 armée          near each other
  title: text: author: category:          one part of an entry
  lang:fr,ar  source:lefaso  about:ML,NE  country:BF  kind:state  tag:radio  mark:opinion  topic:sahel
  since:24h  since:2026-08-01  date:2026-08  date:2026-08-01..2026-08-15
  *                          all that is stored; with --sort date the newest first";

/// `griot search`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct Search {
    /// What to look for, see below
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    pub query: String,
    /// More of the query
    #[arg(value_name = "QUERY")]
    pub more: Vec<String>,
    /// How many entries are shown
    #[arg(long, value_name = "NUMBER", default_value_t = 20, env = "GRIOT_LIMIT")]
    pub limit: usize,
    /// How many of the first results are left out: those that were shown before
    #[arg(long, value_name = "NUMBER", default_value_t = 0, env = "GRIOT_OFFSET")]
    pub offset: usize,
    /// The order of the results
    #[arg(long, value_name = "ORDER", default_value = "relevance", env = "GRIOT_SORT")]
    pub sort: SearchSort,
}

/// The order of what a search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchSort {
    /// The best match first, of equal ones the newest.
    Relevance,
    /// The newest first.
    Date,
}
