//! Finds the secrets in the text of a configuration file, so that no report shows them.
//!
//! The text may be no TOML at all, since just then its lines are reported: it is split into tokens only, and where it is unclear whether
//! something is a secret, it counts as one. One pass, linear in the text.

use super::suggest::nearest;
use std::ops::Range;

/// Keys and tables whose values are secret. A key that is written almost so counts too: a misspelt key is what is reported.
const SECRET_KEYS: [&str; 4] = ["headers", "auth", "token", "password_hash"];
/// Tables all of whose values are secret.
const SECRET_TABLES: [&str; 2] = ["smtp", "admin"];
/// Parts of the names of keys under which people keep secrets.
const SECRET_WORDS: [&str; 9] = [
    "auth",
    "token",
    "passw",
    "secret",
    "cookie",
    "header",
    "credential",
    "apikey",
    "bearer",
];

/// Returns the byte ranges of the secrets in the text of a file, in order: the values of secret keys unless they name a variable of the
/// environment, and user-info, query and fragment of URLs, in comments too.
pub(super) fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut scan = Scan {
        text,
        at: 0,
        found: Vec::new(),
        open: Vec::new(),
        in_secret_table: false,
        progress: Progress::Start,
        is_secret: false,
        values: 0,
    };
    while scan.at < text.len() {
        scan.token();
    }
    scan.found
}

/// Returns a message with the user-info, query and fragment of the URLs in it masked.
pub(super) fn masked_message(message: &str) -> String {
    let mut found = Vec::new();
    find_in_urls(message, 0, &mut found);
    mask(message, 0, &found)
}

/// Returns a part of a text, which begins at `offset` of it, with each character within the ranges replaced by an asterisk, so that columns
/// stay right.
pub(super) fn mask(part: &str, offset: usize, ranges: &[Range<usize>]) -> String {
    let mut next = ranges.partition_point(|range| range.end <= offset);
    let mut out = String::with_capacity(part.len());
    for (at, c) in part.char_indices() {
        let at = offset + at;
        while ranges.get(next).is_some_and(|range| range.end <= at) {
            next += 1;
        }
        let is_secret = ranges.get(next).is_some_and(|range| range.contains(&at));
        out.push(if is_secret && c != '\n' { '*' } else { c });
    }
    out
}

/// Returns whether the value of a key or table is secret. The parts of a dotted key count each.
pub(super) fn is_secret_key(name: &str) -> bool {
    name.split('.').any(|part| {
        let part = part.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        let bare: String = part.chars().filter(|c| !matches!(c, '_' | '-')).collect();
        // `author` begins like `authorization`, but names a selector.
        SECRET_TABLES.contains(&part.as_str())
            || !matches!(bare.as_str(), "author" | "authors") && SECRET_WORDS.iter().any(|word| bare.contains(word))
            || nearest(&part, SECRET_KEYS.into_iter()).is_some()
    })
}

/// Returns whether a value is the name of a variable of the environment, which is no secret.
fn is_variable(value: &str) -> bool {
    let name = value.strip_prefix("env:");
    name.is_some_and(|name| name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_'))
}

/// How far a line, or an element of an array or inline table, was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Start,
    AfterKey,
    /// Behind an equals sign, or behind a closing bracket.
    InValue,
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    found: Vec<Range<usize>>,
    /// For each open array and inline table whether all in it is secret.
    open: Vec<bool>,
    in_secret_table: bool,
    progress: Progress,
    /// Whether what follows in this line or element is secret.
    is_secret: bool,
    /// How many texts and words it has besides its key; more than one is no TOML.
    values: usize,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns the offset of the end of the line.
    fn line_end(&self) -> usize {
        memchr::memchr(b'\n', self.rest().as_bytes()).map_or(self.text.len(), |length| self.at + length)
    }

    /// Reads one token.
    fn token(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return };
        match c {
            '\n' => {
                self.at += 1;
                self.start_element();
                self.header();
            }
            '#' => {
                let end = self.line_end();
                self.loose_line(self.at..end);
                self.at = end;
            }
            '"' | '\'' => self.quoted(c),
            '=' => {
                self.progress = Progress::InValue;
                self.at += 1;
            }
            '[' if self.at == 0 => self.header(),
            '[' | '{' => {
                self.open.push(self.is_secret);
                self.at += 1;
                self.start_element();
            }
            ']' | '}' => {
                let was_secret = self.open.pop().unwrap_or(self.is_secret);
                self.at += 1;
                self.start_element();
                self.is_secret |= was_secret;
                self.progress = Progress::InValue;
            }
            ',' if !self.open.is_empty() && (self.values <= 1 || !self.is_secret) => {
                self.at += 1;
                self.start_element();
            }
            c if c.is_whitespace() || c == ',' => self.at += c.len_utf8(),
            _ => self.word(),
        }
    }

    /// Begins a line, or an element of an array or inline table.
    fn start_element(&mut self) {
        self.progress = Progress::Start;
        self.is_secret = self.in_secret_table || self.open.last().copied().unwrap_or_default();
        self.values = 0;
    }

    /// Reads the head of a table, if one starts here. Where an array before it does not end, it ends here.
    fn header(&mut self) {
        let end = self.line_end();
        let line = self.text.get(self.at..end).unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let Some(inner) = line.trim_start().strip_prefix('[') else { return };
        let opening = 1 + usize::from(inner.starts_with('['));
        let name = inner.trim_start_matches('[');
        let name = name.get(..name.find(']').unwrap_or(name.len())).unwrap_or_default();
        if !self.open.is_empty() {
            let is_head = name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '));
            if !is_head || self.open.contains(&true) {
                return;
            }
            self.open.clear();
        }
        self.in_secret_table = is_secret_key(name);
        self.at += indent + opening + name.len();
        let closing = self.rest().bytes().take_while(|byte| *byte == b']').count();
        self.at += closing;
        self.start_element();
    }

    /// Reads a text in quotes. One of several lines that does not end counts as ending in its line: what follows is read as usual.
    fn quoted(&mut self, quote: char) {
        let rest = self.rest();
        let triple = if quote == '"' { "\"\"\"" } else { "'''" };
        if let Some(body) = rest.strip_prefix(triple) {
            let start = self.at + triple.len();
            let closed = body.find(triple);
            let length = closed.unwrap_or_else(|| body.find('\n').unwrap_or(body.len()));
            self.at = start + length + closed.map_or(0, |_| triple.len());
            if !self.is_secret_token(&self.text[start..start + length]) {
                let mut line_start = start;
                for line in self.text[start..start + length].split('\n') {
                    self.loose_line(line_start..line_start + line.len());
                    line_start += line.len() + 1;
                }
                return;
            }
            self.found.push(start..start + length);
            return;
        }
        let start = self.at + 1;
        let body = &rest[1..];
        let mut escaped = false;
        let length = body.find(|c: char| {
            let ends = c == '\n' || c == quote && !escaped;
            escaped = c == '\\' && quote == '"' && !escaped;
            ends
        });
        let end = start + length.unwrap_or(body.len());
        self.at = end + usize::from(length.is_some_and(|length| body[length..].starts_with(quote)));
        self.value(start..end);
    }

    /// Reads a word without quotes: a key, or a value.
    fn word(&mut self) {
        let is_nested = !self.open.is_empty();
        let in_value = self.progress == Progress::InValue;
        let is_end = |c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'') || is_nested && matches!(c, ',' | ']' | '}') || !in_value && "=#[]{},".contains(c)
        };
        let rest = self.rest();
        let end = self.at + rest.find(is_end).unwrap_or(rest.len());
        let range = self.at..end;
        self.at = end;
        self.value(range);
    }

    /// Adds what is secret in a text or word.
    fn value(&mut self, range: Range<usize>) {
        let token = &self.text[range.clone()];
        if self.is_secret_token(token) {
            self.found.push(range);
        } else {
            find_in_urls(token, range.start, &mut self.found);
        }
    }

    /// Returns whether a text or word is secret where it stands; a key makes secret what follows it.
    fn is_secret_token(&mut self, token: &str) -> bool {
        let behind = self.rest().trim_start_matches([' ', '\t']);
        let is_before_sign = behind.starts_with(['=', '.']);
        let is_key = match self.progress {
            Progress::Start => self.open.is_empty() || is_before_sign,
            Progress::AfterKey => !self.is_secret && is_before_sign,
            Progress::InValue => false,
        };
        if is_key {
            self.progress = Progress::AfterKey;
            self.is_secret |= is_secret_key(token);
            return false;
        }
        self.values += 1;
        self.is_secret && !token.is_empty() && !is_variable(token)
    }

    /// Adds what is secret in a line of a comment, or of a text of several lines: it may be a setting that was commented out.
    fn loose_line(&mut self, range: Range<usize>) {
        let line = &self.text[range.clone()];
        let assigned = line
            .match_indices(['=', ':'])
            .find(|(at, _)| {
                let before = line[..*at].trim_end_matches([' ', '\t', '"', '\'']);
                let key = before.rsplit([' ', '\t', '#', '{', ',', '"', '\'']).next().unwrap_or_default();
                is_secret_key(key)
            })
            .map(|(at, _)| range.start + at + 1);
        let secret_from = if self.is_secret { Some(range.start) } else { assigned };
        let visible = range.start..secret_from.unwrap_or(range.end);
        find_in_urls(&self.text[visible.clone()], visible.start, &mut self.found);
        if let Some(from) = secret_from.filter(|from| *from < range.end) {
            self.found.push(from..range.end);
        }
    }
}

/// Adds what may be secret in the URLs of a text that begins at `offset`: user-info, query and fragment. Addresses without a scheme count too
/// where they have a password or a parameter.
fn find_in_urls(text: &str, offset: usize, found: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for word in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')) {
        let scheme = word.find("://").map(|at| at + "://".len());
        let host = scheme.unwrap_or(0);
        let tail = &word[host..];
        let authority = tail.find(['/', '?', '#']).unwrap_or(tail.len());
        // A password may hold a slash, by mistake.
        let user_info = tail
            .rfind('@')
            .filter(|at| tail[..*at].contains(':') || scheme.is_some() && *at < authority);
        let mut from = host;
        if let Some(length) = user_info {
            found.push(offset + start + host..offset + start + host + length);
            from = host + length;
        }
        let query = word[from..].find(['?', '#']).map(|at| from + at + 1);
        let query = query.filter(|at| scheme.is_some() || word.as_bytes()[at - 1] == b'?' && word[*at..].contains('='));
        if let Some(query) = query {
            let end = word.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'));
            if query < end.len() {
                found.push(offset + start + query..offset + start + end.len());
            }
        }
        start += word.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::ValueKind;
    use crate::config::root::TABLES;

    fn masked(text: &str) -> String {
        mask(text, 0, &secret_ranges(text))
    }

    #[test]
    fn values_of_secret_keys_are_found_in_every_shape() {
        for text in [
            "auth = \"user:S3CRET\"",
            "auth = 'user:S3CRET' # S3CRET",
            "auth=user:S3CRET",
            "auth = user:S3=CRET, S3CRET # S3CRET",
            "auth \"user:S3CRET\"",
            "auth: S3CRET",
            "auth = \"user:S3CRET",
            "auth = \"a\"S3CRET\"S3CRET\"",
            "auth = \"user:\\\"S3CRET\"",
            "'auth' = \"S3CRET\"",
            "\"token\" = \"S3CRET\"",
            "toekn = \"S3CRET\"",
            "source.auth = \"S3CRET\"",
            "\"source\".\"auth\" = \"S3CRET\"",
            "auth \"S3CRET\" = 1",
            "source = [{ id = \"a\" b, auth = \"S3CRET\" }]",
            "headers = { Cookie = \"S3CRET\", X = 'S3CRET' }",
            "headers.Cookie = \"S3CRET\"",
            "headers = [\"S3CRET\", \"S3CRET\"]",
            "headers = [\n  \"S3CRET\",\n  [\"S3CRET\"],\n  S3CRET,\n]",
            "headers = {\n Cookie = \"S3CRET\",\n# S3CRET\n X = \"S3CRET\"",
            "[source.headers]\nCookie = \"S3CRET\"\nX-Key = \"S3CRET\"",
            "[[source]]\nid = \"a\"\n[source.headers]\nCookie = \"S3CRET\"",
            "[[source]] auth = \"S3CRET\"",
            "source = [{ id = \"a\", auth = \"S3CRET\" }, { token = S3CRET }]",
            "source = [{ id = \"a\", auth = \"a\"b,S3CRET\" }",
            "token = \"\"\"\nS3CRET\nS3CRET\"\"\"",
            "token = '''S3CRET",
            "token = '''\nS3CRET'''",
            "password_hash = \"S3CRET\"",
            "[smtp]\nurl = \"smtp://mail.example:587/S3CRET\"",
            "smtp.url = \"S3CRET\"",
            "smtp = { url = \"S3CRET\" }",
            "[admin]\nhash = \"S3CRET\"",
            "x = \"\"\"never closed\nauth = \"S3CRET\"",
            "x = \"\"\"\nauth = \"S3CRET\"\n\"\"\"",
            "urls = [\"https://a.example/\"\nauth = \"S3CRET\"",
            "urls = [\n[[source]]\nauth = \"S3CRET\"",
            "urls = [\n[source.headers]\nCookie = \"S3CRET\"",
            "# auth = \"S3CRET\"",
            "id = \"a\" # token: S3CRET",
            "api_key = \"S3CRET\"",
            "password = \"S3CRET\"",
            "authorisation = \"S3CRET\"",
        ] {
            let shown = masked(text);
            assert!(!shown.contains("S3"), "{text} → {shown}");
            assert_eq!(shown.chars().count(), text.chars().count());
        }
    }

    #[test]
    fn user_info_and_queries_of_urls_are_found() {
        for (text, expected) in [
            (
                "url = \"https://a.example/feed?key=S3CRET#x\"",
                "url = \"https://a.example/feed?************\"",
            ),
            ("url = \"a.example/feed?key=S3CRET\"", "url = \"a.example/feed?**********\""),
            ("url = https://a.example/?key=S3CRET", "url = https://a.example/?**********"),
            ("urls = [\"https://u:p@a.example/\"]", "urls = [\"https://***@a.example/\"]"),
            ("proxy = \"http://word@a.example:1\"", "proxy = \"http://****@a.example:1\""),
            ("proxy = \"user:wo/rd@a.example:1\"", "proxy = \"**********@a.example:1\""),
            ("# was https://u:p@a.example/?x", "# was https://***@a.example/?*"),
        ] {
            assert_eq!(masked(text), expected);
        }
        let help = "did you mean `https://a.example/?key=S3CRET`?";
        assert_eq!(masked_message(help), "did you mean `https://a.example/?**********`?");
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "[[source]]\nid = \"lefaso\"\nname = \"leFaso.net\"\nurl = \"https://lefaso.net/\"\ntags = [\"a\", \"b\"]",
            "auth = \"env:LOGIN\"\nname = \"x\"",
            "headers = { Cookie = \"env:COOKIE\" }\nname = \"x\"",
            "[source.headers]\n[[topic]]\nid = \"x\"",
            "contact = \"desk@example.org\" # mail of the desk",
            "query = '''@sahel (attaque* OR ambush) -title:football lang:fr,en'''",
            "select = { body = \"article .entry-content\", remove = [\".share\"] }",
            "note = \"who takes care of it\"",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn no_known_key_is_taken_for_a_secret_or_missed() {
        for key in TABLES.iter().flat_map(|table| table.keys().map(move |key| (table.head, key))) {
            let (head, key) = key;
            let is_secret = matches!(key.kind, ValueKind::Secret | ValueKind::Secrets);
            if !SECRET_TABLES.contains(&head.trim_matches(['[', ']'])) {
                assert_eq!(is_secret_key(key.name), is_secret, "{head} {}", key.name);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "([a-z=.#,\\[\\]{}'\"\\\\ \n?@:/é]|\"\"\"|'''|auth|://){0,40}") {
            let ranges = secret_ranges(&text);
            proptest::prop_assert!(ranges.windows(2).all(|two| two[0].end <= two[1].start), "{:?}", ranges);
            proptest::prop_assert_eq!(masked(&text).chars().count(), text.chars().count());
        }
    }
}
