//! The published files: only those that the manifest lists are read, no link is followed, and what was read is kept in memory while it is used.

use super::document::Document;
use super::media::Media;
use super::regular_file::{Stamp, is_no_file, read_unless, stamp};
use crate::publish;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// How much the documents in memory may take, in bytes; those that were not asked for the longest time leave first.
const MAX_CACHE_BYTES: usize = 64 << 20;
/// After this time a file is compared with the disk, also when the manifest is the same: somebody may have replaced it by hand.
const RECHECK_AFTER: Duration = Duration::from_secs(1);

/// The manifest is looked at this often at most: what a run publishes is served at once, and a server under load is spared the look.
const LOOK_INTERVAL: Duration = Duration::from_millis(5);

/// A folder with a manifest, and the documents of its files.
#[derive(Debug)]
pub struct PublishedFolder {
    out: PathBuf,
    listing: Mutex<Arc<Listing>>,
    /// When the manifest was found to be that of the listing.
    looked: Mutex<Option<std::time::Instant>>,
    look_interval: Duration,
    documents: Mutex<Documents>,
    /// One reader of the disk at a time, so that many requests for one new file read it once.
    loading: tokio::sync::Mutex<()>,
    max_bytes: usize,
}

/// The machine cannot read the files now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// The names of one state of the manifest.
#[derive(Debug, Default)]
struct Listing {
    stamp: Option<Stamp>,
    /// How often the manifest was read.
    generation: u64,
    names: HashSet<String>,
}

#[derive(Debug, Default)]
struct Documents {
    by_name: BTreeMap<String, Kept>,
    /// Counts the requests, to know which document was asked for last.
    clock: u64,
}

#[derive(Debug)]
struct Kept {
    document: Arc<Document>,
    stamp: Option<Stamp>,
    generation: u64,
    checked: Instant,
    used: u64,
}

impl PublishedFolder {
    /// Returns the folder `out`; nothing is read yet.
    #[must_use]
    pub fn new(out: PathBuf) -> Self {
        Self {
            out,
            listing: Mutex::default(),
            looked: Mutex::default(),
            look_interval: LOOK_INTERVAL,
            documents: Mutex::default(),
            loading: tokio::sync::Mutex::new(()),
            max_bytes: MAX_CACHE_BYTES,
        }
    }

    /// Returns the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.out
    }

    /// Returns when the manifest last changed, and how many files it lists; none before anything is published.
    pub async fn published(&self) -> Option<(SystemTime, usize)> {
        let listing = self.listing().await.ok()?;
        Some((listing.stamp?.0?, listing.names.len()))
    }

    /// Returns the document `name`, when the manifest lists it and it is a regular file.
    ///
    /// Files of one manifest stay as they were read while the manifest is the same for the most part of a run, which replaces them before it
    /// completes the manifest: readers get the files of one run.
    ///
    /// # Errors
    /// [`Unavailable`] when the machine cannot read it now, and it is not in memory: nobody is to conclude that it is gone.
    pub async fn find(&self, name: &str) -> Result<Option<Arc<Document>>, Unavailable> {
        if !is_published_name(name) {
            return Ok(None);
        }
        let listing = self.listing().await?;
        if !listing.names.contains(name) {
            return Ok(None);
        }
        if let Some(document) = self.kept(name, listing.generation) {
            return Ok(Some(document));
        }
        let _alone = self.loading.lock().await;
        // Another request may have read it meanwhile.
        if let Some(document) = self.kept(name, listing.generation) {
            return Ok(Some(document));
        }
        let (out, own) = (self.out.clone(), name.to_owned());
        let known = lock(&self.documents).by_name.get(name).and_then(|kept| kept.stamp);
        let read = tokio::task::spawn_blocking(move || read_unless(&out, &own, known)).await;
        match read.map_err(io::Error::other).and_then(|read| read) {
            Ok(None) => Ok(self.confirm(name, listing.generation)),
            Ok(Some((bytes, stamp))) => {
                let document = Arc::new(Document::new(Media::of(name), bytes, stamp.0, Some(self.out.join(name))));
                self.keep(name.to_owned(), Arc::clone(&document), Some(stamp), listing.generation);
                Ok(Some(document))
            }
            Err(error) if is_no_file(&error) => {
                lock(&self.documents).by_name.remove(name);
                Ok(None)
            }
            Err(error) => {
                tracing::error!(detail = %error, "a published file cannot be read");
                let documents = lock(&self.documents);
                let former = documents.by_name.get(name).map(|kept| Arc::clone(&kept.document));
                former.map(Some).ok_or(Unavailable)
            }
        }
    }

    /// Returns the document that was derived from the file `name` under `key`, which no file can have as a name.
    pub fn derived(&self, key: &str) -> Option<Arc<Document>> {
        let mut documents = lock(&self.documents);
        documents.clock += 1;
        let clock = documents.clock;
        let kept = documents.by_name.get_mut(key)?;
        kept.used = clock;
        Some(Arc::clone(&kept.document))
    }

    /// Keeps a document that was derived from files.
    pub fn keep_derived(&self, key: String, document: Arc<Document>) {
        self.keep(key, document, None, 0);
    }

    /// Returns the names of the present manifest; reads it when it has changed.
    async fn listing(&self) -> Result<Arc<Listing>, Unavailable> {
        let now = std::time::Instant::now();
        let is_recent = |looked: std::time::Instant| now.duration_since(looked) < self.look_interval;
        if lock(&self.looked).is_some_and(is_recent) {
            return Ok(Arc::clone(&lock(&self.listing)));
        }
        let path = publish::manifest_path(&self.out);
        // One look at a file that the system has in memory: it costs less than to hand it to another thread.
        let stamp = fs::symlink_metadata(&path).ok().filter(Metadata::is_file).map(|meta| stamp(&meta));
        let known = Arc::clone(&lock(&self.listing));
        if known.stamp == stamp {
            *lock(&self.looked) = Some(now);
            return Ok(known);
        }
        let out = self.out.clone();
        let names = match tokio::task::spawn_blocking(move || publish::manifest_names(&out)).await {
            Ok(Ok(names)) => names,
            failed => {
                let detail = failed.map_or_else(
                    |error| error.to_string(),
                    |read| read.err().map(|error| error.to_string()).unwrap_or_default(),
                );
                tracing::error!(detail, "the manifest of the published files cannot be read");
                return if known.generation > 0 { Ok(known) } else { Err(Unavailable) };
            }
        };
        let fresh = Arc::new(Listing {
            // The manifest may have changed again since the look: then the next request reads it again.
            stamp,
            generation: known.generation + 1,
            names: names.into_iter().collect(),
        });
        let mut listing = lock(&self.listing);
        if listing.generation < fresh.generation {
            *listing = Arc::clone(&fresh);
        }
        Ok(fresh)
    }

    /// Returns a document in memory that needs no look at the disk.
    fn kept(&self, name: &str, generation: u64) -> Option<Arc<Document>> {
        let mut documents = lock(&self.documents);
        documents.clock += 1;
        let clock = documents.clock;
        let kept = documents.by_name.get_mut(name)?;
        if kept.generation != generation || kept.checked.elapsed() > RECHECK_AFTER {
            return None;
        }
        kept.used = clock;
        Some(Arc::clone(&kept.document))
    }

    /// Notes that a document in memory is still that of its file.
    fn confirm(&self, name: &str, generation: u64) -> Option<Arc<Document>> {
        let mut documents = lock(&self.documents);
        let kept = documents.by_name.get_mut(name)?;
        (kept.generation, kept.checked) = (generation, Instant::now());
        Some(Arc::clone(&kept.document))
    }

    fn keep(&self, key: String, document: Arc<Document>, stamp: Option<Stamp>, generation: u64) {
        let mut documents = lock(&self.documents);
        documents.clock += 1;
        let kept = Kept {
            document,
            stamp,
            generation,
            checked: Instant::now(),
            used: documents.clock,
        };
        documents.by_name.insert(key, kept);
        documents.shrink(self.max_bytes);
    }
}

impl Documents {
    /// Drops the documents that were not asked for the longest time, until the others fit. Their compressed forms count as they are now.
    fn shrink(&mut self, max_bytes: usize) {
        let mut held: usize = self.by_name.values().map(|kept| kept.document.memory()).sum();
        while held > max_bytes {
            let oldest = self.by_name.iter().min_by_key(|(_, kept)| kept.used).map(|(name, _)| name.clone());
            let Some(dropped) = oldest.and_then(|name| self.by_name.remove(&name)) else {
                return;
            };
            held = held.saturating_sub(dropped.document.memory());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Nothing panics while the lock is held, and the content is whole at any moment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns whether `name` has the form of a published file: parts of letters, digits, `-`, `_` and dots, none of which begins with a dot.
#[must_use]
pub fn is_published_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed)
    };
    name.len() <= 256 && name.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::super::negotiation::Coding;
    use super::*;
    use std::collections::BTreeMap;
    use std::fs::File;

    fn folder(names: &[&str]) -> (tempfile::TempDir, PublishedFolder) {
        let place = tempfile::tempdir().expect("a folder");
        list(place.path(), names);
        let mut folder = PublishedFolder::new(place.path().to_owned());
        folder.look_interval = Duration::ZERO;
        (place, folder)
    }

    fn list(out: &Path, names: &[&str]) {
        let files: BTreeMap<&str, &str> = names.iter().map(|name| (*name, "")).collect();
        let manifest = serde_json::json!({ "database": "x", "files": files });
        let fresh = out.join("fresh");
        fs::write(&fresh, manifest.to_string()).expect("a file");
        fs::rename(fresh, publish::manifest_path(out)).expect("a manifest");
    }

    async fn find(folder: &PublishedFolder, name: &str) -> Option<Arc<Document>> {
        folder.find(name).await.expect("the folder can be read")
    }

    #[test]
    fn names_have_the_form_of_published_files() {
        for name in ["mali.xml", "a", "story/s81c.html", "sahel-politics.atom.xml", "x_y.1"] {
            assert!(is_published_name(name), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "../x",
            "a/../b",
            "a//b",
            "/a",
            "a/",
            ".griot-manifest.json",
            "a/.b",
            "a\\b",
            "a%2e",
            "a b",
            "é",
            "a\0",
            "a:b",
        ] {
            assert!(!is_published_name(name), "{name}");
        }
        assert!(!is_published_name(&"a".repeat(257)));
    }

    #[tokio::test]
    async fn only_listed_regular_files_are_found() {
        let (place, folder) = folder(&["mali.xml", "linked.xml", "story/a.html", "inside/b.html", "gone.xml"]);
        for name in ["mali.xml", "other.xml", "secret"] {
            fs::write(place.path().join(name), name).expect("a file");
        }
        for (name, target) in [("linked.xml", "secret"), ("inside", "story")] {
            std::os::unix::fs::symlink(target, place.path().join(name)).expect("a link");
        }
        fs::create_dir(place.path().join("story")).expect("a folder");
        for name in ["a.html", "b.html"] {
            fs::write(place.path().join("story").join(name), "x").expect("a file");
        }
        assert_eq!(&find(&folder, "mali.xml").await.expect("it is listed").plain()[..], b"mali.xml");
        assert!(find(&folder, "story/a.html").await.is_some());
        for name in [
            "other.xml",
            "linked.xml",
            "inside/b.html",
            "gone.xml",
            "story",
            ".griot-manifest.json",
        ] {
            assert!(find(&folder, name).await.is_none(), "{name}");
        }
    }

    #[tokio::test]
    async fn a_new_manifest_is_seen_at_once_and_unchanged_files_stay_in_memory() {
        let (place, folder) = folder(&["a.xml", "b.xml"]);
        fs::write(place.path().join("a.xml"), "old").expect("a file");
        fs::write(place.path().join("b.xml"), "same").expect("a file");
        let (first, same) = (find(&folder, "a.xml").await, find(&folder, "b.xml").await);
        assert_eq!(&first.expect("it is there").plain()[..], b"old");
        fs::write(place.path().join("fresh.xml"), "new").expect("a file");
        fs::rename(place.path().join("fresh.xml"), place.path().join("a.xml")).expect("a file");
        list(place.path(), &["a.xml", "b.xml", "c.xml"]);
        assert_eq!(&find(&folder, "a.xml").await.expect("it is there").plain()[..], b"new");
        assert!(Arc::ptr_eq(
            &find(&folder, "b.xml").await.expect("it is there"),
            &same.expect("it is there")
        ));
        list(place.path(), &["b.xml"]);
        assert!(find(&folder, "a.xml").await.is_none());
        assert_eq!(folder.published().await.expect("a manifest").1, 1);
    }

    #[tokio::test]
    async fn the_memory_of_documents_is_bounded() {
        let (place, mut folder) = folder(&["a.xml", "b.xml", "c.xml"]);
        folder.max_bytes = 2500;
        for name in ["a.xml", "b.xml", "c.xml"] {
            fs::write(place.path().join(name), "x".repeat(1000)).expect("a file");
        }
        let first = find(&folder, "a.xml").await.expect("a");
        find(&folder, "b.xml").await.expect("b");
        assert!(Arc::ptr_eq(&first, &find(&folder, "a.xml").await.expect("a")));
        find(&folder, "c.xml").await.expect("c");
        let kept: Vec<String> = lock(&folder.documents).by_name.keys().cloned().collect();
        assert_eq!(kept, ["a.xml", "c.xml"], "b was not asked for the longest time");
    }

    #[tokio::test]
    async fn a_compressed_file_beside_is_used_unless_it_is_older() {
        let (place, folder) = folder(&["a.xml", "b.xml"]);
        for name in ["a.xml", "b.xml"] {
            fs::write(place.path().join(name), "x".repeat(1000)).expect("a file");
            fs::write(place.path().join(format!("{name}.gz")), "compressed before").expect("a file");
        }
        let old = File::options().write(true).open(place.path().join("b.xml.gz")).expect("a file");
        old.set_modified(SystemTime::UNIX_EPOCH).expect("a time");
        let (coding, bytes) = find(&folder, "a.xml").await.expect("a").best(&[Coding::Gzip]).await;
        assert_eq!((coding, &bytes[..]), (Coding::Gzip, &b"compressed before"[..]));
        let (_, bytes) = find(&folder, "b.xml").await.expect("b").best(&[Coding::Gzip]).await;
        assert_eq!(bytes[..2], [0x1f, 0x8b]);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_not_gone() {
        let (place, folder) = folder(&["a.xml"]);
        fs::write(place.path().join("a.xml"), "old").expect("a file");
        assert!(find(&folder, "a.xml").await.is_some());
        fs::write(publish::manifest_path(place.path()), "damaged").expect("a file");
        assert!(find(&folder, "a.xml").await.is_some(), "the former manifest holds");
        let fresh = PublishedFolder::new(place.path().to_owned());
        assert_eq!(fresh.find("a.xml").await.err(), Some(Unavailable));
    }
}
