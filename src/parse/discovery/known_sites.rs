//! The usual addresses of feeds, by the software or the platform of a site. All of them are guesses: none was fetched.

use super::candidate::Evidence;
use super::feed_urls::{self, host};
use url::Url;

/// How much of a page is searched for the marks of its software, in bytes.
const MAX_SEARCHED_BYTES: usize = 300_000;

/// A content management system or generator of sites.
struct System {
    /// Its name in `<meta name=generator>`, in lower case; empty when it has none.
    generator: &'static str,
    /// Parts of the addresses in its pages; what precedes them is the folder in which it is installed.
    marks: &'static [&'static str],
    /// Its feeds, relative to that folder.
    feeds: &'static [&'static str],
}

const fn system(generator: &'static str, marks: &'static [&'static str], feeds: &'static [&'static str]) -> System {
    System { generator, marks, feeds }
}

/// Those with the stronger marks come first: a page of one system may show pictures of another.
const SYSTEMS: &[System] = &[
    system("wordpress", &["wp-content/", "wp-includes/", "wp-json/"], &["feed/", "?feed=rss2"]),
    system(
        "spip",
        &["spip.php", "local/cache-css/", "local/cache-vignettes/", "plugins-dist/"],
        &["spip.php?page=backend"],
    ),
    system(
        "drupal",
        &["sites/default/files", "sites/all/", "core/misc/drupal"],
        &["rss.xml", "feed"],
    ),
    system(
        "joomla",
        &["components/com_", "media/jui/", "media/vendor/joomla"],
        &["?format=feed&type=rss", "index.php?format=feed&type=rss", "?format=feed&type=atom"],
    ),
    system("blogger", &[], &["feeds/posts/default?alt=rss", "feeds/posts/default"]),
    system("ghost", &[], &["rss/"]),
    system("wix.com", &[], &["blog-feed.xml", "feed.xml"]),
    system("hugo", &[], &["index.xml"]),
    system("jekyll", &[], &["feed.xml", "atom.xml"]),
    system("hexo", &[], &["atom.xml", "rss2.xml"]),
    system("pelican", &[], &["feeds/all.atom.xml", "feeds/all.rss.xml"]),
    system("eleventy", &[], &["feed.xml", "feed/feed.xml"]),
    system("astro", &[], &["rss.xml"]),
    system("gatsby", &[], &["rss.xml"]),
    system("docusaurus", &[], &["blog/rss.xml"]),
    system("odoo", &[], &["blog/1/feed"]),
    system("typo3", &["typo3temp/", "typo3conf/"], &["?type=9818", "rss.xml", "feed.xml"]),
    system("dotclear", &[], &["feed/atom", "feed/rss2"]),
    system("plone", &[], &["RSS", "news/RSS"]),
    system("movable type", &[], &["atom.xml", "index.xml"]),
    system("typepad", &[], &["atom.xml", "rss.xml"]),
    system("discourse", &[], &["latest.rss"]),
    system("mediawiki", &[], &["index.php?title=Special:RecentChanges&feed=atom"]),
    system("wmaker", &[], &["xml/syndication.rss", "xml/atom.xml"]),
];

/// Marks that only pages of one hosting service have, with its feeds, relative to the root of the site.
const HOSTED_SERVICES: &[(&str, &[&str])] = &[
    ("blogger.com/static", &["feeds/posts/default?alt=rss", "feeds/posts/default"]),
    ("wmaker.net", &["xml/syndication.rss", "xml/atom.xml"]),
    ("drupal-settings-json", &["rss.xml", "feed"]),
    ("drupal.settings", &["rss.xml", "feed"]),
    ("substackcdn.com", &["feed"]),
    ("static1.squarespace.com", &["?format=rss", "blog?format=rss", "news?format=rss"]),
    ("static.parastorage.com", &["blog-feed.xml", "feed.xml"]),
    ("assets.tumblr.com", &["rss"]),
    ("cdn-client.medium.com", &["feed"]),
    ("/pf/resources/", &["arc/outboundfeeds/rss/?outputType=xml"]),
    ("bloximages.", &["search/?f=rss&t=article&l=50&s=start_time&sd=desc"]),
    ("over-blog-kiwi.com", &["rss"]),
    ("webflow.com", &["blog/rss.xml", "rss.xml"]),
];

/// The feeds of sites without such marks, the most frequent first.
const COMMON_PATHS: &[&str] = &[
    "feed/",
    "rss.xml",
    "rss",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "spip.php?page=backend",
    "index.rdf",
];

/// Platforms that offer no feeds.
const CLOSED_PLATFORMS: &[(&str, &str)] = &[
    ("facebook.com", "Facebook"),
    ("fb.com", "Facebook"),
    ("x.com", "X"),
    ("twitter.com", "X"),
    ("instagram.com", "Instagram"),
    ("tiktok.com", "TikTok"),
    ("linkedin.com", "LinkedIn"),
    ("whatsapp.com", "WhatsApp"),
    ("threads.net", "Threads"),
];

/// Returns the name of the platform to which an address belongs, if that platform offers no feeds.
pub(in crate::parse) fn closed_platform(url: &Url) -> Option<&'static str> {
    let host = host(url);
    CLOSED_PLATFORMS
        .iter()
        .find(|(known_sites, _)| is_host_of(&host, known_sites))
        .map(|(_, name)| *name)
}

/// Returns the addresses where the site of `page` may have its feeds. `generator` is in lower case, `own_address` the page's address.
pub(super) fn suggested_feeds(page: &str, generator: &str, own_address: &Url) -> Vec<(Evidence, Url)> {
    if closed_platform(own_address).is_some() {
        return Vec::new();
    }
    let head = &page[..page.floor_char_boundary(MAX_SEARCHED_BYTES)];
    let lower = head.to_ascii_lowercase();
    let root = root(own_address);
    if let Some(places) = platform_feeds(own_address, head) {
        return join(&root, Evidence::Likely, places.iter().map(String::as_str));
    }
    let mut found = Vec::new();
    for system in SYSTEMS {
        let installation_folder = system
            .marks
            .iter()
            .find_map(|mark| installation_folder(head, &lower, mark, own_address));
        let named = !system.generator.is_empty() && generator.contains(system.generator);
        if named || installation_folder.is_some() {
            let folder = installation_folder.unwrap_or_else(|| root.clone());
            found.extend(join(&folder, Evidence::SystemDefault, system.feeds.iter().copied()));
            if system.generator == "wordpress" {
                found.extend(wordpress_section_feed(own_address).map(|url| (Evidence::SystemDefault, url)));
            }
            // The name of the generator is conclusive.
            if named {
                return found;
            }
        }
    }
    for (_, feeds) in HOSTED_SERVICES.iter().filter(|(mark, _)| lower.contains(mark)) {
        found.extend(join(&root, Evidence::SystemDefault, feeds.iter().copied()));
    }
    if found.is_empty() {
        found = join(&root, Evidence::CommonPath, COMMON_PATHS.iter().copied());
    }
    found
}

fn root(own_address: &Url) -> Url {
    let mut root = own_address.clone();
    root.set_path("/");
    root.set_query(None);
    root.set_fragment(None);
    root
}

fn join<'p>(folder: &Url, evidence: Evidence, places: impl Iterator<Item = &'p str>) -> Vec<(Evidence, Url)> {
    places
        .filter_map(|place| folder.join(place).ok())
        .map(|url| (evidence, url))
        .collect()
}

/// Returns the folder in which a system is installed, if an address in `head` on the same site has its mark.
fn installation_folder(head: &str, lower: &str, mark: &str, own_address: &Url) -> Option<Url> {
    memchr::memmem::find_iter(lower.as_bytes(), mark.as_bytes())
        .take(50)
        .find_map(|at| {
            let window = lower.floor_char_boundary(at.saturating_sub(300));
            let before = head.get(window..at)?;
            let start = before.rfind(['"', '\'', '(', '=', ' ', '\n'])? + 1;
            let prefix = &before[start..];
            if !(prefix.is_empty() || prefix.ends_with('/')) {
                return None;
            }
            let mut folder = own_address.join(if prefix.is_empty() { "/" } else { prefix }).ok()?;
            folder.set_query(None);
            folder.set_fragment(None);
            (feed_urls::host(&folder) == host(own_address)).then_some(folder)
        })
}

/// Returns the feed of a WordPress archive page, such as that of a category.
fn wordpress_section_feed(own_address: &Url) -> Option<Url> {
    let first = own_address.path_segments()?.next()?;
    let is_section = matches!(first, "category" | "tag" | "author" | "categorie" | "auteur" | "rubrique");
    let folder = format!("{}/feed/", own_address.path().trim_end_matches('/'));
    is_section.then(|| own_address.join(&folder).ok()).flatten()
}

/// Returns whether `host` is `site` or a subdomain of it.
fn is_host_of(host: &str, site: &str) -> bool {
    host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Returns the feeds of a page on a platform whose feed addresses are known; `None` for all other sites.
fn platform_feeds(own_address: &Url, head: &str) -> Option<Vec<String>> {
    let host = host(own_address);
    let parts: Vec<&str> = own_address.path_segments()?.filter(|part| !part.is_empty()).collect();
    let places = match (&*host, parts.as_slice()) {
        ("youtube.com" | "m.youtube.com", _) => youtube(own_address, &parts, head),
        ("medium.com", [author, ..]) => vec![format!("feed/{author}")],
        ("reddit.com" | "old.reddit.com", [kind @ ("r" | "user" | "u"), name, ..]) => vec![format!("{kind}/{name}/.rss")],
        ("github.com", [owner, name, ..]) => ["releases", "tags", "commits"]
            .map(|what| format!("{owner}/{name}/{what}.atom"))
            .into(),
        ("dailymotion.com", [user]) => vec![format!("rss/user/{user}")],
        ("vimeo.com", [user, ..]) => vec![format!("{user}/videos/rss")],
        ("bsky.app", ["profile", user, ..]) => vec![format!("profile/{user}/rss")],
        ("soundcloud.com", _) => {
            let user = chars_after(head, "soundcloud:users:", |c| c.is_ascii_digit())?;
            vec![format!("https://feeds.soundcloud.com/users/soundcloud:users:{user}/sounds.rss")]
        }
        (_, [account, ..]) if account.starts_with('@') && (head.contains("mastodon") || head.contains("Mastodon")) => {
            vec![format!("{account}.rss")]
        }
        _ if is_host_of(&host, "medium.com") || is_host_of(&host, "substack.com") => vec!["feed".to_owned()],
        _ if is_host_of(&host, "tumblr.com") || is_host_of(&host, "over-blog.com") => vec!["rss".to_owned()],
        _ if is_host_of(&host, "wordpress.com") => vec!["feed/".to_owned()],
        _ if host.contains(".blogspot.") => vec!["feeds/posts/default?alt=rss".to_owned(), "feeds/posts/default".to_owned()],
        _ => return None,
    };
    Some(places)
}

/// Returns the feeds of a channel, a user or a playlist of YouTube.
fn youtube(own_address: &Url, parts: &[&str], head: &str) -> Vec<String> {
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut places = Vec::new();
    if let Some((_, list)) = own_address
        .query_pairs()
        .find(|(name, value)| name == "list" && value.chars().all(is_id))
    {
        places.push(format!("https://www.youtube.com/feeds/videos.xml?playlist_id={list}"));
    }
    let marks = [
        "itemprop=\"channelId\" content=\"",
        "\"externalId\":\"",
        "youtube.com/channel/",
        "\"channelId\":\"",
        "\"browseId\":\"",
    ];
    let channel = match parts {
        ["channel", id, ..] => Some((*id).to_owned()),
        _ => marks
            .iter()
            .find_map(|mark| chars_after(head, mark, is_id).filter(|id| id.starts_with("UC"))),
    };
    if let Some(id) = channel.filter(|id| id.chars().all(is_id)) {
        places.push(format!("https://www.youtube.com/feeds/videos.xml?channel_id={id}"));
    } else if let ["user", name, ..] = parts {
        places.push(format!("https://www.youtube.com/feeds/videos.xml?user={name}"));
    }
    places
}

/// Returns the characters that follow the first `mark`, up to the first that is not wanted, at most 64.
fn chars_after(text: &str, mark: &str, is_wanted: impl Fn(char) -> bool) -> Option<String> {
    let at = text.find(mark)? + mark.len();
    let found: String = text[at..].chars().take_while(|c| is_wanted(*c)).take(64).collect();
    Some(found).filter(|found| !found.is_empty())
}
