//! The lexer of the query language: a query's text → its tokens, each with its byte range.

use std::ops::Range;

/// A token of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    Or,
    And,
    Not,
    /// `*` by itself.
    Everything,
    /// A field's name, its colon left out.
    Field(String),
    /// An unquoted word, which may end in `*` or contain commas.
    Word(String),
    /// `"…"`, and whether a `*` follows.
    Quoted(String, bool),
    /// `="…"` or `=word`.
    Exact(String),
    /// `/…/` and whether an `i` follows.
    Regex(String, bool),
    /// `@name`.
    Concept(String),
    /// `^2`.
    Boost(f64),
    /// `NEAR/5`: the maximum number of words between what it joins.
    Near(usize),
    /// `SAME` before a parenthesis.
    Same,
}

/// The distance of `NEAR` without a number, in words, as in SQLite's FTS5.
const DEFAULT_NEAR_WORDS: usize = 10;
/// The longest distance of `NEAR`, in words.
const MAX_NEAR_WORDS: usize = 1000;

/// A token with its byte range in the query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpannedToken {
    pub token: Token,
    pub span: Range<usize>,
}

/// A mistake in a query with its byte range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The byte range of what is wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl QueryError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Splits a query into tokens.
///
/// # Errors
/// A quotation or regular expression that is not closed, a wrong boost, or an `@` without a name.
pub(super) fn tokenize(query: &str) -> Result<Vec<SpannedToken>, QueryError> {
    let mut lexer = Lexer { query, at: 0 };
    let mut tokens = Vec::new();
    while let Some(spanned) = lexer.next_token()? {
        tokens.push(spanned);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    query: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn next_token(&mut self) -> Result<Option<SpannedToken>, QueryError> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Ok(None);
        };
        let token = match first {
            '(' => self.advance(1, Token::Open),
            ')' => self.advance(1, Token::Close),
            '-' | '!' | '−' | '–' => self.advance(first.len_utf8(), Token::Not),
            '"' | '“' | '”' | '«' => self.quoted()?,
            '/' => self.regex()?,
            '=' => self.exact()?,
            '^' => self.boost()?,
            '@' => self.concept()?,
            _ => self.word()?,
        };
        Ok(Some(SpannedToken {
            token,
            span: start..self.at,
        }))
    }

    /// Skips `bytes` and returns `token`.
    fn advance(&mut self, bytes: usize, token: Token) -> Token {
        self.at += bytes;
        token
    }

    /// Reads a quotation, whose opening quote is next, and returns the text between the quotes.
    fn read_quotation(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let mut chars = self.rest().char_indices();
        let Some((_, open)) = chars.next() else {
            return Ok(String::new());
        };
        let closing: &[char] = match open {
            '«' => &['»'],
            '"' => &['"'],
            _ => &['”', '“', '"'],
        };
        for (at, c) in chars {
            if closing.contains(&c) {
                let text = self.rest().get(open.len_utf8()..at).unwrap_or_default().to_owned();
                self.at = start + at + c.len_utf8();
                return Ok(text);
            }
        }
        Err(QueryError::new(start..self.query.len(), "the quotation is not closed").help(format!("add {} at its end", closing[0])))
    }

    fn quoted(&mut self) -> Result<Token, QueryError> {
        let text = self.read_quotation()?;
        let prefix = self.rest().starts_with('*');
        self.at += usize::from(prefix);
        Ok(Token::Quoted(text, prefix))
    }

    fn exact(&mut self) -> Result<Token, QueryError> {
        self.at += 1;
        if self.rest().starts_with(['"', '“', '«']) {
            return Ok(Token::Exact(self.read_quotation()?));
        }
        Ok(Token::Exact(self.read_bare()))
    }

    fn regex(&mut self) -> Result<Token, QueryError> {
        let start = self.at;
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            if c == '/' && !escaped {
                let pattern = self.rest().get(1..at).unwrap_or_default().replace("\\/", "/");
                self.at = start + at + 1;
                let ignore_case = self.rest().starts_with('i');
                self.at += usize::from(ignore_case);
                return Ok(Token::Regex(pattern, ignore_case));
            }
            escaped = c == '\\' && !escaped;
        }
        Err(QueryError::new(start..self.query.len(), "the regular expression is not closed").help("add / at its end"))
    }

    fn boost(&mut self) -> Result<Token, QueryError> {
        let start = self.at;
        self.at += 1;
        let number = self.read_bare();
        match number.parse::<f64>() {
            Ok(boost) if boost > 0.0 && boost <= 1000.0 => Ok(Token::Boost(boost)),
            _ => Err(QueryError::new(start..self.at, format!("`^{number}` is no boost"))
                .help("write a number above 0 and up to 1000, such as ^2")),
        }
    }

    fn concept(&mut self) -> Result<Token, QueryError> {
        let start = self.at;
        self.at += 1;
        let name = self.read_bare();
        if name.is_empty() {
            return Err(QueryError::new(start..self.at, "a concept's name is missing after @"));
        }
        Ok(Token::Concept(name.to_lowercase()))
    }

    /// Reads the characters up to the next space, parenthesis, quote or boost.
    fn read_bare(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || "()\"^".contains(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default().to_owned()
    }

    fn word(&mut self) -> Result<Token, QueryError> {
        let start = self.at;
        let text = self.read_bare();
        if let Some((name, _)) = text.split_once(':')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
            && !text[name.len() + 1..].starts_with("//")
        {
            self.at = start + name.len() + 1;
            return Ok(Token::Field(name.to_ascii_lowercase()));
        }
        Ok(match text.as_str() {
            "*" => Token::Everything,
            "OR" | "||" => Token::Or,
            "AND" | "&&" => Token::And,
            "NOT" => Token::Not,
            "SAME" if self.rest().starts_with('(') => Token::Same,
            "NEAR" => Token::Near(DEFAULT_NEAR_WORDS),
            near if near.starts_with("NEAR/") => match near["NEAR/".len()..].parse() {
                Ok(distance) if (0..=MAX_NEAR_WORDS).contains(&distance) => Token::Near(distance),
                _ => {
                    let error = QueryError::new(start..self.at, format!("`{near}` is no distance"));
                    return Err(error.help(format!("write NEAR/5, at most NEAR/{MAX_NEAR_WORDS}")));
                }
            },
            "" => {
                // A character that begins no token becomes an empty word, which the parser refuses.
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                Token::Word(String::new())
            }
            _ => Token::Word(text),
        })
    }
}
