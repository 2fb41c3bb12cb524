//! What the `strip` of a source takes out of its entries and of the articles of their pages, by regular expressions.

use crate::config::{ConfigProblem, Placed, Strip};
use crate::html::strip::{strip_clean, strip_line, strip_markup};
use crate::model::{Article, Author, EntryDraft, RawMarkup};
use crate::text::entities::decode_entities;
use regex::{Regex, RegexBuilder};

/// The largest compiled expression, in bytes.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// A source's expressions, compiled; by default there are none.
#[derive(Debug, Clone, Default)]
pub struct StripRule {
    title: Option<Regex>,
    text: Option<Regex>,
    author: Option<Regex>,
}

impl StripRule {
    /// Compiles the expressions of the configuration. `^` and `$` stand for the beginning and the end of a headline, a name or a paragraph.
    ///
    /// # Errors
    /// One `ConfigProblem` for each text that is no regular expression, with its place.
    pub fn compile(strip: &Strip) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let mut compile_one = |pattern: &Placed| {
            let mut builder = RegexBuilder::new(&pattern.text);
            builder
                .multi_line(true)
                .size_limit(MAX_PATTERN_BYTES)
                .dfa_size_limit(MAX_PATTERN_BYTES);
            builder.build().map_err(|error| problems.push(no_expression(pattern, &error))).ok()
        };
        let compiled = Self {
            title: strip.title.as_ref().and_then(&mut compile_one),
            text: strip.text.as_ref().and_then(&mut compile_one),
            author: strip.author.as_ref().and_then(&mut compile_one),
        };
        if problems.is_empty() { Ok(compiled) } else { Err(problems) }
    }

    /// Takes out what the expressions match. A headline of which nothing would be left stays as it is.
    pub fn apply(&self, drafts: &mut [EntryDraft]) {
        for draft in drafts {
            if let Some(title) = self.of_title(&draft.title) {
                draft.title = title;
            }
            self.apply_to_authors(&mut draft.authors);
            for text in [&mut draft.summary, &mut draft.content] {
                let kept = text.as_ref().zip(self.text.as_ref());
                if let Some(kept) = kept.and_then(|(raw, pattern)| strip_markup(&raw.0, pattern, decode_entities)) {
                    *text = Some(RawMarkup(kept));
                }
            }
        }
    }

    /// Takes out of the article of an entry's page what the expressions match.
    pub fn apply_to_article(&self, article: &mut Article) {
        if let Some(title) = article.title.as_deref().and_then(|title| self.of_title(title)) {
            article.title = Some(title);
        }
        self.apply_to_authors(&mut article.authors);
        let Some(pattern) = &self.text else { return };
        if let Some(body) = strip_clean(&article.body, pattern, decode_entities) {
            article.body = body;
        }
        let kept = pattern.replace_all(&article.text, "");
        if kept.len() < article.text.len() {
            article.text = kept.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n");
        }
    }

    fn of_title(&self, title: &str) -> Option<String> {
        strip_line(title, self.title.as_ref()?).filter(|kept| !kept.is_empty())
    }

    fn apply_to_authors(&self, authors: &mut Vec<Author>) {
        let Some(pattern) = &self.author else { return };
        for author in authors.iter_mut() {
            if let Some(name) = strip_line(&author.name, pattern) {
                author.name = name;
            }
        }
        authors.retain(|author| !author.name.is_empty() || author.email.is_some());
    }
}

fn no_expression(pattern: &Placed, error: &regex::Error) -> ConfigProblem {
    let text = error.to_string();
    let message = text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
    let message = match error {
        regex::Error::CompiledTooBig(_) => "this regular expression is too big".to_owned(),
        _ => format!("this is no regular expression: {message}"),
    };
    ConfigProblem {
        place: Some(pattern.place.clone()),
        message,
        help: Some("write it in single quotes, so that `\\s` and the like stay as they are, as in '\\s*- Blueprint.*$'".to_owned()),
        also: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(text: &str) -> Placed {
        Placed {
            text: text.to_owned(),
            ..Placed::default()
        }
    }

    #[test]
    fn an_entry_loses_what_is_matched() {
        let strip = Strip {
            title: Some(placed(r"\s*- Blueprint.*$|^Tout$")),
            text: Some(placed("^The post .* appeared first on .*$")),
            author: Some(placed("^By |^Admin$")),
        };
        let rule = StripRule::compile(&strip).expect("expressions");
        let name = |name: &str| Author {
            name: name.to_owned(),
            email: None,
        };
        let draft = |title: &str| EntryDraft {
            title: title.to_owned(),
            content: Some(RawMarkup(
                "<p>Le riz.</p><p>The post <a>Riz</a> appeared first on Blueprint.</p>".to_owned(),
            )),
            authors: vec![name("By Awa"), name("Admin")],
            ..EntryDraft::default()
        };
        let mut drafts = [draft("Le riz manque - Blueprint News"), draft("Tout")];
        rule.apply(&mut drafts);
        assert_eq!(drafts[0].title, "Le riz manque");
        assert_eq!(drafts[1].title, "Tout", "a headline of which nothing would be left stays");
        assert_eq!(drafts[0].content, Some(RawMarkup("<p>Le riz.</p><p><a></a></p>".to_owned())));
        assert_eq!(drafts[0].authors, [name("Awa")]);
    }

    #[test]
    fn each_bad_expression_is_reported() {
        let strip = Strip {
            title: Some(placed("(a")),
            text: Some(placed("x{1000}{1000}{1000}")),
            author: None,
        };
        let problems = StripRule::compile(&strip).expect_err("both are bad");
        let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "this is no regular expression: unclosed group",
                "this regular expression is too big"
            ]
        );
    }
}
