//! Renders feeds and pages of the demo's outlets from their articles and the templates in `demo/shapes/`. No network here.

use super::content::{Article, Outlet, Shape};
use super::dates::WallTime;
use super::fill::{Scope, Value, escape, fill};
use crate::model::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// The age of the newest article when the server starts.
const NEWEST: Duration = Duration::from_mins(20);
/// The number of words of an excerpt in `WordPress`.
const EXCERPT_WORDS: usize = 55;
/// The number of other articles that a page links to.
const OTHERS: usize = 4;

macro_rules! shape {
    ($name:literal) => {
        include_str!(concat!("../../../demo/shapes/", $name))
    };
}

/// What renderings depend on besides the outlet.
#[derive(Debug, Clone, Copy)]
pub(super) struct RenderContext<'a> {
    /// When the server was started.
    pub now: Timestamp,
    /// The port that it listens on.
    pub port: u16,
    /// Fixed texts by language and name.
    pub words: &'a BTreeMap<String, BTreeMap<String, String>>,
}

impl RenderContext<'_> {
    /// Returns when an article was published.
    pub(super) fn published(self, article: &Article) -> Timestamp {
        self.now - NEWEST - Duration::from_mins(u64::from(article.minutes))
    }

    /// Returns an outlet's feed as it is sent.
    pub(super) fn feed(self, outlet: &Outlet) -> Vec<u8> {
        let text = match outlet.shape {
            Shape::Json => self.json_feed(outlet),
            shape => fill(feed_template(shape), &[&self.outlet(outlet)]),
        };
        let text = if outlet.cut { truncate_in_last_item(&text) } else { &text };
        if outlet.latin1 { latin1(text) } else { text.as_bytes().to_vec() }
    }

    /// Returns an article's page.
    pub(super) fn page(self, outlet: &Outlet, article: &Article) -> String {
        fill(page_template(outlet.shape), &[&self.outlet(outlet), &self.article(outlet, article)])
    }

    /// Returns an outlet's home page, which names its feed.
    pub(super) fn home(self, outlet: &Outlet) -> String {
        fill(shape!("home.html"), &[&self.outlet(outlet)])
    }

    fn link(self, outlet: &Outlet, article: &Article) -> String {
        outlet.home(self.port) + &outlet.path(article)
    }

    fn outlet(self, outlet: &Outlet) -> Scope {
        let newest = outlet.articles.first().map_or(self.now, |article| self.published(article));
        let newest = WallTime::new(newest, outlet.hours_ahead);
        let words = self.words.get(&outlet.lang).into_iter().flatten();
        let mut scope: Scope = words.map(|(name, text)| (name.clone(), Value::Text(text.clone()))).collect();
        scope.extend(texts([
            ("site", outlet.title.clone()),
            ("tagline", outlet.tagline.clone()),
            ("lang", outlet.lang.clone()),
            ("host", outlet.host.clone()),
            ("home_url", outlet.home(self.port)),
            ("self", outlet.home(self.port) + &outlet.feed),
            ("media_type", media_type(outlet.shape).to_owned()),
            ("newest_rss", newest.rss()),
            ("newest_w3c", newest.w3c()),
            ("year", newest.w3c().chars().take(4).collect()),
        ]));
        let items = outlet.articles.iter().map(|article| self.article(outlet, article));
        scope.insert("items".to_owned(), Value::List(items.collect()));
        scope
    }

    fn article(self, outlet: &Outlet, article: &Article) -> Scope {
        let wall = WallTime::new(self.published(article), outlet.hours_ahead);
        let lang = article.lang.as_ref().unwrap_or(&outlet.lang);
        let mut scope: Scope = texts([
            ("title", article.title.clone()),
            (
                "title_wp",
                escape(&article.title).replace("&amp;", "&#038;").replace('\u{2019}', "&#8217;"),
            ),
            ("title_json", json_in_html(&article.title)),
            ("author", article.author.clone()),
            ("author_json", json_in_html(&article.author)),
            ("link", self.link(outlet, article)),
            ("guid", outlet.guid(article)),
            ("item_lang", lang.clone()),
            ("body", article.html()),
            ("excerpt", article.excerpt(EXCERPT_WORDS)),
            ("rss", wall.rss()),
            ("w3c", wall.w3c()),
            ("drupal", wall.drupal()),
            ("divi", wall.divi()),
            ("day", wall.day(lang)),
        ])
        .collect();
        scope.insert("categories".to_owned(), Value::List(categories(article)));
        scope.insert("others".to_owned(), Value::List(self.others(outlet, article)));
        scope
    }

    fn others(self, outlet: &Outlet, article: &Article) -> Vec<Scope> {
        let others = outlet.articles.iter().filter(|other| other.slug != article.slug).take(OTHERS);
        let scope = |other: &Article| texts([("other_link", self.link(outlet, other)), ("other_title", other.title.clone())]).collect();
        others.map(scope).collect()
    }

    fn json_feed(self, outlet: &Outlet) -> String {
        let item = |article: &Article| {
            json!({
                "id": outlet.guid(article),
                "url": self.link(outlet, article),
                "title": article.title,
                "content_html": article.html(),
                "date_published": WallTime::new(self.published(article), outlet.hours_ahead).w3c(),
                "authors": [{ "name": article.author }],
                "tags": article.categories,
                "language": article.lang.as_ref().unwrap_or(&outlet.lang),
            })
        };
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": outlet.title,
            "description": outlet.tagline,
            "home_page_url": outlet.home(self.port) + "/",
            "feed_url": outlet.home(self.port) + &outlet.feed,
            "language": outlet.lang,
            "items": outlet.articles.iter().map(item).collect::<Vec<_>>(),
        });
        format!("{feed:#}")
    }
}

fn texts<const N: usize>(pairs: [(&str, String); N]) -> impl Iterator<Item = (String, Value)> {
    pairs.map(|(name, text)| (name.to_owned(), Value::Text(text))).into_iter()
}

fn categories(article: &Article) -> Vec<Scope> {
    let last = article.categories.len().saturating_sub(1);
    let scope = |(place, category): (usize, &String)| {
        let comma = if place == last { "" } else { ", " };
        texts([("category", category.clone()), ("comma", comma.to_owned())]).collect()
    };
    article.categories.iter().enumerate().map(scope).collect()
}

/// Returns `text` as a JSON string that cannot end the script element around it.
fn json_in_html(text: &str) -> String {
    json!(text).to_string().replace('<', "\\u003c")
}

/// Returns the document up to the middle of its last item, as a lost connection leaves it.
fn truncate_in_last_item(text: &str) -> &str {
    let last = text.rfind("<item").unwrap_or(0);
    let mut middle = last + (text.len() - last) / 2;
    while !text.is_char_boundary(middle) {
        middle -= 1;
    }
    &text[..middle]
}

/// Returns `text` as ISO 8859-1; other characters become question marks.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

/// Returns the media type under which a feed of this shape is sent.
pub(super) const fn media_type(shape: Shape) -> &'static str {
    match shape {
        Shape::Atom => "application/atom+xml; charset=utf-8",
        Shape::Json => "application/feed+json; charset=utf-8",
        Shape::Rdf => "application/rdf+xml",
        Shape::Rss | Shape::Spip | Shape::Wmaker => "text/xml; charset=utf-8",
        _ => "application/rss+xml; charset=UTF-8",
    }
}

const fn feed_template(shape: Shape) -> &'static str {
    match shape {
        Shape::Wordpress => shape!("wordpress.xml"),
        Shape::WordpressExcerpt | Shape::Divi => shape!("wordpress-excerpt.xml"),
        Shape::Spip => shape!("spip.xml"),
        Shape::Rdf => shape!("rdf.xml"),
        Shape::Atom => shape!("atom.xml"),
        Shape::Drupal => shape!("drupal.xml"),
        Shape::Joomla => shape!("joomla.xml"),
        Shape::Wmaker => shape!("wmaker.xml"),
        Shape::Rss | Shape::Json | Shape::Wall | Shape::Detour => shape!("rss.xml"),
    }
}

const fn page_template(shape: Shape) -> &'static str {
    match shape {
        Shape::Wordpress | Shape::WordpressExcerpt => shape!("wordpress.html"),
        Shape::Divi => shape!("divi.html"),
        Shape::Spip => shape!("spip.html"),
        Shape::Drupal => shape!("drupal.html"),
        Shape::Joomla => shape!("joomla.html"),
        Shape::Wmaker => shape!("wmaker.html"),
        _ => shape!("plain.html"),
    }
}
