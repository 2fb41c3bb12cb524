//! `griot extract`: what griot takes from a page, and by which method.

use super::args::{Extract, ExtractFormat, Global};
use super::failure::{DONE, FATAL, Failure};
use super::input::Reader;
use super::output::{self, Output, shown};
use crate::extract::Selectors;
use crate::fetch::Accept;
use crate::model::{Article, Problem, Timestamp};
use crate::pipeline::{Clock, pages};
use serde_json::{Value, json};
use url::Url;

/// Takes the article of each page and prints it.
///
/// # Errors
/// [`Failure`] for a mistake on the command line or in the configuration; a page without an article is told and the exit code is 1.
pub async fn run(extract: &Extract, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let mut reader = Reader::new(global, Accept::Page, clock.now());
    let selectors = Selectors::default();
    let mut code = DONE;
    for name in &extract.inputs {
        let found = reader.read(name, output).await?.and_then(|input| {
            let url = extract.base.as_ref().or(input.url.as_ref());
            pages::article_of(&input.bytes, url, input.content_type.as_deref(), &selectors).map_err(|what| what.to_string())
        });
        if found.is_err() {
            code = FATAL;
        }
        let format = if output.json { ExtractFormat::Json } else { extract.format };
        match (format, &found) {
            (ExtractFormat::Json, _) => output.value(&line(name, &found)),
            (_, Err(words)) => output::talk(&format!("{name}: {}", shown(words))),
            (ExtractFormat::Html, Ok((article, _))) => output.line(article.body.as_str()),
            (ExtractFormat::Text, Ok((article, problems))) => show(article, problems, output),
        }
    }
    Ok(code)
}

fn line(name: &str, found: &Result<(Article, Vec<Problem>), String>) -> Value {
    match found {
        Err(words) => {
            json!({"path": name, "text": "", "html": "", "title": null, "authors": [], "method": null, "confidence": 0.0, "problems": [words]})
        }
        Ok((article, problems)) => json!({
            "path": name,
            "text": article.text,
            "html": article.body.as_str(),
            "title": article.title,
            "authors": article.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(),
            "published": published(article),
            "modified": article.modified.map(Timestamp::rfc3339),
            "language": article.language,
            "categories": article.categories,
            "image": article.image.as_ref().map(|image| image.url.as_str()),
            "site": article.site,
            "canonical": article.canonical.as_ref().map(Url::as_str),
            "method": article.method.as_str(),
            "confidence": (f64::from(article.confidence) * 100.0).round() / 100.0,
            "problems": article.problems.iter().map(String::as_str).chain(problems.iter().map(|problem| problem.code)).collect::<Vec<_>>(),
        }),
    }
}

/// Returns when the page says it appeared, by its own clock.
fn published(article: &Article) -> Option<String> {
    let at = article.published?;
    Some(
        article
            .published_offset
            .filter(|offset| *offset != 0)
            .map_or_else(|| at.rfc3339(), |offset| at.rfc3339_at(offset)),
    )
}

fn show(article: &Article, problems: &[Problem], output: &mut Output) {
    let authors: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
    let facts = [
        ("title", article.title.clone()),
        ("authors", Some(authors.join(", ")).filter(|names| !names.is_empty())),
        ("published", published(article)),
        ("language", article.language.clone()),
        ("categories", Some(article.categories.join(", ")).filter(|names| !names.is_empty())),
        ("image", article.image.as_ref().map(|image| image.url.to_string())),
        (
            "method",
            Some(format!("{} ({:.0} % sure)", article.method.as_str(), article.confidence * 100.0)),
        ),
    ];
    for (label, value) in facts {
        if let Some(value) = value {
            output.line(&format!("{label:<10} {}", shown(&value)));
        }
    }
    for problem in article
        .problems
        .iter()
        .map(String::as_str)
        .chain(problems.iter().map(|problem| problem.code))
    {
        output.line(&format!("problem    {}", shown(problem)));
    }
    output.line("");
    for block in article.text.lines() {
        output.line(&shown(block));
    }
}
