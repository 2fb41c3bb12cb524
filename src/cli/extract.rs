//! `griot extract`: what griot takes from a page, and by which method.

use super::args::{Extract, ExtractFormat, Global};
use super::failure::{DONE, FATAL, Failure, USAGE};
use super::input::Reader;
use super::output::{self, Output, shown};
use crate::extract::{BlockDecision, DirectiveOutcome, NoArticle, Selectors, SiteRule};
use crate::fetch::Accept;
use crate::model::{Article, Image, Timestamp};
use crate::pipeline::Clock;
use crate::pipeline::pages::{self, ExtractedDocument};
use serde_json::{Value, json};
use std::path::Path;
use url::Url;

/// Takes the article of each page and prints it.
///
/// # Errors
/// [`Failure`] for a mistake on the command line or in the configuration; a page without an article is told and the exit code is 1.
pub async fn run(extract: &Extract, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let mut reader = Reader::new(global, Accept::Page, clock.now());
    let selectors = Selectors::default();
    let rule = extract.rule.as_deref().map(rule).transpose()?;
    let mut code = DONE;
    for name in &extract.inputs {
        let read = reader.read(name, output).await?.map_err(Nothing::unread);
        let mut block_decisions = Vec::new();
        let found = read.and_then(|input| {
            let url = extract.base.as_ref().or(input.url.as_ref());
            if extract.explain {
                block_decisions = pages::block_decisions_of(&input.bytes, url, input.content_type.as_deref());
            }
            let (asked, kind) = (input.asked.as_ref(), input.content_type.as_deref());
            pages::article_of(&input.bytes, url, asked, kind, &selectors, rule.as_ref()).map_err(Nothing::found)
        });
        if found.is_err() {
            code = FATAL;
        }
        let format = if output.json { ExtractFormat::Json } else { extract.format };
        match (format, &found) {
            (ExtractFormat::Json, _) => output.value(&line(
                name,
                &found,
                rule.is_some(),
                extract.explain.then_some(block_decisions.as_slice()),
            )),
            (_, Err(nothing)) => output::talk(&format!("{name}: {}", shown(&nothing.words))),
            (ExtractFormat::Html, Ok(ExtractedDocument { article, .. })) => output.line(article.body.as_str()),
            (ExtractFormat::Text, Ok(extracted)) => show(extracted, output),
        }
        if format != ExtractFormat::Json {
            explain(&block_decisions, output);
        }
    }
    Ok(code)
}

/// Why there is no article.
struct Nothing {
    /// The code of the page's problem; the words when the page was not read.
    problem: String,
    words: String,
}

impl Nothing {
    fn unread(words: String) -> Self {
        Self {
            problem: words.clone(),
            words,
        }
    }

    fn found(reason: NoArticle) -> Self {
        Self {
            problem: reason.code().to_owned(),
            words: reason.to_string(),
        }
    }
}

/// Reads a rule file, and tells what of it is not followed.
fn rule(path: &Path) -> Result<SiteRule, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        let cause = anyhow::Error::new(error).context(format!("cannot read {}", path.display()));
        Failure::new(USAGE, cause)
    })?;
    let (rule, remarks) = SiteRule::parse(&String::from_utf8_lossy(&bytes));
    for remark in remarks {
        output::talk(&format!("{}:{}: {}", path.display(), remark.line, shown(&remark.message)));
    }
    Ok(rule)
}

fn line(name: &str, found: &Result<ExtractedDocument, Nothing>, with_rule: bool, block_decisions: Option<&[BlockDecision]>) -> Value {
    let mut value = match found {
        Err(Nothing { problem, words }) => {
            json!({"path": name, "text": "", "html": "", "title": null, "authors": [], "method": null, "confidence": 0.0, "problems": [problem], "error": words})
        }
        Ok(ExtractedDocument {
            article,
            problems,
            alternates,
            ..
        }) => json!({
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
            "image_width": article.image.as_ref().and_then(|image| image.width),
            "image_height": article.image.as_ref().and_then(|image| image.height),
            "site": article.site,
            "canonical": article.canonical.as_ref().map(Url::as_str),
            "amp": alternates.amp.as_ref().map(Url::as_str),
            "licence": alternates.licence,
            "method": article.method.as_str(),
            "confidence": (f64::from(article.confidence) * 100.0).round() / 100.0,
            "problems": article.problems.iter().map(String::as_str).chain(problems.iter().map(|problem| problem.code)).collect::<Vec<_>>(),
        }),
    };
    if let (Ok(extracted), true, Some(object)) = (found, with_rule, value.as_object_mut()) {
        let told = |outcome: &DirectiveOutcome| {
            let DirectiveOutcome {
                line,
                directive,
                text,
                matches,
            } = outcome;
            json!({"line": line, "directive": directive, "value": text, "matches": matches})
        };
        object.insert("rule".to_owned(), extracted.directive_outcomes.iter().map(told).collect());
    }
    if let (Some(block_decisions), Some(object)) = (block_decisions, value.as_object_mut()) {
        object.insert("blocks".to_owned(), block_decisions.iter().map(fate).collect());
    }
    value
}

fn fate(fate: &BlockDecision) -> Value {
    let reason =
        |(figure, value, weight): &(&str, f32, f32)| json!({"figure": figure, "value": hundredths(*value), "weight": hundredths(*weight)});
    json!({
        "kept": fate.kept,
        "probability": hundredths(fate.probability),
        "certain": fate.certain,
        "place": fate.place,
        "text": fate.text,
        "reasons": fate.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

fn hundredths(number: f32) -> f64 {
    (f64::from(number) * 100.0).round() / 100.0
}

/// How much of a block's text is shown, in characters.
const SHOWN: usize = 100;

/// Prints what became of each block, so that a person can write a rule where griot is wrong.
fn explain(block_decisions: &[BlockDecision], output: &mut Output) {
    for fate in block_decisions {
        let mark = if fate.kept { '+' } else { '-' };
        let mut text: String = fate.text.chars().take(SHOWN).collect();
        if text.len() < fate.text.len() {
            text.push('…');
        }
        let reason = |(figure, value, weight): &(&str, f32, f32)| format!("{figure} {} ({weight:+.1})", hundredths(*value));
        let certain = fate.certain.map(str::to_owned);
        let reasons: Vec<String> = certain.into_iter().chain(fate.reasons.iter().map(reason)).collect();
        output.line(&format!("{mark} {:>3.0} %  {}", fate.probability * 100.0, shown(&text)));
        output.line(&format!("         {} | {}", shown(&fate.place), reasons.join(", ")));
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

/// Names an image and its size.
fn image(image: &Image) -> String {
    match (image.width, image.height) {
        (Some(width), Some(height)) => format!("{} ({width} × {height})", image.url),
        _ => image.url.to_string(),
    }
}

fn show(extracted: &ExtractedDocument, output: &mut Output) {
    let ExtractedDocument {
        article,
        problems,
        directive_outcomes,
        alternates,
    } = extracted;
    let authors: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
    let facts = [
        ("title", article.title.clone()),
        ("authors", Some(authors.join(", ")).filter(|names| !names.is_empty())),
        ("published", published(article)),
        ("language", article.language.clone()),
        ("categories", Some(article.categories.join(", ")).filter(|names| !names.is_empty())),
        ("image", article.image.as_ref().map(image)),
        ("site", article.site.clone()),
        ("canonical", article.canonical.as_ref().map(Url::to_string)),
        ("amp", alternates.amp.as_ref().map(Url::to_string)),
        ("licence", alternates.licence.clone()),
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
    for DirectiveOutcome {
        line,
        directive,
        text,
        matches,
    } in directive_outcomes
    {
        output.line(&format!("rule       line {line}: {directive} matched {matches}: {}", shown(text)));
    }
    output.line("");
    for block in article.text.lines() {
        output.line(&shown(block));
    }
}
