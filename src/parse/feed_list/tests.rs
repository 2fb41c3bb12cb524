//! Tests of lists as a whole: settings of other readers, charsets, hostile documents.

use super::*;

fn opml(text: &str) -> FeedList {
    read_list(text.as_bytes(), ListFormat::Opml).expect("a list")
}

#[test]
fn settings_of_miniflux_are_taken_or_named() {
    let list = opml(
        "<opml version='2.0' xmlns:miniflux='https://miniflux.app/opml'><body><outline text='Mali'><outline type='rss' title='A' xmlUrl='https://a.example/feed' \
         htmlUrl='https://a.example/' miniflux:scraperRules='div.texte, p.chapo' miniflux:crawler='true' miniflux:userAgent='Desk/1.0' miniflux:disabled='true' \
         miniflux:blocklistRules='sport' miniflux:fetchViaProxy='true' miniflux:hideGlobally='false' miniflux:cookie='session=1' \
         miniflux:keepFilterEntryRules='EntryTitle=~x&#10;y'/></outline></body></opml>",
    );
    let feed = &list.feeds[0];
    let expected = serde_json::json!({"name": "A", "site": "https://a.example/", "tags": ["mali"], "select.body": "div.texte, p.chapo", "article": "page",
        "user_agent": "Desk/1.0", "enabled": false});
    assert_eq!(serde_json::to_value(&feed.settings).expect("JSON"), expected);
    let left: Vec<&str> = feed.not_taken.iter().map(|left| left.setting.as_str()).collect();
    assert_eq!(
        left,
        [
            "miniflux:blocklistrules",
            "miniflux:cookie",
            "miniflux:fetchviaproxy",
            "miniflux:keepfilterentryrules"
        ]
    );
    assert!(!format!("{feed:?}").contains("session=1"), "a secret is not kept");
}

#[test]
fn settings_of_freshrss_are_taken_or_named() {
    let list = opml(
        "<opml><body><outline text='B' xmlns:frss='https://freshrss.org/opml' type='rss' xmlUrl='https://b.example/feed' frss:cssFullContent='article' \
         frss:cssContentFilter='.pub, .suite' frss:CURLOPT_USERAGENT='Desk/1.0' frss:CURLOPT_COOKIE='a=b' frss:ttl='7200' frss:priority='hidden' \
         frss:filtersActionRead='intitle:x' category='/Presse/Niger, une'/>\
         <outline text='C' type='HTML+XPath' xmlUrl='https://c.example/page' frss:xPathItem='//a'/>\
         <outline text='D' type='JSONFeed' xmlUrl='https://d.example/feed.json' frss:ttl='-1'/>\
         <outline text='Loin' frss:opmlUrl='https://e.example/list.opml'/></body></opml>",
    );
    let expected = serde_json::json!({"name": "B", "tags": ["presse", "niger", "une"], "select.body": "article", "article": "page",
        "select.remove": [".pub, .suite"], "user_agent": "Desk/1.0", "every": "7200s"});
    assert_eq!(serde_json::to_value(&list.feeds[0].settings).expect("JSON"), expected);
    assert_eq!(list.feeds[0].not_taken.len(), 3);
    assert!(list.feeds[2].refused.is_none() && list.feeds[2].settings["enabled"] == false);
    for at in [1, 3] {
        assert!(list.feeds[at].refused.is_some(), "{:?}", list.feeds[at]);
    }
}

#[test]
fn own_attributes_count_more_and_set_no_secret() {
    let list = opml(
        "<opml xmlns:g='https://griot.invalid/opml'><outline text='A' xmlUrl='https://a.example/' category='x' g:name='A &lt;b&gt;' g:tags='Mali, &quot;x&quot;' g:auth='a:b' \
         g:headers='x' g:url='https://b.example/' g:select.body='p' g:country='ML'/></opml>",
    );
    let expected = serde_json::json!({"name": "A <b>", "tags": ["Mali", "\"x\""], "select.body": "p", "country": "ML"});
    assert_eq!(serde_json::to_value(&list.feeds[0].settings).expect("JSON"), expected);
    assert_eq!(list.feeds[0].address, "https://a.example/");
}

#[test]
fn charsets_are_recognised() {
    let csv = "url;name\nhttps://a.example/;L'\u{c9}cho d'Abidjan, \u{e9}t\u{e9} \u{e0} Dakar\n";
    let latin: Vec<u8> = csv.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(csv.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [csv.as_bytes().to_vec(), [b"\xef\xbb\xbf", csv.as_bytes()].concat(), latin, utf16] {
        let list = read_list(&bytes, ListFormat::Csv).expect("a list");
        assert_eq!(list.feeds[0].name, "L'\u{c9}cho d'Abidjan, \u{e9}t\u{e9} \u{e0} Dakar");
    }
}

#[test]
fn hostile_documents_are_bounded() {
    let bomb = "<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><opml><outline text='&b;' xmlUrl='https://a.example/'/></opml>";
    assert_eq!(opml(bomb).feeds[0].name, "&b;");
    assert_eq!(read_list(b"<rss><channel/></rss>", ListFormat::Opml), Err(NotAList::Opml(NotOpml)));
    assert_eq!(read_list(&vec![b' '; MAX_LIST_BYTES + 1], ListFormat::Csv), Err(NotAList::TooLarge));
    let lines = "https://a.example/\n".repeat(10_050);
    let list = read_list(lines.as_bytes(), ListFormat::Newsboat).expect("a list");
    assert_eq!((list.feeds.len(), list.problems.len()), (10_000, 1));
    for format in [
        ListFormat::Opml,
        ListFormat::Csv,
        ListFormat::Json,
        ListFormat::Newsboat,
        ListFormat::Sfeed,
    ] {
        for bytes in [&b""[..], b"\xff\xfe\x00", b"\x00\x00\x00", b"\"'\\<[{", "\u{202e}".as_bytes()] {
            let _ = read_list(bytes, format);
        }
    }
}
