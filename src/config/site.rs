//! The tables that feeds.toml has once: `[site]`, `[fetch]`, `[report]`, `[retention]`, `[search]`, `[serve]`, `[admin]`.

use super::choices::{MetricsAccess, PageLanguage, Republish, Robots};
use super::formats::{
    DURATION, FLAG, HEADER_VALUE, PERCENT, PLACED_TEXTS, POSITIVE_DURATION, SECRET, TEXT, TIME_ZONE, WEB_URL_OR_EMPTY, choice, whole,
};
use super::keys::ValueKind;
use super::secret::Secret;
use super::section::{Format, Section};
use super::table::{Table, table};
use super::topic::topic_id;
use super::values;
use crate::model::TopicId;
use ipnet::IpNet;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

table! {
    /// What is published as a whole.
    "[site]" pub struct Site {
        optional {
            /// The name of the whole.
            title: String = TEXT, default "griot".to_owned();
            /// Where `out` is served.
            base_url: Option<Url> = BASE_URL;
            /// The folder that files are written to.
            out: PathBuf = PATH, default PathBuf::from("public");
            /// The language of pages and messages; commands print English or French.
            language: PageLanguage = choice::<PageLanguage>(), default PageLanguage::En;
            /// The IANA zone of days and times that people read.
            timezone: String = TIME_ZONE, default "UTC".to_owned();
            /// A mail address or URL that goes into the User-Agent, so that sites can reach you.
            contact: Option<String> = CONTACT;
            /// How much of an entry is passed on. full: for private use or with permission.
            republish: Republish = choice::<Republish>(), default Republish::Excerpt;
            /// The id of a feed of everything, such as all; empty for none. A topic of that id takes its place.
            merged: Option<TopicId> = TOPIC_ID_OR_EMPTY;
            /// The secret with which notifications are signed.
            notify_secret: Option<Secret> = SECRET;
            /// Whether .gz, .br and .zst are written beside each file, for a web server that sends such files.
            precompress: bool = FLAG, default false;
            key include = PLACED_TEXTS, "More files with sources, topics and concepts, such as sources.d/*.toml.";
        }
    }
}

/// The folder of output files; relative paths are resolved against the folder of feeds.toml once all files are read.
const PATH: Format<PathBuf> = Format::new(ValueKind::Text, |section, key| {
    let path = PathBuf::from(section.placed(key)?.text);
    if path.parent().is_some() {
        return Some(path);
    }
    let help = "name a folder of its own: griot writes into it, and deletes there what it no longer publishes";
    section.wrong(key, "`out` must not be the root of the disk", Some(help.to_owned()));
    None
});

/// The URL under which the output folder is served, with a trailing slash; an empty text counts as not given.
const BASE_URL: Format<Url> = Format::new(ValueKind::Url, |section, key| {
    section.parsed(key, |text| values::unless_empty(text, values::base_url)).flatten()
});

/// A topic's id; an empty text counts as not given.
const TOPIC_ID_OR_EMPTY: Format<TopicId> = Format::new(ValueKind::Text, |section, key| {
    section.parsed(key, |text| values::unless_empty(text, topic_id)).flatten()
});

/// A mail address or URL; an empty text counts as not given.
const CONTACT: Format<String> = Format::new(ValueKind::Text, |section, key| section.parsed(key, values::contact).flatten());

/// Reads `[site]`. Of `include` only the form is checked: the files have been read before.
pub(super) fn read_site(section: &mut Section<'_>) -> Option<Site> {
    section.value("include", &PLACED_TEXTS);
    Site::read(section)
}

table! {
    /// How griot behaves on the network.
    "[fetch]" pub struct FetchPolicy {
        optional {
            /// A source is not asked sooner than this.
            every: Duration = DURATION, default Duration::from_hours(1);
            /// And a healthy one not later than this, unless it asks for more: its cadence is learned between the two.
            max_every: Duration = POSITIVE_DURATION, default Duration::from_hours(24);
            /// After this time a run takes up nothing new.
            budget: Duration = POSITIVE_DURATION, default Duration::from_mins(8);
            /// How many new entries a source may bring in a day beyond its own cadence; 0 for no limit.
            max_new: usize = whole::<usize>(0, 1_000_000), default 200;
            /// How many requests run in parallel; one at a time per host.
            jobs: usize = whole::<usize>(1, 256), default 16;
            /// The pause between two requests to one host.
            host_delay: Duration = DURATION, default Duration::from_secs(1);
            /// The time that one request may take in all.
            timeout: Duration = POSITIVE_DURATION, default Duration::from_secs(30);
            /// The size of a body after decompression.
            max_body: u64 = SIZE, default 15_000_000;
            /// Which requests ask robots.txt first: those for articles, all (feeds too), or none (off).
            robots: Robots = choice::<Robots>(), default Robots::Articles;
            /// Whether loopback, RFC 1918 and ULA addresses may be asked.
            allow_private_networks: bool = FLAG, default false;
            /// Networks that may be asked although they are private, such as 127.0.0.1/32.
            allow_networks: Vec<IpNet> = NETWORKS, default Vec::new();
            /// Who we say we are.
            user_agent: Option<String> = HEADER_VALUE;
        }
    }
}

/// A size in bytes.
const SIZE: Format<u64> = Format::new(ValueKind::Size, |section, key| section.parsed(key, values::size));

/// A list of networks in CIDR notation.
const NETWORKS: Format<Vec<IpNet>> = Format::new(ValueKind::Texts, |section, key| {
    let networks = section.list(key, values::network);
    Some(networks.into_iter().map(|(network, _)| network).collect())
});

table! {
    /// Who hears of failures, and when.
    "[report]" pub struct Report {
        optional {
            /// A failure is reported once it has lasted this long.
            warn_after: Duration = DURATION, default Duration::from_hours(24);
            /// It is reported again after this time, and each time that it has passed once more.
            remind: Duration = POSITIVE_DURATION, default Duration::from_hours(7 * 24);
            /// The share of failed sources above which a run counts as partial.
            fail_on: f64 = PERCENT, default 0.9;
            /// A healthchecks-style URL, which is told the beginning of each run, and its end with the exit code.
            ping: Option<Url> = WEB_URL_OR_EMPTY;
        }
    }
}

table! {
    /// What is kept how long.
    "[retention]" pub struct Retention {
        optional {
            /// Entries older than this are not stored, and stored ones are deleted and do not come back.
            keep: Duration = POSITIVE_DURATION, default Duration::from_hours(2 * 365 * 24);
            /// The newest entries of each source that stay, however old they are.
            keep_min: u32 = whole::<u32>(0, 1_000_000), default 50;
        }
    }
}

table! {
    /// The full-text index, and the search forms of pages.
    "[search]" pub struct Search {
        optional {
            /// Whether a full-text index is kept, for griot search; false deletes it.
            index: bool = FLAG, default true;
            /// Whether the pages of topics have a search form, which only griot serve answers: false where another server serves the files.
            form: bool = FLAG, default true;
        }
    }
}

table! {
    /// How the server behaves.
    "[serve]" pub struct Serve {
        optional {
            /// Who may read /metrics: programs on this machine (loopback), everybody (public), or nobody (off).
            metrics: MetricsAccess = choice::<MetricsAccess>(), default MetricsAccess::Loopback;
        }
    }
}

table! {
    /// Curation in the browser. Waits for a later version.
    #[expect(dead_code, reason = "curation in the browser, planned, will use it")]
    "[admin]" pub struct Admin {
        required {
            /// The hash of the password.
            password_hash: Secret = SECRET;
        }
    }
}
