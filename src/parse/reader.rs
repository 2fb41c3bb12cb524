//! Reads a feed from the lexer's tokens, in one pass with a stack of open elements.
//!
//! Decides where an element starts and ends, also where tags are missing or misplaced. What an element means is decided in `entry` and
//! `feed_metadata`.

use super::document::{Document, DocumentEnd, ParsedFeed};
use super::element::{
    Context, Element, holds_xhtml, is_entry, is_known_field, is_markup_field, is_text_field, is_unambiguous_field, read_attributes,
};
use super::entry::{DateStyle, EntryBuilder, FinishedEntry};
use super::feed_metadata::FeedMetadataBuilder;
use super::lexer::{Attributes, Lexer, Token};
use super::limits::{MAX_ENTRIES, MAX_TEXT_BYTES};
use super::markup;
use super::namespace::{Name, Namespace, Namespaces, split};
use super::web_url;
use crate::model::{EntryDraft, FeedKind, Problem};
use crate::text::double_encoding::repair_double_encoding;
use crate::text::entities::{decode_entities, push_decoded, push_permitted};
use std::rc::Rc;

/// The longest `xml:base`, in bytes: each relative address of the document grows by its length.
const MAX_BASE_BYTES: usize = 512;
/// The deepest nesting in which elements are read.
const MAX_DEPTH: usize = 48;
/// The most elements that are kept of one entry, or of the feed itself.
const MAX_ELEMENTS: usize = 4000;

/// What an element is in the structure of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Contains fields and entries: `rss`, `channel`, `feed`, `rdf:RDF`.
    Container,
    /// `item` or `entry`.
    Entry,
    /// A child of a container or an entry, or an element in such a child.
    Field,
    /// An element whose children are read as if it were not there.
    Transparent,
}

struct OpenElement<'a> {
    /// The name with its prefix, as it is written.
    qualified_name: &'a str,
    role: Role,
    /// How many namespaces were declared before it.
    declared_before: usize,
    context: Context,
    /// How many elements of the same name are open in its text.
    nested: usize,
}

struct Reader<'a, 'd> {
    document: &'d Document<'d>,
    namespaces: Namespaces<'a>,
    open: Vec<OpenElement<'a>>,
    /// The open fields, the outermost first.
    fields: Vec<Element<'a>>,
    entry: Option<EntryBuilder<'a>>,
    entries: Vec<EntryDraft>,
    meta: FeedMetadataBuilder,
    /// The format and its version, once the root element was read.
    root: Option<(FeedKind, String)>,
    /// How many elements were read of the entry, or of the feed.
    elements: usize,
    problems: Vec<Problem>,
    /// Whether an element of HTML pages came before the root element.
    is_page: bool,
    /// Whether text came before the root element.
    has_text_before_root: bool,
    /// Whether the document ends within an entry or a field.
    is_truncated: bool,
}

/// Reads a feed in markup; `None` when the text contains no feed.
pub(super) fn read(text: &str, document: &Document<'_>) -> Option<ParsedFeed> {
    let mut reader = Reader {
        document,
        namespaces: Namespaces::default(),
        open: Vec::new(),
        fields: Vec::new(),
        entry: None,
        entries: Vec::new(),
        meta: FeedMetadataBuilder::default(),
        root: None,
        elements: 0,
        problems: Vec::new(),
        is_page: false,
        has_text_before_root: false,
        is_truncated: false,
    };
    let mut lexer = Lexer::new(text);
    loop {
        let within = reader.open.last().map_or("", |open| open.qualified_name);
        let start = lexer.position();
        let Some(token) = lexer.next(within) else { break };
        match token {
            Token::Start { name, attributes, closed } => {
                let rest = text.get(lexer.position()..).unwrap_or_default();
                let closed = closed && !is_link_before_address(name, attributes, rest);
                reader.start(name, attributes, closed, start);
            }
            Token::End(name) => reader.end(name),
            Token::Text(text) => reader.text(text, true),
            Token::Cdata(text) => reader.text(text, false),
        }
    }
    reader.finish(&lexer)
}

/// Returns whether an empty tag is a link whose address follows it: `<link/>https://…`, as HTML serialisers write it.
fn is_link_before_address(name: &str, attributes: &str, rest: &str) -> bool {
    name.eq_ignore_ascii_case("link") && attributes.trim().is_empty() && rest.starts_with("http")
}

impl<'a> Reader<'a, '_> {
    /// Adds a problem, once for each code.
    fn problem(&mut self, code: &'static str, detail: impl Into<String>) {
        if !self.problems.iter().any(|known| known.code == code) {
            self.problems.push(Problem::new(code, detail));
        }
    }

    fn start(&mut self, qualified_name: &'a str, attributes: &'a str, closed: bool, at: usize) {
        let declared_before = self.namespaces.count();
        for (attribute, uri) in Attributes(attributes) {
            if attribute.len() >= 5 && attribute.is_char_boundary(5) && attribute[..5].eq_ignore_ascii_case("xmlns") {
                self.namespaces.declare(attribute, &decode_entities(uri));
            }
        }
        let name = self.namespaces.resolve(qualified_name);
        if self.is_within_markup(&name) {
            self.append_start_tag(qualified_name, attributes, closed);
            self.namespaces.truncate(declared_before);
            return;
        }
        let role = self.role(&name, attributes, at);
        let Some(role) = role else {
            self.namespaces.truncate(declared_before);
            return;
        };
        let context = self.context(attributes);
        if role == Role::Field {
            self.elements += 1;
            let is_xhtml = holds_xhtml(&name, attributes, self.namespaces.version == Some("atom03"));
            let element = Element {
                allows_markup: is_markup_field(&name),
                name,
                attributes: read_attributes(attributes),
                is_xhtml,
                context: context.clone(),
                ..Element::default()
            };
            self.fields.push(element);
        }
        self.open.push(OpenElement {
            qualified_name,
            role,
            declared_before,
            context,
            nested: 0,
        });
        if closed {
            self.close();
        }
    }

    /// Returns the base URL and the language of an element with these attributes.
    fn context(&self, attributes: &str) -> Context {
        let mut context = match self.open.last() {
            Some(outer) => outer.context.clone(),
            None => Context {
                base: self.document.url.map(|url| Rc::new(url.clone())),
                has_stated_base: self.document.is_base_stated,
                language: None,
            },
        };
        if memchr::memchr_iter(b':', attributes.as_bytes()).any(|colon| attributes[..colon].ends_with("xml")) {
            for (name, value) in Attributes(attributes) {
                if name.eq_ignore_ascii_case("xml:base") {
                    let joined = web_url::join(context.base.as_deref(), &decode_entities(value));
                    let joined = joined.filter(|url| url.as_str().len() <= MAX_BASE_BYTES).map(Rc::new);
                    context.has_stated_base |= joined.is_some();
                    context.base = joined.or(context.base);
                } else if name.eq_ignore_ascii_case("xml:lang") {
                    let value = decode_entities(value);
                    context.language = Some(value.trim()).filter(|value| !value.is_empty()).map(Rc::from);
                }
            }
        }
        context
    }

    /// Decides the role of an element here, and closes the elements that its start ends. `None` when it is left out.
    fn role(&mut self, name: &Name<'a>, attributes: &str, at: usize) -> Option<Role> {
        let plain = matches!(name.namespace, Namespace::Plain | Namespace::Rdf);
        if plain && self.is_entry(&name.local) && !self.is_in_xhtml() {
            if self.is_page && self.root.is_none() {
                return Some(Role::Transparent);
            }
            return self.start_entry(name, attributes);
        }
        if plain && self.entry.is_none() && self.fields.is_empty() {
            match &*name.local {
                "rss" | "feed" | "rdf" | "channel" | "urlset" if self.open.len() < MAX_DEPTH => {
                    self.set_root(name, attributes, at);
                    if name.local == "channel" || name.local == "feed" {
                        let context = self.context(attributes);
                        self.meta
                            .add_container(&read_attributes(attributes), &context, name.local == "feed");
                    }
                    return Some(Role::Container);
                }
                "html" | "body" | "head" => self.is_page = self.root.is_none(),
                _ => {}
            }
        }
        if self.open.len() >= MAX_DEPTH || self.elements >= MAX_ELEMENTS {
            return None;
        }
        let holder = self.open.last().map(|open| open.role);
        match holder {
            None | Some(Role::Transparent) => Some(Role::Transparent),
            Some(Role::Container) if plain && matches!(&*name.local, "items" | "seq" | "channels") => Some(Role::Transparent),
            Some(_) => {
                self.close_unclosed_field(name);
                Some(Role::Field)
            }
        }
    }

    fn start_entry(&mut self, name: &Name<'a>, attributes: &str) -> Option<Role> {
        while self.open.iter().any(|open| open.role == Role::Entry) || self.open.last().is_some_and(|open| open.role == Role::Field) {
            self.problem("unclosed", "an element never ends");
            self.close();
        }
        if self.entries.len() >= MAX_ENTRIES {
            self.problem("too-many-entries", format!("only the first {MAX_ENTRIES} entries are kept"));
            return None;
        }
        if self.root.is_none() {
            let kind = if name.local == "entry" { FeedKind::Atom } else { FeedKind::Rss };
            self.root = Some((kind, self.namespaces.version.unwrap_or(kind.as_str()).to_owned()));
        }
        self.elements = 0;
        let atom = self.root.as_ref().is_some_and(|(kind, _)| *kind == FeedKind::Atom);
        self.entry = Some(EntryBuilder::new(&read_attributes(attributes), self.context(attributes), atom));
        Some(Role::Entry)
    }

    fn set_root(&mut self, name: &Name<'a>, attributes: &str, at: usize) {
        if self.root.is_some() {
            return;
        }
        if self.has_text_before_root || self.is_page {
            self.problem("junk-before-feed", format!("the feed starts at byte {at}"));
        }
        self.is_page = false;
        let number = Attributes(attributes)
            .find(|(name, _)| name.eq_ignore_ascii_case("version"))
            .map(|(_, value)| value.chars().filter(char::is_ascii_digit).collect::<String>())
            .unwrap_or_default();
        self.root = Some(match &*name.local {
            "feed" => {
                let version = self.namespaces.version.filter(|version| version.starts_with("atom"));
                let old = if number == "03" { "atom03" } else { "atom" };
                (FeedKind::Atom, version.unwrap_or(old).to_owned())
            }
            "rdf" => {
                let version = self.namespaces.version.filter(|version| version.starts_with("rss"));
                (FeedKind::Rdf, version.unwrap_or("rss10").to_owned())
            }
            "urlset" => (FeedKind::Sitemap, "sitemap".to_owned()),
            // The Channel Definition Format gives the address of its page as an attribute of the channel.
            "channel" if Attributes(attributes).any(|(name, _)| name.eq_ignore_ascii_case("href")) => (FeedKind::Rss, "cdf".to_owned()),
            _ if !number.is_empty() && number.len() <= 4 => (FeedKind::Rss, format!("rss{}", if number == "2" { "20" } else { &number })),
            _ => (FeedKind::Rss, "rss".to_owned()),
        });
    }

    /// Closes a field whose end tag is missing, when `name` can only be the next field.
    fn close_unclosed_field(&mut self, name: &Name<'_>) {
        let Some(field) = self.fields.last().filter(|_| self.fields.len() == 1) else {
            return;
        };
        if (is_text_field(&field.name) || field.is_cdata && !field.has_tags) && is_known_field(name) {
            self.problem("unclosed", "an element never ends");
            self.close();
        }
    }

    /// Returns whether an element of this local name is an entry in a document of this format.
    fn is_entry(&self, local: &str) -> bool {
        is_entry(local) || local == "url" && self.fields.is_empty() && matches!(self.root, Some((FeedKind::Sitemap, _)))
    }

    fn is_in_xhtml(&self) -> bool {
        self.fields.last().is_some_and(|field| field.is_xhtml)
    }

    /// Returns whether a tag of this name is markup in the text of the open field.
    fn is_within_markup(&self, name: &Name<'_>) -> bool {
        let Some(field) = self.fields.last() else { return false };
        if !field.allows_markup {
            return false;
        }
        if field.is_xhtml {
            return true;
        }
        let plain = matches!(name.namespace, Namespace::Plain | Namespace::Rdf);
        let next_entry = plain && self.is_entry(&name.local);
        let next_field =
            self.fields.len() == 1 && is_unambiguous_field(name) && (name.namespace != Namespace::Plain || field.name.local != name.local);
        let whole = is_text_field(&field.name) || field.is_cdata && !field.has_tags;
        let after_leaf = self.fields.len() == 1 && whole && is_known_field(name);
        !(next_entry || next_field || after_leaf)
    }

    fn append_start_tag(&mut self, qualified_name: &'a str, attributes: &str, closed: bool) {
        let Some(field) = self.fields.last_mut() else { return };
        field.has_tags = true;
        if field.text.len() + attributes.len() > MAX_TEXT_BYTES {
            return;
        }
        let local = split(qualified_name).map_or(qualified_name, |(_, local)| local);
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
            .filter(|open| !closed && open.qualified_name.eq_ignore_ascii_case(qualified_name))
        {
            open.nested += 1;
        }
    }

    fn text(&mut self, raw: &str, references: bool) {
        let Some(field) = self.fields.last_mut() else {
            self.has_text_before_root |= self.root.is_none() && !raw.trim().is_empty();
            return;
        };
        if field.text.len() + raw.len() > MAX_TEXT_BYTES {
            let room = MAX_TEXT_BYTES.saturating_sub(field.text.len());
            push_permitted(&mut field.text, &raw[..raw.floor_char_boundary(room)]);
            self.problem("long-text", "only the first 1 MiB of a text is kept");
            return;
        }
        field.is_cdata |= !references;
        // Of nested CDATA sections the start of the inner one and the end of the outer one remain as text.
        let remainder = if references { "]]>" } else { "<![CDATA[" };
        let without;
        let raw = if memchr::memmem::find(raw.as_bytes(), remainder.as_bytes()).is_some() {
            without = raw.replace(remainder, "");
            &without
        } else {
            raw
        };
        match (references, field.is_xhtml) {
            (true, false) => push_decoded(&mut field.text, raw),
            // In XHTML the references stay: they are escaped characters of its markup.
            (true, true) | (false, false) => push_permitted(&mut field.text, raw),
            (false, true) => push_permitted(&mut field.text, &markup::escape(raw)),
        }
    }

    fn end(&mut self, qualified_name: &'a str) {
        let allows_markup = self.fields.last().is_some_and(|field| field.allows_markup);
        if let Some(open) = self.open.last_mut().filter(|_| allows_markup) {
            let is_same = open.qualified_name.eq_ignore_ascii_case(qualified_name);
            if is_same && open.nested > 0 {
                open.nested -= 1;
                self.append_end_tag(qualified_name);
                return;
            }
        }
        let depth = self
            .open
            .iter()
            .rposition(|open| open.qualified_name.eq_ignore_ascii_case(qualified_name));
        let Some(depth) = depth else {
            if allows_markup {
                self.append_end_tag(qualified_name);
            } else {
                self.end_by_local_name(qualified_name);
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

    /// Closes the innermost element if its name differs in the prefix only, as in `<atom:link></link>`.
    fn end_by_local_name(&mut self, qualified_name: &str) {
        let local = |name: &str| split(name).map_or(name, |(_, local)| local).to_ascii_lowercase();
        if self
            .open
            .last()
            .is_some_and(|open| open.role == Role::Field && local(open.qualified_name) == local(qualified_name))
        {
            self.close();
        }
    }

    fn append_end_tag(&mut self, qualified_name: &str) {
        let Some(field) = self.fields.last_mut() else { return };
        let local = split(qualified_name).map_or(qualified_name, |(_, local)| local);
        if !markup::is_void(local) {
            field.text.push_str("</");
            field.text.push_str(local);
            field.text.push('>');
        }
    }

    /// Closes the innermost element: a field is added to what contains it, an entry to the feed.
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.namespaces.truncate(open.declared_before);
        match open.role {
            Role::Field => {
                let Some(mut field) = self.fields.pop() else { return };
                markup::decode_base64(&mut field);
                // Here also references are decoded that the document's own text hid.
                if let Some(repaired) = repair_double_encoding(&field.text) {
                    field.text = repaired;
                    self.problem("mojibake", "a text was encoded twice");
                }
                markup::remove_section_marks(&mut field.text);
                match (self.fields.last_mut(), &mut self.entry) {
                    (Some(outer), _) => outer.children.push(field),
                    (None, Some(entry)) => entry.push(field),
                    (None, None) => self.meta.add_field(&field, self.document.timezone),
                }
            }
            Role::Entry => self.close_entry(),
            Role::Container | Role::Transparent => {}
        }
    }

    fn close_entry(&mut self) {
        let Some(entry) = self.entry.take() else { return };
        let is_sitemap = matches!(self.root, Some((FeedKind::Sitemap, _)));
        let style = DateStyle::of(self.document.timezone, self.meta.language());
        let FinishedEntry {
            draft,
            problems,
            publication,
        } = entry.finish(&self.meta, style);
        for problem in problems {
            self.problem(problem.code, problem.detail);
        }
        if is_sitemap {
            self.meta.add_publication((&publication.0, publication.1.as_deref()));
        }
        if is_sitemap && draft.title.is_empty() || self.is_truncated && (draft.title.is_empty() || draft.link.is_none()) {
            return;
        }
        self.entries.push(draft);
    }

    fn finish(mut self, lexer: &Lexer<'_>) -> Option<ParsedFeed> {
        let (is_open, is_within_entry) = (!self.open.is_empty(), self.entry.is_some());
        self.is_truncated = is_within_entry || !self.fields.is_empty() || lexer.damage.is_cut && !self.open.is_empty();
        if is_open {
            self.problem("truncated", "the document ends in the middle");
        }
        if self.is_truncated {
            // A headline, an address, a date or a name that was cut is wrong; a text that was cut is kept.
            let is_line = |field: &Element<'_>| !field.allows_markup || field.name.local == "title";
            if self.fields.last().is_some_and(|field| field.children.is_empty() && is_line(field)) {
                self.fields.pop();
                self.open.pop();
            }
            // A tag that was cut is not part of the text before it.
            if let Some(field) = self.fields.last_mut()
                && let Some(start) = field.text.rfind('<').filter(|start| !field.text[*start..].contains('>'))
            {
                field.text.truncate(start);
            }
        }
        let whole_entries = self.entries.len();
        while !self.open.is_empty() {
            self.close();
        }
        let end = match (is_open, is_within_entry && self.entries.len() > whole_entries) {
            (false, _) => DocumentEnd::Whole,
            (true, false) => DocumentEnd::BetweenEntries,
            (true, true) => DocumentEnd::WithinEntry,
        };
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
            end,
        })
    }
}
