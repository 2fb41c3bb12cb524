//! An article: the body and the metadata extracted from a page.

use super::agency::Agency;
use super::entry::{Author, CleanHtml};
use super::time::Timestamp;
use url::Url;

/// How an article's body was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArticleMethod {
    /// By the source's `select` rule in feeds.toml.
    Select,
    /// By a site rule.
    SiteRule,
    /// By classifying the page's blocks.
    Blocks,
    /// From the page's JSON-LD.
    JsonLd,
    /// From a string in one of the page's scripts, which render the page in a browser.
    Script,
    /// From the feed, whose text is longer than the page's.
    Feed,
}

impl ArticleMethod {
    /// Every method.
    pub const ALL: [Self; 6] = [Self::Select, Self::SiteRule, Self::Blocks, Self::JsonLd, Self::Script, Self::Feed];

    /// Returns the word under which the method is shown and stored.
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

    /// Returns the method with this word; `None` for an unknown word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }
}

/// An image, with its size where it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its URL.
    pub url: Url,
    /// Its width in pixels.
    pub width: Option<u32>,
    /// Its height in pixels.
    pub height: Option<u32>,
}

/// The content extracted from a page. Texts are plain; every URL is absolute.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The body, cleaned.
    pub body: CleanHtml,
    /// The body as plain text, one line per block.
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// The authors.
    pub authors: Vec<Author>,
    /// The publication date that the page states; never the time of the fetch.
    pub published: Option<Timestamp>,
    /// The UTC offset of that date as stated, in seconds east; `None` where the page states none.
    pub published_offset: Option<i32>,
    /// The date of the last change that the page states.
    pub modified: Option<Timestamp>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The news agency whose text it is.
    pub agency: Option<Agency>,
    /// Categories and tags.
    pub categories: Vec<String>,
    /// The lead image.
    pub image: Option<Image>,
    /// The site's name.
    pub site: Option<String>,
    /// The page's own URL, as it states it.
    pub canonical: Option<Url>,
    /// How the body was found.
    pub method: ArticleMethod,
    /// The confidence that the body is right, from 0 to 1.
    pub confidence: f32,
    /// Codes of the defects seen, such as `paywall` or `shorter-than-feed`.
    pub problems: Vec<String>,
    /// The reservations of the page or its server: `noarchive` or `tdm-reservation`. With one, the full text is not republished.
    pub reservations: Vec<String>,
}
