//! Where sites have their feeds, by what made them. Guesses, all of them: nobody has looked.

use super::Weight;
use super::shape::{self, host};
use url::Url;

/// How much of a page is searched for the marks of what made it, in bytes.
const HEAD: usize = 300_000;

/// A system that makes sites.
struct System {
    /// How it calls itself in `<meta name=generator>`, in lower case; empty where it never does.
    generator: &'static str,
    /// What stands in the addresses of its pages; what comes before is where it is installed.
    marks: &'static [&'static str],
    /// Its feeds, from there.
    feeds: &'static [&'static str],
}

const fn system(generator: &'static str, marks: &'static [&'static str], feeds: &'static [&'static str]) -> System {
    System { generator, marks, feeds }
}

/// The more telling come first: a page of one system may show pictures of another.
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

/// What only stands in pages of one hosting service, whose feeds lie at the root.
const HOSTED: &[(&str, &[&str])] = &[
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

/// Where sites have a feed that give no sign of what made them, the most frequent first.
const BLIND: &[&str] = &[
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
const CLOSED: &[(&str, &str)] = &[
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

/// Returns the platform's name where an address belongs to one that offers no feeds.
pub(in crate::parse) fn closed_platform(url: &Url) -> Option<&'static str> {
    let host = host(url);
    CLOSED.iter().find(|(known, _)| is_of(&host, known)).map(|(_, name)| *name)
}

/// Returns where the site of `page` may have its feeds. `generator` is in lower case.
pub(super) fn suggestions(page: &str, generator: &str, own: &Url) -> Vec<(Weight, Url)> {
    if closed_platform(own).is_some() {
        return Vec::new();
    }
    let head = &page[..page.floor_char_boundary(HEAD)];
    let lower = head.to_ascii_lowercase();
    let root = root(own);
    if let Some(places) = of_platform(own, head) {
        return join(&root, Weight::Likely, places.iter().map(String::as_str));
    }
    let mut found = Vec::new();
    for system in SYSTEMS {
        let installed = system.marks.iter().find_map(|mark| installed(head, &lower, mark, own));
        let named = !system.generator.is_empty() && generator.contains(system.generator);
        if named || installed.is_some() {
            let folder = installed.unwrap_or_else(|| root.clone());
            found.extend(join(&folder, Weight::Usual, system.feeds.iter().copied()));
            if system.generator == "wordpress" {
                found.extend(section(own).map(|url| (Weight::Usual, url)));
            }
            // What names itself needs no second opinion.
            if named {
                return found;
            }
        }
    }
    for (_, feeds) in HOSTED.iter().filter(|(mark, _)| lower.contains(mark)) {
        found.extend(join(&root, Weight::Usual, feeds.iter().copied()));
    }
    if found.is_empty() {
        found = join(&root, Weight::Blind, BLIND.iter().copied());
    }
    found
}

fn root(own: &Url) -> Url {
    let mut root = own.clone();
    root.set_path("/");
    root.set_query(None);
    root.set_fragment(None);
    root
}

fn join<'p>(folder: &Url, weight: Weight, places: impl Iterator<Item = &'p str>) -> Vec<(Weight, Url)> {
    places
        .filter_map(|place| folder.join(place).ok())
        .map(|url| (weight, url))
        .collect()
}

/// Returns the folder that a system is installed in, if an address in `head` on the site of `own` bears its mark.
fn installed(head: &str, lower: &str, mark: &str, own: &Url) -> Option<Url> {
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
            let mut folder = own.join(if prefix.is_empty() { "/" } else { prefix }).ok()?;
            folder.set_query(None);
            folder.set_fragment(None);
            (shape::host(&folder) == host(own)).then_some(folder)
        })
}

/// Returns the feed of the section that a WordPress page belongs to, if it is one.
fn section(own: &Url) -> Option<Url> {
    let first = own.path_segments()?.next()?;
    let is_section = matches!(first, "category" | "tag" | "author" | "categorie" | "auteur" | "rubrique");
    let folder = format!("{}/feed/", own.path().trim_end_matches('/'));
    is_section.then(|| own.join(&folder).ok()).flatten()
}

fn is_of(host: &str, site: &str) -> bool {
    host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Returns the feeds of a page on a platform whose addresses are known; `None` for all other sites.
fn of_platform(own: &Url, head: &str) -> Option<Vec<String>> {
    let host = host(own);
    let parts: Vec<&str> = own.path_segments()?.filter(|part| !part.is_empty()).collect();
    let places = match (&*host, parts.as_slice()) {
        ("youtube.com" | "m.youtube.com", _) => youtube(own, &parts, head),
        ("medium.com", [author, ..]) => vec![format!("feed/{author}")],
        ("reddit.com" | "old.reddit.com", [kind @ ("r" | "user" | "u"), name, ..]) => vec![format!("{kind}/{name}/.rss")],
        ("github.com", [owner, name, ..]) => ["releases", "tags", "commits"]
            .map(|what| format!("{owner}/{name}/{what}.atom"))
            .into(),
        ("dailymotion.com", [user]) => vec![format!("rss/user/{user}")],
        ("vimeo.com", [user, ..]) => vec![format!("{user}/videos/rss")],
        ("bsky.app", ["profile", user, ..]) => vec![format!("profile/{user}/rss")],
        ("soundcloud.com", _) => {
            let user = after(head, "soundcloud:users:", |c| c.is_ascii_digit())?;
            vec![format!("https://feeds.soundcloud.com/users/soundcloud:users:{user}/sounds.rss")]
        }
        (_, [account, ..]) if account.starts_with('@') && (head.contains("mastodon") || head.contains("Mastodon")) => {
            vec![format!("{account}.rss")]
        }
        _ if is_of(&host, "medium.com") || is_of(&host, "substack.com") => vec!["feed".to_owned()],
        _ if is_of(&host, "tumblr.com") || is_of(&host, "over-blog.com") => vec!["rss".to_owned()],
        _ if is_of(&host, "wordpress.com") => vec!["feed/".to_owned()],
        _ if host.contains(".blogspot.") => vec!["feeds/posts/default?alt=rss".to_owned(), "feeds/posts/default".to_owned()],
        _ => return None,
    };
    Some(places)
}

/// Returns the feeds of a channel, a user or a playlist of YouTube.
fn youtube(own: &Url, parts: &[&str], head: &str) -> Vec<String> {
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut places = Vec::new();
    if let Some((_, list)) = own.query_pairs().find(|(name, value)| name == "list" && value.chars().all(is_id)) {
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
            .find_map(|mark| after(head, mark, is_id).filter(|id| id.starts_with("UC"))),
    };
    if let Some(id) = channel.filter(|id| id.chars().all(is_id)) {
        places.push(format!("https://www.youtube.com/feeds/videos.xml?channel_id={id}"));
    } else if let ["user", name, ..] = parts {
        places.push(format!("https://www.youtube.com/feeds/videos.xml?user={name}"));
    }
    places
}

/// Returns the characters of a kind that follow the first `mark`.
fn after(text: &str, mark: &str, is_wanted: impl Fn(char) -> bool) -> Option<String> {
    let at = text.find(mark)? + mark.len();
    let found: String = text[at..].chars().take_while(|c| is_wanted(*c)).take(64).collect();
    Some(found).filter(|found| !found.is_empty())
}
