//! Discovery on pages as content management systems write them, with invented text.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// Renders candidates as `method url title`.
fn found(page: &str, own: &str) -> Vec<String> {
    let own = url(own);
    let line = |one: &Candidate| format!("{} {} {}", one.method.code(), one.url, one.title).trim_end().to_owned();
    candidates(page, Some(&own)).iter().map(line).collect()
}

fn addresses(page: &str, own: &str) -> Vec<String> {
    candidates(page, Some(&url(own))).iter().map(|one| one.url.to_string()).collect()
}

#[test]
fn announcements_are_read_in_all_forms() {
    for (link, expected) in [
        (
            "<link rel=alternate type=application/rss+xml href=/feed/>",
            "https://a.example/feed/",
        ),
        (
            "<LINK HREF='feed?a=1&amp;b=2' TYPE='Application/Atom+XML; charset=utf-8' REL='Alternate nofollow'/>",
            "https://a.example/x/feed?a=1&b=2",
        ),
        (
            "<link type=\"application/feed+json\" title=\"t\" rel=\"alternate\" href=\"//b.example/f\">",
            "https://b.example/f",
        ),
        ("<link rel='feed' href='/updates'>", "https://a.example/updates"),
        (
            "<link rel='alternate' type='text/xml' href='/rss.xml'>",
            "https://a.example/rss.xml",
        ),
        (
            "<link rel='alternate' type='application/json' title='JSON feed' href='/all'>",
            "https://a.example/all",
        ),
        (
            "<link rel='alternate' type='application/rdf+xml' href='feed:https://a.example/b'>",
            "https://a.example/b",
        ),
        (
            "<link rel='alternate' type='application/rss+xml' href='feed://a.example/c'>",
            "http://a.example/c",
        ),
        ("<link rel='alternate' href='/actu.rss'>", "https://a.example/actu.rss"),
        (
            "<base href='/sous/'><link rel='alternate' type='application/rss+xml' href='flux'>",
            "https://a.example/sous/flux",
        ),
        (
            "<body><p>x</p><link rel='alternate' type='application/rss+xml' href='/f'>",
            "https://a.example/f",
        ),
        (
            "<noscript><link rel='alternate' type='application/rss+xml' href='/f'></noscript>",
            "https://a.example/f",
        ),
    ] {
        let all = candidates(&format!("<html><head>{link}"), Some(&url("https://a.example/x/y")));
        assert_eq!(
            all.first().map(|one| (one.method, one.url.as_str())),
            Some((DiscoveryMethod::Announced, expected)),
            "{link}"
        );
    }
}

#[test]
fn other_links_in_the_head_are_left_out() {
    for link in [
        "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/pages/2'>",
        "<link rel='alternate' type='application/json+oembed' href='/wp-json/oembed/1.0/embed?url=x'>",
        "<link rel='alternate' type='text/xml+oembed' href='/oembed?format=xml'>",
        "<link rel='alternate' hreflang='fr' href='/fr/'>",
        "<link rel='EditURI' type='application/rsd+xml' href='/xmlrpc.php?rsd'>",
        "<link rel='alternate stylesheet' type='application/rss+xml' href='/rss.css'>",
        "<link rel='search' type='application/opensearchdescription+xml' href='/osd.xml'>",
        "<!-- <link rel='alternate' type='application/rss+xml' href='/feed/'> -->",
        "<script>document.write(\"<link rel='alternate' type='application/rss+xml' href='/feed/'>\")</script>",
        "<link rel='alternate' type='application/rss+xml' href='javascript:x'>",
        "<link rel='alternate' type='application/rss+xml' href=''>",
        "<link rel='alternate' type='application/rss+xml'>",
        "<link rel='alternate' type='application/rss+xml' href='https://a.example/x#here'>",
    ] {
        let all = candidates(link, Some(&url("https://a.example/x")));
        assert!(all.iter().all(|one| one.method == DiscoveryMethod::WellKnown), "{link}: {all:?}");
    }
}

#[test]
fn links_are_recognised_by_address_or_text() {
    for (link, expected) in [
        ("<a href='/feed/'>x</a>", "/feed/"),
        ("<a href='/actu/mali.rss'>x</a>", "/actu/mali.rss"),
        ("<a href='/flux/une.xml'>x</a>", "/flux/une.xml"),
        (
            "<a href='spip.php?page=backend&amp;id_rubrique=3'>x</a>",
            "/spip.php?page=backend&id_rubrique=3",
        ),
        ("<a href='/?feed=rss2'>x</a>", "/?feed=rss2"),
        (
            "<a href='index.php?format=feed&amp;type=rss'>x</a>",
            "/index.php?format=feed&type=rss",
        ),
        ("<a href='/backend.php3'>x</a>", "/backend.php3"),
        ("<a href='/abonnement'>Flux RSS</a>", "/abonnement"),
        ("<a href='/abonnement'>  خلاصات  </a>", "/abonnement"),
        ("<a href='/abonnement'><img src='i.png' alt='Syndiquer le site'></a>", "/abonnement"),
        ("<a href='/abonnement'><i class='fa fa-rss'></i></a>", "/abonnement"),
        ("<a href='/abonnement' title='RSS'></a>", "/abonnement"),
        ("<a href='/1'>un<a href='/atom.xml'>deux", "/atom.xml"),
        (
            "<a href='https://feedly.com/i/subscription/feed/https%3A%2F%2Fa.example%2Ftout'>Feedly</a>",
            "",
        ),
        (
            "<a href='https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Fa.example%2Frss'>Feedly</a>",
            "/rss",
        ),
        (
            "<a href='https://www.inoreader.com/?add_feed=https%3A%2F%2Fa.example%2Frss.xml'>RSS</a>",
            "/rss.xml",
        ),
        (
            "<a href='https://add.my.yahoo.com/rss?url=https://a.example/atom.xml'>Y!</a>",
            "/atom.xml",
        ),
    ] {
        let all = candidates(link, Some(&url("https://a.example/")));
        let linked = all.iter().find(|one| one.method == DiscoveryMethod::Linked);
        let expected = Some(expected)
            .filter(|path| !path.is_empty())
            .map(|path| format!("https://a.example{path}"));
        assert_eq!(linked.map(|one| one.url.to_string()), expected, "{link}");
    }
}

#[test]
fn links_to_other_resources_are_left_out() {
    for link in [
        "<a href='mailto:rss@a.example'>RSS</a>",
        "<a href='javascript:void(0)'>RSS</a>",
        "<a href='#rss'>RSS</a>",
        "<a href='https://www.facebook.com/sharer.php?u=https://a.example/feed/'>partager</a>",
        "<a href='https://twitter.com/intent/tweet?url=https://a.example/rss'>RSS</a>",
        "<a href='/2026/flux-migratoires'>Flux migratoires : ce que dit le rapport</a>",
        "<a href='/a'>Pourquoi le RSS n'est pas mort, malgré tout ce qu'on en dit</a>",
        "<a href='/icone-rss.png'>RSS</a>",
        "<a href='/sitemap_news.xml'>plan</a>",
        "<a href='https://www.inoreader.com/'>RSS</a>",
        "<!-- <a href='/feed/'>RSS</a> -->",
        "<script>var a = \"<a href='/feed/'>RSS</a>\";</script>",
    ] {
        let all = candidates(link, Some(&url("https://a.example/")));
        assert!(all.iter().all(|one| one.method == DiscoveryMethod::WellKnown), "{link}: {all:?}");
    }
}

#[test]
fn the_best_comes_first() {
    let page = "<head><title>Le Fleuve</title>\
        <link rel='alternate' type='application/json' title='JSON Feed' href='https://a.example/feed/json'>\
        <link rel='alternate' type='application/rss+xml' title='Le Fleuve &raquo; Flux des commentaires' href='https://a.example/comments/feed/'>\
        <link rel='alternate' type='application/rss+xml' title='Rubrique' href='https://a.example/category/mali/feed/'>\
        <link rel='alternate' type='application/rss+xml' title='Le Fleuve &raquo; Flux' href='https://a.example/feed/'>\
        <link rel='alternate' type='application/rss+xml' title='Un mot &raquo; Flux' href='https://a.example/2026/01/un-mot-de-plus/feed/'>\
        <link rel='alternate' type='application/rss+xml' title='Ailleurs' href='https://b.example/feed/'></head>\
        <a href='http://www.a.example/feed'>RSS</a><a href='/podcast.rss'>Podcast</a>";
    assert_eq!(
        found(page, "https://a.example/"),
        [
            "announced https://a.example/feed/ Le Fleuve » Flux",
            "announced https://a.example/category/mali/feed/ Rubrique",
            "announced https://a.example/feed/json JSON Feed",
            "announced https://b.example/feed/ Ailleurs",
            "linked https://a.example/podcast.rss Podcast",
            "announced https://a.example/comments/feed/ Le Fleuve » Flux des commentaires",
            "announced https://a.example/2026/01/un-mot-de-plus/feed/ Un mot » Flux",
        ]
    );
}

/// Checks the best of the guesses for pages at addresses.
fn check_first(cases: &[(&str, &str, &str)]) {
    for (page, own, expected) in cases {
        let all = candidates(page, Some(&url(own)));
        let first = all.first().map(|one| (one.method, one.url.as_str()));
        assert_eq!(first, Some((DiscoveryMethod::WellKnown, *expected)), "{page} at {own}");
    }
}

#[test]
fn systems_are_recognised_by_their_marks() {
    check_first(&[
        (
            "<link href='/wp-content/themes/x/style.css' rel=stylesheet>",
            "https://a.example/",
            "https://a.example/feed/",
        ),
        (
            "<link href='https://a.example/blog/wp-includes/x.css'>",
            "https://a.example/blog/1",
            "https://a.example/blog/feed/",
        ),
        (
            "<meta name=generator content='WordPress 6.9'>",
            "https://a.example/category/mali/",
            "https://a.example/feed/",
        ),
        (
            "<a href='spip.php?article12'>x</a>",
            "http://a.example/",
            "http://a.example/spip.php?page=backend",
        ),
        (
            "<meta name='generator' content='SPIP 4.3'>",
            "http://a.example/",
            "http://a.example/spip.php?page=backend",
        ),
        (
            "<img src='/sites/default/files/a.jpg'>",
            "http://a.example/node/1",
            "http://a.example/rss.xml",
        ),
        (
            "<script data-drupal-selector='drupal-settings-json'>{}</script>",
            "http://a.example/",
            "http://a.example/rss.xml",
        ),
        (
            "<script src='/media/jui/js/jquery.js'></script>",
            "http://a.example/",
            "http://a.example/?format=feed&type=rss",
        ),
        (
            "<meta name='generator' content='Joomla! - Open Source Content Management'>",
            "http://a.example/",
            "http://a.example/?format=feed&type=rss",
        ),
        (
            "<meta content='blogger' name='generator'>",
            "https://a.example/",
            "https://a.example/feeds/posts/default?alt=rss",
        ),
        (
            "<meta name=generator content='Ghost 5'>",
            "https://a.example/",
            "https://a.example/rss/",
        ),
        (
            "<meta name=generator content='Hugo 0.120'>",
            "https://a.example/fr/",
            "https://a.example/index.xml",
        ),
        (
            "<img src='https://static1.squarespace.com/x.png'>",
            "https://a.example/",
            "https://a.example/?format=rss",
        ),
        (
            "<meta name=generator content='Wix.com Website Builder'>",
            "https://a.example/",
            "https://a.example/blog-feed.xml",
        ),
        (
            "<script src='https://www.wmaker.net/x.js'></script>",
            "http://a.example/",
            "http://a.example/xml/syndication.rss",
        ),
        (
            "<meta name=generator content='Odoo'>",
            "http://a.example/",
            "http://a.example/blog/1/feed",
        ),
        ("<p>rien</p>", "https://a.example/x/y", "https://a.example/feed/"),
    ]);
}

#[test]
fn platforms_are_recognised_by_their_addresses() {
    check_first(&[
        (
            "",
            "https://fleuve.blogspot.com/2026/01/a.html",
            "https://fleuve.blogspot.com/feeds/posts/default?alt=rss",
        ),
        ("", "https://medium.com/@awa/un-titre-1", "https://medium.com/feed/@awa"),
        ("", "https://fleuve.medium.com/", "https://fleuve.medium.com/feed"),
        (
            "",
            "https://www.youtube.com/channel/UCabc-_1",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc-_1",
        ),
        (
            "<meta itemprop=\"channelId\" content=\"UCxyz\">",
            "https://www.youtube.com/@fleuve",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCxyz",
        ),
        (
            "<script>{\"externalId\":\"UCq\"}</script>",
            "https://m.youtube.com/@fleuve",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCq",
        ),
        (
            "",
            "https://www.youtube.com/user/fleuve",
            "https://www.youtube.com/feeds/videos.xml?user=fleuve",
        ),
        (
            "",
            "https://www.youtube.com/playlist?list=PL12",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12",
        ),
        ("", "https://fleuve.substack.com/p/un", "https://fleuve.substack.com/feed"),
        ("", "https://fleuve.tumblr.com/", "https://fleuve.tumblr.com/rss"),
        ("", "https://www.reddit.com/r/mali/", "https://www.reddit.com/r/mali/.rss"),
        ("", "https://github.com/a/b/issues", "https://github.com/a/b/releases.atom"),
        (
            "<div id='mastodon'></div>",
            "https://social.example/@awa",
            "https://social.example/@awa.rss",
        ),
        (
            "<script>x='soundcloud:users:42'</script>",
            "https://soundcloud.com/awa",
            "https://feeds.soundcloud.com/users/soundcloud:users:42/sounds.rss",
        ),
    ]);
}

#[test]
fn marks_on_other_hosts_do_not_count() {
    let all = addresses(
        "<img src='https://b.example/wp-content/uploads/a.jpg'><meta name=generator content='SPIP 4'>",
        "http://a.example/",
    );
    assert_eq!(all, ["http://a.example/spip.php?page=backend"]);
}

#[test]
fn a_category_has_its_own_feed() {
    let all = addresses("<meta name=generator content='WordPress 6.9'>", "https://a.example/category/mali/");
    assert_eq!(
        all,
        [
            "https://a.example/feed/",
            "https://a.example/?feed=rss2",
            "https://a.example/category/mali/feed/"
        ]
    );
}

#[test]
fn guesses_are_left_out_where_a_feed_is_announced() {
    let feed = "<link rel=alternate type=application/rss+xml href=/flux><meta name=generator content=WordPress>";
    assert_eq!(found(feed, "https://a.example/"), ["announced https://a.example/flux"]);
    let comments = "<link rel=alternate type=application/rss+xml href=/comments/feed/><meta name=generator content=WordPress>";
    let all = found(comments, "https://a.example/");
    assert_eq!(all.first().map(String::as_str), Some("well-known https://a.example/feed/"));
    assert_eq!(all.last().map(String::as_str), Some("announced https://a.example/comments/feed/"));
    assert!(found("<p>x</p>", "https://www.facebook.com/awa").is_empty());
}

#[test]
fn a_page_without_an_address_states_its_own() {
    let page = "<link rel=canonical href='https://a.example/x/'><link rel=alternate type=application/rss+xml href=f>";
    assert_eq!(candidates(page, None)[0].url.as_str(), "https://a.example/x/f");
    assert!(candidates("<link rel=alternate type=application/rss+xml href=f>", None).is_empty());
}

#[test]
fn titles_are_lines_without_control_characters() {
    let page = format!(
        "<link rel=alternate type=application/rss+xml href=/f title='a\u{1b}[0m\u{202e}&#10; <b>b</b> {}'>",
        "é".repeat(500)
    );
    let title = &candidates(&page, Some(&url("https://a.example/")))[0].title;
    assert!(title.starts_with("a[0m b é"), "{title}");
    assert_eq!((title.chars().count(), title.ends_with('…')), (MAX_TITLE_CHARS, true));
}

#[test]
fn hostile_pages_stay_bounded() {
    let one = |n: u32| format!("<link rel=alternate type=application/rss+xml href=/{n}><a href=/{n}/rss>");
    let many = (0..3000).map(one).collect::<Vec<_>>().concat();
    assert_eq!(addresses(&many, "https://a.example/").len(), MAX_CANDIDATES);
    for unit in [
        "<a href='/feed/'>",
        "<link href='",
        "<title>",
        "<noscript>",
        "<a ",
        "wp-content/",
        "<script>location=",
        "<!--",
        "<base href=x>",
        "<svg><a href=/rss title=RSS>",
    ] {
        let page = unit.repeat(100_000);
        assert!(
            candidates(&page, Some(&url("https://a.example/"))).len() <= MAX_CANDIDATES,
            "{unit}"
        );
    }
}

#[test]
fn redirects_are_read() {
    for (page, expected) in [
        (
            "<meta http-equiv='Refresh' content='0; URL=/nouveau/'>",
            Some("https://a.example/nouveau/"),
        ),
        (
            "<meta http-equiv=refresh content=\"5;url='https://b.example/'\">",
            Some("https://b.example/"),
        ),
        (
            "<script>window.location.href = \"https://b.example/x\";</script>",
            Some("https://b.example/x"),
        ),
        ("<script>location.replace('\\/y')</script>", Some("https://a.example/y")),
        ("<script>location.reload()</script>", None),
        ("<meta http-equiv=refresh content='30'>", None),
        (
            "<meta http-equiv=refresh content='0;url=http://www.a.example/x/?utm_source=y'>",
            None,
        ),
        ("<script>location = 'javascript:x'</script>", None),
    ] {
        let to = redirect_target(page, Some(&url("https://a.example/x")));
        assert_eq!(to.as_ref().map(Url::as_str), expected, "{page}");
    }
}

proptest::proptest! {
    #[test]
    fn no_page_and_no_list_panics(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "<a href='", "<a href=/rss>", "<link rel=alternate type=application/rss+xml href=", "<base href=", "<meta http-equiv=refresh content='0;url=", "'>", ">", "é",
                "feed:", "//", "https://", "feedly.com/", "%2F", "?page=backend", "RSS", "</a>", "<title>", "<noscript>", "<script>location=", "\"", "wp-content/", "<outline ",
                "xmlUrl='", "text=\"", "<opml>", "</outline>", "\u{202e}", "&#10;", "&", "<!--", "{\"code\":\"", "Fatal error: ", " on line ", "\0", "<rdf:RDF>",
            ]),
            0..40,
        )
    ) {
        let text = pieces.concat();
        let own = url("https://a.example/x");
        for base in [None, Some(&own)] {
            for one in candidates(&text, base) {
                proptest::prop_assert!(matches!(one.url.scheme(), "http" | "https"), "{text}");
                proptest::prop_assert!(!one.title.contains(char::is_control), "{text}");
            }
            let document = crate::parse::Document { bytes: text.as_bytes(), url: base, ..Default::default() };
            if let Err(reason) = crate::parse::parse(&document) {
                proptest::prop_assert!(!reason.to_string().contains(char::is_control), "{reason:?}");
            }
        }
        let _ = crate::parse::opml::read_opml(text.as_bytes());
    }
}
