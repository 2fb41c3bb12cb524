//! The arguments of `griot import` and `griot export`.

use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `griot import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The format of the list
    pub format: ImportFormat,
    /// The list; - for standard input
    #[arg(value_name = "FILE|-")]
    pub file: PathBuf,
    /// Only print what would be added and what not
    #[arg(long, env = "GRIOT_DRY_RUN", value_parser = FalseyValueParser::new())]
    pub dry_run: bool,
}

/// The formats of `griot import`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// OPML, also with the settings that other feed readers add
    Opml,
    /// A table whose first line names the columns: url, name, site, tags …
    Csv,
    /// An array of objects with the keys of a source, or one object a line
    Json,
    /// The file urls of newsboat
    Newsboat,
    /// The file sfeedrc of sfeed, which is read and not run
    Sfeed,
}

/// `griot export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The format
    pub format: ExportFormat,
    /// With json: the sources of feeds.toml, as the other formats, instead of the database
    #[arg(long, env = "GRIOT_SOURCES", value_parser = FalseyValueParser::new())]
    pub sources: bool,
}

/// The formats of `griot export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Entries, revisions, stories, placements, published: the canonical dump. With --sources the sources
    Json,
    /// The sources as OPML, also with the attributes of other feed readers
    Opml,
    /// The sources as a table
    Csv,
    /// The sources as the file urls of newsboat
    Newsboat,
    /// The sources as the file sfeedrc of sfeed
    Sfeed,
}
