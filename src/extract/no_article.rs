//! Why a page has no article, with the code that is stored and published.

use crate::html::interstitial::Interstitial;

/// Why a page gave no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoArticle {
    /// The document has no text.
    #[error("the page is empty")]
    Empty,
    /// The document is a feed, a PDF, an image or other binary data.
    #[error("the document is not HTML")]
    NotHtml,
    /// The page checks whether the client is a browser or a person.
    #[error("the site answered with a check for robots")]
    AntiBot,
    /// The page asks for a user name and a password.
    #[error("the site asks for a login")]
    Login,
    /// The page only asks for consent to cookies and the like.
    #[error("the page only asks for consent to cookies")]
    Consent,
    /// The whole text is behind a paywall.
    #[error("the article stands behind a paywall")]
    Paywall,
    /// The page says that the requested page does not exist, although the status is one of success.
    #[error("the site says that this page does not exist")]
    Missing,
    /// The page is the site's front page.
    #[error("the site shows its front page instead of the article")]
    Home,
    /// The page is of a failure of the site, such as maintenance.
    #[error("the site is not itself: {}", .0.code())]
    Interstitial(Interstitial),
    /// No method found an article on the page.
    #[error("no article was found on the page")]
    NotFound,
}

impl NoArticle {
    /// Returns whether the page is shown instead of a text that exists.
    pub(super) const fn hides_text(self) -> bool {
        !matches!(self, Self::Empty | Self::NotHtml | Self::NotFound)
    }

    /// Returns the code that is stored and published.
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
            Self::Interstitial(interstitial) => interstitial.code(),
            Self::NotFound => "no-article",
        }
    }
}
