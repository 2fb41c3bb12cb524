//! Detection of pages in place of an article, on invented pages.

use super::*;
use crate::extract::{Selectors, extract};
use crate::html::clean::text_to_html;
use crate::model::ArticleMethod;

const LINES: [&str; 3] = [
    "La coopérative des maraîchères du barrage a livré mercredi ses premières tomates séchées au marché central, trois mois après la panne du groupe électrogène.",
    "Les séchoirs, bâtis avec des tôles de récupération, tournent désormais au soleil seul et traitent deux cents kilos par jour, dit la présidente.",
    "La commune promet une piste praticable avant l’hivernage, pour que les camions n’attendent plus au pied de la digue.",
];

fn story() -> String {
    LINES.map(|line| format!("<p>{line}</p>")).concat()
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// Returns the code of the reason why a page has no article.
fn reason(html: &str, asked: &str, at: &str, headline: Option<&str>) -> Option<&'static str> {
    let (asked, at) = (url(asked), url(at));
    let selectors = Selectors::default();
    let page = Page {
        html,
        url: Some(&at),
        requested_url: Some(&asked),
        title_hint: headline,
        feed_body: None,
        selectors: &selectors,
        rule: None,
        images: true,
        now: None,
    };
    extract(&page).err().map(NoArticle::code)
}

const DEEP: &str = "https://journal.example/2026/03/tomates/";

fn of(html: &str) -> Option<&'static str> {
    reason(html, DEEP, DEEP, None)
}

fn page(title: &str, body: &str) -> String {
    format!("<html><head><title>{title}</title></head><body>{body}</body></html>")
}

#[test]
fn an_article_is_not_an_interstitial() {
    let headline = "<h1>Des tomates au soleil</h1>";
    assert_eq!(of(&page("Des tomates au soleil", &format!("{headline}{}", story()))), None);
    // The phrases of interstitials in a headline, a sidebar or a form do not count.
    for title in [
        "Page not found : le roman d’une bibliothécaire",
        "Pourquoi la page 404 fait rire",
        "Cookies : la commission tranche",
        "Une connexion pour Ansongo",
        "Just in time, les tomates",
    ] {
        let html = page(title, &format!("<h1>{title}</h1>{}{}{}", story(), story().to_uppercase(), story()));
        assert_eq!(of(&html), None, "{title}");
    }
    let form = "<form action=/wp-login.php><input name=log><input type=\"password\" name=pwd></form>";
    let html = format!(
        "<html><head><title>Brève</title><link rel=alternate type=\"application/rss+xml\" href=/feed/></head><body>{form}<article><p>{}</p></article></body></html>",
        LINES[0]
    );
    assert_eq!(of(&html), None);
    let bare = format!(
        "<html><head><title>Brève</title></head><body>{form}<article>{}</article></body></html>",
        story()
    );
    assert_eq!(of(&bare), None);
}

#[test]
fn bot_walls_and_notices_are_detected() {
    for html in [
        "<title>Just a moment...</title><script>window._cf_chl_opt={}</script><p>Enable JavaScript and cookies to continue</p>",
        "<title>Making sure you're not a bot!</title><script id=\"anubis_challenge\" type=\"application/json\">{}</script><h1>Making sure you're not a bot!</h1><p>You are seeing this because the administrator has set up a proof of work.</p>",
        "<title>You are being redirected...</title><script>sucuri_cloudproxy_js='';</script><noscript>Javascript is required.</noscript>",
        "<title>DDoS-Guard</title><p>Checking your browser before accessing journal.example</p>",
        "<title>One moment, please...</title><p>Please wait while your request is being verified... Imunify360</p>",
        "<title>Journal</title><p>Vérifiez que vous êtes humain en cochant la case.</p>",
    ] {
        assert_eq!(of(html), Some("anti-bot"), "{html}");
    }
    let outage = page("Journal", "<h1>Error establishing a database connection</h1>");
    assert_eq!(of(&outage), Some("database-error"));
    let closed = page(
        "Maintenance",
        "<p>Le site est en cours de maintenance. Revenez bientôt, nous préparons la suite.</p>",
    );
    assert_eq!(of(&closed), Some("maintenance"));
}

#[test]
fn logins_are_detected() {
    let form = "<form><input name=name><input type=\"password\" name=pass></form><p>Saisissez votre nom d’utilisateur et votre mot de passe pour voir cette page du journal.</p>";
    assert_eq!(of(&page("Connexion | Journal", form)), Some("login"));
    let elsewhere = reason(
        &page("Journal", form),
        DEEP,
        "https://journal.example/user/login?destination=/2026/03/tomates",
        None,
    );
    assert_eq!(elsewhere, Some("login"));
    let wordpress = page("Journal", &format!("<form name=loginform action=/wp-login.php>{form}</form>"));
    assert_eq!(of(&wordpress), Some("login"));
}

#[test]
fn soft_404s_are_detected() {
    let teasers = "<div>".to_owned() + &story() + "</div>";
    for title in [
        "Page non trouvée - Journal du Barrage",
        "Page introuvable | Journal",
        "404 Not Found",
        "Error 404 (Not Found)!!",
        "الصفحة غير موجودة - أخبار السد",
        "Página no encontrada – El Dique",
        "Página não encontrada | A Barragem",
        "Seite nicht gefunden – Der Damm",
        "Ba a samu shafin ba - Jaridar Dam",
        "Aucun résultat – Journal",
    ] {
        assert_eq!(of(&page(title, &teasers)), Some("soft-404"), "{title}");
    }
    for heading in [
        "Oops! That page can’t be found.",
        "La page que vous recherchez n’existe plus",
        "عذراً، الصفحة التي تبحث عنها غير موجودة",
        "Nothing Found",
    ] {
        let html = page("Journal", &format!("<h1>{heading}</h1><p>{}</p>", LINES[0]));
        assert_eq!(of(&html), Some("soft-404"), "{heading}");
    }
    let marked = format!("<html><body class=\"error404 wp-theme\"><main>{teasers}{teasers}</main></body></html>");
    assert_eq!(of(&marked), Some("soft-404"));
    let wanted = reason(&page("Page introuvable", &teasers), DEEP, DEEP, Some("Page introuvable"));
    assert_eq!(wanted, None, "the feed has an article of this title");
}

#[test]
fn front_pages_are_detected() {
    let front = page("Journal du Barrage", &format!("<h2>À la une</h2>{}", story()));
    for (asked, at, expected) in [
        (DEEP, "https://journal.example/", Some("home-page")),
        (DEEP, "https://www.journal.example/fr/?utm_source=x", Some("home-page")),
        (DEEP, "https://journal.example/ar/index.php", Some("home-page")),
        ("https://journal.example/?p=12", "https://journal.example/", Some("home-page")),
        (DEEP, DEEP, None),
        (DEEP, "https://journal.example/?p=12", None),
        (DEEP, "https://journal.example/#/article/12", None),
        (DEEP, "https://journal.example/spip.php?article12", None),
        ("https://journal.example/", "https://journal.example/fr/", None),
    ] {
        assert_eq!(reason(&front, asked, at, None), expected, "{asked} → {at}");
    }
    let head = "<meta property=og:type content=website><link rel=canonical href=https://journal.example/>";
    let silent = format!("<html><head><title>Journal</title>{head}</head><body>{}</body></html>", story());
    assert_eq!(of(&silent), Some("home-page"));
    // A date has precedence over a canonical address that is the front page's everywhere.
    let dated = silent.replace("<body>", "<body><time datetime=2026-03-01T08:00:00Z>1er mars</time>");
    assert_eq!(of(&dated), None);
    let titled = silent.replace("<title>Journal", "<title>Des tomates au soleil - Journal");
    assert_eq!(reason(&titled, DEEP, DEEP, Some("Des tomates au soleil")), None);
}

#[test]
fn consent_texts_are_detected() {
    let french = "<h1>Le respect de votre vie privée est notre priorité</h1><p>Nous et nos 312 partenaires utilisons des cookies et des traceurs sur votre appareil pour mesurer l’audience et adapter les publicités.</p><p>Vous pouvez donner ou retirer votre consentement à tout moment dans notre politique de confidentialité.</p>";
    let english = "<p>We and our partners store and access identifiers on your device, such as cookies, and process personal data for ads and measurement.</p><p>You may accept all or manage options; some vendors rely on legitimate interest, to which you can object in the privacy policy.</p>";
    for body in [french, english] {
        assert_eq!(of(&page("Journal", body)), Some("consent-page"), "{body}");
    }
    assert_eq!(
        of(&page("Journal", "<div><p>Accept cookies to continue.</p></div>")),
        Some("consent-page")
    );
    let german = "<p>Lesen Sie hier mit Werbung weiter, oder wählen Sie das Abo ohne Tracking, ganz wie Sie möchten, auf jeder Seite.</p>";
    let moved = reason(
        &page("Dammbote", german),
        DEEP,
        "https://journal.example/zustimmung/?redirect=%2F2026",
        None,
    );
    assert_eq!(moved, Some("consent-page"));
    let google = reason(
        &page("Avant de continuer", french),
        DEEP,
        "https://consent.google.com/ml?continue=x",
        None,
    );
    assert_eq!(google, Some("consent-page"));
    let boxed = format!("<div id=\"didomi-popup\"><div>{}</div></div>", story());
    assert_eq!(of(&page("Journal", &boxed)), Some("consent-page"));
    let head = page("Des tomates au soleil", french);
    assert_eq!(
        reason(&head, DEEP, DEEP, Some("Des tomates au soleil")),
        Some("consent-page"),
        "the head is that of the article"
    );
    let article = "<p>La commission a infligé mardi une amende de deux millions à un éditeur qui posait des cookies sans consentement.</p><p>Les traceurs suivaient les lecteurs d’un site à l’autre, et les données personnelles partaient à l’étranger, selon l’enquête.</p>";
    assert_eq!(of(&page("Cookies : une amende", article)), None);
}

#[test]
fn the_text_of_the_feed_replaces_an_interstitial() {
    let own = text_to_html(LINES[0]);
    let selectors = Selectors::default();
    let html = page("Page introuvable", &story());
    let at = url(DEEP);
    let article = extract(&Page {
        html: &html,
        url: Some(&at),
        requested_url: None,
        title_hint: Some("Des tomates au soleil"),
        feed_body: Some(&own),
        selectors: &selectors,
        rule: None,
        images: true,
        now: None,
    })
    .expect("the feed's");
    assert_eq!((article.method, article.text.as_str()), (ArticleMethod::Feed, LINES[0]));
    assert_eq!(article.problems, ["soft-404"]);
}
