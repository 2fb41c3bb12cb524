//! Pages that stand where an article should be: their text never becomes a body; what the feed gave does.

use crate::news::{FERRY, WELLS, item, rss};
use crate::web::Answer;
use crate::world::World;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const SHORT: &str = "<p>Au Mali, le bac de Dioro reprend lundi.</p>";

/// Fetches one entry with the feed's own `body`, whose page gives `answer`; returns what is published, and what was noted.
fn of(body: &str, answer: Answer) -> (Option<String>, String) {
    let mut world = World::new();
    let items = [item("a/bac/", "Le bac de Dioro, au Mali", DATE, body)];
    world.source(HOST, "article = \"page\"", Answer::feed(rss(HOST, "L'Aube", &items)));
    world.web.answer(HOST, "/a/bac/", answer);
    let front = format!("<html><head><title>L'Aube</title></head><body><h2>Puits</h2>{WELLS}</body></html>");
    world.web.answer(HOST, "/", Answer::page(front));
    world.good(["-q", "fetch"]);
    let told = world
        .items("mali")
        .first()
        .and_then(|item| Some(item["content_html"].as_str()?.to_owned()));
    let store = rusqlite::Connection::open(world.path("griot.db")).expect("a database");
    let noted = "SELECT coalesce(problems, '') FROM article UNION ALL SELECT reason FROM page_visit";
    let noted: Vec<String> = store
        .prepare(noted)
        .and_then(|mut rows| rows.query_map([], |row| row.get(0))?.collect())
        .expect("what was noted");
    (told, noted.join(" "))
}

fn walls() -> [(Answer, &'static str); 5] {
    let page = |title: &str, body: &str| Answer::page(format!("<html><head><title>{title}</title></head><body>{body}</body></html>"));
    [
        (page("Page non trouvée - L'Aube", &format!("<h1>Oups !</h1>{WELLS}")), "soft-404"),
        (Answer::redirect(302, "/"), "home-page"),
        (
            page(
                "L'Aube",
                "<p>Vérifiez que vous êtes humain en cochant la case ci-dessous, puis attendez un instant.</p>",
            ),
            "anti-bot",
        ),
        (
            page(
                "L'Aube",
                "<div id=didomi-host><p>Nos partenaires et nous utilisons des cookies pour mesurer l'audience, avec votre consentement.</p></div>",
            ),
            "consent-page",
        ),
        (
            page(
                "Connexion - L'Aube",
                "<form><input type=\"password\"></form><p>Entrez votre nom et votre mot de passe pour lire la suite de cette page.</p>",
            ),
            "login",
        ),
    ]
}

#[test]
fn the_feeds_text_stays_where_the_page_is_a_wall() {
    for (answer, code) in walls() {
        let (told, noted) = of(SHORT, answer);
        let told = told.expect("an item");
        assert!(told.starts_with(SHORT) && told.matches("<p>").count() == 1, "{code}: {told}");
        assert!(noted.contains(code), "{code}: {noted}");
    }
}

#[test]
fn without_a_text_of_the_feed_there_is_no_article() {
    for (answer, code) in walls() {
        let (told, noted) = of("", answer);
        assert!(!told.expect("an item").contains("<p>"), "{code}");
        assert!(noted.contains(code), "{code}: {noted}");
    }
}

#[test]
fn the_beginning_before_a_paywall_is_kept_and_named() {
    let offer = "<div class=paywall><p>La suite est réservée aux abonnés.</p></div>";
    let page = format!(
        "<html><head><title>Le bac de Dioro</title></head><body><article><h1>Le bac de Dioro</h1>{FERRY}{offer}</article></body></html>"
    );
    let (told, noted) = of(SHORT, Answer::page(page));
    let told = told.expect("a body");
    assert!(told.contains("charpentiers") && !told.contains("abonnés"), "{told}");
    assert!(noted.contains("paywall"), "{noted}");
}
