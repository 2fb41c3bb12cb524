//! Interstitials: the text of a page that stands in place of an article is never published; the feed's own text is.

use crate::fake_web::Answer;
use crate::sample_feeds::{FERRY, WELLS, item, rss};
use crate::world::World;

const HOST: &str = "aube.example";
const DATE: &str = "Sun, 01 Mar 2026 09:00:00 GMT";
const SHORT: &str = "<p>Au Mali, le bac de Dioro reprend lundi.</p>";

/// Fetches one entry with the feed's own `body`, whose page gives `answer`; returns the published text, and the recorded problems.
fn published_and_recorded(body: &str, answer: Answer) -> (Option<String>, String) {
    let mut world = World::new();
    let items = [item("a/bac/", "Le bac de Dioro, au Mali", DATE, body)];
    world.source(HOST, "article = \"page\"", Answer::feed(rss(HOST, "L'Aube", &items)));
    world.web.answer(HOST, "/a/bac/", answer);
    let front = format!("<html><head><title>L'Aube</title></head><body><h2>Puits</h2>{WELLS}</body></html>");
    world.web.answer(HOST, "/", Answer::page(front));
    world.succeed(["-q", "fetch"]);
    let text = world
        .items("mali")
        .first()
        .and_then(|item| Some(item["content_html"].as_str()?.to_owned()));
    let store = rusqlite::Connection::open(world.path("griot.db")).expect("a database");
    let recorded = "SELECT coalesce(problems, '') FROM article UNION ALL SELECT reason FROM page_visit";
    let recorded: Vec<String> = store
        .prepare(recorded)
        .and_then(|mut rows| rows.query_map([], |row| row.get(0))?.collect())
        .expect("the recorded problems");
    (text, recorded.join(" "))
}

fn interstitials() -> [(Answer, &'static str); 5] {
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
fn the_feeds_text_is_kept_where_the_page_is_an_interstitial() {
    for (answer, code) in interstitials() {
        let (text, recorded) = published_and_recorded(SHORT, answer);
        let text = text.expect("an item");
        assert!(text.starts_with(SHORT) && text.matches("<p>").count() == 1, "{code}: {text}");
        assert!(recorded.contains(code), "{code}: {recorded}");
    }
}

#[test]
fn an_interstitial_without_a_text_of_the_feed_gives_no_article() {
    for (answer, code) in interstitials() {
        let (text, recorded) = published_and_recorded("", answer);
        assert!(!text.expect("an item").contains("<p>"), "{code}");
        assert!(recorded.contains(code), "{code}: {recorded}");
    }
}

#[test]
fn the_text_before_a_paywall_is_kept_and_the_paywall_recorded() {
    let offer = "<div class=paywall><p>La suite est réservée aux abonnés.</p></div>";
    let page = format!(
        "<html><head><title>Le bac de Dioro</title></head><body><article><h1>Le bac de Dioro</h1>{FERRY}{offer}</article></body></html>"
    );
    let (text, recorded) = published_and_recorded(SHORT, Answer::page(page));
    let text = text.expect("a body");
    assert!(text.contains("charpentiers") && !text.contains("abonnés"), "{text}");
    assert!(recorded.contains("paywall"), "{recorded}");
}
