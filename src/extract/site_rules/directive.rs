//! One line of a rule file in the format of ftr-site-config: `name: value`, or `name(argument): value`.

/// A line that says something.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive<'a> {
    /// Its number, from 1 on.
    pub line: usize,
    /// Its name as it stands there.
    pub name: &'a str,
    /// What stands in parentheses behind the name.
    pub argument: Option<&'a str>,
    /// What stands behind the colon, without white space around it.
    pub value: &'a str,
}

/// Returns the lines of `text` that say something; those that are no directives as their number.
pub(super) fn directives(text: &str) -> impl Iterator<Item = Result<Directive<'_>, usize>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Files from old Macs have a lone `\r` at each end of line; elsewhere it is white space before `\n`.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let lines = text.split(end).enumerate().map(|(index, line)| (index + 1, line));
    lines.filter_map(|(line, text)| {
        let text = text.trim();
        (!text.is_empty() && !text.starts_with('#')).then(|| directive(line, text).ok_or(line))
    })
}

fn directive(line: usize, text: &str) -> Option<Directive<'_>> {
    let end = text.find([':', '('])?;
    let (name, rest) = text.split_at(end);
    // An argument may hold colons and parentheses of its own, such as an address: it ends before the first `):`.
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
