//! The path of a page, without the marks of other renderings: AMP, print views, index files.

use super::escapes::normalise_escapes;
use super::session::without_session;

/// Files that servers return for the address of their folder. Compared without regard to case.
const INDEX_FILES: &[&str] = &[
    "default.asp",
    "default.aspx",
    "default.htm",
    "default.html",
    "index.asp",
    "index.aspx",
    "index.htm",
    "index.html",
    "index.jsp",
    "index.php",
    "index.php3",
    "index.shtml",
    "index.xhtml",
];
/// Segments that name a rendering: AMP (amp.dev), the modules for printing of Drupal (`print`, `printpdf`, `printmail`) and `WordPress` (`print`).
const RENDERING_SEGMENTS: &[&str] = &["amp", "print", "printmail", "printpdf"];
/// Endings of scripts: such a name selects no article, its query does.
const SCRIPT_ENDINGS: &[&str] = &[".asp", ".aspx", ".cfm", ".cgi", ".do", ".jsp", ".php", ".php3", ".php5"];

/// Returns the segments of `path`, without those of another rendering, ids of sessions, index files and trailing slashes.
pub(super) fn page_segments(path: &str) -> Vec<String> {
    let normal = normalise_escapes(path);
    let clean = without_session(&normal);
    let mut segments = split(&clean);
    if segments.iter().any(|segment| matches!(segment.as_str(), "." | "..")) {
        segments = split(&normal);
        trim(&mut segments);
        return segments;
    }
    trim(&mut segments);
    while leave_out_rendering(&mut segments) {
        trim(&mut segments);
    }
    segments
}

/// Returns the segments of `path` without trailing slashes, and nothing else changed but the spelling.
pub(super) fn plain_segments(path: &str) -> Vec<String> {
    let mut segments = split(&normalise_escapes(path));
    trim(&mut segments);
    segments
}

fn split(path: &str) -> Vec<String> {
    path.strip_prefix('/').unwrap_or(path).split('/').map(str::to_owned).collect()
}

fn trim(segments: &mut Vec<String>) {
    while segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
}

/// Leaves out one mark of a rendering; returns whether there was one.
fn leave_out_rendering(segments: &mut Vec<String>) -> bool {
    let Some(last) = segments.last_mut() else { return false };
    if is_one_of(last, INDEX_FILES) {
        segments.pop();
        return true;
    }
    if let Some(stem) = last.strip_suffix(".amp").filter(|stem| is_slug(stem)) {
        *last = stem.to_owned();
        return true;
    }
    if let Some(stem) = last.strip_suffix(".amp.html").filter(|stem| is_slug(stem)) {
        *last = format!("{stem}.html");
        return true;
    }
    // The number of a node of Drupal, not an address of its own.
    if let [rendering, number] = segments.as_mut_slice()
        && is_one_of(rendering, &RENDERING_SEGMENTS[1..])
        && number.bytes().all(|c| c.is_ascii_digit())
    {
        "node".clone_into(rendering);
        return true;
    }
    let is_mark = |segment: &str| is_one_of(segment, RENDERING_SEGMENTS) || segment.eq_ignore_ascii_case("index.php");
    let Some(place) = segments.iter().position(|segment| is_mark(segment)) else {
        return false;
    };
    let rest = || segments.iter().enumerate().filter(|(at, _)| *at != place);
    // What is left has to be an article: "/materiel/amp" may be one itself.
    let is_article = rest()
        .map(|(_, segment)| segment)
        .rfind(|segment| !segment.is_empty())
        .is_some_and(|segment| is_slug(segment));
    if is_article {
        segments.remove(place);
    }
    is_article
}

fn is_one_of(segment: &str, list: &[&str]) -> bool {
    list.iter().any(|one| segment.eq_ignore_ascii_case(one))
}

/// Returns whether a segment looks like the name of an article rather than of a section or a script.
fn is_slug(segment: &str) -> bool {
    let is_page = [".html", ".htm"].iter().any(|ending| segment.ends_with(ending));
    (is_page || segment.bytes().any(|c| c.is_ascii_digit() || b"-_".contains(&c))) && !is_one_of(segment, RENDERING_SEGMENTS)
}

/// Returns whether a path selects an article by itself: its last segment is no script and has a number or several words.
pub(super) fn selects(segments: &[String]) -> bool {
    segments.last().is_some_and(|last| {
        let lower = last.to_ascii_lowercase();
        let digits = last.bytes().filter(u8::is_ascii_digit).count();
        let joints = last.bytes().filter(|c| b"-_".contains(c)).count();
        !SCRIPT_ENDINGS.iter().any(|ending| lower.ends_with(ending)) && (digits > 2 || joints > 1)
    })
}
