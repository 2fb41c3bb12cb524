//! HTTP: the published files, and the newsroom of the demo.
//!
//! What is answered are the files of `out`, byte for byte. No path of a request ever reaches the disk: a request names an entry of
//! the manifest, or nothing.

mod answer;
pub mod demo_server;
mod files;

pub use files::files;
