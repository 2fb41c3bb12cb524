//! The lock on a feeds.toml that is being edited: of two commands at the same time, the second sees what the first has written.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The right to edit a configuration, until it is dropped or its process ends, however it ends.
#[derive(Debug)]
pub struct FileLock {
    // The kernel releases the lock when this is closed.
    _file: File,
}

impl FileLock {
    /// Acquires the lock on the file itself, after another command that edits it has ended; none waits for a person while it holds the lock. What was read
    /// before may have been replaced since: the configuration is loaded afterwards.
    ///
    /// # Errors
    /// When the file cannot be opened, or its file system has no locks.
    pub fn acquire(path: &Path) -> io::Result<Self> {
        loop {
            let file = File::open(path)?;
            file.lock()?;
            // An edit replaces the file: the lock on one that is gone keeps nobody from the one in its place.
            if is_at(&file, path)? {
                return Ok(Self { _file: file });
            }
        }
    }
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let (own, there) = (file.metadata()?, std::fs::metadata(path)?);
    Ok((own.dev(), own.ino()) == (there.dev(), there.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_locked_and_its_replacement_is_another_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("feeds.toml");
        FileLock::acquire(&path).expect_err("there is no file");
        std::fs::write(&path, "").expect("a file");
        let lock = FileLock::acquire(&path).expect("locked");
        let same = File::open(&path).expect("the file");
        assert!(same.try_lock().is_err(), "it is locked");
        assert!(is_at(&same, &path).expect("both are there"));
        std::fs::write(folder.path().join("new"), "").expect("a file");
        std::fs::rename(folder.path().join("new"), &path).expect("replaced");
        assert!(!is_at(&same, &path).expect("both are there"));
        FileLock::acquire(&path).expect("the new file is free");
        drop(lock);
        same.try_lock().expect("the lock has ended");
    }
}
