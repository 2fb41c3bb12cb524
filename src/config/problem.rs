//! Files, places in them, and the mistakes that are reported there.

use std::path::PathBuf;

/// A place in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The index of the file in [`Config::files`](super::Config::files).
    pub file: usize,
    /// The byte range in that file.
    pub span: std::ops::Range<usize>,
}

/// A text with its place, so that the module that compiles it can point at it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placed {
    /// The text.
    pub text: String,
    /// Its place.
    pub place: Place,
}

/// A file the configuration was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Its path as the user gave it.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// One mistake in the configuration. `config::report` prints it with its line and a caret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigProblem {
    /// Where it is; none for a mistake of the configuration as a whole.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do, such as "did you mean `every`?".
    pub help: Option<String>,
    /// A second place that explains the first, with a label, such as "first used here".
    pub also: Option<Placed>,
}

impl ConfigProblem {
    /// Returns the mistake of a text that is no CSS selector, for the reason `error`.
    #[must_use]
    pub fn no_selector(selector: &Placed, error: &str) -> Self {
        Self {
            place: Some(selector.place.clone()),
            message: format!("`{}` is not a CSS selector: {}", selector.text, selector_reason(error)),
            help: Some(
                "write it as a style sheet would, such as `div.article-body` or `#content p`; pseudo-elements are not supported".to_owned(),
            ),
            also: None,
        }
    }

    /// Returns the key by which problems are sorted: those without a place first, then by file and offset.
    pub(super) fn sort_key(&self) -> Option<(usize, usize)> {
        self.place.as_ref().map(|place| (place.file, place.span.start))
    }
}

/// Returns why a text is no CSS selector; `error` is what the parser says, which helps only those who know its code.
fn selector_reason(error: &str) -> &'static str {
    match error {
        "Unexpected EOL" => "it ends too early",
        "Token was not expected" => "a character stands where none is expected",
        "Missing colon character on pseudoelement" | "Missing pseudoelement identity" => "a name is missing behind a `:`",
        _ if error.contains("ClassNeedsIdent") => "a name is missing behind a `.`",
        _ if error.contains("EmptySelector") => "a selector is empty",
        _ if error.contains("DanglingCombinator") => "a selector is missing behind a `>`, `+` or `~`",
        _ if error.contains("Pseudo") => "a pseudo-class or pseudo-element is not known",
        _ if error.contains("Attr") => "what stands in square brackets is no condition on an attribute",
        _ => "it is not written as one",
    }
}
