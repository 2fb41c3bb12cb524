//! One line of a rule file in the format of ftr-site-config: `name: value`, or `name(argument): value`.

/// A line that is neither empty nor a comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive<'a> {
    /// The line number, counted from 1.
    pub line: usize,
    /// The name as written.
    pub name: &'a str,
    /// The text in parentheses after the name.
    pub argument: Option<&'a str>,
    /// The text after the colon, trimmed.
    pub value: &'a str,
}

/// Parses the lines of `text` that are neither empty nor comments; a line that is no directive yields its line number as error.
pub(super) fn parse_directives(text: &str) -> impl Iterator<Item = Result<Directive<'_>, usize>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Files from classic Mac OS end lines with a lone `\r`; in other files `\r` is white space before `\n`.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let lines = text.split(end).enumerate().map(|(index, line)| (index + 1, line));
    lines.filter_map(|(line, text)| {
        let text = text.trim();
        (!text.is_empty() && !text.starts_with('#')).then(|| parse_directive(line, text).ok_or(line))
    })
}

fn parse_directive(line: usize, text: &str) -> Option<Directive<'_>> {
    let end = text.find([':', '('])?;
    let (name, rest) = text.split_at(end);
    // An argument may contain colons and parentheses, such as a URL: it ends before the first `):`.
    let (argument, value) = match rest.strip_prefix('(') {
        Some(rest) => {
            let (argument, value) = rest.split_once("):").or_else(|| rest.split_once(") :"))?;
            (Some(argument), value)
        }
        None => (None, rest.strip_prefix(':')?),
    };
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    is_name.then(|| Directive {
        line,
        name,
        argument,
        value: value.trim(),
    })
}
