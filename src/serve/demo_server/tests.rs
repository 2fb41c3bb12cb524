use super::answer::{OutletSites, PRIVATE_ADDRESS};
use super::content::{Outlet, Shape};
use super::*;
use quick_xml::events::Event;
use std::collections::BTreeSet;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PORT: u16 = 8099;

fn now() -> Timestamp {
    Timestamp::from_unix(1_767_225_600)
}

fn sites() -> OutletSites {
    OutletSites::new(now(), PORT).expect("what is bundled can be read")
}

fn outlets_with_feeds(sites: &OutletSites) -> impl Iterator<Item = &Outlet> {
    sites.outlets.iter().filter(|outlet| !outlet.articles.is_empty())
}

fn get(sites: &OutletSites, outlet: &Outlet, target: &str) -> Answer {
    sites.answer(&format!("{}.localhost:{PORT}", outlet.host), target, None)
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, value)| value)
}

/// Returns the number of `item` and `entry` elements, or why the text is no XML.
fn count_items(text: &str) -> Result<usize, String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut depth, mut items) = (0, 0);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => {
                depth += 1;
                items += usize::from(matches!(tag.name().as_ref(), "item" | "entry"));
            }
            Event::End(_) => depth -= 1,
            Event::Eof if depth == 0 => return Ok(items),
            Event::Eof => return Err(format!("{depth} elements are open at the end")),
            _ => {}
        }
    }
}

#[test]
fn the_demo_has_the_documented_size() {
    let sites = sites();
    assert!(outlets_with_feeds(&sites).count() >= 10);
    let articles: Vec<_> = outlets_with_feeds(&sites)
        .flat_map(|outlet| outlet.articles.iter().map(move |article| (outlet, article)))
        .collect();
    assert!(articles.len() >= 60, "{} articles", articles.len());
    for lang in ["fr", "en", "ar"] {
        let of_lang = |(outlet, article): &&(&Outlet, &content::Article)| article.lang.as_ref().unwrap_or(&outlet.lang) == lang;
        assert!(articles.iter().filter(of_lang).count() >= 10, "{lang}");
    }
    let bodies: BTreeSet<_> = articles.iter().map(|(_, article)| &article.body).collect();
    assert_eq!(bodies.len(), articles.len(), "even a copy is edited");
}

#[test]
fn slugs_and_guids_are_unique_and_hold_no_port() {
    let sites = sites();
    let (mut slugs, mut guids, mut pages) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for outlet in outlets_with_feeds(&sites) {
        for article in &outlet.articles {
            assert!(slugs.insert(article.slug.clone()), "slug {}", article.slug);
            assert!(guids.insert(outlet.guid(article)), "guid of {}", article.slug);
            assert!(pages.insert(outlet.home(PORT) + &outlet.path(article)), "page of {}", article.slug);
            assert!(!outlet.guid(article).contains("localhost"));
        }
    }
}

#[test]
fn the_newest_article_is_twenty_minutes_old() {
    let sites = sites();
    let dates: Vec<_> = outlets_with_feeds(&sites)
        .flat_map(|outlet| outlet.articles.iter().map(|article| sites.context().published(article)))
        .collect();
    let newest = dates.iter().copied().max().expect("there are articles");
    assert_eq!(now().since(newest), Duration::from_mins(20));
    let oldest = dates.into_iter().min().expect("there are articles");
    assert!(
        now().since(oldest) < Duration::from_hours(7 * 24),
        "pages of older entries are not fetched"
    );
}

#[test]
fn four_outlets_report_the_visit_in_two_languages() {
    let sites = sites();
    let of_visit = |outlet: &&Outlet| outlet.articles.iter().any(|article| article.body.contains("Yevkurov"));
    let tellers: Vec<_> = outlets_with_feeds(&sites)
        .filter(of_visit)
        .map(|outlet| outlet.lang.as_str())
        .collect();
    assert_eq!(tellers.len(), 4);
    for lang in ["fr", "en"] {
        assert_eq!(tellers.iter().filter(|of| **of == lang).count(), 2, "{lang}");
    }
}

#[test]
fn every_feed_but_the_truncated_one_is_well_formed() {
    let sites = sites();
    for outlet in outlets_with_feeds(&sites).filter(|outlet| outlet.shape != Shape::Json) {
        let body = sites.context().feed(outlet);
        let text: String = if outlet.latin1 {
            body.into_iter().map(char::from).collect()
        } else {
            String::from_utf8(body).expect("UTF-8")
        };
        let items = count_items(&text);
        if outlet.cut {
            assert!(items.is_err(), "{}", outlet.host);
            assert_eq!(text.matches("</item>").count(), outlet.articles.len() - 1);
            assert!(text.len() > text.rfind("<item>").expect("it began another") + 100);
        } else {
            assert_eq!(items, Ok(outlet.articles.len()), "{}", outlet.host);
        }
    }
}

#[test]
fn the_json_feed_is_valid() {
    let sites = sites();
    let outlet = outlets_with_feeds(&sites)
        .find(|outlet| outlet.shape == Shape::Json)
        .expect("one outlet has JSON Feed");
    let feed: serde_json::Value = serde_json::from_slice(&sites.context().feed(outlet)).expect("JSON");
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["items"].as_array().map(Vec::len), Some(outlet.articles.len()));
    assert_eq!(feed["items"][0]["date_published"], "2025-12-31T23:40:00Z");
}

#[test]
fn every_name_in_a_template_has_a_value() {
    let sites = sites();
    for outlet in outlets_with_feeds(&sites) {
        let feed = String::from_utf8_lossy(&sites.context().feed(outlet)).into_owned();
        assert!(!feed.contains("{{"), "feed of {}", outlet.host);
        for target in outlet.articles.iter().map(|article| outlet.path(article)).chain(["/".to_owned()]) {
            let page = get(&sites, outlet, &target);
            assert_eq!(page.status, 200, "{} {target}", outlet.host);
            assert!(!String::from_utf8_lossy(&page.body).contains("{{"), "{} {target}", outlet.host);
        }
    }
}

#[test]
fn templates_have_the_marks_of_their_systems() {
    let sites = sites();
    let feed = |host: &str| {
        let outlet = outlets_with_feeds(&sites).find(|outlet| outlet.host == host).expect("the outlet");
        String::from_utf8_lossy(&sites.context().feed(outlet)).into_owned()
    };
    let spip = feed("karite");
    assert!(spip.contains("<dc:date>2025-12-31T") && !spip.contains("pubDate"));
    assert!(feed("harmattan").contains(", 31 Décembre, 2025 - "));
    let excerpts = feed("dunes");
    assert!(excerpts.contains("[&#8230;]") && excerpts.contains("est apparu en premier sur") && !excerpts.contains("content:encoded"));
    assert!(feed("lefleuve").contains("<content:encoded>"));
    assert!(feed("savanna").contains("appeared first on"));
    assert!(feed("kiosque").contains("<rdf:RDF"));
    assert!(feed("akhbar").contains("Joomla!"));
}

#[test]
fn divi_pages_have_their_meta_line() {
    let sites = sites();
    let outlet = outlets_with_feeds(&sites)
        .find(|outlet| outlet.shape == Shape::Divi)
        .expect("one outlet has Divi");
    let page = String::from_utf8(get(&sites, outlet, "/moscow-delegation-niamey-tiani/").body).expect("UTF-8");
    assert!(page.contains("<span class=\"published\">Dec 31, 2025</span> | "));
    assert!(page.contains(">News</a>, <a") && page.contains("0 comments"));
}

#[test]
fn the_mislabelled_feed_is_windows_1252() {
    let sites = sites();
    let outlet = outlets_with_feeds(&sites).find(|outlet| outlet.latin1).expect("one outlet");
    let body = sites.context().feed(outlet);
    assert!(body.starts_with(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    assert!(std::str::from_utf8(&body).is_err());
    let text: String = body.into_iter().map(char::from).collect();
    for article in &outlet.articles {
        assert!(text.contains(&fill::escape(&article.html())), "{}", article.slug);
    }
}

#[test]
fn french_typography_has_no_break_spaces() {
    let sites = sites();
    let outlet = outlets_with_feeds(&sites)
        .find(|outlet| outlet.host == "lefleuve")
        .expect("the outlet");
    let visit = outlet.articles.iter().find(|article| article.id == 1012).expect("the article");
    assert!(visit.title.starts_with("Niger\u{a0}: une"));
    assert!(visit.body.contains("«\u{a0}Chacun") && visit.body.contains("d\u{2019}un seul\u{a0}»"));
}

#[test]
fn bot_wall_redirect_and_unknown_hosts() {
    let sites = sites();
    let wall = sites.answer("sentinelle.localhost", "/feed/", None);
    assert_eq!(wall.status, 403);
    assert_eq!(
        (header(&wall, "server"), header(&wall, "cf-mitigated")),
        ("cloudflare", "challenge")
    );
    assert!(String::from_utf8_lossy(&wall.body).contains("Just a moment..."));
    let detour = sites.answer("detour.localhost:1", "/feed/", None);
    assert_eq!((detour.status, header(&detour, "location")), (302, PRIVATE_ADDRESS));
    for (host, target) in [
        ("lefleuve.localhost", "/no-such/"),
        ("nobody.localhost", "/feed/"),
        ("lefleuve.example", "/feed/"),
        ("", "/"),
    ] {
        assert_eq!(sites.answer(host, target, None).status, 404, "{host}{target}");
    }
}

#[test]
fn conditional_requests_get_304() {
    let sites = sites();
    let fresh = sites.answer("courier.localhost", "/feed.atom", None);
    assert_eq!(fresh.status, 200);
    let etag = header(&fresh, "etag");
    for validator in [etag.to_owned(), format!("\"other\", W/{etag}")] {
        let known = sites.answer("courier.localhost", "/feed.atom", Some(&validator));
        assert_eq!((known.status, known.body.len(), header(&known, "etag")), (304, 0, etag));
    }
    assert_eq!(sites.answer("courier.localhost", "/feed.atom", Some("\"other\"")), fresh);
}

/// Sends `request` on a new connection and returns the whole response.
async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it takes the request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers and hangs up");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn it_serves_http_on_loopback_and_stops() {
    let demo_server = DemoServer::open(now()).await.expect("a free port");
    let address = demo_server.address();
    assert!(address.ip().is_loopback());
    let ask = |method: &str, host: &str, path: &str, more: &str| {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}:{}\r\nConnection: close\r\n{more}\r\n",
            address.port()
        );
        async move { exchange(address, &request).await }
    };
    let feed = ask("GET", "lefleuve.localhost", "/feed/", "").await;
    assert!(feed.starts_with("HTTP/1.1 200 OK\r\n") && feed.contains("</rss>"));
    let etag = feed.lines().find_map(|line| line.strip_prefix("etag: ")).expect("an ETag");
    let again = ask("GET", "lefleuve.localhost", "/feed/", &format!("If-None-Match: {etag}\r\n")).await;
    assert!(again.starts_with("HTTP/1.1 304"));
    assert!(ask("GET", "sentinelle.localhost", "/", "").await.starts_with("HTTP/1.1 403"));
    assert!(
        ask("GET", "detour.localhost", "/feed/", "")
            .await
            .contains("location: http://10.0.0.1/feed\r\n")
    );
    assert!(ask("POST", "lefleuve.localhost", "/feed/", "").await.starts_with("HTTP/1.1 405"));
    demo_server.close().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn its_configuration_holds_every_outlet_and_a_dead_host() {
    let demo_server = DemoServer::open(now()).await.expect("a free port");
    let text = demo_server.feeds_toml();
    assert!(!text.contains("port}"));
    let config: toml::Table = text.parse().expect("TOML");
    let sources = config["source"].as_array().expect("sources");
    let urls: BTreeSet<_> = sources.iter().filter_map(|source| source["url"].as_str()).collect();
    let sites = OutletSites::new(now(), demo_server.address().port()).expect("what is bundled can be read");
    for outlet in &sites.outlets {
        assert!(
            urls.contains((outlet.home(demo_server.address().port()) + &outlet.feed).as_str()),
            "{}",
            outlet.host
        );
    }
    assert_eq!(urls.len(), sites.outlets.len() + 1);
    let dead = format!("http://gaomatin.localhost:{}/feed/", demo_server.dead_port);
    assert!(urls.contains(dead.as_str()) && demo_server.dead_port != demo_server.address().port());
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, demo_server.dead_port)).await.is_err());
    demo_server.close().await;
}

#[test]
fn the_article_of_each_page_is_extracted_exactly() {
    use crate::extract::{Page, Selectors, extract};
    use crate::html::clean::{CleanPolicy, clean, html_to_lines};
    let sites = sites();
    let selectors = Selectors::default();
    let mut wrong = Vec::new();
    for outlet in outlets_with_feeds(&sites) {
        for article in &outlet.articles {
            let markup = crate::model::RawMarkup(article.html());
            // Some bodies hold links to other articles and lists of tags, as real ones do.
            let is_own = |line: &&str| !["Lire aussi", "Mots-clés", "Tags:"].iter().any(|start| line.starts_with(start));
            let expected: Vec<String> = html_to_lines(&clean(&markup, &CleanPolicy::default()))
                .lines()
                .filter(is_own)
                .map(str::to_owned)
                .collect();
            let answer = get(&sites, outlet, &outlet.path(article));
            let html = String::from_utf8(answer.body).expect("UTF-8");
            let page = Page {
                html: &html,
                url: None,
                requested_url: None,
                title_hint: Some(&article.title),
                feed_body: None,
                selectors: &selectors,
                rule: None,
                images: true,
                now: None,
            };
            let found = extract(&page).map(|article| article.text).unwrap_or_default();
            let found: Vec<String> = found.lines().map(str::to_owned).collect();
            if found != expected {
                wrong.push((&outlet.host, &article.slug, found, expected));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
