//! HTTP: the published files, and the server of the demo.
//!
//! Responses are the files of `out`, byte for byte. No path of a request reaches the file system: it is looked up in the manifest.

pub mod demo_server;
mod files;
mod response;

pub use files::files;
