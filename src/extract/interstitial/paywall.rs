//! Tells whether an article goes on behind a paywall, by what the page says of itself and by what stands where its text breaks off.
//!
//! What was found is kept all the same: a beginning is better than nothing, and the feed may give more.

use crate::extract::metadata::{Access, Metadata};
use crate::extract::normalize::{collapse_whitespace, element_text};
use crate::html::clean::{CleanPolicy, clean};
use crate::model::{CleanHtml, RawMarkup};
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

/// A beginning has fewer characters than this; a longer text is no mere beginning.
const BEGINNING: usize = 2500;
/// Each line of an offer has fewer characters than this.
const OFFER: usize = 260;
/// By so many characters at its end the text's last line is found on the page.
const END: usize = 24;
/// So many characters behind the end of the text are read.
const BEHIND: usize = 700;

/// Says whether what was found to be the `body` is only what a paywall leaves, or is meant for subscribers.
pub(in crate::extract) fn stands(document: &Html, metadata: &Metadata, body: &str) -> bool {
    match metadata.access {
        Access::Paid => return true,
        Access::Free => return false,
        Access::Metered | Access::Unstated => {}
    }
    if body.chars().count() >= BEGINNING {
        return false;
    }
    let last = body.lines().last().unwrap_or_default();
    (metadata.access == Access::Metered && breaks_off(last)) || asks(document, body, last)
}

/// So many lines at the end of a text are looked at for an offer.
const LAST: usize = 6;

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
    let Some(first) = offer_at(&texts) else {
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

/// Returns at which of the lines an offer begins that reaches to the end. What stands behind it is short: its price, its conditions, the way
/// to log in. Where a real paragraph follows, the line was part of the text.
fn offer_at(lines: &[&str]) -> Option<usize> {
    let end = lines.len().saturating_sub(LAST);
    let short = lines
        .iter()
        .rposition(|line| line.chars().count() >= OFFER)
        .map_or(0, |long| long + 1);
    let from = end.max(short);
    lines[from..].iter().position(|line| offers(line)).map(|at| from + at)
}

/// Whether a line offers a subscription.
fn offers(line: &str) -> bool {
    let line = line.to_lowercase().replace('\u{2019}', "'");
    OFFERS.iter().any(|offer| line.contains(offer))
}

/// Whether a text ends without the end of a sentence.
fn breaks_off(line: &str) -> bool {
    let line = line.trim_end_matches([')', ']', '»', '"', '”', ' ']);
    line.ends_with("...") || line.ends_with('…') || !line.ends_with(['.', '!', '?', '؟', '۔', ':'])
}

/// Whether the page asks for a subscription at the end of the text: in its last line, right behind it, or in a box made for that.
fn asks(document: &Html, body: &str, last: &str) -> bool {
    if offer_at(&body.lines().collect::<Vec<_>>()).is_some() {
        return true;
    }
    let Some(behind) = behind(document, last) else { return false };
    offers(&behind) || boxes(document).any(|own| !own.contains(last) && own.chars().count() > 20 && offers(&own))
}

/// Returns what stands behind the text's last line, as far as it is looked at; none when that line is not found.
fn behind(document: &Html, last: &str) -> Option<String> {
    let skipped = last.chars().count().saturating_sub(END);
    let end: String = last.chars().skip(skipped).collect();
    let all = collapse_whitespace(&shown(document));
    let at = all.rfind(&end).filter(|_| !end.is_empty())? + end.len();
    Some(all[at..].chars().take(BEHIND).collect())
}

/// Returns all text that the page shows, in one pass: blocks stand apart.
fn shown(document: &Html) -> String {
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

/// Returns the texts of the boxes that paywalls are made of.
fn boxes(document: &Html) -> impl Iterator<Item = String> {
    let is_box = |element: &ElementRef<'_>| {
        element.value().classes().chain(element.value().id()).any(|name| {
            let name = name.to_ascii_lowercase();
            BOXES.iter().any(|start| name.starts_with(start)) || name.ends_with("-paywall") || name.ends_with("_paywall")
        })
    };
    document
        .root_element()
        .descendent_elements()
        .filter(is_box)
        .take(10)
        .map(element_text)
}

/// How the names of the boxes begin that stand where a text breaks off.
const BOXES: &[&str] = &[
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

/// How pages ask for a subscription, in lower case with plain apostrophes.
const OFFERS: &[&str] = &[
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
