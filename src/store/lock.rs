//! The run lock: one run at a time for each database. It is a kernel lock on a file, so it ends with the process that holds it.

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
    /// The lock file cannot be created.
    #[error("the lock file {} cannot be used; check the rights of its folder", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
}

/// The right to run on a database, until it is dropped or its process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    // The kernel releases the lock when this is closed. The file is not deleted: a second run could then lock a new file while this one runs.
    _file: File,
}

impl RunLock {
    /// Acquires the lock on `<database>.lock` without waiting.
    ///
    /// # Errors
    /// [`LockError::Held`] when another run holds it, in this process or in another; [`LockError::Io`] when the file cannot be created.
    pub fn acquire(database: &Path) -> Result<Self, LockError> {
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
    fn a_second_lock_fails_at_once() {
        // The test runs its own binary: the child process only reports whether the lock is held.
        if let Some(database) = std::env::var_os(CHILD) {
            let result = RunLock::acquire(Path::new(&database));
            assert!(matches!(result, Err(LockError::Held { .. })), "{result:?}");
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("griot.db");
        let lock = RunLock::acquire(&database).expect("free");
        let second = RunLock::acquire(&database).expect_err("held");
        assert!(matches!(second, LockError::Held { .. }), "{second:?}");
        assert!(second.to_string().contains("griot.db.lock"));
        let child = || {
            let test = std::env::current_exe().expect("this binary");
            let name = "store::lock::tests::a_second_lock_fails_at_once";
            let run = Command::new(test).args(["--exact", name]).env(CHILD, &database).output();
            run.expect("a child").status.success()
        };
        assert!(child(), "the child finds the lock held");
        drop(lock);
        assert!(!child(), "the child takes the lock once it is free");
        RunLock::acquire(&database).expect("free again");
    }

    #[test]
    fn a_lock_without_a_folder_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = RunLock::acquire(&folder.path().join("none/griot.db")).expect_err("no folder");
        assert!(matches!(error, LockError::Io { .. }), "{error:?}");
    }
}
