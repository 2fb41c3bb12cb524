//! The run lock: one run at a time for each database, held by the kernel, so that it ends with its holder.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Why the run lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it.
    #[error("another run holds the lock {}; wait until it has finished", path.display())]
    Held {
        /// The lock file.
        path: PathBuf,
    },
    /// The lock file cannot be made.
    #[error("the lock file {} cannot be used; check the rights of its folder", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The right to run on a database, until it is dropped or its process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    // The kernel frees the lock when this is closed. The file itself stays: deleting it would let two runs hold two files.
    _file: File,
}

impl RunLock {
    /// Takes the lock `<database>.lock` without waiting.
    ///
    /// # Errors
    /// [`LockError::Held`] when another run has it, in this process or in another; [`LockError::Io`] when the file cannot be made.
    pub fn take(database: &Path) -> Result<Self, LockError> {
        let mut name = OsString::from(database);
        name.push(".lock");
        let path = PathBuf::from(name);
        let file = match File::options().create(true).truncate(false).write(true).open(&path) {
            Ok(file) => file,
            Err(source) => return Err(LockError::Io { path, source }),
        };
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held { path }),
            Err(TryLockError::Error(source)) => Err(LockError::Io { path, source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    const CHILD: &str = "GRIOT_TEST_LOCKED_DATABASE";

    #[test]
    fn a_second_take_fails_at_once() {
        // The test binary calls itself: as a child it only reports whether the lock is held.
        if let Some(database) = std::env::var_os(CHILD) {
            let taken = RunLock::take(Path::new(&database));
            assert!(matches!(taken, Err(LockError::Held { .. })), "{taken:?}");
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("griot.db");
        let lock = RunLock::take(&database).expect("free");
        let second = RunLock::take(&database).expect_err("held");
        assert!(matches!(second, LockError::Held { .. }), "{second:?}");
        assert!(second.to_string().contains("griot.db.lock"));
        let child = || {
            let test = std::env::current_exe().expect("this binary");
            let name = "store::lock::tests::a_second_take_fails_at_once";
            let run = Command::new(test).args(["--exact", name]).env(CHILD, &database).output();
            run.expect("a child").status.success()
        };
        assert!(child(), "the child finds the lock held");
        drop(lock);
        assert!(!child(), "the child takes the lock once it is free");
        RunLock::take(&database).expect("free again");
    }

    #[test]
    fn a_lock_without_a_folder_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = RunLock::take(&folder.path().join("none/griot.db")).expect_err("no folder");
        assert!(matches!(error, LockError::Io { .. }), "{error:?}");
    }
}
