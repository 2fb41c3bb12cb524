//! Site rules in the folder `rules/`, and articles of several pages.

use crate::fake_web::Answer;
use crate::sample_feeds::{FAIR, FERRY, WELLS, item, rss};
use crate::world::World;
use std::fs;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";

/// Gives the feed an entry whose page is `/a/bac/`.
fn set_feed(world: &mut World) {
    let items = [item("a/bac/", "Le bac de Dioro", DATE, "<p>En bref, au Mali.</p>")];
    world.source(HOST, "article = \"page\"", Answer::feed(rss(HOST, "L'Aube", &items)));
}

fn page(world: &World, path: &str, head: &str, body: &str) {
    let html = format!(
        "<html><head><title>Le bac de Dioro</title>{head}</head><body><div class=top>Accueil</div><article><h1>Le bac de Dioro</h1>\
         <div class=texte>{body}</div></article></body></html>"
    );
    world.web.answer(HOST, path, Answer::page(html));
}

fn rule(world: &World, name: &str, text: &str) {
    fs::create_dir_all(world.path("rules")).expect("a folder");
    fs::write(world.path("rules").join(name), text).expect("a file");
}

fn count(world: &World, path: &str) -> usize {
    world.requests(HOST).iter().filter(|request| request.path == path).count()
}

/// Runs, and returns the published body of the topic's one item.
fn body(world: &World) -> String {
    world.succeed(["-q", "fetch"]);
    let items = world.items("mali");
    assert_eq!(items.len(), 1);
    items[0]["content_html"].as_str().expect("a body").to_owned()
}

/// Returns the extraction method of the one article, and its problems.
fn article(world: &World) -> (String, String) {
    let store = rusqlite::Connection::open(world.path("griot.db")).expect("a database");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?.unwrap_or_default()));
    store
        .query_row("SELECT method, problems FROM article", [], row)
        .expect("an article")
}

#[test]
fn an_article_of_several_pages_is_joined_without_a_rule() {
    let mut world = World::new();
    set_feed(&mut world);
    page(&world, "/a/bac/", "<link rel=\"next\" href=\"/a/bac/2/\">", FERRY);
    page(&world, "/a/bac/2/", "<link rel=\"next\" href=\"/a/bac/3/\">", WELLS);
    // The last page links back and to another article; neither is requested.
    page(
        &world,
        "/a/bac/3/",
        "<link rel=\"next\" href=\"/a/bac/2/\"><link rel=\"next\" href=\"/a/puits/4/\">",
        FAIR,
    );
    let body = body(&world);
    let at = |words: &str| body.find(words).unwrap_or_else(|| panic!("{words} is missing: {body}"));
    assert!(at("Dioro") < at("Quarante puits") && at("Quarante puits") < at(last_words(FAIR)));
    for path in ["/a/bac/", "/a/bac/2/", "/a/bac/3/"] {
        assert_eq!(count(&world, path), 1, "{path}");
    }
    assert_eq!(count(&world, "/a/puits/4/"), 0);
}

/// Returns words that only the end of a text has.
fn last_words(text: &str) -> &str {
    let text = text.trim_end_matches("</p>");
    let from = text.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    &text[from..]
}

#[test]
fn the_rules_of_a_folder_are_followed_and_recorded() {
    let mut world = World::new();
    set_feed(&mut world);
    rule(
        &world,
        ".example.txt",
        "body: //div[@class='texte']\r\nstrip: //p[contains(., 'deux cents francs')]\r\nnext_page_link: //a[@class='suite']\r\n",
    );
    page(&world, "/a/bac/", "", &format!("{FERRY}<a class=suite href='/suite-2'>Suite</a>"));
    page(&world, "/suite-2", "", &format!("{WELLS}<a class=suite href='/suite-3'>Suite</a>"));
    world.web.answer(HOST, "/suite-3", Answer::status(404));
    let body = body(&world);
    assert!(
        body.contains("Dioro") && body.contains("Quarante puits") && !body.contains("deux cents francs"),
        "{body}"
    );
    let (method, problems) = article(&world);
    assert!(method == "site-rule" && problems.contains("pages-missing"), "{method} {problems}");
}

#[test]
fn the_single_page_replaces_the_first_page() {
    let mut world = World::new();
    set_feed(&mut world);
    rule(
        &world,
        "aube.example.txt",
        "single_page_link: //a[@class='tout']\nnext_page_link: //a[@class='suite']",
    );
    let links = "<a class=tout href='?tout=1'>Tout</a><a class=suite href='/a/bac/2/'>Suite</a>";
    page(&world, "/a/bac/", "", &format!("<p>Début.</p>{links}"));
    page(
        &world,
        "/a/bac/?tout=1",
        "",
        &format!("{FERRY}{WELLS}<a class=tout href='?tout=1'>Tout</a>"),
    );
    let body = body(&world);
    assert!(
        body.contains("Dioro") && body.contains("Quarante puits") && !body.contains("Début"),
        "{body}"
    );
    assert_eq!((count(&world, "/a/bac/?tout=1"), count(&world, "/a/bac/2/")), (1, 0));
}

#[test]
fn robots_txt_holds_for_further_pages_and_ten_pages_are_joined_at_most() {
    let mut world = World::new();
    set_feed(&mut world);
    world.web.answer(
        HOST,
        "/robots.txt",
        Answer::new(200, "text/plain", "User-agent: *\nDisallow: /prive\n"),
    );
    rule(&world, "aube.example.txt", "next_page_link: //a[@class='suite']");
    page(&world, "/a/bac/", "", &format!("{FERRY}<a class=suite href='/prive/2'>Suite</a>"));
    page(&world, "/prive/2", "", WELLS);
    assert!(body(&world).contains("Dioro"));
    assert_eq!(count(&world, "/prive/2"), 0);

    let mut world = World::new();
    set_feed(&mut world);
    for number in 1..20 {
        let path = if number == 1 {
            "/a/bac/".to_owned()
        } else {
            format!("/a/bac/{number}/")
        };
        let next = format!("<link rel=\"next\" href=\"/a/bac/{}/\">", number + 1);
        page(
            &world,
            &path,
            &next,
            &format!("{FERRY}<p>Voici la partie numéro {number} de ce long récit sur le fleuve.</p>"),
        );
    }
    let body = body(&world);
    assert!(body.contains("numéro 10 ") && !body.contains("numéro 11 "), "{body}");
    assert_eq!((count(&world, "/a/bac/10/"), count(&world, "/a/bac/11/")), (1, 0));
    assert!(article(&world).1.contains("pages-cut"));
}

#[test]
fn check_names_directives_that_are_not_followed_and_exits_with_0() {
    let mut world = World::new();
    set_feed(&mut world);
    rule(&world, "aube.example.txt", "title: //h1\nhttp_header(cookie): a=b\nbody: //div[\n");
    rule(&world, "README.md", "no rule");
    let ran = world.succeed(["check"]);
    assert!(
        ran.err.contains("rules/aube.example.txt:2: `http_header` is not followed"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("rules/aube.example.txt:3: `body` is not followed"), "{}", ran.err);
    assert!(ran.out.contains("1 site rules (2 lines of them are not followed)"), "{}", ran.out);
}

#[test]
fn extract_follows_the_rule_it_is_given() {
    let world = World::new();
    let html = format!("<title>Le bac</title><div class=a>{FERRY}</div><div class=b>{WELLS}</div>");
    fs::write(world.path("page.html"), html).expect("a file");
    fs::write(
        world.path("rule.txt"),
        "tidy: no\nbody: //main\nbody: //div[@class='b']\nwrap_in(h2): //p\n",
    )
    .expect("a file");
    let ran = world.succeed(["extract", "--rule", "rule.txt", "page.html"]);
    assert!(
        ran.out.contains("site-rule") && ran.out.contains("Quarante puits") && !ran.out.contains("Dioro"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("line 3: body matched 1"), "{}", ran.out);
    assert!(ran.err.contains("rule.txt:4: `wrap_in`"), "{}", ran.err);
    let missing = world.griot(["extract", "--rule", "none.txt", "page.html"]);
    assert!(missing.code != Some(0) && missing.err.contains("none.txt"), "{}", missing.err);
}
