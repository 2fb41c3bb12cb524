//! Compressed forms of published files: those that lie beside them, and those that the server makes in memory.

use super::rendered_file::RenderedFile;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write as _};

/// Smaller files are not compressed, in bytes: the header of the compressed form would take what it saves.
pub const MIN_COMPRESSED_BYTES: usize = 200;
/// The endings of the names of files that hold text.
const TEXT_ENDINGS: [&str; 5] = ["xml", "json", "html", "opml", "css"];
const BROTLI_WINDOW_BITS: i32 = 22;

/// A compressed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompressedForm {
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
    /// RFC 1952.
    Gzip,
}

/// How much work a compressed form may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// A reader waits: a feed of 4 MB takes less than a second.
    Waiting,
    /// It is made once for many readers.
    Once,
}

impl CompressedForm {
    /// Every form, those with the smaller results first.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// Returns the end of the name of a file in this form, behind a dot.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zst",
            Self::Gzip => "gz",
        }
    }

    /// Returns `bytes` in this form; the same bytes each time.
    ///
    /// # Errors
    /// When the encoder fails; writing into memory does not.
    pub fn of(self, bytes: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip => {
                let level = Compression::new(if effort == Effort::Once { 9 } else { 7 });
                let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut out = Vec::with_capacity(bytes.len() / 3);
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: if effort == Effort::Once { 9 } else { 6 },
                    lgwin: BROTLI_WINDOW_BITS,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
                Ok(out)
            }
            Self::Zstd => zstd::bulk::compress(bytes, if effort == Effort::Once { 15 } else { 9 }),
        }
    }
}

/// Returns the name of the plain file of a compressed one, such as `mali.xml` of `mali.xml.gz`; the name itself of another.
#[must_use]
pub fn plain_name(name: &str) -> &str {
    let plain = name
        .rsplit_once('.')
        .filter(|(_, ending)| CompressedForm::ALL.iter().any(|form| form.suffix() == *ending));
    plain.map_or(name, |(plain, _)| plain)
}

/// Returns the names of the compressed forms beside the file `name`.
#[must_use]
pub fn compressed_names(name: &str) -> Vec<String> {
    CompressedForm::ALL.map(|form| format!("{name}.{}", form.suffix())).to_vec()
}

/// Returns the compressed forms of the files that hold text and are large enough, each as a file beside its plain one.
#[must_use]
pub fn compressed_files(files: &[RenderedFile]) -> Vec<RenderedFile> {
    let is_text = |file: &&RenderedFile| {
        let ending = file.name.rsplit('.').next().unwrap_or_default();
        TEXT_ENDINGS.contains(&ending) && file.bytes.len() >= MIN_COMPRESSED_BYTES
    };
    let forms = |file: &RenderedFile| {
        let form = |form: CompressedForm| {
            // Writing into memory does not fail; a form that an encoder refuses is left out, as servers send the plain file then.
            let bytes = form.of(&file.bytes, Effort::Once).ok()?;
            let name = format!("{}.{}", file.name, form.suffix());
            (bytes.len() < file.bytes.len()).then_some(RenderedFile { name, bytes })
        };
        CompressedForm::ALL.map(form)
    };
    files.iter().filter(is_text).flat_map(forms).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> RenderedFile {
        RenderedFile {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn each_form_holds_the_bytes_of_its_plain_file() {
        let text = "Le bac de Ségou repart. ".repeat(200);
        let files = compressed_files(&[file("mali.xml", &text), file("small.xml", "<rss/>"), file("logo.png", &text)]);
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["mali.xml.br", "mali.xml.zst", "mali.xml.gz"]);
        assert_eq!(names, compressed_names("mali.xml"));
        let mut plain = Vec::new();
        io::copy(&mut brotli_decompressor::Decompressor::new(&files[0].bytes[..], 4096), &mut plain).expect("br");
        assert_eq!(plain, text.as_bytes());
        assert_eq!(zstd::stream::decode_all(&files[1].bytes[..]).expect("zstd"), text.as_bytes());
        plain.clear();
        io::copy(&mut flate2::read::GzDecoder::new(&files[2].bytes[..]), &mut plain).expect("gzip");
        assert_eq!(plain, text.as_bytes());
        assert_eq!(files, compressed_files(&[file("mali.xml", &text)]), "the same bytes each time");
    }

    #[test]
    fn what_compression_does_not_make_smaller_stays_plain() {
        let noise: Vec<u8> = (0..64_u32).flat_map(|seed| *blake3::hash(&seed.to_le_bytes()).as_bytes()).collect();
        let name = "noise.xml".to_owned();
        assert_eq!(compressed_files(&[RenderedFile { name, bytes: noise }]), []);
    }

    #[test]
    fn a_compressed_file_is_known_by_its_plain_name() {
        for (name, plain) in [
            ("mali.xml.gz", "mali.xml"),
            ("feed.css.br", "feed.css"),
            ("mali.xml", "mali.xml"),
            ("gz", "gz"),
        ] {
            assert_eq!(plain_name(name), plain);
        }
    }
}
