//! The rules of cleaning, on markup of all kinds.

use super::*;
use proptest::prelude::*;

fn base() -> Url {
    Url::parse("https://journal.example/2026/").expect("a URL")
}

fn cleaned(markup: &str) -> String {
    let base = base();
    let policy = CleanPolicy {
        base: Some(&base),
        images: true,
        ..CleanPolicy::default()
    };
    clean(&RawMarkup(markup.to_owned()), &policy).as_str().to_owned()
}

#[test]
fn ordinary_markup_is_unchanged() {
    for markup in [
        "<p>Un <b>mot</b> et <em>un autre</em></p>",
        "<h2>Titre</h2><ul><li>a</li></ul><blockquote><p>dit-il</p></blockquote>",
        "<p dir=\"rtl\" lang=\"ar\">نص</p>",
        "<table><tbody><tr><td colspan=\"2\">1</td></tr></tbody></table>",
        "<figure><img src=\"https://a.example/x.jpg\" alt=\"Le fleuve\" width=\"600\"><figcaption>Le fleuve</figcaption></figure>",
        "<p>1 &lt; 2 &amp; 3</p>",
    ] {
        assert_eq!(cleaned(markup), markup);
    }
}

#[test]
fn links_are_made_absolute_and_marked() {
    let rel = " rel=\"noopener noreferrer nofollow\"";
    assert_eq!(
        cleaned("<a href=\"../x?a=1&amp;b=2\" onclick=evil() style=x class=y id=z target=_top>l</a>"),
        format!("<a href=\"https://journal.example/x?a=1&amp;b=2\"{rel}>l</a>")
    );
    assert_eq!(
        cleaned("<a href=mailto:x@y.example>l</a>"),
        format!("<a href=\"mailto:x@y.example\"{rel}>l</a>")
    );
    for bad in [
        "javascript:x",
        "java\tscript:x",
        "&#106;avascript:x",
        "data:text/html,x",
        "vbscript:x",
        "ftp://x.example/",
        "blob:x",
    ] {
        let out = cleaned(&format!("<a href=\"{bad}\">l</a>"));
        assert_eq!(out, format!("<a{rel}>l</a>"), "{bad}");
    }
    let alone = clean(
        &RawMarkup("<a href=/x>l</a><img src=/y>".into()),
        &CleanPolicy {
            images: true,
            ..CleanPolicy::default()
        },
    );
    assert_eq!(alone.as_str(), format!("<a{rel}>l</a>"));
}

/// A cleaner keeps nothing of one text for the next.
#[test]
fn a_cleaner_follows_the_policy_of_each_text() {
    let mut cleaner = Cleaner::default();
    let raw = RawMarkup("<p><a href=\"../1\">a</a> <a href=\"http://10.0.0.1/\">b</a></p>".to_owned());
    let bases = ["https://a.example/news/2", "https://b.example/x/y/z"].map(|url| Url::parse(url).expect("a URL"));
    for base in bases.iter().chain(&bases).map(Some).chain([None]) {
        for public in [false, true] {
            let policy = CleanPolicy {
                base,
                public,
                ..CleanPolicy::default()
            };
            let html = cleaner.clean(&raw, &policy);
            assert_eq!(html, clean(&raw, &policy));
            assert_eq!(html.as_str().contains("10.0.0.1"), !public);
            let host = base.and_then(Url::host_str);
            assert!(
                host.is_none_or(|host| html.as_str().contains(&format!("href=\"https://{host}/"))),
                "{html:?}"
            );
        }
    }
}

#[test]
fn scripts_are_removed() {
    for payload in [
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
        "<base href=javascript:alert(1)//><a href=x>y</a>",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
        "<object data=data:text/html,x></object><embed src=javascript:alert(1)>",
        "<p style=\"background:url(javascript:alert(1))\">x</p>",
        "<template><script>alert(1)</script></template>",
        "<a href=\"x\" ping=\"https://spy.example\">x</a>",
        "<video src=javascript:alert(1) onerror=alert(1)></video>",
        "<scr<script>ipt>alert(1)</script>",
        "<title><img src=x onerror=alert(1)></title>",
    ] {
        let out = cleaned(payload);
        for live in [
            "<script",
            "onerror",
            "onload",
            "javascript:",
            "<iframe",
            "<form",
            "<base",
            "<meta",
            "<object",
            "style=",
            "ping=",
        ] {
            assert!(!out.contains(live), "{payload} → {out}");
        }
    }
}

#[test]
fn control_characters_are_removed() {
    assert_eq!(cleaned("<p>a\u{1}b&#2;c\u{0}d&#x9b;e</p>"), "<p>abcd›e</p>");
    assert_eq!(text_to_html("a\u{1b}[31mb").as_str(), "<p>a[31mb</p>");
}

#[test]
fn links_lose_tracking_parameters() {
    let out = cleaned("<a href='/x?utm_source=rss&amp;id=4'>l</a>");
    assert!(out.contains("href=\"https://journal.example/x?id=4\""), "{out}");
    let image = "<img src=\"https://journal.example/i?utm_source=rss\">";
    assert_eq!(cleaned(image), image, "an image may be signed");
}

#[test]
fn values_of_attributes_are_bounded() {
    let [fits, longer] = [MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTE_BYTES + 1].map(|length| {
        let address = "https://a.example/";
        format!("{address}{}", "x".repeat(length - address.len()))
    });
    for (element, attribute) in [("a", "href"), ("img", "src"), ("q", "cite")] {
        let of = |address: &str| cleaned(&format!("<{element} {attribute}='{address}'>l"));
        assert!(of(&fits).contains(&fits), "{element}");
        assert!(!of(&longer).contains("https:"), "{element}");
    }
    let text = "é".repeat(MAX_ATTRIBUTE_BYTES);
    let out = cleaned(&format!(
        "<abbr title='a{text}'>l</abbr><a hreflang='{text}' lang='{text}'>l</a><img src=/x alt='{text}'>"
    ));
    assert!(
        out.contains(&format!("title=\"a{}\"", "é".repeat((MAX_ATTRIBUTE_BYTES - 1) / 2))),
        "{out}"
    );
    assert!(out.len() < 5 * MAX_ATTRIBUTE_BYTES, "{}", out.len());
    assert_eq!(cleaned(&out), out);
    let faithful = CleanPolicy {
        faithful: true,
        ..CleanPolicy::default()
    };
    let relative = format!("<a href='/{}'>l</a>", "x".repeat(MAX_ATTRIBUTE_BYTES));
    assert!(!clean(&RawMarkup(relative), &faithful).as_str().contains("href"));
}

#[test]
fn markup_for_readers_elsewhere_has_no_address_of_a_local_network() {
    let base = base();
    let public = |public: bool, markup: &str| {
        let policy = CleanPolicy {
            base: Some(&base),
            images: true,
            public,
            ..CleanPolicy::default()
        };
        clean(&RawMarkup(markup.to_owned()), &policy).as_str().to_owned()
    };
    let markup = "<p><a href='http://192.168.1.1/admin'>box</a> <a href='http://intranet/'>wiki</a> <a href='/x'>x</a></p>\
                  <img src='http://localhost/t.png' alt='t'><img src='/p.jpg'><q cite='http://10.0.0.1/'>q</q>\
                  <audio src='http://nas.local/a.mp3'></audio>";
    let rel = "rel=\"noopener noreferrer nofollow\"";
    assert_eq!(
        public(true, markup),
        format!(
            "<p><a {rel}>box</a> <a {rel}>wiki</a> <a href=\"https://journal.example/x\" {rel}>x</a></p>\
             <img src=\"https://journal.example/p.jpg\"><q>q</q>"
        )
    );
    let private = public(false, markup);
    for address in ["192.168.1.1", "intranet", "localhost/t.png", "10.0.0.1", "nas.local"] {
        assert!(private.contains(address), "{address}");
    }
}

#[test]
fn lazy_images_are_repaired_and_tracking_pixels_removed() {
    let photo = "<img src=\"https://journal.example/p.jpg\">";
    for lazy in [
        "<img src=\"data:image/gif;base64,R0\" data-src=\"/p.jpg\">",
        "<img class=lazy src=\"/blank.gif\" data-lazy-src=\"/p.jpg\">",
        "<img srcset=\"/s.jpg 300w, /p.jpg 900w, /m.jpg 600w\">",
        "<img src=\"data:,\" data-src=\"/p.jpg\"><noscript><img src=\"/p.jpg\"></noscript>",
        "<picture><source srcset=\"/p.jpg 2x, /q.jpg\"><img src=\"data:,\"></picture>",
    ] {
        assert_eq!(cleaned(lazy), photo, "{lazy}");
    }
    assert_eq!(
        cleaned("<p>x<img src=\"https://spy.example/t.gif\" width=1 height=\"1\"></p>"),
        "<p>x</p>"
    );
    assert_eq!(cleaned("<p>x<img></p>"), "<p>x</p>");
    let none = clean(
        &RawMarkup("<p>x<img src=https://a.example/x.jpg></p>".into()),
        &CleanPolicy::default(),
    );
    assert_eq!(none.as_str(), "<p>x</p>");
}

#[test]
fn players_become_links() {
    let out = cleaned("<video controls><source src=/v/film.mp4 type=video/mp4><source src=/v/film.webm></video>");
    assert!(
        out.contains("href=\"https://journal.example/v/film.mp4\"") && out.contains(">film.mp4</a>"),
        "{out}"
    );
    assert!(!out.contains("webm"));
    assert_eq!(cleaned("<iframe src=https://tube.example/1></iframe>"), "");
}

#[test]
fn players_keep_their_type_and_their_title() {
    let rel = " rel=\"noopener noreferrer nofollow\"";
    let link = |address: &str, kind: &str, visible_chars: &str| {
        format!("<figure><figcaption><a href=\"{address}\" type=\"{kind}\"{rel}>{visible_chars}</a></figcaption></figure>")
    };
    for (markup, expected) in [
        (
            "<iframe title=\"La crue &amp; nous\" src=\"https://www.youtube.com/embed/aB3?rel=0\"></iframe>",
            link("https://www.youtube.com/watch?v=aB3", "text/html", "La crue &amp; nous"),
        ),
        (
            "<iframe src=about:blank data-src='https://www.dailymotion.com/embed/video/x8'></iframe>",
            link("https://www.dailymotion.com/video/x8", "text/html", "Dailymotion"),
        ),
        (
            "<noscript><iframe src=//player.vimeo.com/video/55></iframe></noscript>",
            link("https://vimeo.com/55", "text/html", "Vimeo"),
        ),
        (
            "<amp-youtube data-videoid=aB3 layout=responsive></amp-youtube>",
            link("https://www.youtube.com/watch?v=aB3", "text/html", "YouTube"),
        ),
        (
            "<lite-youtube videoid=aB3></lite-youtube>",
            link("https://www.youtube.com/watch?v=aB3", "text/html", "YouTube"),
        ),
        (
            "<audio controls src=\"/son/journal.mp3?d=1\"></audio>",
            link("https://journal.example/son/journal.mp3?d=1", "audio/mpeg", "journal.mp3"),
        ),
        (
            "<video><source src=/v/1 type='video/mp4; codecs=\"avc1\"'></video>",
            link("https://journal.example/v/1", "video/mp4", "1"),
        ),
    ] {
        let out = cleaned(markup);
        assert_eq!(out, expected);
        assert_eq!(cleaned(&out), out);
        assert_eq!(html_to_lines(&CleanHtml::from_trusted(out)), "", "no text of the article");
    }
    let facebook = cleaned("<div class=fb-video data-href='https://www.facebook.com/journal/videos/7/'></div>");
    assert!(
        facebook.contains("href=\"https://www.facebook.com/journal/videos/7/\" type=\"text/html\""),
        "{facebook}"
    );
    let twice = "<iframe src=https://www.youtube.com/embed/a></iframe><iframe src=https://www.youtube.com/embed/a></iframe>";
    assert_eq!(cleaned(twice).matches("<a ").count(), 1);
    assert_eq!(
        cleaned("<a href=/x type='\"><script>'>x</a>"),
        format!("<a href=\"https://journal.example/x\"{rel}>x</a>")
    );
}

#[test]
fn the_best_image_of_a_set_is_chosen() {
    let image = |name: &str| format!("<img src=\"https://journal.example/{name}\">");
    for (markup, expected) in [
        ("<img srcset='/a.jpg 640w, /b.jpg 1536w, /c.jpg 2560w'>", "b.jpg"),
        ("<img srcset='/b.jpg 2000w, /c.jpg 2560w'>", "b.jpg"),
        ("<img src=/s.jpg srcset='/s.jpg 300w, /b.jpg 1024w'>", "b.jpg"),
        ("<img src=/s.jpg srcset='/s.jpg 800w, /b.jpg 1024w'>", "s.jpg"),
        ("<img src=/s.jpg srcset='/b.jpg 2x'>", "s.jpg"),
        ("<img src='data:,' data-srcset='/a.jpg 100w, /b.jpg 900w'>", "b.jpg"),
        ("<img src=/blank.gif data-original=/o.jpg>", "o.jpg"),
        ("<amp-img src=/amp.jpg layout=fill></amp-img>", "amp.jpg"),
        ("<amp-img src=/amp.jpg><noscript><img src=/amp.jpg></noscript></amp-img>", "amp.jpg"),
        ("<img src='data:,'><noscript><img src=/twin.jpg></noscript>", "twin.jpg"),
        (
            "<img data-src=/t-300x200.jpg><noscript><img src=/t-1024x683.jpg></noscript>",
            "t-300x200.jpg",
        ),
        (
            "<picture><source data-srcset='/w.webp 1200w'><img src='data:,'></picture>",
            "w.webp",
        ),
    ] {
        assert_eq!(cleaned(markup), image(expected), "{markup}");
    }
    assert_eq!(cleaned("<img src=/i.php?id=1><img src=/i.php?id=2>").matches("<img").count(), 2);
    for pixel in [
        "<img src=https://pixel.wp.com/b.gif?x>",
        "<img src='https://ad.doubleclick.net/x'>",
        "<img src=/x.gif width=2 height=2>",
        "<img src=https://feeds.feedburner.com/~r/journal/~4/x>",
        "<img src='data:image/png;base64,AA'>",
    ] {
        assert_eq!(cleaned(&format!("<p>x{pixel}</p>")), "<p>x</p>", "{pixel}");
    }
    let smiley = "<p>Merci <img class=emoji alt='🙏' src=https://s.w.org/images/core/emoji/14/svg/1f64f.svg></p>";
    assert_eq!(cleaned(smiley), "<p>Merci 🙏</p>");
}

#[test]
fn text_is_one_line_a_block() {
    for (markup, expected, text) in [
        ("<p>« Oui&nbsp;»&#8239;!</p>", "<p>« Oui&nbsp;»\u{202f}!</p>", "« Oui » !"),
        ("<p>l&#146;eau &#147;x&#148; &hellip;</p>", "<p>l’eau “x” …</p>", "l’eau “x” …"),
        ("<p>coo&shy;péra\u{200b}tive&#xFEFF;</p>", "<p>coo\u{ad}pérative</p>", "coopérative"),
        (
            "<p dir=rtl>\u{200f}نص \u{202b}قديم</p>",
            "<p dir=\"rtl\">\u{200f}نص قديم</p>",
            "\u{200f}نص قديم",
        ),
        ("a\u{202e}b", "ab", "ab"),
    ] {
        let out = cleaned(markup);
        assert_eq!(out, expected);
        assert_eq!(html_to_lines(&CleanHtml::from_trusted(out)), text);
    }
    assert_eq!(text_to_html("a\u{202e}b\u{feff}").as_str(), "<p>ab</p>");
}

#[test]
fn sectioning_elements_become_div_and_bare_spans_are_removed() {
    assert_eq!(
        cleaned("<section><p>a</p></section><article>b</article>"),
        "<div><p>a</p></div><div>b</div>"
    );
    assert_eq!(
        cleaned("<span>a</span> <span dir=rtl>b <span>c</span></span>"),
        "a <span dir=\"rtl\">b c</span>"
    );
}

#[test]
fn text_becomes_paragraphs() {
    assert_eq!(
        text_to_html("a < b\nc\n\n\nd & e\u{a0}f").as_str(),
        "<p>a &lt; b<br>c</p><p>d &amp; e&nbsp;f</p>"
    );
    assert!(text_to_html(" \n ").is_empty());
    let html = text_to_html("a < b\n\nc & d\u{a0}e");
    assert_eq!(cleaned(html.as_str()), html.as_str());
}

#[test]
fn lines_are_the_text_of_blocks() {
    let html = CleanHtml::from_trusted(
        "<h2>Un\ntitre</h2><p>mot&nbsp;: a\u{ad}b &amp;lt; c<br>d</p><ul><li>un</li><li><b>d</b>eux</li></ul><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>".into(),
    );
    assert_eq!(html_to_lines(&html), "Un titre\nmot : ab &lt; c\nd\nun\ndeux\n1 2");
}

#[test]
fn excerpts_are_whole_blocks_or_end_after_a_word() {
    let html = CleanHtml::from_trusted(
        "<div dir=\"rtl\"><p>un deux</p></div><p><a href=\"https://x.example/\">trois</a><img></p><p>quatre</p>".into(),
    );
    assert_eq!(excerpt(&html, 12).as_str(), "<p dir=\"rtl\">un deux</p><p>trois</p>");
    assert_eq!(excerpt(&html, 5).as_str(), "<p dir=\"rtl\">un…</p>");
    let amps = CleanHtml::from_trusted("<p>a &amp; b &amp; c</p>".into());
    assert_eq!(excerpt(&amps, 9).as_str(), "<p>a &amp; b &amp; c</p>");
    assert_eq!(excerpt(&amps, 6).as_str(), "<p>a &amp; b…</p>");
    assert_eq!(
        excerpt(&CleanHtml::from_trusted("<p>&amp;&amp;&amp;</p>".into()), 2).as_str(),
        "<p>&amp;…</p>"
    );
    assert!(excerpt(&html, 0).is_empty());
}

#[test]
fn a_text_from_right_to_left_is_marked() {
    let of = |markup: &str| mark_direction(CleanHtml::from_trusted(markup.to_owned()), true).as_str().to_owned();
    assert_eq!(of("<p>عاد الصيادون</p>"), "<div dir=\"rtl\"><p>عاد الصيادون</p></div>");
    for kept in ["<p>Les pêcheurs</p>", "<p dir=\"rtl\">عاد</p>", ""] {
        assert_eq!(of(kept), kept);
    }
}

#[test]
fn long_texts_are_kept_whole() {
    for (unit, clean) in [("&", "&amp;"), ("«x", "«x"), ("a&amp;b", "a&amp;b"), ("x&#233;", "xé")] {
        let count = 50_000 / unit.len();
        let text = unit.repeat(count);
        let expected = ["<p>", &clean.repeat(count), "</p>"].concat();
        assert_eq!(cleaned(&["<p>", &text, "</p>"].concat()), expected, "{unit}");
    }
}

#[test]
fn markup_without_a_stable_form_becomes_text() {
    for markup in [
        "<pre>\n\n\nx</pre>",
        "<p><button><p>x</button>",
        "<a><table><a>",
        "<b><p></b><i></p></b>",
    ] {
        let once = cleaned(markup);
        assert_eq!(cleaned(&once), once, "{markup}");
    }
}

proptest! {
    #[test]
    fn cleaning_is_idempotent(markup in "(</?(div|p|b|a|i|table|td|tr|li|ul|pre|h2|dd|svg|title|noscript|span dir=rtl|span|ruby|rt|details|figure|audio src=a|iframe src=//youtube.com/embed/a|bdo|amp-img src=a)>|<(img src|a href|td lang)=['\"]?[a-z:/ &;]{0,6}['\"]?>|[ -~é\n\u{202b}\u{202c}\u{2067}\u{2069}\u{202e}]{0,4}){0,40}") {
        let once = cleaned(&markup);
        prop_assert_eq!(&cleaned(&once), &once);
    }

    #[test]
    fn what_is_said_to_be_stable_is(markup in "(</?(p|b|i|a|em|div|span|br|li|u|table|strong)>|<a href=['\"]?(http://a.example/ ?[&;%']{0,3}|/b|#c)['\"]?>|<p dir=rtl>|[ -~é\n\u{a0}]{0,4}){0,20}") {
        let policy = CleanPolicy::default();
        let builder = Cleaner::default().builder;
        let html = super::clean_once(&super::limit_complexity(&markup, 1000), &policy, &builder);
        if super::stable::is_certainly_stable(&html) {
            prop_assert_eq!(super::clean_once(&html, &policy, &builder), html);
        }
    }

    #[test]
    fn plain_text_is_unchanged(text in "[ -~é\n\u{a0}]{0,60}") {
        let html = text_to_html(&text);
        prop_assert_eq!(cleaned(html.as_str()), html.as_str());
        let visible: String = html_to_lines(&html).split_whitespace().collect();
        let expected: String = text.split_whitespace().collect();
        prop_assert_eq!(visible, expected);
    }

    #[test]
    fn excerpts_are_bounded(text in "[a-z&<é \n]{0,200}", room in 1usize..60) {
        let short = excerpt(&text_to_html(&text), room);
        prop_assert!(html_to_lines(&short).chars().count() <= room + 60);
        prop_assert_eq!(cleaned(short.as_str()), short.as_str());
    }
}

#[test]
fn the_faithful_policy_keeps_invisible_content() {
    let policy = CleanPolicy {
        images: true,
        faithful: true,
        ..CleanPolicy::default()
    };
    let visible_chars = |markup: &str| clean(&RawMarkup(markup.to_owned()), &policy).as_str().to_owned();
    for (markup, expected) in [
        (
            "<img src='https://a.example/p.gif' width=1 height=1>",
            "<img src=\"https://a.example/p.gif\" width=\"1\" height=\"1\">",
        ),
        ("<a href='/x'>x</a>", "<a href=\"/x\" rel=\"noopener noreferrer nofollow\">x</a>"),
        ("a<svg><style>s</style><circle><desc>b</desc></circle></svg>c", "abc"),
        ("a<iframe src='https://a.example/'>b<b>c</b></iframe>d", "ab<b>c</b>d"),
        ("a<iframe><iframe><iframe><script>x</script>", "a"),
        ("a <b", "a &lt;b"),
        ("<!' a", "&lt;!' a"),
        ("<!-- a --><!DOCTYPE b><![if c]>d", "d"),
        (
            "<a href='javascript:alert(1)'>x</a><svg><script>alert(1)</script></svg>",
            "<a rel=\"noopener noreferrer nofollow\">x</a>",
        ),
        (
            "<a href=' java\nscript:alert(1)'>x</a>",
            "<a rel=\"noopener noreferrer nofollow\">x</a>",
        ),
    ] {
        assert_eq!(visible_chars(markup), expected, "{markup}");
    }
}
