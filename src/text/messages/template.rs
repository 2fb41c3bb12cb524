//! Texts with placeholders: the English one is matched with a message, the translated one is filled with what was captured.

/// What the English text of a message looks like: literal parts, with a placeholder between every two of them.
#[derive(Debug)]
pub(super) struct Template {
    /// One more than there are placeholders; parts at the ends may be empty.
    literals: Vec<String>,
    /// The names of the placeholders: those in the braces, or the number of a placeholder without name, from 1.
    names: Vec<String>,
}

/// How what was captured is put into the translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Insertion {
    /// As it is.
    Unchanged,
    /// It is a message itself, and translated too.
    Message,
    /// It is a list of messages with "or" between them.
    List,
}

/// A part of a translation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A fixed text.
    Literal(String),
    /// What the placeholder of this index in the English text has captured.
    Captured(usize, Insertion),
}

/// Splits a text at its placeholders; the braces of `{{` and `}}` are literal. Returns literal parts, and between every two of them the content of
/// a placeholder.
fn split(text: &str) -> (Vec<String>, Vec<&str>) {
    let (mut literals, mut placeholders) = (vec![String::new()], Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        if let Some(last) = literals.last_mut() {
            last.push_str(before);
        }
        let doubled = ["{{", "}}"].into_iter().find(|doubled| brace.starts_with(doubled));
        let end = brace.find('}').filter(|_| brace.starts_with('{') && doubled.is_none());
        if let Some(end) = end {
            placeholders.push(&brace[1..end]);
            literals.push(String::new());
            rest = &brace[end + 1..];
        } else {
            if let Some(last) = literals.last_mut() {
                last.push_str(&brace[..1]);
            }
            rest = &brace[doubled.map_or(1, str::len)..];
        }
    }
    if let Some(last) = literals.last_mut() {
        last.push_str(rest);
    }
    (literals, placeholders)
}

impl Template {
    /// Reads an English text as the source writes it. What stands behind a colon in the braces is its format, and no part of the name.
    pub(super) fn parse(text: &str) -> Self {
        let (literals, placeholders) = split(text);
        let mut number = 0;
        let name = |placeholder: &str| {
            let name = placeholder.split(':').next().unwrap_or_default();
            if name.is_empty() {
                number += 1;
                return number.to_string();
            }
            name.to_owned()
        };
        Self {
            names: placeholders.into_iter().map(name).collect(),
            literals,
        }
    }

    /// Returns the names of the placeholders, in order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns whether no literal part stands before the first placeholder.
    pub(super) fn begins_with_placeholder(&self) -> bool {
        self.literals.first().is_some_and(String::is_empty)
    }

    /// Returns the longest literal part, by which a message is recognised.
    pub(super) fn longest_literal(&self) -> &str {
        self.literals.iter().max_by_key(|literal| literal.len()).map_or("", String::as_str)
    }

    /// Returns how many bytes are literal.
    pub(super) fn literal_len(&self) -> usize {
        self.literals.iter().map(String::len).sum()
    }

    /// Returns what each placeholder stands for in `text`; `None` when the text is no such message.
    ///
    /// Each literal part is looked for once, behind the one before it: the time is linear in the text. Where a part is found several times, the first
    /// is taken, which finds a match wherever there is one.
    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, others) = self.literals.split_first()?;
        let Some((last, middle)) = others.split_last() else {
            return (first == text).then(Vec::new);
        };
        let mut rest = text.strip_prefix(first.as_str())?.strip_suffix(last.as_str())?;
        let mut captures = Vec::with_capacity(self.names.len());
        for literal in middle {
            let (before, behind) = rest.split_once(literal.as_str())?;
            captures.push(before);
            rest = behind;
        }
        captures.push(rest);
        Some(captures)
    }

    /// Reads the translation of this text. Its placeholders have the names of this text's; `{}` is the next one in order. `*` behind a name says that
    /// what was captured is a message itself, `+` that it is a list with "or" between its members.
    ///
    /// # Errors
    /// The placeholder that this text does not have.
    pub(super) fn translation(&self, text: &str) -> Result<Vec<Part>, String> {
        let (literals, placeholders) = split(text);
        let mut literals = literals.into_iter();
        let mut parts: Vec<Part> = literals.next().map(Part::Literal).into_iter().collect();
        let mut number = 0;
        for (placeholder, literal) in placeholders.into_iter().zip(literals) {
            let (name, insertion) = match (placeholder.strip_suffix('*'), placeholder.strip_suffix('+')) {
                (Some(name), _) => (name, Insertion::Message),
                (_, Some(name)) => (name, Insertion::List),
                _ => (placeholder, Insertion::Unchanged),
            };
            let mut name = name.to_owned();
            if name.is_empty() {
                number += 1;
                name = number.to_string();
            }
            let index = self.names.iter().position(|own| *own == name).ok_or(name)?;
            parts.push(Part::Captured(index, insertion));
            parts.push(Part::Literal(literal));
        }
        Ok(parts)
    }
}
