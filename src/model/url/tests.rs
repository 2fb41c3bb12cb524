//! Tests of the forms of URLs, on invented addresses as the content management systems of the region make them.

use super::tracking::is_tracking;
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn key(text: &str) -> String {
    canonical(&Url::parse(text).expect("a URL")).to_string()
}

#[test]
fn urls_of_one_page_have_one_canonical_form() {
    let same = "lefaso.net/spip.php?article140000";
    for address in [
        "https://lefaso.net/spip.php?article140000",
        "http://www.lefaso.net/spip.php?article140000#forum",
        "https://LEFASO.net:443/spip.php?article140000&utm_source=rss&utm_medium=feed",
        "http://lefaso.net/spip.php?UTM_Source=x&article140000&fbclid=IwAR1",
        "http://user:word@lefaso.net./spip.php?article140000&xtor=RSS-1&ref=rss",
    ] {
        assert_eq!(key(address), same, "{address}");
    }
    assert_eq!(key("https://a.example/x/?at_medium=RSS"), key("http://a.example/x"));
    assert_eq!(key("https://a.example/%7Ex/%c3%a9"), key("https://a.example/~x/é"));
    assert_eq!(key("https://a.example"), key("https://a.example/"));
}

#[test]
fn urls_of_different_pages_differ() {
    assert_ne!(key("https://a.example/?p=1"), key("https://a.example/?p=2"));
    assert_ne!(key("https://a.example/x"), key("https://a.example/X"));
    assert_ne!(key("https://a.example:8080/x"), key("https://a.example/x"));
    assert_ne!(key("https://a.example/?page=backend"), key("https://a.example/"));
    assert_eq!(key("https://www.ml/x"), "www.ml/x", "a registry's own name is no prefix");
}

/// Addresses of one article, each line with the key of all of them.
const EQUAL: &[(&str, &[&str])] = &[
    (
        "lefleuve.example/2024/05/01/le-bac-repart",
        &[
            "https://lefleuve.example/2024/05/01/le-bac-repart/",
            "http://www.lefleuve.example:443/2024/05/01/le-bac-repart/#comments",
            "https://lefleuve.example/2024/05/01/le-bac-repart/amp/",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?amp",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?amp=1&utm_source=x",
            "https://lefleuve.example/amp/2024/05/01/le-bac-repart",
            "https://lefleuve.example/2024/05/01/le-bac-repart.amp",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?outputType=amp",
            "https://amp.lefleuve.example/2024/05/01/le-bac-repart",
            "https://m.lefleuve.example/2024/05/01/le-bac-repart",
            "https://www.m.lefleuve.example/2024/05/01/le-bac-repart/index.html",
            "https://mobile.lefleuve.example/2024/05/01/le-bac-repart?noamp=mobile",
            "https://lefleuve-example.cdn.ampproject.org/c/s/lefleuve.example/2024/05/01/le-bac-repart/amp/",
            "https://lefleuve-example.cdn.ampproject.org/v/s/www.lefleuve.example/2024/05/01/le-bac-repart/?amp_js_v=0.1&usqp=mq331AQ",
            "https://cdn.ampproject.org/c/lefleuve.example/2024/05/01/le-bac-repart",
            "https://www.google.com/amp/s/www.lefleuve.example/2024/05/01/le-bac-repart/amp",
            "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Flefleuve.example%2F2024%2F05%2F01%2Fle-bac-repart%2F&ved=2ah",
            "https://www.google.ml/url?q=https://lefleuve.example/2024/05/01/le-bac-repart/&sa=U",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Flefleuve.example%2F2024%2F05%2F01%2Fle-bac-repart%3Ffbclid%3DIw&h=AT0",
            "https://t.umblr.com/redirect?z=https%3A%2F%2Flefleuve.example%2F2024%2F05%2F01%2Fle-bac-repart&t=ab",
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=6&url=https%3a%2f%2flefleuve.example%2f2024%2f05%2f01%2fle-bac-repart&c=7",
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Flefleuve.example%2F2024%2F05%2F01%2Fle-bac-repart&data=05",
            "https://lefleuve.example/2024/05/01/le-bac-repart/print/",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?print=print",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?print=pdf",
            "https://lefleuve.example/print/2024/05/01/le-bac-repart",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?share=facebook&nb=1",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?replytocom=77#respond",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?doing_wp_cron=1714.2&source=rss",
            "https://lefleuve.example/2024/05/01/le-bac-repart/?ref=alaune&_hsmi=3&ttclid=E.C",
            "https://lefleuve.example/index.php/2024/05/01/le-bac-repart",
            "https://lefleuve.example/%32024/05/01/le%2Dbac-repart?utm%5Fsource=rss",
        ],
    ),
    (
        "lefaso.example/spip.php?article140000",
        &[
            "https://lefaso.example/spip.php?article140000",
            "https://www.lefaso.example/?article140000",
            "https://lefaso.example/spip.php?article140000=&fbclid=IwAR",
            "https://lefaso.example/spip.php?article140000&var_mode=calcul",
            "https://lefaso.example/spip.php?article140000&var_recherche=bac#forum",
            "https://lefaso.example/spip.php?page=imprimer&id_article=140000",
            "https://lefaso.example/spip.php?page=article&id_article=140000",
            "https://lefaso.example/spip.php?id_article=140000&amp;page=imprimir_articulo",
            "https://lefaso.example/imprimer.php3?id_article=140000",
            "https://lefaso.example/article.php3?id_article=140000",
            "https://lefaso.example/spip.php?PHPSESSID=0a1b&article140000",
        ],
    ),
    (
        "echo.example?option=com_content&view=article&id=5120:bac&catid=3",
        &[
            "http://www.echo.example/index.php?option=com_content&view=article&id=5120:bac&catid=3",
            "http://echo.example/?option=com_content&view=article&id=5120:bac&catid=3&tmpl=component&print=1&layout=default&page=",
            "http://echo.example/index.php?option=com_content&amp;view=article&amp;id=5120:bac&amp;catid=3",
        ],
    ),
    (
        "tribune.example?p=812",
        &[
            "https://tribune.example/?p=812",
            "https://tribune.example/index.php?p=812&utm_medium=feed",
            "https://www.tribune.example?p=812#more-812",
        ],
    ),
    (
        "savane.example/node/4711",
        &[
            "https://savane.example/node/4711",
            "https://savane.example/print/4711",
            "https://savane.example/printpdf/4711",
        ],
    ),
    (
        "savane.example/Details.aspx?id=9",
        &[
            "https://savane.example/Details.aspx?id=9",
            "https://savane.example/Details.aspx;jsessionid=1F.n1?id=9&ASPSESSIONIDQQ=AB&ref=x",
        ],
    ),
    (
        "forum.example/viewtopic.php?t=12",
        &[
            "https://forum.example/viewtopic.php?t=12&sid=0123456789abcdef0123456789abcdef",
            "https://forum.example/viewtopic.php?t=12",
        ],
    ),
    (
        "fr.sahara.example/monde/a-70123456",
        &[
            "https://fr.sahara.example/monde/a-70123456?maca=fr-rss-fr-all-1573-rdf",
            "https://fr-m.sahara.example/monde/a-70123456",
            "https://fr.m.sahara.example/monde/a-70123456",
        ],
    ),
    (
        "xn--lcho-bpa.example/%C3%A9t%C3%A9-2024",
        &[
            "https://l\u{e9}cho.example/\u{e9}t\u{e9}-2024",
            "https://www.xn--lcho-bpa.example/%c3%a9t%C3%A9-2024/",
        ],
    ),
    (
        "appli.example#!/article/12",
        &[
            "https://appli.example/#!/article/12",
            "http://www.appli.example/index.html#!/article/12",
        ],
    ),
    // `08 13 22 26`, the address, `d2 01 00`: the field that holds the address of the AMP page is empty.
    (
        "bac.example/2024/05/bac-12",
        &[
            "https://news.google.com/rss/articles/CBMiJmh0dHBzOi8vd3d3LmJhYy5leGFtcGxlLzIwMjQvMDUvYmFjLTEy0gEA?oc=5",
            "https://news.google.com/articles/CBMiJmh0dHBzOi8vd3d3LmJhYy5leGFtcGxlLzIwMjQvMDUvYmFjLTEy0gEA?hl=fr&gl=FR&ceid=FR%3Afr",
            "https://news.google.com/url?q=http://bac.example/2024/05/bac-12&sa=X",
        ],
    ),
    (
        "news.google.com/rss/articles/CBMiVkFVX3lxTE4zaGU2bTY2ZGkzdTRkSkJ0",
        &[
            "https://news.google.com/rss/articles/CBMiVkFVX3lxTE4zaGU2bTY2ZGkzdTRkSkJ0?oc=5",
            "https://news.google.com/rss/articles/CBMiVkFVX3lxTE4zaGU2bTY2ZGkzdTRkSkJ0?oc=5&hl=fr&gl=FR&ceid=FR:fr",
        ],
    ),
];

/// Addresses of articles that must each have a key of their own, a group a line.
const DIFFERENT: &[&[&str]] = &[
    &["https://a.example/?p=1", "https://a.example/?p=2", "https://a.example/"],
    &[
        "https://a.example/?id=1",
        "https://a.example/?id=2",
        "https://a.example/?article=1",
        "https://a.example/?article=2",
    ],
    &[
        "https://a.example/spip.php?article1",
        "https://a.example/spip.php?article2",
        "https://a.example/spip.php?breve1",
        "https://a.example/spip.php?rubrique1",
    ],
    &[
        "https://a.example/spip.php?article1&lang=fr",
        "https://a.example/spip.php?article1&lang=ar",
        "https://a.example/spip.php?article1",
    ],
    &[
        "https://a.example/index.php?option=com_content&id=1",
        "https://a.example/index.php?option=com_content&id=2",
        "https://a.example/index.php?option=com_k2&id=1",
    ],
    &[
        "https://a.example/article.php?ref=abc",
        "https://a.example/article.php?ref=abd",
        "https://a.example/article.php",
    ],
    &[
        "https://a.example/article-detail.php?lang=fr&ref=abc",
        "https://a.example/article-detail.php?lang=fr&ref=abd",
    ],
    &["https://a.example/2024/05/le-bac?ref=12", "https://a.example/2024/05/le-bac?ref=13"],
    &["https://a.example/show.php?sid=12", "https://a.example/show.php?sid=13"],
    &[
        "https://a.example/show.php?sid=9e107d9d372bb6826bd81d3542a419d6",
        "https://a.example/show.php?sid=e4d909c290d0fb1ca068ffaddf22cbd0",
    ],
    &[
        "https://a.example/2024/le-bac-12?sid=20240501123456789",
        "https://a.example/2024/le-bac-12?sid=20240501123456790",
    ],
    &["https://a.example/news.php?print=12", "https://a.example/news.php?print=13"],
    &[
        "https://a.example/x-1?format=audio",
        "https://a.example/x-1?format=video",
        "https://a.example/x-1",
    ],
    &["https://a.example/x-1?source=afp", "https://a.example/x-1?source=reuters"],
    &["https://a.example/x", "https://a.example/X"],
    &[
        "https://a.example/x-1/page/2",
        "https://a.example/x-1",
        "https://a.example/x-1?page=2",
    ],
    &["https://a.example:8080/x", "https://a.example/x"],
    &[
        "https://fr.a.example/x-1",
        "https://ar.a.example/x-1",
        "https://a.example/x-1",
        "https://a.example/fr/x-1",
    ],
    &["https://blog.a.example/x-1", "https://a.example/x-1"],
    &["https://m.com.ng/x-1", "https://com.ng/x-1"],
    &["https://m.blogspot.com/x-1", "https://blogspot.com/x-1"],
    &["https://www.ml/x", "https://ml/x"],
    &["https://a.example/materiel/amp", "https://a.example/materiel"],
    &["https://a.example/presse/print", "https://a.example/presse"],
    &[
        "https://a.example/#!/article/1",
        "https://a.example/#!/article/2",
        "https://a.example/",
    ],
    &["https://a.example/#/article/1", "https://a.example/#/article/2"],
    &["https://a.example/index.php?a=1&b=2", "https://a.example/index.php?b=2&a=1"],
    &["https://a.example/print/12", "https://a.example/12", "https://a.example/print/13"],
    &["https://a.example/index2.php?id=1", "https://a.example/index.php?id=1"],
    &[
        "https://feedproxy.google.com/~r/lefleuve/~3/abcDEF12/",
        "https://feedproxy.google.com/~r/lefleuve/~3/abcDEF13/",
    ],
    &[
        "https://www.google.com/url?q=https://a.example/1",
        "https://www.google.com/url?q=https://a.example/2",
        "https://www.google.com/url",
    ],
    &["https://a.example/url?q=https://b.example/1", "https://b.example/1"],
    &["https://a.example/amp/2024/le-bac", "https://a.example/amp/2024/la-foire"],
    &["https://a.example/?cfid=1", "https://a.example/?cfid=2"],
    &["https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abd"],
    &[
        "https://news.google.com/rss/articles/CBMiVkFVX3lxTE4zaGU2bTY2ZGkzdTRkSkJ0",
        "https://news.google.com/rss/articles/CBMiVkFVX3lxTE4zaGU2bTY2ZGkzdTRkSkJ1",
    ],
];

#[test]
fn the_addresses_of_an_article_have_one_key() {
    for (expected, addresses) in EQUAL {
        for address in *addresses {
            assert_eq!(key(address), *expected, "{address}");
        }
        assert_eq!(key(&format!("https://{expected}")), *expected, "the key of a key is itself");
    }
    let keys: BTreeSet<&str> = EQUAL.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys.len(), EQUAL.len());
}

#[test]
fn different_articles_never_have_one_key() {
    for group in DIFFERENT {
        let keys: BTreeSet<String> = group.iter().map(|address| key(address)).collect();
        assert_eq!(keys.len(), group.len(), "{group:?} have the keys {keys:?}");
    }
}

#[test]
fn a_stated_canonical_url_is_believed_where_it_makes_sense() {
    let declared = |link: &str, stated: &str| {
        let [link, stated] = [link, stated].map(|text| Url::parse(text).expect("a URL"));
        declared_canonical(&link, &stated).map(|url| url.to_string())
    };
    for (link, stated, expected) in [
        (
            "https://a.example/?p=12",
            "https://a.example/2024/05/01/le-bac-repart/",
            "a.example/2024/05/01/le-bac-repart",
        ),
        (
            "https://actu.a.example/v/12",
            "https://www.a.example/le-bac-repart-12?utm_source=x",
            "a.example/le-bac-repart-12",
        ),
        (
            "https://a.example/fr/x-y-z",
            "https://a.example/fr/le-bac-repart",
            "a.example/fr/le-bac-repart",
        ),
        (
            "https://a.example/spip.php?breve7",
            "https://a.example/spip.php?article12",
            "a.example/spip.php?article12",
        ),
        (
            "https://a-example.cdn.ampproject.org/c/s/a.example/x/amp",
            "https://a.example/le-bac-repart",
            "a.example/le-bac-repart",
        ),
    ] {
        assert_eq!(declared(link, stated).as_deref(), Some(expected), "{link}");
    }
    for (link, stated) in [
        ("https://a.example/le-bac-repart/amp/", "https://www.a.example/le-bac-repart"),
        ("https://a.example/le-bac-repart", "https://a.example/"),
        ("https://a.example/le-bac-repart", "https://a.example/index.php"),
        ("https://a.example/le-bac-repart", "https://a.example/fr/"),
        ("https://a.example/fr/le-bac-repart", "https://a.example/fr/"),
        ("https://a.example/mali-2024-05/le-bac-repart", "https://a.example/mali-2024-05"),
        ("https://a.example/le-bac-repart", "https://a.example/actualites"),
        ("https://a.example/le-bac-repart", "https://b.example/le-bac-repart-2"),
        ("https://a.blogspot.com/le-bac-repart", "https://b.blogspot.com/le-bac-repart-2"),
        ("https://a.example/fr/le-bac-repart", "https://a.example/en/the-ferry-is-back"),
        ("https://a.example/le-bac-repart", "https://a.example/en/the-ferry-is-back"),
        ("https://fr.a.example/le-bac-repart", "https://ar.a.example/le-bac-repart-2"),
        ("https://a.example/x?id=4&lang=fr", "https://a.example/x?id=4&lang=ar"),
        ("https://a.example/fr-FR/le-bac-repart", "https://a.example/en-US/the-ferry-is-back"),
        ("https://a.example/le-bac-repart", "mailto:desk@a.example"),
        ("http://127.0.0.1/le-bac-repart", "http://127.0.0.1/le-bac-repart-2"),
    ] {
        assert_eq!(declared(link, stated), None, "{link} states {stated}");
    }
}

#[test]
fn redirects_within_redirects_end() {
    let mut address = "https://a.example/x-1".to_owned();
    for depth in 0..40 {
        let once = key(&address);
        assert_eq!(key(&format!("https://{once}")), once, "{depth}");
        assert_eq!(once == "a.example/x-1", depth <= 6, "{depth}");
        address = format!("https://www.google.com/url?q={}", urlencoded(&address));
    }
}

/// Encodes an address as the value of a parameter.
fn urlencoded(address: &str) -> String {
    url::form_urlencoded::byte_serialize(address.as_bytes()).collect()
}

/// Stored keys and ids rest on it: no line of this table ever changes.
#[test]
fn the_form_that_ids_are_derived_from_never_changes() {
    for (address, expected) in [
        ("https://www.A.example:443/x/?utm_source=r&b=2&a=1#top", "a.example/x?b=2&a=1"),
        (
            "http://m.a.example./index.php?p=4&ref=12&PHPSESSID=1",
            "m.a.example/index.php?p=4&PHPSESSID=1",
        ),
        (
            "https://a.example/%7Ex/%c3%a9/amp/?amp=1&ttclid=2",
            "a.example/~x/%C3%A9/amp?ttclid=2",
        ),
        (
            "https://www.google.com/url?q=https://a.example/",
            "google.com/url?q=https://a.example/",
        ),
        ("https://www.ml/#!/x", "www.ml"),
        ("mailto:desk@a.example", "desk@a.example"),
    ] {
        assert_eq!(address_key(&Url::parse(address).expect("a URL")), expected);
    }
}

#[test]
fn a_loggable_url_has_no_user_info_query_or_fragment() {
    for (text, loggable) in [
        (
            "https://desk:SECRET@lefaso.net:8080/a/b?token=SECRET#SECRET",
            "https://lefaso.net:8080/a/b",
        ),
        ("http://SECRET@[::1]/", "http://[::1]/"),
        ("http://:SECRET@lefaso.net?SECRET", "http://lefaso.net/"),
        ("file:///feeds/a.xml?SECRET", "file:///feeds/a.xml"),
        ("unix:/run/a.sock#SECRET", "unix:/run/a.sock"),
        ("data:text/plain,SECRET", "data:"),
        ("mailto:SECRET@lefaso.net", "mailto:"),
    ] {
        assert_eq!(loggable_url(&Url::parse(text).expect("a URL")), loggable);
    }
}

#[test]
fn published_urls_have_no_tracking_and_no_session() {
    let published = |text: &str| without_tracking(&Url::parse(text).expect("a URL")).to_string();
    for (text, expected) in [
        (
            "https://a.example/x?utm_source=rss&id=4&FBCLID=z#forum",
            "https://a.example/x?id=4#forum",
        ),
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("https://a.example/x?xtor=RSS-1#xtor=RSS-1", "https://a.example/x"),
        ("https://a.example/x#utm_source=rss&utm_medium=feed", "https://a.example/x"),
        ("https://a.example/?PHPSESSID=abc&page=2", "https://a.example/?page=2"),
        ("https://a.example/v.jsp;jsessionid=1F2E.node1?id=3", "https://a.example/v.jsp?id=3"),
        ("https://a.example/a;JSESSIONID=1;x=2/b?jsessionid=1", "https://a.example/a;x=2/b"),
        ("https://a.example/?sid=0123456789abcdef&p=1", "https://a.example/?p=1"),
    ] {
        assert_eq!(published(text), expected);
    }
    for text in [
        "http://User:Word@www.a.example:8080/%7Ex/%c3%a9/?b=2&&a=%20+1&sid=12#top",
        "https://a.example/?sid=0123456789abcdeg",
        "https://a.example/?",
        "https://a.example/#",
        "https://a.example/#/utm_source",
        "https://a.example/?article140000",
        "mailto:desk@a.example?ref=1",
    ] {
        assert_eq!(published(text), text);
    }
}

proptest! {
    #[test]
    fn a_url_without_such_parameters_is_published_as_it_is(text in "https?://[a-z]{1,9}\\.[a-z]{2,3}/[ -~é]{0,40}") {
        if let Ok(url) = Url::parse(&text) {
            let once = without_tracking(&url);
            prop_assert_eq!(without_tracking(&once), once.clone());
            if !text.to_ascii_lowercase().contains("id=") && once.as_str().len() < url.as_str().len() {
                let names = url.query().unwrap_or_default().split('&').chain(url.fragment().unwrap_or_default().split('&'));
                prop_assert!(names.into_iter().any(|pair| is_tracking(pair.split('=').next().unwrap_or_default())), "{}", url);
            }
        }
    }

    #[test]
    fn canonical_is_idempotent(text in "https?://(www\\.)?[a-z]{1,9}\\.[a-z]{2,3}(:[0-9]{2,4})?/[ -~\u{e9}]{0,40}") {
        check_idempotence(&text)?;
    }

    #[test]
    fn canonical_is_idempotent_on_known_marks(
        host in prop::collection::vec("www|m|amp|mobile|fr-m|fr|google|facebook|l|news|bing|com|co|uk|example|cdn|ampproject|org|127", 1..5),
        path in prop::collection::vec(
            "amp|print|c|s|v|url|l\\.php|index\\.php|spip\\.php|imprimer\\.php3|a-1|x|12|12\\.amp|b\\.amp\\.html|;jsessionid=1|\\.\\.;jsessionid=2|%61mp|%2e|\u{e9}|a\\.example||rss|articles|CBMi", 0..7),
        query in prop::collection::vec(
            "amp|amp;amp|amp=1|amp=5|print=1|tmpl=component|page=|page=imprimer|id_article=12|article12|article12=|u=https://a\\.example/x-1|url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttp%3A%2F%2Fm.b\\.com%2Famp|q=http://b\\.com|ref=a|ref=1|sid=0123456789abcdef|=|=x|x==|share=fb|nb=1|cfid=1|cftoken=2|%26|p=4|utm_source=a|lang=fr", 0..6),
        fragment in "(#!/a|#/|#x|#!|#/b c|)",
    ) {
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        check_idempotence(&format!("https://{}/{}{query}{fragment}", host.join("."), path.join("/")))?;
    }
}

#[test]
fn a_name_of_zeros_with_dots_stays_no_address() -> Result<(), TestCaseError> {
    for text in ["http://0../a", "http://0x7f.../a", "http://www.a.example./b", "http://1.2.3.4../x"] {
        check_idempotence(text)?;
    }
    let host = |text: &str| Url::parse(text).map(|url| canonical(&url));
    assert_eq!(
        host("http://www.a.example./b"),
        Ok(canonical(&Url::parse("http://a.example/b").expect("a URL")))
    );
    Ok(())
}

fn check_idempotence(text: &str) -> Result<(), TestCaseError> {
    if let Ok(url) = Url::parse(text) {
        let once = canonical(&url);
        let again = Url::parse(&format!("https://{once}"));
        prop_assert!(again.is_ok(), "{once}");
        prop_assert_eq!(&canonical(&again.expect("checked")), &once, "{}", text);
    }
    Ok(())
}
