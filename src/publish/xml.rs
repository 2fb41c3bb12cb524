//! Writes XML elements from plain texts; markup from outside appears only as text.

use super::text::escape_bytes;
use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, BytesEnd, BytesPI, BytesStart, BytesText, Event};
use std::borrow::Cow;

/// The processing instruction of the style sheet, for people who open a feed in a browser. Browsers remove XSLT, but not CSS.
pub(super) const STYLE_SHEET_INSTRUCTION: &str = "xml-stylesheet type=\"text/css\" href=\"feed.css\"";

/// Writes one XML document into memory.
pub(super) struct Document(Writer<Vec<u8>>);

impl Document {
    /// Begins a document of about `size` bytes.
    pub(super) fn new(size: usize) -> Self {
        let mut document = Self(Writer::new(Vec::with_capacity(size)));
        document.write(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        document
    }

    /// Begins a document of about `size` bytes with the style sheet instruction.
    pub(super) fn styled(size: usize) -> Self {
        let mut document = Self::new(size);
        document.write(Event::Text(BytesText::from_escaped("\n")));
        document.write(Event::PI(BytesPI::new(STYLE_SHEET_INSTRUCTION)));
        document
    }

    fn write(&mut self, event: Event<'_>) {
        let written = self.0.write_event(event);
        debug_assert!(written.is_ok(), "a vector takes every write");
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Text(BytesText::from_escaped("\n")));
        let element = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.write(Event::Start(element));
    }

    /// Closes an element.
    pub(super) fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Text(BytesText::from_escaped("\n")));
        let element = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.write(Event::Empty(element));
    }

    /// Writes an element that holds a plain text, as [`super::text::to_plain_text()`] returns it.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.write(Event::Text(BytesText::from_escaped(escape(text))));
        self.close(name);
    }

    /// Writes an element that holds HTML as text; `html` has no control characters left.
    pub(super) fn html(&mut self, name: &str, attributes: &[(&str, &str)], html: &str) {
        self.open(name, attributes);
        for section in BytesCData::escaped(html) {
            self.write(Event::CData(section));
        }
        self.close(name);
    }

    /// Ends the document and returns it.
    pub(super) fn finish(self) -> String {
        let mut text = into_string(self.0.into_inner());
        text.push('\n');
        text
    }
}

/// Returns the output of an XML writer, which is UTF-8; invalid bytes would be replaced.
pub(super) fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}

/// Returns `text` as the content of an element. The RSS profile wants numeric references, and every feed reader accepts them.
fn escape(text: &str) -> Cow<'_, str> {
    escape_bytes(text, |byte, _| match byte {
        b'&' => Some("&#x26;"),
        b'<' => Some("&#x3C;"),
        b'>' => Some("&#x3E;"),
        _ => None,
    })
}

/// Checks that a document is well-formed.
///
/// # Errors
/// The first mistake, in words.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) => return Err("ill-formed document: it ends before its last end tag".to_owned()),
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}
