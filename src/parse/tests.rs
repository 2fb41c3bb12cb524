//! Whole documents: rules that depend on several elements, documents that are not feeds, and hostile input. Damaged feeds are in the corpus.

use super::*;
use crate::model::{EntryDraft, Timestamp};
use crate::text::date::parse_date;
use url::Url;

fn read(bytes: &[u8]) -> Result<ParsedFeed, NotAFeed> {
    parse(&Document {
        bytes,
        ..Document::default()
    })
}

fn feed(text: &str) -> ParsedFeed {
    read(text.as_bytes()).expect("a feed")
}

fn item(inner: &str) -> EntryDraft {
    let mut feed = feed(&format!("<rss version='2.0'><channel><item>{inner}</item></channel></rss>"));
    assert_eq!(feed.entries.len(), 1, "{inner}");
    feed.entries.remove(0)
}

#[test]
fn a_truncated_feed_keeps_its_complete_entries() {
    let text = "<?xml version='1.0'?><rss><channel><title>é</title><item><title>a</title><link>http://a.example/1</link></item>\
                <item><title>b</title><link>http://a.example/2</link><description><![CDATA[c]]></description></item></channel></rss>";
    let first = text.find("</item>").expect("an item") + "</item>".len();
    for end in 0..text.len() {
        let found = read(&text.as_bytes()[..end]).map(|feed| feed.entries.len()).unwrap_or_default();
        assert!(end < first || found >= 1, "cut at {end}");
    }
    assert_eq!(feed(text).entries.len(), 2);
}

#[test]
fn an_entry_in_the_middle_of_which_a_document_ends_is_known() {
    let rss = "<?xml version='1.0'?><rss><channel><title>é</title><item><title>a</title><link>http://a.example/1</link></item>\
               <item><title>b</title><link>http://a.example/2</link><description><![CDATA[c]]></description></item></channel></rss>";
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>a</title><link href='http://a.example/1'/></entry>\
                <entry><title>b</title><link href='http://a.example/2'/><content type='html'>c</content></entry></feed>";
    let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>t</title>\
               </channel><item><title>a</title><link>http://a.example/1</link></item><item><title>b</title><link>http://a.example/2</link>\
               <description>c</description></item></rdf:RDF>";
    let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[{\"id\":\"1\",\"title\":\"a\"},\
                {\"id\":\"2\",\"title\":\"b\",\"content_text\":\"c\"}]}";
    for (text, entry_end, end_tag) in [
        (rss, "</item>", "</rss>"),
        (atom, "</entry>", "</feed>"),
        (rdf, "</item>", "</rdf:RDF>"),
        (json, "}", "}"),
    ] {
        let (first, second) = (
            text.find(entry_end).expect("one"),
            text[..text.len() - end_tag.len()].rfind(entry_end).expect("two"),
        );
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let Ok(mut feed) = read(&text.as_bytes()[..cut]) else {
                assert!(cut < first + entry_end.len(), "cut at {cut} of {text}");
                continue;
            };
            feed.drop_cut_entry();
            let whole = usize::from(cut >= first + entry_end.len()) + usize::from(cut >= second + entry_end.len());
            // The `>` of an end tag is not needed to know it.
            assert!(
                feed.entries.len() == whole || feed.entries.len() == whole + 1 && text[..cut].ends_with(entry_end.trim_end_matches('>'))
            );
            assert!(
                feed.entries
                    .iter()
                    .skip(1)
                    .all(|entry| entry.summary.is_some() || entry.content.is_some()),
                "cut at {cut}"
            );
            let is_whole = cut >= text.len() - usize::from(text != json);
            assert!(cut < text.len() || feed.end == DocumentEnd::Whole);
            assert!(is_whole || feed.end == DocumentEnd::BetweenEntries, "cut at {cut} of {text}");
        }
    }
    // What stands behind the end, and tags that were never closed, cut nothing.
    for more in ["<!-- generated", " \n", "<!-- x -->"] {
        assert_eq!(feed(&format!("{rss}{more}")).end, DocumentEnd::Whole, "{more}");
    }
    let unclosed = rss.replace("</item>", "").replace("</channel>", "");
    let unclosed = feed(&unclosed);
    assert_eq!((unclosed.end, unclosed.entries.len()), (DocumentEnd::Whole, 2));
}

#[test]
fn a_truncated_line_is_dropped() {
    let sitemap = "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>http://a.example/1</loc><news:news>\
                   <news:publication_date>2026-01-02</news:publication_date><news:title>Gao sous la pluie";
    assert!(read(sitemap.as_bytes()).is_err());
    let whole = feed(&format!("{sitemap}</news:title>"));
    assert_eq!((whole.entries.len(), whole.entries[0].title.as_str()), (1, "Gao sous la pluie"));
    let item = "<rss><channel><item><title>t</title><link>http://a.example/1</link>";
    for rest in [
        "<feedburner:origLink>http://a.exa",
        "<itunes:author>Aw",
        "<dcterms:available>2026-01",
        "<media:title>Gao so",
    ] {
        let cut = feed(&[item, rest].concat()).entries.remove(0);
        assert_eq!(cut, feed(item).entries[0], "{rest}");
    }
    assert_eq!(feed("<rss><channel><title>Info Nor").meta.title, "");
}

#[test]
fn a_zero_date_gives_way_to_a_date() {
    let day = |inner: &str| {
        let entry = item(inner);
        (entry.published.map(Timestamp::day), entry.updated.map(Timestamp::day))
    };
    let good = Some("2026-11-26".to_owned());
    assert_eq!(
        day("<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate><dc:date>2026-11-26</dc:date>"),
        (good.clone(), None)
    );
    assert_eq!(
        day("<published>1899-12-30T00:00:00Z</published><pubDate>Thu, 26 Nov 2026 08:00:00 GMT</pubDate>"),
        (good.clone(), None)
    );
    assert_eq!(
        day("<dc:date>1980-01-01T00:00:00+02:00</dc:date><updated>2026-11-26</updated><modified>1900-01-01</modified>"),
        (None, good)
    );
    let json = br#"{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","content_text":"x",
        "date_published":"1970-01-01T00:00:00Z","date_modified":"2026-11-26T00:00:00Z"}]}"#;
    let entry = read(json).expect("a feed").entries.remove(0);
    assert_eq!(
        (entry.published, entry.updated.map(Timestamp::day).as_deref()),
        (None, Some("2026-11-26"))
    );
    let feed = feed(
        "<rss><channel><title>t</title><lastBuildDate>Thu, 01 Jan 1970 00:00:00 GMT</lastBuildDate><pubDate>2026-11-26</pubDate></channel></rss>",
    );
    assert_eq!(feed.meta.updated.map(Timestamp::day).as_deref(), Some("2026-11-26"));
}

#[test]
fn plain_texts_lose_stray_controls_of_direction() {
    let xml = "<rss><channel><title>J\u{202e}ournal</title><description>d\u{2066}</description><item><title>Photo \u{202e}gpj.exe</title>\
               <author>a@b.example (A\u{202b}wa)</author><dc:creator>M\u{202e}oussa</dc:creator><category>éc\u{202d}ole</category>\
               <source url='http://b.example/'>S\u{202e}</source><rights>R\u{2067}</rights></item></channel></rss>";
    let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\u{202e}ournal\",\"description\":\"d\u{2066}\",\"items\":[\
                {\"id\":\"1\",\"title\":\"Photo \u{202e}gpj.exe\",\"authors\":[{\"name\":\"A\u{202b}wa\"}],\"tags\":[\"éc\u{202d}ole\"]}]}";
    for text in [xml, json] {
        let feed = feed(text);
        assert_eq!((feed.meta.title.as_str(), feed.meta.description.as_deref()), ("Journal", Some("d")));
        let entry = &feed.entries[0];
        assert_eq!(entry.title, "Photo gpj.exe");
        assert_eq!(
            (entry.authors[0].name.as_str(), entry.categories[0].term.as_str()),
            ("Awa", "école")
        );
    }
    let entry = feed(xml).entries.remove(0);
    assert_eq!(entry.attribution.map(|source| source.title).as_deref(), Some("S"));
    assert_eq!(entry.rights.as_deref(), Some("R"));
    assert_eq!(
        item("<title>\u{2067}ب\u{2069} c</title>").title,
        "\u{2067}ب\u{2069} c",
        "what is closed stays"
    );
}

#[test]
fn names_and_addresses_of_media_are_bounded() {
    let long = "x".repeat(10_000);
    let xml = format!(
        "<rss><channel><item><title>t</title><author>{long}</author><category domain='{long}'>{long}</category>\
         <enclosure url='http://a.example/{long}' type='a/b'/><enclosure url='http://a.example/1' type='audio/{long}'/>\
         <media:thumbnail url='http://a.example/{}'/><thr:in-reply-to ref='{long}'/></item></channel></rss>",
        &long[..3000]
    );
    let json = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[{{\"id\":\"1\",\"title\":\"t\",\
         \"authors\":[{{\"name\":\"{long}\"}}],\"tags\":[\"{long}\"],\"image\":\"http://a.example/{long}\",\"attachments\":[\
         {{\"url\":\"http://a.example/{long}\",\"mime_type\":\"a/b\"}},{{\"url\":\"http://a.example/1\",\"mime_type\":\"audio/{long}\"}}]}}]}}"
    );
    for text in [xml, json] {
        let entry = feed(&text).entries.remove(0);
        assert_eq!(entry.authors[0].name, long[..512]);
        assert_eq!(entry.categories[0].term, long[..512]);
        assert!(entry.categories[0].scheme.as_ref().is_none_or(|scheme| *scheme == long[..512]));
        let media: Vec<_> = entry
            .enclosures
            .iter()
            .map(|media| (media.url.as_str(), media.mime.as_deref()))
            .collect();
        assert_eq!(media, [("http://a.example/1", None)]);
        assert_eq!((entry.image, entry.in_reply_to), (None, None));
    }
}

#[test]
fn namespaces_may_be_missing() {
    let entry = item(
        "<title>t</title><dc:creator>Awa</dc:creator><dc:date>2026-01-02</dc:date><content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded>\
         <media:group><media:content url='http://a.example/v.mp4' type='video/mp4'><media:thumbnail url='http://a.example/t.png'/></media:content>\
         </media:group><feedburner:origLink>http://a.example/1</feedburner:origLink><link>http://feedproxy.example/~r/1</link>",
    );
    assert_eq!(entry.authors[0].name, "Awa");
    assert_eq!(entry.published.map(Timestamp::day).as_deref(), Some("2026-01-02"));
    assert_eq!(entry.content.expect("a text").0, "<p>x</p>");
    assert_eq!(entry.link.expect("a link").as_str(), "http://feedproxy.example/~r/1");
    assert_eq!(entry.image.expect("a picture").as_str(), "http://a.example/t.png");
    assert_eq!(entry.enclosures[0].mime.as_deref(), Some("video/mp4"));
}

#[test]
fn an_original_link_is_the_link_only_where_there_is_no_other() {
    let entry = item("<feedburner:origLink>http://a.example/1</feedburner:origLink><guid isPermaLink='true'>http://a.example/?p=1</guid>");
    assert_eq!(entry.link.expect("a link").as_str(), "http://a.example/1");
    let entry = item("<link>http://a.example/2</link><feedburner:origLink>http://a.example/1</feedburner:origLink>");
    assert_eq!(entry.link.expect("a link").as_str(), "http://a.example/2");
}

#[test]
fn ids_that_are_addresses_may_be_relative() {
    let base = Url::parse("https://a.example/feeds/all.xml").expect("a URL");
    let guid = |inner: &str| {
        let text = format!("<rss><channel><item><title>t</title>{inner}</item></channel></rss>");
        let document = Document {
            bytes: text.as_bytes(),
            url: Some(&base),
            ..Document::default()
        };
        let draft = parse(&document).expect("a feed").entries.remove(0);
        (draft.guid.unwrap_or_default(), draft.guid_url.map(String::from))
    };
    for (inner, written, address) in [
        ("<guid>/2026/a</guid>", "/2026/a", Some("https://a.example/2026/a")),
        ("<guid isPermaLink='TRUE'>12</guid>", "12", Some("https://a.example/feeds/12")),
        ("<guid isPermaLink='false'>12</guid>", "12", None),
        ("<guid>tag:a.example,2026:1</guid>", "tag:a.example,2026:1", None),
        ("<guid>HTTP://a.example</guid>", "HTTP://a.example", None),
        ("<guid>the first one</guid>", "the first one", None),
    ] {
        assert_eq!(guid(inner), (written.to_owned(), address.map(str::to_owned)), "{inner}");
    }
}

#[test]
fn a_link_with_attributes_of_atom_may_be_text() {
    let text = "<feed xmlns='http://www.w3.org/2005/Atom'><id>http://a.example/</id><entry>\
                <link rel='enclosure' type='audio/mpeg'>http://a.example/1.mp3</link>\
                <link rel='alternate' type='text/html'>http://a.example/1</link></entry></feed>";
    let feed = feed(text);
    assert_eq!(
        feed.meta.link.as_ref().map(Url::as_str),
        Some("http://a.example/"),
        "the id is the only address"
    );
    assert_eq!(feed.entries[0].link.as_ref().map(Url::as_str), Some("http://a.example/1"));
    assert_eq!(feed.entries[0].enclosures[0].url.as_str(), "http://a.example/1.mp3");
}

#[test]
fn empty_entries_are_kept() {
    assert_eq!(
        feed("<feed><entry>\n</entry><entry/><entry><title>t</title></entry></feed>")
            .entries
            .len(),
        3
    );
    assert_eq!(
        feed("<rss><channel><item><title>t</title></item><item><ti").entries.len(),
        1,
        "but not a truncated one"
    );
}

#[test]
fn a_publisher_is_the_author_only_where_no_other_is_given() {
    let publisher = "<dc:publisher>Info Nord</dc:publisher>";
    let names = |inner: &str| item(inner).authors.into_iter().map(|author| author.name).collect::<Vec<_>>();
    assert_eq!(
        names(&format!("{publisher}<dc:creator>Awa Traoré (mailto:a@a.example)</dc:creator>")),
        ["Awa Traoré"]
    );
    assert_eq!(names(&format!("{publisher}<author>Moussa</author>")), ["Moussa"]);
    assert_eq!(names(publisher), ["Info Nord"]);
    let of_feed = |inner: &str| feed(&format!("<rss><channel>{inner}</channel></rss>")).meta.author;
    assert_eq!(
        of_feed(&format!("{publisher}<managingEditor>Awa</managingEditor>")).as_deref(),
        Some("Awa")
    );
    assert_eq!(of_feed(publisher).as_deref(), Some("Info Nord"));
    let editor = "<managingEditor>a@a.example (Awa)</managingEditor>";
    assert_eq!(of_feed(editor).as_deref(), Some("Awa (a@a.example)"));
}

#[test]
fn future_dates_are_a_problem() {
    let text = "<feed><entry><updated>2026-01-05T00:00:01Z</updated></entry><entry><published>2026-01-04T23:00:00Z</published></entry><entry/></feed>";
    let problems = |now: &str| {
        let mut feed = feed(text);
        feed.note_future_dates(parse_date(now, None).expect("a date"));
        feed.problems
            .into_iter()
            .map(|problem| (problem.code, problem.detail))
            .collect::<Vec<_>>()
    };
    let detail = "1 of 3 entries are dated in the future".to_owned();
    assert_eq!(problems("2026-01-04"), [("future-date", detail)]);
    assert_eq!(problems("2026-01-05"), []);
}

#[test]
fn a_subtitle_is_not_the_text_where_there_is_another() {
    let subtitle = "<itunes:subtitle>A long line for players of podcasts, and then some</itunes:subtitle>";
    let both = item(&format!("<description>Short.</description>{subtitle}"));
    assert_eq!((both.summary.expect("a text").0.as_str(), both.content), ("Short.", None));
    let other = item(&format!("{subtitle}<description>Short.</description>"));
    assert_eq!((other.summary.expect("a text").0.as_str(), other.content), ("Short.", None));
    assert!(item(subtitle).summary.is_some());
    let summary = "<description>Deux&lt;br/>mots&lt;br/></description><itunes:summary>Deux mots de plus</itunes:summary>";
    let longer = item(summary).content.expect("the longest text");
    assert_eq!(longer.0, "Deux mots de plus");
}

#[test]
fn a_caption_is_not_the_text_where_there_is_another() {
    let picture =
        "<media:content url='http://a.example/i.jpg' medium='image'><media:description>A long caption</media:description></media:content>";
    let text = |entry: &EntryDraft| [&entry.summary, &entry.content].map(|text| text.as_ref().map_or("", |text| &text.0).to_owned());
    for inner in [
        [picture, "<description>d</description>"].concat(),
        ["<description>d</description>", picture].concat(),
    ] {
        assert_eq!(text(&item(&inner)), ["d", ""], "{inner}");
    }
    assert_eq!(text(&item(picture)), ["A long caption", ""]);
}

#[test]
fn a_body_without_a_namespace_is_the_content() {
    let entry = item("<body><p>Deux <b>camions</b></p><img src=\"http://a.example/i.png\" /></body>");
    let expected = "<p>Deux <b>camions</b></p><img src=\"http://a.example/i.png\" />";
    assert_eq!(entry.content.expect("a text").0, expected);
    let feed = feed("<rss><channel><description>&lt;img src='http://a.example/i.png'&gt;</description></channel></rss>");
    assert_eq!(
        feed.meta.description.as_deref(),
        Some(""),
        "an image alone is a description without text"
    );
}

#[test]
fn the_last_update_counts_and_dates_without_a_zone_are_local() {
    let text = "<feed><entry><published>2026-01-02T10:00:00</published>\
                <updated>2026-01-03T10:00:00Z</updated><updated>2026-01-04T10:00:00Z</updated></entry></feed>";
    let document = Document {
        bytes: text.as_bytes(),
        is_base_stated: false,
        timezone: Some("Africa/Niamey"),
        ..Document::default()
    };
    let entry = parse(&document).expect("a feed").entries.remove(0);
    assert_eq!(entry.published.map(Timestamp::rfc3339).as_deref(), Some("2026-01-02T09:00:00Z"));
    assert_eq!(entry.updated.map(Timestamp::rfc3339).as_deref(), Some("2026-01-04T10:00:00Z"));
}

#[test]
fn only_web_addresses_become_links() {
    let entry = item("<title>t</title><link>javascript:alert(1)</link><enclosure url='file:///etc/passwd'/><guid>urn:x:1</guid>");
    assert_eq!((entry.link, entry.enclosures.len()), (None, 0));
    assert_eq!(item("<guid>http://a.example/7</guid>").link.expect("a link").path(), "/7");
    assert_eq!(item("<guid isPermaLink='false'>http://a.example/7</guid>").link, None);
}

#[test]
fn a_text_encoded_twice_is_repaired() {
    assert_eq!(item("<title>L'armÃ©e de l'air</title>").title, "L'armée de l'air");
    assert_eq!(item("<title>AÇÃO de PAÍS</title>").title, "AÇÃO de PAÍS");
}

#[test]
fn entities_of_a_dtd_are_never_expanded() {
    let text = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
                <rss><channel><item><title>&b;&x;</title></item></channel></rss>";
    assert_eq!(feed(text).entries[0].title, "&b;&x;");
}

#[test]
fn ids_are_the_same_on_every_run() {
    let text = r#"{"version":"https://jsonfeed.org/version/1","title":"t","items":[{"content_text":"a"},{"content_text":"b"}]}"#;
    let keys = |feed: &ParsedFeed| feed.entries.iter().flat_map(EntryDraft::identity_keys).collect::<Vec<_>>();
    assert_eq!(keys(&feed(text)), keys(&feed(text)));
    assert_eq!(feed(text).entries[0].guid, None);
    assert_ne!(keys(&feed(text))[0], keys(&feed(text))[1]);
}

#[test]
fn documents_that_are_no_feeds_are_classified() {
    let base = Url::parse("https://a.example/x/").expect("a URL");
    for (text, code) in [
        ("", "empty"),
        (" \n\u{feff}", "empty"),
        (
            "<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>",
            "anti-bot",
        ),
        ("<!DOCTYPE html><html><body>DDOS-GUARD checks</body></html>", "anti-bot"),
        ("<html><form><input type=\"password\"></form></html>", "login"),
        ("<html><h1>404</h1></html>", "html"),
        ("{\"error\": 404}", "json-error"),
        ("[1, 2", "json-error"),
        ("%PDF-1.7 x", "binary"),
        ("hello", "unknown"),
    ] {
        let reason = parse(&Document {
            bytes: text.as_bytes(),
            url: Some(&base),
            ..Document::default()
        })
        .expect_err("no feed");
        assert_eq!(reason.code(), code, "{text}: {reason}");
    }
    let page =
        "<html><head><link href='feed?a=1&amp;b=2' type='application/rss+xml' rel='alternate'><link rel=stylesheet href=x></head></html>";
    let reason = parse(&Document {
        bytes: page.as_bytes(),
        url: Some(&base),
        ..Document::default()
    });
    let Err(NotAFeed::Html { feeds }) = reason else { panic!("a page") };
    assert_eq!(
        feeds.iter().map(|feed| feed.url.as_str()).collect::<Vec<_>>(),
        ["https://a.example/x/feed?a=1&b=2"]
    );
}

#[test]
fn dates_without_a_zone_are_in_the_zone_of_the_source() {
    let text = "<rss><channel><item><title>t</title><pubDate>13/03/2020 12:22</pubDate></item></channel></rss>";
    let document = Document {
        bytes: text.as_bytes(),
        is_base_stated: false,
        timezone: Some("Africa/Niamey"),
        ..Document::default()
    };
    let found = parse(&document).expect("a feed").entries[0].published.map(Timestamp::rfc3339);
    assert_eq!(found.as_deref(), Some("2020-03-13T11:22:00Z"));
}

#[test]
fn hostile_documents_stay_bounded() {
    let many = format!("<rss><channel>{}</channel></rss>", "<item><guid>x</guid></item>".repeat(12_000));
    let found = feed(&many);
    assert_eq!(found.entries.len(), 10_000);
    assert!(found.problems.iter().any(|problem| problem.code == "too-many-entries"));
    let long = item(&format!("<title>t</title><description>{}</description>", "long ".repeat(400_000)));
    assert!(long.summary.expect("a text").0.len() <= 1 << 20);
    for unit in [
        "<rss>",
        "<item>",
        "<a>",
        "<media:group>",
        "<description>",
        "<object>",
        "</a>",
        "<a:b xmlns:a='c'>",
        "<channel><title>",
        "<title><object>",
    ] {
        let _ = read(format!("<rss><channel><item>{}", unit.repeat(60_000)).as_bytes());
    }
    let _ = read(format!("{{\"items\":{}", "[".repeat(100_000)).as_bytes());
}

proptest::proptest! {
    #[test]
    fn no_document_panics(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "<rss>", "<feed>", "<item>", "<entry>", "</item>", "<title>", "</title>", "<link href='", "<![CDATA[", "]]>", "&#", "&amp;", "é",
                "<description>", "</description>", "<xhtml:div>", "<!--", "-->", "<a x=\"", ">", "'", "<?xml", "<", "/>", "2020-01-01", "{", "\u{feff}",
            ]),
            0..40,
        )
    ) {
        let _ = read(pieces.concat().as_bytes());
    }
}

#[test]
fn a_long_base_makes_no_long_addresses() {
    let entries = "<entry><link href='a'/></entry>".repeat(1000);
    let base = format!("https://a.example/{}/", "b".repeat(8000));
    let feed = feed(&format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{base}'>{entries}</feed>"
    ));
    assert_eq!(feed.entries.len(), 1000);
    assert!(feed.entries.iter().all(|entry| entry.link.is_none()));
}
