//! The arguments of `griot digest`.

use super::arg_values::duration;
use clap::{Args, ValueEnum};
use std::time::Duration;

/// `griot digest`.
#[derive(Debug, Args)]
pub struct Digest {
    /// The topic's id
    pub topic: String,
    /// How far back it goes
    #[arg(long, value_name = "DURATION", default_value = "24h", env = "GRIOT_SINCE", value_parser = duration)]
    pub since: Duration,
    /// Mail it to this address
    #[arg(long, value_name = "ADDRESS", env = "GRIOT_TO")]
    pub to: Option<String>,
    /// What is printed: the text, or the whole mail
    #[arg(long, value_name = "text|mail", default_value = "text", env = "GRIOT_FORMAT")]
    pub format: DigestFormat,
}

/// What is printed of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DigestFormat {
    /// The text alone.
    Text,
    /// The whole mail, headers and HTML included.
    Mail,
}
