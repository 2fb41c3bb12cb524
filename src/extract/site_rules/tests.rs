use super::*;
use crate::extract::{NoArticle, Page, Selectors, extract, extract_pages, inspect};
use crate::model::{Article, ArticleMethod};
use proptest::prelude::*;
use url::Url;

const PAGE: &str = "<html><head><title>Le marché rouvre | Radio Dune</title><meta property='og:url' content='https://dune.example/a'>\
    <script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Ancien titre\",\"datePublished\":\"2024-01-01\"}</script></head>\
    <body><h1 class=headline>Le marché de Gao rouvre</h1><span class=who>Par Awa Diallo</span><span class=when>3 mars 2025</span>\
    <div class='story col-8'><p>Le marché central a rouvert lundi après deux semaines de travaux sur les toits des étals.</p>\
    <p class=promo>Abonnez-vous à notre lettre.</p><img data-pic='/toit.jpg' src='/vide.gif'><img src='/pub/banner.png'>\
    <p>Les commerçants attendent encore les clients des villages voisins.</p></div>\
    <div class=footer-box><p>Tous droits réservés.</p></div></body></html>";

fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}

fn rule(text: &str) -> SiteRule {
    let (rule, warnings) = SiteRule::parse(text);
    assert_eq!(warnings, [], "{text}");
    rule
}

fn on<T>(html: &str, rule: &SiteRule, then: impl FnOnce(&Page<'_>) -> T) -> T {
    let (selectors, url) = (Selectors::default(), url("https://dune.example/a/marche"));
    then(&Page {
        html,
        url: Some(&url),
        requested_url: None,
        title_hint: None,
        feed_body: None,
        selectors: &selectors,
        rule: Some(rule),
        images: true,
        now: None,
    })
}

fn article(text: &str) -> Article {
    on(PAGE, &rule(text), extract).expect("an article")
}

fn warnings(text: &str) -> Vec<(usize, String)> {
    let (_, warnings) = SiteRule::parse(text);
    warnings.into_iter().map(|warning| (warning.line, warning.message)).collect()
}

#[test]
fn a_rule_gives_the_facts_and_the_body() {
    let article = article(
        "\u{feff}# Radio Dune\r\n\r\ntitle: //h1[@class='none']\r\ntitle: //h1\r\nauthor: //span[@class='who']\r\ndate: //span[@class='when']\r\n\
         body: //div[contains(@class, 'story')]\r\nstrip: //p[@class='promo']\r\nsrc_lazy_load_attr: data-pic\r\nstrip_image_src: /pub/\r\n",
    );
    assert_eq!(article.method, ArticleMethod::SiteRule);
    assert_eq!(article.title.as_deref(), Some("Le marché de Gao rouvre"));
    assert_eq!(
        article.authors.iter().map(|author| &*author.name).collect::<Vec<_>>(),
        ["Awa Diallo"]
    );
    assert_eq!(article.published.map(crate::model::Timestamp::day).as_deref(), Some("2025-03-03"));
    assert_eq!(article.text.lines().count(), 2, "{}", article.text);
    let body = article.body.as_str();
    assert!(
        body.contains("https://dune.example/toit.jpg") && !body.contains("vide.gif") && !body.contains("banner"),
        "{body}"
    );
}

#[test]
fn the_first_body_that_matches_counts() {
    let of = |text: &str| article(text).text;
    assert!(of("body: //main\nbody: //div[@class='footer-box']\nbody: //div[1]").starts_with("Tous droits"));
    // Nodes within others are not told twice.
    assert_eq!(
        of("prune: no\nbody: //div[@class='footer-box'] | //div[@class='footer-box']/p"),
        "Tous droits réservés."
    );
    assert_eq!(of("prune: no\nbody: //p[1]/text()").lines().count(), 2);
}

#[test]
fn strings_are_replaced_before_the_page_is_parsed() {
    let text = article("prune: no\nfind_string: <p class=promo>\nreplace_string: <p>\nreplace_string(à notre): à: la \nbody: //div[contains(@class,'story')]").text;
    assert!(text.contains("Abonnez-vous à: la lettre."), "{text}");
    let huge = rule("replace_string(a): aaaaaaaaaaaaaaaaaaaa\n".repeat(40).as_str());
    assert!(RuleRun::new(&huge).apply_replacements(PAGE).len() <= 2 * crate::extract::document::MAX_PAGE_BYTES);
}

#[test]
fn a_rule_that_matches_nothing_falls_back_and_says_so() {
    let found = article("body: //main");
    assert_eq!(found.method, ArticleMethod::Blocks);
    assert_eq!(found.problems, ["site-rule-no-match"]);
    let strict = rule("body: //main\nautodetect_on_failure: no");
    assert_eq!(on(PAGE, &strict, extract), Err(NoArticle::NotFound));
    // A rule that only strips says nothing of the body.
    let stripped = article("strip_id_or_class: promo\nstrip_id_or_class: footer");
    assert!(stripped.method == ArticleMethod::Blocks && stripped.problems.is_empty());
    assert!(!stripped.text.contains("Abonnez") && !stripped.text.contains("droits"));
}

#[test]
fn advertisements_are_noted_and_json_ld_can_be_left_out() {
    let found = article("body: //div\nnative_ad_clue: //meta[@property='og:url' and contains(@content, '/a')]");
    assert_eq!(found.problems, ["native-ad"]);
    assert_eq!(
        article("skip_json_ld: no").published.map(crate::model::Timestamp::day).as_deref(),
        Some("2024-01-01")
    );
    assert_ne!(
        article("skip_json_ld: yes").published.map(crate::model::Timestamp::day).as_deref(),
        Some("2024-01-01")
    );
}

#[test]
fn attributes_are_stripped_and_the_frame_of_the_page_stays() {
    let found = article("strip_attr: //img/@src\nsrc_lazy_load_attr: data-none\nbody: //div[1]\nstrip: /html | //body | //@class");
    assert!(!found.body.as_str().contains("banner"), "{}", found.body.as_str());
    assert_eq!(found.method, ArticleMethod::SiteRule);
}

#[test]
fn what_each_directive_matched_is_told() {
    let rule = rule("body: //main\nbody: //div\n# a word\nstrip: //p[@class='promo']");
    let told = on(PAGE, &rule, |page| inspect(page).directive_outcomes);
    let told: Vec<_> = told.iter().map(|one| (one.line, one.directive, one.matches)).collect();
    assert_eq!(told, [(4, "strip", 1), (1, "body", 0), (2, "body", 2)]);
}

#[test]
fn what_is_not_followed_is_remarked_with_its_line() {
    let text = "tidy: no\nparser: html5php\n\nhttp_header(user-agent): Googlebot\nhttp_header(Cookie): a=b\nbody: //div[\nrequires_login: yes\n\
                nonsense\nwrap_in(h2): //p\ntitel: //h1\ntest_contains: x\nif_page_contains: //p\ninsert_detected_image: no\nfind_string: a\ntitle:\n\
                next_page_link: //a\nif_page_contains: //p[\n";
    let found = warnings(text);
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17]);
    assert!(
        found[0].1.contains("http_header") && found[0].1.contains("headers"),
        "{:?}",
        found[0]
    );
    assert!(
        SiteRule::parse(text).0.next_page.is_empty(),
        "a link without its condition is not followed"
    );
    assert_eq!(warnings("body: //p\rnonsense\r")[0].0, 2);
    assert_eq!(warnings(&"body: //p\n".repeat(2_001))[0].0, 2_001);
}

#[test]
fn tests_are_kept_with_what_they_must_hold() {
    let rule = rule("test_url: https://dune.example/a\ntest_contains: Gao\ntest_contains: Mopti\ntest_url: https://dune.example/b");
    assert_eq!(rule.tests()[0].1, ["Gao", "Mopti"]);
    assert_eq!(rule.tests()[1], ("https://dune.example/b".to_owned(), Vec::new()));
}

#[test]
fn files_are_found_by_host_and_the_longest_counts() {
    let mut book = RuleSet::default();
    for (name, body) in [
        ("www.dune.example.txt", "//a"),
        (".dune.example.txt", "//b"),
        (".sport.dune.example.txt", "//c"),
        (".example.txt", "//d"),
        ("global.txt", "//e"),
        ("LICENSE", "//f"),
    ] {
        assert_eq!(book.add(name, &format!("body: {body}")), []);
    }
    assert_eq!(book.len(), 5);
    let bodies = |host: &str| {
        let rule = book.rule(&url(&format!("https://{host}/x"))).expect("a rule");
        rule.body
            .iter()
            .map(|directive| directive.text.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(bodies("dune.example"), "//a //e");
    assert_eq!(bodies("WWW.dune.example"), "//a //e");
    assert_eq!(bodies("fr.dune.example"), "//b //e");
    assert_eq!(bodies("x.sport.dune.example"), "//c //e");
    assert_eq!(bodies("sport.dune.example"), "//c //e");
    assert_eq!(bodies("other.example"), "//d //e");
    assert_eq!(bodies("other.org"), "//e");
    assert_eq!(book.add("dune.example.txt", "").len(), 1, "www. and none are one host");
    assert!(RuleSet::default().rule(&url("https://dune.example/")).is_none());
}

fn next(html: &str, from: &str, rule: Option<&SiteRule>) -> Option<String> {
    let from = url(from);
    let links = pagination_links(&PaginationQuery { html, url: &from, rule });
    links.next_page.or(links.single_page).map(String::from)
}

#[test]
fn without_a_rule_only_the_next_page_of_the_same_article_is_followed() {
    let link = |href: &str| format!("<link rel=\"next\" href=\"{href}\">");
    for (from, href, follows) in [
        ("https://dune.example/a/marche/", "2/", true),
        ("https://dune.example/a/marche", "/a/marche/2", true),
        ("https://dune.example/a/marche/2/", "/a/marche/3/", true),
        ("https://dune.example/a/marche/", "/a/marche/page/2/", true),
        ("https://dune.example/a/marche?x=1", "?x=1&page=2", true),
        ("https://dune.example/a/marche?page=2", "?page=3#top", true),
        ("https://dune.example/?p=12", "/?p=12&page=2", true),
        ("https://dune.example/a/marche/", "/a/marche/3/", false),
        ("https://dune.example/a/marche/2/", "/a/marche/", false),
        ("https://dune.example/a/marche/", "/a/autre/2/", false),
        ("https://dune.example/a/marche/", "https://autre.example/a/marche/2/", false),
        ("https://dune.example/a/marche/", "https://dune.example:8080/a/marche/2/", false),
        ("https://dune.example/", "/page/2/", false),
        ("https://dune.example/?p=12", "/?p=13", false),
        ("https://dune.example/2024/11", "/2024/12", false),
        ("https://dune.example/a/marche/", "javascript:void(0)", false),
    ] {
        let found = next(&link(href), from, None);
        assert_eq!(found.is_some(), follows, "{from} {href} {found:?}");
    }
    let numbered = "<p>x</p><div class=\"page-links\">Pages: <span>1</span> <a href='/a/marche/3/'>3</a><a href='/a/marche/2/'>2</a></div>";
    assert_eq!(
        next(numbered, "https://dune.example/a/marche/", None).as_deref(),
        Some("https://dune.example/a/marche/2/")
    );
}

#[test]
fn a_rule_says_where_the_article_goes_on_within_its_site() {
    let html = "<a class=suite href='/b/seite-zwei'>Suite</a><a class=print href='http://dune.example/print'>x</a><a class=out href='https://autre.example/'>y</a><p>ok</p>";
    let from = "https://dune.example/a";
    let follows = |text: &str| next(html, from, Some(&rule(text)));
    assert_eq!(
        follows("next_page_link: //a[@class='suite']").as_deref(),
        Some("https://dune.example/b/seite-zwei")
    );
    assert_eq!(
        follows("single_page_link: //a[@class='suite']/@href").as_deref(),
        Some("https://dune.example/b/seite-zwei")
    );
    assert_eq!(
        follows("single_page_link: concat(//a[1]/@href, '?full=1')").as_deref(),
        Some("https://dune.example/b/seite-zwei?full=1")
    );
    assert_eq!(follows("next_page_link: //a[@class='suite']\nif_page_contains: //h4"), None);
    assert!(follows("next_page_link: //a[@class='suite']\nif_page_contains: //p[.='ok']").is_some());
    assert_eq!(follows("next_page_link: //a[@class='print']"), None, "not from https to http");
    assert_eq!(follows("next_page_link: //a[@class='out']"), None, "not to another site");
    let automatic = "<link rel=\"next\" href=\"/a/x/2\">";
    let off = rule("autodetect_next_page: no");
    assert_eq!(next(automatic, "https://dune.example/a/x", Some(&off)), None);
}

#[test]
fn pages_are_joined_and_each_text_stands_once() {
    let rule = rule("body: //div[@class='t']\nprune: no");
    let html = |text: &str| format!("<title>T</title><div class=t><p>{text}</p></div>");
    let (one, two) = (html("Première partie."), html("Seconde partie."));
    let joined = on(&one, &rule, |first| {
        let (again, second) = (*first, Page { html: &two, ..*first });
        let empty = Page { html: "<p></p>", ..*first };
        extract_pages(first, &[again, empty, second, second])
    });
    assert_eq!(joined.expect("an article").text, "Première partie.\nSeconde partie.");
}

#[test]
fn a_costly_rule_is_cut_off_and_the_page_is_read_all_the_same() {
    let page = PAGE.replace("<div class=footer-box>", &("<i>x</i>".repeat(20_000) + "<div class=footer-box>"));
    let rule = rule("strip: //*[count(//*[count(//*) > 1]) > 1]\nbody: //div");
    let begun = std::time::Instant::now();
    let found = on(&page, &rule, extract).expect("an article");
    assert_eq!(found.problems, ["site-rule-too-costly"]);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

proptest! {
    #[test]
    fn no_rule_file_and_no_page_can_panic(text in "(?s).{0,300}", html in "(?s).{0,300}") {
        let (rule, _) = SiteRule::parse(&text);
        let _ = on(&html, &rule, extract);
    }

    #[test]
    fn no_expression_can_panic(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "//", "/", "*", "p", "div", "[", "]", "(", ")", "@class", "'x'", "1", "last()", "position()", "..", ".", "|", "=", " and ", "-",
                "count(//*)", "ancestor::", "following::", "contains(", ",", "text()", "not(", "substring(", "é", "name()", "concat(", "<", "translate(",
            ]),
            0..14,
        ),
        key in proptest::sample::select(vec!["body", "strip", "title", "strip_attr", "next_page_link", "native_ad_clue"]),
    ) {
        let (rule, _) = SiteRule::parse(&format!("{key}: {}", words.concat()));
        let _ = on(PAGE, &rule, extract);
        let from = url("https://dune.example/a");
        let _ = pagination_links(&PaginationQuery { html: PAGE, url: &from, rule: Some(&rule) });
    }
}
