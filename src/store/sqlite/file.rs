//! The files of a database: how they are created, named and written through to the disk.

use crate::store::error::StoreError;
use crate::store::lock::resolve;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Creates an empty file that only its owner may read, when there is none: feeds and articles of private sources are in it. `SQLite` gives its
/// other files the mode of this one. The mode of an existing file is the operator's.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // The path is resolved, since a new file is never created through a symbolic link.
    match options.open(resolve(path)?) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        done => done.map(drop),
    }
}

/// Fails with [`StoreError::Missing`] when there is no file.
pub(super) fn check_exists(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return Ok(());
    }
    Err(StoreError::Missing {
        database: path.display().to_string(),
    })
}

/// Returns the path with `ending` added to its name.
pub(in crate::store) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

/// Writes a file through to the disk.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path)?.sync_all()
}

/// Writes the folder of a file through to the disk, so that the file's new name is there after a power cut.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Only Unix opens folders as files.
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
