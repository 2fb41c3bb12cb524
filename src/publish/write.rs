//! Writes the output folder: each file is replaced as a whole or not at all, and a manifest lists the files that griot wrote. The only I/O of
//! publish.

use crate::model::Digest128;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// A file of the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Its name, without any folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl RenderedFile {
    /// Returns the file `name` that holds `text`.
    pub(super) fn new(name: String, text: String) -> Self {
        Self {
            name,
            bytes: text.into_bytes(),
        }
    }
}

/// The name of the manifest in the output folder.
const MANIFEST: &str = ".griot-manifest.json";

/// Why the output could not be written. Files after the one at fault are unchanged. Each message holds its cause and a remedy, so the
/// error has no `source()`, which would repeat the cause.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file or the folder cannot be read, written or removed.
    #[error("{action} {} failed: {cause}; {}", path.display(), remedy(cause))]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The folder holds the output of another database.
    #[error(
        "{} belongs to another database ({owner}); set another `out`, or adopt the folder by removing {MANIFEST} in it: \
         the files that griot wrote are then written over, and none is removed", folder.display()
    )]
    ForeignFolder {
        /// The folder.
        folder: PathBuf,
        /// The id of the database that the manifest names.
        owner: String,
    },
    /// A file that griot did not write has the name of one that it would write. Nothing was written.
    #[error("{} was not written by griot, and stays: nothing was written; move it away, or set another `out`", path.display())]
    ForeignFile {
        /// The file.
        path: PathBuf,
    },
    /// The manifest cannot be parsed.
    #[error("{} cannot be read as a manifest ({cause}); remove it to adopt the folder", path.display())]
    BadManifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
    /// A file's name would leave the folder or hide the file.
    #[error("`{name}` is no name for an output file; rename the topic")]
    BadName {
        /// The name.
        name: String,
    },
    /// Two files have one name.
    #[error("two output files are called `{name}`; rename one of the topics")]
    SameName {
        /// The name.
        name: String,
    },
}

impl WriteError {
    /// Returns the code of the error. `output-foreign`, `output-foreign-file`, `output-name` and `output-same-name` are configuration errors (exit 78), the others
    /// mean that the output cannot be written (exit 73).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "output-io",
            Self::ForeignFolder { .. } => "output-foreign",
            Self::ForeignFile { .. } => "output-foreign-file",
            Self::BadManifest { .. } => "output-manifest",
            Self::BadName { .. } => "output-name",
            Self::SameName { .. } => "output-same-name",
        }
    }
}

fn remedy(cause: &io::Error) -> &'static str {
    match cause.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "let the user that runs griot write there, or set another `out`",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on that disk, or set another `out`",
        ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::AlreadyExists => "move what is in the way, or set another `out`",
        _ => "check the folder that `out` names",
    }
}

/// What [`write()`] did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The names of the files that were new or had other bytes.
    pub changed: Vec<String>,
    /// How many files had the same bytes and were not touched.
    pub unchanged: usize,
    /// The names of files that were removed, since they are rendered no longer.
    pub removed: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    /// The id of the database whose output this is.
    database: String,
    /// Every file's name and digest.
    files: BTreeMap<String, String>,
}

/// Makes `out` hold exactly `files`, besides files that griot did not write.
///
/// `files` is the whole output: files of the former manifest that are not among them are removed, and no others. Each file is written under
/// a temporary name in the same folder, synced and renamed, so that every reader gets the old or the new content; a file with equal bytes is
/// not touched. Only one process may write at a time, which the run lock ensures.
///
/// # Errors
/// [`WriteError`] when the folder belongs to another database, a file that griot did not write has the name of one of `files`, a name is not
/// allowed, or the system refuses. What was written before stays.
pub fn write(out: &Path, database_id: &str, files: &[RenderedFile]) -> Result<Written, WriteError> {
    let made = digests(files)?;
    fs::create_dir_all(out).map_err(failed("making", out))?;
    let former = former_files(out, database_id)?;
    if let Some(file) = files.iter().find(|file| !former.contains_key(&file.name) && is_foreign(out, file)) {
        let path = out.join(&file.name);
        return Err(WriteError::ForeignFile { path });
    }
    // The manifest lists new names before their files exist, so that an interrupted run leaves no file that no later run would remove.
    let mut claimed = former.clone();
    for (name, digest) in &made {
        claimed.entry(name.clone()).or_insert_with(|| digest.clone());
    }
    let mut touched = write_manifest(out, database_id, claimed)?;
    let mut written = Written::default();
    for file in files {
        if replace(out, &file.name, &file.bytes)? {
            written.changed.push(file.name.clone());
        } else {
            written.unchanged += 1;
        }
    }
    for name in former.into_keys().filter(|name| !made.contains_key(name) && is_file_name(name)) {
        if remove(out, &name)? {
            written.removed.push(name);
        }
    }
    touched |= write_manifest(out, database_id, made)?;
    if touched || !written.changed.is_empty() {
        sync_folder(out)?;
    }
    Ok(written)
}

/// Returns the files of the former manifest, after checking its database; none where there is no manifest.
fn former_files(out: &Path, database_id: &str) -> Result<BTreeMap<String, String>, WriteError> {
    match read_manifest(out)? {
        Some(former) if former.database != database_id => Err(WriteError::ForeignFolder {
            folder: out.to_owned(),
            owner: former.database,
        }),
        former => Ok(former.map(|former| former.files).unwrap_or_default()),
    }
}

/// How griot's feeds and pages name their generator.
const GENERATOR_MARKS: [&str; 2] = ["<generator>griot</generator>", "<meta name=\"generator\" content=\"griot\">"];
/// How much of a file is searched for such a mark, in bytes; it stands near the beginning.
const MAX_HEAD_BYTES: u64 = 1 << 16;

/// Returns whether something that griot did not write has the name of `file` and other content. A file that griot wrote is known by its
/// generator, so that a folder whose manifest was lost can be adopted. Lists, JSON feeds and the style sheet name none: they are known by the
/// page or the feed of the same topic, the style sheet by the index.
fn is_foreign(out: &Path, file: &RenderedFile) -> bool {
    let path = out.join(&file.name);
    if fs::symlink_metadata(&path).is_err() || holds(&path, &file.bytes) {
        return false;
    }
    let stem = file.name.split('.').next().unwrap_or_default();
    let names_generator = match file.name.rsplit('.').next() {
        Some("html" | "xml") => has_generator_mark(&path),
        Some("css") => has_generator_mark(&out.join("index.html")),
        _ => ["html", "xml"]
            .iter()
            .any(|ending| has_generator_mark(&out.join(format!("{stem}.{ending}")))),
    };
    !names_generator
}

fn has_generator_mark(path: &Path) -> bool {
    // A link or a pipe is none of griot's files, and reading a pipe could take for ever.
    if !fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file()) {
        return false;
    }
    let mut head = Vec::new();
    let is_read = File::open(path)
        .and_then(|file| file.take(MAX_HEAD_BYTES).read_to_end(&mut head))
        .is_ok();
    is_read
        && GENERATOR_MARKS
            .iter()
            .any(|mark| memchr::memmem::find(&head, mark.as_bytes()).is_some())
}

/// Checks the names and returns each file's digest.
fn digests(files: &[RenderedFile]) -> Result<BTreeMap<String, String>, WriteError> {
    let mut digests = BTreeMap::new();
    for file in files {
        let name = file.name.clone();
        if !is_file_name(&name) {
            return Err(WriteError::BadName { name });
        }
        let digest = Digest128::hash(&file.bytes).to_hex();
        if digests.insert(name.clone(), digest).is_some() {
            return Err(WriteError::SameName { name });
        }
    }
    Ok(digests)
}

/// Returns the names of the files that the manifest in `out` lists, sorted; none when there is no manifest that can be read.
#[must_use]
pub fn manifest_names(out: &Path) -> Vec<String> {
    read_manifest(out)
        .ok()
        .flatten()
        .map(|manifest| manifest.files.into_keys().collect())
        .unwrap_or_default()
}

/// Returns whether `name` is a plain file name. Names that begin with a dot are reserved for the manifest and for unfinished files.
fn is_file_name(name: &str) -> bool {
    let is_allowed = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':');
    !name.is_empty() && name.len() <= 200 && !name.starts_with('.') && name.chars().all(is_allowed)
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |cause| WriteError::Io { action, path, cause }
}

fn read_manifest(out: &Path) -> Result<Option<Manifest>, WriteError> {
    let path = out.join(MANIFEST);
    match fs::read(&path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(manifest) => Ok(Some(manifest)),
            Err(cause) => Err(WriteError::BadManifest { path, cause }),
        },
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed("reading", &path)(cause)),
    }
}

/// Writes the manifest; returns whether it was another before.
fn write_manifest(out: &Path, database_id: &str, files: BTreeMap<String, String>) -> Result<bool, WriteError> {
    let manifest = Manifest {
        database: database_id.to_owned(),
        files,
    };
    let path = out.join(MANIFEST);
    let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(|cause| WriteError::BadManifest { path, cause })?;
    bytes.push(b'\n');
    replace(out, MANIFEST, &bytes)
}

/// Makes the file `name` hold `bytes`; returns whether it did not before.
fn replace(out: &Path, name: &str, bytes: &[u8]) -> Result<bool, WriteError> {
    let path = out.join(name);
    if holds(&path, bytes) {
        return Ok(false);
    }
    let unfinished = out.join(format!(".{name}.unfinished"));
    let renamed = fill(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, &path));
    if let Err(cause) = renamed {
        // The write has failed already; a file that stays is overwritten by the next run.
        let _ = fs::remove_file(&unfinished);
        return Err(failed("writing", &path)(cause));
    }
    Ok(true)
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_size = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() == bytes.len() as u64);
    same_size && fs::read(path).is_ok_and(|old| old == bytes)
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A file left by a former run is removed, never opened: it could be a symbolic link.
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Syncs the renames to disk. Only Unix can open folders as files; elsewhere their durability is up to the system.
fn sync_folder(out: &Path) -> Result<(), WriteError> {
    if cfg!(unix) {
        File::open(out)
            .and_then(|folder| folder.sync_all())
            .map_err(failed("syncing", out))?;
    }
    Ok(())
}

/// Removes the file `name`; returns whether it was there.
fn remove(out: &Path, name: &str) -> Result<bool, WriteError> {
    let path = out.join(name);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(failed("removing", &path)(cause)),
    }
}

#[cfg(test)]
mod tests;
