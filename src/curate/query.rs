//! The query language: pieces → a tree of clauses. What a clause means for an entry stands in `judge`.

use super::concept::Concepts;
use super::lexer::{FIELDS, Mistake, Piece, Placed, lex};
use super::pattern::Pattern;
use super::subject::Zone;
use regex::RegexBuilder;
use std::ops::Range;

/// How deep parentheses may stand in each other.
const DEPTH: usize = 50;
/// How long a query may be, in bytes.
const LENGTH: usize = 20_000;
/// The size of a compiled regular expression, in bytes.
const REGEX_SIZE: usize = 1 << 20;

/// A part of a rule.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// Every part must hold; holds when there is none.
    All(Vec<Node>),
    /// One part must hold.
    Any(Vec<Node>),
    /// The part must not hold.
    Not(Box<Node>),
    /// A clause by itself.
    Clause(Clause),
}

/// The smallest part of a rule.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    /// The clause as it was written.
    pub written: String,
    /// How much it counts.
    pub boost: f64,
    pub test: Test,
}

/// What a clause asks.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Everything,
    Pattern(Pattern, Zones),
    Regex(regex::Regex, Zones),
    Concept(String, Zones),
    /// A property of the entry or its source is one of these values; lower case.
    OneOf(Property, Vec<String>),
    /// The number of sources in the story.
    Sources(Comparison, usize),
}

/// The zones that a clause looks at.
pub(super) type Zones = &'static [Zone];

/// What is compared with a list of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    Source,
    Tag,
    Kind,
    Country,
    Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    AtLeast,
    AtMost,
    Equal,
}

/// Which field a clause names.
#[derive(Debug, Clone, Copy)]
enum Field {
    Zones(Zones),
    Property(Property),
    Sources,
}

fn field(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Zones(&[Zone::Title]),
        "text" => Field::Zones(&[Zone::Summary, Zone::Body]),
        "author" => Field::Zones(&[Zone::Author]),
        "url" => Field::Zones(&[Zone::Url]),
        "category" => Field::Zones(&[Zone::Category]),
        "source" => Field::Property(Property::Source),
        "tag" => Field::Property(Property::Tag),
        "kind" => Field::Property(Property::Kind),
        "country" => Field::Property(Property::Country),
        "lang" => Field::Property(Property::Language),
        "sources" => Field::Sources,
        _ => return None,
    })
}

/// Reads a query.
pub(super) fn parse(query: &str, concepts: &Concepts) -> Result<Node, Vec<Mistake>> {
    if query.len() > LENGTH {
        return Err(vec![Mistake::new(
            0..query.len(),
            format!("the query is longer than {LENGTH} bytes"),
        )]);
    }
    let pieces = lex(query).map_err(|mistake| vec![mistake])?;
    if pieces.is_empty() {
        return Err(vec![
            Mistake::new(0..query.len(), "the query is empty").help("`*` matches everything"),
        ]);
    }
    let mut parser = Parser {
        query,
        pieces: &pieces,
        at: 0,
        depth: 0,
        concepts,
        mistakes: Vec::new(),
    };
    let node = parser.either(None).and_then(|node| match parser.peek() {
        None => Ok(node),
        Some(extra) => Err(Mistake::new(extra.span.clone(), "this parenthesis closes nothing")),
    });
    let mut mistakes = std::mem::take(&mut parser.mistakes);
    match node {
        Ok(node) if mistakes.is_empty() => Ok(node),
        Ok(_) => Err(mistakes),
        Err(mistake) => {
            mistakes.push(mistake);
            Err(mistakes)
        }
    }
}

struct Parser<'a> {
    query: &'a str,
    pieces: &'a [Placed],
    at: usize,
    depth: usize,
    concepts: &'a Concepts,
    /// Mistakes after which reading can go on.
    mistakes: Vec<Mistake>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Placed> {
        self.pieces.get(self.at)
    }

    fn end(&self) -> Range<usize> {
        let end = self.query.len();
        end.saturating_sub(1)..end
    }

    /// Reads `a b OR c`: the parts between ORs, of which each may have several.
    fn either(&mut self, within: Option<Field>) -> Result<Node, Mistake> {
        let mut parts = vec![self.every(within)?];
        while self.peek().is_some_and(|placed| placed.piece == Piece::Or) {
            self.at += 1;
            parts.push(self.every(within)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::Any(parts) })
    }

    fn every(&mut self, within: Option<Field>) -> Result<Node, Mistake> {
        let mut parts = Vec::new();
        while let Some(placed) = self.peek() {
            match placed.piece {
                Piece::Or | Piece::Close => break,
                Piece::And if !parts.is_empty() => self.at += 1,
                _ => parts.push(self.one(within)?),
            }
        }
        match parts.len() {
            0 => {
                let span = self.peek().map_or_else(|| self.end(), |placed| placed.span.clone());
                Err(Mistake::new(span, "a word is missing here"))
            }
            1 => Ok(parts.remove(0)),
            _ => Ok(Node::All(parts)),
        }
    }

    fn one(&mut self, within: Option<Field>) -> Result<Node, Mistake> {
        let Some(placed) = self.peek() else {
            return Err(Mistake::new(self.end(), "a word is missing here"));
        };
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Mistake::new(
                placed.span.clone(),
                format!("more than {DEPTH} parts stand in each other"),
            ));
        }
        let node = match &placed.piece {
            Piece::Not => Node::Not(Box::new(self.one(within)?)),
            Piece::Open => self.group(placed, within)?,
            Piece::Field(name) => self.in_field(placed, name)?,
            _ => self.clause(placed, placed.span.start, within)?,
        };
        self.depth -= 1;
        Ok(self.boosted(node))
    }

    fn group(&mut self, open: &Placed, within: Option<Field>) -> Result<Node, Mistake> {
        let node = self.either(within)?;
        match self.peek() {
            Some(placed) if placed.piece == Piece::Close => {
                self.at += 1;
                Ok(node)
            }
            _ => Err(Mistake::new(open.span.clone(), "this parenthesis is not closed")),
        }
    }

    /// Multiplies the boost behind a part into all its clauses.
    fn boosted(&mut self, mut node: Node) -> Node {
        if let Some(Placed {
            piece: Piece::Boost(boost),
            ..
        }) = self.peek()
        {
            self.at += 1;
            multiply(&mut node, *boost);
        }
        node
    }

    fn in_field(&mut self, name_piece: &Placed, name: &str) -> Result<Node, Mistake> {
        if name == "date" {
            self.mistakes
                .push(Mistake::new(name_piece.span.clone(), "`date:` waits for a later version").help("use the topic's `keep`"));
        } else if field(name).is_none() {
            let mistake = Mistake::new(name_piece.span.clone(), format!("there is no field `{name}:`"));
            self.mistakes.push(match nearest(name, FIELDS.into_iter()) {
                Some(near) => mistake.help(format!("did you mean `{near}:`? To search for the words, put them in quotes")),
                None => mistake.help(format!("fields are {}", FIELDS.join(", "))),
            });
        }
        // A wrong field is noted; reading goes on as if it were a title, to find the other mistakes.
        let field = field(name).unwrap_or(Field::Zones(&[Zone::Title]));
        let Some(placed) = self.peek().filter(|placed| placed.span.start == name_piece.span.end) else {
            return Err(Mistake::new(
                name_piece.span.clone(),
                format!("a value is missing behind `{name}:`"),
            ));
        };
        self.at += 1;
        match &placed.piece {
            Piece::Open => self.group(placed, Some(field)),
            _ => self.clause(placed, name_piece.span.start, Some(field)),
        }
    }

    fn clause(&mut self, placed: &Placed, start: usize, within: Option<Field>) -> Result<Node, Mistake> {
        let written = self.query.get(start..placed.span.end).unwrap_or_default().to_owned();
        let clause = |test| {
            Node::Clause(Clause {
                written: written.clone(),
                boost: 1.0,
                test,
            })
        };
        let zones = match within {
            None => &Zone::TEXT,
            Some(Field::Zones(zones)) => zones,
            Some(Field::Property(property)) => return Ok(clause(properties(placed, property)?)),
            Some(Field::Sources) => return Ok(clause(sources(placed)?)),
        };
        let no_word = || Mistake::new(placed.span.clone(), "there is no word in this");
        let pattern = |found: Option<Pattern>| found.map(|pattern| clause(Test::Pattern(pattern, zones))).ok_or_else(no_word);
        match &placed.piece {
            Piece::Everything => Ok(clause(Test::Everything)),
            Piece::Word(text) if within.is_some() && text.contains(',') => {
                let parts = text
                    .split(',')
                    .filter(|part| !part.is_empty())
                    .map(|part| pattern(Pattern::phrase(part, |_| false)));
                Ok(Node::Any(parts.collect::<Result<_, _>>()?))
            }
            Piece::Word(text) => pattern(Pattern::phrase(text, |_| false)),
            Piece::Quoted(text, prefix) => pattern(Pattern::phrase(&format!("{text}{}", if *prefix { "*" } else { "" }), |_| false)),
            Piece::Exact(text) => pattern(Pattern::exact(text)),
            Piece::Regex(text, ignore_case) => Ok(clause(Test::Regex(regex(text, *ignore_case, &placed.span)?, zones))),
            Piece::Concept(name) => {
                if let Some(mistake) = unknown_concept(name, &placed.span, self.concepts) {
                    self.mistakes.push(mistake);
                }
                Ok(clause(Test::Concept(name.clone(), zones)))
            }
            Piece::Waits(what) => {
                Err(Mistake::new(placed.span.clone(), format!("`{what}` waits for a later version"))
                    .help("use a \"phrase\" or several words"))
            }
            _ => Err(Mistake::new(placed.span.clone(), "a word is missing here")),
        }
    }
}

fn properties(placed: &Placed, property: Property) -> Result<Test, Mistake> {
    let (Piece::Word(text) | Piece::Quoted(text, _) | Piece::Exact(text)) = &placed.piece else {
        return Err(
            Mistake::new(placed.span.clone(), "a value is missing here").help("write one value, or several with commas between them")
        );
    };
    let values: Vec<String> = text
        .split(',')
        .map(|value| value.trim().to_lowercase())
        .filter(|value| !value.is_empty())
        .collect();
    if property == Property::Kind {
        let kinds = crate::config::SourceKind::ALL.map(crate::config::SourceKind::as_str);
        if let Some(wrong) = values.iter().find(|value| !kinds.contains(&value.as_str())) {
            let mistake = Mistake::new(placed.span.clone(), format!("there is no kind `{wrong}`"));
            return Err(match nearest(wrong, kinds.into_iter()) {
                Some(near) => mistake.help(format!("did you mean `{near}`?")),
                None => mistake.help(format!("kinds are {}", kinds.join(", "))),
            });
        }
    }
    if values.is_empty() {
        return Err(Mistake::new(placed.span.clone(), "a value is missing here"));
    }
    Ok(Test::OneOf(property, values))
}

fn sources(placed: &Placed) -> Result<Test, Mistake> {
    let wrong = || Mistake::new(placed.span.clone(), "a number of sources is missing here").help("write sources:>=2");
    let (Piece::Word(text) | Piece::Exact(text)) = &placed.piece else {
        return Err(wrong());
    };
    let number = |digits: &str| digits.trim().parse::<usize>().map_err(|_| wrong());
    Ok(if let Some(rest) = text.strip_prefix(">=") {
        Test::Sources(Comparison::AtLeast, number(rest)?)
    } else if let Some(rest) = text.strip_prefix('>') {
        Test::Sources(Comparison::AtLeast, number(rest)?.saturating_add(1))
    } else if let Some(rest) = text.strip_prefix("<=") {
        Test::Sources(Comparison::AtMost, number(rest)?)
    } else if let Some(rest) = text.strip_prefix('<') {
        Test::Sources(Comparison::AtMost, number(rest)?.saturating_sub(1))
    } else {
        Test::Sources(Comparison::Equal, number(text)?)
    })
}

fn regex(text: &str, ignore_case: bool, span: &Range<usize>) -> Result<regex::Regex, Mistake> {
    RegexBuilder::new(text)
        .case_insensitive(ignore_case)
        .size_limit(REGEX_SIZE)
        .dfa_size_limit(REGEX_SIZE)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => Mistake::new(span.clone(), "this regular expression is too big"),
            other => {
                let text = other.to_string();
                let last = text.lines().last().unwrap_or_default();
                let message = last.trim().trim_start_matches("error: ");
                Mistake::new(span.clone(), format!("this is no regular expression: {message}"))
            }
        })
}

/// Returns the mistake of naming a concept that is not there.
pub(super) fn unknown_concept(name: &str, span: &Range<usize>, concepts: &Concepts) -> Option<Mistake> {
    if concepts.get(name).is_some() {
        return None;
    }
    let mistake = Mistake::new(span.clone(), format!("there is no concept `@{name}`"));
    Some(match nearest(name, concepts.names()) {
        Some(near) => mistake.help(format!("did you mean `@{near}`?")),
        None => mistake.help(format!("write a table [concept.{name}]")),
    })
}

fn nearest<'n>(name: &str, among: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    among
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= 1.max(known.len() / 3))
        .min()
        .map(|(_, known)| known)
}

fn multiply(node: &mut Node, boost: f64) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter_mut().for_each(|part| multiply(part, boost)),
        Node::Not(_) => {}
        Node::Clause(clause) => clause.boost *= boost,
    }
}
