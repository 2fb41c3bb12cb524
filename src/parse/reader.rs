//! From tokens to feed and entries: one pass over the document with a stack of what is open.
//!
//! Decides where an element begins and ends, however the tags lie; what it means is decided in `entry` and `meta`.

use super::element::{Element, attributes_of, is_entry, is_inline, is_known_field, is_leaf, is_prose, is_sure_field};
use super::entry::EntryBuilder;
use super::lexer::{Attributes, Lexer, Token};
use super::markup;
use super::meta::MetaBuilder;
use super::name::{Name, Scope, Space, split};
use super::{Document, ParsedFeed};
use crate::model::{EntryDraft, FeedKind, Problem};
use crate::text::entities::{decode_entities, push_decoded, push_permitted};
use std::rc::Rc;
use url::Url;

/// The most entries that are kept of one document.
const MOST_ENTRIES: usize = 10_000;
/// The most bytes that are kept of one element's text.
pub(super) const MOST_TEXT: usize = 1 << 20;
/// The longest base URL a document may give itself, in bytes: each of its relative addresses grows by it.
const LONGEST_BASE: usize = 512;
/// The deepest that elements are looked into.
const DEEPEST: usize = 48;
/// The most elements that are kept of one entry, or of the feed itself.
const MOST_ELEMENTS: usize = 4000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// What holds fields and entries: `rss`, `channel`, `feed`, `rdf:RDF`.
    Container,
    /// `item` or `entry`.
    Entry,
    /// A child of those, or an element within one.
    Field,
    /// An element of the feed's that may hold anything, and is looked through.
    Glass,
}

struct Open<'a> {
    written: &'a str,
    place: Place,
    scope_mark: usize,
    base: Option<Rc<Url>>,
    language: Option<Rc<str>>,
    /// How many elements of the same name are open within its text.
    nested: usize,
}

struct Reader<'a, 'd> {
    document: &'d Document<'d>,
    scope: Scope<'a>,
    open: Vec<Open<'a>>,
    fields: Vec<Element<'a>>,
    entry: Option<EntryBuilder>,
    entries: Vec<EntryDraft>,
    meta: MetaBuilder,
    root: Option<(FeedKind, String)>,
    elements: usize,
    problems: Vec<Problem>,
    is_page: bool,
    /// Whether text was met before the feed.
    junk: bool,
    cut: bool,
}

/// Reads a feed in markup; `None` when there is none in it.
pub(super) fn read(text: &str, document: &Document<'_>) -> Option<ParsedFeed> {
    let mut reader = Reader {
        document,
        scope: Scope::default(),
        open: Vec::new(),
        fields: Vec::new(),
        entry: None,
        entries: Vec::new(),
        meta: MetaBuilder::default(),
        root: None,
        elements: 0,
        problems: Vec::new(),
        is_page: false,
        junk: false,
        cut: false,
    };
    let mut lexer = Lexer::new(text);
    loop {
        let within = reader.open.last().map_or("", |open| open.written);
        let start = lexer.position();
        let Some(token) = lexer.next(within) else { break };
        match token {
            Token::Start { name, attributes, closed } => {
                let rest = text.get(lexer.position()..).unwrap_or_default();
                let closed = closed && !is_emptied_link(name, attributes, rest);
                reader.start(name, attributes, closed, start);
            }
            Token::End(name) => reader.end(name),
            Token::Text(text) => reader.text(text, true),
            Token::Cdata(text) => reader.text(text, false),
        }
    }
    reader.finish(&lexer)
}

/// Returns whether a closed tag is a link whose address follows it: `<link/>https://…`, as programs write that take a feed for HTML.
fn is_emptied_link(name: &str, attributes: &str, rest: &str) -> bool {
    name.eq_ignore_ascii_case("link") && attributes.trim().is_empty() && rest.starts_with("http")
}

impl<'a> Reader<'a, '_> {
    fn problem(&mut self, code: &'static str, detail: impl Into<String>) {
        if !self.problems.iter().any(|known| known.code == code) {
            self.problems.push(Problem::new(code, detail));
        }
    }

    fn start(&mut self, written: &'a str, attributes: &'a str, closed: bool, at: usize) {
        let scope_mark = self.scope.mark();
        for (attribute, uri) in Attributes(attributes) {
            if attribute.len() >= 5 && attribute.is_char_boundary(5) && attribute[..5].eq_ignore_ascii_case("xmlns") {
                self.scope.declare(attribute, &decode_entities(uri));
            }
        }
        let name = self.scope.resolve(written);
        if self.within_prose(&name) {
            self.tag_in_prose(written, attributes, closed);
            self.scope.fall_back(scope_mark);
            return;
        }
        let place = self.place(&name, attributes, at);
        let Some(place) = place else {
            self.scope.fall_back(scope_mark);
            return;
        };
        let (base, language) = self.context(attributes);
        if place == Place::Field {
            self.elements += 1;
            let inline = is_inline(&name, attributes, self.scope.version == Some("atom03"));
            let element = Element {
                prose: is_prose(&name),
                name,
                attributes: attributes_of(attributes),
                inline,
                base: base.clone(),
                language: language.clone(),
                ..Element::default()
            };
            self.fields.push(element);
        }
        self.open.push(Open {
            written,
            place,
            scope_mark,
            base,
            language,
            nested: 0,
        });
        if closed {
            self.close();
        }
    }

    /// Returns the base URL and language for an element with these attributes.
    fn context(&self, attributes: &str) -> (Option<Rc<Url>>, Option<Rc<str>>) {
        let outer = self.open.last();
        let mut base = match outer {
            Some(outer) => outer.base.clone(),
            None => self.document.url.map(|url| Rc::new(url.clone())),
        };
        let mut language = outer.and_then(|outer| outer.language.clone());
        if memchr::memchr_iter(b':', attributes.as_bytes()).any(|colon| attributes[..colon].ends_with("xml")) {
            for (name, value) in Attributes(attributes) {
                if name.eq_ignore_ascii_case("xml:base") {
                    let joined = markup::join(base.as_deref(), &decode_entities(value));
                    base = joined.filter(|url| url.as_str().len() <= LONGEST_BASE).map(Rc::new).or(base);
                } else if name.eq_ignore_ascii_case("xml:lang") {
                    let value = decode_entities(value);
                    language = Some(value.trim()).filter(|value| !value.is_empty()).map(Rc::from);
                }
            }
        }
        (base, language)
    }

    /// Decides what an element is here; closes what it shows to be over. `None` when it is passed over.
    fn place(&mut self, name: &Name<'a>, attributes: &str, at: usize) -> Option<Place> {
        let plain = matches!(name.space, Space::Plain | Space::Rdf);
        if plain && self.is_entry(&name.local) && !self.in_inline() {
            if self.is_page && self.root.is_none() {
                return Some(Place::Glass);
            }
            return self.start_entry(name, attributes);
        }
        if plain && self.entry.is_none() && self.fields.is_empty() {
            match &*name.local {
                "rss" | "feed" | "rdf" | "channel" | "urlset" if self.open.len() < DEEPEST => {
                    self.set_root(name, attributes, at);
                    if name.local == "channel" || name.local == "feed" {
                        let context = self.context(attributes);
                        self.meta.container(&attributes_of(attributes), &context, name.local == "feed");
                    }
                    return Some(Place::Container);
                }
                "html" | "body" | "head" => self.is_page = self.root.is_none(),
                _ => {}
            }
        }
        if self.open.len() >= DEEPEST || self.elements >= MOST_ELEMENTS {
            return None;
        }
        let holder = self.open.last().map(|open| open.place);
        match holder {
            None | Some(Place::Glass) => Some(Place::Glass),
            Some(Place::Container) if plain && matches!(&*name.local, "items" | "seq" | "channels") => Some(Place::Glass),
            Some(_) => {
                self.close_forgotten(name);
                Some(Place::Field)
            }
        }
    }

    fn start_entry(&mut self, name: &Name<'a>, attributes: &str) -> Option<Place> {
        while self.open.iter().any(|open| open.place == Place::Entry) || self.open.last().is_some_and(|open| open.place == Place::Field) {
            self.problem("unclosed", "an element never ends");
            self.close();
        }
        if self.entries.len() >= MOST_ENTRIES {
            self.problem("too-many-entries", format!("only the first {MOST_ENTRIES} entries are kept"));
            return None;
        }
        if self.root.is_none() {
            let kind = if name.local == "entry" { FeedKind::Atom } else { FeedKind::Rss };
            self.root = Some((kind, self.scope.version.unwrap_or(kind.as_str()).to_owned()));
        }
        self.elements = 0;
        let atom = self.root.as_ref().is_some_and(|(kind, _)| *kind == FeedKind::Atom);
        self.entry = Some(EntryBuilder::new(&attributes_of(attributes), self.context(attributes), atom));
        Some(Place::Entry)
    }

    fn set_root(&mut self, name: &Name<'a>, attributes: &str, at: usize) {
        if self.root.is_some() {
            return;
        }
        if self.junk || self.is_page {
            self.problem("junk-before-feed", format!("the feed starts at byte {at}"));
        }
        self.is_page = false;
        let number = Attributes(attributes)
            .find(|(name, _)| name.eq_ignore_ascii_case("version"))
            .map(|(_, value)| value.chars().filter(char::is_ascii_digit).collect::<String>())
            .unwrap_or_default();
        self.root = Some(match &*name.local {
            "feed" => {
                let version = self.scope.version.filter(|version| version.starts_with("atom"));
                let old = if number == "03" { "atom03" } else { "atom" };
                (FeedKind::Atom, version.unwrap_or(old).to_owned())
            }
            "rdf" => {
                let version = self.scope.version.filter(|version| version.starts_with("rss"));
                (FeedKind::Rdf, version.unwrap_or("rss10").to_owned())
            }
            "urlset" => (FeedKind::Sitemap, "sitemap".to_owned()),
            // The Channel Definition Format names its page on the channel itself.
            "channel" if Attributes(attributes).any(|(name, _)| name.eq_ignore_ascii_case("href")) => (FeedKind::Rss, "cdf".to_owned()),
            _ if !number.is_empty() && number.len() <= 4 => (FeedKind::Rss, format!("rss{}", if number == "2" { "20" } else { &number })),
            _ => (FeedKind::Rss, "rss".to_owned()),
        });
    }

    /// Closes a field that forgot its end tag, when `name` can only be the next field.
    fn close_forgotten(&mut self, name: &Name<'_>) {
        let Some(field) = self.fields.last().filter(|_| self.fields.len() == 1) else {
            return;
        };
        if (is_leaf(&field.name) || field.section && !field.tags) && is_known_field(name) {
            self.problem("unclosed", "an element never ends");
            self.close();
        }
    }

    /// Returns whether an element of this name is an entry in a document of this kind.
    fn is_entry(&self, local: &str) -> bool {
        is_entry(local) || local == "url" && self.fields.is_empty() && matches!(self.root, Some((FeedKind::Sitemap, _)))
    }

    fn in_inline(&self) -> bool {
        self.fields.last().is_some_and(|field| field.inline)
    }

    /// Returns whether a tag of this name is part of the prose of the element that is open.
    fn within_prose(&self, name: &Name<'_>) -> bool {
        let Some(field) = self.fields.last() else { return false };
        if !field.prose {
            return false;
        }
        if field.inline {
            return true;
        }
        let plain = matches!(name.space, Space::Plain | Space::Rdf);
        let next_entry = plain && self.is_entry(&name.local);
        let next_field = self.fields.len() == 1 && is_sure_field(name) && (name.space != Space::Plain || field.name.local != name.local);
        let whole = is_leaf(&field.name) || field.section && !field.tags;
        let after_leaf = self.fields.len() == 1 && whole && is_known_field(name);
        !(next_entry || next_field || after_leaf)
    }

    fn tag_in_prose(&mut self, written: &'a str, attributes: &str, closed: bool) {
        let Some(field) = self.fields.last_mut() else { return };
        field.tags = true;
        if field.text.len() + attributes.len() > MOST_TEXT {
            return;
        }
        let local = split(written).map_or(written, |(_, local)| local);
        field.text.push('<');
        field.text.push_str(local);
        if !attributes.trim().is_empty() {
            field.text.push(' ');
            field.text.push_str(attributes.trim());
        }
        let void = markup::is_void(local);
        field.text.push_str(if closed && void { " />" } else { ">" });
        if closed && !void {
            field.text.push_str("</");
            field.text.push_str(local);
            field.text.push('>');
        }
        if let Some(open) = self
            .open
            .last_mut()
            .filter(|open| !closed && open.written.eq_ignore_ascii_case(written))
        {
            open.nested += 1;
        }
    }

    fn text(&mut self, raw: &str, references: bool) {
        let Some(field) = self.fields.last_mut() else {
            self.junk |= self.root.is_none() && !raw.trim().is_empty();
            return;
        };
        if field.text.len() + raw.len() > MOST_TEXT {
            let room = MOST_TEXT.saturating_sub(field.text.len());
            push_permitted(&mut field.text, &raw[..raw.floor_char_boundary(room)]);
            self.problem("long-text", "only the first 1 MiB of a text is kept");
            return;
        }
        field.section |= !references;
        // Where sections were nested, the inner one's start and the outer one's end are left over.
        let left_over = if references { "]]>" } else { "<![CDATA[" };
        let without;
        let raw = if memchr::memmem::find(raw.as_bytes(), left_over.as_bytes()).is_some() {
            without = raw.replace(left_over, "");
            &without
        } else {
            raw
        };
        match (references, field.inline) {
            (true, false) => push_decoded(&mut field.text, raw),
            // In XHTML the references stay what they are: escaped characters.
            (true, true) | (false, false) => push_permitted(&mut field.text, raw),
            (false, true) => push_permitted(&mut field.text, &markup::escape(raw)),
        }
    }

    fn end(&mut self, written: &'a str) {
        let prose = self.fields.last().is_some_and(|field| field.prose);
        if let Some(open) = self.open.last_mut().filter(|_| prose) {
            let same = open.written.eq_ignore_ascii_case(written);
            if same && open.nested > 0 {
                open.nested -= 1;
                self.end_in_prose(written);
                return;
            }
        }
        let depth = self.open.iter().rposition(|open| open.written.eq_ignore_ascii_case(written));
        let Some(depth) = depth else {
            if prose {
                self.end_in_prose(written);
            } else {
                self.end_by_local_name(written);
            }
            return;
        };
        if depth + 1 < self.open.len() {
            self.problem("unclosed", "an element never ends");
        }
        while self.open.len() > depth {
            self.close();
        }
    }

    /// Ends the innermost element whose name differs in the prefix only, as `<atom:link></link>`.
    fn end_by_local_name(&mut self, written: &str) {
        let local = |name: &'_ str| split(name).map_or(name, |(_, local)| local).to_ascii_lowercase();
        if self
            .open
            .last()
            .is_some_and(|open| open.place == Place::Field && local(open.written) == local(written))
        {
            self.close();
        }
    }

    fn end_in_prose(&mut self, written: &str) {
        let Some(field) = self.fields.last_mut() else { return };
        let local = split(written).map_or(written, |(_, local)| local);
        if !markup::is_void(local) {
            field.text.push_str("</");
            field.text.push_str(local);
            field.text.push('>');
        }
    }

    /// Closes the innermost element and hands it on.
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.scope.fall_back(open.scope_mark);
        match open.place {
            Place::Field => {
                let Some(mut field) = self.fields.pop() else { return };
                markup::decode_base64(&mut field);
                if markup::untangle(&mut field.text) {
                    self.problem("mojibake", "a text was encoded twice");
                }
                match (self.fields.last_mut(), &mut self.entry) {
                    (Some(outer), _) => outer.children.push(field),
                    (None, Some(entry)) => entry.take(&field, self.document.timezone),
                    (None, None) => self.meta.take(&field, self.document.timezone),
                }
            }
            Place::Entry => self.close_entry(),
            Place::Container | Place::Glass => {}
        }
    }

    fn close_entry(&mut self) {
        let Some(entry) = self.entry.take() else { return };
        let is_sitemap = matches!(self.root, Some((FeedKind::Sitemap, _)));
        if is_sitemap {
            self.meta.publication(entry.publication());
        }
        let (draft, problem) = entry.finish(&self.meta);
        if let Some(problem) = problem {
            self.problem(problem.code, problem.detail);
        }
        if is_sitemap && draft.title.is_empty() || self.cut && (draft.title.is_empty() || draft.link.is_none()) {
            return;
        }
        self.entries.push(draft);
    }

    fn finish(mut self, lexer: &Lexer<'_>) -> Option<ParsedFeed> {
        self.cut = self.entry.is_some() || !self.fields.is_empty() || lexer.damage.cut && !self.open.is_empty();
        if !self.open.is_empty() {
            self.problem("truncated", "the document ends in the middle");
        }
        if self.cut {
            // A headline, an address, a date or a name that was cut is none.
            let is_line = |field: &Element<'_>| !field.prose || field.name.local == "title";
            if self.fields.last().is_some_and(|field| field.children.is_empty() && is_line(field)) {
                self.fields.pop();
                self.open.pop();
            }
            // Nor is a tag that was cut a part of the text before it.
            if let Some(field) = self.fields.last_mut()
                && let Some(start) = field.text.rfind('<').filter(|start| !field.text[*start..].contains('>'))
            {
                field.text.truncate(start);
            }
        }
        while !self.open.is_empty() {
            self.close();
        }
        if lexer.damage.bare_signs > 0 {
            self.problem("bare-signs", format!("{} times `<` that starts no tag", lexer.damage.bare_signs));
        }
        if lexer.damage.open_sections > 0 {
            self.problem(
                "unclosed-cdata",
                format!("{} CDATA sections without an end", lexer.damage.open_sections),
            );
        }
        let (kind, version) = self.root?;
        if kind == FeedKind::Sitemap && self.entries.is_empty() {
            return None;
        }
        let (meta, authors) = self.meta.finish();
        if kind == FeedKind::Atom {
            for entry in self.entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
                entry.authors.clone_from(&authors);
            }
        }
        Some(ParsedFeed {
            kind,
            version,
            meta,
            entries: self.entries,
            problems: self.problems,
        })
    }
}
