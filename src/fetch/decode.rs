//! Content encodings (RFC 9110 section 8.4): undone as a stream, piece by piece, so that no bomb unfolds beyond the cap.
//!
//! Headers lie. What claims to be gzip and is not is taken as it is, what is gzip and does not say so is unfolded, `deflate` may be
//! zlib (as the standard has it) or raw (as some servers have it).

use super::FailureCode;
use super::failure::Stop;
use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use zstd::stream::raw::{DParameter, Decoder as Zstd};
use zstd::stream::zio::Writer as ZstdWriter;

/// What we ask servers for.
pub(super) const ACCEPTED: &str = "gzip, deflate, br, zstd";

/// Encodings on top of each other; more than this is no mistake but an attack.
const MOST_LAYERS: usize = 4;

/// The window that a zstd stream may ask for, as a power of two: 8 MiB (RFC 8878 section 3.1.1.1.2 recommends to support as much).
const ZSTD_WINDOW: u32 = 23;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// One way to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
    /// None was named: what looks like gzip still is.
    Unnamed,
}

/// Decodes one body.
pub(super) struct Decoder {
    layer: Layer,
    sink: Sink,
}

impl Decoder {
    /// Makes the decoder that `headers` ask for; it gives at most `cap` bytes.
    pub(super) fn new(headers: &HeaderMap, cap: usize) -> Result<Self, Stop> {
        let mut codings = codings(headers)?;
        if codings.is_empty() {
            codings.push(Coding::Unnamed);
        }
        let sink = Sink(Arc::new(Mutex::new(Kept {
            bytes: Vec::new(),
            cap,
            full: false,
        })));
        let mut writer: Box<dyn Layered> = Box::new(sink.clone());
        // They are listed in the order in which they were applied: the last one is undone first.
        for coding in codings {
            writer = Box::new(Layer {
                coding,
                state: State::Begins(Vec::new(), writer),
            });
        }
        Ok(Self {
            layer: Layer {
                coding: Coding::Unnamed,
                state: State::Plain(writer),
            },
            sink,
        })
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Stop> {
        self.layer.write_all(piece).map_err(|error| self.stop(&error))
    }

    /// Ends the body: everything has to be whole.
    pub(super) fn end(&mut self) -> Result<(), Stop> {
        self.layer.end().map_err(|error| self.stop(&error))
    }

    /// Takes out what was decoded so far.
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.sink.kept().bytes)
    }

    fn stop(&self, error: &io::Error) -> Stop {
        let kept = self.sink.kept();
        if kept.full {
            return Stop::new(FailureCode::TooLarge, format!("the body is larger than {} bytes", kept.cap));
        }
        let code = match error.kind() {
            io::ErrorKind::UnexpectedEof => FailureCode::CutOff,
            _ => FailureCode::Encoding,
        };
        Stop::new(code, format!("the compression is broken: {error}"))
    }
}

/// Reads the codings out of the headers, in the order in which they were applied.
fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, Stop> {
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
                    return Err(Stop::new(FailureCode::Encoding, detail));
                }
            };
            found.push(coding);
        }
    }
    if found.len() > MOST_LAYERS {
        return Err(Stop::new(
            FailureCode::Encoding,
            format!("{} encodings on top of each other", found.len()),
        ));
    }
    Ok(found)
}

/// A writer that can be told that nothing more comes.
trait Layered: Write + Send {
    fn end(&mut self) -> io::Result<()>;
}

/// Where the decoded bytes go.
#[derive(Clone)]
struct Sink(Arc<Mutex<Kept>>);

struct Kept {
    bytes: Vec<u8>,
    cap: usize,
    full: bool,
}

impl Sink {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.kept();
        let room = kept.cap - kept.bytes.len();
        let fits = bytes.len().min(room);
        kept.bytes.extend_from_slice(&bytes[..fits]);
        if fits < bytes.len() {
            kept.full = true;
            return Err(io::Error::other("full"));
        }
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Layered for Sink {
    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One encoding of a body.
struct Layer {
    coding: Coding,
    state: State,
}

enum State {
    /// The first bytes tell whether the header speaks the truth.
    Begins(Vec<u8>, Box<dyn Layered>),
    Plain(Box<dyn Layered>),
    Gzip(GzDecoder<Box<dyn Layered>>),
    Zlib(ZlibDecoder<Box<dyn Layered>>),
    Raw(DeflateDecoder<Box<dyn Layered>>),
    Brotli(Box<DecompressorWriter<Box<dyn Layered>>>),
    Zstd(Box<ZstdWriter<Box<dyn Layered>, Zstd<'static>>>),
    /// A member of gzip has ended: another may follow, or garbage.
    Between(Vec<u8>, Box<dyn Layered>),
    /// What follows is garbage behind a whole body.
    Ignores(Box<dyn Layered>),
    Broken,
}

impl State {
    /// Begins to decode what begins with `head`.
    fn of(coding: Coding, head: &[u8], next: Box<dyn Layered>) -> io::Result<Self> {
        Ok(match coding {
            Coding::Gzip | Coding::Unnamed if head.starts_with(&GZIP_MAGIC) => Self::Gzip(GzDecoder::new(next)),
            Coding::Gzip | Coding::Unnamed => Self::Plain(next),
            Coding::Deflate if is_zlib(head) => Self::Zlib(ZlibDecoder::new(next)),
            Coding::Deflate if looks_like_text(head) => Self::Plain(next),
            Coding::Deflate => Self::Raw(DeflateDecoder::new(next)),
            Coding::Brotli => Self::Brotli(Box::new(DecompressorWriter::new(next, 32 * 1024))),
            Coding::Zstd => {
                let mut zstd = Zstd::new()?;
                zstd.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW))?;
                Self::Zstd(Box::new(ZstdWriter::new(next, zstd)))
            }
        })
    }
}

/// RFC 1950 section 2.2: the method is 8, and both bytes together are a multiple of 31.
fn is_zlib(head: &[u8]) -> bool {
    matches!(head, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

/// A document in clear begins with a bracket, with blanks, or with a byte order mark; a deflated one hardly ever with two of them.
fn looks_like_text(head: &[u8]) -> bool {
    matches!(head, [b'<', b'?' | b'!' | b'a'..=b'z' | b'A'..=b'Z', ..] | [b'{', ..] | [0xef, 0xbb, ..])
}

impl Layer {
    /// Sees what the first two bytes are; `last` when no more than these come.
    fn begin(&mut self, last: bool) -> io::Result<()> {
        let (head, next, again) = match std::mem::replace(&mut self.state, State::Broken) {
            State::Begins(head, next) if head.len() >= 2 || last => (head, next, false),
            State::Between(head, next) if head.len() >= 2 || last => (head, next, true),
            other => {
                self.state = other;
                return Ok(());
            }
        };
        if again && !head.starts_with(&GZIP_MAGIC) {
            self.state = State::Ignores(next);
            return Ok(());
        }
        self.state = if head.is_empty() {
            State::Plain(next)
        } else {
            State::of(self.coding, &head, next)?
        };
        self.write_all(&head)
    }
}

impl Write for Layer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Begins(head, _) | State::Between(head, _) => {
                let more = bytes.len().min(2 - head.len().min(2));
                head.extend_from_slice(&bytes[..more]);
                self.begin(false)?;
                Ok(more)
            }
            State::Plain(next) => next.write(bytes),
            State::Gzip(gzip) => match gzip.write(bytes)? {
                // The member is whole.
                0 if !bytes.is_empty() => {
                    let State::Gzip(gzip) = std::mem::replace(&mut self.state, State::Broken) else {
                        return Err(io::ErrorKind::InvalidData.into());
                    };
                    self.state = State::Between(Vec::new(), gzip.finish()?);
                    self.write(bytes)
                }
                taken => Ok(taken),
            },
            State::Zlib(zlib) => Ok(match zlib.write(bytes)? {
                0 => bytes.len(),
                taken => taken,
            }),
            State::Raw(raw) => Ok(match raw.write(bytes)? {
                0 => bytes.len(),
                taken => taken,
            }),
            State::Brotli(brotli) => brotli.write(bytes),
            State::Zstd(zstd) => zstd.write(bytes),
            State::Ignores(_) => Ok(bytes.len()),
            State::Broken => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Layered for Layer {
    fn end(&mut self) -> io::Result<()> {
        self.begin(true)?;
        match std::mem::replace(&mut self.state, State::Broken) {
            State::Gzip(gzip) => gzip.finish()?.end(),
            State::Zlib(zlib) => zlib.finish()?.end(),
            State::Raw(raw) => raw.finish()?.end(),
            State::Brotli(mut brotli) => {
                // It says no more than that it is not at its end.
                brotli.close().map_err(|_| io::ErrorKind::UnexpectedEof)?;
                brotli.get_mut().end()
            }
            State::Zstd(mut zstd) => {
                zstd.finish()?;
                zstd.writer_mut().end()
            }
            State::Begins(_, mut next) | State::Plain(mut next) | State::Between(_, mut next) | State::Ignores(mut next) => next.end(),
            State::Broken => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

#[cfg(test)]
mod tests {
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

    /// Decodes `body` in pieces of `step` bytes, at most `cap` bytes of it.
    fn decode(names: &[&str], body: &[u8], step: usize, cap: usize) -> (Vec<u8>, Result<(), FailureCode>) {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(CONTENT_ENCODING, HeaderValue::from_str(name).expect("a value"));
        }
        let mut decoder = match Decoder::new(&headers, cap) {
            Ok(decoder) => decoder,
            Err(refusal) => return (Vec::new(), Err(refusal.code)),
        };
        let mut end = Ok(());
        for piece in body.chunks(step.max(1)) {
            end = end.and_then(|()| decoder.push(piece));
        }
        end = end.and_then(|()| decoder.end());
        (decoder.take(), end.map_err(|stop| stop.code))
    }

    #[test]
    fn every_encoding_is_undone_in_pieces_of_any_size() {
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
    fn headers_that_lie_are_seen_through() {
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
    fn members_follow_each_other_and_garbage_is_left() {
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
    fn what_is_cut_off_keeps_what_came() {
        let long = FEED.repeat(3_000);
        for (name, body) in [("gzip", gzip(&long)), ("deflate", zlib(&long)), ("zstd", zstd(&long))] {
            let (kept, end) = decode(&[name], &body[..body.len() - 12], 100, 1 << 20);
            assert_eq!(end, Err(FailureCode::CutOff), "{name}");
            assert!(long.starts_with(&kept), "{name}");
        }
        assert_eq!(decode(&["br"], &BROTLI[..7], 3, 1_000).1, Err(FailureCode::CutOff));
    }

    #[test]
    fn what_is_broken_or_unknown_fails() {
        let mut corrupt = gzip(FEED);
        corrupt[15] ^= 0xff;
        assert_eq!(decode(&["gzip"], &corrupt, 9, 1_000).1, Err(FailureCode::Encoding));
        assert_eq!(decode(&["zstd"], FEED, 9, 1_000).1, Err(FailureCode::Encoding));
        assert_eq!(decode(&["x-nonsense"], FEED, 9, 1_000).1, Err(FailureCode::Encoding));
        assert_eq!(decode(&["gzip"; 5], FEED, 9, 1_000).1, Err(FailureCode::Encoding));
        // A window of 128 MiB.
        let greedy = b"\x28\xb5\x2f\xfd\x00\x88\x01\x00\x00";
        assert_eq!(decode(&["zstd"], greedy, 9, 1_000).1, Err(FailureCode::Encoding));
    }

    #[test]
    fn bombs_stop_at_the_cap() {
        let zeros = vec![0; 4 << 20];
        let nested = gzip(&gzip(&gzip(&zeros)));
        for (names, body) in [
            (&["gzip"][..], gzip(&zeros)),
            (&["deflate"], zlib(&zeros)),
            (&["zstd"], zstd(&zeros)),
            (&["gzip, gzip, gzip"], nested),
        ] {
            let (kept, end) = decode(names, &body, 50, 10_000);
            assert_eq!((kept.len(), end), (10_000, Err(FailureCode::TooLarge)), "{names:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(body: Vec<u8>, step in 1_usize..50, magic: bool) {
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
