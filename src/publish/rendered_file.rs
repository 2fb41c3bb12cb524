//! A file as it is published.

/// A file of the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Its name, without any folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl RenderedFile {
    /// Returns the file `name` that holds `text`.
    pub(super) fn new(name: String, text: String) -> Self {
        Self {
            name,
            bytes: text.into_bytes(),
        }
    }
}
