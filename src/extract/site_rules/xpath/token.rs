//! The tokens of an `XPath` expression (`XPath` 1.0, section 3.7).

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A symbol such as `//` or `<=`.
    Symbol(&'static str),
    /// A name, with its prefix if it has one; `*` is a symbol.
    Name(String),
    /// A string literal.
    String(String),
    /// A number literal.
    Number(f64),
}

/// The symbols; longer ones come first, so that `//` is not read as two `/`.
const SYMBOLS: &[&str] = &[
    "//", "::", "..", "!=", "<=", ">=", "/", "(", ")", "[", "]", ".", "@", ",", "|", "+", "-", "=", "<", ">", "*", ":",
];

/// Returns the tokens of `text`.
///
/// # Errors
/// A message that says what is wrong.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '"' | '\'' => quoted(rest, first)?,
            c if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) => number(rest)?,
            c if is_name_start(c) => name(rest),
            _ => {
                let symbol = SYMBOLS.iter().find_map(|symbol| Some((*symbol, rest.strip_prefix(symbol)?)));
                let (symbol, after) = symbol.ok_or_else(|| format!("`{first}` has no meaning here"))?;
                (Token::Symbol(symbol), after)
            }
        };
        found.push(token);
        rest = after.trim_start();
    }
    Ok(found)
}

fn quoted(rest: &str, quote: char) -> Result<(Token, &str), String> {
    let (text, after) = rest[1..].split_once(quote).ok_or("a quote is not closed")?;
    Ok((Token::String(text.to_owned()), after))
}

fn number(rest: &str) -> Result<(Token, &str), String> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    let value = digits.parse().map_err(|_| format!("`{digits}` is no number"))?;
    Ok((Token::Number(value), after))
}

fn name(rest: &str) -> (Token, &str) {
    let mut end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    // A single colon belongs to the name (`fb:like`), a double one makes it an axis (`self::p`).
    if let Some(after) = rest[end..].strip_prefix(':')
        && after.starts_with(is_name_start)
    {
        end += 1 + after.find(|c| !is_name(c)).unwrap_or(after.len());
    }
    let (name, after) = rest.split_at(end);
    (Token::Name(name.to_owned()), after)
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}
