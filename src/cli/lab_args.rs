//! The arguments of `griot lab`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `griot lab`.
#[derive(Debug, Args)]
pub struct Lab {
    /// The part
    #[command(subcommand)]
    pub part: LabPart,
}

/// The parts of griot that can be run alone.
#[derive(Debug, Subcommand)]
pub enum LabPart {
    /// Train the model that selects the blocks of an article, with labelled pages, and print it
    Blocks(LabBlocks),
    /// Detect the language of texts
    Language(LabLanguage),
    /// Evaluate a query on texts, with the built-in concepts
    Topic(LabTopic),
    /// Group texts into stories, in the order of their dates
    Stories(LabStories),
    /// Group the texts of a file that are copies of each other, as a run would; each text with its group
    Copies(LabStories),
    /// Compare pairs of texts; each pair with how likely both tell one event
    Pairs(LabPairs),
    /// Learn the weights of a built-in concept from labelled texts, and print them
    Concept(LabConcept),
}

/// `griot lab blocks`.
#[derive(Debug, Args)]
pub struct LabBlocks {
    /// Pairs of a JSON file {"ID": {"articleBody", "url"}} and the folder with its pages, ID.html
    #[arg(value_name = "TRUTH PAGES", required = true, num_args = 2..)]
    pub inputs: Vec<PathBuf>,
}

/// `griot lab language`.
#[derive(Debug, Args)]
pub struct LabLanguage {
    /// JSON lines {"id", "title"}, or lines with the text after the last tab; - for standard input
    #[arg(value_name = "FILE|-")]
    pub input: PathBuf,
    /// Instead train the model with FILE and MORE, lines with a BCP 47 tag, a tab and a text, and print it; `und` stands for
    /// other languages, and accuracy is measured on FILE only
    #[arg(long, value_name = "MORE")]
    pub learn: Option<PathBuf>,
}

/// `griot lab topic`.
#[derive(Debug, Args)]
pub struct LabTopic {
    /// The query
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: String,
    /// JSON lines {"id", "title", "body", "lang", "country", "source"}, of which only the title is needed; - for standard input
    #[arg(value_name = "FILE|-")]
    pub input: PathBuf,
}

/// `griot lab stories` and `griot lab copies`.
#[derive(Debug, Args)]
pub struct LabStories {
    /// JSON lines {"id", "title", "body", "lang", "published", "source"}, of which only the title is needed; - for standard input
    #[arg(value_name = "FILE|-")]
    pub input: PathBuf,
}

/// `griot lab pairs`.
#[derive(Debug, Args)]
pub struct LabPairs {
    /// JSON lines `{"pair_id", "text1", "text2"}`; - for standard input
    #[arg(value_name = "FILE|-")]
    pub input: PathBuf,
}

/// `griot lab concept`.
#[derive(Debug, Args)]
pub struct LabConcept {
    /// The concept, such as @politics
    #[arg(value_name = "@CONCEPT")]
    pub concept: String,
    /// JSON lines {"title", "body", "lang", "outlet", "label"}; the label is yes or no, lines without one are left out
    #[arg(value_name = "FILE|-")]
    pub input: PathBuf,
}
