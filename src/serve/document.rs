//! A document in memory: its bytes, its validators, and its compressed forms, each made once.

use super::media::Media;
use super::negotiation::Coding;
use super::regular_file::read_beside;
use crate::model::Digest128;
use crate::publish::{CompressedForm, Effort, MIN_COMPRESSED_BYTES};
use axum::body::Bytes;
use axum::http::HeaderValue;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;
use tokio::sync::OnceCell;

/// A document with its validators.
#[derive(Debug)]
pub struct Document {
    media: Media,
    plain: Bytes,
    /// The digest of the plain bytes in hexadecimal digits.
    hash: String,
    modified: Option<SystemTime>,
    /// The file whose neighbours may hold its compressed forms; none for what is in no file.
    file: Option<PathBuf>,
    /// In the order of [`Coding::COMPRESSED`]; none where compression saves nothing.
    compressed: [OnceCell<Option<Bytes>>; 3],
    /// The bytes of the compressed forms.
    compressed_bytes: AtomicUsize,
    etags: [OnceLock<HeaderValue>; 8],
    last_modified: Option<HeaderValue>,
}

impl Document {
    /// Returns the document of a file that was last changed at `modified`. Its strong `ETag` is a digest of the bytes.
    #[must_use]
    pub fn new(media: Media, plain: Vec<u8>, modified: Option<SystemTime>, file: Option<PathBuf>) -> Self {
        Self {
            hash: Digest128::hash(&plain).to_hex(),
            media,
            plain: plain.into(),
            modified,
            file,
            compressed: Default::default(),
            compressed_bytes: AtomicUsize::new(0),
            etags: Default::default(),
            last_modified: modified.and_then(|modified| HeaderValue::try_from(httpdate::fmt_http_date(modified)).ok()),
        }
    }

    /// Returns what kind of document it is.
    #[must_use]
    pub const fn media(&self) -> &Media {
        &self.media
    }

    /// Returns the bytes of the file.
    #[must_use]
    pub const fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// Returns the digest of the plain bytes.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the time of the last change.
    #[must_use]
    pub const fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// Returns the value of `Last-Modified`.
    #[must_use]
    pub const fn last_modified(&self) -> Option<&HeaderValue> {
        self.last_modified.as_ref()
    }

    /// Returns how many bytes it takes in memory.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.plain.len() + self.compressed_bytes.load(Ordering::Relaxed)
    }

    /// Returns whether its representation depends on `Accept-Encoding`.
    #[must_use]
    pub fn is_compressible(&self) -> bool {
        self.media.is_text() && self.plain.len() >= MIN_COMPRESSED_BYTES
    }

    /// Returns the strong entity tag of one representation, with its quotes: those of other codings and media types are others.
    #[must_use]
    pub fn etag(&self, coding: Coding, is_displayed: bool) -> &HeaderValue {
        let place = coding.index().map_or(0, |index| index + 1) + if is_displayed { 4 } else { 0 };
        self.etags[place].get_or_init(|| {
            let (hash, suffix) = (&self.hash, coding.form().map_or("", CompressedForm::suffix));
            let (dash, letter) = (if suffix.is_empty() { "" } else { "-" }, if is_displayed { "-d" } else { "" });
            let etag = format!("\"{hash}{letter}{dash}{suffix}\"");
            HeaderValue::try_from(etag).expect("digits and letters are allowed in a header")
        })
    }

    /// Returns the best of the wanted representations that there is, with its coding. What is compressed for the first time is compressed once,
    /// whoever else waits for it.
    pub async fn best(&self, wanted: &[Coding]) -> (Coding, Bytes) {
        for coding in wanted.iter().filter(|_| self.is_compressible()) {
            let Some(place) = coding.index() else { break };
            let cell = self.compressed[place].get_or_init(|| self.compress(*coding)).await;
            if let Some(bytes) = cell {
                return (*coding, bytes.clone());
            }
        }
        (Coding::Identity, self.plain.clone())
    }

    /// Returns the compressed form: of the file beside it where that is not older, else a new one. None when it is no smaller.
    async fn compress(&self, coding: Coding) -> Option<Bytes> {
        let form = coding.form()?;
        let (plain, file, modified) = (self.plain.clone(), self.file.clone(), self.modified);
        let made = tokio::task::spawn_blocking(move || {
            let beside = file.and_then(|file| read_beside(&file, form.suffix(), modified?));
            beside.map_or_else(|| form.of(&plain, Effort::Waiting), Ok)
        });
        // A task of the blocking pool fails only when it panics, or at the end of the program.
        let bytes = made.await.ok()?.ok().filter(|bytes| bytes.len() < self.plain.len())?;
        self.compressed_bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        Some(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn document(text: &str) -> Document {
        Document::new(Media::of("x.xml"), text.as_bytes().to_vec(), None, None)
    }

    fn decoded(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match coding {
            Coding::Identity => out.extend_from_slice(bytes),
            Coding::Gzip => drop(io::copy(&mut flate2::read::GzDecoder::new(bytes), &mut out).expect("gzip")),
            Coding::Brotli => drop(io::copy(&mut brotli_decompressor::Decompressor::new(bytes, 4096), &mut out).expect("br")),
            Coding::Zstd => out = zstd::stream::decode_all(bytes).expect("zstd"),
        }
        out
    }

    #[tokio::test]
    async fn each_coding_gives_the_same_bytes_and_has_its_own_tag() {
        let text = "Le bac de Ségou repart. ".repeat(200);
        let document = document(&text);
        let mut tags = std::collections::HashSet::from([document.etag(Coding::Identity, false).clone()]);
        for coding in Coding::COMPRESSED {
            let (got, bytes) = document.best(&[coding, Coding::Identity]).await;
            assert_eq!(got, coding);
            assert!(bytes.len() * 10 < text.len(), "{coding:?}: {}", bytes.len());
            assert_eq!(decoded(coding, &bytes), text.as_bytes(), "{coding:?}");
            assert!(tags.insert(document.etag(coding, false).clone()));
            assert!(tags.insert(document.etag(coding, true).clone()));
            // The second time it is the same memory.
            let (_, again) = document.best(&[coding]).await;
            assert_eq!(again.as_ptr(), bytes.as_ptr());
        }
        assert!(document.memory() > text.len());
        assert_eq!(document.best(&[Coding::Identity, Coding::Gzip]).await.0, Coding::Identity);
    }

    #[tokio::test]
    async fn what_compression_does_not_make_smaller_is_sent_as_it_is() {
        assert_eq!(document("<rss/>").best(&Coding::COMPRESSED).await.0, Coding::Identity);
        let noise: Vec<u8> = (0..64_u32).flat_map(|seed| *blake3::hash(&seed.to_le_bytes()).as_bytes()).collect();
        let document = Document::new(Media::of("x.xml"), noise, None, None);
        assert_eq!(document.best(&Coding::COMPRESSED).await.0, Coding::Identity);
    }
}
