//! WARC 1.1 (ISO 28500:2017), as far as a recording needs it: records to bytes and back, one gzip member a record.
//!
//! Not here: what a recording is for (`recording`). A file may come from another person, so every size is bounded. The crate `warc` (0.4) is not
//! used: it reads a file as one stream, which loses the offset of each record.

use crate::model::Digester;
use flate2::bufread::GzDecoder;
use flate2::{Compression, write::GzEncoder};
use std::io::{self, BufRead, BufReader, Read, Write};

const VERSION: &str = "WARC/1.1";
/// The longest head of a record.
const MAX_HEAD_BYTES: u64 = 256 * 1024;
/// The longest block of a record: far more than any reasonable `[fetch] max_body`.
const MAX_BLOCK_BYTES: u64 = 256 * 1024 * 1024;

/// One record: its named fields, without `Content-Length`, and its block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) fields: Vec<(String, String)>,
    pub(super) block: Vec<u8>,
}

/// Why no record could be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum WarcError {
    /// The file could not be read, or its compression is broken.
    #[error("it cannot be unpacked: {0}")]
    Io(#[from] io::Error),
    /// It is not a WARC record.
    #[error("{0}")]
    Form(&'static str),
}

impl Record {
    /// Makes a record of this type, without block.
    pub(super) fn new(kind: &str, id: String, date: String) -> Self {
        Self::default()
            .with("WARC-Type", kind)
            .with("WARC-Record-ID", id)
            .with("WARC-Date", date)
    }

    /// Adds a field. Control characters become spaces: a line end would begin another field.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let value: String = value.into().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.fields.push((name.to_owned(), value));
        self
    }

    /// Sets the block, and the fields that describe it.
    pub(super) fn block(mut self, media_type: &str, block: Vec<u8>) -> Self {
        self.block = block;
        let digest = digest(&self.block);
        self.with("Content-Type", media_type).with("WARC-Block-Digest", digest)
    }

    /// Returns the value of the field `name`, whose case does not matter.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Appends the record to `into`, as one gzip member.
    pub(super) fn write(&self, into: &mut Vec<u8>) -> io::Result<()> {
        let mut packed = GzEncoder::new(into, Compression::default());
        write!(packed, "{VERSION}\r\n")?;
        for (name, value) in &self.fields {
            write!(packed, "{name}: {value}\r\n")?;
        }
        write!(packed, "Content-Length: {}\r\n\r\n", self.block.len())?;
        packed.write_all(&self.block)?;
        packed.write_all(b"\r\n\r\n")?;
        packed.finish().map(|_| ())
    }
}

/// Reads the next record and leaves `input` at its end; none at the end of the file.
///
/// # Errors
/// [`WarcError`] when the file cannot be read, or does not continue with a WARC record.
pub(super) fn read(input: &mut impl BufRead) -> Result<Option<Record>, WarcError> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut member = BufReader::new(GzDecoder::new(input));
    let (fields, length) = read_head(&mut member)?;
    if length > MAX_BLOCK_BYTES {
        return Err(WarcError::Form("a record claims to be larger than 256 MiB"));
    }
    let mut block = Vec::new();
    member.by_ref().take(length).read_to_end(&mut block)?;
    if block.len() as u64 != length {
        return Err(WarcError::Form("a record is shorter than it claims"));
    }
    let mut end = Vec::new();
    member.take(5).read_to_end(&mut end)?;
    if end != b"\r\n\r\n" {
        return Err(WarcError::Form("a record does not end where it claims"));
    }
    Ok(Some(Record { fields, block }))
}

type Head = (Vec<(String, String)>, u64);

fn read_head(member: &mut impl BufRead) -> Result<Head, WarcError> {
    let mut lines = member.take(MAX_HEAD_BYTES);
    if !matches!(read_line(&mut lines)?.as_str(), VERSION | "WARC/1.0") {
        return Err(WarcError::Form("it is no WARC record"));
    }
    let mut fields = Vec::new();
    let mut length = None;
    loop {
        let line = read_line(&mut lines)?;
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(WarcError::Form("a line of a record's head is no field"));
        };
        let value = value.trim();
        if name.eq_ignore_ascii_case("Content-Length") {
            length = value.parse().ok();
        } else {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    length
        .map(|length| (fields, length))
        .ok_or(WarcError::Form("a record does not tell its length"))
}

fn read_line(lines: &mut impl BufRead) -> Result<String, WarcError> {
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line)?;
    let Some(text) = line.strip_suffix(b"\r\n") else {
        return Err(WarcError::Form("the head of a record does not end"));
    };
    String::from_utf8(text.to_vec()).map_err(|_| WarcError::Form("the head of a record is not UTF-8"))
}

/// A reader that counts the bytes read from it.
pub(super) struct CountingReader<R> {
    inner: R,
    /// The bytes read so far.
    pub(super) position: u64,
}

impl<R> CountingReader<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self { inner, position: 0 }
    }
}

impl<R: BufRead> Read for CountingReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for CountingReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        self.position += count as u64;
    }
}

/// Returns the digest of `bytes` in the form of WARC fields: SHA-256, which other programs can check. The implementation is that of
/// rustls, so that no further crate is needed.
pub(super) fn digest(bytes: &[u8]) -> String {
    let suite = rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let Some(suite) = suite.tls13() else {
        return format!("blake3:{}", blake3::hash(bytes).to_hex());
    };
    let digest = suite.common.hash_provider.hash(bytes);
    let hex: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{}", hex.concat())
}

/// Makes the id of a record (a UUID of RFC 9562, version 8) from the parts that identify it: recording the same run again gives the
/// same ids.
pub(super) fn record_id(parts: &[&str]) -> String {
    let mut digester = Digester::new();
    for part in parts {
        digester.update(&(part.len() as u64).to_be_bytes()).update(part.as_bytes());
    }
    let hex = digester.finish().to_hex();
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default();
    format!(
        "<urn:uuid:{}-{}-8{}-a{}-{}>",
        part(0..8),
        part(8..12),
        part(12..15),
        part(15..18),
        part(18..30)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    fn fault(text: &[u8]) -> String {
        read(&mut packed(text).as_slice()).expect_err("it is damaged").to_string()
    }

    #[test]
    fn records_are_read_one_by_one_with_their_positions() {
        let record =
            |n: u8| Record::new("response", record_id(&[&n.to_string()]), "2026-03-01T12:00:00Z".into()).block("a/b", vec![n; 100]);
        let mut bytes = Vec::new();
        record(1).write(&mut bytes).expect("memory takes all");
        let second = bytes.len() as u64;
        record(2).write(&mut bytes).expect("memory takes all");
        let mut input = CountingReader::new(bytes.as_slice());
        assert_eq!(read(&mut input).expect("good"), Some(record(1)));
        assert_eq!(input.position, second);
        assert_eq!(read(&mut input).expect("good"), Some(record(2)));
        assert_eq!(read(&mut input).expect("good"), None);
    }

    #[test]
    fn what_is_not_a_record_is_an_error() {
        assert_eq!(fault(b"HTTP/1.1 200 OK\r\n\r\n"), "it is no WARC record");
        assert_eq!(fault(b"WARC/1.1\r\nx\r\n"), "a line of a record's head is no field");
        assert_eq!(fault(b"WARC/1.1\r\na: b\r\n"), "the head of a record does not end");
        assert_eq!(fault(b"WARC/1.1\r\n\r\n"), "a record does not tell its length");
        let claims = |length: &str| fault(format!("WARC/1.1\r\nContent-Length: {length}\r\n\r\nab\r\n\r\n").as_bytes());
        assert_eq!(claims("99999999999"), "a record claims to be larger than 256 MiB");
        assert_eq!(claims("100"), "a record is shorter than it claims");
        assert_eq!(claims("1"), "a record does not end where it claims");
        assert!(
            read(&mut b"plain".as_slice())
                .expect_err("no gzip")
                .to_string()
                .contains("cannot be unpacked")
        );
    }

    #[test]
    fn a_field_cannot_end_its_line_and_the_digest_is_sha_256() {
        let record = Record::default().with("WARC-Target-URI", "http://a/\r\nWARC-Type: x");
        assert_eq!(record.field("warc-target-uri"), Some("http://a/  WARC-Type: x"));
        let known = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(b"abc"), known);
        let id = record_id(&["a", "b"]);
        assert!(id.len() == "<urn:uuid:00000000-0000-0000-0000-000000000000>".len() && id != record_id(&["ab", ""]));
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_record_or_a_reason(bytes: Vec<u8>, flipped in 0_usize..400, cut in 0_usize..400) {
            let _ = read(&mut bytes.as_slice());
            let _ = read(&mut packed(&bytes).as_slice());
            let record = Record::new("metadata", record_id(&["x"]), "2026-03-01T12:00:00Z".into()).block("a/b", bytes);
            let mut whole = Vec::new();
            record.write(&mut whole).expect("memory takes all");
            prop_assert_eq!(read(&mut whole.as_slice()).expect("good"), Some(record));
            let mut damaged = whole.clone();
            let place = flipped % damaged.len();
            damaged[place] ^= 0x55;
            damaged.truncate(whole.len() - cut % whole.len());
            let _ = read(&mut damaged.as_slice());
        }
    }
}
