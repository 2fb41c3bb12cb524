//! Short messages of social networks that a page shows within its text: the address of a frame, or of a link in a quotation, becomes that of the
//! page of the message. Pure.

use url::Url;

/// Returns the page of a message at `url`, whose host without `www.` is `host`, and the name of the network; `None` when it is none, such as an
/// account or a button.
pub(super) fn message(url: &Url, host: &str) -> Option<(Url, &'static str)> {
    let (page, platform) = match host {
        "twitter.com" | "x.com" | "mobile.twitter.com" | "mobile.x.com" => (x(url, host)?, "X"),
        "platform.twitter.com" | "platform.x.com" => (x_frame(url)?, "X"),
        "instagram.com" => (instagram(url)?, "Instagram"),
        "t.me" | "telegram.me" => (telegram(url)?, "Telegram"),
        "tiktok.com" | "m.tiktok.com" => (tiktok(url)?, "TikTok"),
        "facebook.com" | "web.facebook.com" | "m.facebook.com" => (facebook(url)?, "Facebook"),
        "threads.net" | "threads.com" => (profile_message(url, "https://www.threads.net")?, "Threads"),
        "bsky.app" => (profile_message(url, "https://bsky.app")?, "Bluesky"),
        _ => return None,
    };
    Some((Url::parse(&page).ok()?, platform))
}

/// Returns the value of a query parameter; `None` when it is empty.
pub(super) fn query_parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}

/// Returns whether a segment can be the identifier of a video, of audio or of a message.
pub(super) fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.len() <= 64 && part.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
}

fn segments(url: &Url) -> Vec<&str> {
    url.path_segments()
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .take(6)
        .collect()
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.len() <= 32 && part.bytes().all(|c| c.is_ascii_digit())
}

/// Returns whether a segment can be the name of an account.
fn is_account(part: &str) -> bool {
    let name = part.strip_prefix('@').unwrap_or(part);
    !name.is_empty() && name.len() <= 64 && name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'))
}

fn x(url: &Url, host: &str) -> Option<String> {
    match segments(url)[..] {
        [account, "status" | "statuses", number, ..] if is_account(account) && is_number(number) => {
            let host = host.trim_start_matches("mobile.");
            Some(format!("https://{host}/{account}/status/{number}"))
        }
        _ => None,
    }
}

/// The frame itself is the page: it shows the message to readers without an account.
fn x_frame(url: &Url) -> Option<String> {
    let number = query_parameter(url, "id").filter(|number| is_number(number))?;
    url.path()
        .starts_with("/embed/")
        .then(|| format!("https://platform.twitter.com/embed/Tweet.html?id={number}"))
}

fn instagram(url: &Url) -> Option<String> {
    let parts = segments(url);
    let at = parts.iter().position(|part| matches!(*part, "p" | "reel" | "tv"))?;
    let name = parts.get(at + 1).filter(|name| is_identifier(name))?;
    Some(format!("https://www.instagram.com/{}/{name}/", parts[at]))
}

fn telegram(url: &Url) -> Option<String> {
    match segments(url)[..] {
        ["s", channel, number] | [channel, number] if is_account(channel) && is_number(number) => {
            Some(format!("https://t.me/{channel}/{number}"))
        }
        _ => None,
    }
}

fn tiktok(url: &Url) -> Option<String> {
    match segments(url)[..] {
        [account, "video" | "photo", number, ..] if account.starts_with('@') && is_account(account) && is_number(number) => {
            Some(format!("https://www.tiktok.com/{account}/video/{number}"))
        }
        ["embed", "v2", number, ..] | ["embed", number, ..] if is_number(number) => {
            Some(format!("https://www.tiktok.com/embed/v2/{number}"))
        }
        _ => None,
    }
}

fn facebook(url: &Url) -> Option<String> {
    if url.path().ends_with("/plugins/post.php") {
        let page = Url::parse(&query_parameter(url, "href")?).ok()?;
        let host = page.host_str()?;
        let is_own = host == "facebook.com" || host.ends_with(".facebook.com") || host == "fb.watch";
        return (is_own && matches!(page.scheme(), "http" | "https")).then(|| page.into());
    }
    match segments(url)[..] {
        [account, "posts" | "videos", name, ..] if is_account(account) && is_identifier(name) => Some(url.as_str().to_owned()),
        ["permalink.php" | "story.php"] => query_parameter(url, "story_fbid").map(|_| url.as_str().to_owned()),
        _ => None,
    }
}

fn profile_message(url: &Url, home: &str) -> Option<String> {
    match segments(url)[..] {
        [account, "post", name, ..] if account.starts_with('@') && is_account(account) && is_identifier(name) => {
            Some(format!("{home}/{account}/post/{name}"))
        }
        ["profile", account, "post", name, ..] if is_account(account) && is_identifier(name) => {
            Some(format!("{home}/profile/{account}/post/{name}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::html::players::player;

    #[test]
    fn frames_and_links_of_messages_become_their_pages() {
        for (address, expected) in [
            (
                "https://twitter.com/mairie/status/12?ref_src=twsrc",
                "https://twitter.com/mairie/status/12",
            ),
            ("//x.com/mairie/status/12/photo/1", "https://x.com/mairie/status/12"),
            (
                "https://platform.twitter.com/embed/Tweet.html?dnt=true&amp;id=12&amp;theme=light",
                "https://platform.twitter.com/embed/Tweet.html?id=12",
            ),
            (
                "https://www.instagram.com/p/Ab-_9/embed/captioned/?x=1",
                "https://www.instagram.com/p/Ab-_9/",
            ),
            ("https://www.instagram.com/mairie/reel/Ab9/", "https://www.instagram.com/reel/Ab9/"),
            ("https://t.me/mairie/12?embed=1", "https://t.me/mairie/12"),
            (
                "https://www.tiktok.com/@mairie/video/12?lang=fr",
                "https://www.tiktok.com/@mairie/video/12",
            ),
            ("https://www.tiktok.com/embed/v2/12", "https://www.tiktok.com/embed/v2/12"),
            (
                "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fmairie%2Fposts%2F77",
                "https://www.facebook.com/mairie/posts/77",
            ),
            (
                "https://bsky.app/profile/mairie.example/post/3k",
                "https://bsky.app/profile/mairie.example/post/3k",
            ),
            ("https://www.threads.net/@mairie/post/Cx", "https://www.threads.net/@mairie/post/Cx"),
        ] {
            assert_eq!(
                player(address).map(|player| String::from(player.page)).as_deref(),
                Some(expected),
                "{address}"
            );
        }
    }

    #[test]
    fn accounts_and_buttons_are_no_messages() {
        for address in [
            "https://twitter.com/mairie",
            "https://twitter.com/intent/tweet?url=https://a.example/status/1",
            "https://twitter.com/share?id=12",
            "https://platform.twitter.com/widgets/follow_button.html?id=12",
            "https://platform.twitter.com/embed/Tweet.html?id=javascript:1",
            "https://x.com.evil.example/mairie/status/12",
            "https://www.instagram.com/mairie/",
            "https://t.me/mairie",
            "https://t.me/share/url?url=x",
            "https://www.facebook.com/sharer/sharer.php?u=https://a.example",
            "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fevil.example%2Fposts%2F77",
            "https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fwww.facebook.com%2Fmairie",
            "javascript:alert(1)//twitter.com/a/status/1",
        ] {
            assert_eq!(player(address), None, "{address}");
        }
    }
}
