//! `[[include_opml]]`: a list of feeds on the web that is followed as a whole.

use super::formats::{FLAG, POSITIVE_DURATION, TEXTS, WEB_URL};
use super::table::table;
use std::time::Duration;
use url::Url;

table! {
    /// A list of feeds in OPML on the web: the feeds that it has are followed like sources.
    "[[include_opml]]" pub struct IncludedList {
        required {
            /// Its address.
            url: Url = WEB_URL;
        }
        optional {
            /// It is not asked for sooner than this.
            every: Duration = POSITIVE_DURATION, default Duration::from_hours(24);
            /// Tags of all its feeds, beside those of the folders that they are in.
            tags: Vec<String> = TEXTS, default Vec::new();
            /// Whether it is read, and its feeds are followed.
            enabled: bool = FLAG, default true;
        }
    }
}
