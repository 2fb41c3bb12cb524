//! Why a document is not a feed: each reason with its code, and a message that ends with what to do next. Nothing is detected here.

use super::discovery::{Candidate, DiscoveryMethod};
use super::opml::Opml;
use url::Url;

/// The reason why a document is not a feed. The list of codes is closed; each message ends with what to do next.
///
/// A quotation of the document in a message is one line of at most 200 characters, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// `html`: a web page.
    #[error("a web page, not a feed{}", advice(feeds))]
    Html {
        /// The feeds that it offers, the best first.
        feeds: Vec<Candidate>,
    },
    /// `anti-bot`: the bot wall of a vendor.
    #[error("an anti-bot page of {vendor}: ask the publisher to let feed readers pass, or use another feed of theirs")]
    AntiBot {
        /// The vendor's name.
        vendor: &'static str,
    },
    /// `login`: a page that asks for a name and a password.
    #[error("a login page: the feed is not public; put its credentials into the URL or the source's headers")]
    Login,
    /// `maintenance`: a site under maintenance or construction.
    #[error("a page that says the site is being worked on: try again tomorrow")]
    Maintenance,
    /// `parked`: a domain without a site: for sale, expired, or with the default page of its host.
    #[error("the page of a domain without a site (for sale, expired or new): look for the publisher's new address")]
    Parked,
    /// `suspended`: a site that its host has suspended.
    #[error("a notice that the host has suspended the site: it often returns, try again next week or write to the publisher")]
    Suspended,
    /// `redirect`: a page that only redirects browsers, by a `meta` element or a script.
    #[error("a page that sends browsers on to {to}: try `griot parse {to}`, and use that address if it is the feed")]
    Redirect {
        /// The address of the redirect.
        to: Url,
    },
    /// `closed-platform`: a page of a platform that offers no feeds.
    #[error("a page of {platform}, which offers no feeds: follow the publisher's own site")]
    ClosedPlatform {
        /// The platform's name.
        platform: &'static str,
    },
    /// `directory`: a listing of files.
    #[error("a listing of files: open the address in a browser and look for the feed among them")]
    DirectoryListing,
    /// `database-error`: a site that cannot reach its database.
    #[error("a page that says the site cannot reach its database: try again later, and tell the publisher if it lasts")]
    DatabaseError,
    /// `php-error`: the error message of a program on the site.
    #[error("the error of a program on the site ({message}): try again later, and tell the publisher if it lasts")]
    ScriptError {
        /// The beginning of its text.
        message: String,
    },
    /// `server-error`: the error page of a server.
    #[error("a server's error page ({message}): try again later")]
    ServerError {
        /// The beginning of its text.
        message: String,
    },
    /// `empty`: no content.
    #[error("an empty document: try again later, or check the address")]
    Empty,
    /// `json-error`: JSON that is not a JSON Feed.
    #[error("JSON, but no JSON Feed{}: check the address; it may belong to an API", quoted(message.as_deref()))]
    JsonError {
        /// The error message in it, if there is one.
        message: Option<String>,
    },
    /// `sitemap`: a list of a site's pages.
    #[error("a sitemap, not a feed: use the address of the site's feed; `griot parse` with the site's front page looks for it")]
    Sitemap,
    /// `opml`: a list of feeds.
    #[error("an OPML list of {}, not a feed: follow what it lists", counted(list.feeds.len()))]
    Opml {
        /// The list.
        list: Box<Opml>,
    },
    /// `binary`: bytes that are not text.
    #[error("{what}, not a feed: check the address; it may belong to a file")]
    Binary {
        /// The kind of file.
        what: &'static str,
    },
    /// `unknown`: text of no known kind.
    #[error("no feed of a kind we know{}: open the address in a browser and look for the feed's own address", quoted(message.as_deref()))]
    Unknown {
        /// The beginning of its text.
        message: Option<String>,
    },
}

impl NotAFeed {
    /// Returns the reason's stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Html { .. } => "html",
            Self::AntiBot { .. } => "anti-bot",
            Self::Login => "login",
            Self::Maintenance => "maintenance",
            Self::Parked => "parked",
            Self::Suspended => "suspended",
            Self::Redirect { .. } => "redirect",
            Self::ClosedPlatform { .. } => "closed-platform",
            Self::DirectoryListing => "directory",
            Self::DatabaseError => "database-error",
            Self::ScriptError { .. } => "php-error",
            Self::ServerError { .. } => "server-error",
            Self::Empty => "empty",
            Self::JsonError { .. } => "json-error",
            Self::Sitemap => "sitemap",
            Self::Opml { .. } => "opml",
            Self::Binary { .. } => "binary",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Returns the feeds that the page offers, the best first.
    #[must_use]
    pub fn feeds(&self) -> &[Candidate] {
        if let Self::Html { feeds } = self { feeds } else { &[] }
    }
}

fn advice(feeds: &[Candidate]) -> String {
    match feeds.first() {
        None => ": it announces no feed; look for the feed's own address".to_owned(),
        Some(Candidate {
            url,
            method: DiscoveryMethod::Announced,
            ..
        }) => format!(": use the feed it announces, {url}"),
        Some(Candidate { url, .. }) => format!(": it announces no feed; a guess is {url}, try `griot parse {url}`"),
    }
}

fn counted(feeds: usize) -> String {
    if feeds == 1 {
        "1 feed".to_owned()
    } else {
        format!("{feeds} feeds")
    }
}

fn quoted(message: Option<&str>) -> String {
    message.map(|message| format!(" (it says \"{message}\")")).unwrap_or_default()
}
