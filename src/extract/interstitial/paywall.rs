//! Detects whether an article continues behind a paywall, by the page's metadata and by the offer of a subscription at the end of its text.
//!
//! The beginning is kept: whether the feed has more is decided by the caller.

use crate::extract::metadata::{Access, Metadata};
use crate::extract::normalize::{collapse_whitespace, element_text};
use crate::html::clean::{CleanPolicy, clean};
use crate::model::{CleanHtml, RawMarkup};
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

/// The longest text of which only the beginning may be free, in characters.
const MAX_BEGINNING_CHARS: usize = 2500;
/// The longest line of an offer, in characters.
const MAX_OFFER_LINE_CHARS: usize = 260;
/// By how many characters at its end the last line of the text is found on the page.
const ANCHOR_CHARS: usize = 24;
/// How many characters after the end of the text are read.
const MAX_FOLLOWING_CHARS: usize = 700;

/// Returns whether `body`, the extracted text, is only the free beginning of an article, or is for subscribers.
pub(in crate::extract) fn is_paywalled(document: &Html, metadata: &Metadata, body: &str) -> bool {
    match metadata.access {
        Access::Paid => return true,
        Access::Free => return false,
        Access::Metered | Access::Unstated => {}
    }
    if body.chars().count() >= MAX_BEGINNING_CHARS {
        return false;
    }
    let last = body.lines().last().unwrap_or_default();
    (metadata.access == Access::Metered && breaks_off(last)) || asks_for_subscription(document, body, last)
}

/// How many lines at the end of a text are searched for an offer.
const MAX_OFFER_LINES: usize = 6;

/// Returns the body without the offer of a subscription at its end.
pub(in crate::extract) fn without_offer(body: &CleanHtml, images: bool) -> CleanHtml {
    let mut tree = Html::parse_fragment(body.as_str());
    let is_leaf = |element: &ElementRef<'_>| {
        let is_block = |name: &str| matches!(name, "p" | "div" | "li" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "td");
        let mut inner = element.descendent_elements().skip(1);
        is_block(element.value().name()) && !inner.any(|inner| is_block(inner.value().name()))
    };
    let blocks = tree.root_element().descendent_elements().filter(is_leaf);
    let blocks: Vec<_> = blocks
        .map(|block| (block.id(), element_text(block)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let texts: Vec<&str> = blocks.iter().map(|(_, text)| text.as_str()).collect();
    let Some(first) = offer_start(&texts) else {
        return body.clone();
    };
    for (id, _) in &blocks[first..] {
        if let Some(mut node) = tree.tree.get_mut(*id) {
            node.detach();
        }
    }
    let policy = CleanPolicy {
        images,
        ..CleanPolicy::default()
    };
    clean(&RawMarkup(tree.root_element().inner_html()), &policy)
}

/// Returns the index of the line at which an offer starts that reaches to the end. The lines after it are short: the price, the conditions,
/// the login. Where a long paragraph follows, the line is part of the text.
fn offer_start(lines: &[&str]) -> Option<usize> {
    let end = lines.len().saturating_sub(MAX_OFFER_LINES);
    let short = lines
        .iter()
        .rposition(|line| line.chars().count() >= MAX_OFFER_LINE_CHARS)
        .map_or(0, |long| long + 1);
    let from = end.max(short);
    lines[from..].iter().position(|line| is_offer(line)).map(|at| from + at)
}

/// Returns whether a line offers a subscription.
pub(in crate::extract) fn is_offer(line: &str) -> bool {
    let lower = line.to_lowercase().replace('\u{2019}', "'");
    // Gender-neutral spellings: `abonné·es`, `abonné.e.s`, `abonné(e)s`.
    let line: String = GENDER_MARKS.iter().fold(lower, |line, mark| line.replace(mark, ""));
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    OFFER_PHRASES.iter().any(|offer| line.contains(offer))
        || (line.chars().count() <= MAX_SHORT_OFFER_CHARS
            && !has(OTHER_OFFERS)
            && OFFER_PARTS
                .iter()
                .any(|[what, address, text]| has(what) && has(address) && has(text)))
}

/// Returns whether a line does not end with the end of a sentence.
fn breaks_off(line: &str) -> bool {
    let line = line.trim_end_matches([')', ']', '»', '"', '”', ' ']);
    line.ends_with("...") || line.ends_with('…') || !line.ends_with(['.', '!', '?', '؟', '۔', ':'])
}

/// Returns whether the page offers a subscription at the end of the text: in its last lines, directly after it, or in the box of a paywall.
fn asks_for_subscription(document: &Html, body: &str, last: &str) -> bool {
    if offer_start(&body.lines().collect::<Vec<_>>()).is_some() {
        return true;
    }
    let Some(following) = text_after(document, last) else {
        return false;
    };
    let beginning = &following[..following.floor_char_boundary(MAX_SHORT_OFFER_CHARS)];
    is_offer(&following)
        || is_offer(beginning)
        || paywall_boxes(document).any(|own| !own.contains(last) && own.chars().count() > 20 && is_offer(&own))
}

/// Returns the text after the last line, at most [`MAX_FOLLOWING_CHARS`]; `None` when that line is not found on the page.
fn text_after(document: &Html, last: &str) -> Option<String> {
    let skipped = last.chars().count().saturating_sub(ANCHOR_CHARS);
    let end: String = last.chars().skip(skipped).collect();
    let all = collapse_whitespace(&visible_text(document));
    let at = all.rfind(&end).filter(|_| !end.is_empty())? + end.len();
    Some(all[at..].chars().take(MAX_FOLLOWING_CHARS).collect())
}

/// Returns all visible text of the page, in one pass; blocks are separated by spaces.
fn visible_text(document: &Html) -> String {
    let mut out = String::new();
    let mut hidden = 0_usize;
    for edge in document.tree.root().traverse() {
        let (node, step) = match edge {
            Edge::Open(node) => (node, 1),
            Edge::Close(node) => (node, -1),
        };
        if let (Some(part), 1, 0) = (node.value().as_text(), step, hidden) {
            out.push_str(part);
        }
        let Some(element) = node.value().as_element() else { continue };
        if matches!(element.name(), "script" | "style" | "head") {
            hidden = hidden.saturating_add_signed(step);
        }
        if !matches!(
            element.name(),
            "a" | "b" | "i" | "u" | "em" | "strong" | "span" | "mark" | "sup" | "sub" | "small" | "cite" | "q"
        ) {
            out.push(' ');
        }
    }
    out
}

/// Returns the texts of the boxes of paywalls.
fn paywall_boxes(document: &Html) -> impl Iterator<Item = String> {
    let is_box = |element: &ElementRef<'_>| {
        element.value().classes().chain(element.value().id()).any(|name| {
            let name = name.to_ascii_lowercase();
            BOX_NAMES.iter().any(|start| name.starts_with(start)) || name.ends_with("-paywall") || name.ends_with("_paywall")
        })
    };
    document
        .root_element()
        .descendent_elements()
        .filter(is_box)
        .take(10)
        .map(element_text)
}

/// The longest line that is an offer by its words alone, in characters.
const MAX_SHORT_OFFER_CHARS: usize = 160;
const GENDER_MARKS: &[&str] = &["·e", ".e.", "(e)", "-e-", "·"];
/// Words of lines that ask for a login or a subscription for something else than the text.
const OTHER_OFFERS: &[&str] = &[
    "comment",
    "réagir",
    "forum",
    "newsletter",
    "lettre",
    "تعليق",
    "النشرة",
    "whatsapp",
    "chaîne",
];
/// Words of short offers, in lower case: a line is one that has a word of each part of a row.
const OFFER_PARTS: &[[&[&str]; 3]] = &[
    [
        &[
            "abonn",
            "identifiez",
            "connectez",
            "inscrivez",
            "se connecter",
            "souscri",
            "payant",
            "premium",
        ],
        &[
            "vous",
            "votre",
            "je m'",
            "j'ai déjà",
            "nos abonn",
            "aux abonn",
            "mon abonn",
            "déjà abonn",
            "nos lecteurs",
            "seuls les",
        ],
        &[
            "lire",
            "lecture",
            "lisez",
            "suite",
            "article",
            "contenu",
            "texte",
            "accès",
            "accéder",
            "illimité",
            "offre",
            "formule",
            "déjà",
            "réservé",
            "identifiez",
            "connectez",
            "poursuivre",
            "intégralité",
        ],
    ],
    [
        &["subscri", "sign in", "log in", "register", "member", "premium"],
        &["you", "your", "already", "only", "our", "become", "start"],
        &[
            "read",
            "article",
            "story",
            "content",
            "access",
            "unlimited",
            "continue",
            "rest",
            "already",
            "unlock",
        ],
    ],
    [
        &["اشترك", "مشترك", "الاشتراك", "تسجيل الدخول", "سجل"],
        &["المقال", "القراءة", "قراءة", "المحتوى", "هل لديك", "لديك"],
        &["المقال", "القراءة", "قراءة", "المحتوى", "كامل", "متابعة", "حساب", "اشتراك"],
    ],
];

/// How the classes and ids of the boxes of paywalls start.
const BOX_NAMES: &[&str] = &[
    "paywall",
    "pay-wall",
    "regwall",
    "subscriber-wall",
    "subscription-wall",
    "subscribe-wall",
    "article-locked",
    "locked-content",
    "locked-article",
    "premium-lock",
    "premium-wall",
    "restricted-content",
    "content-restricted",
    "leaky_paywall",
    "mepr-unauthorized",
    "pmpro_content_message",
    "wc-memberships",
    "rcp_restricted",
    "rcp-restricted",
    "ihc-locker",
    "um-locked-content",
    "swpm-partially-protected",
    "poool-widget",
    "qiota",
    "piano-",
    "article__reserved",
    "article-reserved",
    "abonne-only",
    "bloc-abonne",
    "reserved-article",
];

/// Phrases that offer a subscription, in lower case with plain apostrophes.
const OFFER_PHRASES: &[&str] = &[
    "réservé aux abonnés",
    "réservée aux abonnés",
    "réservés aux abonnés",
    "réservé à nos abonnés",
    "réservée à nos abonnés",
    "réservé à ses abonnés",
    "de cet article à lire",
    "la suite est réservée",
    "la suite de cet article est",
    "abonnez-vous pour lire",
    "abonnez-vous pour accéder",
    "abonnez-vous pour continuer",
    "pour lire la suite de cet article",
    "pour lire la suite, abonnez",
    "pour lire l'intégralité",
    "pour accéder à l'intégralité",
    "lire la suite en vous abonnant",
    "cet article est payant",
    "contenu payant",
    "article payant",
    "connectez-vous pour lire la suite",
    "subscribe to continue",
    "subscribe to read",
    "subscribe now to read",
    "subscribe to keep reading",
    "subscribe to unlock",
    "to continue reading, subscribe",
    "to continue reading this article",
    "to read the full article, ",
    "to read the full story, ",
    "this content is for subscribers",
    "this content is for members",
    "this article is for subscribers",
    "this story is for subscribers",
    "for subscribers only",
    "exclusive to subscribers",
    "exclusively for subscribers",
    "available to subscribers",
    "available only to subscribers",
    "reserved for subscribers",
    "must be a subscriber to",
    "become a subscriber to read",
    "become a member to read",
    "log in or subscribe to",
    "limit of free articles",
    "للمشتركين فقط",
    "هذا المحتوى للمشتركين",
    "هذا المقال للمشتركين",
    "مخصص للمشتركين",
    "حصري للمشتركين",
    "حصرية للمشتركين",
    "اشترك لمتابعة القراءة",
    "اشترك لقراءة",
    "اشترك الآن لقراءة",
    "لمتابعة القراءة اشترك",
    "لقراءة المقال كاملا اشترك",
    "suscríbete para seguir",
    "suscríbete para leer",
    "suscríbase para",
    "para seguir leyendo, ",
    "exclusivo para suscriptores",
    "exclusivo para socios",
    "solo para suscriptores",
    "sólo para suscriptores",
    "exklusiv für abonnent",
    "nur für abonnent",
    "jetzt weiterlesen mit",
    "weiterlesen mit ",
    "um weiterzulesen",
    "mit abo weiterlesen",
    "dieser artikel ist kostenpflichtig",
    "exclusivo para assinantes",
    "exclusivo para subscritores",
    "apenas para assinantes",
    "só para assinantes",
    "exclusivo de assinantes",
    "assine para continuar",
    "assine para ler",
    "para continuar lendo, ",
    "para continuar a ler, ",
];

#[cfg(test)]
mod tests;
