use super::*;
use proptest::prelude::*;

fn url(path: &str) -> Url {
    Url::parse("https://www.lefleuve.example")
        .and_then(|base| base.join(path))
        .expect("a URL")
}

fn allows(text: &str, product: &str, path: &str) -> bool {
    Robots::parse(text, product).allows(&url(path))
}

/// Whether a `Disallow` rule matches.
fn matches(pattern: &str, path: &str) -> bool {
    !allows(&format!("User-agent: *\nDisallow: {pattern}"), "griot", path)
}

#[test]
fn the_simple_example_of_rfc_9309_5_1() {
    let text = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
                User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
                User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
                User-Agent: quxbot\n";
    for (product, path, expected) in [
        ("griot", "/a.gif", false),
        ("griot", "/a.gif?x", true),
        ("griot", "/example/", false),
        ("griot", "/example", true),
        ("griot", "/publications/", true),
        ("griot", "/other", true),
        ("foobot", "/", false),
        ("foobot", "/example/page.html", true),
        ("foobot", "/example/allowed.gif", true),
        ("foobot", "/publications/", false),
        ("BARBOT", "/example/page.html", false),
        ("barbot", "/a.gif", true),
        ("bazbot", "/example/page.html", false),
        ("bazbot", "/example/", true),
        ("quxbot", "/example/", true),
    ] {
        assert_eq!(allows(text, product, path), expected, "{product} {path}");
    }
}

#[test]
fn the_longest_match_of_rfc_9309_5_2() {
    let text = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
    assert!(allows(text, "foobot", "/example/page/"));
    assert!(allows(text, "foobot", "/example/page/a.gif"));
    assert!(!allows(text, "foobot", "/example/page/disallowed.gif"));
}

#[test]
fn the_encoded_paths_of_rfc_9309_2_2_2() {
    for (pattern, path) in [
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https://foo.bar"),
        ("/foo/bar/\u{30c4}", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%e3%83%84", "/foo/bar/\u{30c4}"),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ("/foo/bar/baz", "/foo/bar/%62%61%7A"),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html"),
        ("/path/foo-%24", "/path/foo-$"),
        ("/a b", "/a%20b"),
        ("/100%", "/100%"),
        ("/a$b", "/a$b/c"),
    ] {
        assert!(matches(pattern, path), "{pattern} {path}");
    }
    assert!(!matches("/foo%2Fbar", "/foo/bar"), "a reserved octet is not its encoding");
    assert!(!matches("/foo/bar", "/foo%2Fbar"));
    assert!(!matches("/path/file-with-a-%2A.html", "/path/file-with-a-x.html"));
}

#[test]
fn wildcards_and_ends() {
    for (pattern, path, expected) in [
        ("/fish", "/fish.html", true),
        ("/fish", "/Fish", false),
        ("/fish*", "/fishheads/yummy.html", true),
        ("/fish/", "/fish", false),
        ("/*.php", "/index.php?x=y", true),
        ("/*.php$", "/index.php?x=y", false),
        ("/*.php$", "/a.php/b.php", true),
        ("/fish*.php", "/fishheads/catfish.php?parameters", true),
        ("/a*$", "/abc", true),
        ("/$", "/", true),
        ("/$", "/x", false),
        ("$", "/", false),
        ("*", "/x", true),
        ("**/x", "/y/x", true),
        ("/a*b*c$", "/abcbc", true),
        ("/ab*b$", "/ab", false),
        ("/*a*a$", "/a", false),
        ("fish", "/fish", false),
        ("/?", "/?q=1", true),
    ] {
        assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
    }
}

#[test]
fn of_equally_long_rules_the_one_that_allows_wins() {
    for text in [
        "User-agent: *\nAllow: /page\nDisallow: /page",
        "User-agent: *\nDisallow: /page\nAllow: /page",
        "User-agent: *\nDisallow: /pa*\nAllow: /page",
    ] {
        assert!(allows(text, "griot", "/page"), "{text}");
    }
    assert!(!allows("User-agent: *\nAllow: /page\nDisallow: /*.html", "griot", "/page.html"));
    assert!(allows("User-agent: *\nDisallow: /", "griot", "/robots.txt"));
    assert!(allows("User-agent: *\nDisallow:", "griot", "/x"), "an empty rule forbids nothing");
}

#[test]
fn only_the_most_specific_groups_count_and_they_are_combined() {
    let text = "User-agent: *\nDisallow: /every\nCrawl-delay: 9\n\nUser-agent: Griot/2.0\nDisallow: /a\n\nuser-AGENT : griot # us\ndisallow : /b # so\n\n\
                User-agent: griot-news\nDisallow: /news\n";
    for (product, path, expected) in [
        ("griot", "/every", true),
        ("griot", "/a", false),
        ("griot", "/b", false),
        ("griot", "/news", true),
        ("griot-news", "/news", false),
        ("griot-news", "/a", true),
        ("griot-radio", "/a", false),
        ("griotte", "/a", true),
        ("griotte", "/every", false),
    ] {
        assert_eq!(allows(text, product, path), expected, "{product} {path}");
    }
    assert_eq!(Robots::parse(text, "griot").crawl_delay(), None);
    assert_eq!(Robots::parse(text, "griotte").crawl_delay(), Some(Duration::from_secs(9)));
}

#[test]
fn other_records_end_no_group() {
    let text = "Disallow: /nobody\nUser-agent: a\nSitemap: https://x.example/map.xml\n\nUser-agent: griot\nnonsense\nDisallow: /x\n";
    for product in ["a", "griot"] {
        assert!(!allows(text, product, "/x"), "{product}");
        assert!(allows(text, product, "/nobody"), "{product}: rules without a group count for none");
    }
}

#[test]
fn any_line_end_is_accepted() {
    for text in [
        "\u{feff}User-agent: *\r\nDisallow: /x\r\n",
        "User-agent: *\rDisallow: /x\r",
        "\n\n  User-agent:*\n\tDisallow:/x",
        "User-agent: *\nDisallow: /x#y",
    ] {
        assert!(!allows(text, "griot", "/x"), "{text:?}");
        assert!(allows(text, "griot", "/y"), "{text:?}");
    }
    assert_eq!(decode_robots_txt(b"\xef\xbb\xbfUser-agent: *"), "User-agent: *");
}

#[test]
fn delays_are_parsed_with_decimals_and_capped() {
    let delay = |value: &str| Robots::parse(&format!("User-agent: *\nCrawl-delay: {value}"), "griot").crawl_delay();
    assert_eq!(delay("2"), Some(Duration::from_secs(2)));
    assert_eq!(delay("0.5"), Some(Duration::from_millis(500)));
    assert_eq!(delay("86400"), Some(MAX_CRAWL_DELAY));
    assert_eq!(delay("inf"), Some(MAX_CRAWL_DELAY));
    for nothing in ["", "-1", "NaN", "soon", "1e999999x"] {
        assert_eq!(delay(nothing), None, "{nothing}");
    }
}

#[test]
fn the_product_token_is_the_first_product() {
    for (user_agent, token) in [
        ("griot/0.1 (+desk@example.org)", "griot"),
        ("Veille-Sahel", "Veille-Sahel"),
        (" Mozilla/5.0 (compatible)", "Mozilla"),
        ("", ""),
    ] {
        assert_eq!(product_token(user_agent), token);
    }
}

#[test]
fn a_page_of_html_has_no_rules() {
    assert_eq!(decode_robots_txt(b"\n <!doctype html><p>User-agent: *\nDisallow: /\n"), "");
    assert_eq!(decode_robots_txt(b""), "");
}

#[test]
fn a_document_that_is_too_long_is_cut_at_a_line_end() {
    let mut body = b"User-agent: *\nDisallow: /a\n#".to_vec();
    body.resize(MAX_ROBOTS_BYTES - 14, b'x');
    body.extend_from_slice(b"\nDisallow: /private/of/all\n");
    let text = decode_robots_txt(&body);
    assert!(text.len() < MAX_ROBOTS_BYTES);
    let robots = Robots::parse(&text, "griot");
    assert!(!robots.allows(&url("/a")));
    assert!(robots.allows(&url("/p")), "a rule that is cut off is dropped");
    assert_eq!(decode_robots_txt(&vec![b'x'; MAX_ROBOTS_BYTES + 1]), "");
}

#[test]
fn a_document_is_reduced_to_the_groups_that_concern_a_crawler() {
    let text = "\u{feff}# rules\r\nDisallow: /nobody\nUser-agent: *\nDisallow: /all # so\nSitemap: https://x.example/map.xml\n\n\
                User-agent: GPTBot\nUser-agent: Griot/2.0\nCrawl-delay: 3\nAllow:\n\nUser-agent: GPTBot\nDisallow: /\nCrawl-delay: 9\n\
                User-agent: griot-news\nDisallow: /news\nUser-agent: veille";
    let reduced = "User-agent:Griot\nCrawl-delay:3\nAllow:\nUser-agent:veille\nDisallow:\nUser-agent:*\nDisallow:/all\n";
    assert_eq!(reduce_robots_txt(text, &["griot", "Veille-Sahel"]), reduced);
    assert_eq!(reduce_robots_txt(reduced, &["griot", "Veille-Sahel"]), reduced);
    assert_eq!(reduce_robots_txt("User-agent: x\nDisallow: /", &["griot"]), "");
}

#[test]
fn a_reduced_document_has_64_kib_at_most_and_loses_the_rules_for_all_crawlers_first() {
    let all = format!("User-agent: *\n{}", "Disallow: /all\n".repeat(MAX_ROBOTS_BYTES / 20));
    let reduced = reduce_robots_txt(&format!("{all}User-agent: griot\nDisallow: /own\n"), &["griot", "veille"]);
    assert!(reduced.len() <= MAX_REDUCED_BYTES && reduced.len() > MAX_REDUCED_BYTES - 20);
    assert!(reduced.ends_with("\nDisallow:/all\n"), "cut at a line end");
    assert!(!allows(&reduced, "griot", "/own") && !allows(&reduced, "veille", "/all"));
}

#[test]
fn hostile_documents_are_matched_in_linear_time() {
    let stars = format!("User-agent: *\nDisallow: /{}b$", "*a".repeat(MAX_ROBOTS_BYTES / 2 - 20));
    let path = format!("/{}", "a".repeat(8000));
    assert!(allows(&stars, "griot", &path));
    let many = format!("User-agent: *\n{}", "Disallow:*aab\n".repeat(MAX_ROBOTS_BYTES / 14));
    assert!(allows(&many, "griot", &path));
    assert!(
        !allows("User-agent: *\nDisallow: /x", "griot", &"/a".repeat(5000)),
        "longer than any permitted path"
    );
    assert!(allows("", "griot", &"/a".repeat(5000)));
}

/// Matches by backtracking: tries every length for every wildcard.
fn matches_by_backtracking(pattern: &[u8], path: &[u8]) -> bool {
    match pattern.split_first() {
        None => true,
        Some((b'$', [])) => path.is_empty(),
        Some((b'*', rest)) => (0..=path.len()).any(|at| matches_by_backtracking(rest, &path[at..])),
        Some((byte, rest)) => path
            .split_first()
            .is_some_and(|(own, path)| own == byte && matches_by_backtracking(rest, path)),
    }
}

proptest! {
    #[test]
    fn any_bytes_are_parsed(body in proptest::collection::vec(any::<u8>(), 0..400), path in "[ -~\u{e9}]{0,40}") {
        let text = decode_robots_txt(&body);
        let robots = Robots::parse(&text, "griot");
        let _ = robots.crawl_delay();
        if let Ok(url) = Url::parse("http://a.example/").and_then(|base| base.join(&path)) {
            let _ = robots.allows(&url);
        }
    }

    #[test]
    fn any_lines_are_parsed(text in "((User-agent|Disallow|Allow|Crawl-delay|x)? ?:? ?[a-g/*$%#0-9.\u{e9}]{0,12}[\r\n]{0,2}){0,12}", path in "/[a-g%*$/]{0,12}") {
        let robots = Robots::parse(&text, "griot");
        if let Ok(url) = Url::parse("http://a.example/").and_then(|base| base.join(&path)) {
            let _ = robots.allows(&url);
        }
    }

    #[test]
    fn a_reduced_document_has_the_same_rules(
        text in "(((User-agent|user-agent) ?: ?(\\*|griot|Griot/1|griot-news|veille|veil|other)|(Disallow|Allow): ?(/|/a|/a/b\\*|/\\*c\\$|)\
                 |Crawl-delay: [0-9]|Sitemap: x|nonsense| #)( # x)?[\r\n]{1,2}){0,16}",
        path in "/([abc]/?){0,4}",
    ) {
        let products = ["griot-news", "griot", "veille"];
        let reduced = reduce_robots_txt(&text, &products);
        for product in products.into_iter().chain(["unnamed"]) {
            let (mut whole, mut kept) = (Robots::parse(&text, product), Robots::parse(&reduced, product));
            prop_assert_eq!(whole.allows(&url(&path)), kept.allows(&url(&path)), "{} {} {:?}", product, path, reduced);
            prop_assert_eq!(whole.crawl_delay(), kept.crawl_delay(), "{} {:?}", product, reduced);
            // Of equal rules, the order of the groups is no matter.
            for robots in [&mut whole, &mut kept] {
                robots.rules.sort_by_key(|rule| format!("{rule:?}"));
            }
            prop_assert_eq!(whole.rules, kept.rules, "{} {:?}", product, reduced);
        }
        prop_assert_eq!(&reduce_robots_txt(&reduced, &products), &reduced);
    }

    #[test]
    fn patterns_match_as_with_backtracking(pattern in "/[ab*]{0,8}\\$?", path in "/[ab]{0,10}") {
        prop_assert_eq!(Pattern::new(&pattern).matches(&path), matches_by_backtracking(pattern.as_bytes(), path.as_bytes()));
    }
}

#[test]
fn the_licence_belongs_to_no_group_and_is_kept() {
    let text = "User-agent: x\nDisallow: /\n\nlicense : https://a.example/rsl.xml # RSL\n\nUser-agent: *\nDisallow: /p\n";
    assert_eq!(licence(text), Some("https://a.example/rsl.xml"));
    let reduced = reduce_robots_txt(text, &["griot"]);
    assert_eq!(reduced, "License:https://a.example/rsl.xml\nUser-agent:*\nDisallow:/p\n");
    assert_eq!(reduce_robots_txt(&reduced, &["griot"]), reduced);
    assert_eq!(Robots::parse(&reduced, "griot"), Robots::parse(text, "griot"));
    assert_eq!(licence("User-agent: *\nLicense:\n"), None);
}
