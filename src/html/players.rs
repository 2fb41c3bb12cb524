//! Video and audio players in frames: the address of a frame becomes that of the page on which the video or audio is played. Pure.
//!
//! Only players of well-known platforms are recognised; other frames are not part of an article.

use super::messages::{is_identifier, message, query_parameter};
use super::tokenizer::Tag;
use url::{Url, form_urlencoded};

/// Attributes that may contain the address of a frame; consent tools and lazy loaders move it.
const ADDRESS_ATTRIBUTES: &[&str] = &[
    "src",
    "data-src",
    "data-lazy-src",
    "data-litespeed-src",
    "data-cookieblock-src",
    "data-src-cmplz",
    "data-rocket-src",
    "data-lazy",
    "data-iframe-src",
    "data-embed-src",
    "data-embed-url",
    "data-url",
    "data-original",
];

/// The page of a player, and its title where the frame has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Player {
    /// The page on which it is played.
    pub page: Url,
    /// The platform's name.
    pub platform: &'static str,
}

/// Returns the player or message of a frame at `address`, still escaped; `None` when it is neither.
pub(crate) fn player(address: &str) -> Option<Player> {
    let (url, host) = parse_address(address)?;
    let found = match host.as_str() {
        "youtube.com" | "youtube-nocookie.com" | "m.youtube.com" => Some((youtube(&url)?, "YouTube")),
        "youtu.be" => Some((short_youtube(&url)?, "YouTube")),
        "dailymotion.com" | "geo.dailymotion.com" => Some((dailymotion(&url)?, "Dailymotion")),
        "player.vimeo.com" => Some((numbered_video(&url, "https://vimeo.com/")?, "Vimeo")),
        "w.soundcloud.com" => Some((soundcloud(&url)?, "SoundCloud")),
        "facebook.com" | "web.facebook.com" | "m.facebook.com" => facebook(&url).map(|page| (page, "Facebook")),
        "open.spotify.com" => Some((Url::parse(&url.as_str().replacen("/embed", "", 1)).ok()?, "Spotify")),
        "embed.podcasts.apple.com" => Some((Url::parse(&url.as_str().replacen("embed.", "", 1)).ok()?, "Apple Podcasts")),
        "player.acast.com" | "embed.acast.com" => Some((url.clone(), "Acast")),
        "archive.org" if url.path().starts_with("/embed/") => Some((
            Url::parse(&url.as_str().replacen("/embed/", "/details/", 1)).ok()?,
            "Internet Archive",
        )),
        "rumble.com" if url.path().starts_with("/embed/") => Some((url.clone(), "Rumble")),
        "player.twitch.tv" => Some((url.clone(), "Twitch")),
        _ => None,
    };
    let (page, platform) = found.or_else(|| message(&url, &host))?;
    Some(Player { page, platform })
}

/// Returns the page of the message of a social network to which a link at `address`, still escaped, leads; `None` when it leads to none.
pub(crate) fn message_page(address: &str) -> Option<Url> {
    let (url, host) = parse_address(address)?;
    message(&url, &host).map(|(page, _)| page)
}

/// Returns the URL of an address, still escaped, and its host without `www.`.
fn parse_address(address: &str) -> Option<(Url, String)> {
    let address = address.trim().replace("&amp;", "&");
    let absolute = if address.starts_with("//") {
        format!("https:{address}")
    } else {
        address
    };
    let url = Url::parse(&absolute).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.trim_start_matches("www.").to_ascii_lowercase();
    Some((url, host))
}

/// Returns the address, still escaped, of the frame of a known player.
pub(crate) fn frame_address<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    let mut addresses = ADDRESS_ATTRIBUTES.iter().filter_map(|name| tag.attribute(name));
    addresses.find(|address| player(address).is_some())
}

/// Returns the attributes of the frame that another element is replaced by: AMP's players, and those that a script inserts.
pub(crate) fn replaced_frame(tag: &Tag<'_>) -> Option<String> {
    let (start, attribute) = match &*tag.name {
        "amp-youtube" => ("https://www.youtube.com/embed/", "data-videoid"),
        "lite-youtube" => ("https://www.youtube.com/embed/", "videoid"),
        "amp-dailymotion" => ("https://www.dailymotion.com/embed/video/", "data-videoid"),
        "amp-vimeo" => ("https://player.vimeo.com/video/", "data-videoid"),
        "amp-twitter" => ("https://platform.twitter.com/embed/Tweet.html?id=", "data-tweetid"),
        "amp-instagram" => ("https://www.instagram.com/p/", "data-shortcode"),
        "amp-soundcloud" => (
            "https://w.soundcloud.com/player/?url=https://api.soundcloud.com/tracks/",
            "data-trackid",
        ),
        "amp-facebook" => return Some(facebook_frame(tag.attribute("data-href")?, tag.inner.contains("video"))),
        "div" if tag.inner.contains("fb-video") => return Some(facebook_frame(tag.attribute("data-href")?, true)),
        "div" if tag.inner.contains("fb-post") => return Some(facebook_frame(tag.attribute("data-href")?, false)),
        "script" => {
            let name = tag.attribute("data-telegram-post")?;
            return name
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'/'))
                .then(|| format!(" src=\"https://t.me/{name}\""));
        }
        _ => return None,
    };
    let name = tag.attribute(attribute).filter(|name| is_identifier(name))?;
    Some(format!(" src=\"{start}{name}\""))
}

/// Returns the attributes of the frame in which Facebook shows a video or message.
fn facebook_frame(page: &str, is_video: bool) -> String {
    let page = page.replace("&amp;", "&");
    let page: String = form_urlencoded::byte_serialize(page.as_bytes()).collect();
    let kind = if is_video { "video" } else { "post" };
    format!(" src=\"https://www.facebook.com/plugins/{kind}.php?href={page}\"")
}

/// Returns the segment of the path after `mark`, if it can be an identifier.
fn segment_after<'u>(url: &'u Url, mark: &str) -> Option<&'u str> {
    let mut parts = url.path_segments()?;
    parts.find(|part| *part == mark)?;
    parts.next().filter(|part| is_identifier(part))
}

fn youtube(url: &Url) -> Option<Url> {
    let name = segment_after(url, "embed").or_else(|| segment_after(url, "v"));
    let page = match (name, query_parameter(url, "list")) {
        (Some(name), _) if !matches!(name, "videoseries" | "live_stream") => format!("https://www.youtube.com/watch?v={name}"),
        (_, Some(list)) if is_identifier(&list) => format!("https://www.youtube.com/playlist?list={list}"),
        (Some("live_stream"), _) => format!(
            "https://www.youtube.com/channel/{}/live",
            query_parameter(url, "channel").filter(|name| is_identifier(name))?
        ),
        _ => return None,
    };
    Url::parse(&page).ok()
}

fn short_youtube(url: &Url) -> Option<Url> {
    let name = url.path_segments()?.next().filter(|name| is_identifier(name))?;
    Url::parse(&format!("https://www.youtube.com/watch?v={name}")).ok()
}

fn dailymotion(url: &Url) -> Option<Url> {
    let named = query_parameter(url, "video").filter(|name| is_identifier(name));
    let name = named.or_else(|| segment_after(url, "video").map(str::to_owned))?;
    Url::parse(&format!("https://www.dailymotion.com/video/{name}")).ok()
}

/// Returns the page of a video whose number is in the path.
fn numbered_video(url: &Url, home: &str) -> Option<Url> {
    let number = segment_after(url, "video").filter(|part| part.bytes().all(|c| c.is_ascii_digit()))?;
    Url::parse(&format!("{home}{number}")).ok()
}

fn soundcloud(url: &Url) -> Option<Url> {
    let page = Url::parse(&query_parameter(url, "url")?).ok()?;
    let is_own = page
        .host_str()
        .is_some_and(|host| host == "soundcloud.com" || host.ends_with(".soundcloud.com"));
    (is_own && matches!(page.scheme(), "http" | "https")).then_some(page)
}

/// Videos only: frames of pages, "like" buttons and comments are not part of an article.
fn facebook(url: &Url) -> Option<Url> {
    let is_video = url.path().ends_with("/plugins/video.php");
    let page = Url::parse(&query_parameter(url, "href").filter(|_| is_video)?).ok()?;
    let host = page.host_str()?;
    let is_own = host == "facebook.com" || host.ends_with(".facebook.com") || host == "fb.watch";
    (is_own && matches!(page.scheme(), "http" | "https")).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(address: &str) -> Option<String> {
        player(address).map(|player| player.page.into())
    }

    #[test]
    fn players_become_their_pages() {
        for (frame, expected) in [
            (
                "//www.youtube.com/embed/aB3-_x?feature=oembed&amp;rel=0",
                "https://www.youtube.com/watch?v=aB3-_x",
            ),
            ("https://www.youtube-nocookie.com/embed/aB3", "https://www.youtube.com/watch?v=aB3"),
            (
                "https://www.youtube.com/embed/videoseries?list=PL1",
                "https://www.youtube.com/playlist?list=PL1",
            ),
            (
                "https://www.youtube.com/embed/live_stream?channel=UC1",
                "https://www.youtube.com/channel/UC1/live",
            ),
            (
                "https://www.dailymotion.com/embed/video/x8abc?autoplay=1",
                "https://www.dailymotion.com/video/x8abc",
            ),
            (
                "https://geo.dailymotion.com/player/x1.html?video=x8abc",
                "https://www.dailymotion.com/video/x8abc",
            ),
            ("https://player.vimeo.com/video/123456?h=9", "https://vimeo.com/123456"),
            (
                "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/55&amp;color=%23ff",
                "https://api.soundcloud.com/tracks/55",
            ),
            (
                "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fjournal%2Fvideos%2F77%2F&show_text=0",
                "https://www.facebook.com/journal/videos/77/",
            ),
            ("https://open.spotify.com/embed/episode/4x", "https://open.spotify.com/episode/4x"),
        ] {
            assert_eq!(page(frame).as_deref(), Some(expected), "{frame}");
        }
    }

    #[test]
    fn other_frames_are_no_players() {
        for frame in [
            "",
            "about:blank",
            "javascript:alert(1)//www.youtube.com/embed/x",
            "https://tube.example/embed/x",
            "https://www.youtube.com.evil.example/embed/x",
            "https://www.youtube.com/embed/a\"b",
            "https://www.youtube.com/embed/",
            "https://www.facebook.com/plugins/like.php?href=https://www.facebook.com/x",
            "https://www.facebook.com/plugins/video.php?href=javascript:alert(1)",
            "https://w.soundcloud.com/player/?url=https://evil.example/soundcloud.com",
            "https://player.vimeo.com/video/x1",
        ] {
            assert_eq!(page(frame), None, "{frame}");
        }
    }
}
