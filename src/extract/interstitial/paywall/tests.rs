//! Detection of paywalls, on an invented article.

use crate::extract::{Page, Selectors, extract};

const FIRST: &str = "Le fonds des pêcheurs du lac, créé après la grande sécheresse, n’a plus versé d’aide depuis onze mois, selon les comptes que nous avons lus avec un expert.";
const SECOND: &str = "Trois de ses cinq administrateurs disent n’avoir jamais vu le bilan, et la trésorière a quitté la ville en juin sans rendre les clés du bureau.";

fn problems(head: &str, body: &str) -> Vec<String> {
    let html = format!("<html><head><title>Le fonds du lac</title>{head}</head><body><h1>Le fonds du lac</h1>{body}</body></html>");
    let selectors = Selectors::default();
    let page = Page {
        html: &html,
        url: None,
        requested_url: None,
        title_hint: None,
        feed_body: None,
        selectors: &selectors,
        rule: None,
        images: true,
        now: None,
    };
    let article = extract(&page).expect("the beginning");
    assert!(article.text.starts_with("Le fonds"), "the beginning is kept: {}", article.text);
    article.problems
}

fn story(end: &str) -> String {
    format!("<article><p>{FIRST}</p><p>{SECOND}</p>{end}</article>")
}

#[test]
fn metadata_is_conclusive() {
    for head in [
        "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"isAccessibleForFree\":false}</script>",
        "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"isAccessibleForFree\":\"http://schema.org/False\"}</script>",
        "<meta property=article:content_tier content=locked>",
    ] {
        assert_eq!(problems(head, &story("")), ["paywall"], "{head}");
    }
    let free = "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"isAccessibleForFree\":true}</script>";
    assert_eq!(problems(free, &story("<p>Contenu réservé aux abonnés : les cartes.</p>")), [""; 0]);
}

#[test]
fn a_metered_article_counts_only_where_its_text_breaks_off() {
    let head = "<meta property=article:content_tier content=metered>";
    assert_eq!(problems(head, &story("")), [""; 0]);
    assert_eq!(
        problems(head, &story("<p>Le bureau, lui, garde son silence depuis que les premiers…</p>")),
        ["paywall"]
    );
}

#[test]
fn an_offer_after_the_end_is_detected() {
    for offer in [
        "Il vous reste 80 % de cet article à lire. La suite est réservée aux abonnés.",
        "Subscribe to continue reading",
        "This content is for subscribers only",
        "هذا المحتوى مخصص للمشتركين فقط",
        "Suscríbete para seguir leyendo",
        "Dieser Artikel ist exklusiv für Abonnenten",
        "Conteúdo exclusivo para assinantes",
    ] {
        let inside = story(&format!("<div class=\"offer\"><p>{offer}</p></div>"));
        assert_eq!(problems("", &inside), ["paywall"], "{offer}");
        let boxed = story("") + &format!("<div class=\"paywall\"><h3>{offer}</h3></div>");
        assert_eq!(problems("", &boxed), ["paywall"], "{offer}");
    }
}

#[test]
fn offers_elsewhere_do_not_count() {
    let menu = "<header><a href=/abo>Subscribe to read</a></header>".to_owned() + &story("");
    assert_eq!(problems("", &menu), [""; 0]);
    let hidden = story("") + "<div class=\"paywall\"></div>";
    assert_eq!(problems("", &hidden), [""; 0]);
    let days: Vec<String> = (1..=10)
        .map(|day| format!("<p>Jour {day}. {FIRST}</p><p>Soir {day}. {SECOND}</p>"))
        .collect();
    let long = format!("<p>{FIRST}</p>{}", days.concat());
    let whole = format!("<article>{long}</article><div><p>Un autre article réservé aux abonnés.</p></div>");
    assert_eq!(problems("", &whole), [""; 0]);
}

#[test]
fn the_offer_is_removed_from_the_text() {
    let offer = "<p>La suite est réservée aux abonnés.</p><p>Dès 500 francs par mois.</p>";
    let html = format!("<article><p>{FIRST}</p><p>{SECOND}</p><section>{offer}</section></article>");
    let selectors = Selectors::default();
    let page = Page {
        html: &html,
        url: None,
        requested_url: None,
        title_hint: None,
        feed_body: None,
        selectors: &selectors,
        rule: None,
        images: true,
        now: None,
    };
    let article = extract(&page).expect("the beginning");
    assert_eq!(article.text, [FIRST, SECOND].join("\n"));
    let only = format!(
        "<article>{}</article>",
        offer.replace(
            "francs par mois",
            "francs par mois, pour lire tous nos articles et recevoir la lettre du soir"
        )
    );
    let article = extract(&Page { html: &only, ..page });
    assert_eq!(article.expect_err("no text at all").code(), "paywall");
    // A line that mentions subscribers is not an offer where the text continues.
    let about = "Le journal du lac, désormais réservé aux abonnés, a perdu la moitié de ses lecteurs.";
    let html = format!("<article><p>{FIRST}</p><p>{about}</p><p>{SECOND} {FIRST}</p></article>");
    let article = extract(&Page { html: &html, ..page }).expect("an article");
    assert_eq!((article.text.lines().count(), &*article.problems), (3, &[][..]));
}
