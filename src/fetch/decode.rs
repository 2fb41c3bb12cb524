//! Content encodings (RFC 9110 section 8.4), decoded as a stream, so that no decompression bomb grows beyond the cap.
//!
//! Headers may be wrong. A body that is declared as gzip and is not passes unchanged, one that is gzip without a declaration is
//! decompressed, and `deflate` may be zlib (the standard) or raw deflate (what some servers send).

use super::failure::{FailureCode, FetchError};
use crate::model::FailureReason;
use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use zstd::stream::raw::{DParameter, Decoder as Zstd};
use zstd::stream::zio::Writer as ZstdWriter;

/// The value of `Accept-Encoding`.
pub(super) const ACCEPT_ENCODING: &str = "gzip, deflate, br, zstd";

/// How many encodings may be applied to each other. A faulty server may apply two or three; more is an attack.
const MAX_CODINGS: usize = 4;

/// The largest window of a zstd stream, as a power of two: 8 MiB (RFC 8878 section 3.1.1.1.2 recommends to support as much).
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
    /// None was declared: what begins like gzip is gzip all the same.
    Undeclared,
}

/// Decodes one body.
pub(super) struct Decoder {
    /// The coding that was applied last, which is decoded first.
    outermost: CodingDecoder,
    sink: Sink,
}

impl Decoder {
    /// Makes the decoder for a body with these `headers`; it returns at most `max_bytes`.
    ///
    /// # Errors
    /// When an encoding is not known, or there are too many.
    pub(super) fn new(headers: &HeaderMap, max_bytes: usize) -> Result<Self, FetchError> {
        let mut codings = codings(headers)?;
        if codings.is_empty() {
            codings.push(Coding::Undeclared);
        }
        let sink = Sink(Arc::new(Mutex::new(Decoded {
            bytes: Vec::new(),
            max_bytes,
            is_full: false,
        })));
        let mut writer: Box<dyn FinishWrite> = Box::new(sink.clone());
        // They are listed in the order in which they were applied: the last one is decoded first.
        for coding in codings {
            writer = Box::new(CodingDecoder {
                coding,
                state: State::Sniffing(Vec::new(), writer),
            });
        }
        Ok(Self {
            outermost: CodingDecoder {
                coding: Coding::Undeclared,
                state: State::Plain(writer),
            },
            sink,
        })
    }

    /// Decodes the next chunk.
    ///
    /// # Errors
    /// When it is broken, or more than the cap has been decoded.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(), FetchError> {
        self.outermost.write_all(chunk).map_err(|error| self.fetch_error(&error))
    }

    /// Ends the body.
    ///
    /// # Errors
    /// When an encoding is incomplete.
    pub(super) fn finish(&mut self) -> Result<(), FetchError> {
        self.outermost.finish().map_err(|error| self.fetch_error(&error))
    }

    /// Takes out what was decoded so far.
    pub(super) fn take_decoded(&self) -> Vec<u8> {
        std::mem::take(&mut self.sink.decoded().bytes)
    }

    fn fetch_error(&self, error: &io::Error) -> FetchError {
        let decoded = self.sink.decoded();
        if decoded.is_full {
            return FetchError::new(
                FailureReason::TooLarge,
                format!("the body is larger than {} bytes", decoded.max_bytes),
            );
        }
        let code = match error.kind() {
            io::ErrorKind::UnexpectedEof => FailureCode::CutOff,
            _ => FailureReason::Encoding.into(),
        };
        FetchError::new(code, format!("the compression is broken: {error}"))
    }
}

/// Parses the codings of the headers, in the order in which they were applied.
fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, FetchError> {
    let mut found = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        for name in value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            let coding = match name.to_ascii_lowercase().as_slice() {
                b"" | b"identity" | b"none" | b"utf-8" | b"binary" => continue,
                b"gzip" | b"x-gzip" => Coding::Gzip,
                b"deflate" | b"x-deflate" => Coding::Deflate,
                b"br" => Coding::Brotli,
                b"zstd" => Coding::Zstd,
                _ => {
                    let name: String = String::from_utf8_lossy(name).chars().take(64).collect();
                    let detail = format!("the encoding `{}` is not known", name.escape_debug());
                    return Err(FetchError::new(FailureReason::Encoding, detail));
                }
            };
            found.push(coding);
        }
    }
    if found.len() > MAX_CODINGS {
        return Err(FetchError::new(
            FailureReason::Encoding,
            format!("{} encodings on top of each other", found.len()),
        ));
    }
    Ok(found)
}

/// A writer that has to be finished.
trait FinishWrite: Write + Send {
    /// Writes what is buffered, and checks that the input was complete.
    fn finish(&mut self) -> io::Result<()>;
}

/// Where the decoded bytes go.
#[derive(Clone)]
struct Sink(Arc<Mutex<Decoded>>);

struct Decoded {
    bytes: Vec<u8>,
    max_bytes: usize,
    /// Whether more than `max_bytes` were decoded.
    is_full: bool,
}

impl Sink {
    fn decoded(&self) -> std::sync::MutexGuard<'_, Decoded> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut decoded = self.decoded();
        let left = decoded.max_bytes - decoded.bytes.len();
        let fits = bytes.len().min(left);
        decoded.bytes.extend_from_slice(&bytes[..fits]);
        if fits < bytes.len() {
            decoded.is_full = true;
            return Err(io::Error::other("full"));
        }
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FinishWrite for Sink {
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Decodes one coding of a body.
struct CodingDecoder {
    coding: Coding,
    state: State,
}

enum State {
    /// Waits for the first two bytes, which tell whether the header is right.
    Sniffing(Vec<u8>, Box<dyn FinishWrite>),
    Plain(Box<dyn FinishWrite>),
    Gzip(GzDecoder<Box<dyn FinishWrite>>),
    Zlib(ZlibDecoder<Box<dyn FinishWrite>>),
    Raw(DeflateDecoder<Box<dyn FinishWrite>>),
    Brotli(Box<DecompressorWriter<Box<dyn FinishWrite>>>),
    Zstd(Box<ZstdWriter<Box<dyn FinishWrite>, Zstd<'static>>>),
    /// A gzip member has ended: another may follow (RFC 1952 section 2.2), or garbage.
    BetweenMembers(Vec<u8>, Box<dyn FinishWrite>),
    /// What follows a complete body is ignored.
    TrailingGarbage(Box<dyn FinishWrite>),
    Broken,
}

impl State {
    /// Begins to decode a body that begins with `head`.
    fn start(coding: Coding, head: &[u8], next: Box<dyn FinishWrite>) -> io::Result<Self> {
        Ok(match coding {
            Coding::Gzip | Coding::Undeclared if head.starts_with(&GZIP_MAGIC) => Self::Gzip(GzDecoder::new(next)),
            Coding::Gzip | Coding::Undeclared => Self::Plain(next),
            Coding::Deflate if is_zlib(head) => Self::Zlib(ZlibDecoder::new(next)),
            Coding::Deflate if looks_like_text(head) => Self::Plain(next),
            Coding::Deflate => Self::Raw(DeflateDecoder::new(next)),
            Coding::Brotli => Self::Brotli(Box::new(DecompressorWriter::new(next, 32 * 1024))),
            Coding::Zstd => {
                let mut zstd = Zstd::new()?;
                zstd.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG_MAX))?;
                Self::Zstd(Box::new(ZstdWriter::new(next, zstd)))
            }
        })
    }
}

/// RFC 1950 section 2.2: the method is 8, and both bytes together are a multiple of 31.
fn is_zlib(head: &[u8]) -> bool {
    matches!(head, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

/// Whether a body that is declared as deflate is plain text: it begins with markup, a JSON object, or a byte order mark.
fn looks_like_text(head: &[u8]) -> bool {
    matches!(head, [b'<', b'?' | b'!' | b'a'..=b'z' | b'A'..=b'Z', ..] | [b'{', ..] | [0xef, 0xbb, ..])
}

impl CodingDecoder {
    /// Chooses the decoder by the first two bytes; `is_last` when no more bytes than these come.
    fn sniff(&mut self, is_last: bool) -> io::Result<()> {
        let (head, next, is_member) = match std::mem::replace(&mut self.state, State::Broken) {
            State::Sniffing(head, next) if head.len() >= 2 || is_last => (head, next, false),
            State::BetweenMembers(head, next) if head.len() >= 2 || is_last => (head, next, true),
            other => {
                self.state = other;
                return Ok(());
            }
        };
        if is_member && !head.starts_with(&GZIP_MAGIC) {
            self.state = State::TrailingGarbage(next);
            return Ok(());
        }
        self.state = if head.is_empty() {
            State::Plain(next)
        } else {
            State::start(self.coding, &head, next)?
        };
        self.write_all(&head)
    }
}

impl Write for CodingDecoder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Sniffing(head, _) | State::BetweenMembers(head, _) => {
                let more = bytes.len().min(2 - head.len().min(2));
                head.extend_from_slice(&bytes[..more]);
                self.sniff(false)?;
                Ok(more)
            }
            State::Plain(next) => next.write(bytes),
            State::Gzip(gzip) => match gzip.write(bytes)? {
                // The member has ended.
                0 if !bytes.is_empty() => {
                    let State::Gzip(gzip) = std::mem::replace(&mut self.state, State::Broken) else {
                        return Err(io::ErrorKind::InvalidData.into());
                    };
                    self.state = State::BetweenMembers(Vec::new(), gzip.finish()?);
                    self.write(bytes)
                }
                count => Ok(count),
            },
            State::Zlib(zlib) => Ok(match zlib.write(bytes)? {
                0 => bytes.len(),
                count => count,
            }),
            State::Raw(raw) => Ok(match raw.write(bytes)? {
                0 => bytes.len(),
                count => count,
            }),
            State::Brotli(brotli) => brotli.write(bytes),
            State::Zstd(zstd) => zstd.write(bytes),
            State::TrailingGarbage(_) => Ok(bytes.len()),
            State::Broken => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FinishWrite for CodingDecoder {
    fn finish(&mut self) -> io::Result<()> {
        self.sniff(true)?;
        match std::mem::replace(&mut self.state, State::Broken) {
            State::Gzip(mut gzip) => {
                if let Err(error) = gzip.try_finish() {
                    // A trailer that takes another byte did not come whole (RFC 1952 section 2.3): that is no wrong checksum.
                    let is_cut = gzip.write(&[0]).is_ok_and(|count| count > 0);
                    return Err(if is_cut { io::ErrorKind::UnexpectedEof.into() } else { error });
                }
                gzip.finish()?.finish()
            }
            State::Zlib(zlib) => zlib.finish()?.finish(),
            State::Raw(raw) => raw.finish()?.finish(),
            State::Brotli(mut brotli) => {
                // The only error of `close` is that the stream is incomplete.
                brotli.close().map_err(|_| io::ErrorKind::UnexpectedEof)?;
                brotli.get_mut().finish()
            }
            State::Zstd(mut zstd) => {
                zstd.finish()?;
                zstd.writer_mut().finish()
            }
            State::Sniffing(_, mut next)
            | State::Plain(mut next)
            | State::BetweenMembers(_, mut next)
            | State::TrailingGarbage(mut next) => next.finish(),
            State::Broken => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FailureCode::Reason;
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    const FEED: &[u8] = b"<rss><channel><title>Le bac repart</title></channel></rss>";
    const BROTLI: &[u8] = b"\x8b\x02\x80<rss/>\x03";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn raw(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 3).expect("memory")
    }

    /// Decodes `body` in chunks of `step` bytes, at most `max_bytes` of it.
    fn decode(names: &[&str], body: &[u8], step: usize, max_bytes: usize) -> (Vec<u8>, Result<(), FailureCode>) {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(CONTENT_ENCODING, HeaderValue::from_str(name).expect("a value"));
        }
        let mut decoder = match Decoder::new(&headers, max_bytes) {
            Ok(decoder) => decoder,
            Err(error) => return (Vec::new(), Err(error.code)),
        };
        let mut end = Ok(());
        for chunk in body.chunks(step.max(1)) {
            end = end.and_then(|()| decoder.push(chunk));
        }
        end = end.and_then(|()| decoder.finish());
        (decoder.take_decoded(), end.map_err(|error| error.code))
    }

    #[test]
    fn every_encoding_is_decoded_in_chunks_of_any_size() {
        let twice = zstd(&gzip(FEED));
        for (names, body) in [
            (&["gzip"][..], gzip(FEED)),
            (&["X-GZIP"], gzip(FEED)),
            (&["deflate"], zlib(FEED)),
            (&["deflate"], raw(FEED)),
            (&["zstd"], zstd(FEED)),
            (&["gzip, zstd"], twice.clone()),
            (&["gzip", "zstd"], twice),
            (&["identity"], FEED.to_vec()),
            (&["utf-8"], FEED.to_vec()),
            (&[], FEED.to_vec()),
        ] {
            for step in [1, 2, 3, 7, 10_000] {
                assert_eq!(decode(names, &body, step, 1_000), (FEED.to_vec(), Ok(())), "{names:?} {step}");
            }
        }
        assert_eq!(decode(&["br"], BROTLI, 3, 1_000), (b"<rss/>".to_vec(), Ok(())));
    }

    #[test]
    fn wrong_headers_are_detected() {
        for (names, body) in [
            (&["gzip"][..], FEED.to_vec()),
            (&["deflate"], FEED.to_vec()),
            (&[], gzip(FEED)),
            (&["gzip, gzip"], gzip(FEED)),
            (&["gzip, gzip"], FEED.to_vec()),
        ] {
            assert_eq!(decode(names, &body, 5, 1_000), (FEED.to_vec(), Ok(())), "{names:?}");
        }
        assert_eq!(decode(&["gzip"], b"", 1, 10), (Vec::new(), Ok(())));
        assert_eq!(decode(&["gzip"], b"<", 1, 10), (b"<".to_vec(), Ok(())));
    }

    #[test]
    fn gzip_members_are_joined_and_trailing_garbage_is_ignored() {
        let (first, second) = FEED.split_at(20);
        let members = [gzip(first), gzip(second)].concat();
        let trailed = [members.clone(), vec![0; 40]].concat();
        for body in [members, trailed] {
            for step in [1, 4, 10_000] {
                assert_eq!(decode(&["gzip"], &body, step, 1_000), (FEED.to_vec(), Ok(())));
            }
        }
        let trailed = [zlib(FEED), b"\r\n".to_vec()].concat();
        assert_eq!(decode(&["deflate"], &trailed, 3, 1_000), (FEED.to_vec(), Ok(())));
    }

    #[test]
    fn a_body_that_is_cut_off_keeps_its_beginning() {
        let long = FEED.repeat(3_000);
        for (name, body) in [("gzip", gzip(&long)), ("deflate", zlib(&long)), ("zstd", zstd(&long))] {
            let (kept, end) = decode(&[name], &body[..body.len() - 12], 100, 1 << 20);
            assert_eq!(end, Err(FailureCode::CutOff), "{name}");
            assert!(long.starts_with(&kept), "{name}");
        }
        assert_eq!(decode(&["br"], &BROTLI[..7], 3, 1_000).1, Err(FailureCode::CutOff));
    }

    #[test]
    fn broken_and_unknown_encodings_fail() {
        let mut corrupt = gzip(FEED);
        corrupt[15] ^= 0xff;
        assert_eq!(decode(&["gzip"], &corrupt, 9, 1_000).1, Err(Reason(FailureReason::Encoding)));
        assert_eq!(decode(&["zstd"], FEED, 9, 1_000).1, Err(Reason(FailureReason::Encoding)));
        assert_eq!(decode(&["x-nonsense"], FEED, 9, 1_000).1, Err(Reason(FailureReason::Encoding)));
        assert_eq!(decode(&["gzip"; 5], FEED, 9, 1_000).1, Err(Reason(FailureReason::Encoding)));
        // A window of 128 MiB.
        let large_window = b"\x28\xb5\x2f\xfd\x00\x88\x01\x00\x00";
        assert_eq!(decode(&["zstd"], large_window, 9, 1_000).1, Err(Reason(FailureReason::Encoding)));
    }

    #[test]
    fn decompression_bombs_stop_at_the_cap() {
        let zeros = vec![0; 4 << 20];
        let nested = gzip(&gzip(&gzip(&zeros)));
        for (names, body) in [
            (&["gzip"][..], gzip(&zeros)),
            (&["deflate"], zlib(&zeros)),
            (&["zstd"], zstd(&zeros)),
            (&["gzip, gzip, gzip"], nested),
        ] {
            let (kept, end) = decode(names, &body, 50, 10_000);
            assert_eq!((kept.len(), end), (10_000, Err(Reason(FailureReason::TooLarge))), "{names:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_stay_within_the_cap(body: Vec<u8>, step in 1_usize..50, magic: bool) {
            let mut body = body;
            if magic {
                body.splice(0..0, [0x1f, 0x8b, 8, 0]);
            }
            for names in [&["gzip"][..], &["deflate"], &["br"], &["zstd"], &["gzip, br"], &[]] {
                prop_assert!(decode(names, &body, step, 5_000).0.len() <= 5_000);
            }
        }
    }
}
