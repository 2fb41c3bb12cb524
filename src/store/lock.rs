//! The run lock: one run at a time for each database. It is a kernel lock on a file, so it ends with the process that holds it.

use std::ffi::OsString;
use std::fs::{File, TryLockError, read_link};
use std::io;
use std::path::{Path, PathBuf};

/// The maximum number of symbolic links that are followed to a database which does not exist yet, as of Linux (`path_resolution(7)`).
const MAX_LINKS: usize = 40;

/// Why the run lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it.
    #[error("another run holds the lock {file}; wait until it has finished")]
    Held {
        /// The lock file.
        file: String,
    },
    /// The lock file cannot be created.
    #[error("the lock file {file} cannot be used; check the rights of its folder")]
    Io {
        /// The lock file.
        file: String,
        /// The error of the operating system.
        source: io::Error,
    },
}

/// The right to run on a database, until it is dropped or its process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    // The kernel releases the lock when this is closed. The file is not deleted: a second run could then lock a new file while this one runs.
    _file: File,
}

impl RunLock {
    /// Acquires the lock on `<database>.lock` without waiting. The file stands beside the resolved path of the database, so that a symbolic link to
    /// the database or to its folder leads to the same lock.
    ///
    /// # Errors
    /// [`LockError::Held`] when another run holds it, in this process or in another; [`LockError::Io`] when the file cannot be created.
    pub(super) fn acquire(database: &Path) -> Result<Self, LockError> {
        Self::acquire_file(database, ".lock")
    }

    /// Acquires the lock of those who deliver notifications, as [`RunLock::acquire`] does that of runs.
    ///
    /// # Errors
    /// As [`RunLock::acquire`].
    pub(super) fn acquire_for_deliveries(database: &Path) -> Result<Self, LockError> {
        Self::acquire_file(database, ".notify.lock")
    }

    fn acquire_file(database: &Path, ending: &str) -> Result<Self, LockError> {
        let resolved = match resolve(database) {
            Ok(path) if path.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            resolved => resolved,
        };
        let path = lock_file(resolved.as_deref().unwrap_or(database), ending);
        let file = path.display().to_string();
        if let Err(source) = resolved {
            return Err(LockError::Io { file, source });
        }
        let opened = match File::options().create(true).truncate(false).write(true).open(&path) {
            Ok(opened) => opened,
            Err(source) => return Err(LockError::Io { file, source }),
        };
        match opened.try_lock() {
            Ok(()) => Ok(Self { _file: opened }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held { file }),
            Err(TryLockError::Error(source)) => Err(LockError::Io { file, source }),
        }
    }
}

fn lock_file(database: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(ending);
    PathBuf::from(name)
}

/// Returns the absolute path of a file without symbolic links. The file need not exist, but its folder has to.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => return done,
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        let Some(name) = path.file_name() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let place = folder.join(name);
        match read_link(&place) {
            // `join` replaces the folder when the target is absolute.
            Ok(target) => path = folder.join(target),
            Err(_) => return Ok(place),
        }
    }
    Err(io::Error::other("there are too many symbolic links"))
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

    #[cfg(unix)]
    #[test]
    fn every_spelling_of_a_database_leads_to_one_lock() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let (real, other) = (folder.path().join("real"), folder.path().join("other"));
        std::fs::create_dir(&real).expect("a folder");
        std::fs::create_dir(&other).expect("a folder");
        symlink(&real, folder.path().join("link")).expect("a link to the folder");
        symlink("../link/griot.db", other.join("griot.db")).expect("a link to the file");
        let database = real.join("griot.db");
        // First before the database exists, then with it.
        for exists in [false, true] {
            if exists {
                File::create(&database).expect("a file");
            }
            let _lock = RunLock::acquire(&database).expect("free");
            for spelling in ["link/griot.db", "real/../real/griot.db", "other/griot.db"] {
                let result = RunLock::acquire(&folder.path().join(spelling));
                assert!(matches!(result, Err(LockError::Held { .. })), "{spelling}: {result:?}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_circle_of_links_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("griot.db", folder.path().join("griot.db")).expect("a link to itself");
        let error = RunLock::acquire(&folder.path().join("griot.db")).expect_err("no file");
        assert!(matches!(error, LockError::Io { .. }), "{error:?}");
    }
}
