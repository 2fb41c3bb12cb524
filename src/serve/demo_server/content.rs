//! The outlets and articles of `demo/`, checked and ready to be rendered. No markup of feeds or pages here.

use super::fill::escape;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;

const OUTLETS: [&str; 15] = [
    include_str!("../../../demo/outlets/lefleuve.toml"),
    include_str!("../../../demo/outlets/dunes.toml"),
    include_str!("../../../demo/outlets/karite.toml"),
    include_str!("../../../demo/outlets/meharee.toml"),
    include_str!("../../../demo/outlets/harmattan.toml"),
    include_str!("../../../demo/outlets/liptako.toml"),
    include_str!("../../../demo/outlets/echosdulac.toml"),
    include_str!("../../../demo/outlets/kiosque.toml"),
    include_str!("../../../demo/outlets/courier.toml"),
    include_str!("../../../demo/outlets/niameydesk.toml"),
    include_str!("../../../demo/outlets/savanna.toml"),
    include_str!("../../../demo/outlets/akhbar.toml"),
    include_str!("../../../demo/outlets/waha.toml"),
    include_str!("../../../demo/outlets/sentinelle.toml"),
    include_str!("../../../demo/outlets/detour.toml"),
];

const WORDS: &str = include_str!("../../../demo/words.toml");

/// The content management system that an outlet imitates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shape {
    /// `WordPress` with the full text in the feed.
    Wordpress,
    /// `WordPress` with excerpts in the feed.
    WordpressExcerpt,
    /// `WordPress` with excerpts in the feed and pages by Divi.
    Divi,
    /// SPIP: `dc:date` and no `pubDate`.
    Spip,
    /// RSS 1.0.
    Rdf,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
    /// Drupal with French dates.
    Drupal,
    /// Joomla.
    Joomla,
    /// `WMaker`.
    Wmaker,
    /// A bare RSS 2.0 feed.
    Rss,
    /// A bot wall: a challenge page for every request.
    Wall,
    /// A feed that redirects to a private address.
    Detour,
}

impl Shape {
    /// Returns whether the system writes curly apostrophes and no-break spaces before French punctuation.
    const fn has_typography(self) -> bool {
        matches!(self, Self::Wordpress | Self::WordpressExcerpt | Self::Divi | Self::Spip)
    }
}

/// An invented outlet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outlet {
    /// The first label of its host name.
    pub host: String,
    pub title: String,
    pub tagline: String,
    pub lang: String,
    pub shape: Shape,
    /// The path, with the query, of its feed.
    pub feed: String,
    /// The path of an article's page, with `{slug}` and `{id}`.
    pub page: String,
    /// An article's guid, with `{slug}` and `{id}`; never a port, which changes from run to run.
    pub guid: String,
    /// Hours of its time zone ahead of UTC.
    #[serde(default)]
    pub hours_ahead: u8,
    /// The feed is sent as Windows-1252 under a UTF-8 label.
    #[serde(default)]
    pub latin1: bool,
    /// The feed ends in the middle of its last item.
    #[serde(default)]
    pub cut: bool,
    #[serde(default, rename = "article")]
    pub articles: Vec<Article>,
}

/// An article of an outlet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    pub id: u32,
    pub slug: String,
    pub title: String,
    /// Minutes between its publication and the newest article's.
    pub minutes: u32,
    /// A BCP 47 tag where it is not the outlet's.
    pub lang: Option<String>,
    pub author: String,
    pub categories: Vec<String>,
    /// Paragraphs with blank lines between; `## ` starts a heading, `> ` a quotation.
    pub body: String,
}

impl Outlet {
    /// Returns the URL of its home page, without a final slash.
    pub(super) fn home(&self, port: u16) -> String {
        format!("http://{}.localhost:{port}", self.host)
    }

    /// Returns the path of an article's page.
    pub(super) fn path(&self, article: &Article) -> String {
        named(&self.page, article)
    }

    /// Returns an article's guid.
    pub(super) fn guid(&self, article: &Article) -> String {
        named(&self.guid, article)
    }
}

fn named(pattern: &str, article: &Article) -> String {
    pattern.replace("{slug}", &article.slug).replace("{id}", &article.id.to_string())
}

impl Article {
    /// Returns the body as markup, one element a line.
    pub(super) fn html(&self) -> String {
        let blocks = self
            .blocks()
            .map(|(element, text)| format!("<{element}>{}</{element}>\n", escape(text)));
        blocks.collect()
    }

    /// Returns the body's first `count` words.
    pub(super) fn excerpt(&self, count: usize) -> String {
        let words = self.blocks().flat_map(|(_, text)| text.split([' ', '\n']));
        words.filter(|word| !word.is_empty()).take(count).collect::<Vec<_>>().join(" ")
    }

    fn blocks(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.body.trim().split("\n\n").map(|block| {
            if let Some(text) = block.strip_prefix("## ") {
                ("h3", text)
            } else if let Some(text) = block.strip_prefix("> ") {
                ("blockquote", text)
            } else {
                ("p", block)
            }
        })
    }
}

/// Returns every outlet, its articles sorted newest first and with the typography of its system.
///
/// # Errors
/// When a bundled file is malformed; a test reads all of them.
pub(super) fn outlets() -> io::Result<Vec<Outlet>> {
    OUTLETS.into_iter().map(outlet).collect()
}

fn outlet(text: &str) -> io::Result<Outlet> {
    let mut outlet: Outlet = toml::from_str(text).map_err(io::Error::other)?;
    outlet.articles.sort_by_key(|article| article.minutes);
    if outlet.shape.has_typography() {
        let french = outlet.lang == "fr";
        for article in &mut outlet.articles {
            article.title = set_type(&article.title, french);
            article.body = set_type(&article.body, french);
        }
    }
    Ok(outlet)
}

/// Applies the typography of `WordPress` and SPIP.
fn set_type(text: &str, french: bool) -> String {
    let text = text.replace('\'', "\u{2019}");
    if !french {
        return text;
    }
    let mut text = text.replace("« ", "«\u{a0}");
    for mark in [":", ";", "!", "?", "»", "%"] {
        text = text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    text
}

/// Returns the fixed texts of the templates, by language and name.
///
/// # Errors
/// As [`outlets`].
pub(super) fn words() -> io::Result<BTreeMap<String, BTreeMap<String, String>>> {
    toml::from_str(WORDS).map_err(io::Error::other)
}
