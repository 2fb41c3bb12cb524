//! A line of a file that is no TOML, as far as it can be understood: its key, its value, and the characters outside of texts.

use super::odd_characters::unseen_name;

/// Double quotation marks that word processors and web pages put in place of `"`.
pub(super) const TYPOGRAPHIC_DOUBLE: [char; 7] = ['“', '”', '„', '‟', '«', '»', '″'];
/// Single quotation marks that they put in place of `'`.
pub(super) const TYPOGRAPHIC_SINGLE: [char; 4] = ['‘', '’', '‚', '‛'];

/// One line of a file.
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// The byte at which it starts.
    pub(super) start: usize,
}

impl<'a> Line<'a> {
    /// Returns the line in which the byte `at` of `text` stands.
    pub(super) fn around(text: &'a str, at: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |line_break| line_break + 1);
        let end = text[at..].find('\n').map_or(text.len(), |line_break| at + line_break);
        Self {
            text: text[start..end].trim_end_matches('\r'),
            start,
        }
    }

    /// Returns the first character that looks like a space or like nothing, and what it is called.
    pub(super) fn unseen(&self) -> Option<(usize, &'static str)> {
        self.outside_texts().find_map(|(at, character)| Some((at, unseen_name(character)?)))
    }

    /// Returns the first typographic quotation mark that stands outside of texts, or seems meant to end a text that does not end.
    pub(super) fn typographic_quotation(&self) -> Option<(char, usize)> {
        let is_mark = |character: &char| TYPOGRAPHIC_DOUBLE.contains(character) || TYPOGRAPHIC_SINGLE.contains(character);
        let outside = self.outside_texts().find(|(_, character)| is_mark(character));
        let (at, character) = outside.or_else(|| {
            let open = self.open_text()?;
            let mut marks = self.text[open..].char_indices();
            // Guillemets and apostrophes are at home in a text; these two are hardly ever.
            let (at, character) = marks.find(|(_, character)| matches!(character, '“' | '”'))?;
            Some((self.start + open + at, character))
        })?;
        Some((character, at))
    }

    /// Returns the key that the line sets, and what stands behind the equals sign without a comment. The value may be a secret.
    pub(super) fn assignment(&self) -> Option<(&'a str, &'a str)> {
        let (key, _) = self.text.split_once('=')?;
        let value_start = key.len() + 1;
        let is_comment = |(at, character): &(usize, char)| *character == '#' && at - self.start >= value_start;
        let end = self
            .all_outside_texts()
            .find(is_comment)
            .map_or(self.text.len(), |(at, _)| at - self.start);
        let key = key.trim();
        is_key(key).then(|| (key, self.text[value_start..end].trim()))
    }

    /// Returns the place of a `:` behind a key, and the key.
    pub(super) fn colon(&self) -> Option<(usize, &'a str)> {
        let (key, _) = self.text.split_once(':')?;
        is_key(key.trim()).then(|| (self.start + key.len(), key.trim()))
    }

    /// Returns the place of the first `"` or `'`.
    pub(super) fn first_quotation(&self) -> Option<usize> {
        self.text.find(['"', '\'']).map(|at| self.start + at)
    }

    /// Returns the characters that stand outside of texts and comments, each with its place in the file.
    fn outside_texts(&self) -> impl Iterator<Item = (usize, char)> {
        self.all_outside_texts().take_while(|(_, character)| *character != '#')
    }

    /// Returns the characters that stand outside of texts, up to the `#` of a comment and what follows it.
    fn all_outside_texts(&self) -> impl Iterator<Item = (usize, char)> {
        outside_texts(self.text).map(|(at, character)| (self.start + at, character))
    }

    /// Returns where in the line the text begins that does not end in it.
    fn open_text(&self) -> Option<usize> {
        let mut open = None;
        let mut escaped = false;
        for (at, character) in self.text.char_indices() {
            match open {
                Some((_, quotation)) if quotation == character && !escaped => open = None,
                None if matches!(character, '"' | '\'') => open = Some((at, character)),
                None if character == '#' => break,
                _ => {}
            }
            escaped = character == '\\' && !escaped && open.is_some_and(|(_, quotation)| quotation == '"');
        }
        open.map(|(at, _)| at)
    }
}

/// Returns the characters of a line that stand outside of texts, each with its place.
pub(super) fn outside_texts(line: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quotation = None;
    let mut escaped = false;
    line.char_indices().filter(move |(_, character)| {
        let is_escaped = escaped;
        escaped = *character == '\\' && !escaped && quotation == Some('"');
        match (quotation, *character) {
            (Some(open), close) if open == close && !is_escaped => quotation = None,
            (None, '"' | '\'') => quotation = Some(*character),
            (None, _) => return true,
            _ => {}
        }
        false
    })
}

/// Returns whether a text can be a key without quotation marks.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
