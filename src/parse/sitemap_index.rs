//! Sitemap indexes (sitemaps.org, 0.9): which of the sitemaps that one lists has the news. Nothing is fetched here.

use super::lexer::{Lexer, Token};
use super::web_url::web_url;
use crate::model::Timestamp;
use crate::text::date::parse_date;
use crate::text::entities::decode_entities;
use std::cmp::Reverse;
use url::Url;

/// How much of a document is searched for its root, in bytes.
const MAX_HEAD_BYTES: usize = 4096;
/// The most sitemaps of an index that are looked at.
const MAX_SITEMAPS: usize = 1000;

/// Returns the sitemap of an index that has the news: one whose address says so, else the one that changed last; `None` where the document is no index.
#[must_use]
pub fn news_sitemap(bytes: &[u8], base: &Url) -> Option<Url> {
    let head = bytes.get(..MAX_HEAD_BYTES.min(bytes.len()))?;
    memchr::memmem::find(head, b"<sitemapindex")?;
    let text = String::from_utf8_lossy(bytes);
    let listed = sitemaps(&text, base);
    let is_news = |url: &Url| url.path().to_ascii_lowercase().contains("news");
    let rank = |(place, (url, changed)): &(usize, (Url, Option<Timestamp>))| (is_news(url), *changed, Reverse(*place));
    listed.into_iter().enumerate().max_by_key(rank).map(|(_, (url, _))| url)
}

/// Returns the listed addresses, each with the time of its last change.
fn sitemaps(text: &str, base: &Url) -> Vec<(Url, Option<Timestamp>)> {
    let mut lexer = Lexer::new(text);
    let mut listed: Vec<(Url, Option<Timestamp>)> = Vec::new();
    let mut within = "";
    while let Some(token) = lexer.next("") {
        match token {
            Token::Start { name, .. } => within = name.rsplit(':').next().unwrap_or_default(),
            Token::End(_) => within = "",
            Token::Text(text) | Token::Cdata(text) => match within {
                "loc" if listed.len() < MAX_SITEMAPS => listed.extend(web_url(Some(base), &decode_entities(text)).map(|url| (url, None))),
                "lastmod" => {
                    if let Some((_, changed)) = listed.last_mut() {
                        *changed = parse_date(text, None);
                    }
                }
                _ => {}
            },
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sitemaps: &str) -> Option<String> {
        let base = Url::parse("https://a.example/sitemap.xml").expect("a URL");
        let text =
            format!("<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{sitemaps}</sitemapindex>");
        news_sitemap(text.as_bytes(), &base).map(String::from)
    }

    #[test]
    fn the_sitemap_of_the_news_is_chosen_else_the_newest() {
        let one = |loc: &str, lastmod: &str| format!("<sitemap><loc>{loc}</loc><lastmod>{lastmod}</lastmod></sitemap>");
        let pages = one("https://a.example/pages.xml", "2026-03-01");
        let texts = one("https://a.example/texts-2.xml.gz", "2026-03-02T10:00:00Z") + "<sitemap><loc>/texts-1.xml</loc></sitemap>";
        let news = one("/news.xml?a=1&amp;b=2", "2026-01-01");
        assert_eq!(
            found(&format!("{pages}{texts}")).as_deref(),
            Some("https://a.example/texts-2.xml.gz")
        );
        assert_eq!(
            found(&format!("{pages}{texts}{news}")).as_deref(),
            Some("https://a.example/news.xml?a=1&b=2")
        );
        assert_eq!(found("<sitemap><loc>x</loc></sitemap>").as_deref(), Some("https://a.example/x"));
        assert_eq!(found(""), None);
    }

    #[test]
    fn only_an_index_is_one_and_entities_of_its_own_stay_as_they_are() {
        let base = Url::parse("https://a.example/").expect("a URL");
        assert_eq!(
            news_sitemap(b"<urlset><url><loc>https://a.example/1</loc></url></urlset>", &base),
            None
        );
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><sitemapindex><sitemap><loc>https://a.example/&b;</loc></sitemap></sitemapindex>";
        let found = news_sitemap(bomb.as_bytes(), &base).expect("an address");
        assert!(found.as_str().len() < 60, "{found}");
    }
}
