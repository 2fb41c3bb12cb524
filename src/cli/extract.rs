//! `griot extract`: the article of each page, and how it was found.

use super::args::{Extract, ExtractFormat, Global};
use super::failure::{DONE, FATAL, Failure, USAGE};
use super::input::Reader;
use super::output::{self, Output};
use super::terminal_text::escape_controls;
use crate::extract::{BlockDecision, DirectiveOutcome, NoArticle, Selectors, SiteRule};
use crate::fetch::Accept;
use crate::model::{Agency, Article, Image, Timestamp};
use crate::pipeline::Clock;
use crate::pipeline::pages::{self, ExtractedDocument};
use serde_json::{Value, json};
use std::path::Path;
use url::Url;

/// Extracts the article of each page and prints it.
///
/// # Errors
/// [`Failure`] for a mistake on the command line or in the configuration; a page without an article is reported, and the exit code is 1.
pub async fn run(extract: &Extract, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let mut reader = Reader::new(global, Accept::Page, clock.now());
    let selectors = Selectors::default();
    let rule = extract.rule.as_deref().map(read_rule).transpose()?;
    let mut code = DONE;
    for name in &extract.inputs {
        let read = reader.read(name, output).await?.map_err(|unread| NoResult::not_read(unread.words));
        let mut block_decisions = Vec::new();
        let found = read.and_then(|input| {
            let url = extract.base.as_ref().or(input.url.as_ref());
            if extract.explain {
                block_decisions = pages::block_decisions_of(&input.bytes, url, input.content_type.as_deref());
            }
            let (asked, kind) = (input.asked.as_ref(), input.content_type.as_deref());
            pages::article_of(&input.bytes, url, asked, kind, &selectors, rule.as_ref(), clock.now()).map_err(NoResult::no_article)
        });
        if found.is_err() {
            code = FATAL;
        }
        let format = if output.json { ExtractFormat::Json } else { extract.format };
        match (format, &found) {
            (ExtractFormat::Json, _) => output.value(&json_line(
                name,
                &found,
                rule.is_some(),
                extract.explain.then_some(block_decisions.as_slice()),
            )),
            (_, Err(no_result)) => output::eprint_line(&format!("{name}: {}", escape_controls(&no_result.message))),
            (ExtractFormat::Html, Ok(ExtractedDocument { article, .. })) => output.line(article.body.as_str()),
            (ExtractFormat::Text, Ok(extracted)) => print_text(extracted, output),
        }
        if format != ExtractFormat::Json {
            print_block_decisions(&block_decisions, output);
        }
    }
    Ok(code)
}

/// Why there is no article.
struct NoResult {
    /// The code of the page's problem; the message when the page was not read.
    problem: String,
    message: String,
}

impl NoResult {
    fn not_read(message: String) -> Self {
        Self {
            problem: message.clone(),
            message,
        }
    }

    fn no_article(reason: NoArticle) -> Self {
        Self {
            problem: reason.code().to_owned(),
            message: reason.to_string(),
        }
    }
}

/// Reads a rule file, and prints which of its lines are not followed.
fn read_rule(path: &Path) -> Result<SiteRule, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        let cause = anyhow::Error::new(error).context(format!("cannot read {}", path.display()));
        Failure::new(USAGE, cause)
    })?;
    let (rule, remarks) = SiteRule::parse(&String::from_utf8_lossy(&bytes));
    for remark in remarks {
        output::eprint_line(&format!("{}:{}: {}", path.display(), remark.line, escape_controls(&remark.message)));
    }
    Ok(rule)
}

fn json_line(name: &str, found: &Result<ExtractedDocument, NoResult>, with_rule: bool, block_decisions: Option<&[BlockDecision]>) -> Value {
    let mut value = match found {
        Err(NoResult { problem, message }) => {
            json!({"path": name, "text": "", "html": "", "title": null, "authors": [], "method": null, "confidence": 0.0, "problems": [problem], "error": message})
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
            "agency": article.agency.map(Agency::as_str),
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
        let outcome_value = |outcome: &DirectiveOutcome| {
            let DirectiveOutcome {
                line,
                directive,
                text,
                matches,
            } = outcome;
            json!({"line": line, "directive": directive, "value": text, "matches": matches})
        };
        object.insert("rule".to_owned(), extracted.directive_outcomes.iter().map(outcome_value).collect());
    }
    if let (Some(block_decisions), Some(object)) = (block_decisions, value.as_object_mut()) {
        object.insert("blocks".to_owned(), block_decisions.iter().map(decision_value).collect());
    }
    value
}

fn decision_value(decision: &BlockDecision) -> Value {
    let reason = |(figure, value, weight): &(&str, f32, f32)| json!({"figure": figure, "value": two_decimals(*value), "weight": two_decimals(*weight)});
    json!({
        "kept": decision.kept,
        "probability": two_decimals(decision.probability),
        "certain": decision.rule,
        "place": decision.path,
        "text": decision.text,
        "reasons": decision.contributions.iter().map(reason).collect::<Vec<_>>(),
    })
}

fn two_decimals(number: f32) -> f64 {
    (f64::from(number) * 100.0).round() / 100.0
}

/// The most of a block's text that is printed, in characters.
const MAX_BLOCK_CHARS: usize = 100;

/// Prints the decision on each block, so that an operator can write a site rule where it is wrong.
fn print_block_decisions(block_decisions: &[BlockDecision], output: &mut Output) {
    for decision in block_decisions {
        let mark = if decision.kept { '+' } else { '-' };
        let mut text: String = decision.text.chars().take(MAX_BLOCK_CHARS).collect();
        if text.len() < decision.text.len() {
            text.push('…');
        }
        let reason = |(figure, value, weight): &(&str, f32, f32)| format!("{figure} {} ({weight:+.1})", two_decimals(*value));
        let rule = decision.rule.map(str::to_owned);
        let reasons: Vec<String> = rule.into_iter().chain(decision.contributions.iter().map(reason)).collect();
        output.line(&format!(
            "{mark} {:>3.0} %  {}",
            decision.probability * 100.0,
            escape_controls(&text)
        ));
        output.line(&format!("         {} | {}", escape_controls(&decision.path), reasons.join(", ")));
    }
}

/// Returns the publication date in the time zone that the page states, else in UTC.
fn published(article: &Article) -> Option<String> {
    let at = article.published?;
    Some(
        article
            .published_offset
            .filter(|offset| *offset != 0)
            .map_or_else(|| at.rfc3339(), |offset| at.rfc3339_at(offset)),
    )
}

/// Returns an image's address and size.
fn image_line(image: &Image) -> String {
    match (image.width, image.height) {
        (Some(width), Some(height)) => format!("{} ({width} × {height})", image.url),
        _ => image.url.to_string(),
    }
}

fn print_text(extracted: &ExtractedDocument, output: &mut Output) {
    let ExtractedDocument {
        article,
        problems,
        directive_outcomes,
        alternates,
    } = extracted;
    let authors: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
    let metadata = [
        ("title", article.title.clone()),
        ("authors", Some(authors.join(", ")).filter(|names| !names.is_empty())),
        ("published", published(article)),
        ("language", article.language.clone()),
        ("categories", Some(article.categories.join(", ")).filter(|names| !names.is_empty())),
        ("image", article.image.as_ref().map(image_line)),
        ("site", article.site.clone()),
        ("canonical", article.canonical.as_ref().map(Url::to_string)),
        ("amp", alternates.amp.as_ref().map(Url::to_string)),
        ("licence", alternates.licence.clone()),
        (
            "method",
            Some(format!("{} ({:.0} % sure)", article.method.as_str(), article.confidence * 100.0)),
        ),
    ];
    for (label, value) in metadata {
        if let Some(value) = value {
            output.line(&format!("{label:<10} {}", escape_controls(&value)));
        }
    }
    for problem in article
        .problems
        .iter()
        .map(String::as_str)
        .chain(problems.iter().map(|problem| problem.code))
    {
        output.line(&format!("problem    {}", escape_controls(problem)));
    }
    for DirectiveOutcome {
        line,
        directive,
        text,
        matches,
    } in directive_outcomes
    {
        output.line(&format!(
            "rule       line {line}: {directive} matched {matches}: {}",
            escape_controls(text)
        ));
    }
    output.line("");
    for block in article.text.lines() {
        output.line(&escape_controls(block));
    }
}
