//! What addresses and words look like that belong to feeds, and what only looks alike.

use crate::parse::markup::web_url;
use url::Url;
use url::form_urlencoded;

/// The longest address that is taken, in bytes.
const ADDRESS: usize = 2048;
/// The longest text of a link that may call itself a feed, in characters. Headlines are longer.
const WORDS: usize = 40;

/// Last parts of a path that only feeds have.
const NAMES: &[&str] = &[
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
/// Names of programs that write feeds, without their ending.
const PROGRAMS: &[&str] = &[
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
/// What stands in the path of an `.xml` that is a feed.
const IN_XML: &[&str] = &["rss", "feed", "atom", "flux", "news", "actu", "syndication", "backend", "latest"];
/// Files in XML or JSON that pages name beside their feeds.
const NOT_FEEDS: &[&str] = &[
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
/// Query parameters by which a feed is asked for.
const QUERIES: &[(&str, &[&str])] = &[
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
/// Services that are told a feed's address.
const READERS: &[&str] = &[
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
/// Places where links are shared.
const SHARING: &[&str] = &[
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
/// Endings of files that are no feeds.
const FILES: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "svg", "webp", "ico", "pdf", "mp3", "mp4", "m4a", "zip", "css", "js", "doc", "docx", "xls", "apk", "opml",
];

/// Returns the absolute http or https address that `text` means: `feed:` is a scheme of browsers' past.
pub(super) fn web(base: Option<&Url>, text: &str) -> Option<Url> {
    let text = text.trim();
    let scheme = text.get(..5).filter(|start| start.eq_ignore_ascii_case("feed:"));
    let rest = scheme.map_or(text, |scheme| &text[scheme.len()..]);
    let found = if scheme.is_some() && rest.starts_with("//") {
        Url::parse(&format!("http:{rest}")).ok()
    } else {
        web_url(base, rest)
    };
    let mut url = found.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= ADDRESS)?;
    url.set_fragment(None);
    Some(url)
}

/// Returns whether an address looks like a feed's.
pub(super) fn is_feed(url: &Url) -> bool {
    let host = host(url);
    if is_something_else(url) {
        return false;
    }
    let path = url.path().to_ascii_lowercase();
    let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let (stem, ending) = last.rsplit_once('.').unwrap_or((last, ""));
    let by_path = match ending {
        "rss" | "atom" | "rdf" => true,
        "xml" => stem == "index" || IN_XML.iter().any(|word| path.contains(word)) || is_feed_host(&host),
        "php" | "php3" | "aspx" | "asp" | "ashx" | "jsp" | "cfm" | "json" | "cgi" | "pl" => PROGRAMS.contains(&stem),
        _ => NAMES.contains(&last) || path.contains("/feeds/posts/") || (is_burner(&host) && path.len() > 1),
    };
    by_path || asks_for_feed(url)
}

/// Returns whether a text is a link's that leads to a feed.
pub(super) fn says_feed(text: &str) -> bool {
    if text.chars().nth(WORDS).is_some() {
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

/// Returns the feed's address where `url` hands one to a reading service, `url` itself where it does not; `None` for links that share.
pub(super) fn unwrapped(url: &Url) -> Option<Url> {
    let host = host(url);
    let is_of = |list: &[&str]| {
        list.iter()
            .any(|one| host.strip_suffix(one).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    };
    if is_of(SHARING) {
        return None;
    }
    if !is_of(READERS) || host == "news.google.com" {
        return Some(url.clone());
    }
    let in_query = url.query_pairs().find_map(|(_, value)| inner(&value));
    in_query.or_else(|| {
        // As in `feedly.com/i/subscription/feed/https%3A%2F%2F…`.
        let text = form_urlencoded::parse(url.path().as_bytes())
            .next()
            .map(|(name, _)| name.into_owned());
        inner(&text.unwrap_or_default())
    })
}

/// Returns whether a feed is one of comments or of a single article.
pub(super) fn is_aside(url: &Url, title: &str) -> bool {
    const WORDS: &[&str] = &["comment", "kommentar", "comentario", "comentário", "تعليق", "التعليقات"];
    let title = title.to_lowercase();
    let path = url.path().to_ascii_lowercase();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    // As in /2026/01/slug/feed/: a month's feed has no slug.
    let of_article = parts.windows(2).any(|pair| is_number(pair[0], 4) && is_number(pair[1], 2))
        && parts.last().is_some_and(|last| matches!(*last, "feed" | "rss" | "atom"))
        && parts.iter().any(|part| part.contains('-'));
    let asks = url
        .query_pairs()
        .any(|(name, value)| matches!(&*name, "p" | "replytocom" | "cpage") || value.contains("comment") || value.contains("forum"));
    WORDS.iter().any(|word| title.contains(word)) || path.contains("comment") || of_article || asks
}

/// Returns whether an address is one of the other things that pages name beside their feeds.
pub(super) fn is_something_else(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    NOT_FEEDS.iter().any(|part| path.contains(part)) || url.query().is_some_and(|query| query.contains("rest_route"))
}

/// Returns whether an address ends as files do that are no feeds.
pub(super) fn is_file(url: &Url) -> bool {
    let ending = url.path().rsplit_once('.').map_or("", |(_, ending)| ending);
    FILES.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// Returns whether an address looks like a JSON Feed's.
pub(super) fn is_json(url: &Url) -> bool {
    url.as_str().to_ascii_lowercase().contains("json")
}

/// Returns whether two addresses belong to one site; services that only carry a site's feed count as its own.
pub(super) fn is_same_site(one: &Url, other: &Url) -> bool {
    let (one, other) = (host(one), host(other));
    let is_below = |low: &str, high: &str| low.strip_suffix(high).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_below(&one, &other) || is_below(&other, &one) || is_burner(&other)
}

/// Returns the host in lower case, without `www.`.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    host.strip_prefix("www.").map(str::to_owned).unwrap_or(host)
}

fn is_burner(host: &str) -> bool {
    matches!(
        host,
        "feeds.feedburner.com" | "feeds2.feedburner.com" | "feedburner.google.com" | "feedproxy.google.com" | "rss.feedburner.com"
    )
}

fn is_feed_host(host: &str) -> bool {
    host.starts_with("rss.") || host.starts_with("feeds.") || host.starts_with("feed.")
}

fn is_number(part: &str, digits: usize) -> bool {
    part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn asks_for_feed(url: &Url) -> bool {
    url.query_pairs().take(64).any(|(name, value)| {
        let name = name.trim_start_matches("amp;").to_ascii_lowercase();
        let value = value.to_ascii_lowercase();
        // SPIP's `page=backend`, and `backend-breves` beside it.
        (name == "page" && value.starts_with("backend"))
            || QUERIES.iter().any(|(known, values)| *known == name && values.contains(&&*value))
    })
}

/// Returns the address that stands in `text`, whatever stands before it.
fn inner(text: &str) -> Option<Url> {
    let at = text.find("http://").or_else(|| text.find("https://"))?;
    web(None, &text[at..])
}
