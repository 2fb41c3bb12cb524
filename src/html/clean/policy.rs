//! The options of cleaning.

use url::Url;

/// The options of cleaning.
#[derive(Debug, Clone, Copy, Default)]
pub struct CleanPolicy<'a> {
    /// The base of relative addresses; without it they are dropped.
    pub base: Option<&'a Url>,
    /// Whether images are kept.
    pub images: bool,
    /// Whether the markup is for readers elsewhere: links and images of this machine and of local networks are dropped, the text of a link stays.
    pub public: bool,
    /// Whether what readers would not see is kept as well, for inspecting a feed: tracking pixels, relative addresses without a base, the text
    /// of SVG and `MathML`, the fallback text of frames, and `<` that a parser would read as the start of a tag.
    pub faithful: bool,
}
