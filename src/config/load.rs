//! Reads feeds.toml and the files it includes. The only file of this module that touches the disk.

use super::check::{assemble, parse};
use super::{Config, ConfigFailure, ConfigFile, ConfigProblem, Place, Placed};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The folder of site rules.
const RULES: &str = "rules";
/// How much of a rule file is read, in bytes.
const MAX_RULES: u64 = 1_000_000;

/// Reads and checks feeds.toml with everything it includes, and the site rules beside it.
///
/// Patterns of `include` are relative to the folder of feeds.toml; `*` and `?` may stand in the last part. What they match is read in the
/// order of its path.
///
/// # Errors
/// [`ConfigFailure::Unreadable`] when feeds.toml itself cannot be read, else [`ConfigFailure::Problems`] with all that is wrong at once.
pub fn load(path: &Path) -> Result<Config, ConfigFailure> {
    let bytes = std::fs::read(path).map_err(|error| ConfigFailure::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    let mut files = Vec::new();
    let mut problems = Vec::new();
    add(&mut files, &mut problems, path.to_owned(), bytes);
    let patterns = match files.first().map(|file| parse(&file.text)) {
        Some(Ok(table)) => includes(&table),
        _ => Vec::new(),
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut seen = BTreeSet::from([path.to_owned()]);
    for pattern in patterns {
        let found = matches(folder, &pattern.text).and_then(|mut found| {
            found.retain(|path| seen.insert(path.clone()));
            include(found, &mut files, &mut problems)
        });
        if let Err((message, help)) = found {
            problems.push(ConfigProblem {
                place: Some(pattern.place),
                message,
                help,
                also: None,
            });
        }
    }
    let rules = match rules(folder) {
        Ok(rules) => rules,
        Err(message) => {
            problems.push(ConfigProblem {
                place: None,
                message,
                help: None,
                also: None,
            });
            Vec::new()
        }
    };
    assemble(files, problems).map(|config| Config { rules, ..config })
}

/// Reads the site rules beside feeds.toml, sorted by name; none when there is no such folder. They come from many hands: bytes that are no
/// UTF-8 are replaced, and a file is read up to [`MAX_RULES`] bytes.
fn rules(folder: &Path) -> Result<Vec<ConfigFile>, String> {
    let mut rules = Vec::new();
    let place = folder.join(RULES);
    let unread = |path: &Path, error: io::Error| format!("{} cannot be read: {error}", path.display());
    let files = match std::fs::read_dir(&place) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(rules),
        files => files.map_err(|error| unread(&place, error))?,
    };
    for file in files {
        // Not that of the folder's listing, which may be absolute: people know the path they gave.
        let path = place.join(file.map_err(|error| unread(&place, error))?.file_name());
        if path.extension().is_none_or(|ending| ending != "txt") || !path.is_file() {
            continue;
        }
        let mut bytes = Vec::new();
        let file = std::fs::File::open(&path).map_err(|error| unread(&path, error))?;
        file.take(MAX_RULES).read_to_end(&mut bytes).map_err(|error| unread(&path, error))?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        rules.push(ConfigFile { path, text });
    }
    rules.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(rules)
}

/// Adds a file; bytes that are no UTF-8 are a problem at the first of them.
fn add(files: &mut Vec<ConfigFile>, problems: &mut Vec<ConfigProblem>, path: PathBuf, bytes: Vec<u8>) {
    let number = files.len();
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        // Up to here the lossy text is the file itself, so the place holds.
        let start = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        problems.push(ConfigProblem {
            place: Some(Place {
                file: number,
                span: start - bom..start - bom + char::REPLACEMENT_CHARACTER.len_utf8(),
            }),
            message: "the file is not in UTF-8 from here on".to_owned(),
            help: Some("save it as UTF-8".to_owned()),
            also: None,
        });
        text
    });
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    files.push(ConfigFile { path, text });
}

/// Returns the patterns of `include`; those that are no texts are the check's to report.
fn includes(root: &Spanned<DeTable<'_>>) -> Vec<Placed> {
    let site = root.get_ref().get("site").map(Spanned::get_ref);
    let Some(DeValue::Table(site)) = site else { return Vec::new() };
    let Some(DeValue::Array(patterns)) = site.get("include").map(Spanned::get_ref) else {
        return Vec::new();
    };
    let mut read = Vec::new();
    for pattern in patterns {
        if let DeValue::String(text) = pattern.get_ref() {
            let place = Place {
                file: 0,
                span: pattern.span(),
            };
            read.push(Placed {
                text: text.to_string(),
                place,
            });
        }
    }
    read
}

/// What is wrong with a pattern, and what to do.
type Advice = (String, Option<String>);

/// Adds the files that a pattern matched.
fn include(found: Vec<PathBuf>, files: &mut Vec<ConfigFile>, problems: &mut Vec<ConfigProblem>) -> Result<(), Advice> {
    for path in found {
        let bytes = std::fs::read(&path).map_err(|error| (format!("{} cannot be read: {error}", path.display()), None))?;
        add(files, problems, path, bytes);
    }
    Ok(())
}

/// Returns what a pattern matches, sorted. A pattern without wildcards matches its file, be it there or not.
fn matches(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Advice> {
    let (parent, name) = match pattern.rsplit_once('/') {
        Some((parent, name)) => (parent, name),
        None => ("", pattern),
    };
    let is_wild = |text: &str| text.contains(['*', '?']);
    if name.is_empty() || is_wild(parent) {
        let help = "wildcards may stand behind the last `/` only, such as \"sources.d/*.toml\"".to_owned();
        return Err(("this pattern names no files".to_owned(), Some(help)));
    }
    if !is_wild(name) {
        return Ok(vec![folder.join(pattern)]);
    }
    // An absolute pattern such as `/etc/griot/*.toml` keeps its root.
    let place = if pattern.starts_with('/') && parent.is_empty() {
        PathBuf::from("/")
    } else {
        folder.join(parent)
    };
    let listing = if place.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        place.clone()
    };
    let unlisted = |error: io::Error| (format!("{} cannot be listed: {error}", listing.display()), None);
    let mut found = Vec::new();
    let files = match std::fs::read_dir(&listing) {
        // Nothing matches in a folder that nobody has made yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        files => files.map_err(unlisted)?,
    };
    for file in files {
        let file = file.map_err(unlisted)?;
        let file_name = file.file_name();
        let Some(file_name) = file_name.to_str() else { continue };
        // As in a shell, a wildcard does not match a hidden file: editors leave such ones behind.
        if !file_name.starts_with('.') && wildcard(name, file_name) && file.path().is_file() {
            found.push(place.join(file_name));
        }
    }
    found.sort();
    Ok(found)
}

/// Returns whether `pattern`, in which `*` stands for any characters and `?` for one, matches the whole of `name`.
pub(super) fn wildcard(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut here) = (0, 0);
    // Where the last star stood, and how far it had taken us: the only place worth going back to.
    let mut star: Option<(usize, usize)> = None;
    while here < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, here));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[here] => {
                at += 1;
                here += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                here = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}
