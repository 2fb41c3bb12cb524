//! Writes the output folder: each file is replaced as a whole or not at all, and a manifest lists the files that griot wrote. The only I/O of
//! publish.

use super::compression::{compressed_files, compressed_names, plain_name};
use super::headline::Headline;
use super::rendered_file::RenderedFile;
use crate::model::{Digest128, Timestamp};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The name of the manifest in the output folder.
const MANIFEST: &str = ".griot-manifest.json";
/// The folders below the output folder: pages of stories and of sources.
const FOLDERS: [&str; 2] = ["story", "source"];

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

/// What was written.
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
    /// What was rendered together, by name.
    #[serde(default)]
    groups: BTreeMap<String, Group>,
}

/// Files that are rendered together: those of a topic, or of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Group {
    /// The digest of all that they were rendered from.
    stamp: String,
    /// Each file's name and size in bytes.
    files: BTreeMap<String, u64>,
    /// The number of items.
    #[serde(default, skip_serializing_if = "is_zero")]
    items: usize,
    /// The date of the newest item, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    newest: Option<i64>,
    /// The items in one line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headlines: Vec<Headline>,
    /// The ids of its stories, where it has no headlines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stories: Vec<String>,
    /// The topic by which the page of a story was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    /// The digest of the configuration by which the pages of its stories were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settings: Option<String>,
    /// What has a page of its own that the files link to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    links: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What is said about a group of files besides their content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupSummary {
    /// The number of items.
    pub items: usize,
    /// The date of the newest item.
    pub newest: Option<Timestamp>,
    /// The items in one line each.
    pub headlines: Vec<Headline>,
    /// The ids of its stories, where it has no headlines.
    pub stories: Vec<String>,
    /// The topic by which the page of a story was made.
    pub topic: Option<String>,
    /// The digest of the configuration by which the pages of its stories were made.
    pub settings: Option<String>,
    /// The ids of what has a page of its own that the files link to, where that page may go while they stay as they are.
    pub links: Vec<String>,
}

/// Files that were rendered together.
#[derive(Debug)]
pub struct RenderedGroup<'a> {
    /// The name of the group.
    pub name: String,
    /// The digest of all that they were rendered from.
    pub stamp: Digest128,
    /// What is said about the group.
    pub summary: GroupSummary,
    /// The files.
    pub files: Cow<'a, [RenderedFile]>,
}

/// The output folder while it is written: group after group, so that only the files of one group are in memory.
///
/// Each file is written under a temporary name in the same folder, synced and renamed, so that every reader gets the old or the new content; a
/// file with equal bytes is not touched. Files of the former manifest that no group holds any more are removed, and no others. Only one process
/// may write at a time, which the run lock ensures.
#[derive(Debug)]
pub struct OutputFolder {
    out: PathBuf,
    former: Manifest,
    made: Manifest,
    written: Written,
    is_touched: bool,
    /// The folders below in which files were written.
    touched_folders: BTreeSet<&'static str>,
    is_precompressed: bool,
}

impl OutputFolder {
    /// Reads the manifest of `out`; writes nothing yet.
    ///
    /// # Errors
    /// [`WriteError`] when the folder belongs to another database, or its manifest cannot be read.
    pub fn open(out: &Path, database_id: &str) -> Result<Self, WriteError> {
        let empty = Manifest {
            database: database_id.to_owned(),
            files: BTreeMap::new(),
            groups: BTreeMap::new(),
        };
        let former = match read_manifest(out)? {
            Some(former) if former.database != database_id => {
                return Err(WriteError::ForeignFolder {
                    folder: out.to_owned(),
                    owner: former.database,
                });
            }
            former => former.unwrap_or_else(|| empty.clone()),
        };
        Ok(Self {
            out: out.to_owned(),
            former,
            made: empty,
            written: Written::default(),
            is_touched: false,
            touched_folders: BTreeSet::new(),
            is_precompressed: false,
        })
    }

    /// Returns the folder with compressed files beside those that are written from now on, or without.
    #[must_use]
    pub fn precompressed(mut self, is_precompressed: bool) -> Self {
        self.is_precompressed = is_precompressed;
        self
    }

    /// Checks that none of these names belongs to a file that griot did not write. To be called with all names before anything is written.
    ///
    /// # Errors
    /// [`WriteError::ForeignFile`] with the first such file.
    pub fn check(&self, names: &[String]) -> Result<(), WriteError> {
        let beside = names
            .iter()
            .filter(|_| self.is_precompressed)
            .flat_map(|name| compressed_names(name));
        let is_new = |name: &String| !self.former.files.contains_key(name);
        let mut all = names.iter().cloned().chain(beside).filter(is_new);
        match all.find(|name| is_foreign(&self.out, name)) {
            Some(name) => Err(WriteError::ForeignFile { path: self.out.join(name) }),
            None => Ok(()),
        }
    }

    /// Returns what was said about a group when it was written, if it was rendered from what `stamp` is the digest of and its files are still
    /// there.
    #[must_use]
    pub fn current(&self, group: &str, stamp: Digest128) -> Option<GroupSummary> {
        let known = self.former.groups.get(group).filter(|known| known.stamp == stamp.to_hex())?;
        let is_there = |(name, size): (&String, &u64)| {
            let meta = fs::symlink_metadata(self.out.join(name));
            meta.is_ok_and(|meta| meta.is_file() && meta.len() == *size)
        };
        known.files.iter().all(is_there).then(|| known.summary())
    }

    /// Returns the topic by which a group was made; none when there is no such group, or it is of no topic.
    #[must_use]
    pub fn topic_of(&self, group: &str) -> Option<&str> {
        self.former.groups.get(group)?.topic.as_deref()
    }

    /// Leaves a group as it is; returns what was said about it, none when there is no such group.
    pub fn keep(&mut self, group: &str) -> Option<GroupSummary> {
        let known = self.former.groups.get(group)?.clone();
        for name in known.files.keys() {
            if let Some(digest) = self.former.files.get(name) {
                self.made.files.insert(name.clone(), digest.clone());
            }
        }
        self.written.unchanged += known.files.len();
        let summary = known.summary();
        self.made.groups.insert(group.to_owned(), known);
        Some(summary)
    }

    /// Writes the files of a group, which were rendered from what `stamp` is the digest of.
    ///
    /// # Errors
    /// As [`Self::write_groups`].
    pub fn write(&mut self, group: &str, stamp: Digest128, summary: GroupSummary, files: &[RenderedFile]) -> Result<(), WriteError> {
        self.write_groups(vec![RenderedGroup {
            name: group.to_owned(),
            stamp,
            summary,
            files: files.into(),
        }])
    }

    /// Writes the files of several groups; the manifest is written once before them.
    ///
    /// # Errors
    /// [`WriteError`] when a file that griot did not write has the name of one of theirs, a name is not allowed, or the system refuses. What was
    /// written before stays.
    pub fn write_groups(&mut self, mut groups: Vec<RenderedGroup<'_>>) -> Result<(), WriteError> {
        if self.is_precompressed {
            for group in &mut groups {
                let compressed = compressed_files(&group.files);
                group.files.to_mut().extend(compressed);
            }
        }
        let files: Vec<&RenderedFile> = groups.iter().flat_map(|group| group.files.iter()).collect();
        let digests = self.digests(&files)?;
        fs::create_dir_all(&self.out).map_err(failed("making", &self.out))?;
        let is_new = |file: &RenderedFile| !self.former.files.contains_key(&file.name);
        if let Some(file) = files
            .iter()
            .filter(|file| is_new(file))
            .find(|file| is_foreign(&self.out, &file.name) && !holds(&self.out.join(&file.name), &file.bytes))
        {
            let path = self.out.join(&file.name);
            return Err(WriteError::ForeignFile { path });
        }
        let is_same = |file: &RenderedFile| holds(&self.out.join(&file.name), &file.bytes);
        let changed: Vec<&RenderedFile> = files.iter().copied().filter(|file| !is_same(file)).collect();
        self.written.unchanged += files.len() - changed.len();
        if !changed.is_empty() || files.iter().any(|file| is_new(file)) {
            self.claim(&groups, &digests)?;
        }
        for file in changed {
            if let Some(folder) = folder_of(&file.name) {
                make_folder(&self.out.join(folder))?;
                self.touched_folders.insert(folder);
            }
            replace(&self.out, &file.name, &file.bytes)?;
            self.written.changed.push(file.name.clone());
        }
        self.made.files.extend(digests);
        for group in groups {
            let made = Group {
                stamp: group.stamp.to_hex(),
                files: group
                    .files
                    .iter()
                    .map(|file| (file.name.clone(), file.bytes.len() as u64))
                    .collect(),
                items: group.summary.items,
                newest: group.summary.newest.map(Timestamp::unix),
                headlines: group.summary.headlines,
                stories: group.summary.stories,
                topic: group.summary.topic,
                settings: group.summary.settings,
                links: group.summary.links,
            };
            self.made.groups.insert(group.name, made);
        }
        Ok(())
    }

    /// Lists the files of groups in the manifest before they are written, so that an interrupted run leaves no file that no later run would remove.
    /// Until then these groups are those of no stamp.
    fn claim(&mut self, groups: &[RenderedGroup<'_>], digests: &BTreeMap<String, String>) -> Result<(), WriteError> {
        let mut claimed = self.former.clone();
        claimed.files.extend(self.made.files.clone());
        claimed.groups.extend(self.made.groups.clone());
        for group in groups {
            claimed.groups.remove(&group.name);
        }
        for (name, digest) in digests {
            claimed.files.entry(name.clone()).or_insert_with(|| digest.clone());
        }
        self.is_touched |= write_manifest(&self.out, &claimed)?;
        Ok(())
    }

    /// Removes the files that no group holds any more, and completes the manifest.
    ///
    /// # Errors
    /// [`WriteError`] when the system refuses.
    pub fn finish(mut self) -> Result<Written, WriteError> {
        let stale = |name: &&String| !self.made.files.contains_key(*name) && is_file_name(name);
        for name in self.former.files.keys().filter(stale) {
            if remove(&self.out, name)? {
                self.written.removed.push(name.clone());
            }
        }
        if self.former != self.made {
            self.is_touched |= write_manifest(&self.out, &self.made)?;
        }
        for folder in &self.touched_folders {
            sync_folder(&self.out.join(folder))?;
        }
        if self.is_touched || !self.written.changed.is_empty() {
            sync_folder(&self.out)?;
        }
        Ok(self.written)
    }

    /// Checks the names and returns each file's digest.
    fn digests(&self, files: &[&RenderedFile]) -> Result<BTreeMap<String, String>, WriteError> {
        let mut digests = BTreeMap::new();
        for file in files {
            let name = file.name.clone();
            if !is_file_name(&name) {
                return Err(WriteError::BadName { name });
            }
            let digest = Digest128::hash(&file.bytes).to_hex();
            if self.made.files.contains_key(&name) || digests.insert(name.clone(), digest).is_some() {
                return Err(WriteError::SameName { name });
            }
        }
        Ok(digests)
    }
}

impl Group {
    fn summary(&self) -> GroupSummary {
        GroupSummary {
            items: self.items,
            newest: self.newest.map(Timestamp::from_unix),
            headlines: self.headlines.clone(),
            stories: self.stories.clone(),
            topic: self.topic.clone(),
            settings: self.settings.clone(),
            links: self.links.clone(),
        }
    }
}

/// How griot's feeds and pages name their generator.
const GENERATOR_MARKS: [&str; 2] = ["<generator>griot</generator>", "<meta name=\"generator\" content=\"griot\">"];
/// How much of a file is searched for such a mark, in bytes; it stands near the beginning.
const MAX_HEAD_BYTES: u64 = 1 << 16;

/// Returns whether something that griot did not write has this name. A file that griot wrote is known by its
/// generator, so that a folder whose manifest was lost can be adopted. Lists, JSON feeds, the style sheet and the icon name none: they are
/// known by the page or the feed of the same topic, style sheet and icon by the index, a compressed file by its plain one.
fn is_foreign(out: &Path, name: &str) -> bool {
    if fs::symlink_metadata(out.join(name)).is_err() {
        return false;
    }
    let name = plain_name(name);
    let path = out.join(name);
    let stem = name.split('.').next().unwrap_or_default();
    let names_generator = match name.rsplit('.').next() {
        Some("html" | "xml") => has_generator_mark(&path),
        Some("css" | "svg") => has_generator_mark(&out.join("index.html")),
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

/// Returns the names of the files that the manifest in `out` lists, sorted; none when there is no manifest.
///
/// # Errors
/// [`WriteError`] when the manifest cannot be read, as when descriptors have run out.
pub fn manifest_names(out: &Path) -> Result<Vec<String>, WriteError> {
    let manifest = read_manifest(out)?;
    Ok(manifest.map(|manifest| manifest.files.into_keys().collect()).unwrap_or_default())
}

/// Returns the path of the manifest of `out`: it changes whenever what is published changes.
#[must_use]
pub fn manifest_path(out: &Path) -> PathBuf {
    out.join(MANIFEST)
}

/// Returns the folder below the output folder in which the file `name` stands; none for one in the output folder itself.
fn folder_of(name: &str) -> Option<&'static str> {
    let (folder, _) = name.split_once('/')?;
    FOLDERS.into_iter().find(|known| *known == folder)
}

/// Makes a folder below the output folder. A link in its place could lead anywhere.
fn make_folder(path: &Path) -> Result<(), WriteError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(()),
        Ok(_) => Err(WriteError::ForeignFile { path: path.to_owned() }),
        Err(cause) if cause.kind() == ErrorKind::NotFound => fs::create_dir(path).map_err(failed("making", path)),
        Err(cause) => Err(failed("reading", path)(cause)),
    }
}

/// Returns whether `name` is a plain file name, or that of a file in one of [`FOLDERS`]. Names that begin with a dot are reserved for the manifest and
/// for unfinished files.
fn is_file_name(name: &str) -> bool {
    let name = match folder_of(name) {
        Some(folder) => &name[folder.len() + 1..],
        None => name,
    };
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
fn write_manifest(out: &Path, manifest: &Manifest) -> Result<bool, WriteError> {
    let path = out.join(MANIFEST);
    let mut bytes = serde_json::to_vec(manifest).map_err(|cause| WriteError::BadManifest { path, cause })?;
    bytes.push(b'\n');
    replace(out, MANIFEST, &bytes)
}

/// Makes the file `name` hold `bytes`; returns whether it did not before.
fn replace(out: &Path, name: &str, bytes: &[u8]) -> Result<bool, WriteError> {
    let path = out.join(name);
    if holds(&path, bytes) {
        return Ok(false);
    }
    // Beside the file: a rename over file systems is none.
    let (folder, plain) = name.rsplit_once('/').unwrap_or(("", name));
    let unfinished = out.join(folder).join(format!(".{plain}.unfinished"));
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
