//! Reads regular files, and follows no link.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::SystemTime;

/// How often a file that is replaced just now is opened.
const MAX_OPEN_TRIES: usize = 3;

/// What changes when a file is replaced: modification time, size in bytes, and inode.
pub type Stamp = (Option<SystemTime>, u64, u64);

/// Returns whether an error says that there is no regular file of this name.
#[must_use]
pub fn is_no_file(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidInput
    )
}

/// Returns the stamp of a file.
#[must_use]
pub fn stamp(meta: &Metadata) -> Stamp {
    (meta.modified().ok(), meta.len(), meta.ino())
}

/// Reads the file `name` of `out` unless its stamp is the known one.
///
/// # Errors
/// When there is no regular file of this name, or the system cannot read it.
pub fn read_unless(out: &Path, name: &str, known: Option<Stamp>) -> io::Result<Option<(Vec<u8>, Stamp)>> {
    let mut path = out.to_owned();
    let parts: Vec<&str> = name.split('/').collect();
    for folder in &parts[..parts.len() - 1] {
        path.push(folder);
        if !fs::symlink_metadata(&path)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
    }
    path.push(parts[parts.len() - 1]);
    let found = stamp(&regular(&path)?);
    if known == Some(found) {
        return Ok(None);
    }
    read_regular(&path).map(Some)
}

/// Returns what the system says of a regular file; a symbolic link is none.
fn regular(path: &Path) -> io::Result<Metadata> {
    let meta = fs::symlink_metadata(path)?;
    if meta.is_file() {
        Ok(meta)
    } else {
        Err(io::ErrorKind::InvalidInput.into())
    }
}

/// Reads a regular file. What was opened is the file that was looked at: no link has taken its place between. A run may replace the file just
/// then, so it is tried again.
fn read_regular(path: &Path) -> io::Result<(Vec<u8>, Stamp)> {
    for _ in 0..MAX_OPEN_TRIES {
        let looked_at = regular(path)?;
        let mut file = File::open(path)?;
        let opened = file.metadata()?;
        if (opened.dev(), opened.ino()) == (looked_at.dev(), looked_at.ino()) {
            let mut bytes = Vec::with_capacity(usize::try_from(opened.len()).unwrap_or_default());
            file.read_to_end(&mut bytes)?;
            return Ok((bytes, stamp(&opened)));
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Returns the content of the compressed file beside `file`, such as `mali.xml.gz`, unless it is older than `modified`.
#[must_use]
pub fn read_beside(file: &Path, suffix: &str, modified: SystemTime) -> Option<Vec<u8>> {
    let mut name = file.file_name()?.to_owned();
    name.push(".");
    name.push(suffix);
    let (bytes, (changed, ..)) = read_regular(&file.with_file_name(name)).ok()?;
    (changed? >= modified && !bytes.is_empty()).then_some(bytes)
}
