//! Why a page has no article, with the code that is stored and published.

use crate::html::interstitial::Interstitial;

/// Why a page gave no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoArticle {
    /// The page holds no text.
    #[error("the page is empty")]
    Empty,
    /// What came is no HTML.
    #[error("the document is not HTML")]
    NotHtml,
    /// The page is a gate that asks for a browser or a human.
    #[error("the site answered with a check for robots")]
    AntiBot,
    /// The page asks for a name and a password.
    #[error("the site asks for a login")]
    Login,
    /// The page only asks for consent to cookies and the like.
    #[error("the page only asks for consent to cookies")]
    Consent,
    /// Nothing of the article stands before the paywall.
    #[error("the article stands behind a paywall")]
    Paywall,
    /// The page says that what was asked for is not there, although its status says otherwise.
    #[error("the site says that this page does not exist")]
    Missing,
    /// The site shows its front page instead.
    #[error("the site shows its front page instead of the article")]
    Home,
    /// The page tells of a trouble of the site, such as maintenance.
    #[error("the site is not itself: {}", .0.code())]
    Interstitial(Interstitial),
    /// Nothing on the page reads like an article.
    #[error("no article was found on the page")]
    NotFound,
}

impl NoArticle {
    /// Whether something stands where the text should be, rather than that there is none.
    pub(super) const fn is_wall(self) -> bool {
        !matches!(self, Self::Empty | Self::NotHtml | Self::NotFound)
    }

    /// Returns the code to branch on.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty-page",
            Self::NotHtml => "not-html",
            Self::AntiBot => "anti-bot",
            Self::Login => "login",
            Self::Consent => "consent-page",
            Self::Paywall => "paywall",
            Self::Missing => "soft-404",
            Self::Home => "home-page",
            Self::Interstitial(wall) => wall.code(),
            Self::NotFound => "no-article",
        }
    }
}
