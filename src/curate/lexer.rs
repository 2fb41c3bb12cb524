//! The lexer of the query language: a query's text → its pieces, each with the bytes it takes.

use std::ops::Range;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Open,
    Close,
    Or,
    And,
    Not,
    /// `*` by itself.
    Everything,
    /// A field's name, its colon left out.
    Field(String),
    /// A bare word, which may end in `*` or hold commas.
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
    /// A construct that is planned and not yet there, such as `NEAR/5`.
    Waits(&'static str),
}

/// A piece with its place in the query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub piece: Piece,
    pub span: Range<usize>,
}

/// A mistake with its place in the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub span: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Mistake {
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

/// The names of fields.
pub(super) const FIELDS: [&str; 12] = [
    "title", "text", "author", "url", "source", "tag", "category", "kind", "country", "lang", "date", "sources",
];

/// Cuts a query into pieces.
pub(super) fn lex(query: &str) -> Result<Vec<Placed>, Mistake> {
    let mut lexer = Lexer { query, at: 0 };
    let mut pieces = Vec::new();
    while let Some(placed) = lexer.next_piece()? {
        pieces.push(placed);
    }
    Ok(pieces)
}

struct Lexer<'a> {
    query: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn next_piece(&mut self) -> Result<Option<Placed>, Mistake> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Ok(None);
        };
        let piece = match first {
            '(' => self.take(1, Piece::Open),
            ')' => self.take(1, Piece::Close),
            '-' | '!' | '−' | '–' => self.take(first.len_utf8(), Piece::Not),
            '"' | '“' | '”' | '«' => self.quoted()?,
            '/' => self.regex()?,
            '=' => self.exact()?,
            '^' => self.boost()?,
            '@' => self.concept()?,
            _ => self.word(),
        };
        Ok(Some(Placed {
            piece,
            span: start..self.at,
        }))
    }

    fn take(&mut self, bytes: usize, piece: Piece) -> Piece {
        self.at += bytes;
        piece
    }

    /// Reads up to the closing quote; the opening one is next.
    fn between_quotes(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        let mut letters = self.rest().char_indices();
        let Some((_, open)) = letters.next() else {
            return Ok(String::new());
        };
        let closing: &[char] = match open {
            '«' => &['»'],
            '"' => &['"'],
            _ => &['”', '“', '"'],
        };
        for (at, letter) in letters {
            if closing.contains(&letter) {
                let text = self.rest().get(open.len_utf8()..at).unwrap_or_default().to_owned();
                self.at = start + at + letter.len_utf8();
                return Ok(text);
            }
        }
        Err(Mistake::new(start..self.query.len(), "the quotation is not closed").help(format!("add {} at its end", closing[0])))
    }

    fn quoted(&mut self) -> Result<Piece, Mistake> {
        let text = self.between_quotes()?;
        let prefix = self.rest().starts_with('*');
        self.at += usize::from(prefix);
        Ok(Piece::Quoted(text, prefix))
    }

    fn exact(&mut self) -> Result<Piece, Mistake> {
        self.at += 1;
        if self.rest().starts_with(['"', '“', '«']) {
            return Ok(Piece::Exact(self.between_quotes()?));
        }
        Ok(Piece::Exact(self.run()))
    }

    fn regex(&mut self) -> Result<Piece, Mistake> {
        let start = self.at;
        let mut escaped = false;
        for (at, letter) in self.rest().char_indices().skip(1) {
            if letter == '/' && !escaped {
                let pattern = self.rest().get(1..at).unwrap_or_default().replace("\\/", "/");
                self.at = start + at + 1;
                let ignore_case = self.rest().starts_with('i');
                self.at += usize::from(ignore_case);
                return Ok(Piece::Regex(pattern, ignore_case));
            }
            escaped = letter == '\\' && !escaped;
        }
        Err(Mistake::new(start..self.query.len(), "the regular expression is not closed").help("add / at its end"))
    }

    fn boost(&mut self) -> Result<Piece, Mistake> {
        let start = self.at;
        self.at += 1;
        let number = self.run();
        match number.parse::<f64>() {
            Ok(boost) if boost > 0.0 && boost <= 1000.0 => Ok(Piece::Boost(boost)),
            _ => {
                Err(Mistake::new(start..self.at, format!("`^{number}` is no boost"))
                    .help("write a number above 0 and up to 1000, such as ^2"))
            }
        }
    }

    fn concept(&mut self) -> Result<Piece, Mistake> {
        let start = self.at;
        self.at += 1;
        let name = self.run();
        if name.is_empty() {
            return Err(Mistake::new(start..self.at, "a concept's name is missing after @"));
        }
        Ok(Piece::Concept(name.to_lowercase()))
    }

    /// Reads to the next space, parenthesis, quote or boost.
    fn run(&mut self) -> String {
        let rest = self.rest();
        let end = rest
            .find(|letter: char| letter.is_whitespace() || "()\"^".contains(letter))
            .unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default().to_owned()
    }

    fn word(&mut self) -> Piece {
        let start = self.at;
        let run = self.run();
        if let Some((name, _)) = run.split_once(':')
            && !name.is_empty()
            && name.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '_')
            && !run[name.len() + 1..].starts_with("//")
        {
            self.at = start + name.len() + 1;
            return Piece::Field(name.to_ascii_lowercase());
        }
        match run.as_str() {
            "*" => Piece::Everything,
            "OR" | "||" => Piece::Or,
            "AND" | "&&" => Piece::And,
            "NOT" => Piece::Not,
            "SAME" if self.rest().starts_with('(') => Piece::Waits("SAME(…)"),
            near if near == "NEAR" || near.starts_with("NEAR/") => Piece::Waits("NEAR/5"),
            "" => {
                // A stray sign that begins nothing: it is read as an empty word and refused by the parser.
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                Piece::Word(String::new())
            }
            _ => Piece::Word(run),
        }
    }
}
