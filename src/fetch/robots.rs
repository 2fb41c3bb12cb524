//! robots.txt: what a host asks crawlers not to request (RFC 9309). Pure.
//!
//! Time and memory are linear in the size of the document and of the address: matching never backtracks.
//!
//! Not here: whether robots.txt is requested, and how long its rules are kept (`pipeline::robots`).

use std::time::Duration;
use url::{Position, Url};

/// How much of a document is parsed: RFC 9309, 2.5 asks for at least 500 KiB.
pub const MAX_ROBOTS_BYTES: usize = 500 * 1024;

/// How much of the groups that concern one crawler is stored.
pub const MAX_REDUCED_BYTES: usize = 64 * 1024;

/// The longest address of a licence that is kept.
const MAX_LICENCE_BYTES: usize = 1_024;

/// The longest delay between two requests: a host that asks for more gets this one.
pub const MAX_CRAWL_DELAY: Duration = Duration::from_secs(30);

/// The longest path that may be permitted: matching costs time with each byte, and hardly any server accepts more.
const MAX_PATH_BYTES: usize = 8 * 1024;

/// The rules of one robots.txt for one crawler.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Robots {
    /// The most specific first; of two that are equally specific, the one that allows.
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    is_allowing: bool,
    pattern: Pattern,
}

/// A normalised path with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// How specific it is, in octets.
    length: usize,
    /// The texts between the wildcards; the first is a prefix of the path.
    parts: Vec<String>,
    /// Whether the last part has to be a suffix of the path.
    is_anchored: bool,
}

/// Returns the product token that robots.txt matches: the first product of a User-Agent (RFC 9309, 2.2.1; RFC 9110, 10.1.5).
#[must_use]
pub fn product_token(user_agent: &str) -> &str {
    let end = |c: char| c == '/' || c == '(' || c == ';' || c.is_whitespace();
    user_agent.trim_start().split(end).next().unwrap_or_default()
}

/// Returns the text of a document as far as it is parsed; empty for a page of HTML, which servers send in place of a missing robots.txt.
#[must_use]
pub fn decode_robots_txt(body: &[u8]) -> String {
    let mut kept = body.get(..MAX_ROBOTS_BYTES).unwrap_or(body);
    if kept.len() < body.len() {
        // A rule that is cut off would forbid or allow more than it says.
        let end = kept.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        kept = kept.get(..end.unwrap_or_default()).unwrap_or_default();
    }
    let text = String::from_utf8_lossy(kept);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return String::new();
    }
    text.to_owned()
}

/// Returns the groups of a document that concern the crawlers with these product tokens, and those for `*`: parsed, they give each of these crawlers
/// the same rules and the same delay as the whole document. The groups that name a crawler come first, comments and other records are left out.
/// At most [`MAX_REDUCED_BYTES`]: what is longer is cut at a line end.
#[must_use]
pub fn reduce_robots_txt(text: &str, products: &[&str]) -> String {
    let mut reducer = Reducer {
        products,
        ..Reducer::default()
    };
    for line in lines(text) {
        reducer.line(line);
    }
    reducer.end_group();
    let licence = licence(text).filter(|address| address.len() <= MAX_LICENCE_BYTES);
    let mut kept = licence.map(|address| format!("License:{address}\n")).unwrap_or_default();
    kept.push_str(&reducer.of_products);
    kept.push_str(&reducer.of_all);
    if kept.len() > MAX_REDUCED_BYTES {
        let start = kept.as_bytes().get(..MAX_REDUCED_BYTES).unwrap_or_default();
        let end = start.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        kept.truncate(end);
    }
    kept
}

/// Returns the address of the terms of Really Simple Licensing that a document names (RSL 1.0); it belongs to no group.
#[must_use]
pub fn licence(text: &str) -> Option<&str> {
    lines(text).find_map(|line| {
        let (key, value) = line.split('#').next()?.split_once(':')?;
        let value = value.trim();
        (key.trim().eq_ignore_ascii_case("license") && !value.is_empty()).then_some(value)
    })
}

/// Collects the groups that concern some crawlers.
#[derive(Default)]
struct Reducer<'a> {
    products: &'a [&'a str],
    /// The groups that name a crawler.
    of_products: String,
    /// The groups for `*` alone.
    of_all: String,
    /// The lines of the current group.
    group: String,
    is_of_product: bool,
    is_of_all: bool,
    /// Whether the next `User-agent` line still belongs to that group, as in [`Parser`].
    is_head: bool,
}

impl Reducer<'_> {
    fn line(&mut self, line: &str) {
        let Some(Record { kind, value }) = Record::parse(line) else {
            return;
        };
        match kind {
            RecordKind::UserAgent => {
                if !self.is_head {
                    self.end_group();
                    self.is_head = true;
                }
                let is_of_all = product_token(value) == "*";
                let is_of_product = self.products.iter().any(|product| specificity(value, product) > Some(0));
                self.is_of_all |= is_of_all;
                self.is_of_product |= is_of_product;
                if is_of_all || is_of_product {
                    self.add("User-agent", product_token(value));
                }
            }
            RecordKind::Allow | RecordKind::Disallow => {
                self.is_head = false;
                let name = if kind == RecordKind::Allow { "Allow" } else { "Disallow" };
                self.add(name, value);
            }
            RecordKind::CrawlDelay => self.add("Crawl-delay", value),
        }
    }

    /// Adds a record to the current group, unless that concerns no crawler so far: then nothing but a later `User-agent` line counts.
    fn add(&mut self, name: &str, value: &str) {
        if self.is_of_all || self.is_of_product {
            for part in [name, ":", value, "\n"] {
                self.group.push_str(part);
            }
        }
    }

    fn end_group(&mut self) {
        if self.is_head {
            // The last group of a document may have no rules; one without effect keeps it apart from the group that follows it now.
            self.add("Disallow", "");
        }
        let groups = if self.is_of_product {
            &mut self.of_products
        } else {
            &mut self.of_all
        };
        groups.push_str(&self.group);
        self.group.clear();
        (self.is_of_product, self.is_of_all) = (false, false);
    }
}

/// Returns the lines of a document, with any line end.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}').split(['\n', '\r'])
}

/// A line of a document that has an effect.
struct Record<'a> {
    kind: RecordKind,
    value: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RecordKind {
    UserAgent,
    Allow,
    Disallow,
    CrawlDelay,
}

impl<'a> Record<'a> {
    /// Returns the record of a line, without its comment; none for other records and invalid lines.
    fn parse(line: &'a str) -> Option<Self> {
        let line = line.split('#').next().unwrap_or_default();
        let (key, value) = line.split_once(':')?;
        let (key, value) = (key.trim(), value.trim());
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let kind = if is("user-agent") {
            RecordKind::UserAgent
        } else if is("allow") {
            RecordKind::Allow
        } else if is("disallow") {
            RecordKind::Disallow
        } else if is("crawl-delay") {
            RecordKind::CrawlDelay
        } else {
            return None;
        };
        Some(Self { kind, value })
    }
}

impl Robots {
    /// Parses the rules for the crawler whose product token is `product`: those of the groups that match it most specifically, combined,
    /// else those of the groups for `*` (RFC 9309, 2.2.1). Invalid lines are skipped.
    #[must_use]
    pub fn parse(text: &str, product: &str) -> Self {
        let mut parser = Parser::new(product);
        for line in lines(text) {
            parser.line(line);
        }
        let mut robots = parser.robots;
        robots
            .rules
            .sort_by_key(|rule| (std::cmp::Reverse(rule.pattern.length), !rule.is_allowing));
        robots
    }

    /// Returns whether `url` may be requested, by the longest rule that matches (RFC 9309, 2.2.2). robots.txt itself always may.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        if path == "/robots.txt" || self.rules.is_empty() {
            return true;
        }
        if path.len() > MAX_PATH_BYTES {
            return false;
        }
        let path = normalize(path, true);
        self.rules
            .iter()
            .find(|rule| rule.pattern.matches(&path))
            .is_none_or(|rule| rule.is_allowing)
    }

    /// Returns the delay between two requests that the host asks for; at most [`MAX_CRAWL_DELAY`]. `Crawl-delay` is not part of RFC 9309,
    /// but widely used.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.delay
    }
}

/// Parses line by line.
struct Parser<'a> {
    product: &'a str,
    robots: Robots,
    /// The specificity of the groups whose rules are kept; none until a group matches.
    best: Option<usize>,
    /// The specificity of the current group.
    group: Option<usize>,
    /// Whether the next `User-agent` line still belongs to that group.
    is_head: bool,
}

impl<'a> Parser<'a> {
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
        let Some(Record { kind, value }) = Record::parse(line) else {
            return;
        };
        match kind {
            RecordKind::UserAgent => self.user_agent(value),
            RecordKind::Allow | RecordKind::Disallow => {
                self.is_head = false;
                if self.is_best_group() && !value.is_empty() {
                    self.robots.rules.push(Rule {
                        is_allowing: kind == RecordKind::Allow,
                        pattern: Pattern::new(value),
                    });
                }
            }
            // A record that is not of RFC 9309 must not end the head of a group (2.2.4).
            RecordKind::CrawlDelay => {
                if self.is_best_group() {
                    self.robots.delay = self.robots.delay.max(parse_delay(value));
                }
            }
        }
    }

    fn user_agent(&mut self, value: &str) {
        if !self.is_head {
            (self.group, self.is_head) = (None, true);
        }
        self.group = self.group.max(specificity(value, self.product));
        if self.group > self.best {
            self.best = self.group;
            self.robots = Robots::default();
        }
    }

    fn is_best_group(&self) -> bool {
        self.group.is_some() && self.group == self.best
    }
}

/// Returns how specifically the value of a `User-agent` line matches `product`: none, 0 for `*`, else the length of the match in octets.
/// A name also matches longer ones that continue it after a hyphen or underscore: `griot` matches `griot-news`.
fn specificity(value: &str, product: &str) -> Option<usize> {
    let token = product_token(value);
    if token == "*" {
        return Some(0);
    }
    let head = product.get(..token.len())?;
    let rest = product.get(token.len()..)?;
    let is_whole = rest.is_empty() || rest.starts_with(['-', '_']);
    (!token.is_empty() && is_whole && head.eq_ignore_ascii_case(token)).then_some(token.len())
}

/// Parses a number of seconds, decimals included.
fn parse_delay(value: &str) -> Option<Duration> {
    let seconds: f64 = value.parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Duration::try_from_secs_f64(seconds.min(MAX_CRAWL_DELAY.as_secs_f64())).ok()
}

impl Pattern {
    fn new(path: &str) -> Self {
        let (path, is_anchored) = path.strip_suffix('$').map_or((path, false), |path| (path, true));
        let whole = normalize(path, false);
        let length = whole.len() + usize::from(is_anchored);
        let mut pieces = whole.split('*');
        let mut parts = vec![pieces.next().unwrap_or_default().to_owned()];
        parts.extend(pieces.filter(|piece| !piece.is_empty()).map(str::to_owned));
        // `*$` matches any end.
        let is_anchored = is_anchored && !whole.ends_with('*');
        Self {
            length,
            parts,
            is_anchored,
        }
    }

    /// Finds each part at its first occurrence after the one before. This needs no backtracking: the shortest match of the earlier parts
    /// leaves the longest rest for the later ones.
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
            let Some((_, after)) = rest.split_once(part.as_str()) else {
                return false;
            };
            rest = after;
        }
        if self.is_anchored {
            rest.ends_with(last.as_str())
        } else {
            rest.contains(last.as_str())
        }
    }
}

/// Returns the normal form of `path`, by which equivalent paths are compared (RFC 9309, 2.2.2; RFC 3986, 6.2.2): unreserved octets are
/// decoded, octets that are not allowed in a URI are encoded, and hexadecimal digits are upper case. A reserved octet and its encoding stay
/// different. `*` and `$` are special in rules; in an address (`is_literal`) they are encoded, as a rule writes them when it means the
/// characters.
fn normalize(path: &str, is_literal: bool) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let hex = |at: usize| bytes.get(at).copied().and_then(hex_digit);
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

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn encode(out: &mut String, octet: u8) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    out.extend(['%', DIGITS[usize::from(octet >> 4)], DIGITS[usize::from(octet & 15)]]);
}

/// Whether an octet is an unreserved character of a URI (RFC 3986, 2.3).
fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

#[cfg(test)]
mod tests;
