//! Video and audio players in frames: the address of a frame becomes that of the page on which the video or audio is played. Pure.
//!
//! Only players of well-known platforms are recognised; other frames are not part of an article.

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
];

/// The page of a player, and its title where the frame has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Player {
    /// The page on which it is played.
    pub page: Url,
    /// The platform's name.
    pub platform: &'static str,
}

/// Returns the player of a frame at `address`, still escaped; `None` when it is not one.
pub(crate) fn player(address: &str) -> Option<Player> {
    let address = address.trim().replace("&amp;", "&");
    let absolute = if address.starts_with("//") {
        format!("https:{address}")
    } else {
        address
    };
    let url = Url::parse(&absolute).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.trim_start_matches("www.").to_ascii_lowercase();
    let (page, platform) = match host.as_str() {
        "youtube.com" | "youtube-nocookie.com" | "m.youtube.com" => (youtube(&url)?, "YouTube"),
        "dailymotion.com" | "geo.dailymotion.com" => (dailymotion(&url)?, "Dailymotion"),
        "player.vimeo.com" => (numbered_video(&url, "https://vimeo.com/")?, "Vimeo"),
        "w.soundcloud.com" => (soundcloud(&url)?, "SoundCloud"),
        "facebook.com" | "web.facebook.com" | "m.facebook.com" => (facebook(&url)?, "Facebook"),
        "open.spotify.com" => (Url::parse(&url.as_str().replacen("/embed", "", 1)).ok()?, "Spotify"),
        "embed.podcasts.apple.com" => (Url::parse(&url.as_str().replacen("embed.", "", 1)).ok()?, "Apple Podcasts"),
        "player.acast.com" | "embed.acast.com" => (url, "Acast"),
        "archive.org" if url.path().starts_with("/embed/") => (
            Url::parse(&url.as_str().replacen("/embed/", "/details/", 1)).ok()?,
            "Internet Archive",
        ),
        "rumble.com" if url.path().starts_with("/embed/") => (url, "Rumble"),
        "player.twitch.tv" => (url, "Twitch"),
        "tiktok.com" if url.path().starts_with("/embed") => (url, "TikTok"),
        _ => return None,
    };
    Some(Player { page, platform })
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
        "div" if tag.inner.contains("fb-video") => {
            let page = tag.attribute("data-href")?.replace("&amp;", "&");
            let page: String = form_urlencoded::byte_serialize(page.as_bytes()).collect();
            return Some(format!(" src=\"https://www.facebook.com/plugins/video.php?href={page}\""));
        }
        _ => return None,
    };
    let name = tag.attribute(attribute).filter(|name| is_identifier(name))?;
    Some(format!(" src=\"{start}{name}\""))
}

/// Returns the value of a query parameter; `None` when it is empty.
fn query_parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

/// Returns the segment of the path after `mark`, if it can be an identifier.
fn segment_after<'u>(url: &'u Url, mark: &str) -> Option<&'u str> {
    let mut parts = url.path_segments()?;
    parts.find(|part| *part == mark)?;
    parts.next().filter(|part| is_identifier(part))
}

/// Returns whether a segment can be the identifier of a video or audio.
fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.len() <= 64 && part.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
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
