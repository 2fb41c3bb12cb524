//! Tells addresses and link texts of feeds from similar ones.

use crate::parse::web_url::web_url;
use url::Url;
use url::form_urlencoded;

/// The longest address, in bytes.
const MAX_ADDRESS_BYTES: usize = 2048;
/// The longest link text that names a feed, in characters: headlines are longer.
const MAX_LABEL_CHARS: usize = 40;

/// Last segments of a path that only feeds have.
const FEED_PATH_ENDS: &[&str] = &[
    "feed",
    "rss",
    "rss1",
    "rss2",
    "rss20",
    "atom",
    "rdf",
    "feed.xml",
    "index.xml",
    "index.rdf",
    "feed.json",
];
/// Names of programs that generate feeds, without their extension.
const FEED_PROGRAMS: &[&str] = &[
    "rss",
    "rss2",
    "feed",
    "feeds",
    "atom",
    "rdf",
    "backend",
    "flux",
    "syndication",
    "rssfeed",
];
/// Parts of the path of an `.xml` file that is a feed.
const FEED_XML_WORDS: &[&str] = &["rss", "feed", "atom", "flux", "news", "actu", "syndication", "backend", "latest"];
/// Parts of the paths of other resources in XML or JSON that pages link to.
const OTHER_RESOURCES: &[&str] = &[
    "oembed",
    "sitemap",
    "opensearch",
    "osd.xml",
    "wlwmanifest",
    "rsd.xml",
    "xmlrpc",
    "manifest.",
    "browserconfig",
    "/wp-json",
];
/// Query parameters, with the values that request a feed.
const FEED_QUERIES: &[(&str, &[&str])] = &[
    ("feed", &["rss", "rss2", "atom", "rdf", "feed", "json", "comments-rss2"]),
    ("format", &["feed", "rss", "rss2", "atom"]),
    ("type", &["rss", "atom"]),
    ("alt", &["rss", "atom"]),
    ("output", &["rss", "atom"]),
    ("mode", &["rss", "atom"]),
    ("action", &["rss", "atom"]),
    ("f", &["rss", "atom"]),
    ("view", &["rss"]),
];
/// Reading services, whose links contain the address of a feed.
const READING_SERVICES: &[&str] = &[
    "feedly.com",
    "inoreader.com",
    "newsblur.com",
    "netvibes.com",
    "theoldreader.com",
    "add.my.yahoo.com",
    "fusion.google.com",
    "bloglines.com",
    "feedbin.com",
    "subtome.com",
    "validator.w3.org",
    "feedvalidator.org",
    "feedspot.com",
    "follow.it",
    "newsgator.com",
    "addtoany.com",
    "live.com",
    "pageflakes.com",
    "google.com",
    "my.yahoo.com",
    "feedshow.com",
    "commafeed.com",
    "feedrabbit.com",
];
/// Sites on which links are shared.
const SHARING_SITES: &[&str] = &[
    "facebook.com",
    "twitter.com",
    "x.com",
    "linkedin.com",
    "pinterest.com",
    "whatsapp.com",
    "wa.me",
    "t.me",
    "telegram.me",
    "digg.com",
    "addthis.com",
    "sharethis.com",
    "instagram.com",
    "tiktok.com",
    "threads.net",
];
/// Extensions of files that are not feeds.
const OTHER_EXTENSIONS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "svg", "webp", "ico", "pdf", "mp3", "mp4", "m4a", "zip", "css", "js", "doc", "docx", "xls", "apk", "opml",
];

/// Returns the absolute http or https address of `text`, without fragment. The obsolete scheme `feed:` is accepted.
pub(in crate::parse) fn feed_address(base: Option<&Url>, text: &str) -> Option<Url> {
    let text = text.trim();
    let scheme = text.get(..5).filter(|start| start.eq_ignore_ascii_case("feed:"));
    let rest = scheme.map_or(text, |scheme| &text[scheme.len()..]);
    let found = if scheme.is_some() && rest.starts_with("//") {
        Url::parse(&format!("http:{rest}")).ok()
    } else {
        web_url(base, rest)
    };
    let mut url =
        found.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= MAX_ADDRESS_BYTES)?;
    url.set_fragment(None);
    Some(url)
}

/// Returns whether an address looks like that of a feed.
pub(super) fn is_feed_address(url: &Url) -> bool {
    let host = host(url);
    if is_other_resource(url) {
        return false;
    }
    let path = url.path().to_ascii_lowercase();
    let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let (stem, ending) = last.rsplit_once('.').unwrap_or((last, ""));
    let by_path = match ending {
        "rss" | "atom" | "rdf" => true,
        "xml" => stem == "index" || FEED_XML_WORDS.iter().any(|word| path.contains(word)) || is_feed_host(&host),
        "php" | "php3" | "aspx" | "asp" | "ashx" | "jsp" | "cfm" | "json" | "cgi" | "pl" => FEED_PROGRAMS.contains(&stem),
        _ => FEED_PATH_ENDS.contains(&last) || path.contains("/feeds/posts/") || (is_feed_proxy(&host) && path.len() > 1),
    };
    by_path || requests_feed(url)
}

/// Returns whether the text of a link names a feed.
pub(super) fn is_feed_label(text: &str) -> bool {
    if text.chars().nth(MAX_LABEL_CHARS).is_some() {
        return false;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().any(|word| match *word {
        "rss" | "rss2" | "خلاصات" | "الخلاصات" | "خلاصة" => true,
        "syndiquer" | "syndication" | "syndicate" => words.len() <= 4,
        "feed" | "feeds" => words.len() <= 2,
        "flux" | "atom" | "rdf" => words.len() == 1,
        _ => false,
    })
}

/// Returns the feed's address if `url` passes one to a reading service, and `url` itself if not; `None` for links to share a page.
pub(super) fn unwrap_reader_link(url: &Url) -> Option<Url> {
    let host = host(url);
    let is_of = |list: &[&str]| {
        list.iter()
            .any(|one| host.strip_suffix(one).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    };
    if is_of(SHARING_SITES) {
        return None;
    }
    if !is_of(READING_SERVICES) || host == "news.google.com" {
        return Some(url.clone());
    }
    let in_query = url.query_pairs().find_map(|(_, value)| embedded_address(&value));
    in_query.or_else(|| {
        // As in `feedly.com/i/subscription/feed/https%3A%2F%2F…`.
        let text = form_urlencoded::parse(url.path().as_bytes())
            .next()
            .map(|(name, _)| name.into_owned());
        embedded_address(&text.unwrap_or_default())
    })
}

/// Returns whether a feed is that of comments or of a single article.
pub(super) fn is_comment_feed(url: &Url, title: &str) -> bool {
    const COMMENT_WORDS: &[&str] = &["comment", "kommentar", "comentario", "comentário", "تعليق", "التعليقات"];
    let title = title.to_lowercase();
    let path = url.path().to_ascii_lowercase();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    // As in /2026/01/slug/feed/: the feed of a month has no slug.
    let of_article = parts.windows(2).any(|pair| is_number(pair[0], 4) && is_number(pair[1], 2))
        && parts.last().is_some_and(|last| matches!(*last, "feed" | "rss" | "atom"))
        && parts.iter().any(|part| part.contains('-'));
    let asks = url
        .query_pairs()
        .any(|(name, value)| matches!(&*name, "p" | "replytocom" | "cpage") || value.contains("comment") || value.contains("forum"));
    COMMENT_WORDS.iter().any(|word| title.contains(word)) || path.contains("comment") || of_article || asks
}

/// Returns whether an address is that of another resource in XML or JSON.
pub(super) fn is_other_resource(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    OTHER_RESOURCES.iter().any(|part| path.contains(part)) || url.query().is_some_and(|query| query.contains("rest_route"))
}

/// Returns whether an address has the extension of a file that is not a feed.
pub(super) fn is_file(url: &Url) -> bool {
    let ending = url.path().rsplit_once('.').map_or("", |(_, ending)| ending);
    OTHER_EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// Returns whether an address looks like a JSON Feed's.
pub(super) fn is_json(url: &Url) -> bool {
    url.as_str().to_ascii_lowercase().contains("json")
}

/// Returns whether two addresses belong to one site. Services that redistribute a site's feed count as that site.
pub(super) fn is_same_site(one: &Url, other: &Url) -> bool {
    let (one, other) = (host(one), host(other));
    let is_below = |low: &str, high: &str| low.strip_suffix(high).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_below(&one, &other) || is_below(&other, &one) || is_feed_proxy(&other)
}

/// Returns the host in lower case, without `www.`.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    host.strip_prefix("www.").map(str::to_owned).unwrap_or(host)
}

/// Returns whether a host is one of FeedBurner's.
fn is_feed_proxy(host: &str) -> bool {
    matches!(
        host,
        "feeds.feedburner.com" | "feeds2.feedburner.com" | "feedburner.google.com" | "feedproxy.google.com" | "rss.feedburner.com"
    )
}

/// Returns whether a host is named for feeds.
fn is_feed_host(host: &str) -> bool {
    host.starts_with("rss.") || host.starts_with("feeds.") || host.starts_with("feed.")
}

fn is_number(part: &str, digits: usize) -> bool {
    part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the query of an address requests a feed.
fn requests_feed(url: &Url) -> bool {
    url.query_pairs().take(64).any(|(name, value)| {
        let name = name.trim_start_matches("amp;").to_ascii_lowercase();
        let value = value.to_ascii_lowercase();
        // SPIP's `page=backend`, and `backend-breves` for its short news.
        (name == "page" && value.starts_with("backend"))
            || FEED_QUERIES
                .iter()
                .any(|(known, values)| *known == name && values.contains(&&*value))
    })
}

/// Returns the address that is contained in `text`.
fn embedded_address(text: &str) -> Option<Url> {
    let at = text.find("http://").or_else(|| text.find("https://"))?;
    feed_address(None, &text[at..])
}
