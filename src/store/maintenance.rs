//! Backup, restore, verification and vacuum of the file of a database.

use super::database_file::DatabaseFile;
use super::error::StoreError;
use super::lock::{RunLock, resolve};
use super::maintenance_records::{CopyReport, Damage, RestoreReport, VacuumReport};
use super::sqlite::{Tuning, backup, restore, vacuum, verify};
use crate::model::Timestamp;
use std::path::Path;

impl DatabaseFile {
    /// Writes a checked copy of the database to `target`: one state of it, whoever writes meanwhile. `is_replaced` allows to replace a file.
    ///
    /// # Errors
    /// When the database cannot be read or is damaged, when `target` exists and may not be replaced, or when it cannot be written; then it is as it
    /// was.
    pub fn back_up(&self, target: &Path, is_replaced: bool) -> Result<CopyReport, StoreError> {
        let tuning = Tuning::default();
        self.check_other_file(target)?;
        if target.exists() && !is_replaced {
            return Err(StoreError::FileExists {
                file: target.display().to_string(),
            });
        }
        let connection = backup::open(self.path(), &tuning)?;
        backup::copy(&connection, self.path(), target, &tuning)
    }

    /// Puts the backup `from` in the place of the database, once a copy of it was checked; what was there is kept beside it. `_lock` shows that no run
    /// is under way; other processes must not have the database open either.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has the database open; others when the backup cannot be read, is damaged or was written by a newer
    /// griot, or when the disk has no room. Then the database is as it was.
    pub fn restore(&self, _lock: &RunLock, from: &Path, now: Timestamp) -> Result<RestoreReport, StoreError> {
        self.check_other_file(from)?;
        // The file is replaced, not a symbolic link to it.
        let path = resolve(self.path()).unwrap_or_else(|_| self.path().to_owned());
        restore::restore(&path, from, now, &Tuning::default())
    }

    /// Returns everything that is broken in the database; empty when nothing is. Reads the whole file.
    ///
    /// # Errors
    /// When it is no database of this griot, or cannot be read at all.
    pub fn verify(&self) -> Result<Vec<Damage>, StoreError> {
        let connection = backup::open(self.path(), &Tuning::default())?;
        verify::verify(&connection, self.path())
    }

    /// Writes the database anew without free pages. `_lock` shows that no run is under way.
    ///
    /// # Errors
    /// When it cannot be written, or the disk has no room for a second copy of it; then it is as it was.
    pub fn vacuum(&self, _lock: &RunLock) -> Result<VacuumReport, StoreError> {
        vacuum::vacuum(self.path(), &Tuning::default())
    }

    fn check_other_file(&self, file: &Path) -> Result<(), StoreError> {
        let is_same = match (resolve(self.path()), resolve(file)) {
            (Ok(own), Ok(other)) => own == other,
            _ => false,
        };
        if is_same {
            return Err(StoreError::SameFile {
                file: file.display().to_string(),
            });
        }
        Ok(())
    }
}
