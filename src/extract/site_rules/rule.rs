//! A site rule: what a file in the format of ftr-site-config says, compiled.

use super::directive::{Directive, directives};
use super::xpath::XPath;
use url::Url;

/// The longest rule file, in bytes; what stands behind is not read, and that is remarked.
const MAX_FILE: usize = 256_000;
/// The most directives that are kept of one file.
const MAX_DIRECTIVES: usize = 2_000;

/// Something in a rule file that is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The number of the line, from 1 on.
    pub line: usize,
    /// What is not followed, and why.
    pub message: String,
}

/// A directive with an expression.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub line: usize,
    pub directive: &'static str,
    pub text: String,
    pub xpath: XPath,
    /// Pages for which it holds only: those on which this finds something.
    pub condition: Option<XPath>,
}

/// A directive with a plain text.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub line: usize,
    pub text: String,
}

/// A replacement in the markup before it is parsed.
#[derive(Debug, Clone)]
pub(super) struct Replacement {
    pub line: usize,
    pub find: String,
    pub replace: String,
}

/// A site rule; the default has no directive.
#[derive(Debug, Clone, Default)]
pub struct SiteRule {
    pub(super) title: Vec<Way>,
    pub(super) author: Vec<Way>,
    pub(super) date: Vec<Way>,
    pub(super) body: Vec<Way>,
    pub(super) strip: Vec<Way>,
    pub(super) strip_attribute: Vec<Way>,
    pub(super) strip_id_or_class: Vec<Part>,
    pub(super) strip_image: Vec<Part>,
    pub(super) lazy_sources: Vec<Part>,
    pub(super) single_page: Vec<Way>,
    pub(super) next_page: Vec<Way>,
    pub(super) native_ad: Vec<Way>,
    pub(super) replacements: Vec<Replacement>,
    pub(super) prune: Option<bool>,
    pub(super) fallback: Option<bool>,
    pub(super) auto_next: Option<bool>,
    pub(super) skip_json_ld: Option<bool>,
    tests: Vec<(String, Vec<String>)>,
}

/// Directives that need nothing done, and why: pages are repaired as browsers do, comments never stay, and no image is ever inserted.
const FULFILLED: &[&str] = &["tidy", "parser", "strip_comments"];
/// Directives that are never followed, and why.
const REFUSED: &[(&str, &str)] = &[
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
    /// Compiles the text of a rule file. What cannot be followed is remarked, never fatal: rule files are written for several programs.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<Remark>) {
        let mut reader = Reader::default();
        let end = text.floor_char_boundary(MAX_FILE);
        for (count, found) in directives(&text[..end]).enumerate() {
            let line = match &found {
                Ok(directive) => directive.line,
                Err(line) => *line,
            };
            if count >= MAX_DIRECTIVES {
                reader.remark(line, format!("only the first {MAX_DIRECTIVES} directives of a file are followed"));
                break;
            }
            match found {
                Ok(directive) => reader.take(&directive),
                Err(line) => reader.remark(line, "this is no directive: `name: value` is expected"),
            }
        }
        if end < text.len() {
            reader.remark(1, format!("only the first {MAX_FILE} bytes of a file are read"));
        }
        reader.finish()
    }

    /// Returns this rule with what `more` adds: its directives come behind, and its answers count where this gives none.
    #[must_use]
    pub fn with(mut self, more: &Self) -> Self {
        for (own, other) in [
            (&mut self.title, &more.title),
            (&mut self.author, &more.author),
            (&mut self.date, &more.date),
            (&mut self.body, &more.body),
            (&mut self.strip, &more.strip),
            (&mut self.strip_attribute, &more.strip_attribute),
            (&mut self.single_page, &more.single_page),
            (&mut self.next_page, &more.next_page),
            (&mut self.native_ad, &more.native_ad),
        ] {
            own.extend_from_slice(other);
        }
        self.strip_id_or_class.extend_from_slice(&more.strip_id_or_class);
        self.strip_image.extend_from_slice(&more.strip_image);
        self.lazy_sources.extend_from_slice(&more.lazy_sources);
        self.replacements.extend_from_slice(&more.replacements);
        self.prune = self.prune.or(more.prune);
        self.fallback = self.fallback.or(more.fallback);
        self.auto_next = self.auto_next.or(more.auto_next);
        self.skip_json_ld = self.skip_json_ld.or(more.skip_json_ld);
        self
    }

    /// Returns the addresses that the file names as tests, each with the texts that its article must hold.
    #[must_use]
    pub fn tests(&self) -> &[(String, Vec<String>)] {
        &self.tests
    }
}

/// Which list a directive with an expression goes to.
type List = fn(&mut SiteRule) -> &mut Vec<Way>;
/// Directives with an expression.
const WAYS: &[(&str, List)] = &[
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
struct Reader {
    rule: SiteRule,
    remarks: Vec<Remark>,
    /// The list that a condition on the next line would belong to.
    conditional: Option<List>,
    finds: Vec<Part>,
    replaces: Vec<Part>,
}

impl Reader {
    fn remark(&mut self, line: usize, message: impl Into<String>) {
        self.remarks.push(Remark {
            line,
            message: message.into(),
        });
    }

    fn take(&mut self, directive: &Directive<'_>) {
        let Directive { line, value, .. } = *directive;
        let name = directive.name.to_ascii_lowercase().replace('-', "_");
        let conditional = self.conditional.take();
        let part = || Part {
            line,
            text: value.to_owned(),
        };
        // `replace_string` may replace by nothing; an empty value elsewhere says nothing, as in the programs the files were written for.
        if name == "replace_string" {
            match directive.argument {
                Some(find) => self.replace(line, find, value),
                None => self.replaces.push(part()),
            }
            return;
        }
        if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            self.remark(line, format!("`{}` is not followed: {why}", directive.name));
            return;
        }
        if value.is_empty() {
            self.remark(line, format!("`{}` has no value and is not followed", directive.name));
            return;
        }
        if let Some((known, list)) = WAYS.iter().find(|(known, _)| *known == name) {
            self.way(line, known, value, *list);
            return;
        }
        match name.as_str() {
            "if_page_contains" => self.condition(line, value, conditional),
            "strip_id_or_class" => {
                let text = value.trim_matches(['"', '\'']).to_owned();
                self.rule.strip_id_or_class.push(Part { line, text });
            }
            "strip_image_src" => {
                let text = value.trim_matches(['"', '\'']).to_owned();
                self.rule.strip_image.push(Part { line, text });
            }
            "src_lazy_load_attr" => self.rule.lazy_sources.push(part()),
            "find_string" => self.finds.push(part()),
            "test_url" => self.rule.tests.push((value.to_owned(), Vec::new())),
            "test_contains" => match self.rule.tests.last_mut() {
                Some((_, contains)) => contains.push(value.to_owned()),
                None => self.remark(line, "`test_contains` has no `test_url` before it"),
            },
            "insert_detected_image" => {
                if is_yes(value) {
                    self.remark(
                        line,
                        "`insert_detected_image` is not followed: the lead image is kept beside the body",
                    );
                }
            }
            "prune" => self.rule.prune = Some(is_yes(value)),
            "autodetect_on_failure" => self.rule.fallback = Some(is_yes(value)),
            "autodetect_next_page" => self.rule.auto_next = Some(is_yes(value)),
            "skip_json_ld" => self.rule.skip_json_ld = Some(is_yes(value)),
            known if FULFILLED.contains(&known) => {}
            _ => self.remark(line, format!("`{}` is not a directive that griot knows", directive.name)),
        }
    }

    fn way(&mut self, line: usize, directive: &'static str, text: &str, list: List) {
        match XPath::parse(text) {
            Ok(xpath) => {
                list(&mut self.rule).push(Way {
                    line,
                    directive,
                    text: text.to_owned(),
                    xpath,
                    condition: None,
                });
                self.conditional = matches!(directive, "single_page_link" | "next_page_link").then_some(list);
            }
            Err(why) => self.remark(line, format!("`{directive}` is not followed, its XPath cannot be read: {why}")),
        }
    }

    fn condition(&mut self, line: usize, text: &str, list: Option<List>) {
        let Some(way) = list.and_then(|list| list(&mut self.rule).last_mut()) else {
            let message = "`if_page_contains` is not followed: it belongs behind a `single_page_link` or `next_page_link` that can be read";
            return self.remark(line, message);
        };
        match XPath::parse(text) {
            Ok(condition) => way.condition = Some(condition),
            Err(why) => {
                // Without its condition the link would be followed from pages that it was not meant for.
                if let Some(list) = list {
                    list(&mut self.rule).pop();
                }
                self.remark(
                    line,
                    format!("neither `if_page_contains` nor the directive before it is followed: {why}"),
                );
            }
        }
    }

    fn replace(&mut self, line: usize, find: &str, replace: &str) {
        if find.is_empty() {
            return self.remark(line, "`replace_string` has nothing to find");
        }
        self.rule.replacements.push(Replacement {
            line,
            find: find.to_owned(),
            replace: replace.to_owned(),
        });
    }

    /// Pairs each `find_string` with the `replace_string` of the same number.
    fn finish(mut self) -> (SiteRule, Vec<Remark>) {
        let (finds, replaces) = (std::mem::take(&mut self.finds), std::mem::take(&mut self.replaces));
        if finds.len() == replaces.len() {
            for (find, replace) in finds.iter().zip(&replaces) {
                self.replace(find.line, &find.text, &replace.text);
            }
        } else if let Some(part) = finds.first().or(replaces.first()) {
            let (finds, replaces) = (finds.len(), replaces.len());
            let message = format!("{finds} `find_string` and {replaces} `replace_string` make no pairs, so none is followed");
            self.remark(part.line, message);
        }
        self.remarks.sort_by_key(|remark| remark.line);
        (self.rule, self.remarks)
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "yes" | "true" | "1")
}

/// Whether `url` may be followed: an address on the web.
pub(super) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
