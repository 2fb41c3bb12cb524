//! The forms of texts that later stages read: made once, where a document or a page is parsed, in parallel.

use crate::curate::{OriginalTexts, article_word_list, text_zones};
use crate::dedupe::Fingerprint;
use crate::model::{Article, ArticleForms, Attribution, Author, Category, TextForms};
use crate::text::agency::{TextCredits, agency_of_text};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::word_list;
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
        fingerprint: Vec::new(),
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
    let [title, summary, body] = text_zones(&forms.words);
    let longest = if forms.is_summary_longest() { summary } else { body };
    forms.fingerprint = fingerprint(title, longest, parts.language);
    forms
}

/// Returns the forms of an article's text; `title` and `language` are those of its entry.
#[must_use]
pub fn article_forms(article: &Article, title: &str, language: Option<&str>) -> ArticleForms {
    let words = article_word_list(
        &article.text,
        &article.categories,
        &article.authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>(),
    );
    let text = word_list::parts(&words).next().unwrap_or_default();
    ArticleForms {
        fingerprint: fingerprint(&word_list::encode(&[&[title]]), text, language),
        words,
    }
}

/// Returns the fingerprint of encoded words.
fn fingerprint(title: &str, text: &str, language: Option<&str>) -> Vec<u8> {
    Fingerprint::of_words(word_list::words(title).flatten(), word_list::words(text).flatten(), language).to_bytes()
}
