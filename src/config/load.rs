//! Reads feeds.toml and the files it includes. With `watch`, the only file of this module that reads the disk.

use super::check::{assemble, parse};
use super::choices::PageLanguage;
use super::failure::ConfigFailure;
use super::problem::{ConfigFile, ConfigProblem, Place, Placed};
use super::root::Config;
use super::written_language::written_language;
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The folder of site rules, next to feeds.toml.
pub(super) const RULES_FOLDER: &str = "rules";
/// The longest configuration or rule file, in bytes.
const MAX_FILE_BYTES: u64 = 4_000_000;

/// Reads and checks feeds.toml with everything it includes, and the site rules next to it.
///
/// Patterns of `include` are relative to the folder of feeds.toml; `*` and `?` are allowed in the last part. The files that a pattern
/// matches are read in the order of their paths, each once. What is no regular file, is longer than 4 MB, or leads back to feeds.toml is a
/// mistake: nothing is waited for.
///
/// # Errors
/// [`ConfigFailure::Unreadable`] when feeds.toml itself cannot be read, else [`ConfigFailure::Problems`] with every mistake.
pub fn load(path: &Path) -> Result<Config, ConfigFailure> {
    // That feeds.toml is a pipe may be meant; only its size is limited.
    let bytes = read_limited(path).map_err(|(reason, _)| ConfigFailure::Unreadable {
        path: path.to_owned(),
        reason,
    })?;
    let mut files = Vec::new();
    let mut problems = Vec::new();
    add_file(&mut files, &mut problems, path.to_owned(), bytes);
    let patterns = match files.first().map(|file| parse(&file.text)) {
        Some(Ok(table)) => include_patterns(&table),
        _ => Vec::new(),
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut seen = BTreeSet::new();
    for pattern in patterns {
        let mut wrong = |(message, help): Advice| {
            let place = Some(pattern.place.clone());
            problems.push(ConfigProblem {
                place,
                message,
                help,
                also: None,
            });
        };
        let mut read = Vec::new();
        match expand_pattern(folder, &pattern.text) {
            Err(advice) => wrong(advice),
            Ok(found) => {
                for included in found {
                    match read_included(path, &pattern.text, &included, &mut seen) {
                        Ok(bytes) => read.extend(bytes.map(|bytes| (included, bytes))),
                        Err(advice) => wrong(advice),
                    }
                }
            }
        }
        for (path, bytes) in read {
            add_file(&mut files, &mut problems, path, bytes);
        }
    }
    let rules = read_site_rules(folder).unwrap_or_else(|(message, help)| {
        problems.push(ConfigProblem {
            place: None,
            message,
            help,
            also: None,
        });
        Vec::new()
    });
    assemble(files, problems).map(|config| Config { rules, ..config })
}

/// Returns the site rules next to feeds.toml, sorted by name; none when there is no such folder.
///
/// Rule files come from collections of many authors: bytes that are not UTF-8 are replaced.
///
/// # Errors
/// [`Advice`] when the folder or a file cannot be read.
fn read_site_rules(folder: &Path) -> Result<Vec<ConfigFile>, Advice> {
    let mut rules = Vec::new();
    let place = folder.join(RULES_FOLDER);
    let files = match std::fs::read_dir(&place) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(rules),
        files => files.map_err(|error| unread(&place, &error))?,
    };
    for file in files {
        // The listing's own path may be absolute; messages give the path as the user wrote it.
        let path = place.join(file.map_err(|error| unread(&place, &error))?.file_name());
        if path.extension().is_none_or(|ending| ending != "txt") {
            continue;
        }
        let bytes = read_regular(&path)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        rules.push(ConfigFile { path, text });
    }
    rules.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(rules)
}

/// Adds a file; bytes that are not UTF-8 are a problem at the first of them.
fn add_file(files: &mut Vec<ConfigFile>, problems: &mut Vec<ConfigProblem>, path: PathBuf, bytes: Vec<u8>) {
    let number = files.len();
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        // Up to this offset the lossy text equals the file, so the place is right in both.
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

/// Returns the patterns of `include`. Elements that are no texts are left out: the check reports them.
fn include_patterns(root: &Spanned<DeTable<'_>>) -> Vec<Placed> {
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

/// What is wrong with a pattern or a file, and what to do.
type Advice = (String, Option<String>);

/// Returns the advice on a file or folder that the system does not let griot read.
fn unread(path: &Path, error: &io::Error) -> Advice {
    let help = path
        .is_symlink()
        .then(|| "remove this symbolic link, or let it point at a file".to_owned());
    (format!("{} cannot be read: {error}", path.display()), help)
}

/// Reads an included file; `None` when it was read before. `root` is feeds.toml.
fn read_included(root: &Path, pattern: &str, path: &Path, seen: &mut BTreeSet<PathBuf>) -> Result<Option<Vec<u8>>, Advice> {
    let real = path.canonicalize().map_err(|error| unread(path, &error))?;
    if root.canonicalize().is_ok_and(|root| root == real) {
        // A wildcard may match feeds.toml beside the files that it is for.
        if is_wild(pattern) && !path.is_symlink() {
            return Ok(None);
        }
        let message = format!("{} is being read already: the include would never end", path.display());
        return Err((message, Some("leave it out of `include`, or remove the symbolic link".to_owned())));
    }
    if !seen.insert(real) {
        return Ok(None);
    }
    read_regular(path).map(Some)
}

/// Reads a regular file. Of a named pipe or a device it is not known whether reading it would ever end.
fn read_regular(path: &Path) -> Result<Vec<u8>, Advice> {
    let kind = std::fs::metadata(path).map_err(|error| unread(path, &error))?.file_type();
    if kind.is_dir() {
        let help = "name the files in it, such as \"sources.d/*.toml\", or give the folder a name that matches no pattern";
        return Err((format!("{} is a folder, not a file", path.display()), Some(help.to_owned())));
    }
    if !kind.is_file() {
        let message = format!("{} is a named pipe, a socket or a device, not a file", path.display());
        return Err((message, Some("put its content into a regular file".to_owned())));
    }
    read_limited(path).map_err(|(reason, help)| (format!("{} cannot be read: {reason}", path.display()), help))
}

/// Returns the language that the feeds.toml at `path` asks for, also where it has mistakes; none where it asks for none, cannot be read, or is no regular
/// file.
#[must_use]
pub fn language_in(path: &Path) -> Option<PageLanguage> {
    let bytes = read_regular(path).ok()?;
    written_language(&String::from_utf8_lossy(&bytes))
}

/// Returns the patterns of `include` in the feeds.toml at `path`; none where it cannot be read, or is no regular file.
pub(super) fn patterns_in(path: &Path) -> Vec<String> {
    let text = read_regular(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let patterns = text.and_then(|text| parse(&text).ok().map(|table| include_patterns(&table)));
    patterns.into_iter().flatten().map(|pattern| pattern.text).collect()
}

/// Returns the files that patterns of the feeds.toml at `path` match now.
pub(super) fn matching_files(path: &Path, patterns: &[String]) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let expanded = patterns.iter().filter_map(|pattern| expand_pattern(folder, pattern).ok());
    expanded.flatten().collect()
}

/// Reads at most [`MAX_FILE_BYTES`]; more is an error.
fn read_limited(path: &Path) -> Result<Vec<u8>, Advice> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| (error.to_string(), None))?;
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| (error.to_string(), None))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MAX_FILE_BYTES) {
        return Ok(bytes);
    }
    let reason = format!("it is longer than {} MB", MAX_FILE_BYTES / 1_000_000);
    Err((reason, Some("split it into several files".to_owned())))
}

fn is_wild(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Returns the paths that a pattern matches, sorted. A pattern without wildcards is one path, even of a file that does not exist.
fn expand_pattern(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Advice> {
    let (parent, name) = match pattern.rsplit_once('/') {
        Some((parent, name)) => (parent, name),
        None => ("", pattern),
    };
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
        // A folder that does not exist yet has no matches.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        files => files.map_err(unlisted)?,
    };
    for file in files {
        let file = file.map_err(unlisted)?;
        let file_name = file.file_name();
        let Some(file_name) = file_name.to_str() else { continue };
        // As in a shell, a wildcard does not match a hidden file: editors leave such ones behind.
        if !file_name.starts_with('.') && wildcard_matches(name, file_name) {
            found.push(place.join(file_name));
        }
    }
    found.sort();
    Ok(found)
}

/// Returns whether `pattern`, in which `*` stands for any characters and `?` for one, matches the whole of `name`.
pub(super) fn wildcard_matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut here) = (0, 0);
    // The position of the last star and of the text behind what it matched: the only position to backtrack to.
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
                let Some((star_at, star_end)) = star else { return false };
                star = Some((star_at, star_end + 1));
                at = star_at + 1;
                here = star_end + 1;
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}
