//! The pages of a site: found in its output folder, so that a new kind of page is tested without a change here.

use crate::world::{RunningCommand, World};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Which pages of folders such as `story` are opened; those beside the index always are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    Every,
    /// All of ordinary outlets and a few of hostile ones.
    OfEachKind,
}

/// How many pages of hostile outlets a sample has in each folder.
const HOSTILE_IN_SAMPLE: usize = 3;

/// Returns the paths of pages below the output folder, sorted.
pub fn site_pages(out: &Path, sample: Sample) -> Vec<String> {
    let mut pages = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let mut hostile = 0;
        for name in names(&out.join(&folder)) {
            let path = format!("{folder}{name}");
            if out.join(&path).is_dir() {
                folders.push(format!("{path}/"));
            } else if has_extension(&name, "html") {
                let text = fs::read_to_string(out.join(&path)).expect("a page");
                hostile += usize::from(text.contains("__xss"));
                let wanted = folder.is_empty() || sample == Sample::Every || !text.contains("__xss") || hostile <= HOSTILE_IN_SAMPLE;
                pages.extend(wanted.then_some(path));
            }
        }
    }
    pages.sort();
    pages
}

/// Returns the names of the feeds.
pub fn site_feeds(out: &Path) -> Vec<String> {
    names(out).into_iter().filter(|name| has_extension(name, "xml")).collect()
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own == extension)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of the output").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Serves the site; returns the running server and its address, such as `http://127.0.0.1:40123/`.
pub fn served(world: &World) -> (RunningCommand, String) {
    let mut run = world.spawn(["serve", "--no-fetch", "--listen", "127.0.0.1:0"]);
    let mut stderr = BufReader::new(run.child().stderr.take().expect("a pipe"));
    // Its first line names the address, once it listens.
    let mut line = String::new();
    stderr.read_line(&mut line).expect("a line");
    let address = line
        .trim()
        .rsplit(' ')
        .find(|word| word.starts_with("http://"))
        .expect("an address");
    // The pipe is read on, since a full one would block the server.
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
    (run, address.to_owned())
}
