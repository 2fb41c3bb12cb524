//! The forms of texts that later stages read: made once, where a document or a page is parsed, in parallel.

use crate::curate::{OriginalTexts, article_word_list};
use crate::model::{Article, ArticleForms, Attribution, Author, Category, Digest128, TextForms};
use crate::text::agency::{TextCredits, agency_of_text};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::typography::plain_typography;
use url::Url;

/// The parts of an entry from which its forms are made. The texts are plain.
pub struct FormParts<'a> {
    /// The headline.
    pub title: &'a str,
    /// The feed's summary.
    pub summary: &'a str,
    /// The feed's full text.
    pub content: &'a str,
    /// The authors.
    pub authors: &'a [Author],
    /// The publisher's categories.
    pub categories: &'a [Category],
    /// The rights statement.
    pub rights: Option<&'a str>,
    /// The publication from which it was taken.
    pub attribution: Option<&'a Attribution>,
    /// The address of its page.
    pub url: Option<&'a Url>,
    /// A BCP 47 language tag.
    pub language: Option<&'a str>,
}

/// Returns the forms of an entry's texts. Footers that publishing systems add to every text would make unrelated texts similar, so they are left
/// out.
#[must_use]
pub fn text_forms(parts: &FormParts<'_>) -> TextForms {
    let texts = OriginalTexts {
        title: parts.title.to_owned(),
        summary: strip_feed_footer(parts.summary).to_owned(),
        body: strip_feed_footer(parts.content).to_owned(),
        authors: parts.authors.iter().map(|author| author.name.clone()).collect(),
        categories: parts.categories.iter().map(|category| category.term.clone()).collect(),
        url: parts.url.map(Url::to_string),
    };
    let mut forms = TextForms {
        words: texts.word_list(),
        summary: texts.summary,
        content: texts.body,
        agency: None,
    };
    forms.agency = agency_of_text(&TextCredits {
        authors: parts.authors,
        rights: parts.rights,
        attribution: parts.attribution.map(|attribution| attribution.title.as_str()),
        credits: &[],
        texts: &[&forms.content, &forms.summary],
        language: parts.language,
    });
    forms
}

/// Returns the forms of an article's text.
#[must_use]
pub fn article_forms(article: &Article) -> ArticleForms {
    let words = article_word_list(
        &article.text,
        &article.categories,
        &article.authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>(),
    );
    ArticleForms { words }
}

/// Returns the digest of texts without their typography.
pub(super) fn text_digest(texts: &[&str]) -> Digest128 {
    let mut joined = String::with_capacity(texts.iter().map(|text| text.len() + 1).sum());
    for text in texts {
        plain_typography(text, &mut joined);
        joined.push('\0');
    }
    Digest128::hash(joined.as_bytes())
}
