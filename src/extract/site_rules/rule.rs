//! A compiled site rule: the directives of one file in the ftr-site-config format. Applying them to a page is in `apply`.

use super::directive::{Directive, parse_directives};
use super::xpath::XPath;
use url::Url;

/// The rest of a longer rule file is not read, and a warning says so.
const MAX_FILE_BYTES: usize = 256_000;
/// Further directives of a file are ignored, and a warning says so.
const MAX_DIRECTIVES: usize = 2_000;

/// A line of a rule file that is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleWarning {
    /// The line number, counted from 1.
    pub line: usize,
    /// What is ignored, and why.
    pub message: String,
}

/// A directive whose value is an `XPath` expression.
#[derive(Debug, Clone)]
pub(super) struct XPathDirective {
    pub line: usize,
    pub name: &'static str,
    pub text: String,
    pub xpath: XPath,
    /// The directive applies only to pages on which this expression is true (`if_page_contains`).
    pub condition: Option<XPath>,
}

/// A directive whose value is plain text.
#[derive(Debug, Clone)]
pub(super) struct TextDirective {
    pub line: usize,
    pub text: String,
}

/// A string replacement in the markup before it is parsed (`find_string`, `replace_string`).
#[derive(Debug, Clone)]
pub(super) struct Replacement {
    pub line: usize,
    pub find: String,
    pub replace: String,
}

/// A compiled site rule; the default has no directives.
#[derive(Debug, Clone, Default)]
pub struct SiteRule {
    pub(super) title: Vec<XPathDirective>,
    pub(super) author: Vec<XPathDirective>,
    pub(super) date: Vec<XPathDirective>,
    pub(super) body: Vec<XPathDirective>,
    pub(super) strip: Vec<XPathDirective>,
    pub(super) strip_attribute: Vec<XPathDirective>,
    pub(super) strip_id_or_class: Vec<TextDirective>,
    pub(super) strip_image: Vec<TextDirective>,
    pub(super) lazy_sources: Vec<TextDirective>,
    pub(super) single_page: Vec<XPathDirective>,
    pub(super) next_page: Vec<XPathDirective>,
    pub(super) native_ad: Vec<XPathDirective>,
    pub(super) replacements: Vec<Replacement>,
    pub(super) prune: Option<bool>,
    pub(super) fallback: Option<bool>,
    pub(super) auto_next: Option<bool>,
    pub(super) skip_json_ld: Option<bool>,
    tests: Vec<(String, Vec<String>)>,
}

/// Directives without effect here: the HTML parser repairs pages as browsers do, and the cleaner removes comments.
const NO_OP_DIRECTIVES: &[&str] = &["tidy", "parser", "strip_comments"];
/// Directives that are not supported, with the reason for the warning.
const UNSUPPORTED_DIRECTIVES: &[(&str, &str)] = &[
    (
        "http_header",
        "griot always says who it is and sends no header of another's choosing; where you may, set `headers` of the source in feeds.toml",
    ),
    (
        "requires_login",
        "griot does not log in; give the source's `headers` in feeds.toml where you have an account",
    ),
    ("not_logged_in_xpath", "griot does not log in"),
    ("login_uri", "griot does not log in"),
    ("login_username_field", "griot does not log in"),
    ("login_password_field", "griot does not log in"),
    ("login_extra_fields", "griot does not log in"),
    ("single_page_link_in_feed", "links are taken from pages only"),
    ("wrap_in", "elements are not renamed or wrapped"),
    ("move_into", "elements are not moved"),
    ("dissolve", "elements are not dissolved; the cleaner drops what carries no meaning"),
    ("convert_double_br_tags", "line breaks stay line breaks"),
    ("footnotes", "footnotes are not moved"),
    ("post_strip_attr", "use strip_attr: the cleaner keeps few attributes anyway"),
    ("skip_id_or_class", "use strip_id_or_class"),
];

impl SiteRule {
    /// Compiles the text of a rule file. A line that cannot be applied yields a warning and is never fatal, because rule files are written
    /// for several programs.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<RuleWarning>) {
        let mut parser = RuleParser::default();
        let end = text.floor_char_boundary(MAX_FILE_BYTES);
        for (count, found) in parse_directives(&text[..end]).enumerate() {
            let line = match &found {
                Ok(directive) => directive.line,
                Err(line) => *line,
            };
            if count >= MAX_DIRECTIVES {
                parser.warn(line, format!("only the first {MAX_DIRECTIVES} directives of a file are followed"));
                break;
            }
            match found {
                Ok(directive) => parser.add_directive(&directive),
                Err(line) => parser.warn(line, "this is no directive: `name: value` is expected"),
            }
        }
        if end < text.len() {
            parser.warn(1, format!("only the first {MAX_FILE_BYTES} bytes of a file are read"));
        }
        parser.finish()
    }

    /// Returns this rule with the directives of `other` appended; options of `other` count where this rule sets none.
    #[must_use]
    pub fn merged_with(mut self, other: &Self) -> Self {
        for (own, added) in [
            (&mut self.title, &other.title),
            (&mut self.author, &other.author),
            (&mut self.date, &other.date),
            (&mut self.body, &other.body),
            (&mut self.strip, &other.strip),
            (&mut self.strip_attribute, &other.strip_attribute),
            (&mut self.single_page, &other.single_page),
            (&mut self.next_page, &other.next_page),
            (&mut self.native_ad, &other.native_ad),
        ] {
            own.extend_from_slice(added);
        }
        self.strip_id_or_class.extend_from_slice(&other.strip_id_or_class);
        self.strip_image.extend_from_slice(&other.strip_image);
        self.lazy_sources.extend_from_slice(&other.lazy_sources);
        self.replacements.extend_from_slice(&other.replacements);
        self.prune = self.prune.or(other.prune);
        self.fallback = self.fallback.or(other.fallback);
        self.auto_next = self.auto_next.or(other.auto_next);
        self.skip_json_ld = self.skip_json_ld.or(other.skip_json_ld);
        self
    }

    /// Returns whether the body is detected automatically when this rule finds none; a rule without `body` always allows it.
    pub(in crate::extract) fn falls_back(&self) -> bool {
        self.body.is_empty() || self.fallback != Some(false)
    }

    /// Returns whether boilerplate is removed from the body that this rule finds.
    pub(in crate::extract) fn prunes(&self) -> bool {
        self.prune != Some(false)
    }

    /// Returns whether the page's JSON-LD is ignored.
    pub(in crate::extract) fn skips_json_ld(&self) -> bool {
        self.skip_json_ld == Some(true)
    }

    /// Returns the `test_url` values of the file, each with its `test_contains` values.
    #[must_use]
    pub fn tests(&self) -> &[(String, Vec<String>)] {
        &self.tests
    }
}

/// Returns the list of a [`SiteRule`] to which an `XPath` directive belongs.
type DirectiveList = fn(&mut SiteRule) -> &mut Vec<XPathDirective>;
/// Directives whose value is an `XPath` expression.
const XPATH_DIRECTIVES: &[(&str, DirectiveList)] = &[
    ("title", |rule| &mut rule.title),
    ("author", |rule| &mut rule.author),
    ("date", |rule| &mut rule.date),
    ("body", |rule| &mut rule.body),
    ("strip", |rule| &mut rule.strip),
    ("strip_attr", |rule| &mut rule.strip_attribute),
    ("single_page_link", |rule| &mut rule.single_page),
    ("next_page_link", |rule| &mut rule.next_page),
    ("native_ad_clue", |rule| &mut rule.native_ad),
];

#[derive(Default)]
struct RuleParser {
    rule: SiteRule,
    warnings: Vec<RuleWarning>,
    /// The list to whose last directive an `if_page_contains` on the next line applies.
    conditional_list: Option<DirectiveList>,
    finds: Vec<TextDirective>,
    replaces: Vec<TextDirective>,
}

impl RuleParser {
    fn warn(&mut self, line: usize, message: impl Into<String>) {
        self.warnings.push(RuleWarning {
            line,
            message: message.into(),
        });
    }

    fn add_directive(&mut self, directive: &Directive<'_>) {
        let Directive { line, value, .. } = *directive;
        let name = directive.name.to_ascii_lowercase().replace('-', "_");
        let conditional_list = self.conditional_list.take();
        let part = || TextDirective {
            line,
            text: value.to_owned(),
        };
        // `replace_string` may have an empty value; other directives without a value are ignored, as Full-Text RSS does.
        if name == "replace_string" {
            match directive.argument {
                Some(find) => self.add_replacement(line, find, value),
                None => self.replaces.push(part()),
            }
            return;
        }
        if let Some((_, why)) = UNSUPPORTED_DIRECTIVES.iter().find(|(refused, _)| *refused == name) {
            self.warn(line, format!("`{}` is not followed: {why}", directive.name));
            return;
        }
        if value.is_empty() {
            self.warn(line, format!("`{}` has no value and is not followed", directive.name));
            return;
        }
        if let Some((known, list)) = XPATH_DIRECTIVES.iter().find(|(known, _)| *known == name) {
            self.add_xpath(line, known, value, *list);
            return;
        }
        match name.as_str() {
            "if_page_contains" => self.add_condition(line, value, conditional_list),
            "strip_id_or_class" => {
                let text = value.trim_matches(['"', '\'']).to_owned();
                self.rule.strip_id_or_class.push(TextDirective { line, text });
            }
            "strip_image_src" => {
                let text = value.trim_matches(['"', '\'']).to_owned();
                self.rule.strip_image.push(TextDirective { line, text });
            }
            "src_lazy_load_attr" => self.rule.lazy_sources.push(part()),
            "find_string" => self.finds.push(part()),
            "test_url" => self.rule.tests.push((value.to_owned(), Vec::new())),
            "test_contains" => match self.rule.tests.last_mut() {
                Some((_, contains)) => contains.push(value.to_owned()),
                None => self.warn(line, "`test_contains` has no `test_url` before it"),
            },
            "insert_detected_image" => {
                if is_yes(value) {
                    self.warn(
                        line,
                        "`insert_detected_image` is not followed: the lead image is kept beside the body",
                    );
                }
            }
            "prune" => self.rule.prune = Some(is_yes(value)),
            "autodetect_on_failure" => self.rule.fallback = Some(is_yes(value)),
            "autodetect_next_page" => self.rule.auto_next = Some(is_yes(value)),
            "skip_json_ld" => self.rule.skip_json_ld = Some(is_yes(value)),
            known if NO_OP_DIRECTIVES.contains(&known) => {}
            _ => self.warn(line, format!("`{}` is not a directive that griot knows", directive.name)),
        }
    }

    fn add_xpath(&mut self, line: usize, name: &'static str, text: &str, list: DirectiveList) {
        match XPath::parse(text) {
            Ok(xpath) => {
                list(&mut self.rule).push(XPathDirective {
                    line,
                    name,
                    text: text.to_owned(),
                    xpath,
                    condition: None,
                });
                self.conditional_list = matches!(name, "single_page_link" | "next_page_link").then_some(list);
            }
            Err(why) => self.warn(line, format!("`{name}` is not followed, its XPath cannot be read: {why}")),
        }
    }

    fn add_condition(&mut self, line: usize, text: &str, list: Option<DirectiveList>) {
        let Some(directive) = list.and_then(|list| list(&mut self.rule).last_mut()) else {
            let message = "`if_page_contains` is not followed: it belongs behind a `single_page_link` or `next_page_link` that can be read";
            return self.warn(line, message);
        };
        match XPath::parse(text) {
            Ok(condition) => directive.condition = Some(condition),
            Err(why) => {
                // Without its condition the link directive would apply to every page.
                if let Some(list) = list {
                    list(&mut self.rule).pop();
                }
                self.warn(
                    line,
                    format!("neither `if_page_contains` nor the directive before it is followed: {why}"),
                );
            }
        }
    }

    fn add_replacement(&mut self, line: usize, find: &str, replace: &str) {
        if find.is_empty() {
            return self.warn(line, "`replace_string` has nothing to find");
        }
        self.rule.replacements.push(Replacement {
            line,
            find: find.to_owned(),
            replace: replace.to_owned(),
        });
    }

    /// Pairs each `find_string` with the `replace_string` of the same number.
    fn finish(mut self) -> (SiteRule, Vec<RuleWarning>) {
        let (finds, replaces) = (std::mem::take(&mut self.finds), std::mem::take(&mut self.replaces));
        if finds.len() == replaces.len() {
            for (find, replace) in finds.iter().zip(&replaces) {
                self.add_replacement(find.line, &find.text, &replace.text);
            }
        } else if let Some(part) = finds.first().or(replaces.first()) {
            let (finds, replaces) = (finds.len(), replaces.len());
            let message = format!("{finds} `find_string` and {replaces} `replace_string` make no pairs, so none is followed");
            self.warn(part.line, message);
        }
        self.warnings.sort_by_key(|warning| warning.line);
        (self.rule, self.warnings)
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "yes" | "true" | "1")
}

/// Returns whether `url` has the scheme HTTP or HTTPS.
pub(super) fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
