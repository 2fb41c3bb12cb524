//! A source's own CSS selectors, from its `select` table, compiled once.

use crate::config::{ConfigProblem, Place, Placed, Select};
use crate::extract::normalize::element_text;
use scraper::{Html, Selector};

/// Compiled selectors; by default there are none, and everything is extracted without them.
#[derive(Debug, Clone, Default)]
pub struct Selectors {
    pub(super) body: Option<Selector>,
    pub(super) title: Option<Selector>,
    pub(super) author: Option<Selector>,
    pub(super) date: Option<Selector>,
    pub(super) remove: Vec<Selector>,
}

impl Selectors {
    /// Compiles the selectors of the configuration.
    ///
    /// # Errors
    /// One `ConfigProblem` for each selector that is no valid CSS, with its place.
    pub fn compile(select: &Select) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let mut compile_one = |selector: &Placed| {
            parse_selector(&selector.text)
                .map_err(|error| problems.push(ConfigProblem::no_selector(selector, &error)))
                .ok()
        };
        let compiled = Self {
            body: select.body.as_ref().and_then(&mut compile_one),
            title: select.title.as_ref().and_then(&mut compile_one),
            author: select.author.as_ref().and_then(&mut compile_one),
            date: select.date.as_ref().and_then(&mut compile_one),
            remove: select.remove.iter().filter_map(&mut compile_one).collect(),
        };
        if problems.is_empty() { Ok(compiled) } else { Err(problems) }
    }
}

fn parse_selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text.trim()).map_err(|error| error.to_string())
}

/// Returns why `text` is no CSS selector; none when it is one.
#[must_use]
pub fn selector_problem(text: &str) -> Option<String> {
    let selector = Placed {
        text: text.to_owned(),
        place: Place { file: 0, span: 0..0 },
    };
    let error = parse_selector(text).err()?;
    Some(ConfigProblem::no_selector(&selector, &error).message)
}

/// Returns the text of the first element that `selector` matches and that has any, in one line.
pub(super) fn selected_text(document: &Html, selector: Option<&Selector>) -> Option<String> {
    document.select(selector?).map(element_text).find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn no_selectors_compile_to_none() {
        let compiled = Selectors::compile(&Select::default()).expect("nothing to compile");
        assert!(compiled.body.is_none() && compiled.remove.is_empty());
    }

    #[test]
    fn selected_text_is_one_line_and_keeps_words_whole() {
        let document = Html::parse_document("<h1> Le\n <b>fleu</b>ve <i>monte</i></h1>");
        let selector = Selector::parse("h1").expect("a selector");
        assert_eq!(selected_text(&document, Some(&selector)).as_deref(), Some("Le fleuve monte"));
    }
}
