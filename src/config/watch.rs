//! Whether a configuration has changed on disk: feeds.toml, the files that it includes, and the site rules.

use super::load::{RULES_FOLDER, matching_files, patterns_in};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Modification time, size in bytes, and inode.
type Stamp = (Option<SystemTime>, u64, u64);

/// The files of a configuration, as they were when they were last looked at.
#[derive(Debug)]
pub struct Watched {
    path: PathBuf,
    /// What feeds.toml includes; read again when it has changed.
    patterns: Vec<String>,
    stamps: BTreeMap<PathBuf, Stamp>,
    /// Whether they had changed at the last look. A change is told once nothing changes any more: an editor may still be writing.
    is_changing: bool,
}

impl Watched {
    /// Looks at the configuration whose feeds.toml is at `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let patterns = patterns_in(path);
        Self {
            path: path.to_owned(),
            stamps: stamps(path, &patterns),
            patterns,
            is_changing: false,
        }
    }

    /// Looks again; returns whether something has changed before the last look, and nothing since.
    pub fn has_changed(&mut self) -> bool {
        if stamp(&self.path).as_ref() != self.stamps.get(&self.path) {
            self.patterns = patterns_in(&self.path);
        }
        let now = stamps(&self.path, &self.patterns);
        let changes = now != self.stamps;
        self.stamps = now;
        let is_settled = self.is_changing && !changes;
        self.is_changing = changes;
        is_settled
    }
}

fn stamps(path: &Path, patterns: &[String]) -> BTreeMap<PathBuf, Stamp> {
    let rules = path.parent().unwrap_or(Path::new("")).join(RULES_FOLDER);
    let rules = fs::read_dir(rules).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = std::iter::once(path.to_owned()).chain(matching_files(path, patterns)).chain(rules);
    files.filter_map(|file| Some((file.clone(), stamp(&file)?))).collect()
}

fn stamp(path: &Path) -> Option<Stamp> {
    let meta = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&meta);
    #[cfg(not(unix))]
    let inode = 0;
    Some((meta.modified().ok(), meta.len(), inode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_any_file_is_told_once_it_has_settled() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("feeds.toml");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
        write("feeds.toml", "[site]\ninclude = [\"sources.d/*.toml\"]\n");
        let mut watched = Watched::new(&path);
        assert!(!watched.has_changed() && !watched.has_changed());
        fs::create_dir(folder.path().join("sources.d")).expect("a folder");
        fs::create_dir(folder.path().join("rules")).expect("a folder");
        for (name, text) in [
            ("sources.d/a.toml", "# new"),
            ("sources.d/a.toml", "# longer than before"),
            ("rules/x.txt", "title: //h1"),
            ("feeds.toml", "[site]\ninclude = [\"sources.d/a.toml\"]\ntitle = \"x\"\n"),
        ] {
            write(name, text);
            assert!(!watched.has_changed(), "{name}: it may still be written");
            assert!(watched.has_changed(), "{name}");
            assert!(!watched.has_changed(), "{name}: once");
        }
        write("sources.d/b.toml", "# not included");
        assert!(!watched.has_changed() && !watched.has_changed());
        write("feeds.toml", "half writ");
        assert!(!watched.has_changed());
        write("feeds.toml", "whole again");
        assert!(!watched.has_changed() && watched.has_changed());
    }
}
