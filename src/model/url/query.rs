//! The query of a page, without what selects no article: tracking, sessions, renderings.

use super::escapes::normalise_escapes;
use super::session::is_session;
use super::tracking::{is_further_tracking, is_tracking};

/// Tracking parameters whose names some sites use for the number of an article or of a section: left out only where something else selects
/// the page, and never a number.
const AMBIGUOUS: &[&str] = &[
    "cmp", "cmpid", "emc", "ftag", "icid", "ncid", "ref", "s_cid", "sid", "smid", "spm", "trk",
];
/// Parameters that say through which channel a reader came, when they have one of [`CHANNELS`] as their value.
const CHANNEL_PARAMETERS: &[&str] = &[
    "feature", "from", "partner", "ref", "referer", "referrer", "share", "source", "src", "via",
];
/// Where readers come from: feeds, mail and networks.
const CHANNELS: &[&str] = &[
    "atom",
    "email",
    "facebook",
    "fb",
    "feed",
    "feeds",
    "flipboard",
    "googlenews",
    "home",
    "homepage",
    "instagram",
    "jetpack-whatsapp",
    "linkedin",
    "mail",
    "newsletter",
    "pinterest",
    "pocket",
    "reddit",
    "rss",
    "rss2",
    "share",
    "social",
    "telegram",
    "tumblr",
    "twitter",
    "whatsapp",
    "youtu.be",
];
/// Parameters that switch a view for printing on (`printable`: `MediaWiki`; `print`: Joomla, `WordPress`).
const PRINT_SWITCHES: &[&str] = &["print", "printable", "printer", "printview"];
/// Parameters that switch AMP on.
const AMP_SWITCHES: &[&str] = &["_amp", "amp", "isamp"];
/// Parameters that name a rendering, and the renderings that are of the same article.
const RENDERING_PARAMETERS: &[&str] = &[
    "_format",
    "format",
    "mode",
    "output",
    "outputtype",
    "style",
    "theme",
    "tmpl",
    "view",
];
const RENDERINGS: &[&str] = &["amp", "amphtml", "print", "printable"];
/// Parameters that lead to a page of a list, a section or a language, whatever number they have.
const LIST_PARAMETERS: &[&str] = &[
    "cat",
    "cat_id",
    "category",
    "catid",
    "itemid",
    "lang",
    "limit",
    "limitstart",
    "offset",
    "page",
    "paged",
    "rub",
    "rubrique",
    "section",
    "start",
];

/// Returns the name and the value of a pair.
pub(super) fn parts(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// Returns the pairs of `query` in their order, spelled alike: without the `amp;` of links that were escaped twice, and without the `=` that some
/// networks add to a bare name.
pub(super) fn plain_pairs(query: &str) -> Vec<String> {
    let spelled = query.split('&').map(|pair| {
        let normal = normalise_escapes(pair);
        let mut pair = normal.as_str();
        while let Some(rest) = pair.strip_prefix("amp;") {
            pair = rest;
        }
        let is_bare = pair.split_once('=').is_some_and(|(_, value)| value.is_empty());
        pair[..pair.len() - usize::from(is_bare)].to_owned()
    });
    spelled.filter(|pair| !pair.is_empty()).collect()
}

/// What a pair of a query is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Kept,
    /// Left out where something else selects the page.
    Ambiguous,
    LeftOut,
}

/// Returns the pairs of `query` that select the page, in their order; `is_selected` when its path does already.
pub(super) fn page_pairs(query: &str, is_selected: bool) -> Vec<String> {
    let pairs = plain_pairs(query);
    let has = |name: &str| pairs.iter().any(|pair| parts(pair).0.eq_ignore_ascii_case(name));
    let view = View {
        is_print: pairs.iter().any(|pair| is_print_switch(pair)),
        is_share: pairs.iter().any(|pair| parts(pair).0 == "share" && is_channel(pair)),
        is_cold_fusion: has("cfid") && has("cftoken"),
    };
    let kinds: Vec<Kind> = pairs.iter().map(|pair| view.kind(pair)).collect();
    let mut kept = pairs.iter().zip(&kinds).filter(|(_, kind)| **kind == Kind::Kept);
    let is_selected = is_selected || kept.any(|(pair, _)| selects(pair));
    let is_kept = |kind: Kind| kind == Kind::Kept || (kind == Kind::Ambiguous && !is_selected);
    let mut kinds = kinds.into_iter();
    let mut pairs = pairs;
    pairs.retain(|_| kinds.next().is_some_and(is_kept));
    pairs
}

/// Returns whether a pair selects an article by itself.
pub(super) fn selects(pair: &str) -> bool {
    let (name, value) = parts(pair);
    let chosen = if value.is_empty() { name } else { value };
    chosen.bytes().any(|c| c.is_ascii_digit()) && !is_one_of(name, LIST_PARAMETERS)
}

/// What the pairs of a query say together.
struct View {
    is_print: bool,
    is_share: bool,
    is_cold_fusion: bool,
}

impl View {
    fn kind(&self, pair: &str) -> Kind {
        let (name, value) = parts(pair);
        let lower = name.to_ascii_lowercase();
        let name = lower.as_str();
        let is_session_of_cold_fusion = self.is_cold_fusion && matches!(name, "cfid" | "cftoken");
        if is_rendering(name, value) || is_session_of_cold_fusion || name.starts_with("aspsessionid") || is_channel(pair) {
            return Kind::LeftOut;
        }
        let goes_with_print = match name {
            "tmpl" => value == "component",
            "layout" => value == "default",
            "page" => value.is_empty(),
            _ => false,
        };
        if (self.is_print && goes_with_print) || (self.is_share && name == "nb") {
            return Kind::LeftOut;
        }
        if AMP_SWITCHES.contains(&name) {
            return Kind::Kept;
        }
        if AMBIGUOUS.contains(&name) {
            let is_number = value.bytes().all(|c| c.is_ascii_digit());
            let is_id = name != "sid" || is_session(pair);
            return if is_number || !is_id { Kind::Kept } else { Kind::Ambiguous };
        }
        if is_session(pair) || is_tracking(name) || is_further_tracking(name) {
            return Kind::LeftOut;
        }
        Kind::Kept
    }
}

fn is_one_of(text: &str, list: &[&str]) -> bool {
    list.iter().any(|one| text.eq_ignore_ascii_case(one))
}

fn is_print_switch(pair: &str) -> bool {
    let (name, value) = parts(pair);
    is_one_of(name, PRINT_SWITCHES) && is_one_of(value, &["", "1", "on", "pdf", "print", "true", "y", "yes"])
}

fn is_channel(pair: &str) -> bool {
    let (name, value) = parts(pair);
    is_one_of(name, CHANNEL_PARAMETERS) && is_one_of(value, CHANNELS)
}

/// Returns whether a parameter asks for another rendering of the same article.
fn is_rendering(name: &str, value: &str) -> bool {
    let is_switched = is_one_of(value, &["", "0", "1", "amp", "false", "true", "yes"]);
    (AMP_SWITCHES.contains(&name) && is_switched)
        || is_one_of(name, PRINT_SWITCHES) && is_one_of(value, &["", "1", "on", "pdf", "print", "true", "y", "yes"])
        || (RENDERING_PARAMETERS.contains(&name) && is_one_of(value, RENDERINGS))
}
