//! An article: the body and the facts taken from a page.

use super::entry::{Author, CleanHtml};
use super::time::Timestamp;
use url::Url;

/// How an article's body was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArticleMethod {
    /// By the source's own `select` rule.
    Select,
    /// By a site's rule file.
    SiteRule,
    /// By the choice of blocks.
    Blocks,
    /// From the page's JSON-LD.
    JsonLd,
    /// From a string in the page's scripts, which would build the page in a browser.
    Script,
    /// From the feed, since the page gave less.
    Feed,
}

impl ArticleMethod {
    /// Every method.
    pub const ALL: [Self; 6] = [Self::Select, Self::SiteRule, Self::Blocks, Self::JsonLd, Self::Script, Self::Feed];

    /// Returns the word that people see and the store keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::SiteRule => "site-rule",
            Self::Blocks => "blocks",
            Self::JsonLd => "json-ld",
            Self::Script => "script",
            Self::Feed => "feed",
        }
    }

    /// Returns the method that `word` stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }
}

/// A picture, with its size in pixels where it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Where it lies.
    pub url: Url,
    /// Its width in pixels.
    pub width: Option<u32>,
    /// Its height in pixels.
    pub height: Option<u32>,
}

/// What was taken from a page. Texts are plain; every URL is absolute.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The body, cleaned.
    pub body: CleanHtml,
    /// The body as plain text, one block a line.
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// When the page says it appeared. Never the time of the fetch.
    pub published: Option<Timestamp>,
    /// How far east of UTC the clock is by which it says so, in seconds; none where it names no clock.
    pub published_offset: Option<i32>,
    /// When the page says it last changed.
    pub modified: Option<Timestamp>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// Categories and tags.
    pub categories: Vec<String>,
    /// The lead image.
    pub image: Option<Image>,
    /// The site's name.
    pub site: Option<String>,
    /// The page's canonical link.
    pub canonical: Option<Url>,
    /// How the body was found.
    pub method: ArticleMethod,
    /// How sure we are of the body, from 0 to 1.
    pub confidence: f32,
    /// Defects that were seen, as codes such as `paywall` or `shorter-than-feed`.
    pub problems: Vec<String>,
    /// What the page or its server reserves: `noarchive` or `tdm-reservation`. Then its full text is not passed on.
    pub reservations: Vec<String>,
}
