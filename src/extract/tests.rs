use super::*;
use crate::config::{Place, Placed, Select};
use crate::html::clean::text_to_html;
use crate::html::complexity::limit_complexity;

fn tamed(markup: &str) -> String {
    limit_complexity(markup, 1_000_000).into_owned()
}

/// Returns the greatest depth html5ever's tree reaches, and its number of elements.
fn tree(markup: &str) -> (usize, usize) {
    let tree = scraper::Html::parse_document(markup);
    tree.root_element().descendent_elements().fold((0, 0), |(depth, count), element| {
        (depth.max(element.ancestors().count()), count + 1)
    })
}

#[test]
fn depth_is_bounded_whatever_the_nesting() {
    for (open, close) in [
        ("<div>", ""),
        ("<div>", "</div>"),
        ("<span><div></span>", ""),
        ("<b x=1><p>", ""),
        ("<table><tr><td>", ""),
        ("<ul><li>", ""),
        ("<a><div></a>", ""),
        ("<svg><title><div>", ""),
        ("<foo>", "</bar>"),
        ("<select><input><div>", ""),
    ] {
        let markup = open.repeat(3000) + "x" + &close.repeat(3000);
        let (depth, _) = tree(&tamed(&markup));
        assert!(depth <= 512, "{open}: {depth}");
    }
}

#[test]
fn formatting_elements_do_not_multiply() {
    let markup = (0..3000).fold(String::new(), |all, n| all + &format!("<p><b id={n}>x"));
    let (_, count) = tree(&tamed(&markup));
    assert!(count < 7000, "{count}");
    let markup = (0..3000).fold(String::new(), |all, n| all + &format!("<div><font id={n}>x</div>"));
    assert!(tree(&tamed(&markup)).1 < 7000);
}

#[test]
fn long_lists_without_end_tags_stay_flat() {
    let out = tamed(&"<li>x".repeat(1000));
    assert_eq!(tree(&out), (3, 1003));
    assert_eq!(tree(&tamed(&"<p>x".repeat(1000))), (3, 1003));
}

const LINES: [&str; 4] = [
    "Le fleuve a encore monté de douze centimètres dans la nuit, et les riverains du quartier bas ont passé la matinée à porter leurs affaires à l’école.",
    "La mairie a ouvert trois salles et promet des repas jusqu’à dimanche, selon l’adjoint chargé des secours, qui demande aussi des pirogues.",
    "« Nous avions prévenu en juillet », dit une habitante, qui montre la digue de sable que les voisins ont élevée eux-mêmes.",
    "La décrue n’est pas attendue avant dix jours, si les pluies cessent en amont du barrage.",
];

fn paragraphs() -> String {
    LINES.map(|line| format!("<p>{line}</p>")).concat()
}

pub(super) fn page<'a>(html: &'a str, selectors: &'a Selectors) -> Page<'a> {
    Page {
        html,
        url: None,
        requested_url: None,
        title_hint: None,
        feed_body: None,
        selectors,
        rule: None,
        images: true,
        now: None,
    }
}

fn select(body: &str, remove: &str) -> Selectors {
    let placed = |text: &str| Placed {
        text: text.to_owned(),
        place: Place::default(),
    };
    let select = Select {
        body: Some(body).filter(|text| !text.is_empty()).map(placed),
        remove: vec![placed(remove)],
        ..Select::default()
    };
    Selectors::compile(&select).expect("good selectors")
}

#[test]
fn a_selector_of_the_source_has_precedence() {
    let html = format!(
        "<article>{}</article><div id=own><p>Court.</p><p class=ad>Achetez.</p></div>",
        paragraphs()
    );
    let rules = select("#own", ".ad");
    let article = extract(&page(&html, &rules)).expect("an article");
    assert_eq!((article.method, article.text.as_str()), (ArticleMethod::Select, "Court."));
    let gone = select("#gone", ".ad");
    assert_eq!(extract(&page(&html, &gone)).expect("an article").method, ArticleMethod::Blocks);
}

#[test]
fn reservations_of_a_page_are_recorded() {
    for (head, expected) in [
        ("", &[][..]),
        ("<meta name=robots content='noindex, follow'>", &[]),
        ("<meta name=ROBOTS content='NoArchive,nosnippet'>", &["noarchive", "nosnippet"]),
        (
            "<meta name=griot content=noarchive><meta name=otherbot content=nosnippet>",
            &["noarchive"],
        ),
        ("<meta name=tdm-reservation content=1>", &["tdm-reservation"]),
        ("<meta name=robots content='noai, noimageai'>", &["noai", "noimageai"]),
        ("<link rel=license type=application/rsl+xml href=/rsl.xml>", &["rsl"]),
        ("<script type=application/rsl+xml><rsl></rsl></script>", &["rsl"]),
        ("<link rel=license href=https://creativecommons.org/licenses/by/4.0/>", &[]),
        ("<meta name=tdm-reservation content=0>", &[]),
    ] {
        let html = format!("<html><head>{head}</head><body><article>{}</article></body></html>", paragraphs());
        let article = extract(&page(&html, &Selectors::default())).expect("an article");
        assert_eq!(article.reservations, expected, "{head}");
    }
}

#[test]
fn elements_are_removed_without_a_selector_for_the_body() {
    let html = format!(
        "<article>{}<p class=ad>{}</p></article>",
        paragraphs(),
        LINES[0].replace("fleuve", "prix")
    );
    let rules = select("", ".ad");
    let article = extract(&page(&html, &rules)).expect("an article");
    assert_eq!(article.text.lines().count(), 4);
}

#[test]
fn json_ld_is_used_for_a_page_without_text() {
    let data = serde_json::json!({"@type": "NewsArticle", "headline": "La crue", "articleBody": LINES.join("\n\n")});
    let html = format!("<title>La crue</title><script type=\"application/ld+json\">{data}</script><div id=app></div>");
    let rules = Selectors::default();
    let article = extract(&page(&html, &rules)).expect("an article");
    assert_eq!(article.method, ArticleMethod::JsonLd);
    assert_eq!(article.text, LINES.join("\n"));
    assert_eq!(article.title.as_deref(), Some("La crue"));
}

#[test]
fn the_body_of_the_feed_is_kept_when_the_page_has_less_text() {
    let feed = text_to_html(&LINES.join("\n\n"));
    let rules = Selectors::default();
    let html = format!("<article><p>{}</p></article>", LINES[0]);
    let mut short = page(&html, &rules);
    short.feed_body = Some(&feed);
    let article = extract(&short).expect("an article");
    assert_eq!(article.method, ArticleMethod::Feed);
    assert_eq!(article.problems, ["shorter-than-feed"]);
    assert_eq!(article.text, LINES.join("\n"));
    let html = format!("<article>{}</article>", paragraphs());
    let mut whole = page(&html, &rules);
    whole.feed_body = Some(&feed);
    assert_eq!(extract(&whole).expect("an article").method, ArticleMethod::Blocks);
}

#[test]
fn a_page_without_an_article_gives_the_reason() {
    let rules = Selectors::default();
    let check = "<title>Just a moment...</title><body><p>Checking your browser before you go on.</p>";
    for (html, reason) in [
        ("  ", NoArticle::Empty),
        ("%PDF-1.7 <x", NoArticle::NotHtml),
        ("<?xml version='1.0'?><rss version='2.0'></rss>", NoArticle::NotHtml),
        ("plain words", NoArticle::NotHtml),
        (check, NoArticle::AntiBot),
        ("<html><body><img src=x></body></html>", NoArticle::NotFound),
    ] {
        assert_eq!(extract(&page(html, &rules)).expect_err(html), reason, "{html}");
    }
    let feed = text_to_html("Le fleuve monte.");
    let mut checked = page(check, &rules);
    checked.feed_body = Some(&feed);
    let article = extract(&checked).expect("the feed's");
    assert_eq!(
        (article.text.as_str(), article.problems),
        ("Le fleuve monte.", vec!["anti-bot".to_owned()])
    );
}

#[test]
fn an_interstitial_instead_of_a_further_page_is_recorded() {
    let rules = Selectors::default();
    let first = format!("<article>{}</article>", paragraphs());
    for (html, problems) in [
        ("<title>Page introuvable</title><p>Rien ici.</p>", &["pages-missing"][..]),
        ("<html><body></body></html>", &[]),
    ] {
        let article = extract_pages(&page(&first, &rules), &[page(html, &rules)]).expect("an article");
        assert_eq!(article.text, LINES.join("\n"));
        assert_eq!(article.problems, problems);
    }
}

#[test]
fn images_are_left_out_on_request() {
    let html = format!(
        "<meta property=og:image content=https://a.example/x.jpg><article>{}<p><img src=https://a.example/y.jpg></p></article>",
        paragraphs()
    );
    let rules = Selectors::default();
    let mut bare = page(&html, &rules);
    bare.images = false;
    let article = extract(&bare).expect("an article");
    assert!(article.image.is_none() && !article.body.as_str().contains("<img"));
}

#[test]
fn a_page_on_the_internet_has_no_address_of_a_local_network() {
    let html = format!(
        "<meta property=og:image content=http://192.168.1.1/x.jpg><article>{}<p>Voir <a href=http://intranet/>la note</a> du service, \
         <a href=/y>et la suite</a>.</p></article>",
        paragraphs()
    );
    let rules = Selectors::default();
    for (address, keeps) in [("https://a.example/1", false), ("http://10.0.0.7/1", true)] {
        let url = url::Url::parse(address).expect("a URL");
        let article = extract(&Page {
            url: Some(&url),
            ..page(&html, &rules)
        })
        .expect("an article");
        assert!(article.body.as_str().contains("la note</a>") && article.body.as_str().contains("/y\""));
        assert_eq!(article.body.as_str().contains("intranet"), keeps, "{address}");
        assert_eq!(article.image.is_some(), keeps, "{address}");
    }
}

#[test]
fn payloads_are_removed_from_a_page() {
    let payloads = [
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
        "<a href=javascript:alert(1)>x</a><a href=' jav&#x0a;ascript:alert(1)'>y</a>",
        "<iframe src=//x></iframe><iframe srcdoc='<script>alert(1)</script>' src=https://www.youtube.com/embed/a></iframe>",
        "<iframe src='https://www.youtube.com/embed/a' title='\"><script>alert(1)</script>' onload=alert(1)></iframe>",
        "<iframe src='https://www.youtube.com/embed/a\"onload=alert(1)//'></iframe>",
        "<amp-youtube data-videoid='a\" onload=alert(1) x=\"'></amp-youtube><amp-img src=x on='tap:alert' onerror=alert(1)></amp-img>",
        "<audio src=javascript:alert(1) onerror=alert(1)></audio><video><source src=data:text/html,x type='\"onerror=alert(1)'></video>",
        "<audio src='https://a.example/\"onerror=alert(1)<script>.mp3'></audio>",
        "<img data-src='x\" onerror=alert(1) \"' src=data:image/gif;base64,R0><img srcset='javascript:alert(1) 2x'>",
        "<img class=emoji alt='<script>alert(1)</script>' src=https://s.w.org/images/core/emoji/x.png>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<noscript><iframe src='javascript:alert(1)'></iframe><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<p dir='rtl\"onclick=alert(1)' lang='\"><script>alert(1)</script>'>x</p>",
        "<script>alert(1)</script><style>p{background:url(javascript:alert(1))}</style>",
    ];
    let rules = select("article", ".none");
    for payload in payloads {
        let html = format!("<article>{}{payload}{}</article>", paragraphs(), paragraphs());
        for rules in [&rules, &Selectors::default()] {
            let article = extract(&page(&html, rules)).expect("an article");
            assert!(article.text.contains("habitante") && article.text.contains("barrage"), "{payload}");
            let body = Html::parse_fragment(article.body.as_str());
            for element in body.root_element().descendent_elements() {
                let name = element.value().name();
                assert!(
                    !matches!(name, "script" | "style" | "iframe" | "svg" | "math" | "audio" | "video" | "source"),
                    "{payload}: {name}"
                );
                for (attribute, value) in element.value().attrs() {
                    assert!(!attribute.starts_with("on") && attribute != "style", "{payload}: {attribute}");
                    let is_address = matches!(attribute, "href" | "src");
                    assert!(!is_address || value.starts_with("http"), "{payload}: {value}");
                }
            }
        }
    }
}

#[test]
fn deeply_nested_pages_are_extracted() {
    let rules = Selectors::default();
    for open in ["<div>", "<b x=1><p>", "<table><tr><td>", "<a><i>", "<ul><li>"] {
        let html = format!("{}{}", open.repeat(20_000), paragraphs());
        // Whether an article is found does not matter here, only that extraction ends.
        let _ = extract(&page(&html, &rules));
    }
}

#[test]
fn the_text_is_found_on_a_page_without_class_names() {
    let paragraph =
        "Le fleuve a encore monté de douze centimètres pendant la nuit, et les riverains ont passé la matinée à renforcer la digue. ";
    let body: Vec<String> = (0..12)
        .map(|number| format!("<div class=x><p>{number}. {paragraph}</p></div>"))
        .collect();
    let body = body.concat();
    let comments = "<p>Un avis de quelqu'un qui passe par là, et rien de plus que cela ici.</p>".repeat(3);
    let html = format!(
        "<html><body><div><div>{comments}</div></div><div id=a><div>{body}</div></div><footer><p>{paragraph}</p></footer></body></html>"
    );
    let article = extract(&page(&html, &Selectors::default())).expect("an article");
    assert_eq!(article.text.matches("douze centimètres").count(), 12, "{}", article.text);
}

#[test]
fn a_repeated_caption_is_removed_from_a_rule_body() {
    let selectors = Selectors::default();
    let (rule, _) = SiteRule::parse("body: //main");
    let body = |markup: &str| {
        let html = format!("<main>{markup}</main>");
        let page = Page {
            rule: Some(&rule),
            ..page(&html, &selectors)
        };
        let article = extract(&page).expect("an article");
        assert_eq!(article.method, ArticleMethod::SiteRule);
        article.body.as_str().to_owned()
    };
    let text = "<p>Le fleuve a encore monté pendant la nuit, et les riverains ont passé la matinée à renforcer la digue du vieux port.</p>";
    let figure = "<figure><img src=/a.jpg><figcaption>Les riverains renforcent la digue du vieux port, mardi matin.</figcaption></figure>";
    let kept = body(&format!("{text}{figure}{text}{figure}{text}"));
    assert_eq!(kept.matches("mardi matin").count(), 1, "{kept}");
    assert_eq!(kept.matches("Le fleuve").count(), 1, "{kept}");
    let twice = body(&format!("{text}{figure}{text}"));
    assert_eq!(twice.matches("Le fleuve").count(), 2, "a refrain is no gallery: {twice}");
}

#[test]
fn problems_of_finding_the_body_are_recorded() {
    let html = format!("<h1>La crue</h1><main>{}</main>", paragraphs());
    let problems = |html: &str, selectors: &Selectors| extract(&page(html, selectors)).expect("an article").problems;
    assert!(problems(&html, &Selectors::default()).is_empty());
    assert_eq!(problems(&html, &select(".texte", ".pub")), ["select-no-match"]);
    let with_json_ld = |body: &str| {
        let data = serde_json::json!({"@type": "NewsArticle", "headline": "La crue", "articleBody": body});
        format!("<script type=application/ld+json>{data}</script>{html}")
    };
    assert!(problems(&with_json_ld(&LINES.join(" ")), &Selectors::default()).is_empty());
    assert!(
        problems(&with_json_ld("Le fleuve monte, dit la mairie."), &Selectors::default()).is_empty(),
        "a summary"
    );
    let other = "Le pont du village voisin a rouvert ce matin après deux ans de travaux, et les camions passent de nouveau. ".repeat(5);
    assert_eq!(problems(&with_json_ld(&other), &Selectors::default()), ["json-ld-differs"]);
}

#[test]
fn the_text_of_a_page_that_is_rendered_by_a_script_is_found() {
    let data = serde_json::json!({"article": {"contentHtml": paragraphs().repeat(2)}});
    let html =
        format!("<html><head><title>La crue</title></head><body><div id=root></div><script>window.data = {data}</script></body></html>");
    let article = extract(&page(&html, &Selectors::default())).expect("an article");
    assert_eq!(article.method, ArticleMethod::Script);
    assert!(article.text.starts_with(LINES[0]));
    let full = html.replace("<div id=root></div>", &format!("<main>{}</main>", paragraphs()));
    assert_eq!(
        extract(&page(&full, &Selectors::default())).expect("an article").method,
        ArticleMethod::Blocks
    );
}

#[test]
fn the_agency_is_told_by_lines_that_are_left_out_of_the_body() {
    let selectors = Selectors::default();
    let body = format!("<p>{}</p>", LINES.join("</p><p>"));
    let agency = |before: &str, after: &str| {
        let html = format!("<title>La crue</title><article><h1>La crue</h1>{before}{body}{after}</article>");
        let article = extract(&page(&html, &selectors)).expect("an article");
        assert!(!article.text.contains("AFP"), "{}", article.text);
        article.agency.map(crate::model::Agency::as_str)
    };
    assert_eq!(agency("", "<p>(avec AFP)</p>"), Some("AFP"));
    assert_eq!(agency("<p>Par AFP</p>", ""), Some("AFP"));
    let picture = "<figure><img src=i.jpg><figcaption>© AFP</figcaption></figure>";
    assert_eq!((agency(picture, ""), agency("", picture)), (None, None));
    assert_eq!(agency("", ""), None);
}

#[test]
fn a_body_that_shares_nothing_with_the_article_gives_way() {
    let other =
        "<p>La fédération a reporté la finale du tournoi des lycées, que la pluie empêche de jouer sur la pelouse du stade municipal.</p>"
            .repeat(6);
    let feed = "<p>Le dispensaire de Sarou rouvre avec une salle d’accouchement et deux sages-femmes, annonce la mairie lundi.</p>";
    let feed = clean(&RawMarkup(feed.to_owned()), &CleanPolicy::default());
    let html = format!("<title>Dispensaire</title><main><article>{other}</article></main>");
    let selectors = Selectors::default();
    let with_feed = Page {
        title_hint: Some("Le dispensaire de Sarou rouvre"),
        feed_body: Some(&feed),
        ..page(&html, &selectors)
    };
    let article = extract(&with_feed).expect("an article");
    assert!(article.text.contains("sages-femmes"), "{}", article.text);
    assert_eq!(
        (article.method, article.problems),
        (ArticleMethod::Feed, vec!["differs-from-feed".to_owned()])
    );
    let own = "<div><p>Le dispensaire de Sarou a rouvert lundi avec une salle d’accouchement ; deux sages-femmes y travaillent, dit la mairie.</p></div>";
    let html = format!("<title>Dispensaire</title><main><article>{other}</article></main><section>{own}</section>");
    let with_part = Page { html: &html, ..with_feed };
    let article = extract(&with_part).expect("an article");
    assert_eq!(article.method, ArticleMethod::Blocks);
    assert!(
        article.text.starts_with("Le dispensaire") && !article.text.contains("finale"),
        "{}",
        article.text
    );
}
