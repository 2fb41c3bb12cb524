//! A source's own rules: CSS selectors from its `select` table, compiled once.

use crate::config::{ConfigProblem, Placed, Select};
use crate::extract::normalize::element_text;
use scraper::{Html, Selector};

/// Compiled rules; the default has none, and everything is found automatically.
#[derive(Debug, Clone, Default)]
pub struct Selectors {
    pub(super) body: Option<Selector>,
    pub(super) title: Option<Selector>,
    pub(super) author: Option<Selector>,
    pub(super) date: Option<Selector>,
    pub(super) remove: Vec<Selector>,
}

impl Selectors {
    /// Compiles what the configuration says.
    ///
    /// # Errors
    /// One `ConfigProblem` for each selector that is none, with its place.
    pub fn compile(select: &Select) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let mut one = |rule: &Placed| {
            Selector::parse(rule.text.trim())
                .map_err(|error| {
                    problems.push(ConfigProblem {
                        place: Some(rule.place.clone()),
                        message: format!("`{}` is not a CSS selector: {error}", rule.text),
                        help: Some(
                            "write it as a style sheet would, such as `div.article-body` or `#content p`; pseudo-elements are not supported"
                                .to_owned(),
                        ),
                        also: None,
                    });
                })
                .ok()
        };
        let compiled = Self {
            body: select.body.as_ref().and_then(&mut one),
            title: select.title.as_ref().and_then(&mut one),
            author: select.author.as_ref().and_then(&mut one),
            date: select.date.as_ref().and_then(&mut one),
            remove: select.remove.iter().filter_map(&mut one).collect(),
        };
        if problems.is_empty() { Ok(compiled) } else { Err(problems) }
    }
}

/// Returns the text of the first element that `rule` matches and that has any, in one line.
pub(super) fn selected_text(document: &Html, rule: Option<&Selector>) -> Option<String> {
    document.select(rule?).map(element_text).find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Place;

    fn placed(text: &str, at: usize) -> Placed {
        Placed {
            text: text.to_owned(),
            place: Place {
                file: 0,
                span: at..at + text.len(),
            },
        }
    }

    #[test]
    fn each_bad_selector_is_reported_at_its_place() {
        let select = Select {
            body: Some(placed("div.content", 0)),
            title: Some(placed("h1[", 20)),
            remove: vec![placed(".ads", 40), placed("p::", 60)],
            ..Select::default()
        };
        let problems = Selectors::compile(&select).expect_err("two are bad");
        let places: Vec<usize> = problems
            .iter()
            .filter_map(|problem| Some(problem.place.as_ref()?.span.start))
            .collect();
        assert_eq!(places, [20, 60]);
        assert!(problems[0].message.contains("`h1[`") && problems[0].help.is_some());
    }

    #[test]
    fn no_rules_compile_to_none() {
        let compiled = Selectors::compile(&Select::default()).expect("nothing to compile");
        assert!(compiled.body.is_none() && compiled.remove.is_empty());
    }

    #[test]
    fn selected_text_is_one_line_and_keeps_words_whole() {
        let document = Html::parse_document("<h1> Le\n <b>fleu</b>ve <i>monte</i></h1>");
        let rule = Selector::parse("h1").expect("a selector");
        assert_eq!(selected_text(&document, Some(&rule)).as_deref(), Some("Le fleuve monte"));
    }
}
