//! What other feed readers keep of a feed in the OPML that they write, as settings of a source.
//!
//! The attributes are those of miniflux (`internal/reader/opml/opml.go`, namespace <https://miniflux.app/opml>) and of `FreshRSS`
//! (<https://freshrss.github.io/FreshRSS/en/developers/OPML.html>, namespace <https://freshrss.org/opml>).

use super::listed_feed::ListedFeed;
use crate::config::listed_keys;

const RULES_OF_TOPICS: &str = "the rules of topics choose entries";
const SITE_RULES: &str = "there is no such rule here; a site rule in the folder `rules/` changes what is taken of a page";
const NOTHING: &str = "there is no such setting here";
const COOKIE: &str = "a secret is not written into feeds.toml: `headers` takes it, as Cookie = \"env:NAME\"";
const HEADERS: &str = "it may hold a secret, which is not written into feeds.toml: `headers` takes it, as Name = \"env:NAME\"";
const LOGIN: &str = "a secret is not written into feeds.toml: `auth = \"env:NAME\"` takes it";
const PROXY: &str = "a proxy belongs to a network: `proxy = \"…\"` takes it";
const CERTIFICATE: &str = "no more is forgiven than that a certificate has expired: `tls = \"allow-expired\"`";
const SCRIPTED: &str = "such requests are not sent";

/// Attributes that are not taken, in lower case, each with the reason. A flag that is off says nothing.
const LEFT: [(&str, &str); 33] = [
    ("miniflux:rewriterules", SITE_RULES),
    ("miniflux:urlrewriterules", NOTHING),
    ("miniflux:blocklistrules", RULES_OF_TOPICS),
    ("miniflux:keeplistrules", RULES_OF_TOPICS),
    ("miniflux:blockfilterentryrules", RULES_OF_TOPICS),
    ("miniflux:keepfilterentryrules", RULES_OF_TOPICS),
    ("miniflux:ignorehttpcache", NOTHING),
    ("miniflux:fetchviaproxy", PROXY),
    ("miniflux:proxyurl", PROXY),
    ("miniflux:nomediaplayer", NOTHING),
    ("miniflux:hideglobally", NOTHING),
    ("miniflux:allowselfsignedcertificates", CERTIFICATE),
    ("miniflux:disablehttp2", NOTHING),
    ("miniflux:ignoreentryupdates", NOTHING),
    ("miniflux:cookie", COOKIE),
    ("miniflux:username", LOGIN),
    ("miniflux:password", LOGIN),
    ("frss:cssfullcontentconditions", RULES_OF_TOPICS),
    ("frss:filtersactionread", RULES_OF_TOPICS),
    ("frss:unicitycriteria", NOTHING),
    ("frss:unicitycriteriaforced", NOTHING),
    ("frss:curlopt_cookie", COOKIE),
    ("frss:curlopt_cookiefile", COOKIE),
    ("frss:curlopt_httpheader", HEADERS),
    ("frss:curlopt_proxy", PROXY),
    ("frss:curlopt_proxytype", PROXY),
    ("frss:curlopt_post", SCRIPTED),
    ("frss:curlopt_postfields", SCRIPTED),
    ("frss:curlopt_followlocation", NOTHING),
    ("frss:curlopt_ipresolve", NOTHING),
    ("frss:curlopt_maxredirs", NOTHING),
    ("frss:xpathtojson", NOTHING),
    ("frss:opmlurl", "it is a list of its own"),
];

/// Takes over the attributes of other readers, by their names in lower case with the usual prefix of their namespace, and those that griot itself
/// writes, which count more.
pub(super) fn take_attributes(attributes: &[(String, String)], feed: &mut ListedFeed) {
    for (name, value) in attributes {
        take_attribute(name, value, feed);
    }
    let keys = listed_keys();
    for (name, value) in attributes {
        if let Some(key) = name.strip_prefix("griot:")
            && keys.iter().any(|known| known == key && key != "url")
        {
            feed.take(key, value);
        }
    }
}

fn take_attribute(name: &str, value: &str, feed: &mut ListedFeed) {
    let is_on = !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "no");
    match name {
        "miniflux:scraperrules" => feed.take("select.body", value),
        "frss:cssfullcontent" => {
            feed.take("select.body", value);
            // The reader requests the page of each entry for it.
            feed.take("article", "page");
        }
        "miniflux:crawler" if is_on => feed.take("article", "page"),
        "frss:csscontentfilter" => {
            // A list of selectors is one selector: its commas are not those of a list in feeds.toml.
            feed.take("select.remove", &serde_json::json!([value]).to_string());
        }
        "miniflux:useragent" | "frss:curlopt_useragent" => feed.take("user_agent", value),
        "miniflux:disabled" if is_on => feed.take("enabled", "false"),
        "frss:ttl" => take_interval(value, feed),
        "frss:priority" if !matches!(value, "main" | "important") => feed.leave(name, NOTHING),
        _ => {
            if let Some((_, reason)) = LEFT.iter().find(|(left, _)| *left == name && is_on) {
                feed.leave(name, reason);
            }
        }
    }
}

/// Takes the time between two visits, in seconds; a negative one switches the feed off.
fn take_interval(seconds: &str, feed: &mut ListedFeed) {
    match seconds.parse::<i64>() {
        Ok(seconds) if seconds < 0 => feed.take("enabled", "false"),
        Ok(seconds) if seconds > 0 => feed.take("every", &format!("{seconds}s")),
        _ => {}
    }
}

/// Returns why an outline of this type, in lower case, cannot be a source; none for feeds.
pub(super) fn refused_type(kind: &str) -> Option<String> {
    let is_scraped = kind.contains("xpath") || kind.contains("dotnotation");
    is_scraped.then(|| {
        format!("it is no feed, but a page that another reader takes apart (type \"{kind}\"); `list` of a source reads pages with links")
    })
}
