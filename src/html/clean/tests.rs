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
        faithful: false,
    };
    clean(&RawMarkup(markup.to_owned()), &policy).as_str().to_owned()
}

#[test]
fn harmless_markup_stays() {
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

#[test]
fn own_payloads_are_dead() {
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
fn control_characters_go() {
    assert_eq!(cleaned("<p>a\u{1}b&#2;c\u{0}d&#x9b;e</p>"), "<p>abcd›e</p>");
    assert_eq!(from_text("a\u{1b}[31mb").as_str(), "<p>a[31mb</p>");
}

#[test]
fn lazy_images_are_mended_and_pixels_dropped() {
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
fn wrappers_become_divisions_and_bare_spans_go() {
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
        from_text("a < b\nc\n\n\nd & e\u{a0}f").as_str(),
        "<p>a &lt; b<br>c</p><p>d &amp; e&nbsp;f</p>"
    );
    assert!(from_text(" \n ").is_empty());
    let html = from_text("a < b\n\nc & d\u{a0}e");
    assert_eq!(cleaned(html.as_str()), html.as_str());
}

#[test]
fn lines_read_well() {
    let html = CleanHtml::vouched(
        "<h2>Un\ntitre</h2><p>mot&nbsp;: a\u{ad}b &amp;lt; c<br>d</p><ul><li>un</li><li><b>d</b>eux</li></ul><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>".into(),
    );
    assert_eq!(lines(&html), "Un titre\nmot : ab &lt; c\nd\nun\ndeux\n1 2");
}

#[test]
fn excerpts_are_whole_blocks_or_end_behind_a_word() {
    let html =
        CleanHtml::vouched("<div dir=\"rtl\"><p>un deux</p></div><p><a href=\"https://x.example/\">trois</a><img></p><p>quatre</p>".into());
    assert_eq!(excerpt(&html, 12).as_str(), "<p dir=\"rtl\">un deux</p><p>trois</p>");
    assert_eq!(excerpt(&html, 5).as_str(), "<p dir=\"rtl\">un…</p>");
    let amps = CleanHtml::vouched("<p>a &amp; b &amp; c</p>".into());
    assert_eq!(excerpt(&amps, 9).as_str(), "<p>a &amp; b &amp; c</p>");
    assert_eq!(excerpt(&amps, 6).as_str(), "<p>a &amp; b…</p>");
    assert_eq!(
        excerpt(&CleanHtml::vouched("<p>&amp;&amp;&amp;</p>".into()), 2).as_str(),
        "<p>&amp;…</p>"
    );
    assert!(excerpt(&html, 0).is_empty());
}

#[test]
fn images_can_be_left_out() {
    let html = CleanHtml::vouched("<p>a<img src=\"https://x.example/y.jpg\" alt=\"1 &gt; 0\">b</p>".into());
    assert_eq!(text_only(&html).as_str(), "<p>ab</p>");
}

#[test]
fn long_texts_stay_whole() {
    for (unit, clean) in [("&", "&amp;"), ("«x", "«x"), ("a&amp;b", "a&amp;b"), ("x&#233;", "xé")] {
        let count = 3 * LONGEST_RUN / unit.len();
        let text = unit.repeat(count);
        let expected = ["<p>", &clean.repeat(count), "</p>"].concat();
        assert_eq!(cleaned(&["<p>", &text, "</p>"].concat()), expected, "{unit}");
        assert!(in_short_runs(&text).matches("<!---->").count() >= 2, "{unit}");
    }
    let tag = format!("<a href=\"https://a.example/?{}\">x</a>", "a&".repeat(LONGEST_RUN));
    assert_eq!(in_short_runs(&tag), tag);
}

#[test]
fn markup_that_never_settles_becomes_text_at_worst() {
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
    fn cleaning_is_idempotent(markup in "(</?(div|p|b|a|i|table|td|tr|li|ul|pre|h2|dd|svg|title|noscript|span dir=rtl|span|ruby|rt|details|figure|audio src=a)>|<(img src|a href|td lang)=['\"]?[a-z:/ &;]{0,6}['\"]?>|[ -~é\n]{0,4}){0,40}") {
        let once = cleaned(&markup);
        prop_assert_eq!(&cleaned(&once), &once);
    }

    #[test]
    fn plain_text_stays_plain(text in "[ -~é\n\u{a0}]{0,60}") {
        let html = from_text(&text);
        prop_assert_eq!(cleaned(html.as_str()), html.as_str());
        let shown: String = lines(&html).split_whitespace().collect();
        let told: String = text.split_whitespace().collect();
        prop_assert_eq!(shown, told);
    }

    #[test]
    fn excerpts_keep_to_their_room(text in "[a-z&<é \n]{0,200}", room in 1usize..60) {
        let short = excerpt(&from_text(&text), room);
        prop_assert!(lines(&short).chars().count() <= room + 60);
        prop_assert_eq!(cleaned(short.as_str()), short.as_str());
    }
}

#[test]
fn who_looks_into_a_feed_sees_what_readers_do_not() {
    let policy = CleanPolicy {
        images: true,
        faithful: true,
        ..CleanPolicy::default()
    };
    let shown = |markup: &str| clean(&RawMarkup(markup.to_owned()), &policy).as_str().to_owned();
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
        assert_eq!(shown(markup), expected, "{markup}");
    }
}
