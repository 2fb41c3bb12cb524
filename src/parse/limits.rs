//! The bounds of what is kept of one document, whatever its format.

/// The most entries that are kept of one document.
pub(super) const MAX_ENTRIES: usize = 10_000;
/// The most that is kept of one element's text, in bytes.
pub(super) const MAX_TEXT_BYTES: usize = 1 << 20;
/// The most that is kept of a text of one line, in bytes: of a title, a statement of rights.
pub(super) const MAX_LINE_BYTES: usize = 4096;
/// The most that is kept of a name, in bytes: of an author, a mail address, a category and its vocabulary.
pub(super) const MAX_NAME_BYTES: usize = 512;
/// The longest address of attached media, in bytes; media with a longer one are left out, as links in cleaned markup are.
pub(super) const MAX_MEDIA_ADDRESS_BYTES: usize = 2048;
/// The longest media type, in bytes (RFC 6838, 4.2: two names of at most 127 characters); a longer one is left out.
pub(super) const MAX_MEDIA_TYPE_BYTES: usize = 255;
