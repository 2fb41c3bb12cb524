//! The words of an `XPath` expression (`XPath` 1.0, section 3.7).

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A sign such as `//` or `<=`.
    Sign(&'static str),
    /// A name, with its prefix if it has one; `*` is a sign.
    Name(String),
    /// A text in quotes.
    Text(String),
    /// A number.
    Number(f64),
}

/// The longest come first, so that `//` is never read as two `/`.
const SIGNS: &[&str] = &[
    "//", "::", "..", "!=", "<=", ">=", "/", "(", ")", "[", "]", ".", "@", ",", "|", "+", "-", "=", "<", ">", "*", ":",
];

/// Returns the words of `text`.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, behind) = match first {
            '"' | '\'' => quoted(rest, first)?,
            c if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) => number(rest)?,
            c if is_name_start(c) => name(rest),
            _ => {
                let sign = SIGNS.iter().find_map(|sign| Some((*sign, rest.strip_prefix(sign)?)));
                let (sign, behind) = sign.ok_or_else(|| format!("`{first}` has no meaning here"))?;
                (Token::Sign(sign), behind)
            }
        };
        found.push(token);
        rest = behind.trim_start();
    }
    Ok(found)
}

fn quoted(rest: &str, quote: char) -> Result<(Token, &str), String> {
    let (text, behind) = rest[1..].split_once(quote).ok_or("a quote is not closed")?;
    Ok((Token::Text(text.to_owned()), behind))
}

fn number(rest: &str) -> Result<(Token, &str), String> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (digits, behind) = rest.split_at(end);
    let value = digits.parse().map_err(|_| format!("`{digits}` is no number"))?;
    Ok((Token::Number(value), behind))
}

fn name(rest: &str) -> (Token, &str) {
    let mut end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    // One colon belongs to the name (`fb:like`), two make an axis of it (`self::p`).
    if let Some(behind) = rest[end..].strip_prefix(':')
        && behind.starts_with(is_name_start)
    {
        end += 1 + behind.find(|c| !is_name(c)).unwrap_or(behind.len());
    }
    let (name, behind) = rest.split_at(end);
    (Token::Name(name.to_owned()), behind)
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}
