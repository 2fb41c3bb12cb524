//! robots.txt: what a host asks crawlers not to do (RFC 9309). Pure: whether it is asked for, and how long it is kept, is decided elsewhere.
//!
//! Time and memory grow with the size of the document and of the address only: no pattern is ever tried twice at one place.

use std::time::Duration;
use url::{Position, Url};

/// As much of a document is read, in bytes: RFC 9309, 2.5 wants at least 500 KiB.
pub const MAX_ROBOTS_BYTES: usize = 500 * 1024;

/// The longest pause that is granted: a host that asks for more gets this one.
pub const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// Addresses with a longer path than this, in bytes, are not permitted: no server takes them, and rules cost time with each byte.
const LONGEST_PATH: usize = 8 * 1024;

/// The rules of one robots.txt for one crawler.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Robots {
    /// The most specific first; of two that are as specific, that which allows.
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    is_allowing: bool,
    pattern: Pattern,
}

/// A path with wildcards, normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// How specific it is, in octets.
    length: usize,
    /// The texts between the wildcards; the first stands at the beginning.
    parts: Vec<String>,
    /// Whether the last part stands at the end.
    is_anchored: bool,
}

/// Returns the product token by which robots.txt knows us: the first product of a User-Agent (RFC 9309, 2.2.1; RFC 9110, 10.1.5).
#[must_use]
pub fn product_token(user_agent: &str) -> &str {
    let end = |c: char| c == '/' || c == '(' || c == ';' || c.is_whitespace();
    user_agent.trim_start().split(end).next().unwrap_or_default()
}

/// Returns the text of a document as far as it is read. A page of HTML that stands in for a missing robots.txt says nothing.
#[must_use]
pub fn decode_robots_txt(body: &[u8]) -> String {
    let mut read = body.get(..MAX_ROBOTS_BYTES).unwrap_or(body);
    if read.len() < body.len() {
        // Half a line would say something else than the whole.
        let end = read.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        read = read.get(..end.unwrap_or_default()).unwrap_or_default();
    }
    let text = String::from_utf8_lossy(read);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return String::new();
    }
    text.to_owned()
}

impl Robots {
    /// Reads the rules for the crawler whose product token is `product`: those of the groups that name it most exactly, put together, else
    /// those of the groups for `*` (RFC 9309, 2.2.1). What cannot be read is passed over.
    #[must_use]
    pub fn parse(text: &str, product: &str) -> Self {
        let mut reader = Reader::new(product);
        let text = text.trim_start_matches('\u{feff}');
        for line in text.split(['\n', '\r']) {
            reader.line(line);
        }
        let mut robots = reader.robots;
        robots
            .rules
            .sort_by_key(|rule| (std::cmp::Reverse(rule.pattern.length), !rule.is_allowing));
        robots
    }

    /// Returns whether `url` may be asked for: the longest rule that matches says so (RFC 9309, 2.2.2). robots.txt itself always may.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        if path == "/robots.txt" || self.rules.is_empty() {
            return true;
        }
        if path.len() > LONGEST_PATH {
            return false;
        }
        let path = normal(path, true);
        self.rules
            .iter()
            .find(|rule| rule.pattern.matches(&path))
            .is_none_or(|rule| rule.is_allowing)
    }

    /// Returns the pause between two requests that the host asks for; at most [`LONGEST_DELAY`]. `Crawl-delay` is no part of RFC 9309, but
    /// widely used.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.delay
    }
}

/// Reads line after line.
struct Reader<'a> {
    product: &'a str,
    robots: Robots,
    /// How exactly the groups whose rules we keep name us; none as long as none does.
    best: Option<usize>,
    /// How exactly the group that we are in names us.
    group: Option<usize>,
    /// Whether the next `User-agent` line still belongs to that group.
    is_head: bool,
}

impl<'a> Reader<'a> {
    fn new(product: &'a str) -> Self {
        Self {
            product,
            robots: Robots::default(),
            best: None,
            group: None,
            is_head: false,
        }
    }

    fn line(&mut self, line: &str) {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else {
            return;
        };
        let (key, value) = (key.trim(), value.trim());
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        if is("user-agent") {
            self.user_agent(value);
        } else if is("allow") || is("disallow") {
            self.is_head = false;
            if self.is_ours() && !value.is_empty() {
                self.robots.rules.push(Rule {
                    is_allowing: is("allow"),
                    pattern: Pattern::new(value),
                });
            }
        } else if is("crawl-delay") && self.is_ours() {
            // A record that is not of RFC 9309 must not end the head of a group (2.2.4).
            self.robots.delay = self.robots.delay.max(delay(value));
        }
    }

    fn user_agent(&mut self, value: &str) {
        if !self.is_head {
            (self.group, self.is_head) = (None, true);
        }
        self.group = self.group.max(exactness(value, self.product));
        if self.group > self.best {
            self.best = self.group;
            self.robots = Robots::default();
        }
    }

    fn is_ours(&self) -> bool {
        self.group.is_some() && self.group == self.best
    }
}

/// Returns how exactly the value of a `User-agent` line names `product`: not at all, by `*` (0), or by so many octets. A family's name
/// stands for its members too: `griot` for `griot-news`.
fn exactness(value: &str, product: &str) -> Option<usize> {
    let token = product_token(value);
    if token == "*" {
        return Some(0);
    }
    let head = product.get(..token.len())?;
    let rest = product.get(token.len()..)?;
    let is_whole = rest.is_empty() || rest.starts_with(['-', '_']);
    (!token.is_empty() && is_whole && head.eq_ignore_ascii_case(token)).then_some(token.len())
}

/// Reads a number of seconds, decimals included.
fn delay(value: &str) -> Option<Duration> {
    let seconds: f64 = value.parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Duration::try_from_secs_f64(seconds.min(LONGEST_DELAY.as_secs_f64())).ok()
}

impl Pattern {
    fn new(path: &str) -> Self {
        let (path, is_anchored) = path.strip_suffix('$').map_or((path, false), |path| (path, true));
        let whole = normal(path, false);
        let length = whole.len() + usize::from(is_anchored);
        let mut pieces = whole.split('*');
        let mut parts = vec![pieces.next().unwrap_or_default().to_owned()];
        parts.extend(pieces.filter(|piece| !piece.is_empty()).map(str::to_owned));
        // An end that is a wildcard is no end.
        let is_anchored = is_anchored && !whole.ends_with('*');
        Self {
            length,
            parts,
            is_anchored,
        }
    }

    /// Finds each part at the first place behind the one before: if any way of matching works, this one does.
    fn matches(&self, path: &str) -> bool {
        let Some((first, others)) = self.parts.split_first() else {
            return false;
        };
        let Some(mut rest) = path.strip_prefix(first.as_str()) else {
            return false;
        };
        let Some((last, between)) = others.split_last() else {
            return !self.is_anchored || rest.is_empty();
        };
        for part in between {
            let Some((_, behind)) = rest.split_once(part.as_str()) else {
                return false;
            };
            rest = behind;
        }
        if self.is_anchored {
            rest.ends_with(last.as_str())
        } else {
            rest.contains(last.as_str())
        }
    }
}

/// Returns `path` so that two paths which mean the same are the same (RFC 9309, 2.2.2; RFC 3986, 6.2.2): octets that need not be encoded
/// are decoded, all that are no characters of a URI are encoded, and hexadecimal digits are large. A reserved octet and its encoding stay
/// two things. `*` and `$` have a meaning in rules; in an address (`is_literal`) they are encoded, as a rule that means them writes them.
fn normal(path: &str, is_literal: bool) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let hex = |at: usize| bytes.get(at).copied().and_then(digit);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'%' => match (hex(at), hex(at + 1)) {
                (Some(high), Some(low)) => {
                    at += 2;
                    let octet = high << 4 | low;
                    if is_unreserved(octet) {
                        out.push(char::from(octet));
                    } else {
                        encode(&mut out, octet);
                    }
                }
                _ => encode(&mut out, byte),
            },
            b'*' if !is_literal => out.push('*'),
            b'*' | b'$' => encode(&mut out, byte),
            _ if is_unreserved(byte) || b":/?#[]@!&'()+,;=".contains(&byte) => out.push(char::from(byte)),
            _ => encode(&mut out, byte),
        }
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn encode(out: &mut String, octet: u8) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    out.extend(['%', DIGITS[usize::from(octet >> 4)], DIGITS[usize::from(octet & 15)]]);
}

/// RFC 3986, 2.3.
fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

#[cfg(test)]
mod tests;
