//! The command line's arguments. Each flag has a `GRIOT_…` variable; a flag has priority over it, it over feeds.toml, feeds.toml over the default.

use super::arg_values::{duration, share, web_url};
pub use super::db_args::{Backup, Db, DbTask, Prune, Restore, Verify};
pub use super::digest_args::Digest;
pub use super::exchange_args::{Export, ExportFormat, Import, ImportFormat};
pub use super::lab_args::{Lab, LabBlocks, LabConcept, LabLanguage, LabPairs, LabPart, LabStories, LabTopic};
pub use super::search_args::{Search, SearchSort};
pub use super::topic_args::{
    Against, Explain, Label, Show, TopicCommand, TopicEval, TopicMark, TopicSuggest, TopicTask, TopicTest, TopicWeights,
};
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use url::Url;

/// Follows many regional news feeds, tells each story once, and republishes curated topic feeds.
#[derive(Debug, Parser)]
#[command(name = "griot", version, max_term_width = 100, after_help = AFTER_HELP, disable_help_subcommand = true)]
pub struct Arguments {
    /// The options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// Reads the program's arguments and environment.
    ///
    /// # Errors
    /// The exit code, after a mistake (2) or a request for help (0); the message has been printed.
    pub fn read() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|message| {
            // A closed stream cannot be reported anywhere.
            let _ = message.print();
            ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(2))
        })
    }
}

const AFTER_HELP: &str =
    "Exit codes: 0 done, failed sources under the threshold · 1 fatal · 2 usage · 3 partial: too many sources failed, or offline · \
73 output cannot be written · 74 database · 75 another run holds the lock · 78 configuration · 130/143 interrupted (a daemon ended by SIGTERM: 0)

Messages are in French with `[site] language = \"fr\"`, or without `language` under a French locale (LC_ALL, LC_MESSAGES, LANG); \
JSON and logs are English.

First steps: `griot demo` shows everything without internet; `griot init` writes a feeds.toml to start with.";

/// The options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// The configuration; else `./feeds.toml`, `$XDG_CONFIG_HOME/griot/feeds.toml`, `/etc/griot/feeds.toml`
    #[arg(long, global = true, value_name = "FILE", env = "GRIOT_CONFIG")]
    pub config: Option<PathBuf>,
    /// The database; else griot.db in `$STATE_DIRECTORY` or beside feeds.toml
    #[arg(long, global = true, value_name = "FILE", env = "GRIOT_DB")]
    pub db: Option<PathBuf>,
    /// Print nothing unless something is wrong
    #[arg(short, long, global = true, env = "GRIOT_QUIET", value_parser = FalseyValueParser::new())]
    pub quiet: bool,
    /// Log more: -v a line per source, -vv a line per request, entry and decision
    #[arg(short, long, global = true, env = "GRIOT_VERBOSE", action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print JSON, one object per line
    #[arg(long, global = true, env = "GRIOT_JSON", value_parser = FalseyValueParser::new())]
    pub json: bool,
    /// The format of log messages on stderr
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", env = "GRIOT_LOG_FORMAT")]
    pub log_format: LogFormat,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "GRIOT_COLOR")]
    pub color: ColorChoice,
    /// Allow sources on loopback, RFC 1918 and ULA addresses, as `[fetch] allow_private_networks` does
    #[arg(long, global = true, env = "GRIOT_ALLOW_PRIVATE_NETWORKS", value_parser = FalseyValueParser::new())]
    pub allow_private_networks: bool,
    /// The time in place of the system clock: TIME is fixed, TIME*600 runs 600 times as fast; for tests and replays
    #[arg(long, global = true, hide = true, value_name = "TIME", env = "GRIOT_NOW")]
    pub now: Option<String>,
    /// A file of host names and addresses in place of the DNS; for tests and replays
    #[arg(long, global = true, hide = true, value_name = "FILE", env = "GRIOT_RESOLVE")]
    pub resolve: Option<PathBuf>,
}

/// The format of log messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Text.
    Text,
    /// One JSON object per line.
    Json,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a feeds.toml to start with, and print the next step
    Init(Init),
    /// Run on invented outlets that the program contains, without internet; writes ./griot-demo/
    Demo(Demo),
    /// Make one run, as from cron: due sources → entries → articles → stories → topics → files
    Fetch(Fetch),
    /// Run until a signal: fetch what is due, and serve the published files over HTTP
    ///
    /// Feeds take ?limit=20, ?since=24h (or a time), ?q=words, ?lang=fr,ar and ?about=ML,NE. A topic with `token` is served to those who give it: as ?token=, as
    /// bearer token, or as password. /healthz tells whether the last run went well, /metrics (Prometheus) the figures, to this machine unless `[serve] metrics`
    /// opens them. SIGHUP reads feeds.toml again, and so does a change of it; SIGTERM ends it with exit code 0.
    Serve(Serve),
    /// Write the topic feeds again from the database, without network
    Publish(Publish),
    /// Check feeds.toml offline: every mistake with line, column and a suggestion
    Check(Check),
    /// Add a source to feeds.toml: by the address of its feed or site, or from the catalogue
    ///
    /// A site's page is read for the feed that it announces. `griot add @catalogue:niger` adds the sources of a country that the program knows,
    /// `@catalogue:ar` those in a language, `@catalogue:niger/fr` both.
    Add(Add),
    /// Change a source in feeds.toml, and nothing else in it
    Edit(Edit),
    /// Enable a source in feeds.toml
    Enable(SourceArgument),
    /// Disable a source in feeds.toml; its entries stay
    Disable(SourceArgument),
    /// Give a source another id, in feeds.toml and in the database: its entries keep their ids, and items their guids
    Rename(Rename),
    /// Remove a source from feeds.toml; its entries stay until they age out
    Remove(Remove),
    /// Show the state of each source: last success, reason of failures, next visit, remedy
    Status(Status),
    /// Check the machine: clock, DNS, disk, database, lock; or one source, step by step
    Doctor(Doctor),
    /// List sources, topics, stories, entries or concepts
    List(List),
    /// Find entries by their words, and show where these stand
    Search(Search),
    /// Print what is new in a topic, by country, or mail it
    ///
    /// A plain text, in the language of the topic or the site; --to sends it with its HTML through the server of `[smtp]`.
    Digest(Digest),
    /// Place an entry or a story in topics, whatever their rules say
    Pin(Mark),
    /// Undo `pin`
    Unpin(Mark),
    /// Remove an entry, or a story with the entries that it will have, from topics
    Hide(Mark),
    /// Undo `hide`
    Unhide(Mark),
    /// Let an entry or a story, with the entries that it will have, into topics whose stories wait for approval (`review = true`)
    Approve(Mark),
    /// Set the note that is published with an entry or a story
    Note(Note),
    /// Take one page by hand, such as a communiqué that no feed carries, as an entry of the source `desk`
    ///
    /// Its article is extracted, placed by the topics' rules and published like others, with the name of its own site. A second clip of the same page takes it
    /// anew.
    Clip(Clip),
    /// Take entries, with their copies, out of a story: together they are a story of their own
    Split(Split),
    /// Join entries, with their copies, or whole stories to a story
    Join(Join),
    /// Show why an entry is in topics or not: clause by clause, with the words that matched
    Explain(Explain),
    /// Test a topic's rule on what is stored, and label entries for it
    Topic(TopicCommand),
    /// Show an entry, a story with all its reports and why each is there, or a concept with its words
    Show(Show),
    /// Show the content of a feed, and its problems
    Parse(Parse),
    /// Show the article of a page, and how it was found
    Extract(Extract),
    /// Run one part of griot on files, to measure or train it
    Lab(Lab),
    /// Add the feeds of a list to feeds.toml: OPML, a table, or the file of another feed reader
    ///
    /// Folders and categories become tags. What is followed already, in whatever spelling, stands twice, or is no address of the web is left out and named; so are
    /// settings that have no equivalent, and secrets. Nothing is fetched. A list with nothing new changes nothing.
    Import(Import),
    /// Print the sources of feeds.toml as a list of feeds, or the content of the database as JSON lines
    ///
    /// What `griot import` reads again is complete, but for secrets: a source that needs a login, headers or a proxy is exported by its `public_url`, else it is
    /// named on stderr and left out, as are addresses of private networks.
    Export(Export),
    /// Inspect the database, back it up, restore and verify it
    Db(Db),
    /// Print the completions of a shell: `griot completions bash > ~/.local/share/bash-completion/completions/griot`
    Completions(Completions),
    /// Print the manual page of griot or of a command: `griot man | man -l -`
    Man(Man),
}

/// `griot init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to write into
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// The sources and topics to start with
    #[arg(long, default_value = "sahel", env = "GRIOT_PRESET")]
    pub preset: Preset,
}

/// What `griot init` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// A dozen sources and a topic on the Sahel.
    Sahel,
    /// One commented example.
    Empty,
}

/// `griot demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Then serve the result on a free loopback port, until Ctrl-C
    #[arg(long, env = "GRIOT_DEMO_SERVE", value_parser = FalseyValueParser::new())]
    pub serve: bool,
}

/// `griot fetch`.
#[derive(Debug, Args)]
pub struct Fetch {
    /// Only these sources: ids, tag:T, country:ML
    #[arg(value_name = "SOURCE")]
    pub only: Vec<String>,
    /// Visit sources that are not due too (with conditional requests, and never before a server's Retry-After)
    #[arg(long, env = "GRIOT_FORCE", value_parser = FalseyValueParser::new())]
    pub force: bool,
    /// Also ask each of the sources for up to N older pages of its archive (RFC 5005, WordPress): what they bring is stored with its own
    /// date, and is no news
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, env = "GRIOT_BACKFILL")]
    pub backfill: usize,
    /// Start nothing new after this time
    #[arg(long, value_name = "DURATION", env = "GRIOT_BUDGET", value_parser = duration)]
    pub budget: Option<Duration>,
    /// Exit with 3 when more than this share of the sources failed
    #[arg(long, value_name = "PERCENT", env = "GRIOT_FAIL_ON", value_parser = share)]
    pub fail_on: Option<f64>,
    /// Tell a monitor such as healthchecks.io of the beginning (URL/start) and the end (URL/EXITCODE) of the run
    #[arg(long, value_name = "URL", env = "GRIOT_PING", value_parser = web_url)]
    pub ping: Option<url::Url>,
    /// How long to wait for another run to end
    #[arg(long, value_name = "DURATION", default_value = "0s", env = "GRIOT_WAIT", value_parser = duration)]
    pub wait: Duration,
    /// Go on although the clock is before the last run: where the last run is the wrong one. Stored times after now are set to now
    #[arg(long, env = "GRIOT_ACCEPT_CLOCK", value_parser = FalseyValueParser::new())]
    pub accept_clock: bool,
    /// Only print which sources are due
    #[arg(long, env = "GRIOT_DRY_RUN", value_parser = FalseyValueParser::new())]
    pub dry_run: bool,
    /// Write every exchange to DIR, as griot-TIME.warc.gz; headers of sources, cookies and user-info are left out, query strings are not
    #[arg(long, value_name = "DIR", env = "GRIOT_RECORD", conflicts_with_all = ["replay", "dry_run"])]
    pub record: Option<PathBuf>,
    /// Run on a recording instead of the network: a file, or a folder that holds one. Its time is used unless --now is given; start
    /// with the database that the recorded run started with (--db), or with none
    #[arg(long, value_name = "DIR|FILE", env = "GRIOT_REPLAY")]
    pub replay: Option<PathBuf>,
}

/// `griot serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", env = "GRIOT_LISTEN")]
    pub listen: std::net::SocketAddr,
    /// Only serve; `griot fetch` is run by something else
    #[arg(long, env = "GRIOT_NO_FETCH", value_parser = FalseyValueParser::new())]
    pub no_fetch: bool,
}

/// `griot publish`.
#[derive(Debug, Args)]
pub struct Publish {
    /// The folder to write to, instead of `[site] out`
    #[arg(long, value_name = "DIR", env = "GRIOT_OUT")]
    pub out: Option<PathBuf>,
    /// Exit with 2 unless these topics exist; the files of all topics are written
    #[arg(value_name = "TOPIC")]
    pub topics: Vec<String>,
}

/// `griot add`
#[derive(Debug, Args)]
pub struct Add {
    /// The address of a feed or a site, or @catalogue:NAME
    #[arg(value_name = "URL|@catalogue:NAME")]
    pub what: String,
    /// The id; else the name of the site
    #[arg(long, env = "GRIOT_ID")]
    pub id: Option<String>,
    /// The name; else the title of the feed
    #[arg(long, env = "GRIOT_NAME")]
    pub name: Option<String>,
    /// The country, such as ML; else that of the address
    #[arg(long, env = "GRIOT_COUNTRY")]
    pub country: Option<String>,
    /// What kind of outlet it is, such as private or state
    #[arg(long, env = "GRIOT_KIND")]
    pub kind: Option<String>,
    /// A tag; may be given several times
    #[arg(long = "tag", value_name = "TAG", env = "GRIOT_TAG", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// Read it as a page that lists entries, for sites without a feed; the CSS selector of their links is guessed where none is given
    #[arg(long, value_name = "SELECTOR", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub list: Option<String>,
    /// Add it without a question; of several feeds that a page offers, the first
    #[arg(short, long, env = "GRIOT_YES", value_parser = FalseyValueParser::new())]
    pub yes: bool,
}

/// `griot edit`
#[derive(Debug, Args)]
pub struct Edit {
    /// The source's id
    pub source: String,
    /// What to change: `url=https://…`, `every=2h`, `tags=mali,wire`; an empty value removes the key
    #[arg(required = true, value_name = "KEY=VALUE")]
    pub changes: Vec<String>,
}

/// `griot enable`, `griot disable`
#[derive(Debug, Args)]
pub struct SourceArgument {
    /// The source's id
    pub source: String,
}

/// `griot rename`
#[derive(Debug, Args)]
pub struct Rename {
    /// The source's id
    pub old: String,
    /// Its new id; rules of topics that name the source get it, too
    pub new: String,
}

/// `griot remove`
#[derive(Debug, Args)]
pub struct Remove {
    /// The source's id
    pub source: String,
    /// Hide its entries in all topics, as `griot hide` does: they leave every output, and Atom feeds name them as deleted
    #[arg(long)]
    pub purge: bool,
}

/// `griot check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The file; else the one in use
    pub file: Option<PathBuf>,
    /// Print a JSON Schema of feeds.toml
    #[arg(long)]
    pub schema: bool,
}

/// `griot status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Only these sources, tags and countries
    #[arg(value_name = "SOURCE|tag:T|country:ML")]
    pub only: Vec<String>,
    /// Only sources with failures or problems, with the problems of their feeds
    #[arg(long, env = "GRIOT_PROBLEMS", value_parser = FalseyValueParser::new())]
    pub problems: bool,
    /// Exit with 3 when a source has failed for longer than `[report] warn_after`
    #[arg(long, env = "GRIOT_EXIT_CODE", value_parser = FalseyValueParser::new())]
    pub exit_code: bool,
}

/// `griot doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// A source's id: it is requested once, each step is shown, and nothing is stored
    #[arg(value_name = "SOURCE", conflicts_with = "published")]
    pub source: Option<String>,
    /// Read the published feeds as a subscriber does: under `base_url` where it answers, else from `out`
    #[arg(long)]
    pub published: bool,
}

/// `griot list`.
#[derive(Debug, Args)]
pub struct List {
    /// What to list
    pub what: ListKind,
    /// Only lines that contain this text
    pub query: Option<String>,
    /// Only stories that wait for approval in a topic: `griot approve` lets them out
    #[arg(long, env = "GRIOT_WAITING", value_parser = FalseyValueParser::new())]
    pub waiting: bool,
}

/// What `griot list` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListKind {
    /// Configured sources.
    Sources,
    /// Configured topics.
    Topics,
    /// Stories, the newest first.
    Stories,
    /// Entries, the oldest first.
    Entries,
    /// Concepts that rules may name.
    Concepts,
}

/// `griot pin`, `unpin`, `hide`, `unhide`, `approve`.
#[derive(Debug, Args)]
pub struct Mark {
    /// An entry or a story: its id, or the first digits of it, as `griot list entries` and `griot list stories` show them (e3f91c07, s81c4be2)
    #[arg(value_name = "ENTRY|STORY")]
    pub id: String,
    /// Only in this topic; else in all topics
    #[arg(long, value_name = "TOPIC", env = "GRIOT_TOPIC")]
    pub topic: Option<String>,
}

/// `griot note`.
#[derive(Debug, Args)]
pub struct Note {
    /// On what.
    #[command(flatten)]
    pub mark: Mark,
    /// The note; an empty text removes it
    #[arg(allow_hyphen_values = true)]
    pub text: String,
}

/// `griot clip`.
#[derive(Debug, Args)]
pub struct Clip {
    /// The address of the page
    #[arg(value_parser = web_url)]
    pub url: Url,
    /// Pin it in this topic, whatever the topic's rule says
    #[arg(long, value_name = "TOPIC", env = "GRIOT_TOPIC")]
    pub topic: Option<String>,
    /// A note that is published with it
    #[arg(long, value_name = "TEXT", env = "GRIOT_NOTE")]
    pub note: Option<String>,
}

/// `griot split`.
#[derive(Debug, Args)]
pub struct Split {
    /// The story: its id, or the first digits of it. Its guid stays with it
    pub story: String,
    /// The entries that leave; the one that founded the story cannot, so name the others
    #[arg(value_name = "ENTRY", required = true)]
    pub entries: Vec<String>,
    /// Why, for those who ask later
    #[arg(short = 'm', long, value_name = "TEXT", env = "GRIOT_NOTE")]
    pub note: Option<String>,
}

/// `griot join`.
#[derive(Debug, Args)]
pub struct Join {
    /// The story that they join: its id, or the first digits of it
    pub story: String,
    /// Entries, and stories of which all entries join
    #[arg(value_name = "STORY|ENTRY", required = true)]
    pub others: Vec<String>,
    /// Why, for those who ask later
    #[arg(short = 'm', long, value_name = "TEXT", env = "GRIOT_NOTE")]
    pub note: Option<String>,
}

/// `griot parse`.
#[derive(Debug, Args)]
pub struct Parse {
    /// Feeds: addresses, files, or - for standard input
    #[arg(value_name = "URL|FILE", required_unless_present = "source")]
    pub inputs: Vec<String>,
    /// Read them as this source of feeds.toml is read, with its `list`, `strip`, `charset` and `timezone`; without others, its own address
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
    /// The base address of relative links
    #[arg(long, value_name = "URL")]
    pub base: Option<Url>,
    /// A header that the server sent with the files, such as 'Content-Type: text/xml; charset=utf-8'
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
}

/// `griot extract`.
#[derive(Debug, Args)]
pub struct Extract {
    /// Pages: addresses, files, or - for standard input
    #[arg(value_name = "URL|FILE", required = true)]
    pub inputs: Vec<String>,
    /// The base address of relative links
    #[arg(long, value_name = "URL")]
    pub base: Option<Url>,
    /// Apply this site rule, a file in the format of ftr-site-config
    #[arg(long, value_name = "FILE")]
    pub rule: Option<PathBuf>,
    /// The output format
    #[arg(long, default_value = "text")]
    pub format: ExtractFormat,
    /// Also show each block of the page: whether it was kept, its probability, and the strongest reasons
    #[arg(long)]
    pub explain: bool,
}

/// The output formats of `griot extract`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExtractFormat {
    /// The cleaned body.
    Html,
    /// Metadata and plain text.
    Text,
    /// One JSON object per page.
    Json,
}

/// `griot completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `griot man`
#[derive(Debug, Args)]
pub struct Man {
    /// The command, such as `topic test`; else the program
    pub command: Vec<String>,
    /// Write the pages of all commands into this folder instead
    #[arg(long, value_name = "DIR", env = "GRIOT_OUT")]
    pub out: Option<PathBuf>,
}
